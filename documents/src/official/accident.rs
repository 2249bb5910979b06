//! Reports of accidents, incidents and disasters: 快报, 续报, 终报.
//!
//! Fields are those of 《生产安全事故报告和调查处理条例》(国务院令第493号) 第十二条 and of
//! 《生产安全事故信息报告和处置办法》(原安监总局令第21号). Grade, deadlines and their rules come from the
//! caller, who has the rule table; here they are printed. What is not known yet is 待核实, never 0.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY, UNKNOWN};
use super::sheet::Wording;
use super::{Head, Sheet, head_sheet};
use crate::PaperError;
use crate::paper::{Column, Form};
use crate::words;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// 生产安全事故.
    #[default]
    Accident,
    /// 险情: nobody hurt, or not yet.
    Incident,
    /// 灾情, of nature.
    Disaster,
}

/// Which version of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "stage", content = "number", rename_all = "kebab-case")]
pub enum Stage {
    /// 快报, 初报.
    #[default]
    First,
    /// 续报, counted from 1.
    FollowUp(u32),
    /// 终报; 核报 for a disaster.
    Final,
}

/// 事故发生单位概况.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UnitProfile {
    /// Name, in full.
    pub name: String,
    /// 统一社会信用代码.
    pub code: String,
    /// Address.
    pub address: String,
    /// 所有制性质, such as 国有企业.
    pub ownership: String,
    /// What it makes.
    pub business: String,
    /// 生产规模, 生产能力.
    pub capacity: String,
    /// 证照持有情况.
    pub certificates: String,
}

/// People. None is not known, and is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Casualties {
    /// 死亡.
    pub deaths: Option<u32>,
    /// 失踪 or 失联.
    pub missing: Option<u32>,
    /// 被困.
    pub trapped: Option<u32>,
    /// 重伤, with acute poisoning.
    pub serious: Option<u32>,
    /// 轻伤.
    pub slight: Option<u32>,
    /// 涉险.
    pub at_risk: Option<u32>,
    /// 紧急疏散、转移.
    pub evacuated: Option<u32>,
}

/// 事故等级 and the test that decided it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GradeFound {
    /// Such as 较大事故.
    pub grade: String,
    /// The test in words, such as 死亡3人（3人以上10人以下）.
    pub test: String,
    /// The rule, such as 《生产安全事故报告和调查处理条例》第三条.
    pub rule: String,
}

/// A fact that reads otherwise than in the version before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Name of the fact.
    pub field: String,
    /// What the version before said; blank when it said nothing.
    pub before: String,
    /// What is said now; blank when it is open again.
    pub now: String,
    /// Why, when somebody said so.
    pub reason: String,
}

/// Who was told, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Who was to be told.
    pub receiver: String,
    /// Who told.
    pub by: String,
    /// How, such as 电话 or 书面.
    pub means: String,
    /// By when.
    pub due: Option<DateTime>,
    /// When it was received; none when it was not.
    pub received: Option<DateTime>,
    /// The rule that sets the limit.
    pub rule: String,
}

/// A figure of a disaster, such as 紧急转移安置人口 120人.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Indicator {
    /// Its name.
    pub name: String,
    /// The figure with its unit; blank when not known.
    pub value: String,
}

/// A report of an accident, incident or disaster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventReport {
    /// What happened.
    #[serde(default)]
    pub event: Event,
    /// Which version.
    #[serde(default)]
    pub stage: Stage,
    /// The hour up to which the facts are counted, in local time.
    pub as_of: DateTime,
    /// A short name, such as 某公司“3·5”火灾事故.
    #[serde(default)]
    pub name: String,
    /// Kind, such as 火灾.
    #[serde(default)]
    pub kind: String,
    /// Trade, such as 危险化学品.
    #[serde(default)]
    pub sector: String,
    /// When it happened.
    #[serde(default)]
    pub occurred_at: Option<DateTime>,
    /// When the head of the unit came to know.
    #[serde(default)]
    pub learned_at: Option<DateTime>,
    /// Where.
    #[serde(default)]
    pub place: String,
    /// 事故现场情况.
    #[serde(default)]
    pub scene: String,
    /// The unit.
    #[serde(default)]
    pub unit: UnitProfile,
    /// 简要经过.
    #[serde(default)]
    pub course: String,
    /// 初步原因.
    #[serde(default)]
    pub cause: String,
    /// People.
    #[serde(default)]
    pub casualties: Casualties,
    /// 初步估计的直接经济损失, in yuan.
    #[serde(default)]
    pub loss: Option<u64>,
    /// 已经采取的措施.
    #[serde(default)]
    pub measures: Vec<String>,
    /// 其他应当报告的情况.
    #[serde(default)]
    pub other: Vec<String>,
    /// 报告人.
    #[serde(default)]
    pub reporter: String,
    /// How to reach the one who reports.
    #[serde(default)]
    pub reporter_phone: String,
    /// 负有监督管理职责的部门.
    #[serde(default)]
    pub supervisor: String,
    /// The grade; none while it is open.
    #[serde(default)]
    pub grade: Option<GradeFound>,
    /// Figures of a disaster.
    #[serde(default)]
    pub indicators: Vec<Indicator>,
    /// The version before, such as 2025年3月5日10时快报.
    #[serde(default)]
    pub previous: String,
    /// What reads otherwise than in the version before.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Who was told, and when.
    #[serde(default)]
    pub told: Vec<Told>,
    /// For the last report: how it ended.
    #[serde(default)]
    pub conclusion: String,
}

impl EventReport {
    /// A report in which nothing is known but the hour.
    pub fn unknown(event: Event, stage: Stage, as_of: DateTime) -> Self {
        Self {
            event,
            stage,
            as_of,
            name: String::new(),
            kind: String::new(),
            sector: String::new(),
            occurred_at: None,
            learned_at: None,
            place: String::new(),
            scene: String::new(),
            unit: UnitProfile::default(),
            course: String::new(),
            cause: String::new(),
            casualties: Casualties::default(),
            loss: None,
            measures: Vec::new(),
            other: Vec::new(),
            reporter: String::new(),
            reporter_phone: String::new(),
            supervisor: String::new(),
            grade: None,
            indicators: Vec::new(),
            previous: String::new(),
            changes: Vec::new(),
            told: Vec::new(),
            conclusion: String::new(),
        }
    }

    /// Such as 生产安全事故快报, 险情报告（续报第2期）, 灾情报告（核报）.
    pub fn title(&self) -> String {
        match (self.event, self.stage) {
            (Event::Accident, Stage::First) => "生产安全事故快报".to_owned(),
            (Event::Accident, Stage::FollowUp(n)) => format!("生产安全事故续报（第{n}期）"),
            (Event::Accident, Stage::Final) => "生产安全事故终报".to_owned(),
            (Event::Incident, stage) => format!("险情报告（{}）", Self::phase(stage, "终报")),
            (Event::Disaster, stage) => format!("灾情报告（{}）", Self::phase(stage, "核报")),
        }
    }

    fn phase(stage: Stage, last: &str) -> String {
        match stage {
            Stage::First => "初报".to_owned(),
            Stage::FollowUp(n) => format!("续报第{n}期"),
            Stage::Final => last.to_owned(),
        }
    }

    fn noun(&self) -> &'static str {
        match self.event {
            Event::Accident => "事故",
            Event::Incident => "险情",
            Event::Disaster => "灾情",
        }
    }
}

/// Words a report.
///
/// # Errors
/// None of its own; a report may be made of nothing but the hour.
pub(super) fn report(head: &Head, report: &EventReport) -> Result<Sheet, PaperError> {
    let noun = report.noun();
    let mut w = Wording::default();
    w.text(opening(report));
    w.section(&format!("{noun}基本情况"));
    w.fields(basics(head, report));
    if report.event != Event::Disaster || !known::blank(&report.unit.name) {
        w.section(&format!("{noun}发生单位概况"));
        w.fields(profile(&report.unit));
    }
    w.section(&format!("{noun}简要经过"));
    w.text(known::sentence(&known::verified(&report.course)));
    if report.event != Event::Disaster {
        w.text(format!(
            "初步原因：{}",
            known::sentence(&known::verified(&report.cause))
        ));
    }
    w.section(if report.event == Event::Disaster {
        "人员伤亡和灾害损失情况"
    } else {
        "人员伤亡和直接经济损失情况"
    });
    w.fields(people(report));
    if !report.indicators.is_empty() {
        w.table(
            "灾情指标",
            &[Column::left("指标", 50), Column::new("数值", 44)],
            report
                .indicators
                .iter()
                .map(|i| vec![known::told(&i.name), known::verified(&i.value)])
                .collect(),
        );
    }
    if report.event != Event::Disaster {
        w.section(&format!("{noun}等级初步判定"));
        w.text(grade(report));
    }
    w.section("已经采取的措施");
    w.items(&report.measures, "待核实。");
    w.section("其他应当报告的情况");
    w.items(&report.other, "暂无。");
    if report.stage != Stage::First {
        w.section("与上一次报告的变化");
        changes(&mut w, report);
    }
    w.section("信息报送情况");
    told(&mut w, report);
    if report.stage == Stage::Final {
        w.section(if report.event == Event::Disaster {
            "核定情况"
        } else {
            "处置结果"
        });
        w.text(known::sentence(&known::verified(&report.conclusion)));
        w.text("特此报告。");
    } else {
        w.text("后续情况将及时续报。");
    }
    w.sign();
    Ok(head_sheet(head, Form::Plain, report.title(), w))
}

/// One sentence with what a reader on the phone must hear: when, where, who, what, how many.
fn opening(report: &EventReport) -> String {
    let c = &report.casualties;
    let mut open = Vec::new();
    let mut or_open = |text: &str, name: &'static str| {
        if known::blank(text) {
            open.push(name);
        }
        text.trim().to_owned()
    };
    let when = or_open(&known::moment(report.occurred_at, ""), "时间");
    let place = or_open(&report.place, "地点");
    let who = or_open(&report.unit.name, "单位");
    let kind = or_open(&report.kind, "类型");
    // 火灾事故 and not 火灾事故事故.
    let what = if kind.ends_with(report.noun()) {
        kind
    } else {
        format!("{kind}{}", report.noun())
    };
    // Nature has no unit.
    open.retain(|name| *name != "单位" || report.event != Event::Disaster);
    let open = if open.is_empty() {
        String::new()
    } else {
        format!("（{}{TO_VERIFY}）", open.join("、"))
    };
    let lead: Vec<String> = [when, place, who]
        .into_iter()
        .filter(|part| !known::blank(part))
        .collect();
    let mut known_of = vec![("死亡", c.deaths), ("失联", c.missing), ("被困", c.trapped)];
    if c.serious.is_none() && c.slight.is_none() {
        known_of.push(("受伤", None));
    } else {
        known_of.extend([("重伤", c.serious), ("轻伤", c.slight)]);
    }
    let counts: Vec<String> = known_of
        .iter()
        .map(|(word, count)| match count {
            Some(n) => format!("{word}{n}人"),
            None => format!("{word}人数{TO_VERIFY}"),
        })
        .collect();
    format!(
        "{}发生一起{what}{open}。截至{}，{}。现将有关情况报告如下：",
        lead.join("，"),
        words::moment(report.as_of),
        counts.join("，")
    )
}

fn basics(head: &Head, report: &EventReport) -> Vec<(String, String)> {
    let noun = report.noun();
    let mut out = vec![
        (format!("{noun}名称"), known::verified(&report.name)),
        (
            "发生时间".to_owned(),
            known::moment(report.occurred_at, TO_VERIFY),
        ),
        ("发生地点".to_owned(), known::verified(&report.place)),
        ("现场情况".to_owned(), known::verified(&report.scene)),
        (format!("{noun}类型"), known::verified(&report.kind)),
        ("行业领域".to_owned(), known::verified(&report.sector)),
    ];
    if report.event != Event::Disaster {
        out.push((
            "单位负责人接报".to_owned(),
            known::moment(report.learned_at, TO_VERIFY),
        ));
    }
    out.extend([
        (
            "监督管理部门".to_owned(),
            known::verified(&report.supervisor),
        ),
        ("报告单位".to_owned(), head.office.trim().to_owned()),
        ("报告人".to_owned(), known::told(&report.reporter)),
        ("联系电话".to_owned(), known::told(&report.reporter_phone)),
    ]);
    out
}

fn profile(unit: &UnitProfile) -> Vec<(&'static str, String)> {
    vec![
        ("单位名称", known::verified(&unit.name)),
        ("信用代码", known::told(&unit.code)),
        ("单位地址", known::told(&unit.address)),
        ("所有制性质", known::told(&unit.ownership)),
        ("主营业务", known::told(&unit.business)),
        ("生产规模", known::told(&unit.capacity)),
        ("证照情况", known::verified(&unit.certificates)),
    ]
}

fn people(report: &EventReport) -> Vec<(&'static str, String)> {
    let c = &report.casualties;
    let mut out = vec![
        ("死亡", known::people(c.deaths)),
        ("失踪（失联）", known::people(c.missing)),
        ("被困", known::people(c.trapped)),
        ("涉险", known::people(c.at_risk)),
        ("重伤", known::people(c.serious)),
        ("轻伤", known::people(c.slight)),
        ("疏散转移", known::people(c.evacuated)),
    ];
    out.push((
        if report.stage == Stage::Final {
            "直接经济损失"
        } else {
            "损失初步估计"
        },
        known::loss(report.loss),
    ));
    out
}

fn grade(report: &EventReport) -> String {
    let Some(found) = report.grade.as_ref().filter(|g| !known::blank(&g.grade)) else {
        return format!("等级{TO_VERIFY}。伤亡和损失情况核实后判定。");
    };
    let rule = if known::blank(&found.rule) {
        String::new()
    } else {
        format!("依据{}，", known::law(known::clause(&found.rule)))
    };
    let test = if known::blank(&found.test) {
        String::new()
    } else {
        format!("判定指标：{}。", known::clause(&found.test))
    };
    format!(
        "{rule}按目前掌握的情况，初步判定为{}。{test}伤亡和损失情况发生变化的，等级随之重新判定。",
        known::clause(&found.grade)
    )
}

fn changes(w: &mut Wording, report: &EventReport) {
    let before = known::or(&report.previous, "上一次报告");
    if report.changes.is_empty() {
        w.text(format!("与{before}相比，报告内容无变化。"));
        return;
    }
    w.text(format!(
        "与{before}相比，有{}项内容发生变化，见下表。",
        report.changes.len()
    ));
    w.table(
        "",
        &[
            Column::new("项目", 18),
            Column::left("上次报告", 26),
            Column::left("本次报告", 26),
            Column::left("变化原因", 24),
        ],
        report
            .changes
            .iter()
            .map(|c| {
                vec![
                    known::told(&c.field),
                    known::verified(&c.before),
                    known::verified(&c.now),
                    known::or(&c.reason, "未说明"),
                ]
            })
            .collect(),
    );
}

fn told(w: &mut Wording, report: &EventReport) {
    if report.told.is_empty() {
        w.text(format!("报送对象和时间{TO_VERIFY}。"));
        return;
    }
    w.table(
        "",
        &[
            Column::left("接收单位", 20),
            Column::left("报送单位（方式）", 18),
            Column::left("报送时限", 16),
            Column::left("接收时间", 16),
            Column::left("是否按时", 12),
            Column::left("时限依据", 20),
        ],
        report
            .told
            .iter()
            .map(|t| {
                let by = known::told(&t.by);
                vec![
                    known::told(&t.receiver),
                    if known::blank(&t.means) {
                        by
                    } else {
                        format!("{by}（{}）", t.means.trim())
                    },
                    known::moment(t.due, "未设"),
                    known::moment(t.received, "未见接收记录"),
                    known::timeliness(t.due, t.received, report.as_of),
                    known::or(&t.rule, UNKNOWN),
                ]
            })
            .collect(),
    );
}
