//! The ledger: browsing, proofs, verification, and the tiles that outside verifiers follow.

use crate::api::{LIMIT, LIMIT_MAX};
use crate::app::App;
use crate::auth::Who;
use crate::clock::Stopwatch;
use crate::problem::{Json, Problem, Query};
use crate::views::{self, FactView, Page, instant};
use anlan_core::authority::{Command, covers};
use anlan_core::calendar::start_of;
use anlan_core::fact::Fact;
use anlan_store::{facts, log};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Where the ledger stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerStatus {
    /// Facts in it.
    facts: u64,
    /// Facts under a signed checkpoint.
    sealed: u64,
    /// The log's name.
    origin: String,
    /// The public key, as C2SP vkey.
    key: String,
    /// The last checkpoint, as signed.
    checkpoint: String,
    sealed_at: Option<String>,
    /// The root, base64.
    root: String,
}

/// Where the ledger stands.
#[utoipa::path(get, path = "/api/v1/ledger/status", responses((status = 200, body = LedgerStatus)))]
pub async fn status(State(app): State<Arc<App>>, who: Who) -> Result<Json<LedgerStatus>, Problem> {
    who.needs(Command::ReadLedger, &app)?;
    let (facts, latest) = app
        .read(|db| Ok((facts::count(db)?, log::latest(db)?)))
        .await?;
    let (sealed, checkpoint, at) = latest.unwrap_or_default();
    Ok(Json(LedgerStatus {
        facts,
        sealed,
        origin: app.store.key().origin().to_owned(),
        key: app.store.key().vkey().to_owned(),
        root: checkpoint.lines().nth(2).unwrap_or_default().to_owned(),
        sealed_at: (sealed > 0).then(|| instant(at)),
        checkpoint,
    }))
}

/// Which facts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindFacts {
    /// A kind, or the beginning of kinds with its dot: `evidence.`.
    kind: Option<String>,
    stream: Option<String>,
    org: Option<String>,
    actor: Option<String>,
    thing: Option<String>,
    article: Option<String>,
    /// Recorded on this day or later.
    from: Option<String>,
    /// Recorded on this day or earlier.
    to: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

fn day(text: &Option<String>, after: i64) -> Result<Option<i64>, Problem> {
    let Some(text) = text.as_ref().filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    let date: Date = text
        .parse()
        .map_err(|_| Problem::bad("日期应写作 2026-03-05", "Give dates as YYYY-MM-DD"))?;
    Ok(Some(start_of(date).as_microsecond() + after))
}

/// Facts I may see, newest first.
#[utoipa::path(get, path = "/api/v1/ledger/facts", params(FindFacts), responses((status = 200, body = Page<FactView>)))]
pub async fn list_facts(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindFacts>,
) -> Result<Json<Page<FactView>>, Problem> {
    who.needs(Command::ReadLedger, &app)?;
    let world = app.world();
    let reach = who.actor.reach(Command::ReadLedger, &world.tree);
    let audit = who.needs(Command::ReadAudit, &app).is_ok();
    let limit = ask.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let find = facts::Find {
        from: day(&ask.from, 0)?,
        to: day(&ask.to, 86_400_000_000)?,
        kind: ask.kind,
        stream: ask.stream,
        org: ask.org,
        actor: ask.actor,
        thing: ask.thing,
        article: ask.article,
        hidden: crate::loops::hidden(&who.actor)
            .into_iter()
            .map(|kind| format!("loop/{kind}_"))
            .collect(),
        before: ask.cursor.and_then(|c| c.parse().ok()),
        limit: limit + 1,
    };
    let at = app.clone();
    let page = app
        .read(move |db| {
            let (mut rows, total) = facts::find(db, &find, &reach, audit)?;
            let sealed = log::latest(db)?.map_or(0, |(size, _, _)| size);
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows
                .last()
                .filter(|_| more)
                .map(|fact| fact.seq.to_string());
            Ok(Page {
                items: rows
                    .iter()
                    .map(|fact| views::fact(fact, sealed, &world, &at, false))
                    .collect(),
                next,
                total,
            })
        })
        .await?;
    Ok(Json(page))
}

/// May this fact be seen? The same answer for lists, single facts, proofs and live lines.
pub fn visible(fact: &Fact, who: &Who, app: &App) -> bool {
    let world = app.world();
    if facts::AUDIT.iter().any(|kind| fact.kind.starts_with(kind))
        && !who.actor.may_somewhere(Command::ReadAudit, &world.tree)
    {
        return false;
    }
    if let Some(id) = fact.stream.strip_prefix("loop/") {
        let orgs = fact
            .org
            .iter()
            .map(anlan_core::id::OrgId::as_str)
            .chain(fact.things.iter().map(String::as_str));
        return crate::loops::may_see(id, orgs, &who.actor, &world.tree);
    }
    let reach = who.actor.reach(Command::ReadLedger, &world.tree);
    match &fact.org {
        Some(org) => reach.iter().any(|r| covers(r, org, &world.tree)),
        None => reach.contains(&anlan_core::authority::Reach::District),
    }
}

async fn fact_of(app: &Arc<App>, who: &Who, id: String) -> Result<Fact, Problem> {
    who.needs(Command::ReadLedger, app)?;
    let fact = app.read(move |db| Ok(facts::get(db, &id)?)).await?;
    fact.filter(|fact| visible(fact, who, app))
        .ok_or_else(Problem::missing)
}

/// A fact with its content.
#[utoipa::path(get, path = "/api/v1/ledger/facts/{id}", params(("id" = String, Path)), responses((status = 200, body = FactView), (status = 404, body = Problem)))]
pub async fn get_fact(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<FactView>, Problem> {
    let fact = fact_of(&app, &who, id).await?;
    let sealed = app
        .read(|db| Ok(log::latest(db)?.map_or(0, |(size, _, _)| size)))
        .await?;
    Ok(Json(views::fact(&fact, sealed, &app.world(), &app, true)))
}

/// A proof that a fact is in the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Proof)]
pub struct ProofView {
    /// The fact in canonical form: the very text that is hashed.
    fact: String,
    index: u64,
    size: u64,
    /// The root, base64.
    root: String,
    /// Hashes from leaf to root, base64.
    path: Vec<String>,
    /// The signed checkpoint.
    checkpoint: String,
    /// The key that signed it.
    key: String,
    /// It was checked just now, with this server's key.
    verified: bool,
}

/// Proves that a fact is in the log. The answer, saved as a file, is what `anlan ledger check` takes.
#[utoipa::path(get, path = "/api/v1/ledger/facts/{id}/proof", params(("id" = String, Path)), responses((status = 200, body = ProofView), (status = 409, body = Problem)))]
pub async fn prove_fact(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<ProofView>, Problem> {
    let fact = fact_of(&app, &who, id).await?;
    let at = app.clone();
    let proof = app
        .read(move |db| Ok(log::prove(db, at.store.key(), &fact)?))
        .await?
        .ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                "ledger/not-sealed",
                "该记录尚未封存，请稍候再试",
                "The fact is not sealed yet; try again in a second",
            )
        })?;
    let verified = proof.check(app.store.key().vkey()).is_ok();
    Ok(Json(ProofView {
        fact: proof.fact,
        index: proof.index,
        size: proof.size,
        root: proof.root,
        path: proof.path,
        checkpoint: proof.checkpoint,
        key: proof.key,
        verified,
    }))
}

/// From which size to which.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskConsistency {
    old: u64,
    new: u64,
}

/// A consistency proof.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consistency {
    old: u64,
    new: u64,
    path: Vec<String>,
}

/// Proves that the log of one size is the beginning of the log of another.
#[utoipa::path(get, path = "/api/v1/ledger/consistency", params(AskConsistency), responses((status = 200, body = Consistency), (status = 422, body = Problem)))]
pub async fn consistency(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<AskConsistency>,
) -> Result<Json<Consistency>, Problem> {
    who.needs(Command::ReadLedger, &app)?;
    let AskConsistency { old, new } = ask;
    let path = app
        .read(move |db| {
            log::prove_consistency(db, old, new).map_err(|e| match e {
                anlan_store::StoreError::Log(why) => Problem::bad("两次封存的大小不对", &why),
                other => other.into(),
            })
        })
        .await?;
    Ok(Json(Consistency { old, new, path }))
}

/// The first fact that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstBad {
    seq: Option<u64>,
    id: Option<String>,
    what: String,
}

/// What a verification found.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifyReport {
    ok: bool,
    facts: u64,
    sealed: u64,
    checkpoints: u64,
    seconds: f64,
    first_bad: Option<FirstBad>,
}

/// Recomputes the whole log from the stored facts.
#[utoipa::path(post, path = "/api/v1/ledger/verify", responses((status = 200, body = VerifyReport)))]
pub async fn verify(State(app): State<Arc<App>>, who: Who) -> Result<Json<VerifyReport>, Problem> {
    who.needs(Command::VerifyLedger, &app)?;
    let at = app.clone();
    let watch = Stopwatch::start();
    let verdict = app
        .read(move |db| Ok(log::verify(db, at.store.key().vkey())?))
        .await?;
    Ok(Json(VerifyReport {
        ok: verdict.ok,
        facts: verdict.facts,
        sealed: verdict.sealed,
        checkpoints: verdict.checkpoints,
        seconds: (watch.seconds() * 1_000.0).round() / 1_000.0,
        first_bad: verdict.what.map(|what| FirstBad {
            seq: verdict.seq,
            id: verdict.id,
            what,
        }),
    }))
}

/// The last checkpoint, as C2SP tlog-checkpoint has it. Public: it tells nothing but a size and a hash.
pub async fn checkpoint(State(app): State<Arc<App>>) -> Response {
    match app.read(|db| Ok(log::latest(db)?)).await {
        Ok(Some((_, note, _))) => (
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/plain; charset=utf-8"),
                ),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            ],
            note,
        )
            .into_response(),
        Ok(None) => Problem::new(
            StatusCode::NOT_FOUND,
            "ledger/empty",
            "台账尚无封存记录",
            "Nothing has been sealed yet",
        )
        .into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// `x001/x234/067` and `x001/x234/067.p/8`: a tile's number, and its width if it is partial.
fn tile_number(path: &str) -> Option<(u64, u64)> {
    let (path, width) = match path.rsplit_once(".p/") {
        Some((path, text)) => {
            let width = text
                .parse::<u64>()
                .ok()
                .filter(|w| (1..256).contains(w) && w.to_string() == text)?;
            (path, width)
        }
        None => (path, 256),
    };
    let parts: Vec<&str> = path.split('/').collect();
    let mut n = 0u64;
    for (at, part) in parts.iter().enumerate() {
        let digits = if at + 1 < parts.len() {
            part.strip_prefix('x')?
        } else {
            part
        };
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        n = n.checked_mul(1_000)?.checked_add(digits.parse().ok()?)?;
    }
    Some((n, width))
}

/// Tiles and entry bundles, in the paths that C2SP tlog-tiles fixes.
pub async fn tile(
    State(app): State<Arc<App>>,
    Path((level, rest)): Path<(String, String)>,
) -> Response {
    let Some((n, width)) = tile_number(&rest) else {
        return Problem::missing().into_response();
    };
    let bytes = if level == "entries" {
        app.read(move |db| Ok(log::bundle(db, n, width)?)).await
    } else {
        let Some(level) = level.parse::<u32>().ok().filter(|l| l.to_string() == level) else {
            return Problem::missing().into_response();
        };
        app.read(move |db| Ok(log::tile_bytes(db, level, n, width)?))
            .await
    };
    match bytes {
        Ok(Some(bytes)) => (
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/octet-stream"),
                ),
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=31536000, immutable"),
                ),
            ],
            bytes,
        )
            .into_response(),
        Ok(None) => Problem::missing().into_response(),
        Err(problem) => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::tile_number;

    #[test]
    fn tile_paths_as_the_specification_has_them() {
        assert_eq!(tile_number("000"), Some((0, 256)));
        assert_eq!(tile_number("067.p/8"), Some((67, 8)));
        assert_eq!(tile_number("x001/x234/067"), Some((1_234_067, 256)));
        for bad in [
            "",
            "1",
            "0000",
            "x001",
            "001/234",
            "067.p/0",
            "067.p/256",
            "067.p/08",
            "abc",
            "x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(tile_number(bad), None, "{bad}");
        }
    }
}
