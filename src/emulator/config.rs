//! What the emulator starts with, from the Worker's variables.

use std::ops::RangeInclusive;

use serde::Serialize;

use super::access;
use super::dice::MAX_SEED;
use super::proof::Proof;
use super::webhook::{DEFAULT_HEADER, Webhook};

/// How many entries the journal keeps unless configured, and how many at most.
const DEFAULT_JOURNAL_ENTRIES: i64 = 10_000;
const MAX_JOURNAL_ENTRIES: i64 = 1_000_000;

/// The configured defaults: what a reset goes back to.
///
/// Keys, bots and webhook can be changed while the emulator runs, and stay changed over a restart,
/// until it is reset or starts with another configuration than the last time.
#[derive(Serialize)]
pub(super) struct Config {
    /// None where the configured key is none of the emulator's: it is not kept anywhere.
    pub(super) key: Option<String>,
    pub(super) bot: Option<String>,
    pub(super) webhook: Webhook,
    /// What chances are decided by; none for one that is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<i64>,
    /// How many entries the journal keeps: the newest.
    #[serde(skip)]
    pub(super) journal_entries: i64,
    /// What can't be read.
    #[serde(skip)]
    unreadable: Vec<String>,
}

impl Config {
    /// Reads the variables. An empty variable counts as none.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| variable(name).filter(|text| !text.is_empty());
        let mut unreadable = Vec::new();
        let mut number = |name: &str, range: RangeInclusive<i64>| {
            let number = value(name)?.parse().ok().filter(|number| range.contains(number));
            if number.is_none() {
                let (start, end) = (range.start(), range.end());
                unreadable.push(format!("{name} is a whole number from {start} to {end}"));
            }
            number
        };
        let seed = number("EMULATOR_SEED", 0..=MAX_SEED);
        let journal_entries = number("EMULATOR_JOURNAL_ENTRIES", 1..=MAX_JOURNAL_ENTRIES);
        let proof = value("EMULATOR_WEBHOOK_PROOF").map(|name| Proof::named(&name));
        if proof == Some(None) {
            unreadable.push("EMULATOR_WEBHOOK_PROOF is secret, zendesk or standard-webhooks".to_owned());
        }
        Self {
            key: value("EMULATOR_KEY").filter(|key| access::is_emu(key)),
            bot: value("EMULATOR_BOT_ID"),
            webhook: Webhook {
                url: value("EMULATOR_WEBHOOK_URL"),
                secret: value("EMULATOR_WEBHOOK_SECRET"),
                header: value("EMULATOR_WEBHOOK_HEADER").unwrap_or_else(|| DEFAULT_HEADER.to_owned()),
                proof: proof.flatten().unwrap_or_default(),
            },
            seed,
            journal_entries: journal_entries.unwrap_or(DEFAULT_JOURNAL_ENTRIES),
            unreadable,
        }
    }

    /// All that keeps the emulator from working as configured.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.unreadable.clone();
        if self.key.is_none() {
            problems.push("EMULATOR_KEY is a key that begins with emu_".to_owned());
        }
        if self.bot.is_none() {
            problems.push("EMULATOR_BOT_ID is the id of a bot".to_owned());
        }
        let webhook = self.webhook.problems();
        problems.extend(webhook.into_iter().map(|it| format!("EMULATOR_WEBHOOK_…: {it}")));
        problems
    }

    /// Tells one configuration from another.
    pub(super) fn fingerprint(&self) -> String {
        // Strings have no way to fail to serialize.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Config {
        Config::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn variables_are_read_and_have_defaults() {
        let config = config(&[
            ("EMULATOR_KEY", "emu_1"),
            ("EMULATOR_BOT_ID", "bot"),
            ("EMULATOR_WEBHOOK_URL", "http://127.0.0.1:1/x"),
            ("EMULATOR_WEBHOOK_SECRET", ""),
        ]);
        assert_eq!(config.problems(), Vec::<String>::new());
        assert_eq!(config.key.as_deref(), Some("emu_1"));
        assert_eq!(config.webhook.secret, None);
        assert_eq!(config.webhook.header, "X-API-Key");
        assert_eq!((config.seed, config.journal_entries), (None, 10_000));
    }

    #[test]
    fn a_configuration_of_an_earlier_version_is_the_same_one() {
        let fingerprint =
            config(&[("EMULATOR_KEY", "emu_1"), ("EMULATOR_JOURNAL_ENTRIES", "5")]).fingerprint();
        assert_eq!(
            fingerprint,
            r#"{"key":"emu_1","bot":null,"webhook":{"url":null,"secret":null,"header":"X-API-Key"}}"#
        );
    }

    #[test]
    fn numbers_and_names_are_checked() {
        for (name, value, works) in [
            ("EMULATOR_SEED", "0", true),
            ("EMULATOR_SEED", "9007199254740991", true),
            ("EMULATOR_SEED", "9007199254740992", false),
            ("EMULATOR_SEED", "-1", false),
            ("EMULATOR_JOURNAL_ENTRIES", "1000000", true),
            ("EMULATOR_JOURNAL_ENTRIES", "1000001", false),
            ("EMULATOR_JOURNAL_ENTRIES", "0", false),
            ("EMULATOR_WEBHOOK_PROOF", "secret", true),
            ("EMULATOR_WEBHOOK_PROOF", "zendesk", false),
            ("EMULATOR_WEBHOOK_PROOF", "tea", false),
        ] {
            let problems =
                config(&[("EMULATOR_KEY", "emu_1"), ("EMULATOR_BOT_ID", "b"), (name, value)]).problems();
            assert_eq!(problems.is_empty(), works, "{name}={value}: {problems:?}");
        }
    }

    #[test]
    fn a_key_of_production_is_refused_and_kept_nowhere() {
        let config = config(&[("EMULATOR_KEY", "live_1"), ("EMULATOR_WEBHOOK_URL", "x")]);
        assert_eq!(config.problems().len(), 3);
        assert!(!config.fingerprint().contains("live_1"));
        assert!(!config.problems().concat().contains("live_1"));
    }
}
