/** Sign-outs of the user's own HTTP, so that they hold after a restart. */
export const endedSessions = `
CREATE TABLE ended_sessions (
  token_hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
