//! Every file of every corpus, through the target that it belongs to: what fuzzing has found stays
//! found, on any Rust.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, dead_code, reason = "a crate of its own elsewhere")]
mod fuzz;

const CORPORA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus");
const MAX_FILES: usize = 300;
const MAX_BYTES: usize = 500_000;

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(Path::new(CORPORA).join(name)).unwrap();
    files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn what_must_hold_holds_for_every_file() {
    for (name, run) in fuzz::TARGETS {
        let files = corpus(name);
        assert!(files.len() > 20, "{name}: a corpus of {}", files.len());
        files.iter().for_each(|data| run(data));
    }
}

#[test]
fn every_corpus_is_small_and_has_a_target() {
    for folder in fs::read_dir(CORPORA).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(fuzz::TARGETS.iter().any(|(target, _)| *target == name), "{name} is nobody's");
        let files = corpus(&name);
        let bytes: usize = files.iter().map(Vec::len).sum();
        let advice = format!("cargo +nightly fuzz cmin {name}");
        assert!(files.len() <= MAX_FILES, "{name}: {} files; {advice}", files.len());
        assert!(bytes <= MAX_BYTES, "{name}: {bytes} bytes; {advice}");
    }
}
