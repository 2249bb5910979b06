//! Letters to one unit, the rungs of the ladder: 提醒函, 通报, 约谈通知, 挂牌督办通知书.
//!
//! [`default_blocks`] words a letter; the page shows the blocks for editing and hands them back in
//! [`Letter::blocks`]; [`letter_docx`] prints them.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::PaperError;
use crate::bulletin::{article_name, short_name};
use crate::paper::{Column, Form, Paper, PaperTable};
use crate::words;

/// The rungs of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterKind {
    /// 提醒函.
    Reminder,
    /// 通报.
    Circular,
    /// 约谈通知.
    Interview,
    /// 挂牌督办通知书.
    Supervision,
}

impl LetterKind {
    /// What the trade calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reminder => "提醒函",
            Self::Circular => "通报",
            Self::Interview => "约谈通知",
            Self::Supervision => "挂牌督办通知书",
        }
    }
}

/// A duty that the letter is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterDuty {
    /// Number of the article it comes from.
    pub article: u32,
    /// What is owed, shortly.
    pub title: String,
    /// The words of the notice.
    #[serde(default)]
    pub quote: String,
    /// Its deadline, when it has one.
    #[serde(default)]
    pub due: Option<Date>,
    /// Days past the deadline; 0 when not late.
    #[serde(default)]
    pub days_late: u32,
}

/// A piece of the text that a person may edit, move or strike out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "kebab-case")]
pub enum Block {
    /// A heading of the first level, with its number.
    Heading(String),
    /// One or more paragraphs.
    Paragraph(String),
    /// The table of the duties stands here.
    Duties,
}

/// A letter to one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Which rung.
    pub kind: LetterKind,
    /// The unit, in full.
    pub to: String,
    /// Title of the notice, with or without 《》.
    pub notice_title: String,
    /// Duties it is about.
    pub duties: Vec<LetterDuty>,
    /// The day on which the duties were looked at.
    pub as_of: Date,
    /// By when the unit answers or finishes.
    #[serde(default)]
    pub answer_by: Option<Date>,
    /// When the interview is, in local time.
    #[serde(default)]
    pub meet_at: Option<DateTime>,
    /// Where the interview is.
    #[serde(default)]
    pub meet_place: Option<String>,
    /// Who issues it, in full.
    pub office: String,
    /// The same in short, such as 区安委办.
    pub office_short: String,
    /// 发文字号.
    #[serde(default)]
    pub number: Option<String>,
    /// 成文日期.
    pub date: Date,
    /// Print the red head: letter form for a 提醒函, document form for the others.
    pub red_header: bool,
    /// Title when it is not [`default_title`].
    #[serde(default)]
    pub title: Option<String>,
    /// 主送 when it is not the unit itself, as for a 通报 to all.
    #[serde(default)]
    pub addressees: Vec<String>,
    /// 抄送.
    #[serde(default)]
    pub copies_to: Vec<String>,
    /// 附注, such as 联系电话：0356-0000000.
    #[serde(default)]
    pub contact: Option<String>,
    /// The text as edited; empty for [`default_blocks`].
    #[serde(default)]
    pub blocks: Vec<Block>,
}

/// Prints a letter as `.docx` in the layout of GB/T 9704-2012.
///
/// # Errors
/// A blank unit or office, or more than a paper holds.
pub fn letter_docx(letter: &Letter) -> Result<Vec<u8>, PaperError> {
    if letter.to.trim().is_empty() {
        return Err(PaperError::Missing { field: "to" });
    }
    let (form, mark) = match (letter.red_header, letter.kind) {
        (false, _) => (Form::Plain, String::new()),
        (true, LetterKind::Reminder) => (Form::Letter, letter.office.trim().to_owned()),
        (true, _) => (Form::Red, format!("{}文件", letter.office.trim())),
    };
    let title = letter
        .title
        .clone()
        .filter(|t| !t.trim().is_empty())
        .unwrap_or_else(|| default_title(letter));
    let mut paper = Paper::begin(
        form,
        &letter.office,
        &mark,
        letter.number.as_deref(),
        &title,
        letter.date,
    )?;
    if letter.addressees.is_empty() {
        paper.addressees(std::slice::from_ref(&letter.to));
    } else {
        paper.addressees(&letter.addressees);
    }
    let defaults;
    let blocks = if letter.blocks.is_empty() {
        defaults = default_blocks(letter);
        &defaults
    } else {
        &letter.blocks
    };
    for block in blocks {
        match block {
            Block::Heading(text) => paper.heading(text),
            Block::Paragraph(text) => paper.text(text),
            Block::Duties => paper.table(&duties_table(&letter.duties))?,
        }
    }
    paper.sign();
    paper.remark(letter.contact.as_deref().unwrap_or_default());
    paper.imprint(&letter.copies_to, &letter.office);
    paper.pack()
}

/// The title such a letter usually has.
pub fn default_title(letter: &Letter) -> String {
    let to = letter.to.trim();
    match letter.kind {
        LetterKind::Reminder => "关于抓紧落实安全生产有关工作任务的提醒函".to_owned(),
        LetterKind::Circular => format!("关于{to}安全生产有关工作任务落实不到位的通报"),
        LetterKind::Interview => format!("关于对{to}进行约谈的通知"),
        LetterKind::Supervision => "挂牌督办通知书".to_owned(),
    }
}

/// The text such a letter usually has, from the duties, deadlines and place that it names.
pub fn default_blocks(letter: &Letter) -> Vec<Block> {
    match letter.kind {
        LetterKind::Reminder => reminder(letter),
        LetterKind::Circular => circular(letter),
        LetterKind::Interview => interview(letter),
        LetterKind::Supervision => supervision(letter),
    }
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(text.into())
}

fn heading(text: &str) -> Block {
    Block::Heading(text.to_owned())
}

/// How many are late and how many are not yet due, in words; `who` owes them.
fn standing(letter: &Letter, who: &str) -> String {
    let late = letter.duties.iter().filter(|d| d.days_late > 0).count();
    let open = letter.duties.len() - late;
    match (late, open) {
        (0, 0) => format!("{who}有关工作任务落实不到位"),
        (0, open) => format!("{who}有{open}项任务即将到期、尚未完成"),
        (late, 0) => format!("{who}有{late}项任务逾期未完成"),
        (late, open) => {
            format!("{who}有{late}项任务逾期未完成，另有{open}项任务即将到期、尚未完成")
        }
    }
}

fn notice(letter: &Letter) -> String {
    format!(
        "{}（以下简称{}）",
        words::in_title_marks(&letter.notice_title),
        short_name(&letter.notice_title)
    )
}

/// `于2025年3月20日前`, or what is written when no day was set.
fn by(letter: &Letter) -> String {
    letter.answer_by.map_or_else(
        || "尽快".to_owned(),
        |day| format!("于{}前", words::date(day)),
    )
}

fn with_duties(letter: &Letter, mut blocks: Vec<Block>, rest: Vec<Block>) -> Vec<Block> {
    if !letter.duties.is_empty() {
        blocks.push(Block::Duties);
    }
    blocks.extend(rest);
    blocks
}

fn reminder(letter: &Letter) -> Vec<Block> {
    let office = letter.office_short.trim();
    let opening = format!(
        "按照{}要求，{office}对各单位工作任务落实情况进行了调度。截至{}，{}。{}",
        notice(letter),
        words::date(letter.as_of),
        standing(letter, "你单位"),
        if letter.duties.is_empty() {
            "现就有关事项提醒如下："
        } else {
            "具体情况如下："
        }
    );
    let rest = vec![
        paragraph(format!(
            "请你单位高度重视，对照上述任务认真查找原因，明确责任领导、责任人和完成时限，采取有力措施抓紧推进，{}完成落实，并将落实情况及佐证材料报送{office}。",
            by(letter)
        )),
        paragraph(
            "逾期仍未落实的，将按照有关规定予以通报；工作推进不力、造成不良后果的，依规依纪依法追究责任。",
        ),
        paragraph("特此函告。"),
    ];
    with_duties(letter, vec![paragraph(opening)], rest)
}

fn circular(letter: &Letter) -> Vec<Block> {
    let (office, to) = (letter.office_short.trim(), letter.to.trim());
    let opening = format!(
        "按照{}要求，{office}对各单位工作任务落实情况进行了调度。截至{}，{}。经提醒督促，{to}仍未落实到位，现予以通报{}",
        notice(letter),
        words::date(letter.as_of),
        standing(letter, to),
        if letter.duties.is_empty() {
            "。"
        } else {
            "，具体情况如下："
        }
    );
    let rest = vec![
        paragraph(format!(
            "{to}要深刻反思，认真查找工作落实不到位的原因，逐项制定整改措施，明确责任领导、责任人和完成时限，{}完成整改，并将整改情况书面报送{office}。",
            by(letter)
        )),
        paragraph("各镇（街道）、各单位要引以为戒、举一反三，对照职责分工全面自查，倒排工期、压茬推进，坚决防止工作任务悬空、责任落实虚化。".to_owned()),
        paragraph(format!("{office}将持续跟踪督办。对整改不力、敷衍应付的，将视情采取约谈、挂牌督办等措施；造成严重后果的，依规依纪依法严肃追责问责。")),
        paragraph("特此通报。"),
    ];
    with_duties(letter, vec![paragraph(opening)], rest)
}

fn interview(letter: &Letter) -> Vec<Block> {
    let office = letter.office_short.trim();
    let when = letter
        .meet_at
        .map_or_else(|| "时间另行通知".to_owned(), words::date_time);
    let place = letter
        .meet_place
        .as_deref()
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .unwrap_or("地点另行通知");
    let opening = format!(
        "经调度，截至{}，在落实{}工作中，{}。按照警示约谈有关规定，经研究，决定对你单位进行约谈。现将有关事项通知如下：",
        words::date(letter.as_of),
        notice(letter),
        standing(letter, "你单位")
    );
    let blocks = vec![
        paragraph(opening),
        heading("一、约谈时间"),
        paragraph(format!("{when}。")),
        heading("二、约谈地点"),
        paragraph(format!("{place}。")),
        heading("三、参加人员"),
        paragraph("你单位主要负责人、分管负责人。"),
        heading("四、约谈事项"),
        paragraph(if letter.duties.is_empty() {
            "有关工作任务落实不到位的原因及整改措施。"
        } else {
            "以下工作任务未按要求完成的原因及整改措施："
        }),
    ];
    let rest = vec![
        heading("五、有关要求"),
        paragraph(
            "（一）准备书面材料。请围绕约谈事项准备书面汇报材料，如实说明工作开展情况、存在问题及原因、整改措施和完成时限，约谈时提交。",
        ),
        paragraph(
            "（二）按时参加约谈。参加人员无特殊情况不得请假或由他人代替；确因特殊情况不能参加的，须提前书面说明理由。",
        ),
        paragraph(format!(
            "（三）抓好整改落实。约谈后，请你单位对照约谈要求逐项整改，{}将整改落实情况书面报送{office}。",
            by(letter)
        )),
        paragraph("特此通知。"),
    ];
    with_duties(letter, blocks, rest)
}

fn supervision(letter: &Letter) -> Vec<Block> {
    let office = letter.office_short.trim();
    let opening = format!(
        "经调度，截至{}，在落实{}工作中，{}。按照挂牌督办有关规定，经研究，决定对有关事项实行挂牌督办。现将有关要求通知如下：",
        words::date(letter.as_of),
        notice(letter),
        standing(letter, "你单位")
    );
    let blocks = vec![
        paragraph(opening),
        heading("一、督办事项"),
        paragraph(if letter.duties.is_empty() {
            "有关工作任务落实不到位的问题。"
        } else {
            "挂牌督办事项如下："
        }),
    ];
    let limit = letter.answer_by.map_or_else(
        || "请你单位抓紧办理，尽快办结。".to_owned(),
        |day| format!("上述事项须于{}前全部办结。因客观原因确需延期的，应在期限届满前书面提出申请，说明理由、已采取的措施和拟办结时间。", words::date(day)),
    );
    let rest = vec![
        heading("二、办理期限"),
        paragraph(limit),
        heading("三、办理要求"),
        paragraph("（一）落实整改责任。你单位主要负责人为第一责任人，要亲自研究、亲自部署，逐项制定整改方案，做到措施、责任、资金、时限和预案“五落实”。"),
        paragraph("（二）加强过程管控。整改期间要采取切实有效的防范措施，防止发生生产安全事故，并每周报送一次整改进展情况。".to_owned()),
        heading("四、摘牌程序"),
        paragraph(format!(
            "整改完成后，由你单位组织自查验收，并向{office}书面提出摘牌申请，附整改情况报告和佐证材料。{office}组织核查，符合要求的予以摘牌；不符合要求的继续挂牌督办，并视情予以问责。"
        )),
        paragraph("特此通知。"),
    ];
    with_duties(letter, blocks, rest)
}

/// Characters of a quotation that a table cell shows; the rest is in the notice.
const QUOTE_MAX: usize = 120;

fn duties_table(duties: &[LetterDuty]) -> PaperTable {
    let columns = vec![
        Column::new("序号", 7),
        Column::new("条款", 11),
        Column::left("任务要求", 47),
        Column::new("完成时限", 20),
        Column::new("落实情况", 15),
    ];
    let rows = (1..)
        .zip(duties)
        .map(|(index, duty): (u32, _)| {
            vec![
                index.to_string(),
                article_name(duty.article),
                demand(duty),
                duty.due.map_or_else(|| "长期坚持".to_owned(), words::date),
                match duty.days_late {
                    0 => "未完成".to_owned(),
                    days => format!("逾期{days}天"),
                },
            ]
        })
        .collect();
    PaperTable {
        caption: String::new(),
        columns,
        rows,
    }
}

fn demand(duty: &LetterDuty) -> String {
    let (title, quote) = (duty.title.trim(), duty.quote.trim());
    let mut shown: String = quote.chars().take(QUOTE_MAX).collect();
    if shown.len() < quote.len() {
        shown.push('…');
    }
    match (title.is_empty(), shown.is_empty()) {
        (_, true) => title.to_owned(),
        (true, false) => shown,
        (false, false) => format!("{title}：{shown}"),
    }
}
