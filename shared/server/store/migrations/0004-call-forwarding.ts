/** Where users have the server send their calls; no row: nowhere. */
export const callForwarding = `
CREATE TABLE call_forwarding (
  user_id            TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  always             TEXT,
  busy               TEXT,
  no_answer          TEXT,
  no_answer_after_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
