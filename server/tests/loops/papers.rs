//! Official papers out of loops.

use crate::district::{self, *};
use anlan_core::fact::Entry;
use anlan_core::id::LoopId;
use anlan_core::id::OrgId;
use anlan_core::loops::{Event, Moved, Opened, REGISTRY};
use anlan_server::loops::papers::{self, Source};
use axum::http::StatusCode;
use serde_json::json;
use std::collections::BTreeMap;

/// Whatever paper a move names, the server knows how to write: on a loop where that move was made it is never unknown.
#[tokio::test(flavor = "multi_thread")]
async fn every_paper_that_a_move_names_is_known() {
    let house = district::new().await;
    let org = OrgId::try_from("qi-gas").unwrap();
    let mut tried = Vec::new();
    for spec in REGISTRY {
        for m in std::iter::once(&spec.open).chain(spec.moves) {
            let Some(paper) = m.paper else { continue };
            let id = LoopId::try_from(format!("{}_{:026}", spec.code, tried.len())).unwrap();
            let state = spec.states[0].code.to_owned();
            let opened = Event::Opened(Box::new(Opened {
                id: id.clone(),
                kind: spec.code.into(),
                number: format!("{}-2026-9{:05}", spec.prefix, tried.len()),
                title: "事项".into(),
                state: state.clone(),
                org: org.clone(),
                town: None,
                sector: None,
                place: None,
                address: String::new(),
                parties: BTreeMap::new(),
                values: BTreeMap::new(),
                clocks: vec![],
                met: vec![],
                grade: None,
                from: None,
                by_org: None,
            }));
            let moved = Event::Moved(Box::new(Moved {
                code: m.code.into(),
                from: state.clone(),
                to: state,
                values: BTreeMap::new(),
                parties: BTreeMap::new(),
                clocks: vec![],
                met: vec![],
                stopped: vec![],
                grade: None,
                by_org: None,
            }));
            let events = if m.code == "open" {
                vec![opened]
            } else {
                vec![opened, moved]
            };
            let (key, about) = (id.clone(), org.clone());
            house
                .app
                .write(move |w| {
                    for event in events {
                        let at = w.now;
                        w.append(
                            &Entry::of_loop(&key, &about, vec![], event, None, at, at),
                            None,
                        )?;
                    }
                    Ok(())
                })
                .await
                .unwrap();
            let (it, story) = house
                .app
                .read(move |db| {
                    let it = anlan_store::loops::get(db, id.as_str())?.expect("it was opened");
                    let story = anlan_store::facts::of_stream(db, &format!("loop/{id}"))?;
                    Ok((it, story))
                })
                .await
                .unwrap();
            let world = house.app.world();
            let source = Source::new(&it, &story, &world, &house.app).unwrap();
            if let Err(refusal) = source.paper(paper, None) {
                assert_ne!(
                    refusal.code,
                    papers::NO_SUCH_PAPER.code,
                    "{}: {} names {paper}",
                    spec.code,
                    m.code
                );
            }
            for (code, zh, _) in source.ready() {
                assert_ne!(zh, "文书", "{code} of {} has no name", spec.code);
                if let Err(refusal) = source.paper(&code, None) {
                    assert_ne!(
                        refusal.code,
                        papers::NO_SUCH_PAPER.code,
                        "{code} is offered and not known"
                    );
                }
            }
            assert!(source.paper("no-such", None).is_err());
            tried.push(paper);
        }
    }
    assert!(tried.len() >= 20, "{tried:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_come_out_as_word_files() {
    let house = district::new().await;
    let grid = house.person("wangge", "grid", "cun-a1").await;
    let regulator = house.person("jianguan", "regulator", "dept-zhujian").await;
    let safety = house.person("anquan", "safety", "qi-gas").await;
    let office = house.person("anwei", "office", "office-anwei").await;
    let paper = async |path: &str| {
        let (status, bytes) = office.get_bytes(path).await;
        assert_eq!(
            status,
            StatusCode::OK,
            "{path}: {}",
            String::from_utf8_lossy(&bytes)
        );
        let text = within(&bytes, "word/document.xml");
        assert!(
            text.contains("甲镇燃气有限公司"),
            "{path} does not name the unit"
        );
        assert!(
            !text.contains("rectify") && !text.contains("qi-gas"),
            "{path} shows what only programs read"
        );
        text
    };

    let it = open(&grid, hazard("管道锈蚀")).await;
    let path = link(&it);
    let order = format!("{path}/papers/rectification-order");
    let (status, early) = office.get(&order).await;
    assert_eq!(
        (status, &early["type"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("anlan:loop/paper-not-yet")
        )
    );
    let (status, unknown) = office.get(&format!("{path}/papers/love-letter")).await;
    assert_eq!(
        (status, &unknown["type"]),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("anlan:loop/no-such-paper")
        )
    );
    go(&regulator, &path, "grade", json!({"grade": "general"})).await;
    go(
        &regulator,
        &path,
        "order",
        json!({"deadline": "2026-02-20", "demands": "更换锈蚀管段"}),
    )
    .await;
    assert!(paper(&order).await.contains("更换锈蚀管段"));
    assert!(
        paper(&format!(
            "{order}?number=%E7%A4%BA%E4%BD%8F%E5%BB%BA%E3%80%942026%E3%80%951%E5%8F%B7"
        ))
        .await
        .contains("示住建〔2026〕1号")
    );
    let after = safety.attach("后.jpg", &picture(4)).await["sha256"].clone();
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
        json!({"reinspection": "pass", "reinspection_note": "试压合格"}),
    )
    .await;
    assert!(
        paper(&format!("{path}/papers/reinspection-opinion"))
            .await
            .contains("试压合格")
    );
    let offered: Vec<String> = office.ok(&path).await["papers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(offered, ["rectification-order", "reinspection-opinion"]);
    house.app.store.seal(house.app.now()).await.unwrap();
    let trace = paper(&format!("{path}/trace.docx")).await;
    let proof = facts(&house, &it).await[0].id.to_string();
    assert!(trace.contains(&proof), "the trace does not name its facts");

    let body = json!({"kind": "accident", "org": "qi-gas",
        "values": {"class": "accident", "what": "作业平台坍塌", "occurred_at": "2026-02-02T01:30:00Z", "trapped": 2}});
    let it = open(&safety, body).await;
    let path = link(&it);
    paper(&format!("{path}/papers/accident-first")).await;
    go(&office, &path, "receive", json!({})).await;
    go(
        &office,
        &path,
        "follow-up",
        json!({"progress": "救出1人", "deaths": 1, "trapped": 1}),
    )
    .await;
    go(
        &office,
        &path,
        "figures",
        json!({"change": "new", "trapped": 0}),
    )
    .await;
    go(
        &office,
        &path,
        "final",
        json!({"final_account": "救援结束", "deaths": 1}),
    )
    .await;
    let offered: Vec<String> = office.ok(&path).await["papers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        offered,
        [
            "accident-first",
            "accident-follow-up-1",
            "accident-follow-up-2",
            "accident-final"
        ]
    );
    for code in &offered {
        paper(&format!("{path}/papers/{code}")).await;
    }
    assert!(
        paper(&format!("{path}/papers/accident-follow-up-1"))
            .await
            .contains("救出1人")
    );
    let none = office
        .get(&format!("{path}/papers/accident-follow-up-9"))
        .await;
    assert_eq!(none.0, StatusCode::UNPROCESSABLE_ENTITY);

    let circular = json!({"kind": "circular", "org": "qi-gas", "values": {"what": "整改不力"}});
    let path = link(&open(&office, circular).await);
    let issue = json!({"facts": "逾期未整改", "demands": "立即整改", "scope": "各镇（街道）", "deadline": "2026-02-20"});
    go(&office, &path, "issue", issue).await;
    assert!(
        paper(&format!("{path}/papers/circular"))
            .await
            .contains("逾期未整改")
    );
    let interview =
        json!({"kind": "interview", "org": "qi-gas", "values": {"what": "重大隐患整改不力"}});
    let path = link(&open(&office, interview).await);
    let notify = json!({"at": "2026-02-05T01:00:00Z", "venue": "区政府会议室", "called": "总经理", "host": "区安委办主任"});
    go(&office, &path, "notify", notify).await;
    assert!(
        paper(&format!("{path}/papers/interview-notice"))
            .await
            .contains("区政府会议室")
    );
    // Papers are shown to those who see the loop.
    let stranger = house.person("linju", "safety", "qi-chem").await;
    assert_eq!(
        stranger
            .get(&format!("{path}/papers/interview-notice"))
            .await
            .0,
        StatusCode::NOT_FOUND
    );
}
