import { expect, it } from 'vitest';
import { createLoggers, maskNumber } from '../../../../shared/server/log.ts';

it('writes one JSON line with module and level, and no secret', () => {
  const lines: string[] = [];
  const log = createLoggers('info', { write: (line: string) => void lines.push(line) })(
    'registrar',
  );
  log.debug({}, 'not written');
  log.info(
    { user: 'u1', password: 'x-secret', request: { authorization: 'x-secret' } },
    'signed in',
  );
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    module: 'registrar',
    user: 'u1',
    msg: 'signed in',
  });
  expect(lines.join()).not.toContain('x-secret');
});

it('shows extensions whole and longer numbers in part', () => {
  expect(maskNumber('102')).toBe('102');
  expect(maskNumber('003386002678')).toBe('0033…78');
});
