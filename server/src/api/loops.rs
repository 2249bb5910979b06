//! Loops: lists, counts, one with its story, and what may be done to it. Written once for all kinds.

use crate::api::duties::counted;
use crate::api::{LIMIT, LIMIT_MAX, idempotency_key};
use crate::app::App;
use crate::auth::Who;
use crate::loops::forms::{self, KindView, LoopRefusal};
use crate::loops::views::{self, LoopRow, LoopView};
use crate::loops::{self as engine, Given, photo};
use crate::problem::{Json, Problem, Query};
use crate::views::{OrgRef, Page};
use anlan_core::calendar::start_of;
use anlan_core::id::LoopId;
use anlan_core::loops::{self, Link, Loop, Open, REGISTRY, What};
use anlan_store::loops::{Find, Now, Seen};
use anlan_store::{facts, log, loops as stored};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which loops.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindLoops {
    /// hazard, accident, report …
    pub(crate) kind: Option<String>,
    state: Option<String>,
    /// open, closed, ended.
    stage: Option<String>,
    /// overdue, due-soon, in-time.
    light: Option<String>,
    grade: Option<String>,
    org: Option<String>,
    /// The org and all below it.
    under: Option<String>,
    town: Option<String>,
    sector: Option<String>,
    /// Handled by this org.
    handler: Option<String>,
    /// The type of an accident.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    sort_of: Option<String>,
    /// Words in title or number.
    q: Option<String>,
    /// Only those where it is my move.
    mine: Option<bool>,
    /// Opened on this day or later.
    from: Option<String>,
    /// Opened on this day or before.
    to: Option<String>,
    happened_from: Option<String>,
    happened_to: Option<String>,
    /// Open for at least so many days.
    age_min: Option<u32>,
    /// Open for at most so many days.
    age_max: Option<u32>,
    /// west,south,east,north in degrees.
    within: Option<String>,
    /// due, -due, opened, -opened, -happened, org.
    sort: Option<String>,
    pub(crate) limit: Option<u32>,
    pub(crate) cursor: Option<String>,
    /// For counts: kind, state, grade, town, sector, org, handler, type, month, age, none.
    pub(crate) group: Option<String>,
    /// For the trend: so many months back.
    pub(crate) months: Option<u32>,
}

/// Microseconds of a moment.
pub(crate) fn micro(at: Timestamp) -> i64 {
    at.as_microsecond()
}

impl FindLoops {
    /// The question as the store is asked it.
    ///
    /// # Errors
    /// When a day or box is not of its shape.
    pub(crate) fn find(&self, who: &Who, app: &App) -> Result<Find, Problem> {
        let day = |text: &Option<String>, next: bool| -> Result<Option<i64>, Problem> {
            let Some(text) = text.as_ref().filter(|t| !t.is_empty()) else {
                return Ok(None);
            };
            let date: Date = text
                .parse()
                .map_err(|_| Problem::bad("日期格式不对", "Days are written 2026-11-24"))?;
            let date = if next {
                date.tomorrow().unwrap_or(date)
            } else {
                date
            };
            Ok(Some(micro(start_of(date))))
        };
        // Whole days since it was opened, as the counts by age have them: day 0 is the first 24 hours.
        const DAY: i64 = 86_400_000_000;
        let now = micro(app.now());
        let ago = |days: i64| now - days * DAY + 1;
        let turn = (self.mine == Some(true)).then(|| turns(who, app));
        let within = match &self.within {
            None => None,
            Some(text) => {
                let parts: Vec<f64> = text
                    .split(',')
                    .filter_map(|part| part.trim().parse().ok())
                    .collect();
                Some(<[f64; 4]>::try_from(parts).map_err(|_| {
                    Problem::bad(
                        "地图范围格式不对",
                        "`within` is west,south,east,north in degrees",
                    )
                })?)
            }
        };
        let opened_from = day(&self.from, false)?
            .into_iter()
            .chain(self.age_max.map(|days| ago(i64::from(days) + 1)))
            .max();
        let opened_to = day(&self.to, true)?
            .into_iter()
            .chain(self.age_min.map(|days| ago(i64::from(days))))
            .min();
        Ok(Find {
            kind: self.kind.clone(),
            state: self.state.clone(),
            stage: self.stage.clone(),
            light: self.light.clone(),
            grade: self.grade.clone(),
            sort_of: self.sort_of.clone(),
            org: self.org.clone(),
            under: self.under.clone(),
            town: self.town.clone(),
            sector: self.sector.clone(),
            handler: self.handler.clone(),
            q: self.q.clone(),
            turn,
            opened_from,
            opened_to,
            happened_from: day(&self.happened_from, false)?,
            happened_to: day(&self.happened_to, true)?,
            within,
            sort: self.sort.clone(),
        })
    }
}

/// Orgs and permissions that make a move mine.
pub fn turns(who: &Who, app: &App) -> Vec<(String, String)> {
    let world = app.world();
    let mut out: Vec<(String, String)> = Vec::new();
    for spec in REGISTRY {
        for (_, may) in spec.states.iter().filter_map(|state| state.turn) {
            for position in &who.actor.positions {
                let pair = (position.org.to_string(), may.code().to_owned());
                if !out.contains(&pair) && who.actor.may(may, &position.org, &world.tree) {
                    out.push(pair);
                }
            }
        }
    }
    out
}

/// What lights are counted from: what is due within the next two days is near.
pub fn now(app: &App) -> Now {
    let now = app.now();
    let soon = now
        .checked_add(jiff::SignedDuration::from_hours(48))
        .unwrap_or(now);
    Now {
        now: micro(now),
        soon: micro(soon),
    }
}

/// Under what an answer is remembered.
pub(crate) fn key(what: &str, ask: &FindLoops, seen: &Seen, app: &App) -> String {
    let ask = FindLoops {
        limit: None,
        cursor: None,
        sort: None,
        ..ask.clone()
    };
    // What is overdue changes by the minute, without a fact.
    let minute = app.now().as_second() / 60;
    format!(
        "{what} {} {seen:?} {minute}",
        serde_json::to_string(&ask).unwrap_or_default()
    )
}

/// Kinds of loops that I may see or open, with their forms.
#[utoipa::path(get, path = "/api/v1/loops/kinds", responses((status = 200, body = Vec<KindView>)))]
pub async fn loop_kinds(State(app): State<Arc<App>>, who: Who) -> Json<Vec<KindView>> {
    let world = app.world();
    Json(
        REGISTRY
            .iter()
            .filter(|spec| {
                who.actor.may_somewhere(spec.read, &world.tree)
                    || loops::may_open(spec, &who.actor, &world.tree)
            })
            .map(|spec| forms::kind(spec, &who, &app))
            .collect(),
    )
}

/// Loops I may see.
#[utoipa::path(get, path = "/api/v1/loops", params(FindLoops), responses((status = 200, body = Page<LoopRow>)))]
pub async fn list_loops(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindLoops>,
) -> Result<Json<Page<LoopRow>>, Problem> {
    let (find, seen, at) = (
        ask.find(&who, &app)?,
        engine::seen(&who.actor, &app),
        now(&app),
    );
    let limit = ask.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let total = {
        let (find, seen, turn) = (find.clone(), seen.clone(), format!("{:?}", find.turn));
        counted(
            &app,
            key(&format!("loops {turn}"), &ask, &seen, &app),
            move |db| Ok(stored::total(db, &find, &seen, at)?),
        )
        .await?
    };
    let world = app.world();
    let page = app
        .read(move |db| {
            let (rows, next) = stored::list(db, &find, &seen, at, ask.cursor.as_deref(), limit)?;
            let items = rows
                .iter()
                .map(|it| views::row(it, &who, &world, at))
                .collect();
            Ok(Page { items, next, total })
        })
        .await?;
    Ok(Json(page))
}

/// Shows a loop to somebody who may see it.
///
/// # Errors
/// When it is not there, or not his to see.
pub async fn show(app: &Arc<App>, who: &Who, id: &str) -> Result<LoopView, Problem> {
    let (key, at) = (id.to_owned(), now(app));
    let world = app.world();
    let reader = who.actor.clone();
    let (it, story, linked, sealed) = app
        .read(move |db| {
            let it = stored::get(db, &key)?
                .filter(|it| it.may_read(&reader, &world.tree))
                .ok_or_else(Problem::missing)?;
            let story = facts::of_stream(db, &anlan_core::fact::stream::of_loop(&it.id))?;
            let mut linked = Vec::new();
            for link in &it.links {
                if let Some(other) = stored::get(db, link.id.as_str())?
                    && other.may_read(&reader, &world.tree)
                {
                    linked.push(other);
                }
            }
            let sealed = log::latest(db)?.map_or(0, |(size, _, _)| size);
            Ok((it, story, linked, sealed))
        })
        .await?;
    views::view(&it, &story, &linked, who, app, sealed, at).ok_or_else(Problem::missing)
}

/// A loop with its story and what may be done.
#[utoipa::path(get, path = "/api/v1/loops/{id}", params(("id" = String, Path)), responses((status = 200, body = LoopView), (status = 404, body = Problem)))]
pub async fn get_loop(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<LoopView>, Problem> {
    Ok(Json(show(&app, &who, &id).await?))
}

/// A loop to be opened.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OpenLoop {
    #[serde(flatten)]
    open: Open,
    /// When it happened or was seen, if not now: kept apart from when it is recorded.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    happened: Option<Timestamp>,
    /// The loop it comes from.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    from: Option<LoopId>,
}

/// Opens a loop.
#[utoipa::path(post, path = "/api/v1/loops", request_body = OpenLoop, responses((status = 200, body = LoopView), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn open_loop(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Json(ask): Json<OpenLoop>,
) -> Result<Json<LoopView>, Problem> {
    let idempotency = idempotency_key(&headers)?;
    let json = serde_json::to_value(&ask).map_err(Problem::ours)?;
    let shots = shots(&app, &json).await?;
    let request = format!("open-loop {json}");
    let actor = who.actor.clone();
    let id = app
        .write(move |w| {
            w.once(&actor, idempotency.as_deref(), &request, |w| {
                let mut open = ask.open;
                if let Some(id) = ask.from {
                    let world = w.app.world();
                    let from = stored::get(w.tx.db, id.as_str())?
                        .filter(|from| from.may_read(&actor, &world.tree))
                        .ok_or(loops::Refusal::NO_SUCH_LOOP)?;
                    open.from = Some(Link {
                        id: from.id,
                        how: "from".into(),
                        why: String::new(),
                    });
                }
                let given = Given {
                    actor: Some(&actor),
                    happened: ask.happened,
                    files: &shots,
                };
                Ok(engine::open(w, open, &given)?.id.to_string())
            })
        })
        .await?;
    Ok(Json(show(&app, &who, &id).await?))
}

/// The files that a request names.
async fn shots(app: &Arc<App>, json: &serde_json::Value) -> Result<Vec<loops::Shot>, Problem> {
    let named = photo::named(json);
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let store = app.store.clone();
    app.read(move |db| Ok(photo::shots(db, &store, &named)?))
        .await
}

/// A command on a version that was seen.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CommandLoop {
    /// The version that was seen.
    expected_version: u64,
    /// When it was done, if not now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    happened: Option<Timestamp>,
    command: What,
}

/// Does something to a loop.
#[utoipa::path(post, path = "/api/v1/loops/{id}/commands", params(("id" = String, Path)), request_body = CommandLoop, responses((status = 200, body = LoopView), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn command_loop(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(ask): Json<CommandLoop>,
) -> Result<Json<LoopView>, Problem> {
    let idempotency = idempotency_key(&headers)?;
    let json = serde_json::to_value(&ask).map_err(Problem::ours)?;
    let shots = shots(&app, &json).await?;
    let request = format!("command-loop {id} {json}");
    let (actor, key) = (who.actor.clone(), id.clone());
    app.write(move |w| {
        w.once(&actor, idempotency.as_deref(), &request, |w| {
            let it = readable(w, &key, &actor)?;
            // A word or a look is good whatever happened meanwhile; what changes the state is not.
            let changes = matches!(ask.command, What::Move { .. } | What::Void { .. });
            if changes && it.version != ask.expected_version {
                return Err(anlan_store::StoreError::Stale {
                    stream: anlan_core::fact::stream::of_loop(&it.id),
                    expected: ask.expected_version,
                    actual: it.version,
                }
                .into());
            }
            let given = Given {
                actor: Some(&actor),
                happened: ask.happened,
                files: &shots,
            };
            engine::act(w, &it, ask.command, &given)?;
            Ok(())
        })
    })
    .await?;
    Ok(Json(show(&app, &who, &id).await?))
}

/// A loop that somebody may see, within a write.
///
/// # Errors
/// When it is not there, or not his to see.
pub(crate) fn readable(
    w: &mut crate::app::Writing<'_, '_>,
    id: &str,
    actor: &anlan_core::authority::Actor,
) -> Result<Loop, Problem> {
    let world = w.app.world();
    stored::get(w.tx.db, id)?
        .filter(|it| it.may_read(actor, &world.tree))
        .ok_or_else(Problem::missing)
}

/// One move on many loops.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct BulkLoops {
    ids: Vec<String>,
    /// The move.
    code: String,
    /// What is filled in, for all the same.
    #[serde(default)]
    #[schema(value_type = Object)]
    values: loops::Input,
    /// Only say what would happen.
    #[serde(default)]
    preview: bool,
}

/// What happens to one of many.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkLoop {
    id: String,
    number: String,
    title: String,
    org: OrgRef,
    refusal: Option<LoopRefusal>,
}

/// What happens to many.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkLoopReport {
    results: Vec<BulkLoop>,
    /// How many were done.
    applied: u32,
}

/// Most loops in one bulk command.
const BULK_MAX: usize = 500;

/// Makes a move on many loops; those that refuse are named, the others are done.
#[utoipa::path(post, path = "/api/v1/loops/bulk", request_body = BulkLoops, responses((status = 200, body = BulkLoopReport), (status = 422, body = Problem)))]
pub async fn bulk_loops(
    State(app): State<Arc<App>>,
    who: Who,
    Json(ask): Json<BulkLoops>,
) -> Result<Json<BulkLoopReport>, Problem> {
    if ask.ids.is_empty() || ask.ids.len() > BULK_MAX {
        return Err(Problem::bad(
            &format!("请选择 1–{BULK_MAX} 项"),
            &format!("Choose 1 to {BULK_MAX} loops"),
        ));
    }
    let json = serde_json::to_value(&ask).map_err(Problem::ours)?;
    let shots = shots(&app, &json).await?;
    let report = app
        .write(move |w| {
            let world = w.app.world();
            let mut report = BulkLoopReport {
                results: Vec::new(),
                applied: 0,
            };
            let mut ids = ask.ids;
            ids.sort();
            ids.dedup();
            for id in ids {
                let Ok(it) = readable(w, &id, &who.actor) else {
                    continue;
                };
                let given = Given {
                    actor: Some(&who.actor),
                    happened: None,
                    files: &shots,
                };
                let what = What::Move {
                    code: ask.code.clone(),
                    values: ask.values.clone(),
                };
                let refusal = engine::try_out(w, &it, what.clone(), &given).err();
                if refusal.is_none() && !ask.preview {
                    engine::act(w, &it, what, &given)?;
                    report.applied += 1;
                }
                report.results.push(BulkLoop {
                    id,
                    number: it.number.clone(),
                    title: it.title.clone(),
                    org: world.org_ref(&it.org),
                    refusal: refusal.map(LoopRefusal::from),
                });
            }
            Ok(report)
        })
        .await?;
    Ok(Json(report))
}
