//! Loops (闭环): what must be closed. A kind of loop is one file with constant tables ([`Spec`]); what a command does
//! ([`Loop::decide`]), what the clock does ([`Loop::clock`]) and what a fact does to the state ([`Loop::apply`]) is
//! written once, here, for all of them. `docs/loops/README.md` is the contract, `core/tests/loops` walks the whole registry.
//!
//! Everything that depends on time, rulebook or calendar is worked out when a command is decided and stands in the
//! fact, so that folding facts asks nobody and always gives the same bytes.

use crate::authority::Actor;
use crate::calendar::Calendar;
use crate::id::{LoopId, OrgId, PersonId};
use crate::org::{OrgTree, Place};
use crate::rulebook::Rulebook;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod clock;
mod decide;
pub mod diagram;
pub mod field;
mod refusal;
pub mod spec;

pub mod accident;
pub mod circular;
pub mod detect;
pub mod exposure;
pub mod extend;
pub mod hazard;
pub mod internal;
pub mod interview;
pub mod listing;
pub mod measure;
pub mod misreport;
pub mod patrol;
pub mod pledge;
pub mod problem;
pub mod referral;
pub mod report;
pub mod trigger;
pub mod violation;
pub mod warning;

#[cfg(test)]
mod tests;

pub use decide::{Decided, Open, What, days_after, may_open};
pub use field::{Input, Read, Shot, Value, Values};
pub use refusal::Refusal;
pub use spec::{Party, Spec, Stage, Word};

/// Every kind of loop, in the order pages show them.
pub const REGISTRY: &[&Spec] = &[
    &hazard::SPEC,
    &accident::SPEC,
    &misreport::SPEC,
    &report::SPEC,
    &internal::SPEC,
    &violation::SPEC,
    &pledge::SPEC,
    &circular::SPEC,
    &interview::SPEC,
    &listing::SPEC,
    &patrol::SPEC,
    &exposure::SPEC,
    &referral::SPEC,
    &warning::SPEC,
    &problem::SPEC,
    &measure::SPEC,
];

/// The kind of the loop with this id.
pub fn kind_of(id: &str) -> Option<&'static Spec> {
    spec(id.rsplit_once('_')?.0)
}

/// The kind of this code.
pub fn spec(code: &str) -> Option<&'static Spec> {
    REGISTRY.iter().copied().find(|spec| spec.code == code)
}

/// Most pieces kept in one loop's state: links, comments counted, clocks.
pub const PIECES_MAX: usize = 500;

/// A clock set by a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetClock {
    /// Which.
    pub code: String,
    /// By when.
    pub due: Timestamp,
    /// When the clock must look next: a rung before the deadline, or the deadline itself.
    pub wake: Timestamp,
    /// The rule, as it stood.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The rule is confirmed in its source.
    #[serde(default)]
    pub certain: bool,
}

/// What opened a loop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Its id.
    pub id: LoopId,
    /// Its kind.
    #[serde(rename = "loop")]
    pub kind: String,
    /// YH-2026-000012.
    pub number: String,
    /// What it is about, short.
    pub title: String,
    /// Its first state.
    pub state: String,
    /// The org it is about.
    pub org: OrgId,
    /// The town it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<OrgId>,
    /// The trade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Who has what part.
    pub parties: BTreeMap<Party, OrgId>,
    /// What was filled in.
    pub values: Values,
    /// Clocks that start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<SetClock>,
    /// Clocks that are met by opening.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<String>,
    /// The grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// What it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Link>,
    /// The unit for which whoever opened it acted; none is the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_org: Option<OrgId>,
}

/// What a move did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Which.
    #[serde(rename = "move")]
    pub code: String,
    /// The state before.
    pub from: String,
    /// The state after.
    pub to: String,
    /// What was filled in and worked out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: Values,
    /// Parties that changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parties: BTreeMap<Party, OrgId>,
    /// Clocks that start anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<SetClock>,
    /// Clocks that are met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<String>,
    /// Clocks that stop unmet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stopped: Vec<String>,
    /// The grade as it then is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// The unit for which the person acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_org: Option<OrgId>,
}

/// How two loops belong together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The other.
    pub id: LoopId,
    /// `from` (this came of the other), `led-to` (the other came of this), `same` (the same matter), `see`.
    pub how: String,
    /// The move or rule that made it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// What can happen to a loop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum Event {
    /// It was opened.
    #[serde(rename = "loop.opened")]
    Opened(Box<Opened>),
    /// A move was made.
    #[serde(rename = "loop.moved")]
    Moved(Box<Moved>),
    /// A deadline passed.
    #[serde(rename = "loop.fell-due")]
    FellDue {
        /// Which clock.
        clock: String,
        /// When it was due.
        due: Timestamp,
        /// When the clock looks next, if the ladder goes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Timestamp>,
    },
    /// A rung of the ladder was climbed.
    #[serde(rename = "loop.climbed")]
    Climbed {
        /// Which clock.
        clock: String,
        /// Which rung.
        step: String,
        /// When the clock looks next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Timestamp>,
    },
    /// Somebody said something.
    #[serde(rename = "loop.commented")]
    Commented {
        /// What.
        text: String,
        /// With files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Shot>,
    },
    /// It was linked to another.
    #[serde(rename = "loop.linked")]
    Linked(Link),
    /// It was voided.
    #[serde(rename = "loop.voided")]
    Voided {
        /// Why.
        reason: String,
    },
    /// Somebody looked at what is kept apart: the identity of a reporter.
    #[serde(rename = "loop.looked")]
    Looked {
        /// At what.
        what: String,
        /// Why.
        reason: String,
    },
    /// Somebody asked to be told, or no longer.
    #[serde(rename = "loop.watched")]
    Watched {
        /// On or off.
        on: bool,
    },
    /// A rule found that it applies, or no longer: the note of a trigger.
    #[serde(rename = "loop.noted")]
    Noted {
        /// The rule's key.
        rule: String,
        /// What it says, in words.
        text: String,
        /// It applies.
        holds: bool,
    },
}

impl Event {
    /// The kind, as stored and searched.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Opened(_) => "loop.opened",
            Event::Moved(_) => "loop.moved",
            Event::FellDue { .. } => "loop.fell-due",
            Event::Climbed { .. } => "loop.climbed",
            Event::Commented { .. } => "loop.commented",
            Event::Linked(_) => "loop.linked",
            Event::Voided { .. } => "loop.voided",
            Event::Looked { .. } => "loop.looked",
            Event::Watched { .. } => "loop.watched",
            Event::Noted { .. } => "loop.noted",
        }
    }

    /// Files that it names.
    pub fn files(&self) -> Vec<&Shot> {
        match self {
            Event::Opened(opened) => opened.values.values().flat_map(Value::files).collect(),
            Event::Moved(moved) => moved.values.values().flat_map(Value::files).collect(),
            Event::Commented { files, .. } => files.iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// Who did something, for whom, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doer {
    /// The person; none is the system.
    pub by: Option<PersonId>,
    /// The unit.
    pub org: Option<OrgId>,
    /// When it happened.
    pub at: Timestamp,
    /// How often it was done.
    pub times: u32,
}

/// A clock as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Which.
    pub code: String,
    /// When it was set.
    pub set: Timestamp,
    /// By when.
    pub due: Timestamp,
    /// When the clock looks next; none when there is nothing more to see.
    pub wake: Option<Timestamp>,
    /// The rule.
    pub rule: String,
    /// It is confirmed in its source.
    pub certain: bool,
    /// It passed unmet, and the ledger says so.
    pub fell: bool,
    /// The rung that was climbed last.
    pub step: Option<String>,
    /// When it was met.
    pub met: Option<Timestamp>,
    /// It was stopped without being met.
    pub stopped: bool,
}

impl Running {
    /// Neither met nor stopped.
    pub fn runs(&self) -> bool {
        self.met.is_none() && !self.stopped
    }
    /// Met after it was due, or not met though it is past.
    pub fn late(&self, now: Timestamp) -> bool {
        match self.met {
            Some(met) => met > self.due,
            None => !self.stopped && now > self.due,
        }
    }
}

/// Who and when, of a fact.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    /// The person; none is the system.
    pub by: Option<&'a PersonId>,
    /// When it happened.
    pub happened: Timestamp,
    /// When it was recorded.
    pub recorded: Timestamp,
    /// The stream's version with this fact.
    pub version: u64,
}

/// A loop, folded from its facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loop {
    /// Its id.
    pub id: LoopId,
    /// Its kind.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// What it is about, short.
    pub title: String,
    /// Its state.
    pub state: String,
    /// The org it is about.
    pub org: OrgId,
    /// The town it lies in.
    pub town: Option<OrgId>,
    /// The trade.
    pub sector: Option<String>,
    /// Where.
    pub place: Option<Place>,
    /// Where, in words.
    pub address: String,
    /// The grade.
    pub grade: Option<String>,
    /// Who has what part.
    pub parties: BTreeMap<Party, OrgId>,
    /// What was filled in, the latest of each field.
    pub values: Values,
    /// When it happened.
    pub happened: Timestamp,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it was closed or ended.
    pub closed: Option<Timestamp>,
    /// Who did each move last; `open` is the opening.
    pub did: BTreeMap<String, Doer>,
    /// Clocks, oldest first.
    pub clocks: Vec<Running>,
    /// What belongs together.
    pub links: BTreeSet<Link>,
    /// How many comments there are.
    pub comments: u32,
    /// Who wants to be told.
    pub watchers: BTreeSet<PersonId>,
    /// Rules that hold, with what they say.
    pub notes: BTreeMap<String, String>,
    /// Why it was voided.
    pub voided: Option<String>,
    /// Its version.
    pub version: u64,
}

impl Loop {
    /// What was opened.
    pub fn opened(opened: &Opened, mark: Mark<'_>) -> Self {
        let mut this = Self {
            id: opened.id.clone(),
            kind: opened.kind.clone(),
            number: opened.number.clone(),
            title: opened.title.clone(),
            state: opened.state.clone(),
            org: opened.org.clone(),
            town: opened.town.clone(),
            sector: opened.sector.clone(),
            place: opened.place,
            address: opened.address.clone(),
            grade: opened.grade.clone(),
            parties: opened.parties.clone(),
            values: opened.values.clone(),
            happened: mark.happened,
            opened: mark.recorded,
            closed: None,
            did: BTreeMap::new(),
            clocks: Vec::new(),
            links: opened.from.iter().cloned().collect(),
            comments: 0,
            watchers: BTreeSet::new(),
            notes: BTreeMap::new(),
            voided: None,
            version: mark.version,
        };
        this.done("open", opened.by_org.as_ref(), mark);
        this.set(&opened.clocks, &opened.met, &[], mark);
        this
    }

    fn done(&mut self, code: &str, org: Option<&OrgId>, mark: Mark<'_>) {
        let times = self.did.get(code).map_or(0, |doer| doer.times) + 1;
        self.did.insert(
            code.to_owned(),
            Doer {
                by: mark.by.cloned(),
                org: org.cloned(),
                at: mark.happened,
                times,
            },
        );
    }

    fn set(&mut self, clocks: &[SetClock], met: &[String], stopped: &[String], mark: Mark<'_>) {
        let meet = |this: &mut Self, codes: &[String]| {
            let spec = spec(&this.kind);
            for clock in this
                .clocks
                .iter_mut()
                .filter(|c| c.runs() && codes.contains(&c.code))
            {
                let on_arrival = spec
                    .and_then(|spec| spec.clock(&clock.code))
                    .is_some_and(|clock| clock.on_arrival);
                clock.met = Some(if on_arrival {
                    mark.recorded
                } else {
                    mark.happened
                });
                clock.wake = None;
            }
        };
        // What ran before is met first; a clock that starts anew replaces what still runs under its name; what is met
        // by the very move that starts it (a report that comes with its own deadline) is met last.
        meet(self, met);
        for clock in self.clocks.iter_mut().filter(|c| c.runs()) {
            if stopped.contains(&clock.code) || clocks.iter().any(|s| s.code == clock.code) {
                clock.stopped = true;
                clock.wake = None;
            }
        }
        for set in clocks {
            self.clocks.push(Running {
                code: set.code.clone(),
                set: mark.recorded,
                due: set.due,
                wake: Some(set.wake),
                rule: set.rule.clone(),
                certain: set.certain,
                fell: false,
                step: None,
                met: None,
                stopped: false,
            });
        }
        if mark.version == 1 {
            meet(self, met);
        }
        while self.clocks.len() > PIECES_MAX {
            let old = self.clocks.iter().position(|c| !c.runs()).unwrap_or(0);
            self.clocks.remove(old);
        }
    }

    /// What a fact does to it.
    pub fn apply(&mut self, event: &Event, mark: Mark<'_>) {
        self.version = mark.version;
        match event {
            // Only the first fact of a stream opens.
            Event::Opened(_) => {}
            Event::Moved(moved) => {
                self.state.clone_from(&moved.to);
                for (code, value) in &moved.values {
                    self.values.insert(code.clone(), value.clone());
                }
                for (party, org) in &moved.parties {
                    self.parties.insert(*party, org.clone());
                    if *party == Party::Owner {
                        self.org = org.clone();
                    }
                }
                self.grade.clone_from(&moved.grade);
                self.done(&moved.code, moved.by_org.as_ref(), mark);
                self.set(&moved.clocks, &moved.met, &moved.stopped, mark);
                let done = spec(&self.kind)
                    .and_then(|spec| spec.state(&self.state))
                    .is_some_and(|state| state.stage != Stage::Open);
                if done {
                    self.closed = self.closed.or(Some(mark.happened));
                } else {
                    self.closed = None;
                }
            }
            Event::FellDue { clock, next, .. } => {
                if let Some(at) = self
                    .clocks
                    .iter_mut()
                    .rev()
                    .find(|c| c.code == *clock && c.runs())
                {
                    at.fell = true;
                    at.wake = *next;
                }
            }
            Event::Climbed { clock, step, next } => {
                if let Some(at) = self
                    .clocks
                    .iter_mut()
                    .rev()
                    .find(|c| c.code == *clock && c.runs())
                {
                    at.step = Some(step.clone());
                    at.wake = *next;
                }
            }
            Event::Commented { .. } => self.comments += 1,
            Event::Linked(link) => {
                self.links.insert(link.clone());
            }
            Event::Voided { reason } => {
                self.voided = Some(reason.clone());
                self.closed = self.closed.or(Some(mark.happened));
                for clock in self.clocks.iter_mut().filter(|c| c.runs()) {
                    clock.stopped = true;
                    clock.wake = None;
                }
            }
            Event::Looked { .. } => {}
            Event::Watched { on } => {
                if let Some(by) = mark.by {
                    if *on {
                        self.watchers.insert(by.clone());
                    } else {
                        self.watchers.remove(by);
                    }
                }
            }
            Event::Noted { rule, text, holds } => {
                if *holds {
                    self.notes.insert(rule.clone(), text.clone());
                } else {
                    self.notes.remove(rule);
                }
            }
        }
    }

    /// Its kind's tables.
    pub fn spec(&self) -> Option<&'static Spec> {
        spec(&self.kind)
    }

    /// How it stands.
    pub fn stage(&self) -> Stage {
        if self.voided.is_some() {
            return Stage::Ended;
        }
        self.spec()
            .and_then(|spec| spec.state(&self.state))
            .map_or(Stage::Open, |state| state.stage)
    }

    /// The org that plays a part.
    pub fn party(&self, party: Party) -> Option<&OrgId> {
        if party == Party::Owner {
            return Some(&self.org);
        }
        self.parties.get(&party)
    }

    /// Whose move it is, and what that takes.
    pub fn turn(&self) -> Option<(&OrgId, crate::authority::Command)> {
        if self.stage() != Stage::Open {
            return None;
        }
        let (party, may) = self.spec()?.state(&self.state)?.turn?;
        Some((self.party(party).unwrap_or(&self.org), may))
    }

    /// The next deadline that is not met: the one that is longest past, else the nearest.
    pub fn next_due(&self) -> Option<&Running> {
        self.clocks
            .iter()
            .filter(|clock| clock.runs())
            .min_by_key(|clock| clock.due)
    }

    /// When the clock must look at it next.
    pub fn wake(&self) -> Option<Timestamp> {
        self.clocks.iter().filter_map(|clock| clock.wake).min()
    }

    /// Orgs that have a part in it.
    pub fn orgs(&self) -> BTreeSet<&OrgId> {
        std::iter::once(&self.org)
            .chain(self.parties.values())
            .collect()
    }

    /// May somebody see it?
    pub fn may_read(&self, actor: &Actor, tree: &OrgTree) -> bool {
        self.spec().is_some_and(|spec| {
            self.orgs()
                .iter()
                .any(|org| actor.may(spec.read, org, tree))
        })
    }
}

/// What a decision may look at.
pub struct Context<'a> {
    /// Who asks; none is the system.
    pub actor: Option<&'a Actor>,
    /// Now.
    pub now: Timestamp,
    /// When it happened, as claimed; not after now.
    pub happened: Timestamp,
    /// The org tree.
    pub tree: &'a OrgTree,
    /// The rulebook.
    pub book: &'a Rulebook,
    /// Which days are worked.
    pub calendar: &'a Calendar,
    /// The files that the command names, as the store knows them, with what pictures say of themselves.
    pub files: &'a [Shot],
    /// Chance for new ids.
    pub chance: u128,
    /// How many loops of this kind were opened this year.
    pub serial: u64,
}
