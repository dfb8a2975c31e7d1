//! The promises of the outbox, on a clock that is turned by hand: whatever happens in whatever
//! order, and wherever the process is killed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may")]

mod outage;
mod rows;
mod script;
mod world;

use proptest::prelude::*;
use ticketwire::outbox::State;

use script::{OUTCOMES, Script, Step, scripts};
use world::World;

/// The longest wait there is: an hour with its jitter, or an hour of `Retry-After`.
const LONGEST_WAIT_MS: u64 = 72 * 60_000;

/// Runs a script, then lets everything be well, and checks what must be true in the end.
fn run(script: &Script) {
    let mut world = World::default();
    for step in &script.0 {
        world.run(*step);
    }
    let took_ms = world.heal();
    assert!(took_ms <= LONGEST_WAIT_MS, "took {took_ms} ms to drain");
    nothing_is_lost(&world);
    order_is_kept(&world);
    duplicates_have_a_cause(&world);
}

fn nothing_is_lost(world: &World) {
    for row in world.rows.states() {
        let is_settled = matches!(row.state, State::Delivered { .. } | State::Parked { .. });
        assert!(is_settled, "event {} is {:?}", row.seq, row.state);
    }
}

/// Events that were replayed have given up their place.
fn order_is_kept(world: &World) {
    let in_order = world.calls.iter().filter(|call| !world.replayed.contains(&call.seq));
    let numbers: Vec<_> = in_order.map(|call| call.seq).collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
}

fn duplicates_have_a_cause(world: &World) {
    let taken: Vec<_> = world.calls.iter().filter(|call| call.is_taken).map(|call| call.seq).collect();
    let mut once = taken.clone();
    once.sort_unstable();
    once.dedup();
    assert!(taken.len() - once.len() <= world.unheard, "{taken:?}, {} unheard", world.unheard);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn promises_hold_whatever_happens(script in scripts()) {
        run(&script);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn promises_hold_wherever_the_process_is_killed(script in scripts()) {
        for at in 0..=script.0.len() {
            let mut killed = script.clone();
            killed.0.insert(at, Step::Kill);
            run(&killed);
        }
    }
}

#[test]
fn every_outcome_in_every_state_keeps_the_promises() {
    let accept = Step::Accept { key: None, body: 0, waits: true };
    let end = |outcome| Step::Answer { outcome, retry_after_s: None };
    for first in OUTCOMES {
        for second in OUTCOMES {
            for between in [Step::Kill, Step::Wait { seconds: 100 }, Step::Replay { seq: 1 }, accept] {
                run(&Script(vec![accept, end(first), between, end(second)]));
            }
        }
    }
}

#[test]
fn what_a_newer_version_wrote_is_left_alone() {
    let mut world = World::default();
    (0..2).for_each(|_| world.run(Step::Accept { key: None, body: 0, waits: false }));
    world.rows.0.borrow_mut().values_mut().for_each(|row| row.delivery.version += 1);
    let before = world.rows.states();
    for step in [Step::Kill, Step::Wait { seconds: 7_200 }] {
        world.run(step);
        assert_eq!((world.calls.len(), world.rows.states()), (0, before.clone()));
    }
    assert!(world.alarm_ms.is_some_and(|at_ms| at_ms > world.now_ms), "another look, later");
}

#[test]
fn a_failing_script_can_be_read() {
    let script = Script(vec![
        Step::Accept { key: Some(1), body: 2, waits: false },
        Step::Answer { outcome: OUTCOMES[6], retry_after_s: Some(30) },
        Step::Kill,
    ]);
    let lines = [
        "  1. an event with body 2 comes in, with key 1; its caller does not wait",
        "  2. the call ends: RateLimited, Retry-After: 30",
        "  3. the process is killed, and started anew",
    ];
    assert_eq!(format!("{script:?}"), format!("\n  {}", lines.join("\n  ")));
}
