//! A condition worked out as a reduced ordered decision diagram: variables are the item's questions in their order,
//! values are what an answer can mean to the condition. In such a diagram a question is there if and only if its answer
//! can still change the outcome, so "which facts are missing" is read off instead of estimated, also where one question
//! is used in several places. (R. Bryant, Graph-Based Algorithms for Boolean Function Manipulation, 1986.)

use super::condition::{Condition, Limit};
use super::{Kind, Question};
use std::collections::{BTreeMap, BTreeSet};

/// A value's bit must fit into the mask of a test.
pub(super) const VALUES_MAX: usize = 64;
/// No more nesting than this in a condition.
const DEPTH_MAX: usize = 16;
/// No more different remainders than this while a condition is worked out: the largest built-in one needs some hundreds.
const STEPS_MAX: usize = 20_000;

/// What the answers to a question can mean to a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Domain {
    /// No is value 0, yes is value 1.
    YesNo,
    /// The choices by their place.
    Choice(Vec<String>),
    /// The limits cut the line into points and gaps; only those that an answer can lie in are values.
    Number { limits: Vec<f64>, parts: Vec<usize> },
}

impl Domain {
    /// The domain of a question under a condition.
    pub(super) fn of(question: &Question, condition: &Condition) -> Result<Self, String> {
        let domain = match &question.kind {
            Kind::YesNo => Self::YesNo,
            Kind::Choice { choices } => {
                Self::Choice(choices.iter().map(|choice| choice.id.clone()).collect())
            }
            Kind::Number {
                min, max, whole, ..
            } => {
                let mut limits = Vec::new();
                condition.limits(&question.id, &mut |value| limits.push(value));
                if limits.iter().any(|value| !value.is_finite()) {
                    return Err(format!(
                        "a limit of question `{}` is no number",
                        question.id
                    ));
                }
                limits.sort_by(f64::total_cmp);
                limits.dedup();
                let least = min.unwrap_or(f64::NEG_INFINITY);
                let most = max.unwrap_or(f64::INFINITY);
                let parts = (0..=2 * limits.len())
                    .filter(|part| can_lie_in(&limits, *part, least, most, *whole))
                    .collect();
                Self::Number { limits, parts }
            }
        };
        if (2..=VALUES_MAX).contains(&domain.size()) {
            Ok(domain)
        } else {
            Err(format!(
                "question `{}` has {} answers that differ, not 2 to {VALUES_MAX}",
                question.id,
                domain.size()
            ))
        }
    }

    /// How many values.
    fn size(&self) -> usize {
        match self {
            Self::YesNo => 2,
            Self::Choice(choices) => choices.len(),
            Self::Number { parts, .. } => parts.len(),
        }
    }

    /// The value of a number that keeps to the question's bounds.
    pub(super) fn value_of(&self, number: f64) -> Option<usize> {
        let Self::Number { limits, parts } = self else {
            return None;
        };
        let below = limits.partition_point(|limit| *limit < number);
        let part = 2 * below + usize::from(limits.get(below) == Some(&number));
        parts.iter().position(|known| *known == part)
    }

    /// The values of a number for which a comparison with one of the limits holds.
    fn mask(&self, limit: f64, holds: impl Fn(f64, f64) -> bool) -> Option<u64> {
        let Self::Number { limits, parts } = self else {
            return None;
        };
        let at = limits.iter().position(|known| *known == limit)? as f64;
        // Half steps: the point of limit i is i, the gap below it i - 1/2.
        Some(mask_of(
            parts
                .iter()
                .map(|part| holds((*part as f64 - 1.0) / 2.0, at)),
        ))
    }
}

fn mask_of(bits: impl Iterator<Item = bool>) -> u64 {
    bits.enumerate()
        .filter(|(_, bit)| *bit)
        .fold(0, |mask, (place, _)| mask | 1 << place)
}

/// Is there a number in this part of the line that keeps to the bounds? Odd parts are the limits themselves.
fn can_lie_in(limits: &[f64], part: usize, least: f64, most: f64, whole: bool) -> bool {
    if part % 2 == 1 {
        let point = limits[part / 2];
        return least <= point && point <= most && (!whole || point.fract() == 0.0);
    }
    let after = match part / 2 {
        0 => f64::NEG_INFINITY,
        place => limits[place - 1],
    };
    let before = limits.get(part / 2).copied().unwrap_or(f64::INFINITY);
    if whole {
        let first = if least > after {
            least.ceil()
        } else {
            after.floor() + 1.0
        };
        // With no lower end there is always a whole number left below.
        let first = if first == f64::NEG_INFINITY {
            before.min(most).floor() - 1.0
        } else {
            first
        };
        first < before && first <= most
    } else {
        let (low, high) = (after.max(least), before.min(most));
        low < high || (low == high && after < low && high < before)
    }
}

/// A condition over values. There is no "not": it is pushed down to the tests when a condition is taken in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Expression {
    Known(bool),
    Test { variable: usize, mask: u64 },
    Count { need: usize, of: Vec<Expression> },
}

impl Expression {
    /// At least `need` of the parts, made as small as it goes.
    fn count(mut need: usize, parts: impl Iterator<Item = Self>) -> Self {
        let mut of = Vec::new();
        for part in parts {
            match part {
                Self::Known(false) => {}
                Self::Known(true) => need = need.saturating_sub(1),
                part => of.push(part),
            }
        }
        if need == 0 {
            Self::Known(true)
        } else if need > of.len() {
            Self::Known(false)
        } else if of.len() == 1 {
            of.remove(0)
        } else {
            Self::Count { need, of }
        }
    }

    /// What is left when a variable has a value.
    fn with(&self, variable: usize, value: usize) -> Self {
        match self {
            Self::Test { variable: of, mask } if *of == variable => {
                Self::Known(mask >> value & 1 == 1)
            }
            Self::Count { need, of } => {
                Self::count(*need, of.iter().map(|part| part.with(variable, value)))
            }
            other => other.clone(),
        }
    }

    /// The first variable that is still in it.
    fn first(&self) -> Option<usize> {
        match self {
            Self::Known(_) => None,
            Self::Test { variable, .. } => Some(*variable),
            Self::Count { of, .. } => of.iter().filter_map(Self::first).min(),
        }
    }
}

struct Taking<'a> {
    questions: &'a [Question],
    domains: &'a [Domain],
}

impl Taking<'_> {
    fn variable(&self, question: &str) -> Result<usize, String> {
        self.questions
            .iter()
            .position(|known| known.id == question)
            .ok_or_else(|| {
                format!("the condition asks `{question}`, which is no question of this item")
            })
    }

    fn test(&self, question: &str, kind: &str, mask: Option<u64>) -> Result<Expression, String> {
        let variable = self.variable(question)?;
        match mask {
            Some(mask) => Ok(Expression::Test { variable, mask }),
            None => Err(format!("question `{question}` is not answered by {kind}")),
        }
    }

    fn yes_no(&self, question: &str, yes: bool) -> Result<Expression, String> {
        let domain = &self.domains[self.variable(question)?];
        let mask = (*domain == Domain::YesNo).then_some(if yes { 0b10 } else { 0b01 });
        self.test(question, "yes or no", mask)
    }

    fn limit(&self, limit: &Limit, holds: impl Fn(f64, f64) -> bool) -> Result<Expression, String> {
        let domain = &self.domains[self.variable(&limit.question)?];
        self.test(&limit.question, "a number", domain.mask(limit.value, holds))
    }

    /// Takes a condition in; `sign` false takes in its contrary.
    fn take(&self, condition: &Condition, sign: bool, depth: usize) -> Result<Expression, String> {
        if depth > DEPTH_MAX {
            return Err(format!(
                "the condition is nested more than {DEPTH_MAX} deep"
            ));
        }
        let count = |need: usize, of: &[Condition]| {
            if of.is_empty() || need == 0 || need > of.len() {
                return Err(format!("{need} of {} cannot be asked for", of.len()));
            }
            // Not at least k of n: at least n - k + 1 are not so.
            let need = if sign { need } else { of.len() - need + 1 };
            let parts: Result<Vec<_>, _> = of
                .iter()
                .map(|part| self.take(part, sign, depth + 1))
                .collect();
            Ok(Expression::count(need, parts?.into_iter()))
        };
        match condition {
            Condition::Yes(question) => self.yes_no(question, sign),
            Condition::No(question) => self.yes_no(question, !sign),
            Condition::Is { question, any } => {
                let Domain::Choice(choices) = &self.domains[self.variable(question)?] else {
                    return self.test(question, "a choice", None);
                };
                if let Some(odd) = any.iter().find(|id| !choices.contains(id)) {
                    return Err(format!("`{odd}` is no choice of question `{question}`"));
                }
                let mask = mask_of(choices.iter().map(|id| any.contains(id) == sign));
                self.test(question, "a choice", Some(mask))
            }
            Condition::Above(limit) => self.limit(limit, |x, at| (x > at) == sign),
            Condition::AtLeast(limit) => self.limit(limit, |x, at| (x >= at) == sign),
            Condition::Below(limit) => self.limit(limit, |x, at| (x < at) == sign),
            Condition::AtMost(limit) => self.limit(limit, |x, at| (x <= at) == sign),
            Condition::All(of) => count(of.len(), of),
            Condition::Any(of) => count(1, of),
            Condition::Count { at_least, of } => count(*at_least, of),
            Condition::Not(part) => self.take(part, !sign, depth + 1),
        }
    }
}

/// Where an edge leads: 0 is "not major", 1 is "major", beyond that node `edge - 2`.
type Edge = usize;
const NO: Edge = 0;
const YES: Edge = 1;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    variable: usize,
    children: Vec<Edge>,
}

/// A reduced ordered decision diagram. A node's children stand before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Diagram {
    nodes: Vec<Node>,
    root: Edge,
}

/// What a diagram says when some answers are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is decided whatever else is answered.
    Known(bool),
    /// Both outcomes can still come; these variables can change it, in their order.
    Open(BTreeSet<usize>),
}

impl Diagram {
    /// Works a condition out.
    ///
    /// # Errors
    /// In words: what in the condition does not fit its questions, or that it is too tangled.
    pub(super) fn of(
        condition: &Condition,
        questions: &[Question],
        domains: &[Domain],
    ) -> Result<Self, String> {
        let expression = Taking { questions, domains }.take(condition, true, 0)?;
        let mut building = Building {
            domains,
            made: Making::default(),
            known: BTreeMap::new(),
        };
        let root = building.edge(expression)?;
        Ok(Self {
            nodes: building.made.nodes,
            root,
        })
    }

    /// What is known when the variables have these values (none: not answered).
    pub(super) fn outcome(&self, values: &[Option<usize>]) -> Outcome {
        let mut made = Making::default();
        let mut moved = vec![NO, YES];
        for node in &self.nodes {
            let edge = match values.get(node.variable).copied().flatten() {
                Some(value) => moved[node.children[value]],
                None => {
                    let children = node.children.iter().map(|child| moved[*child]).collect();
                    made.node(node.variable, children)
                }
            };
            moved.push(edge);
        }
        match moved[self.root] {
            NO => Outcome::Known(false),
            YES => Outcome::Known(true),
            root => Outcome::Open(made.reached(root)),
        }
    }
}

#[derive(Default)]
struct Making {
    nodes: Vec<Node>,
    known: BTreeMap<Node, Edge>,
}

impl Making {
    /// The edge to a node of these children: no node if they are all one, no second node for the same.
    fn node(&mut self, variable: usize, children: Vec<Edge>) -> Edge {
        if children.windows(2).all(|pair| pair[0] == pair[1]) {
            return children[0];
        }
        let node = Node { variable, children };
        if let Some(edge) = self.known.get(&node) {
            return *edge;
        }
        let edge = self.nodes.len() + 2;
        self.nodes.push(node.clone());
        self.known.insert(node, edge);
        edge
    }

    /// The variables of the nodes that can be reached.
    fn reached(&self, root: Edge) -> BTreeSet<usize> {
        let mut variables = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![root];
        while let Some(edge) = open.pop() {
            if edge > YES && seen.insert(edge) {
                let node = &self.nodes[edge - 2];
                variables.insert(node.variable);
                open.extend(&node.children);
            }
        }
        variables
    }
}

struct Building<'a> {
    domains: &'a [Domain],
    made: Making,
    known: BTreeMap<Expression, Edge>,
}

impl Building<'_> {
    fn edge(&mut self, expression: Expression) -> Result<Edge, String> {
        let Some(variable) = expression.first() else {
            return Ok(usize::from(expression == Expression::Known(true)));
        };
        if let Some(edge) = self.known.get(&expression) {
            return Ok(*edge);
        }
        if self.known.len() >= STEPS_MAX {
            return Err("the condition is too tangled to be worked out".to_owned());
        }
        let children: Result<Vec<_>, _> = (0..self.domains[variable].size())
            .map(|value| self.edge(expression.with(variable, value)))
            .collect();
        let edge = self.made.node(variable, children?);
        self.known.insert(expression, edge);
        Ok(edge)
    }
}
