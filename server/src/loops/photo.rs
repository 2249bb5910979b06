//! What pictures say of themselves: when and where they were taken, from their EXIF. Read from the file that was
//! uploaded, bounded, and believed by nobody: it is only shown beside what was claimed.

use anlan_core::calendar::OFFSET;
use anlan_core::duty::FileRef;
use anlan_core::loops::Shot;
use anlan_core::loops::field::in_range;
use anlan_core::org::Place;
use anlan_store::db::Db;
use anlan_store::{Store, StoreError, files};
use exif::{In, Tag, Value};
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::io::Read as _;

/// EXIF stands at the beginning of a picture: more is not read.
const HEAD_MAX: u64 = 512 * 1024;

/// Files by their hashes, with what pictures say of themselves; hashes that nobody uploaded are left out.
///
/// # Errors
/// What the database said.
pub fn shots(db: &mut Db, store: &Store, hashes: &[String]) -> Result<Vec<Shot>, StoreError> {
    let mut out = Vec::new();
    for sha256 in hashes {
        if let Some((file, _)) = files::get(db, sha256)? {
            out.push(shot(store, file));
        }
    }
    Ok(out)
}

fn shot(store: &Store, file: FileRef) -> Shot {
    let mut shot = Shot {
        file,
        taken: None,
        place: None,
        metres_off: None,
        minutes_off: None,
    };
    if !shot.file.media_type.starts_with("image/") {
        return shot;
    }
    let head = store.file(&shot.file.sha256).and_then(|path| {
        let mut head = Vec::new();
        let file = std::fs::File::open(path).ok()?;
        file.take(HEAD_MAX).read_to_end(&mut head).ok()?;
        Some(head)
    });
    if let Some((taken, place)) = head.as_deref().and_then(read) {
        shot.taken = taken;
        shot.place = place;
    }
    shot
}

/// Time and place in a picture's EXIF. Cameras write local time; the offset is China's where they write none.
fn read(head: &[u8]) -> Option<(Option<Timestamp>, Option<Place>)> {
    let data = exif::Reader::new()
        .read_from_container(&mut std::io::Cursor::new(head))
        .ok()?;
    let ascii = |tag| match &data.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts
            .first()
            .map(|text| String::from_utf8_lossy(text).trim().to_owned()),
        _ => None,
    };
    let taken = ascii(Tag::DateTimeOriginal).and_then(|text| {
        let at = DateTime::strptime("%Y:%m:%d %H:%M:%S", &text).ok()?;
        let offset = ascii(Tag::OffsetTimeOriginal)
            .and_then(|text| jiff::fmt::strtime::parse("%:z", &text).ok()?.offset())
            .unwrap_or(OFFSET);
        offset.to_timestamp(at).ok()
    });
    let degrees = |tag, reference, negative: &str| {
        let Value::Rational(parts) = &data.get_field(tag, In::PRIMARY)?.value else {
            return None;
        };
        let [d, m, s] = parts.get(..3)? else {
            return None;
        };
        let value = d.to_f64() + m.to_f64() / 60.0 + s.to_f64() / 3_600.0;
        let sign = if ascii(reference)?.eq_ignore_ascii_case(negative) {
            -1.0
        } else {
            1.0
        };
        Some(value * sign)
    };
    let place = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")
        .zip(degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, "W"))
        .map(|(lat, lon)| Place { lon, lat })
        .filter(|place| in_range(*place));
    Some((taken, place))
}

/// Hashes that a command names: every text of 64 hexadecimal digits in it, at most a few hundred.
pub fn named(value: &serde_json::Value) -> Vec<String> {
    fn walk(value: &serde_json::Value, out: &mut Vec<String>) {
        const NAMED_MAX: usize = 400;
        match value {
            serde_json::Value::String(text)
                if text.len() == 64
                    && text.bytes().all(|b| b.is_ascii_hexdigit())
                    && out.len() < NAMED_MAX =>
            {
                out.push(text.clone());
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, out)),
            serde_json::Value::Object(map) => map.values().for_each(|item| walk(item, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    walk(value, &mut out);
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use exif::experimental::Writer;
    use exif::{Field, Rational};

    /// A TIFF with the fields a camera writes.
    fn picture(offset: Option<&str>) -> Vec<u8> {
        let rational = |n: u32, d: u32| Rational { num: n, denom: d };
        let field = |tag, value| Field {
            tag,
            ifd_num: In::PRIMARY,
            value,
        };
        let ascii = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
        let mut fields = vec![
            field(Tag::DateTimeOriginal, ascii("2026:03:05 09:30:00")),
            field(Tag::GPSLatitudeRef, ascii("N")),
            field(
                Tag::GPSLatitude,
                Value::Rational(vec![rational(35, 1), rational(30, 1), rational(0, 1)]),
            ),
            field(Tag::GPSLongitudeRef, ascii("E")),
            field(
                Tag::GPSLongitude,
                Value::Rational(vec![rational(112, 1), rational(51, 1), rational(0, 1)]),
            ),
        ];
        if let Some(offset) = offset {
            fields.push(field(Tag::OffsetTimeOriginal, ascii(offset)));
        }
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut out = std::io::Cursor::new(Vec::new());
        writer.write(&mut out, false).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_picture_tells_when_and_where() {
        let (taken, place) = read(&picture(None)).unwrap();
        assert_eq!(taken.unwrap().to_string(), "2026-03-05T01:30:00Z");
        let place = place.unwrap();
        assert!((place.lat - 35.5).abs() < 1e-9 && (place.lon - 112.85).abs() < 1e-9);
        let (taken, _) = read(&picture(Some("+00:00"))).unwrap();
        assert_eq!(taken.unwrap().to_string(), "2026-03-05T09:30:00Z");
    }

    #[test]
    fn what_is_no_picture_says_nothing() {
        assert_eq!(read(b"not a picture"), None);
        assert_eq!(read(&picture(None)[..40]), None);
    }

    #[test]
    fn hashes_are_found_wherever_they_stand() {
        let sha = "a".repeat(64);
        let value = serde_json::json!({"photos": [sha, {"sha256": sha}], "rows": [{"f": ["b".repeat(64)]}], "x": "y"});
        assert_eq!(named(&value), ["a".repeat(64), "b".repeat(64)]);
    }
}
