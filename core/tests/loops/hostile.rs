//! Whatever is sent, nothing panics, nothing leaves the table, nothing grows without bound.

use crate::fill::Filler;
use crate::kinds;
use crate::walk::{self, Seen, Story};
use crate::world::{Dice, World};
use anlan_core::loops::field::{self, FILES_MAX, Input, ROWS_MAX};
use anlan_core::loops::spec::{Field, Kind, Move, yuan};
use anlan_core::loops::{Event, Loop, Open, Refusal, Values, What};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Most bytes that one command can leave in the ledger, however it is filled in.
const FACT_MAX: usize = 4_000_000;

/// Things that no form expects.
fn odd() -> Vec<Value> {
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!([deep]);
    }
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e308),
        json!(0.1 + 0.2),
        json!(""),
        json!(" \t\n"),
        json!("\u{0}"),
        json!("a\u{1f}b"),
        json!("\u{7f}\u{85}"),
        json!("\u{202e}\u{feff}👩‍🚒\u{e000}"),
        json!("9999-99-99"),
        json!("2026-02-30"),
        json!("0001-01-01"),
        json!("-9999-01-01T00:00:00Z"),
        json!("9999-12-31T23:59:59Z"),
        json!("x".repeat(1_000_000)),
        json!([]),
        json!([null, [], {}]),
        json!({}),
        json!({"lon": 1e9, "lat": "x"}),
        json!({"lon": 200.0, "lat": 95.0}),
        json!(["major", "major", "major"]),
        json!(vec!["x"; 10_000]),
        json!(vec![json!({"a": 1}); 5_000]),
        json!([{"sha256": "../../etc/passwd"}]),
        deep,
    ]
}

fn bounded(name: &str, story: &Story, events: &[Event]) -> Vec<String> {
    let mut out = Vec::new();
    for event in events {
        let body = anlan_core::fact::Event::Loop(event.clone()).body().unwrap();
        if body.len() > FACT_MAX {
            out.push(format!("{name}: {} bytes in one fact", body.len()));
        }
        if body.contains("\\u0000") {
            out.push(format!("{name}: a NUL in a fact"));
        }
        let mut after = story.clone();
        after.tell(event.clone(), None, story.now);
        if serde_json::from_str::<Loop>(&serde_json::to_string(&after.it).unwrap()).ok()
            != Some(after.it)
        {
            out.push(format!("{name}: does not read as it was written"));
        }
    }
    out
}

/// Each field of each move, and of the opening, filled with each odd thing; the rest as it should be.
pub fn odd_values(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    let spec = seen.spec;
    let odd = odd();
    let mut dice = Dice::new(11);
    for m in spec.moves {
        let able = m
            .from
            .iter()
            .filter_map(|from| seen.samples.get(*from))
            .flatten()
            .find_map(|story| {
                let actor = world
                    .people
                    .iter()
                    .find(|a| story.it.may(m, a, &world.tree).is_ok());
                Some((story, actor?))
            });
        let Some((story, actor)) = able else { continue };
        let context = world.context(Some(actor), story.now, 1);
        let mut filler = Filler::new(world, spec, Some(&story.it), story.now, &mut dice);
        filler.style = crate::fill::Style::Full;
        let good = filler.fill(m.fields);
        let mut send = |name: &str, input: Input| -> Option<Refusal> {
            let what = What::Move {
                code: m.code.into(),
                values: input,
            };
            let name = format!("{}: {} with {name}", spec.code, m.code);
            match story.it.decide(what, &context) {
                Ok(decided) => {
                    out.extend(bounded(&name, story, &decided.events));
                    None
                }
                Err(refusal) => Some(refusal),
            }
        };
        let mut more = good.clone();
        more.insert("no_such_field".into(), json!(1));
        let unknown = send("an unknown field", more);
        for field in m.fields {
            for (nth, value) in odd.iter().enumerate() {
                let mut input = good.clone();
                input.insert(field.code.into(), value.clone());
                send(&format!("{} = odd {nth}", field.code), input);
            }
        }
        let most = largest(m, &good, world);
        send("as much as it takes", most);
        let over = over(m.fields, &good);
        let over: Vec<_> = over
            .into_iter()
            .map(|(name, input)| (name, send(name, input)))
            .collect();
        if unknown.as_ref().map(|r| r.code) != Some(Refusal::UNKNOWN_FIELD.code) {
            out.push(format!(
                "{}: {} takes an unknown field: {unknown:?}",
                spec.code, m.code
            ));
        }
        for (name, refusal) in over {
            if refusal.is_none() {
                out.push(format!(
                    "{}: {} takes too much in {name}",
                    spec.code, m.code
                ));
            }
        }
    }
    out
}

/// Each field just past its bound.
fn over(fields: &'static [Field], good: &Input) -> Vec<(&'static str, Input)> {
    fields
        .iter()
        .filter_map(|field| {
            let value = match field.kind {
                Kind::Text => json!("字".repeat(201)),
                Kind::Long => json!("字".repeat(4_001)),
                Kind::Number { max, .. } => json!(max * 2.0 + 1.0),
                Kind::Files { .. } => json!(vec!["ab".repeat(32); FILES_MAX + 1]),
                Kind::Rows(_) => json!(vec![json!({}); ROWS_MAX + 1]),
                _ => return None,
            };
            // A field that is not asked at all is not read.
            if !anlan_core::loops::field::asked(field, good) {
                return None;
            }
            let mut input = good.clone();
            input.insert(field.code.into(), value);
            Some((field.code, input))
        })
        .collect()
}

/// Each field filled to its bound.
fn largest(m: &'static Move, good: &Input, world: &World) -> Input {
    fn full(field: &Field, world: &World, given: Option<&Value>) -> Option<Value> {
        Some(match field.kind {
            Kind::Text => json!("字".repeat(200)),
            Kind::Long => json!("字".repeat(4_000)),
            Kind::Files { photos } => {
                let all = world
                    .files
                    .iter()
                    .filter(|f| !photos || f.file.media_type.starts_with("image/"));
                json!(all.map(|f| f.file.sha256.clone()).collect::<Vec<_>>())
            }
            Kind::Rows(fields) => {
                let first = given?.get(0)?.as_object()?.clone();
                let mut row = first;
                for field in fields {
                    if let Some(value) = full(field, world, row.get(field.code)) {
                        row.insert(field.code.into(), value);
                    }
                }
                json!(vec![Value::Object(row); ROWS_MAX])
            }
            _ => given?.clone(),
        })
    }
    let mut input = good.clone();
    for field in m.fields {
        if let Some(value) = full(field, world, good.get(field.code)) {
            input.insert(field.code.into(), value);
        }
    }
    input
}

#[test]
fn odd_openings_are_refused_or_kept_small() {
    let world = World::get();
    let now = crate::world::at("2026-03-02T01:00:00Z");
    let mut dice = Dice::new(3);
    let mut out = Vec::new();
    for spec in kinds() {
        let filler = Filler::new(world, spec, None, now, &mut dice);
        let context = world.context(None, now, 9);
        let good = filler.fill(spec.open.fields);
        let mut send = |name: String, change: &dyn Fn(&mut Open)| {
            let mut open = Open::new(spec.code, crate::world::org("works"), String::new());
            open.values = good.clone();
            change(&mut open);
            match Loop::open(open, &context) {
                Ok((_, decided)) => {
                    for event in decided.events {
                        let body = anlan_core::fact::Event::Loop(event).body().unwrap();
                        if body.len() > FACT_MAX || body.contains("\\u0000") {
                            out.push(format!("{}: {name}: {} bytes", spec.code, body.len()));
                        }
                    }
                    true
                }
                Err(_) => false,
            }
        };
        let mut taken = Vec::new();
        for (nth, value) in odd().into_iter().enumerate() {
            for field in spec.open.fields {
                send(format!("{} = odd {nth}", field.code), &|open| {
                    open.values.insert(field.code.into(), value.clone());
                });
            }
            let Some(text) = value
                .as_str()
                .filter(|text| text.chars().any(char::is_control))
            else {
                continue;
            };
            if text.trim().is_empty() {
                continue;
            }
            taken.push(send("title".into(), &|open| open.title = text.into()));
            taken.push(send("address".into(), &|open| open.address = text.into()));
        }
        taken.push(send("a long title".into(), &|open| {
            open.title = "字".repeat(201)
        }));
        taken.push(send("a place off the earth".into(), &|open| {
            open.place = Some(anlan_core::org::Place {
                lon: f64::NAN,
                lat: 0.0,
            });
        }));
        taken.push(send("an unknown trade".into(), &|open| {
            open.sector = Some("no-such-trade".into())
        }));
        taken.push(send("an unknown org".into(), &|open| {
            open.org = crate::world::org("nowhere")
        }));
        taken.push(send("an unknown part".into(), &|open| {
            open.parties
                .insert(anlan_core::loops::Party::Lead, crate::world::org("nowhere"));
        }));
        taken.push(send("another kind".into(), &|open| {
            open.kind = "no-such-kind".into()
        }));
        if taken.iter().any(|taken| *taken) {
            out.push(format!(
                "{}: an odd opening was taken: {taken:?}",
                spec.code
            ));
        }
    }
    crate::none(out);
}

/// Words beside the loop, odd or too many.
pub fn odd_words(world: &World, seen: &Seen) -> Vec<String> {
    let mut out = Vec::new();
    let Some(story) = seen.samples.values().flatten().next() else {
        return out;
    };
    let able = world
        .people
        .iter()
        .find(|a| story.it.may_say(seen.spec, a, &world.tree).is_ok());
    let Some(actor) = able else {
        return vec![format!("{}: nobody may comment", seen.spec.code)];
    };
    let context = world.context(Some(actor), story.now, 1);
    let say = |text: &str| What::Comment {
        text: text.into(),
        files: vec![],
    };
    let odd = [
        say(""),
        say(" \n\t"),
        say("\u{0}"),
        say("前\u{1b}[2J后"),
        say(&"字".repeat(4_001)),
        What::Comment {
            text: "附件".into(),
            files: vec!["00".repeat(32)],
        },
        What::Comment {
            text: "附件".into(),
            files: vec![world.files[0].file.sha256.clone(); FILES_MAX + 1],
        },
        What::Link {
            to: story.it.id.clone(),
            how: "see".into(),
        },
        What::Link {
            to: anlan_core::id::LoopId::make(1, 1),
            how: "from".into(),
        },
        What::Look {
            what: "everything".into(),
            reason: "想看".into(),
        },
    ];
    for what in odd {
        let shown = format!("{what:?}").chars().take(80).collect::<String>();
        if story.it.decide(what, &context).is_ok() {
            out.push(format!("{}: taken: {shown}", seen.spec.code));
        }
    }
    if story.it.decide(say("第一行\n第二行"), &context).is_err() {
        out.push(format!(
            "{}: a comment of two lines is refused",
            seen.spec.code
        ));
    }
    let mut full = story.it.clone();
    full.comments = anlan_core::loops::PIECES_MAX as u32;
    if full.decide(say("又一条"), &context) != Err(Refusal::TOO_MANY) {
        out.push(format!("{}: comments without end", seen.spec.code));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Anybody sends anything at any time: what comes of it is always a state of the table, at most one clock of a
    /// name runs, and folding what was told gives the loop.
    #[test]
    fn whatever_is_sent_the_loop_stays_in_its_table(
        kind: prop::sample::Index,
        seed in 1u64..u64::MAX,
        steps in proptest::collection::vec((any::<u64>(), 0i64..60 * 24 * 40), 1..30),
    ) {
        let kinds = kinds();
        let spec = kinds[kind.index(kinds.len())];
        let world = World::get();
        let odd = odd();
        let mut dice = Dice::new(seed);
        let begin = crate::world::at("2026-03-02T01:00:00Z");
        let mut story = None;
        for _ in 0..20 {
            story = story.or_else(|| walk::open(world, spec, begin, &mut dice).ok());
        }
        prop_assume!(story.is_some());
        let (mut story, _) = story.unwrap();
        for (salt, minutes) in steps {
            let mut dice = Dice::new(salt);
            story.pass(world, story.now + SignedDuration::from_mins(minutes));
            let m = dice.pick(spec.moves).unwrap();
            let crowd = if dice.one_in(2) { &world.people } else { &world.everybody };
            let able: Vec<_> = crowd.iter().filter(|a| story.it.may(m, a, &world.tree).is_ok()).collect();
            let actor = match dice.pick(&able) {
                Some(actor) if !dice.one_in(8) => *actor,
                _ => dice.pick(crowd).unwrap(),
            };
            let filler = Filler::new(world, spec, Some(&story.it), story.now, &mut dice);
            let mut values = filler.fill(m.fields);
            if dice.one_in(3) && let Some(field) = dice.pick(m.fields) {
                values.insert(field.code.into(), dice.pick(&odd).unwrap().clone());
            }
            let what = match dice.below(12) {
                0 => What::Comment { text: "现场核实".into(), files: vec![] },
                1 => What::Watch { on: dice.one_in(2) },
                2 => What::Void { reason: "误登".into() },
                _ => What::Move { code: m.code.into(), values },
            };
            let decided = story.it.decide(what, &world.context(Some(actor), story.now, salt));
            for event in decided.map(|decided| decided.events).unwrap_or_default() {
                let happened = story.now;
                story.tell(event, Some(&actor.person), happened);
            }
            let faults = story.faults();
            prop_assert!(faults.is_empty(), "{}: {faults:?}", spec.code);
        }
        prop_assert_eq!(&Story::fold(&story.told), &story.it);
        let text = serde_json::to_string(&story.it).unwrap();
        prop_assert_eq!(serde_json::from_str::<Loop>(&text).unwrap(), story.it);
    }

    /// What was taken is the same after it was written and read, to the last digit: what a rebuild folds is what was
    /// answered.
    #[test]
    fn numbers_are_kept_to_the_last_digit(
        number in prop_oneof![0.0..1e12f64, 0.0..10.0f64, 0.0..1e-5f64, any::<u32>().prop_map(f64::from)],
        lon in -180.0..180.0f64,
        lat in -90.0..90.0f64,
    ) {
        const FIELDS: &[Field] = &[yuan("sum", "金额", "Sum").must(), Field::new("spot", "位置", "Spot", Kind::Place)];
        let world = World::get();
        let input = json!({"sum": number, "spot": {"lon": lon, "lat": lat}});
        let context = world.context(None, crate::world::at("2026-03-02T01:00:00Z"), 1);
        let values = field::read(FIELDS, input.as_object().unwrap(), None, &context).unwrap();
        let text = serde_json::to_string(&values).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Values>(&text).unwrap(), &values);
        let taken = values["sum"].number().unwrap();
        prop_assert!((taken - number).abs() <= 1e-6f64.max(number * 1e-14), "{number} became {taken}");
    }
}
