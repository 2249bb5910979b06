//! Problems (突出问题、跨部门难题): what one unit cannot solve alone goes to the district, is studied, gets a lead unit
//! and a deadline, and is checked by the office.
//!
//! Source: 2025 notice, article 十一 (1 to 2 problems that hold safety back solved each year; what crosses departments or
//! towns is taken to the district).

use super::extend;
use super::field::Value;
use super::hazard::{NO_REQUEST, NOT_LATER, REQUESTED, TOO_LATE};
use super::spec::{
    Clock, Due, Field, Kind, Move, Party, Spec, Word, choice, closed, date, ended, files, flag,
    long, note, photos, reason, text, waits, word,
};
use super::{Read, Refusal};
use crate::authority::Command as May;

const KINDS: &[Word] = &[
    word(
        "outstanding",
        "制约安全发展的突出问题",
        "Outstanding problem",
    ),
    word(
        "cross-unit",
        "跨部门、跨镇（街道）难题",
        "Crosses departments or towns",
    ),
];

const OFFICE: &[(Party, May)] = &[(Party::Handler, May::Coordinate)];
const LEAD: &[(Party, May)] = &[(Party::Lead, May::Rectify)];

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[TOO_LATE, NO_REQUEST, REQUESTED, NOT_LATER];

/// 突出问题.
pub const SPEC: Spec = Spec {
    code: "problem",
    zh: "突出问题",
    en: "Problem",
    prefix: "WT",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 11,
    by_hand: true,
    grades: &[],
    grade: None,
    open: Move::new("open", "提请区级研究", "Take a problem to the district")
        .to("raised")
        .by(&[(Party::Owner, May::Supervise), (Party::Owner, May::Rectify)])
        // Whoever regulates the enterprise may not settle what he could not: it goes to the office.
        .settle(|_, values, context| {
            if !values.has("office") {
                values.insert("office".into(), Value::Text(context.book.office.clone()));
            }
        })
        .asks(&[
            long("what", "问题描述", "What the problem is").must(),
            long(
                "difficulty",
                "难点和需协调事项",
                "Why it cannot be solved alone",
            )
            .must(),
            choice("kind", "问题类别", "Kind", KINDS),
            text("concerned", "涉及单位", "Units concerned"),
            Field::new(
                "office",
                "受理单位",
                "Goes to",
                Kind::Org(Some(Party::Handler)),
            )
            .hint("不填为区安委办", "Empty: the safety committee's office"),
            files("attachments", "附件", "Files"),
        ]),
    states: &[
        waits(
            "raised",
            "待受理",
            "To be accepted",
            Party::Handler,
            May::Coordinate,
        ),
        waits(
            "accepted",
            "待研究",
            "To be studied",
            Party::Handler,
            May::Coordinate,
        ),
        waits(
            "studied",
            "待明确牵头单位",
            "To be given a lead unit",
            Party::Handler,
            May::Coordinate,
        ),
        waits(
            "leading",
            "办理中",
            "Being solved",
            Party::Lead,
            May::Rectify,
        ),
        waits(
            "solved",
            "待验收",
            "To be checked",
            Party::Handler,
            May::Coordinate,
        ),
        closed("closed", "已解决", "Solved"),
        ended("declined", "不予受理", "Not accepted"),
    ],
    moves: &[
        Move::new("take-up", "受理", "Accept")
            .from(&["raised"])
            .to("accepted")
            .by(OFFICE)
            .asks(&[
                choice("kind", "问题类别", "Kind", KINDS).must(),
                flag("yearly", "列入年度突出问题清单", "On the list of the year").hint(
                    "每年至少解决1—2项",
                    "At least one or two are solved each year",
                ),
                note(),
            ]),
        Move::new("decline", "不予受理", "Do not accept")
            .from(&["raised"])
            .to("declined")
            .by(OFFICE)
            .apart(&["open"])
            .aside()
            .grave()
            .asks(&[reason()]),
        Move::new("study", "专题研究", "Study")
            .from(&["accepted"])
            .to("studied")
            .by(OFFICE)
            .asks(&[
                date("studied_on", "研究日期", "Day").must(),
                text("meeting", "会议名称", "Which meeting").must(),
                long("minutes", "议定事项", "What was decided").must(),
                files("minutes_files", "会议纪要", "Minutes"),
            ]),
        Move::new("name-lead", "明确牵头单位", "Name the lead unit")
            .from(&["studied"])
            .to("leading")
            .by(OFFICE)
            .asks(&[
                Field::new(
                    "lead",
                    "牵头单位",
                    "Lead unit",
                    Kind::Org(Some(Party::Lead)),
                )
                .must(),
                text("support", "配合单位", "Supporting units"),
                date("deadline", "解决时限", "Deadline").must(),
                long("demands", "工作要求", "Demands"),
            ]),
        Move::new("change-lead", "变更牵头单位", "Change the lead unit")
            .from(&["leading"])
            .by(OFFICE)
            .aside()
            .asks(&[
                Field::new(
                    "lead",
                    "牵头单位",
                    "Lead unit",
                    Kind::Org(Some(Party::Lead)),
                )
                .must(),
                reason(),
            ]),
        Move::new("progress", "报告进展", "Report progress")
            .from(&["leading"])
            .by(LEAD)
            .asks(&[
                long("progress", "进展情况", "How far it is").must(),
                photos("progress_photos", "照片", "Photos"),
            ]),
        extend::ASK.from(&["leading"]).by(LEAD),
        extend::DECIDE.from(&["leading"]).by(OFFICE),
        Move::new("solve", "报告解决", "Report it solved")
            .from(&["leading"])
            .to("solved")
            .by(LEAD)
            .asks(&[
                long("result", "解决情况", "How it was solved").must(),
                files("proof", "证明材料", "Evidence").must(),
            ]),
        Move::new("check", "验收销号", "Check")
            .from(&["solved"])
            .to_one(&["closed", "leading"], |_, values| {
                if values.text("check") == "pass" {
                    "closed"
                } else {
                    "leading"
                }
            })
            .by(OFFICE)
            .apart(&["solve"])
            .asks(&[
                choice("check", "验收结论", "Result", extend::RESULT).must(),
                long("check_note", "验收意见", "Opinion").must(),
                date("deadline", "重新解决时限", "New deadline").when("check", &["fail"]),
            ]),
    ],
    clocks: &[
        Clock::new("take-up", "受理", "Accept", Party::Handler)
            .starts(&["open"])
            .meets(&["take-up"]),
        Clock::new("study", "专题研究", "Study", Party::Handler)
            .starts(&["take-up"])
            .meets(&["study"]),
        Clock::new(
            "name-lead",
            "明确牵头单位",
            "Name the lead unit",
            Party::Handler,
        )
        .starts(&["study"])
        .meets(&["name-lead"]),
        Clock::new("rectify", "解决问题", "Solve it", Party::Lead)
            .starts(&["name-lead", "decide-extension", "check"])
            .only(|it| it.state == "leading")
            .due(Due::Field("deadline"))
            .meets(&["solve"])
            .ladder(),
        extend::CLOCK.stops(&["solve"]),
        Clock::new("check", "验收", "Check", Party::Handler)
            .starts(&["solve"])
            .meets(&["check"]),
    ],
};
