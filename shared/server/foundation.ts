import { DisposableStore, type Disposable } from '../domain/disposable.ts';
import type { Clock } from '../domain/clock.ts';
import { ok, type Result } from '../domain/result.ts';
import { GroupProvisioning } from './provisioning/group-provisioning.ts';
import { Provisioning } from './provisioning/provisioning.ts';
import { StoreDirectory } from './provisioning/store-directory.ts';
import { DataDirectory } from './store/data-directory.ts';
import { Store } from './store/store.ts';
import type { StoreTrouble } from './store/store-trouble.ts';
import type { StoreRefusal } from './store/store-refusal.ts';

/** What is done where there is no data yet: a mistyped path must not become an empty server. */
export type AbsentData = 'create' | 'refuse';

export interface FoundationOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  /** `server`: nobody else may be one on this directory. `tool`: beside a running server. */
  readonly role: 'server' | 'tool';
  /** Default `create`. */
  readonly absent?: AbsentData;
  readonly ownAddresses?: () => readonly string[];
  /** Hears of writes that fail later on; default: nobody does. */
  readonly trouble?: StoreTrouble;
}

/** Data directory, database and directory of users: what the server and the command line both stand on. */
export class Foundation implements Disposable {
  readonly data: DataDirectory;
  readonly store: Store;
  readonly directory: StoreDirectory;
  readonly provisioning: Provisioning;
  /** Changes groups and settings. */
  readonly groups: GroupProvisioning;
  readonly #owned: DisposableStore;

  private constructor(
    data: DataDirectory,
    opened: Pick<Foundation, 'store' | 'directory' | 'provisioning' | 'groups'>,
    owned: DisposableStore,
  ) {
    this.data = data;
    this.store = opened.store;
    this.directory = opened.directory;
    this.provisioning = opened.provisioning;
    this.groups = opened.groups;
    this.#owned = owned;
  }

  static open(options: FoundationOptions): Result<Foundation, StoreRefusal> {
    const { dataDir, clock, role, absent = 'create', ownAddresses, trouble } = options;
    const data =
      absent === 'create' ? DataDirectory.open(dataDir) : DataDirectory.existing(dataDir);
    if (!data.ok) return data;
    const owned = new DisposableStore();
    if (role === 'server') {
      const lock = data.value.lock();
      if (!lock.ok) return lock;
      owned.add(lock.value);
    }
    const store = Store.open(data.value, clock, trouble);
    if (!store.ok) return abandon(owned, store);
    owned.add(store.value);
    const { tenants } = store.value;
    const directory = new StoreDirectory(tenants, ownAddresses);
    const loaded = directory.reload();
    if (!loaded.ok) return abandon(owned, loaded);
    const provisioning = new Provisioning({ store: tenants, directory, clock });
    const groups = new GroupProvisioning({ store: tenants, directory, clock });
    const opened = { store: store.value, directory, provisioning, groups };
    return ok(new Foundation(data.value, opened, owned));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function abandon<Refused>(owned: DisposableStore, refused: Refused): Refused {
  owned.dispose();
  return refused;
}
