//! Facts as rows: appending, reading, finding.

use crate::StoreError;
use crate::db::{Db, Row, Value, containing};
use anlan_core::authority::Reach;
use anlan_core::fact::{Entry, Fact};
use anlan_core::id::{FactId, OrgId, PersonId};
use jiff::Timestamp;

const COLUMNS: &str =
    "seq, id, stream, version, happened, recorded, actor, org, articles, things, kind, body";

/// How many facts there are.
///
/// # Errors
/// What the database said.
pub fn count(db: &mut Db) -> Result<u64, StoreError> {
    Ok(db
        .row("SELECT MAX(seq) FROM facts", &[])?
        .and_then(|row| row.int_opt(0))
        .map_or(0, |seq| seq as u64 + 1))
}

/// How many facts a stream has.
pub(crate) fn version(db: &mut Db, stream: &str) -> Result<u64, StoreError> {
    Ok(db
        .row(
            "SELECT version FROM streams WHERE stream = ?1",
            &[stream.into()],
        )?
        .map_or(0, |row| row.int(0) as u64))
}

/// Writes a fact at its place, after `at` others of its stream.
pub(crate) fn append(
    db: &mut Db,
    seq: u64,
    at: u64,
    entry: &Entry,
    id: FactId,
    expected: Option<u64>,
) -> Result<Fact, StoreError> {
    let stream = entry.stream.as_str();
    if let Some(expected) = expected
        && expected != at
    {
        return Err(StoreError::Stale {
            stream: stream.to_owned(),
            expected,
            actual: at,
        });
    }
    let body = entry.event.body().map_err(|e| shape("event", e))?;
    let fact = Fact {
        seq,
        id,
        stream: stream.to_owned(),
        version: at + 1,
        // To the microsecond, as it is stored and hashed: what is projected now and what a rebuild projects agree.
        happened: to_microsecond(entry.happened),
        recorded: to_microsecond(entry.recorded),
        actor: entry.actor.clone(),
        org: entry.org.clone(),
        articles: entry.articles.clone(),
        things: entry.things(),
        kind: entry.event.kind().to_owned(),
        body,
    };
    let list = |items: &[String]| serde_json::to_string(items).map_err(|e| shape("list", e));
    db.run(
        "INSERT INTO facts (seq, id, stream, version, happened, recorded, actor, org, articles, things, kind, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &[
            fact.seq.into(),
            fact.id.as_str().into(),
            stream.into(),
            fact.version.into(),
            fact.happened.as_microsecond().into(),
            fact.recorded.as_microsecond().into(),
            fact.actor.as_ref().map(PersonId::as_str).into(),
            fact.org.as_ref().map(OrgId::as_str).into(),
            list(&fact.articles)?.into(),
            list(&fact.things)?.into(),
            fact.kind.as_str().into(),
            fact.body.as_str().into(),
        ],
    )?;
    Ok(fact)
}

fn to_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

pub(crate) fn shape(what: &str, why: impl std::fmt::Display) -> StoreError {
    StoreError::Shape {
        what: what.to_owned(),
        why: why.to_string(),
    }
}

/// Reads a fact from a row of [`COLUMNS`].
fn fact(row: &Row) -> Result<Fact, StoreError> {
    let seq = row.int(0) as u64;
    let bad = |why: &dyn std::fmt::Display| shape(&format!("fact {seq}"), why);
    let list = |at: usize| serde_json::from_str::<Vec<String>>(&row.text(at)).map_err(|e| bad(&e));
    Ok(Fact {
        seq,
        id: FactId::try_from(row.text(1)).map_err(|e| bad(&e))?,
        stream: row.text(2),
        version: row.int(3) as u64,
        happened: Timestamp::from_microsecond(row.int(4)).map_err(|e| bad(&e))?,
        recorded: Timestamp::from_microsecond(row.int(5)).map_err(|e| bad(&e))?,
        actor: row
            .text_opt(6)
            .map(PersonId::try_from)
            .transpose()
            .map_err(|e| bad(&e))?,
        org: row
            .text_opt(7)
            .map(OrgId::try_from)
            .transpose()
            .map_err(|e| bad(&e))?,
        articles: list(8)?,
        things: list(9)?,
        kind: row.text(10),
        body: row.text(11),
    })
}

/// Facts from a place on, in order, at most `limit`.
///
/// # Errors
/// What the database said, or a fact that is not of its shape.
pub fn from(db: &mut Db, seq: u64, limit: u32) -> Result<Vec<Fact>, StoreError> {
    db.rows(
        &format!("SELECT {COLUMNS} FROM facts WHERE seq >= ?1 ORDER BY seq LIMIT ?2"),
        &[seq.into(), limit.into()],
    )?
    .iter()
    .map(fact)
    .collect()
}

/// A fact by its id.
///
/// # Errors
/// What the database said.
pub fn get(db: &mut Db, id: &str) -> Result<Option<Fact>, StoreError> {
    db.row(
        &format!("SELECT {COLUMNS} FROM facts WHERE id = ?1"),
        &[id.into()],
    )?
    .as_ref()
    .map(fact)
    .transpose()
}

/// All facts of a stream, oldest first.
///
/// # Errors
/// What the database said.
pub fn of_stream(db: &mut Db, stream: &str) -> Result<Vec<Fact>, StoreError> {
    db.rows(
        &format!("SELECT {COLUMNS} FROM facts WHERE stream = ?1 ORDER BY version LIMIT 2000"),
        &[stream.into()],
    )?
    .iter()
    .map(fact)
    .collect()
}

/// What to look for.
#[derive(Debug, Default, Clone)]
pub struct Find {
    /// A kind, or the beginning of kinds that ends in a dot: `session.`.
    pub kind: Option<String>,
    /// Of this stream.
    pub stream: Option<String>,
    /// Of this org.
    pub org: Option<String>,
    /// By this person.
    pub actor: Option<String>,
    /// That names this thing or file.
    pub thing: Option<String>,
    /// Of this article, `notice#no`.
    pub article: Option<String>,
    /// Recorded from, in microseconds.
    pub from: Option<i64>,
    /// Recorded before, in microseconds.
    pub to: Option<i64>,
    /// Not of streams that begin so: `loop/report_`.
    pub hidden: Vec<String>,
    /// Before this place (for paging).
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// Kinds of facts that belong to the audit trail: seen only by those who may read it.
pub const AUDIT: &[&str] = &["session.", "person.", "token."];

/// Puts a reach into SQL: `column` holds an org's id. Each value is appended to `values`.
pub(crate) fn reach_sql(
    reach: &[Reach],
    column: &str,
    path: Option<&str>,
    values: &mut Vec<Value>,
) -> String {
    let mut parts = Vec::new();
    for piece in reach {
        match piece {
            Reach::District => return "1 = 1".to_owned(),
            Reach::Org(org) => {
                values.push(org.as_str().into());
                parts.push(format!("{column} = ?{}", values.len()));
            }
            // The path of an org that is not in the tree: nothing lies below it.
            Reach::Subtree(from) if from == "/" => {}
            Reach::Sectors(sectors) if sectors.is_empty() => {}
            Reach::Subtree(from) => {
                values.push(from.as_str().into());
                // Paths are ASCII: everything below begins with the path, and `~` is above every character in one.
                values.push(format!("{from}~").into());
                let (a, b) = (values.len() - 1, values.len());
                match path {
                    Some(path) => parts.push(format!("({path} >= ?{a} AND {path} < ?{b})")),
                    None => parts.push(format!(
                        "{column} IN (SELECT id FROM orgs WHERE path >= ?{a} AND path < ?{b})"
                    )),
                }
            }
            Reach::Sectors(sectors) => {
                let marks: Vec<String> = sectors
                    .iter()
                    .map(|sector| {
                        values.push(sector.as_str().into());
                        format!("?{}", values.len())
                    })
                    .collect();
                parts.push(format!(
                    "{column} IN (SELECT s.org FROM org_sectors s JOIN orgs o ON o.id = s.org WHERE o.kind = 'enterprise' AND s.sector IN ({}))",
                    marks.join(", ")
                ));
            }
        }
    }
    if parts.is_empty() {
        "1 = 0".to_owned()
    } else {
        format!("({})", parts.join(" OR "))
    }
}

/// Facts that match and may be seen, newest first, and how many there are in all (counted up to 100,000).
/// `reach` is what the reader may see by org; without `audit` the audit trail is left out.
///
/// # Errors
/// What the database said.
pub fn find(
    db: &mut Db,
    find: &Find,
    reach: &[Reach],
    audit: bool,
) -> Result<(Vec<Fact>, u64), StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let matching = matching(find, reach, audit, &mut values);
    let total = db
        .row(
            &format!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM facts WHERE {matching} LIMIT 100000) AS found"
            ),
            &values,
        )?
        .map_or(0, |row| row.int(0) as u64);
    // The index holds the facts of one kind in their order, those of several kinds not: each kind gives its newest,
    // and of these the newest are taken.
    let kinds = match &find.kind {
        Some(head) if head.ends_with('.') => kinds(db, head)?,
        Some(kind) => vec![Some(kind.clone())],
        None => vec![None],
    };
    let mut seqs = Vec::new();
    for kind in kinds {
        let find = Find {
            kind,
            ..find.clone()
        };
        seqs.extend(newest(db, &find, reach, audit)?);
    }
    seqs.sort_unstable_by(|a, b| b.cmp(a));
    seqs.truncate(find.limit as usize);
    let mut facts = Vec::with_capacity(seqs.len());
    for seq in seqs {
        facts.extend(from(db, seq, 1)?);
    }
    Ok((facts, total))
}

/// Kinds of facts that begin so and that there are, found one after the other without going through all facts.
fn kinds(db: &mut Db, head: &str) -> Result<Vec<Option<String>>, StoreError> {
    let end = format!("{head}~");
    let mut out: Vec<Option<String>> = Vec::new();
    let mut after = head.to_owned();
    while let Some(kind) = db
        .row(
            "SELECT MIN(kind) FROM facts WHERE kind > ?1 AND kind < ?2",
            &[after.as_str().into(), end.as_str().into()],
        )?
        .and_then(|row| row.text_opt(0))
    {
        out.push(Some(kind.clone()));
        after = kind;
    }
    Ok(out)
}

/// The places of the newest facts that match and may be seen.
fn newest(db: &mut Db, find: &Find, reach: &[Reach], audit: bool) -> Result<Vec<u64>, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let mut page = matching(find, reach, audit, &mut values);
    if let Some(before) = find.before {
        values.push(before.into());
        page.push_str(&format!(" AND seq < ?{}", values.len()));
    }
    values.push(find.limit.into());
    let sql = format!(
        "SELECT seq FROM facts WHERE {page} ORDER BY seq DESC LIMIT ?{}",
        values.len()
    );
    Ok(db
        .rows(&sql, &values)?
        .iter()
        .map(|row| row.int(0) as u64)
        .collect())
}

fn matching(find: &Find, reach: &[Reach], audit: bool, values: &mut Vec<Value>) -> String {
    let mut parts = vec![reach_sql(reach, "org", None, values)];
    let mut with = |sql: &str, value: Value| {
        values.push(value);
        parts.push(sql.replace('#', &format!("?{}", values.len())));
    };
    if let Some(kind) = &find.kind {
        if kind.ends_with('.') {
            with("kind >= #", kind.into());
            with("kind < #", format!("{kind}~").into());
        } else {
            with("kind = #", kind.into());
        }
    }
    if let Some(x) = &find.stream {
        with("stream = #", x.into());
    }
    if let Some(x) = &find.org {
        with("org = #", x.into());
    }
    if let Some(x) = &find.actor {
        with("actor = #", x.into());
    }
    // Lists are JSON: an id stands in quotes, and ids hold no quote.
    if let Some(x) = &find.thing {
        with(
            "things LIKE # ESCAPE '!'",
            containing(&format!("\"{x}\"")).into(),
        );
    }
    if let Some(x) = &find.article {
        with(
            "articles LIKE # ESCAPE '!'",
            containing(&format!("\"{x}\"")).into(),
        );
    }
    if let Some(x) = find.from {
        with("recorded >= #", x.into());
    }
    if let Some(x) = find.to {
        with("recorded < #", x.into());
    }
    for head in &find.hidden {
        values.push(head.as_str().into());
        values.push(format!("{head}~").into());
        let at = values.len();
        parts.push(format!("NOT (stream >= ?{} AND stream < ?{at})", at - 1));
    }
    if !audit {
        parts.extend(
            AUDIT
                .iter()
                .map(|kind| format!("NOT (kind >= '{kind}' AND kind < '{kind}~')")),
        );
    }
    parts.join(" AND ")
}

/// An answer given before to the same request.
///
/// # Errors
/// What the database said.
pub fn remembered(
    db: &mut Db,
    actor: &str,
    key: &str,
) -> Result<Option<(String, String)>, StoreError> {
    Ok(db
        .row(
            "SELECT request, answer FROM idempotency WHERE actor = ?1 AND key = ?2",
            &[actor.into(), key.into()],
        )?
        .map(|row| (row.text(0), row.text(1))))
}

/// Remembers an answer, in the transaction that made it.
///
/// # Errors
/// What the database said.
pub fn remember(
    db: &mut Db,
    actor: &str,
    key: &str,
    request: &str,
    answer: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let at = now.as_microsecond();
    db.run(
        "INSERT INTO idempotency (actor, key, request, answer, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            actor.into(),
            key.into(),
            request.into(),
            answer.into(),
            at.into(),
        ],
    )?;
    // Keys are for retries, not for ever: two days.
    db.run(
        "DELETE FROM idempotency WHERE at < ?1",
        &[(at - 2 * 86_400_000_000).into()],
    )?;
    Ok(())
}
