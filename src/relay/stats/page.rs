//! The counts as callers see them.

use serde::{Serialize, Serializer};

use super::STEP_MS;
use super::counts::Count;

/// What happened, minute by minute.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::relay) struct Page<'a> {
    step_ms: u64,
    now_ms: u64,
    minutes: Vec<Minute<'a>>,
}

/// One minute, of which what did not happen is zero or not there.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Minute<'a> {
    at_ms: u64,
    accepted: u64,
    delivered: u64,
    parked: u64,
    replies: u64,
    tries: Labelled<'a>,
    latency_ms: Vec<Bucket>,
    attempts: Labelled<'a>,
}

/// How many took no longer than this, and longer than the bound before.
#[derive(Debug, Serialize)]
struct Bucket {
    /// Milliseconds; nothing, where it is beyond all bounds.
    le: Option<u64>,
    count: u64,
}

/// An object whose members have the names of labels.
#[derive(Debug, Default)]
struct Labelled<'a>(Vec<(&'a str, u64)>);

impl Serialize for Labelled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl Bucket {
    fn bound(&self) -> u64 {
        self.le.unwrap_or(u64::MAX)
    }
}

impl<'a> Page<'a> {
    /// The page that these counts make, which are in order of minute, name and label.
    pub(in crate::relay) fn of(counts: &'a [Count], now_ms: u64) -> Self {
        let minutes = counts.chunk_by(|one, next| one.minute == next.minute).map(Minute::of);
        Self { step_ms: STEP_MS, now_ms, minutes: minutes.collect() }
    }
}

impl<'a> Minute<'a> {
    fn of(counts: &'a [Count]) -> Self {
        let mut minute = Self::default();
        counts.iter().for_each(|count| minute.take(count));
        minute
    }

    fn take(&mut self, Count { minute, name, label, count }: &'a Count) {
        self.at_ms = minute.saturating_mul(STEP_MS);
        match name.as_ref() {
            "accepted" => self.accepted = *count,
            "delivered" => self.delivered = *count,
            "parked" => self.parked = *count,
            "replies" => self.replies = *count,
            "tries" => self.tries.0.push((label, *count)),
            "attempts" => self.attempts.0.push((label, *count)),
            "latencyMs" => self.take_latency(Bucket { le: label.parse().ok(), count: *count }),
            // A newer deployment's.
            _ => {}
        }
    }

    fn take_latency(&mut self, bucket: Bucket) {
        let place = self.latency_ms.partition_point(|known| known.bound() < bucket.bound());
        self.latency_ms.insert(place, bucket);
    }
}

#[cfg(test)]
mod tests {
    use super::super::counted::Counted;
    use super::super::counts::{Counts, tests::sorted};
    use super::*;
    use crate::api::Outcome;

    fn page(all: &[(Counted, u64)]) -> String {
        let mut counts = Counts::new();
        all.iter().for_each(|(what, now_ms)| counts.count(*what, *now_ms));
        serde_json::to_string(&Page::of(&sorted(&counts), 200_000)).unwrap()
    }

    #[test]
    fn everything_that_is_counted_is_told() {
        let text = page(&[
            (Counted::Accepted, 60_000),
            (Counted::Tried(Outcome::Failed(503)), 60_001),
            (Counted::Parked, 119_999),
            (Counted::Tried(Outcome::Acknowledged), 120_000),
            (Counted::Delivered { took_ms: 700_000, tries: 12 }, 120_000),
            (Counted::Delivered { took_ms: 90, tries: 3 }, 120_000),
            (Counted::Delivered { took_ms: 600, tries: 4 }, 120_000),
            (Counted::Replied, 120_000),
        ]);
        let expected = concat!(
            r#"{"stepMs":60000,"nowMs":200000,"minutes":["#,
            r#"{"atMs":60000,"accepted":1,"delivered":0,"parked":1,"replies":0,"tries":{"api-failed":1},"latencyMs":[],"attempts":{}},"#,
            r#"{"atMs":120000,"accepted":0,"delivered":3,"parked":0,"replies":1,"tries":{"ok":1},"#,
            r#""latencyMs":[{"le":100,"count":1},{"le":1000,"count":1},{"le":null,"count":1}],"attempts":{"3-5":2,"more":1}}]}"#,
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_is_an_empty_list_and_what_is_newer_is_passed_by() {
        assert_eq!(page(&[]), r#"{"stepMs":60000,"nowMs":200000,"minutes":[]}"#);
        let newer = Count { minute: 2, name: "doubts".into(), label: "".into(), count: 1 };
        let counts = [newer];
        assert!(!serde_json::to_string(&Page::of(&counts, 0)).unwrap().contains("doubts"));
    }
}
