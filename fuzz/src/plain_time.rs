//! The date-times of RFC 3339 once more, the simplest way: by counting every year and every month. A
//! second opinion, for fuzzing.

const DAYS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Milliseconds since 1970, where the text is a moment that is not before that.
pub fn plainly(text: &str) -> Option<u64> {
    let (moment, rest) = text.split_at_checked(19)?;
    let (ms, zone) = rest.strip_prefix('.').map_or(Some((0, rest)), fraction)?;
    let ms = (seconds(moment)? - ahead(zone)?) * 1_000 + ms;
    u64::try_from(ms).ok()
}

/// Seconds from 1970 to `2021-07-25T10:00:00`, at an offset of none.
fn seconds(moment: &str) -> Option<i64> {
    let form = moment.chars().map(|c| if c.is_ascii_digit() { '0' } else { c.to_ascii_uppercase() });
    if form.collect::<String>().replace(' ', "T") != "0000-00-00T00:00:00" {
        return None;
    }
    let number = |from: usize, to: usize| number(moment, from, to);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let is_time = hour < 24 && minute < 60 && second <= 60;
    let days = days(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
    is_time.then_some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// Days from 1970 to one of the calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_date = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
    let since: i64 = (1970..year).map(year_length).sum();
    let until: i64 = (year..1970).map(year_length).sum();
    let months: i64 = (1..month).map(|month| length(year, month)).sum();
    is_date.then_some(since - until + months + day - 1)
}

fn year_length(year: i64) -> i64 {
    (1..=12).map(|month| length(year, month)).sum()
}

fn length(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let index = usize::try_from(month - 1).unwrap_or_default();
    DAYS.get(index).copied().unwrap_or_default() + i64::from(is_leap && month == 2)
}

/// Whole milliseconds of a fraction's digits, and what stands behind them.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let zone = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.strip_suffix(zone).filter(|digits| !digits.is_empty())?;
    Some((number(&format!("{digits}00"), 0, 3)?, zone))
}

/// How many seconds clocks are ahead there.
fn ahead(zone: &str) -> Option<i64> {
    let form: String = zone.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let offset = || Some((number(zone, 1, 3)?, number(zone, 4, 6)?));
    let seconds = || offset().filter(|(h, m)| *h < 24 && *m < 60).map(|(h, m)| (h * 60 + m) * 60);
    match form.as_str() {
        "Z" | "z" => Some(0),
        "+00:00" => seconds(),
        "-00:00" => seconds().map(|seconds| -seconds),
        _ => None,
    }
}

/// The number that the digits of a text are, from one of its bytes to another.
fn number(text: &str, from: usize, to: usize) -> Option<i64> {
    text.get(from..to)?.parse().ok()
}
