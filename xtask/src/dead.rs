//! Sources that nothing reaches: a compiler does not read them, so nobody would notice that they rot.

use crate::Remarks;
use crate::tree::Tree;
use std::collections::BTreeSet;

/// The names of the modules that a Rust source says are in files of their own, with a path when one is given.
fn modules(source: &str) -> Vec<(String, Option<String>)> {
    let mut given = None;
    let mut found = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some(path) = line
            .strip_prefix("#[path = \"")
            .and_then(|rest| rest.split('"').next())
        {
            given = Some(path.to_owned());
            continue;
        }
        // `#[cfg(test)] mod tests;` on one line, and pub, pub(crate), pub(super).
        let mut rest = line;
        while let Some((_, after)) = rest.strip_prefix("#[").and_then(|r| r.split_once(']')) {
            rest = after.trim_start();
        }
        if let Some(after) = rest.strip_prefix("pub") {
            rest = match after.strip_prefix('(').and_then(|r| r.split_once(')')) {
                Some((_, after)) => after.trim_start(),
                None => after.trim_start(),
            };
        }
        if let Some(name) = rest.strip_prefix("mod ").and_then(|rest| {
            rest.split(';')
                .next()
                .filter(|name| rest.len() > name.len())
        }) {
            found.push((name.trim().to_owned(), given.take()));
        } else if !line.is_empty() && !line.starts_with("#[") && !line.starts_with("//") {
            given = None;
        }
    }
    found
}

/// Whether cargo, by its own rules or by the manifest, starts reading here.
fn is_root(tree: &Tree, path: &str) -> bool {
    let Some((krate, inside)) = path.split_once('/') else {
        return false;
    };
    let parts: Vec<&str> = inside.split('/').collect();
    match parts.as_slice() {
        ["src", "lib.rs" | "main.rs"] | ["build.rs"] | ["src", "bin", _] => true,
        ["tests" | "examples" | "benches", _]
        | ["tests" | "examples" | "benches", _, "main.rs"] => true,
        _ => tree
            .text(&format!("{krate}/Cargo.toml"))
            .is_some_and(|manifest| manifest.contains(&format!("path = \"{inside}\""))),
    }
}

/// Every Rust source is reached as a module.
#[must_use]
pub fn rust(tree: &Tree) -> Remarks {
    let all: BTreeSet<&str> = tree.texts("", &[".rs"]).map(|(path, _)| path).collect();
    let mut alive = BTreeSet::new();
    let mut next: Vec<String> = all
        .iter()
        .filter(|path| is_root(tree, path))
        .map(|path| (*path).to_owned())
        .collect();
    while let Some(path) = next.pop() {
        let Some(text) = tree.text(&path) else {
            continue;
        };
        if !alive.insert(path.clone()) {
            continue;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let below = if name == "mod.rs" || is_root(tree, &path) {
            folder.to_owned()
        } else {
            format!("{folder}/{}", name.trim_end_matches(".rs"))
        };
        for (module, given) in modules(text) {
            match given {
                Some(given) => next.push(normal(&format!("{folder}/{given}"))),
                None => next.extend([
                    format!("{below}/{module}.rs"),
                    format!("{below}/{module}/mod.rs"),
                ]),
            }
        }
        for (at, _) in text.match_indices("include!(\"") {
            let target = text[at + "include!(\"".len()..]
                .split('"')
                .next()
                .unwrap_or_default();
            next.push(normal(&format!("{folder}/{target}")));
        }
    }
    all.into_iter()
        .filter(|path| !alive.contains(*path))
        .map(|path| {
            format!("{path} is dead: no `mod` leads there; say `mod` where it belongs or delete it")
        })
        .collect()
}

/// A path without `.` and `..`.
fn normal(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Where an import leads, without the ending that may be left out; none when it leads out of the portal's sources.
#[must_use]
pub fn resolve(from: &str, target: &str) -> Option<String> {
    let target = target.split('?').next().unwrap_or_default();
    if let Some(rest) = target.strip_prefix("@/") {
        return Some(format!("web/src/{rest}"));
    }
    let (folder, _) = from.rsplit_once('/')?;
    (target.starts_with('.') || target.starts_with('/'))
        .then(|| normal(&format!("{folder}/{target}")))
}

/// What `import.meta.glob` looks for.
fn globs(source: &str) -> Vec<&str> {
    source
        .match_indices("import.meta.glob")
        .filter_map(|(at, _)| {
            let rest = &source[at..];
            let open = rest.find("('")? + 2;
            Some(rest[open..].split('\'').next().unwrap_or_default())
        })
        .collect()
}

/// What a source names by `new URL('./x.ts', import.meta.url)`: workers that run beside the page.
fn workers(source: &str) -> Vec<&str> {
    source
        .match_indices("new URL('")
        .filter_map(|(at, mark)| source[at + mark.len()..].split_once('\''))
        .filter(|(_, rest)| rest.starts_with(", import.meta.url)"))
        .map(|(target, _)| target)
        .collect()
}

/// Whether a path is one that the pattern means; `*` stands for anything but a slash.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(want), Some(is)) => {
                let fits = match want.split_once('*') {
                    Some((start, end)) => {
                        is.len() >= start.len() + end.len()
                            && is.starts_with(start)
                            && is.ends_with(end)
                    }
                    None => want == is,
                };
                if !fits {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// Every source of the portal is imported by what the page starts with; tests do not keep anything alive.
#[must_use]
pub fn portal(tree: &Tree) -> Remarks {
    const ENDINGS: &[&str] = &[".ts", ".vue", ".css", ".json"];
    let all: Vec<(&str, &str)> = tree.texts("web/src", ENDINGS).collect();
    let mut alive = BTreeSet::new();
    let mut next = vec!["web/src/app/main.ts".to_owned()];
    // What the build's own files name, such as the tests' set-up.
    for settings in ["web/vite.config.ts", "web/index.html"] {
        let text = tree.text(settings).unwrap_or_default();
        next.extend(
            all.iter()
                .filter(|(path, _)| text.contains(path.trim_start_matches("web/")))
                .map(|(path, _)| (*path).to_owned()),
        );
    }
    while let Some(wanted) = next.pop() {
        let found = ["", ".ts", ".vue", "/index.ts", ".d.ts"]
            .iter()
            .map(|ending| format!("{wanted}{ending}"))
            .find(|path| tree.text(path).is_some());
        let Some(path) = found else { continue };
        if !alive.insert(path.clone()) {
            continue;
        }
        let text = tree.text(&path).unwrap_or_default();
        next.extend(
            crate::arrows::imports(text)
                .into_iter()
                .chain(workers(text))
                .filter_map(|target| resolve(&path, target)),
        );
        for pattern in globs(text)
            .into_iter()
            .filter_map(|pattern| resolve(&path, pattern))
        {
            next.extend(
                all.iter()
                    .filter(|(path, _)| matches(&pattern, path))
                    .map(|(path, _)| (*path).to_owned()),
            );
        }
    }
    all.into_iter()
        .map(|(path, _)| path)
        .filter(|path| {
            !path.ends_with(".spec.ts") && !path.ends_with(".d.ts") && !alive.contains(*path)
        })
        .map(|path| format!("{path} is dead: no page imports it; import it or delete it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rust_file_without_a_mod_is_seen() {
        let tree = |lib: &str| {
            Tree::of(&[
                ("core/src/lib.rs", lib),
                ("core/src/org.rs", "#[cfg(test)]\nmod tests;\n"),
                ("core/src/org/tests.rs", ""),
                ("core/src/duty/mod.rs", "pub(crate) mod clock;"),
                ("core/src/duty/clock.rs", ""),
                (
                    "core/tests/it/main.rs",
                    "#[path = \"../shared.rs\"]\nmod shared_by_all;",
                ),
                ("core/tests/shared.rs", ""),
            ])
        };
        assert_eq!(rust(&tree("pub mod org;\nmod duty;")), Remarks::new());
        let dead = rust(&tree("pub mod org;\n// mod duty;\nmod inline { }"));
        assert_eq!(dead.len(), 2, "{dead:?}");
        assert!(
            dead.iter()
                .all(|remark| remark.starts_with("core/src/duty/"))
        );
    }

    #[test]
    fn a_target_of_the_manifest_is_alive() {
        let tree = Tree::of(&[
            ("fuzz/Cargo.toml", "[[bin]]\npath = \"fuzz_targets/a.rs\""),
            ("fuzz/fuzz_targets/a.rs", ""),
            ("fuzz/fuzz_targets/b.rs", ""),
        ]);
        assert_eq!(rust(&tree).len(), 1);
    }

    #[test]
    fn a_page_that_nobody_imports_is_seen() {
        let tree = |main: &str| {
            Tree::of(&[
                ("web/src/app/main.ts", main),
                (
                    "web/src/app/areas.ts",
                    "const found = import.meta.glob<Area>('../areas/*/routes.ts', { eager: true })",
                ),
                (
                    "web/src/areas/inbox/routes.ts",
                    "export const a = () => import('./views/Inbox.vue')",
                ),
                (
                    "web/src/areas/inbox/views/Inbox.vue",
                    "import { b } from '@/ui/time'",
                ),
                (
                    "web/src/ui/time.ts",
                    "const beside = new Worker(new URL('./count.ts', import.meta.url), { type: 'module' })",
                ),
                ("web/src/ui/count.ts", ""),
                ("web/src/ui/time.spec.ts", "import './time'"),
            ])
        };
        assert_eq!(
            portal(&tree("import { areas } from './areas'")),
            Remarks::new()
        );
        assert_eq!(portal(&tree("")).len(), 5);
        let page = ("web/src/app/main.ts", "new URL('./gone.ts', elsewhere)");
        assert_eq!(
            portal(&Tree::of(&[page, ("web/src/app/gone.ts", "")])).len(),
            1
        );
    }
}
