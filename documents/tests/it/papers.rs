use anlan_documents::bulletin::{Figures, Tally, default_sections};
use anlan_documents::letter::default_blocks;
use anlan_documents::{
    Block, BulletinSection, Column, LetterKind, PaperError, PaperTable, bulletin_docx, letter_docx,
};
use proptest::prelude::*;

use crate::read::{document, parts, read};
use crate::samples;

const KINDS: [LetterKind; 4] = [
    LetterKind::Reminder,
    LetterKind::Circular,
    LetterKind::Interview,
    LetterKind::Supervision,
];

#[test]
fn page_margins_and_lines_are_those_of_the_standard() {
    let doc = document(&bulletin_docx(&samples::bulletin()).expect("a bulletin"));
    let mm = |element: &str, attribute: &str| {
        doc.attributes[element][attribute]
            .parse::<f64>()
            .expect("a number")
            * 25.4
            / 1440.0
    };
    let near =
        |got: f64, wanted: f64| assert!((got - wanted).abs() < 0.1, "{got} mm, not {wanted}");
    near(mm("w:pgSz", "w:w"), 210.0);
    near(mm("w:pgSz", "w:h"), 297.0);
    near(mm("w:pgMar", "w:top"), 37.0);
    near(mm("w:pgMar", "w:left"), 28.0);
    // What is left for the text is 156 x 225 mm, and holds 22 lines.
    near(
        210.0 - mm("w:pgMar", "w:left") - mm("w:pgMar", "w:right"),
        156.0,
    );
    near(
        297.0 - mm("w:pgMar", "w:top") - mm("w:pgMar", "w:bottom"),
        225.0,
    );
    assert!(mm("w:docGrid", "w:linePitch") * 22.0 <= 225.1);
    assert!(mm("w:docGrid", "w:linePitch") * 23.0 > 225.1);
}

#[test]
fn typefaces_are_named_with_others_to_fall_back_on() {
    let parts = parts(&bulletin_docx(&samples::bulletin()).expect("a bulletin"));
    let styles = &parts["word/styles.xml"];
    let style = |id: &str| {
        let start = styles
            .find(&format!(r#"w:styleId="{id}""#))
            .unwrap_or_else(|| panic!("no style {id}"));
        &styles[start..start + styles[start..].find("</w:style>").expect("an end")]
    };
    for (id, font, half_points) in [
        ("Title", "方正小标宋简体", Some(44)),
        ("Heading1", "黑体", None),
        ("Heading2", "楷体_GB2312", None),
        ("PageOdd", "宋体", Some(28)),
        ("Cell", "", Some(24)),
    ] {
        let style = style(id);
        if !font.is_empty() {
            assert!(
                style.contains(&format!(r#"w:eastAsia="{font}""#)),
                "{style}"
            );
        }
        if let Some(size) = half_points {
            assert!(
                style.contains(&format!(r#"<w:sz w:val="{size}"/>"#)),
                "{style}"
            );
        }
    }
    assert!(style("Body").contains(r#"w:firstLineChars="200""#));
    assert!(styles.contains(r#"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312""#));
    let fonts = &parts["word/fontTable.xml"];
    for (name, other) in [
        ("方正小标宋简体", "方正小标宋_GBK"),
        ("仿宋_GB2312", "仿宋"),
        ("楷体_GB2312", "楷体"),
        ("黑体", "SimHei"),
        ("宋体", "SimSun"),
    ] {
        assert!(
            fonts.contains(&format!(
                r#"<w:font w:name="{name}"><w:altName w:val="{other},"#
            )),
            "{name}"
        );
    }
}

#[test]
fn page_numbers_stand_outside_on_odd_and_even_pages() {
    let parts = parts(&bulletin_docx(&samples::bulletin()).expect("a bulletin"));
    assert!(parts["word/settings.xml"].contains("<w:evenAndOddHeaders/>"));
    assert!(parts["word/footer1.xml"].contains(r#"<w:jc w:val="right"/>"#));
    assert!(parts["word/footer2.xml"].contains(r#"<w:jc w:val="left"/>"#));
    for footer in ["word/footer1.xml", "word/footer2.xml"] {
        assert_eq!(read(&parts[footer]).text(), "— 1 —");
    }
}

#[test]
fn every_part_is_well_formed_declared_and_related() {
    let mut papers = vec![bulletin_docx(&samples::bulletin()).expect("a bulletin")];
    papers.extend(KINDS.map(|kind| letter_docx(&samples::letter(kind)).expect("a letter")));
    for bytes in papers {
        let parts = parts(&bytes);
        for (name, xml) in &parts {
            let mut reader = quick_xml::Reader::from_str(xml);
            while reader
                .read_event()
                .unwrap_or_else(|e| panic!("{name}: {e}"))
                != quick_xml::events::Event::Eof
            {}
            let declared = name.ends_with(".rels")
                || name == "[Content_Types].xml"
                || parts["[Content_Types].xml"].contains(&format!(r#"PartName="/{name}""#));
            assert!(declared, "{name} has no content type");
            if let Some(file) = name
                .strip_prefix("word/")
                .filter(|f| !f.contains('/') && *f != "document.xml")
            {
                assert!(
                    parts["word/_rels/document.xml.rels"].contains(&format!(r#"Target="{file}""#)),
                    "{name} is not related"
                );
            }
        }
    }
}

#[test]
fn a_bulletin_says_who_stands_where() {
    let doc = document(&bulletin_docx(&samples::bulletin()).expect("a bulletin"));
    assert_eq!(doc.style("Mark"), ["晋城市城区安全生产委员会办公室文件"]);
    assert_eq!(doc.style("Number"), ["城安办发〔2025〕7号"]);
    assert_eq!(
        doc.style("Title").concat(),
        "关于2025年3月安全生产重点工作任务落实情况的通报"
    );
    assert_eq!(
        doc.style("Addressee"),
        ["北石店镇人民政府、各街道办事处，区直各有关单位："]
    );
    assert_eq!(
        doc.style("Heading1"),
        [
            "一、总体情况",
            "二、各镇（街道）、各单位任务完成情况",
            "三、各项重点任务推进情况",
            "四、逾期未完成任务",
            "五、下一阶段到期任务",
            "六、下一步工作要求"
        ]
    );
    assert_eq!(
        doc.style("Sign"),
        ["晋城市城区安全生产委员会办公室", "2025年4月3日"]
    );
    assert_eq!(
        doc.style("Imprint")
            .into_iter()
            .filter(|line| !line.trim().is_empty())
            .collect::<Vec<_>>(),
        [
            "　抄送：市安委会办公室、区委办公室、区人大常委会办公室、区政府办公室、区政协办公室。",
            "　晋城市城区安全生产委员会办公室\t2025年4月3日印发"
        ]
    );
    let text = doc.text();
    assert!(text.contains("全区已到期任务151项，完成140项，完成率92.7%。其中，按期完成134项，逾期完成6项；逾期未完成11项。"), "{text}");
    let ranking = &doc.tables[0];
    assert_eq!(
        ranking[0],
        [
            "排名",
            "单位",
            "到期任务",
            "按期完成",
            "逾期完成",
            "逾期未完成",
            "完成率"
        ]
    );
    assert_eq!(
        ranking[1],
        ["1", "区应急局", "18", "18", "0", "0", "100.0%"]
    );
    assert_eq!(
        ranking[ranking.len() - 2],
        ["—", "区气象局", "0", "0", "0", "0", "—"]
    );
    assert_eq!(
        ranking[ranking.len() - 1],
        ["", "合计", "151", "134", "6", "11", "92.7%"]
    );
}

#[test]
fn a_bulletin_with_nothing_due_says_so_and_ranks_nobody() {
    let mut figures: Figures = samples::figures();
    figures
        .units
        .iter_mut()
        .for_each(|u| u.tally = Tally::default());
    figures.articles.clear();
    figures.overdue.clear();
    figures.upcoming.clear();
    let sections = default_sections(&figures);
    assert_eq!(
        sections
            .iter()
            .map(|s| s.heading.as_str())
            .collect::<Vec<_>>(),
        [
            "总体情况",
            "各镇（街道）、各单位任务完成情况",
            "下一步工作要求"
        ]
    );
    assert_eq!(
        sections[0].paragraphs,
        ["截至2025年3月31日，《通知》明确的各项任务均未到完成时限，各项工作正在有序推进。"]
    );
    assert!(sections[1].tables[0].rows.iter().all(|row| row[0] != "1"));
}

#[test]
fn each_letter_has_the_wording_of_its_kind() {
    let expected = [
        (
            LetterKind::Reminder,
            "关于抓紧落实安全生产有关工作任务的提醒函",
            "特此函告。",
            "你单位有2项任务逾期未完成，另有1项任务即将到期、尚未完成",
        ),
        (
            LetterKind::Circular,
            "关于西上庄街道办事处安全生产有关工作任务落实不到位的通报",
            "特此通报。",
            "西上庄街道办事处有2项任务逾期未完成",
        ),
        (
            LetterKind::Interview,
            "关于对西上庄街道办事处进行约谈的通知",
            "特此通知。",
            "2025年4月9日（星期三）上午9时30分。",
        ),
        (
            LetterKind::Supervision,
            "挂牌督办通知书",
            "特此通知。",
            "上述事项须于2025年4月15日前全部办结。",
        ),
    ];
    for (kind, title, ending, phrase) in expected {
        let doc = document(&letter_docx(&samples::letter(kind)).expect("a letter"));
        assert_eq!(doc.style("Title").concat(), title);
        assert_eq!(doc.style("Addressee"), ["西上庄街道办事处："]);
        let text = doc.text();
        assert!(
            text.contains(ending) && text.contains(phrase),
            "{kind:?}: {text}"
        );
        assert_eq!(doc.tables[0][1][1], "第十二条");
        assert_eq!(doc.tables[0][1][3..], ["2025年3月10日", "逾期21天"]);
    }
}

#[test]
fn the_letter_form_has_its_rules_and_no_printing_note() {
    let parts = parts(&letter_docx(&samples::letter(LetterKind::Reminder)).expect("a letter"));
    assert!(parts["word/document.xml"].contains("<w:titlePg/>"));
    assert_eq!(
        read(&parts["word/header1.xml"]).style("Mark"),
        [samples::OFFICE]
    );
    assert!(parts["word/header1.xml"].contains("thickThinSmallGap"));
    assert!(parts["word/footer3.xml"].contains("thinThickSmallGap"));
    let doc = read(&parts["word/document.xml"]);
    assert_eq!(doc.style("Imprint"), ["　抄送：区委办公室、区政府办公室。"]);
}

#[test]
fn edited_blocks_are_printed_as_they_stand() {
    let mut letter = samples::letter(LetterKind::Reminder);
    letter.blocks = default_blocks(&letter);
    assert_eq!(
        letter_docx(&letter).expect("a letter"),
        letter_docx(&samples::letter(LetterKind::Reminder)).expect("a letter")
    );
    letter.blocks = vec![
        Block::Heading("一、情况".into()),
        Block::Paragraph("甲。\n\n乙。".into()),
    ];
    let doc = document(&letter_docx(&letter).expect("a letter"));
    assert_eq!(doc.style("Heading1"), ["一、情况"]);
    assert_eq!(doc.style("Body"), ["甲。", "乙。"]);
    assert!(doc.repeated_rows == 0, "the table was struck out");
}

#[test]
fn blocks_travel_as_json() {
    let blocks = vec![Block::Heading("一、情况".into()), Block::Duties];
    let json = serde_json::to_string(&blocks).expect("JSON");
    assert_eq!(
        json,
        r#"[{"kind":"heading","text":"一、情况"},{"kind":"duties"}]"#
    );
    assert_eq!(
        serde_json::from_str::<Vec<Block>>(&json).expect("blocks"),
        blocks
    );
}

#[test]
fn without_a_red_head_nothing_is_red() {
    let mut bulletin = samples::bulletin();
    bulletin.red_header = false;
    let doc = document(&bulletin_docx(&bulletin).expect("a bulletin"));
    assert!(doc.style("Mark").is_empty());
    assert_eq!(doc.style("Number"), ["城安办发〔2025〕7号"]);
    assert!(
        !parts(&bulletin_docx(&bulletin).expect("a bulletin"))["word/document.xml"]
            .contains("FF0000")
    );
}

#[test]
fn what_strangers_type_cannot_break_the_paper() {
    let nasty = "甲<w:p>&amp;乙\u{0}\u{8}\u{1b}\u{fffe}\u{202e}“丙”😀]]>\"'";
    let shown = "甲<w:p>&amp;乙“丙”😀]]>\"'";
    let mut bulletin = samples::bulletin();
    bulletin.summary = vec![nasty.into()];
    bulletin.title = nasty.into();
    bulletin.copies_to = vec![nasty.into()];
    bulletin.sections = vec![BulletinSection {
        heading: nasty.into(),
        paragraphs: Vec::new(),
        tables: vec![PaperTable {
            caption: nasty.into(),
            columns: vec![Column::new(nasty, 100)],
            rows: vec![vec![nasty.into()], vec!["上\n下\t右".into()]],
        }],
    }];
    let doc = document(&bulletin_docx(&bulletin).expect("a bulletin"));
    assert_eq!(doc.style("Body")[0], shown);
    assert_eq!(doc.style("Title").concat(), shown);
    assert_eq!(doc.style("Heading1"), [format!("一、{shown}")]);
    assert_eq!(doc.tables[0][0], [shown]);
    assert_eq!(doc.style("Cell"), [shown, "上\n下\t右"]);
}

#[test]
fn a_long_table_repeats_its_heading_and_keeps_rows_whole() {
    let mut bulletin = samples::bulletin();
    let rows: Vec<Vec<String>> = (1..=500)
        .map(|n| {
            vec![
                n.to_string(),
                "东街街道".into(),
                "落实重大隐患自查自改常态化机制".into(),
            ]
        })
        .collect();
    bulletin.sections = vec![BulletinSection {
        heading: "清单".into(),
        paragraphs: Vec::new(),
        tables: vec![PaperTable {
            caption: "清单".into(),
            columns: vec![
                Column::new("序号", 10),
                Column::new("单位", 20),
                Column::left("任务", 70),
            ],
            rows,
        }],
    }];
    let bytes = bulletin_docx(&bulletin).expect("a bulletin");
    let doc = document(&bytes);
    assert_eq!(doc.tables[0].len(), 501);
    assert_eq!(doc.repeated_rows, 1);
    assert_eq!(
        parts(&bytes)["word/document.xml"]
            .matches("<w:cantSplit/>")
            .count(),
        501
    );
}

#[test]
fn what_cannot_be_printed_is_refused_with_the_reason() {
    let mut bulletin = samples::bulletin();
    bulletin.title = " \u{0}\n".into();
    assert!(matches!(
        bulletin_docx(&bulletin),
        Err(PaperError::Missing { field: "title" })
    ));
    let mut letter = samples::letter(LetterKind::Reminder);
    letter.to = " ".into();
    assert!(matches!(
        letter_docx(&letter),
        Err(PaperError::Missing { field: "to" })
    ));
    let table = |rows| BulletinSection {
        heading: "表".into(),
        paragraphs: Vec::new(),
        tables: vec![PaperTable {
            caption: "表".into(),
            columns: vec![Column::new("甲", 50), Column::new("乙", 50)],
            rows,
        }],
    };
    let mut bulletin = samples::bulletin();
    bulletin.sections = vec![table(vec![vec!["1".into(), "2".into()], vec!["1".into()]])];
    let error = bulletin_docx(&bulletin)
        .expect_err("a short row")
        .to_string();
    assert_eq!(
        error,
        "row 2 of table `表` has 1 cells, the table has 2 columns"
    );
    bulletin.sections = vec![table(vec![vec![String::new(), String::new()]; 5_001])];
    assert!(matches!(
        bulletin_docx(&bulletin),
        Err(PaperError::TooLarge {
            what: "rows of tables",
            ..
        })
    ));
    let mut bulletin = samples::bulletin();
    bulletin.summary = vec!["长".repeat(1_100_000)];
    assert!(matches!(
        bulletin_docx(&bulletin),
        Err(PaperError::TooLarge {
            what: "characters",
            ..
        })
    ));
}

#[test]
fn the_same_paper_is_the_same_bytes() {
    assert_eq!(
        bulletin_docx(&samples::bulletin()).expect("a bulletin"),
        bulletin_docx(&samples::bulletin()).expect("a bulletin")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is typed, the paper is well-formed and says it, less what a paper cannot carry.
    #[test]
    fn any_text_comes_back(text in "\\PC{0,60}|[\\x00-\\x20<>&\"'\u{202e}，。（一）甲乙]{0,40}") {
        let mut letter = samples::letter(LetterKind::Circular);
        letter.blocks = vec![Block::Paragraph(text.clone()), Block::Heading(text.clone())];
        letter.to = format!("单位{text}");
        let doc = document(&letter_docx(&letter).expect("a letter"));
        let wanted: String = anlan_documents::xml::clean(&text).split_whitespace().collect();
        let got: String = doc.paragraphs.iter().filter(|p| ["Body", "Heading2"].contains(&p.style.as_str())).flat_map(|p| p.text.split_whitespace()).collect();
        prop_assert_eq!(got, wanted);
    }
}
