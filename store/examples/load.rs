//! Loads a fresh ledger and prints how fast it took the facts: `load [facts] [threads] [postgres://…]`.
//! Then seals and verifies it. `load duties [duties]` fills a district with duties and asks what pages ask.
//! What passes is measured with the machine's own clock.

use anlan_core::authority::Reach;
use anlan_core::duty::Assigned;
use anlan_core::fact::{Entry, Event};
use anlan_core::id::{DutyId, FactId, OrgId, PersonId};
use anlan_core::org::{Org, OrgKind};
use anlan_store::db::Db;
use anlan_store::duties::{Day, Find, Group};
use anlan_store::{Place, Store, StoreError, duties, facts, log, search};
use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn now() -> Instant {
    Instant::now()
}

fn entry(n: u64) -> Result<Entry, Box<dyn std::error::Error>> {
    let person = PersonId::try_from(format!("p{}", n % 500))?;
    let event = Event::SignedIn {
        person: person.clone(),
        via: "cookie".into(),
        address: "192.0.2.1".into(),
    };
    let at = jiff::Timestamp::from_millisecond(1_772_413_200_000 + n as i64)?;
    Ok(Entry::new(
        format!("person/{person}"),
        event,
        Some(person),
        None,
        at,
    ))
}

/// Appends `count` facts from so many threads, each waiting for its answer; prints rate and how long an answer took.
fn append(
    store: &Store,
    from: u64,
    count: u64,
    threads: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let started = now();
    let waited = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn(move || -> Result<Vec<u128>, String> {
                    let mut waited = Vec::new();
                    for n in (from + worker..from + count).step_by(threads as usize) {
                        let entry = entry(n).map_err(|e| e.to_string())?;
                        let id = FactId::make(n, u128::from(n));
                        let asked = now();
                        store
                            .write(move |tx| tx.append(&entry, id, None))
                            .wait()
                            .map_err(|e: StoreError| e.to_string())?;
                        waited.push(asked.elapsed().as_micros());
                    }
                    Ok(waited)
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|_| Err("a writer broke".into()))
            })
            .collect::<Result<Vec<_>, _>>()
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let mut waited: Vec<u128> = waited.into_iter().flatten().collect();
    waited.sort_unstable();
    println!(
        "{count} facts, {threads} writers: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms",
        count as f64 / seconds,
        waited[waited.len() / 2] as f64 / 1e3,
        waited[waited.len() * 99 / 100] as f64 / 1e3
    );
    Ok(())
}

fn org(id: &str, kind: OrgKind, parent: Option<&str>) -> Result<Entry, Box<dyn std::error::Error>> {
    let parent = parent.map(OrgId::try_from).transpose()?;
    let id = OrgId::try_from(id)?;
    let org: Org = serde_json::from_value(serde_json::json!({
        "id": id, "kind": kind, "name": format!("示例单位{id}"), "short": id, "parent": parent
    }))?;
    let at = jiff::Timestamp::from_second(1_772_413_200)?;
    Ok(Entry::new(
        format!("org/{id}"),
        Event::OrgAdded(org),
        None,
        Some(id),
        at,
    ))
}

/// A district of 10 towns with 20 villages each; every org owes the same number of duties.
fn district(store: &Store, count: u64) -> Result<(), Box<dyn std::error::Error>> {
    let mut entries = vec![org("qu", OrgKind::District, None)?];
    let mut orgs = Vec::new();
    for town in 0..10 {
        let name = format!("town-{town}");
        entries.push(org(&name, OrgKind::Town, Some("qu"))?);
        for village in 0..20 {
            let below = format!("village-{town}-{village}");
            entries.push(org(&below, OrgKind::Village, Some(&name))?);
            orgs.push(below);
        }
        orgs.push(name);
    }
    for n in 0..count {
        let due =
            jiff::civil::date(2026, 1, 1).checked_add(jiff::Span::new().days((n % 365) as i64))?;
        let id = DutyId::make(n, u128::from(n));
        let assigned: Assigned = serde_json::from_value(serde_json::json!({
            "id": id, "notice": format!("notice_{}", n % 12), "article": n % 25 + 1, "demand": format!("a{}-1", n % 25 + 1),
            "title": "组织开展安全生产大检查，建立问题隐患清单并限期整改到位",
            "quote": "各单位要切实履行安全生产主体责任，".repeat(8), "span": [100, 240],
            "org": orgs[(n / 7) as usize % orgs.len()],
            "period": { "label": format!("{}年{}月", due.year(), due.month()), "from": "2026-01-01", "to": due },
            "due": due, "part": "whole",
            "measure": { "kind": "times", "needed": 1.0, "at_most": null, "unit": "次", "what": null, "event": null, "counts": null }
        }))?;
        let at = jiff::Timestamp::from_second(1_772_413_200)?;
        entries.push(Entry::of_duty(
            &assigned,
            anlan_core::duty::Event::Assigned(assigned.clone()),
            None,
            at,
        ));
    }
    let started = now();
    let count = entries.len();
    for (round, chunk) in entries.chunks(1_000).map(<[Entry]>::to_vec).enumerate() {
        store
            .write(move |tx| -> Result<(), StoreError> {
                for (n, entry) in chunk.iter().enumerate() {
                    let n = (round * 1_000 + n) as u64;
                    tx.append(entry, FactId::make(n, u128::from(n)), None)?;
                }
                Ok(())
            })
            .wait()?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{count} facts of duties projected: {:.0}/s",
        count as f64 / seconds
    );
    Ok(())
}

/// Asks 200 times; prints the median and the slowest but one in a hundred.
fn ask(
    store: &Store,
    what: &str,
    question: impl Fn(&mut Db) -> Result<usize, StoreError>,
) -> Result<(), StoreError> {
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..200 {
        let asked = now();
        found = store.read(&question)?;
        times.push(asked.elapsed().as_micros());
    }
    times.sort_unstable();
    let [p50, p99] = [times[100], times[197]].map(|t| t as f64 / 1e3);
    println!("{what}: p50 {p50:.1} ms, p99 {p99:.1} ms ({found})");
    Ok(())
}

fn questions(store: &Store) -> Result<(), StoreError> {
    let day = Day {
        today: jiff::civil::date(2026, 7, 12),
        soon: jiff::civil::date(2026, 7, 17),
    };
    let all = [Reach::District];
    let town = [Reach::Subtree("/qu/town-3/".into())];
    for (whose, reach) in [("district", &all), ("town", &town)] {
        for sort in ["urgency", "due", "-due", "org", "article"] {
            let find = Find {
                sort: Some(sort.into()),
                ..Find::default()
            };
            ask(store, &format!("list, {whose}, by {sort}"), |db| {
                Ok(duties::list(db, &find, reach, day, None, 50)?.0.len())
            })?;
        }
        for light in ["overdue", "due-soon", "in-time"] {
            let find = Find {
                light: Some(light.into()),
                ..Find::default()
            };
            ask(store, &format!("list, {whose}, {light}"), |db| {
                Ok(duties::list(db, &find, reach, day, None, 50)?.0.len())
            })?;
        }
        ask(store, &format!("total, {whose}"), |db| {
            Ok(duties::total(db, &Find::default(), reach, day)? as usize)
        })?;
        for by in [
            Group::Article,
            Group::Org,
            Group::Month,
            Group::Step,
            Group::None,
        ] {
            ask(store, &format!("counts, {whose}, by {by:?}"), |db| {
                Ok(duties::counts(db, &Find::default(), reach, day, by)?.len())
            })?;
        }
        let find = facts::Find {
            kind: Some("duty.".into()),
            limit: 50,
            ..facts::Find::default()
        };
        ask(store, &format!("facts, {whose}"), |db| {
            Ok(facts::find(db, &find, reach, false)?.0.len())
        })?;
        ask(store, &format!("search, {whose}"), |db| {
            Ok(search::find(db, "问题隐患", &[("duty", reach)], 20)?.len())
        })?;
    }
    Ok(())
}

fn memory() -> String {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or("unknown".to_owned(), |peak| peak.trim().to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let about_duties = arguments.next_if(|word| word == "duties").is_some();
    let count: u64 = arguments.next().map_or(Ok(20_000), |n| n.parse())?;
    let threads: u64 = arguments.next().map_or(Ok(64), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let place = Place {
        folder: folder.path().to_owned(),
        database: arguments.next(),
    };
    let store = Store::open(place.clone(), "anlan.example/load", [3; 32])?;
    if about_duties {
        district(&store, count)?;
        questions(&store)?;
        println!("peak memory {}", memory());
        return Ok(());
    }
    append(&store, 0, 500, 1)?;
    append(&store, 500, count, threads)?;
    println!("peak memory so far {}", memory());
    let at = jiff::Timestamp::from_second(1_772_500_000)?;
    let started = now();
    let sealed = store.seal_now(at)?;
    println!(
        "sealed {sealed} in {:.2} s",
        started.elapsed().as_secs_f64()
    );
    let started = now();
    let verdict = store.read(|db| log::verify(db, store.key().vkey()))?;
    println!(
        "verified {} in {:.2} s: ok {}",
        verdict.facts,
        started.elapsed().as_secs_f64(),
        verdict.ok
    );
    println!("peak memory so far {}", memory());
    Ok(())
}
