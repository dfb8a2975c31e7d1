//! Reading settings, one by one: each has a default or is needed, and what is wrong is noted.

use serde::Serialize;

use super::keys::{Keys, words};
use crate::webhook::BadSecret;

/// Our choice.
const MAX_RETENTION_HOURS: u64 = 24 * 366;
const MS_PER_HOUR: u64 = 3_600_000;

/// A setting that is missing or wrong, and what to do about it. Its value is never repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Gap {
    pub(super) setting: String,
    pub(super) detail: String,
}

/// Reads settings by their names, and notes what is missing or wrong.
pub(super) struct Reader<F> {
    pub(super) lookup: F,
    pub(super) gaps: Vec<Gap>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    pub(super) fn get(&self, setting: &str) -> Option<String> {
        (self.lookup)(setting).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn gap(&mut self, setting: &str, detail: impl Into<String>) {
        self.gaps.push(Gap { setting: setting.to_owned(), detail: detail.into() });
    }

    /// A required setting.
    pub(super) fn required(&mut self, setting: &str, what: &str) -> Option<String> {
        let value = self.get(setting);
        if value.is_none() {
            self.gap(setting, format!("not set; it holds {what}"));
        }
        value
    }

    pub(super) fn keys(&mut self, setting: &str, what: &str) -> Keys {
        self.required(setting, what);
        Keys::parse(&self.secrets(setting))
    }

    /// A setting that holds secrets, which have to be long; empty where it is not set.
    pub(super) fn secrets(&mut self, setting: &str) -> String {
        const MIN_BYTES: usize = 16;
        let value = self.get(setting).unwrap_or_default();
        if words(&value).any(|secret| secret.len() < MIN_BYTES) {
            self.gap(
                setting,
                format!("a secret has fewer than {MIN_BYTES} characters; make longer ones at random"),
            );
        }
        value
    }

    /// The secrets in a setting that signatures are made with.
    pub(super) fn signing<T>(&mut self, setting: &str, parse: fn(&str) -> Result<T, BadSecret>) -> Vec<T> {
        let secrets = self.secrets(setting);
        words(&secrets).filter_map(|secret| self.checked(setting, parse(secret))).collect()
    }

    pub(super) fn number(&mut self, setting: &str, default: u32, max: u32) -> u32 {
        let Some(value) = self.get(setting) else {
            return default;
        };
        match value.parse() {
            Ok(number) if (1..=max).contains(&number) => number,
            _ => {
                self.gap(setting, format!("expected a whole number from 1 to {max}"));
                default
            }
        }
    }

    /// Hours, of which a part may be given, in milliseconds.
    pub(super) fn hours(&mut self, setting: &str, default: u64) -> u64 {
        const MAX_MS: u64 = MAX_RETENTION_HOURS * MS_PER_HOUR;
        match self.get(setting).map(|value| hours_in_ms(&value)) {
            None => default * MS_PER_HOUR,
            Some(Some(ms)) if (1..=MAX_MS).contains(&ms) => ms,
            Some(_) => {
                let detail = format!("expected a number of hours above 0, up to {MAX_RETENTION_HOURS}");
                self.gap(setting, detail);
                default * MS_PER_HOUR
            }
        }
    }

    /// The name of a header; lower case, as names are compared.
    pub(super) fn header(&mut self, setting: &str, default: &str) -> String {
        let name = self.get(setting).unwrap_or_else(|| default.to_owned());
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return name.to_ascii_lowercase();
        }
        self.gap(setting, "expected the name of a header: letters, digits and hyphens");
        default.to_ascii_lowercase()
    }

    pub(super) fn checked<T, E: std::fmt::Display>(
        &mut self,
        setting: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.gap(setting, error.to_string())).ok()
    }
}

/// A decimal number of hours as milliseconds, the last of them begun. Digit by digit: all that knows of
/// floating point is a tenth of the relay's weight.
fn hours_in_ms(hours: &str) -> Option<u64> {
    let (whole, fraction) = hours.split_once('.').unwrap_or((hours, ""));
    let is_number = !(whole.is_empty() && fraction.is_empty());
    let digits = whole.bytes().chain(fraction.bytes());
    if !is_number || !digits.clone().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut part = 0;
    // From the last digit to the first, as by hand. Whatever is left over at a step makes one more.
    for digit in fraction.bytes().rev() {
        part = (u64::from(digit - b'0') * MS_PER_HOUR + part).div_ceil(10);
    }
    whole.checked_mul(MS_PER_HOUR)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_counted_in_milliseconds() {
        for (hours, ms) in [
            ("24", 86_400_000),
            ("0.5", 1_800_000),
            ("1.25", 4_500_000),
            (".5", 1_800_000),
            ("1.", 3_600_000),
            ("0.0001", 360),
            ("0.0002777777777777778", 1_001),
            ("0.0000000000000000001", 1),
            ("0", 0),
        ] {
            assert_eq!(hours_in_ms(hours), Some(ms), "{hours}");
        }
        for wrong in ["", ".", "-1", "+1", "1e3", "1,5", "0x1", " 1", "inf", "99999999999999999999"] {
            assert_eq!(hours_in_ms(wrong), None, "{wrong}");
        }
    }
}
