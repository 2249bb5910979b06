//! Pledges (承诺书): signed for a time, renewed, ended; a breach is noted with what followed. Staff are told by post and
//! number, never by name: what was done by whom stands in the violation, inside the enterprise.
//!
//! Source: 2025 notice, articles 八 (主要负责人履职尽责承诺) and 九 (员工安全生产承诺).

use super::field::Value;
use super::spec::{
    Clock, Due, Move, Party, Spec, Word, choice, closed, count, date, files, long, note, reason,
    text, waits, word,
};
use super::{Loop, Read, Refusal};
use crate::authority::Command as May;

const WHO: &[Word] = &[
    word("principal", "主要负责人", "Principal"),
    word("safety", "安全管理人员", "Safety managers"),
    word("staff", "从业人员", "Staff"),
];

const OWN: &[(Party, May)] = &[(Party::Owner, May::Rectify)];

/// What a loop of this kind may refuse, besides the general: nothing.
pub const REFUSALS: &[Refusal] = &[];

fn of_principal(it: &Loop) -> bool {
    it.values.text("who") == "principal"
}

/// 承诺书.
pub const SPEC: Spec = Spec {
    code: "pledge",
    zh: "安全生产承诺",
    en: "Pledge",
    prefix: "CN",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 9,
    by_hand: true,
    grades: WHO,
    grade: Some(|it, _| {
        let who = it.values.text("who");
        (!who.is_empty()).then(|| who.to_owned())
    }),
    open: Move::new("open", "登记承诺书", "Register a pledge")
        .to("in-force")
        .by(OWN)
        .asks(&[
            choice("who", "承诺人", "Who pledges", WHO).must(),
            long("what", "承诺内容", "What is pledged").must(),
            text("post", "岗位（职务）", "Post").must(),
            count("people", "签订人数", "People who signed", "人").must(),
            date("signed_on", "签订日期", "Signed on").must(),
            date("valid_until", "有效期至", "Valid until").must(),
            files("scan", "承诺书扫描件", "Scan"),
            text("posted", "公示位置", "Where it is posted"),
        ]),
    states: &[
        waits("in-force", "有效", "In force", Party::Owner, May::Rectify),
        closed("ended", "已终止", "Ended"),
    ],
    moves: &[
        Move::new("breach", "登记违诺", "Note a breach")
            .from(&["in-force"])
            .by(&[
                (Party::Owner, May::Rectify),
                (Party::Handler, May::Supervise),
            ])
            .settle(|it, values, _| {
                let before = it.values.number("breaches").unwrap_or_default();
                values.insert("breaches".into(), Value::Number(before + 1.0));
            })
            .asks(&[
                long("breach", "违反的承诺事项", "What was broken").must(),
                long("consequence", "处理情况", "What followed").must(),
                files("breach_files", "证明材料", "Files"),
            ]),
        Move::new("renew", "续签", "Renew")
            .from(&["in-force"])
            .by(OWN)
            .asks(&[
                date("signed_on", "签订日期", "Signed on").must(),
                date("valid_until", "有效期至", "Valid until").must(),
                count("people", "签订人数", "People who signed", "人").must(),
                files("scan", "承诺书扫描件", "Scan"),
                note(),
            ]),
        Move::new("end", "终止", "End")
            .from(&["in-force"])
            .to("ended")
            .by(OWN)
            .aside()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new(
            "renew",
            "主要负责人承诺续签",
            "Principal renews",
            Party::Owner,
        )
        .starts(&["open", "renew"])
        .only(of_principal)
        .due(Due::Field("valid_until"))
        .meets(&["renew"])
        .ladder(),
        Clock::new("renew-staff", "人员承诺续签", "Staff renew", Party::Owner)
            .starts(&["open", "renew"])
            .only(|it| !of_principal(it))
            .due(Due::Field("valid_until"))
            .meets(&["renew"]),
    ],
};
