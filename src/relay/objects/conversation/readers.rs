//! Who follows the conversation: WebSockets, which the platform keeps open while the object itself
//! sleeps, so that a silent conversation costs nothing. What a reader waits for is kept with its
//! socket, not in memory.

use serde::{Deserialize, Serialize};
use worker::{Error, Response, Result, State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};

use super::{Conversation, now_ms};
use crate::relay::feed::{End, Frame, Opening, Wish};

/// The code of an end that is nobody's fault.
const NORMAL: u16 = 1000;
/// The code of an end that is the reader's.
const POLICY: u16 = 1008;

/// Lets the platform itself answer a sign of life, while the object sleeps.
pub(super) fn answer_pings(state: &State) {
    if let Ok(pair) = WebSocketRequestResponsePair::new("ping", "pong") {
        state.set_websocket_auto_response(&pair);
    }
}

/// What is known of a reader.
#[derive(Serialize, Deserialize)]
struct Reader {
    /// Its wish, until that is fulfilled.
    after: Option<u64>,
    until_ms: u64,
    is_bound_to_token: bool,
}

impl Reader {
    const fn of(opening: Opening) -> Self {
        let Opening { after, until_ms, is_bound_to_token } = opening;
        Self { after: Some(after), until_ms, is_bound_to_token }
    }

    /// Why its time is over, if it is.
    fn end(&self) -> Option<End> {
        let why = if self.is_bound_to_token { End::TokenExpired } else { End::TimeOver };
        (self.until_ms <= now_ms()).then_some(why)
    }
}

/// What is sent to whoever has asked for what is behind a number: of many readers, most have asked for
/// the same.
#[derive(Default)]
struct Batch {
    after: Option<u64>,
    /// Nothing, where there is nothing yet.
    text: Option<String>,
}

impl Conversation {
    /// Lets a reader in.
    pub(super) fn follow(&self, query: &str) -> Result<Response> {
        let opening = Opening::parse(query);
        let opening = opening.ok_or_else(|| Error::RustError("a stream has no opening".into()))?;
        if !self.has_room_for_a_reader() {
            return Response::error("", 429);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.state.accept_web_socket(&server);
        server.serialize_attachment(Reader::of(opening))?;
        self.feed(&server, &mut Batch::default())?;
        Response::from_websocket(client)
    }

    fn has_room_for_a_reader(&self) -> bool {
        let max = self.config.policy.limits.max_streams;
        if self.state.get_websockets().len() < max {
            return true;
        }
        // Those whose time is over, and who have not noticed.
        self.feed_all();
        self.state.get_websockets().len() < max
    }

    /// A reader has said something.
    pub(super) fn hear(&self, socket: &WebSocket, text: &str) -> Result<()> {
        let Ok(wish) = serde_json::from_str::<Wish>(text) else {
            return dismiss(socket, End::NotUnderstood);
        };
        if let Some(reader) = socket.deserialize_attachment::<Reader>()? {
            socket.serialize_attachment(Reader { after: Some(wish.after), ..reader })?;
        }
        self.feed(socket, &mut Batch::default())
    }

    /// Something has happened: whoever waits for it gets it, after it is on the disk.
    pub(super) fn feed_all(&self) {
        let mut batch = Batch::default();
        for socket in self.state.get_websockets() {
            if self.feed(&socket, &mut batch).is_err() {
                let _ = dismiss(&socket, End::Interrupted);
            }
        }
    }

    /// Sends a reader what it waits for, if there is anything.
    fn feed(&self, socket: &WebSocket, batch: &mut Batch) -> Result<()> {
        let Some(reader) = socket.deserialize_attachment::<Reader>()? else {
            return Ok(());
        };
        if let Some(why) = reader.end() {
            return dismiss(socket, why);
        }
        let Some(after) = reader.after.filter(|_| self.storage.is_used().unwrap_or(false)) else {
            return Ok(());
        };
        if batch.after != Some(after) {
            *batch = Batch { after: Some(after), text: self.batch(after)? };
        }
        if let Some(text) = &batch.text {
            socket.serialize_attachment(Reader { after: None, ..reader })?;
            socket.send_with_str(text)?;
        }
        Ok(())
    }

    fn batch(&self, after: u64) -> Result<Option<String>> {
        let frames = self.changes(after)?;
        Ok(if frames.is_empty() { None } else { Some(serde_json::to_string(&frames)?) })
    }

    /// There is nothing left to follow.
    pub(super) fn dismiss_all(&self) {
        for socket in self.state.get_websockets() {
            let _ = dismiss(&socket, End::Forgotten);
        }
    }
}

/// Tells a reader why it gets no more. It may have gone by itself.
fn dismiss(socket: &WebSocket, why: End) -> Result<()> {
    socket.send(&[Frame::end(why)?])?;
    let code = if why == End::NotUnderstood { POLICY } else { NORMAL };
    socket.close(Some(code), Some(why.code()))
}
