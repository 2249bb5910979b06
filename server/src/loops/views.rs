//! What the API shows of loops. Names of fields are the contract with the portal.

use crate::app::{App, World};
use crate::auth::Who;
use crate::loops::forms::{self, LoopAction, LoopRefusal};
use crate::loops::story::{self, StoryView};
use crate::views::OrgRef;
use anlan_core::authority::Command as May;
use anlan_core::calendar::{OFFSET, rfc3339};
use anlan_core::fact::Fact;
use anlan_core::loops::field::Values;
use anlan_core::loops::spec::{Field, Kind};
use anlan_core::loops::{Loop, Party, Refusal, Running, Spec, Stage, Value, spec};
use anlan_core::rulebook::Rulebook;
use anlan_store::loops::Now;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Whose move it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TurnView {
    org: OrgRef,
    zh: String,
    en: String,
}

/// A loop in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoopRow {
    id: String,
    kind: String,
    kind_zh: String,
    kind_en: String,
    number: String,
    title: String,
    state: String,
    state_zh: String,
    state_en: String,
    stage: Stage,
    grade: Option<String>,
    grade_zh: String,
    grade_en: String,
    /// What sort, where its kind knows sorts: the type of an accident.
    #[serde(rename = "type")]
    sort: Option<String>,
    type_zh: String,
    org: OrgRef,
    town: Option<OrgRef>,
    handler: Option<OrgRef>,
    sector: Option<String>,
    place: Option<anlan_core::org::Place>,
    address: String,
    happened: String,
    opened: String,
    closed: Option<String>,
    due: Option<String>,
    /// What must be done by then.
    due_zh: String,
    due_en: String,
    /// overdue, due-soon, in-time, none, closed, ended, voided.
    light: String,
    turn: Option<TurnView>,
    /// It is my move.
    mine: bool,
    comments: u32,
    /// A picture of it.
    photo: Option<String>,
    voided: bool,
    version: u64,
}

/// The light of a loop.
pub fn light(it: &Loop, at: Now) -> &'static str {
    if it.voided.is_some() {
        return "voided";
    }
    match it.stage() {
        Stage::Closed => "closed",
        Stage::Ended => "ended",
        Stage::Open => match it.next_due().map(|c| c.due.as_microsecond()) {
            None => "none",
            Some(due) if due < at.now => "overdue",
            Some(due) if due <= at.soon => "due-soon",
            Some(_) => "in-time",
        },
    }
}

/// A loop in a list.
pub fn row(it: &Loop, who: &Who, world: &World, at: Now) -> LoopRow {
    let spec = it.spec();
    let state = spec.and_then(|s| s.state(&it.state));
    let grade = it
        .grade
        .as_ref()
        .and_then(|g| spec?.grades.iter().find(|w| w.code == *g));
    let open = it.stage() == Stage::Open;
    let due = it.next_due().filter(|_| open);
    let clock = due.and_then(|d| spec?.clock(&d.code));
    let turn = it.turn();
    let state_words = if it.voided.is_some() {
        ("已作废", "Voided")
    } else {
        state.map_or(("", ""), |s| (s.zh, s.en))
    };
    LoopRow {
        id: it.id.to_string(),
        kind: it.kind.clone(),
        kind_zh: spec.map_or("", |s| s.zh).into(),
        kind_en: spec.map_or("", |s| s.en).into(),
        number: it.number.clone(),
        title: it.title.clone(),
        state: it.state.clone(),
        state_zh: state_words.0.into(),
        state_en: state_words.1.into(),
        stage: it.stage(),
        grade: it.grade.clone(),
        grade_zh: grade.map_or("", |w| w.zh).into(),
        grade_en: grade.map_or("", |w| w.en).into(),
        sort: it.values.get("type").and_then(Value::text).map(Into::into),
        type_zh: String::new(),
        org: world.org_ref(&it.org),
        town: it.town.as_ref().map(|id| world.org_ref(id)),
        handler: it.party(Party::Handler).map(|id| world.org_ref(id)),
        sector: it.sector.clone(),
        place: it.place,
        address: it.address.clone(),
        happened: rfc3339(it.happened),
        opened: rfc3339(it.opened),
        closed: it.closed.map(rfc3339),
        due: due.map(|d| rfc3339(d.due)),
        due_zh: clock.map_or("", |c| c.zh).into(),
        due_en: clock.map_or("", |c| c.en).into(),
        light: light(it, at).into(),
        mine: turn.is_some_and(|(org, may)| mine(who, org, may, world)),
        turn: turn.map(|(org, _)| {
            let party = state.and_then(|s| s.turn).map(|(p, _)| p.words());
            TurnView {
                org: world.org_ref(org),
                zh: party.map_or("", |w| w.0).into(),
                en: party.map_or("", |w| w.1).into(),
            }
        }),
        comments: it.comments,
        photo: it
            .values
            .values()
            .flat_map(Value::files)
            .find(|shot| shot.file.media_type.starts_with("image/"))
            .map(|shot| shot.file.sha256.clone()),
        voided: it.voided.is_some(),
        version: it.version,
    }
}

/// Is it the move of an org at which somebody holds what it takes?
fn mine(who: &Who, org: &anlan_core::id::OrgId, may: May, world: &World) -> bool {
    who.actor.positions.iter().any(|p| p.org == *org) && who.actor.may(may, org, &world.tree)
}

/// A file, with what its picture says of itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoopFile {
    sha256: String,
    name: String,
    size: u64,
    media_type: String,
    taken: Option<String>,
    metres_off: Option<u32>,
    minutes_off: Option<i64>,
}

/// A cell of a table within a loop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CellView {
    code: String,
    zh: String,
    en: String,
    text: String,
    text_en: String,
    files: Vec<LoopFile>,
}

/// A value with its words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ValueView {
    code: String,
    zh: String,
    en: String,
    kind: String,
    /// As Chinese pages show it.
    text: String,
    text_en: String,
    files: Vec<LoopFile>,
    rows: Option<Vec<Vec<CellView>>>,
    /// As it was sent.
    #[schema(value_type = Object)]
    raw: serde_json::Value,
}

/// Minutes and seconds are not shown to people.
fn minute(at: Timestamp) -> String {
    OFFSET
        .to_datetime(at)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

fn number(n: f64, unit: &str) -> String {
    if unit == "元" && n >= 10_000.0 {
        let wan = n / 10_000.0;
        return format!("{} 万元", trim(wan));
    }
    format!("{} {unit}", trim(n)).trim().to_owned()
}

fn trim(n: f64) -> String {
    let text = format!("{n:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A value as people read it: Chinese, English.
fn said(
    spec: &Spec,
    field: Option<&Field>,
    value: &Value,
    world: &World,
    book: &Rulebook,
) -> (String, String) {
    let both = |text: String| (text.clone(), text);
    let word = |words: &[anlan_core::loops::Word], code: &str| {
        words
            .iter()
            .find(|w| w.code == code)
            .map_or_else(|| both(code.to_owned()), |w| (w.zh.into(), w.en.into()))
    };
    let _ = spec;
    match (field.map(|f| f.kind), value) {
        (Some(Kind::Number { unit, .. }), Value::Number(n)) => both(number(*n, unit)),
        (Some(Kind::Choice(words)), Value::Text(code)) => word(words, code),
        (Some(Kind::Many(words)), Value::Many(codes)) => {
            let all: Vec<(String, String)> = codes.iter().map(|c| word(words, c)).collect();
            (
                all.iter()
                    .map(|(zh, _)| zh.as_str())
                    .collect::<Vec<_>>()
                    .join("、"),
                all.iter()
                    .map(|(_, en)| en.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            )
        }
        (Some(Kind::Table(table)), Value::Text(code)) => book
            .table(table)
            .into_iter()
            .find(|w| w.code == *code)
            .map_or_else(
                || both(code.clone()),
                |w| {
                    let en = if w.en.is_empty() {
                        w.zh.clone()
                    } else {
                        w.en.clone()
                    };
                    (w.zh.clone(), en)
                },
            ),
        (Some(Kind::Org(_)), Value::Text(id)) => both(
            anlan_core::id::OrgId::try_from(id.as_str())
                .map_or_else(|_| id.clone(), |id| world.org_ref(&id).name),
        ),
        (Some(Kind::Instant), Value::Text(text)) => both(
            text.parse::<Timestamp>()
                .map_or_else(|_| text.clone(), minute),
        ),
        (_, Value::Flag(yes)) => {
            if *yes {
                ("是".into(), "Yes".into())
            } else {
                ("否".into(), "No".into())
            }
        }
        (_, Value::Number(n)) => both(trim(*n)),
        (_, Value::Text(text)) => both(text.clone()),
        (_, Value::Place(p)) => both(format!("{:.6}, {:.6}", p.lon, p.lat)),
        (_, Value::Files(files)) => (
            format!("{} 个文件", files.len()),
            format!("{} files", files.len()),
        ),
        (_, Value::Many(items)) => both(items.join("、")),
        (_, Value::Rows(rows)) => (format!("{} 行", rows.len()), format!("{} rows", rows.len())),
    }
}

/// A value as Chinese papers show it.
pub fn text(spec: &Spec, code: &str, value: &Value, world: &World, book: &Rulebook) -> String {
    said(spec, spec.field(code), value, world, book).0
}

pub(super) fn files(value: &Value) -> Vec<LoopFile> {
    value
        .files()
        .into_iter()
        .map(|shot| LoopFile {
            sha256: shot.file.sha256.clone(),
            name: shot.file.name.clone(),
            size: shot.file.size,
            media_type: shot.file.media_type.clone(),
            taken: shot.taken.map(rfc3339),
            metres_off: shot.metres_off,
            minutes_off: shot.minutes_off,
        })
        .collect()
}

/// Values in the order of the form they came from, with their words.
pub fn values(
    spec: &Spec,
    fields: &[Field],
    values: &Values,
    world: &World,
    book: &Rulebook,
) -> Vec<ValueView> {
    let at = |code: &str| {
        fields
            .iter()
            .position(|f| f.code == code)
            .unwrap_or(usize::MAX)
    };
    let mut codes: Vec<&String> = values.keys().collect();
    codes.sort_by_key(|code| (at(code), (*code).clone()));
    codes
        .into_iter()
        .filter_map(|code| {
            let value = values.get(code)?;
            let field = fields
                .iter()
                .find(|f| f.code == *code)
                .or_else(|| spec.field(code));
            let (text, text_en) = said(spec, field, value, world, book);
            let rows = match (value, field.map(|f| f.kind)) {
                (Value::Rows(rows), Some(Kind::Rows(fields))) => Some(
                    rows.iter()
                        .map(|row| {
                            fields
                                .iter()
                                .map(|f| {
                                    let value = row.get(f.code);
                                    let (text, text_en) = value
                                        .map(|v| said(spec, Some(f), v, world, book))
                                        .unwrap_or_default();
                                    CellView {
                                        code: f.code.into(),
                                        zh: f.zh.into(),
                                        en: f.en.into(),
                                        text,
                                        text_en,
                                        files: value.map(files).unwrap_or_default(),
                                    }
                                })
                                .collect()
                        })
                        .collect(),
                ),
                _ => None,
            };
            // What no form asks for was worked out: pages that know it read it raw, others leave it out.
            let (zh, en) = field.map_or(("", ""), |f| (f.zh, f.en));
            Some(ValueView {
                code: code.clone(),
                zh: zh.into(),
                en: en.into(),
                kind: field
                    .map_or("derived", |f| forms::field(f, book).kind())
                    .into(),
                text,
                text_en,
                files: files(value),
                rows,
                raw: serde_json::to_value(value).unwrap_or_default(),
            })
        })
        .collect()
}

/// A party of a loop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartyView {
    party: Party,
    zh: String,
    en: String,
    org: OrgRef,
}

/// A step of the progress line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgressStep {
    state: String,
    zh: String,
    en: String,
    at: Option<String>,
    by: Option<String>,
    org: Option<OrgRef>,
    now: bool,
}

/// A clock of a loop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClockView {
    code: String,
    zh: String,
    en: String,
    party: Option<Party>,
    org: Option<OrgRef>,
    set: String,
    due: String,
    rule: String,
    certain: bool,
    met: Option<String>,
    late: bool,
    fell: bool,
    stopped: bool,
    step: Option<String>,
    step_zh: String,
    step_en: String,
}

/// A clock of a loop.
pub fn clock(running: &Running, it: &Loop, app: &App, now: Timestamp) -> ClockView {
    let clock = it.spec().and_then(|spec| spec.clock(&running.code));
    let world = app.world();
    let step = running
        .step
        .as_ref()
        .and_then(|id| app.book.ladder.iter().find(|s| s.id == *id));
    ClockView {
        code: running.code.clone(),
        zh: clock.map_or("", |c| c.zh).into(),
        en: clock.map_or("", |c| c.en).into(),
        party: clock.map(|c| c.party),
        org: clock
            .and_then(|c| it.party(c.party))
            .map(|id| world.org_ref(id)),
        set: rfc3339(running.set),
        due: rfc3339(running.due),
        rule: running.rule.clone(),
        certain: running.certain,
        met: running.met.map(rfc3339),
        late: running.late(now),
        fell: running.fell,
        stopped: running.stopped,
        step: running.step.clone(),
        step_zh: step.map_or("", |s| s.zh.as_str()).into(),
        step_en: step.map_or("", |s| s.en.as_str()).into(),
    }
}

/// A loop linked to this one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkView {
    id: String,
    how: String,
    how_zh: String,
    how_en: String,
    why: String,
    kind: String,
    kind_zh: String,
    kind_en: String,
    number: String,
    title: String,
    state_zh: String,
    state_en: String,
}

/// May something be done, and if not, why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MayView {
    allowed: bool,
    refusal: Option<LoopRefusal>,
}

impl From<Result<(), Refusal>> for MayView {
    fn from(result: Result<(), Refusal>) -> Self {
        Self {
            allowed: result.is_ok(),
            refusal: result.err().map(LoopRefusal::from),
        }
    }
}

/// A rule that holds for a loop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoteView {
    rule: String,
    text: String,
}

/// A loop with its story and what may be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoopView {
    #[serde(flatten)]
    row: LoopRow,
    values: Vec<ValueView>,
    parties: Vec<PartyView>,
    progress: Vec<ProgressStep>,
    clocks: Vec<ClockView>,
    actions: Vec<LoopAction>,
    may_comment: bool,
    may_void: MayView,
    may_look: bool,
    watching: bool,
    story: Vec<StoryView>,
    links: Vec<LinkView>,
    notes: Vec<NoteView>,
    /// Papers that can be printed now.
    papers: Vec<PaperView>,
}

/// A paper that can be printed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaperView {
    code: String,
    zh: String,
    en: String,
}

/// The states a loop has gone through, and those that the usual way still has before it.
fn progress(it: &Loop, story: &[StoryView], spec: &Spec) -> Vec<ProgressStep> {
    let mut out: Vec<ProgressStep> = Vec::new();
    let step = |code: &str, line: Option<&StoryView>, now: bool| {
        let state = spec.state(code);
        ProgressStep {
            state: code.into(),
            zh: state.map_or("", |s| s.zh).into(),
            en: state.map_or("", |s| s.en).into(),
            at: line.map(|l| l.happened.clone()),
            by: line.map(|l| l.by_name.clone()),
            org: line.and_then(|l| l.org.clone()),
            now,
        }
    };
    for line in story {
        let Some(to) = line.to.as_deref() else {
            continue;
        };
        if out.last().is_some_and(|last| last.state == to) {
            continue;
        }
        // Sent back: what was reached before is behind again.
        if let Some(at) = out.iter().position(|s| s.state == to) {
            out.truncate(at);
        }
        out.push(step(to, Some(line), false));
    }
    if let Some(last) = out.last_mut() {
        last.now = true;
    }
    if it.stage() == Stage::Open {
        let passed = out.last().map_or("", |s| s.state.as_str()).to_owned();
        let at = spec
            .states
            .iter()
            .position(|s| s.code == passed)
            .unwrap_or(0);
        for state in spec
            .states
            .iter()
            .skip(at + 1)
            .filter(|s| s.stage != Stage::Ended)
        {
            if !out.iter().any(|s| s.state == state.code) {
                out.push(step(state.code, None, false));
            }
        }
    }
    out
}

/// A loop as somebody sees it. `linked` are the loops it is linked to, as far as he may see them.
pub fn view(
    it: &Loop,
    facts: &[Fact],
    linked: &[Loop],
    who: &Who,
    app: &App,
    sealed: u64,
    at: Now,
) -> Option<LoopView> {
    let world = app.world();
    let spec = it.spec()?;
    let story: Vec<StoryView> = facts
        .iter()
        .filter_map(|fact| story::line(fact, it, sealed, app))
        .collect();
    let mut actions: Vec<LoopAction> = spec
        .moves
        .iter()
        .filter_map(|m| {
            let may = it.may(m, &who.actor, &world.tree).map(|_| ());
            // What never is his to do is not shown as refused: that would be noise.
            if may
                .as_ref()
                .is_err_and(|r| r.code == Refusal::NOT_PERMITTED.code)
            {
                return None;
            }
            Some(forms::action(m, may, &app.book))
        })
        .collect();
    actions.sort_by_key(LoopAction::rank);
    let fields: Vec<Field> = spec
        .open
        .fields
        .iter()
        .chain(spec.moves.iter().flat_map(|m| m.fields))
        .copied()
        .collect();
    let now = Timestamp::from_microsecond(at.now).unwrap_or_default();
    Some(LoopView {
        row: row(it, who, &world, at),
        values: values(spec, &fields, &it.values, &world, &app.book),
        parties: it
            .parties
            .iter()
            .map(|(party, org)| (*party, org))
            .chain(std::iter::once((Party::Owner, &it.org)))
            .collect::<std::collections::BTreeMap<_, _>>()
            .into_iter()
            .map(|(party, org)| PartyView {
                party,
                zh: party.words().0.into(),
                en: party.words().1.into(),
                org: world.org_ref(org),
            })
            .collect(),
        progress: progress(it, &story, spec),
        clocks: it.clocks.iter().map(|c| clock(c, it, app, now)).collect(),
        actions,
        may_comment: it.may_say(spec, &who.actor, &world.tree).is_ok(),
        may_void: it.may_void(spec, &who.actor, &world.tree).into(),
        may_look: it
            .orgs()
            .iter()
            .any(|org| who.actor.may(May::SeeReporter, org, &world.tree)),
        watching: it.watchers.contains(&who.person.id),
        links: it
            .links
            .iter()
            .filter_map(|link| {
                let other = linked.iter().find(|other| other.id == link.id)?;
                let kind = other.spec()?;
                let state = kind.state(&other.state);
                let (how_zh, how_en) = match link.how.as_str() {
                    "from" => ("来源", "Comes from"),
                    "led-to" => ("产生", "Led to"),
                    "same" => ("同一事项", "Same matter"),
                    _ => ("关联", "See also"),
                };
                Some(LinkView {
                    id: other.id.to_string(),
                    how: link.how.clone(),
                    how_zh: how_zh.into(),
                    how_en: how_en.into(),
                    why: spec_why(it, &link.why),
                    kind: other.kind.clone(),
                    kind_zh: kind.zh.into(),
                    kind_en: kind.en.into(),
                    number: other.number.clone(),
                    title: other.title.clone(),
                    state_zh: state.map_or("", |s| s.zh).into(),
                    state_en: state.map_or("", |s| s.en).into(),
                })
            })
            .collect(),
        notes: it
            .notes
            .iter()
            .map(|(rule, text)| NoteView {
                rule: rule.clone(),
                text: text.clone(),
            })
            .collect(),
        papers: super::papers::Source::new(it, facts, &world, app)
            .map(|source| source.ready())
            .unwrap_or_default()
            .into_iter()
            .map(|(code, zh, en)| PaperView {
                code,
                zh: zh.into(),
                en: en.into(),
            })
            .collect(),
        story,
    })
}

fn spec_why(it: &Loop, why: &str) -> String {
    it.spec()
        .and_then(|spec| spec.find(why))
        .or_else(|| spec(&it.kind).and_then(|spec| spec.find(why)))
        .map_or_else(|| why.to_owned(), |m| m.zh.to_owned())
}
