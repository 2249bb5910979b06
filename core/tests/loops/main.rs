//! The contract for loops, `docs/loops/README.md`, tried on every kind in the registry: a kind that is added is walked
//! without anybody writing a test for it. What is found is told all at once, kind by kind.
//!
//! `ANLAN_LOOP=hazard cargo nextest run -p anlan-core --test loops` walks one kind alone.

mod clocks;
mod fill;
mod folds;
mod hostile;
mod pages;
mod powers;
mod tables;
mod walk;
mod world;

use anlan_core::loops::spec::Spec;
use anlan_core::loops::{REGISTRY, Stage};
use std::collections::BTreeSet;
use walk::Seen;
use world::World;

/// The kinds to walk: all, or the one that was asked for.
fn kinds() -> Vec<&'static Spec> {
    let one = std::env::var("ANLAN_LOOP").ok();
    let all = REGISTRY.iter().copied();
    all.filter(|spec| one.as_deref().is_none_or(|code| code == spec.code))
        .collect()
}

/// Fails with everything that was found.
fn none(found: impl IntoIterator<Item = String>) {
    let found: BTreeSet<String> = found.into_iter().collect();
    assert!(
        found.is_empty(),
        "the contract of docs/loops/README.md is not kept, {} times:\n{}",
        found.len(),
        found.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// Looks at a walk and tells what is not as it must be.
type Check = fn(&World, &Seen) -> Vec<String>;

/// What is asked of every walk, by its name in what is told.
const CHECKS: &[(&str, Check)] = &[
    ("whatever the tables promise can happen", promised),
    ("a loop stays in its table", |_, seen| {
        seen.faults.iter().cloned().collect()
    }),
    ("every refusal has words", refusals_have_words),
    (
        "every move in every state by everybody is as the table says",
        powers::as_the_table_says,
    ),
    ("what is no move is refused", powers::no_move),
    ("nobody approves his own work", powers::own_work),
    ("whose turn it is can act", powers::turns),
    ("what is voided stays as it is", powers::voided),
    ("time has one direction", powers::time),
    ("whoever cannot see it cannot speak of it", powers::speech),
    (
        "every deadline fires once, every rung is climbed in order",
        clocks::deadlines,
    ),
    ("clocks say from which rule they come", clocks::rules),
    ("the same facts fold to the same bytes", folds::same_bytes),
    ("facts read as they were written", folds::facts),
    ("odd things are refused or kept small", hostile::odd_values),
    ("odd words are refused", hostile::odd_words),
];

/// Every kind is walked once, and everything is asked of the walk. Two threads: there are that many cores.
#[test]
fn the_registry_keeps_the_contract() {
    let (one, other): (Vec<_>, Vec<_>) = kinds()
        .into_iter()
        .enumerate()
        .partition(|(n, _)| n % 2 == 0);
    let run = |part: Vec<(usize, &'static Spec)>| {
        let world = World::get();
        let mut found = Vec::new();
        for (_, spec) in part {
            let seen = walk::explore(world, spec);
            println!(
                "{}: {} walks, {} commands",
                spec.code, seen.walks, seen.commands
            );
            for (name, check) in CHECKS {
                found.extend(
                    check(world, &seen)
                        .into_iter()
                        .map(|what| format!("{what} [{name}]")),
                );
            }
        }
        found
    };
    let found = std::thread::scope(|scope| {
        let two = scope.spawn(|| run(other));
        let mut found = run(one);
        found.extend(two.join().unwrap());
        found
    });
    none(found);
}

/// Every state is reached; every move is made from every state that it stands in, and leads wherever it may lead; every
/// choice can be chosen; every clock is started, met and stopped by every move that says so. A line of a table that
/// nothing can bring about misleads whoever reads it.
fn promised(_: &World, seen: &Seen) -> Vec<String> {
    let code = seen.spec.code;
    seen.missing()
        .iter()
        .map(|what| format!("{code}: {what}"))
        .collect()
}

/// Refusals that were given while walking have a code and words in both languages.
fn refusals_have_words(_: &World, seen: &Seen) -> Vec<String> {
    seen.refusals
        .values()
        .filter(|refusal| !tables::worded(refusal.zh, refusal.en) || !tables::coded(refusal.code))
        .map(|refusal| format!("{}: refusal {:?} without words", seen.spec.code, refusal))
        .collect()
}

/// From every open state a state in which the loop is closed or ended can be reached.
#[test]
fn every_loop_can_come_to_an_end() {
    let mut found = Vec::new();
    for spec in kinds() {
        let mut ends: BTreeSet<&str> = spec
            .states
            .iter()
            .filter(|s| s.stage != Stage::Open)
            .map(|s| s.code)
            .collect();
        loop {
            let more: BTreeSet<&str> = spec
                .moves
                .iter()
                .filter(|m| m.targets().iter().any(|to| ends.contains(to)))
                .flat_map(|m| m.from.iter().copied())
                .filter(|from| !ends.contains(from))
                .collect();
            if more.is_empty() {
                break;
            }
            ends.extend(more);
        }
        let stuck = spec
            .states
            .iter()
            .filter(|state| !ends.contains(state.code));
        found.extend(stuck.map(|state| format!("{}: {} has no way out", spec.code, state.code)));
    }
    none(found);
}
