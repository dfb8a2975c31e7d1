//! Long outages, on the virtual clock.

use ticketwire::api::Outcome;
use ticketwire::outbox::State;

use crate::script::Step;
use crate::world::World;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const ACCEPT: Step = Step::Accept { key: None, body: 0, waits: true };

/// Every call that begins before then ends so.
fn outage(world: &mut World, until_ms: u64, outcome: Outcome) {
    loop {
        if world.is_calling() {
            world.end(outcome);
        }
        match world.alarm_ms {
            Some(at_ms) if at_ms < until_ms => world.run(wait_ms(at_ms.saturating_sub(world.now_ms))),
            _ => break,
        }
    }
    let rest_ms = until_ms - world.now_ms;
    world.run(wait_ms(rest_ms));
}

/// Waits are in seconds; a started one counts.
fn wait_ms(ms: u64) -> Step {
    Step::Wait { seconds: u32::try_from(ms.div_ceil(1000)).unwrap() }
}

fn all_arrive_in_order(world: &World, count: usize) {
    let taken: Vec<_> = world.calls.iter().filter(|call| call.is_taken).map(|call| call.seq).collect();
    assert_eq!(taken, (1..=count as u64).collect::<Vec<_>>());
}

#[test]
fn a_day_without_the_api_follows_the_schedule_and_loses_nothing() {
    let mut world = World::default();
    (0..5).for_each(|_| world.run(ACCEPT));
    outage(&mut world, 24 * HOUR_MS, Outcome::Failed(503));
    let times: Vec<_> = world.calls.iter().map(|call| call.at_ms).collect();
    let waits = times.windows(2).map(|pair| pair[1] - pair[0]);
    let schedule = [1, 5, 15, 60, 300, 900, 1_800].into_iter().chain(std::iter::repeat(3_600));
    for (wait_ms, seconds) in waits.zip(schedule) {
        // The clock of this test goes in whole seconds.
        assert!((seconds * 800..=seconds * 1_200 + 1_000).contains(&wait_ms), "{wait_ms} ms for {seconds} s");
    }
    assert!((24..40).contains(&times.len()), "{} tries", times.len());
    assert!(world.calls.iter().all(|call| call.seq == 1), "nobody overtakes");
    assert!(world.heal() <= 72 * MINUTE_MS);
    all_arrive_in_order(&world, 5);
}

#[test]
fn a_refused_key_burns_nothing_however_long_it_takes() {
    for hours in [1, 24 * 7] {
        let mut world = World::default();
        (0..5).for_each(|_| world.run(ACCEPT));
        outage(&mut world, hours * HOUR_MS, Outcome::CredentialsRefused(401));
        let tries = world.calls.len() as u64;
        assert!((hours * 48..=hours * 76).contains(&tries), "about once a minute: {tries} in {hours} h");
        // An hour of trouble after the key is mended must not park what has waited for so long.
        outage(&mut world, (hours + 1) * HOUR_MS, Outcome::Failed(500));
        world.heal();
        all_arrive_in_order(&world, 5);
    }
}

#[test]
fn no_try_is_made_before_retry_after_is_over() {
    for seconds in [1, 30, 600, 3_600] {
        let mut world = World::default();
        world.run(ACCEPT);
        world.run(Step::Answer { outcome: Outcome::RateLimited, retry_after_s: Some(seconds) });
        world.run(Step::Wait { seconds: seconds - 1 });
        assert!(!world.is_calling(), "after {seconds} s less one");
        world.run(Step::Wait { seconds: 2 });
        assert!(world.is_calling() || seconds < 2, "after {seconds} s and one");
    }
}

#[test]
fn what_waited_for_its_turn_all_day_is_not_given_up_at_the_first_hiccup() {
    let mut world = World::default();
    (0..2).for_each(|_| world.run(ACCEPT));
    outage(&mut world, 30 * HOUR_MS, Outcome::Failed(503));
    let states = world.rows.states();
    assert!(matches!(states[0].state, State::Parked { .. }), "a day is over");
    world.heal();
    assert!(matches!(world.rows.states()[1].state, State::Delivered { .. } | State::Parked { .. }));
}
