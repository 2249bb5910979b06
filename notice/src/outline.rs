//! Headings and the tree they make: 第一章, 一、, （一）, 1., （1）, ①.
//!
//! Which level is the *article* is decided from below: an article is the highest heading that carries its
//! own words or its own responsible units; a heading that only gathers such headings is a section.
//! Concretely, a heading with sub-headings is
//! - an article, when units close it as a whole (its own line, or only the last of its points),
//! - a section, when two or more of its sub-headings carry units of their own,
//! - otherwise judged by form: （一） under 一、 are articles; 1. under （一） are points of one article unless
//!   the heading has no words of its own and its points are headed paragraphs;
//! - 第一条 is always an article.

use anlan_core::notice::Span;

use crate::numerals::{arabic, arabic_at, chinese_at, is_numeral, starts};
use crate::text::{Healed, Para};
use crate::units::{self, Found};

/// Deepest nesting of headings; deeper ones are taken as text of the deepest.
pub const DEPTH_MAX: usize = 10;
/// Longest heading that is still a heading, in characters.
pub const HEADING_MAX: usize = 60;

/// Forms of printed numbers, from the outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// 第一部分, 第一篇
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Division,
    /// A Markdown heading without a number, by level.
    Mark(u8),
    /// 一、
    Dun,
    /// 第一条
    Clause,
    /// （一）
    Round,
    /// A bold run that opens a paragraph, without a number
    Bold,
    /// 1. and 1、, or 1.1 with its depth
    Dot(u8),
    /// （1） and 1）
    ArabicRound,
    /// 第一，
    Ordinal,
    /// ①
    Circled,
}

/// A printed number at the start of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Its form.
    pub style: Style,
    /// Its value.
    pub no: u32,
    /// The place after it.
    pub end: usize,
}

/// The label a paragraph starts with.
pub fn label_at(s: &[char]) -> Option<Label> {
    let first = *s.first()?;
    let label = |style, no: u64, end| {
        Some(Label {
            style,
            no: u32::try_from(no).ok()?,
            end,
        })
    };
    if first == '第' {
        if let Some((no, e)) = chinese_at(s, 1)
            && no <= 30
            && matches!(s.get(e), Some('，' | '、' | '：'))
        {
            return label(Style::Ordinal, no, e + 1);
        }
        let (no, e) = chinese_at(s, 1).or_else(|| arabic_at(s, 1).map(|(v, e)| (v as u64, e)))?;
        let style = match s.get(e)? {
            '章' => Style::Chapter,
            '节' => Style::Division,
            '篇' => Style::Part,
            '条' => Style::Clause,
            '部' if s.get(e + 1) == Some(&'分') => {
                return label(Style::Part, no, skip_marks(s, e + 2));
            }
            _ => return None,
        };
        // 第一条第二款 and 第三条规定 speak of another text.
        if matches!(
            s.get(e + 1),
            Some('第' | '规' | '、' | '和' | '的' | '之' | '款')
        ) {
            return None;
        }
        return label(style, no, skip_marks(s, e + 1));
    }
    if is_numeral(first) {
        let (no, e) = chinese_at(s, 0)?;
        if no == 0
            || no > 199
            || !matches!(s.get(e)?, '、' | '.' | '．' | '，')
            || s.get(e + 1).is_none()
        {
            return None;
        }
        if s[e] == '，' && s.len() > 30 {
            return None;
        }
        // 一、二级重大危险源: a list of numerals, not a heading.
        if s.get(e + 1).is_some_and(|&c| is_numeral(c))
            && chinese_at(s, e + 1)
                .is_some_and(|(_, k)| s.get(k).is_some_and(|&c| "、级类等季级年月是".contains(c)))
        {
            return None;
        }
        return label(Style::Dun, no, e + 1);
    }
    if first == '（' {
        if let Some((no, e)) = chinese_at(s, 1)
            && s.get(e) == Some(&'）')
        {
            return label(Style::Round, no, skip_marks(s, e + 1));
        }
        if s.get(1).is_some_and(|&c| arabic(c).is_some()) {
            let (no, e) = arabic_at(s, 1)?;
            if s.get(e) == Some(&'）') && no < 200.0 {
                return label(Style::ArabicRound, no as u64, skip_marks(s, e + 1));
            }
        }
        return None;
    }
    if arabic(first).is_some() {
        return arabic_label(s);
    }
    let code = first as u32;
    let circled = match code {
        0x2460..=0x2473 => Some((Style::Circled, code - 0x2460 + 1)),
        0x2776..=0x277f => Some((Style::Circled, code - 0x2776 + 1)),
        0x2474..=0x2487 => Some((Style::ArabicRound, code - 0x2474 + 1)),
        0x2488..=0x249b => Some((Style::Dot(1), code - 0x2488 + 1)),
        0x3220..=0x3229 => Some((Style::Round, code - 0x3220 + 1)),
        _ => None,
    };
    circled.map(|(style, no)| Label { style, no, end: 1 })
}

/// The value of ① to ⑳.
fn circled(c: char) -> Option<u32> {
    let code = c as u32;
    (0x2460..=0x2473).contains(&code).then(|| code - 0x2460 + 1)
}

fn arabic_label(s: &[char]) -> Option<Label> {
    let mut e = 0;
    let mut no;
    let mut depth = 0u8;
    loop {
        let from = e;
        no = 0;
        while e - from < 3
            && let Some(d) = s.get(e).and_then(|&c| arabic(c))
        {
            no = no * 10 + d as u32;
            e += 1;
        }
        if e == from {
            break;
        }
        depth += 1;
        if depth < 4
            && matches!(s.get(e), Some('.'))
            && s.get(e + 1).is_some_and(|&c| arabic(c).is_some())
        {
            e += 1;
            continue;
        }
        break;
    }
    let next = *s.get(e)?;
    if arabic(next).is_some() || no == 0 {
        return None;
    }
    match next {
        '.' | '、' | '．' if s.get(e + 1).is_some() => Some(Label {
            style: Style::Dot(depth),
            no,
            end: e + 1,
        }),
        '）' if depth == 1 => Some(Label {
            style: Style::ArabicRound,
            no,
            end: e + 1,
        }),
        // 1.2 加强监管: a decimal heading needs a Chinese character, and no unit of measure, behind it.
        c if depth > 1 && is_cjk(c) && !"万亿米倍个吨元年月平公立小分".contains(c) => {
            Some(Label {
                style: Style::Dot(depth),
                no,
                end: e,
            })
        }
        _ => None,
    }
}

fn skip_marks(s: &[char], mut at: usize) -> usize {
    while at < s.len() && matches!(s[at], '、' | '.' | '：' | ' ' | '．') {
        at += 1;
    }
    at
}

/// Whether a character is a Chinese one.
pub fn is_cjk(c: char) -> bool {
    matches!(c as u32, 0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x20000..=0x2a6df)
}

/// A stretch of one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which paragraph.
    pub para: usize,
    /// From here,
    pub from: usize,
    /// to before here.
    pub to: usize,
}

impl Part {
    /// Whether it holds no characters.
    pub fn is_empty(&self) -> bool {
        self.from >= self.to
    }
}

/// A heading with what stands under it.
#[derive(Debug)]
pub struct Node {
    /// Its number.
    pub label: Label,
    /// The paragraph it starts in, and the first character of the label there.
    pub at: Part,
    /// Its heading words; empty when it is a sentence without heading.
    pub title: Part,
    /// Its own words before the first sub-heading, in paragraphs.
    pub body: Vec<Part>,
    /// Units found in its own words.
    pub units: Found,
    /// Sub-headings.
    pub children: Vec<Node>,
    /// Tables among its own words.
    pub tables: Vec<usize>,
}

impl Node {
    fn own_length(&self) -> usize {
        self.body.iter().map(|p| p.to - p.from).sum()
    }

    /// Units in the last descendant, if no other descendant has any.
    fn only_last_has_units(&self) -> bool {
        let (last, before) = match self.children.split_last() {
            Some(x) => x,
            None => return false,
        };
        let deep = |n: &Node| n.carries_units();
        deep(last) && !before.iter().any(deep) && !before.is_empty()
    }

    /// Whether it or anything below it carries units.
    pub fn carries_units(&self) -> bool {
        self.units.any() || self.children.iter().any(Node::carries_units)
    }

    /// The last stretch of text under this heading.
    pub fn last_part(&self) -> Part {
        if let Some(c) = self.children.last() {
            return c.last_part();
        }
        self.body
            .iter()
            .rev()
            .find(|p| !p.is_empty())
            .copied()
            .unwrap_or(if self.title.is_empty() {
                self.at
            } else {
                self.title
            })
    }
}

/// Whether a heading with sub-headings is an article as a whole. See the module's head for the rule.
pub fn is_article(node: &Node) -> bool {
    if node.children.is_empty() {
        return true;
    }
    if node.label.style == Style::Clause {
        return true;
    }
    if matches!(
        node.label.style,
        Style::Part | Style::Chapter | Style::Division | Style::Mark(_)
    ) {
        return false;
    }
    if node.units.any() {
        return true;
    }
    let carrying = node.children.iter().filter(|c| c.carries_units()).count();
    if carrying >= 2 || (carrying == 1 && node.children.len() == 1) {
        return false;
    }
    let child = node.children[0].label.style;
    if carrying == 1 && node.only_last_has_units() && child > Style::Round {
        return true;
    }
    if child == Style::Round {
        return false;
    }
    let headed = node
        .children
        .iter()
        .filter(|c| {
            (!c.title.is_empty() && c.own_length() >= 20)
                || !c.children.is_empty()
                || c.own_length() >= 60
        })
        .count();
    if node.label.style == Style::Dun {
        // 一、…： 1.… 2.…: the points are the articles when they are sentences, not a list of names.
        let long = node
            .children
            .iter()
            .filter(|c| c.own_length() + (c.title.to - c.title.from) >= 15)
            .count();
        return long * 2 < node.children.len();
    }
    if node.label.style == Style::Round && matches!(child, Style::Dot(_)) {
        return !(node.own_length() < 30 && headed * 2 >= node.children.len());
    }
    true
}

/// One part of a document: the letter itself, or an attachment.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Paragraphs before the first heading.
    pub front: Vec<usize>,
    /// Top-level headings.
    pub nodes: Vec<Node>,
    /// Tables before the first heading.
    pub tables: Vec<usize>,
}

/// Builds the tree of `paras` (indices into `healed.paras`).
pub fn grow(healed: &Healed<'_>, paras: &[usize], remarks: &mut Vec<(Span, String)>) -> Chunk {
    let mut chunk = Chunk::default();
    let mut open: Vec<Node> = Vec::new();
    // One bold run may be emphasis; several that open paragraphs are headings.
    let bold = paras
        .iter()
        .filter(|&&k| bold_run(&healed.paras[k]).is_some())
        .count()
        >= 2;
    for &k in paras {
        let p = &healed.paras[k];
        if let Some(t) = p.table {
            match open.last_mut() {
                Some(n) => n.tables.push(t),
                None => chunk.tables.push(t),
            }
            continue;
        }
        for piece in split_run_on(p) {
            let s = &p.norm[piece.0..piece.1];
            let label = label_at(s).or_else(|| bare_heading(p, s)).or_else(|| {
                (bold && piece.0 == 0)
                    .then(|| bold_run(p))
                    .flatten()
                    .map(|_| Label {
                        style: Style::Bold,
                        no: 0,
                        end: 0,
                    })
            });
            let Some(mut label) = label else {
                let part = Part {
                    para: k,
                    from: piece.0,
                    to: piece.1,
                };
                match open.last_mut() {
                    Some(n) => n.body.push(part),
                    None => chunk.front.push(k),
                }
                continue;
            };
            label.end += piece.0;
            while open.last().is_some_and(|n| n.label.style >= label.style) {
                close(&mut open, &mut chunk.nodes);
            }
            while open.len() >= DEPTH_MAX {
                close(&mut open, &mut chunk.nodes);
            }
            let at = Part {
                para: k,
                from: piece.0,
                to: piece.1,
            };
            let (title, body) = split_heading(p, label, piece.1);
            open.push(Node {
                label,
                at,
                title: Part {
                    para: k,
                    from: title.0,
                    to: title.1,
                },
                body: vec![Part {
                    para: k,
                    from: body.0,
                    to: body.1,
                }],
                units: Found::default(),
                children: Vec::new(),
                tables: Vec::new(),
            });
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut chunk.nodes);
    }
    for n in &mut chunk.nodes {
        settle(healed, n, remarks);
    }
    chunk
}

fn close(open: &mut Vec<Node>, top: &mut Vec<Node>) {
    if let Some(n) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.children.push(n),
            None => top.push(n),
        }
    }
}

/// A Markdown heading without a number.
fn bare_heading(p: &Para, s: &[char]) -> Option<Label> {
    (p.level > 0 && s.len() <= HEADING_MAX).then_some(Label {
        style: Style::Mark(p.level),
        no: 0,
        end: 0,
    })
}

/// Where the bold run that opens a paragraph ends, when it looks like a heading: **严管水上项目。**…, or a
/// short line all in bold.
fn bold_run(p: &Para) -> Option<usize> {
    let s = &p.norm;
    let n = p.bold.min(s.len());
    if p.level > 0 || p.table.is_some() || !(4..=32).contains(&n) || label_at(s).is_some() {
        return None;
    }
    let closed = matches!(s[n - 1], '。' | '：') || matches!(s.get(n), Some('。' | '：'));
    let alone = n == s.len() && n <= 24 && !s.contains(&'，');
    let inner = s[..n - 1].iter().any(|c| matches!(c, '。' | '；'));
    ((closed && s.len() > n + 4) || alone)
        .then_some(n)
        .filter(|_| !inner)
}

/// Splits a paragraph where a numbered heading follows the closing bracket of the article before it, as
/// happens when a converter loses the line break.
fn split_run_on(p: &Para) -> Vec<(usize, usize)> {
    let n = p.norm.len();
    let mut cuts = vec![0];
    for i in 1..n {
        let before = p.norm[i - 1];
        // ①…。②…: points run on in one paragraph.
        if matches!(before, '。' | '；')
            && let Some(l) = circled(p.norm[i])
            && let Some(last) = cuts.last().and_then(|&c| circled(p.norm[c]))
            && l == last + 1
        {
            cuts.push(i);
            continue;
        }
        if p.norm[i] == '（' && matches!(before, '。' | '）' | '〕') {
            let Some(l) = label_at(&p.norm[i..(i + 8).min(n)]) else {
                continue;
            };
            if l.style != Style::Round {
                continue;
            }
            // Only where it counts on, or right after a closed bracket of units: （一）…。（二）….
            if let Some(first) = label_at(&p.norm[cuts[cuts.len() - 1]..])
                && first.style == Style::Round
                && l.no == first.no + 1
            {
                cuts.push(i);
            }
        }
    }
    let mut out = Vec::with_capacity(cuts.len());
    for (k, &c) in cuts.iter().enumerate() {
        out.push((c, cuts.get(k + 1).copied().unwrap_or(n)));
    }
    out
}

/// Parts heading and body of a labelled paragraph.
fn split_heading(p: &Para, label: Label, to: usize) -> ((usize, usize), (usize, usize)) {
    let s = &p.norm[..to];
    let from = label.end;
    let mut depth = 0usize;
    let mut comma = false;
    // 第一条 mostly has no heading of its own.
    let longest = if label.style == Style::Clause { 12 } else { 32 };
    let bold_ends = p.bold > from && p.bold < to;
    for i in from..to.min(from + HEADING_MAX) {
        match s[i] {
            '（' | '〔' | '《' | '“' => depth += 1,
            '）' | '〕' | '》' | '”' => depth = depth.saturating_sub(1),
            '。' if depth == 0 => {
                let more = i + 1 < to;
                // One sentence and nothing behind it is the demand itself, unless it is short as a heading is.
                let bold = p.bold >= i && p.bold <= i + 1;
                if bold && more
                    || (more && i - from <= longest && !measured(&s[from..i]))
                    || (!more && !comma && i - from <= 20 && !measured(&s[from..i]))
                {
                    return ((from, i), (i + 1, to));
                }
                return ((from, from), (from, to));
            }
            '：' if depth == 0 && i > from && !comma && i - from <= 30 && i + 1 < to => {
                return ((from, i), (i + 1, to));
            }
            '，' | '；' if depth == 0 => comma = true,
            _ => {}
        }
        if bold_ends && i + 1 == p.bold && depth == 0 && p.bold - from >= 3 {
            return ((from, i + 1), (i + 1, to));
        }
        if let Some(g) = p.gap
            && i + 1 == g
            && g > from + 2
            && depth == 0
            && !comma
            && g - from <= 25
            && is_cjk(s[i])
            && is_cjk(s[g.min(to - 1)])
            && to - g > 20
        {
            return ((from, g), (g, to));
        }
    }
    if to - from <= HEADING_MAX && !s[from..to].contains(&'。') {
        return ((from, to), (to, to));
    }
    ((from, from), (from, to))
}

/// Whether words set a number, a limit or a ban: those are no headings.
fn measured(s: &[char]) -> bool {
    [
        "不少于",
        "不低于",
        "至少",
        "达到",
        "严禁",
        "不得",
        "以上",
        "每年",
        "每月",
        "每季",
        "每半年",
        "底前",
        "日前",
        "不超过",
        "%",
        "百分之",
    ]
    .iter()
    .any(|w| (0..s.len()).any(|i| starts(s, i, w)))
}

/// Finds units in each node's own words and cuts them off, and gives sentence-headings back to the body.
fn settle(healed: &Healed<'_>, node: &mut Node, remarks: &mut Vec<(Span, String)>) {
    node.units = units::take(healed, node.title, &mut node.body, remarks);
    if let Some(t) = node.units.title.take() {
        node.title = t;
    }
    // A heading that is a whole sentence, with no words under it, is the demand itself.
    let alone =
        node.body.iter().all(Part::is_empty) && node.children.is_empty() && node.tables.is_empty();
    let p = &healed.paras[node.title.para];
    let words = &p.norm[node.title.from..node.title.to];
    if alone
        && !words.is_empty()
        && (words.len() > 24 || words.contains(&'，') || words.contains(&'；'))
    {
        node.body = vec![node.title];
        node.title = Part {
            to: node.title.from,
            ..node.title
        };
    }
    node.body.retain(|b| !b.is_empty());
    for c in &mut node.children {
        settle(healed, c, remarks);
    }
}

/// Whether words name an attachment's start: 附件, 附件1, 附件：…
pub fn attachment_line(norm: &[char]) -> bool {
    if !starts(norm, 0, "附件") && !starts(norm, 0, "附：") {
        return false;
    }
    norm.len() <= 6
        && norm[2..]
            .iter()
            .all(|&c| arabic(c).is_some() || is_numeral(c) || matches!(c, '：' | '-' | '—'))
}
