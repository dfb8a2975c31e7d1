//! How many events a session may send: so many in any minute, counted in the rows themselves.

use serde::Deserialize;
use worker::Result;

use super::deliveries::Deliveries;
use crate::outbox::{KEY_WINDOW_MS, Keyed, Lane, Rows};
use crate::relay::objects::storage::{Storage, integer};

const MINUTE_MS: u64 = 60_000;

#[derive(Deserialize)]
struct Row {
    accepted_ms: u64,
}

/// In how many whole seconds one more event may come; `None`: now. An event that was taken already, by
/// its key, takes nothing away.
pub(super) fn wait_s(
    storage: &Storage,
    max_per_minute: Option<u32>,
    key: Option<&Keyed<'_>>,
    now_ms: u64,
) -> Result<Option<u64>> {
    let Some(max) = max_per_minute else {
        return Ok(None);
    };
    if let Some(keyed) = key
        && let Some((earlier, _)) = (Deliveries { storage, lane: Lane::Event }).with_key(keyed.key)?
        && now_ms < earlier.accepted_ms.saturating_add(KEY_WINDOW_MS)
    {
        return Ok(None);
    }
    let nth_newest = "SELECT accepted_ms FROM delivery ORDER BY seq DESC LIMIT 1 OFFSET ?";
    let row: Option<Row> = storage.row(nth_newest, vec![integer(u64::from(max).saturating_sub(1))])?;
    Ok(row.and_then(|row| left_s(row.accepted_ms, now_ms)))
}

/// The seconds that are left of the minute that began then.
fn left_s(began_ms: u64, now_ms: u64) -> Option<u64> {
    let left_ms = began_ms.saturating_add(MINUTE_MS).saturating_sub(now_ms);
    (left_ms > 0).then(|| left_ms.div_ceil(1_000))
}

#[cfg(test)]
mod tests {
    use super::left_s;

    #[test]
    fn a_minute_ends_to_the_millisecond() {
        for (now_ms, expected) in
            [(10_000, Some(60)), (10_001, Some(60)), (69_000, Some(1)), (69_999, Some(1)), (70_000, None)]
        {
            assert_eq!(left_s(10_000, now_ms), expected, "{now_ms}");
        }
    }
}
