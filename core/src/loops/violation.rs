//! Violations (三违): recorded against the negative list with evidence; the person may object; decided by somebody else;
//! penalty, training and exam grow by how often and how grave within a rolling year, by the enterprise's own ladder.
//! All of it stays inside the enterprise; the district sees numbers.
//!
//! Source: 2025 notice, article 九. The list and the ladder are `rulebook/violations.toml`.

use super::field::Value;
use super::internal::{NOT_ENTERPRISE, enterprise};
use super::spec::{
    Clock, Field, Kind, Move, Party, Spec, Word, choice, closed, count, date, ended, files, flag,
    long, note, photos, text, waits, word, yuan,
};
use super::{Context, Loop, Read, Refusal, Values};
use crate::authority::Command as May;
use crate::id::OrgId;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An entry of the negative list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Violation {
    /// Its code, a word of the table `violations`.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// `command` 违章指挥, `operation` 违规作业, `discipline` 违反劳动纪律.
    pub class: String,
    /// How grave it usually is: `minor`, `serious`, `grave`.
    pub degree: String,
    /// Posts whose list it stands on; all when empty.
    #[serde(default)]
    pub posts: Vec<String>,
    /// Trades it belongs to; all when empty.
    #[serde(default)]
    pub sectors: Vec<String>,
}

/// A rung of a ladder: what follows from a violation of a degree, from so many within a year on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rung {
    /// The enterprise whose own ladder it belongs to; the usual one when empty.
    #[serde(default)]
    pub org: String,
    /// The degree.
    pub degree: String,
    /// From this many on within 365 days, this one counted.
    pub times: u32,
    /// Penalty in yuan.
    pub yuan: u32,
    /// Hours of training.
    pub training_hours: u32,
    /// With an exam.
    pub exam: bool,
    /// What else: 离岗培训, 调整岗位 …
    #[serde(default)]
    pub other: String,
}

/// What a violation demands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// Penalty in yuan.
    pub yuan: u32,
    /// Hours of training.
    pub training_hours: u32,
    /// With an exam.
    pub exam: bool,
    /// What else.
    pub other: String,
}

/// Days within which violations are counted together.
pub const WINDOW_DAYS: i32 = 365;

/// The ladder in force for an enterprise: its own if it has one, else the usual.
pub fn ladder_of(rungs: &[Rung], org: &OrgId) -> Vec<Rung> {
    let of = |name: &str| -> Vec<Rung> {
        rungs
            .iter()
            .filter(|rung| rung.org == name)
            .cloned()
            .collect()
    };
    let own = of(org.as_str());
    if own.is_empty() { of("") } else { own }
}

/// How many of these days lie within the rolling year that ends on a day; the one that is judged is not among them.
pub fn previous(days: &[Date], on: Date) -> u32 {
    let begin = on.checked_sub(WINDOW_DAYS.days()).unwrap_or(on);
    days.iter()
        .filter(|day| **day > begin && **day <= on)
        .count() as u32
}

/// What a violation of a degree demands after so many previous ones in the rolling year: the highest rung that is
/// reached. Nothing, when the ladder has no rung for it.
pub fn due_measures(ladder: &[Rung], previous: u32, degree: &str) -> Due {
    ladder
        .iter()
        .filter(|rung| rung.degree == degree && rung.times <= previous.saturating_add(1))
        .max_by_key(|rung| rung.times)
        .map(|rung| Due {
            yuan: rung.yuan,
            training_hours: rung.training_hours,
            exam: rung.exam,
            other: rung.other.clone(),
        })
        .unwrap_or_default()
}

/// Degrees, gravest first.
pub const DEGREES: &[Word] = &[
    word("grave", "严重", "Grave"),
    word("serious", "较重", "Serious"),
    word("minor", "一般", "Minor"),
];
const FOUND: &[Word] = &[
    word("patrol", "现场检查", "On the spot"),
    word("video", "视频监控", "Video"),
    word("report", "员工报告", "Reported"),
    word("authority", "监管部门检查", "By the authority"),
];
const FINDINGS: &[Word] = &[
    word("confirmed", "认定成立", "Upheld"),
    word("withdrawn", "不予认定，撤销", "Withdrawn"),
];
const PASSED: &[Word] = &[
    word("pass", "合格", "Passed"),
    word("fail", "不合格", "Failed"),
];

const INSIDE: &[(Party, May)] = &[(Party::Owner, May::RecordViolations)];

/// Less training than is due.
pub const TOO_SHORT: Refusal = Refusal::new(
    "too-short",
    "培训学时少于规定学时",
    "Less training than the ladder demands",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[NOT_ENTERPRISE, TOO_SHORT];

fn degree<'a>(it: &'a Loop, values: &'a Values) -> &'a str {
    match values.text("degree") {
        "" => it.values.text("degree"),
        degree => degree,
    }
}

fn worked(it: &Loop, values: &mut Values, context: &Context<'_>) {
    if values.text("finding") != "confirmed" {
        return;
    }
    let previous = values.number("times").unwrap_or_default() as u32;
    let ladder = ladder_of(&context.book.rungs, &it.org);
    let due = due_measures(&ladder, previous, degree(it, values));
    values.insert("due_yuan".into(), Value::Number(due.yuan.into()));
    values.insert(
        "due_training".into(),
        Value::Number(due.training_hours.into()),
    );
    values.insert("due_exam".into(), Value::Flag(due.exam));
    if !due.other.is_empty() {
        values.insert("due_other".into(), Value::Text(due.other));
    }
    if !values.has("penalty") {
        values.insert("penalty".into(), Value::Number(due.yuan.into()));
    }
}

fn hours_due(values: &Values) -> f64 {
    values.number("due_training").unwrap_or_default()
}

/// 三违.
pub const SPEC: Spec = Spec {
    code: "violation",
    zh: "三违行为",
    en: "Violation",
    prefix: "SW",
    read: May::ReadViolations,
    void: May::RecordViolations,
    article: 9,
    by_hand: true,
    grades: DEGREES,
    grade: Some(|it, _| {
        let degree = it.values.text("degree");
        (!degree.is_empty()).then(|| degree.to_owned())
    }),
    open: Move::new("open", "登记三违", "Record a violation")
        .to("recorded")
        .by(INSIDE)
        .check(enterprise)
        .asks(&[
            Field::new(
                "violation",
                "违反的负面清单条目",
                "Entry of the negative list",
                Kind::Table("violations"),
            )
            .must(),
            choice("degree", "严重程度", "Degree", DEGREES).must(),
            long("facts", "违章事实", "What happened").must(),
            text("post", "岗位", "Post").must(),
            text("employee", "人员工号", "Employee number")
                .must()
                .personal(),
            text("team", "班组（车间）", "Team"),
            choice("found", "发现方式", "Found by", FOUND),
            photos("photos", "现场照片", "Photos"),
            files("evidence", "视频及其他证据", "Video and other evidence"),
            Field::new(
                "pledge",
                "违反的承诺书",
                "Pledge that was broken",
                Kind::Loop(&["pledge"]),
            ),
        ]),
    states: &[
        waits(
            "recorded",
            "待认定",
            "To be decided",
            Party::Owner,
            May::RecordViolations,
        ),
        waits(
            "objected",
            "异议待复核",
            "Objection to be decided",
            Party::Owner,
            May::RecordViolations,
        ),
        waits(
            "training",
            "待培训",
            "Training due",
            Party::Owner,
            May::RecordViolations,
        ),
        waits(
            "examining",
            "待考核",
            "Exam due",
            Party::Owner,
            May::RecordViolations,
        ),
        closed("closed", "已办结", "Closed"),
        ended("withdrawn", "已撤销", "Withdrawn"),
    ],
    moves: &[
        Move::new("object", "登记本人异议", "The person objects")
            .from(&["recorded"])
            .to("objected")
            .by(INSIDE)
            .asks(&[
                long("objection", "异议理由", "Why").must(),
                files("objection_files", "证明材料", "Files"),
            ]),
        Move::new("decide", "认定处理", "Decide")
            .from(&["recorded", "objected"])
            .to_one(
                &["training", "examining", "closed", "withdrawn"],
                |_, values| {
                    if values.text("finding") != "confirmed" {
                        "withdrawn"
                    } else if hours_due(values) > 0.0 {
                        "training"
                    } else if values.yes("due_exam") {
                        "examining"
                    } else {
                        "closed"
                    }
                },
            )
            .by(INSIDE)
            .apart(&["open", "object"])
            .settle(worked)
            .asks(&[
                choice("finding", "认定结论", "Result", FINDINGS).must(),
                count(
                    "times",
                    "近一年此前次数",
                    "Previous ones within a year",
                    "次",
                )
                .when("finding", &["confirmed"]),
                choice("degree", "严重程度", "Degree", DEGREES).may_when("finding", &["confirmed"]),
                yuan("penalty", "处罚金额", "Penalty")
                    .may_when("finding", &["confirmed"])
                    .hint("不填则按企业惩戒阶梯", "Empty: as the ladder has it"),
                text("other_measure", "其他处理", "Other measures")
                    .may_when("finding", &["confirmed"]),
                long("opinion", "认定意见", "Opinion").must(),
            ]),
        Move::new("train", "记录培训", "Record the training")
            .from(&["training"])
            .to_one(&["examining", "closed"], |it, _| {
                let failed = it.values.text("passed") == "fail";
                if failed || it.values.yes("due_exam") {
                    "examining"
                } else {
                    "closed"
                }
            })
            .by(INSIDE)
            .check(|it, values, _| {
                if values.number("hours").unwrap_or_default() < hours_due(&it.values) {
                    return Err(TOO_SHORT.at("hours"));
                }
                Ok(())
            })
            .asks(&[
                date("trained_on", "培训日期", "Day").must(),
                count("hours", "培训学时", "Hours", "学时").must(),
                long("training", "培训内容", "What was taught").must(),
                files("training_files", "签到和照片", "Attendance and photos"),
            ]),
        Move::new("examine", "记录考核", "Record the exam")
            .from(&["examining"])
            .to_one(&["closed", "training"], |_, values| {
                if values.text("passed") == "pass" {
                    "closed"
                } else {
                    "training"
                }
            })
            .by(INSIDE)
            .asks(&[
                date("examined_on", "考核日期", "Day").must(),
                count("score", "成绩", "Score", "分"),
                choice("passed", "考核结果", "Result", PASSED).must(),
                flag("removed", "考核不合格已离岗", "Off the post until passed")
                    .may_when("passed", &["fail"]),
                note(),
            ]),
    ],
    clocks: &[
        Clock::new("decide", "认定处理", "Decide", Party::Owner)
            .starts(&["open", "object"])
            .meets(&["decide"]),
        Clock::new("train", "完成培训", "Train", Party::Owner)
            .starts(&["decide", "examine"])
            .only(|it| it.state == "training")
            .meets(&["train"]),
        Clock::new("examine", "完成考核", "Examine", Party::Owner)
            .starts(&["decide", "train"])
            .only(|it| it.state == "examining")
            .meets(&["examine"]),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Rulebook;
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static BOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::built_in().unwrap());

    fn usual() -> Vec<Rung> {
        ladder_of(&BOOK.rungs, &OrgId::try_from("any-works").unwrap())
    }

    #[test]
    fn often_and_grave_both_weigh() {
        let ladder = usual();
        let due = |previous, degree| due_measures(&ladder, previous, degree);
        assert!(due(0, "minor").yuan < due(0, "serious").yuan);
        assert!(due(0, "serious").yuan < due(0, "grave").yuan);
        assert!(due(0, "minor").training_hours < due(2, "minor").training_hours);
        assert!(due(2, "minor").exam && !due(0, "minor").exam);
        assert!(due(0, "grave").exam);
        assert_eq!(due(0, "unheard-of"), Due::default());
        assert_eq!(due_measures(&[], 9, "grave"), Due::default());
    }

    #[test]
    fn an_enterprise_with_a_ladder_of_its_own_uses_it_alone() {
        let own = Rung {
            org: "works".into(),
            degree: "minor".into(),
            times: 1,
            yuan: 7,
            ..Rung::default()
        };
        let mut rungs = usual();
        rungs.push(own);
        let works = ladder_of(&rungs, &OrgId::try_from("works").unwrap());
        assert_eq!(due_measures(&works, 40, "minor").yuan, 7);
        assert_eq!(due_measures(&works, 40, "grave"), Due::default());
        assert_eq!(
            ladder_of(&rungs, &OrgId::try_from("mill").unwrap()),
            usual()
        );
    }

    #[test]
    fn a_year_rolls() {
        let on = date(2026, 3, 1);
        let days = [
            date(2025, 3, 1),
            date(2025, 3, 2),
            date(2026, 3, 1),
            date(2026, 3, 2),
        ];
        assert_eq!(
            previous(&days, on),
            2,
            "365 days before is out, 364 is in, the same day is in"
        );
        assert_eq!(previous(&days, date(2026, 3, 2)), 2);
        assert_eq!(
            previous(&[date(2024, 2, 29), date(2024, 3, 1)], date(2025, 2, 28)),
            1,
            "leap year"
        );
    }

    proptest! {
        #[test]
        fn more_of_them_never_cost_less(less in 0u32..50, more in 0u32..50, nth in 0usize..3) {
            let ladder = usual();
            let (less, more) = (less.min(more), less.max(more));
            let due = |n| due_measures(&ladder, n, DEGREES[nth].code);
            let (less, more) = (due(less), due(more));
            prop_assert!(less.yuan <= more.yuan && less.training_hours <= more.training_hours);
            prop_assert!(!less.exam || more.exam);
        }
    }
}
