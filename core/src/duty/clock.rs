//! What happens to a duty when nobody does anything: the due date passes, and the ladder is climbed.

use super::{Duty, Event, Status};
use crate::calendar::Calendar;
use crate::rulebook::Step;
use jiff::civil::Date;

impl Duty {
    /// The next rung and the day it is climbed; none when nothing is to come.
    pub fn next_step<'a>(
        &self,
        ladder: &'a [Step],
        calendar: &Calendar,
    ) -> Option<(&'a Step, Date)> {
        let due = self.assigned.due.filter(|_| self.status == Status::Open)?;
        let from = self
            .step
            .as_ref()
            .and_then(|step| ladder.iter().position(|s| s.id == *step))
            .map_or(0, |at| at + 1);
        ladder
            .get(from)
            .map(|step| (step, calendar.shift(due, step.working_days)))
    }

    /// The next day on which the clock has something to do.
    pub fn next_clock(&self, ladder: &[Step], calendar: &Calendar) -> Option<Date> {
        let due = self.assigned.due.filter(|_| self.status == Status::Open)?;
        let fall = (!self.fell_due).then(|| due.tomorrow().unwrap_or(due));
        // Nothing is climbed while evidence waits: its review sets the clock anew.
        let climb = self
            .next_step(ladder, calendar)
            .filter(|_| self.waiting() == 0)
            .map(|(_, at)| at);
        fall.into_iter().chain(climb).min()
    }

    /// What the clock does on a day: says that the date passed, and climbs each rung that is reached. While
    /// evidence waits for review nothing is climbed: the delay is then the reviewer's.
    pub fn clock(&self, today: Date, ladder: &[Step], calendar: &Calendar) -> Vec<Event> {
        let Some(due) = self.assigned.due.filter(|_| self.status == Status::Open) else {
            return Vec::new();
        };
        let mut events = Vec::new();
        if today > due && !self.fell_due {
            events.push(Event::FellDue { due });
        }
        if self.waiting() == 0 {
            let from = self
                .step
                .as_ref()
                .and_then(|step| ladder.iter().position(|s| s.id == *step))
                .map_or(0, |at| at + 1);
            for step in &ladder[from.min(ladder.len())..] {
                if today < calendar.shift(due, step.working_days) {
                    break;
                }
                events.push(Event::Climbed {
                    step: step.id.clone(),
                    due,
                });
            }
        }
        events
    }
}
