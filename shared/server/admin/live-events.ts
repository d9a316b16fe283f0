import type { AdminEvent, ParkedCallLine } from '../../config/admin/live.ts';
import type { Clock } from '../../domain/clock.ts';
import { DisposableStore, type Disposable } from '../../domain/disposable.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { DirectoryChange, UserDirectory } from '../ports/directory.ts';
import type { JournalEvent } from '../ports/journal.ts';
import type { Registrar } from '../ports/registrar.ts';
import type { SqliteJournal } from '../store/sqlite-journal.ts';
import { actorOf } from './journal-line.ts';
import { parkedCallLines } from './parked-call-line.ts';

export interface LiveEventsParts {
  readonly directory: UserDirectory;
  readonly journal: Pick<SqliteJournal, 'onAppended'>;
  readonly devices: Pick<Registrar, 'reachableDevices' | 'onChanged'>;
  readonly calls: Pick<CallControl, 'parkedCalls'>;
  readonly clock: Clock;
}

type Listener = (event: AdminEvent) => void;
type Changed = Extract<AdminEvent, { kind: 'changed' }>['what'];

/** What happens in each tenant, as it happens, for whoever watches that tenant. */
export class LiveEvents implements Disposable {
  readonly #parts: LiveEventsParts;
  readonly #owned = new DisposableStore();
  readonly #watchers = new Map<TenantId, Set<Listener>>();
  readonly #onClose = new Set<() => void>();

  constructor(parts: LiveEventsParts) {
    this.#parts = parts;
    this.#owned.add(parts.journal.onAppended((event) => this.#journaled(event)));
    this.#owned.add(
      parts.directory.onChanged((change) => {
        const [tenantId, what] = subjectOf(change);
        this.#tell(tenantId, () => ({ kind: 'changed', at: parts.clock.now(), what }));
      }),
    );
    this.#owned.add(
      parts.devices.onChanged((userId) => {
        const user = parts.directory.userById(userId);
        if (user === undefined) return;
        this.#tell(user.tenantId, () => ({
          kind: 'registrations',
          at: parts.clock.now(),
          extension: user.extension,
          devices: parts.devices.reachableDevices(userId).length,
        }));
      }),
    );
  }

  /** How many are watching. */
  get watchers(): number {
    return [...this.#watchers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** @param onClose told when the server stops */
  watch(tenantId: TenantId, listener: Listener, onClose: () => void): Disposable {
    const listeners = this.#watchers.get(tenantId) ?? new Set();
    this.#watchers.set(tenantId, listeners.add(listener));
    this.#onClose.add(onClose);
    return {
      dispose: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#watchers.delete(tenantId);
        this.#onClose.delete(onClose);
      },
    };
  }

  /** Everything that is parked in a tenant now. */
  snapshot(tenantId: TenantId): Extract<AdminEvent, { kind: 'snapshot' }> {
    return { kind: 'snapshot', at: this.#parts.clock.now(), calls: this.calls(tenantId) };
  }

  calls(tenantId: TenantId): ParkedCallLine[] {
    const { calls, directory } = this.#parts;
    return parkedCallLines(calls.parkedCalls(tenantId), directory);
  }

  /** Ends every stream. */
  dispose(): void {
    this.#owned.dispose();
    for (const close of [...this.#onClose]) close();
  }

  #journaled({ tenantId, at, step, parkId, slot, parker }: JournalEvent): void {
    if (!this.#watchers.has(tenantId)) return;
    // The journal is written in the middle of a change; what is told is how things are after it.
    queueMicrotask(() => {
      const call = this.calls(tenantId).find((line) => line.parkId === parkId) ?? null;
      const by = actorOf(step);
      const what = step.kind;
      this.#tell(tenantId, () => ({ kind: 'call', at, what, parkId, slot, parker, by, call }));
    });
  }

  #tell(tenantId: TenantId, make: () => AdminEvent): void {
    const listeners = this.#watchers.get(tenantId);
    if (listeners === undefined) return;
    const event = make();
    for (const listener of [...listeners]) listener(event);
  }
}

function subjectOf(change: DirectoryChange): [TenantId, Changed] {
  switch (change.kind) {
    case 'tenant':
      return [change.tenantId, 'settings'];
    case 'user-added':
    case 'user-changed':
    case 'user-removed':
      return [change.user.tenantId, 'users'];
    case 'park-group-changed':
    case 'park-group-removed':
      return [change.group.tenantId, 'park-groups'];
    case 'ring-group-changed':
    case 'ring-group-removed':
      return [change.group.tenantId, 'ring-groups'];
  }
}
