//! From a notice to the duties of every org and period. Publishing runs this once; amending runs it again and
//! compares, so that history is kept and the page can show what would change before it does.

use crate::draft::Draft;
use crate::duty::{Assigned, Measure, Part, Period};
use crate::id::{DutyId, NoticeId, OrgId};
use crate::notice::{Demand, Every, MeasureKind};
use crate::org::{OrgKind, OrgTree};
use crate::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};

/// Most years a notice reaches into.
const YEARS_MAX: i16 = 5;

/// Who owes a demand, and whom nobody knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners {
    /// Those who owe it themselves.
    pub orgs: Vec<OrgId>,
    /// Those each of whom owes it (每个村…).
    pub each: Vec<OrgId>,
    /// The ones among `orgs` that lead.
    pub lead: Vec<OrgId>,
    /// Names nobody is known by.
    pub unresolved: Vec<String>,
    /// Chosen by hand.
    pub by_hand: bool,
}

/// Works out who owes a demand.
pub fn owners(draft: &Draft, demand: &Demand, tree: &OrgTree) -> Owners {
    let mut out = Owners::default();
    let article = draft
        .compiled
        .articles
        .iter()
        .find(|a| a.no == demand.article);
    if let Some(by_hand) = draft.owners.get(&demand.id) {
        out.orgs = by_hand
            .iter()
            .filter(|id| tree.get(id).is_some_and(|org| !org.closed))
            .cloned()
            .collect();
        out.by_hand = true;
    } else {
        let mut names: Vec<&String> = demand.actors.iter().collect();
        if names.is_empty()
            && let Some(article) = article
        {
            names.extend(
                article
                    .units
                    .iter()
                    .chain(&article.lead_units)
                    .chain(&article.inherited_units),
            );
        }
        let mut seen = BTreeSet::new();
        for name in names {
            let found = tree.resolve(name);
            if found.is_empty() && !out.unresolved.contains(name) {
                out.unresolved.push(name.clone());
            }
            for id in found {
                if seen.insert(id.clone()) {
                    out.orgs.push(id);
                }
            }
        }
    }
    if let Some(article) = article {
        let lead: BTreeSet<OrgId> = article
            .lead_units
            .iter()
            .flat_map(|name| tree.resolve(name))
            .collect();
        out.lead = out
            .orgs
            .iter()
            .filter(|id| lead.contains(id))
            .cloned()
            .collect();
    }
    if let Some(each) = &demand.each {
        let orgs = tree.resolve(each);
        // 每个镇（街道）: the towns owe it themselves, there is nothing to gather.
        let many: Vec<OrgId> = orgs
            .into_iter()
            .filter(|id| !out.orgs.contains(id))
            .collect();
        let kind = many.first().and_then(|id| tree.get(id)).map(|org| org.kind);
        if matches!(
            kind,
            Some(
                OrgKind::Village
                    | OrgKind::Enterprise
                    | OrgKind::Headquarters
                    | OrgKind::Grid
                    | OrgKind::Town
            )
        ) {
            out.each = many;
        }
    }
    out
}

/// A year's end.
fn last_day(year: i16, month: i8) -> Date {
    date(year, month, 1).last_of_month()
}

/// The periods in which a demand is owed, those that ended before `from` left out.
fn periods(demand: &Demand, year: i16, from: Date) -> Vec<(Period, Option<Date>)> {
    let mut out = Vec::new();
    let last_year = demand
        .deadline
        .map_or(year, |d| d.year())
        .clamp(year, year + YEARS_MAX - 1);
    let mut push = |label: String, start: Date, end: Date, due: Option<Date>| {
        if end >= from {
            out.push((
                Period {
                    label,
                    from: start,
                    to: end,
                },
                due,
            ));
        }
    };
    match (&demand.recurrence, demand.measure) {
        (_, MeasureKind::OnEvent | MeasureKind::Prohibition) if demand.deadline.is_none() => {
            push(
                format!("{year}年"),
                date(year, 1, 1),
                date(year, 12, 31),
                None,
            );
        }
        (Some(recurrence), _) => {
            for year in year..=last_year {
                match recurrence.every {
                    Every::Year => {
                        let due = demand.deadline.map_or(date(year, 12, 31), |d| {
                            date(
                                year,
                                d.month(),
                                d.day().min(last_day(year, d.month()).day()),
                            )
                        });
                        push(
                            format!("{year}年"),
                            date(year, 1, 1),
                            date(year, 12, 31),
                            Some(due),
                        );
                    }
                    Every::HalfYear => {
                        for (name, a, b) in [("上半年", 1, 6), ("下半年", 7, 12)] {
                            push(
                                format!("{year}年{name}"),
                                date(year, a, 1),
                                last_day(year, b),
                                Some(last_day(year, b)),
                            );
                        }
                    }
                    Every::Quarter => {
                        for (at, name) in ["第一季度", "第二季度", "第三季度", "第四季度"]
                            .iter()
                            .enumerate()
                        {
                            let month = at as i8 * 3 + 1;
                            let end = last_day(year, month + 2);
                            // 每季度末月25日前: a day of a month of the quarter.
                            let due = match (recurrence.by_month, recurrence.by_day) {
                                (Some(m @ 1..=3), Some(day)) => {
                                    let last = last_day(year, month + m as i8 - 1);
                                    date(year, last.month(), (day.max(1) as i8).min(last.day()))
                                }
                                _ => end,
                            };
                            push(
                                format!("{year}年{name}"),
                                date(year, month, 1),
                                end,
                                Some(due),
                            );
                        }
                    }
                    Every::Month | Every::TenDays | Every::Week | Every::Day => {
                        for month in 1..=12 {
                            let end = last_day(year, month);
                            let due = recurrence.by_day.map_or(end, |day| {
                                date(year, month, (day.max(1) as i8).min(end.day()))
                            });
                            push(
                                format!("{year}年{month}月"),
                                date(year, month, 1),
                                end,
                                Some(due),
                            );
                        }
                    }
                }
            }
        }
        (None, MeasureKind::Continuous) if demand.deadline.is_none() => {
            for (name, a, b) in [("上半年", 1, 6), ("下半年", 7, 12)] {
                push(
                    format!("{year}年{name}"),
                    date(year, a, 1),
                    last_day(year, b),
                    Some(last_day(year, b)),
                );
            }
        }
        _ => {
            let due = demand.deadline.unwrap_or(date(year, 12, 31));
            // A date that was past already when the notice came out is still owed: it shows as overdue.
            let start = date(due.year().min(year), 1, 1).min(due);
            let label = if (due.month(), due.day()) == (12, 31) {
                format!("{}年", due.year())
            } else if due == due.last_of_month() {
                format!("{}年{}月底前", due.year(), due.month())
            } else {
                format!("{}年{}月{}日前", due.year(), due.month(), due.day())
            };
            out.push((
                Period {
                    label,
                    from: start,
                    to: due,
                },
                Some(due),
            ));
        }
    }
    out
}

/// How many times in a period, where the recurrence is finer than the period shown.
fn times(demand: &Demand, period: &Period) -> f64 {
    let Some(recurrence) = &demand.recurrence else {
        return 1.0;
    };
    let each = f64::from(recurrence.at_least.unwrap_or(1).max(1));
    let days = period
        .from
        .until(period.to)
        .map_or(30, |span| span.get_days() + 1);
    match recurrence.every {
        Every::Day => each * f64::from(days),
        // Weeks whose Monday lies in the month: 4 or 5.
        Every::Week => {
            let mondays = (0..days)
                .filter(|day| {
                    period
                        .from
                        .checked_add(day.days())
                        .is_ok_and(|d| d.weekday() == jiff::civil::Weekday::Monday)
                })
                .count();
            each * mondays as f64
        }
        Every::TenDays => each * 3.0,
        _ => each,
    }
}

fn measure(demand: &Demand, period: &Period, part: Part, book: &Rulebook) -> Measure {
    let quantity = demand.quantity.as_ref();
    let counts = book
        .counted_from(&demand.quote)
        .filter(|_| part == Part::Each)
        .map(str::to_owned);
    let (needed, unit) = match (part, demand.measure) {
        (Part::Gathers, _) => (Some(100.0), "%".to_owned()),
        (_, MeasureKind::OnEvent | MeasureKind::Prohibition) => (None, "次".to_owned()),
        (_, MeasureKind::Times) => match quantity {
            // 每年至少解决1—2项: so many of something in each period.
            Some(q) if q.unit != "次" && q.at_least.is_some() => (q.at_least, q.unit.clone()),
            _ => (Some(times(demand, period)), "次".to_owned()),
        },
        (_, MeasureKind::Quota) => {
            let q = quantity.and_then(|q| q.at_least).unwrap_or(1.0);
            (
                Some(q),
                quantity.map_or("项".to_owned(), |q| q.unit.clone()),
            )
        }
        (_, MeasureKind::Coverage) => match quantity {
            Some(q) if q.unit != "%" => (Some(q.at_least.unwrap_or(1.0)), q.unit.clone()),
            q => (
                Some(q.and_then(|q| q.at_least).unwrap_or(100.0)),
                "%".to_owned(),
            ),
        },
        (_, MeasureKind::ByDate | MeasureKind::Continuous) => (Some(1.0), "份".to_owned()),
    };
    Measure {
        kind: if part == Part::Gathers {
            MeasureKind::Coverage
        } else {
            demand.measure
        },
        needed,
        at_most: quantity
            .and_then(|q| q.at_most)
            .filter(|_| part != Part::Gathers),
        unit,
        what: quantity.and_then(|q| q.what.clone()),
        event: demand.on_event.clone(),
        counts,
    }
}

/// The key by which a duty is the same before and after an amendment.
pub type Key = (String, OrgId, String);

/// The key of a duty.
pub fn key(assigned: &Assigned) -> Key {
    (
        assigned.demand.clone(),
        assigned.org.clone(),
        assigned.period.label.clone(),
    )
}

/// Everything a notice lays on everybody from a day on. Ids are made from the notice's and the running number,
/// so that the same notice expands to the same duties; `generation` keeps those of an amendment apart.
pub fn expand(
    notice: &NoticeId,
    draft: &Draft,
    tree: &OrgTree,
    book: &Rulebook,
    from: Date,
    generation: u32,
) -> Vec<Assigned> {
    let year = draft.compiled.year.unwrap_or(from.year());
    // Notices of a year gone by still speak of that year: their periods are shown whole.
    let from = if year < from.year() {
        date(year, 1, 1)
    } else {
        from
    };
    let stem = notice.as_str().trim_start_matches("notice_");
    let mut out = Vec::new();
    for demand in draft.demands() {
        let owners = owners(draft, demand, tree);
        let gathers = !owners.each.is_empty();
        let parts = owners
            .orgs
            .iter()
            .map(|org| (org, if gathers { Part::Gathers } else { Part::Whole }))
            .chain(owners.each.iter().map(|org| (org, Part::Each)));
        let parts: Vec<_> = parts.collect();
        for (period, due) in periods(demand, year, from) {
            for (org, part) in &parts {
                out.push(Assigned {
                    id: DutyId::try_from(format!("duty_{stem}_{generation}_{}", out.len()))
                        .unwrap_or_else(|_| DutyId::make(0, out.len() as u128)),
                    notice: notice.clone(),
                    article: demand.article,
                    demand: demand.id.clone(),
                    title: demand.action.clone(),
                    quote: demand.quote.clone(),
                    span: demand.span,
                    org: (*org).clone(),
                    measure: measure(demand, &period, *part, book),
                    period: period.clone(),
                    due,
                    part: *part,
                });
            }
        }
    }
    out
}

/// Does the one sum up the other? Both come of the same demand and period; a town gathers its own villages, a
/// department, committee or the district gathers all of them.
pub fn gathers(sum: &Assigned, one: &Assigned, tree: &OrgTree) -> bool {
    sum.part == Part::Gathers
        && one.part == Part::Each
        && sum.notice == one.notice
        && sum.demand == one.demand
        && sum.period.label == one.period.label
        && (!matches!(
            tree.get(&sum.org).map(|org| org.kind),
            Some(OrgKind::Town | OrgKind::Village)
        ) || tree.path(&one.org).starts_with(tree.path(&sum.org)))
}

/// What an amendment does to the duties that are there.
#[derive(Debug, Default)]
pub struct Changes {
    /// New ones.
    pub added: Vec<Assigned>,
    /// What is there, and what it becomes (with the id it has).
    pub changed: Vec<(Assigned, Assigned)>,
    /// No longer demanded.
    pub cancelled: Vec<Assigned>,
}

/// Compares what is owed now with what a new version of the notice lays down.
pub fn compare(now: impl IntoIterator<Item = Assigned>, planned: Vec<Assigned>) -> Changes {
    let mut there: BTreeMap<Key, Assigned> = now
        .into_iter()
        .map(|assigned| (key(&assigned), assigned))
        .collect();
    let mut changes = Changes::default();
    for plan in planned {
        match there.remove(&key(&plan)) {
            None => changes.added.push(plan),
            Some(old) => {
                let new = Assigned {
                    id: old.id.clone(),
                    ..plan
                };
                if new != old {
                    changes.changed.push((old, new));
                }
            }
        }
    }
    // A single date that moved takes its label with it: one that went and one that came are the same duty.
    let alone = |duties: &[&Assigned]| {
        let mut count: BTreeMap<(String, OrgId), usize> = BTreeMap::new();
        for duty in duties {
            *count
                .entry((duty.demand.clone(), duty.org.clone()))
                .or_default() += 1;
        }
        count.retain(|_, many| *many == 1);
        count.into_keys().collect::<BTreeSet<_>>()
    };
    let gone = alone(&there.values().collect::<Vec<_>>());
    let come = alone(&changes.added.iter().collect::<Vec<_>>());
    let moved: BTreeSet<_> = gone.intersection(&come).cloned().collect();
    let mut old: BTreeMap<(String, OrgId), Assigned> = BTreeMap::new();
    for assigned in there.into_values() {
        let of = (assigned.demand.clone(), assigned.org.clone());
        if moved.contains(&of) {
            old.insert(of, assigned);
        } else {
            changes.cancelled.push(assigned);
        }
    }
    let mut added = Vec::new();
    for plan in std::mem::take(&mut changes.added) {
        match old.remove(&(plan.demand.clone(), plan.org.clone())) {
            Some(old) => {
                let new = Assigned {
                    id: old.id.clone(),
                    ..plan
                };
                changes.changed.push((old, new));
            }
            None => added.push(plan),
        }
    }
    changes.added = added;
    changes
}

#[cfg(test)]
mod tests;
