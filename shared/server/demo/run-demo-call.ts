import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { HostPort } from '../../config/listen-address.ts';
import type { Clock } from '../../domain/clock.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { DisposableStore } from '../../domain/disposable.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { AudioClip, AudioRefusal, MediaEngine } from '../../media/engine.ts';
import { writeWav } from '../../media/music/wav.ts';
import { Endpoint } from '../../sip/transaction/endpoint.ts';
import { systemSipClock, systemSipRandom } from '../../sip/transport/system-ports.ts';
import { openUdp, type DatagramListener } from '../../sip/transport/udp.ts';
import type { DemoTrunk } from '../provisioning/demo-tenant.ts';
import type { DemoCallOutcome } from './call-outcome.ts';
import { DemoCall, type DemoCallEvent, type DemoSound } from './demo-call.ts';
import { demoVoice } from './demo-voice.ts';

/** Who rings unless told otherwise: the client of the project's own stories. */
export const DEMO_CLIENT = { name: 'Client', number: '003386002678' } as const;

export interface DemoCallRequest {
  readonly extension: string;
  /** The server's UDP address; an IP address. */
  readonly server: HostPort;
  readonly trunk: DemoTrunk;
  readonly from: { readonly name: string; readonly number: string };
  readonly sound:
    | { readonly kind: 'voice' }
    | { readonly kind: 'wav'; readonly bytes: Uint8Array }
    | { readonly kind: 'echo' };
  /** Hangs up so long after the answer, in ms; absent: never. */
  readonly hangUpAfterMs?: number | undefined;
  /** Gives up when nobody answered for so long, in ms. */
  readonly ringMs: number;
}

export interface DemoCallTools {
  readonly media: MediaEngine;
  readonly clock: Clock;
  readonly tell: (event: DemoCallEvent) => void;
}

/** A demo call under way. */
export interface RunningDemoCall {
  /** Never rejects. Everything the call opened is closed then. */
  readonly ended: Promise<DemoCallOutcome>;
  hangUp(): void;
}

/** Rings an extension from a socket of its own. Refused when the recording cannot be played. */
export async function runDemoCall(
  request: DemoCallRequest,
  tools: DemoCallTools,
): Promise<Result<RunningDemoCall, AudioRefusal>> {
  const sound = await soundOf(request, tools.media);
  if (!sound.ok) return sound;
  const endpoint = new Endpoint({
    clock: systemSipClock,
    random: systemSipRandom,
    product: 'Parkline demo caller',
  });
  const address = await localAddressTowards(request.server);
  const listener = await openUdp({ address, port: 0, receiver: endpoint });
  return ok(ring({ request, tools, sound: sound.value, endpoint, listener }));
}

interface Line {
  readonly request: DemoCallRequest;
  readonly tools: DemoCallTools;
  readonly sound: DemoSound;
  readonly endpoint: Endpoint;
  readonly listener: DatagramListener;
}

function ring({ request, tools, sound, endpoint, listener }: Line): RunningDemoCall {
  const { server, hangUpAfterMs, ringMs } = request;
  const { media, clock } = tools;
  const timers = new DisposableStore();
  let resolve: (outcome: DemoCallOutcome) => void = () => undefined;
  const outcome = new Promise<DemoCallOutcome>((settle) => (resolve = settle));
  const hangUp = (): void => call?.hangUp();
  const giveUp = timers.add(clock.after(ringMs, hangUp));
  const tell = (event: DemoCallEvent): void => {
    tools.tell(event);
    if (event.kind === 'ended') resolve(event.outcome);
    if (event.kind !== 'answered') return;
    giveUp.dispose();
    if (hangUpAfterMs !== undefined) timers.add(clock.after(hangUpAfterMs, hangUp));
  };
  const { extension, from, trunk } = request;
  const call = DemoCall.start({
    endpoint,
    flow: listener.flowTo(server),
    media,
    random: systemSipRandom,
    extension,
    host: isIPv6(server.address) ? `[${server.address}]` : server.address,
    from,
    trunk,
    sound,
    tell,
  });
  if (call === undefined) resolve({ kind: 'no-common-audio', detail: 'no free media port' });
  const ended = outcome.finally(async () => {
    timers.dispose();
    endpoint.close();
    await listener.close();
  });
  return { ended, hangUp };
}

async function soundOf(
  { sound }: DemoCallRequest,
  media: MediaEngine,
): Promise<Result<DemoSound, AudioRefusal>> {
  switch (sound.kind) {
    case 'echo':
      return ok(sound);
    case 'voice': {
      // Our own recording is sure to be taken: it gets ready while the phone rings.
      const clip = voiceClip(media);
      // A call that is over before it is ready closes the engine, and nobody asks for it any more.
      clip.catch(() => undefined);
      return ok({ kind: 'clip', clip });
    }
    case 'wav': {
      const clip = await media.makeClip(sound.bytes);
      return clip.ok ? ok({ kind: 'clip', clip: Promise.resolve(clip.value) }) : err(clip.error);
    }
    default:
      return assertNever(sound);
  }
}

async function voiceClip(media: MediaEngine): Promise<AudioClip> {
  const clip = await media.makeClip(writeWav(demoVoice()));
  if (!clip.ok) throw new Error(`the demo's voice: ${clip.error.detail}`);
  return clip.value;
}

/** The address of ours from which the system would send to that peer; nothing is sent. */
export function localAddressTowards({ address, port }: HostPort): Promise<string> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', (cause) => {
      socket.close();
      reject(cause);
    });
    socket.connect(port, address, () => {
      const local = socket.address().address;
      socket.close(() => resolve(local));
    });
  });
}
