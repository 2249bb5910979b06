//! A [`Sheet`]: an official paper as a list of blocks, before it is laid out.
//!
//! Each kind of paper is worded into a sheet; a page may show the sheet for editing and hand it back;
//! [`sheet_docx`] prints it. A server may also fill a sheet itself.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::known;
use crate::PaperError;
use crate::paper::{Column, Field, Form, Paper, PaperTable, SignLine};
use crate::words;

/// Blocks in one sheet; a paper with more is not one that a person reads.
pub const BLOCKS_MAX: usize = 10_000;

/// A piece of an official paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "kebab-case")]
pub enum SheetBlock {
    /// A heading of the first level, with its number.
    Heading(String),
    /// One or more paragraphs; what begins with （一） has a heading of the second level.
    Paragraph(String),
    /// Facts with their names.
    Fields(Vec<Field>),
    /// A table with a heading that is repeated on each page.
    Table(PaperTable),
    /// 附件说明, above the signature.
    Attachments(Vec<String>),
    /// 署名 and 成文日期 of the paper itself.
    Signature,
    /// 署名 and 成文日期 of somebody else.
    SignatureOf {
        /// Who signs, in full.
        org: String,
        /// The day.
        date: Date,
    },
    /// Lines to sign on.
    SignLines(Vec<SignLine>),
    /// Small print.
    Note(String),
    /// What follows begins on a new page.
    Attachment {
        /// At the left edge, such as 附件1.
        mark: String,
        /// Its title.
        title: String,
    },
    /// A page that the receiver fills in and sends back.
    Receipt(Receipt),
}

/// A page that the receiver fills in and sends back (回执).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    /// At the left edge, such as 附件2; blank for none.
    #[serde(default)]
    pub mark: String,
    /// Such as 回执.
    pub title: String,
    /// To whom it is sent back.
    pub to: String,
    /// What the receiver says by it.
    pub text: String,
    /// Facts to fill in; a blank value is for the hand.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Lines to sign on.
    #[serde(default)]
    pub sign: Vec<SignLine>,
    /// Who seals it.
    #[serde(default)]
    pub seal: String,
}

/// An official paper before it is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Which head it has.
    pub form: Form,
    /// Who issues it, in full.
    pub office: String,
    /// Title; a line end in it is kept.
    pub title: String,
    /// 发文字号 or 文书编号.
    #[serde(default)]
    pub number: Option<String>,
    /// 成文日期.
    pub date: Date,
    /// 主送.
    #[serde(default)]
    pub to: Vec<String>,
    /// The text.
    pub blocks: Vec<SheetBlock>,
    /// 抄送.
    #[serde(default)]
    pub copies_to: Vec<String>,
    /// 附注, such as 联系电话：0356-0000000. Stands below the first signature.
    #[serde(default)]
    pub contact: Option<String>,
}

/// Prints a sheet as `.docx` in the layout of GB/T 9704-2012. The same sheet gives the same bytes.
///
/// # Errors
/// A blank office or title, a table whose rows do not fit its columns, or more than a paper holds.
pub fn sheet_docx(sheet: &Sheet) -> Result<Vec<u8>, PaperError> {
    if sheet.blocks.len() > BLOCKS_MAX {
        return Err(PaperError::TooLarge {
            what: "blocks",
            got: sheet.blocks.len(),
            most: BLOCKS_MAX,
        });
    }
    let office = sheet.office.trim();
    let mark = match sheet.form {
        Form::Red => format!("{office}文件"),
        Form::Letter => office.to_owned(),
        Form::Plain | Form::Docket => String::new(),
    };
    let mut paper = Paper::begin(
        sheet.form,
        office,
        &mark,
        sheet.number.as_deref(),
        &sheet.title,
        sheet.date,
    )?;
    paper.addressees(&sheet.to);
    let mut contact = sheet.contact.as_deref();
    for block in &sheet.blocks {
        match block {
            SheetBlock::Heading(text) => paper.heading(text),
            SheetBlock::Paragraph(text) => paper.text(text),
            SheetBlock::Fields(fields) => paper.fields(fields)?,
            SheetBlock::Table(table) => paper.table(table)?,
            SheetBlock::Attachments(names) => paper.attachments(names),
            SheetBlock::Signature => {
                paper.sign();
                paper.remark(contact.take().unwrap_or_default());
            }
            SheetBlock::SignatureOf { org, date } => {
                paper.sign_as(org, *date);
                paper.remark(contact.take().unwrap_or_default());
            }
            SheetBlock::SignLines(lines) => paper.sign_lines(lines),
            SheetBlock::Note(text) => paper.note(text),
            SheetBlock::Attachment { mark, title } => paper.new_page(mark, title),
            SheetBlock::Receipt(receipt) => {
                paper.new_page(&receipt.mark, &receipt.title);
                paper.addressees(std::slice::from_ref(&receipt.to));
                paper.text(&receipt.text);
                paper.fields(&receipt.fields)?;
                paper.sign_lines(&receipt.sign);
                paper.blank_seal(&receipt.seal);
            }
        }
    }
    paper.remark(contact.unwrap_or_default());
    // Reports and papers of a file carry no imprint unless somebody is sent a copy.
    let copied = sheet.copies_to.iter().any(|name| !known::blank(name));
    if copied || matches!(sheet.form, Form::Red | Form::Letter) {
        paper.imprint(&sheet.copies_to, office);
    }
    paper.pack()
}

/// A sheet being worded, from top to bottom. Sections are numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Wording {
    blocks: Vec<SheetBlock>,
    sections: u32,
}

impl Wording {
    /// `一、…` with the next number.
    pub fn section(&mut self, title: &str) {
        self.sections += 1;
        self.blocks.push(SheetBlock::Heading(format!(
            "{}、{title}",
            words::numeral(self.sections)
        )));
    }

    pub fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(SheetBlock::Paragraph(text.into()));
    }

    /// Paragraphs `1.…`, without the blank ones. What stands when all are blank is `otherwise`.
    pub fn items(&mut self, items: &[String], otherwise: &str) {
        let items = known::several(items);
        match items.as_slice() {
            [] if otherwise.is_empty() => {}
            [] => self.text(otherwise),
            [one] => self.text(known::sentence(one)),
            _ => {
                for (index, item) in items.iter().enumerate() {
                    self.text(format!("{}.{}", index + 1, known::sentence(item)));
                }
            }
        }
    }

    pub fn fields<L: Into<String>, V: Into<String>>(
        &mut self,
        fields: impl IntoIterator<Item = (L, V)>,
    ) {
        let fields = fields
            .into_iter()
            .map(|(label, value)| Field::new(label, value))
            .collect();
        self.blocks.push(SheetBlock::Fields(fields));
    }

    /// A table whose first column counts the rows. Nothing when there are none.
    pub fn table(&mut self, caption: &str, columns: &[Column], rows: Vec<Vec<String>>) {
        if rows.is_empty() {
            return;
        }
        let mut all = vec![Column::new("序号", 6)];
        all.extend_from_slice(columns);
        let rows = (1..)
            .zip(rows)
            .map(|(index, row): (u32, _)| {
                let mut cells = vec![index.to_string()];
                cells.extend(row);
                cells
            })
            .collect();
        self.plain_table(caption, all, rows);
    }

    pub fn plain_table(&mut self, caption: &str, columns: Vec<Column>, rows: Vec<Vec<String>>) {
        self.blocks.push(SheetBlock::Table(PaperTable {
            caption: caption.to_owned(),
            columns,
            rows,
        }));
    }

    pub fn push(&mut self, block: SheetBlock) {
        self.blocks.push(block);
    }

    pub fn sign(&mut self) {
        self.push(SheetBlock::Signature);
    }

    pub fn sign_lines(&mut self, lines: &[&[&str]]) {
        self.push(SheetBlock::SignLines(
            lines.iter().map(|labels| SignLine::blank(labels)).collect(),
        ));
    }

    pub fn note(&mut self, text: &str) {
        self.push(SheetBlock::Note(text.to_owned()));
    }

    pub fn done(self) -> Vec<SheetBlock> {
        self.blocks
    }
}
