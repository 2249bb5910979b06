//! One search over everything.

use crate::app::App;
use crate::auth::Who;
use crate::problem::{Json, Problem, Query};
use anlan_core::authority::{Command, Reach};
use anlan_core::loops::REGISTRY;
use anlan_store::search;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AskSearch {
    q: String,
    limit: Option<u32>,
}

/// Something found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    /// duty, notice, article, org, person, thing, loop.
    kind: String,
    id: String,
    title: String,
    detail: String,
    /// The portal's path.
    link: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hits {
    items: Vec<Hit>,
}

/// Searches everything I may see.
#[utoipa::path(get, path = "/api/v1/search", params(AskSearch), responses((status = 200, body = Hits)))]
pub async fn search(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<AskSearch>,
) -> Result<Json<Hits>, Problem> {
    let world = app.world();
    let q: String = ask.q.chars().take(100).collect();
    let limit = ask.limit.unwrap_or(20).clamp(1, 50);
    let reach = who.actor.reach(Command::ReadDuties, &world.tree);
    let things = who.actor.reach(Command::ReadThings, &world.tree);
    let all = [Reach::District];
    let may = |command| who.needs(command, &app).is_ok();
    let notices = may(Command::ReadNotices);
    let people = may(Command::ManagePeople) || may(Command::ReadAudit);
    let drafts = may(Command::CompileNotice);
    let loops: Vec<(String, Vec<Reach>)> = REGISTRY
        .iter()
        .map(|spec| {
            (
                format!("loop-{}", spec.code),
                who.actor.reach(spec.read, &world.tree),
            )
        })
        .filter(|(_, reach)| !reach.is_empty())
        .collect();
    let found = app
        .read(move |db| {
            let none: [Reach; 0] = [];
            let mut seen: Vec<(&str, &[Reach])> = vec![
                ("notice", if notices { &all } else { &none }),
                ("article", if notices { &all } else { &none }),
                ("org", &all),
                ("person", if people { &all } else { &none }),
                ("thing", &things),
                ("duty", &reach),
            ];
            seen.extend(
                loops
                    .iter()
                    .map(|(kind, reach)| (kind.as_str(), reach.as_slice())),
            );
            let mut kept = Vec::new();
            for hit in search::find(db, &q, &seen, limit)? {
                // Drafts are seen by those who make them.
                let draft = matches!(hit.kind.as_str(), "notice" | "article")
                    && !drafts
                    && anlan_store::notices::state(
                        db,
                        hit.id.split('#').next().unwrap_or_default(),
                    )?
                    .as_deref()
                        == Some("draft");
                if !draft && (notices || !matches!(hit.kind.as_str(), "notice" | "article")) {
                    kept.push(hit);
                }
            }
            Ok(kept)
        })
        .await?;
    let items = found
        .into_iter()
        .map(|hit| {
            let link = match hit.kind.as_str() {
                "duty" => format!("/duties/{}", hit.id),
                kind if kind.starts_with("loop-") => format!("/loops/{}", hit.id),
                "notice" => format!("/notices/{}", hit.id),
                "article" => hit
                    .id
                    .split_once('#')
                    .map(|(n, a)| format!("/notices/{n}?article={a}"))
                    .unwrap_or_default(),
                "org" => format!("/duties?under={}", hit.id),
                "person" => format!("/admin/people?q={}", hit.title),
                _ => format!("/admin/things?q={}", hit.title),
            };
            Hit {
                kind: hit.kind.split('-').next().unwrap_or_default().to_owned(),
                id: hit.id,
                title: hit.title,
                detail: hit.detail.chars().take(80).collect(),
                link,
            }
        })
        .collect();
    Ok(Json(Hits { items }))
}
