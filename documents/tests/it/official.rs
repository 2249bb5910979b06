use anlan_documents::official::accident::{Casualties, Event, EventReport, Stage};
use anlan_documents::official::expose::mask;
use anlan_documents::official::{
    Circular, Delisting, Exposure, FilmList, Listing, Rectification, Referral, WarningMeeting,
};
use anlan_documents::{
    Head, Official, PaperError, Sheet, official_docx, official_sheet, sheet_docx,
};
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;

use crate::facts;
use crate::read::{Document, document, parts};

fn print(head: &Head, paper: &Official) -> Document {
    document(&official_docx(head, paper).expect("a paper"))
}

fn printed(name: &str) -> Document {
    let (_, head, paper) = facts::all()
        .into_iter()
        .find(|(n, ..)| *n == name)
        .unwrap_or_else(|| panic!("no sample {name}"));
    print(&head, &paper)
}

/// What the paper says, without the breaks of lines.
fn said(doc: &Document) -> String {
    doc.text().replace('\n', "")
}

#[track_caller]
fn says(doc: &Document, wanted: &[&str]) {
    let text = said(doc);
    for wanted in wanted {
        assert!(text.contains(wanted), "no `{wanted}` in {text}");
    }
}

#[test]
fn every_kind_has_title_number_seal_and_whole_parts() {
    for (name, head, paper) in facts::all() {
        let bytes = official_docx(&head, &paper).expect("a paper");
        assert_eq!(bytes, official_docx(&head, &paper).expect("the same"));
        for (part, xml) in parts(&bytes) {
            let mut reader = quick_xml::Reader::from_str(&xml);
            while reader
                .read_event()
                .unwrap_or_else(|e| panic!("{name} {part}: {e}"))
                != quick_xml::events::Event::Eof
            {}
        }
        let doc = document(&bytes);
        assert!(!doc.style("Title").is_empty(), "{name}");
        assert_eq!(
            doc.style("Number").concat(),
            head.number.clone().unwrap_or_default(),
            "{name}"
        );
        let sign = doc.style("Sign");
        assert_eq!(sign[0], head.office, "{name}");
        assert_eq!(sign[1], "2025年3月6日", "{name}");
        assert!(!said(&doc).contains("。。"), "{name}: {}", said(&doc));
    }
}

#[test]
fn a_report_is_named_by_what_happened_and_its_version() {
    let title =
        |event, stage| EventReport::unknown(event, stage, date(2025, 3, 5).at(10, 0, 0, 0)).title();
    assert_eq!(
        [
            title(Event::Accident, Stage::First),
            title(Event::Accident, Stage::FollowUp(2)),
            title(Event::Accident, Stage::Final),
            title(Event::Incident, Stage::FollowUp(1)),
            title(Event::Disaster, Stage::First),
            title(Event::Disaster, Stage::Final),
        ]
        .join(" "),
        "生产安全事故快报 生产安全事故续报（第2期） 生产安全事故终报 险情报告（续报第1期） 灾情报告（初报） 灾情报告（核报）"
    );
}

#[test]
fn a_report_of_nothing_known_says_so_and_no_nought() {
    let doc = printed("incident");
    says(
        &doc,
        &[
            "发生一起险情（时间、地点、单位、类型待核实）",
            "死亡人数待核实，失联人数待核实，被困人数待核实，受伤人数待核实",
            "等级待核实",
            "报送对象和时间待核实",
        ],
    );
    assert!(!said(&doc).contains("0人"));
    let people = &doc.tables[2];
    assert!(
        people
            .iter()
            .flatten()
            .skip(1)
            .step_by(2)
            .all(|v| v == "待核实"),
        "{people:?}"
    );
}

#[test]
fn a_nought_that_is_known_is_printed() {
    let report = EventReport {
        casualties: Casualties {
            deaths: Some(0),
            ..Casualties::default()
        },
        ..EventReport::unknown(
            Event::Accident,
            Stage::First,
            date(2025, 3, 5).at(10, 0, 0, 0),
        )
    };
    let doc = print(
        &facts::head("1号"),
        &Official::EventReport(Box::new(report)),
    );
    says(&doc, &["死亡0人，失联人数待核实"]);
}

#[test]
fn a_follow_up_shows_what_changed_who_was_told_and_why_the_grade() {
    let doc = printed("followup");
    says(
        &doc,
        &[
            "依据《生产安全事故报告和调查处理条例》第三条，按目前掌握的情况，初步判定为较大事故。判定指标：死亡3人（3人以上10人以下）。",
            "与2025年3月5日10时20分快报相比，有3项内容发生变化",
            "后续情况将及时续报。",
        ],
    );
    let table = |head: &str| {
        doc.tables
            .iter()
            .find(|t| t[0].iter().any(|cell| cell == head))
            .unwrap_or_else(|| panic!("no table with {head}"))
    };
    let changes = table("上次报告");
    assert_eq!(
        changes[1],
        ["1", "死亡人数", "2人", "3人", "1名重伤人员经抢救无效死亡"]
    );
    assert_eq!(changes[3][2..], ["待核实", "约350万元", "未说明"]);
    let told: Vec<&str> = table("是否按时")[1..]
        .iter()
        .map(|row| row[5].as_str())
        .collect();
    assert_eq!(told, ["按时", "超时42分钟", "逾期未见，已超19小时55分"]);
}

#[test]
fn the_last_report_says_how_it_ended() {
    let doc = printed("final");
    says(&doc, &["处置结果", "伤员全部出院", "特此报告。"]);
    assert!(!said(&doc).contains("续报。"));
    says(&printed("disaster"), &["农作物受灾面积待核实", "核定情况"]);
}

#[test]
fn an_order_names_each_deadline_and_the_way_to_object() {
    let doc = printed("rectification");
    says(
        &doc,
        &[
            "第2项问题于2025年3月7日前，第1项问题于2025年3月20日前整改完毕",
            "期限届满10日前书面申请延期",
            "60日内依法向晋城市城区人民政府申请行政复议",
            "6个月内依法向晋城市城区人民法院提起行政诉讼",
        ],
    );
    assert_eq!(said(&doc).matches("执法人员（签名）：").count(), 2);
    let none = |field| {
        move |result: Result<Sheet, PaperError>| {
            assert!(
                matches!(result, Err(PaperError::Missing { field: f }) if f == field),
                "{field}"
            );
        }
    };
    let head = facts::head("1号");
    none("unit")(official_sheet(
        &head,
        &Official::Rectification(Rectification::default()),
    ));
    let unit = "某公司".to_owned();
    none("items")(official_sheet(
        &head,
        &Official::Rectification(Rectification {
            unit,
            ..Rectification::default()
        }),
    ));
    none("due")(official_sheet(
        &head,
        &Official::Listing(Listing {
            hazard: facts::hazard(),
            ..Listing::default()
        }),
    ));
    none("hazard.unit")(official_sheet(
        &head,
        &Official::Delisting(Delisting::default()),
    ));
    none("receiver")(official_sheet(
        &head,
        &Official::Referral(Referral::default()),
    ));
    none("accident")(official_sheet(
        &head,
        &Official::WarningMeeting(WarningMeeting::default()),
    ));
}

#[test]
fn a_re_inspection_counts_what_is_done_and_what_is_not() {
    says(
        &printed("reinspection"),
        &["共2项问题，已整改到位1项，未整改或者未整改到位1项。"],
    );
    says(
        &printed("onsite"),
        &[
            "依照《中华人民共和国安全生产法》第六十五条第一款第三项的规定",
            "至依法解除时止",
            "经审查同意，方可恢复",
        ],
    );
}

#[test]
fn a_major_hazard_is_reported_twice_and_its_plan_has_five_parts() {
    let doc = printed("majorhazard");
    says(
        &doc,
        &[
            "已于2025年3月2日向晋城市城区应急管理局报告",
            "职工代表大会报告的时间待核实",
            "（安监总管三〔2017〕121号）第十二项",
        ],
    );
    let plan = doc
        .tables
        .iter()
        .find(|t| t[0] == ["项目", "内容"])
        .expect("the plan");
    let parts: Vec<&str> = plan[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(
        parts,
        ["责任落实", "措施落实", "资金落实", "时限落实", "预案落实"]
    );
    assert_eq!(plan[3][1], "未明确");
}

#[test]
fn supervision_says_why_by_when_and_how_to_get_out() {
    says(
        &printed("circular"),
        &[
            "关于晋城市示范化工有限公司重大事故隐患整改不力的通报",
            "于2025年4月10日前将整改情况书面报送区应急局",
        ],
    );
    says(
        &printed("interviewnotice"),
        &[
            "2025年3月12日（星期三）上午9时30分",
            "约谈通知书回执",
            "签收人（签名）：",
        ],
    );
    says(
        &printed("interviewrecord"),
        &[
            "分管负责人（外出培训，已书面说明）",
            "记录人不详",
            "被约谈人（签名）：",
        ],
    );
    says(
        &printed("listing"),
        &[
            "实行区级挂牌督办",
            "2025年3月31日前治理完毕",
            "每周报送",
            "予以摘牌销号",
        ],
    );
    says(
        &printed("delisting"),
        &[
            "以挂牌督办通知书（城安督〔2025〕1号）",
            "同意摘牌，予以销号",
        ],
    );
    says(
        &printed("patrolnotice"),
        &[
            "3个月之内发生2起以上较大生产安全事故",
            "SG-2025-0002",
            "2025年3月10日至2025年3月21日",
        ],
    );
    says(
        &printed("patrolfeedback"),
        &[
            "共发现2项问题",
            "于2025年4月5日前将整改方案",
            "移交区交通局处理",
        ],
    );
}

#[test]
fn a_case_goes_with_a_list_and_comes_back_with_a_receipt() {
    let doc = printed("referral");
    says(
        &doc,
        &[
            "以上材料共2项，合计4页，另有1项未计页数",
            "自接受之日起3日内",
            "案件移送书回执",
            "晋城市公安局城区分局（印章）",
        ],
    );
    let list = doc
        .tables
        .iter()
        .find(|t| t[0].contains(&"材料名称".to_owned()))
        .expect("the list");
    assert_eq!(list[2][5].len(), 64);
    for (name, pages) in [("referral", 2), ("meeting", 1), ("circular", 0)] {
        let (_, head, paper) = facts::all()
            .into_iter()
            .find(|(n, ..)| *n == name)
            .expect("a sample");
        let xml = &parts(&official_docx(&head, &paper).expect("a paper"))["word/document.xml"];
        assert_eq!(xml.matches("<w:pageBreakBefore/>").count(), pages, "{name}");
    }
}

#[test]
fn shares_leave_out_units_of_which_nothing_is_known() {
    let doc = printed("film");
    says(
        &doc,
        &[
            "应发放3个单位，已送达2个，已组织观看1个",
            "应看100人，已看57人，占57.0%，另有1个单位人数待核实",
        ],
    );
    let rows = doc.tables.last().expect("the list");
    assert_eq!(rows[1][5..], ["60", "57", "95.0%"]);
    assert_eq!(rows[3][2..5], ["未送达", "未签收", "未观看"]);
    assert_eq!(rows[3][7], "待核实");
    let empty = FilmList {
        rows: Vec::new(),
        ..facts::film()
    };
    says(
        &print(&facts::head("1号"), &Official::FilmList(empty)),
        &["尚未发放"],
    );
}

#[test]
fn a_trace_back_names_proofs_and_what_the_ledger_does_not_hold() {
    let doc = printed("trace");
    let table = |head: &str| {
        doc.tables
            .iter()
            .find(|t| t[0].iter().any(|cell| cell == head))
            .unwrap_or_else(|| panic!("no table with {head}"))
    };
    assert_eq!(table("知情方式")[2][5], "证2、fact_0099（未附）");
    let did = table("所做工作");
    assert_eq!(
        did[1][2..],
        ["台账无记录", "—", "逾期未见，已超11天15小时", "无"]
    );
    assert_eq!(did[2][4..], ["超时1天2小时", "证3"]);
    assert_eq!(did[3][4..], ["—", "无"]);
    assert!(table("位置")[1][4].ends_with(&format!("{:064x}", 1)));
    says(&doc, &["不等同于未履职", &"ab".repeat(32)]);
}

#[test]
fn nothing_personal_stays_on_a_page_for_everybody() {
    let doc = printed("exposure");
    says(
        &doc,
        &["值班员王某（电话＊、晋＊）未报告", "举报电话：12350。"],
    );
    assert!(!said(&doc).contains("王小二"));
    let names = vec!["王小二".to_owned(), "王小".to_owned()];
    let hide = |text: &str| mask(text, &names);
    for (text, wanted) in [
        ("电话13800138000。", "电话＊。"),
        ("电话１３８００１３８０００。", "电话＊。"),
        ("138-0013-8000", "＊"),
        ("1 3 8 0 0 1 3 8 0 0 0", "＊"),
        ("138\u{200b}0013\u{200b}8000", "＊"),
        ("一三八零零一三八零零零", "＊"),
        ("14050219800101123X来", "＊来"),
        ("6222020200112233445", "＊"),
        ("0356-2022222", "＊"),
        ("写信a.b@example.com吧", "写信＊吧"),
        ("晋E12345和晋E·D12345", "晋＊和晋＊"),
        ("王小二之子王小", "王某之子王某"),
    ] {
        assert_eq!(hide(text), wanted, "{text}");
    }
    for kept in [
        "2025年3月5日9时30分，死亡3人",
        "损失12345678元",
        "2025-03-05 10:20",
        "国办发〔2024〕54号、GB 18218-2018",
        "晋城市示范化工有限公司",
        "第一、二、三项",
    ] {
        assert_eq!(hide(kept), kept);
    }
    // The title is typed by a person, and masked like the rest.
    let mut head = facts::head("1号");
    head.title = Some("关于王小二（13800138000）的通报".into());
    let sheet = official_sheet(
        &head,
        &Official::Exposure(Exposure {
            unit: "某公司".into(),
            withhold: names,
            ..Exposure::default()
        }),
    )
    .expect("a sheet");
    assert_eq!(sheet.title, "关于王某（＊）的通报");
}

#[test]
fn papers_can_be_filled_from_plain_data_and_edited_before_printing() {
    for (name, head, paper) in facts::all() {
        let json = serde_json::to_value(&paper).expect("JSON");
        let back: Official = serde_json::from_value(json).expect("the same paper");
        assert_eq!(back, paper, "{name}");
        let sheet = official_sheet(&head, &paper).expect("a sheet");
        let text = serde_json::to_string(&sheet).expect("JSON");
        let back: Sheet = serde_json::from_str(&text).expect("the same sheet");
        assert_eq!(
            sheet_docx(&back).expect("a paper"),
            official_docx(&head, &paper).expect("a paper"),
            "{name}"
        );
    }
    let few: Official =
        serde_json::from_str(r#"{"paper":"circular","facts":{"unit":"某公司"}}"#).expect("a paper");
    let head: Head =
        serde_json::from_str(r#"{"office":"区安委办","date":"2025-03-06"}"#).expect("a head");
    says(
        &print(&head, &few),
        &[
            "关于某公司安全生产工作落实不到位的通报",
            "有关情况待核实。",
            "尽快将整改情况",
        ],
    );
}

#[test]
fn what_nobody_would_print_is_refused() {
    let head = facts::head("1号");
    let circular = |facts: Vec<String>| {
        official_docx(
            &head,
            &Official::Circular(Circular {
                unit: "某公司".into(),
                facts,
                ..Circular::default()
            }),
        )
    };
    assert!(matches!(
        circular(vec!["长".repeat(1_100_000)]),
        Err(PaperError::TooLarge {
            what: "characters",
            ..
        })
    ));
    assert!(matches!(
        circular(vec!["短".into(); 10_001]),
        Err(PaperError::TooLarge { what: "blocks", .. })
    ));
    let film = FilmList {
        rows: vec![facts::film().rows[0].clone(); 5_001],
        ..facts::film()
    };
    assert!(matches!(
        official_docx(&head, &Official::FilmList(film)),
        Err(PaperError::TooLarge {
            what: "rows of tables",
            ..
        })
    ));
}

/// Puts `text` in place of every text that a person could have typed. Days, kinds and codes are ASCII.
fn typed(value: &mut Value, text: &str) {
    match value {
        Value::String(old) if old.is_empty() || !old.is_ascii() => *old = text.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| typed(item, text)),
        Value::Object(fields) => fields.values_mut().for_each(|field| typed(field, text)),
        _ => {}
    }
}

/// Takes facts away: every field of which the bit in `mask` is set.
fn forget(value: &mut Value, mask: &mut u64) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, mask)),
        Value::Object(fields) => {
            fields.retain(|_, _| {
                *mask = mask.rotate_left(1);
                *mask & 1 == 0
            });
            fields.values_mut().for_each(|field| forget(field, mask));
        }
        _ => {}
    }
}

proptest! {
    // Each case prints some forty papers.
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever is typed into whichever paper, it is well-formed, or refused for what it lacks.
    #[test]
    fn any_text_in_any_paper_is_well_formed(
        text in "\\PC{0,40}|[\\x00-\\x20\u{7f}-\u{9f}<>&\"'\u{202e}\u{fffe}，。：（一）]{0,40}|[a<]{3000}",
        mut mask in any::<u64>(),
    ) {
        for (name, head, paper) in facts::all() {
            let mut json = serde_json::to_value((&head, &paper)).expect("JSON");
            typed(&mut json, &text);
            let (head, paper): (Head, Official) = serde_json::from_value(json).expect("a paper");
            match official_docx(&head, &paper) {
                Ok(bytes) => {
                    document(&bytes);
                }
                Err(PaperError::Missing { .. }) => prop_assert!(
                    anlan_documents::xml::clean(&text).trim().is_empty(), "{name}"),
                Err(other) => prop_assert!(false, "{name}: {other}"),
            }
        }
        for (name, head, paper) in facts::all() {
            let mut json = serde_json::to_value(&paper).expect("JSON");
            forget(&mut json["facts"], &mut mask);
            // Some facts have no default, and the reader of JSON says so.
            let Ok(paper) = serde_json::from_value::<Official>(json) else { continue };
            match official_docx(&head, &paper) {
                Ok(bytes) => {
                    document(&bytes);
                }
                Err(PaperError::Missing { .. }) => {}
                Err(other) => prop_assert!(false, "{name}: {other}"),
            }
        }
    }
}

proptest! {
    /// However a number is broken up, its digits are not on the page.
    #[test]
    fn no_telephone_gets_through(number in "1[3-9][0-9]{9}", gaps in "[ \\-.·_\u{200b}]{10}", before in "[甲乙，。 ]{0,6}") {
        for spaced in [false, true] {
            let mut text = before.clone();
            for (index, digit) in number.chars().enumerate() {
                text.push(digit);
                if spaced && let Some(gap) = gaps.chars().nth(index) {
                    text.push(gap);
                }
            }
            text.push('找');
            let hidden = mask(&text, &[]);
            prop_assert!(!hidden.chars().any(|c| c.is_ascii_digit()), "{hidden}");
            prop_assert!(hidden.ends_with('找'));
        }
    }
}
