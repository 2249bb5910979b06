//! Accidents: late reports, and what the notice itself attaches to them.

use crate::district::{self, *};
use crate::support::{Client, House};
use anlan_server::loops::consequence::detect;
use axum::http::StatusCode;
use serde_json::{Value, json};

fn accident(org: &str, occurred: &str, deaths: u32) -> Value {
    json!({"kind": "accident", "org": org, "title": format!("{occurred}事故"),
        "values": {"class": "accident", "what": "作业平台坍塌", "occurred_at": occurred, "deaths": deaths}})
}

/// The enterprise tells it itself, so many minutes after its head learned of it.
fn told(org: &str, learned: &str) -> Value {
    json!({"kind": "accident", "org": org,
        "values": {"class": "accident", "what": "作业平台坍塌", "occurred_at": learned, "learned_at": learned, "deaths": 1}})
}

fn unit_clock(it: &Value) -> Value {
    it["clocks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["code"] == "unit")
        .expect("a clock of the unit")
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_report_opens_one_case() {
    let house = district::new().await;
    let safety = house.person("anquan", "safety", "qi-gas").await;
    let office = house.person("anwei", "office", "office-anwei").await;
    // Within the hour, to the second.
    let chem = house.person("huagong", "safety", "qi-chem").await;
    let timely = open(&chem, told("qi-chem", "2026-02-02T01:00:00Z")).await;
    assert_eq!(unit_clock(&timely)["late"], false, "{timely}");
    assert_eq!(
        house.app.write(detect).await.unwrap(),
        0,
        "nothing was late"
    );

    let it = open(&safety, told("qi-gas", "2026-02-02T00:30:00Z")).await;
    let clock = unit_clock(&it);
    assert_eq!(
        (&clock["late"], &clock["due"], &clock["met"]),
        (
            &json!(true),
            &json!("2026-02-02T09:30:00+08:00"),
            &json!("2026-02-02T10:00:00+08:00")
        )
    );
    assert_eq!(house.app.write(detect).await.unwrap(), 1);
    assert_eq!(
        house.app.write(detect).await.unwrap(),
        0,
        "the same suspicion twice"
    );
    let cases = of_kind(&office, "misreport").await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    let case = office.ok(&link(&cases[0])).await;
    assert_eq!(
        (&case["org"]["id"], &value(&case, "wrong")["raw"]),
        (&json!("qi-gas"), &json!("late")),
        "{case}"
    );
    assert!(
        value(&case, "what")["text"]
            .as_str()
            .unwrap()
            .contains("30分钟"),
        "{case}"
    );
    let linked = |from: &Value, how: &str, to: &Value| {
        from["links"]
            .as_array()
            .unwrap()
            .iter()
            .any(|l| l["how"] == how && l["id"] == to["id"])
    };
    assert!(linked(&case, "from", &it) && linked(&office.ok(&link(&it)).await, "led-to", &case));
    // That it was judged does not open it anew.
    at(&house, "2026-02-02T02:10:00Z");
    assert_eq!(house.app.write(detect).await.unwrap(), 0);
    house.check().await;
}

/// A notice with the sample notice's own words on what accidents call for, published as the office does it.
async fn with_triggers() -> (House, Client) {
    let house = district::new().await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let whole = include_str!("../../../sample/notice/notice-2026.md");
    let article = whole
        .lines()
        .find(|line| line.contains("专项巡查") && line.contains("较大"))
        .expect("the article");
    let text = format!(
        "# 关于做好2026年安全生产重点工作的通知\n\n各镇（街道），区直各单位：\n\n## 一、压实责任\n\n{article}\n\n区安全生产委员会办公室\n\n2026年1月10日\n"
    );
    let notice = office.upload("通知.md", &text).await;
    let path = format!("/api/v1/notices/{}/publish", notice["id"].as_str().unwrap());
    let (status, published) = office
        .post(&path, json!({"expected_version": notice["version"]}))
        .await;
    assert_eq!(
        (status, &published["state"]),
        (StatusCode::OK, &json!("published")),
        "{published}"
    );
    (house, office)
}

/// What the patrols say and come from: title, and when the accident happened that called for each.
async fn patrols(office: &Client) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for it in of_kind(office, "patrol").await {
        let patrol = office.ok(&link(&it)).await;
        let from = patrol["links"]
            .as_array()
            .unwrap()
            .iter()
            .find(|l| l["how"] == "from")
            .expect("where it comes from")
            .clone();
        let anchor = office.ok(&link(&from)).await;
        assert!(
            anchor["links"]
                .as_array()
                .unwrap()
                .iter()
                .any(|l| l["how"] == "led-to" && l["id"] == patrol["id"]),
            "one end alone"
        );
        assert!(
            !anchor["notes"].as_array().unwrap().is_empty(),
            "the accident does not say what rule applies"
        );
        out.push((
            patrol["title"].as_str().unwrap().to_owned(),
            value(&anchor, "occurred_at")["raw"].to_string(),
        ));
    }
    out.sort();
    out
}

const FIRST: &str = "2025-12-20T01:00:00Z";
const SECOND: &str = "2026-01-28T01:00:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn two_within_three_months_call_for_one_patrol() {
    let (house, office) = with_triggers().await;
    open(&office, accident("qi-gas", FIRST, 3)).await;
    // In another town, or less grave, or too long ago: no company to the first.
    open(&office, accident("qi-chem", SECOND, 3)).await;
    open(&office, accident("qi-gas", "2026-01-15T01:00:00Z", 1)).await;
    assert_eq!(patrols(&office).await, []);
    let second = open(&office, accident("qi-gas", SECOND, 3)).await;
    assert_eq!(second["grade"], "major");
    let found = patrols(&office).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].0.contains("甲镇") && found[0].1.contains(SECOND),
        "{found:?}"
    );
    let patrol = link(&of_kind(&office, "patrol").await[0]);

    // A correction takes the ground away: the patrol stays, and says so.
    let path = link(&second);
    go(&office, &path, "receive", json!({})).await;
    let less = json!({"change": "correct", "deaths": 1, "basis": "经法医鉴定，2人系疾病死亡"});
    assert_eq!(
        go(&office, &path, "figures", less).await["grade"],
        "ordinary"
    );
    let notes = office.ok(&patrol).await["notes"].clone();
    assert_eq!(notes.as_array().unwrap().len(), 1, "{notes}");
    assert_eq!(
        (
            &notes[0]["rule"],
            notes[0]["text"].as_str().unwrap().contains("不再成立")
        ),
        (&json!("basis"), true)
    );
    assert_eq!(
        office.ok(&path).await["notes"],
        json!([]),
        "the accident still says that the rule applies"
    );
    // And gives it back: no second patrol.
    let more = json!({"change": "correct", "deaths": 3, "basis": "复核鉴定"});
    assert_eq!(go(&office, &path, "figures", more).await["grade"], "major");
    assert_eq!(patrols(&office).await, found);
    assert_eq!(office.ok(&patrol).await["notes"], json!([]));
    house.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_in_which_accidents_come_to_be_known_does_not_matter() {
    let mut answers = Vec::new();
    for order in [[FIRST, SECOND], [SECOND, FIRST]] {
        let (house, office) = with_triggers().await;
        for occurred in order {
            open(&office, accident("qi-gas", occurred, 3)).await;
        }
        answers.push(patrols(&office).await);
        house.check().await;
    }
    assert_eq!(answers[0].len(), 1);
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_months_and_a_day_are_too_long() {
    let (_house, office) = with_triggers().await;
    open(&office, accident("qi-gas", "2025-10-27T01:00:00Z", 3)).await;
    open(&office, accident("qi-gas", SECOND, 3)).await;
    assert_eq!(patrols(&office).await, []);
    open(&office, accident("qi-gas", "2025-10-28T01:00:00Z", 3)).await;
    // Now there are two within three months twice over: those of October, and the later of them with that of January.
    let anchors: Vec<String> = patrols(&office)
        .await
        .into_iter()
        .map(|(_, occurred)| occurred)
        .collect();
    assert_eq!(
        anchors,
        [
            "\"2025-10-28T01:00:00Z\"".to_owned(),
            format!("\"{SECOND}\"")
        ]
    );
}
