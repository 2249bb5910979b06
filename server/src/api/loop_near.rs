//! What stands beside a loop: who else is at it, what may be the same matter, who reported it.

use crate::api::loops::{micro, now, readable};
use crate::app::App;
use crate::auth::Who;
use crate::loops::views::{self, LoopRow};
use crate::loops::{self as engine, Given};
use crate::problem::{Json, Problem};
use anlan_core::loops::{Loop, What};
use anlan_store::loops::{self as stored, Find};
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

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
    let mut present = app
        .present
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
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
