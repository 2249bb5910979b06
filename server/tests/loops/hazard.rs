//! A hazard from the photo on the street to the closed file.

use crate::district::{self, *};
use anlan_core::org::Place;
use axum::http::StatusCode;
use serde_json::{Value, json};

const PLAN: &str = r#"{"plan_responsible": "站长", "plan_measures": "更换切断阀并试压", "plan_funds": 30000, "plan_deadline": "2026-02-20", "plan_emergency": "停气、疏散、报警"}"#;

fn plan() -> Value {
    serde_json::from_str(PLAN).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_major_hazard_from_photo_to_closing() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let safety = house.person("anquan", "safety", "qi-gas").await;

    let photo = grid
        .attach("阀门.jpg", &jpeg("2026:02:02 09:50:00", AT))
        .await;
    // 300 metres north of where the picture was taken: a degree of latitude has 111,195 metres on the mean sphere.
    let claimed = Place {
        lon: AT.lon,
        lat: AT.lat + 300.0 / 111_195.08,
    };
    let it = open(
        &grid,
        json!({"kind": "hazard", "org": "qi-gas", "place": claimed,
            "values": {"what": "调压站切断阀失效", "source": "patrol", "photos": [photo["sha256"]]}}),
    )
    .await;
    let path = link(&it);
    assert_eq!(
        (&it["state"], &it["handler"]["id"]),
        (&json!("found"), &json!("dept-zhujian"))
    );
    let shot = value(&it, "photos")["files"][0].clone();
    assert_eq!(shot["taken"], "2026-02-02T09:50:00+08:00");
    assert_eq!(
        (&shot["metres_off"], &shot["minutes_off"]),
        (&json!(300), &json!(-10)),
        "{shot}"
    );

    // Major only by a criterion that exists.
    let major = |criterion: &str| json!({"grade": "major", "criterion": criterion});
    assert_eq!(
        refused(&regulator, &path, "grade", json!({"grade": "major"})).await,
        no(422, "loop/missing-field")
    );
    assert_eq!(
        refused(&regulator, &path, "grade", major("gas-99-1")).await,
        no(422, "loop/no-criterion")
    );
    assert_eq!(
        refused(&safety, &path, "grade", major("gas-4-1")).await,
        no(403, "loop/not-permitted")
    );
    let graded = go(&regulator, &path, "grade", major("gas-4-1")).await;
    assert_eq!(
        (&graded["grade"], &graded["state"]),
        (&json!("major"), &json!("graded"))
    );
    let clocks: Vec<&str> = graded["clocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["code"].as_str().unwrap())
        .collect();
    assert!(
        clocks.contains(&"report-regulator") && clocks.contains(&"report-workers"),
        "{clocks:?}"
    );
    go(
        &regulator,
        &path,
        "order",
        json!({"deadline": "2026-02-25", "demands": "更换切断阀"}),
    )
    .await;

    // Fixed only after the plan and both reports, with pictures of before and after.
    let before = safety.attach("前.jpg", &picture(1)).await["sha256"].clone();
    let after = safety.attach("后.jpg", &picture(2)).await["sha256"].clone();
    let fixed = json!({"result": "已更换", "before": [before], "after": [after]});
    assert_eq!(
        refused(&safety, &path, "fixed", fixed.clone()).await,
        no(422, "loop/plan-incomplete")
    );
    let mut half = plan();
    half.as_object_mut().unwrap().remove("plan_emergency");
    go(&safety, &path, "plan", half).await;
    assert_eq!(
        refused(&safety, &path, "fixed", fixed.clone()).await,
        no(422, "loop/plan-incomplete")
    );
    go(&safety, &path, "plan", plan()).await;
    assert_eq!(
        refused(&safety, &path, "fixed", fixed.clone()).await,
        no(422, "loop/not-reported")
    );
    let told = json!({"hazard_state": "阀门老化", "hazard_harm": "易泄漏，易整改", "regulator": "dept-zhujian"});
    go(&safety, &path, "report-regulator", told).await;
    assert_eq!(
        refused(&safety, &path, "fixed", fixed.clone()).await,
        no(422, "loop/not-reported")
    );
    let minutes = safety.attach("职代会.txt", "会议纪要".as_bytes()).await["sha256"].clone();
    let congress = json!({"workers_date": "2026-02-02", "workers_body": "职工代表大会", "workers_files": [minutes]});
    let both = go(&safety, &path, "report-workers", congress).await;
    for clock in both["clocks"].as_array().unwrap() {
        if clock["code"].as_str().unwrap().starts_with("report-") {
            assert_eq!(
                (&clock["met"].is_string(), &clock["late"]),
                (&true, &json!(false)),
                "{clock}"
            );
        }
    }
    assert_eq!(
        refused(
            &safety,
            &path,
            "fixed",
            json!({"result": "已更换", "after": [after]})
        )
        .await,
        no(422, "loop/missing-field")
    );
    go(&safety, &path, "fixed", fixed).await;

    // Both the unit and a person are punished, or nobody.
    let row = |who: &str| json!({"who": who, "name": "某岗位", "basis": "安全生产法第一百零二条", "decision": "罚〔2026〕1号", "amount": 20000});
    assert_eq!(
        refused(
            &regulator,
            &path,
            "penalise",
            json!({"penalties": [row("unit")]})
        )
        .await,
        no(422, "loop/one-sided")
    );
    go(
        &regulator,
        &path,
        "penalise",
        json!({"penalties": [row("unit"), row("person")]}),
    )
    .await;

    // What was stopped is not closed before it may go on.
    go(
        &regulator,
        &path,
        "stop",
        json!({"stop_scope": "part", "stop_reason": "存在泄漏风险"}),
    )
    .await;
    let pass = json!({"reinspection": "pass", "reinspection_note": "现场核查合格"});
    assert_eq!(
        refused(&regulator, &path, "reinspect", pass.clone()).await,
        no(422, "loop/stopped")
    );
    go(
        &regulator,
        &path,
        "resume",
        json!({"resume_opinion": "可以恢复"}),
    )
    .await;
    assert_eq!(
        refused(&safety, &path, "reinspect", pass.clone()).await,
        no(403, "loop/not-permitted")
    );
    let closed = go(&regulator, &path, "reinspect", pass).await;
    assert_eq!(
        (&closed["state"], &closed["stage"], &closed["light"]),
        (&json!("closed"), &json!("closed"), &json!("closed"))
    );
    assert_eq!(
        refused(&safety, &path, "progress", json!({"progress": "x"})).await,
        no(409, "loop/ended")
    );
    // Whoever found it sees what became of it.
    assert_eq!(grid.ok(&path).await["state"], "closed");
    house.check().await;
}

/// A town that rectifies its own hazard and handles it: nobody there passes it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_passes_his_own_work() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let town = house.person("zhen", "town", "town-a").await;
    let colleague = house.person("tongshi", "town", "town-a").await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let body = json!({"kind": "hazard", "org": "town-a", "parties": {"handler": "town-a"},
        "values": {"what": "镇办公楼消防通道堵塞", "source": "patrol"}});
    let it = open(&grid, body).await;
    let path = link(&it);
    go(&office, &path, "grade", json!({"grade": "general"})).await;
    go(
        &office,
        &path,
        "order",
        json!({"deadline": "2026-02-10", "demands": "清理"}),
    )
    .await;

    let ask = json!({"extend_to": "2026-02-20", "extend_reason": "春节停工"});
    let early = json!({"extend_to": "2026-02-09", "extend_reason": "春节停工"});
    assert_eq!(
        refused(&town, &path, "ask-extension", early).await,
        no(422, "loop/not-later")
    );
    go(&town, &path, "ask-extension", ask.clone()).await;
    assert_eq!(
        refused(&town, &path, "ask-extension", ask).await,
        no(422, "loop/requested")
    );
    let yes = json!({"extension": "approve"});
    assert_eq!(
        refused(&town, &path, "decide-extension", yes.clone()).await,
        no(403, "loop/own-work")
    );
    assert_eq!(
        refused(&colleague, &path, "decide-extension", yes.clone()).await,
        no(403, "loop/own-work")
    );
    let longer = go(&office, &path, "decide-extension", yes).await;
    assert_eq!(longer["due"], "2026-02-20T23:59:59+08:00", "{longer}");

    let after = town.attach("后.jpg", &picture(3)).await["sha256"].clone();
    go(
        &town,
        &path,
        "fixed",
        json!({"result": "已清理", "after": [after]}),
    )
    .await;
    let fail =
        json!({"reinspection": "fail", "reinspection_note": "仍有杂物", "deadline": "2026-02-26"});
    let pass = json!({"reinspection": "pass", "reinspection_note": "畅通"});
    for own in [&town, &colleague] {
        assert_eq!(
            refused(own, &path, "reinspect", pass.clone()).await,
            no(403, "loop/own-work")
        );
        let page = own.ok(&path).await;
        let button = page["actions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|a| a["code"] == "reinspect")
            .unwrap()
            .clone();
        assert_eq!(
            (&button["allowed"], &button["refusal"]["code"]),
            (&json!(false), &json!("own-work"))
        );
    }
    let back = go(&office, &path, "reinspect", fail).await;
    assert_eq!(
        (&back["state"], &back["due"]),
        (&json!("rectifying"), &json!("2026-02-26T23:59:59+08:00"))
    );
    go(
        &town,
        &path,
        "fixed",
        json!({"result": "再次清理", "after": [after]}),
    )
    .await;
    assert_eq!(
        go(&office, &path, "reinspect", pass).await["state"],
        "closed"
    );
    house.check().await;
}

/// A deadline passes: it is said once, the ladder is climbed, and what it calls for is drafted once.
#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_hazard_climbs_the_ladder() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let safety = house.person("anquan", "safety", "qi-gas").await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let it = open(&grid, hazard("管道锈蚀")).await;
    let path = link(&it);
    go(&regulator, &path, "grade", json!({"grade": "general"})).await;
    go(
        &regulator,
        &path,
        "order",
        json!({"deadline": "2026-03-04", "demands": "更换"}),
    )
    .await;

    at(&house, "2026-03-04T15:59:59Z");
    anlan_server::live::sweep_once(&house.app).await.unwrap();
    let fell = async || {
        let facts = facts(&house, &it).await;
        facts.iter().filter(|f| f.kind == "loop.fell-due").count()
    };
    assert_eq!(fell().await, 0, "the last second still belongs to the day");
    at(&house, "2026-03-04T16:00:00Z");
    assert!(anlan_server::live::sweep_once(&house.app).await.unwrap() > 0);
    assert_eq!(anlan_server::live::sweep_once(&house.app).await.unwrap(), 0);
    assert_eq!(fell().await, 1);
    let late = safety.again().await.ok(&path).await;
    assert_eq!(late["light"], "overdue");
    assert!(
        late["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c["code"] == "rectify" && c["late"] == true && c["fell"] == true)
    );
    let safety = safety.again().await;
    let ask = json!({"extend_to": "2026-04-20", "extend_reason": "备件未到"});
    assert_eq!(
        refused(&safety, &path, "ask-extension", ask).await,
        no(422, "loop/extension-too-late")
    );

    // Two months later all rungs have been reached; two sweeps draft no more than one of each.
    at(&house, "2026-04-20T02:00:00Z");
    anlan_server::live::sweep_once(&house.app).await.unwrap();
    let before = count(&house).await;
    anlan_server::live::sweep_once(&house.app).await.unwrap();
    assert_eq!(count(&house).await, before, "a second sweep writes nothing");
    assert_eq!(fell().await, 1);
    let office = office.again().await;
    let hazard = office.ok(&path).await;
    for kind in ["circular", "interview", "listing"] {
        let drafts = of_kind(&office, kind).await;
        assert_eq!(drafts.len(), 1, "{kind}: {drafts:?}");
        assert_eq!(drafts[0]["handler"]["id"], "office-anwei");
        let draft = office.ok(&link(&drafts[0])).await;
        let leads = |from: &Value, how: &str, to: &Value| {
            from["links"]
                .as_array()
                .unwrap()
                .iter()
                .any(|l| l["id"] == to["id"] && l["how"] == how)
        };
        assert!(
            leads(&draft, "from", &hazard),
            "{kind} does not say where it comes from: {}",
            draft["links"]
        );
        assert!(
            leads(&hazard, "led-to", &draft),
            "the hazard does not say that it led to a {kind}"
        );
    }
    let steps: Vec<&str> = hazard["story"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["kind"] == "loop.climbed")
        .map(|f| f["zh"].as_str().unwrap())
        .collect();
    assert_eq!(steps.len(), 5, "{steps:?}");
    assert_eq!(office.get(&path).await.0, StatusCode::OK);
    house.check().await;
}
