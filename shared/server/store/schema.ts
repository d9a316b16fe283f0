import type { Generated } from 'kysely';

interface TenantRow {
  id: string;
  name: string;
  realm: string;
  created_at: number;
}

interface TenantDomainRow {
  domain: string;
  tenant_id: string;
}

interface TenantSettingsRow {
  tenant_id: string;
  json: string;
}

interface UserRow {
  id: string;
  tenant_id: string;
  extension: string;
  display_name: string;
  ha1_md5: string;
  ha1_sha256: string;
  created_at: number;
}

interface TrunkRow {
  id: string;
  tenant_id: string;
  name: string;
  username: string;
  ha1_md5: string;
  ha1_sha256: string;
  created_at: number;
}

export interface BindingRow {
  id: string;
  user_id: string;
  contact: string;
  instance_id: string | null;
  reg_id: number | null;
  device_id: string;
  call_id: string;
  cseq: number;
  user_agent: string | null;
  /** JSON array of Path values. */
  path: string;
  transport: string;
  remote_address: string;
  remote_port: number;
  local_address: string;
  local_port: number;
  registered_at: number;
  expires_at: number;
}

interface ServerSecretRow {
  name: string;
  /** Base64url. */
  value: string;
}

interface ParkedCallRow {
  park_id: string;
  tenant_id: string;
  parked_at: number;
  /** The whole `ParkedCallRecord` as JSON. */
  record: string;
}

export interface JournalRow {
  seq: Generated<number>;
  at: number;
  tenant_id: string;
  park_id: string;
  kind: string;
  /** The whole `JournalStep` as JSON. */
  step: string;
  slot: string;
  group_id: string | null;
  parker: string;
  /** The extension that took it, where the step names one. */
  actor: string | null;
  caller_name: string;
  caller_number: string;
  anonymous: number;
  note: string | null;
}

interface EndedSessionRow {
  /** SHA-256 of the token, base64url: the table lets nobody in. */
  token_hash: string;
  expires_at: number;
}

/** The tables as the newest migration leaves them. */
export interface Schema {
  tenants: TenantRow;
  tenant_domains: TenantDomainRow;
  tenant_settings: TenantSettingsRow;
  users: UserRow;
  trunks: TrunkRow;
  bindings: BindingRow;
  server_secrets: ServerSecretRow;
  parked_calls: ParkedCallRow;
  journal: JournalRow;
  ended_sessions: EndedSessionRow;
}
