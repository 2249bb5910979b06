//! The one writer. Everything that changes the database goes through its queue, so that facts have one order and
//! many small writes share one fsync.

use crate::db::Db;
use crate::{Place, StoreError};
use anlan_core::fact::{Entry, Fact};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use tokio::sync::oneshot;

/// Most writes that share a commit: bounds how long the first of them waits.
const BATCH_MAX: usize = 256;
/// Most writes that wait; a sender beyond that blocks until there is room.
const QUEUE_MAX: usize = 8_192;

/// A transaction under way.
pub struct Tx<'a> {
    /// The database, for questions and for tables that are no projections.
    pub db: &'a mut Db,
    /// The next fact's place.
    next: &'a mut u64,
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
        let fact = crate::facts::append(self.db, *self.next, entry, id, expected)?;
        *self.next += 1;
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

/// Starts the writer on its own thread.
pub(crate) fn start(mut db: Db, place: Arc<Place>) -> Result<Handle, StoreError> {
    let (sender, receiver) = mpsc::sync_channel::<Box<dyn Job>>(QUEUE_MAX);
    std::thread::Builder::new()
        .name("anlan-writer".into())
        .spawn(move || {
            while let Ok(first) = receiver.recv() {
                let mut jobs = vec![first];
                while jobs.len() < BATCH_MAX
                    && let Ok(job) = receiver.try_recv()
                {
                    jobs.push(job);
                }
                if db.is_lost() {
                    match crate::connect(&place) {
                        Ok(fresh) => db = fresh,
                        Err(error) => tracing::error!(%error, "the database cannot be reached"),
                    }
                }
                let kept = match batch(&mut db, &mut jobs) {
                    Ok(()) => true,
                    Err(error) => {
                        tracing::error!(%error, "a batch of {} writes was rolled back", jobs.len());
                        db.tidy();
                        false
                    }
                };
                for job in jobs {
                    job.finish(kept);
                }
            }
        })
        .map_err(|source| StoreError::File {
            path: "anlan-writer".into(),
            source,
        })?;
    Ok(Handle(sender))
}

fn batch(db: &mut Db, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    if db.is_postgres() {
        // Several servers may share the database: facts keep one order, so one of them appends at a time.
        db.script("BEGIN; SELECT pg_advisory_xact_lock(7230142)")?;
    } else {
        db.step("BEGIN IMMEDIATE")?;
    }
    let mut next = crate::facts::count(db)?;
    for job in jobs.iter_mut() {
        let before = next;
        db.step("SAVEPOINT job")?;
        let mut kept = job.run(&mut Tx {
            db,
            next: &mut next,
        });
        // Work that overlooks a refusal of the database leaves PostgreSQL's transaction dead, and a COMMIT would then
        // quietly undo it: releasing the savepoint is what notices.
        if kept && let Err(error) = db.step("RELEASE SAVEPOINT job") {
            job.spoil(error.into());
            kept = false;
        }
        if !kept {
            next = before;
            db.step("ROLLBACK TO SAVEPOINT job")?;
            db.step("RELEASE SAVEPOINT job")?;
        }
    }
    // Until this returns nothing was answered; after it everything that is answered is on disk.
    db.step("COMMIT")?;
    Ok(())
}
