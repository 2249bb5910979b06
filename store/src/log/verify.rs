//! Checking that nothing was altered: every leaf and node again from the facts, against tiles and signed checkpoints.
//!
//! The signed checkpoints are the truth. Stored leaves only help to name the fact: when fact and leaf differ, the next
//! checkpoint says which of the two was altered.
//!
//! What cannot be seen from inside: that facts not sealed yet (less than a second old) were altered, that a checkpoint
//! between two others was taken away, and that facts, tiles and checkpoints were all put back to an earlier state. The
//! last is why an outside witness follows the log.

use super::{CHUNK, Grower, Hash, TILE, leaf, open_checkpoint, tile};
use crate::StoreError;
use crate::db::Db;
use crate::facts;
use anlan_core::fact::Fact;
use serde::{Deserialize, Serialize};

/// What a verification found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verdict {
    /// Nothing differs.
    pub ok: bool,
    /// Facts in the table.
    pub facts: u64,
    /// Facts under a checkpoint.
    pub sealed: u64,
    /// Checkpoints whose signature and root were checked.
    pub checkpoints: u64,
    /// The first fact that is wrong, by place; none if the fault lies in tiles or checkpoints.
    pub seq: Option<u64>,
    /// Its id, if it can be read.
    pub id: Option<String>,
    /// What is wrong.
    pub what: Option<String>,
}

/// The first thing that is wrong.
struct Fault {
    seq: Option<u64>,
    id: Option<String>,
    what: String,
}

impl Fault {
    fn of_fact(seq: u64, id: Option<String>, what: &str) -> Self {
        Self {
            seq: Some(seq),
            id,
            what: what.to_owned(),
        }
    }

    fn of_log(what: String) -> Self {
        Self {
            seq: None,
            id: None,
            what,
        }
    }
}

/// Recomputes every leaf and node from the stored facts, and checks every signed checkpoint. One pass over one moment
/// of the database, in memory that does not grow with the ledger.
///
/// # Errors
/// Only when the database cannot be read at all; what differs is in the verdict.
pub fn verify(db: &mut Db, vkey: &str) -> Result<Verdict, StoreError> {
    db.snapshot(|db| {
        let mut pass = Pass {
            vkey,
            facts: facts::count(db)?,
            sealed: super::latest(db)?.map_or(0, |(size, _, _)| size),
            checkpoints: 0,
            good: 0,
            grower: Grower::default(),
            suspect: None,
        };
        let fault = pass.run(db)?;
        Ok(Verdict {
            ok: fault.is_none(),
            facts: pass.facts,
            sealed: pass.sealed,
            checkpoints: pass.checkpoints,
            seq: fault.as_ref().and_then(|fault| fault.seq),
            id: fault.as_ref().and_then(|fault| fault.id.clone()),
            what: fault.map(|fault| fault.what),
        })
    })
}

struct Pass<'a> {
    vkey: &'a str,
    facts: u64,
    sealed: u64,
    checkpoints: u64,
    /// The size up to which a checkpoint has vouched for the facts.
    good: u64,
    grower: Grower,
    /// The first fact that differs from its stored leaf.
    suspect: Option<(u64, String)>,
}

impl Pass<'_> {
    /// Goes through all facts; the first fault, if any.
    fn run(&mut self, db: &mut Db) -> Result<Option<Fault>, StoreError> {
        let mut at = 0;
        loop {
            // Chunks are whole tiles, so each tile is read once and compared with its facts.
            let (chunk, broken) = readable(db, at)?;
            for part in chunk.chunks(TILE as usize) {
                if let Some(fault) = self.part(db, part, &mut at)? {
                    return Ok(Some(fault));
                }
            }
            if let Some((seq, what)) = broken {
                let fault = Fault::of_fact(seq, None, &what);
                return Ok(Some(self.accused().unwrap_or(fault)));
            }
            if chunk.is_empty() {
                return self.end(db, at);
            }
        }
    }

    /// Goes through the facts of one tile.
    fn part(
        &mut self,
        db: &mut Db,
        part: &[Fact],
        at: &mut u64,
    ) -> Result<Option<Fault>, StoreError> {
        let stored = tile(db, 0, *at / TILE)?;
        let mut notes = notes(db, *at, *at + TILE)?.into_iter().peekable();
        for fact in part {
            if fact.seq != *at {
                let fault = Fault::of_fact(*at, None, "the fact is missing");
                return Ok(Some(self.accused().unwrap_or(fault)));
            }
            let hash = leaf(fact);
            if *at < self.sealed
                && self.suspect.is_none()
                && stored.get((*at % TILE) as usize) != Some(&hash)
            {
                self.suspect = Some((*at, fact.id.to_string()));
            }
            self.grower.push(hash);
            *at += 1;
            while let Some((size, note)) = notes.next_if(|(size, _)| size == at) {
                if let Some(fault) = self.checkpoint(size, &note) {
                    return Ok(Some(fault));
                }
            }
            if *at == self.sealed
                && let Some(fault) = self.edges(db)?
            {
                return Ok(Some(fault));
            }
        }
        let finished: Vec<_> = self.grower.finished.drain(..).collect();
        for (level, n, hashes) in finished {
            // Level 0 was compared leaf by leaf.
            if level > 0 && *at <= self.sealed {
                let stored = tile(db, level, n)?;
                if let Some(fault) = self.compare(level, n, &stored, &hashes) {
                    return Ok(Some(fault));
                }
            }
        }
        Ok(None)
    }

    /// A checkpoint whose size has been reached.
    fn checkpoint(&mut self, size: u64, note: &str) -> Option<Fault> {
        let (claimed, root) = match open_checkpoint(note, self.vkey) {
            Ok(opened) => opened,
            Err(error) => {
                return Some(Fault::of_log(format!(
                    "checkpoint {size}: {}",
                    plain(&error)
                )));
            }
        };
        if claimed != size {
            return Some(Fault::of_log(format!(
                "checkpoint {size} was signed for a log of {claimed} facts"
            )));
        }
        if root != self.grower.root() {
            return Some(self.accused().unwrap_or_else(|| {
                Fault::of_log(format!(
                    "checkpoint {size} was signed over other facts: one of {} to {} was altered, and the tiles with it",
                    self.good,
                    size - 1
                ))
            }));
        }
        self.checkpoints += 1;
        self.good = size;
        // The signature is over these very facts: it is the stored leaf that is wrong.
        self.suspect.take().map(|(seq, _)| {
            Fault::of_log(format!("tile 0/{} is not made of its facts", seq / TILE))
        })
    }

    /// The fact that differs from its leaf, when no checkpoint has cleared it.
    fn accused(&self) -> Option<Fault> {
        let (seq, id) = self.suspect.clone()?;
        Some(Fault::of_fact(
            seq,
            Some(id),
            "its content is not what was sealed",
        ))
    }

    /// The unfinished tile of each level, at the size that is sealed.
    fn edges(&self, db: &mut Db) -> Result<Option<Fault>, StoreError> {
        for level in 0..self.grower.edge.len() {
            let (n, hashes) = (self.grower.full[level], &self.grower.edge[level]);
            let stored = tile(db, level as u32, n)?;
            if let Some(fault) = self.compare(level as u32, n, &stored, hashes) {
                return Ok(Some(fault));
            }
        }
        Ok(None)
    }

    fn compare(&self, level: u32, n: u64, stored: &[Hash], made: &[Hash]) -> Option<Fault> {
        (stored != made).then(|| {
            self.accused().unwrap_or_else(|| {
                Fault::of_log(if stored.starts_with(made) {
                    format!("tile {level}/{n} goes beyond the last checkpoint: one was taken away")
                } else {
                    format!("tile {level}/{n} is not made of its facts")
                })
            })
        })
    }

    /// After the last fact.
    fn end(&self, db: &mut Db, at: u64) -> Result<Option<Fault>, StoreError> {
        if let Some(fault) = self.accused() {
            return Ok(Some(fault));
        }
        if at < self.sealed {
            return Ok(Some(Fault::of_fact(
                at,
                None,
                "the fact was sealed and is missing",
            )));
        }
        let mut count = |sql: &str| -> Result<u64, StoreError> {
            Ok(db.row(sql, &[])?.map_or(0, |row| row.int(0) as u64))
        };
        if count("SELECT COUNT(*) FROM facts")? != at {
            return Ok(Some(Fault::of_log(
                "there are facts beside the ledger, with places below 0".into(),
            )));
        }
        if count("SELECT COUNT(*) FROM checkpoints")? != self.checkpoints {
            return Ok(Some(Fault::of_log(
                "there is a checkpoint that belongs to no size of the log".into(),
            )));
        }
        let (mut tiles, mut width) = (0, self.sealed);
        while width > 0 {
            tiles += width.div_ceil(TILE);
            width /= TILE;
        }
        Ok((count("SELECT COUNT(*) FROM tiles")? != tiles).then(|| {
            Fault::of_log(format!(
                "there are tiles beyond the last checkpoint of {} facts: one was taken away",
                self.sealed
            ))
        }))
    }
}

/// The next facts that can be read, and the first that cannot, with what is wrong.
#[expect(clippy::type_complexity, reason = "two answers, used once")]
fn readable(db: &mut Db, at: u64) -> Result<(Vec<Fact>, Option<(u64, String)>), StoreError> {
    match facts::from(db, at, CHUNK) {
        Ok(chunk) => return Ok((chunk, None)),
        Err(StoreError::Shape { .. }) => {}
        Err(error) => return Err(error),
    }
    let mut good = Vec::new();
    for seq in at.. {
        match facts::from(db, seq, 1) {
            Ok(fact) if fact.is_empty() => break,
            Ok(fact) => good.extend(fact),
            Err(StoreError::Shape { why, .. }) => {
                return Ok((good, Some((seq, format!("it cannot be read: {why}")))));
            }
            Err(error) => return Err(error),
        }
        // A gap gives the same fact twice; what is missing is found by whoever compares places.
        if good.len() as u32 >= CHUNK || good.last().is_some_and(|fact: &Fact| fact.seq != seq) {
            break;
        }
    }
    Ok((good, None))
}

/// An error of the log without the words that every such error begins with.
fn plain(error: &StoreError) -> String {
    match error {
        StoreError::Log(what) => what.clone(),
        other => other.to_string(),
    }
}

/// Checkpoints of sizes in `(after, upto]`, in order.
fn notes(db: &mut Db, after: u64, upto: u64) -> Result<Vec<(u64, String)>, StoreError> {
    Ok(db
        .rows(
            "SELECT size, note FROM checkpoints WHERE size > ?1 AND size <= ?2 ORDER BY size",
            &[after.into(), upto.into()],
        )?
        .iter()
        .map(|row| (row.int(0) as u64, row.text(1)))
        .collect())
}
