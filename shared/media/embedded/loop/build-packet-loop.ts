/** Binds the sockets, makes this process's certificate and sees to music and tones, in whichever thread it is called. */
import { ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import type { MediaClock } from '../../media-clock.ts';
import type { Pcm } from '../../music/wav.ts';
import type { BoundAddress } from '../address-book.ts';
import { BackgroundSounds } from '../background-sounds.ts';
import { createDtlsCertificate } from '../dtls/certificate.ts';
import { LocalNetwork } from '../local-network.ts';
import type { MediaAddress, NetworkProblem } from '../local-network.ts';
import { SoundLibrary } from '../sound-library.ts';
import type { CertificateHandle } from './media-loop.ts';
import { PacketLoop } from './packet-loop.ts';

/** See `EmbeddedMediaOptions`. Goes to another thread as it is. */
export interface PacketLoopOptions {
  readonly addresses: readonly MediaAddress[];
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly holdMusic: Pcm | undefined;
  readonly soundsInBackground: { readonly cacheFile: string | undefined } | undefined;
}

/** What the engine must know of a loop to speak for it in SDP. */
export interface LoopSite {
  readonly addresses: readonly BoundAddress[];
  readonly certificate: CertificateHandle;
}

/** @param catchUp carries out orders to the loop that have come but not been taken; absent where they are carried out when they are given */
export async function buildPacketLoop(
  options: PacketLoopOptions,
  clock: MediaClock,
  catchUp?: () => void,
): Promise<Result<LoopSite & { readonly loop: PacketLoop }, NetworkProblem>> {
  const { addresses, rtpPorts, holdMusic, soundsInBackground } = options;
  const opened = LocalNetwork.open({ addresses, rtpPorts, catchUp });
  if (!opened.ok) return opened;
  const network = opened.value;
  const coming =
    soundsInBackground &&
    new BackgroundSounds({ music: holdMusic, cacheFile: soundsInBackground.cacheFile });
  const [certificate, sounds] = await Promise.all([
    createDtlsCertificate(),
    coming ? new SoundLibrary((name) => coming.sound(name)) : SoundLibrary.load(holdMusic),
  ]);
  const onClose = (): void => coming?.close();
  const loop = new PacketLoop({ network, certificate, sounds, clock, onClose });
  const { fingerprint } = certificate;
  return ok({ loop, addresses: network.addresses, certificate: { number: 0, fingerprint } });
}
