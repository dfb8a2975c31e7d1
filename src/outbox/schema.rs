//! The tables.

/// The tables of an outbox, as SQLite statements. Times are milliseconds since the Unix epoch.
///
/// `delivery` has a row for each event, under the event's number. `state_ms` is the one time that
/// matters in its state, `bytes` the length of the event's body, which is kept elsewhere. The index
/// `delivery_held` leads to the head past nothing, and adds up what is held without touching a row.
///
/// ```
/// assert!(ticketwire::outbox::SCHEMA.contains("CREATE TABLE delivery"));
/// ```
pub const SCHEMA: &str = "
CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'delivered', 'parked')),
    state_ms INTEGER NOT NULL,
    accepted_ms INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    last_code TEXT,
    last_status INTEGER,
    key TEXT,
    key_body TEXT,
    bytes INTEGER NOT NULL
);
CREATE INDEX delivery_held ON delivery (state DESC, seq, bytes) WHERE state <> 'delivered';
CREATE INDEX delivery_delivered ON delivery (state_ms) WHERE state = 'delivered';
CREATE UNIQUE INDEX delivery_key ON delivery (key) WHERE key IS NOT NULL;
";

#[cfg(test)]
mod tests {
    use super::SCHEMA;
    use crate::outbox::State;

    #[test]
    fn rows_have_the_states_of_the_machine() {
        let names = State::NAMES.map(|name| format!("'{name}'")).join(", ");
        assert!(SCHEMA.contains(&format!("CHECK (state IN ({names}))")));
    }
}
