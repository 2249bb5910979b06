//! What the clock does, by a second reckoning: the moments at which a deadline must be told and rungs climbed are worked
//! out here from the rulebook, and the loop is asked just before, at and after each of them, and once after a long
//! standstill.

use crate::walk::{Seen, Story};
use crate::world::World;
use anlan_core::calendar::{date_of, start_of};
use anlan_core::loops::{Event, Running};
use jiff::{SignedDuration, Timestamp};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// What a clock is expected to do, in order of time; a deadline is past one instant after it.
fn expected(world: &World, running: &Running, ladder: bool) -> Vec<(Timestamp, String)> {
    let mut out = vec![(running.due + SECOND, "fell-due".to_owned())];
    for step in world.book.ladder.iter().filter(|_| ladder) {
        let day = world
            .calendar
            .shift(date_of(running.due), step.working_days);
        let at = start_of(day) + SignedDuration::from_hours(9);
        if at > running.set {
            out.push((at, step.id.clone()));
        }
    }
    out.sort_by_key(|(at, _)| *at);
    out
}

fn said(events: &[Event], code: &str) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::FellDue { clock, .. } if clock == code => Some("fell-due".to_owned()),
            Event::Climbed { clock, step, .. } if clock == code => Some(step.clone()),
            _ => None,
        })
        .collect()
}

fn runs<'a>(story: &'a Story, code: &str) -> Option<&'a Running> {
    story
        .it
        .clocks
        .iter()
        .rev()
        .find(|clock| clock.code == code && clock.runs())
}

pub fn deadlines(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    for clock in seen.spec.clocks {
        // That none runs at all is told where the walk is.
        let Some(story) = seen.running.get(clock.code) else {
            continue;
        };
        let Some(running) = runs(story, clock.code) else {
            continue;
        };
        let name = format!("{}: clock {}", seen.spec.code, clock.code);
        let expected = expected(world, running, clock.ladder);
        let mut slow = story.clone();
        let mut got = Vec::new();
        for (at, _) in &expected {
            let before = *at - SECOND;
            if before > slow.now {
                // The sweep asks only for loops that are to wake: one second before, nothing more may be due.
                let early = said(&slow.pass(world, before), clock.code);
                let wakes = runs(&slow, clock.code).and_then(|running| running.wake);
                if !early.is_empty() || wakes.is_none_or(|wake| wake > *at) {
                    out.push(format!(
                        "{name}: {early:?} a second before {at}, wakes {wakes:?}"
                    ));
                }
            }
            let now = (*at).max(slow.now);
            got.extend(said(&slow.pass(world, now), clock.code));
            let again = said(
                &slow.pass(world, now + SignedDuration::from_millis(1)),
                clock.code,
            );
            if !again.is_empty() {
                out.push(format!("{name}: {again:?} twice"));
            }
        }
        let wanted: Vec<String> = expected.iter().map(|(_, what)| what.clone()).collect();
        if got != wanted {
            out.push(format!("{name}: {got:?} instead of {wanted:?}"));
        }
        let long = slow.now.max(running.due) + SignedDuration::from_hours(24 * 500);
        if runs(&slow, clock.code).is_none_or(|running| running.wake.is_some())
            || !said(&slow.pass(world, long), clock.code).is_empty()
        {
            out.push(format!("{name}: goes on after its last rung"));
        }
        // After a standstill of months all is caught up with at once: the same rungs, the same state.
        let mut still = story.clone();
        let mut at_once = said(&still.pass(world, long), clock.code);
        let rungs: Vec<String> = at_once
            .iter()
            .filter(|what| *what != "fell-due")
            .cloned()
            .collect();
        let in_order: Vec<String> = wanted
            .iter()
            .filter(|what| *what != "fell-due")
            .cloned()
            .collect();
        at_once.sort();
        let mut all = wanted.clone();
        all.sort();
        if at_once != all || rungs != in_order {
            out.push(format!(
                "{name}: after a standstill {at_once:?} instead of {wanted:?}"
            ));
        }
        if runs(&still, clock.code) != runs(&slow, clock.code) {
            out.push(format!(
                "{name}: after a standstill it stands otherwise than after every day"
            ));
        }
    }
    out
}

/// A clock stands with the rule and the certainty that the rulebook gave when it was set.
pub fn rules(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    for running in seen.stories.iter().flat_map(|story| &story.it.clocks) {
        let limit = world.book.limit(seen.spec.code, &running.code);
        let rule = limit.map_or("", |limit| limit.rule.as_str());
        if running.rule != rule || running.certain != limit.is_some_and(|limit| limit.certain) {
            out.push(format!(
                "{}: clock {} by the rule `{}`",
                seen.spec.code, running.code, running.rule
            ));
        }
        let due = match running.met {
            Some(met) => running.late(running.due) == (met > running.due),
            None => running.late(running.due + SECOND) != running.stopped,
        };
        if !due {
            out.push(format!(
                "{}: clock {} is late or it is not",
                seen.spec.code, running.code
            ));
        }
    }
    out
}
