use super::*;
use crate::authority::{Actor, Position, Role};
use crate::calendar::start_of;
use crate::org::{Org, OrgKind, OrgTree};
use crate::rulebook::Rulebook;
use jiff::ToSpan;
use proptest::prelude::*;
use std::collections::HashSet;

// ---- The one helper ----

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn noon(text: &str) -> Timestamp {
    start_of(day(text)) + 12.hours()
}

fn org(id: &str) -> OrgId {
    OrgId::try_from(id).unwrap()
}

fn tree() -> OrgTree {
    let make = |id: &str, kind, parent: Option<&str>, sectors: &[&str]| Org {
        id: org(id),
        kind,
        name: id.into(),
        short: id.into(),
        en: String::new(),
        aliases: vec![],
        parent: parent.map(org),
        code: None,
        sectors: sectors.iter().map(|s| (*s).to_owned()).collect(),
        place: None,
        sample: true,
        closed: false,
    };
    OrgTree::new([
        make("district", OrgKind::District, None, &[]),
        make("office", OrgKind::Committee, Some("district"), &[]),
        make("bureau", OrgKind::Department, Some("district"), &["gas"]),
        make("town", OrgKind::Town, Some("district"), &[]),
        make("village", OrgKind::Village, Some("town"), &[]),
        make("works", OrgKind::Enterprise, Some("village"), &["gas"]),
        make("mine", OrgKind::Enterprise, Some("village"), &["coal"]),
    ])
}

/// Somebody with a role at an org; the number tells colleagues apart.
fn actor(role: Role, at: &str, number: u32) -> Actor {
    Actor {
        person: PersonId::try_from(format!("person_{}-{at}-{number}", role.code())).unwrap(),
        positions: vec![Position { org: org(at), role }],
        only: None,
    }
}

fn assigned(kind: MeasureKind, needed: f64, unit: &str) -> Assigned {
    let standing = matches!(kind, MeasureKind::OnEvent | MeasureKind::Prohibition);
    Assigned {
        id: DutyId::try_from("duty_x").unwrap(),
        notice: NoticeId::try_from("notice_x").unwrap(),
        article: 1,
        demand: "a01-1".into(),
        title: "组织演练".into(),
        quote: "每半年至少组织演练。".into(),
        span: Span(0, 10),
        org: org("village"),
        period: Period {
            label: "2026年上半年".into(),
            from: day("2026-01-01"),
            to: day("2026-06-30"),
        },
        due: (!standing).then(|| day("2026-06-30")),
        measure: Measure {
            kind,
            needed: (!standing).then_some(needed),
            at_most: None,
            unit: unit.into(),
            what: None,
            event: None,
            counts: None,
        },
        part: Part::Whole,
    }
}

fn duty(kind: MeasureKind, needed: f64, unit: &str) -> Duty {
    Duty::new(assigned(kind, needed, unit))
}

fn stamp(at: &str) -> Stamp {
    Stamp {
        by: Some(PersonId::try_from("person_filer").unwrap()),
        org: Some(org("village")),
        at: noon(at),
    }
}

fn evidence(number: usize, happened: &str, value: Option<f64>) -> Filed {
    Filed {
        id: EvidenceId::try_from(format!("ev_{number}")).unwrap(),
        kind: if value.is_some() {
            EvidenceKind::Number
        } else {
            EvidenceKind::File
        },
        happened: day(happened),
        note: String::new(),
        meeting: None,
        number: value.map(|value| Number {
            value,
            unit: "次".into(),
        }),
        link: None,
        files: vec![],
    }
}

fn accept(id: &EvidenceId) -> Event {
    Event::Accepted {
        evidence: id.clone(),
        note: String::new(),
    }
}

/// The duty after pieces were filed and accepted long afterwards: the day of the work is what counts.
fn with(mut duty: Duty, pieces: &[(&str, Option<f64>)]) -> Duty {
    for (happened, value) in pieces {
        let filed = evidence(duty.evidence.len(), happened, *value);
        let id = filed.id.clone();
        duty.apply(&Event::Filed(filed), &stamp("2026-12-01"));
        duty.apply(&accept(&id), &stamp("2026-12-02"));
    }
    duty
}

/// What a duty has come to, in a line.
fn line(duty: &Duty) -> String {
    format!(
        "{} {} {}",
        duty.status.as_str(),
        (duty.done * 10.0).round() / 10.0,
        duty.satisfied_on
            .map_or_else(|| "-".to_owned(), |d| d.to_string())
    )
}

// ---- Measures ----

#[test]
fn a_date_is_kept_by_one_piece_of_the_day() {
    let by_date = || duty(MeasureKind::ByDate, 1.0, "份");
    assert_eq!(line(&by_date()), "open 0 -");
    assert_eq!(
        line(&with(by_date(), &[("2026-06-30", None)])),
        "done 1 2026-06-30"
    );
    assert_eq!(
        line(&with(by_date(), &[("2026-07-01", None)])),
        "done-late 1 2026-07-01"
    );
    // A second one changes nothing, whenever it comes.
    assert_eq!(
        line(&with(
            by_date(),
            &[("2026-07-01", None), ("2026-05-05", None)]
        )),
        "done 2 2026-05-05"
    );
}

#[test]
fn times_add_up() {
    let twice = || duty(MeasureKind::Times, 2.0, "次");
    assert_eq!(line(&with(twice(), &[("2026-02-01", None)])), "open 1 -");
    assert_eq!(
        line(&with(
            twice(),
            &[("2026-02-01", None), ("2026-07-02", None)]
        )),
        "done-late 2 2026-07-02"
    );
    // One report of many counts as many.
    assert_eq!(
        line(&with(
            duty(MeasureKind::Times, 26.0, "次"),
            &[("2026-06-29", Some(26.0))]
        )),
        "done 26 2026-06-29"
    );
}

#[test]
fn a_quota_is_a_sum_of_numbers_or_a_list() {
    let three = || duty(MeasureKind::Quota, 3.0, "项");
    assert_eq!(
        line(&with(
            three(),
            &[("2026-02-01", Some(1.0)), ("2026-03-01", Some(2.0))]
        )),
        "done 3 2026-03-01"
    );
    let mut listed = three();
    for number in 0..4 {
        let id = ItemId::try_from(format!("item_{number}")).unwrap();
        let item = Item {
            id: id.clone(),
            title: "问题".into(),
            owner: String::new(),
            due: None,
            state: ItemState::Open,
            result: None,
            closed_at: None,
        };
        listed.apply(&Event::ItemAdded(item), &stamp("2026-02-01"));
        let closed = Event::ItemClosed {
            item: id,
            result: "已解决".into(),
        };
        let at = ["2026-05-01", "2026-03-01", "2026-04-01", "2026-07-09"][number];
        listed.apply(&closed, &stamp(at));
    }
    // More than enough, and still no proof of it.
    assert_eq!(line(&listed), "open 2 -");
    let proven = with(listed.clone(), &[("2026-07-20", None)]);
    assert_eq!(line(&proven), "done 4 2026-05-01");
    // What was dropped is not done.
    let mut dropped = with(three(), &[("2026-02-01", None)]);
    let id = ItemId::try_from("item_0").unwrap();
    let mut item = listed.items[0].clone();
    item.state = ItemState::Open;
    item.closed_at = None;
    dropped.apply(&Event::ItemAdded(item), &stamp("2026-02-02"));
    assert_eq!(line(&dropped), "open 0 -");
    let drop = Event::ItemDropped {
        item: id,
        reason: "重复".into(),
    };
    dropped.apply(&drop, &stamp("2026-02-03"));
    assert_eq!(line(&dropped), "open 0 -");
}

#[test]
fn a_share_is_the_last_reading() {
    let share = || duty(MeasureKind::Coverage, 95.0, "%");
    let read = |pieces: &[(&str, Option<f64>)]| line(&with(share(), pieces));
    assert_eq!(read(&[("2026-03-01", Some(60.0))]), "open 60 -");
    assert_eq!(
        read(&[("2026-03-01", Some(60.0)), ("2026-05-01", Some(96.5))]),
        "done 96.5 2026-05-01"
    );
    // It fell again.
    assert_eq!(
        read(&[("2026-05-01", Some(96.0)), ("2026-06-01", Some(80.0))]),
        "open 80 -"
    );
    // A later reading does not make late what was reached in time.
    assert_eq!(
        read(&[("2026-05-01", Some(96.0)), ("2026-08-01", Some(97.0))]),
        "done 97 2026-05-01"
    );
    // A paper is no reading.
    assert_eq!(read(&[("2026-05-01", None)]), "open 0 -");
    // Of two of one day the later corrects the earlier.
    assert_eq!(
        read(&[("2026-05-01", Some(96.0)), ("2026-05-01", Some(69.0))]),
        "open 69 -"
    );
}

#[test]
fn what_has_no_date_stands() {
    for kind in [MeasureKind::OnEvent, MeasureKind::Prohibition] {
        let standing = with(duty(kind, 1.0, "次"), &[("2026-02-01", None)]);
        assert_eq!(standing.status, Status::Standing, "{kind:?}");
        assert_eq!(
            standing.light(day("2030-01-01"), day("2030-01-10")),
            Light::Standing
        );
    }
    assert_eq!(
        line(&with(
            duty(MeasureKind::Continuous, 1.0, "份"),
            &[("2026-06-01", None)]
        )),
        "done 1 2026-06-01"
    );
}

#[test]
fn the_many_below_and_the_registry_speak_for_themselves() {
    let mut gathers = duty(MeasureKind::Coverage, 100.0, "%");
    gathers.assigned.part = Part::Gathers;
    let each = |status, on: Option<&str>| (status, on.map(day));
    let mut told = |many: &[(Status, Option<Date>)]| {
        gathers.below = Some(Below::of(many.iter().copied()));
        gathers.evaluate();
        line(&gathers)
    };
    assert_eq!(told(&[]), "open 0 -");
    assert_eq!(
        told(&[
            each(Status::Done, Some("2026-05-01")),
            each(Status::Open, None)
        ]),
        "open 50 -"
    );
    // Who is excused is not waited for.
    assert_eq!(
        told(&[
            each(Status::Done, Some("2026-05-01")),
            each(Status::Waived, None),
            each(Status::Cancelled, None)
        ]),
        "done 100 2026-05-01"
    );
    assert_eq!(
        told(&[
            each(Status::Done, Some("2026-05-01")),
            each(Status::DoneLate, Some("2026-07-05"))
        ]),
        "done-late 100 2026-07-05"
    );
    let mut counted = duty(MeasureKind::Quota, 1.0, "处");
    counted.things = Some(Counted {
        count: 0,
        since: day("2026-01-01"),
    });
    counted.evaluate();
    assert_eq!(line(&counted), "open 0 -");
    counted.things = Some(Counted {
        count: 2,
        since: day("2026-04-04"),
    });
    counted.evaluate();
    assert_eq!(line(&counted), "done 2 2026-04-04");
}

#[test]
fn only_what_was_accepted_counts() {
    let filed = evidence(0, "2026-05-01", None);
    let id = filed.id.clone();
    let mut waits = duty(MeasureKind::ByDate, 1.0, "份");
    waits.apply(&Event::Filed(filed), &stamp("2026-05-02"));
    assert_eq!((line(&waits).as_str(), waits.waiting()), ("open 0 -", 1));
    let mut returned = waits.clone();
    let back = Event::Returned {
        evidence: id.clone(),
        reason: "缺签到表".into(),
    };
    returned.apply(&back, &stamp("2026-05-03"));
    assert_eq!(
        (line(&returned).as_str(), returned.waiting()),
        ("open 0 -", 0)
    );
    assert_eq!(
        returned.evidence[0].review.as_ref().unwrap().note,
        "缺签到表"
    );
    let mut withdrawn = waits.clone();
    withdrawn.apply(
        &Event::Withdrawn {
            evidence: id.clone(),
        },
        &stamp("2026-05-03"),
    );
    assert_eq!(withdrawn.waiting(), 0);
    waits.apply(&accept(&id), &stamp("2026-07-30"));
    assert_eq!(line(&waits), "done 1 2026-05-01");
}

#[test]
fn a_waiver_hides_and_gives_back() {
    let mut duty = with(duty(MeasureKind::Times, 1.0, "次"), &[("2026-05-01", None)]);
    let why = || "原因".to_owned();
    duty.apply(&Event::Waived { reason: why() }, &stamp("2026-05-02"));
    assert_eq!(duty.status, Status::Waived);
    duty.apply(&Event::Cancelled { reason: why() }, &stamp("2026-05-03"));
    assert_eq!(duty.status, Status::Cancelled);
    let again = duty.assigned.clone();
    duty.apply(&Event::Changed(again), &stamp("2026-05-04"));
    assert_eq!(duty.status, Status::Waived);
    duty.apply(&Event::Unwaived { reason: why() }, &stamp("2026-05-05"));
    assert_eq!(line(&duty), "done 1 2026-05-01");
}

#[test]
fn lights_follow_the_day() {
    let open = duty(MeasureKind::ByDate, 1.0, "份");
    let calendar = Calendar::new(&Rulebook::built_in().unwrap().calendar);
    let light = |today: &str| {
        let today = day(today);
        open.light(today, due_soon_until(today, 5, &calendar))
    };
    assert_eq!(light("2026-06-01"), Light::InTime);
    // Five working days before Tuesday 30 June: the Tuesday before.
    assert_eq!(light("2026-06-22"), Light::InTime);
    assert_eq!(light("2026-06-23"), Light::DueSoon);
    assert_eq!(light("2026-06-30"), Light::DueSoon);
    assert_eq!(light("2026-07-01"), Light::Overdue);
}

// ---- Laws ----

fn pieces() -> impl Strategy<Value = Vec<(i32, Option<u16>)>> {
    proptest::collection::vec((0i32..300, proptest::option::of(0u16..100)), 0..12)
}

fn result(
    kind: MeasureKind,
    unit: &str,
    pieces: &[(i32, Option<u16>)],
) -> (Status, f64, Option<Date>) {
    let begin = day("2026-01-01");
    let texts: Vec<(String, Option<f64>)> = pieces
        .iter()
        .map(|(days, value)| {
            let day = begin.checked_add(days.days()).unwrap();
            (day.to_string(), value.map(f64::from))
        })
        .collect();
    let texts: Vec<_> = texts.iter().map(|(d, v)| (d.as_str(), *v)).collect();
    let duty = with(duty(kind, 40.0, unit), &texts);
    (duty.status, duty.done, duty.satisfied_on)
}

proptest! {
    /// Late papers, lost papers, papers in a heap: the order of filing never matters.
    #[test]
    fn the_order_of_filing_does_not_matter(pieces in pieces(), seed: u64) {
        let mut mixed = pieces.clone();
        // A shuffle that proptest can shrink: sort by a hash of place and seed.
        let mut at = 0u64;
        mixed.sort_by_cached_key(|_| { at += 1; (at ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) });
        prop_assert_eq!(result(MeasureKind::Times, "次", &pieces), result(MeasureKind::Times, "次", &mixed));
        prop_assert_eq!(result(MeasureKind::Quota, "项", &pieces), result(MeasureKind::Quota, "项", &mixed));
        // Readings of one day correct each other, so here the days differ.
        let days: HashSet<i32> = pieces.iter().map(|(d, _)| *d).collect();
        if days.len() == pieces.len() {
            prop_assert_eq!(
                result(MeasureKind::Coverage, "%", &pieces),
                result(MeasureKind::Coverage, "%", &mixed)
            );
        }
    }

    /// More of what adds up never undoes a fulfilment, nor moves it back.
    #[test]
    fn more_work_never_hurts(pieces in pieces(), more in (0i32..300, proptest::option::of(0u16..100))) {
        let (_, done, on) = result(MeasureKind::Times, "次", &pieces);
        let mut with_more = pieces;
        with_more.push(more);
        let (_, done_then, on_then) = result(MeasureKind::Times, "次", &with_more);
        prop_assert!(done_then >= done);
        if let Some(on) = on {
            prop_assert!(on_then.is_some_and(|then| then <= on));
        }
    }

    /// Folding the same facts gives the same bytes, and what was folded reads back.
    #[test]
    fn folding_twice_gives_the_same_bytes(pieces in pieces()) {
        let fold = || {
            let texts: Vec<(String, Option<f64>)> = pieces.iter().map(|(days, value)| {
                (day("2026-01-01").checked_add(days.days()).unwrap().to_string(), value.map(f64::from))
            }).collect();
            let texts: Vec<_> = texts.iter().map(|(d, v)| (d.as_str(), *v)).collect();
            serde_json::to_string(&with(duty(MeasureKind::Quota, 40.0, "项"), &texts)).unwrap()
        };
        let one = fold();
        prop_assert_eq!(&one, &fold());
        let back: Duty = serde_json::from_str(&one).unwrap();
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), one);
    }
}

// ---- The clock ----

struct House {
    book: Rulebook,
    calendar: Calendar,
}

fn house() -> House {
    let book = Rulebook::built_in().unwrap();
    let calendar = Calendar::new(&book.calendar);
    House { book, calendar }
}

/// Lets the clock look at the days given, and writes down what it says.
fn ticks(duty: &mut Duty, house: &House, days: impl IntoIterator<Item = Date>) -> Vec<String> {
    let mut out = Vec::new();
    for today in days {
        for event in duty.clock(today, &house.book.ladder, &house.calendar) {
            out.push(match &event {
                Event::FellDue { .. } => format!("{today} fell due"),
                Event::Climbed { step, .. } => format!("{today} {step}"),
                other => panic!("the clock said {other:?}"),
            });
            duty.apply(&event, &stamp(&today.to_string()));
        }
    }
    out
}

fn every_day(from: &str, to: &str) -> Vec<Date> {
    let to = day(to);
    std::iter::successors(Some(day(from)), |d| d.tomorrow().ok())
        .take_while(|d| *d <= to)
        .collect()
}

const CLIMB: [&str; 6] = [
    "2026-06-23 reminder",
    "2026-06-30 due-day",
    "2026-07-01 fell due",
    "2026-07-03 circular",
    "2026-07-14 interview",
    "2026-07-28 supervision",
];

#[test]
fn the_ladder_is_climbed_once_day_by_day() {
    let house = house();
    let mut late = duty(MeasureKind::ByDate, 1.0, "份");
    assert_eq!(
        ticks(&mut late, &house, every_day("2026-01-01", "2026-12-31")),
        CLIMB
    );
    assert_eq!(late.next_clock(&house.book.ladder, &house.calendar), None);
    assert_eq!(late.next_step(&house.book.ladder, &house.calendar), None);
    // Looking only on the days that it names says the same.
    let mut woken = duty(MeasureKind::ByDate, 1.0, "份");
    let mut said = Vec::new();
    while let Some(at) = woken.next_clock(&house.book.ladder, &house.calendar) {
        let heard = ticks(&mut woken, &house, [at]);
        assert!(!heard.is_empty(), "woken for nothing on {at}");
        said.extend(heard);
    }
    assert_eq!(said, CLIMB);
}

#[test]
fn after_a_stop_the_clock_catches_up() {
    let house = house();
    let mut late = duty(MeasureKind::ByDate, 1.0, "份");
    let said = ticks(&mut late, &house, [day("2026-07-15"), day("2026-07-15")]);
    assert_eq!(
        said,
        [
            "2026-07-15 fell due",
            "2026-07-15 reminder",
            "2026-07-15 due-day",
            "2026-07-15 circular",
            "2026-07-15 interview"
        ]
    );
    assert_eq!(
        late.next_clock(&house.book.ladder, &house.calendar),
        Some(day("2026-07-28"))
    );
}

#[test]
fn nothing_is_climbed_while_a_review_is_awaited() {
    let house = house();
    let mut late = duty(MeasureKind::ByDate, 1.0, "份");
    let filed = evidence(0, "2026-06-20", None);
    let id = filed.id.clone();
    late.apply(&Event::Filed(filed), &stamp("2026-06-20"));
    assert_eq!(
        late.next_clock(&house.book.ladder, &house.calendar),
        Some(day("2026-07-01"))
    );
    assert_eq!(
        ticks(&mut late, &house, every_day("2026-06-20", "2026-07-05")),
        ["2026-07-01 fell due"]
    );
    assert_eq!(late.next_clock(&house.book.ladder, &house.calendar), None);
    let mut returned = late.clone();
    let back = Event::Returned {
        evidence: id.clone(),
        reason: "不清".into(),
    };
    returned.apply(&back, &stamp("2026-07-05"));
    assert_eq!(
        ticks(&mut returned, &house, [day("2026-07-06")]),
        [
            "2026-07-06 reminder",
            "2026-07-06 due-day",
            "2026-07-06 circular"
        ]
    );
    // Accepted: it was done in time after all.
    late.apply(&accept(&id), &stamp("2026-07-06"));
    assert_eq!(line(&late), "done 1 2026-06-20");
    assert!(ticks(&mut late, &house, every_day("2026-07-06", "2026-12-31")).is_empty());
}

#[test]
fn a_new_date_begins_a_new_climb() {
    let house = house();
    let mut late = duty(MeasureKind::ByDate, 1.0, "份");
    ticks(&mut late, &house, every_day("2026-06-01", "2026-07-05"));
    assert_eq!(late.step.as_deref(), Some("circular"));
    let mut changed = late.assigned.clone();
    changed.title.push('！');
    late.apply(&Event::Changed(changed.clone()), &stamp("2026-07-05"));
    assert_eq!(
        late.step.as_deref(),
        Some("circular"),
        "the date is the same"
    );
    changed.due = Some(day("2026-09-30"));
    late.apply(&Event::Changed(changed), &stamp("2026-07-05"));
    assert_eq!((late.step.as_deref(), late.fell_due), (None, false));
    assert_eq!(
        ticks(&mut late, &house, every_day("2026-07-05", "2026-10-08")),
        [
            // 25 to 27 September is the Mid-Autumn holiday, the 20th is worked.
            "2026-09-22 reminder",
            "2026-09-30 due-day",
            "2026-10-01 fell due"
        ]
    );
}

#[test]
fn a_fulfilled_waived_or_standing_duty_is_left_alone() {
    let house = house();
    let year = || every_day("2026-01-01", "2026-12-31");
    let mut done = with(
        duty(MeasureKind::ByDate, 1.0, "份"),
        &[("2026-02-01", None)],
    );
    assert!(ticks(&mut done, &house, year()).is_empty());
    let mut waived = duty(MeasureKind::ByDate, 1.0, "份");
    waived.apply(
        &Event::Waived {
            reason: "免".into(),
        },
        &stamp("2026-02-01"),
    );
    assert!(ticks(&mut waived, &house, year()).is_empty());
    let mut standing = duty(MeasureKind::OnEvent, 1.0, "次");
    assert!(ticks(&mut standing, &house, year()).is_empty());
}

mod commands;
