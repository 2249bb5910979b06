//! What stands where on a page: tables drawn in a PDF, and the parts of a Word file beside its text.

mod common;

use anlan_core::notice::Compiled;
use anlan_notice::{compile, read};
use common::{at, docx_with, p, pdf, pdf_pages, tc};

fn told(c: &Compiled, words: &str) -> String {
    let d = c
        .duties
        .iter()
        .find(|d| d.quote.contains(words))
        .unwrap_or_else(|| panic!("{words} in {:?}", c.duties));
    common::demand(d).split_once(' ').unwrap().1.to_string()
}

/// Rules of a table: columns at `xs`, rows at `ys`, thin bars as Word prints them.
fn bars(xs: &[u32], ys: &[u32]) -> String {
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let (top, low) = (ys[0], ys[ys.len() - 1]);
    let mut out = String::new();
    for y in ys {
        out += &format!("{left} {y} {} 0.5 re f\n", right - left);
    }
    for x in xs {
        out += &format!("{x} {low} 0.5 {} re f\n", top - low);
    }
    out
}

#[test]
fn a_table_in_a_pdf_goes_on_over_the_page() {
    let xs = [60, 100, 280, 420, 540];
    let first = [
        at(180, 760, "河东县2026年度地质灾害防治任务分工方案"),
        at(80, 730, "为做好地质灾害防治工作，制定本方案。"),
        at(80, 710, "一、任务分工"),
        bars(&xs, &[690, 670, 630, 590]),
        at(65, 676, "序号"),
        at(150, 676, "工作任务"),
        at(320, 676, "责任单位"),
        at(450, 676, "完成时限"),
        // Wrapped cells, the shorter ones set in the middle of their height.
        at(75, 648, "1"),
        at(105, 655, "开展汛前排查，隐患点核查率"),
        at(105, 640, "达到100%"),
        at(285, 648, "县自然资源局"),
        at(425, 648, "2026年4月底前"),
        at(75, 608, "2"),
        at(105, 615, "每个隐患点至少落实2名监测"),
        at(105, 600, "员，汛期每日巡查不少于1次"),
        at(285, 615, "县自然资源局、各乡"),
        at(285, 600, "镇人民政府"),
        at(425, 608, "长期坚持"),
        at(290, 40, "- 1 -"),
    ]
    .concat();
    let second = [
        bars(&xs, &[780, 740, 700]),
        at(75, 758, "3"),
        at(105, 758, "组织避险演练不少于3场"),
        at(285, 758, "县应急管理局"),
        at(425, 758, "6月15日前"),
        at(75, 718, "4"),
        at(105, 718, "修订防治预案"),
        at(285, 718, "县自然资源局"),
        at(425, 718, "上半年"),
        at(80, 660, "二、工作要求"),
        at(80, 640, "各单位每月25日前报送进展。"),
    ]
    .concat();
    let text = read(&pdf_pages(&[first, second]), Some("a.pdf")).unwrap();
    assert_eq!(text.tables.len(), 1, "{}", text.plain);
    assert_eq!(text.tables[0].rows.len(), 5);
    let c = compile(&text);
    assert_eq!(c.title, "河东县2026年度地质灾害防治任务分工方案");
    let rows: Vec<String> = c
        .articles
        .iter()
        .map(|a| format!("{} {} | {}", a.label, a.title, a.units.join("、")))
        .collect();
    assert_eq!(
        rows,
        [
            "1 开展汛前排查，隐患点核查率达到100% | 县自然资源局",
            "2 每个隐患点至少落实2名监测员，汛期每日巡查不少于1次 | 县自然资源局、各乡镇人民政府",
            "3 组织避险演练不少于3场 | 县应急管理局",
            "4 修订防治预案 | 县自然资源局",
            "二 工作要求 | ",
        ]
    );
    assert_eq!(
        told(&c, "核查率"),
        "coverage by 2026-04-30 >=100%(隐患点核查率) | 县自然资源局 | 隐患点核查率"
    );
    assert_eq!(
        told(&c, "2名监测员"),
        "quota each 隐患点 >=2名(监测员) | 县自然资源局、各乡镇人民政府 | 落实监测员"
    );
    assert_eq!(
        told(&c, "每日巡查"),
        "times every day >=1 | 县自然资源局、各乡镇人民政府 | 汛期巡查"
    );
    assert_eq!(
        told(&c, "避险演练"),
        "quota by 2026-06-15 >=3场(避险演练) | 县应急管理局 | 组织避险演练"
    );
    assert_eq!(
        told(&c, "修订防治预案"),
        "by-date by 2026-06-30 | 县自然资源局 | 修订防治预案"
    );
    assert_eq!(
        told(&c, "每月25日前"),
        "times every month day 25 | 各单位 | 报送进展"
    );
}

#[test]
fn cells_merged_in_a_pdf_hold_for_each_row() {
    // Strokes, not bars; the units of both tasks stand in one cell.
    let line = |a: u32, b: u32, c: u32, d: u32| format!("{a} {b} m {c} {d} l S\n");
    let content = [
        at(180, 760, "东坪区2027年有限空间作业专项整治任务清单"),
        line(60, 700, 500, 700),
        line(60, 680, 500, 680),
        line(60, 660, 260, 660),
        line(400, 660, 500, 660),
        line(60, 640, 500, 640),
        line(60, 640, 60, 700),
        line(260, 640, 260, 700),
        line(400, 640, 400, 700),
        line(500, 640, 500, 700),
        at(120, 686, "重点任务"),
        at(300, 686, "牵头单位"),
        at(420, 686, "完成时限"),
        at(65, 666, "摸清有限空间底数"),
        at(65, 646, "完成警示标识设置"),
        at(300, 656, "区应急管理局"),
        at(405, 666, "3月31日"),
        at(405, 646, "2027年5月"),
    ]
    .concat();
    let c = compile(&read(&pdf(&content), Some("a.pdf")).unwrap());
    assert_eq!(c.articles.len(), 2);
    assert!(c.articles.iter().all(|a| a.lead_units == ["区应急管理局"]));
    assert_eq!(
        told(&c, "摸清"),
        "by-date by 2027-03-31 | 区应急管理局 | 摸清有限空间底数"
    );
    assert_eq!(
        told(&c, "警示标识"),
        "by-date by 2027-05-31 | 区应急管理局 | 完成警示标识设置"
    );
}

#[test]
fn what_stands_beside_the_text_of_a_word_file_stays_beside_it() {
    let space = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;
    let header = format!("<w:hdr {space}>{}</w:hdr>", p("内部资料 注意保存"));
    let footer = format!("<w:ftr {space}>{}</w:ftr>", p("第 3 页 共 9 页"));
    let notes = format!(
        r#"<w:footnotes {space}><w:footnote w:type="separator" w:id="-1">{}</w:footnote><w:footnote w:id="1">{}</w:footnote></w:footnotes>"#,
        p("——"),
        p("规模以上企业指年主营业务收入2000万元以上的工业企业，名单于6月底前更新。")
    );
    let box_of = |words: &str| {
        format!(
            r#"<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>{}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"#,
            p(words),
            p(words)
        )
    };
    let body = [
        format!("<w:p>{}</w:p>", box_of("西河县工业和信息化局文件")),
        p("西工信〔2026〕8号"),
        p("关于推进2026年工业企业安全改造的通知"),
        p("各镇（街道），各有关企业："),
        p("一、排查重点"),
        format!(
            r#"<w:p><w:r><w:t>（一）摸清底数。各镇（街道）要对规模以上企业</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t>逐家建档，3月底前完成。</w:t></w:r>{}<w:r><w:t>（县工信局牵头）</w:t></w:r></w:p>"#,
            box_of("示意图")
        ),
        p("（二）推进改造。年底前完成改造的企业不少于12家。（县工信局、县应急局）"),
        format!(
            "<w:tbl><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
            tc("任务", ""),
            tc("责任单位", ""),
            tc("时间要求", ""),
            tc("组织观摩会至少2场", ""),
            tc("县工信局", ""),
            tc("每季度末月20日前", "")
        ),
        r#"<w:sectPr><w:headerReference w:type="default" r:id="rId8"/><w:footerReference w:type="default" r:id="rId9"/></w:sectPr>"#.to_string(),
    ]
    .concat();
    let bytes = docx_with(
        &body,
        &[
            ("word/header1.xml", &header),
            ("word/footer1.xml", &footer),
            ("word/footnotes.xml", &notes),
        ],
    );
    let text = read(&bytes, Some("通知.docx")).unwrap();
    assert!(!text.plain.contains("内部资料") && !text.plain.contains("共 9 页"));
    assert_eq!(text.plain.matches("西河县工业和信息化局文件").count(), 1);
    assert!(
        text.plain
            .contains("要对规模以上企业逐家建档，3月底前完成。（县工信局牵头）")
    );
    assert!(text.plain.trim_end().ends_with("名单于6月底前更新。"));
    let c = compile(&text);
    assert_eq!(c.title, "关于推进2026年工业企业安全改造的通知");
    assert_eq!(c.issuer.as_deref(), Some("西河县工业和信息化局"));
    assert_eq!(c.number.as_deref(), Some("西工信〔2026〕8号"));
    assert_eq!(c.articles[0].lead_units, ["县工信局"]);
    assert_eq!(
        told(&c, "逐家建档"),
        "by-date by 2026-03-31 | 各镇（街道） | 对规模以上企业逐家建档"
    );
    assert_eq!(
        told(&c, "12家"),
        "quota by 2026-12-31 >=12家(完成改造的企业) | 县工信局、县应急局 | 完成改造的企业"
    );
    assert_eq!(
        told(&c, "观摩会"),
        "times every quarter >=2 day 20 of month 3 | 县工信局 | 组织观摩会"
    );
    // The footnote is kept and said, and asks for nothing.
    assert!(!c.duties.iter().any(|d| d.quote.contains("名单")));
    assert!(c.remarks.iter().any(|r| r.message.contains("脚注")));
}
