//! Lists as `.xlsx`: typed cells, a frozen bold heading, a filter on it, columns as wide as their text.

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};
use serde::{Deserialize, Serialize};

use crate::PaperError;
use crate::words;
use crate::xml::clean;

/// Rows below the heading that a sheet can hold.
pub const ROWS_MAX: usize = 1_048_575;
/// Characters that a cell can hold; a longer text is cut and says so.
pub const CELL_MAX: usize = 32_767;

/// The value of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum Cell {
    /// Nothing.
    Blank,
    /// Text; never read as a formula, whatever it begins with.
    Text(String),
    /// A number. What is not finite is left blank.
    Number(f64),
    /// A day.
    Date(Date),
    /// A day and a time, as the clock on the wall shows it.
    Time(DateTime),
    /// A share, 1.0 for 100 %.
    Percent(f64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Blank, Into::into)
    }
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListColumn {
    /// Heading.
    pub title: String,
    /// Width in half-width characters; worked out from the text when absent.
    #[serde(default)]
    pub width: Option<f64>,
}

impl ListColumn {
    /// A column as wide as its text asks for.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            width: None,
        }
    }
}

/// Writes a list as `.xlsx`. The same list gives the same bytes; the file carries no date of its own.
///
/// # Errors
/// A row that does not fit the columns, no columns, or more rows than a sheet holds.
pub fn list_xlsx(
    sheet_name: &str,
    columns: &[ListColumn],
    rows: &[Vec<Cell>],
) -> Result<Vec<u8>, PaperError> {
    if columns.is_empty() {
        return Err(PaperError::Missing { field: "columns" });
    }
    if rows.len() > ROWS_MAX {
        return Err(PaperError::TooLarge {
            what: "rows",
            got: rows.len(),
            most: ROWS_MAX,
        });
    }
    let last_column = column_index(columns.len() - 1)?;
    let mut workbook = workbook(sheet_name)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(safe_sheet_name(sheet_name))?;
    let looks = Looks::new();
    let mut widths: Vec<f64> = columns.iter().map(|c| cell_width(&c.title) + 3.0).collect();
    for (index, column) in (0..).zip(columns) {
        sheet.write_with_format(0, index, cut(&column.title), &looks.head)?;
    }
    sheet.set_row_height(0, 24)?;
    for (number, row) in (1_u32..).zip(rows) {
        if row.len() != columns.len() {
            return Err(PaperError::RowShape {
                table: sheet_name.to_owned(),
                row: number as usize,
                expected: columns.len(),
                got: row.len(),
            });
        }
        for ((index, cell), width) in (0..).zip(row).zip(&mut widths) {
            *width = width.max(write(sheet, number, index, cell, &looks)?);
        }
    }
    for ((index, column), width) in (0..).zip(columns).zip(widths) {
        sheet.set_column_width(index, column.width.unwrap_or(width).clamp(6.0, 60.0))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, rows.len() as u32, last_column)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页，共 &N 页");
    Ok(workbook.save_to_buffer()?)
}

/// Formats of a list.
pub(crate) struct Looks {
    pub(crate) head: Format,
    text: Format,
    number: Format,
    date: Format,
    time: Format,
    percent: Format,
}

impl Looks {
    pub(crate) fn new() -> Self {
        let base = Format::new()
            .set_font_name("宋体")
            .set_font_size(11)
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter);
        Self {
            head: base
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_background_color(0x00E8_EEF4),
            text: base.clone().set_num_format("@").set_text_wrap(),
            number: base.clone().set_num_format("General"),
            date: base
                .clone()
                .set_num_format("yyyy-mm-dd")
                .set_align(FormatAlign::Center),
            time: base
                .clone()
                .set_num_format("yyyy-mm-dd hh:mm")
                .set_align(FormatAlign::Center),
            percent: base.set_num_format("0.0%"),
        }
    }
}

/// Writes a cell and says how wide it would like to be, in half-width characters.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    looks: &Looks,
) -> Result<f64, PaperError> {
    Ok(match cell {
        Cell::Blank => {
            sheet.write_blank(row, column, &looks.text)?;
            0.0
        }
        Cell::Text(text) => {
            let text = cut(text);
            let width = cell_width(&text) + 2.0;
            sheet.write_string_with_format(row, column, text, &looks.text)?;
            width
        }
        Cell::Number(number) if number.is_finite() => {
            sheet.write_number_with_format(row, column, *number, &looks.number)?;
            number.to_string().len() as f64 + 2.0
        }
        Cell::Percent(share) if share.is_finite() => {
            sheet.write_number_with_format(row, column, *share, &looks.percent)?;
            9.0
        }
        Cell::Number(_) | Cell::Percent(_) => {
            sheet.write_blank(row, column, &looks.text)?;
            0.0
        }
        Cell::Date(date) => {
            match excel_date(*date) {
                Some(value) => {
                    sheet.write_datetime_with_format(row, column, value?, &looks.date)?
                }
                None => {
                    sheet.write_string_with_format(row, column, words::date(*date), &looks.text)?
                }
            };
            13.0
        }
        Cell::Time(time) => {
            match excel_date(time.date()) {
                Some(value) => {
                    let value = value?.and_hms(
                        hour(time.hour()),
                        part(time.minute()),
                        f64::from(time.second()),
                    )?;
                    sheet.write_datetime_with_format(row, column, value, &looks.time)?
                }
                None => sheet.write_string_with_format(
                    row,
                    column,
                    words::date_time(*time),
                    &looks.text,
                )?,
            };
            18.0
        }
    })
}

fn hour(value: i8) -> u16 {
    u16::try_from(value).unwrap_or_default()
}

fn part(value: i8) -> u8 {
    u8::try_from(value).unwrap_or_default()
}

/// None before 1900, where a sheet has no dates.
fn excel_date(date: Date) -> Option<Result<ExcelDateTime, PaperError>> {
    let year = u16::try_from(date.year())
        .ok()
        .filter(|y| (1900..=9999).contains(y))?;
    Some(
        ExcelDateTime::from_ymd(year, part(date.month()), part(date.day()))
            .map_err(PaperError::from),
    )
}

/// A workbook whose properties hold no moment of the clock.
pub(crate) fn workbook(title: &str) -> Result<Workbook, PaperError> {
    let mut workbook = Workbook::new();
    // The writer would ask the machine for the time; one fixed day keeps equal lists equal.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(clean(title))
            .set_creation_datetime(&made),
    );
    Ok(workbook)
}

/// The width of the widest line, in half-width characters.
pub(crate) fn cell_width(text: &str) -> f64 {
    text.lines()
        .map(|line| words::width(line) * 2.0)
        .fold(0.0, f64::max)
}

/// Text that fits a cell and XML. Excel counts UTF-16 units.
pub(crate) fn cut(text: &str) -> String {
    const MARK: &str = "…（内容过长，已截断）";
    let text = clean(text);
    if text.encode_utf16().count() <= CELL_MAX {
        return text;
    }
    let mut room = CELL_MAX - MARK.encode_utf16().count();
    let mut out: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    out.push_str(MARK);
    out
}

/// A name that Excel accepts: 31 characters, none of `[]:*?/\`, no quote at either end.
pub(crate) fn safe_sheet_name(name: &str) -> String {
    let name: String = clean(name)
        .chars()
        .map(|c| if "[]:*?/\\\n\t".contains(c) { ' ' } else { c })
        .collect();
    let mut out = String::new();
    for c in name.trim().trim_matches('\'').chars() {
        if out.encode_utf16().count() + c.len_utf16() > 31 {
            break;
        }
        out.push(c);
    }
    let out = out.trim().trim_matches('\'').to_owned();
    // Excel keeps this name to itself.
    if out.is_empty() || out.eq_ignore_ascii_case("history") {
        "清单".to_owned()
    } else {
        out
    }
}

pub(crate) fn column_index(index: usize) -> Result<u16, PaperError> {
    u16::try_from(index)
        .ok()
        .filter(|i| *i < 16_384)
        .ok_or(PaperError::TooLarge {
            what: "columns",
            got: index + 1,
            most: 16_384,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_name_is_made_fit() {
        assert_eq!(safe_sheet_name("责任[2025]/清单"), "责任 2025  清单");
        assert_eq!(safe_sheet_name("''"), "清单");
        assert_eq!(safe_sheet_name("History"), "清单");
        assert_eq!(safe_sheet_name(&"😀".repeat(40)).encode_utf16().count(), 30);
    }

    #[test]
    fn a_text_too_long_for_a_cell_says_that_it_was_cut() {
        let shown = cut(&"😀长".repeat(20_000));
        assert!(shown.encode_utf16().count() <= CELL_MAX);
        assert!(shown.ends_with("…（内容过长，已截断）"));
        assert_eq!(cut("短"), "短");
    }
}
