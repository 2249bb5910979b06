//! Search over everything, with Chinese words. Chinese has no blanks between words, so both sides are cut into
//! pairs of neighbouring characters: 安全生产 → 安全 全生 生产, and a query must find its pairs side by side.

use crate::StoreError;
use crate::db::{Db, Row, Value};
use crate::facts::reach_sql;
use anlan_core::authority::Reach;

/// Longest text that is indexed, in characters.
const TEXT_MAX: usize = 2_000;
/// Longest word that is told apart, in characters; what is longer is cut into words of that length.
const WORD_MAX: usize = 64;

fn is_wide(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Cuts text into words: Latin letters and digits as they stand in lower case, Chinese in overlapping pairs.
/// The last character of a run also stands alone, so that a single one can be found by its beginning.
pub fn grams(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut run: Vec<char> = Vec::new();
    let flush_word = |word: &mut String, out: &mut Vec<String>| {
        if !word.is_empty() {
            out.push(std::mem::take(word));
        }
    };
    let flush_run = |run: &mut Vec<char>, out: &mut Vec<String>| {
        out.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
        if let Some(last) = run.last() {
            out.push(last.to_string());
        }
        run.clear();
    };
    for c in text.chars().take(TEXT_MAX) {
        if is_wide(c) {
            flush_word(&mut word, &mut out);
            run.push(c);
        } else {
            flush_run(&mut run, &mut out);
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
                if word.chars().count() >= WORD_MAX {
                    flush_word(&mut word, &mut out);
                }
            } else {
                flush_word(&mut word, &mut out);
            }
        }
    }
    flush_word(&mut word, &mut out);
    flush_run(&mut run, &mut out);
    out
}

/// The query's pieces: each a phrase that must be found, the last of each may be a beginning.
fn phrases(query: &str) -> Vec<Vec<String>> {
    query
        .split_whitespace()
        .take(8)
        .map(|part| {
            let mut grams = grams(part);
            // In a query the lone last character of a run only repeats the pair before it.
            if let [.., pair, last] = grams.as_slice()
                && last.chars().all(is_wide)
                && pair.chars().all(is_wide)
                && pair.ends_with(last.as_str())
            {
                grams.pop();
            }
            grams
        })
        .filter(|grams| !grams.is_empty())
        .collect()
}

/// Puts a document into the index, replacing the one that was there.
pub(crate) fn put(
    db: &mut Db,
    kind: &str,
    id: &str,
    org: Option<&str>,
    title: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let there = db.row(
        "SELECT doc, title, detail, org FROM search_docs WHERE kind = ?1 AND id = ?2",
        &[kind.into(), id.into()],
    )?;
    let same = |row: &Row| row.text(1) == title && row.text(2) == detail;
    if let Some(row) = there.as_ref().filter(|row| same(row)) {
        if row.text_opt(3).as_deref() != org {
            db.run(
                "UPDATE search_docs SET org = ?3 WHERE kind = ?1 AND id = ?2",
                &[kind.into(), id.into(), org.into()],
            )?;
        }
        return Ok(());
    }
    let doc = match &there {
        Some(row) => row.int(0) as u64,
        None => db
            .row("SELECT COALESCE(MAX(doc), 0) + 1 FROM search_docs", &[])?
            .map_or(1, |row| row.int(0) as u64),
    };
    db.run(
        "INSERT INTO search_docs (doc, kind, id, org, title, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, id) DO UPDATE SET \
         org = excluded.org, title = excluded.title, detail = excluded.detail",
        &[doc.into(), kind.into(), id.into(), org.into(), title.into(), detail.into()],
    )?;
    let mut words = grams(&format!("{title} {detail}"));
    words.insert(0, mark(kind).to_string());
    if db.is_postgres() {
        // The vector is written out: the server's own parser cuts words by its locale, and would cut them otherwise.
        let vector: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(at, gram)| format!("'{gram}':{}", at + 1))
            .collect();
        db.run(
            "INSERT INTO search_words (doc, grams) VALUES (?1, ?2::text::tsvector) ON CONFLICT (doc) DO UPDATE SET grams = excluded.grams",
            &[doc.into(), vector.join(" ").into()],
        )?;
    } else {
        if there.is_some() {
            db.run("DELETE FROM search_words WHERE rowid = ?1", &[doc.into()])?;
        }
        db.run(
            "INSERT INTO search_words (rowid, grams) VALUES (?1, ?2)",
            &[doc.into(), words.join(" ").into()],
        )?;
    }
    Ok(())
}

pub(crate) fn clear(db: &mut Db) -> Result<(), StoreError> {
    db.run("DELETE FROM search_words", &[])?;
    Ok(())
}

/// Kinds of documents, in the order they are shown; those of loops are `loop-` and the kind of loop, in the order of
/// the registry.
const KINDS: [&str; 6] = ["notice", "article", "org", "person", "thing", "duty"];

fn kinds() -> Vec<String> {
    let loops = anlan_core::loops::REGISTRY
        .iter()
        .map(|spec| format!("loop-{}", spec.code));
    KINDS
        .iter()
        .map(|kind| (*kind).to_owned())
        .chain(loops)
        .collect()
}

/// A word that every document of a kind has. It is of private characters, which no query can hold.
fn mark(kind: &str) -> char {
    // The mark is of the name, not of the place in the list: kinds may be added anywhere.
    let at = KINDS
        .iter()
        .position(|known| *known == kind)
        .unwrap_or_else(|| {
            let hash = kind
                .bytes()
                .fold(17usize, |hash, b| (hash * 31 + usize::from(b)) % 4_000);
            KINDS.len() + 1 + hash
        });
    char::from_u32(0xe000 + at as u32).unwrap_or('\u{e000}')
}

/// Something found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// duty, notice, article, org, person, thing.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// A line beside it.
    pub detail: String,
}

/// Finds documents that hold every piece of the query and may be seen, at most `limit`, no kind crowding out the
/// others. `seen` says which kinds may be seen and how far; notices, their articles and orgs know no distance, and
/// kinds that are not named are not searched.
///
/// # Errors
/// What the database said.
pub fn find(
    db: &mut Db,
    query: &str,
    seen: &[(&str, &[Reach])],
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let phrases = phrases(query);
    if phrases.is_empty() {
        return Ok(Vec::new());
    }
    // Grams are letters and digits only: nothing in them can be an operator of either query language.
    let asked = if db.is_postgres() {
        let phrase = |p: &Vec<String>| {
            let parts: Vec<String> = p.iter().map(|g| format!("'{g}'")).collect();
            format!(" & ({}:*)", parts.join(" <-> "))
        };
        phrases.iter().map(phrase).collect::<String>()
    } else {
        let phrase = |p: &Vec<String>| format!(" AND \"{}\"*", p.join(" "));
        phrases.iter().map(phrase).collect::<String>()
    };
    // SQLite walks the index in the order of documents and stops when it has enough.
    let from = if db.is_postgres() {
        "search_words w JOIN search_docs d ON d.doc = w.doc WHERE w.grams @@ ?1::text::tsquery"
    } else {
        "search_words CROSS JOIN search_docs d ON d.doc = search_words.rowid WHERE search_words MATCH ?1"
    };
    let order = if db.is_postgres() {
        "d.doc"
    } else {
        "search_words.rowid"
    };
    let mut shelves = Vec::new();
    for kind in &kinds() {
        let kind = kind.as_str();
        let Some((_, reach)) = seen.iter().find(|(seen, _)| *seen == kind) else {
            continue;
        };
        let mark = mark(kind);
        let asked = if db.is_postgres() {
            format!("'{mark}'{asked}")
        } else {
            format!("\"{mark}\"{asked}")
        };
        let mut values: Vec<Value> = vec![asked.into()];
        let reach = match kind {
            "notice" | "article" | "org" => "1 = 1".to_owned(),
            _ => reach_sql(reach, "d.org", None, &mut values),
        };
        values.push(limit.into());
        let sql = format!(
            "SELECT d.kind, d.id, d.title, d.detail FROM {from} AND {reach} ORDER BY {order} LIMIT ?{}",
            values.len()
        );
        shelves.push(db.rows(&sql, &values)?.into_iter());
    }
    // One of each in turn settles how many of each there are; they are then shown kind by kind.
    let mut taken = vec![Vec::new(); shelves.len()];
    let mut left = limit;
    while left > 0 {
        let before = left;
        for (shelf, taken) in shelves.iter_mut().zip(&mut taken) {
            if left > 0
                && let Some(row) = shelf.next()
            {
                taken.push(Found {
                    kind: row.text(0),
                    id: row.text(1),
                    title: row.text(2),
                    detail: row.text(3),
                });
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    Ok(taken.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_into_pairs_and_words() {
        assert_eq!(
            grams("安全生产 2026年"),
            ["安全", "全生", "生产", "产", "2026", "年"]
        );
        assert_eq!(grams("AQ-1"), ["aq", "1"]);
        assert!(
            grams("\" OR ''")
                .iter()
                .all(|g| g.chars().all(char::is_alphanumeric))
        );
    }
}
