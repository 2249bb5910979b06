//! Lays out one paper by GB/T 9704-2012: head, title, text, tables, signature, imprint.
//!
//! A [`Paper`] is filled from top to bottom and then packed. It knows the order and the looks, not the
//! wording; that is said in [`crate::bulletin`] and [`crate::letter`].

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::PaperError;
use crate::docx::{self, CHARACTER, LetterHead, SUBHEADING_FONT, TEXT_WIDTH, fonts};
use crate::words;
use crate::xml::{clean, escape};

mod parts;

pub use parts::{Field, SignLine, Slot};

/// Rows in all tables of one paper. More belongs in a list as `.xlsx`.
pub const ROWS_MAX: usize = 5_000;
/// Characters in one paper; about 1,600 pages.
pub const CHARACTERS_MAX: usize = 1_000_000;
/// Columns of a table that can still be read on A4.
pub const COLUMNS_MAX: usize = 16;

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Sentences.
    Left,
    /// Names and short words.
    #[default]
    Center,
    /// Figures.
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Share of the width. Shares need not add up to 100; they are scaled.
    pub width_percent: u8,
    /// Where the text stands.
    #[serde(default)]
    pub align: Align,
}

impl Column {
    /// A centred column.
    pub fn new(title: &str, width_percent: u8) -> Self {
        Self {
            title: title.to_owned(),
            width_percent,
            align: Align::Center,
        }
    }

    /// A column of sentences.
    pub fn left(title: &str, width_percent: u8) -> Self {
        Self {
            align: Align::Left,
            ..Self::new(title, width_percent)
        }
    }
}

/// A bordered table whose heading is repeated on each page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PaperTable {
    /// Shown above the table; empty for none.
    #[serde(default)]
    pub caption: String,
    /// Columns, from the left.
    pub columns: Vec<Column>,
    /// Rows of as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// Which head a paper has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Red mark, number and rule above the title (文件格式).
    Red,
    /// No head: for paper with a printed one, or none. The number stands above the title.
    #[default]
    Plain,
    /// Mark and double rule at the edge of the first page (信函格式, 10.1).
    Letter,
    /// A numbered paper of an enforcement file (执法文书): the number stands below the title, at the right
    /// edge, over a black rule.
    Docket,
}

/// A paper being filled in, from top to bottom.
#[derive(Debug)]
pub struct Paper {
    body: String,
    form: Form,
    office: String,
    title: String,
    date: Date,
    letter_head: Option<LetterHead>,
    rows: usize,
    characters: usize,
    /// Where `keepNext` can be put into the last paragraph of text.
    last_text: Option<usize>,
}

impl Paper {
    /// Begins a paper with its head and title.
    ///
    /// # Errors
    /// [`PaperError::Missing`] for a blank office or title.
    pub fn begin(
        form: Form,
        office: &str,
        mark: &str,
        number: Option<&str>,
        title: &str,
        date: Date,
    ) -> Result<Self, PaperError> {
        for (field, value) in [("office", office), ("title", title)] {
            if clean(value).trim().is_empty() {
                return Err(PaperError::Missing { field });
            }
        }
        let mut paper = Self {
            body: String::new(),
            form,
            office: one_line(office),
            title: clean(title).trim().to_owned(),
            date,
            letter_head: None,
            rows: 0,
            characters: 0,
            last_text: None,
        };
        let number = number.map(one_line).unwrap_or_default();
        match form {
            Form::Red => paper.red_head(&one_line(mark), &number),
            Form::Letter => paper.letter_head(&one_line(mark), &number),
            Form::Docket => {}
            Form::Plain if number.is_empty() => {}
            Form::Plain => {
                paper.paragraph("Number", "", &run(&number, ""));
                paper.blank(1);
            }
        }
        // 22 pt on 156 mm: twenty characters to a line.
        for line in words::title_lines(&paper.title.clone(), 20.0) {
            paper.paragraph("Title", "", &run(&line, ""));
        }
        if form == Form::Docket {
            paper.docket_number(&number);
        } else {
            paper.blank(1);
        }
        Ok(paper)
    }

    /// The mark 35 mm below the upper edge of the text, the number two lines below it, and a red rule
    /// 4 mm below the number (7.2.4 to 7.2.7); the title follows two lines below (7.3.1).
    fn red_head(&mut self, mark: &str, number: &str) {
        self.blank(3);
        self.paragraph("Mark", "", &mark_run(mark));
        self.blank(2);
        self.paragraph(
            "Number",
            r#"<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="9" w:color="FF0000"/></w:pBdr>"#,
            &run(number, ""),
        );
        self.blank(2);
    }

    /// The mark 30 mm from the edge of the page, a red double rule 170 mm long 4 mm below it, the
    /// number at the right edge of the text (10.1).
    fn letter_head(&mut self, mark: &str, number: &str) {
        let rule = r#"<w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="9" w:color="FF0000"/></w:pBdr><w:spacing w:line="900" w:lineRule="exact"/><w:ind w:left="-453" w:right="-340"/>"#;
        let mut header = Self::markup("Mark", rule, &mark_run(mark));
        header.push_str(&Self::markup(
            "Cell",
            r#"<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="exact"/>"#,
            "",
        ));
        self.letter_head = Some(LetterHead { mark: header });
        if !number.is_empty() {
            self.paragraph("Number", r#"<w:jc w:val="right"/>"#, &run(number, ""));
        }
        self.blank(2);
    }

    /// 主送机关: flush left, ended by a full-width colon (7.3.2). Nothing when there is none.
    pub fn addressees(&mut self, names: &[String]) {
        let names = joined(names);
        if !names.is_empty() {
            let names = names.trim_end_matches(['：', ':']);
            self.paragraph("Addressee", "", &run(&format!("{names}："), ""));
        }
    }

    /// A heading of the first level, such as 一、总体情况.
    pub fn heading(&mut self, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            self.paragraph("Heading1", "", &run(&text, ""));
        }
    }

    /// Text; each line of it becomes a paragraph. What begins with （一） has its first sentence set as a
    /// heading of the second level (7.3.3).
    pub fn text(&mut self, text: &str) {
        for line in clean(text)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            let (lead, rest) = split_subheading(line);
            if rest.is_empty() && !lead.is_empty() {
                self.paragraph("Heading2", "", &run(lead, ""));
                continue;
            }
            let mut runs = String::new();
            if !lead.is_empty() {
                runs.push_str(&run(lead, &fonts(SUBHEADING_FONT)));
            }
            runs.push_str(&run(rest, ""));
            let start = self.body.len();
            self.paragraph("Body", "", &runs);
            self.last_text = Some(start + r#"<w:p><w:pPr><w:pStyle w:val="Body"/>"#.len());
        }
    }

    /// A table the width of the text. Nothing when it has no columns.
    ///
    /// # Errors
    /// [`PaperError::RowShape`] and [`PaperError::TooLarge`].
    pub fn table(&mut self, table: &PaperTable) -> Result<(), PaperError> {
        if table.columns.is_empty() {
            return Ok(());
        }
        bound("columns of a table", table.columns.len(), COLUMNS_MAX)?;
        self.rows += table.rows.len();
        bound("rows of tables", self.rows, ROWS_MAX)?;
        for (index, row) in table.rows.iter().enumerate() {
            if row.len() != table.columns.len() {
                return Err(PaperError::RowShape {
                    table: table.caption.clone(),
                    row: index + 1,
                    expected: table.columns.len(),
                    got: row.len(),
                });
            }
        }
        let caption = one_line(&table.caption);
        if !caption.is_empty() {
            self.paragraph("Caption", "", &run(&caption, ""));
        }
        let widths = column_widths(table);
        let mut out = format!(
            r#"<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{CELL_MARGIN}" w:type="dxa"/><w:right w:w="{CELL_MARGIN}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#,
            ["top", "left", "bottom", "right", "insideH", "insideV"]
                .map(|side| format!(
                    r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#
                ))
                .concat()
        );
        for width in &widths {
            out.push_str(&format!(r#"<w:gridCol w:w="{width}"/>"#));
        }
        out.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, width) in table.columns.iter().zip(&widths) {
            out.push_str(&cell(
                *width,
                &Self::markup("CellHead", "", &run(&one_line(&column.title), "")),
            ));
        }
        out.push_str("</w:tr>");
        for (index, row) in table.rows.iter().enumerate() {
            // The last three rows stay together, so that no page begins with a sum alone.
            let keep = if index + 1 < table.rows.len() && index + 3 >= table.rows.len() {
                "<w:keepNext/>"
            } else {
                ""
            };
            out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for ((text, column), width) in row.iter().zip(&table.columns).zip(&widths) {
                let align = match column.align {
                    Align::Left => "left",
                    Align::Center => "center",
                    Align::Right => "right",
                };
                self.characters += text.len() / 3;
                out.push_str(&cell(
                    *width,
                    &Self::markup(
                        "Cell",
                        &format!(r#"{keep}<w:jc w:val="{align}"/>"#),
                        &run(clean(text).trim(), ""),
                    ),
                ));
            }
            out.push_str("</w:tr>");
        }
        out.push_str("</w:tbl>");
        self.body.push_str(&out);
        self.gap();
        self.last_text = None;
        Ok(())
    }

    /// 署名 and 成文日期 for a paper that is sealed: the date four characters from the right edge, the office
    /// centred above it (7.3.5.1). Kept with the last paragraph, so that no page holds the seal alone.
    pub fn sign(&mut self) {
        self.sign_as(&self.office.clone(), self.date);
    }

    /// [`Paper::sign`] for another office or day than those of the paper.
    pub fn sign_as(&mut self, office: &str, date: Date) {
        let office = one_line(office);
        self.keep_last_text();
        for _ in 0..2 {
            self.paragraph("Sign", "<w:keepNext/>", "");
        }
        let date = words::date(date);
        let (office_width, date_width) = (words::width(&office), words::width(&date));
        // A long name pushes the date to the left rather than stand out of the text.
        let office_indent = (4.0 + date_width / 2.0 - office_width / 2.0).max(0.0);
        let date_indent = office_indent + office_width / 2.0 - date_width / 2.0;
        let indent = |characters: f64| {
            format!(
                r#"<w:ind w:right="{}"/>"#,
                (characters.max(0.0) * f64::from(CHARACTER)).round()
            )
        };
        self.paragraph(
            "Sign",
            &format!("<w:keepNext/>{}", indent(office_indent)),
            &run(&office, ""),
        );
        self.paragraph("Sign", &indent(date_indent), &run(&date, ""));
    }

    /// 附注: in round brackets, two characters in (7.3.7). Nothing when blank.
    pub fn remark(&mut self, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            let text = text.trim_start_matches('（').trim_end_matches('）');
            self.paragraph("Body", "", &run(&format!("（{text}）"), ""));
        }
    }

    /// 版记 at the foot of the last page: 抄送, then who printed it and when (7.4). In the letter form only
    /// 抄送, without rules (10.1).
    pub fn imprint(&mut self, copies_to: &[String], issued_by: &str) {
        let copies = joined(copies_to);
        let printed = self.form != Form::Letter;
        if copies.is_empty() && !printed {
            return;
        }
        // A frame at the foot of the text. All its paragraphs have the same borders and indents, or some
        // programs would not take them as one frame; so the rule between is an underlined tab. The space
        // makes a first line begin one character in, and later lines stand under the first name.
        let border = |side: &str| {
            format!(r#"<w:{side} w:val="single" w:sz="8" w:space="1" w:color="000000"/>"#)
        };
        let borders = if printed {
            format!("<w:pBdr>{}{}</w:pBdr>", border("top"), border("bottom"))
        } else {
            String::new()
        };
        let line = |right: u32, spacing: &str, runs: &str| {
            let properties = format!(
                r#"{FRAME}{borders}<w:tabs><w:tab w:val="left" w:pos="1120"/><w:tab w:val="right" w:pos="{right}"/></w:tabs>{spacing}<w:ind w:left="1120" w:hanging="1120"/>"#
            );
            Self::markup("Imprint", &properties, runs)
        };
        let mut out = String::new();
        if !copies.is_empty() {
            let text = format!("　抄送：{}。", copies.trim_end_matches('。'));
            out.push_str(&line(TEXT_WIDTH - 280, "", &run(&text, "")));
        }
        if printed {
            if !copies.is_empty() {
                let low = r#"<w:spacing w:before="0" w:after="0" w:line="80" w:lineRule="exact"/>"#;
                out.push_str(&line(
                    TEXT_WIDTH,
                    low,
                    &run("\t\t", r#"<w:sz w:val="12"/><w:u w:val="single"/>"#),
                ));
            }
            let text = format!("　{}\t{}印发", one_line(issued_by), words::date(self.date));
            out.push_str(&line(TEXT_WIDTH - 280, "", &run(&text, "")));
        }
        self.body.push_str(&out);
        // A frame hangs on the paragraph after it; this one takes no room.
        self.paragraph(
            "Imprint",
            r#"<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>"#,
            "",
        );
    }

    /// The bytes of the `.docx`.
    ///
    /// # Errors
    /// [`PaperError::TooLarge`] for a text that nobody would print.
    pub fn pack(self) -> Result<Vec<u8>, PaperError> {
        bound("characters", self.characters, CHARACTERS_MAX)?;
        docx::pack(&docx::Parts {
            body: &self.body,
            title: &self.title,
            office: &self.office,
            date: self.date,
            letter_head: self.letter_head,
        })
    }

    fn markup(style: &str, properties: &str, runs: &str) -> String {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>"#)
    }

    fn paragraph(&mut self, style: &str, properties: &str, runs: &str) {
        self.characters += runs.len() / 3;
        self.last_text = None;
        self.body.push_str(&Self::markup(style, properties, runs));
    }

    fn blank(&mut self, lines: usize) {
        for _ in 0..lines {
            self.paragraph("Normal", "", "");
        }
    }

    /// Keeps the last paragraph of text with what follows.
    fn keep_last_text(&mut self) {
        if let Some(at) = self.last_text.take() {
            self.body.insert_str(at, "<w:keepNext/>");
        }
    }

    /// A little air below a table, off the grid of lines or it would be a whole one. There is none above,
    /// for a heading is only kept with a table that follows it at once.
    fn gap(&mut self) {
        self.paragraph(
            "Normal",
            r#"<w:snapToGrid w:val="0"/><w:spacing w:line="160" w:lineRule="exact"/>"#,
            "",
        );
    }
}

/// The mark of the office as large as 156 mm and good taste allow: tall and narrow for long names.
fn mark_run(mark: &str) -> String {
    const POINTS_MAX: f64 = 52.0;
    const SCALE_MIN: f64 = 0.55;
    // 153 mm, a hair inside the text.
    const ROOM: f64 = 434.0;
    let characters = words::width(mark).max(1.0);
    let scale = (ROOM / (characters * POINTS_MAX)).clamp(SCALE_MIN, 1.0);
    let points = (ROOM / (characters * scale)).min(POINTS_MAX);
    let half_points = (points * 2.0).floor().max(16.0);
    run(
        mark,
        &format!(
            r#"<w:w w:val="{}"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>"#,
            (scale * 100.0).floor()
        ),
    )
}

/// Where the imprint stands: at the foot of the text of the page on which the paper ends.
const FRAME: &str = r#"<w:framePr w:w="8845" w:wrap="notBeside" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="center" w:yAlign="bottom"/>"#;

const CELL_MARGIN: u32 = 60;
/// Width of a character in a table: 12 pt.
const CELL_CHARACTER: f64 = 240.0;
/// Names up to this length are kept in one line where there is room.
const UNBROKEN_MAX: f64 = 12.5;

/// Width of a text in a cell, in characters, with the air that some programs put between Chinese and
/// Latin text and with digits as wide as in the widest typefaces that a machine falls back on.
fn cell_characters(text: &str) -> f64 {
    let mut before = None;
    text.chars()
        .map(|c| {
            let ascii = c.is_ascii();
            let air = if before.is_some_and(|b| b != ascii) {
                0.2
            } else {
                0.0
            };
            before = Some(ascii);
            air + match c {
                '%' => 1.0,
                _ if ascii => 0.64,
                _ => 1.0,
            }
        })
        .sum()
}

/// Widths of the columns in twentieths of a point. Columns of names and figures get what keeps each
/// cell in one line, columns of sentences get the rest, by the shares asked for. Where there are no
/// sentences the shares decide, and what is too narrow is widened at the cost of what is too wide.
fn column_widths(table: &PaperTable) -> Vec<u32> {
    let total = f64::from(TEXT_WIDTH);
    let margin = f64::from(2 * CELL_MARGIN);
    let count = table.columns.len();
    let share = |i: usize| f64::from(table.columns[i].width_percent.max(1));
    let longest = |i: usize| {
        let title = cell_characters(&table.columns[i].title);
        table
            .rows
            .iter()
            .map(|row| cell_characters(&row[i]))
            .fold(title, f64::max)
    };
    let needs: Vec<f64> = (0..count)
        .map(|i| longest(i) * CELL_CHARACTER + margin + 40.0)
        .collect();
    // Sentences keep at least six characters to a line. Where not all names fit, the longest break.
    let sentence_least = 6.0 * CELL_CHARACTER + margin;
    let split = |most: f64| {
        needs
            .iter()
            .map(|need| *need > most * CELL_CHARACTER + margin + 40.0)
            .collect::<Vec<bool>>()
    };
    let fits = |sentences: &[bool]| {
        needs
            .iter()
            .zip(sentences)
            .map(|(need, sentence)| if *sentence { sentence_least } else { *need })
            .sum::<f64>()
            <= total
    };
    let sentences = (0..9)
        .map(|step| split(UNBROKEN_MAX - f64::from(step)))
        .find(|s| fits(s))
        .unwrap_or_else(|| split(UNBROKEN_MAX));
    let all: f64 = (0..count).map(share).sum();
    let mut widths: Vec<f64> = (0..count).map(|i| share(i) / all * total).collect();
    let sentence_shares: f64 = (0..count).filter(|i| sentences[*i]).map(share).sum();
    let names: f64 = (0..count)
        .filter(|i| !sentences[*i])
        .map(|i| needs[i])
        .sum();
    if sentence_shares > 0.0 && fits(&sentences) {
        for i in 0..count {
            widths[i] = if sentences[i] {
                (total - names) * share(i) / sentence_shares
            } else {
                needs[i]
            };
        }
    } else if sentence_shares == 0.0 && names <= total {
        let lacking: f64 = (0..count).map(|i| (needs[i] - widths[i]).max(0.0)).sum();
        let spare: f64 = (0..count).map(|i| (widths[i] - needs[i]).max(0.0)).sum();
        if lacking > 0.0 && spare > 0.0 {
            for i in 0..count {
                let over = widths[i] - needs[i];
                widths[i] -= if over > 0.0 {
                    over * lacking / spare
                } else {
                    over
                };
            }
        }
    }
    let mut out: Vec<u32> = widths.iter().map(|w| w.floor().max(1.0) as u32).collect();
    let rest = TEXT_WIDTH.saturating_sub(out.iter().sum());
    if let Some(last) = out.last_mut() {
        *last += rest;
    }
    out
}

fn cell(width: u32, paragraph: &str) -> String {
    format!(
        r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraph}</w:tc>"#
    )
}

/// Runs of text; a tab and a line end become the elements that stand for them.
fn run(text: &str, properties: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let properties = if properties.is_empty() {
        r#"<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>"#.to_owned()
    } else if properties.contains("w:rFonts") {
        format!("<w:rPr>{properties}</w:rPr>")
    } else {
        format!(r#"<w:rPr><w:rFonts w:hint="eastAsia"/>{properties}</w:rPr>"#)
    };
    let mut content = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            content.push_str("<w:br/>");
        }
        for (index, part) in line.split('\t').enumerate() {
            if index > 0 {
                content.push_str("<w:tab/>");
            }
            if !part.is_empty() {
                content.push_str(&format!(
                    r#"<w:t xml:space="preserve">{}</w:t>"#,
                    escape(part)
                ));
            }
        }
    }
    format!("<w:r>{properties}{content}</w:r>")
}

/// Splits `（一）压实责任。各单位…` after its first sentence; an empty lead for any other text. A text that
/// is nothing but such a heading has an empty rest.
fn split_subheading(line: &str) -> (&str, &str) {
    const NUMERALS: &str = "一二三四五六七八九十百";
    let Some(inside) = line.strip_prefix('（') else {
        return ("", line);
    };
    let Some((number, after)) = inside.split_once('）') else {
        return ("", line);
    };
    if number.is_empty() || !number.chars().all(|c| NUMERALS.contains(c)) {
        return ("", line);
    }
    match after.find('。') {
        // A short sentence heads the paragraph; a long one is the paragraph.
        Some(stop) if words::width(&after[..stop]) <= 24.0 => {
            line.split_at(line.len() - after.len() + stop + '。'.len_utf8())
        }
        None if words::width(after) <= 24.0 => (line, ""),
        _ => ("", line),
    }
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn joined(names: &[String]) -> String {
    names
        .iter()
        .map(|name| one_line(name))
        .filter(|name| !name.is_empty())
        .collect::<Vec<_>>()
        .join("、")
}

fn bound(what: &'static str, got: usize, most: usize) -> Result<(), PaperError> {
    if got > most {
        Err(PaperError::TooLarge { what, got, most })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_of_a_numbered_paragraph_is_its_heading() {
        assert_eq!(
            split_subheading("（一）压实责任。各单位要抓紧。"),
            ("（一）压实责任。", "各单位要抓紧。")
        );
        assert_eq!(
            split_subheading("（十二）从严督办"),
            ("（十二）从严督办", "")
        );
        assert_eq!(
            split_subheading("（以下简称《通知》）印发。"),
            ("", "（以下简称《通知》）印发。")
        );
        assert_eq!(split_subheading("普通的话。"), ("", "普通的话。"));
    }

    #[test]
    fn names_of_units_get_a_line_to_themselves() {
        let table = PaperTable {
            caption: String::new(),
            columns: vec![
                Column::new("序号", 5),
                Column::new("单位", 5),
                Column::left("任务", 90),
            ],
            rows: vec![vec![
                "1".into(),
                "北石店镇人民政府".into(),
                "每半年至少召开一次专题会议，研究解决突出问题。".into(),
            ]],
        };
        let widths = column_widths(&table);
        assert_eq!(widths.iter().sum::<u32>(), TEXT_WIDTH);
        assert!(
            f64::from(widths[1]) >= 8.0 * CELL_CHARACTER + f64::from(2 * CELL_MARGIN),
            "{widths:?}"
        );
        assert!(
            f64::from(widths[0]) >= 2.0 * CELL_CHARACTER + f64::from(2 * CELL_MARGIN),
            "{widths:?}"
        );
    }

    #[test]
    fn widths_fill_the_text_whatever_the_shares() {
        for shares in [
            vec![0, 0, 0],
            vec![100, 100, 100],
            vec![1, 1, 98],
            vec![33, 33, 33],
        ] {
            let columns: Vec<Column> = shares.into_iter().map(|s| Column::new("栏目", s)).collect();
            let table = PaperTable {
                caption: String::new(),
                columns,
                rows: vec![vec!["一二三四五六七八九十".into(); 3]; 2],
            };
            assert_eq!(column_widths(&table).iter().sum::<u32>(), TEXT_WIDTH);
        }
    }
}
