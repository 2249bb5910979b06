//! Loops: lists, counts, one with its story, and what may be done to it. Written once for all kinds.

use crate::api::duties::counted;
use crate::api::{LIMIT, LIMIT_MAX, idempotency_key};
use crate::app::App;
use crate::auth::Who;
use crate::files::{XLSX, download};
use crate::loops::forms::{self, KindView, LoopRefusal};
use crate::loops::views::{self, LoopRow, LoopView};
use crate::loops::{self as engine, Given, photo};
use crate::problem::{Json, Problem, Query};
use crate::views::{OrgRef, Page};
use anlan_core::calendar::{date_of, rfc3339, start_of};
use anlan_core::id::LoopId;
use anlan_core::loops::{self, Link, Loop, Open, REGISTRY, What};
use anlan_documents::{Cell, ListColumn};
use anlan_store::loops::{Counts, Find, Group, Now, Seen};
use anlan_store::{facts, log, loops as stored};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which loops.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindLoops {
    /// hazard, accident, report …
    kind: Option<String>,
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
    limit: Option<u32>,
    cursor: Option<String>,
    /// For counts: kind, state, grade, town, sector, org, handler, type, month, age, none.
    group: Option<String>,
    /// For the trend: so many months back.
    months: Option<u32>,
}

fn micro(at: Timestamp) -> i64 {
    at.as_microsecond()
}

impl FindLoops {
    fn find(&self, who: &Who, app: &App) -> Result<Find, Problem> {
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

fn key(what: &str, ask: &FindLoops, seen: &Seen, app: &App) -> String {
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

/// One group of a count.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct LoopGroup {
    key: String,
    label: String,
    label_en: String,
    open: u64,
    overdue: u64,
    closed: u64,
    ended: u64,
    total: u64,
    /// Days from opening to closing, the middle one.
    median_days: Option<f64>,
}

/// Counts of loops.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LoopSummary {
    groups: Vec<LoopGroup>,
    total: LoopGroup,
}

/// Counts loops I may see. Voided ones are not counted.
#[utoipa::path(get, path = "/api/v1/loops/summary", params(FindLoops), responses((status = 200, body = LoopSummary)))]
pub async fn summarise_loops(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindLoops>,
) -> Result<Json<LoopSummary>, Problem> {
    let by = match ask.group.as_deref() {
        Some("kind") => Group::Kind,
        Some("state") => Group::State,
        Some("grade") => Group::Grade,
        Some("town") => Group::Town,
        Some("sector") => Group::Sector,
        Some("org") => Group::Org,
        Some("handler") => Group::Handler,
        Some("type") => Group::Sort,
        Some("month") => Group::Month,
        Some("age") => Group::Age,
        None | Some("none") => Group::None,
        Some(_) => {
            return Err(Problem::bad(
                "没有这种分组",
                "`group` is kind, state, grade, town, sector, org, handler, type, month, age or none",
            ));
        }
    };
    let (find, seen, at) = (
        ask.find(&who, &app)?,
        engine::seen(&who.actor, &app),
        now(&app),
    );
    let (world, book) = (app.world(), app.book.clone());
    let kind = ask.kind.clone();
    let turn = format!("{:?}", find.turn);
    let summary = counted(
        &app,
        key(&format!("loop-summary {turn}"), &ask, &seen, &app),
        move |db| {
            let counts = stored::counts(db, &find, &seen, at, by)?;
            let whole = stored::counts(db, &find, &seen, at, Group::None)?;
            let group = |key: &str, label: (String, String), c: &Counts| LoopGroup {
                key: key.to_owned(),
                label: label.0,
                label_en: label.1,
                open: c.open,
                overdue: c.overdue,
                closed: c.closed,
                ended: c.ended,
                total: c.open + c.closed + c.ended,
                median_days: c.median_days,
            };
            let label = |key: &str| -> (String, String) {
                let both = |text: &str| (text.to_owned(), text.to_owned());
                let spec = kind.as_deref().and_then(loops::spec);
                let found = match by {
                    Group::Kind => loops::spec(key).map(|s| (s.zh.to_owned(), s.en.to_owned())),
                    Group::State => key.split_once('#').and_then(|(kind, state)| {
                        let state = loops::spec(kind)?.state(state)?;
                        Some((state.zh.to_owned(), state.en.to_owned()))
                    }),
                    Group::Grade => spec
                        .into_iter()
                        .chain(REGISTRY.iter().copied())
                        .flat_map(|s| s.grades)
                        .find(|w| w.code == key)
                        .map(|w| (w.zh.to_owned(), w.en.to_owned())),
                    Group::Town | Group::Org | Group::Handler => {
                        anlan_core::id::OrgId::try_from(key)
                            .ok()
                            .map(|id| both(&world.org_ref(&id).name))
                    }
                    Group::Sector => book
                        .sectors
                        .iter()
                        .find(|s| s.code == key)
                        .map(|s| (s.zh.clone(), s.en.clone())),
                    Group::Sort => book.words.iter().find(|w| w.code == key).map(|w| {
                        (
                            w.zh.clone(),
                            if w.en.is_empty() {
                                w.zh.clone()
                            } else {
                                w.en.clone()
                            },
                        )
                    }),
                    Group::Age => Some((format!("{key} 天"), format!("{key} days"))),
                    Group::Month | Group::None => Some(both(key)),
                };
                found.unwrap_or_else(|| {
                    if key.is_empty() {
                        ("未填".to_owned(), "Not given".to_owned())
                    } else {
                        both(key)
                    }
                })
            };
            Ok(LoopSummary {
                groups: counts
                    .iter()
                    .map(|(key, c)| group(key, label(key), c))
                    .collect(),
                total: whole
                    .get("")
                    .map(|c| group("", (String::new(), String::new()), c))
                    .unwrap_or_default(),
            })
        },
    )
    .await?;
    Ok(Json(summary))
}

/// One month of the trend.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TrendMonth {
    month: String,
    opened: u64,
    closed: u64,
    open_at_end: u64,
}

/// Months looked back at, at most.
const MONTHS_MAX: u32 = 60;

/// How many loops I may see were opened, closed, and open at the end of each month.
#[utoipa::path(get, path = "/api/v1/loops/trend", params(FindLoops), responses((status = 200, body = Vec<TrendMonth>)))]
pub async fn loop_trend(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindLoops>,
) -> Result<Json<Vec<TrendMonth>>, Problem> {
    let mut find = ask.find(&who, &app)?;
    // The past is asked for whatever is open now.
    find.stage = None;
    let (seen, at) = (engine::seen(&who.actor, &app), now(&app));
    let months = ask.months.unwrap_or(12).clamp(1, MONTHS_MAX);
    let today = date_of(app.now());
    let trend = counted(&app, key("loop-trend", &ask, &seen, &app), move |db| {
        let spans = stored::spans(db, &find, &seen, at)?;
        let first = today.first_of_month();
        let mut out = Vec::new();
        for back in (0..months).rev() {
            let from = first.checked_sub(i64::from(back).months()).unwrap_or(first);
            let to = from.checked_add(1.month()).unwrap_or(from);
            let (a, b) = (micro(start_of(from)), micro(start_of(to)).min(at.now + 1));
            let within = |at: i64| at >= a && at < b;
            out.push(TrendMonth {
                month: from.strftime("%Y-%m").to_string(),
                opened: spans.iter().filter(|(o, _)| within(*o)).count() as u64,
                closed: spans.iter().filter(|(_, c)| c.is_some_and(within)).count() as u64,
                open_at_end: spans
                    .iter()
                    .filter(|(o, c)| *o < b && c.is_none_or(|c| c >= b))
                    .count() as u64,
            });
        }
        Ok(out)
    })
    .await?;
    Ok(Json(trend))
}

/// A loop on the map.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoopPoint {
    id: String,
    kind: String,
    number: String,
    title: String,
    state: String,
    grade: Option<String>,
    light: String,
    lon: f64,
    lat: f64,
}

/// Most points of a map.
const POINTS_MAX: u32 = 10_000;

/// Loops I may see that have a place.
#[utoipa::path(get, path = "/api/v1/loops/map", params(FindLoops), responses((status = 200, body = Vec<LoopPoint>)))]
pub async fn loop_map(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindLoops>,
) -> Result<Json<Vec<LoopPoint>>, Problem> {
    let mut find = ask.find(&who, &app)?;
    find.within = find.within.or(Some([-180.0, -90.0, 180.0, 90.0]));
    let (seen, at) = (engine::seen(&who.actor, &app), now(&app));
    let points = app
        .read(move |db| {
            let (rows, _) = stored::list(db, &find, &seen, at, None, POINTS_MAX)?;
            Ok(rows
                .iter()
                .filter_map(|it| {
                    let place = it.place?;
                    Some(LoopPoint {
                        id: it.id.to_string(),
                        kind: it.kind.clone(),
                        number: it.number.clone(),
                        title: it.title.clone(),
                        state: it.state.clone(),
                        grade: it.grade.clone(),
                        light: views::light(it, at).into(),
                        lon: place.lon,
                        lat: place.lat,
                    })
                })
                .collect())
        })
        .await?;
    Ok(Json(points))
}

/// Most rows of an export.
const EXPORT_MAX: usize = 50_000;
/// Rows read at a time for an export.
const EXPORT_PAGE: u32 = 5_000;

/// Loops I may see, as Excel.
#[utoipa::path(get, path = "/api/v1/loops.xlsx", params(FindLoops), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn export_loops(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindLoops>,
) -> Result<Response, Problem> {
    let (find, seen, at, world) = (
        ask.find(&who, &app)?,
        engine::seen(&who.actor, &app),
        now(&app),
        app.world(),
    );
    let today = date_of(app.now());
    let sectors: BTreeMap<String, String> = app
        .book
        .sectors
        .iter()
        .map(|s| (s.code.clone(), s.zh.clone()))
        .collect();
    let name = ask
        .kind
        .as_deref()
        .and_then(loops::spec)
        .map_or("闭环", |spec| spec.zh);
    let title = format!("{name}清单");
    let sheet = title.clone();
    let bytes = app
        .read(move |db| {
            let mut cells: Vec<Vec<Cell>> = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let (rows, next) =
                    stored::list(db, &find, &seen, at, cursor.as_deref(), EXPORT_PAGE)?;
                for it in &rows {
                    let spec = it.spec();
                    let state = spec.and_then(|s| s.state(&it.state)).map_or("", |s| s.zh);
                    let grade = it
                        .grade
                        .as_ref()
                        .and_then(|g| spec?.grades.iter().find(|w| w.code == *g));
                    let org = |id: Option<&anlan_core::id::OrgId>| {
                        Cell::Text(id.map(|id| world.org_ref(id).name).unwrap_or_default())
                    };
                    let date = |at: Option<Timestamp>| {
                        at.map_or(Cell::Blank, |at| Cell::Date(date_of(at)))
                    };
                    cells.push(vec![
                        Cell::Text(it.number.clone()),
                        Cell::Text(spec.map_or("", |s| s.zh).into()),
                        Cell::Text(it.title.clone()),
                        org(Some(&it.org)),
                        org(it.town.as_ref()),
                        Cell::Text(
                            it.sector
                                .as_ref()
                                .and_then(|s| sectors.get(s))
                                .cloned()
                                .unwrap_or_default(),
                        ),
                        Cell::Text(grade.map_or("", |w| w.zh).into()),
                        Cell::Text(
                            if it.voided.is_some() {
                                "已作废"
                            } else {
                                state
                            }
                            .into(),
                        ),
                        org(it.party(loops::Party::Handler)),
                        date(Some(it.happened)),
                        date(Some(it.opened)),
                        date(it.next_due().map(|c| c.due)),
                        Cell::Text(light_zh(views::light(it, at)).into()),
                        date(it.closed),
                        Cell::Text(it.address.clone()),
                    ]);
                }
                match next {
                    Some(next) if cells.len() < EXPORT_MAX => cursor = Some(next),
                    _ => break,
                }
            }
            let columns: Vec<ListColumn> = [
                ("编号", 16),
                ("类别", 10),
                ("事项", 40),
                ("责任单位", 20),
                ("镇（街道）", 14),
                ("行业", 12),
                ("等级", 10),
                ("状态", 12),
                ("承办单位", 16),
                ("发生日期", 12),
                ("登记日期", 12),
                ("当前时限", 12),
                ("亮灯", 8),
                ("办结日期", 12),
                ("地点", 24),
            ]
            .into_iter()
            .map(|(title, width)| ListColumn {
                title: title.to_owned(),
                width: Some(f64::from(width)),
            })
            .collect();
            anlan_documents::list_xlsx(&sheet, &columns, &cells).map_err(Problem::ours)
        })
        .await?;
    Ok(download(&format!("{title} {today}.xlsx"), XLSX, bytes))
}

/// The official word for a light.
pub fn light_zh(light: &str) -> &'static str {
    match light {
        "overdue" => "逾期",
        "due-soon" => "临期",
        "in-time" => "正常",
        "closed" => "已办结",
        "ended" => "已终止",
        "voided" => "已作废",
        _ => "无时限",
    }
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
            if it.version != ask.expected_version {
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

fn readable(
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

/// Something that somebody knew or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceLine {
    pub(crate) at: String,
    pub(crate) recorded: String,
    pub(crate) late_minutes: i64,
    pub(crate) who: String,
    pub(crate) org: Option<OrgRef>,
    pub(crate) what_zh: String,
    pub(crate) what_en: String,
    pub(crate) fact: String,
    pub(crate) seq: u64,
}

/// What a rule asked, and whether it was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceRule {
    pub(crate) clock_zh: String,
    pub(crate) clock_en: String,
    pub(crate) org: Option<OrgRef>,
    pub(crate) rule: String,
    pub(crate) certain: bool,
    pub(crate) from: String,
    pub(crate) due: String,
    pub(crate) met: Option<String>,
    pub(crate) late: bool,
    pub(crate) stopped: bool,
    pub(crate) consequence_zh: String,
    pub(crate) consequence_en: String,
}

/// Responsibility trace-back (责任倒查).
#[derive(Debug, Serialize, ToSchema)]
pub struct Trace {
    #[serde(rename = "loop")]
    pub(crate) row: LoopRow,
    /// Who knew what, when.
    pub(crate) knew: Vec<TraceLine>,
    /// What the rule asked of each.
    pub(crate) asked: Vec<TraceRule>,
    /// What each did.
    pub(crate) did: Vec<TraceLine>,
}

/// Who knew what when, what the rule asked of each, what each did.
#[utoipa::path(get, path = "/api/v1/loops/{id}/trace", params(("id" = String, Path)), responses((status = 200, body = Trace), (status = 404, body = Problem)))]
pub async fn trace_loop(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Trace>, Problem> {
    Ok(Json(trace(&app, &who, &id).await?))
}

/// Works out the trace-back of a loop.
///
/// # Errors
/// When it is not there, or not his to see.
pub async fn trace(app: &Arc<App>, who: &Who, id: &str) -> Result<Trace, Problem> {
    let (key, at, world) = (id.to_owned(), now(app), app.world());
    let reader = who.actor.clone();
    let tree = app.world();
    let (it, story) = app
        .read(move |db| {
            let it = stored::get(db, &key)?
                .filter(|it| it.may_read(&reader, &tree.tree))
                .ok_or_else(Problem::missing)?;
            let story = facts::of_stream(db, &anlan_core::fact::stream::of_loop(&it.id))?;
            Ok((it, story))
        })
        .await?;
    let spec = it.spec();
    let (mut knew, mut did) = (Vec::new(), Vec::new());
    for fact in &story {
        let Ok(anlan_core::fact::Event::Loop(event)) = fact.event() else {
            continue;
        };
        let (what_zh, what_en) = views::words(&event, spec, &world, &app.book);
        let by_org = match &event {
            loops::Event::Opened(opened) => opened.by_org.clone(),
            loops::Event::Moved(moved) => moved.by_org.clone(),
            _ => fact
                .actor
                .as_ref()
                .and_then(|id| world.people.get(id))
                .and_then(|(person, _)| person.positions.first())
                .map(|position| position.org.clone()),
        };
        let line = |org: Option<OrgRef>, zh: String, en: String| TraceLine {
            at: rfc3339(fact.happened),
            recorded: rfc3339(fact.recorded),
            late_minutes: (fact.recorded.as_second() - fact.happened.as_second()) / 60,
            who: fact
                .actor
                .as_ref()
                .map_or_else(|| "系统".into(), |id| world.person_ref(id).name),
            org,
            what_zh: zh,
            what_en: en,
            fact: fact.id.to_string(),
            seq: fact.seq,
        };
        let own = by_org.as_ref().map(|id| world.org_ref(id));
        did.push(line(own.clone(), what_zh.clone(), what_en.clone()));
        // Whoever writes something down knows it; whoever it is handed to knows it from then on.
        match &event {
            loops::Event::Opened(opened) => {
                knew.push(line(
                    own,
                    format!("发现并登记：{}", opened.title),
                    format!("Found: {}", opened.title),
                ));
                for org in opened
                    .parties
                    .values()
                    .filter(|org| Some(*org) != by_org.as_ref())
                {
                    knew.push(line(
                        Some(world.org_ref(org)),
                        format!("收到：{}", opened.title),
                        format!("Received: {}", opened.title),
                    ));
                }
            }
            loops::Event::Moved(moved) => {
                let turn = spec.and_then(|s| s.state(&moved.to)).and_then(|s| s.turn);
                let next = turn.and_then(|(party, _)| it.party(party));
                if let Some(org) = next.filter(|org| Some(*org) != by_org.as_ref()) {
                    knew.push(line(
                        Some(world.org_ref(org)),
                        format!("收到：{what_zh}"),
                        format!("Received: {what_en}"),
                    ));
                }
            }
            loops::Event::FellDue { clock, .. } | loops::Event::Climbed { clock, .. } => {
                let party = spec.and_then(|s| s.clock(clock)).map(|c| c.party);
                if let Some(org) = party.and_then(|p| it.party(p)) {
                    knew.push(line(
                        Some(world.org_ref(org)),
                        format!("系统提示：{what_zh}"),
                        what_en,
                    ));
                }
            }
            _ => {}
        }
    }
    let when = Timestamp::from_microsecond(at.now).unwrap_or_default();
    let asked = it
        .clocks
        .iter()
        .map(|running| {
            let clock = spec.and_then(|s| s.clock(&running.code));
            let late = running.late(when);
            let rung = running
                .step
                .as_ref()
                .and_then(|id| app.book.ladder.iter().find(|s| s.id == *id));
            let (consequence_zh, consequence_en) = match (running.fell, rung) {
                (_, Some(step)) if late => (
                    format!("逾期，已启动“{}”", step.zh),
                    format!("Overdue; {}", step.en),
                ),
                (true, _) => (
                    "逾期，已记入台账".to_owned(),
                    "Overdue, and recorded".to_owned(),
                ),
                _ if late => ("超过时限完成".to_owned(), "Done late".to_owned()),
                _ => (String::new(), String::new()),
            };
            TraceRule {
                clock_zh: clock.map_or("", |c| c.zh).into(),
                clock_en: clock.map_or("", |c| c.en).into(),
                org: clock
                    .and_then(|c| it.party(c.party))
                    .map(|id| world.org_ref(id)),
                rule: running.rule.clone(),
                certain: running.certain,
                from: rfc3339(running.set),
                due: rfc3339(running.due),
                met: running.met.map(rfc3339),
                late,
                stopped: running.stopped,
                consequence_zh,
                consequence_en,
            }
        })
        .collect();
    Ok(Trace {
        row: views::row(&it, who, &world, at),
        knew,
        asked,
        did,
    })
}

/// Who else is at a loop just now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Presence {
    /// How pages call them.
    people: Vec<String>,
}

/// Seconds a page counts as open after it last said so.
const PRESENT_FOR: i64 = 40;

/// Says that I am at this loop, and hears who else is.
#[utoipa::path(post, path = "/api/v1/loops/{id}/presence", params(("id" = String, Path)), responses((status = 200, body = Presence), (status = 404, body = Problem)))]
pub async fn be_present(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Presence>, Problem> {
    let (key, world, reader) = (id.clone(), app.world(), who.actor.clone());
    app.read(move |db| {
        stored::get(db, &key)?
            .filter(|it| it.may_read(&reader, &world.tree))
            .map(|_| ())
            .ok_or_else(Problem::missing)
    })
    .await?;
    let now = app.now().as_second();
    let world = app.world();
    let mut present = app.present.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    present.retain(|_, until| *until > now);
    present.insert((id.clone(), who.person.id.clone()), now + PRESENT_FOR);
    let people = present
        .keys()
        .filter(|(at, person)| *at == id && *person != who.person.id)
        .map(|(_, person)| world.person_ref(person).name)
        .collect();
    Ok(Json(Presence { people }))
}

/// A loop that may be the same matter.
#[derive(Debug, Serialize, ToSchema)]
pub struct Similar {
    #[serde(flatten)]
    row: LoopRow,
    /// 0 to 100.
    likeness: u32,
    /// Metres between the two, where both have a place.
    metres: Option<u32>,
}

/// Days around which the same matter is looked for.
const SIMILAR_DAYS: i64 = 30;
/// Most that are looked at.
const SIMILAR_MAX: u32 = 500;

/// Loops of the same kind that are near in time, and in place or words: perhaps the same matter.
#[utoipa::path(get, path = "/api/v1/loops/{id}/similar", params(("id" = String, Path)), responses((status = 200, body = Vec<Similar>), (status = 404, body = Problem)))]
pub async fn similar_loops(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Vec<Similar>>, Problem> {
    use anlan_core::loops::Read as _;
    use anlan_core::loops::field::metres;
    let (seen, at, world) = (engine::seen(&who.actor, &app), now(&app), app.world());
    let similar = app
        .read(move |db| {
            let it = stored::get(db, &id)?
                .filter(|it| it.may_read(&who.actor, &world.tree))
                .ok_or_else(Problem::missing)?;
            let days = jiff::SignedDuration::from_hours(24 * SIMILAR_DAYS);
            let find = Find {
                kind: Some(it.kind.clone()),
                happened_from: it.happened.checked_sub(days).ok().map(micro),
                happened_to: it.happened.checked_add(days).ok().map(micro),
                sort: Some("-happened".into()),
                ..Find::default()
            };
            let (rows, _) = stored::list(db, &find, &seen, at, None, SIMILAR_MAX)?;
            let words = |it: &Loop| -> std::collections::BTreeSet<String> {
                anlan_store::search::grams(&format!("{} {}", it.title, it.values.text("what")))
                    .into_iter()
                    .collect()
            };
            let own = words(&it);
            let mut out: Vec<Similar> = rows
                .iter()
                .filter(|other| other.id != it.id && other.voided.is_none())
                .filter_map(|other| {
                    let theirs = words(other);
                    let shared = own.intersection(&theirs).count() as f64;
                    let all = own.union(&theirs).count().max(1) as f64;
                    let apart = it.place.zip(other.place).map(|(a, b)| metres(a, b));
                    let near = match apart {
                        Some(metres) => 1.0 - (metres / 1_000.0).min(1.0),
                        None => 0.0,
                    };
                    let same_org = if it.org == other.org { 1.0 } else { 0.0 };
                    // Half for the words, the other half for where it is and whom it concerns.
                    let likeness = 50.0 * shared / all + 30.0 * near + 20.0 * same_org;
                    (likeness >= 35.0).then(|| Similar {
                        row: views::row(other, &who, &world, at),
                        likeness: likeness.round() as u32,
                        metres: apart.map(|m| m.round() as u32),
                    })
                })
                .collect();
            out.sort_by_key(|s| std::cmp::Reverse(s.likeness));
            out.truncate(10);
            Ok(out)
        })
        .await?;
    Ok(Json(similar))
}

/// Why somebody looks at who reported.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LookReporter {
    reason: String,
}

/// Who reported. The look is a fact before the answer is given.
#[utoipa::path(post, path = "/api/v1/loops/{id}/reporter", params(("id" = String, Path)), request_body = LookReporter, responses((status = 200, body = crate::sealed::Identity), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn look_reporter(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Json(ask): Json<LookReporter>,
) -> Result<Json<crate::sealed::Identity>, Problem> {
    let actor = who.actor.clone();
    let sealed = app
        .write(move |w| {
            let it = readable(w, &id, &actor)?;
            let given = Given {
                actor: Some(&actor),
                happened: None,
                files: &[],
            };
            let what = What::Look {
                what: "reporter".into(),
                reason: ask.reason,
            };
            engine::act(w, &it, what, &given)?;
            Ok(anlan_store::secrets::of_loop(w.tx.db, &id)?.and_then(|secret| secret.sealed))
        })
        .await?;
    Ok(Json(match sealed {
        Some(sealed) => app.sealer.unseal(&sealed)?,
        None => crate::sealed::Identity {
            name: String::new(),
            contact: String::new(),
        },
    }))
}
