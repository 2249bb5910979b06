//! Major hazards: 重大事故隐患报告, 挂牌督办通知书, 摘牌（销号）通知.
//!
//! The report has what 《安全生产事故隐患排查治理暂行规定》(原安监总局令第16号) asks for: status and cause, harm and
//! difficulty, plan; the plan is the 五落实. Both receivers of the 双报告 (安全生产法第四十一条) are named with
//! the day, or said to be open.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY, UNKNOWN};
use super::sheet::Wording;
use super::{Head, Sheet, head_sheet, needed, sheet_to};
use crate::PaperError;
use crate::paper::{Column, Form};
use crate::words;

/// The item of a 判定标准 that makes a hazard a major one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Criterion {
    /// Title of the document.
    pub document: String,
    /// Its number, such as 应急管理部令第10号.
    pub number: String,
    /// Article and item.
    pub item: String,
    /// What it says, in short.
    pub text: String,
}

impl Criterion {
    fn words(&self) -> String {
        let number = known::bracketed(&self.number);
        let text = if known::blank(&self.text) {
            String::new()
        } else {
            format!("：{}", known::clause(&self.text))
        };
        if known::blank(&self.document) && number.is_empty() {
            return TO_VERIFY.to_owned();
        }
        format!(
            "{}{number}{}{text}",
            known::law(&self.document),
            self.item.trim()
        )
    }
}

/// A hazard as papers name it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HazardFacts {
    /// Number of the loop or of the register.
    pub number: String,
    /// Short name.
    pub name: String,
    /// The unit that has it.
    pub unit: String,
    /// Where.
    pub place: String,
    /// Trade.
    pub sector: String,
    /// When it was found.
    pub found_on: Option<Date>,
    /// How, such as 企业自查 or 执法检查.
    pub found_by: String,
    /// What is seen.
    pub description: String,
    /// What makes it a major one.
    pub criterion: Criterion,
}

impl HazardFacts {
    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("隐患编号", known::told(&self.number)),
            ("行业领域", known::verified(&self.sector)),
            ("隐患单位", known::verified(&self.unit)),
            ("隐患名称", known::verified(&self.name)),
            ("隐患部位", known::verified(&self.place)),
            ("发现时间", known::day(self.found_on, TO_VERIFY)),
            ("发现方式", known::told(&self.found_by)),
            ("隐患情况", known::verified(&self.description)),
            ("判定依据", self.criterion.words()),
        ]
    }

    /// The name, or what can stand for it in a title.
    fn title_name(&self) -> String {
        known::or(&self.name, "有关")
    }
}

/// 五落实.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// Goal and tasks.
    pub goal: String,
    /// 责任落实: body and people.
    pub responsible: String,
    /// 措施落实: method.
    pub measures: String,
    /// 资金落实: funds and materials.
    pub funds: String,
    /// 时限落实.
    pub due: Option<Date>,
    /// 预案落实: safety measures and plan for emergencies.
    pub emergency: String,
}

/// 重大事故隐患报告, by the unit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MajorHazard {
    /// The hazard.
    pub hazard: HazardFacts,
    /// Why it came about.
    pub cause: String,
    /// 危害程度.
    pub harm: String,
    /// 整改难易程度.
    pub difficulty: String,
    /// What holds until it is put right.
    pub interim: Vec<String>,
    /// 五落实.
    pub plan: Plan,
    /// The 监管部门 that is told.
    pub regulator: String,
    /// When it was told; none when this report tells it.
    pub regulator_told_on: Option<Date>,
    /// When the 职工大会 or 职代会 was told.
    pub congress_told_on: Option<Date>,
    /// Who answers for the report.
    pub head_of_unit: String,
}

/// 重大事故隐患挂牌督办通知书.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Listing {
    /// The hazard.
    pub hazard: HazardFacts,
    /// Level, such as 区级.
    pub level: String,
    /// Number on the list.
    pub list_number: String,
    /// 督办单位.
    pub supervisor: String,
    /// 行业主管部门 that leads.
    pub lead: String,
    /// 属地.
    pub town: String,
    /// Why it is listed, such as the rule.
    pub basis: String,
    /// By when it is put right. Cannot be absent.
    pub due: Option<Date>,
    /// How often progress is reported, such as 每周.
    pub report_every: String,
    /// Where it is made public.
    pub published_at: String,
    /// More demands.
    pub demands: Vec<String>,
}

/// 摘牌（销号）通知.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Delisting {
    /// The hazard.
    pub hazard: HazardFacts,
    /// Number of the 挂牌督办通知书.
    pub listing_number: String,
    /// Its day.
    pub listed_on: Option<Date>,
    /// When the unit asked.
    pub applied_on: Option<Date>,
    /// When it was reviewed.
    pub reviewed_on: Option<Date>,
    /// Who reviewed it.
    pub reviewers: Vec<String>,
    /// What was found.
    pub findings: Vec<String>,
    /// What is demanded from now on.
    pub demands: Vec<String>,
}

/// Words the report.
///
/// # Errors
/// No unit.
pub(super) fn report(head: &Head, paper: &MajorHazard) -> Result<Sheet, PaperError> {
    let h = &paper.hazard;
    needed("hazard.unit", &h.unit)?;
    let mut w = Wording::default();
    w.text(format!(
        "按照安全生产法律法规关于重大事故隐患报告的规定，现将我单位{}重大事故隐患有关情况报告如下：",
        known::or(&h.name, "排查发现的")
    ));
    w.section("隐患现状及产生原因");
    w.fields(h.fields());
    w.text(format!(
        "产生原因：{}",
        known::sentence(&known::verified(&paper.cause))
    ));
    w.section("隐患危害程度和整改难易程度");
    w.text(format!(
        "危害程度：{}",
        known::sentence(&known::verified(&paper.harm))
    ));
    w.text(format!(
        "整改难易程度：{}",
        known::sentence(&known::verified(&paper.difficulty))
    ));
    w.section("隐患治理方案");
    w.text(format!(
        "治理目标和任务：{}",
        known::sentence(&known::verified(&paper.plan.goal))
    ));
    let plan = &paper.plan;
    w.plain_table(
        "治理方案“五落实”",
        vec![Column::new("项目", 18), Column::left("内容", 82)],
        [
            ("责任落实", known::or(&plan.responsible, "未明确")),
            ("措施落实", known::or(&plan.measures, "未明确")),
            ("资金落实", known::or(&plan.funds, "未明确")),
            ("时限落实", known::day(plan.due, "未明确")),
            ("预案落实", known::or(&plan.emergency, "未明确")),
        ]
        .into_iter()
        .map(|(label, value)| vec![label.to_owned(), value])
        .collect(),
    );
    w.section("整改期间的安全防范措施");
    w.items(&paper.interim, &format!("{TO_VERIFY}。"));
    w.section("报告情况");
    let regulator = known::or(&paper.regulator, "负有安全生产监督管理职责的部门");
    w.text(match paper.regulator_told_on {
        Some(day) => format!("1.已于{}向{regulator}报告。", words::date(day)),
        None => format!("1.现以本报告向{regulator}报告。"),
    });
    w.text(match paper.congress_told_on {
        Some(day) => format!("2.已于{}向职工大会或者职工代表大会报告。", words::date(day)),
        None => format!("2.向职工大会或者职工代表大会报告的时间{TO_VERIFY}。"),
    });
    w.text("特此报告。");
    // The name is printed, the signature is left to the hand.
    let label = format!("主要负责人{}（签名）", paper.head_of_unit.trim());
    w.sign_lines(&[&[&label, "日期"]]);
    w.sign();
    Ok(sheet_to(
        head,
        &regulator,
        Form::Red,
        "重大事故隐患报告".to_owned(),
        w,
    ))
}

/// Words the notice.
///
/// # Errors
/// No unit, or no deadline: what is listed has one.
pub(super) fn listing(head: &Head, paper: &Listing) -> Result<Sheet, PaperError> {
    let unit = needed("hazard.unit", &paper.hazard.unit)?;
    let due = paper.due.ok_or(PaperError::Missing { field: "due" })?;
    let office = head.short();
    let mut w = Wording::default();
    let basis = if known::blank(&paper.basis) {
        "按照重大事故隐患治理挂牌督办的有关规定".to_owned()
    } else {
        format!("依据{}", known::law(known::clause(&paper.basis)))
    };
    w.text(format!(
        "你单位存在重大事故隐患。{basis}，经研究，决定实行{}挂牌督办。现将有关事项通知如下：",
        paper.level.trim()
    ));
    w.section("督办事项");
    let mut fields = paper.hazard.fields();
    fields.extend([
        ("督办编号", known::told(&paper.list_number)),
        ("督办级别", known::verified(&paper.level)),
        ("督办单位", known::or(&paper.supervisor, office)),
        ("牵头部门", known::verified(&paper.lead)),
        ("属地责任", known::verified(&paper.town)),
        ("治理期限", words::date(due)),
    ]);
    w.fields(fields);
    w.section("治理要求");
    w.text("（一）落实治理责任。你单位主要负责人是隐患治理第一责任人，要立即组织制定并实施治理方案，做到责任、措施、资金、时限和预案“五落实”。");
    w.text("（二）保证治理期间安全。隐患排除前或者排除过程中无法保证安全的，应当从危险区域撤出作业人员，疏散可能危及的其他人员，设置警戒标志，暂时停产停业或者停止使用。");
    let every = known::or(&paper.report_every, "定期");
    w.text(format!(
        "（三）按时办结。上述隐患须于{}前治理完毕，治理进展情况{every}报送{office}。确因客观原因不能按期完成的，应当在期限届满前书面申请延期。",
        words::date(due)
    ));
    if !known::several(&paper.demands).is_empty() {
        w.text("（四）其他要求");
        w.items(&paper.demands, "");
    }
    w.section("督办职责");
    w.text(format!(
        "{}负责跟踪督促和业务指导，{}负责属地监管，发现治理不力、弄虚作假的，及时报告{office}。",
        known::or(&paper.lead, "行业主管部门"),
        known::or(&paper.town, "属地镇（街道）")
    ));
    w.section("公示与摘牌");
    let published = if known::blank(&paper.published_at) {
        "本督办事项依法向社会公示，接受监督。".to_owned()
    } else {
        format!(
            "本督办事项在{}公示，接受社会监督。",
            paper.published_at.trim()
        )
    };
    w.text(format!(
        "{published}治理完成后，由你单位组织评估验收，向{office}书面申请摘牌，并附治理情况报告和佐证材料。经审查核实符合要求的，予以摘牌销号；不符合要求的，继续挂牌督办并依法处理。"
    ));
    w.text("特此通知。");
    w.sign();
    Ok(sheet_to(
        head,
        unit,
        Form::Red,
        "重大事故隐患挂牌督办通知书".to_owned(),
        w,
    ))
}

/// Words the notice.
///
/// # Errors
/// No unit.
pub(super) fn delisting(head: &Head, paper: &Delisting) -> Result<Sheet, PaperError> {
    let unit = needed("hazard.unit", &paper.hazard.unit)?;
    let office = head.short();
    let mut w = Wording::default();
    let listing = format!("挂牌督办通知书{}", known::bracketed(&paper.listing_number));
    let listed = paper
        .listed_on
        .map_or_else(String::new, |day| format!("{}，", words::date(day)));
    let applied = paper
        .applied_on
        .map_or_else(String::new, |day| format!("于{}", words::date(day)));
    w.text(format!(
        "{listed}{office}以{listing}对你单位重大事故隐患实行挂牌督办。你单位治理完成后{applied}提出摘牌申请。{office}组织进行了审查核实，现将有关事项通知如下："
    ));
    w.section("督办事项");
    w.fields(paper.hazard.fields());
    w.section("审查核实情况");
    w.fields([
        ("核实时间", known::day(paper.reviewed_on, TO_VERIFY)),
        ("核实人员", known::names(&paper.reviewers, UNKNOWN)),
    ]);
    w.items(&paper.findings, &format!("核实所见{TO_VERIFY}。"));
    w.section("审查意见");
    w.text("经审查，该重大事故隐患已治理完毕，符合摘牌条件，同意摘牌，予以销号。");
    w.section("有关要求");
    w.items(
        &paper.demands,
        "你单位要巩固治理成果，举一反三开展自查，健全隐患排查治理长效机制，防止同类隐患再次发生。",
    );
    w.text("特此通知。");
    w.sign();
    let title = format!(
        "关于对{}重大事故隐患予以摘牌（销号）的通知",
        known::clause(&paper.hazard.title_name())
    );
    let mut sheet = head_sheet(head, Form::Red, title, w);
    if known::several(&sheet.to).is_empty() {
        sheet.to = vec![unit.to_owned()];
    }
    Ok(sheet)
}
