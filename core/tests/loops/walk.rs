//! Walks a kind of loop as people would: opens it about anybody, makes any move that anybody may make with any choice,
//! promptly or late, and keeps what was seen. Breadth comes from many short walks with seeds in order; each prefers what
//! no walk has done before. Nothing here is by chance: the same tables give the same walks.

use crate::fill::Filler;
use crate::world::{Dice, PLACE, World};
use anlan_core::authority::Actor;
use anlan_core::id::PersonId;
use anlan_core::loops::diagram;
use anlan_core::loops::spec::{Kind, Move, Party, Spec, To};
use anlan_core::loops::{Decided, Event, Link, Loop, Mark, Open, Refusal, Stage, What};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Walks at least and at most. Between them a kind is walked until everything its tables promise has been seen.
const WALKS_MIN: u64 = 40;
const WALKS_MAX: u64 = 900;
/// Steps of one walk.
const STEPS: usize = 60;
/// Steps after the loop was closed.
const AFTERWARDS: usize = 4;
/// Loops kept for each state, and whole stories.
const SAMPLES: usize = 3;
const STORIES: usize = 24;

/// A fact with who and when.
#[derive(Debug, Clone)]
pub struct Told {
    pub event: Event,
    pub by: Option<PersonId>,
    pub happened: Timestamp,
    pub recorded: Timestamp,
}

/// A loop with all that happened to it.
#[derive(Debug, Clone)]
pub struct Story {
    pub it: Loop,
    pub told: Vec<Told>,
    pub now: Timestamp,
}

impl Story {
    pub fn fold(told: &[Told]) -> Loop {
        let mark = |n: usize| Mark {
            by: told[n].by.as_ref(),
            happened: told[n].happened,
            recorded: told[n].recorded,
            version: n as u64 + 1,
        };
        let Event::Opened(opened) = &told[0].event else {
            panic!("the first fact opens")
        };
        let mut it = Loop::opened(opened, mark(0));
        for (n, fact) in told.iter().enumerate().skip(1) {
            it.apply(&fact.event, mark(n));
        }
        it
    }

    pub fn tell(&mut self, event: Event, by: Option<&PersonId>, happened: Timestamp) {
        let fact = Told {
            event,
            by: by.cloned(),
            happened,
            recorded: self.now,
        };
        self.it.apply(
            &fact.event,
            Mark {
                by: fact.by.as_ref(),
                happened,
                recorded: self.now,
                version: self.told.len() as u64 + 1,
            },
        );
        self.told.push(fact);
    }

    /// Lets time pass, with what the clock says.
    pub fn pass(&mut self, world: &World, to: Timestamp) -> Vec<Event> {
        self.now = to;
        let events = self.it.clock(to, &world.book.ladder, &world.calendar);
        for event in &events {
            self.tell(event.clone(), None, to);
        }
        events
    }

    /// What does not hold of a loop, whatever happened to it.
    pub fn faults(&self) -> Vec<String> {
        let (it, spec) = (&self.it, self.it.spec().unwrap());
        let mut out = Vec::new();
        let Some(state) = spec.state(&it.state) else {
            return vec![format!(
                "is in `{}`, which the table does not have",
                it.state
            )];
        };
        let mut running = BTreeSet::new();
        for clock in &it.clocks {
            if clock.runs() && !running.insert(clock.code.as_str()) {
                out.push(format!("has two clocks `{}` that run", clock.code));
            }
            if clock.runs() && it.stage() != Stage::Open {
                out.push(format!("clock `{}` runs in `{}`", clock.code, state.code));
            }
            if !clock.runs() && clock.wake.is_some() {
                out.push(format!(
                    "clock `{}` was met or stopped and still wakes",
                    clock.code
                ));
            }
            if spec.clock(&clock.code).is_none() {
                out.push(format!(
                    "runs a clock `{}` that the table does not have",
                    clock.code
                ));
            }
        }
        if it.closed.is_some() != (it.stage() != Stage::Open) {
            out.push(format!("closed at {:?} in `{}`", it.closed, state.code));
        }
        if let Some(grade) = &it.grade
            && !spec.grades.iter().any(|word| word.code == grade)
        {
            out.push(format!("grade `{grade}` has no words"));
        }
        out
    }
}

/// What was seen of a kind.
pub struct Seen {
    pub spec: &'static Spec,
    /// Moves made, by move and the state they were made from.
    pub made: BTreeMap<(&'static str, String), usize>,
    /// Where moves led.
    pub led: BTreeSet<(&'static str, String)>,
    /// Choices that were made.
    pub chosen: BTreeSet<(&'static str, String, String)>,
    pub started: BTreeSet<(String, &'static str)>,
    pub met: BTreeSet<(String, &'static str)>,
    pub stopped: BTreeSet<(String, &'static str)>,
    pub refusals: BTreeMap<&'static str, Refusal>,
    /// Why a move was refused last, where it was never made.
    pub last: BTreeMap<(&'static str, String), String>,
    pub samples: BTreeMap<String, Vec<Story>>,
    /// A loop as it was when a move could be made, for each move.
    pub ready: BTreeMap<&'static str, Story>,
    /// A story in which each clock runs.
    pub running: BTreeMap<String, Story>,
    pub stories: Vec<Story>,
    pub faults: BTreeSet<String>,
    pub walks: u64,
    pub commands: usize,
}

impl Seen {
    fn new(spec: &'static Spec) -> Self {
        Self {
            spec,
            made: BTreeMap::new(),
            led: BTreeSet::new(),
            chosen: BTreeSet::new(),
            started: BTreeSet::new(),
            met: BTreeSet::new(),
            stopped: BTreeSet::new(),
            refusals: BTreeMap::new(),
            last: BTreeMap::new(),
            samples: BTreeMap::new(),
            ready: BTreeMap::new(),
            running: BTreeMap::new(),
            stories: Vec::new(),
            faults: BTreeSet::new(),
            walks: 0,
            commands: 0,
        }
    }

    /// What the tables promise and no walk has seen.
    pub fn missing(&self) -> Vec<String> {
        let spec = self.spec;
        let mut out = Vec::new();
        for state in spec.states {
            if !self.samples.contains_key(state.code) {
                out.push(format!("state {}", state.code));
            }
        }
        for m in spec.moves {
            for from in m.from {
                let key = (m.code, (*from).to_owned());
                if !self.made.contains_key(&key) {
                    let why = self.last.get(&key).map_or("never tried", String::as_str);
                    out.push(format!("move {} from {from} ({why})", m.code));
                }
            }
            for to in m.targets() {
                if !self.led.contains(&(m.code, to.to_owned())) {
                    out.push(format!("move {} to {to}", m.code));
                }
            }
        }
        for to in spec.open.targets() {
            if !self.led.contains(&("open", to.to_owned())) {
                out.push(format!("opening in {to}"));
            }
        }
        for m in std::iter::once(&spec.open).chain(spec.moves) {
            for field in m.fields {
                let Kind::Choice(words) = field.kind else {
                    continue;
                };
                for word in words {
                    let key = (m.code, field.code.to_owned(), word.code.to_owned());
                    if !self.chosen.contains(&key) {
                        out.push(format!("{} with {} = {}", m.code, field.code, word.code));
                    }
                }
            }
        }
        for clock in spec.clocks {
            let of =
                |what: &str, list: &[&'static str], seen: &BTreeSet<(String, &'static str)>| {
                    list.iter()
                        .filter(|m| !seen.contains(&(clock.code.to_owned(), **m)))
                        .map(|m| format!("clock {} {what} {m}", clock.code))
                        .collect::<Vec<_>>()
                };
            out.extend(of("started by", clock.starts, &self.started));
            out.extend(of("met by", clock.meets, &self.met));
            out.extend(of("stopped by", clock.stops, &self.stopped));
        }
        out
    }

    /// Moves that would show something new of this loop.
    fn wanted(&self, it: &Loop) -> BTreeSet<&'static str> {
        let mut out = BTreeSet::new();
        for m in self.spec.moves {
            let new = m
                .from
                .iter()
                .any(|from| !self.made.contains_key(&(m.code, (*from).to_owned())))
                || m.targets()
                    .iter()
                    .any(|to| !self.led.contains(&(m.code, (*to).to_owned())))
                || m.fields.iter().any(|field| match field.kind {
                    Kind::Choice(words) => words.iter().any(|word| {
                        let key = (m.code, field.code.to_owned(), word.code.to_owned());
                        !self.chosen.contains(&key)
                    }),
                    _ => false,
                });
            if new {
                out.insert(m.code);
            }
        }
        for clock in self.spec.clocks {
            let new = |seen: &BTreeSet<(String, &'static str)>, m: &&'static str| {
                !seen.contains(&(clock.code.to_owned(), *m))
            };
            out.extend(clock.starts.iter().filter(|m| new(&self.started, m)));
            let ends: Vec<&'static str> = clock
                .meets
                .iter()
                .filter(|m| new(&self.met, m))
                .chain(clock.stops.iter().filter(|m| new(&self.stopped, m)))
                .copied()
                .collect();
            let runs = it.clocks.iter().any(|c| c.runs() && c.code == clock.code);
            if runs {
                out.extend(ends);
            } else if !ends.is_empty() {
                out.extend(clock.starts);
            }
        }
        out
    }

    /// How many moves it is, at least, from each state to one where a wanted move stands.
    fn ways(&self, wanted: &BTreeSet<&'static str>) -> BTreeMap<&'static str, usize> {
        let mut out = BTreeMap::new();
        for m in self.spec.moves.iter().filter(|m| wanted.contains(m.code)) {
            out.extend(m.from.iter().map(|from| (*from, 0)));
        }
        for far in 1..self.spec.states.len() {
            let next: Vec<&'static str> = self
                .spec
                .moves
                .iter()
                .filter(|m| m.targets().iter().any(|to| out.get(to) == Some(&(far - 1))))
                .flat_map(|m| m.from.iter().copied())
                .filter(|from| !out.contains_key(from))
                .collect();
            out.extend(next.into_iter().map(|from| (from, far)));
        }
        out
    }

    fn fault(&mut self, what: String) {
        self.faults.insert(format!("{}: {what}", self.spec.code));
    }

    fn refused(&mut self, refusal: &Refusal) {
        self.refusals
            .entry(refusal.code)
            .or_insert_with(|| refusal.clone());
    }

    /// Keeps what a fact shows.
    fn note(&mut self, story: &Story, m: &'static Move) {
        let Some(fact) = story.told.last() else {
            return;
        };
        let (values, clocks, met, stopped) = match &fact.event {
            Event::Opened(e) => (&e.values, &e.clocks, &e.met, &Vec::new()),
            Event::Moved(e) => {
                *self.made.entry((m.code, e.from.clone())).or_default() += 1;
                (&e.values, &e.clocks, &e.met, &e.stopped)
            }
            _ => return,
        };
        self.led.insert((m.code, story.it.state.clone()));
        for (field, value) in values {
            if let Some(text) = value.text() {
                self.chosen.insert((m.code, field.clone(), text.to_owned()));
            }
        }
        self.started
            .extend(clocks.iter().map(|set| (set.code.clone(), m.code)));
        self.met
            .extend(met.iter().map(|code| (code.clone(), m.code)));
        self.stopped
            .extend(stopped.iter().map(|code| (code.clone(), m.code)));
        for set in clocks.iter().filter(|set| !met.contains(&set.code)) {
            self.running
                .entry(set.code.clone())
                .or_insert_with(|| story.clone());
        }
        for fault in story.faults() {
            self.fault(format!("after {}: {fault}", m.code));
        }
        let kept = self.samples.entry(story.it.state.clone()).or_default();
        // Those that differ in what was done are worth more than the first.
        let done = |it: &Loop| it.did.keys().cloned().collect::<Vec<_>>();
        if kept.len() < SAMPLES && !kept.iter().any(|k| done(&k.it) == done(&story.it)) {
            kept.push(story.clone());
        }
    }
}

/// Opens a loop about anybody, by anybody who may, or by the system.
pub fn open(
    world: &World,
    spec: &'static Spec,
    now: Timestamp,
    dice: &mut Dice,
) -> Result<(Story, Decided), Refusal> {
    let by_hand = spec.by_hand && !dice.one_in(4);
    let owner = dice.pick(&world.orgs).unwrap();
    let able: Vec<&Actor> = world
        .people
        .iter()
        .filter(|actor| {
            spec.open
                .who
                .iter()
                .any(|(_, may)| actor.may(*may, &owner.id, &world.tree))
        })
        .collect();
    let actor = if by_hand {
        dice.pick(&able).copied()
    } else {
        None
    };
    if by_hand && actor.is_none() {
        return Err(Refusal::NOT_PERMITTED);
    }
    let context = world.context(actor, now, dice.next());
    let mut filler = Filler::new(world, spec, None, now, dice);
    let mut last = Refusal::NOT_PERMITTED;
    for _ in 0..30 {
        let mut open = Open::new(spec.code, owner.id.clone(), String::new());
        open.values = filler.fill(spec.open.fields);
        if filler.turn.is_multiple_of(3) {
            open.place = Some(PLACE);
            open.sector = Some(world.book.sectors[0].code.clone());
        }
        if actor.is_none() {
            // What opens it knows who has what part, as far as the kind has such parts.
            for (party, id) in [
                (Party::Handler, world.book.office.as_str()),
                (Party::Opener, "town-a"),
                (Party::Lead, world.orgs[2].id.as_str()),
            ] {
                if uses(spec, party) && (party != Party::Handler || filler.turn.is_multiple_of(2)) {
                    open = open.party(party, Some(&crate::world::org(id)));
                }
            }
        }
        match Loop::open(open, &context) {
            Ok((id, decided)) => {
                let [Event::Opened(opened)] = decided.events.as_slice() else {
                    panic!("{}: opening gives one fact", spec.code)
                };
                assert_eq!(opened.id, id);
                let told = vec![Told {
                    event: decided.events[0].clone(),
                    by: actor.map(|actor| actor.person.clone()),
                    happened: now,
                    recorded: now,
                }];
                let story = Story {
                    it: Story::fold(&told),
                    told,
                    now,
                };
                return Ok((story, decided));
            }
            Err(refusal) => {
                if !filler.learn(&refusal, spec.open.fields) {
                    filler = Filler::new(world, spec, None, now, dice);
                }
                last = refusal;
            }
        }
    }
    Err(last)
}

/// Does a kind know this part?
pub fn uses(spec: &Spec, party: Party) -> bool {
    spec.moves
        .iter()
        .any(|m| m.who.iter().any(|(p, _)| *p == party))
        || spec.clocks.iter().any(|clock| clock.party == party)
        || spec
            .states
            .iter()
            .any(|state| state.turn.is_some_and(|(p, _)| p == party))
}

/// Makes a move by somebody, filled in as it takes to have it accepted.
pub fn attempt(
    world: &World,
    story: &Story,
    m: &'static Move,
    actor: &Actor,
    happened: Timestamp,
    dice: &mut Dice,
) -> Result<Decided, Refusal> {
    let spec = story.it.spec().unwrap();
    let mut context = world.context(Some(actor), story.now, dice.next());
    context.happened = happened;
    let mut filler = Filler::new(world, spec, Some(&story.it), story.now, dice);
    let mut unlearned = 0;
    let mut last = Refusal::NOT_NOW;
    for _ in 0..24 {
        let what = What::Move {
            code: m.code.into(),
            values: filler.fill(m.fields),
        };
        match story.it.decide(what, &context) {
            Ok(decided) => return Ok(decided),
            Err(refusal) => {
                if !filler.learn(&refusal, m.fields) {
                    unlearned += 1;
                    if unlearned > 4 {
                        return Err(refusal);
                    }
                    filler = Filler::new(world, spec, Some(&story.it), story.now, dice);
                }
                last = refusal;
            }
        }
    }
    Err(last)
}

/// Walks a kind until everything its tables promise has been seen, or as far as it goes.
pub fn explore(world: &World, spec: &'static Spec) -> Seen {
    let mut seen = Seen::new(spec);
    for walk in 0..WALKS_MAX {
        if walk >= WALKS_MIN && seen.missing().is_empty() {
            break;
        }
        seen.walks = walk + 1;
        let mut dice = Dice::new(walk + 1);
        dice.calm = walk % 5 == 4;
        // Over the years, and at any hour.
        let now = crate::world::at("2026-01-05T00:30:00Z")
            + SignedDuration::from_hours((dice.below(330 * 24)) as i64);
        // Not everything can be opened about everybody.
        let mut opened = None;
        for _ in 0..12 {
            match open(world, spec, now, &mut dice) {
                Ok(story) => {
                    opened = Some(story);
                    break;
                }
                Err(refusal) => seen.refused(&refusal),
            }
        }
        let Some((mut story, decided)) = opened else {
            continue;
        };
        seen.note(&story, &spec.open);
        follow(world, &mut seen, &story, &decided);
        let late = walk % 4 == 3;
        let mut done = BTreeMap::new();
        let mut afterwards = 0;
        for _ in 0..STEPS {
            // Little can be done to what is closed.
            afterwards += usize::from(story.it.stage() != Stage::Open);
            if afterwards > AFTERWARDS {
                break;
            }
            pass_time(world, &mut seen, &mut story, late, &mut dice);
            let from = story.it.state.clone();
            match step(world, &mut seen, &mut story, &done, walk, &mut dice) {
                Some(m) => *done.entry((m, from)).or_default() += 1,
                None => break,
            }
        }
        if seen.stories.len() < STORIES {
            seen.stories.push(story);
        }
    }
    seen
}

fn pass_time(world: &World, seen: &mut Seen, story: &mut Story, late: bool, dice: &mut Dice) {
    let minutes = match dice.below(if late { 9 } else { 6 }) {
        0..=4 => 5 + dice.below(200) as i64,
        5 => 60 * 24 * 3,
        6 => 60 * 24 * 35,
        7 => 60 * 24 * 400,
        _ => story.it.wake().map_or(60, |wake| {
            (wake.duration_since(story.now).as_secs() / 60).max(0) + 1
        }),
    };
    let to = story.now + SignedDuration::from_mins(minutes);
    story.pass(world, to);
    for fault in story.faults() {
        seen.fault(format!("after the clock: {fault}"));
    }
    if !story
        .it
        .clock(to, &world.book.ladder, &world.calendar)
        .is_empty()
    {
        seen.fault(format!(
            "the clock says the same twice in `{}`",
            story.it.state
        ));
    }
}

fn leaves(m: &Move) -> bool {
    !matches!(m.to, To::Stay)
}

/// One move by somebody; which, if any could be made.
fn step(
    world: &World,
    seen: &mut Seen,
    story: &mut Story,
    done: &BTreeMap<(&'static str, String), i64>,
    walk: u64,
    dice: &mut Dice,
) -> Option<&'static str> {
    let spec = seen.spec;
    let state = story.it.state.clone();
    // Every third walk goes where something new is to be seen, if not always straight.
    let wanted = if walk % 3 == 2 {
        seen.wanted(&story.it)
    } else {
        BTreeSet::new()
    };
    let ways = seen.ways(&wanted);
    let way = |state: &str| ways.get(state).copied().unwrap_or(usize::MAX);
    let nearer = |m: &Move| m.targets().iter().any(|to| way(to) < way(&state));
    let mut moves: Vec<(i64, &'static Move)> = spec
        .moves
        .iter()
        .filter(|m| m.from.contains(&state.as_str()))
        .map(|m| {
            let again = done.get(&(m.code, state.clone())).copied().unwrap_or(0);
            let mut weight = dice.below(100) as i64 + again * 150;
            if walk % 3 != 1 && leaves(m) {
                // Thorough people do everything that can be done before they go on.
                weight += 90;
            }
            if (wanted.contains(m.code) || nearer(m)) && !dice.one_in(3) {
                weight -= 300;
            }
            (weight, m)
        })
        .collect();
    moves.sort_by_key(|(weight, m)| (*weight, m.code));
    for (_, m) in moves {
        let able: Vec<&Actor> = world
            .people
            .iter()
            .filter(|actor| story.it.may(m, actor, &world.tree).is_ok())
            .collect();
        let Some(actor) = dice.pick(&able).copied() else {
            let key = (m.code, state.clone());
            seen.last.entry(key).or_insert_with(|| "nobody may".into());
            continue;
        };
        // Sometimes it was done before it could be sent.
        let happened = if dice.one_in(4) {
            let before = story.now - SignedDuration::from_mins(40);
            before.max(
                story
                    .told
                    .iter()
                    .map(|fact| fact.happened)
                    .max()
                    .unwrap_or(before),
            )
        } else {
            story.now
        };
        seen.commands += 1;
        let mut tried = attempt(world, story, m, actor, happened, dice);
        for _ in 0..4 {
            // A decision goes one way or another; the other may be the one to take.
            let astray = nearer(m)
                && tried
                    .as_ref()
                    .is_ok_and(|decided| way(led(decided)) >= way(&state));
            if !astray || wanted.contains(m.code) {
                break;
            }
            tried = attempt(world, story, m, actor, happened, dice);
        }
        match tried {
            Ok(decided) => {
                accept(world, seen, story, m, actor, happened, decided);
                return Some(m.code);
            }
            Err(refusal) => {
                let at = refusal.field.clone().unwrap_or_default();
                seen.last
                    .insert((m.code, state.clone()), format!("{} {at}", refusal.code));
                seen.refused(&refusal);
            }
        }
    }
    None
}

/// Where a move led.
fn led(decided: &Decided) -> &str {
    match decided.events.first() {
        Some(Event::Moved(moved)) => &moved.to,
        _ => "",
    }
}

fn accept(
    world: &World,
    seen: &mut Seen,
    story: &mut Story,
    m: &'static Move,
    actor: &Actor,
    happened: Timestamp,
    decided: Decided,
) {
    let [event @ Event::Moved(moved)] = decided.events.as_slice() else {
        seen.fault(format!(
            "{} gives {} facts, not one that it moved",
            m.code,
            decided.events.len()
        ));
        return;
    };
    let good = match m.to {
        To::Stay => moved.to == moved.from,
        To::State(state) => moved.to == state,
        To::One(states, _) => states.contains(&moved.to.as_str()),
    };
    if !good || moved.from != story.it.state || !m.from.contains(&moved.from.as_str()) {
        seen.fault(format!(
            "{} led from {} to {}",
            m.code, moved.from, moved.to
        ));
    }
    if !matches!(m.to, To::Stay)
        && !diagram::ways(seen.spec, m, &moved.from).contains(&moved.to.as_str())
    {
        seen.fault(format!(
            "{} leads from {} to {}, which the diagram does not show",
            m.code, moved.from, moved.to
        ));
    }
    for other in m.apart {
        let doer = story.it.did.get(*other).and_then(|doer| doer.by.as_ref());
        if doer == Some(&actor.person) {
            seen.fault(format!("{} was made by whoever did {other}", m.code));
        }
    }
    if !story.it.may_read(actor, &world.tree) {
        let role = actor.positions[0].role.code();
        seen.fault(format!("{role} may make {} but not see the loop", m.code));
    }
    seen.ready.entry(m.code).or_insert_with(|| story.clone());
    story.tell(event.clone(), Some(&actor.person), happened);
    seen.note(story, m);
    follow(world, seen, story, &decided);
}

/// Loops that come of a move can be opened as they are.
fn follow(world: &World, seen: &mut Seen, story: &Story, decided: &Decided) {
    for open in &decided.follows {
        if anlan_core::loops::spec(&open.kind).is_none() {
            seen.fault(format!(
                "opens a {}, which the registry does not have",
                open.kind
            ));
            continue;
        }
        let linked = open
            .from
            .as_ref()
            .is_some_and(|link: &Link| link.id == story.it.id);
        if !linked {
            seen.fault(format!(
                "opens {} without saying that it came of it",
                open.kind
            ));
        }
        let context = world.context(None, story.now, story.now.as_second() as u64);
        if let Err(refusal) = Loop::open(open.clone(), &context) {
            let at = refusal.field.clone().unwrap_or_default();
            let kind = &open.kind;
            let why = open.from.as_ref().map_or("", |link| link.why.as_str());
            seen.fault(format!(
                "{kind} that follows {why} is refused: {} {at}",
                refusal.code
            ));
        }
    }
}

/// Values as JSON, for messages.
pub fn shown(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
