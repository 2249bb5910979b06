//! The tables say nothing that does not exist, and say everything in both languages.

use crate::{kinds, none};
use anlan_core::loops::spec::{Due, Field, Kind, Move, Need, Party, Stage, To, Word};
use anlan_core::loops::{REGISTRY, Refusal};
use anlan_core::rulebook::Rulebook;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Chinese that has Chinese in it, English that has letters and no Chinese.
pub fn worded(zh: &str, en: &str) -> bool {
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    zh.trim() == zh
        && en.trim() == en
        && zh.chars().any(chinese)
        && en.chars().any(|c| c.is_ascii_alphabetic())
        && !en.chars().any(chinese)
}

/// A code as URLs and files carry it.
pub fn coded(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 40
        && code
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// Codes and words, each once within its list.
fn listed<'a>(
    out: &mut Vec<String>,
    what: &str,
    of: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
) {
    let mut seen = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    for (code, zh, en) in of {
        if !coded(code) && !code.chars().all(char::is_alphanumeric) {
            out.push(format!("{what} `{code}`: a code is of a–z, 0–9, - and _"));
        }
        if !worded(zh, en) {
            out.push(format!("{what} {code}: words `{zh}` / `{en}`"));
        }
        for (seen, text) in seen.iter_mut().zip([code, zh, en]) {
            if !seen.insert(text.to_owned()) {
                out.push(format!("{what} {code}: `{text}` stands there twice"));
            }
        }
    }
}

fn words(list: &[Word]) -> impl Iterator<Item = (&str, &str, &str)> {
    list.iter().map(|word| (word.code, word.zh, word.en))
}

fn fields(out: &mut Vec<String>, book: &Rulebook, name: &str, list: &'static [Field]) {
    listed(
        out,
        &format!("{name} field"),
        list.iter().map(|f| (f.code, f.zh, f.en)),
    );
    for field in list {
        let name = format!("{name} field {}", field.code);
        if field.hint != ("", "") && !worded(field.hint.0, field.hint.1) {
            out.push(format!(
                "{name}: hint `{}` / `{}`",
                field.hint.0, field.hint.1
            ));
        }
        if let Need::When(other, values) | Need::MayWhen(other, values) = field.need {
            let known: Option<Vec<&str>> =
                list.iter()
                    .find(|f| f.code == other)
                    .and_then(|f| match f.kind {
                        Kind::Choice(words) | Kind::Many(words) => {
                            Some(words.iter().map(|w| w.code).collect())
                        }
                        Kind::Flag => Some(vec!["true", "false"]),
                        Kind::Table(table) => Some(
                            book.words
                                .iter()
                                .filter(|w| w.table == table)
                                .map(|w| w.code.as_str())
                                .collect(),
                        ),
                        _ => None,
                    });
            match known {
                None => out.push(format!(
                    "{name} depends on `{other}`, which is no choice of the same form"
                )),
                Some(known) => out.extend(
                    values
                        .iter()
                        .filter(|value| !known.contains(value))
                        .map(|value| {
                            format!("{name} depends on {other} = `{value}`, which cannot be chosen")
                        }),
                ),
            }
            if values.is_empty() {
                out.push(format!("{name} is never asked"));
            }
        }
        match field.kind {
            Kind::Choice(of) | Kind::Many(of) => {
                if of.len() < 2 && matches!(field.kind, Kind::Choice(_)) {
                    out.push(format!("{name}: nothing to choose"));
                }
                listed(out, &name, words(of));
            }
            Kind::Table(table) if book.table(table).is_empty() => {
                out.push(format!("{name}: the rulebook has no table `{table}`"));
            }
            Kind::Number { min, max, .. } if !(min.is_finite() && max.is_finite() && min < max) => {
                out.push(format!("{name}: bounds {min} to {max}"));
            }
            Kind::Rows(inner) => {
                if inner
                    .iter()
                    .any(|f| matches!(f.kind, Kind::Rows(_) | Kind::Org(Some(_))))
                {
                    out.push(format!(
                        "{name}: a table within a table, or a part given in a table"
                    ));
                }
                fields(out, book, &name, inner);
            }
            Kind::Loop(kinds) => out.extend(
                kinds
                    .iter()
                    .filter(|kind| anlan_core::loops::spec(kind).is_none())
                    .map(|kind| format!("{name}: there is no kind `{kind}`")),
            ),
            _ => {}
        }
    }
}

#[test]
fn codes_and_words_are_complete_and_distinct() {
    let book = Rulebook::built_in().unwrap();
    let mut out = Vec::new();
    listed(
        &mut out,
        "kind",
        REGISTRY.iter().map(|s| (s.code, s.zh, s.en)),
    );
    let mut prefixes = BTreeSet::new();
    for spec in kinds() {
        let code = spec.code;
        if !prefixes.insert(spec.prefix)
            || !(2..=4).contains(&spec.prefix.len())
            || !spec.prefix.bytes().all(|b| b.is_ascii_uppercase())
        {
            out.push(format!(
                "{code}: prefix `{}`: two to four capitals, each once",
                spec.prefix
            ));
        }
        if !(1..=23).contains(&spec.article) {
            out.push(format!(
                "{code}: the notice has no article {}",
                spec.article
            ));
        }
        listed(
            &mut out,
            &format!("{code} state"),
            spec.states.iter().map(|s| (s.code, s.zh, s.en)),
        );
        let moves = std::iter::once(&spec.open).chain(spec.moves);
        listed(
            &mut out,
            &format!("{code} move"),
            moves.clone().map(|m| (m.code, m.zh, m.en)),
        );
        listed(
            &mut out,
            &format!("{code} clock"),
            spec.clocks.iter().map(|c| (c.code, c.zh, c.en)),
        );
        listed(&mut out, &format!("{code} grade"), words(spec.grades));
        if spec.grade.is_some() == spec.grades.is_empty() {
            out.push(format!(
                "{code}: grades have words if and only if a grade is worked out"
            ));
        }
        for m in moves {
            fields(&mut out, &book, &format!("{code} {}", m.code), m.fields);
        }
    }
    none(out);
}

/// A field that two moves ask for holds the same in both: it is one value of the loop.
#[test]
fn one_field_holds_one_kind_of_thing() {
    let shape = |field: &Field| match field.kind {
        // Choices may be narrower in one place than in another.
        Kind::Choice(_) => "choice".to_owned(),
        Kind::Text | Kind::Long => "text".to_owned(),
        kind => format!("{kind:?}"),
    };
    let mut out = Vec::new();
    for spec in kinds() {
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for field in std::iter::once(&spec.open)
            .chain(spec.moves)
            .flat_map(|m| m.fields)
        {
            let before = seen.entry(field.code).or_insert_with(|| shape(field));
            if *before != shape(field) {
                out.push(format!(
                    "{}: field {} is {} here and {} there",
                    spec.code,
                    field.code,
                    shape(field),
                    before
                ));
            }
        }
    }
    none(out);
}

#[test]
fn what_the_tables_name_exists() {
    let mut out = Vec::new();
    for spec in kinds() {
        let code = spec.code;
        let state = |state: &str| spec.state(state).is_some();
        let is_move = |code: &str| code == "open" || spec.find(code).is_some();
        let open = &spec.open;
        if open.code != "open" || !open.from.is_empty() || !open.apart.is_empty() {
            out.push(format!("{code}: the opening has the code `open`, comes from no state and is apart from nothing"));
        }
        if open.who.is_empty() && spec.by_hand {
            out.push(format!("{code}: is opened by hand, by nobody"));
        }
        if !spec.states.iter().any(|s| s.stage == Stage::Closed) {
            out.push(format!("{code}: can never be closed"));
        }
        for s in spec.states {
            let acts = s.turn.is_some();
            if acts != (s.stage == Stage::Open) {
                out.push(format!(
                    "{code}: state {}: in an open state it is somebody's turn, in no other",
                    s.code
                ));
            }
        }
        for m in std::iter::once(open).chain(spec.moves) {
            let name = format!("{code}: move {}", m.code);
            let missing = |what: &str, list: Vec<&&str>| -> Vec<String> {
                list.into_iter()
                    .map(|x| format!("{name}: {what} `{x}`, which is not there"))
                    .collect()
            };
            out.extend(missing(
                "from",
                m.from.iter().filter(|s| !state(s)).collect(),
            ));
            let targets = m.targets();
            out.extend(missing(
                "to",
                targets.iter().filter(|s| !state(s)).collect(),
            ));
            out.extend(missing(
                "apart from",
                m.apart.iter().filter(|m| !is_move(m)).collect(),
            ));
            if m.code != "open" && (m.from.is_empty() || m.who.is_empty()) {
                out.push(format!("{name}: from nowhere or by nobody"));
            }
            for list in [m.from, m.apart, &targets[..]] {
                if list.iter().collect::<BTreeSet<_>>().len() != list.len() {
                    out.push(format!("{name}: one thing twice in {list:?}"));
                }
            }
            if matches!(m.to, To::One(..)) && targets.len() < 2 {
                out.push(format!("{name}: one of one"));
            }
        }
        for clock in spec.clocks {
            let name = format!("{code}: clock {}", clock.code);
            for list in [clock.starts, clock.meets, clock.stops] {
                let unknown = list.iter().filter(|m| !is_move(m));
                out.extend(unknown.map(|m| format!("{name}: there is no move `{m}`")));
            }
            if clock.starts.is_empty() || clock.meets.is_empty() {
                out.push(format!("{name}: nothing starts it, or nothing meets it"));
            }
            let both = clock.meets.iter().filter(|m| clock.stops.contains(m));
            out.extend(both.map(|m| format!("{name}: {m} meets it and stops it")));
            if let Due::Field(field) | Due::LimitFrom(field) = clock.due {
                let dated = spec
                    .field(field)
                    .is_none_or(|f| matches!(f.kind, Kind::Date | Kind::Instant));
                if !dated {
                    out.push(format!("{name}: `{field}` is no day and no moment"));
                }
            }
        }
    }
    none(out);
}

#[test]
fn limits_and_clocks_know_each_other() {
    let book = Rulebook::built_in().unwrap();
    let mut out = Vec::new();
    for spec in kinds() {
        for clock in spec.clocks {
            if matches!(clock.due, Due::Limit | Due::LimitFrom(_))
                && book.limit(spec.code, clock.code).is_none()
            {
                out.push(format!(
                    "rulebook/loops.toml has no limit for {} {}",
                    spec.code, clock.code
                ));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for limit in &book.limits {
        let name = format!("rulebook/loops.toml: limit {} {}", limit.kind, limit.clock);
        // A grade may have a limit of its own: `approve-extraordinary` beside `approve`.
        let known = REGISTRY
            .iter()
            .find(|spec| spec.code == limit.kind)
            .is_some_and(|spec| {
                let of_grade = |grade: &Word| limit.clock.strip_suffix(&format!("-{}", grade.code));
                spec.clock(&limit.clock).is_some()
                    || spec
                        .grades
                        .iter()
                        .filter_map(of_grade)
                        .any(|code| spec.clock(code).is_some())
            });
        if !known {
            out.push(format!("{name}: there is no such clock"));
        }
        if !seen.insert((&limit.kind, &limit.clock)) {
            out.push(format!("{name}: stands there twice"));
        }
        let given = [
            limit.minutes,
            limit.hours,
            limit.days,
            limit.working_days,
            limit.months,
        ]
        .into_iter()
        .flatten();
        let given: Vec<u32> = given.collect();
        // No days: the same day.
        let short = limit.days.is_none() && limit.working_days.is_none();
        if given.len() != 1 || given[0] > 100_000 || (short && given[0] == 0) {
            out.push(format!(
                "{name}: one of minutes, hours, days, working_days, months"
            ));
        }
        if limit.rule.chars().count() < 4 {
            out.push(format!("{name}: from which rule?"));
        }
    }
    let mut tables: BTreeMap<&str, Vec<(&str, &str, &str)>> = BTreeMap::new();
    for word in &book.words {
        tables
            .entry(&word.table)
            .or_default()
            .push((&word.code, &word.zh, &word.en));
    }
    for (table, list) in tables {
        listed(&mut out, &format!("rulebook table {table}"), list);
    }
    none(out);
}

/// Moves by which somebody judges what others did are apart from what they judge.
#[test]
fn whoever_decides_is_another() {
    /// Decisions on nobody's work, with the reason.
    const ALONE: &[(&str, &str, &str)] = &[(
        "misreport",
        "verify",
        "begins to look into it; `judge` decides, and is apart from this",
    )];
    const JUDGING: &[&str] = &[
        "reinspect",
        "decide",
        "approve",
        "accept",
        "review",
        "confirm",
        "delist",
        "verify",
        "check",
    ];
    let judges = |m: &Move| {
        let code = m.code;
        JUDGING
            .iter()
            .any(|word| code == *word || code.starts_with(&format!("{word}-")))
    };
    let mut out = Vec::new();
    for spec in kinds() {
        for m in spec.moves.iter().filter(|m| judges(m)) {
            let alone = ALONE
                .iter()
                .find(|(kind, code, _)| *kind == spec.code && *code == m.code);
            match alone {
                None if m.apart.is_empty() => {
                    out.push(format!(
                        "{}: {} is decided by anybody, even on his own work",
                        spec.code, m.code
                    ));
                }
                Some((.., reason)) if !m.apart.is_empty() || reason.is_empty() => {
                    out.push(format!(
                        "{}: {} need not stand on the list",
                        spec.code, m.code
                    ));
                }
                _ => {}
            }
        }
    }
    for (kind, code, _) in ALONE {
        if anlan_core::loops::spec(kind)
            .and_then(|spec| spec.find(code))
            .is_none()
        {
            out.push(format!("{kind}: there is no {code} to be on the list"));
        }
    }
    none(out);
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            out.push(path);
        }
    }
}

/// The literals of each `Refusal::new("…", "…", "…")` in a source.
fn refusals(source: &str) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for (at, call) in source.match_indices("Refusal::new(") {
        let mut literals = Vec::new();
        let mut text: Option<String> = None;
        let mut escaped = false;
        for c in source[at + call.len()..].chars() {
            match &mut text {
                Some(inside) if escaped => {
                    inside.push(c);
                    escaped = false;
                }
                Some(_) if c == '\\' => escaped = true,
                Some(_) if c == '"' => literals.extend(text.take()),
                Some(inside) => inside.push(c),
                None if c == '"' => text = Some(String::new()),
                None if c == ')' => break,
                None => {}
            }
        }
        out.push(literals);
    }
    out
}

/// Every refusal that the sources know, given or not, has a code and both words; one code has one meaning.
#[test]
fn every_refusal_has_words_in_both_languages() {
    let mut out = Vec::new();
    let mut meanings: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut note = |out: &mut Vec<String>, code: &str, zh: &str, en: &str| {
        if !coded(code) || !worded(zh, en) {
            out.push(format!("refusal `{code}`: `{zh}` / `{en}`"));
        }
        let meaning = (zh.to_owned(), en.to_owned());
        let before = meanings
            .entry(code.to_owned())
            .or_insert_with(|| meaning.clone());
        if *before != meaning {
            out.push(format!(
                "refusal `{code}` means `{}` and `{}`",
                before.1, meaning.1
            ));
        }
    };
    for refusal in Refusal::ALL {
        note(&mut out, refusal.code, refusal.zh, refusal.en);
    }
    let mut paths = Vec::new();
    sources(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/loops")),
        &mut paths,
    );
    let mut found = 0;
    for path in paths.iter().filter(|path| !path.ends_with("refusal.rs")) {
        for literals in refusals(&std::fs::read_to_string(path).unwrap()) {
            match literals.as_slice() {
                [code, zh, en] => note(&mut out, code, zh, en),
                other => out.push(format!("{}: a refusal of {other:?}", path.display())),
            }
            found += 1;
        }
    }
    assert!(found > 0, "no refusal was read from the sources");
    none(out);
}

#[test]
fn parties_have_words() {
    let mut out = Vec::new();
    let all = Party::ALL.map(|party| (party.code(), party.words().0, party.words().1));
    listed(&mut out, "party", all);
    none(out);
}
