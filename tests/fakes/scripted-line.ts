import type { Disposable } from '../../shared/domain/disposable.ts';
import { epochMs } from '../../shared/domain/ids.ts';
import { Emitter } from '../../renderer/sip/emitter.ts';
import type {
  CallQuality,
  LineEffect,
  LineEvent,
  LineState,
  PhoneLine,
} from '../../renderer/sip/phone-line.ts';

/** A telephone line without SIP: says what the test has it say, and remembers what it was told to do. */
export class ScriptedLine implements PhoneLine {
  state: LineState = { kind: 'stopped' };
  readonly performed: LineEffect[] = [];
  readonly nudges: string[] = [];
  readonly reconnects: string[] = [];
  resyncs = 0;
  /** What lamps were last asked for. */
  watched: readonly string[] = [];
  /** Whether holds and resumes are agreed to by themselves. */
  agrees = true;
  /** What `start` leads to. */
  onStart: LineState = { kind: 'registered', at: epochMs(0), apiBaseUrl: null };
  measured: CallQuality | null = null;
  readonly #events = new Emitter<LineEvent>();
  readonly #onWatched: ((digits: readonly string[]) => void)[] = [];

  start(): void {
    this.become(this.onStart);
  }

  async stop(): Promise<void> {
    this.become({ kind: 'stopped' });
  }

  reconnect(why: string): void {
    this.reconnects.push(why);
  }

  nudge(why: string): void {
    this.nudges.push(why);
  }

  onEvent(run: (event: LineEvent) => void): Disposable {
    return this.#events.listen(run);
  }

  perform(effect: LineEffect): void {
    this.performed.push(effect);
    if (!this.agrees || effect.kind === 'mix') return;
    const { call } = effect;
    if (effect.kind === 'hold') this.later({ kind: 'call', input: { kind: 'hold-done', call } });
    if (effect.kind === 'unhold') {
      this.later({ kind: 'call', input: { kind: 'resume-done', call } });
    }
    if (effect.kind === 'answer') {
      this.later({ kind: 'call', input: { kind: 'answered', call, party: null } });
    }
  }

  resyncParkList(): void {
    this.resyncs += 1;
  }

  expectParkChange(): void {}

  /** Hears what lamps are asked for, from now on. */
  onWatched(run: (digits: readonly string[]) => void): void {
    this.#onWatched.push(run);
  }

  watchLamps(digits: readonly string[]): void {
    this.watched = digits;
    for (const run of this.#onWatched) queueMicrotask(() => run(digits));
  }

  quality(): Promise<CallQuality | null> {
    return Promise.resolve(this.measured);
  }

  become(state: LineState): void {
    this.state = state;
    this.say({ kind: 'state', state });
  }

  say(event: LineEvent): void {
    this.#events.emit(event);
  }

  later(event: LineEvent): void {
    queueMicrotask(() => this.say(event));
  }
}
