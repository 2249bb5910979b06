use super::*;
use crate::rulebook::Rulebook;
use jiff::civil::date;
use serde_json::{Value, json};

mod files;
mod laws;

fn criteria() -> Criteria {
    Criteria::built_in().unwrap()
}

fn answers(json: Value) -> Answers {
    serde_json::from_value(json).unwrap()
}

/// What an item says to answers: `major`, `not major`, or the questions that are missing.
fn says(id: &str, json: Value) -> String {
    let criteria = criteria();
    let item = criteria.item(id).unwrap_or_else(|| panic!("no item {id}"));
    match judge(item, &answers(json)).unwrap() {
        Verdict::Major => "major".to_owned(),
        Verdict::NotMajor => "not major".to_owned(),
        Verdict::Missing(questions) => format!("missing {}", questions.join(" ")),
    }
}

fn refusal(id: &str, json: Value) -> BadAnswer {
    judge(criteria().item(id).unwrap(), &answers(json)).unwrap_err()
}

// ---- The files ----

#[test]
fn the_built_in_criteria_read_and_speak_two_languages() {
    let criteria = criteria();
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for item in &criteria.items {
        let mut zh = vec![&item.zh, &item.doc_zh, &item.no];
        let mut en = vec![&item.en, &item.doc_en];
        if let Some(group) = &item.group {
            zh.push(&group.zh);
            en.push(&group.en);
        }
        for question in &item.questions {
            zh.push(&question.zh);
            en.push(&question.en);
            match &question.kind {
                Kind::YesNo => {}
                Kind::Number { unit_en, .. } => en.push(unit_en),
                Kind::Choice { choices } => {
                    zh.extend(choices.iter().map(|choice| &choice.zh));
                    en.extend(choices.iter().map(|choice| &choice.en));
                }
            }
        }
        assert!(zh.iter().all(|text| han(text)), "{}: {zh:?}", item.id);
        assert!(!en.iter().any(|text| han(text)), "{}: {en:?}", item.id);
    }
}

#[test]
fn every_trade_they_name_is_in_the_rulebook() {
    let sectors = Rulebook::built_in().unwrap().sectors;
    for item in criteria().items {
        for code in &item.sectors {
            assert!(
                sectors.iter().any(|sector| sector.code == *code),
                "{} names {code}",
                item.id
            );
        }
    }
}

#[test]
fn the_five_sectors_and_fireworks_have_their_items() {
    let criteria = criteria();
    let count = |sector, certain| {
        criteria
            .for_sector(sector, date(2026, 11, 24))
            .filter(|item| item.certain == certain)
            .count()
    };
    // Certain and uncertain, as the heads of the files say.
    assert_eq!((count("coal", true), count("coal", false)), (36, 0));
    assert_eq!((count("hazchem", true), count("hazchem", false)), (20, 0));
    assert_eq!(
        (count("fireworks", true), count("fireworks", false)),
        (20, 0)
    );
    assert_eq!((count("gas", true), count("gas", false)), (7, 9));
    assert_eq!((count("metals", true), count("metals", false)), (3, 40));
    assert_eq!((count("fire", true), count("fire", false)), (0, 11));
    assert_eq!((count("school", true), count("school", false)), (0, 11));
    assert_eq!(
        (count("no-such-trade", true), count("no-such-trade", false)),
        (0, 0)
    );
}

#[test]
fn the_day_of_the_hazard_chooses_the_edition() {
    let criteria = criteria();
    let editions = |date| {
        let mut numbers: Vec<_> = criteria
            .for_sector("coal", date)
            .map(|item| item.doc_no.as_str())
            .collect();
        numbers.dedup();
        numbers
    };
    assert_eq!(editions(date(2020, 12, 31)), [""; 0]);
    assert_eq!(editions(date(2021, 1, 1)), ["应急管理部令第4号"]);
    assert_eq!(editions(date(2026, 6, 30)), ["应急管理部令第4号"]);
    assert_eq!(editions(date(2026, 7, 1)), ["应急管理部令第21号"]);
    let classes = |date| {
        let mut numbers: Vec<_> = criteria
            .for_sector("coal", date)
            .map(|item| item.no.as_str())
            .collect();
        numbers.dedup();
        numbers.len()
    };
    assert_eq!(classes(date(2026, 6, 30)), 15);
    assert_eq!(classes(date(2026, 7, 1)), 17);
}

#[test]
fn an_item_is_cited_as_officials_cite_it() {
    let criteria = criteria();
    assert_eq!(
        criteria.item("industry-3-1").unwrap().citation(),
        "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第三条第（一）项"
    );
}

// ---- The numbers of the documents ----

#[test]
fn coal_capacity() {
    for (share, verdict) in [(110.0, "not major"), (110.1, "major")] {
        assert_eq!(
            says("coal-2026-1-year", json!({ "year-share": share })),
            verdict
        );
    }
    let quarter = |underground: bool, share: f64| {
        says(
            "coal-2026-1-quarter",
            json!({ "underground": underground, "quarter-share": share }),
        )
    };
    assert_eq!(quarter(true, 30.0), "not major");
    assert_eq!(quarter(true, 30.5), "major");
    assert_eq!(quarter(false, 40.0), "not major");
    assert_eq!(
        says("coal-2026-1-levels", json!({ "levels": 2 })),
        "not major"
    );
    assert_eq!(says("coal-2026-1-levels", json!({ "levels": 3 })), "major");
    assert_eq!(
        says("coal-2026-1-headcount", json!({ "excess": 20 })),
        "not major"
    );
    assert_eq!(
        says("coal-2026-1-headcount", json!({ "excess": 21 })),
        "major"
    );
}

#[test]
fn coal_gas_values() {
    let return_air = |ch4: f64, co2: f64, stopped: bool| {
        says(
            "coal-2026-2-return-air",
            json!({ "ch4": ch4, "co2": co2, "stopped": stopped }),
        )
    };
    assert_eq!(return_air(1.0, 0.1, false), "major");
    assert_eq!(return_air(0.99, 1.5, false), "major");
    assert_eq!(return_air(0.99, 1.49, false), "not major");
    assert_eq!(return_air(5.0, 5.0, true), "not major");

    let blasting = |ch4: f64, on: bool| {
        says(
            "coal-2026-2-drill-blast",
            json!({ "ch4": ch4, "goes-on": on }),
        )
    };
    assert_eq!(blasting(1.0, true), "major");
    assert_eq!(blasting(0.9, true), "not major");
    assert_eq!(blasting(1.0, false), "not major");

    let motor =
        |ch4: f64, cut: bool| says("coal-2026-2-motor", json!({ "ch4": ch4, "power-cut": cut }));
    assert_eq!(motor(1.5, false), "major");
    assert_eq!(motor(1.4, false), "not major");

    let gathered = |space: f64, ch4: f64| {
        says(
            "coal-2026-2-accumulation",
            json!({ "space": space, "ch4": ch4, "handled": false }),
        )
    };
    assert_eq!(gathered(0.5, 2.0), "not major");
    assert_eq!(gathered(0.6, 2.0), "major");
    assert_eq!(gathered(0.6, 1.9), "not major");

    let restart = |ch4: f64, signed: bool| {
        says(
            "coal-2026-2-restart",
            json!({ "restart": true, "ch4": ch4, "signed": signed }),
        )
    };
    assert_eq!(restart(3.0, false), "not major");
    assert_eq!(restart(3.1, false), "major");
    assert_eq!(restart(3.1, true), "not major");

    let mixed = |ch4: f64| says("coal-2026-2-mixed", json!({ "draining": true, "ch4": ch4 }));
    assert_eq!(mixed(1.5), "not major");
    assert_eq!(mixed(1.6), "major");

    let control = |ch4: f64, minutes: f64, cause: &str| {
        says(
            "coal-2026-2-control",
            json!({ "ch4": ch4, "minutes": minutes, "cause": cause }),
        )
    };
    assert_eq!(control(3.0, 10.5, "control"), "major");
    assert_eq!(control(3.0, 10.0, "control"), "not major");
    assert_eq!(control(2.9, 30.0, "control"), "not major");
    assert_eq!(control(3.0, 30.0, "power"), "not major");
    assert_eq!(control(3.0, 30.0, "drilling"), "not major");
}

#[test]
fn coal_other_values() {
    assert_eq!(
        says("coal-2026-5-supply", json!({ "supply": 75 })),
        "not major"
    );
    assert_eq!(
        says("coal-2026-5-supply", json!({ "supply": 74.9 })),
        "major"
    );
    assert_eq!(says("coal-2026-13", json!({ "circuits": 1 })), "major");
    assert_eq!(says("coal-2026-13", json!({ "circuits": 2 })), "not major");
    assert_eq!(says("coal-2026-17-exits", json!({ "exits": 1 })), "major");
    let battery = |energy: f64| {
        says(
            "coal-2026-17-battery",
            json!({ "charging": true, "energy": energy }),
        )
    };
    assert_eq!(battery(2.0), "not major");
    assert_eq!(battery(2.1), "major");
    // An open pit has no personnel location to miss, an underground mine no slope.
    let systems = |mine: &str, broken: &str| {
        says(
            "coal-2026-11-systems",
            json!({ "mine": mine, broken: false }),
        )
    };
    assert_eq!(systems("open-pit", "slope"), "major");
    assert_eq!(systems("open-pit", "location"), "missing slope");
    assert_eq!(systems("underground", "video"), "major");
    assert_eq!(
        systems("underground", "slope"),
        "missing safety location dispatch video"
    );
}

#[test]
fn coal_of_the_first_edition() {
    let capacity = |question: &str, number: f64| says("coal-2020-1", json!({ question: number }));
    assert_eq!(capacity("year-excess", 10.0), "major");
    assert_eq!(capacity("month-share", 10.1), "major");
    assert!(capacity("month-share", 10.0).starts_with("missing"));
    let seam = |pressure: f64, managed: bool| {
        says(
            "coal-2020-15",
            json!({ "pressure": pressure, "as-outburst": managed }),
        )
    };
    assert_eq!(seam(0.74, false), "major");
    assert!(seam(0.73, false).starts_with("missing"));
    assert!(
        !seam(0.74, true).contains("dynamic"),
        "managed as demanded: signs change nothing"
    );
}

#[test]
fn chemical_tanks() {
    assert_eq!(says("hazchem-5", json!({ "class": "lower" })), "not major");
    assert_eq!(
        says("hazchem-5", json!({ "class": "two", "tank-farm": true })),
        "missing shut-off toxic sis"
    );
    assert_eq!(
        says(
            "hazchem-5",
            json!({ "class": "one", "tank-farm": false, "toxic": true, "sis": false })
        ),
        "major"
    );
    assert_eq!(
        says(
            "hazchem-10",
            json!({ "designed": false, "diagnosed": true })
        ),
        "not major"
    );
}

#[test]
fn industry_values() {
    let freezer = |own: bool, people: u32| {
        says(
            "industry-12-2",
            json!({ "freezer": true, "own-room": own, "people": people }),
        )
    };
    assert_eq!(freezer(true, 9), "not major");
    assert_eq!(freezer(true, 10), "major");
    assert_eq!(freezer(false, 1), "major");
    let seal = |pressure: f64| {
        says(
            "industry-4-seal",
            json!({ "pressure": pressure, "shared": false }),
        )
    };
    assert_eq!(seal(29.9), "major");
    assert_eq!(seal(30.0), "not major");
}

#[test]
fn gas_values() {
    let user = |density: f64| {
        says(
            "gas-9-user",
            json!({
                "underground": true, "density": density, "bathroom": false, "bedroom": false, "banned": false, "told": false,
            }),
        )
    };
    assert_eq!(user(0.75), "major");
    assert_eq!(user(0.6), "not major");
    let crossing = |needed: bool, protected: bool| {
        says(
            "gas-6-crossing",
            json!({ "inside": true, "needed": needed, "protected": protected }),
        )
    };
    assert_eq!(crossing(true, true), "not major");
    assert_eq!(crossing(true, false), "major");
    assert_eq!(crossing(false, true), "major");
}

#[test]
fn fire_elements_are_counted_by_the_kind_of_place() {
    let all = [
        "lane",
        "mixed",
        "refuge",
        "stairs",
        "exits",
        "own-exits",
        "travel",
        "finish",
        "barred",
        "hydrants",
        "sprinklers",
        "other-systems",
        "smoke",
        "power",
        "alarm",
        "control-room",
        "electrical",
        "interior",
    ];
    let with = |place: &str, found: &[&str]| {
        let mut json: serde_json::Map<String, Value> = all
            .iter()
            .map(|id| ((*id).to_owned(), json!(found.contains(id))))
            .collect();
        json.insert("place".to_owned(), json!(place));
        for (question, number) in [
            ("spacing", 100),
            ("compartment", 0),
            ("doors", 0),
            ("signs", 0),
        ] {
            json.insert(question.to_owned(), json!(number));
        }
        says("fire-6", Value::Object(json))
    };
    assert_eq!(with("crowded", &["stairs", "exits"]), "not major");
    assert_eq!(with("crowded", &["stairs", "exits", "smoke"]), "major");
    // Three that are not of the short list need a fourth.
    assert_eq!(
        with("crowded", &["power", "alarm", "hydrants"]),
        "not major"
    );
    assert_eq!(
        with("crowded", &["power", "alarm", "hydrants", "lane"]),
        "major"
    );
    assert_eq!(with("flammable", &["lane", "mixed", "electrical"]), "major");
    assert_eq!(
        with("other", &["stairs", "exits", "smoke", "lane", "power"]),
        "not major"
    );
    assert_eq!(
        with(
            "other",
            &["stairs", "exits", "smoke", "lane", "power", "alarm"]
        ),
        "major"
    );
    // Without knowing the place, three are open and six are enough.
    assert!(
        says(
            "fire-6",
            json!({ "stairs": true, "exits": true, "smoke": true })
        )
        .starts_with("missing place")
    );
    assert_eq!(
        says(
            "fire-6",
            json!({
                "stairs": true, "exits": true, "smoke": true, "lane": true, "power": true, "alarm": true,
            })
        ),
        "major"
    );
    assert_eq!(
        says(
            "fire-5-distance",
            json!({ "flammable": true, "same-building": false, "distance": 75 })
        ),
        "not major"
    );
}

// ---- The assistant ----

#[test]
fn it_asks_what_can_still_change_the_outcome_and_nothing_else() {
    let item = |id| criteria().item(id).unwrap().clone();
    let stop = item("hazchem-4");
    let next = |answers: &Answers| {
        next_question(&stop, answers)
            .unwrap()
            .map(|question| question.id.clone())
    };
    let answers = Answers::new();
    assert_eq!(next(&answers).as_deref(), Some("process"));
    assert_eq!(next(&answers.clone().with("process", false)), None);
    let answers = answers.with("process", true).with("stop", true);
    assert_eq!(next(&answers).as_deref(), Some("control"));
    let answers = answers.with("control", false);
    assert_eq!(next(&answers), None);
    assert_eq!(judge(&stop, &answers), Ok(Verdict::Major));
}

#[test]
fn the_grounds_are_enough_and_none_too_many() {
    let criteria = criteria();
    let grounds = |id: &str, json: Value| {
        let item = criteria.item(id).unwrap();
        grounds(item, &answers(json))
            .unwrap()
            .iter()
            .map(|question| question.id.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        grounds(
            "coal-2026-2-return-air",
            json!({ "ch4": 1.2, "co2": 0.1, "stopped": false })
        ),
        "ch4 stopped"
    );
    assert_eq!(
        grounds(
            "coal-2026-2-return-air",
            json!({ "ch4": 1.2, "co2": 0.1, "stopped": true })
        ),
        "stopped"
    );
    assert_eq!(grounds("coal-2026-2-return-air", json!({ "ch4": 1.2 })), "");
}

#[test]
fn a_wrong_answer_names_its_question() {
    let wrong = [
        (
            json!({ "ch4": true }),
            "question `ch4` is answered by a number",
        ),
        (
            json!({ "ch4": "1.0" }),
            "question `ch4` is answered by a number",
        ),
        (
            json!({ "stopped": 1 }),
            "question `stopped` is answered by yes or no",
        ),
        (
            json!({ "ch4": 101 }),
            "the answer to question `ch4` is a number from 0 to 100",
        ),
        (
            json!({ "ch4": -0.1 }),
            "the answer to question `ch4` is a number from 0 to 100",
        ),
        (
            json!({ "CH4": 1 }),
            "`CH4` is not a question of this criterion",
        ),
    ];
    for (json, message) in wrong {
        let refusal = refusal("coal-2026-2-return-air", json);
        assert_eq!(refusal.to_string(), message);
        assert!(message.contains(refusal.question().unwrap()));
    }
    assert_eq!(
        refusal("coal-2026-1-levels", json!({ "levels": 2.5 })).to_string(),
        "the answer to question `levels` is a whole number not below 0"
    );
    assert_eq!(
        refusal("hazchem-5", json!({ "class": "three" })).to_string(),
        "`three` is not a choice of question `class`"
    );
    let nothing = Answers::new().with("ch4", f64::NAN);
    assert!(judge(criteria().item("coal-2026-2-motor").unwrap(), &nothing).is_err());
    let endless = Answers::new().with("levels", f64::INFINITY);
    assert!(judge(criteria().item("coal-2026-1-levels").unwrap(), &endless).is_err());
}

#[test]
fn what_strangers_send_is_bounded() {
    let read =
        |text: &str| serde_json::from_str::<Answers>(text).map_err(|error| error.to_string());
    let many = |count: usize| {
        let all: Vec<_> = (0..count)
            .map(|place| format!("\"q{place}\":true"))
            .collect();
        format!("{{{}}}", all.join(","))
    };
    assert_eq!(read(&many(ANSWERS_MAX)).unwrap().len(), ANSWERS_MAX);
    for (text, message) in [
        (many(ANSWERS_MAX + 1), "at most 64 questions"),
        (
            format!("{{\"{}\":true}}", "q".repeat(WORD_MAX + 1)),
            "a question's id is at most 64 bytes",
        ),
        (
            format!("{{\"q\":\"{}\"}}", "x".repeat(WORD_MAX + 1)),
            "question `q`: a choice is at most 64 bytes",
        ),
        (
            "{\"q\":[true]}".to_owned(),
            "the answer to question `q`: invalid type: sequence",
        ),
        (
            "{\"q\":{}}".to_owned(),
            "the answer to question `q`: invalid type: map",
        ),
        (
            "{\"q\":true,\"q\":false}".to_owned(),
            "question `q` is answered twice",
        ),
        ("[]".to_owned(), "expected answers by question"),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
    // Not in JSON but in code: the same bound.
    let too_many = (0..=ANSWERS_MAX).fold(Answers::new(), |all, place| {
        all.with(&format!("q{place}"), true)
    });
    assert_eq!(
        judge(criteria().item("hazchem-1").unwrap(), &too_many),
        Err(BadAnswer::TooMany)
    );
}

#[test]
fn answers_and_verdicts_have_a_plain_form() {
    let given = json!({ "ch4": 1.2, "cause": "power", "stopped": false });
    let read = answers(given.clone());
    assert_eq!(serde_json::to_value(&read).unwrap(), given);
    assert_eq!(
        answers(json!({ "ch4": null })),
        Answers::new(),
        "null is not answered"
    );
    let verdict = |verdict| serde_json::to_value::<Verdict>(verdict).unwrap();
    assert_eq!(verdict(Verdict::Major), json!({ "verdict": "major" }));
    assert_eq!(
        verdict(Verdict::NotMajor),
        json!({ "verdict": "not-major" })
    );
    assert_eq!(
        verdict(Verdict::Missing(vec!["ch4".to_owned()])),
        json!({ "verdict": "missing", "questions": ["ch4"] })
    );
    let criteria = criteria();
    let item = serde_json::to_value(criteria.item("coal-2026-1-levels").unwrap()).unwrap();
    assert_eq!(
        item["questions"][0],
        json!({
            "id": "levels", "no": null, "zh": "井下同时生产的水平有几个？",
            "en": "How many levels produce at the same time underground?",
            "kind": "number", "unit": "个", "unit_en": "levels", "min": 0.0, "max": null, "whole": true,
        })
    );
    assert_eq!(
        item["condition"],
        json!({ "above": { "question": "levels", "value": 2.0 } })
    );
    assert!(item.get("diagram").is_none());
}
