//! Tables of tasks (任务分工表): columns are known by their header words, each row is an article with its
//! units, its limit of time and the demands in its words.

use anlan_core::notice::{Article, Span};

use crate::dates::{self, Kind, Known};
use crate::text::{Healed, Para, Table};
use crate::units::{looks_like_unit, split_names, strip_etc};

/// Most rows read from one table.
pub const ROWS_MAX: usize = 5000;
/// Rows in which the header is looked for.
const HEADER_ROWS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Group,
    Task,
    Measure,
    Units,
    Lead,
    Support,
    Due,
    Other,
}

/// A row read.
pub struct Row {
    /// The row as an article, without section and inherited units.
    pub article: Article,
    /// Its limit of time.
    pub due: Option<(Kind, Span, String)>,
    /// The words that hold its demands.
    pub words: Vec<Para>,
}

fn column(words: &str) -> Column {
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    if words.chars().count() > 16 {
        return Column::Other;
    }
    if has(&["序号", "编号"]) || words == "号" {
        Column::Number
    } else if has(&["配合", "协办", "协同", "协助", "参与", "参加"]) {
        Column::Support
    } else if has(&["牵头", "主办", "主责"]) && !has(&["领导", "人员"]) {
        Column::Lead
    } else if has(&[
        "责任人",
        "领导",
        "联系人",
        "负责人",
        "备注",
        "进展",
        "电话",
        "依据",
        "完成情况",
    ]) {
        Column::Other
    } else if has(&[
        "责任单位",
        "责任部门",
        "责任主体",
        "落实单位",
        "实施单位",
        "单位",
        "部门",
        "责任科室",
    ]) {
        Column::Units
    } else if has(&["时限", "时间", "期限", "进度", "节点"]) {
        Column::Due
    } else if has(&["措施", "具体", "内容", "要求", "目标", "举措", "标准"])
        && !words.contains("类别")
    {
        Column::Measure
    } else if has(&["类别", "领域", "分类", "板块", "方面"]) {
        Column::Group
    } else if has(&["任务", "事项", "项目", "工作", "问题", "要点", "重点"]) {
        Column::Task
    } else {
        Column::Other
    }
}

/// Reads the rows of a table. A table without a column of tasks gives none.
pub fn read(
    healed: &Healed<'_>,
    table: &Table,
    known: Known,
    remarks: &mut Vec<(Span, String)>,
) -> Vec<Row> {
    let mut columns: Option<(usize, Vec<Column>)> = None;
    for (k, row) in table.rows.iter().enumerate().take(HEADER_ROWS) {
        let kinds: Vec<Column> = row.iter().map(|c| column(&tight(healed, c.span))).collect();
        let known = kinds.iter().filter(|c| **c != Column::Other).count();
        let asks = kinds
            .iter()
            .any(|c| matches!(c, Column::Task | Column::Measure | Column::Group));
        let who = kinds.iter().any(|c| {
            matches!(
                c,
                Column::Units | Column::Lead | Column::Due | Column::Support
            )
        });
        if known >= 2 && asks && who {
            columns = Some((k, kinds));
            break;
        }
    }
    let span = Span(table.start, table.end);
    let Some((header, columns)) = columns else {
        if table.rows.len() > 1 {
            remarks.push((span, "表格的表头没有读懂，表中内容未列入".into()));
        }
        return Vec::new();
    };
    let mut out = Vec::new();
    for row in table.rows.iter().skip(header + 1).take(ROWS_MAX) {
        if let Some(r) = read_row(healed, row, &columns, known, remarks) {
            out.push(r);
        }
    }
    out
}

fn tight(healed: &Healed<'_>, span: Span) -> String {
    healed
        .quote(span)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

fn read_row(
    healed: &Healed<'_>,
    row: &[crate::text::Cell],
    columns: &[Column],
    known: Known,
    remarks: &mut Vec<(Span, String)>,
) -> Option<Row> {
    let cell = |kind: Column| {
        row.iter()
            .zip(columns)
            .filter(|(_, c)| **c == kind)
            .map(|(cell, _)| cell.span)
            .find(|s| s.0 < s.1)
    };
    let task = cell(Column::Task);
    let measure = cell(Column::Measure);
    let group = cell(Column::Group);
    let main = measure.or(task).or(group)?;
    let words = tight(healed, main);
    // A band across the table (一、综合监管) is a heading; repeated headers are no tasks.
    if row.iter().all(|c| c.span == row[0].span)
        || column(&words) != Column::Other && words.chars().count() <= 6
    {
        return None;
    }
    let mut article = Article {
        no: 0,
        label: cell(Column::Number)
            .map(|s| tight(healed, s))
            .unwrap_or_default(),
        section: None,
        title: String::new(),
        text: healed.quote(main),
        span: Span(
            row.iter()
                .map(|c| c.span.0)
                .filter(|_| true)
                .min()?
                .min(main.0),
            row.iter().map(|c| c.span.1).max()?,
        ),
        units: Vec::new(),
        unit_mode: None,
        inherited_units: Vec::new(),
        lead_units: Vec::new(),
        support_units: Vec::new(),
    };
    let head = task
        .filter(|t| *t != main)
        .map(|t| tight(healed, t))
        .unwrap_or_else(|| words.clone());
    article.title = short(&head);
    for (c, kind) in row.iter().zip(columns) {
        let lane = match kind {
            Column::Lead | Column::Units | Column::Support => *kind,
            _ => continue,
        };
        let words = healed.quote(c.span);
        for line in words.split_whitespace() {
            // 牵头：区应急局 inside one column.
            let (lane, line) = match line.split_once(['：', ':']) {
                Some((k, rest)) if k.contains("牵头") => (Column::Lead, rest),
                Some((k, rest)) if k.contains("配合") => (Column::Support, rest),
                Some((k, rest)) if k.contains("责任") => (Column::Units, rest),
                _ => (lane, line),
            };
            for name in split_names(line) {
                let name = strip_etc(&name).0;
                let name = name
                    .strip_suffix("牵头")
                    .map_or((name, lane), |n| (n, Column::Lead));
                let (name, lane) = name
                    .0
                    .strip_suffix("配合")
                    .map_or(name, |n| (n, Column::Support));
                let nothing = name
                    .chars()
                    .all(|c| matches!(c, '—' | '-' | '－' | '/' | '／' | '–' | '\\' | '无'));
                if nothing || article.units.iter().any(|u| u == name) {
                    continue;
                }
                if !looks_like_unit(name) && name.chars().count() > 20 {
                    remarks.push((c.span, "责任单位一栏没有全部读懂".into()));
                    continue;
                }
                article.units.push(name.to_string());
                match lane {
                    Column::Lead => article.lead_units.push(name.to_string()),
                    Column::Support => article.support_units.push(name.to_string()),
                    _ => {}
                }
            }
        }
    }
    let due = cell(Column::Due).and_then(|s| {
        let p = para(healed, s);
        let t = dates::find(&p.norm, 0, p.norm.len(), &|_| false, known)
            .into_iter()
            .next_back();
        let words = tight(healed, s);
        match t {
            Some(t) if matches!(t.kind, Kind::Vague(_)) => {
                remarks.push((s, format!("完成时限“{words}”没有换算为日期")));
                None
            }
            Some(t) => Some((t.kind, p.span(t.from, t.to), healed.tight(&p, t.from, t.to))),
            None if ["长期", "持续", "常态", "全年"]
                .iter()
                .any(|w| words.contains(w)) =>
            {
                Some((Kind::Continuous, s, words))
            }
            None => loose_date(&p.norm, known)
                .map(|d| (Kind::By(d), s, words.clone()))
                .or_else(|| {
                    remarks.push((s, format!("完成时限“{words}”没有换算为日期")));
                    None
                }),
        }
    });
    Some(Row {
        article,
        due,
        words: vec![para(healed, main)],
    })
}

/// In a column of dates the words that make a limit are left out: 6月30日, 2025年12月, 2025年.
fn loose_date(s: &[char], known: Known) -> Option<jiff::civil::Date> {
    if let Some(d) = digits_date(s) {
        return Some(d);
    }
    let words: Vec<char> = s.iter().copied().chain("前".chars()).collect();
    let year_only = dates::year_at(s, 0).filter(|(_, e)| *e == s.len());
    if let Some((y, _)) = year_only {
        return jiff::civil::Date::new(y, 12, 31).ok();
    }
    let t = dates::find(&words, 0, words.len(), &|_| false, known)
        .into_iter()
        .next_back()?;
    match t.kind {
        Kind::By(d) => Some(d),
        _ => None,
    }
}

/// 2026-03-15, 2026.3.15, 2026/3/15 and nothing else.
fn digits_date(s: &[char]) -> Option<jiff::civil::Date> {
    let words: String = s.iter().collect();
    let mut parts = words.split(['-', '.', '/', '－', '／']);
    let mut next = |most: usize| {
        let p = parts.next()?;
        (!p.is_empty() && p.len() <= most && p.bytes().all(|b| b.is_ascii_digit()))
            .then(|| p.parse::<i16>().ok())
            .flatten()
    };
    let (y, m, d) = (next(4)?, next(2)?, next(2)?);
    (parts.next().is_none() && (1949..=2100).contains(&y))
        .then(|| jiff::civil::Date::new(y, m as i8, d as i8).ok())
        .flatten()
}

fn para(healed: &Healed<'_>, span: Span) -> Para {
    healed.para_of(span)
}

fn short(words: &str) -> String {
    let head = words.split(['。', '；', '：', '\n']).next().unwrap_or("");
    if head.chars().count() <= 40 {
        head.to_string()
    } else {
        head.chars().take(39).collect::<String>() + "…"
    }
}
