//! Loads a fresh ledger and prints how fast it took the facts: `load [facts] [threads] [postgres://…]`.
//! Then seals, verifies and rebuilds it. What passes is measured with the machine's own clock.

use anlan_core::fact::{Entry, Event};
use anlan_core::id::{FactId, PersonId};
use anlan_store::{Place, Store, StoreError, log};
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

fn memory() -> String {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or("unknown".to_owned(), |peak| peak.trim().to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().map_or(Ok(20_000), |n| n.parse())?;
    let threads: u64 = arguments.next().map_or(Ok(64), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let place = Place {
        folder: folder.path().to_owned(),
        database: arguments.next(),
    };
    let store = Store::open(place.clone(), "anlan.example/load", [3; 32])?;
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
