import { expect, test } from 'vitest';
import { signInOfLink } from '../../../../../renderer/phone/model/link-sign-in.ts';

test.each([
  'http://127.0.0.1:8080',
  'http://localhost:8080',
  'http://[::1]:8080',
  'http://127.1.2.3',
])('the demo’s link signs in on %s', (origin) => {
  expect(signInOfLink(`${origin}/#sign-in=103:p%3Aa%20ss`)).toEqual({
    server: origin,
    extension: '103',
    password: 'p:a ss',
  });
});

test.each([
  'https://pbx.example',
  'http://192.168.1.4:8080',
  'http://localhost.example',
  'http://127.0.0.1.example',
])('no link signs anybody in on %s', (origin) => {
  expect(signInOfLink(`${origin}/#sign-in=103:password`)).toBeNull();
});

test.each([
  '',
  '#',
  '#sign-in=',
  '#sign-in=103',
  '#sign-in=103:',
  '#sign-in=:x',
  '#sign-in=1:2:3',
  '#sign-in=%zz:x',
])('%j is no sign-in', (hash) => {
  expect(signInOfLink(`http://127.0.0.1:8080/${hash}`)).toBeNull();
});
