//! Official papers of loops as Word files.

use crate::api::loop_trace::{Trace, trace};
use crate::app::App;
use crate::auth::Who;
use crate::files::{DOCX, download};
use crate::loops::papers::{self, Source, civil, lines};
use crate::problem::{Problem, Query};
use anlan_core::calendar::{OFFSET, date_of};
use anlan_core::fact::Fact;
use anlan_core::loops::{Loop, Read as _};
use anlan_documents::official::trace::{Asked, Did, FactProof, Knew, LedgerHead};
use anlan_documents::official::{self, Official};
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
    let told = trace(&app, &who, &id).await?;
    let latest = app.read(|db| Ok(log::latest(db)?)).await?;
    let world = app.world();
    let ledger = latest
        .map(|(size, note, at)| LedgerHead {
            size,
            // The third line of a checkpoint is its root.
            root: note.lines().nth(2).unwrap_or_default().to_owned(),
            signed_at: Timestamp::from_microsecond(at)
                .ok()
                .map(|at| OFFSET.to_datetime(at)),
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
    let (head, said) = traced(&told, &it, &story, ledger, head, app.now());
    let bytes = official_docx(&head, &said).map_err(unprintable)?;
    Ok(download(
        &format!("责任倒查报告 {}.docx", it.number),
        DOCX,
        bytes,
    ))
}

/// The trace-back of a loop as a paper.
fn traced(
    trace: &Trace,
    it: &Loop,
    facts: &[Fact],
    ledger: LedgerHead,
    office: Head,
    now: Timestamp,
) -> (Head, Official) {
    let at = |text: &str| text.parse::<Timestamp>().ok().map(civil);
    let org = |org: &Option<crate::views::OrgRef>| {
        org.as_ref().map_or_else(String::new, |o| o.name.clone())
    };
    let state = it
        .spec()
        .and_then(|s| s.state(&it.state))
        .map_or("", |s| s.zh);
    let paper = official::TraceBack {
        name: it.title.clone(),
        number: it.number.clone(),
        kind: it.spec().map_or("", |s| s.zh).to_owned(),
        state: if it.voided.is_some() {
            "已作废".into()
        } else {
            state.to_owned()
        },
        as_of: civil(now),
        summary: lines(it.values.text("what")),
        knew: trace
            .knew
            .iter()
            .map(|line| Knew {
                who: if line.org.is_some() {
                    org(&line.org)
                } else {
                    line.who.clone()
                },
                what: line.what_zh.clone(),
                at: at(&line.at),
                how: "台账记录".into(),
                facts: vec![line.fact.clone()],
            })
            .collect(),
        asked: trace
            .asked
            .iter()
            .map(|rule| Asked {
                who: org(&rule.org),
                rule: rule.rule.clone(),
                text: rule.clock_zh.clone(),
                from: at(&rule.from),
                due: at(&rule.due),
                did: rule
                    .met
                    .iter()
                    .map(|met| Did {
                        what: rule.clock_zh.clone(),
                        at: at(met),
                        facts: Vec::new(),
                    })
                    .collect(),
            })
            .collect(),
        facts: facts
            .iter()
            .map(|fact| FactProof {
                id: fact.id.to_string(),
                kind: fact.kind.clone(),
                at: Some(civil(fact.recorded)),
                position: Some(fact.seq),
                hash: hex::encode(anlan_store::log::entry(fact)),
            })
            .collect(),
        ledger,
        gaps: trace
            .asked
            .iter()
            .filter(|rule| rule.late)
            .map(|rule| {
                format!(
                    "{}：{}（{}）",
                    org(&rule.org),
                    rule.clock_zh,
                    rule.consequence_zh
                )
            })
            .collect(),
    };
    (office, Official::TraceBack(paper))
}
