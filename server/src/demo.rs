//! The sample district, loaded once into an empty ledger.

use crate::app::App;
use crate::auth;
use crate::problem::Problem;
use anlan_core::fact::Entry;
use anlan_store::signin::{self, Credentials};
use anlan_store::{facts, files};
use std::sync::{Arc, OnceLock};

/// The seed of the sample district.
const SEED: u64 = 2026;
/// Days of loops that the sample district has behind it.
const LOOP_DAYS: i64 = 28;
/// Loops opened on a working day there, about.
const LOOPS_A_DAY: f64 = 7.0;
/// Hours between two looks at it.
const STEP_HOURS: i64 = 8;
/// Facts appended in one transaction.
const CHUNK: usize = 2_000;

/// Logins offered on the sign-in page.
pub fn shown_accounts() -> &'static [String] {
    static SHOWN: OnceLock<Vec<String>> = OnceLock::new();
    SHOWN.get_or_init(|| anlan_sample::shown_logins().unwrap_or_default())
}

/// Loads the sample district if the ledger is empty. All its people sign in with `password`.
///
/// # Errors
/// When it cannot be made or written.
pub async fn load(app: &Arc<App>, password: &str) -> Result<bool, Problem> {
    load_with(app, password, LOOP_DAYS).await
}

/// Loads the sample district with so many days of loops behind it.
///
/// # Errors
/// When it cannot be made or written.
pub async fn load_with(app: &Arc<App>, password: &str, days: i64) -> Result<bool, Problem> {
    if app.read(|db| Ok(facts::count(db)?)).await? > 0 {
        return Ok(false);
    }
    let at = app.clone();
    let sample = tokio::task::spawn_blocking(move || {
        anlan_sample::make(SEED, at.now(), &at.book, &anlan_notice::compile_str)
    })
    .await
    .map_err(Problem::ours)?
    .map_err(Problem::ours)?;
    let (store, contents) = (app.store.clone(), sample.files.clone());
    tokio::task::spawn_blocking(move || {
        contents
            .iter()
            .try_for_each(|(_, bytes)| store.keep_bytes(bytes).map(drop))
    })
    .await
    .map_err(Problem::ours)??;
    let known: Vec<_> = sample.files.into_iter().map(|(file, _)| file).collect();
    app.write(move |w| {
        known
            .iter()
            .try_for_each(|file| files::put(w.tx.db, file, None, w.now))
            .map_err(Problem::from)
    })
    .await?;
    let mut entries = sample.entries.into_iter().peekable();
    // The last weeks are lived through with loops, in the order of time with the duties of those weeks.
    let begin = app.now() - jiff::SignedDuration::from_hours(24 * days);
    append(app, &mut entries, begin).await?;
    let clock = crate::story::Moved::at(begin, SEED);
    let past = App::new(app.store.clone(), clock.clone(), app.book.clone(), true)?;
    let mut story = crate::story::Story::new(SEED, LOOPS_A_DAY, pictures(app).await?);
    let mut at = begin;
    loop {
        at += jiff::SignedDuration::from_hours(STEP_HOURS);
        if at >= app.now() {
            break;
        }
        append(app, &mut entries, at).await?;
        clock.set(at);
        story.step(&past, STEP_HOURS as f64).await?;
    }
    append(app, &mut entries, jiff::Timestamp::MAX).await?;
    let people = sample
        .accounts
        .into_iter()
        .map(|account| account.person.to_string())
        .collect();
    set_passwords(app, password, people).await?;
    Ok(true)
}

/// Appends what was recorded up to a moment.
async fn append(
    app: &Arc<App>,
    entries: &mut std::iter::Peekable<impl Iterator<Item = Entry>>,
    upto: jiff::Timestamp,
) -> Result<(), Problem> {
    loop {
        let mut chunk = Vec::new();
        while chunk.len() < CHUNK
            && let Some(entry) = entries.next_if(|entry| entry.recorded <= upto)
        {
            chunk.push(entry);
        }
        if chunk.is_empty() {
            return Ok(());
        }
        app.write(move |w| {
            for entry in &chunk {
                let now = std::mem::replace(&mut w.now, entry.recorded);
                w.append(entry, None)?;
                w.now = now;
            }
            Ok(())
        })
        .await?;
    }
}

/// Pictures of the sample, as people attach them.
///
/// # Errors
/// When the store cannot be read.
pub async fn pictures(app: &Arc<App>) -> Result<Vec<anlan_core::loops::Shot>, Problem> {
    let store = app.store.clone();
    app.read(move |db| {
        let hashes = files::of_type(db, "image/", 20)?;
        Ok(crate::loops::photo::shots(db, &store, &hashes)?)
    })
    .await
}

/// Gives the sample people another password, when the one that was set for this start differs from the one they have.
///
/// # Errors
/// When it cannot be hashed or written.
pub async fn change_password(app: &Arc<App>, password: &str) -> Result<(), Problem> {
    let world = app.world();
    let people = world
        .people
        .values()
        .filter(|(person, _)| person.sample)
        .map(|(person, _)| person.id.to_string())
        .collect();
    set_passwords(app, password, people).await
}

async fn set_passwords(app: &Arc<App>, password: &str, people: Vec<String>) -> Result<(), Problem> {
    // One hash for all: they share the password that was printed, and hashing each would take a minute.
    let (password, salt) = (password.to_owned(), app.clock.chance());
    let hash = tokio::task::spawn_blocking(move || auth::hash_password(&password, salt))
        .await
        .map_err(Problem::ours)??;
    app.write(move |w| {
        for person in &people {
            let credentials = Credentials {
                password: hash.clone(),
                ..Credentials::default()
            };
            signin::put_credentials(w.tx.db, person, &credentials)?;
        }
        Ok(())
    })
    .await
}
