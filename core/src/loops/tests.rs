//! The rules that a kind has of its own, told as small stories in a small district. What holds of every kind is walked
//! in `core/tests/loops`.

use super::{Context, Event, Loop, Mark, Open, Party, Refusal, Shot, Stage, What};
use crate::authority::{Actor, Position, Role};
use crate::calendar::Calendar;
use crate::duty::FileRef;
use crate::id::{OrgId, PersonId};
use crate::org::{Org, OrgKind, OrgTree};
use crate::rulebook::Rulebook;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

mod inside;
mod reports;
mod supervision;

/// A district with a clock.
struct District {
    tree: OrgTree,
    book: Rulebook,
    calendar: Calendar,
    files: Vec<Shot>,
    now: Timestamp,
    count: u64,
}

fn id(id: &str) -> OrgId {
    OrgId::try_from(id).unwrap()
}

/// Somebody in a role at an org; `n` tells colleagues apart.
fn who(role: Role, org: &str, n: u32) -> Actor {
    Actor {
        person: PersonId::try_from(format!("person_{}{n}-{org}", role.code())).unwrap(),
        positions: vec![Position { org: id(org), role }],
        only: None,
    }
}

fn office(n: u32) -> Actor {
    who(Role::Office, "office-anwei", n)
}

impl District {
    fn new() -> Self {
        let book = Rulebook::built_in().unwrap();
        let org = |name: &str, kind, parent: Option<&str>, sectors: &[&str]| Org {
            id: id(name),
            kind,
            name: name.into(),
            short: name.into(),
            en: String::new(),
            aliases: vec![],
            parent: parent.map(id),
            code: None,
            sectors: sectors.iter().map(|s| (*s).to_owned()).collect(),
            place: None,
            sample: true,
            closed: false,
        };
        let gas = book
            .sectors
            .iter()
            .find(|s| s.code == "gas")
            .unwrap()
            .lead
            .clone();
        let tree = OrgTree::new(vec![
            org("district", OrgKind::District, None, &[]),
            org("office-anwei", OrgKind::Committee, Some("district"), &[]),
            org(&gas, OrgKind::Department, Some("district"), &["gas"]),
            org("dept-media", OrgKind::Department, Some("district"), &[]),
            org("town-a", OrgKind::Town, Some("district"), &[]),
            org("town-b", OrgKind::Town, Some("district"), &[]),
            org("works", OrgKind::Enterprise, Some("town-a"), &["gas"]),
        ]);
        let file = |sha: &str, media_type: &str| Shot {
            file: FileRef {
                sha256: sha.repeat(32),
                name: sha.into(),
                size: 10,
                media_type: media_type.into(),
            },
            taken: None,
            place: None,
            metres_off: None,
            minutes_off: None,
        };
        Self {
            calendar: Calendar::new(&book.calendar),
            book,
            tree,
            files: vec![file("aa", "application/pdf"), file("bb", "image/jpeg")],
            now: "2026-03-02T01:00:00Z".parse().unwrap(),
            count: 0,
        }
    }

    /// The department that regulates gas.
    fn gas(&self) -> String {
        self.book
            .sectors
            .iter()
            .find(|s| s.code == "gas")
            .unwrap()
            .lead
            .clone()
    }

    fn regulator(&self, n: u32) -> Actor {
        who(Role::Regulator, &self.gas(), n)
    }

    fn context<'a>(&'a self, actor: Option<&'a Actor>) -> Context<'a> {
        Context {
            actor,
            now: self.now,
            happened: self.now,
            tree: &self.tree,
            book: &self.book,
            calendar: &self.calendar,
            files: &self.files,
            chance: u128::from(self.count),
            serial: self.count,
        }
    }

    fn open(
        &mut self,
        kind: &str,
        org: &str,
        actor: Option<&Actor>,
        values: Json,
    ) -> Result<(Loop, Vec<Open>), Refusal> {
        let mut open = Open::new(kind, id(org), String::new());
        open.values = values.as_object().unwrap().clone();
        self.opened(open, actor)
    }

    fn opened(&mut self, open: Open, actor: Option<&Actor>) -> Result<(Loop, Vec<Open>), Refusal> {
        self.count += 1;
        let (_, decided) = Loop::open(open, &self.context(actor))?;
        let [Event::Opened(opened)] = decided.events.as_slice() else {
            panic!("opening gives one fact");
        };
        let mark = Mark {
            by: actor.map(|actor| &actor.person),
            happened: self.now,
            recorded: self.now,
            version: 1,
        };
        Ok((Loop::opened(opened, mark), decided.follows))
    }

    /// Makes a move; what follows from it.
    fn make(
        &self,
        it: &mut Loop,
        actor: &Actor,
        code: &str,
        values: Json,
    ) -> Result<Vec<Open>, Refusal> {
        let what = What::Move {
            code: code.into(),
            values: values.as_object().unwrap().clone(),
        };
        let decided = it.decide(what, &self.context(Some(actor)))?;
        let mark = Mark {
            by: Some(&actor.person),
            happened: self.now,
            recorded: self.now,
            version: it.version + 1,
        };
        for event in &decided.events {
            it.apply(event, mark);
        }
        Ok(decided.follows)
    }

    /// Lets days pass; rungs that were climbed.
    fn days(&mut self, it: &mut Loop, days: i64) -> Vec<String> {
        self.now += SignedDuration::from_hours(24 * days);
        let events = it.clock(self.now, &self.book.ladder, &self.calendar);
        let mark = Mark {
            by: None,
            happened: self.now,
            recorded: self.now,
            version: it.version + 1,
        };
        let mut rungs = Vec::new();
        for event in &events {
            it.apply(event, mark);
            if let Event::Climbed { step, .. } = event {
                rungs.push(step.clone());
            }
        }
        rungs
    }
}

/// When the clock that runs under this name is due, as a day in China; empty when none runs.
fn due(it: &Loop, clock: &str) -> String {
    let running = it.clocks.iter().rev().find(|c| c.code == clock && c.runs());
    running.map_or(String::new(), |c| {
        crate::calendar::date_of(c.due).to_string()
    })
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    let refusal = result.unwrap_err();
    format!("{} {}", refusal.code, refusal.field.unwrap_or_default())
        .trim()
        .to_owned()
}

fn pdf() -> Json {
    json!(["aa".repeat(32)])
}

fn picture() -> Json {
    json!(["bb".repeat(32)])
}
