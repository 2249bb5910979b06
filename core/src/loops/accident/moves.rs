//! The moves of an accident, with their forms.

use super::checks::*;
use super::{IS_AN_ACCIDENT, NO_REQUEST, clocks, figures, is_accident};
use crate::authority::Command as May;
use crate::loops::field::{Read, Value};
use crate::loops::spec::{
    Field, Kind, Move, Party, Word, choice, count, date, files, flag, instant, long, note, photos,
    reason, text, word, yuan,
};

const CLASSES: &[Word] = &[
    word("accident", "事故", "Accident"),
    word("incident", "险情", "Incident"),
    word("disaster", "灾情", "Disaster"),
];
const INFORMANTS: &[Word] = &[
    word("unit", "本单位报告", "The unit itself"),
    word("scene", "现场人员", "Somebody on the spot"),
    word("citizen", "群众反映", "Citizens"),
    word(
        "services",
        "公安、消防、急救等通报",
        "Police, fire or ambulance",
    ),
    word("patrol", "巡查发现", "Seen on patrol"),
    word("other", "其他", "Other"),
];
const MEANS: &[Word] = &[
    word("phone", "电话", "Telephone"),
    word("written", "书面", "In writing"),
    word("system", "信息系统", "Information system"),
    word("message", "短信、微信", "Message"),
    word("face", "当面", "In person"),
];
const CHANGES: &[Word] = &[
    word("new", "新增变化", "It has changed"),
    word("correct", "更正核减", "What was told was wrong"),
];
/// Who convenes an investigation, lowest first (国务院令第493号 第十九条).
pub(super) const CONVENERS: &[Word] = &[
    word(
        "unit",
        "事故单位（仅限未造成人员伤亡的一般事故）",
        "The unit (ordinary, nobody hurt)",
    ),
    word("county", "县级人民政府", "County government"),
    word("city", "设区的市级人民政府", "City government"),
    word("province", "省级人民政府", "Provincial government"),
    word("state", "国务院", "State Council"),
];
const ROLES: &[Word] = &[
    word("leader", "组长", "Leader"),
    word("member", "成员", "Member"),
    word("expert", "专家", "Expert"),
    word("invited", "特邀（检察、监察）", "Invited"),
];
const NATURES: &[Word] = &[
    word("responsible", "责任事故", "Somebody is responsible"),
    word("natural", "非责任事故", "Nobody is responsible"),
];
const DECISION: &[Word] = &[
    word("approve", "同意", "Approve"),
    word("refuse", "退回", "Send back"),
];
const IN_PLACE: &[Word] = &[
    word("all", "全部落实", "All in place"),
    word("part", "部分落实", "In part"),
    word("none", "未落实", "Not in place"),
];

const DEATHS: Field = count("deaths", "死亡人数", "Dead", "人");
const SERIOUS: Field = count(
    "serious",
    "重伤人数（含急性工业中毒）",
    "Seriously hurt",
    "人",
);
const MINOR: Field = count("minor", "轻伤人数", "Slightly hurt", "人");
const MISSING: Field = count("missing", "失踪（失联）人数", "Missing", "人");
const TRAPPED: Field = count("trapped", "被困人数", "Trapped", "人");
const AT_RISK_PEOPLE: Field = count("at_risk", "涉险人数", "At risk", "人");
const EVACUATED: Field = count("evacuated", "紧急疏散（转移安置）人数", "Evacuated", "人");
const LOSS: Field = yuan("loss", "直接经济损失", "Direct loss");
const AFFECTED: Field = count("affected", "受灾人口", "People affected", "人");
const HOUSES: Field = count("houses", "倒塌和严重损坏房屋", "Houses destroyed", "间");
const CHANGED_AT: Field = instant("changed_at", "变化发生时间", "When it changed")
    .hint("不填按报告时间计", "The time of this report if empty");
const TYPE: Field = Field::new("type", "事故类型", "Type", Kind::Table("accident-types"));
const DISASTER: Field = Field::new(
    "disaster",
    "灾害种类",
    "Kind of disaster",
    Kind::Table("disaster-kinds"),
);
const OCCURRED: Field = instant("occurred_at", "发生时间", "When it happened").hint(
    "不填按首次报告时间计",
    "The time of the first report if empty",
);
const LEARNED: Field = instant(
    "learned_at",
    "单位负责人接到报告时间",
    "When the unit's head learned of it",
);

const TOLD: &[Field] = &[
    text("to", "报送对象", "To whom").must(),
    choice("how", "方式", "How", MEANS).must(),
    instant("at", "报送时间", "When").must(),
    instant("received_at", "对方签收时间", "Received"),
    text("receipt", "签收单位或岗位", "Received by"),
];
const CALL: &[Field] = &[
    text("to", "报送对象", "To whom").must(),
    text("receipt", "接听单位或岗位", "Received by"),
    note(),
];

/// Sees to it that it is reported and that people are saved.
const DESK: &[(Party, May)] = &[(Party::Handler, May::HandleAccident)];
/// The same, or the unit where it happened.
const DESK_OR_UNIT: &[(Party, May)] = &[
    (Party::Handler, May::HandleAccident),
    (Party::Owner, May::Rectify),
];
const PROBE: &[(Party, May)] = &[(Party::Handler, May::Investigate)];

const GATED: &[&str] = &["investigating", "submitted", "upper", "approved"];
const RUNNING: &[&str] = &["received", "stable", "investigating", "submitted"];

/// The first report.
pub(super) const OPEN: Move = Move::new(
    "open",
    "报告事故、险情、灾情",
    "Report an accident, incident or disaster",
)
.to("reported")
.by(&[(Party::Owner, May::ReportAccident)])
.check(opening)
.settle(figures::settle_open)
.follows(warned)
.paper("event-report")
.asks(&[
    choice("class", "性质", "What it is", CLASSES).must(),
    long("what", "简要情况", "What happened").hint("可改用语音", "Or by voice"),
    files("voice", "语音", "Voice"),
    photos("photos", "现场照片", "Photos"),
    TYPE.may_when("class", &["accident", "incident"]),
    DISASTER.may_when("class", &["disaster"]),
    OCCURRED,
    LEARNED,
    text("spot", "具体部位", "Where exactly"),
    DEATHS,
    SERIOUS,
    MINOR,
    MISSING,
    TRAPPED,
    AT_RISK_PEOPLE,
    EVACUATED,
    LOSS,
    AFFECTED.may_when("class", &["disaster"]),
    HOUSES.may_when("class", &["disaster"]),
    flag("polluted", "造成严重环境污染", "Serious pollution"),
    flag("key_site", "威胁重要场所和设施", "Threat to key sites"),
    long("measures", "已采取的措施", "What was done"),
    choice("informant", "信息来源", "Who told", INFORMANTS),
    text("reporter_post", "报告人岗位", "Post of who reports"),
    files("attachments", "附件", "Files"),
]);

/// What is done after it.
pub(super) const MOVES: &[Move] = &[
    Move::new("receive", "接报", "Receive")
        .from(&["reported"])
        .to("received")
        .by(DESK)
        .check(|it, values, context| moments(&it.values, values, context))
        .asks(&[
            instant("heard_at", "首次接到报告时间", "First heard").hint(
                "电话先报的，填写接电时间",
                "When it was first told by telephone",
            ),
            text("desk_post", "接报岗位", "Post"),
            note(),
        ]),
    Move::new("unit-report", "单位补充报告", "The unit's own report")
        .from(&["reported", "received", "stable", "investigating"])
        .by(&[(Party::Owner, May::Rectify)])
        .check(figures_told)
        .settle(figures::settle)
        .follows(warned)
        .asks(&[
            long("unit_account", "事故经过和现场情况", "The unit's account").must(),
            LEARNED,
            DEATHS,
            SERIOUS,
            MINOR,
            MISSING,
            TRAPPED,
            LOSS,
            long("measures", "已采取的措施", "What was done"),
            files("unit_files", "附件", "Files"),
        ]),
    Move::new("pass-on", "向上报送", "Pass on")
        .from(&[
            "reported",
            "received",
            "stable",
            "investigating",
            "submitted",
        ])
        .by(DESK)
        .check(told_in_the_past)
        .settle(told)
        .paper("event-report")
        .asks(&[Field::new(
            "told",
            "报送和签收情况",
            "Whom it was told",
            Kind::Rows(TOLD),
        )
        .must()]),
    Move::new("phone", "电话快报", "Report by telephone")
        .from(&["reported", "received", "stable", "investigating"])
        .by(DESK)
        .settle(called)
        .paper("event-report")
        .asks(CALL),
    Move::new("urgent", "报送紧急信息", "Urgent information")
        .from(&["reported", "received", "stable"])
        .by(DESK)
        .settle(|it, values, context| {
            let phoned = it.values.get("phoned_rank").cloned();
            called(it, values, context);
            // The duty office of the district is not the department of the province.
            match phoned {
                Some(rank) => values.insert("phoned_rank".into(), rank),
                None => values.remove("phoned_rank"),
            };
        })
        .asks(CALL),
    Move::new("follow-up", "续报", "Follow-up report")
        .from(&["received", "stable", "investigating"])
        .by(DESK_OR_UNIT)
        .check(figures_told)
        .settle(figures::settle)
        .follows(warned)
        .paper("event-report")
        .asks(&[
            long("progress", "最新情况", "How it stands").must(),
            DEATHS,
            SERIOUS,
            MINOR,
            MISSING,
            TRAPPED,
            AT_RISK_PEOPLE,
            EVACUATED,
            LOSS,
            AFFECTED,
            HOUSES,
            CHANGED_AT,
            long("measures", "处置措施", "What is done"),
            files("follow_files", "附件", "Files"),
        ]),
    Move::new(
        "figures",
        "补报（伤亡和损失变化）",
        "Report changed figures",
    )
    .from(&[
        "received",
        "stable",
        "investigating",
        "submitted",
        "upper",
        "approved",
    ])
    .by(DESK_OR_UNIT)
    .check(some_figure)
    .settle(figures::settle)
    .follows(warned)
    .asks(&[
        choice("change", "变化性质", "Kind of change", CHANGES).must(),
        DEATHS,
        SERIOUS,
        MINOR,
        MISSING,
        TRAPPED,
        AT_RISK_PEOPLE,
        EVACUATED,
        LOSS,
        AFFECTED,
        HOUSES,
        CHANGED_AT,
        long("basis", "更正依据", "Basis of the correction").when("change", &["correct"]),
        files("figures_files", "证明材料", "Proofs"),
    ]),
    Move::new("zero-report", "零报告", "Nothing new")
        .from(&["received"])
        .by(DESK_OR_UNIT)
        .ready(|it| {
            if is_accident(it) {
                Err(IS_AN_ACCIDENT)
            } else {
                Ok(())
            }
        })
        .asks(&[note()]),
    Move::new("stand-down", "应急处置结束", "Stand down")
        .from(&["received", "investigating"])
        .by(DESK)
        .settle(|_, values, _| {
            values.insert("stood_down".into(), Value::Flag(true));
        })
        .asks(&[long("stood_down_basis", "结束依据", "Why it is over").must()]),
    Move::new("final", "终报", "Final report")
        .from(&["received", "investigating", "submitted"])
        .to_one(
            &["stable", "investigating", "submitted"],
            |it, _| match it.state.as_str() {
                "investigating" => "investigating",
                "submitted" => "submitted",
                _ => "stable",
            },
        )
        .by(DESK)
        .check(figures_told)
        .settle(figures::settle)
        .follows(warned)
        .paper("event-report")
        .asks(&[
            long(
                "final_account",
                "事件经过、救援和善后情况",
                "Course, rescue and aftermath",
            )
            .must(),
            DEATHS,
            SERIOUS,
            MINOR,
            MISSING,
            LOSS,
            AFFECTED,
            HOUSES,
            CHANGED_AT,
            files("final_files", "附件", "Files"),
        ]),
    Move::new("investigate", "成立调查组", "Set up the investigation")
        .from(&["received", "stable"])
        .to("investigating")
        .by(PROBE)
        .check(|it, values, _| {
            accident_only(it)?;
            convener(it, values.text("convener"))
        })
        .asks(&[
            choice("convener", "组织调查的主体", "Convened by", CONVENERS).must(),
            Field::new(
                "team",
                "调查组组成",
                "Team",
                Kind::Rows(&[
                    text("unit", "单位", "Unit").must(),
                    text("post", "职务或专业", "Post").must().personal(),
                    choice("role", "分工", "Part", ROLES).must(),
                ]),
            )
            .must(),
            text("mandate", "批准文件", "By which document"),
        ]),
    Move::new("gate-cause", "事故原因已查清", "Gate: the cause is found")
        .from(GATED)
        .by(PROBE)
        .ready(accident_only)
        .asks(&[
            long("cause_direct", "直接原因", "Direct cause").must(),
            long("cause_indirect", "间接原因", "Indirect causes").must(),
            files("cause_files", "证据材料", "Evidence").must(),
        ]),
    Move::new(
        "gate-people",
        "责任人员已处理",
        "Gate: those responsible are dealt with",
    )
    .from(GATED)
    .by(PROBE)
    .ready(accident_only)
    .asks(&[
        long(
            "people_result",
            "责任认定和处理情况",
            "Who is responsible, what was decided",
        )
        .must()
        .personal(),
        files("people_files", "处理决定等证据材料", "Evidence").must(),
    ]),
    Move::new(
        "gate-measures",
        "整改措施已落实",
        "Gate: measures are in place",
    )
    .from(GATED)
    .by(PROBE)
    .ready(accident_only)
    .asks(&[
        long("measures_result", "整改措施落实情况", "What is in place").must(),
        files("measures_files", "验收等证据材料", "Evidence").must(),
    ]),
    Move::new(
        "gate-education",
        "有关人员已受教育",
        "Gate: people were taught",
    )
    .from(GATED)
    .by(PROBE)
    .ready(accident_only)
    .asks(&[
        long("education_result", "教育情况", "How people were taught").must(),
        count("education_people", "受教育人数", "People", "人"),
        files("education_files", "签到、影像等证据材料", "Evidence").must(),
    ]),
    Move::new(
        "appraise",
        "技术鉴定（不计入期限）",
        "Technical appraisal (time not counted)",
    )
    .from(&["investigating"])
    .by(PROBE)
    .aside()
    .check(clocks::time_runs)
    .settle(|it, values, _| {
        let before = it.values.number("appraisal_total").unwrap_or_default();
        let days = values.number("appraisal_days").unwrap_or_default();
        values.insert("appraisal_total".into(), Value::Number(before + days));
    })
    .asks(&[
        text("appraisal", "鉴定事项和机构", "What, by whom").must(),
        Field::new(
            "appraisal_days",
            "鉴定所用天数",
            "Days",
            Kind::Number {
                unit: "日",
                min: 1.0,
                max: 365.0,
                whole: true,
            },
        )
        .must(),
        files("appraisal_files", "鉴定意见", "Opinion").must(),
    ]),
    Move::new("ask-extension", "申请延长调查期限", "Ask for more time")
        .from(&["investigating"])
        .by(PROBE)
        .check(clocks::may_ask)
        .settle(|_, values, _| {
            values.insert("extension_state".into(), Value::Text("asked".into()));
        })
        .asks(&[
            date("extend_to", "延长至", "Until").must(),
            long("extend_reason", "特殊情况和理由", "Why").must(),
        ]),
    Move::new("decide-extension", "审批延长期限", "Decide on more time")
        .from(&["investigating"])
        .by(PROBE)
        .apart(&["ask-extension"])
        .ready(|it| {
            if it.values.text("extension_state") == "asked" {
                Ok(())
            } else {
                Err(NO_REQUEST)
            }
        })
        .settle(|it, values, _| {
            let approved = values.text("extension") == "approve";
            let state = if approved { "approved" } else { "refused" };
            values.insert("extension_state".into(), Value::Text(state.into()));
            if approved {
                let to = it.values.text("extend_to").to_owned();
                values.insert("extended_to".into(), Value::Text(to));
            }
        })
        .asks(&[
            choice("extension", "审批意见", "Decision", DECISION).must(),
            note(),
        ]),
    Move::new("submit-report", "提交调查报告", "Submit the report")
        .from(&["investigating"])
        .to("submitted")
        .by(PROBE)
        .ready(report_ready)
        .asks(&[
            long("report_unit", "事故发生单位概况", "The unit").must(),
            long("report_course", "事故经过和救援情况", "Course and rescue").must(),
            long(
                "report_harm",
                "人员伤亡和直接经济损失",
                "Casualties and loss",
            )
            .must(),
            choice("nature", "事故性质", "Nature", NATURES).must(),
            long(
                "report_liability",
                "责任认定和处理建议",
                "Responsibility and proposals",
            )
            .must()
            .personal(),
            long("report_prevention", "防范和整改措施", "Prevention").must(),
            files("report_files", "调查报告", "The report").must(),
        ]),
    Move::new("approve-report", "批复调查报告", "Decide on the report")
        .from(&["submitted"])
        .to_one(&["approved", "investigating"], |_, values| {
            if values.text("approval") == "approve" {
                "approved"
            } else {
                "investigating"
            }
        })
        .by(PROBE)
        .apart(&["submit-report", "investigate"])
        .asks(&[
            choice("approval", "批复意见", "Decision", DECISION).must(),
            text("approval_number", "批复文号", "Number").when("approval", &["approve"]),
            date("redo_by", "补充调查期限", "To be done anew by").when("approval", &["refuse"]),
            note(),
        ]),
    Move::new("hand-over", "提级调查", "Hand over to a higher level")
        .from(RUNNING)
        .to("upper")
        .by(PROBE)
        .grave()
        .aside()
        .ready(accident_only)
        .asks(&[
            choice(
                "upper_level",
                "由谁调查",
                "Who investigates",
                &[
                    word("city", "设区的市级人民政府", "City government"),
                    word("province", "省级人民政府", "Provincial government"),
                    word("state", "国务院", "State Council"),
                ],
            )
            .must(),
            text("upper_basis", "文件依据", "By which document").must(),
            reason(),
        ]),
    Move::new(
        "upper-report",
        "收到上级批复的调查报告",
        "The higher level's report came",
    )
    .from(&["upper"])
    .to("approved")
    .by(PROBE)
    .asks(&[
        text("approval_number", "批复文号", "Number").must(),
        files("report_files", "调查报告", "The report").must(),
        note(),
    ]),
    Move::new("publish-report", "公布调查报告", "Publish the report")
        .from(&["approved"])
        .by(PROBE)
        .check(published)
        .asks(&[
            date("published_on", "公布日期", "Published on").must(),
            text(
                "published_where",
                "公布方式（涉密的写明依据）",
                "Where; or why it is secret",
            )
            .must(),
        ]),
    Move::new("findings", "分解整改措施", "Give out the measures")
        .from(&["approved"])
        .by(PROBE)
        .check(findings_ahead)
        .follows(measures)
        .asks(&[Field::new(
            "findings",
            "整改措施清单",
            "Measures",
            Kind::Rows(&[
                Field::new("unit", "责任单位", "Unit", Kind::Org(None)).must(),
                long("measure", "整改措施", "Measure").must(),
                date("due", "完成时限", "By").must(),
            ]),
        )
        .must()]),
    Move::new(
        "look-back",
        "整改落实情况评估",
        "Evaluate what was put in place",
    )
    .from(&["approved"])
    .by(PROBE)
    .check(published)
    .asks(&[
        choice("evaluation", "评估结论", "Result", IN_PLACE).must(),
        long("evaluation_report", "评估情况", "Evaluation").must(),
        date("evaluation_published", "评估结果公布日期", "Published on").must(),
        files("evaluation_files", "评估报告", "Report"),
    ]),
    Move::new("close", "事故结案", "Close")
        .from(&["approved"])
        .to("closed")
        .by(PROBE)
        .apart(&["look-back"])
        .ready(may_close)
        .asks(&[note()]),
    Move::new("finish", "办结（险情、灾情）", "Close (incident, disaster)")
        .from(&["stable"])
        .to("closed")
        .by(DESK)
        .ready(|it| {
            if is_accident(it) {
                Err(IS_AN_ACCIDENT)
            } else {
                Ok(())
            }
        })
        .asks(&[note()]),
    Move::new("typical", "认定为典型事故", "Mark as typical")
        .from(&[
            "received",
            "stable",
            "investigating",
            "submitted",
            "upper",
            "approved",
        ])
        .by(&[(Party::Handler, May::Escalate)])
        .aside()
        .ready(accident_only)
        .settle(figures::settle_typical)
        .follows(warned)
        .asks(&[long("typical_reason", "认定理由", "Why").must()]),
    Move::new("amend", "更正报告要素", "Correct what was reported")
        .from(&["reported", "received", "stable", "investigating"])
        .by(DESK)
        .aside()
        .check(|it, values, context| moments(&it.values, values, context))
        .settle(figures::settle)
        .follows(warned)
        .asks(&[
            choice("class", "性质", "What it is", CLASSES),
            TYPE,
            DISASTER,
            OCCURRED,
            LEARNED,
            text("spot", "具体部位", "Where exactly"),
            long("amend_reason", "更正理由", "Why").must(),
        ]),
    Move::new("assign", "转交承办", "Hand to another unit")
        .from(&["reported", "received", "stable", "investigating"])
        .by(DESK)
        .aside()
        .asks(&[
            Field::new("to_unit", "接办单位", "To", Kind::Org(Some(Party::Handler))).must(),
            reason(),
        ]),
    Move::new(
        "not-accident",
        "认定不属于生产安全事故",
        "Find that it was no work accident",
    )
    .from(&["reported", "received", "stable", "investigating"])
    .to("not-accident")
    .by(PROBE)
    .apart(&["open"])
    .aside()
    .grave()
    .asks(&[
        reason(),
        files("not_accident_files", "认定材料", "Evidence").must(),
    ]),
];
