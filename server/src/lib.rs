//! HTTP API, live pages, sign-in, the clock's walk, documents out. No rule of the field lives here: what may be done
//! and what follows is decided in `anlan-core`; this crate carries questions in and answers out.

pub mod api;
pub mod app;
pub mod auth;
pub mod clock;
pub mod demo;
pub mod files;
pub mod import;
pub mod live;
pub mod loops;
pub mod portal;
pub mod problem;
pub mod sealed;
pub mod story;
pub mod views;
pub mod words;

use app::App;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{
    CompressionLayer, Predicate as _,
    predicate::{NotForContentType, SizeAbove},
};
use tower_http::timeout::TimeoutLayer;

/// Largest body that is not an upload, in bytes.
const BODY_MAX: usize = 2 * 1024 * 1024;
/// Largest body of an upload, in bytes: a notice or an attachment, with room for the form around it.
const UPLOAD_MAX: usize = 66 * 1024 * 1024;
/// Longest time for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api::routes().split_for_parts().1
}

/// The router over an application.
pub fn router(app: Arc<App>) -> Router {
    let (routes, openapi) = api::routes().split_for_parts();
    let document = Arc::new(openapi);
    let json = Arc::clone(&document);
    // Uploads are bounded by their own handlers, chunk by chunk; everything else here.
    let api = routes
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(axum::middleware::from_fn(upload_limit))
        .layer(
            CompressionLayer::new().compress_when(
                SizeAbove::new(1_024)
                    .and(NotForContentType::SSE)
                    .and(NotForContentType::IMAGES)
                    .and(NotForContentType::const_new(
                        "application/vnd.openxmlformats",
                    )),
            ),
        );
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route(
            "/api/openapi.json",
            get(move || async move { Json(json.as_ref().clone()) }),
        )
        .route("/checkpoint", get(api::ledger::checkpoint))
        .route("/tile/{level}/{*rest}", get(api::ledger::tile))
        .merge(api)
        .fallback(portal::serve)
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                problem::Problem::ours("a handler panicked").into_response()
            },
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_WITHIN,
        ))
        .with_state(app)
}

/// Lets the upload paths take larger bodies.
async fn upload_limit(
    mut request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    let path = request.uri().path();
    if matches!(
        path,
        "/api/v1/notices"
            | "/api/v1/attachments"
            | "/api/v1/public/attachments"
            | "/api/v1/things/import"
    ) {
        DefaultBodyLimit::max(UPLOAD_MAX).apply(&mut request);
    }
    next.run(request).await
}

async fn ready(State(app): State<Arc<App>>) -> impl IntoResponse {
    match app.read(|db| Ok(anlan_store::facts::count(db)?)).await {
        Ok(facts) => (StatusCode::OK, format!("ready, {facts} facts\n")),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n".to_owned(),
        ),
    }
}

async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    let (facts, sealed) = app
        .read(|db| {
            Ok((
                anlan_store::facts::count(db)?,
                anlan_store::log::latest(db)?.map_or(0, |(size, _, _)| size),
            ))
        })
        .await
        .unwrap_or_default();
    let listening = app.live.receiver_count();
    let text = format!(
        "# HELP anlan_ledger_facts_total Facts in the ledger.\n# TYPE anlan_ledger_facts_total counter\nanlan_ledger_facts_total {facts}\n\
         # HELP anlan_ledger_sealed_total Facts under a signed checkpoint.\n# TYPE anlan_ledger_sealed_total counter\nanlan_ledger_sealed_total {sealed}\n\
         # HELP anlan_live_pages Pages that listen.\n# TYPE anlan_live_pages gauge\nanlan_live_pages {listening}\n"
    );
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
}

/// Starts what follows the ledger and the clock.
pub fn start(app: &Arc<App>) {
    tokio::spawn(live::follow(app.clone()));
    tokio::spawn(live::seal(app.clone()));
    tokio::spawn(live::clock(app.clone()));
    tokio::spawn(live::sweep(app.clone()));
}
