//! The headers and the body of a webhook.

use base64ct::{Base64, Encoding};
use ticketwire::webhook::{
    StandardProof, StandardSecret, TOLERANCE_MS, Unproven, ZendeskProof, ZendeskSecret,
};

use super::plain_time::plainly;
use super::signature::{flip, flip_each, sign};

const NOW_MS: u64 = 1_614_265_330_000;
const SECRETS: [&str; 2] = ["the_new_secret", "the_old_secret"];
const FOREIGN: &str = "a_foreign_secret";

/// What of the header with signatures stands for one: the first of them is right, the second is but for
/// one bit, the third is by a secret that is not ours.
const SIGNERS: [char; 3] = ['%', '!', '$'];

/// From then on a year has five digits.
const YEAR_10000_MS: u64 = 253_402_300_800_000;

/// Reads the bytes as an id, a timestamp, signatures, each on a line, and a body. A line that is not
/// there is a header that is missing.
pub fn run(data: &[u8]) {
    let mut lines = data.splitn(4, |byte| *byte == b'\n');
    let [id, timestamp, signatures] =
        [(); 3].map(|()| lines.next().map(|line| String::from_utf8_lossy(line).into_owned()));
    let body = lines.next().unwrap_or_default();
    check_near_misses(body);
    check_standard(id.as_deref(), timestamp.as_deref(), signatures.as_deref(), body);
    check_zendesk(timestamp.as_deref(), signatures.as_deref(), body);
    check_signed(&id.unwrap_or_default(), any_second(&timestamp.unwrap_or_default()), body);
}

fn check_standard(id: Option<&str>, timestamp: Option<&str>, signatures: Option<&str>, body: &[u8]) {
    let message = [id.unwrap_or_default(), timestamp.unwrap_or_default()].map(str::as_bytes);
    let parts = [message[0], b".", message[1], b".", body];
    let written = signatures.map(|text| write(text, &parts));
    let right = rights(&parts).map(|right| format!("v1,{right}"));
    let is_right =
        written.iter().flat_map(|text| text.split(' ')).any(|one| right.iter().any(|it| it == one));
    let sent_ms = timestamp.and_then(seconds).filter(|_| id.is_some() && is_right);
    let values = [id, timestamp, written.as_deref()];
    let read = StandardProof::read(lookup(StandardProof::HEADERS, values));
    for now_ms in clocks(sent_ms) {
        let found = read.as_ref().map_err(|reason| *reason);
        let found = found.and_then(|proof| proof.check(&standard(&SECRETS), body, now_ms));
        check_found(found, sent_ms, now_ms);
    }
}

fn check_zendesk(timestamp: Option<&str>, signature: Option<&str>, body: &[u8]) {
    let parts = [timestamp.unwrap_or_default().as_bytes(), body];
    let written = signature.map(|text| write(text, &parts));
    let is_right = written.as_ref().is_some_and(|written| rights(&parts).contains(written));
    let sent_ms = timestamp.and_then(plainly).filter(|_| is_right);
    let read = ZendeskProof::read(lookup(ZendeskProof::HEADERS, [written.as_deref(), timestamp]));
    for now_ms in clocks(sent_ms) {
        let found = read.as_ref().map_err(|reason| *reason);
        let found = found.and_then(|proof| proof.check(&zendesk(&SECRETS), body, now_ms));
        check_found(found, sent_ms, now_ms);
    }
}

/// Of all signatures that are right but for a bit none will do.
fn check_near_misses(body: &[u8]) {
    let seconds = (NOW_MS / 1_000).to_string();
    let right = sign(SECRETS[0].as_bytes(), &[b"id.", seconds.as_bytes(), b".", body]);
    let written: Vec<_> =
        flip_each(right).map(|wrong| format!("v1,{}", Base64::encode_string(wrong.as_ref()))).collect();
    let written = written.join(" ");
    let values = [Some("id"), Some(seconds.as_str()), Some(written.as_str())];
    let proof = StandardProof::read(lookup(StandardProof::HEADERS, values)).expect("it is well formed");
    check_wrong(proof.check(&standard(&SECRETS), body, NOW_MS));
}

/// What we sign is proven while it is new, to those who know one of the secrets, and for this body.
fn check_signed(id: &str, sent_ms: u64, body: &[u8]) {
    let other = [body, b"x"].concat();
    let signed = StandardProof::sign(&standard(&SECRETS), id, sent_ms, body);
    let read = StandardProof::read(lookup_signed(&signed.headers())).expect("what is signed is read");
    assert_eq!(read, signed);
    check_window(sent_ms, |now_ms| read.check(&standard(&SECRETS[1..]), body, now_ms));
    check_wrong(read.check(&standard(&[FOREIGN]), body, sent_ms));
    check_wrong(read.check(&standard(&SECRETS), &other, sent_ms));
    let signed = ZendeskProof::sign(&zendesk(&SECRETS)[1], sent_ms, body);
    let read = ZendeskProof::read(lookup_signed(&signed.headers())).expect("what is signed is read");
    assert_eq!(read, signed);
    check_window(sent_ms, |now_ms| read.check(&zendesk(&SECRETS), body, now_ms));
    check_wrong(read.check(&zendesk(&[FOREIGN]), body, sent_ms));
    check_wrong(read.check(&zendesk(&SECRETS), &other, sent_ms));
}

/// Any second that a header can have.
fn any_second(seed: &str) -> u64 {
    let digits = sign(seed.as_bytes(), &[]).map(u64::from);
    let any = digits[..6].iter().fold(0, |number, byte| number << 8 | byte) % YEAR_10000_MS;
    any / 1_000 * 1_000
}

fn check_wrong(found: Result<(), Unproven>) {
    assert_eq!(found, Err(Unproven::WrongSignature));
}

fn check_window(sent_ms: u64, check: impl Fn(u64) -> Result<(), Unproven>) {
    for now_ms in clocks(Some(sent_ms)) {
        assert_eq!(check(now_ms), window(sent_ms, now_ms));
    }
}

/// `sent_ms` is when it was signed, where it was by one of the secrets.
fn check_found(found: Result<(), Unproven>, sent_ms: Option<u64>, now_ms: u64) {
    match sent_ms {
        Some(sent_ms) => assert_eq!(found, window(sent_ms, now_ms)),
        None => assert!(found.is_err_and(|reason| reason <= Unproven::WrongSignature), "{found:?}"),
    }
}

fn window(sent_ms: u64, now_ms: u64) -> Result<(), Unproven> {
    match i128::from(now_ms) - i128::from(sent_ms) {
        age if age > i128::from(TOLERANCE_MS) => Err(Unproven::Stale),
        age if age < -i128::from(TOLERANCE_MS) => Err(Unproven::Future),
        _ => Ok(()),
    }
}

/// The clocks at which to look: ours, the ends of time, and those about the ends of the window.
fn clocks(sent_ms: Option<u64>) -> impl Iterator<Item = u64> {
    let sent_ms = sent_ms.unwrap_or(NOW_MS);
    let (first, last) = (sent_ms.saturating_sub(TOLERANCE_MS), sent_ms.saturating_add(TOLERANCE_MS));
    [NOW_MS, 0, u64::MAX, first.saturating_sub(1), first, last, last.saturating_add(1)].into_iter()
}

/// Unix seconds as they are in a header, in milliseconds.
fn seconds(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let seconds: u64 = is_number.then(|| text.parse().ok())??;
    Some(seconds.saturating_mul(1_000))
}

/// The signatures of these parts, as each of the secrets makes them.
fn rights(parts: &[&[u8]]) -> [String; 2] {
    SECRETS.map(|secret| Base64::encode_string(sign(secret.as_bytes(), parts).as_ref()))
}

/// The header with signatures, where some stand in the place of what stands for them.
fn write(text: &str, parts: &[&[u8]]) -> String {
    let right = sign(SECRETS[1].as_bytes(), parts);
    let signatures = [right, flip(right), sign(FOREIGN.as_bytes(), parts)];
    let pairs = SIGNERS.into_iter().zip(signatures);
    pairs.fold(text.to_owned(), |text, (signer, one)| {
        text.replace(signer, &Base64::encode_string(one.as_ref()))
    })
}

fn lookup<'a, const N: usize>(
    names: [&'a str; N],
    values: [Option<&'a str>; N],
) -> impl Fn(&str) -> Option<String> {
    move |name| names.iter().zip(values).find(|(known, _)| **known == name)?.1.map(str::to_owned)
}

fn lookup_signed(headers: &[(&'static str, &str)]) -> impl Fn(&str) -> Option<String> {
    |name| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

fn standard(secrets: &[&str]) -> Vec<StandardSecret> {
    let secret = |text: &&str| StandardSecret::parse(&Base64::encode_string(text.as_bytes()));
    secrets.iter().map(secret).collect::<Result<_, _>>().expect("the secrets are good")
}

fn zendesk(secrets: &[&str]) -> Vec<ZendeskSecret> {
    let secret = |text: &&str| ZendeskSecret::parse(text);
    secrets.iter().map(secret).collect::<Result<_, _>>().expect("the secrets are good")
}
