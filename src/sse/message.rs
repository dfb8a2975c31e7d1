//! What a reader has heard.

/// A message, as the standard dispatches it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its type: what `event` says, or `message`.
    pub event: String,
    /// Its data; lines are separated by LF.
    pub data: String,
    /// The id that was named last, by this frame or one before; empty where none was.
    pub last_event_id: String,
}
