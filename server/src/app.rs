//! What every handler has at hand: the store, the clock, the rulebook, and the world as it stands — orgs, people,
//! calendar — kept in memory and renewed when a fact changes it.

use crate::clock::Clock;
use crate::problem::Problem;
use anlan_core::authority::Actor;
use anlan_core::calendar::{Calendar, Year, date_of};
use anlan_core::duty::due_soon_until;
use anlan_core::fact::{Entry, Fact};
use anlan_core::id::{FactId, OrgId, PersonId};
use anlan_core::org::{Org, OrgTree};
use anlan_core::person::Person;
use anlan_core::rulebook::Rulebook;
use anlan_store::db::Db;
use anlan_store::duties::Day;
use anlan_store::{Store, Tx, registry};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use tokio::sync::{Notify, Semaphore, broadcast};

/// The world as it stands.
pub struct World {
    /// The org tree.
    pub tree: OrgTree,
    /// Versions of orgs.
    pub org_versions: BTreeMap<OrgId, u64>,
    /// People with their versions.
    pub people: BTreeMap<PersonId, (Person, u64)>,
    /// Which days are worked.
    pub calendar: Calendar,
    /// The calendar's years, imported ones first.
    pub years: Vec<Year>,
}

/// The application.
pub struct App {
    /// The ledger and what is projected from it.
    pub store: Store,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
    /// What changes without recompiling.
    pub book: Rulebook,
    /// The sample district was loaded.
    pub demo: bool,
    /// Facts as they are committed, for open pages.
    pub live: broadcast::Sender<Arc<Fact>>,
    /// Wakes those who follow the ledger.
    pub wake: Notify,
    /// How many passwords may be checked at once: each takes 19 MiB and a core.
    pub hashing: Semaphore,
    /// Sign-in attempts by address.
    pub attempts: std::sync::Mutex<BTreeMap<String, (i64, u32)>>,
    /// Counts that cost a walk over the table, kept until a duty changes.
    pub counted: std::sync::Mutex<(u64, BTreeMap<String, serde_json::Value>)>,
    /// Challenges given to those who report without an account.
    pub tickets: crate::api::public::Tickets,
    /// Seals who reported.
    pub sealer: crate::sealed::Sealer,
    /// Who is at which loop just now: until when.
    pub present: std::sync::Mutex<BTreeMap<(String, PersonId), i64>>,
    /// Rises with every fact.
    pub tip: std::sync::atomic::AtomicU64,
    world: RwLock<Arc<World>>,
}

/// Reads the world from the tables.
fn read_world(db: &mut Db, book: &Rulebook) -> Result<World, anlan_store::StoreError> {
    let orgs = registry::orgs(db)?;
    let org_versions = orgs
        .iter()
        .map(|(org, version)| (org.id.clone(), *version))
        .collect();
    let people = registry::people(db)?
        .into_iter()
        .map(|(person, version)| (person.id.clone(), (person, version)))
        .collect();
    let mut years = book.calendar.clone();
    for year in registry::years(db)? {
        years.retain(|known| known.year != year.year);
        years.push(year);
    }
    years.sort_by_key(|year| year.year);
    let calendar = Calendar::new(&years);
    let tree = OrgTree::new(orgs.into_iter().map(|(org, _)| org)).with_groups(&book.groups);
    Ok(World {
        tree,
        org_versions,
        people,
        calendar,
        years,
    })
}

impl App {
    /// Builds the application over a store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        book: Rulebook,
        demo: bool,
    ) -> Result<Arc<Self>, anlan_store::StoreError> {
        let chance = [clock.chance().to_be_bytes(), clock.chance().to_be_bytes()].concat();
        let sealer =
            crate::sealed::Sealer::open(store.folder(), chance.try_into().unwrap_or([0; 32]))
                .map_err(|source| anlan_store::StoreError::File {
                    path: store.folder().join("reporter.key"),
                    source,
                })?;
        let world = store.read(|db| read_world(db, &book))?;
        let tip = store.read(anlan_store::facts::count)?;
        let (live, _) = broadcast::channel(4_096);
        Ok(Arc::new(Self {
            store,
            clock,
            book,
            demo,
            live,
            wake: Notify::new(),
            hashing: Semaphore::new(2),
            attempts: std::sync::Mutex::default(),
            counted: std::sync::Mutex::default(),
            tickets: crate::api::public::Tickets::default(),
            sealer,
            present: std::sync::Mutex::default(),
            tip: tip.into(),
            world: RwLock::new(Arc::new(world)),
        }))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The world as it stands.
    pub fn world(&self) -> Arc<World> {
        self.world
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Reads the world anew.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn renew(&self) -> Result<(), anlan_store::StoreError> {
        let fresh = Arc::new(self.store.read(|db| read_world(db, &self.book))?);
        *self
            .world
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The day that lights are counted from.
    pub fn day(&self) -> Day {
        let today = date_of(self.now());
        Day {
            today,
            soon: due_soon_until(today, self.book.soon(), &self.world().calendar),
        }
    }

    /// Reads on a thread that may block.
    ///
    /// # Errors
    /// The closure's.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Db) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.read(work))
            .await
            .map_err(Problem::ours)?
    }

    /// Writes, waits until it is on disk, and lets the world follow.
    ///
    /// # Errors
    /// The closure's.
    pub async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Writing<'_, '_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        let (value, renew) = self
            .store
            .write(move |tx| {
                let mut writing = Writing {
                    tx,
                    app: &app,
                    now: app.now(),
                    renew: false,
                };
                let value = work(&mut writing)?;
                Ok::<_, Problem>((value, writing.renew))
            })
            .get()
            .await?;
        if renew {
            let app = self.clone();
            tokio::task::spawn_blocking(move || app.renew())
                .await
                .map_err(Problem::ours)??;
        }
        self.wake.notify_one();
        Ok(value)
    }

    /// A piece of chance as text: for secrets and names, 26 characters.
    pub fn secret(&self) -> String {
        let bytes: Vec<u8> = [
            self.clock.chance().to_be_bytes(),
            self.clock.chance().to_be_bytes(),
        ]
        .concat();
        hex::encode(bytes)
    }

    /// The org of an id, as pages name it.
    pub fn org(&self, id: &OrgId) -> Option<Org> {
        self.world().tree.get(id).cloned()
    }
}

/// A write under way.
pub struct Writing<'a, 'b> {
    /// The transaction.
    pub tx: &'a mut Tx<'b>,
    /// The application.
    pub app: &'a Arc<App>,
    /// The time of this write, stamped once.
    pub now: Timestamp,
    renew: bool,
}

impl Writing<'_, '_> {
    /// Appends a fact.
    ///
    /// # Errors
    /// When the stream has moved on.
    pub fn append(&mut self, entry: &Entry, expected: Option<u64>) -> Result<Fact, Problem> {
        let id = FactId::make(
            u64::try_from(self.now.as_millisecond()).unwrap_or_default(),
            self.app.clock.chance(),
        );
        let fact = self.tx.append(entry, id, expected)?;
        if ["org.", "person.added", "person.changed", "calendar."]
            .iter()
            .any(|kind| fact.kind.starts_with(kind))
        {
            self.renew = true;
        }
        Ok(fact)
    }

    /// Does the work once for a key: a retry gets the answer that was given. The same key with another request is
    /// refused.
    ///
    /// # Errors
    /// The work's own.
    pub fn once<T: serde::Serialize + serde::de::DeserializeOwned>(
        &mut self,
        actor: &Actor,
        key: Option<&str>,
        request: &str,
        work: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let Some(key) = key else { return work(self) };
        if let Some((before, answer)) =
            anlan_store::facts::remembered(self.tx.db, actor.person.as_str(), key)?
        {
            if before != request {
                return Err(Problem::new(
                    axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                    "idempotency-key-used",
                    "该请求编号已用于另一项操作",
                    "This Idempotency-Key was used for another request; use a new one",
                ));
            }
            return serde_json::from_str(&answer).map_err(Problem::ours);
        }
        let value = work(self)?;
        let answer = serde_json::to_string(&value).map_err(Problem::ours)?;
        anlan_store::facts::remember(
            self.tx.db,
            actor.person.as_str(),
            key,
            request,
            &answer,
            self.now,
        )?;
        Ok(value)
    }
}
