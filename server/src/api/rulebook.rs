//! The rulebook as it stands, and the import of a year's calendar.

use crate::app::App;
use crate::auth::Who;
use crate::problem::{BadRow, Json, Problem, Query};
use anlan_core::authority::Command;
use anlan_core::calendar::Year;
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::rulebook::{Counts, Grade, Sector, Step, calendar_years};
use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The rulebook.
#[derive(Serialize, ToSchema)]
#[schema(as = Rulebook)]
pub struct RulebookView {
    sectors: Vec<Sector>,
    ladder: Vec<Step>,
    calendar: Vec<Year>,
    accidents: Vec<Grade>,
    counts: Vec<Counts>,
}

/// The rulebook as it stands, with what was imported.
#[utoipa::path(get, path = "/api/v1/rulebook", responses((status = 200, body = RulebookView)))]
pub async fn rulebook(State(app): State<Arc<App>>, _who: Who) -> Json<RulebookView> {
    let book = &app.book;
    Json(RulebookView {
        sectors: book.sectors.clone(),
        ladder: book.ladder.clone(),
        calendar: app.world().years.clone(),
        accidents: book.accidents.clone(),
        counts: book.counts.clone(),
    })
}

/// What an import of a calendar found.
#[derive(Serialize, ToSchema)]
pub struct CalendarReport {
    year: i16,
    holidays: usize,
    workdays: usize,
    source: String,
    rows: Vec<BadRow>,
    imported: bool,
}

/// How to import.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ImportCalendar {
    /// Only look.
    preview: bool,
}

/// Largest calendar file, in bytes.
const CALENDAR_MAX: usize = 100_000;

/// Reads TOML as in the rulebook, or CSV with `date,kind` where kind is holiday/休 or workday/班.
fn read(text: &str) -> Result<(Year, Vec<BadRow>), Problem> {
    if text.len() > CALENDAR_MAX {
        return Err(Problem::bad(
            "文件过大",
            "A calendar file has at most 100 kB",
        ));
    }
    if text.contains("[[year]]") {
        let mut years = calendar_years(text)
            .map_err(|e| Problem::bad("日历文件格式不对", &e.source.to_string()))?;
        if years.len() != 1 {
            return Err(Problem::bad(
                "一次导入一个年份",
                "Import one year at a time",
            ));
        }
        return Ok((years.remove(0), Vec::new()));
    }
    let mut year = Year {
        year: 0,
        holidays: Vec::new(),
        workdays: Vec::new(),
        source: String::new(),
        certain: true,
    };
    let mut bad = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let row = at as u32 + 1;
        let line = line.trim();
        if line.is_empty() || (at == 0 && !line.starts_with(|c: char| c.is_ascii_digit())) {
            continue;
        }
        let (date, kind) = line.split_once([',', '\t', '，']).unwrap_or((line, ""));
        let Ok(date) = date.trim().replace(['/', '.'], "-").parse::<Date>() else {
            bad.push(BadRow {
                row,
                column: Some("date".into()),
                message: "日期应写作 2027-01-01".into(),
            });
            continue;
        };
        if year.year == 0 {
            year.year = date.year();
        }
        // Make-up days of the new year's holiday may lie in the year before.
        if (date.year() - year.year).abs() > 1 {
            bad.push(BadRow {
                row,
                column: Some("date".into()),
                message: format!("不属于 {} 年", year.year),
            });
            continue;
        }
        match kind.trim() {
            "holiday" | "休" | "放假" => year.holidays.push(date),
            "workday" | "班" | "上班" => year.workdays.push(date),
            other => bad.push(BadRow {
                row,
                column: Some("kind".into()),
                message: format!("“{other}”应为 holiday（休）或 workday（班）"),
            }),
        }
    }
    Ok((year, bad))
}

/// Imports the working-day calendar of a year, as the State Council gives it.
#[utoipa::path(post, path = "/api/v1/rulebook/calendar", params(ImportCalendar), request_body(content = String, content_type = "text/plain"), responses((status = 200, body = CalendarReport), (status = 422, body = Problem)))]
pub async fn import_calendar(
    State(app): State<Arc<App>>,
    who: Who,
    Query(how): Query<ImportCalendar>,
    text: String,
) -> Result<Json<CalendarReport>, Problem> {
    who.needs(Command::ManageRulebook, &app)?;
    let (year, rows) = read(&text)?;
    let mut report = CalendarReport {
        year: year.year,
        holidays: year.holidays.len(),
        workdays: year.workdays.len(),
        source: year.source.clone(),
        rows,
        imported: false,
    };
    if how.preview {
        return Ok(Json(report));
    }
    if !report.rows.is_empty() || year.holidays.is_empty() || !(1990..=2100).contains(&year.year) {
        let mut problem = Problem::bad(
            "日历有误，未导入",
            "The calendar has rows that cannot be used; nothing was imported",
        );
        problem.rows = report.rows;
        return Err(problem);
    }
    app.write(move |w| {
        let at = w.now;
        w.append(
            &Entry::new(
                stream::CALENDAR.to_owned(),
                Event::CalendarImported(year),
                Some(who.person.id.clone()),
                who.org().cloned(),
                at,
            ),
            None,
        )?;
        Ok(())
    })
    .await?;
    report.imported = true;
    Ok(Json(report))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_calendar_is_read_line_by_line() {
        let (year, bad) = read("date,kind\n2027/1/1,休\n2027-01-01,holiday\n2027-02-06,班\n2027-13-01,休\n2027-03-01,也许\n").unwrap();
        assert_eq!(
            (year.year, year.holidays.len(), year.workdays.len()),
            (2027, 1, 1)
        );
        assert_eq!(bad.iter().map(|b| b.row).collect::<Vec<_>>(), [2, 5, 6]);
    }
}
