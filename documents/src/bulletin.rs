//! The monthly bulletin (调度通报): how far each unit and each article has come, who is late, what follows.
//!
//! [`default_blocks`], [`default_sections`] and [`default_title`] word a bulletin from figures; the page
//! shows the words for editing; [`bulletin_docx`] prints what the person left standing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::PaperError;
use crate::paper::{Column, Form, Paper, PaperTable};
use crate::words;

/// A bulletin, ready to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// Who issues it, in full, such as 晋城市城区安全生产委员会办公室.
    pub office: String,
    /// 发文字号 with its brackets, such as 城安办发〔2025〕7号.
    #[serde(default)]
    pub number: Option<String>,
    /// Title; a line end in it is kept, otherwise long titles are broken evenly.
    pub title: String,
    /// 成文日期.
    pub date: Date,
    /// What the figures cover, such as 2025年3月. Goes into the file's properties through the title only.
    pub period_label: String,
    /// Opening paragraphs.
    pub summary: Vec<String>,
    /// Sections, numbered 一、二、… unless a heading brings its number.
    pub sections: Vec<BulletinSection>,
    /// 主送.
    pub addressees: Vec<String>,
    /// 抄送.
    #[serde(default)]
    pub copies_to: Vec<String>,
    /// Red mark, number and rule above the title.
    pub red_header: bool,
    /// 印发机关; the office when absent.
    #[serde(default)]
    pub issued_by: Option<String>,
    /// 附注, such as 联系电话：0356-0000000.
    #[serde(default)]
    pub contact: Option<String>,
}

/// One section: paragraphs, then tables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BulletinSection {
    /// Heading of the first level.
    pub heading: String,
    /// Text; what begins with （一） is set as a heading of the second level.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// Tables below the text.
    #[serde(default)]
    pub tables: Vec<PaperTable>,
}

/// Prints a bulletin as `.docx` in the layout of GB/T 9704-2012.
///
/// # Errors
/// A blank office or title, a table whose rows do not fit its columns, or more than a paper holds.
pub fn bulletin_docx(bulletin: &Bulletin) -> Result<Vec<u8>, PaperError> {
    let form = if bulletin.red_header {
        Form::Red
    } else {
        Form::Plain
    };
    let mark = format!("{}文件", bulletin.office.trim());
    let mut paper = Paper::begin(
        form,
        &bulletin.office,
        &mark,
        bulletin.number.as_deref(),
        &bulletin.title,
        bulletin.date,
    )?;
    paper.addressees(&bulletin.addressees);
    for text in &bulletin.summary {
        paper.text(text);
    }
    for (index, section) in (1..).zip(&bulletin.sections) {
        paper.heading(&numbered(index, &section.heading));
        for text in &section.paragraphs {
            paper.text(text);
        }
        for table in &section.tables {
            paper.table(table)?;
        }
    }
    paper.sign();
    paper.remark(bulletin.contact.as_deref().unwrap_or_default());
    paper.imprint(
        &bulletin.copies_to,
        bulletin.issued_by.as_deref().unwrap_or(&bulletin.office),
    );
    paper.pack()
}

/// Puts 一、 before a heading that has no number of its own.
fn numbered(index: u32, heading: &str) -> String {
    let heading = heading.trim();
    let own = heading.split_once('、').is_some_and(|(number, _)| {
        !number.is_empty() && number.chars().all(|c| "一二三四五六七八九十百".contains(c))
    });
    if own || heading.is_empty() {
        heading.to_owned()
    } else {
        format!("{}、{heading}", words::numeral(index))
    }
}

/// Counts of duties, for a unit or an article. A duty is counted once, by its state on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Due by the day of the figures, waived ones left out.
    pub due: u32,
    /// Of those, done in time.
    pub done_in_time: u32,
    /// Of those, done after the deadline.
    pub done_late: u32,
    /// Of those, not done.
    pub overdue: u32,
}

impl Tally {
    fn done(self) -> u32 {
        self.done_in_time.saturating_add(self.done_late)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            due: self.due.saturating_add(other.due),
            done_in_time: self.done_in_time.saturating_add(other.done_in_time),
            done_late: self.done_late.saturating_add(other.done_late),
            overdue: self.overdue.saturating_add(other.overdue),
        }
    }
}

/// How a unit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFigures {
    /// Name, as it shall be printed.
    pub unit: String,
    /// Its duties.
    pub tally: Tally,
}

/// How an article of the notice stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleFigures {
    /// Number of the article.
    pub article: u32,
    /// Its title.
    pub title: String,
    /// Duties that come from it.
    pub tally: Tally,
}

/// A duty in a list: late, or due soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// Who owes it.
    pub unit: String,
    /// Article it comes from.
    pub article: u32,
    /// What is owed, shortly.
    pub title: String,
    /// Its deadline.
    pub due: Date,
    /// Days past the deadline; 0 when not late.
    #[serde(default)]
    pub days_late: u32,
}

/// What a bulletin is worded from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Title of the notice, with or without 《》.
    pub notice_title: String,
    /// Who looked into it, in short, such as 区安委办.
    pub office_short: String,
    /// What the figures cover, such as 2025年3月.
    pub period_label: String,
    /// The day on which they were counted.
    pub as_of: Date,
    /// Units in any order; they are ranked here.
    pub units: Vec<UnitFigures>,
    /// Articles in their order.
    #[serde(default)]
    pub articles: Vec<ArticleFigures>,
    /// Late duties, in the order in which they shall be printed.
    #[serde(default)]
    pub overdue: Vec<DutyRow>,
    /// Duties due next.
    #[serde(default)]
    pub upcoming: Vec<DutyRow>,
}

impl Figures {
    fn total(&self) -> Tally {
        self.units
            .iter()
            .fold(Tally::default(), |sum, unit| sum.plus(unit.tally))
    }
}

/// 关于2025年3月安全生产重点工作任务落实情况的通报.
pub fn default_title(period_label: &str) -> String {
    format!(
        "关于{}安全生产重点工作任务落实情况的通报",
        period_label.trim()
    )
}

/// The opening paragraphs.
pub fn default_blocks(figures: &Figures) -> Vec<String> {
    let (full, short) = (
        words::in_title_marks(&figures.notice_title),
        short_name(&figures.notice_title),
    );
    vec![format!(
        "为推动{full}（以下简称{short}）各项任务落地见效，按照重点工作调度通报机制，{}对截至{}各镇（街道）、各单位工作任务落实情况进行了调度。现将有关情况通报如下：",
        figures.office_short.trim(),
        words::date(figures.as_of)
    )]
}

/// The sections: overall, ranking of units, articles, late duties, duties due next, what is demanded.
/// Sections that would be empty are left out.
pub fn default_sections(figures: &Figures) -> Vec<BulletinSection> {
    let ranked = rank(&figures.units);
    let mut out = vec![BulletinSection {
        heading: "总体情况".into(),
        paragraphs: overall(figures, &ranked),
        tables: Vec::new(),
    }];
    if !figures.units.is_empty() {
        out.push(BulletinSection {
            heading: "各镇（街道）、各单位任务完成情况".into(),
            paragraphs: vec!["按任务完成率由高到低排列，完成率相同的按按期完成率排列，无到期任务的单位不参与排名。具体情况见下表。".into()],
            tables: vec![ranking_table(figures, &ranked)],
        });
    }
    if !figures.articles.is_empty() {
        out.push(BulletinSection {
            heading: "各项重点任务推进情况".into(),
            paragraphs: Vec::new(),
            tables: vec![article_table(figures)],
        });
    }
    if !figures.overdue.is_empty() {
        out.push(BulletinSection {
            heading: "逾期未完成任务".into(),
            paragraphs: vec![format!(
                "截至{}，共有{}项任务逾期未完成。请有关单位对照下表，逐项查明原因，抓紧整改落实。",
                words::date(figures.as_of),
                figures.overdue.len()
            )],
            tables: vec![duty_table("逾期未完成任务清单", &figures.overdue, true)],
        });
    }
    if !figures.upcoming.is_empty() {
        out.push(BulletinSection {
            heading: "下一阶段到期任务".into(),
            paragraphs: vec![format!(
                "下一阶段共有{}项任务陆续到期，请有关单位提前谋划、按期完成。",
                figures.upcoming.len()
            )],
            tables: vec![duty_table("下一阶段到期任务清单", &figures.upcoming, false)],
        });
    }
    out.push(BulletinSection {
        heading: "下一步工作要求".into(),
        paragraphs: demands(figures),
        tables: Vec::new(),
    });
    out
}

fn overall(figures: &Figures, ranked: &[Ranked<'_>]) -> Vec<String> {
    let total = figures.total();
    let as_of = words::date(figures.as_of);
    if total.due == 0 {
        return vec![format!(
            "截至{as_of}，{}明确的各项任务均未到完成时限，各项工作正在有序推进。",
            short_name(&figures.notice_title)
        )];
    }
    let mut first = format!(
        "截至{as_of}，全区已到期任务{}项，完成{}项，完成率{}。",
        total.due,
        total.done(),
        words::percent(total.done(), total.due)
    );
    first.push_str(&format!(
        "其中，按期完成{}项，逾期完成{}项；逾期未完成{}项。",
        total.done_in_time, total.done_late, total.overdue
    ));
    let full: Vec<&str> = ranked
        .iter()
        .filter(|r| r.rank.is_some() && r.tally().done_in_time == r.tally().due)
        .map(|r| r.figures.unit.as_str())
        .collect();
    let mut worst: Vec<&UnitFigures> = figures
        .units
        .iter()
        .filter(|u| u.tally.overdue > 0)
        .collect();
    worst.sort_by_key(|u| std::cmp::Reverse(u.tally.overdue));
    let mut second = String::new();
    if !full.is_empty() {
        second.push_str(&format!(
            "从单位看，{}到期任务全部按期完成",
            some_of(&full, 5)
        ));
        second.push_str(if worst.is_empty() { "。" } else { "；" });
    }
    if !worst.is_empty() {
        let shown: Vec<String> = worst
            .iter()
            .take(3)
            .map(|u| format!("{}（{}项）", u.unit, u.tally.overdue))
            .collect();
        second.push_str(&format!(
            "逾期未完成任务较多的单位有：{}。",
            shown.join("、")
        ));
    }
    let mut out = vec![first];
    if !second.is_empty() {
        out.push(second);
    }
    out
}

fn demands(figures: &Figures) -> Vec<String> {
    let mut out = vec!["（一）压实工作责任。各镇（街道）、各单位要切实提高政治站位，主要负责人亲自研究、亲自部署，分管负责人具体负责、一线推动，逐项明确责任人和完成时限，确保各项任务落到实处。".to_owned()];
    if figures.overdue.is_empty() {
        out.push("（二）巩固工作成效。各单位要保持工作力度不减，对已完成的任务开展“回头看”，健全长效机制，防止问题反弹。".to_owned());
    } else {
        out.push("（二）限期整改落实。对逾期未完成的任务，有关单位要深入查找原因，倒排工期、挂图作战，明确整改措施和完成时限，完成一项、销号一项。".to_owned());
    }
    out.push(format!(
        "（三）强化跟踪督办。{}将持续跟踪调度，对工作推进缓慢、任务落实不力的，视情采取提醒、通报、约谈、挂牌督办等措施；造成严重后果的，依规依纪依法严肃追责问责。",
        figures.office_short.trim()
    ));
    out
}

struct Ranked<'a> {
    figures: &'a UnitFigures,
    /// None for a unit to which nothing was due.
    rank: Option<u32>,
}

impl Ranked<'_> {
    fn tally(&self) -> Tally {
        self.figures.tally
    }
}

/// Units by share done, then by share done in time; equals share a place and the next one is skipped.
fn rank(units: &[UnitFigures]) -> Vec<Ranked<'_>> {
    // Fractions are compared crosswise, in whole numbers.
    let higher = |a: (u32, u32), b: (u32, u32)| {
        (u64::from(b.0) * u64::from(a.1)).cmp(&(u64::from(a.0) * u64::from(b.1)))
    };
    let compare = |a: &UnitFigures, b: &UnitFigures| {
        higher((a.tally.done(), a.tally.due), (b.tally.done(), b.tally.due)).then(higher(
            (a.tally.done_in_time, a.tally.due),
            (b.tally.done_in_time, b.tally.due),
        ))
    };
    let (mut placed, idle): (Vec<&UnitFigures>, Vec<&UnitFigures>) =
        units.iter().partition(|u| u.tally.due > 0);
    placed.sort_by(|a, b| compare(a, b).then(b.tally.due.cmp(&a.tally.due)));
    let mut out: Vec<Ranked<'_>> = Vec::with_capacity(units.len());
    for (place, figures) in (1..).zip(placed) {
        let rank = match out.last() {
            Some(before) if compare(before.figures, figures).is_eq() => before.rank,
            _ => Some(place),
        };
        out.push(Ranked { figures, rank });
    }
    out.extend(idle.into_iter().map(|figures| Ranked {
        figures,
        rank: None,
    }));
    out
}

fn tally_cells(tally: Tally) -> [String; 5] {
    [
        tally.due.to_string(),
        tally.done_in_time.to_string(),
        tally.done_late.to_string(),
        tally.overdue.to_string(),
        words::percent(tally.done(), tally.due),
    ]
}

fn tally_columns() -> [Column; 5] {
    [
        Column::new("到期任务", 12),
        Column::new("按期完成", 12),
        Column::new("逾期完成", 12),
        Column::new("逾期未完成", 13),
        Column::new("完成率", 11),
    ]
}

fn ranking_table(figures: &Figures, ranked: &[Ranked<'_>]) -> PaperTable {
    let mut columns = vec![Column::new("排名", 8), Column::new("单位", 32)];
    columns.extend(tally_columns());
    let line = |rank: String, unit: String, tally: Tally| {
        let mut row = vec![rank, unit];
        row.extend(tally_cells(tally));
        row
    };
    let mut rows: Vec<Vec<String>> = ranked
        .iter()
        .map(|r| {
            line(
                r.rank.map_or_else(|| "—".to_owned(), |n| n.to_string()),
                r.figures.unit.clone(),
                r.tally(),
            )
        })
        .collect();
    rows.push(line(String::new(), "合计".to_owned(), figures.total()));
    PaperTable {
        caption: format!("{}任务完成情况排名表（单位：项）", figures.period_label),
        columns,
        rows,
    }
}

fn article_table(figures: &Figures) -> PaperTable {
    let mut columns = vec![Column::new("条款", 12), Column::left("重点任务", 28)];
    columns.extend(tally_columns());
    let rows = figures
        .articles
        .iter()
        .map(|a| {
            let mut row = vec![article_name(a.article), a.title.clone()];
            row.extend(tally_cells(a.tally));
            row
        })
        .collect();
    PaperTable {
        caption: "各项重点任务完成情况表（单位：项）".to_owned(),
        columns,
        rows,
    }
}

fn duty_table(caption: &str, duties: &[DutyRow], late: bool) -> PaperTable {
    let mut columns = vec![
        Column::new("序号", 7),
        Column::new("责任单位", 22),
        Column::new("条款", 11),
        Column::left("任务内容", 30),
        Column::new("完成时限", 18),
    ];
    if late {
        columns.push(Column::new("逾期天数", 12));
    }
    let rows = (1..)
        .zip(duties)
        .map(|(index, duty): (u32, _)| {
            let mut row = vec![
                index.to_string(),
                duty.unit.clone(),
                article_name(duty.article),
                duty.title.clone(),
                words::date(duty.due),
            ];
            if late {
                row.push(duty.days_late.to_string());
            }
            row
        })
        .collect();
    PaperTable {
        caption: caption.to_owned(),
        columns,
        rows,
    }
}

/// 第十三条.
pub(crate) fn article_name(article: u32) -> String {
    format!("第{}条", words::numeral(article))
}

/// 《通知》 for a notice, 《方案》 for a scheme, and so on.
pub(crate) fn short_name(title: &str) -> String {
    const KINDS: [&str; 12] = [
        "通知", "方案", "意见", "计划", "办法", "规定", "要点", "决定", "通报", "规划", "细则",
        "条例",
    ];
    let bare = title.trim().trim_start_matches('《').trim_end_matches('》');
    // A note in brackets behind the title, such as （征求意见稿）, is not its kind.
    let bare = bare.split('（').next().unwrap_or(bare).trim_end();
    match KINDS.iter().find(|kind| bare.ends_with(**kind)) {
        Some(kind) => format!("《{kind}》"),
        None => "《文件》".to_owned(),
    }
}

/// `甲、乙、丙`, or `甲、乙、丙等7个单位` when there are more than are shown.
fn some_of(names: &[&str], most: usize) -> String {
    if names.len() <= most {
        return names.join("、");
    }
    format!("{}等{}个单位", names[..most].join("、"), names.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(name: &str, due: u32, in_time: u32, late: u32) -> UnitFigures {
        UnitFigures {
            unit: name.into(),
            tally: Tally {
                due,
                done_in_time: in_time,
                done_late: late,
                overdue: due - in_time - late,
            },
        }
    }

    #[test]
    fn equals_share_a_place_and_idle_units_have_none() {
        let units = [
            unit("区水务局", 0, 0, 0),
            unit("东街街道", 10, 8, 0),
            unit("北石店镇", 20, 20, 0),
            unit("西街街道", 5, 4, 0),
            unit("区应急局", 10, 7, 1),
        ];
        let shown: Vec<String> = rank(&units)
            .iter()
            .map(|r| format!("{:?} {}", r.rank, r.figures.unit))
            .collect();
        assert_eq!(
            shown,
            [
                "Some(1) 北石店镇",
                "Some(2) 东街街道",
                "Some(2) 西街街道",
                "Some(4) 区应急局",
                "None 区水务局"
            ]
        );
    }

    #[test]
    fn headings_keep_a_number_of_their_own() {
        assert_eq!(numbered(3, "总体情况"), "三、总体情况");
        assert_eq!(numbered(3, "二、总体情况"), "二、总体情况");
        assert_eq!(numbered(2, "各镇、各单位情况"), "二、各镇、各单位情况");
    }

    #[test]
    fn a_notice_is_named_by_its_kind() {
        assert_eq!(short_name("关于做好2025年安全生产工作的通知"), "《通知》");
        assert_eq!(
            short_name("《安全生产治本攻坚三年行动实施方案（2024—2026年）》"),
            "《方案》"
        );
        assert_eq!(short_name("讲话"), "《文件》");
    }
}
