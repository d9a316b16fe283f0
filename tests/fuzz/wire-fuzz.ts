import { setTimeout as pause } from 'node:timers/promises';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import { serializeMessage } from '../../shared/sip/message/serialize.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { SDP } from '../fakes/phone-line.ts';
import type { SipPhone } from '../fakes/sip-phone.ts';
import { signIn, signOutAll, type Way } from '../soak/phones.ts';
import type { SoakServer } from '../soak/soak-server.ts';
import { Chance } from './chance.ts';
import { mutated } from './mutate.ts';
import { fuzzSeeds } from './seeds.ts';

export interface WireFuzzLimits {
  readonly seed: number;
  /** Says after every batch whether to go on. */
  readonly goOn: (mutants: number) => boolean;
}

export interface WireFuzzReport {
  readonly mutants: number;
  /** Live calls that were spoken into. */
  readonly calls: number;
  /** What went wrong; a server that died is one of these. */
  readonly faults: readonly string[];
}

const BATCH = 40;
/** The caller's way is what is fuzzed: datagrams, a stream with its framing, a WebSocket with its own. */
const WAYS: readonly [Way, ...Way[]] = ['udp', 'tcp', 'ws'];
const EXTENSIONS = { caller: '7001', callee: '7002', witness: '7003' } as const;
const METHODS = ['INVITE', 'UPDATE', 'REFER', 'INFO', 'NOTIFY', 'OPTIONS', 'BYE', 'PRACK'] as const;

/**
 * Speaks into live calls of a running server, over real sockets, from a phone that is signed in: what it sends are mutants of requests that
 * belong there. A witness asks for an answer after each batch.
 */
export async function fuzzWire(
  server: SoakServer,
  { seed, goOn }: WireFuzzLimits,
): Promise<WireFuzzReport> {
  await server.addUsers(Object.values(EXTENSIONS));
  const chance = new Chance(seed);
  const faults: string[] = [];
  const witness = await signIn(server.ports, EXTENSIONS.witness, 'udp');
  let [mutants, calls] = [0, 0];
  while (goOn(mutants) && faults.length === 0) {
    const way = chance.pick(WAYS);
    const scene = await Scene.begin(server, way);
    calls += 1;
    for (let batch = 0; batch < 3 && scene.usable && goOn(mutants); batch += 1) {
      for (const bytes of scene.mutants(chance)) scene.caller.flow.send(bytes);
      mutants += BATCH;
      await pause(5);
      const trouble = await judge(server, witness);
      if (trouble !== undefined)
        faults.push(`seed ${seed}, ${mutants} mutants, ${way}: ${trouble}`);
    }
    await scene.end();
  }
  await signOutAll(witness);
  await witness.close();
  return { mutants, calls, faults };
}

/** What the server lets see of trouble: it is dead, mute, or has logged an error. */
async function judge(server: SoakServer, witness: SipPhone): Promise<string | undefined> {
  if (!server.alive) return 'the server died';
  try {
    await witness.stray('OPTIONS');
  } catch (error) {
    return `no answer to the witness: ${error instanceof Error ? error.message : String(error)}`;
  }
  const [first] = await server.errors();
  return first;
}

/** Two phones in a call, and what the caller could say in it. */
class Scene {
  readonly caller: SipPhone;
  readonly #callee: SipPhone;
  readonly #seeds: readonly [string, ...string[]];

  static async begin({ ports }: SoakServer, way: Way): Promise<Scene> {
    const caller = await signIn(ports, EXTENSIONS.caller, way);
    const callee = await signIn(ports, EXTENSIONS.callee, 'udp');
    const dialled = caller.dial(EXTENSIONS.callee);
    (await callee.nextCall()).answer();
    return new Scene(caller, callee, await dialled.answered());
  }

  private constructor(caller: SipPhone, callee: SipPhone, call: PhoneCall) {
    this.caller = caller;
    this.#callee = callee;
    const [first, ...others] = METHODS.map((method) => wordsOf(caller, inCall(call, method)));
    if (first === undefined) throw new Error('nothing to say');
    this.#seeds = [first, ...others];
  }

  /** A stream that said too much nonsense was closed by the server, which is its right. */
  get usable(): boolean {
    return !this.caller.flow.closed;
  }

  mutants(chance: Chance): readonly Buffer[] {
    const strange = fuzzSeeds();
    return Array.from({ length: BATCH }, () =>
      mutated(chance.once(5) ? strange : this.#seeds, chance),
    );
  }

  /** The phones go without a word about the call: nobody knows what became of it. */
  async end(): Promise<void> {
    await this.caller.close();
    await this.#callee.close();
  }
}

function inCall(call: PhoneCall, method: (typeof METHODS)[number]): SipRequest {
  const user = EXTENSIONS.callee;
  switch (method) {
    case 'INVITE':
    case 'UPDATE':
      return call.dialog.createRequest(method, {
        body: call.phone.openLeg().createOffer({ codecs: ['PCMU'], direction: 'sendonly' }),
        contentType: SDP,
        headers: [['Session-Expires', '90;refresher=uac']],
      });
    case 'REFER':
      return call.dialog.createRequest(method, {
        headers: [
          ['Refer-To', `<sip:*68${user}@127.0.0.1>`],
          ['X-Park-Note', 'wants%20invoice%204711'],
        ],
      });
    case 'INFO':
      return call.dialog.createRequest(method, {
        body: 'Signal=5\r\nDuration=160\r\n',
        contentType: 'application/dtmf-relay',
      });
    case 'NOTIFY':
      return call.dialog.createRequest(method, {
        headers: [
          ['Event', 'refer;id=2'],
          ['Subscription-State', 'terminated;reason=noresource'],
        ],
        body: 'SIP/2.0 200 OK\r\n',
        contentType: 'message/sipfrag',
      });
    case 'OPTIONS':
    case 'BYE':
    case 'PRACK':
      return call.dialog.createRequest(method);
  }
}

function wordsOf({ flow }: SipPhone, request: SipRequest): string {
  const via = `SIP/2.0/${flow.transport.toUpperCase()} ${flow.local.address}:${flow.local.port}`;
  request.headers.prepend('Via', `${via};branch=z9hG4bK-${request.method};rport`);
  return Buffer.from(serializeMessage(request)).toString('latin1');
}
