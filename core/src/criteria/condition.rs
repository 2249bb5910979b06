//! What an item demands of the answers, as it is written in a file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When the answers make a hazard a major one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CriterionCondition, no_recursion)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Condition {
    /// The question is answered yes.
    Yes(String),
    /// The question is answered no.
    No(String),
    /// The question is answered by one of these choices.
    Is {
        /// The question.
        question: String,
        /// Its choices that count.
        any: Vec<String>,
    },
    /// Greater than (大于、超过).
    Above(Limit),
    /// Greater or equal (以上、达到).
    AtLeast(Limit),
    /// Less than (小于、低于、不足).
    Below(Limit),
    /// Less or equal (以下).
    AtMost(Limit),
    /// All of them.
    All(Vec<Condition>),
    /// One of them at least.
    Any(Vec<Condition>),
    /// Not so.
    Not(Box<Condition>),
    /// So many of them at least (综合判定).
    Count {
        /// How many.
        at_least: usize,
        /// Of which.
        of: Vec<Condition>,
    },
}

/// A number and the limit it is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CriterionLimit)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The question.
    pub question: String,
    /// The limit, in the question's unit.
    pub value: f64,
}

impl Condition {
    /// Calls `see` with every limit on the number that this question asks for.
    pub(super) fn limits(&self, question: &str, see: &mut impl FnMut(f64)) {
        match self {
            Self::Yes(_) | Self::No(_) | Self::Is { .. } => {}
            Self::Above(limit)
            | Self::AtLeast(limit)
            | Self::Below(limit)
            | Self::AtMost(limit) => {
                if limit.question == question {
                    see(limit.value);
                }
            }
            Self::All(of) | Self::Any(of) | Self::Count { of, .. } => {
                for part in of {
                    part.limits(question, see);
                }
            }
            Self::Not(part) => part.limits(question, see),
        }
    }
}
