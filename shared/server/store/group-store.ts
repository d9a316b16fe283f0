import { recallSettingsSchema } from '../../config/tenant-settings.ts';
import { noAnswerSchema, ringStrategySchema } from '../../config/admin/ring-groups.ts';
import { groupNameKey } from '../../domain/group-name.ts';
import {
  epochMs,
  groupId,
  isExtension,
  ringGroupId,
  tenantId,
  type Extension,
  type GroupId,
  type RingGroupId,
  type TenantId,
  type UserId,
} from '../../domain/ids.ts';
import type { ParkGroup, ParkGroupDraft } from '../../domain/park-group.ts';
import { defaultRecallSettings, type RecallSettings } from '../../domain/recall-policy.ts';
import type { NoAnswer, RingGroup, RingGroupDraft } from '../../domain/ring-group.ts';
import type { ChangeMark, SavedMark } from './change-mark.ts';
import type { Database } from './database.ts';
import { randomId } from './random-id.ts';

/** Where a group goes, and who puts it there. */
export interface GroupPlace<Id> {
  /** Absent: a new one. */
  readonly id?: Id;
  readonly tenantId: TenantId;
  readonly mark: ChangeMark;
  /** Ids of the members, in assigned order. */
  readonly members: readonly UserId[];
}

export interface StoredGroups {
  readonly parkGroups: readonly ParkGroup[];
  readonly ringGroups: readonly RingGroup[];
}

/** Call Park groups and ring groups on disk. What may be saved is decided before; the tables hold uniqueness too. */
export class GroupStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  load(): StoredGroups {
    return { parkGroups: this.#parkGroups(), ringGroups: this.#ringGroups() };
  }

  /** Adds a group, or replaces it; its version grows by one. */
  saveParkGroup(draft: Omit<ParkGroupDraft, 'members'>, place: GroupPlace<GroupId>): GroupId {
    const id = place.id ?? groupId(randomId());
    const { build } = this.#db;
    const changing = {
      name: draft.name,
      name_key: groupNameKey(draft.name),
      recall: JSON.stringify(draft.recall),
      changed_by: place.mark.by,
      changed_at: place.mark.at,
    };
    this.#db.transaction(() => {
      this.#db.run(
        build
          .insertInto('park_groups')
          .values({ id, tenant_id: place.tenantId, version: 1, ...changing })
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet(({ ref, eb }) => ({
              ...changing,
              version: eb(ref('park_groups.version'), '+', 1),
            })),
          ),
      );
      this.#db.run(build.deleteFrom('park_group_members').where('group_id', '=', id));
      place.members.forEach((user_id, position) => {
        const row = { group_id: id, user_id, position };
        this.#db.run(build.insertInto('park_group_members').values(row));
      });
    });
    return id;
  }

  removeParkGroup(id: GroupId): void {
    this.#db.run(this.#db.build.deleteFrom('park_groups').where('id', '=', id));
  }

  /** Adds a ring group, or replaces it; its version grows by one. */
  saveRingGroup(
    draft: Omit<RingGroupDraft, 'members'>,
    place: GroupPlace<RingGroupId>,
  ): RingGroupId {
    const id = place.id ?? ringGroupId(randomId());
    const { build } = this.#db;
    const changing = {
      name: draft.name,
      name_key: groupNameKey(draft.name),
      extension: draft.extension ?? null,
      strategy: draft.strategy,
      ring_ms: draft.ringMs,
      no_answer: JSON.stringify(draft.noAnswer),
      changed_by: place.mark.by,
      changed_at: place.mark.at,
    };
    this.#db.transaction(() => {
      this.#db.run(
        build
          .insertInto('ring_groups')
          .values({ id, tenant_id: place.tenantId, version: 1, ...changing })
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet(({ ref, eb }) => ({
              ...changing,
              version: eb(ref('ring_groups.version'), '+', 1),
            })),
          ),
      );
      this.#db.run(build.deleteFrom('ring_group_members').where('group_id', '=', id));
      place.members.forEach((user_id, position) => {
        const row = { group_id: id, user_id, position };
        this.#db.run(build.insertInto('ring_group_members').values(row));
      });
    });
    return id;
  }

  removeRingGroup(id: RingGroupId): void {
    this.#db.run(this.#db.build.deleteFrom('ring_groups').where('id', '=', id));
  }

  /** Takes a user out of all groups and says so in their versions: whoever has one open hears of it. */
  forgetMember(id: UserId, { by, at }: ChangeMark): void {
    const { build } = this.#db;
    for (const [groups, members] of [
      ['park_groups', 'park_group_members'],
      ['ring_groups', 'ring_group_members'],
    ] as const) {
      const theirs = build.selectFrom(members).select('group_id').where('user_id', '=', id);
      this.#db.run(
        build
          .updateTable(groups)
          .set(({ eb }) => ({ version: eb('version', '+', 1), changed_by: by, changed_at: at }))
          .where('id', 'in', theirs),
      );
      this.#db.run(build.deleteFrom(members).where('user_id', '=', id));
    }
  }

  /** Who saved a group last. */
  markOf(kind: 'park' | 'ring', id: string): SavedMark | undefined {
    const table = kind === 'park' ? 'park_groups' : 'ring_groups';
    const row = this.#db.first(
      this.#db.build
        .selectFrom(table)
        .select(['version', 'changed_by', 'changed_at'])
        .where('id', '=', id),
    );
    return row && { version: row.version, by: row.changed_by, at: epochMs(row.changed_at) };
  }

  #parkGroups(): readonly ParkGroup[] {
    const members = this.#members('park_group_members');
    return this.#db.all(this.#db.build.selectFrom('park_groups').selectAll()).map((row) => ({
      id: groupId(row.id),
      tenantId: tenantId(row.tenant_id),
      name: row.name,
      members: members.get(row.id) ?? [],
      recall: readRecall(row.recall),
      version: row.version,
    }));
  }

  #ringGroups(): readonly RingGroup[] {
    const members = this.#members('ring_group_members');
    return this.#db.all(this.#db.build.selectFrom('ring_groups').selectAll()).map((row) => ({
      id: ringGroupId(row.id),
      tenantId: tenantId(row.tenant_id),
      name: row.name,
      ...(row.extension !== null && isExtension(row.extension) && { extension: row.extension }),
      members: members.get(row.id) ?? [],
      strategy: ringStrategySchema.catch('ring-all').parse(row.strategy),
      ringMs: row.ring_ms,
      noAnswer: readNoAnswer(row.no_answer),
      version: row.version,
    }));
  }

  #members(table: 'park_group_members' | 'ring_group_members'): Map<string, Extension[]> {
    const rows = this.#db.all(
      this.#db.build
        .selectFrom(table)
        .innerJoin('users', 'users.id', `${table}.user_id`)
        .select([`${table}.group_id as group_id`, 'users.extension'])
        .orderBy(`${table}.group_id`)
        .orderBy(`${table}.position`),
    );
    const byGroup = new Map<string, Extension[]>();
    for (const { group_id, extension } of rows) {
      if (!isExtension(extension)) continue;
      const list = byGroup.get(group_id);
      if (list === undefined) byGroup.set(group_id, [extension]);
      else list.push(extension);
    }
    return byGroup;
  }
}

/** A group whose rules cannot be read still works, by the default ones. */
function readRecall(json: string): RecallSettings {
  return recallSettingsSchema.catch(defaultRecallSettings).parse(parseJson(json));
}

function readNoAnswer(json: string): NoAnswer {
  return noAnswerSchema.catch({ kind: 'hang-up' }).parse(parseJson(json));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
