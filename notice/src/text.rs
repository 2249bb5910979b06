//! The text as read, and the same text healed: layout breaks, page numbers and Markdown marks are known
//! for what they are, sentences that a page break tore apart stand together again.
//!
//! Every character of the text is given a class once. Paragraphs are lists of character positions, so a
//! place in a healed paragraph always leads back to a place in the text as read.

use anlan_core::notice::Span;

use crate::numerals::{arabic, starts};
use crate::outline::label_at;

/// What kind of file a text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Plain text.
    Plain,
    /// Markdown.
    Markdown,
    /// Word, .docx.
    Docx,
    /// HTML.
    Html,
    /// PDF with a text layer.
    Pdf,
}

impl Format {
    /// The word in storage and API: txt, md, docx, html, pdf.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Plain => "txt",
            Format::Markdown => "md",
            Format::Docx => "docx",
            Format::Html => "html",
            Format::Pdf => "pdf",
        }
    }
}

/// One cell of a table: where its words stand in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Its words. A cell merged with the one above has the span of the one above.
    pub span: Span,
}

/// A table in the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Rows of cells, merged cells repeated.
    pub rows: Vec<Vec<Cell>>,
    /// From the first to the last cell.
    pub start: u32,
    /// The place after the table.
    pub end: u32,
}

/// A notice as read: the characters that spans count in, and where its tables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text after decoding, before any repair. In .docx and .html a paragraph is a line; in a table a
    /// row is a line and cells are parted by a tab.
    pub plain: String,
    /// What it was read from.
    pub format: Format,
    /// Tables in reading order; they do not overlap.
    pub tables: Vec<Table>,
    /// Words set in bold, in reading order, where the format says so.
    pub bold: Vec<Span>,
    /// Headings by style where the format has them: where the line begins, and the level.
    pub headings: Vec<(u32, u8)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of the words.
    Word,
    /// A blank inside a line.
    Blank,
    /// A line break, mark-up or page number.
    Layout,
}

/// A healed paragraph.
#[derive(Debug, Default, Clone)]
pub struct Para {
    /// Its characters without blanks, brackets and digits made uniform, for matching.
    pub norm: Vec<char>,
    /// Where each of them stands in the text.
    pub pos: Vec<u32>,
    /// Markdown heading level, 0 for none.
    pub level: u8,
    /// Up to where it is bold from its start, in characters of `norm`.
    pub bold: usize,
    /// The first place after the label where a blank stands in the line, in characters of `norm`.
    pub gap: Option<usize>,
    /// The table that stands here instead of words.
    pub table: Option<usize>,
}

impl Para {
    /// Span of the characters `[from, to)` of this paragraph; empty at its start when there are none.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let to = to.min(self.pos.len());
        if from >= to {
            let at = self.pos.get(from).or(self.pos.last()).copied().unwrap_or(0);
            return Span(at, at);
        }
        Span(self.pos[from], self.pos[to - 1] + 1)
    }
}

/// A text with its classes and paragraphs.
pub struct Healed<'a> {
    /// The characters as read.
    pub src: Vec<char>,
    class: Vec<Class>,
    /// Paragraphs in reading order.
    pub paras: Vec<Para>,
    /// The text itself.
    pub text: &'a Text,
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t' || c == '\u{3000}' || c == '\u{a0}' || (c.is_whitespace() && !is_break(c))
}

fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_nothing(c: char) -> bool {
    matches!(
        c,
        '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{2060}'
    ) || (c.is_control() && !is_break(c) && c != '\t')
}

/// A character made uniform for matching: full-width digits and letters, brackets, commas.
fn uniform(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '＋' | '．' => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
        }
        '(' | '﹙' => '（',
        ')' | '﹚' => '）',
        '[' | '［' | '【' | '〖' => '〔',
        ']' | '］' | '】' | '〗' => '〕',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        '?' => '？',
        '｡' => '。',
        '､' => '、',
        _ => c,
    }
}

struct Line {
    start: usize,
    end: usize,
    level: u8,
    list: bool,
    blank_before: usize,
    table: Option<usize>,
    words: usize,
}

impl<'a> Healed<'a> {
    /// Heals a text. Linear in its length.
    pub fn new(text: &'a Text) -> Self {
        let src: Vec<char> = text.plain.chars().collect();
        let mut class: Vec<Class> = src
            .iter()
            .map(|&c| {
                if is_break(c) || is_nothing(c) {
                    Class::Layout
                } else if is_blank(c) {
                    Class::Blank
                } else {
                    Class::Word
                }
            })
            .collect();
        mark_inline(&src, &mut class, text.format);
        let lines = lines(&src, &mut class, text);
        let mut healed = Healed {
            src,
            class,
            paras: Vec::new(),
            text,
        };
        healed.join(&lines);
        healed
    }

    /// The words of a span: layout breaks and mark-up left out.
    pub fn quote(&self, span: Span) -> String {
        let (from, to) = (span.0 as usize, (span.1 as usize).min(self.src.len()));
        let mut out = String::with_capacity(to.saturating_sub(from) * 3);
        let mut gap: Option<Class> = None;
        let mut last = ' ';
        for i in from..to {
            match self.class[i] {
                Class::Word => {
                    let c = self.src[i];
                    let joined = c.is_ascii_alphanumeric() && last.is_ascii_alphanumeric();
                    if !out.is_empty()
                        && (gap == Some(Class::Blank) || (gap == Some(Class::Layout) && joined))
                    {
                        out.push(' ');
                    }
                    out.push(c);
                    last = c;
                    gap = None;
                }
                Class::Blank => gap = Some(gap.unwrap_or(Class::Blank)),
                Class::Layout => {
                    if is_break(self.src[i]) {
                        gap = Some(Class::Layout);
                    }
                }
            }
        }
        out
    }

    /// The words of a part of a paragraph without any blanks between Chinese characters.
    pub fn tight(&self, para: &Para, from: usize, to: usize) -> String {
        let to = to.min(para.pos.len());
        para.pos[from.min(to)..to]
            .iter()
            .map(|&p| self.src[p as usize])
            .collect()
    }

    /// The words of a span as one paragraph, such as a table cell.
    pub fn para_of(&self, span: Span) -> Para {
        let mut p = Para::default();
        let line = Line {
            start: span.0 as usize,
            end: (span.1 as usize).min(self.src.len()),
            level: 0,
            list: false,
            blank_before: 0,
            table: None,
            words: 0,
        };
        self.push_line(&mut p, &line);
        p
    }

    fn push_line(&self, para: &mut Para, line: &Line) {
        let mut gap = false;
        for i in line.start..line.end {
            match self.class[i] {
                Class::Word => {
                    let c = self.src[i];
                    if gap && !para.norm.is_empty() {
                        if para.gap.is_none() && para.norm.len() > 4 {
                            para.gap = Some(para.norm.len());
                        }
                        if c.is_ascii_alphanumeric()
                            && para.norm.last().is_some_and(char::is_ascii_alphanumeric)
                        {
                            para.norm.push(' ');
                            para.pos.push(i as u32 - 1);
                        }
                    }
                    gap = false;
                    para.norm.push(uniform(c));
                    para.pos.push(i as u32);
                }
                Class::Blank => gap = true,
                Class::Layout => {}
            }
        }
    }

    fn join(&mut self, lines: &[Line]) {
        let width = wrap_width(lines, self.text.format);
        let mut paras: Vec<Para> = Vec::new();
        let mut last_words = 0;
        let mut last_level = 0u8;
        for line in lines {
            if let Some(t) = line.table {
                paras.push(Para {
                    table: Some(t),
                    ..Para::default()
                });
                last_words = 0;
                continue;
            }
            let mut fresh = Para {
                level: line.level,
                ..Para::default()
            };
            self.push_line(&mut fresh, line);
            if fresh.norm.is_empty() {
                continue;
            }
            let joins = line.level == 0
                && last_level == 0
                && !line.list
                && paras.last().is_some_and(|p| {
                    p.table.is_none() && continues(p, &fresh, last_words, width, line.blank_before)
                });
            last_words = line.words;
            last_level = line.level;
            if joins && let Some(p) = paras.last_mut() {
                let both = p.norm.last().is_some_and(char::is_ascii_alphanumeric)
                    && fresh.norm.first().is_some_and(char::is_ascii_alphanumeric);
                if both && let Some(&at) = p.pos.last() {
                    p.norm.push(' ');
                    p.pos.push(at + 1);
                }
                p.norm.append(&mut fresh.norm);
                p.pos.append(&mut fresh.pos);
            } else {
                paras.push(fresh);
            }
        }
        self.mark_bold(&mut paras);
        self.paras = paras;
    }

    /// Sets how far each paragraph is bold from its start.
    fn mark_bold(&self, paras: &mut [Para]) {
        let mut next = 0;
        for p in paras.iter_mut().filter(|p| !p.pos.is_empty()) {
            let first = p.pos[0];
            while next < self.text.bold.len() && self.text.bold[next].1 <= first {
                next += 1;
            }
            let mut k = next;
            let mut n = 0;
            while let Some(&Span(s, e)) = self.text.bold.get(k) {
                if n >= p.pos.len() || s > p.pos[n] {
                    break;
                }
                while n < p.pos.len() && p.pos[n] < e {
                    n += 1;
                }
                k += 1;
            }
            p.bold = n;
            next = k.saturating_sub(1).max(next);
        }
    }
}

/// The width lines are wrapped at, where the text is hard-wrapped.
fn wrap_width(lines: &[Line], format: Format) -> Option<usize> {
    if matches!(format, Format::Docx | Format::Html) {
        return None;
    }
    let mut counts = [0usize; 81];
    let mut total = 0;
    for l in lines.iter().filter(|l| l.table.is_none() && l.level == 0) {
        total += 1;
        counts[l.words.min(80)] += 1;
    }
    if total < 8 {
        return None;
    }
    let (mut best, mut best_n) = (0, 0);
    for w in 16..78 {
        let n = counts[w - 2] + counts[w - 1] + counts[w] + counts[w + 1];
        if n > best_n {
            (best, best_n) = (w, n);
        }
    }
    let longer: usize = counts[(best + 4).min(80)..].iter().sum();
    let need = if format == Format::Pdf { 4 } else { 3 };
    (best_n * need >= total && longer * 8 <= total).then_some(best)
}

/// Whether a line goes on where the paragraph stopped: a page or a line broke in mid-sentence.
fn continues(
    p: &Para,
    next: &Para,
    last_words: usize,
    width: Option<usize>,
    blanks: usize,
) -> bool {
    if ends_sentence(&p.norm) {
        return false;
    }
    // 城安委〔2025〕3号 stands by itself.
    if p.norm.last() == Some(&'号')
        && p.norm.len() <= 40
        && p.norm.contains(&'〔')
        && !has_comma(&p.norm)
    {
        return false;
    }
    let full = width.is_some_and(|w| last_words + 4 >= w);
    let weak_label = width.is_some() && next.norm.first().is_some_and(|&c| arabic(c).is_some());
    if label_at(&next.norm).is_some() && !(full && weak_label) {
        return false;
    }
    if starts(&next.norm, 0, "附件") || starts(&next.norm, 0, "脚注") || is_date_line(&next.norm)
    {
        return false;
    }
    // Lines with a closed bracket only, such as the units under an article, stand by themselves.
    if matches!(next.norm.first(), Some('（' | '〔'))
        && ends_bracketed(&next.norm)
        && next.norm.len() > 6
        && !full
    {
        return false;
    }
    // A full line goes on; a short one ends its paragraph unless it stops in mid-sentence.
    if let Some(w) = width
        && full
        && (blanks == 0 || p.norm.len() > w || has_comma(&p.norm))
    {
        return true;
    }
    let labelled = label_at(&p.norm).is_some();
    if is_field(&p.norm) {
        return false;
    }
    if labelled {
        p.norm.contains(&'。') || p.norm.len() > 45
    } else {
        p.norm.len() > 15 && has_comma(&p.norm)
    }
}

fn is_field(norm: &[char]) -> bool {
    norm.iter().take(8).any(|&c| c == '：')
        && [
            "责任", "牵头", "配合", "完成", "联系", "时限", "抄送", "附件",
        ]
        .iter()
        .any(|w| starts(norm, 0, w))
}

fn has_comma(norm: &[char]) -> bool {
    norm.iter().any(|c| matches!(c, '，' | '。' | '；' | '、'))
}

fn ends_bracketed(norm: &[char]) -> bool {
    norm.iter().rev().take(2).any(|c| matches!(c, '）' | '〕'))
}

/// Whether the words end a sentence, closing quotes and unit brackets included.
pub fn ends_sentence(norm: &[char]) -> bool {
    let Some(&last) = norm.last() else {
        return true;
    };
    if matches!(last, '。' | '！' | '？' | '；' | '：' | '…') {
        return true;
    }
    if matches!(last, '”' | '’' | '"' | '》' | '」') {
        return norm.len() > 1 && matches!(norm[norm.len() - 2], '。' | '！' | '？' | '；');
    }
    if matches!(last, '）' | '〕') {
        let mut depth = 0usize;
        for (k, &c) in norm.iter().enumerate().rev().take(400) {
            match c {
                '）' | '〕' => depth += 1,
                '（' | '〔' => {
                    depth -= 1;
                    if depth == 0 {
                        return k == 0 || matches!(norm[k - 1], '。' | '！' | '？' | '；' | '”');
                    }
                }
                _ => {}
            }
        }
        return norm.len() > 1 && norm[norm.len() - 2] == '。';
    }
    false
}

/// A line that holds a date and nothing else: 2025年3月5日, 二〇二五年三月五日.
pub fn is_date_line(norm: &[char]) -> bool {
    norm.len() >= 8
        && norm.len() <= 14
        && norm.contains(&'年')
        && norm.last() == Some(&'日')
        && !norm.contains(&'，')
}

fn lines(src: &[char], class: &mut [Class], text: &Text) -> Vec<Line> {
    let mut out = Vec::new();
    let mut blank_before = 0;
    let mut at = 0;
    let mut tables = text.tables.iter().enumerate().peekable();
    let mut headings = text.headings.iter().peekable();
    while at < src.len() {
        if let Some(&(t, table)) = tables.peek()
            && at >= table.start as usize
        {
            let end = (table.end as usize).clamp(at, src.len());
            out.push(Line {
                start: at,
                end,
                level: 0,
                list: false,
                blank_before,
                table: Some(t),
                words: 0,
            });
            tables.next();
            if end > at {
                at = end;
                blank_before = 0;
                continue;
            }
        }
        let mut end = at;
        let stop = tables.peek().map_or(src.len(), |(_, t)| {
            (t.start as usize).max(at + 1).min(src.len())
        });
        while end < stop && !is_break(src[end]) {
            end += 1;
        }
        let (mut from, mut to) = (at, end);
        while from < to && class[from] != Class::Word {
            class[from] = Class::Layout;
            from += 1;
        }
        while to > from && class[to - 1] != Class::Word {
            to -= 1;
            class[to] = Class::Layout;
        }
        let mut line = Line {
            start: from,
            end: to,
            level: 0,
            list: false,
            blank_before,
            table: None,
            words: 0,
        };
        if from == to {
            blank_before += usize::from(end - at == 0 || end < src.len());
        } else if is_page_number(&src[from..to], text.format, blank_before)
            || is_rule(&src[from..to])
        {
            class[from..to].fill(Class::Layout);
        } else {
            while headings.peek().is_some_and(|h| (h.0 as usize) < at) {
                headings.next();
            }
            if let Some(h) = headings.peek().filter(|h| (h.0 as usize) <= from) {
                line.level = h.1.clamp(1, 6);
            }
            strip_prefix(src, class, &mut line, text.format);
            line.words = (line.start..line.end)
                .filter(|&i| class[i] == Class::Word)
                .count();
            if line.words > 0 {
                out.push(line);
                blank_before = 0;
            }
        }
        at = if end < src.len() && is_break(src[end]) {
            end + 1
        } else {
            end.max(at + 1)
        };
    }
    out
}

/// `- 3 -`, `— 3 —`, 第3页, 第 3 页 共 9 页, 3/9, and a bare number between blank lines.
fn is_page_number(line: &[char], format: Format, blanks: usize) -> bool {
    if line.len() > 24 {
        return false;
    }
    let tight: Vec<char> = line.iter().copied().filter(|c| !is_blank(*c)).collect();
    let dashed = |c: char| {
        matches!(
            c,
            '-' | '－' | '—' | '–' | '─' | '·' | '•' | '~' | '～' | '/'
        )
    };
    let digits = tight.iter().filter(|c| arabic(**c).is_some()).count();
    if digits == 0 || digits > 7 {
        return false;
    }
    let first = tight.first().copied().unwrap_or(' ');
    let last = tight.last().copied().unwrap_or(' ');
    if dashed(first) && dashed(last) && tight.iter().all(|&c| dashed(c) || arabic(c).is_some()) {
        return true;
    }
    if first == '第'
        && tight.contains(&'页')
        && tight
            .iter()
            .all(|&c| "第页共，,/".contains(c) || arabic(c).is_some())
    {
        return true;
    }
    digits == tight.len() && digits <= 3 && (format == Format::Pdf || blanks > 0)
}

fn is_rule(line: &[char]) -> bool {
    line.len() >= 3
        && (line
            .iter()
            .all(|&c| matches!(c, '-' | '*' | '_' | '=' | ' ' | '—' | '`' | '~')))
}

/// Takes Markdown's marks off the start of a line: `#`, `>`, `-`, `*`, `+`.
fn strip_prefix(src: &[char], class: &mut [Class], line: &mut Line, format: Format) {
    // Marks that slipped into a Word file or PDF are known too; lists only where they are Markdown's.
    let lists = matches!(format, Format::Markdown | Format::Plain);
    let skip = |line: &mut Line, class: &mut [Class], n: usize| {
        for _ in 0..n {
            class[line.start] = Class::Layout;
            line.start += 1;
        }
        while line.start < line.end && class[line.start] != Class::Word {
            class[line.start] = Class::Layout;
            line.start += 1;
        }
    };
    for _ in 0..8 {
        let rest = &src[line.start..line.end];
        let hashes = rest.iter().take(7).take_while(|c| **c == '#').count();
        if (1..=6).contains(&hashes)
            && line.level == 0
            && rest.get(hashes).is_some_and(|c| *c != '#')
        {
            line.level = hashes as u8;
            skip(line, class, hashes);
        } else if lists && rest.first() == Some(&'>') {
            skip(line, class, 1);
        } else if lists
            && matches!(rest.first(), Some('-' | '*' | '+' | '•' | '·' | '●'))
            && rest.get(1).is_some_and(|c| is_blank(*c))
        {
            line.list = true;
            skip(line, class, 1);
        } else {
            break;
        }
    }
    if line.level > 0 {
        while line.end > line.start
            && (src[line.end - 1] == '#' || class[line.end - 1] != Class::Word)
        {
            line.end -= 1;
            class[line.end] = Class::Layout;
        }
    }
}

/// Marks emphasis, escapes and tags inside lines as layout.
fn mark_inline(src: &[char], class: &mut [Class], format: Format) {
    let marked = matches!(format, Format::Markdown | Format::Plain);
    // The next '>' from each '<' is found once: `close` only moves forward.
    let mut close = 0;
    let mut i = 0;
    while i < src.len() {
        match src[i] {
            '\\' if marked && src.get(i + 1).is_some_and(char::is_ascii_punctuation) => {
                class[i] = Class::Layout;
                i += 2;
                continue;
            }
            '*' => {
                let run = src[i..].iter().take_while(|c| **c == '*').count();
                let loose = src
                    .get(i + run)
                    .is_none_or(|c| is_blank(*c) || is_break(*c))
                    && (i == 0 || is_blank(src[i - 1]) || is_break(src[i - 1]));
                if run >= 2 || (marked && !loose) {
                    class[i..i + run].fill(Class::Layout);
                }
                i += run;
                continue;
            }
            '_' if marked && src.get(i + 1) == Some(&'_') => {
                let run = src[i..].iter().take_while(|c| **c == '_').count();
                class[i..i + run].fill(Class::Layout);
                i += run;
                continue;
            }
            '`' if marked => class[i] = Class::Layout,
            '<' if format == Format::Markdown
                && src
                    .get(i + 1)
                    .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) =>
            {
                close = close.max(i + 1);
                while close < src.len() && close < i + 300 && src[close] != '>' && src[close] != '<'
                {
                    close += 1;
                }
                if src.get(close) == Some(&'>') {
                    class[i..=close].fill(Class::Layout);
                    i = close;
                }
            }
            _ => {}
        }
        i += 1;
    }
}
