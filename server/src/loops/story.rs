//! The story of a loop: its facts in order, in words.

use crate::app::{App, World};
use crate::loops::views::{self, LoopFile, ValueView, values};
use crate::views::OrgRef;
use anlan_core::calendar::rfc3339;
use anlan_core::fact::{Event as Fact0, Fact};
use anlan_core::loops::spec::Field;
use anlan_core::loops::{Event, Link, Loop, Spec, Value};
use anlan_core::rulebook::Rulebook;
use serde::Serialize;
use utoipa::ToSchema;

/// A line of a loop's story.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StoryView {
    pub(super) fact: String,
    pub(super) seq: u64,
    pub(super) version: u64,
    pub(super) kind: String,
    #[serde(rename = "move")]
    pub(super) code: Option<String>,
    pub(super) zh: String,
    pub(super) en: String,
    pub(super) by: Option<String>,
    pub(super) by_name: String,
    pub(super) org: Option<OrgRef>,
    pub(super) happened: String,
    pub(super) recorded: String,
    /// Recorded so many minutes after it happened.
    pub(super) late_minutes: i64,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) values: Vec<ValueView>,
    pub(super) text: Option<String>,
    pub(super) files: Vec<LoopFile>,
    pub(super) sealed: bool,
}

/// What an event of a loop says: Chinese, English.
pub fn words(
    event: &Event,
    kind: Option<&Spec>,
    world: &World,
    book: &Rulebook,
) -> (String, String) {
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    let clock = |code: &String| {
        kind.and_then(|k| k.clock(code))
            .map_or((code.clone(), code.clone()), |c| {
                (c.zh.to_owned(), c.en.to_owned())
            })
    };
    match event {
        Event::Opened(opened) => {
            let name = kind.map_or(("事项", "Loop"), |k| (k.zh, k.en));
            let whose = world.org_ref(&opened.org).name;
            (
                format!(
                    "登记{}“{}”（{}，{}）",
                    name.0, opened.title, whose, opened.number
                ),
                format!(
                    "{} “{}” was opened ({}, {})",
                    name.1, opened.title, whose, opened.number
                ),
            )
        }
        Event::Moved(moved) => {
            let m = kind.and_then(|k| k.find(&moved.code));
            let (zh, en) = m.map_or((moved.code.as_str(), moved.code.as_str()), |m| (m.zh, m.en));
            let to = kind
                .and_then(|k| k.state(&moved.to))
                .filter(|_| moved.to != moved.from);
            match to {
                Some(state) => (
                    format!("{zh}，转为“{}”", state.zh),
                    format!("{en}: now {}", state.en),
                ),
                None => both(zh, en),
            }
        }
        Event::FellDue { clock: code, .. } => {
            let (zh, en) = clock(code);
            (format!("逾期：{zh}"), format!("Overdue: {en}"))
        }
        Event::Climbed {
            clock: code, step, ..
        } => {
            let (zh, en) = clock(code);
            let rung = book.ladder.iter().find(|s| s.id == *step);
            (
                format!(
                    "{zh}：启动“{}”",
                    rung.map_or(step.as_str(), |s| s.zh.as_str())
                ),
                format!("{en}: {}", rung.map_or(step.as_str(), |s| s.en.as_str())),
            )
        }
        Event::Commented { .. } => both("批注", "Comment"),
        Event::Linked(Link { id, how, .. }) => {
            let other = anlan_core::loops::kind_of(id.as_str())
                .map_or(("事项", "loop"), |k| (k.zh, k.en));
            match how.as_str() {
                "led-to" => (
                    format!("由此产生{}", other.0),
                    format!("Led to a {}", other.1),
                ),
                "from" => (
                    format!("来源于{}", other.0),
                    format!("Came of a {}", other.1),
                ),
                "same" => (
                    format!("与另一{}为同一事项", other.0),
                    format!("Same matter as a {}", other.1),
                ),
                _ => (
                    format!("关联{}", other.0),
                    format!("Linked to a {}", other.1),
                ),
            }
        }
        Event::Voided { .. } => both("作废", "Voided"),
        Event::Looked { .. } => both("查看举报人信息", "Looked at who reported"),
        Event::Watched { on: true } => both("关注", "Watches"),
        Event::Watched { on: false } => both("取消关注", "No longer watches"),
        Event::Noted {
            holds: true, text, ..
        } => (
            format!("规则成立：{text}"),
            format!("A rule applies: {text}"),
        ),
        Event::Noted {
            holds: false, text, ..
        } => (
            format!("规则不再成立：{text}"),
            format!("A rule no longer applies: {text}"),
        ),
    }
}

/// A line of the story; none for what is no fact of a loop.
pub fn line(fact: &Fact, it: &Loop, sealed: u64, app: &App) -> Option<StoryView> {
    let Ok(Fact0::Loop(event)) = fact.event() else {
        return None;
    };
    let (world, spec) = (app.world(), it.spec()?);
    let (zh, en) = words(&event, Some(spec), &world, &app.book);
    let (mut code, mut from, mut to, mut text, mut org) = (None, None, None, None, None);
    let mut shown = Vec::new();
    let mut attached = Vec::new();
    match &event {
        Event::Opened(opened) => {
            code = Some("open".to_owned());
            to = Some(opened.state.clone());
            org = opened.by_org.as_ref().map(|id| world.org_ref(id));
            shown = values(spec, spec.open.fields, &opened.values, &world, &app.book);
        }
        Event::Moved(moved) => {
            code = Some(moved.code.clone());
            from = Some(moved.from.clone());
            to = Some(moved.to.clone());
            org = moved.by_org.as_ref().map(|id| world.org_ref(id));
            let fields = spec.find(&moved.code).map_or(&[] as &[Field], |m| m.fields);
            shown = values(spec, fields, &moved.values, &world, &app.book);
        }
        Event::Commented { text: said, files } => {
            text = Some(said.clone());
            attached = views::files(&Value::Files(files.clone()));
        }
        Event::Voided { reason } | Event::Looked { reason, .. } => text = Some(reason.clone()),
        Event::Noted { text: said, .. } => text = Some(said.clone()),
        _ => {}
    }
    Some(StoryView {
        fact: fact.id.to_string(),
        seq: fact.seq,
        version: fact.version,
        kind: fact.kind.clone(),
        code,
        zh,
        en,
        by: fact.actor.as_ref().map(ToString::to_string),
        by_name: fact
            .actor
            .as_ref()
            .map_or_else(|| "系统".to_owned(), |id| world.person_ref(id).name),
        org,
        happened: rfc3339(fact.happened),
        recorded: rfc3339(fact.recorded),
        late_minutes: (fact.recorded.as_second() - fact.happened.as_second()) / 60,
        from,
        to,
        values: shown,
        text,
        files: attached,
        sealed: fact.seq < sealed,
    })
}
