//! 100,000 open loops in a ledger of a million facts: commands over HTTP, the clock's sweep, what the notice's triggers
//! make of a correction, lists and counts.

use crate::http::{Line, Result};
use crate::{load, open};
use anlan_core::authority::{Actor, Position, Role};
use anlan_core::calendar::{Calendar, date_of};
use anlan_core::duty::FileRef;
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{FactId, LoopId, NoticeId, OrgId, PersonId};
use anlan_core::loops::trigger::{self, Accident, Index};
use anlan_core::loops::{self, Context, Loop, Mark, Open, What};
use anlan_core::org::{Org, OrgKind, OrgTree};
use anlan_core::person::Person;
use anlan_core::rulebook::Rulebook;
use anlan_server::app::App;
use anlan_server::clock::{Clock as _, Machine, Still, Stopwatch};
use anlan_server::loops::{self as engine, Given};
use anlan_server::{auth, live};
use anlan_store::loops::{Find, Group, Now};
use anlan_store::{Store, StoreError, facts, loops as stored};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LOOPS: u64 = 100_000;
const FACTS: u64 = 1_000_000;
const ACCIDENTS: u64 = 2_000;
const TOWNS: u64 = 21;
const ENTERPRISES: u64 = 600;
const RATE: u64 = 200;
const SECONDS: u64 = 30;
const CLIENTS: u64 = 6;
const PASSWORD: &str = "Steady-pass-2026";

/// How many of them are due in three weeks, and in six.
const FEW: u64 = 100;
const MANY: u64 = 10_000;

fn org(id: &str) -> Result<OrgId> {
    Ok(OrgId::try_from(id).map_err(|_| format!("`{id}` is no id"))?)
}

fn person(id: &str) -> Result<PersonId> {
    Ok(PersonId::try_from(id).map_err(|_| format!("`{id}` is no id"))?)
}

fn plain(error: anlan_server::problem::Problem) -> String {
    format!("{} ({})", error.detail, error.title)
}

/// Prints how long something took, each time.
fn show(name: &str, mut waits: Vec<f64>) {
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (waits.len() as f64 * share) as usize;
        waits
            .get(place.min(waits.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
            * 1_000.0
    };
    println!(
        "{name}: {} times; p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        waits.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn timed(name: &str, times: usize, mut work: impl FnMut(usize) -> Result<()>) -> Result<()> {
    let mut waits = Vec::with_capacity(times);
    for n in 0..times {
        let watch = Stopwatch::start();
        work(n)?;
        waits.push(watch.seconds());
    }
    show(name, waits);
    Ok(())
}

/// What loops are decided in.
struct District {
    tree: OrgTree,
    book: Rulebook,
    calendar: Calendar,
    office: Actor,
    town: Actor,
    now: Timestamp,
}

fn orgs() -> Result<Vec<Org>> {
    let one =
        |id: &str, kind, name: String, parent: Option<&str>, sector: Option<&str>| -> Result<Org> {
            Ok(Org {
                id: org(id)?,
                kind,
                short: name.clone(),
                name,
                en: String::new(),
                aliases: Vec::new(),
                parent: parent.map(org).transpose()?,
                code: None,
                sectors: sector.into_iter().map(str::to_owned).collect(),
                place: None,
                sample: true,
                closed: false,
            })
        };
    let mut out = vec![
        one("district", OrgKind::District, "示例区".into(), None, None)?,
        one(
            "office-anwei",
            OrgKind::Committee,
            "区安委办".into(),
            Some("district"),
            None,
        )?,
        one(
            "dept-yingji",
            OrgKind::Department,
            "区应急局".into(),
            Some("district"),
            None,
        )?,
    ];
    for n in 0..TOWNS {
        out.push(one(
            &format!("town-{n}"),
            OrgKind::Town,
            format!("第{n}街道"),
            Some("district"),
            None,
        )?);
    }
    for n in 0..ENTERPRISES {
        let town = format!("town-{}", n % TOWNS);
        let sector = (n % 3 == 0).then_some("coal");
        out.push(one(
            &format!("firm-{n}"),
            OrgKind::Enterprise,
            format!("第{n}公司"),
            Some(&town),
            sector,
        )?);
    }
    Ok(out)
}

impl District {
    fn new(now: Timestamp) -> Result<Self> {
        let actor = |id: &str, at: &str, role| -> Result<Actor> {
            Ok(Actor {
                person: person(id)?,
                positions: vec![Position {
                    org: org(at)?,
                    role,
                }],
                only: None,
            })
        };
        let book = Rulebook::built_in()?;
        Ok(Self {
            tree: OrgTree::new(orgs()?),
            calendar: Calendar::new(&book.calendar),
            book,
            office: actor("person_bench", "office-anwei", Role::Office)?,
            town: actor("person_town", "town-7", Role::Town)?,
            now,
        })
    }

    fn context(&self, at: Timestamp, n: u64, serial: u64) -> Context<'_> {
        Context {
            actor: Some(&self.office),
            now: at,
            happened: at,
            tree: &self.tree,
            book: &self.book,
            calendar: &self.calendar,
            files: &[],
            chance: u128::from(n) << 8,
            serial,
        }
    }

    /// Opens a loop and makes moves, each as it is decided: the facts.
    fn live(
        &self,
        open: Open,
        moves: &[(&str, serde_json::Value)],
        context: &Context<'_>,
    ) -> Result<(Loop, Vec<Entry>)> {
        let refused = |r: loops::Refusal| format!("{}: {:?}", r.en, r.field);
        let (_, decided) = Loop::open(open, context).map_err(refused)?;
        let mut version = 0;
        let mut it: Option<Loop> = None;
        let mut out = Vec::new();
        let mut keep = |events: Vec<loops::Event>, it: &mut Option<Loop>| {
            for event in events {
                version += 1;
                let mark = Mark {
                    by: Some(&self.office.person),
                    happened: context.happened,
                    recorded: context.now,
                    version,
                };
                match (&event, it.as_mut()) {
                    (loops::Event::Opened(opened), _) => *it = Some(Loop::opened(opened, mark)),
                    (other, Some(it)) => it.apply(other, mark),
                    _ => {}
                }
                if let Some(it) = it {
                    let touches = it
                        .orgs()
                        .into_iter()
                        .filter(|o| **o != it.org)
                        .cloned()
                        .collect();
                    let by = Some(self.office.person.clone());
                    out.push(Entry::of_loop(
                        &it.id,
                        &it.org,
                        touches,
                        event,
                        by,
                        context.happened,
                        context.now,
                    ));
                }
            }
        };
        keep(decided.events, &mut it);
        for (code, values) in moves {
            let values = values
                .as_object()
                .cloned()
                .unwrap_or_default()
                .into_iter()
                .collect();
            let what = What::Move {
                code: (*code).to_owned(),
                values,
            };
            let now = it.as_ref().ok_or("it was not opened")?;
            let decided = now.decide(what, context).map_err(refused)?;
            keep(decided.events, &mut it);
        }
        Ok((it.ok_or("it was not opened")?, out))
    }

    /// A hazard that is being rectified.
    fn hazard(&self, n: u64) -> Result<(Loop, Vec<Entry>)> {
        let ahead = match n {
            n if n < FEW => 20,
            n if n < MANY => 40,
            n => 365 + (n as i64 % 365),
        };
        let deadline = date_of(self.now).checked_add(ahead.days())?;
        let at = self.now - SignedDuration::from_hours(24 * (1 + n as i64 % 90));
        let open = Open::new(
            "hazard",
            org(&format!("firm-{}", n % ENTERPRISES))?,
            format!("第{n}号配电室线路老化"),
        )
        .with("what", "配电室线路老化，未设置防护，存在触电和火灾风险。")
        .with("source", "inspection");
        let moves = [
            ("grade", serde_json::json!({"grade": "general"})),
            (
                "order",
                serde_json::json!({"deadline": deadline.to_string(), "demands": "更换线路，加装防护。"}),
            ),
        ];
        self.live(open, &moves, &self.context(at, n, n))
    }

    /// An accident that was received, some time within three years.
    fn accident(&self, n: u64) -> Result<(Loop, Vec<Entry>)> {
        let at = self.now - SignedDuration::from_hours(12 * (2 + n as i64));
        let deaths = if n.is_multiple_of(50) { 3 } else { 1 };
        let open = Open::new(
            "accident",
            org(&format!("firm-{}", n % ENTERPRISES))?,
            format!("第{n}号机械伤害事故"),
        )
        .with("class", "accident")
        .with("what", "设备检修时发生机械伤害。")
        .with("deaths", deaths);
        self.live(
            open,
            &[("receive", serde_json::json!({}))],
            &self.context(at, LOOPS + n, n),
        )
    }
}

fn fact_id(n: u64) -> FactId {
    FactId::make(1_767_225_600_000, 1 << 62 | u128::from(n))
}

/// Appends in large transactions; `made` makes the facts of one loop.
fn fill(
    store: &Store,
    count: u64,
    from: &mut u64,
    made: impl Fn(u64) -> Result<(Loop, Vec<Entry>)>,
) -> Result<Vec<(LoopId, u64)>> {
    const CHUNK: u64 = 2_000;
    let mut ids = Vec::with_capacity(count as usize);
    let mut at = 0;
    while at < count {
        let mut entries = Vec::new();
        for n in at..(at + CHUNK).min(count) {
            let (it, facts) = made(n)?;
            ids.push((it.id, it.version));
            entries.extend(facts);
        }
        put(store, from, entries)?;
        at += CHUNK;
    }
    Ok(ids)
}

fn put(store: &Store, from: &mut u64, entries: Vec<Entry>) -> Result<()> {
    let first = *from;
    *from += entries.len() as u64;
    store
        .write(move |tx| {
            for (n, entry) in entries.iter().enumerate() {
                tx.append(entry, fact_id(first + n as u64), None)?;
            }
            Ok::<_, StoreError>(())
        })
        .wait()?;
    Ok(())
}

/// The whole bench.
pub fn all() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path())?;
    let district = District::new(Machine.now())?;
    let watch = Stopwatch::start();
    let mut made = 0;
    let mut entries = Vec::new();
    for one in orgs()? {
        let id = one.id.clone();
        entries.push(Entry::new(
            stream::org(&id),
            Event::OrgAdded(one),
            None,
            Some(id),
            district.now,
        ));
    }
    for actor in [&district.office, &district.town] {
        let person = Person {
            id: actor.person.clone(),
            login: actor.person.as_str().replace("person_", ""),
            name: "岗位".into(),
            positions: actor.positions.clone(),
            disabled: false,
            sample: false,
        };
        let at = Some(actor.positions[0].org.clone());
        entries.push(Entry::new(
            stream::person(&person.id),
            Event::PersonAdded(person),
            None,
            at,
            district.now,
        ));
    }
    put(&store, &mut made, entries)?;
    let loops = fill(&store, LOOPS, &mut made, |n| district.hazard(n))?;
    println!(
        "{LOOPS} open hazards of {made} facts in {:.1} s",
        watch.seconds()
    );
    let accidents = fill(&store, ACCIDENTS, &mut made, |n| district.accident(n))?;
    let rules = notice(&store, &district, &mut made)?;
    let rest = FACTS.saturating_sub(store.read(facts::count)?);
    load::fill(&store, rest)?;
    println!(
        "{} facts, {ACCIDENTS} accidents and a published notice of {} triggers after {:.1} s",
        store.read(facts::count)?,
        rules.len(),
        watch.seconds()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    commands(&runtime, &store, &loops)?;
    lists(&store, &district)?;
    corrections(&runtime, &store, &district, &accidents)?;
    index(&district, rules)?;
    sweeps(&runtime, &store, &district)
}

fn notice(store: &Store, district: &District, made: &mut u64) -> Result<Vec<trigger::Rule>> {
    let text = include_str!("../../sample/notice/notice-2026.md");
    let compiled = anlan_notice::compile_str(text);
    let id = NoticeId::try_from("notice_bench").map_err(|_| "no id")?;
    let rules = trigger::read(id.as_str(), &compiled.triggers, &district.book);
    let uploaded = Event::NoticeUploaded {
        id: id.clone(),
        file: FileRef {
            sha256: format!("{:0>64}", 1),
            name: "通知.md".into(),
            size: text.len() as u64,
            media_type: "text/markdown".into(),
        },
        format: "md".into(),
        text: text.into(),
        compiled: Box::new(compiled),
    };
    let published = Event::NoticePublished {
        id: id.clone(),
        generation: 1,
        assigned: 0,
        changed: 0,
        cancelled: 0,
    };
    let entry = |event| {
        Entry::new(
            stream::notice(&id),
            event,
            Some(district.office.person.clone()),
            Some(district.office.positions[0].org.clone()),
            district.now,
        )
    };
    put(store, made, vec![entry(uploaded), entry(published)])?;
    Ok(rules)
}

/// Commands over HTTP at a steady rate, each on a loop of its own; a third open new ones.
fn commands(
    runtime: &tokio::runtime::Runtime,
    store: &Store,
    loops: &[(LoopId, u64)],
) -> Result<()> {
    let app = App::new(
        store.clone(),
        Arc::new(Machine),
        Rulebook::built_in()?,
        false,
    )?;
    let hash = auth::hash_password(PASSWORD, Machine.chance()).map_err(plain)?;
    let bench = person("person_bench")?;
    runtime
        .block_on(app.write(move |w| auth::set_password(w, &bench, hash, false, None, None, None)))
        .map_err(plain)?;
    let socket = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = socket.local_addr()?.to_string();
    let guard = runtime.enter();
    anlan_server::start(&app);
    drop(guard);
    let service = anlan_server::router(app).into_make_service_with_connect_info::<SocketAddr>();
    runtime.spawn(async move { axum::serve(socket, service).await });
    let mut line = Line::open(&address)?;
    let body = format!("{{\"login\":\"bench\",\"password\":\"{PASSWORD}\"}}");
    let (status, cookie, answer) = line.ask("POST", "/api/v1/session", "", &body)?;
    if status != 200 {
        return Err(format!("sign-in: {status} {}", String::from_utf8_lossy(&answer)).into());
    }
    // The first seal, and the clock's first sweep over accidents of years, are over when the ledger grows no more.
    let mut before = 0;
    loop {
        std::thread::sleep(Duration::from_secs(5));
        let now = store.read(facts::count)?;
        if now == before {
            break;
        }
        before = now;
    }
    println!("after the clock's first sweep: {before} facts");
    let names = ["comment", "move (grade)", "open"];
    let waits = Arc::new(Mutex::new(Vec::<(usize, f64)>::new()));
    let headers = format!("Cookie: {cookie}\r\nX-Anlan: 1\r\n");
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (address, headers, waits) = (address.clone(), headers.clone(), waits.clone());
            // Far from those that fall due soon.
            let loops: Vec<(LoopId, u64)> = loops[20_000..40_000].to_vec();
            std::thread::spawn(move || -> std::result::Result<(), String> {
                let mut line = Line::open(&address).map_err(|e| e.to_string())?;
                let clock = Stopwatch::start();
                for round in 0..RATE * SECONDS / CLIENTS {
                    // What waits behind a slow one is measured from the moment at which it should have been asked.
                    let moment = round as f64 * CLIENTS as f64 / RATE as f64 + client as f64 / RATE as f64;
                    let ahead = moment - clock.seconds();
                    if ahead > 0.0 {
                        std::thread::sleep(Duration::from_secs_f64(ahead));
                    }
                    let n = (round * CLIENTS + client) as usize;
                    let (id, version) = &loops[n];
                    let kind = n % 3;
                    let command = format!("/api/v1/loops/{id}/commands");
                    let (path, body) = match kind {
                        0 => (command, format!("{{\"expected_version\":{version},\"command\":{{\"name\":\"comment\",\"text\":\"请抓紧整改。\"}}}}")),
                        1 => (command, format!("{{\"expected_version\":{version},\"command\":{{\"name\":\"move\",\"code\":\"grade\",\"values\":{{\"grade\":\"general\",\"note\":\"复核\"}}}}}}")),
                        _ => ("/api/v1/loops".to_owned(), format!("{{\"kind\":\"hazard\",\"org\":\"firm-{}\",\"title\":\"压测\",\"values\":{{\"what\":\"通道堵塞\",\"source\":\"inspection\"}}}}", n as u64 % ENTERPRISES)),
                    };
                    let (status, _, answer) = line.ask("POST", &path, &headers, &body).map_err(|e| e.to_string())?;
                    if status != 200 {
                        return Err(format!("{path}: {status} {}", String::from_utf8_lossy(&answer)));
                    }
                    if let Ok(mut waits) = waits.lock() {
                        waits.push((kind, clock.seconds() - moment));
                    }
                }
                Ok(())
            })
        })
        .collect();
    for client in clients {
        client.join().map_err(|_| "a client failed")??;
    }
    let waits = waits.lock().map_err(|_| "a client failed")?;
    println!(
        "commands over HTTP at {RATE}/s for {SECONDS} s, {CLIENTS} clients on the same cores:"
    );
    show("  all", waits.iter().map(|(_, wait)| *wait).collect());
    for (kind, name) in names.iter().enumerate() {
        let of = waits
            .iter()
            .filter(|(k, _)| *k == kind)
            .map(|(_, wait)| *wait);
        show(&format!("  {name}"), of.collect());
    }
    Ok(())
}

/// Lists and counts, asked of the store.
fn lists(store: &Store, district: &District) -> Result<()> {
    let app = App::new(
        store.clone(),
        Arc::new(Machine),
        Rulebook::built_in()?,
        false,
    )?;
    let now = app.now();
    let at = Now {
        now: now.as_microsecond(),
        soon: (now + SignedDuration::from_hours(48)).as_microsecond(),
    };
    for (name, actor) in [("district", &district.office), ("town", &district.town)] {
        let seen = engine::seen(actor, &app);
        let find = |light: Option<&str>, q: Option<&str>, sort: Option<&str>| Find {
            light: light.map(str::to_owned),
            q: q.map(str::to_owned),
            sort: sort.map(str::to_owned),
            ..Find::default()
        };
        for (what, find) in [
            ("list by deadline", find(None, None, None)),
            ("list, newest", find(None, None, Some("-opened"))),
            ("list, overdue", find(Some("overdue"), None, None)),
            ("list by words", find(None, Some("99号"), None)),
        ] {
            timed(&format!("{name}: {what}"), 40, |_| {
                store.read(|db| stored::list(db, &find, &seen, at, None, 50))?;
                Ok(())
            })?;
        }
        let every = Find::default();
        timed(&format!("{name}: total"), 20, |_| {
            store.read(|db| stored::total(db, &every, &seen, at))?;
            Ok(())
        })?;
        for by in [
            Group::Kind,
            Group::Town,
            Group::Sector,
            Group::Month,
            Group::Age,
        ] {
            timed(&format!("{name}: counts by {by:?}"), 20, |_| {
                store.read(|db| stored::counts(db, &every, &seen, at, by))?;
                Ok(())
            })?;
        }
        let turns = Find {
            turn: Some(vec![(
                actor.positions[0].org.to_string(),
                "supervise".into(),
            )]),
            ..Find::default()
        };
        timed(&format!("{name}: my move"), 40, |_| {
            store.read(|db| stored::list(db, &turns, &seen, at, None, 50))?;
            Ok(())
        })?;
    }
    Ok(())
}

/// A correction of an accident, with all that the triggers make of it, until it is on disk.
fn corrections(
    runtime: &tokio::runtime::Runtime,
    store: &Store,
    district: &District,
    accidents: &[(LoopId, u64)],
) -> Result<()> {
    let app = App::new(
        store.clone(),
        Arc::new(Machine),
        Rulebook::built_in()?,
        false,
    )?;
    // Those of the last month: later their figures no longer count. Each is made graver, one of them less grave.
    let mut n = 0;
    timed(
        "a correction through the engine, a million facts in the ledger",
        50,
        |_| {
            let (id, _) = accidents[n].clone();
            let actor = district.office.clone();
            let deaths = if n.is_multiple_of(50) { 1 } else { 3 };
            n += 1;
            runtime
            .block_on(app.write(move |w| {
                let Some(it) = stored::get(w.tx.db, id.as_str())? else {
                    return Err(anlan_server::problem::Problem::missing());
                };
                let values = serde_json::json!({"change": "correct", "deaths": deaths, "basis": "核定更正"});
                let values = values.as_object().cloned().unwrap_or_default().into_iter().collect();
                let given = Given { actor: Some(&actor), happened: None, files: &[] };
                engine::act(w, &it, What::Move { code: "figures".into(), values }, &given)
            }))
            .map_err(plain)?;
            Ok(())
        },
    )
}

/// The incremental index by itself, over a million accidents.
fn index(district: &District, rules: Vec<trigger::Rule>) -> Result<()> {
    const MANY: u64 = 1_000_000;
    let one = |n: u64, grade: u8| -> Result<Accident> {
        Ok(Accident {
            id: LoopId::try_from(format!("accident_{n:07}")).map_err(|_| "no id")?,
            org: org(&format!("firm-{}", n % ENTERPRISES))?,
            town: Some(org(&format!("town-{}", n % TOWNS))?),
            sector: None,
            at: district.now - SignedDuration::from_mins(10 * n as i64),
            grade: Some(grade),
            kind: Some(["fire", "fall", "gas"][n as usize % 3].to_owned()),
            typical: false,
            deadly: true,
            warned: false,
            counts: true,
        })
    };
    let grade = |n: u64| if n.is_multiple_of(97) { 3 } else { 4 };
    let all = (0..MANY)
        .map(|n| one(n, grade(n)))
        .collect::<Result<Vec<_>>>()?;
    let watch = Stopwatch::start();
    let mut index = Index::new(rules, district.book.campaigns.clone(), org("district")?);
    index.load(all);
    println!(
        "index of {MANY} accidents: {:.1} s, {} firings",
        watch.seconds(),
        index.firings().len()
    );
    let mut changed = 0;
    timed("a correction in the index", 1_000, |n| {
        let n = n as u64 * 991;
        let other = if grade(n) == 3 { 4 } else { 2 };
        changed += usize::from(!index.put(one(n, other)?).is_empty());
        Ok(())
    })?;
    println!("  of these {changed} changed what has fired");
    Ok(())
}

/// The clock's look at 100,000 deadlines, and what it does when some are due.
fn sweeps(runtime: &tokio::runtime::Runtime, store: &Store, district: &District) -> Result<()> {
    let look = |days: i64, limit: u32| -> Result<usize> {
        let at = district.now + SignedDuration::from_hours(24 * days);
        Ok(store.read(|db| stored::for_clock(db, at, limit))?.len())
    };
    let day = SignedDuration::from_hours(24);
    timed("clock: look, none due", 100, |_| look(-200, 1).map(drop))?;
    let watch = Stopwatch::start();
    let all = look(900, 200_000)?;
    println!(
        "clock: all {all} that would be due read at once: {:.2} s",
        watch.seconds()
    );
    timed("clock: first piece of 500 when all are due", 20, |_| {
        look(900, 500).map(drop)
    })?;
    let clock = Still::at(district.now);
    let app = App::new(store.clone(), clock.clone(), Rulebook::built_in()?, false)?;
    for (days, name) in [
        (0, "what is due already"),
        (21, "few due"),
        (41, "ten thousand due"),
    ] {
        clock.set(district.now + day * days);
        let due = look(i64::from(days), 200_000)?;
        let watch = Stopwatch::start();
        let facts = runtime.block_on(live::sweep_once(&app)).map_err(plain)?;
        println!(
            "clock: {name}: {due} loops, {facts} facts, on disk after {:.2} s",
            watch.seconds()
        );
    }
    Ok(())
}
