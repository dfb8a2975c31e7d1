//! What comes over a stream, frame by frame.

use wasm_bindgen::prelude::*;

use crate::json::{List, Object};
use crate::sse::{Message, Parser};

/// The most that is held of one frame: a reply may have 1 MiB, and its JSON some more.
const MAX_FRAME_BYTES: usize = 4_000_000;

/// Reads one connection's stream of server-sent events.
#[wasm_bindgen]
pub struct Frames(Parser);

#[wasm_bindgen]
impl Frames {
    /// At the start of a stream.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript knows no Default")]
    pub fn new() -> Self {
        Self(Parser::new(MAX_FRAME_BYTES))
    }

    /// The frames that these bytes complete, as a list in JSON of `{event, id, data}`; nothing where one
    /// is too large.
    pub fn push(&mut self, bytes: &[u8]) -> Option<String> {
        let mut out = String::new();
        let mut list = List::new(&mut out);
        self.0.push(bytes, |message| write(list.entry(), &message)).ok()?;
        list.end();
        Some(out)
    }
}

fn write(out: &mut String, message: &Message) {
    #[cfg(feature = "trap")]
    super::trap::at(&message.data);
    let mut object = Object::new(out);
    object.text("event", &message.event);
    object.text("id", &message.last_event_id);
    object.text("data", &message.data);
    object.end();
}
