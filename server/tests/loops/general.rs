//! What holds for loops of every kind.

use crate::district::{self, *};
use crate::support::House;
use axum::http::StatusCode;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_sent_twice_is_opened_once() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let (first, one) = grid
        .post_with("loop-0001-abcd", "/api/v1/loops", hazard("管道锈蚀"))
        .await;
    let (second, two) = grid
        .post_with("loop-0001-abcd", "/api/v1/loops", hazard("管道锈蚀"))
        .await;
    assert_eq!(
        (first, second),
        (StatusCode::OK, StatusCode::OK),
        "{one} {two}"
    );
    assert_eq!(one["id"], two["id"]);
    assert_eq!(of_kind(&grid, "hazard").await.len(), 1);
    let (status, problem) = grid
        .post_with("loop-0001-abcd", "/api/v1/loops", hazard("另一处"))
        .await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            "anlan:idempotency-key-used"
        )
    );
    // Numbers follow one another, and a retry takes none.
    let other = open(&grid, hazard("另一处")).await;
    assert_eq!(
        (&one["number"], &other["number"]),
        (&json!("YH-2026-000001"), &json!("YH-2026-000002"))
    );

    // A command that was sent twice is done once as well, on a version that was seen.
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let path = format!("{}/commands", link(&one));
    let comment = json!({"expected_version": 1, "command": {"name": "comment", "text": "已收到"}});
    let (a, x) = regulator
        .post_with("loop-0002-abcd", &path, comment.clone())
        .await;
    let (b, y) = regulator
        .post_with("loop-0002-abcd", &path, comment.clone())
        .await;
    assert_eq!(
        (a, b, &x["version"], &y["version"]),
        (StatusCode::OK, StatusCode::OK, &json!(2), &json!(2)),
        "{x} {y}"
    );
    // A word is good whatever was said meanwhile; what changes the state is asked again.
    let (status, said) = regulator.post(&path, comment).await;
    assert_eq!(status, StatusCode::OK, "{said}");
    let grade = json!({"expected_version": 1, "command": {"name": "move", "code": "grade", "values": {"grade": "general"}}});
    let (status, stale) = regulator.post(&path, grade).await;
    assert_eq!(
        (status, stale["type"].as_str().unwrap()),
        (StatusCode::CONFLICT, "anlan:stale")
    );
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_offline_keeps_its_own_time() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let mut body = hazard("管道锈蚀");
    body["happened"] = json!("2026-02-02T03:00:00Z");
    let (status, problem) = grid.post("/api/v1/loops", body.clone()).await;
    assert_eq!(
        (
            status,
            problem["type"].as_str().unwrap(),
            problem["field"].as_str()
        ),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            "anlan:loop/future",
            Some("happened")
        )
    );
    // Three and a half hours without a network.
    body["happened"] = json!("2026-02-01T22:30:00Z");
    let it = open(&grid, body).await;
    let first = &it["story"][0];
    assert_eq!(
        (
            &first["happened"],
            &first["recorded"],
            &first["late_minutes"]
        ),
        (
            &json!("2026-02-02T06:30:00+08:00"),
            &json!("2026-02-02T10:00:00+08:00"),
            &json!(210)
        )
    );
    assert_eq!(
        (&it["happened"], &it["opened"]),
        (
            &json!("2026-02-02T06:30:00+08:00"),
            &json!("2026-02-02T10:00:00+08:00")
        )
    );
    // Nothing in it happens before it did, nor after now.
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let grade = |happened: &str| json!({"expected_version": 1, "happened": happened, "command": {"name": "move", "code": "grade", "values": {"grade": "general"}}});
    let path = format!("{}/commands", link(&it));
    let (status, problem) = regulator.post(&path, grade("2026-02-01T22:00:00Z")).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("anlan:loop/past"))
    );
    let (status, problem) = regulator.post(&path, grade("2026-02-02T02:00:01Z")).await;
    assert_eq!(
        (status, &problem["type"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("anlan:loop/future")
        )
    );
    let (status, graded) = regulator.post(&path, grade("2026-02-02T01:00:00Z")).await;
    assert_eq!(status, StatusCode::OK, "{graded}");
    assert_eq!(graded["story"][1]["late_minutes"], 60);
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_with_a_look_before() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(open(&grid, hazard(&format!("第{n}处管道锈蚀"))).await["id"].clone());
    }
    go(
        &regulator,
        &format!("/api/v1/loops/{}", ids[1].as_str().unwrap()),
        "dismiss",
        json!({"reason": "核查不属实"}),
    )
    .await;
    // Of another trade: not his to see, and so not named.
    let chem = json!({"kind": "hazard", "org": "qi-chem", "values": {"what": "储罐泄漏", "source": "patrol"}});
    ids.push(open(&grid, chem).await["id"].clone());
    let mut ask =
        json!({"ids": ids, "code": "grade", "values": {"grade": "general"}, "preview": true});
    let before = count(&house).await;
    let (status, look) = regulator.post("/api/v1/loops/bulk", ask.clone()).await;
    assert_eq!(
        (status, &look["applied"]),
        (StatusCode::OK, &json!(0)),
        "{look}"
    );
    assert_eq!(count(&house).await, before, "a preview wrote something");
    let refusals = |report: &Value| -> Vec<Option<String>> {
        report["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["refusal"]["code"].as_str().map(str::to_owned))
            .collect()
    };
    let said = refusals(&look);
    assert_eq!(
        said.iter()
            .filter(|r| r.as_deref() == Some("ended"))
            .count(),
        1,
        "{look}"
    );
    assert_eq!(
        (said.len(), said.iter().flatten().count()),
        (3, 1),
        "{look}"
    );
    ask["preview"] = json!(false);
    let (_, done) = regulator.post("/api/v1/loops/bulk", ask).await;
    assert_eq!(
        (refusals(&done), &done["applied"]),
        (said, &json!(2)),
        "the preview said something else: {done}"
    );
    let mut states: Vec<String> = of_kind(&regulator, "hazard")
        .await
        .iter()
        .map(|i| i["state"].as_str().unwrap().to_owned())
        .collect();
    states.sort();
    assert_eq!(states, ["dismissed", "graded", "graded"]);
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn void_link_watch_and_comment() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let safety = house.person("anquan", "safety", "qi-gas").await;
    let one = open(&grid, hazard("管道锈蚀")).await;
    let two = open(&grid, hazard("同一处管道锈蚀")).await;
    let (a, b) = (link(&one), link(&two));

    // A comment carries a file, which those who see the loop open and others do not.
    let file = grid.attach("说明.txt", "补充说明".as_bytes()).await;
    let said = json!({"name": "comment", "text": "位于东侧", "files": [file["sha256"]]});
    let shown = grid.command(&a, said.clone()).await;
    let line = shown["story"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&line["kind"], &line["text"], &line["files"][0]["name"]),
        (
            &json!("loop.commented"),
            &json!("位于东侧"),
            &json!("说明.txt")
        )
    );
    assert_eq!(shown["comments"], 1);
    let attachment = format!("/api/v1/attachments/{}", file["sha256"].as_str().unwrap());
    let stranger = house.person("waiqi", "safety", "qi-chem").await;
    assert_eq!(safety.get_bytes(&attachment).await.0, StatusCode::OK);
    assert_eq!(
        stranger.get_bytes(&attachment).await.0,
        StatusCode::NOT_FOUND
    );
    let unknown = json!({"name": "comment", "text": "x", "files": ["0".repeat(64)]});
    assert_eq!(
        grid.try_command(&a, unknown).await.1["type"],
        "anlan:loop/no-such-file"
    );

    // Both ends say a link; nothing is linked to itself or to what is not his to see.
    regulator
        .command(&a, json!({"name": "link", "to": two["id"], "how": "same"}))
        .await;
    let has = |from: &Value, to: &Value| {
        from["links"]
            .as_array()
            .unwrap()
            .iter()
            .any(|l| l["id"] == to["id"] && l["how"] == "same")
    };
    assert!(has(&grid.ok(&a).await, &two) && has(&grid.ok(&b).await, &one));
    let (_, itself) = regulator
        .try_command(&a, json!({"name": "link", "to": one["id"], "how": "see"}))
        .await;
    assert_eq!(itself["type"], "anlan:loop/itself");
    let chem = json!({"kind": "hazard", "org": "qi-chem", "values": {"what": "储罐泄漏", "source": "patrol"}});
    let chem = open(&grid, chem).await;
    let (_, foreign) = regulator
        .try_command(&a, json!({"name": "link", "to": chem["id"], "how": "see"}))
        .await;
    assert_eq!(foreign["type"], "anlan:loop/no-such-loop");

    // Watching is each one's own.
    assert_eq!(
        regulator
            .command(&a, json!({"name": "watch", "on": true}))
            .await["watching"],
        true
    );
    assert_eq!(grid.ok(&a).await["watching"], false);
    assert_eq!(
        regulator
            .command(&a, json!({"name": "watch", "on": false}))
            .await["watching"],
        false
    );

    // Voided with a reason by those who may; never gone, and nothing is done to it any more.
    let (status, _) = safety
        .try_command(&b, json!({"name": "void", "reason": "登错了"}))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (_, empty) = regulator
        .try_command(&b, json!({"name": "void", "reason": "  "}))
        .await;
    assert_eq!(
        (&empty["type"], &empty["field"]),
        (&json!("anlan:loop/missing-field"), &json!("reason"))
    );
    let voided = regulator
        .command(&b, json!({"name": "void", "reason": "重复登记"}))
        .await;
    assert_eq!(
        (
            &voided["voided"],
            &voided["light"],
            &voided["may_void"]["allowed"]
        ),
        (&json!(true), &json!("voided"), &json!(false))
    );
    assert_eq!(
        voided["story"].as_array().unwrap().last().unwrap()["text"],
        "重复登记"
    );
    assert_eq!(
        refused(&regulator, &b, "grade", json!({"grade": "general"})).await,
        no(409, "loop/voided")
    );
    assert_eq!(safety.ok(&b).await["light"], "voided");
    house.check().await;
}

async fn some(house: &House) -> (crate::support::Client, crate::support::Client) {
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    for n in 0..6 {
        let it = open(&grid, hazard(&format!("第{n}处管道锈蚀"))).await;
        let path = link(&it);
        match n {
            0 => _ = go(&regulator, &path, "dismiss", json!({"reason": "不属实"})).await,
            1 | 2 => {
                go(&regulator, &path, "grade", json!({"grade": "general"})).await;
                go(
                    &regulator,
                    &path,
                    "order",
                    json!({"deadline": "2026-02-03", "demands": "更换"}),
                )
                .await;
            }
            3 => {
                _ = regulator
                    .command(&path, json!({"name": "void", "reason": "重复"}))
                    .await
            }
            _ => {}
        }
        if n == 1 {
            let safety = house.person("anquan", "safety", "qi-gas").await;
            let after = safety.attach("后.jpg", &picture(9)).await["sha256"].clone();
            go(
                &safety,
                &path,
                "fixed",
                json!({"result": "已更换", "after": [after]}),
            )
            .await;
            go(
                &regulator,
                &path,
                "reinspect",
                json!({"reinspection": "pass", "reinspection_note": "合格"}),
            )
            .await;
        }
    }
    (grid, regulator)
}

/// Every number opens the list it counts, whichever page shows it.
#[tokio::test(flavor = "multi_thread")]
async fn every_number_opens_its_list() {
    let house = district::new().await;
    let (_, regulator) = some(&house).await;
    at(&house, "2026-02-09T02:00:00Z");
    let regulator = regulator.again().await;
    let total = async |query: &str| {
        regulator
            .ok(&format!("/api/v1/loops?kind=hazard{query}&limit=1"))
            .await["total"]
            .as_u64()
            .unwrap()
    };
    let summary = regulator.ok("/api/v1/loops/summary?kind=hazard").await["total"].clone();
    for (number, query) in [
        ("open", "&stage=open"),
        ("overdue", "&light=overdue"),
        ("closed", "&stage=closed"),
        ("ended", "&stage=ended"),
    ] {
        assert_eq!(
            summary[number].as_u64().unwrap(),
            total(query).await,
            "{number} of {summary}"
        );
    }
    assert_eq!(
        (
            summary["open"].as_u64(),
            summary["closed"].as_u64(),
            summary["ended"].as_u64()
        ),
        (Some(3), Some(1), Some(1)),
        "a voided one counts nowhere: {summary}"
    );
    assert!(summary["overdue"].as_u64().unwrap() >= 1, "{summary}");

    let groups = regulator
        .ok("/api/v1/loops/summary?kind=hazard&group=town")
        .await;
    assert_eq!(groups["groups"][0]["key"], "town-a");
    assert_eq!(
        groups["groups"][0]["open"].as_u64().unwrap(),
        total("&town=town-a&stage=open").await
    );
    let states = regulator
        .ok("/api/v1/loops/summary?kind=hazard&group=state")
        .await;
    for group in states["groups"].as_array().unwrap() {
        let state = group["key"]
            .as_str()
            .unwrap()
            .rsplit('#')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(
            group["total"].as_u64().unwrap(),
            total(&format!("&state={state}")).await,
            "{group}"
        );
    }

    let trend = regulator
        .ok("/api/v1/loops/trend?kind=hazard&months=2")
        .await;
    let month = trend.as_array().unwrap().last().unwrap();
    let expected = json!({"month": "2026-02", "opened": 5, "closed": 2, "open_at_end": 3});
    assert_eq!(*month, expected);

    // All of them lie at the company's place.
    let map = regulator
        .ok("/api/v1/loops/map?kind=hazard&stage=open")
        .await;
    assert_eq!(
        map.as_array().unwrap().len() as u64,
        total("&stage=open").await
    );
    assert_eq!(
        regulator
            .ok("/api/v1/loops/map?kind=hazard&within=0,0,1,1")
            .await,
        json!([])
    );

    let (status, sheet) = regulator
        .get_bytes("/api/v1/loops.xlsx?kind=hazard&stage=open")
        .await;
    assert_eq!(status, StatusCode::OK);
    use calamine::Reader as _;
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(sheet)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let numbers: Vec<String> = range
        .rows()
        .map(|row| row[0].to_string())
        .filter(|cell| cell.starts_with("YH-"))
        .collect();
    let mut listed: Vec<String> =
        items(&regulator.ok("/api/v1/loops?kind=hazard&stage=open").await)
            .iter()
            .map(|i| i["number"].as_str().unwrap().to_owned())
            .collect();
    let mut sheet = numbers.clone();
    sheet.sort();
    listed.sort();
    assert_eq!(sheet, listed);
}
