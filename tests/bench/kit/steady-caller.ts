import { setTimeout as pause } from 'node:timers/promises';
import type { CodecName } from '../../../shared/media/engine.ts';
import { runDemoCall, type RunningDemoCall } from '../../../shared/server/demo/run-demo-call.ts';
import { SystemClock } from '../../../shared/server/system-clock.ts';
import { CLIENT } from '../../e2e/kit/client.ts';
import type { TestServer } from '../../e2e/kit/test-server.ts';
import { openHearingMedia, type HearingMedia } from '../../fakes/hearing-media.ts';
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
  readonly #media: HearingMedia;
  #heard: HeardPacket[] = [];
  #call: RunningDemoCall | undefined;

  static async open(): Promise<SteadyCaller> {
    // Apart from the server's range.
    return new SteadyCaller(await openHearingMedia({ first: 40_000, last: 48_000 }));
  }

  private constructor(media: HearingMedia) {
    this.#media = media;
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
        media: this.#media.withEar({
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
    await this.#media.engine.close();
  }

  #hear(
    packet: { readonly timestamp: number; readonly payload: Uint8Array },
    codec: CodecName,
  ): void {
    const { timestamp, payload } = packet;
    this.#heard.push({ at: performance.now(), timestamp, codec, payload: Buffer.from(payload) });
  }
}
