//! Responsibility trace-back (责任倒查): who knew what when, what the rule asked of each, what each did.

use crate::api::loops::now;
use crate::app::App;
use crate::auth::Who;
use crate::loops::views::{self, LoopRow};
use crate::problem::{Json, Problem};
use crate::views::OrgRef;
use anlan_core::calendar::rfc3339;
use anlan_core::loops;
use anlan_store::{facts, loops as stored};
use axum::extract::{Path, State};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Something that somebody knew or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceLine {
    pub(crate) at: String,
    pub(crate) recorded: String,
    pub(crate) late_minutes: i64,
    pub(crate) who: String,
    pub(crate) org: Option<OrgRef>,
    pub(crate) what_zh: String,
    pub(crate) what_en: String,
    pub(crate) fact: String,
    pub(crate) seq: u64,
}

/// What a rule asked, and whether it was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceRule {
    pub(crate) clock_zh: String,
    pub(crate) clock_en: String,
    pub(crate) org: Option<OrgRef>,
    pub(crate) rule: String,
    pub(crate) certain: bool,
    pub(crate) from: String,
    pub(crate) due: String,
    pub(crate) met: Option<String>,
    pub(crate) late: bool,
    pub(crate) stopped: bool,
    pub(crate) consequence_zh: String,
    pub(crate) consequence_en: String,
}

/// Responsibility trace-back (责任倒查).
#[derive(Debug, Serialize, ToSchema)]
pub struct Trace {
    #[serde(rename = "loop")]
    pub(crate) row: LoopRow,
    /// Who knew what, when.
    pub(crate) knew: Vec<TraceLine>,
    /// What the rule asked of each.
    pub(crate) asked: Vec<TraceRule>,
    /// What each did.
    pub(crate) did: Vec<TraceLine>,
}

/// Who knew what when, what the rule asked of each, what each did.
#[utoipa::path(get, path = "/api/v1/loops/{id}/trace", params(("id" = String, Path)), responses((status = 200, body = Trace), (status = 404, body = Problem)))]
pub async fn trace_loop(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Trace>, Problem> {
    Ok(Json(trace(&app, &who, &id).await?))
}

/// Works out the trace-back of a loop.
///
/// # Errors
/// When it is not there, or not his to see.
pub async fn trace(app: &Arc<App>, who: &Who, id: &str) -> Result<Trace, Problem> {
    let (key, at, world) = (id.to_owned(), now(app), app.world());
    let reader = who.actor.clone();
    let tree = app.world();
    let (it, story) = app
        .read(move |db| {
            let it = stored::get(db, &key)?
                .filter(|it| it.may_read(&reader, &tree.tree))
                .ok_or_else(Problem::missing)?;
            let story = facts::of_stream(db, &anlan_core::fact::stream::of_loop(&it.id))?;
            Ok((it, story))
        })
        .await?;
    let spec = it.spec();
    let (mut knew, mut did) = (Vec::new(), Vec::new());
    for fact in &story {
        let Ok(anlan_core::fact::Event::Loop(event)) = fact.event() else {
            continue;
        };
        let (what_zh, what_en) = crate::loops::story::words(&event, spec, &world, &app.book);
        let by_org = match &event {
            loops::Event::Opened(opened) => opened.by_org.clone(),
            loops::Event::Moved(moved) => moved.by_org.clone(),
            _ => fact
                .actor
                .as_ref()
                .and_then(|id| world.people.get(id))
                .and_then(|(person, _)| person.positions.first())
                .map(|position| position.org.clone()),
        };
        let line = |org: Option<OrgRef>, zh: String, en: String| TraceLine {
            at: rfc3339(fact.happened),
            recorded: rfc3339(fact.recorded),
            late_minutes: (fact.recorded.as_second() - fact.happened.as_second()) / 60,
            who: fact
                .actor
                .as_ref()
                .map_or_else(|| "系统".into(), |id| world.person_ref(id).name),
            org,
            what_zh: zh,
            what_en: en,
            fact: fact.id.to_string(),
            seq: fact.seq,
        };
        let own = by_org.as_ref().map(|id| world.org_ref(id));
        did.push(line(own.clone(), what_zh.clone(), what_en.clone()));
        // Whoever writes something down knows it; whoever it is handed to knows it from then on.
        match &event {
            loops::Event::Opened(opened) => {
                knew.push(line(
                    own,
                    format!("发现并登记：{}", opened.title),
                    format!("Found: {}", opened.title),
                ));
                for org in opened
                    .parties
                    .values()
                    .filter(|org| Some(*org) != by_org.as_ref())
                {
                    knew.push(line(
                        Some(world.org_ref(org)),
                        format!("收到：{}", opened.title),
                        format!("Received: {}", opened.title),
                    ));
                }
            }
            loops::Event::Moved(moved) => {
                let turn = spec.and_then(|s| s.state(&moved.to)).and_then(|s| s.turn);
                let next = turn.and_then(|(party, _)| it.party(party));
                if let Some(org) = next.filter(|org| Some(*org) != by_org.as_ref()) {
                    knew.push(line(
                        Some(world.org_ref(org)),
                        format!("收到：{what_zh}"),
                        format!("Received: {what_en}"),
                    ));
                }
            }
            loops::Event::FellDue { clock, .. } | loops::Event::Climbed { clock, .. } => {
                let party = spec.and_then(|s| s.clock(clock)).map(|c| c.party);
                if let Some(org) = party.and_then(|p| it.party(p)) {
                    knew.push(line(
                        Some(world.org_ref(org)),
                        format!("系统提示：{what_zh}"),
                        what_en,
                    ));
                }
            }
            _ => {}
        }
    }
    let when = Timestamp::from_microsecond(at.now).unwrap_or_default();
    let asked = it
        .clocks
        .iter()
        .map(|running| {
            let clock = spec.and_then(|s| s.clock(&running.code));
            let late = running.late(when);
            let rung = running
                .step
                .as_ref()
                .and_then(|id| app.book.ladder.iter().find(|s| s.id == *id));
            let (consequence_zh, consequence_en) = match (running.fell, rung) {
                (_, Some(step)) if late => (
                    format!("逾期，已启动“{}”", step.zh),
                    format!("Overdue; {}", step.en),
                ),
                (true, _) => (
                    "逾期，已记入台账".to_owned(),
                    "Overdue, and recorded".to_owned(),
                ),
                _ if late => ("超过时限完成".to_owned(), "Done late".to_owned()),
                _ => (String::new(), String::new()),
            };
            TraceRule {
                clock_zh: clock.map_or("", |c| c.zh).into(),
                clock_en: clock.map_or("", |c| c.en).into(),
                org: clock
                    .and_then(|c| it.party(c.party))
                    .map(|id| world.org_ref(id)),
                rule: running.rule.clone(),
                certain: running.certain,
                from: rfc3339(running.set),
                due: rfc3339(running.due),
                met: running.met.map(rfc3339),
                late,
                stopped: running.stopped,
                consequence_zh,
                consequence_en,
            }
        })
        .collect();
    Ok(Trace {
        row: views::row(&it, who, &world, at),
        knew,
        asked,
        did,
    })
}
