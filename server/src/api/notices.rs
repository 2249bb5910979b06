//! Notices: in as a file, read, corrected, published, amended, withdrawn.

use crate::api::idempotency_key;
use crate::app::App;
use crate::auth::Who;
use crate::import;
use crate::problem::{Json, Problem};
use crate::views::{Action, LightCounts, OrgRef, Page, RefusalView, group, instant};
use anlan_core::authority::Command;
use anlan_core::calendar::date_of;
use anlan_core::draft::Edit;
use anlan_core::duty::{self, Assigned, FileRef, Part};
use anlan_core::expand::{self, Changes};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::NoticeId;
use anlan_core::notice::{Compiled, MeasureKind};
use anlan_store::duties::Group;
use anlan_store::{duties, files, notices};
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// A notice in a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeRow {
    id: String,
    title: String,
    number: Option<String>,
    issuer: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    year: Option<i16>,
    /// draft, published, withdrawn.
    state: String,
    articles: u64,
    demands: u64,
    duties: u64,
    uploaded_at: String,
    published_at: Option<String>,
    light_counts: LightCounts,
    version: u64,
}

/// Notices, newest first. Drafts are seen by those who make them.
#[utoipa::path(get, path = "/api/v1/notices", responses((status = 200, body = Page<NoticeRow>)))]
pub async fn list_notices(
    State(app): State<Arc<App>>,
    who: Who,
) -> Result<Json<Page<NoticeRow>>, Problem> {
    who.needs(Command::ReadNotices, &app)?;
    let world = app.world();
    let reach = who.actor.reach(Command::ReadDuties, &world.tree);
    let drafts = who.needs(Command::CompileNotice, &app).is_ok();
    let day = app.day();
    let items: Vec<NoticeRow> = app
        .read(move |db| {
            let counts = duties::counts(db, &duties::Find::default(), &reach, day, Group::Article)?;
            let mut lights: BTreeMap<String, LightCounts> = BTreeMap::new();
            for (key, light, count) in counts {
                let notice = key.split('#').next().unwrap_or_default().to_owned();
                lights.entry(notice).or_default().add(light, count);
            }
            Ok(notices::list(db)?
                .into_iter()
                .filter(|notice| drafts || notice.state != "draft")
                .map(|notice| {
                    let compiled = &notice.draft.compiled;
                    let light_counts = lights.remove(&notice.id).unwrap_or_default();
                    NoticeRow {
                        title: compiled.title.clone(),
                        number: compiled.number.clone(),
                        issuer: compiled.issuer.clone(),
                        date: compiled.date,
                        year: compiled.year,
                        articles: compiled.articles.len() as u64,
                        demands: notice.draft.demands().count() as u64,
                        duties: light_counts.total,
                        uploaded_at: instant(notice.uploaded),
                        published_at: notice.published.map(instant),
                        state: notice.state,
                        version: notice.version,
                        id: notice.id,
                        light_counts,
                    }
                })
                .collect())
        })
        .await?;
    Ok(Json(Page {
        total: items.len() as u64,
        items,
        next: None,
    }))
}

/// The file of a notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeFile {
    #[serde(flatten)]
    file: FileRef,
    /// md, txt, docx, pdf, html.
    format: String,
}

/// Who owes a demand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Owners)]
pub struct OwnersView {
    orgs: Vec<OrgRef>,
    lead: Vec<OrgRef>,
    /// Each of these owes it too (每个村…), how many.
    each: u64,
    unresolved: Vec<String>,
    by_hand: bool,
}

/// A notice whole.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    id: String,
    /// draft, published, withdrawn.
    state: String,
    version: u64,
    file: NoticeFile,
    /// The text as read; spans count its Unicode scalar values.
    text: String,
    compiled: Compiled,
    /// Owners by demand.
    owners: BTreeMap<String, OwnersView>,
    /// Reasons by rejected demand.
    rejected: BTreeMap<String, String>,
    /// Edited since it was published last.
    amended: bool,
    published_at: Option<String>,
    actions: Vec<Action>,
}

fn view(notice: notices::Notice, who: &Who, app: &App) -> NoticeView {
    let world = app.world();
    let refs =
        |ids: &[anlan_core::id::OrgId]| ids.iter().map(|id| world.org_ref(id)).collect::<Vec<_>>();
    let owners = notice
        .draft
        .compiled
        .duties
        .iter()
        .map(|demand| {
            let owners = expand::owners(&notice.draft, demand, &world.tree);
            let view = OwnersView {
                orgs: refs(&owners.orgs),
                lead: refs(&owners.lead),
                each: owners.each.len() as u64,
                unresolved: owners.unresolved,
                by_hand: owners.by_hand,
            };
            (demand.id.clone(), view)
        })
        .collect();
    let permitted = |command| {
        if who.actor.may_somewhere(command, &world.tree) {
            Ok(())
        } else {
            Err(duty::Refusal::NotPermitted.words())
        }
    };
    let withdrawn = ("withdrawn", "通知已撤回", "The notice was withdrawn");
    let unless = |bad: bool, why| if bad { Err(why) } else { Ok(()) };
    let is_withdrawn = notice.state == "withdrawn";
    let nothing_new = notice.state == "published" && !notice.amended;
    let actions = [
        (
            "edit",
            permitted(Command::CompileNotice).and(unless(is_withdrawn, withdrawn)),
        ),
        (
            "publish",
            permitted(Command::PublishNotice)
                .and(unless(is_withdrawn, withdrawn))
                .and(unless(
                    nothing_new,
                    (
                        "nothing-new",
                        "没有待发布的修改",
                        "Nothing was changed since it was published",
                    ),
                )),
        ),
        (
            "withdraw",
            permitted(Command::PublishNotice)
                .and(unless(is_withdrawn, withdrawn))
                .and(unless(
                    notice.state == "draft",
                    ("not-published", "尚未发布", "It is not published"),
                )),
        ),
    ];
    NoticeView {
        actions: actions
            .into_iter()
            .map(|(name, result)| Action {
                name: name.into(),
                refusal: result.err().map(RefusalView::from),
            })
            .collect(),
        id: notice.id,
        state: notice.state,
        version: notice.version,
        file: NoticeFile {
            file: notice.file,
            format: notice.format,
        },
        text: notice.text,
        rejected: notice.draft.rejected,
        compiled: notice.draft.compiled,
        owners,
        amended: notice.amended,
        published_at: notice.published.map(instant),
    }
}

async fn known(app: &Arc<App>, who: &Who, id: &str) -> Result<notices::Notice, Problem> {
    who.needs(Command::ReadNotices, app)?;
    let id = id.to_owned();
    let notice = app
        .read(move |db| Ok(notices::get(db, &id)?))
        .await?
        .ok_or_else(Problem::missing)?;
    if notice.state == "draft" && who.needs(Command::CompileNotice, app).is_err() {
        return Err(Problem::missing());
    }
    Ok(notice)
}

/// Largest notice file, in bytes.
pub const FILE_MAX: usize = 32 * 1024 * 1024;

/// Takes in a notice: reads it, and keeps the file.
#[utoipa::path(post, path = "/api/v1/notices", request_body(content = String, content_type = "multipart/form-data"), responses((status = 200, body = NoticeView), (status = 422, body = Problem)))]
pub async fn upload_notice(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Json<NoticeView>, Problem> {
    who.needs(Command::CompileNotice, &app)?;
    let key = idempotency_key(&headers)?;
    let (name, bytes) = import::file_of(&mut form, FILE_MAX).await?;
    let store = app.store.clone();
    let (file, format, text, compiled) = tokio::task::spawn_blocking(move || {
        let text = anlan_notice::read(&bytes, Some(&name)).map_err(|error| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                &format!("notice/{}", error.code()),
                &error.to_string(),
                &error.detail_en(),
            )
        })?;
        let compiled = anlan_notice::compile(&text);
        let format = text.format.as_str().to_owned();
        let media_type = crate::files::sniff(&bytes[..bytes.len().min(8_192)], &name, "text/plain")
            .unwrap_or("application/octet-stream")
            .to_owned();
        let sha256 = store.keep_bytes(&bytes)?;
        Ok::<_, Problem>((
            FileRef {
                sha256,
                name,
                size: bytes.len() as u64,
                media_type,
            },
            format,
            text.plain,
            compiled,
        ))
    })
    .await
    .map_err(Problem::ours)??;
    let request = format!("upload-notice {}", file.sha256);
    let author = who.clone();
    let id = app
        .write(move |w| {
            let actor = author.actor.clone();
            w.once(&actor, key.as_deref(), &request, |w| {
                let id = NoticeId::make(w.now.as_millisecond() as u64, w.app.clock.chance());
                files::put(w.tx.db, &file, Some(author.person.id.as_str()), w.now)?;
                let event = Event::NoticeUploaded {
                    id: id.clone(),
                    file,
                    format,
                    text,
                    compiled: Box::new(compiled),
                };
                let at = w.now;
                w.append(
                    &Entry::new(
                        stream::notice(&id),
                        event,
                        Some(author.person.id.clone()),
                        author.org().cloned(),
                        at,
                    ),
                    Some(0),
                )?;
                Ok(id.to_string())
            })
        })
        .await?;
    let notice = known(&app, &who, &id).await?;
    Ok(Json(view(notice, &who, &app)))
}

/// A notice.
#[utoipa::path(get, path = "/api/v1/notices/{id}", params(("id" = String, Path)), responses((status = 200, body = NoticeView), (status = 404, body = Problem)))]
pub async fn get_notice(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<NoticeView>, Problem> {
    let notice = known(&app, &who, &id).await?;
    Ok(Json(view(notice, &who, &app)))
}

/// A correction of a version that was seen.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EditNotice {
    expected_version: u64,
    edit: Edit,
}

fn gone(state: &str) -> Result<(), Problem> {
    if state == "withdrawn" {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "notice/withdrawn",
            "通知已撤回，不能再改",
            "The notice was withdrawn",
        ));
    }
    Ok(())
}

/// Corrects what was read.
#[utoipa::path(post, path = "/api/v1/notices/{id}/edits", params(("id" = String, Path)), request_body = EditNotice, responses((status = 200, body = NoticeView), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn edit_notice(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(ask): Json<EditNotice>,
) -> Result<Json<NoticeView>, Problem> {
    who.needs(Command::CompileNotice, &app)?;
    let key = idempotency_key(&headers)?;
    let request = format!(
        "edit-notice {id} {}",
        serde_json::to_string(&ask).map_err(Problem::ours)?
    );
    let (author, at_id) = (who.clone(), id.clone());
    app.write(move |w| {
        let actor = author.actor.clone();
        w.once(&actor, key.as_deref(), &request, |w| {
            let notice = notices::get(w.tx.db, &at_id)?.ok_or_else(Problem::missing)?;
            gone(&notice.state)?;
            let text: Vec<char> = notice.text.chars().collect();
            if let Edit::Correct {
                owners: Some(owners),
                ..
            } = &ask.edit
            {
                let world = w.app.world();
                if owners.len() > 1_000
                    || owners
                        .iter()
                        .any(|id| world.tree.get(id).is_none_or(|org| org.closed))
                {
                    return Err(Problem::bad(
                        "责任单位中有不存在或已停用的单位",
                        "One of the owners does not exist or is closed",
                    ));
                }
            }
            notice
                .draft
                .edit(&ask.edit, &text)
                .map_err(|refusal| Problem::refusal("notice", refusal.words()))?;
            let id = NoticeId::try_from(at_id.as_str()).map_err(|_| Problem::missing())?;
            let event = Event::NoticeEdited {
                id: id.clone(),
                edit: Box::new(ask.edit),
            };
            let at = w.now;
            let entry = Entry::new(
                stream::notice(&id),
                event,
                Some(author.person.id.clone()),
                author.org().cloned(),
                at,
            );
            w.append(&entry, Some(ask.expected_version))?;
            Ok(())
        })
    })
    .await?;
    let notice = known(&app, &who, &id).await?;
    Ok(Json(view(notice, &who, &app)))
}

/// What publishing would do to a demand.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedDemand {
    id: String,
    action: String,
    measure: MeasureKind,
    owners: Vec<OrgRef>,
    /// Duties that come of it.
    count: u64,
    periods: Vec<String>,
}

/// A name nobody is known by.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unresolved {
    demand: String,
    name: String,
}

/// A duty that would come, change or go.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanChange {
    duty: Option<String>,
    demand: String,
    title: String,
    org: OrgRef,
    period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// Duties that would come, change or go.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanChanges {
    added: Vec<PlanChange>,
    changed: Vec<PlanChange>,
    cancelled: Vec<PlanChange>,
}

/// What publishing would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    /// Duties after publishing.
    assigned: u64,
    /// By kind of org.
    by_org_kind: BTreeMap<String, u64>,
    demands: Vec<PlannedDemand>,
    unresolved: Vec<Unresolved>,
    /// Against what is there; shown at most 500 of each.
    changes: PlanChanges,
    /// How many would come, change and go in all.
    added: u64,
    changed: u64,
    cancelled: u64,
}

/// Most changes that are listed.
const CHANGES_MAX: usize = 500;

fn planned(
    notice: &notices::Notice,
    app: &App,
    now: jiff::Timestamp,
) -> Result<Vec<Assigned>, Problem> {
    let id = NoticeId::try_from(notice.id.as_str()).map_err(Problem::ours)?;
    // An amendment speaks of the same periods as the first publication did.
    let from = notice
        .published
        .filter(|_| notice.generation > 0)
        .and_then(|at| jiff::Timestamp::from_microsecond(at).ok())
        .unwrap_or(now);
    let all = expand::expand(
        &id,
        &notice.draft,
        &app.world().tree,
        &app.book,
        date_of(from),
        notice.generation + 1,
    );
    if all.len() > DUTIES_MAX {
        return Err(Problem::bad(
            &format!("将分解出 {} 项责任，超过上限 {DUTIES_MAX}", all.len()),
            "The notice would lay down too many duties; narrow the owners or the frequency of its demands",
        ));
    }
    Ok(all)
}

/// Most duties that one notice may lay down.
const DUTIES_MAX: usize = 200_000;

/// What publishing would do, before it is done.
#[utoipa::path(get, path = "/api/v1/notices/{id}/plan", params(("id" = String, Path)), responses((status = 200, body = Plan)))]
pub async fn plan_notice(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Plan>, Problem> {
    who.needs(Command::CompileNotice, &app)?;
    let notice = known(&app, &who, &id).await?;
    let all = planned(&notice, &app, app.now())?;
    let world = app.world();
    let mut by_org_kind: BTreeMap<String, u64> = BTreeMap::new();
    let mut by_demand: BTreeMap<&str, (u64, Vec<String>)> = BTreeMap::new();
    for assigned in &all {
        *by_org_kind
            .entry(world.org_ref(&assigned.org).kind.as_str().to_owned())
            .or_default() += 1;
        let entry = by_demand.entry(&assigned.demand).or_default();
        entry.0 += 1;
        if !entry.1.contains(&assigned.period.label) {
            entry.1.push(assigned.period.label.clone());
        }
    }
    let mut unresolved = Vec::new();
    let demands = notice
        .draft
        .demands()
        .map(|demand| {
            let owners = expand::owners(&notice.draft, demand, &world.tree);
            unresolved.extend(owners.unresolved.iter().map(|name| Unresolved {
                demand: demand.id.clone(),
                name: name.clone(),
            }));
            let (count, periods) = by_demand
                .get(demand.id.as_str())
                .cloned()
                .unwrap_or_default();
            PlannedDemand {
                id: demand.id.clone(),
                action: demand.action.clone(),
                measure: demand.measure,
                owners: owners.orgs.iter().map(|id| world.org_ref(id)).collect(),
                count,
                periods,
            }
        })
        .collect();
    let assigned = all.len() as u64;
    let notice_id = notice.id.clone();
    let there: Vec<Assigned> = app
        .read(move |db| Ok(duties::of_notice(db, &notice_id)?))
        .await?
        .into_iter()
        .map(|d| d.assigned)
        .collect();
    let changes = expand::compare(there, all);
    let change = |a: &Assigned, duty: bool| PlanChange {
        duty: duty.then(|| a.id.to_string()),
        demand: a.demand.clone(),
        title: a.title.clone(),
        org: world.org_ref(&a.org),
        period: a.period.label.clone(),
        before: None,
        after: None,
    };
    let words = |a: &Assigned| {
        let due = a.due.map_or("常态".to_owned(), |due| due.to_string());
        let needed = a
            .measure
            .needed
            .map(|n| format!("，{n} {}", a.measure.unit))
            .unwrap_or_default();
        format!("{}（{due}{needed}）", a.title)
    };
    Ok(Json(Plan {
        assigned,
        by_org_kind,
        demands,
        unresolved,
        added: changes.added.len() as u64,
        changed: changes.changed.len() as u64,
        cancelled: changes.cancelled.len() as u64,
        changes: PlanChanges {
            added: changes
                .added
                .iter()
                .filter(|a| a.part != Part::Each || a.period.label.is_empty())
                .take(CHANGES_MAX)
                .map(|a| change(a, false))
                .collect(),
            changed: changes
                .changed
                .iter()
                .take(CHANGES_MAX)
                .map(|(old, new)| PlanChange {
                    before: Some(words(old)),
                    after: Some(words(new)),
                    ..change(new, true)
                })
                .collect(),
            cancelled: changes
                .cancelled
                .iter()
                .take(CHANGES_MAX)
                .map(|a| change(a, true))
                .collect(),
        },
    }))
}

/// A version that was seen.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PublishNotice {
    expected_version: u64,
}

/// Publishes a notice, or its amendments: duties come, change and go, each by a fact of its own.
#[utoipa::path(post, path = "/api/v1/notices/{id}/publish", params(("id" = String, Path)), request_body = PublishNotice, responses((status = 200, body = NoticeView), (status = 409, body = Problem)))]
pub async fn publish_notice(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(ask): Json<PublishNotice>,
) -> Result<Json<NoticeView>, Problem> {
    who.needs(Command::PublishNotice, &app)?;
    let key = idempotency_key(&headers)?;
    let request = format!("publish-notice {id} {}", ask.expected_version);
    let (author, at_id) = (who.clone(), id.clone());
    app.write(move |w| {
        let actor = author.actor.clone();
        w.once(&actor, key.as_deref(), &request, |w| {
            let notice = notices::get(w.tx.db, &at_id)?.ok_or_else(Problem::missing)?;
            gone(&notice.state)?;
            if notice.state == "published" && !notice.amended {
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    "notice/nothing-new",
                    "没有待发布的修改",
                    "Nothing was changed since it was published",
                ));
            }
            let all = planned(&notice, w.app, w.now)?;
            if all.is_empty() {
                return Err(Problem::bad(
                    "没有可分解的责任，请先核对责任单位",
                    "No duty would come of it; check the owners of its demands",
                ));
            }
            let there = duties::of_notice(w.tx.db, &at_id)?
                .into_iter()
                .map(|d| d.assigned);
            let Changes {
                added,
                changed,
                cancelled,
            } = expand::compare(there, all);
            let id = NoticeId::try_from(at_id.as_str()).map_err(|_| Problem::missing())?;
            let event = Event::NoticePublished {
                id: id.clone(),
                generation: notice.generation + 1,
                assigned: added.len() as u32,
                changed: changed.len() as u32,
                cancelled: cancelled.len() as u32,
            };
            let (at, by) = (w.now, Some(author.person.id.clone()));
            w.append(
                &Entry::new(
                    stream::notice(&id),
                    event,
                    by.clone(),
                    author.org().cloned(),
                    at,
                ),
                Some(ask.expected_version),
            )?;
            let events = added
                .into_iter()
                .map(|a| (a.clone(), duty::Event::Assigned(a)))
                .chain(
                    changed
                        .into_iter()
                        .map(|(_, new)| (new.clone(), duty::Event::Changed(new))),
                )
                .chain(cancelled.into_iter().map(|a| {
                    (
                        a,
                        duty::Event::Cancelled {
                            reason: "通知修订后不再要求".into(),
                        },
                    )
                }));
            for (assigned, event) in events {
                w.append(&Entry::of_duty(&assigned, event, by.clone(), at), None)?;
            }
            Ok(())
        })
    })
    .await?;
    let notice = known(&app, &who, &id).await?;
    Ok(Json(view(notice, &who, &app)))
}

/// A withdrawal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct WithdrawNotice {
    expected_version: u64,
    reason: String,
}

/// Withdraws a notice; its duties are cancelled, their history stays.
#[utoipa::path(post, path = "/api/v1/notices/{id}/withdraw", params(("id" = String, Path)), request_body = WithdrawNotice, responses((status = 200, body = NoticeView), (status = 409, body = Problem)))]
pub async fn withdraw_notice(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(ask): Json<WithdrawNotice>,
) -> Result<Json<NoticeView>, Problem> {
    who.needs(Command::PublishNotice, &app)?;
    let key = idempotency_key(&headers)?;
    let request = format!(
        "withdraw-notice {id} {}",
        serde_json::to_string(&ask).map_err(Problem::ours)?
    );
    let reason = ask.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > duty::TEXT_MAX {
        return Err(Problem::refusal("notice", duty::Refusal::NoReason.words()));
    }
    let (author, at_id) = (who.clone(), id.clone());
    app.write(move |w| {
        let actor = author.actor.clone();
        w.once(&actor, key.as_deref(), &request, |w| {
            let notice = notices::get(w.tx.db, &at_id)?.ok_or_else(Problem::missing)?;
            gone(&notice.state)?;
            if notice.state == "draft" {
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    "notice/not-published",
                    "尚未发布，无需撤回",
                    "It is not published",
                ));
            }
            let id = NoticeId::try_from(at_id.as_str()).map_err(|_| Problem::missing())?;
            let event = Event::NoticeWithdrawn {
                id: id.clone(),
                reason: reason.clone(),
            };
            let (at, by) = (w.now, Some(author.person.id.clone()));
            w.append(
                &Entry::new(
                    stream::notice(&id),
                    event,
                    by.clone(),
                    author.org().cloned(),
                    at,
                ),
                Some(ask.expected_version),
            )?;
            for duty in duties::of_notice(w.tx.db, &at_id)? {
                let event = duty::Event::Cancelled {
                    reason: format!("通知撤回：{reason}"),
                };
                w.append(&Entry::of_duty(&duty.assigned, event, by.clone(), at), None)?;
            }
            Ok(())
        })
    })
    .await?;
    let notice = known(&app, &who, &id).await?;
    Ok(Json(view(notice, &who, &app)))
}

/// An article with its lights.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleSummary {
    article: u32,
    title: String,
    counts: LightCounts,
}

/// The articles of a notice with the lights of their duties, as far as I may see them.
#[utoipa::path(get, path = "/api/v1/notices/{id}/articles", params(("id" = String, Path)), responses((status = 200, body = Vec<ArticleSummary>)))]
pub async fn notice_articles(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Vec<ArticleSummary>>, Problem> {
    let notice = known(&app, &who, &id).await?;
    let reach = who.actor.reach(Command::ReadDuties, &app.world().tree);
    let day = app.day();
    let find = duties::Find {
        notice: Some(id.clone()),
        ..duties::Find::default()
    };
    let mut counts = group(
        app.read(move |db| Ok(duties::counts(db, &find, &reach, day, Group::Article)?))
            .await?,
    );
    Ok(Json(
        notice
            .draft
            .compiled
            .articles
            .iter()
            .map(|a| ArticleSummary {
                article: a.no,
                title: a.title.clone(),
                counts: counts.remove(&format!("{id}#{}", a.no)).unwrap_or_default(),
            })
            .collect(),
    ))
}
