//! The reader's end of the WebSocket to a conversation's object.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use worker::web_sys::{self, Event, EventTarget, MessageEvent};
use worker::{Result, WebSocket};

use super::feed::{Frame, Wish};

/// What ends a link, whichever side it comes from.
const ENDS: [&str; 2] = ["close", "error"];

/// A WebSocket that frames come from. Closed when it is dropped.
pub(super) struct Link {
    socket: WebSocket,
    /// `None` is the end. At most one answer waits here, since nothing is sent that was not asked for.
    inbox: UnboundedReceiver<Option<String>>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_end: Closure<dyn FnMut(Event)>,
}

impl Link {
    /// Takes a socket into use.
    pub(super) fn of(socket: WebSocket) -> Result<Self> {
        let (outbox, inbox) = unbounded();
        let (on_message, on_end) = (on_message(outbox.clone()), on_end(outbox));
        let link = Self { socket, inbox, on_message, on_end };
        let target: &EventTarget = link.target();
        target.add_event_listener_with_callback("message", link.on_message.as_ref().unchecked_ref())?;
        for name in ENDS {
            target.add_event_listener_with_callback(name, link.on_end.as_ref().unchecked_ref())?;
        }
        link.socket.accept()?;
        Ok(link)
    }

    /// Asks for what is behind this number.
    pub(super) fn ask(&self, after: u64) -> Result<()> {
        self.socket.send(&Wish { after })
    }

    /// The next frames; `None` once there will be none, or where they can't be read.
    pub(super) async fn hear(&mut self) -> Option<Vec<Frame>> {
        let text = self.inbox.next().await.flatten()?;
        serde_json::from_str(&text).ok()
    }

    fn target(&self) -> &EventTarget {
        let socket: &web_sys::WebSocket = self.socket.as_ref();
        socket
    }
}

fn on_message(outbox: UnboundedSender<Option<String>>) -> Closure<dyn FnMut(MessageEvent)> {
    Closure::new(move |event: MessageEvent| {
        // Nobody may be listening any more.
        let _ = outbox.unbounded_send(event.data().as_string());
    })
}

fn on_end(outbox: UnboundedSender<Option<String>>) -> Closure<dyn FnMut(Event)> {
    Closure::new(move |_| {
        let _ = outbox.unbounded_send(None);
    })
}

impl Drop for Link {
    /// The listeners go before the closures that they call.
    fn drop(&mut self) {
        let target = self.target();
        let _ =
            target.remove_event_listener_with_callback("message", self.on_message.as_ref().unchecked_ref());
        for name in ENDS {
            let _ = target.remove_event_listener_with_callback(name, self.on_end.as_ref().unchecked_ref());
        }
        let _ = self.socket.close(Some(1000), Some("done"));
    }
}
