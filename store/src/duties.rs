//! Duties as projected, and the questions that pages ask of them.

use crate::StoreError;
use crate::db::{Db, Row, Value, containing};
use crate::facts::{reach_sql, shape};
use crate::search;
use anlan_core::authority::Reach;
use anlan_core::calendar::date_of;
use anlan_core::duty::{Assigned, Below, Counted, Duty, Event, Light, Part, Stamp, Status};
use anlan_core::fact::Fact;
use anlan_core::org::OrgKind;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What stands for "no due date" in the column, so that such rows sort last.
const NEVER: &str = "9999-12-31";

fn urgency(status: Status) -> u64 {
    match status {
        Status::Open => 0,
        Status::Standing => 1,
        Status::DoneLate | Status::Done => 2,
        Status::Waived => 3,
        Status::Cancelled => 4,
    }
}

/// What those above count of a duty: whether it is owed at all, and since when it is fulfilled.
fn settled(duty: &Duty) -> (bool, Option<Date>) {
    let owed = !matches!(duty.status, Status::Waived | Status::Cancelled);
    (owed, duty.satisfied_on)
}

fn read(row: &Row, at: usize) -> Result<Duty, StoreError> {
    serde_json::from_str(&row.text(at)).map_err(|e| shape("duty", e))
}

/// A duty by its id.
///
/// # Errors
/// What the database said.
pub fn get(db: &mut Db, id: &str) -> Result<Option<Duty>, StoreError> {
    db.row("SELECT state FROM duties WHERE id = ?1", &[id.into()])?
        .map(|row| read(&row, 0))
        .transpose()
}

fn put(db: &mut Db, duty: &Duty) -> Result<(), StoreError> {
    let a = &duty.assigned;
    let path = db
        .row(
            "SELECT path FROM orgs WHERE id = ?1",
            &[a.org.as_str().into()],
        )?
        .map_or("/".to_owned(), |row| row.text(0));
    let part = match a.part {
        Part::Whole => "whole",
        Part::Each => "each",
        Part::Gathers => "gathers",
    };
    let state = serde_json::to_string(duty).map_err(|e| shape("duty", e))?;
    db.run(
        "INSERT INTO duties (id, notice, article, demand, org, path, part, period, period_from, due, status, urgency, waiting, step, counts, title, version, state, satisfied) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) ON CONFLICT (id) DO UPDATE SET \
         article = excluded.article, demand = excluded.demand, org = excluded.org, path = excluded.path, part = excluded.part, period = excluded.period, \
         period_from = excluded.period_from, due = excluded.due, status = excluded.status, urgency = excluded.urgency, waiting = excluded.waiting, \
         step = excluded.step, counts = excluded.counts, title = excluded.title, version = excluded.version, state = excluded.state, \
         satisfied = excluded.satisfied",
        &[
            a.id.as_str().into(),
            a.notice.as_str().into(),
            a.article.into(),
            a.demand.as_str().into(),
            a.org.as_str().into(),
            path.into(),
            part.into(),
            a.period.label.as_str().into(),
            a.period.from.to_string().into(),
            a.due.map_or(NEVER.to_owned(), |due| due.to_string()).into(),
            duty.status.as_str().into(),
            urgency(duty.status).into(),
            (duty.waiting() as u64).into(),
            duty.step.as_deref().into(),
            a.measure.counts.as_deref().into(),
            a.title.as_str().into(),
            duty.version.into(),
            state.into(),
            duty.satisfied_on.map(|day| day.to_string()).into(),
        ],
    )?;
    Ok(())
}

/// Projects a duty's fact.
pub(crate) fn apply(db: &mut Db, fact: &Fact, event: &Event) -> Result<(), StoreError> {
    let id = fact.stream.strip_prefix("duty/").unwrap_or_default();
    let stamp = Stamp {
        by: fact.actor.clone(),
        org: fact.org.clone(),
        at: fact.recorded,
    };
    let (mut duty, before) = match (get(db, id)?, event) {
        (Some(mut duty), event) => {
            let before = (duty.assigned.clone(), settled(&duty));
            duty.apply(event, &stamp);
            (duty, Some(before))
        }
        (None, Event::Assigned(assigned)) => (Duty::new(assigned.clone()), None),
        (None, _) => {
            return Err(shape(
                "duty",
                format!("{} before it was assigned", fact.kind),
            ));
        }
    };
    duty.version = fact.version;
    let laid_down = matches!(event, Event::Assigned(_) | Event::Changed(_));
    if laid_down {
        count(db, &mut duty)?;
        let org = db
            .row(
                "SELECT name FROM orgs WHERE id = ?1",
                &[duty.assigned.org.as_str().into()],
            )?
            .map(|row| row.text(0))
            .unwrap_or_default();
        let detail = format!("{org} {}", duty.assigned.period.label);
        search::put(
            db,
            "duty",
            id,
            Some(duty.assigned.org.as_str()),
            &duty.assigned.title,
            &detail,
        )?;
        if duty.assigned.part == Part::Gathers {
            gather(db, &mut duty)?;
        } else {
            duty.below = None;
            duty.evaluate();
        }
    }
    put(db, &duty)?;
    if duty.assigned.part == Part::Each
        && (laid_down || before.as_ref().map(|b| &b.1) != Some(&settled(&duty)))
    {
        gather_above(db, &duty.assigned)?;
    }
    // Before the amendment it may have counted elsewhere.
    if let Some((before, _)) = before
        && before.part == Part::Each
        && group(&before) != group(&duty.assigned)
    {
        gather_above(db, &before)?;
    }
    Ok(())
}

/// What must be the same of the one and the many.
fn group(a: &Assigned) -> [Value; 3] {
    [
        a.notice.as_str().into(),
        a.demand.as_str().into(),
        a.period.label.as_str().into(),
    ]
}

/// Counts from the registry, where the demand is of something the registry knows.
fn count(db: &mut Db, duty: &mut Duty) -> Result<(), StoreError> {
    let measure = &duty.assigned.measure;
    let Some(kind) = measure.counts.clone() else {
        duty.things = None;
        duty.evaluate();
        return Ok(());
    };
    let key: [Value; 2] = [kind.into(), duty.assigned.org.as_str().into()];
    let count = db
        .row(
            "SELECT COUNT(*) FROM things WHERE kind = ?1 AND org = ?2",
            &key,
        )?
        .map_or(0, |row| row.int(0) as u32);
    // What was needed was there on the day the last of those needed came; what came later does not make it late.
    let needed = measure.needed.unwrap_or(1.0).ceil().max(1.0) as u32;
    let [kind, org] = key;
    let added = db.row(
        "SELECT added FROM things WHERE kind = ?1 AND org = ?2 ORDER BY added, id LIMIT 1 OFFSET ?3",
        &[kind, org, (needed.min(count.max(1)) - 1).into()],
    )?;
    let since = added
        .and_then(|row| Timestamp::from_microsecond(row.int(0)).ok())
        .map_or(duty.assigned.period.from, date_of);
    duty.things = Some(Counted { count, since });
    duty.evaluate();
    Ok(())
}

/// Things of a kind came to an org, changed or left it: duties that count them are counted anew.
pub(crate) fn count_things(db: &mut Db, org: &str, kind: &str) -> Result<(), StoreError> {
    let rows = db.rows(
        "SELECT state FROM duties WHERE org = ?1 AND counts = ?2 ORDER BY id",
        &[org.into(), kind.into()],
    )?;
    for row in rows {
        let mut duty = read(&row, 0)?;
        let before = settled(&duty);
        count(db, &mut duty)?;
        put(db, &duty)?;
        if duty.assigned.part == Part::Each && before != settled(&duty) {
            gather_above(db, &duty.assigned)?;
        }
    }
    Ok(())
}

/// Sums up the many: a town its own villages, any other all of them, as [`anlan_core::expand::gathers`] has it.
fn gather(db: &mut Db, duty: &mut Duty) -> Result<(), StoreError> {
    let org = db.row(
        "SELECT path, kind FROM orgs WHERE id = ?1",
        &[duty.assigned.org.as_str().into()],
    )?;
    let (path, kind) = org.map_or(("/".to_owned(), String::new()), |row| {
        (row.text(0), row.text(1))
    });
    let mut values = group(&duty.assigned).to_vec();
    let mut of = "notice = ?1 AND demand = ?2 AND period = ?3 AND part = 'each' AND status NOT IN ('waived', 'cancelled')"
        .to_owned();
    if [OrgKind::Town.as_str(), OrgKind::Village.as_str()].contains(&kind.as_str()) {
        values.push(path.as_str().into());
        values.push(format!("{path}~").into());
        of.push_str(" AND path >= ?4 AND path < ?5");
    }
    let sums = db.row(
        &format!("SELECT COUNT(*), COUNT(satisfied), MAX(satisfied) FROM duties WHERE {of}"),
        &values,
    )?;
    duty.below = sums.filter(|row| row.int(0) > 0).map(|row| Below {
        total: row.int(0) as u32,
        done: row.int(1) as u32,
        last: row.text_opt(2).and_then(|day| day.parse().ok()),
    });
    duty.evaluate();
    Ok(())
}

/// Those who sum up this one: its own town, and whoever sums up all.
fn gather_above(db: &mut Db, each: &Assigned) -> Result<(), StoreError> {
    let path = db
        .row(
            "SELECT path FROM orgs WHERE id = ?1",
            &[each.org.as_str().into()],
        )?
        .map_or("/".to_owned(), |row| row.text(0));
    let mut values = group(each).to_vec();
    values.push(path.into());
    let rows = db.rows(
        "SELECT d.state FROM duties d LEFT JOIN orgs o ON o.id = d.org \
         WHERE d.notice = ?1 AND d.demand = ?2 AND d.period = ?3 AND d.part = 'gathers' \
         AND (o.kind IS NULL OR o.kind NOT IN ('town', 'village') OR (?4 >= o.path AND ?4 < o.path || '~')) ORDER BY d.id",
        &values,
    )?;
    gather_all(db, &rows)
}

fn gather_all(db: &mut Db, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        let mut duty = read(row, 0)?;
        let before = duty.below.clone();
        gather(db, &mut duty)?;
        if duty.below != before {
            put(db, &duty)?;
        }
    }
    Ok(())
}

/// A branch of the tree has moved to `path`: who gathers what is there has changed.
pub(crate) fn gather_moved(db: &mut Db, path: &str) -> Result<(), StoreError> {
    let groups = db.rows(
        "SELECT DISTINCT notice, demand, period FROM duties WHERE path >= ?1 AND path < ?2 AND part <> 'whole' ORDER BY notice, demand, period",
        &[path.into(), format!("{path}~").into()],
    )?;
    for group in groups {
        let rows = db.rows(
            "SELECT state FROM duties WHERE notice = ?1 AND demand = ?2 AND period = ?3 AND part = 'gathers' ORDER BY id",
            &group.0,
        )?;
        gather_all(db, &rows)?;
    }
    Ok(())
}

/// Everything a notice has laid on anybody and not taken back.
///
/// # Errors
/// What the database said.
pub fn of_notice(db: &mut Db, notice: &str) -> Result<Vec<Duty>, StoreError> {
    db.rows(
        "SELECT state FROM duties WHERE notice = ?1 AND status <> 'cancelled' ORDER BY id",
        &[notice.into()],
    )?
    .iter()
    .map(|row| read(row, 0))
    .collect()
}

/// Open duties that the clock may have to act on: due by `upto`, and not yet at the top of the ladder.
///
/// # Errors
/// What the database said.
pub fn for_clock(
    db: &mut Db,
    upto: Date,
    top: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<Duty>, StoreError> {
    db.rows(
        "SELECT state FROM duties WHERE status = 'open' AND due <= ?1 AND (step IS NULL OR step <> ?2) AND id > ?3 ORDER BY id LIMIT ?4",
        &[upto.to_string().into(), top.into(), after.into(), limit.into()],
    )?
    .iter()
    .map(|row| read(row, 0))
    .collect()
}

/// What today's lights are counted from.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    /// Today in China.
    pub today: Date,
    /// The last due date that counts as near.
    pub soon: Date,
}

/// What to look for. All that is set must hold.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Find {
    /// Of this notice.
    pub notice: Option<String>,
    /// Of this article.
    pub article: Option<u32>,
    /// Of this org.
    pub org: Option<String>,
    /// Of this org and all below.
    pub under: Option<String>,
    /// Showing this light.
    pub light: Option<String>,
    /// Due from.
    pub due_from: Option<String>,
    /// Due to.
    pub due_to: Option<String>,
    /// With these words.
    pub q: Option<String>,
    /// With evidence that waits for review.
    pub waiting: Option<bool>,
    /// At this rung of the ladder.
    pub step: Option<String>,
    /// urgency, due, -due, org, article.
    pub sort: Option<String>,
}

fn light_sql(light: &str, day: Day, values: &mut Vec<Value>) -> String {
    let mut date = |date: Date| {
        values.push(date.to_string().into());
        format!("?{}", values.len())
    };
    // Each status has its urgency, and urgency leads the index in whose order lists are shown.
    match light {
        "overdue" => format!("urgency = 0 AND due < {}", date(day.today)),
        "due-soon" => {
            let (from, to) = (date(day.today), date(day.soon));
            format!("urgency = 0 AND due >= {from} AND due <= {to}")
        }
        "in-time" => format!("urgency = 0 AND due > {}", date(day.soon.max(day.today))),
        // 未完成 and 全部完成, as links from counts want them.
        "open" => "urgency = 0".to_owned(),
        "standing" => "urgency = 1".to_owned(),
        "done" | "done-late" => format!("urgency = 2 AND status = '{light}'"),
        "waived" => "urgency = 3".to_owned(),
        "cancelled" => "urgency = 4".to_owned(),
        _ => "1 = 0".to_owned(),
    }
}

fn matching(find: &Find, reach: &[Reach], day: Day, values: &mut Vec<Value>) -> String {
    let mut parts = vec![reach_sql(reach, "org", Some("path"), values)];
    let mut with = |sql: &str, value: Value| {
        values.push(value);
        parts.push(sql.replace('#', &format!("?{}", values.len())));
    };
    if let Some(x) = &find.notice {
        with("notice = #", x.into());
    }
    if let Some(x) = find.article {
        with("article = #", x.into());
    }
    if let Some(x) = &find.org {
        with("org = #", x.into());
    }
    if let Some(x) = &find.due_from {
        // What has no due date is due neither before nor after.
        with("due < '9999-12-31' AND due >= #", x.into());
    }
    if let Some(x) = &find.due_to {
        with("due <= #", x.into());
    }
    if let Some(x) = &find.step {
        with("status = 'open' AND step = #", x.into());
    }
    if let Some(x) = find.q.as_ref().filter(|q| !q.trim().is_empty()) {
        with(
            "LOWER(title) LIKE # ESCAPE '!'",
            containing(&x.trim().to_ascii_lowercase()).into(),
        );
    }
    if find.waiting == Some(true) {
        parts.push("waiting > 0 AND status <> 'cancelled'".to_owned());
    }
    if let Some(under) = &find.under {
        values.push(under.into());
        let at = values.len();
        parts.push(format!("path >= (SELECT path FROM orgs WHERE id = ?{at}) AND path < (SELECT path || '~' FROM orgs WHERE id = ?{at})"));
    }
    match &find.light {
        Some(light) => parts.push(light_sql(light, day, values)),
        // What no longer holds is only shown when asked for.
        None => parts.push("status <> 'cancelled'".to_owned()),
    }
    parts.join(" AND ")
}

/// Most duties in one page.
pub const PAGE_MAX: u32 = 10_000;

/// A page of duties that match and may be seen, and the cursor of the next one.
///
/// # Errors
/// What the database said.
pub fn list(
    db: &mut Db,
    find: &Find,
    reach: &[Reach],
    day: Day,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Vec<Duty>, Option<String>), StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    let mut values: Vec<Value> = Vec::new();
    let mut sql = matching(find, reach, day, &mut values);
    let sort = find.sort.as_deref().unwrap_or("urgency");
    let (order, keys): (&str, &[&str]) = match sort {
        "due" => ("due, id", &["due", "id"]),
        "-due" => ("due DESC, id DESC", &["due", "id"]),
        "org" => ("org, due, id", &["org", "due", "id"]),
        "article" => ("article, due, id", &["article", "due", "id"]),
        _ => ("urgency, due, id", &["urgency", "due", "id"]),
    };
    // A cursor is the last row's keys: the next page begins after them however many rows came meanwhile.
    if let Some(cursor) = cursor {
        let parts: Vec<&str> = cursor.split('|').collect();
        if parts.len() == keys.len() {
            let marks: Vec<String> = parts
                .iter()
                .zip(keys)
                .map(|(part, key)| {
                    values.push(match *key {
                        "urgency" | "article" => Value::Int(part.parse().unwrap_or_default()),
                        _ => (*part).into(),
                    });
                    format!("?{}", values.len())
                })
                .collect();
            let than = if sort == "-due" { "<" } else { ">" };
            sql.push_str(&format!(
                " AND ({}) {than} ({})",
                keys.join(", "),
                marks.join(", ")
            ));
        }
    }
    values.push((limit + 1).into());
    let sql = format!(
        "SELECT state, urgency, due, id, org, article FROM duties WHERE {sql} ORDER BY {order} LIMIT ?{}",
        values.len()
    );
    let rows = db.rows(&sql, &values)?;
    let next = (rows.len() > limit as usize).then(|| {
        let row = &rows[limit as usize - 1];
        let key = |name: &str| match name {
            "urgency" => row.int(1).to_string(),
            "due" => row.text(2),
            "org" => row.text(4),
            "article" => row.int(5).to_string(),
            _ => row.text(3),
        };
        keys.iter()
            .map(|name| key(name))
            .collect::<Vec<_>>()
            .join("|")
    });
    let duties = rows
        .iter()
        .take(limit as usize)
        .map(|row| read(row, 0))
        .collect::<Result<_, _>>()?;
    Ok((duties, next))
}

/// How many match.
///
/// # Errors
/// What the database said.
pub fn total(db: &mut Db, find: &Find, reach: &[Reach], day: Day) -> Result<u64, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let sql = matching(find, reach, day, &mut values);
    Ok(db
        .row(&format!("SELECT COUNT(*) FROM duties WHERE {sql}"), &values)?
        .map_or(0, |row| row.int(0) as u64))
}

/// What to count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// By article of a notice: `notice#article`.
    Article,
    /// By org.
    Org,
    /// By the month of the due date.
    Month,
    /// By rung of the ladder.
    Step,
    /// All together.
    None,
}

/// Counts by key and light.
///
/// # Errors
/// What the database said.
pub fn counts(
    db: &mut Db,
    find: &Find,
    reach: &[Reach],
    day: Day,
    by: Group,
) -> Result<Vec<(String, Light, u64)>, StoreError> {
    let mut values: Vec<Value> = Vec::new();
    let sql = matching(find, reach, day, &mut values);
    // Grouped by plain columns that an index holds in this order, so that nothing is sorted; lights come after.
    let columns = match by {
        Group::Article => "notice, article",
        Group::Org => "org",
        Group::Month => "due",
        Group::Step => "step",
        Group::None => "status",
    };
    values.push(day.today.to_string().into());
    let today = values.len();
    values.push(day.soon.max(day.today).to_string().into());
    let soon = values.len();
    let sql = format!(
        "SELECT {columns}, status, COUNT(*), SUM(CASE WHEN due < ?{today} THEN 1 ELSE 0 END), SUM(CASE WHEN due <= ?{soon} THEN 1 ELSE 0 END) \
         FROM duties WHERE {sql} GROUP BY {columns}, status"
    );
    let mut out: BTreeMap<(String, Light), u64> = BTreeMap::new();
    for row in db.rows(&sql, &values)? {
        let (key, at) = match by {
            Group::Article => (format!("{}#{}", row.text(0), row.int(1)), 2),
            Group::Month => (row.text(0).chars().take(7).collect(), 1),
            Group::Org | Group::Step => (row.text(0), 1),
            Group::None => (String::new(), 1),
        };
        let [all, overdue, near] = [1, 2, 3].map(|column| row.int(at + column) as u64);
        let counts = match row.text(at).as_str() {
            "open" => vec![
                (Light::Overdue, overdue),
                (Light::DueSoon, near - overdue),
                (Light::InTime, all - near),
            ],
            "done" => vec![(Light::Done, all)],
            "done-late" => vec![(Light::DoneLate, all)],
            "standing" => vec![(Light::Standing, all)],
            "waived" => vec![(Light::Waived, all)],
            _ => vec![(Light::Cancelled, all)],
        };
        for (light, count) in counts {
            if count > 0 {
                *out.entry((key.clone(), light)).or_default() += count;
            }
        }
    }
    Ok(out
        .into_iter()
        .map(|((key, light), count)| (key, light, count))
        .collect())
}
