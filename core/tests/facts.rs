//! Facts are sealed for ever, so their JSON is a contract. `facts.json` pins it: under `now` one example of each
//! kind, to the byte, as it is written today; under `before` every other form that was ever written. Fields may be
//! added; nothing that stands there may stop reading or change its meaning.
//!
//! After adding a kind or a field: `ANLAN_WRITE_FACTS=1 cargo nextest run -p anlan-core --test facts`, read the
//! difference, and move the old form to `before`.

use anlan_core::authority::{Position, Role};
use anlan_core::calendar::Year;
use anlan_core::draft::Edit;
use anlan_core::duty::{
    Assigned, Event as Of, EvidenceKind, FileRef, Filed, Item, ItemState, Link, Measure, Meeting,
    Number, Part, Period,
};
use anlan_core::fact::{Entry, Event, Fact, stream};
use anlan_core::id::{
    DutyId, EvidenceId, FactId, ItemId, LoopId, NoticeId, OrgId, PaperId, PersonId, ThingId,
    TokenId,
};
use anlan_core::loops::{self, Moved, Opened, Party, SetClock, Shot, Value};
use anlan_core::notice::{Article, Compiled, Demand, Every, MeasureKind, Recurrence, Source, Span};
use anlan_core::org::{Org, OrgKind, Place};
use anlan_core::person::Person;
use anlan_core::thing::Thing;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
struct Golden<'a> {
    #[serde(borrow)]
    now: Vec<Form<'a>>,
    #[serde(borrow)]
    before: Vec<Form<'a>>,
}

#[derive(Deserialize)]
struct Form<'a> {
    kind: String,
    #[serde(borrow)]
    body: &'a RawValue,
}

const GOLDEN: &str = include_str!("facts.json");

fn golden() -> Golden<'static> {
    serde_json::from_str(GOLDEN).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn org() -> Org {
    Org {
        id: OrgId::try_from("village-1").unwrap(),
        kind: OrgKind::Village,
        name: "甲一村村委会".into(),
        short: "甲一村".into(),
        en: "Village 1".into(),
        aliases: vec!["一村".into()],
        parent: Some(OrgId::try_from("town-a").unwrap()),
        code: Some("140502001001".into()),
        sectors: vec!["gas".into()],
        place: Some(Place {
            lon: 112.8658,
            lat: 35.4985,
        }),
        sample: true,
        closed: false,
    }
}

fn person() -> Person {
    Person {
        id: PersonId::try_from("person_anwei").unwrap(),
        login: "anwei".into(),
        name: "区安委办 综合科 专责".into(),
        positions: vec![Position {
            org: OrgId::try_from("office").unwrap(),
            role: Role::Office,
        }],
        disabled: false,
        sample: true,
    }
}

fn thing() -> Thing {
    let fields = serde_json::json!({"class": "紧急", "capacity": 1200});
    Thing {
        id: ThingId::try_from("thing_1").unwrap(),
        kind: "shelter".into(),
        name: "甲一村应急避难场所".into(),
        org: OrgId::try_from("village-1").unwrap(),
        place: None,
        fields: fields.as_object().unwrap().clone(),
        sample: true,
    }
}

fn file() -> FileRef {
    FileRef {
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        name: "会议纪要.pdf".into(),
        size: 4,
        media_type: "application/pdf".into(),
    }
}

fn demand() -> Demand {
    Demand {
        id: "a01-1".into(),
        article: 1,
        quote: "每月25日前报送工作进展。".into(),
        span: Span(6, 18),
        actors: vec!["各镇（街道）".into()],
        action: "报送工作进展".into(),
        deadline: None,
        recurrence: Some(Recurrence {
            every: Every::Month,
            at_least: Some(1),
            at_most: None,
            by_day: Some(25),
            by_month: None,
        }),
        quantity: None,
        each: None,
        on_event: None,
        within: None,
        confidence: 0.9,
        measure: MeasureKind::Times,
        sources: vec![Source {
            field: "recurrence".into(),
            span: Span(6, 8),
            words: "每月".into(),
        }],
    }
}

fn compiled() -> Compiled {
    Compiled {
        title: "关于做好示范工作的通知".into(),
        number: Some("示范安委〔2026〕1号".into()),
        issuer: Some("示范区安全生产委员会办公室".into()),
        date: Some(date(2026, 1, 12)),
        year: Some(2026),
        addressees: vec!["各镇（街道）".into()],
        articles: vec![Article {
            no: 1,
            label: "（一）".into(),
            section: None,
            title: "报送进展".into(),
            text: "每月25日前报送工作进展。".into(),
            span: Span(0, 18),
            units: vec!["区应急局".into()],
            unit_mode: Some("牵头".into()),
            inherited_units: vec![],
            lead_units: vec!["区应急局".into()],
            support_units: vec![],
        }],
        duties: vec![demand()],
        ..Compiled::default()
    }
}

fn assigned() -> Assigned {
    Assigned {
        id: DutyId::try_from("duty_1_1_0").unwrap(),
        notice: NoticeId::try_from("notice_1").unwrap(),
        article: 1,
        demand: "a01-1".into(),
        title: "报送工作进展".into(),
        quote: "每月25日前报送工作进展。".into(),
        span: Span(6, 18),
        org: OrgId::try_from("town-a").unwrap(),
        period: Period {
            label: "2026年3月".into(),
            from: date(2026, 3, 1),
            to: date(2026, 3, 31),
        },
        due: Some(date(2026, 3, 25)),
        measure: Measure {
            kind: MeasureKind::Times,
            needed: Some(1.0),
            at_most: None,
            unit: "次".into(),
            what: None,
            event: None,
            counts: None,
        },
        part: Part::Whole,
    }
}

fn filed() -> Filed {
    Filed {
        id: EvidenceId::try_from("ev_1").unwrap(),
        kind: EvidenceKind::Meeting,
        happened: date(2026, 3, 20),
        note: "见附件".into(),
        meeting: Some(Meeting {
            date: date(2026, 3, 20),
            people: 23,
            topic: "一季度工作进展".into(),
            minutes: "议定三项措施。".into(),
        }),
        number: Some(Number {
            value: 96.5,
            unit: "%".into(),
        }),
        link: Some(Link {
            title: "甲一村应急避难场所".into(),
            target: "thing_1".into(),
        }),
        files: vec![file()],
    }
}

fn loop_id(number: u8) -> LoopId {
    LoopId::try_from(format!("loop_{number}")).unwrap()
}

fn shot() -> Shot {
    Shot {
        file: file(),
        taken: Some(at("2026-03-20T01:30:00Z")),
        place: org().place,
        metres_off: Some(12),
        minutes_off: Some(-3),
    }
}

/// A value of each shape that values have.
fn values() -> loops::Values {
    let row = [
        ("who".to_owned(), Value::Text("unit".into())),
        ("amount".to_owned(), Value::Number(30_000.5)),
    ];
    [
        ("what", Value::Text("燃气管道占压".into())),
        ("people", Value::Number(3.0)),
        ("stopped", Value::Flag(false)),
        ("spot", Value::Place(org().place.unwrap())),
        ("photos", Value::Files(vec![shot()])),
        ("types", Value::Many(vec!["fire".into(), "blast".into()])),
        ("penalties", Value::Rows(vec![row.into_iter().collect()])),
    ]
    .map(|(code, value)| (code.to_owned(), value))
    .into()
}

fn set_clock() -> SetClock {
    SetClock {
        code: "grade".into(),
        due: at("2026-03-24T15:59:59Z"),
        wake: at("2026-03-24T15:59:59Z"),
        rule: "隐患登记后及时评估定级".into(),
        certain: true,
    }
}

/// What happens to loops, one of each.
fn of_loops() -> Vec<loops::Event> {
    use loops::Event as L;
    let town = || OrgId::try_from("town-a").unwrap();
    let link = loops::Link {
        id: loop_id(2),
        how: "from".into(),
        why: "confirm".into(),
    };
    let next = Some(at("2026-03-27T01:00:00Z"));
    vec![
        L::Opened(Box::new(Opened {
            id: loop_id(1),
            kind: "hazard".into(),
            number: "YH-2026-00012".into(),
            title: "燃气管道占压".into(),
            state: "found".into(),
            org: org().id,
            town: Some(town()),
            sector: Some("gas".into()),
            place: org().place,
            address: "甲一村北口".into(),
            parties: BTreeMap::from([(Party::Handler, town()), (Party::Opener, org().id)]),
            values: values(),
            clocks: vec![set_clock()],
            met: vec!["first".into()],
            grade: Some("general".into()),
            from: Some(link.clone()),
            by_org: Some(town()),
        })),
        L::Moved(Box::new(Moved {
            code: "grade".into(),
            from: "found".into(),
            to: "graded".into(),
            values: values(),
            parties: BTreeMap::from([(Party::Lead, town())]),
            clocks: vec![set_clock()],
            met: vec!["grade".into()],
            stopped: vec!["order".into()],
            grade: Some("major".into()),
            by_org: Some(town()),
        })),
        L::FellDue {
            clock: "rectify".into(),
            due: at("2026-03-24T15:59:59Z"),
            next,
        },
        L::Climbed {
            clock: "rectify".into(),
            step: "circular".into(),
            next,
        },
        L::Commented {
            text: "已到现场".into(),
            files: vec![shot()],
        },
        L::Linked(link),
        L::Voided {
            reason: "误登".into(),
        },
        L::Looked {
            what: "reporter".into(),
            reason: "核实情况".into(),
        },
        L::Watched { on: true },
        L::Noted {
            rule: "patrol".into(),
            text: "三个月内两起较大事故".into(),
            holds: true,
        },
    ]
}

/// One of each kind, every field filled that can be.
fn examples() -> Vec<Event> {
    let person_id = || PersonId::try_from("person_anwei").unwrap();
    let notice = || NoticeId::try_from("notice_1").unwrap();
    let evidence = || EvidenceId::try_from("ev_1").unwrap();
    let item = || ItemId::try_from("item_1").unwrap();
    let why = || "理由".to_owned();
    let mut changed = assigned();
    changed.due = Some(date(2026, 3, 31));
    let of = [
        Of::Assigned(assigned()),
        Of::Changed(changed),
        Of::Cancelled { reason: why() },
        Of::Filed(filed()),
        Of::Withdrawn {
            evidence: evidence(),
        },
        Of::Accepted {
            evidence: evidence(),
            note: "同意".into(),
        },
        Of::Returned {
            evidence: evidence(),
            reason: "缺签到表".into(),
        },
        Of::Waived { reason: why() },
        Of::Unwaived { reason: why() },
        Of::ItemAdded(Item {
            id: item(),
            title: "老旧小区消防水源不足".into(),
            owner: "区住建局".into(),
            due: Some(date(2026, 9, 30)),
            state: ItemState::Open,
            result: None,
            closed_at: None,
        }),
        Of::ItemClosed {
            item: item(),
            result: "已解决".into(),
        },
        Of::ItemDropped {
            item: item(),
            reason: "重复".into(),
        },
        Of::Reminded {
            note: "请抓紧".into(),
        },
        Of::FellDue {
            due: date(2026, 3, 25),
        },
        Of::Climbed {
            step: "circular".into(),
            due: date(2026, 3, 25),
        },
    ];
    let mut out = vec![
        Event::OrgAdded(org()),
        Event::OrgChanged(Org {
            closed: true,
            ..org()
        }),
        Event::PersonAdded(person()),
        Event::PersonChanged(Person {
            disabled: true,
            ..person()
        }),
        Event::PasswordSet {
            person: person_id(),
            one_time: true,
        },
        Event::TotpSet {
            person: person_id(),
            on: true,
        },
        Event::SignedIn {
            person: person_id(),
            via: "cookie".into(),
            address: "127.0.0.1".into(),
        },
        Event::SignInRefused {
            login: "anwei".into(),
            reason: "wrong".into(),
            address: "127.0.0.1".into(),
        },
        Event::SignedOut {
            person: person_id(),
        },
        Event::TokenIssued {
            id: TokenId::try_from("token_1").unwrap(),
            name: "值班大屏".into(),
            commands: vec!["read-duties".into()],
            expires: at("2026-12-31T15:59:59Z"),
        },
        Event::TokenRevoked {
            id: TokenId::try_from("token_1").unwrap(),
        },
        Event::ThingAdded(thing()),
        Event::ThingChanged(thing()),
        Event::NoticeUploaded {
            id: notice(),
            file: file(),
            format: "md".into(),
            text: "（一）报送进展。每月25日前报送工作进展。".into(),
            compiled: Box::new(compiled()),
        },
        Event::NoticeEdited {
            id: notice(),
            edit: Box::new(Edit::Correct {
                id: "a01-1".into(),
                demand: demand(),
                owners: Some(vec![OrgId::try_from("town-a").unwrap()]),
            }),
        },
        Event::NoticePublished {
            id: notice(),
            generation: 1,
            assigned: 96,
            changed: 0,
            cancelled: 0,
        },
        Event::NoticeWithdrawn {
            id: notice(),
            reason: why(),
        },
        Event::CalendarImported(Year {
            year: 2026,
            holidays: vec![date(2026, 1, 1)],
            workdays: vec![date(2026, 1, 4)],
            source: "国办发明电〔2025〕7号".into(),
            certain: true,
        }),
        Event::PaperMade {
            id: PaperId::try_from("paper_1").unwrap(),
            paper: "reminder".into(),
            org: Some(OrgId::try_from("town-a").unwrap()),
            number: Some("示范安委办函〔2026〕3号".into()),
            title: "提醒函".into(),
            duties: vec![DutyId::try_from("duty_1_1_0").unwrap()],
            sha256: file().sha256,
        },
    ];
    out.extend(of.into_iter().map(Event::Duty));
    out.extend(of_loops().into_iter().map(Event::Loop));
    out
}

/// The kinds that the source declares, so that none can be added without an example here.
fn declared() -> BTreeSet<String> {
    [
        include_str!("../src/fact.rs"),
        include_str!("../src/duty/mod.rs"),
        include_str!("../src/loops/mod.rs"),
    ]
    .iter()
    .flat_map(|source| source.lines())
    .filter_map(|line| line.trim().strip_prefix("#[serde(rename = \""))
    .filter_map(|rest| rest.strip_suffix("\")]"))
    .filter(|kind| kind.contains('.'))
    .map(str::to_owned)
    .collect()
}

#[test]
fn every_kind_is_pinned_to_the_byte() {
    let examples = examples();
    let rows: Vec<String> = examples
        .iter()
        .map(|e| {
            format!(
                "{{\"kind\":\"{}\",\"body\":{}}}",
                e.kind(),
                e.body().unwrap()
            )
        })
        .collect();
    if std::env::var_os("ANLAN_WRITE_FACTS").is_some() {
        let before: Vec<String> = golden()
            .before
            .iter()
            .map(|f| format!("{{\"kind\":\"{}\",\"body\":{}}}", f.kind, f.body))
            .collect();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/facts.json");
        let text = format!(
            "{{\n\"now\": [\n{}\n],\n\"before\": [\n{}\n]\n}}\n",
            rows.join(",\n"),
            before.join(",\n")
        );
        std::fs::write(path, text).unwrap();
        return;
    }
    let kinds: BTreeSet<String> = examples.iter().map(|e| e.kind().to_owned()).collect();
    assert_eq!(kinds, declared(), "a kind without an example");
    let golden = golden();
    assert_eq!(golden.now.len(), examples.len());
    for (form, event) in golden.now.iter().zip(&examples) {
        assert_eq!(form.kind, event.kind());
        assert_eq!(form.body.get(), event.body().unwrap(), "{}", form.kind);
        assert_eq!(&Event::read(&form.kind, form.body.get()).unwrap(), event);
    }
}

/// The older forms, and what each is today.
#[test]
fn every_form_ever_written_still_reads() {
    let golden = golden();
    let mut seen = BTreeMap::new();
    for form in &golden.before {
        let event = Event::read(&form.kind, form.body.get())
            .unwrap_or_else(|error| panic!("{} no longer reads: {error}", form.kind));
        assert_eq!(event.kind(), form.kind);
        // What it is today reads the same again.
        let again = Event::read(event.kind(), &event.body().unwrap()).unwrap();
        assert_eq!(again, event);
        *seen.entry(form.kind.clone()).or_insert(0) += 1;
    }
    for kind in [
        "org.added",
        "person.added",
        "thing.added",
        "evidence.filed",
        "item.added",
        "notice.edited",
    ] {
        assert!(seen.contains_key(kind), "{kind}");
    }
}

#[test]
fn a_field_that_was_left_out_has_its_meaning() {
    let golden = golden();
    let of = |kind: &str| {
        let form = golden.before.iter().find(|f| f.kind == kind).unwrap();
        Event::read(kind, form.body.get()).unwrap()
    };
    let Event::Duty(Of::Filed(filed)) = of("evidence.filed") else {
        panic!()
    };
    assert_eq!((filed.note.as_str(), filed.files.len()), ("", 0));
    assert!(filed.meeting.is_none() && filed.number.is_none() && filed.link.is_none());
    let Event::Duty(Of::ItemAdded(item)) = of("item.added") else {
        panic!()
    };
    assert_eq!((item.state, item.closed_at), (ItemState::Open, None));
    let Event::OrgAdded(org) = of("org.added") else {
        panic!()
    };
    assert!(!org.closed && !org.sample && org.aliases.is_empty());
    let Event::PersonAdded(person) = of("person.added") else {
        panic!()
    };
    assert!(!person.disabled && !person.sample);
}

/// What is empty is not written, and what is not written is empty.
#[test]
fn a_short_fact_of_a_loop_stays_short() {
    for (kind, body) in [
        (
            "loop.opened",
            r#"{"id":"loop_1","loop":"hazard","number":"YH-2026-00001","title":"占压","state":"found","org":"town-a","parties":{},"values":{}}"#,
        ),
        (
            "loop.moved",
            r#"{"move":"grade","from":"found","to":"graded"}"#,
        ),
        (
            "loop.fell-due",
            r#"{"clock":"grade","due":"2026-03-24T15:59:59Z"}"#,
        ),
        ("loop.climbed", r#"{"clock":"rectify","step":"circular"}"#),
        ("loop.commented", r#"{"text":"已到现场"}"#),
        ("loop.linked", r#"{"id":"loop_2","how":"see"}"#),
    ] {
        let event = Event::read(kind, body).unwrap();
        assert_eq!((event.kind(), event.body().unwrap().as_str()), (kind, body));
    }
    let bare = r#"{"code":"grade","due":"2026-03-24T15:59:59Z","wake":"2026-03-24T15:59:59Z"}"#;
    let set: SetClock = serde_json::from_str(bare).unwrap();
    assert!(!set.certain && set.rule.is_empty());
    for (kind, body) in [
        ("loop.exploded", "{}"),
        ("loop.moved", r#"{"move":"grade"}"#),
        ("loop.opened", "{}"),
        ("loop.fell-due", r#"{"clock":"grade","due":"yesterday"}"#),
        ("loop.linked", r#"{"id":"../x","how":"see"}"#),
    ] {
        assert!(Event::read(kind, body).is_err(), "{kind} {body}");
    }
}

#[test]
fn what_is_unknown_is_an_error_and_not_a_guess() {
    for (kind, body) in [
        ("duty.exploded", "{}"),
        ("org.exploded", "{}"),
        ("evidence.filed", "{}"),
        ("duty.waived", "null"),
        ("duty.waived", "{\"reason\":1}"),
        ("duty.waived", "{\"reason\":\"x\"}}"),
        ("duty.waived", "not json"),
        ("org.added", "{\"reason\":\"x\"}"),
        // A kind that would break out of its quotes.
        ("duty.waived\",\"body\":{\"reason\":\"x\"},\"x\":\"", "{}"),
        ("", "{}"),
    ] {
        assert!(Event::read(kind, body).is_err(), "{kind} {body}");
    }
    // A duty's kind is never read as something else's, nor the other way round.
    assert!(Event::read("duty.waived", "{\"reason\":\"x\"}").is_ok());
}

/// The bytes that are hashed: if this changes, no ledger that exists verifies any more.
#[test]
fn the_bytes_that_are_hashed_never_change() {
    let fact = Fact {
        seq: 41,
        id: FactId::try_from("fact_01").unwrap(),
        stream: stream::duty(&assigned().id),
        version: 3,
        happened: at("2026-03-20T00:00:00+08:00"),
        recorded: at("2026-03-21T09:30:00.123456+08:00"),
        actor: Some(PersonId::try_from("person_anwei").unwrap()),
        org: None,
        articles: vec!["notice_1#1".into()],
        things: vec![],
        kind: "duty.waived".into(),
        body: "{\"reason\": \"引号\\\" 和 \u{2028}\"}".into(),
    };
    let expected = "{\"seq\":41,\"id\":\"fact_01\",\"stream\":\"duty/duty_1_1_0\",\"version\":3,\
        \"happened\":1773936000000000,\"recorded\":1774056600123456,\"actor\":\"person_anwei\",\"org\":null,\
        \"articles\":[\"notice_1#1\"],\"things\":[],\"kind\":\"duty.waived\",\
        \"body\":\"{\\\"reason\\\": \\\"引号\\\\\\\" 和 \u{2028}\\\"}\"}";
    assert_eq!(String::from_utf8(fact.canonical()).unwrap(), expected);
    // Not one blank of the body may change.
    let mut touched = fact.clone();
    touched.body = touched.body.replace(": ", ":");
    assert_eq!(touched.event().unwrap(), fact.event().unwrap());
    assert_ne!(touched.canonical(), fact.canonical());
}

/// Every field of a fact is in what is hashed.
#[test]
fn nothing_of_a_fact_escapes_the_hash() {
    let fact = Fact {
        seq: 1,
        id: FactId::try_from("fact_1").unwrap(),
        stream: "duty/x".into(),
        version: 1,
        happened: at("2026-03-20T00:00:00Z"),
        recorded: at("2026-03-20T00:00:00Z"),
        actor: None,
        org: None,
        articles: vec![],
        things: vec![],
        kind: "duty.waived".into(),
        body: "{}".into(),
    };
    let touch: [fn(&mut Fact); 12] = [
        |f| f.seq += 1,
        |f| f.id = FactId::try_from("fact_2").unwrap(),
        |f| f.stream.push('y'),
        |f| f.version += 1,
        |f| f.happened = "2026-03-20T00:00:00.000001Z".parse().unwrap(),
        |f| f.recorded = "2026-03-20T00:00:00.000001Z".parse().unwrap(),
        |f| f.actor = Some(PersonId::try_from("p").unwrap()),
        |f| f.org = Some(OrgId::try_from("o").unwrap()),
        |f| f.articles.push("n#1".into()),
        |f| f.things.push("t".into()),
        |f| f.kind = "duty.unwaived".into(),
        |f| f.body = "{ }".into(),
    ];
    let mut all = BTreeSet::from([fact.canonical()]);
    for change in touch {
        let mut touched = fact.clone();
        change(&mut touched);
        assert!(all.insert(touched.canonical()));
    }
}

#[test]
fn evidence_tells_of_its_own_day_and_of_its_files() {
    let recorded = at("2026-03-21T01:00:00Z");
    let entry = Entry::of_duty(&assigned(), Of::Filed(filed()), None, recorded);
    assert_eq!(entry.happened, at("2026-03-20T00:00:00+08:00"));
    assert_eq!(entry.recorded, recorded);
    assert_eq!(entry.articles, ["notice_1#1"]);
    assert_eq!(entry.things(), [file().sha256, "thing_1".to_owned()]);
    assert_eq!(entry.org, Some(OrgId::try_from("town-a").unwrap()));
    let entry = Entry::of_duty(
        &assigned(),
        Of::Reminded {
            note: String::new(),
        },
        None,
        recorded,
    );
    assert_eq!((entry.happened, entry.things()), (recorded, vec![]));
}

/// Text as people and machines send it: quotes, escapes, line separators, NUL, joined emoji, right-to-left marks.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(
            prop_oneof![
                Just("\u{0}"),
                Just("\u{1f}"),
                Just("\u{7f}"),
                Just("\""),
                Just("\\"),
                Just("\\u0022"),
                Just("\u{2028}"),
                Just("\u{2029}"),
                Just("\u{202e}"),
                Just("\u{feff}"),
                Just("👩‍🚒"),
                Just("e\u{301}"),
                Just("𠮷"),
                Just("\u{e000}"),
                Just("}"),
                Just("{\"kind\":"),
                Just("\r\n"),
                Just("\u{10ffff}"),
                Just("〔2026〕"),
            ],
            0..12
        )
        .prop_map(|parts| parts.concat()),
    ]
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_it_back(
        a in hostile(),
        b in hostile(),
// As people type them, up to 10^12 with three decimals; 17 digits may lose their last in reading.
        thousandths in 0u64..1_000_000_000_000_000,
        size: u64,
    ) {
        let mut filed = filed();
        let value = thousandths as f64 / 1000.0;
        filed.note = a.clone();
        filed.files[0].name = b.clone();
        filed.files[0].size = size;
        filed.number = Some(Number { value, unit: a.clone() });
        let mut fields = thing().fields;
        fields.insert(b.clone(), serde_json::Value::String(a.clone()));
        for event in [
            Event::Duty(Of::Filed(filed)),
            Event::Duty(Of::Waived { reason: a.clone() }),
            Event::NoticeWithdrawn { id: NoticeId::try_from("notice_1").unwrap(), reason: b.clone() },
            Event::ThingAdded(Thing { name: a.clone(), fields, ..thing() }),
            Event::SignInRefused { login: a.clone(), reason: b.clone(), address: a.clone() },
        ] {
            let body = event.body().unwrap();
            prop_assert_eq!(&Event::read(event.kind(), &body).unwrap(), &event);
            // And it is written the same again.
            prop_assert_eq!(Event::read(event.kind(), &body).unwrap().body().unwrap(), body);
        }
    }
}
