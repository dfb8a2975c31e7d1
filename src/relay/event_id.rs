//! The id of an event, and the name of the object that keeps it.

use std::fmt;

use super::keys::{digest, hex};

/// The id of an event: the object that keeps its conversation, and its number there. So an event
/// is found without an index, and ids of customers stand in no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EventId {
    /// The object's name.
    pub(super) object: String,
    /// The event's number.
    pub(super) seq: u64,
}

impl EventId {
    /// Reads one; `None` where it can't be an id.
    pub(super) fn parse(id: &str) -> Option<Self> {
        const NAME_BYTES: usize = 64;
        let (object, seq) = id.split_once('-')?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_name = object.len() == NAME_BYTES && object.bytes().all(is_hex);
        let is_number = !seq.starts_with('0') && seq.bytes().all(|byte| byte.is_ascii_digit());
        let seq = seq.parse().ok().filter(|_| is_number)?;
        is_name.then(|| Self { object: object.to_owned(), seq })
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.object, self.seq)
    }
}

/// The name of the object that keeps a conversation. A digest: ids of customers stand in no name.
/// Lengths go in first, so that no two pairs of bot and conversation share one.
pub(super) fn object_name(bot_id: &str, conversation_id: &str) -> String {
    hex(&digest(&format!("{}:{bot_id}{}:{conversation_id}", bot_id.len(), conversation_id.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_to_object_and_number() {
        let id = EventId { object: "0a".repeat(32), seq: 17 };
        assert_eq!(EventId::parse(&id.to_string()), Some(id.clone()));
        let EventId { object, .. } = id;
        let upper = object.to_uppercase();
        for wrong in [
            "",
            "-1",
            "0a-1",
            &format!("{object}-"),
            &format!("{object}-01"),
            &format!("{object}-+1"),
            &format!("{upper}-1"),
        ] {
            assert_eq!(EventId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn object_names_never_meet() {
        let names = [object_name("a", "bc"), object_name("ab", "c"), object_name("a", "b:c")];
        assert!(names.iter().all(|name| name.len() == 64));
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2]);
    }
}
