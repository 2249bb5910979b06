//! Employees' reports inside the enterprise (内部报告): taken up, verified by somebody else, answered, rewarded by the
//! enterprise's own rule. What is confirmed becomes a hazard of the enterprise. Who reported is kept apart.
//!
//! Source: 2025 notice, article 八 (企业内部安全风险隐患报告奖励制度); 安全生产法 (2021) article 59.

use super::field::Value;
use super::report::{DECISION, FINDINGS, YES_NO, into_another, so};
use super::spec::{
    Clock, Field, Kind, Move, Party, Spec, Word, choice, closed, date, ended, files, long, note,
    photos, reason, text, waits, word, yuan,
};
use super::{Context, Loop, Open, Read, Refusal, Values};
use crate::authority::Command as May;
use crate::org::OrgKind;

const KINDS: &[Word] = &[
    word("hazard", "事故隐患", "Hazard"),
    word("risk", "风险变化", "Risk"),
    word("violation", "三违行为", "Violation"),
    word("suggestion", "合理化建议", "Suggestion"),
];

const INSIDE: &[(Party, May)] = &[(Party::Owner, May::HandleInternal)];

/// It belongs to an enterprise.
pub const NOT_ENTERPRISE: Refusal =
    Refusal::new("not-enterprise", "仅适用于企业", "Only for enterprises");

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[NOT_ENTERPRISE, super::report::NOT_CONFIRMED];

/// What stays inside an enterprise has an enterprise.
pub(super) fn enterprise(it: &Loop, _: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    match context.tree.get(&it.org) {
        Some(org) if org.kind == OrgKind::Enterprise => Ok(()),
        _ => Err(NOT_ENTERPRISE.at("org")),
    }
}

fn opened(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    if !so(values) || values.text("register") != "yes" {
        return Vec::new();
    }
    let what = match values.text("lead_what") {
        "" => it.values.text("what"),
        what => what,
    };
    let mut open = Open::new("hazard", it.org.clone(), String::new())
        .with("what", what)
        .with("source", "employee");
    if it.values.has("spot") {
        open = open.with("spot", it.values.text("spot"));
    }
    vec![open.of(it, "verify")]
}

/// 内部报告.
pub const SPEC: Spec = Spec {
    code: "internal",
    zh: "内部报告",
    en: "Internal report",
    prefix: "NB",
    read: May::ReadInternal,
    void: May::HandleInternal,
    article: 8,
    by_hand: true,
    grades: KINDS,
    grade: Some(|it, _| {
        let kind = it.values.text("kind");
        (!kind.is_empty()).then(|| kind.to_owned())
    }),
    open: Move::new("open", "登记内部报告", "Register an internal report")
        .to("received")
        .by(INSIDE)
        .check(enterprise)
        .asks(&[
            long("what", "报告内容", "What is reported").must(),
            choice("kind", "报告类别", "Kind", KINDS).must(),
            text("spot", "具体部位", "Where exactly"),
            photos("photos", "照片", "Photos"),
            files("attachments", "其他附件", "Files"),
        ]),
    states: &[
        waits(
            "received",
            "待受理",
            "To be accepted",
            Party::Owner,
            May::HandleInternal,
        ),
        waits(
            "handling",
            "核查中",
            "Being verified",
            Party::Owner,
            May::HandleInternal,
        ),
        waits(
            "verified",
            "待反馈",
            "To be answered",
            Party::Owner,
            May::HandleInternal,
        ),
        waits(
            "rewarding",
            "待提出奖励",
            "Reward to be proposed",
            Party::Owner,
            May::HandleInternal,
        ),
        waits(
            "proposed",
            "待审批奖励",
            "Reward to be decided",
            Party::Owner,
            May::HandleInternal,
        ),
        waits(
            "paying",
            "待兑现奖励",
            "Reward to be paid",
            Party::Owner,
            May::HandleInternal,
        ),
        closed("closed", "已办结", "Closed"),
        ended("rejected", "不予受理", "Not accepted"),
        ended("merged", "已并案", "Merged"),
    ],
    moves: &[
        Move::new("take-up", "受理", "Accept")
            .from(&["received"])
            .to("handling")
            .by(INSIDE)
            .asks(&[
                text("responsible", "核查岗位", "Post that looks into it"),
                note(),
            ]),
        Move::new("reject", "不予受理", "Do not accept")
            .from(&["received"])
            .to("rejected")
            .by(INSIDE)
            .aside()
            .grave()
            .asks(&[reason()]),
        Move::new("merge", "并案", "Merge")
            .from(&["received", "handling"])
            .to("merged")
            .by(INSIDE)
            .aside()
            .check(into_another)
            .asks(&[
                Field::new(
                    "into",
                    "并入的报告",
                    "Into which report",
                    Kind::Loop(&["internal"]),
                )
                .must(),
                note(),
            ]),
        Move::new("verify", "核查结论", "Verify")
            .from(&["handling"])
            .to("verified")
            .by(INSIDE)
            .apart(&["open"])
            .follows(opened)
            .asks(&[
                choice("finding", "核查结论", "Result", FINDINGS).must(),
                long("facts", "核查情况", "What was found").must(),
                photos("verify_photos", "核查照片", "Photos"),
                choice("register", "登记为隐患", "Register as a hazard", YES_NO)
                    .when("finding", &["confirmed", "partly"]),
                long("lead_what", "隐患描述", "Words of the hazard")
                    .may_when("register", &["yes"])
                    .hint(
                        "不得透露报告人；不填则用报告内容",
                        "Nothing of who reported. Empty: the report's words",
                    ),
            ]),
        Move::new("answer", "反馈报告人", "Answer")
            .from(&["verified"])
            .to_one(&["closed", "rewarding"], |_, values| {
                if values.text("reward") == "yes" {
                    "rewarding"
                } else {
                    "closed"
                }
            })
            .by(INSIDE)
            .check(|it, values, _| {
                if values.text("reward") == "yes" && !so(&it.values) {
                    return Err(super::report::NOT_CONFIRMED.at("reward"));
                }
                Ok(())
            })
            .asks(&[
                long("answer", "反馈内容", "Answer").must(),
                choice("reward", "是否奖励", "Rewarded", YES_NO).must(),
            ]),
        Move::new("propose-reward", "提出奖励", "Propose a reward")
            .from(&["rewarding"])
            .to("proposed")
            .by(INSIDE)
            .asks(&[
                yuan("reward_yuan", "奖励金额", "Reward").must(),
                text(
                    "reward_rule",
                    "奖励依据（企业制度条款）",
                    "By which rule of the enterprise",
                )
                .must(),
                text("reward_other", "其他奖励", "Other reward"),
            ]),
        Move::new("decide-reward", "审批奖励", "Decide the reward")
            .from(&["proposed"])
            .to_one(&["paying", "rewarding"], |_, values| {
                if values.text("decision") == "approve" {
                    "paying"
                } else {
                    "rewarding"
                }
            })
            .by(INSIDE)
            .apart(&["propose-reward"])
            .asks(&[
                choice("decision", "审批意见", "Decision", DECISION).must(),
                text("budget", "列支科目", "Budget item").when("decision", &["approve"]),
                note(),
            ]),
        Move::new("pay", "兑现奖励", "Pay")
            .from(&["paying"])
            .to("closed")
            .by(INSIDE)
            .settle(|it, values, _| {
                let yuan = it.values.number("reward_yuan").unwrap_or_default();
                values.insert("paid_yuan".into(), Value::Number(yuan));
            })
            .asks(&[
                date("paid_on", "兑现日期", "Paid on").must(),
                text("voucher", "支付凭证号", "Voucher"),
            ]),
        Move::new("forfeit", "放弃奖励", "Not claimed")
            .from(&["rewarding", "paying"])
            .to("closed")
            .by(INSIDE)
            .aside()
            .grave()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new("take-up", "受理", "Accept", Party::Owner)
            .starts(&["open"])
            .meets(&["take-up"]),
        Clock::new("verify", "核查", "Verify", Party::Owner)
            .starts(&["take-up"])
            .meets(&["verify"]),
        Clock::new("answer", "反馈报告人", "Answer", Party::Owner)
            .starts(&["verify"])
            .meets(&["answer"]),
        Clock::new("pay", "兑现奖励", "Pay", Party::Owner)
            .starts(&["answer"])
            .only(|it| it.state == "rewarding")
            .meets(&["pay"]),
    ],
};
