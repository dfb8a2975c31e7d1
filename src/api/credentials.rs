//! Who calls the API.

use std::fmt;

use crate::event::{BotId, Fault};

/// What every secret shares: visible ASCII, since it travels in a header; no way to print it.
macro_rules! header_secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The one door.
            ///
            /// # Errors
            ///
            /// The [`Fault`], when the text is empty or can't travel in a header: spaces, line
            /// ends and a leading `Bearer ` are not part of a key.
            pub fn parse(text: impl Into<String>) -> Result<Self, Fault> {
                let text = text.into();
                if text.is_empty() {
                    Err(Fault::Empty)
                } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                    Err(Fault::NotHeaderSafe)
                } else {
                    Ok(Self(text))
                }
            }

            pub(super) fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

header_secret! {
    /// The API key. It can be sent, and neither printed nor serialized.
    ///
    /// ```
    /// use ticketwire::api::ApiKey;
    ///
    /// let key = ApiKey::parse("emu_secret")?;
    /// assert_eq!(format!("{key:?}"), "ApiKey(redacted)");
    /// assert!(ApiKey::parse("Bearer emu_secret").is_err(), "the API takes the raw key");
    /// # Ok::<(), ticketwire::event::Fault>(())
    /// ```
    ApiKey
}

header_secret! {
    /// The id of the organization that an organization-wide key belongs to.
    OrganizationId
}

/// Both ways to call the API, as the vendor's
/// [authentication page](https://developer.zendesk.com/api-reference/ai-agents/authentication) has
/// them.
///
/// ```
/// use ticketwire::{Limits, api::{ApiKey, Credentials, OrganizationId}, event::BotId};
///
/// let bot_id = BotId::parse("618a30beee4e8e87d2f94015", &Limits::default())?;
/// let organization = OrganizationId::parse("my-organization")?;
/// let credentials = Credentials::new(ApiKey::parse("emu_secret")?, bot_id, Some(organization));
/// let names: Vec<_> = credentials.headers().map(|(name, _)| name).collect();
/// assert_eq!(names, ["authorization", "botid", "organizationid"]);
/// # Ok::<(), ticketwire::event::Fault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// The key of the custom CRM integration.
    CustomCrm {
        /// Sent raw in `Authorization`.
        key: ApiKey,
        /// Sent in `botid`.
        bot_id: BotId<'static>,
    },
    /// A key for the whole organization. Unverified: whether the Ticket API takes it is not said.
    Organization {
        /// Sent raw in `Authorization`.
        key: ApiKey,
        /// Sent in `organizationid`.
        organization_id: OrganizationId,
        /// Sent in `botid`.
        bot_id: BotId<'static>,
    },
}

impl Credentials {
    /// Credentials of one mode or the other, by whether there is an organization.
    pub fn new(key: ApiKey, bot_id: BotId<'static>, organization_id: Option<OrganizationId>) -> Self {
        match organization_id {
            None => Self::CustomCrm { key, bot_id },
            Some(organization_id) => Self::Organization { key, organization_id, bot_id },
        }
    }

    /// The bot that is called.
    pub const fn bot_id(&self) -> &BotId<'static> {
        match self {
            Self::CustomCrm { bot_id, .. } | Self::Organization { bot_id, .. } => bot_id,
        }
    }

    /// The headers that carry them: name and value. These hold secrets: send them, nothing else.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let (key, organization_id) = match self {
            Self::CustomCrm { key, .. } => (key, None),
            Self::Organization { key, organization_id, .. } => (key, Some(organization_id)),
        };
        let organization = organization_id.map(|id| ("organizationid", id.expose()));
        [("authorization", key.expose()), ("botid", self.bot_id().as_str())].into_iter().chain(organization)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn credentials(organization_id: Option<&str>) -> Credentials {
        let bot_id = BotId::parse("bot", &Limits::default()).unwrap();
        let organization_id = organization_id.map(|id| OrganizationId::parse(id).unwrap());
        Credentials::new(ApiKey::parse("emu_secret").unwrap(), bot_id, organization_id)
    }

    #[test]
    fn each_mode_has_its_headers() {
        let headers = |credentials: &Credentials| {
            credentials.headers().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
        };
        assert_eq!(headers(&credentials(None)), ["authorization: emu_secret", "botid: bot"]);
        assert_eq!(
            headers(&credentials(Some("org"))),
            ["authorization: emu_secret", "botid: bot", "organizationid: org"]
        );
    }

    #[test]
    fn secrets_do_not_print() {
        let debug = format!("{:?}", credentials(Some("org_secret")));
        assert!(!debug.contains("secret") && debug.contains("redacted"), "{debug}");
    }

    #[test]
    fn a_key_is_what_a_header_can_carry() {
        for (text, expected) in [
            ("", Err(Fault::Empty)),
            ("a b", Err(Fault::NotHeaderSafe)),
            ("a\n", Err(Fault::NotHeaderSafe)),
            ("ä", Err(Fault::NotHeaderSafe)),
            ("a.B-1_~", Ok(())),
        ] {
            assert_eq!(ApiKey::parse(text).map(|_| ()), expected, "{text}");
        }
    }
}
