//! What each route does, a file each.

pub(super) mod call;
pub(super) mod conversation;
pub(super) mod event;
pub(super) mod ready;
pub(super) mod session;
pub(super) mod stats;
pub(super) mod stream;
pub(super) mod ticket;
pub(super) mod undelivered;
pub(super) mod webhook;
