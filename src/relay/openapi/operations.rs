//! Everything that can be asked for.

use super::operation::Operation;
use crate::Limits;
use crate::api::Outcome;
use crate::event::{Fault, Policy, check_json};
use crate::relay::call::Call;
use crate::relay::problem::Problem;
use crate::relay::session_wish::SessionWish;
use crate::reply;
use crate::webhook::Unproven;

pub(super) fn operations() -> Vec<Operation> {
    let mut all = vec![send_event(), read_event(), replay_event()];
    all.extend([parked(), waiting(), stats()]);
    all.extend([read_conversation(), forget_conversation(), follow_conversation(), create_session(), call()]);
    all.extend([webhook(), webhook_with_secret(), health(), ready(), version(), openapi()]);
    all
}

fn send_event() -> Operation {
    let invalid = check_json(b"", &Policy::default()).map(drop).unwrap_err();
    let outcomes = [302, 400, 401, 404, 429, 500].map(Outcome::of_status);
    let outcomes = outcomes.into_iter().chain([Outcome::TimedOut, Outcome::Unreachable]);
    let max_key_bytes = Limits::default().max_idempotency_key_bytes;
    Operation::new(
        "POST",
        "/converse/ticket",
        "sendEvent",
        "Send an event",
        "Path and body are the vendor's own. 502 and 504 are answers of direct delivery alone.",
    )
    .takes(&["BotId", "IdempotencyKey", "Prefer", "TraceParent"])
    .body("Event")
    .empty(
        200,
        "The API has the event.",
        &["ticketwire-event", "ticketwire-warnings", "idempotency-replayed"],
    )
    .json(
        202,
        "It is on the disk, and will be sent; or is parked, where the API refused it at the first try.",
        "Delivery",
        &[
            "location",
            "ticketwire-event",
            "ticketwire-warnings",
            "idempotency-replayed",
            "preference-applied",
        ],
    )
    .problems([
        Problem::invalid("event", invalid),
        Problem::invalid_bot_id(&Fault::Empty),
        Problem::invalid_conversation_id(""),
        Problem::invalid_idempotency_key(max_key_bytes),
        Problem::idempotency_key_reused(),
        Problem::forgotten(),
        Problem::too_many_waiting(),
        Problem::too_many_events(1),
        Problem::not_configured(),
        Problem::not_stored(),
    ])
    .problems(outcomes.map(|outcome| Problem::of_outcome(outcome, Some("1".into()))))
}

fn read_event() -> Operation {
    Operation::new(
        "GET",
        "/events/{event}",
        "readEvent",
        "Where does it stand?",
        "Of an event on its way to the agent, or a reply on its way to the CRM.",
    )
    .takes(&["Event"])
    .json(200, "Where it stands.", "Delivery", &[])
    .problems([Problem::no_such_event()])
}

fn replay_event() -> Operation {
    Operation::new(
        "POST",
        "/events/{event}/replay",
        "replayEvent",
        "Send it again",
        "Only what is parked, once per call, and at once.",
    )
    .takes(&["Event"])
    .json(200, "It has arrived.", "Delivery", &[])
    .json(202, "It is on its way.", "Delivery", &[])
    .problems([Problem::no_such_event(), Problem::not_parked()])
}

fn parked() -> Operation {
    Operation::new(
        "GET",
        "/parked",
        "listParked",
        "What could not be delivered?",
        "Across conversations, the longest parked first.",
    )
    .takes(&["After", "Limit"])
    .json(200, "A page of the list.", "Undelivered", &[])
    .problems([Problem::invalid_query("")])
}

fn waiting() -> Operation {
    Operation::new(
        "GET",
        "/waiting",
        "listWaiting",
        "What is held up?",
        "What has failed and is still on its way, across conversations, the longest waiting first; not what queues behind it.",
    )
    .takes(&["After", "Limit"])
    .json(200, "A page of the list.", "Undelivered", &[])
    .problems([Problem::invalid_query("")])
}

fn stats() -> Operation {
    Operation::new(
        "GET",
        "/stats",
        "readStats",
        "What has the relay done?",
        "Minute by minute, for a day. Honest, but no account: what an isolate that is stopped has not yet sent is lost.",
    )
    .takes(&["Minutes"])
    .json(200, "The minutes in which something happened, oldest first.", "Stats", &[])
    .problems([Problem::invalid_query("")])
}

fn read_conversation() -> Operation {
    Operation::new(
        "GET",
        "/conversations/{conversation}",
        "readConversation",
        "What was said?",
        "Events and replies, in the order in which they were stored.",
    )
    .takes(&["Conversation", "BotId", "After", "Limit"])
    .json(200, "A page of the conversation.", "Conversation", &[])
    .problems([Problem::no_such_conversation()])
    .problems(bad_conversation())
    .problems([Problem::invalid_query("")])
}

fn forget_conversation() -> Operation {
    Operation::new(
        "DELETE",
        "/conversations/{conversation}",
        "forgetConversation",
        "Forget it, now",
        "With all that is waiting in it.",
    )
    .takes(&["Conversation", "BotId"])
    .empty(204, "It is forgotten.", &[])
    .problems(bad_conversation())
}

fn follow_conversation() -> Operation {
    Operation::new(
        "GET",
        "/conversations/{conversation}/stream",
        "followConversation",
        "What happens?",
        "Server-sent events: `event`, `reply`, `state`, and at last `end`. With `Upgrade: websocket`, frames by WebSocket.",
    )
    .takes(&["Conversation", "BotId", "LastEventId", "After"])
    .other(200, "All that is kept behind that number, and then what happens.", "text/event-stream", "Frame")
    .problems([Problem::too_many_streams(), Problem::foreign_page(), Problem::invalid_query("")])
    .problems(bad_conversation())
}

fn bad_conversation() -> [Problem; 3] {
    [Problem::invalid_conversation_id(""), Problem::invalid_bot_id(&Fault::Empty), Problem::not_configured()]
}

fn webhook() -> Operation {
    replies(Operation::new(
        "POST",
        "/webhooks/ticket",
        "receiveReply",
        "The agent's reply",
        "Proven by a secret in a header, or by a signature of Zendesk's kind or of Standard Webhooks.",
    ))
}

fn webhook_with_secret() -> Operation {
    let operation = Operation::new(
        "POST",
        "/webhooks/ticket/{secret}",
        "receiveReplyAtSecret",
        "The agent's reply, proven by the path",
        "For a sender that can't set a header.",
    );
    replies(operation.takes(&["Secret"]))
}

fn replies(operation: Operation) -> Operation {
    let invalid = reply::parse_json(b"", &Limits::default()).map(drop).unwrap_err();
    operation
        .any_body("Reply")
        .empty(200, "The reply is stored.", &[])
        .problems([
            Problem::invalid("reply", invalid),
            Problem::reply_without_conversation(),
            Problem::not_configured(),
        ])
        .problems(
            [Unproven::NoProof, Unproven::WrongSignature, Unproven::Stale]
                .map(|why| Problem::webhook_unproven(why, "")),
        )
}

fn create_session() -> Operation {
    let invalid = SessionWish::read(b"", &Limits::default()).map(drop).unwrap_err();
    Operation::new(
        "POST",
        "/sessions",
        "createSession",
        "A token for a browser",
        "For some conversations, and for a short time.",
    )
    .body("SessionRequest")
    .json(201, "The token.", "Session", &[])
    .problems([Problem::invalid("session", invalid), Problem::no_sessions()])
}

fn call() -> Operation {
    let invalid = Call::read(b"", &Limits::default()).map(drop).unwrap_err();
    Operation::new(
        "POST",
        "/calls",
        "call",
        "One of the other operations, in a body",
        "For hosts that send no headers of their own, or read none. A credential stands in the call's own headers; one around it counts for nothing. Any content type is taken. Neither streams nor webhooks nor calls can be called.",
    )
    .any_body("Call")
    .problems([Problem::invalid("call", invalid), Problem::not_callable()])
    .folded("CallAnswer")
}

fn health() -> Operation {
    Operation::new("GET", "/health", "health", "Is the Worker alive?", "Asks nobody else.").json(
        200,
        "It is.",
        "Health",
        &[],
    )
}

fn ready() -> Operation {
    Operation::new(
        "GET",
        "/ready",
        "ready",
        "Can events be sent?",
        "What is missing or wrong is told to server keys, and to everybody while none is set.",
    )
    .json(200, "They can.", "Ready", &[])
    .json(503, "They can't, and this is why.", "Ready", &[])
}

fn version() -> Operation {
    Operation::new("GET", "/version", "version", "Which version is it?", "Name and version.").json(
        200,
        "This one.",
        "Version",
        &[],
    )
}

fn openapi() -> Operation {
    Operation::new("GET", "/openapi.json", "openapi", "This document", "OpenAPI 3.1.").json(
        200,
        "It.",
        "Document",
        &[],
    )
}
