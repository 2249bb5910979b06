//! Orgs: the tree, and its keeping.

use crate::api::{LIMIT_MAX, idempotency_key, offset};
use crate::app::{App, World};
use crate::auth::Who;
use crate::problem::{Json, Problem, Query};
use crate::views::Page;
use anlan_core::authority::Command;
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::OrgId;
use anlan_core::org::{Org, OrgKind, Place};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// An org.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Org)]
pub struct OrgView {
    id: String,
    kind: OrgKind,
    name: String,
    short: String,
    en: String,
    aliases: Vec<String>,
    parent: Option<String>,
    code: Option<String>,
    sectors: Vec<String>,
    place: Option<Place>,
    sample: bool,
    closed: bool,
    version: u64,
    /// People with a position here.
    people: u64,
    /// Orgs directly below.
    children: u64,
}

fn view(org: &Org, world: &World) -> OrgView {
    OrgView {
        id: org.id.to_string(),
        kind: org.kind,
        name: org.name.clone(),
        short: org.short.clone(),
        en: org.en.clone(),
        aliases: org.aliases.clone(),
        parent: org.parent.as_ref().map(OrgId::to_string),
        code: org.code.clone(),
        sectors: org.sectors.clone(),
        place: org.place,
        sample: org.sample,
        closed: org.closed,
        version: world.org_versions.get(&org.id).copied().unwrap_or_default(),
        people: world
            .people
            .values()
            .filter(|(p, _)| !p.disabled && p.positions.iter().any(|x| x.org == org.id))
            .count() as u64,
        children: world
            .tree
            .iter()
            .filter(|child| child.parent.as_ref() == Some(&org.id))
            .count() as u64,
    }
}

/// Which orgs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindOrgs {
    kind: Option<OrgKind>,
    parent: Option<String>,
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Orgs, in the order of the tree's ids.
#[utoipa::path(get, path = "/api/v1/orgs", params(FindOrgs), responses((status = 200, body = Page<OrgView>)))]
pub async fn list_orgs(
    State(app): State<Arc<App>>,
    _who: Who,
    Query(find): Query<FindOrgs>,
) -> Json<Page<OrgView>> {
    // Who exists is no secret within the district: owners of duties must be nameable. What they owe is.
    let world = app.world();
    let q = find.q.unwrap_or_default();
    let matching: Vec<&Org> = world
        .tree
        .iter()
        .filter(|org| find.kind.is_none_or(|kind| org.kind == kind))
        .filter(|org| {
            find.parent
                .as_deref()
                .is_none_or(|parent| org.parent.as_ref().is_some_and(|p| p.as_str() == parent))
        })
        .filter(|org| {
            q.is_empty()
                || org.name.contains(&q)
                || org.short.contains(&q)
                || org.aliases.iter().any(|a| a.contains(&q))
                || org.code.as_deref() == Some(&q)
        })
        .collect();
    let (from, limit) = (
        offset(find.cursor.as_deref()) as usize,
        find.limit.unwrap_or(LIMIT_MAX).clamp(1, 1_000) as usize,
    );
    let items: Vec<OrgView> = matching
        .iter()
        .skip(from)
        .take(limit)
        .map(|org| view(org, &world))
        .collect();
    let next = (from + items.len() < matching.len()).then(|| (from + items.len()).to_string());
    Json(Page {
        total: matching.len() as u64,
        items,
        next,
    })
}

/// An org as it is to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrgInput {
    /// For a change: the version that was seen.
    #[serde(default)]
    expected_version: Option<u64>,
    kind: OrgKind,
    name: String,
    #[serde(default)]
    short: String,
    #[serde(default)]
    en: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    sectors: Vec<String>,
    #[serde(default)]
    place: Option<Place>,
    #[serde(default)]
    closed: bool,
}

fn checked(input: OrgInput, id: OrgId, sample: bool, app: &App) -> Result<Org, Problem> {
    let world = app.world();
    let name = input.name.trim().to_owned();
    let too_long = |text: &str| text.chars().count() > 100;
    if name.is_empty()
        || too_long(&name)
        || too_long(&input.short)
        || too_long(&input.en)
        || input.aliases.len() > 30
        || input.aliases.iter().any(|a| too_long(a))
    {
        return Err(Problem::bad(
            "请填写单位全称（不超过 100 字）",
            "Give the org a name of at most 100 characters",
        ));
    }
    if let Some(place) = input.place
        && !((-180.0..=180.0).contains(&place.lon) && (-90.0..=90.0).contains(&place.lat))
    {
        return Err(Problem::bad(
            "坐标不在有效范围内",
            "The place must be in degrees, WGS-84",
        ));
    }
    if let Some(unknown) = input
        .sectors
        .iter()
        .find(|code| !app.book.sectors.iter().any(|s| s.code == **code))
    {
        return Err(Problem::bad(
            "行业领域不在规则库内",
            &format!("There is no sector `{unknown}` in the rulebook"),
        ));
    }
    let parent = input
        .parent
        .filter(|p| !p.is_empty())
        .map(OrgId::try_from)
        .transpose()
        .map_err(|e| Problem::bad("上级单位不对", &e.to_string()))?;
    if let Some(parent) = &parent {
        let above = world
            .tree
            .get(parent)
            .ok_or_else(|| Problem::bad("上级单位不存在", "There is no such parent org"))?;
        if world
            .tree
            .path(&above.id)
            .split('/')
            .any(|part| part == id.as_str())
        {
            return Err(Problem::bad(
                "上级单位不能是自己或自己的下级",
                "An org cannot lie below itself",
            ));
        }
    } else if input.kind != OrgKind::District {
        return Err(Problem::bad(
            "请选择上级单位",
            "Every org but the district has a parent",
        ));
    }
    let short = input.short.trim().to_owned();
    Ok(Org {
        id,
        kind: input.kind,
        short: if short.is_empty() {
            name.clone()
        } else {
            short
        },
        name,
        en: input.en.trim().to_owned(),
        aliases: input
            .aliases
            .iter()
            .map(|a| a.trim().to_owned())
            .filter(|a| !a.is_empty())
            .collect(),
        parent,
        code: input.code.filter(|c| !c.is_empty()),
        sectors: input.sectors,
        place: input.place,
        sample,
        closed: input.closed,
    })
}

async fn after(app: &Arc<App>, id: &str) -> Result<Json<OrgView>, Problem> {
    let world = app.world();
    let id = OrgId::try_from(id).map_err(Problem::ours)?;
    world
        .tree
        .get(&id)
        .map(|org| Json(view(org, &world)))
        .ok_or_else(Problem::missing)
}

/// Adds an org.
#[utoipa::path(post, path = "/api/v1/orgs", request_body = OrgInput, responses((status = 200, body = OrgView), (status = 422, body = Problem)))]
pub async fn add_org(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Json(input): Json<OrgInput>,
) -> Result<Json<OrgView>, Problem> {
    who.needs(Command::ManageOrgs, &app)?;
    let key = idempotency_key(&headers)?;
    let request = format!(
        "add-org {}",
        serde_json::to_string(&input).map_err(Problem::ours)?
    );
    let id: String = app
        .write(move |w| {
            let actor = who.actor.clone();
            w.once(&actor, key.as_deref(), &request, |w| {
                let id = OrgId::make(w.now.as_millisecond() as u64, w.app.clock.chance());
                let org = checked(input, id.clone(), false, w.app)?;
                let at = w.now;
                w.append(
                    &Entry::new(
                        stream::org(&id),
                        Event::OrgAdded(org),
                        Some(who.person.id.clone()),
                        Some(id.clone()),
                        at,
                    ),
                    Some(0),
                )?;
                Ok(id.to_string())
            })
        })
        .await?;
    after(&app, &id).await
}

/// Changes an org.
#[utoipa::path(put, path = "/api/v1/orgs/{id}", params(("id" = String, Path)), request_body = OrgInput, responses((status = 200, body = OrgView), (status = 409, body = Problem)))]
pub async fn change_org(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Json(input): Json<OrgInput>,
) -> Result<Json<OrgView>, Problem> {
    who.needs(Command::ManageOrgs, &app)?;
    let known = OrgId::try_from(id.as_str())
        .ok()
        .and_then(|id| app.org(&id))
        .ok_or_else(Problem::missing)?;
    let expected = input.expected_version.ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "version-needed",
            "缺少版本号，请刷新后再改",
            "Say which version you saw: expected_version",
        )
    })?;
    let org = checked(input, known.id.clone(), known.sample, &app)?;
    app.write(move |w| {
        let at = w.now;
        w.append(
            &Entry::new(
                stream::org(&org.id),
                Event::OrgChanged(org.clone()),
                Some(who.person.id.clone()),
                Some(org.id.clone()),
                at,
            ),
            Some(expected),
        )?;
        Ok(())
    })
    .await?;
    after(&app, &id).await
}
