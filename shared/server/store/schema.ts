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

/** Who saved a row that two admins may edit at once. */
interface VersionColumns {
  version: Generated<number>;
  /** Name of the admin; empty: the command line, or nobody yet. */
  changed_by: Generated<string>;
  changed_at: Generated<number>;
}

interface TenantSettingsRow extends VersionColumns {
  tenant_id: string;
  json: string;
}

export interface UserRow {
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

interface ParkGroupRow extends VersionColumns {
  id: string;
  tenant_id: string;
  name: string;
  /** The name as it is compared. */
  name_key: string;
  /** `RecallSettings` as JSON. */
  recall: string;
}

interface RingGroupRow extends VersionColumns {
  id: string;
  tenant_id: string;
  name: string;
  name_key: string;
  extension: string | null;
  strategy: string;
  ring_ms: number;
  /** `NoAnswer` as JSON. */
  no_answer: string;
}

interface MemberRow {
  group_id: string;
  user_id: string;
  position: number;
}

export interface AdminRow {
  id: string;
  name: string;
  role: 'system' | 'tenant';
  tenant_id: string | null;
  /** `scrypt$N$r$p$salt$hash`. */
  password_hash: string;
  created_at: number;
}

interface AdminSessionRow {
  /** SHA-256 of the cookie, base64url: the table lets nobody in. */
  token_hash: string;
  admin_id: string;
  address: string;
  created_at: number;
  used_at: number;
}

export interface AuditRow {
  seq: Generated<number>;
  at: number;
  admin: string;
  tenant_id: string | null;
  action: string;
  subject: string;
  /** JSON, without secrets. */
  before: string | null;
  after: string | null;
  address: string;
}

interface TenantMusicRow {
  tenant_id: string;
  /** PCM 16 bit, mono. */
  wav: Buffer;
  rate: number;
  duration_ms: number;
  uploaded_by: string;
  uploaded_at: number;
}

interface CallForwardingRow {
  user_id: string;
  always: string | null;
  busy: string | null;
  no_answer: string | null;
  no_answer_after_ms: number;
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
  park_groups: ParkGroupRow;
  park_group_members: MemberRow;
  ring_groups: RingGroupRow;
  ring_group_members: MemberRow;
  admins: AdminRow;
  admin_sessions: AdminSessionRow;
  audit_log: AuditRow;
  tenant_music: TenantMusicRow;
  call_forwarding: CallForwardingRow;
}
