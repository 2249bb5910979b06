//! What is kept apart from facts: who reported, sealed, and the PIN with which the reporter follows the report. Not a
//! projection: a rebuild does not touch it.

use crate::StoreError;
use crate::db::Db;
use jiff::Timestamp;

/// What is kept of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The loop.
    pub id: String,
    /// The code under which the reporter follows it.
    pub code: String,
    /// The hash of the PIN.
    pub pin: String,
    /// Name and contact, sealed; none when the report is anonymous.
    pub sealed: Option<String>,
    /// Wrong PINs in a row.
    pub failures: u32,
    /// No PIN is tried before this moment, in microseconds.
    pub locked_until: i64,
}

/// Keeps it.
///
/// # Errors
/// What the database said.
pub fn put(db: &mut Db, secret: &Secret, now: Timestamp) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO report_secrets (loop, code, pin, sealed, failures, locked_until, at) VALUES (?1, ?2, ?3, ?4, 0, 0, ?5)",
        &[
            secret.id.as_str().into(),
            secret.code.as_str().into(),
            secret.pin.as_str().into(),
            secret.sealed.as_deref().into(),
            now.as_microsecond().into(),
        ],
    )?;
    Ok(())
}

fn one(db: &mut Db, column: &str, key: &str) -> Result<Option<Secret>, StoreError> {
    Ok(db
        .row(
            &format!(
                "SELECT loop, code, pin, sealed, failures, locked_until FROM report_secrets WHERE {column} = ?1"
            ),
            &[key.into()],
        )?
        .map(|row| Secret {
            id: row.text(0),
            code: row.text(1),
            pin: row.text(2),
            sealed: row.text_opt(3),
            failures: row.int(4) as u32,
            locked_until: row.int(5),
        }))
}

/// By the code the reporter was given.
///
/// # Errors
/// What the database said.
pub fn by_code(db: &mut Db, code: &str) -> Result<Option<Secret>, StoreError> {
    one(db, "code", code)
}

/// Of a loop.
///
/// # Errors
/// What the database said.
pub fn of_loop(db: &mut Db, id: &str) -> Result<Option<Secret>, StoreError> {
    one(db, "loop", id)
}

/// Writes down that a PIN was wrong, or right (`failures` 0).
///
/// # Errors
/// What the database said.
pub fn tried(db: &mut Db, id: &str, failures: u32, locked_until: i64) -> Result<(), StoreError> {
    db.run(
        "UPDATE report_secrets SET failures = ?2, locked_until = ?3 WHERE loop = ?1",
        &[id.into(), failures.into(), locked_until.into()],
    )?;
    Ok(())
}
