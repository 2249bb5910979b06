//! Search in Chinese, and what nobody may find by it.

use crate::mix;
use crate::support::{Home, org_id};
use anlan_core::authority::Reach;
use anlan_store::Store;
use anlan_store::search::{self, Found};

const DISTRICT: &[Reach] = &[Reach::District];
const EVERYTHING: &[(&str, &[Reach])] = &[
    ("notice", DISTRICT),
    ("article", DISTRICT),
    ("org", DISTRICT),
    ("person", DISTRICT),
    ("thing", DISTRICT),
    ("duty", DISTRICT),
];

fn find(store: &Store, query: &str, seen: &[(&str, &[Reach])], limit: u32) -> Vec<Found> {
    store
        .read(|db| search::find(db, query, seen, limit))
        .unwrap()
}

pub fn chinese_is_found_by_any_part(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    let kinds = |query: &str| -> Vec<String> {
        let mut kinds: Vec<String> = find(&store, query, EVERYTHING, 1_000)
            .into_iter()
            .map(|found| found.kind)
            .collect();
        kinds.dedup();
        kinds
    };
    // One, two, three and more characters, from the beginning, the middle and the end.
    assert_eq!(kinds("凤"), ["org", "thing", "duty"]);
    assert_eq!(kinds("凤台"), ["org", "thing", "duty"]);
    assert_eq!(kinds("公园"), ["thing"]);
    assert_eq!(
        kinds("园"),
        ["thing"],
        "the last character stands alone too"
    );
    assert_eq!(kinds("台公园"), ["thing"]);
    assert_eq!(kinds("应急避难场所"), ["article", "duty"]);
    assert_eq!(kinds("东沟村广场避难场所"), ["thing"]);
    assert_eq!(kinds("火星"), Vec::<String>::new());
    assert_eq!(kinds("所场难避"), Vec::<String>::new(), "order matters");
    assert_eq!(kinds("岗位"), ["person"]);
    assert_eq!(kinds("office"), ["person"]);
    assert_eq!(kinds("OFF"), ["person"], "by the beginning, in any case");
    assert_eq!(kinds("〔2026〕2号"), ["notice"]);
    assert_eq!(kinds("2026年"), ["duty"]);
    assert_eq!(kinds("aq-100%"), ["article", "duty"]);
    // Pieces apart must all be there, in any order.
    assert_eq!(kinds("社区 避难"), ["duty"]);
    assert_eq!(kinds("避难 社区"), ["duty"]);
    assert_eq!(
        kinds("避难　社区"),
        ["duty"],
        "an ideographic blank is one too"
    );
    assert_eq!(kinds("避难 火星"), Vec::<String>::new());
    // What has another name now is found by that alone.
    assert_eq!(kinds("南坡村别称"), Vec::<String>::new());
    let org = find(&store, "南坡社区", &[("org", DISTRICT)], 10);
    assert_eq!(org[0].id, "cun3");
    let notice = find(&store, "进一步做好安全", EVERYTHING, 10);
    assert_eq!(
        (notice[0].kind.as_str(), notice[0].id.as_str()),
        ("notice", "notice_a")
    );
    assert_eq!(notice[0].detail, "示安委〔2026〕2号");
    // No kind crowds out the others.
    let few = find(&store, "安全", EVERYTHING, 6);
    assert_eq!(few.len(), 6);
    assert!(few.iter().any(|f| f.kind == "duty") && few.iter().any(|f| f.kind == "article"));
}

pub fn search_keeps_to_the_reach(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    let tree = mix::tree(&store);
    let below = |org: &str| vec![Reach::Subtree(tree.path(&org_id(org)).to_owned())];
    let org_of = |found: &Found| -> String {
        store
            .read(|db| -> Result<_, anlan_store::StoreError> {
                let table = if found.kind == "duty" {
                    "duties"
                } else {
                    "things"
                };
                Ok(db.row(
                    &format!("SELECT org FROM {table} WHERE id = ?1"),
                    &[found.id.as_str().into()],
                )?)
            })
            .unwrap()
            .unwrap()
            .text(0)
    };
    for (org, reach) in [("bei", below("bei")), ("dong", below("dong"))] {
        let seen: &[(&str, &[Reach])] = &[("duty", &reach), ("thing", &reach)];
        for query in ["安全", "应急", "避难", "沟", "凤台", "南坡"] {
            for found in find(&store, query, seen, 1_000) {
                assert!(
                    tree.path(&org_id(&org_of(&found)))
                        .starts_with(tree.path(&org_id(org))),
                    "{found:?} is not of {org}"
                );
            }
        }
        assert!(!find(&store, "应急", seen, 10).is_empty());
    }
    // Moved with its village, and with its thing.
    let (bei, dong) = (below("bei"), below("dong"));
    assert!(find(&store, "南坡体育场", &[("thing", &bei)], 10).is_empty());
    assert_eq!(find(&store, "南坡体育场", &[("thing", &dong)], 10).len(), 1);
    let she1 = [Reach::Org(org_id("she1"))];
    assert!(
        find(&store, "凤台公园", &[("thing", &she1)], 10).is_empty(),
        "it belongs to another community now"
    );
    assert!(find(&store, "安全", &[], 10).is_empty());
    assert!(find(&store, "安全", &[("duty", &[])], 10).is_empty());
    assert!(find(&store, "岗位", &[("duty", DISTRICT)], 10).is_empty());
}

pub fn no_query_is_an_error(home: &Home) {
    let store = home.open();
    mix::fill(&store);
    for query in [
        "",
        " ",
        "\u{3000}",
        "'",
        "\"",
        "\"\"",
        "*",
        "%",
        "_",
        "(",
        ")",
        "((((((",
        "-",
        "^安全",
        "安全*",
        "\"安全",
        "title:安全",
        "安全 AND",
        "OR OR OR",
        "NOT 安全",
        "NEAR(安全 生产)",
        "{title}: x",
        "安全 & !生产",
        "a | b <-> c:*",
        "'; DROP TABLE facts; --",
        "\\",
        "\0",
        "安\0全",
        "\u{345}",
        "a\u{301}\u{345}",
        "İstanbul",
        "ﬁ ǅ ß",
        "²③Ⅷ½",
        "한국어 カナ ไทย अनुच्छेद",
        "😀",
        "𠀀𠀁",
        "\u{200b}\u{feff}",
        &"a".repeat(100_000),
        &"安".repeat(100_000),
        &"ß".repeat(3_000),
        &"\u{1d7d8}".repeat(3_000),
        &"安全 ".repeat(10_000),
        &"\"*".repeat(10_000),
    ] {
        let found = find(&store, query, EVERYTHING, 20);
        assert!(found.len() <= 20);
        assert!(find(&store, query, EVERYTHING, 0).is_empty());
    }
    // And whatever is searched may also be indexed.
    for (n, name) in [
        "𠀀𠀁",
        "ﬁ ǅ ß İ",
        "a\u{345}b",
        "'\\:*&|!<->\"",
        &"ß".repeat(3_000),
    ]
    .into_iter()
    .enumerate()
    {
        let thing = mix::thing(&format!("odd_{n}"), "cun1", name);
        mix::put(&store, vec![mix::thing_entry(thing, true, 9)]);
        let found = find(&store, name, &[("thing", DISTRICT)], 50);
        if search::grams(name).is_empty() {
            assert!(found.is_empty());
        } else {
            assert!(
                found.iter().any(|f| f.id == format!("odd_{n}")),
                "{name:.40}"
            );
        }
    }
}
