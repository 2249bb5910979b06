//! The Merkle log over the facts, in C2SP tlog-tiles form, with checkpoints signed as C2SP signed notes.
//!
//! A log entry is the SHA-256 of a fact's canonical bytes, 32 bytes, never the fact itself: tiles and entry bundles
//! are public so that anybody can follow the log, and they tell nothing of what the facts say. Who holds a fact can
//! prove it. A fact's id carries 80 bits of chance, so that its content cannot be guessed from the hash.
//!
//! Here it grows, is sealed and proves; [`verify`] doubts it.

use crate::db::Db;
use crate::facts::{self, shape};
use crate::{Store, StoreError};
use anlan_core::fact::Fact;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use signed_note::{Note, NoteError, Signer, StandardSigner, StandardVerifier, VerifierList};
use std::path::Path;
use tlog_tiles::{Checkpoint, Hash, HashReader};

mod verify;
pub use verify::{Verdict, verify};

/// Hashes in a full tile.
pub(crate) const TILE: u64 = 256;
/// Facts read at a time.
pub(crate) const CHUNK: u32 = 4_096;

/// The key the log is signed with.
pub struct Key {
    origin: String,
    signer: StandardSigner,
    verifier: String,
}

fn log_error(what: impl std::fmt::Display) -> StoreError {
    StoreError::Log(what.to_string())
}

impl Key {
    /// Reads the key from the data folder, or makes it from `chance` at the first start.
    ///
    /// # Errors
    /// When the file cannot be read or is not a key.
    pub fn open(folder: &Path, origin: &str, chance: [u8; 32]) -> Result<Self, StoreError> {
        let path = folder.join("ledger.key");
        let file = |source| StoreError::File {
            path: path.clone(),
            source,
        };
        if !path.exists() {
            let signing = ed25519_dalek::SigningKey::from_bytes(&chance);
            let verifier = signed_note::new_ed25519_verifier_key(origin, &signing.verifying_key());
            let hash = verifier.split('+').nth(1).unwrap_or_default().to_owned();
            let secret = BASE64_STANDARD.encode([&[1u8][..], &signing.to_bytes()].concat());
            let fresh = folder.join(format!(".ledger.key.{}", std::process::id()));
            write_secret(
                &fresh,
                format!("PRIVATE+KEY+{origin}+{hash}+{secret}\n{verifier}\n").as_bytes(),
            )
            .map_err(file)?;
            // A hard link never overwrites: of two first starts at once, one key wins and both use it.
            let linked = std::fs::hard_link(&fresh, &path);
            let _ = std::fs::remove_file(&fresh);
            if let Err(error) = linked
                && error.kind() != std::io::ErrorKind::AlreadyExists
            {
                return Err(file(error));
            }
        }
        let text = std::fs::read_to_string(&path).map_err(file)?;
        let mut lines = text.lines();
        let (secret, verifier) = (
            lines.next().unwrap_or_default(),
            lines.next().unwrap_or_default(),
        );
        let signer = StandardSigner::new(secret).map_err(log_error)?;
        Ok(Self {
            origin: signer.name().to_owned(),
            signer,
            verifier: verifier.to_owned(),
        })
    }

    /// The log's name.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The public key, as C2SP vkey.
    pub fn vkey(&self) -> &str {
        &self.verifier
    }

    fn sign(&self, size: u64, root: Hash) -> Result<String, StoreError> {
        let checkpoint = Checkpoint::new(&self.origin, size, root, "").map_err(log_error)?;
        let mut note = Note::new(&checkpoint.to_bytes(), &[]).map_err(log_error)?;
        note.add_sigs(&[&self.signer]).map_err(log_error)?;
        String::from_utf8(note.to_bytes()).map_err(log_error)
    }
}

fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Opens a checkpoint: its signature must be that of the key.
///
/// # Errors
/// When it is no checkpoint or the signature is not the key's.
pub fn open_checkpoint(note: &str, vkey: &str) -> Result<(u64, Hash), StoreError> {
    let verifier = StandardVerifier::new(vkey).map_err(log_error)?;
    let name = vkey.split('+').next().unwrap_or_default().to_owned();
    let parsed = Note::from_bytes(note.as_bytes()).map_err(log_error)?;
    let signed = match parsed.verify(&VerifierList::new(vec![Box::new(verifier)])) {
        Ok((signed, _)) => !signed.is_empty(),
        Err(NoteError::InvalidSignature { .. }) => {
            return Err(StoreError::Log("its text is not what was signed".into()));
        }
        Err(NoteError::UnverifiedNote) => false,
        Err(error) => return Err(log_error(error)),
    };
    if !signed {
        return Err(StoreError::Log("it is not signed by this key".into()));
    }
    let checkpoint = Checkpoint::from_bytes(parsed.text()).map_err(log_error)?;
    if checkpoint.origin() != name {
        return Err(StoreError::Log("it is of another log".into()));
    }
    Ok((checkpoint.size(), *checkpoint.hash()))
}

/// The log entry of a fact.
pub fn entry(fact: &Fact) -> [u8; 32] {
    Sha256::digest(fact.canonical()).into()
}

/// The hash of a fact as a leaf.
pub fn leaf(fact: &Fact) -> Hash {
    tlog_tiles::record_hash(&entry(fact))
}

/// A tree that grows leaf by leaf and keeps only the tiles it has touched.
#[derive(Default)]
pub struct Grower {
    /// The rightmost, unfinished tile of each level.
    pub(crate) edge: Vec<Vec<Hash>>,
    /// How many full tiles lie to the left of it.
    pub(crate) full: Vec<u64>,
    /// Tiles that were finished, with their level and place.
    pub(crate) finished: Vec<(u32, u64, Vec<Hash>)>,
}

impl Grower {
    /// The edge of a tree of this size, read from the stored tiles.
    fn load(db: &mut Db, size: u64) -> Result<Self, StoreError> {
        let mut grower = Self::default();
        let mut width = size;
        let mut level = 0;
        while width > 0 {
            let n = width / TILE;
            let rest = (width % TILE) as usize;
            let mut hashes = tile(db, level, n)?;
            if hashes.len() < rest {
                return Err(StoreError::Log(format!("tile {level}/{n} is short")));
            }
            hashes.truncate(rest);
            grower.edge.push(hashes);
            grower.full.push(n);
            width = n;
            level += 1;
        }
        Ok(grower)
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut level = 0;
        loop {
            if self.edge.len() == level {
                self.edge.push(Vec::new());
                self.full.push(0);
            }
            self.edge[level].push(hash);
            if (self.edge[level].len() as u64) < TILE {
                return;
            }
            let tile = std::mem::take(&mut self.edge[level]);
            hash = subtree(&tile);
            self.finished.push((level as u32, self.full[level], tile));
            self.full[level] += 1;
            level += 1;
        }
    }

    /// The root.
    pub fn root(&self) -> Hash {
        // The edge of each level, from the right: what is unfinished below stands to the right of what is above.
        let mut root: Option<Hash> = None;
        for edge in &self.edge {
            let mut stack = peaks(edge);
            if let Some(right) = root {
                stack.push(right);
            }
            root = stack
                .into_iter()
                .rev()
                .reduce(|right, left| tlog_tiles::node_hash(left, right));
        }
        root.unwrap_or_else(|| Hash(Sha256::digest(b"").into()))
    }
}

/// The root of 256 hashes.
fn subtree(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| tlog_tiles::node_hash(pair[0], pair[1]))
            .collect();
    }
    row[0]
}

/// The roots of the perfect trees that a row of fewer than 256 hashes falls into, from the left.
fn peaks(row: &[Hash]) -> Vec<Hash> {
    let mut out = Vec::new();
    let mut rest = row;
    while !rest.is_empty() {
        let take = 1usize << rest.len().ilog2();
        out.push(subtree(&rest[..take]));
        rest = &rest[take..];
    }
    out
}

pub(crate) fn tile(db: &mut Db, level: u32, n: u64) -> Result<Vec<Hash>, StoreError> {
    let row = db.row(
        "SELECT hashes FROM tiles WHERE level = ?1 AND n = ?2",
        &[level.into(), n.into()],
    )?;
    let bytes = row.map(|row| row.blob(0)).unwrap_or_default();
    Ok(bytes
        .as_chunks::<32>()
        .0
        .iter()
        .map(|chunk| Hash(*chunk))
        .collect())
}

/// The hashes of a tile as bytes, if the tile has at least that width.
///
/// # Errors
/// What the database said.
pub fn tile_bytes(
    db: &mut Db,
    level: u32,
    n: u64,
    width: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let (size, _, _) = latest(db)?.unwrap_or_default();
    // What is served is what is sealed: at this level the tree has so many hashes.
    let have = (size >> (8 * level.min(7)))
        .saturating_sub(n.saturating_mul(TILE))
        .min(TILE);
    if level > 7 || width == 0 || width > have {
        return Ok(None);
    }
    let bytes: Vec<u8> = tile(db, level, n)?
        .iter()
        .take(width as usize)
        .flat_map(|hash| hash.0)
        .collect();
    Ok((bytes.len() as u64 == width * 32).then_some(bytes))
}

/// An entry bundle: each entry with its length before it, as two bytes, big-endian.
///
/// # Errors
/// What the database said.
pub fn bundle(db: &mut Db, n: u64, width: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let (size, _, _) = latest(db)?.unwrap_or_default();
    let start = n.saturating_mul(TILE);
    if width == 0 || width > size.saturating_sub(start).min(TILE) {
        return Ok(None);
    }
    let mut out = Vec::with_capacity(width as usize * 34);
    for fact in facts::from(db, start, width as u32)? {
        out.extend(32u16.to_be_bytes());
        out.extend(entry(&fact));
    }
    Ok(Some(out))
}

/// The last checkpoint: size, note, when it was signed.
///
/// # Errors
/// What the database said.
pub fn latest(db: &mut Db) -> Result<Option<(u64, String, i64)>, StoreError> {
    Ok(db
        .row(
            "SELECT size, note, sealed FROM checkpoints ORDER BY size DESC LIMIT 1",
            &[],
        )?
        .map(|row| (row.int(0) as u64, row.text(1), row.int(2))))
}

/// Hashes of the sealed tree, found in its tiles.
struct Tiles<'a>(std::cell::RefCell<&'a mut Db>);

impl HashReader for Tiles<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        indexes
            .iter()
            .map(|index| {
                let (level, n) = tlog_tiles::split_stored_hash_index(*index);
                // A node at level 8k + j is the root of 2^j hashes of a tile at level k.
                let (tile_level, inside) = (u32::from(level / 8), level % 8);
                let first = n << inside;
                let hashes = tile(&mut self.0.borrow_mut(), tile_level, first / TILE)
                    .map_err(|_| tlog_tiles::Error::InvalidTile)?;
                let at = (first % TILE) as usize;
                hashes
                    .get(at..at + (1 << inside))
                    .map(subtree)
                    .ok_or(tlog_tiles::Error::InvalidTile)
            })
            .collect()
    }
}

impl Store {
    /// Seals all facts that are not: extends the tree, signs a checkpoint. How many were sealed.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub async fn seal(&self, now: Timestamp) -> Result<u64, StoreError> {
        let store = self.clone();
        self.write(move |tx| seal(tx.db, store.key(), now))
            .get()
            .await
    }

    /// The same, from a thread that may block.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn seal_now(&self, now: Timestamp) -> Result<u64, StoreError> {
        let store = self.clone();
        self.write(move |tx| seal(tx.db, store.key(), now)).wait()
    }
}

fn seal(db: &mut Db, key: &Key, now: Timestamp) -> Result<u64, StoreError> {
    let count = facts::count(db)?;
    let before = latest(db)?;
    let size = before.as_ref().map_or(0, |(size, _, _)| *size);
    if count <= size {
        return Ok(0);
    }
    let mut grower = Grower::load(db, size)?;
    // What is signed next vouches for what was signed before: tiles that somebody altered, or another's signature,
    // must not be carried on.
    if let Some((_, note, _)) = before {
        let (_, root) = open_checkpoint(&note, key.vkey())
            .map_err(|error| StoreError::Log(format!("checkpoint {size} is not ours: {error}")))?;
        if root != grower.root() {
            return Err(StoreError::Log(format!(
                "the tiles do not give the root of checkpoint {size}; run `anlan ledger verify`"
            )));
        }
    }
    let mut at = size;
    while at < count {
        let chunk = facts::from(db, at, CHUNK)?;
        for fact in &chunk {
            if fact.seq != at {
                return Err(StoreError::Log(format!("fact {at} is missing")));
            }
            grower.push(leaf(fact));
            at += 1;
        }
    }
    let edges = grower
        .edge
        .iter()
        .zip(&grower.full)
        .enumerate()
        .map(|(level, (hashes, n))| (level as u32, *n, hashes));
    let tiles = grower
        .finished
        .iter()
        .map(|(level, n, hashes)| (*level, *n, hashes))
        .chain(edges);
    for (level, n, hashes) in tiles.filter(|(_, _, hashes)| !hashes.is_empty()) {
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
        db.run(
            "INSERT INTO tiles (level, n, hashes) VALUES (?1, ?2, ?3) ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes",
            &[level.into(), n.into(), bytes.into()],
        )?;
    }
    let note = key.sign(count, grower.root())?;
    db.run(
        "INSERT INTO checkpoints (size, note, sealed) VALUES (?1, ?2, ?3)",
        &[count.into(), note.into(), now.as_microsecond().into()],
    )?;
    Ok(count - size)
}

/// A proof that a fact is in the log: all that is needed to check it away from the machine, but for the key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proof {
    /// The fact in canonical form.
    pub fact: String,
    /// Its place.
    pub index: u64,
    /// The size of the tree it is proven in.
    pub size: u64,
    /// The root, base64.
    pub root: String,
    /// Hashes from leaf to root, base64.
    pub path: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The key that signed it, for information: check with a key you trust.
    pub key: String,
}

/// Makes the proof of a fact. None when it is not sealed yet.
///
/// # Errors
/// What the database said.
pub fn prove(db: &mut Db, key: &Key, fact: &Fact) -> Result<Option<Proof>, StoreError> {
    let Some((size, note, _)) = latest(db)? else {
        return Ok(None);
    };
    if fact.seq >= size {
        return Ok(None);
    }
    let (_, root) = open_checkpoint(&note, key.vkey())?;
    let reader = Tiles(std::cell::RefCell::new(db));
    let path = tlog_tiles::prove_record(size, fact.seq, &reader).map_err(log_error)?;
    Ok(Some(Proof {
        fact: String::from_utf8(fact.canonical()).map_err(log_error)?,
        index: fact.seq,
        size,
        root: BASE64_STANDARD.encode(root.0),
        path: path
            .iter()
            .map(|hash| BASE64_STANDARD.encode(hash.0))
            .collect(),
        checkpoint: note,
        key: key.vkey().to_owned(),
    }))
}

/// Proof that the log of size `old` is the beginning of the one of size `new`.
///
/// # Errors
/// What the database said, or sizes that are not sealed.
pub fn prove_consistency(db: &mut Db, old: u64, new: u64) -> Result<Vec<String>, StoreError> {
    let (size, _, _) = latest(db)?.unwrap_or_default();
    if old == 0 || old > new || new > size {
        return Err(StoreError::Log(format!(
            "sizes must be 1 ≤ old ≤ new ≤ {size}"
        )));
    }
    let reader = Tiles(std::cell::RefCell::new(db));
    let path = tlog_tiles::prove_tree(new, old, &reader).map_err(log_error)?;
    Ok(path
        .iter()
        .map(|hash| BASE64_STANDARD.encode(hash.0))
        .collect())
}

fn hash_of(text: &str) -> Result<Hash, StoreError> {
    Hash::parse_hash(text).map_err(log_error)
}

impl Proof {
    /// Checks the proof against a key: signature, path, and that the fact's own place is the one proven.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&self, vkey: &str) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Place {
            seq: u64,
        }
        let (size, root) = open_checkpoint(&self.checkpoint, vkey)?;
        let place: Place =
            serde_json::from_str(&self.fact).map_err(|e| shape("fact in the proof", e))?;
        if size != self.size || root != hash_of(&self.root)? || place.seq != self.index {
            return Err(StoreError::Log(
                "the proof speaks of another checkpoint or another fact".into(),
            ));
        }
        let digest: [u8; 32] = Sha256::digest(self.fact.as_bytes()).into();
        let leaf = tlog_tiles::record_hash(&digest);
        let path = self
            .path
            .iter()
            .map(|hash| hash_of(hash))
            .collect::<Result<Vec<_>, _>>()?;
        tlog_tiles::check_record(&path, size, root, self.index, leaf).map_err(log_error)
    }
}

/// Checks a consistency proof between two checkpoints.
///
/// # Errors
/// What does not hold.
pub fn check_consistency(
    path: &[String],
    old: (u64, Hash),
    new: (u64, Hash),
) -> Result<(), StoreError> {
    let path = path
        .iter()
        .map(|hash| hash_of(hash))
        .collect::<Result<Vec<_>, _>>()?;
    tlog_tiles::check_tree(&path, new.0, new.1, old.0, old.1).map_err(log_error)
}
