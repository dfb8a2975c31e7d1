//! From JSON to a script, or to all that is wrong with it.

use regex_lite::RegexBuilder;
use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::script::{Attachment, Intent, Line, Rule, Script};

/// The largest script, in bytes: it is kept in one row, and a row holds 2 MB.
const MAX_SCRIPT_BYTES: usize = 1024 * 1024;

/// The longest delay of a reply, in milliseconds: a day.
const MAX_DELAY_MS: u32 = 86_400_000;

/// One thing that is wrong, and where: a JSON pointer.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    at: String,
    message: String,
}

/// Reads a script; every problem is told, not only the first.
pub(super) fn read(body: &[u8]) -> Result<Script, Vec<Problem>> {
    let mut reader = Reader::default();
    let script = match parse(body) {
        Ok(value) => reader.script(&value),
        Err(message) => reader.problem("", message),
    };
    match script {
        Some(script) if reader.problems.is_empty() => Ok(script),
        _ => Err(reader.problems),
    }
}

fn parse(body: &[u8]) -> Result<Value, String> {
    if body.len() > MAX_SCRIPT_BYTES {
        return Err(format!("a script has at most {MAX_SCRIPT_BYTES} bytes"));
    }
    serde_json::from_slice(body).map_err(|error| format!("not JSON: {error}"))
}

/// Collects problems. A method answers `None` where something is wrong with the value itself.
#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn problem<T>(&mut self, at: &str, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem { at: at.to_owned(), message: message.into() });
        None
    }

    fn script(&mut self, value: &Value) -> Option<Script> {
        let members = self.object("", value, &["rules", "fallback"])?;
        let rules = match members.get("rules") {
            Some(rules) => self.each("/rules", rules, Self::rule),
            None => self.problem("/rules", "missing: a list of rules")?,
        };
        let fallback = match members.get("fallback") {
            Some(fallback) => self.fallback(fallback),
            None => Vec::new(),
        };
        Some(Script { rules, fallback })
    }

    fn fallback(&mut self, value: &Value) -> Vec<Line> {
        match self.object("/fallback", value, &["replies"]) {
            Some(members) => self.replies("/fallback", members),
            None => Vec::new(),
        }
    }

    fn rule(&mut self, at: &str, value: &Value) -> Option<Rule> {
        let members = self.object(at, value, &["pattern", "replies"])?;
        let pattern = self.text(at, members, "pattern");
        let replies = self.replies(at, members);
        let pattern = pattern?;
        match RegexBuilder::new(pattern).case_insensitive(true).build() {
            Ok(pattern) => Some(Rule { pattern, replies }),
            Err(error) => {
                self.problem(&format!("{at}/pattern"), format!("not a regular expression: {error}"))
            }
        }
    }

    fn replies(&mut self, at: &str, members: &Map<String, Value>) -> Vec<Line> {
        let at = format!("{at}/replies");
        match members.get("replies") {
            Some(replies) => self.each(&at, replies, Self::line),
            None => {
                self.problem::<()>(&at, "missing: a list of replies, empty for no reply");
                Vec::new()
            }
        }
    }

    fn line(&mut self, at: &str, value: &Value) -> Option<Line> {
        let known = ["text", "delayMs", "intents", "attachments"];
        let members = self.object(at, value, &known)?;
        let text = self.text(at, members, "text");
        let delay_ms = self.delay(at, members);
        let intents = self.list(at, members, "intents", Self::intent);
        let attachments = self.list(at, members, "attachments", Self::attachment);
        Some(Line { text: text?.to_owned(), delay_ms: delay_ms?, intents, attachments })
    }

    fn delay(&mut self, at: &str, members: &Map<String, Value>) -> Option<u32> {
        let Some(value) = members.get("delayMs") else {
            return Some(0);
        };
        let delay_ms = value.as_u64().and_then(|number| u32::try_from(number).ok());
        match delay_ms {
            Some(delay_ms @ ..=MAX_DELAY_MS) => Some(delay_ms),
            _ => self.problem(
                &format!("{at}/delayMs"),
                format!("expected a whole number of milliseconds from 0 to {MAX_DELAY_MS}"),
            ),
        }
    }

    fn intent(&mut self, at: &str, value: &Value) -> Option<Intent> {
        let members = self.object(at, value, &["value", "name", "confidence"])?;
        let value = self.text(at, members, "value");
        let name = self.text(at, members, "name");
        let confidence = self.confidence(at, members);
        Some(Intent { value: value?.to_owned(), name: name?.to_owned(), confidence: confidence? })
    }

    fn confidence(&mut self, at: &str, members: &Map<String, Value>) -> Option<Number> {
        match members.get("confidence") {
            Some(Value::Number(number)) if number.as_f64().is_some_and(|it| (0.0..=1.0).contains(&it)) => {
                Some(number.clone())
            }
            _ => self.problem(&format!("{at}/confidence"), "expected a number from 0 to 1"),
        }
    }

    fn attachment(&mut self, at: &str, value: &Value) -> Option<Attachment> {
        let members = self.object(at, value, &["path"])?;
        let path = self.text(at, members, "path")?.to_owned();
        Some(Attachment { path })
    }

    fn object<'v>(&mut self, at: &str, value: &'v Value, known: &[&str]) -> Option<&'v Map<String, Value>> {
        let names = known.join(", ");
        let Value::Object(members) = value else {
            return self.problem(at, format!("expected an object with {names}"));
        };
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            self.problem::<()>(&at, format!("unknown; known are {names}"));
        }
        Some(members)
    }

    fn text<'v>(&mut self, at: &str, members: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
        match members.get(name).and_then(Value::as_str) {
            Some(text) => Some(text),
            None => self.problem(&format!("{at}/{name}"), "expected a string"),
        }
    }

    fn list<T>(
        &mut self,
        at: &str,
        members: &Map<String, Value>,
        name: &str,
        item: fn(&mut Self, &str, &Value) -> Option<T>,
    ) -> Vec<T> {
        match members.get(name) {
            Some(value) => self.each(&format!("{at}/{name}"), value, item),
            None => Vec::new(),
        }
    }

    fn each<T>(&mut self, at: &str, value: &Value, item: fn(&mut Self, &str, &Value) -> Option<T>) -> Vec<T> {
        let Value::Array(values) = value else {
            self.problem::<()>(at, "expected a list");
            return Vec::new();
        };
        let places = values.iter().enumerate();
        places.filter_map(|(index, value)| item(self, &format!("{at}/{index}"), value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(script: &str) -> Vec<String> {
        let problems = read(script.as_bytes()).unwrap_err();
        problems.into_iter().map(|problem| problem.at).collect()
    }

    #[test]
    fn the_smallest_scripts_are_taken() {
        for script in [
            r#"{"rules":[]}"#,
            r#"{"rules":[],"fallback":{"replies":[]}}"#,
            r#"{"rules":[{"pattern":"","replies":[{"text":""}]}]}"#,
        ] {
            assert!(read(script.as_bytes()).is_ok(), "{script}");
        }
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let script = r#"{
            "rules": [
                {"pattern": "(", "replies": [{"text": 1, "delayMs": -1, "delay": 5}]},
                {"replies": {"text": "x"}},
                "rule",
                {"pattern": "x", "replies": [
                    {"text": "x", "intents": [{"value": "1", "confidence": 1.5}], "attachments": [{}, 7]}
                ]}
            ],
            "fallback": {"reply": []},
            "a/b": 1
        }"#;
        let mut found = places(script);
        found.sort();
        assert_eq!(
            found,
            [
                "/a~1b",
                "/fallback/replies",
                "/fallback/reply",
                "/rules/0/pattern",
                "/rules/0/replies/0/delay",
                "/rules/0/replies/0/delayMs",
                "/rules/0/replies/0/text",
                "/rules/1/pattern",
                "/rules/1/replies",
                "/rules/2",
                "/rules/3/replies/0/attachments/0/path",
                "/rules/3/replies/0/attachments/1",
                "/rules/3/replies/0/intents/0/confidence",
                "/rules/3/replies/0/intents/0/name",
            ]
        );
    }

    #[test]
    fn what_is_no_script_at_all_is_one_problem() {
        for script in ["", "{", "[]", "null", "{}"] {
            assert_eq!(places(script).len(), 1, "{script}");
        }
        assert_eq!(places(&" ".repeat(MAX_SCRIPT_BYTES + 1)).len(), 1);
    }

    #[test]
    fn delays_have_edges() {
        for (delay_ms, works) in [("0", true), ("86400000", true), ("86400001", false), ("1.5", false)] {
            let script =
                format!(r#"{{"rules":[],"fallback":{{"replies":[{{"text":"x","delayMs":{delay_ms}}}]}}}}"#);
            assert_eq!(read(script.as_bytes()).is_ok(), works, "{delay_ms}");
        }
    }
}
