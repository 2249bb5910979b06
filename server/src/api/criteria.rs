//! What makes a hazard a major one: the items of each trade's document, and the assistant that applies them.

use crate::app::App;
use crate::auth::Who;
use crate::problem::{Json, Problem, Query};
use anlan_core::authority::Command;
use anlan_core::calendar::date_of;
use anlan_core::criteria::{self, Answers, Item, Question, Verdict};
use axum::extract::{Path, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which criteria.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FindCriteria {
    /// Of this trade.
    sector: Option<String>,
    /// In force on this day; today when nothing is said.
    on: Option<String>,
}

/// A question of the assistant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskView {
    #[serde(flatten)]
    question: Question,
}

/// One item of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionView {
    id: String,
    zh: String,
    en: String,
    /// The document's title.
    doc: String,
    doc_en: String,
    doc_no: String,
    /// Where in the document.
    item: String,
    /// The heading it stands under.
    group_zh: Option<String>,
    group_en: Option<String>,
    /// Confirmed in the document itself.
    certain: bool,
    questions: Vec<AskView>,
}

fn view(item: &Item) -> CriterionView {
    CriterionView {
        id: item.id.clone(),
        zh: item.zh.clone(),
        en: item.en.clone(),
        doc: item.doc_zh.clone(),
        doc_en: item.doc_en.clone(),
        doc_no: item.doc_no.clone(),
        item: item.no.clone(),
        group_zh: item.group.as_ref().map(|g| g.zh.clone()),
        group_en: item.group.as_ref().map(|g| g.en.clone()),
        certain: item.certain,
        questions: item
            .questions
            .iter()
            .map(|question| AskView {
                question: question.clone(),
            })
            .collect(),
    }
}

/// Criteria of a trade that are in force on a day.
#[utoipa::path(get, path = "/api/v1/criteria", params(FindCriteria), responses((status = 200, body = Vec<CriterionView>)))]
pub async fn list_criteria(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<FindCriteria>,
) -> Result<Json<Vec<CriterionView>>, Problem> {
    who.needs(Command::ReadLoops, &app)?;
    let on = match ask.on.as_deref().filter(|on| !on.is_empty()) {
        None => date_of(app.now()),
        Some(on) => on
            .parse::<Date>()
            .map_err(|_| Problem::bad("日期格式不对", "Days are written 2026-11-24"))?,
    };
    let all = app
        .book
        .criteria
        .items
        .iter()
        .filter(|item| item.in_force(on));
    Ok(Json(
        match ask.sector.as_deref().filter(|s| !s.is_empty()) {
            Some(sector) => all
                .filter(|item| item.applies_to(sector))
                .map(view)
                .collect(),
            None => all.map(view).collect(),
        },
    ))
}

/// What has been answered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct JudgeCriterion {
    /// By question; what is not known is left out.
    #[serde(default)]
    answers: Answers,
}

/// What the assistant says.
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgeView {
    /// major, not-major, missing.
    verdict: &'static str,
    /// Questions whose answers can still change the outcome.
    missing: Vec<String>,
    /// What to ask next.
    next: Option<String>,
    /// Questions whose answers carry the outcome.
    grounds: Vec<String>,
    /// Document and number, as it is cited.
    citation: String,
}

/// Applies one item to what has been answered.
#[utoipa::path(post, path = "/api/v1/criteria/{id}/judge", params(("id" = String, Path)), request_body = JudgeCriterion, responses((status = 200, body = JudgeView), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn judge_criterion(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Json(ask): Json<JudgeCriterion>,
) -> Result<Json<JudgeView>, Problem> {
    who.needs(Command::ReadLoops, &app)?;
    let item = app.book.criteria.item(&id).ok_or_else(Problem::missing)?;
    let bad = |error: criteria::BadAnswer| {
        let mut problem = Problem::bad("回答与问题不符，请重新选择", &error.to_string());
        problem.field = error.question().map(str::to_owned);
        problem
    };
    let ids = |questions: Vec<&Question>| questions.into_iter().map(|q| q.id.clone()).collect();
    let (verdict, missing) = match criteria::judge(item, &ask.answers).map_err(bad)? {
        Verdict::Major => ("major", Vec::new()),
        Verdict::NotMajor => ("not-major", Vec::new()),
        Verdict::Missing(missing) => ("missing", missing),
    };
    Ok(Json(JudgeView {
        verdict,
        missing,
        next: criteria::next_question(item, &ask.answers)
            .map_err(bad)?
            .map(|q| q.id.clone()),
        grounds: ids(criteria::grounds(item, &ask.answers).map_err(bad)?),
        citation: item.citation(),
    }))
}
