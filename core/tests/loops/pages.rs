//! The pages in `docs/loops/` are those that the tables draw.

use anlan_core::loops::{REGISTRY, diagram};
use anlan_core::rulebook::Rulebook;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const HOW: &str = "draw it anew: ANLAN_WRITE_LOOPS=1 cargo nextest run -p anlan-core --test loops";
const BEGIN: &str = "<!-- kinds -->\n";
const END: &str = "<!-- /kinds -->\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/loops")
}

/// The contract with its list of kinds as it is now.
fn contract(old: &str) -> String {
    let (head, rest) = old
        .split_once(BEGIN)
        .expect("docs/loops/README.md marks where its list of kinds begins");
    let (_, tail) = rest.split_once(END).expect("and where it ends");
    format!("{head}{BEGIN}{}{END}{tail}", diagram::index())
}

#[test]
fn the_pages_are_those_that_the_tables_draw() {
    let book = Rulebook::built_in().unwrap();
    let readme = folder().join("README.md");
    let old = std::fs::read_to_string(&readme).unwrap();
    let mut pages = vec![(readme, contract(&old))];
    for spec in REGISTRY {
        pages.push((
            folder().join(format!("{}.md", spec.code)),
            diagram::page(spec, &book),
        ));
    }
    let write = std::env::var_os("ANLAN_WRITE_LOOPS").is_some();
    for (path, page) in &pages {
        if write {
            std::fs::write(path, page).unwrap();
            continue;
        }
        let there = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            there == *page,
            "{} is not what the tables draw; {HOW}",
            path.display()
        );
    }
    let known: BTreeSet<PathBuf> = pages.into_iter().map(|(path, _)| path).collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        assert!(
            known.contains(&path),
            "{} is of no kind in the registry: take it away",
            path.display()
        );
    }
}

/// Every state and every way between two states is in the diagram, and no name in it breaks its language.
#[test]
fn diagrams_show_every_state_and_way() {
    for spec in REGISTRY {
        let drawn = diagram::mermaid(spec);
        for state in spec.states {
            assert!(
                drawn.contains(&format!("\"{} {}\" as ", state.zh, state.en)),
                "{} {}",
                spec.code,
                state.code
            );
        }
        let ways: usize = spec
            .moves
            .iter()
            .flat_map(|m| m.from.iter().map(move |from| (m, from)))
            .map(|(m, from)| {
                diagram::ways(spec, m, from)
                    .iter()
                    .filter(|to| *to != from)
                    .count()
            })
            .sum();
        let begins = spec.open.targets().len().max(1);
        let ends = spec.states.iter().filter(|s| s.turn.is_none()).count();
        assert_eq!(
            drawn.matches(" --> ").count(),
            ways + begins + ends,
            "{}",
            spec.code
        );
        for line in drawn.lines().skip(1).filter(|line| line.contains(" --> ")) {
            let (ends, words) = line.split_once(": ").unwrap_or((line, ""));
            assert!(!words.contains([':', ';', '#', '"']), "{line}");
            let names = ends.split(" --> ").map(str::trim);
            assert!(
                names.into_iter().all(|n| n == "[*]" || n.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')),
                "{line}"
            );
        }
    }
}
