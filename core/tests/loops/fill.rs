//! Fills in any form: whatever the fields are, with values that are acceptable and different from one seed to the next.
//! What a loop's own conditions ask beyond its fields is found as a person would find it: the refusal names the field,
//! and the next value is tried there.

use crate::world::{Dice, World};
use anlan_core::calendar::date_of;
use anlan_core::id::LoopId;
use anlan_core::loops::field::{Input, asked};
use anlan_core::loops::spec::{Due, Field, Kind, Need, Spec};
use anlan_core::loops::{Loop, Refusal};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How much of what may stay empty is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Lean,
    Mixed,
    Full,
}

pub struct Filler<'a> {
    pub world: &'a World,
    pub spec: &'static Spec,
    pub it: Option<&'a Loop>,
    pub now: Timestamp,
    pub style: Style,
    /// How often a field was refused: the next candidate is tried. Keys as refusals write them: `penalties.who`.
    pub bumps: BTreeMap<String, usize>,
    /// Where the candidates of each field begin.
    pub turn: u64,
    calm: bool,
}

impl<'a> Filler<'a> {
    pub fn new(
        world: &'a World,
        spec: &'static Spec,
        it: Option<&'a Loop>,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Self {
        let style = [Style::Lean, Style::Mixed, Style::Full, Style::Full][dice.below(4)];
        Self {
            world,
            spec,
            it,
            now,
            style,
            bumps: BTreeMap::new(),
            turn: dice.next(),
            calm: dice.calm,
        }
    }

    /// Learns from a refusal. False when it names no field of this form, so that nothing can be learned.
    pub fn learn(&mut self, refusal: &Refusal, fields: &[Field]) -> bool {
        let Some(name) = &refusal.field else {
            return false;
        };
        let head = name.split('.').next().unwrap_or(name);
        if !fields.iter().any(|field| field.code == head) {
            return false;
        }
        *self.bumps.entry(name.clone()).or_default() += 1;
        if head != name {
            *self.bumps.entry(head.to_owned()).or_default() += 1;
        }
        true
    }

    pub fn fill(&self, fields: &'static [Field]) -> Input {
        self.form(fields, "", 0)
    }

    fn form(&self, fields: &'static [Field], within: &str, line: usize) -> Input {
        let mut input = Input::new();
        // Fields may depend on fields that depend on fields, in any order.
        for _ in 0..3 {
            for (nth, field) in fields.iter().enumerate() {
                let name = format!("{within}{}", field.code);
                let bumped = self.bumps.get(&name).copied().unwrap_or(0);
                let wanted = match field.need {
                    Need::Must => true,
                    Need::When(..) => asked(field, &input),
                    Need::May | Need::MayWhen(..) => {
                        let like = match self.style {
                            Style::Lean => false,
                            Style::Full => true,
                            Style::Mixed => (self.turn >> (nth % 40)) & 1 == 1,
                        };
                        asked(field, &input) && (like || bumped > 0)
                    }
                };
                if !wanted || input.contains_key(field.code) {
                    continue;
                }
                let all = self.candidates(field, &name, line);
                if let Some(value) =
                    all.get((self.begin(field, nth, line) + bumped) % all.len().max(1))
                {
                    input.insert(field.code.to_owned(), value.clone());
                }
            }
        }
        input
    }

    /// Where to begin among the candidates. What is chosen from a list takes each in turn; other fields begin with the
    /// most likely.
    fn begin(&self, field: &Field, nth: usize, line: usize) -> usize {
        let turn = (self.turn.rotate_left(7 * nth as u32 + 3) >> 8) as usize;
        match field.kind {
            Kind::Choice(_) | Kind::Many(_) | Kind::Table(_) | Kind::Flag => turn + line,
            // Figures now differ, now are all alike: nobody hurt and nothing lost, or everything at once.
            Kind::Number { unit, .. } if self.calm && unit != "元" => 1,
            Kind::Number { .. } => match self.turn % 4 {
                0 => (self.turn >> 12) as usize,
                1 => turn,
                _ => 0,
            },
            Kind::Criterion => turn,
            Kind::Date | Kind::Instant if turn.is_multiple_of(4) => turn / 4,
            _ => 0,
        }
    }

    /// Is this the deadline that a clock runs to?
    fn is_deadline(&self, code: &str) -> bool {
        self.spec
            .clocks
            .iter()
            .any(|clock| matches!(clock.due, Due::Field(field) if field == code))
    }

    /// Later than anything that runs.
    fn later(&self) -> Timestamp {
        let due = self
            .it
            .into_iter()
            .flat_map(|it| &it.clocks)
            .filter(|c| c.runs())
            .map(|c| c.due);
        due.max().unwrap_or(self.now).max(self.now) + SignedDuration::from_hours(24 * 10)
    }

    fn candidates(&self, field: &'static Field, name: &str, line: usize) -> Vec<Value> {
        let world = self.world;
        let day = |days: i64| {
            json!(
                date_of(self.now)
                    .checked_add(days.days())
                    .unwrap()
                    .to_string()
            )
        };
        let hour = |hours: i64| json!((self.now + SignedDuration::from_hours(hours)).to_string());
        match field.kind {
            Kind::Text => vec![
                json!(format!("试验{}{}", field.zh, line + 1)),
                json!("13800000000"),
                json!("ab12".repeat(16)),
                json!("7"),
            ],
            Kind::Long => vec![
                json!(format!("试验用文字：{}。\n第二行。", field.zh)),
                json!("短"),
            ],
            Kind::Number {
                min, max, whole, ..
            } => {
                let mut all: Vec<f64> = [
                    1.0,
                    0.0,
                    3.0,
                    2.0,
                    12.0,
                    35.0,
                    120.0,
                    60_000_000.0,
                    min,
                    max,
                ]
                .into_iter()
                .filter(|n| (min..=max).contains(n) && (!whole || n.fract() == 0.0))
                .collect();
                if all.is_empty() {
                    all.push(min);
                }
                all.into_iter().map(|n| json!(n)).collect()
            }
            Kind::Flag => vec![json!(true), json!(false)],
            Kind::Choice(words) => words.iter().map(|word| json!(word.code)).collect(),
            Kind::Many(words) => {
                let all: Vec<&str> = words.iter().map(|word| word.code).collect();
                let mut out: Vec<Value> = vec![json!(all)];
                out.extend(all.iter().map(|code| json!([code])));
                out
            }
            Kind::Table(table) => world
                .book
                .table(table)
                .iter()
                .map(|word| json!(word.code))
                .collect(),
            Kind::Date => {
                let later = json!(date_of(self.later()).to_string());
                let ahead = self.is_deadline(field.code);
                if ahead {
                    vec![day(20), later, day(60), day(400), day(5)]
                } else {
                    vec![
                        day(0),
                        later,
                        day(15),
                        day(-1),
                        day(60),
                        day(-20),
                        day(400),
                        day(-200),
                        day(800),
                    ]
                }
            }
            Kind::Instant => {
                let begun = self.it.map_or(self.now, |it| it.happened);
                let later = json!(self.later().to_string());
                if self.is_deadline(field.code) {
                    vec![hour(24), later, hour(500)]
                } else {
                    vec![
                        hour(0),
                        json!(begun.to_string()),
                        hour(-1),
                        later,
                        hour(-30),
                        hour(48),
                        hour(-900),
                    ]
                }
            }
            Kind::Org(_) => {
                let mut ids: Vec<&str> = world.orgs.iter().map(|org| org.id.as_str()).collect();
                let start = ((self.turn >> 20) as usize + line) % ids.len();
                ids.rotate_left(start);
                ids.into_iter().map(|id| json!(id)).collect()
            }
            Kind::Files { photos } => {
                let sha = |n: usize| world.files[n].file.sha256.clone();
                if photos {
                    vec![
                        json!([sha(0), sha(1)]),
                        json!([sha(2)]),
                        json!([{"sha256": sha(1)}]),
                    ]
                } else {
                    vec![json!([sha(3)]), json!([sha(0)]), json!([sha(5), sha(4)])]
                }
            }
            Kind::Rows(fields) => {
                let choices = fields.iter().find_map(|field| match field.kind {
                    Kind::Choice(words) => Some(words.len()),
                    Kind::Table(table) => Some(world.book.table(table).len()),
                    _ => None,
                });
                let lines = |n: usize| -> Value {
                    (0..n)
                        .map(|line| Value::Object(self.form(fields, &format!("{name}."), line)))
                        .collect()
                };
                vec![lines(choices.unwrap_or(2).min(12)), lines(1), lines(3)]
            }
            Kind::Place => vec![json!({"lon": 112.86, "lat": 35.51})],
            Kind::Criterion => world.criteria.iter().map(|id| json!(id)).collect(),
            Kind::Loop(_) => vec![json!(
                LoopId::make(1_770_000_000_000, u128::from(self.turn)).to_string()
            )],
        }
    }
}
