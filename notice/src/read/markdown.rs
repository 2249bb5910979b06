//! Words that are already text: Markdown's tables and bold runs are found, nothing is changed.

use anlan_core::notice::Span;

use crate::text::{Cell, Format, Table, Text};

/// Most columns of a table.
const COLUMNS_MAX: usize = 64;

impl Text {
    /// A text from words; spans count in exactly these characters.
    #[must_use]
    pub fn from_words(words: &str, format: Format) -> Text {
        let plain = words.to_string();
        let chars: Vec<char> = words.chars().collect();
        Text {
            tables: tables(&chars),
            bold: bold(&chars),
            plain,
            format,
            headings: Vec::new(),
        }
    }
}

/// Bold runs: `**…**` on one line.
fn bold(s: &[char]) -> Vec<Span> {
    let mut out = Vec::new();
    let mut open: Option<usize> = None;
    let mut i = 0;
    while i < s.len() {
        if s[i] == '\n' {
            open = None;
        } else if s[i] == '*' && s.get(i + 1) == Some(&'*') {
            match open.take() {
                Some(from) => out.push(Span(from as u32, i as u32)),
                None => open = Some(i + 2),
            }
            i += 2;
            continue;
        }
        i += 1;
    }
    out
}

/// Pipe tables: a row of cells, a row of dashes, rows of cells.
fn tables(s: &[char]) -> Vec<Table> {
    let mut lines: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for (i, &c) in s.iter().enumerate() {
        if c == '\n' {
            lines.push((start, i));
            start = i + 1;
        }
    }
    lines.push((start, s.len()));
    let mut out = Vec::new();
    let mut k = 0;
    while k + 1 < lines.len() {
        let rule = lines[k + 1];
        if !(is_row(s, lines[k]) && is_rule(&s[rule.0..rule.1])) {
            k += 1;
            continue;
        }
        let mut table = Table {
            rows: vec![row(s, lines[k])],
            start: lines[k].0 as u32,
            end: rule.1 as u32,
        };
        let mut j = k + 2;
        while j < lines.len() && is_row(s, lines[j]) {
            let mut cells = row(s, lines[j]);
            // 同上 and 〃 stand for the cell above.
            if let Some(above) = table.rows.last() {
                for (c, a) in cells.iter_mut().zip(above) {
                    let words: String = s[c.span.0 as usize..c.span.1 as usize].iter().collect();
                    if matches!(words.trim(), "同上" | "〃" | "″" | "\"") {
                        *c = *a;
                    }
                }
            }
            table.rows.push(cells);
            table.end = lines[j].1 as u32;
            j += 1;
        }
        out.push(table);
        k = j;
    }
    out
}

fn is_row(s: &[char], (from, to): (usize, usize)) -> bool {
    let line = &s[from..to];
    line.iter().find(|c| !c.is_whitespace()) == Some(&'|')
        && line.iter().filter(|c| **c == '|').count() >= 2
}

fn is_rule(line: &[char]) -> bool {
    line.contains(&'-')
        && line.contains(&'|')
        && line
            .iter()
            .all(|&c| matches!(c, '-' | '|' | ':' | ' ' | '\t' | '\r'))
}

fn row(s: &[char], (from, to): (usize, usize)) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut start: Option<usize> = None;
    for i in from..to {
        if s[i] == '|' && !(i > from && s[i - 1] == '\\') {
            if let Some(a) = start
                && cells.len() < COLUMNS_MAX
            {
                cells.push(Cell {
                    span: trim(s, a, i),
                });
            }
            start = Some(i + 1);
        }
    }
    if let Some(a) = start
        && s[a..to].iter().any(|c| !c.is_whitespace())
    {
        cells.push(Cell {
            span: trim(s, a, to),
        });
    }
    cells
}

fn trim(s: &[char], mut a: usize, mut b: usize) -> Span {
    while a < b && s[a].is_whitespace() {
        a += 1;
    }
    while b > a && s[b - 1].is_whitespace() {
        b -= 1;
    }
    Span(a as u32, b as u32)
}
