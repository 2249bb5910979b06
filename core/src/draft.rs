//! A notice between reading and publishing: what the compiler read, and what people corrected in it.

use crate::id::OrgId;
use crate::notice::{Compiled, Demand, MeasureKind, Span};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The compiled notice with corrections.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// What it says now.
    pub compiled: Compiled,
    /// Orgs chosen by hand, by demand.
    #[serde(default)]
    pub owners: BTreeMap<String, Vec<OrgId>>,
    /// Demands that are none, with the reason.
    #[serde(default)]
    pub rejected: BTreeMap<String, String>,
    /// How many demands people have added, so that ids stay unique.
    #[serde(default)]
    pub added: u32,
}

/// One correction.
#[expect(
    clippy::large_enum_variant,
    reason = "corrections are few and short-lived; facts hold them boxed"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Edit {
    /// Replace a demand's fields.
    Correct {
        /// Which.
        id: String,
        /// The whole demand, corrected.
        demand: Demand,
        /// Orgs chosen by hand; none leaves the choice to the names in the text.
        #[serde(default)]
        #[schema(value_type = Option<Vec<String>>)]
        owners: Option<Vec<OrgId>>,
    },
    /// Make one of several.
    Merge {
        /// Which; the first keeps its id.
        ids: Vec<String>,
    },
    /// Make two of one.
    Split {
        /// Which.
        id: String,
        /// The character of the text at which the second begins.
        at: u32,
    },
    /// Make a demand of words the compiler passed over.
    Add {
        /// The article they stand in.
        article: u32,
        /// The words.
        span: Span,
    },
    /// This is no demand.
    Reject {
        /// Which.
        id: String,
        /// Why.
        reason: String,
    },
    /// It is one after all.
    Restore {
        /// Which.
        id: String,
    },
    /// Correct title, number, issuer, date, year.
    Head {
        /// Title.
        title: String,
        /// 发文字号.
        number: Option<String>,
        /// 发文机关.
        issuer: Option<String>,
        /// 成文日期.
        #[schema(value_type = Option<String>, format = Date)]
        date: Option<Date>,
        /// The year it is about.
        year: Option<i16>,
    },
}

/// Why an edit cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No demand with this id.
    NoSuchDemand,
    /// No article with this number.
    NoSuchArticle,
    /// The span is outside the text or empty.
    BadSpan,
    /// Fewer than two, or of different articles.
    CannotMerge,
    /// The place is not inside the demand.
    CannotSplit,
    /// A reason is needed.
    NoReason,
    /// A demand needs words for what must be done, and a title must not be empty.
    NoAction,
    /// Numbers that contradict each other.
    BadNumbers,
}

impl Refusal {
    /// Stable code, Chinese and English words.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Refusal::NoSuchDemand => (
                "no-such-demand",
                "没有这条任务，请刷新后再试",
                "There is no such demand; reload and try again",
            ),
            Refusal::NoSuchArticle => ("no-such-article", "没有这一条", "There is no such article"),
            Refusal::BadSpan => (
                "bad-span",
                "所选文字不在正文内，请重新选择",
                "The selected words are not in the text; select again",
            ),
            Refusal::CannotMerge => (
                "cannot-merge",
                "请选择同一条中的两项以上任务再合并",
                "Select two or more demands of one article to merge",
            ),
            Refusal::CannotSplit => (
                "cannot-split",
                "拆分位置应在任务原文之内",
                "Split inside the words of the demand",
            ),
            Refusal::NoReason => ("no-reason", "请写明理由", "Give a reason"),
            Refusal::NoAction => ("no-action", "请写明要做什么", "Say what must be done"),
            Refusal::BadNumbers => (
                "bad-numbers",
                "数量上下限相互矛盾，请核对",
                "The lower and upper numbers contradict each other",
            ),
        }
    }
}

/// The longest correction of words that is taken, in characters.
pub const WORDS_MAX: usize = 4_000;

/// The words of a span without layout: line breaks, Markdown marks, and blanks between Chinese characters.
pub fn plain_words(text: &[char], span: Span) -> String {
    let (start, end) = (span.0 as usize, (span.1 as usize).min(text.len()));
    let mut out = String::new();
    let mut blank = false;
    for &c in text.get(start..end).unwrap_or_default() {
        match c {
            '*' | '#' | '\r' | '\n' | '\u{3000}' | '\t' => {}
            ' ' => blank = true,
            c => {
                if blank
                    && c.is_ascii_alphanumeric()
                    && out.ends_with(|l: char| l.is_ascii_alphanumeric())
                {
                    out.push(' ');
                }
                blank = false;
                out.push(c);
            }
        }
    }
    out
}

impl Draft {
    /// Begins with what the compiler read.
    pub fn new(compiled: Compiled) -> Self {
        Self {
            compiled,
            ..Self::default()
        }
    }

    /// Demands that count: those not rejected.
    pub fn demands(&self) -> impl Iterator<Item = &Demand> {
        self.compiled
            .duties
            .iter()
            .filter(|demand| !self.rejected.contains_key(&demand.id))
    }

    fn position(&self, id: &str) -> Result<usize, Refusal> {
        self.compiled
            .duties
            .iter()
            .position(|demand| demand.id == id)
            .ok_or(Refusal::NoSuchDemand)
    }

    /// The draft with one correction made.
    ///
    /// # Errors
    /// The refusal; the draft stays as it was.
    pub fn edit(&self, edit: &Edit, text: &[char]) -> Result<Draft, Refusal> {
        let mut draft = self.clone();
        match edit {
            Edit::Correct { id, demand, owners } => {
                let at = draft.position(id)?;
                let old = &draft.compiled.duties[at];
                if demand.action.trim().is_empty() || demand.action.chars().count() > WORDS_MAX {
                    return Err(Refusal::NoAction);
                }
                if demand.quantity.as_ref().is_some_and(|q| {
                    q.at_least
                        .zip(q.at_most)
                        .is_some_and(|(low, high)| low > high)
                        || q.at_least
                            .into_iter()
                            .chain(q.at_most)
                            .any(|n| !n.is_finite() || n < 0.0)
                }) || demand.recurrence.as_ref().is_some_and(|r| {
                    r.at_least
                        .zip(r.at_most)
                        .is_some_and(|(low, high)| low > high)
                }) {
                    return Err(Refusal::BadNumbers);
                }
                // The words of the notice are not ours to change: id, article, quote and span stay.
                let corrected = Demand {
                    id: old.id.clone(),
                    article: old.article,
                    quote: old.quote.clone(),
                    span: old.span,
                    sources: old.sources.clone(),
                    confidence: 1.0,
                    ..demand.clone()
                };
                draft.compiled.duties[at] = corrected;
                match owners {
                    Some(orgs) => drop(draft.owners.insert(id.clone(), orgs.clone())),
                    None => drop(draft.owners.remove(id)),
                }
            }
            Edit::Merge { ids } => {
                let mut places = ids
                    .iter()
                    .map(|id| draft.position(id))
                    .collect::<Result<Vec<_>, _>>()?;
                places.sort_unstable();
                places.dedup();
                let demands: Vec<Demand> = places
                    .iter()
                    .map(|at| draft.compiled.duties[*at].clone())
                    .collect();
                if demands.len() < 2 || demands.iter().any(|d| d.article != demands[0].article) {
                    return Err(Refusal::CannotMerge);
                }
                let mut whole = demands[0].clone();
                whole.span = Span(
                    demands.iter().map(|d| d.span.0).min().unwrap_or_default(),
                    demands.iter().map(|d| d.span.1).max().unwrap_or_default(),
                );
                whole.quote = plain_words(text, whole.span);
                whole.action = demands
                    .iter()
                    .map(|d| d.action.as_str())
                    .collect::<Vec<_>>()
                    .join("；");
                for demand in &demands[1..] {
                    for actor in &demand.actors {
                        if !whole.actors.contains(actor) {
                            whole.actors.push(actor.clone());
                        }
                    }
                    whole.sources.extend(demand.sources.iter().cloned());
                    whole.deadline = whole.deadline.or(demand.deadline);
                    whole.recurrence = whole.recurrence.or_else(|| demand.recurrence.clone());
                    whole.quantity = whole.quantity.or_else(|| demand.quantity.clone());
                    whole.each = whole.each.or_else(|| demand.each.clone());
                    whole.on_event = whole.on_event.or_else(|| demand.on_event.clone());
                    whole.within = whole.within.or_else(|| demand.within.clone());
                    if whole.measure == MeasureKind::Continuous {
                        whole.measure = demand.measure;
                    }
                }
                whole.confidence = 1.0;
                for at in places[1..].iter().rev() {
                    let gone = draft.compiled.duties.remove(*at);
                    draft.owners.remove(&gone.id);
                    draft.rejected.remove(&gone.id);
                }
                draft.compiled.duties[places[0]] = whole;
            }
            Edit::Split { id, at: cut } => {
                let at = draft.position(id)?;
                let first = draft.compiled.duties[at].clone();
                let (front, back) = (Span(first.span.0, *cut), Span(*cut, first.span.1));
                let (front_words, back_words) = (plain_words(text, front), plain_words(text, back));
                if *cut <= first.span.0
                    || *cut >= first.span.1
                    || front_words.is_empty()
                    || back_words.is_empty()
                {
                    return Err(Refusal::CannotSplit);
                }
                draft.added += 1;
                let inside = |span: Span, part: Span| span.0 >= part.0 && span.1 <= part.1;
                let part = |id: String, span: Span, words: String| {
                    let sources: Vec<_> = first
                        .sources
                        .iter()
                        .filter(|s| inside(s.span, span))
                        .cloned()
                        .collect();
                    let keeps = |field: &str| sources.iter().any(|s| s.field == field);
                    let mut demand = Demand {
                        id,
                        span,
                        action: words.clone(),
                        quote: words,
                        confidence: 1.0,
                        ..first.clone()
                    };
                    // A field goes with the words it was read from.
                    if !keeps("deadline") {
                        demand.deadline = None;
                    }
                    if !keeps("recurrence") {
                        demand.recurrence = None;
                    }
                    if !keeps("quantity") {
                        demand.quantity = None;
                    }
                    if !keeps("each") {
                        demand.each = None;
                    }
                    if !keeps("on_event") {
                        demand.on_event = None;
                    }
                    if !keeps("within") {
                        demand.within = None;
                    }
                    demand.measure = measure_of(&demand);
                    demand.sources = sources;
                    demand
                };
                let second = part(format!("{}-s{}", first.id, draft.added), back, back_words);
                draft.compiled.duties[at] = part(first.id.clone(), front, front_words);
                if let Some(orgs) = draft.owners.get(id).cloned() {
                    draft.owners.insert(second.id.clone(), orgs);
                }
                draft.compiled.duties.insert(at + 1, second);
            }
            Edit::Add { article, span } => {
                let of = draft
                    .compiled
                    .articles
                    .iter()
                    .find(|a| a.no == *article)
                    .ok_or(Refusal::NoSuchArticle)?;
                let words = plain_words(text, *span);
                if span.0 >= span.1 || span.1 as usize > text.len() || words.is_empty() {
                    return Err(Refusal::BadSpan);
                }
                let actors = of
                    .units
                    .iter()
                    .chain(&of.inherited_units)
                    .cloned()
                    .collect();
                draft.added += 1;
                let demand = Demand {
                    id: format!("a{article:02}-m{}", draft.added),
                    article: *article,
                    action: words.clone(),
                    quote: words,
                    span: *span,
                    actors,
                    deadline: None,
                    recurrence: None,
                    quantity: None,
                    each: None,
                    on_event: None,
                    within: None,
                    confidence: 1.0,
                    measure: MeasureKind::Continuous,
                    sources: Vec::new(),
                };
                let at = draft
                    .compiled
                    .duties
                    .iter()
                    .position(|d| d.span.0 > span.0)
                    .unwrap_or(draft.compiled.duties.len());
                draft.compiled.duties.insert(at, demand);
            }
            Edit::Reject { id, reason } => {
                draft.position(id)?;
                if reason.trim().is_empty() {
                    return Err(Refusal::NoReason);
                }
                draft
                    .rejected
                    .insert(id.clone(), reason.trim().chars().take(WORDS_MAX).collect());
            }
            Edit::Restore { id } => {
                draft.position(id)?;
                draft.rejected.remove(id);
            }
            Edit::Head {
                title,
                number,
                issuer,
                date,
                year,
            } => {
                if title.trim().is_empty() {
                    return Err(Refusal::NoAction);
                }
                draft.compiled.title = title.trim().to_owned();
                draft.compiled.number = number.clone();
                draft.compiled.issuer = issuer.clone();
                draft.compiled.date = *date;
                draft.compiled.year = *year;
            }
        }
        Ok(draft)
    }
}

/// The measure that a demand's fields call for.
pub fn measure_of(demand: &Demand) -> MeasureKind {
    match demand {
        Demand {
            measure: MeasureKind::Prohibition,
            ..
        } => MeasureKind::Prohibition,
        Demand {
            recurrence: Some(_),
            ..
        } => MeasureKind::Times,
        Demand {
            quantity: Some(q), ..
        } if q.unit == "%" => MeasureKind::Coverage,
        Demand {
            quantity: Some(_), ..
        } => MeasureKind::Quota,
        Demand {
            on_event: Some(_), ..
        } => MeasureKind::OnEvent,
        Demand {
            deadline: Some(_), ..
        } => MeasureKind::ByDate,
        _ => MeasureKind::Continuous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{Article, Source};

    const TEXT: &str = "（一）强化责任。每半年召开\n1次会议，**年底前**完成排查。";

    fn demand(id: &str, start: usize, end: usize) -> Demand {
        let text: Vec<char> = TEXT.chars().collect();
        let span = Span(start as u32, end as u32);
        let words = plain_words(&text, span);
        Demand {
            id: id.into(),
            article: 1,
            quote: words.clone(),
            action: words,
            span,
            actors: vec!["区应急局".into()],
            deadline: None,
            recurrence: None,
            quantity: None,
            each: None,
            on_event: None,
            within: None,
            confidence: 0.5,
            measure: MeasureKind::Continuous,
            sources: vec![],
        }
    }

    fn draft() -> (Draft, Vec<char>) {
        let text: Vec<char> = TEXT.chars().collect();
        let mut whole = demand("a01-1", 8, text.len());
        let at = TEXT.chars().position(|c| c == '年').unwrap();
        let deadline = text.iter().rposition(|c| *c == '年').unwrap();
        assert_ne!(at, deadline);
        whole.deadline = Some(jiff::civil::date(2025, 12, 31));
        whole.sources = vec![Source {
            field: "deadline".into(),
            span: Span(deadline as u32, deadline as u32 + 3),
            words: "年底前".into(),
        }];
        let compiled = Compiled {
            articles: vec![Article {
                no: 1,
                label: "（一）".into(),
                section: None,
                title: "强化责任".into(),
                text: String::new(),
                span: Span(0, text.len() as u32),
                units: vec!["区应急局".into()],
                unit_mode: None,
                inherited_units: vec![],
                lead_units: vec![],
                support_units: vec![],
            }],
            duties: vec![whole],
            ..Compiled::default()
        };
        (Draft::new(compiled), text)
    }

    #[test]
    fn a_split_gives_each_field_to_the_words_it_came_from() {
        let (draft, text) = draft();
        let cut = text.iter().position(|c| *c == '，').unwrap() as u32 + 1;
        let two = draft
            .edit(
                &Edit::Split {
                    id: "a01-1".into(),
                    at: cut,
                },
                &text,
            )
            .unwrap();
        let parts: Vec<_> = two
            .compiled
            .duties
            .iter()
            .map(|d| (d.quote.as_str(), d.deadline.is_some(), d.measure))
            .collect();
        assert_eq!(
            parts,
            [
                ("每半年召开1次会议，", false, MeasureKind::Continuous),
                ("年底前完成排查。", true, MeasureKind::ByDate)
            ]
        );
        let ids: Vec<_> = two.compiled.duties.iter().map(|d| d.id.clone()).collect();
        let one = two.edit(&Edit::Merge { ids }, &text).unwrap();
        assert_eq!(one.compiled.duties.len(), 1);
        assert_eq!(one.compiled.duties[0].quote, draft.compiled.duties[0].quote);
        assert_eq!(
            one.compiled.duties[0].deadline,
            draft.compiled.duties[0].deadline
        );
    }

    #[test]
    fn the_words_of_the_notice_cannot_be_changed() {
        let (draft, text) = draft();
        let mut forged = draft.compiled.duties[0].clone();
        forged.quote = "别的".into();
        forged.span = Span(0, 1);
        forged.action = "召开会议".into();
        let after = draft
            .edit(
                &Edit::Correct {
                    id: "a01-1".into(),
                    demand: forged,
                    owners: None,
                },
                &text,
            )
            .unwrap();
        assert_eq!(
            after.compiled.duties[0].quote,
            draft.compiled.duties[0].quote
        );
        assert_eq!(after.compiled.duties[0].action, "召开会议");
    }

    #[test]
    fn rejecting_needs_a_reason_and_can_be_undone() {
        let (draft, text) = draft();
        let bare = Edit::Reject {
            id: "a01-1".into(),
            reason: " ".into(),
        };
        assert_eq!(draft.edit(&bare, &text), Err(Refusal::NoReason));
        let gone = draft
            .edit(
                &Edit::Reject {
                    id: "a01-1".into(),
                    reason: "表态".into(),
                },
                &text,
            )
            .unwrap();
        assert_eq!(gone.demands().count(), 0);
        assert_eq!(
            gone.edit(&Edit::Restore { id: "a01-1".into() }, &text)
                .unwrap()
                .demands()
                .count(),
            1
        );
    }

    #[test]
    fn nonsense_is_refused() {
        let (draft, text) = draft();
        assert_eq!(
            draft.edit(
                &Edit::Add {
                    article: 9,
                    span: Span(0, 3)
                },
                &text
            ),
            Err(Refusal::NoSuchArticle)
        );
        assert_eq!(
            draft.edit(
                &Edit::Add {
                    article: 1,
                    span: Span(5, 5)
                },
                &text
            ),
            Err(Refusal::BadSpan)
        );
        assert_eq!(
            draft.edit(
                &Edit::Add {
                    article: 1,
                    span: Span(5, 9999)
                },
                &text
            ),
            Err(Refusal::BadSpan)
        );
        assert_eq!(
            draft.edit(
                &Edit::Merge {
                    ids: vec!["a01-1".into()]
                },
                &text
            ),
            Err(Refusal::CannotMerge)
        );
        assert_eq!(
            draft.edit(
                &Edit::Split {
                    id: "a01-1".into(),
                    at: 0
                },
                &text
            ),
            Err(Refusal::CannotSplit)
        );
        assert_eq!(
            draft.edit(&Edit::Restore { id: "x".into() }, &text),
            Err(Refusal::NoSuchDemand)
        );
    }
}
