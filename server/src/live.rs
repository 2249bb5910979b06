//! Those who follow the ledger: the line to open pages, the seal, and the clock's own walk. Each is woken by a
//! signal and by a timer, looks at the state afresh, and may run twice without harm.

use crate::app::App;
use anlan_core::calendar::date_of;
use anlan_core::duty::due_soon_until;
use anlan_core::fact::Entry;
use anlan_store::{duties, facts};
use jiff::civil::Date;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often the ledger is looked at without being woken: facts may come from another server or from the command line.
const LOOK: Duration = Duration::from_millis(500);
/// How often what is not sealed is sealed.
const SEAL: Duration = Duration::from_millis(400);
/// How often the clock is asked whether a new day has begun.
const CLOCK: Duration = Duration::from_secs(20);
/// Facts or duties handled at a time.
const CHUNK: u32 = 500;

/// Follows the ledger and tells open pages.
pub async fn follow(app: Arc<App>) {
    let mut next = app.tip.load(Ordering::Acquire);
    loop {
        let _ = tokio::time::timeout(LOOK, app.wake.notified()).await;
        loop {
            let from = next;
            let Ok(chunk) = app.read(move |db| Ok(facts::from(db, from, CHUNK)?)).await else {
                break;
            };
            if chunk.is_empty() {
                break;
            }
            if chunk.iter().any(|fact| {
                ["org.", "person.", "calendar."]
                    .iter()
                    .any(|kind| fact.kind.starts_with(kind))
            }) {
                let at = app.clone();
                // Written by another process: our own writes have renewed the world already.
                if let Ok(Err(error)) = tokio::task::spawn_blocking(move || at.renew()).await {
                    tracing::warn!(%error, "the world could not be read anew");
                }
            }
            for fact in chunk {
                next = fact.seq + 1;
                app.tip.store(next, Ordering::Release);
                // Nobody listening is no error.
                let _ = app.live.send(Arc::new(fact));
            }
        }
    }
}

/// Seals what is not sealed.
pub async fn seal(app: Arc<App>) {
    let mut tick = tokio::time::interval(SEAL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut sealed = u64::MAX;
    loop {
        tick.tick().await;
        let Ok(count) = app.read(|db| Ok(facts::count(db)?)).await else {
            continue;
        };
        if count == sealed {
            continue;
        }
        match app.store.seal(app.now()).await {
            Ok(_) => sealed = count,
            Err(error) => tracing::error!(%error, "facts could not be sealed; tried again shortly"),
        }
    }
}

/// Walks over open duties once a day, and at the start: says what fell due, climbs the ladder.
pub async fn clock(app: Arc<App>) {
    let mut walked: Option<Date> = None;
    let mut tick = tokio::time::interval(CLOCK);
    loop {
        tick.tick().await;
        let today = date_of(app.now());
        if walked == Some(today) {
            continue;
        }
        match walk(&app).await {
            Ok(facts) => {
                walked = Some(today);
                tracing::info!(%today, facts, "the clock has walked over the duties");
            }
            Err(error) => {
                tracing::error!(detail = %error.detail, "the clock could not walk; tried again shortly")
            }
        }
    }
}

/// How often the clock looks whether a loop's deadline has passed.
const SWEEP: Duration = Duration::from_secs(2);
/// Loops swept in one write: commands wait behind it, some 0.3 ms for each.
const SWEPT: u32 = 50;
/// How often, at most, what was known is compared with what was reported.
const COMPARE: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Looks at loops whose deadlines pass or whose next rung has come.
pub async fn sweep(app: Arc<App>) {
    let mut tick = tokio::time::interval(SWEEP);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut compared = (0, jiff::Timestamp::UNIX_EPOCH);
    loop {
        tick.tick().await;
        if let Err(error) = sweep_once(&app).await {
            tracing::error!(detail = %error.detail, "deadlines could not be looked at; tried again shortly");
        }
        // What the ledger knew is compared with what was reported now and then, and after facts only.
        let (tip, at) = (app.tip.load(Ordering::Acquire), app.now());
        let due = at.duration_since(compared.1) >= COMPARE;
        if tip != compared.0 && due {
            match app.write(crate::loops::consequence::detect).await {
                Ok(_) => compared = (tip, at),
                Err(error) => {
                    tracing::error!(detail = %error.detail, "reports could not be compared; tried again shortly");
                }
            }
        }
    }
}

/// One sweep over all loops at which the clock must look. How many facts came of it.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn sweep_once(app: &Arc<App>) -> Result<u64, crate::problem::Problem> {
    let mut count = 0;
    loop {
        let now = app.now();
        // A look that finds nothing asks for no write.
        let due = app
            .read(move |db| Ok(anlan_store::loops::for_clock(db, now, 1)?.len()))
            .await?;
        if due == 0 {
            return Ok(count);
        }
        let (looked, facts) = app.write(|w| crate::loops::sweep(w, SWEPT)).await?;
        count += facts;
        // What was looked at without a fact waits for its moment.
        if looked < SWEPT as usize || facts == 0 {
            return Ok(count);
        }
    }
}

/// One walk. How many facts came of it.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn walk(app: &Arc<App>) -> Result<u64, crate::problem::Problem> {
    let world = app.world();
    let now = app.now();
    let today = date_of(now);
    let upto = due_soon_until(today, app.book.soon(), &world.calendar);
    let top = app
        .book
        .ladder
        .last()
        .map(|step| step.id.clone())
        .unwrap_or_default();
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let (top, from) = (top.clone(), after.clone());
        let (last, facts) = app
            .write(move |w| {
                let world = w.app.world();
                let chunk = duties::for_clock(w.tx.db, upto, &top, &from, CHUNK)?;
                let last = chunk.last().map(|duty| duty.assigned.id.to_string());
                let mut facts = 0;
                for duty in chunk {
                    for event in duty.clock(today, &w.app.book.ladder, &world.calendar) {
                        let at = w.now;
                        w.append(&Entry::of_duty(&duty.assigned, event, None, at), None)?;
                        facts += 1;
                    }
                }
                Ok((last, facts))
            })
            .await?;
        count += facts;
        match last {
            Some(last) => after = last,
            None => return Ok(count),
        }
    }
}
