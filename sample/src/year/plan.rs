//! What an org means to do about a duty, drawn when the duty is laid on it: when it will be done, in how many
//! pieces, with what to show for it.

use super::{Act, Piece, Year};
use crate::files::Shows;
use crate::papers::at;
use crate::words;
use anlan_core::duty::{EvidenceKind, Link, Part};
use anlan_core::notice::MeasureKind;
use anlan_core::org::{Org, OrgKind};
use jiff::ToSpan;
use jiff::civil::Date;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

/// How an org goes about its duties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Days before the date.
    Diligent,
    /// On the last days, now and then late.
    Ordinary,
    /// Often late, sometimes never.
    Forgetful,
}

impl Habit {
    /// Drawn for an org. The district and its committees keep their dates.
    pub fn of(org: &Org, rng: &mut ChaCha8Rng) -> Self {
        let chance = rng.random_range(0..100);
        match (org.kind, chance) {
            (OrgKind::District | OrgKind::Committee, _) | (_, 0..45) => Habit::Diligent,
            (_, 45..88) => Habit::Ordinary,
            _ => Habit::Forgetful,
        }
    }

    /// In thousandths: late, never.
    fn odds(self) -> (u32, u32) {
        match self {
            Habit::Diligent => (12, 1),
            Habit::Ordinary => (70, 8),
            Habit::Forgetful => (330, 70),
        }
    }

    /// Working days before the date.
    fn ahead(self) -> std::ops::RangeInclusive<i32> {
        match self {
            Habit::Diligent => 3..=14,
            Habit::Ordinary => 0..=7,
            Habit::Forgetful => 0..=3,
        }
    }
}

/// A period at least this long is not always left to its last days.
const LONG_DAYS: i32 = 100;
/// More times than this are reported as a number.
const SINGLY_MAX: f64 = 2.0;
/// Waivers, in thousandths of duties.
const WAIVED: u32 = 9;

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

impl Year<'_> {
    /// A working day between two, the first when there is none.
    fn some_day(&mut self, from: Date, to: Date) -> Date {
        let days = self.rng.random_range(0..=days_between(from, to).max(0));
        let day = from.checked_add(days.days()).unwrap_or(from);
        if self.calendar.works(day) {
            return day;
        }
        let before = self.calendar.shift(day, -1);
        if before >= from {
            before
        } else {
            self.calendar.shift(day, 1)
        }
    }

    /// Draws what will be done about a duty that was laid on an org on a day.
    pub(super) fn plan(&mut self, duty: usize, today: Date) {
        let assigned = self.duties[duty].assigned.clone();
        if self.who.filer(&assigned.org).is_none() {
            return;
        }
        let begin = assigned.period.from.max(self.calendar.shift(today, 1));
        let counted_itself = assigned.part == Part::Gathers || assigned.measure.counts.is_some();
        let Some(due) = assigned.due else {
            if !counted_itself && assigned.measure.kind == MeasureKind::OnEvent {
                self.plan_on_event(duty, begin, assigned.period.to);
            }
            return;
        };
        if counted_itself {
            return;
        }
        let habit = self
            .habits
            .get(&assigned.org)
            .copied()
            .unwrap_or(Habit::Ordinary);
        let (late, never) = habit.odds();
        let chance = self.rng.random_range(0..1000);
        if self.rng.random_range(0..1000) < WAIVED {
            let day = self.some_day(begin, due.max(begin));
            let when = self.hour(day, 9, 17);
            self.push(when, Act::Waive(duty));
        }
        if chance < never {
            return;
        }
        let is_late = chance < never + late;
        let mut finish = if is_late {
            let days = self.rng.random_range(1..=14);
            self.calendar.shift(due, days)
        } else if days_between(begin, due) > LONG_DAYS && self.rng.random_range(0..100) < 55 {
            self.some_day(begin, due)
        } else {
            let ahead = self.rng.random_range(habit.ahead());
            if ahead == 0 && self.calendar.works(due) {
                due
            } else {
                self.calendar.shift(due, -ahead.max(1))
            }
        };
        if finish < begin {
            let days = self.rng.random_range(0..=3);
            finish = self.calendar.shift(begin, days);
        }
        let quote = assigned.quote.as_str();
        let needed = assigned.measure.needed.unwrap_or(1.0);
        let unit = assigned.measure.unit.as_str();
        if assigned.measure.kind == MeasureKind::Quota && quote.contains("问题") && needed >= 5.0
        {
            self.plan_problems(duty, begin, finish, due, needed as usize);
        } else if quote.contains("关口") {
            self.plan_gates(duty, begin, due);
        } else if quote.contains("贯彻清单") {
            self.plan_followups(duty, begin, due);
        }
        let reading = assigned.measure.kind == MeasureKind::Coverage || unit == "%";
        let mut shares: Vec<(Date, Option<f64>)> = Vec::new();
        if reading {
            if days_between(begin, finish) > 50 && self.rng.random_range(0..100) < 60 {
                let share = needed * f64::from(self.rng.random_range(55..92)) / 100.0;
                shares.push((self.some_day(begin, finish), Some(tidy(share))));
            }
            let over = if unit == "%" {
                (100.0 - needed).max(0.0) * f64::from(self.rng.random_range(0..=100)) / 100.0
            } else {
                0.0
            };
            shares.push((finish, Some(tidy(needed + over).max(needed))));
        } else if assigned.measure.kind == MeasureKind::Quota
            || needed > SINGLY_MAX
            || needed.fract() != 0.0
        {
            let first = (needed / 2.0).floor();
            if first >= 1.0
                && days_between(begin, finish) > 12
                && self.rng.random_range(0..100) < 35
            {
                shares.push((self.some_day(begin, finish), Some(first)));
                shares.push((finish, Some(needed - first)));
            } else {
                shares.push((finish, Some(needed)));
            }
        } else {
            for _ in 1..needed as usize {
                shares.push((self.some_day(begin, finish), None));
            }
            shares.push((finish, None));
        }
        for (day, amount) in shares {
            self.plan_piece(
                duty,
                day,
                amount.map(|a| (a, unit.to_owned())),
                is_late && day > due,
            );
        }
    }

    /// Evidence for one day's work, filed that day or a little later.
    fn plan_piece(&mut self, duty: usize, day: Date, amount: Option<(f64, String)>, late: bool) {
        let assigned = &self.duties[duty].assigned;
        let (title, begin) = (assigned.title.clone(), assigned.period.from);
        let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
        let mut link = None;
        let (kind, shows) = if amount.is_some() {
            (
                EvidenceKind::Number,
                has(&["台账", "检查", "巡查", "统计"]).then_some(Shows::Table),
            )
        } else if has(&[
            "会议", "学习", "会商", "研判", "述职", "例会", "通报", "部署", "调度",
        ]) {
            (EvidenceKind::Meeting, Some(Shows::Minutes))
        } else if has(&[
            "演练", "检查", "巡查", "宣传", "清淤", "建成", "整治", "张贴", "培训", "督导", "集训",
        ]) {
            (EvidenceKind::Photo, Some(Shows::Photo))
        } else if has(&["台账", "统计", "盘点", "排查"]) {
            (EvidenceKind::File, Some(Shows::Table))
        } else if let Some(thing) = self.thing_of(duty, day) {
            link = Some(thing);
            (EvidenceKind::Link, None)
        } else {
            (EvidenceKind::File, Some(Shows::Document))
        };
        let topic =
            (kind == EvidenceKind::Meeting).then(|| title.chars().take(60).collect::<String>());
        let delay = *[0, 0, 0, 1, 1, 2].choose(self.rng).unwrap_or(&0);
        let filing = self.calendar.shift(day, delay);
        let when = self.hour(filing, 8, 18);
        let piece = Piece {
            kind,
            shows,
            amount,
            topic,
            link,
            happened: day.max(begin),
            late,
            again: false,
        };
        self.push(when, Act::File(duty, Box::new(piece)));
    }

    /// A thing of the org's own that the duty speaks of.
    fn thing_of(&self, duty: usize, day: Date) -> Option<Link> {
        let assigned = &self.duties[duty].assigned;
        let kind = [
            ("队伍", "team"),
            ("物资", "store"),
            ("专家", "expert"),
            ("工程", "project"),
        ]
        .into_iter()
        .find(|(word, _)| assigned.title.contains(word))?
        .1;
        self.things
            .iter()
            .find(|r| r.thing.org == assigned.org && r.thing.kind == kind && r.at < at(day, 8, 0))
            .map(|r| Link {
                title: r.thing.name.clone(),
                target: r.thing.id.to_string(),
            })
    }

    /// Events come when they come: for some orgs one or two in the year.
    fn plan_on_event(&mut self, duty: usize, begin: Date, end: Date) {
        let times = *[0, 0, 0, 0, 1, 1, 2].choose(self.rng).unwrap_or(&0);
        for _ in 0..times {
            let day = self.some_day(begin, end.max(begin));
            self.plan_piece(duty, day, None, false);
        }
    }

    /// The leaders' list (article 六): entered in the first weeks, closed one by one.
    fn plan_problems(&mut self, duty: usize, begin: Date, finish: Date, due: Date, needed: usize) {
        let listed = (needed + 2).min(words::PROBLEMS.len());
        let entered = begin.checked_add(25.days()).unwrap_or(begin).min(finish);
        let owners = ["区应急局", "区财政局", "区住建局", "区消防大队", "区水务局"];
        let mut added = Vec::new();
        for (number, title) in words::PROBLEMS.iter().take(listed).enumerate() {
            let day = self.some_day(begin, entered);
            let when = self.hour(day, 9, 17);
            let owner = owners[number % owners.len()].to_owned();
            added.push((when, (*title).to_owned(), owner));
        }
        // An item's number in the list is its place in time.
        added.sort();
        for (when, title, owner) in added {
            self.push(when, Act::AddItem(duty, title, owner, Some(due)));
        }
        let after = self.calendar.shift(entered, 1);
        for number in 0..listed {
            let day = self.some_day(after, finish.max(after));
            let when = self.hour(day, 9, 18);
            self.push(when, Act::CloseItem(duty, number, number + 1 == listed));
        }
    }

    /// The gates of projects (article 十四), each an item.
    fn plan_gates(&mut self, duty: usize, begin: Date, due: Date) {
        let owner = &self.duties[duty].assigned.org;
        let projects: Vec<String> = self
            .things
            .iter()
            .filter(|r| r.thing.kind == "project" && !r.change && r.thing.org == *owner)
            .map(|r| r.thing.name.clone())
            .collect();
        let name = self
            .who
            .tree
            .get(owner)
            .map(|org| org.short.clone())
            .unwrap_or_default();
        let span = days_between(begin, due).max(8);
        let first = at(begin, 9, 0);
        let mut number = 0;
        for (row, project) in projects.iter().enumerate() {
            for (step, gate) in words::GATES.iter().enumerate() {
                let planned = begin
                    .checked_add((span * (step as i32 + 1) / 4).days())
                    .unwrap_or(due)
                    .min(due);
                self.push(
                    first + ((row * 4 + step) as i64 * 90).seconds(),
                    Act::AddItem(
                        duty,
                        format!("{project}：{gate}"),
                        name.clone(),
                        Some(planned),
                    ),
                );
                let slip = self.rng.random_range(-6..=8);
                let day = self.calendar.shift(planned, slip);
                let when = self.hour(day.max(begin), 10, 18);
                self.push(when, Act::CloseItem(duty, number, false));
                number += 1;
            }
        }
    }

    /// What follows from a study meeting (article 一), each an item with its owner.
    fn plan_followups(&mut self, duty: usize, begin: Date, due: Date) {
        let first = at(begin, 14, 0);
        for (number, title) in words::FOLLOWUPS.iter().enumerate() {
            let planned = self.some_day(begin, due.max(begin));
            self.push(
                first + (number as i64 * 60).seconds(),
                Act::AddItem(
                    duty,
                    (*title).to_owned(),
                    "安全专干".to_owned(),
                    Some(planned),
                ),
            );
            if self.rng.random_range(0..100) < 80 {
                let slip = self.rng.random_range(0..=4);
                let day = self.calendar.shift(planned, slip);
                let when = self.hour(day, 15, 18);
                self.push(when, Act::CloseItem(duty, number, false));
            }
        }
    }
}

/// To one decimal.
fn tidy(share: f64) -> f64 {
    (share * 10.0).floor() / 10.0
}
