//! Signing in and being known: sessions for browsers, bearer tokens for programs. Secrets are stored as hashes;
//! every sign-in, good or bad, is a fact.

use crate::app::{App, Writing};
use crate::problem::Problem;
use anlan_core::authority::{Actor, Command};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{OrgId, PersonId};
use anlan_core::person::Person;
use anlan_store::signin::{self, Credentials};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{HeaderMap, Method, StatusCode, header, request::Parts};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;

/// The cookie's name.
pub const COOKIE: &str = "anlan_session";
/// The header that a page of another origin cannot send without being asked first.
pub const CSRF_HEADER: &str = "x-anlan";
/// A session ends after so long without use, in seconds.
pub const IDLE_SECONDS: i64 = 12 * 3_600;
/// A session's secret is changed after so long, in seconds.
pub const ROTATE_SECONDS: i64 = 3_600;
/// Failures in a row before an account is locked.
const FAILURES_MAX: u32 = 5;
/// The first lock, in seconds; each further failure doubles it.
const LOCK_SECONDS: i64 = 60;
/// The longest lock, in seconds.
const LOCK_SECONDS_MAX: i64 = 3_600;
/// Attempts from one address in a minute.
const ATTEMPTS_MAX: u32 = 60;
/// Addresses remembered.
const ADDRESSES_MAX: usize = 10_000;
/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// Longest password, in bytes: hashing must not be made a burden.
pub const PASSWORD_MAX: usize = 256;

/// The hash under which a secret is stored.
pub fn hash_secret(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn argon2() -> Argon2<'static> {
    // OWASP's second choice: 19 MiB, two passes, one lane.
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// Hashes a password.
///
/// # Errors
/// When the hasher refuses.
pub fn hash_password(password: &str, salt: u128) -> Result<String, Problem> {
    argon2()
        .hash_password_with_salt(password.as_bytes(), &salt.to_be_bytes())
        .map(|hash| hash.to_string())
        .map_err(Problem::ours)
}

/// Is this the password of that hash?
pub fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A one-time password: 16 characters that are easy to read out, about 80 bits.
pub fn one_time_password(chance: u128) -> String {
    let text = anlan_core::id::sortable(0, chance);
    text.as_bytes()[text.len() - 16..]
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect::<Vec<_>>()
        .join("-")
}

/// Is this password good enough to be kept?
///
/// # Errors
/// What is wrong with it.
pub fn check_password(password: &str, login: &str) -> Result<(), Problem> {
    let long = password.chars().count() >= PASSWORD_MIN && password.len() <= PASSWORD_MAX;
    let kinds = [
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(char::is_alphabetic),
        password.chars().any(|c| !c.is_alphanumeric()),
    ];
    if long && kinds.iter().filter(|k| **k).count() >= 2 && !password.to_lowercase().contains(login)
    {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "sign-in/weak-password",
        "新密码不符合要求",
        "The new password is too weak: at least 10 characters, two of letters, digits and signs, and not the login",
    )
    .advise("至少 10 位，包含字母、数字、符号中的两种，且不含用户名"))
}

/// Sets a password: hash and fact in one transaction; all other sessions of the person end.
///
/// # Errors
/// When the store refuses.
pub fn set_password(
    writing: &mut Writing<'_, '_>,
    person: &PersonId,
    hash: String,
    one_time: bool,
    by: Option<&PersonId>,
    org: Option<&OrgId>,
    keep_session: Option<&str>,
) -> Result<(), Problem> {
    let mut credentials = signin::credentials(writing.tx.db, person.as_str())?.unwrap_or_default();
    credentials.password = hash;
    credentials.one_time = one_time;
    credentials.failures = 0;
    credentials.locked_until = 0;
    signin::put_credentials(writing.tx.db, person.as_str(), &credentials)?;
    signin::end_sessions(writing.tx.db, person.as_str(), keep_session)?;
    let event = Event::PasswordSet {
        person: person.clone(),
        one_time,
    };
    let now = writing.now;
    writing.append(
        &Entry::new(
            stream::sign_in(person),
            event,
            by.cloned(),
            org.cloned(),
            now,
        ),
        None,
    )?;
    Ok(())
}

/// Who is asking.
#[derive(Debug, Clone)]
pub struct Who {
    /// Who, and what they may do.
    pub actor: Actor,
    /// The person.
    pub person: Person,
    /// The hash of the session's secret; none for tokens.
    pub session: Option<String>,
    /// When the session's secret was made, in microseconds.
    pub session_created: i64,
    /// The password must be changed before anything else.
    pub must_change_password: bool,
    /// A second factor is set.
    pub totp: bool,
}

impl Who {
    /// The same person as they stand now; none when they may no longer sign in. For what outlives a request: a live
    /// line stays open for hours, and positions change meanwhile.
    pub fn as_of_now(&self, app: &App) -> Option<Who> {
        let world = app.world();
        let (person, _) = world
            .people
            .get(&self.person.id)
            .filter(|(person, _)| !person.disabled)?;
        let mut who = self.clone();
        who.actor.positions = person.positions.clone();
        Some(who)
    }

    /// The org facts name as the actor's.
    pub fn org(&self) -> Option<&OrgId> {
        self.actor.org()
    }

    /// Asks for a permission anywhere.
    ///
    /// # Errors
    /// When the table says no.
    pub fn needs(&self, command: Command, app: &App) -> Result<(), Problem> {
        if self.actor.may_somewhere(command, &app.world().tree) {
            Ok(())
        } else {
            Err(Problem::forbidden())
        }
    }

    /// Asks for a permission on an org.
    ///
    /// # Errors
    /// When the table says no.
    pub fn needs_on(&self, command: Command, org: &OrgId, app: &App) -> Result<(), Problem> {
        if self.actor.may(command, org, &app.world().tree) {
            Ok(())
        } else {
            Err(Problem::forbidden())
        }
    }
}

/// Where a request comes from. A proxy on this machine is believed when it names the client; nobody else is.
pub fn address(parts: &Parts) -> String {
    let Some(ConnectInfo(at)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
        return "local".to_owned();
    };
    let named = parts
        .headers
        .get("x-forwarded-for")
        .filter(|_| at.ip().is_loopback())
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|last| last.trim().parse::<std::net::IpAddr>().ok());
    named.unwrap_or(at.ip()).to_string()
}

/// Where a request comes from, for handlers.
pub struct Address(pub String);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(address(parts)))
    }
}

/// A cookie by its name.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn needed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign-in/needed",
        "请先登录",
        "Sign in first",
    )
}

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let who = identify(parts, app).await?;
        // Until a one-time password is changed, only the session itself can be dealt with.
        if who.must_change_password && !parts.uri.path().starts_with("/api/v1/session") {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "sign-in/password-must-change",
                "请先修改一次性密码",
                "Change the one-time password first",
            ));
        }
        Ok(who)
    }
}

async fn identify(parts: &Parts, app: &Arc<App>) -> Result<Who, Problem> {
    let bearer = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(|secret| hash_secret(secret.trim()));
    let session = cookie(&parts.headers, COOKIE).map(|secret| hash_secret(&secret));
    let now = app.now().as_microsecond();
    let (person, session, created, only) = if let Some(hash) = bearer {
        let token = app
            .read(move |db| Ok(signin::token(db, &hash)?))
            .await?
            .filter(|token| token.expires > now)
            .ok_or_else(|| {
                Problem::new(
                    StatusCode::UNAUTHORIZED,
                    "sign-in/token",
                    "令牌无效或已过期",
                    "The token is unknown, revoked or expired",
                )
            })?;
        // Once in a minute is often enough to say that it is used.
        if token.last_used.is_none_or(|at| now - at > 60_000_000) {
            let id = token.id.clone();
            app.write(move |w| Ok(signin::use_token(w.tx.db, &id, w.now)?))
                .await?;
        }
        let only = token
            .commands
            .iter()
            .filter_map(|code| Command::from_code(code))
            .collect();
        (token.person, None, 0, Some(only))
    } else {
        let hash = session.ok_or_else(needed)?;
        if !matches!(parts.method, Method::GET | Method::HEAD)
            && !parts.headers.contains_key(CSRF_HEADER)
        {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "sign-in/csrf",
                "请求未带校验头，已拒绝",
                "Requests with a cookie that change something carry the header X-Anlan: 1",
            ));
        }
        let key = hash.clone();
        let found = app
            .read(move |db| Ok(signin::session(db, &key)?))
            .await?
            .filter(|s| s.expires > now)
            .ok_or_else(needed)?;
        if now - found.seen > 300_000_000 {
            let key = hash.clone();
            app.write(move |w| {
                Ok(signin::touch_session(
                    w.tx.db,
                    &key,
                    w.now,
                    now + IDLE_SECONDS * 1_000_000,
                )?)
            })
            .await?;
        }
        (found.person, Some(hash), found.created, None)
    };
    let world = app.world();
    let id = PersonId::try_from(person.as_str()).map_err(Problem::ours)?;
    let known = world
        .people
        .get(&id)
        .map(|(person, _)| person.clone())
        .filter(|person| !person.disabled)
        .ok_or_else(needed)?;
    let credentials = app
        .read(move |db| Ok(signin::credentials(db, &person)?))
        .await?
        .unwrap_or_default();
    Ok(Who {
        actor: Actor {
            person: id,
            positions: known.positions.clone(),
            only,
        },
        person: known,
        must_change_password: credentials.one_time && session.is_some(),
        totp: credentials.totp.is_some(),
        session,
        session_created: created,
    })
}

/// Counts an attempt from an address.
/// Counts a try from an address; so many a minute are let through.
///
/// # Errors
/// When there were too many.
pub fn throttle(app: &App, address: &str) -> Result<(), Problem> {
    let minute = app.now().as_second() / 60;
    let mut attempts = app
        .attempts
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if attempts.len() >= ADDRESSES_MAX {
        attempts.retain(|_, (at, _)| *at == minute);
    }
    let (at, count) = attempts.entry(address.to_owned()).or_insert((minute, 0));
    if *at != minute {
        (*at, *count) = (minute, 0);
    }
    *count += 1;
    if *count > ATTEMPTS_MAX {
        Err(locked(60 - app.now().as_second() % 60))
    } else {
        Ok(())
    }
}

/// Too many tries: wait so many seconds.
pub fn locked(seconds: i64) -> Problem {
    let seconds = u64::try_from(seconds.max(1)).unwrap_or(60);
    let mut problem = Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "sign-in/locked",
        "尝试次数过多，请稍后再试",
        "Too many attempts; wait and try again",
    );
    problem.retry_after = Some(seconds);
    problem
}

/// Checks login, password and second factor. Good or bad, it is written down.
///
/// # Errors
/// Why the sign-in is refused; a wrong login and a wrong password look the same.
pub async fn check(
    app: &Arc<App>,
    login: &str,
    password: &str,
    code: Option<&str>,
    address: &str,
    via: &'static str,
) -> Result<PersonId, Problem> {
    throttle(app, address)?;
    let wrong = || {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "sign-in/wrong",
            "用户名或密码不正确",
            "Wrong login or password",
        )
        .advise("请核对后重试；忘记密码请联系系统管理员重置")
    };
    let login: String = login.trim().chars().take(32).collect();
    if password.len() > PASSWORD_MAX {
        return Err(wrong());
    }
    let world = app.world();
    let person = world
        .people
        .values()
        .map(|(person, _)| person)
        .find(|person| person.login == login)
        .cloned();
    let id = person
        .as_ref()
        .map(|person| person.id.to_string())
        .unwrap_or_default();
    // Kept until the end: a failure is counted before others have their turn, however many come at once.
    let _room = app.hashing.acquire().await.map_err(Problem::ours)?;
    let credentials = app
        .read(move |db| Ok(signin::credentials(db, &id)?))
        .await?;
    let now = app.now().as_microsecond();
    if let Some(c) = credentials.as_ref().filter(|c| c.locked_until > now) {
        let seconds = (c.locked_until - now) / 1_000_000 + 1;
        refuse(app, person.as_ref(), &login, "locked", address, false).await?;
        return Err(locked(seconds));
    }
    // An unknown login costs the same time as a known one.
    let hash = credentials.as_ref().map_or_else(
        || "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        |c| c.password.clone(),
    );
    let typed = password.to_owned();
    let good = tokio::task::spawn_blocking(move || verify(&typed, &hash))
        .await
        .map_err(Problem::ours)?;
    let (Some(person), Some(credentials)) = (person, credentials) else {
        refuse(app, None, &login, "wrong", address, false).await?;
        return Err(wrong());
    };
    if !good || person.disabled {
        refuse(
            app,
            Some(&person),
            &login,
            if good { "disabled" } else { "wrong" },
            address,
            !good,
        )
        .await?;
        return Err(wrong());
    }
    let mut step = credentials.totp_step;
    if let Some(secret) = &credentials.totp {
        let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "sign-in/code-needed",
                "请输入动态验证码",
                "Enter the code of your second factor",
            ));
        };
        match totp_step(secret, code, app.now().as_second(), step) {
            Some(used) => step = used,
            None => {
                refuse(app, Some(&person), &login, "code", address, true).await?;
                return Err(Problem::new(
                    StatusCode::UNAUTHORIZED,
                    "sign-in/code-wrong",
                    "动态验证码不正确或已用过",
                    "The code is wrong or was used already; wait for the next one",
                ));
            }
        }
    }
    let id = person.id.clone();
    let address = address.to_owned();
    app.write(move |w| {
        let mut c = signin::credentials(w.tx.db, person.id.as_str())?.unwrap_or_default();
        // Two sign-ins with one code at the same moment: the second finds the step used.
        if c.totp.is_some() && c.totp_step >= step && step != 0 {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "sign-in/code-wrong",
                "动态验证码已用过",
                "The code was used already",
            ));
        }
        (c.failures, c.locked_until, c.totp_step, c.last_sign_in) = (0, 0, step, Some(now));
        signin::put_credentials(w.tx.db, person.id.as_str(), &c)?;
        let event = Event::SignedIn {
            person: person.id.clone(),
            via: via.to_owned(),
            address,
        };
        let org = person.positions.first().map(|p| p.org.clone());
        let at = w.now;
        w.append(
            &Entry::new(
                stream::sign_in(&person.id),
                event,
                Some(person.id.clone()),
                org,
                at,
            ),
            None,
        )?;
        Ok(())
    })
    .await?;
    Ok(id)
}

/// Asks somebody who is signed in for the password again, before something that matters. A session that was left open
/// or stolen is no place to guess: failures count as failed sign-ins do, with the same lock and the same facts.
///
/// # Errors
/// When the password is wrong, or the account or the address is locked.
pub async fn confirm(
    app: &Arc<App>,
    who: &Who,
    password: &str,
    address: &str,
) -> Result<(), Problem> {
    throttle(app, address)?;
    let _room = app.hashing.acquire().await.map_err(Problem::ours)?;
    let id = who.person.id.to_string();
    let credentials = app
        .read(move |db| Ok(signin::credentials(db, &id)?))
        .await?
        .unwrap_or_default();
    let refused = |reason, counts| {
        refuse(
            app,
            Some(&who.person),
            &who.person.login,
            reason,
            address,
            counts,
        )
    };
    let now = app.now().as_microsecond();
    if credentials.locked_until > now {
        refused("locked", false).await?;
        return Err(locked((credentials.locked_until - now) / 1_000_000 + 1));
    }
    let typed = password.to_owned();
    let good = password.len() <= PASSWORD_MAX
        && tokio::task::spawn_blocking(move || verify(&typed, &credentials.password))
            .await
            .map_err(Problem::ours)?;
    if good {
        return Ok(());
    }
    refused("wrong", true).await?;
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "sign-in/wrong-old",
        "原密码不正确",
        "The old password is wrong",
    ))
}

/// Writes a failed sign-in down, and locks the account when there were too many.
async fn refuse(
    app: &Arc<App>,
    person: Option<&Person>,
    login: &str,
    reason: &'static str,
    address: &str,
    counts: bool,
) -> Result<(), Problem> {
    let (person, login, address) = (person.cloned(), login.to_owned(), address.to_owned());
    app.write(move |w| {
        if let Some(person) = person.as_ref().filter(|_| counts) {
            let mut c: Credentials =
                signin::credentials(w.tx.db, person.id.as_str())?.unwrap_or_default();
            c.failures += 1;
            if c.failures >= FAILURES_MAX {
                let doubled = LOCK_SECONDS << (c.failures - FAILURES_MAX).min(6);
                c.locked_until = w.now.as_microsecond() + doubled.min(LOCK_SECONDS_MAX) * 1_000_000;
            }
            signin::put_credentials(w.tx.db, person.id.as_str(), &c)?;
        }
        let event = Event::SignInRefused {
            login,
            reason: reason.to_owned(),
            address,
        };
        let org = person
            .as_ref()
            .and_then(|p| p.positions.first())
            .map(|p| p.org.clone());
        let at = w.now;
        w.append(
            &Entry::new(stream::SIGN_IN.to_owned(), event, None, org, at),
            None,
        )?;
        Ok(())
    })
    .await
}

/// The time step of a code, if it is good and later than the last one used.
pub fn totp_step(secret: &str, code: &str, now: i64, last: u64) -> Option<u64> {
    let secret = totp_rs::Secret::try_from_base32(secret).ok()?;
    let totp = totp_rs::Builder::new().with_secret(secret).build().ok()?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let at = u64::try_from(now).ok()?;
    // One step either side, for clocks that run apart.
    let step = [0i64, -30, 30].into_iter().find_map(|skew| {
        let at = at.checked_add_signed(skew)?;
        let expected = totp.generate(at);
        (expected.to_string() == code).then_some(at / 30)
    })?;
    (step > last).then_some(step)
}

/// A new second-factor secret in base32: 160 bits.
pub fn totp_secret(a: u128, b: u128) -> String {
    let bytes: Vec<u8> = [a.to_be_bytes(), b.to_be_bytes()]
        .concat()
        .into_iter()
        .take(20)
        .collect();
    totp_rs::Secret::from(bytes).to_base32()
}
