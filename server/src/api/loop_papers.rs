//! Official papers of loops as Word files.

use crate::api::loops::trace;
use crate::app::App;
use crate::auth::Who;
use crate::files::{DOCX, download};
use crate::loops::papers::{self, Source};
use crate::problem::{Problem, Query};
use anlan_core::calendar::{OFFSET, date_of};
use anlan_core::fact::Fact;
use anlan_core::loops::Loop;
use anlan_documents::official::trace::LedgerHead;
use anlan_documents::{Head, PaperError, official_docx};
use anlan_store::{facts, log, loops as stored};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// How it is numbered.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AskPaper {
    /// 发文字号; left open when nothing is said.
    number: Option<String>,
}

async fn with_story(app: &Arc<App>, who: &Who, id: String) -> Result<(Loop, Vec<Fact>), Problem> {
    let (world, reader) = (app.world(), who.actor.clone());
    app.read(move |db| {
        let it = stored::get(db, &id)?
            .filter(|it| it.may_read(&reader, &world.tree))
            .ok_or_else(Problem::missing)?;
        let story = facts::of_stream(db, &anlan_core::fact::stream::of_loop(&it.id))?;
        Ok((it, story))
    })
    .await
}

fn unprintable(error: PaperError) -> Problem {
    match error {
        PaperError::Missing { field } => Problem::bad(
            "内容不全，还不能生成该文书",
            &format!("The paper cannot do without `{field}`"),
        ),
        other => Problem::ours(other),
    }
}

/// An official paper of a loop, from what its facts say.
#[utoipa::path(get, path = "/api/v1/loops/{id}/papers/{paper}", params(("id" = String, Path), ("paper" = String, Path), AskPaper), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn loop_paper(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, paper)): Path<(String, String)>,
    Query(ask): Query<AskPaper>,
) -> Result<Response, Problem> {
    let (it, story) = with_story(&app, &who, id).await?;
    let world = app.world();
    let source = Source::new(&it, &story, &world, &app).ok_or_else(Problem::missing)?;
    let number = ask.number.map(|n| n.chars().take(60).collect());
    let (head, said) = source.paper(&paper, number)?;
    let bytes = official_docx(&head, &said).map_err(unprintable)?;
    let (zh, _) = papers::name(&paper);
    Ok(download(&format!("{zh} {}.docx", it.number), DOCX, bytes))
}

/// The responsibility trace-back (责任倒查报告) with references to its proofs.
#[utoipa::path(get, path = "/api/v1/loops/{id}/trace.docx", params(("id" = String, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), (status = 404, body = Problem)))]
pub async fn trace_paper(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (it, story) = with_story(&app, &who, id.clone()).await?;
    let traced = trace(&app, &who, &id).await?;
    let latest = app.read(|db| Ok(log::latest(db)?)).await?;
    let world = app.world();
    let ledger = latest
        .map(|(size, note, at)| LedgerHead {
            size,
            // The third line of a checkpoint is its root.
            root: note.lines().nth(2).unwrap_or_default().to_owned(),
            signed_at: Timestamp::from_microsecond(at).ok().map(|at| OFFSET.to_datetime(at)),
        })
        .unwrap_or_default();
    let office = who.org().and_then(|id| world.tree.get(id));
    let head = Head {
        office: office.map(|o| o.name.clone()).unwrap_or_default(),
        office_short: office.map(|o| o.short.clone()).unwrap_or_default(),
        number: None,
        date: date_of(app.now()),
        to: Vec::new(),
        copies_to: Vec::new(),
        contact: None,
        red_header: false,
        title: None,
    };
    let (head, said) = papers::trace(&traced, &it, &story, ledger, head, app.now());
    let bytes = official_docx(&head, &said).map_err(unprintable)?;
    Ok(download(&format!("责任倒查报告 {}.docx", it.number), DOCX, bytes))
}
