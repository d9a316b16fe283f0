/** Every way in which phones have said "hold", at the real media engine: what each side hears then, and after it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedMediaEngine } from '../../shared/media/embedded/create-embedded-engine.ts';
import type { MediaEngine, MediaLeg } from '../../shared/media/engine.ts';
import { CallWorld } from '../fakes/call-world.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { SDP } from '../fakes/phone-line.ts';

interface Dialect {
  /** c= of the session; default the phone's address. */
  readonly session?: string;
  /** c= of the audio; default none. */
  readonly media?: string;
  /** a= lines of the session and of the audio. */
  readonly sessionSays?: string;
  readonly audioSays?: string;
  readonly port?: number;
}

const HERE = 'IN IP4 127.0.0.1';
const NOWHERE = 'IN IP4 0.0.0.0';

let version = 1;

function sdpOf({ session = HERE, media, sessionSays, audioSays, port = 4000 }: Dialect): string {
  version += 1;
  return [
    'v=0',
    `o=phone 1 ${version} ${HERE}`,
    's=-',
    `c=${session}`,
    't=0 0',
    ...(sessionSays === undefined ? [] : [`a=${sessionSays}`]),
    `m=audio ${port} RTP/AVP 0 101`,
    ...(media === undefined ? [] : [`c=${media}`]),
    'a=rtpmap:101 telephone-event/8000',
    ...(audioSays === undefined ? [] : [`a=${audioSays}`]),
    '',
  ].join('\r\n');
}

const DIALECTS: readonly (readonly [string, Dialect])[] = [
  ['a=sendonly', { audioSays: 'sendonly' }],
  ['a=sendonly for the whole session', { sessionSays: 'sendonly' }],
  ['a=inactive', { audioSays: 'inactive' }],
  ['a=inactive for the whole session', { sessionSays: 'inactive' }],
  ['c=0.0.0.0 of the audio (RFC 2543)', { media: NOWHERE }],
  ['c=0.0.0.0 of the session (RFC 2543)', { session: NOWHERE }],
  ['c=:: of the session', { session: 'IN IP6 ::' }],
  ['c=0.0.0.0 and a=sendonly', { session: NOWHERE, audioSays: 'sendonly' }],
  ['c=0.0.0.0 and a=inactive', { session: NOWHERE, audioSays: 'inactive' }],
  [
    'c=0.0.0.0 of the audio and a=sendonly of the session',
    { media: NOWHERE, sessionSays: 'sendonly' },
  ],
];

describe('hold', () => {
  let engine: MediaEngine;
  const legs: MediaLeg[] = [];
  let world: CallWorld;
  let atBob: PhoneCall;
  let atAlice: PhoneCall;

  beforeAll(async () => {
    const made = await createEmbeddedMediaEngine({
      addresses: [{ bind: '127.0.0.1' }],
      rtpPorts: { first: 42_220, last: 42_239 },
      // Short, so that it is made at once.
      holdMusic: { rate: 16_000, samples: new Int16Array(16_000) },
    });
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    engine = made.value;
    world = new CallWorld(['101', '102'], { media: watched(engine, legs) });
    const bob = world.phone('101', 'udp', ['PCMU']);
    const alice = world.phone('102', 'udp', ['PCMU']);
    const dialled = bob.dial('102');
    atAlice = (await alice.nextCall()).answer();
    atBob = await dialled.answered();
    await world.pass(5);
  });
  afterAll(() => engine.close());

  /** What Bob and Alice hear. */
  const heard = (): readonly string[] => legs.map(({ hearing }) => wordOf(hearing));
  const say = async (call: PhoneCall, dialect: Dialect, method = 'INVITE') => {
    const response = await call.request(method, { body: sdpOf(dialect), contentType: SDP });
    if (method === 'INVITE' && response.status < 300) call.ack(response);
    await world.pass(5);
    return response;
  };
  const TALKING = ['bridge', 'bridge'];

  describe.each(['INVITE', 'UPDATE'])('by %s', (method) => {
    it.each(DIALECTS)(
      'as %s: the other side hears music, and is heard afterwards',
      async (_, held) => {
        expect((await say(atBob, held, method)).status).toBe(200);
        expect(heard()).toEqual(['silence', 'music']);
        // Said twice it is still one hold.
        await say(atBob, held, method);
        expect(heard()).toEqual(['silence', 'music']);
        expect((await say(atBob, {}, method)).status).toBe(200);
        expect(heard()).toEqual(TALKING);
      },
    );
  });

  it('is answered in kind (RFC 3264 §6.1)', async () => {
    const answered = async (held: Dialect) => {
      const { text } = await say(atBob, held);
      await say(atBob, {});
      return /^a=(recvonly|inactive|sendrecv|sendonly)/m.exec(text)?.[1];
    };
    expect(await answered({ audioSays: 'sendonly' })).toBe('recvonly');
    expect(await answered({ audioSays: 'inactive' })).toBe('inactive');
    expect(await answered({ audioSays: 'recvonly' })).toBe('sendonly');
  });

  it('is not what a phone means that only listens: it goes on hearing the other side', async () => {
    await say(atBob, { audioSays: 'recvonly' });
    expect(heard()).toEqual(TALKING);
    await say(atBob, {});
  });

  it('by both is silence for both, until each has resumed', async () => {
    await say(atBob, { audioSays: 'sendonly' });
    await say(atAlice, { session: NOWHERE });
    expect(heard()).toEqual(['silence', 'silence']);
    await say(atBob, {});
    expect(heard()).toEqual(['music', 'silence']);
    await say(atAlice, {});
    expect(heard()).toEqual(TALKING);
  });

  it('is not done by taking the audio away (port 0): 488, and the call is as it was', async () => {
    expect((await say(atBob, { port: 0 })).status).toBe(488);
    expect(heard()).toEqual(TALKING);
    await say(atBob, { audioSays: 'sendonly' });
    expect((await say(atBob, { port: 0 })).status).toBe(488);
    expect(heard()).toEqual(['silence', 'music']);
    await say(atBob, {});
  });

  it('may be said in the answer to an offer that a phone asked for', async () => {
    const asked = await atBob.request('INVITE');
    const ack = atBob.dialog.createAck(asked.cseq.sequence, {
      body: sdpOf({ audioSays: 'sendonly' }),
      contentType: SDP,
    });
    atBob.phone.endpoint.sendAck(ack, atBob.phone.flow);
    await world.pass(5);
    expect(heard()).toEqual(['silence', 'music']);
    await say(atBob, {});
    expect(heard()).toEqual(TALKING);
  });
});

/** The same engine, whose legs are noted. */
function watched(engine: MediaEngine, legs: MediaLeg[]): MediaEngine {
  const note = (made: ReturnType<MediaEngine['open']>): typeof made => {
    if (made.ok) legs.push(made.value);
    return made;
  };
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'open')
        return (options: Parameters<MediaEngine['open']>[0]) => note(target.open(options));
      if (name === 'legFromOffer')
        return (...args: Parameters<MediaEngine['legFromOffer']>) =>
          note(target.legFromOffer(...args));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function wordOf(hearing: MediaLeg['hearing']): string {
  return hearing.kind === 'play' ? hearing.source.kind : hearing.kind;
}
