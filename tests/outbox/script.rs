//! What happens to a conversation, step by step. A failing script prints as what happened.

use std::fmt;

use proptest::prelude::*;
use ticketwire::api::Outcome;

/// One thing that happens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// An event comes in: perhaps with a key, and with one of a few bodies.
    Accept { key: Option<u8>, body: u8, waits: bool },
    /// The call under way ends, where one is.
    Answer { outcome: Outcome, retry_after_s: Option<u32> },
    /// The API takes the event, and its acknowledgement does not reach us.
    LoseAcknowledgement,
    /// An answer comes to a call that has been given up.
    LateAnswer,
    /// Time passes; the alarm fires when it is due.
    Wait { seconds: u32 },
    /// The process is killed and started anew.
    Kill,
    /// Somebody replays an event.
    Replay { seq: u64 },
}

/// What happens, in order.
#[derive(Clone)]
pub(crate) struct Script(pub(crate) Vec<Step>);

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(number, step)| write!(f, "\n  {:>3}. {step:?}", number + 1))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept { key, body, waits } => {
                write!(f, "an event with body {body} comes in")?;
                key.map_or(Ok(()), |key| write!(f, ", with key {key}"))?;
                if *waits { Ok(()) } else { f.write_str("; its caller does not wait") }
            }
            Self::Answer { outcome, retry_after_s } => {
                write!(f, "the call ends: {outcome:?}")?;
                retry_after_s.map_or(Ok(()), |seconds| write!(f, ", Retry-After: {seconds}"))
            }
            Self::LoseAcknowledgement => f.write_str("the API takes the event, but the connection breaks"),
            Self::LateAnswer => f.write_str("an answer comes to a call that has been given up"),
            Self::Wait { seconds } => write!(f, "{seconds} s pass"),
            Self::Kill => f.write_str("the process is killed, and started anew"),
            Self::Replay { seq } => write!(f, "somebody replays event {seq}"),
        }
    }
}

/// Every outcome of a call that can come from outside.
pub(crate) const OUTCOMES: [Outcome; 11] = [
    Outcome::Acknowledged,
    Outcome::Redirected(302),
    Outcome::Refused(400),
    Outcome::CredentialsRefused(401),
    Outcome::CredentialsRefused(403),
    Outcome::NotFound,
    Outcome::RateLimited,
    Outcome::Failed(408),
    Outcome::Failed(500),
    Outcome::TimedOut,
    Outcome::Unreachable,
];

/// Scripts in which much goes wrong and much goes well.
pub(crate) fn scripts() -> impl Strategy<Value = Script> {
    let outcome = prop_oneof![
        3 => Just(Outcome::Acknowledged),
        4 => prop::sample::select(OUTCOMES.to_vec()),
    ];
    let step = prop_oneof![
        4 => (prop::option::weighted(0.3, 0..3_u8), 0..3_u8, any::<bool>())
            .prop_map(|(key, body, waits)| Step::Accept { key, body, waits }),
        5 => (outcome, prop::option::weighted(0.2, 0..7_200_u32))
            .prop_map(|(outcome, retry_after_s)| Step::Answer { outcome, retry_after_s }),
        1 => Just(Step::LoseAcknowledgement),
        1 => Just(Step::LateAnswer),
        4 => prop_oneof![0..3_u32, 0..100_u32, 0..100_000_u32].prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Kill),
        1 => (1..6_u64).prop_map(|seq| Step::Replay { seq }),
    ];
    prop::collection::vec(step, 1..40).prop_map(Script)
}
