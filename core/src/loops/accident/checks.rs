//! What moves of an accident ask beyond state, part and form, and what they work out.

use super::moves::CONVENERS;
use super::*;
use crate::loops::field::{ROWS_MAX, Value, Values};
use crate::loops::{Context, Open};

pub(super) fn accident_only(it: &Loop) -> Result<(), Refusal> {
    if is_accident(it) {
        Ok(())
    } else {
        Err(NOT_AN_ACCIDENT)
    }
}

/// Moments that are claimed lie in the past, and nothing is learned before it happens.
pub(super) fn moments(it: &Values, values: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    for code in ["occurred_at", "learned_at", "heard_at", "changed_at"] {
        if values.moment(code).is_some_and(|at| at > context.now) {
            return Err(Refusal::FUTURE.at(code));
        }
    }
    let latest = |code: &str| values.moment(code).or_else(|| it.moment(code));
    match (latest("occurred_at"), latest("learned_at")) {
        (Some(occurred), Some(learned)) if learned < occurred => {
            Err(Refusal::BAD_VALUE.at("learned_at"))
        }
        _ => Ok(()),
    }
}

pub(super) fn opening(_: &Loop, values: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    if !values.has("what") && !values.has("voice") {
        return Err(NOTHING_SAID.at("what"));
    }
    moments(&Values::new(), values, context)
}

/// Figures of any report: deaths do not fall but by a correction.
pub(super) fn figures_told(
    it: &Loop,
    values: &Values,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    moments(&it.values, values, context)?;
    let lowered = match (it.values.number("deaths"), values.number("deaths")) {
        (Some(before), Some(now)) => now < before,
        _ => false,
    };
    if lowered && values.text("change") != "correct" {
        return Err(LOWERED.at("deaths"));
    }
    Ok(())
}

pub(super) fn some_figure(
    it: &Loop,
    values: &Values,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if !figures::FIGURES.iter().any(|code| values.has(code)) {
        return Err(NO_FIGURE.at("deaths"));
    }
    figures_told(it, values, context)
}

/// Adds to whom it was told before, so that the latest value is the whole list.
pub(super) fn told(it: &Loop, values: &mut Values, context: &Context<'_>) {
    let mut rows = it.values.rows("told").to_vec();
    rows.extend(values.rows("told").to_vec());
    let surplus = rows.len().saturating_sub(ROWS_MAX);
    values.insert("told".into(), Value::Rows(rows.split_off(surplus)));
    grade_told("told_rank")(it, values, context);
}

pub(super) fn grade_told(code: &'static str) -> impl Fn(&Loop, &mut Values, &Context<'_>) {
    move |it, values, context| {
        let rank = rank(context.book, it.grade.as_deref());
        values.insert(code.into(), Value::Number(rank.into()));
    }
}

/// A call is a line of the same list.
pub(super) fn called(it: &Loop, values: &mut Values, context: &Context<'_>) {
    let mut row = Values::new();
    for code in ["to", "receipt"] {
        if let Some(value) = values.get(code) {
            row.insert(code.into(), value.clone());
        }
    }
    row.insert("how".into(), Value::Text("phone".into()));
    row.insert("at".into(), Value::Text(context.happened.to_string()));
    values.insert("told".into(), Value::Rows(vec![row]));
    let before = it.values.get("told_rank").cloned();
    told(it, values, context);
    // A call does not stand for passing it on in writing.
    match before {
        Some(rank) => values.insert("told_rank".into(), rank),
        None => values.remove("told_rank"),
    };
    grade_told("phoned_rank")(it, values, context);
}

pub(super) fn told_in_the_past(
    _: &Loop,
    values: &Values,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let ahead = |row: &Values| {
        ["at", "received_at"]
            .iter()
            .any(|code| row.moment(code).is_some_and(|at| at > context.now))
    };
    if values.rows("told").iter().any(ahead) {
        return Err(Refusal::FUTURE.at("told.at"));
    }
    Ok(())
}

/// 较大 and graver, or typical: people are warned by it (2025 notice, article 三).
pub(super) fn warned(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    if !values.yes("warned") {
        return Vec::new();
    }
    let what = match it.values.text("what") {
        "" => it.title.as_str(),
        what => what,
    };
    let open = Open::new("warning", it.org.clone(), format!("{}警示教育", it.title))
        .with("what", what)
        .party(Party::Handler, it.party(Party::Handler))
        .of(it, "warn");
    vec![open]
}

/// Where a convener stands, from the unit up.
pub(super) fn height(convener: &str) -> Option<usize> {
    CONVENERS.iter().position(|word| word.code == convener)
}

/// Is this convener high enough for the grade, and for a unit: was nobody hurt? 国务院令第493号 第十九条.
pub(super) fn convener(it: &Loop, convener: &str) -> Result<(), Refusal> {
    let grade = it.grade.as_deref().ok_or(NO_GRADE)?;
    let needed = match grade {
        "extraordinary" => "state",
        "serious" => "province",
        "major" => "city",
        _ => {
            let hurt = ["deaths", "serious", "minor", "missing"]
                .iter()
                .any(|code| it.values.number(code).is_some_and(|n| n > 0.0));
            if hurt { "county" } else { "unit" }
        }
    };
    if height(convener) >= height(needed) {
        Ok(())
    } else {
        Err(CONVENER.at("convener"))
    }
}

pub(super) fn gates_closed(it: &Loop) -> bool {
    GATE_MOVES.iter().all(|gate| it.did.contains_key(*gate))
}

pub(super) fn report_ready(it: &Loop) -> Result<(), Refusal> {
    if !it.did.contains_key("gate-cause") {
        return Err(NO_CAUSE);
    }
    // Figures may have moved the grade up since the team was set up.
    convener(it, it.values.text("convener"))
}

pub(super) fn may_close(it: &Loop) -> Result<(), Refusal> {
    if !gates_closed(it) {
        return Err(GATES);
    }
    if !it.did.contains_key("findings") || !it.did.contains_key("look-back") {
        return Err(NOT_LOOKED_BACK);
    }
    Ok(())
}

pub(super) fn findings_ahead(
    _: &Loop,
    values: &Values,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let past = |row: &Values| row.moment("due").is_some_and(|due| due < context.now);
    if values.rows("findings").iter().any(past) {
        return Err(Refusal::PAST.at("findings.due"));
    }
    Ok(())
}

/// What was published was published by now.
pub(super) fn published(_: &Loop, values: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    let today = crate::loops::days_after(context.now, 0);
    for code in ["published_on", "evaluation_published"] {
        if values.moment(code).is_some_and(|at| at > today) {
            return Err(Refusal::FUTURE.at(code));
        }
    }
    Ok(())
}

/// Every finding is somebody's measure, with its own deadline.
pub(super) fn measures(it: &Loop, values: &Values, context: &Context<'_>) -> Vec<Open> {
    let one = |row: &Values| {
        let org = crate::id::OrgId::try_from(row.text("unit")).ok()?;
        context.tree.get(&org)?;
        let (what, due) = (row.text("measure"), row.text("due"));
        Some(crate::loops::measure::task(
            it,
            org,
            what,
            due,
            "investigation",
            "findings",
        ))
    };
    values.rows("findings").iter().filter_map(one).collect()
}
