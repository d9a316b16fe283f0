import { expect, it } from 'vitest';
import { hashPassword, isPassword } from '../../../../../shared/server/admin/password-hash.ts';

it('knows a password again by its hash alone, however its accents were typed', async () => {
  const hash = await hashPassword('corréct horse');
  expect(hash).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await isPassword('corre\u0301ct horse', hash)).toBe(true);
  expect(await isPassword('correct horse', hash)).toBe(false);
});

it.each([undefined, '', 'scrypt$1$2$3', 'plain'])('lets nobody in by the hash %j', async (hash) => {
  expect(await isPassword('', hash)).toBe(false);
});
