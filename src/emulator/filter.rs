//! Which entries of the journal to show, and how.

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Event,
    Webhook,
}

/// How a page is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON object, with all entries in a list.
    #[default]
    Json,
    /// One JSON object a line.
    Ndjson,
}

/// What the query of a look into the journal says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) conversation: Option<String>,
    pub(super) kind: Option<Kind>,
    pub(super) after: Option<i64>,
    pub(super) limit: Option<i64>,
    pub(super) format: Format,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Webhook => "webhook",
        }
    }
}

/// Reads the parts of a query; the error says what was expected.
pub(super) fn read<N: AsRef<str>, V: AsRef<str>>(
    query: impl Iterator<Item = (N, V)>,
) -> Result<Filter, String> {
    let mut filter = Filter::default();
    for (name, value) in query {
        filter.add(name.as_ref(), value.as_ref())?;
    }
    Ok(filter)
}

impl Filter {
    fn add(&mut self, name: &str, value: &str) -> Result<(), String> {
        let number = || value.parse().map_err(|_| format!("{name} is a whole number"));
        match name {
            "conversation" => self.conversation = Some(value.to_owned()),
            "kind" => self.kind = Some(kind(value).ok_or("kind is event or webhook")?),
            "after" => self.after = Some(number()?),
            "limit" => self.limit = Some(number()?),
            "format" => self.format = format(value).ok_or("format is json or ndjson")?,
            _ => return Err("known filters are conversation, kind, after, limit and format".to_owned()),
        }
        Ok(())
    }
}

fn kind(name: &str) -> Option<Kind> {
    [Kind::Event, Kind::Webhook].into_iter().find(|kind| kind.name() == name)
}

fn format(name: &str) -> Option<Format> {
    match name {
        "json" => Some(Format::Json),
        "ndjson" => Some(Format::Ndjson),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read() {
        let all = [
            ("conversation", "a"),
            ("kind", "webhook"),
            ("after", "7"),
            ("limit", "2"),
            ("format", "ndjson"),
        ];
        assert_eq!(
            read(all.into_iter()),
            Ok(Filter {
                conversation: Some("a".to_owned()),
                kind: Some(Kind::Webhook),
                after: Some(7),
                limit: Some(2),
                format: Format::Ndjson,
            })
        );
        assert_eq!(read(std::iter::empty::<(&str, &str)>()), Ok(Filter::default()));
    }

    #[test]
    fn what_can_t_be_read_is_told() {
        for (name, value, expected) in [
            ("kind", "tea", "kind is event or webhook"),
            ("format", "tea", "format is json or ndjson"),
            ("after", "x", "after is a whole number"),
            ("limit", "-", "limit is a whole number"),
            ("tea", "1", "known filters are"),
        ] {
            let error = read([(name, value)].into_iter()).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
