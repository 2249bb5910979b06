//! Loops at work: opening them, commands on them, the clock's sweep, and what else comes of a fact — loops that are
//! opened in the same transaction, so that no consequence is lost and none comes twice. The rules are in
//! `anlan_core::loops`; here they are given what they ask for.

pub mod consequence;
pub mod forms;
pub mod papers;
pub mod photo;
pub mod story;
pub mod views;

use crate::app::{App, Writing};
use crate::problem::Problem;
use anlan_core::authority::Actor;
use anlan_core::calendar::date_of;
use anlan_core::fact::Entry;
use anlan_core::id::{LoopId, OrgId};
use anlan_core::loops::{
    Context, Decided, Event, Link, Loop, Mark, Open, Party, REGISTRY, Refusal, Shot, What, spec,
};
use anlan_store::loops::{self, Seen};
use axum::http::StatusCode;
use jiff::Timestamp;
use std::sync::Arc;

/// How deep one loop may open another that opens another.
const DEPTH_MAX: u32 = 3;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code {
            "not-permitted" | "own-work" => StatusCode::FORBIDDEN,
            "not-now" | "ended" | "voided" => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut problem = Self::new(
            status,
            &format!("loop/{}", refusal.code),
            refusal.zh,
            refusal.en,
        );
        problem.field = refusal.field;
        problem
    }
}

/// Who gives a command, when it happened, and with which files.
pub struct Given<'a> {
    /// The person; none is the system.
    pub actor: Option<&'a Actor>,
    /// When it happened, as claimed; now when nothing is said.
    pub happened: Option<Timestamp>,
    /// The files it names.
    pub files: &'a [Shot],
}

impl Given<'_> {
    /// The system, now.
    pub const SYSTEM: Given<'static> = Given {
        actor: None,
        happened: None,
        files: &[],
    };
}

/// Kinds that somebody may see, and how far.
pub fn seen(actor: &Actor, app: &App) -> Seen {
    let world = app.world();
    let mut out: Vec<(anlan_core::authority::Command, Vec<&'static str>)> = Vec::new();
    for spec in REGISTRY {
        match out.iter_mut().find(|(read, _)| *read == spec.read) {
            Some((_, kinds)) => kinds.push(spec.code),
            None => out.push((spec.read, vec![spec.code])),
        }
    }
    Seen(
        out.into_iter()
            .map(|(read, kinds)| (kinds, actor.reach(read, &world.tree)))
            .filter(|(_, reach)| !reach.is_empty())
            .collect(),
    )
}

/// Kinds whose facts somebody may not see in the ledger: each of his positions that reads the ledger must also carry
/// what it takes to see the kind.
pub fn hidden(actor: &Actor) -> Vec<&'static str> {
    use anlan_core::authority::{Command, Scope, scope};
    REGISTRY
        .iter()
        .filter(|spec| {
            actor.positions.iter().any(|position| {
                scope(position.role, Command::ReadLedger) != Scope::None
                    && scope(position.role, spec.read) < scope(position.role, Command::ReadLedger)
            })
        })
        .map(|spec| spec.code)
        .collect()
}

/// May somebody see a fact of the loop with this id, given the orgs that have a part in it?
pub fn may_see<'a>(
    id: &str,
    orgs: impl Iterator<Item = &'a str>,
    actor: &Actor,
    tree: &anlan_core::org::OrgTree,
) -> bool {
    let Some(spec) = anlan_core::loops::kind_of(id) else {
        return false;
    };
    let mut orgs = orgs.filter_map(|org| OrgId::try_from(org).ok());
    orgs.any(|org| tree.get(&org).is_some() && actor.may(spec.read, &org, tree))
}

/// Opens a loop, and what follows from it.
///
/// # Errors
/// The refusal, or what the store said.
pub fn open(w: &mut Writing<'_, '_>, open: Open, given: &Given<'_>) -> Result<Loop, Problem> {
    open_at(w, open, given, 0)
}

pub(crate) fn open_at(
    w: &mut Writing<'_, '_>,
    open: Open,
    given: &Given<'_>,
    depth: u32,
) -> Result<Loop, Problem> {
    let world = w.app.world();
    let app = Arc::clone(w.app);
    let kind = spec(&open.kind).ok_or(Refusal::UNKNOWN_KIND)?;
    let serial = loops::serial(w.tx.db, kind.prefix, date_of(w.now).year())?;
    let context = Context {
        actor: given.actor,
        now: w.now,
        happened: given.happened.unwrap_or(w.now),
        tree: &world.tree,
        book: &app.book,
        calendar: &world.calendar,
        files: given.files,
        chance: app.clock.chance(),
        serial,
    };
    let from = open.from.clone();
    // What came of a report does not name it to those who may not see it: the report alone says what it led to.
    let narrower = from
        .as_ref()
        .and_then(|link| anlan_core::loops::kind_of(link.id.as_str()))
        .is_some_and(|parent| {
            parent.read != kind.read && parent.read != anlan_core::authority::Command::ReadLoops
        });
    let mut open = open;
    if narrower {
        open.from = None;
    }
    let (id, decided) = Loop::open(open, &context)?;
    let Some(Event::Opened(opened)) = decided.events.first() else {
        return Err(Problem::ours("a loop was opened without a fact"));
    };
    let mark = Mark {
        by: given.actor.map(|actor| &actor.person),
        happened: context.happened,
        recorded: w.now,
        version: 1,
    };
    let at = Loop::opened(opened, mark);
    if let Some(link) = &from {
        link_back(w, &id, link)?;
    }
    keep(w, &at, None, decided, given, depth)
}

/// Says to the loop that another came of that it did.
fn link_back(w: &mut Writing<'_, '_>, id: &LoopId, link: &Link) -> Result<(), Problem> {
    let Some(parent) = loops::get(w.tx.db, link.id.as_str())? else {
        return Err(Refusal::NO_SUCH_LOOP.into());
    };
    let event = Event::Linked(Link {
        id: id.clone(),
        how: if link.how == "from" {
            "led-to".into()
        } else {
            link.how.clone()
        },
        why: link.why.clone(),
    });
    append(w, &parent, event, &Given::SYSTEM)
}

pub(crate) fn append(
    w: &mut Writing<'_, '_>,
    it: &Loop,
    event: Event,
    given: &Given<'_>,
) -> Result<(), Problem> {
    let touches: Vec<OrgId> = it
        .orgs()
        .into_iter()
        .filter(|org| **org != it.org)
        .cloned()
        .collect();
    let entry = Entry::of_loop(
        &it.id,
        &it.org,
        touches,
        event,
        given.actor.map(|actor| actor.person.clone()),
        given.happened.unwrap_or(w.now),
        w.now,
    );
    w.append(&entry, None)?;
    Ok(())
}

/// Appends what was decided, opens what follows, and looks at what rules make of it.
fn keep(
    w: &mut Writing<'_, '_>,
    it: &Loop,
    before: Option<&Loop>,
    decided: Decided,
    given: &Given<'_>,
    depth: u32,
) -> Result<Loop, Problem> {
    for event in decided.events {
        append(w, it, event, given)?;
    }
    let gone = || Problem::ours("a loop is not there after its fact");
    let after = loops::get(w.tx.db, it.id.as_str())?.ok_or_else(gone)?;
    if depth < DEPTH_MAX {
        for follow in decided.follows {
            open_at(w, follow, &Given::SYSTEM, depth + 1)?;
        }
        consequence::triggers(w, before, &after, depth)?;
    }
    loops::get(w.tx.db, it.id.as_str())?.ok_or_else(gone)
}

/// A command on a loop.
///
/// # Errors
/// The refusal, or what the store said.
pub fn act(
    w: &mut Writing<'_, '_>,
    it: &Loop,
    what: What,
    given: &Given<'_>,
) -> Result<Loop, Problem> {
    let world = w.app.world();
    let app = Arc::clone(w.app);
    let context = Context {
        actor: given.actor,
        now: w.now,
        happened: given.happened.unwrap_or(w.now),
        tree: &world.tree,
        book: &app.book,
        calendar: &world.calendar,
        files: given.files,
        chance: app.clock.chance(),
        serial: 0,
    };
    // Both ends of a link say it.
    let other = match &what {
        What::Link { to, how } => {
            let other = loops::get(w.tx.db, to.as_str())?.ok_or(Refusal::NO_SUCH_LOOP)?;
            if !given
                .actor
                .is_some_and(|actor| other.may_read(actor, &world.tree))
            {
                return Err(Refusal::NO_SUCH_LOOP.into());
            }
            Some((other, how.clone()))
        }
        _ => None,
    };
    pay_code(w, it, &what)?;
    let what = facts_known(w, it, what)?;
    let named = named_loops(w, it, &what, given)?;
    let decided = it.decide(what, &context)?;
    let at = keep(w, it, Some(it), decided, given, 0)?;
    for other in named {
        let see = |id: &LoopId| {
            Event::Linked(Link {
                id: id.clone(),
                how: "see".into(),
                why: String::new(),
            })
        };
        append(w, it, see(&other.id), given)?;
        append(w, &other, see(&it.id), given)?;
    }
    if let Some((other, how)) = other {
        let link = Link {
            id: it.id.clone(),
            how,
            why: String::new(),
        };
        append(w, &other, Event::Linked(link), given)?;
    }
    Ok(at)
}

/// Puts in what the ledger knows better than whoever fills in the form: how often somebody has broken rules before, how
/// many units have watched.
fn facts_known(w: &mut Writing<'_, '_>, it: &Loop, what: What) -> Result<What, Problem> {
    use anlan_core::loops::{Stage, violation};
    let What::Move { code, mut values } = what else {
        return Ok(what);
    };
    if it.kind == "violation" && code == "decide" {
        let employee = it
            .values
            .get("employee")
            .and_then(|v| v.text())
            .unwrap_or_default();
        let days: Vec<_> = loops::of_kind(w.tx.db, "violation", None, Timestamp::MIN, w.now)?
            .iter()
            .filter(|other| {
                other.id != it.id && other.org == it.org && other.stage() == Stage::Closed
            })
            .filter(|other| other.values.get("employee").and_then(|v| v.text()) == Some(employee))
            .map(|other| date_of(other.happened))
            .collect();
        let times = violation::previous(&days, date_of(it.happened));
        values.insert("times".into(), times.into());
    }
    if it.kind == "warning" && code == "finish" {
        let mut watched = 0u32;
        for link in it
            .links
            .iter()
            .filter(|l| l.how == "led-to" && l.why == "distribute")
        {
            let child = loops::get(w.tx.db, link.id.as_str())?;
            watched += u32::from(child.is_some_and(|c| c.stage() == Stage::Closed));
        }
        values.insert("watched".into(), watched.into());
    }
    Ok(What::Move { code, values })
}

/// Loops that a form names: they must be there for whoever names them, and are linked.
fn named_loops(
    w: &mut Writing<'_, '_>,
    it: &Loop,
    what: &What,
    given: &Given<'_>,
) -> Result<Vec<Loop>, Problem> {
    use anlan_core::loops::spec::Kind;
    let What::Move { code, values } = what else {
        return Ok(Vec::new());
    };
    let Some(m) = it.spec().and_then(|spec| spec.find(code)) else {
        return Ok(Vec::new());
    };
    let world = w.app.world();
    let mut out = Vec::new();
    for field in m.fields {
        let Kind::Loop(kinds) = field.kind else {
            continue;
        };
        let Some(id) = values
            .get(field.code)
            .and_then(|v| v.as_str())
            .filter(|id| !id.is_empty())
        else {
            continue;
        };
        let other = loops::get(w.tx.db, id)?
            .filter(|other| kinds.is_empty() || kinds.contains(&other.kind.as_str()))
            .filter(|other| {
                given
                    .actor
                    .is_none_or(|actor| other.may_read(actor, &world.tree))
            })
            .filter(|other| other.id != it.id)
            .ok_or_else(|| Refusal::NO_SUCH_LOOP.at(field.code))?;
        out.push(other);
    }
    Ok(out)
}

/// A reward is paid against the code that the reporter was given, and against nothing else.
fn pay_code(w: &mut Writing<'_, '_>, it: &Loop, what: &What) -> Result<(), Problem> {
    let What::Move { code, values } = what else {
        return Ok(());
    };
    let Some(shown) = values.get("pay_code").and_then(|value| value.as_str()) else {
        return Ok(());
    };
    let secret = anlan_store::secrets::of_loop(w.tx.db, it.id.as_str())?;
    let matches = secret.is_some_and(|secret| secret.code.eq_ignore_ascii_case(shown.trim()));
    if code == "pay" && !matches {
        let mut problem = Problem::bad("领奖凭码不正确", "This is not the code of this report");
        problem.field = Some("pay_code".into());
        return Err(problem);
    }
    Ok(())
}

/// Would a command be refused? Nothing is done.
///
/// # Errors
/// The refusal.
pub fn try_out(
    w: &Writing<'_, '_>,
    it: &Loop,
    what: What,
    given: &Given<'_>,
) -> Result<(), Refusal> {
    let world = w.app.world();
    let context = Context {
        actor: given.actor,
        now: w.now,
        happened: given.happened.unwrap_or(w.now),
        tree: &world.tree,
        book: &w.app.book,
        calendar: &world.calendar,
        files: given.files,
        chance: 0,
        serial: 0,
    };
    it.decide(what, &context).map(|_| ())
}

/// Letters of the ladder that are loops of their own: what is drafted when the rung is climbed.
fn drafted(step: &str) -> Option<&'static str> {
    match step {
        "circular" => Some("circular"),
        "interview" => Some("interview"),
        "supervision" => Some("listing"),
        _ => None,
    }
}

/// One piece of the clock's sweep: loops at which it must look, at most `limit`. How many loops were looked at and how
/// many facts came of it.
///
/// # Errors
/// What the store said.
pub fn sweep(w: &mut Writing<'_, '_>, limit: u32) -> Result<(usize, u64), Problem> {
    let world = w.app.world();
    let app = Arc::clone(w.app);
    let due = loops::for_clock(w.tx.db, w.now, limit)?;
    let looked = due.len();
    let mut facts = 0;
    for it in due {
        for event in it.clock(w.now, &app.book.ladder, &world.calendar) {
            let climbed = match &event {
                Event::Climbed { clock, step, .. } => {
                    drafted(step).map(|kind| (kind, clock.clone()))
                }
                _ => None,
            };
            append(w, &it, event, &Given::SYSTEM)?;
            facts += 1;
            if let Some((kind, clock)) = climbed
                && kind != it.kind
                && spec(kind).is_some()
            {
                let what = it
                    .spec()
                    .and_then(|spec| spec.clock(&clock))
                    .map_or("", |c| c.zh);
                let title: String = format!("{}：{}逾期未{what}", it.number, it.title);
                let title = title.chars().take(200).collect();
                let follow = Open::new(kind, it.org.clone(), title)
                    .with(
                        "what",
                        format!("{}（{}）逾期未{what}。", it.title, it.number),
                    )
                    .party(
                        Party::Handler,
                        OrgId::try_from(app.book.office.as_str()).ok().as_ref(),
                    )
                    .of(&it, "ladder");
                open_at(w, follow, &Given::SYSTEM, 1)?;
                facts += 1;
            }
        }
    }
    Ok((looked, facts))
}
