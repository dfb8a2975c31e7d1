//! Which of the members that are known a stranger probably means.

use super::distance::{MAX_BYTES, distance};

/// Other words for the same thing: older pages of the vendor, its template, and its chat API.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("conversationid", "platformConversationId"),
    ("sessionid", "platformConversationId"),
    ("ticketid", "platformConversationId"),
    ("message", "text"),
    ("body", "text"),
    ("content", "text"),
    ("variables", "metaData"),
    ("customfields", "metaData"),
    ("name", "key"),
    ("sanitise", "sanitize"),
    ("sanitized", "sanitize"),
];

/// The known name that this one most likely stands for.
pub(crate) fn meant(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    // No typing error makes one of ours from a longer one.
    if name.len() > MAX_BYTES {
        return None;
    }
    let plain = plain(name);
    other_word(&plain, known).or_else(|| nearest(&plain, known))
}

/// Without case and separators, so that `meta_data`, `meta-data` and `metadata` are one.
fn plain(name: &str) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    plain.extend(name.bytes().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii()));
    plain.make_ascii_lowercase();
    plain
}

fn other_word(plain: &[u8], known: &'static [&'static str]) -> Option<&'static str> {
    let (_, ours) = OTHER_WORDS.iter().find(|(other, _)| other.as_bytes() == plain)?;
    known.contains(ours).then_some(*ours)
}

fn nearest(name: &[u8], known: &'static [&'static str]) -> Option<&'static str> {
    let near = |known: &'static str| {
        // A third of the letters may differ; in a short word one.
        let most = (known.len() / 3).clamp(1, 4);
        let may_be_near = name.len().abs_diff(known.len()) <= most;
        let distance = if may_be_near { distance(name, &plain(known)) } else { usize::MAX };
        (distance <= most).then_some((known, distance))
    };
    known.iter().filter_map(|known| near(known)).min_by_key(|(_, distance)| *distance).map(|(known, _)| known)
}

#[cfg(test)]
mod tests {
    use super::super::schema::{EVENT, VARIABLE};
    use super::*;

    #[test]
    fn misspelt_names_find_their_own() {
        for (name, expected) in [
            ("metadata", Some("metaData")),
            ("meta_data", Some("metaData")),
            ("MetaDta", Some("metaData")),
            ("txt", Some("text")),
            ("Text", Some("text")),
            ("message", Some("text")),
            ("conversationId", Some("platformConversationId")),
            ("platform_conversation_id", Some("platformConversationId")),
            ("platfrom", Some("platform")),
            ("key", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(meant(name, EVENT.names), expected, "{name}");
        }
        assert_eq!(meant("sanitise", VARIABLE.names), Some("sanitize"));
        assert_eq!(meant("vale", VARIABLE.names), Some("value"));
        assert_eq!(meant(&"metadata".repeat(9), EVENT.names), None);
    }
}
