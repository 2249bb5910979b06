//! What no kept file may say: hosts of package registries (the machine's own settings know them) and paths of the machine
//! that somebody worked on.

use crate::Remarks;
use crate::tree::Tree;

/// In two parts, so that this file does not say them either.
const HOSTS: &[(&str, &str)] = &[
    ("registry.npmjs", ".org"),
    ("registry.yarnpkg", ".com"),
    ("npmmirror", ".com"),
    ("static.crates", ".io"),
    ("index.crates", ".io"),
    ("rsproxy", ".cn"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("deb.debian", ".org"),
    ("proxy.golang", ".org"),
];
const PATHS: &[(&str, &str)] = &[
    ("/work", "/"),
    ("/root", "/"),
    ("/home", "/"),
    ("/Users", "/"),
    ("C:", "\\Users"),
];

/// Whether `path` begins at this place and is no part of a longer one, such as `/api/work/x`.
fn begins(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| {
        c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '}' | '~' | '*')
    })
}

/// No kept file names a registry or a machine's folder.
#[must_use]
pub fn hosts_and_paths(tree: &Tree) -> Remarks {
    let mut remarks = Remarks::new();
    for (path, text) in tree.texts("", &[]) {
        for (number, line) in text.lines().enumerate() {
            for (start, end) in HOSTS {
                let host = format!("{start}{end}");
                if line.contains(&host) {
                    remarks.push(format!("{path}:{}: names the registry {host}: leave hosts to the machine's settings", number + 1));
                }
            }
            for (start, end) in PATHS {
                let folder = format!("{start}{end}");
                if line.match_indices(&folder).any(|(at, _)| begins(line, at)) {
                    remarks.push(format!("{path}:{}: names a folder of one machine (`{folder}`): write it from the root of the project", number + 1));
                }
            }
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_machine_paths_are_seen() {
        let remarks = |text: &str| hosts_and_paths(&Tree::of(&[("README.md", text)])).len();
        for (start, end) in HOSTS.iter().chain(PATHS) {
            assert_eq!(remarks(&format!("see {start}{end}anlan")), 1, "{start}");
        }
        assert_eq!(
            remarks("the homework/x, web/home/a and /api/work/b are paths of ours"),
            0
        );
        assert_eq!(
            remarks("source = \"registry+https://github.com/rust-lang/crates.io-index\""),
            0
        );
    }
}
