//! What an answer of the API means.

/// What became of one try.
///
/// ```
/// use ticketwire::api::Outcome;
///
/// assert_eq!(Outcome::of_status(200), Outcome::Acknowledged);
/// assert_eq!(Outcome::of_status(401).code(), "api-credentials-refused");
/// assert!(Outcome::of_status(503).is_retryable());
/// ```
///
/// The vendor documents no body for any answer, so the status alone decides. Sources: the
/// [reference page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket) for 200,
/// 400, 401, 403, 404 and 500; the meaning of the others is HTTP's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// 2xx: the API has the event.
    Acknowledged,
    /// 3xx: not followed, since the key would travel along.
    Redirected(u16),
    /// 400, 413, 422 and other 4xx: the API does not want this event, now or later.
    Refused(u16),
    /// 401, 403: the key, the bot id, or the kind of the bot is wrong. Ours to mend.
    CredentialsRefused(u16),
    /// 404: no such endpoint, by the reference page; no such agent, by the help centre.
    NotFound,
    /// 429: later. The vendor documents no rate limit.
    RateLimited,
    /// 408, 425, 5xx: the API, or a gateway before it, failed.
    Failed(u16),
    /// No answer came in time; whether the API has the event is not known.
    TimedOut,
    /// The connection failed; whether the API has the event is not known.
    Unreachable,
    /// We were stopped before an answer came; whether the API has the event is not known.
    Interrupted,
}

impl Outcome {
    /// The meaning of a status.
    pub const fn of_status(status: u16) -> Self {
        match status {
            200..=299 => Self::Acknowledged,
            300..=399 => Self::Redirected(status),
            401 | 403 => Self::CredentialsRefused(status),
            404 => Self::NotFound,
            408 | 425 => Self::Failed(status),
            429 => Self::RateLimited,
            400..=499 => Self::Refused(status),
            _ => Self::Failed(status),
        }
    }

    /// The stable name, for answers and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acknowledged => "api-acknowledged",
            Self::Redirected(_) => "api-redirected",
            Self::Refused(_) => "api-refused-event",
            Self::CredentialsRefused(_) => "api-credentials-refused",
            Self::NotFound => "api-not-found",
            Self::RateLimited => "api-rate-limited",
            Self::Failed(_) => "api-failed",
            Self::TimedOut => "api-timed-out",
            Self::Unreachable => "api-unreachable",
            Self::Interrupted => "interrupted",
        }
    }

    /// The status that the API answered with, where it answered.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Acknowledged => Some(200),
            Self::Redirected(status)
            | Self::Refused(status)
            | Self::CredentialsRefused(status)
            | Self::Failed(status) => Some(status),
            Self::NotFound => Some(404),
            Self::RateLimited => Some(429),
            Self::TimedOut | Self::Unreachable | Self::Interrupted => None,
        }
    }

    /// Whether the same event may be taken when it is sent again.
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::RateLimited | Self::Failed(_) | Self::TimedOut | Self::Unreachable | Self::Interrupted => {
                true
            }
            Self::Acknowledged
            | Self::Redirected(_)
            | Self::Refused(_)
            | Self::CredentialsRefused(_)
            | Self::NotFound => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{self, *};

    #[test]
    fn every_status_has_one_meaning() {
        for (status, expected, is_retryable) in [
            (200, Acknowledged, false),
            (204, Acknowledged, false),
            (301, Redirected(301), false),
            (307, Redirected(307), false),
            (400, Refused(400), false),
            (401, CredentialsRefused(401), false),
            (403, CredentialsRefused(403), false),
            (404, NotFound, false),
            (408, Failed(408), true),
            (409, Refused(409), false),
            (413, Refused(413), false),
            (422, Refused(422), false),
            (425, Failed(425), true),
            (429, RateLimited, true),
            (500, Failed(500), true),
            (503, Failed(503), true),
            (599, Failed(599), true),
            (100, Failed(100), true),
            (0, Failed(0), true),
        ] {
            let outcome = Outcome::of_status(status);
            assert_eq!((outcome, outcome.is_retryable()), (expected, is_retryable), "{status}");
            if expected != Acknowledged {
                assert_eq!(outcome.status(), Some(status));
            }
        }
    }
}
