//! Facts by the thousand: writers that wait for each answer, and a ledger filled as fast as it goes.

use crate::open;
use anlan_core::duty::{Assigned, Measure, Part, Period};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{DutyId, FactId, NoticeId, OrgId, PersonId};
use anlan_core::notice::{MeasureKind, Span};
use anlan_core::org::{Org, OrgKind};
use anlan_server::clock::Stopwatch;
use anlan_store::{Store, StoreError};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use std::sync::Arc;

fn fact_id(seed: u128) -> FactId {
    FactId::make(1_767_225_600_000, seed)
}

fn instant(offset: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + offset).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn person(name: &str) -> PersonId {
    PersonId::try_from(name).unwrap_or_else(|_| PersonId::make(0, 0))
}

fn org(name: &str) -> OrgId {
    OrgId::try_from(name).unwrap_or_else(|_| OrgId::make(0, 0))
}

fn small(writer: usize, count: usize) -> Entry {
    let who = person(&format!("person_{writer}"));
    let event = Event::SignedIn {
        person: who.clone(),
        via: "cookie".into(),
        address: "127.0.0.1".into(),
    };
    Entry::new(
        stream::person(&who),
        event,
        Some(who),
        Some(org("district")),
        instant(count as i64),
    )
}

/// Writers that each append one fact, wait until it is on disk, and append the next.
pub fn appends(writers: usize, each: usize) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let store = Arc::new(open(folder.path())?);
    let watch = Arc::new(Stopwatch::start());
    let threads: Vec<_> = (0..writers)
        .map(|writer| {
            let (store, watch) = (store.clone(), watch.clone());
            std::thread::spawn(move || {
                let mut waits = Vec::with_capacity(each);
                for count in 0..each {
                    let one = Stopwatch::start();
                    let entry = small(writer, count);
                    // As the program makes them: the time in front, chance behind.
                    let n = (writer * 10_000_000 + count) as u128;
                    let id = FactId::make(
                        1_767_225_600_000 + (watch.seconds() * 1_000.0) as u64,
                        n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835) >> 48,
                    );
                    let done: Result<(), StoreError> = store
                        .write(move |tx| tx.append(&entry, id, None).map(drop))
                        .wait();
                    if done.is_err() {
                        return waits;
                    }
                    waits.push(one.seconds());
                }
                waits
            })
        })
        .collect();
    let mut waits: Vec<f64> = threads
        .into_iter()
        .flat_map(|t| t.join().unwrap_or_default())
        .collect();
    let seconds = watch.seconds();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| {
        waits
            .get(((waits.len() as f64 * share) as usize).min(waits.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
            * 1_000.0
    };
    println!(
        "{writers} writers, {} facts: {:.0} facts/s; waited p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        waits.len(),
        waits.len() as f64 / seconds,
        at(0.5),
        at(0.99),
        at(1.0)
    );
    Ok(())
}

/// Fills a ledger.
pub fn fill(store: &Store, facts: u64) -> Result<(), StoreError> {
    const CHUNK: u64 = 5_000;
    let mut at = 0;
    while at < facts {
        let upto = (at + CHUNK).min(facts);
        let from = at;
        store
            .write(move |tx| {
                for count in from..upto {
                    tx.append(
                        &small((count % 500) as usize, count as usize),
                        fact_id(u128::from(count)),
                        None,
                    )?;
                }
                Ok::<_, StoreError>(())
            })
            .wait()?;
        at = upto;
        if at % 50_000 == 0 {
            store.seal_now(instant(at as i64))?;
        }
    }
    store.seal_now(instant(at as i64))?;
    Ok(())
}

/// Lays `duties` duties on 150 orgs.
pub fn duties(store: &Store, duties: u64) -> Result<(), StoreError> {
    const CHUNK: u64 = 2_000;
    const ORGS: u64 = 150;
    store
        .write(move |tx| {
            let orgs = (0..=ORGS).map(|n| Org {
                id: if n == 0 {
                    org("district")
                } else {
                    org(&format!("unit-{n}"))
                },
                kind: if n == 0 {
                    OrgKind::District
                } else {
                    OrgKind::Town
                },
                name: format!("单位{n}"),
                short: format!("单位{n}"),
                en: String::new(),
                aliases: Vec::new(),
                parent: (n > 0).then(|| org("district")),
                code: None,
                sectors: Vec::new(),
                place: None,
                sample: true,
                closed: false,
            });
            for (n, one) in orgs.enumerate() {
                let (name, id) = (stream::org(&one.id), one.id.clone());
                tx.append(
                    &Entry::new(name, Event::OrgAdded(one), None, Some(id), instant(0)),
                    fact_id(1 << 60 | n as u128),
                    None,
                )?;
            }
            Ok::<_, StoreError>(())
        })
        .wait()?;
    // One in twenty is long overdue; the others lie ahead, so that the clock's first walk is that of a usual day.
    let day = |n: u64| {
        let first = if n.is_multiple_of(20) {
            date(2025, 3, 1)
        } else {
            date(2028, 1, 1)
        };
        first
            .checked_add((n as i64 % 365).days())
            .unwrap_or(Date::MAX)
    };
    let mut at = 0;
    while at < duties {
        let upto = (at + CHUNK).min(duties);
        let from = at;
        store
            .write(move |tx| {
                for n in from..upto {
                    let assigned = Assigned {
                        id: DutyId::try_from(format!("duty_{n}"))
                            .unwrap_or_else(|_| DutyId::make(0, u128::from(n))),
                        notice: NoticeId::try_from("notice_bench")
                            .unwrap_or_else(|_| NoticeId::make(0, 0)),
                        article: (n % 21) as u32 + 1,
                        demand: format!("a{:02}-{}", n % 21 + 1, n % 7),
                        title: format!("完成第{}项安全生产重点任务", n % 147),
                        quote: "各镇（街道）每季度至少开展1次安全生产检查，建立问题清单。".into(),
                        span: Span(0, 10),
                        org: org(&format!("unit-{}", n % ORGS + 1)),
                        period: Period {
                            label: "2026年".into(),
                            from: date(2026, 1, 1),
                            to: date(2026, 12, 31),
                        },
                        due: Some(day(n)),
                        measure: Measure {
                            kind: MeasureKind::ByDate,
                            needed: Some(1.0),
                            at_most: None,
                            unit: "份".into(),
                            what: None,
                            event: None,
                            counts: None,
                        },
                        part: Part::Whole,
                    };
                    let event = anlan_core::duty::Event::Assigned(assigned.clone());
                    tx.append(
                        &Entry::of_duty(&assigned, event, None, instant(n as i64)),
                        fact_id(1 << 61 | u128::from(n)),
                        None,
                    )?;
                }
                Ok::<_, StoreError>(())
            })
            .wait()?;
        at = upto;
    }
    store.seal_now(instant(at as i64))?;
    Ok(())
}
