//! Where an event stands.

/// Where an event stands, and the one time that matters there, in milliseconds since the Unix
/// epoch.
///
/// ```
/// use ticketwire::outbox::State;
///
/// let state = State::Pending { due_ms: 5 };
/// assert_eq!((state.name(), state.at_ms()), ("pending", 5));
/// assert_eq!(State::of("pending", 5), Some(state));
/// assert_eq!(State::of("lost", 5), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for its turn, and then for this time.
    Pending {
        /// When it may be tried.
        due_ms: u64,
    },
    /// A try is under way, and is given up as interrupted at this time.
    Sending {
        /// Until when the try may take.
        until_ms: u64,
    },
    /// The API has acknowledged it.
    Delivered {
        /// Since when.
        since_ms: u64,
    },
    /// It is not tried any more, unless it is replayed.
    Parked {
        /// Since when.
        since_ms: u64,
    },
}

impl State {
    /// Every name, as rows and callers have it.
    pub const NAMES: [&str; 4] = ["pending", "sending", "delivered", "parked"];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending { .. } => "pending",
            Self::Sending { .. } => "sending",
            Self::Delivered { .. } => "delivered",
            Self::Parked { .. } => "parked",
        }
    }

    /// The time that goes with it.
    pub const fn at_ms(self) -> u64 {
        match self {
            Self::Pending { due_ms: at_ms }
            | Self::Sending { until_ms: at_ms }
            | Self::Delivered { since_ms: at_ms }
            | Self::Parked { since_ms: at_ms } => at_ms,
        }
    }

    /// The state of this name and time; `None` where there is no such name.
    pub fn of(name: &str, at_ms: u64) -> Option<Self> {
        Some(match name {
            "pending" => Self::Pending { due_ms: at_ms },
            "sending" => Self::Sending { until_ms: at_ms },
            "delivered" => Self::Delivered { since_ms: at_ms },
            "parked" => Self::Parked { since_ms: at_ms },
            _ => return None,
        })
    }

    /// Whether it is still on its way.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending { .. } | Self::Sending { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn names_lead_back_to_their_states() {
        for name in State::NAMES {
            let state = State::of(name, 7).unwrap();
            assert_eq!((state.name(), state.at_ms()), (name, 7));
        }
    }
}
