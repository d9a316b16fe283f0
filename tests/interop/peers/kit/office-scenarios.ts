import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { shareOfTone, type Heard } from './heard.ts';
import { MUSIC_HZ, PeerExchange, type PeerTransport } from './peer-exchange.ts';

/** A telephone program, driven as its user would. */
export interface PeerPhone {
  dial(target: string): void;
  /** Blind transfer by REFER. */
  transfer(target: string): void;
  hold(): void;
  resume(): void;
  hangUp(): void;
  heard(ms: number): Heard;
  /** What it printed. */
  readonly output: string;
}

/** What makes of telephones do differently. */
export interface PeerMake<Phone extends PeerPhone> {
  start(
    exchange: PeerExchange,
    options: {
      readonly extension: string;
      readonly transport: PeerTransport;
      readonly toneHz: number;
    },
  ): Promise<Phone>;
  /** Its first call is over; resolves at once for a make that does not say so. */
  callEnded(phone: Phone): Promise<void>;
  /** Both of its calls are over after the code was dialled, or it ends them itself. */
  hasParkedByDialling(parker: Phone): Promise<void>;
}

/** Three telephones of one make, of which two talk: 104 is the client, 101 Bob, 102 Alice. */
export interface Office<Phone> {
  readonly exchange: PeerExchange;
  readonly client: Phone;
  readonly bob: Phone;
  readonly alice: Phone;
}

export const TONES = { client: 440, bob: 620, alice: 800 } as const;

export const hears = (who: Pick<PeerPhone, 'heard'>, hz: number): Promise<void> =>
  eventually(() => shareOfTone(who.heard(500), hz) > 0.9, 20_000);

/** So many characters of what each telephone printed are shown when a test fails. */
const LAST_WORDS = 2_000;
/** What baresip prints several times a second in a call. */
const METERS = /\[[\d:]+\] audio=\S+ \(bit\/s\)\s*/g;

/**
 * The scenarios that every make goes through; call it in a `describe`.
 * @returns the office of the test that runs, for scenarios of the make's own
 */
export function testOffice<Phone extends PeerPhone>(
  make: PeerMake<Phone>,
  transport: PeerTransport,
): () => Office<Phone> {
  let office: Office<Phone> | undefined;
  const now = (): Office<Phone> => {
    if (office === undefined) throw new Error('no test runs');
    return office;
  };

  beforeEach(async ({ onTestFailed }) => {
    onTestFailed(() => {
      if (office === undefined) return;
      const { client, bob, alice } = office;
      for (const [who, { output }] of Object.entries({ client, bob, alice }))
        console.log(`${who} printed … ${output.replace(METERS, '').slice(-LAST_WORDS)}`);
    });
    const exchange = await PeerExchange.start(['101', '102', '104']);
    office = undefined;
    const phone = (extension: string, toneHz: number): Promise<Phone> =>
      make.start(exchange, { extension, transport, toneHz });
    try {
      const [client, bob, alice] = await Promise.all([
        phone('104', TONES.client),
        phone('101', TONES.bob),
        phone('102', TONES.alice),
      ]);
      office = { exchange, client, bob, alice };
      client.dial('101');
      await hears(client, TONES.bob);
      await hears(bob, TONES.client);
    } catch (cause) {
      await exchange.close();
      throw cause;
    }
  });
  afterEach(() => office?.exchange.close());

  it('parks by blind transfer and retrieves by dialling, and everybody hears whom they should', async () => {
    const { exchange, client, bob, alice } = now();
    bob.transfer('*68102');
    await make.callEnded(bob);
    await hears(client, MUSIC_HZ);
    expect(exchange.parkedCalls).toMatchObject([{ slot: '102', parker: '101', state: 'parked' }]);

    alice.dial('*88102');
    await hears(client, TONES.alice);
    await hears(alice, TONES.client);
    expect(exchange.parkedCalls).toEqual([]);
    client.hangUp();
    await make.callEnded(alice);
  });

  it('holds, parks by dialling the code, and takes the call back', async () => {
    const { exchange, client, bob } = now();
    bob.hold();
    await hears(client, MUSIC_HZ);
    bob.dial('*68');
    await eventually(() => exchange.parkedCalls.length === 1);
    await make.hasParkedByDialling(bob);
    await hears(client, MUSIC_HZ);

    bob.dial('*88');
    await hears(client, TONES.bob);
    await hears(bob, TONES.client);
  });

  it('holds and resumes after a retrieve, with sound both ways', async () => {
    const { client, bob, alice } = now();
    bob.transfer('*68102');
    await make.callEnded(bob);
    await hears(client, MUSIC_HZ);
    alice.dial('*88102');
    await hears(alice, TONES.client);
    alice.hold();
    await hears(client, MUSIC_HZ);
    alice.resume();
    await hears(client, TONES.alice);
    await hears(alice, TONES.client);
  });

  return now;
}
