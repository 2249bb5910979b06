//! The ledger and what is projected from it, in SQL.
//!
//! Cast: [`Store`] owns one writer and a few readers. A write is a closure over a [`Tx`]; the writer takes
//! whatever has queued up, runs each closure in a savepoint of its own inside one transaction and commits once; the
//! answers are let out when the commit is on disk (one sync for all), while the next batch is already under way. What
//! was answered or read is on disk; what was not may or may not be.
//!
//! Not here: no HTTP, no clock (the caller hands in `now`), no rule of the field (those are in `anlan-core`).

pub mod db;
mod disk;
pub mod duties;
pub mod facts;
pub mod files;
pub mod log;
pub mod loops;
pub mod notices;
pub mod project;
pub mod registry;
pub mod schema;
pub mod search;
pub mod secrets;
pub mod signin;
mod writer;

use db::{Db, DbError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
pub use writer::{Reply, Tx};

/// Readers kept open.
const READERS: usize = 4;

/// Where the data is.
#[derive(Debug, Clone)]
pub struct Place {
    /// The data folder: keys, attachments and, without `database`, the database itself.
    pub folder: PathBuf,
    /// `postgres://…` to use a server.
    pub database: Option<String>,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("the database could not be used: {0}")]
    Db(String, #[source] DbError),
    /// The file system.
    #[error("`{path}` could not be used")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something stored is not of its shape.
    #[error("stored {what} cannot be read: {why}")]
    Shape {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// The stream has moved on.
    #[error("`{stream}` is at version {actual}, not {expected}")]
    Stale {
        /// The stream.
        stream: String,
        /// What the caller had seen.
        expected: u64,
        /// What it is.
        actual: u64,
    },
    /// The key or signature.
    #[error("the log cannot be signed or checked: {0}")]
    Log(String),
    /// The writer is gone: its thread ended or the work panicked.
    #[error("the writer did not finish this")]
    Gone,
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        let words = match &error {
            DbError::Sqlite(e) => e.to_string(),
            DbError::Postgres(e) => e
                .as_db_error()
                .map_or_else(|| e.to_string(), |d| d.message().to_owned()),
        };
        StoreError::Db(words, error)
    }
}

/// The store.
#[derive(Clone)]
pub struct Store {
    place: Arc<Place>,
    writer: writer::Handle,
    readers: Arc<(Mutex<Vec<Db>>, Condvar)>,
    /// For the embedded database: what of its commits is on disk.
    disk: Option<Arc<disk::Disk>>,
    key: Arc<log::Key>,
}

/// Opens one connection.
pub(crate) fn connect(place: &Place) -> Result<Db, StoreError> {
    if let Some(url) = &place.database {
        let client = postgres::Client::connect(url, postgres::NoTls).map_err(DbError::from)?;
        let mut db = Db::from(client);
        // A server that is told to answer before a commit is on disk is told otherwise, for this connection.
        db.script(
            "SELECT CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END",
        )?;
        let encoding = db.row("SELECT current_setting('server_encoding')", &[])?;
        return match encoding.map(|row| row.text(0)) {
            Some(encoding) if encoding == "UTF8" => Ok(db),
            other => Err(StoreError::Shape {
                what: "database".into(),
                why: format!(
                    "its encoding is {}; make one with ENCODING 'UTF8'",
                    other.unwrap_or_default()
                ),
            }),
        };
    }
    let path = place.folder.join("anlan.db");
    let db = rusqlite::Connection::open(path).map_err(DbError::from)?;
    db.busy_timeout(std::time::Duration::from_secs(30))
        .map_err(DbError::from)?;
    db.set_prepared_statement_cache_capacity(256);
    let mut db = Db::Sqlite(db);
    // FULL: a commit is on disk when it returns. The writer's waits apart from it: see `disk`.
    db.script(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; \
         PRAGMA wal_autocheckpoint=4000;",
    )?;
    Ok(db)
}

impl Store {
    /// Opens the store, making folder, tables and key if they are missing. `chance` seeds the key if it must be made.
    ///
    /// # Errors
    /// When folder, database or key cannot be used.
    pub fn open(place: Place, origin: &str, chance: [u8; 32]) -> Result<Self, StoreError> {
        std::fs::create_dir_all(&place.folder).map_err(|source| StoreError::File {
            path: place.folder.clone(),
            source,
        })?;
        let key = log::Key::open(&place.folder, origin, chance)?;
        let mut db = connect(&place)?;
        schema::migrate(&mut db)?;
        let place = Arc::new(place);
        let key = Arc::new(key);
        let readers = (0..READERS)
            .map(|_| connect(&place))
            .collect::<Result<Vec<_>, _>>()?;
        let disk = if db.is_postgres() {
            None
        } else {
            Some(disk::Disk::open(&place, &mut db)?)
        };
        let writer = writer::start(db, place.clone(), disk.clone())?;
        let store = Self {
            place,
            writer,
            readers: Arc::new((Mutex::new(readers), Condvar::new())),
            disk,
            key,
        };
        store.sweep_uploads()?;
        Ok(store)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.place.folder
    }

    /// The key the log is signed with.
    pub fn key(&self) -> &log::Key {
        &self.key
    }

    /// Reads. Blocks while all readers are busy; call it from a thread that may block.
    ///
    /// # Errors
    /// What the closure returns.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, E>,
    ) -> Result<T, E> {
        let (pool, free) = &*self.readers;
        let mut db = {
            let mut pool = pool
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            loop {
                match pool.pop() {
                    Some(db) => break db,
                    None => {
                        pool = free
                            .wait(pool)
                            .unwrap_or_else(std::sync::PoisonError::into_inner)
                    }
                }
            }
        };
        if db.is_lost() {
            match connect(&self.place) {
                Ok(fresh) => db = fresh,
                Err(error) => {
                    pool.lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .push(db);
                    free.notify_one();
                    return Err(error.into());
                }
            }
        }
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&mut db)));
        if result.is_err() {
            db.tidy();
        }
        pool.lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(db);
        free.notify_one();
        if let Some(disk) = &self.disk {
            // Nobody learns what a power cut could still undo.
            disk.settled()?;
        }
        result.unwrap_or_else(|_| Err(StoreError::Gone.into()))
    }

    /// Queues a write; the reply comes when it is on disk.
    pub fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Reply<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.send(work)
    }
}
