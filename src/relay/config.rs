//! What the relay is told: variables and secrets of the Worker, read once per isolate.
//!
//! Reading never fails. What is missing or wrong is kept as a [`Gap`]: the routes that need it
//! answer 503, and `/ready` says what to set.

use super::cors::Origins;
use super::keys::{Keys, digest, hex, words};
use super::onward::Onward;
use super::proofs::Proofs;
use super::sessions::Sessions;
use super::settings::{Gap, Reader};
use crate::api::{ApiKey, BaseUrl, Credentials, OrganizationId};
use crate::event::{BotId, Policy, UnknownMembers};
use crate::limits::Limits;
use crate::outbox::Capacity;
use crate::session::{AUDIENCE, SessionSecrets};
use crate::webhook::{StandardSecret, ZendeskSecret};

/// Everything configurable.
pub(super) struct Config {
    /// Who may call: `RELAY_KEYS`.
    pub(super) relay_keys: Keys,
    /// The API to call; `None` while something of it is missing.
    pub(super) api: Option<Api>,
    /// The time-out of a call to the API: `API_TIMEOUT_MS`.
    pub(super) api_timeout_ms: u32,
    /// How a webhook proves itself: `WEBHOOK_…`.
    pub(super) webhook: Proofs,
    /// Sessions, where there are any: `SESSION_SECRETS`.
    pub(super) sessions: Option<Sessions>,
    /// How events are checked: `UNKNOWN_MEMBERS` and the limits.
    pub(super) policy: Policy,
    /// How events go on their way: `DELIVERY`.
    pub(super) delivery: Mode,
    /// How long a transcript is kept: `RETENTION_HOURS`.
    pub(super) retention_ms: u64,
    /// How long a stream lasts at most: `STREAM_SECONDS`.
    pub(super) stream_ms: u64,
    /// How long a parked event is kept: `PARKED_RETENTION_HOURS`.
    pub(super) parked_retention_ms: u64,
    /// Where replies are sent on to: `ONWARD_URL`, `ONWARD_SECRETS`.
    pub(super) onward: Option<Onward>,
    /// Whose web pages may call: `ALLOWED_ORIGINS`.
    pub(super) origins: Origins,
    /// What is missing or wrong.
    pub(super) gaps: Vec<Gap>,
}

/// How events go on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Stored first, and sent until the API has them.
    Durable,
    /// Sent once, while the caller waits.
    Direct,
}

/// The API to call.
pub(super) struct Api {
    pub(super) base_url: BaseUrl,
    pub(super) key: ApiKey,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) bot_id: BotId<'static>,
}

impl Api {
    /// The credentials for this bot.
    pub(super) fn credentials(&self, bot_id: BotId<'static>) -> Credentials {
        Credentials::new(self.key.clone(), bot_id, self.organization_id.clone())
    }

    /// Tells these credentials from others without telling what they are.
    pub(super) fn digest(&self) -> String {
        let credentials = self.credentials(self.bot_id.clone());
        let parts: Vec<_> = credentials.headers().map(|(name, value)| format!("{name}:{value}")).collect();
        hex(&digest(&parts.join("\n")))
    }
}

/// Our choice: long enough for a slow gateway, shorter than the time-out of most callers.
const API_TIMEOUT_MS: u32 = 10_000;
/// Our choice.
const RETENTION_HOURS: u64 = 24;
/// Our choice: a month to notice and to mend what stands in the way.
const PARKED_RETENTION_HOURS: u64 = 24 * 30;
/// Our choice: a stream that nobody reads any more is not always noticed.
const STREAM_SECONDS: u32 = 600;
/// Our choice: more than anybody types.
const SESSION_EVENTS_PER_MINUTE: u32 = 60;
/// What the vendor's nearest sibling API sends a webhook's secret in. Unverified for tickets.
const WEBHOOK_HEADER: &str = "X-API-Key";

impl Config {
    /// Reads all settings through `lookup`, which answers a variable's value by its name.
    pub(super) fn read(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let mut reader = Reader { lookup, gaps: Vec::new() };
        reader.console();
        Self {
            delivery: reader.delivery(),
            relay_keys: reader.keys("RELAY_KEYS", "keys that callers send as `Authorization: Bearer …`"),
            api: reader.api(),
            api_timeout_ms: reader.number("API_TIMEOUT_MS", API_TIMEOUT_MS, 60_000),
            webhook: reader.proofs(),
            sessions: reader.sessions(),
            policy: reader.policy(),
            retention_ms: reader.hours("RETENTION_HOURS", RETENTION_HOURS),
            parked_retention_ms: reader.hours("PARKED_RETENTION_HOURS", PARKED_RETENTION_HOURS),
            stream_ms: 1_000 * u64::from(reader.number("STREAM_SECONDS", STREAM_SECONDS, 3_600)),
            onward: reader.onward(),
            origins: reader.origins(),
            gaps: reader.gaps,
        }
    }

    /// How much may wait in a conversation.
    pub(super) const fn capacity(&self) -> Capacity {
        let limits = &self.policy.limits;
        Capacity { max_events: limits.max_waiting_events as u64, max_bytes: limits.max_waiting_bytes as u64 }
    }
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    /// How a webhook may prove itself: one of three has to be set.
    fn proofs(&mut self) -> Proofs {
        const SIGNED: [&str; 2] = ["WEBHOOK_ZENDESK_SECRETS", "WEBHOOK_STANDARD_SECRETS"];
        if SIGNED.iter().all(|setting| self.get(setting).is_none()) {
            let what = "secrets that the webhook of the agent carries in its path or header; if it is signed, set WEBHOOK_ZENDESK_SECRETS or WEBHOOK_STANDARD_SECRETS instead, or as well";
            self.required("WEBHOOK_SECRETS", what);
        }
        let [zendesk, standard] = SIGNED;
        Proofs {
            secrets: Keys::parse(&self.secrets("WEBHOOK_SECRETS")),
            header: self.header("WEBHOOK_SECRET_HEADER", WEBHOOK_HEADER),
            zendesk: self.signing(zendesk, ZendeskSecret::parse),
            standard: self.signing(standard, StandardSecret::parse),
        }
    }

    fn api(&mut self) -> Option<Api> {
        let base_url = self.get("API_BASE_URL").unwrap_or_else(|| "eu".to_owned());
        let base_url = BaseUrl::parse(&base_url);
        let base_url = self.checked("API_BASE_URL", base_url);
        let key = self.required("API_KEY", "the API key of the custom CRM integration");
        let key = key.and_then(|key| self.checked("API_KEY", ApiKey::parse(key)));
        let bot_id = self.required("BOT_ID", "the id of the bot, from the address of its dashboard");
        let bot_id = bot_id.and_then(|id| self.checked("BOT_ID", BotId::parse(id, &Limits::default())));
        let organization_id = self.get("ORGANIZATION_ID");
        let organization_id =
            organization_id.and_then(|id| self.checked("ORGANIZATION_ID", OrganizationId::parse(id)));
        Some(Api { base_url: base_url?, key: key?, organization_id, bot_id: bot_id? })
    }

    fn onward(&mut self) -> Option<Onward> {
        let url = self.get("ONWARD_URL")?;
        let url = self.checked("ONWARD_URL", Onward::url(&url));
        let secrets = self.required("ONWARD_SECRETS", "what replies that are sent on are signed with")?;
        let secrets: Result<Vec<_>, _> = words(&secrets).map(StandardSecret::parse).collect();
        let secrets = self.checked("ONWARD_SECRETS", secrets);
        Some(Onward::new(url?, secrets?))
    }

    fn sessions(&mut self) -> Option<Sessions> {
        let secrets = self.get("SESSION_SECRETS")?;
        let secrets = self.checked("SESSION_SECRETS", SessionSecrets::parse(&secrets));
        let audience = self.get("SESSION_AUDIENCE").unwrap_or_else(|| AUDIENCE.to_owned());
        let events_per_minute = self.number("SESSION_EVENTS_PER_MINUTE", SESSION_EVENTS_PER_MINUTE, 10_000);
        Some(Sessions { secrets: secrets?, audience, events_per_minute })
    }

    fn origins(&mut self) -> Origins {
        let Some(setting) = self.get("ALLOWED_ORIGINS") else {
            return Origins::default();
        };
        let origins = Origins::parse(&setting).ok_or(Origins::EXPECTED);
        self.checked("ALLOWED_ORIGINS", origins).unwrap_or_default()
    }

    fn policy(&mut self) -> Policy {
        let unknown_members = match self.get("UNKNOWN_MEMBERS").as_deref() {
            Some("drop") => UnknownMembers::Drop,
            None | Some("refuse") => UnknownMembers::Refuse,
            Some(_) => {
                self.gap("UNKNOWN_MEMBERS", "expected `refuse` or `drop`");
                UnknownMembers::Refuse
            }
        };
        Policy { limits: self.limits(), unknown_members, ..Policy::default() }
    }

    fn limits(&mut self) -> Limits {
        let mut limits = Limits::default();
        for row in Limits::TABLE {
            let setting = row.name.to_ascii_uppercase();
            if let Some(value) = self.get(&setting) {
                let set = limits.set(row.name, &value);
                self.checked(&setting, set);
            }
        }
        limits
    }

    /// The console is served without the core (`console.js`), which only says what is misspelt.
    fn console(&mut self) {
        if !matches!(self.get("CONSOLE").as_deref(), None | Some("on" | "off")) {
            self.gap("CONSOLE", "expected `on` or `off`");
        }
    }

    fn delivery(&mut self) -> Mode {
        match self.get("DELIVERY").as_deref() {
            None | Some("durable") => Mode::Durable,
            Some("direct") => Mode::Direct,
            Some(_) => {
                self.gap("DELIVERY", "expected `durable` or `direct`");
                Mode::Durable
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: &[(&str, &str)] = &[
        ("RELAY_KEYS", "relay_0123456789abcdef"),
        ("API_KEY", "emu_key"),
        ("BOT_ID", "618a30beee4e8e87d2f94015"),
        ("WEBHOOK_SECRETS", "webhook_0123456789abcdef"),
    ];

    fn read(changes: &[(&str, &str)]) -> Config {
        let find = |list: &[(&str, &str)], name: &str| {
            list.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        Config::read(|name| find(changes, name).or_else(|| find(COMPLETE, name)))
    }

    fn gaps(changes: &[(&str, &str)]) -> Vec<String> {
        read(changes).gaps.into_iter().map(|gap| gap.setting).collect()
    }

    #[test]
    fn four_secrets_are_all_that_is_needed() {
        let config = read(&[]);
        assert_eq!(config.gaps, []);
        assert_eq!(config.api.unwrap().base_url.as_str(), BaseUrl::EU);
        assert_eq!((config.api_timeout_ms, config.retention_ms), (10_000, 86_400_000));
    }

    #[test]
    fn every_gap_is_named_at_once() {
        let config = Config::read(|_| None);
        let settings: Vec<_> = config.gaps.iter().map(|gap| gap.setting.as_str()).collect();
        assert_eq!(settings, ["RELAY_KEYS", "API_KEY", "BOT_ID", "WEBHOOK_SECRETS"]);
        assert!(config.api.is_none());
    }

    #[test]
    fn each_wrong_value_is_a_gap_and_is_not_repeated() {
        for (setting, value) in [
            ("RELAY_KEYS", "short"),
            ("API_BASE_URL", "http://example.com"),
            ("API_KEY", "Bearer key"),
            ("BOT_ID", "not ascii: ä"),
            ("ORGANIZATION_ID", "with space"),
            ("API_TIMEOUT_MS", "never"),
            ("STREAM_SECONDS", "ever"),
            ("RETENTION_HOURS", "soon"),
            ("PARKED_RETENTION_HOURS", "-1"),
            ("UNKNOWN_MEMBERS", "keep"),
            ("WEBHOOK_SECRET_HEADER", "not a header"),
            ("WEBHOOK_SECRETS", "brief"),
            ("WEBHOOK_ZENDESK_SECRETS", "brief"),
            ("WEBHOOK_STANDARD_SECRETS", "whsec_not_base64_at_all"),
            ("MAX_TEXT_BYTES", "-1"),
            ("DELIVERY", "pigeon"),
            ("CONSOLE", "yes"),
            ("SESSION_SECRETS", "a:short"),
            ("ALLOWED_ORIGINS", "https://crm.test/"),
            ("ALLOWED_ORIGINS", "https://*.test"),
        ] {
            assert_eq!(gaps(&[(setting, value)]), [setting]);
            let config = read(&[(setting, value)]);
            assert!(!config.gaps[0].detail.contains(value), "{setting}");
        }
    }

    #[test]
    fn replies_go_on_only_where_they_are_safe_and_signed() {
        let secrets = ("ONWARD_SECRETS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let url = ("ONWARD_URL", "https://crm.example.com/replies/");
        assert!(read(&[url, secrets]).onward.is_some());
        assert_eq!(gaps(&[url]), ["ONWARD_SECRETS"]);
        assert_eq!(gaps(&[url, ("ONWARD_SECRETS", "not base64!")]), ["ONWARD_SECRETS"]);
        for unsafe_url in ["http://crm.example.com/", "https://me:secret@crm.example.com/", "crm.example.com"]
        {
            assert_eq!(gaps(&[("ONWARD_URL", unsafe_url), secrets]), ["ONWARD_URL"]);
        }
    }

    #[test]
    fn one_way_to_prove_a_webhook_is_enough() {
        const STANDARD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let without = ("WEBHOOK_SECRETS", "");
        assert_eq!(gaps(&[without]), ["WEBHOOK_SECRETS"]);
        let both = format!("{STANDARD}, {STANDARD}");
        for signed in [("WEBHOOK_ZENDESK_SECRETS", "zendesk_0123456789"), ("WEBHOOK_STANDARD_SECRETS", &both)]
        {
            let config = read(&[without, signed]);
            assert_eq!(config.gaps, []);
            assert!(!config.webhook.is_empty());
        }
        // Of several, those that can be read still hold.
        let config = read(&[without, ("WEBHOOK_STANDARD_SECRETS", &format!("whsec_not_base64, {STANDARD}"))]);
        assert_eq!((config.gaps.len(), config.webhook.standard.len()), (1, 1));
    }

    #[test]
    fn events_are_stored_first_unless_told_otherwise() {
        assert_eq!(read(&[]).delivery, Mode::Durable);
        assert_eq!(read(&[("DELIVERY", "direct")]).delivery, Mode::Direct);
    }

    #[test]
    fn sessions_are_off_unless_told_otherwise() {
        assert!(read(&[]).sessions.is_none());
        let on = ("SESSION_SECRETS", "a:0123456789abcdef0123456789abcdef");
        let sessions = read(&[on]).sessions.unwrap();
        assert_eq!((sessions.audience.as_str(), sessions.events_per_minute), ("ticketwire", 60));
        assert_eq!(gaps(&[on, ("SESSION_EVENTS_PER_MINUTE", "10001")]), ["SESSION_EVENTS_PER_MINUTE"]);
    }

    #[test]
    fn limits_are_set_by_their_names_in_capitals() {
        assert_eq!(read(&[("MAX_VARIABLES", "7")]).policy.limits.max_variables, 7);
    }
}
