/** Puts the embedded media engine together. */
import { ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { systemMediaClock } from '../media-clock.ts';
import type { MediaClock } from '../media-clock.ts';
import type { Pcm } from '../music/wav.ts';
import { createDtlsCertificate } from './dtls/certificate.ts';
import { EmbeddedMediaEngine } from './embedded-engine.ts';
import { LocalNetwork } from './local-network.ts';
import type { MediaAddress, NetworkProblem } from './local-network.ts';
import { SoundLibrary } from './sound-library.ts';

/** Between the registered ports and what systems hand out themselves: room for 8,192 RTP legs. */
export const DEFAULT_RTP_PORTS = { first: 16_384, last: 32_767 } as const;

export interface EmbeddedMediaOptions {
  /** At least one, best first; none may be a wildcard. */
  readonly addresses: readonly MediaAddress[];
  /** Default `DEFAULT_RTP_PORTS`. */
  readonly rtpPorts?: { readonly first: number; readonly last: number };
  /** Music for tenants without their own; default: the built-in piece. */
  readonly holdMusic?: Pcm;
  readonly clock?: MediaClock;
}

/** Binds the sockets, makes this process's certificate and prepares music and tones (about a second). */
export async function createEmbeddedMediaEngine(
  options: EmbeddedMediaOptions,
): Promise<Result<EmbeddedMediaEngine, NetworkProblem>> {
  const { addresses, rtpPorts = DEFAULT_RTP_PORTS, clock = systemMediaClock } = options;
  const network = LocalNetwork.open({ addresses, rtpPorts });
  if (!network.ok) return network;
  const [certificate, sounds] = await Promise.all([
    createDtlsCertificate(),
    SoundLibrary.load(options.holdMusic),
  ]);
  return ok(new EmbeddedMediaEngine({ network: network.value, certificate, sounds, clock }));
}
