//! What the emulator starts with, from the Worker's variables.

use serde::Serialize;

use super::access;
use super::webhook::{DEFAULT_HEADER, Webhook};

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
}

impl Config {
    /// Reads the variables. An empty variable counts as none.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| variable(name).filter(|text| !text.is_empty());
        Self {
            key: value("EMULATOR_KEY").filter(|key| access::is_emu(key)),
            bot: value("EMULATOR_BOT_ID"),
            webhook: Webhook {
                url: value("EMULATOR_WEBHOOK_URL"),
                secret: value("EMULATOR_WEBHOOK_SECRET"),
                header: value("EMULATOR_WEBHOOK_HEADER").unwrap_or_else(|| DEFAULT_HEADER.to_owned()),
            },
        }
    }

    /// All that keeps the emulator from working as configured.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
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
    }

    #[test]
    fn a_key_of_production_is_refused_and_kept_nowhere() {
        let config = config(&[("EMULATOR_KEY", "live_1"), ("EMULATOR_WEBHOOK_URL", "x")]);
        assert_eq!(config.problems().len(), 3);
        assert!(!config.fingerprint().contains("live_1"));
        assert!(!config.problems().concat().contains("live_1"));
    }
}
