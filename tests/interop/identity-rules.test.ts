import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Exchange } from './kit/exchange.ts';
import { portOf } from './kit/park-server.ts';
import { answerDigest, WirePhone, type WireResponse } from './kit/wire-phone.ts';

/** WIRE.md §10a, a test for each of its sentences. */
let exchange: Exchange;
let phones: WirePhone[];

beforeEach(() => {
  phones = [];
});
afterEach(async () => {
  for (const phone of phones) await phone.close();
  await exchange.close();
});

async function udp(): Promise<WirePhone> {
  const phone = await WirePhone.udp(portOf(exchange.server, 'udp'));
  phones.push(phone);
  return phone;
}

async function webSocket(): Promise<WirePhone> {
  const phone = await WirePhone.webSocket(exchange.webSocketUrl);
  phones.push(phone);
  return phone;
}

interface Asked {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly more?: readonly string[];
  readonly maxForwards?: number;
  /** Value of Contact; default one of the phone's own. `null`: none. */
  readonly contact?: string | null;
}

let serial = 0;

/** One request outside any dialog, as text. */
function ask(phone: WirePhone, asked: Asked): Promise<WireResponse> {
  const { method, uri, from, more = [], maxForwards, contact } = asked;
  serial += 1;
  const lines = [
    `From: <${from}>;tag=${randomBytes(4).toString('hex')}`,
    `To: <${uri}>`,
    `Call-ID: identity-${serial}-${process.pid}`,
    `CSeq: ${serial} ${method}`,
    ...(contact === null ? [] : [`Contact: ${contact ?? `<sip:x@${phone.wire.local}>`}`]),
    ...more,
  ];
  return phone.request(method, uri, lines, maxForwards);
}

/** The same, and once more with the answer to its challenge. */
async function proven(
  phone: WirePhone,
  asked: Asked,
  [username, password]: readonly [string, string],
): Promise<WireResponse> {
  const first = await ask(phone, asked);
  if (first.status !== 401) return first;
  const { method, uri, more = [] } = asked;
  const value = answerDigest(first.get('WWW-Authenticate'), { username, password, method, uri });
  return ask(phone, { ...asked, more: [...more, `Authorization: ${value}`] });
}

const SUBSCRIBE_HEADERS = ['Event: dialog', 'Expires: 0'];
const watch = (uri: string, from: string): Asked => ({
  method: 'SUBSCRIBE',
  uri,
  from,
  more: SUBSCRIBE_HEADERS,
});

describe('a tenant', () => {
  it('keeps its realm when its domains change, and so every password', async () => {
    exchange = await Exchange.start(['101'], {}, { domains: ['old.test'] });
    const phone = await udp();
    const signIn = { extension: '101', password: 'secret-101' };
    const before = await phone.register({ extension: '101', host: 'old.test' });
    expect((await phone.register({ ...signIn, host: 'old.test' })).status).toBe(200);
    exchange.withStore(({ store }) => store.tenants.saveDomains(exchange.tenant.id, ['new.test']));
    const after = await phone.register({ extension: '101', host: 'new.test' });
    const realmOf = (answer: WireResponse) =>
      /realm="([^"]*)"/.exec(answer.get('WWW-Authenticate'))?.[1];
    expect(realmOf(after)).toBe(realmOf(before));
    expect((await phone.register({ ...signIn, host: 'new.test' })).status).toBe(200);
  });

  it('knows every password for MD5 and for SHA-256, whichever is asked for', async () => {
    exchange = await Exchange.start(['101']);
    const phone = await udp();
    for (const challenge of ['md5', 'both', 'sha256'] as const) {
      exchange.configure({ challenge });
      const first = await phone.register({ extension: '101' });
      const algorithms = first
        .all('WWW-Authenticate')
        .map((value) => /algorithm=([^,]+)/.exec(value)?.[1]);
      const expected = { md5: ['MD5'], both: ['SHA-256', 'MD5'], sha256: ['SHA-256'] }[challenge];
      expect(algorithms).toEqual(expected);
      expect((await phone.register({ extension: '101', password: 'secret-101' })).status).toBe(200);
    }
  });

  it('may ask one make of phone for something else', async () => {
    exchange = await Exchange.start(['101'], {
      userAgentRules: [{ userAgent: 'Modern', challenge: 'sha256' }],
    });
    const phone = await udp();
    const asked = async (userAgent: string) => {
      const answer = await phone.register({
        extension: '101',
        headers: [`User-Agent: ${userAgent}`],
      });
      return answer.all('WWW-Authenticate').map((value) => value.includes('algorithm=SHA-256'));
    };
    expect(await asked('Modern/2')).toEqual([true]);
    expect(await asked('Old/1')).toEqual([false]);
  });

  it('that is the only one answers for any host', async () => {
    exchange = await Exchange.start(['101']);
    const phone = await udp();
    const answer = await phone.register({
      extension: '101',
      password: 'secret-101',
      host: 'whatever.example',
    });
    expect(answer.status).toBe(200);
  });
});

describe('of two tenants', () => {
  /** Both have an extension 101, with passwords of their own realm. */
  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102'], {}, { domains: ['acme.test'] });
    exchange.addTenant('other', ['other.test'], ['101', '777']);
  });

  it('REGISTER finds its own by the host of To', async () => {
    const phone = await udp();
    const at = (host: string, extension = '101') =>
      phone.register({ extension, password: `secret-${extension}`, host });
    expect((await at('acme.test')).status).toBe(200);
    expect((await at('other.test', '777')).status).toBe(200);
    // 777 is nobody in acme, and a password of other opens nothing there.
    expect((await at('acme.test', '777')).status).toBe(401);
    expect((await at('nobody.test')).status).toBe(404);
  });

  it('everything else is of the one whose credentials it has, whatever From says', async () => {
    const phone = await udp();
    const asked = watch('sip:777@other.test', 'sip:101@other.test');
    expect((await proven(phone, asked, ['777', 'secret-777'])).status).toBe(200);
    // Challenged for other, answered for acme: what counts is the realm that was answered.
    const acme = await ask(phone, watch('sip:102@acme.test', 'sip:101@acme.test'));
    const value = answerDigest(acme.get('WWW-Authenticate'), {
      username: '101',
      password: 'secret-101',
      method: 'SUBSCRIBE',
      uri: 'sip:102@acme.test',
    });
    const foreignFrom = watch('sip:102@acme.test', 'sip:777@other.test');
    const more = [...SUBSCRIBE_HEADERS, `Authorization: ${value}`];
    expect((await ask(phone, { ...foreignFrom, more })).status).toBe(200);
  });

  it('none is reached through the other: a Request-URI of a foreign host is 404', async () => {
    const phone = await udp();
    const asked = watch('sip:777@other.test', 'sip:101@acme.test');
    expect((await proven(phone, asked, ['101', 'secret-101'])).status).toBe(404);
    const own = watch('sip:102@acme.test', 'sip:101@acme.test');
    expect((await proven(phone, own, ['101', 'secret-101'])).status).toBe(200);
    const byAddress = watch('sip:102@127.0.0.1', 'sip:101@acme.test');
    expect((await proven(phone, byAddress, ['101', 'secret-101'])).status).toBe(200);
  });

  it('nor is a Refer-To of a foreign host', async () => {
    const at = { domain: 'acme.test' };
    const bob = await exchange.signedIn('101', at);
    const alice = await exchange.signedIn('102', at);
    const { caller } = await exchange.connect(alice, bob);
    expect((await caller.refer('sip:777@other.test')).status).toBe(404);
    expect((await caller.refer('sip:*68101@elsewhere.test')).status).toBe(404);
    expect((await caller.refer('sip:*68101@acme.test')).status).toBe(202);
  });
});

describe('a flow', () => {
  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '103']);
  });

  it('of datagrams is challenged every time, also of a phone that is signed in', async () => {
    const phone = await udp();
    await phone.register({ extension: '101', password: 'secret-101' });
    const asked = watch('sip:102@127.0.0.1', 'sip:101@127.0.0.1');
    for (let n = 0; n < 2; n += 1) expect((await ask(phone, asked)).status).toBe(401);
  });

  it('with a live binding is trusted for its user, and only for them, until they sign out', async () => {
    const phone = await webSocket();
    const asked = watch('sip:*88@127.0.0.1', 'sip:101@127.0.0.1');
    expect((await ask(phone, asked)).status).toBe(401);
    await phone.register({ extension: '101', password: 'secret-101' });
    expect((await ask(phone, asked)).status).toBe(200);
    // Whose list comes is the binding's matter: From names somebody else and gets no more by it.
    expect((await ask(phone, { ...asked, from: 'sip:102@127.0.0.1' })).status).toBe(200);
    await phone.register({ extension: '101', password: 'secret-101', expires: 0 });
    expect((await ask(phone, asked)).status).toBe(401);
  });

  it('is challenged for no ACK, CANCEL or BYE', async () => {
    const phone = await udp();
    const outside = { uri: 'sip:102@127.0.0.1', from: 'sip:101@127.0.0.1' };
    expect((await ask(phone, { method: 'BYE', ...outside })).status).toBe(481);
    expect((await ask(phone, { method: 'CANCEL', ...outside })).status).toBe(481);
    phone.wire.send(
      [
        'ACK sip:102@127.0.0.1 SIP/2.0',
        `Via: SIP/2.0/UDP ${phone.wire.local};branch=z9hG4bKack;rport`,
        'From: <sip:101@127.0.0.1>;tag=a',
        'To: <sip:102@127.0.0.1>;tag=b',
        'Call-ID: stray-ack',
        'CSeq: 1 ACK',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
    // The next answer is the one to this OPTIONS: the ACK got none.
    expect((await ask(phone, { method: 'OPTIONS', ...outside })).status).toBe(200);
  });
});

describe('what is asserted', () => {
  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102']);
  });

  const CLAIMS = [
    ['P-Asserted-Identity', '"Boss" <sip:1@127.0.0.1>'],
    ['P-Preferred-Identity', '<sip:2@127.0.0.1>'],
    ['X-Park-Id', 'a'.repeat(26)],
    ['X-Park-Parker', '<sip:3@127.0.0.1>'],
    ['X-Park-Recall', 'attempt=1'],
  ] as const;

  it('by a user is dropped: P-Asserted-Identity and every X-Park header', async () => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    bob.dial('102', { headers: CLAIMS });
    const { request } = await alice.nextCall();
    expect(request.headers.all('P-Asserted-Identity')).toEqual(['"User 101" <sip:101@127.0.0.1>']);
    for (const [name] of CLAIMS.slice(1))
      expect([name, request.headers.has(name)]).toEqual([name, false]);
  });

  it('but the note of a parker is kept', async () => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    const { callee } = await exchange.connect(alice, bob);
    await callee.refer('*68', [['X-Park-Note', 'say%20hello'], ...CLAIMS]);
    await callee.referResult();
    const [parked] = exchange.server.calls.parkedCalls(exchange.tenant.id);
    expect(parked).toMatchObject({ note: 'say hello', parker: '101' });
    expect(parked?.parkId).not.toBe('a'.repeat(26));
  });

  it('by a trunk is taken', async () => {
    exchange.addTrunk('outside');
    const bob = await exchange.signedIn('101');
    const trunk = await exchange.phone('outside');
    trunk.dial('101', { headers: [['P-Asserted-Identity', '"Client" <sip:0033@127.0.0.1>']] });
    const { request } = await bob.nextCall();
    expect(request.headers.get('P-Asserted-Identity')).toBe('"Client" <sip:0033@127.0.0.1>');
  });

  it('by a NOTIFY outside a subscription is 489', async () => {
    const phone = await webSocket();
    await phone.register({ extension: '101', password: 'secret-101' });
    const more = ['Event: dialog', 'Subscription-State: active'];
    const notify = { method: 'NOTIFY', uri: 'sip:102@127.0.0.1', from: 'sip:101@127.0.0.1', more };
    const answer = await ask(phone, notify);
    expect(answer.status).toBe(489);
    expect(answer.get('Allow-Events')).toContain('dialog');
  });
});

describe('a nonce', () => {
  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102']);
  });

  it('is good once per count: a replayed answer is challenged anew, as stale or wrong, and does nothing', async () => {
    const phone = await udp();
    const asked = watch('sip:102@127.0.0.1', 'sip:101@127.0.0.1');
    const first = await ask(phone, asked);
    const value = answerDigest(first.get('WWW-Authenticate'), {
      username: '101',
      password: 'secret-101',
      method: 'SUBSCRIBE',
      uri: asked.uri,
    });
    const more = [...SUBSCRIBE_HEADERS, `Authorization: ${value}`];
    expect((await ask(phone, { ...asked, more })).status).toBe(200);
    const replayed = await ask(phone, { ...asked, more });
    expect(replayed.status).toBe(401);
    expect(replayed.get('WWW-Authenticate')).toContain('stale=true');
  });

  it('that was never ours is told as stale to who knows the password, so that no person is asked', async () => {
    const phone = await udp();
    const asked = watch('sip:102@127.0.0.1', 'sip:101@127.0.0.1');
    const challenge = (await ask(phone, asked)).get('WWW-Authenticate');
    const bent = challenge.replace(/nonce="[^"]*"/, 'nonce="from-another-life"');
    const answer = (password: string) => {
      const login = { username: '101', password, method: 'SUBSCRIBE', uri: asked.uri };
      const more = [...SUBSCRIBE_HEADERS, `Authorization: ${answerDigest(bent, login)}`];
      return ask(phone, { ...asked, more });
    };
    const right = await answer('secret-101');
    expect([right.status, right.get('WWW-Authenticate').includes('stale=true')]).toEqual([
      401,
      true,
    ]);
    const wrong = await answer('guess');
    expect([wrong.status, wrong.get('WWW-Authenticate').includes('stale=true')]).toEqual([
      401,
      false,
    ]);
  });
});

describe('what every request is checked for', () => {
  const METHODS = [
    'INVITE',
    'OPTIONS',
    'REGISTER',
    'SUBSCRIBE',
    'REFER',
    'NOTIFY',
    'BYE',
    'INFO',
    'UPDATE',
    'PRACK',
    'MESSAGE',
    'PUBLISH',
    'DANCE',
  ];
  let phone: WirePhone;
  let before: Map<string, number>;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102']);
    phone = await udp();
    before = new Map();
    for (const method of METHODS) before.set(method, (await ask(phone, plain(method))).status);
  });

  const plain = (method: string, more: readonly string[] = SUBSCRIBE_HEADERS): Asked => ({
    method,
    uri: 'sip:102@127.0.0.1',
    from: 'sip:101@127.0.0.1',
    more,
  });

  it('an extension that it requires and we lack: 420 that names it, whatever the method', async () => {
    for (const method of METHODS) {
      const answer = await ask(
        phone,
        plain(method, ['Require: 100rel, flying', ...SUBSCRIBE_HEADERS]),
      );
      expect([method, answer.status, answer.get('Unsupported')]).toEqual([
        method,
        420,
        '100rel, flying',
      ]);
    }
  });

  it('hops left: none makes an INVITE 483, as it would go on; what ends here is served (RFC 3261 §8.2, §16.3)', async () => {
    for (const method of METHODS) {
      const answer = await ask(phone, { ...plain(method), maxForwards: 0 });
      const expected = method === 'INVITE' ? 483 : before.get(method);
      expect([method, answer.status]).toEqual([method, expected]);
    }
  });

  it('a Contact: SUBSCRIBE is 400 without; an INVITE of RFC 2543 may lack it, its flow is the way back', async () => {
    const status = async (method: string) => {
      const asked = { ...plain(method), contact: null };
      return (await proven(phone, asked, ['101', 'secret-101'])).status;
    };
    expect(await status('SUBSCRIBE')).toBe(400);
    expect(await status('INVITE')).not.toBe(400);
  });

  it('a scheme that is no telephony: 416, whatever the method', async () => {
    for (const method of METHODS) {
      const answer = await ask(phone, { ...plain(method), uri: 'http://www.example.test/' });
      expect([method, answer.status]).toEqual([method, 416]);
    }
  });

  it('a second copy that came by another path: 482, whatever the method, unless nothing was kept of the first', async () => {
    for (const method of METHODS) {
      serial += 1;
      const lines = [
        'From: <sip:101@127.0.0.1>;tag=same',
        'To: <sip:102@127.0.0.1>',
        `Call-ID: merged-${serial}`,
        `CSeq: 7 ${method}`,
        ...SUBSCRIBE_HEADERS,
      ];
      const first = await phone.request(method, 'sip:102@127.0.0.1', lines);
      const second = await phone.request(method, 'sip:102@127.0.0.1', lines);
      expect([method, first.status]).toEqual([method, before.get(method)]);
      // A challenge to anything but an INVITE is stateless (RFC 3261 §8.2.7), and there is no call to double.
      const challenged = first.status === 401 && method !== 'INVITE';
      expect([method, second.status]).toEqual([method, challenged ? 401 : 482]);
    }
  });
});
