/** RFC 4028 on every leg, whichever way it came to be: it is asked for or agreed to, and a phone that falls silent is missed. */
import { describe, expect, it } from 'vitest';
import type { ExtraHeaders } from '../../../../../shared/sip/transaction/transaction-user.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { IncomingCall } from '../../../../fakes/incoming-call.ts';
import type { PhoneCall } from '../../../../fakes/phone-call.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';

/** A phone that promises to refresh, in an INVITE of its own and in its answer to ours. */
const ASKS: ExtraHeaders = [
  ['Supported', 'timer'],
  ['Session-Expires', '120;refresher=uac'],
];
const PROMISES: ExtraHeaders = [
  ['Require', 'timer'],
  ['Session-Expires', '120;refresher=uas'],
];
/** The promise is broken by then. */
const SILENCE_MS = 121_000;
const RECALL_MS = 300_000;

interface Office {
  readonly world: CallWorld;
  readonly bob: SipPhone;
  readonly alice: SipPhone;
  readonly client: SipPhone;
}

interface Pair {
  readonly atBob: PhoneCall;
  readonly atClient: PhoneCall;
}

/** 104 calls 101. */
async function talk({ bob, client }: Office, headers: ExtraHeaders = []): Promise<Pair> {
  const dialled = client.dial('101', { headers });
  const atBob = (await bob.nextCall()).answer();
  return { atBob, atClient: await dialled.answered() };
}

/** … who parks on 102. */
async function parked(office: Office, headers: ExtraHeaders = []): Promise<PhoneCall> {
  const { atBob, atClient } = await talk(office, headers);
  await atBob.refer('*68102');
  await atBob.referResult();
  await atBob.hangUp();
  return atClient;
}

function promised(call: IncomingCall): PhoneCall {
  expect(call.request.headers.get('Session-Expires')).toBe('300');
  expect(call.request.headers.get('Min-SE')).toBe('90');
  return call.answer(PROMISES);
}

function agreed(call: PhoneCall): PhoneCall {
  const { headers } = call.introduction;
  expect(headers.get('Session-Expires')).toBe('120;refresher=uac');
  expect(headers.get('Require')).toBe('timer');
  // Its answer to an UPDATE that tells it whom it talks to says what that UPDATE says (RFC 4028 §7.2).
  call.answerHeaders = PROMISES;
  return call;
}

const LEGS: Readonly<Record<string, (office: Office) => Promise<PhoneCall>>> = {
  'a caller': async (office) => agreed((await talk(office, ASKS)).atClient),
  'a phone that is called': async ({ bob, client }) => {
    const dialled = client.dial('101');
    const atBob = promised(await bob.nextCall());
    await dialled.answered();
    return atBob;
  },
  'whoever a call is transferred to': async (office) => {
    const { atBob } = await talk(office);
    await atBob.refer('102');
    return promised(await office.alice.nextCall());
  },
  'a parked caller': async (office) => agreed(await parked(office, ASKS)),
  'whoever retrieves': async (office) => {
    await parked(office);
    return agreed(await office.alice.call('*88', { headers: ASKS }));
  },
  'a parker who is called back': async (office) => {
    await parked(office);
    await office.world.pass(RECALL_MS);
    return promised(await office.bob.nextCall());
  },
  'an INVITE with Replaces': async (office) => {
    const { atBob } = await talk(office);
    const headers: ExtraHeaders = [['Replaces', atBob.replaces], ...ASKS];
    return agreed(await office.world.phone('101').call('104', { headers }));
  },
};

describe('the session timer of', () => {
  it.each(Object.entries(LEGS))('%s', async (_, begin) => {
    const world = new CallWorld(['101', '102', '104']);
    const [bob, alice, client] = [
      world.phone('101'),
      world.phone('102'),
      world.phone('104', 'udp', ['PCMU']),
    ];
    const silent = await begin({ world, bob, alice, client });
    await world.pass(60_000);
    expect(silent.ended).toBe(false);
    for (const { method, headers } of silent.received) {
      if (method === 'UPDATE') expect(headers.get('Session-Expires')).toBe('120;refresher=uas');
    }
    await world.pass(SILENCE_MS - 60_000);
    expect(silent.ended).toBe(true);
    // What is left hangs on nobody.
    await world.pass(10_000);
    expect(world.openLegs).toBe(0);
    expect(world.parked).toEqual([]);
    expect(world.logged.filter((line) => line.startsWith('FAILED'))).toEqual([]);
  });

  it('whoever dials a park code is agreed on too, short as that call is', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const office = {
      world,
      bob: world.phone('101'),
      alice: world.phone('102'),
      client: world.phone('104'),
    };
    const { atBob } = await talk(office);
    await atBob.hold();
    agreed(await office.bob.call('*68', { headers: ASKS }));
  });
});
