//! The outer edge: what every request passes on its way in, and every answer on its way out.

use worker::{Env, Result, web_sys};

use super::failure::Failure;
use super::security::secure;

/// Answers a request.
pub(super) async fn serve(request: &web_sys::Request, env: &Env) -> Result<web_sys::Response> {
    let response = super::answer(request, env).await.or_else(Failure::respond)?;
    // A socket that is open is the object's own: nothing can be put on that answer.
    if response.status() != 101 {
        secure(&response.headers())?;
    }
    Ok(response)
}
