//! Duties: lists, counts, one with its story, and what may be done to it.

use crate::api::{LIMIT, LIMIT_MAX, idempotency_key};
use crate::app::{App, Writing};
use crate::auth::Who;
use crate::files::{XLSX, download};
use crate::problem::{Json, Problem, Query};
use crate::views::{
    self, DutyRow, DutyView, LightCounts, OrgRef, Page, RefusalView, Titles, group,
};
use anlan_core::authority::{Actor, Command as May, Reach};
use anlan_core::duty::{self, Command, Context, Duty, Light};
use anlan_core::fact::Entry;
use anlan_core::org::OrgKind;
use anlan_documents::{Cell, ListColumn};
use anlan_store::duties::{self, Day, Find, Group};
use anlan_store::{facts, files, log};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use utoipa::{IntoParams, ToSchema};

/// Which duties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindDuties {
    notice: Option<String>,
    article: Option<u32>,
    org: Option<String>,
    /// The org and all below it.
    under: Option<String>,
    /// in-time, due-soon, overdue, open (all three), done, done-late, standing, waived, cancelled.
    light: Option<String>,
    due_from: Option<String>,
    due_to: Option<String>,
    /// Words in the title.
    q: Option<String>,
    /// Only those of my own orgs.
    mine: Option<bool>,
    /// Only those with evidence that waits for review.
    waiting: Option<bool>,
    /// Open ones at this rung of the ladder.
    step: Option<String>,
    /// urgency (open ones first, nearest first), due, -due, org, article.
    sort: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
    /// For counts: article, org, town, month, light, step.
    group: Option<String>,
}

impl FindDuties {
    fn find(&self) -> Find {
        Find {
            notice: self.notice.clone(),
            article: self.article,
            org: self.org.clone(),
            under: self.under.clone(),
            light: self.light.clone(),
            due_from: self.due_from.clone(),
            due_to: self.due_to.clone(),
            q: self.q.clone(),
            waiting: self.waiting,
            step: self.step.clone(),
            sort: self.sort.clone(),
        }
    }

    /// What may be seen of what is asked for.
    fn reach(&self, actor: &Actor, app: &App) -> Vec<Reach> {
        let world = app.world();
        if self.mine == Some(true) {
            return actor
                .positions
                .iter()
                .filter(|p| actor.may(May::ReadDuties, &p.org, &world.tree))
                .map(|p| Reach::Org(p.org.clone()))
                .collect();
        }
        // What waits is seen by whoever sees the duty; whether it is his to review, the duty itself says.
        actor.reach(May::ReadDuties, &world.tree)
    }
}

/// Remembers what costs a walk over the table until the next fact.
///
/// # Errors
/// The work's own.
pub async fn counted<T: Serialize + serde::de::DeserializeOwned + Send + 'static>(
    app: &Arc<App>,
    key: String,
    work: impl FnOnce(&mut anlan_store::db::Db) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    /// Answers that are kept.
    const KEPT_MAX: usize = 512;
    let tip = app.tip.load(Ordering::Acquire);
    {
        let mut kept = app
            .counted
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.0 != tip || kept.1.len() > KEPT_MAX {
            *kept = (tip, BTreeMap::new());
        }
        if let Some(value) = kept.1.get(&key)
            && let Ok(value) = serde_json::from_value(value.clone())
        {
            return Ok(value);
        }
    }
    let value = app.read(work).await?;
    let mut kept = app
        .counted
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if kept.0 == tip
        && let Ok(json) = serde_json::to_value(&value)
    {
        kept.1.insert(key, json);
    }
    Ok(value)
}

fn key(what: &str, find: &FindDuties, reach: &[Reach], day: Day) -> String {
    let find = FindDuties {
        limit: None,
        cursor: None,
        sort: None,
        ..find.clone()
    };
    format!(
        "{what} {} {reach:?} {}",
        serde_json::to_string(&find).unwrap_or_default(),
        day.today
    )
}

/// Duties I may see.
#[utoipa::path(get, path = "/api/v1/duties", params(FindDuties), responses((status = 200, body = Page<DutyRow>)))]
pub async fn list_duties(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindDuties>,
) -> Result<Json<Page<DutyRow>>, Problem> {
    let (reach, day, find) = (ask.reach(&who.actor, &app), app.day(), ask.find());
    let limit = ask.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let total = {
        let (find, reach) = (find.clone(), reach.clone());
        counted(&app, key("total", &ask, &reach, day), move |db| {
            Ok(duties::total(db, &find, &reach, day)?)
        })
        .await?
    };
    let world = app.world();
    let page = app
        .read(move |db| {
            let (rows, next) = duties::list(db, &find, &reach, day, ask.cursor.as_deref(), limit)?;
            let titles = titles_for(db, &rows)?;
            let items = rows
                .iter()
                .map(|duty| views::duty_row(duty, &titles, &world, day))
                .collect();
            Ok(Page { items, next, total })
        })
        .await?;
    Ok(Json(page))
}

/// Titles of the notices that some duties belong to.
fn titles_for(db: &mut anlan_store::db::Db, duties: &[Duty]) -> Result<Titles, Problem> {
    let mut titles = Titles::new();
    for duty in duties {
        let id = duty.assigned.notice.as_str();
        if !titles.contains_key(id)
            && let Some((title, articles)) = anlan_store::notices::titles(db, id)?
        {
            titles.insert(id.to_owned(), (title, articles));
        }
    }
    Ok(titles)
}

/// One group of a count.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SummaryGroup {
    key: String,
    label: String,
    counts: LightCounts,
}

/// Counts by group and light.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    groups: Vec<SummaryGroup>,
    total: LightCounts,
}

/// Counts duties I may see.
#[utoipa::path(get, path = "/api/v1/duties/summary", params(FindDuties), responses((status = 200, body = Summary)))]
pub async fn summarise_duties(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindDuties>,
) -> Result<Json<Summary>, Problem> {
    let by = match ask.group.as_deref() {
        Some("org" | "town") => Group::Org,
        Some("month") => Group::Month,
        Some("step") => Group::Step,
        Some("light") | None => Group::None,
        _ => Group::Article,
    };
    let (reach, day, find) = (ask.reach(&who.actor, &app), app.day(), ask.find());
    let key = key("summary", &ask, &reach, day);
    let (world, towns) = (app.world(), ask.group.as_deref() == Some("town"));
    let ladder: BTreeMap<String, String> = app
        .book
        .ladder
        .iter()
        .map(|s| (s.id.clone(), s.zh.clone()))
        .collect();
    let summary = counted(&app, key, move |db| {
        let mut rows = duties::counts(db, &find, &reach, day, by)?;
        if towns {
            // What a village or enterprise owes is counted with its town.
            for row in &mut rows {
                if let Some(town) = row.0.as_str().try_into().ok().and_then(|id| {
                    world
                        .tree
                        .above(&id, OrgKind::Town)
                        .map(|t| t.id.to_string())
                }) {
                    row.0 = town;
                }
            }
        }
        let mut total = LightCounts::default();
        for (_, light, count) in &rows {
            total.add(*light, *count);
        }
        let titles = if by == Group::Article {
            views::titles(db)?
        } else {
            Titles::new()
        };
        let groups = group(rows).into_iter().map(|(key, counts)| {
            let label = match by {
                Group::Article => {
                    let (notice, no) = key.split_once('#').unwrap_or_default();
                    let title = titles
                        .get(notice)
                        .and_then(|(_, articles)| articles.get(&no.parse().unwrap_or_default()));
                    title.cloned().unwrap_or_else(|| key.clone())
                }
                Group::Org => key
                    .as_str()
                    .try_into()
                    .map_or_else(|_| key.clone(), |id| world.org_ref(&id).name),
                Group::Month if key.starts_with("9999") => "常态".to_owned(),
                Group::Step => ladder.get(&key).cloned().unwrap_or_default(),
                _ => key.clone(),
            };
            SummaryGroup { key, label, counts }
        });
        Ok(Summary {
            groups: groups.collect(),
            total,
        })
    })
    .await?;
    Ok(Json(summary))
}

/// Most rows of an export.
const EXPORT_MAX: usize = 50_000;
/// Rows read at a time for an export.
const EXPORT_PAGE: u32 = 5_000;

/// Duties I may see, as Excel.
#[utoipa::path(get, path = "/api/v1/duties.xlsx", params(FindDuties), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn export_duties(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindDuties>,
) -> Result<Response, Problem> {
    let (reach, day, find, world) = (
        ask.reach(&who.actor, &app),
        app.day(),
        ask.find(),
        app.world(),
    );
    let ladder: BTreeMap<String, String> = app
        .book
        .ladder
        .iter()
        .map(|s| (s.id.clone(), s.zh.clone()))
        .collect();
    let bytes = app
        .read(move |db| {
            let mut rows = Vec::new();
            let mut cursor = None;
            loop {
                let (page, next) =
                    duties::list(db, &find, &reach, day, cursor.as_deref(), EXPORT_PAGE)?;
                rows.extend(page);
                cursor = next;
                if cursor.is_none() || rows.len() >= EXPORT_MAX {
                    break;
                }
            }
            let titles = titles_for(db, &rows)?;
            let columns: Vec<ListColumn> = [
                "通知",
                "条",
                "条目",
                "责任单位",
                "任务",
                "期间",
                "完成时限",
                "状态",
                "完成",
                "应完成",
                "单位",
                "待审核",
                "已采取措施",
            ]
            .map(ListColumn::new)
            .into();
            let cells: Vec<Vec<Cell>> = rows
                .iter()
                .map(|duty| {
                    let row = views::duty_row(duty, &titles, &world, day);
                    vec![
                        Cell::Text(row.notice_title),
                        Cell::Number(f64::from(row.article)),
                        Cell::Text(row.article_title),
                        Cell::Text(row.org.name),
                        Cell::Text(row.title),
                        Cell::Text(row.period.label),
                        row.due.map_or(Cell::Blank, Cell::Date),
                        Cell::Text(light_zh(row.light).to_owned()),
                        Cell::Number(row.progress.done),
                        row.progress.needed.map_or(Cell::Blank, Cell::Number),
                        Cell::Text(row.progress.unit),
                        Cell::Number(f64::from(row.waiting)),
                        row.step.map_or(Cell::Blank, |step| {
                            Cell::Text(ladder.get(&step).cloned().unwrap_or(step))
                        }),
                    ]
                })
                .collect();
            anlan_documents::list_xlsx("责任清单", &columns, &cells).map_err(Problem::ours)
        })
        .await?;
    Ok(download(
        &format!("责任清单 {}.xlsx", day.today),
        XLSX,
        bytes,
    ))
}

/// The official word for a light.
pub fn light_zh(light: Light) -> &'static str {
    match light {
        Light::InTime => "正常",
        Light::DueSoon => "临期",
        Light::Overdue => "逾期",
        Light::Done => "已完成",
        Light::DoneLate => "逾期完成",
        Light::Standing => "常态",
        Light::Waived => "已免除",
        Light::Cancelled => "已撤销",
    }
}

async fn show(app: &Arc<App>, who: &Who, id: &str) -> Result<DutyView, Problem> {
    let key = id.to_owned();
    let (duty, story, titles, sources, sealed) = app
        .read(move |db| {
            let duty = duties::get(db, &key)?.ok_or_else(Problem::missing)?;
            let story = facts::of_stream(db, &anlan_core::fact::stream::duty(&duty.assigned.id))?;
            let titles = titles_for(db, std::slice::from_ref(&duty))?;
            let notice = anlan_store::notices::get(db, duty.assigned.notice.as_str())?;
            let sources = notice
                .and_then(|n| {
                    n.draft
                        .compiled
                        .duties
                        .iter()
                        .find(|d| d.id == duty.assigned.demand)
                        .map(|d| d.sources.clone())
                })
                .unwrap_or_default();
            let sealed = log::latest(db)?.map_or(0, |(size, _, _)| size);
            Ok((duty, story, titles, sources, sealed))
        })
        .await?;
    who.needs_on(May::ReadDuties, &duty.assigned.org, app)
        .map_err(|_| Problem::missing())?;
    let world = app.world();
    let story = story
        .iter()
        .map(|fact| views::fact(fact, sealed, &world, app, false))
        .collect();
    Ok(views::duty(&duty, story, &titles, sources, who, app))
}

/// A duty with its story and what may be done.
#[utoipa::path(get, path = "/api/v1/duties/{id}", params(("id" = String, Path)), responses((status = 200, body = DutyView), (status = 404, body = Problem)))]
pub async fn get_duty(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<DutyView>, Problem> {
    Ok(Json(show(&app, &who, &id).await?))
}

/// A command on a version that was seen.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CommandDuty {
    expected_version: u64,
    command: Command,
}

/// Decides a command and appends its facts.
fn act(
    w: &mut Writing<'_, '_>,
    who: &Who,
    duty: &Duty,
    command: Command,
    expected: Option<u64>,
) -> Result<(), Problem> {
    let world = w.app.world();
    let mut known = Vec::new();
    if let Command::FileEvidence { files: names, .. } = &command {
        for name in names.iter().take(duty::FILES_MAX + 1) {
            // A file counts only for the one who uploaded it: nobody hands in what he merely knows the hash of.
            if let Some((file, uploader)) = files::get(w.tx.db, name)?
                && uploader.as_deref() == Some(who.person.id.as_str())
            {
                known.push(file);
            }
        }
    }
    let context = Context {
        actor: &who.actor,
        now: w.now,
        tree: &world.tree,
        files: &known,
        chance: w.app.clock.chance(),
    };
    let events = duty
        .decide(command, &context)
        .map_err(|refusal| Problem::refusal("duty", refusal.words()))?;
    let mut version = expected;
    for event in events {
        w.append(
            &Entry::of_duty(&duty.assigned, event, Some(who.person.id.clone()), w.now),
            version,
        )?;
        version = version.map(|v| v + 1);
    }
    Ok(())
}

/// Does something to a duty.
#[utoipa::path(post, path = "/api/v1/duties/{id}/commands", params(("id" = String, Path)), request_body = CommandDuty, responses((status = 200, body = DutyView), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn command_duty(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(ask): Json<CommandDuty>,
) -> Result<Json<DutyView>, Problem> {
    let idempotency = idempotency_key(&headers)?;
    let request = format!(
        "command-duty {id} {}",
        serde_json::to_string(&ask).map_err(Problem::ours)?
    );
    let (author, at_id) = (who.clone(), id.clone());
    app.write(move |w| {
        let actor = author.actor.clone();
        w.once(&actor, idempotency.as_deref(), &request, |w| {
            let duty = duties::get(w.tx.db, &at_id)?.ok_or_else(Problem::missing)?;
            if !actor.may(May::ReadDuties, &duty.assigned.org, &w.app.world().tree) {
                return Err(Problem::missing());
            }
            act(w, &author, &duty, ask.command, Some(ask.expected_version))
        })
    })
    .await?;
    Ok(Json(show(&app, &who, &id).await?))
}

/// A command on many duties.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum BulkCommand {
    /// Remind.
    Remind {
        /// What to say.
        #[serde(default)]
        note: String,
    },
    /// Waive.
    Waive {
        /// Why.
        reason: String,
    },
    /// Accept all evidence that waits.
    AcceptAll {
        /// A word beside it.
        #[serde(default)]
        note: String,
    },
}

/// Many duties at once.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct BulkDuties {
    ids: Vec<String>,
    command: BulkCommand,
    /// Only say what would happen.
    #[serde(default)]
    preview: bool,
}

/// What happens to one of many.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    id: String,
    title: String,
    org: OrgRef,
    refusal: Option<RefusalView>,
}

/// What happens to many.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkReport {
    results: Vec<BulkResult>,
    /// How many were done.
    applied: u32,
}

/// Most duties in one bulk command.
const BULK_MAX: usize = 500;

/// Does something to many duties; those that refuse are named, the others are done.
#[utoipa::path(post, path = "/api/v1/duties/bulk", request_body = BulkDuties, responses((status = 200, body = BulkReport)))]
pub async fn bulk_duties(
    State(app): State<Arc<App>>,
    who: Who,
    Json(ask): Json<BulkDuties>,
) -> Result<Json<BulkReport>, Problem> {
    if ask.ids.is_empty() || ask.ids.len() > BULK_MAX {
        return Err(Problem::bad(
            &format!("请选择 1–{BULK_MAX} 项"),
            &format!("Choose 1 to {BULK_MAX} duties"),
        ));
    }
    let report = app
        .write(move |w| {
            let world = w.app.world();
            let mut report = BulkReport {
                results: Vec::new(),
                applied: 0,
            };
            for id in &ask.ids {
                let Some(duty) = duties::get(w.tx.db, id)?
                    .filter(|d| who.actor.may(May::ReadDuties, &d.assigned.org, &world.tree))
                else {
                    continue;
                };
                let commands: Vec<Command> = match &ask.command {
                    BulkCommand::Remind { note } => vec![Command::Remind { note: note.clone() }],
                    BulkCommand::Waive { reason } => vec![Command::Waive {
                        reason: reason.clone(),
                    }],
                    BulkCommand::AcceptAll { note } => duty
                        .evidence
                        .iter()
                        .filter(|e| e.state == duty::EvidenceState::Submitted)
                        .map(|e| Command::AcceptEvidence {
                            evidence: e.filed.id.clone(),
                            note: note.clone(),
                        })
                        .collect(),
                };
                let context = Context {
                    actor: &who.actor,
                    now: w.now,
                    tree: &world.tree,
                    files: &[],
                    chance: w.app.clock.chance(),
                };
                let tried: Result<Vec<_>, _> = commands
                    .into_iter()
                    .map(|command| duty.decide(command, &context))
                    .collect();
                let refusal = match tried {
                    Err(refusal) => Some(refusal.words()),
                    Ok(events) if events.is_empty() => Some((
                        "nothing-waits",
                        "没有待审核的佐证",
                        "No evidence waits for review",
                    )),
                    Ok(events) => {
                        if !ask.preview {
                            for event in events.into_iter().flatten() {
                                w.append(
                                    &Entry::of_duty(
                                        &duty.assigned,
                                        event,
                                        Some(who.person.id.clone()),
                                        w.now,
                                    ),
                                    None,
                                )?;
                            }
                            report.applied += 1;
                        }
                        None
                    }
                };
                report.results.push(BulkResult {
                    id: id.clone(),
                    title: duty.assigned.title.clone(),
                    org: world.org_ref(&duty.assigned.org),
                    refusal: refusal.map(RefusalView::from),
                });
            }
            Ok(report)
        })
        .await?;
    Ok(Json(report))
}
