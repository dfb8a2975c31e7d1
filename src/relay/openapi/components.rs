//! What operations are made of: schemas, parameters, headers, and the ways to show who asks.

use serde_json::{Map, Value, json};

use crate::Limits;
use crate::relay::stats::{KEPT_MINUTES, STEP_MS};

/// A link to one of them.
pub(super) fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

pub(super) fn components() -> Value {
    json!({
        "schemas": schemas(),
        "parameters": parameters(),
        "headers": headers(),
        "securitySchemes": security(),
    })
}

/// A schema that stands in a file of its own; here it is a part of the document.
fn from_file(text: &str) -> Value {
    let mut schema: Map<String, Value> = serde_json::from_str(text).unwrap();
    schema.remove("$schema");
    schema.remove("$id");
    schema.into()
}

fn schemas() -> Value {
    let time = || json!({ "type": "integer", "minimum": 0, "description": "Milliseconds since 1970." });
    let number = || json!({ "type": "integer", "minimum": 0 });
    let text = || json!({ "type": "string" });
    json!({
        "Event": from_file(include_str!("../../event/event.schema.json")),
        "Reply": from_file(include_str!("../../reply/reply.schema.json")),
        "Problem": {
            "description": "What went wrong, and what to do (RFC 9457). Never what a customer wrote.",
            "type": "object",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": text(),
                "title": text(),
                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                "code": { "type": "string", "description": "Stable." },
                "detail": { "type": "string", "description": "What to do next." },
                "errors": { "type": "array", "items": reference("schemas", "Issue") },
                "errorsOmitted": { "type": "integer", "description": "Errors beyond those listed." },
                "warnings": { "type": "array", "items": reference("schemas", "Issue") },
                "apiStatus": { "type": "integer", "description": "What the API answered." },
                "reason": { "type": "string", "description": "Why a token is not taken; stable." },
            },
        },
        "Issue": {
            "description": "One thing to mend.",
            "type": "object",
            "required": ["pointer", "code", "detail"],
            "properties": {
                "pointer": { "type": "string", "description": "Where: a JSON pointer (RFC 6901)." },
                "code": text(),
                "detail": text(),
            },
        },
        "Delivery": {
            "description": "Where an event stands on its way to the agent, or a reply on its way to the CRM.",
            "type": "object",
            "required": ["id", "kind", "botId", "platformConversationId", "state", "acceptedMs", "tries"],
            "properties": {
                "id": text(),
                "kind": { "enum": ["event", "reply"] },
                "botId": text(),
                "platformConversationId": text(),
                "state": { "enum": ["pending", "sending", "delivered", "parked"] },
                "acceptedMs": time(),
                "tries": number(),
                "waiting": { "type": "integer", "minimum": 1, "description": "In the list of what waits: how many do in its conversation, itself included, as of its last try." },
                "nextTryMs": time(),
                "deliveredMs": time(),
                "parkedMs": time(),
                "lastTry": {
                    "description": "How the last try failed.",
                    "type": "object",
                    "required": ["code"],
                    "properties": {
                        "code": text(),
                        "apiStatus": { "type": "integer" },
                        "onwardStatus": { "type": "integer" },
                        "detail": { "type": "string", "description": "What somebody has to do." },
                    },
                },
            },
        },
        "Undelivered": {
            "type": "object",
            "required": ["events", "total", "more"],
            "properties": {
                "events": { "type": "array", "items": reference("schemas", "Delivery") },
                "total": number(),
                "more": { "type": "integer", "description": "How many are behind this page." },
                "nextAfter": number(),
            },
        },
        "Stats": {
            "type": "object",
            "required": ["stepMs", "nowMs", "minutes"],
            "properties": {
                "stepMs": { "const": STEP_MS },
                "nowMs": time(),
                "minutes": { "type": "array", "items": reference("schemas", "Minute") },
            },
        },
        "Minute": minute(),
        "Entry": {
            "description": "An event, without values marked `sanitize`, or a reply, word for word.",
            "type": "object",
            "required": ["seq", "atMs"],
            "properties": {
                "seq": { "type": "integer", "description": "Counts up within the conversation." },
                "atMs": time(),
                "id": text(),
                "state": text(),
                "event": { "type": "object" },
                "reply": { "type": "object" },
                "repeatOf": {
                    "type": "integer",
                    "description": "The `seq` of the reply whose bytes came again.",
                },
            },
        },
        "Frame": {
            "description": "One server-sent event. `data` is JSON: an Entry for `event` and `reply`, a Delivery for `state`, and `code` with `detail` for `end`.",
            "type": "object",
            "required": ["event", "data"],
            "properties": {
                "id": { "type": "string", "pattern": "^[0-9]+$" },
                "event": { "enum": ["event", "reply", "state", "end"] },
                "data": { "type": "string", "contentMediaType": "application/json" },
            },
        },
        "Conversation": {
            "type": "object",
            "required": ["platformConversationId", "entries"],
            "properties": {
                "platformConversationId": text(),
                "entries": { "type": "array", "items": reference("schemas", "Entry") },
                "nextAfter": number(),
            },
        },
        "SessionRequest": {
            "type": "object",
            "required": ["conversation"],
            "additionalProperties": false,
            "properties": {
                "conversation": {
                    "description": "The one conversation, or those, that the session is for.",
                    "oneOf": [
                        conversation_id(&Limits::largest()),
                        {
                            "type": "array",
                            "items": conversation_id(&Limits::largest()),
                            "minItems": 1,
                            "maxItems": 100,
                        },
                    ],
                },
                "scope": {
                    "description": "What it is for.",
                    "enum": ["send", "read", "send read", "read send"],
                    "default": "send read",
                },
                "bot": bot_id(),
                "origin": {
                    "description": "The only origin that may use it.",
                    "type": "string",
                    "pattern": "^https?://[a-z0-9.-]+(:[0-9]+)?$",
                },
                "ttlSeconds": { "type": "integer", "minimum": 60, "maximum": 900, "default": 900 },
            },
        },
        "Session": {
            "type": "object",
            "required": ["token", "expiresMs", "kid"],
            "properties": { "token": text(), "expiresMs": time(), "kid": text() },
        },
        "Call": {
            "description": "A request to the relay. Names of headers may stand in any case.",
            "type": "object",
            "required": ["path"],
            "additionalProperties": false,
            "properties": {
                "method": {
                    "description": "Without one: `POST` where there is a body, else `GET`.",
                    "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
                },
                "path": {
                    "description": "With its query, percent-encoded.",
                    "type": "string",
                    "pattern": "^/[\\u0021\\u0022\\u0024-\\u005b\\u005d-\\u007e]*$",
                    "examples": ["/conversations/case-4711?after=3&limit=50"],
                },
                "headers": call_headers(),
                "body": { "description": "Goes on byte for byte; pointers in problems begin at it." },
            },
            "not": {
                "required": ["method", "body"],
                "properties": { "method": { "enum": ["GET", "HEAD"] } },
            },
        },
        "CallAnswer": {
            "type": "object",
            "required": ["status", "headers", "body"],
            "properties": {
                "status": {
                    "description": "Of the answer around it, too; but that is 200 where this is 204.",
                    "type": "integer",
                    "minimum": 200,
                    "maximum": 599,
                },
                "headers": {
                    "description": "By names in lower case; but for what every answer carries.",
                    "type": "object",
                    "required": ["x-request-id"],
                    "additionalProperties": text(),
                },
                "body": { "description": "JSON, such as a Problem; null where it is empty." },
            },
        },
        "Health": {
            "type": "object",
            "required": ["status"],
            "properties": { "status": { "const": "ok" } },
        },
        "Ready": {
            "description": "Everything but `ready` is for server keys alone.",
            "type": "object",
            "required": ["ready"],
            "properties": {
                "ready": { "type": "boolean" },
                "settings": {
                    "description": "What is missing or wrong.",
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["setting", "detail"],
                        "properties": { "setting": text(), "detail": text() },
                    },
                },
                "parked": number(),
                "waiting": number(),
                "apiCredentials": {
                    "description": "There while the API refuses ours.",
                    "type": "object",
                    "required": ["code", "apiStatus", "sinceMs", "detail"],
                    "properties": {
                        "code": text(),
                        "apiStatus": { "type": "integer" },
                        "sinceMs": time(),
                        "detail": text(),
                    },
                },
            },
        },
        "Document": { "type": "object", "required": ["openapi", "paths"] },
        "Version": {
            "type": "object",
            "required": ["name", "version"],
            "properties": { "name": { "const": "ticketwire" }, "version": text() },
        },
    })
}

/// What happened in a minute.
fn minute() -> Value {
    let number = || json!({ "type": "integer", "minimum": 0 });
    let numbers = |description: &str| json!({ "type": "object", "description": description, "additionalProperties": number() });
    json!({
        "description": "What happened in the minute that begins then. Of events alone, but for `replies`.",
        "type": "object",
        "required": ["atMs", "accepted", "delivered", "parked", "replies", "tries", "latencyMs", "attempts"],
        "properties": {
            "atMs": { "type": "integer", "minimum": 0, "multipleOf": STEP_MS },
            "accepted": { "type": "integer", "minimum": 0, "description": "Stored, but for repeats; sent directly, taken by the API." },
            "delivered": number(),
            "parked": number(),
            "replies": number(),
            "tries": numbers("How many tries ended, by how: `ok`, or the code of the failure."),
            "latencyMs": {
                "description": "How long from acceptance to delivery. Each delivered event is in one.",
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["le", "count"],
                    "properties": {
                        "le": { "type": ["integer", "null"], "description": "At most so many milliseconds, and more than the bound before; null beyond all." },
                        "count": number(),
                    },
                },
            },
            "attempts": numbers("How many tries a delivered event took: `1`, `2`, `3-5`, `6-10` or `more`."),
        },
    })
}

fn conversation_id(limits: &Limits) -> Value {
    let max_bytes = limits.max_conversation_id_bytes;
    json!({
        "description": "Names a conversation; chosen by the CRM. `.` and `..` can't: no URL would reach them.",
        "type": "string",
        "minLength": 1,
        "maxLength": max_bytes,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
        "not": { "enum": [".", ".."] },
        "examples": ["case-4711"],
    })
}

fn call_headers() -> Value {
    let names = ["authorization", "botid", "idempotency-key", "prefer", "traceparent"];
    let header = || json!({ "type": "string", "pattern": "^[\\u0020-\\u007e]*$" });
    let headers: Map<String, Value> = names.map(|name| (name.to_owned(), header())).into_iter().collect();
    json!({ "type": "object", "additionalProperties": false, "properties": headers })
}

fn bot_id() -> Value {
    json!({
        "description": "Another bot than the relay's own.",
        "type": "string",
        "pattern": "^[\\u0021-\\u007e]+$",
        "minLength": 1,
        "maxLength": 256,
        "examples": ["618a30beee4e8e87d2f94015"],
    })
}

fn parameters() -> Value {
    let max_key = Limits::default().max_idempotency_key_bytes;
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    let header = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "header", "description": description, "schema": schema });
    let after = || json!({ "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64 });
    json!({
        // Any that was ever allowed: the limit may have been lowered since.
        "Conversation": {
            "name": "conversation",
            "in": "path",
            "required": true,
            "schema": conversation_id(&Limits::largest()),
        },
        "Event": {
            "name": "event",
            "in": "path",
            "required": true,
            "description": "The id of an event or a reply.",
            "schema": { "type": "string", "pattern": "^[0-9a-f]{64}-[1-9][0-9]{0,15}$" },
        },
        "Secret": {
            "name": "secret",
            "in": "path",
            "required": true,
            "description": "One of WEBHOOK_SECRETS.",
            "schema": { "type": "string", "minLength": 16 },
        },
        "BotId": header("botid", "Another bot than the relay's own.", bot_id()),
        "IdempotencyKey": header(
            "Idempotency-Key",
            "The same key and body mean the same event, for a day.",
            json!({ "type": "string", "minLength": 1, "maxLength": max_key, "pattern": "^[\\u0021-\\u007e]+$" }),
        ),
        "Prefer": header(
            "Prefer",
            "`respond-async`: answer once the event is on the disk.",
            json!({ "type": "string", "examples": ["respond-async"] }),
        ),
        "TraceParent": header(
            "traceparent",
            "Carried on to the API (W3C Trace Context); one that is malformed is not.",
            json!({ "type": "string", "examples": ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"] }),
        ),
        "LastEventId": header("Last-Event-ID", "The last id that the reader has; goes before `after`.", after()),
        "After": query("after", "Only what is behind this number.", after()),
        "Limit": query(
            "limit",
            "At most this many.",
            json!({ "type": "integer", "minimum": 1, "maximum": 500, "default": 100 }),
        ),
        "Minutes": query(
            "minutes",
            "The last so many, with the one that is not over yet.",
            json!({ "type": "integer", "minimum": 1, "maximum": KEPT_MINUTES, "default": 60 }),
        ),
    })
}

fn headers() -> Value {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    json!({
        "ticketwire-event": text("The event's id."),
        "ticketwire-warnings": text("Code and pointer of what is probably not meant."),
        "idempotency-replayed": text("`true`: this event had been taken before."),
        "preference-applied": text("`respond-async`."),
        "location": text("Where to ask where the event stands."),
        "retry-after": {
            "description": "Seconds to wait, or a date.",
            "schema": { "type": "string", "pattern": "^([0-9]+|[A-Z][a-z]{2}, .* GMT)$" },
        },
        "www-authenticate": text("How to say who you are."),
        "allow": text("What the route takes."),
        "accept": text("What the route takes."),
    })
}

fn security() -> Value {
    json!({
        "serverKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "One of RELAY_KEYS: may do everything.",
        },
        "session": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A token for some conversations, for at most 15 minutes: from POST /sessions, or minted by your own backend.",
        },
        "sessionInQuery": {
            "type": "apiKey",
            "in": "query",
            "name": "token",
            "description": "The same, for browsers' EventSource, which sends no headers.",
        },
    })
}
