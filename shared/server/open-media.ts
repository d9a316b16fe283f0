import { readFile } from 'node:fs/promises';
import { formatListenAddress } from '../config/listen-address.ts';
import { mediaAddressesOf } from '../config/media-config.ts';
import type { ServerConfig } from '../config/server-config.ts';
import { err, ok, type Result } from '../domain/result.ts';
import {
  createEmbeddedMediaEngine,
  DEFAULT_RTP_PORTS,
} from '../media/embedded/create-embedded-engine.ts';
import type { MediaEngine } from '../media/engine.ts';
import { readWav, type Pcm } from '../media/music/wav.ts';
import { listenRefusalOf } from './http/http-server.ts';
import type { StartRefusal } from './start-refusal.ts';

/**
 * Opens the embedded media engine as configured. Music and tones get ready while the server serves already.
 * @param soundCache file that keeps them for the next start
 */
export async function openMedia(
  config: ServerConfig,
  soundCache: string,
): Promise<Result<MediaEngine, StartRefusal>> {
  const { rtpPorts, musicFile } = config.media;
  const music = musicFile === undefined ? ok(undefined) : await readMusic(musicFile);
  if (!music.ok) return err({ kind: 'media', why: music.error });
  const engine = await createEmbeddedMediaEngine({
    addresses: mediaAddressesOf(config).map(({ bind, advertise, webrtcPort }) => ({
      bind,
      iceUdpPort: webrtcPort,
      ...(advertise === undefined ? {} : { advertise }),
    })),
    rtpPorts: rtpPorts.last === 0 ? DEFAULT_RTP_PORTS : rtpPorts,
    soundsInBackground: { cacheFile: soundCache },
    ...(music.value === undefined ? {} : { holdMusic: music.value }),
  });
  if (engine.ok) return engine;
  const { reason, detail } = engine.error;
  const listener = config.listen.find(({ address }) => detail.startsWith(`${address}:`));
  if (config.media.addresses === undefined && listener !== undefined) {
    // Nobody chose addresses for media: it is the listener's that is wrong.
    const refusal = listenRefusalOf({ code: detail.split(' ').at(-1) });
    return err({ kind: 'listen', what: formatListenAddress(listener), refusal });
  }
  return err({ kind: 'media', why: `${MEDIA_SENTENCES[reason]} (${detail}).` });
}

const MEDIA_SENTENCES = {
  'bind-failed': 'the address in --media cannot be listened on',
  'wildcard-address': 'media needs one address of this machine in --media bind=IP, not a wildcard',
  'no-address': 'media needs an address',
} as const;

async function readMusic(file: string): Promise<Result<Pcm, string>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch {
    return err(`the music file ${file} cannot be read.`);
  }
  const wav = readWav(bytes);
  return wav.ok ? wav : err(`the music file ${file} cannot be used: ${wav.error.detail}.`);
}
