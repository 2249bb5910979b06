//! The whole house in one process: real router, real SQLite, a clock that the test moves. Asked as a client would.

mod support;

use axum::http::StatusCode;
use serde_json::{Value, json};
use support::House;

#[tokio::test(flavor = "multi_thread")]
async fn from_the_notice_to_a_green_light() {
    let house = House::new().await;
    let office = house.person("bangong", "office", "committee").await;
    let office_too = house.person("zonghe", "office", "committee").await;
    let town = house.person("zhen", "town", "town-a").await;
    let other = house.person("jie", "town", "town-b").await;

    let notice = office.upload("通知.md", support::NOTICE).await;
    assert_eq!(notice["state"], "draft");
    let id = notice["id"].as_str().unwrap().to_owned();
    // Whoever may not make notices does not see drafts.
    assert_eq!(
        town.get(&format!("/api/v1/notices/{id}")).await.0,
        StatusCode::NOT_FOUND
    );
    let plan = office.ok(&format!("/api/v1/notices/{id}/plan")).await;
    assert!(plan["assigned"].as_u64().unwrap() > 0, "{plan}");

    let version = notice["version"].as_u64().unwrap();
    let (status, stale) = office
        .post(
            &format!("/api/v1/notices/{id}/publish"),
            json!({"expected_version": version + 5}),
        )
        .await;
    assert_eq!(
        (status, stale["type"].as_str().unwrap()),
        (StatusCode::CONFLICT, "anlan:stale")
    );
    let (status, _) = town
        .post(
            &format!("/api/v1/notices/{id}/publish"),
            json!({"expected_version": version}),
        )
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, published) = office
        .post(
            &format!("/api/v1/notices/{id}/publish"),
            json!({"expected_version": version}),
        )
        .await;
    assert_eq!(
        (status, published["state"].as_str().unwrap()),
        (StatusCode::OK, "published"),
        "{published}"
    );

    let mine = town
        .ok("/api/v1/duties?mine=true&light=open&q=%E4%BC%9A%E8%AE%AE")
        .await;
    let duty = mine["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["measure"] == "times")
        .expect("a duty with a frequency")
        .clone();
    let link = format!("/api/v1/duties/{}", duty["id"].as_str().unwrap());
    // Nobody sees in a list, or by its address, what he may not open.
    assert_eq!(other.get(&link).await.0, StatusCode::NOT_FOUND);
    let theirs = other.ok("/api/v1/duties?limit=500").await;
    assert!(
        theirs["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|d| d["org"]["id"] != "town-a")
    );

    let file = town
        .attach("会议纪要.txt", "会议研究了安全生产工作。".as_bytes())
        .await;
    let evidence = json!({"name": "file-evidence", "kind": "meeting", "happened": house.today(), "note": "", "files": [file["sha256"]],
        "meeting": {"date": house.today(), "people": 12, "topic": "安全生产专题会议", "minutes": ""}});
    let filed = town.command(&link, evidence.clone()).await;
    assert_eq!(filed["waiting"], 1, "{filed}");
    let piece = filed["evidence"][0]["id"].as_str().unwrap().to_owned();
    // His own work: the button says why not, and so does the door.
    let accept = json!({"name": "accept-evidence", "evidence": piece, "note": "同意"});
    let own = filed["evidence"][0]["actions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == "accept-evidence")
        .unwrap();
    assert_eq!(own["refusal"]["code"], "own-work");
    let (status, refused) = town.try_command(&link, accept.clone()).await;
    assert_eq!(
        (status, refused["type"].as_str().unwrap()),
        (StatusCode::FORBIDDEN, "anlan:duty/own-work")
    );
    // Evidence is opened by those who may see the duty, not by others.
    let attachment = format!("/api/v1/attachments/{}", file["sha256"].as_str().unwrap());
    assert_eq!(office.get(&attachment).await.0, StatusCode::OK);
    assert_eq!(other.get(&attachment).await.0, StatusCode::NOT_FOUND);

    let inbox = office_too.ok("/api/v1/inbox").await;
    assert!(
        inbox["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|i| i["kind"] == "review"),
        "{inbox}"
    );
    let back = office
        .command(
            &link,
            json!({"name": "return-evidence", "evidence": piece, "reason": "请补充签到表"}),
        )
        .await;
    assert_eq!(
        (&back["evidence"][0]["state"], &back["waiting"]),
        (&json!("returned"), &json!(0))
    );
    let again = town.command(&link, evidence).await;
    let piece = again["evidence"][1]["id"].as_str().unwrap().to_owned();
    let done = office
        .command(
            &link,
            json!({"name": "accept-evidence", "evidence": piece, "note": ""}),
        )
        .await;
    assert_eq!(done["light"], "done", "{done}");
    assert!(done["story"].as_array().unwrap().len() >= 5);

    // Every fact of it can be proven, and the projections are what the facts say.
    house.app.store.seal(house.app.now()).await.unwrap();
    for fact in done["story"].as_array().unwrap() {
        let proof = office
            .ok(&format!(
                "/api/v1/ledger/facts/{}/proof",
                fact["id"].as_str().unwrap()
            ))
            .await;
        assert_eq!(proof["verified"], true);
    }
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_done_once() {
    let house = House::new().await;
    let office = house.person("bangong", "office", "committee").await;
    let notice = office.upload("通知.md", support::NOTICE).await;
    let path = format!("/api/v1/notices/{}/edits", notice["id"].as_str().unwrap());
    let demand = notice["compiled"]["duties"][0]["id"].clone();
    let body = json!({"expected_version": notice["version"], "edit": {"op": "reject", "id": demand, "reason": "表态"}});
    let (first, one) = office.post_with("key-0001-abcd", &path, body.clone()).await;
    let (second, two) = office.post_with("key-0001-abcd", &path, body.clone()).await;
    assert_eq!(
        (first, second),
        (StatusCode::OK, StatusCode::OK),
        "{one} {two}"
    );
    assert_eq!(one["version"], two["version"]);
    let other =
        json!({"expected_version": one["version"], "edit": {"op": "restore", "id": demand}});
    let (status, problem) = office.post_with("key-0001-abcd", &path, other).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            "anlan:idempotency-key-used"
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_climbs_the_ladder_and_an_amendment_keeps_history() {
    let house = House::new().await;
    let office = house.person("bangong", "office", "committee").await;
    let town = house.person("zhen", "town", "town-a").await;
    let notice = office.upload("通知.md", support::NOTICE).await;
    let id = notice["id"].as_str().unwrap().to_owned();
    office
        .post(
            &format!("/api/v1/notices/{id}/publish"),
            json!({"expected_version": notice["version"]}),
        )
        .await;
    let due = town
        .ok("/api/v1/duties?mine=true&light=open&due_to=2026-03-31&due_from=2026-03-31")
        .await;
    let link = format!(
        "/api/v1/duties/{}",
        due["items"][0]["id"]
            .as_str()
            .expect("a duty due at the end of March")
    );

    house.clock.set("2026-04-30T02:00:00Z".parse().unwrap());
    assert!(anlan_server::live::walk(&house.app).await.unwrap() > 0);
    assert_eq!(
        anlan_server::live::walk(&house.app).await.unwrap(),
        0,
        "a second walk on the same day does nothing"
    );
    let late = town.again().await.ok(&link).await;
    let kinds: Vec<&str> = late["story"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"duty.fell-due")
            && kinds.iter().filter(|k| **k == "duty.climbed").count() >= 3,
        "{kinds:?}"
    );
    assert_eq!(late["light"], "overdue");

    let office = office.again().await;
    let now = office.ok(&format!("/api/v1/notices/{id}")).await;
    let demand = late["demand"].clone();
    let edit = json!({"expected_version": now["version"], "edit": {"op": "reject", "id": demand, "reason": "并入其他任务"}});
    let (status, edited) = office
        .post(&format!("/api/v1/notices/{id}/edits"), edit)
        .await;
    assert_eq!(
        (status, edited["amended"].as_bool()),
        (StatusCode::OK, Some(true)),
        "{edited}"
    );
    let plan = office.ok(&format!("/api/v1/notices/{id}/plan")).await;
    assert!(
        plan["cancelled"].as_u64().unwrap() >= 1 && plan["added"] == 0,
        "{plan}"
    );
    let (status, _) = office
        .post(
            &format!("/api/v1/notices/{id}/publish"),
            json!({"expected_version": edited["version"]}),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    let gone = office.ok(&link).await;
    assert_eq!(
        (
            gone["light"].as_str().unwrap(),
            gone["story"].as_array().unwrap().len() > kinds.len()
        ),
        ("cancelled", true)
    );
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_asks_who_is_there() {
    let house = House::new().await;
    let document: Value = serde_json::to_value(anlan_server::openapi()).unwrap();
    let open = ["/api/v1/meta", "POST /api/v1/session"];
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            // What the public uses without an account has tests of its own.
            if open.contains(&path.as_str())
                || open.contains(&format!("{method} {path}").as_str())
                || path.starts_with("/api/v1/public/")
            {
                continue;
            }
            let path = path
                .replace("{id}", "x")
                .replace("{kind}", "x")
                .replace("{sha256}", "x");
            let (status, problem) = house.ask(&method, &path, json!({})).await;
            assert_eq!(
                status,
                StatusCode::UNAUTHORIZED,
                "{method} {path}: {problem}"
            );
            tried += 1;
        }
    }
    assert!(tried > 40, "only {tried} routes were found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_the_one_that_is_kept() {
    let made = anlan_server::openapi().to_pretty_json().unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    if std::env::var_os("ANLAN_WRITE_OPENAPI").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept.trim() == made.trim(),
        "server/openapi.json is not what the code says: run ANLAN_WRITE_OPENAPI=1 cargo nextest run -p anlan-server the_document, then `npm run types` in web/"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_is_throttled_and_written_down() {
    let house = House::new().await;
    let _ = house.person("zhen", "town", "town-a").await;
    for _ in 0..5 {
        let (status, _) = house
            .ask(
                "POST",
                "/api/v1/session",
                json!({"login": "zhen", "password": "wrong-password"}),
            )
            .await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let right = json!({"login": "zhen", "password": support::PASSWORD});
    let (status, locked) = house.ask("POST", "/api/v1/session", right.clone()).await;
    assert_eq!(
        (status, locked["type"].as_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "anlan:sign-in/locked")
    );
    assert!(locked["retry_after"].as_u64().unwrap() <= 61);
    house.clock.set("2026-02-02T03:00:00Z".parse().unwrap());
    let (status, me) = house.ask("POST", "/api/v1/session", right).await;
    assert_eq!(
        (status, me["person"]["login"].as_str().unwrap()),
        (StatusCode::OK, "zhen")
    );
    let auditor = house.person("shenji", "auditor", "district").await;
    let trail = auditor.ok("/api/v1/ledger/facts?kind=session.").await;
    let refused = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["kind"] == "session.refused")
        .count();
    assert_eq!(refused, 6);
    // The trail is for those who audit.
    let office = house.person("bangong", "office", "committee").await;
    let seen = office.ok("/api/v1/ledger/facts?limit=500").await;
    assert!(
        seen["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|f| !f["kind"].as_str().unwrap().starts_with("session."))
    );
}

/// Five wrong answers in a row where a session asks for the password again: the account is locked as at the door, for
/// every place that asks, and for longer each time.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_no_place_to_guess_the_password() {
    let house = House::new().await;
    let town = house.person("zhen", "town", "town-a").await;
    let headers = [("cookie", town.cookie.clone()), ("x-anlan", "1".to_owned())];
    let change = async |old: &str| {
        let ask = json!({"old": old, "new": "another-good-8"});
        town.post("/api/v1/session/password", ask).await
    };
    let end_totp = async |password: &str| {
        let ask = json!({"password": password});
        house
            .ask_with("DELETE", "/api/v1/session/totp", &headers, ask)
            .await
    };
    let kind = |problem: &Value| problem["type"].as_str().unwrap_or_default().to_owned();
    // The right one in between begins the row anew.
    for _ in 0..4 {
        assert_eq!(
            kind(&end_totp("guess-1").await.1),
            "anlan:sign-in/wrong-old"
        );
    }
    assert_eq!(end_totp(support::PASSWORD).await.0, StatusCode::OK);
    // Many at once are counted one after the other: no more than those whose turn it was are answered.
    let guesses = futures_util::future::join_all((0..20).map(|n| {
        let (change, end_totp) = (&change, &end_totp);
        async move {
            if n % 2 == 0 {
                change("guess-2").await
            } else {
                end_totp("x".repeat(300).as_str()).await
            }
        }
    }))
    .await;
    let wrong = guesses
        .iter()
        .filter(|(status, _)| *status == StatusCode::UNPROCESSABLE_ENTITY)
        .count();
    assert!((5..=6).contains(&wrong), "{guesses:?}");
    for (status, problem) in guesses {
        if status != StatusCode::UNPROCESSABLE_ENTITY {
            assert_eq!(
                (status, kind(&problem).as_str()),
                (StatusCode::TOO_MANY_REQUESTS, "anlan:sign-in/locked")
            );
            assert!(problem["retry_after"].as_u64().unwrap() <= 121);
        }
    }
    // Locked is locked: the right password, here and at the door. The session itself goes on.
    assert_eq!(
        change(support::PASSWORD).await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        end_totp(support::PASSWORD).await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
    let right = json!({"login": "zhen", "password": support::PASSWORD});
    let (status, _) = house.ask("POST", "/api/v1/session", right).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(town.get("/api/v1/session").await.0, StatusCode::OK);
    // After the lock one more failure locks at once, and for longer.
    house.clock.set("2026-02-02T02:05:00Z".parse().unwrap());
    assert_eq!(change("guess-3").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, locked) = change(support::PASSWORD).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(locked["retry_after"].as_u64().unwrap() > 100, "{locked}");
    house.clock.set("2026-02-02T02:15:00Z".parse().unwrap());
    assert_eq!(change(support::PASSWORD).await.0, StatusCode::OK);
    // All of it is in the ledger, in the words of a failed sign-in.
    let trail = house
        .app
        .read(|db| Ok(anlan_store::facts::of_stream(db, "sign-in")?))
        .await
        .unwrap();
    let count = |reason: &str| {
        trail
            .iter()
            .map(|fact| serde_json::from_str::<Value>(&fact.body).unwrap())
            .filter(|body| body["reason"] == reason && body["login"] == "zhen")
            .count()
    };
    assert!(trail.iter().all(|fact| fact.kind == "session.refused"));
    assert_eq!(count("wrong"), 4 + wrong + 1, "{trail:?}");
    assert_eq!(count("locked"), 20 - wrong + 4);
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_it_names_and_no_more() {
    let house = House::new().await;
    let admin = house.person("guanli", "admin", "district").await;
    let (status, issued) = admin
        .post(
            "/api/v1/tokens",
            json!({"name": "上级平台", "commands": ["read-notices"], "days": 30}),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{issued}");
    let secret = issued["secret"].as_str().unwrap();
    let key = format!("Bearer {secret}");
    let bearer = async |path: &str| {
        house
            .ask_with("GET", path, &[("authorization", key.clone())], Value::Null)
            .await
    };
    assert_eq!(bearer("/api/v1/notices").await.0, StatusCode::OK);
    assert_eq!(bearer("/api/v1/people").await.0, StatusCode::FORBIDDEN);
    let (status, _) = admin
        .post(
            "/api/v1/tokens",
            json!({"name": "x", "commands": ["publish-notice"], "days": 30}),
        )
        .await;
    assert_eq!(
        status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no more than its owner may"
    );
    house.clock.set("2026-05-01T00:00:00Z".parse().unwrap());
    assert_eq!(
        bearer("/api/v1/notices").await.0,
        StatusCode::UNAUTHORIZED,
        "it has expired"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_something_needs_the_header() {
    let house = House::new().await;
    let office = house.person("bangong", "office", "committee").await;
    let (status, problem) = house
        .ask_with(
            "POST",
            "/api/v1/ledger/verify",
            &[("cookie", office.cookie.clone())],
            json!({}),
        )
        .await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (StatusCode::FORBIDDEN, "anlan:sign-in/csrf")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_password_opens_only_its_own_change() {
    let house = House::new().await;
    let admin = house.person("guanli", "admin", "district").await;
    let ask = json!({"login": "xinren", "name": "新同志", "positions": [{"org": "town-a", "role": "town"}]});
    let (status, made) = admin.post("/api/v1/people", ask.clone()).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    assert_eq!(
        admin.post("/api/v1/people", ask).await.0,
        StatusCode::CONFLICT
    );
    let first = made["one_time_password"].as_str().unwrap();
    let person = house.sign_in("xinren", first).await;
    let (status, problem) = person.get("/api/v1/duties").await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (StatusCode::FORBIDDEN, "anlan:sign-in/password-must-change")
    );
    assert_eq!(
        person
            .post(
                "/api/v1/session/password",
                json!({"old": first, "new": "short"})
            )
            .await
            .0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        person
            .post(
                "/api/v1/session/password",
                json!({"old": first, "new": "long-enough-7"})
            )
            .await
            .0,
        StatusCode::OK
    );
    let person = house.sign_in("xinren", "long-enough-7").await;
    assert_eq!(person.get("/api/v1/duties").await.0, StatusCode::OK);
    // Nobody gives himself a position.
    let me = admin.ok("/api/v1/people?q=guanli").await["items"][0].clone();
    let more = json!({"expected_version": me["version"], "name": "x", "positions": [{"org": "committee", "role": "office"}]});
    assert_eq!(
        admin
            .put(
                &format!("/api/v1/people/{}", me["id"].as_str().unwrap()),
                more
            )
            .await
            .0,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_names_its_bad_rows() {
    let house = House::new().await;
    let office = house.person("bangong", "office", "committee").await;
    let csv = "名称,所属单位,类别,容纳人数\n一号场所,甲镇,紧急,100\n二号场所,火星镇,紧急,100\n三号场所,乙街道,临时,多\n";
    let (status, report) = office
        .import("shelter", false, "a.csv", csv.as_bytes())
        .await;
    assert_eq!(status, StatusCode::OK, "{report}");
    assert_eq!(
        (report["good"].as_u64(), report["imported"].as_u64()),
        (Some(1), Some(0))
    );
    let rows: Vec<u64> = report["bad"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["row"].as_u64().unwrap())
        .collect();
    assert_eq!(rows, [3, 4, 4]);
    let (_, report) = office
        .import("shelter", true, "a.csv", csv.as_bytes())
        .await;
    assert_eq!(report["imported"], 1);
    assert_eq!(office.ok("/api/v1/things?kind=shelter").await["total"], 1);
    // A district's own orgs come from a table too, a village after its town.
    let admin = house.person("guanli", "admin", "district").await;
    let orgs = "名称,所属单位,类型,简称\n丙镇,区政府,镇（街道）,\n丙一村,丙镇,村（社区）,\n丁局,区政府,局,\n";
    let (_, report) = admin.import("org", true, "b.csv", orgs.as_bytes()).await;
    assert_eq!(
        (
            report["imported"].as_u64(),
            report["bad"][0]["row"].as_u64()
        ),
        (Some(2), Some(4)),
        "{report}"
    );
    let village = admin
        .ok("/api/v1/orgs?kind=village&q=%E4%B8%99%E4%B8%80%E6%9D%91")
        .await;
    assert_eq!(village["total"], 1);
    assert_eq!(
        office.import("org", true, "b.csv", orgs.as_bytes()).await.0,
        StatusCode::FORBIDDEN
    );
    let (status, _) = office.import("shelter", true, "a.exe", b"MZ").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_files_are_refused_with_a_reason() {
    let house = House::new().await;
    let town = house.person("zhen", "town", "town-a").await;
    let (status, problem) = town
        .try_attach("photo.jpg", b"MZ\x90\x00 not a photo")
        .await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "anlan:attachment/type")
    );
    let office = house.person("bangong", "office", "committee").await;
    for (name, bytes) in [
        ("a.docx", &b"PK\x03\x04broken"[..]),
        ("a.pdf", b"%PDF-1.7 broken"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.md", b""),
    ] {
        let (status, problem) = office.try_upload(name, bytes).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {problem}"
        );
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .starts_with("anlan:notice/"),
            "{problem}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_verifiers_follow_the_log() {
    let house = House::new().await;
    let office = house.person("bangong", "office", "committee").await;
    house.app.store.seal(house.app.now()).await.unwrap();
    let (status, note) = house.text("/checkpoint").await;
    assert_eq!(status, StatusCode::OK);
    let (size, root) =
        anlan_store::log::open_checkpoint(&note, house.app.store.key().vkey()).unwrap();
    assert!(size > 0 && size < 256);
    let (status, tile) = house.bytes(&format!("/tile/0/000.p/{size}")).await;
    assert_eq!((status, tile.len() as u64), (StatusCode::OK, size * 32));
    let (status, bundle) = house.bytes(&format!("/tile/entries/000.p/{size}")).await;
    assert_eq!((status, bundle.len() as u64), (StatusCode::OK, size * 34));
    assert_eq!(
        house.bytes("/tile/0/000").await.0,
        StatusCode::NOT_FOUND,
        "a tile that is not full has no full form"
    );
    assert_eq!(house.bytes("/tile/9/000").await.0, StatusCode::NOT_FOUND);
    // A later log is a continuation of this one.
    office.upload("通知.md", support::NOTICE).await;
    house.app.store.seal(house.app.now()).await.unwrap();
    let (later, new_root) = anlan_store::log::open_checkpoint(
        &house.text("/checkpoint").await.1,
        house.app.store.key().vkey(),
    )
    .unwrap();
    let proof = office
        .ok(&format!(
            "/api/v1/ledger/consistency?old={size}&new={later}"
        ))
        .await;
    let path: Vec<String> = serde_json::from_value(proof["path"].clone()).unwrap();
    anlan_store::log::check_consistency(&path, (size, root), (later, new_root)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_are_made_from_the_data() {
    let house = House::new().await;
    let office = house.person("bangong", "office", "committee").await;
    let notice = office.upload("通知.md", support::NOTICE).await;
    office
        .post(
            &format!("/api/v1/notices/{}/publish", notice["id"].as_str().unwrap()),
            json!({"expected_version": notice["version"]}),
        )
        .await;
    house.clock.set("2026-04-02T02:00:00Z".parse().unwrap());
    let office = office.again().await;
    let draft = office.ok("/api/v1/bulletin?month=2026-03").await;
    assert!(
        !draft["blocks"].as_array().unwrap().is_empty()
            && !draft["tables"].as_array().unwrap().is_empty(),
        "{draft}"
    );
    let docx = office.post_bytes("/api/v1/bulletin", json!({"month": "2026-03", "number": "示安办〔2026〕1号", "red_header": true, "blocks": draft["blocks"]})).await;
    assert_eq!(&docx[..2], b"PK");
    let letter = office
        .ok("/api/v1/letters/draft?org=town-a&kind=reminder")
        .await;
    let duties: Vec<Value> = letter["duties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["id"].clone())
        .collect();
    assert!(!duties.is_empty());
    let ask = json!({"org": "town-a", "kind": "reminder", "duties": duties, "number": null, "blocks": letter["blocks"], "red_header": false});
    let docx = office.post_bytes("/api/v1/letters", ask).await;
    assert_eq!(&docx[..2], b"PK");
    let made = office.ok("/api/v1/ledger/facts?kind=paper.made").await;
    assert_eq!(made["total"], 2);
    let (status, xlsx) = office.get_bytes("/api/v1/duties.xlsx").await;
    assert_eq!((status, &xlsx[..2]), (StatusCode::OK, &b"PK"[..]));
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_district_obeys_the_same_rules() {
    let house = House::empty().await;
    house.clock.set("2026-11-24T02:00:00Z".parse().unwrap());
    assert!(
        anlan_server::demo::load(&house.app, support::PASSWORD)
            .await
            .unwrap()
    );
    assert!(
        !anlan_server::demo::load(&house.app, support::PASSWORD)
            .await
            .unwrap(),
        "only once"
    );
    house.check().await;
    let office = house.sign_in("anwei", support::PASSWORD).await;
    let cockpit = office.ok("/api/v1/cockpit").await;
    let total = &cockpit["total"];
    for light in [
        "in-time",
        "overdue",
        "done",
        "done-late",
        "waived",
        "standing",
    ] {
        assert!(total[light].as_u64().unwrap() > 0, "no {light} in {total}");
    }
    // Every number opens what it counts.
    let list = office.ok("/api/v1/duties?light=overdue&limit=1").await;
    assert_eq!(list["total"], total["overdue"]);
    let found = office
        .ok("/api/v1/search?q=%E9%81%BF%E9%9A%BE%E5%9C%BA%E6%89%80")
        .await;
    assert!(!found["items"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_line_tells_nothing_to_whom_the_door_was_shut() {
    let house = House::new().await;
    let admin = house.person("guanli", "admin", "district").await;
    let town = house.person("zhen", "town", "town-a").await;
    let mut line = town.listen("/api/v1/events").await;
    assert!(line.next().await.contains("event: hello"));
    // The follower that the program runs is not running here: the test passes the facts on itself.
    let tell = async |kind: &str| {
        let kind = kind.to_owned();
        let facts = house
            .app
            .read(move |db| Ok(anlan_store::facts::from(db, 0, 500)?))
            .await
            .unwrap();
        for fact in facts.into_iter().filter(|fact| fact.kind == kind) {
            let _ = house.app.live.send(std::sync::Arc::new(fact));
        }
    };
    tell("org.added").await;
    let seen = line.next().await;
    assert!(seen.contains("甲镇") && !seen.contains("乙街道"), "{seen}");
    let person = admin.ok("/api/v1/people?q=zhen").await["items"][0].clone();
    let body = json!({"expected_version": person["version"], "name": "zhen", "disabled": true, "positions": [{"org": "town-a", "role": "town"}]});
    let (status, problem) = admin
        .put(
            &format!("/api/v1/people/{}", person["id"].as_str().unwrap()),
            body,
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{problem}");
    tell("org.added").await;
    assert!(
        line.silent().await,
        "a disabled person's page goes on listening"
    );
}
