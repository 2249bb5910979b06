//! Orgs, people, things, calendar years and papers, as projected.

use crate::StoreError;
use crate::db::{Db, Row, Value, containing};
use crate::facts::{reach_sql, shape};
use crate::{duties, loops, search};
use anlan_core::authority::Reach;
use anlan_core::calendar::Year;
use anlan_core::fact::Fact;
use anlan_core::id::{DutyId, OrgId, PaperId};
use anlan_core::org::Org;
use anlan_core::person::Person;
use anlan_core::thing::Thing;
use serde::de::DeserializeOwned;

fn state<T: DeserializeOwned>(what: &str, row: &Row, at: usize) -> Result<T, StoreError> {
    serde_json::from_str(&row.text(at)).map_err(|e| shape(what, e))
}

fn json(what: &str, value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| shape(what, e))
}

fn path_of(db: &mut Db, org: &str) -> Result<Option<String>, StoreError> {
    Ok(db
        .row("SELECT path FROM orgs WHERE id = ?1", &[org.into()])?
        .map(|row| row.text(0)))
}

pub(crate) fn put_org(db: &mut Db, org: &Org, version: u64) -> Result<(), StoreError> {
    let id = org.id.as_str();
    let before = path_of(db, id)?;
    let above = match &org.parent {
        Some(parent) => path_of(db, parent.as_str())?,
        None => None,
    };
    // An org that stands above itself, or above which nobody is known, hangs at the top.
    let above = above
        .filter(|path| !path.contains(&format!("/{id}/")))
        .unwrap_or_else(|| "/".to_owned());
    let path = format!("{above}{id}/");
    db.run(
        "INSERT INTO orgs (id, kind, name, parent, path, version, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET \
         kind = excluded.kind, name = excluded.name, parent = excluded.parent, path = excluded.path, version = excluded.version, state = excluded.state",
        &[
            id.into(),
            org.kind.as_str().into(),
            org.name.as_str().into(),
            org.parent.as_ref().map(OrgId::as_str).into(),
            path.as_str().into(),
            version.into(),
            json("org", org)?.into(),
        ],
    )?;
    match before {
        Some(before) if before == path => {}
        Some(before) => {
            move_below(db, &before, &path)?;
            duties::gather_moved(db, &path)?;
        }
        None => {
            // Loops, duties and orgs that were there before it find their place now.
            loops::placed(db, id, &path)?;
            let early = db.run(
                "UPDATE duties SET path = ?1 WHERE org = ?2",
                &[path.as_str().into(), id.into()],
            )?;
            let orphans = db.rows(
                "SELECT path FROM orgs WHERE parent = ?1 ORDER BY id",
                &[id.into()],
            )?;
            for orphan in &orphans {
                let old = orphan.text(0);
                let own = old.trim_matches('/');
                if !own.contains('/') && !path.contains(&format!("/{own}/")) {
                    move_below(db, &old, &format!("{path}{own}/"))?;
                }
            }
            if early > 0 || !orphans.is_empty() {
                duties::gather_moved(db, &path)?;
            }
        }
    }
    db.run(
        "DELETE FROM org_sectors WHERE org = ?1",
        &[org.id.as_str().into()],
    )?;
    for sector in &org.sectors {
        db.run(
            "INSERT INTO org_sectors (org, sector) VALUES (?1, ?2) ON CONFLICT (org, sector) DO NOTHING",
            &[org.id.as_str().into(), sector.into()],
        )?;
    }
    let detail = format!("{} {}", org.short, org.aliases.join(" "));
    search::put(
        db,
        "org",
        org.id.as_str(),
        Some(org.id.as_str()),
        &org.name,
        &detail,
    )
}

/// Moves a branch of the tree: the org at `before`, everything below it, and every duty and loop there.
fn move_below(db: &mut Db, before: &str, path: &str) -> Result<(), StoreError> {
    for table in ["orgs", "duties", "loops", "loop_orgs"] {
        db.run(
            &format!(
                "UPDATE {table} SET path = ?1 || SUBSTR(path, ?2) WHERE path >= ?3 AND path < ?4"
            ),
            &[
                path.into(),
                (before.len() as u64 + 1).into(),
                before.into(),
                format!("{before}~").into(),
            ],
        )?;
    }
    Ok(())
}

/// All orgs with their versions.
///
/// # Errors
/// What the database said.
pub fn orgs(db: &mut Db) -> Result<Vec<(Org, u64)>, StoreError> {
    db.rows("SELECT version, state FROM orgs ORDER BY id", &[])?
        .iter()
        .map(|row| Ok((state("org", row, 1)?, row.int(0) as u64)))
        .collect()
}

pub(crate) fn put_person(db: &mut Db, person: &Person, version: u64) -> Result<(), StoreError> {
    let org = person.positions.first().map(|p| p.org.as_str());
    db.run(
        "INSERT INTO people (id, login, name, org, version, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET \
         login = excluded.login, name = excluded.name, org = excluded.org, version = excluded.version, state = excluded.state",
        &[
            person.id.as_str().into(),
            person.login.as_str().into(),
            person.name.as_str().into(),
            org.into(),
            version.into(),
            json("person", person)?.into(),
        ],
    )?;
    search::put(
        db,
        "person",
        person.id.as_str(),
        org,
        &person.name,
        &person.login,
    )
}

/// All people with their versions.
///
/// # Errors
/// What the database said.
pub fn people(db: &mut Db) -> Result<Vec<(Person, u64)>, StoreError> {
    db.rows("SELECT version, state FROM people ORDER BY login", &[])?
        .iter()
        .map(|row| Ok((state("person", row, 1)?, row.int(0) as u64)))
        .collect()
}

/// A person by id or login.
///
/// # Errors
/// What the database said.
pub fn person(db: &mut Db, id_or_login: &str) -> Result<Option<(Person, u64)>, StoreError> {
    db.row(
        "SELECT version, state FROM people WHERE id = ?1 OR login = ?1",
        &[id_or_login.into()],
    )?
    .map(|row| Ok((state("person", &row, 1)?, row.int(0) as u64)))
    .transpose()
}

pub(crate) fn put_thing(db: &mut Db, thing: &Thing, fact: &Fact) -> Result<(), StoreError> {
    let before = db.row(
        "SELECT org, kind FROM things WHERE id = ?1",
        &[thing.id.as_str().into()],
    )?;
    db.run(
        "INSERT INTO things (id, kind, name, org, added, version, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET \
         kind = excluded.kind, name = excluded.name, org = excluded.org, version = excluded.version, state = excluded.state",
        &[
            thing.id.as_str().into(),
            thing.kind.as_str().into(),
            thing.name.as_str().into(),
            thing.org.as_str().into(),
            fact.happened.as_microsecond().into(),
            fact.version.into(),
            json("thing", thing)?.into(),
        ],
    )?;
    search::put(
        db,
        "thing",
        thing.id.as_str(),
        Some(thing.org.as_str()),
        &thing.name,
        "",
    )?;
    duties::count_things(db, thing.org.as_str(), &thing.kind)?;
    // A thing that changed hands is missing where it was.
    match before.map(|row| (row.text(0), row.text(1))) {
        Some((org, kind)) if org != thing.org.as_str() || kind != thing.kind => {
            duties::count_things(db, &org, &kind)
        }
        _ => Ok(()),
    }
}

/// A thing by its id.
///
/// # Errors
/// What the database said.
pub fn thing(db: &mut Db, id: &str) -> Result<Option<(Thing, u64)>, StoreError> {
    db.row(
        "SELECT version, state FROM things WHERE id = ?1",
        &[id.into()],
    )?
    .map(|row| Ok((state("thing", &row, 1)?, row.int(0) as u64)))
    .transpose()
}

/// Things that match and may be seen, a page of them, with the number of all.
///
/// # Errors
/// What the database said.
pub fn things(
    db: &mut Db,
    kind: Option<&str>,
    org: Option<&str>,
    q: Option<&str>,
    reach: &[Reach],
    offset: u64,
    limit: u32,
) -> Result<(Vec<(Thing, u64)>, u64), StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let mut parts = vec![reach_sql(reach, "org", None, &mut values)];
    for (sql, value) in [
        ("kind = ", kind.map(str::to_owned)),
        ("org = ", org.map(str::to_owned)),
    ] {
        if let Some(value) = value {
            values.push(value.into());
            parts.push(format!("{sql}?{}", values.len()));
        }
    }
    if let Some(q) = q.filter(|q| !q.is_empty()) {
        values.push(containing(&q.to_ascii_lowercase()).into());
        parts.push(format!("LOWER(name) LIKE ?{} ESCAPE '!'", values.len()));
    }
    let matching = parts.join(" AND ");
    let total = db
        .row(
            &format!("SELECT COUNT(*) FROM things WHERE {matching}"),
            &values,
        )?
        .map_or(0, |row| row.int(0) as u64);
    values.push(limit.into());
    values.push(offset.into());
    let sql = format!(
        "SELECT version, state FROM things WHERE {matching} ORDER BY kind, id LIMIT ?{} OFFSET ?{}",
        values.len() - 1,
        values.len()
    );
    let rows = db.rows(&sql, &values)?;
    let things = rows
        .iter()
        .map(|row| Ok((state("thing", row, 1)?, row.int(0) as u64)))
        .collect::<Result<_, StoreError>>()?;
    Ok((things, total))
}

pub(crate) fn put_year(db: &mut Db, year: &Year) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO calendar (year, state) VALUES (?1, ?2) ON CONFLICT (year) DO UPDATE SET state = excluded.state",
        &[i64::from(year.year).into(), json("calendar", year)?.into()],
    )?;
    Ok(())
}

/// Years imported, beside those of the rulebook.
///
/// # Errors
/// What the database said.
pub fn years(db: &mut Db) -> Result<Vec<Year>, StoreError> {
    db.rows("SELECT state FROM calendar ORDER BY year", &[])?
        .iter()
        .map(|row| state("calendar", row, 0))
        .collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "the fields of one fact, used once"
)]
pub(crate) fn put_paper(
    db: &mut Db,
    id: &PaperId,
    paper: &str,
    org: Option<&OrgId>,
    title: &str,
    number: Option<&str>,
    duties: &[DutyId],
    sha256: &str,
    fact: &Fact,
) -> Result<(), StoreError> {
    let state =
        serde_json::json!({ "title": title, "number": number, "duties": duties, "sha256": sha256 });
    db.run(
        "INSERT INTO papers (id, paper, org, made, state) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING",
        &[
            id.as_str().into(),
            paper.into(),
            org.map(OrgId::as_str).into(),
            fact.recorded.as_microsecond().into(),
            state.to_string().into(),
        ],
    )?;
    Ok(())
}
