//! What citizens report.

use super::*;
use crate::loops::field::Read;

fn reported(d: &mut District, kind: &str) -> Loop {
    let duty = who(Role::Duty, "district", 1);
    let said = json!({"what": "气瓶间夜里有人抽烟，我住对面", "kind": kind, "channel": "phone"});
    d.open("report", "works", Some(&duty), said).unwrap().0
}

/// Up to the verification, by the town.
fn assigned(d: &District, it: &mut Loop) {
    let duty = who(Role::Duty, "district", 1);
    d.make(it, &duty, "take-up", json!({})).unwrap();
    d.make(it, &duty, "assign", json!({"handler": "town-a"}))
        .unwrap();
}

fn town(n: u32) -> Actor {
    who(Role::Town, "town-a", n)
}

#[test]
fn whoever_is_reported_never_sees_it() {
    let mut d = District::new();
    let it = reported(&mut d, "hazard");
    for role in [Role::Enterprise, Role::Safety] {
        assert!(!it.may_read(&who(role, "works", 1), &d.tree));
    }
    assert!(it.may_read(&town(1), &d.tree) && !it.may_read(&who(Role::Town, "town-b", 1), &d.tree));
    let mut it = it;
    let duty = who(Role::Duty, "district", 1);
    d.make(&mut it, &duty, "take-up", json!({})).unwrap();
    assert_eq!(
        code(d.make(&mut it, &duty, "assign", json!({"handler": "works"}))),
        "to-enterprise handler"
    );
}

#[test]
fn the_public_page_opens_it_and_nobody_is_named() {
    let mut d = District::new();
    let said = json!({"what": "楼道堆放液化气瓶", "kind": "hazard"});
    let (it, _) = d.open("report", "town-a", None, said.clone()).unwrap();
    assert_eq!(it.did["open"].by, None);
    assert!(it.number.starts_with("JB-2026-"), "{}", it.number);
    let mut named = said;
    named["name"] = json!("某人");
    assert_eq!(
        code(d.open("report", "town-a", None, named)),
        "unknown-field name"
    );
}

#[test]
fn a_hidden_accident_is_looked_into_within_five_days_and_two_months() {
    let mut d = District::new();
    d.now = "2025-12-31T01:00:00Z".parse().unwrap();
    let mut it = reported(&mut d, "hidden-accident");
    assert_eq!(
        (
            due(&it, "first-check").as_str(),
            due(&it, "full-result").as_str()
        ),
        ("2026-01-05", "2026-02-28")
    );
    assert!(
        it.clocks
            .iter()
            .filter(|c| c.code != "take-up")
            .all(|c| c.certain)
    );
    assigned(&d, &mut it);
    d.make(
        &mut it,
        &town(1),
        "preliminary",
        json!({"preliminary": "现场有痕迹"}),
    )
    .unwrap();
    assert_eq!(
        (
            due(&it, "first-check").as_str(),
            due(&it, "full-result").as_str()
        ),
        ("", "2026-02-28")
    );

    // Seen only when it was taken up.
    let mut it = reported(&mut d, "other");
    let duty = who(Role::Duty, "district", 1);
    d.days(&mut it, 1);
    d.make(
        &mut it,
        &duty,
        "take-up",
        json!({"kind": "hidden-accident"}),
    )
    .unwrap();
    assert_eq!(due(&it, "first-check"), "2026-01-06");
}

#[test]
fn what_is_confirmed_becomes_a_hazard_in_the_words_of_the_authority() {
    let mut d = District::new();
    let mut it = reported(&mut d, "hazard");
    assigned(&d, &mut it);
    let verify = json!({"finding": "confirmed", "facts": "夜查属实", "leads_to": "hazard", "lead_what": "气瓶间违规动火"});
    let opens = d.make(&mut it, &town(1), "verify", verify).unwrap();
    let (hazard, _) = d.opened(opens[0].clone(), None).unwrap();
    assert_eq!(
        (hazard.kind.as_str(), hazard.org.as_str()),
        ("hazard", "works")
    );
    assert_eq!(hazard.values.text("what"), "气瓶间违规动火");
    assert_eq!(hazard.values.text("source"), "citizen");
    assert_eq!(hazard.party(Party::Handler), Some(&id("town-a")));

    let mut it = reported(&mut d, "hazard");
    assigned(&d, &mut it);
    let opens = d
        .make(
            &mut it,
            &town(1),
            "verify",
            json!({"finding": "not", "facts": "未发现"}),
        )
        .unwrap();
    assert!(opens.is_empty());
    let answer = json!({"answer": "感谢", "answered": "phone", "reward": "yes"});
    assert_eq!(
        code(d.make(&mut it, &town(1), "answer", answer)),
        "not-confirmed reward"
    );
}

fn rewarding(d: &mut District) -> Loop {
    let mut it = reported(d, "breach");
    assigned(d, &mut it);
    let verify = json!({"finding": "partly", "facts": "属实", "leads_to": "none"});
    assert!(
        d.make(&mut it, &town(1), "verify", verify)
            .unwrap()
            .is_empty()
    );
    let answer = json!({"answer": "已处罚", "answered": "page", "reward": "yes"});
    d.make(&mut it, &town(1), "answer", answer).unwrap();
    it
}

#[test]
fn a_reward_is_worked_out_decided_by_another_and_paid_against_a_code() {
    let mut d = District::new();
    let mut it = rewarding(&mut d);
    let work = json!({"basis": "fine", "fine": 50_000, "first": "yes", "own_staff": false});
    d.make(&mut it, &town(1), "work-reward", work).unwrap();
    assert_eq!(it.values.number("reward_yuan"), Some(7_500.0));
    let approve = json!({"decision": "approve", "budget": "举报奖励专项"});
    assert_eq!(
        code(d.make(&mut it, &town(1), "decide-reward", approve.clone())),
        "own-work"
    );
    d.make(&mut it, &town(2), "decide-reward", approve).unwrap();
    let pay = json!({"pay_code": "K7Q2-9F", "paid_on": "2026-03-02", "voucher": "2026-118"});
    assert_eq!(
        code(d.make(&mut it, &town(1), "pay", pay.clone())),
        "own-work"
    );
    d.make(&mut it, &town(2), "pay", pay).unwrap();
    assert_eq!(
        (it.stage(), it.values.number("paid_yuan")),
        (Stage::Closed, Some(7_500.0))
    );
    assert!(
        !serde_json::to_string(&it).unwrap().contains("K7Q2"),
        "the code stands nowhere"
    );
}

#[test]
fn only_the_first_report_of_a_matter_is_paid() {
    let mut d = District::new();
    let mut it = rewarding(&mut d);
    let work =
        json!({"basis": "concealed", "accident_grade": "ordinary", "deaths": 1, "first": "no"});
    d.make(&mut it, &town(1), "work-reward", work).unwrap();
    assert_eq!(it.values.number("reward_yuan"), Some(0.0));
    d.make(
        &mut it,
        &office(1),
        "decide-reward",
        json!({"decision": "approve", "budget": "无"}),
    )
    .unwrap();
    assert_eq!(it.stage(), Stage::Closed);
}

#[test]
fn the_same_matter_is_merged_but_never_into_itself() {
    let mut d = District::new();
    let (mut one, other) = (reported(&mut d, "hazard"), reported(&mut d, "hazard"));
    let duty = who(Role::Duty, "district", 1);
    let itself = json!({"into": one.id.to_string()});
    assert_eq!(
        code(d.make(&mut one, &duty, "merge", itself)),
        "itself into"
    );
    d.make(
        &mut one,
        &duty,
        "merge",
        json!({"into": other.id.to_string()}),
    )
    .unwrap();
    assert_eq!(
        (one.stage(), one.values.text("into")),
        (Stage::Ended, other.id.as_str())
    );
}
