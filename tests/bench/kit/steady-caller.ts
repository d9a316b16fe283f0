import { setTimeout as pause } from 'node:timers/promises';
import { createEmbeddedMediaEngine } from '../../../shared/media/embedded/create-embedded-engine.ts';
import { EmbeddedLeg } from '../../../shared/media/embedded/embedded-leg.ts';
import type { EmbeddedMediaEngine } from '../../../shared/media/embedded/embedded-engine.ts';
import type { AudioSink } from '../../../shared/media/embedded/leg-streams.ts';
import type { CodecName, MediaEngine } from '../../../shared/media/engine.ts';
import { runDemoCall, type RunningDemoCall } from '../../../shared/server/demo/run-demo-call.ts';
import { SystemClock } from '../../../shared/server/system-clock.ts';
import { CLIENT } from '../../e2e/kit/client.ts';
import type { TestServer } from '../../e2e/kit/test-server.ts';
import { steadyWav } from './steady-voice.ts';

/** A packet that the caller received. */
export interface HeardPacket {
  /** ms, `performance.now()`. */
  readonly at: number;
  readonly timestamp: number;
  readonly codec: CodecName;
  readonly payload: Buffer;
}

/** The client of the stories over plain RTP, who speaks a tone without pauses and keeps every packet that comes. */
export class SteadyCaller {
  readonly #engine: EmbeddedMediaEngine;
  #heard: HeardPacket[] = [];
  #call: RunningDemoCall | undefined;

  static async open(): Promise<SteadyCaller> {
    const engine = await createEmbeddedMediaEngine({
      addresses: [{ bind: '127.0.0.1' }],
      // Apart from the server's range.
      rtpPorts: { first: 40_000, last: 48_000 },
    });
    if (!engine.ok) throw new Error(`no media for the caller: ${engine.error.detail}`);
    return new SteadyCaller(engine.value);
  }

  private constructor(engine: EmbeddedMediaEngine) {
    this.#engine = engine;
  }

  /** Rings an extension, speaking a tone. */
  async call(server: TestServer, extension: string, hertz: number): Promise<void> {
    const running = await runDemoCall(
      {
        extension,
        server: server.udp,
        trunk: server.trunk,
        from: CLIENT,
        sound: { kind: 'wav', bytes: steadyWav(hertz) },
        ringMs: 60_000,
      },
      {
        media: listening(this.#engine, {
          audio: (packet, codec) => this.#hear(packet, codec),
          event: () => undefined,
        }),
        clock: new SystemClock(),
        tell: () => undefined,
      },
    );
    if (!running.ok) throw new Error(`the caller has no voice: ${running.error.detail}`);
    this.#call = running.value;
  }

  /** What came since the last call. */
  take(): readonly HeardPacket[] {
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }

  async close(): Promise<void> {
    this.#call?.hangUp();
    await Promise.race([this.#call?.ended, pause(1_000)]);
    await this.#engine.close();
  }

  #hear(
    packet: { readonly timestamp: number; readonly payload: Uint8Array },
    codec: CodecName,
  ): void {
    const { timestamp, payload } = packet;
    this.#heard.push({ at: performance.now(), timestamp, codec, payload: Buffer.from(payload) });
  }
}

/** The engine as the caller uses it, with an ear at every leg it opens. */
function listening(engine: EmbeddedMediaEngine, ear: AudioSink): MediaEngine {
  const play = (...[leg, source, onFinished]: Parameters<MediaEngine['play']>): void => {
    engine.play(leg, source, onFinished);
    if (leg instanceof EmbeddedLeg) leg.listen(ear);
  };
  return new Proxy<MediaEngine>(engine, {
    get: (target, name) => {
      if (name === 'play') return play;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
