//! The one writer. Everything that changes the database goes through its queue, so that facts have one order and
//! many small writes share one fsync.

use crate::db::Db;
use crate::disk::{Carrier, Disk};
use crate::{Place, StoreError};
use anlan_core::fact::{Entry, Fact};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use tokio::sync::oneshot;

/// Most writes that share a commit: bounds how long the first of them waits.
const BATCH_MAX: usize = 256;
/// Most writes that wait; a sender beyond that blocks until there is room.
const QUEUE_MAX: usize = 8_192;
/// Most streams whose versions are kept in mind.
const STREAMS_MAX: usize = 16_384;

/// The end of the ledger.
#[derive(Default)]
struct Tip {
    /// The next fact's place.
    next: u64,
    /// Versions of streams that were appended to. They hold as long as nobody else has appended, which the number of
    /// facts tells.
    versions: HashMap<String, u64>,
}

/// A transaction under way.
pub struct Tx<'a> {
    /// The database, for questions and for tables that are no projections.
    pub db: &'a mut Db,
    tip: &'a mut Tip,
}

impl Tx<'_> {
    /// Appends a fact and projects it. With `expected`, only if the stream is at that version.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the stream has moved on.
    pub fn append(
        &mut self,
        entry: &Entry,
        id: anlan_core::id::FactId,
        expected: Option<u64>,
    ) -> Result<Fact, StoreError> {
        let tip = &mut *self.tip;
        let version = match tip.versions.get(&entry.stream) {
            Some(version) => *version,
            None => crate::facts::version(self.db, &entry.stream)?,
        };
        let fact = crate::facts::append(self.db, tip.next, version, entry, id, expected)?;
        tip.next += 1;
        if let Some(known) = tip.versions.get_mut(&entry.stream) {
            *known = fact.version;
        } else {
            if tip.versions.len() >= STREAMS_MAX {
                tip.versions.clear();
            }
            tip.versions.insert(entry.stream.clone(), fact.version);
        }
        crate::project::apply(self.db, &fact, &entry.event)?;
        Ok(fact)
    }
}

trait Job: Send {
    /// Does the work; true when it is to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Its work was undone after all.
    fn spoil(&mut self, error: StoreError);
    /// Answers, after the commit; `kept` is whether the commit went through.
    fn finish(self: Box<Self>, kept: bool);
}

struct Work<F, T, E> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Work<F, T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        // A bug in one command must not take the others with it.
        let result = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(StoreError::Gone.into()));
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }

    fn spoil(&mut self, error: StoreError) {
        self.result = Some(Err(error.into()));
    }

    fn finish(self: Box<Self>, kept: bool) {
        let result = match self.result {
            Some(Err(error)) => Err(error),
            Some(Ok(value)) if kept => Ok(value),
            _ => Err(StoreError::Gone.into()),
        };
        // Nobody waits any more: the work is done all the same.
        let _ = self.reply.send(result);
    }
}

/// A reply that comes when the write is on disk.
pub struct Reply<T, E>(oneshot::Receiver<Result<T, E>>);

impl<T, E: From<StoreError>> Reply<T, E> {
    /// Waits in an async task.
    ///
    /// # Errors
    /// The work's own error, or that the writer is gone.
    pub async fn get(self) -> Result<T, E> {
        self.0
            .await
            .unwrap_or_else(|_| Err(StoreError::Gone.into()))
    }

    /// Waits in a thread that may block.
    ///
    /// # Errors
    /// The work's own error, or that the writer is gone.
    pub fn wait(self) -> Result<T, E> {
        self.0
            .blocking_recv()
            .unwrap_or_else(|_| Err(StoreError::Gone.into()))
    }
}

type Jobs = Vec<Box<dyn Job>>;

/// The way to the writer.
#[derive(Clone)]
pub(crate) struct Handle(mpsc::SyncSender<Box<dyn Job>>);

impl Handle {
    pub(crate) fn send<T, E>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Reply<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, receiver) = oneshot::channel();
        // If the writer has ended the job is dropped here, and with it the reply: the receiver says so.
        let _ = self.0.send(Box::new(Work {
            work: Some(work),
            result: None,
            reply,
        }));
        Reply(receiver)
    }
}

/// Starts the writer. With `disk`, two threads take turns: while one waits for the disk and gives its answers, the other
/// runs the next batch. Without, a commit is on disk when the database says so, and one thread is enough.
pub(crate) fn start(
    db: Db,
    place: Arc<Place>,
    disk: Option<Arc<Disk>>,
) -> Result<Handle, StoreError> {
    let (sender, receiver) = mpsc::sync_channel(QUEUE_MAX);
    let carrier = Carrier::start(&db, &place)?;
    let threads = if disk.is_some() { 2 } else { 1 };
    let writer = Arc::new(Mutex::new(Writer {
        db,
        place,
        tip: Tip::default(),
        receiver,
        disk: disk.clone(),
        carrier,
    }));
    for _ in 0..threads {
        let (writer, disk) = (writer.clone(), disk.clone());
        std::thread::Builder::new()
            .name("anlan-writer".into())
            .spawn(move || take_turns(&writer, disk.as_deref()))
            .map_err(|source| StoreError::File {
                path: "anlan-writer".into(),
                source,
            })?;
    }
    Ok(Handle(sender))
}

fn take_turns(writer: &Mutex<Writer>, disk: Option<&Disk>) {
    loop {
        // Whoever has the turn waits for work with it; the other waits for the turn.
        let turn = writer.lock().unwrap_or_else(PoisonError::into_inner).turn();
        let Some((jobs, ticket, kept)) = turn else {
            return;
        };
        let kept = disk.is_none_or(|disk| disk.sync(ticket)) && kept;
        for job in jobs {
            job.finish(kept);
        }
    }
}

struct Writer {
    db: Db,
    place: Arc<Place>,
    tip: Tip,
    receiver: mpsc::Receiver<Box<dyn Job>>,
    disk: Option<Arc<Disk>>,
    carrier: Option<Carrier>,
}

impl Writer {
    /// Waits for work and does it up to the commit: the jobs, the commit's ticket, and whether it went through. None
    /// when nobody can send any more.
    fn turn(&mut self) -> Option<(Jobs, u64, bool)> {
        let mut jobs = vec![self.receiver.recv().ok()?];
        jobs.extend(self.receiver.try_iter().take(BATCH_MAX - 1));
        if self.db.is_lost() {
            match crate::connect(&self.place) {
                Ok(fresh) => self.db = fresh,
                Err(error) => tracing::error!(%error, "the database cannot be reached"),
            }
        }
        let mut ticket = 0;
        let kept = match self.batch(&mut jobs, &mut ticket) {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, "a batch of {} writes was rolled back", jobs.len());
                self.db.tidy();
                self.tip = Tip::default();
                // What the jobs found out before that is told when what they read is on disk.
                if let Some(disk) = &self.disk {
                    ticket = disk.begin();
                }
                false
            }
        };
        if let Some(carrier) = &mut self.carrier {
            carrier.tend(&mut self.db);
        }
        Some((jobs, ticket, kept))
    }

    /// Runs the jobs in one transaction.
    fn batch(&mut self, jobs: &mut [Box<dyn Job>], ticket: &mut u64) -> Result<(), StoreError> {
        if self.disk.as_ref().is_some_and(|disk| disk.is_lost()) {
            return Err(StoreError::Gone);
        }
        if self.db.is_postgres() {
            // Several servers may share the database: facts keep one order, so one of them appends at a time.
            self.db
                .script("BEGIN; SELECT pg_advisory_xact_lock(7230142)")?;
        } else {
            self.db.step("BEGIN IMMEDIATE")?;
        }
        let next = crate::facts::count(&mut self.db)?;
        if next != self.tip.next {
            self.tip = Tip::default();
            self.tip.next = next;
        }
        for job in jobs.iter_mut() {
            one(&mut self.db, &mut self.tip, job.as_mut())?;
        }
        if let Some(disk) = &self.disk {
            *ticket = disk.begin();
        }
        // Until the answers are let out nothing was promised; after that, everything that was is on disk.
        self.db.step("COMMIT")?;
        Ok(())
    }
}

/// Runs a job; what it did is undone if it fails.
fn one(db: &mut Db, tip: &mut Tip, job: &mut dyn Job) -> Result<(), StoreError> {
    let before = tip.next;
    db.step("SAVEPOINT job")?;
    let mut kept = job.run(&mut Tx { db, tip });
    // Work that overlooks a refusal of the database leaves PostgreSQL's transaction dead, and a COMMIT would then
    // quietly undo it: releasing the savepoint is what notices.
    if kept && let Err(error) = db.step("RELEASE SAVEPOINT job") {
        job.spoil(error.into());
        kept = false;
    }
    if !kept {
        tip.next = before;
        tip.versions.clear();
        db.step("ROLLBACK TO SAVEPOINT job")?;
        db.step("RELEASE SAVEPOINT job")?;
    }
    Ok(())
}
