//! Kinds of loops and their forms, as the portal draws them: fields, conditions, words.

use crate::app::App;
use crate::auth::Who;
use anlan_core::loops::spec::{Field, Kind, Move, Need};
use anlan_core::loops::{Party, Refusal, Spec, Stage, may_open};
use anlan_core::rulebook::Rulebook;
use serde::Serialize;
use utoipa::ToSchema;

/// A code with its words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WordView {
    code: String,
    zh: String,
    en: String,
}

/// Why something cannot be done, and which field is at fault.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoopRefusal {
    code: String,
    zh: String,
    en: String,
    field: Option<String>,
}

impl From<Refusal> for LoopRefusal {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code.into(),
            zh: refusal.zh.into(),
            en: refusal.en.into(),
            field: refusal.field,
        }
    }
}

/// When a field is asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhenView {
    field: String,
    values: Vec<String>,
}

/// A field of a form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldView {
    code: String,
    zh: String,
    en: String,
    /// text, long, number, flag, choice, many, table, date, instant, org, files, photos, rows, place, criterion, loop.
    kind: &'static str,
    /// must, may, when, may-when.
    need: &'static str,
    when: Option<WhenView>,
    hint_zh: String,
    hint_en: String,
    unit: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    whole: bool,
    words: Vec<WordView>,
    #[schema(no_recursion)]
    fields: Vec<FieldView>,
    kinds: Vec<String>,
    party: Option<Party>,
    personal: bool,
}

impl LoopAction {
    /// What may be done comes first, what is not the usual way last.
    pub fn rank(&self) -> (bool, bool) {
        (!self.allowed, self.aside)
    }
}

impl FieldView {
    /// The word for what it holds.
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

/// A field of a form.
pub fn field(field: &Field, book: &Rulebook) -> FieldView {
    let words = |words: &[anlan_core::loops::Word]| -> Vec<WordView> {
        words
            .iter()
            .map(|w| WordView {
                code: w.code.into(),
                zh: w.zh.into(),
                en: w.en.into(),
            })
            .collect()
    };
    let when = |field: &str, values: &[&str]| {
        Some(WhenView {
            field: field.into(),
            values: values.iter().map(|v| (*v).into()).collect(),
        })
    };
    let (need, when) = match field.need {
        Need::Must => ("must", None),
        Need::May => ("may", None),
        Need::When(other, values) => ("when", when(other, values)),
        Need::MayWhen(other, values) => ("may-when", when(other, values)),
    };
    let mut view = FieldView {
        code: field.code.into(),
        zh: field.zh.into(),
        en: field.en.into(),
        kind: "text",
        need,
        when,
        hint_zh: field.hint.0.into(),
        hint_en: field.hint.1.into(),
        unit: None,
        min: None,
        max: None,
        whole: false,
        words: Vec::new(),
        fields: Vec::new(),
        kinds: Vec::new(),
        party: None,
        personal: field.personal,
    };
    match field.kind {
        Kind::Text => {}
        Kind::Long => view.kind = "long",
        Kind::Number {
            unit,
            min,
            max,
            whole,
        } => {
            view.kind = "number";
            view.unit = Some(unit.into());
            (view.min, view.max, view.whole) = (Some(min), Some(max), whole);
        }
        Kind::Flag => view.kind = "flag",
        Kind::Choice(of) => (view.kind, view.words) = ("choice", words(of)),
        Kind::Many(of) => (view.kind, view.words) = ("many", words(of)),
        Kind::Table(table) => {
            view.kind = "table";
            view.words = book
                .table(table)
                .into_iter()
                .map(|w| WordView {
                    code: w.code.clone(),
                    zh: w.zh.clone(),
                    en: if w.en.is_empty() {
                        w.zh.clone()
                    } else {
                        w.en.clone()
                    },
                })
                .collect();
        }
        Kind::Date => view.kind = "date",
        Kind::Instant => view.kind = "instant",
        Kind::Org(party) => (view.kind, view.party) = ("org", party),
        Kind::Files { photos } => view.kind = if photos { "photos" } else { "files" },
        Kind::Rows(fields) => {
            view.kind = "rows";
            view.fields = fields.iter().map(|f| self::field(f, book)).collect();
        }
        Kind::Place => view.kind = "place",
        Kind::Criterion => view.kind = "criterion",
        Kind::Loop(kinds) => {
            view.kind = "loop";
            view.kinds = kinds.iter().map(|k| (*k).into()).collect();
        }
    }
    view
}

/// Something that may be done, or why not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoopAction {
    code: String,
    zh: String,
    en: String,
    allowed: bool,
    refusal: Option<LoopRefusal>,
    fields: Vec<FieldView>,
    aside: bool,
    grave: bool,
    paper: Option<String>,
    to: Vec<String>,
}

/// A move, with whether it may be made.
pub fn action(m: &Move, may: Result<(), Refusal>, book: &Rulebook) -> LoopAction {
    LoopAction {
        code: m.code.into(),
        zh: m.zh.into(),
        en: m.en.into(),
        allowed: may.is_ok(),
        refusal: may.err().map(LoopRefusal::from),
        fields: m.fields.iter().map(|f| field(f, book)).collect(),
        aside: m.aside,
        grave: m.grave,
        paper: m.paper.map(Into::into),
        to: m.targets().into_iter().map(Into::into).collect(),
    }
}

/// A state of a kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StateView {
    code: String,
    zh: String,
    en: String,
    stage: Stage,
    party: Option<Party>,
}

/// A move of a kind, without its form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MoveView {
    code: String,
    zh: String,
    en: String,
    from: Vec<String>,
    to: Vec<String>,
    paper: Option<String>,
    /// What it asks for: bulk actions need the form before a loop is opened.
    fields: Vec<FieldView>,
}

/// A clock of a kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindClock {
    code: String,
    zh: String,
    en: String,
    party: Party,
    limit_zh: String,
    limit_en: String,
    rule: String,
    certain: bool,
}

/// A kind of loop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindView {
    code: String,
    zh: String,
    en: String,
    prefix: String,
    article: u32,
    by_hand: bool,
    may_open: bool,
    states: Vec<StateView>,
    grades: Vec<WordView>,
    open: LoopAction,
    moves: Vec<MoveView>,
    clocks: Vec<KindClock>,
}

/// A kind of loop, as somebody may use it.
pub fn kind(spec: &Spec, who: &Who, app: &App) -> KindView {
    let (world, book) = (app.world(), &app.book);
    let opens = may_open(spec, &who.actor, &world.tree);
    let strings = |of: &[&str]| of.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    KindView {
        code: spec.code.into(),
        zh: spec.zh.into(),
        en: spec.en.into(),
        prefix: spec.prefix.into(),
        article: spec.article,
        by_hand: spec.by_hand,
        may_open: opens,
        states: spec
            .states
            .iter()
            .map(|s| StateView {
                code: s.code.into(),
                zh: s.zh.into(),
                en: s.en.into(),
                stage: s.stage,
                party: s.turn.map(|(party, _)| party),
            })
            .collect(),
        grades: spec
            .grades
            .iter()
            .map(|w| WordView {
                code: w.code.into(),
                zh: w.zh.into(),
                en: w.en.into(),
            })
            .collect(),
        open: action(
            &spec.open,
            if opens {
                Ok(())
            } else {
                Err(Refusal::NOT_PERMITTED)
            },
            book,
        ),
        moves: spec
            .moves
            .iter()
            .map(|m| MoveView {
                code: m.code.into(),
                zh: m.zh.into(),
                en: m.en.into(),
                from: strings(m.from),
                to: strings(&m.targets()),
                paper: m.paper.map(Into::into),
                fields: m.fields.iter().map(|f| field(f, book)).collect(),
            })
            .collect(),
        clocks: spec
            .clocks
            .iter()
            .map(|clock| {
                let limit = book.limit(spec.code, clock.code);
                let (limit_zh, limit_en) = limit.map_or_else(
                    || ("按所定期限".to_owned(), "as set".to_owned()),
                    |l| match (l.minutes, l.hours, l.days, l.working_days) {
                        (Some(n), _, _, _) => (format!("{n} 分钟"), format!("{n} min")),
                        (_, Some(n), _, _) => (format!("{n} 小时"), format!("{n} h")),
                        (_, _, Some(n), _) => (format!("{n} 日"), format!("{n} days")),
                        (_, _, _, Some(n)) => {
                            (format!("{n} 个工作日"), format!("{n} working days"))
                        }
                        _ => ("立即".to_owned(), "at once".to_owned()),
                    },
                );
                KindClock {
                    code: clock.code.into(),
                    zh: clock.zh.into(),
                    en: clock.en.into(),
                    party: clock.party,
                    limit_zh,
                    limit_en,
                    rule: limit.map(|l| l.rule.clone()).unwrap_or_default(),
                    certain: limit.is_some_and(|l| l.certain),
                }
            })
            .collect(),
    }
}
