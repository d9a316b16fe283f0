import { expect, test } from 'vitest';
import { atServer } from '../../../../../renderer/phone/model/certificate-problem.ts';

const accounts = (...urls: readonly string[]) =>
  urls.map((webSocketUrl) => ({ account: { webSocketUrl } }));

test('a certificate stands between a server and every account there, and nobody else', () => {
  const all = accounts(
    'wss://pbx.example/sip',
    'wss://PBX.example:443/other',
    'wss://pbx.example:8443/sip',
    'wss://home.example/sip',
    'ws://pbx.example:443/sip',
    'not a URL',
  );
  expect(atServer(all, 'pbx.example:443')).toEqual(all.slice(0, 2));
  expect(atServer(all, 'pbx.example:8443')).toEqual([all[2]]);
});
