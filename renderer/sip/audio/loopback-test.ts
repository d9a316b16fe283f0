/** A test call to oneself: what the microphone hears is recorded and played back, as the far side would get it. */

/** Quieter than this nobody spoke: root mean square, 0–1. */
const QUIET = 0.002;

export interface Playback {
  /** Where it plays; `null`: the system's default. */
  readonly deviceId: string | null;
  /** 0–1 */
  readonly volume: number;
}

/** Records a stream for so long. */
export async function record(stream: MediaStream, forMs: number): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => void pieces.push(data);
  const stopped = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.start();
  setTimeout(() => recorder.stop(), forMs);
  await stopped;
  return new Blob(pieces, { type: recorder.mimeType });
}

/** Plays a recording to its end. @returns whether there was anything to hear */
export async function playBack(recording: Blob, { deviceId, volume }: Playback): Promise<boolean> {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await recording.arrayBuffer());
    if (loudness(sound) < QUIET) return false;
    if (deviceId !== null && 'setSinkId' in context && typeof context.setSinkId === 'function')
      await Promise.resolve(context.setSinkId(deviceId)).catch(() => {});
    const source = new AudioBufferSourceNode(context, { buffer: sound });
    const gain = new GainNode(context, { gain: volume });
    source.connect(gain).connect(context.destination);
    const ended = new Promise<void>((resolve) => {
      source.onended = () => resolve();
    });
    await context.resume();
    source.start();
    await ended;
    return true;
  } finally {
    await context.close();
  }
}

function loudness(sound: AudioBuffer): number {
  const samples = sound.getChannelData(0);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return samples.length === 0 ? 0 : Math.sqrt(power / samples.length);
}
