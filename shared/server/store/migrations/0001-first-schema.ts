/**
 * Times are milliseconds since 1970 (UTC). Passwords are never here: `ha1_*` is what digest needs (RFC 3261 §22.4,
 * RFC 8760), made with the tenant's realm, which therefore never changes.
 */
export const firstSchema = `
CREATE TABLE tenants (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
  realm      TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tenant_domains (
  domain    TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE tenant_settings (
  tenant_id TEXT PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
  json      TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  id           TEXT PRIMARY KEY,
  tenant_id    TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  extension    TEXT NOT NULL,
  display_name TEXT NOT NULL,
  ha1_md5      TEXT NOT NULL,
  ha1_sha256   TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  UNIQUE (tenant_id, extension)
) STRICT;

CREATE TABLE trunks (
  id         TEXT PRIMARY KEY,
  tenant_id  TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  username   TEXT NOT NULL,
  ha1_md5    TEXT NOT NULL,
  ha1_sha256 TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (tenant_id, username)
) STRICT;

CREATE TABLE bindings (
  id             TEXT PRIMARY KEY,
  user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  contact        TEXT NOT NULL,
  instance_id    TEXT,
  reg_id         INTEGER,
  device_id      TEXT NOT NULL,
  call_id        TEXT NOT NULL,
  cseq           INTEGER NOT NULL,
  user_agent     TEXT,
  path           TEXT NOT NULL,
  transport      TEXT NOT NULL,
  remote_address TEXT NOT NULL,
  remote_port    INTEGER NOT NULL,
  local_address  TEXT NOT NULL,
  local_port     INTEGER NOT NULL,
  registered_at  INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX bindings_user ON bindings (user_id);

CREATE TABLE server_secrets (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE parked_calls (
  park_id   TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  parked_at INTEGER NOT NULL,
  record    TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  at            INTEGER NOT NULL,
  tenant_id     TEXT NOT NULL,
  park_id       TEXT NOT NULL,
  kind          TEXT NOT NULL,
  step          TEXT NOT NULL,
  slot          TEXT NOT NULL,
  group_id      TEXT,
  parker        TEXT NOT NULL,
  actor         TEXT,
  caller_name   TEXT NOT NULL,
  caller_number TEXT NOT NULL,
  anonymous     INTEGER NOT NULL,
  note          TEXT
) STRICT;
CREATE INDEX journal_tenant_time ON journal (tenant_id, at);
CREATE INDEX journal_park ON journal (tenant_id, park_id);
`;
