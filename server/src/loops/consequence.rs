//! What else comes of an accident: the published notice's own triggers, and suspicions of wrong reports. Both are worked
//! out afresh from what the ledger then knows — triggers in the transaction of the fact that changed an accident, wrong
//! reports by the clock — so that the answer does not depend on the order in which things came to be known.

use super::{Given, append, open_at};
use crate::app::Writing;
use crate::problem::Problem;
use anlan_core::id::{LoopId, OrgId};
use anlan_core::loops::detect::{self, Known, Source, Suspicion};
use anlan_core::loops::trigger::{self, Accident, Campaign, Difference, Rule};
use anlan_core::loops::{Event, Link, Loop, Open, Read as _};
use anlan_core::org::OrgKind;
use anlan_store::{loops, notices};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How far around an accident others are looked at: the longest window of a notice, with room.
const AROUND_DAYS: i64 = 400;

/// Triggers of all notices that are in force.
fn rules(w: &mut Writing<'_, '_>) -> Result<Vec<Rule>, Problem> {
    let app = Arc::clone(w.app);
    let mut rules = Vec::new();
    for notice in notices::list(w.tx.db)? {
        if notice.state == "published" {
            rules.extend(trigger::read(
                &notice.id,
                &notice.draft.compiled.triggers,
                &app.book,
            ));
        }
    }
    Ok(rules)
}

fn around(at: Timestamp) -> (Timestamp, Timestamp) {
    let span = SignedDuration::from_hours(24 * AROUND_DAYS);
    (
        at.checked_sub(span).unwrap_or(Timestamp::MIN),
        at.checked_add(span).unwrap_or(Timestamp::MAX),
    )
}

/// Campaigns (专项整治) that are under way, from the rulebook.
fn campaigns(w: &Writing<'_, '_>) -> Vec<Campaign> {
    w.app.book.campaigns.clone()
}

/// What the notices' triggers make of a change of an accident. `before` is the loop as it was; none when it is new.
///
/// # Errors
/// What the store said.
pub fn triggers(
    w: &mut Writing<'_, '_>,
    before: Option<&Loop>,
    after: &Loop,
    depth: u32,
) -> Result<(), Problem> {
    if after.kind != "accident" {
        return Ok(());
    }
    let app = Arc::clone(w.app);
    let was = before.and_then(|it| Accident::of(it, &app.book));
    let Some(is) = Accident::of(after, &app.book) else {
        return Ok(());
    };
    if was.as_ref() == Some(&is) {
        return Ok(());
    }
    let rules = rules(w)?;
    if rules.is_empty() {
        return Ok(());
    }
    let (from, to) = around(is.at);
    let others: Vec<Accident> = loops::of_kind(w.tx.db, "accident", None, from, to)?
        .iter()
        .filter(|it| it.id != after.id)
        .filter_map(|it| Accident::of(it, &app.book))
        .collect();
    let world = app.world();
    let district = world
        .tree
        .of_kind(OrgKind::District)
        .first()
        .map_or_else(|| after.org.clone(), |org| org.id.clone());
    let campaigns = campaigns(w);
    let with = |own: Option<&Accident>| {
        trigger::fired(&rules, &campaigns, &district, others.iter().chain(own))
    };
    let difference = trigger::difference(&with(was.as_ref()), &with(Some(&is)));
    follow(w, &rules, &difference, &others, &is, depth)
}

fn follow(
    w: &mut Writing<'_, '_>,
    rules: &[Rule],
    difference: &Difference,
    others: &[Accident],
    own: &Accident,
    depth: u32,
) -> Result<(), Problem> {
    let world = w.app.world();
    let rule = |key: &str| rules.iter().find(|rule| rule.key == key);
    let noted = |key: &str, org: &OrgId| format!("{key}@{org}");
    for firing in &difference.new {
        let Some(rule) = rule(&firing.trigger) else {
            continue;
        };
        let key = noted(&firing.trigger, &firing.org);
        let Some(anchor) = loops::get(w.tx.db, firing.anchor.as_str())? else {
            continue;
        };
        let event = Event::Noted {
            rule: key,
            text: format!(
                "第{}条：{}（涉及事故{}起）",
                rule.article,
                rule.quote,
                firing.members.len()
            ),
            holds: true,
        };
        append(w, &anchor, event, &Given::SYSTEM)?;
        // The same consequence that was opened before and has not been voided is not opened twice: a correction that
        // came and went leaves one patrol.
        let there: BTreeSet<String> = anchor
            .links
            .iter()
            .filter(|link| link.how == "led-to" && link.why == rule.key)
            .map(|link| link.id.to_string())
            .collect();
        let mut kinds = BTreeSet::new();
        for id in there {
            if let Some(other) = loops::get(w.tx.db, &id)?
                && other.voided.is_none()
            {
                if !other.notes.is_empty() {
                    let back = Event::Noted {
                        rule: "basis".into(),
                        text: "触发条件重新成立".into(),
                        holds: false,
                    };
                    append(w, &other, back, &Given::SYSTEM)?;
                }
                kinds.insert(other.kind);
            }
        }
        let warned = |id: &LoopId| {
            others
                .iter()
                .chain(std::iter::once(own))
                .any(|a| a.id == *id && a.warned)
        };
        for open in rule.follow(firing, &world.tree, warned) {
            if !kinds.contains(&open.kind) {
                open_at(w, open, &Given::SYSTEM, depth + 1)?;
            }
        }
    }
    for firing in &difference.lapsed {
        let Some(rule) = rule(&firing.trigger) else {
            continue;
        };
        let Some(anchor) = loops::get(w.tx.db, firing.anchor.as_str())? else {
            continue;
        };
        let event = Event::Noted {
            rule: noted(&firing.trigger, &firing.org),
            text: format!("第{}条：{}", rule.article, rule.quote),
            holds: false,
        };
        append(w, &anchor, event, &Given::SYSTEM)?;
        // What was opened on it stays open: a person decides whether to go on, and is told.
        for link in anchor
            .links
            .iter()
            .filter(|l| l.how == "led-to" && l.why == rule.key)
        {
            if let Some(other) = loops::get(w.tx.db, link.id.as_str())?
                && other.voided.is_none()
            {
                let event = Event::Noted {
                    rule: "basis".into(),
                    text: format!(
                        "事故信息更正后，触发条件不再成立（第{}条），请研究是否继续",
                        rule.article
                    ),
                    holds: true,
                };
                append(w, &other, event, &Given::SYSTEM)?;
            }
        }
    }
    Ok(())
}

/// How far back pieces that nobody reported are looked at.
const LOOK_BACK_HOURS: i64 = 72;
/// Accidents whose reports are looked at again.
const ACCIDENT_DAYS: i64 = 35;

/// Kinds of which the unit that they are about must not learn, not even that there is one.
fn kept_apart(kind: &str) -> bool {
    kind == "report" || kind == "internal"
}

/// A name for a loop that tells neither its kind nor when it was opened, and stays the same.
fn veiled(id: &LoopId) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(&Sha256::digest(id.as_str())[..8])
}

/// What is known, and the loops that are kept apart, by the names they have in it.
type Pieces = (Vec<Known>, BTreeMap<String, Loop>);

/// What the ledger knows of a time: reports and accidents as pieces to compare.
fn known(w: &mut Writing<'_, '_>, from: Timestamp, to: Timestamp) -> Result<Pieces, Problem> {
    let (mut out, mut apart) = (Vec::new(), BTreeMap::new());
    let sources = [
        // That somebody reported is not told to the unit it is about: it is a lead from outside, no more.
        ("report", Source::Unit),
        ("internal", Source::Internal),
        ("accident", Source::Unit),
    ];
    for (kind, source) in sources {
        for it in loops::of_kind(w.tx.db, kind, None, from, to)? {
            let number = |field: &str| it.values.number(field).map(|n| n as u32);
            // What the unit itself told is its report, not a piece against it.
            if kind == "accident" && anlan_core::loops::accident::told_by_unit(&it) {
                continue;
            }
            out.push(Known {
                source,
                id: if kept_apart(kind) {
                    veiled(&it.id)
                } else {
                    it.id.to_string()
                },
                at: it.opened,
                place: it.place,
                org: Some(it.org.clone()),
                // The words of a reporter stay where they are; the report leads whoever may see it to the case.
                what: if kept_apart(kind) {
                    "其他渠道线索".into()
                } else {
                    it.title.clone()
                },
                of: (!kept_apart(kind)).then(|| it.id.clone()),
                tells: kind == "accident" || it.values.text("kind") == "hidden-accident",
                deaths: number("deaths"),
                serious: number("serious"),
                missing: number("missing"),
            });
            if kept_apart(kind) {
                apart.insert(veiled(&it.id), it);
            }
        }
    }
    Ok((out, apart))
}

/// Opens a loop for each suspicion that has none yet.
fn judge(
    w: &mut Writing<'_, '_>,
    found: Vec<(Suspicion, Option<Loop>)>,
    apart: &BTreeMap<String, Loop>,
) -> Result<u64, Problem> {
    if found.is_empty() {
        return Ok(0);
    }
    let from = w
        .now
        .checked_sub(SignedDuration::from_hours(24 * AROUND_DAYS));
    let there: BTreeSet<String> = loops::of_kind(
        w.tx.db,
        "misreport",
        None,
        from.unwrap_or(Timestamp::MIN),
        w.now,
    )?
    .iter()
    .map(|it| it.values.text("key").to_owned())
    .collect();
    let mut opened = 0;
    for (suspicion, accident) in found {
        let key: String = suspicion.key.chars().take(200).collect();
        if there.contains(&key) {
            continue;
        }
        let open: Open = suspicion.open(accident.as_ref());
        let case = open_at(w, open, &Given::SYSTEM, 1)?;
        for piece in &suspicion.evidence {
            let Some(lead) = apart.get(&piece.id) else {
                continue;
            };
            let event = Event::Linked(Link {
                id: case.id.clone(),
                how: "led-to".into(),
                why: "detect".into(),
            });
            append(w, lead, event, &Given::SYSTEM)?;
        }
        opened += 1;
    }
    Ok(opened)
}

/// Compares what the ledger knew with what was reported, and opens a case for a person to judge where they do not agree.
/// How many cases were opened.
///
/// # Errors
/// What the store said.
pub fn detect(w: &mut Writing<'_, '_>) -> Result<u64, Problem> {
    let app = Arc::clone(w.app);
    let since = |hours: i64| {
        w.now
            .checked_sub(SignedDuration::from_hours(hours))
            .unwrap_or(Timestamp::MIN)
    };
    let (recent, older) = (since(LOOK_BACK_HOURS), since(24 * ACCIDENT_DAYS));
    let now = w.now;
    let accidents = loops::of_kind(w.tx.db, "accident", None, older, now)?;
    let (pieces, apart) = known(w, older, now)?;
    let mut found = Vec::new();
    for it in &accidents {
        for suspicion in detect::suspicions(it, &pieces, &app.book, now) {
            found.push((suspicion, Some(it.clone())));
        }
    }
    let fresh: Vec<Known> = pieces
        .into_iter()
        .filter(|piece| piece.at >= recent)
        .collect();
    let all: Vec<&Loop> = accidents.iter().collect();
    for suspicion in detect::unreported(&fresh, &all, &app.book, now) {
        found.push((suspicion, None));
    }
    judge(w, found, &apart)
}
