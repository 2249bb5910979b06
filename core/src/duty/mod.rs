//! A duty (责任): what one org owes in one period, folded from its facts. The whole truth of it is here:
//! what state it has, who may do what to it, how far it is done, and what the clock does when nobody does anything.
//!
//! The light a duty shows depends on today's date, so it is worked out when asked ([`Duty::light`]) and never stored.

use crate::calendar::{Calendar, date_of};
use crate::id::{DutyId, EvidenceId, ItemId, NoticeId, OrgId, PersonId};
use crate::notice::{MeasureKind, Span};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod clock;
mod command;
pub use command::{Command, Context, FILES_MAX, PIECES_MAX, Refusal, TEXT_MAX};

/// The period a duty is owed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Period {
    /// 2026年上半年.
    pub label: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
}

/// What counts as done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Measure {
    /// How it is measured.
    pub kind: MeasureKind,
    /// How much is needed; none where nothing can be counted.
    pub needed: Option<f64>,
    /// No more than.
    pub at_most: Option<f64>,
    /// 次, 项, 处, %.
    pub unit: String,
    /// What is counted.
    pub what: Option<String>,
    /// On what event.
    pub event: Option<String>,
    /// Counted from things of this kind.
    pub counts: Option<String>,
}

/// Whether a duty stands alone, is one of many (每个村…), or sums up the many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Stands alone.
    Whole,
    /// One of the many.
    Each,
    /// Sums up the many: done when all below are.
    Gathers,
}

/// What is laid down when a duty is assigned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assigned {
    /// Its id.
    pub id: DutyId,
    /// The notice.
    pub notice: NoticeId,
    /// The article's number.
    pub article: u32,
    /// The demand's id within the notice.
    pub demand: String,
    /// What must be done, short.
    pub title: String,
    /// The words of the notice.
    pub quote: String,
    /// Where they stand.
    pub span: Span,
    /// Who owes it.
    pub org: OrgId,
    /// When.
    pub period: Period,
    /// By when; none for standing duties.
    pub due: Option<Date>,
    /// What counts as done.
    pub measure: Measure,
    /// Alone, one of many, or the sum of many.
    pub part: Part,
}

/// What a duty is, apart from the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Not yet fulfilled.
    Open,
    /// Fulfilled in time.
    Done,
    /// Fulfilled after the due date.
    DoneLate,
    /// Owed at all times or on an event; nothing to count down to.
    Standing,
    /// Waived with a reason.
    Waived,
    /// The notice was amended or withdrawn.
    Cancelled,
}

impl Status {
    /// The word in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Done => "done",
            Status::DoneLate => "done-late",
            Status::Standing => "standing",
            Status::Waived => "waived",
            Status::Cancelled => "cancelled",
        }
    }
}

/// 亮灯: what a duty shows today.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// 正常
    InTime,
    /// 临期
    DueSoon,
    /// 逾期
    Overdue,
    /// 已完成
    Done,
    /// 逾期完成
    DoneLate,
    /// 常态
    Standing,
    /// 已免除
    Waived,
    /// 已撤销
    Cancelled,
}

/// Kinds of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// A meeting: date, people, topic, minutes.
    Meeting,
    /// A document.
    File,
    /// A photo.
    Photo,
    /// A number.
    Number,
    /// A link to a thing or a page.
    Link,
}

/// An attachment as a fact names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileRef {
    /// Hash of the content, lower-case hexadecimal.
    pub sha256: String,
    /// The name it was uploaded with.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The type sniffed from the content.
    pub media_type: String,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Meeting {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// How many took part.
    pub people: u32,
    /// What about.
    pub topic: String,
    /// What was decided; the signed minutes go in the files.
    #[serde(default)]
    pub minutes: String,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Number {
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
}

/// A link to a thing or page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// What it is.
    pub title: String,
    /// Where: a thing's id or an address.
    pub target: String,
}

/// What is handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    /// Its id.
    pub id: EvidenceId,
    /// What kind.
    pub kind: EvidenceKind,
    /// The day the work was done.
    pub happened: Date,
    /// Words beside it.
    #[serde(default)]
    pub note: String,
    /// For meetings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Meeting>,
    /// For numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Number>,
    /// For links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Attachments.
    #[serde(default)]
    pub files: Vec<FileRef>,
}

/// Where a piece of evidence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceState {
    /// Waits for review.
    Submitted,
    /// Counts.
    Accepted,
    /// Sent back with a reason.
    Returned,
    /// Taken back by its filer.
    Withdrawn,
}

/// A reviewer's word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// What he said.
    pub note: String,
}

/// A piece of evidence in a duty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was handed in.
    #[serde(flatten)]
    pub filed: Filed,
    /// By whom.
    pub by: Option<PersonId>,
    /// For which org.
    pub org: Option<OrgId>,
    /// When.
    pub filed_at: Timestamp,
    /// Where it stands.
    pub state: EvidenceState,
    /// The review.
    pub review: Option<Review>,
}

/// A sub-item: one study follow-up, one problem of the leaders' list, one gate of a project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// What.
    pub title: String,
    /// Who.
    pub owner: String,
    /// By when.
    pub due: Option<Date>,
    /// open, done, dropped.
    #[serde(default)]
    pub state: ItemState,
    /// What came of it.
    #[serde(default)]
    pub result: Option<String>,
    /// When it was closed.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
}

/// Where a sub-item stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemState {
    /// Being done.
    #[default]
    Open,
    /// Done.
    Done,
    /// Dropped with a reason.
    Dropped,
}

/// A waiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Who.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A duty as its facts have made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// What was laid down, as amended.
    pub assigned: Assigned,
    /// How many facts its stream has.
    pub version: u64,
    /// What it is.
    pub status: Status,
    /// How much counts as done.
    pub done: f64,
    /// The day it was fulfilled.
    pub satisfied_on: Option<Date>,
    /// Evidence, in order of filing.
    pub evidence: Vec<Evidence>,
    /// Sub-items.
    pub items: Vec<Item>,
    /// The last rung climbed.
    pub step: Option<String>,
    /// The clock has said that it fell due.
    pub fell_due: bool,
    /// The waiver, if any.
    pub waiver: Option<Waiver>,
    /// Why it was cancelled, if it was.
    pub cancelled: Option<String>,
    /// Of the many below: how many there are, how many are fulfilled, and when the last was.
    pub below: Option<Below>,
    /// Things that count, and when that number was reached.
    pub things: Option<Counted>,
}

/// The many below a gathering duty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Below {
    /// All.
    pub total: u32,
    /// Fulfilled.
    pub done: u32,
    /// The last day on which one was fulfilled.
    pub last: Option<Date>,
}

impl Below {
    /// Sums up the many, given as status and day of fulfilment. Those waived or cancelled are owed by nobody and
    /// do not count.
    pub fn of(duties: impl IntoIterator<Item = (Status, Option<Date>)>) -> Self {
        let mut below = Self {
            total: 0,
            done: 0,
            last: None,
        };
        for (status, satisfied_on) in duties {
            if matches!(status, Status::Waived | Status::Cancelled) {
                continue;
            }
            below.total += 1;
            if satisfied_on.is_some() {
                below.done += 1;
                below.last = below.last.max(satisfied_on);
            }
        }
        below
    }
}

/// What the registry says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// How many.
    pub count: u32,
    /// Since when.
    pub since: Date,
}

/// What happened to a duty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum Event {
    /// It was laid on an org.
    #[serde(rename = "duty.assigned")]
    Assigned(Assigned),
    /// The notice was amended.
    #[serde(rename = "duty.changed")]
    Changed(Assigned),
    /// The notice no longer demands it.
    #[serde(rename = "duty.cancelled")]
    Cancelled {
        /// Why.
        reason: String,
    },
    /// Evidence was handed in.
    #[serde(rename = "evidence.filed")]
    Filed(Filed),
    /// And taken back.
    #[serde(rename = "evidence.withdrawn")]
    Withdrawn {
        /// Which.
        evidence: EvidenceId,
    },
    /// Evidence was accepted.
    #[serde(rename = "evidence.accepted")]
    Accepted {
        /// Which.
        evidence: EvidenceId,
        /// A word beside it.
        note: String,
    },
    /// Evidence was sent back.
    #[serde(rename = "evidence.returned")]
    Returned {
        /// Which.
        evidence: EvidenceId,
        /// Why.
        reason: String,
    },
    /// The duty was waived.
    #[serde(rename = "duty.waived")]
    Waived {
        /// Why.
        reason: String,
    },
    /// The waiver was taken back.
    #[serde(rename = "duty.unwaived")]
    Unwaived {
        /// Why.
        reason: String,
    },
    /// A sub-item was added.
    #[serde(rename = "item.added")]
    ItemAdded(Item),
    /// A sub-item was done.
    #[serde(rename = "item.closed")]
    ItemClosed {
        /// Which.
        item: ItemId,
        /// What came of it.
        result: String,
    },
    /// A sub-item was dropped.
    #[serde(rename = "item.dropped")]
    ItemDropped {
        /// Which.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// Somebody reminded the org.
    #[serde(rename = "duty.reminded")]
    Reminded {
        /// What he said.
        note: String,
    },
    /// The due date passed.
    #[serde(rename = "duty.fell-due")]
    FellDue {
        /// The date.
        due: Date,
    },
    /// The clock climbed a rung of the ladder.
    #[serde(rename = "duty.climbed")]
    Climbed {
        /// The rung.
        step: String,
        /// The due date it counts from.
        due: Date,
    },
}

impl Event {
    /// The kind, as facts name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Assigned(_) => "duty.assigned",
            Event::Changed(_) => "duty.changed",
            Event::Cancelled { .. } => "duty.cancelled",
            Event::Filed(_) => "evidence.filed",
            Event::Withdrawn { .. } => "evidence.withdrawn",
            Event::Accepted { .. } => "evidence.accepted",
            Event::Returned { .. } => "evidence.returned",
            Event::Waived { .. } => "duty.waived",
            Event::Unwaived { .. } => "duty.unwaived",
            Event::ItemAdded(_) => "item.added",
            Event::ItemClosed { .. } => "item.closed",
            Event::ItemDropped { .. } => "item.dropped",
            Event::Reminded { .. } => "duty.reminded",
            Event::FellDue { .. } => "duty.fell-due",
            Event::Climbed { .. } => "duty.climbed",
        }
    }
}

/// Who did it and when, beside an event.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The person; none is the clock.
    pub by: Option<PersonId>,
    /// The org he acted for.
    pub org: Option<OrgId>,
    /// When it was recorded.
    pub at: Timestamp,
}

impl Duty {
    /// A duty that has just been assigned.
    pub fn new(assigned: Assigned) -> Self {
        let mut duty = Self {
            assigned,
            version: 1,
            status: Status::Open,
            done: 0.0,
            satisfied_on: None,
            evidence: Vec::new(),
            items: Vec::new(),
            step: None,
            fell_due: false,
            waiver: None,
            cancelled: None,
            below: None,
            things: None,
        };
        duty.evaluate();
        duty
    }

    /// The duty after one more of its facts. Facts that do not fit are passed over: what was sealed is never argued with.
    pub fn apply(&mut self, event: &Event, stamp: &Stamp) {
        self.version += 1;
        match event {
            Event::Assigned(assigned) | Event::Changed(assigned) => {
                if self.assigned.due != assigned.due {
                    // A new date begins a new climb.
                    self.step = None;
                    self.fell_due = false;
                }
                self.assigned = assigned.clone();
                self.cancelled = None;
            }
            Event::Cancelled { reason } => self.cancelled = Some(reason.clone()),
            Event::Filed(filed) => self.evidence.push(Evidence {
                filed: filed.clone(),
                by: stamp.by.clone(),
                org: stamp.org.clone(),
                filed_at: stamp.at,
                state: EvidenceState::Submitted,
                review: None,
            }),
            Event::Withdrawn { evidence } => self.review(evidence, EvidenceState::Withdrawn, None),
            Event::Accepted { evidence, note } => {
                let review = Review {
                    by: stamp.by.clone(),
                    at: stamp.at,
                    note: note.clone(),
                };
                self.review(evidence, EvidenceState::Accepted, Some(review));
            }
            Event::Returned { evidence, reason } => {
                let review = Review {
                    by: stamp.by.clone(),
                    at: stamp.at,
                    note: reason.clone(),
                };
                self.review(evidence, EvidenceState::Returned, Some(review));
            }
            Event::Waived { reason } => {
                self.waiver = Some(Waiver {
                    reason: reason.clone(),
                    by: stamp.by.clone(),
                    at: stamp.at,
                });
            }
            Event::Unwaived { .. } => self.waiver = None,
            Event::ItemAdded(item) => self.items.push(item.clone()),
            Event::ItemClosed { item, result } => {
                self.close(item, ItemState::Done, result, stamp.at)
            }
            Event::ItemDropped { item, reason } => {
                self.close(item, ItemState::Dropped, reason, stamp.at)
            }
            Event::Reminded { .. } => {}
            Event::FellDue { .. } => self.fell_due = true,
            Event::Climbed { step, .. } => self.step = Some(step.clone()),
        }
        self.evaluate();
    }

    fn review(&mut self, id: &EvidenceId, state: EvidenceState, review: Option<Review>) {
        if let Some(evidence) = self.evidence.iter_mut().find(|e| e.filed.id == *id) {
            evidence.state = state;
            evidence.review = review;
        }
    }

    fn close(&mut self, id: &ItemId, state: ItemState, result: &str, at: Timestamp) {
        if let Some(item) = self.items.iter_mut().find(|i| i.id == *id) {
            item.state = state;
            item.result = Some(result.to_owned());
            item.closed_at = Some(at);
        }
    }

    /// Works out how much is done, and with it the status.
    pub fn evaluate(&mut self) {
        let measure = &self.assigned.measure;
        let needed = measure.needed.unwrap_or(1.0);
        // Steps towards fulfilment, each with its day, in order of the day: the day of fulfilment is that of the
        // step which completes it, whatever the order of filing.
        let mut steps: Vec<(Date, f64)> = Vec::new();
        let accepted = self
            .evidence
            .iter()
            .filter(|e| e.state == EvidenceState::Accepted);
        let mut readings: Vec<(Date, f64)> = Vec::new();
        let mut has_accepted = false;
        for evidence in accepted {
            has_accepted = true;
            let day = evidence.filed.happened;
            match &evidence.filed.number {
                Some(number) if evidence.filed.kind == EvidenceKind::Number => {
                    if measure.kind == MeasureKind::Coverage || measure.unit == "%" {
                        readings.push((day, number.value));
                    } else {
                        steps.push((day, number.value));
                    }
                }
                _ if measure.kind == MeasureKind::Coverage || measure.unit == "%" => {}
                _ => steps.push((day, 1.0)),
            }
        }
        // A share is a reading, not a sum: the last one holds, and it was fulfilled on the first day from which no
        // reading fell short. Of two readings of one day the one filed later corrects the other.
        readings.sort_by_key(|(day, _)| *day);
        if let Some((last, share)) = readings.last().copied() {
            let since = readings
                .iter()
                .rev()
                .take_while(|(_, share)| share + 1e-9 >= needed)
                .last()
                .map_or(last, |(day, _)| *day);
            steps.push((since, share));
        }
        if !self.items.is_empty() && measure.kind == MeasureKind::Quota {
            // A list speaks for itself: what counts is what was closed on it. Its proof is still wanted.
            steps = self
                .items
                .iter()
                .filter(|item| item.state == ItemState::Done)
                .filter_map(|item| item.closed_at.map(|at| (date_of(at), 1.0)))
                .collect();
            if !has_accepted && steps.len() as f64 >= needed {
                steps.sort_by_key(|(day, _)| *day);
                steps.truncate((needed.ceil() as usize).saturating_sub(1));
            }
        }
        if let Some(things) = &self.things {
            steps = vec![(things.since, f64::from(things.count))];
        }
        if let Some(below) = &self.below {
            let last = below.last.unwrap_or(self.assigned.period.from);
            steps = if measure.unit == "%" {
                vec![(
                    last,
                    100.0 * f64::from(below.done) / f64::from(below.total.max(1)),
                )]
            } else {
                vec![(last, f64::from(below.done))]
            };
        }
        steps.sort_by_key(|(day, _)| *day);
        // Not `sum`: that of nothing is -0, and so it would be shown.
        self.done = steps.iter().fold(0.0, |sum, (_, amount)| sum + amount);
        let mut so_far = 0.0;
        self.satisfied_on = steps.iter().find_map(|(day, amount)| {
            so_far += amount;
            (so_far + 1e-9 >= needed).then_some(*day)
        });
        self.status = if self.cancelled.is_some() {
            Status::Cancelled
        } else if self.waiver.is_some() {
            Status::Waived
        } else if self.assigned.due.is_none() {
            Status::Standing
        } else if let Some(day) = self.satisfied_on {
            if self.assigned.due.is_some_and(|due| day > due) {
                Status::DoneLate
            } else {
                Status::Done
            }
        } else {
            Status::Open
        };
    }

    /// The light on a day. `soon` is the first day from which a due date counts as near, as
    /// [`due_soon_until`] gives it.
    pub fn light(&self, today: Date, soon_until: Date) -> Light {
        light(self.status, self.assigned.due, today, soon_until)
    }

    /// Evidence that waits for review.
    pub fn waiting(&self) -> usize {
        self.evidence
            .iter()
            .filter(|e| e.state == EvidenceState::Submitted)
            .count()
    }
}

/// The light for a status and a due date.
pub fn light(status: Status, due: Option<Date>, today: Date, soon_until: Date) -> Light {
    match status {
        Status::Done => Light::Done,
        Status::DoneLate => Light::DoneLate,
        Status::Standing => Light::Standing,
        Status::Waived => Light::Waived,
        Status::Cancelled => Light::Cancelled,
        Status::Open => match due {
            Some(due) if due < today => Light::Overdue,
            Some(due) if due <= soon_until => Light::DueSoon,
            _ => Light::InTime,
        },
    }
}

/// The last due date that counts as near on a day.
pub fn due_soon_until(today: Date, soon: i32, calendar: &Calendar) -> Date {
    calendar.shift(today, soon)
}

#[cfg(test)]
mod tests;
