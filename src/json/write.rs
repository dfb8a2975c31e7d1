//! Writing JSON: no white space, members in the order in which they are given.

use super::run;

const HEXADECIMAL: [char; 16] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

/// Writes an object.
pub(crate) struct Object<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> Object<'o> {
    /// Begins one; [`end`](Self::end) ends it.
    pub(crate) fn new(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, is_empty: true }
    }

    /// Where to write the value of the next member.
    pub(crate) fn member(&mut self, name: &str) -> &mut String {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        string(self.out, name);
        self.out.push(':');
        self.out
    }

    /// A member that is a text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        string(self.member(name), text);
    }

    /// A member that is a list.
    pub(crate) fn list(&mut self, name: &str) -> List<'_> {
        List::new(self.member(name))
    }

    /// Ends it.
    pub(crate) fn end(self) {
        self.out.push('}');
    }
}

/// Writes a list.
pub(crate) struct List<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> List<'o> {
    /// Begins one; [`end`](Self::end) ends it.
    pub(crate) fn new(out: &'o mut String) -> Self {
        out.push('[');
        Self { out, is_empty: true }
    }

    /// Where to write the next entry.
    pub(crate) fn entry(&mut self) -> &mut String {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        self.out
    }

    /// An entry that is a text.
    #[cfg(feature = "client")]
    pub(crate) fn text(&mut self, text: &str) {
        string(self.entry(), text);
    }

    /// Ends it.
    pub(crate) fn end(self) {
        self.out.push(']');
    }
}

/// Writes a string, in quotes: escaped is only what must be.
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        let (plain, special) = rest.split_at_checked(run::length(rest.as_bytes())).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut characters = special.chars();
        let Some(character) = characters.next() else { break };
        escape(out, character);
        rest = characters.as_str();
    }
    out.push('"');
}

fn escape(out: &mut String, character: char) {
    out.push('\\');
    match character {
        '"' | '\\' => out.push(character),
        '\u{8}' => out.push('b'),
        '\u{c}' => out.push('f'),
        '\n' => out.push('n'),
        '\r' => out.push('r'),
        '\t' => out.push('t'),
        control => {
            out.push_str("u00");
            out.extend(
                [control as usize >> 4, control as usize & 15]
                    .iter()
                    .filter_map(|digit| HEXADECIMAL.get(*digit)),
            );
        }
    }
}

/// Writes `true` or `false`.
pub(crate) fn boolean(out: &mut String, value: bool) {
    out.push_str(if value { "true" } else { "false" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_written_as_serde_json_writes_it() {
        for character in ('\0'..='\u{100}').chain(['\u{2028}', '😀', '\u{ffff}']) {
            let text = format!("a{character}b{character}");
            let mut out = String::new();
            string(&mut out, &text);
            assert_eq!(out, serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn members_stand_between_commas() {
        let mut out = String::new();
        let mut object = Object::new(&mut out);
        object.text("a", "\"");
        boolean(object.member("b"), false);
        let mut list = object.list("c");
        string(list.entry(), "x");
        string(list.entry(), "y");
        list.end();
        object.list("d").end();
        object.end();
        assert_eq!(out, r#"{"a":"\"","b":false,"c":["x","y"],"d":[]}"#);
    }
}
