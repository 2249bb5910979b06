//! Loops as projected, and the questions that pages ask of them.

use crate::StoreError;
use crate::db::{Db, Row, Value, containing};
use crate::facts::{reach_sql, shape};
use crate::search;
use anlan_core::authority::Reach;
use anlan_core::fact::Fact;
use anlan_core::loops::{Event, Loop, Mark, Party, Read, Stage};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What stands for "no deadline" in the column, so that such rows sort last.
const NEVER: i64 = i64::MAX;

fn urgency(stage: Stage) -> u64 {
    match stage {
        Stage::Open => 0,
        Stage::Closed => 1,
        Stage::Ended => 2,
    }
}

fn read(row: &Row, at: usize) -> Result<Loop, StoreError> {
    serde_json::from_str(&row.text(at)).map_err(|e| shape("loop", e))
}

/// A loop by its id.
///
/// # Errors
/// What the database said.
pub fn get(db: &mut Db, id: &str) -> Result<Option<Loop>, StoreError> {
    db.row("SELECT state_json FROM loops WHERE id = ?1", &[id.into()])?
        .map(|row| read(&row, 0))
        .transpose()
}

fn path_of(db: &mut Db, org: &str) -> Result<String, StoreError> {
    Ok(db
        .row("SELECT path FROM orgs WHERE id = ?1", &[org.into()])?
        .map_or("/".to_owned(), |row| row.text(0)))
}

fn put(db: &mut Db, it: &Loop, parties: bool) -> Result<(), StoreError> {
    let json = serde_json::to_string(it).map_err(|e| shape("loop", e))?;
    let stage = it.stage();
    let turn = it.turn();
    let micro = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
    let due = if stage == Stage::Open {
        it.next_due().map(|c| c.due)
    } else {
        None
    };
    let wake = if stage == Stage::Open {
        it.wake()
    } else {
        None
    };
    let path = path_of(db, it.org.as_str())?;
    db.run(
        "INSERT INTO loops (id, kind, number, title, state, urgency, org, path, town, sector, grade, sort, handler, turn_org, turn_may, due, wake, \
         happened, opened, closed, voided, lon, lat, version, state_json) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25) \
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, state = excluded.state, urgency = excluded.urgency, org = excluded.org, \
         path = excluded.path, town = excluded.town, sector = excluded.sector, grade = excluded.grade, sort = excluded.sort, \
         handler = excluded.handler, turn_org = excluded.turn_org, turn_may = excluded.turn_may, due = excluded.due, wake = excluded.wake, \
         happened = excluded.happened, closed = excluded.closed, voided = excluded.voided, lon = excluded.lon, lat = excluded.lat, \
         version = excluded.version, state_json = excluded.state_json",
        &[
            it.id.as_str().into(),
            it.kind.as_str().into(),
            it.number.as_str().into(),
            it.title.as_str().into(),
            it.state.as_str().into(),
            urgency(stage).into(),
            it.org.as_str().into(),
            path.as_str().into(),
            it.town.as_ref().map(|o| o.as_str()).into(),
            it.sector.as_deref().into(),
            it.grade.as_deref().into(),
            it.values.get("type").and_then(|v| v.text()).into(),
            it.party(Party::Handler).map(|o| o.as_str()).into(),
            turn.map(|(org, _)| org.as_str()).into(),
            turn.map(|(_, may)| may.code()).into(),
            micro(due).unwrap_or(NEVER).into(),
            micro(wake).into(),
            it.happened.as_microsecond().into(),
            it.opened.as_microsecond().into(),
            micro(it.closed).into(),
            u64::from(it.voided.is_some()).into(),
            it.place.map(|p| (p.lon * 1e7).round() as i64).into(),
            it.place.map(|p| (p.lat * 1e7).round() as i64).into(),
            it.version.into(),
            json.into(),
        ],
    )?;
    if parties {
        db.run(
            "DELETE FROM loop_orgs WHERE loop = ?1",
            &[it.id.as_str().into()],
        )?;
        for org in it.orgs() {
            let path = path_of(db, org.as_str())?;
            db.run(
                "INSERT INTO loop_orgs (loop, org, path) VALUES (?1, ?2, ?3)",
                &[it.id.as_str().into(), org.as_str().into(), path.into()],
            )?;
        }
    }
    Ok(())
}

/// An org came to be known after loops that name it: they lie where it lies.
pub(crate) fn placed(db: &mut Db, org: &str, path: &str) -> Result<(), StoreError> {
    for table in ["loops", "loop_orgs"] {
        db.run(
            &format!("UPDATE {table} SET path = ?2 WHERE org = ?1"),
            &[org.into(), path.into()],
        )?;
    }
    Ok(())
}

/// Projects a fact of a loop.
pub(crate) fn apply(db: &mut Db, fact: &Fact, event: &Event) -> Result<(), StoreError> {
    let mark = Mark {
        by: fact.actor.as_ref(),
        happened: fact.happened,
        recorded: fact.recorded,
        version: fact.version,
    };
    if let Event::Opened(opened) = event {
        let it = Loop::opened(opened, mark);
        put(db, &it, true)?;
        return find_by_words(db, &it);
    }
    let Some(id) = fact.stream.strip_prefix("loop/") else {
        return Ok(());
    };
    let Some(mut it) = get(db, id)? else {
        return Err(shape(
            "loop",
            format!("`{id}` was not opened before fact {}", fact.seq),
        ));
    };
    let org = it.org.clone();
    it.apply(event, mark);
    let parties = matches!(event, Event::Moved(moved) if !moved.parties.is_empty());
    put(db, &it, parties)?;
    if it.org != org {
        find_by_words(db, &it)?;
    }
    Ok(())
}

/// Puts it where words find it. What is read by fewer is found by fewer: the kind of document carries the kind of loop.
fn find_by_words(db: &mut Db, it: &Loop) -> Result<(), StoreError> {
    search::put(
        db,
        &format!("loop-{}", it.kind),
        it.id.as_str(),
        Some(it.org.as_str()),
        &it.title,
        &format!("{} {} {}", it.number, it.address, it.values.text("what")),
    )
}

/// The number that the last loop of a kind and year had; 0 when there is none.
///
/// # Errors
/// What the database said.
pub fn serial(db: &mut Db, prefix: &str, year: i16) -> Result<u64, StoreError> {
    let head = format!("{prefix}-{year}-");
    let values: [Value; 2] = [head.as_str().into(), format!("{head}~").into()];
    let number =
        |row: Option<Row>| -> Option<u64> { row?.text_opt(0)?.strip_prefix(&head)?.parse().ok() };
    const RANGE: &str = "FROM loops WHERE number >= ?1 AND number < ?2";
    let last = number(db.row(&format!("SELECT MAX(number) {RANGE}"), &values)?).unwrap_or(0);
    if last < 999_999 {
        return Ok(last);
    }
    // Six digits sort as text; longer numbers, which hardly a year sees, stand between them.
    let longest =
        format!("SELECT number {RANGE} ORDER BY LENGTH(number) DESC, number DESC LIMIT 1");
    Ok(number(db.row(&longest, &values)?).unwrap_or(last))
}

/// Loops at which the clock must look: at most `limit`, those that have waited longest first.
///
/// # Errors
/// What the database said.
pub fn for_clock(db: &mut Db, now: Timestamp, limit: u32) -> Result<Vec<Loop>, StoreError> {
    db.rows(
        "SELECT state_json FROM loops WHERE wake <= ?1 ORDER BY wake, id LIMIT ?2",
        &[now.as_microsecond().into(), limit.into()],
    )?
    .iter()
    .map(|row| read(row, 0))
    .collect()
}

/// Which kinds may be seen, and how far: a permission's kinds with its reach.
#[derive(Debug, Clone, Default)]
pub struct Seen(pub Vec<(Vec<&'static str>, Vec<Reach>)>);

/// How rows are read: a page walks an index in the order of the list and stops when it is full, a count takes them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Walk,
    All,
}

impl Seen {
    fn sql(&self, how: How, values: &mut Vec<Value>) -> String {
        // Appending nothing keeps the database from fetching each kind, or each loop of an org, by itself and sorting
        // them all for the sake of one page.
        let id = match how {
            How::Walk => "(id || '')",
            How::All => "id",
        };
        let mut parts = Vec::new();
        for (kinds, reach) in &self.0 {
            if reach.is_empty() || kinds.is_empty() {
                continue;
            }
            let marks: Vec<String> = kinds
                .iter()
                .map(|kind| {
                    values.push((*kind).into());
                    format!("?{}", values.len())
                })
                .collect();
            let of = format!("(kind || '') IN ({})", marks.join(", "));
            if reach.contains(&Reach::District) {
                parts.push(format!("({of})"));
            } else {
                // The owner is one of the orgs that have a part.
                let part = reach_sql(reach, "p.org", Some("p.path"), values);
                parts.push(format!(
                    "({of} AND {id} IN (SELECT p.loop FROM loop_orgs p WHERE {part}))"
                ));
            }
        }
        if parts.is_empty() {
            return "1 = 0".to_owned();
        }
        format!("({})", parts.join(" OR "))
    }
}

/// What to look for. All that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct Find {
    /// Of this kind.
    pub kind: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// open, closed, ended.
    pub stage: Option<String>,
    /// overdue, due-soon, in-time.
    pub light: Option<String>,
    /// Of this grade.
    pub grade: Option<String>,
    /// Of this sort (the field `type`).
    pub sort_of: Option<String>,
    /// Of this org.
    pub org: Option<String>,
    /// Of this org and all below.
    pub under: Option<String>,
    /// In this town.
    pub town: Option<String>,
    /// In this trade.
    pub sector: Option<String>,
    /// Handled by this org.
    pub handler: Option<String>,
    /// With these words in title or number.
    pub q: Option<String>,
    /// Whose move it is: org and permission, any of these.
    pub turn: Option<Vec<(String, String)>>,
    /// Opened from, in microseconds.
    pub opened_from: Option<i64>,
    /// Opened before.
    pub opened_to: Option<i64>,
    /// Happened from.
    pub happened_from: Option<i64>,
    /// Happened before.
    pub happened_to: Option<i64>,
    /// Within this box of longitudes and latitudes, in degrees: west, south, east, north.
    pub within: Option<[f64; 4]>,
    /// due, -opened, opened, -happened, org, grade.
    pub sort: Option<String>,
}

/// What lights are counted from.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// Now, in microseconds.
    pub now: i64,
    /// The last moment that counts as near.
    pub soon: i64,
}

fn matching(find: &Find, seen: &Seen, at: Now, how: How, values: &mut Vec<Value>) -> String {
    let mut parts = vec![seen.sql(how, values)];
    {
        let mut with = |sql: &str, value: Value| {
            values.push(value);
            parts.push(sql.replace('#', &format!("?{}", values.len())));
        };
        let texts = [
            ("kind = #", &find.kind),
            // What was voided stands in no state and has not ended: counts leave it out, and so do the lists they open.
            ("state = # AND voided = 0", &find.state),
            ("grade = # AND voided = 0", &find.grade),
            ("sort = # AND voided = 0", &find.sort_of),
            ("org = #", &find.org),
            ("town = # AND voided = 0", &find.town),
            ("sector = # AND voided = 0", &find.sector),
            ("handler = #", &find.handler),
        ];
        for (sql, value) in texts {
            if let Some(value) = value {
                with(sql, value.into());
            }
        }
        let times = [
            ("opened >= #", find.opened_from),
            ("opened < #", find.opened_to),
            ("happened >= #", find.happened_from),
            ("happened < #", find.happened_to),
        ];
        for (sql, value) in times {
            if let Some(value) = value {
                with(sql, value.into());
            }
        }
        if let Some(q) = find.q.as_ref().map(|q| q.trim()).filter(|q| !q.is_empty()) {
            with(
                "(LOWER(title) LIKE # ESCAPE '!' OR LOWER(number) LIKE # ESCAPE '!')",
                containing(&q.to_ascii_lowercase()).into(),
            );
        }
        if let Some([west, south, east, north]) = find.within {
            let fixed = |degrees: f64| ((degrees * 1e7).round() as i64).into();
            with("lon >= #", fixed(west));
            with("lat >= #", fixed(south));
            with("lon <= #", fixed(east));
            with("lat <= #", fixed(north));
        }
    }
    if let Some(under) = &find.under {
        values.push(under.into());
        let at = values.len();
        parts.push(format!(
            "path >= (SELECT path FROM orgs WHERE id = ?{at}) AND path < (SELECT path || '~' FROM orgs WHERE id = ?{at})"
        ));
    }
    if let Some(turns) = &find.turn {
        let any: Vec<String> = turns
            .iter()
            .map(|(org, may)| {
                values.push(org.as_str().into());
                values.push(may.as_str().into());
                let at = values.len();
                format!("(turn_org = ?{} AND turn_may = ?{at})", at - 1)
            })
            .collect();
        parts.push(if any.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("({})", any.join(" OR "))
        });
    }
    match find.stage.as_deref() {
        Some("open") => parts.push("urgency = 0".into()),
        Some("closed") => parts.push("urgency = 1".into()),
        Some("ended") => parts.push("urgency = 2 AND voided = 0".into()),
        Some(_) => parts.push("1 = 0".into()),
        None => {}
    }
    if let Some(light) = &find.light {
        let mut moment = |at: i64| {
            values.push(at.into());
            format!("?{}", values.len())
        };
        parts.push(match light.as_str() {
            "overdue" => format!("urgency = 0 AND due < {}", moment(at.now)),
            "due-soon" => {
                let (from, to) = (moment(at.now), moment(at.soon));
                format!("urgency = 0 AND due >= {from} AND due <= {to}")
            }
            "in-time" => format!("urgency = 0 AND due > {}", moment(at.soon)),
            _ => "1 = 0".to_owned(),
        });
    }
    parts.join(" AND ")
}

/// Most loops in one page.
pub const PAGE_MAX: u32 = 10_000;

/// A page of loops that match and may be seen, and the cursor of the next one.
///
/// # Errors
/// What the database said.
pub fn list(
    db: &mut Db,
    find: &Find,
    seen: &Seen,
    at: Now,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Vec<Loop>, Option<String>), StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    let mut values: Vec<Value> = Vec::new();
    let mut sql = matching(find, seen, at, How::Walk, &mut values);
    let (columns, down): (&[&str], bool) = match find.sort.as_deref().unwrap_or("due") {
        "-opened" => (&["opened", "id"], true),
        "opened" => (&["opened", "id"], false),
        "-happened" => (&["happened", "id"], true),
        "org" => (&["org", "id"], false),
        "-due" => (&["due", "id"], true),
        _ => (&["urgency", "due", "id"], false),
    };
    // A cursor is the last row's keys: the next page begins after them however many rows came meanwhile.
    if let Some(cursor) = cursor {
        let parts: Vec<&str> = cursor.split('|').collect();
        if parts.len() == columns.len() {
            let marks: Vec<String> = parts
                .iter()
                .zip(columns)
                .map(|(part, column)| {
                    values.push(match *column {
                        "id" | "org" => (*part).into(),
                        _ => Value::Int(part.parse().unwrap_or_default()),
                    });
                    format!("?{}", values.len())
                })
                .collect();
            sql.push_str(&format!(
                " AND ({}) {} ({})",
                columns.join(", "),
                if down { "<" } else { ">" },
                marks.join(", ")
            ));
        }
    }
    let order: Vec<String> = columns
        .iter()
        .map(|column| format!("{column}{}", if down { " DESC" } else { "" }))
        .collect();
    values.push((limit + 1).into());
    let sql = format!(
        "SELECT state_json, urgency, due, id, org, opened, happened FROM loops WHERE {sql} ORDER BY {} LIMIT ?{}",
        order.join(", "),
        values.len()
    );
    let rows = db.rows(&sql, &values)?;
    let next = (rows.len() > limit as usize).then(|| {
        let row = &rows[limit as usize - 1];
        let key = |name: &str| match name {
            "urgency" => row.int(1).to_string(),
            "due" => row.int(2).to_string(),
            "org" => row.text(4),
            "opened" => row.int(5).to_string(),
            "happened" => row.int(6).to_string(),
            _ => row.text(3),
        };
        columns
            .iter()
            .map(|name| key(name))
            .collect::<Vec<_>>()
            .join("|")
    });
    let loops = rows
        .iter()
        .take(limit as usize)
        .map(|row| read(row, 0))
        .collect::<Result<_, _>>()?;
    Ok((loops, next))
}

/// How many match.
///
/// # Errors
/// What the database said.
pub fn total(db: &mut Db, find: &Find, seen: &Seen, at: Now) -> Result<u64, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let sql = matching(find, seen, at, How::All, &mut values);
    Ok(db
        .row(&format!("SELECT COUNT(*) FROM loops WHERE {sql}"), &values)?
        .map_or(0, |row| row.int(0) as u64))
}

/// What to count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// By kind.
    Kind,
    /// By kind and state: `hazard#found`.
    State,
    /// By grade.
    Grade,
    /// By town.
    Town,
    /// By trade.
    Sector,
    /// By the org it is about.
    Org,
    /// By who handles it.
    Handler,
    /// By the field `type`.
    Sort,
    /// By the month of opening, China's.
    Month,
    /// By how long it has been open.
    Age,
    /// All together.
    None,
}

/// Counts of one group.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Open.
    pub open: u64,
    /// Of these overdue.
    pub overdue: u64,
    /// Closed.
    pub closed: u64,
    /// Ended otherwise.
    pub ended: u64,
    /// Days from opening to closing, the middle one.
    pub median_days: Option<f64>,
}

const DAY: i64 = 86_400_000_000;
/// China's day begins eight hours before that of UTC.
const SHIFT: i64 = 8 * 3_600_000_000;

/// Counts by key.
///
/// # Errors
/// What the database said.
pub fn counts(
    db: &mut Db,
    find: &Find,
    seen: &Seen,
    at: Now,
    by: Group,
) -> Result<BTreeMap<String, Counts>, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let sql = matching(find, seen, at, How::All, &mut values);
    values.push(at.now.into());
    let now = values.len();
    // Whole days are counted by the database, months are named here: no calendar of SQL is trusted.
    let column = match by {
        Group::Kind => "kind".to_owned(),
        Group::State => "kind || '#' || state".to_owned(),
        Group::Grade => "grade".to_owned(),
        Group::Town => "town".to_owned(),
        Group::Sector => "sector".to_owned(),
        Group::Org => "org".to_owned(),
        Group::Handler => "handler".to_owned(),
        Group::Sort => "sort".to_owned(),
        Group::Month => format!("(opened + {SHIFT}) / {DAY}"),
        Group::Age => format!(
            "CASE WHEN urgency > 0 THEN NULL WHEN opened > ?{now} - {w} THEN '0-7' WHEN opened > ?{now} - {m} THEN '8-30' \
             WHEN opened > ?{now} - {q} THEN '31-90' ELSE '91+' END",
            w = 8 * DAY,
            m = 31 * DAY,
            q = 91 * DAY
        ),
        Group::None => "''".to_owned(),
    };
    let rows = db.rows(
        &format!(
            "SELECT {column} AS k, urgency, COUNT(*), SUM(CASE WHEN urgency = 0 AND due < ?{now} THEN 1 ELSE 0 END) \
             FROM loops WHERE {sql} AND voided = 0 GROUP BY 1, 2"
        ),
        &values,
    )?;
    let name = |row: &Row| -> Option<String> {
        if by == Group::Month {
            let day = row.int_opt(0)?;
            let date = anlan_core::calendar::date_of(Timestamp::from_microsecond(day * DAY).ok()?);
            return Some(date.strftime("%Y-%m").to_string());
        }
        Some(row.text_opt(0).unwrap_or_default())
    };
    let mut out: BTreeMap<String, Counts> = BTreeMap::new();
    for row in &rows {
        if by == Group::Age && row.int(1) > 0 {
            continue;
        }
        let Some(key) = name(row) else { continue };
        let counts = out.entry(key).or_default();
        let many = row.int(2) as u64;
        match row.int(1) {
            0 => {
                counts.open += many;
                counts.overdue += row.int(3) as u64;
            }
            1 => counts.closed += many,
            _ => counts.ended += many,
        }
    }
    if by != Group::Age {
        // No column but that of the age looks at the moment.
        values.truncate(now - 1);
        let rows = db.rows(
            &format!(
                "SELECT {column} AS k, closed - opened FROM loops WHERE {sql} AND voided = 0 AND urgency = 1 AND closed IS NOT NULL"
            ),
            &values,
        )?;
        let mut spans: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in &rows {
            if let Some(key) = name(row) {
                spans.entry(key).or_default().push(row.int(1).max(0));
            }
        }
        for (key, mut spans) in spans {
            let middle = spans.len() / 2;
            let (_, median, _) = spans.select_nth_unstable(middle);
            let days = *median as f64 / DAY as f64;
            out.entry(key).or_default().median_days = Some((days * 10.0).round() / 10.0);
        }
    }
    Ok(out)
}

/// When loops that match were opened, and closed or ended if they were, in microseconds.
///
/// # Errors
/// What the database said.
pub fn spans(
    db: &mut Db,
    find: &Find,
    seen: &Seen,
    at: Now,
) -> Result<Vec<(i64, Option<i64>)>, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let sql = matching(find, seen, at, How::All, &mut values);
    Ok(db
        .rows(
            &format!("SELECT opened, closed FROM loops WHERE {sql} AND voided = 0"),
            &values,
        )?
        .iter()
        .map(|row| (row.int(0), row.int_opt(1)))
        .collect())
}

/// All loops of a kind that were not voided, in a town if one is named, by when they happened.
///
/// # Errors
/// What the database said.
pub fn of_kind(
    db: &mut Db,
    kind: &str,
    town: Option<&str>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Loop>, StoreError> {
    let mut values: Vec<Value> = vec![
        kind.into(),
        from.as_microsecond().into(),
        to.as_microsecond().into(),
    ];
    let mut sql = "SELECT state_json FROM loops WHERE kind = ?1 AND happened >= ?2 AND happened <= ?3 AND voided = 0".to_owned();
    if let Some(town) = town {
        values.push(town.into());
        sql.push_str(" AND town = ?4");
    }
    // Where there are too many, the oldest are left out.
    sql.push_str(" ORDER BY happened DESC, id DESC LIMIT 10000");
    db.rows(&sql, &values)?
        .iter()
        .rev()
        .map(|row| read(row, 0))
        .collect()
}
