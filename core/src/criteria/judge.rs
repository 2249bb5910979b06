//! The assistant: what is answered so far, and what follows from it.

use super::diagram::{Domain, Outcome};
use super::{Item, Kind, Question};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use utoipa::ToSchema;

/// No more answers than this at once; an item has no more questions.
pub const ANSWERS_MAX: usize = 64;
/// No longer word than this, in bytes, for a question or a choice.
pub const WORD_MAX: usize = 64;

/// One answer. In JSON: true or false, a number, or a choice's word.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = CriterionAnswer)]
#[serde(untagged)]
pub enum Answer {
    /// Yes or no.
    YesNo(bool),
    /// A number, in the question's unit.
    Number(f64),
    /// A choice's id.
    Choice(String),
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        Self::YesNo(yes)
    }
}

impl From<f64> for Answer {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Answer {
    fn from(choice: &str) -> Self {
        Self::Choice(choice.to_owned())
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl Visitor<'_> for One {
            type Value = Answer;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false, a number, or a choice")
            }
            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Answer, E> {
                Ok(Answer::YesNo(yes))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Answer, E> {
                Ok(Answer::Number(number as f64))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Answer, E> {
                Ok(Answer::Number(number as f64))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Answer, E> {
                Ok(Answer::Number(number))
            }
            fn visit_str<E: de::Error>(self, choice: &str) -> Result<Answer, E> {
                if choice.len() > WORD_MAX {
                    return Err(E::custom(format!("a choice is at most {WORD_MAX} bytes")));
                }
                Ok(Answer::Choice(choice.to_owned()))
            }
        }
        deserializer.deserialize_any(One)
    }
}

/// What is answered so far, by question. A question that is not here, or is null in JSON, is not answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = CriterionAnswers)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, Answer>);

impl Answers {
    /// Nothing answered.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one answer more, or with another answer to a question.
    #[must_use]
    pub fn with(mut self, question: &str, answer: impl Into<Answer>) -> Self {
        self.0.insert(question.to_owned(), answer.into());
        self
    }

    /// The answer to a question.
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// Questions and answers, by the questions' ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(id, answer)| (id.as_str(), answer))
    }

    /// How many are answered.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is nothing answered?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Many;
        impl<'de> Visitor<'de> for Many {
            type Value = Answers;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("answers by question")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Answers, A::Error> {
                let mut seen = BTreeSet::new();
                let mut answers = BTreeMap::new();
                while let Some(question) = map.next_key::<String>()? {
                    if question.len() > WORD_MAX {
                        return Err(de::Error::custom(format!(
                            "a question's id is at most {WORD_MAX} bytes"
                        )));
                    }
                    if !seen.insert(question.clone()) {
                        return Err(de::Error::custom(format!(
                            "question `{question}` is answered twice"
                        )));
                    }
                    if seen.len() > ANSWERS_MAX {
                        return Err(de::Error::custom(format!(
                            "at most {ANSWERS_MAX} questions are answered at once"
                        )));
                    }
                    let answer = map.next_value::<Option<Answer>>().map_err(|error| {
                        de::Error::custom(format!("the answer to question `{question}`: {error}"))
                    })?;
                    if let Some(answer) = answer {
                        answers.insert(question, answer);
                    }
                }
                Ok(Answers(answers))
            }
        }
        deserializer.deserialize_map(Many)
    }
}

/// An answer that does not fit its question.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BadAnswer {
    /// The item does not ask this.
    #[error("`{question}` is not a question of this criterion")]
    NotAsked {
        /// What was answered.
        question: String,
    },
    /// An answer of another kind.
    #[error("question `{question}` is answered by {wants}")]
    WrongKind {
        /// The question.
        question: String,
        /// What answers it.
        wants: &'static str,
    },
    /// A choice that the question does not offer.
    #[error("`{choice}` is not a choice of question `{question}`")]
    NoSuchChoice {
        /// The question.
        question: String,
        /// What was chosen.
        choice: String,
    },
    /// A number that cannot be.
    #[error("the answer to question `{question}` is a{} number{}", if *.whole { " whole" } else { "" }, range(*.min, *.max))]
    NoSuchNumber {
        /// The question.
        question: String,
        /// The least it can be.
        min: Option<f64>,
        /// The most it can be.
        max: Option<f64>,
        /// It must be whole.
        whole: bool,
    },
    /// More answers than an item can have questions.
    #[error("at most {ANSWERS_MAX} questions are answered at once")]
    TooMany,
}

fn range(min: Option<f64>, max: Option<f64>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" not below {min}"),
        (None, Some(max)) => format!(" not above {max}"),
        (None, None) => String::new(),
    }
}

impl BadAnswer {
    /// The question whose answer is wrong, if it is one.
    pub fn question(&self) -> Option<&str> {
        match self {
            Self::NotAsked { question }
            | Self::WrongKind { question, .. }
            | Self::NoSuchChoice { question, .. }
            | Self::NoSuchNumber { question, .. } => Some(question),
            Self::TooMany => None,
        }
    }
}

/// What the assistant says of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CriterionVerdict)]
#[serde(tag = "verdict", content = "questions", rename_all = "kebab-case")]
pub enum Verdict {
    /// 重大事故隐患, whatever else is answered.
    Major,
    /// Not major by this item, whatever else is answered.
    NotMajor,
    /// These facts are missing: the questions, in their order, whose answers can still change the outcome.
    Missing(Vec<String>),
}

/// Judges a hazard by one item.
///
/// # Errors
/// The first answer that does not fit its question.
pub fn judge(item: &Item, answers: &Answers) -> Result<Verdict, BadAnswer> {
    Ok(match item.diagram.outcome(&values(item, answers)?) {
        Outcome::Known(true) => Verdict::Major,
        Outcome::Known(false) => Verdict::NotMajor,
        Outcome::Open(variables) => Verdict::Missing(
            variables
                .into_iter()
                .map(|variable| item.questions[variable].id.clone())
                .collect(),
        ),
    })
}

/// What to ask next: the first question whose answer can still change the outcome; none when it is decided.
///
/// # Errors
/// The first answer that does not fit its question.
pub fn next_question<'a>(
    item: &'a Item,
    answers: &Answers,
) -> Result<Option<&'a Question>, BadAnswer> {
    Ok(match item.diagram.outcome(&values(item, answers)?) {
        Outcome::Known(_) => None,
        Outcome::Open(variables) => variables
            .first()
            .and_then(|variable| item.questions.get(*variable)),
    })
}

/// The questions whose answers carry the outcome: with these alone it would be the same, and none of them can be left
/// out. Empty while the outcome is open. Of several such sets, the one that is asked first.
///
/// # Errors
/// The first answer that does not fit its question.
pub fn grounds<'a>(item: &'a Item, answers: &Answers) -> Result<Vec<&'a Question>, BadAnswer> {
    let mut values = values(item, answers)?;
    let outcome = item.diagram.outcome(&values);
    if matches!(outcome, Outcome::Open(_)) {
        return Ok(Vec::new());
    }
    for variable in (0..values.len()).rev() {
        let kept = values[variable].take();
        if item.diagram.outcome(&values) != outcome {
            values[variable] = kept;
        }
    }
    Ok(item
        .questions
        .iter()
        .zip(values)
        .filter_map(|(question, value)| value.map(|_| question))
        .collect())
}

/// The values of the item's variables, in the order of its questions.
fn values(item: &Item, answers: &Answers) -> Result<Vec<Option<usize>>, BadAnswer> {
    if answers.len() > ANSWERS_MAX {
        return Err(BadAnswer::TooMany);
    }
    let mut values = vec![None; item.questions.len()];
    for (id, answer) in answers.iter() {
        let Some(place) = item.questions.iter().position(|known| known.id == id) else {
            return Err(BadAnswer::NotAsked {
                question: id.chars().take(WORD_MAX).collect(),
            });
        };
        values[place] = Some(value(&item.questions[place], &item.domains[place], answer)?);
    }
    Ok(values)
}

fn value(question: &Question, domain: &Domain, answer: &Answer) -> Result<usize, BadAnswer> {
    let wrong = |wants| {
        Err(BadAnswer::WrongKind {
            question: question.id.clone(),
            wants,
        })
    };
    match (&question.kind, answer) {
        (Kind::YesNo, Answer::YesNo(yes)) => Ok(usize::from(*yes)),
        (Kind::YesNo, _) => wrong("yes or no"),
        (Kind::Choice { choices }, Answer::Choice(id)) => choices
            .iter()
            .position(|choice| choice.id == *id)
            .ok_or_else(|| BadAnswer::NoSuchChoice {
                question: question.id.clone(),
                choice: id.chars().take(WORD_MAX).collect(),
            }),
        (Kind::Choice { .. }, _) => wrong("one of its choices"),
        (
            Kind::Number {
                min, max, whole, ..
            },
            Answer::Number(number),
        ) => {
            // NaN and infinity are in no range.
            let bounds = min.unwrap_or(f64::MIN)..=max.unwrap_or(f64::MAX);
            let fits = bounds.contains(number) && (!whole || number.fract() == 0.0);
            fits.then(|| domain.value_of(*number))
                .flatten()
                .ok_or_else(|| BadAnswer::NoSuchNumber {
                    question: question.id.clone(),
                    min: *min,
                    max: *max,
                    whole: *whole,
                })
        }
        (Kind::Number { .. }, _) => wrong("a number"),
    }
}
