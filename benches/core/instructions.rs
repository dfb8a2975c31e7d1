//! Checks an event so many times, for a program to watch that counts instructions.
//!
//! `instructions CASE TIMES`

use std::process::ExitCode;

use ticketwire::event::Policy;
use ticketwire_benches::{CASES, check};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, times] = arguments.as_slice() else { return usage() };
    let case = CASES.iter().find(|case| case.name == name);
    let (Some(case), Ok(times)) = (case, times.parse::<u32>()) else { return usage() };
    let policy = Policy::default();
    for _ in 0..times {
        check(case.body, &policy);
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    let names = CASES.map(|case| case.name).join("|");
    eprintln!("usage: instructions {names} TIMES");
    ExitCode::FAILURE
}
