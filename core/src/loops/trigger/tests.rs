use super::*;
use crate::calendar::start_of;
use crate::notice::Span;
use jiff::civil::date;
use proptest::prelude::*;
use std::sync::OnceLock;

fn condition(event: &str) -> Condition {
    Condition {
        event: event.into(),
        grade_at_least: None,
        grade: None,
        count: None,
        within_months: None,
        within_days: None,
        same_kind: false,
        during: None,
        what: None,
    }
}

fn counted(grade: &str, count: u32, months: u32) -> Condition {
    Condition {
        grade_at_least: Some(grade.into()),
        count: Some(count),
        within_months: Some(months),
        ..condition("accident")
    }
}

fn trigger(span: u32, then: &str, scope: Option<&str>, any: Vec<Condition>) -> Trigger {
    Trigger {
        article: 10,
        quote: then.into(),
        span: Span(span, span + 1),
        any,
        scope: scope.map(str::to_owned),
        then: then.into(),
        by: None,
    }
}

/// What the notice of 2025 says in its articles 三 and 十, as the compiler reads it; besides a rule that counts ordinary
/// accidents of one kind in an enterprise.
fn rules() -> Vec<Rule> {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(made).clone()
}

fn made() -> Vec<Rule> {
    let at_least = |grade: &str| Condition {
        grade_at_least: Some(grade.into()),
        ..condition("accident")
    };
    let triggers = [
        trigger(
            3,
            "组织召开现场警示会；制作发放警示教育片",
            None,
            vec![
                at_least("较大"),
                Condition {
                    what: Some("典型事故".into()),
                    ..condition("accident")
                },
            ],
        ),
        trigger(
            1,
            "约谈属地镇（街道）",
            Some("town"),
            vec![Condition {
                grade: Some("较大".into()),
                same_kind: true,
                during: Some("专项整治".into()),
                ..condition("accident")
            }],
        ),
        trigger(
            2,
            "对镇（街道）开展专项巡查，全链条溯源追责",
            Some("town"),
            vec![
                at_least("重大"),
                counted("较大", 2, 3),
                counted("较大", 3, 6),
            ],
        ),
        trigger(
            4,
            "约谈企业",
            Some("enterprise"),
            vec![Condition {
                within_days: Some(30),
                same_kind: true,
                ..counted("一般", 3, 0)
            }],
        ),
        trigger(5, "通报批评", None, vec![condition("violation")]),
    ];
    let mut triggers = triggers.to_vec();
    triggers[3].any[0].within_months = None;
    read("n", &triggers, &Rulebook::built_in().unwrap())
}

fn campaigns() -> Vec<Campaign> {
    let campaign = |name: &str, from, to, types: &[&str], scope: &[&str]| Campaign {
        name: name.into(),
        from,
        to,
        types: types.iter().map(|s| (*s).to_owned()).collect(),
        scope: scope.iter().map(|s| org(s)).collect(),
    };
    vec![
        campaign(
            "燃气专项整治",
            date(2025, 3, 1),
            date(2025, 6, 30),
            &["gas", "WSA10016"],
            &[],
        ),
        campaign(
            "岁末年初专项整治",
            date(2024, 1, 1),
            date(2024, 12, 31),
            &[],
            &["town-b"],
        ),
    ]
}

fn org(id: &str) -> OrgId {
    OrgId::try_from(id).unwrap()
}

fn accident(id: &str, town: &str, day: Date, grade: u8) -> Accident {
    Accident {
        id: LoopId::try_from(id).unwrap(),
        org: org("plant"),
        town: Some(org(town)),
        sector: None,
        at: start_of(day),
        grade: Some(grade),
        kind: Some("WSA10012".into()),
        typical: false,
        deadly: false,
        warned: false,
        counts: true,
    }
}

/// What fires, as `trigger@anchor[members]`, without the warnings.
fn told(accidents: &[Accident]) -> Vec<String> {
    fired(&rules(), &campaigns(), &org("district"), accidents)
        .iter()
        .filter(|firing| !firing.trigger.ends_with(":3"))
        .map(|firing| {
            let members: Vec<_> = firing.members.iter().map(LoopId::as_str).collect();
            let rule = firing.trigger.trim_start_matches("n:a10:");
            format!(
                "{rule} {}@{} {}",
                firing.org,
                firing.anchor,
                members.join("+")
            )
        })
        .collect()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn one_serious_is_enough() {
    assert_eq!(
        told(&[accident("a", "town-a", date(2025, 1, 5), 2)]),
        ["2 town-a@a a"]
    );
    assert_eq!(
        told(&[accident("a", "town-a", date(2025, 1, 5), 1)]),
        ["2 town-a@a a"]
    );
    assert_eq!(
        told(&[accident("a", "town-a", date(2025, 1, 5), 3)]),
        none()
    );
}

#[test]
fn two_within_three_months_in_one_town() {
    let a = accident("a", "town-a", date(2025, 1, 15), 3);
    let last = accident("b", "town-a", date(2025, 4, 15), 3);
    let over = accident("b", "town-a", date(2025, 4, 16), 3);
    let elsewhere = accident("b", "town-b", date(2025, 2, 1), 3);
    assert_eq!(told(&[a.clone(), last]), ["2 town-a@b a+b"]);
    assert_eq!(told(&[a.clone(), over]), none());
    assert_eq!(told(&[a, elsewhere]), none());
}

#[test]
fn a_serious_one_counts_among_the_major() {
    let a = accident("a", "town-a", date(2025, 1, 15), 2);
    let b = accident("b", "town-a", date(2025, 3, 15), 3);
    assert_eq!(told(&[a, b]), ["2 town-a@a a", "2 town-a@b a+b"]);
}

#[test]
fn months_end_where_they_end() {
    let fires = |first: Date, last: Date| {
        let pair = [
            accident("a", "town-a", first, 3),
            accident("b", "town-a", last, 3),
        ];
        !told(&pair).is_empty()
    };
    // 30 November and three months: the last of February, in leap years too.
    assert!(fires(date(2024, 11, 30), date(2025, 2, 28)));
    assert!(!fires(date(2024, 11, 30), date(2025, 3, 1)));
    assert!(fires(date(2023, 11, 30), date(2024, 2, 29)));
    assert!(!fires(date(2023, 11, 30), date(2024, 3, 1)));
    assert!(fires(date(2024, 2, 29), date(2024, 5, 29)));
    assert!(!fires(date(2024, 2, 29), date(2024, 5, 30)));
    // One month from the 31st of January, counted forward.
    let one = Window::Months(1);
    assert_eq!(one.end(date(2025, 1, 31)), date(2025, 2, 28));
    assert_eq!(one.end(date(2024, 1, 31)), date(2024, 2, 29));
    // The day is China's: 16:00 UTC is the next one.
    let mut late = accident("b", "town-a", date(2025, 4, 15), 3);
    late.at = "2025-04-15T15:59:59Z".parse().unwrap();
    let a = accident("a", "town-a", date(2025, 1, 15), 3);
    assert_eq!(told(&[a.clone(), late.clone()]).len(), 1);
    late.at = "2025-04-15T16:00:00Z".parse().unwrap();
    assert_eq!(told(&[a, late]), none());
}

#[test]
fn three_within_six_months() {
    let row = [
        accident("a", "town-a", date(2025, 1, 31), 3),
        accident("b", "town-a", date(2025, 5, 1), 3),
        accident("c", "town-a", date(2025, 7, 31), 3),
    ];
    // No two within three months but b and c.
    assert_eq!(told(&row[..2]), none());
    assert_eq!(
        told(&[row[0].clone(), row[1].clone(), row[2].clone()]),
        ["2 town-a@c a+b+c"]
    );
}

#[test]
fn the_same_kind_during_a_campaign() {
    let mut a = accident("a", "town-a", date(2025, 6, 30), 3);
    assert_eq!(
        told(&[a.clone()]),
        none(),
        "not what the campaign is against"
    );
    a.kind = Some("WSA10016".into());
    assert_eq!(told(&[a.clone()]), ["1 town-a@a a"]);
    a.kind = None;
    a.sector = Some("gas".into());
    assert_eq!(
        told(&[a.clone()]),
        none(),
        "a kind that is not known is not the same"
    );
    a.kind = Some("WSA10012".into());
    assert_eq!(told(&[a.clone()]), ["1 town-a@a a"]);
    a.at = start_of(date(2025, 7, 1));
    assert_eq!(told(&[a]), none());
    // A campaign that names no kind waits for the second of a kind, within it and where it is held.
    let first = accident("a", "town-b", date(2024, 1, 1), 3);
    let second = accident("b", "town-b", date(2024, 12, 31), 3);
    assert_eq!(told(&[first.clone(), second.clone()]), ["1 town-b@b a+b"]);
    let mut other = second;
    other.kind = Some("WSA10009".into());
    assert_eq!(told(&[first, other]), none());
}

#[test]
fn what_is_void_or_unknown_counts_for_nothing() {
    let a = accident("a", "town-a", date(2025, 1, 5), 2);
    for spoil in [
        (|a: &mut Accident| a.counts = false) as fn(&mut Accident),
        |a| a.grade = None,
        |a| a.town = None,
    ] {
        let mut spoiled = a.clone();
        spoil(&mut spoiled);
        assert_eq!(told(&[spoiled]), none());
    }
}

#[test]
fn a_correction_lowers_later_and_the_firing_lapses() {
    let mut index = Index::new(rules(), campaigns(), org("district"));
    let a = accident("a", "town-a", date(2025, 1, 15), 3);
    let b = accident("b", "town-a", date(2025, 2, 15), 3);
    let c = accident("c", "town-a", date(2025, 3, 15), 3);
    index.put(a.clone());
    assert_eq!(
        index.put(c.clone()).new.len(),
        2,
        "patrol, and the warning of c"
    );
    // b comes to be known last: it fires for itself, and c has one more.
    let told = index.put(b.clone());
    assert_eq!(
        (told.new.len(), told.changed.len(), told.lapsed.len()),
        (2, 1, 0)
    );
    let mut lowered = b;
    lowered.grade = Some(4);
    let told = index.put(lowered);
    assert_eq!(
        (told.new.len(), told.changed.len(), told.lapsed.len()),
        (0, 1, 2)
    );
    let told = index.remove(&c.id);
    assert_eq!(told.lapsed.len(), 2);
    assert_eq!(index.firings().len(), 1, "the warning of a");
    // It moves to another town: lapses here, fires there.
    let mut moved = a;
    moved.town = Some(org("town-b"));
    let told = index.put(moved);
    assert_eq!((told.new.len(), told.lapsed.len()), (1, 1));
}

#[test]
fn what_follows_is_opened_for_the_town() {
    let tree = OrgTree::new([]);
    let all = fired(
        &rules(),
        &campaigns(),
        &org("district"),
        &[accident("a", "town-a", date(2025, 1, 5), 2)],
    );
    let rules = rules();
    let mut kinds = Vec::new();
    for firing in &all {
        let rule = rules
            .iter()
            .find(|rule| rule.key == firing.trigger)
            .unwrap();
        for open in rule.follow(firing, &tree, |_| false) {
            assert_eq!(open.org, org("town-a"));
            assert_eq!(open.from.as_ref().unwrap().id, firing.anchor);
            kinds.push(open.kind);
        }
        if rule.then.contains(&Then::Warning) {
            assert!(
                rule.follow(firing, &tree, |_| true).is_empty(),
                "it has its own"
            );
        }
    }
    kinds.sort_unstable();
    assert_eq!(kinds, ["patrol", "warning"]);
}

#[test]
fn what_follows_can_be_opened() {
    let mut world = crate::loops::accident::tests::World::new();
    let firing = Firing {
        trigger: "n:a10:1".into(),
        org: org("town-a"),
        anchor: LoopId::try_from("a").unwrap(),
        at: start_of(date(2025, 1, 5)),
        members: BTreeSet::new(),
    };
    let mut kinds = BTreeSet::new();
    for rule in rules()
        .iter()
        .filter(|rule| rule.scope != Scope::Enterprise)
    {
        for open in rule.follow(&firing, &OrgTree::new([]), |_| false) {
            let it = world.open_by_system(open);
            assert_eq!(it.town, Some(org("town-a")));
            kinds.insert(it.kind);
        }
    }
    assert_eq!(kinds.len(), 3, "{kinds:?}");
}

#[test]
fn only_accidents_are_read_and_what_is_not_understood_is_said() {
    let book = Rulebook::built_in().unwrap();
    assert_eq!(rules().len(), 4, "violations are left to others");
    let odd = Condition {
        what: Some("瞒报的事故".into()),
        ..condition("accident")
    };
    let read = read("n", &[trigger(9, "约谈", Some("town"), vec![odd])], &book);
    assert_eq!(read[0].unread, ["瞒报的事故"]);
    assert_eq!(then("予以警示约谈"), BTreeSet::from([Then::Interview]));
}

/// The same answer without an index: every accident against every other.
fn plainly(accidents: &[Accident]) -> BTreeSet<Firing> {
    let (rules, campaigns, district) = (rules(), campaigns(), org("district"));
    let mut out = BTreeSet::new();
    for rule in &rules {
        for anchor in accidents {
            let Some(place) = rule.place(anchor, &district) else {
                continue;
            };
            let mut members = BTreeSet::new();
            for test in rule.any.iter().filter(|test| test.suits(anchor)) {
                let held: Vec<Option<&Campaign>> = match &test.during {
                    None => vec![None],
                    Some(words) => campaigns
                        .iter()
                        .filter(|c| c.is(words) && c.covers(anchor))
                        .map(Some)
                        .collect(),
                };
                for campaign in held {
                    let named = campaign.is_some_and(|c| !c.types.is_empty());
                    let by_kind = test.same_kind && !named;
                    let fits = |a: &&Accident| {
                        test.suits(a)
                            && rule.place(a, &district) == Some(place)
                            && a.key() <= anchor.key()
                            && test.window.end(date_of(a.at)) >= date_of(anchor.at)
                            && (!by_kind || a.kind == anchor.kind)
                            && campaign.is_none_or(|c| {
                                c.covers(a) && (!(test.same_kind && named) || c.against(a))
                            })
                    };
                    let counted: Vec<&Accident> = accidents.iter().filter(fits).collect();
                    let needed = if by_kind {
                        test.count.max(2)
                    } else {
                        test.count
                    };
                    let here = counted.iter().any(|a| a.id == anchor.id);
                    if here && counted.len() >= needed {
                        if needed == 1 {
                            members.insert(anchor.id.clone());
                        } else {
                            members.extend(counted.into_iter().map(|a| a.id.clone()));
                        }
                    }
                }
            }
            if !members.is_empty() {
                out.insert(Firing {
                    trigger: rule.key.clone(),
                    org: place.clone(),
                    anchor: anchor.id.clone(),
                    at: anchor.at,
                    members,
                });
            }
        }
    }
    out
}

fn any_accident(id: usize) -> impl Strategy<Value = Accident> {
    // Days about month ends, so that windows are met on the day.
    let days = prop::sample::select(vec![
        date(2023, 11, 30),
        date(2024, 1, 31),
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
        date(2024, 4, 30),
        date(2024, 5, 31),
        date(2024, 8, 31),
        date(2024, 11, 30),
        date(2025, 1, 31),
        date(2025, 2, 28),
        date(2025, 3, 1),
        date(2025, 4, 30),
        date(2025, 5, 29),
    ]);
    let kinds = prop::sample::select(vec![None, Some("WSA10016"), Some("WSA10012")]);
    let towns = prop::sample::select(vec![None, Some("town-a"), Some("town-b")]);
    (
        days,
        0u8..=5,
        kinds,
        towns,
        any::<(bool, bool)>(),
        0i64..24,
        0usize..2,
    )
        .prop_map(
            move |(day, grade, kind, town, (typical, counts), hour, plant)| Accident {
                at: start_of(day) + jiff::SignedDuration::from_hours(hour),
                grade: (1..=4).contains(&grade).then_some(grade),
                kind: kind.map(str::to_owned),
                town: town.map(org),
                typical,
                counts: counts || typical,
                org: org(["plant", "mine"][plant]),
                ..accident(&format!("loop_{id}"), "town-a", day, 4)
            },
        )
}

fn accidents(most: usize) -> impl Strategy<Value = Vec<Accident>> {
    prop::collection::vec(any_accident(0), 0..most).prop_map(|mut all| {
        for (n, accident) in all.iter_mut().enumerate() {
            accident.id = LoopId::try_from(format!("loop_{n:02}")).unwrap();
        }
        all
    })
}

proptest! {
    /// Any order of arrival gives the same answer, and it is the plain one.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        (all, turned) in accidents(14).prop_flat_map(|all| {
            (Just(all.clone()), Just(all).prop_shuffle())
        }),
    ) {
        let (rules, campaigns, district) = (rules(), campaigns(), org("district"));
        let answer = fired(&rules, &campaigns, &district, &all);
        prop_assert_eq!(&answer, &fired(&rules, &campaigns, &district, &turned));
        prop_assert_eq!(&answer, &plainly(&all));
    }

    /// Corrections, voids and removals, one at a time, end where a fresh count ends, and each tells exactly what it
    /// changed.
    #[test]
    fn one_at_a_time_is_the_same_as_afresh(
        changes in prop::collection::vec((0usize..8, any_accident(0), 0u8..6), 1..40),
    ) {
        let (rules, campaigns, district) = (rules(), campaigns(), org("district"));
        let mut index = Index::new(rules.clone(), campaigns.clone(), district.clone());
        let mut now: BTreeMap<LoopId, Accident> = BTreeMap::new();
        for (n, mut accident, what) in changes {
            accident.id = LoopId::try_from(format!("loop_{n:02}")).unwrap();
            let before = index.firings();
            let told = if what == 0 {
                now.remove(&accident.id);
                index.remove(&accident.id)
            } else {
                accident.counts &= what != 1;
                now.insert(accident.id.clone(), accident.clone());
                index.put(accident)
            };
            let after = fired(&rules, &campaigns, &district, now.values());
            prop_assert_eq!(&index.firings(), &after);
            prop_assert_eq!(told, difference(&before, &after));
        }
    }

    /// Many at once, in two heaps that overlap, end where a fresh count ends.
    #[test]
    fn heaps_are_the_same_as_afresh(first in accidents(10), second in accidents(10)) {
        let (rules, campaigns, district) = (rules(), campaigns(), org("district"));
        let mut index = Index::new(rules, campaigns, district);
        index.load(first.clone());
        let before = index.firings();
        let told = index.load(second.clone());
        let mut now: BTreeMap<LoopId, Accident> = BTreeMap::new();
        for accident in first.into_iter().chain(second) {
            now.insert(accident.id.clone(), accident);
        }
        let all: Vec<Accident> = now.into_values().collect();
        prop_assert_eq!(&index.firings(), &plainly(&all));
        prop_assert_eq!(told, difference(&before, &index.firings()));
    }

    /// A correction that lowers a grade takes firings away and adds none.
    #[test]
    fn lowering_a_grade_fires_nothing(all in accidents(12), which in 0usize..12) {
        prop_assume!(which < all.len() && all[which].grade.is_some_and(|g| g != 2));
        let (rules, campaigns, district) = (rules(), campaigns(), org("district"));
        let mut index = Index::new(rules, campaigns, district);
        for accident in &all {
            index.put(accident.clone());
        }
        // From 较大 or the gravest to 一般: an exact grade cannot begin to hold by it.
        let lowered = Accident { grade: Some(4), ..all[which].clone() };
        let told = index.put(lowered);
        let began: Vec<_> = told.new.iter().filter(|f| !f.trigger.ends_with(":4")).collect();
        prop_assert!(began.is_empty(), "{:?}", began);
    }
}
