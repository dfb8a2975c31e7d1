//! What a request to the API is made of.

use super::base_url::BaseUrl;
use super::credentials::Credentials;

/// The path of the one endpoint, from the vendor's
/// [reference page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket).
pub(super) const PATH: &str = "/converse/ticket";

/// How a ticket event reaches the API: always a `POST` of JSON.
///
/// ```
/// use ticketwire::{Limits, api::{ApiKey, BaseUrl, Credentials, TicketRequest}, event::BotId};
///
/// let bot_id = BotId::parse("618a30beee4e8e87d2f94015", &Limits::default())?;
/// let credentials = Credentials::new(ApiKey::parse("emu_secret")?, bot_id, None);
/// let request = TicketRequest::new(&BaseUrl::parse("eu")?, &credentials);
/// assert_eq!(request.url(), "https://api.ultimate.ai/converse/ticket");
/// assert_eq!(request.headers().count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRequest<'a> {
    url: String,
    credentials: &'a Credentials,
}

impl<'a> TicketRequest<'a> {
    /// The request for these credentials.
    pub fn new(base_url: &BaseUrl, credentials: &'a Credentials) -> Self {
        Self { url: base_url.as_str().to_owned() + PATH, credentials }
    }

    /// Where to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Name and value of each header. They hold the key: send them, nothing else.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'a str)> {
        std::iter::once(("content-type", "application/json")).chain(self.credentials.headers())
    }
}
