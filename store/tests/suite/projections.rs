//! What is projected: the same bytes from the same facts, and true when orgs move and things change hands.

use crate::mix;
use crate::support::{Home, add, at, org_id, trifles};
use anlan_core::authority::Reach;
use anlan_core::duty::{Below, Duty, Event as DutyEvent, Part, Status};
use anlan_core::notice::MeasureKind;
use anlan_core::org::OrgKind;
use anlan_store::duties::{Day, Find};
use anlan_store::signin::{self, Credentials};
use anlan_store::{Store, StoreError, duties, facts, notices};
use jiff::civil::{Date, date};

pub const DAY: Day = Day {
    today: date(2026, 7, 12),
    soon: date(2026, 7, 14),
};

pub fn duty(store: &Store, id: &str) -> Duty {
    store.read(|db| duties::get(db, id)).unwrap().unwrap()
}

pub fn a_rebuild_gives_the_same_bytes(home: &Home) {
    let store = home.open();
    let empty = store.digest().unwrap();
    mix::fill(&store);
    trifles(&store, 50);
    let count = store.read(facts::count).unwrap();
    let digest = store.digest().unwrap();
    assert_ne!(digest, empty);
    let notice = store
        .read(|db| notices::get(db, "notice_a"))
        .unwrap()
        .unwrap();
    assert_eq!(
        (notice.state.as_str(), notice.generation, notice.amended),
        ("published", 1, true)
    );
    assert_eq!(
        notice.draft.compiled.title,
        "关于进一步做好安全生产工作的通知"
    );
    // What somebody did to the projections is gone after a rebuild.
    crate::support::sql(
        &store,
        "UPDATE duties SET status = 'done', state = '{}'; DELETE FROM orgs; DELETE FROM search_docs WHERE kind = 'duty'; \
         UPDATE streams SET version = 0",
    );
    assert_ne!(store.digest().unwrap(), digest);
    assert_eq!(store.rebuild().unwrap(), count);
    assert_eq!(store.digest().unwrap(), digest);
    assert_eq!(store.rebuild().unwrap(), count);
    assert_eq!(store.digest().unwrap(), digest);
    let found = store
        .read(|db| anlan_store::search::find(db, "应急演练", &[("duty", &[Reach::District])], 50))
        .unwrap();
    assert!(!found.is_empty(), "the index was made again too");
    // And the ledger goes on where it was.
    assert_eq!(add(&store, &crate::support::trifle("person/p0")).seq, count);
}

/// Every duty of the store agrees with what `core` says of the same facts, and every sum with its parts.
fn agrees_with_core(store: &Store) {
    let tree = mix::tree(store);
    let all: Vec<Duty> = store
        .read(|db| -> Result<Vec<Duty>, StoreError> {
            let ids = db.rows("SELECT id FROM duties ORDER BY id", &[])?;
            ids.iter()
                .map(|row| Ok(duties::get(db, &row.text(0))?.unwrap()))
                .collect()
        })
        .unwrap();
    let paths = store
        .read(|db| -> Result<_, StoreError> { Ok(db.rows("SELECT id, path FROM orgs", &[])?) })
        .unwrap();
    for row in &paths {
        assert_eq!(
            tree.path(&org_id(&row.text(0))),
            row.text(1),
            "the way to {}",
            row.text(0)
        );
    }
    for duty in &all {
        let path = store
            .read(|db| -> Result<_, StoreError> {
                Ok(db.row(
                    "SELECT path FROM duties WHERE id = ?1",
                    &[duty.assigned.id.as_str().into()],
                )?)
            })
            .unwrap()
            .unwrap()
            .text(0);
        assert_eq!(path, tree.path(&duty.assigned.org));
        if duty.assigned.part == Part::Gathers {
            let parts = all
                .iter()
                .filter(|one| anlan_core::expand::gathers(&duty.assigned, &one.assigned, &tree))
                .map(|one| (one.status, one.satisfied_on));
            let below = Below::of(parts);
            assert_eq!(
                duty.below,
                (below.total > 0).then_some(below),
                "{}",
                duty.assigned.id
            );
        }
        let mut again = duty.clone();
        again.evaluate();
        assert_eq!(&again, duty);
    }
}

pub fn moved_orgs_take_everything_along(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    agrees_with_core(&store);
    let total = |org: &str| {
        let under = Find {
            under: Some(org.into()),
            ..Find::default()
        };
        store
            .read(|db| duties::total(db, &under, &[Reach::District], DAY))
            .unwrap()
    };
    let (bei, dong, all) = (total("bei"), total("dong"), total("qu"));
    assert!(total("bei-2") < bei && bei > 3 && dong > 3);
    // A whole town moves below another, with all its villages and their duties.
    let town = mix::org("bei", OrgKind::Town, "北石镇", Some("dong"), &[]);
    mix::put(&store, vec![mix::org_entry(town, false, 100_000)]);
    agrees_with_core(&store);
    assert_eq!(
        (total("dong"), total("bei"), total("qu")),
        (bei + dong, bei, all)
    );
    let town = mix::org("bei", OrgKind::Town, "北石镇", Some("qu"), &[]);
    mix::put(&store, vec![mix::org_entry(town, false, 100_001)]);
    agrees_with_core(&store);
    assert_eq!((total("dong"), total("bei")), (dong, bei));
    let digest = store.digest().unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), digest);
}

pub fn orgs_may_come_before_their_parents(home: &Home) {
    let store = home.open();
    let cun = mix::org("cun1", OrgKind::Village, "东沟村", Some("bei"), &[]);
    let bei = mix::org("bei", OrgKind::Town, "北石镇", Some("qu"), &[]);
    let qu = mix::org("qu", OrgKind::District, "示例区", None, &[]);
    let once = mix::measure(MeasureKind::Times, Some(1.0), "次");
    let due = Some(date(2026, 6, 30));
    let percent = mix::measure(MeasureKind::Coverage, Some(100.0), "%");
    let one = mix::assigned("duty_1", 3, "cun1", Part::Each, due, once);
    let sum = mix::assigned("duty_2", 3, "bei", Part::Gathers, due, percent);
    mix::put(
        &store,
        vec![
            mix::duty_entry(&one, DutyEvent::Assigned(one.clone()), 0),
            mix::org_entry(cun, true, 0),
            mix::org_entry(bei, true, 0),
            mix::duty_entry(&sum, DutyEvent::Assigned(sum.clone()), 1),
            mix::org_entry(qu, true, 2),
        ],
    );
    agrees_with_core(&store);
    assert_eq!(duty(&store, "duty_2").below.map(|b| b.total), Some(1));
    let district = Find {
        under: Some("qu".into()),
        ..Find::default()
    };
    let total = store
        .read(|db| duties::total(db, &district, &[Reach::Subtree("/qu/".into())], DAY))
        .unwrap();
    assert_eq!(total, 2);
    // A circle is broken somewhere, and does not hang anything.
    for parent in ["cun1", "qu"] {
        let qu = mix::org("qu", OrgKind::District, "示例区", Some(parent), &[]);
        mix::put(&store, vec![mix::org_entry(qu, false, 3)]);
    }
    let paths = store
        .read(|db| -> Result<_, StoreError> {
            Ok(db.rows("SELECT path FROM orgs ORDER BY id", &[])?)
        })
        .unwrap();
    assert!(paths.iter().all(|row| row.text(0).len() < 20), "{paths:?}");
}

fn accept(store: &Store, duty_id: &str, evidence: &str, day: Date) {
    let assigned = duty(store, duty_id).assigned;
    let filed = mix::filed(evidence, day);
    let id = filed.id.clone();
    mix::put(
        store,
        vec![
            mix::duty_entry(&assigned, DutyEvent::Filed(filed), 200),
            mix::duty_entry(
                &assigned,
                DutyEvent::Accepted {
                    evidence: id,
                    note: String::new(),
                },
                201,
            ),
        ],
    );
}

pub fn the_many_are_summed_up_for_those_above(home: &Home) {
    let store = home.open();
    mix::put(
        &store,
        mix::orgs()
            .into_iter()
            .map(|org| mix::org_entry(org, true, 0))
            .collect(),
    );
    let due = Some(date(2026, 6, 30));
    let once = || mix::measure(MeasureKind::Times, Some(1.0), "次");
    let percent = || mix::measure(MeasureKind::Coverage, Some(100.0), "%");
    let mut laid = vec![
        mix::assigned("sum_bei", 3, "bei", Part::Gathers, due, percent()),
        mix::assigned("sum_bei2", 3, "bei-2", Part::Gathers, due, percent()),
        mix::assigned("sum_yingji", 3, "yingji", Part::Gathers, due, percent()),
    ];
    for org in ["cun1", "cun2", "she1"] {
        laid.push(mix::assigned(
            &format!("one_{org}"),
            3,
            org,
            Part::Each,
            due,
            once(),
        ));
    }
    // The same demand in the next half-year is another matter.
    laid.push(mix::assigned(
        "next",
        3,
        "cun1",
        Part::Each,
        Some(date(2026, 12, 31)),
        once(),
    ));
    mix::put(
        &store,
        laid.iter()
            .map(|a| mix::duty_entry(a, DutyEvent::Assigned(a.clone()), 1))
            .collect(),
    );
    let below = |id: &str| duty(&store, id).below.map(|b| (b.total, b.done));
    assert_eq!(below("sum_bei"), Some((2, 0)));
    assert_eq!(
        below("sum_bei2"),
        None,
        "a town without villages sums up nobody else's"
    );
    assert_eq!(below("sum_yingji"), Some((3, 0)));
    accept(&store, "one_cun1", "ev_1", date(2026, 5, 1));
    assert_eq!(below("sum_bei"), Some((2, 1)));
    assert_eq!(duty(&store, "sum_bei").done, 50.0);
    assert_eq!(duty(&store, "sum_bei").status, Status::Open);
    accept(&store, "one_cun2", "ev_2", date(2026, 7, 2));
    let sum = duty(&store, "sum_bei");
    assert_eq!(sum.status, Status::DoneLate, "the last village was late");
    assert_eq!(sum.satisfied_on, Some(date(2026, 7, 2)));
    // Better evidence comes to light: the village was in time after all, and with it the town.
    accept(&store, "one_cun2", "ev_3", date(2026, 6, 2));
    assert_eq!(
        duty(&store, "one_cun2").satisfied_on,
        Some(date(2026, 6, 2))
    );
    let sum = duty(&store, "sum_bei");
    assert_eq!(
        (sum.status, sum.satisfied_on),
        (Status::Done, Some(date(2026, 6, 2)))
    );
    assert_eq!(below("sum_yingji"), Some((3, 2)));
    let waived = duty(&store, "one_she1").assigned;
    mix::put(
        &store,
        vec![mix::duty_entry(
            &waived,
            DutyEvent::Waived {
                reason: "已并入".into(),
            },
            300,
        )],
    );
    assert_eq!(
        below("sum_yingji"),
        Some((2, 2)),
        "who owes nothing does not count"
    );
    // An amendment moves one of the many to another period.
    let mut later = duty(&store, "one_cun1").assigned;
    later.period = duty(&store, "next").assigned.period;
    mix::put(
        &store,
        vec![mix::duty_entry(
            &later.clone(),
            DutyEvent::Changed(later),
            301,
        )],
    );
    assert_eq!(below("sum_bei"), Some((1, 1)));
    agrees_with_core(&store);
    let digest = store.digest().unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), digest);
}

pub fn things_are_counted_where_they_are(home: &Home) {
    let store = home.open();
    mix::put(
        &store,
        mix::orgs()
            .into_iter()
            .map(|org| mix::org_entry(org, true, 0))
            .collect(),
    );
    let mut counted = mix::measure(MeasureKind::Quota, Some(2.0), "处");
    counted.counts = Some("shelter".into());
    let due = Some(date(2026, 3, 31));
    let lay = |id: &str, org: &str| {
        let a = mix::assigned(id, 5, org, Part::Each, due, counted.clone());
        mix::put(
            &store,
            vec![mix::duty_entry(&a, DutyEvent::Assigned(a.clone()), 1)],
        );
    };
    let day = 24 * 60;
    let put = |id: &str, org: &str, added: bool, minute: i64| {
        let thing = mix::thing(id, org, "避难场所");
        mix::put(&store, vec![mix::thing_entry(thing, added, minute)]);
    };
    put("thing_1", "cun1", true, day);
    lay("one", "cun1");
    lay("two", "cun2");
    let count = |id: &str| duty(&store, id).things.map(|t| (t.count, t.since));
    let first = date(2026, 3, 3);
    assert_eq!(count("one"), Some((1, first)));
    assert_eq!(count("two"), Some((0, date(2026, 1, 1))));
    assert_eq!(duty(&store, "two").status, Status::Open);
    put("thing_2", "cun1", true, 5 * day);
    let one = duty(&store, "one");
    assert_eq!((one.status, one.done), (Status::Done, 2.0));
    assert_eq!(one.satisfied_on, Some(date(2026, 3, 7)));
    // A third one months later does not make it late.
    put("thing_3", "cun1", true, 200 * day);
    let one = duty(&store, "one");
    assert_eq!((one.status, one.done), (Status::Done, 3.0));
    assert_eq!(one.satisfied_on, Some(date(2026, 3, 7)));
    // Things of another kind, or elsewhere, do not count; those that leave are missing.
    let mut team = mix::thing("thing_4", "cun1", "救援队");
    team.kind = "team".into();
    mix::put(&store, vec![mix::thing_entry(team, true, day)]);
    put("thing_5", "she1", true, day);
    assert_eq!(count("one").unwrap().0, 3);
    put("thing_1", "cun2", false, 201 * day);
    put("thing_2", "cun2", false, 202 * day);
    let (one, two) = (duty(&store, "one"), duty(&store, "two"));
    assert_eq!((one.status, one.done), (Status::Open, 1.0));
    assert_eq!((two.status, two.done), (Status::Done, 2.0));
    let mut razed = mix::thing("thing_2", "cun2", "避难场所");
    razed.kind = "store".into();
    mix::put(&store, vec![mix::thing_entry(razed, false, 203 * day)]);
    assert_eq!(duty(&store, "two").status, Status::Open);
    let digest = store.digest().unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), digest);
}

pub fn tokens_and_sessions_stand_beside(home: &Home) {
    let store = home.open();
    let write = |work: fn(&mut anlan_store::db::Db) -> Result<(), anlan_store::db::DbError>| {
        store
            .write(move |tx| -> Result<(), StoreError> { Ok(work(tx.db)?) })
            .wait()
            .unwrap();
    };
    write(|db| {
        signin::put_credentials(
            db,
            "p1",
            &Credentials {
                password: "$argon2id$…".into(),
                one_time: true,
                totp_step: u64::from(u32::MAX) * 3,
                failures: 2,
                ..Credentials::default()
            },
        )?;
        signin::open_session(db, "hash-old", "p1", at(0), at(5).as_microsecond())?;
        signin::open_session(db, "hash-1", "p1", at(10), at(60).as_microsecond())?;
        signin::open_session(db, "hash-2", "p1", at(10), at(60).as_microsecond())?;
        signin::touch_session(db, "hash-1", at(11), at(70).as_microsecond())?;
        signin::put_token(
            db,
            &signin::Token {
                id: "token_1".into(),
                person: "p1".into(),
                name: "大屏".into(),
                commands: vec!["read-duties".into()],
                created: 1,
                expires: 2,
                last_used: None,
            },
            "secret-hash",
        )?;
        signin::use_token(db, "token_1", at(3))
    });
    store.rebuild().unwrap();
    store
        .read(|db| -> Result<(), StoreError> {
            let c = signin::credentials(db, "p1")?.unwrap();
            assert!(c.one_time && c.failures == 2 && c.totp.is_none());
            assert_eq!(c.totp_step, u64::from(u32::MAX) * 3);
            assert!(signin::credentials(db, "p2")?.is_none());
            let old = signin::session(db, "hash-old")?;
            assert!(old.is_none(), "expired ones are cleared");
            let session = signin::session(db, "hash-1")?.unwrap();
            assert_eq!(session.person, "p1");
            assert_eq!(
                (session.created, session.seen, session.expires),
                (
                    at(10).as_microsecond(),
                    at(11).as_microsecond(),
                    at(70).as_microsecond()
                )
            );
            let token = signin::token(db, "secret-hash")?.unwrap();
            assert_eq!(token.last_used, Some(at(3).as_microsecond()));
            assert_eq!(signin::tokens(db)?.len(), 1);
            assert_eq!(signin::overview(db)?["p1"], (false, 0, None));
            Ok(())
        })
        .unwrap();
    write(|db| {
        signin::end_sessions(db, "p1", Some("hash-1"))?;
        assert!(signin::revoke_token(db, "token_1")?);
        assert!(!signin::revoke_token(db, "token_1")?);
        Ok(())
    });
    store
        .read(|db| -> Result<(), StoreError> {
            assert!(signin::session(db, "hash-1")?.is_some());
            assert!(signin::session(db, "hash-2")?.is_none());
            assert!(signin::token(db, "secret-hash")?.is_none());
            Ok(())
        })
        .unwrap();
}
