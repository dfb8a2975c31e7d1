//! A data point for each request, for whoever counts them: the platform's Analytics Engine.

use js_sys::{JSON, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::{Context, Env};

use super::platform::binding;

/// The binding, which may be missing.
const BINDING: &str = "METRICS";

#[wasm_bindgen]
extern "C" {
    type Dataset;

    #[wasm_bindgen(method, catch, js_name = writeDataPoint)]
    fn write_data_point(this: &Dataset, point: &JsValue) -> Result<JsValue, JsValue>;
}

/// What is counted: nothing that a caller could have written.
#[derive(Serialize)]
pub(super) struct DataPoint {
    /// The route.
    indexes: [&'static str; 1],
    /// Route, method, and `ok` or the code of a problem.
    blobs: [&'static str; 3],
    /// Status, and how long it took in milliseconds.
    doubles: [f64; 2],
}

impl DataPoint {
    /// Of one request.
    pub(super) fn new(route: &'static str, method: &str, code: &'static str, status: u16, ms: u64) -> Self {
        let blobs = [route, known(method), code];
        Self { indexes: [route], blobs, doubles: [status.into(), ms as f64] }
    }

    /// Writes it. Nothing depends on that: what can't be counted is answered all the same.
    pub(super) fn write(&self, env: &Env, context: &Context) {
        let _ = self.try_write(env, context);
    }

    fn try_write(&self, env: &Env, context: &Context) -> Result<(), JsValue> {
        let Some(dataset) = binding(env, BINDING)? else {
            return Ok(());
        };
        let point = JSON::parse(&serde_json::to_string(self).unwrap_or_default())?;
        let written = dataset.unchecked_into::<Dataset>().write_data_point(&point)?;
        // The platform's own dataset answers at once; one behind a binding to a Worker would be cut
        // off where the request ends.
        if !written.is_undefined() {
            let written = JsFuture::from(Promise::resolve(&written));
            context.wait_until(async { drop(written.await) });
        }
        Ok(())
    }
}

/// A method, if any route takes it: a caller may make up others.
fn known(method: &str) -> &'static str {
    let methods = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"];
    methods.into_iter().find(|known| *known == method).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::DataPoint;

    #[test]
    fn a_point_has_the_members_of_the_platform_and_no_word_of_the_callers() {
        let json = |method| serde_json::to_string(&DataPoint::new("ticket", method, "ok", 200, 12)).unwrap();
        assert_eq!(
            json("POST"),
            r#"{"indexes":["ticket"],"blobs":["ticket","POST","ok"],"doubles":[200.0,12.0]}"#
        );
        assert!(json("SECRET").contains(r#""other""#));
    }
}
