//! Somebody with the database's password: what he alters is found, and named.

use crate::support::{Home, add, at, sql, trifle, trifles};
use anlan_store::log::{self, Verdict};
use anlan_store::{Store, StoreError};

/// 900 facts under four checkpoints.
fn ledger(home: &Home) -> Store {
    let store = home.open();
    for (size, minute) in [(200, 1), (300, 2), (300, 3), (100, 4)] {
        trifles(&store, size);
        store.seal_now(at(minute)).unwrap();
    }
    let verdict = verify(&store);
    assert!(verdict.ok, "{verdict:?}");
    assert_eq!(
        (verdict.facts, verdict.sealed, verdict.checkpoints),
        (900, 900, 4)
    );
    assert_eq!((verdict.seq, verdict.id, verdict.what), (None, None, None));
    store
}

fn verify(store: &Store) -> Verdict {
    let vkey = store.key().vkey().to_owned();
    store.read(|db| log::verify(db, &vkey)).unwrap()
}

/// Does something behind the store's back, looks what is found, and undoes it.
fn after(store: &Store, change: &str) -> Verdict {
    sql(
        store,
        "CREATE TABLE facts_kept AS SELECT * FROM facts; CREATE TABLE tiles_kept AS SELECT * FROM tiles; \
         CREATE TABLE checkpoints_kept AS SELECT * FROM checkpoints",
    );
    sql(store, change);
    let verdict = verify(store);
    for table in ["facts", "tiles", "checkpoints"] {
        sql(
            store,
            &format!(
                "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {table}_kept; DROP TABLE {table}_kept"
            ),
        );
    }
    assert!(verify(store).ok, "undone");
    assert!(!verdict.ok, "{change}");
    verdict
}

pub fn altered_facts_are_named(home: &Home) {
    let store = ledger(home);
    for (seq, change) in [
        (
            0u64,
            "body = '{\"person\":\"p2\",\"via\":\"cookie\",\"address\":\"192.0.2.1\"}'",
        ),
        (17, "body = body || ' '"),
        (255, "actor = 'p2'"),
        (256, "actor = NULL"),
        (257, "org = 'bei'"),
        (400, "happened = happened + 1"),
        (500, "recorded = recorded - 1"),
        (511, "kind = 'session.signed-out'"),
        (600, "stream = 'person/p9'"),
        (700, "version = 9999"),
        (799, "articles = '[\"notice_1#4\"]'"),
        (800, "things = '[\"thing_1\"]'"),
        (899, "id = 'fact_other'"),
    ] {
        let verdict = after(
            &store,
            &format!("UPDATE facts SET {change} WHERE seq = {seq}"),
        );
        assert_eq!(verdict.seq, Some(seq), "{change}: {verdict:?}");
        assert!(verdict.id.is_some(), "{verdict:?}");
        assert_eq!(
            verdict.what.as_deref(),
            Some("its content is not what was sealed")
        );
    }
    for (seq, change) in [
        (5u64, "articles = 'no list'"),
        (300, "id = 'NO ID'"),
        (301, "recorded = 9223372036854775807"),
    ] {
        let verdict = after(
            &store,
            &format!("UPDATE facts SET {change} WHERE seq = {seq}"),
        );
        assert_eq!(verdict.seq, Some(seq), "{change}: {verdict:?}");
        assert!(verdict.what.unwrap().contains("cannot be read"));
    }
    // Of two the first is named, also when it is the milder.
    let two = "UPDATE facts SET body = '{}' WHERE seq = 30; UPDATE facts SET articles = '?' WHERE seq = 40";
    assert_eq!(after(&store, two).seq, Some(30));
}

pub fn missing_and_swapped_facts_are_named(home: &Home) {
    let store = ledger(home);
    for (change, seq) in [
        ("DELETE FROM facts WHERE seq = 0", 0u64),
        ("DELETE FROM facts WHERE seq = 450", 450),
        ("DELETE FROM facts WHERE seq BETWEEN 255 AND 258", 255),
        ("DELETE FROM facts WHERE seq >= 890", 890),
        ("DELETE FROM facts WHERE seq >= 700", 700),
        ("DELETE FROM facts", 0),
        (
            "UPDATE facts SET seq = -7 WHERE seq = 20; UPDATE facts SET seq = 20 WHERE seq = 21; UPDATE facts SET seq = 21 WHERE seq = -7",
            20,
        ),
        ("UPDATE facts SET seq = 5000 WHERE seq = 899", 899),
    ] {
        let verdict = after(&store, change);
        assert_eq!(verdict.seq, Some(seq), "{change}: {verdict:?}");
    }
    // With the checkpoints that speak of them gone too, the tiles still tell.
    let verdict = after(
        &store,
        "DELETE FROM facts WHERE seq >= 800; DELETE FROM checkpoints WHERE size > 800",
    );
    assert_eq!(verdict.sealed, 800);
    assert!(verdict.what.unwrap().contains("tile"));
}

/// Other bytes for a tile, of the same length.
fn tile_change(home: &Home, level: u32, n: u64) -> String {
    let zeros = if home.is_postgres() {
        "decode(repeat('00', length(hashes)), 'hex')"
    } else {
        "zeroblob(length(hashes))"
    };
    format!("UPDATE tiles SET hashes = {zeros} WHERE level = {level} AND n = {n}")
}

pub fn altered_tiles_are_named(home: &Home) {
    let store = ledger(home);
    for (level, n) in [(0, 0), (0, 2), (0, 3), (1, 0)] {
        for change in [
            tile_change(home, level, n),
            format!("DELETE FROM tiles WHERE level = {level} AND n = {n}"),
        ] {
            let verdict = after(&store, &change);
            assert_eq!(verdict.seq, None, "no fact is to blame: {verdict:?}");
            assert_eq!(
                verdict.what.as_deref(),
                Some(&*format!("tile {level}/{n} is not made of its facts")),
                "{change}"
            );
        }
    }
    let verdict = after(
        &store,
        "INSERT INTO tiles (level, n, hashes) SELECT 1, 1, hashes FROM tiles WHERE level = 0 AND n = 0",
    );
    assert!(verdict.what.unwrap().contains("beyond the last checkpoint"));
}

pub fn altered_checkpoints_are_named(home: &Home) {
    let store = ledger(home);
    for (change, what) in [
        (
            "UPDATE checkpoints SET note = REPLACE(note, '500', '501') WHERE size = 500",
            "checkpoint 500: its text is not what was signed",
        ),
        (
            "UPDATE checkpoints SET note = 'nothing' WHERE size = 200",
            "checkpoint 200: malformed note",
        ),
        (
            "UPDATE checkpoints SET note = SUBSTR(note, 1, LENGTH(note) - 9) WHERE size = 200",
            "checkpoint 200: malformed note",
        ),
        (
            "UPDATE checkpoints SET size = 450 WHERE size = 500",
            "checkpoint 450 was signed for a log of 500 facts",
        ),
        ("UPDATE checkpoints SET size = 5000 WHERE size = 900", ""),
        (
            "INSERT INTO checkpoints (size, note, sealed) SELECT 0, note, sealed FROM checkpoints WHERE size = 200",
            "there is a checkpoint that belongs to no size of the log",
        ),
        ("DELETE FROM checkpoints WHERE size = 900", ""),
        ("DELETE FROM checkpoints", ""),
    ] {
        let verdict = after(&store, change);
        let found = verdict.what.clone().unwrap();
        if what.is_empty() {
            assert!(!found.is_empty());
        } else {
            assert_eq!(found, what, "{change}");
            assert_eq!(verdict.seq, None);
        }
    }
    // A checkpoint between two others says nothing that the later ones do not say: its loss is no loss.
    sql(&store, "DELETE FROM checkpoints WHERE size = 500");
    let verdict = verify(&store);
    assert!(verdict.ok && verdict.checkpoints == 3, "{verdict:?}");
}

pub fn a_fact_altered_with_its_tiles_is_noticed(home: &Home) {
    let store = ledger(home);
    // Somebody who knows the log as well as we do alters fact 600 and makes the tiles anew; he cannot sign.
    sql(
        &store,
        "UPDATE facts SET body = '{\"person\":\"p9\",\"via\":\"cookie\",\"address\":\"\"}' WHERE seq = 600",
    );
    let facts = store
        .read(|db| anlan_store::facts::from(db, 512, 256))
        .unwrap();
    let leaves: Vec<_> = facts.iter().map(log::leaf).collect();
    let bytes: Vec<u8> = leaves.iter().flat_map(|hash| hash.0).collect();
    let mut row = leaves;
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| tlog_tiles::node_hash(pair[0], pair[1]))
            .collect();
    }
    let root = row[0].0.to_vec();
    store
        .write(move |tx| -> Result<(), StoreError> {
            tx.db.run(
                "UPDATE tiles SET hashes = ?1 WHERE level = 0 AND n = 2",
                &[bytes.into()],
            )?;
            let above = tx
                .db
                .row("SELECT hashes FROM tiles WHERE level = 1 AND n = 0", &[])?
                .unwrap()
                .blob(0);
            let above = [&above[..64], &root[..], &above[96..]].concat();
            tx.db.run(
                "UPDATE tiles SET hashes = ?1 WHERE level = 1 AND n = 0",
                &[above.into()],
            )?;
            Ok(())
        })
        .wait()
        .unwrap();
    let verdict = verify(&store);
    assert_eq!(
        verdict.what.as_deref(),
        Some(
            "checkpoint 800 was signed over other facts: one of 500 to 799 was altered, and the tiles with it"
        )
    );
}

pub fn another_key_is_noticed(home: &Home) {
    let store = ledger(home);
    drop(store);
    std::fs::remove_file(home.path().join("ledger.key")).unwrap();
    let store = home.open_with([9; 32]);
    let verdict = verify(&store);
    assert_eq!(
        verdict.what.as_deref(),
        Some("checkpoint 200: it is not signed by this key")
    );
    // Nothing is signed on top of what the key cannot vouch for; facts are still taken.
    add(&store, &trifle("person/a"));
    let refused = store.seal_now(at(9)).unwrap_err().to_string();
    assert!(refused.contains("checkpoint 900 is not ours"), "{refused}");
}

pub fn sealing_does_not_carry_on_from_what_was_altered(home: &Home) {
    let store = ledger(home);
    add(&store, &trifle("person/a"));
    for change in [
        tile_change(home, 0, 3),
        tile_change(home, 1, 0),
        "DELETE FROM tiles WHERE level = 0 AND n = 3".to_owned(),
    ] {
        sql(&store, "CREATE TABLE tiles_kept AS SELECT * FROM tiles");
        sql(&store, &change);
        assert!(
            matches!(store.seal_now(at(9)), Err(StoreError::Log(_))),
            "{change}"
        );
        sql(
            &store,
            "DELETE FROM tiles; INSERT INTO tiles SELECT * FROM tiles_kept; DROP TABLE tiles_kept",
        );
    }
    assert_eq!(store.seal_now(at(10)).unwrap(), 1);
    assert!(verify(&store).ok);
    // Nor past a fact that is not there.
    add(&store, &trifle("person/a"));
    add(&store, &trifle("person/a"));
    sql(&store, "DELETE FROM facts WHERE seq = 901");
    assert!(store.seal_now(at(11)).is_err());
}

pub fn rows_beside_the_ledger_are_noticed(home: &Home) {
    let store = ledger(home);
    let verdict = after(
        &store,
        "INSERT INTO facts (seq, id, stream, version, happened, recorded, articles, things, kind, body) \
         VALUES (-1, 'fact_x', 'x', 1, 0, 0, '[]', '[]', 'session.signed-out', '{\"person\":\"p1\"}')",
    );
    assert!(verdict.what.unwrap().contains("below 0"));
    let verdict = after(
        &store,
        "INSERT INTO facts (seq, id, stream, version, happened, recorded, articles, things, kind, body) \
         VALUES (1000, 'fact_x', 'x', 1, 0, 0, '[]', '[]', 'session.signed-out', '{\"person\":\"p1\"}')",
    );
    assert_eq!(verdict.seq, Some(900), "a gap");
}
