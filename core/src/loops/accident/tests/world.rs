//! A small world for cases: a district, its office and department, a town with a village and a plant.

use super::super::*;
use crate::authority::{Actor, Position, Role};
use crate::calendar::Calendar;
use crate::duty::FileRef;
use crate::id::{OrgId, PersonId};
use crate::loops::{Context, Decided, Event, Input, Mark, Open, Shot, What};
use crate::org::{Org, OrgKind, OrgTree};
use crate::rulebook::Rulebook;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use std::sync::OnceLock;

/// The district, an enterprise in a town, and who acts.
pub(crate) struct World {
    pub(crate) book: Rulebook,
    tree: OrgTree,
    calendar: Calendar,
    pub(crate) now: Timestamp,
    chance: u128,
}

fn org(id: &str, kind: OrgKind, parent: Option<&str>, sectors: &[&str]) -> Org {
    Org {
        id: OrgId::try_from(id).unwrap(),
        kind,
        name: id.into(),
        short: id.into(),
        en: String::new(),
        aliases: Vec::new(),
        parent: parent.map(|id| OrgId::try_from(id).unwrap()),
        code: None,
        sectors: sectors.iter().map(|s| (*s).to_owned()).collect(),
        place: None,
        sample: true,
        closed: false,
    }
}

/// Somebody with a role somewhere: `unit`, `regulator`, `deputy`, `office`, `town`, `grid`.
fn actor(who: &str) -> Actor {
    let (org, role) = match who {
        "unit" => ("plant", Role::Enterprise),
        "regulator" | "deputy" => ("dept-yingji", Role::Regulator),
        "office" => ("office-anwei", Role::Office),
        "town" => ("town-a", Role::Town),
        _ => ("village-a", Role::Grid),
    };
    Actor {
        person: PersonId::try_from(who).unwrap(),
        positions: vec![Position {
            org: OrgId::try_from(org).unwrap(),
            role,
        }],
        only: None,
    }
}

impl World {
    pub(crate) fn new() -> Self {
        static BOOK: OnceLock<Rulebook> = OnceLock::new();
        let book = BOOK.get_or_init(|| Rulebook::built_in().unwrap()).clone();
        Self {
            calendar: Calendar::new(&book.calendar),
            book,
            tree: OrgTree::new([
                org("district", OrgKind::District, None, &[]),
                org("office-anwei", OrgKind::Committee, Some("district"), &[]),
                org(
                    "dept-yingji",
                    OrgKind::Department,
                    Some("district"),
                    &["hazchem"],
                ),
                org("town-a", OrgKind::Town, Some("district"), &[]),
                org("village-a", OrgKind::Village, Some("town-a"), &[]),
                org("plant", OrgKind::Enterprise, Some("town-a"), &["hazchem"]),
            ]),
            now: "2025-03-10T02:00:00Z".parse().unwrap(),
            chance: 0,
        }
    }

    pub(crate) fn later(&mut self, minutes: i64) -> &mut Self {
        self.now += SignedDuration::from_mins(minutes);
        self
    }

    pub(crate) fn with<T>(&self, who: &str, act: impl FnOnce(&Context<'_>) -> T) -> T {
        let actor = actor(who);
        let file = Shot {
            file: FileRef {
                sha256: "f".into(),
                name: "file.pdf".into(),
                size: 1,
                media_type: "application/pdf".into(),
            },
            taken: None,
            place: None,
            metres_off: None,
            minutes_off: None,
        };
        act(&Context {
            actor: Some(&actor),
            now: self.now,
            happened: self.now,
            tree: &self.tree,
            book: &self.book,
            calendar: &self.calendar,
            files: &[file],
            chance: self.chance,
            serial: 0,
        })
    }

    fn mark<'a>(&self, person: &'a PersonId, version: u64) -> Mark<'a> {
        Mark {
            by: Some(person),
            happened: self.now,
            recorded: self.now,
            version,
        }
    }

    /// Opens one about an org.
    pub(crate) fn open(&mut self, who: &str, about: &str, values: Json) -> (Loop, Decided) {
        self.chance += 1;
        let mut open = Open::new("accident", OrgId::try_from(about).unwrap(), String::new());
        open.values = input(values);
        let (_, decided) = self.with(who, |context| Loop::open(open, context)).unwrap();
        let Some(Event::Opened(opened)) = decided.events.first() else {
            panic!("not opened");
        };
        let it = Loop::opened(opened, self.mark(&actor(who).person, 1));
        (it, decided)
    }

    /// Opens what the system opens.
    pub(crate) fn open_by_system(&mut self, open: Open) -> Loop {
        self.chance += 1;
        let (_, decided) = self
            .with("office", |context| {
                let context = Context {
                    actor: None,
                    ..*context
                };
                Loop::open(open, &context)
            })
            .unwrap();
        let Some(Event::Opened(opened)) = decided.events.first() else {
            panic!("not opened");
        };
        let mark = Mark {
            by: None,
            happened: self.now,
            recorded: self.now,
            version: 1,
        };
        Loop::opened(opened, mark)
    }

    /// Makes a move, or says why not.
    pub(crate) fn act(
        &self,
        it: &mut Loop,
        who: &str,
        code: &str,
        values: Json,
    ) -> Result<Decided, Refusal> {
        let what = What::Move {
            code: code.into(),
            values: input(values),
        };
        let decided = self.with(who, |context| it.decide(what, context))?;
        for event in &decided.events {
            it.apply(event, self.mark(&actor(who).person, it.version + 1));
        }
        Ok(decided)
    }

    /// The same, where it must succeed.
    pub(crate) fn must(&self, it: &mut Loop, who: &str, code: &str, values: Json) -> Decided {
        self.act(it, who, code, values)
            .unwrap_or_else(|no| panic!("{code}: {no:?}"))
    }

    pub(super) fn grade(&self, deaths: i64, serious: i64, loss: i64) -> String {
        let figure = |n: i64| (n >= 0).then_some(n as f64);
        grade_of(&self.book, figure(deaths), figure(serious), figure(loss))
            .map_or_else(|| "-".to_owned(), |grade| grade.zh.clone())
    }
}

pub(crate) fn input(values: Json) -> Input {
    values.as_object().unwrap().clone()
}
