//! Interviews (警示约谈): a unit's principal is called in, told what is wrong, reports what was put right, and is checked.
//! Source: 2025 notice, articles 五 and 十 (the town where an accident of the same kind happens during a rectification).

use super::extend;
use super::spec::{
    Clock, Due, Move, Party, Spec, choice, closed, date, ended, files, instant, long, note, reason,
    text, waits,
};
use super::{Read, Refusal};
use crate::authority::Command as May;

const OVER: &[(Party, May)] = &[(Party::Handler, May::Escalate)];
const OWN: &[(Party, May)] = &[(Party::Owner, May::Rectify)];

/// What a loop of this kind may refuse, besides the general: nothing.
pub const REFUSALS: &[Refusal] = &[];

/// 警示约谈.
pub const SPEC: Spec = Spec {
    code: "interview",
    zh: "警示约谈",
    en: "Interview",
    prefix: "YT",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 10,
    by_hand: true,
    grades: &[],
    grade: None,
    open: Move::new("open", "拟定约谈", "Draft an interview")
        .to("draft")
        .by(&[(Party::Owner, May::Escalate)])
        .asks(&[
            long("what", "约谈事由", "Why").must(),
            long("basis", "约谈依据", "Basis"),
            date("deadline", "整改报告期限", "Report by"),
            files("attachments", "附件", "Files"),
        ]),
    states: &[
        waits(
            "draft",
            "待通知",
            "To be notified",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "notified",
            "待约谈",
            "To be held",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "held",
            "待报整改情况",
            "Report awaited",
            Party::Owner,
            May::Rectify,
        ),
        waits(
            "reported",
            "待核查",
            "To be checked",
            Party::Handler,
            May::Escalate,
        ),
        closed("closed", "已办结", "Closed"),
        ended("dropped", "不予约谈", "Not held"),
    ],
    moves: &[
        Move::new("notify", "发出约谈通知", "Notify")
            .from(&["draft"])
            .to("notified")
            .by(OVER)
            .paper("interview-notice")
            .asks(&[
                instant("at", "约谈时间", "When").must(),
                text("venue", "约谈地点", "Where").must(),
                text("called", "约谈对象（职务）", "Who is called in, by post").must(),
                text("host", "约谈人（职务）", "Who holds it, by post").must(),
                text("materials", "需携带材料", "What to bring"),
            ]),
        Move::new("postpone", "改期", "Put off")
            .from(&["notified"])
            .by(OVER)
            .aside()
            .paper("interview-notice")
            .asks(&[
                instant("at", "约谈时间", "When").must(),
                text("venue", "约谈地点", "Where").must(),
                reason(),
            ]),
        Move::new("hold", "记录约谈", "Record the interview")
            .from(&["notified"])
            .to("held")
            .by(OVER)
            .paper("interview-record")
            .check(|it, values, _| extend::deadline_given(it, values))
            .settle(|it, values, _| extend::keep_deadline(it, values))
            .asks(&[
                text("attended", "实际参加人员（职务）", "Who came, by post").must(),
                long("record", "约谈情况", "What was said").must(),
                long("demands", "整改要求", "Demands").must(),
                date("deadline", "整改报告期限", "Report by")
                    .hint("不填则沿用拟定时的期限", "Empty: as drafted"),
                files("minutes", "约谈笔录或纪要", "Minutes"),
            ]),
        Move::new("report", "报送整改报告", "Report what was put right")
            .from(&["held"])
            .to("reported")
            .by(OWN)
            .asks(&[
                long("report", "整改情况", "What was put right").must(),
                files("proof", "整改报告及证明材料", "Report and evidence").must(),
            ]),
        Move::new("check", "核查", "Check")
            .from(&["reported"])
            .to_one(&["closed", "held"], |_, values| {
                if values.text("check") == "pass" {
                    "closed"
                } else {
                    "held"
                }
            })
            .by(OVER)
            .apart(&["report"])
            .asks(&[
                choice("check", "核查结论", "Result", extend::RESULT).must(),
                long("check_note", "核查意见", "Opinion").must(),
                date("deadline", "重新报告期限", "New deadline").when("check", &["fail"]),
            ]),
        Move::new("drop", "不予约谈", "Do not hold it")
            .from(&["draft", "notified"])
            .to("dropped")
            .by(OVER)
            .aside()
            .grave()
            .asks(&[reason(), note()]),
    ],
    clocks: &[
        Clock::new("notify", "发出约谈通知", "Notify", Party::Handler)
            .starts(&["open"])
            .meets(&["notify"]),
        // An interview may be recorded after it was held: its hour is no deadline that must lie ahead.
        Clock::new("hold", "如期约谈", "Hold it", Party::Handler)
            .starts(&["notify", "postpone"])
            .due(Due::By(|it, _| it.values.moment("at")))
            .meets(&["hold"]),
        Clock::new("report", "报送整改报告", "Report", Party::Owner)
            .starts(&["hold", "check"])
            .only(|it| it.state == "held")
            .due(Due::Field("deadline"))
            .meets(&["report"])
            .ladder(),
        Clock::new("check", "核查", "Check", Party::Handler)
            .starts(&["report"])
            .meets(&["check"]),
    ],
};
