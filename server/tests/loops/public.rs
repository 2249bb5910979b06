//! Reports of anybody, without an account.

use crate::district::{self, *};
use crate::support::House;
use axum::http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Does the work that a challenge asks for.
fn solve(token: &str, bits: u32) -> String {
    (0u64..)
        .map(|n| n.to_string())
        .find(|nonce| {
            let hash = Sha256::digest(format!("{token}:{nonce}"));
            u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= bits
        })
        .unwrap()
}

/// A challenge with its work done.
async fn challenge(house: &House) -> (String, String) {
    let (status, ask) = house
        .ask("GET", "/api/v1/public/challenge", Value::Null)
        .await;
    assert_eq!(status, StatusCode::OK, "{ask}");
    let token = ask["token"].as_str().unwrap().to_owned();
    let bits = u32::try_from(ask["bits"].as_u64().unwrap()).unwrap();
    assert!(bits >= 16, "no work at all");
    let nonce = solve(&token, bits);
    (token, nonce)
}

async fn upload(
    house: &House,
    (token, nonce): &(String, String),
    name: &str,
    bytes: Vec<u8>,
) -> (StatusCode, Value) {
    let headers = [
        ("x-challenge", token.as_str()),
        ("x-nonce", nonce.as_str()),
        ("x-filename", name),
    ];
    anybody(house, "POST", "/api/v1/public/attachments", &headers, bytes).await
}

fn report((token, nonce): &(String, String), photos: Value) -> Value {
    json!({"token": token, "nonce": nonce, "pin": "246810", "town": "town-a",
        "values": {"what": "夜间违规充装液化气", "kind": "hazard", "target": "甲镇燃气有限公司", "photos": photos}})
}

async fn send(house: &House, body: Value) -> (StatusCode, Value) {
    house.ask("POST", "/api/v1/public/reports", body).await
}

async fn follow(house: &House, code: &Value, pin: &str) -> (StatusCode, Value) {
    house
        .ask(
            "POST",
            "/api/v1/public/reports/follow",
            json!({"code": code, "pin": pin}),
        )
        .await
}

fn kind(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_reports_and_follows() {
    let house = district::new().await;
    // Without the work, or with another's, nothing is taken.
    let lazy = (challenge(&house).await.0, "x".to_owned());
    assert_eq!(
        kind(&send(&house, report(&lazy, json!([]))).await.1),
        "anlan:public/challenge"
    );
    let made_up = ("made-up".to_owned(), solve("made-up", 17));
    assert_eq!(
        kind(&send(&house, report(&made_up, json!([]))).await.1),
        "anlan:public/challenge"
    );
    assert_eq!(
        kind(&upload(&house, &lazy, "a.jpg", picture(1)).await.1),
        "anlan:public/challenge"
    );

    let mine = challenge(&house).await;
    let (status, photo) = upload(&house, &mine, "a.jpg", picture(1)).await;
    assert_eq!(status, StatusCode::OK, "{photo}");
    // A file of another challenge is nobody's to name.
    let theirs = challenge(&house).await;
    let (_, stranger) = upload(&house, &theirs, "b.jpg", picture(2)).await;
    let (status, _) = send(&house, report(&mine, json!([stranger["sha256"]]))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for pin in ["12345", "1234567", "12345a", ""] {
        let mut body = report(&mine, json!([]));
        body["pin"] = json!(pin);
        let (status, problem) = send(&house, body).await;
        assert_eq!(
            (status, &problem["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("pin")),
            "{pin}"
        );
    }
    let (status, receipt) = send(&house, report(&mine, json!([photo["sha256"]]))).await;
    assert_eq!(status, StatusCode::OK, "{receipt}");
    // A challenge is good for one report.
    assert_eq!(
        kind(&send(&house, report(&mine, json!([]))).await.1),
        "anlan:public/challenge"
    );

    let office = house.person("anwei", "office", "office-anwei").await;
    let reports = of_kind(&office, "report").await;
    assert_eq!(
        (
            reports.len(),
            &reports[0]["org"]["id"],
            &reports[0]["number"]
        ),
        (1, &json!("qi-gas"), &receipt["number"])
    );
    let seen = office.ok(&link(&reports[0])).await;
    assert!(
        !seen.to_string().contains(receipt["code"].as_str().unwrap()),
        "the code is shown inside"
    );

    let (status, view) = follow(&house, &receipt["code"], "246810").await;
    assert_eq!(
        (status, &view["number"], &view["stage"]),
        (StatusCode::OK, &receipt["number"], &json!("open")),
        "{view}"
    );
    go(
        &office,
        &link(&reports[0]),
        "reject",
        json!({"reason": "内部研判意见，不对外"}),
    )
    .await;
    let (_, view) = follow(&house, &receipt["code"], "246810").await;
    assert_eq!(
        (&view["stage"], view["steps"].as_array().unwrap().len()),
        (&json!("ended"), 2)
    );
    assert!(!view.to_string().contains("内部研判"), "{view}");

    // An unsolved or past challenge takes no file; half an hour is enough for anybody.
    let old = challenge(&house).await;
    at(&house, "2026-02-02T02:30:01Z");
    assert_eq!(
        kind(&upload(&house, &old, "c.jpg", picture(3)).await.1),
        "anlan:public/challenge"
    );
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_anybody_uploads_is_bounded() {
    let house = district::new().await;
    let mine = challenge(&house).await;
    for (name, bytes) in [
        ("a.pdf", &b"%PDF-1.7\n"[..]),
        ("a.txt", b"words"),
        ("a.jpg", b"MZ\x90\x00"),
        ("a.docx", b"PK\x03\x04"),
    ] {
        let (status, problem) = upload(&house, &mine, name, bytes.to_vec()).await;
        assert_eq!(
            (status, kind(&problem)),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "anlan:attachment/type"),
            "{name}"
        );
    }
    let other = challenge(&house).await;
    let mut large = picture(1);
    large.resize(20 * 1_048_576 + 1, 0);
    assert_eq!(
        upload(&house, &other, "large.jpg", large).await.0,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    // What was refused took a place each; of the nine there are five left, and no tenth.
    let mut taken = 0;
    for n in 0..10 {
        let (status, problem) = upload(&house, &mine, "a.jpg", picture(10 + n)).await;
        match status {
            StatusCode::OK => taken += 1,
            _ => assert!(
                problem["detail"].as_str().unwrap().contains("At most 9"),
                "{problem}"
            ),
        }
    }
    assert!((5..=9).contains(&taken), "{taken} were taken");
    // Nobody opens what was uploaded and not reported.
    let (_, photo) = upload(&house, &other, "a.jpg", picture(50)).await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let path = photo["sha256"].as_str().unwrap();
    assert_eq!(
        office
            .get_bytes(&format!("/api/v1/attachments/{path}"))
            .await
            .0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        house
            .bytes(&format!("/api/v1/public/photos/{path}"))
            .await
            .0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_not_guessed() {
    let house = district::new().await;
    let mine = challenge(&house).await;
    let (_, receipt) = send(&house, report(&mine, json!([]))).await;
    let code = &receipt["code"];
    assert_eq!(
        follow(&house, &json!("ABCDEFGHJK"), "246810").await.0,
        StatusCode::UNAUTHORIZED
    );
    for _ in 0..4 {
        assert_eq!(
            follow(&house, code, "000000").await.0,
            StatusCode::UNAUTHORIZED
        );
    }
    // The right one begins the row anew.
    assert_eq!(follow(&house, code, "246810").await.0, StatusCode::OK);
    for _ in 0..5 {
        let (status, problem) = follow(&house, code, "000000").await;
        assert_eq!(
            (status, kind(&problem)),
            (StatusCode::UNAUTHORIZED, "anlan:public/wrong-code")
        );
    }
    let (status, problem) = follow(&house, code, "246810").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{problem}");
    assert!(problem["retry_after"].as_u64().unwrap() <= 901);
    at(&house, "2026-02-02T02:15:01Z");
    assert_eq!(follow(&house, code, "246810").await.0, StatusCode::OK);

    // So many a minute from one address, whatever is asked.
    at(&house, "2026-02-02T02:20:00Z");
    let mut shut = 0;
    for _ in 0..70 {
        shut += usize::from(
            house
                .ask("GET", "/api/v1/public/challenge", Value::Null)
                .await
                .0
                == StatusCode::TOO_MANY_REQUESTS,
        );
    }
    assert_eq!(shut, 10);
    assert_eq!(
        follow(&house, code, "246810").await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
    at(&house, "2026-02-02T02:21:00Z");
    assert_eq!(follow(&house, code, "246810").await.0, StatusCode::OK);
}

const NAME: &str = "举报人某甲乙丙";
const CONTACT: &str = "wechat-8431977";

#[tokio::test(flavor = "multi_thread")]
async fn who_reported_stays_sealed_until_somebody_answers_for_looking() {
    let house = district::new().await;
    let mine = challenge(&house).await;
    let mut body = report(&mine, json!([]));
    (body["name"], body["contact"]) = (json!(NAME), json!(CONTACT));
    let (status, receipt) = send(&house, body).await;
    assert_eq!(status, StatusCode::OK, "{receipt}");
    let office = house.person("anwei", "office", "office-anwei").await;
    let it = of_kind(&office, "report").await[0].clone();
    let path = link(&it);

    // Neither in a fact nor in any file of the data folder.
    let all = house
        .app
        .read(|db| Ok(anlan_store::facts::from(db, 0, 5_000)?))
        .await
        .unwrap();
    assert!(all.iter().all(|f| !f.body.contains(NAME)
        && !f.body.contains(CONTACT)
        && !f.body.contains("246810")));
    let mut looked_at = 0;
    let mut folders = vec![house.app.store.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let bytes = std::fs::read(&entry).unwrap();
            let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
            assert!(
                !holds(NAME) && !holds(CONTACT),
                "{} tells who reported",
                entry.display()
            );
            // What the report says does stand there: the search would find what it looks for.
            looked_at += usize::from(holds("夜间违规充装液化气"));
        }
    }
    assert!(
        looked_at > 0,
        "the report itself was not found in the database"
    );

    // Only for who may, with a reason, and never unseen.
    let town = house.person("zhen", "town", "town-a").await;
    let safety = house.person("anquan", "safety", "qi-gas").await;
    let door = format!("{path}/reporter");
    let ask = json!({"reason": "核实举报线索"});
    assert_eq!(town.get(&path).await.0, StatusCode::OK);
    assert_eq!(town.post(&door, ask.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        safety.post(&door, ask.clone()).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        house.ask("POST", &door, ask.clone()).await.0,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        office.post(&door, json!({"reason": " "})).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let looks = async || {
        facts(&house, &it)
            .await
            .iter()
            .filter(|f| f.kind == "loop.looked")
            .count()
    };
    assert_eq!(looks().await, 0, "a refused look is no look");
    let (status, who) = office.post(&door, ask).await;
    assert_eq!(
        (status, who),
        (StatusCode::OK, json!({"name": NAME, "contact": CONTACT}))
    );
    assert_eq!(looks().await, 1);
    let story = town.ok(&path).await["story"].clone();
    let look = story.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&look["kind"], &look["text"], &look["by_name"]),
        (
            &json!("loop.looked"),
            &json!("核实举报线索"),
            &json!("anwei")
        )
    );
    assert!(!story.to_string().contains(CONTACT));
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reward_is_paid_against_the_code_alone() {
    let house = district::new().await;
    let mine = challenge(&house).await;
    let (_, receipt) = send(&house, report(&mine, json!([]))).await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let other = house.person("zonghe", "office", "office-anwei").await;
    let path = link(&of_kind(&office, "report").await[0]);
    go(&office, &path, "take-up", json!({})).await;
    assert_eq!(
        refused(&office, &path, "assign", json!({"handler": "qi-chem"})).await,
        no(422, "loop/to-enterprise")
    );
    go(&office, &path, "assign", json!({"handler": "office-anwei"})).await;
    go(
        &office,
        &path,
        "verify",
        json!({"finding": "confirmed", "facts": "属实", "leads_to": "none"}),
    )
    .await;
    go(
        &office,
        &path,
        "answer",
        json!({"answer": "已责令停止充装", "answered": "page", "reward": "yes"}),
    )
    .await;
    let work = json!({"basis": "fine", "fine": 100_000, "first": "yes"});
    let worked = go(&office, &path, "work-reward", work).await;
    assert_eq!(value(&worked, "reward_yuan")["raw"], json!(15_000.0));
    // Until it is decided the reporter is not told an amount.
    assert_eq!(
        follow(&house, &receipt["code"], "246810").await.1["reward_yuan"],
        Value::Null
    );
    let decide = json!({"decision": "approve", "budget": "安全生产专项"});
    assert_eq!(
        refused(&office, &path, "decide-reward", decide.clone()).await,
        no(403, "loop/own-work")
    );
    go(&other, &path, "decide-reward", decide).await;
    let (_, view) = follow(&house, &receipt["code"], "246810").await;
    assert_eq!(
        (&view["reward_yuan"], &view["answer"]),
        (&json!(15_000.0), &json!("已责令停止充装")),
        "the reporter is not told what was decided"
    );

    let pay = |code: &str| json!({"pay_code": code, "paid_on": "2026-02-02", "voucher": "P-1"});
    let wrong = json!({"name": "move", "code": "pay", "values": pay("WRONGCODE")});
    let (status, problem) = other.try_command(&path, wrong).await;
    assert_eq!(
        (status, &problem["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("pay_code")),
        "{problem}"
    );
    let bulk = json!({"ids": [path.rsplit('/').next().unwrap()], "code": "pay", "values": pay("WRONGCODE")});
    let (_, report) = other.post("/api/v1/loops/bulk", bulk).await;
    assert_ne!(report["applied"], json!(1), "{report}");
    assert_eq!(other.ok(&path).await["state"], "paying");
    let code = receipt["code"].as_str().unwrap();
    let paid = go(&other, &path, "pay", pay(&code.to_lowercase())).await;
    assert_eq!(
        (&paid["state"], &value(&paid, "paid_yuan")["raw"]),
        (&json!("closed"), &json!(15_000.0))
    );
    let all = house
        .app
        .read(|db| Ok(anlan_store::facts::from(db, 0, 5_000)?))
        .await
        .unwrap();
    assert!(
        all.iter().all(|f| !f.body.to_uppercase().contains(code)),
        "the code stands in a fact"
    );
    house.check().await;
}
