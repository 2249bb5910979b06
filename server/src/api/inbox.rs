//! The inbox: what I must do, nearest first.

use crate::app::App;
use crate::auth::Who;
use crate::problem::{Json, Problem};
use crate::views::OrgRef;
use anlan_core::authority::{Command, Reach};
use anlan_core::calendar::rfc3339;
use anlan_core::duty::{EvidenceState, Light, Status};
use anlan_store::duties::{self, Find, Group};
use anlan_store::notices;
use axum::extract::State;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Something to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxItem {
    id: String,
    /// duty, returned, review, ladder, notice, loop.
    kind: &'static str,
    title: String,
    detail: String,
    org: OrgRef,
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// The moment it is due, where the hour counts.
    due_at: Option<String>,
    days_left: Option<i32>,
    light: Light,
    /// The portal's path.
    link: String,
    at: Option<String>,
}

/// How much there is to do.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct InboxCounts {
    /// What is listed here to be done, reviews left out.
    todo: u64,
    /// Duties with evidence that waits for my review.
    review: u64,
    /// Evidence sent back to us.
    returned: u64,
    overdue: u64,
    due_soon: u64,
}

/// The inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    items: Vec<InboxItem>,
    counts: InboxCounts,
}

/// Duties looked at for the inbox; the rest is a click away in the list.
const LOOKED_AT: u32 = 200;

/// What I must do, nearest first.
#[utoipa::path(get, path = "/api/v1/inbox", responses((status = 200, body = Inbox)))]
pub async fn inbox(State(app): State<Arc<App>>, who: Who) -> Result<Json<Inbox>, Problem> {
    let world = app.world();
    let day = app.day();
    let mine: Vec<Reach> = who
        .actor
        .positions
        .iter()
        .filter(|p| who.actor.may(Command::FileEvidence, &p.org, &world.tree))
        .map(|p| Reach::Org(p.org.clone()))
        .collect();
    let reviews = who.actor.reach(Command::ReviewEvidence, &world.tree);
    let drafts = who.needs(Command::CompileNotice, &app).is_ok();
    let ladder: std::collections::BTreeMap<String, String> = app
        .book
        .ladder
        .iter()
        .map(|s| (s.id.clone(), s.zh.clone()))
        .collect();
    let soon = app.book.soon();
    let (turns, seen, at) = (
        crate::api::loops::turns(&who, &app),
        crate::loops::seen(&who.actor, &app),
        crate::api::loops::now(&app),
    );
    let inbox = app
        .read(move |db| {
            let mut items = Vec::new();
            let mut counts = InboxCounts::default();
            let open = Find {
                light: Some("open".into()),
                ..Find::default()
            };
            for (_, light, count) in duties::counts(db, &open, &mine, day, Group::None)? {
                match light {
                    Light::Overdue => counts.overdue += count,
                    Light::DueSoon => counts.due_soon += count,
                    _ => {}
                }
            }
            let (rows, _) = duties::list(db, &open, &mine, day, None, LOOKED_AT)?;
            for duty in rows {
                let a = &duty.assigned;
                let light = duty.light(day.today, day.soon);
                let days_left = a
                    .due
                    .and_then(|due| day.today.until(due).ok())
                    .map(|span| span.get_days());
                let returned = duty
                    .evidence
                    .iter()
                    .rev()
                    .find(|e| e.state == EvidenceState::Returned && duty.waiting() == 0);
                // What waits for somebody else is not to do; what is far away neither, unless it was sent back.
                if duty.waiting() > 0
                    && light != Light::Overdue
                    && duty.assigned.measure.needed.unwrap_or(1.0) <= 1.0
                {
                    continue;
                }
                let (kind, detail) = match (returned, &duty.step) {
                    (Some(e), _) => {
                        counts.returned += 1;
                        (
                            "returned",
                            format!(
                                "佐证被退回：{}",
                                e.review
                                    .as_ref()
                                    .map(|r| r.note.as_str())
                                    .unwrap_or_default()
                            ),
                        )
                    }
                    (None, Some(step)) if light == Light::Overdue => (
                        "ladder",
                        format!("已启动“{}”", ladder.get(step).cloned().unwrap_or_default()),
                    ),
                    _ => ("duty", a.period.label.clone()),
                };
                if light == Light::InTime
                    && kind == "duty"
                    && days_left.is_some_and(|d| d > soon * 6)
                {
                    continue;
                }
                items.push(InboxItem {
                    id: a.id.to_string(),
                    kind,
                    title: a.title.clone(),
                    detail,
                    org: world.org_ref(&a.org),
                    due: a.due,
                    due_at: None,
                    days_left,
                    light,
                    link: format!("/duties/{}", a.id),
                    at: returned
                        .and_then(|e| e.review.as_ref())
                        .map(|r| rfc3339(r.at)),
                });
            }
            let waiting = Find {
                waiting: Some(true),
                sort: Some("due".into()),
                ..Find::default()
            };
            let (rows, _) = duties::list(db, &waiting, &reviews, day, None, LOOKED_AT)?;
            for duty in rows {
                let Some(evidence) = duty
                    .evidence
                    .iter()
                    .find(|e| e.state == EvidenceState::Submitted)
                else {
                    continue;
                };
                // The same answer as the button's: own work is not mine to review.
                if duty
                    .may(
                        "accept-evidence",
                        Some(evidence.filed.id.as_str()),
                        &who.actor,
                        &world.tree,
                    )
                    .is_err()
                {
                    continue;
                }
                let a = &duty.assigned;
                counts.review += 1;
                let days_left = a
                    .due
                    .and_then(|due| day.today.until(due).ok())
                    .map(|span| span.get_days());
                items.push(InboxItem {
                    id: format!("review-{}", a.id),
                    kind: "review",
                    title: a.title.clone(),
                    detail: format!("{}报送的佐证待审核", world.org_ref(&a.org).name),
                    org: world.org_ref(&a.org),
                    due: a.due,
                    due_at: None,
                    days_left: days_left.filter(|_| duty.status == Status::Open),
                    light: duty.light(day.today, day.soon),
                    link: format!("/duties/{}", a.id),
                    at: Some(rfc3339(evidence.filed_at)),
                });
            }
            if drafts {
                for notice in notices::list(db)? {
                    let detail = match (notice.state.as_str(), notice.amended) {
                        ("draft", _) => "待校正发布",
                        ("published", true) => "有修改待发布",
                        _ => continue,
                    };
                    let Some(org) = who.org() else { continue };
                    items.push(InboxItem {
                        id: notice.id.clone(),
                        kind: "notice",
                        title: notice.draft.compiled.title.clone(),
                        detail: detail.into(),
                        org: world.org_ref(org),
                        due: None,
                        due_at: None,
                        days_left: None,
                        light: Light::Standing,
                        link: format!("/notices/{}", notice.id),
                        at: Some(crate::views::instant(notice.uploaded)),
                    });
                }
            }
            // Loops in which it is our move.
            let mine = anlan_store::loops::Find {
                stage: Some("open".into()),
                turn: Some(turns),
                ..anlan_store::loops::Find::default()
            };
            let (rows, _) = anlan_store::loops::list(db, &mine, &seen, at, None, LOOKED_AT)?;
            for it in rows {
                let light = match crate::loops::views::light(&it, at) {
                    "overdue" => {
                        counts.overdue += 1;
                        Light::Overdue
                    }
                    "due-soon" => {
                        counts.due_soon += 1;
                        Light::DueSoon
                    }
                    "in-time" => Light::InTime,
                    _ => Light::Standing,
                };
                let spec = it.spec();
                let state = spec.and_then(|s| s.state(&it.state)).map_or("", |s| s.zh);
                let due = it.next_due().map(|clock| clock.due);
                let day_due = due.map(anlan_core::calendar::date_of);
                items.push(InboxItem {
                    id: it.id.to_string(),
                    kind: "loop",
                    title: it.title.clone(),
                    detail: format!("{}·{state}（{}）", spec.map_or("", |s| s.zh), it.number),
                    org: world.org_ref(&it.org),
                    due: day_due,
                    due_at: due.map(rfc3339),
                    days_left: day_due
                        .and_then(|due| day.today.until(due).ok())
                        .map(|span| span.get_days()),
                    light,
                    link: format!("/loops/{}", it.id),
                    at: Some(rfc3339(it.opened)),
                });
            }
            counts.todo = items.iter().filter(|item| item.kind != "review").count() as u64;
            items.sort_by(|a, b| {
                let key = |item: &InboxItem| {
                    (
                        item.due.is_none(),
                        item.due,
                        item.due_at.clone().unwrap_or_default(),
                    )
                };
                key(a).cmp(&key(b)).then(a.kind.cmp(b.kind))
            });
            Ok(Inbox { items, counts })
        })
        .await?;
    Ok(Json(inbox))
}
