use std::io::Cursor;

use anlan_documents::{
    Cell, ListColumn, PaperError, TemplateColumn, TemplateKind, list_xlsx, template_xlsx,
};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use jiff::civil::{date, datetime};

use crate::read::parts;

fn columns() -> Vec<ListColumn> {
    ["单位", "任务数", "完成率", "完成时限", "报送时间"]
        .map(ListColumn::new)
        .into()
}

fn rows() -> Vec<Vec<Cell>> {
    vec![
        vec![
            "北石店镇".into(),
            Cell::Number(14.0),
            Cell::Percent(0.925),
            date(2025, 3, 5).into(),
            Cell::Time(datetime(2025, 3, 5, 8, 30, 0, 0)),
        ],
        vec![
            "=1+1".into(),
            Cell::Number(f64::NAN),
            Cell::Blank,
            date(1850, 1, 2).into(),
            Cell::Blank,
        ],
        vec![
            "<甲>&\u{0}\u{8}😀".into(),
            Cell::Number(-0.5),
            Cell::Percent(1.0),
            None::<Cell>.into(),
            Cell::Blank,
        ],
    ]
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook")
}

#[test]
fn cells_come_back_with_their_types() {
    let bytes = list_xlsx("责任清单", &columns(), &rows()).expect("a list");
    let mut book = open(&bytes);
    assert_eq!(book.sheet_names(), ["责任清单"]);
    let sheet = book.worksheet_range("责任清单").expect("the sheet");
    let at = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(at(0, 3), Data::String("完成时限".into()));
    assert_eq!(at(1, 0), Data::String("北石店镇".into()));
    assert_eq!(at(1, 1), Data::Float(14.0));
    assert_eq!(at(1, 2), Data::Float(0.925));
    let Data::DateTime(day) = at(1, 3) else {
        panic!("{:?}", at(1, 3))
    };
    assert_eq!(day.as_f64(), 45_721.0);
    let Data::DateTime(time) = at(1, 4) else {
        panic!("{:?}", at(1, 4))
    };
    assert!((time.as_f64() - 45_721.354_166).abs() < 1e-4);
    // A text that looks like a formula stays a text, a day before 1900 is written out.
    assert_eq!(at(2, 0), Data::String("=1+1".into()));
    assert_eq!(at(2, 1), Data::Empty);
    assert_eq!(at(2, 3), Data::String("1850年1月2日".into()));
    assert_eq!(at(3, 0), Data::String("<甲>&😀".into()));
    assert!(!parts(&bytes)["xl/worksheets/sheet1.xml"].contains("<f>"));
}

#[test]
fn the_heading_is_frozen_bold_and_filtered() {
    let parts = parts(&list_xlsx("清单", &columns(), &rows()).expect("a list"));
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    assert!(
        sheet.contains(r#"<pane ySplit="1" topLeftCell="A2""#),
        "{sheet}"
    );
    assert!(sheet.contains(r#"<autoFilter ref="A1:E4"/>"#), "{sheet}");
    assert!(parts["xl/styles.xml"].contains("<b/>"));
}

#[test]
fn equal_lists_are_equal_bytes() {
    assert_eq!(
        list_xlsx("清单", &columns(), &rows()).expect("a list"),
        list_xlsx("清单", &columns(), &rows()).expect("a list")
    );
}

#[test]
fn an_empty_list_is_still_a_list_and_bad_rows_are_refused() {
    assert!(list_xlsx("清单", &columns(), &[]).is_ok());
    assert!(matches!(
        list_xlsx("清单", &[], &[]),
        Err(PaperError::Missing { field: "columns" })
    ));
    assert!(matches!(
        list_xlsx("清单", &columns(), &[vec![Cell::Blank]]),
        Err(PaperError::RowShape {
            row: 1,
            expected: 5,
            got: 1,
            ..
        })
    ));
}

fn template() -> Vec<TemplateColumn> {
    vec![
        TemplateColumn {
            title: "企业名称".into(),
            note: "营业执照上的全称".into(),
            required: true,
            example: "示例：某某煤业有限公司".into(),
            ..Default::default()
        },
        TemplateColumn {
            title: "行业".into(),
            required: true,
            choices: vec!["煤矿".into(), "危险化学品".into(), "道路运输".into()],
            ..Default::default()
        },
        TemplateColumn {
            title: "从业人数".into(),
            kind: TemplateKind::Whole,
            ..Default::default()
        },
        TemplateColumn {
            title: "成立日期".into(),
            kind: TemplateKind::Date,
            ..Default::default()
        },
        TemplateColumn {
            title: "所在村（社区）".into(),
            choices: (1..=300).map(|n| format!("第{n}社区")).collect(),
            ..Default::default()
        },
    ]
}

#[test]
fn a_template_offers_choices_and_explains_itself() {
    let bytes = template_xlsx("企业", &template()).expect("a template");
    let mut book = open(&bytes);
    assert_eq!(book.sheet_names(), ["企业", "填写说明", "选项"]);
    let sheet = book.worksheet_range("企业").expect("the sheet");
    assert_eq!(
        sheet
            .rows()
            .next()
            .expect("a heading")
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["企业名称", "行业", "从业人数", "成立日期", "所在村（社区）"]
    );
    assert_eq!(sheet.height(), 1, "an example must not be imported");
    let notes = book.worksheet_range("填写说明").expect("the notes");
    let said: Vec<String> = notes
        .rows()
        .map(|row| {
            row.iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect();
    assert!(
        said.contains(&"企业名称|是|文本|营业执照上的全称||示例：某某煤业有限公司".to_owned()),
        "{said:?}"
    );
    assert!(
        said.iter()
            .any(|line| line.contains("等300项，见“选项”工作表")),
        "{said:?}"
    );
    let xml = &parts(&bytes)["xl/worksheets/sheet1.xml"];
    assert!(
        xml.contains("'选项'!$A$2:$A$4") && xml.contains("'选项'!$B$2:$B$301"),
        "{xml}"
    );
    assert!(
        xml.contains(r#"type="whole""#) && xml.contains(r#"type="date""#),
        "{xml}"
    );
}
