//! 案件移送书, with a list of the materials and a receipt to send back.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY, UNKNOWN};
use super::sheet::{Receipt, SheetBlock, Wording};
use super::supervise::numbered;
use super::{Head, Sheet, needed, sheet_to};
use crate::PaperError;
use crate::paper::{Column, Field, Form, SignLine};
use crate::words;

/// Something that goes with the case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Material {
    /// Its name.
    pub name: String,
    /// Such as 原件, 复印件, 电子数据.
    pub form: String,
    /// Copies.
    pub copies: Option<u32>,
    /// Pages of each.
    pub pages: Option<u32>,
    /// SHA-256 of a file, in hexadecimal digits.
    pub hash: String,
}

/// 案件移送书.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Referral {
    /// Who takes the case over.
    pub receiver: String,
    /// Name of the case.
    pub case_name: String,
    /// Its number.
    pub case_number: String,
    /// Where it came from, such as 执法检查.
    pub source: String,
    /// Whom it is about: units, and people only where the receiver must have them.
    pub parties: Vec<String>,
    /// When it was found.
    pub found_on: Option<Date>,
    /// What happened.
    pub facts: Vec<String>,
    /// What was done so far.
    pub handled: Vec<String>,
    /// Rules that were broken, as far as can be said.
    pub broken: Vec<String>,
    /// Rules by which it is handed over.
    pub basis: Vec<String>,
    /// What goes with it.
    pub materials: Vec<Material>,
    /// Days within which the receiver answers, by rule.
    pub answer_days: Option<u32>,
}

/// Words the referral.
///
/// # Errors
/// No receiver or no name of the case.
pub(super) fn referral(head: &Head, paper: &Referral) -> Result<Sheet, PaperError> {
    let receiver = needed("receiver", &paper.receiver)?;
    let case = needed("case_name", &paper.case_name)?;
    let case = known::clause(case);
    let office = head.short();
    let laws = |list: &[String]| {
        known::several(list)
            .into_iter()
            .map(|law| known::law(known::clause(law)))
            .collect::<Vec<_>>()
            .join("、")
    };
    let mut w = Wording::default();
    let (basis, broken) = (laws(&paper.basis), laws(&paper.broken));
    let found = paper
        .found_on
        .map_or_else(String::new, |day| format!("于{}", words::date(day)));
    w.text(format!(
        "{office}{found}在工作中发现{case}有关线索。经审查，该案属于你单位管辖范围{}，现移送你单位依法处理。",
        if basis.is_empty() {
            String::new()
        } else {
            format!("，依据{basis}")
        }
    ));
    w.section("案件基本情况");
    w.fields([
        ("案件名称", case.to_owned()),
        ("案件编号", known::told(&paper.case_number)),
        ("案件来源", known::told(&paper.source)),
        ("当事人", known::names(&paper.parties, TO_VERIFY)),
    ]);
    w.section("主要事实");
    w.items(&paper.facts, &format!("{TO_VERIFY}。"));
    if !broken.is_empty() {
        w.text(format!(
            "上述行为涉嫌违反{broken}，是否成立由你单位依法认定。"
        ));
    }
    w.section("已经采取的措施");
    w.items(&paper.handled, "未记录。");
    w.section("有关要求");
    let within = paper.answer_days.map_or_else(
        || "及时".to_owned(),
        |days| format!("自接受之日起{days}日内"),
    );
    w.text(format!(
        "请你单位清点材料并在回执上签收后退回{office}，{within}将是否立案（受理）的决定及处理结果书面告知{office}。认为不属于你单位管辖的，请说明理由并退回材料。"
    ));
    w.push(SheetBlock::Attachments(vec![
        "移送材料清单".to_owned(),
        "案件移送书回执".to_owned(),
    ]));
    w.sign();
    w.push(SheetBlock::Attachment {
        mark: "附件1".to_owned(),
        title: "移送材料清单".to_owned(),
    });
    if paper.materials.is_empty() {
        w.text("无随案移送材料。");
    }
    w.table("", &columns(&paper.materials), rows(&paper.materials));
    let (count, pages) = totals(&paper.materials);
    if !paper.materials.is_empty() {
        w.text(format!("以上材料共{count}项，合计{pages}。"));
    }
    w.sign_lines(&[&["移送人（签名）", "日期"], &["接收人（签名）", "日期"]]);
    w.push(SheetBlock::Receipt(Receipt {
        mark: "附件2".to_owned(),
        title: "案件移送书回执".to_owned(),
        to: head.office.trim().to_owned(),
        text: format!(
            "你单位移送的{case}一案《案件移送书》{}及所附材料{count}项（{pages}）已收到，办理意见如下：",
            numbered(head)
        ),
        fields: vec![
            Field::new("接收单位", receiver),
            Field::new("接收时间", ""),
            Field::new("清点情况", ""),
            Field::new("办理意见", "□立案（受理）　□不予立案（受理）　□不属于本单位管辖，退回"),
            Field::new("理由", ""),
            Field::new("联系人及电话", ""),
        ],
        sign: vec![SignLine::blank(&["接收人（签名）", "日期"])],
        seal: receiver.to_owned(),
    }));
    Ok(sheet_to(
        head,
        receiver,
        Form::Docket,
        "案件移送书".to_owned(),
        w,
    ))
}

fn columns(materials: &[Material]) -> Vec<Column> {
    let mut out = vec![
        Column::left("材料名称", 40),
        Column::new("形式", 14),
        Column::new("份数", 9),
        Column::new("页数", 9),
    ];
    if hashed(materials) {
        out.push(Column::left("电子文件校验值（SHA-256）", 30));
    }
    out
}

fn hashed(materials: &[Material]) -> bool {
    materials.iter().any(|m| !known::blank(&m.hash))
}

fn rows(materials: &[Material]) -> Vec<Vec<String>> {
    let number = |n: Option<u32>| n.map_or_else(|| UNKNOWN.to_owned(), |n| n.to_string());
    let hashed = hashed(materials);
    materials
        .iter()
        .map(|m| {
            let mut row = vec![
                known::told(&m.name),
                known::told(&m.form),
                number(m.copies),
                number(m.pages),
            ];
            if hashed {
                row.push(known::or(&m.hash, "—"));
            }
            row
        })
        .collect()
}

/// How many materials, and how many pages as far as they were counted.
fn totals(materials: &[Material]) -> (usize, String) {
    let counted: u64 = materials
        .iter()
        .filter_map(|m| Some(u64::from(m.copies.unwrap_or(1)) * u64::from(m.pages?)))
        .sum();
    let open = materials.iter().filter(|m| m.pages.is_none()).count();
    let pages = if open > 0 {
        format!("{counted}页，另有{open}项未计页数")
    } else {
        format!("{counted}页")
    };
    (materials.len(), pages)
}
