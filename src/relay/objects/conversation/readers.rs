//! Who follows the conversation: WebSockets, which the platform keeps open while the object itself
//! sleeps, so that a silent conversation costs nothing. What a reader waits for is kept with its
//! socket, not in memory.

use serde::{Deserialize, Serialize};
use worker::{Error, Response, Result, State, WebSocket, WebSocketPair, WebSocketRequestResponsePair};

use super::{Instance, now_ms};
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
    /// Up to which number it has been sent what there is. It is sent nothing twice: who asks and does
    /// not read would fill our memory.
    sent: u64,
    opening: Opening,
}

impl Reader {
    const fn of(opening: Opening) -> Self {
        Self { after: Some(opening.after), sent: opening.after, opening }
    }

    /// Why its time is over, if it is.
    fn end(&self) -> Option<End> {
        (self.opening.until_ms <= now_ms()).then(|| self.opening.end())
    }
}

/// What is sent to whoever has asked for what is behind a number: of many readers, most have asked for
/// the same.
#[derive(Default)]
struct Batch {
    after: Option<u64>,
    /// The last number, and the frames as JSON; nothing, where there is nothing yet.
    content: Option<(u64, String)>,
}

impl Instance {
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
        // A socket whose time is over counts no more, though its other end may not let go of it.
        let is_live = |socket: &WebSocket| {
            let reader = socket.deserialize_attachment::<Reader>().ok().flatten();
            reader.is_some_and(|reader| reader.end().is_none())
        };
        let live = self.state.get_websockets().into_iter().filter(is_live).count();
        live < self.config.policy.limits.max_streams
    }

    /// A reader has said something.
    pub(super) fn hear(&self, socket: &WebSocket, text: &str) -> Result<()> {
        let Ok(wish) = serde_json::from_str::<Wish>(text) else {
            return dismiss(socket, End::NotUnderstood);
        };
        match socket.deserialize_attachment::<Reader>()? {
            Some(reader) if wish.after >= reader.sent => {
                socket.serialize_attachment(Reader { after: Some(wish.after), ..reader })?;
                self.feed(socket, &mut Batch::default())
            }
            _ => dismiss(socket, End::NotUnderstood),
        }
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
            *batch = self.batch(after)?;
        }
        if let Some((last, text)) = &batch.content {
            socket.serialize_attachment(Reader { after: None, sent: *last, ..reader })?;
            socket.send_with_str(text)?;
        }
        Ok(())
    }

    fn batch(&self, after: u64) -> Result<Batch> {
        let frames = self.changes(after)?;
        let last = frames.last().and_then(|frame| frame.id);
        let content = last.map(|last| Ok::<_, Error>((last, serde_json::to_string(&frames)?))).transpose()?;
        Ok(Batch { after: Some(after), content })
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
