//! Lists of duties: filters, reach, order and counts, each against the same question asked of plain values.

use crate::mix;
use crate::projections::DAY;
use crate::support::{Home, org_id};
use anlan_core::authority::{Reach, covers};
use anlan_core::duty::{Duty, Light, Status};
use anlan_core::org::OrgTree;
use anlan_store::duties::{self, Find, Group};
use anlan_store::{Store, StoreError};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};

fn all(store: &Store) -> Vec<Duty> {
    store
        .read(|db| -> Result<Vec<Duty>, StoreError> {
            let ids = db.rows("SELECT id FROM duties ORDER BY id", &[])?;
            ids.iter()
                .map(|row| Ok(duties::get(db, &row.text(0))?.unwrap()))
                .collect()
        })
        .unwrap()
}

fn reaches(tree: &OrgTree) -> Vec<Vec<Reach>> {
    let below = |org: &str| Reach::Subtree(tree.path(&org_id(org)).to_owned());
    vec![
        vec![Reach::District],
        vec![Reach::Org(org_id("qi1"))],
        vec![below("bei")],
        vec![below("bei-2")],
        vec![below("dong"), Reach::Org(org_id("cun1"))],
        vec![below("zhujian"), Reach::Sectors(vec!["gas".into()])],
        vec![Reach::Sectors(vec!["mine".into(), "shop".into()])],
        vec![Reach::Sectors(Vec::new())],
        vec![below("nowhere")],
        vec![],
    ]
}

fn light(word: &str) -> Light {
    serde_json::from_value(word.into()).unwrap()
}

const LIGHTS: [&str; 8] = [
    "in-time",
    "due-soon",
    "overdue",
    "done",
    "done-late",
    "standing",
    "waived",
    "cancelled",
];

fn finds() -> Vec<Find> {
    let mut out = vec![Find::default()];
    out.extend(
        LIGHTS
            .iter()
            .chain(&["open", "no-light"])
            .map(|light| Find {
                light: Some((*light).into()),
                ..Find::default()
            }),
    );
    out.extend([
        Find {
            notice: Some("notice_a".into()),
            article: Some(3),
            ..Find::default()
        },
        Find {
            notice: Some("notice_b".into()),
            ..Find::default()
        },
        Find {
            org: Some("yingji".into()),
            light: Some("done".into()),
            ..Find::default()
        },
        Find {
            under: Some("bei".into()),
            ..Find::default()
        },
        Find {
            under: Some("nowhere".into()),
            ..Find::default()
        },
        Find {
            due_from: Some("2026-07-01".into()),
            due_to: Some("2026-09-30".into()),
            ..Find::default()
        },
        Find {
            due_from: Some("2026-07-01".into()),
            ..Find::default()
        },
        Find {
            waiting: Some(true),
            ..Find::default()
        },
        Find {
            step: Some("reminder".into()),
            ..Find::default()
        },
        Find {
            q: Some(" 100% ".into()),
            ..Find::default()
        },
        Find {
            q: Some("aq-100%".into()),
            ..Find::default()
        },
        Find {
            q: Some("_含".into()),
            ..Find::default()
        },
        Find {
            q: Some("修订".into()),
            ..Find::default()
        },
        Find {
            q: Some("   ".into()),
            ..Find::default()
        },
    ]);
    out
}

fn matches(find: &Find, reach: &[Reach], tree: &OrgTree, duty: &Duty) -> bool {
    let a = &duty.assigned;
    let shown = duty.light(DAY.today, DAY.soon);
    let day = |text: &String| text.parse::<jiff::civil::Date>().unwrap();
    reach.iter().any(|reach| covers(reach, &a.org, tree))
        && match find.light.as_deref() {
            None => duty.status != Status::Cancelled,
            Some("open") => duty.status == Status::Open,
            Some("no-light") => false,
            Some(word) => shown == light(word),
        }
        && find.notice.as_ref().is_none_or(|x| a.notice.as_str() == x)
        && find.article.is_none_or(|x| a.article == x)
        && find.org.as_ref().is_none_or(|x| a.org.as_str() == x)
        && find.under.as_ref().is_none_or(|x| {
            tree.get(&org_id(x)).is_some() && tree.path(&a.org).starts_with(tree.path(&org_id(x)))
        })
        && find
            .due_from
            .as_ref()
            .is_none_or(|x| a.due.is_some_and(|due| due >= day(x)))
        && find
            .due_to
            .as_ref()
            .is_none_or(|x| a.due.is_some_and(|due| due <= day(x)))
        && find
            .q
            .as_ref()
            .is_none_or(|x| a.title.to_lowercase().contains(&x.trim().to_lowercase()))
        && (find.waiting != Some(true) || duty.waiting() > 0)
        && find
            .step
            .as_ref()
            .is_none_or(|x| duty.status == Status::Open && duty.step.as_ref() == Some(x))
}

fn walk(store: &Store, find: &Find, reach: &[Reach], limit: u32) -> Vec<Duty> {
    let mut out = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let (page, next) = store
            .read(|db| duties::list(db, find, reach, DAY, cursor.as_deref(), limit))
            .unwrap();
        assert!(page.len() <= limit.max(1) as usize);
        out.extend(page);
        match next {
            Some(next) => cursor = Some(next),
            None => return out,
        }
    }
}

fn ids<'a>(duties: impl IntoIterator<Item = &'a Duty>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = duties
        .into_iter()
        .map(|duty| duty.assigned.id.as_str())
        .collect();
    ids.sort_unstable();
    ids
}

pub fn filters_and_reach_agree_with_core(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    let (all, tree) = (all(&store), mix::tree(&store));
    let lights: BTreeSet<_> = all.iter().map(|d| d.light(DAY.today, DAY.soon)).collect();
    assert_eq!(
        lights.len(),
        LIGHTS.len(),
        "the mix has one of each: {lights:?}"
    );
    let mut met = 0;
    for find in finds() {
        for reach in reaches(&tree) {
            let wanted = ids(all.iter().filter(|d| matches(&find, &reach, &tree, d)));
            let got = walk(&store, &find, &reach, 1_000);
            assert_eq!(ids(&got), wanted, "{find:?} {reach:?}");
            let total = store
                .read(|db| duties::total(db, &find, &reach, DAY))
                .unwrap();
            assert_eq!(total, wanted.len() as u64, "{find:?} {reach:?}");
            met += usize::from(!wanted.is_empty());
        }
    }
    assert!(met > 80, "most questions should have an answer: {met}");
}

pub fn every_order_walks_all_exactly_once(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    let tree = mix::tree(&store);
    let never = date(9999, 12, 31);
    let due = |d: &Duty| d.assigned.due.unwrap_or(never);
    let id = |d: &Duty| d.assigned.id.to_string();
    for reach in reaches(&tree) {
        let whole = ids(&walk(&store, &Find::default(), &reach, 10_000))
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        for sort in [
            None,
            Some("urgency"),
            Some("due"),
            Some("-due"),
            Some("org"),
            Some("article"),
            Some("; DROP TABLE duties"),
        ] {
            for limit in [1, 3, 7, 50] {
                let find = Find {
                    sort: sort.map(str::to_owned),
                    ..Find::default()
                };
                let got = walk(&store, &find, &reach, limit);
                assert_eq!(ids(&got), whole, "{sort:?} by {limit}");
                let sorted = match sort {
                    Some("due") => got.is_sorted_by_key(|d| (due(d), id(d))),
                    Some("-due") => got.iter().rev().is_sorted_by_key(|d| (due(d), id(d))),
                    Some("org") => {
                        got.is_sorted_by_key(|d| (d.assigned.org.to_string(), due(d), id(d)))
                    }
                    Some("article") => {
                        got.is_sorted_by_key(|d| (d.assigned.article, due(d), id(d)))
                    }
                    _ => {
                        // What is open comes first, the most pressing on top.
                        let open = |d: &Duty| d.status != Status::Open;
                        got.is_sorted_by_key(open)
                            && got
                                .iter()
                                .filter(|d| d.status == Status::Open)
                                .is_sorted_by_key(|d| (due(d), id(d)))
                    }
                };
                assert!(sorted, "{sort:?} by {limit}");
            }
        }
    }
    for cursor in [
        "",
        "|",
        "x",
        "1|2",
        "1|2|3",
        "||||",
        "'|\"|;",
        "-9|9999-99-99|~",
    ] {
        for sort in ["urgency", "due", "-due", "org", "article"] {
            let find = Find {
                sort: Some(sort.into()),
                ..Find::default()
            };
            store
                .read(|db| duties::list(db, &find, &[Reach::District], DAY, Some(cursor), 5))
                .unwrap();
        }
    }
    let none = store
        .read(|db| duties::list(db, &Find::default(), &[Reach::District], DAY, None, 0))
        .unwrap();
    assert_eq!(none.0.len(), 1, "a page holds at least one");
    store
        .read(|db| {
            duties::list(
                db,
                &Find::default(),
                &[Reach::District],
                DAY,
                None,
                u32::MAX,
            )
        })
        .unwrap();
}

pub fn counts_are_the_sums_of_the_lists(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    let (all, tree) = (all(&store), mix::tree(&store));
    for find in finds() {
        for reach in reaches(&tree) {
            for by in [
                Group::Article,
                Group::Org,
                Group::Month,
                Group::Step,
                Group::None,
            ] {
                let mut wanted: BTreeMap<(String, Light), u64> = BTreeMap::new();
                for duty in all.iter().filter(|d| matches(&find, &reach, &tree, d)) {
                    let a = &duty.assigned;
                    let key = match by {
                        Group::Article => format!("{}#{}", a.notice, a.article),
                        Group::Org => a.org.to_string(),
                        Group::Month => a
                            .due
                            .map_or("9999-12".to_owned(), |due| due.to_string()[..7].to_owned()),
                        Group::Step => duty.step.clone().unwrap_or_default(),
                        Group::None => String::new(),
                    };
                    *wanted
                        .entry((key, duty.light(DAY.today, DAY.soon)))
                        .or_default() += 1;
                }
                let got: BTreeMap<(String, Light), u64> = store
                    .read(|db| duties::counts(db, &find, &reach, DAY, by))
                    .unwrap()
                    .into_iter()
                    .map(|(key, light, count)| ((key, light), count))
                    .collect();
                assert_eq!(got, wanted, "{find:?} {reach:?} {by:?}");
            }
        }
    }
}

pub fn the_clock_is_given_what_it_may_act_on(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    let upto = date(2026, 7, 14);
    let mut got = Vec::new();
    loop {
        let after = got
            .last()
            .map_or(String::new(), |d: &Duty| d.assigned.id.to_string());
        let page = store
            .read(|db| duties::for_clock(db, upto, "reminder", &after, 4))
            .unwrap();
        if page.is_empty() {
            break;
        }
        got.extend(page);
    }
    let all = all(&store);
    let wanted = ids(all.iter().filter(|d| {
        d.status == Status::Open
            && d.assigned.due.is_some_and(|due| due <= upto)
            && d.step.as_deref() != Some("reminder")
    }));
    assert!(!wanted.is_empty());
    assert_eq!(ids(&got), wanted);
    let of_notice = store.read(|db| duties::of_notice(db, "notice_a")).unwrap();
    assert_eq!(
        ids(&of_notice),
        ids(all.iter().filter(|d| d.status != Status::Cancelled))
    );
}

pub fn hostile_filters_find_nothing(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    for bad in [
        "'",
        "\"",
        "%",
        "_",
        "!",
        "\\",
        "' OR 1=1 --",
        "?1",
        "$1",
        "\0",
        "９９",
        &"字".repeat(100_000),
        &"%_!".repeat(50_000),
    ] {
        let text = Some(bad.to_owned());
        let hostile = [
            Find {
                notice: text.clone(),
                ..Find::default()
            },
            Find {
                org: text.clone(),
                ..Find::default()
            },
            Find {
                under: text.clone(),
                ..Find::default()
            },
            Find {
                light: text.clone(),
                ..Find::default()
            },
            Find {
                step: text.clone(),
                ..Find::default()
            },
            Find {
                q: text.clone(),
                ..Find::default()
            },
        ];
        for find in hostile {
            let (got, _) = store
                .read(|db| duties::list(db, &find, &[Reach::District], DAY, None, 50))
                .unwrap();
            let literally = find.q.is_some()
                && !got.is_empty()
                && got.iter().all(|d| d.assigned.title.contains(bad.trim()));
            assert!(got.is_empty() || literally, "{find:?}");
        }
        for find in [
            Find {
                due_from: text.clone(),
                ..Find::default()
            },
            Find {
                due_to: text.clone(),
                ..Find::default()
            },
            Find {
                sort: text,
                ..Find::default()
            },
        ] {
            store
                .read(|db| duties::list(db, &find, &[Reach::District], DAY, None, 50))
                .unwrap();
        }
    }
    let things = |q: &str| {
        store
            .read(|db| {
                anlan_store::registry::things(
                    db,
                    Some("shelter"),
                    None,
                    Some(q),
                    &[Reach::District],
                    0,
                    50,
                )
            })
            .unwrap()
            .1
    };
    assert_eq!(
        (things("公园"), things("%"), things("_"), things("")),
        (1, 0, 0, 4)
    );
    let within = store
        .read(|db| {
            anlan_store::registry::things(
                db,
                None,
                None,
                None,
                &[Reach::Subtree("/qu/dong/".into())],
                1,
                50,
            )
        })
        .unwrap();
    assert_eq!(
        (within.0.len(), within.1),
        (1, 2),
        "one of two, from the second on"
    );
}
