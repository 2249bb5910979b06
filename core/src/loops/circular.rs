//! Circulars (通报): a unit is named to all; it answers what it has put right by a deadline; the answer is accepted or
//! sent back. Source: 2025 notice, articles 五 and 十.

use super::extend;
use super::spec::{
    Clock, Due, Move, Party, Spec, choice, closed, date, ended, files, long, note, reason, text,
    waits,
};
use super::{Read, Refusal};
use crate::authority::Command as May;

const OVER: &[(Party, May)] = &[(Party::Handler, May::Escalate)];
const OWN: &[(Party, May)] = &[(Party::Owner, May::Rectify)];

/// What a loop of this kind may refuse, besides the general: nothing.
pub const REFUSALS: &[Refusal] = &[];

/// 通报.
pub const SPEC: Spec = Spec {
    code: "circular",
    zh: "通报",
    en: "Circular",
    prefix: "TB",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 10,
    by_hand: true,
    grades: &[],
    grade: None,
    open: Move::new("open", "拟发通报", "Draft a circular")
        .to("draft")
        .by(&[(Party::Owner, May::Escalate)])
        .asks(&[
            long("what", "通报事由", "What it is about").must(),
            long("facts", "主要事实", "Facts"),
            date("deadline", "答复期限", "Answer by"),
            files("attachments", "附件", "Files"),
        ]),
    states: &[
        waits(
            "draft",
            "待印发",
            "To be issued",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "issued",
            "待整改答复",
            "To be answered",
            Party::Owner,
            May::Rectify,
        ),
        waits(
            "answered",
            "待审核答复",
            "Answer to be reviewed",
            Party::Handler,
            May::Escalate,
        ),
        closed("closed", "已办结", "Closed"),
        ended("dropped", "不予通报", "Not issued"),
    ],
    moves: &[
        Move::new("issue", "印发通报", "Issue")
            .from(&["draft"])
            .to("issued")
            .by(OVER)
            .paper("circular")
            .check(|it, values, _| extend::deadline_given(it, values))
            .settle(|it, values, _| extend::keep_deadline(it, values))
            .asks(&[
                long("facts", "主要事实", "Facts").must(),
                long("demands", "整改要求", "Demands").must(),
                text("scope", "印发范围", "Sent to").must(),
                date("deadline", "答复期限", "Answer by")
                    .hint("不填则沿用拟稿时的期限", "Empty: as drafted"),
            ]),
        Move::new("answer", "整改答复", "Answer")
            .from(&["issued"])
            .to("answered")
            .by(OWN)
            .asks(&[
                long("answer", "整改情况", "What was put right").must(),
                files("proof", "证明材料", "Evidence"),
            ]),
        Move::new("review", "审核答复", "Review the answer")
            .from(&["answered"])
            .to_one(&["closed", "issued"], |_, values| {
                if values.text("review") == "pass" {
                    "closed"
                } else {
                    "issued"
                }
            })
            .by(OVER)
            .apart(&["answer"])
            .asks(&[
                choice("review", "审核结论", "Result", extend::RESULT).must(),
                long("review_note", "审核意见", "Opinion").must(),
                date("deadline", "重新答复期限", "New deadline").when("review", &["fail"]),
            ]),
        Move::new("drop", "不予通报", "Do not issue")
            .from(&["draft"])
            .to("dropped")
            .by(OVER)
            .aside()
            .grave()
            .asks(&[reason(), note()]),
    ],
    clocks: &[
        Clock::new("issue", "印发通报", "Issue", Party::Handler)
            .starts(&["open"])
            .meets(&["issue"]),
        Clock::new("answer", "整改答复", "Answer", Party::Owner)
            .starts(&["issue", "review"])
            .only(|it| it.state == "issued")
            .due(Due::Field("deadline"))
            .meets(&["answer"])
            .ladder(),
        Clock::new("review", "审核答复", "Review the answer", Party::Handler)
            .starts(&["answer"])
            .meets(&["review"]),
    ],
};
