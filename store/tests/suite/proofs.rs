//! The Merkle log: its roots, proofs and tiles, against a tree written down as the standard says it.

use crate::support::{Dice, Home, at, sql, trifles};
use anlan_core::fact::Fact;
use anlan_store::log::{self, Grower};
use anlan_store::{Store, facts};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use tlog_tiles::{Hash, Tile, TileHashReader, TileReader};

/// RFC 6962, section 2.1, as it stands there.
fn merkle_tree_hash(leaves: &[Hash]) -> Hash {
    match leaves.len() {
        0 => Hash(Sha256::digest(b"").into()),
        1 => leaves[0],
        n => {
            let k = n.next_power_of_two() / 2;
            let mut hasher = Sha256::new();
            hasher.update([1]);
            hasher.update(merkle_tree_hash(&leaves[..k]).0);
            hasher.update(merkle_tree_hash(&leaves[k..]).0);
            Hash(hasher.finalize().into())
        }
    }
}

fn leaf_of(data: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(data);
    Hash(hasher.finalize().into())
}

#[test]
fn roots_are_those_of_the_standard() {
    let leaves: Vec<Hash> = (0u32..66_000).map(|n| leaf_of(&n.to_be_bytes())).collect();
    let mut grower = Grower::default();
    assert_eq!(grower.root(), merkle_tree_hash(&[]));
    for (n, leaf) in leaves.iter().enumerate() {
        grower.push(*leaf);
        let size = n + 1;
        if size <= 600 || (65_530..65_540).contains(&size) || size.is_multiple_of(9_973) {
            assert_eq!(grower.root(), merkle_tree_hash(&leaves[..size]), "{size}");
        }
    }
}

fn seal(store: &Store) -> (u64, Hash) {
    store.seal_now(at(5)).unwrap();
    let (size, note, _) = store.read(log::latest).unwrap().unwrap();
    let opened = log::open_checkpoint(&note, store.key().vkey()).unwrap();
    assert_eq!(opened.0, size);
    opened
}

fn fact(store: &Store, seq: u64) -> Fact {
    store.read(|db| facts::from(db, seq, 1)).unwrap().remove(0)
}

fn prove(store: &Store, seq: u64) -> log::Proof {
    let fact = fact(store, seq);
    store
        .read(|db| log::prove(db, store.key(), &fact))
        .unwrap()
        .unwrap()
}

fn fill_to(store: &Store, size: u64) {
    let have = store.read(facts::count).unwrap();
    trifles(store, size - have);
}

pub fn proofs_hold_at_every_kind_of_size(home: &Home) {
    let store = home.open();
    let vkey = store.key().vkey().to_owned();
    let mut dice = Dice(1);
    for size in [1u64, 2, 3, 7, 255, 256, 257, 511, 512, 513, 700] {
        fill_to(&store, size);
        let unsealed = fact(&store, size - 1);
        assert!(
            store
                .read(|db| log::prove(db, store.key(), &unsealed))
                .unwrap()
                .is_none(),
            "not sealed yet"
        );
        let (sealed, root) = seal(&store);
        assert_eq!(sealed, size);
        let leaves: Vec<Hash> = store
            .read(|db| facts::from(db, 0, 10_000))
            .unwrap()
            .iter()
            .map(|fact| leaf_of(&Sha256::digest(fact.canonical())))
            .collect();
        assert_eq!(root, merkle_tree_hash(&leaves), "{size}");
        for _ in 0..6 {
            for seq in [0, size - 1, dice.roll(size)] {
                let proof = prove(&store, seq);
                assert_eq!((proof.index, proof.size), (seq, size));
                // It goes to another machine as JSON.
                let json = serde_json::to_string(&proof).unwrap();
                let proof: log::Proof = serde_json::from_str(&json).unwrap();
                proof.check(&vkey).unwrap();
            }
        }
    }
    let verdict = store.read(|db| log::verify(db, &vkey)).unwrap();
    assert!(verdict.ok && verdict.checkpoints == 11, "{verdict:?}");
}

/// Facts by the ten thousand, made by the database itself; only what the log needs of them.
fn bulk(store: &Store, size: u64) {
    let have = store.read(facts::count).unwrap();
    sql(
        store,
        &format!(
            "WITH RECURSIVE n(i) AS (SELECT {have} UNION ALL SELECT i + 1 FROM n WHERE i < {}) \
             INSERT INTO facts (seq, id, stream, version, happened, recorded, actor, org, articles, things, kind, body) \
             SELECT i, 'fact_bulk' || i, 'sign-in', i + 1, 0, 0, NULL, NULL, '[]', '[]', 'session.signed-out', '{{\"person\":\"p1\"}}' FROM n",
            size - 1
        ),
    );
}

pub fn big_trees_prove_across_levels(home: &Home) {
    let store = home.open();
    let vkey = store.key().vkey().to_owned();
    let mut dice = Dice(2);
    let mut before: Vec<(u64, Hash)> = Vec::new();
    for size in [300u64, 65_535, 65_536, 65_537, 66_100] {
        bulk(&store, size);
        let sealed = seal(&store);
        assert_eq!(sealed.0, size);
        for seq in [0, 255, 256, size - 1, dice.roll(size), dice.roll(size)] {
            prove(&store, seq.min(size - 1)).check(&vkey).unwrap();
        }
        for old in &before {
            let path = store
                .read(|db| log::prove_consistency(db, old.0, size))
                .unwrap();
            log::check_consistency(&path, *old, sealed).unwrap();
        }
        before.push(sealed);
    }
    let tile = store.read(|db| log::tile_bytes(db, 2, 0, 1)).unwrap();
    assert_eq!(
        tile.map(|bytes| bytes.len()),
        Some(32),
        "a third level began"
    );
    let verdict = store.read(|db| log::verify(db, &vkey)).unwrap();
    assert!(verdict.ok, "{verdict:?}");
}

pub fn altered_proofs_are_refused(home: &Home) {
    let store = home.open();
    let vkey = store.key().vkey().to_owned();
    trifles(&store, 300);
    seal(&store);
    let proof = prove(&store, 17);
    proof.check(&vkey).unwrap();
    let other_home = Home::sqlite();
    let other = other_home.open_with([1; 32]);
    assert!(proof.check(other.key().vkey()).is_err(), "another key");
    let refused = |what: &str, change: &dyn Fn(&mut log::Proof)| {
        let mut altered = proof.clone();
        change(&mut altered);
        assert!(altered.check(&vkey).is_err(), "{what}");
    };
    refused("the fact's words", &|p| {
        p.fact = p.fact.replace("192.0.2.1", "192.0.2.2");
    });
    refused("the fact's place", &|p| {
        p.fact = p.fact.replace("\"seq\":17", "\"seq\":18");
    });
    refused("a blank in the fact", &|p| p.fact.push(' '));
    refused("no fact", &|p| p.fact.clear());
    refused("the index", &|p| p.index = 18);
    refused("an index outside", &|p| p.index = u64::MAX);
    refused("the size", &|p| p.size = 299);
    refused("the size 0", &|p| p.size = 0);
    refused("the root", &|p| p.root = BASE64_STANDARD.encode([0; 32]));
    refused("a root that is none", &|p| p.root = "?".into());
    refused("the path", &|p| p.path.swap(0, 1));
    refused("a path too short", &|p| drop(p.path.pop()));
    refused("a path too long", &|p| p.path.push(p.root.clone()));
    refused("an empty path", &|p| p.path.clear());
    refused("the checkpoint", &|p| {
        p.checkpoint = p.checkpoint.replace("\n300\n", "\n301\n");
    });
    refused("no checkpoint", &|p| p.checkpoint.clear());
    refused("another fact's proof", &|p| {
        p.fact = prove(&store, 18).fact;
    });
    assert!(proof.check("no key").is_err());
    // The same facts in another's log, signed by another's key.
    trifles(&other, 300);
    seal(&other);
    refused("another log's checkpoint", &|p| {
        p.checkpoint = prove(&other, 17).checkpoint;
    });
}

pub fn every_two_checkpoints_are_consistent(home: &Home) {
    let store = home.open();
    let mut sealed = Vec::new();
    for size in [1u64, 2, 5, 64, 100, 255, 256, 257, 400, 512, 600] {
        fill_to(&store, size);
        sealed.push(seal(&store));
    }
    for old in &sealed {
        for new in sealed.iter().filter(|new| new.0 >= old.0) {
            let path = store
                .read(|db| log::prove_consistency(db, old.0, new.0))
                .unwrap();
            log::check_consistency(&path, *old, *new).unwrap();
            if old.0 < new.0 {
                let mut wrong = *old;
                wrong.1.0[0] ^= 1;
                assert!(log::check_consistency(&path, wrong, *new).is_err());
                assert!(log::check_consistency(&path, *new, *old).is_err());
            }
        }
    }
    for (old, new) in [(0, 5), (6, 5), (1, 601), (601, 601)] {
        assert!(
            store
                .read(|db| log::prove_consistency(db, old, new))
                .is_err(),
            "{old} {new}"
        );
    }
}

/// Fetches tiles as an outside program would over HTTP, and gives nothing that it was not given.
struct Wire<'a> {
    store: &'a Store,
    fetched: RefCell<Vec<String>>,
}

impl TileReader for Wire<'_> {
    fn height(&self) -> u8 {
        8
    }
    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        tiles
            .iter()
            .map(|tile| {
                self.fetched.borrow_mut().push(tile.path());
                self.store
                    .read(|db| {
                        log::tile_bytes(
                            db,
                            tile.level().into(),
                            tile.level_index(),
                            tile.width().into(),
                        )
                    })
                    .unwrap()
                    .ok_or(tlog_tiles::Error::InvalidTile)
            })
            .collect()
    }
    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

pub fn an_outside_reader_follows_the_tiles(home: &Home) {
    let store = home.open();
    for size in [3u64, 256, 900] {
        fill_to(&store, size);
        let (size, root) = seal(&store);
        let wire = Wire {
            store: &store,
            fetched: RefCell::default(),
        };
        // The reader checks every tile against the signed root before it believes it.
        let reader = TileHashReader::new(size, root, &wire);
        assert_eq!(tlog_tiles::tree_hash(size, &reader).unwrap(), root);
        for seq in [0, size / 2, size - 1] {
            let path = tlog_tiles::prove_record(size, seq, &reader).unwrap();
            let bundle = store
                .read(|db| log::bundle(db, seq / 256, (size - seq / 256 * 256).min(256)))
                .unwrap()
                .unwrap();
            let entries = entries(&bundle);
            let leaf = leaf_of(entries[(seq % 256) as usize]);
            tlog_tiles::check_record(&path, size, root, seq, leaf).unwrap();
            assert_eq!(
                entries[(seq % 256) as usize],
                Sha256::digest(fact(&store, seq).canonical()).as_slice(),
                "who holds a fact finds it in the log"
            );
        }
        assert!(!wire.fetched.borrow().is_empty());
        // And without any library: the lowest tiles alone give the root, and each tile its hash one level up.
        let mut leaves = Vec::new();
        for n in 0..size.div_ceil(256) {
            let width = (size - n * 256).min(256);
            let bytes = store
                .read(|db| log::tile_bytes(db, 0, n, width))
                .unwrap()
                .unwrap();
            let hashes: Vec<Hash> = bytes
                .chunks(32)
                .map(|h| Hash(h.try_into().unwrap()))
                .collect();
            let bundle = store.read(|db| log::bundle(db, n, width)).unwrap().unwrap();
            let entries = entries(&bundle);
            assert_eq!(
                entries.iter().map(|e| leaf_of(e)).collect::<Vec<_>>(),
                hashes
            );
            if width == 256 {
                let above = store
                    .read(|db| log::tile_bytes(db, 1, 0, n + 1))
                    .unwrap()
                    .unwrap();
                assert_eq!(
                    above[n as usize * 32..],
                    merkle_tree_hash(&hashes).0,
                    "tile {n}"
                );
            }
            leaves.extend(hashes);
        }
        assert_eq!(merkle_tree_hash(&leaves), root);
    }
}

fn entries(bundle: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut rest = bundle;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (entry, after) = after.split_at(u16::from_be_bytes(*length).into());
        out.push(entry);
        rest = after;
    }
    out
}

pub fn nothing_is_served_that_is_not_sealed(home: &Home) {
    let store = home.open();
    let tile = |level, n, width| {
        store
            .read(|db| log::tile_bytes(db, level, n, width))
            .unwrap()
            .map(|bytes| bytes.len())
    };
    let bundle = |n, width| {
        store
            .read(|db| log::bundle(db, n, width))
            .unwrap()
            .map(|bytes| bytes.len())
    };
    assert!(store.read(log::latest).unwrap().is_none());
    assert_eq!((tile(0, 0, 1), bundle(0, 1)), (None, None));
    trifles(&store, 300);
    assert_eq!((tile(0, 0, 1), bundle(0, 1)), (None, None));
    seal(&store);
    trifles(&store, 300);
    for (level, n, width, length) in [
        (0, 0, 256, Some(256 * 32)),
        (0, 0, 3, Some(3 * 32)),
        (0, 1, 44, Some(44 * 32)),
        (0, 1, 45, None),
        (0, 1, 0, None),
        (0, 0, 257, None),
        (0, 2, 1, None),
        (1, 0, 1, Some(32)),
        (1, 0, 2, None),
        (2, 0, 1, None),
        (8, 0, 1, None),
        (63, 0, 1, None),
        (u32::MAX, u64::MAX, u64::MAX, None),
        (0, u64::MAX / 2, 256, None),
    ] {
        assert_eq!(tile(level, n, width), length, "{level}/{n}.p/{width}");
    }
    for (n, width, length) in [
        (0, 256, Some(256 * 34)),
        (1, 44, Some(44 * 34)),
        (1, 45, None),
        (2, 1, None),
        (0, 0, None),
        (u64::MAX, 1, None),
    ] {
        assert_eq!(bundle(n, width), length, "{n}.p/{width}");
    }
}
