use super::*;
use crate::loops::accident::tests::World;
use proptest::prelude::*;
use serde_json::json;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn piece(source: Source, id: &str, when: &str) -> Known {
    Known {
        source,
        id: id.into(),
        at: at(when),
        place: None,
        org: Some(OrgId::try_from("plant").unwrap()),
        what: "罐区冒烟".into(),
        of: None,
        tells: matches!(source, Source::Public | Source::Unit),
        deaths: None,
        serious: None,
        missing: None,
    }
}

fn found(it: &Loop, known: &[Known], world: &World) -> Vec<(Wrong, usize)> {
    suspicions(it, known, &world.book, world.now)
        .iter()
        .map(|s| (s.wrong, s.evidence.len()))
        .collect()
}

/// Told at 02:00; it happened at 01:30.
fn told(world: &mut World, who: &str, learned: &str) -> Loop {
    let values = json!({"class": "accident", "what": "爆炸", "deaths": 1,
        "occurred_at": "2025-03-10T00:30:00Z", "learned_at": learned});
    world.open(who, "plant", values).0
}

#[test]
fn in_time_is_nothing() {
    let mut world = World::new();
    let it = told(&mut world, "unit", "2025-03-10T01:30:00Z");
    assert_eq!(found(&it, &[], &world), []);
    // What the neighbour saw half an hour before is within the unit's hour.
    assert_eq!(
        found(
            &it,
            &[piece(Source::Public, "a", "2025-03-10T01:30:00Z")],
            &world
        ),
        []
    );
}

#[test]
fn late_by_the_clock() {
    let mut world = World::new();
    let it = told(&mut world, "unit", "2025-03-10T00:40:00Z");
    assert_eq!(found(&it, &[], &world), [(Wrong::Late, 0)]);
    let all = suspicions(&it, &[], &world.book, world.now);
    assert_eq!(all[0].key, format!("{}:late", it.id));
    assert!(
        all[0].reasons[0].zh.contains("超过20分钟"),
        "{:?}",
        all[0].reasons
    );
}

#[test]
fn a_call_before_is_a_report() {
    let mut world = World::new();
    let mut it = told(&mut world, "unit", "2025-03-10T00:40:00Z");
    world.must(
        &mut it,
        "regulator",
        "receive",
        json!({"heard_at": "2025-03-10T01:20:00Z"}),
    );
    assert_eq!(found(&it, &[], &world), []);
}

#[test]
fn known_to_others_and_not_told() {
    let mut world = World::new();
    let it = told(&mut world, "grid", "2025-03-10T00:40:00Z");
    world.later(60);
    let public = piece(Source::Public, "a", "2025-03-10T00:50:00Z");
    assert_eq!(
        found(&it, std::slice::from_ref(&public), &world),
        [(Wrong::Late, 1), (Wrong::Omitted, 1)]
    );
    let alarm = piece(Source::Alarm, "b", "2025-03-10T00:35:00Z");
    assert_eq!(
        found(&it, &[public, alarm], &world),
        [(Wrong::Late, 2), (Wrong::Concealed, 2)]
    );
}

#[test]
fn told_a_day_after_its_own_alarm_is_hidden() {
    let mut world = World::new();
    world.later(26 * 60);
    let it = told(&mut world, "unit", "2025-03-11T03:30:00Z");
    let alarm = piece(Source::Alarm, "b", "2025-03-10T00:35:00Z");
    // The claim that it learned of it a day later is untrue too.
    assert_eq!(
        found(&it, &[alarm], &world),
        [(Wrong::Concealed, 1), (Wrong::False, 1)]
    );
}

#[test]
fn lower_figures_than_others_have() {
    let mut world = World::new();
    let it = told(&mut world, "unit", "2025-03-10T01:30:00Z");
    let mut hospital = piece(Source::Unit, "h", "2025-03-10T01:50:00Z");
    hospital.deaths = Some(1);
    assert_eq!(found(&it, std::slice::from_ref(&hospital), &world), []);
    hospital.deaths = Some(3);
    let all = suspicions(&it, &[hospital], &world.book, world.now);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].wrong, Wrong::False);
    assert_eq!(all[0].reasons[0].zh, "其他单位报告称死亡3人，单位报告1人");
}

#[test]
fn what_lies_elsewhere_or_otherwhen_is_not_held_against_it() {
    let mut world = World::new();
    let it = told(&mut world, "grid", "2025-03-10T00:40:00Z");
    world.later(60);
    let mut far = piece(Source::Public, "a", "2025-03-10T00:50:00Z");
    far.org = None;
    let early = piece(Source::Public, "b", "2025-03-09T20:00:00Z");
    assert_eq!(found(&it, &[far, early], &world), [(Wrong::Late, 0)]);
}

#[test]
fn passing_it_on_late_is_the_handlers() {
    let mut world = World::new();
    let mut it = told(&mut world, "unit", "2025-03-10T01:30:00Z");
    world.must(&mut it, "regulator", "receive", json!({}));
    world.later(121);
    let all = suspicions(&it, &[], &world.book, world.now);
    assert!(
        all.iter()
            .any(|s| s.org.as_str() == "dept-yingji" && s.reasons[0].zh.contains("逐级上报"))
    );
    let case = all[0].open(Some(&it));
    assert_eq!(
        case.parties.get(&Party::Handler),
        None,
        "nobody handles the case against himself"
    );
}

#[test]
fn what_nobody_reported() {
    let world = World::new();
    let mut public = piece(Source::Public, "a", "2025-03-09T22:00:00Z");
    public.place = Some(Place {
        lon: 112.85,
        lat: 35.50,
    });
    public.org = None;
    let none = unreported(
        std::slice::from_ref(&public),
        &[],
        &world.book,
        at("2025-03-09T23:05:00Z"),
    );
    assert!(none.is_empty(), "its hour is not past");
    let all = unreported(std::slice::from_ref(&public), &[], &world.book, world.now);
    assert_eq!(
        (all.len(), all[0].wrong, all[0].org.as_str()),
        (1, Wrong::Omitted, "office-anwei")
    );
    // One alarm alone is a sign only; with a silence beside it, it is suspicious.
    let mut alarm = piece(Source::Alarm, "b", "2025-03-09T22:10:00Z");
    alarm.place = Some(Place {
        lon: 112.852,
        lat: 35.501,
    });
    assert!(unreported(std::slice::from_ref(&alarm), &[], &world.book, world.now).is_empty());
    let silence = piece(Source::Silence, "c", "2025-03-09T22:20:00Z");
    let all = unreported(&[silence, alarm.clone()], &[], &world.book, world.now);
    assert_eq!((all.len(), all[0].wrong), (1, Wrong::Concealed));
    // Near one another they are one matter, and it is the plant's.
    let all = unreported(&[alarm, public], &[], &world.book, world.now);
    assert_eq!(
        (all.len(), all[0].org.as_str(), all[0].evidence.len()),
        (1, "plant", 2)
    );
}

#[test]
fn what_was_reported_is_not_unreported() {
    let mut world = World::new();
    let it = told(&mut world, "unit", "2025-03-10T01:30:00Z");
    world.later(300);
    let public = piece(Source::Public, "a", "2025-03-10T00:50:00Z");
    assert!(unreported(&[public], &[&it], &world.book, world.now).is_empty());
}

#[test]
fn a_suspicion_opens_a_case() {
    let mut world = World::new();
    let it = told(&mut world, "grid", "2025-03-10T00:40:00Z");
    world.later(60);
    let mut known = piece(Source::Alarm, "b", "2025-03-10T00:35:00Z");
    known.what = String::new();
    for suspicion in suspicions(&it, &[known], &world.book, world.now) {
        let case = world.open_by_system(suspicion.open(Some(&it)));
        assert_eq!(case.state, "suspected");
        assert_eq!(case.values.text("key"), suspicion.key);
        assert_eq!(case.grade.as_deref(), Some(suspicion.wrong.code()));
    }
}

proptest! {
    /// The order in which pieces are handed in changes nothing.
    #[test]
    fn order_does_not_matter(
        minutes in prop::collection::vec((-100i64..2000, 0usize..6, 0u32..5, any::<bool>()), 0..12),
        shift in 0usize..12,
    ) {
        let mut world = World::new();
        let it = told(&mut world, "grid", "2025-03-10T00:40:00Z");
        world.later(3000);
        let sources = [Source::Public, Source::Unit, Source::Internal, Source::Hazard, Source::Alarm, Source::Silence];
        let known: Vec<Known> = minutes
            .iter()
            .enumerate()
            .map(|(n, (minute, source, deaths, here))| {
                let mut known = piece(sources[*source], &format!("k{n}"), "2025-03-10T00:30:00Z");
                known.at += SignedDuration::from_mins(*minute);
                known.deaths = Some(*deaths);
                if !here {
                    known.org = None;
                    known.place = Some(Place { lon: 112.0 + f64::from(*deaths), lat: 35.0 });
                }
                known
            })
            .collect();
        let mut turned = known.clone();
        if !turned.is_empty() {
            let by = shift % turned.len();
            turned.rotate_left(by);
            turned.swap(0, by);
        }
        prop_assert_eq!(
            suspicions(&it, &known, &world.book, world.now),
            suspicions(&it, &turned, &world.book, world.now)
        );
        prop_assert_eq!(
            unreported(&known, &[&it], &world.book, world.now),
            unreported(&turned, &[&it], &world.book, world.now)
        );
    }
}
