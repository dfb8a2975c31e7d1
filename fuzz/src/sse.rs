//! The bytes of a stream of server-sent events, and the way they are cut.

use super::plain_stream::plainly;
use ticketwire::sse::{Frame, FrameTooLarge, Line, Message, Parser};

/// A limit that the stream can reach, and one that it can't.
const MAX_FRAME_BYTES: [usize; 2] = [24, 1 << 20];

/// The first byte says how the rest is cut.
pub fn run(data: &[u8]) {
    let Some((cut, stream)) = data.split_first() else { return };
    for max_frame_bytes in MAX_FRAME_BYTES {
        let whole = Reading::of([stream], max_frame_bytes);
        assert_eq!(whole, Reading::of(chunks(stream, *cut), max_frame_bytes));
        assert_eq!(whole, Reading::of(stream.chunks(1), max_frame_bytes));
        check_meaning(&whole, stream);
        check_again(&whole);
    }
}

/// All that is known of a stream once its bytes are read.
#[derive(Debug, PartialEq)]
struct Reading {
    heard: Vec<Message>,
    retry_ms: Option<u64>,
    last_event_id: String,
    end: Result<(), FrameTooLarge>,
}

impl Reading {
    fn of<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, max_frame_bytes: usize) -> Self {
        let mut parser = Parser::new(max_frame_bytes);
        let mut heard = Vec::new();
        let mut end = Ok(());
        for chunk in chunks {
            end = end.and(parser.push(chunk, |message| heard.push(message)));
        }
        let last_event_id = parser.last_event_id().to_owned();
        Self { heard, retry_ms: parser.retry_ms(), last_event_id, end }
    }
}

/// Chunks of uneven lengths, the next of which each byte of the stream decides anew.
fn chunks(mut rest: &[u8], cut: u8) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let length = 1 + usize::from(rest.first()? ^ cut) % 7;
        let (chunk, others) = rest.split_at(length.min(rest.len()));
        rest = others;
        Some(chunk)
    })
}

/// What was heard is what the standard says, as far as the limit let it come.
fn check_meaning(reading: &Reading, stream: &[u8]) {
    let plain = plainly(stream);
    let heard = reading.heard.iter().map(|message| [&message.event, &message.data, &message.last_event_id]);
    assert!(heard.eq(plain.iter().take(reading.heard.len()).map(<[String; 3]>::each_ref)));
    assert!(reading.end.is_err() || reading.heard.len() == plain.len(), "a message was not heard");
}

/// What was heard is heard again from what a server would write of it.
fn check_again(reading: &Reading) {
    let writable = |message: &&Message| !message.event.contains('\0');
    let heard: Vec<_> = reading.heard.iter().filter(writable).cloned().collect();
    let text: String = heard.iter().map(|message| frame(message).to_text()).collect();
    assert_eq!(Reading::of([text.as_bytes()], usize::MAX).heard, heard);
}

fn frame(message: &Message) -> Frame<'_> {
    let line = |text| Line::parse(text).expect("what was heard fits a line");
    Frame::default().event(line(&message.event)).id(line(&message.last_event_id)).data(&message.data)
}
