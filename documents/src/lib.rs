//! Official papers out: the monthly bulletin (调度通报), letters to one unit (提醒函, 通报, 约谈通知,
//! 挂牌督办通知书) and the papers of the closed loops (accident reports, orders, supervision, trace-back) as
//! `.docx`, and lists and import templates as `.xlsx`.
//!
//! The cast: a caller fills in a [`Bulletin`] or a [`Letter`] (the `default_blocks` of each module give
//! wording that a person may edit first), or an [`Official`], which is worded into a [`Sheet`]; [`paper`]
//! lays it out by GB/T 9704-2012; [`docx`] packs the parts. [`list_xlsx`] and [`template_xlsx`] write tables.
//!
//! Data in, bytes out: no clock, no file, no socket. The same data gives the same bytes, so a printed
//! paper can be named by its hash in the ledger. Text is never trusted: what XML cannot carry is left
//! out, the rest is escaped (see [`xml`]).

pub mod bulletin;
pub mod letter;
pub mod list;
pub mod official;
pub mod template;

pub mod docx;
pub mod paper;
pub mod words;
pub mod xml;

pub use bulletin::{Bulletin, BulletinSection, bulletin_docx};
pub use letter::{Block, Letter, LetterDuty, LetterKind, letter_docx};
pub use list::{Cell, ListColumn, list_xlsx};
pub use official::{Head, Official, Sheet, SheetBlock, official_docx, official_sheet, sheet_docx};
pub use paper::{Align, Column, Field, Form, PaperTable, SignLine, Slot};
pub use template::{TemplateColumn, TemplateKind, template_xlsx};

/// Why a paper could not be made. The first three are for the person who filled it in.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A field that the paper cannot do without is blank.
    #[error("the paper has no {field}")]
    Missing {
        /// Which field, as named in the struct.
        field: &'static str,
    },
    /// A row has more or fewer cells than the table has columns.
    #[error("row {row} of table `{table}` has {got} cells, the table has {expected} columns")]
    RowShape {
        /// The caption of the table or the name of the sheet.
        table: String,
        /// The row, counted from 1 without the header.
        row: usize,
        /// Columns of the table.
        expected: usize,
        /// Cells in the row.
        got: usize,
    },
    /// More than a paper or a sheet can hold.
    #[error("too much for one paper: {what} is {got}, the most is {most}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much was given.
        got: usize,
        /// The bound.
        most: usize,
    },
    /// The parts could not be packed.
    #[error("could not pack the paper")]
    Pack(#[from] zip::result::ZipError),
    /// A part could not be written into the pack.
    #[error("could not write a part of the paper")]
    Write(#[from] std::io::Error),
    /// The sheet could not be written.
    #[error("could not write the sheet")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
}
