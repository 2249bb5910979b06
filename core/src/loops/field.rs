//! What people fill in: checked against a loop's fields, bounded, and kept as typed values. Forms, facts and exports
//! all speak of the same fields.

use super::spec::{Field, Kind, Need};
use super::{Context, Refusal};
use crate::calendar::date_of;
use crate::duty::FileRef;
use crate::org::Place;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest single line, in characters.
pub const LINE_MAX: usize = 200;
/// Longest text, in characters.
pub const LONG_MAX: usize = 4_000;
/// Most files in one field.
pub const FILES_MAX: usize = 20;
/// Most lines in one table.
pub const ROWS_MAX: usize = 200;

/// A file, and what its picture says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shot {
    /// The file.
    #[serde(flatten)]
    pub file: FileRef,
    /// When the camera says it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Timestamp>,
    /// Where the camera says it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// How far that is from the claimed place, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres_off: Option<u32>,
    /// How far that is from the claimed time, in minutes; negative: taken before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_off: Option<i64>,
}

/// A value. Empty lists are left out altogether, so that the forms never meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Text, a choice, a day, a moment, an id.
    Text(String),
    /// A point.
    Place(Place),
    /// Files.
    Files(Vec<Shot>),
    /// Several choices.
    Many(Vec<String>),
    /// Lines of a table.
    Rows(Vec<Values>),
}

/// Values by the code of their field.
pub type Values = BTreeMap<String, Value>;
/// What somebody sends: JSON by the code of the field.
pub type Input = serde_json::Map<String, serde_json::Value>;

impl Shot {
    /// As facts keep it.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.place = self.place.map(kept_place);
        self
    }
}

impl Value {
    /// The text of it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
    /// The number of it.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
    /// Files named in it, in tables too.
    pub fn files(&self) -> Vec<&Shot> {
        match self {
            Value::Files(files) => files.iter().collect(),
            Value::Rows(rows) => rows
                .iter()
                .flat_map(|row| row.values())
                .flat_map(Value::files)
                .collect(),
            _ => Vec::new(),
        }
    }
    /// The moment of it: a day counts to its end.
    pub fn moment(&self) -> Option<Timestamp> {
        let text = self.text()?;
        if let Ok(date) = text.parse::<Date>() {
            return Some(end_of(date));
        }
        text.parse().ok()
    }
}

/// Short ways to read values.
pub trait Read {
    /// The text of a field; empty when there is none.
    fn text(&self, code: &str) -> &str;
    /// The number of a field.
    fn number(&self, code: &str) -> Option<f64>;
    /// Is the field yes?
    fn yes(&self, code: &str) -> bool;
    /// Lines of the table.
    fn rows(&self, code: &str) -> &[Values];
    /// The moment of a field.
    fn moment(&self, code: &str) -> Option<Timestamp>;
    /// Is anything there?
    fn has(&self, code: &str) -> bool;
}

impl Read for Values {
    fn text(&self, code: &str) -> &str {
        self.get(code).and_then(Value::text).unwrap_or_default()
    }
    fn number(&self, code: &str) -> Option<f64> {
        self.get(code).and_then(Value::number)
    }
    fn yes(&self, code: &str) -> bool {
        matches!(self.get(code), Some(Value::Flag(true)))
    }
    fn rows(&self, code: &str) -> &[Values] {
        match self.get(code) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }
    fn moment(&self, code: &str) -> Option<Timestamp> {
        self.get(code).and_then(Value::moment)
    }
    fn has(&self, code: &str) -> bool {
        self.contains_key(code)
    }
}

/// The last instant that still belongs to a day in China.
pub fn end_of(date: Date) -> Timestamp {
    let next = date.tomorrow().unwrap_or(date);
    crate::calendar::start_of(next) - jiff::SignedDuration::from_secs(1)
}

/// Metres between two points.
pub fn metres(a: Place, b: Place) -> f64 {
    let (lat1, lat2) = (a.lat.to_radians(), b.lat.to_radians());
    let (dlat, dlon) = (lat2 - lat1, (b.lon - a.lon).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
}

/// Is a field asked for, given what else was filled in?
pub fn asked(field: &Field, input: &Input) -> bool {
    match field.need {
        Need::Must | Need::May => true,
        Need::When(other, values) | Need::MayWhen(other, values) => match input.get(other) {
            Some(serde_json::Value::String(text)) => values.contains(&text.as_str()),
            Some(serde_json::Value::Bool(flag)) => {
                values.contains(&if *flag { "true" } else { "false" })
            }
            Some(serde_json::Value::Array(items)) => items
                .iter()
                .any(|item| item.as_str().is_some_and(|text| values.contains(&text))),
            _ => false,
        },
    }
}

fn blank(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::String(text) => text.trim().is_empty(),
        serde_json::Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Reads what was filled in against the fields. `place` and the context's `happened` are what pictures are compared
/// with.
///
/// # Errors
/// The first field that is missing, unknown or not of its shape.
pub fn read(
    fields: &'static [Field],
    input: &Input,
    place: Option<Place>,
    context: &Context<'_>,
) -> Result<Values, Refusal> {
    if let Some(unknown) = input
        .keys()
        .find(|key| !fields.iter().any(|f| f.code == **key))
    {
        return Err(Refusal::UNKNOWN_FIELD.at(unknown));
    }
    let mut out = Values::new();
    for field in fields {
        if !asked(field, input) {
            continue;
        }
        match input.get(field.code).filter(|value| !blank(value)) {
            Some(value) => {
                if let Some(value) = one(field, value, place, context)? {
                    out.insert(field.code.to_owned(), value);
                }
            }
            None if matches!(field.need, Need::Must | Need::When(..)) => {
                return Err(Refusal::MISSING.at(field.code));
            }
            None => {}
        }
    }
    Ok(out)
}

fn one(
    field: &'static Field,
    value: &serde_json::Value,
    place: Option<Place>,
    context: &Context<'_>,
) -> Result<Option<Value>, Refusal> {
    let bad = || Refusal::BAD_VALUE.at(field.code);
    let line = |max: usize| -> Result<String, Refusal> {
        let text = value.as_str().ok_or_else(bad)?.trim();
        if text.chars().count() > max {
            return Err(Refusal::TOO_LONG.at(field.code));
        }
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            return Err(bad());
        }
        Ok(text.to_owned())
    };
    let known = |words: &[super::Word], text: &str| words.iter().any(|word| word.code == text);
    Ok(Some(match field.kind {
        Kind::Text => {
            let text = line(LINE_MAX)?;
            if text.contains('\n') {
                return Err(bad());
            }
            Value::Text(text)
        }
        Kind::Long => Value::Text(line(LONG_MAX)?),
        Kind::Number {
            min, max, whole, ..
        } => {
            let number = value.as_f64().filter(|n| n.is_finite()).ok_or_else(bad)?;
            if number < min || number > max || (whole && number.fract() != 0.0) {
                return Err(bad());
            }
            Value::Number(kept(number))
        }
        Kind::Flag => Value::Flag(value.as_bool().ok_or_else(bad)?),
        Kind::Choice(words) => {
            let text = line(LINE_MAX)?;
            if !known(words, &text) {
                return Err(bad());
            }
            Value::Text(text)
        }
        Kind::Many(words) => {
            let items = value.as_array().ok_or_else(bad)?;
            let mut many = Vec::new();
            for item in items.iter().take(words.len() + 1) {
                let text = item
                    .as_str()
                    .filter(|text| known(words, text))
                    .ok_or_else(bad)?;
                if !many.iter().any(|m| m == text) {
                    many.push(text.to_owned());
                }
            }
            Value::Many(many)
        }
        Kind::Table(table) => {
            let text = line(LINE_MAX)?;
            if !context
                .book
                .table(table)
                .iter()
                .any(|entry| entry.code == text)
            {
                return Err(bad());
            }
            Value::Text(text)
        }
        Kind::Date => {
            let date: Date = line(LINE_MAX)?.parse().map_err(|_| bad())?;
            if !(2000..=2200).contains(&date.year()) {
                return Err(bad());
            }
            Value::Text(date.to_string())
        }
        Kind::Instant => {
            let at: Timestamp = line(LINE_MAX)?.parse().map_err(|_| bad())?;
            if !(2000..=2200).contains(&date_of(at).year()) {
                return Err(bad());
            }
            Value::Text(at.to_string())
        }
        Kind::Org(_) => {
            let id = crate::id::OrgId::try_from(line(LINE_MAX)?).map_err(|_| bad())?;
            if context.tree.get(&id).is_none_or(|org| org.closed) {
                return Err(Refusal::NO_SUCH_ORG.at(field.code));
            }
            Value::Text(id.to_string())
        }
        Kind::Loop(_) | Kind::Criterion => Value::Text(line(LINE_MAX)?),
        Kind::Place => {
            let place: Place = serde_json::from_value(value.clone()).map_err(|_| bad())?;
            if !in_range(place) {
                return Err(bad());
            }
            Value::Place(kept_place(place))
        }
        Kind::Files { photos } => {
            let items = value.as_array().ok_or_else(bad)?;
            if items.len() > FILES_MAX {
                return Err(Refusal::TOO_LONG.at(field.code));
            }
            let mut shots: Vec<Shot> = Vec::new();
            for item in items {
                // A file may be given by its hash or as the upload answered it.
                let sha = item
                    .as_str()
                    .or_else(|| item.get("sha256").and_then(|sha| sha.as_str()))
                    .ok_or_else(bad)?;
                let shot = context
                    .files
                    .iter()
                    .find(|shot| shot.file.sha256 == sha)
                    .ok_or_else(|| Refusal::NO_SUCH_FILE.at(field.code))?;
                if photos && !shot.file.media_type.starts_with("image/") {
                    return Err(Refusal::NOT_A_PHOTO.at(field.code));
                }
                if !shots.iter().any(|s| s.file.sha256 == sha) {
                    shots.push(compare(shot.clone(), place, context.happened));
                }
            }
            Value::Files(shots)
        }
        Kind::Rows(fields) => {
            let items = value.as_array().ok_or_else(bad)?;
            if items.len() > ROWS_MAX {
                return Err(Refusal::TOO_LONG.at(field.code));
            }
            let mut rows = Vec::new();
            for item in items {
                let row = item.as_object().ok_or_else(bad)?;
                if row.values().all(blank) {
                    continue;
                }
                rows.push(
                    read(fields, row, place, context)
                        .map_err(|refusal| refusal.within(field.code))?,
                );
            }
            if rows.is_empty() {
                return Ok(None);
            }
            Value::Rows(rows)
        }
    }))
}

/// A number as facts keep it: six decimals and fifteen digits, more than anybody measures. Such a number reads from JSON
/// as it was written, so that a rebuild folds what was answered.
pub fn kept(number: f64) -> f64 {
    let number = if number.abs() < 1e9 {
        (number * 1e6).round() / 1e6
    } else {
        number
    };
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// A point as facts keep it: to seven decimals of a degree, a centimetre.
pub fn kept_place(place: Place) -> Place {
    let keep = |degrees: f64| (degrees * 1e7).round() / 1e7;
    Place {
        lon: keep(place.lon),
        lat: keep(place.lat),
    }
}

/// Is a point on the earth?
pub fn in_range(place: Place) -> bool {
    place.lon.is_finite()
        && place.lat.is_finite()
        && place.lon.abs() <= 180.0
        && place.lat.abs() <= 90.0
}

/// Says how far a picture's own time and place are from what is claimed.
fn compare(mut shot: Shot, place: Option<Place>, happened: Timestamp) -> Shot {
    shot = shot.kept();
    shot.metres_off = match (shot.place, place) {
        (Some(own), Some(claimed)) => Some(metres(own, claimed).round() as u32),
        _ => None,
    };
    shot.minutes_off = shot
        .taken
        .map(|taken| (taken.as_second() - happened.as_second()).div_euclid(60));
    shot
}
