//! What anybody may use without an account: reporting a danger, following the report, the exposure board. Every door
//! here is bounded: a piece of work for each report, so many tries an address, small files of few types.

use crate::api::files::receive;
use crate::api::loops::now;
use crate::app::App;
use crate::auth::{self, address};
use crate::loops::{self as engine, Given, forms, photo};
use crate::problem::{Json, Problem, Query};
use crate::sealed::Identity;
use anlan_core::calendar::{OFFSET, rfc3339};
use anlan_core::duty::FileRef;
use anlan_core::id::OrgId;
use anlan_core::loops::{Input, Open, Read as _, Stage, spec};
use anlan_core::org::{OrgKind, Place};
use anlan_store::loops::{self as stored, Find, Seen};
use anlan_store::secrets::{self, Secret};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::{IntoParams, ToSchema};

/// Leading zero bits that a solution needs: about a second on a phone.
const BITS: u32 = 17;
/// How long a challenge and what was uploaded under it are good for, in seconds.
const GOOD_FOR: i64 = 1_800;
/// Files under one report.
const FILES_MAX: usize = 9;
/// Largest file, in bytes.
const FILE_MAX: u64 = 20 * 1_048_576;
/// Challenges that are kept at once.
const TICKETS_MAX: usize = 20_000;
/// Wrong PINs before the code is locked for a while.
const PINS_MAX: u32 = 5;

/// A challenge that was given out.
#[derive(Debug, Default)]
struct Ticket {
    until: i64,
    solved: bool,
    files: Vec<String>,
}

/// Challenges that were given out, by token. A restart forgets them: the page asks for another.
#[derive(Debug, Default)]
pub struct Tickets(Mutex<BTreeMap<String, Ticket>>);

impl Tickets {
    fn give(&self, token: String, now: i64) -> bool {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tickets.len() >= TICKETS_MAX {
            tickets.retain(|_, ticket| ticket.until > now);
        }
        if tickets.len() >= TICKETS_MAX {
            return false;
        }
        tickets.insert(
            token,
            Ticket {
                until: now + GOOD_FOR,
                ..Ticket::default()
            },
        );
        true
    }

    /// Uses a ticket, whose work must have been done.
    fn with<T>(
        &self,
        token: &str,
        nonce: &str,
        now: i64,
        work: impl FnOnce(&mut Ticket) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let stale = || {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "public/challenge",
                "页面停留过久，请重新提交",
                "The challenge is unknown, used or past; ask for another",
            )
            .advise("已填写的内容仍在本页，再次提交即可")
        };
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = tickets
            .get_mut(token)
            .filter(|t| t.until > now)
            .ok_or_else(stale)?;
        if !ticket.solved {
            if !solves(token, nonce, BITS) {
                return Err(stale());
            }
            ticket.solved = true;
        }
        work(ticket)
    }

    fn end(&self, token: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(token);
    }
}

/// Does SHA-256 of `token:nonce` begin with so many zero bits?
fn solves(token: &str, nonce: &str, bits: u32) -> bool {
    if nonce.len() > 40 {
        return false;
    }
    let hash = Sha256::digest(format!("{token}:{nonce}"));
    let mut zeros = 0;
    for byte in hash {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    zeros >= bits
}

/// A piece of work that a page does before it may send.
#[derive(Debug, Serialize, ToSchema)]
pub struct Challenge {
    token: String,
    /// Find a nonce so that SHA-256 of `token:nonce` begins with so many zero bits.
    bits: u32,
    /// Seconds it is good for.
    good_for: i64,
}

/// A piece of work to do before reporting.
#[utoipa::path(get, path = "/api/v1/public/challenge", responses((status = 200, body = Challenge), (status = 429, body = Problem)))]
pub async fn public_challenge(
    State(app): State<Arc<App>>,
    parts: Parts,
) -> Result<Json<Challenge>, Problem> {
    auth::throttle(&app, &format!("public {}", address(&parts)))?;
    let token = app.secret();
    if !app.tickets.give(token.clone(), app.now().as_second()) {
        return Err(auth::locked(60));
    }
    Ok(Json(Challenge {
        token,
        bits: BITS,
        good_for: GOOD_FOR,
    }))
}

/// A town, for those who report.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicTown {
    id: String,
    name: String,
    place: Option<Place>,
}

/// What the public page needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicForm {
    district: String,
    towns: Vec<PublicTown>,
    /// The form, as duty officers have it.
    fields: Vec<forms::FieldView>,
    files_max: usize,
    file_max_bytes: u64,
    /// The hotline.
    hotline: String,
}

/// The form of the public page.
#[utoipa::path(get, path = "/api/v1/public/form", responses((status = 200, body = PublicForm)))]
pub async fn public_form(State(app): State<Arc<App>>) -> Result<Json<PublicForm>, Problem> {
    let world = app.world();
    let spec = spec("report").ok_or_else(Problem::missing)?;
    let towns = world
        .tree
        .iter()
        .filter(|org| org.kind == OrgKind::Town && !org.closed);
    let district = world.tree.iter().find(|org| org.kind == OrgKind::District);
    Ok(Json(PublicForm {
        district: district.map(|org| org.name.clone()).unwrap_or_default(),
        towns: towns
            .map(|org| PublicTown {
                id: org.id.to_string(),
                name: org.short.clone(),
                place: org.place,
            })
            .collect(),
        fields: spec
            .open
            .fields
            .iter()
            .filter(|f| f.code != "channel")
            .map(|f| forms::field(f, &app.book))
            .collect(),
        files_max: FILES_MAX,
        file_max_bytes: FILE_MAX,
        hotline: "12350".into(),
    }))
}

/// Uploads a picture or recording for a report: `X-Challenge` and `X-Nonce` carry the work that was done.
#[utoipa::path(post, path = "/api/v1/public/attachments", request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = FileRef), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
pub async fn public_upload(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Json<FileRef>, Problem> {
    let (token, nonce) = {
        let header = |name: &str| {
            let value = request.headers().get(name).and_then(|v| v.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        (header("x-challenge"), header("x-nonce"))
    };
    let now = app.now().as_second();
    let full = || {
        Problem::bad(
            &format!("最多上传 {FILES_MAX} 个文件"),
            &format!("At most {FILES_MAX} files in one report"),
        )
    };
    // The place is taken before the bytes are read, so that many uploads at once do not slip through together.
    app.tickets.with(&token, &nonce, now, |ticket| {
        if ticket.files.len() >= FILES_MAX {
            return Err(full());
        }
        ticket.files.push(String::new());
        Ok(())
    })?;
    let taken = |media_type: &str| {
        media_type.starts_with("image/")
            || media_type.starts_with("audio/")
            || media_type.starts_with("video/")
    };
    let file = receive(&app, request, None, FILE_MAX, taken).await?;
    let sha256 = file.sha256.clone();
    app.tickets.with(&token, &nonce, now, |ticket| {
        if let Some(empty) = ticket.files.iter_mut().find(|f| f.is_empty()) {
            *empty = sha256;
        }
        Ok(())
    })?;
    Ok(Json(file))
}

/// A report.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PublicReport {
    token: String,
    nonce: String,
    /// What was filled in, by field of the form.
    #[schema(value_type = Object)]
    values: Input,
    /// The town, if it is known.
    #[serde(default)]
    town: Option<String>,
    #[serde(default)]
    place: Option<Place>,
    #[serde(default)]
    address: String,
    /// Who reports; nothing here is an anonymous report.
    #[serde(default)]
    name: String,
    /// How to be reached.
    #[serde(default)]
    contact: String,
    /// Chosen by the reporter: 6 digits.
    pin: String,
}

/// Where the report is followed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportReceipt {
    code: String,
    number: String,
}

/// The enterprise that a report names, if it names one exactly; else the town; else the office.
fn concerned(app: &App, target: &str, town: Option<&str>) -> Option<OrgId> {
    let world = app.world();
    let target = target.trim();
    let named = world.tree.iter().find(|org| {
        org.kind == OrgKind::Enterprise
            && !org.closed
            && !target.is_empty()
            && (org.name == target || org.short == target)
    });
    let town = town.and_then(|id| OrgId::try_from(id).ok()).filter(|id| {
        world
            .tree
            .get(id)
            .is_some_and(|org| org.kind == OrgKind::Town)
    });
    named
        .map(|org| org.id.clone())
        .or(town)
        .or_else(|| OrgId::try_from(app.book.office.as_str()).ok())
        .filter(|id| world.tree.get(id).is_some())
}

/// Reports a danger. No account is needed; the answer is a code that with the PIN opens what became of it.
#[utoipa::path(post, path = "/api/v1/public/reports", request_body = PublicReport, responses((status = 200, body = ReportReceipt), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn public_report(
    State(app): State<Arc<App>>,
    parts: Parts,
    Json(ask): Json<PublicReport>,
) -> Result<Json<ReportReceipt>, Problem> {
    auth::throttle(&app, &format!("public {}", address(&parts)))?;
    let now = app.now().as_second();
    if ask.pin.len() != 6 || !ask.pin.bytes().all(|b| b.is_ascii_digit()) {
        let mut problem = Problem::bad("请设置 6 位数字查询密码", "The PIN is 6 digits");
        problem.field = Some("pin".into());
        return Err(problem);
    }
    if ask.name.chars().count() > 60 || ask.contact.chars().count() > 100 {
        return Err(Problem::bad(
            "姓名或联系方式过长",
            "Name or contact is too long",
        ));
    }
    // Only what was uploaded under this very challenge may be named.
    let json = serde_json::to_value(&ask.values).map_err(Problem::ours)?;
    let named = photo::named(&json);
    app.tickets.with(&ask.token, &ask.nonce, now, |ticket| {
        if named.iter().all(|sha| ticket.files.contains(sha)) {
            Ok(())
        } else {
            Err(Problem::bad(
                "附件尚未上传，请重新选择",
                "A file was not uploaded under this challenge",
            ))
        }
    })?;
    let shots = {
        let store = app.store.clone();
        app.read(move |db| Ok(photo::shots(db, &store, &named)?))
            .await?
    };
    let identity = Identity {
        name: ask.name.trim().to_owned(),
        contact: ask.contact.trim().to_owned(),
    };
    let org = concerned(
        &app,
        ask.values
            .get("target")
            .and_then(|v| v.as_str())
            .unwrap_or_default(),
        ask.town.as_deref(),
    )
    .ok_or_else(|| Problem::ours("no org takes reports"))?;
    let mut open = Open::new("report", org, String::new());
    open.values = ask.values;
    open.values.insert("channel".into(), "page".into());
    open.place = ask.place;
    open.address = ask.address.chars().take(200).collect();
    let pin = {
        let pin = ask.pin.clone();
        let at = app.clone();
        let _permit = app.hashing.acquire().await.map_err(Problem::ours)?;
        tokio::task::spawn_blocking(move || auth::hash_password(&pin, at.clock.chance()))
            .await
            .map_err(Problem::ours)??
    };
    let code = anlan_core::id::sortable(0, app.clock.chance())[16..].to_uppercase();
    let sealed = if identity.is_empty() {
        None
    } else {
        Some(app.sealer.seal(&identity, app.clock.chance())?)
    };
    let receipt_code = code.clone();
    let number = app
        .write(move |w| {
            let given = Given {
                files: &shots,
                ..Given::SYSTEM
            };
            let it = engine::open(w, open, &given)?;
            secrets::put(
                w.tx.db,
                &Secret {
                    id: it.id.to_string(),
                    code,
                    pin,
                    sealed,
                    failures: 0,
                    locked_until: 0,
                },
                w.now,
            )?;
            Ok(it.number)
        })
        .await?;
    app.tickets.end(&ask.token);
    Ok(Json(ReportReceipt {
        code: receipt_code,
        number,
    }))
}

/// Which report.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FollowReport {
    code: String,
    pin: String,
}

/// One step of what became of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowStep {
    zh: String,
    en: String,
    at: String,
}

/// What became of a report, as its reporter may know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowView {
    number: String,
    title: String,
    state_zh: String,
    state_en: String,
    stage: Stage,
    opened: String,
    steps: Vec<FollowStep>,
    /// What was answered.
    answer: String,
    /// The reward in yuan, once it is decided.
    reward_yuan: Option<f64>,
    handler: String,
}

/// What became of my report.
#[utoipa::path(post, path = "/api/v1/public/reports/follow", request_body = FollowReport, responses((status = 200, body = FollowView), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn public_follow(
    State(app): State<Arc<App>>,
    parts: Parts,
    Json(ask): Json<FollowReport>,
) -> Result<Json<FollowView>, Problem> {
    auth::throttle(&app, &format!("public {}", address(&parts)))?;
    let wrong = || {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "public/wrong-code",
            "查询码或密码不正确",
            "Code or PIN is wrong",
        )
    };
    let code: String = ask.code.trim().to_uppercase().chars().take(20).collect();
    let secret = app.read(move |db| Ok(secrets::by_code(db, &code)?)).await?;
    let micro = app.now().as_microsecond();
    if let Some(secret) = &secret
        && secret.locked_until > micro
    {
        return Err(auth::locked((secret.locked_until - micro) / 1_000_000 + 1));
    }
    // A code that is not there costs as much as one that is: nothing is learned from the time.
    let (pin, hash) = (ask.pin.clone(), secret.as_ref().map(|s| s.pin.clone()));
    let at = app.clone();
    let right = {
        let _permit = app.hashing.acquire().await.map_err(Problem::ours)?;
        tokio::task::spawn_blocking(move || match hash {
            Some(hash) => auth::verify(&pin, &hash),
            None => {
                let _ = auth::hash_password(&pin, at.clock.chance());
                false
            }
        })
        .await
        .map_err(Problem::ours)?
    };
    let Some(secret) = secret else {
        return Err(wrong());
    };
    let failures = if right { 0 } else { secret.failures + 1 };
    if failures != secret.failures {
        let id = secret.id.clone();
        let until = if failures >= PINS_MAX {
            micro + 15 * 60 * 1_000_000
        } else {
            0
        };
        app.write(move |w| Ok(secrets::tried(w.tx.db, &id, failures, until)?))
            .await?;
    }
    if !right {
        return Err(wrong());
    }
    let world = app.world();
    let key = secret.id;
    let (it, story) = app
        .read(move |db| {
            let it = stored::get(db, &key)?.ok_or_else(Problem::missing)?;
            let stream = anlan_core::fact::stream::of_loop(&it.id);
            Ok((it, anlan_store::facts::of_stream(db, &stream)?))
        })
        .await?;
    let spec = it.spec().ok_or_else(Problem::missing)?;
    let state = spec.state(&it.state);
    // Steps are told without names and without what was written inside.
    let steps = story
        .iter()
        .filter_map(|fact| match fact.event() {
            Ok(anlan_core::fact::Event::Loop(anlan_core::loops::Event::Opened(_))) => {
                Some(("已收到".to_owned(), "Received".to_owned(), fact.happened))
            }
            Ok(anlan_core::fact::Event::Loop(anlan_core::loops::Event::Moved(moved)))
                if moved.from != moved.to =>
            {
                let to = spec.state(&moved.to)?;
                Some((to.zh.to_owned(), to.en.to_owned(), fact.happened))
            }
            _ => None,
        })
        .map(|(zh, en, at)| FollowStep {
            zh,
            en,
            at: rfc3339(at),
        })
        .collect();
    // Sent back, it is worked out anew and not decided yet.
    let decided = it.values.text("decision") == "approve";
    Ok(Json(FollowView {
        number: it.number.clone(),
        title: it.title.clone(),
        state_zh: state.map_or("", |s| s.zh).into(),
        state_en: state.map_or("", |s| s.en).into(),
        stage: it.stage(),
        opened: rfc3339(it.opened),
        steps,
        answer: it.values.text("answer").to_owned(),
        reward_yuan: it.values.number("reward_yuan").filter(|_| decided),
        handler: it
            .party(anlan_core::loops::Party::Handler)
            .map(|id| world.org_ref(id).name)
            .unwrap_or_default(),
    }))
}

/// Something exposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExposureView {
    number: String,
    title: String,
    /// What the public reads.
    text: String,
    org: String,
    published: Option<String>,
    until: String,
    /// Pictures, by hash.
    photos: Vec<String>,
}

/// A page of the board.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindExposures {
    q: Option<String>,
    cursor: Option<String>,
}

/// Exposures on a page.
const BOARD_PAGE: u32 = 30;

/// The exposure board: what was published and has not been taken down.
#[utoipa::path(get, path = "/api/v1/public/exposures", params(FindExposures), responses((status = 200, body = crate::views::Page<ExposureView>)))]
pub async fn public_exposures(
    State(app): State<Arc<App>>,
    Query(ask): Query<FindExposures>,
) -> Result<Json<crate::views::Page<ExposureView>>, Problem> {
    let (world, at) = (app.world(), now(&app));
    let find = Find {
        kind: Some("exposure".into()),
        state: Some("published".into()),
        q: ask.q.map(|q| q.chars().take(60).collect()),
        sort: Some("-opened".into()),
        ..Find::default()
    };
    let seen = Seen(vec![(
        vec!["exposure"],
        vec![anlan_core::authority::Reach::District],
    )]);
    let page = app
        .read(move |db| {
            let (rows, next) =
                stored::list(db, &find, &seen, at, ask.cursor.as_deref(), BOARD_PAGE)?;
            let total = stored::total(db, &find, &seen, at)?;
            let until = jiff::Timestamp::from_microsecond(at.now).unwrap_or_default();
            let mut shown = Vec::new();
            for it in &rows {
                // What it is about may have been closed meanwhile: it is shown no longer than the cause lasts.
                let subject = it.values.text("subject");
                let closed = !subject.is_empty()
                    && stored::get(db, subject)?.is_some_and(|s| s.stage() != Stage::Open);
                if anlan_core::loops::exposure::shown(it, until, closed) {
                    shown.push(it);
                }
            }
            let items = shown
                .into_iter()
                .map(|it| ExposureView {
                    number: it.number.clone(),
                    title: it.values.text("headline").to_owned(),
                    text: it.values.text("text").to_owned(),
                    org: world.org_ref(&it.org).name,
                    published: it
                        .did
                        .get("moderate")
                        .map(|doer| OFFSET.to_datetime(doer.at).date().to_string()),
                    until: it.values.text("until").to_owned(),
                    photos: it
                        .values
                        .get("photos")
                        .map(|value| {
                            value
                                .files()
                                .iter()
                                .map(|shot| shot.file.sha256.clone())
                                .collect()
                        })
                        .unwrap_or_default(),
                })
                .collect();
            Ok(crate::views::Page { items, next, total })
        })
        .await?;
    Ok(Json(page))
}

/// Opens a picture of the exposure board: of what is published now, and nothing else.
#[utoipa::path(get, path = "/api/v1/public/photos/{sha256}", params(("sha256" = String, Path)), responses((status = 200, content_type = "image/jpeg"), (status = 404, body = Problem)))]
pub async fn public_photo(
    State(app): State<Arc<App>>,
    Path(sha256): Path<String>,
) -> Result<axum::response::Response, Problem> {
    let path = app.store.file(&sha256).ok_or_else(Problem::missing)?;
    let key = sha256.clone();
    let file = app
        .read(move |db| {
            for (stream, _) in anlan_store::files::uses(db, &key)? {
                let Some(id) = stream.strip_prefix("loop/exposure_") else {
                    continue;
                };
                let it = stored::get(db, &format!("exposure_{id}"))?;
                let shown = it.is_some_and(|it| {
                    it.state == "published"
                        && it.voided.is_none()
                        && it.values.get("photos").is_some_and(|value| {
                            value.files().iter().any(|shot| shot.file.sha256 == key)
                        })
                });
                if shown {
                    return Ok(anlan_store::files::get(db, &key)?.map(|(file, _)| file));
                }
            }
            Ok(None)
        })
        .await?
        .ok_or_else(Problem::missing)?;
    let bytes = tokio::fs::read(path).await.map_err(Problem::ours)?;
    Ok(crate::files::download(&file.name, &file.media_type, bytes))
}
