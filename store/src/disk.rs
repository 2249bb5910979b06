//! Answers wait for the disk, the writer does not.
//!
//! The writer's connection commits without waiting (`synchronous=NORMAL`); [`Disk::sync`] brings the write-ahead log to
//! disk, and only then are the commit's answers let out. Two threads take turns at writing, so that one runs the next
//! batch while the other waits for the disk. A commit can be read a moment before it is on disk; [`Disk::settled`] holds
//! back whatever was read until it is. So nobody, neither who wrote nor who read, learns what a power cut could undo.
//!
//! The log is carried into the database beside the writer too ([`Carrier`]).

use crate::db::Db;
use crate::{Place, StoreError};
use std::cell::Cell;
use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};

/// After so many new pages in the log they are carried into the database beside the writer. A page that is written
/// again and again is carried once, so more often would be more work.
const CARRY: u32 = 2_000;
/// With so many pages in the log the writer carries the rest itself, so that the log can begin anew: only it can do
/// that under a load without a pause. 8,000 pages are 32 MB.
const LONG: u32 = 8_000;

/// What has been committed and what of it is on disk.
pub(crate) struct Disk {
    log: File,
    /// Held while the log is brought to disk: the system tells a failure once, to one of those who ask at a time.
    turn: Mutex<()>,
    /// Commits that were begun: the tickets given out.
    begun: AtomicU64,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// Commits up to this ticket are on disk.
    settled: u64,
    /// The disk has refused once. What it holds is unknown until the log is read anew, at the next start: a second
    /// attempt could succeed without having written what the first one lost.
    lost: bool,
}

fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { path, source }
}

impl Disk {
    /// For the embedded database; the log is there because `db` has been opened and written to.
    pub(crate) fn open(place: &Place, db: &mut Db) -> Result<Arc<Self>, StoreError> {
        let path = place.folder.join("anlan.db-wal");
        let log = File::open(&path).map_err(file(&path))?;
        // What a program that was killed has left in it can be read at once, so it must be on disk at once; and the
        // log may have been made just now, so must its name.
        log.sync_data().map_err(file(&path))?;
        File::open(&place.folder)
            .and_then(|folder| folder.sync_all())
            .map_err(file(&place.folder))?;
        db.script("PRAGMA synchronous=NORMAL")?;
        Ok(Arc::new(Self {
            log,
            turn: Mutex::default(),
            begun: AtomicU64::new(0),
            state: Mutex::default(),
            moved: Condvar::new(),
        }))
    }

    /// Takes the ticket of a commit; called before it, so that whoever sees the commit finds the ticket given out.
    pub(crate) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Has the disk refused?
    pub(crate) fn is_lost(&self) -> bool {
        self.state().lost
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until everything is on disk that can have been read so far.
    ///
    /// # Errors
    /// When the disk has refused: what was read may be gone at the next start.
    pub(crate) fn settled(&self) -> Result<(), StoreError> {
        let upto = self.begun.load(Ordering::SeqCst);
        let mut state = self.state();
        while state.settled < upto {
            if state.lost {
                return Err(StoreError::Gone);
            }
            state = self
                .moved
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Brings everything to disk that was committed up to this ticket. False when that failed, now or before.
    pub(crate) fn sync(&self, upto: u64) -> bool {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let state = self.state();
            if state.lost || state.settled >= upto {
                return !state.lost;
            }
        }
        let synced = self.log.sync_data();
        let mut state = self.state();
        match &synced {
            Ok(()) => state.settled = upto,
            Err(error) => {
                tracing::error!(%error, "the disk refuses the write-ahead log: nothing more is written; restart to read what it holds");
                state.lost = true;
            }
        }
        self.moved.notify_all();
        synced.is_ok()
    }
}

thread_local! {
    /// Pages in the log after this thread's last commit.
    static PAGES: Cell<u32> = const { Cell::new(0) };
}

/// Carries the log's pages into the database: mostly on a thread and a connection of its own, while the writer goes
/// on writing; the little that is left over, the writer itself, when the log has become long.
pub(crate) struct Carrier {
    wake: mpsc::SyncSender<()>,
    /// Pages in the log when the thread was last woken, and when the writer last carried some itself.
    woken: u32,
    own: u32,
}

impl Carrier {
    /// Starts the thread; `db` is the writer's connection.
    pub(crate) fn start(db: &Db, place: &Place) -> Result<Option<Self>, StoreError> {
        let Db::Sqlite(writer) = db else {
            return Ok(None);
        };
        writer.wal_hook(Some(|_, pages| {
            PAGES.set(u32::try_from(pages).unwrap_or_default());
            Ok(())
        }));
        let mut own = crate::connect(place)?;
        let (wake, woken) = mpsc::sync_channel::<()>(1);
        std::thread::Builder::new()
            .name("anlan-carrier".into())
            .spawn(move || {
                while woken.recv().is_ok() {
                    carry(&mut own);
                }
            })
            .map_err(file(std::path::Path::new("anlan-carrier")))?;
        Ok(Some(Self {
            wake,
            woken: 0,
            own: 0,
        }))
    }

    /// After a commit, on its thread: is there something to carry?
    pub(crate) fn tend(&mut self, db: &mut Db) {
        let pages = PAGES.take();
        if pages == 0 {
            // Nothing was written.
            return;
        }
        if pages < self.woken {
            // The log has begun anew.
            (self.woken, self.own) = (0, 0);
        }
        if pages >= LONG && pages >= self.own + CARRY {
            self.own = pages;
            carry(db);
        } else if pages >= self.woken + CARRY {
            self.woken = pages;
            // Full means that it has not yet begun with the last call: it will see these pages too.
            let _ = self.wake.try_send(());
        }
    }
}

fn carry(db: &mut Db) {
    // Passive: takes what no reader needs in the log any more, and stands in nobody's way.
    if let Err(error) = db.rows("PRAGMA wal_checkpoint(PASSIVE)", &[]) {
        tracing::warn!(%error, "the log was not carried into the database; it grows until that succeeds");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn disk(log: &str) -> Arc<Disk> {
        Arc::new(Disk {
            log: File::open(log).unwrap(),
            turn: Mutex::default(),
            begun: AtomicU64::new(0),
            state: Mutex::default(),
            moved: Condvar::new(),
        })
    }

    #[test]
    fn what_was_read_is_held_back_until_it_is_on_disk() {
        let disk = disk(env!("CARGO_MANIFEST_DIR"));
        disk.settled().unwrap();
        let ticket = disk.begin();
        let (told, hear) = mpsc::channel();
        let reader = disk.clone();
        let reader = std::thread::spawn(move || told.send(reader.settled().is_ok()));
        assert!(hear.recv_timeout(Duration::from_millis(100)).is_err());
        assert!(disk.sync(ticket));
        assert_eq!(hear.recv_timeout(Duration::from_secs(20)), Ok(true));
        reader.join().unwrap().unwrap();
    }

    #[test]
    fn a_later_sync_settles_what_was_before() {
        let disk = disk(env!("CARGO_MANIFEST_DIR"));
        let (first, second) = (disk.begin(), disk.begin());
        assert!(disk.sync(second));
        assert!(disk.sync(first));
        disk.settled().unwrap();
    }

    #[test]
    fn a_disk_that_refused_once_is_not_believed_again() {
        // There is nothing behind it that could be brought to disk: the system says so.
        let disk = disk("/dev/null");
        for _ in 0..3 {
            assert!(!disk.sync(disk.begin()));
        }
        assert!(disk.is_lost());
        assert!(matches!(disk.settled(), Err(StoreError::Gone)));
    }
}
