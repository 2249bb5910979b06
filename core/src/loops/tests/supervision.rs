//! Circular, interview, listing, patrol, measure, problem, referral, exposure, warning.

use super::*;
use crate::loops::exposure;
use crate::loops::field::Read;

#[test]
fn a_listing_keeps_the_deadline_it_was_proposed_with() {
    let mut d = District::new();
    let proposed =
        json!({"what": "储罐区紧急切断缺失", "level": "district", "deadline": "2026-05-31"});
    let (mut it, _) = d.open("listing", "works", None, proposed).unwrap();
    let publish = json!({"demands": "限期整改", "notice": "公示", "media": "区政府网站"});
    d.make(&mut it, &office(1), "publish", publish.clone())
        .unwrap();
    assert_eq!(due(&it, "rectify"), "2026-05-31");
    assert_eq!(it.grade.as_deref(), Some("district"));

    let (mut it, _) = d
        .open("listing", "works", None, json!({"what": "隐患"}))
        .unwrap();
    assert_eq!(
        code(d.make(&mut it, &office(1), "publish", publish.clone())),
        "missing-field level"
    );
    let mut levelled = publish;
    levelled["level"] = json!("city");
    assert_eq!(
        code(d.make(&mut it, &office(1), "publish", levelled)),
        "missing-field deadline"
    );
}

#[test]
fn a_listing_is_taken_off_by_others_than_those_who_asked() {
    let mut d = District::new();
    let given = json!({"what": "隐患", "level": "district", "deadline": "2026-05-31"});
    let (mut it, _) = d.open("listing", "works", None, given).unwrap();
    let publish = json!({"demands": "限期整改", "notice": "公示", "media": "区政府网站"});
    let chief = who(Role::Enterprise, "works", 1);
    let regulator = d.regulator(1);
    d.make(&mut it, &regulator, "publish", publish).unwrap();
    let ask = json!({"result": "已完成", "assessment": "合格", "proof": pdf()});
    d.make(&mut it, &chief, "ask-delisting", ask.clone())
        .unwrap();
    let fail = json!({"review": "fail", "review_note": "未到位", "deadline": "2026-06-30"});
    assert_eq!(
        code(d.make(&mut it, &chief, "review", fail.clone())),
        "not-permitted"
    );
    d.make(&mut it, &regulator, "review", fail).unwrap();
    assert_eq!(
        (it.state.as_str(), due(&it, "rectify").as_str()),
        ("rectifying", "2026-06-30")
    );
    d.make(&mut it, &chief, "ask-delisting", ask).unwrap();
    d.make(
        &mut it,
        &regulator,
        "review",
        json!({"review": "pass", "review_note": "属实"}),
    )
    .unwrap();
    assert_eq!(
        it.stage(),
        Stage::Open,
        "it is off the list when that is announced"
    );
    let announce = json!({"delisting_notice": "摘牌", "delisting_media": "区政府网站"});
    d.make(&mut it, &regulator, "delist", announce).unwrap();
    assert_eq!((it.state.as_str(), it.stage()), ("delisted", Stage::Closed));
}

#[test]
fn more_time_is_asked_before_the_deadline_and_given_by_others() {
    let mut d = District::new();
    let (mut it, _) = d
        .open(
            "measure",
            "town-a",
            Some(&office(1)),
            json!({"what": "补齐台账", "deadline": "2026-03-20"}),
        )
        .unwrap();
    let town = who(Role::Town, "town-a", 1);
    let ask = |to: &str| json!({"extend_to": to, "extend_reason": "工期不足"});
    assert_eq!(
        code(d.make(&mut it, &town, "ask-extension", ask("2026-03-19"))),
        "not-later extend_to"
    );
    d.make(&mut it, &town, "ask-extension", ask("2026-04-20"))
        .unwrap();
    assert_eq!(
        code(d.make(&mut it, &town, "ask-extension", ask("2026-04-21"))),
        "requested"
    );
    assert_eq!(due(&it, "rectify"), "2026-03-20", "asking moves nothing");
    let approve = json!({"extension": "approve"});
    assert_eq!(
        code(d.make(&mut it, &town, "decide-extension", approve.clone())),
        "not-permitted"
    );
    d.make(&mut it, &office(1), "decide-extension", approve.clone())
        .unwrap();
    assert_eq!(due(&it, "rectify"), "2026-04-20");
    assert_eq!(
        code(d.make(&mut it, &office(1), "decide-extension", approve)),
        "no-request"
    );
    d.days(&mut it, 60);
    assert_eq!(
        code(d.make(&mut it, &town, "ask-extension", ask("2026-06-20"))),
        "extension-too-late"
    );
}

#[test]
fn a_measure_is_not_checked_by_whoever_did_it() {
    let mut d = District::new();
    let (mut it, _) = d
        .open(
            "measure",
            "office-anwei",
            Some(&office(1)),
            json!({"what": "补齐台账", "deadline": "2026-03-20"}),
        )
        .unwrap();
    d.make(
        &mut it,
        &office(1),
        "done",
        json!({"result": "完成", "proof": pdf()}),
    )
    .unwrap();
    let pass = json!({"check": "pass", "check_note": "属实"});
    assert_eq!(
        code(d.make(&mut it, &office(1), "check", pass.clone())),
        "own-work"
    );
    d.make(&mut it, &office(2), "check", pass).unwrap();
    assert_eq!(it.stage(), Stage::Closed);
}

#[test]
fn a_problem_goes_to_the_office_and_to_nobody_below_it() {
    let mut d = District::new();
    let chief = who(Role::Enterprise, "works", 1);
    let raised = json!({"what": "厂中厂权属不清", "difficulty": "涉及三个部门"});
    let (mut it, _) = d.open("problem", "works", Some(&chief), raised).unwrap();
    assert_eq!(it.party(Party::Handler), Some(&id("office-anwei")));
    let take = json!({"kind": "cross-unit", "yearly": true});
    let regulator = d.regulator(1);
    assert_eq!(
        code(d.make(&mut it, &regulator, "take-up", take.clone())),
        "not-permitted"
    );
    d.make(&mut it, &office(1), "take-up", take).unwrap();
    let study = json!({"studied_on": "2026-03-02", "meeting": "区政府专题会", "minutes": "由燃气主管部门牵头"});
    d.make(&mut it, &office(1), "study", study).unwrap();
    let lead = json!({"lead": d.gas(), "deadline": "2026-09-30"});
    d.make(&mut it, &office(1), "name-lead", lead).unwrap();
    assert_eq!(it.turn().unwrap().0, &id(&d.gas()));
    let solved = json!({"result": "已明确", "proof": pdf()});
    assert_eq!(
        code(d.make(&mut it, &chief, "solve", solved.clone())),
        "not-permitted"
    );
    d.make(&mut it, &regulator, "solve", solved).unwrap();
    d.make(
        &mut it,
        &office(1),
        "check",
        json!({"check": "pass", "check_note": "属实"}),
    )
    .unwrap();
    assert_eq!(it.stage(), Stage::Closed);
}

#[test]
fn a_circular_that_is_not_answered_climbs_the_ladder() {
    let mut d = District::new();
    let (mut it, _) = d
        .open("circular", "town-a", None, json!({"what": "整改不力"}))
        .unwrap();
    assert_eq!(it.party(Party::Handler), Some(&id("office-anwei")));
    let issue = json!({"facts": "逾期20天", "demands": "立即整改", "scope": "各镇（街道）", "deadline": "2026-03-16"});
    d.make(&mut it, &office(1), "issue", issue).unwrap();
    assert!(d.days(&mut it, 3).is_empty());
    assert_eq!(
        d.days(&mut it, 40),
        [
            "reminder",
            "due-day",
            "circular",
            "interview",
            "supervision"
        ]
    );
    let town = who(Role::Town, "town-a", 1);
    d.make(&mut it, &town, "answer", json!({"answer": "已整改"}))
        .unwrap();
    assert!(
        it.clocks
            .iter()
            .any(|c| c.code == "answer" && c.late(d.now))
    );
}

#[test]
fn an_interview_may_be_recorded_after_its_hour_and_then_it_is_late() {
    let mut d = District::new();
    let (mut it, _) = d
        .open("interview", "town-a", None, json!({"what": "同类事故"}))
        .unwrap();
    let notify = json!({"at": "2026-03-05T01:00:00Z", "venue": "区应急局", "called": "主任", "host": "副区长"});
    d.make(&mut it, &office(1), "notify", notify).unwrap();
    d.days(&mut it, 5);
    let hold =
        json!({"attended": "主任", "record": "约谈", "demands": "整改", "deadline": "2026-04-01"});
    d.make(&mut it, &office(1), "hold", hold).unwrap();
    assert!(it.clocks.iter().any(|c| c.code == "hold" && c.late(d.now)));
    assert_eq!(due(&it, "report"), "2026-04-01");
}

#[test]
fn each_problem_of_a_patrol_becomes_a_measure_of_its_unit() {
    let mut d = District::new();
    let (mut it, _) = d
        .open(
            "patrol",
            "town-a",
            None,
            json!({"what": "三个月内两起较大事故"}),
        )
        .unwrap();
    assert_eq!(
        it.values.text("kind"),
        "special",
        "what a trigger opens is the special one"
    );
    let mut notify = json!({"from": "2026-03-10", "until": "2026-03-09", "scope": "责任落实", "leader": "副区长"});
    assert_eq!(
        code(d.make(&mut it, &office(1), "notify", notify.clone())),
        "ends-first until"
    );
    notify["until"] = json!("2026-03-13");
    d.make(&mut it, &office(1), "notify", notify).unwrap();
    d.make(&mut it, &office(1), "begin", json!({})).unwrap();
    let row = |unit: &str, deadline: &str| json!({"what": "未开展排查", "unit": unit, "deadline": deadline});
    let mut feedback = json!({"opinion": "问题突出", "problems": [row("town-a", "2026-04-30"), row("works", "2026-02-01")]});
    assert_eq!(
        code(d.make(&mut it, &office(1), "feedback", feedback.clone())),
        "missing-field deadline"
    );
    feedback["deadline"] = json!("2026-05-10");
    assert_eq!(
        code(d.make(&mut it, &office(1), "feedback", feedback.clone())),
        "past problems.deadline"
    );
    feedback["problems"][1]["deadline"] = json!("2026-04-15");
    let opens = d.make(&mut it, &office(1), "feedback", feedback).unwrap();
    let measures: Vec<Loop> = opens
        .into_iter()
        .map(|open| d.opened(open, None).unwrap().0)
        .collect();
    assert_eq!(
        measures.iter().map(|m| m.org.as_str()).collect::<Vec<_>>(),
        ["town-a", "works"]
    );
    assert_eq!(due(&measures[1], "rectify"), "2026-04-15");
    assert!(measures.iter().all(|m| {
        m.links
            .iter()
            .any(|link| link.id == it.id && link.how == "from")
    }));
    assert_eq!(
        (it.state.as_str(), due(&it, "report").as_str()),
        ("rectifying", "2026-05-10")
    );
}

#[test]
fn a_patrol_that_finds_nothing_is_closed() {
    let mut d = District::new();
    let (mut it, _) = d
        .open(
            "patrol",
            "town-a",
            Some(&office(1)),
            json!({"what": "例行"}),
        )
        .unwrap();
    assert_eq!(it.values.text("kind"), "routine");
    let notify =
        json!({"from": "2026-03-10", "until": "2026-03-13", "scope": "全面", "leader": "主任"});
    d.make(&mut it, &office(1), "notify", notify).unwrap();
    d.make(&mut it, &office(1), "begin", json!({})).unwrap();
    let opens = d
        .make(
            &mut it,
            &office(1),
            "feedback",
            json!({"opinion": "未发现问题"}),
        )
        .unwrap();
    assert_eq!((opens.len(), it.stage()), (0, Stage::Closed));
}

#[test]
fn whoever_is_referred_does_not_read_along() {
    let mut d = District::new();
    let (first, second) = (d.regulator(1), d.regulator(2));
    let case = json!({"what": "涉嫌危险作业罪", "receiver": "区公安分局", "kind": "criminal"});
    let (mut it, _) = d.open("referral", "works", Some(&first), case).unwrap();
    assert!(!it.may_read(&who(Role::Enterprise, "works", 1), &d.tree));
    assert!(it.may_read(&who(Role::Leader, "district", 1), &d.tree));
    let approve = json!({"approval": "approve", "kind": "criminal"});
    assert_eq!(
        code(d.make(&mut it, &first, "approve", approve.clone())),
        "own-work"
    );
    d.make(&mut it, &second, "approve", approve).unwrap();
    let send = it.clocks.iter().find(|c| c.code == "send").unwrap();
    assert_eq!(send.due, d.now + SignedDuration::from_hours(24));
    assert!(send.certain);
    d.make(
        &mut it,
        &first,
        "send",
        json!({"materials": "调查报告、证据清单"}),
    )
    .unwrap();
    d.make(
        &mut it,
        &first,
        "receive",
        json!({"received_on": "2026-03-02", "receipt": pdf()}),
    )
    .unwrap();
    let declined = json!({"answer": "declined"});
    assert_eq!(
        code(d.make(&mut it, &first, "answer", declined)),
        "missing-field answer_reason"
    );
    d.make(
        &mut it,
        &first,
        "answer",
        json!({"answer": "declined", "answer_reason": "情节轻微"}),
    )
    .unwrap();
    assert_eq!(it.stage(), Stage::Ended);
    d.make(&mut it, &first, "reconsider", json!({"reason": "有新证据"}))
        .unwrap();
    assert_eq!((it.stage(), it.state.as_str()), (Stage::Open, "received"));
}

#[test]
fn nothing_personal_is_shown_nor_for_longer_than_the_rule_has_it() {
    let mut d = District::new();
    let media = who(Role::Media, "dept-media", 1);
    let (mut it, _) = d
        .open(
            "exposure",
            "works",
            Some(&office(1)),
            json!({"what": "隐患整改不力"}),
        )
        .unwrap();
    let draft = json!({"headline": "曝光", "text": "某企业逾期未整改", "kind": "slow"});
    d.make(&mut it, &office(1), "submit", draft).unwrap();
    assert!(
        it.may_read(&media, &d.tree) && !it.may_read(&who(Role::Enterprise, "works", 1), &d.tree)
    );
    let mut publish = json!({"decision": "publish", "clean": false, "until": "2027-01-01"});
    assert_eq!(
        code(d.make(&mut it, &office(1), "moderate", publish.clone())),
        "own-work"
    );
    assert_eq!(
        code(d.make(&mut it, &media, "moderate", publish.clone())),
        "not-clean clean"
    );
    publish["clean"] = json!(true);
    assert!(!exposure::shown(&it, d.now, false));
    d.make(&mut it, &media, "moderate", publish).unwrap();
    assert_eq!(it.values.text("until"), "2026-04-01", "thirty days");
    assert!(exposure::shown(&it, d.now, false));
    assert!(
        !exposure::shown(&it, d.now, true),
        "what it is about was closed"
    );
    d.days(&mut it, 30);
    assert!(
        exposure::shown(&it, d.now, false),
        "to the end of its last day"
    );
    d.days(&mut it, 1);
    assert!(!exposure::shown(&it, d.now, false), "it goes by itself");
    d.make(&mut it, &media, "take-down", json!({"why": "expired"}))
        .unwrap();
    assert_eq!(it.stage(), Stage::Closed);
}

#[test]
fn each_unit_watches_once_and_who_has_not_is_told() {
    let mut d = District::new();
    let (mut it, _) = d
        .open("warning", "works", None, json!({"what": "较大事故"}))
        .unwrap();
    let hold = json!({"met_on": "2026-03-02", "venue": "事故现场", "people": 60, "minutes": "纪要", "meeting_photos": picture()});
    d.make(&mut it, &office(1), "hold", hold).unwrap();
    let units = |of: &[&str]| {
        of.iter()
            .map(|unit| json!({"unit": unit}))
            .collect::<Vec<_>>()
    };
    let film = json!({"film": "警钟", "deadline": "2026-04-30", "units": units(&["town-a", "town-b", "town-a"])});
    let opens = d.make(&mut it, &office(1), "distribute", film).unwrap();
    assert_eq!(
        opens.iter().map(|o| o.org.as_str()).collect::<Vec<_>>(),
        ["town-a", "town-b"]
    );
    let (viewing, _) = d.opened(opens[0].clone(), None).unwrap();
    assert!(viewing.values.text("what").contains("《警钟》"));
    let more = |of: &[&str]| json!({"deadline": "2026-05-10", "units": units(of)});
    assert_eq!(
        code(d.make(&mut it, &office(1), "distribute-more", more(&["town-b"]))),
        "nothing-new units"
    );
    let opens = d
        .make(
            &mut it,
            &office(1),
            "distribute-more",
            more(&["town-b", "works"]),
        )
        .unwrap();
    assert_eq!(
        opens.iter().map(|o| o.org.as_str()).collect::<Vec<_>>(),
        ["works"]
    );
    assert_eq!(
        code(d.make(&mut it, &office(1), "finish", json!({"watched": 4}))),
        "bad-value watched"
    );
    assert_eq!(
        code(d.make(&mut it, &office(1), "finish", json!({"watched": 2}))),
        "not-all unwatched"
    );
    d.make(
        &mut it,
        &office(1),
        "finish",
        json!({"watched": 2, "unwatched": "停产"}),
    )
    .unwrap();
    assert_eq!(it.values.number("share"), Some(66.7));
}
