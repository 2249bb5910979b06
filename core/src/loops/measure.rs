//! Measures (整改措施): a task for one unit against a deadline, out of an investigation, a patrol, a meeting; done with
//! evidence, checked by somebody else.

use super::extend;
use super::hazard::{NO_REQUEST, NOT_LATER, REQUESTED, TOO_LATE};
use super::spec::{
    Clock, Due, Move, Party, Spec, Word, choice, closed, count, date, ended, files, long, note,
    photos, reason, text, waits, word,
};
use super::{Link, Loop, Open, Read, Refusal};
use crate::authority::Command as May;
use crate::id::OrgId;

/// What a measure comes from.
const SOURCES: &[Word] = &[
    word("investigation", "事故调查", "Accident investigation"),
    word("patrol", "督导巡查", "Patrol"),
    word("warning", "警示教育", "Warning education"),
    word("meeting", "会议议定", "Meeting"),
    word("inspection", "监督检查", "Inspection"),
    word("problem", "突出问题", "Problem"),
    word("other", "其他", "Other"),
];

const OVER: &[(Party, May)] = &[(Party::Handler, May::Supervise)];
const OWN: &[(Party, May)] = &[(Party::Owner, May::Rectify)];

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[TOO_LATE, NO_REQUEST, REQUESTED, NOT_LATER];

/// A measure that another loop demands of a unit: handled by whoever handles that loop. `deadline` is a day; `source`
/// is one of this kind's sources; `why` is the move that demands it. The place is the unit's own.
pub fn task(from: &Loop, unit: OrgId, what: &str, deadline: &str, source: &str, why: &str) -> Open {
    let mut open = Open::new("measure", unit, String::new())
        .with("what", what)
        .with("deadline", deadline)
        .with("source", source)
        .party(Party::Handler, from.party(Party::Handler));
    open.from = Some(Link {
        id: from.id.clone(),
        how: "from".into(),
        why: why.into(),
    });
    open
}

/// 整改措施.
pub const SPEC: Spec = Spec {
    code: "measure",
    zh: "整改措施",
    en: "Measure",
    prefix: "CS",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 10,
    by_hand: true,
    grades: &[],
    grade: None,
    open: Move::new("open", "下达整改措施", "Assign a measure")
        .to("assigned")
        .by(&[(Party::Owner, May::Supervise)])
        .asks(&[
            long("what", "措施内容", "What is to be done").must(),
            date("deadline", "完成时限", "Deadline").must(),
            choice("source", "来源", "Comes from", SOURCES),
            long("basis", "依据", "Basis"),
            text("responsible", "责任人（岗位）", "Responsible post"),
            files("attachments", "附件", "Files"),
        ]),
    states: &[
        waits(
            "assigned",
            "待落实",
            "To be done",
            Party::Owner,
            May::Rectify,
        ),
        waits(
            "done",
            "待验收",
            "To be checked",
            Party::Handler,
            May::Supervise,
        ),
        closed("closed", "已完成", "Done"),
        ended("cancelled", "已取消", "Cancelled"),
    ],
    moves: &[
        Move::new("progress", "报告进展", "Report progress")
            .from(&["assigned"])
            .by(OWN)
            .asks(&[
                long("progress", "进展情况", "How far it is").must(),
                photos("progress_photos", "照片", "Photos"),
            ]),
        extend::ASK.from(&["assigned"]).by(OWN),
        extend::DECIDE.from(&["assigned"]).by(OVER),
        Move::new("done", "报告完成", "Report it done")
            .from(&["assigned"])
            .to("done")
            .by(OWN)
            .asks(&[
                long("result", "完成情况", "What was done").must(),
                count("people", "参加（观看）人数", "People who took part", "人"),
                files("proof", "证明材料", "Evidence").must(),
            ]),
        Move::new("check", "验收", "Check")
            .from(&["done"])
            .to_one(&["closed", "assigned"], |_, values| {
                if values.text("check") == "pass" {
                    "closed"
                } else {
                    "assigned"
                }
            })
            .by(OVER)
            .apart(&["done"])
            .asks(&[
                choice("check", "验收结论", "Result", extend::RESULT).must(),
                long("check_note", "验收意见", "Opinion").must(),
                photos("check_photos", "照片", "Photos"),
                date("deadline", "重新完成时限", "New deadline").when("check", &["fail"]),
            ]),
        Move::new("withdraw", "撤回报告", "Withdraw the report")
            .from(&["done"])
            .to("assigned")
            .by(OWN)
            .aside()
            .asks(&[reason()]),
        Move::new("cancel", "取消措施", "Cancel the measure")
            .from(&["assigned"])
            .to("cancelled")
            .by(OVER)
            .aside()
            .grave()
            .asks(&[reason(), note()]),
    ],
    clocks: &[
        Clock::new("rectify", "完成措施", "Do it", Party::Owner)
            .starts(&["open", "decide-extension", "check"])
            .only(|it| it.state == "assigned")
            .due(Due::Field("deadline"))
            .meets(&["done"])
            .ladder(),
        extend::CLOCK.stops(&["done"]),
        Clock::new("check", "验收", "Check", Party::Handler)
            .starts(&["done"])
            .meets(&["check"])
            .stops(&["withdraw"]),
    ],
};
