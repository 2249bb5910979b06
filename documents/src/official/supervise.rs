//! Papers of supervision: 通报, 约谈通知书, 约谈纪要.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY, UNKNOWN};
use super::sheet::{Receipt, SheetBlock, Wording};
use super::{Head, Sheet, head_sheet, needed, sheet_to};
use crate::PaperError;
use crate::paper::{Column, Field, Form, SignLine};
use crate::words;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// What.
    pub what: String,
    /// Whose it is.
    pub unit: String,
    /// Rule that asks otherwise.
    pub basis: String,
    /// Its deadline.
    pub due: Option<Date>,
    /// How it stands, such as 逾期12天.
    pub status: String,
}

/// A table of problems. Columns in which nothing stands are left out.
pub(super) fn problems(w: &mut Wording, caption: &str, problems: &[Problem]) {
    let any = |f: fn(&Problem) -> bool| problems.iter().any(f);
    let (units, bases) = (
        any(|p| !known::blank(&p.unit)),
        any(|p| !known::blank(&p.basis)),
    );
    let (dues, statuses) = (any(|p| p.due.is_some()), any(|p| !known::blank(&p.status)));
    let mut columns = Vec::new();
    if units {
        columns.push(Column::new("责任单位", 20));
    }
    columns.push(Column::left("存在问题", 40));
    if bases {
        columns.push(Column::left("依据", 24));
    }
    if dues {
        columns.push(Column::new("时限", 16));
    }
    if statuses {
        columns.push(Column::left("目前情况", 16));
    }
    let rows = problems
        .iter()
        .map(|p| {
            let mut row = Vec::new();
            if units {
                row.push(known::verified(&p.unit));
            }
            row.push(known::verified(&p.what));
            if bases {
                row.push(known::or(&p.basis, "—"));
            }
            if dues {
                row.push(known::day(p.due, "未设"));
            }
            if statuses {
                row.push(known::verified(&p.status));
            }
            row
        })
        .collect();
    w.table(caption, &columns, rows);
}

/// 通报.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Circular {
    /// Whom it is about.
    pub unit: String,
    /// What it is about, such as 重大事故隐患整改不力. Goes into the title.
    pub matter: String,
    /// What happened, in order.
    pub facts: Vec<String>,
    /// What is not as it should be.
    pub problems: Vec<Problem>,
    /// Rules by which it is circulated.
    pub basis: Vec<String>,
    /// What is demanded of the unit; the usual when empty.
    pub demands: Vec<String>,
    /// By when the unit answers.
    pub answer_by: Option<Date>,
}

/// 约谈通知书.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InterviewNotice {
    /// Who is interviewed.
    pub unit: String,
    /// Why.
    pub reasons: Vec<String>,
    /// Rules by which it is done.
    pub basis: Vec<String>,
    /// When, in local time.
    pub at: Option<DateTime>,
    /// Where.
    pub place: String,
    /// Who leads it, by post.
    pub host: String,
    /// Who must come, by post.
    pub attendees: Vec<String>,
    /// What is not as it should be.
    pub problems: Vec<Problem>,
    /// What is to be brought.
    pub materials: Vec<String>,
    /// By when the unit reports what it has put right.
    pub answer_by: Option<Date>,
    /// By when the receipt is sent back; none for no receipt.
    pub receipt_by: Option<Date>,
}

/// What was demanded at an interview.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Demand {
    /// What.
    pub what: String,
    /// Of whom.
    pub who: String,
    /// By when.
    pub due: Option<Date>,
}

/// 约谈纪要.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InterviewRecord {
    /// Who was interviewed.
    pub unit: String,
    /// Number of the notice.
    pub notice_number: String,
    /// When it began.
    pub from: Option<DateTime>,
    /// When it ended.
    pub until: Option<DateTime>,
    /// Where.
    pub place: String,
    /// Who led it.
    pub host: String,
    /// Who wrote it down.
    pub recorder: String,
    /// Who interviewed.
    pub interviewers: Vec<String>,
    /// Who came for the unit.
    pub attendees: Vec<String>,
    /// Who had to come and did not, with the reason.
    pub absent: Vec<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// What was put before the unit.
    pub problems: Vec<Problem>,
    /// What the unit said.
    pub statements: Vec<String>,
    /// What was demanded.
    pub demands: Vec<Demand>,
}

/// `依据《…》第…条、《…》`, or what stands for no rule.
fn by(basis: &[String], otherwise: &str) -> String {
    let laws: Vec<String> = known::several(basis)
        .into_iter()
        .map(|law| known::law(known::clause(law)))
        .collect();
    if laws.is_empty() {
        otherwise.to_owned()
    } else {
        format!("依据{}", laws.join("、"))
    }
}

fn before(day: Option<Date>) -> String {
    day.map_or_else(
        || "尽快".to_owned(),
        |day| format!("于{}前", words::date(day)),
    )
}

/// Words the circular.
///
/// # Errors
/// No unit.
pub(super) fn circular(head: &Head, paper: &Circular) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &paper.unit)?;
    let office = head.short();
    let matter = known::or(&paper.matter, "安全生产工作落实不到位");
    let matter = known::clause(&matter);
    let mut w = Wording::default();
    w.text(format!(
        "{}，现将{unit}{matter}的有关情况通报如下：",
        by(&paper.basis, "按照安全生产工作有关规定")
    ));
    w.section("基本情况");
    w.items(&paper.facts, &format!("有关情况{TO_VERIFY}。"));
    if !paper.problems.is_empty() {
        w.section("存在问题");
        problems(&mut w, "", &paper.problems);
    }
    w.section("通报决定");
    w.text(format!(
        "为严肃工作纪律、压实安全责任，决定对{unit}予以通报批评。"
    ));
    w.section("有关要求");
    w.items(
        &paper.demands,
        &format!("{unit}要深刻反思，认真查找原因，逐项制定整改措施，明确责任领导、责任人和完成时限，抓紧整改落实。"),
    );
    w.text(format!(
        "请{unit}{}将整改情况书面报送{office}。各镇（街道）、各有关单位要引以为戒、举一反三，对照检查本地区、本单位存在的同类问题，立查立改。",
        before(paper.answer_by)
    ));
    w.text("特此通报。");
    w.sign();
    Ok(sheet_to(
        head,
        unit,
        Form::Red,
        format!("关于{unit}{matter}的通报"),
        w,
    ))
}

/// Words the notice.
///
/// # Errors
/// No unit.
pub(super) fn interview_notice(head: &Head, paper: &InterviewNotice) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &paper.unit)?;
    let office = head.short();
    let mut w = Wording::default();
    w.text(format!(
        "{}，经研究，决定对你单位进行约谈。现将有关事项通知如下：",
        by(&paper.basis, "按照安全生产警示约谈有关规定")
    ));
    w.section("约谈事由");
    w.items(&paper.reasons, &format!("约谈事由{TO_VERIFY}。"));
    problems(&mut w, "", &paper.problems);
    w.section("约谈时间和地点");
    w.text(format!(
        "时间：{}。",
        paper
            .at
            .map_or_else(|| "另行通知".to_owned(), words::date_time)
    ));
    w.text(format!(
        "地点：{}。",
        known::clause(&known::or(&paper.place, "另行通知"))
    ));
    w.section("参加人员");
    w.text(format!("约谈人：{}。", known::or(&paper.host, office)));
    w.text(format!(
        "被约谈人：{}。",
        known::names(&paper.attendees, "你单位主要负责人、分管负责人")
    ));
    w.section("有关要求");
    let materials = known::several(&paper.materials);
    w.text(format!(
        "（一）准备书面材料。请围绕约谈事由，如实说明工作情况、存在问题及原因、整改措施和完成时限{}，约谈时提交。",
        if materials.is_empty() {
            String::new()
        } else {
            format!("，并携带{}", materials.join("、"))
        }
    ));
    w.text("（二）按时参加约谈。被约谈人无特殊情况不得请假或者由他人代替；确因特殊情况不能参加的，须提前书面说明理由。");
    w.text(format!(
        "（三）抓好整改落实。约谈后请逐项整改，{}将整改情况书面报送{office}。无故不参加约谈或者整改不力的，将视情通报、挂牌督办或者依规移送有关机关处理。",
        before(paper.answer_by)
    ));
    if let Some(day) = paper.receipt_by {
        w.text(format!("请于{}前将回执反馈{office}。", words::date(day)));
    }
    w.text("特此通知。");
    if paper.receipt_by.is_some() {
        w.push(SheetBlock::Attachments(vec!["约谈通知书回执".to_owned()]));
    }
    w.sign();
    if paper.receipt_by.is_some() {
        w.push(SheetBlock::Receipt(Receipt {
            mark: "附件".to_owned(),
            title: "约谈通知书回执".to_owned(),
            to: head.office.trim().to_owned(),
            text: format!(
                "你单位《约谈通知书》{}收悉，我单位参加约谈人员如下：",
                numbered(head)
            ),
            fields: vec![
                Field::new("单位名称", unit),
                Field::new("收到时间", ""),
                Field::new("参加人员", ""),
                Field::new("职务", ""),
                Field::new("联系人", ""),
                Field::new("联系电话", ""),
                Field::new("情况说明", ""),
            ],
            sign: vec![SignLine::blank(&["签收人（签名）", "日期"])],
            seal: unit.to_owned(),
        }));
    }
    Ok(sheet_to(
        head,
        unit,
        Form::Letter,
        "约谈通知书".to_owned(),
        w,
    ))
}

/// `（…号）`, or nothing.
pub(super) fn numbered(head: &Head) -> String {
    known::bracketed(head.number.as_deref().unwrap_or_default())
}

/// Words the record.
///
/// # Errors
/// No unit.
pub(super) fn interview_record(head: &Head, paper: &InterviewRecord) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &paper.unit)?;
    let mut w = Wording::default();
    let notice = if known::blank(&paper.notice_number) {
        String::new()
    } else {
        format!("根据约谈通知书{}，", known::bracketed(&paper.notice_number))
    };
    w.text(format!(
        "{notice}{}对{unit}进行了约谈。现将有关情况纪要如下：",
        head.short()
    ));
    w.section("约谈概况");
    w.fields([
        ("被约谈单位", unit.to_owned()),
        ("开始时间", known::moment(paper.from, TO_VERIFY)),
        ("结束时间", known::moment(paper.until, TO_VERIFY)),
        ("地点", known::told(&paper.place)),
        ("主持人", known::told(&paper.host)),
        ("记录人", known::told(&paper.recorder)),
        ("约谈人员", known::names(&paper.interviewers, UNKNOWN)),
        ("被约谈人员", known::names(&paper.attendees, UNKNOWN)),
        ("缺席情况", known::names(&paper.absent, "未记录缺席")),
    ]);
    w.section("约谈事由");
    w.items(&paper.reasons, &format!("约谈事由{TO_VERIFY}。"));
    if !paper.problems.is_empty() {
        w.section("指出的问题");
        problems(&mut w, "", &paper.problems);
    }
    w.section("被约谈单位说明和表态");
    w.items(&paper.statements, "未记录。");
    w.section("约谈要求");
    if paper.demands.is_empty() {
        w.text("未记录。");
    }
    w.table(
        "",
        &[
            Column::left("要求", 54),
            Column::new("责任单位（责任人）", 24),
            Column::new("完成时限", 16),
        ],
        paper
            .demands
            .iter()
            .map(|d| {
                vec![
                    known::verified(&d.what),
                    known::or(&d.who, unit),
                    known::day(d.due, "未设"),
                ]
            })
            .collect(),
    );
    w.text("本纪要经参加约谈人员核对无误后签名。");
    w.sign_lines(&[
        &["约谈人（签名）", "日期"],
        &["被约谈人（签名）", "日期"],
        &["记录人（签名）", "日期"],
    ]);
    w.sign();
    Ok(head_sheet(
        head,
        Form::Plain,
        format!("关于约谈{unit}的纪要"),
        w,
    ))
}
