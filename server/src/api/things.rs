//! Things in the registry, and their import from Excel, CSV and GeoJSON with a word for every row that cannot be used.

use crate::api::{LIMIT, LIMIT_MAX, offset};
use crate::app::{App, World};
use crate::auth::Who;
use crate::import::{self, Row};
use crate::problem::{BadRow, Json, Problem, Query};
use crate::views::{OrgRef, Page};
use anlan_core::authority::{Command, Reach, covers};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{OrgId, ThingId};
use anlan_core::org::{Org, OrgKind, Place};
use anlan_core::thing::{self, FieldType, Thing};
use anlan_documents::{TemplateColumn, TemplateKind};
use anlan_store::registry;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A kind of thing.
#[derive(Serialize, ToSchema)]
#[schema(as = ThingKind)]
pub struct ThingKindView {
    kind: &'static str,
    zh: &'static str,
    en: &'static str,
    /// JSON Schema of its fields.
    #[schema(value_type = Object)]
    schema: Value,
}

/// Kinds of things that can be registered.
#[utoipa::path(get, path = "/api/v1/things/kinds", responses((status = 200, body = Vec<ThingKindView>)))]
pub async fn thing_kinds(_who: Who) -> Json<Vec<ThingKindView>> {
    Json(
        thing::ORGS
            .iter()
            .chain(thing::KINDS)
            .map(|k| ThingKindView {
                kind: k.kind,
                zh: k.zh,
                en: k.en,
                schema: k.schema(),
            })
            .collect(),
    )
}

/// A thing.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Thing)]
pub struct ThingView {
    id: String,
    kind: String,
    name: String,
    org: OrgRef,
    place: Option<Place>,
    #[schema(value_type = Object)]
    fields: Value,
    sample: bool,
    version: u64,
}

fn view(thing: &Thing, version: u64, world: &World) -> ThingView {
    ThingView {
        id: thing.id.to_string(),
        kind: thing.kind.clone(),
        name: thing.name.clone(),
        org: world.org_ref(&thing.org),
        place: thing.place,
        fields: Value::Object(thing.fields.clone()),
        sample: thing.sample,
        version,
    }
}

/// Which things.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindThings {
    kind: Option<String>,
    org: Option<String>,
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Things I may see.
#[utoipa::path(get, path = "/api/v1/things", params(FindThings), responses((status = 200, body = Page<ThingView>)))]
pub async fn list_things(
    State(app): State<Arc<App>>,
    who: Who,
    Query(find): Query<FindThings>,
) -> Result<Json<Page<ThingView>>, Problem> {
    let world = app.world();
    let reach = who.actor.reach(Command::ReadThings, &world.tree);
    let (from, limit) = (
        offset(find.cursor.as_deref()),
        find.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX),
    );
    if let Some(kind) = find.kind.as_deref().and_then(thing::org_kind) {
        return Ok(Json(list_orgs(kind, &find, &reach, &world, from, limit)));
    }
    let (things, total) = app
        .read(move |db| {
            Ok(registry::things(
                db,
                find.kind.as_deref(),
                find.org.as_deref(),
                find.q.as_deref(),
                &reach,
                from,
                limit,
            )?)
        })
        .await?;
    let items: Vec<ThingView> = things
        .iter()
        .map(|(thing, version)| view(thing, *version, &world))
        .collect();
    let next =
        (from + (items.len() as u64) < total).then(|| (from + items.len() as u64).to_string());
    Ok(Json(Page { items, next, total }))
}

/// Orgs, shown as the things they are registered as.
fn list_orgs(
    kind: &thing::Kind,
    find: &FindThings,
    reach: &[Reach],
    world: &World,
    from: u64,
    limit: u32,
) -> Page<ThingView> {
    let enterprises = kind.kind == "enterprise";
    let q = find.q.as_deref().unwrap_or_default();
    let matching: Vec<&Org> = world
        .tree
        .iter()
        .filter(|org| (org.kind == OrgKind::Enterprise) == enterprises && org.name.contains(q))
        .filter(|org| {
            find.org
                .as_deref()
                .is_none_or(|above| org.parent.as_ref().is_some_and(|p| p.as_str() == above))
        })
        .filter(|org| reach.iter().any(|r| covers(r, &org.id, &world.tree)))
        .collect();
    let items: Vec<ThingView> = matching
        .iter()
        .skip(from as usize)
        .take(limit as usize)
        .map(|org| org_view(kind.kind, org, world))
        .collect();
    let upto = from + items.len() as u64;
    Page {
        next: (upto < matching.len() as u64).then(|| upto.to_string()),
        total: matching.len() as u64,
        items,
    }
}

fn org_view(kind: &str, org: &Org, world: &World) -> ThingView {
    ThingView {
        id: org.id.to_string(),
        kind: kind.to_owned(),
        name: org.name.clone(),
        org: world.org_ref(org.parent.as_ref().unwrap_or(&org.id)),
        place: org.place,
        fields: serde_json::json!({ "sectors": org.sectors.join("、"), "code": org.code, "short": org.short, "aliases": org.aliases.join("、") }),
        sample: org.sample,
        version: world.org_versions.get(&org.id).copied().unwrap_or_default(),
    }
}

/// A thing.
#[utoipa::path(get, path = "/api/v1/things/{id}", params(("id" = String, Path)), responses((status = 200, body = ThingView), (status = 404, body = Problem)))]
pub async fn get_thing(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<ThingView>, Problem> {
    let (thing, version) = app
        .read(move |db| Ok(registry::thing(db, &id)?))
        .await?
        .ok_or_else(Problem::missing)?;
    who.needs_on(Command::ReadThings, &thing.org, &app)
        .map_err(|_| Problem::missing())?;
    Ok(Json(view(&thing, version, &app.world())))
}

/// How to import.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct HowImport {
    kind: String,
    /// Keep the good rows though there are bad ones.
    partial: bool,
    /// Only look.
    preview: bool,
}

/// What an import found and did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    kind: String,
    /// Rows in the file, without the heading.
    rows: u32,
    /// Rows that can be used.
    good: u32,
    bad: Vec<BadRow>,
    imported: u32,
    /// The first of them.
    preview: Vec<ThingView>,
}

/// What a row became.
pub enum Imported {
    /// A thing.
    Thing(Thing),
    /// An enterprise.
    Org(Box<Org>),
}

/// Checks rows against a kind. Pure but for the ids, which the caller hands in.
pub fn check(
    kind_word: &str,
    rows: &[Row],
    world: &World,
    app: &App,
    who: Option<&Who>,
    mut id: impl FnMut() -> u128,
    at: u64,
) -> Result<(Vec<Imported>, Vec<BadRow>), Problem> {
    let kind = thing::kind(kind_word).or_else(|| thing::org_kind(kind_word));
    let Some(kind) = kind else {
        return Err(Problem::bad(
            "不支持导入这类对象",
            &format!("There is no kind `{kind_word}`; see /api/v1/things/kinds"),
        ));
    };
    let may = if kind_word == "org" {
        Command::ManageOrgs
    } else {
        Command::ImportThings
    };
    // Orgs of the same file, so that a village may follow its town in one import.
    let mut coming: std::collections::BTreeMap<String, OrgId> = std::collections::BTreeMap::new();
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut names = std::collections::BTreeSet::new();
    for row in rows {
        let mut wrong = |column: &str, message: String| {
            bad.push(BadRow {
                row: row.number,
                column: Some(column.to_owned()),
                message,
            })
        };
        let before = good.len();
        let name = row.text("名称");
        if name.is_empty() {
            wrong("名称", "必填".into());
        } else if name.chars().count() > 100 {
            wrong("名称", "超过 100 字".into());
        }
        let org_name = row.text("所属单位");
        let found = match coming.get(&org_name) {
            Some(id) => vec![id.clone()],
            None => world.tree.resolve(&org_name),
        };
        let org = match found.as_slice() {
            [] if org_name.is_empty() => {
                wrong(
                    "所属单位",
                    "必填，填写镇（街道）、村（社区）或部门名称".into(),
                );
                None
            }
            [] => {
                wrong("所属单位", format!("“{org_name}”不在单位名录中"));
                None
            }
            [one] => Some(one.clone()),
            _ => {
                wrong("所属单位", format!("“{org_name}”对应多个单位，请写全称"));
                None
            }
        };
        if let (Some(org), Some(who)) = (&org, who)
            && !who.actor.may(may, org, &world.tree)
        {
            wrong("所属单位", format!("您的岗位不能为“{org_name}”导入"));
            continue;
        }
        let place = match (row.text("经度"), row.text("纬度")) {
            (a, b) if a.is_empty() && b.is_empty() => None,
            (a, b) => match (a.parse::<f64>(), b.parse::<f64>()) {
                (Ok(lon), Ok(lat))
                    if (73.0..=136.0).contains(&lon) && (3.0..=54.0).contains(&lat) =>
                {
                    Some(Place { lon, lat })
                }
                _ => {
                    wrong(
                        "经度",
                        "经纬度应为十进制度（WGS-84），如 112.85、35.50".into(),
                    );
                    None
                }
            },
        };
        if !name.is_empty() && !names.insert((name.clone(), org.clone())) {
            wrong("名称", "与前面的行重复".into());
        }
        if thing::org_kind(kind_word).is_some() {
            let list = |heading: &str| -> Vec<String> {
                row.text(heading)
                    .split(['、', ',', '，'])
                    .map(|s| s.trim().to_owned())
                    .filter(|s| !s.is_empty())
                    .collect()
            };
            let class = row.text("类型");
            let org_kind = match class.as_str() {
                _ if kind_word == "enterprise" => Some(OrgKind::Enterprise),
                "委员会" => Some(OrgKind::Committee),
                "专项指挥部" => Some(OrgKind::Headquarters),
                "区直部门" => Some(OrgKind::Department),
                "镇（街道）" => Some(OrgKind::Town),
                "村（社区）" => Some(OrgKind::Village),
                "网格" => Some(OrgKind::Grid),
                _ => {
                    let choices = kind.fields[0].choices.join("、");
                    wrong("类型", format!("“{class}”不在可选项内：{choices}"));
                    None
                }
            };
            let mut sectors = Vec::new();
            for sector in list("行业领域") {
                match app
                    .book
                    .sectors
                    .iter()
                    .find(|s| s.code == sector || s.zh == sector)
                {
                    Some(found) => sectors.push(found.code.clone()),
                    None => wrong("行业领域", format!("“{sector}”不在规则库的行业领域内")),
                }
            }
            if kind_word == "enterprise" && list("行业领域").is_empty() {
                wrong("行业领域", "必填".into());
            }
            let (credit, division) = (row.text("统一社会信用代码"), row.text("行政区划代码"));
            if !credit.is_empty() && credit.chars().count() != 18 {
                wrong("统一社会信用代码", "应为 18 位".into());
            }
            let short = row.text("简称");
            if short.chars().count() > 100 || row.text("别称").chars().count() > thing::CELL_MAX {
                wrong("简称", "过长".into());
            }
            let failed = bad.last().is_some_and(|b| b.row == row.number);
            if let (Some(parent), Some(org_kind), false) = (org, org_kind, failed) {
                let org = OrgId::make(at, id());
                coming.insert(name.clone(), org.clone());
                if !short.is_empty() {
                    coming.insert(short.clone(), org.clone());
                }
                good.push(Imported::Org(Box::new(Org {
                    id: org,
                    kind: org_kind,
                    short: if short.is_empty() {
                        name.clone()
                    } else {
                        short
                    },
                    name,
                    en: String::new(),
                    aliases: list("别称"),
                    parent: Some(parent),
                    code: Some(if credit.is_empty() { division } else { credit })
                        .filter(|c| !c.is_empty()),
                    sectors,
                    place,
                    sample: false,
                    closed: false,
                })));
            }
            continue;
        }
        match kind.check(&row.fields(kind)) {
            Err(fields) => {
                for field in fields {
                    wrong(&field.column, field.message);
                }
            }
            Ok(fields) => {
                let failed = bad.last().is_some_and(|b| b.row == row.number);
                if let Some(org) = org.filter(|_| !failed) {
                    good.push(Imported::Thing(Thing {
                        id: ThingId::make(at, id()),
                        kind: kind.kind.to_owned(),
                        name,
                        org,
                        place,
                        fields,
                        sample: false,
                    }));
                }
            }
        }
        debug_assert!(good.len() > before || bad.last().is_some_and(|b| b.row == row.number));
    }
    Ok((good, bad))
}

/// The facts of an import.
pub fn entries(
    imported: Vec<Imported>,
    person: Option<&anlan_core::id::PersonId>,
    at: jiff::Timestamp,
) -> Vec<Entry> {
    imported
        .into_iter()
        .map(|one| match one {
            Imported::Thing(thing) => {
                let (stream, org) = (stream::thing(&thing.id), thing.org.clone());
                Entry::new(
                    stream,
                    Event::ThingAdded(thing),
                    person.cloned(),
                    Some(org),
                    at,
                )
            }
            Imported::Org(org) => {
                let (stream, id) = (stream::org(&org.id), org.id.clone());
                Entry::new(stream, Event::OrgAdded(*org), person.cloned(), Some(id), at)
            }
        })
        .collect()
}

/// Imports things from .xlsx, .csv or .geojson.
#[utoipa::path(post, path = "/api/v1/things/import", params(HowImport), request_body(content = String, content_type = "multipart/form-data"), responses((status = 200, body = ImportReport), (status = 422, body = Problem)))]
pub async fn import_things(
    State(app): State<Arc<App>>,
    who: Who,
    Query(how): Query<HowImport>,
    mut form: Multipart,
) -> Result<Json<ImportReport>, Problem> {
    who.needs(
        if how.kind == "org" {
            Command::ManageOrgs
        } else {
            Command::ImportThings
        },
        &app,
    )?;
    let (name, bytes) = crate::import::file_of(&mut form, import::FILE_MAX).await?;
    let table = tokio::task::spawn_blocking(move || import::read(&name, &bytes))
        .await
        .map_err(Problem::ours)??;
    let world = app.world();
    let at = app.now().as_millisecond() as u64;
    let (good, bad) = check(
        &how.kind,
        &table,
        &world,
        &app,
        Some(&who),
        || app.clock.chance(),
        at,
    )?;
    let preview = good
        .iter()
        .take(20)
        .map(|one| match one {
            Imported::Thing(thing) => view(thing, 0, &world),
            Imported::Org(org) => org_view(&how.kind, org, &world),
        })
        .collect();
    let mut report = ImportReport {
        kind: how.kind.clone(),
        rows: table.len() as u32,
        good: good.len() as u32,
        bad,
        imported: 0,
        preview,
    };
    if how.preview || (!report.bad.is_empty() && !how.partial) || good.is_empty() {
        return Ok(Json(report));
    }
    report.imported = app
        .write(move |w| {
            let entries = entries(good, Some(&who.person.id), w.now);
            for entry in &entries {
                w.append(entry, None)?;
            }
            Ok(entries.len() as u32)
        })
        .await?;
    Ok(Json(report))
}

/// The Excel template of a kind.
#[utoipa::path(get, path = "/api/v1/things/template/{kind}", params(("kind" = String, Path, description = "such as shelter.xlsx")), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub async fn template(
    State(app): State<Arc<App>>,
    _who: Who,
    Path(kind): Path<String>,
) -> Result<Response, Problem> {
    let word = kind.trim_end_matches(".xlsx").to_owned();
    let column = |title: &str,
                  note: &str,
                  required: bool,
                  kind: TemplateKind,
                  choices: Vec<String>,
                  example: &str| TemplateColumn {
        title: title.into(),
        note: note.into(),
        required,
        kind,
        choices,
        example: example.into(),
    };
    let mut columns = vec![
        column(
            "名称",
            "全称，不超过 100 字",
            true,
            TemplateKind::default(),
            vec![],
            "",
        ),
        column(
            "所属单位",
            "镇（街道）、村（社区）或部门名称，与单位名录一致",
            true,
            TemplateKind::default(),
            vec![],
            "北石店镇",
        ),
        column(
            "经度",
            "十进制度，WGS-84",
            false,
            TemplateKind::Number,
            vec![],
            "112.850000",
        ),
        column(
            "纬度",
            "十进制度，WGS-84",
            false,
            TemplateKind::Number,
            vec![],
            "35.500000",
        ),
    ];
    let kind = thing::kind(&word)
        .or_else(|| thing::org_kind(&word))
        .ok_or_else(Problem::missing)?;
    for field in kind.fields {
        let holds = match field.holds {
            FieldType::Number | FieldType::Integer => TemplateKind::Number,
            FieldType::Date => TemplateKind::Date,
            _ => TemplateKind::default(),
        };
        let many = matches!(field.name, "sectors" | "aliases");
        let note = match (many, field.unit) {
            (true, _) => "可填多个，用“、”分隔".to_owned(),
            (_, "") => String::new(),
            (_, unit) => format!("单位：{unit}"),
        };
        let example = if field.name == "sectors" {
            app.book.sectors.first().map_or("", |s| s.zh.as_str())
        } else {
            ""
        };
        columns.push(column(
            field.zh,
            &note,
            field.required,
            holds,
            field.choices.iter().map(|c| (*c).to_owned()).collect(),
            example,
        ));
    }
    let zh = kind.zh;
    let bytes = anlan_documents::template_xlsx(zh, &columns).map_err(Problem::ours)?;
    Ok(
        crate::files::download(&format!("{zh}导入模板.xlsx"), crate::files::XLSX, bytes)
            .into_response(),
    )
}
