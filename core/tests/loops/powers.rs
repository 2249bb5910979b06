//! Who may do what: in every state, every move, by every role at every org. What the tables say is said a second time in
//! `World::says`, in other words than the program's, and both must agree; the button and the door too.

use crate::walk::{Seen, attempt};
use crate::world::{Dice, World, org, somebody};
use anlan_core::authority::{Actor, Role};
use anlan_core::id::PersonId;
use anlan_core::loops::spec::Move;
use anlan_core::loops::{Doer, Loop, Refusal, Stage, What};

/// What authority alone may answer.
const AUTHORITY: [Refusal; 4] = [
    Refusal::NOT_PERMITTED,
    Refusal::OWN_WORK,
    Refusal::VOIDED,
    Refusal::ENDED,
];

fn door(
    world: &World,
    it: &Loop,
    m: &Move,
    actor: &Actor,
    now: jiff::Timestamp,
) -> Result<(), Refusal> {
    let what = What::Move {
        code: m.code.into(),
        values: Default::default(),
    };
    it.decide(what, &world.context(Some(actor), now, 1))
        .map(|_| ())
}

pub fn as_the_table_says(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    let spec = seen.spec;
    for (state, stories) in &seen.samples {
        for (nth, story) in stories.iter().enumerate() {
            // All roles at all orgs once in every state; then those who belong there.
            let who = if nth == 0 {
                &world.everybody
            } else {
                &world.people
            };
            for m in spec.moves {
                for actor in who {
                    let says = world.says(&story.it, m, actor);
                    let may = story.it.may(m, actor, &world.tree);
                    let person = actor.person.as_str();
                    if says != may {
                        out.push(format!("{}: {} in {state} by {person}: the table says {says:?}, the button {may:?}", spec.code, m.code));
                    }
                    if says.is_ok() && !story.it.may_read(actor, &world.tree) {
                        out.push(format!(
                            "{}: {person} may make {} and not see the loop",
                            spec.code, m.code
                        ));
                    }
                    let door = door(world, &story.it, m, actor, story.now);
                    let agree = match (&may, &door) {
                        (Err(may), Err(door)) => may == door,
                        (Err(_), Ok(())) => false,
                        // What is filled in may still be refused, and what the loop's own conditions say.
                        (Ok(_), Err(door)) => !AUTHORITY.iter().any(|a| a.code == door.code),
                        (Ok(_), Ok(())) => true,
                    };
                    if !agree {
                        out.push(format!("{}: {} in {state} by {person}: the button says {may:?}, the door {door:?}", spec.code, m.code));
                    }
                }
            }
        }
    }
    out
}

/// A move that is no move of the kind, and any move by nobody.
pub fn no_move(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    for story in seen.samples.values().flatten() {
        let actor = &world.people[0];
        for code in ["", "open", "no-such-move", "grade\u{0}"] {
            let what = What::Move {
                code: code.into(),
                values: Default::default(),
            };
            let got = story
                .it
                .decide(what, &world.context(Some(actor), story.now, 1));
            if got != Err(Refusal::UNKNOWN_MOVE) {
                out.push(format!("{}: move `{code}`: {got:?}", seen.spec.code));
            }
        }
        for m in seen.spec.moves {
            let what = What::Move {
                code: m.code.into(),
                values: Default::default(),
            };
            let got = story.it.decide(what, &world.context(None, story.now, 1));
            if got != Err(Refusal::NOT_PERMITTED) {
                out.push(format!("{}: {} by nobody: {got:?}", seen.spec.code, m.code));
            }
        }
    }
    out
}

fn did(by: &PersonId, org: &anlan_core::id::OrgId, now: jiff::Timestamp) -> Doer {
    Doer {
        by: Some(by.clone()),
        org: Some(org.clone()),
        at: now,
        times: 1,
    }
}

/// For each move that is apart from another: whoever did the other is refused, his colleague in the responsible unit is
/// refused, somebody from another unit is not.
pub fn own_work(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    let spec = seen.spec;
    for m in spec.moves.iter().filter(|m| !m.apart.is_empty()) {
        let mut tried = 0;
        let stories = m
            .from
            .iter()
            .filter_map(|from| seen.samples.get(*from))
            .flatten()
            .chain(seen.ready.get(m.code));
        for story in stories {
            for other in m.apart {
                let mut it = story.it.clone();
                // By somebody nobody here is: that it was done may be what makes the move possible.
                let nobody = somebody(Role::Safety, &org("dept-other"), 78).person;
                for apart in m.apart {
                    if it.did.contains_key(*apart) {
                        let by = did(&nobody, &org("dept-other"), story.now);
                        it.did.insert((*apart).to_owned(), by);
                    }
                }
                for actor in &world.people {
                    let Ok(stand) = it.may(m, actor, &world.tree) else {
                        continue;
                    };
                    tried += 1;
                    let name = format!(
                        "{}: {} after {other}, by {}",
                        spec.code, m.code, actor.person
                    );
                    let mut ask = |by: &PersonId, at: &anlan_core::id::OrgId| {
                        it.did.insert((*other).to_owned(), did(by, at, story.now));
                        let got = it.may(m, actor, &world.tree);
                        let (button, door) = (
                            got.clone().err(),
                            door(world, &it, m, actor, story.now).err(),
                        );
                        if button.is_some() && button != door {
                            out.push(format!("{name}: button {button:?}, door {door:?}"));
                        }
                        got
                    };
                    let colleague = somebody(Role::Safety, &stand, 77).person;
                    let own = ask(&actor.person, &stand);
                    let elsewhere = ask(&actor.person, &org("grid-a"));
                    let theirs = ask(&colleague, &stand);
                    let stranger = ask(&colleague, &org("dept-other"));
                    for (what, got) in [("his own", own), ("his own for another unit", elsewhere)] {
                        if got != Err(Refusal::OWN_WORK) {
                            out.push(format!("{name}: {what} work: {got:?}"));
                        }
                    }
                    let strict = stand == it.org && !actor.is(Role::Office) && !m.inside();
                    if theirs.is_ok() == strict {
                        out.push(format!("{name}: a colleague's work: {theirs:?}"));
                    }
                    if stranger.is_err() {
                        out.push(format!("{name}: a stranger's work: {stranger:?}"));
                    }
                }
            }
        }
        if tried == 0 {
            out.push(format!(
                "{}: {} by nobody in any state that was reached",
                spec.code, m.code
            ));
        }
    }
    out
}

/// In every open state somebody finds it in his inbox, may see it, and can make a move.
pub fn turns(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    for story in seen.samples.values().flatten() {
        let it = &story.it;
        let Some((of, may)) = it.turn() else { continue };
        let mine: Vec<&Actor> = world
            .people
            .iter()
            .filter(|actor| actor.may(may, of, &world.tree))
            .collect();
        let name = format!("{}: {} of {}", seen.spec.code, it.state, it.org);
        if mine.is_empty() {
            out.push(format!(
                "{name}: it is the turn of {of} with {}, where nobody has that",
                may.code()
            ));
            continue;
        }
        let moves = || {
            seen.spec
                .moves
                .iter()
                .filter(|m| m.from.contains(&it.state.as_str()))
        };
        let acts = mine
            .iter()
            .any(|actor| moves().any(|m| it.may(m, actor, &world.tree).is_ok()));
        if !acts {
            out.push(format!("{name}: whose turn it is can make no move"));
        }
        if !mine.iter().any(|actor| it.may_read(actor, &world.tree)) {
            out.push(format!("{name}: whose turn it is cannot see it"));
        }
    }
    out
}

/// Voided by those who may, with a reason, while it is open; then nothing moves any more and no clock runs.
pub fn voided(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    let spec = seen.spec;
    for story in seen.samples.values().flatten() {
        let it = &story.it;
        let mut voided = false;
        for actor in &world.people {
            let may = it
                .orgs()
                .iter()
                .any(|org| actor.may(spec.void, org, &world.tree));
            let context = world.context(Some(actor), story.now, 1);
            let void = |reason: &str| What::Void {
                reason: reason.into(),
            };
            let got = it.decide(void("误登"), &context);
            let good = may && it.stage() == Stage::Open;
            if got.is_ok() != good || good != it.may_void(spec, actor, &world.tree).is_ok() {
                out.push(format!(
                    "{}: void in {} by {}: {got:?}",
                    spec.code, it.state, actor.person
                ));
            }
            let Ok(decided) = got else { continue };
            if it.decide(void(" \n"), &context).is_ok() {
                out.push(format!("{}: voided without a reason", spec.code));
            }
            if voided {
                continue;
            }
            voided = true;
            let mut after = story.clone();
            after.tell(decided.events[0].clone(), Some(&actor.person), story.now);
            out.extend(
                after
                    .faults()
                    .iter()
                    .map(|fault| format!("{}: voided: {fault}", spec.code)),
            );
            let later = story.now + jiff::SignedDuration::from_hours(24 * 800);
            if !after
                .it
                .clock(later, &world.book.ladder, &world.calendar)
                .is_empty()
            {
                out.push(format!("{}: voided, and a clock goes on", spec.code));
            }
            for m in spec.moves {
                for actor in &world.people {
                    let was = it.may(m, actor, &world.tree);
                    let now = after.it.may(m, actor, &world.tree);
                    let wanted = if was == Err(Refusal::NOT_PERMITTED) {
                        Refusal::NOT_PERMITTED
                    } else {
                        Refusal::VOIDED
                    };
                    if now != Err(wanted) {
                        out.push(format!(
                            "{}: {} after it was voided: {now:?}",
                            spec.code, m.code
                        ));
                    }
                }
            }
        }
        if !voided && it.stage() == Stage::Open {
            out.push(format!("{}: nobody can void it in {}", spec.code, it.state));
        }
    }
    out
}

/// Nothing happens in the future, nor before the loop itself.
pub fn time(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    let mut dice = Dice::new(5);
    for story in seen.samples.values().flatten() {
        for m in seen.spec.moves {
            let able = world
                .people
                .iter()
                .find(|actor| story.it.may(m, actor, &world.tree).is_ok());
            let Some(actor) = able else { continue };
            let minute = jiff::SignedDuration::from_mins(1);
            for happened in [story.now + minute, story.it.happened - minute] {
                if attempt(world, story, m, actor, happened, &mut dice).is_ok() {
                    out.push(format!(
                        "{}: {} at {happened}, at {}",
                        seen.spec.code, m.code, story.now
                    ));
                }
            }
        }
    }
    out
}

/// Words beside the loop: whoever sees it and may comment does so, whoever does not see it does nothing.
pub fn speech(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    for stories in seen.samples.values() {
        let story = &stories[0];
        for actor in &world.everybody {
            let sees = story.it.may_read(actor, &world.tree);
            let context = world.context(Some(actor), story.now, 1);
            let link = What::Link {
                to: anlan_core::id::LoopId::make(1, 2),
                how: "see".into(),
            };
            let comment = What::Comment {
                text: "已到现场".into(),
                files: vec![world.files[0].file.sha256.clone()],
            };
            for what in [comment, link, What::Watch { on: true }] {
                let got = story.it.decide(what.clone(), &context);
                let watch = matches!(what, What::Watch { .. });
                if (got.is_ok() && !sees) || (watch && got.is_ok() != sees) {
                    out.push(format!(
                        "{}: {what:?} by {}: {got:?}",
                        seen.spec.code, actor.person
                    ));
                }
            }
        }
    }
    out
}
