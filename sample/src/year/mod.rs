//! What happened: the notices are published, people do their work early, late or not at all, others review it, and
//! the clock reminds. A queue of acts in order of time; each act goes through the same door as in the portal.

mod plan;

use crate::SampleError;
use crate::district::Who;
use crate::files::{self, Shows};
use crate::papers::{Notice, at};
use crate::things::Registered;
use crate::words;
use anlan_core::authority::{Actor, Role};
use anlan_core::calendar::{Calendar, date_of};
use anlan_core::duty::{
    Below, Command, Context, Counted, Duty, Event, EvidenceKind, EvidenceState, FileRef, Link,
    Meeting, Number, Part, Refusal, Stamp, Status,
};
use anlan_core::expand;
use anlan_core::fact::{self, Entry, stream};
use anlan_core::id::{EvidenceId, ItemId, OrgId};
use anlan_core::org::OrgKind;
use anlan_core::rulebook::Rulebook;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use plan::Habit;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// The hour at which the clock speaks.
const CLOCK_HOUR: i8 = 9;

/// Evidence that somebody means to file.
#[derive(Debug, Clone)]
struct Piece {
    kind: EvidenceKind,
    shows: Option<Shows>,
    amount: Option<(f64, String)>,
    topic: Option<String>,
    link: Option<Link>,
    happened: Date,
    late: bool,
    /// Filed again after having been sent back.
    again: bool,
}

/// Something that is going to happen.
enum Act {
    Enter(Box<Entry>),
    Publish(usize),
    Register(usize),
    File(usize, Box<Piece>),
    Withdraw(usize, EvidenceId, Box<Piece>),
    Review(usize, EvidenceId, Box<Piece>),
    Clock(usize),
    Waive(usize),
    Unwaive(usize),
    Remind(usize),
    AddItem(usize, String, String, Option<Date>),
    /// The item's number in the list; the share of items dropped instead of done is the planner's.
    CloseItem(usize, usize, bool),
}

struct Year<'a> {
    who: &'a Who,
    book: &'a Rulebook,
    calendar: Calendar,
    files: &'a [(FileRef, Vec<u8>)],
    now: Timestamp,
    rng: &'a mut ChaCha8Rng,
    entries: Vec<Entry>,
    queue: BinaryHeap<Reverse<(Timestamp, usize)>>,
    acts: Vec<Option<Act>>,
    notices: Vec<Notice>,
    things: Vec<Registered>,
    duties: Vec<Duty>,
    /// For each duty, when the clock next looks at it.
    clocks: Vec<Option<Timestamp>>,
    /// For each duty, the duties that sum it up.
    above: Vec<Vec<usize>>,
    /// For each gathering duty, those below.
    below: Vec<Vec<usize>>,
    counted: BTreeMap<(OrgId, String), Vec<Date>>,
    habits: BTreeMap<OrgId, Habit>,
}

/// Lives the year up to `now`.
///
/// # Errors
/// When somebody does what the rules refuse: a mistake in the plan.
pub fn live(
    who: &Who,
    things: Vec<Registered>,
    notices: Vec<Notice>,
    files: &[(FileRef, Vec<u8>)],
    now: Timestamp,
    book: &Rulebook,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Entry>, SampleError> {
    let habits = who
        .tree
        .iter()
        .map(|org| (org.id.clone(), Habit::of(org, rng)))
        .collect();
    let mut year = Year {
        who,
        book,
        calendar: Calendar::new(&book.calendar),
        files,
        now,
        rng,
        entries: Vec::new(),
        queue: BinaryHeap::new(),
        acts: Vec::new(),
        notices,
        things,
        duties: Vec::new(),
        clocks: Vec::new(),
        above: Vec::new(),
        below: Vec::new(),
        counted: BTreeMap::new(),
        habits,
    };
    year.begin();
    while let Some(Reverse((at, number))) = year.queue.pop() {
        if let Some(act) = year.acts[number].take() {
            year.act(at, act)?;
        }
    }
    Ok(year.entries)
}

impl<'a> Year<'a> {
    fn begin(&mut self) {
        for at in 0..self.things.len() {
            self.push(self.things[at].at, Act::Register(at));
        }
        let office = self.who.office();
        for number in 0..self.notices.len() {
            let notice = &self.notices[number];
            let clerk = office.get(number % office.len().max(1)).copied();
            let person = clerk.map(|a| a.person.clone());
            let org = clerk.and_then(|a| a.org().cloned());
            let entry = |event, at, articles| {
                let mut entry = Entry::new(
                    stream::notice(&notice.id),
                    event,
                    person.clone(),
                    org.clone(),
                    at,
                );
                entry.articles = articles;
                Act::Enter(Box::new(entry))
            };
            let mut acts = vec![(
                notice.uploaded,
                entry(
                    fact::Event::NoticeUploaded {
                        id: notice.id.clone(),
                        file: notice.source.0.clone(),
                        format: notice.format.to_owned(),
                        text: notice.text.clone(),
                        compiled: Box::new(notice.compiled.clone()),
                    },
                    notice.uploaded,
                    Vec::new(),
                ),
            )];
            // One correction after another until shortly before publishing.
            let room = notice
                .published
                .map_or(3600, |p| p.as_second() - notice.uploaded.as_second());
            let pace = (room / (notice.edits.len() as i64 + 2)).clamp(1, 150);
            for (n, edit) in notice.edits.iter().enumerate() {
                let when = notice.uploaded + (pace * (n as i64 + 1)).seconds();
                let articles = article_of(edit, &notice.compiled)
                    .map(|article| format!("{}#{article}", notice.id))
                    .into_iter()
                    .collect();
                acts.push((
                    when,
                    entry(
                        fact::Event::NoticeEdited {
                            id: notice.id.clone(),
                            edit: Box::new(edit.clone()),
                        },
                        when,
                        articles,
                    ),
                ));
            }
            if let Some(published) = notice.published {
                acts.push((published, Act::Publish(number)));
            }
            for (when, act) in acts {
                self.push(when, act);
            }
        }
    }

    /// Lays an act on the queue; what lies beyond `now` has not happened.
    fn push(&mut self, at: Timestamp, act: Act) {
        if at <= self.now {
            self.queue.push(Reverse((at, self.acts.len())));
            self.acts.push(Some(act));
        }
    }

    /// Some moment of a working day's hours.
    fn hour(&mut self, day: Date, from: i8, to: i8) -> Timestamp {
        let seconds = self.rng.random_range(0..i64::from(to - from) * 3600).max(1);
        at(day, from, 0) + seconds.seconds()
    }

    /// A moment a few working days later; never before `after`.
    fn later(&mut self, after: Timestamp, days: std::ops::RangeInclusive<i32>) -> Timestamp {
        let days = self.rng.random_range(days);
        let day = self.calendar.shift(date_of(after), days.max(0));
        self.hour(day, 8, 18).max(after + 600.seconds())
    }

    fn act(&mut self, at: Timestamp, act: Act) -> Result<(), SampleError> {
        match act {
            Act::Enter(entry) => self.entries.push(*entry),
            Act::Publish(number) => self.publish(number, at),
            Act::Register(number) => self.register(number, at),
            Act::Clock(duty) => {
                if self.clocks[duty] == Some(at) {
                    self.clocks[duty] = None;
                    let events =
                        self.duties[duty].clock(date_of(at), &self.book.ladder, &self.calendar);
                    let fell = events.iter().any(|e| matches!(e, Event::FellDue { .. }));
                    let quiet = events.is_empty();
                    for event in events {
                        self.record(duty, event, None, at);
                    }
                    if fell && self.rng.random_range(0..100) < 9 {
                        let when = self.later(at, 2..=8);
                        self.push(when, Act::Remind(duty));
                    }
                    if !quiet {
                        self.wind(duty, at);
                    }
                }
            }
            Act::File(duty, piece) => {
                let org = self.duties[duty].assigned.org.clone();
                if let Some(filer) = self.who.filer(&org) {
                    self.file(duty, filer, *piece, at)?;
                }
            }
            Act::Withdraw(duty, evidence, mut piece) => {
                let filer = self.evidence(duty, &evidence).and_then(|e| e.by.clone());
                let org = self.duties[duty].assigned.org.clone();
                if let Some(actor) = self
                    .who
                    .filer(&org)
                    .filter(|a| Some(&a.person) == filer.as_ref())
                    && self.give(duty, actor, Command::WithdrawEvidence { evidence }, at)?
                {
                    let when = self.later(at, 1..=2);
                    piece.again = true;
                    self.push(when, Act::File(duty, piece));
                }
            }
            Act::Review(duty, evidence, piece) => self.review(duty, evidence, piece, at)?,
            Act::Waive(duty) => {
                if self.duties[duty].status == Status::Open
                    && let Some(actor) = self.pick_office()
                {
                    let reason = self.one_of(words::WAIVED).to_owned();
                    self.give(duty, actor, Command::Waive { reason }, at)?;
                    if self.rng.random_range(0..100) < 8 {
                        let when = self.later(at, 5..=15);
                        self.push(when, Act::Unwaive(duty));
                    }
                }
            }
            Act::Unwaive(duty) => {
                if let Some(actor) = self.pick_office() {
                    let reason = words::UNWAIVED.to_owned();
                    self.give(duty, actor, Command::Unwaive { reason }, at)?;
                }
            }
            Act::Remind(duty) => {
                if self.duties[duty].status == Status::Open
                    && let Some(actor) = self.pick_office()
                {
                    let note = self.one_of(words::REMINDED).to_owned();
                    self.give(duty, actor, Command::Remind { note }, at)?;
                }
            }
            Act::AddItem(duty, title, owner, due) => {
                let org = self.duties[duty].assigned.org.clone();
                if let Some(actor) = self.who.filer(&org) {
                    self.give(duty, actor, Command::AddItem { title, owner, due }, at)?;
                }
            }
            Act::CloseItem(duty, number, dropped) => {
                let org = self.duties[duty].assigned.org.clone();
                let item: Option<ItemId> =
                    self.duties[duty].items.get(number).map(|i| i.id.clone());
                if let (Some(actor), Some(item)) = (self.who.filer(&org), item) {
                    let command = if dropped {
                        let reason = words::DROPPED.to_owned();
                        Command::DropItem { item, reason }
                    } else {
                        let result = self.one_of(words::SOLVED).to_owned();
                        Command::CloseItem { item, result }
                    };
                    self.give(duty, actor, command, at)?;
                }
            }
        }
        Ok(())
    }

    fn publish(&mut self, number: usize, at: Timestamp) {
        let notice = &self.notices[number];
        let planned = expand::expand(
            &notice.id,
            &notice.draft,
            &self.who.tree,
            self.book,
            date_of(at),
            1,
        );
        let office = self.who.office();
        let clerk = office.get(number % office.len().max(1)).copied();
        let person = clerk.map(|a| a.person.clone());
        self.entries.push(Entry::new(
            stream::notice(&notice.id),
            fact::Event::NoticePublished {
                id: notice.id.clone(),
                generation: 1,
                assigned: planned.len() as u32,
                changed: 0,
                cancelled: 0,
            },
            person.clone(),
            clerk.and_then(|a| a.org().cloned()),
            at,
        ));
        let first = self.duties.len();
        let mut gatherers: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for assigned in planned {
            let number = self.duties.len();
            if assigned.part == Part::Gathers {
                gatherers
                    .entry((assigned.demand.clone(), assigned.period.label.clone()))
                    .or_default()
                    .push(number);
            }
            self.entries.push(Entry::of_duty(
                &assigned,
                Event::Assigned(assigned.clone()),
                person.clone(),
                at,
            ));
            let mut duty = Duty::new(assigned);
            if let Some(kind) = &duty.assigned.measure.counts {
                duty.things = Some(self.count(&duty.assigned.org, kind, duty.assigned.period.from));
                duty.evaluate();
            }
            self.duties.push(duty);
            self.clocks.push(None);
            self.above.push(Vec::new());
            self.below.push(Vec::new());
        }
        for one in first..self.duties.len() {
            let assigned = &self.duties[one].assigned;
            if assigned.part != Part::Each {
                continue;
            }
            let key = (assigned.demand.clone(), assigned.period.label.clone());
            for sum in gatherers.get(&key).into_iter().flatten() {
                if expand::gathers(&self.duties[*sum].assigned, assigned, &self.who.tree) {
                    self.above[one].push(*sum);
                    self.below[*sum].push(one);
                }
            }
        }
        for sum in gatherers.into_values().flatten() {
            self.gather(sum, at);
        }
        for duty in first..self.duties.len() {
            self.wind(duty, at);
            self.plan(duty, date_of(at));
        }
    }

    fn register(&mut self, number: usize, at: Timestamp) {
        let Registered { thing, change, .. } = &self.things[number];
        let (thing, change) = (thing.clone(), *change);
        let (org, kind) = (thing.org.clone(), thing.kind.clone());
        let stream = stream::thing(&thing.id);
        let event = if change {
            fact::Event::ThingChanged(thing)
        } else {
            fact::Event::ThingAdded(thing)
        };
        let by = self.who.filer(&org).or(self.who.admin());
        self.entries.push(Entry::new(
            stream,
            event,
            by.map(|a| a.person.clone()),
            Some(org.clone()),
            at,
        ));
        if change {
            return;
        }
        self.counted
            .entry((org.clone(), kind.clone()))
            .or_default()
            .push(date_of(at));
        for duty in 0..self.duties.len() {
            let assigned = &self.duties[duty].assigned;
            if assigned.org == org && assigned.measure.counts.as_ref() == Some(&kind) {
                let counted = self.count(&org, &kind, assigned.period.from);
                self.duties[duty].things = Some(counted);
                self.duties[duty].evaluate();
                self.tell(duty, at);
            }
        }
    }

    /// What the registry says of an org's things of a kind.
    fn count(&self, org: &OrgId, kind: &str, begin: Date) -> Counted {
        let days = self.counted.get(&(org.clone(), kind.to_owned()));
        Counted {
            count: days.map_or(0, Vec::len) as u32,
            since: days.and_then(|d| d.last().copied()).unwrap_or(begin),
        }
    }

    /// Tells those who sum a duty up, and the clock.
    fn tell(&mut self, duty: usize, at: Timestamp) {
        self.wind(duty, at);
        for sum in self.above[duty].clone() {
            self.gather(sum, at);
            self.wind(sum, at);
        }
    }

    fn gather(&mut self, sum: usize, at: Timestamp) {
        let below = Below::of(
            self.below[sum]
                .iter()
                .map(|one| (self.duties[*one].status, self.duties[*one].satisfied_on)),
        );
        if self.duties[sum].below.as_ref() != Some(&below) {
            self.duties[sum].below = Some(below);
            self.duties[sum].evaluate();
            self.wind(sum, at);
        }
    }

    /// Sets the clock for the next time it has something to do.
    fn wind(&mut self, duty: usize, after: Timestamp) {
        self.clocks[duty] = None;
        let Some(day) = self.duties[duty].next_clock(&self.book.ladder, &self.calendar) else {
            return;
        };
        let mut when = at(day.max(date_of(after)), CLOCK_HOUR, 0);
        if when <= after {
            when += 24.hours();
        }
        self.clocks[duty] = Some(when);
        self.push(when, Act::Clock(duty));
    }

    fn record(&mut self, duty: usize, event: Event, actor: Option<&Actor>, at: Timestamp) {
        let by = actor.map(|a| a.person.clone());
        let before = (self.duties[duty].status, self.duties[duty].satisfied_on);
        let stamp = Stamp {
            by: by.clone(),
            org: actor.and_then(|a| a.org().cloned()),
            at,
        };
        self.duties[duty].apply(&event, &stamp);
        self.entries
            .push(Entry::of_duty(&self.duties[duty].assigned, event, by, at));
        if before != (self.duties[duty].status, self.duties[duty].satisfied_on) {
            self.tell(duty, at);
        }
    }

    /// Gives a command. False when things have moved on and it has no object any more; a real refusal is an error.
    fn give(
        &mut self,
        duty: usize,
        actor: &Actor,
        command: Command,
        at: Timestamp,
    ) -> Result<bool, SampleError> {
        let name = name(&command);
        let files: Vec<FileRef> = self.files.iter().map(|(file, _)| file.clone()).collect();
        let context = Context {
            actor,
            now: at,
            tree: &self.who.tree,
            files: &files,
            chance: self.rng.random(),
        };
        match self.duties[duty].decide(command, &context) {
            Ok(events) => {
                for event in events {
                    self.record(duty, event, Some(actor), at);
                }
                self.wind(duty, at);
                Ok(true)
            }
            Err(
                Refusal::Waived
                | Refusal::NotWaived
                | Refusal::Cancelled
                | Refusal::AlreadyReviewed
                | Refusal::ItemClosed
                | Refusal::Fulfilled,
            ) => Ok(false),
            Err(refusal) => Err(SampleError::Refused {
                command: name,
                duty: self.duties[duty].assigned.id.to_string(),
                refusal: refusal.words().0,
            }),
        }
    }

    fn evidence(&self, duty: usize, id: &EvidenceId) -> Option<&anlan_core::duty::Evidence> {
        self.duties[duty]
            .evidence
            .iter()
            .find(|e| e.filed.id == *id)
    }

    fn file(
        &mut self,
        duty: usize,
        filer: &Actor,
        piece: Piece,
        at: Timestamp,
    ) -> Result<(), SampleError> {
        let files = piece
            .shows
            .and_then(|shows| files::fitting(shows).choose(self.rng))
            .map(|at| vec![self.files[*at].0.sha256.clone()])
            .unwrap_or_default();
        let note = if piece.again {
            words::AGAIN
        } else if piece.late {
            self.one_of(words::LATE)
        } else {
            self.one_of(words::FILED)
        };
        let command = Command::FileEvidence {
            kind: piece.kind,
            happened: piece.happened,
            note: note.to_owned(),
            files,
            meeting: piece.topic.clone().map(|topic| Meeting {
                date: piece.happened,
                people: self.rng.random_range(8..60),
                topic,
                minutes: self.one_of(words::DECIDED).to_owned(),
            }),
            number: piece
                .amount
                .clone()
                .map(|(value, unit)| Number { value, unit }),
            link: piece.link.clone(),
        };
        if !self.give(duty, filer, command, at)? {
            return Ok(());
        }
        let Some(id) = self.duties[duty]
            .evidence
            .last()
            .map(|e| e.filed.id.clone())
        else {
            return Ok(());
        };
        let chance = self.rng.random_range(0..1000);
        if chance < 12 && !piece.again {
            let when = at + i64::from(self.rng.random_range(900..5400)).seconds();
            self.push(when, Act::Withdraw(duty, id, Box::new(piece)));
        } else if chance < 985 {
            // Some are forgotten on the reviewer's desk.
            let when = self.later(at, 0..=4);
            self.push(when, Act::Review(duty, id, Box::new(piece)));
        }
        Ok(())
    }

    fn review(
        &mut self,
        duty: usize,
        evidence: EvidenceId,
        mut piece: Box<Piece>,
        at: Timestamp,
    ) -> Result<(), SampleError> {
        let Some(by) = self
            .evidence(duty, &evidence)
            .filter(|e| e.state == EvidenceState::Submitted)
            .map(|e| e.by.clone())
        else {
            return Ok(());
        };
        let org = self.duties[duty].assigned.org.clone();
        let town = self
            .who
            .tree
            .get(&org)
            .filter(|org| org.kind == OrgKind::Village)
            .and_then(|_| self.who.tree.above(&org, OrgKind::Town))
            .and_then(|town| self.who.with_role(&town.id, Role::Town).first().copied());
        let mut office = self.who.office();
        office.retain(|a| Some(&a.person) != by.as_ref());
        let Some(reviewer) = town.or_else(|| office.choose(self.rng).copied()) else {
            return Ok(());
        };
        if self.rng.random_range(0..100) < 8 && !piece.again {
            let reason = self.one_of(words::RETURNED).to_owned();
            if self.give(
                duty,
                reviewer,
                Command::ReturnEvidence { evidence, reason },
                at,
            )? {
                piece.again = true;
                let when = self.later(at, 1..=5);
                // Some never come back to it.
                if self.rng.random_range(0..100) < 92 {
                    self.push(when, Act::File(duty, piece));
                }
            }
        } else {
            let note = self.one_of(words::ACCEPTED).to_owned();
            self.give(
                duty,
                reviewer,
                Command::AcceptEvidence { evidence, note },
                at,
            )?;
        }
        Ok(())
    }

    fn pick_office(&mut self) -> Option<&'a Actor> {
        self.who.office().choose(self.rng).copied()
    }

    fn one_of(&mut self, from: &'static [&'static str]) -> &'static str {
        from.choose(self.rng).copied().unwrap_or_default()
    }
}

/// The article that a correction touches.
fn article_of(
    edit: &anlan_core::draft::Edit,
    compiled: &anlan_core::notice::Compiled,
) -> Option<u32> {
    use anlan_core::draft::Edit;
    let id = match edit {
        Edit::Correct { id, .. }
        | Edit::Split { id, .. }
        | Edit::Reject { id, .. }
        | Edit::Restore { id } => id,
        Edit::Merge { ids } => ids.first()?,
        Edit::Add { article, .. } => return Some(*article),
        Edit::Head { .. } => return None,
    };
    compiled
        .duties
        .iter()
        .find(|d| d.id == *id)
        .map(|d| d.article)
}

fn name(command: &Command) -> &'static str {
    match command {
        Command::FileEvidence { .. } => "file-evidence",
        Command::WithdrawEvidence { .. } => "withdraw-evidence",
        Command::AcceptEvidence { .. } => "accept-evidence",
        Command::ReturnEvidence { .. } => "return-evidence",
        Command::Waive { .. } => "waive",
        Command::Unwaive { .. } => "unwaive",
        Command::AddItem { .. } => "add-item",
        Command::CloseItem { .. } => "close-item",
        Command::DropItem { .. } => "drop-item",
        Command::Remind { .. } => "remind",
    }
}
