//! Signing in and out, the password, the second factor.

use crate::app::App;
use crate::auth::{self, COOKIE, IDLE_SECONDS, ROTATE_SECONDS, Who};
use crate::problem::{Json, Problem};
use crate::views::{self, OrgRef, PersonRef};
use anlan_core::authority::Command;
use anlan_core::calendar::rfc3339;
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::TokenId;
use anlan_store::signin;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// What anybody may know.
#[derive(Serialize, ToSchema)]
pub struct Meta {
    /// The program's version.
    version: &'static str,
    /// The district's name.
    district: String,
    /// The sample district is loaded.
    demo: bool,
    /// Sample people who can sign in, when it is.
    sample_accounts: Vec<SampleAccount>,
    /// Languages.
    languages: Vec<&'static str>,
}

/// A sample account.
#[derive(Serialize, ToSchema)]
struct SampleAccount {
    login: String,
    title: String,
    org: String,
}

/// What anybody may know.
#[utoipa::path(get, path = "/api/v1/meta", responses((status = 200, body = Meta)))]
pub async fn meta(State(app): State<Arc<App>>) -> Json<Meta> {
    let world = app.world();
    let district = world
        .tree
        .of_kind(anlan_core::org::OrgKind::District)
        .first()
        // 中共…区委员会、…区人民政府: the page is headed by the place, not by its two houses.
        .map(|org| {
            org.name
                .rsplit('、')
                .next()
                .unwrap_or(&org.name)
                .trim_end_matches("人民政府")
                .to_owned()
        })
        .unwrap_or_default();
    let sample_accounts = if app.demo {
        crate::demo::shown_accounts()
            .iter()
            .filter_map(|login| {
                world
                    .people
                    .values()
                    .map(|(p, _)| p)
                    .find(|p| p.login == *login && p.sample && !p.disabled)
            })
            .map(|p| SampleAccount {
                login: p.login.clone(),
                title: p.name.clone(),
                org: p
                    .positions
                    .first()
                    .map(|position| world.org_ref(&position.org).name)
                    .unwrap_or_default(),
            })
            .collect()
    } else {
        Vec::new()
    };
    Json(Meta {
        version: env!("CARGO_PKG_VERSION"),
        district,
        demo: app.demo,
        sample_accounts,
        languages: vec!["zh-CN", "en"],
    })
}

/// A position.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Position)]
pub struct PositionView {
    /// Where.
    pub org: OrgRef,
    /// What.
    pub role: String,
}

/// Who I am and what I may do.
#[derive(Serialize, ToSchema)]
pub struct Me {
    person: PersonRef,
    positions: Vec<PositionView>,
    org: Option<OrgRef>,
    commands: Vec<String>,
    areas: Vec<&'static str>,
    must_change_password: bool,
    totp: bool,
    now: String,
    /// For programs that asked for one: the bearer token, shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

fn me_of(who: &Who, app: &App) -> Me {
    let world = app.world();
    let may = |command| who.actor.may_somewhere(command, &world.tree);
    let mut areas = Vec::new();
    if may(Command::ReadCockpit) {
        areas.push("cockpit");
    }
    areas.extend(["inbox", "duties"]);
    if anlan_core::loops::REGISTRY
        .iter()
        .any(|kind| may(kind.read))
    {
        areas.push("loops");
    }
    areas.push("notices");
    if may(Command::ReadLedger) {
        areas.push("ledger");
    }
    if may(Command::PrintPapers) {
        areas.push("papers");
    }
    if [
        Command::ManageOrgs,
        Command::ManagePeople,
        Command::ReadAudit,
        Command::ImportThings,
        Command::ManageRulebook,
    ]
    .into_iter()
    .any(may)
    {
        areas.push("admin");
    }
    Me {
        person: world.person_ref(&who.person.id),
        positions: who
            .actor
            .positions
            .iter()
            .map(|p| PositionView {
                org: world.org_ref(&p.org),
                role: p.role.code().to_owned(),
            })
            .collect(),
        org: who.org().map(|id| world.org_ref(id)),
        commands: views::commands(who, &world),
        areas,
        must_change_password: who.must_change_password,
        totp: who.totp,
        now: rfc3339(app.now()),
        token: None,
    }
}

fn set_cookie(headers: &HeaderMap, secret: &str, seconds: i64) -> String {
    // Behind a proxy that speaks TLS the cookie never travels in the clear.
    let tls = headers
        .get("x-forwarded-proto")
        .is_some_and(|v| v.as_bytes() == b"https");
    let secure = if tls { "; Secure" } else { "" };
    format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// Opens a session and gives its cookie.
async fn open(app: &Arc<App>, person: &str, headers: &HeaderMap) -> Result<String, Problem> {
    let secret = app.secret();
    let (hash, person) = (auth::hash_secret(&secret), person.to_owned());
    app.write(move |w| {
        let expires = w.now.as_microsecond() + IDLE_SECONDS * 1_000_000;
        Ok(signin::open_session(
            w.tx.db, &hash, &person, w.now, expires,
        )?)
    })
    .await?;
    Ok(set_cookie(headers, &secret, IDLE_SECONDS))
}

/// A sign-in.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    login: String,
    password: String,
    /// The second factor's code, where one is set.
    #[serde(default)]
    code: Option<String>,
    /// For programs: give a bearer token instead of a cookie, good for 12 hours.
    #[serde(default)]
    bearer: bool,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/session", request_body = SignIn, responses((status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub async fn sign_in(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let address = auth::address(&parts);
    let headers = parts.headers.clone();
    let Json(ask) = <Json<SignIn> as axum::extract::FromRequest<Arc<App>>>::from_request(
        Request::from_parts(parts, body),
        &app,
    )
    .await?;
    let via = if ask.bearer { "token" } else { "cookie" };
    let id = auth::check(
        &app,
        &ask.login,
        &ask.password,
        ask.code.as_deref(),
        &address,
        via,
    )
    .await?;
    let known = {
        let id = id.to_string();
        app.read(move |db| Ok(signin::credentials(db, &id)?))
            .await?
            .unwrap_or_default()
    };
    let person = app
        .world()
        .people
        .get(&id)
        .map(|(person, _)| person.clone())
        .ok_or_else(Problem::missing)?;
    let who = Who {
        actor: anlan_core::authority::Actor {
            person: id.clone(),
            positions: person.positions.clone(),
            only: None,
        },
        person,
        session: None,
        session_created: 0,
        must_change_password: known.one_time,
        totp: known.totp.is_some(),
    };
    let mut me = me_of(&who, &app);
    if ask.bearer {
        if known.one_time {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "sign-in/password-must-change",
                "请先在网页上修改一次性密码",
                "Change the one-time password in the portal first",
            ));
        }
        let secret = format!("anlan_{}", app.secret());
        let (hash, chance, commands) = (
            auth::hash_secret(&secret),
            app.clock.chance(),
            me.commands.clone(),
        );
        app.write(move |w| {
            let token = signin::Token {
                id: TokenId::make(w.now.as_millisecond() as u64, chance).to_string(),
                person: id.to_string(),
                name: "sign-in".into(),
                commands,
                created: w.now.as_microsecond(),
                expires: w.now.as_microsecond() + IDLE_SECONDS * 1_000_000,
                last_used: None,
            };
            Ok(signin::put_token(w.tx.db, &token, &hash)?)
        })
        .await?;
        me.token = Some(secret);
        return Ok(Json(me).into_response());
    }
    // A session that this browser may have had before is not gone on with: its secret ends here.
    if let Some(old) = auth::cookie(&headers, COOKIE) {
        let hash = auth::hash_secret(&old);
        app.write(move |w| Ok(signin::end_session(w.tx.db, &hash)?))
            .await?;
    }
    let cookie = open(&app, id.as_str(), &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(me)).into_response())
}

/// Who I am.
#[utoipa::path(get, path = "/api/v1/session", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn me(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let me = me_of(&who, &app);
    let now = app.now().as_microsecond();
    if let Some(old) = who
        .session
        .clone()
        .filter(|_| now - who.session_created > ROTATE_SECONDS * 1_000_000)
    {
        let cookie = open(&app, who.person.id.as_str(), &headers).await?;
        // Requests under way with the old secret may still end: it lives for another minute.
        app.write(move |w| {
            Ok(signin::touch_session(
                w.tx.db,
                &old,
                w.now,
                now + 60_000_000,
            )?)
        })
        .await?;
        return Ok(([(header::SET_COOKIE, cookie)], Json(me)).into_response());
    }
    Ok(Json(me).into_response())
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204)))]
pub async fn sign_out(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(hash) = who.session.clone() {
        app.write(move |w| {
            signin::end_session(w.tx.db, &hash)?;
            let event = Event::SignedOut {
                person: who.person.id.clone(),
            };
            let at = w.now;
            w.append(
                &Entry::new(
                    stream::sign_in(&who.person.id),
                    event,
                    Some(who.person.id.clone()),
                    who.org().cloned(),
                    at,
                ),
                None,
            )?;
            Ok(())
        })
        .await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, set_cookie(&headers, "", 0))],
    )
        .into_response())
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
pub struct ChangePassword {
    old: String,
    new: String,
}

/// Changes my password; my other sessions end.
#[utoipa::path(post, path = "/api/v1/session/password", request_body = ChangePassword, responses((status = 200, body = Me), (status = 401, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn change_password(
    State(app): State<Arc<App>>,
    who: Who,
    auth::Address(address): auth::Address,
    headers: HeaderMap,
    Json(ask): Json<ChangePassword>,
) -> Result<Response, Problem> {
    auth::confirm(&app, &who, &ask.old, &address).await?;
    auth::check_password(&ask.new, &who.person.login)?;
    if ask.new == ask.old {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "sign-in/same-password",
            "新密码不能与原密码相同",
            "The new password must differ from the old one",
        ));
    }
    let salt = app.clock.chance();
    let hash = {
        let _room = app.hashing.acquire().await.map_err(Problem::ours)?;
        tokio::task::spawn_blocking(move || auth::hash_password(&ask.new, salt))
            .await
            .map_err(Problem::ours)??
    };
    let mut who = who;
    let setter = who.clone();
    app.write(move |w| {
        auth::set_password(
            w,
            &setter.person.id,
            hash,
            false,
            Some(&setter.person.id),
            setter.org(),
            None,
        )
    })
    .await?;
    who.must_change_password = false;
    let cookie = open(&app, who.person.id.as_str(), &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(me_of(&who, &app))).into_response())
}

/// A second factor that is being set up.
#[derive(Serialize, ToSchema)]
pub struct TotpSetup {
    /// The secret, base32.
    secret: String,
    /// For the code that a telephone scans.
    url: String,
}

/// Begins to set up a second factor.
#[utoipa::path(post, path = "/api/v1/session/totp", responses((status = 200, body = TotpSetup)))]
pub async fn begin_totp(State(app): State<Arc<App>>, who: Who) -> Result<Json<TotpSetup>, Problem> {
    let secret = auth::totp_secret(app.clock.chance(), app.clock.chance());
    let url = format!(
        "otpauth://totp/Anlan:{}?secret={secret}&issuer=Anlan",
        who.person.login
    );
    let pending = secret.clone();
    app.write(move |w| {
        let mut c = signin::credentials(w.tx.db, who.person.id.as_str())?.unwrap_or_default();
        c.totp_pending = Some(pending);
        Ok(signin::put_credentials(
            w.tx.db,
            who.person.id.as_str(),
            &c,
        )?)
    })
    .await?;
    Ok(Json(TotpSetup { secret, url }))
}

/// The first code of a new second factor.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmTotp {
    code: String,
}

/// Switches the second factor on.
#[utoipa::path(put, path = "/api/v1/session/totp", request_body = ConfirmTotp, responses((status = 200, body = Me), (status = 422, body = Problem)))]
pub async fn confirm_totp(
    State(app): State<Arc<App>>,
    who: Who,
    Json(ask): Json<ConfirmTotp>,
) -> Result<Json<Me>, Problem> {
    let mut after = who.clone();
    app.write(move |w| {
        let mut c = signin::credentials(w.tx.db, who.person.id.as_str())?.unwrap_or_default();
        let step = c
            .totp_pending
            .as_ref()
            .and_then(|secret| auth::totp_step(secret, &ask.code, w.now.as_second(), 0))
            .ok_or_else(|| {
                Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "sign-in/code-wrong",
                    "动态验证码不正确",
                    "The code is wrong; check the telephone's clock and try the next one",
                )
            })?;
        (c.totp, c.totp_pending, c.totp_step) = (c.totp_pending.take(), None, step);
        signin::put_credentials(w.tx.db, who.person.id.as_str(), &c)?;
        let event = Event::TotpSet {
            person: who.person.id.clone(),
            on: true,
        };
        let at = w.now;
        w.append(
            &Entry::new(
                stream::sign_in(&who.person.id),
                event,
                Some(who.person.id.clone()),
                who.org().cloned(),
                at,
            ),
            None,
        )?;
        Ok(())
    })
    .await?;
    after.totp = true;
    Ok(Json(me_of(&after, &app)))
}

/// The password, once more.
#[derive(Deserialize, ToSchema)]
pub struct EndTotp {
    password: String,
}

/// Switches the second factor off.
#[utoipa::path(delete, path = "/api/v1/session/totp", request_body = EndTotp, responses((status = 200, body = Me), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn end_totp(
    State(app): State<Arc<App>>,
    who: Who,
    auth::Address(address): auth::Address,
    Json(ask): Json<EndTotp>,
) -> Result<Json<Me>, Problem> {
    auth::confirm(&app, &who, &ask.password, &address).await?;
    let mut after = who.clone();
    app.write(move |w| {
        let mut c = signin::credentials(w.tx.db, who.person.id.as_str())?.unwrap_or_default();
        (c.totp, c.totp_pending) = (None, None);
        // The password was right: failures before it are no longer in a row.
        (c.failures, c.locked_until) = (0, 0);
        signin::put_credentials(w.tx.db, who.person.id.as_str(), &c)?;
        let event = Event::TotpSet {
            person: who.person.id.clone(),
            on: false,
        };
        let at = w.now;
        w.append(
            &Entry::new(
                stream::sign_in(&who.person.id),
                event,
                Some(who.person.id.clone()),
                who.org().cloned(),
                at,
            ),
            None,
        )?;
        Ok(())
    })
    .await?;
    after.totp = false;
    Ok(Json(me_of(&after, &app)))
}
