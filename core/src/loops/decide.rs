//! What a command does to a loop: facts, or a refusal. Reads no clock, no file, no socket.

use super::field::{self, Input, LINE_MAX, LONG_MAX, Read, Shot, Value, Values};
use super::spec::{Clock, Due, Kind, Move, To};
use super::{
    Context, Event, Link, Loop, Mark, Moved, Opened, PIECES_MAX, Party, Refusal, SetClock, Spec,
    Stage, clock, spec,
};
use crate::authority::{Actor, Command as May, Role};
use crate::calendar::{date_of, start_of};
use crate::id::{LoopId, OrgId, PersonId};
use crate::org::{OrgKind, OrgTree, Place};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is wanted of a loop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum What {
    /// Make a move of the loop's table.
    Move {
        /// Its code.
        code: String,
        /// What was filled in, by field.
        #[serde(default)]
        #[schema(value_type = Object)]
        values: Input,
    },
    /// Say something.
    Comment {
        /// What.
        text: String,
        /// With files, by hash.
        #[serde(default)]
        files: Vec<String>,
    },
    /// Link it to another.
    Link {
        /// The other.
        #[schema(value_type = String)]
        to: LoopId,
        /// `same` or `see`.
        how: String,
    },
    /// Void it: it was opened by mistake.
    Void {
        /// Why.
        reason: String,
    },
    /// Be told, or no longer.
    Watch {
        /// On or off.
        on: bool,
    },
    /// Look at what is kept apart.
    Look {
        /// At what: `reporter`.
        what: String,
        /// Why.
        reason: String,
    },
}

/// A loop to be opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Open {
    /// Its kind.
    pub kind: String,
    /// The org it is about.
    #[schema(value_type = String)]
    pub org: OrgId,
    /// What it is about; made from the text when empty.
    #[serde(default)]
    pub title: String,
    /// The trade; the org's first when empty.
    #[serde(default)]
    pub sector: Option<String>,
    /// Where; the org's own place when empty.
    #[serde(default)]
    pub place: Option<Place>,
    /// Where, in words.
    #[serde(default)]
    pub address: String,
    /// Who has what part, where it is known.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub parties: BTreeMap<Party, OrgId>,
    /// What was filled in, by field.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: Input,
    /// What it comes from.
    #[serde(default, skip)]
    pub from: Option<Link>,
}

impl Open {
    /// A loop to be opened by the system for an org.
    pub fn new(kind: &str, org: OrgId, title: String) -> Self {
        Self {
            kind: kind.to_owned(),
            org,
            title,
            sector: None,
            place: None,
            address: String::new(),
            parties: BTreeMap::new(),
            values: Input::new(),
            from: None,
        }
    }
    /// With this filled in.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<serde_json::Value>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }
    /// With this part given to an org.
    #[must_use]
    pub fn party(mut self, party: Party, org: Option<&OrgId>) -> Self {
        if let Some(org) = org {
            self.parties.insert(party, org.clone());
        }
        self
    }
    /// Coming from a loop: linked to it, at the same place.
    #[must_use]
    pub fn of(mut self, from: &Loop, why: &str) -> Self {
        self.from = Some(Link {
            id: from.id.clone(),
            how: "from".into(),
            why: why.into(),
        });
        self.sector = self.sector.or_else(|| from.sector.clone());
        self.place = self.place.or(from.place);
        if self.address.is_empty() {
            self.address.clone_from(&from.address);
        }
        self
    }
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decided {
    /// Facts of this loop.
    pub events: Vec<Event>,
    /// Loops to open in the same breath.
    pub follows: Vec<Open>,
}

/// The unit for which somebody may do this: that of the first of his positions that carries it.
fn standing(actor: &Actor, may: May, org: &OrgId, tree: &OrgTree) -> Option<OrgId> {
    actor
        .positions
        .iter()
        .find(|position| {
            let alone = Actor {
                person: actor.person.clone(),
                positions: vec![(*position).clone()],
                only: actor.only.clone(),
            };
            alone.may(may, org, tree)
        })
        .map(|position| position.org.clone())
}

impl Loop {
    fn stands(&self, m: &Move, actor: &Actor, tree: &OrgTree) -> Option<OrgId> {
        m.who.iter().find_map(|(party, may)| {
            self.party(*party)
                .and_then(|org| standing(actor, *may, org, tree))
                .or_else(|| match party {
                    // Whoever oversees the owner may stand in for the handler.
                    Party::Handler => standing(actor, *may, &self.org, tree)
                        .filter(|org| *org != self.org || self.party(Party::Handler) == Some(org)),
                    _ => None,
                })
        })
    }

    /// May the actor make this move now? The same answer serves the button and the door.
    ///
    /// # Errors
    /// The refusal.
    pub fn may(&self, m: &Move, actor: &Actor, tree: &OrgTree) -> Result<OrgId, Refusal> {
        let org = self.stands(m, actor, tree).ok_or(Refusal::NOT_PERMITTED)?;
        if self.voided.is_some() {
            return Err(Refusal::VOIDED);
        }
        if !m.from.contains(&self.state.as_str()) {
            return Err(if self.stage() == Stage::Open {
                Refusal::NOT_NOW
            } else {
                Refusal::ENDED
            });
        }
        for other in m.apart {
            let Some(doer) = self.did.get(*other) else {
                continue;
            };
            if doer.by.as_ref() == Some(&actor.person) {
                return Err(Refusal::OWN_WORK);
            }
            // A colleague in the unit whose work it was is not enough, except in the office, above which nobody reviews,
            // and in what stays inside an enterprise, which nobody else sees.
            let theirs = doer.org.as_ref() == Some(&org) && self.org == org;
            if theirs && !m.inside() && !actor.is(Role::Office) {
                return Err(Refusal::OWN_WORK);
            }
        }
        if let Some(ready) = m.ready {
            ready(self)?;
        }
        Ok(org)
    }

    /// What a command does.
    ///
    /// # Errors
    /// The refusal; nothing happened.
    pub fn decide(&self, what: What, context: &Context<'_>) -> Result<Decided, Refusal> {
        let spec = self.spec().ok_or(Refusal::UNKNOWN_KIND)?;
        let actor = context.actor.ok_or(Refusal::NOT_PERMITTED)?;
        if context.happened > context.now {
            return Err(Refusal::FUTURE);
        }
        let one = |event: Event| {
            Ok(Decided {
                events: vec![event],
                follows: Vec::new(),
            })
        };
        let said = |text: &str, field: &str| -> Result<String, Refusal> {
            let text = text.trim();
            match text.chars().count() {
                0 => Err(Refusal::MISSING.at(field)),
                n if n > LONG_MAX => Err(Refusal::TOO_LONG.at(field)),
                _ if text
                    .chars()
                    .any(|c| c.is_control() && c != '\n' && c != '\t') =>
                {
                    Err(Refusal::BAD_VALUE.at(field))
                }
                _ => Ok(text.to_owned()),
            }
        };
        match what {
            What::Move { code, values } => {
                let m = spec.find(&code).ok_or(Refusal::UNKNOWN_MOVE)?;
                let org = self.may(m, actor, context.tree)?;
                let values = field::read(m.fields, &values, self.place, context)?;
                self.moved(spec, m, values, Some(org), context)
            }
            What::Comment { text, files } => {
                self.may_say(spec, actor, context.tree)?;
                let text = said(&text, "text")?;
                if files.len() > field::FILES_MAX || self.comments as usize >= PIECES_MAX {
                    return Err(Refusal::TOO_MANY);
                }
                let files = files
                    .iter()
                    .map(|sha| {
                        let known = context.files.iter().find(|shot| shot.file.sha256 == *sha);
                        known.cloned().map(Shot::kept).ok_or(Refusal::NO_SUCH_FILE)
                    })
                    .collect::<Result<Vec<Shot>, _>>()?;
                one(Event::Commented { text, files })
            }
            What::Link { to, how } => {
                self.may_say(spec, actor, context.tree)?;
                if to == self.id {
                    return Err(Refusal::ITSELF);
                }
                if !["same", "see"].contains(&how.as_str()) {
                    return Err(Refusal::BAD_VALUE.at("how"));
                }
                if self.links.len() >= PIECES_MAX {
                    return Err(Refusal::TOO_MANY);
                }
                one(Event::Linked(Link {
                    id: to,
                    how,
                    why: String::new(),
                }))
            }
            What::Void { reason } => {
                self.may_void(spec, actor, context.tree)?;
                one(Event::Voided {
                    reason: said(&reason, "reason")?,
                })
            }
            What::Watch { on } => {
                if !self.may_read(actor, context.tree) {
                    return Err(Refusal::NOT_PERMITTED);
                }
                if on && self.watchers.len() >= PIECES_MAX {
                    return Err(Refusal::TOO_MANY);
                }
                one(Event::Watched { on })
            }
            What::Look { what, reason } => {
                if !self
                    .orgs()
                    .iter()
                    .any(|org| actor.may(May::SeeReporter, org, context.tree))
                {
                    return Err(Refusal::NOT_PERMITTED);
                }
                if what != "reporter" {
                    return Err(Refusal::BAD_VALUE.at("what"));
                }
                one(Event::Looked {
                    what,
                    reason: said(&reason, "reason")?,
                })
            }
        }
    }

    /// May the actor comment and link?
    ///
    /// # Errors
    /// The refusal.
    pub fn may_say(&self, spec: &Spec, actor: &Actor, tree: &OrgTree) -> Result<(), Refusal> {
        let sees = self
            .orgs()
            .iter()
            .any(|org| actor.may(spec.read, org, tree));
        let says = self
            .orgs()
            .iter()
            .any(|org| actor.may(May::Comment, org, tree));
        if sees && says {
            Ok(())
        } else {
            Err(Refusal::NOT_PERMITTED)
        }
    }

    /// May the actor void it? Not what was closed: that is history.
    ///
    /// # Errors
    /// The refusal.
    pub fn may_void(&self, spec: &Spec, actor: &Actor, tree: &OrgTree) -> Result<(), Refusal> {
        if !self
            .orgs()
            .iter()
            .any(|org| actor.may(spec.void, org, tree))
        {
            return Err(Refusal::NOT_PERMITTED);
        }
        if self.voided.is_some() {
            return Err(Refusal::VOIDED);
        }
        if self.stage() != Stage::Open {
            return Err(Refusal::ENDED);
        }
        Ok(())
    }

    /// A move with its values read: the event, and what follows.
    fn moved(
        &self,
        spec: &'static Spec,
        m: &'static Move,
        mut values: Values,
        by_org: Option<OrgId>,
        context: &Context<'_>,
    ) -> Result<Decided, Refusal> {
        // Nothing that happens in a loop happened before it.
        if context.happened < self.happened {
            return Err(Refusal::PAST.at("happened"));
        }
        if let Some(check) = m.check {
            check(self, &values, context)?;
        }
        if let Some(settle) = m.settle {
            settle(self, &mut values, context);
        }
        deadlines_ahead(spec, m.code, &values, context)?;
        let to = match m.to {
            To::Stay => self.state.as_str(),
            To::State(state) => state,
            To::One(_, choose) => choose(self, &values),
        };
        let mut event = Moved {
            code: m.code.to_owned(),
            from: self.state.clone(),
            to: to.to_owned(),
            parties: parties(m, &values),
            values,
            clocks: Vec::new(),
            met: Vec::new(),
            stopped: Vec::new(),
            grade: None,
            by_org,
        };
        // Clocks and grade are worked out of the loop as it will be.
        let by = context.actor.map(|actor| &actor.person);
        let mut after = self.after(&Event::Moved(Box::new(event.clone())), by, context);
        event.grade = match spec.grade {
            Some(grade) => grade(&after, context),
            None => self.grade.clone(),
        };
        after.grade.clone_from(&event.grade);
        let ends = spec
            .state(to)
            .is_some_and(|state| state.stage != Stage::Open);
        for clock in spec.clocks {
            if !ends && starts(clock, m.code, &after) {
                event
                    .clocks
                    .extend(set(spec, clock, &after, &event.values, context));
            }
            let runs = self.clocks.iter().any(|c| c.runs() && c.code == clock.code);
            if !runs {
                continue;
            }
            if clock.meets.contains(&m.code) {
                event.met.push(clock.code.to_owned());
            } else if clock.stops.contains(&m.code) || ends {
                event.stopped.push(clock.code.to_owned());
            }
        }
        let event = Event::Moved(Box::new(event));
        let after = self.after(&event, by, context);
        let given = match &event {
            Event::Moved(moved) => &moved.values,
            _ => &after.values,
        };
        let follows = m
            .follows
            .map_or_else(Vec::new, |follows| follows(&after, given, context));
        Ok(Decided {
            events: vec![event],
            follows,
        })
    }

    /// The loop with an event applied, as it will be.
    fn after(&self, event: &Event, by: Option<&PersonId>, context: &Context<'_>) -> Loop {
        let mut after = self.clone();
        after.apply(
            event,
            Mark {
                by,
                happened: context.happened,
                recorded: context.now,
                version: self.version + 1,
            },
        );
        after
    }

    /// Opens a loop.
    ///
    /// # Errors
    /// The refusal; nothing happened.
    pub fn open(open: Open, context: &Context<'_>) -> Result<(LoopId, Decided), Refusal> {
        let spec = spec(&open.kind).ok_or(Refusal::UNKNOWN_KIND)?;
        let m = &spec.open;
        if context.happened > context.now {
            return Err(Refusal::FUTURE.at("happened"));
        }
        let org = context.tree.get(&open.org).filter(|org| !org.closed);
        let org = org.ok_or_else(|| Refusal::NO_SUCH_ORG.at("org"))?;
        let by_org = match context.actor {
            None => None,
            Some(actor) => {
                if !spec.by_hand {
                    return Err(Refusal::NOT_BY_HAND);
                }
                let stand = m
                    .who
                    .iter()
                    .find_map(|(_, may)| standing(actor, *may, &org.id, context.tree));
                Some(stand.ok_or(Refusal::NOT_PERMITTED)?)
            }
        };
        let line = |text: &str, field: &str| {
            let text: String = text.trim().to_owned();
            if text.chars().count() > LINE_MAX {
                return Err(Refusal::TOO_LONG.at(field));
            }
            if text.chars().any(char::is_control) {
                return Err(Refusal::BAD_VALUE.at(field));
            }
            Ok(text)
        };
        if open.place.is_some_and(|place| !field::in_range(place)) {
            return Err(Refusal::BAD_VALUE.at("place"));
        }
        if let Some(sector) = &open.sector
            && !context.book.sectors.iter().any(|s| s.code == *sector)
        {
            return Err(Refusal::BAD_VALUE.at("sector"));
        }
        if open
            .parties
            .values()
            .any(|id| context.tree.get(id).is_none())
        {
            return Err(Refusal::NO_SUCH_ORG.at("parties"));
        }
        let (title, address) = (line(&open.title, "title")?, line(&open.address, "address")?);
        let mut values = field::read(m.fields, &open.values, open.place, context)?;
        let sector = open.sector.or_else(|| {
            org.sectors
                .first()
                .filter(|_| org.kind == OrgKind::Enterprise)
                .cloned()
        });
        let milliseconds = u64::try_from(context.now.as_millisecond()).unwrap_or_default();
        // The kind stands in the id, and so in the name of the stream: who may see it is known from the name alone.
        let id = format!(
            "{}_{}",
            spec.code,
            crate::id::sortable(milliseconds, context.chance)
        );
        let id = LoopId::try_from(id).map_err(|_| Refusal::UNKNOWN_KIND)?;
        let title = if title.is_empty() {
            title_of(spec, m, &values)
        } else {
            title
        };
        let state = match m.to {
            To::State(state) => state,
            _ => spec.states[0].code,
        };
        let town = [OrgKind::Town].iter().find_map(|kind| {
            if org.kind == *kind {
                Some(org.id.clone())
            } else {
                context
                    .tree
                    .above(&org.id, *kind)
                    .map(|town| town.id.clone())
            }
        });
        let mut all = open.parties;
        all.extend(parties(m, &values));
        if let Some(by_org) = &by_org {
            all.entry(Party::Opener).or_insert_with(|| by_org.clone());
        }
        if !all.contains_key(&Party::Handler)
            && let Some(handler) = handler(spec, &org.id, sector.as_deref(), context)
        {
            all.insert(Party::Handler, handler);
        }
        let mut opened = Opened {
            id: id.clone(),
            kind: spec.code.to_owned(),
            number: format!(
                "{}-{}-{:06}",
                spec.prefix,
                date_of(context.now).year(),
                context.serial + 1
            ),
            title,
            state: state.to_owned(),
            org: org.id.clone(),
            town,
            sector,
            place: open.place.map(field::kept_place).or(org.place),
            address,
            parties: all,
            values: Values::new(),
            clocks: Vec::new(),
            met: Vec::new(),
            grade: None,
            from: open.from,
            by_org,
        };
        let mark = Mark {
            by: context.actor.map(|actor| &actor.person),
            happened: context.happened,
            recorded: context.now,
            version: 1,
        };
        opened.values.clone_from(&values);
        let mut at = Loop::opened(&opened, mark);
        if let Some(check) = m.check {
            check(&at, &values, context)?;
        }
        if let Some(settle) = m.settle {
            settle(&at, &mut values, context);
            opened.values.clone_from(&values);
            at.values.clone_from(&values);
            // An org that was worked out takes its part as one that was chosen.
            opened.parties.extend(parties(m, &values));
            at.parties.clone_from(&opened.parties);
        }
        deadlines_ahead(spec, "open", &values, context)?;
        if let To::One(_, choose) = m.to {
            opened.state = choose(&at, &values).to_owned();
            at.state.clone_from(&opened.state);
        }
        opened.grade = spec.grade.and_then(|grade| grade(&at, context));
        at.grade.clone_from(&opened.grade);
        for clock in spec.clocks {
            if starts(clock, "open", &at) {
                opened
                    .clocks
                    .extend(set(spec, clock, &at, &values, context));
                if clock.meets.contains(&"open") {
                    opened.met.push(clock.code.to_owned());
                }
            }
        }
        at = Loop::opened(&opened, mark);
        let follows = m
            .follows
            .map_or_else(Vec::new, |follows| follows(&at, &values, context));
        Ok((
            id,
            Decided {
                events: vec![Event::Opened(Box::new(opened))],
                follows,
            },
        ))
    }
}

/// May somebody open a loop of this kind about anybody?
pub fn may_open(spec: &Spec, actor: &Actor, tree: &OrgTree) -> bool {
    spec.by_hand
        && spec
            .open
            .who
            .iter()
            .any(|(_, may)| actor.may_somewhere(*may, tree))
}

/// What a loop is called when nobody gave it a title: the first words of its first text.
fn title_of(spec: &Spec, m: &Move, values: &Values) -> String {
    let words = m
        .fields
        .iter()
        .filter(|field| matches!(field.kind, Kind::Text | Kind::Long) && !field.personal)
        .map(|field| values.text(field.code))
        .find(|text| !text.is_empty());
    let Some(words) = words else {
        return spec.zh.to_owned();
    };
    let line = words.split(['\n', '。', '；']).next().unwrap_or(words);
    let mut title: String = line.chars().take(40).collect();
    if line.chars().count() > 40 {
        title.push('…');
    }
    title
}

/// Orgs that take a part by being chosen in a field.
fn parties(m: &Move, values: &Values) -> BTreeMap<Party, OrgId> {
    m.fields
        .iter()
        .filter_map(|field| match field.kind {
            Kind::Org(Some(party)) => Some((party, OrgId::try_from(values.text(field.code)).ok()?)),
            _ => None,
        })
        .collect()
}

/// Who handles a loop that nobody was named for: the unit that opened it, if it oversees the owner; for an
/// enterprise the department that regulates its trade; else the town; else the office.
fn handler(
    spec: &Spec,
    owner: &OrgId,
    sector: Option<&str>,
    context: &Context<'_>,
) -> Option<OrgId> {
    let (tree, book) = (context.tree, context.book);
    let first = spec.states.first()?.turn;
    if let (Some(actor), Some((Party::Handler, may))) = (context.actor, first)
        && let Some(org) = standing(actor, may, owner, tree)
        && org != *owner
    {
        return Some(org);
    }
    let enterprise = tree
        .get(owner)
        .is_some_and(|org| org.kind == OrgKind::Enterprise);
    let lead = sector
        .filter(|_| enterprise)
        .and_then(|code| book.sectors.iter().find(|s| s.code == code))
        .and_then(|sector| OrgId::try_from(sector.lead.as_str()).ok())
        .filter(|id| tree.get(id).is_some());
    let town = || {
        tree.above(owner, OrgKind::Town)
            .map(|town| town.id.clone())
            .filter(|id| id != owner)
    };
    lead.or_else(town).or_else(|| {
        OrgId::try_from(book.office.as_str())
            .ok()
            .filter(|id| tree.get(id).is_some())
    })
}

fn starts(clock: &Clock, code: &str, after: &Loop) -> bool {
    clock.starts.contains(&code) && clock.only.is_none_or(|only| only(after))
}

/// A deadline that is set by a person lies ahead.
fn deadlines_ahead(
    spec: &Spec,
    code: &str,
    values: &Values,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    for clock in spec
        .clocks
        .iter()
        .filter(|clock| clock.starts.contains(&code))
    {
        if let Due::Field(field) = clock.due
            && values.moment(field).is_some_and(|at| at < context.now)
        {
            return Err(Refusal::PAST.at(field));
        }
    }
    Ok(())
}

/// A clock as it starts.
fn set(
    spec: &Spec,
    clock: &Clock,
    after: &Loop,
    values: &Values,
    context: &Context<'_>,
) -> Option<SetClock> {
    let limit = context.book.limit(spec.code, clock.code);
    let from = |at: Timestamp| limit.map(|limit| limit.after(at, context.calendar));
    let due = match clock.due {
        Due::Field(field) => values.moment(field),
        Due::Limit => from(context.happened),
        Due::LimitFrom(field) => from(moment_or(&after.values, field, after.happened)),
        Due::By(by) => by(after, context),
    }?;
    let wake = if clock.ladder {
        clock::first_look(due, context.now, &context.book.ladder, context.calendar)
    } else {
        due
    };
    Some(SetClock {
        code: clock.code.to_owned(),
        due,
        wake,
        rule: limit.map(|limit| limit.rule.clone()).unwrap_or_default(),
        certain: limit.is_some_and(|limit| limit.certain),
    })
}

fn moment_or(values: &Values, field: &str, otherwise: Timestamp) -> Timestamp {
    match values.get(field) {
        // A day counts from its beginning when something is counted from it.
        Some(Value::Text(text)) => text
            .parse()
            .map(start_of)
            .or_else(|_| text.parse::<Timestamp>())
            .unwrap_or(otherwise),
        _ => otherwise,
    }
}

/// A day so many days after another, at its end.
pub fn days_after(at: Timestamp, days: i64) -> Timestamp {
    let date = date_of(at);
    field::end_of(date.checked_add(days.days()).unwrap_or(date))
}
