//! Web pages: block elements become lines, tables rows of cells. Scripts, styles, menus and lines that are
//! nothing but links are left out. One pass, no tree.

use anlan_core::notice::Span;

use super::builder::Builder;
use super::{ReadError, TEXT_MAX};
use crate::text::{Cell, Format, Text};

/// Most columns and rows one cell may span.
const COLSPAN_MAX: usize = 64;
const ROWSPAN_MAX: usize = 2000;
/// Longest tag that is looked at.
const TAG_MAX: usize = 20_000;

/// Elements whose words are not the document's.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "select", "button", "nav", "svg", "iframe",
    "object", "textarea", "title", "footer",
];

/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "header",
    "main",
    "aside",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "table",
    "tr",
    "hr",
    "form",
    "fieldset",
    "center",
    "body",
    "html",
    "tbody",
    "thead",
    "tfoot",
    "caption",
    "figure",
    "address",
];

#[derive(Default)]
struct Frame {
    rows: Vec<Vec<Cell>>,
    row: Vec<Option<Cell>>,
    /// Cells that reach down: column, cell, rows left.
    down: Vec<(usize, Cell, usize)>,
    cell: Option<(usize, usize, usize)>,
    start: usize,
    in_row: bool,
}

struct Page {
    out: Builder,
    tables: Vec<Frame>,
    /// Numbers of ordered lists; none for unordered ones.
    lists: Vec<Option<u32>>,
    line_start: usize,
    linked: usize,
    in_link: usize,
    bold: usize,
    bold_from: usize,
    blank: bool,
    pre: usize,
}

/// Reads a page.
pub fn read(words: &str) -> Result<Text, ReadError> {
    let s: Vec<char> = words.chars().collect();
    let mut page = Page {
        out: Builder::default(),
        tables: Vec::new(),
        lists: Vec::new(),
        line_start: 0,
        linked: 0,
        in_link: 0,
        bold: 0,
        bold_from: 0,
        blank: false,
        pre: 0,
    };
    let mut i = 0;
    while i < s.len() {
        if page.out.len() > TEXT_MAX {
            return Err(super::text_too_large());
        }
        if s[i] != '<' {
            if s[i] == '&' {
                let (c, e) = entity(&s, i);
                page.character(c);
                i = e;
            } else {
                page.character(s[i]);
                i += 1;
            }
            continue;
        }
        if s[i..].starts_with(&['<', '!', '-', '-']) {
            i = find(&s, i + 4, &['-', '-', '>']).map_or(s.len(), |e| e + 3);
            continue;
        }
        let closing = s.get(i + 1) == Some(&'/');
        let at = i + 1 + usize::from(closing);
        if !s.get(at).is_some_and(|c| c.is_ascii_alphabetic()) {
            if matches!(s.get(at), Some('!' | '?')) {
                i = tag_end(&s, i);
            } else {
                page.character('<');
                i += 1;
            }
            continue;
        }
        let mut e = at;
        while e < s.len()
            && e - at < 24
            && (s[e].is_ascii_alphanumeric() || matches!(s[e], ':' | '-'))
        {
            e += 1;
        }
        let name: String = s[at..e].iter().collect::<String>().to_ascii_lowercase();
        let end = tag_end(&s, i);
        let attributes = &s[e.min(end)..end];
        if !closing && SKIPPED.contains(&name.as_str()) {
            i = if attributes.ends_with(&['/', '>']) {
                end
            } else {
                skip(&s, end, &name)
            };
            page.end_line();
            continue;
        }
        if closing {
            page.close(&name);
        } else {
            page.open(&name, attributes);
        }
        i = end;
    }
    page.end_line();
    while !page.tables.is_empty() {
        page.end_table();
    }
    Ok(page.out.text(Format::Html))
}

impl Page {
    fn character(&mut self, c: char) {
        if self.pre > 0 && c == '\n' {
            self.end_line();
            return;
        }
        if c.is_whitespace() && c != '\u{a0}' && c != '\u{3000}' {
            self.blank = true;
            return;
        }
        if self.blank {
            self.blank = false;
            // A line break in the source between Chinese characters is no blank on the page.
            let last = self.out.last();
            if self.out.len() > self.line_start
                && last.is_some_and(|l| l.is_ascii())
                && c.is_ascii()
            {
                self.out.push_char(' ');
            }
        }
        if self.in_link > 0 {
            self.linked += 1;
        }
        self.out.push_char(c);
    }

    fn end_line(&mut self) {
        self.blank = false;
        let n = self.out.len() - self.line_start;
        // Menus: lines that are links and nothing else, outside tables of data.
        if n > 0 && self.linked >= n && n <= 20 && self.tables.is_empty() {
            self.out.cut(self.line_start);
        }
        self.linked = 0;
        if self.tables.last().is_some_and(|t| t.cell.is_some()) {
            self.out.line(false);
        } else {
            self.out.end_line();
        }
        self.line_start = self.out.len();
    }

    fn open(&mut self, name: &str, attributes: &[char]) {
        match name {
            "br" => {
                self.end_line();
                return;
            }
            "a" => self.in_link += 1,
            "b" | "strong" => {
                if self.bold == 0 {
                    self.bold_from = self.out.len();
                }
                self.bold += 1;
            }
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if self.tables.is_empty() => {
                let level = name.as_bytes()[1] - b'0';
                self.out.heading(level);
            }
            "pre" => self.pre += 1,
            "ul" => self.lists.push(None),
            "ol" => self.lists.push(Some(0)),
            "li" => {
                if let Some(Some(n)) = self.lists.last_mut() {
                    *n = n.saturating_add(1);
                    let label = format!("{n}.");
                    self.out.push(&label);
                }
            }
            "table" => self.tables.push(Frame {
                start: self.out.len(),
                ..Frame::default()
            }),
            "tr" => self.begin_row(),
            "td" | "th" => {
                self.end_cell();
                if !self.tables.last().is_some_and(|t| t.in_row) {
                    self.begin_row();
                }
                let columns = number(attributes, "colspan").clamp(1, COLSPAN_MAX);
                let rows = number(attributes, "rowspan").clamp(1, ROWSPAN_MAX);
                let at = self.out.len();
                if let Some(t) = self.tables.last_mut() {
                    t.cell = Some((at, columns, rows));
                }
                self.line_start = at;
            }
            _ => {}
        }
        if self.lists.len() > 64 {
            self.lists.remove(0);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "a" => self.in_link = self.in_link.saturating_sub(1),
            "b" | "strong" => {
                if self.bold == 1 && self.out.len() > self.bold_from {
                    self.out
                        .bold(Span(self.bold_from as u32, self.out.len() as u32));
                }
                self.bold = self.bold.saturating_sub(1);
            }
            "pre" => {
                self.end_line();
                self.pre = self.pre.saturating_sub(1);
            }
            "td" | "th" => self.end_cell(),
            "tr" => self.end_row(),
            "table" => self.end_table(),
            "ul" | "ol" => {
                self.end_line();
                self.lists.pop();
            }
            _ if BLOCKS.contains(&name) => self.end_line(),
            _ => {}
        }
    }

    fn begin_row(&mut self) {
        self.end_row();
        if let Some(t) = self.tables.last_mut() {
            t.in_row = true;
        }
    }

    fn end_cell(&mut self) {
        if self.tables.last().is_none_or(|t| t.cell.is_none()) {
            return;
        }
        self.blank = false;
        self.linked = 0;
        let Some(t) = self.tables.last_mut() else {
            return;
        };
        let Some((from, columns, rows)) = t.cell.take() else {
            return;
        };
        self.out.trim_line(from);
        let cell = Cell {
            span: Span(from as u32, self.out.len() as u32),
        };
        t.fill_down();
        for _ in 0..columns {
            if t.row.len() >= COLSPAN_MAX {
                break;
            }
            if rows > 1 {
                t.down.push((t.row.len(), cell, rows - 1));
            }
            t.row.push(Some(cell));
        }
        self.out.separator('\t');
        self.line_start = self.out.len();
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(t) = self.tables.last_mut().filter(|t| t.in_row) else {
            return;
        };
        t.in_row = false;
        t.fill_down();
        let row: Vec<Cell> = std::mem::take(&mut t.row).into_iter().flatten().collect();
        if !row.is_empty() {
            t.rows.push(row);
            self.out.end_row();
        }
        self.line_start = self.out.len();
    }

    fn end_table(&mut self) {
        self.end_row();
        self.end_line();
        if let Some(t) = self.tables.pop() {
            let nested = !self.tables.is_empty();
            self.out.table(t.rows, t.start, nested);
        }
        self.line_start = self.out.len();
    }
}

impl Frame {
    /// Puts cells that reach down from rows above where they belong.
    fn fill_down(&mut self) {
        loop {
            let here = self.row.len();
            let Some(k) = self
                .down
                .iter()
                .position(|d| d.0 == here && !self.started_here(d))
            else {
                break;
            };
            let (column, cell, left) = self.down[k];
            self.row.push(Some(cell));
            if left <= 1 {
                self.down.swap_remove(k);
            } else {
                self.down[k] = (column, cell, left - 1);
            }
            if self.row.len() >= COLSPAN_MAX {
                break;
            }
        }
    }

    fn started_here(&self, d: &(usize, Cell, usize)) -> bool {
        self.row.get(d.0).copied().flatten() == Some(d.1)
    }
}

fn tag_end(s: &[char], from: usize) -> usize {
    let mut quote: Option<char> = None;
    let stop = s.len().min(from + TAG_MAX);
    for (k, &c) in s.iter().enumerate().take(stop).skip(from + 1) {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') if s[k - 1] == '=' => quote = Some(c),
            (None, '>') => return k + 1,
            _ => {}
        }
    }
    // An unclosed quotation: the next > ends the tag.
    (from + 1..stop)
        .find(|&k| s[k] == '>')
        .map_or(stop, |k| k + 1)
}

fn find(s: &[char], from: usize, what: &[char]) -> Option<usize> {
    (from..s.len().saturating_sub(what.len() - 1)).find(|&k| s[k..].starts_with(what))
}

/// The place after `</name`.
fn skip(s: &[char], from: usize, name: &str) -> usize {
    let want: Vec<char> = name.chars().collect();
    let mut k = from;
    while k + 2 + want.len() <= s.len() {
        if s[k] == '<'
            && s[k + 1] == '/'
            && s[k + 2..k + 2 + want.len()]
                .iter()
                .zip(&want)
                .all(|(a, b)| a.eq_ignore_ascii_case(b))
        {
            return tag_end(s, k);
        }
        k += 1;
    }
    s.len()
}

fn number(attributes: &[char], name: &str) -> usize {
    let text: String = attributes
        .iter()
        .take(2000)
        .collect::<String>()
        .to_ascii_lowercase();
    let Some(k) = text.find(name) else { return 1 };
    let digits: String = text[k + name.len()..]
        .trim_start_matches([' ', '=', '"', '\''])
        .chars()
        .take_while(char::is_ascii_digit)
        .take(5)
        .collect();
    digits.parse().unwrap_or(1)
}

/// Entities that stand in Chinese pages.
fn entity(s: &[char], at: usize) -> (char, usize) {
    let end = (at + 1..s.len().min(at + 12)).find(|&k| s[k] == ';');
    let Some(end) = end else { return ('&', at + 1) };
    let name: String = s[at + 1..end].iter().collect();
    let c = match name.as_str() {
        "nbsp" => '\u{a0}',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "middot" => '·',
        "ensp" | "emsp" | "thinsp" => '\u{3000}',
        "times" => '×',
        "ge" => '≥',
        "le" => '≤',
        _ => {
            let code = name
                .strip_prefix("#x")
                .or_else(|| name.strip_prefix("#X"))
                .map(|h| u32::from_str_radix(h, 16))
                .or_else(|| name.strip_prefix('#').map(str::parse));
            match code.and_then(Result::ok).and_then(char::from_u32) {
                Some(c) if c != '\0' => c,
                _ => return ('&', at + 1),
            }
        }
    };
    (c, end + 1)
}
