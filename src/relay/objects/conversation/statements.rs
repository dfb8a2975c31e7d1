//! What one statement does beyond its own table, by triggers: so taking an event, or noting what became of a
//! try, is one statement each, and whole or not at all without a transaction of ours.
//!
//! The number of a new entry is the largest there is: `sqlite_sequence` is behind until a statement ends.

/// Views to insert into, one for each way, and what follows from a change of state.
pub(super) const SCHEMA: &str = "
CREATE VIEW delivery_offer (at_ms, transcript, body, bytes, version, state, state_ms, tries, key, key_body, trace)
AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL;

CREATE TRIGGER delivery_offered INSTEAD OF INSERT ON delivery_offer BEGIN
    UPDATE delivery SET key = NULL, key_body = NULL WHERE key = NEW.key;
    INSERT INTO entry (at_ms, direction) VALUES (NEW.at_ms, 'event');
    INSERT INTO words (id, text) SELECT 2 * max(seq), NEW.transcript FROM entry;
    INSERT INTO words (id, text) SELECT 2 * max(seq) + 1, NEW.body FROM entry;
    INSERT INTO delivery (seq, version, state, state_ms, accepted_ms, since_ms, tries, failures,
        key, key_body, bytes, trace)
    SELECT max(seq), NEW.version, NEW.state, NEW.state_ms, NEW.at_ms, NEW.at_ms, NEW.tries, 0,
        NEW.key, NEW.key_body, NEW.bytes, NEW.trace FROM entry;
END;

CREATE VIEW onward_offer (at_ms, transcript, body, bytes, version, state, state_ms, tries, key, key_body, trace)
AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL;

CREATE TRIGGER onward_offered INSTEAD OF INSERT ON onward_offer BEGIN
    INSERT INTO entry (at_ms, direction) VALUES (NEW.at_ms, 'reply');
    INSERT INTO words (id, text) SELECT 2 * max(seq), NEW.transcript FROM entry;
    INSERT INTO onward (seq, version, state, state_ms, accepted_ms, since_ms, tries, failures, bytes)
    SELECT max(seq), NEW.version, NEW.state, NEW.state_ms, NEW.at_ms, NEW.at_ms, NEW.tries, 0, NEW.bytes
    FROM entry;
END;

CREATE TRIGGER delivery_changed AFTER UPDATE OF state ON delivery WHEN NEW.state <> 'sending' BEGIN
    UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'entry';
    UPDATE delivery SET changed = (SELECT seq FROM sqlite_sequence WHERE name = 'entry') WHERE seq = NEW.seq;
END;

CREATE TRIGGER delivery_done AFTER UPDATE OF state ON delivery WHEN NEW.state = 'delivered' BEGIN
    UPDATE words SET text = substr(replace(hex(zeroblob((octet_length(text) + 1) / 2)), '0', ' '),
        1, octet_length(text)) WHERE id = 2 * NEW.seq + 1;
    UPDATE entry SET done_ms = NEW.state_ms WHERE seq = NEW.seq;
END;

CREATE TRIGGER onward_done AFTER UPDATE OF state ON onward WHEN NEW.state = 'delivered' BEGIN
    UPDATE entry SET done_ms = NEW.state_ms WHERE seq = NEW.seq;
END";
