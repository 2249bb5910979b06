//! Builds a text line by line, with its tables, bold runs and headings.

use anlan_core::notice::Span;

use crate::text::{Cell, Format, Table, Text};

/// Longest cell of a table that holds data; longer ones are page layout.
const CELL_MAX: u32 = 4000;

/// A text under construction; positions count characters.
#[derive(Default)]
pub struct Builder {
    chars: Vec<char>,
    tables: Vec<Table>,
    bold: Vec<Span>,
    headings: Vec<(u32, u8)>,
    /// Places of the tabs between cells: layout tables get line breaks instead.
    tabs: Vec<usize>,
}

impl Builder {
    /// Characters so far.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// Appends words.
    pub fn push(&mut self, words: &str) {
        self.chars.extend(words.chars());
    }

    /// Appends one character.
    pub fn push_char(&mut self, c: char) {
        self.chars.push(c);
    }

    /// The last character.
    pub fn last(&self) -> Option<char> {
        self.chars.last().copied()
    }

    /// Ends a paragraph. Empty ones are kept outside tables.
    pub fn line(&mut self, keep_empty: bool) {
        if keep_empty || self.chars.last().is_some_and(|c| !matches!(c, '\n' | '\t')) {
            self.chars.push('\n');
        }
    }

    /// Ends the line if it has words.
    pub fn end_line(&mut self) {
        if self.chars.last().is_some_and(|c| *c != '\n') {
            self.chars.push('\n');
        }
    }

    /// Takes blanks and breaks off the end, back to `from`.
    pub fn trim_line(&mut self, from: usize) {
        while self.chars.len() > from && self.chars.last().is_some_and(|c| c.is_whitespace()) {
            self.chars.pop();
        }
    }

    /// Cuts everything from `from` on.
    pub fn cut(&mut self, from: usize) {
        self.chars.truncate(from);
        self.bold.retain(|b| (b.1 as usize) <= from);
        self.headings.retain(|h| (h.0 as usize) < from);
    }

    /// A mark between cells.
    pub fn separator(&mut self, c: char) {
        self.tabs.push(self.chars.len());
        self.chars.push(c);
    }

    /// Ends a row: the tab behind its last cell becomes the line's end.
    pub fn end_row(&mut self) {
        if self.chars.last() == Some(&'\t') {
            self.chars.pop();
            self.tabs.pop();
        }
        self.chars.push('\n');
    }

    /// Notes a bold run.
    pub fn bold(&mut self, span: Span) {
        self.bold.push(span);
    }

    /// Notes that the line that begins here is a heading.
    pub fn heading(&mut self, level: u8) {
        self.headings.push((self.chars.len() as u32, level));
    }

    /// Takes a table that started at `start`: data is kept as a table, layout becomes lines.
    pub fn table(&mut self, rows: Vec<Vec<Cell>>, start: usize, nested: bool) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let inner = self
            .tables
            .last()
            .is_some_and(|t| t.start as usize >= start);
        let large = rows
            .iter()
            .flatten()
            .any(|c| c.span.1.saturating_sub(c.span.0) > CELL_MAX);
        if columns < 2 || rows.len() < 2 || inner || large || nested {
            if !nested {
                while let Some(&t) = self.tabs.last().filter(|t| **t >= start) {
                    if let Some(c) = self.chars.get_mut(t) {
                        *c = '\n';
                    }
                    self.tabs.pop();
                }
                // A layout table may hold one of data; that one stays.
            }
            return;
        }
        self.tabs.retain(|t| *t < start);
        self.tables.push(Table {
            rows,
            start: start as u32,
            end: self.chars.len() as u32,
        });
    }

    /// The text.
    pub fn text(mut self, format: Format) -> Text {
        self.bold.sort_unstable();
        self.tables.sort_by_key(|t| t.start);
        Text {
            plain: self.chars.into_iter().collect(),
            format,
            tables: self.tables,
            bold: self.bold,
            headings: self.headings,
        }
    }
}
