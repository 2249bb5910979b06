//! Attachments: named by the SHA-256 of their content, streamed to disk, bounded, their type sniffed.

use crate::db::{Db, DbError};
use crate::{Store, StoreError};
use anlan_core::duty::FileRef;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Largest attachment, in bytes: a phone's long video does not fit, a scanned file of 200 pages does.
pub const SIZE_MAX: u64 = 64 * 1024 * 1024;

/// An upload under way.
pub struct Upload {
    file: Option<std::fs::File>,
    path: PathBuf,
    hasher: Sha256,
    size: u64,
    head: Vec<u8>,
    kept: bool,
}

/// Bytes kept to sniff the type from.
const HEAD: usize = 8_192;

fn file_error(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { path, source }
}

impl Upload {
    /// Takes more bytes. False when it has become too large; nothing is kept then.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn push(&mut self, bytes: &[u8]) -> Result<bool, StoreError> {
        self.size += bytes.len() as u64;
        if self.size > SIZE_MAX {
            return Ok(false);
        }
        self.hasher.update(bytes);
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend(&bytes[..bytes.len().min(room)]);
        match &mut self.file {
            Some(file) => file
                .write_all(bytes)
                .map_err(file_error(&self.path))
                .map(|()| true),
            None => Ok(false),
        }
    }

    /// The first bytes, for sniffing.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // What was not kept leaves nothing behind.
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Store {
    fn file_path(&self, sha256: &str) -> PathBuf {
        self.folder().join("files").join(&sha256[..2]).join(sha256)
    }

    fn coming(&self) -> PathBuf {
        self.folder().join("files").join("coming")
    }

    /// Begins an upload; `name` tells it from others under way, for whoever looks into the folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn upload(&self, name: &str) -> Result<Upload, StoreError> {
        let folder = self.coming();
        std::fs::create_dir_all(&folder).map_err(file_error(&folder))?;
        // Two uploads of one name must not write into one file, nor a name lead out of the folder.
        static RUNNING: AtomicU64 = AtomicU64::new(0);
        let name: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .take(80)
            .collect();
        let running = RUNNING.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{name}.{}.{running}", std::process::id()));
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(file_error(&path))?;
        // The lock says that somebody is still at it; the system lets go of it however the program ends.
        file.lock().map_err(file_error(&path))?;
        Ok(Upload {
            file: Some(file),
            path,
            hasher: Sha256::new(),
            size: 0,
            head: Vec::new(),
            kept: false,
        })
    }

    /// Removes what uploads have left that were under way when the program ended; those of another program that
    /// runs on the same folder are left alone.
    pub(crate) fn sweep_uploads(&self) -> Result<(), StoreError> {
        let folder = self.coming();
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(file_error(&folder)(error)),
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let alone = std::fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
            if alone && let Err(error) = std::fs::remove_file(&path) {
                tracing::warn!(%error, "an unfinished upload could not be removed");
            }
        }
        Ok(())
    }

    /// Keeps an upload: on disk under its hash, synced, before the row that names it is written.
    ///
    /// # Errors
    /// When the disk refuses, or the upload had become too large.
    pub fn keep(&self, mut upload: Upload) -> Result<(String, u64), StoreError> {
        if upload.size > SIZE_MAX {
            let error = std::io::Error::from(std::io::ErrorKind::FileTooLarge);
            return Err(file_error(&upload.path)(error));
        }
        let sha256 = hex::encode(std::mem::take(&mut upload.hasher).finalize());
        let path = self.file_path(&sha256);
        let folder = path.parent().unwrap_or(self.folder()).to_owned();
        std::fs::create_dir_all(&folder).map_err(file_error(&folder))?;
        if let Some(file) = &upload.file {
            file.sync_all().map_err(file_error(&upload.path))?;
        }
        std::fs::rename(&upload.path, &path).map_err(file_error(&path))?;
        upload.kept = true;
        // The folder's entry must be on disk too, and that of the folder itself, which may be new.
        for folder in folder.ancestors().take(2) {
            std::fs::File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(file_error(folder))?;
        }
        Ok((sha256, upload.size))
    }

    /// Keeps bytes that are there already: documents we made, sample files.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep_bytes(&self, bytes: &[u8]) -> Result<String, StoreError> {
        let sha256 = hex::encode(Sha256::digest(bytes));
        if !self.file_path(&sha256).exists() {
            let mut upload = self.upload(&format!("made-{sha256}"))?;
            upload.push(bytes)?;
            self.keep(upload)?;
        }
        Ok(sha256)
    }

    /// Where an attachment lies, if it does. The name must be a hash: 64 hexadecimal digits in lower case.
    pub fn file(&self, sha256: &str) -> Option<PathBuf> {
        let good = sha256.len() == 64
            && sha256
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        good.then(|| self.file_path(sha256))
            .filter(|path| path.is_file())
    }
}

/// Writes down that a file was uploaded.
///
/// # Errors
/// What the database said.
pub fn put(
    db: &mut Db,
    file: &FileRef,
    person: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    db.run(
        "INSERT INTO files (sha256, name, size, media_type, person, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (sha256) DO NOTHING",
        &[
            file.sha256.as_str().into(),
            file.name.as_str().into(),
            file.size.into(),
            file.media_type.as_str().into(),
            person.into(),
            now.as_microsecond().into(),
        ],
    )?;
    Ok(())
}

/// What is known of a file: as uploaded, and by whom.
///
/// # Errors
/// What the database said.
pub fn get(db: &mut Db, sha256: &str) -> Result<Option<(FileRef, Option<String>)>, DbError> {
    Ok(db
        .row(
            "SELECT sha256, name, size, media_type, person FROM files WHERE sha256 = ?1",
            &[sha256.into()],
        )?
        .map(|row| {
            let file = FileRef {
                sha256: row.text(0),
                name: row.text(1),
                size: row.int(2) as u64,
                media_type: row.text(3),
            };
            (file, row.text_opt(4))
        }))
}

/// The streams and orgs whose facts name a file.
///
/// # Errors
/// What the database said.
pub fn uses(db: &mut Db, sha256: &str) -> Result<Vec<(String, Option<String>)>, DbError> {
    Ok(db
        .rows(
            "SELECT stream, org FROM file_uses WHERE sha256 = ?1 ORDER BY stream",
            &[sha256.into()],
        )?
        .iter()
        .map(|row| (row.text(0), row.text_opt(1)))
        .collect())
}

/// Files of a type, such as `image/`, by their hashes, at most `limit`.
///
/// # Errors
/// What the database said.
pub fn of_type(db: &mut Db, head: &str, limit: u32) -> Result<Vec<String>, DbError> {
    Ok(db
        .rows(
            "SELECT sha256 FROM files WHERE media_type >= ?1 AND media_type < ?2 ORDER BY sha256 LIMIT ?3",
            &[head.into(), format!("{head}~").into(), limit.into()],
        )?
        .iter()
        .map(|row| row.text(0))
        .collect())
}
