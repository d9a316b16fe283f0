import { expect, test } from 'vitest';
import { makeAccount } from '../../../../../renderer/phone/model/account.ts';
import { parklineChoice } from '../../../../../shared/phone/pbx-profile.ts';

const named = (displayName: string) =>
  makeAccount({
    server: 'pbx.example',
    extension: '102',
    endpoint: {
      webSocketUrl: 'wss://pbx.example/sip',
      domain: 'pbx.example',
      displayName,
      apiBaseUrl: null,
      demo: false,
    },
    instanceId: 'i',
    pbx: parklineChoice,
  }).serverName;

test.each([
  ['Example', 'Example'],
  ['Exa\u202emple\nPBX', 'Example PBX'],
  ['\u200b', ''],
])('a server that calls itself %j is called %j', (said, shown) => {
  expect(named(said)).toBe(shown);
});
