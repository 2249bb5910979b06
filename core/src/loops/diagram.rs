//! The page of a kind of loop, drawn from its tables: `docs/loops/<kind>.md`. Nobody writes these by hand, so they never
//! say anything but what the program does; `core/tests/loops` compares the committed pages with what is drawn here.

use super::spec::{Choose, Clock, Due, Field, Kind, Move, Need, Party, Spec, Stage, To};
use super::{Loop, Mark, Opened, REGISTRY, Value, Values};
use crate::authority::{Command as May, Role, Scope, scope};
use crate::id::{LoopId, OrgId};
use crate::rulebook::{Limit, Rulebook};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What a page begins with: how it is made anew.
const HEAD: &str = "<!-- Drawn from the tables in core/src/loops; do not edit. \
    ANLAN_WRITE_LOOPS=1 cargo nextest run -p anlan-core --test loops draws it anew. -->";

/// Most forms with which a choosing function is asked.
const FORMS_MAX: usize = 256;

/// A state's name in the diagram: letters, digits and `_` alone, and never a word of the diagram's language.
fn node(state: &str) -> String {
    format!("s_{}", state.replace('-', "_"))
}

/// Words that cannot end a label early.
fn label(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ':' | ';' | '#' | '"' | '\n' => ' ',
            c => c,
        })
        .collect()
}

/// The state diagram: every state, and every move that can leave one. Moves that stay are in the table.
pub fn mermaid(spec: &Spec) -> String {
    let mut out = String::from("stateDiagram-v2\n");
    for state in spec.states {
        let words = label(&format!("{} {}", state.zh, state.en));
        let _ = writeln!(out, "    state \"{words}\" as {}", node(state.code));
    }
    let words = |m: &Move| label(&format!("{} {}", m.zh, m.en));
    for to in first(spec) {
        let _ = writeln!(out, "    [*] --> {}: {}", node(to), words(&spec.open));
    }
    for m in spec.moves {
        for from in m.from {
            for to in ways(spec, m, from).iter().filter(|to| *to != from) {
                let _ = writeln!(out, "    {} --> {}: {}", node(from), node(to), words(m));
            }
        }
    }
    for state in spec.states.iter().filter(|s| s.stage != Stage::Open) {
        let _ = writeln!(out, "    {} --> [*]", node(state.code));
    }
    out
}

/// Where a move can lead from a state. Where that is chosen by a function, it is asked with every choice of the form and
/// every grade; a target that it never names so depends on more, and may be led to from anywhere.
pub fn ways(spec: &Spec, m: &Move, from: &str) -> Vec<&'static str> {
    let To::One(targets, choose) = m.to else {
        return m.targets();
    };
    let named: Vec<(&str, BTreeSet<&str>)> = m
        .from
        .iter()
        .map(|from| (*from, asked_for(spec, m, choose, from)))
        .collect();
    targets
        .iter()
        .copied()
        .filter(|to| {
            let anywhere = !named.iter().any(|(_, all)| all.contains(to));
            anywhere
                || named
                    .iter()
                    .any(|(state, all)| *state == from && all.contains(to))
        })
        .collect()
}

/// What the function names from a state, with every choice of the form.
fn asked_for(spec: &Spec, m: &Move, choose: Choose, from: &str) -> BTreeSet<&'static str> {
    let mut forms = vec![Values::new()];
    for field in m.fields {
        let values: Vec<Value> = match field.kind {
            Kind::Choice(words) => words.iter().map(|w| Value::Text(w.code.into())).collect(),
            Kind::Flag => vec![Value::Flag(true), Value::Flag(false)],
            _ => continue,
        };
        if forms.len() * values.len() > FORMS_MAX {
            continue;
        }
        forms = forms
            .iter()
            .flat_map(|form| {
                values.iter().map(|value| {
                    let mut form = form.clone();
                    form.insert(field.code.to_owned(), value.clone());
                    form
                })
            })
            .collect();
    }
    let grades = spec.grades.iter().map(|word| Some(word.code.to_owned()));
    let mut named = BTreeSet::new();
    for grade in std::iter::once(None).chain(grades) {
        if let Some(it) = bare(spec, from, grade) {
            named.extend(forms.iter().map(|form| choose(&it, form)));
        }
    }
    named
}

/// A loop of which nothing is known but its state and grade.
fn bare(spec: &Spec, state: &str, grade: Option<String>) -> Option<Loop> {
    let opened = Opened {
        id: LoopId::try_from("loop_0").ok()?,
        kind: spec.code.to_owned(),
        number: String::new(),
        title: String::new(),
        state: state.to_owned(),
        org: OrgId::try_from("org").ok()?,
        town: None,
        sector: None,
        place: None,
        address: String::new(),
        parties: BTreeMap::new(),
        values: Values::new(),
        clocks: Vec::new(),
        met: Vec::new(),
        grade,
        from: None,
        by_org: None,
    };
    let mark = Mark {
        by: None,
        happened: Timestamp::UNIX_EPOCH,
        recorded: Timestamp::UNIX_EPOCH,
        version: 1,
    };
    Some(Loop::opened(&opened, mark))
}

/// States in which a loop can begin.
fn first(spec: &Spec) -> Vec<&'static str> {
    match spec.open.to {
        To::Stay => spec
            .states
            .first()
            .map(|state| state.code)
            .into_iter()
            .collect(),
        _ => spec.open.targets(),
    }
}

/// States, moves and clocks as tables in Markdown, in both languages; clocks with the limit and rule that the rulebook
/// gives them.
pub fn table(spec: &Spec, book: &Rulebook) -> String {
    let mut out = String::new();
    states(&mut out, spec);
    moves(&mut out, spec);
    clocks(&mut out, spec, book);
    if !spec.grades.is_empty() {
        let grades: Vec<String> = spec
            .grades
            .iter()
            .map(|w| format!("{} {} (`{}`)", w.zh, w.en, w.code))
            .collect();
        let _ = writeln!(
            out,
            "## 等级 Grades\n\nGravest first: {}.\n",
            grades.join(", ")
        );
    }
    permissions(&mut out, spec);
    out
}

/// The whole page.
pub fn page(spec: &Spec, book: &Rulebook) -> String {
    let opened = if spec.by_hand {
        "opened by people, and by other loops and rules"
    } else {
        "opened by other loops and rules alone, never by hand"
    };
    format!(
        "{HEAD}\n\n# {} {}\n\n`{}`, numbered {}-YYYY-00001; serves article {} of the notice; {opened}. Seen by whoever \
         holds {} ({}) over a unit that has a part in it; voided, while it is open, by {} ({}).\n\n\
         ```mermaid\n{}```\n\n{}",
        spec.zh,
        spec.en,
        spec.code,
        spec.prefix,
        spec.article,
        spec.read.zh(),
        spec.read.en(),
        spec.void.zh(),
        spec.void.en(),
        mermaid(spec),
        table(spec, book).trim_end()
    ) + "\n"
}

/// The list of all kinds, for the contract's page.
pub fn index() -> String {
    let mut out = String::from(
        "| 闭环 Loop | code | No. | States | Moves | Clocks | Article |\n|---|---|---|---|---|---|---|\n",
    );
    for spec in REGISTRY {
        let _ = writeln!(
            out,
            "| [{} {}]({code}.md) | `{code}` | {} | {} | {} | {} | {} |",
            spec.zh,
            spec.en,
            spec.prefix,
            spec.states.len(),
            spec.moves.len(),
            spec.clocks.len(),
            spec.article,
            code = spec.code,
        );
    }
    out
}

/// Text that does not break a table's line.
fn cell(text: &str) -> String {
    text.replace('|', "／").replace('\n', " ")
}

/// Codes as they stand in the tables.
fn codes(list: &[&str]) -> String {
    let all: Vec<String> = list.iter().map(|code| format!("`{code}`")).collect();
    all.join(" ")
}

fn party(party: Party) -> String {
    let (zh, en) = party.words();
    format!("{zh} {en}")
}

fn states(out: &mut String, spec: &Spec) {
    out.push_str("## 状态 States\n\n| State | code | Stage | Whose turn |\n|---|---|---|---|\n");
    for state in spec.states {
        let stage = match state.stage {
            Stage::Open => "未办结 open",
            Stage::Closed => "已办结 closed",
            Stage::Ended => "已终止 ended",
        };
        let turn = state.turn.map_or_else(String::new, |(who, may)| {
            format!("{}: {}", party(who), may.zh())
        });
        let _ = writeln!(
            out,
            "| {} {} | `{}` | {stage} | {turn} |",
            state.zh, state.en, state.code
        );
    }
    out.push('\n');
}

fn moves(out: &mut String, spec: &Spec) {
    out.push_str(
        "## 操作 Moves\n\n`*` must be filled, `?` is asked under a condition. Not by: whoever did these last, nor a colleague \
         in the responsible unit.\n\n| Move | code | From | To | By | Not by | Asks for | Paper |\n|---|---|---|---|---|---|---|---|\n",
    );
    for m in std::iter::once(&spec.open).chain(spec.moves) {
        let to = match m.to {
            To::Stay if m.code == spec.open.code => codes(&first(spec)),
            To::Stay => "stays".to_owned(),
            _ => codes(&m.targets()),
        };
        let who: Vec<String> = m
            .who
            .iter()
            .map(|(who, may)| format!("{}: {}", party(*who), may.zh()))
            .collect();
        let asks: Vec<String> = m.fields.iter().map(asked).collect();
        let paper = m
            .paper
            .map_or_else(String::new, |paper| format!("`{paper}`"));
        let _ = writeln!(
            out,
            "| {} {}{} | `{}` | {} | {to} | {} | {} | {} | {paper} |",
            m.zh,
            cell(m.en),
            if m.grave { " ⚠" } else { "" },
            m.code,
            codes(m.from),
            who.join("; "),
            codes(m.apart),
            cell(&asks.join(", ")),
        );
    }
    out.push('\n');
}

/// A field with its need, and what it holds where that says something.
fn asked(field: &Field) -> String {
    let need = match field.need {
        Need::Must => "*",
        Need::May => "",
        Need::When(..) | Need::MayWhen(..) => "?",
    };
    let of = match field.kind {
        Kind::Choice(words) | Kind::Many(words) => {
            let words: Vec<&str> = words.iter().map(|word| word.zh).collect();
            format!(" ({})", words.join("／"))
        }
        Kind::Rows(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| field.zh).collect();
            format!(" ({})", fields.join("、"))
        }
        _ => String::new(),
    };
    format!("{}{need}{of}", field.zh)
}

fn clocks(out: &mut String, spec: &Spec, book: &Rulebook) {
    if spec.clocks.is_empty() {
        return;
    }
    out.push_str(
        "## 时限 Clocks\n\n| Clock | code | Who must | Started by | Met by | Stopped by | Limit | Rule | Confirmed | Ladder |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for clock in spec.clocks {
        let limit = book.limit(spec.code, clock.code);
        let condition = if clock.only.is_some() {
            " (under a condition)"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "| {} {} | `{}` | {} | {}{condition} | {} | {} | {} | {} | {} | {} |",
            clock.zh,
            cell(clock.en),
            clock.code,
            party(clock.party),
            codes(clock.starts),
            codes(clock.meets),
            codes(clock.stops),
            due(clock, limit),
            limit.map_or_else(String::new, |limit| cell(&limit.rule)),
            match limit {
                Some(limit) if limit.certain => "已核实 yes",
                Some(_) => "建议值 proposed",
                None => "",
            },
            if clock.ladder { "逐级升级 yes" } else { "" },
        );
    }
    out.push('\n');
}

fn due(clock: &Clock, limit: Option<&Limit>) -> String {
    let long = limit.map_or_else(|| "—".to_owned(), span);
    match clock.due {
        Due::Field(field) => format!("day in `{field}`"),
        Due::Limit => long,
        Due::LimitFrom(field) => format!("{long} from `{field}`"),
        Due::By(_) if limit.is_some() => format!("{long}, worked out case by case"),
        Due::By(_) => "worked out case by case".to_owned(),
    }
}

fn span(limit: &Limit) -> String {
    let one = |n: Option<u32>, zh: &str, en: &str| {
        n.map(|n| match n {
            0 => "当日 same day".to_owned(),
            n => format!("{n}{zh} {n} {en}"),
        })
    };
    one(limit.working_days, "个工作日", "working days")
        .or_else(|| one(limit.days, "日", "days"))
        .or_else(|| one(limit.months, "个月", "months"))
        .or_else(|| one(limit.hours, "小时", "h"))
        .or_else(|| one(limit.minutes, "分钟", "min"))
        .unwrap_or_else(|| "—".to_owned())
}

fn permissions(out: &mut String, spec: &Spec) {
    let mut needed: BTreeSet<May> = BTreeSet::from([spec.read, spec.void]);
    for m in std::iter::once(&spec.open).chain(spec.moves) {
        needed.extend(m.who.iter().map(|(_, may)| *may));
    }
    out.push_str(
        "## 权限 Permissions\n\n| Permission | code | Roles that hold it, and how far |\n|---|---|---|\n",
    );
    for may in needed {
        let roles: Vec<String> = Role::ALL
            .iter()
            .filter(|role| scope(**role, may) != Scope::None)
            .map(|role| format!("{} ({})", role.zh(), scope(*role, may).zh()))
            .collect();
        let _ = writeln!(
            out,
            "| {} {} | `{}` | {} |",
            may.zh(),
            may.en(),
            may.code(),
            roles.join(", ")
        );
    }
}
