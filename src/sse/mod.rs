//! Server-sent events: the text of a stream, written and read.
//!
//! A [`Frame`] is what a server writes; a [`Message`] is what a reader has heard once the frame is
//! complete. They are not the same: an id holds until another is named, a frame without data is heard
//! by nobody, and the time to wait before connecting again belongs to the stream, not to a message.
//!
//! Source: the HTML standard, [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html),
//! sections 9.2.5 and 9.2.6.
//!
//! ```
//! use ticketwire::sse::{Frame, Line, Parser};
//!
//! const REPLY: Line<'static> = Line::literal("reply");
//!
//! let text = Frame::default().event(REPLY).id(Line::from(7)).data("Hello,\nhow are you?").to_text();
//! assert_eq!(text, "event: reply\nid: 7\ndata: Hello,\ndata: how are you?\n\n");
//!
//! let mut parser = Parser::new(1_000);
//! let mut heard = Vec::new();
//! for chunk in text.as_bytes().chunks(3) {
//!     parser.push(chunk, |message| heard.push(message))?;
//! }
//! assert_eq!(heard[0].event, "reply");
//! assert_eq!(heard[0].data, "Hello,\nhow are you?");
//! assert_eq!(heard[0].last_event_id, "7");
//! # Ok::<(), ticketwire::sse::FrameTooLarge>(())
//! ```

mod comment;
mod frame;
mod line;
mod message;
mod parser;

pub use comment::{HEARTBEAT, comment};
pub use frame::Frame;
pub use line::{Line, NotOneLine};
pub use message::Message;
pub use parser::{FrameTooLarge, Parser};
