use super::*;
use anlan_core::authority::Actor;
use anlan_core::calendar::{Calendar, date_of};
use anlan_core::duty::{
    Duty, Event as Of, EvidenceState, Light, Refusal, Stamp, Status, due_soon_until,
};
use anlan_core::fact::Event;
use anlan_core::org::{OrgKind, OrgTree};
use anlan_core::person::login_is_good;
use anlan_core::thing;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const AUTUMN: &str = "2026-11-24T06:30:00Z";

fn sample(seed: u64, now: &str) -> Sample {
    let book = Rulebook::built_in().unwrap();
    make(
        seed,
        now.parse().unwrap(),
        &book,
        &anlan_notice::compile_str,
    )
    .unwrap()
}

/// All that a ledger would keep, as one text.
fn bytes(sample: &Sample) -> String {
    let mut out = String::new();
    for entry in &sample.entries {
        out.push_str(&format!(
            "{} {} {:?} {:?} {:?} {} {}\n",
            entry.stream,
            entry.event.body().unwrap(),
            entry.actor,
            entry.org,
            entry.articles,
            entry.happened,
            entry.recorded
        ));
    }
    out
}

fn tree(sample: &Sample) -> OrgTree {
    OrgTree::new(
        sample
            .entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::OrgAdded(org) => Some(org.clone()),
                _ => None,
            }),
    )
}

/// Duties as their own facts make them: things and gathering are not in a stream.
fn duties(sample: &Sample) -> BTreeMap<String, Duty> {
    let mut out: BTreeMap<String, Duty> = BTreeMap::new();
    for entry in &sample.entries {
        let Event::Duty(event) = &entry.event else {
            continue;
        };
        if let Of::Assigned(assigned) = event {
            out.insert(entry.stream.clone(), Duty::new(assigned.clone()));
        } else {
            let stamp = Stamp {
                by: entry.actor.clone(),
                org: None,
                at: entry.recorded,
            };
            out.get_mut(&entry.stream).unwrap().apply(event, &stamp);
        }
    }
    out
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, two) = (sample(7, AUTUMN), sample(7, AUTUMN));
    assert!(bytes(&one) == bytes(&two));
    assert_eq!(one.accounts, two.accounts);
    assert_eq!(one.files, two.files);
    assert!(bytes(&one) != bytes(&sample(8, AUTUMN)));
}

#[test]
fn every_fact_reads_back_in_order_and_none_lies_in_the_future() {
    // The first days of a year, its middle and its end, and years whose holidays are not known.
    for now in [
        "2026-01-02T01:00:00Z",
        "2026-02-20T12:00:00Z",
        "2026-06-30T15:59:59Z",
        "2026-12-31T15:00:00Z",
        "2028-02-29T00:00:00Z",
    ] {
        let sample = sample(7, now);
        let now: Timestamp = now.parse().unwrap();
        let mut before = Timestamp::MIN;
        for entry in &sample.entries {
            let body = entry.event.body().unwrap();
            assert_eq!(Event::read(entry.event.kind(), &body).unwrap(), entry.event);
            assert!(entry.recorded >= before, "{}", entry.stream);
            assert!(entry.recorded <= now && entry.happened <= entry.recorded);
            before = entry.recorded;
        }
        let published = sample
            .entries
            .iter()
            .filter(|e| matches!(e.event, Event::NoticePublished { .. }))
            .count();
        assert!(published >= 1, "{now}");
    }
}

#[test]
fn the_year_moves_with_the_clock() {
    assert_eq!(
        papers::moved("2025年、2026年、2027年，〔2024〕", 2027),
        "2026年、2027年、2028年，〔2024〕"
    );
    let sample = sample(7, "2028-02-29T00:00:00Z");
    let duty = sample.entries.iter().find_map(|e| match &e.event {
        Event::Duty(Of::Assigned(assigned)) => Some(assigned),
        _ => None,
    });
    assert_eq!(duty.unwrap().period.from.year(), 2028);
}

#[test]
fn the_district_is_whole() {
    let sample = sample(7, AUTUMN);
    let tree = tree(&sample);
    let counts: Vec<usize> = OrgKind::ALL
        .iter()
        .map(|kind| tree.of_kind(*kind).len())
        .collect();
    assert_eq!(counts, [1, 16, 11, 42, 8, 134, 3, 321]);
    for org in tree.iter() {
        assert!(org.sample && tree.path(&org.id).starts_with("/district/"));
        // What is invented says so.
        assert!(
            org.kind != OrgKind::Enterprise
                || (org.name.starts_with("示例·")
                    && org.code.as_deref().is_some_and(|c| c.starts_with("0014")))
        );
    }
    let codes: BTreeSet<_> = tree.iter().filter_map(|o| o.code.clone()).collect();
    assert_eq!(
        codes.len(),
        tree.iter().filter(|o| o.code.is_some()).count()
    );
    let names: BTreeSet<_> = tree.iter().map(|o| (&o.short, &o.parent)).collect();
    assert_eq!(names.len(), tree.iter().count());
    // Regulators are those the rulebook names, and those that lead a trade.
    assert!(
        tree.iter()
            .any(|o| o.id.as_str() == "dept-yingji" && o.sectors.len() > 10)
    );
    assert!(
        tree.iter()
            .any(|o| o.id.as_str() == "dept-caizheng" && o.sectors.is_empty())
    );
}

#[test]
fn everybody_who_owes_something_has_somebody_who_can_file() {
    let sample = sample(7, AUTUMN);
    let logins: BTreeSet<_> = sample.accounts.iter().map(|a| &a.login).collect();
    assert_eq!(logins.len(), sample.accounts.len());
    assert!(sample.accounts.iter().all(|a| login_is_good(&a.login)));
    assert!(sample.accounts.iter().filter(|a| a.shown).count() >= 9);
    assert!(sample.accounts[0].shown);
    let served: BTreeSet<_> = sample.accounts.iter().map(|a| &a.org).collect();
    for duty in duties(&sample).values() {
        assert!(served.contains(&duty.assigned.org), "{}", duty.assigned.org);
    }
    let added = sample
        .entries
        .iter()
        .filter(|e| matches!(e.event, Event::PersonAdded(_)))
        .count();
    assert_eq!(added, sample.accounts.len());
}

/// Replays every fact of a duty and asks the rules again, with the actor it was done by.
#[test]
fn nobody_does_what_he_may_not() {
    let sample = sample(7, AUTUMN);
    let tree = tree(&sample);
    let actors: HashMap<_, Actor> = sample
        .entries
        .iter()
        .filter_map(|e| match &e.event {
            Event::PersonAdded(person) => Some((
                person.id.clone(),
                Actor {
                    person: person.id.clone(),
                    positions: person.positions.clone(),
                    only: None,
                },
            )),
            _ => None,
        })
        .collect();
    let mut duties: HashMap<&str, Duty> = HashMap::new();
    let (mut reviews, mut checked) = (0, 0);
    for entry in &sample.entries {
        let Event::Duty(event) = &entry.event else {
            continue;
        };
        if let Of::Assigned(assigned) = event {
            duties.insert(&entry.stream, Duty::new(assigned.clone()));
            continue;
        }
        let duty = duties.get_mut(entry.stream.as_str()).unwrap();
        let asked = match event {
            Of::Filed(_) => Some(("file-evidence", None)),
            Of::Withdrawn { evidence } => Some(("withdraw-evidence", Some(evidence.as_str()))),
            Of::Accepted { evidence, .. } => Some(("accept-evidence", Some(evidence.as_str()))),
            Of::Returned { evidence, .. } => Some(("return-evidence", Some(evidence.as_str()))),
            Of::Waived { .. } => Some(("waive", None)),
            Of::Unwaived { .. } => Some(("unwaive", None)),
            Of::ItemAdded(_) => Some(("add-item", None)),
            Of::ItemClosed { item, .. } => Some(("close-item", Some(item.as_str()))),
            Of::ItemDropped { item, .. } => Some(("drop-item", Some(item.as_str()))),
            Of::Reminded { .. } => Some(("remind", None)),
            _ => None,
        };
        match asked {
            None => assert!(entry.actor.is_none(), "the clock is nobody"),
            Some((name, piece)) => {
                let actor = &actors[entry.actor.as_ref().unwrap()];
                assert_eq!(
                    duty.may(name, piece, actor, &tree),
                    Ok::<(), Refusal>(()),
                    "{name} on {} by {}",
                    entry.stream,
                    actor.person
                );
                checked += 1;
            }
        }
        duty.apply(
            event,
            &Stamp {
                by: entry.actor.clone(),
                org: None,
                at: entry.recorded,
            },
        );
        if let Of::Accepted { evidence, .. } | Of::Returned { evidence, .. } = event {
            let of = duty
                .evidence
                .iter()
                .find(|e| e.filed.id == *evidence)
                .unwrap();
            assert_ne!(of.by, entry.actor);
            reviews += 1;
        }
    }
    assert!(reviews > 1000 && checked > 3000, "{reviews} {checked}");
}

#[test]
fn a_working_day_has_every_light() {
    let book = Rulebook::built_in().unwrap();
    let calendar = Calendar::new(&book.calendar);
    for (now, done_least) in [(AUTUMN, 45), ("2026-05-20T03:00:00Z", 15)] {
        let sample = sample(7, now);
        let today = date_of(now.parse().unwrap());
        let soon = due_soon_until(today, book.soon(), &calendar);
        let duties = duties(&sample);
        let mut lights: BTreeMap<Light, usize> = BTreeMap::new();
        let (mut waiting, mut returned, mut items) = (0, 0, 0);
        for duty in duties.values() {
            *lights.entry(duty.light(today, soon)).or_default() += 1;
            waiting += duty.waiting();
            returned += duty
                .evidence
                .iter()
                .filter(|e| e.state == EvidenceState::Returned)
                .count();
            items += duty.items.len();
        }
        let share =
            |light: Light| 100 * lights.get(&light).copied().unwrap_or_default() / duties.len();
        for light in [
            Light::InTime,
            Light::DueSoon,
            Light::Overdue,
            Light::Done,
            Light::DoneLate,
            Light::Standing,
            Light::Waived,
        ] {
            assert!(
                lights.get(&light).is_some_and(|n| *n > 3),
                "{now} {lights:?}"
            );
        }
        assert!(share(Light::Done) >= done_least, "{now} {lights:?}");
        assert!(share(Light::Overdue) <= 12, "{now} {lights:?}");
        assert!(
            waiting > 10 && returned > 10 && items > 20,
            "{waiting} {returned} {items}"
        );
        assert!(
            (5_000..30_000).contains(&sample.entries.len()),
            "{}",
            sample.entries.len()
        );
    }
}

/// The store's clock finds nothing left to do on the day the sample ends, but for what it may say today.
#[test]
fn the_clock_has_kept_up() {
    let book = Rulebook::built_in().unwrap();
    let calendar = Calendar::new(&book.calendar);
    let sample = sample(7, AUTUMN);
    let yesterday = date_of(AUTUMN.parse().unwrap()).yesterday().unwrap();
    let mut climbed = 0;
    for duty in duties(&sample).values() {
        if duty.assigned.part == anlan_core::duty::Part::Gathers
            || duty.assigned.measure.counts.is_some()
        {
            continue;
        }
        // Sent back after that morning's walk: it climbs on the next one.
        let since = anlan_core::calendar::start_of(yesterday);
        if duty
            .evidence
            .iter()
            .any(|e| e.review.as_ref().is_some_and(|r| r.at >= since))
        {
            continue;
        }
        let left = duty.clock(yesterday, &book.ladder, &calendar);
        assert!(left.is_empty(), "{} {left:?}", duty.assigned.id);
        climbed += usize::from(duty.step.is_some() && duty.status == Status::Open);
    }
    assert!(climbed > 50, "{climbed}");
}

#[test]
fn what_facts_name_is_there() {
    let sample = sample(7, AUTUMN);
    let there: BTreeMap<_, _> = sample
        .files
        .iter()
        .map(|(file, bytes)| (&file.sha256, (file, bytes)))
        .collect();
    let mut shown = BTreeSet::new();
    for entry in &sample.entries {
        match &entry.event {
            Event::Duty(Of::Filed(filed)) => {
                for file in &filed.files {
                    assert_eq!(there[&file.sha256].0, file);
                    shown.insert(&file.sha256);
                }
            }
            Event::NoticeUploaded { file, text, .. } => {
                assert_eq!(there[&file.sha256].1.as_slice(), text.as_bytes());
                shown.insert(&file.sha256);
            }
            Event::ThingAdded(thing) | Event::ThingChanged(thing) => {
                let kind = thing::kind(&thing.kind).unwrap();
                let cells = thing.fields.clone();
                assert_eq!(kind.check(&cells).unwrap(), cells, "{}", thing.id);
            }
            _ => {}
        }
    }
    // None is made for nothing.
    assert_eq!(shown.len(), sample.files.len());
    for (file, bytes) in &sample.files {
        assert_eq!(file.size, bytes.len() as u64);
        match file.media_type.as_str() {
            "image/png" => assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n")),
            "application/pdf" => {
                assert!(bytes.starts_with(b"%PDF-") && bytes.ends_with(b"%%EOF\n"))
            }
            _ => assert!(std::str::from_utf8(bytes).is_ok()),
        }
    }
}
