//! What is allowed and yet probably not meant. Warnings never block.

use std::fmt;

use serde::{Serialize, Serializer};

use super::fault::finding;
use super::personal::PersonalData;
use super::pointer::Place;
use super::text::{BotId, Platform};
use super::ticket_event::Variable;
use crate::say::Say;

/// Session parameters that belong to the agent's platform; setting one causes an error there.
///
/// Source: the vendor's help centre, article 8357758272154 (creating a custom CRM integration),
/// as far as it lists them.
const RESERVED_NAMES: &[&str] = &[
    "lastDetectedLanguage",
    "active_language",
    "chatTranscript",
    "lastVisitorMessage",
    "integrationId",
    "confidence_score",
    "lastResolution",
];

/// What a [`Warning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// A variable has the name of a session parameter that is the platform's own.
    ReservedName,
    /// Two variables have one name; which of them counts is not documented.
    RepeatedKey,
    /// A value looks personal and is not marked `sanitize`.
    Personal(PersonalData),
    /// `platform` is not `PUBLIC_API`, which a custom CRM sends.
    UnusualPlatform,
    /// The bot id is not 24 hexadecimal digits.
    UnusualBotId,
}

impl Hint {
    /// Every code, for documentation and tests.
    pub const CODES: &'static [&'static str] =
        &["reserved-name", "repeated-key", "personal-data", "unusual-platform", "unusual-bot-id"];

    /// The stable name of this hint.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReservedName => "reserved-name",
            Self::RepeatedKey => "repeated-key",
            Self::Personal(_) => "personal-data",
            Self::UnusualPlatform => "unusual-platform",
            Self::UnusualBotId => "unusual-bot-id",
        }
    }
}

impl Hint {
    /// Says it.
    pub(crate) fn say(self, out: &mut String) {
        out.push_str(match self {
            Self::ReservedName => {
                "this name is reserved by the agent's platform and causes an error there; choose another"
            }
            Self::RepeatedKey => {
                "an earlier variable has this name; which one counts is not documented; keep one"
            }
            Self::Personal(kind) => {
                out.words(&["looks like ", kind.name(), "; if it is, add \"sanitize\": true"]);
                return;
            }
            Self::UnusualPlatform => {
                "a custom CRM sends PUBLIC_API; leave the member out to have it filled in"
            }
            Self::UnusualBotId => {
                "a bot id usually is 24 hexadecimal digits; take it from the address of the bot in the dashboard"
            }
        });
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = String::new();
        self.say(&mut said);
        f.write_str(&said)
    }
}

/// A [`Hint`] and where it is.
///
/// ```
/// use ticketwire::event::{Hint, Policy, check_json};
///
/// let body = br#"{"platformConversationId":"c","metaData":[{"key":"integrationId","value":"x"}]}"#;
/// let accepted = check_json(body, &Policy::default())?;
/// let warning = &accepted.warnings[0];
/// assert_eq!((warning.pointer(), warning.hint()), ("/metaData/0/key", Hint::ReservedName));
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pointer: String,
    hint: Hint,
}

impl Warning {
    fn new(place: Place, hint: Hint) -> Self {
        Self { pointer: place.pointer(), hint }
    }

    /// A warning about this bot id, where one is due. Its pointer is empty: the id travels in a
    /// header, not in the event.
    pub fn about_bot_id(bot_id: &BotId<'_>) -> Option<Self> {
        (!bot_id.looks_usual()).then(|| Self { pointer: String::new(), hint: Hint::UnusualBotId })
    }

    /// Where: a JSON pointer into the event.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What about.
    pub const fn hint(&self) -> Hint {
        self.hint
    }

    /// The stable name of what it is about.
    pub const fn code(&self) -> &'static str {
        self.hint.code()
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        finding(serializer, &self.pointer, self.code(), &self.hint)
    }
}

/// What is worth a warning about a platform.
pub(super) fn of_platform(platform: &Platform<'_>) -> Option<Warning> {
    let place = Place::Member("platform");
    (platform.as_str() != super::PUBLIC_API).then(|| Warning::new(place, Hint::UnusualPlatform))
}

/// What is worth a warning about a variable, given those before it.
pub(super) fn of_variable(index: usize, variable: &Variable<'_>, earlier: &[Variable<'_>]) -> Vec<Warning> {
    let place = Place::Variable(index);
    let mut warnings = Vec::new();
    if RESERVED_NAMES.contains(&variable.key.as_str()) {
        warnings.push(Warning::new(place.known("key"), Hint::ReservedName));
    }
    if earlier.iter().any(|other| other.key == variable.key) {
        warnings.push(Warning::new(place.known("key"), Hint::RepeatedKey));
    }
    if !variable.is_personal()
        && let Some(kind) = PersonalData::seen_in(variable.value.as_str())
    {
        warnings.push(Warning::new(place.known("value"), Hint::Personal(kind)));
    }
    warnings
}
