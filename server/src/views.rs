//! What the API shows, made from what the core knows. Names of fields are the contract with the portal.

use crate::app::{App, World};
use crate::auth::Who;
use crate::words;
use anlan_core::authority::Command;
use anlan_core::calendar::rfc3339;
use anlan_core::duty::{
    self, Duty, EvidenceState, FileRef, ItemState, Light, Part, Period, Refusal,
};
use anlan_core::fact::Fact;
use anlan_core::id::{OrgId, PersonId};
use anlan_core::notice::{MeasureKind, Source, Span};
use anlan_core::org::OrgKind;
use anlan_store::db::Db;
use anlan_store::duties::Day;
use anlan_store::{StoreError, notices};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// All that match.
    pub total: u64,
}

/// An instant from microseconds, as RFC 3339 with the offset of China.
pub fn instant(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds)
        .map(rfc3339)
        .unwrap_or_default()
}

/// An org in a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrgRef {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrgId,
    /// Its short name.
    pub name: String,
    /// What it is.
    pub kind: OrgKind,
}

/// A person in a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonRef {
    /// Their id.
    #[schema(value_type = String)]
    pub id: PersonId,
    /// Their login.
    pub login: String,
    /// How pages call them.
    pub name: String,
}

impl World {
    /// An org in a line.
    pub fn org_ref(&self, id: &OrgId) -> OrgRef {
        match self.tree.get(id) {
            Some(org) => OrgRef {
                id: org.id.clone(),
                name: org.short.clone(),
                kind: org.kind,
            },
            None => OrgRef {
                id: id.clone(),
                name: id.to_string(),
                kind: OrgKind::Department,
            },
        }
    }

    /// A person in a line.
    pub fn person_ref(&self, id: &PersonId) -> PersonRef {
        match self.people.get(id) {
            Some((person, _)) => PersonRef {
                id: id.clone(),
                login: person.login.clone(),
                name: person.name.clone(),
            },
            None => PersonRef {
                id: id.clone(),
                login: String::new(),
                name: id.to_string(),
            },
        }
    }
}

/// Why something cannot be done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefusalView {
    /// Stable code.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl From<(&str, &str, &str)> for RefusalView {
    fn from((code, zh, en): (&str, &str, &str)) -> Self {
        Self {
            code: code.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}

/// What may be done now, and why not the rest.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Action {
    /// The command's name.
    pub name: String,
    /// Why not; none when it may be done.
    pub refusal: Option<RefusalView>,
}

/// A fact in a story.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactView {
    /// Its place in the ledger.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// What kind.
    pub kind: String,
    /// One sentence in Chinese.
    pub zh: String,
    /// One sentence in English.
    pub en: String,
    /// When it happened.
    pub happened: String,
    /// When we learned it.
    pub recorded: String,
    /// Learned more than a day after it happened.
    pub late: bool,
    /// Who; none is the clock.
    pub actor: Option<PersonRef>,
    /// The org it concerns.
    pub org: Option<OrgRef>,
    /// What it is about.
    pub stream: String,
    /// Its number in the stream.
    pub version: u64,
    /// Articles it touches.
    pub articles: Vec<String>,
    /// Things and files it touches.
    pub things: Vec<String>,
    /// It is under a signed checkpoint.
    pub sealed: bool,
    /// The whole content, where asked for.
    #[schema(value_type = Option<Object>)]
    pub body: Option<serde_json::Value>,
}

/// Shows a fact.
pub fn fact(fact: &Fact, sealed: u64, world: &World, app: &App, body: bool) -> FactView {
    let (zh, en) = match fact.event() {
        Ok(event) => words::sentence(&event, &fact.stream, fact.org.as_ref(), world, &app.book),
        Err(_) => (fact.kind.clone(), fact.kind.clone()),
    };
    FactView {
        seq: fact.seq,
        id: fact.id.to_string(),
        kind: fact.kind.clone(),
        zh,
        en,
        happened: rfc3339(fact.happened),
        recorded: rfc3339(fact.recorded),
        late: fact.recorded.as_second() - fact.happened.as_second() > 86_400 * 2,
        actor: fact.actor.as_ref().map(|id| world.person_ref(id)),
        org: fact.org.as_ref().map(|id| world.org_ref(id)),
        stream: fact.stream.clone(),
        version: fact.version,
        articles: fact.articles.clone(),
        things: fact.things.clone(),
        sealed: fact.seq < sealed,
        body: body.then(|| serde_json::from_str(&fact.body).unwrap_or_default()),
    }
}

/// Counts by light.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LightCounts {
    /// 正常
    pub in_time: u64,
    /// 临期
    pub due_soon: u64,
    /// 逾期
    pub overdue: u64,
    /// 已完成
    pub done: u64,
    /// 逾期完成
    pub done_late: u64,
    /// 常态
    pub standing: u64,
    /// 已免除
    pub waived: u64,
    /// 已撤销
    pub cancelled: u64,
    /// All.
    pub total: u64,
}

impl LightCounts {
    /// Counts some more.
    pub fn add(&mut self, light: Light, count: u64) {
        let field = match light {
            Light::InTime => &mut self.in_time,
            Light::DueSoon => &mut self.due_soon,
            Light::Overdue => &mut self.overdue,
            Light::Done => &mut self.done,
            Light::DoneLate => &mut self.done_late,
            Light::Standing => &mut self.standing,
            Light::Waived => &mut self.waived,
            Light::Cancelled => &mut self.cancelled,
        };
        *field += count;
        self.total += count;
    }

    /// The share fulfilled of what has been due so far, 0–1; none where nothing was due.
    pub fn rate(&self) -> Option<f64> {
        let due = self.done + self.done_late + self.overdue;
        (due > 0).then(|| (self.done + self.done_late) as f64 / due as f64)
    }
}

/// Counts of rows by key, in order of keys.
pub fn group(rows: Vec<(String, Light, u64)>) -> BTreeMap<String, LightCounts> {
    let mut out: BTreeMap<String, LightCounts> = BTreeMap::new();
    for (key, light, count) in rows {
        out.entry(key).or_default().add(light, count);
    }
    out
}

/// How far a duty is done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Progress {
    /// So much.
    pub done: f64,
    /// Of so much.
    pub needed: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// In per cent.
    pub percent: Option<f64>,
}

/// A duty in a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DutyRow {
    /// Its id.
    pub id: String,
    /// The notice.
    pub notice: String,
    /// Its title.
    pub notice_title: String,
    /// The article.
    pub article: u32,
    /// Its heading.
    pub article_title: String,
    /// The demand.
    pub demand: String,
    /// What must be done.
    pub title: String,
    /// Who owes it.
    pub org: OrgRef,
    /// When.
    pub period: Period,
    /// By when.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// What it shows today.
    pub light: Light,
    /// Days until it is due; negative when it was.
    pub days_left: Option<i32>,
    /// How it is measured.
    pub measure: MeasureKind,
    /// How far it is done.
    pub progress: Progress,
    /// Pieces of evidence that wait for review.
    pub waiting: u32,
    /// The last rung climbed.
    pub step: Option<String>,
    /// Alone, one of many, or the sum of many.
    pub part: Part,
    /// For one of many: the org it is for.
    pub each: Option<OrgRef>,
    /// How many facts it has.
    pub version: u64,
}

/// Titles of notices and their articles, for rows.
pub type Titles = BTreeMap<String, (String, BTreeMap<u32, String>)>;

/// Reads the titles.
///
/// # Errors
/// What the database said.
pub fn titles(db: &mut Db) -> Result<Titles, StoreError> {
    Ok(notices::list(db)?
        .into_iter()
        .map(|notice| {
            let articles = notice
                .draft
                .compiled
                .articles
                .iter()
                .map(|a| (a.no, a.title.clone()))
                .collect();
            (notice.id, (notice.draft.compiled.title, articles))
        })
        .collect())
}

/// Shows a duty in a line.
pub fn duty_row(duty: &Duty, titles: &Titles, world: &World, day: Day) -> DutyRow {
    let a = &duty.assigned;
    let notice = titles.get(a.notice.as_str());
    let days_left = a
        .due
        .and_then(|due| day.today.until(due).ok())
        .map(|span| span.get_days());
    let open = duty.status == duty::Status::Open;
    DutyRow {
        id: a.id.to_string(),
        notice: a.notice.to_string(),
        notice_title: notice.map(|(title, _)| title.clone()).unwrap_or_default(),
        article: a.article,
        article_title: notice
            .and_then(|(_, articles)| articles.get(&a.article))
            .cloned()
            .unwrap_or_default(),
        demand: a.demand.clone(),
        title: a.title.clone(),
        org: world.org_ref(&a.org),
        period: a.period.clone(),
        due: a.due,
        light: duty.light(day.today, day.soon),
        days_left: days_left.filter(|_| open),
        measure: a.measure.kind,
        progress: Progress {
            done: (duty.done * 10.0).round() / 10.0,
            needed: a.measure.needed,
            unit: a.measure.unit.clone(),
            percent: a
                .measure
                .needed
                .filter(|n| *n > 0.0)
                .map(|needed| (duty.done / needed * 100.0).clamp(0.0, 100.0).round()),
        },
        waiting: duty.waiting() as u32,
        step: duty.step.clone(),
        part: a.part,
        each: (a.part == Part::Each).then(|| world.org_ref(&a.org)),
        version: duty.version,
    }
}

/// A review.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewView {
    /// Who.
    pub by: Option<PersonRef>,
    /// When.
    pub at: String,
    /// What was said.
    pub note: String,
}

/// A piece of evidence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EvidenceView {
    /// Its id.
    pub id: String,
    /// What kind.
    pub kind: duty::EvidenceKind,
    /// The day the work was done.
    #[schema(value_type = String, format = Date)]
    pub happened: Date,
    /// When it was filed.
    pub filed_at: String,
    /// By whom.
    pub by: Option<PersonRef>,
    /// For which org.
    pub org: Option<OrgRef>,
    /// Where it stands.
    pub state: EvidenceState,
    /// Words beside it.
    pub note: String,
    /// For meetings.
    pub meeting: Option<duty::Meeting>,
    /// For numbers.
    pub number: Option<duty::Number>,
    /// For links.
    pub link: Option<duty::Link>,
    /// Attachments.
    pub files: Vec<FileRef>,
    /// The review.
    pub review: Option<ReviewView>,
    /// What may be done with it.
    pub actions: Vec<Action>,
}

/// A sub-item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemView {
    /// Its id.
    pub id: String,
    /// What.
    pub title: String,
    /// Who.
    pub owner: String,
    /// By when.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// Where it stands.
    pub state: ItemState,
    /// What came of it.
    pub result: Option<String>,
    /// When it was closed.
    pub done_at: Option<String>,
}

/// The next rung.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextStep {
    /// Its id.
    pub id: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// When.
    #[schema(value_type = String, format = Date)]
    pub at: Date,
}

/// A waiver.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaiverView {
    /// Why.
    pub reason: String,
    /// Who.
    pub by: Option<PersonRef>,
    /// When.
    pub at: String,
}

/// A duty with all that is known of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DutyView {
    /// The line.
    #[serde(flatten)]
    pub row: DutyRow,
    /// The words of the notice.
    pub quote: String,
    /// Where they stand.
    pub span: Span,
    /// What must be done.
    pub action: String,
    /// The words the date was read from.
    pub deadline_words: Option<String>,
    /// Which words each field came from.
    pub sources: Vec<Source>,
    /// Evidence, latest last.
    pub evidence: Vec<EvidenceView>,
    /// Sub-items.
    pub items: Vec<ItemView>,
    /// What happened, in order.
    pub story: Vec<FactView>,
    /// What may be done.
    pub actions: Vec<Action>,
    /// The next rung.
    pub next_step: Option<NextStep>,
    /// The waiver.
    pub waiver: Option<WaiverView>,
    /// Why it was cancelled.
    pub cancelled: Option<String>,
    /// Of the many below: how many, how many are fulfilled.
    pub below: Option<BelowView>,
}

/// The many below.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BelowView {
    /// All.
    pub total: u32,
    /// Fulfilled.
    pub done: u32,
}

/// What may be done, by name.
fn action(name: &str, result: Result<(), Refusal>) -> Action {
    Action {
        name: name.to_owned(),
        refusal: result.err().map(|refusal| refusal.words().into()),
    }
}

/// Shows a duty whole.
pub fn duty(
    duty: &Duty,
    story: Vec<FactView>,
    titles: &Titles,
    sources: Vec<Source>,
    who: &Who,
    app: &App,
) -> DutyView {
    let world = app.world();
    let may = |name: &str, piece: Option<&str>| {
        action(name, duty.may(name, piece, &who.actor, &world.tree))
    };
    let evidence = duty.evidence.iter().map(|e| EvidenceView {
        id: e.filed.id.to_string(),
        kind: e.filed.kind,
        happened: e.filed.happened,
        filed_at: rfc3339(e.filed_at),
        by: e.by.as_ref().map(|id| world.person_ref(id)),
        org: e.org.as_ref().map(|id| world.org_ref(id)),
        state: e.state,
        note: e.filed.note.clone(),
        meeting: e.filed.meeting.clone(),
        number: e.filed.number.clone(),
        link: e.filed.link.clone(),
        files: e.filed.files.clone(),
        review: e.review.as_ref().map(|r| ReviewView {
            by: r.by.as_ref().map(|id| world.person_ref(id)),
            at: rfc3339(r.at),
            note: r.note.clone(),
        }),
        actions: ["accept-evidence", "return-evidence", "withdraw-evidence"]
            .map(|name| may(name, Some(e.filed.id.as_str())))
            .to_vec(),
    });
    let next = duty.next_step(&app.book.ladder, &world.calendar);
    let names = [
        "file-evidence",
        "add-item",
        "close-item",
        "drop-item",
        "remind",
        "waive",
        "unwaive",
    ];
    DutyView {
        row: duty_row(duty, titles, &world, app.day()),
        quote: duty.assigned.quote.clone(),
        span: duty.assigned.span,
        action: duty.assigned.title.clone(),
        deadline_words: sources
            .iter()
            .find(|s| s.field == "deadline" || s.field == "recurrence")
            .map(|s| s.words.clone()),
        sources,
        evidence: evidence.collect(),
        items: duty
            .items
            .iter()
            .map(|i| ItemView {
                id: i.id.to_string(),
                title: i.title.clone(),
                owner: i.owner.clone(),
                due: i.due,
                state: i.state,
                result: i.result.clone(),
                done_at: i.closed_at.map(rfc3339),
            })
            .collect(),
        story,
        actions: names.map(|name| may(name, None)).to_vec(),
        next_step: next.map(|(step, at)| NextStep {
            id: step.id.clone(),
            zh: step.zh.clone(),
            en: step.en.clone(),
            at,
        }),
        waiver: duty.waiver.as_ref().map(|w| WaiverView {
            reason: w.reason.clone(),
            by: w.by.as_ref().map(|id| world.person_ref(id)),
            at: rfc3339(w.at),
        }),
        cancelled: duty.cancelled.clone(),
        below: duty.below.as_ref().map(|b| BelowView {
            total: b.total,
            done: b.done,
        }),
    }
}

/// Commands a person may give anywhere.
pub fn commands(who: &Who, world: &World) -> Vec<String> {
    Command::ALL
        .iter()
        .filter(|c| who.actor.may_somewhere(**c, &world.tree))
        .map(|c| c.code().to_owned())
        .collect()
}
