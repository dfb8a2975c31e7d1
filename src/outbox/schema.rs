//! The tables.

use super::lane::Lane;

/// The statements that make the table of an outbox, and its indexes.
macro_rules! schema {
    ($table:literal) => {
        concat!(
            "
CREATE TABLE ",
            $table,
            " (
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
CREATE INDEX ",
            $table,
            "_held ON ",
            $table,
            " (state DESC, seq, bytes) WHERE state <> 'delivered';
CREATE INDEX ",
            $table,
            "_delivered ON ",
            $table,
            " (state_ms) WHERE state = 'delivered';
CREATE UNIQUE INDEX ",
            $table,
            "_key ON ",
            $table,
            " (key) WHERE key IS NOT NULL;
"
        )
    };
}

impl Lane {
    /// The table of the outbox, as SQLite statements. Times are milliseconds since the Unix epoch.
    ///
    /// It has a row for each delivery, under its number. `state_ms` is the one time that matters in
    /// its state, `bytes` the length of the body, which is kept elsewhere. The index that ends in
    /// `_held` leads to the head past nothing, and adds up what is held without touching a row.
    ///
    /// ```
    /// use ticketwire::outbox::Lane;
    ///
    /// assert!(Lane::Event.schema().contains("CREATE TABLE delivery"));
    /// ```
    pub const fn schema(self) -> &'static str {
        match self {
            Self::Event => schema!("delivery"),
            Self::Reply => schema!("onward"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::outbox::{Lane, State};

    #[test]
    fn rows_have_the_states_of_the_machine() {
        let names = State::NAMES.map(|name| format!("'{name}'")).join(", ");
        for lane in Lane::ALL {
            assert!(lane.schema().contains(&format!("CREATE TABLE {} (", lane.table())));
            assert!(lane.schema().contains(&format!("CHECK (state IN ({names}))")));
        }
    }
}
