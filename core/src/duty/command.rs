//! What people may do to a duty, and why not: commands in, facts or a refusal out.

use super::{
    Duty, Event, EvidenceKind, EvidenceState, FileRef, Filed, Item, ItemState, Link, Meeting,
    Number, Status,
};
use crate::authority::{Actor, Command as May};
use crate::calendar::date_of;
use crate::id::{EvidenceId, ItemId};
use crate::org::OrgTree;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person asks of a duty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Command {
    /// Hand in evidence.
    FileEvidence {
        /// What kind.
        kind: EvidenceKind,
        /// The day the work was done.
        #[schema(value_type = String, format = Date)]
        happened: Date,
        /// Words beside it.
        #[serde(default)]
        note: String,
        /// SHA-256 of uploaded files.
        #[serde(default)]
        files: Vec<String>,
        /// For meetings.
        #[serde(default)]
        meeting: Option<Meeting>,
        /// For numbers.
        #[serde(default)]
        number: Option<Number>,
        /// For links.
        #[serde(default)]
        link: Option<Link>,
    },
    /// Take evidence back before it is reviewed.
    WithdrawEvidence {
        /// Which.
        #[schema(value_type = String)]
        evidence: EvidenceId,
    },
    /// Accept evidence.
    AcceptEvidence {
        /// Which.
        #[schema(value_type = String)]
        evidence: EvidenceId,
        /// A word beside it.
        #[serde(default)]
        note: String,
    },
    /// Send evidence back.
    ReturnEvidence {
        /// Which.
        #[schema(value_type = String)]
        evidence: EvidenceId,
        /// Why.
        reason: String,
    },
    /// Waive.
    Waive {
        /// Why.
        reason: String,
    },
    /// Take the waiver back.
    Unwaive {
        /// Why.
        reason: String,
    },
    /// Add a sub-item.
    AddItem {
        /// What.
        title: String,
        /// Who.
        #[serde(default)]
        owner: String,
        /// By when.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = Date)]
        due: Option<Date>,
    },
    /// A sub-item is done.
    CloseItem {
        /// Which.
        #[schema(value_type = String)]
        item: ItemId,
        /// What came of it.
        result: String,
    },
    /// A sub-item is dropped.
    DropItem {
        /// Which.
        #[schema(value_type = String)]
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// Remind the org.
    Remind {
        /// What to say.
        #[serde(default)]
        note: String,
    },
}

/// Why something cannot be done. Part of the contract: each has its code and its words in two languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The table of authority says no.
    NotPermitted,
    /// Nobody approves his own work.
    OwnWork,
    /// Nor that of his own org, unless the office has nobody above it.
    OwnOrg,
    /// The duty was cancelled.
    Cancelled,
    /// The duty was waived.
    Waived,
    /// It is not waived.
    NotWaived,
    /// There is no such evidence.
    NoSuchEvidence,
    /// It was reviewed or withdrawn already.
    AlreadyReviewed,
    /// Only its filer may take it back.
    NotYours,
    /// There is no such item.
    NoSuchItem,
    /// It was closed already.
    ItemClosed,
    /// A reason is needed.
    NoReason,
    /// The day lies in the future.
    Future,
    /// The day lies before the period.
    BeforePeriod,
    /// The kind of evidence lacks its content.
    Incomplete,
    /// A number that is none.
    BadNumber,
    /// Too long, or too many.
    TooMuch,
    /// Fulfilled already: nobody to remind.
    Fulfilled,
    /// The system counts this one itself.
    CountedByItself,
    /// A file that was not uploaded.
    NoSuchFile,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Refusal; 20] = [
        Refusal::NotPermitted,
        Refusal::OwnWork,
        Refusal::OwnOrg,
        Refusal::Cancelled,
        Refusal::Waived,
        Refusal::NotWaived,
        Refusal::NoSuchEvidence,
        Refusal::AlreadyReviewed,
        Refusal::NotYours,
        Refusal::NoSuchItem,
        Refusal::ItemClosed,
        Refusal::NoReason,
        Refusal::Future,
        Refusal::BeforePeriod,
        Refusal::Incomplete,
        Refusal::BadNumber,
        Refusal::TooMuch,
        Refusal::Fulfilled,
        Refusal::CountedByItself,
        Refusal::NoSuchFile,
    ];

    /// Stable code, Chinese and English words.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Refusal::NotPermitted => (
                "not-permitted",
                "您的岗位没有这项权限",
                "Your position does not permit this",
            ),
            Refusal::OwnWork => (
                "own-work",
                "不能审核自己报送的佐证",
                "Nobody reviews his own evidence",
            ),
            Refusal::OwnOrg => (
                "own-org",
                "本单位报送的佐证应由上级审核",
                "Evidence of your own org is reviewed from above",
            ),
            Refusal::Cancelled => ("cancelled", "该责任已撤销", "This duty was cancelled"),
            Refusal::Waived => ("waived", "该责任已免除", "This duty was waived"),
            Refusal::NotWaived => ("not-waived", "该责任未被免除", "This duty is not waived"),
            Refusal::NoSuchEvidence => (
                "no-such-evidence",
                "没有这份佐证，请刷新",
                "There is no such evidence; reload",
            ),
            Refusal::AlreadyReviewed => (
                "already-reviewed",
                "该佐证已处理",
                "This evidence has been dealt with",
            ),
            Refusal::NotYours => (
                "not-yours",
                "只有报送人可以撤回",
                "Only the person who filed it may withdraw it",
            ),
            Refusal::NoSuchItem => (
                "no-such-item",
                "没有这个子项，请刷新",
                "There is no such item; reload",
            ),
            Refusal::ItemClosed => ("item-closed", "该子项已办结", "This item is closed"),
            Refusal::NoReason => ("no-reason", "请写明理由", "Give a reason"),
            Refusal::Future => (
                "future",
                "发生日期不能晚于今天",
                "The day cannot lie in the future",
            ),
            Refusal::BeforePeriod => (
                "before-period",
                "发生日期早于本期开始之日",
                "The day lies before the period",
            ),
            Refusal::Incomplete => ("incomplete", "请补全佐证内容", "Complete the evidence"),
            Refusal::BadNumber => ("bad-number", "请填写有效数字", "Give a proper number"),
            Refusal::TooMuch => (
                "too-much",
                "内容过长或附件过多",
                "Too long, or too many files",
            ),
            Refusal::Fulfilled => (
                "fulfilled",
                "该责任已完成，无需催办",
                "Fulfilled already; nothing to remind of",
            ),
            Refusal::CountedByItself => (
                "counted-by-itself",
                "该责任由系统自动统计，无需报送",
                "The system counts this by itself",
            ),
            Refusal::NoSuchFile => (
                "no-such-file",
                "附件尚未上传，请重新选择",
                "The file was not uploaded; choose it again",
            ),
        }
    }
}

/// Longest text of a note, reason or title, in characters.
pub const TEXT_MAX: usize = 4_000;
/// Most files in one piece of evidence.
pub const FILES_MAX: usize = 20;
/// Most pieces of evidence and items in one duty.
pub const PIECES_MAX: usize = 500;

/// What a decision may look at.
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// Now.
    pub now: Timestamp,
    /// The org tree.
    pub tree: &'a OrgTree,
    /// The files that the command names, as the store knows them.
    pub files: &'a [FileRef],
    /// Chance for new ids.
    pub chance: u128,
}

impl Duty {
    /// May the actor give a command of this name (and, for evidence and items, to that one)? The same answer serves
    /// the button and the door.
    ///
    /// # Errors
    /// The refusal.
    pub fn may(
        &self,
        name: &str,
        piece: Option<&str>,
        actor: &Actor,
        tree: &OrgTree,
    ) -> Result<(), Refusal> {
        let org = &self.assigned.org;
        let permission = match name {
            "file-evidence" | "withdraw-evidence" => May::FileEvidence,
            "accept-evidence" | "return-evidence" => May::ReviewEvidence,
            "waive" | "unwaive" => May::WaiveDuty,
            "add-item" | "close-item" | "drop-item" => May::ManageItems,
            _ => May::Remind,
        };
        if !actor.may(permission, org, tree) {
            return Err(Refusal::NotPermitted);
        }
        if self.cancelled.is_some() {
            return Err(Refusal::Cancelled);
        }
        if self.waiver.is_some() && name != "unwaive" {
            return Err(Refusal::Waived);
        }
        match name {
            "file-evidence" if self.things.is_some() || self.below.is_some() => {
                return Err(Refusal::CountedByItself);
            }
            "unwaive" if self.waiver.is_none() => return Err(Refusal::NotWaived),
            "remind" if matches!(self.status, Status::Done | Status::DoneLate) => {
                return Err(Refusal::Fulfilled);
            }
            _ => {}
        }
        let evidence = |id: &str| {
            self.evidence
                .iter()
                .find(|e| e.filed.id.as_str() == id)
                .ok_or(Refusal::NoSuchEvidence)
        };
        match (name, piece) {
            ("withdraw-evidence", Some(id)) => {
                let evidence = evidence(id)?;
                if evidence.state != EvidenceState::Submitted {
                    return Err(Refusal::AlreadyReviewed);
                }
                if evidence.by.as_ref() != Some(&actor.person) {
                    return Err(Refusal::NotYours);
                }
            }
            ("accept-evidence" | "return-evidence", Some(id)) => {
                let evidence = evidence(id)?;
                if evidence.state != EvidenceState::Submitted {
                    return Err(Refusal::AlreadyReviewed);
                }
                if evidence.by.as_ref() == Some(&actor.person) {
                    return Err(Refusal::OwnWork);
                }
                // A colleague in the same org is not enough, except in the office itself, above which nobody reviews.
                let colleague = actor.positions.iter().any(|position| position.org == *org);
                if colleague && !actor.is(crate::authority::Role::Office) {
                    return Err(Refusal::OwnOrg);
                }
            }
            ("close-item" | "drop-item", Some(id)) => {
                let item = self
                    .items
                    .iter()
                    .find(|i| i.id.as_str() == id)
                    .ok_or(Refusal::NoSuchItem)?;
                if item.state != ItemState::Open {
                    return Err(Refusal::ItemClosed);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What a command does: facts, or a refusal. Reads no clock, no file, no socket.
    ///
    /// # Errors
    /// The refusal; nothing happened.
    pub fn decide(&self, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
        let (actor, tree) = (context.actor, context.tree);
        let milliseconds = u64::try_from(context.now.as_millisecond()).unwrap_or_default();
        let reason = |text: String| {
            let text = text.trim().to_owned();
            match text.chars().count() {
                0 => Err(Refusal::NoReason),
                n if n > TEXT_MAX => Err(Refusal::TooMuch),
                _ => Ok(text),
            }
        };
        let event = match command {
            Command::FileEvidence {
                kind,
                happened,
                note,
                files,
                meeting,
                number,
                link,
            } => {
                self.may("file-evidence", None, actor, tree)?;
                // A meeting's work was done on the day it was held.
                let happened = meeting
                    .as_ref()
                    .filter(|_| kind == EvidenceKind::Meeting)
                    .map_or(happened, |meeting| meeting.date);
                if happened > date_of(context.now) {
                    return Err(Refusal::Future);
                }
                if happened < self.assigned.period.from {
                    return Err(Refusal::BeforePeriod);
                }
                let long = |text: &str| text.chars().count() > TEXT_MAX;
                if files.len() > FILES_MAX || self.evidence.len() >= PIECES_MAX || long(&note) {
                    return Err(Refusal::TooMuch);
                }
                let complete = match kind {
                    EvidenceKind::Meeting => meeting
                        .as_ref()
                        .is_some_and(|m| m.people > 0 && !m.topic.trim().is_empty()),
                    EvidenceKind::File | EvidenceKind::Photo => !files.is_empty(),
                    EvidenceKind::Number => number.is_some(),
                    EvidenceKind::Link => link
                        .as_ref()
                        .is_some_and(|l| !l.target.trim().is_empty() && !l.title.trim().is_empty()),
                };
                if !complete {
                    return Err(Refusal::Incomplete);
                }
                if meeting
                    .as_ref()
                    .is_some_and(|m| long(&m.topic) || long(&m.minutes))
                    || link
                        .as_ref()
                        .is_some_and(|l| long(&l.target) || long(&l.title))
                {
                    return Err(Refusal::TooMuch);
                }
                if number.as_ref().is_some_and(|n| {
                    !n.value.is_finite()
                        || n.value < 0.0
                        || n.value > 1e12
                        || n.unit.chars().count() > 20
                }) {
                    return Err(Refusal::BadNumber);
                }
                let files = files
                    .iter()
                    .map(|sha| {
                        context
                            .files
                            .iter()
                            .find(|f| f.sha256 == *sha)
                            .cloned()
                            .ok_or(Refusal::NoSuchFile)
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                // Only what the kind calls for is kept.
                Event::Filed(Filed {
                    id: EvidenceId::make(milliseconds, context.chance),
                    kind,
                    happened,
                    note: note.trim().to_owned(),
                    meeting: meeting.filter(|_| kind == EvidenceKind::Meeting),
                    number: number.filter(|_| kind == EvidenceKind::Number),
                    link: link.filter(|_| kind == EvidenceKind::Link),
                    files,
                })
            }
            Command::WithdrawEvidence { evidence } => {
                self.may("withdraw-evidence", Some(evidence.as_str()), actor, tree)?;
                Event::Withdrawn { evidence }
            }
            Command::AcceptEvidence { evidence, note } => {
                self.may("accept-evidence", Some(evidence.as_str()), actor, tree)?;
                if note.chars().count() > TEXT_MAX {
                    return Err(Refusal::TooMuch);
                }
                Event::Accepted {
                    evidence,
                    note: note.trim().to_owned(),
                }
            }
            Command::ReturnEvidence {
                evidence,
                reason: why,
            } => {
                self.may("return-evidence", Some(evidence.as_str()), actor, tree)?;
                Event::Returned {
                    evidence,
                    reason: reason(why)?,
                }
            }
            Command::Waive { reason: why } => {
                self.may("waive", None, actor, tree)?;
                Event::Waived {
                    reason: reason(why)?,
                }
            }
            Command::Unwaive { reason: why } => {
                self.may("unwaive", None, actor, tree)?;
                Event::Unwaived {
                    reason: reason(why)?,
                }
            }
            Command::AddItem { title, owner, due } => {
                self.may("add-item", None, actor, tree)?;
                if self.items.len() >= PIECES_MAX || owner.chars().count() > TEXT_MAX {
                    return Err(Refusal::TooMuch);
                }
                Event::ItemAdded(Item {
                    id: ItemId::make(milliseconds, context.chance),
                    title: reason(title).map_err(|refusal| {
                        if refusal == Refusal::NoReason {
                            Refusal::Incomplete
                        } else {
                            refusal
                        }
                    })?,
                    owner: owner.trim().to_owned(),
                    due,
                    state: ItemState::Open,
                    result: None,
                    closed_at: None,
                })
            }
            Command::CloseItem { item, result } => {
                self.may("close-item", Some(item.as_str()), actor, tree)?;
                Event::ItemClosed {
                    item,
                    result: reason(result)?,
                }
            }
            Command::DropItem { item, reason: why } => {
                self.may("drop-item", Some(item.as_str()), actor, tree)?;
                Event::ItemDropped {
                    item,
                    reason: reason(why)?,
                }
            }
            Command::Remind { note } => {
                self.may("remind", None, actor, tree)?;
                if note.chars().count() > TEXT_MAX {
                    return Err(Refusal::TooMuch);
                }
                Event::Reminded {
                    note: note.trim().to_owned(),
                }
            }
        };
        Ok(vec![event])
    }
}
