//! Accidents, incidents and disasters (事故、险情、灾情): told in under a minute, received, passed on level by level,
//! followed up, ended; accidents are then investigated, the four gates (四不放过) closed, measures given out and looked
//! back upon within a year.
//!
//! Sources: 国务院令第493号《生产安全事故报告和调查处理条例》; 原国家安全监管总局令第21号《生产安全事故信息报告和处置办法》;
//! 安全生产法 (2021) articles 83 to 87; 2025 notice, articles 三 and 十. Limits stand in `rulebook/loops.toml`, grades and
//! windows in `rulebook/accidents.toml`.

mod checks;
mod clocks;
mod figures;
mod moves;
#[cfg(test)]
pub(crate) mod tests;

pub use figures::{
    AT_RISK, AtRisk, Rules, Windows, at_risk, grade, grade_of, is_major, learned, occurred, rank,
    window_end,
};

use super::field::Read;
use super::spec::{Party, Spec, Word, closed, ended, waits, word};
use super::{Loop, Refusal};
use crate::authority::Command as May;

/// Grades, gravest first (国务院令第493号 第三条); the last is the mark of a grave incident (21号令).
const GRADES: &[Word] = &[
    word("extraordinary", "特别重大", "Extraordinarily serious"),
    word("serious", "重大", "Serious"),
    word("major", "较大", "Major"),
    word("ordinary", "一般", "Ordinary"),
    word(AT_RISK, "较大涉险", "Grave incident"),
];
/// Words or a voice.
pub const NOTHING_SAID: Refusal = Refusal::new(
    "nothing-said",
    "请填写简要情况，或上传语音",
    "Say what happened, in words or by voice",
);
/// Only accidents are investigated.
pub const NOT_AN_ACCIDENT: Refusal = Refusal::new(
    "not-an-accident",
    "仅适用于事故；险情、灾情终报后直接办结",
    "Only for accidents; incidents and disasters are closed after the final report",
);
/// An accident goes the whole way.
pub const IS_AN_ACCIDENT: Refusal = Refusal::new(
    "is-an-accident",
    "事故须经调查、批复、整改评估后办结",
    "An accident is closed after investigation, approval and evaluation",
);
/// No figure.
pub const NO_FIGURE: Refusal = Refusal::new(
    "no-figure",
    "请至少填写一项数字",
    "Give at least one figure",
);
/// Deaths do not fall without a reason.
pub const LOWERED: Refusal = Refusal::new(
    "lowered",
    "死亡人数减少的，须通过“补报”选择更正核减并写明依据",
    "Fewer deaths are told as a correction, with its basis",
);
/// The grade is not known.
pub const NO_GRADE: Refusal = Refusal::new(
    "no-grade",
    "伤亡和损失尚未核定，不能确定事故等级和调查主体",
    "The grade is not known yet, and so not who investigates",
);
/// Too low a convener.
pub const CONVENER: Refusal = Refusal::new(
    "convener",
    "该等级事故应由更高一级组织调查，请办理提级调查",
    "An accident of this grade is investigated higher up; hand it over",
);
/// The four gates.
pub const GATES: Refusal = Refusal::new(
    "gates-open",
    "“四不放过”尚未全部落实（原因、责任人、整改措施、教育）",
    "Not all of the four gates are closed: cause, people, measures, education",
);
/// The cause first.
pub const NO_CAUSE: Refusal = Refusal::new(
    "no-cause",
    "事故原因尚未查清，不能提交调查报告",
    "The report waits until the cause is known",
);
/// The look back.
pub const NOT_LOOKED_BACK: Refusal = Refusal::new(
    "not-looked-back",
    "整改措施尚未分解，或整改落实情况尚未评估公布",
    "Measures are not given out, or their evaluation is not published",
);
/// Once only.
pub const EXTENDED: Refusal = Refusal::new(
    "extended",
    "调查期限只能延长一次",
    "The time of an investigation is extended once only",
);
/// No more than so.
pub const TOO_LONG: Refusal = Refusal::new(
    "extension-too-long",
    "延长的期限最长不超过60日",
    "It is extended by 60 days at most",
);
/// Too late, or nothing runs.
pub const NO_TIME_RUNS: Refusal = Refusal::new(
    "no-time-runs",
    "没有进行中的调查期限，或期限已过",
    "No time limit of an investigation is running",
);
/// Nothing asked.
pub const NO_REQUEST: Refusal = Refusal::new(
    "no-request",
    "没有待审批的延期申请",
    "No extension was asked for",
);
/// Asked already.
pub const REQUESTED: Refusal = Refusal::new(
    "requested",
    "已有待审批的延期申请",
    "An extension was asked for already",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[
    NOTHING_SAID,
    NOT_AN_ACCIDENT,
    IS_AN_ACCIDENT,
    NO_FIGURE,
    LOWERED,
    NO_GRADE,
    CONVENER,
    GATES,
    NO_CAUSE,
    NOT_LOOKED_BACK,
    EXTENDED,
    TOO_LONG,
    NO_TIME_RUNS,
    NO_REQUEST,
    REQUESTED,
];

/// The four gates, in the order they are asked.
pub const GATE_MOVES: [&str; 4] = [
    "gate-cause",
    "gate-people",
    "gate-measures",
    "gate-education",
];

fn is_accident(it: &Loop) -> bool {
    it.values.text("class") == "accident"
}

/// Did the unit itself report it, here or to whoever wrote it down?
pub fn told_by_unit(it: &Loop) -> bool {
    it.party(Party::Opener) == Some(&it.org) || it.values.text("informant") == "unit"
}

/// 事故险情灾情.
pub const SPEC: Spec = Spec {
    code: "accident",
    zh: "事故险情灾情",
    en: "Accident, incident, disaster",
    prefix: "SG",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 10,
    by_hand: true,
    grades: GRADES,
    grade: Some(grade),
    open: moves::OPEN,
    states: &[
        waits(
            "reported",
            "待接报",
            "To be received",
            Party::Handler,
            May::HandleAccident,
        ),
        waits(
            "received",
            "处置中",
            "Being dealt with",
            Party::Handler,
            May::HandleAccident,
        ),
        waits(
            "stable",
            "已终报",
            "Final report made",
            Party::Handler,
            May::HandleAccident,
        ),
        waits(
            "investigating",
            "调查中",
            "Being investigated",
            Party::Handler,
            May::Investigate,
        ),
        waits(
            "submitted",
            "调查报告待批复",
            "Report to be approved",
            Party::Handler,
            May::Investigate,
        ),
        waits(
            "upper",
            "上级调查中",
            "Investigated higher up",
            Party::Handler,
            May::Investigate,
        ),
        waits(
            "approved",
            "整改落实中",
            "Measures being put in place",
            Party::Handler,
            May::Investigate,
        ),
        closed("closed", "已办结", "Closed"),
        ended("not-accident", "不属于生产安全事故", "No work accident"),
    ],
    moves: moves::MOVES,
    clocks: clocks::CLOCKS,
};
