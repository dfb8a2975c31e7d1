//! When a webhook was signed: whether that is now, and how [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339)
//! writes it.

use super::unproven::Unproven;

/// How far the time of a signature may be from ours, in milliseconds: five minutes to either side, as
/// the libraries of Standard Webhooks have it.
pub const TOLERANCE_MS: u64 = 5 * 60_000;

const MS_PER_SECOND: u64 = 1_000;
const SECONDS_A_DAY: i64 = 86_400;

/// Whether it was signed now.
pub(super) const fn check(sent_ms: u64, now_ms: u64) -> Result<(), Unproven> {
    if now_ms.saturating_sub(sent_ms) > TOLERANCE_MS {
        Err(Unproven::Stale)
    } else if sent_ms.saturating_sub(now_ms) > TOLERANCE_MS {
        Err(Unproven::Future)
    } else {
        Ok(())
    }
}

/// `2021-07-25T10:00:00Z`, from milliseconds since 1970.
pub(super) fn write(ms: u64) -> String {
    // A thousandth of any number of milliseconds fits.
    let seconds = i64::try_from(ms / MS_PER_SECOND).unwrap_or(i64::MAX);
    let (year, month, day) = date(seconds / SECONDS_A_DAY);
    let of_day = seconds % SECONDS_A_DAY;
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Milliseconds since 1970, from a `date-time` of RFC 3339, with any fraction and offset. None for one
/// that is not in the calendar, or before 1970.
pub(super) fn read(text: &str) -> Option<u64> {
    let (date, time) = text.split_at_checked(10)?;
    let day = day(date)?;
    let (clock, rest) = time.strip_prefix(['T', 't', ' '])?.split_at_checked(8)?;
    let (fraction_ms, zone) = fraction(rest)?;
    let seconds = day * SECONDS_A_DAY + of_day(clock)? - offset(zone)?;
    u64::try_from(seconds).ok()?.checked_mul(MS_PER_SECOND)?.checked_add(fraction_ms)
}

/// The days from 1970 to `2021-07-25`.
fn day(date: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let days = days(year, month, day);
    (self::date(days) == (year, month, day)).then_some(days)
}

/// The seconds from midnight to `10:00:00`; the sixtieth is a leap second.
fn of_day(clock: &str) -> Option<i64> {
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3_600 + minute * 60 + second)
}

/// What a fraction of a second has in whole milliseconds, and what stands behind it.
fn fraction(rest: &str) -> Option<(u64, &str)> {
    let Some(fraction) = rest.strip_prefix('.') else {
        return Some((0, rest));
    };
    let end = fraction.find(|c: char| !c.is_ascii_digit())?;
    let (digits, zone) = fraction.split_at_checked(end)?;
    let first = digits.bytes().chain(*b"000").take(3);
    let ms = first.fold(0, |ms, digit| ms * 10 + u64::from(digit - b'0'));
    (!digits.is_empty()).then_some((ms, zone))
}

/// How far clocks are ahead there, in seconds.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (sign, ahead) = zone.split_at_checked(1)?;
    let [hours, minutes] = numbers(ahead, ':', [2, 2])?;
    let seconds = (hours < 24 && minutes < 60).then_some(hours * 3_600 + minutes * 60)?;
    match sign {
        "+" => Some(seconds),
        "-" => Some(-seconds),
        _ => None,
    }
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut found = [0; N];
    let mut parts = text.split(separator);
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        *number = part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(found)
}

/// Year, month and day of a day counted from 1970, by Howard Hinnant's `civil_from_days`: years
/// begin in March, so that the leap day is the last one.
const fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// And back, by his `days_from_civil`. Of a day that is not in the calendar it makes another.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_by_the_calendar() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (951_868_800_000, "2000-03-01T00:00:00Z"),
            (1_627_207_200_000, "2021-07-25T10:00:00Z"),
            (1_798_761_599_000, "2026-12-31T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(write(ms), text);
            assert_eq!(write(ms + 999), text);
            assert_eq!(read(text), Some(ms));
        }
        assert!(write(u64::MAX).ends_with('Z'));
    }

    #[test]
    fn every_form_of_the_same_moment_is_read() {
        for (text, ms) in [
            ("2021-07-25T10:00:00.5Z", 1_627_207_200_500),
            ("2021-07-25T10:00:00.123456789Z", 1_627_207_200_123),
            ("2021-07-25t10:00:00z", 1_627_207_200_000),
            ("2021-07-25 10:00:00Z", 1_627_207_200_000),
            ("2021-07-25T12:00:00+02:00", 1_627_207_200_000),
            ("2021-07-25T04:30:00.000-05:30", 1_627_207_200_000),
            ("2021-07-25T10:00:00-00:00", 1_627_207_200_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ] {
            assert_eq!(read(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "2021-07-25",
            "2021-07-25T10:00:00",
            "2021-07-25T10:00:00.Z",
            "2021-07-25T10:00:00.5",
            "2021-07-25T10:00:00+0200",
            "2021-07-25T10:00:00+24:00",
            "2021-07-25T10:00:00*02:00",
            "2021-07-25T24:00:00Z",
            "2021-07-25T10:60:00Z",
            "2021-07-25T10:00:61Z",
            "2021-02-29T00:00:00Z",
            "2021-13-01T00:00:00Z",
            "2021-00-10T00:00:00Z",
            "2021-01-00T00:00:00Z",
            "2021-7-25T10:00:00Z",
            "+021-07-25T10:00:00Z",
            "1969-12-31T23:59:59Z",
            "2021-07-25T10:00:00Zz",
            "ä021-07-2äT10:00:00Z",
            "1627207200",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_window_ends_at_five_minutes_on_either_side() {
        const NOW: u64 = 1_627_207_200_000;
        for (sent_ms, outcome) in [
            (NOW, Ok(())),
            (NOW - TOLERANCE_MS, Ok(())),
            (NOW - TOLERANCE_MS - 1, Err(Unproven::Stale)),
            (NOW + TOLERANCE_MS, Ok(())),
            (NOW + TOLERANCE_MS + 1, Err(Unproven::Future)),
            (0, Err(Unproven::Stale)),
            (u64::MAX, Err(Unproven::Future)),
        ] {
            assert_eq!(check(sent_ms, NOW), outcome, "{sent_ms}");
        }
        assert_eq!(check(u64::MAX, u64::MAX), Ok(()));
        assert_eq!(check(0, 0), Ok(()));
    }
}
