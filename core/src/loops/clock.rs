//! What happens to a loop when nobody does anything: deadlines pass, and the ladder is climbed.

use super::{Event, Loop, Running, Stage};
use crate::calendar::{Calendar, date_of, start_of};
use crate::rulebook::Step;
use jiff::Timestamp;

/// The moment a rung is climbed for a deadline.
fn rung(step: &Step, due: Timestamp, calendar: &Calendar) -> Timestamp {
    // Rungs fall in the morning, nine o'clock, of their day.
    start_of(calendar.shift(date_of(due), step.working_days)) + jiff::SignedDuration::from_hours(9)
}

/// When the clock must first look at a deadline: at the first rung that lies ahead, else at the deadline.
pub(super) fn first_look(
    due: Timestamp,
    now: Timestamp,
    ladder: &[Step],
    calendar: &Calendar,
) -> Timestamp {
    ladder
        .iter()
        .map(|step| rung(step, due, calendar))
        .filter(|at| *at > now && *at < due)
        .min()
        .unwrap_or(due)
}

impl Loop {
    /// What the clock does at a moment: says which deadlines have passed, and climbs each rung that is reached. A
    /// rung that lay before the deadline was set is not climbed.
    pub fn clock(&self, now: Timestamp, ladder: &[Step], calendar: &Calendar) -> Vec<Event> {
        if self.stage() != Stage::Open {
            return Vec::new();
        }
        let mut events = Vec::new();
        let spec = self.spec();
        for running in self
            .clocks
            .iter()
            .filter(|c| c.runs() && c.wake.is_some_and(|at| at <= now))
        {
            let climbs = spec
                .and_then(|spec| spec.clock(&running.code))
                .is_some_and(|clock| clock.ladder);
            let rungs: Vec<(&Step, Timestamp)> = if climbs {
                remaining(running, ladder, calendar)
            } else {
                Vec::new()
            };
            let mut ahead: Vec<Timestamp> = rungs
                .iter()
                .map(|(_, at)| *at)
                .filter(|at| *at > now)
                .collect();
            if !running.fell && running.due >= now {
                ahead.push(running.due);
            }
            let next = ahead.into_iter().min();
            if now > running.due && !running.fell {
                events.push(Event::FellDue {
                    clock: running.code.clone(),
                    due: running.due,
                    next,
                });
            }
            for (step, _) in rungs.iter().filter(|(_, at)| *at <= now) {
                events.push(Event::Climbed {
                    clock: running.code.clone(),
                    step: step.id.clone(),
                    next,
                });
            }
        }
        events
    }
}

fn remaining<'a>(
    running: &Running,
    ladder: &'a [Step],
    calendar: &Calendar,
) -> Vec<(&'a Step, Timestamp)> {
    let from = running
        .step
        .as_ref()
        .and_then(|step| ladder.iter().position(|s| s.id == *step))
        .map_or(0, |at| at + 1);
    ladder
        .get(from..)
        .unwrap_or_default()
        .iter()
        .map(|step| (step, rung(step, running.due, calendar)))
        .filter(|(_, at)| *at > running.set)
        .collect()
}
