import { expect } from '@playwright/test';
import type { DemoCallEvent } from '../../../shared/server/demo/demo-call.ts';
import { runDemoCall } from '../../../shared/server/demo/run-demo-call.ts';
import type { RunningDemoCall } from '../../../shared/server/demo/run-demo-call.ts';
import { SystemClock } from '../../../shared/server/system-clock.ts';
import { openHearingMedia, type HearingMedia } from '../../fakes/hearing-media.ts';
import type { Ear } from './hearing.ts';
import { TelephoneEar } from './telephone-ear.ts';
import type { TestServer } from './test-server.ts';
import { voiceWav } from './voices.ts';
import type { Speaker } from './voices.ts';

export interface CallerIdentity {
  readonly name: string;
  readonly number: string;
}

/** The client of the project's stories, and somebody else who calls. */
export const CLIENT: CallerIdentity = { name: 'Client', number: '003386002678' };
export const SECOND_CLIENT: CallerIdentity = { name: 'Ms Second', number: '004930123456' };

/** What a caller from outside has to know of a server. */
export type CalledServer = Pick<TestServer, 'udp' | 'trunk'>;

/** The office of the callers from outside: media of its own, apart from the server's. */
export class Outside {
  readonly #media: HearingMedia;
  readonly #calls = new Set<ClientCall>();

  private constructor(media: HearingMedia) {
    this.#media = media;
  }

  static async open(): Promise<Outside> {
    // High ports, so that the caller's side never meets the server's range.
    return new Outside(await openHearingMedia({ first: 40_000, last: 48_000 }));
  }

  /** Rings an extension with the product's own demo caller, over plain RTP. */
  async call(
    server: CalledServer,
    extension: string,
    as: { readonly voice?: Speaker; readonly identity?: CallerIdentity } = {},
  ): Promise<ClientCall> {
    const { voice = 'client', identity = CLIENT } = as;
    const call = await ClientCall.start({
      media: this.#media,
      server,
      extension,
      voice,
      identity,
    });
    this.#calls.add(call);
    return call;
  }

  /** Ends the calls of one test. */
  async hangUpAll(): Promise<void> {
    for (const call of this.#calls) await call.dispose();
    this.#calls.clear();
  }

  async close(): Promise<void> {
    await this.hangUpAll();
    await this.#media.engine.close();
  }
}

interface ClientCallParts {
  readonly media: HearingMedia;
  readonly server: CalledServer;
  readonly extension: string;
  readonly voice: Speaker;
  readonly identity: CallerIdentity;
}

/** One call from outside: speaks in its tone, and hears. */
export class ClientCall {
  readonly voice: Speaker;
  readonly identity: CallerIdentity;
  readonly ear: Ear;
  readonly events: DemoCallEvent[] = [];
  readonly #listening: TelephoneEar;
  #running: RunningDemoCall | undefined;

  static async start(parts: ClientCallParts): Promise<ClientCall> {
    const call = new ClientCall(parts);
    const { media, server, extension, voice, identity } = parts;
    const running = await runDemoCall(
      {
        extension,
        server: server.udp,
        trunk: server.trunk,
        from: identity,
        sound: { kind: 'wav', bytes: voiceWav(voice) },
        ringMs: 60_000,
      },
      {
        media: media.withEar(call.#listening),
        clock: new SystemClock(),
        tell: (event) => call.events.push(event),
      },
    );
    if (!running.ok) throw new Error(`the caller has no voice: ${running.error.detail}`);
    call.#running = running.value;
    return call;
  }

  private constructor({ voice, identity }: ClientCallParts) {
    this.voice = voice;
    this.identity = identity;
    this.#listening = new TelephoneEar();
    this.ear = { whose: identity.name, listen: async () => this.#listening.recording() };
  }

  /** Keys that the far side pressed, as they arrived by RFC 4733. */
  get digits(): string {
    return this.#listening.digits;
  }

  get ended(): boolean {
    return this.events.some(({ kind }) => kind === 'ended');
  }

  async answered(): Promise<void> {
    await expect
      .poll(() => this.events.map(({ kind }) => kind), { message: 'the call is answered' })
      .toContain('answered');
  }

  hangUp(): void {
    this.#running?.hangUp();
  }

  async hasEnded(): Promise<void> {
    await expect
      .poll(() => this.ended, { message: `${this.identity.name}'s call ended` })
      .toBe(true);
  }

  async dispose(): Promise<void> {
    this.hangUp();
    await Promise.race([this.#running?.ended, new Promise((done) => setTimeout(done, 1_000))]);
    this.#listening.dispose();
  }
}
