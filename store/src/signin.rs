//! What signing in needs and no fact may hold: password hashes, second factors, sessions, tokens. These tables are
//! no projections; a rebuild leaves them alone. That somebody signed in, or failed to, is a fact.

use crate::db::{Db, DbError};
use jiff::Timestamp;

/// A person's secrets.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// argon2id, in PHC form.
    pub password: String,
    /// Good for one sign-in; then it must be changed.
    pub one_time: bool,
    /// The second factor's secret, base32.
    pub totp: Option<String>,
    /// One that is being set up.
    pub totp_pending: Option<String>,
    /// The last time step that was used: a code is good once.
    pub totp_step: u64,
    /// Failures in a row.
    pub failures: u32,
    /// Locked until, in microseconds.
    pub locked_until: i64,
    /// Microseconds.
    pub last_sign_in: Option<i64>,
}

/// A person's secrets, if any were set.
///
/// # Errors
/// What the database said.
pub fn credentials(db: &mut Db, person: &str) -> Result<Option<Credentials>, DbError> {
    Ok(db
        .row(
            "SELECT password, one_time, totp, totp_pending, totp_step, failures, locked_until, last_sign_in FROM credentials WHERE person = ?1",
            &[person.into()],
        )?
        .map(|row| Credentials {
            password: row.text(0),
            one_time: row.int(1) != 0,
            totp: row.text_opt(2),
            totp_pending: row.text_opt(3),
            totp_step: row.int(4) as u64,
            failures: row.int(5) as u32,
            locked_until: row.int(6),
            last_sign_in: row.int_opt(7),
        }))
}

/// Second factor on, locked until, last sign-in; instants in microseconds.
pub type SignInState = (bool, i64, Option<i64>);

/// All persons' public sign-in state: person → (second factor on, locked until, last sign-in).
///
/// # Errors
/// What the database said.
pub fn overview(db: &mut Db) -> Result<std::collections::BTreeMap<String, SignInState>, DbError> {
    Ok(db
        .rows(
            "SELECT person, totp, locked_until, last_sign_in FROM credentials",
            &[],
        )?
        .iter()
        .map(|row| {
            (
                row.text(0),
                (row.text_opt(1).is_some(), row.int(2), row.int_opt(3)),
            )
        })
        .collect())
}

/// Writes a person's secrets.
///
/// # Errors
/// What the database said.
pub fn put_credentials(db: &mut Db, person: &str, c: &Credentials) -> Result<(), DbError> {
    db.run(
        "INSERT INTO credentials (person, password, one_time, totp, totp_pending, totp_step, failures, locked_until, last_sign_in) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (person) DO UPDATE SET password = excluded.password, one_time = excluded.one_time, \
         totp = excluded.totp, totp_pending = excluded.totp_pending, totp_step = excluded.totp_step, failures = excluded.failures, \
         locked_until = excluded.locked_until, last_sign_in = excluded.last_sign_in",
        &[
            person.into(),
            c.password.as_str().into(),
            c.one_time.into(),
            c.totp.as_deref().into(),
            c.totp_pending.as_deref().into(),
            c.totp_step.into(),
            c.failures.into(),
            c.locked_until.into(),
            c.last_sign_in.into(),
        ],
    )?;
    Ok(())
}

/// Opens a session under the hash of its secret.
///
/// # Errors
/// What the database said.
pub fn open_session(
    db: &mut Db,
    hash: &str,
    person: &str,
    now: Timestamp,
    expires: i64,
) -> Result<(), DbError> {
    let now = now.as_microsecond();
    db.run("DELETE FROM sessions WHERE expires < ?1", &[now.into()])?;
    db.run(
        "INSERT INTO sessions (id, person, created, seen, expires) VALUES (?1, ?2, ?3, ?3, ?4)",
        &[hash.into(), person.into(), now.into(), expires.into()],
    )?;
    Ok(())
}

/// A session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose.
    pub person: String,
    /// When its secret was made, in microseconds.
    pub created: i64,
    /// When it was last seen, in microseconds.
    pub seen: i64,
    /// When it ends, in microseconds.
    pub expires: i64,
}

/// The session with this hash.
///
/// # Errors
/// What the database said.
pub fn session(db: &mut Db, hash: &str) -> Result<Option<Session>, DbError> {
    Ok(db
        .row(
            "SELECT person, created, seen, expires FROM sessions WHERE id = ?1",
            &[hash.into()],
        )?
        .map(|row| Session {
            person: row.text(0),
            created: row.int(1),
            seen: row.int(2),
            expires: row.int(3),
        }))
}

/// Moves a session's end on.
///
/// # Errors
/// What the database said.
pub fn touch_session(db: &mut Db, hash: &str, now: Timestamp, expires: i64) -> Result<(), DbError> {
    db.run(
        "UPDATE sessions SET seen = ?2, expires = ?3 WHERE id = ?1",
        &[hash.into(), now.as_microsecond().into(), expires.into()],
    )?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// What the database said.
pub fn end_session(db: &mut Db, hash: &str) -> Result<(), DbError> {
    db.run("DELETE FROM sessions WHERE id = ?1", &[hash.into()])?;
    Ok(())
}

/// Ends all sessions of a person but one.
///
/// # Errors
/// What the database said.
pub fn end_sessions(db: &mut Db, person: &str, but: Option<&str>) -> Result<(), DbError> {
    db.run(
        "DELETE FROM sessions WHERE person = ?1 AND id <> ?2",
        &[person.into(), but.unwrap_or("").into()],
    )?;
    Ok(())
}

/// A bearer token.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// Whose.
    pub person: String,
    /// Its name.
    pub name: String,
    /// What it may do, by command.
    pub commands: Vec<String>,
    /// Microseconds.
    pub created: i64,
    /// Microseconds.
    pub expires: i64,
    /// Microseconds.
    pub last_used: Option<i64>,
}

const TOKEN: &str = "SELECT id, person, name, commands, created, expires, last_used FROM tokens";

fn token_of(row: &crate::db::Row) -> Token {
    Token {
        id: row.text(0),
        person: row.text(1),
        name: row.text(2),
        commands: serde_json::from_str(&row.text(3)).unwrap_or_default(),
        created: row.int(4),
        expires: row.int(5),
        last_used: row.int_opt(6),
    }
}

/// Issues a token under the hash of its secret.
///
/// # Errors
/// What the database said.
pub fn put_token(db: &mut Db, token: &Token, hash: &str) -> Result<(), DbError> {
    let commands = serde_json::to_string(&token.commands).unwrap_or_default();
    db.run(
        "INSERT INTO tokens (id, secret, person, name, commands, created, expires, revoked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
        &[
            token.id.as_str().into(),
            hash.into(),
            token.person.as_str().into(),
            token.name.as_str().into(),
            commands.into(),
            token.created.into(),
            token.expires.into(),
        ],
    )?;
    Ok(())
}

/// The token with this secret, unless revoked.
///
/// # Errors
/// What the database said.
pub fn token(db: &mut Db, hash: &str) -> Result<Option<Token>, DbError> {
    Ok(db
        .row(
            &format!("{TOKEN} WHERE secret = ?1 AND revoked = 0"),
            &[hash.into()],
        )?
        .as_ref()
        .map(token_of))
}

/// All tokens that were not revoked.
///
/// # Errors
/// What the database said.
pub fn tokens(db: &mut Db) -> Result<Vec<Token>, DbError> {
    Ok(db
        .rows(
            &format!("{TOKEN} WHERE revoked = 0 ORDER BY created DESC"),
            &[],
        )?
        .iter()
        .map(token_of)
        .collect())
}

/// Says that a token was used.
///
/// # Errors
/// What the database said.
pub fn use_token(db: &mut Db, id: &str, now: Timestamp) -> Result<(), DbError> {
    db.run(
        "UPDATE tokens SET last_used = ?2 WHERE id = ?1",
        &[id.into(), now.as_microsecond().into()],
    )?;
    Ok(())
}

/// Revokes a token. False when there is none.
///
/// # Errors
/// What the database said.
pub fn revoke_token(db: &mut Db, id: &str) -> Result<bool, DbError> {
    Ok(db.run(
        "UPDATE tokens SET revoked = 1 WHERE id = ?1 AND revoked = 0",
        &[id.into()],
    )? > 0)
}
