import { readFile } from 'node:fs/promises';
import type { ServerConfig } from '../config/server-config.ts';
import { err, ok, type Result } from '../domain/result.ts';
import {
  createEmbeddedMediaEngine,
  DEFAULT_RTP_PORTS,
} from '../media/embedded/create-embedded-engine.ts';
import type { MediaEngine } from '../media/engine.ts';
import { readWav, type Pcm } from '../media/music/wav.ts';
import type { StartRefusal } from './start-refusal.ts';

/** Opens the embedded media engine as configured. */
export async function openMedia(
  config: ServerConfig['media'],
): Promise<Result<MediaEngine, StartRefusal>> {
  const { bind, advertise, webrtcPort, rtpPorts, musicFile } = config;
  const music = musicFile === undefined ? ok(undefined) : await readMusic(musicFile);
  if (!music.ok) return err({ kind: 'media', why: music.error });
  const address = { bind, iceUdpPort: webrtcPort };
  const engine = await createEmbeddedMediaEngine({
    addresses: [advertise === undefined ? address : { ...address, advertise }],
    rtpPorts: rtpPorts.last === 0 ? DEFAULT_RTP_PORTS : rtpPorts,
    ...(music.value === undefined ? {} : { holdMusic: music.value }),
  });
  if (engine.ok) return engine;
  const { reason, detail } = engine.error;
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
