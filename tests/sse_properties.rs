//! What must hold of streams of server-sent events, for every text, byte and cut.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "../fuzz/src/plain_stream.rs"]
#[allow(unreachable_pub, reason = "part of a crate of its own elsewhere")]
mod plain_stream;

use plain_stream::plainly;
use proptest::prelude::*;
use ticketwire::sse::{Frame, FrameTooLarge, HEARTBEAT, Line, Message, Parser, comment};

const NO_LIMIT: usize = 1_000_000;

/// All that can be known of a stream once its bytes are read.
#[derive(Debug, PartialEq)]
struct Reading {
    heard: Vec<[String; 3]>,
    retry_ms: Option<u64>,
    last_event_id: String,
    end: Result<(), FrameTooLarge>,
}

fn parts(message: Message) -> [String; 3] {
    [message.event, message.data, message.last_event_id]
}

fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, max_frame_bytes: usize) -> Reading {
    let mut parser = Parser::new(max_frame_bytes);
    let mut heard = Vec::new();
    let end = chunks
        .into_iter()
        .map(|chunk| parser.push(chunk, |message| heard.push(parts(message))))
        .fold(Ok(()), Result::and);
    let last_event_id = parser.last_event_id().to_owned();
    Reading { heard, retry_ms: parser.retry_ms(), last_event_id, end }
}

/// Bytes, cut at these places.
fn cut<'a>(bytes: &'a [u8], places: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<_> = places.iter().map(|place| place.index(bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

fn places() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 0..12)
}

/// Bytes that mean something to a reader, more often than not.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(vec![
        "data",
        "data:",
        "data: a",
        "event",
        "event: e",
        "id",
        "id: 7",
        "id: \0",
        "retry: 9",
        ":",
        " ",
        "a",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\u{feff}",
        "ä",
        "\u{1f600}",
    ]);
    let bytes = prop_oneof![
        20 => word.prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(bytes, 0..60).prop_map(|words| words.concat())
}

/// A text with what matters in a stream; strange characters among it.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop_oneof!["[a-z: ]{1,3}", "[\r\n]", any::<char>().prop_map(String::from)], 0..9)
        .prop_map(|words| words.concat())
}

fn line() -> impl Strategy<Value = Line<'static>> {
    text().prop_map(|text| Line::parse(text.replace(['\r', '\n', '\0'], " ")).unwrap())
}

/// What is written between two empty lines, and what should be heard of it.
#[derive(Debug, Clone)]
struct Written {
    event: Option<Line<'static>>,
    id: Option<Line<'static>>,
    retry_ms: Option<u64>,
    data: Option<String>,
    comment: Option<String>,
}

impl Written {
    fn text(&self) -> String {
        let mut frame = Frame::default();
        frame = self.event.iter().cloned().fold(frame, Frame::event);
        frame = self.id.iter().cloned().fold(frame, Frame::id);
        frame = self.retry_ms.into_iter().fold(frame, Frame::retry_ms);
        frame = self.data.iter().fold(frame, Frame::data);
        let before = self.comment.as_deref().map_or(HEARTBEAT.to_owned(), comment);
        before + &frame.to_text()
    }

    fn heard(&self, last_event_id: &str) -> Option<[String; 3]> {
        let data = self.data.as_ref()?.replace("\r\n", "\n").replace('\r', "\n");
        let event = self.event.as_ref().map(Line::as_str).filter(|event| !event.is_empty());
        Some([event.unwrap_or("message").to_owned(), data, last_event_id.to_owned()])
    }
}

prop_compose! {
    fn written()(
        event in prop::option::of(line()),
        id in prop::option::of(line()),
        retry_ms in prop::option::of(any::<u64>()),
        data in prop::option::weighted(0.8, text()),
        comment in prop::option::of(text()),
    ) -> Written {
        Written { event, id, retry_ms, data, comment }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_heard(frames in prop::collection::vec(written(), 0..5), places in places()) {
        let (mut expected, mut last_event_id, mut retry_ms) = (Vec::new(), String::new(), None);
        for frame in &frames {
            last_event_id = frame.id.as_ref().map_or(last_event_id, |id| id.as_str().to_owned());
            retry_ms = frame.retry_ms.or(retry_ms);
            expected.extend(frame.heard(&last_event_id));
        }
        let text: String = frames.iter().map(Written::text).collect();
        let reading = read(cut(text.as_bytes(), &places), NO_LIMIT);
        prop_assert_eq!(reading, Reading { heard: expected, retry_ms, last_event_id, end: Ok(()) });
    }

    #[test]
    fn what_is_heard_is_what_a_plain_reader_hears(stream in stream()) {
        prop_assert_eq!(read([&stream[..]], NO_LIMIT).heard, plainly(&stream));
    }

    #[test]
    fn no_cut_makes_a_difference(stream in stream(), places in places(), max_frame_bytes in 0_usize..40) {
        let whole = read([&stream[..]], max_frame_bytes);
        prop_assert_eq!(&read(cut(&stream, &places), max_frame_bytes), &whole);
        prop_assert_eq!(&read(stream.chunks(1), max_frame_bytes), &whole);
        let prefix = &plainly(&stream)[..whole.heard.len()];
        prop_assert_eq!(&whole.heard, prefix, "a limit ends a stream and changes nothing before");
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(read([&bytes[..]], NO_LIMIT).heard, plainly(&bytes));
    }
}
