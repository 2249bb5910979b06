//! The portal speaks two languages, and both say everything.

use crate::Remarks;
use crate::tree::Tree;
use std::collections::BTreeSet;

const ZH: &str = "web/src/app/words/zh";
const EN: &str = "web/src/app/words/en";

/// The keys of an object written in TypeScript, with those around them: `a.b`. Reads what word files are made of:
/// nested objects, strings and comments.
#[must_use]
pub fn keys(source: &str) -> BTreeSet<String> {
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut path, mut key, mut found) =
        (0, Vec::<String>::new(), None::<String>, BTreeSet::new());
    let mut word = String::new();
    while at < chars.len() {
        match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if chars.get(at + 1) == Some(&'*') => {
                while at + 1 < chars.len() && !(chars[at] == '*' && chars[at + 1] == '/') {
                    at += 1;
                }
                at += 1;
            }
            quote @ ('\'' | '"' | '`') => {
                word.clear();
                at += 1;
                while at < chars.len() && chars[at] != quote {
                    if chars[at] == '\\' {
                        at += 1;
                    }
                    word.extend(chars.get(at));
                    at += 1;
                }
            }
            c if c.is_alphanumeric() || matches!(c, '_' | '$') => {
                word.clear();
                while at < chars.len()
                    && (chars[at].is_alphanumeric() || matches!(chars[at], '_' | '$'))
                {
                    word.push(chars[at]);
                    at += 1;
                }
                at -= 1;
            }
            ':' => key = Some(std::mem::take(&mut word)),
            '{' => path.extend(key.take()),
            c @ (',' | '}') => {
                if let Some(key) = key.take() {
                    let whole: Vec<&str> = path
                        .iter()
                        .map(String::as_str)
                        .chain([key.as_str()])
                        .collect();
                    found.insert(whole.join("."));
                }
                if c == '}' {
                    path.pop();
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Both languages have the same files, and in them the same keys.
#[must_use]
pub fn languages(tree: &Tree) -> Remarks {
    let mut remarks = Remarks::new();
    for (from, to) in [(ZH, EN), (EN, ZH)] {
        for (path, text) in tree.texts(from, &[".ts"]) {
            let twin = path.replacen(from, to, 1);
            let Some(other) = tree.text(&twin) else {
                remarks.push(format!("{path} has no twin: write {twin}"));
                continue;
            };
            let there = keys(other);
            remarks.extend(
                keys(text)
                    .into_iter()
                    .filter(|key| !there.contains(key))
                    .map(|key| format!("{twin}: the word `{key}` is missing, {path} has it")),
            );
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_nested_objects() {
        let source = "export default {\n  // a: 'b'\n  open: '打开：{name}, 好',\n  'in-time': \"it's {n}\",\n  light: { done: 'x', /* no: 1 */ late: `y` },\n  end: 'z',\n}\n";
        let found: Vec<String> = keys(source).into_iter().collect();
        assert_eq!(
            found,
            ["end", "in-time", "light.done", "light.late", "open"]
        );
    }

    #[test]
    fn a_missing_word_is_seen_on_either_side() {
        let both = |zh: &str, en: &str| {
            languages(&Tree::of(&[
                ("web/src/app/words/zh/ui.ts", zh),
                ("web/src/app/words/en/ui.ts", en),
            ]))
            .len()
        };
        assert_eq!(
            both("export default { a: '一', }", "export default { a: 'one' }"),
            0
        );
        assert_eq!(
            both(
                "export default { a: '一', b: '二' }",
                "export default { a: 'one' }"
            ),
            1
        );
        assert_eq!(
            both(
                "export default { a: '一' }",
                "export default { a: 'one', b: { c: 'two' } }"
            ),
            1
        );
        assert_eq!(
            languages(&Tree::of(&[(
                "web/src/app/words/zh/ui.ts",
                "export default {}"
            )]))
            .len(),
            1
        );
    }
}
