//! What stays inside an enterprise, and its pledges.

use super::*;
use crate::loops::field::Read;

fn safety(n: u32) -> Actor {
    who(Role::Safety, "works", n)
}

fn chief() -> Actor {
    who(Role::Enterprise, "works", 1)
}

fn recorded(d: &mut District, degree: &str) -> Loop {
    let seen = json!({
        "violation": "no-ppe", "degree": degree, "facts": "进入装置区未戴安全帽", "post": "操作工", "employee": "0417",
    });
    d.open("violation", "works", Some(&safety(1)), seen)
        .unwrap()
        .0
}

#[test]
fn what_stays_inside_is_seen_by_nobody_outside() {
    let mut d = District::new();
    let it = recorded(&mut d, "minor");
    let (internal, _) = d
        .open(
            "internal",
            "works",
            None,
            json!({"what": "护栏松动", "kind": "hazard"}),
        )
        .unwrap();
    for it in [&it, &internal] {
        for other in [
            office(1),
            d.regulator(1),
            who(Role::Town, "town-a", 1),
            who(Role::Leader, "district", 1),
        ] {
            assert!(
                !it.may_read(&other, &d.tree),
                "{} {}",
                it.kind,
                other.person
            );
        }
        assert!(it.may_read(&chief(), &d.tree));
    }
    let town = d.open(
        "internal",
        "town-a",
        None,
        json!({"what": "护栏松动", "kind": "hazard"}),
    );
    assert_eq!(code(town), "not-enterprise org");
}

#[test]
fn a_colleague_decides_but_never_whoever_recorded_it() {
    let mut d = District::new();
    let mut it = recorded(&mut d, "minor");
    let decide = json!({"finding": "confirmed", "times": 0, "opinion": "属实"});
    assert_eq!(
        code(d.make(&mut it, &safety(1), "decide", decide.clone())),
        "own-work"
    );
    d.make(&mut it, &chief(), "decide", decide).unwrap();
    assert_eq!(
        it.stage(),
        Stage::Closed,
        "a first minor one asks for no training"
    );
}

#[test]
fn the_ladder_weighs_how_often_and_how_grave() {
    let mut d = District::new();
    let mut it = recorded(&mut d, "minor");
    let decide = json!({"finding": "confirmed", "times": 2, "opinion": "一年内第三次"});
    d.make(&mut it, &chief(), "decide", decide).unwrap();
    assert_eq!(it.state, "training");
    assert_eq!(
        (
            it.values.number("due_training"),
            it.values.number("penalty")
        ),
        (Some(8.0), Some(200.0))
    );
    let train =
        |hours: u32| json!({"trained_on": "2026-03-02", "hours": hours, "training": "岗位规程"});
    assert_eq!(
        code(d.make(&mut it, &safety(1), "train", train(7))),
        "too-short hours"
    );
    d.make(&mut it, &safety(1), "train", train(8)).unwrap();
    let exam = |passed: &str| json!({"examined_on": "2026-03-02", "passed": passed});
    d.make(&mut it, &safety(1), "examine", exam("fail"))
        .unwrap();
    assert_eq!(it.state, "training", "whoever fails is trained again");
    d.make(&mut it, &safety(1), "train", train(8)).unwrap();
    d.make(&mut it, &safety(1), "examine", exam("pass"))
        .unwrap();
    assert_eq!(it.stage(), Stage::Closed);

    // Judged graver than it was recorded.
    let mut it = recorded(&mut d, "minor");
    let decide = json!({"finding": "confirmed", "times": 0, "degree": "grave", "penalty": 800, "opinion": "险些致伤"});
    d.make(&mut it, &chief(), "decide", decide).unwrap();
    assert_eq!(
        (it.grade.as_deref(), it.values.number("due_training")),
        (Some("grave"), Some(24.0))
    );
    assert_eq!(
        it.values.number("penalty"),
        Some(800.0),
        "what was decided stands"
    );
}

#[test]
fn the_person_may_object_and_it_may_be_withdrawn() {
    let mut d = District::new();
    let mut it = recorded(&mut d, "serious");
    d.make(
        &mut it,
        &safety(2),
        "object",
        json!({"objection": "当时在休息区"}),
    )
    .unwrap();
    let withdraw = json!({"finding": "withdrawn", "opinion": "监控显示不在作业区"});
    assert_eq!(
        code(d.make(&mut it, &safety(2), "decide", withdraw.clone())),
        "own-work"
    );
    d.make(&mut it, &chief(), "decide", withdraw).unwrap();
    assert_eq!((it.stage(), it.state.as_str()), (Stage::Ended, "withdrawn"));
    assert!(!it.values.has("due_yuan"));
}

#[test]
fn what_an_employee_reports_becomes_a_hazard_and_is_rewarded_by_another() {
    let mut d = District::new();
    let said = json!({"what": "护栏松动", "kind": "hazard", "spot": "二层平台"});
    let (mut it, _) = d.open("internal", "works", None, said).unwrap();
    d.make(&mut it, &safety(1), "take-up", json!({})).unwrap();
    let verify = json!({"finding": "confirmed", "facts": "属实", "register": "yes"});
    let opens = d.make(&mut it, &safety(1), "verify", verify).unwrap();
    let (hazard, _) = d.opened(opens[0].clone(), None).unwrap();
    assert_eq!(
        (hazard.values.text("source"), hazard.values.text("spot")),
        ("employee", "二层平台")
    );
    assert_eq!(hazard.party(Party::Handler), Some(&id(&d.gas())));
    d.make(
        &mut it,
        &safety(1),
        "answer",
        json!({"answer": "谢谢", "reward": "yes"}),
    )
    .unwrap();
    let propose = json!({"reward_yuan": 300, "reward_rule": "奖励办法第五条"});
    d.make(&mut it, &safety(1), "propose-reward", propose)
        .unwrap();
    let approve = json!({"decision": "approve", "budget": "安全生产费用"});
    assert_eq!(
        code(d.make(&mut it, &safety(1), "decide-reward", approve.clone())),
        "own-work"
    );
    d.make(&mut it, &safety(2), "decide-reward", approve)
        .unwrap();
    d.make(&mut it, &safety(1), "pay", json!({"paid_on": "2026-03-02"}))
        .unwrap();
    assert_eq!(
        (it.stage(), it.values.number("paid_yuan")),
        (Stage::Closed, Some(300.0))
    );
}

#[test]
fn a_principal_who_does_not_renew_climbs_the_ladder_and_staff_do_not() {
    let mut d = District::new();
    let pledge = |who: &str| json!({"who": who, "what": "履职尽责", "post": "总经理", "people": 1, "signed_on": "2026-03-02", "valid_until": "2026-06-30"});
    let (mut principal, _) = d
        .open("pledge", "works", Some(&chief()), pledge("principal"))
        .unwrap();
    let (mut staff, _) = d
        .open("pledge", "works", Some(&chief()), pledge("staff"))
        .unwrap();
    let broken = json!({"breach": "未带班", "consequence": "约谈"});
    d.make(&mut principal, &chief(), "breach", broken.clone())
        .unwrap();
    let regulator = d.regulator(1);
    d.make(&mut principal, &regulator, "breach", broken)
        .unwrap();
    assert_eq!(principal.values.number("breaches"), Some(2.0));
    let now = d.now;
    assert!(!d.days(&mut principal, 180).is_empty());
    d.now = now;
    assert!(d.days(&mut staff, 180).is_empty());
    assert!(
        staff.clocks.iter().any(|c| c.fell),
        "the deadline is told all the same"
    );
    let renewed = json!({"signed_on": "2026-08-29", "valid_until": "2027-06-30", "people": 1});
    d.make(&mut principal, &chief(), "renew", renewed).unwrap();
    assert_eq!(due(&principal, "renew"), "2027-06-30");
}
