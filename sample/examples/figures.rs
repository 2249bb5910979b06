//! Makes the sample district and prints what is in it: `cargo run -p anlan-sample --example figures [now]`.

use anlan_core::calendar::{Calendar, date_of};
use anlan_core::duty::{Duty, Event as Of, Stamp, due_soon_until};
use anlan_core::fact::Event;
use anlan_core::rulebook::Rulebook;
use std::collections::BTreeMap;

#[expect(clippy::disallowed_methods, reason = "a program that measures itself")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => jiff::Timestamp::now(),
    };
    let book = Rulebook::built_in()?;
    let start = std::time::Instant::now();
    let sample = anlan_sample::make(7, now, &book, &anlan_notice::compile_str)?;
    println!("made in {:?}", start.elapsed());
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut duties: BTreeMap<&str, Duty> = BTreeMap::new();
    for entry in &sample.entries {
        let kind = kinds.entry(entry.event.kind()).or_default();
        kind.0 += 1;
        kind.1 += entry.event.body()?.len();
        match &entry.event {
            Event::Duty(Of::Assigned(assigned)) => {
                duties.insert(&entry.stream, Duty::new(assigned.clone()));
            }
            Event::Duty(event) => {
                if let Some(duty) = duties.get_mut(entry.stream.as_str()) {
                    duty.apply(
                        event,
                        &Stamp {
                            by: entry.actor.clone(),
                            org: None,
                            at: entry.recorded,
                        },
                    );
                }
            }
            _ => {}
        }
    }
    for (kind, (count, bytes)) in &kinds {
        println!("{kind:24} {count:6} {bytes:9} bytes");
    }
    println!(
        "{} facts, {} accounts, {} files",
        sample.entries.len(),
        sample.accounts.len(),
        sample.files.len()
    );
    let calendar = Calendar::new(&book.calendar);
    let today = date_of(now);
    let soon = due_soon_until(today, book.soon(), &calendar);
    let (mut lights, mut parts, mut demands): (
        BTreeMap<_, usize>,
        BTreeMap<String, usize>,
        BTreeMap<_, usize>,
    ) = Default::default();
    for duty in duties.values() {
        *lights.entry(duty.light(today, soon)).or_default() += 1;
        let a = &duty.assigned;
        *parts
            .entry(format!("{:?} {:?}", a.part, a.measure.kind))
            .or_default() += 1;
        *demands
            .entry((
                a.notice.as_str(),
                a.demand.as_str(),
                a.quote.chars().take(40).collect::<String>(),
            ))
            .or_default() += 1;
    }
    println!("without things and gathering: {lights:?}\n{parts:?}");
    let mut demands: Vec<_> = demands.into_iter().map(|(d, n)| (n, d)).collect();
    demands.sort_by(|a, b| b.cmp(a));
    for (count, (_, demand, quote)) in demands.iter().take(25) {
        println!("{count:6} {demand} {quote}");
    }
    Ok(())
}
