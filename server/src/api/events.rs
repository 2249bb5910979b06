//! What happens, as it happens: server-sent events that can be taken up again where they broke off.

use crate::api::ledger::visible;
use crate::app::App;
use crate::auth::Who;
use crate::problem::Problem;
use crate::words;
use anlan_core::calendar::rfc3339;
use anlan_core::fact::Fact;
use anlan_store::facts;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _, stream};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::BroadcastStream;

/// Facts sent again to a page that comes back; a page that was away longer reloads.
const RESUME_MAX: u32 = 500;

fn event(fact: &Fact, who: &Who, app: &App) -> Option<Event> {
    if !visible(fact, &who.as_of_now(app)?, app) {
        return None;
    }
    let (zh, en) = words::sentence(
        &fact.event().ok()?,
        &fact.stream,
        fact.org.as_ref(),
        &app.world(),
        &app.book,
    );
    let data = serde_json::json!({
        "seq": fact.seq,
        "kind": fact.kind,
        "stream": fact.stream,
        "org": fact.org,
        "zh": zh,
        "en": en,
        "recorded": rfc3339(fact.recorded),
    });
    Some(
        Event::default()
            .id(fact.seq.to_string())
            .event("fact")
            .data(data.to_string()),
    )
}

/// Facts I may see, as they are committed. `Last-Event-ID` takes up where it broke off; `reset` says that too much
/// was missed and the page should read afresh.
#[utoipa::path(get, path = "/api/v1/events", responses((status = 200, content_type = "text/event-stream"), (status = 401, body = Problem)))]
pub async fn events(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // Subscribed first, read second: nothing falls between the two; what comes twice has the same id.
    let live = BroadcastStream::new(app.live.subscribe());
    let last = headers
        .get("last-event-id")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<u64>().ok());
    let missed = match last {
        Some(last) => {
            app.read(move |db| Ok(facts::from(db, last + 1, RESUME_MAX + 1)?))
                .await?
        }
        None => Vec::new(),
    };
    let tip = app.tip.load(std::sync::atomic::Ordering::Acquire);
    let reset = missed.len() > RESUME_MAX as usize;
    let first = if reset {
        Event::default().event("reset").data("{}")
    } else {
        Event::default()
            .event("hello")
            .data(format!("{{\"seq\":{tip}}}"))
    };
    let seen = missed.last().map(|fact| fact.seq);
    let before: Vec<Event> = if reset {
        Vec::new()
    } else {
        missed
            .iter()
            .filter_map(|fact| event(fact, &who, &app))
            .collect()
    };
    let following = live.filter_map(move |got| {
        let out = match got {
            Ok(fact) if seen.is_some_and(|seen| fact.seq <= seen) => None,
            Ok(fact) => event(&fact, &who, &app),
            // This page was too slow to follow: it reads afresh rather than miss something.
            Err(_) => Some(Event::default().event("reset").data("{}")),
        };
        std::future::ready(out)
    });
    let all = stream::iter(std::iter::once(first).chain(before))
        .chain(following)
        .map(Ok);
    Ok(Sse::new(all).keep_alive(
        KeepAlive::new()
            .interval(Duration::from_secs(15))
            .text("ping"),
    ))
}
