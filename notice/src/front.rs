//! What stands around the articles: title, number, addressees, signature, attachments.

use anlan_core::notice::Span;
use jiff::civil::Date;

use crate::dates::year_at;
use crate::numerals::{arabic, number_at, starts};
use crate::outline::{HEADING_MAX, Style, attachment_line, label_at};
use crate::text::{Healed, Para, is_date_line};
use crate::units;

/// Most paragraphs looked at for title and addressees.
const FRONT_MAX: usize = 40;

/// Everything around the articles.
#[derive(Debug, Default)]
pub struct Front {
    /// 标题.
    pub title: String,
    /// 发文字号.
    pub number: Option<String>,
    /// 发文机关.
    pub issuer: Option<String>,
    /// 成文日期.
    pub date: Option<Date>,
    /// The year of the title.
    pub year: Option<i16>,
    /// 征求意见稿.
    pub draft: bool,
    /// 主送机关.
    pub addressees: Vec<String>,
    /// Paragraphs of the letter, and of each attachment with its own title.
    pub parts: Vec<Vec<usize>>,
}

/// Kinds of documents a title may end in.
const KINDS: &[&str] = &[
    "通知",
    "方案",
    "意见",
    "要点",
    "计划",
    "办法",
    "决定",
    "公告",
    "通告",
    "函",
    "措施",
    "细则",
    "清单",
    "规定",
    "通报",
    "预案",
    "行动",
    "规划",
    "纲要",
    "制度",
    "规则",
    "指南",
    "报告",
    "安排",
    "分工",
    "批复",
    "指引",
    "责任书",
    "条例",
    "汇编",
    "部署",
    "工作",
    "纪要",
];

const DRAFTS: &[&str] = &[
    "征求意见稿",
    "送审稿",
    "讨论稿",
    "草案",
    "草稿",
    "审议稿",
    "意见稿",
    "初稿",
];

/// Reads what stands before, between and behind the articles.
pub fn read(healed: &Healed<'_>, remarks: &mut Vec<(Span, String)>) -> Front {
    let mut front = Front::default();
    let paras = &healed.paras;
    let mut at = 0;
    let mut title: Vec<(String, usize)> = Vec::new();
    let mut done = false;
    while at < paras.len() && at < FRONT_MAX {
        let p = &paras[at];
        if p.table.is_some() {
            // A red header is sometimes laid out in a table; a table of tasks is body.
            break;
        }
        let s = &p.norm;
        if s.is_empty() {
            at += 1;
            continue;
        }
        if let Some(l) = label_at(s)
            && !title.is_empty()
            && !(l.style == Style::Round && is_draft_line(s))
        {
            break;
        }
        let words = healed.tight(p, 0, s.len());
        if DRAFTS.iter().any(|d| words.contains(d)) && s.len() <= 60 {
            front.draft = true;
        }
        if s.last() == Some(&'：') && s.len() <= 200 && !title.is_empty() && looks_addressed(s) {
            front.addressees = units::addressees(&words);
            at += 1;
            break;
        }
        if let Some(n) = number_in(healed, p) {
            front.number.get_or_insert(n);
            at += 1;
            continue;
        }
        if skip_line(&words) {
            at += 1;
            continue;
        }
        if words.ends_with("文件") && s.len() <= 40 && title.is_empty() {
            front.issuer = Some(words.trim_end_matches("文件").to_string());
            at += 1;
            continue;
        }
        if s.first() == Some(&'（') && s.last() == Some(&'）') {
            if let Some(d) = date_in(s) {
                front.date.get_or_insert(d);
            } else if !DRAFTS.iter().any(|d| words.contains(d))
                && !title.is_empty()
                && s.len() <= 30
                && label_at(s).is_none()
            {
                title.push((words, at));
            }
            at += 1;
            continue;
        }
        if is_date_line(s)
            || (s.len() <= 30
                && date_in(s).is_some()
                && !words.contains("关于")
                && s.last() == Some(&'日'))
        {
            front.date = front.date.or(date_in(s));
            at += 1;
            continue;
        }
        // The body has begun: a sentence, or words behind a finished title.
        if s.len() > 60 || s.contains(&'。') || (done && p.level == 0) {
            break;
        }
        if done && p.level > 1 && title.first().is_some_and(|t| paras[t.1].level > 0) {
            break;
        }
        // What stood above a title of its own is no part of it: the name of a site, a banner.
        let whole = words.contains("关于") && KINDS.iter().any(|k| words.ends_with(k));
        let above = |t: &(String, usize)| {
            !units::looks_like_unit(&t.0) || (p.level > 0 && paras[t.1].level == 0)
        };
        if whole && !title.is_empty() && title.iter().all(above) {
            title.clear();
        }
        done = KINDS.iter().any(|k| words.ends_with(k)) && title_complete(&title, &words);
        title.push((words, at));
        at += 1;
    }
    front.title = strip_drafts(&title.iter().map(|t| t.0.as_str()).collect::<String>());
    if let Some(rest) = front
        .title
        .strip_prefix("关于")
        .is_none()
        .then(|| front.title.split_once("关于"))
        .flatten()
        && units::looks_like_unit(rest.0)
    {
        front.issuer.get_or_insert(rest.0.to_string());
    }
    front.year = title_year(&front.title);
    parts(healed, at, &mut front, remarks);
    front
}

/// A title that opens with 关于印发《 is not complete before the book-title mark closes.
fn title_complete(before: &[(String, usize)], last: &str) -> bool {
    let whole: String = before.iter().map(|t| t.0.as_str()).chain([last]).collect();
    let opens = whole.matches('《').count();
    let closes = whole.matches('》').count();
    if opens != closes {
        return false;
    }
    // 关于…工作 goes on to 的通知 on the next line.
    !(whole.contains("关于")
        && ["工作", "行动", "计划", "方案", "规定", "措施"]
            .iter()
            .any(|k| whole.ends_with(k)))
}

fn is_draft_line(s: &[char]) -> bool {
    s.len() < 12 && s.contains(&'稿')
}

fn looks_addressed(s: &[char]) -> bool {
    [
        "各", "局", "委", "办", "政府", "单位", "街道", "乡镇", "企业", "部门", "公司", "中心",
    ]
    .iter()
    .any(|w| {
        let n = w.chars().count();
        (0..s.len().saturating_sub(n - 1)).any(|i| starts(s, i, w))
    }) && !s.contains(&'。')
}

fn skip_line(words: &str) -> bool {
    [
        "欢迎访问",
        "欢迎来到",
        "当前位置",
        "您的位置",
        "您现在的位置",
        "当前的位置",
        "首页",
        "打印",
        "分享",
        "浏览次数",
        "【字体",
        "签发人",
        "密级",
        "特急",
        "加急",
        "机密",
        "秘密",
        "内部资料",
        "目录",
        "急件",
        "平急",
        "份号",
        "紧急程度",
        "索引号",
        "发布日期",
        "信息来源",
        "发布时间",
        "来源：",
        "主题分类",
        "发文机关",
        "成文日期",
        "标题：",
        "发文字号：",
        "有效性",
        "字体：",
    ]
    .iter()
    .any(|w| words.starts_with(w) && words.chars().count() <= 40)
        || words.chars().all(|c| c.is_ascii_digit())
        || ["门户网站", "政府网", "网站", "官网", "政务网"]
            .iter()
            .any(|w| words.ends_with(w) && words.chars().count() <= 24)
}

/// 城安委〔2025〕3号 in a line of its own.
fn number_in(healed: &Healed<'_>, p: &Para) -> Option<String> {
    let s = &p.norm;
    if s.len() > 60 {
        return None;
    }
    let open = s.iter().position(|&c| c == '〔' || c == '（')?;
    // 〔2026〕第4期: minutes are numbered without a name.
    let issue = open == 0 && s.last() == Some(&'期');
    let year = number_at(s, open + 1).filter(|n| (1949.0..=2100.0).contains(&n.low))?;
    if !matches!(s.get(year.end), Some('〕' | '）')) || (open == 0 && !issue) {
        return None;
    }
    let mut k = year.end + 1;
    if s.get(k) == Some(&'第') {
        k += 1;
    }
    let n = number_at(s, k)?;
    if !(s.get(n.end) == Some(&'号') || issue && s.get(n.end) == Some(&'期'))
        || s[..open]
            .iter()
            .any(|&c| matches!(c, '，' | '。' | '《' | '于'))
    {
        return None;
    }
    let from = s[..open]
        .iter()
        .rposition(|&c| c == '：')
        .map_or(0, |i| i + 1);
    Some(healed.tight(p, from, n.end + 1))
}

fn strip_drafts(title: &str) -> String {
    let mut out = title.to_string();
    for d in DRAFTS {
        for (a, b) in [("（", "）"), ("(", ")"), ("", "")] {
            let whole = format!("{a}{d}{b}");
            if (a.is_empty() && out.ends_with(&whole)) || (!a.is_empty() && out.contains(&whole)) {
                out = out.replace(&whole, "");
            }
        }
    }
    out
}

fn title_year(title: &str) -> Option<i16> {
    let s: Vec<char> = title.chars().collect();
    for i in 0..s.len() {
        if i > 0 && (arabic(s[i - 1]).is_some() || crate::numerals::is_numeral(s[i - 1])) {
            continue;
        }
        if let Some((y, _)) = year_at(&s, i) {
            return Some(y);
        }
        // 2024—2026年, （2024-2026）
        if let Some(n) = number_at(&s, i)
            && n.low != n.high
            && (1949.0..=2100.0).contains(&n.low)
            && (1949.0..=2100.0).contains(&n.high)
        {
            return Some(n.low as i16);
        }
    }
    None
}

/// The first whole date in a line.
pub fn date_in(s: &[char]) -> Option<Date> {
    for i in 0..s.len() {
        if let Some((y, e)) = year_at(s, i) {
            let m = number_at(s, e)?;
            if s.get(m.end) != Some(&'月') {
                continue;
            }
            let d = number_at(s, m.end + 1)?;
            if s.get(d.end) != Some(&'日') {
                continue;
            }
            return Date::new(y, m.low as i8, d.low as i8).ok();
        }
    }
    None
}

/// Parts the paragraphs from `at` on into letter and attachments, taking out signatures and side notes.
fn parts(healed: &Healed<'_>, at: usize, front: &mut Front, remarks: &mut Vec<(Span, String)>) {
    let paras = &healed.paras;
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    let mut listing = false;
    // Behind a signature or 附件1 another document may begin, with a title of its own.
    let mut opening = false;
    let mut signed = false;
    let mut k = at;
    while k < paras.len() {
        let p = &paras[k];
        let s = &p.norm;
        k += 1;
        if p.table.is_some() {
            listing = false;
            if let Some(last) = parts.last_mut() {
                last.push(k - 1);
            }
            continue;
        }
        if attachment_line(s) {
            parts.push(Vec::new());
            listing = false;
            (opening, signed) = (true, false);
            continue;
        }
        if (opening || signed) && titled(s, opening) {
            if signed && parts.last().is_some_and(|p| !p.is_empty()) {
                parts.push(Vec::new());
            }
            (opening, signed) = (true, false);
            continue;
        }
        if !side_note(s) {
            (opening, signed) = (false, false);
        }
        if starts(s, 0, "附件：")
            || starts(s, 0, "附：")
            || (starts(s, 0, "附件1") && s.len() > 6 && !s.contains(&'。') && s.len() < HEADING_MAX)
        {
            listing = true;
            continue;
        }
        if listing
            && (label_at(s).is_some_and(|l| matches!(l.style, Style::Dot(_)))
                && s.len() <= HEADING_MAX
                && !s.contains(&'。'))
        {
            continue;
        }
        listing = false;
        if starts(s, 0, "脚注") && s.get(2).is_some_and(|&c| arabic(c).is_some()) {
            remarks.push((p.span(0, s.len()), "脚注没有作为要求读入".into()));
            continue;
        }
        if side_note(s) || contents_line(s) {
            continue;
        }
        // 落款: one or more names of units, and a date. The date may share the line.
        if is_date_line(s)
            || (s.len() <= 60
                && label_at(s).is_none()
                && s.last() == Some(&'日')
                && date_in(s).is_some()
                && !s.contains(&'，')
                && !s.contains(&'。'))
        {
            let date = date_in(s);
            let mut names: Vec<String> = Vec::new();
            if !is_date_line(s) {
                let cut = (0..s.len()).find(|&i| year_at(s, i).is_some()).unwrap_or(0);
                names.push(orgs(healed, p, cut));
            }
            if let Some(part) = parts.last_mut() {
                while let Some(&prev) = part.last() {
                    let q = &paras[prev];
                    let words = healed.tight(q, 0, q.norm.len());
                    let short = q.table.is_none()
                        && q.norm.len() <= 40
                        && label_at(&q.norm).is_none()
                        && !q
                            .norm
                            .iter()
                            .any(|c| matches!(c, '。' | '，' | '；' | '：'));
                    if !short || !units::looks_like_unit(&words) || names.len() > 8 {
                        break;
                    }
                    names.insert(0, orgs(healed, q, q.norm.len()));
                    part.pop();
                }
            }
            if front.date.is_none() {
                front.date = date;
            }
            if !names.is_empty() {
                let said = names.join("、");
                if front.issuer.is_none() && !said.is_empty() {
                    front.issuer = Some(said);
                }
            }
            if date.is_none() {
                remarks.push((p.span(0, s.len()), "落款日期不是有效日期".into()));
            }
            signed = true;
            continue;
        }
        if let Some(last) = parts.last_mut() {
            last.push(k - 1);
        }
    }
    front.parts = parts;
}

/// Names of units on one line, parted by blanks: 县教育局　县市场监管局.
fn orgs(healed: &Healed<'_>, p: &Para, to: usize) -> String {
    let whole = healed.quote(p.span(0, to));
    let names: Vec<&str> = whole.split_whitespace().collect();
    if names.len() > 1 && names.iter().all(|n| units::looks_like_unit(n)) {
        return names.join("、");
    }
    healed.tight(p, 0, to)
}

/// A line of the title of an attached document.
fn titled(s: &[char], opening: bool) -> bool {
    if s.len() > 60
        || label_at(s).is_some()
        || s.iter().any(|c| matches!(c, '。' | '；' | '：' | '，'))
    {
        return false;
    }
    let words: String = s.iter().collect();
    let kind =
        KINDS.iter().any(|k| words.ends_with(k)) || words.ends_with('）') || words.ends_with('表');
    kind || (opening && s.len() <= 40)
}

fn side_note(s: &[char]) -> bool {
    [
        "抄送",
        "主送：",
        "分送",
        "联系人：",
        "联系电话",
        "（此件",
        "（联系人",
        "出席：",
        "列席：",
        "缺席：",
        "请假：",
        "参会：",
        "参加：",
        "主持：",
        "主持人：",
        "记录：",
        "记录人：",
        "发送：",
        "报：",
        "送：",
        "签发：",
        "（此页无正文",
        "信息公开",
        "公开方式",
        "公开属性",
        "校对",
        "打印：",
    ]
    .iter()
    .any(|w| starts(s, 0, w))
        || (s.len() < 60 && s.len() > 4 && s[s.len() - 2..] == ['印', '发'] && s.contains(&'年'))
}

/// A line of a table of contents: dots and a page number.
fn contents_line(s: &[char]) -> bool {
    let tail = s
        .iter()
        .rev()
        .take_while(|c| arabic(**c).is_some() || matches!(c, '-' | '—' | '（' | '）'))
        .count();
    let dots = s
        .iter()
        .rev()
        .skip(tail)
        .take_while(|c| matches!(c, '.' | '…' | '·' | '．' | ' ' | '⋯'))
        .count();
    tail > 0 && dots >= 3 || (s.len() <= 3 && s.iter().collect::<String>() == "目录")
}
