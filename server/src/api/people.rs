//! People, their positions and passwords; and the table of authority.

use crate::api::session::PositionView;
use crate::api::{LIMIT, LIMIT_MAX, idempotency_key, offset};
use crate::app::App;
use crate::auth::{self, Who};
use crate::problem::{Json, Problem, Query};
use crate::views::{Page, instant};
use anlan_core::authority::{self, Command, Position, Role, Scope};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{OrgId, PersonId};
use anlan_core::person::{Person, login_is_good};
use anlan_store::signin;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A person who can sign in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    id: String,
    login: String,
    name: String,
    #[schema(value_type = Vec<crate::api::session::PositionView>)]
    positions: Vec<serde_json::Value>,
    disabled: bool,
    sample: bool,
    locked_until: Option<String>,
    totp: bool,
    last_sign_in: Option<String>,
    version: u64,
}

fn view(
    person: &Person,
    version: u64,
    state: Option<&(bool, i64, Option<i64>)>,
    app: &App,
) -> PersonView {
    let world = app.world();
    let now = app.now().as_microsecond();
    PersonView {
        id: person.id.to_string(),
        login: person.login.clone(),
        name: person.name.clone(),
        positions: person
            .positions
            .iter()
            .filter_map(|p| {
                serde_json::to_value(PositionView {
                    org: world.org_ref(&p.org),
                    role: p.role.code().to_owned(),
                })
                .ok()
            })
            .collect(),
        disabled: person.disabled,
        sample: person.sample,
        locked_until: state.map(|s| s.1).filter(|at| *at > now).map(instant),
        totp: state.is_some_and(|s| s.0),
        last_sign_in: state.and_then(|s| s.2).map(instant),
        version,
    }
}

/// Which people.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindPeople {
    q: Option<String>,
    org: Option<String>,
    role: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// People who can sign in.
#[utoipa::path(get, path = "/api/v1/people", params(FindPeople), responses((status = 200, body = Page<PersonView>)))]
pub async fn list_people(
    State(app): State<Arc<App>>,
    who: Who,
    Query(find): Query<FindPeople>,
) -> Result<Json<Page<PersonView>>, Problem> {
    if who.needs(Command::ManagePeople, &app).is_err() {
        who.needs(Command::ReadAudit, &app)?;
    }
    let states = app.read(|db| Ok(signin::overview(db)?)).await?;
    let world = app.world();
    let q = find.q.unwrap_or_default();
    let mut matching: Vec<&(Person, u64)> = world
        .people
        .values()
        .filter(|(p, _)| q.is_empty() || p.login.contains(&q) || p.name.contains(&q))
        .filter(|(p, _)| {
            find.org
                .as_deref()
                .is_none_or(|org| p.positions.iter().any(|x| x.org.as_str() == org))
        })
        .filter(|(p, _)| {
            find.role
                .as_deref()
                .is_none_or(|role| p.positions.iter().any(|x| x.role.code() == role))
        })
        .collect();
    matching.sort_by(|a, b| a.0.login.cmp(&b.0.login));
    let (from, limit) = (
        offset(find.cursor.as_deref()) as usize,
        find.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX) as usize,
    );
    let items: Vec<PersonView> = matching
        .iter()
        .skip(from)
        .take(limit)
        .map(|(p, version)| view(p, *version, states.get(p.id.as_str()), &app))
        .collect();
    let next = (from + items.len() < matching.len()).then(|| (from + items.len()).to_string());
    Ok(Json(Page {
        total: matching.len() as u64,
        items,
        next,
    }))
}

/// A position as it is to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PositionInput {
    org: String,
    role: String,
}

/// A person as they are to be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonInput {
    /// For a change: the version that was seen.
    #[serde(default)]
    expected_version: Option<u64>,
    /// For a new person; never changes.
    #[serde(default)]
    login: String,
    name: String,
    positions: Vec<PositionInput>,
    #[serde(default)]
    disabled: bool,
}

fn checked_positions(input: &[PositionInput], app: &App) -> Result<Vec<Position>, Problem> {
    let world = app.world();
    if input.is_empty() || input.len() > 20 {
        return Err(Problem::bad(
            "请至少设置一个岗位",
            "Give one to twenty positions",
        ));
    }
    input
        .iter()
        .map(|p| {
            let org = OrgId::try_from(p.org.as_str())
                .ok()
                .filter(|id| world.tree.get(id).is_some());
            let role = Role::from_code(&p.role);
            match (org, role) {
                (Some(org), Some(role)) => Ok(Position { org, role }),
                (None, _) => Err(Problem::bad(
                    "岗位所在单位不存在",
                    &format!("There is no org `{}`", p.org),
                )),
                (_, None) => Err(Problem::bad(
                    "没有这种岗位",
                    &format!("There is no role `{}`", p.role),
                )),
            }
        })
        .collect()
}

/// A new person, with the password that is shown once.
#[derive(Serialize, ToSchema)]
pub struct NewPerson {
    person: PersonView,
    one_time_password: String,
}

/// A one-time password, shown once.
#[derive(Serialize, ToSchema)]
pub struct OneTimePassword {
    one_time_password: String,
}

async fn one_time(app: &Arc<App>) -> Result<(String, String), Problem> {
    let password = auth::one_time_password(app.clock.chance());
    let salt = app.clock.chance();
    let typed = password.clone();
    let hash = tokio::task::spawn_blocking(move || auth::hash_password(&typed, salt))
        .await
        .map_err(Problem::ours)??;
    Ok((password, hash))
}

async fn after(app: &Arc<App>, id: &PersonId) -> Result<PersonView, Problem> {
    let states = app.read(|db| Ok(signin::overview(db)?)).await?;
    let world = app.world();
    world
        .people
        .get(id)
        .map(|(p, version)| view(p, *version, states.get(id.as_str()), app))
        .ok_or_else(Problem::missing)
}

/// Adds a person; the answer holds the one-time password, once.
#[utoipa::path(post, path = "/api/v1/people", request_body = PersonInput, responses((status = 200, body = NewPerson), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add_person(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Json(input): Json<PersonInput>,
) -> Result<Json<NewPerson>, Problem> {
    who.needs(Command::ManagePeople, &app)?;
    let _ = idempotency_key(&headers)?;
    if !login_is_good(&input.login) {
        return Err(Problem::bad(
            "用户名应为 2–32 位小写字母、数字、点、横线，以字母开头",
            "A login is 2 to 32 of a–z, 0–9, `.`, `-`, `_`, beginning with a letter",
        ));
    }
    let name = input.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::bad(
            "请填写姓名或岗位名称（不超过 60 字）",
            "Give a name of at most 60 characters",
        ));
    }
    let positions = checked_positions(&input.positions, &app)?;
    let (password, hash) = one_time(&app).await?;
    let id = app
        .write(move |w| {
            // The login is looked up in the transaction that takes it: two at once cannot both have it.
            if anlan_store::registry::person(w.tx.db, &input.login)?.is_some() {
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    "person/login-taken",
                    "用户名已被使用",
                    "This login is taken; choose another",
                ));
            }
            let id = PersonId::make(w.now.as_millisecond() as u64, w.app.clock.chance());
            let org = positions.first().map(|p| p.org.clone());
            let person = Person {
                id: id.clone(),
                login: input.login,
                name,
                positions,
                disabled: false,
                sample: false,
            };
            let at = w.now;
            w.append(
                &Entry::new(
                    stream::person(&id),
                    Event::PersonAdded(person),
                    Some(who.person.id.clone()),
                    org.clone(),
                    at,
                ),
                Some(0),
            )?;
            auth::set_password(w, &id, hash, true, Some(&who.person.id), org.as_ref(), None)?;
            Ok(id)
        })
        .await?;
    Ok(Json(NewPerson {
        person: after(&app, &id).await?,
        one_time_password: password,
    }))
}

/// Changes a person's name, positions, or right to sign in.
#[utoipa::path(put, path = "/api/v1/people/{id}", params(("id" = String, Path)), request_body = PersonInput, responses((status = 200, body = PersonView), (status = 409, body = Problem)))]
pub async fn change_person(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Json(input): Json<PersonInput>,
) -> Result<Json<PersonView>, Problem> {
    who.needs(Command::ManagePeople, &app)?;
    let id = PersonId::try_from(id).map_err(|_| Problem::missing())?;
    let known = app
        .world()
        .people
        .get(&id)
        .map(|(p, _)| p.clone())
        .ok_or_else(Problem::missing)?;
    let expected = input.expected_version.ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "version-needed",
            "缺少版本号，请刷新后再改",
            "Say which version you saw: expected_version",
        )
    })?;
    // Nobody gives himself a position, and nobody locks himself out.
    let positions = checked_positions(&input.positions, &app)?;
    if id == who.person.id && (positions != known.positions || input.disabled) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "person/own-positions",
            "不能变更自己的岗位或停用自己",
            "Nobody changes his own positions or disables himself; ask another administrator",
        ));
    }
    let name = input.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::bad(
            "请填写姓名或岗位名称（不超过 60 字）",
            "Give a name of at most 60 characters",
        ));
    }
    let person = Person {
        name,
        positions,
        disabled: input.disabled,
        ..known
    };
    let key = id.clone();
    app.write(move |w| {
        let org = person.positions.first().map(|p| p.org.clone());
        let at = w.now;
        if person.disabled {
            signin::end_sessions(w.tx.db, key.as_str(), None)?;
        }
        w.append(
            &Entry::new(
                stream::person(&key),
                Event::PersonChanged(person),
                Some(who.person.id.clone()),
                org,
                at,
            ),
            Some(expected),
        )?;
        Ok(())
    })
    .await?;
    Ok(Json(after(&app, &id).await?))
}

/// Gives a person a new one-time password; their sessions end.
#[utoipa::path(post, path = "/api/v1/people/{id}/password", params(("id" = String, Path)), responses((status = 200, body = OneTimePassword)))]
pub async fn reset_password(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<OneTimePassword>, Problem> {
    who.needs(Command::ManagePeople, &app)?;
    let id = PersonId::try_from(id).map_err(|_| Problem::missing())?;
    let known = app
        .world()
        .people
        .get(&id)
        .map(|(p, _)| p.clone())
        .ok_or_else(Problem::missing)?;
    let (password, hash) = one_time(&app).await?;
    app.write(move |w| {
        let org = known.positions.first().map(|p| p.org.clone());
        auth::set_password(
            w,
            &known.id,
            hash,
            true,
            Some(&who.person.id),
            org.as_ref(),
            None,
        )
    })
    .await?;
    Ok(Json(OneTimePassword {
        one_time_password: password,
    }))
}

/// A word with its meaning in both languages.
#[derive(Serialize, ToSchema)]
pub struct Word {
    id: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// The table of authority.
#[derive(Serialize, ToSchema)]
pub struct Authority {
    roles: Vec<Word>,
    commands: Vec<Word>,
    scopes: Vec<Word>,
    /// role → command → scope.
    table: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
}

/// The table of authority, as it is enforced.
#[utoipa::path(get, path = "/api/v1/authority", responses((status = 200, body = Authority)))]
pub async fn authority(_who: Who) -> Json<Authority> {
    let table = Role::ALL
        .iter()
        .map(|role| {
            (
                role.code(),
                Command::ALL
                    .iter()
                    .map(|c| (c.code(), authority::scope(*role, *c).code()))
                    .collect(),
            )
        })
        .collect();
    Json(Authority {
        roles: Role::ALL
            .iter()
            .map(|x| Word {
                id: x.code(),
                zh: x.zh(),
                en: x.en(),
            })
            .collect(),
        commands: Command::ALL
            .iter()
            .map(|x| Word {
                id: x.code(),
                zh: x.zh(),
                en: x.en(),
            })
            .collect(),
        scopes: Scope::ALL
            .iter()
            .map(|x| Word {
                id: x.code(),
                zh: x.zh(),
                en: x.en(),
            })
            .collect(),
        table,
    })
}
