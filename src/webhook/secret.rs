//! The bare secret: whoever shows it is who should.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// Several live secrets, of which any one may be shown. Held and compared as SHA-256 digests:
/// comparing takes the same time for every candidate, whatever its length and however much of it
/// is right.
///
/// ```
/// use ticketwire::webhook::Secrets;
///
/// let secrets = Secrets::parse("the_new_one, the_old_one");
/// assert!(secrets.contain("the_old_one"));
/// assert!(!secrets.contain("the_old_on"));
/// assert_eq!(format!("{secrets:?}"), "Secrets(2)");
/// ```
#[derive(Clone, Default)]
pub struct Secrets(Vec<[u8; 32]>);

impl Secrets {
    /// The secrets in a setting, separated by commas or white space.
    pub fn parse(setting: &str) -> Self {
        Self(words(setting).map(digest).collect())
    }

    /// Whether there is none: then nothing is contained.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the candidate is one of the secrets. All are compared, always.
    pub fn contain(&self, candidate: &str) -> bool {
        any_equal(&self.0, &[digest(candidate)])
    }
}

/// Says how many, and nothing of any.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Secrets").field(&self.0.len()).finish()
    }
}

/// Whether any of the expected is among the candidates: all are compared, each in constant time.
pub(super) fn any_equal(expected: &[[u8; 32]], candidates: &[[u8; 32]]) -> bool {
    let pairs = expected.iter().flat_map(|one| candidates.iter().map(move |other| (one, other)));
    pairs.fold(Choice::from(0), |any, (one, other)| any | one.ct_eq(other)).into()
}

/// The parts of a setting that holds several.
pub(crate) fn words(setting: &str) -> impl Iterator<Item = &str> {
    setting.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn each_of_several_secrets_opens_and_nothing_else() {
        let secrets = Secrets::parse("first, second\nthird");
        for (candidate, opens) in [
            ("first", true),
            ("second", true),
            ("third", true),
            ("firs", false),
            ("first,", false),
            ("", false),
        ] {
            assert_eq!(secrets.contain(candidate), opens, "{candidate}");
        }
        assert!(!Secrets::parse(" , ").contain(""));
        assert!(Secrets::parse("").is_empty());
    }
}
