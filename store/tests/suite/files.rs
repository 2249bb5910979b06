//! Attachments on disk.

use crate::support::{Home, at};
use anlan_core::duty::FileRef;
use anlan_store::files::{self, SIZE_MAX};
use anlan_store::{Store, StoreError};
use sha2::{Digest, Sha256};
use std::path::Path;

fn left_over(home: &Home) -> usize {
    std::fs::read_dir(home.path().join("files/coming")).map_or(0, Iterator::count)
}

fn send(store: &Store, name: &str, pieces: &[&[u8]]) -> (String, u64) {
    let mut upload = store.upload(name).unwrap();
    for piece in pieces {
        assert!(upload.push(piece).unwrap());
    }
    store.keep(upload).unwrap()
}

pub fn uploads_are_kept_by_their_hash(home: &Home) {
    let store = home.open();
    let (sha256, size) = send(&store, "one", &[b"first ", b"second"]);
    assert_eq!(sha256, hex::encode(Sha256::digest(b"first second")));
    assert_eq!(size, 12);
    let path = store.file(&sha256).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"first second");
    // The same again, by several at once and under one name, is the same file.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                assert_eq!(store.keep_bytes(b"first second").unwrap(), sha256);
                assert_eq!(send(&store, "one", &[b"first second"]).0, sha256);
            });
        }
    });
    assert_eq!(std::fs::read(&path).unwrap(), b"first second");
    assert_eq!(left_over(home), 0);
    let empty = store.keep_bytes(b"").unwrap();
    assert!(store.file(&empty).is_some());
    let file = FileRef {
        sha256: sha256.clone(),
        name: "说明.txt".into(),
        size,
        media_type: "text/plain".into(),
    };
    for name in ["说明.txt", "别名.txt"] {
        let file = FileRef {
            name: name.into(),
            ..file.clone()
        };
        store
            .write(move |tx| -> Result<(), StoreError> {
                Ok(files::put(tx.db, &file, Some("p1"), at(0))?)
            })
            .wait()
            .unwrap();
    }
    let known = store
        .read(|db| -> Result<_, StoreError> { Ok(files::get(db, &sha256)?) })
        .unwrap();
    assert_eq!(known, Some((file, Some("p1".into()))));
}

pub fn what_is_too_large_leaves_nothing(home: &Home) {
    let store = home.open();
    let mut upload = store.upload("large").unwrap();
    let piece = vec![1u8; 8 << 20];
    for _ in 0..SIZE_MAX / (8 << 20) {
        assert!(upload.push(&piece).unwrap());
    }
    assert_eq!(upload.size(), SIZE_MAX);
    assert!(!upload.push(b"x").unwrap(), "one byte too many");
    assert!(!upload.push(b"x").unwrap());
    assert!(store.keep(upload).is_err(), "it cannot be kept");
    assert_eq!(left_over(home), 0);
    let mut broken = store.upload("broken off").unwrap();
    broken.push(b"half of it").unwrap();
    assert_eq!(left_over(home), 1);
    drop(broken);
    assert_eq!(left_over(home), 0);
    let kept = std::fs::read_dir(home.path().join("files"))
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name() != "coming")
        .count();
    assert_eq!(kept, 0, "nothing was kept");
}

pub fn leftovers_are_swept(home: &Home) {
    let store = home.open();
    let mut under_way = store.upload("under-way").unwrap();
    under_way.push(b"half").unwrap();
    std::fs::write(home.path().join("files/coming/crashed.1.0"), b"half").unwrap();
    assert_eq!(left_over(home), 2);
    // Another program opens the same folder: what nobody works at goes, what somebody works at stays.
    let other = home.open();
    assert_eq!(left_over(home), 1);
    under_way.push(b" and half").unwrap();
    let (sha256, _) = store.keep(under_way).unwrap();
    assert_eq!(
        std::fs::read(other.file(&sha256).unwrap()).unwrap(),
        b"half and half"
    );
}

pub fn names_lead_nowhere(home: &Home) {
    let store = home.open();
    std::fs::write(home.path().join("secret"), b"secret").unwrap();
    let sha256 = store.keep_bytes(b"content").unwrap();
    for name in [
        "",
        "a",
        "é",
        "..",
        "../secret",
        "../../../etc/passwd",
        "/etc/passwd",
        "coming",
        &sha256[..63],
        &sha256.to_uppercase(),
        &format!("{sha256}0"),
        &format!("{}/", &sha256[..63]),
        &"0".repeat(64),
        &"字".repeat(64),
    ] {
        assert_eq!(store.file(name), None, "{name}");
    }
    let (kept, _) = send(&store, "../../../escape/名", &[b"elsewhere"]);
    assert!(store.file(&kept).unwrap().starts_with(home.path()));
    assert!(!Path::new("/escape").exists());
}
