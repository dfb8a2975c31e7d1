//! A session: what a browser or an app may do, and until when, as a token that it carries.
//!
//! It **is** a short-lived right to send to, or to read, a few named conversations. It is **not** a
//! login: who the person is, and which conversations are theirs, your own backend decides before it
//! mints a token or asks the relay for one.
//!
//! A token is a JSON Web Token ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)), signed with
//! HMAC-SHA256 and nothing else: the header's `alg` chooses no code here. Any JWT library can make one.
//!
//! | where | name | what |
//! |---|---|---|
//! | header | `alg` | `HS256` |
//! | header | `kid` | which of the live secrets it is signed with |
//! | claim | `aud` | [`AUDIENCE`], or what is configured; alone or in a list |
//! | claim | `iat`, `exp` | when it was made, when it ends; at most [`MAX_LIFE_MS`] apart |
//! | claim | `nbf` | optional: when it begins |
//! | claim | `conversation` | a conversation's id, or a list of up to [`MAX_CONVERSATIONS`] |
//! | claim | `scope` | `send`, `read`, or both with a space between |
//! | claim | `bot` | optional: the bot whose conversations they are |
//! | claim | `origin` | optional: the one web origin that may use it |
//!
//! Other claims are ignored, `crit` in the header is refused. Lengths of life, the names of our claims
//! and all limits are our choice.
//!
//! ```
//! use ticketwire::Limits;
//! use ticketwire::event::ConversationId;
//! use ticketwire::session::{AUDIENCE, InvalidToken, Scope, Scopes, Session, SessionSecrets};
//!
//! let secrets = SessionSecrets::parse("2026-11:correct-horse-battery-staple-correct")?;
//! let now_ms = 1_795_000_000_000;
//! let session = Session {
//!     conversations: vec![ConversationId::parse("case-4711", &Limits::default())?],
//!     scopes: Scopes::from_iter([Scope::Send, Scope::Read]),
//!     bot: None,
//!     origin: None,
//!     expires_ms: now_ms + 600_000,
//! };
//! let minted = secrets.mint(&session, AUDIENCE, now_ms)?;
//! assert_eq!(minted.kid, "2026-11");
//!
//! // At the other end.
//! assert_eq!(secrets.read(&minted.token, AUDIENCE, now_ms + 1_000)?, session);
//! let late = secrets.read(&minted.token, AUDIENCE, now_ms + 600_000);
//! assert_eq!(late.unwrap_err(), InvalidToken::Expired);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims;
mod invalid;
mod origin;
mod scope;
mod secret;
mod token;

pub use invalid::InvalidToken;
pub use origin::Origin;
pub use scope::{Scope, Scopes};
pub use secret::{BadSecret, SessionSecrets};
pub use token::{AUDIENCE, MAX_AHEAD_MS, MAX_CONVERSATIONS, MAX_LIFE_MS, MAX_TOKEN_BYTES, Minted, Session};
