//! Waiting for the try that is under way.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Rings when the try that is under way has ended. Lives in memory alone: who waits for it is gone
/// when that is.
#[derive(Default)]
pub(super) struct Bell(RefCell<Option<Rope>>);

struct Rope {
    seq: u64,
    rung: Promise,
    ring: Function,
}

impl Bell {
    /// A try of this event begins.
    pub(super) fn hang(&self, seq: u64) {
        let mut ring = None;
        let rung = Promise::new(&mut |resolve, _| ring = Some(resolve));
        self.0.replace(ring.map(|ring| Rope { seq, rung, ring }));
    }

    /// It has ended.
    pub(super) fn ring(&self) {
        if let Some(Rope { ring, .. }) = self.0.take() {
            let _ = ring.call0(&JsValue::UNDEFINED);
        }
    }

    /// Waits for its end, if a try of this event is under way.
    pub(super) async fn wait(&self, seq: u64) {
        let rung = self.0.borrow().as_ref().filter(|rope| rope.seq == seq).map(|rope| rope.rung.clone());
        if let Some(rung) = rung {
            let _ = JsFuture::from(rung).await;
        }
    }
}
