//! The key, the bots, the webhook, the script.

use serde::Serialize;
use worker::Result;

use super::Store;
use crate::emulator::access::{Bot, KEY_PREFIX};
use crate::emulator::config::Config;
use crate::emulator::webhook::Webhook;

/// The configuration that the emulator last started with.
const CONFIGURED: &str = "configured";
const KEY: &str = "key";
const WEBHOOK: &str = "webhook";
const SCRIPT: &str = "script";

/// A bot as it is listed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emulator) struct ListedBot {
    id: String,
    custom_crm: bool,
}

impl Store {
    /// Goes to the configured defaults where they are not those of the last start.
    pub(super) fn follow(&self, config: &Config) -> Result<()> {
        if self.setting(CONFIGURED)?.as_deref() == Some(&config.fingerprint()) {
            Ok(())
        } else {
            self.configure(config)
        }
    }

    /// Goes to the configured defaults.
    pub(super) fn configure(&self, config: &Config) -> Result<()> {
        self.run("DELETE FROM setting", vec![])?;
        self.run("DELETE FROM bot", vec![])?;
        self.set(CONFIGURED, &config.fingerprint())?;
        self.set_webhook(&config.webhook)?;
        if let Some(key) = &config.key {
            self.set(KEY, key)?;
        }
        if let Some(bot) = &config.bot {
            self.set_bot(bot, true)?;
        }
        self.seed_if_new(config)
    }

    pub(in crate::emulator) fn key(&self) -> Result<Option<String>> {
        self.setting(KEY)
    }

    /// Puts a new key in the place of the one in use.
    pub(in crate::emulator) fn new_key(&self) -> Result<String> {
        let key = format!("{KEY_PREFIX}{}", self.random_id()?);
        self.set(KEY, &key)?;
        Ok(key)
    }

    pub(in crate::emulator) fn webhook(&self) -> Result<Webhook> {
        let stored = self.setting(WEBHOOK)?.unwrap_or_default();
        Ok(serde_json::from_str(&stored)?)
    }

    pub(in crate::emulator) fn set_webhook(&self, webhook: &Webhook) -> Result<()> {
        self.set(WEBHOOK, &serde_json::to_string(webhook)?)
    }

    /// The script in use, where it is not the default.
    pub(in crate::emulator) fn script(&self) -> Result<Option<String>> {
        self.setting(SCRIPT)
    }

    pub(in crate::emulator) fn set_script(&self, script: &str) -> Result<()> {
        self.set(SCRIPT, script)
    }

    /// What is known of the bot that a request names.
    pub(in crate::emulator) fn bot(&self, id: Option<&str>) -> Result<Bot> {
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            return Ok(Bot::NotNamed);
        };
        let found = self.find("SELECT custom_crm FROM bot WHERE id = ?", vec![id.into()])?;
        Ok(match found.map(|mut row| row.number()).transpose()? {
            None => Bot::Unknown,
            Some(0) => Bot::WithoutCustomCrm,
            Some(_) => Bot::WithCustomCrm,
        })
    }

    pub(in crate::emulator) fn bots(&self) -> Result<Vec<ListedBot>> {
        let rows = self.run("SELECT id, custom_crm FROM bot ORDER BY id", vec![])?;
        rows.into_iter()
            .map(|mut row| Ok(ListedBot { id: row.text()?, custom_crm: row.number()? != 0 }))
            .collect()
    }

    pub(in crate::emulator) fn set_bot(&self, id: &str, custom_crm: bool) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO bot (id, custom_crm) VALUES (?, ?)",
            vec![id.into(), i64::from(custom_crm).into()],
        )?;
        Ok(())
    }

    /// Whether there was such a bot.
    pub(in crate::emulator) fn remove_bot(&self, id: &str) -> Result<bool> {
        let removed = self.find("DELETE FROM bot WHERE id = ? RETURNING id", vec![id.into()])?;
        Ok(removed.is_some())
    }

    /// 128 random bits in hexadecimal, from SQLite's own source.
    pub(super) fn random_id(&self) -> Result<String> {
        let row = self.find("SELECT lower(hex(randomblob(16)))", vec![])?;
        row.map_or(Ok(String::new()), |mut row| row.text())
    }

    pub(super) fn setting(&self, name: &str) -> Result<Option<String>> {
        let found = self.find("SELECT value FROM setting WHERE name = ?", vec![name.into()])?;
        found.map(|mut row| row.text()).transpose()
    }

    pub(super) fn set(&self, name: &str, value: &str) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            vec![name.into(), value.into()],
        )?;
        Ok(())
    }
}
