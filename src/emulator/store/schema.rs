//! The tables.

/// Made where they are missing, as the first version had them; [`COLUMNS`] came later. Times are milliseconds since 1970.
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

/// A column that came later than its table.
pub(super) struct Column {
    pub(super) table: &'static str,
    pub(super) name: &'static str,
    /// Adds it, and fills it for the rows that are there already.
    pub(super) add: &'static str,
}

/// Added where they are missing.
///
/// - `fault.chance`: none for an order that meets every request.
/// - `reply.fault`: what goes wrong with the reply, as JSON; `reply.message_id`: the same for all
///   copies of a reply.
/// - `journal.ended_ms`: when there was an answer, or the connection was closed instead;
///   `journal.processed`: whether the agent has the event.
pub(super) const COLUMNS: &[Column] = &[
    Column { table: "fault", name: "chance", add: "ALTER TABLE fault ADD COLUMN chance REAL" },
    Column { table: "reply", name: "fault", add: "ALTER TABLE reply ADD COLUMN fault TEXT" },
    Column {
        table: "reply",
        name: "message_id",
        add: "ALTER TABLE reply ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
              UPDATE reply SET message_id = 'msg_' || id",
    },
    Column { table: "journal", name: "ended_ms", add: "ALTER TABLE journal ADD COLUMN ended_ms INTEGER" },
    Column {
        table: "journal",
        name: "processed",
        add: "ALTER TABLE journal ADD COLUMN processed INTEGER NOT NULL DEFAULT 0;
              UPDATE journal SET processed = 1 WHERE kind = 'event' AND status = 200 AND cause IS NULL",
    },
];

/// Made where they are missing. The partial ones are small, however large their tables.
pub(super) const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS fault_conversation ON fault (conversation);
CREATE INDEX IF NOT EXISTS reply_sending ON reply (conversation) WHERE sending = 1;
CREATE INDEX IF NOT EXISTS journal_conversation ON journal (conversation);
CREATE INDEX IF NOT EXISTS journal_webhook ON journal (seq) WHERE kind = 'webhook';
CREATE INDEX IF NOT EXISTS journal_event ON journal (seq) WHERE kind = 'event';
CREATE INDEX IF NOT EXISTS journal_open ON journal (seq) WHERE status IS NULL AND cause IS NULL;
";

/// Empties every table but the settings; numbers go on from where they were.
pub(super) const EMPTY: &str = "
DELETE FROM conversation;
DELETE FROM reply;
DELETE FROM fault;
DELETE FROM journal;
DELETE FROM journal_body;
";
