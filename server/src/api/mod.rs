//! The HTTP API: one file a noun. Rules of the whole: plural nouns, JSON, RFC 3339 instants, RFC 9457 problems,
//! cursor paging, `Idempotency-Key` on writes, 409 for a stale version.

pub mod cockpit;
pub mod criteria;
pub mod duties;
pub mod events;
pub mod files;
pub mod inbox;
pub mod ledger;
pub mod loop_counts;
pub mod loop_near;
pub mod loop_papers;
pub mod loop_trace;
pub mod loops;
pub mod notices;
pub mod orgs;
pub mod papers;
pub mod people;
pub mod public;
pub mod rulebook;
pub mod search;
pub mod session;
pub mod things;
pub mod tokens;

use crate::app::App;
use crate::problem::Problem;
use axum::http::HeaderMap;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Rows of a page when nothing is said.
pub const LIMIT: u32 = 50;
/// Most rows of a page.
pub const LIMIT_MAX: u32 = 500;

/// The key under which an answer is remembered, if the client sent one.
///
/// # Errors
/// When the key is no key: 8 to 100 printable ASCII characters.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default();
    if !(8..=100).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Problem::bad(
            "请求编号不对",
            "Idempotency-Key must be 8 to 100 printable ASCII characters, such as a UUID",
        ));
    }
    Ok(Some(key.to_owned()))
}

/// Offset paging for short lists: the cursor is the number of rows before the page.
pub fn offset(cursor: Option<&str>) -> u64 {
    cursor.and_then(|c| c.parse().ok()).unwrap_or(0)
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Anlan 安澜",
    description = "The district's safety duties, from the notice to the evidence. Errors are RFC 9457 problem documents with a stable type, a Chinese title and an English detail.",
    license(name = "Apache-2.0")
))]
struct Doc;

/// All routes, with the document that describes them.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Doc::openapi())
        .routes(routes!(session::meta))
        .routes(routes!(session::sign_in, session::me, session::sign_out))
        .routes(routes!(session::change_password))
        .routes(routes!(
            session::begin_totp,
            session::confirm_totp,
            session::end_totp
        ))
        .routes(routes!(orgs::list_orgs, orgs::add_org))
        .routes(routes!(orgs::change_org))
        .routes(routes!(people::list_people, people::add_person))
        .routes(routes!(people::change_person))
        .routes(routes!(people::reset_password))
        .routes(routes!(people::authority))
        .routes(routes!(tokens::list_tokens, tokens::issue_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(rulebook::rulebook))
        .routes(routes!(rulebook::import_calendar))
        .routes(routes!(things::thing_kinds))
        .routes(routes!(things::list_things))
        .routes(routes!(things::get_thing))
        .routes(routes!(things::import_things))
        .routes(routes!(things::template))
        .routes(routes!(notices::list_notices, notices::upload_notice))
        .routes(routes!(notices::get_notice))
        .routes(routes!(notices::edit_notice))
        .routes(routes!(notices::plan_notice))
        .routes(routes!(notices::publish_notice))
        .routes(routes!(notices::withdraw_notice))
        .routes(routes!(notices::notice_articles))
        .routes(routes!(duties::list_duties))
        .routes(routes!(duties::summarise_duties))
        .routes(routes!(duties::export_duties))
        .routes(routes!(duties::bulk_duties))
        .routes(routes!(duties::get_duty))
        .routes(routes!(duties::command_duty))
        .routes(routes!(criteria::list_criteria))
        .routes(routes!(criteria::judge_criterion))
        .routes(routes!(loops::loop_kinds))
        .routes(routes!(loops::list_loops, loops::open_loop))
        .routes(routes!(loop_counts::summarise_loops))
        .routes(routes!(loop_counts::loop_trend))
        .routes(routes!(loop_counts::loop_map))
        .routes(routes!(loop_counts::export_loops))
        .routes(routes!(loops::bulk_loops))
        .routes(routes!(loops::get_loop))
        .routes(routes!(loops::command_loop))
        .routes(routes!(loop_trace::trace_loop))
        .routes(routes!(loop_papers::loop_paper))
        .routes(routes!(loop_papers::trace_paper))
        .routes(routes!(loop_near::be_present))
        .routes(routes!(loop_near::similar_loops))
        .routes(routes!(loop_near::look_reporter))
        .routes(routes!(public::public_challenge))
        .routes(routes!(public::public_form))
        .routes(routes!(public::public_upload))
        .routes(routes!(public::public_report))
        .routes(routes!(public::public_follow))
        .routes(routes!(public::public_exposures))
        .routes(routes!(public::public_photo))
        .routes(routes!(inbox::inbox))
        .routes(routes!(cockpit::cockpit))
        .routes(routes!(papers::draft_bulletin, papers::print_bulletin))
        .routes(routes!(papers::draft_letter))
        .routes(routes!(papers::print_letter))
        .routes(routes!(files::upload_file))
        .routes(routes!(files::get_file))
        .routes(routes!(ledger::status))
        .routes(routes!(ledger::list_facts))
        .routes(routes!(ledger::get_fact))
        .routes(routes!(ledger::prove_fact))
        .routes(routes!(ledger::consistency))
        .routes(routes!(ledger::verify))
        .routes(routes!(search::search))
        .routes(routes!(events::events))
}
