//! The scripted agent: what is answered to which text.

use regex_lite::Regex;
use serde::Serialize;
use serde_json::Number;

use super::ticket::{Ticket, Variable};

/// The script unless another is put in its place.
pub(super) const DEFAULT: &str = include_str!("script.json");

/// How much of a text the rules look at, in characters: enough for a message, and little enough
/// for a slow pattern.
const MAX_READ_CHARS: usize = 10_000;

/// Rules, tried from the first to the last, and what is said where none matches.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) rules: Vec<Rule>,
    pub(super) fallback: Vec<Line>,
}

/// Replies for every text in which the pattern is found, whatever its case.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) pattern: Regex,
    pub(super) replies: Vec<Line>,
}

/// One reply. Its serialized members are those of the webhook's body.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Line {
    pub(super) text: String,
    #[serde(skip)]
    pub(super) delay_ms: u32,
    #[serde(rename = "predictedIntents")]
    pub(super) intents: Vec<Intent>,
    pub(super) attachments: Vec<Attachment>,
}

/// An intent as the webhook names it. The number stays as the script writes it: `1` is not `1.0`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Intent {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) confidence: Number,
}

/// An attachment as the webhook names it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Attachment {
    pub(super) path: String,
}

impl Script {
    /// The replies to this event, with its variables filled in.
    ///
    /// An event without text only stores variables: it gets none.
    pub(super) fn answer(&self, ticket: &Ticket) -> Vec<Line> {
        let Some(text) = &ticket.text else {
            return Vec::new();
        };
        self.lines_for(text)
            .iter()
            .map(|line| Line { text: fill(&line.text, &ticket.variables), ..line.clone() })
            .collect()
    }

    fn lines_for(&self, text: &str) -> &[Line] {
        let read = beginning(text);
        self.rules
            .iter()
            .find(|rule| rule.pattern.is_match(read))
            .map_or(&self.fallback, |rule| &rule.replies)
    }
}

fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(MAX_READ_CHARS);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Replaces each `{{variable:NAME}}` by the variable's value. A value that is marked `sanitize` is
/// never repeated: it shows as `[NAME]`, as one that didn't come along does.
fn fill(text: &str, variables: &[Variable]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{variable:") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&shown(name.trim(), variables));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn shown(name: &str, variables: &[Variable]) -> String {
    variables
        .iter()
        .rfind(|variable| variable.key == name)
        .filter(|variable| !variable.sanitize)
        .map_or_else(|| format!("[{name}]"), |variable| variable.value.clone())
}

#[cfg(test)]
mod tests {
    use super::super::script_reader;
    use super::*;

    fn ticket(text: &str, variables: &[(&str, &str, bool)]) -> Ticket {
        Ticket {
            conversation: "case-1".to_owned(),
            text: Some(text.to_owned()),
            variables: variables
                .iter()
                .map(|&(key, value, sanitize)| Variable {
                    key: key.to_owned(),
                    value: value.to_owned(),
                    sanitize,
                })
                .collect(),
        }
    }

    fn default_script() -> Script {
        script_reader::read(DEFAULT.as_bytes()).unwrap()
    }

    #[test]
    fn the_default_script_answers_what_people_try_first() {
        let script = default_script();
        for (text, replies, intent) in [
            ("I need to update my shipping address", 1, "change shipping address"),
            ("Please CHANGE my delivery\naddress", 1, "change shipping address"),
            ("Where is my order?", 2, "order status"),
            ("I want my money back", 1, "refund"),
            ("Can I talk to a human about my refund?", 1, "human handover"),
            ("tell me more", 3, "several replies"),
        ] {
            let lines = script.answer(&ticket(text, &[]));
            assert_eq!(lines.len(), replies, "{text}");
            assert_eq!(lines[0].intents[0].name, intent, "{text}");
        }
        assert_eq!(script.answer(&ticket("Thank you!", &[])), []);
        let fallback = script.answer(&ticket("qwertz", &[]));
        assert_eq!(fallback.len(), 1);
        assert_eq!(fallback[0].intents, []);
    }

    #[test]
    fn an_event_without_text_gets_no_reply() {
        let silent = Ticket { text: None, ..ticket("", &[]) };
        assert_eq!(default_script().answer(&silent), []);
        assert_eq!(default_script().answer(&ticket("", &[])).len(), 1);
    }

    #[test]
    fn rules_look_at_the_beginning_of_a_long_text() {
        for (chars, found) in [(MAX_READ_CHARS - 6, true), (MAX_READ_CHARS - 5, false)] {
            let text = format!("{}refund", "ö".repeat(chars));
            let lines = default_script().answer(&ticket(&text, &[]));
            assert_eq!(!lines[0].intents.is_empty(), found, "{chars}");
        }
    }

    #[test]
    fn variables_are_filled_in_and_personal_ones_never_repeated() {
        let variables =
            ticket("", &[("order_id", "A1", false), ("order_id", "A2", false), ("name", "Jo", true)])
                .variables;
        for (text, filled) in [
            ("{{variable:order_id}}", "A2"),
            ("Dear {{variable:name}}: {{ variable:name }}", "Dear [name]: {{ variable:name }}"),
            ("{{variable: order_id }}{{variable:gone}}.", "A2[gone]."),
            ("{{variable:order_id", "{{variable:order_id"),
            ("{{}} plain", "{{}} plain"),
        ] {
            assert_eq!(fill(text, &variables), filled);
        }
    }

    #[test]
    fn a_value_is_not_filled_in_twice() {
        let variables = ticket("", &[("a", "{{variable:b}}", false), ("b", "x", true)]).variables;
        assert_eq!(fill("{{variable:a}}", &variables), "{{variable:b}}");
    }
}
