//! What holds for every condition and every answer.

use super::super::diagram::{Diagram, Domain, Outcome};
use super::super::*;
use super::criteria;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What the condition says when everything is answered, straight from its meaning.
fn holds(condition: &Condition, answers: &BTreeMap<String, Answer>) -> bool {
    let yes = |question: &str| answers[question] == Answer::YesNo(true);
    let number = |limit: &Limit| match answers[&limit.question] {
        Answer::Number(number) => number,
        _ => panic!("{} is no number", limit.question),
    };
    match condition {
        Condition::Yes(question) => yes(question),
        Condition::No(question) => !yes(question),
        Condition::Is { question, any } => match &answers[question] {
            Answer::Choice(choice) => any.contains(choice),
            _ => panic!("{question} is no choice"),
        },
        Condition::Above(limit) => number(limit) > limit.value,
        Condition::AtLeast(limit) => number(limit) >= limit.value,
        Condition::Below(limit) => number(limit) < limit.value,
        Condition::AtMost(limit) => number(limit) <= limit.value,
        Condition::All(of) => of.iter().all(|part| holds(part, answers)),
        Condition::Any(of) => of.iter().any(|part| holds(part, answers)),
        Condition::Not(part) => !holds(part, answers),
        Condition::Count { at_least, of } => {
            of.iter().filter(|part| holds(part, answers)).count() >= *at_least
        }
    }
}

/// A small item: two yes or no, a choice of three, a number from 0 to 10, a whole number from 0.
fn questions() -> Vec<(Question, Vec<Answer>)> {
    let question = |id: &str, kind| Question {
        id: id.to_owned(),
        no: None,
        zh: "问".to_owned(),
        en: "ask".to_owned(),
        kind,
    };
    let number = |max: Option<f64>, whole| Kind::Number {
        unit: "m".to_owned(),
        unit_en: "m".to_owned(),
        min: Some(0.0),
        max,
        whole,
    };
    let choices = ["x", "y", "z"].map(|id| Choice {
        id: id.to_owned(),
        zh: "选".to_owned(),
        en: id.to_owned(),
    });
    let either = vec![Answer::YesNo(false), Answer::YesNo(true)];
    vec![
        (question("a", Kind::YesNo), either.clone()),
        (question("b", Kind::YesNo), either),
        (
            question(
                "c",
                Kind::Choice {
                    choices: choices.to_vec(),
                },
            ),
            ["x", "y", "z"].map(Answer::from).to_vec(),
        ),
        // Limits lie on quarters of 0 to 10 in steps of a half: these numbers meet every part of the line.
        (
            question("n", number(Some(10.0), false)),
            (0..=40)
                .map(|n| Answer::Number(f64::from(n) / 4.0))
                .collect(),
        ),
        (
            question("w", number(None, true)),
            (0..=12).map(|n| Answer::Number(f64::from(n))).collect(),
        ),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let limit = |question: &'static str| {
        (0u8..=20, 0u8..4).prop_map(move |(half, kind)| {
            let limit = Limit {
                question: question.to_owned(),
                value: f64::from(half) / 2.0,
            };
            match kind {
                0 => Condition::Above(limit),
                1 => Condition::AtLeast(limit),
                2 => Condition::Below(limit),
                _ => Condition::AtMost(limit),
            }
        })
    };
    let leaf = prop_oneof![
        prop_oneof![Just("a"), Just("b")].prop_map(|id| Condition::Yes(id.to_owned())),
        prop_oneof![Just("a"), Just("b")].prop_map(|id| Condition::No(id.to_owned())),
        proptest::sample::subsequence(vec!["x", "y", "z"], 0..=3).prop_map(|any| Condition::Is {
            question: "c".to_owned(),
            any: any.into_iter().map(str::to_owned).collect(),
        }),
        limit("n"),
        limit("w"),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let some = || proptest::collection::vec(inner.clone(), 1..=4);
        prop_oneof![
            some().prop_map(Condition::All),
            some().prop_map(Condition::Any),
            inner
                .clone()
                .prop_map(|part| Condition::Not(Box::new(part))),
            (some(), any::<proptest::sample::Index>()).prop_map(|(of, index)| Condition::Count {
                at_least: index.index(of.len()) + 1,
                of,
            }),
        ]
    })
}

/// The item of a condition, with the questions that can be answered in more than one way for it.
fn item_of(condition: Condition) -> (Item, Vec<Vec<Answer>>) {
    let mut kept = Vec::new();
    let mut domains = Vec::new();
    let mut values = Vec::new();
    for (question, all) in questions() {
        if let Ok(domain) = Domain::of(&question, &condition) {
            kept.push(question);
            domains.push(domain);
            values.push(all);
        }
    }
    let diagram = Diagram::of(&condition, &kept, &domains).unwrap();
    let item = Item {
        id: "i".to_owned(),
        doc_no: "n".to_owned(),
        doc_zh: "文".to_owned(),
        doc_en: "d".to_owned(),
        no: "1".to_owned(),
        group: None,
        valid_from: date(2026, 1, 1),
        valid_to: None,
        sectors: vec!["coal".to_owned()],
        zh: "项".to_owned(),
        en: "item".to_owned(),
        certain: true,
        questions: kept,
        condition,
        domains,
        diagram,
    };
    (item, values)
}

/// Every way to answer what is not answered yet.
fn completions(
    item: &Item,
    values: &[Vec<Answer>],
    given: &Answers,
) -> Vec<BTreeMap<String, Answer>> {
    let mut all = vec![BTreeMap::new()];
    for (question, values) in item.questions.iter().zip(values) {
        let values = match given.get(&question.id) {
            Some(answer) => std::slice::from_ref(answer),
            None => values,
        };
        all = all
            .into_iter()
            .flat_map(|one: BTreeMap<String, Answer>| {
                values.iter().map(move |value| {
                    let mut more = one.clone();
                    more.insert(question.id.clone(), value.clone());
                    more
                })
            })
            .collect();
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Against all completions, one by one: a verdict that is final is that of each of them; one that is open has both
    /// among them; a question is named if and only if there are two completions that differ in its answer alone and in
    /// the outcome. This holds also where a question is used in several places.
    #[test]
    fn the_verdict_is_that_of_every_completion(
        condition in condition(),
        picks in proptest::collection::vec(proptest::option::of(any::<proptest::sample::Index>()), 5),
    ) {
        // A number without a limit that divides its range cannot be part of an item; such a condition has no say in it.
        let asked = |id: &str, condition: &Condition| serde_json::to_string(condition).unwrap().contains(&format!("\"{id}\""));
        let usable = questions().iter().all(|(question, _)| {
            !asked(&question.id, &condition) || Domain::of(question, &condition).is_ok()
        });
        prop_assume!(usable);
        let (item, values) = item_of(condition);
        let mut given = Answers::new();
        for ((question, values), pick) in item.questions.iter().zip(&values).zip(&picks) {
            if let Some(index) = pick {
                given = given.with(&question.id, values[index.index(values.len())].clone());
            }
        }
        let all: Vec<_> = completions(&item, &values, &given)
            .into_iter()
            .map(|answers| (holds(&item.condition, &answers), answers))
            .collect();
        let mut matter = Vec::new();
        for question in &item.questions {
            if given.get(&question.id).is_some() {
                continue;
            }
            let mut outcomes: BTreeMap<String, (bool, bool)> = BTreeMap::new();
            for (outcome, answers) in &all {
                let mut others = answers.clone();
                others.remove(&question.id);
                let seen = outcomes.entry(format!("{others:?}")).or_default();
                if *outcome { seen.0 = true } else { seen.1 = true }
            }
            if outcomes.values().any(|seen| *seen == (true, true)) {
                matter.push(question.id.clone());
            }
        }
        let expected = match (all.iter().any(|(outcome, _)| *outcome), all.iter().any(|(outcome, _)| !outcome)) {
            (true, false) => Verdict::Major,
            (false, true) => Verdict::NotMajor,
            _ => Verdict::Missing(matter.clone()),
        };
        let verdict = judge(&item, &given).unwrap();
        prop_assert_eq!(&verdict, &expected);
        let next = next_question(&item, &given).unwrap().map(|question| question.id.clone());
        prop_assert_eq!(next, matter.first().cloned());

        // The grounds alone carry a verdict that is final; without one of them it is open.
        let grounds = grounds(&item, &given).unwrap();
        if let Verdict::Missing(_) = verdict {
            prop_assert!(grounds.is_empty());
        } else {
            let only = |skip: Option<&str>| {
                grounds.iter().filter(|question| Some(question.id.as_str()) != skip).fold(
                    Answers::new(),
                    |all, question| all.with(&question.id, given.get(&question.id).unwrap().clone()),
                )
            };
            prop_assert_eq!(judge(&item, &only(None)).unwrap(), verdict);
            for question in &grounds {
                prop_assert!(matches!(judge(&item, &only(Some(&question.id))).unwrap(), Verdict::Missing(_)));
            }
        }
    }

}

proptest! {
    // Each case asks all built-in items.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Every built-in item, asked to the end with answers by chance: no question twice, none after the verdict, the
    /// verdict is what the condition means, and no answer to what was left out would have changed it.
    #[test]
    fn asking_ends_with_the_truth(picks in proptest::collection::vec(any::<u32>(), 64)) {
        let criteria = criteria();
        for item in &criteria.items {
            let by_chance = |question: &Question, pick: u32| match &question.kind {
                Kind::YesNo => Answer::YesNo(pick % 2 == 1),
                Kind::Choice { choices } => Answer::Choice(choices[pick as usize % choices.len()].id.clone()),
                Kind::Number { min, max, whole, .. } => {
                    let mut limits = Vec::new();
                    item.condition.limits(&question.id, &mut |value| limits.push(value));
                    let near = limits[pick as usize % limits.len()];
                    let step = if *whole { 1.0 } else { 0.25 };
                    let number = near + step * f64::from(pick / 7 % 5) - 2.0 * step;
                    Answer::Number(number.clamp(min.unwrap_or(f64::MIN), max.unwrap_or(f64::MAX)))
                }
            };
            let mut given = Answers::new();
            let mut count = 0;
            while let Some(question) = next_question(item, &given).unwrap() {
                prop_assert!(given.get(&question.id).is_none());
                let pick = picks[count % picks.len()];
                given = given.with(&question.id, by_chance(question, pick));
                count += 1;
                prop_assert!(count <= item.questions.len());
            }
            let verdict = judge(item, &given).unwrap();
            for shift in 0..4 {
                let full: BTreeMap<_, _> = item
                    .questions
                    .iter()
                    .enumerate()
                    .map(|(place, question)| {
                        let pick = picks[(place + 13 * shift + 1) % picks.len()];
                        let answer = given.get(&question.id).cloned().unwrap_or_else(|| by_chance(question, pick));
                        (question.id.clone(), answer)
                    })
                    .collect();
                let expected = if holds(&item.condition, &full) { Verdict::Major } else { Verdict::NotMajor };
                prop_assert_eq!(&verdict, &expected, "{}", item.id);
            }
        }
    }
}

#[test]
fn every_question_of_every_item_can_change_its_outcome() {
    for item in criteria().items {
        let Outcome::Open(variables) = item.diagram.outcome(&[]) else {
            panic!("{} is decided before it is asked", item.id);
        };
        assert_eq!(variables.len(), item.questions.len(), "{}", item.id);
    }
}
