//! Papers of enforcement: 责令限期整改指令书, 整改复查意见书, 现场处理措施决定书.
//!
//! Legal remedies are named as 行政复议法 and 行政诉讼法 have them (60 days, six months); which body and which
//! court they go to, the caller says. Days for an extension or a re-inspection come from the rule table.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY};
use super::sheet::{SheetBlock, Wording};
use super::{Head, Sheet, needed, sheet_to};
use crate::PaperError;
use crate::paper::{Column, Form, SignLine, Slot};
use crate::words;

/// Somebody who may enforce.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Officer {
    /// Name.
    pub name: String,
    /// Number of the 行政执法证.
    pub certificate: String,
}

/// Where the unit may turn against the paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Remedy {
    /// 行政复议机关.
    pub review_body: String,
    /// 人民法院.
    pub court: String,
}

/// What is to be put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    /// What was found.
    pub problem: String,
    /// Such as 一般隐患, 重大隐患.
    #[serde(default)]
    pub grade: String,
    /// Law or standard, with its article.
    #[serde(default)]
    pub basis: String,
    /// What is demanded, when more than that it be put right.
    #[serde(default)]
    pub demand: String,
    /// The last day.
    pub due: Date,
}

/// 责令限期整改指令书.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rectification {
    /// The unit that was looked at.
    pub unit: String,
    /// Where.
    pub place: String,
    /// When.
    pub inspected_on: Option<Date>,
    /// Number of the 现场检查记录.
    pub record_number: String,
    /// What is to be put right, at least one.
    pub items: Vec<OrderItem>,
    /// Days before the deadline by which an extension is asked for.
    pub extension_days: Option<u32>,
    /// Days within which it is looked at again.
    pub recheck_days: Option<u32>,
    /// Where the unit may turn.
    pub remedy: Remedy,
    /// Who looked.
    pub officers: Vec<Officer>,
}

/// How an item was found at re-inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recheck {
    /// 已整改.
    Passed,
    /// 部分整改.
    Partly,
    /// 未整改.
    Failed,
    /// 未复查.
    #[default]
    NotChecked,
}

impl Recheck {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "已整改到位",
            Self::Partly => "部分整改",
            Self::Failed => "未整改",
            Self::NotChecked => TO_VERIFY,
        }
    }
}

/// An item at re-inspection.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RecheckItem {
    /// What had been found.
    pub problem: String,
    /// The deadline it had.
    pub due: Option<Date>,
    /// How it is now.
    pub result: Recheck,
    /// What was seen.
    pub seen: String,
}

/// 整改复查意见书.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reinspection {
    /// The unit.
    pub unit: String,
    /// The paper that ordered it, such as 责令限期整改指令书.
    pub order: String,
    /// Its number.
    pub order_number: String,
    /// Its day.
    pub order_on: Option<Date>,
    /// When it was looked at again.
    pub checked_on: Option<Date>,
    /// Each item, at least one.
    pub items: Vec<RecheckItem>,
    /// What follows for what is not put right, when decided.
    pub next: String,
    /// Who looked.
    pub officers: Vec<Officer>,
}

/// A measure taken on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Measure {
    /// What, such as 责令立即停止作业.
    pub what: String,
    /// Place, machine or work that it covers.
    pub scope: String,
    /// From when.
    pub from: Option<DateTime>,
    /// Until when; none until it is lifted.
    pub until: Option<DateTime>,
}

/// 现场处理措施决定书.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OnSiteMeasures {
    /// The unit.
    pub unit: String,
    /// When it was looked at.
    pub inspected_on: Option<Date>,
    /// Number of the 现场检查记录 on which it stands.
    pub record_number: String,
    /// What was found.
    pub facts: Vec<String>,
    /// Laws, with their articles.
    pub basis: Vec<String>,
    /// What is done, at least one.
    pub measures: Vec<Measure>,
    /// On which condition work begins again; the usual one when blank.
    pub resume: String,
    /// Where the unit may turn.
    pub remedy: Remedy,
    /// Who looked.
    pub officers: Vec<Officer>,
}

/// Refuses a paper that would demand nothing.
fn some<T>(field: &'static str, items: &[T]) -> Result<(), PaperError> {
    if items.is_empty() {
        Err(PaperError::Missing { field })
    } else {
        Ok(())
    }
}

fn remedy(w: &mut Wording, remedy: &Remedy, paper: &str) {
    let to = |name: &str, lead: &str| {
        if known::blank(name) {
            String::new()
        } else {
            format!("{lead}{}", name.trim())
        }
    };
    w.text(format!(
        "如不服本{paper}，可以自收到之日起60日内依法{}申请行政复议，或者自收到之日起6个月内依法{}提起行政诉讼。复议、诉讼期间本{paper}不停止执行，法律另有规定的除外。",
        to(&remedy.review_body, "向"),
        to(&remedy.court, "向")
    ));
}

/// Lines for the officers, at least two, and for the unit; then the seal.
fn close(w: &mut Wording, officers: &[Officer], unit_label: &str) {
    let mut lines: Vec<SignLine> = officers
        .iter()
        .map(|officer| SignLine {
            slots: vec![
                Slot {
                    // The name is printed, the signature is left to the hand.
                    label: if known::blank(&officer.name) {
                        "执法人员（签名）".to_owned()
                    } else {
                        format!("执法人员{}（签名）", officer.name.trim())
                    },
                    value: String::new(),
                },
                Slot {
                    label: "证号".to_owned(),
                    value: officer.certificate.trim().to_owned(),
                },
            ],
        })
        .collect();
    // 行政处罚法第四十二条: not fewer than two.
    while lines.len() < 2 {
        lines.push(SignLine::blank(&["执法人员（签名）", "证号"]));
    }
    lines.push(SignLine::blank(&[unit_label, "日期"]));
    w.push(SheetBlock::SignLines(lines));
    w.sign();
    w.note("本文书一式两份，一份交被检查单位，一份由制发机关归入案卷。");
}

fn record(number: &str) -> String {
    if known::blank(number) {
        String::new()
    } else {
        format!("（现场检查记录：{}）", number.trim())
    }
}

/// Words the order.
///
/// # Errors
/// No unit, or nothing to put right.
pub(super) fn rectification(head: &Head, order: &Rectification) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &order.unit)?;
    some("items", &order.items)?;
    let mut w = Wording::default();
    let when = order
        .inspected_on
        .map_or_else(String::new, |day| format!("{}，", words::date(day)));
    let place = if known::blank(&order.place) {
        String::new()
    } else {
        format!("（{}）", order.place.trim())
    };
    w.text(format!(
        "{when}{}执法人员依法对你单位{place}进行了检查{}，发现存在下列问题：",
        head.short(),
        record(&order.record_number)
    ));
    w.table(
        "",
        &[
            Column::left("存在的问题", 36),
            Column::new("等级", 11),
            Column::left("依据", 24),
            Column::new("整改期限", 18),
        ],
        order
            .items
            .iter()
            .map(|item| {
                let problem = if known::blank(&item.demand) {
                    known::verified(&item.problem)
                } else {
                    format!(
                        "{}。整改要求：{}",
                        known::clause(&known::verified(&item.problem)),
                        item.demand.trim()
                    )
                };
                vec![
                    problem,
                    known::or(&item.grade, "待定级"),
                    known::verified(&item.basis),
                    words::date(item.due),
                ]
            })
            .collect(),
    );
    w.text(format!(
        "现责令你单位对{}，达到有关法律、法规、规章和标准规定的要求。整改期间应当采取措施保证安全；安全无法保证的，应当从危险区域撤出人员，并停产停业或者停止使用。",
        limits(&order.items)
    ));
    let before = order.extension_days.map_or_else(
        || "应当在整改期限届满前".to_owned(),
        |days| format!("应当在整改期限届满{days}日前"),
    );
    let within = order.recheck_days.map_or_else(
        || "将及时复查".to_owned(),
        |days| format!("将自收到申请或者期限届满之日起{days}日内复查"),
    );
    w.text(format!(
        "整改完成后，应当及时报告整改结果并申请复查，{}{within}。确因客观原因不能按期完成的，{before}书面申请延期，说明理由、已采取的措施和拟完成时间。",
        head.short()
    ));
    w.text("逾期不整改或者整改不合格的，将依法予以行政处罚；由此造成事故的，依法追究有关单位和人员的责任。");
    remedy(&mut w, &order.remedy, "指令");
    close(&mut w, &order.officers, "被检查单位负责人（签名）");
    Ok(sheet_to(
        head,
        unit,
        Form::Docket,
        "责令限期整改指令书".to_owned(),
        w,
    ))
}

/// `上述第1、3项问题于…前，第2项问题于…前整改完毕`, by deadline, the nearest first.
fn limits(items: &[OrderItem]) -> String {
    let mut days: Vec<Date> = items.iter().map(|item| item.due).collect();
    days.sort();
    days.dedup();
    if let [day] = days.as_slice() {
        return format!("上述问题于{}前整改完毕", words::date(*day));
    }
    // Many different days are read from the table.
    if days.len() > 4 {
        return "上述问题按表列期限逐项整改完毕".to_owned();
    }
    let parts: Vec<String> = days
        .iter()
        .map(|day| {
            let which: Vec<String> = (1..)
                .zip(items)
                .filter(|(_, item)| item.due == *day)
                .map(|(index, _): (u32, _)| index.to_string())
                .collect();
            format!("第{}项问题于{}前", which.join("、"), words::date(*day))
        })
        .collect();
    format!("上述{}整改完毕", parts.join("，"))
}

/// Words the opinion.
///
/// # Errors
/// No unit, or nothing that was looked at.
pub(super) fn reinspection(head: &Head, paper: &Reinspection) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &paper.unit)?;
    some("items", &paper.items)?;
    let mut w = Wording::default();
    let number = known::bracketed(&paper.order_number);
    let ordered = paper
        .order_on
        .map_or_else(String::new, |day| format!("于{}", words::date(day)));
    w.text(format!(
        "{}{ordered}对你单位作出{}{number}。{}，执法人员对整改情况进行了复查，情况如下：",
        head.short(),
        known::or(&paper.order, "整改要求"),
        known::day(paper.checked_on, "近日"),
    ));
    w.table(
        "",
        &[
            Column::left("责令整改的问题", 36),
            Column::new("整改期限", 18),
            Column::new("复查结果", 14),
            Column::left("复查所见", 26),
        ],
        paper
            .items
            .iter()
            .map(|item| {
                vec![
                    known::verified(&item.problem),
                    known::day(item.due, TO_VERIFY),
                    item.result.word().to_owned(),
                    known::or(&item.seen, "未记录"),
                ]
            })
            .collect(),
    );
    let count = |result: Recheck| paper.items.iter().filter(|i| i.result == result).count();
    let (all, passed, open) = (
        paper.items.len(),
        count(Recheck::Passed),
        count(Recheck::NotChecked),
    );
    let lacking = all - passed - open;
    if passed == all {
        w.text(format!(
            "复查意见：上述{all}项问题均已整改到位，同意销号。你单位应当巩固整改成果，加强日常检查，防止问题反弹。"
        ));
    } else {
        let mut opinion = format!("复查意见：共{all}项问题，已整改到位{passed}项");
        if lacking > 0 {
            opinion.push_str(&format!("，未整改或者未整改到位{lacking}项"));
        }
        if open > 0 {
            opinion.push_str(&format!("，尚待复查{open}项"));
        }
        w.text(format!("{opinion}。"));
        if lacking > 0 {
            w.text(known::sentence(&known::or(
                &paper.next,
                "对未整改到位的问题，你单位应当继续采取措施立即整改，整改期间保证安全；逾期未整改的，将依法处理",
            )));
        }
    }
    close(&mut w, &paper.officers, "被复查单位负责人（签名）");
    Ok(sheet_to(
        head,
        unit,
        Form::Docket,
        "整改复查意见书".to_owned(),
        w,
    ))
}

/// Words the decision.
///
/// # Errors
/// No unit, or no measure.
pub(super) fn on_site(head: &Head, paper: &OnSiteMeasures) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &paper.unit)?;
    some("measures", &paper.measures)?;
    let mut w = Wording::default();
    let when = paper
        .inspected_on
        .map_or_else(String::new, |day| format!("{}，", words::date(day)));
    w.text(format!(
        "{when}{}执法人员现场检查时{}，发现你单位存在下列违法行为和事故隐患：",
        head.short(),
        record(&paper.record_number)
    ));
    w.items(&paper.facts, &format!("具体情形{TO_VERIFY}。"));
    let basis: Vec<String> = known::several(&paper.basis)
        .into_iter()
        .map(|law| known::law(known::clause(law)))
        .collect();
    let basis = if basis.is_empty() {
        "依照有关法律、法规的规定".to_owned()
    } else {
        format!("依照{}的规定", basis.join("、"))
    };
    w.text(format!(
        "上述情形危及安全，{basis}，现作出如下现场处理措施决定："
    ));
    w.table(
        "",
        &[
            Column::left("处理措施", 34),
            Column::left("适用范围", 24),
            Column::left("起始时间", 18),
            Column::left("截止时间", 18),
        ],
        paper
            .measures
            .iter()
            .map(|m| {
                vec![
                    known::verified(&m.what),
                    known::verified(&m.scope),
                    known::moment(m.from, "自送达时起"),
                    known::moment(m.until, "至依法解除时止"),
                ]
            })
            .collect(),
    );
    // 安全生产法第六十五条.
    w.text(known::sentence(&known::or(
        &paper.resume,
        "你单位应当立即执行本决定，并采取措施排除隐患。隐患排除后，经审查同意，方可恢复生产经营和使用",
    )));
    w.text("拒不执行本决定的，将依法予以行政处罚，并可依法采取强制措施；构成犯罪的，依法移送司法机关追究刑事责任。");
    remedy(&mut w, &paper.remedy, "决定");
    close(&mut w, &paper.officers, "被检查单位负责人（签名）");
    Ok(sheet_to(
        head,
        unit,
        Form::Docket,
        "现场处理措施决定书".to_owned(),
        w,
    ))
}
