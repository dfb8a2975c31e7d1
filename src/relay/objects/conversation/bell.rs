//! Waiting for the try that is under way.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Rings when the try that is under way has ended. Lives in memory alone: who waits for it is gone
/// when that is.
#[derive(Default)]
pub(super) struct Bell {
    /// The event that is tried.
    seq: Cell<Option<u64>>,
    /// Those who wait for it.
    waiting: RefCell<Vec<Function>>,
}

impl Bell {
    /// A try of this event begins.
    pub(super) fn hang(&self, seq: u64) {
        self.seq.set(Some(seq));
    }

    /// It has ended.
    pub(super) fn ring(&self) {
        self.seq.set(None);
        for ring in self.waiting.take() {
            let _ = ring.call0(&JsValue::UNDEFINED);
        }
    }

    /// Waits for its end, if a try of this event is under way.
    pub(super) async fn wait(&self, seq: u64) {
        if self.seq.get() == Some(seq) {
            let rung = Promise::new(&mut |resolve, _| self.waiting.borrow_mut().push(resolve));
            let _ = JsFuture::from(rung).await;
        }
    }
}
