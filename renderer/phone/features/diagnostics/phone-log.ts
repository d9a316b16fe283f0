import type { Clock } from '../../../../shared/domain/clock.ts';
import {
  DisposableStore,
  onDispose,
  type Disposable,
} from '../../../../shared/domain/disposable.ts';
import type { EpochMs } from '../../../../shared/domain/ids.ts';
import { withoutSecrets } from '../../../../shared/phone/redaction.ts';
import type { Phone } from '../../model/phone.ts';
import type { PhoneState } from '../../model/phone-state.ts';

export interface LogEntry {
  readonly at: EpochMs;
  readonly text: string;
}

const KEPT = 1_000;

/** What happened to this phone, in short lines of ids and kinds, for the report. In memory only, secrets removed. */
export class PhoneLog implements Disposable {
  readonly #clock: Clock;
  readonly #disposables = new DisposableStore();
  #entries: readonly LogEntry[] = [];

  constructor(phone: Phone, clock: Clock) {
    this.#clock = clock;
    this.#disposables.add(
      onDispose(
        phone.state.subscribe((state, before) => {
          for (const line of changes(state, before)) this.add(line);
        }),
      ),
    );
    this.#disposables.add(
      phone.events.listen((event) => {
        if (event.kind === 'notice') this.add(`told: ${event.what.kind}`);
      }),
    );
  }

  /** Errors of the page itself, which nobody else hears of. */
  watchPage(page: Window): void {
    const onError = (event: ErrorEvent) => this.add(`error: ${describe(event.error)}`);
    const onRejection = (event: PromiseRejectionEvent) =>
      this.add(`unhandled: ${describe(event.reason)}`);
    page.addEventListener('error', onError);
    page.addEventListener('unhandledrejection', onRejection);
    this.#disposables.add(
      onDispose(() => {
        page.removeEventListener('error', onError);
        page.removeEventListener('unhandledrejection', onRejection);
      }),
    );
  }

  add(text: string): void {
    const entry = { at: this.#clock.now(), text: withoutSecrets(text) };
    this.#entries = [...this.#entries, entry].slice(-KEPT);
  }

  entries(): readonly LogEntry[] {
    return this.#entries;
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function changes(state: PhoneState, before: PhoneState): readonly string[] {
  const lines: string[] = [];
  if (state.line !== before.line && state.line.kind !== before.line.kind)
    lines.push(
      `line: ${state.line.kind}${'problem' in state.line ? ` (${state.line.problem.kind})` : ''}`,
    );
  if (state.board.sync.kind !== before.board.sync.kind)
    lines.push(`parked calls: ${state.board.sync.kind}, ${state.board.cards.length} cards`);
  if (state.server.kind !== before.server.kind) lines.push(`server parts: ${state.server.kind}`);
  if (state.microphone.kind !== before.microphone.kind)
    lines.push(`microphone: ${state.microphone.kind}`);
  const known = new Map(before.calls.calls.map((call) => [call.id, call]));
  for (const call of state.calls.calls) {
    const old = known.get(call.id);
    if (old?.state.kind === call.state.kind) continue;
    const why = call.state.kind === 'ended' ? ` (${call.state.why.kind})` : '';
    lines.push(
      `call ${call.id}: ${old === undefined ? `${call.direction}, ` : ''}${call.state.kind}${why}`,
    );
  }
  return lines;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? String(cause)) : String(cause);
}
