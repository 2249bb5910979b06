//! Grades, clocks, gates, and nobody approving his own work.

use super::*;
use crate::id::{OrgId, PersonId};
use crate::loops::{Event, Mark, Open, Stage, Values};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use world::input;

mod world;
pub(crate) use world::World;

fn due(it: &Loop, clock: &str) -> Option<Timestamp> {
    it.clocks
        .iter()
        .rev()
        .find(|c| c.code == clock && c.runs())
        .map(|c| c.due)
}

fn code<T>(result: Result<T, Refusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.code, |_| "done")
}

#[test]
fn the_worst_of_the_three_tests_decides() {
    let world = World::new();
    for (deaths, serious, loss, grade) in [
        (3, 0, 0, "较大"),
        (2, 10, 0, "较大"),
        (0, 0, 10_000_000, "较大"),
        (2, 9, 9_999_999, "一般"),
        (10, 0, 0, "重大"),
        (9, 49, 49_999_999, "较大"),
        (0, 50, 0, "重大"),
        (30, 0, 0, "特别重大"),
        (29, 99, 99_999_999, "重大"),
        (0, 0, 100_000_000, "特别重大"),
        (0, 100, 0, "特别重大"),
        (0, 0, 0, "一般"),
        // What is not known is not nought.
        (-1, -1, -1, "-"),
        (-1, 10, -1, "较大"),
    ] {
        assert_eq!(
            world.grade(deaths, serious, loss),
            grade,
            "{deaths} {serious} {loss}"
        );
    }
}

#[test]
fn two_fields_are_enough_to_report() {
    let mut world = World::new();
    let (it, _) = world.open(
        "grid",
        "plant",
        json!({"class": "accident", "what": "罐区起火"}),
    );
    assert_eq!(
        (it.state.as_str(), it.title.as_str()),
        ("reported", "罐区起火")
    );
    assert_eq!(it.grade, None, "unknown stays unknown");
    let (it, _) = world.open(
        "grid",
        "plant",
        json!({"class": "accident", "voice": ["f"]}),
    );
    assert_eq!(it.title, "事故险情灾情");
    let said = world.with("grid", |context| {
        let mut open = Open::new("accident", OrgId::try_from("plant").unwrap(), String::new());
        open.values = input(json!({"class": "accident"}));
        Loop::open(open, context).map(|_| ())
    });
    assert_eq!(code(said), "nothing-said");
}

#[test]
fn the_unit_has_an_hour_from_when_it_learned() {
    let mut world = World::new();
    let (it, _) = world.open(
        "unit",
        "plant",
        json!({"class": "accident", "what": "爆炸", "occurred_at": "2025-03-10T00:30:00Z",
               "learned_at": "2025-03-10T00:40:00Z"}),
    );
    let clock = it.clocks.iter().find(|c| c.code == "unit").unwrap();
    assert_eq!(
        clock.due,
        "2025-03-10T01:40:00Z".parse::<Timestamp>().unwrap()
    );
    assert_eq!(clock.met, Some(world.now));
    assert!(clock.late(world.now), "reported at two, due by twenty to");
    assert!(clock.rule.contains("493") && clock.certain);
}

#[test]
fn a_unit_that_others_forestalled_still_has_to_report() {
    let mut world = World::new();
    let (mut it, _) = world.open(
        "grid",
        "plant",
        json!({"class": "accident", "what": "爆炸"}),
    );
    assert_eq!(
        due(&it, "unit-itself"),
        Some(world.now + SignedDuration::from_hours(1))
    );
    assert!(due(&it, "unit").is_none());
    world.later(30);
    // The grid worker may not speak for the unit.
    let said = json!({"unit_account": "三号罐爆炸"});
    assert_eq!(
        code(world.act(&mut it, "grid", "unit-report", said.clone())),
        "not-permitted"
    );
    world.must(&mut it, "unit", "unit-report", said);
    assert!(due(&it, "unit-itself").is_none());
    assert!(
        !it.clocks
            .iter()
            .find(|c| c.code == "unit-itself")
            .unwrap()
            .late(world.now)
    );
}

#[test]
fn a_report_counts_when_it_arrives_not_when_it_claims() {
    let mut world = World::new();
    let (mut it, _) = world.open(
        "grid",
        "plant",
        json!({"class": "accident", "what": "爆炸"}),
    );
    let opened = world.now;
    world.later(180);
    let event = Event::Moved(Box::new(crate::loops::Moved {
        code: "unit-report".into(),
        from: "reported".into(),
        to: "reported".into(),
        values: Values::new(),
        parties: std::collections::BTreeMap::new(),
        clocks: Vec::new(),
        met: vec!["unit-itself".into()],
        stopped: Vec::new(),
        grade: None,
        by_org: None,
    }));
    let person = PersonId::try_from("unit").unwrap();
    let mark = Mark {
        by: Some(&person),
        happened: opened,
        recorded: world.now,
        version: 2,
    };
    it.apply(&event, mark);
    let clock = it.clocks.iter().find(|c| c.code == "unit-itself").unwrap();
    assert_eq!(clock.met, Some(world.now));
}

fn received(world: &mut World, values: Json) -> Loop {
    let (mut it, _) = world.open("unit", "plant", values);
    world.later(5);
    world.must(&mut it, "regulator", "receive", json!({}));
    it
}

#[test]
fn each_level_has_two_hours_and_again_when_it_turns_out_graver() {
    let mut world = World::new();
    let mut it = received(
        &mut world,
        json!({"class": "accident", "what": "坍塌", "deaths": 1}),
    );
    let from = world.now;
    assert_eq!(it.grade.as_deref(), Some("ordinary"));
    assert_eq!(
        due(&it, "level"),
        Some(from + SignedDuration::from_hours(2))
    );
    assert!(
        due(&it, "phone").is_none(),
        "no telephone report for an ordinary one"
    );
    world.later(20);
    let told = json!({"told": [{"to": "市应急局", "how": "system", "at": world.now.to_string(),
                                "received_at": world.now.to_string(), "receipt": "值班室"}]});
    world.must(&mut it, "regulator", "pass-on", told.clone());
    assert!(due(&it, "level").is_none());
    world.later(60);
    world.must(
        &mut it,
        "unit",
        "figures",
        json!({"change": "new", "deaths": 3}),
    );
    assert_eq!(it.grade.as_deref(), Some("major"));
    assert_eq!(
        due(&it, "level"),
        Some(world.now + SignedDuration::from_hours(2))
    );
    assert_eq!(
        due(&it, "phone"),
        Some(world.now + SignedDuration::from_hours(1))
    );
    // Changed figures go up on the same day.
    assert_eq!(
        due(&it, "figures"),
        Some(crate::loops::days_after(world.now, 0))
    );
    world.later(10);
    world.must(&mut it, "regulator", "phone", json!({"to": "省应急厅"}));
    world.must(&mut it, "regulator", "pass-on", told);
    assert_eq!(it.values.rows("told").len(), 3, "who was told is kept");
    assert!(
        ["level", "phone", "figures"]
            .iter()
            .all(|clock| due(&it, clock).is_none())
    );
    // Nothing begins anew when nothing is graver.
    world.must(
        &mut it,
        "unit",
        "figures",
        json!({"change": "new", "minor": 4}),
    );
    assert!(due(&it, "level").is_none() && due(&it, "phone").is_none());
}

#[test]
fn follow_ups_are_due_daily_and_twice_from_serious() {
    let mut world = World::new();
    let mut it = received(
        &mut world,
        json!({"class": "accident", "what": "坍塌", "deaths": 1}),
    );
    let from = world.now;
    assert_eq!(
        due(&it, "follow-up"),
        Some(from + SignedDuration::from_hours(24))
    );
    world.later(60);
    world.must(
        &mut it,
        "regulator",
        "figures",
        json!({"change": "new", "deaths": 10}),
    );
    assert_eq!(
        due(&it, "follow-up"),
        Some(from + SignedDuration::from_hours(12))
    );
    world.later(60);
    world.must(
        &mut it,
        "regulator",
        "follow-up",
        json!({"progress": "搜救中"}),
    );
    assert_eq!(
        due(&it, "follow-up"),
        Some(world.now + SignedDuration::from_hours(12))
    );
    world.must(
        &mut it,
        "regulator",
        "final",
        json!({"final_account": "救援结束"}),
    );
    assert_eq!(it.state, "stable");
    assert!(due(&it, "follow-up").is_none());
}

#[test]
fn a_change_counts_within_thirty_days_and_corrections_may_lower() {
    let mut world = World::new();
    let mut it = received(
        &mut world,
        json!({"class": "accident", "what": "坍塌", "type": "WSA10012", "deaths": 2}),
    );
    // The thirtieth day after it, to its end.
    world.later(30 * 24 * 60);
    world.must(
        &mut it,
        "unit",
        "figures",
        json!({"change": "new", "deaths": 3}),
    );
    assert_eq!(it.grade.as_deref(), Some("major"));
    world.later(24 * 60);
    world.must(
        &mut it,
        "unit",
        "figures",
        json!({"change": "new", "deaths": 10}),
    );
    assert_eq!(it.values.number("deaths"), Some(10.0), "shown");
    assert_eq!(it.values.number("counted_deaths"), Some(3.0), "not counted");
    assert_eq!(it.grade.as_deref(), Some("major"));
    assert!(it.values.yes("not_counted"));
    // One more died within the window and was only now told.
    let late = json!({"change": "new", "deaths": 11, "changed_at": "2025-04-01T00:00:00Z"});
    world.must(&mut it, "unit", "figures", late);
    assert_eq!(it.values.number("counted_deaths"), Some(4.0));
    // Two had been counted twice from the first.
    assert_eq!(
        code(world.act(
            &mut it,
            "unit",
            "figures",
            json!({"change": "new", "deaths": 9})
        )),
        "lowered"
    );
    let corrected = json!({"change": "correct", "deaths": 9, "basis": "重复统计"});
    world.must(&mut it, "unit", "figures", corrected);
    assert_eq!(it.values.number("counted_deaths"), Some(2.0));
    assert_eq!(it.grade.as_deref(), Some("ordinary"));
}

#[test]
fn traffic_and_fire_have_seven_days() {
    for (kind, days, grade) in [
        ("WSA10009", 7, "major"),
        ("WSA10009", 8, "ordinary"),
        ("WSA10003", 8, "ordinary"),
        ("WSA10012", 8, "major"),
    ] {
        let mut world = World::new();
        let mut it = received(
            &mut world,
            json!({"class": "accident", "what": "事故", "type": kind, "deaths": 1}),
        );
        world.later(days * 24 * 60);
        world.must(
            &mut it,
            "unit",
            "figures",
            json!({"change": "new", "deaths": 3}),
        );
        assert_eq!(it.grade.as_deref(), Some(grade), "{kind} after {days} days");
    }
}

#[test]
fn incidents_are_marked_and_those_that_hurt_are_accidents() {
    let mut world = World::new();
    let (it, _) = world.open(
        "unit",
        "plant",
        json!({"class": "incident", "what": "透水", "trapped": 2}),
    );
    assert_eq!(it.grade, None);
    let mut it = received(
        &mut world,
        json!({"class": "incident", "what": "透水", "trapped": 1, "missing": 2}),
    );
    assert_eq!(it.grade.as_deref(), Some(AT_RISK));
    assert!(due(&it, "phone").is_some(), "told like a 较大 one");
    assert!(due(&it, "investigate").is_none());
    world.must(
        &mut it,
        "unit",
        "figures",
        json!({"change": "new", "deaths": 1}),
    );
    assert_eq!(it.values.text("class"), "accident");
    assert_eq!(it.grade.as_deref(), Some("ordinary"));
    assert!(due(&it, "investigate").is_some());
}

#[test]
fn disasters_have_clocks_of_their_own() {
    let mut world = World::new();
    let (mut it, _) = world.open(
        "town",
        "town-a",
        json!({"class": "disaster", "what": "山洪", "disaster": "flood",
               "occurred_at": "2025-03-10T01:50:00Z"}),
    );
    let clock = it.clocks.iter().find(|c| c.code == "town").unwrap();
    assert!(clock.met.is_some() && !clock.late(world.now) && !clock.certain);
    world.later(10);
    world.must(&mut it, "office", "receive", json!({}));
    assert_eq!(
        due(&it, "county"),
        Some("2025-03-10T03:50:00Z".parse().unwrap())
    );
    assert_eq!(
        due(&it, "zero"),
        Some("2025-03-11T01:00:00Z".parse().unwrap()),
        "nine o'clock"
    );
    assert!(due(&it, "level").is_none() && due(&it, "follow-up").is_none());
    world.later(24 * 60);
    world.must(&mut it, "office", "zero-report", json!({}));
    assert_eq!(
        due(&it, "zero"),
        Some("2025-03-12T01:00:00Z".parse().unwrap())
    );
    world.must(
        &mut it,
        "office",
        "stand-down",
        json!({"stood_down_basis": "水位回落"}),
    );
    assert!(due(&it, "zero").is_none() && due(&it, "verify").is_some());
    world.must(
        &mut it,
        "office",
        "final",
        json!({"final_account": "核报完毕"}),
    );
    world.must(&mut it, "office", "finish", json!({}));
    assert_eq!(it.stage(), Stage::Closed);
}

#[test]
fn who_investigates_follows_the_grade() {
    let mut world = World::new();
    let team = json!([{"unit": "区应急局", "post": "副局长", "role": "leader"}]);
    let set_up = |convener: &str| json!({"convener": convener, "team": team});
    let mut it = received(&mut world, json!({"class": "accident", "what": "中毒"}));
    assert_eq!(
        code(world.act(&mut it, "regulator", "investigate", set_up("county"))),
        "no-grade"
    );
    world.must(
        &mut it,
        "unit",
        "figures",
        json!({"change": "new", "deaths": 3}),
    );
    assert_eq!(
        code(world.act(&mut it, "regulator", "investigate", set_up("county"))),
        "convener"
    );
    world.must(&mut it, "regulator", "investigate", set_up("city"));
    world.must(
        &mut it,
        "regulator",
        "hand-over",
        json!({"upper_level": "city", "upper_basis": "晋市政函〔2025〕1号", "reason": "较大事故"}),
    );
    assert_eq!(it.state, "upper");
    assert!(due(&it, "investigate").is_none());
    world.must(
        &mut it,
        "regulator",
        "upper-report",
        json!({"approval_number": "晋市政函〔2025〕9号", "report_files": ["f"]}),
    );
    assert_eq!(it.state, "approved");
    assert!(due(&it, "look-back").is_some());
}

fn investigated(world: &mut World) -> Loop {
    let mut it = received(
        world,
        json!({"class": "accident", "what": "机械伤害", "deaths": 1, "type": "WSA10004"}),
    );
    let team = json!([{"unit": "区应急局", "post": "副局长", "role": "leader"}]);
    world.later(60);
    world.must(
        &mut it,
        "regulator",
        "investigate",
        json!({"convener": "county", "team": team}),
    );
    it
}

fn report() -> Json {
    json!({"report_unit": "某厂", "report_course": "经过", "report_harm": "1死", "nature": "responsible",
           "report_liability": "责任", "report_prevention": "措施", "report_files": ["f"]})
}

#[test]
fn four_gates_and_a_look_back_before_it_is_closed() {
    let mut world = World::new();
    let mut it = investigated(&mut world);
    assert_eq!(
        code(world.act(&mut it, "regulator", "submit-report", report())),
        "no-cause"
    );
    world.must(
        &mut it,
        "regulator",
        "gate-cause",
        json!({"cause_direct": "防护缺失", "cause_indirect": "培训不足", "cause_files": ["f"]}),
    );
    world.later(60);
    world.must(&mut it, "regulator", "submit-report", report());
    assert_eq!(
        due(&it, "approve"),
        Some(crate::loops::days_after(world.now, 15))
    );
    let approve = json!({"approval": "approve", "approval_number": "区政函〔2025〕3号"});
    assert_eq!(
        code(world.act(&mut it, "regulator", "approve-report", approve.clone())),
        "own-work"
    );
    world.must(&mut it, "office", "approve-report", approve);
    assert_eq!(it.state, "approved");
    assert_eq!(
        due(&it, "look-back"),
        Some(crate::loops::days_after(world.now, 365))
    );
    assert_eq!(
        code(world.act(&mut it, "office", "close", json!({}))),
        "gates-open"
    );
    for (gate, values) in [
        (
            "gate-people",
            json!({"people_result": "已处理", "people_files": ["f"]}),
        ),
        (
            "gate-measures",
            json!({"measures_result": "已落实", "measures_files": ["f"]}),
        ),
    ] {
        world.must(&mut it, "regulator", gate, values);
        assert_eq!(
            code(world.act(&mut it, "office", "close", json!({}))),
            "gates-open"
        );
    }
    let taught = json!({"education_result": "全员培训"});
    assert_eq!(
        code(world.act(&mut it, "regulator", "gate-education", taught)),
        "missing-field",
        "each gate needs its evidence"
    );
    world.must(
        &mut it,
        "regulator",
        "gate-education",
        json!({"education_result": "全员培训", "education_files": ["f"]}),
    );
    assert_eq!(
        code(world.act(&mut it, "office", "close", json!({}))),
        "not-looked-back"
    );
    let decided = world.must(
        &mut it,
        "regulator",
        "findings",
        json!({"findings": [{"unit": "plant", "measure": "加装防护", "due": "2025-06-01"},
                            {"unit": "town-a", "measure": "排查同类设备", "due": "2025-07-01"}]}),
    );
    let kinds: Vec<_> = decided
        .follows
        .iter()
        .map(|o| (o.kind.as_str(), o.org.as_str()))
        .collect();
    assert_eq!(kinds, [("measure", "plant"), ("measure", "town-a")]);
    for open in decided.follows {
        assert_eq!(world.open_by_system(open).kind, "measure");
    }
    world.later(200 * 24 * 60);
    world.must(
        &mut it,
        "regulator",
        "look-back",
        json!({"evaluation": "all", "evaluation_report": "已落实",
               "evaluation_published": crate::calendar::date_of(world.now).to_string()}),
    );
    assert_eq!(
        code(world.act(&mut it, "regulator", "close", json!({}))),
        "own-work"
    );
    world.must(&mut it, "deputy", "close", json!({}));
    assert_eq!(it.stage(), Stage::Closed);
    assert!(it.clocks.iter().all(|clock| !clock.runs()));
}

#[test]
fn an_investigation_is_extended_once_by_somebody_else() {
    let mut world = World::new();
    let mut it = investigated(&mut world);
    let base = due(&it, "investigate").unwrap();
    assert_eq!(
        base,
        "2025-05-09T15:59:59Z".parse::<Timestamp>().unwrap(),
        "60 days, to their end"
    );
    let ask = |to: &str| json!({"extend_to": to, "extend_reason": "案情复杂"});
    assert_eq!(
        code(world.act(&mut it, "regulator", "ask-extension", ask("2025-07-09"))),
        "extension-too-long"
    );
    world.must(&mut it, "regulator", "ask-extension", ask("2025-07-08"));
    let yes = json!({"extension": "approve"});
    assert_eq!(
        code(world.act(&mut it, "regulator", "decide-extension", yes.clone())),
        "own-work"
    );
    world.must(&mut it, "deputy", "decide-extension", yes);
    assert_eq!(
        due(&it, "investigate"),
        Some("2025-07-08T15:59:59Z".parse().unwrap())
    );
    assert_eq!(
        code(world.act(&mut it, "regulator", "ask-extension", ask("2025-07-20"))),
        "extended"
    );
    // What an appraisal takes is not counted.
    world.must(
        &mut it,
        "regulator",
        "appraise",
        json!({"appraisal": "设备鉴定", "appraisal_days": 10, "appraisal_files": ["f"]}),
    );
    assert_eq!(
        due(&it, "investigate"),
        Some("2025-07-18T15:59:59Z".parse().unwrap())
    );
}

#[test]
fn a_report_that_is_late_can_no_longer_be_extended() {
    let mut world = World::new();
    let mut it = investigated(&mut world);
    world.later(61 * 24 * 60);
    let ask = json!({"extend_to": "2025-06-01", "extend_reason": "案情复杂"});
    assert_eq!(
        code(world.act(&mut it, "regulator", "ask-extension", ask)),
        "no-time-runs"
    );
}

#[test]
fn people_are_warned_once_by_what_is_major_or_typical() {
    let mut world = World::new();
    let (_, decided) = world.open(
        "unit",
        "plant",
        json!({"class": "accident", "what": "爆炸", "deaths": 3}),
    );
    assert_eq!(decided.follows.len(), 1);
    assert_eq!(decided.follows[0].kind, "warning");
    for open in decided.follows {
        assert_eq!(world.open_by_system(open).kind, "warning");
    }
    let mut it = received(
        &mut world,
        json!({"class": "accident", "what": "坍塌", "deaths": 1}),
    );
    let why = json!({"typical_reason": "同类多发"});
    assert_eq!(
        code(world.act(&mut it, "town", "typical", why.clone())),
        "not-permitted"
    );
    assert_eq!(
        world
            .must(&mut it, "office", "typical", why.clone())
            .follows
            .len(),
        1
    );
    assert!(
        world
            .must(&mut it, "office", "typical", why)
            .follows
            .is_empty()
    );
    let worse = world.must(
        &mut it,
        "unit",
        "figures",
        json!({"change": "new", "deaths": 4}),
    );
    assert!(worse.follows.is_empty());
}

#[test]
fn who_told_does_not_find_that_it_was_none() {
    let mut world = World::new();
    let (mut it, _) = world.open(
        "regulator",
        "plant",
        json!({"class": "accident", "what": "猝死"}),
    );
    let none = json!({"reason": "疾病死亡", "not_accident_files": ["f"]});
    assert_eq!(
        code(world.act(&mut it, "regulator", "not-accident", none.clone())),
        "own-work"
    );
    world.must(&mut it, "deputy", "not-accident", none);
    assert_eq!(it.stage(), Stage::Ended);
}

#[test]
fn an_accident_is_not_closed_like_an_incident() {
    let mut world = World::new();
    let mut it = received(
        &mut world,
        json!({"class": "accident", "what": "坍塌", "deaths": 1}),
    );
    world.must(
        &mut it,
        "regulator",
        "final",
        json!({"final_account": "结束"}),
    );
    assert_eq!(
        code(world.act(&mut it, "regulator", "finish", json!({}))),
        "is-an-accident"
    );
}

#[test]
fn nothing_is_learned_before_it_happens_nor_in_the_future() {
    let mut world = World::new();
    let (mut it, _) = world.open(
        "unit",
        "plant",
        json!({"class": "accident", "what": "坍塌"}),
    );
    for (values, refusal) in [
        (
            json!({"occurred_at": "2025-03-11T00:00:00Z", "amend_reason": "-"}),
            "future",
        ),
        (
            json!({"occurred_at": "2025-03-10T01:00:00Z", "learned_at": "2025-03-10T00:59:00Z",
                   "amend_reason": "-"}),
            "bad-value",
        ),
        (
            json!({"occurred_at": "2025-03-10T01:00:00Z", "amend_reason": "-"}),
            "done",
        ),
    ] {
        assert_eq!(
            code(world.act(&mut it, "regulator", "amend", values)),
            refusal
        );
    }
}
