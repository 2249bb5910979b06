//! Hazards (隐患): found, graded, ordered to be rectified, rectified, re-inspected by somebody else, closed.
//!
//! Sources: 安全生产法 (2021) articles 41, 65, 70, 78; 安全生产事故隐患排查治理暂行规定 (原安监总局令第16号); 安全生产违法行为行政处罚办法
//! (原安监总局令第15号) for the re-inspection; 2025 notice, articles 十 to 十二.

use super::field::{Read, Value, Values};
use super::spec::{
    Clock, Due, Field, Kind, Move, Party, Spec, Word, choice, closed, count, date, ended, files,
    long, note, photos, reason, text, waits, word, yuan,
};
use super::{Context, Loop, Open, Refusal, Running};
use crate::authority::Command as May;

/// How it was found.
const SOURCES: &[Word] = &[
    word("inspection", "监督检查", "Inspection"),
    word("self-check", "企业自查", "Self-check"),
    word("expert", "专家检查", "Expert"),
    word("citizen", "群众举报", "Citizen"),
    word("employee", "员工报告", "Employee"),
    word("alarm", "监测报警", "Alarm"),
    word("patrol", "网格巡查", "Grid patrol"),
];

/// Grades, gravest first (安全生产事故隐患排查治理暂行规定 第三条).
const GRADES: &[Word] = &[
    word("major", "重大隐患", "Major"),
    word("general", "一般隐患", "General"),
];

/// Levels of listed supervision.
pub const LEVELS: &[Word] = &[
    word("district", "区级", "District"),
    word("city", "市级", "City"),
    word("province", "省级", "Province"),
];
const RESULT: &[Word] = &[
    word("pass", "整改合格", "Rectified"),
    word("fail", "整改不合格", "Not rectified"),
];
const DECISION: &[Word] = &[
    word("approve", "同意", "Approve"),
    word("refuse", "不同意", "Refuse"),
];
const STOP: &[Word] = &[
    word("part", "局部停产停业", "Part of the works"),
    word("whole", "全部停产停业", "The whole"),
    word("equipment", "停止使用设施设备", "Equipment"),
];
const PUNISHED: &[Word] = &[
    word("unit", "单位", "Unit"),
    word("person", "个人", "Person"),
];

/// What the five-in-place plan needs, in the order it is asked (整改责任、措施、资金、时限、预案“五落实”).
const PLAN: &[Field] = &[
    text("plan_responsible", "整改责任人（岗位）", "Responsible post").must(),
    long("plan_measures", "整改措施", "Measures").must(),
    yuan("plan_funds", "整改资金", "Funds"),
    date("plan_deadline", "整改时限", "Time limit").must(),
    long("plan_emergency", "应急预案", "Emergency plan"),
    files("plan_files", "方案附件", "Files"),
];

const OVER: &[(Party, May)] = &[(Party::Handler, May::Supervise)];
const OWN: &[(Party, May)] = &[(Party::Owner, May::Rectify)];

/// A major hazard needs its criterion.
pub const NO_CRITERION: Refusal = Refusal::new(
    "no-criterion",
    "重大隐患必须引用判定标准条款",
    "A major hazard must cite a criterion",
);
/// Only major hazards go this way.
pub const NOT_MAJOR: Refusal =
    Refusal::new("not-major", "仅适用于重大隐患", "Only for major hazards");
/// A major hazard needs the whole plan.
pub const PLAN_INCOMPLETE: Refusal = Refusal::new(
    "plan-incomplete",
    "重大隐患须先完成“五落实”治理方案（责任、措施、资金、时限、预案）",
    "A major hazard first needs the whole five-in-place plan",
);
/// The extension comes too late.
pub const TOO_LATE: Refusal = Refusal::new(
    "extension-too-late",
    "整改期限已过，不能再申请延期",
    "The deadline has passed; an extension must be asked before",
);
/// Nothing was asked.
pub const NO_REQUEST: Refusal = Refusal::new(
    "no-request",
    "没有待审批的延期申请",
    "No extension was asked for",
);
/// Something was asked already.
pub const REQUESTED: Refusal = Refusal::new(
    "requested",
    "已有待审批的延期申请",
    "An extension was asked for already",
);
/// It must lie after the old one.
pub const NOT_LATER: Refusal = Refusal::new(
    "not-later",
    "延期后的期限应晚于原期限",
    "The new deadline must lie after the old one",
);
/// Stop-work first ends.
pub const STOPPED: Refusal = Refusal::new(
    "stopped",
    "停产停业措施尚未解除，不能销号",
    "Stop-work is still in force",
);
/// No stop-work.
pub const NOT_STOPPED: Refusal = Refusal::new(
    "not-stopped",
    "没有正在执行的停产停业措施",
    "No stop-work is in force",
);
/// Both reports first.
pub const NOT_REPORTED: Refusal = Refusal::new(
    "not-reported",
    "重大隐患须完成“双报告”后方可申请复查",
    "A major hazard needs both reports before re-inspection",
);
/// One case, two penalties.
pub const ONE_SIDED: Refusal = Refusal::new(
    "one-sided",
    "重大隐患应“一案双罚”：请同时填写单位和个人的处罚",
    "A major hazard is penalised twice: the unit and the person",
);

/// What a loop of this kind may refuse, besides the general.
pub const REFUSALS: &[Refusal] = &[
    NO_CRITERION,
    NOT_MAJOR,
    PLAN_INCOMPLETE,
    TOO_LATE,
    NO_REQUEST,
    REQUESTED,
    NOT_LATER,
    STOPPED,
    NOT_STOPPED,
    NOT_REPORTED,
    ONE_SIDED,
];

fn is_major(it: &Loop) -> bool {
    it.grade.as_deref() == Some("major")
}

fn major_only(it: &Loop) -> Result<(), Refusal> {
    if is_major(it) { Ok(()) } else { Err(NOT_MAJOR) }
}

fn deadline(it: &Loop) -> Option<&Running> {
    it.clocks
        .iter()
        .rev()
        .find(|clock| clock.code == "rectify" && clock.runs())
}

fn asked_extension(it: &Loop) -> bool {
    it.values.text("extension_state") == "asked"
}

fn plan_is_whole(values: &Values) -> bool {
    [
        "plan_responsible",
        "plan_measures",
        "plan_funds",
        "plan_deadline",
        "plan_emergency",
    ]
    .iter()
    .all(|code| values.has(code))
}

fn fixed(it: &Loop, values: &Values, _: &Context<'_>) -> Result<(), Refusal> {
    if !is_major(it) {
        return Ok(());
    }
    if !plan_is_whole(&it.values) {
        return Err(PLAN_INCOMPLETE);
    }
    let reported = |code: &str| it.did.contains_key(code);
    if !reported("report-regulator") || !reported("report-workers") {
        return Err(NOT_REPORTED);
    }
    // What was major is shown before and after.
    if values.has("before") && values.has("after") {
        Ok(())
    } else {
        Err(Refusal::MISSING.at("before"))
    }
}

fn listed(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    let open = Open::new("listing", it.org.clone(), format!("{}挂牌督办", it.title))
        .with("what", it.values.text("what"))
        .with("level", values.text("list_level"))
        .with("deadline", values.text("list_deadline"))
        .party(Party::Handler, it.party(Party::Handler))
        .of(it, "list");
    vec![open]
}

fn referred(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    let open = Open::new("referral", it.org.clone(), format!("{}案件移送", it.title))
        .with("what", values.text("reason"))
        .with("receiver", values.text("receiver"))
        .party(Party::Handler, it.party(Party::Handler))
        .of(it, "refer");
    vec![open]
}

fn raised(it: &Loop, values: &Values, _: &Context<'_>) -> Vec<Open> {
    let open = Open::new("problem", it.org.clone(), it.title.clone())
        .with("what", it.values.text("what"))
        .with("difficulty", values.text("reason"))
        .of(it, "raise");
    vec![open]
}

/// 隐患.
pub const SPEC: Spec = Spec {
    code: "hazard",
    zh: "隐患",
    en: "Hazard",
    prefix: "YH",
    read: May::ReadLoops,
    void: May::VoidLoop,
    article: 12,
    by_hand: true,
    grades: GRADES,
    grade: Some(|it, _| {
        let grade = it.values.text("grade");
        (!grade.is_empty()).then(|| grade.to_owned())
    }),
    open: Move::new("open", "登记隐患", "Register a hazard")
        .to("found")
        .by(&[(Party::Owner, May::ReportHazard)])
        .asks(&[
            long("what", "隐患描述", "What is wrong").must(),
            photos("photos", "现场照片", "Photos"),
            choice("source", "发现方式", "Found by", SOURCES).must(),
            text("spot", "具体部位", "Where exactly"),
            files("attachments", "语音及附件", "Voice and files"),
        ]),
    states: &[
        waits(
            "found",
            "待评估",
            "To be graded",
            Party::Handler,
            May::Supervise,
        ),
        waits(
            "graded",
            "待下达整改",
            "To be ordered",
            Party::Handler,
            May::Supervise,
        ),
        waits(
            "rectifying",
            "整改中",
            "Being rectified",
            Party::Owner,
            May::Rectify,
        ),
        waits(
            "submitted",
            "待复查",
            "To be re-inspected",
            Party::Handler,
            May::Supervise,
        ),
        closed("closed", "已销号", "Closed"),
        ended("dismissed", "不属实", "Not so"),
    ],
    moves: &[
        Move::new("grade", "评估定级", "Grade")
            .from(&["found", "graded", "rectifying"])
            .to_one(&["graded", "rectifying"], |it, _| {
                // A hazard that turns out worse while it is being rectified stays ordered.
                if it.state == "rectifying" {
                    "rectifying"
                } else {
                    "graded"
                }
            })
            .by(OVER)
            .check(|_, values, context| {
                if values.text("grade") != "major" {
                    return Ok(());
                }
                if context
                    .book
                    .criteria
                    .item(values.text("criterion"))
                    .is_none()
                {
                    return Err(NO_CRITERION.at("criterion"));
                }
                Ok(())
            })
            .asks(&[
                choice("grade", "隐患等级", "Grade", GRADES).must(),
                Field::new("criterion", "判定标准条款", "Criterion", Kind::Criterion)
                    .when("grade", &["major"])
                    .hint(
                        "可用判定助手逐项核对",
                        "The assistant asks what the criterion asks",
                    ),
                long("criterion_basis", "判定依据", "What it rests on")
                    .may_when("grade", &["major"]),
                note(),
            ]),
        Move::new("order", "下达整改", "Order to rectify")
            .from(&["graded"])
            .to("rectifying")
            .by(OVER)
            .paper("rectification-order")
            .asks(&[
                date("deadline", "整改期限", "Deadline").must(),
                long("demands", "整改要求", "What is demanded").must(),
            ]),
        Move::new("plan", "填报治理方案", "Plan (five in place)")
            .from(&["graded", "rectifying"])
            .by(OWN)
            .asks(PLAN),
        Move::new("progress", "报告进展", "Report progress")
            .from(&["graded", "rectifying"])
            .by(OWN)
            .asks(&[
                long("progress", "进展情况", "How far it is").must(),
                photos("progress_photos", "照片", "Photos"),
            ]),
        Move::new("ask-extension", "申请延期", "Ask for more time")
            .from(&["rectifying"])
            .by(OWN)
            .ready(|it| {
                if asked_extension(it) {
                    Err(REQUESTED)
                } else {
                    Ok(())
                }
            })
            .check(|it, values, context| {
                let due = deadline(it).ok_or(Refusal::NOT_NOW)?.due;
                if context.now > due {
                    return Err(TOO_LATE);
                }
                match values.moment("extend_to") {
                    Some(to) if to > due => Ok(()),
                    _ => Err(NOT_LATER.at("extend_to")),
                }
            })
            .settle(|_, values, _| {
                values.insert("extension_state".into(), Value::Text("asked".into()));
            })
            .asks(&[
                date("extend_to", "申请延至", "Until").must(),
                long("extend_reason", "延期理由", "Why").must(),
                files("extend_files", "证明材料", "Files"),
            ]),
        Move::new("decide-extension", "审批延期", "Decide the extension")
            .from(&["rectifying"])
            .by(OVER)
            .apart(&["ask-extension"])
            .ready(|it| {
                if asked_extension(it) {
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
                    values.insert("deadline".into(), Value::Text(to));
                }
            })
            .asks(&[
                choice("extension", "审批意见", "Decision", DECISION).must(),
                note(),
            ]),
        Move::new("fixed", "申请复查", "Rectified, ask for re-inspection")
            .from(&["graded", "rectifying"])
            .to("submitted")
            .by(OWN)
            .check(fixed)
            .asks(&[
                long("result", "整改完成情况", "What was done").must(),
                photos("before", "整改前照片", "Photos before"),
                photos("after", "整改后照片", "Photos after").must(),
                yuan("spent", "实际投入", "Spent"),
                files("proof", "评估报告及证明材料", "Assessment and proofs"),
            ]),
        Move::new("reinspect", "复查", "Re-inspect")
            .from(&["submitted"])
            .to_one(&["closed", "rectifying"], |_, values| {
                if values.text("reinspection") == "pass" {
                    "closed"
                } else {
                    "rectifying"
                }
            })
            .by(OVER)
            .apart(&["fixed", "plan"])
            .paper("reinspection-opinion")
            .check(|it, values, _| {
                let passes = values.text("reinspection") == "pass";
                if passes && it.values.yes("stopped") {
                    return Err(STOPPED);
                }
                Ok(())
            })
            .asks(&[
                choice("reinspection", "复查结论", "Result", RESULT).must(),
                long("reinspection_note", "复查意见", "Opinion").must(),
                photos("reinspection_photos", "复查照片", "Photos"),
                date("deadline", "重新整改期限", "New deadline").when("reinspection", &["fail"]),
            ]),
        Move::new(
            "report-regulator",
            "向监管部门报告",
            "Report to the regulator",
        )
        .from(&["graded", "rectifying", "submitted"])
        .by(OWN)
        .ready(major_only)
        .paper("major-hazard-report")
        .asks(&[
            long("hazard_state", "现状及产生原因", "State and cause").must(),
            long(
                "hazard_harm",
                "危害程度和整改难易程度",
                "Harm and difficulty",
            )
            .must(),
            Field::new("regulator", "接收部门", "Received by", Kind::Org(None)).must(),
            files("regulator_files", "报告附件", "Files"),
        ]),
        Move::new(
            "report-workers",
            "向职工（代表）大会报告",
            "Report to the workers' congress",
        )
        .from(&["graded", "rectifying", "submitted"])
        .by(OWN)
        .ready(major_only)
        .asks(&[
            date("workers_date", "报告日期", "Day").must(),
            text("workers_body", "会议名称", "Which meeting").must(),
            count("workers_people", "参会人数", "People", "人"),
            files(
                "workers_files",
                "会议材料或公示照片",
                "Minutes or photo of the notice",
            )
            .must(),
        ]),
        Move::new("list", "挂牌督办", "Put under listed supervision")
            .from(&["graded", "rectifying", "submitted"])
            .by(&[(Party::Handler, May::Escalate)])
            .ready(major_only)
            .follows(listed)
            .paper("listing-notice")
            .asks(&[
                choice("list_level", "督办级别", "Level", LEVELS).must(),
                date("list_deadline", "督办期限", "Deadline").must(),
                long("list_demands", "督办要求", "Demands").must(),
            ]),
        Move::new("stop", "责令停产停业", "Order to stop work")
            .from(&["found", "graded", "rectifying", "submitted"])
            .by(OVER)
            .grave()
            .paper("on-site-decision")
            .settle(|_, values, _| {
                values.insert("stopped".into(), Value::Flag(true));
            })
            .asks(&[
                choice("stop_scope", "范围", "What", STOP).must(),
                long("stop_reason", "事实和依据", "Facts and basis").must(),
            ]),
        Move::new("resume", "同意恢复生产", "Allow to resume")
            .from(&["found", "graded", "rectifying", "submitted"])
            .by(OVER)
            .ready(|it| {
                if it.values.yes("stopped") {
                    Ok(())
                } else {
                    Err(NOT_STOPPED)
                }
            })
            .settle(|_, values, _| {
                values.insert("stopped".into(), Value::Flag(false));
            })
            .asks(&[long("resume_opinion", "审查意见", "Opinion").must()]),
        Move::new("penalise", "记录处罚", "Record penalties")
            .from(&["graded", "rectifying", "submitted", "closed"])
            .by(OVER)
            .aside()
            .check(|it, values, _| {
                let has = |who: &str| {
                    values
                        .rows("penalties")
                        .iter()
                        .any(|row| row.text("who") == who)
                };
                if is_major(it) && !(has("unit") && has("person")) {
                    return Err(ONE_SIDED.at("penalties"));
                }
                Ok(())
            })
            .asks(&[Field::new(
                "penalties",
                "处罚决定",
                "Penalties",
                Kind::Rows(&[
                    choice("who", "处罚对象", "Whom", PUNISHED).must(),
                    text("name", "单位名称或岗位", "Unit or post")
                        .must()
                        .personal(),
                    text("basis", "法律依据", "Basis").must(),
                    text("decision", "决定书文号", "Decision no.").must(),
                    yuan("amount", "罚款金额", "Fine"),
                    text("other", "其他处罚", "Other"),
                ]),
            )
            .must()]),
        Move::new("refer", "移送司法或纪检", "Refer")
            .from(&["graded", "rectifying", "submitted", "closed"])
            .by(&[(Party::Handler, May::Escalate)])
            .aside()
            .grave()
            .follows(referred)
            .paper("referral-letter")
            .asks(&[text("receiver", "受移送机关", "To whom").must(), reason()]),
        Move::new("raise", "提请区级协调", "Take it to the district")
            .from(&["found", "graded", "rectifying"])
            .by(&[
                (Party::Handler, May::Supervise),
                (Party::Owner, May::Rectify),
            ])
            .aside()
            .follows(raised)
            .asks(&[reason()]),
        Move::new("hand-over", "转交办理", "Hand over")
            .from(&["found", "graded", "rectifying", "submitted"])
            .by(OVER)
            .aside()
            .asks(&[
                Field::new("to", "接办单位", "To", Kind::Org(Some(Party::Handler))).must(),
                reason(),
            ]),
        Move::new("dismiss", "核查不属实", "Not so")
            .from(&["found"])
            .to("dismissed")
            .by(OVER)
            .apart(&["open"])
            .aside()
            .grave()
            .asks(&[reason(), photos("dismiss_photos", "核查照片", "Photos")]),
        Move::new("send-back", "退回补充", "Withdraw the request")
            .from(&["submitted"])
            .to("rectifying")
            .by(OWN)
            .aside()
            .asks(&[reason()]),
    ],
    clocks: &[
        Clock::new("grade", "评估定级", "Grade", Party::Handler)
            .starts(&["open"])
            .meets(&["grade"]),
        Clock::new("order", "下达整改", "Order", Party::Handler)
            .starts(&["grade"])
            .only(|it| it.state == "graded")
            .meets(&["order"])
            .stops(&["fixed"]),
        Clock::new("rectify", "完成整改", "Rectify", Party::Owner)
            .starts(&["order", "decide-extension", "reinspect"])
            .only(|it| it.state == "rectifying")
            .due(Due::Field("deadline"))
            .meets(&["fixed"])
            .ladder(),
        Clock::new(
            "decide-extension",
            "审批延期",
            "Decide the extension",
            Party::Handler,
        )
        .starts(&["ask-extension"])
        .meets(&["decide-extension"])
        .stops(&["fixed"]),
        Clock::new("reinspect", "复查", "Re-inspect", Party::Handler)
            .starts(&["fixed"])
            .meets(&["reinspect"])
            .stops(&["send-back"]),
        Clock::new(
            "report-regulator",
            "双报告：报监管部门",
            "Report to the regulator",
            Party::Owner,
        )
        .starts(&["grade"])
        .only(|it| is_major(it) && !it.did.contains_key("report-regulator"))
        .meets(&["report-regulator"]),
        Clock::new(
            "report-workers",
            "双报告：报职工（代表）大会",
            "Report to the workers' congress",
            Party::Owner,
        )
        .starts(&["grade"])
        .only(|it| is_major(it) && !it.did.contains_key("report-workers"))
        .meets(&["report-workers"]),
    ],
};
