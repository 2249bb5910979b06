//! Errors as RFC 9457 problem documents: a stable type, a Chinese title, an English detail, and what to do.

use anlan_store::StoreError;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Stable, such as `anlan:duty/own-work`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is wrong, in Chinese.
    pub title: String,
    /// What is wrong and what to do, in English.
    pub detail: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zh_detail: Option<String>,
    /// Seconds after which it may be tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The field that is at fault.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// Rows of an import that cannot be used.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rows: Vec<BadRow>,
}

/// A row of an import that cannot be used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BadRow {
    /// The row's number in the file, from 1.
    pub row: u32,
    /// The column's heading.
    pub column: Option<String>,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl Problem {
    /// A problem.
    pub fn new(status: StatusCode, kind: &str, title: &str, detail: &str) -> Self {
        Self {
            kind: format!("anlan:{kind}"),
            title: title.to_owned(),
            detail: detail.to_owned(),
            status: status.as_u16(),
            zh_detail: None,
            retry_after: None,
            field: None,
            rows: Vec::new(),
        }
    }

    /// Adds what to do, in Chinese.
    pub fn advise(mut self, zh: impl Into<String>) -> Self {
        self.zh_detail = Some(zh.into());
        self
    }

    /// Not there, or not to be seen: the two look the same from outside.
    pub fn missing() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "missing",
            "没有找到，或您无权查看",
            "There is no such thing, or you may not see it",
        )
    }

    /// The table of authority says no.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-permitted",
            "您的岗位没有这项权限",
            "Your position does not permit this",
        )
        .advise("如需办理，请联系本单位管理人员或区安委办")
    }

    /// The request is not of its shape.
    pub fn bad(title: &str, detail: &str) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-request",
            title,
            detail,
        )
    }

    /// A refusal of the field, with its own code and words.
    pub fn refusal(area: &str, (code, zh, en): (&str, &str, &str)) -> Self {
        let status = match code {
            "not-permitted" | "own-work" | "own-org" | "not-yours" => StatusCode::FORBIDDEN,
            "already-reviewed" | "cancelled" | "waived" | "not-waived" | "item-closed"
            | "fulfilled" => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, &format!("{area}/{code}"), zh, en)
    }

    /// Something of ours went wrong; the log has the cause.
    pub fn ours(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request could not be answered");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "failure",
            "系统未能完成，请稍后再试",
            "The system could not do this; try again later",
        )
        .advise("已填写的内容仍在本页；如反复出现请联系系统管理员")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale { .. } => Self::new(
                StatusCode::CONFLICT,
                "stale",
                "内容已被他人更新",
                "It was changed by somebody else meanwhile; reload and try again",
            )
            .advise("请刷新后再提交，您填写的内容不会丢失"),
            other => {
                let cause = std::error::Error::source(&other)
                    .map(|source| format!(": {source}"))
                    .unwrap_or_default();
                Self::ours(format!("{other}{cause}"))
            }
        }
    }
}

impl From<anlan_store::db::DbError> for Problem {
    fn from(error: anlan_store::db::DbError) -> Self {
        StoreError::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (
            status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            body,
        )
            .into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// JSON bodies whose faults are told as problems, not as plain text.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> axum::extract::FromRequest<S> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Json(value)),
            Err(rejection) => {
                let mut problem = Problem::bad("提交的内容格式不对", &rejection.body_text());
                problem.status = rejection.status().as_u16();
                Err(problem)
            }
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Query strings whose faults are told as problems.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> axum::extract::FromRequestParts<S>
    for Query<T>
{
    type Rejection = Problem;
    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &S,
    ) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(rejection) => {
                let mut problem = Problem::bad("查询条件不对", &rejection.body_text());
                problem.status = StatusCode::BAD_REQUEST.as_u16();
                Err(problem)
            }
        }
    }
}
