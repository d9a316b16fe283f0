/** Puts the embedded media engine together. */
import { ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { MediaClock } from '../media-clock.ts';
import type { Pcm } from '../music/wav.ts';
import { EmbeddedMediaEngine } from './embedded-engine.ts';
import type { MediaAddress, NetworkProblem } from './local-network.ts';
import type { PacketLoopOptions } from './loop/build-packet-loop.ts';
import { LoopThread } from './loop/loop-thread.ts';

/** Between the registered ports and what systems hand out themselves: room for 8,192 RTP legs. */
export const DEFAULT_RTP_PORTS = { first: 16_384, last: 32_767 } as const;

export interface EmbeddedMediaOptions {
  /** At least one, best first; none may be a wildcard. */
  readonly addresses: readonly MediaAddress[];
  /** Default `DEFAULT_RTP_PORTS`. */
  readonly rtpPorts?: { readonly first: number; readonly last: number };
  /** Music for tenants without their own; default: the built-in piece. */
  readonly holdMusic?: Pcm;
  /**
   * Prepares music and tones while the engine works already, on a thread of their own, and keeps them in `cacheFile` for the next start
   * (undefined: nowhere); until one is ready it sounds as silence. Without this the engine opens when all is ready, about a second later.
   */
  readonly soundsInBackground?: { readonly cacheFile: string | undefined };
  /** A clock of the caller's keeps everything in the caller's thread. Default: real time, and a thread of its own for the packets. */
  readonly clock?: MediaClock;
}

/** Binds the sockets, makes this process's certificate and sees to music and tones. */
export async function createEmbeddedMediaEngine(
  options: EmbeddedMediaOptions,
): Promise<Result<EmbeddedMediaEngine, NetworkProblem>> {
  const { addresses, rtpPorts = DEFAULT_RTP_PORTS, clock } = options;
  const { holdMusic, soundsInBackground } = options;
  const orders = { addresses, rtpPorts, holdMusic, soundsInBackground };
  const started = clock ? await startHere(orders, clock) : await LoopThread.start(orders);
  return started.ok ? ok(new EmbeddedMediaEngine(started.value)) : started;
}

/** Read only when it is wanted: where packets have a thread of their own, this one needs none of it, and it weighs 25 MB. */
async function startHere(options: PacketLoopOptions, clock: MediaClock) {
  const { buildPacketLoop } = await import('./loop/build-packet-loop.ts');
  return buildPacketLoop(options, clock);
}
