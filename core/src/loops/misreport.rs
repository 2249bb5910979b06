//! Wrong reports (迟报、漏报、谎报、瞒报): suspected by the detector or by somebody, looked into, heard, and judged by another
//! person than whoever looked into it.
//!
//! Sources: 应急管理部令第14号《生产安全事故罚款处罚规定》第五条 (what each word means); 原国家安全监管总局令第21号 (5 days for a
//! first check, two months for the result of a tip-off); 2025 notice, article 十 (瞒报迟报自然灾害灾情信息).

use super::detect::Wrong;
use super::field::Read;
use super::spec::{
    Clock, Field, Kind, Move, Party, Spec, Word, choice, closed, ended, files, flag, instant, long,
    note, reason, text, waits, word, yuan,
};
use super::{Context, Loop, Open, Refusal};
use crate::authority::Command as May;

/// What is wrong, gravest first. The codes are those of [`Wrong`].
pub const WRONGS: &[Word] = &[
    word("concealed", "瞒报", "Concealed"),
    word("false", "谎报", "False"),
    word("omitted", "漏报", "Omitted"),
    word("late", "迟报", "Late"),
];
const FOUND: &[Word] = &[
    word("established", "认定成立", "Established"),
    word("not-established", "认定不成立", "Not established"),
];
const JUDGED: &[Word] = &[
    word("established", "认定成立", "Established"),
    word("not-established", "认定不成立", "Not established"),
    word("back", "退回补充核查", "Look again"),
];
const WHOM: &[Word] = &[
    word("unit", "单位", "Unit"),
    word("person", "个人", "Person"),
];

const PROBE: &[(Party, May)] = &[(Party::Handler, May::Investigate)];

/// The unit is heard first.
pub const NOT_HEARD: Refusal = Refusal::new(
    "not-heard",
    "拟认定成立的，应先听取单位说明（或记明其放弃说明）",
    "The unit is heard first, or it is written down that it declined",
);
/// Nothing came of it.
pub const NO_CONSEQUENCE: Refusal = Refusal::new(
    "no-consequence",
    "认定成立的，须先记录处理结果或办理移送",
    "What was established needs a consequence or a referral first",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[NOT_HEARD, NO_CONSEQUENCE];

fn referred(it: &Loop, values: &super::Values, _: &Context<'_>) -> Vec<Open> {
    let open = Open::new("referral", it.org.clone(), format!("{}案件移送", it.title))
        .with("what", values.text("reason"))
        .with("receiver", values.text("receiver"))
        .party(Party::Handler, it.party(Party::Handler))
        .of(it, "refer");
    vec![open]
}

/// 迟报漏报谎报瞒报核查.
pub const SPEC: Spec = Spec {
    code: "misreport",
    zh: "迟报漏报谎报瞒报核查",
    en: "Wrong report",
    prefix: "HC",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 10,
    by_hand: true,
    grades: WRONGS,
    grade: Some(|it, _| {
        let wrong = it.values.text("wrong");
        (!wrong.is_empty()).then(|| wrong.to_owned())
    }),
    open: Move::new("open", "登记核查线索", "Register a suspicion")
        .to("suspected")
        .by(&[(Party::Owner, May::Investigate)])
        .asks(&[
            choice("wrong", "涉嫌情形", "What is suspected", WRONGS).must(),
            long("what", "线索情况", "What is suspected and why").must(),
            Field::new(
                "accident",
                "所涉事故",
                "Accident",
                Kind::Loop(&["accident"]),
            ),
            Field::new(
                "evidence",
                "台账已知情况",
                "What was known",
                Kind::Rows(&[
                    text("source", "来源", "Source").must(),
                    instant("at", "时间", "When").must(),
                    text("knew", "内容", "What").must(),
                    Field::new("loop", "关联事项", "Loop", Kind::Loop(&[])),
                ]),
            ),
            files("attachments", "附件", "Files"),
            text("key", "比对编号", "Key of the comparison")
                .hint("由系统填写", "Filled in by the system"),
        ]),
    states: &[
        waits(
            "suspected",
            "待核查",
            "To be looked into",
            Party::Handler,
            May::Investigate,
        ),
        waits(
            "verifying",
            "核查中",
            "Being looked into",
            Party::Handler,
            May::Investigate,
        ),
        waits(
            "found",
            "待认定",
            "To be judged",
            Party::Handler,
            May::Investigate,
        ),
        waits(
            "established",
            "已认定，待处理",
            "Established",
            Party::Handler,
            May::Investigate,
        ),
        closed("closed", "已处理", "Dealt with"),
        ended("not-established", "认定不成立", "Not established"),
    ],
    moves: &[
        Move::new("verify", "开始核查", "Look into it")
            .from(&["suspected"])
            .to("verifying")
            .by(PROBE)
            .asks(&[text("verifier_post", "核查岗位", "Post"), note()]),
        Move::new("explain", "单位说明", "The unit's account")
            .from(&["suspected", "verifying"])
            .by(&[(Party::Owner, May::Rectify)])
            .asks(&[
                long("account", "情况说明", "Account").must(),
                files("account_files", "证明材料", "Proofs"),
            ]),
        Move::new("find", "提出核查意见", "Say what was found")
            .from(&["verifying"])
            .to("found")
            .by(PROBE)
            .check(|it, values, _| {
                let heard = it.did.contains_key("explain") || values.yes("declined");
                if values.text("finding") == "established" && !heard {
                    return Err(NOT_HEARD.at("declined"));
                }
                Ok(())
            })
            .asks(&[
                choice("finding", "核查意见", "Finding", FOUND).must(),
                choice("wrong", "认定情形", "What it is", WRONGS).must(),
                long("facts", "查明的事实", "Facts").must(),
                long("basis", "认定依据", "Basis").must(),
                flag("intended", "主观故意", "On purpose"),
                flag("declined", "单位放弃说明", "The unit declined to be heard"),
                files("finding_files", "证据材料", "Evidence").must(),
            ]),
        Move::new("judge", "认定", "Judge")
            .from(&["found"])
            .to_one(
                &["established", "not-established", "verifying"],
                |_, values| match values.text("judgement") {
                    "established" => "established",
                    "not-established" => "not-established",
                    _ => "verifying",
                },
            )
            .by(PROBE)
            .apart(&["find", "verify"])
            .grave()
            .asks(&[
                choice("judgement", "认定结论", "Judgement", JUDGED).must(),
                long("judgement_reason", "理由", "Why").must(),
            ]),
        Move::new("penalise", "记录处理结果", "Record what was decided")
            .from(&["established"])
            .by(PROBE)
            .asks(&[Field::new(
                "penalties",
                "处理决定",
                "Decisions",
                Kind::Rows(&[
                    choice("who", "处理对象", "Whom", WHOM).must(),
                    text("name", "单位名称或岗位", "Unit or post")
                        .must()
                        .personal(),
                    text("basis", "法律依据", "Basis").must(),
                    text("decision", "决定书文号或处理方式", "Decision").must(),
                    yuan("amount", "罚款金额", "Fine"),
                ]),
            )
            .must()]),
        Move::new("refer", "移送司法或纪检", "Refer")
            .from(&["established"])
            .by(&[(Party::Handler, May::Escalate)])
            .grave()
            .follows(referred)
            .paper("referral-letter")
            .asks(&[text("receiver", "受移送机关", "To whom").must(), reason()]),
        Move::new("close", "办结", "Close")
            .from(&["established"])
            .to("closed")
            .by(PROBE)
            .ready(|it| {
                let dealt = it.did.contains_key("penalise") || it.did.contains_key("refer");
                if dealt { Ok(()) } else { Err(NO_CONSEQUENCE) }
            })
            .asks(&[note()]),
        Move::new("assign", "转交核查", "Hand to another unit")
            .from(&["suspected", "verifying"])
            .by(PROBE)
            .aside()
            .asks(&[
                Field::new("to_unit", "接办单位", "To", Kind::Org(Some(Party::Handler))).must(),
                reason(),
            ]),
    ],
    clocks: &[
        Clock::new("verify", "初步核查", "First check", Party::Handler)
            .starts(&["open"])
            .meets(&["find"]),
        Clock::new("judge", "作出认定", "Judge", Party::Handler)
            .starts(&["open", "judge"])
            .only(|it| matches!(it.state.as_str(), "suspected" | "verifying"))
            .meets(&["judge"])
            .ladder(),
        Clock::new("deal", "作出处理", "Deal with it", Party::Handler)
            .starts(&["judge"])
            .only(|it| it.state == "established")
            .meets(&["penalise", "refer"])
            .ladder(),
    ],
};

/// The words of what is suspected.
pub fn word_of(wrong: Wrong) -> Option<&'static Word> {
    WRONGS.iter().find(|word| word.code == wrong.code())
}
