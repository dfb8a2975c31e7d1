//! A trap at will, for tests of what becomes of one; only in builds with the feature `trap`.

/// Traps at this text, in a core that is in the midst of its work.
#[expect(clippy::panic, reason = "what it is for")]
pub(super) fn at(text: &str) {
    if text == "trap!" {
        panic!("a test wants to see this");
    }
}
