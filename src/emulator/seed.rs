//! The seed of the dice, as it is set.

use serde::Deserialize;

use super::dice::MAX_SEED;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedBody {
    seed: i64,
}

/// Reads a seed; none where it is not one.
pub(super) fn read(body: &[u8]) -> Option<i64> {
    let body: SeedBody = serde_json::from_slice(body).ok()?;
    (0..=MAX_SEED).contains(&body.seed).then_some(body.seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_whole_number_that_javascript_holds() {
        for (body, seed) in [
            (r#"{"seed":0}"#, Some(0)),
            (r#"{"seed":9007199254740991}"#, Some(MAX_SEED)),
            (r#"{"seed":9007199254740992}"#, None),
            (r#"{"seed":-1}"#, None),
            (r#"{"seed":1.5}"#, None),
            (r#"{"seed":1,"dice":2}"#, None),
            ("1", None),
        ] {
            assert_eq!(read(body.as_bytes()), seed, "{body}");
        }
    }
}
