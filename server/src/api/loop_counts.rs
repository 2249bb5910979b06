//! Loops in numbers, on the map and as Excel: the same filters as the list, so that every number opens its list.

use crate::api::duties::counted;
use crate::api::loops::{FindLoops, key, micro, now};
use crate::app::App;
use crate::auth::Who;
use crate::files::{XLSX, download};
use crate::loops::{self as engine, views};
use crate::problem::{Json, Problem, Query};
use anlan_core::calendar::{date_of, start_of};
use anlan_core::loops::{self, REGISTRY};
use anlan_documents::{Cell, ListColumn};
use anlan_store::loops::{self as stored, Counts, Group};
use axum::extract::State;
use axum::response::Response;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

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
