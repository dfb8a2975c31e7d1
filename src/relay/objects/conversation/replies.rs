//! The agent's replies.

use worker::{Error, Response, Result};

use super::entries::Entries;
use super::identity::Identity;
use super::{Instance, now_ms};
use crate::outbox::{Accepted, Capacity, Lane, Offer};
use crate::relay::envelope::{self, Address};
use crate::relay::objects::stats;
use crate::relay::stats::Counted;
use crate::relay::transcript::Direction;

impl Instance {
    /// Stores a reply.
    pub(super) async fn store(&self, sealed: &str) -> Result<Response> {
        let (address, body): (Address<'_>, _) = envelope::open(sealed)?;
        self.storage.prepare()?;
        Identity::of(&address, false).note(&self.storage)?;
        self.keep(body)?;
        self.end_turn().await?;
        Response::from_json(&true)
    }

    /// A reply that repeats another is kept all the same, and marked: two may be meant, and which of
    /// both is shown is for whoever reads them to say.
    fn keep(&self, body: &str) -> Result<()> {
        let (entries, now_ms) = (Entries(&self.storage), now_ms());
        let first = entries.first(body, now_ms)?;
        let seq = self.keep_reply(body, now_ms)?;
        stats::count(Counted::Replied);
        first.map_or(Ok(()), |first| entries.repeats(seq, first))
    }

    /// Keeps a reply until its time is over or, where it is to be sent on, until it has been.
    fn keep_reply(&self, body: &str, now_ms: u64) -> Result<u64> {
        if self.config.onward.is_none() {
            let entries = Entries(&self.storage);
            return self.storage.atomically(|| entries.add(Direction::Reply, body, now_ms, Some(now_ms)));
        }
        let offer = Offer { body: "", transcript: body, key: None, trace: None };
        match self.outbox(Lane::Reply).accept(&offer, &Capacity::UNLIMITED, now_ms, false)? {
            Accepted::Stored(seq) => Ok(seq),
            _ => Err(Error::RustError("a reply was not taken".into())),
        }
    }

    /// Stores a reply, unless nothing was ever accepted here, or all is forgotten.
    pub(super) async fn reply(&self, sealed: &str) -> Result<Response> {
        if Identity::load(&self.storage)?.is_none() && Entries(&self.storage).newest()?.is_none() {
            return Response::from_json(&false);
        }
        self.store(sealed).await
    }

    /// Makes this conversation known, for replies to what is about to be sent without being kept here.
    /// `is_default`: whoever sends it names no bot.
    pub(super) async fn expect(&self, body: &str, is_default: bool) -> Result<Response> {
        let address: Address<'_> = serde_json::from_str(body)?;
        self.storage.prepare()?;
        self.identity.take();
        self.storage.atomically(|| Identity::of(&address, is_default).expect(&self.storage, now_ms()))?;
        self.end_turn().await?;
        Response::empty()
    }
}
