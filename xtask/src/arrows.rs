//! Who may know whom: crates, what a crate may touch, and areas of the portal.

use crate::Remarks;
use crate::tree::Tree;

/// Folder of a crate, and the crates of ours that it may use: in its code, and besides in its tests. A new arrow deserves a talk
/// first; then it is written here.
const ARROWS: &[(&str, &[&str], &[&str])] = &[
    ("core", &[], &[]),
    ("notice", &["anlan-core"], &[]),
    ("store", &["anlan-core"], &[]),
    ("documents", &["anlan-core"], &[]),
    ("sample", &["anlan-core"], &["anlan-notice"]),
    (
        "server",
        &[
            "anlan-core",
            "anlan-store",
            "anlan-notice",
            "anlan-documents",
            "anlan-sample",
        ],
        &[],
    ),
    (
        "anlan",
        &[
            "anlan-core",
            "anlan-store",
            "anlan-notice",
            "anlan-documents",
            "anlan-sample",
            "anlan-server",
        ],
        &[],
    ),
    (
        "bench",
        &[
            "anlan-core",
            "anlan-store",
            "anlan-notice",
            "anlan-documents",
            "anlan-sample",
            "anlan-server",
        ],
        &[],
    ),
    ("fuzz", &["anlan-core", "anlan-notice"], &[]),
    ("xtask", &[], &[]),
];

/// Crates that are pure, and what their sources may not say: data in, data out.
const PURE: &[&str] = &["core", "notice", "documents", "sample"];
const WORLD: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env::",
    "std::thread",
    "tokio::",
    "SystemTime",
    "rand::rng()",
];
/// What only the upper floors may depend on.
const HTTP: &[&str] = &[
    "axum",
    "hyper",
    "http",
    "tower",
    "tower-http",
    "reqwest",
    "utoipa-axum",
];
const BELOW_HTTP: &[&str] = &["core", "notice", "documents", "sample", "store"];

/// The dependencies a manifest names: `(in tests only, name)`.
fn dependencies(manifest: &str) -> Vec<(bool, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(head) = line.strip_prefix('[') {
            section = head.trim_end_matches(']').trim().to_owned();
            // [dependencies.name]
            if let Some((kind, name)) = section
                .rsplit_once('.')
                .filter(|(kind, _)| kind.ends_with("dependencies"))
            {
                found.push((kind.ends_with("dev-dependencies"), name.to_owned()));
            }
        } else if section.ends_with("dependencies") && !line.starts_with('#') {
            let name = line
                .split(['=', '.'])
                .next()
                .unwrap_or_default()
                .trim()
                .trim_matches('"');
            if !name.is_empty() {
                found.push((section.ends_with("dev-dependencies"), name.to_owned()));
            }
        }
    }
    found
}

/// Arrows between crates are those of the list.
#[must_use]
pub fn crates(tree: &Tree) -> Remarks {
    let mut remarks = Remarks::new();
    for (path, manifest) in tree.texts("", &["Cargo.toml"]) {
        let Some(folder) = path.strip_suffix("/Cargo.toml") else {
            continue;
        };
        let Some((_, code, tests)) = ARROWS.iter().find(|(name, ..)| *name == folder) else {
            remarks.push(format!("{folder} is a crate that nobody drew: add it with its arrows to xtask/src/arrows.rs and to ARCHITECTURE.md"));
            continue;
        };
        for (only_tests, name) in dependencies(manifest) {
            if BELOW_HTTP.contains(&folder) && HTTP.contains(&name.as_str()) {
                remarks.push(format!(
                    "{path}: {folder} knows no HTTP, but names {name}: move what needs it to server"
                ));
            }
            let allowed =
                code.contains(&name.as_str()) || (only_tests && tests.contains(&name.as_str()));
            if name.starts_with("anlan") && !allowed {
                remarks.push(format!("{path}: {folder} may not use {name}: turn the arrow round, or talk about it and allow it in xtask/src/arrows.rs"));
            }
        }
        if folder != "fuzz" && !manifest.contains("[lints]\nworkspace = true") {
            remarks.push(format!("{path}: add `[lints]` with `workspace = true`, so that the house's lints hold here too"));
        }
    }
    remarks
}

/// The pure crates touch nothing.
#[must_use]
pub fn purity(tree: &Tree) -> Remarks {
    let mut remarks = Remarks::new();
    for folder in PURE {
        let sources = format!("{folder}/src");
        for (path, text) in tree.texts(&sources, &[".rs"]) {
            if path.ends_with("/tests.rs") || path.contains("/tests/") {
                continue;
            }
            for (at, line) in code_before_tests(text) {
                if let Some(word) = WORLD.iter().find(|word| line.contains(**word)) {
                    remarks.push(format!("{path}:{at}: {folder} is pure, but says `{word}`: let the caller do it and hand in the result"));
                }
            }
        }
    }
    remarks
}

/// Numbered lines that are code, up to the tests at the end of a file.
fn code_before_tests(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(at, line)| (at + 1, line))
}

/// What a source of the portal imports, as written.
#[must_use]
pub fn imports(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for mark in ["from ", "import ", "import(", "src="] {
        for (at, _) in source.match_indices(mark) {
            // A word that only ends like the mark is no import.
            if source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = source[at + mark.len()..].trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
                continue;
            };
            let Some(end) = rest[1..].find(quote) else {
                continue;
            };
            let target = &rest[1..=end];
            if target.starts_with('.') || target.starts_with("@/") {
                found.push(target);
            }
        }
    }
    found
}

/// Areas do not import areas; what is shared knows no area.
#[must_use]
pub fn areas(tree: &Tree) -> Remarks {
    let mut remarks = Remarks::new();
    for (path, text) in tree.texts("web/src", &[".ts", ".vue"]) {
        let inside = &path["web/src/".len()..];
        let area = inside
            .strip_prefix("areas/")
            .and_then(|rest| rest.split('/').next());
        for target in imports(text) {
            let Some(resolved) = crate::dead::resolve(path, target) else {
                continue;
            };
            let other = resolved
                .strip_prefix("web/src/areas/")
                .and_then(|rest| rest.split('/').next());
            match (area, other) {
                (Some(area), Some(other)) if area != other => {
                    remarks.push(format!("{path}: area `{area}` imports from area `{other}`: move what both need to web/src/ui or web/src/api"));
                }
                (None, Some(other)) if inside.starts_with("ui/") || inside.starts_with("api/") => {
                    remarks.push(format!("{path}: what is shared knows no area, but imports from `{other}`: turn the arrow round"));
                }
                _ => {}
            }
            if inside.starts_with("api/") && resolved.starts_with("web/src/ui/") {
                remarks.push(format!("{path}: `api` knows no `ui`: turn the arrow round"));
            }
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTS: &str = "\n[lints]\nworkspace = true\n";

    #[test]
    fn an_arrow_that_nobody_drew_is_seen() {
        let manifest = |text: &str| Tree::of(&[("store/Cargo.toml", &format!("{text}{LINTS}"))]);
        assert_eq!(
            crates(&manifest("[dependencies]\nanlan-core.workspace = true")),
            Remarks::new()
        );
        for wrong in [
            "[dependencies]\nanlan-notice.workspace = true",
            "[dependencies]\nanlan-notice = { path = \"../notice\" }",
            "[dependencies.anlan-server]\npath = \"../server\"",
            "[dev-dependencies]\nanlan-sample = { workspace = true }",
            "[target.'cfg(unix)'.dependencies]\nanlan-server.workspace = true",
            "[dependencies]\naxum.workspace = true",
        ] {
            assert_eq!(crates(&manifest(wrong)).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn an_arrow_for_tests_is_for_tests() {
        let manifest = |section: &str| {
            Tree::of(&[(
                "sample/Cargo.toml",
                &format!("[{section}]\nanlan-notice.workspace = true{LINTS}"),
            )])
        };
        assert!(crates(&manifest("dev-dependencies")).is_empty());
        assert_eq!(crates(&manifest("dependencies")).len(), 1);
    }

    #[test]
    fn an_unknown_crate_and_one_without_lints_are_seen() {
        assert_eq!(crates(&Tree::of(&[("utils/Cargo.toml", LINTS)])).len(), 1);
        assert_eq!(
            crates(&Tree::of(&[("core/Cargo.toml", "[dependencies]\n")])).len(),
            1
        );
    }

    #[test]
    fn a_pure_crate_that_touches_the_world_is_seen() {
        let source = |text: &str| Tree::of(&[("core/src/org.rs", text)]);
        assert_eq!(purity(&source("fn f() { std::fs::read(\"x\"); }")).len(), 1);
        assert_eq!(
            purity(&source(
                "// std::fs is not used\n#[cfg(test)]\nmod tests { use std::fs; }"
            )),
            Remarks::new()
        );
        assert_eq!(
            purity(&Tree::of(&[("server/src/lib.rs", "use std::fs;")])),
            Remarks::new()
        );
    }

    #[test]
    fn an_area_that_imports_another_is_seen() {
        let wrong = [
            (
                "web/src/areas/inbox/a.ts",
                "import { x } from '@/areas/duties/b'",
            ),
            (
                "web/src/areas/inbox/a.ts",
                "const x = () => import('../duties/views/B.vue')",
            ),
            ("web/src/ui/a.ts", "import '@/areas/duties/b'"),
            ("web/src/api/a.ts", "import { x } from '@/ui/b'"),
        ];
        for file in wrong {
            assert_eq!(areas(&Tree::of(&[file])).len(), 1, "{file:?}");
        }
        let right = [(
            "web/src/areas/inbox/views/A.vue",
            "import { x } from '../b'\nimport { y } from '@/ui/time'",
        )];
        assert_eq!(areas(&Tree::of(&right)), Remarks::new());
    }
}
