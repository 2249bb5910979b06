//! What the figures of an accident say: its grade, until when changes count, whether it is a grave incident.
//!
//! Two sets of figures are kept: those shown (the latest that anybody reported) and those counted, which only changes
//! within the window move. Sources: 国务院令第493号 第三条, 第十三条; 原国家安全监管总局令第21号 (较大涉险事故).

use crate::loops::field::{Read, Value, Values};
use crate::loops::{Context, Loop, days_after};
use crate::rulebook::{Grade, Rulebook};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Numbers of `rulebook/accidents.toml` beside grades and clocks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rules {
    /// Until when changes of the figures count.
    #[serde(default)]
    pub figures: Windows,
    /// What makes an incident a grave one.
    #[serde(default)]
    pub incident: AtRisk,
    /// When a report is suspected to be wrong.
    #[serde(default)]
    pub detect: crate::loops::detect::Rules,
}

/// Until when changes of the figures count, from the day of the accident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Windows {
    /// So many days.
    pub days: u32,
    /// So many for these types: road traffic and fire.
    pub short_days: u32,
    /// Their codes in the table of types.
    pub short_types: Vec<String>,
    /// Hour of the day by which the zero report of a disaster is due.
    pub zero_hour: i8,
    /// Dead and missing from which a disaster is reported upward at once by telephone.
    pub disaster_dead_min: u32,
}

impl Default for Windows {
    fn default() -> Self {
        Self {
            days: 30,
            short_days: 7,
            short_types: Vec::new(),
            zero_hour: 9,
            disaster_dead_min: 10,
        }
    }
}

/// 较大涉险: any of these at least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtRisk {
    /// People at risk.
    pub at_risk_min: u32,
    /// Trapped or missing.
    pub trapped_min: u32,
    /// Evacuated in an emergency.
    pub evacuated_min: u32,
}

impl Default for AtRisk {
    fn default() -> Self {
        Self {
            at_risk_min: 10,
            trapped_min: 3,
            evacuated_min: 500,
        }
    }
}

/// Figures that decide the grade: as shown, and as counted.
pub(super) const COUNTED: [(&str, &str); 3] = [
    ("deaths", "counted_deaths"),
    ("serious", "counted_serious"),
    ("loss", "counted_loss"),
];

/// All figures.
pub(super) const FIGURES: [&str; 10] = [
    "deaths",
    "serious",
    "minor",
    "missing",
    "trapped",
    "at_risk",
    "evacuated",
    "loss",
    "affected",
    "houses",
];

/// The code of the mark that an incident gets.
pub const AT_RISK: &str = "at-risk";

/// The grade of an accident: the gravest any of whose three minima is reached. Figures that are not known reach
/// nothing; when none is known there is no grade yet.
pub fn grade_of(
    book: &Rulebook,
    deaths: Option<f64>,
    serious: Option<f64>,
    loss: Option<f64>,
) -> Option<&Grade> {
    let reaches = |figure: Option<f64>, min: f64| figure.is_some_and(|figure| figure >= min);
    book.accidents.iter().find(|grade| {
        reaches(deaths, f64::from(grade.deaths_min))
            || reaches(serious, f64::from(grade.injuries_min))
            || reaches(loss, grade.loss_min_yuan as f64)
    })
}

/// Where a grade stands: 1 is the gravest. One that is not known stands last, and so does an unmarked incident; a
/// grave incident is treated as 较大.
pub fn rank(book: &Rulebook, grade: Option<&str>) -> u8 {
    let at = |id: &str| book.accidents.iter().position(|g| g.id == id);
    let place = match grade {
        Some(AT_RISK) => at("major"),
        Some(id) => at(id),
        None => None,
    };
    let last = book.accidents.len().max(1);
    u8::try_from(place.map_or(last, |place| place + 1)).unwrap_or(u8::MAX)
}

/// Is a grade 较大 or graver (or an incident that is reported as such)?
pub fn is_major(book: &Rulebook, grade: Option<&str>) -> bool {
    rank(book, grade) <= rank(book, Some("major")) && grade.is_some()
}

/// When it happened: as reported, else when it was first told.
pub fn occurred(it: &Loop) -> Timestamp {
    it.values.moment("occurred_at").unwrap_or(it.happened)
}

/// When the unit learned of it: as reported, else when it happened.
pub fn learned(it: &Loop) -> Timestamp {
    it.values
        .moment("learned_at")
        .unwrap_or_else(|| occurred(it))
}

/// The last moment at which a change of the figures still counts.
pub fn window_end(it: &Loop, book: &Rulebook) -> Timestamp {
    let windows = &book.accident_rules.figures;
    let short = windows
        .short_types
        .iter()
        .any(|code| code == it.values.text("type"));
    let days = if short {
        windows.short_days
    } else {
        windows.days
    };
    days_after(occurred(it), days.into())
}

/// Is it so grave an incident that it is reported like a 较大 accident?
pub fn at_risk(values: &Values, book: &Rulebook) -> bool {
    let rules = &book.accident_rules.incident;
    let reaches = |sum: f64, min: u32| sum >= f64::from(min);
    let figure = |code: &str| values.number(code).unwrap_or_default();
    reaches(figure("at_risk"), rules.at_risk_min)
        || reaches(figure("trapped") + figure("missing"), rules.trapped_min)
        || reaches(figure("evacuated"), rules.evacuated_min)
        || values.yes("key_site")
        || values.yes("polluted")
}

/// The grade as the values stand.
pub fn grade(it: &Loop, context: &Context<'_>) -> Option<String> {
    grade_by(it.values.text("class"), &it.values, context.book)
}

fn grade_by(class: &str, values: &Values, book: &Rulebook) -> Option<String> {
    match class {
        "accident" => {
            let counted = |code: &str| values.number(code);
            grade_of(
                book,
                counted("counted_deaths"),
                counted("counted_serious"),
                counted("counted_loss"),
            )
            .map(|grade| grade.id.clone())
        }
        "incident" => at_risk(values, book).then(|| AT_RISK.to_owned()),
        _ => None,
    }
}

/// At the opening every figure counts: it is what the accident itself did.
pub(super) fn settle_open(_: &Loop, values: &mut Values, context: &Context<'_>) {
    for (shown, counted) in COUNTED {
        if let Some(figure) = values.number(shown) {
            values.insert(counted.into(), Value::Number(figure));
        }
    }
    let all = values.clone();
    marks(&Values::new(), &all, values, context);
}

/// After that a change counts when it came about within the window. A correction says what was so from the first, and
/// so does the first figure that is told at all, unless the report says when the change came about.
pub(super) fn settle(it: &Loop, values: &mut Values, context: &Context<'_>) {
    let end = window_end(it, context.book);
    let first = COUNTED.iter().all(|(shown, _)| !it.values.has(shown));
    let as_of = values.moment("changed_at").unwrap_or_else(|| {
        if first || values.text("change") == "correct" {
            occurred(it)
        } else {
            context.happened
        }
    });
    let mut aside = false;
    for (shown, counted) in COUNTED {
        let Some(figure) = values.number(shown) else {
            continue;
        };
        if as_of > end {
            aside |= it.values.number(shown) != Some(figure);
            continue;
        }
        // What was set aside before stays so: the change is counted, not the sum.
        let now = match (it.values.number(shown), it.values.number(counted)) {
            (Some(before), Some(count)) => (count + figure - before).max(0.0),
            _ => figure,
        };
        values.insert(counted.into(), Value::Number(now));
    }
    if aside {
        values.insert("not_counted".into(), Value::Flag(true));
    }
    let mut all = it.values.clone();
    all.extend(values.clone());
    marks(&it.values, &all, values, context);
}

/// What else the figures decide: an incident that hurt people is an accident; a grave one is marked; the first time
/// it is 较大, graver or typical it calls for warning.
fn marks(before: &Values, all: &Values, values: &mut Values, context: &Context<'_>) {
    let hurt = ["deaths", "serious"]
        .iter()
        .any(|code| all.number(code).is_some_and(|n| n > 0.0));
    let mut class = all.text("class").to_owned();
    if class == "incident" && hurt {
        class = "accident".into();
        values.insert("class".into(), Value::Text(class.clone()));
    }
    let risk = class != "disaster" && at_risk(all, context.book);
    if risk != before.yes("risk_mark") {
        values.insert("risk_mark".into(), Value::Flag(risk));
    }
    let grade = grade_by(&class, all, context.book);
    let warns =
        class == "accident" && (is_major(context.book, grade.as_deref()) || all.yes("typical"));
    if warns && !before.yes("warned") {
        values.insert("warned".into(), Value::Flag(true));
    }
}

/// 认定典型事故.
pub(super) fn settle_typical(it: &Loop, values: &mut Values, context: &Context<'_>) {
    values.insert("typical".into(), Value::Flag(true));
    let mut all = it.values.clone();
    all.extend(values.clone());
    marks(&it.values, &all, values, context);
}
