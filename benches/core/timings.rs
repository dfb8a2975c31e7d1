//! How long it takes natively to do what a request asks of the core.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ticketwire::Limits;
use ticketwire::event::{ConversationId, Policy};
use ticketwire::reply::parse_json;
use ticketwire::session::{AUDIENCE, Scope, Scopes, Session, SessionSecrets};
use ticketwire::sse::{Frame, Line, Parser};
use ticketwire::webhook::{StandardProof, StandardSecret, ZendeskProof, ZendeskSecret};
use ticketwire_benches::{CASES, Case, check};

const NOW_MS: u64 = 1_795_000_000_000;
/// What the agent says, as its webhook brings it.
const REPLY: &[u8] = include_bytes!("../bodies/reply.json");
/// How the bytes of a stream come.
const CHUNK_BYTES: usize = 1_400;
const FRAMES: u64 = 100;
const MAX_FRAME_BYTES: usize = 1_048_576;

/// An event that somebody sends.
fn checks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    let policy = Policy::default();
    for Case { name, body } in CASES {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), body, |bencher, body| {
            bencher.iter(|| check(body, &policy));
        });
    }
    group.finish();
}

/// Who sends it: a browser's token.
fn tokens(criterion: &mut Criterion) {
    let secrets = SessionSecrets::parse("2026-11:correct-horse-battery-staple-correct").unwrap();
    let session = Session {
        conversations: vec![ConversationId::parse("case-4711", &Limits::default()).unwrap()],
        scopes: Scopes::from_iter([Scope::Send, Scope::Read]),
        bot: None,
        origin: None,
        expires_ms: NOW_MS + 600_000,
    };
    let token = secrets.mint(&session, AUDIENCE, NOW_MS).unwrap().token;
    let mut group = criterion.benchmark_group("session");
    group.throughput(Throughput::Bytes(token.len() as u64));
    group.bench_function("token", |bencher| {
        bencher.iter(|| secrets.read(black_box(&token), AUDIENCE, NOW_MS).unwrap());
    });
    group.finish();
}

/// What the agent answers: its webhook's proof, and what it says.
fn webhooks(criterion: &mut Criterion) {
    let standard = [StandardSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap()];
    let zendesk = [ZendeskSecret::parse("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==").unwrap()];
    let standard_headers = StandardProof::sign(&standard, "msg_1", NOW_MS, REPLY).headers().map(owned);
    let zendesk_headers = ZendeskProof::sign(&zendesk[0], NOW_MS, REPLY).headers().map(owned);
    let limits = Limits::default();
    let mut group = criterion.benchmark_group("webhook");
    group.throughput(Throughput::Bytes(REPLY.len() as u64));
    group.bench_function("standard-proof", |bencher| {
        bencher.iter(|| {
            StandardProof::read(among(&standard_headers)).unwrap().check(&standard, black_box(REPLY), NOW_MS)
        });
    });
    group.bench_function("zendesk-proof", |bencher| {
        bencher.iter(|| {
            ZendeskProof::read(among(&zendesk_headers)).unwrap().check(&zendesk, black_box(REPLY), NOW_MS)
        });
    });
    group.bench_function("reply", |bencher| bencher.iter(|| parse_json(black_box(REPLY), &limits).unwrap()));
    group.finish();
}

fn owned((name, value): (&'static str, &str)) -> (&'static str, String) {
    (name, value.to_owned())
}

fn among(headers: &[(&'static str, String)]) -> impl Fn(&str) -> Option<String> {
    |wanted| headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
}

/// Who follows the conversation: a hundred replies, written as frames, and read as they come.
fn streams(criterion: &mut Criterion) {
    let reply = std::str::from_utf8(REPLY).unwrap();
    let write = || (1..=FRAMES).map(|number| frame(number, reply)).collect::<String>();
    let stream = write();
    let mut group = criterion.benchmark_group("stream");
    group.throughput(Throughput::Bytes(stream.len() as u64));
    group.bench_function("write", |bencher| bencher.iter(write));
    group.bench_function("read", |bencher| bencher.iter(|| heard(black_box(stream.as_bytes()))));
    group.finish();
}

fn frame(number: u64, data: &str) -> String {
    const REPLY: Line<'static> = Line::literal("reply");
    Frame::default().event(REPLY).id(Line::from(number)).data(black_box(data)).to_text()
}

fn heard(stream: &[u8]) -> u64 {
    let mut parser = Parser::new(MAX_FRAME_BYTES);
    let mut count = 0;
    for chunk in stream.chunks(CHUNK_BYTES) {
        parser.push(chunk, |message| count += u64::from(!black_box(message).data.is_empty())).unwrap();
    }
    assert_eq!(count, FRAMES);
    count
}

criterion_group!(benches, checks, tokens, webhooks, streams);
criterion_main!(benches);
