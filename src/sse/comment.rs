//! What keeps a stream alive and is heard by nobody.

use super::frame::lines;

/// The shortest comment. Proxies close what is silent: the standard advises one about every 15
/// seconds (9.2.7, authoring notes).
pub const HEARTBEAT: &str = ":\n";

/// A comment, to be written between frames.
///
/// ```
/// use ticketwire::sse::comment;
///
/// assert_eq!(comment("from the start"), ": from the start\n");
/// assert_eq!(comment("two\rlines"), ": two\n: lines\n");
/// ```
pub fn comment(text: &str) -> String {
    lines(text).flat_map(|line| [": ", line, "\n"]).collect()
}
