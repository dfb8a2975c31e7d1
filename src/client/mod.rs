//! What JavaScript calls: the core as the npm package loads it. Texts and bytes go in, JSON comes out;
//! `pkg/src` gives it its face.

mod call;
mod check;
mod frames;
mod retry;
#[cfg(feature = "trap")]
mod trap;

pub use call::{api_code, wait_ms};
pub use check::{check_event, check_reply};
pub use frames::Frames;

/// Smaller than the standard library's, which is made for larger work.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
