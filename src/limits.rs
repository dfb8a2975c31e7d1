//! Every limit that ticketwire sets, in one table: name, unit, value, source.
//!
//! The vendor documents no limit for the Ticket API (its [reference page] lists none), so each
//! value here is *our choice*, made to protect the relay and what stands behind it, and each can
//! be configured: by field in Rust, by the environment variable of the same name in capitals
//! (`MAX_TEXT_BYTES`) in the relay.
//!
//! ```
//! use ticketwire::Limits;
//!
//! let mut limits = Limits::default();
//! assert_eq!(limits.max_variables, 100);
//! limits.set("max_variables", "20")?;
//! assert_eq!(limits.max_variables, 20);
//! # Ok::<(), ticketwire::limits::BadLimit>(())
//! ```
//!
//! [reference page]: https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket

use std::fmt;

/// One row of [`Limits::TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The field of [`Limits`] that holds it.
    pub name: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// The value unless configured.
    pub default: usize,
    /// The largest value that can be configured.
    pub ceiling: usize,
    /// Where the value comes from.
    pub source: &'static str,
}

/// Why a limit could not be set; says what can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadLimit {
    /// No limit has that name.
    Unknown,
    /// The value is not a whole number from 1 to the ceiling.
    OutOfRange(Limit),
}

impl fmt::Display for BadLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("no limit has this name"),
            Self::OutOfRange(limit) => {
                write!(f, "{} takes a whole number of {} from 1 to {}", limit.name, limit.unit, limit.ceiling)
            }
        }
    }
}

impl std::error::Error for BadLimit {}

/// The table below is the only place that states a limit; the struct, its defaults and
/// [`Limits::TABLE`] are made from it.
macro_rules! limits {
    ($($name:ident: $default:literal..=$ceiling:literal $unit:literal, $source:literal;)*) => {
        /// What is refused for its size; see [`Limits::TABLE`] for units and sources.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits {
            $(#[doc = concat!("In ", $unit, "; ", stringify!($default), " unless configured. ", $source)]
            pub $name: usize,)*
        }

        impl Limits {
            /// Every limit, for messages, documentation and tests.
            pub const TABLE: &'static [Limit] = &[$(Limit {
                name: stringify!($name),
                unit: $unit,
                default: $default,
                ceiling: $ceiling,
                source: $source,
            },)*];

            /// The largest limits that can be configured: what an older configuration may have let in.
            pub const fn largest() -> Self {
                Self { $($name: $ceiling,)* }
            }

            /// The value of the limit with this name.
            pub fn get(&self, name: &str) -> Option<usize> {
                match name {
                    $(stringify!($name) => Some(self.$name),)*
                    _ => None,
                }
            }

            fn slot(&mut self, name: &str) -> Option<&mut usize> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }
    };
}

limits! {
    max_body_bytes: 1_048_576..=1_900_000 "bytes", "Our choice: an e-mail with its quoted history, many times over; a stored row must stay under 2 MB.";
    max_text_bytes: 524_288..=1_900_000 "bytes of UTF-8", "Our choice: half a body.";
    max_conversation_id_bytes: 256..=4_096 "bytes of UTF-8", "Our choice: room for a UUID, a URL or a composed key.";
    max_platform_bytes: 64..=1_024 "bytes of UTF-8", "Our choice; a custom CRM sends PUBLIC_API.";
    max_key_bytes: 256..=4_096 "bytes of UTF-8", "Our choice: names are identifiers.";
    max_value_bytes: 16_384..=1_048_576 "bytes of UTF-8", "Our choice: a variable is a fact, not a document.";
    max_variables: 100..=10_000 "variables", "Our choice.";
    max_nesting: 32..=100 "levels", "Our choice: an event has three; deeper values only occur where they are refused anyway.";
    max_issues: 100..=1_000 "issues", "Our choice: beyond it issues are counted, not listed.";
    max_idempotency_key_bytes: 255..=1_024 "bytes", "Our choice: room for several UUIDs.";
    max_waiting_events: 20_000..=1_000_000 "events of a conversation", "Our choice: what is parked counts as well.";
    max_waiting_bytes: 100_000_000..=1_000_000_000 "bytes of events of a conversation", "Our choice: a Durable Object holds 10 GB.";
    max_streams: 100..=10_000 "streams of a conversation", "Our choice: whoever follows one, in several tabs.";
    max_reply_bytes: 1_048_576..=1_900_000 "bytes", "Our choice: a stored row must stay under 2 MB.";
}

impl Limits {
    /// Sets one limit from text, as configuration has it.
    ///
    /// # Errors
    ///
    /// [`BadLimit`] when there is no such limit or the value is out of its range.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), BadLimit> {
        let row = Self::TABLE.iter().find(|row| row.name == name);
        let (Some(row), Some(slot)) = (row, self.slot(name)) else {
            return Err(BadLimit::Unknown);
        };
        match value.trim().parse() {
            Ok(number) if (1..=row.ceiling).contains(&number) => {
                *slot = number;
                Ok(())
            }
            _ => Err(BadLimit::OutOfRange(*row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_can_be_set_to_its_edges_and_not_beyond() {
        for row in Limits::TABLE {
            let mut limits = Limits::default();
            assert_eq!(limits.get(row.name), Some(row.default));
            for (value, works) in [(0, false), (1, true), (row.ceiling, true), (row.ceiling + 1, false)] {
                let set = limits.set(row.name, &value.to_string());
                assert_eq!(set.is_ok(), works, "{} = {value}", row.name);
            }
            assert_eq!(limits.get(row.name), Some(row.ceiling));
            assert_eq!(limits.get(row.name), Limits::largest().get(row.name));
        }
    }

    #[test]
    fn a_bad_setting_says_what_can_be_set() {
        let mut limits = Limits::default();
        assert_eq!(limits.set("max_tea", "1"), Err(BadLimit::Unknown));
        let error = limits.set("max_variables", "many").unwrap_err().to_string();
        assert_eq!(error, "max_variables takes a whole number of variables from 1 to 10000");
    }
}
