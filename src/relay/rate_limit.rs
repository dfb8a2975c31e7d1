//! How often one may call: the platform counts, where it has been asked to.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use worker::Env;

use super::log::Line;
use super::platform::binding;
use super::problem::Problem;
use super::span::Span;
use super::work::settled;

/// The binding, which may be missing.
const BINDING: &str = "RATE_LIMIT";

// Not the wrapper's: that asks for a class by its name, which not every runtime gives it.
#[wasm_bindgen]
extern "C" {
    type RateLimiter;

    #[wasm_bindgen(method, catch)]
    fn limit(this: &RateLimiter, options: &Object) -> Result<JsValue, JsValue>;
}

/// Counts a request under this key, if it has one, and refuses one too many. The key is made only where
/// somebody counts. What can't be counted is let through:
/// a limit that fails must not become an outage.
pub(super) async fn check(
    env: &Env,
    key: impl FnOnce() -> Option<String>,
    span: &Span,
) -> Result<(), Problem> {
    match is_over(env, key).await {
        Ok(false) => Ok(()),
        Ok(true) => Err(Problem::rate_limited()),
        Err(_) => {
            span.log(Line::new("rate-limit-failed"));
            Ok(())
        }
    }
}

async fn is_over(env: &Env, key: impl FnOnce() -> Option<String>) -> Result<bool, JsValue> {
    let Some((limiter, key)) = binding(env, BINDING)?.and_then(|limiter| Some((limiter, key()?))) else {
        return Ok(false);
    };
    let options = Object::new();
    Reflect::set(&options, &"key".into(), &key.into())?;
    let counted = limiter.unchecked_into::<RateLimiter>().limit(&options)?;
    let outcome = settled(Promise::resolve(&counted)).await?;
    Ok(Reflect::get(&outcome, &"success".into())? == JsValue::FALSE)
}
