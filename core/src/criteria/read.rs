//! Reads criteria files and refuses what could mislead: a condition that asks what nobody can answer, one that is
//! always or never fulfilled, a question whose answer changes nothing.

use super::diagram::{Diagram, Domain, Outcome};
use super::judge::{ANSWERS_MAX, WORD_MAX};
use super::{Choice, Condition, Criteria, Group, Item, Kind, Question};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;

/// A criteria file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadCriteria {
    /// Not TOML of the right shape.
    #[error("criteria file `{file}` cannot be read: {source}")]
    Shape {
        /// The file.
        file: String,
        /// What is wrong.
        source: Box<toml::de::Error>,
    },
    /// Something in it does not hold together.
    #[error("criteria file `{file}`, `{at}`: {what}")]
    Content {
        /// The file.
        file: String,
        /// The document, group or item.
        at: String,
        /// What is wrong, in words.
        what: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    document: Vec<Document>,
    #[serde(default)]
    group: Vec<Group>,
    item: Vec<RawItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    id: String,
    doc_no: String,
    zh: String,
    en: String,
    valid_from: Date,
    valid_to: Option<Date>,
    sectors: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawItem {
    id: String,
    document: String,
    no: String,
    group: Option<String>,
    zh: String,
    en: String,
    certain: bool,
    sectors: Option<Vec<String>>,
    questions: Vec<RawQuestion>,
    condition: Option<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestion {
    id: String,
    no: Option<String>,
    zh: String,
    en: String,
    #[serde(default)]
    kind: RawKind,
    unit: Option<String>,
    unit_en: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    #[serde(default)]
    whole: bool,
    choices: Option<Vec<Choice>>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum RawKind {
    #[default]
    YesNo,
    Number,
    Choice,
}

impl Criteria {
    /// Reads criteria files, each as its name and its text; ids are unique over all of them.
    ///
    /// # Errors
    /// The first thing that cannot be used, with the file and the place.
    pub fn parse<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BadCriteria> {
        let mut items = Vec::new();
        let mut ids = BTreeSet::new();
        for (name, text) in files {
            let file: File = toml::from_str(text).map_err(|source| BadCriteria::Shape {
                file: name.to_owned(),
                source: Box::new(source),
            })?;
            let bad = |at: &str, what: String| BadCriteria::Content {
                file: name.to_owned(),
                at: at.to_owned(),
                what,
            };
            for document in &file.document {
                document.check().map_err(|what| bad(&document.id, what))?;
            }
            for group in &file.group {
                slug(&group.id)
                    .and_then(|()| said(&[&group.zh, &group.en]))
                    .map_err(|what| bad(&group.id, what))?;
            }
            for raw in file.item {
                let id = raw.id.clone();
                if !ids.insert(id.clone()) {
                    return Err(bad(&id, "the id is taken".to_owned()));
                }
                let item = raw
                    .checked(&file.document, &file.group)
                    .map_err(|what| bad(&id, what))?;
                items.push(item);
            }
        }
        Ok(Self { items })
    }
}

/// An id is a word that can stand in a link.
fn slug(id: &str) -> Result<(), String> {
    let good = (1..=WORD_MAX).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if good {
        Ok(())
    } else {
        Err(format!(
            "an id is 1 to {WORD_MAX} characters of a–z, 0–9 and `-`, not `{id}`"
        ))
    }
}

fn said(words: &[&str]) -> Result<(), String> {
    if words.iter().all(|word| !word.trim().is_empty()) {
        Ok(())
    } else {
        Err("words are missing".to_owned())
    }
}

fn unlike<'a>(ids: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for id in ids {
        slug(id)?;
        if !seen.insert(id) {
            return Err(format!("`{id}` is there twice"));
        }
    }
    Ok(())
}

impl Document {
    fn check(&self) -> Result<(), String> {
        slug(&self.id)?;
        said(&[&self.doc_no, &self.zh, &self.en])?;
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            return Err("it ends before it begins".to_owned());
        }
        trades(&self.sectors)
    }
}

fn trades(sectors: &[String]) -> Result<(), String> {
    if sectors.is_empty() {
        return Err("no trade is named".to_owned());
    }
    unlike(sectors.iter().map(String::as_str))
}

impl RawItem {
    fn checked(self, documents: &[Document], groups: &[Group]) -> Result<Item, String> {
        slug(&self.id)?;
        said(&[&self.no, &self.zh, &self.en])?;
        let document = documents
            .iter()
            .find(|document| document.id == self.document)
            .ok_or_else(|| format!("there is no document `{}` in this file", self.document))?;
        let group = match &self.group {
            None => None,
            Some(id) => Some(
                groups
                    .iter()
                    .find(|group| group.id == *id)
                    .cloned()
                    .ok_or_else(|| format!("there is no group `{id}` in this file"))?,
            ),
        };
        let sectors = self.sectors.unwrap_or_else(|| document.sectors.clone());
        trades(&sectors)?;
        if !(1..=ANSWERS_MAX).contains(&self.questions.len()) {
            return Err(format!("an item asks 1 to {ANSWERS_MAX} questions"));
        }
        unlike(self.questions.iter().map(|question| question.id.as_str()))?;
        let questions: Vec<_> = self
            .questions
            .into_iter()
            .map(RawQuestion::checked)
            .collect::<Result<_, _>>()?;
        // Without a condition the item is a list of cases: one yes is enough (有下列情形之一).
        let condition = self.condition.unwrap_or_else(|| {
            Condition::Any(
                questions
                    .iter()
                    .map(|question| Condition::Yes(question.id.clone()))
                    .collect(),
            )
        });
        let domains: Vec<_> = questions
            .iter()
            .map(|question| Domain::of(question, &condition))
            .collect::<Result<_, _>>()?;
        let diagram = Diagram::of(&condition, &questions, &domains)?;
        match diagram.outcome(&[]) {
            Outcome::Known(true) => return Err("the condition is always fulfilled".to_owned()),
            Outcome::Known(false) => return Err("the condition can never be fulfilled".to_owned()),
            Outcome::Open(variables) => {
                if let Some(idle) = (0..questions.len()).find(|place| !variables.contains(place)) {
                    return Err(format!(
                        "the answer to question `{}` changes nothing",
                        questions[idle].id
                    ));
                }
            }
        }
        Ok(Item {
            id: self.id,
            doc_no: document.doc_no.clone(),
            doc_zh: document.zh.clone(),
            doc_en: document.en.clone(),
            no: self.no,
            group,
            valid_from: document.valid_from,
            valid_to: document.valid_to,
            sectors,
            zh: self.zh,
            en: self.en,
            certain: self.certain,
            questions,
            condition,
            domains,
            diagram,
        })
    }
}

impl RawQuestion {
    fn checked(self) -> Result<Question, String> {
        let said = said(&[&self.zh, &self.en]);
        let of_number = self.unit.is_some()
            || self.unit_en.is_some()
            || self.min.is_some()
            || self.max.is_some()
            || self.whole;
        let stray = match self.kind {
            RawKind::YesNo => of_number || self.choices.is_some(),
            RawKind::Number => self.choices.is_some(),
            RawKind::Choice => of_number,
        };
        if stray {
            return Err(format!("question `{}` has fields of another kind", self.id));
        }
        said.map_err(|what| format!("question `{}`: {what}", self.id))?;
        let kind = match self.kind {
            RawKind::YesNo => Kind::YesNo,
            RawKind::Number => {
                let unit = self
                    .unit
                    .ok_or_else(|| format!("question `{}` has no unit", self.id))?;
                let bounds = [self.min, self.max];
                if bounds.iter().flatten().any(|bound| !bound.is_finite())
                    || matches!(bounds, [Some(min), Some(max)] if min >= max)
                {
                    return Err(format!("question `{}` has no room for an answer", self.id));
                }
                Kind::Number {
                    unit_en: self.unit_en.unwrap_or_else(|| unit.clone()),
                    unit,
                    min: self.min,
                    max: self.max,
                    whole: self.whole,
                }
            }
            RawKind::Choice => {
                let choices = self
                    .choices
                    .ok_or_else(|| format!("question `{}` has no choices", self.id))?;
                unlike(choices.iter().map(|choice| choice.id.as_str()))
                    .map_err(|what| format!("question `{}`: {what}", self.id))?;
                Kind::Choice { choices }
            }
        };
        Ok(Question {
            id: self.id,
            no: self.no,
            zh: self.zh,
            en: self.en,
            kind,
        })
    }
}
