//! The clocks of an accident: who must have told whom by when, and when the investigation ends.

use super::figures::{is_major, learned, occurred, rank};
use super::{EXTENDED, NO_TIME_RUNS, REQUESTED, TOO_LONG, is_accident, told_by_unit};
use crate::loops::field::{Read, Values};
use crate::loops::spec::{Clock, Due, Party};
use crate::loops::{Context, Loop, Refusal, Running, days_after};
use crate::org::OrgKind;
use jiff::{SignedDuration, Timestamp};

/// By how many days an investigation is extended at most (国务院令第493号 第二十九条).
const EXTENSION_DAYS_MAX: i64 = 60;

fn is_disaster(it: &Loop) -> bool {
    it.values.text("class") == "disaster"
}

/// The limit of a clock from a moment.
fn limit(clock: &str, at: Timestamp, context: &Context<'_>) -> Option<Timestamp> {
    let limit = context.book.limit("accident", clock)?;
    Some(limit.after(at, context.calendar))
}

fn last<'a>(it: &'a Loop, clock: &str) -> Option<&'a Running> {
    it.clocks.iter().rev().find(|c| c.code == clock)
}

fn runs(it: &Loop, clock: &str) -> bool {
    last(it, clock).is_some_and(Running::runs)
}

fn told_rank(it: &Loop, code: &str) -> u8 {
    it.values.number(code).map_or(u8::MAX, |rank| rank as u8)
}

fn owned_by(it: &Loop, kind: OrgKind, context: &Context<'_>) -> bool {
    context
        .tree
        .get(&it.org)
        .is_some_and(|org| org.kind == kind)
}

/// 国务院令第493号 第九条: one hour from when its head learned. Enterprises alone have a head in that sense.
fn unit_due(clock: &str, it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    owned_by(it, OrgKind::Enterprise, context)
        .then(|| limit(clock, learned(it), context))
        .flatten()
}

/// Disasters are told by the town.
fn town_due(clock: &str, it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    owned_by(it, OrgKind::Town, context)
        .then(|| limit(clock, learned(it), context))
        .flatten()
}

/// 国务院令第493号 第十一条: two hours at each level, and again when the grade turns out graver than was told.
fn level_due(it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    if is_disaster(it) || runs(it, "level") {
        return None;
    }
    let graver = rank(context.book, it.grade.as_deref()) < told_rank(it, "told_rank");
    let first = last(it, "level").is_none() && !it.did.contains_key("pass-on");
    (first || graver)
        .then(|| limit("level", context.happened, context))
        .flatten()
}

/// 21号令: by telephone within the hour when it is 较大, graver, or a grave incident; a disaster with many dead too.
fn phone_due(it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    if runs(it, "phone") {
        return None;
    }
    let figure = |code: &str| it.values.number(code).unwrap_or_default();
    let many = f64::from(context.book.accident_rules.figures.disaster_dead_min);
    let grave = if is_disaster(it) {
        figure("deaths") + figure("missing") >= many
    } else {
        is_major(context.book, it.grade.as_deref()) || it.values.yes("risk_mark")
    };
    let told = it.values.has("phoned_rank");
    let graver = rank(context.book, it.grade.as_deref()) < told_rank(it, "phoned_rank");
    (grave && (!told || graver))
        .then(|| limit("phone", context.happened, context))
        .flatten()
}

/// Local rules on urgent information: what has cost or may cost lives.
fn urgent_due(it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    if last(it, "urgent").is_some() || it.did.contains_key("urgent") {
        return None;
    }
    let lives = ["deaths", "missing", "trapped"]
        .iter()
        .any(|code| it.values.number(code).is_some_and(|n| n > 0.0));
    let grave = is_major(context.book, it.grade.as_deref()) || it.values.yes("risk_mark");
    (is_disaster(it) || lives || grave)
        .then(|| limit("urgent", context.happened, context))
        .flatten()
}

/// 21号令: once a day at least, twice from 重大. Counted from the report before.
fn follow_up_due(it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    if is_disaster(it) || it.values.yes("stood_down") || it.did.contains_key("final") {
        return None;
    }
    let base = ["receive", "follow-up"]
        .iter()
        .filter_map(|code| it.did.get(*code).map(|doer| doer.at))
        .max()?;
    let day = limit("follow-up", base, context)?.duration_since(base);
    let grade = context
        .book
        .accidents
        .iter()
        .find(|g| Some(g.id.as_str()) == it.grade.as_deref());
    let times = grade.map_or(1, |grade| grade.follow_up_per_day.max(1));
    let step = day / i32::try_from(times).unwrap_or(1);
    let mut due = base.checked_add(step).ok()?;
    // A grade that was just found graver does not make yesterday's report late.
    if due < context.happened {
        due = context.happened.checked_add(step).ok()?;
    }
    fresh(it, "follow-up", due)
}

/// Disasters are told daily until they are over, droughts every ten days.
fn zero_due(it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    if !is_disaster(it) || it.values.yes("stood_down") || it.did.contains_key("final") {
        return None;
    }
    if it.values.text("disaster") == "drought" {
        return fresh(it, "zero", days_after(context.happened, 10));
    }
    let hour = i64::from(context.book.accident_rules.figures.zero_hour.clamp(0, 23));
    let day = days_after(context.happened, 0);
    let due = day.checked_add(SignedDuration::from_hours(hour)).ok()?;
    fresh(
        it,
        "zero",
        due.checked_add(SignedDuration::from_secs(1)).ok()?,
    )
}

/// Not what runs already.
fn fresh(it: &Loop, clock: &str, due: Timestamp) -> Option<Timestamp> {
    let same = last(it, clock).is_some_and(|c| c.runs() && c.due == due);
    (!same).then_some(due)
}

/// 国务院令第493号 第二十九条: 60 days from the accident, with what was granted and what an appraisal took.
fn investigation_due(it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    if !is_accident(it) {
        return None;
    }
    let base = limit("investigate", occurred(it), context)?;
    let until = it
        .values
        .moment("extended_to")
        .map_or(base, |to| to.max(base));
    let days = it.values.number("appraisal_total").unwrap_or_default() as i64;
    let due = days_after(until, days);
    match last(it, "investigate") {
        // The report came, or a higher level took it over.
        Some(clock) if !clock.runs() => None,
        _ => fresh(it, "investigate", due),
    }
}

/// An appraisal or extension concerns time that still runs.
pub(super) fn time_runs(it: &Loop, _: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    match last(it, "investigate") {
        Some(clock) if clock.runs() && context.now <= clock.due => Ok(()),
        _ => Err(NO_TIME_RUNS),
    }
}

/// Once, in time, by 60 days at most.
pub(super) fn may_ask(it: &Loop, values: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    match it.values.text("extension_state") {
        "approved" => return Err(EXTENDED),
        "asked" => return Err(REQUESTED),
        _ => {}
    }
    time_runs(it, values, context)?;
    let due = last(it, "investigate").ok_or(NO_TIME_RUNS)?.due;
    let to = values
        .moment("extend_to")
        .ok_or(Refusal::MISSING.at("extend_to"))?;
    if to <= due {
        return Err(Refusal::PAST.at("extend_to"));
    }
    if to > days_after(due, EXTENSION_DAYS_MAX) {
        return Err(TOO_LONG.at("extend_to"));
    }
    Ok(())
}

/// 国务院令第493号 第三十二条: 15 days, 30 for the gravest.
fn approval_due(it: &Loop, context: &Context<'_>) -> Option<Timestamp> {
    let clock = if it.grade.as_deref() == Some("extraordinary") {
        "approve-extraordinary"
    } else {
        "approve"
    };
    limit(clock, context.happened, context)
}

const CHANGES: &[&str] = &[
    "receive",
    "unit-report",
    "follow-up",
    "figures",
    "final",
    "amend",
];

pub(super) const CLOCKS: &[Clock] = &[
    Clock::new(
        "unit",
        "单位报告（1小时）",
        "The unit reports",
        Party::Owner,
    )
    .starts(&["open"])
    .only(|it| !is_disaster(it) && told_by_unit(it))
    .due(Due::By(|it, context| unit_due("unit", it, context)))
    .meets(&["open"])
    .on_arrival(),
    Clock::new(
        "unit-itself",
        "单位报告（他人先报）",
        "The unit reports (others were first)",
        Party::Owner,
    )
    .starts(&["open"])
    .only(|it| !is_disaster(it) && !told_by_unit(it))
    .due(Due::By(|it, context| unit_due("unit-itself", it, context)))
    .meets(&["unit-report"])
    .on_arrival(),
    Clock::new(
        "town",
        "镇（街道）报告灾情",
        "The town reports the disaster",
        Party::Owner,
    )
    .starts(&["open"])
    .only(|it| is_disaster(it) && told_by_unit(it))
    .due(Due::By(|it, context| town_due("town", it, context)))
    .meets(&["open"])
    .on_arrival(),
    Clock::new(
        "town-itself",
        "镇（街道）报告灾情（他人先报）",
        "The town reports (others were first)",
        Party::Owner,
    )
    .starts(&["open"])
    .only(|it| is_disaster(it) && !told_by_unit(it))
    .due(Due::By(|it, context| town_due("town-itself", it, context)))
    .meets(&["unit-report"])
    .on_arrival(),
    Clock::new("receive", "接报", "Receive", Party::Handler)
        .starts(&["open"])
        .meets(&["receive"]),
    Clock::new(
        "level",
        "逐级上报（2小时）",
        "Pass on to the next level",
        Party::Handler,
    )
    .starts(CHANGES)
    .due(Due::By(level_due))
    .meets(&["pass-on"]),
    Clock::new(
        "county",
        "县级上报灾情",
        "The county passes the disaster on",
        Party::Handler,
    )
    .starts(&["receive"])
    .only(|it| is_disaster(it) && !it.did.contains_key("pass-on"))
    .due(Due::LimitFrom("occurred_at"))
    .meets(&["pass-on"]),
    Clock::new(
        "phone",
        "电话快报（1小时）",
        "Report by telephone",
        Party::Handler,
    )
    .starts(CHANGES)
    .due(Due::By(phone_due))
    .meets(&["phone"]),
    Clock::new(
        "urgent",
        "报送紧急信息",
        "Urgent information",
        Party::Handler,
    )
    .starts(CHANGES)
    .due(Due::By(urgent_due))
    .meets(&["urgent"]),
    Clock::new("follow-up", "续报", "Follow-up report", Party::Handler)
        // Not by the final report: nothing follows it.
        .starts(&["receive", "unit-report", "follow-up", "figures", "amend"])
        .due(Due::By(follow_up_due))
        .meets(&["follow-up", "final"])
        .stops(&["stand-down"]),
    Clock::new(
        "figures",
        "伤亡变化当日上报",
        "Changed figures passed on the same day",
        Party::Handler,
    )
    .starts(&["figures"])
    .only(|it| !matches!(it.state.as_str(), "approved" | "upper"))
    .meets(&["pass-on"]),
    Clock::new(
        "zero",
        "24小时零报告",
        "Daily report until it is over",
        Party::Handler,
    )
    .starts(&["receive", "follow-up", "zero-report"])
    .due(Due::By(zero_due))
    .meets(&["zero-report", "follow-up", "final"])
    .stops(&["stand-down"]),
    Clock::new("verify", "核报", "Verified figures", Party::Handler)
        .starts(&["stand-down"])
        .only(is_disaster)
        .meets(&["final"]),
    Clock::new(
        "investigate",
        "提交调查报告（60日）",
        "Submit the report",
        Party::Handler,
    )
    .starts(&[
        "receive",
        "unit-report",
        "follow-up",
        "figures",
        "final",
        "amend",
        "decide-extension",
        "appraise",
    ])
    .due(Due::By(investigation_due))
    .meets(&["submit-report"])
    .stops(&["hand-over"])
    .ladder(),
    Clock::new(
        "decide-extension",
        "审批延长期限",
        "Decide on more time",
        Party::Handler,
    )
    .starts(&["ask-extension"])
    .meets(&["decide-extension"])
    .stops(&["submit-report"]),
    Clock::new("rework", "补充调查", "Do it anew", Party::Handler)
        .starts(&["approve-report"])
        .only(|it| it.state == "investigating")
        .due(Due::Field("redo_by"))
        .meets(&["submit-report"])
        .stops(&["hand-over"])
        .ladder(),
    Clock::new(
        "approve",
        "批复调查报告（15日）",
        "Approve the report",
        Party::Handler,
    )
    .starts(&["submit-report"])
    .due(Due::By(approval_due))
    .meets(&["approve-report"])
    .stops(&["hand-over"]),
    Clock::new(
        "publish",
        "公布调查报告",
        "Publish the report",
        Party::Handler,
    )
    .starts(&["approve-report", "upper-report"])
    .only(|it| it.state == "approved")
    .meets(&["publish-report"]),
    Clock::new(
        "findings",
        "分解整改措施",
        "Give out the measures",
        Party::Handler,
    )
    .starts(&["approve-report", "upper-report"])
    .only(|it| it.state == "approved")
    .meets(&["findings"]),
    Clock::new(
        "look-back",
        "一年内评估整改落实",
        "Look back within a year",
        Party::Handler,
    )
    .starts(&["approve-report", "upper-report"])
    .only(|it| it.state == "approved")
    .meets(&["look-back"])
    .ladder(),
];
