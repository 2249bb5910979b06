//! Official papers of the closed loops: accident reports, enforcement orders, supervision, warning
//! education, trace-back.
//!
//! The cast: [`Head`] is what every paper has (office, number, day, receivers); [`Official`] is what one
//! kind says; [`official_sheet`] words both into a [`Sheet`] that a person may edit; [`sheet_docx`] prints
//! it, [`official_docx`] does both. Facts come from the caller. A blank one is printed as 待核实 or 不详,
//! and what a paper cannot do without is refused with its name. Rules, limits and grades come from the
//! caller too, with the words to print: nothing here knows a deadline.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod accident;
pub mod expose;
pub mod hazard;
mod known;
pub mod order;
pub mod patrol;
pub mod referral;
pub mod sheet;
pub mod supervise;
pub mod trace;
pub mod warning;

pub use accident::EventReport;
pub use expose::Exposure;
pub use hazard::{Delisting, Listing, MajorHazard};
pub use known::{TO_VERIFY, UNKNOWN};
pub use order::{OnSiteMeasures, Rectification, Reinspection};
pub use patrol::{PatrolFeedback, PatrolNotice};
pub use referral::Referral;
pub use sheet::{Receipt, Sheet, SheetBlock, sheet_docx};
pub use supervise::{Circular, InterviewNotice, InterviewRecord, Problem};
pub use trace::TraceBack;
pub use warning::{FilmList, WarningMeeting};

use crate::PaperError;
use crate::paper::Form;
use sheet::Wording;

/// What every official paper has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Who issues it, in full.
    pub office: String,
    /// The same in short, such as 区应急局; the full name when blank.
    #[serde(default)]
    pub office_short: String,
    /// 发文字号 or 文书编号, with its brackets.
    #[serde(default)]
    pub number: Option<String>,
    /// 成文日期.
    pub date: Date,
    /// 主送; where blank, the unit that the paper is about.
    #[serde(default)]
    pub to: Vec<String>,
    /// 抄送.
    #[serde(default)]
    pub copies_to: Vec<String>,
    /// 附注, such as 联系电话：0356-0000000.
    #[serde(default)]
    pub contact: Option<String>,
    /// Print the red head, for the kinds that have one.
    #[serde(default)]
    pub red_header: bool,
    /// Title, when it is not the usual one.
    #[serde(default)]
    pub title: Option<String>,
}

impl Head {
    fn short(&self) -> &str {
        if known::blank(&self.office_short) {
            self.office.trim()
        } else {
            self.office_short.trim()
        }
    }
}

/// One kind of paper with what it says. As JSON: `{"paper": "event-report", "facts": {…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paper", content = "facts", rename_all = "kebab-case")]
pub enum Official {
    /// 生产安全事故快报、续报、终报；险情报告；灾情报告.
    EventReport(Box<EventReport>),
    /// 责令限期整改指令书.
    Rectification(Rectification),
    /// 整改复查意见书.
    Reinspection(Reinspection),
    /// 现场处理措施决定书.
    OnSiteMeasures(OnSiteMeasures),
    /// 重大事故隐患报告.
    MajorHazard(Box<MajorHazard>),
    /// 通报.
    Circular(Circular),
    /// 约谈通知书.
    InterviewNotice(InterviewNotice),
    /// 约谈纪要.
    InterviewRecord(InterviewRecord),
    /// 重大事故隐患挂牌督办通知书.
    Listing(Listing),
    /// 摘牌（销号）通知.
    Delisting(Delisting),
    /// 专项巡查通知.
    PatrolNotice(PatrolNotice),
    /// 巡查反馈意见.
    PatrolFeedback(PatrolFeedback),
    /// 曝光通报.
    Exposure(Exposure),
    /// 案件移送书.
    Referral(Referral),
    /// 现场警示会通知.
    WarningMeeting(WarningMeeting),
    /// 警示教育片发放签收和观看情况表.
    FilmList(FilmList),
    /// 责任倒查报告.
    TraceBack(TraceBack),
}

impl Official {
    /// What the trade calls this kind of paper.
    pub fn name(&self) -> &'static str {
        match self {
            Self::EventReport(report) => match report.event {
                accident::Event::Accident => "生产安全事故报告",
                accident::Event::Incident => "险情报告",
                accident::Event::Disaster => "灾情报告",
            },
            Self::Rectification(_) => "责令限期整改指令书",
            Self::Reinspection(_) => "整改复查意见书",
            Self::OnSiteMeasures(_) => "现场处理措施决定书",
            Self::MajorHazard(_) => "重大事故隐患报告",
            Self::Circular(_) => "通报",
            Self::InterviewNotice(_) => "约谈通知书",
            Self::InterviewRecord(_) => "约谈纪要",
            Self::Listing(_) => "重大事故隐患挂牌督办通知书",
            Self::Delisting(_) => "摘牌（销号）通知",
            Self::PatrolNotice(_) => "专项巡查通知",
            Self::PatrolFeedback(_) => "巡查反馈意见",
            Self::Exposure(_) => "曝光通报",
            Self::Referral(_) => "案件移送书",
            Self::WarningMeeting(_) => "现场警示会通知",
            Self::FilmList(_) => "警示教育片发放签收和观看情况表",
            Self::TraceBack(_) => "责任倒查报告",
        }
    }
}

/// Words a paper, for editing before it is printed.
///
/// # Errors
/// [`PaperError::Missing`] for what this kind of paper cannot do without.
pub fn official_sheet(head: &Head, paper: &Official) -> Result<Sheet, PaperError> {
    match paper {
        Official::EventReport(p) => accident::report(head, p),
        Official::Rectification(p) => order::rectification(head, p),
        Official::Reinspection(p) => order::reinspection(head, p),
        Official::OnSiteMeasures(p) => order::on_site(head, p),
        Official::MajorHazard(p) => hazard::report(head, p),
        Official::Circular(p) => supervise::circular(head, p),
        Official::InterviewNotice(p) => supervise::interview_notice(head, p),
        Official::InterviewRecord(p) => supervise::interview_record(head, p),
        Official::Listing(p) => hazard::listing(head, p),
        Official::Delisting(p) => hazard::delisting(head, p),
        Official::PatrolNotice(p) => patrol::notice(head, p),
        Official::PatrolFeedback(p) => patrol::feedback(head, p),
        Official::Exposure(p) => expose::exposure(head, p),
        Official::Referral(p) => referral::referral(head, p),
        Official::WarningMeeting(p) => warning::meeting(head, p),
        Official::FilmList(p) => warning::film_list(head, p),
        Official::TraceBack(p) => trace::trace_back(head, p),
    }
}

/// Words and prints a paper as `.docx`. The same facts give the same bytes.
///
/// # Errors
/// [`PaperError::Missing`] for what this kind of paper cannot do without, [`PaperError::TooLarge`] for
/// more than a paper holds.
pub fn official_docx(head: &Head, paper: &Official) -> Result<Vec<u8>, PaperError> {
    sheet_docx(&official_sheet(head, paper)?)
}

/// The sheet of a worded paper. `form` is what the kind has when a red head is asked for; papers of an
/// enforcement file are such with or without.
fn head_sheet(head: &Head, form: Form, title: String, wording: Wording) -> Sheet {
    let form = if head.red_header || form == Form::Docket {
        form
    } else {
        Form::Plain
    };
    let title = head
        .title
        .clone()
        .filter(|t| !known::blank(t))
        .unwrap_or(title);
    Sheet {
        form,
        office: head.office.clone(),
        title,
        number: head.number.clone(),
        date: head.date,
        to: head.to.clone(),
        blocks: wording.done(),
        copies_to: head.copies_to.clone(),
        contact: head.contact.clone(),
    }
}

/// [`head_sheet`] to the unit that the paper is about, unless the head names receivers.
fn sheet_to(head: &Head, unit: &str, form: Form, title: String, wording: Wording) -> Sheet {
    let mut sheet = head_sheet(head, form, title, wording);
    if known::several(&sheet.to).is_empty() {
        sheet.to = vec![unit.to_owned()];
    }
    sheet
}

/// What a paper cannot do without.
fn needed<'a>(field: &'static str, value: &'a str) -> Result<&'a str, PaperError> {
    if known::blank(value) {
        Err(PaperError::Missing { field })
    } else {
        Ok(value.trim())
    }
}
