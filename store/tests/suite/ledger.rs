//! Appending: one order, all or nothing, remembered answers.

use crate::support::{Home, add, at, fact_id, org_id, person_id, trifle, trifles, try_add};
use anlan_core::authority::{Position, Reach, Role};
use anlan_core::fact::{Entry, Event};
use anlan_core::person::Person;
use anlan_store::{Store, StoreError, facts};
use std::collections::BTreeMap;
use std::sync::mpsc;

pub fn versions_are_counted_and_stale_ones_refused(home: &Home) {
    let store = home.open();
    let first = try_add(&store, &trifle("person/a"), Some(0)).unwrap();
    assert_eq!((first.seq, first.version), (0, 1));
    let second = try_add(&store, &trifle("person/a"), Some(1)).unwrap();
    assert_eq!((second.seq, second.version), (1, 2));
    let other = add(&store, &trifle("person/b"));
    assert_eq!((other.seq, other.version), (2, 1));
    let stale = try_add(&store, &trifle("person/a"), Some(1));
    assert!(
        matches!(
            &stale,
            Err(StoreError::Stale { stream, expected: 1, actual: 2 }) if stream == "person/a"
        ),
        "{stale:?}"
    );
    let third = add(&store, &trifle("person/a"));
    assert_eq!((third.seq, third.version), (3, 3));
    let read = store.read(|db| facts::get(db, third.id.as_str())).unwrap();
    assert_eq!(read.as_ref(), Some(&third));
    assert_eq!(read.unwrap().canonical(), third.canonical());
}

pub fn answers_are_remembered(home: &Home) {
    let store = home.open();
    let remember = |key: &'static str, minute: i64| {
        store
            .write(move |tx| facts::remember(tx.db, "p1", key, "hash", "{\"id\":1}", at(minute)))
            .wait()
    };
    let remembered = |key: &'static str| store.read(|db| facts::remembered(db, "p1", key)).unwrap();
    remember("one", 0).unwrap();
    assert_eq!(
        remembered("one"),
        Some(("hash".into(), "{\"id\":1}".into()))
    );
    let other = store.read(|db| facts::remembered(db, "p2", "one")).unwrap();
    assert_eq!(other, None, "each actor has keys of his own");
    assert!(remember("one", 1).is_err(), "a key is used once");
    remember("two", 60 * 24 * 3).unwrap();
    assert_eq!(remembered("one"), None, "after two days it is forgotten");
    assert!(remembered("two").is_some());
}

pub fn many_writers_keep_one_order(home: &Home) {
    let store = home.open();
    std::thread::scope(|scope| {
        for writer in 0..16 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..40 {
                    add(store, &trifle(&format!("person/s{}", (writer + n) % 5)));
                }
            });
        }
    });
    let all = store.read(|db| facts::from(db, 0, 10_000)).unwrap();
    assert_eq!(all.len(), 640);
    let mut versions: BTreeMap<&str, u64> = BTreeMap::new();
    for (seq, fact) in all.iter().enumerate() {
        assert_eq!(fact.seq, seq as u64);
        let version = versions.entry(&fact.stream).or_default();
        *version += 1;
        assert_eq!(fact.version, *version, "{}", fact.stream);
    }
    assert_eq!(versions.values().sum::<u64>(), 640);
}

pub fn two_programs_keep_one_order(home: &Home) {
    let stores = [home.open(), home.open()];
    for n in 0..12u64 {
        // Twice by one, once by the other: what one keeps in mind of a stream the other has moved on.
        let store = &stores[usize::from(n % 3 == 2)];
        let fact = try_add(store, &trifle("person/a"), Some(n)).unwrap();
        assert_eq!((fact.seq, fact.version), (n, n + 1));
        let stale = try_add(store, &trifle("person/a"), Some(n));
        assert!(matches!(stale, Err(StoreError::Stale { .. })), "{stale:?}");
    }
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(move || {
                for _ in 0..40 {
                    add(store, &trifle("person/a"));
                }
            });
        }
    });
    let facts = stores[0]
        .read(|db| facts::of_stream(db, "person/a"))
        .unwrap();
    assert!((1..=92).eq(facts.iter().map(|fact| fact.version)));
}

/// Holds the writer until all that `queue` sends has queued up, so that it becomes one batch.
fn in_one_batch(store: &Store, queue: impl FnOnce()) {
    let (go, wait) = mpsc::channel::<()>();
    let (started, running) = mpsc::channel::<()>();
    let held = store.write(move |_| -> Result<(), StoreError> {
        started.send(()).unwrap();
        let _ = wait.recv();
        Ok(())
    });
    running.recv().unwrap();
    queue();
    drop(go);
    held.wait().unwrap();
}

pub fn one_failure_takes_nothing_else_with_it(home: &Home) {
    let store = home.open();
    let mut replies = Vec::new();
    in_one_batch(&store, || {
        for n in 0..12u64 {
            replies.push(store.write(move |tx| {
                let fact = tx.append(&trifle("person/a"), fact_id(), None)?;
                match n % 4 {
                    1 => Err(StoreError::Log("refused by the work itself".into())),
                    2 => panic!("a bug in one command"),
                    3 => {
                        // The database refuses, and the work does not look.
                        let _ = tx.db.run("INSERT INTO facts (seq) VALUES (NULL)", &[]);
                        Ok(fact.seq)
                    }
                    _ => Ok(fact.seq),
                }
            }));
        }
    });
    let answers: Vec<_> = replies.into_iter().map(|reply| reply.wait()).collect();
    for (n, answer) in answers.iter().enumerate() {
        match n % 4 {
            0 => assert!(answer.is_ok(), "{n}: {answer:?}"),
            1 => assert!(matches!(answer, Err(StoreError::Log(_))), "{n}: {answer:?}"),
            2 => assert!(matches!(answer, Err(StoreError::Gone)), "{n}: {answer:?}"),
            // SQLite keeps a transaction after a refusal, PostgreSQL does not: what counts is that the answer is true.
            _ => assert_eq!(answer.is_ok(), !home.is_postgres(), "{n}: {answer:?}"),
        }
    }
    let kept: Vec<u64> = answers.into_iter().filter_map(Result::ok).collect();
    let all = store.read(|db| facts::from(db, 0, 100)).unwrap();
    assert_eq!(all.iter().map(|f| f.seq).collect::<Vec<_>>(), kept);
    assert_eq!(kept, (0..kept.len() as u64).collect::<Vec<_>>());
    store.seal_now(at(1)).unwrap();
}

pub fn a_panic_alone_leaves_the_writer_alive(home: &Home) {
    let store = home.open();
    add(&store, &trifle("person/a"));
    let broken = store
        .write(|tx| -> Result<(), StoreError> {
            tx.append(&trifle("person/a"), fact_id(), None)?;
            panic!("a bug")
        })
        .wait();
    assert!(matches!(broken, Err(StoreError::Gone)));
    let reader = store.read(|db| -> Result<(), StoreError> {
        db.snapshot(|_| -> Result<(), StoreError> { panic!("a bug in a question") })
    });
    assert!(matches!(reader, Err(StoreError::Gone)));
    for n in 1..6 {
        assert_eq!(add(&store, &trifle("person/a")).seq, n);
        // Every reader sees it, also the one whose question failed.
        assert_eq!(store.read(facts::count).unwrap(), n + 1);
    }
}

fn person(id: &str, login: &str) -> Entry {
    let person = Person {
        id: person_id(id),
        login: login.into(),
        name: "安委办科员".into(),
        positions: vec![Position {
            org: org_id("qu"),
            role: Role::Office,
        }],
        disabled: false,
        sample: true,
    };
    Entry::new(
        format!("person/{id}"),
        Event::PersonAdded(person),
        None,
        None,
        at(0),
    )
}

pub fn what_clashes_is_undone(home: &Home) {
    let store = home.open();
    add(&store, &person("p1", "office"));
    assert!(try_add(&store, &person("p2", "office"), None).is_err());
    assert_eq!(store.read(facts::count).unwrap(), 1);
    let fact = add(&store, &person("p2", "office2"));
    assert_eq!((fact.seq, fact.version), (1, 1));
    let people = store.read(anlan_store::registry::people).unwrap();
    assert_eq!(people.len(), 2);
    let found = store
        .read(|db| anlan_store::registry::person(db, "office2"))
        .unwrap()
        .unwrap();
    assert_eq!(found.0.id.as_str(), "p2");
}

pub fn everything_is_there_after_reopening(home: &Home) {
    let store = home.open();
    trifles(&store, 300);
    store.seal_now(at(1)).unwrap();
    trifles(&store, 20);
    let (digest, vkey) = (store.digest().unwrap(), store.key().vkey().to_owned());
    drop(store);
    let store = home.open_with([9; 32]);
    assert_eq!(store.key().vkey(), vkey, "the key is made once");
    assert_eq!(store.digest().unwrap(), digest);
    assert_eq!(store.seal_now(at(2)).unwrap(), 20);
    assert_eq!(store.seal_now(at(3)).unwrap(), 0);
    assert_eq!(add(&store, &trifle("person/p0")).seq, 320);
    let verdict = store
        .read(|db| anlan_store::log::verify(db, &vkey))
        .unwrap();
    assert!(verdict.ok, "{verdict:?}");
    assert_eq!(
        (verdict.facts, verdict.sealed, verdict.checkpoints),
        (321, 320, 2)
    );
}

pub fn facts_are_found_within_reach(home: &Home) {
    let store = home.open();
    crate::mix::fill(&store);
    let all = store.read(|db| facts::from(db, 0, 10_000)).unwrap();
    let tree = crate::mix::tree(&store);
    let reaches: Vec<Vec<Reach>> = vec![
        vec![Reach::District],
        vec![Reach::Subtree(tree.path(&org_id("bei")).to_owned())],
        vec![Reach::Org(org_id("yingji"))],
        vec![
            Reach::Sectors(vec!["gas".into()]),
            Reach::Org(org_id("zhujian")),
        ],
        vec![Reach::Subtree("/".into())],
        vec![Reach::Sectors(Vec::new())],
        vec![],
    ];
    let thing = all.iter().find_map(|f| f.things.first().cloned()).unwrap();
    let finds = [
        facts::Find::default(),
        facts::Find {
            kind: Some("duty.".into()),
            ..Default::default()
        },
        facts::Find {
            kind: Some("evidence.filed".into()),
            ..Default::default()
        },
        facts::Find {
            thing: Some(thing),
            ..Default::default()
        },
        facts::Find {
            thing: Some("%".into()),
            ..Default::default()
        },
        facts::Find {
            thing: Some("thing_%".into()),
            ..Default::default()
        },
        facts::Find {
            article: Some("notice_a#2".into()),
            ..Default::default()
        },
        facts::Find {
            article: Some("notice_a#_".into()),
            ..Default::default()
        },
        facts::Find {
            org: Some("cun1".into()),
            from: Some(at(100).as_microsecond()),
            to: Some(at(100_000).as_microsecond()),
            ..Default::default()
        },
        facts::Find {
            stream: Some("org/qu".into()),
            actor: Some("nobody".into()),
            ..Default::default()
        },
    ];
    let mut seen = 0;
    for reach in &reaches {
        for find in &finds {
            for audit in [true, false] {
                let wanted: Vec<u64> = all
                    .iter()
                    .rev()
                    .filter(|fact| {
                        let within = reach.contains(&Reach::District)
                            || fact.org.as_ref().is_some_and(|org| {
                                reach
                                    .iter()
                                    .any(|r| anlan_core::authority::covers(r, org, &tree))
                            });
                        let kind = find.kind.as_ref().is_none_or(|kind| {
                            if kind.ends_with('.') {
                                fact.kind.starts_with(kind.as_str())
                            } else {
                                fact.kind == *kind
                            }
                        });
                        within
                            && kind
                            && (audit
                                || !facts::AUDIT.iter().any(|head| fact.kind.starts_with(head)))
                            && find.stream.as_ref().is_none_or(|x| fact.stream == *x)
                            && find.org.as_ref().is_none_or(|x| {
                                fact.org.as_ref().is_some_and(|org| org.as_str() == x)
                            })
                            && find.actor.as_ref().is_none_or(|x| {
                                fact.actor.as_ref().is_some_and(|a| a.as_str() == x)
                            })
                            && find.thing.as_ref().is_none_or(|x| fact.things.contains(x))
                            && find
                                .article
                                .as_ref()
                                .is_none_or(|x| fact.articles.contains(x))
                            && find
                                .from
                                .is_none_or(|x| fact.recorded.as_microsecond() >= x)
                            && find.to.is_none_or(|x| fact.recorded.as_microsecond() < x)
                    })
                    .map(|fact| fact.seq)
                    .collect();
                // Page by page, as a browser does.
                let mut got = Vec::new();
                let mut page = facts::Find {
                    limit: 7,
                    ..find.clone()
                };
                loop {
                    let (facts, total) = store
                        .read(|db| facts::find(db, &page, reach, audit))
                        .unwrap();
                    assert_eq!(total, wanted.len() as u64, "{reach:?} {find:?}");
                    let Some(last) = facts.last() else { break };
                    page.before = Some(last.seq);
                    got.extend(facts.iter().map(|fact| fact.seq));
                }
                assert_eq!(got, wanted, "{reach:?} {find:?} {audit}");
                seen += got.len();
            }
        }
    }
    assert!(seen > 500, "the mix should give something to find: {seen}");
}

#[test]
fn a_copy_taken_midway_opens_and_verifies() {
    let home = Home::sqlite();
    let store = home.open();
    trifles(&store, 400);
    store.seal_now(at(1)).unwrap();
    let copy = Home::sqlite();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let sure = std::thread::scope(|scope| {
        for writer in 0..4 {
            let (store, stop) = (&store, &stop);
            scope.spawn(move || {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    add(store, &trifle(&format!("person/w{writer}")));
                    if writer == 0 {
                        store.seal_now(at(2)).unwrap();
                    }
                }
            });
        }
        while store.read(facts::count).unwrap() < 600 {
            std::thread::yield_now();
        }
        let sure = store.read(facts::count).unwrap();
        // A reader keeps the write-ahead log from being begun anew while the files are copied, as after a power cut:
        // the database file first, then the log, which has everything that may be half-written in the other.
        store
            .read(|db| {
                db.snapshot(|db| -> Result<(), StoreError> {
                    facts::count(db)?;
                    for name in ["ledger.key", "anlan.db", "anlan.db-wal"] {
                        std::fs::copy(home.path().join(name), copy.path().join(name)).unwrap();
                    }
                    Ok(())
                })
            })
            .unwrap();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        sure
    });
    let copied = copy.open();
    let count = copied.read(facts::count).unwrap();
    assert!(
        (sure..=store.read(facts::count).unwrap()).contains(&count),
        "{sure} were answered, {count} are there"
    );
    let vkey = copied.key().vkey().to_owned();
    let verdict = copied
        .read(|db| anlan_store::log::verify(db, &vkey))
        .unwrap();
    assert!(verdict.ok, "{verdict:?}");
    let digest = copied.digest().unwrap();
    copied.rebuild().unwrap();
    assert_eq!(copied.digest().unwrap(), digest);
    add(&copied, &trifle("person/p0"));
    copied.seal_now(at(3)).unwrap();
}
