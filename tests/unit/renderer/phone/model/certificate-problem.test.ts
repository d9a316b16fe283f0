import { expect, test } from 'vitest';
import { atSameServer } from '../../../../../renderer/phone/model/certificate-problem.ts';

const accounts = (...urls: readonly string[]) =>
  urls.map((webSocketUrl) => ({ account: { webSocketUrl } }));

test('a certificate stands between a server and every account there, and nobody else', () => {
  const all = accounts(
    'wss://pbx.example/sip',
    'wss://PBX.example:443/other',
    'wss://pbx.example:8443/sip',
    'wss://home.example/sip',
    'not a URL',
  );
  expect(atSameServer(all, 'wss://pbx.example/sip')).toEqual(all.slice(0, 2));
  expect(atSameServer(all, 'wss://pbx.example:8443/x')).toEqual([all[2]]);
});
