//! Referrals (移送): a case goes to the police, the procuratorate or the discipline inspection, with its materials;
//! approved by somebody else, received against a receipt, taken on or not, followed to its result.
//!
//! Sources: 行政执法机关移送涉嫌犯罪案件的规定 (国务院令第310号, 2020 revision); 安全生产行政执法与刑事司法衔接工作办法
//! (应急〔2019〕54号); 2025 notice, articles 十 and 十二.

use super::spec::{
    Clock, Move, Party, Spec, Word, choice, closed, date, ended, files, long, note, reason, text,
    waits, word,
};
use super::{Read, Refusal};
use crate::authority::Command as May;

const KINDS: &[Word] = &[
    word("criminal", "移送司法机关", "Criminal justice"),
    word("discipline", "移送纪检监察机关", "Discipline inspection"),
    word("department", "移送有关主管部门", "Another authority"),
];
const APPROVAL: &[Word] = &[
    word("approve", "批准移送", "Approve"),
    word("refuse", "不予移送", "Do not refer"),
];
const ANSWER: &[Word] = &[
    word("accepted", "受理（立案）", "Taken on"),
    word("declined", "不予受理（立案）", "Not taken on"),
];

const OVER: &[(Party, May)] = &[(Party::Handler, May::Escalate)];

/// What a loop of this kind may refuse, besides the general: nothing.
pub const REFUSALS: &[Refusal] = &[];

/// 案件移送.
pub const SPEC: Spec = Spec {
    code: "referral",
    zh: "案件移送",
    en: "Referral",
    prefix: "YS",
    // Whoever is referred does not read along: what enterprises hold over themselves does not open this.
    read: May::ReadReports,
    void: May::VoidLoop,
    article: 10,
    by_hand: true,
    grades: KINDS,
    grade: Some(|it, _| {
        let kind = it.values.text("kind");
        (!kind.is_empty()).then(|| kind.to_owned())
    }),
    open: Move::new("open", "提请移送", "Propose a referral")
        .to("draft")
        .by(&[(Party::Owner, May::Escalate)])
        .asks(&[
            long("what", "案由和主要事实", "Case and facts").must(),
            text("receiver", "受移送机关", "To whom").must(),
            choice("kind", "移送类型", "Kind", KINDS),
            long("basis", "移送依据", "Basis"),
            files("attachments", "调查报告及证据", "Report and evidence"),
        ]),
    states: &[
        waits(
            "draft",
            "待审批",
            "To be approved",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "approved",
            "待移送",
            "To be sent",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "sent",
            "待签收",
            "Receipt awaited",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "received",
            "待审查答复",
            "Answer awaited",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "accepted",
            "已受理待结果",
            "Result awaited",
            Party::Handler,
            May::Escalate,
        ),
        closed("closed", "已办结", "Closed"),
        ended("declined", "未受理", "Not taken on"),
        ended("dropped", "不予移送", "Not referred"),
    ],
    moves: &[
        Move::new("approve", "审批移送", "Decide on the referral")
            .from(&["draft"])
            .to_one(&["approved", "dropped"], |_, values| {
                if values.text("approval") == "approve" {
                    "approved"
                } else {
                    "dropped"
                }
            })
            .by(OVER)
            .apart(&["open"])
            .asks(&[
                choice("approval", "审批意见", "Decision", APPROVAL).must(),
                choice("kind", "移送类型", "Kind", KINDS).when("approval", &["approve"]),
                long("refusal_reason", "不予移送的理由", "Why not").when("approval", &["refuse"]),
                note(),
            ]),
        Move::new("send", "移送材料", "Send")
            .from(&["approved"])
            .to("sent")
            .by(OVER)
            .paper("referral-letter")
            .asks(&[
                text("letter", "移送书文号", "Number of the letter"),
                long("materials", "移送材料清单", "Materials").must(),
                files("material_files", "材料扫描件", "Files"),
            ]),
        Move::new("receive", "登记回执", "Register the receipt")
            .from(&["sent"])
            .to("received")
            .by(OVER)
            .asks(&[
                date("received_on", "签收日期", "Received on").must(),
                text("received_by", "签收人（职务）", "Received by, by post"),
                files("receipt", "送达回执", "Receipt").must(),
            ]),
        Move::new("answer", "登记审查答复", "Register the answer")
            .from(&["received"])
            .to_one(&["accepted", "declined"], |_, values| {
                if values.text("answer") == "accepted" {
                    "accepted"
                } else {
                    "declined"
                }
            })
            .by(OVER)
            .asks(&[
                choice("answer", "审查结论", "Answer", ANSWER).must(),
                long("answer_reason", "理由", "Why").when("answer", &["declined"]),
                text("answer_number", "文书文号", "Document no."),
                files("answer_files", "答复文书", "Files"),
            ]),
        Move::new(
            "reconsider",
            "提请复议或立案监督",
            "Ask for reconsideration",
        )
        .from(&["declined"])
        .to("received")
        .by(OVER)
        .aside()
        .asks(&[reason(), files("reconsider_files", "材料", "Files")]),
        Move::new("result", "登记处理结果", "Register the result")
            .from(&["accepted"])
            .to("closed")
            .by(OVER)
            .asks(&[
                long("result", "处理结果", "Result").must(),
                files("result_files", "裁判或处理文书", "Files"),
            ]),
    ],
    clocks: &[
        Clock::new(
            "approve",
            "审批移送",
            "Decide on the referral",
            Party::Handler,
        )
        .starts(&["open"])
        .meets(&["approve"]),
        Clock::new("send", "移送材料", "Send", Party::Handler)
            .starts(&["approve"])
            .only(|it| it.state == "approved")
            .meets(&["send"]),
        Clock::new("receive", "取得回执", "Get the receipt", Party::Handler)
            .starts(&["send"])
            .meets(&["receive"]),
        Clock::new(
            "answer",
            "跟踪审查答复",
            "Follow up the answer",
            Party::Handler,
        )
        .starts(&["receive", "reconsider"])
        .meets(&["answer"]),
        Clock::new(
            "result",
            "跟踪处理结果",
            "Follow up the result",
            Party::Handler,
        )
        .starts(&["answer"])
        .only(|it| it.state == "accepted")
        .meets(&["result"]),
    ],
};
