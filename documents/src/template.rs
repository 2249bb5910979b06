//! Import templates as `.xlsx`: a sheet to fill in with the exact headings that the import reads,
//! drop-down choices and checks, a sheet that explains each column, and a sheet with the choices.

use jiff::civil::Date;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Worksheet,
};
use serde::{Deserialize, Serialize};

use crate::PaperError;
use crate::list::{Looks, cell_width, column_index, cut, safe_sheet_name, workbook};

/// Rows of the template that are checked while they are filled in.
pub const ROWS_CHECKED: u32 = 5_000;
/// Name of the sheet that explains.
pub const NOTES_SHEET: &str = "填写说明";
/// Name of the sheet with the choices.
pub const CHOICES_SHEET: &str = "选项";

/// What a column takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateKind {
    /// Text; codes keep their leading zeros.
    #[default]
    Text,
    /// A whole number from 0.
    Whole,
    /// Any number.
    Number,
    /// A day, as 2025-03-05.
    Date,
}

impl TemplateKind {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "文本",
            Self::Whole => "整数",
            Self::Number => "数字",
            Self::Date => "日期（如2025-03-05）",
        }
    }
}

/// A column of a template.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TemplateColumn {
    /// Heading, exactly as the import looks for it.
    pub title: String,
    /// What to fill in.
    #[serde(default)]
    pub note: String,
    /// Whether it may be left blank.
    #[serde(default)]
    pub required: bool,
    /// What it takes.
    #[serde(default)]
    pub kind: TemplateKind,
    /// The only values allowed, offered as a list; empty for any.
    #[serde(default)]
    pub choices: Vec<String>,
    /// An example, shown among the explanations only, so that it is never imported.
    #[serde(default)]
    pub example: String,
}

/// Writes an import template.
///
/// # Errors
/// No columns, or more than a sheet holds.
pub fn template_xlsx(sheet_name: &str, columns: &[TemplateColumn]) -> Result<Vec<u8>, PaperError> {
    if columns.is_empty() {
        return Err(PaperError::Missing { field: "columns" });
    }
    column_index(columns.len() - 1)?;
    let mut workbook = workbook(sheet_name)?;
    fill_sheet(workbook.add_worksheet(), sheet_name, columns)?;
    notes_sheet(workbook.add_worksheet(), columns)?;
    if columns.iter().any(|c| !c.choices.is_empty()) {
        choices_sheet(workbook.add_worksheet(), columns)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn fill_sheet(
    sheet: &mut Worksheet,
    name: &str,
    columns: &[TemplateColumn],
) -> Result<(), PaperError> {
    // The sheets that explain keep their names.
    let name = match safe_sheet_name(name) {
        taken if taken == NOTES_SHEET || taken == CHOICES_SHEET => "清单".to_owned(),
        free => free,
    };
    sheet.set_name(name)?;
    let looks = Looks::new();
    // Red for what must be filled in, as forms have it; the heading itself stays as the import reads it.
    let required = looks.head.clone().set_font_color(0x00C0_0000);
    let mut choice_column = 0;
    for (index, column) in (0_u16..).zip(columns) {
        let head = if column.required {
            &required
        } else {
            &looks.head
        };
        sheet.write_string_with_format(0, index, cut(&column.title), head)?;
        let width = cell_width(&column.title)
            .max(cell_width(&column.example))
            .max(10.0)
            + 4.0;
        sheet.set_column_width(index, width.min(40.0))?;
        let format = match column.kind {
            TemplateKind::Text => Format::new().set_num_format("@"),
            TemplateKind::Whole => Format::new().set_num_format("0"),
            TemplateKind::Number => Format::new().set_num_format("General"),
            TemplateKind::Date => Format::new().set_num_format("yyyy-mm-dd"),
        };
        sheet.set_column_format(index, &format)?;
        if let Some(check) = check(column, choice_column)? {
            sheet.add_data_validation(1, index, ROWS_CHECKED, index, &check)?;
        }
        if !column.choices.is_empty() {
            choice_column += 1;
        }
    }
    sheet.set_row_height(0, 26)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// The check of a column, with its note shown when a cell is entered.
fn check(
    column: &TemplateColumn,
    choice_column: u16,
) -> Result<Option<DataValidation>, PaperError> {
    let check = DataValidation::new();
    let (check, error) = if !column.choices.is_empty() {
        let letter = rust_xlsxwriter::utility::column_number_to_name(choice_column);
        let range = format!(
            "='{CHOICES_SHEET}'!${letter}$2:${letter}${}",
            column.choices.len() + 1
        );
        (
            check.allow_list_formula(Formula::new(range)),
            "请从下拉列表中选择。",
        )
    } else {
        match column.kind {
            TemplateKind::Text if column.note.trim().is_empty() => return Ok(None),
            TemplateKind::Text => (check.allow_any_value(), ""),
            TemplateKind::Whole => (
                check.allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
                "请填写不小于0的整数。",
            ),
            TemplateKind::Number => (
                check.allow_decimal_number(DataValidationRule::Between(-1e12, 1e12)),
                "请填写数字。",
            ),
            TemplateKind::Date => (
                check.allow_date(DataValidationRule::Between(
                    day(1900, 1, 1)?,
                    day(9999, 12, 31)?,
                )),
                "请填写日期，如2025-03-05。",
            ),
        }
    };
    // Excel allows 32 and 255 characters here.
    let check = check
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("填写有误")?
        .set_error_message(error)?
        .set_input_title(first(&cut(&column.title), 32))?
        .set_input_message(first(&cut(&column.note), 250))?;
    Ok(Some(check))
}

fn day(year: i16, month: i8, day: i8) -> Result<ExcelDateTime, PaperError> {
    let date = Date::constant(year, month, day);
    Ok(ExcelDateTime::from_ymd(
        date.year().unsigned_abs(),
        date.month().unsigned_abs(),
        date.day().unsigned_abs(),
    )?)
}

fn first(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

fn notes_sheet(sheet: &mut Worksheet, columns: &[TemplateColumn]) -> Result<(), PaperError> {
    sheet.set_name(NOTES_SHEET)?;
    let looks = Looks::new();
    let text = Format::new()
        .set_font_name("宋体")
        .set_font_size(11)
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    let plain = Format::new()
        .set_font_name("宋体")
        .set_font_size(11)
        .set_text_wrap();
    for (row, line) in (0..).zip([
        "1. 在第一张工作表中填写，一行一条；不要改动第一行的栏目名称，不要合并单元格。",
        "2. 栏目名称为红色的必须填写；有下拉列表的只能从列表中选择。",
        "3. 导入时逐行检查，有误的行会列出行号和原因，改正后可重新导入。",
    ]) {
        sheet.merge_range(row, 0, row, 5, line, &plain)?;
        sheet.set_row_height(row, 20)?;
    }
    for (index, (title, width)) in (0_u16..).zip([
        ("栏目", 20.0),
        ("是否必填", 10.0),
        ("格式", 22.0),
        ("说明", 50.0),
        ("可选值", 40.0),
        ("示例", 24.0),
    ]) {
        sheet.write_string_with_format(4, index, title, &looks.head)?;
        sheet.set_column_width(index, width)?;
    }
    for (row, column) in (5_u32..).zip(columns) {
        let kind = if column.choices.is_empty() {
            column.kind.words()
        } else {
            "从列表中选择"
        };
        let choices = match column.choices.len() {
            0..=12 => column.choices.join("、"),
            more => format!(
                "{}等{more}项，见“{CHOICES_SHEET}”工作表",
                column.choices[..6].join("、")
            ),
        };
        let required = if column.required { "是" } else { "否" };
        for (index, value) in (0_u16..).zip([
            &column.title,
            required,
            kind,
            &column.note,
            &choices,
            &column.example,
        ]) {
            sheet.write_string_with_format(row, index, cut(value), &text)?;
        }
    }
    sheet.set_freeze_panes(5, 0)?;
    Ok(())
}

fn choices_sheet(sheet: &mut Worksheet, columns: &[TemplateColumn]) -> Result<(), PaperError> {
    sheet.set_name(CHOICES_SHEET)?;
    let looks = Looks::new();
    for (index, column) in (0_u16..).zip(columns.iter().filter(|c| !c.choices.is_empty())) {
        sheet.write_string_with_format(0, index, cut(&column.title), &looks.head)?;
        for (row, choice) in (1_u32..).zip(&column.choices) {
            sheet.write_string(row, index, cut(choice))?;
        }
        let width = column
            .choices
            .iter()
            .map(|c| cell_width(c))
            .fold(cell_width(&column.title), f64::max);
        sheet.set_column_width(index, (width + 4.0).min(50.0))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
