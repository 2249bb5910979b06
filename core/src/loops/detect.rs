//! Wrong reports (迟报、漏报、谎报、瞒报), as far as they can be seen: what the ledger knew of the same place and hour, beside
//! when the unit reported and what it said. Suspicions only; a person judges them in a loop of the kind `misreport`.
//!
//! A pure function of what is handed in; the order of the pieces does not matter. Terms: 应急管理部令第14号 第五条. Distances
//! and hours are proposals and stand in `rulebook/accidents.toml`, `[detect]`.

use super::accident::{learned, occurred};
use super::field::{Read, metres};
use super::spec::{Clock, Party, Stage};
use super::{Loop, Open, Running};
use crate::calendar::OFFSET;
use crate::id::{LoopId, OrgId};
use crate::org::Place;
use crate::rulebook::Rulebook;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Most pieces of evidence in one suspicion.
pub const EVIDENCE_MAX: usize = 50;

/// When a report is suspected to be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rules {
    /// Pieces so near belong to the same place, in metres.
    pub metres: u32,
    /// Pieces so long before an accident may belong to it.
    pub hours_before: u32,
    /// Pieces so long after it may.
    pub hours_after: u32,
    /// A unit that knew and said nothing for so long beyond the limit is suspected to have hidden it.
    pub conceal_hours: u32,
    /// Alarms and silences alone, of so many different sources, are suspected to have been an accident.
    pub signs_min: u32,
    /// Moments so little apart are not held against anybody.
    pub grace_minutes: u32,
    /// Confirmed in a source.
    #[serde(default)]
    pub certain: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            metres: 1_000,
            hours_before: 2,
            hours_after: 24,
            conceal_hours: 24,
            signs_min: 2,
            grace_minutes: 10,
            certain: false,
        }
    }
}

/// Where a piece comes from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A report from the public.
    Public,
    /// Another unit's report: hospital, fire brigade, town, neighbour.
    Unit,
    /// An employee's report inside the unit.
    Internal,
    /// A hazard or violation that was registered.
    Hazard,
    /// An alarm of a sensor or camera.
    Alarm,
    /// A sensor that fell silent.
    Silence,
}

impl Source {
    /// Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Source::Public => ("群众举报", "a report from the public"),
            Source::Unit => ("其他单位报告", "another unit's report"),
            Source::Internal => ("企业内部报告", "a report inside the unit"),
            Source::Hazard => ("隐患、三违登记", "a hazard that was registered"),
            Source::Alarm => ("监测报警", "an alarm"),
            Source::Silence => ("监测中断", "a sensor that fell silent"),
        }
    }
    /// The unit knew of it itself: it is its own people or its own instruments.
    pub fn own(self) -> bool {
        matches!(self, Source::Internal | Source::Alarm | Source::Silence)
    }
}

/// A piece that the ledger knew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Where it comes from.
    pub source: Source,
    /// What it is called for good: the loop's id, the alarm's id.
    pub id: String,
    /// When it was known.
    pub at: Timestamp,
    /// Where.
    pub place: Option<Place>,
    /// Of which org.
    pub org: Option<OrgId>,
    /// What it says, one line; no names of people.
    pub what: String,
    /// The loop that it is.
    pub of: Option<LoopId>,
    /// It says that an accident, incident or disaster happened; otherwise it is a sign only.
    pub tells: bool,
    /// Dead, as it says.
    pub deaths: Option<u32>,
    /// Seriously hurt, as it says.
    pub serious: Option<u32>,
    /// Missing or trapped, as it says.
    pub missing: Option<u32>,
}

/// What is suspected.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// 迟报: after the limit.
    Late,
    /// 漏报: left out.
    Omitted,
    /// 谎报: untrue.
    False,
    /// 瞒报: hidden.
    Concealed,
}

impl Wrong {
    /// The word in storage.
    pub fn code(self) -> &'static str {
        match self {
            Wrong::Late => "late",
            Wrong::Omitted => "omitted",
            Wrong::False => "false",
            Wrong::Concealed => "concealed",
        }
    }
    /// Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Wrong::Late => ("迟报", "late"),
            Wrong::Omitted => ("漏报", "omitted"),
            Wrong::False => ("谎报", "false"),
            Wrong::Concealed => ("瞒报", "concealed"),
        }
    }
}

/// A reason, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A suspicion, for a person to judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspicion {
    /// The same suspicion has the same key, however often it is found: `<accident>:late`, `unreported:<first piece>`.
    pub key: String,
    /// What is suspected.
    pub wrong: Wrong,
    /// Whose report it is.
    pub org: OrgId,
    /// The accident, if it was reported at all.
    pub accident: Option<LoopId>,
    /// Where, if it was not.
    pub place: Option<Place>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What the ledger knew, oldest first.
    pub evidence: Vec<Known>,
}

impl Suspicion {
    /// The loop in which a person judges it. `accident` is the one it is about, if there is one.
    pub fn open(&self, accident: Option<&Loop>) -> Open {
        let (zh, _) = self.wrong.words();
        let title = match accident {
            Some(it) => format!("{}涉嫌{zh}", it.title),
            None => format!("涉嫌{zh}事故"),
        };
        let join =
            |of: fn(&Reason) -> &str| self.reasons.iter().map(of).collect::<Vec<_>>().join("\n");
        let rows: Vec<serde_json::Value> = self
            .evidence
            .iter()
            .map(|known| {
                let mut row = serde_json::json!({
                    "source": known.source.words().0,
                    "at": known.at.to_string(),
                    "knew": short(&known.what, known.source.words().0),
                });
                if let (Some(of), Some(row)) = (&known.of, row.as_object_mut()) {
                    row.insert("loop".into(), of.as_str().into());
                }
                row
            })
            .collect();
        let what: String = join(|reason| &reason.zh)
            .chars()
            .take(super::field::LONG_MAX)
            .collect();
        let title: String = title.chars().take(super::field::LINE_MAX).collect();
        let mut open = Open::new("misreport", self.org.clone(), title)
            .with("wrong", self.wrong.code())
            .with("what", what)
            .with(
                "key",
                self.key
                    .chars()
                    .take(super::field::LINE_MAX)
                    .collect::<String>(),
            );
        if !rows.is_empty() {
            open = open.with("evidence", rows);
        }
        open.place = self.place;
        match accident {
            Some(it) => open
                .with("accident", it.id.as_str())
                // Whoever passed it on late does not handle the case against himself.
                .party(
                    Party::Handler,
                    it.party(Party::Handler)
                        .filter(|handler| **handler != self.org),
                )
                .of(it, "detect"),
            None => open,
        }
    }
}

/// A line of a form: no breaks, and never empty.
fn short(text: &str, otherwise: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(super::field::LINE_MAX)
        .collect();
    if line.trim().is_empty() {
        otherwise.to_owned()
    } else {
        line
    }
}

fn clock_of(it: &Loop, codes: &[&str]) -> Option<Running> {
    it.clocks
        .iter()
        .find(|clock| codes.contains(&clock.code.as_str()))
        .cloned()
}

/// Clocks of the unit's own report.
const OWN_CLOCKS: &[&str] = &["unit", "unit-itself", "town", "town-itself"];
/// Clocks of those who pass it on.
const PASS_CLOCKS: &[&str] = &["level", "county", "phone", "urgent", "figures"];

/// When the unit itself reported: when it was told here, or by telephone before as the desk wrote down.
pub fn reported(it: &Loop) -> Option<Timestamp> {
    if super::accident::told_by_unit(it) {
        let heard = it.values.moment("heard_at");
        return Some(heard.map_or(it.opened, |heard| heard.min(it.opened)));
    }
    let met = clock_of(it, OWN_CLOCKS).and_then(|clock| clock.met);
    met.or_else(|| it.did.get("unit-report").map(|doer| doer.at))
}

fn hours(hours: u32) -> SignedDuration {
    SignedDuration::from_hours(hours.into())
}

/// Does a piece belong to something that happened there and then?
fn belongs(known: &Known, org: &OrgId, place: Option<Place>, at: Timestamp, rules: &Rules) -> bool {
    let same_org = known.org.as_ref() == Some(org);
    let near = match (known.place, place) {
        (Some(a), Some(b)) => metres(a, b) <= f64::from(rules.metres),
        _ => false,
    };
    let apart = known.at.duration_since(at);
    (same_org || near) && apart >= -hours(rules.hours_before) && apart <= hours(rules.hours_after)
}

fn sorted(known: &[Known]) -> Vec<&Known> {
    let mut all: Vec<&Known> = known.iter().collect();
    all.sort_by(|a, b| (a.at, a.source, &a.id).cmp(&(b.at, b.source, &b.id)));
    all.dedup_by(|a, b| a.source == b.source && a.id == b.id);
    all
}

fn clock_time(at: Timestamp) -> String {
    OFFSET
        .to_datetime(at)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

fn lasted(span: SignedDuration) -> (String, String) {
    let minutes = span.as_mins().max(1);
    match (minutes / 60, minutes % 60) {
        (0, m) => (format!("{m}分钟"), format!("{m} min")),
        (h, 0) => (format!("{h}小时"), format!("{h} h")),
        (h, m) => (format!("{h}小时{m}分钟"), format!("{h} h {m} min")),
    }
}

fn reason(zh: String, en: String) -> Reason {
    Reason { zh, en }
}

fn quote(known: &Known) -> Reason {
    let (zh, en) = known.source.words();
    let at = clock_time(known.at);
    reason(
        format!("{at} {zh}：{}", known.what),
        format!("{at}, {en}: {}", known.what),
    )
}

/// What is suspected of an accident that was reported. `now` decides whether a report that is not there is late.
pub fn suspicions(it: &Loop, known: &[Known], book: &Rulebook, now: Timestamp) -> Vec<Suspicion> {
    if it.kind != "accident" || it.voided.is_some() || it.stage() == Stage::Ended {
        return Vec::new();
    }
    let rules = &book.accident_rules.detect;
    let at = occurred(it);
    let mine: Vec<&Known> = sorted(known)
        .into_iter()
        .filter(|known| known.of.as_ref() != Some(&it.id))
        .filter(|known| belongs(known, &it.org, it.place, at, rules))
        .collect();
    let own = clock_of(it, OWN_CLOCKS).filter(|clock| !clock.stopped);
    let mut found = Vec::new();
    if let Some(clock) = own {
        let limit = limit(book, &clock.code);
        let late = late_own(it, &mine, &clock, limit, now);
        let unsaid = unsaid(it, &mine, rules, limit, now);
        // What was reported after all, only late, was not left out.
        let doubled = late.is_some() && reported(it).is_some();
        found.extend(late);
        found.extend(unsaid.filter(|s| !(doubled && s.wrong == Wrong::Omitted)));
    }
    late_passed(it, now, &mut found);
    found.extend(untrue(it, &mine, rules));
    found
}

fn suspicion(
    it: &Loop,
    wrong: Wrong,
    part: &str,
    org: &OrgId,
    reasons: Vec<Reason>,
    evidence: &[&Known],
) -> Suspicion {
    Suspicion {
        key: format!("{}:{part}", it.id),
        wrong,
        org: org.clone(),
        accident: Some(it.id.clone()),
        place: it.place,
        reasons,
        evidence: evidence
            .iter()
            .take(EVIDENCE_MAX)
            .map(|known| (*known).clone())
            .collect(),
    }
}

/// 迟报: the unit's own report came late, or has not come. Counted from what is now known of when its head learned.
fn late_own(
    it: &Loop,
    mine: &[&Known],
    clock: &Running,
    limit: SignedDuration,
    now: Timestamp,
) -> Option<Suspicion> {
    let at = reported(it);
    let due = learned(it).checked_add(limit).unwrap_or(clock.due);
    let until = at.unwrap_or(now);
    if until <= due {
        return None;
    }
    let (zh, en) = lasted(until.duration_since(due));
    let (rule, due) = (&clock.rule, clock_time(due));
    let text = match at.map(clock_time) {
        Some(at) => reason(
            format!("应于{due}前报告（{rule}），实际{at}报告，超过{zh}"),
            format!("due by {due}, reported {at}, {en} late"),
        ),
        None => reason(
            format!("应于{due}前报告（{rule}），至今未报告，已超过{zh}"),
            format!("due by {due}, not reported yet, {en} late"),
        ),
    };
    let before: Vec<&Known> = mine
        .iter()
        .filter(|known| known.at < until)
        .copied()
        .collect();
    let reasons = with_quotes(text, &before);
    Some(suspicion(
        it,
        Wrong::Late,
        "late",
        &it.org,
        reasons,
        &before,
    ))
}

fn with_quotes(text: Reason, known: &[&Known]) -> Vec<Reason> {
    std::iter::once(text)
        .chain(known.iter().take(5).map(|known| quote(known)))
        .collect()
}

/// How long a unit has by the rulebook; an hour where that says nothing in hours or minutes.
fn limit(book: &Rulebook, clock: &str) -> SignedDuration {
    let minutes = book.limit("accident", clock).map_or(0, |limit| {
        limit.minutes.unwrap_or_default() + limit.hours.unwrap_or_default() * 60
    });
    SignedDuration::from_mins(if minutes == 0 { 60 } else { minutes.into() })
}

/// 迟报 by those who pass it on.
fn late_passed(it: &Loop, now: Timestamp, found: &mut Vec<Suspicion>) {
    let Some(handler) = it.party(Party::Handler) else {
        return;
    };
    for clock in it
        .clocks
        .iter()
        .filter(|clock| PASS_CLOCKS.contains(&clock.code.as_str()))
    {
        if !clock.late(now) {
            continue;
        }
        let words = it.spec().and_then(|spec| spec.clock(&clock.code));
        let (zh, en) = words.map_or(("", ""), |clock: &Clock| (clock.zh, clock.en));
        let due = clock_time(clock.due);
        let text = match clock.met {
            Some(met) => reason(
                format!(
                    "{zh}：应于{due}前完成（{}），实际{}完成",
                    clock.rule,
                    clock_time(met)
                ),
                format!("{en}: due by {due}, done {}", clock_time(met)),
            ),
            None => reason(
                format!("{zh}：应于{due}前完成（{}），至今未完成", clock.rule),
                format!("{en}: due by {due}, not done yet"),
            ),
        };
        let part = format!("late:{}@{}", clock.code, clock.set.as_second());
        found.push(suspicion(it, Wrong::Late, &part, handler, vec![text], &[]));
    }
}

/// 漏报 and 瞒报: the ledger knew, the unit has not said so, or said so only afterwards.
fn unsaid(
    it: &Loop,
    mine: &[&Known],
    rules: &Rules,
    limit: SignedDuration,
    now: Timestamp,
) -> Option<Suspicion> {
    let at = reported(it);
    let until = at.unwrap_or(now);
    let grace = SignedDuration::from_mins(rules.grace_minutes.into());
    let early: Vec<&Known> = mine
        .iter()
        .filter(|known| until.duration_since(known.at) > limit + grace)
        .copied()
        .collect();
    let first = early.first()?;
    let own = early
        .iter()
        .find(|known| known.source.own() && known.org.as_ref() == Some(&it.org));
    let hidden = own.is_some_and(|own| {
        at.is_none() || until.duration_since(own.at) > limit + hours(rules.conceal_hours)
    });
    let wrong = if hidden {
        Wrong::Concealed
    } else {
        Wrong::Omitted
    };
    let (zh, en) = lasted(until.duration_since(own.unwrap_or(first).at));
    let text = match (at, own) {
        (None, Some(_)) => reason(
            format!("单位自身已掌握情况{zh}，本单位至今未报告"),
            format!("the unit itself has known for {en} and has not reported"),
        ),
        (None, None) => reason(
            format!("已有线索{zh}，本单位至今未报告"),
            format!("it has been known for {en}, and the unit has not reported"),
        ),
        (Some(at), _) => reason(
            format!("单位{}报告前{zh}，同一地点已有线索", clock_time(at)),
            format!(
                "it was known {en} before the unit reported at {}",
                clock_time(at)
            ),
        ),
    };
    Some(suspicion(
        it,
        wrong,
        "unsaid",
        &it.org,
        with_quotes(text, &early),
        &early,
    ))
}

/// 谎报: others say more, or the unit's own instruments say earlier.
fn untrue(it: &Loop, mine: &[&Known], rules: &Rules) -> Option<Suspicion> {
    reported(it)?;
    let mut reasons = BTreeSet::new();
    let mut evidence: Vec<&Known> = Vec::new();
    let said = |code: &str| it.values.number(code);
    let absent = match (said("missing"), said("trapped")) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or_default() + b.unwrap_or_default()),
    };
    for known in mine {
        for (zh, en, theirs, ours) in [
            ("死亡", "dead", known.deaths, said("deaths")),
            ("重伤", "seriously hurt", known.serious, said("serious")),
            // Whoever was missing may have been found dead since.
            (
                "失踪（被困）",
                "missing",
                known.missing,
                absent.map(|n| n + said("deaths").unwrap_or_default()),
            ),
        ] {
            let (Some(theirs), Some(ours)) = (theirs, ours) else {
                continue;
            };
            if f64::from(theirs) > ours {
                let (source_zh, source_en) = known.source.words();
                reasons.insert(reason(
                    format!("{source_zh}称{zh}{theirs}人，单位报告{ours}人"),
                    format!("{source_en} says {theirs} {en}, the unit says {ours}"),
                ));
                evidence.push(known);
            }
        }
        let grace = SignedDuration::from_mins(rules.grace_minutes.into());
        let own = known.source.own() && known.org.as_ref() == Some(&it.org);
        if own && it.values.has("learned_at") && learned(it).duration_since(known.at) > grace {
            reasons.insert(reason(
                format!(
                    "称{}接到报告，但{}本单位已有{}",
                    clock_time(learned(it)),
                    clock_time(known.at),
                    known.source.words().0
                ),
                format!(
                    "says that it learned of it at {}, but at {} it had {}",
                    clock_time(learned(it)),
                    clock_time(known.at),
                    known.source.words().1
                ),
            ));
            evidence.push(known);
        }
    }
    if reasons.is_empty() {
        return None;
    }
    evidence.dedup_by(|a, b| a.id == b.id && a.source == b.source);
    let reasons = reasons.into_iter().collect();
    Some(suspicion(
        it,
        Wrong::False,
        "false",
        &it.org,
        reasons,
        &evidence,
    ))
}

/// Pieces that belong to no accident that was reported: what several of them say of one place is one suspicion. Only
/// those whose limit is past by `now` count, and only those that tell of an accident or come from enough sources. Where
/// no org is known the office is asked.
pub fn unreported(
    known: &[Known],
    accidents: &[&Loop],
    book: &Rulebook,
    now: Timestamp,
) -> Vec<Suspicion> {
    let rules = &book.accident_rules.detect;
    let grace = SignedDuration::from_mins(rules.grace_minutes.into());
    let limit = limit(book, "unit") + grace;
    let office = OrgId::try_from(book.office.as_str()).ok();
    let told = |known: &Known| {
        accidents
            .iter()
            .filter(|it| it.kind == "accident" && it.voided.is_none())
            .any(|it| belongs(known, &it.org, it.place, occurred(it), rules))
    };
    let mut groups: Vec<Vec<&Known>> = Vec::new();
    for piece in sorted(known) {
        if now.duration_since(piece.at) <= limit || told(piece) {
            continue;
        }
        let same = |group: &&mut Vec<&Known>| {
            group.first().is_some_and(|first| {
                let apart = piece.at.duration_since(first.at);
                let near = match (piece.place, first.place) {
                    (Some(a), Some(b)) => metres(a, b) <= f64::from(rules.metres),
                    _ => false,
                };
                let org = piece.org.is_some() && piece.org == first.org;
                (near || org) && apart <= hours(rules.hours_after)
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(piece),
            None => groups.push(vec![piece]),
        }
    }
    groups
        .into_iter()
        .filter_map(|group| grouped(&group, rules, office.as_ref(), now))
        .collect()
}

fn grouped(
    group: &[&Known],
    rules: &Rules,
    office: Option<&OrgId>,
    now: Timestamp,
) -> Option<Suspicion> {
    let first = group.first()?;
    let tells = group.iter().any(|known| known.tells);
    let sources: BTreeSet<Source> = group.iter().map(|known| known.source).collect();
    if !tells && sources.len() < rules.signs_min.max(1) as usize {
        return None;
    }
    let org = group
        .iter()
        .find_map(|known| known.org.clone())
        .or_else(|| office.cloned())?;
    let own = group
        .iter()
        .any(|known| known.source.own() && known.org.is_some());
    let wrong = if own {
        Wrong::Concealed
    } else {
        Wrong::Omitted
    };
    let (zh, en) = lasted(now.duration_since(first.at));
    let text = reason(
        format!(
            "{}起已有线索{}条，{zh}内无事故报告",
            clock_time(first.at),
            group.len()
        ),
        format!(
            "{} piece(s) since {}, and no report for {en}",
            group.len(),
            clock_time(first.at)
        ),
    );
    Some(Suspicion {
        // The earliest piece names the matter: more pieces make it no other.
        key: format!("unreported:{}", first.id),
        wrong,
        org,
        accident: None,
        place: group.iter().find_map(|known| known.place),
        reasons: with_quotes(text, group),
        evidence: group
            .iter()
            .take(EVIDENCE_MAX)
            .map(|known| (*known).clone())
            .collect(),
    })
}

#[cfg(test)]
mod tests;
