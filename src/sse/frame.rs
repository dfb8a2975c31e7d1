//! What a server writes.

use std::borrow::Cow;

use super::line::Line;

/// One block of a stream, up to the empty line that ends it.
///
/// Whatever it is given, it stays one frame: names and ids are [`Line`]s, and data is written line by
/// line.
///
/// ```
/// use ticketwire::sse::Frame;
///
/// assert_eq!(Frame::default().data("Hello").to_text(), "data: Hello\n\n");
/// // Without data nothing is heard, but the reader knows how long to wait when the connection ends.
/// assert_eq!(Frame::default().retry_ms(2_000).to_text(), "retry: 2000\n\n");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a frame does nothing until it is written"]
pub struct Frame<'a> {
    event: Option<Line<'a>>,
    id: Option<Line<'a>>,
    retry_ms: Option<u64>,
    data: Option<Cow<'a, str>>,
}

impl<'a> Frame<'a> {
    /// The type of the message; `message` where it is left out or empty.
    pub fn event(self, event: Line<'a>) -> Self {
        Self { event: Some(event), ..self }
    }

    /// What the reader sends as `Last-Event-ID` when it connects again. An empty id takes back those
    /// before.
    pub fn id(self, id: Line<'a>) -> Self {
        Self { id: Some(id), ..self }
    }

    /// How long the reader waits before it connects again, in milliseconds.
    pub const fn retry_ms(mut self, retry_ms: u64) -> Self {
        self.retry_ms = Some(retry_ms);
        self
    }

    /// What the message says. CR and CRLF are line ends too, so the reader hears each as LF.
    pub fn data(self, data: impl Into<Cow<'a, str>>) -> Self {
        Self { data: Some(data.into()), ..self }
    }

    /// The frame as it goes over the wire.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut field = |name: &str, value: &str| text.extend([name, ": ", value, "\n"]);
        if let Some(event) = &self.event {
            field("event", event.as_str());
        }
        if let Some(id) = &self.id {
            field("id", id.as_str());
        }
        if let Some(retry_ms) = self.retry_ms {
            field("retry", &retry_ms.to_string());
        }
        for line in self.data.iter().flat_map(|data| lines(data)) {
            field("data", line);
        }
        text.push('\n');
        text
    }
}

/// The lines of a text, which end where those of a stream do: at CRLF, CR or LF. Even the empty text
/// has one.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split("\r\n").flat_map(|part| part.split(['\r', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_written_line_by_line() {
        for (data, text) in [
            ("", "data: \n\n"),
            (" a", "data:  a\n\n"),
            ("a\nb", "data: a\ndata: b\n\n"),
            ("a\rb\r\nc", "data: a\ndata: b\ndata: c\n\n"),
            ("a\r\r\n", "data: a\ndata: \ndata: \n\n"),
            ("\n\nevent: forged", "data: \ndata: \ndata: event: forged\n\n"),
        ] {
            assert_eq!(Frame::default().data(data).to_text(), text, "{data:?}");
        }
    }

    #[test]
    fn fields_stand_in_one_order() {
        let frame = Frame::default().data("d").retry_ms(1).id(Line::from(2)).event(Line::literal("e"));
        assert_eq!(frame.to_text(), "event: e\nid: 2\nretry: 1\ndata: d\n\n");
        assert_eq!(Frame::default().to_text(), "\n");
    }
}
