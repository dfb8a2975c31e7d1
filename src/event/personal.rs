//! Values that look personal.
//!
//! A look, not a proof: each kind is recognized by its form and, where it has one, its check
//! digits. A wrong guess costs a warning, so the forms are kept narrow: an order number should
//! not look like a telephone number.

use std::fmt;

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PersonalData {
    /// An e-mail address stands in the value.
    Email,
    /// The value is a telephone number written with `+`, `00` or separators.
    Phone,
    /// The value is 13 to 19 digits with a valid Luhn check digit, as a payment card has.
    PaymentCard,
    /// The value is an IBAN with valid check digits (ISO 13616).
    Iban,
}

impl fmt::Display for PersonalData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PersonalData {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Email => "an e-mail address",
            Self::Phone => "a telephone number",
            Self::PaymentCard => "a payment card number",
            Self::Iban => "an IBAN",
        }
    }

    /// What this value looks like, if like anything personal.
    ///
    /// ```
    /// use ticketwire::event::PersonalData;
    ///
    /// assert_eq!(PersonalData::seen_in("jo@example.com"), Some(PersonalData::Email));
    /// assert_eq!(PersonalData::seen_in("ABC123"), None);
    /// ```
    pub fn seen_in(value: &str) -> Option<Self> {
        let value = value.trim_ascii();
        if holds_email(value.as_bytes()) {
            Some(Self::Email)
        } else if is_iban(value) {
            Some(Self::Iban)
        } else if is_payment_card(value) {
            Some(Self::PaymentCard)
        } else if is_phone(value) {
            Some(Self::Phone)
        } else {
            None
        }
    }
}

fn holds_email(value: &[u8]) -> bool {
    let parts = |byte: &u8| byte.is_ascii_whitespace() || b",;<>()[]\":".contains(byte);
    // Most values have none, and need not be taken apart.
    value.contains(&b'@') && value.split(parts).any(is_email)
}

fn is_email(word: &[u8]) -> bool {
    let Some((local, mut domain)) = around_last(b'@', word) else {
        return false;
    };
    while let [rest @ .., b'.'] = domain {
        domain = rest;
    }
    let Some((name, top)) = around_last(b'.', domain) else {
        return false;
    };
    !local.is_empty()
        && !name.is_empty()
        && top.iter().filter(|byte| begins_character(**byte)).count() > 1
        && top.iter().all(is_letter)
        && name.iter().all(|byte| is_letter(byte) || byte.is_ascii_digit() || b"-.".contains(byte))
}

fn around_last(byte: u8, word: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = word.iter().rposition(|other| *other == byte)?;
    Some((word.get(..at)?, word.get(at + 1..)?))
}

/// Outside ASCII all are taken for letters: Unicode's tables would weigh more than the check.
const fn is_letter(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

const fn begins_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn is_phone(value: &str) -> bool {
    const SEPARATORS: &[u8] = b" -./()";
    let international = value.starts_with('+') || value.starts_with("00");
    let is_national = || value.starts_with(['0', '(']) && value.bytes().any(|byte| b" -/()".contains(&byte));
    let rest = value.strip_prefix('+').unwrap_or(value);
    (international || is_national())
        && (8..=15).contains(&digits(value).count())
        && rest.bytes().all(|byte| byte.is_ascii_digit() || SEPARATORS.contains(&byte))
}

fn is_payment_card(value: &str) -> bool {
    // Issuers of payment cards have numbers from 2 to 6.
    value.starts_with(['2', '3', '4', '5', '6'])
        && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'-')
        && (13..=19).contains(&digits(value).count())
        && luhn(digits(value).rev())
}

fn digits(value: &str) -> impl DoubleEndedIterator<Item = u8> {
    value.bytes().filter(u8::is_ascii_digit)
}

/// Luhn's check over digits from the last to the first.
fn luhn(reversed: impl Iterator<Item = u8>) -> bool {
    let sum: u32 = reversed
        .enumerate()
        .map(|(index, digit)| {
            let digit = u32::from(digit - b'0');
            match index % 2 {
                0 => digit,
                _ => digit * 2 / 10 + digit * 2 % 10,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_iban(value: &str) -> bool {
    let compact = value.bytes().filter(|byte| *byte != b' ');
    let stands = |(at, byte): (usize, u8)| match at {
        0 | 1 => byte.is_ascii_uppercase(),
        2 | 3 => byte.is_ascii_digit(),
        _ => byte.is_ascii_alphanumeric(),
    };
    compact.clone().enumerate().all(stands)
        && (15..=34).contains(&compact.clone().count())
        && mod_97(compact.clone().skip(4).chain(compact.take(4))) == 1
}

/// ISO 7064 MOD 97-10, letters counting from 10.
fn mod_97(characters: impl Iterator<Item = u8>) -> u32 {
    characters.fold(0, |remainder, character| match char::from(character).to_digit(36) {
        Some(number @ 10..) => (remainder * 100 + number) % 97,
        Some(number) => (remainder * 10 + number) % 97,
        None => remainder,
    })
}

#[cfg(test)]
mod tests {
    use super::PersonalData::{self, Email, Iban, PaymentCard, Phone};

    #[test]
    fn values_are_told_apart_by_form_and_check_digits() {
        let table = [
            ("jo@example.com", Some(Email)),
            ("Jo Doe <jo.doe+x@mail.example.co.uk>", Some(Email)),
            ("jo@müller.example", Some(Email)),
            ("jo@localhost", None),
            ("@example.com", None),
            ("price @ 3.50", None),
            ("+49 30 1234567", Some(Phone)),
            ("0049301234567", Some(Phone)),
            ("(030) 123-4567", Some(Phone)),
            ("030 1234567", Some(Phone)),
            ("0301234567", None),
            ("+49", None),
            ("+1234567890123456", None),
            ("1234567890", None),
            ("4111 1111 1111 1111", Some(PaymentCard)),
            ("378282246310005", Some(PaymentCard)),
            ("4111111111111112", None),
            ("1111111111111117", None),
            ("DE89 3704 0044 0532 0130 00", Some(Iban)),
            ("GB82WEST12345698765432", Some(Iban)),
            ("DE89 3704 0044 0532 0130 01", None),
            ("de89370400440532013000", None),
            ("ABC123", None),
            ("user-9742", None),
            ("2026-11-22", None),
            ("12:30", None),
            ("", None),
            ("ÄÖÜ", None),
        ];
        for (value, expected) in table {
            assert_eq!(PersonalData::seen_in(value), expected, "{value}");
        }
    }
}
