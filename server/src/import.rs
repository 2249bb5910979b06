//! Tables as they come from offices: .xlsx, .csv (UTF-8 or GB 18030), .geojson. Read into rows of heading → text.

use crate::problem::Problem;
use anlan_core::thing::Kind;
use axum::extract::Multipart;
use calamine::{Data, Reader as _};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Largest import file, in bytes.
pub const FILE_MAX: usize = 16 * 1024 * 1024;
/// Most bytes a workbook may unpack to.
const UNPACKED_MAX: u64 = 128 * 1024 * 1024;
/// Most rows of an import.
pub const ROWS_MAX: usize = 20_000;
/// Most columns that are looked at.
const COLUMNS_MAX: usize = 64;

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number in the file, from 1, headings counted.
    pub number: u32,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell by its heading; empty where there is none.
    pub fn text(&self, heading: &str) -> String {
        self.cells.get(heading).cloned().unwrap_or_default()
    }

    /// The cells of a kind's fields, by field name. A heading may be the Chinese one or the field's own.
    pub fn fields(&self, kind: &Kind) -> Map<String, Value> {
        kind.fields
            .iter()
            .map(|field| {
                let text = self
                    .cells
                    .get(field.zh)
                    .or_else(|| self.cells.get(field.name))
                    .cloned()
                    .unwrap_or_default();
                (field.name.to_owned(), Value::String(text))
            })
            .collect()
    }
}

/// A heading without what only decorates it: 名称*, 容纳人数（人）.
fn heading(text: &str) -> String {
    let text = text.trim().trim_end_matches('*').trim();
    text.split(['（', '('])
        .next()
        .unwrap_or(text)
        .trim()
        .to_owned()
}

fn rows_of(table: Vec<Vec<String>>) -> Result<Vec<Row>, Problem> {
    let mut lines = table.into_iter().enumerate();
    let Some((_, heads)) = lines.find(|(_, line)| line.iter().any(|cell| heading(cell) == "名称"))
    else {
        return Err(Problem::bad(
            "没有找到“名称”列，请使用导入模板",
            "There is no heading 名称; use the template",
        ));
    };
    let heads: Vec<String> = heads.iter().map(|h| heading(h)).collect();
    let rows: Vec<Row> = lines
        .filter(|(_, line)| line.iter().any(|cell| !cell.trim().is_empty()))
        .take(ROWS_MAX + 1)
        .map(|(at, line)| Row {
            number: at as u32 + 1,
            cells: heads
                .iter()
                .zip(line)
                .filter(|(h, _)| !h.is_empty())
                .map(|(h, cell)| (h.clone(), cell.trim().to_owned()))
                .collect(),
        })
        .collect();
    if rows.len() > ROWS_MAX {
        return Err(Problem::bad(
            &format!("一次最多导入 {ROWS_MAX} 行"),
            &format!("At most {ROWS_MAX} rows at a time; split the file"),
        ));
    }
    Ok(rows)
}

fn csv(text: &str) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let (mut line, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                line.push(std::mem::take(&mut cell));
                out.push(std::mem::take(&mut line));
                if out.len() > ROWS_MAX + 100 {
                    return out;
                }
            }
            '\r' => {}
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !line.is_empty() {
        line.push(cell);
        out.push(line);
    }
    out
}

fn geojson(text: &str) -> Result<Vec<Row>, Problem> {
    let bad = |detail: &str| Problem::bad("GeoJSON 文件格式不对", detail);
    let value: Value = serde_json::from_str(text).map_err(|e| bad(&e.to_string()))?;
    let features = value["features"]
        .as_array()
        .ok_or_else(|| bad("A FeatureCollection is needed"))?;
    if features.len() > ROWS_MAX {
        return Err(Problem::bad(
            &format!("一次最多导入 {ROWS_MAX} 个要素"),
            "Too many features; split the file",
        ));
    }
    Ok(features
        .iter()
        .enumerate()
        .map(|(at, feature)| {
            let mut cells: BTreeMap<String, String> = feature["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, value)| {
                    let key = if key == "name" {
                        "名称".to_owned()
                    } else if key == "org" {
                        "所属单位".to_owned()
                    } else {
                        heading(key)
                    };
                    (
                        key,
                        value.as_str().map_or_else(
                            || {
                                if value.is_null() {
                                    String::new()
                                } else {
                                    value.to_string()
                                }
                            },
                            str::to_owned,
                        ),
                    )
                })
                .collect();
            if feature["geometry"]["type"] == "Point" {
                for (at, name) in ["经度", "纬度"].iter().enumerate() {
                    if let Some(degrees) = feature["geometry"]["coordinates"][at].as_f64() {
                        cells.insert((*name).to_owned(), degrees.to_string());
                    }
                }
            }
            Row {
                number: at as u32 + 1,
                cells,
            }
        })
        .collect())
}

/// Reads a table by its file name's ending.
///
/// # Errors
/// When the file cannot be read, with what to do.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Row>, Problem> {
    let lower = name.to_lowercase();
    if lower.ends_with(".xlsx") {
        let broken = |e: &dyn std::fmt::Display| {
            Problem::bad("Excel 文件无法读取，请另存为 .xlsx 后再试", &e.to_string())
        };
        // A workbook is a zip: what it says it unpacks to is looked at before it is unpacked.
        let mut packed =
            zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|e| broken(&e))?;
        let unpacked: u64 = (0..packed.len().min(2_000))
            .filter_map(|at| packed.by_index_raw(at).ok().map(|part| part.size()))
            .sum();
        if packed.len() > 2_000 || unpacked > UNPACKED_MAX {
            return Err(broken(&"the workbook unpacks to more than 128 MB"));
        }
        let mut book: calamine::Xlsx<_> =
            calamine::Xlsx::new(std::io::Cursor::new(bytes)).map_err(|e| broken(&e))?;
        let sheet = book
            .sheet_names()
            .first()
            .cloned()
            .ok_or_else(|| broken(&"the workbook has no sheet"))?;
        let range = book.worksheet_range(&sheet).map_err(|e| broken(&e))?;
        let table = range
            .rows()
            .take(ROWS_MAX + 100)
            .map(|row| {
                row.iter()
                    .take(COLUMNS_MAX)
                    .map(|cell| match cell {
                        Data::Empty | Data::Error(_) => String::new(),
                        Data::DateTime(at) => {
                            let (year, month, day, ..) = at.to_ymd_hms_milli();
                            format!("{year:04}-{month:02}-{day:02}")
                        }
                        Data::Float(x) if x.fract() == 0.0 && x.abs() < 1e15 => format!("{x:.0}"),
                        other => other.to_string(),
                    })
                    .collect()
            })
            .collect();
        return rows_of(table);
    }
    if !lower.ends_with(".csv") && !lower.ends_with(".geojson") && !lower.ends_with(".json") {
        return Err(Problem::bad(
            "只支持 .xlsx、.csv、.geojson 文件",
            "Only .xlsx, .csv and .geojson can be imported",
        ));
    }
    let text = anlan_notice::read::decode(bytes).map_err(|_| {
        Problem::bad(
            "文件编码不对，应为 UTF-8 或 GB 18030",
            "The file is neither UTF-8 nor GB 18030",
        )
    })?;
    if lower.ends_with(".csv") {
        rows_of(csv(&text))
    } else {
        geojson(&text)
    }
}

/// The one file of a form, bounded.
///
/// # Errors
/// When there is none or it is too large.
pub async fn file_of(form: &mut Multipart, max: usize) -> Result<(String, Vec<u8>), Problem> {
    let broken = |e: axum::extract::multipart::MultipartError| {
        let mut problem = Problem::bad("上传未完成，请重试", &e.body_text());
        problem.status = e.status().as_u16();
        problem
    };
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name: String = field
            .file_name()
            .unwrap_or("file")
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            bytes.extend(&chunk);
            if bytes.len() > max {
                let mut problem = Problem::bad(
                    &format!("文件超过 {} MB", max / 1_048_576),
                    "The file is too large",
                );
                problem.status = 413;
                return Err(problem);
            }
        }
        return Ok((name, bytes));
    }
    Err(Problem::bad(
        "没有收到文件",
        "The form needs a part named `file`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_with_quotes_and_decorated_headings() {
        let rows = read(
            "a.csv",
            "\u{feff}说明\n名称*,所属单位,容纳人数（人）\n\"甲,\"\"乙\"\"\",北石店镇,100\n\n丙,,\n"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (
                rows[0].number,
                rows[0].text("名称"),
                rows[0].text("容纳人数")
            ),
            (3, "甲,\"乙\"".into(), "100".into())
        );
        assert_eq!(rows[1].number, 5);
    }

    #[test]
    fn what_is_no_table_is_refused_with_advice() {
        for (name, bytes) in [
            ("a.xlsx", &b"PK\x03\x04junk"[..]),
            ("a.csv", b"a,b\n1,2\n"),
            ("a.doc", b"x"),
            ("a.geojson", b"[1]"),
        ] {
            assert!(read(name, bytes).is_err(), "{name}");
        }
    }
}
