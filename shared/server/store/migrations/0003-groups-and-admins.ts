/**
 * Call Park groups, ring groups, admins with their sessions, who changed what, and each tenant's own music. Rows that
 * two admins may edit at once carry a version, and who saved it when. `name_key` is the name as it is compared.
 */
export const groupsAndAdmins = `
ALTER TABLE tenant_settings ADD COLUMN version    INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tenant_settings ADD COLUMN changed_by TEXT    NOT NULL DEFAULT '';
ALTER TABLE tenant_settings ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE park_groups (
  id         TEXT PRIMARY KEY,
  tenant_id  TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  recall     TEXT NOT NULL,
  version    INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (tenant_id, name_key)
) STRICT;

CREATE TABLE park_group_members (
  user_id  TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES park_groups (id) ON DELETE CASCADE,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX park_group_members_group ON park_group_members (group_id, position);

CREATE TABLE ring_groups (
  id         TEXT PRIMARY KEY,
  tenant_id  TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  extension  TEXT,
  strategy   TEXT NOT NULL,
  ring_ms    INTEGER NOT NULL,
  no_answer  TEXT NOT NULL,
  version    INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (tenant_id, name_key),
  UNIQUE (tenant_id, extension)
) STRICT;

CREATE TABLE ring_group_members (
  group_id TEXT NOT NULL REFERENCES ring_groups (id) ON DELETE CASCADE,
  user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ring_group_members_user ON ring_group_members (user_id);

CREATE TABLE admins (
  id            TEXT PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role          TEXT NOT NULL CHECK (role IN ('system', 'tenant')),
  tenant_id     TEXT REFERENCES tenants (id) ON DELETE CASCADE,
  password_hash TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  CHECK ((role = 'tenant') = (tenant_id IS NOT NULL))
) STRICT;

CREATE TABLE admin_sessions (
  token_hash TEXT PRIMARY KEY,
  admin_id   TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
  address    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX admin_sessions_admin ON admin_sessions (admin_id);

CREATE TABLE audit_log (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  admin     TEXT NOT NULL,
  tenant_id TEXT,
  action    TEXT NOT NULL,
  subject   TEXT NOT NULL,
  before    TEXT,
  after     TEXT,
  address   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_tenant ON audit_log (tenant_id, seq);

CREATE TABLE tenant_music (
  tenant_id   TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
  wav         BLOB NOT NULL,
  rate        INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  uploaded_by TEXT NOT NULL,
  uploaded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX journal_tenant_seq ON journal (tenant_id, seq);
`;
