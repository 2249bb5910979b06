//! Reports of citizens (举报): accepted or not with a reason, assigned, verified by the authority, answered, rewarded.
//! Who reported stands nowhere in here: name and contact are kept apart, sealed, and every look at them is a fact.
//!
//! Sources: 安全生产领域举报奖励办法 (安监总财〔2018〕19号); 生产安全事故信息报告和处置办法 (原安监总局令第21号) for reports of
//! hidden accidents; 2025 notice, article 十二. Limits that no source gives are proposals.

use super::field::Value;
use super::spec::{
    Clock, Field, Kind, Move, Party, Spec, Word, choice, closed, count, date, ended, files, flag,
    long, note, photos, reason, text, waits, word, yuan,
};
use super::{Context, Loop, Open, Read, Refusal, Values};
use crate::authority::Command as May;
use crate::id::OrgId;
use crate::org::OrgKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is paid for reports: `rulebook/rewards.toml`. Money in whole yuan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rewards {
    /// For a hazard or a breach that was fined.
    pub fine: OfFine,
    /// For an accident that was concealed or reported falsely, by its grade.
    pub concealed: Vec<PerDeath>,
    /// Most for one concealed accident.
    pub concealed_max_yuan: u32,
    /// The document.
    pub concealed_rule: String,
    /// Confirmed in it.
    pub concealed_certain: bool,
    /// More for the unit's own staff.
    pub own_staff: OwnStaff,
}

/// A share of the fine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfFine {
    /// So many hundredths of it.
    pub percent: u32,
    /// At least.
    pub min_yuan: u32,
    /// At most.
    pub max_yuan: u32,
    /// The document.
    pub rule: String,
    /// Confirmed in it.
    pub certain: bool,
}

/// An amount for each death that was verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PerDeath {
    /// The accident's grade, as in `rulebook/accidents.toml`.
    pub grade: String,
    /// For each death.
    pub yuan: u32,
}

/// What the unit's own staff get on top.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnStaff {
    /// So many hundredths more.
    pub percent: u32,
    /// The document.
    pub rule: String,
    /// Confirmed in it.
    pub certain: bool,
}

/// What a reward is worked out from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Case<'a> {
    /// A hazard or a breach, with the fine in yuan.
    Fine(f64),
    /// A concealed accident.
    Concealed {
        /// Its grade.
        grade: &'a str,
        /// Deaths that were verified.
        deaths: u32,
    },
}

/// A reward with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Worked {
    /// In yuan, to the fen.
    pub yuan: f64,
    /// By which rules.
    pub rule: String,
    /// All of them are confirmed.
    pub certain: bool,
}

/// Works out a reward. None: the table knows no such grade. The upper bound holds for what staff get on top, too; that
/// the rule does not say, so it is not certain.
pub fn reward(rules: &Rewards, case: Case<'_>, own_staff: bool) -> Option<Worked> {
    // Fen, so that no share of a fine is rounded on the way.
    let fen = |yuan: u32| u64::from(yuan) * 100;
    let (mut amount, max, rule, mut certain) = match case {
        Case::Fine(fine) => {
            let fine = (fine.clamp(0.0, 1e12) * 100.0).round() as u64;
            let share = (fine * u64::from(rules.fine.percent) + 50) / 100;
            let amount = share.max(fen(rules.fine.min_yuan));
            // Whether the minimum is paid where nothing was fined, the rule does not say.
            (
                amount,
                rules.fine.max_yuan,
                &rules.fine.rule,
                rules.fine.certain && fine > 0,
            )
        }
        Case::Concealed { grade, deaths } => {
            let each = rules.concealed.iter().find(|row| row.grade == grade)?.yuan;
            let amount = fen(each) * u64::from(deaths);
            (
                amount,
                rules.concealed_max_yuan,
                &rules.concealed_rule,
                rules.concealed_certain,
            )
        }
    };
    let mut rule = rule.clone();
    amount = amount.min(fen(max));
    if own_staff {
        amount = (amount * u64::from(100 + rules.own_staff.percent) + 50) / 100;
        amount = amount.min(fen(max));
        rule = format!("{rule}；{}", rules.own_staff.rule);
        certain = certain && rules.own_staff.certain;
    }
    Some(Worked {
        yuan: amount as f64 / 100.0,
        rule,
        certain,
    })
}

const KINDS: &[Word] = &[
    word("hazard", "重大事故隐患", "Hazard"),
    word("breach", "安全生产违法行为", "Breach of the law"),
    word("hidden-accident", "瞒报谎报事故", "Hidden accident"),
    word("other", "其他安全问题", "Other"),
];
const CHANNELS: &[Word] = &[
    word("page", "网上举报", "Public page"),
    word("phone", "12350电话", "Telephone 12350"),
    word("letter", "来信", "Letter"),
    word("visit", "来访", "Visit"),
    word("transferred", "上级转办", "Passed down"),
];
/// What the verification found.
pub(super) const FINDINGS: &[Word] = &[
    word("confirmed", "属实", "Confirmed"),
    word("partly", "部分属实", "Partly confirmed"),
    word("not", "不属实", "Not confirmed"),
];
const LEADS: &[Word] = &[
    word("hazard", "登记隐患", "Hazard"),
    word("accident", "登记事故", "Accident"),
    word("misreport", "瞒报谎报核查", "Suspicion of a wrong report"),
    word("none", "不另登记", "Nothing"),
];
const ANSWERED: &[Word] = &[
    word("page", "网上答复", "On the page"),
    word("phone", "电话答复", "By telephone"),
    word("letter", "书面答复", "In writing"),
];
/// Yes or no, where a choice is wanted.
pub(super) const YES_NO: &[Word] = &[word("yes", "是", "Yes"), word("no", "否", "No")];
const BASES: &[Word] = &[
    word("fine", "按罚款比例", "Share of the fine"),
    word(
        "concealed",
        "按瞒报谎报死亡人数",
        "By deaths that were hidden",
    ),
];
const GRADES: &[Word] = &[
    word("ordinary", "一般事故", "Ordinary"),
    word("major", "较大事故", "Major"),
    word("serious", "重大事故", "Serious"),
    word("extraordinary", "特别重大事故", "Extraordinarily serious"),
];
/// What is decided about a reward.
pub(super) const DECISION: &[Word] = &[
    word("approve", "同意", "Approve"),
    word("refuse", "退回重新核算", "Send back"),
];

const OVER: &[(Party, May)] = &[(Party::Handler, May::HandleReports)];

/// The enterprise never handles what is reported of it.
pub const TO_ENTERPRISE: Refusal = Refusal::new(
    "to-enterprise",
    "举报不得交由企业办理",
    "A report is not handed to an enterprise",
);
/// No reward for what was not so.
pub const NOT_CONFIRMED: Refusal = Refusal::new(
    "not-confirmed",
    "核查不属实的举报不予奖励",
    "What was not confirmed is not rewarded",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[TO_ENTERPRISE, NOT_CONFIRMED];

fn newly_hidden(it: &Loop) -> bool {
    // Said when it came in, or seen only when it was taken up.
    hidden(it) && !it.clocks.iter().any(|clock| clock.code == "first-check")
}

fn hidden(it: &Loop) -> bool {
    it.values.text("kind") == "hidden-accident"
}

/// Is what was found at least partly so?
pub(super) fn so(values: &Values) -> bool {
    matches!(values.text("finding"), "confirmed" | "partly")
}

/// Not into itself.
pub(super) fn into_another(it: &Loop, values: &Values, _: &Context<'_>) -> Result<(), Refusal> {
    if values.text("into") == it.id.to_string() {
        return Err(Refusal::ITSELF.at("into"));
    }
    Ok(())
}

fn assigned(_: &Loop, values: &Values, context: &Context<'_>) -> Result<(), Refusal> {
    let to = OrgId::try_from(values.text("handler")).ok();
    let kind = to.and_then(|id| context.tree.get(&id)).map(|org| org.kind);
    if kind == Some(OrgKind::Enterprise) {
        return Err(TO_ENTERPRISE.at("handler"));
    }
    Ok(())
}

/// What is opened of what was found. The words are those of the verification where they were given, so that the unit
/// does not read the reporter's own.
fn opened(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    if !so(values) {
        return Vec::new();
    }
    let what = match values.text("lead_what") {
        "" => it.values.text("what"),
        what => what,
    };
    let kind = values.text("leads_to");
    let open = Open::new(kind, it.org.clone(), String::new()).with("what", what);
    let open = match kind {
        "hazard" => open
            .with("source", "citizen")
            .party(Party::Handler, it.party(Party::Handler)),
        "accident" => open.with("class", "accident"),
        "misreport" => open.with("wrong", "concealed"),
        _ => return Vec::new(),
    };
    vec![open.of(it, "verify")]
}

fn worked(_: &Loop, values: &mut Values, context: &Context<'_>) {
    let case = match values.text("basis") {
        "concealed" => Case::Concealed {
            grade: values.text("accident_grade"),
            deaths: values.number("deaths").unwrap_or_default() as u32,
        },
        _ => Case::Fine(values.number("fine").unwrap_or_default()),
    };
    let first = values.text("first") == "yes";
    let worked = reward(&context.book.rewards, case, values.yes("own_staff"));
    let worked = worked.filter(|_| first).unwrap_or(Worked {
        yuan: 0.0,
        rule: "同一事项只奖励第一时间的有效举报人".into(),
        certain: true,
    });
    values.insert("reward_yuan".into(), Value::Number(worked.yuan));
    values.insert("reward_rule".into(), Value::Text(worked.rule));
    values.insert("reward_certain".into(), Value::Flag(worked.certain));
}

/// 举报.
pub const SPEC: Spec = Spec {
    code: "report",
    zh: "举报",
    en: "Report",
    prefix: "JB",
    read: May::ReadReports,
    void: May::VoidLoop,
    article: 12,
    by_hand: true,
    grades: KINDS,
    grade: Some(|it, _| {
        let kind = it.values.text("kind");
        (!kind.is_empty()).then(|| kind.to_owned())
    }),
    open: Move::new("open", "登记举报", "Register a report")
        .to("received")
        .by(&[(Party::Owner, May::HandleReports)])
        .asks(&[
            long("what", "举报内容", "What is reported")
                .must()
                .hint("请勿填写举报人姓名、电话等身份信息", "Nothing here that says who reports"),
            choice("kind", "举报类别", "Kind", KINDS).must(),
            text("target", "被举报单位（场所）", "Whom it concerns"),
            choice("channel", "举报渠道", "Channel", CHANNELS),
            date("seen_on", "发现日期", "Seen on"),
            photos("photos", "照片", "Photos"),
            files("attachments", "其他附件", "Files"),
        ]),
    states: &[
        waits("received", "待受理", "To be accepted", Party::Handler, May::HandleReports),
        waits("accepted", "待交办", "To be assigned", Party::Handler, May::HandleReports),
        waits("assigned", "核查中", "Being verified", Party::Handler, May::HandleReports),
        waits("verified", "待答复", "To be answered", Party::Handler, May::HandleReports),
        waits("rewarding", "待核算奖励", "Reward to be worked out", Party::Handler, May::HandleReports),
        waits("proposed", "待审批奖励", "Reward to be decided", Party::Handler, May::HandleReports),
        waits("paying", "待兑现奖励", "Reward to be paid", Party::Handler, May::HandleReports),
        closed("closed", "已办结", "Closed"),
        ended("rejected", "不予受理", "Not accepted"),
        ended("transferred", "已移送", "Transferred"),
        ended("merged", "已并案", "Merged"),
    ],
    moves: &[
        Move::new("take-up", "受理", "Accept")
            .from(&["received"])
            .to("accepted")
            .by(OVER)
            .asks(&[choice("kind", "举报类别", "Kind", KINDS), note()]),
        Move::new("reject", "不予受理", "Do not accept")
            .from(&["received"])
            .to("rejected")
            .by(OVER)
            .aside()
            .grave()
            .asks(&[reason()]),
        Move::new("transfer", "移送有权机关", "Transfer to another authority")
            .from(&["received", "accepted", "assigned"])
            .to("transferred")
            .by(OVER)
            .aside()
            .grave()
            .asks(&[text("receiver", "受移送机关", "To whom").must(), reason()]),
        Move::new("merge", "并案", "Merge")
            .from(&["received", "accepted", "assigned"])
            .to("merged")
            .by(OVER)
            .aside()
            .check(into_another)
            .asks(&[
                Field::new("into", "并入的举报", "Into which report", Kind::Loop(&["report"])).must(),
                note(),
            ]),
        Move::new("assign", "交办", "Assign")
            .from(&["accepted", "assigned"])
            .to("assigned")
            .by(OVER)
            .check(assigned)
            .asks(&[
                Field::new("handler", "核查单位", "To whom", Kind::Org(Some(Party::Handler))).must(),
                Field::new("owner", "被举报单位", "Whom it concerns", Kind::Org(Some(Party::Owner)))
                    .hint("已登记的单位可在此确定", "Where the unit is known"),
                long("demands", "核查要求", "What to look at"),
            ]),
        Move::new("preliminary", "初步核实", "First check")
            .from(&["assigned"])
            .by(OVER)
            .asks(&[
                long("preliminary", "初步核实情况", "What was found first").must(),
                photos("preliminary_photos", "照片", "Photos"),
            ]),
        Move::new("verify", "核查结论", "Verify")
            .from(&["assigned"])
            .to("verified")
            .by(OVER)
            .apart(&["open"])
            .follows(opened)
            .asks(&[
                choice("finding", "核查结论", "Result", FINDINGS).must(),
                long("facts", "核查情况", "What was found").must(),
                photos("verify_photos", "核查照片", "Photos"),
                files("verify_files", "核查材料", "Files"),
                choice("leads_to", "后续登记", "What is opened", LEADS)
                    .when("finding", &["confirmed", "partly"]),
                long("lead_what", "登记内容", "Words of what is opened")
                    .may_when("leads_to", &["hazard", "accident", "misreport"])
                    .hint(
                        "责任单位可见，不得透露举报人线索；不填则用举报内容",
                        "The unit reads it: nothing that points to who reported. Empty: the report's words",
                    ),
                Field::new("owner", "责任单位", "Responsible unit", Kind::Org(Some(Party::Owner))),
            ]),
        Move::new("answer", "答复举报人", "Answer")
            .from(&["verified"])
            .to_one(&["closed", "rewarding"], |_, values| {
                if values.text("reward") == "yes" { "rewarding" } else { "closed" }
            })
            .by(OVER)
            .check(|it, values, _| {
                if values.text("reward") == "yes" && !so(&it.values) {
                    return Err(NOT_CONFIRMED.at("reward"));
                }
                Ok(())
            })
            .asks(&[
                long("answer", "答复内容", "Answer").must(),
                choice("answered", "答复方式", "How", ANSWERED).must(),
                choice("reward", "是否奖励", "Rewarded", YES_NO).must(),
            ]),
        Move::new("work-reward", "核算奖励", "Work out the reward")
            .from(&["rewarding"])
            .to("proposed")
            .by(OVER)
            .settle(worked)
            .asks(&[
                choice("basis", "奖励依据", "Basis", BASES).must(),
                yuan("fine", "罚款金额", "Fine").when("basis", &["fine"]),
                choice("accident_grade", "事故等级", "Grade", GRADES).when("basis", &["concealed"]),
                count("deaths", "查实瞒报谎报死亡人数", "Deaths verified", "人")
                    .when("basis", &["concealed"]),
                choice("first", "同一事项首个有效举报", "First effective report", YES_NO).must(),
                flag("own_staff", "举报人为本单位从业人员", "From the unit's own staff"),
                note(),
            ]),
        Move::new("decide-reward", "审批奖励", "Decide the reward")
            .from(&["proposed"])
            .to_one(&["paying", "closed", "rewarding"], |it, values| {
                let nothing = it.values.number("reward_yuan").unwrap_or_default() <= 0.0;
                match values.text("decision") {
                    "approve" if nothing => "closed",
                    "approve" => "paying",
                    _ => "rewarding",
                }
            })
            .by(OVER)
            .apart(&["work-reward"])
            .asks(&[
                choice("decision", "审批意见", "Decision", DECISION).must(),
                text("budget", "经费科目", "Budget item").when("decision", &["approve"]),
                note(),
            ]),
        Move::new("pay", "兑现奖励", "Pay")
            .from(&["paying"])
            .to("closed")
            .by(OVER)
            .apart(&["work-reward"])
            // Checked at the door against what the reporter holds; it is not written down.
            .settle(|it, values, _| {
                values.remove("pay_code");
                let yuan = it.values.number("reward_yuan").unwrap_or_default();
                values.insert("paid_yuan".into(), Value::Number(yuan));
            })
            .asks(&[
                text("pay_code", "领奖凭码", "Reporter's code")
                    .must()
                    .hint("由举报人出示的查询码", "The code by which the reporter follows it"),
                date("paid_on", "兑现日期", "Paid on").must(),
                text("voucher", "支付凭证号", "Voucher").must(),
            ]),
        Move::new("forfeit", "放弃或逾期未领", "Not claimed")
            .from(&["rewarding", "paying"])
            .to("closed")
            .by(OVER)
            .aside()
            .grave()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new("take-up", "受理", "Accept", Party::Handler)
            .starts(&["open"])
            .meets(&["take-up"]),
        Clock::new("assign", "交办", "Assign", Party::Handler)
            .starts(&["take-up"])
            .meets(&["assign"]),
        Clock::new("verify", "核查", "Verify", Party::Handler)
            .starts(&["assign"])
            .only(|it| !hidden(it))
            .meets(&["verify"]),
        Clock::new("first-check", "瞒报举报初步核实", "First check of a hidden accident", Party::Handler)
            .starts(&["open", "take-up"])
            .only(newly_hidden)
            .meets(&["preliminary", "verify"]),
        Clock::new("full-result", "瞒报举报核查结果", "Result on a hidden accident", Party::Handler)
            .starts(&["open", "take-up"])
            .only(newly_hidden)
            .meets(&["verify"]),
        Clock::new("answer", "答复举报人", "Answer", Party::Handler)
            .starts(&["verify"])
            .meets(&["answer"]),
        Clock::new("work-reward", "核算奖励", "Work out the reward", Party::Handler)
            .starts(&["answer", "decide-reward"])
            .only(|it| it.state == "rewarding")
            .meets(&["work-reward"]),
        Clock::new("decide-reward", "审批奖励", "Decide the reward", Party::Handler)
            .starts(&["work-reward"])
            .meets(&["decide-reward"]),
        Clock::new("pay", "兑现奖励", "Pay", Party::Handler)
            .starts(&["decide-reward"])
            .only(|it| it.state == "paying")
            .meets(&["pay"]),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Rulebook;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static BOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::built_in().unwrap());

    fn yuan_of(case: Case<'_>, own: bool) -> f64 {
        reward(&BOOK.rewards, case, own).unwrap().yuan
    }

    #[test]
    fn a_share_of_the_fine_within_bounds() {
        assert_eq!(yuan_of(Case::Fine(100_000.0), false), 15_000.0);
        assert_eq!(yuan_of(Case::Fine(20_000.0), false), 3_000.0);
        assert_eq!(yuan_of(Case::Fine(20_000.1), false), 3_000.02);
        assert_eq!(yuan_of(Case::Fine(0.0), false), 3_000.0);
        assert_eq!(yuan_of(Case::Fine(2_000_000.0), false), 300_000.0);
        assert_eq!(yuan_of(Case::Fine(9_000_000.0), false), 300_000.0);
    }

    #[test]
    fn hidden_deaths_by_grade() {
        let deaths = |grade, deaths| yuan_of(Case::Concealed { grade, deaths }, false);
        assert_eq!(deaths("ordinary", 2), 60_000.0);
        assert_eq!(deaths("major", 3), 120_000.0);
        assert_eq!(deaths("serious", 10), 300_000.0);
        assert_eq!(deaths("extraordinary", 30), 300_000.0);
        assert_eq!(deaths("ordinary", 0), 0.0);
        let unknown = Case::Concealed {
            grade: "huge",
            deaths: 1,
        };
        assert_eq!(reward(&BOOK.rewards, unknown, false), None);
    }

    #[test]
    fn own_staff_get_more_and_the_page_says_it_is_not_certain() {
        let plain = reward(&BOOK.rewards, Case::Fine(100_000.0), false).unwrap();
        let own = reward(&BOOK.rewards, Case::Fine(100_000.0), true).unwrap();
        assert_eq!((plain.yuan, plain.certain), (15_000.0, true));
        assert_eq!((own.yuan, own.certain), (18_000.0, false));
        assert_eq!(yuan_of(Case::Fine(2_000_000.0), true), 300_000.0);
    }

    proptest! {
        #[test]
        fn a_greater_fine_never_pays_less(a in 0.0f64..1e8, b in 0.0f64..1e8, own: bool) {
            let (less, more) = if a < b { (a, b) } else { (b, a) };
            let (less, more) = (yuan_of(Case::Fine(less), own), yuan_of(Case::Fine(more), own));
            prop_assert!(less <= more);
            prop_assert!((3_000.0..=300_000.0).contains(&less) && more <= 300_000.0);
        }
    }
}
