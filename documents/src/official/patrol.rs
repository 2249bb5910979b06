//! Special patrols of a town: 专项巡查通知, 巡查反馈意见.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY, UNKNOWN};
use super::sheet::Wording;
use super::supervise::{Problem, problems};
use super::{Head, Sheet, needed, sheet_to};
use crate::PaperError;
use crate::paper::{Column, Form};
use crate::words;

/// An accident that counts for a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counted {
    /// Name.
    pub name: String,
    /// When it happened.
    pub at: Option<DateTime>,
    /// Grade, such as 较大事故.
    pub grade: String,
    /// Number of the loop.
    pub number: String,
}

/// One of the team, by part and office. The name may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Such as 组长.
    pub part: String,
    /// Office and post.
    pub post: String,
    /// Name.
    pub name: String,
}

/// 专项巡查通知.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PatrolNotice {
    /// The town.
    pub unit: String,
    /// The rule that set it off, in its own words.
    pub rule: String,
    /// Title of the notice and article in which it stands.
    pub rule_source: String,
    /// What the rule counted.
    pub counted: Vec<Counted>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Who comes.
    pub team: Vec<Member>,
    /// What is looked at; the usual when empty.
    pub scope: Vec<String>,
    /// What the town is asked to do; the usual when empty.
    pub demands: Vec<String>,
}

/// 巡查反馈意见.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PatrolFeedback {
    /// The town.
    pub unit: String,
    /// Number of the notice.
    pub notice_number: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// What was done: talks held, places seen.
    pub overview: Vec<String>,
    /// What is not as it should be.
    pub problems: Vec<Problem>,
    /// What is advised; the usual when empty.
    pub advice: Vec<String>,
    /// What is handed to others, and to whom.
    pub handed_over: Vec<String>,
    /// By when a plan for putting it right is sent in.
    pub plan_by: Option<Date>,
    /// By when the result is reported.
    pub report_by: Option<Date>,
}

fn days(from: Option<Date>, until: Option<Date>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => format!("{}至{}", words::date(from), words::date(until)),
        (Some(from), None) => format!("自{}起", words::date(from)),
        (None, Some(until)) => format!("至{}止", words::date(until)),
        (None, None) => "另行通知".to_owned(),
    }
}

/// Words the notice.
///
/// # Errors
/// No town.
pub(super) fn notice(head: &Head, paper: &PatrolNotice) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &paper.unit)?;
    let mut w = Wording::default();
    let source = if known::blank(&paper.rule_source) {
        "按照安全生产工作有关规定".to_owned()
    } else {
        format!("依据{}", known::law(known::clause(&paper.rule_source)))
    };
    w.text(format!(
        "{source}，经研究，决定对你单位开展安全生产专项巡查。现将有关事项通知如下："
    ));
    w.section("巡查缘由");
    if known::blank(&paper.rule) {
        w.text(format!("启动情形{TO_VERIFY}。"));
    } else {
        w.text(format!("启动情形：{}", known::sentence(&paper.rule)));
    }
    w.table(
        "计入启动情形的事故",
        &[
            Column::left("事故名称", 40),
            Column::new("发生时间", 24),
            Column::new("等级", 14),
            Column::new("编号", 16),
        ],
        paper
            .counted
            .iter()
            .map(|c| {
                vec![
                    known::verified(&c.name),
                    known::moment(c.at, TO_VERIFY),
                    known::verified(&c.grade),
                    known::told(&c.number),
                ]
            })
            .collect(),
    );
    w.section("巡查时间");
    w.text(format!("{}。", days(paper.from, paper.until)));
    w.section("巡查组组成");
    if paper.team.is_empty() {
        w.text("巡查组人员另行通知。");
    }
    w.table(
        "",
        &[
            Column::new("职责", 16),
            Column::left("单位及职务", 52),
            Column::new("姓名", 26),
        ],
        paper
            .team
            .iter()
            .map(|m| {
                vec![
                    known::or(&m.part, "成员"),
                    known::told(&m.post),
                    known::or(&m.name, "待定"),
                ]
            })
            .collect(),
    );
    w.section("巡查内容");
    if known::several(&paper.scope).is_empty() {
        w.text("1.党政领导责任、部门监管责任和企业主体责任落实情况。");
        w.text("2.事故暴露问题的整改和事故调查处理意见的落实情况。");
        w.text("3.重大事故隐患排查治理、挂牌督办和销号情况。");
        w.text("4.事故和灾情信息报送情况。");
    } else {
        w.items(&paper.scope, "");
    }
    w.section("有关要求");
    w.items(
        &paper.demands,
        "请你单位高度重视，明确一名负责同志和一名联络员做好配合，如实提供有关资料，不得隐瞒情况、干扰巡查。巡查不增加基层负担，不安排陪同接待。",
    );
    w.text("特此通知。");
    w.sign();
    Ok(sheet_to(
        head,
        unit,
        Form::Red,
        format!("关于对{unit}开展安全生产专项巡查的通知"),
        w,
    ))
}

/// Words the feedback.
///
/// # Errors
/// No town.
pub(super) fn feedback(head: &Head, paper: &PatrolFeedback) -> Result<Sheet, PaperError> {
    let unit = needed("unit", &paper.unit)?;
    let office = head.short();
    let mut w = Wording::default();
    let number = if known::blank(&paper.notice_number) {
        String::new()
    } else {
        format!(
            "按照专项巡查通知{}，",
            known::bracketed(&paper.notice_number)
        )
    };
    let when = if paper.from.is_none() && paper.until.is_none() {
        String::new()
    } else {
        format!("{}，", days(paper.from, paper.until))
    };
    w.text(format!(
        "{number}{when}巡查组对你单位开展了安全生产专项巡查。现将巡查意见反馈如下："
    ));
    w.section("巡查工作开展情况");
    w.items(&paper.overview, &format!("{UNKNOWN}。"));
    w.section("发现的主要问题");
    if paper.problems.is_empty() {
        w.text("本次巡查未记录问题。");
    } else {
        w.text(format!("共发现{}项问题，见下表。", paper.problems.len()));
        problems(&mut w, "", &paper.problems);
    }
    w.section("整改意见和建议");
    w.items(
        &paper.advice,
        "坚持问题导向，逐项分析原因，建立问题清单、责任清单和整改清单，整改一项、销号一项。",
    );
    if !known::several(&paper.handed_over).is_empty() {
        w.section("移交有关单位处理的事项");
        w.items(&paper.handed_over, "");
    }
    w.section("整改时限");
    let by = |day: Option<Date>| {
        day.map_or_else(
            || "尽快".to_owned(),
            |day| format!("于{}前", words::date(day)),
        )
    };
    w.text(format!(
        "请你单位{}将整改方案报送{office}，{}将整改情况书面报送{office}。{office}将适时开展“回头看”，对整改不力、虚假整改的依规依纪依法严肃问责。",
        by(paper.plan_by),
        by(paper.report_by)
    ));
    w.sign();
    Ok(sheet_to(
        head,
        unit,
        Form::Red,
        format!("关于{unit}安全生产专项巡查的反馈意见"),
        w,
    ))
}
