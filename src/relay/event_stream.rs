//! A conversation as server-sent events: frames from a [`Link`], and a heartbeat while it is silent.
//!
//! The Worker ends the stream, not the object: so only the Worker's side is awake while nothing
//! happens. It asks for more once the reader has taken what it has; that is all that it ever holds.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::{Stream, unfold};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::{Delay, Result, web_sys};

use super::clock::now_ms;
use super::feed::{End, Frame, Opening};
use super::link::Link;
use crate::sse;

/// How long it may be silent, in milliseconds: shorter than the time-outs of the proxies on the way.
/// It is also how a reader is missed who has gone: the platform notices it only when it has something
/// to write.
pub(super) const HEARTBEAT_MS: u64 = 15_000;

/// A stream that is being read.
struct Reading {
    link: Link,
    opening: Opening,
    /// The last number that was sent.
    after: u64,
    /// Whether what was asked for has come: the next is asked for when the reader wants more.
    has_heard: bool,
    is_over: bool,
}

/// The body of a stream that begins like this.
pub(super) fn body(link: Link, opening: Opening, retry_ms: u64) -> Result<web_sys::ReadableStream> {
    let reading = Reading { link, after: opening.after, opening, has_heard: false, is_over: false };
    let chunks = chunks(reading, sse::Frame::default().retry_ms(retry_ms).to_text());
    Ok(wasm_streams::ReadableStream::from_stream(Box::pin(chunks)).into_raw())
}

/// The chunks of the body, made as they are asked for.
fn chunks(reading: Reading, first: String) -> impl Stream<Item = std::result::Result<JsValue, JsValue>> {
    unfold((reading, Some(first)), |(mut reading, first)| async {
        let text = match first {
            Some(first) => first,
            None => reading.next().await?,
        };
        Some((Ok(Uint8Array::from(text.as_bytes()).into()), (reading, None)))
    })
}

impl Reading {
    /// The next chunk: frames, or a sign of life.
    async fn next(&mut self) -> Option<String> {
        if self.is_over {
            return None;
        }
        if std::mem::take(&mut self.has_heard) && self.link.ask(self.after).is_err() {
            return self.end(End::Interrupted);
        }
        let left_ms = self.opening.until_ms.saturating_sub(now_ms());
        if left_ms == 0 {
            return self.end(self.opening.end());
        }
        match heard(&mut self.link, left_ms.min(HEARTBEAT_MS)).await {
            Heard::Frames(frames) => Some(self.pass_on(&frames)),
            Heard::Silence => Some(sse::HEARTBEAT.to_owned()),
            Heard::End => self.end(End::Interrupted),
        }
    }

    fn pass_on(&mut self, frames: &[Frame]) -> String {
        self.has_heard = true;
        self.after = frames.iter().filter_map(|frame| frame.id).next_back().unwrap_or(self.after);
        self.is_over = frames.iter().any(Frame::is_end);
        frames.iter().map(written).collect()
    }

    /// Says why it ends.
    fn end(&mut self, why: End) -> Option<String> {
        self.is_over = true;
        Frame::end(why).ok().map(|frame| written(&frame))
    }
}

enum Heard {
    Frames(Vec<Frame>),
    Silence,
    End,
}

/// What comes over a link within this time.
async fn heard(link: &mut Link, within_ms: u64) -> Heard {
    match select(pin!(link.hear()), Delay::from(Duration::from_millis(within_ms))).await {
        Either::Left((Some(frames), _)) => Heard::Frames(frames),
        Either::Left((None, _)) => Heard::End,
        Either::Right(_) => Heard::Silence,
    }
}

fn written(frame: &Frame) -> String {
    let mut text = sse::Frame::default().data(frame.data.get());
    if let Ok(event) = sse::Line::parse(frame.event.as_str()) {
        text = text.event(event);
    }
    if let Some(id) = frame.id {
        text = text.id(id.into());
    }
    text.to_text()
}
