//! What forms need besides text and tables: tables of fields, lines to sign on, pages of their own.

use serde::{Deserialize, Serialize};

use super::{CELL_MARGIN, Paper, ROWS_MAX, bound, cell_characters, one_line, run};
use crate::PaperError;
use crate::docx::{HEADING_FONT, TEXT_WIDTH, fonts};
use crate::words;
use crate::xml::clean;

/// A fact with its name, as forms show them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Field {
    /// Name of the fact.
    pub label: String,
    /// The fact, in words. May have line ends.
    pub value: String,
}

impl Field {
    /// A fact with its name.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// A place to write on, with what stands before it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Slot {
    /// Before the line, such as 执法人员（签名）.
    pub label: String,
    /// What is written there already; empty for the hand.
    #[serde(default)]
    pub value: String,
}

/// Up to three places to write on, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SignLine {
    /// From the left; what comes after the third is not printed.
    pub slots: Vec<Slot>,
}

impl SignLine {
    /// Empty places with these labels.
    pub fn blank(labels: &[&str]) -> Self {
        Self {
            slots: labels
                .iter()
                .map(|label| Slot {
                    label: (*label).to_owned(),
                    value: String::new(),
                })
                .collect(),
        }
    }
}

/// Columns of a table of fields: label, value, label, value. Together the width of the text.
const FIELD_WIDTHS: [u32; 4] = [1850, 2572, 1850, TEXT_WIDTH - 1850 - 2572 - 1850];
/// A value that has room beside another one: 2572 less margins, in characters of 12 pt.
const SHORT_MAX: f64 = 10.1;
/// Width of a character of a label, in twentieths of a point: 16 pt.
const LABEL_CHARACTER: f64 = 320.0;
/// Between two places on a line.
const SLOT_GAP: f64 = 160.0;
/// The narrowest place to write on.
const SLOT_MIN: f64 = 400.0;
/// Places on one line that can still be written on.
const SLOTS_MAX: usize = 3;

impl Paper {
    /// The number of a paper of an enforcement file, over a rule. The rule is drawn without a number too.
    pub(super) fn docket_number(&mut self, number: &str) {
        self.paragraph(
            "Number",
            r#"<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="000000"/></w:pBdr><w:jc w:val="right"/>"#,
            &run(number, ""),
        );
        self.gap();
    }

    /// A table of fields. Two short ones share a row; a longer one has a row for itself. Nothing when there
    /// are none.
    ///
    /// # Errors
    /// [`PaperError::TooLarge`] for more rows than a paper holds.
    pub fn fields(&mut self, fields: &[Field]) -> Result<(), PaperError> {
        if fields.is_empty() {
            return Ok(());
        }
        self.rows += fields.len();
        bound("rows of tables", self.rows, ROWS_MAX)?;
        let mut out = format!(
            r#"<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{CELL_MARGIN}" w:type="dxa"/><w:right w:w="{CELL_MARGIN}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{}</w:tblGrid>"#,
            ["top", "left", "bottom", "right", "insideH", "insideV"]
                .map(|side| format!(
                    r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#
                ))
                .concat(),
            FIELD_WIDTHS
                .map(|w| format!(r#"<w:gridCol w:w="{w}"/>"#))
                .concat(),
        );
        let short = |field: &Field| {
            let value = clean(&field.value);
            !value.trim().contains('\n') && cell_characters(value.trim()) <= SHORT_MAX
        };
        let mut rest = fields;
        while let Some((first, after)) = rest.split_first() {
            out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            // Two rows at least below a heading, and two at least on the next page.
            let keep = rest.len() == fields.len() || after.len() == 2;
            out.push_str(&self.label_cell(&first.label, keep));
            match after.split_first() {
                Some((second, after)) if short(first) && short(second) => {
                    out.push_str(&self.value_cell(FIELD_WIDTHS[1], 1, &first.value));
                    out.push_str(&self.label_cell(&second.label, keep));
                    out.push_str(&self.value_cell(FIELD_WIDTHS[3], 1, &second.value));
                    rest = after;
                }
                _ => {
                    let wide = TEXT_WIDTH - FIELD_WIDTHS[0];
                    out.push_str(&self.value_cell(wide, 3, &first.value));
                    rest = after;
                }
            }
            out.push_str("</w:tr>");
        }
        out.push_str("</w:tbl>");
        self.body.push_str(&out);
        self.gap();
        self.last_text = None;
        Ok(())
    }

    fn label_cell(&mut self, label: &str, keep: bool) -> String {
        let keep = if keep { "<w:keepNext/>" } else { "" };
        let label = one_line(label);
        self.characters += label.len() / 3;
        spanning(
            FIELD_WIDTHS[0],
            1,
            &Self::markup(
                "Cell",
                &format!(r#"{keep}<w:jc w:val="center"/>"#),
                &run(&label, &fonts(HEADING_FONT)),
            ),
        )
    }

    fn value_cell(&mut self, width: u32, columns: u32, value: &str) -> String {
        let value = clean(value);
        self.characters += value.len() / 3;
        let lines: Vec<&str> = value
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        // A cell must hold a paragraph, if only an empty one.
        let content = if lines.is_empty() {
            Self::markup("Cell", "", "")
        } else {
            lines
                .iter()
                .map(|line| Self::markup("Cell", "", &run(line, "")))
                .collect()
        };
        spanning(width, columns, &content)
    }

    /// Places to write on, each line with up to three of them, as wide as their labels leave room for and
    /// one below the other. A place is an underlined tab, which is drawn to its end whatever stands in it.
    /// Kept with the text above and the seal below: nobody shall sign a page that says nothing.
    pub fn sign_lines(&mut self, lines: &[SignLine]) {
        let label = |slot: &Slot| {
            let label = one_line(&slot.label);
            format!("{}：", label.trim_end_matches(['：', ':']))
        };
        let most = lines
            .iter()
            .map(|line| line.slots.len().min(SLOTS_MAX))
            .max()
            .unwrap_or_default();
        // The widest label of each place, in twentieths of a point; a very long one takes what it takes.
        let labels: Vec<f64> = (0..most)
            .map(|place| {
                lines
                    .iter()
                    .filter_map(|line| line.slots.get(place))
                    .map(|slot| words::width(&label(slot)) * LABEL_CHARACTER)
                    .fold(0.0, f64::max)
            })
            .collect();
        let all = labels.iter().sum::<f64>() + SLOT_GAP * most as f64;
        let room = ((f64::from(TEXT_WIDTH) - all) / most.max(1) as f64).max(SLOT_MIN);
        let mut stops = String::new();
        let mut at = 0.0;
        for width in &labels {
            at += width + room;
            stops.push_str(&format!(
                r#"<w:tab w:val="left" w:pos="{}"/>"#,
                at.min(f64::from(TEXT_WIDTH)).round()
            ));
            at += SLOT_GAP;
        }
        self.keep_last_text();
        for line in lines.iter().filter(|line| !line.slots.is_empty()) {
            let mut runs = String::new();
            for (index, slot) in line.slots.iter().take(SLOTS_MAX).enumerate() {
                if index > 0 {
                    runs.push_str(&run(" ", ""));
                }
                runs.push_str(&run(&label(slot), ""));
                runs.push_str(&run(
                    &format!("{}\t", one_line(&slot.value)),
                    r#"<w:u w:val="single"/>"#,
                ));
            }
            self.paragraph(
                "Normal",
                &format!("<w:keepNext/><w:keepLines/><w:tabs>{stops}</w:tabs>"),
                &runs,
            );
        }
    }

    /// Small print, such as how many copies are made. Nothing when blank.
    pub fn note(&mut self, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            self.gap();
            self.paragraph("Cell", "", &run(&text, ""));
        }
    }

    /// 附件说明: one line below the text, two characters in (7.3.4). Nothing when there are none.
    pub fn attachments(&mut self, names: &[String]) {
        let names: Vec<String> = names
            .iter()
            .map(|name| one_line(name))
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            return;
        }
        // Kept with the text above and the seal below.
        self.keep_last_text();
        self.paragraph("Normal", "<w:keepNext/>", "");
        for (index, name) in names.iter().enumerate() {
            let lead = if index == 0 { "附件：" } else { "　　　" };
            let number = if names.len() == 1 {
                String::new()
            } else {
                format!("{}.", index + 1)
            };
            self.paragraph(
                "Body",
                "<w:keepNext/>",
                &run(&format!("{lead}{number}{name}"), ""),
            );
        }
    }

    /// A new page that begins with a mark at the left edge, such as 附件1, and a title. Either may be blank.
    pub fn new_page(&mut self, mark: &str, title: &str) {
        let mark = one_line(mark);
        self.paragraph(
            "Normal",
            "<w:keepNext/><w:pageBreakBefore/>",
            &run(&mark, &fonts(HEADING_FONT)),
        );
        for line in words::title_lines(&clean(title), 20.0) {
            self.paragraph("Title", "", &run(&line, ""));
        }
        self.blank(1);
    }

    /// Where another office puts its seal and date by hand.
    pub fn blank_seal(&mut self, office: &str) {
        let office = one_line(office);
        self.blank(1);
        self.paragraph(
            "Sign",
            "<w:keepNext/>",
            &run(&format!("{office}（印章）　　"), ""),
        );
        self.paragraph("Sign", "", &run("年　　月　　日　　", ""));
    }
}

fn spanning(width: u32, columns: u32, content: &str) -> String {
    let span = if columns > 1 {
        format!(r#"<w:gridSpan w:val="{columns}"/>"#)
    } else {
        String::new()
    };
    format!(
        r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>"#
    )
}
