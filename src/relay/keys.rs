//! Comparing secrets: who calls us, and whether a webhook is the agent's.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// Several live secrets, so that one can be changed without an interruption. Held and compared as
/// SHA-256 digests: comparing takes the same time for every candidate, whatever its length and
/// however much of it is right.
#[derive(Clone, Default)]
pub(super) struct Keys(Vec<[u8; 32]>);

impl Keys {
    /// The secrets in a setting, separated by commas or white space.
    pub(super) fn parse(setting: &str) -> Self {
        Self(words(setting).map(digest).collect())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the candidate is one of the secrets. All are compared, always.
    pub(super) fn contain(&self, candidate: &str) -> bool {
        let candidate = digest(candidate);
        let any = self.0.iter().fold(Choice::from(0), |any, key| any | key.ct_eq(&candidate));
        any.into()
    }
}

/// The parts of a setting that holds several.
pub(super) fn words(setting: &str) -> impl Iterator<Item = &str> {
    setting.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}

/// SHA-256.
pub(super) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn each_of_several_keys_opens_and_nothing_else() {
        let keys = Keys::parse("first, second\nthird");
        for (candidate, opens) in [
            ("first", true),
            ("second", true),
            ("third", true),
            ("firs", false),
            ("first,", false),
            ("", false),
        ] {
            assert_eq!(keys.contain(candidate), opens, "{candidate}");
        }
        assert!(!Keys::parse(" , ").contain(""));
        assert!(Keys::parse("").is_empty());
    }
}
