//! What several faults together make of one event.

use super::fault::{Fault, Faults, RetryAfter};
use super::proof::Flaw;
use super::script::Line;

/// The way of one event. Without faults: at once, acknowledged, and replied to by the script.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// How long it waits first.
    pub(super) latency_ms: u32,
    pub(super) end: End,
    pub(super) replies: Replies,
}

/// What becomes of the event and of its answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    /// Processed and answered.
    #[default]
    Answered,
    /// Not processed; answered with this.
    Refused { status: u16, retry_after: Option<RetryAfter> },
    /// Not processed; the connection is held open.
    Held,
    /// Not processed; the connection is closed.
    Dropped,
    /// Processed; the connection is closed, or a gateway answers with this.
    Lost { status: Option<u16> },
}

/// What becomes of the replies to an event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Replies {
    none: bool,
    twice: bool,
    reversed: bool,
    late_ms: u32,
    /// Delivered before the event is answered.
    pub(super) before_ack: bool,
    /// What is wrong with the proof of where they come from.
    pub(super) flaw: Flaw,
}

impl Plan {
    pub(super) fn of(faults: Option<&Faults>) -> Self {
        let mut plan = Self::default();
        for fault in faults.into_iter().flat_map(Faults::all) {
            plan.suffer(fault);
        }
        plan
    }

    fn suffer(&mut self, fault: &Fault) {
        let replies = &mut self.replies;
        match fault {
            Fault::Pass {} => {}
            Fault::Status { status, retry_after } => {
                self.end = End::Refused { status: *status, retry_after: retry_after.clone() };
            }
            Fault::Latency { ms } => self.latency_ms = *ms,
            Fault::NoAnswer {} => self.end = End::Held,
            Fault::Drop {} => self.end = End::Dropped,
            Fault::AckLost { status } => self.end = End::Lost { status: *status },
            Fault::NoReply {} => replies.none = true,
            Fault::ReplyLate { ms } => replies.late_ms = *ms,
            Fault::ReplyTwice {} => replies.twice = true,
            Fault::ReplyReversed {} => replies.reversed = true,
            Fault::ReplyBeforeAck {} => replies.before_ack = true,
            Fault::ReplyWrongProof {} => replies.flaw.wrong_secret = true,
            Fault::ReplyStaleProof { ms } => replies.flaw.age_ms = *ms,
        }
    }
}

impl Replies {
    /// The lines that are sent in place of those of the script.
    ///
    /// Where they are reversed, the delays stay where they are: what was to come last comes when
    /// the first was due.
    pub(super) fn arrange(&self, mut lines: Vec<Line>) -> Vec<Line> {
        if self.none {
            return Vec::new();
        }
        let delays: Vec<_> = lines.iter().map(|line| line.delay_ms).collect();
        if self.reversed {
            lines.reverse();
        }
        for (line, delay_ms) in lines.iter_mut().zip(delays) {
            line.delay_ms = delay_ms.saturating_add(self.late_ms);
        }
        lines
    }

    /// How often each is sent.
    pub(super) const fn copies(&self) -> usize {
        if self.twice { 2 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(faults: &str) -> Plan {
        Plan::of(Some(&serde_json::from_str(faults).unwrap()))
    }

    fn arranged(faults: &str) -> Vec<(String, u32)> {
        let script = [("1", 0), ("2", 5), ("3", 9)].map(|(text, delay_ms)| Line {
            text: text.to_owned(),
            delay_ms,
            intents: Vec::new(),
            attachments: Vec::new(),
        });
        let lines = plan(faults).replies.arrange(script.to_vec());
        lines.into_iter().map(|line| (line.text, line.delay_ms)).collect()
    }

    #[test]
    fn nothing_goes_wrong_without_a_fault() {
        assert_eq!(Plan::of(None), Plan::default());
        assert_eq!(plan(r#"{"kind":"pass"}"#), Plan::default());
    }

    #[test]
    fn each_fault_does_its_own() {
        let several = plan(r#"[{"kind":"latency","ms":7},{"kind":"ack-lost"},{"kind":"reply-before-ack"}]"#);
        assert_eq!((several.latency_ms, &several.end), (7, &End::Lost { status: None }));
        assert!(several.replies.before_ack);
        for (fault, end) in [
            (r#"{"kind":"no-answer"}"#, End::Held),
            (r#"{"kind":"drop"}"#, End::Dropped),
            (r#"{"kind":"ack-lost","status":502}"#, End::Lost { status: Some(502) }),
            (r#"{"kind":"status","status":503}"#, End::Refused { status: 503, retry_after: None }),
            (r#"{"kind":"no-reply"}"#, End::Answered),
        ] {
            assert_eq!(plan(fault).end, end, "{fault}");
        }
        assert_eq!(plan(r#"{"kind":"reply-twice"}"#).replies.copies(), 2);
        assert_eq!(plan(r#"{"kind":"pass"}"#).replies.copies(), 1);
        let proof = plan(r#"[{"kind":"reply-wrong-proof"},{"kind":"reply-stale-proof","ms":9}]"#);
        assert_eq!(proof.replies.flaw, Flaw { wrong_secret: true, age_ms: 9 });
    }

    #[test]
    fn replies_are_arranged() {
        for (faults, expected) in [
            (r#"{"kind":"pass"}"#, vec![("1", 0), ("2", 5), ("3", 9)]),
            (r#"{"kind":"no-reply"}"#, vec![]),
            (r#"{"kind":"reply-late","ms":100}"#, vec![("1", 100), ("2", 105), ("3", 109)]),
            (r#"{"kind":"reply-reversed"}"#, vec![("3", 0), ("2", 5), ("1", 9)]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(text, ms)| (text.to_owned(), ms)).collect();
            assert_eq!(arranged(faults), expected, "{faults}");
        }
    }
}
