//! One thing that can be asked for, and all that may be answered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::components::reference;
use crate::relay::access::{Action, Need};
use crate::relay::problem::Problem;
use crate::relay::refusal::Refusal;
use crate::relay::route::Route;
use crate::session::InvalidToken;

/// An operation, built up piece by piece.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    parts: Map<String, Value>,
    parameters: Vec<Value>,
    answers: BTreeMap<u16, Value>,
    problems: Vec<Problem>,
    folded: Option<&'static str>,
}

impl Operation {
    /// `id` is a name for generated code, `summary` one line for people.
    pub(super) fn new(
        method: &'static str,
        path: &'static str,
        id: &str,
        summary: &str,
        detail: &str,
    ) -> Self {
        let parts = [("operationId", id), ("summary", summary), ("description", detail)];
        let parts = parts.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Self {
            method,
            path,
            parts,
            parameters: Vec::new(),
            answers: BTreeMap::new(),
            problems: Vec::new(),
            folded: None,
        }
    }

    /// A parameter of the components.
    pub(super) fn takes(mut self, parameters: &[&str]) -> Self {
        self.parameters.extend(parameters.iter().map(|name| reference("parameters", name)));
        self
    }

    /// A body of JSON, which must say that it is.
    pub(super) fn body(self, schema: &str) -> Self {
        self.any_body(schema).problems([Problem::wrong_type()])
    }

    /// A body of JSON, whatever it says it is.
    pub(super) fn any_body(mut self, schema: &str) -> Self {
        let content = json!({ "application/json": { "schema": reference("schemas", schema) } });
        self.parts.insert("requestBody".into(), json!({ "required": true, "content": content }));
        self.problems([Problem::too_large(0), Problem::body_cut_off()])
    }

    /// A success without a body.
    pub(super) fn empty(self, status: u16, description: &str, headers: &[&str]) -> Self {
        self.answer(status, description, headers, None)
    }

    /// A success with a body of JSON.
    pub(super) fn json(self, status: u16, description: &str, schema: &str, headers: &[&str]) -> Self {
        let content = json!({ "application/json": { "schema": reference("schemas", schema) } });
        self.answer(status, description, headers, Some(content))
    }

    /// A success with a body of another kind.
    pub(super) fn other(self, status: u16, description: &str, kind: &str, schema: &str) -> Self {
        let content = json!({ kind: { "schema": reference("schemas", schema) } });
        self.answer(status, description, &[], Some(content))
    }

    fn answer(mut self, status: u16, description: &str, headers: &[&str], content: Option<Value>) -> Self {
        let headers: Map<String, Value> =
            headers.iter().map(|name| ((*name).to_owned(), reference("headers", name))).collect();
        let mut answer = json!({ "description": description, "headers": headers });
        if let Some(content) = content {
            answer["content"] = content;
        }
        self.answers.insert(status, answer);
        self
    }

    /// All answers, of any status and those of problems too, have a body of this schema.
    pub(super) const fn folded(mut self, schema: &'static str) -> Self {
        self.folded = Some(schema);
        self
    }

    /// What may go wrong.
    pub(super) fn problems(mut self, problems: impl IntoIterator<Item = Problem>) -> Self {
        self.problems.extend(problems);
        self
    }

    /// Who may ask, as the table of access has it.
    fn admitting(mut self) -> Self {
        let action = Action::of(&self.route().unwrap(), self.method);
        let keys = [Refusal::NotConfigured, Refusal::NoKey, Refusal::WrongKey, Refusal::NoSessions]
            .into_iter()
            .chain([Refusal::InvalidToken(InvalidToken::Malformed)]);
        let foreign = [Refusal::ForeignConversation, Refusal::ForeignBot, Refusal::ForeignOrigin];
        let (ways, refusals): (&[&str], Vec<Refusal>) = match action.need() {
            Need::Open | Need::WebhookProof => (&[], Vec::new()),
            Need::ServerKey => (&["serverKey"], keys.chain([Refusal::ServerKeyRequired]).collect()),
            Need::Session(_) if action == Action::Follow => (
                &["serverKey", "session", "sessionInQuery"],
                keys.chain([Refusal::OutOfScope]).chain(foreign).collect(),
            ),
            Need::Session(_) => {
                (&["serverKey", "session"], keys.chain([Refusal::OutOfScope]).chain(foreign).collect())
            }
        };
        let ways: Vec<_> = ways.iter().map(|way| json!({ *way: [] })).collect();
        self.parts.insert("security".into(), ways.into());
        let is_counted = !matches!(action, Action::SayHealth | Action::SayVersion);
        self.problems(refusals.into_iter().map(Problem::from))
            .problems(is_counted.then(Problem::rate_limited))
    }

    /// The operation as the document has it.
    pub(super) fn document(self) -> Value {
        self.problems([Problem::internal()]).admitting().written()
    }

    fn written(mut self) -> Value {
        self.parts.insert("parameters".into(), self.parameters.into());
        if let Some(schema) = self.folded {
            self.parts.insert("responses".into(), json!({ "default": folded(schema, &self.problems) }));
            return self.parts.into();
        }
        let mut answers: Map<String, Value> =
            self.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect();
        let statuses: BTreeSet<u16> = self.problems.iter().map(Problem::status).collect();
        for status in statuses {
            let problems: Vec<_> =
                self.problems.iter().filter(|problem| problem.status() == status).collect();
            answers.insert(status.to_string(), of_problems(&problems));
        }
        self.parts.insert("responses".into(), answers.into());
        self.parts.into()
    }

    /// The relay's route for it.
    pub(super) fn route(&self) -> Option<Route> {
        Route::of(self.path).filter(|route| route.takes(self.method))
    }
}

/// Any answer of another operation, or one of these problems, in a body.
fn folded(schema: &str, problems: &[Problem]) -> Value {
    let problems: Vec<_> = problems.iter().collect();
    let description = format!("What the call is answered by itself, or: {}", lines(&codes(&problems)));
    json!({
        "description": description,
        "content": { "application/json": { "schema": reference("schemas", schema) } },
    })
}

fn codes(problems: &[&Problem]) -> BTreeMap<&'static str, &'static str> {
    problems.iter().map(|problem| (problem.code(), problem.title())).collect()
}

fn lines(codes: &BTreeMap<&str, &str>) -> String {
    let lines: Vec<_> = codes.iter().map(|(code, title)| format!("`{code}`: {title}.")).collect();
    lines.join(" ")
}

/// The answer that these problems share: a status.
fn of_problems(problems: &[&Problem]) -> Value {
    let titles = codes(problems);
    let codes: Vec<_> = titles.keys().collect();
    let headers: BTreeSet<_> =
        problems.iter().flat_map(|problem| problem.headers()).map(|(name, _)| *name).collect();
    let headers: Map<String, Value> =
        headers.into_iter().map(|name| (name.to_owned(), reference("headers", name))).collect();
    let this = json!({ "properties": { "code": { "enum": codes } } });
    let schema = json!({ "allOf": [reference("schemas", "Problem"), this] });
    json!({
        "description": lines(&titles),
        "headers": headers,
        "content": { "application/problem+json": { "schema": schema } },
    })
}
