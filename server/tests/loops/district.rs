//! A small district with regulators and enterprises, people in it, and the words that tests say often.

use crate::support::{Client, House};
use anlan_core::fact::{Entry, Event, Fact, stream};
use anlan_core::id::OrgId;
use anlan_core::org::{Org, OrgKind, Place};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value as Exif};
use serde_json::{Value, json};
use std::io::Read as _;
use tower::ServiceExt as _;

/// Where the gas company stands.
pub const AT: Place = Place {
    lon: 112.85,
    lat: 35.5,
};

fn org(
    id: &str,
    kind: OrgKind,
    name: &str,
    parent: &str,
    sectors: &[&str],
    place: Option<Place>,
) -> Org {
    Org {
        id: OrgId::try_from(id).unwrap(),
        kind,
        name: name.into(),
        short: name.into(),
        en: String::new(),
        aliases: vec![],
        parent: Some(OrgId::try_from(parent).unwrap()),
        code: None,
        sectors: sectors.iter().map(|s| (*s).to_owned()).collect(),
        place,
        sample: true,
        closed: false,
    }
}

/// The house of the other tests, with what loops need besides.
pub async fn new() -> House {
    let house = House::new().await;
    let orgs = [
        org(
            "office-anwei",
            OrgKind::Committee,
            "示范区安委办",
            "committee",
            &[],
            None,
        ),
        org(
            "dept-zhujian",
            OrgKind::Department,
            "示范区住建局",
            "district",
            &["gas"],
            None,
        ),
        org(
            "dept-yingji",
            OrgKind::Department,
            "示范区应急局",
            "district",
            &["hazchem"],
            None,
        ),
        org(
            "qi-gas",
            OrgKind::Enterprise,
            "甲镇燃气有限公司",
            "cun-a1",
            &["gas"],
            Some(AT),
        ),
        org(
            "qi-chem",
            OrgKind::Enterprise,
            "乙街道化工有限公司",
            "cun-b1",
            &["hazchem"],
            None,
        ),
    ];
    house
        .app
        .write(move |w| {
            for org in orgs {
                let (name, id, at) = (stream::org(&org.id), org.id.clone(), w.now);
                w.append(
                    &Entry::new(name, Event::OrgAdded(org), None, Some(id), at),
                    None,
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
    house
}

/// Moves the clock.
pub fn at(house: &House, moment: &str) {
    house.clock.set(moment.parse().unwrap());
}

/// The address of a loop.
pub fn link(it: &Value) -> String {
    format!(
        "/api/v1/loops/{}",
        it["id"].as_str().unwrap_or_else(|| panic!("{it}"))
    )
}

/// Opens a loop.
pub async fn open(who: &Client, body: Value) -> Value {
    let (status, it) = who.post("/api/v1/loops", body).await;
    assert_eq!(status, StatusCode::OK, "{it}");
    it
}

/// A hazard of the gas company.
pub fn hazard(what: &str) -> Value {
    json!({"kind": "hazard", "org": "qi-gas", "values": {"what": what, "source": "patrol"}})
}

/// Makes a move.
pub async fn go(who: &Client, link: &str, code: &str, values: Value) -> Value {
    who.command(
        link,
        json!({"name": "move", "code": code, "values": values}),
    )
    .await
}

/// Tries a move that is refused: the status and the code of the refusal.
pub async fn refused(who: &Client, link: &str, code: &str, values: Value) -> (u16, String) {
    let (status, problem) = who
        .try_command(
            link,
            json!({"name": "move", "code": code, "values": values}),
        )
        .await;
    assert_ne!(status, StatusCode::OK, "{code} was not refused");
    let kind = problem["type"].as_str().unwrap_or_default();
    (
        status.as_u16(),
        kind.trim_start_matches("anlan:").to_owned(),
    )
}

/// What a refusal looks like.
pub fn no(status: u16, kind: &str) -> (u16, String) {
    (status, kind.to_owned())
}

/// The items of a list.
pub fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap_or_else(|| panic!("{page}"))
}

/// Loops of a kind that somebody sees.
pub async fn of_kind(who: &Client, kind: &str) -> Vec<Value> {
    items(
        &who.ok(&format!("/api/v1/loops?kind={kind}&limit=500"))
            .await,
    )
    .clone()
}

/// A value of a loop as pages show it.
pub fn value<'a>(it: &'a Value, code: &str) -> &'a Value {
    it["values"]
        .as_array()
        .unwrap()
        .iter()
        .find(|v| v["code"] == code)
        .unwrap_or_else(|| panic!("no {code} in {}", it["values"]))
}

/// Facts of a loop.
pub async fn facts(house: &House, it: &Value) -> Vec<Fact> {
    let stream = format!("loop/{}", it["id"].as_str().unwrap());
    house
        .app
        .read(move |db| Ok(anlan_store::facts::of_stream(db, &stream)?))
        .await
        .unwrap()
}

/// How many facts there are in the whole ledger.
pub async fn count(house: &House) -> u64 {
    house
        .app
        .read(|db| Ok(anlan_store::facts::count(db)?))
        .await
        .unwrap()
}

/// A JPEG that says when (`2026:02:02 09:50:00`, China's time) and where it was taken, and nothing else.
pub fn jpeg(taken: &str, place: Place) -> Vec<u8> {
    let degrees = |at: f64| {
        let rational = |num: f64, denom: u32| Rational {
            num: num as u32,
            denom,
        };
        let minutes = at.fract() * 60.0;
        Exif::Rational(vec![
            rational(at.trunc(), 1),
            rational(minutes.trunc(), 1),
            rational((minutes.fract() * 60.0 * 10_000.0).round(), 10_000),
        ])
    };
    let ascii = |text: &str| Exif::Ascii(vec![text.as_bytes().to_vec()]);
    let fields: Vec<Field> = [
        (Tag::DateTimeOriginal, ascii(taken)),
        (Tag::GPSLatitudeRef, ascii("N")),
        (Tag::GPSLatitude, degrees(place.lat)),
        (Tag::GPSLongitudeRef, ascii("E")),
        (Tag::GPSLongitude, degrees(place.lon)),
    ]
    .into_iter()
    .map(|(tag, value)| Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    })
    .collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut tiff = std::io::Cursor::new(Vec::new());
    writer.write(&mut tiff, false).unwrap();
    let tiff = tiff.into_inner();
    let length = u16::try_from(tiff.len() + 8).unwrap();
    let mut out = vec![0xFF, 0xD8, 0xFF, 0xE1];
    out.extend(length.to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend([0xFF, 0xD9]);
    out
}

/// A picture that differs from others by a number.
pub fn picture(n: u32) -> Vec<u8> {
    let place = Place {
        lon: AT.lon + f64::from(n) / 10_000.0,
        lat: AT.lat,
    };
    jpeg("2026:02:02 09:50:00", place)
}

/// Asks without an account, with any body and headers.
pub async fn anybody(
    house: &House,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = anlan_server::router(house.app.clone())
        .oneshot(request.body(Body::from(body)).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

/// A file within a zip, as text.
pub fn within(zip: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("a zip");
    let mut text = String::new();
    archive
        .by_name(name)
        .expect(name)
        .read_to_string(&mut text)
        .unwrap();
    text
}
