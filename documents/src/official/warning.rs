//! Warning education: 现场警示会通知, 警示教育片发放签收和观看情况表.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::known::{self, TO_VERIFY};
use super::sheet::{Receipt, SheetBlock, Wording};
use super::{Head, Sheet, head_sheet, needed};
use crate::PaperError;
use crate::paper::{Column, Field, Form, SignLine};
use crate::words;

/// 现场警示会通知.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WarningMeeting {
    /// The accident it is about, by name.
    pub accident: String,
    /// What happened, in short.
    pub course: String,
    /// Rule that asks for the meeting, such as an article of the notice.
    pub basis: String,
    /// When, in local time.
    pub at: Option<DateTime>,
    /// Where.
    pub place: String,
    /// Who holds it.
    pub hosts: Vec<String>,
    /// Who comes.
    pub attendees: Vec<String>,
    /// What is done, in order; the usual when empty.
    pub agenda: Vec<String>,
    /// What is demanded; the usual when empty.
    pub demands: Vec<String>,
    /// By when the receipt is sent back; none for no receipt.
    pub receipt_by: Option<Date>,
}

/// One unit and the film.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Viewing {
    /// The unit.
    pub unit: String,
    /// When it got the film.
    pub delivered_at: Option<DateTime>,
    /// Who signed for it.
    pub received_by: String,
    /// When it was watched.
    pub watched_at: Option<DateTime>,
    /// People who watched.
    pub watched: Option<u32>,
    /// People who should.
    pub people: Option<u32>,
}

/// 警示教育片发放签收和观看情况表.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmList {
    /// Name of the film.
    #[serde(default)]
    pub film: String,
    /// The accident it is about.
    #[serde(default)]
    pub accident: String,
    /// Who made it.
    #[serde(default)]
    pub made_by: Vec<String>,
    /// By when each unit has watched it.
    #[serde(default)]
    pub watch_by: Option<Date>,
    /// The hour up to which it is counted.
    pub as_of: DateTime,
    /// Units, in the order in which they are printed.
    #[serde(default)]
    pub rows: Vec<Viewing>,
}

/// Words the notice.
///
/// # Errors
/// No accident.
pub(super) fn meeting(head: &Head, paper: &WarningMeeting) -> Result<Sheet, PaperError> {
    let accident = needed("accident", &paper.accident)?;
    let accident = known::clause(accident);
    let office = head.short();
    let mut w = Wording::default();
    let basis = if known::blank(&paper.basis) {
        String::new()
    } else {
        format!("按照{}要求，", known::law(known::clause(&paper.basis)))
    };
    w.text(format!(
        "为深刻吸取{accident}教训，切实做到“一厂出事故、万厂受教育”，{basis}决定召开现场警示会。现将有关事项通知如下："
    ));
    w.section("事故简况");
    w.text(known::sentence(&known::verified(&paper.course)));
    w.section("会议时间和地点");
    w.text(format!(
        "时间：{}。",
        paper
            .at
            .map_or_else(|| "另行通知".to_owned(), words::date_time)
    ));
    w.text(format!(
        "地点：{}。",
        known::clause(&known::or(&paper.place, "另行通知"))
    ));
    w.section("组织单位和参会人员");
    w.text(format!(
        "组织单位：{}。",
        known::names(&paper.hosts, office)
    ));
    w.text(format!(
        "参会人员：{}。",
        known::names(&paper.attendees, "另行通知")
    ));
    w.section("会议议程");
    if known::several(&paper.agenda).is_empty() {
        w.text("1.实地查看事故现场和暴露的问题。");
        w.text("2.通报事故情况，剖析原因和教训。");
        w.text("3.事故发生单位作检查，有关单位表态发言。");
        w.text("4.部署同类隐患排查整治工作。");
    } else {
        w.items(&paper.agenda, "");
    }
    w.section("有关要求");
    w.items(
        &paper.demands,
        "请各参会单位按时参会，遵守现场安全规定、服从引导，未经允许不得进入警戒区域。会后要及时传达会议精神，举一反三开展同类隐患排查，并组织从业人员接受警示教育。",
    );
    if let Some(day) = paper.receipt_by {
        w.text(format!(
            "请于{}前将参会回执反馈{office}。",
            words::date(day)
        ));
    }
    w.text("特此通知。");
    if paper.receipt_by.is_some() {
        w.push(SheetBlock::Attachments(vec!["参会回执".to_owned()]));
    }
    w.sign();
    if paper.receipt_by.is_some() {
        w.push(SheetBlock::Receipt(Receipt {
            mark: "附件".to_owned(),
            title: "参会回执".to_owned(),
            to: head.office.trim().to_owned(),
            text: format!("我单位参加{accident}现场警示会人员如下："),
            fields: [
                "单位名称",
                "参会人数",
                "参会人员",
                "职务",
                "联系人",
                "联系电话",
            ]
            .into_iter()
            .map(|label| Field::new(label, ""))
            .collect(),
            sign: vec![SignLine::blank(&["填报人（签名）", "日期"])],
            seal: "参会单位".to_owned(),
        }));
    }
    Ok(head_sheet(
        head,
        Form::Red,
        format!("关于召开{accident}现场警示会的通知"),
        w,
    ))
}

/// Words the list.
///
/// # Errors
/// No film.
pub(super) fn film_list(head: &Head, paper: &FilmList) -> Result<Sheet, PaperError> {
    let film = needed("film", &paper.film)?;
    let mut w = Wording::default();
    w.fields([
        ("片名", known::law(film)),
        ("涉及事故", known::told(&paper.accident)),
        ("制作单位", known::names(&paper.made_by, "不详")),
        ("观看期限", known::day(paper.watch_by, "未设")),
        ("统计截至", words::moment(paper.as_of)),
    ]);
    let number = |n: Option<u32>| n.map_or_else(|| TO_VERIFY.to_owned(), |n| n.to_string());
    let mut rows: Vec<Vec<String>> = (1..)
        .zip(&paper.rows)
        .map(|(index, v): (u32, _)| {
            vec![
                index.to_string(),
                known::verified(&v.unit),
                known::moment(v.delivered_at, "未送达"),
                known::or(&v.received_by, "未签收"),
                known::moment(v.watched_at, "未观看"),
                number(v.people),
                number(v.watched),
                share(v.watched, v.people),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let (watched, people, _) = counted(paper);
        rows.push(vec![
            String::new(),
            "合计".to_owned(),
            format!("送达{}个", delivered(paper)),
            String::new(),
            format!("观看{}个", seen(paper)),
            people.to_string(),
            watched.to_string(),
            percent(watched, people),
        ]);
    }
    w.plain_table(
        "发放签收和观看情况",
        vec![
            Column::new("序号", 6),
            Column::left("单位", 20),
            Column::left("送达时间", 16),
            Column::left("签收人", 11),
            Column::left("观看时间", 16),
            Column::new("应看人数", 10),
            Column::new("观看人数", 10),
            Column::new("比例", 10),
        ],
        rows,
    );
    w.text(summary(paper));
    w.sign_lines(&[&["填表人（签名）", "审核人（签名）"]]);
    w.sign();
    Ok(head_sheet(
        head,
        Form::Plain,
        "警示教育片发放签收和观看情况表".to_owned(),
        w,
    ))
}

fn delivered(paper: &FilmList) -> usize {
    paper
        .rows
        .iter()
        .filter(|v| v.delivered_at.is_some())
        .count()
}

fn seen(paper: &FilmList) -> usize {
    paper.rows.iter().filter(|v| v.watched_at.is_some()).count()
}

/// People who watched and who should, over units of which both are known, and how many units are not.
fn counted(paper: &FilmList) -> (u64, u64, usize) {
    let mut out = (0, 0, 0);
    for v in &paper.rows {
        match (v.watched, v.people) {
            (Some(watched), Some(people)) => {
                out.0 += u64::from(watched);
                out.1 += u64::from(people);
            }
            _ => out.2 += 1,
        }
    }
    out
}

fn share(watched: Option<u32>, people: Option<u32>) -> String {
    match (watched, people) {
        (Some(watched), Some(people)) => words::percent(watched, people),
        _ => TO_VERIFY.to_owned(),
    }
}

/// [`words::percent`] for sums that may not fit.
fn percent(part: u64, whole: u64) -> String {
    match (u32::try_from(part), u32::try_from(whole)) {
        (Ok(part), Ok(whole)) => words::percent(part, whole),
        _ => TO_VERIFY.to_owned(),
    }
}

fn summary(paper: &FilmList) -> String {
    let units = paper.rows.len();
    if units == 0 {
        return format!("截至{}，尚未发放。", words::moment(paper.as_of));
    }
    let (watched, people, open) = counted(paper);
    let mut out = format!(
        "截至{}，应发放{units}个单位，已送达{}个，已组织观看{}个；",
        words::moment(paper.as_of),
        delivered(paper),
        seen(paper)
    );
    if people > 0 {
        out.push_str(&format!(
            "已知人数的单位应看{people}人，已看{watched}人，占{}",
            percent(watched, people)
        ));
    } else {
        out.push_str(&format!("观看人数{TO_VERIFY}"));
    }
    if open > 0 {
        out.push_str(&format!("，另有{open}个单位人数{TO_VERIFY}，未计入比例"));
    }
    out.push('。');
    out
}
