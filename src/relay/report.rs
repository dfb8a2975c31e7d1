//! Where an event stands, as callers see it.

use serde::{Deserialize, Serialize};

use super::event_id::{EventId, object_name};
use super::onward;
use super::transcript::Direction;
use crate::outbox::{Delivery, Lane, Reason, State};

/// Where an event stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) id: String,
    /// What is delivered: an event to the agent, or a reply to the CRM.
    kind: Direction,
    bot_id: String,
    pub(super) platform_conversation_id: String,
    state: String,
    accepted_ms: u64,
    /// How many tries have begun.
    tries: u32,
    /// How many wait in its conversation, itself included; for the list of what waits alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) waiting: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parked_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_try: Option<LastTry>,
}

/// How the last try failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LastTry {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_status: Option<u16>,
    /// What the CRM answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    onward_status: Option<u16>,
    /// What to do about it, where somebody has to.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Report {
    /// The report of a delivery in this conversation of this bot.
    pub(super) fn of(lane: Lane, delivery: &Delivery, bot_id: &str, conversation_id: &str) -> Self {
        let when = |wanted| (wanted == delivery.state.name()).then(|| delivery.state.at_ms());
        Self {
            id: EventId { object: object_name(bot_id, conversation_id), seq: delivery.seq }.to_string(),
            kind: Direction::of(lane),
            bot_id: bot_id.to_owned(),
            platform_conversation_id: conversation_id.to_owned(),
            state: delivery.state.name().to_owned(),
            accepted_ms: delivery.accepted_ms,
            tries: delivery.tries,
            waiting: None,
            next_try_ms: when("pending"),
            delivered_ms: when("delivered"),
            parked_ms: when("parked"),
            last_try: delivery.last.as_ref().map(|reason| LastTry::of(lane, delivery.state, reason)),
        }
    }

    /// Whether it is parked.
    pub(super) const fn is_parked(&self) -> bool {
        self.parked_ms.is_some()
    }

    /// Whether it has failed, and is still on its way.
    pub(super) const fn is_held_up(&self) -> bool {
        self.last_try.is_some() && !self.is_parked() && !self.is_delivered()
    }

    /// Whether the API has acknowledged it.
    pub(super) const fn is_delivered(&self) -> bool {
        self.delivered_ms.is_some()
    }
}

impl LastTry {
    fn of(lane: Lane, state: State, reason: &Reason) -> Self {
        let (code, api_status, onward_status, detail) = match lane {
            Lane::Event => (&*reason.code, reason.status, None, advice(state, reason)),
            Lane::Reply => {
                let code = onward::renamed(&reason.code);
                (code, None, reason.status, onward::advice(state, code))
            }
        };
        let detail = detail.map(str::to_owned);
        Self { code: code.to_owned(), api_status, onward_status, detail }
    }
}

/// What somebody has to do.
fn advice(state: State, reason: &Reason) -> Option<&'static str> {
    Some(match (&*reason.code, state) {
        ("api-credentials-refused", State::Pending { .. }) => {
            "set API_KEY, BOT_ID and API_BASE_URL right: it is tried about once a minute, for as long as that takes, and then sent; if its caller named the bot, by the header botid, for a day"
        }
        (_, State::Pending { .. } | State::Sending { .. } | State::Delivered { .. }) => return None,
        ("api-refused-event", State::Parked { .. }) => {
            "the API does not take this event: send a mended one, with another Idempotency-Key, or replay this one once the API does"
        }
        ("api-not-found" | "api-redirected", State::Parked { .. }) => {
            "check API_BASE_URL and BOT_ID, then replay it"
        }
        ("api-credentials-refused", State::Parked { .. }) => {
            "the API knows no bot as its caller named it: send it again with the right botid, and delete this conversation"
        }
        (_, State::Parked { .. }) => "it was tried for a day in vain: replay it once the API is well",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Outcome;
    use crate::outbox::Ended;

    fn report(delivery: &Delivery) -> serde_json::Value {
        serde_json::to_value(Report::of(Lane::Event, delivery, "bot", "case-1")).unwrap()
    }

    #[test]
    fn each_state_has_its_time_and_no_other() {
        let waiting = Delivery::new(3, 10);
        let sending = waiting.clone().begin(20);
        let refused = sending.clone().settle(Ended::of(Outcome::Refused(400)), 30, 0);
        let done = sending.clone().settle(Ended::of(Outcome::Acknowledged), 30, 0);
        for (delivery, state, member, at_ms) in [
            (&waiting, "pending", "nextTryMs", 10),
            (&refused, "parked", "parkedMs", 30),
            (&done, "delivered", "deliveredMs", 30),
        ] {
            let json = report(delivery);
            assert_eq!((&json["state"], &json[member]), (&state.into(), &at_ms.into()));
            let times =
                ["nextTryMs", "parkedMs", "deliveredMs"].iter().filter(|name| json.get(name).is_some());
            assert_eq!(times.count(), 1, "{state}");
        }
        assert!(report(&refused)["lastTry"]["detail"].is_string());
        assert_eq!(report(&sending)["tries"], 1);
    }
}
