import { expect, test } from 'vitest';
import { emptyForm, formOf, signInOf } from '../../../../../renderer/phone/model/sign-in.ts';
import { requestSchemas } from '../../../../../shared/bridge/schemas.ts';

const form = { ...emptyForm, server: 'pbx.example', extension: '102', password: 'secret' };

test.each([true, false])(
  'what main keeps across a reload says whether the password is to be kept: %s',
  (remember) => {
    const signIn = signInOf({ ...form, remember }, 'sign-in');
    const request = { webSocketUrl: 'wss://pbx.example/sip', apiBaseUrl: null, signIn };
    expect(requestSchemas.allowServer.parse(request).signIn.remember).toBe(remember);
  },
);

test('what main gives back fills the form as it was', () => {
  const whole = { ...form, domain: 'example', webSocketUrl: 'wss://pbx.example/ws' };
  expect(formOf(signInOf(whole, 'check'))).toEqual(whole);
});
