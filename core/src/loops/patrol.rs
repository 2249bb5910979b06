//! Patrols (督导巡查、专项巡查): a team goes through a unit's work, feeds back what is wrong, each problem becomes a
//! measure of the unit whose it is, and the whole is checked.
//!
//! Source: 2025 notice, articles 五 and 十 (the safety committee's special patrol of a town: one 重大 accident or worse, two
//! 较大 in three months, three in six).

use super::extend;
use super::field::Value;
use super::measure;
use super::spec::{
    Clock, Due, Field, Kind, Move, Party, Spec, Word, choice, closed, date, ended, files, long,
    note, photos, reason, text, waits, word,
};
use super::{Context, Loop, Open, Read, Refusal, Values};
use crate::authority::Command as May;
use crate::id::OrgId;

const KINDS: &[Word] = &[
    word("special", "专项巡查", "Special patrol"),
    word("routine", "督导巡查", "Routine patrol"),
];

const OVER: &[(Party, May)] = &[(Party::Handler, May::Escalate)];
const OWN: &[(Party, May)] = &[(Party::Owner, May::Rectify)];

/// A patrol does not end before it begins.
pub const ENDS_FIRST: Refusal = Refusal::new(
    "ends-first",
    "结束日期不能早于开始日期",
    "It cannot end before it begins",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[ENDS_FIRST];

fn feedback(_: &Loop, values: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    let problems = values.rows("problems");
    if !problems.is_empty() && !values.has("deadline") {
        return Err(Refusal::MISSING.at("deadline"));
    }
    let past = |row: &Values| row.moment("deadline").is_some_and(|at| at < context.now);
    if problems.iter().any(past) {
        return Err(Refusal::PAST.at("deadline").within("problems"));
    }
    Ok(())
}

fn measures(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    values
        .rows("problems")
        .iter()
        .filter_map(|row| {
            let unit = OrgId::try_from(row.text("unit")).ok()?;
            let (what, deadline) = (row.text("what"), row.text("deadline"));
            let open = measure::task(it, unit, what, deadline, "patrol", "feedback");
            Some(match row.text("basis") {
                "" => open,
                basis => open.with("basis", basis),
            })
        })
        .collect()
}

/// 督导巡查.
pub const SPEC: Spec = Spec {
    code: "patrol",
    zh: "督导巡查",
    en: "Patrol",
    prefix: "XC",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 10,
    by_hand: true,
    grades: KINDS,
    grade: Some(|it, _| {
        let kind = it.values.text("kind");
        (!kind.is_empty()).then(|| kind.to_owned())
    }),
    open: Move::new("open", "拟定巡查", "Plan a patrol")
        .to("planned")
        .by(&[(Party::Owner, May::Escalate)])
        // A trigger of the notice demands the special one.
        .settle(|_, values, context| {
            if !values.has("kind") {
                let kind = if context.actor.is_none() {
                    "special"
                } else {
                    "routine"
                };
                values.insert("kind".into(), Value::Text(kind.into()));
            }
        })
        .asks(&[
            long("what", "巡查事由", "Why").must(),
            choice("kind", "巡查类型", "Kind", KINDS),
            long("basis", "巡查依据", "Basis"),
            long("scope", "巡查内容", "What is looked at"),
            files("attachments", "附件", "Files"),
        ]),
    states: &[
        waits(
            "planned",
            "待通知",
            "To be notified",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "notified",
            "待进驻",
            "To begin",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "on-site",
            "巡查中",
            "On site",
            Party::Handler,
            May::Escalate,
        ),
        waits(
            "rectifying",
            "反馈整改中",
            "Being rectified",
            Party::Owner,
            May::Rectify,
        ),
        waits(
            "reported",
            "待验收",
            "To be checked",
            Party::Handler,
            May::Escalate,
        ),
        closed("closed", "已办结", "Closed"),
        ended("dropped", "已取消", "Cancelled"),
    ],
    moves: &[
        Move::new("notify", "发出巡查通知", "Notify")
            .from(&["planned"])
            .to("notified")
            .by(OVER)
            .paper("patrol-notice")
            .check(
                |_, values, _| match (values.moment("from"), values.moment("until")) {
                    (Some(from), Some(until)) if until < from => Err(ENDS_FIRST.at("until")),
                    _ => Ok(()),
                },
            )
            .asks(&[
                date("from", "开始日期", "From").must(),
                date("until", "结束日期", "Until").must(),
                long("scope", "巡查内容", "What is looked at").must(),
                text("leader", "组长（职务）", "Head of the team, by post").must(),
                Field::new(
                    "team",
                    "巡查组成员",
                    "Team",
                    Kind::Rows(&[
                        text("name", "姓名", "Name").must().personal(),
                        text("unit", "单位", "Unit").must(),
                        text("post", "职务", "Post"),
                    ]),
                ),
            ]),
        Move::new("begin", "进驻巡查", "Begin")
            .from(&["notified"])
            .to("on-site")
            .by(OVER)
            .asks(&[
                text("contact", "被巡查单位联系人（职务）", "Contact, by post"),
                photos("begin_photos", "照片", "Photos"),
                note(),
            ]),
        Move::new("record", "巡查记录", "Record what was seen")
            .from(&["on-site"])
            .by(OVER)
            .asks(&[
                long("record", "巡查情况", "What was seen").must(),
                photos("record_photos", "照片", "Photos"),
                files("record_files", "佐证材料", "Files"),
            ]),
        Move::new("feedback", "反馈意见", "Feed back")
            .from(&["on-site"])
            .to_one(&["rectifying", "closed"], |_, values| {
                if values.rows("problems").is_empty() {
                    "closed"
                } else {
                    "rectifying"
                }
            })
            .by(OVER)
            .check(feedback)
            .follows(measures)
            .paper("patrol-feedback")
            .asks(&[
                long("opinion", "反馈意见", "Opinion").must(),
                Field::new(
                    "problems",
                    "问题清单",
                    "Problems",
                    Kind::Rows(&[
                        long("what", "问题及整改要求", "Problem and demand").must(),
                        Field::new("unit", "责任单位", "Whose it is", Kind::Org(None)).must(),
                        date("deadline", "整改时限", "Deadline").must(),
                        text("basis", "依据", "Basis"),
                    ]),
                )
                .hint(
                    "每个问题向责任单位下达一项整改措施",
                    "Each becomes a measure of its unit",
                ),
                date("deadline", "整改报告期限", "Report by"),
            ]),
        Move::new("report", "报送整改报告", "Report what was put right")
            .from(&["rectifying"])
            .to("reported")
            .by(OWN)
            .asks(&[
                long("report", "整改情况", "What was put right").must(),
                files("proof", "整改报告及证明材料", "Report and evidence").must(),
            ]),
        Move::new("check", "验收", "Check")
            .from(&["reported"])
            .to_one(&["closed", "rectifying"], |_, values| {
                if values.text("check") == "pass" {
                    "closed"
                } else {
                    "rectifying"
                }
            })
            .by(OVER)
            .apart(&["report"])
            .asks(&[
                choice("check", "验收结论", "Result", extend::RESULT).must(),
                long("check_note", "验收意见", "Opinion").must(),
                date("deadline", "重新报告期限", "New deadline").when("check", &["fail"]),
            ]),
        Move::new("drop", "取消巡查", "Cancel the patrol")
            .from(&["planned", "notified"])
            .to("dropped")
            .by(OVER)
            .apart(&["open"])
            .aside()
            .grave()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new("notify", "发出巡查通知", "Notify", Party::Handler)
            .starts(&["open"])
            .meets(&["notify"]),
        Clock::new("begin", "如期进驻", "Begin", Party::Handler)
            .starts(&["notify"])
            .due(Due::By(|it, _| it.values.moment("from")))
            .meets(&["begin"]),
        Clock::new("feedback", "反馈意见", "Feed back", Party::Handler)
            .starts(&["begin"])
            .due(Due::LimitFrom("until"))
            .meets(&["feedback"]),
        Clock::new("report", "报送整改报告", "Report", Party::Owner)
            .starts(&["feedback", "check"])
            .only(|it| it.state == "rectifying")
            .due(Due::Field("deadline"))
            .meets(&["report"])
            .ladder(),
        Clock::new("check", "验收", "Check", Party::Handler)
            .starts(&["report"])
            .meets(&["check"]),
    ],
};
