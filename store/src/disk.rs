//! Answers wait for the disk, the writer does not.
//!
//! The writer's connection commits without waiting (`synchronous=NORMAL`). Here, on a thread of its own, the write-ahead
//! log is brought to disk, and only then are the commit's answers let out. Meanwhile the writer runs the next batch, and
//! keeps it open for more until the disk is free again: as few and as large commits as the disk can take. A commit can
//! be read a moment before it is on disk; [`Disk::settled`] holds back whatever was read until it is. So nobody, neither
//! who wrote nor who read, learns what a power cut could undo.
//!
//! The log is carried into the database beside the writer too ([`Carrier`]).

use crate::db::Db;
use crate::{Place, StoreError};
use std::cell::Cell;
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};

/// Batches that wait for the disk; the writer waits beyond that.
const BATCHES_MAX: usize = 2;
/// After so many new pages in the log they are carried into the database beside the writer. A page that is written
/// again and again is carried once, so more often would be more work.
const CARRY: u32 = 2_000;
/// With so many pages in the log the writer carries the rest itself, so that the log can begin anew: only it can do
/// that under a load without a pause. 8,000 pages are 32 MB.
const LONG: u32 = 8_000;

/// What has been committed and what of it is on disk.
pub(crate) struct Disk {
    log: File,
    /// Commits that were begun: the tickets given out.
    begun: AtomicU64,
    /// The newest ticket that was handed over to be brought to disk.
    handed: AtomicU64,
    /// Somebody waits to be told that the disk is free.
    wanted: AtomicBool,
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
            begun: AtomicU64::new(0),
            handed: AtomicU64::new(0),
            wanted: AtomicBool::new(false),
            state: Mutex::default(),
            moved: Condvar::new(),
        }))
    }

    /// Takes the ticket of a commit; called before it, so that whoever sees the commit finds the ticket given out.
    pub(crate) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Is nothing on its way to disk? If something is, `free` of [`Disk::start`] will be called when it has arrived.
    pub(crate) fn is_free(&self) -> bool {
        self.wanted.store(true, Ordering::SeqCst);
        let free = {
            let state = self.state();
            state.lost || state.settled >= self.handed.load(Ordering::SeqCst)
        };
        if free {
            self.wanted.store(false, Ordering::SeqCst);
        }
        free
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
    fn sync(&self, upto: u64) -> bool {
        let mut kept = !self.is_lost();
        if kept && let Err(error) = self.log.sync_data() {
            tracing::error!(%error, "the disk refuses the write-ahead log: nothing more is written; restart to read what it holds");
            kept = false;
        }
        let mut state = self.state();
        if kept {
            state.settled = state.settled.max(upto);
        } else {
            state.lost = true;
        }
        self.moved.notify_all();
        kept
    }

    /// Starts the thread that lets answers out.
    pub(crate) fn start<T: Send + 'static>(
        self: &Arc<Self>,
        answer: fn(T, bool),
        free: impl Fn() + Send + 'static,
    ) -> std::io::Result<Gate<T>> {
        let (sender, receiver) = mpsc::sync_channel::<Batch<T>>(BATCHES_MAX);
        let disk = self.clone();
        let thread = std::thread::Builder::new()
            .name("anlan-disk".into())
            .spawn(move || {
                while let Ok(batch) = receiver.recv() {
                    let synced = disk.sync(batch.ticket);
                    if disk.wanted.swap(false, Ordering::SeqCst) {
                        free();
                    }
                    answer(batch.work, batch.kept && synced);
                }
            })?;
        Ok(Gate {
            disk: self.clone(),
            sender,
            thread,
        })
    }
}

/// What commits go through on their way to disk.
pub(crate) struct Gate<T> {
    pub(crate) disk: Arc<Disk>,
    sender: mpsc::SyncSender<Batch<T>>,
    thread: std::thread::JoinHandle<()>,
}

/// A batch that was committed and waits for the disk.
struct Batch<T> {
    ticket: u64,
    work: T,
    kept: bool,
}

impl<T> Gate<T> {
    /// Hands over what is to be told that the commit of this ticket is on disk; `kept` is whether it went through.
    pub(crate) fn hand_over(&self, ticket: u64, work: T, kept: bool) {
        self.disk.handed.fetch_max(ticket, Ordering::SeqCst);
        // The thread lives as long as this sender.
        let _ = self.sender.send(Batch { ticket, work, kept });
    }

    /// Waits until all answers are out.
    pub(crate) fn close(self) {
        drop(self.sender);
        let _ = self.thread.join();
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
    /// Starts the thread; `db` is the writer's connection, used on the calling thread alone from now on.
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

    /// After a commit: is there something to carry?
    pub(crate) fn tend(&mut self, db: &mut Db) {
        let pages = PAGES.get();
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
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    fn disk(log: &str) -> Arc<Disk> {
        Arc::new(Disk {
            log: File::open(log).unwrap(),
            begun: AtomicU64::new(0),
            handed: AtomicU64::new(0),
            wanted: AtomicBool::new(false),
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
    fn whoever_waits_for_the_disk_is_called() {
        let disk = disk(env!("CARGO_MANIFEST_DIR"));
        let (answered, answers) = mpsc::channel();
        let (called, calls) = mpsc::channel();
        let gate = disk
            .start(
                |(answers, n): (mpsc::Sender<(u64, bool)>, u64), kept| {
                    answers.send((n, kept)).unwrap();
                },
                move || called.send(()).unwrap(),
            )
            .unwrap();
        for n in 1..200u64 {
            gate.hand_over(disk.begin(), (answered.clone(), n), n % 7 != 0);
            if !disk.is_free() {
                calls.recv_timeout(Duration::from_secs(20)).unwrap();
            }
            assert!(disk.is_free());
        }
        gate.close();
        let all: Vec<(u64, bool)> = answers.try_iter().collect();
        assert_eq!(all, (1..200).map(|n| (n, n % 7 != 0)).collect::<Vec<_>>());
    }

    #[test]
    fn a_disk_that_refused_once_is_not_believed_again() {
        static KEPT: AtomicUsize = AtomicUsize::new(0);
        // There is nothing behind it that could be brought to disk: the system says so.
        let disk = disk("/dev/null");
        let gate = disk
            .start(
                |(), kept| {
                    KEPT.fetch_add(usize::from(kept), Ordering::SeqCst);
                },
                || {},
            )
            .unwrap();
        for _ in 0..3 {
            gate.hand_over(disk.begin(), (), true);
        }
        gate.close();
        assert_eq!(KEPT.load(Ordering::SeqCst), 0);
        assert!(disk.is_lost() && disk.is_free());
        assert!(matches!(disk.settled(), Err(StoreError::Gone)));
    }
}
