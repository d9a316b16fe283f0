import { EmbeddedMediaEngine } from '../../shared/media/embedded/embedded-engine.ts';
import type { AudioSink } from '../../shared/media/embedded/leg-streams.ts';
import type { LocalNetworkOptions } from '../../shared/media/embedded/local-network.ts';
import { buildPacketLoop } from '../../shared/media/embedded/loop/build-packet-loop.ts';
import type { MediaEngine, MediaLeg } from '../../shared/media/engine.ts';
import { systemMediaClock } from '../../shared/media/media-clock.ts';

/** A telephone's media: the embedded engine in this thread, so that a test hears what its legs hear. */
export interface HearingMedia {
  readonly engine: MediaEngine;
  /** Hands what the leg's far side says to the ear, until the leg is bridged or is to hear something else. */
  hear(leg: MediaLeg, ear: AudioSink): void;
  /** The engine, with the ear at every leg that is played something. */
  withEar(ear: AudioSink): MediaEngine;
}

export async function openHearingMedia(
  rtpPorts: LocalNetworkOptions['rtpPorts'],
): Promise<HearingMedia> {
  const built = await buildPacketLoop(
    {
      addresses: [{ bind: '127.0.0.1' }],
      rtpPorts,
      holdMusic: undefined,
      soundsInBackground: { cacheFile: undefined },
    },
    systemMediaClock,
  );
  if (!built.ok) throw new Error(`no media for a telephone: ${built.error.detail}`);
  const { loop } = built.value;
  const engine = new EmbeddedMediaEngine(built.value);
  const hear = (leg: MediaLeg, ear: AudioSink): void => loop.overhear(leg.id, ear);
  return { engine, hear, withEar: (ear) => listening(engine, (leg) => hear(leg, ear)) };
}

function listening(engine: MediaEngine, hear: (leg: MediaLeg) => void): MediaEngine {
  const play = (...[leg, source, onFinished]: Parameters<MediaEngine['play']>): void => {
    engine.play(leg, source, onFinished);
    hear(leg);
  };
  return new Proxy<MediaEngine>(engine, {
    get: (target, name) => {
      if (name === 'play') return play;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
