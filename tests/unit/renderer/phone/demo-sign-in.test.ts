import { describe, expect, it } from 'vitest';
import { demoSignIn } from '../../../../renderer/phone/demo-sign-in.ts';

const at = (host: string, hash: string) => ({ host, hostname: host.replace(/:\d+$/, ''), hash });

describe('the sign-in in a demo’s address', () => {
  it('is read on this machine', () => {
    for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080']) {
      expect(demoSignIn(at(host, '#sign-in=101:p%3Aw%2F%C3%A4'))).toMatchObject({
        server: host,
        extension: '101',
        password: 'p:w/ä',
        remember: false,
      });
    }
  });

  it('is not read anywhere else', () => {
    for (const host of ['pbx.example', '192.168.1.2', '127.0.0.1.evil.example']) {
      expect(demoSignIn(at(host, '#sign-in=101:secret'))).toBeNull();
    }
  });

  it('is nothing when it is not whole', () => {
    for (const hash of ['', '#sign-in=101', '#sign-in=:x', '#sign-in=%E0%A4%A:x', '#other']) {
      expect(demoSignIn(at('localhost', hash))).toBeNull();
    }
  });
});
