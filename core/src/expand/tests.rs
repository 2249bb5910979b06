use super::*;
use crate::draft::Edit;
use crate::notice::{Article, Compiled, Quantity, Recurrence, Span};
use crate::org::{Org, Place};

fn org(id: &str) -> OrgId {
    OrgId::try_from(id).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn tree() -> OrgTree {
    let make = |id: &str, kind, short: &str, parent: Option<&str>| Org {
        id: org(id),
        kind,
        name: short.into(),
        short: short.into(),
        en: String::new(),
        aliases: vec![],
        parent: parent.map(org),
        code: None,
        sectors: vec![],
        place: None::<Place>,
        sample: true,
        closed: false,
    };
    OrgTree::new([
        make("district", OrgKind::District, "区委、区政府", None),
        make("yingji", OrgKind::Department, "区应急局", Some("district")),
        make("town-a", OrgKind::Town, "甲镇", Some("district")),
        make("town-b", OrgKind::Town, "乙街道", Some("district")),
        make("village-a1", OrgKind::Village, "甲一村", Some("town-a")),
        make("village-a2", OrgKind::Village, "甲二村", Some("town-a")),
        make("village-b1", OrgKind::Village, "乙一社区", Some("town-b")),
    ])
    .with_groups(&Rulebook::built_in().unwrap().groups)
}

fn demand() -> Demand {
    Demand {
        id: "a01-1".into(),
        article: 1,
        quote: "完成排查。".into(),
        span: Span(0, 5),
        actors: vec!["区应急局".into()],
        action: "完成排查".into(),
        deadline: None,
        recurrence: None,
        quantity: None,
        each: None,
        on_event: None,
        within: None,
        confidence: 1.0,
        measure: MeasureKind::Continuous,
        sources: vec![],
    }
}

fn every(every: Every, at_least: Option<u32>, by_day: Option<u8>) -> Demand {
    Demand {
        recurrence: Some(Recurrence {
            every,
            at_least,
            at_most: None,
            by_day,
            by_month: None,
        }),
        measure: MeasureKind::Times,
        ..demand()
    }
}

fn by(deadline: &str) -> Demand {
    Demand {
        deadline: Some(day(deadline)),
        measure: MeasureKind::ByDate,
        ..demand()
    }
}

fn draft(year: Option<i16>, demands: Vec<Demand>) -> Draft {
    Draft::new(Compiled {
        year,
        articles: vec![Article {
            no: 1,
            label: "（一）".into(),
            section: None,
            title: String::new(),
            text: String::new(),
            span: Span(0, 5),
            units: vec!["区应急局".into()],
            unit_mode: Some("牵头".into()),
            inherited_units: vec!["各镇（街道）".into()],
            lead_units: vec!["区应急局".into()],
            support_units: vec![],
        }],
        duties: demands,
        ..Compiled::default()
    })
}

fn plan(draft: &Draft, from: &str, generation: u32) -> Vec<Assigned> {
    expand(
        &NoticeId::try_from("notice_x").unwrap(),
        draft,
        &tree(),
        &Rulebook::built_in().unwrap(),
        day(from),
        generation,
    )
}

/// What a demand comes to: who, when, by when, how much. One line for each duty.
fn laid(demand: Demand, from: &str) -> String {
    plan(&draft(Some(2026), vec![demand]), from, 1)
        .iter()
        .map(|a| {
            format!(
                "{} {} {}..{} by {} | {}{}\n",
                a.org,
                a.period.label,
                a.period.from,
                a.period.to,
                a.due.map_or_else(|| "-".to_owned(), |d| d.to_string()),
                a.measure
                    .needed
                    .map_or_else(|| "-".to_owned(), |n| n.to_string()),
                a.measure.unit,
            )
        })
        .collect()
}

// ---- Periods ----

#[test]
fn a_day_in_the_last_month_of_a_quarter_is_kept() {
    let mut late = every(Every::Quarter, None, Some(31));
    if let Some(r) = late.recurrence.as_mut() {
        r.by_month = Some(3);
    }
    let due: Vec<String> = plan(&draft(Some(2026), vec![late]), "2026-01-01", 1)
        .iter()
        .filter_map(|a| a.due.map(|d| d.to_string()))
        .collect();
    // 31 is no day of June and September: the last one counts.
    assert_eq!(
        due,
        ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]
    );
    let mut early = every(Every::Quarter, None, Some(10));
    if let Some(r) = early.recurrence.as_mut() {
        r.by_month = Some(1);
    }
    let first = plan(&draft(Some(2026), vec![early]), "2026-01-01", 1);
    assert_eq!(
        first[0].due.map(|d| d.to_string()).as_deref(),
        Some("2026-01-10")
    );
}

#[test]
fn what_comes_round_gets_a_duty_for_each_round() {
    insta::assert_snapshot!(laid(every(Every::Year, None, None), "2026-01-15"), @"yingji 2026年 2026-01-01..2026-12-31 by 2026-12-31 | 1次");
    insta::assert_snapshot!(laid(every(Every::HalfYear, Some(2), None), "2026-01-15"), @r"
    yingji 2026年上半年 2026-01-01..2026-06-30 by 2026-06-30 | 2次
    yingji 2026年下半年 2026-07-01..2026-12-31 by 2026-12-31 | 2次
    ");
    insta::assert_snapshot!(laid(every(Every::Quarter, None, None), "2026-05-01"), @r"
    yingji 2026年第二季度 2026-04-01..2026-06-30 by 2026-06-30 | 1次
    yingji 2026年第三季度 2026-07-01..2026-09-30 by 2026-09-30 | 1次
    yingji 2026年第四季度 2026-10-01..2026-12-31 by 2026-12-31 | 1次
    ");
    insta::assert_snapshot!(laid(every(Every::Month, None, Some(25)), "2026-11-10"), @r"
    yingji 2026年11月 2026-11-01..2026-11-30 by 2026-11-25 | 1次
    yingji 2026年12月 2026-12-01..2026-12-31 by 2026-12-25 | 1次
    ");
    // A day that the month has not is its last.
    let days: Vec<_> = plan(
        &draft(Some(2026), vec![every(Every::Month, None, Some(31))]),
        "2026-01-01",
        1,
    )
    .iter()
    .map(|a| a.due.unwrap().day())
    .collect();
    assert_eq!(days, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
}

#[test]
fn what_is_finer_than_a_month_is_counted_by_the_month() {
    // November 2026 has 30 days and five Mondays (2, 9, 16, 23, 30), December four.
    insta::assert_snapshot!(laid(every(Every::Week, None, None), "2026-11-10"), @r"
    yingji 2026年11月 2026-11-01..2026-11-30 by 2026-11-30 | 5次
    yingji 2026年12月 2026-12-01..2026-12-31 by 2026-12-31 | 4次
    ");
    insta::assert_snapshot!(laid(every(Every::TenDays, None, None), "2026-12-10"), @"yingji 2026年12月 2026-12-01..2026-12-31 by 2026-12-31 | 3次");
    insta::assert_snapshot!(laid(every(Every::Day, Some(2), None), "2026-12-10"), @"yingji 2026年12月 2026-12-01..2026-12-31 by 2026-12-31 | 62次");
    let weeks: f64 = plan(
        &draft(Some(2026), vec![every(Every::Week, None, None)]),
        "2026-01-01",
        1,
    )
    .iter()
    .filter_map(|a| a.measure.needed)
    .sum();
    // Every Monday of the year belongs to one month.
    assert!((weeks - 52.0).abs() < f64::EPSILON);
}

#[test]
fn what_holds_at_all_times_is_shown_in_each_half_year() {
    insta::assert_snapshot!(laid(demand(), "2026-01-15"), @r"
    yingji 2026年上半年 2026-01-01..2026-06-30 by 2026-06-30 | 1份
    yingji 2026年下半年 2026-07-01..2026-12-31 by 2026-12-31 | 1份
    ");
    // Published in summer: the first half is over.
    insta::assert_snapshot!(laid(demand(), "2026-07-01"), @"yingji 2026年下半年 2026-07-01..2026-12-31 by 2026-12-31 | 1份");
}

#[test]
fn a_date_gives_its_name_to_the_period() {
    insta::assert_snapshot!(laid(by("2026-06-30"), "2026-01-15"), @"yingji 2026年6月底前 2026-01-01..2026-06-30 by 2026-06-30 | 1份");
    insta::assert_snapshot!(laid(by("2026-05-20"), "2026-01-15"), @"yingji 2026年5月20日前 2026-01-01..2026-05-20 by 2026-05-20 | 1份");
    insta::assert_snapshot!(laid(by("2026-12-31"), "2026-01-15"), @"yingji 2026年 2026-01-01..2026-12-31 by 2026-12-31 | 1份");
    // Past already when the notice came out: still owed.
    insta::assert_snapshot!(laid(by("2026-01-31"), "2026-03-01"), @"yingji 2026年1月底前 2026-01-01..2026-01-31 by 2026-01-31 | 1份");
    // Next year's date counts from this year's beginning.
    insta::assert_snapshot!(laid(by("2027-02-05"), "2026-10-20"), @"yingji 2027年2月5日前 2026-01-01..2027-02-05 by 2027-02-05 | 1份");
}

#[test]
fn what_happens_or_must_not_happen_has_no_date() {
    for measure in [MeasureKind::OnEvent, MeasureKind::Prohibition] {
        let standing = Demand {
            measure,
            on_event: Some("发生事故后".into()),
            ..demand()
        };
        insta::allow_duplicates! {
            insta::assert_snapshot!(laid(standing, "2026-03-01"), @"yingji 2026年 2026-01-01..2026-12-31 by - | -次");
        }
    }
}

#[test]
fn amounts_come_from_the_notice() {
    let quantity = |at_least: f64, unit: &str, measure| Demand {
        quantity: Some(Quantity {
            at_least: Some(at_least),
            at_most: None,
            unit: unit.into(),
            what: None,
        }),
        measure,
        ..by("2026-12-31")
    };
    let amount = |demand: Demand| {
        let duty = &plan(&draft(Some(2026), vec![demand]), "2026-01-15", 1)[0];
        (duty.measure.needed, duty.measure.unit.clone())
    };
    assert_eq!(
        amount(quantity(10.0, "项", MeasureKind::Quota)),
        (Some(10.0), "项".to_owned())
    );
    assert_eq!(
        amount(quantity(95.0, "%", MeasureKind::Coverage)),
        (Some(95.0), "%".to_owned())
    );
    assert_eq!(
        amount(Demand {
            quantity: None,
            ..quantity(1.0, "%", MeasureKind::Coverage)
        }),
        (Some(100.0), "%".to_owned()),
        "everywhere is all of it"
    );
    let problems = Demand {
        recurrence: every(Every::Year, None, None).recurrence,
        ..quantity(2.0, "项", MeasureKind::Times)
    };
    assert_eq!(amount(problems), (Some(2.0), "项".to_owned()));
}

#[test]
fn a_notice_of_a_year_gone_by_keeps_its_year() {
    let plan = plan(
        &draft(
            Some(2025),
            vec![every(Every::Quarter, None, None), demand()],
        ),
        "2026-03-01",
        1,
    );
    let labels: Vec<_> = plan.iter().map(|a| a.period.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "2025年第一季度",
            "2025年第二季度",
            "2025年第三季度",
            "2025年第四季度",
            "2025年上半年",
            "2025年下半年"
        ]
    );
}

#[test]
fn three_years_are_three_years_and_no_notice_reaches_for_ever() {
    let until = |deadline: &str| Demand {
        deadline: Some(day(deadline)),
        ..every(Every::HalfYear, None, None)
    };
    let labels = |demand| {
        plan(&draft(Some(2026), vec![demand]), "2026-01-15", 1)
            .iter()
            .map(|a| a.period.label.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(labels(until("2028-12-31")).len(), 6);
    assert_eq!(labels(until("2028-12-31"))[5], "2028年下半年");
    assert_eq!(labels(until("2999-12-31")).len(), 2 * YEARS_MAX as usize);
    // A notice without a year is about the year it came out in.
    assert_eq!(
        plan(
            &draft(None, vec![every(Every::Year, None, None)]),
            "2027-05-01",
            1
        )[0]
        .period
        .label,
        "2027年"
    );
}

// ---- Who ----

fn each_village() -> Demand {
    Demand {
        each: Some("村（社区）".into()),
        quote: "每个村（社区）至少建成1处应急避难场所".into(),
        quantity: Some(Quantity {
            at_least: Some(1.0),
            at_most: None,
            unit: "处".into(),
            what: None,
        }),
        actors: vec![],
        measure: MeasureKind::Quota,
        ..by("2026-12-31")
    }
}

#[test]
fn each_village_owes_and_its_town_gathers() {
    let draft = draft(Some(2026), vec![each_village()]);
    let owners = owners(&draft, &draft.compiled.duties[0], &tree());
    assert_eq!(owners.lead, [org("yingji")]);
    assert!(owners.unresolved.is_empty() && !owners.by_hand);
    let plan = plan(&draft, "2026-01-15", 1);
    let parts: Vec<_> = plan
        .iter()
        .map(|a| {
            format!(
                "{} {:?} {:?} {}{} {}",
                a.org,
                a.part,
                a.measure.kind,
                a.measure.needed.unwrap(),
                a.measure.unit,
                a.measure.counts.as_deref().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(
        parts,
        [
            "yingji Gathers Coverage 100% -",
            "town-a Gathers Coverage 100% -",
            "town-b Gathers Coverage 100% -",
            // What the registry knows is never typed in.
            "village-a1 Each Quota 1处 shelter",
            "village-a2 Each Quota 1处 shelter",
            "village-b1 Each Quota 1处 shelter",
        ]
    );
    let tree = tree();
    let below = |sum: usize| {
        plan.iter()
            .filter(|one| gathers(&plan[sum], one, &tree))
            .map(|one| one.org.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(below(0), ["village-a1", "village-a2", "village-b1"]);
    assert_eq!(below(1), ["village-a1", "village-a2"]);
    assert_eq!(below(2), ["village-b1"]);
    assert!(below(3).is_empty());
}

#[test]
fn each_town_owes_itself() {
    let towns = Demand {
        each: Some("镇（街道）".into()),
        ..each_village()
    };
    let plan = plan(&draft(Some(2026), vec![towns]), "2026-01-15", 1);
    let parts: Vec<_> = plan.iter().map(|a| (a.org.as_str(), a.part)).collect();
    assert_eq!(
        parts,
        [
            ("yingji", Part::Whole),
            ("town-a", Part::Whole),
            ("town-b", Part::Whole)
        ]
    );
}

#[test]
fn who_is_chosen_by_hand_holds_and_who_is_unknown_is_said() {
    let unknown = Demand {
        actors: vec!["火星局".into(), "区应急局".into(), "应急局".into()],
        ..demand()
    };
    let mut draft = draft(Some(2026), vec![unknown]);
    let found = owners(&draft, &draft.compiled.duties[0], &tree());
    assert_eq!(found.orgs, [org("yingji")], "once, though named twice");
    assert_eq!(found.unresolved, ["火星局"]);
    let text: Vec<char> = "完成排查。".chars().collect();
    draft = draft
        .edit(
            &Edit::Correct {
                id: "a01-1".into(),
                demand: draft.compiled.duties[0].clone(),
                owners: Some(vec![org("town-b"), org("nobody")]),
            },
            &text,
        )
        .unwrap();
    let chosen = owners(&draft, &draft.compiled.duties[0], &tree());
    assert_eq!((chosen.orgs, chosen.by_hand), (vec![org("town-b")], true));
}

// ---- Amending ----

fn year(demands: Vec<Demand>) -> Draft {
    let demands = demands
        .into_iter()
        .enumerate()
        .map(|(at, demand)| Demand {
            id: format!("a01-{}", at + 1),
            ..demand
        })
        .collect();
    draft(Some(2026), demands)
}

fn told(changes: &Changes) -> String {
    let mut out: Vec<String> = Vec::new();
    for added in &changes.added {
        out.push(format!(
            "+ {} {} {}",
            added.id, added.demand, added.period.label
        ));
    }
    for (old, new) in &changes.changed {
        assert_eq!(old.id, new.id, "history stays with its duty");
        out.push(format!(
            "~ {} {} {} -> {}",
            new.id, new.demand, old.period.label, new.period.label
        ));
    }
    for gone in &changes.cancelled {
        out.push(format!(
            "- {} {} {}",
            gone.id, gone.demand, gone.period.label
        ));
    }
    out.join("\n")
}

#[test]
fn the_same_notice_changes_nothing() {
    let draft = year(vec![
        by("2026-06-30"),
        each_village(),
        every(Every::Month, None, None),
    ]);
    let (one, two) = (plan(&draft, "2026-01-15", 1), plan(&draft, "2026-01-15", 1));
    assert_eq!(one, two);
    let ids: BTreeSet<_> = one.iter().map(|a| &a.id).collect();
    assert_eq!(ids.len(), one.len());
    let again = plan(&draft, "2026-01-15", 2);
    assert!(again.iter().all(|a| !ids.contains(&a.id)));
    assert_eq!(told(&compare(one, again)), "");
}

#[test]
fn an_amendment_says_what_comes_what_changes_and_what_goes() {
    let before = plan(
        &year(vec![
            by("2026-06-30"),
            every(Every::HalfYear, None, None),
            demand(),
        ]),
        "2026-01-15",
        1,
    );
    // The date moves, twice becomes three times, the third is dropped, a fourth is new.
    let mut after = year(vec![
        by("2026-09-30"),
        every(Every::HalfYear, Some(3), None),
        demand(),
        by("2026-12-31"),
    ]);
    after.rejected.insert("a01-3".into(), "重复".into());
    let changes = compare(before, plan(&after, "2026-01-15", 2));
    insta::assert_snapshot!(told(&changes), @r"
    + duty_x_2_3 a01-4 2026年
    ~ duty_x_1_1 a01-2 2026年上半年 -> 2026年上半年
    ~ duty_x_1_2 a01-2 2026年下半年 -> 2026年下半年
    ~ duty_x_1_0 a01-1 2026年6月底前 -> 2026年9月底前
    - duty_x_1_3 a01-3 2026年上半年
    - duty_x_1_4 a01-3 2026年下半年
    ");
}

#[test]
fn another_rhythm_is_another_duty() {
    let before = plan(
        &year(vec![every(Every::HalfYear, None, None)]),
        "2026-01-15",
        1,
    );
    let after = plan(
        &year(vec![every(Every::Quarter, None, None)]),
        "2026-01-15",
        2,
    );
    let changes = compare(before, after);
    assert_eq!(
        (
            changes.added.len(),
            changes.changed.len(),
            changes.cancelled.len()
        ),
        (4, 0, 2)
    );
}

#[test]
fn a_village_more_is_an_addition_alone() {
    let draft = year(vec![each_village()]);
    let before = plan(&draft, "2026-01-15", 1);
    let mut fewer = before.clone();
    fewer.retain(|a| a.org != org("village-a2"));
    let changes = compare(fewer, plan(&draft, "2026-01-15", 2));
    assert_eq!(changes.added.len(), 1);
    assert_eq!(changes.added[0].org, org("village-a2"));
    assert!(changes.changed.is_empty() && changes.cancelled.is_empty());
}
