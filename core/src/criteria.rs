//! What makes a hazard a major one (重大事故隐患判定标准), and the assistant that applies it.
//!
//! The criteria are data: one file a sector in `rulebook/criteria/`, every item with its document, number and days in
//! force, the questions that a person on the spot can answer, and a condition over the answers. [`judge`] says major, not
//! major, or which facts are missing; it never guesses. How the files are written: `docs/criteria.md`.

mod condition;
mod diagram;
mod judge;
mod read;

#[cfg(test)]
mod tests;

pub use condition::{Condition, Limit};
pub use judge::{
    ANSWERS_MAX, Answer, Answers, BadAnswer, Verdict, WORD_MAX, grounds, judge, next_question,
};
pub use read::BadCriteria;

use diagram::{Diagram, Domain};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One item of a sector's criteria. Made by [`Criteria::parse`] alone, which has checked it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Criterion)]
pub struct Item {
    /// Its word in data; unique among all files, never used again for something else.
    pub id: String,
    /// The number of the document (发文字号), such as 应急管理部令第10号.
    pub doc_no: String,
    /// The document's title.
    pub doc_zh: String,
    /// The document's title in English.
    pub doc_en: String,
    /// Where in the document: 第四条第（一）项, 第3项, 第2类.
    pub no: String,
    /// The heading it stands under, if the document has headings.
    pub group: Option<Group>,
    /// First day in force.
    #[schema(value_type = String)]
    pub valid_from: Date,
    /// Last day in force; none while it is in force.
    #[schema(value_type = Option<String>)]
    pub valid_to: Option<Date>,
    /// Trades it applies to, by the codes of `rulebook/sectors.toml`.
    pub sectors: Vec<String>,
    /// What it says, in our own short words; the document's own text decides.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Confirmed in the document itself; if not, it must be compared with the text before it is cited.
    pub certain: bool,
    /// What the assistant asks, in the order in which it asks.
    pub questions: Vec<Question>,
    /// When the answers make the hazard a major one.
    pub condition: Condition,
    /// What the answers may be, question by question.
    #[serde(skip)]
    domains: Vec<Domain>,
    /// The condition, worked out.
    #[serde(skip)]
    diagram: Diagram,
}

/// A heading of a document: a trade block, a class, a chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CriterionGroup)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its word in data.
    pub id: String,
    /// Chinese heading.
    pub zh: String,
    /// English heading.
    pub en: String,
}

/// A question that can be answered on the spot.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = CriterionQuestion)]
pub struct Question {
    /// Its word in the answers; unique within its item.
    pub id: String,
    /// The sub-item it asks about, such as 第（二）项, when that is finer than the item's own number.
    pub no: Option<String>,
    /// The question.
    pub zh: String,
    /// The question in English.
    pub en: String,
    /// What answers it.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What answers a question.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = CriterionAnswerKind)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// A number.
    Number {
        /// Its unit as it stands on the Chinese page.
        unit: String,
        /// Its unit on the English page.
        unit_en: String,
        /// The least that can be true.
        min: Option<f64>,
        /// The most that can be true.
        max: Option<f64>,
        /// Only whole numbers make sense (people, levels).
        whole: bool,
    },
    /// One of a list.
    Choice {
        /// The list.
        choices: Vec<Choice>,
    },
}

/// One answer of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CriterionChoice)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its word in the answers.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
}

impl Item {
    /// Is it in force on that day? Both ends count.
    pub fn in_force(&self, date: Date) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last)
    }

    /// Does it apply to this trade?
    pub fn applies_to(&self, sector: &str) -> bool {
        self.sectors.iter().any(|code| code == sector)
    }

    /// How it is cited in an official paper: 《title》（number）第…条.
    pub fn citation(&self) -> String {
        format!("《{}》（{}）{}", self.doc_zh, self.doc_no, self.no)
    }

    /// The question of that id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }
}

/// All criteria, file by file in the order of their documents.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Criteria {
    /// The items.
    pub items: Vec<Item>,
}

impl Criteria {
    /// The files that the program carries: name and text. A district's own files go behind them.
    pub const FILES: [(&'static str, &'static str); 7] = [
        (
            "coal.toml",
            include_str!("../../rulebook/criteria/coal.toml"),
        ),
        (
            "coal-2020.toml",
            include_str!("../../rulebook/criteria/coal-2020.toml"),
        ),
        (
            "hazchem.toml",
            include_str!("../../rulebook/criteria/hazchem.toml"),
        ),
        (
            "industry.toml",
            include_str!("../../rulebook/criteria/industry.toml"),
        ),
        ("gas.toml", include_str!("../../rulebook/criteria/gas.toml")),
        (
            "fire.toml",
            include_str!("../../rulebook/criteria/fire.toml"),
        ),
        (
            "fireworks.toml",
            include_str!("../../rulebook/criteria/fireworks.toml"),
        ),
    ];

    /// The criteria that the program carries.
    ///
    /// # Errors
    /// The first file that cannot be used (a test keeps this from happening).
    pub fn built_in() -> Result<Self, BadCriteria> {
        Self::parse(Self::FILES)
    }

    /// The item of that id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// What a hazard of this trade, found on that day, may be judged by; the document's order is kept.
    pub fn for_sector<'a>(
        &'a self,
        sector: &'a str,
        date: Date,
    ) -> impl Iterator<Item = &'a Item> + 'a {
        self.items
            .iter()
            .filter(move |item| item.applies_to(sector) && item.in_force(date))
    }
}
