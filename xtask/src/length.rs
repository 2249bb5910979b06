//! A file that passes eight hundred lines is asking a question.

use crate::Remarks;
use crate::tree::Tree;

/// Most lines of a source file.
const LINES_MAX: usize = 800;
/// The files that may be longer, one a line: path, most lines, reason. The list only shrinks.
const LIST: &str = "xtask/long-files.txt";
/// Made from other sources; nobody reads them through.
const MADE: &[&str] = &["web/src/api/schema.d.ts"];

/// Files keep to the length, or stand in the list with a reason.
#[must_use]
pub fn files(tree: &Tree) -> Remarks {
    let mut remarks = Remarks::new();
    let mut allowed = std::collections::BTreeMap::new();
    for line in tree
        .text(LIST)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
    {
        let mut parts = line.splitn(3, char::is_whitespace);
        match (
            parts.next(),
            parts.next().and_then(|n| n.parse::<usize>().ok()),
            parts.next(),
        ) {
            (Some(path), Some(most), Some(_)) => drop(allowed.insert(path.to_owned(), most)),
            _ => remarks.push(format!(
                "{LIST}: `{line}` must be a path, the most lines and the reason"
            )),
        }
    }
    for (path, text) in tree.texts("", &[".rs", ".ts", ".vue", ".mjs", ".js", ".css", ".sh"]) {
        if MADE.contains(&path) {
            continue;
        }
        let lines = text.lines().count();
        match allowed.remove(path) {
            None if lines > LINES_MAX => {
                remarks.push(format!("{path} has {lines} lines, more than {LINES_MAX}: it holds more than one thing; give one of them a file of its own"));
            }
            Some(most) if lines > most => {
                remarks.push(format!("{path} has {lines} lines and was allowed {most}: make it shorter, the list in {LIST} only shrinks"));
            }
            Some(_) if lines <= LINES_MAX => {
                remarks.push(format!(
                    "{path} has only {lines} lines now: take it off the list in {LIST}"
                ));
            }
            _ => {}
        }
    }
    remarks.extend(
        allowed
            .keys()
            .map(|path| format!("{LIST}: there is no {path}: take it off the list")),
    );
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(lines: usize, list: &str) -> usize {
        files(&Tree::of(&[
            ("core/src/a.rs", &"x\n".repeat(lines)),
            (LIST, list),
        ]))
        .len()
    }

    #[test]
    fn long_files_are_seen_and_the_list_only_shrinks() {
        assert_eq!(with(800, ""), 0);
        assert_eq!(with(801, ""), 1);
        assert_eq!(with(801, "core/src/a.rs 900 one table"), 0);
        assert_eq!(with(901, "core/src/a.rs 900 one table"), 1);
        assert_eq!(
            with(500, "core/src/a.rs 900 one table"),
            1,
            "no longer needed"
        );
        assert_eq!(with(801, "core/src/a.rs 900"), 2, "no reason");
        assert_eq!(with(1, "core/src/gone.rs 900 one table"), 1);
    }
}
