//! From facts to the tables that pages read. Run inside the transaction that appends the fact, and again, fact by
//! fact, by a rebuild: the same facts give the same bytes. Nothing here asks a clock, and nothing is sent from here.

use crate::db::Db;
use crate::facts::{self, shape};
use crate::{Store, StoreError, duties, loops, notices, registry, schema, search};
use anlan_core::fact::{Event, Fact};
use sha2::{Digest, Sha256};

/// Projects one fact.
pub(crate) fn apply(db: &mut Db, fact: &Fact, event: &Event) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO streams (stream, version) VALUES (?1, ?2) ON CONFLICT (stream) DO UPDATE SET version = excluded.version",
        &[fact.stream.as_str().into(), fact.version.into()],
    )?;
    match event {
        Event::OrgAdded(org) | Event::OrgChanged(org) => registry::put_org(db, org, fact.version)?,
        Event::PersonAdded(person) | Event::PersonChanged(person) => {
            registry::put_person(db, person, fact.version)?
        }
        Event::ThingAdded(thing) | Event::ThingChanged(thing) => {
            registry::put_thing(db, thing, fact)?;
        }
        Event::CalendarImported(year) => registry::put_year(db, year)?,
        Event::PaperMade {
            id,
            paper,
            org,
            title,
            number,
            duties,
            sha256,
        } => {
            registry::put_paper(
                db,
                id,
                paper,
                org.as_ref(),
                title,
                number.as_deref(),
                duties,
                sha256,
                fact,
            )?;
        }
        Event::NoticeUploaded { .. }
        | Event::NoticeEdited { .. }
        | Event::NoticePublished { .. }
        | Event::NoticeWithdrawn { .. } => {
            notices::apply(db, fact, event)?;
        }
        Event::Duty(event) => duties::apply(db, fact, event)?,
        Event::Loop(event) => loops::apply(db, fact, event)?,
        Event::PasswordSet { .. }
        | Event::TotpSet { .. }
        | Event::SignedIn { .. }
        | Event::SignInRefused { .. }
        | Event::SignedOut { .. }
        | Event::TokenIssued { .. }
        | Event::TokenRevoked { .. } => {}
    }
    for (sha256, name) in files_of(event) {
        db.run(
            "INSERT INTO file_uses (sha256, stream, org, name) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (sha256, stream) DO NOTHING",
            &[sha256.into(), fact.stream.as_str().into(), fact.org.as_ref().map(|o| o.as_str()).into(), name.into()],
        )?;
    }
    Ok(())
}

fn files_of(event: &Event) -> Vec<(&str, &str)> {
    use anlan_core::duty;
    match event {
        Event::NoticeUploaded { file, .. } => vec![(&file.sha256, &file.name)],
        Event::PaperMade { sha256, title, .. } => vec![(sha256, title)],
        Event::Duty(duty::Event::Filed(filed)) => filed
            .files
            .iter()
            .map(|f| (f.sha256.as_str(), f.name.as_str()))
            .collect(),
        Event::Loop(event) => event
            .files()
            .iter()
            .map(|shot| (shot.file.sha256.as_str(), shot.file.name.as_str()))
            .collect(),
        _ => Vec::new(),
    }
}

impl Store {
    /// Throws the projections away and makes them again from the facts. How many facts were read.
    ///
    /// # Errors
    /// When a fact cannot be read; the tables then stay as they were.
    pub fn rebuild(&self) -> Result<u64, StoreError> {
        self.write(|tx| rebuild(tx.db)).wait()
    }

    /// The SHA-256 over all rows of all projections: two stores with the same facts have the same.
    ///
    /// # Errors
    /// What the database said.
    pub fn digest(&self) -> Result<String, StoreError> {
        self.read(|db| db.snapshot(digest))
    }
}

fn rebuild(db: &mut Db) -> Result<u64, StoreError> {
    for (table, _) in schema::PROJECTIONS {
        db.run(&format!("DELETE FROM {table}"), &[])?;
    }
    search::clear(db)?;
    let mut at = 0;
    loop {
        let chunk = facts::from(db, at, 1_000)?;
        if chunk.is_empty() {
            return Ok(at);
        }
        for fact in chunk {
            let event = fact
                .event()
                .map_err(|e| shape(&format!("fact {} ({})", fact.seq, fact.kind), e))?;
            apply(db, &fact, &event)?;
            at = fact.seq + 1;
        }
    }
}

fn digest(db: &mut Db) -> Result<String, StoreError> {
    let mut hasher = Sha256::new();
    for (table, order) in schema::PROJECTIONS {
        hasher.update(table.as_bytes());
        for row in db.rows(&format!("SELECT * FROM {table} ORDER BY {order}"), &[])? {
            hasher.update(format!("{:?}\n", row.0).as_bytes());
        }
    }
    Ok(hex::encode(hasher.finalize()))
}
