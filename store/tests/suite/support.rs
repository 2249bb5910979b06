//! Where the cases run: a folder, and perhaps a database on a server that is started for the purpose.

use anlan_core::fact::{Entry, Event, Fact};
use anlan_core::id::{FactId, OrgId, PersonId};
use anlan_store::{Place, Store, StoreError};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// The name of the logs made here.
pub const ORIGIN: &str = "anlan.example/test";

/// Minutes after a morning in March.
pub fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_772_413_200 + minutes * 60).unwrap()
}

/// A folder, and perhaps a database beside it.
pub struct Home {
    pub folder: TempDir,
    database: Option<(String, String)>,
}

impl Home {
    pub fn sqlite() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            database: None,
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn is_postgres(&self) -> bool {
        self.database.is_some()
    }

    /// Opens the store; as often as one likes.
    pub fn open(&self) -> Store {
        self.open_with([7; 32])
    }

    pub fn open_with(&self, chance: [u8; 32]) -> Store {
        Store::open(
            Place {
                folder: self.path().to_owned(),
                database: self.database.as_ref().map(|(_, url)| url.clone()),
            },
            ORIGIN,
            chance,
        )
        .unwrap()
    }
}

/// A PostgreSQL server: one that is there already, or one of our own.
pub struct Server {
    /// With a `#` where the database's name goes.
    url: String,
    own: Option<(Child, TempDir)>,
}

fn binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

/// Makes a cluster and runs it until standard input ends: with this program, however it ends, the server ends too.
const RUN: &str = r#"
set -e
"$1/initdb" -D "$2/data" -U anlan -A trust -N -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US >"$2/initdb.log" 2>&1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=60 >"$2/server.log" 2>&1 &
server=$!
read -r end || true
kill -INT $server
wait $server || true
rm -rf "$2/data"
"#;

impl Server {
    /// `ANLAN_TEST_DATABASE` (its last path segment is replaced), or a private server; none when none is installed.
    pub fn find() -> Option<Self> {
        if let Ok(url) = std::env::var("ANLAN_TEST_DATABASE") {
            let base = url.rsplit_once('/').map_or(url.as_str(), |(base, _)| base);
            return Some(Self {
                url: format!("{base}/#"),
                own: None,
            });
        }
        let bin = binaries()?;
        let folder = TempDir::new().unwrap();
        let folder_name = folder.path().to_str().unwrap();
        // The server refuses to run as root: the package's own user does it then.
        let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let mut command = if root {
            let given = Command::new("chown")
                .args(["postgres", folder_name])
                .status()
                .unwrap();
            assert!(given.success(), "there is no user `postgres`");
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut child = command
            .args(["-c", RUN, "anlan-test-server"])
            .arg(&bin)
            .arg(folder_name)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!("postgres://anlan@{}/#", folder_name.replace('/', "%2F"));
        for _ in 0..600 {
            std::thread::sleep(std::time::Duration::from_millis(50));
            if postgres::Client::connect(&url.replace('#', "postgres"), postgres::NoTls).is_ok() {
                return Some(Self {
                    url,
                    own: Some((child, folder)),
                });
            }
            if child.try_wait().unwrap().is_some() {
                break;
            }
        }
        let log = |name| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
        panic!(
            "PostgreSQL did not start:\n{}{}",
            log("initdb.log"),
            log("server.log")
        );
    }

    /// A fresh database.
    pub fn home(&self) -> Home {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("anlan_test_{}_{made}", std::process::id());
        let mut admin = self.admin();
        admin
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .unwrap();
        Home {
            folder: TempDir::new().unwrap(),
            database: Some((
                self.url.replace('#', "postgres"),
                self.url.replace('#', &name),
            )),
        }
    }

    fn admin(&self) -> postgres::Client {
        postgres::Client::connect(&self.url.replace('#', "postgres"), postgres::NoTls).unwrap()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some((admin, url)) = &self.database
            && let Ok(mut admin) = postgres::Client::connect(admin, postgres::NoTls)
            && let Some((_, name)) = url.rsplit_once('/')
        {
            let _ = admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.own {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

/// The next fact's id.
pub fn fact_id() -> FactId {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    FactId::make(1_772_413_200_000 + made, u128::from(made))
}

pub fn org_id(id: &str) -> OrgId {
    OrgId::try_from(id).unwrap()
}

pub fn person_id(id: &str) -> PersonId {
    PersonId::try_from(id).unwrap()
}

/// Something small that happened on a stream.
pub fn trifle(stream: &str) -> Entry {
    let event = Event::SignedIn {
        person: person_id("p1"),
        via: "cookie".into(),
        address: "192.0.2.1".into(),
    };
    let mut entry = Entry::new(
        stream.to_owned(),
        event,
        Some(person_id("p1")),
        Some(org_id("qu")),
        at(0),
    );
    entry.articles = vec!["notice_1#3".into()];
    entry
}

/// Appends and waits.
pub fn add(store: &Store, entry: &Entry) -> Fact {
    try_add(store, entry, None).unwrap()
}

pub fn try_add(store: &Store, entry: &Entry, expected: Option<u64>) -> Result<Fact, StoreError> {
    let (entry, id) = (entry.clone(), fact_id());
    store
        .write(move |tx| tx.append(&entry, id, expected))
        .wait()
}

/// Appends many small facts in one write.
pub fn trifles(store: &Store, count: u64) {
    store
        .write(move |tx| -> Result<(), StoreError> {
            for n in 0..count {
                tx.append(&trifle(&format!("person/p{}", n % 7)), fact_id(), None)?;
            }
            Ok(())
        })
        .wait()
        .unwrap();
}

/// Runs SQL behind the store's back, as somebody with the database's password might.
pub fn sql(store: &Store, sql: &str) {
    let sql = sql.to_owned();
    store
        .write(move |tx| -> Result<(), StoreError> { Ok(tx.db.script(&sql)?) })
        .wait()
        .unwrap();
}

/// A generator that gives the same numbers each time.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
