//! The district at a glance: for a leader with two minutes.

use crate::app::App;
use crate::auth::Who;
use crate::problem::{Json, Problem, Query};
use crate::views::{self, DutyRow, FactView, LightCounts, OrgRef, group};
use anlan_core::authority::Command;
use anlan_core::calendar::rfc3339;
use anlan_core::id::OrgId;
use anlan_core::org::OrgKind;
use anlan_store::duties::{self, Find, Group};
use anlan_store::{facts, log};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// An article's lights.
#[derive(Debug, Serialize, ToSchema)]
pub struct CockpitArticle {
    notice: String,
    notice_title: String,
    article: u32,
    title: String,
    counts: LightCounts,
}

/// An org's lights.
#[derive(Debug, Serialize, ToSchema)]
pub struct CockpitOrg {
    org: OrgRef,
    counts: LightCounts,
    /// Fulfilled of what was due so far, 0–1.
    rate: Option<f64>,
}

/// A month's lights.
#[derive(Debug, Serialize, ToSchema)]
pub struct CockpitMonth {
    /// 2026-03.
    month: String,
    counts: LightCounts,
}

/// Open duties at a rung.
#[derive(Debug, Serialize, ToSchema)]
pub struct CockpitStep {
    step: String,
    zh: String,
    en: String,
    count: u64,
}

/// The district at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cockpit {
    as_of: String,
    total: LightCounts,
    by_article: Vec<CockpitArticle>,
    by_town: Vec<CockpitOrg>,
    by_department: Vec<CockpitOrg>,
    by_month: Vec<CockpitMonth>,
    worst: Vec<DutyRow>,
    waiting_reviews: u64,
    ladder: Vec<CockpitStep>,
    recent: Vec<FactView>,
    facts: u64,
    sealed: u64,
}

/// Of one notice, or of all.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AskCockpit {
    notice: Option<String>,
}

/// The district at a glance, as far as I may see it.
#[utoipa::path(get, path = "/api/v1/cockpit", params(AskCockpit), responses((status = 200, body = Cockpit), (status = 403, body = Problem)))]
pub async fn cockpit(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<AskCockpit>,
) -> Result<Json<Cockpit>, Problem> {
    who.needs(Command::ReadCockpit, &app)?;
    let (world, day, now) = (app.world(), app.day(), app.now());
    let reach = who.actor.reach(Command::ReadCockpit, &world.tree);
    let ledger = who.actor.reach(Command::ReadLedger, &world.tree);
    let at = app.clone();
    let hidden: Vec<String> = crate::loops::hidden(&who.actor)
        .into_iter()
        .map(|kind| format!("loop/{kind}_"))
        .collect();
    let cockpit = app
        .read(move |db| {
            let find = Find {
                notice: ask.notice.clone(),
                ..Find::default()
            };
            let mut total = LightCounts::default();
            for (_, light, count) in duties::counts(db, &find, &reach, day, Group::None)? {
                total.add(light, count);
            }
            let titles = views::titles(db)?;
            let mut by_article = group(duties::counts(db, &find, &reach, day, Group::Article)?)
                .into_iter()
                .map(|(key, counts)| {
                    let (notice, no) = key.split_once('#').unwrap_or_default();
                    let article = no.parse().unwrap_or_default();
                    let title = titles
                        .get(notice)
                        .and_then(|(_, articles)| articles.get(&article))
                        .cloned()
                        .unwrap_or_default();
                    CockpitArticle {
                        notice: notice.to_owned(),
                        notice_title: titles
                            .get(notice)
                            .map(|(title, _)| title.clone())
                            .unwrap_or_default(),
                        article,
                        title,
                        counts,
                    }
                })
                .collect::<Vec<_>>();
            // The notice that lays down most stands first; within one, articles in its own order.
            let mut weight: BTreeMap<String, u64> = BTreeMap::new();
            for row in &by_article {
                *weight.entry(row.notice.clone()).or_default() += row.counts.total;
            }
            by_article.sort_by_key(|row| {
                (
                    std::cmp::Reverse(weight[&row.notice]),
                    row.notice.clone(),
                    row.article,
                )
            });
            let (mut towns, mut departments): (
                BTreeMap<OrgId, LightCounts>,
                BTreeMap<OrgId, LightCounts>,
            ) = Default::default();
            for (org, light, count) in duties::counts(db, &find, &reach, day, Group::Org)? {
                let Ok(id) = OrgId::try_from(org) else {
                    continue;
                };
                if let Some(town) = world.tree.above(&id, OrgKind::Town) {
                    towns.entry(town.id.clone()).or_default().add(light, count);
                } else {
                    departments.entry(id).or_default().add(light, count);
                }
            }
            let ranked = |orgs: BTreeMap<OrgId, LightCounts>| {
                let mut rows: Vec<CockpitOrg> = orgs
                    .into_iter()
                    .map(|(id, counts)| CockpitOrg {
                        org: world.org_ref(&id),
                        rate: counts.rate(),
                        counts,
                    })
                    .collect();
                // Best first; those of whom nothing was due stand last.
                rows.sort_by(|a, b| {
                    b.rate
                        .unwrap_or(-1.0)
                        .total_cmp(&a.rate.unwrap_or(-1.0))
                        .then(a.counts.overdue.cmp(&b.counts.overdue))
                });
                rows
            };
            let by_month = group(duties::counts(db, &find, &reach, day, Group::Month)?)
                .into_iter()
                .filter(|(month, _)| !month.starts_with("9999"))
                .map(|(month, counts)| CockpitMonth { month, counts })
                .collect();
            let steps = group(duties::counts(
                db,
                &Find {
                    light: Some("open".into()),
                    ..find.clone()
                },
                &reach,
                day,
                Group::Step,
            )?);
            let ladder = at
                .book
                .ladder
                .iter()
                .map(|s| CockpitStep {
                    step: s.id.clone(),
                    zh: s.zh.clone(),
                    en: s.en.clone(),
                    count: steps.get(&s.id).map_or(0, |counts| counts.total),
                })
                .collect();
            let overdue = Find {
                light: Some("overdue".into()),
                sort: Some("due".into()),
                ..find.clone()
            };
            let (worst, _) = duties::list(db, &overdue, &reach, day, None, 10)?;
            let waiting_reviews = duties::total(
                db,
                &Find {
                    waiting: Some(true),
                    ..find
                },
                &reach,
                day,
            )?;
            let sealed = log::latest(db)?.map_or(0, |(size, _, _)| size);
            let (recent, _) = facts::find(
                db,
                &facts::Find {
                    hidden,
                    limit: 20,
                    ..facts::Find::default()
                },
                &ledger,
                false,
            )?;
            Ok(Cockpit {
                as_of: rfc3339(now),
                total,
                by_article,
                by_town: ranked(towns),
                by_department: ranked(departments),
                by_month,
                worst: worst
                    .iter()
                    .map(|duty| views::duty_row(duty, &titles, &world, day))
                    .collect(),
                waiting_reviews,
                ladder,
                recent: recent
                    .iter()
                    .map(|fact| views::fact(fact, sealed, &world, &at, false))
                    .collect(),
                facts: facts::count(db)?,
                sealed,
            })
        })
        .await?;
    Ok(Json(cockpit))
}
