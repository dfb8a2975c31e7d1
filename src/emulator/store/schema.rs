//! The tables.

/// Made where they are missing. Times are milliseconds since 1970.
///
/// - `setting`: the key in use, the webhook, the script where it is not the default, and the
///   configuration that the emulator last started with.
/// - `conversation`: the agent's own, opaque id of each conversation.
/// - `reply`: what is still to be sent. A reply that is `sending` is due again when its time has
///   come, which then means that whoever was sending it is gone.
/// - `journal_body`: a value in a row holds at most 2 MB, so bodies are kept in parts.
pub(super) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bot (id TEXT PRIMARY KEY, custom_crm INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conversation (
  bot TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  own_id TEXT NOT NULL,
  PRIMARY KEY (bot, platform_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reply (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL,
  body TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  sending INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS reply_due ON reply (due_ms);
CREATE TABLE IF NOT EXISTS fault (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fault TEXT NOT NULL,
  times INTEGER,
  conversation TEXT,
  used INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('event', 'webhook')),
  method TEXT NOT NULL,
  target TEXT NOT NULL,
  headers TEXT NOT NULL,
  body_bytes INTEGER NOT NULL,
  conversation TEXT,
  try INTEGER,
  fault TEXT,
  status INTEGER,
  cause TEXT,
  next_ms INTEGER
);
CREATE TABLE IF NOT EXISTS journal_body (
  seq INTEGER NOT NULL,
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (seq, part)
) WITHOUT ROWID;
";

/// Empties every table but the settings; numbers go on from where they were.
pub(super) const EMPTY: &str = "
DELETE FROM conversation;
DELETE FROM reply;
DELETE FROM fault;
DELETE FROM journal;
DELETE FROM journal_body;
";
