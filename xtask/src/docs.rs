//! What the documents say is there.

use crate::Remarks;
use crate::tree::Tree;
use std::collections::BTreeSet;

/// The table of what the notice asks for, and where it can be seen.
const COVERAGE: &str = "docs/coverage.md";
/// The rows of the table. Ids are stable.
const ROWS: &[&str] = &[
    "M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12", "M13a",
    "M13b", "M13c", "M13d", "M13e", "M13f", "M13g", "M13h", "M13i", "M13j", "M13k", "M14a", "M14b",
    "M14c", "M14d", "M15", "M16", "M17", "M18a", "M18b", "M18c", "M18d", "M19", "M20", "M21",
];
/// Folders whose files the documents may name.
const ROOMS: &[&str] = &[
    "core/",
    "notice/",
    "store/",
    "documents/",
    "sample/",
    "server/",
    "anlan/",
    "bench/",
    "xtask/",
    "web/",
    "e2e/",
    "fuzz/",
    "docs/",
    "rulebook/",
    "scripts/",
    ".ci/",
    ".cargo/",
];

/// The routes of the server as `GET /path`, read from the handlers' own descriptions and from the router.
#[must_use]
pub fn routes(tree: &Tree) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in tree.texts("server/src", &[".rs"]) {
        for (at, mark) in text.match_indices("#[utoipa::path(") {
            let rest = text[at + mark.len()..].trim_start();
            let method = rest
                .split(|c: char| !c.is_alphanumeric())
                .next()
                .unwrap_or_default()
                .to_uppercase();
            if let Some(path) = rest
                .split_once("path = \"")
                .and_then(|(_, rest)| rest.split('"').next())
            {
                found.insert(format!("{method} {path}"));
            }
        }
        for (at, mark) in text.match_indices(".route(") {
            let rest = text[at + mark.len()..].trim_start();
            let Some(path) = rest
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            let method = rest.split_once("\",").map(|(_, rest)| {
                rest.trim_start()
                    .split('(')
                    .next()
                    .unwrap_or_default()
                    .to_uppercase()
            });
            found.insert(format!("{} {path}", method.unwrap_or_default()));
        }
    }
    found
}

/// Words between single backticks; fenced blocks are left out.
fn spans(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

/// Every row of the table and every route stands in the coverage document, and no route that is not there.
#[must_use]
pub fn rows_and_routes(tree: &Tree) -> Remarks {
    let Some(text) = tree.text(COVERAGE) else {
        return vec![format!(
            "{COVERAGE} is missing: it says for every row which page, route and test show it"
        )];
    };
    let mut remarks = Remarks::new();
    for row in ROWS {
        let count = text
            .lines()
            .filter(|line| line.starts_with(&format!("| {row} |")))
            .count();
        if count != 1 {
            remarks.push(format!("{COVERAGE}: row {row} stands there {count} times: give it one line that begins with `| {row} |`"));
        }
    }
    let named: BTreeSet<&str> = spans(text)
        .into_iter()
        .filter(|span| is_route(span))
        .collect();
    let there = routes(tree);
    for route in &there {
        if !named.contains(route.as_str()) {
            remarks.push(format!("{COVERAGE}: `{route}` serves no row: name it beside the rows it serves, or under those that serve all"));
        }
    }
    remarks.extend(
        named
            .into_iter()
            .filter(|route| !there.contains(*route))
            .map(|route| {
                format!("{COVERAGE}: the server has no `{route}`: correct it or take it out")
            }),
    );
    remarks
}

fn is_route(span: &str) -> bool {
    ["GET /", "POST /", "PUT /", "PATCH /", "DELETE /"]
        .iter()
        .any(|method| span.starts_with(method))
}

/// Files, folders and tests that the documents name are there: `core/src/org.rs`, `web/src/ui/`, `core/src/org.rs::a_test`.
#[must_use]
pub fn mentions(tree: &Tree) -> Remarks {
    let mut remarks = Remarks::new();
    let papers = tree
        .texts("", &[".md"])
        .filter(|(path, _)| !path.contains('/') || path.starts_with("docs/"));
    for (paper, text) in papers {
        for span in spans(text) {
            if !ROOMS.iter().any(|room| span.starts_with(room))
                || span.contains([' ', '*', '<', '{', '…'])
                || span.starts_with("docs/figures")
            {
                continue;
            }
            let (path, test) = span
                .split_once("::")
                .map_or((span, None), |(path, test)| (path, Some(test)));
            let built = [
                "target/",
                "web/dist/app",
                "web/node_modules",
                "fuzz/finds",
                "fuzz/target",
            ]
            .iter()
            .any(|made| path.starts_with(made));
            if built {
                continue;
            }
            if !tree.has(path) && !tree.has_folder(path) {
                remarks.push(format!("{paper}: there is no `{path}`: correct the name"));
            } else if let Some(test) =
                test.filter(|test| !tree.text(path).is_some_and(|text| says(path, text, test)))
            {
                remarks.push(format!("{paper}: `{path}` has no `{test}`: correct the name, or the invariant has lost its guard"));
            }
        }
    }
    remarks
}

/// Whether a source has a function of that name, or, where it is no Rust, the word.
fn says(path: &str, text: &str, name: &str) -> bool {
    if path.ends_with(".rs") {
        text.contains(&format!("fn {name}(")) || text.contains(&format!("fn {name}<"))
    } else {
        text.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(extra: &str) -> String {
        ROWS.iter()
            .map(|row| format!("| {row} | x |\n"))
            .collect::<String>()
            + extra
    }

    const API: (&str, &str) = (
        "server/src/api/duties.rs",
        "#[utoipa::path(\n    get, path = \"/api/v1/duties\", responses())]\nfn f() {}",
    );
    const ROUTER: (&str, &str) = (
        "server/src/lib.rs",
        "Router::new().route(\n\"/healthz\",\n get(ok))",
    );

    #[test]
    fn a_route_or_row_that_is_not_named_is_seen() {
        let with = |text: &str| rows_and_routes(&Tree::of(&[API, ROUTER, (COVERAGE, text)]));
        assert_eq!(
            with(&coverage("`GET /api/v1/duties` `GET /healthz`")),
            Remarks::new()
        );
        assert_eq!(with(&coverage("`GET /healthz`")).len(), 1);
        assert_eq!(
            with(&coverage(
                "`GET /api/v1/duties` `GET /healthz` `POST /api/v1/gone`"
            ))
            .len(),
            1
        );
        assert_eq!(
            with(&coverage("`GET /api/v1/duties` `GET /healthz`").replace("| M13k |", "| - |"))
                .len(),
            1
        );
        assert_eq!(rows_and_routes(&Tree::of(&[API])).len(), 1);
    }

    #[test]
    fn a_file_or_test_that_is_not_there_is_seen() {
        let with = |text: &str| {
            mentions(&Tree::of(&[
                ("core/src/org.rs", "fn a_test() {}"),
                ("README.md", text),
            ]))
            .len()
        };
        assert_eq!(
            with("`core/src/org.rs` `core/src/` `core/src/org.rs::a_test` `org.rs`"),
            0
        );
        assert_eq!(with("`core/src/gone.rs`"), 1);
        assert_eq!(with("`core/src/org.rs::another`"), 1);
        assert_eq!(with("```\n`core/src/gone.rs`\n```"), 0);
    }
}
