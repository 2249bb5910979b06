//! Bearer tokens for programs: what they may do is named, and they end.

use crate::app::App;
use crate::auth::{self, Who};
use crate::problem::{Json, Problem};
use crate::views::{Page, commands, instant};
use anlan_core::authority::Command;
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::TokenId;
use anlan_store::signin;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Longest life of a token, in days.
const DAYS_MAX: u32 = 366;

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenView {
    id: String,
    name: String,
    owner: String,
    commands: Vec<String>,
    created: String,
    expires: String,
    last_used: Option<String>,
}

fn view(token: &signin::Token, app: &App) -> TokenView {
    let world = app.world();
    let owner = world
        .people
        .values()
        .find(|(p, _)| p.id.as_str() == token.person)
        .map(|(p, _)| p.name.clone())
        .unwrap_or_default();
    TokenView {
        id: token.id.clone(),
        name: token.name.clone(),
        owner,
        commands: token.commands.clone(),
        created: instant(token.created),
        expires: instant(token.expires),
        last_used: token.last_used.map(instant),
    }
}

/// Tokens that were not revoked.
#[utoipa::path(get, path = "/api/v1/tokens", responses((status = 200, body = Page<TokenView>)))]
pub async fn list_tokens(
    State(app): State<Arc<App>>,
    who: Who,
) -> Result<Json<Page<TokenView>>, Problem> {
    who.needs(Command::ManageTokens, &app)?;
    let tokens = app.read(|db| Ok(signin::tokens(db)?)).await?;
    let items: Vec<TokenView> = tokens.iter().map(|token| view(token, &app)).collect();
    Ok(Json(Page {
        total: items.len() as u64,
        items,
        next: None,
    }))
}

/// A token to be issued.
#[derive(Deserialize, ToSchema)]
pub struct IssueToken {
    name: String,
    /// What it may do: no more than its owner may.
    commands: Vec<String>,
    /// For so many days.
    days: u32,
}

/// A token with its secret, shown once.
#[derive(Serialize, ToSchema)]
pub struct NewToken {
    token: TokenView,
    secret: String,
}

/// Issues a token in my name.
#[utoipa::path(post, path = "/api/v1/tokens", request_body = IssueToken, responses((status = 200, body = NewToken), (status = 422, body = Problem)))]
pub async fn issue_token(
    State(app): State<Arc<App>>,
    who: Who,
    Json(ask): Json<IssueToken>,
) -> Result<Json<NewToken>, Problem> {
    who.needs(Command::ManageTokens, &app)?;
    if who.session.is_none() {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "token/by-token",
            "令牌不能签发令牌",
            "A token cannot issue tokens; sign in to the portal",
        ));
    }
    let name = ask.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 60 || !(1..=DAYS_MAX).contains(&ask.days) {
        return Err(Problem::bad(
            "请填写名称和有效期（1–366 天）",
            "Give a name and 1 to 366 days",
        ));
    }
    let mine = commands(&who, &app.world());
    if ask.commands.is_empty() || ask.commands.iter().any(|c| !mine.contains(c)) {
        return Err(Problem::bad(
            "令牌权限不能超出本人权限",
            "A token may do no more than its owner: choose among your own commands",
        ));
    }
    let secret = format!("anlan_{}", app.secret());
    let hash = auth::hash_secret(&secret);
    let token = app
        .write(move |w| {
            let now = w.now.as_microsecond();
            let id = TokenId::make(w.now.as_millisecond() as u64, w.app.clock.chance());
            let token = signin::Token {
                id: id.to_string(),
                person: who.person.id.to_string(),
                name: name.clone(),
                commands: ask.commands.clone(),
                created: now,
                expires: now + i64::from(ask.days) * 86_400_000_000,
                last_used: None,
            };
            signin::put_token(w.tx.db, &token, &hash)?;
            let expires = Timestamp::from_microsecond(token.expires).map_err(Problem::ours)?;
            let event = Event::TokenIssued {
                id,
                name,
                commands: ask.commands,
                expires,
            };
            let at = w.now;
            w.append(
                &Entry::new(
                    stream::TOKENS.to_owned(),
                    event,
                    Some(who.person.id.clone()),
                    who.org().cloned(),
                    at,
                ),
                None,
            )?;
            Ok(token)
        })
        .await?;
    Ok(Json(NewToken {
        token: view(&token, &app),
        secret,
    }))
}

/// Revokes a token.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", params(("id" = String, Path)), responses((status = 204)))]
pub async fn revoke_token(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    who.needs(Command::ManageTokens, &app)?;
    let id = TokenId::try_from(id).map_err(|_| Problem::missing())?;
    app.write(move |w| {
        if !signin::revoke_token(w.tx.db, id.as_str())? {
            return Err(Problem::missing());
        }
        let at = w.now;
        w.append(
            &Entry::new(
                stream::TOKENS.to_owned(),
                Event::TokenRevoked { id },
                Some(who.person.id.clone()),
                who.org().cloned(),
                at,
            ),
            None,
        )?;
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
