//! Who sees what: an enterprise never learns of a report about it, by whatever door it asks; what stays inside an
//! enterprise stays there.

use crate::district::{self, *};
use crate::support::{Client, House};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// A word that stands in the loop and nowhere else.
const WORD: &str = "zqxv7731";

/// Every door through which a loop might be seen: which of them let it be seen.
async fn doors(house: &House, who: &Client, it: &Value, file: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let (id, kind) = (it["id"].as_str().unwrap(), it["kind"].as_str().unwrap());
    let number = it["number"].as_str().unwrap();
    let mut told = |door: &str, yes: bool| {
        if yes {
            seen.push(door.to_owned());
        }
    };
    for query in [
        "",
        &format!("?kind={kind}"),
        &format!("?q={WORD}"),
        "?org=qi-gas",
        "?under=town-a",
        "?mine=true",
    ] {
        let list = who.ok(&format!("/api/v1/loops{query}")).await;
        told(
            &format!("list {query}"),
            list["items"].to_string().contains(id) || list.to_string().contains(WORD),
        );
    }
    for tail in ["", "/trace", "/trace.docx", "/similar"] {
        told(
            tail,
            who.get_bytes(&format!("/api/v1/loops/{id}{tail}")).await.0 != StatusCode::NOT_FOUND,
        );
    }
    for (tail, body) in [
        (
            "commands",
            json!({"expected_version": 1, "command": {"name": "watch", "on": true}}),
        ),
        ("presence", json!({})),
        ("reporter", json!({"reason": "想知道"})),
    ] {
        told(
            tail,
            who.post(&format!("/api/v1/loops/{id}/{tail}"), body)
                .await
                .0
                != StatusCode::NOT_FOUND,
        );
    }
    let bulk = json!({"ids": [id], "code": "take-up", "values": {}, "preview": true});
    told(
        "bulk",
        who.post("/api/v1/loops/bulk", bulk).await.1["results"] != json!([]),
    );
    told(
        "search",
        who.ok(&format!("/api/v1/search?q={WORD}")).await["items"] != json!([]),
    );
    told(
        "inbox",
        who.ok("/api/v1/inbox").await.to_string().contains(id),
    );
    told(
        "map",
        who.ok("/api/v1/loops/map").await.to_string().contains(id),
    );
    for group in ["none", "org", "town", "kind", "month"] {
        let counts = who
            .ok(&format!("/api/v1/loops/summary?kind={kind}&group={group}"))
            .await;
        told(
            &format!("summary {group}"),
            counts["total"]["total"] != json!(0)
                || counts["groups"] != json!([]) && counts["groups"][0]["total"] != json!(0),
        );
    }
    let trend = who.ok(&format!("/api/v1/loops/trend?kind={kind}")).await;
    told(
        "trend",
        trend
            .as_array()
            .unwrap()
            .iter()
            .any(|m| m["opened"] != json!(0)),
    );
    let (status, sheet) = who.get_bytes("/api/v1/loops.xlsx").await;
    assert_eq!(status, StatusCode::OK);
    {
        use calamine::Reader as _;
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(sheet)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        told(
            "xlsx",
            range
                .used_cells()
                .any(|(_, _, cell)| cell.to_string().contains(number)),
        );
    }
    told(
        "attachment",
        who.get_bytes(&format!("/api/v1/attachments/{file}"))
            .await
            .0
            != StatusCode::NOT_FOUND,
    );
    for query in [
        "?limit=500".to_owned(),
        "?kind=loop.&limit=500".to_owned(),
        format!("?stream=loop/{id}&limit=500"),
        "?org=qi-gas&limit=500".to_owned(),
    ] {
        let (status, facts) = who.get(&format!("/api/v1/ledger/facts{query}")).await;
        told(
            &format!("facts {query}"),
            status == StatusCode::OK
                && (facts.to_string().contains(id) || facts.to_string().contains(WORD)),
        );
        // A number that counts what is not shown tells as much.
        if status == StatusCode::OK && query.contains("stream") {
            told("count of facts", facts["total"] != json!(0));
        }
    }
    let facts = facts(house, it).await;
    for fact in &facts {
        for tail in ["", "/proof"] {
            let (status, _) = who
                .get(&format!("/api/v1/ledger/facts/{}{tail}", fact.id))
                .await;
            told(
                &format!("fact{tail}"),
                !matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN),
            );
        }
    }
    let mut line = who.listen("/api/v1/events").await;
    assert!(line.next().await.contains("hello"));
    for fact in facts {
        let _ = house.app.live.send(std::sync::Arc::new(fact));
    }
    told("live line", !line.silent().await);
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enterprise_never_learns_who_complains_of_it() {
    let house = district::new().await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let safety = house.person("anquan", "safety", "qi-gas").await;
    let head = house.person("jingli", "enterprise", "qi-gas").await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let photo = office.attach("现场.jpg", &picture(1)).await["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({"kind": "report", "org": "qi-gas",
        "values": {"what": format!("{WORD} 夜间违规充装"), "kind": "hazard", "channel": "phone", "photos": [photo]}});
    let it = open(&office, body).await;
    for who in [&safety, &head, &grid] {
        assert_eq!(doors(&house, who, &it, &photo).await, Vec::<String>::new());
    }
    // The doors do open for whoever may see it: the test would notice.
    let seen = doors(&house, &office, &it, &photo).await;
    for door in [
        "list ",
        "",
        "search",
        "map",
        "summary org",
        "trend",
        "xlsx",
        "attachment",
        "fact",
        "live line",
        "bulk",
    ] {
        assert!(
            seen.iter().any(|s| s == door),
            "{door} is not among {seen:?}"
        );
    }

    // What was found of it is told to the enterprise as a hazard, in the words of whoever looked.
    let path = link(&it);
    go(&office, &path, "take-up", json!({})).await;
    go(&office, &path, "assign", json!({"handler": "dept-zhujian"})).await;
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let found = json!({"finding": "confirmed", "facts": "现场核查属实", "leads_to": "hazard", "lead_what": "充装记录不全"});
    go(&regulator, &path, "verify", found).await;
    let hazards = of_kind(&safety, "hazard").await;
    assert_eq!(hazards.len(), 1);
    let hazard = safety.ok(&link(&hazards[0])).await;
    assert!(
        !hazard.to_string().contains(WORD) && hazard["links"] == json!([]),
        "{hazard}"
    );
    assert!(
        !hazard.to_string().contains(it["id"].as_str().unwrap()),
        "the hazard names the report: {hazard}"
    );
    // The way leads from the report to the hazard, for whoever may see the report.
    assert_eq!(
        regulator.ok(&path).await["links"][0]["id"],
        hazards[0]["id"]
    );
    // The report itself stays shut: its facts name the enterprise, and none of them is listed.
    let listed = head.ok("/api/v1/ledger/facts?kind=loop.&limit=500").await;
    assert!(
        items(&listed)
            .iter()
            .all(|f| f["stream"] == format!("loop/{}", hazards[0]["id"].as_str().unwrap())),
        "{listed}"
    );
    assert!(!listed.to_string().contains(WORD));
    assert_eq!(head.get(&path).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_inside_an_enterprise_stays_there() {
    let house = district::new().await;
    let safety = house.person("anquan", "safety", "qi-gas").await;
    let file = safety.attach("监控.jpg", &picture(1)).await["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let violation = json!({"kind": "violation", "org": "qi-gas", "values": {"violation": "order-unsafe-work", "degree": "serious",
        "facts": format!("{WORD} 强令冒险作业"), "post": "带班", "employee": "E-1027", "photos": [file]}});
    let internal = json!({"kind": "internal", "org": "qi-gas",
        "values": {"what": format!("{WORD} 员工报告隐患"), "kind": "hazard", "photos": [file]}});
    let mut people = Vec::new();
    for (login, role, org) in [
        ("anwei", "office", "office-anwei"),
        ("jianguan", "regulator", "dept-zhujian"),
        ("zhen", "town", "town-a"),
        ("guanli", "admin", "district"),
        ("shenji", "auditor", "district"),
        ("quzhang", "leader", "district"),
        ("zhiban", "duty", "office-anwei"),
        ("linju", "safety", "qi-chem"),
        ("wangge", "grid", "cun-a1"),
    ] {
        people.push((role, house.person(login, role, org).await));
    }
    for body in [violation, internal] {
        let it = open(&safety, body).await;
        for (role, who) in &people {
            assert_eq!(
                doors(&house, who, &it, &file).await,
                Vec::<String>::new(),
                "{role} sees {}",
                it["kind"]
            );
        }
        assert!(doors(&house, &safety, &it, &file).await.len() > 15);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sees_his_part_of_the_district() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let other = house.person("wangge2", "grid", "cun-b1").await;
    let own = open(&grid, hazard("管道锈蚀")).await;
    let chem = json!({"kind": "hazard", "org": "qi-chem", "values": {"what": "储罐泄漏", "source": "patrol"}});
    let foreign = open(&other, chem).await;
    let ids = |list: Vec<Value>| {
        list.iter()
            .map(|i| i["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (a, b) = (own["id"].as_str().unwrap(), foreign["id"].as_str().unwrap());
    for (login, role, org, sees) in [
        ("zhujian", "regulator", "dept-zhujian", vec![a]),
        ("yingji", "regulator", "dept-yingji", vec![b]),
        ("zhen", "town", "town-a", vec![a]),
        ("jie", "town", "town-b", vec![b]),
        ("qiye", "safety", "qi-gas", vec![a]),
    ] {
        let who = house.person(login, role, org).await;
        assert_eq!(ids(of_kind(&who, "hazard").await), sees, "{login}");
        for id in [a, b] {
            let expected = if sees.contains(&id) {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            };
            assert_eq!(
                who.get(&format!("/api/v1/loops/{id}")).await.0,
                expected,
                "{login} {id}"
            );
        }
    }
    assert_eq!(ids(of_kind(&grid, "hazard").await), [a]);
    assert_eq!(ids(of_kind(&other, "hazard").await), [b]);
    // A grid worker registers, and decides nothing.
    assert_eq!(
        refused(&grid, &link(&own), "grade", json!({"grade": "general"})).await,
        no(403, "loop/not-permitted")
    );
}

/// A report leads to a case about a hidden accident, which the enterprise answers: nothing in it says that somebody
/// reported, and who may see the report finds the case from there.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_does_not_tell_that_somebody_reported() {
    let house = district::new().await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let head = house.person("jingli", "enterprise", "qi-gas").await;
    let body = json!({"kind": "report", "org": "qi-gas",
        "values": {"what": format!("{WORD} 上周死了人没有上报"), "kind": "hidden-accident", "channel": "phone"}});
    let report = open(&office, body).await;
    at(&house, "2026-02-02T06:00:00Z");
    let detect = anlan_server::loops::consequence::detect;
    assert_eq!(house.app.write(detect).await.unwrap(), 1);
    assert_eq!(house.app.write(detect).await.unwrap(), 0);
    let cases = of_kind(&head, "misreport").await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    let case = head.ok(&link(&cases[0])).await;
    let mut told = case.to_string();
    for fact in facts(&house, &case).await {
        told += &head
            .ok(&format!("/api/v1/ledger/facts/{}", fact.id))
            .await
            .to_string();
    }
    assert!(told.contains("其他渠道线索"), "{told}");
    // The rules that its clocks come from speak of reports; the case does not speak of this one.
    for word in [
        report["id"].as_str().unwrap(),
        report["number"].as_str().unwrap(),
        WORD,
        "群众举报",
    ] {
        assert!(!told.contains(word), "{word} stands in {told}");
    }
    let report = office.ok(&link(&report)).await;
    assert_eq!(
        (&report["links"][0]["id"], &report["links"][0]["how"]),
        (&case["id"], &json!("led-to"))
    );
    house.check().await;
}
