import { Utils } from 'jssip';

export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  readonly qop: 'auth' | null;
}

/** @returns `null` unless it is a Digest challenge that MD5 can answer */
export function readChallenge(header: string | null): DigestChallenge | null {
  if (header === null || !/^digest\s/i.test(header)) return null;
  const value = (name: string) =>
    new RegExp(`(?:^|[\\s,])${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i')
      .exec(header)
      ?.slice(1)
      .find((part) => part !== undefined) ?? null;
  const [realm, nonce, algorithm] = [value('realm'), value('nonce'), value('algorithm')];
  if (realm === null || nonce === null || (algorithm !== null && algorithm.toUpperCase() !== 'MD5'))
    return null;
  const qop = value('qop');
  return {
    realm,
    nonce,
    opaque: value('opaque'),
    qop: qop?.split(',').some((each) => each.trim() === 'auth') === true ? 'auth' : null,
  };
}

/** The Authorization header for a challenge (RFC 7616 §3.4, MD5). */
export function digestAuthorization(input: {
  readonly challenge: DigestChallenge;
  readonly username: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  readonly clientNonce?: string;
}): string {
  const { challenge, username, method, uri } = input;
  const md5 = (text: string) => Utils.calculateMD5(text);
  const ha1 = md5(`${username}:${challenge.realm}:${input.password}`);
  const ha2 = md5(`${method}:${uri}`);
  const cnonce = input.clientNonce ?? crypto.randomUUID().replaceAll('-', '');
  const count = '00000001';
  const response =
    challenge.qop === null
      ? md5(`${ha1}:${challenge.nonce}:${ha2}`)
      : md5(`${ha1}:${challenge.nonce}:${count}:${cnonce}:auth:${ha2}`);
  const fields = [
    `username="${username}"`,
    `realm="${challenge.realm}"`,
    `nonce="${challenge.nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    'algorithm=MD5',
    ...(challenge.opaque === null ? [] : [`opaque="${challenge.opaque}"`]),
    ...(challenge.qop === null ? [] : [`qop=auth, nc=${count}, cnonce="${cnonce}"`]),
  ];
  return `Digest ${fields.join(', ')}`;
}
