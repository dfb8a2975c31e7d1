//! Which way something is delivered.

/// Each conversation has an outbox for each way; they do not wait for each other.
///
/// ```
/// use ticketwire::outbox::Lane;
///
/// assert_eq!(Lane::ALL.map(Lane::table), ["delivery", "onward"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Events, to the agent.
    Event,
    /// Replies, on to the CRM.
    Reply,
}

impl Lane {
    /// All ways.
    pub const ALL: [Self; 2] = [Self::Event, Self::Reply];

    /// The name of the outbox's table.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Event => "delivery",
            Self::Reply => "onward",
        }
    }
}
