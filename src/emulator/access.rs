//! Who may call: the key and the bot.

use super::cause::Cause;

/// What every key of the emulator begins with, so that no key of production works here, and none
/// of these there.
pub(super) const KEY_PREFIX: &str = "emu_";

/// What stands in the journal in place of a key that may be a real one.
pub(super) const REFUSED_KEY: &str = "refused: not an emu_ key";

/// What is known of the bot that a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bot {
    NotNamed,
    Unknown,
    WithoutCustomCrm,
    WithCustomCrm,
}

/// Lets a request pass, or says why not.
///
/// The key is taken as it is: the API knows no `Bearer`.
pub(super) fn admit(authorization: Option<&str>, current_key: Option<&str>, bot: Bot) -> Result<(), Cause> {
    let key = authorization.filter(|key| !key.is_empty()).ok_or(Cause::KeyMissing)?;
    if !is_emu(key) {
        return Err(Cause::KeyNotEmu);
    }
    if current_key != Some(key) {
        return Err(Cause::KeyUnknown);
    }
    match bot {
        Bot::NotNamed => Err(Cause::BotMissing),
        Bot::Unknown => Err(Cause::BotUnknown),
        Bot::WithoutCustomCrm => Err(Cause::BotWithoutCustomCrm),
        Bot::WithCustomCrm => Ok(()),
    }
}

/// The header as the journal keeps it.
pub(super) fn for_journal(authorization: &str) -> &str {
    if is_emu(authorization) { authorization } else { REFUSED_KEY }
}

pub(super) fn is_emu(key: &str) -> bool {
    key.starts_with(KEY_PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_cause() {
        use Bot::*;
        let table = [
            (None, WithCustomCrm, Err(Cause::KeyMissing)),
            (Some(""), WithCustomCrm, Err(Cause::KeyMissing)),
            (Some("live_1"), WithCustomCrm, Err(Cause::KeyNotEmu)),
            (Some("Bearer emu_1"), WithCustomCrm, Err(Cause::KeyNotEmu)),
            (Some("emu_2"), WithCustomCrm, Err(Cause::KeyUnknown)),
            (Some("emu_1 "), WithCustomCrm, Err(Cause::KeyUnknown)),
            (Some("emu_2"), Unknown, Err(Cause::KeyUnknown)),
            (Some("emu_1"), NotNamed, Err(Cause::BotMissing)),
            (Some("emu_1"), Unknown, Err(Cause::BotUnknown)),
            (Some("emu_1"), WithoutCustomCrm, Err(Cause::BotWithoutCustomCrm)),
            (Some("emu_1"), WithCustomCrm, Ok(())),
        ];
        for (authorization, bot, expected) in table {
            assert_eq!(admit(authorization, Some("emu_1"), bot), expected, "{authorization:?} {bot:?}");
        }
        assert_eq!(admit(Some("emu_1"), None, WithCustomCrm), Err(Cause::KeyUnknown));
    }

    #[test]
    fn the_journal_keeps_no_key_that_may_be_real() {
        assert_eq!(for_journal("emu_1"), "emu_1");
        for key in ["live_1", "Bearer emu_1", ""] {
            assert_eq!(for_journal(key), REFUSED_KEY);
        }
    }
}
