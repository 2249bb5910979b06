//! Loops as projected: each list, count and look of the clock against the same question asked of folded values.

use crate::mix;
use crate::support::{Dice, Home, at, fact_id, org_id, person_id};
use anlan_core::authority::{Actor, Position, Reach, Role, covers};
use anlan_core::calendar::{Calendar, date_of};
use anlan_core::fact::{Entry, Event};
use anlan_core::id::LoopId;
use anlan_core::loops::{
    Context, Event as LoopEvent, Link, Loop, Mark, Moved, Open, Party, REGISTRY, SetClock, Stage,
    What,
};
use anlan_core::org::{OrgKind, OrgTree};
use anlan_core::rulebook::Rulebook;
use anlan_store::loops::{self, Find, Group, Now, Seen};
use anlan_store::secrets::{self, Secret};
use anlan_store::{Store, StoreError, search};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Loops being made: facts and, beside them, the values that they fold to.
struct Story {
    book: Rulebook,
    calendar: Calendar,
    tree: OrgTree,
    office: Actor,
    town: Actor,
    entries: Vec<Entry>,
    loops: Vec<Loop>,
    now: Timestamp,
}

impl Story {
    fn new() -> Self {
        let book = Rulebook::built_in().unwrap();
        let actor = |id: &str, org: &str, role| Actor {
            person: person_id(id),
            positions: vec![Position {
                org: org_id(org),
                role,
            }],
            only: None,
        };
        Self {
            calendar: Calendar::new(&book.calendar),
            book,
            tree: OrgTree::new(mix::orgs()),
            office: actor("p1", "ban", Role::Office),
            town: actor("p2", "bei", Role::Town),
            entries: Vec::new(),
            loops: Vec::new(),
            now: at(2_000),
        }
    }

    fn keep(&mut self, n: usize, event: LoopEvent, by: Option<&str>) {
        let by = by.map(person_id);
        let version = self.loops.get(n).map_or(1, |it| it.version + 1);
        let mark = Mark {
            by: by.as_ref(),
            happened: self.now,
            recorded: self.now,
            version,
        };
        match &event {
            LoopEvent::Opened(opened) => self.loops.push(Loop::opened(opened, mark)),
            other => self.loops[n].apply(other, mark),
        }
        let it = &self.loops[n];
        let touches = it.orgs().into_iter().filter(|org| **org != it.org);
        self.entries.push(Entry::of_loop(
            &it.id,
            &it.org,
            touches.cloned().collect(),
            event,
            by.clone(),
            self.now,
            self.now,
        ));
    }

    fn context(&self, actor: &'static str) -> Context<'_> {
        Context {
            actor: Some(if actor == "office" {
                &self.office
            } else {
                &self.town
            }),
            now: self.now,
            happened: self.now,
            tree: &self.tree,
            book: &self.book,
            calendar: &self.calendar,
            files: &[],
            chance: self.loops.len() as u128 * 7_919,
            serial: self.loops.len() as u64,
        }
    }

    fn open(&mut self, open: Open) -> usize {
        let (_, decided) = Loop::open(open, &self.context("office")).unwrap();
        let n = self.loops.len();
        for event in decided.events {
            self.keep(n, event, Some("p1"));
        }
        n
    }

    fn act(&mut self, n: usize, actor: &'static str, what: What) {
        let decided = self.loops[n].decide(what, &self.context(actor)).unwrap();
        let by = if actor == "office" { "p1" } else { "p2" };
        for event in decided.events {
            self.keep(n, event, Some(by));
        }
    }

    fn go(&mut self, n: usize, code: &str, values: serde_json::Value) {
        let values = values.as_object().unwrap().clone().into_iter().collect();
        let code = code.to_owned();
        self.act(n, "office", What::Move { code, values });
    }

    fn pass(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
    }

    fn clock(&mut self) {
        for n in 0..self.loops.len() {
            for event in self.loops[n].clock(self.now, &self.book.ladder, &self.calendar) {
                self.keep(n, event, None);
            }
        }
    }
}

/// All that can happen to loops, happening: the same each time.
fn story() -> Story {
    let mut s = Story::new();
    let mut dice = Dice(5);
    let orgs = ["qi1", "qi2", "qi3", "cun1", "cun3", "she1", "bei", "dong"];
    for n in 0..24usize {
        s.pass(20 + dice.roll(60) as i64);
        let org = orgs[n % orgs.len()];
        let open = Open::new("hazard", org_id(org), format!("隐患{n}_AQ-{}%", n * 7))
            .with("what", format!("第{n}处消防通道堵塞"))
            .with("source", "inspection");
        let it = s.open(open);
        if n % 6 == 5 {
            continue;
        }
        s.go(it, "grade", json!({"grade": "general"}));
        if n % 6 == 4 {
            continue;
        }
        let deadline = date_of(s.now)
            .checked_add((3 + dice.roll(40) as i64).days())
            .unwrap();
        let order = json!({"deadline": deadline.to_string(), "demands": "清理"});
        s.go(it, "order", order);
        if n % 6 == 3 {
            s.act(
                it,
                "office",
                What::Void {
                    reason: "重复登记".into(),
                },
            );
        }
    }
    for n in 0..10usize {
        s.pass(30);
        let open = Open::new("accident", org_id(orgs[n % orgs.len()]), format!("事故{n}"))
            .with("class", if n % 3 == 2 { "incident" } else { "accident" })
            .with("what", "坍塌")
            .with("deaths", if n % 4 == 0 { 3 } else { 1 });
        let it = s.open(open);
        if n % 2 == 0 {
            s.go(it, "receive", json!({}));
        }
    }
    // Of each kind one, as the ledger might hold it, in every state: closed and ended ones too.
    for (k, spec) in REGISTRY.iter().enumerate() {
        for (n, state) in spec.states.iter().enumerate() {
            s.pass(1 + dice.roll(9) as i64);
            let mut parties = BTreeMap::from([(Party::Handler, org_id("yingji"))]);
            if n % 2 == 0 {
                parties.insert(Party::Opener, org_id("cun2"));
            }
            let place = (n % 3 == 0).then_some(anlan_core::org::Place {
                lon: 112.8 + n as f64 / 100.0,
                lat: 35.5 - k as f64 / 1_000.0,
            });
            let org = org_id(orgs[(k + n) % orgs.len()]);
            let opened = anlan_core::loops::Opened {
                id: LoopId::try_from(format!("{}_raw{n:02}", spec.code)).unwrap(),
                kind: spec.code.into(),
                number: format!("{}-2025-{n:06}", spec.prefix),
                title: format!("{}{n}", spec.zh),
                state: spec.states[0].code.into(),
                town: s.tree.above(&org, OrgKind::Town).map(|t| t.id.clone()),
                org,
                sector: (n % 2 == 1).then(|| "gas".into()),
                place,
                address: "泽州路88号".into(),
                parties,
                values: BTreeMap::new(),
                clocks: Vec::new(),
                met: Vec::new(),
                grade: None,
                from: None,
                by_org: None,
            };
            let it = s.loops.len();
            s.keep(it, LoopEvent::Opened(Box::new(opened)), None);
            s.pass(5 + dice.roll(200) as i64);
            let due = s.now + SignedDuration::from_hours(24);
            let runs = state.stage == Stage::Open && n % 2 == 0;
            let moved = Moved {
                code: "any".into(),
                from: spec.states[0].code.into(),
                to: state.code.into(),
                values: BTreeMap::new(),
                parties: BTreeMap::new(),
                clocks: runs
                    .then(|| SetClock {
                        code: "any".into(),
                        due,
                        wake: due,
                        rule: String::new(),
                        certain: false,
                    })
                    .into_iter()
                    .collect(),
                met: Vec::new(),
                stopped: Vec::new(),
                grade: None,
                by_org: None,
            };
            s.keep(it, LoopEvent::Moved(Box::new(moved)), Some("p1"));
        }
    }
    let comment = |text: &str| What::Comment {
        text: text.into(),
        files: Vec::new(),
    };
    s.act(0, "office", comment("请抓紧“落实”"));
    s.act(0, "office", What::Watch { on: true });
    s.act(1, "office", What::Watch { on: true });
    s.act(1, "office", What::Watch { on: false });
    let to = s.loops[1].id.clone();
    s.act(
        0,
        "office",
        What::Link {
            to: to.clone(),
            how: "see".into(),
        },
    );
    let noted = |rule: &str, holds| LoopEvent::Noted {
        rule: rule.into(),
        text: "触发条件成立".into(),
        holds,
    };
    s.keep(2, noted("notice_a:a10:1@bei", true), None);
    s.keep(2, noted("notice_a:a10:1@bei", false), None);
    s.keep(2, noted("basis", true), None);
    let looked = LoopEvent::Looked {
        what: "reporter".into(),
        reason: "核实".into(),
    };
    s.keep(3, looked, Some("p1"));
    let link = Link {
        id: to,
        how: "led-to".into(),
        why: "ladder".into(),
    };
    s.keep(4, LoopEvent::Linked(link), None);
    // Handed over to another owner: it is found there now.
    let handed = Moved {
        code: "any".into(),
        from: s.loops[5].state.clone(),
        to: s.loops[5].state.clone(),
        values: BTreeMap::new(),
        parties: BTreeMap::from([(Party::Owner, org_id("she2"))]),
        clocks: Vec::new(),
        met: Vec::new(),
        stopped: Vec::new(),
        grade: None,
        by_org: None,
    };
    s.keep(5, LoopEvent::Moved(Box::new(handed)), Some("p1"));
    for _ in 0..6 {
        s.pass(100);
        s.clock();
    }
    // Some wait yet, two of them for the same moment.
    for n in 0..9usize {
        s.pass(if n % 4 == 0 { 0 } else { 30 });
        let open = Open::new("hazard", org_id(orgs[n % orgs.len()]), format!("隐患新{n}"))
            .with("what", "消防通道堵塞")
            .with("source", "inspection");
        s.open(open);
    }
    s
}

/// Facts of loops for the mix.
pub fn entries() -> Vec<Entry> {
    story().entries
}

fn filled(home: &Home) -> (Store, Story) {
    let store = home.open();
    mix::fill(&store);
    (store, story())
}

fn now(s: &Story) -> Now {
    // The boundary itself is tried: a deadline of one is the moment, that of another the last that is near.
    let mut due: Vec<i64> = s.loops.iter().filter_map(due_of).collect();
    due.sort_unstable();
    due.dedup();
    Now {
        now: due[due.len() / 3],
        soon: due[due.len() / 2],
    }
}

fn due_of(it: &Loop) -> Option<i64> {
    (it.stage() == Stage::Open)
        .then(|| it.next_due().map(|clock| clock.due.as_microsecond()))
        .flatten()
}

fn seens(tree: &OrgTree) -> Vec<Seen> {
    let kinds = |codes: &[&'static str]| codes.to_vec();
    let every: Vec<&'static str> = REGISTRY.iter().map(|spec| spec.code).collect();
    let below = |org: &str| Reach::Subtree(tree.path(&org_id(org)).to_owned());
    vec![
        Seen(vec![(every.clone(), vec![Reach::District])]),
        Seen(vec![(every.clone(), vec![below("bei")])]),
        Seen(vec![(every.clone(), vec![Reach::Org(org_id("qi1"))])]),
        // Only a party to it, never the owner.
        Seen(vec![(every.clone(), vec![Reach::Org(org_id("cun2"))])]),
        Seen(vec![(
            every.clone(),
            vec![Reach::Sectors(vec!["gas".into()])],
        )]),
        Seen(vec![
            (
                kinds(&["hazard"]),
                vec![below("dong"), Reach::Org(org_id("cun1"))],
            ),
            (kinds(&["report", "accident"]), vec![Reach::District]),
            (kinds(&["violation"]), vec![]),
        ]),
        Seen(vec![(every.clone(), vec![below("nowhere")])]),
        Seen(vec![(every, vec![])]),
        Seen(vec![]),
    ]
}

fn visible(seen: &Seen, it: &Loop, tree: &OrgTree) -> bool {
    seen.0.iter().any(|(kinds, reach)| {
        kinds.contains(&it.kind.as_str())
            && it
                .orgs()
                .iter()
                .any(|org| reach.iter().any(|reach| covers(reach, org, tree)))
    })
}

fn finds(s: &Story, at: Now) -> Vec<Find> {
    let text = |text: &str| Some(text.to_owned());
    let with = |set: &dyn Fn(&mut Find)| {
        let mut find = Find::default();
        set(&mut find);
        find
    };
    let middle = s.loops[s.loops.len() / 2].opened.as_microsecond();
    vec![
        Find::default(),
        with(&|f| f.kind = text("hazard")),
        with(&|f| f.state = text("rectifying")),
        with(&|f| f.stage = text("open")),
        with(&|f| f.stage = text("closed")),
        with(&|f| f.stage = text("ended")),
        with(&|f| f.stage = text("nonsense")),
        with(&|f| f.light = text("overdue")),
        with(&|f| f.light = text("due-soon")),
        with(&|f| f.light = text("in-time")),
        with(&|f| f.light = text("nonsense")),
        with(&|f| f.grade = text("general")),
        with(&|f| f.org = text("qi1")),
        with(&|f| f.under = text("bei")),
        with(&|f| f.under = text("nowhere")),
        with(&|f| f.town = text("dong")),
        with(&|f| f.sector = text("gas")),
        with(&|f| f.handler = text("yingji")),
        with(&|f| f.q = text(" aq-")),
        with(&|f| f.q = text("7%")),
        with(&|f| f.q = text("_a")),
        with(&|f| f.q = text("yh-2026-")),
        with(&|f| f.turn = Some(vec![])),
        with(&|f| {
            f.turn = Some(vec![
                ("yingji".into(), "supervise".into()),
                ("qi1".into(), "rectify".into()),
            ]);
        }),
        with(&|f| f.opened_from = Some(middle)),
        with(&|f| f.opened_to = Some(middle)),
        with(&|f| {
            f.happened_from = Some(middle);
            f.happened_to = Some(at.now);
        }),
        with(&|f| f.within = Some([112.8, 35.49, 112.83, 35.5])),
    ]
}

fn matches(find: &Find, it: &Loop, tree: &OrgTree, at: Now) -> bool {
    let is = |asked: &Option<String>, has: Option<&str>| {
        asked.as_deref().is_none_or(|asked| has == Some(asked))
    };
    let open = it.stage() == Stage::Open;
    let due = due_of(it).unwrap_or(i64::MAX);
    let (opened, happened) = (it.opened.as_microsecond(), it.happened.as_microsecond());
    let fixed = |degrees: f64| (degrees * 1e7).round() as i64;
    // What was voided stands in no state, grade, sort, town or trade; counts leave it out.
    let sorted = [
        &find.state,
        &find.grade,
        &find.sort_of,
        &find.town,
        &find.sector,
    ];
    if it.voided.is_some()
        && (sorted.iter().any(|asked| asked.is_some()) || find.stage.as_deref() == Some("ended"))
    {
        return false;
    }
    is(&find.kind, Some(&it.kind))
        && is(&find.state, Some(&it.state))
        && is(&find.grade, it.grade.as_deref())
        && is(&find.org, Some(it.org.as_str()))
        && is(&find.town, it.town.as_ref().map(|t| t.as_str()))
        && is(&find.sector, it.sector.as_deref())
        && is(&find.handler, it.party(Party::Handler).map(|o| o.as_str()))
        && is(
            &find.stage,
            Some(match it.stage() {
                Stage::Open => "open",
                Stage::Closed => "closed",
                Stage::Ended => "ended",
            }),
        )
        && find.light.as_deref().is_none_or(|light| match light {
            "overdue" => open && due < at.now,
            "due-soon" => open && at.now <= due && due <= at.soon,
            "in-time" => open && due > at.soon,
            _ => false,
        })
        && find.under.as_ref().is_none_or(|under| {
            let path = tree.path(&org_id(under));
            path != "/" && tree.path(&it.org).starts_with(path)
        })
        && find.q.as_ref().is_none_or(|q| {
            let q = q.trim().to_ascii_lowercase();
            it.title.to_ascii_lowercase().contains(&q)
                || it.number.to_ascii_lowercase().contains(&q)
        })
        && find.turn.as_ref().is_none_or(|turns| {
            it.turn().is_some_and(|(org, may)| {
                turns
                    .iter()
                    .any(|(o, m)| o == org.as_str() && m == may.code())
            })
        })
        && find.opened_from.is_none_or(|from| opened >= from)
        && find.opened_to.is_none_or(|to| opened < to)
        && find.happened_from.is_none_or(|from| happened >= from)
        && find.happened_to.is_none_or(|to| happened < to)
        && find.within.is_none_or(|[west, south, east, north]| {
            it.place.is_some_and(|p| {
                (fixed(west)..=fixed(east)).contains(&fixed(p.lon))
                    && (fixed(south)..=fixed(north)).contains(&fixed(p.lat))
            })
        })
}

pub fn loops_are_rebuilt_to_the_byte(home: &Home) {
    let (store, s) = filled(home);
    let kinds: BTreeSet<&str> = s.entries.iter().map(|entry| entry.event.kind()).collect();
    assert_eq!(
        kinds.len(),
        10,
        "everything that can happen happens: {kinds:?}"
    );
    for it in &s.loops {
        let kept = store.read(|db| loops::get(db, it.id.as_str())).unwrap();
        assert_eq!(kept.as_ref(), Some(it));
    }
    let secret = Secret {
        id: s.loops[3].id.to_string(),
        code: "JB-7H2K".into(),
        pin: "$argon2id$…".into(),
        sealed: Some("c2VhbGVk".into()),
        failures: 0,
        locked_until: 0,
    };
    let put = secret.clone();
    store
        .write(move |tx| {
            secrets::put(tx.db, &put, at(1))?;
            secrets::tried(tx.db, &put.id, 3, i64::MAX)
        })
        .wait()
        .unwrap();
    let secret = Secret {
        failures: 3,
        locked_until: i64::MAX,
        ..secret
    };
    let digest = store.digest().unwrap();
    crate::support::sql(
        &store,
        "UPDATE loops SET state = 'closed', due = 0; DELETE FROM loop_orgs WHERE org = 'cun2'; DELETE FROM loops WHERE kind = 'report'",
    );
    assert_ne!(store.digest().unwrap(), digest);
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), digest);
    let by_code = store.read(|db| secrets::by_code(db, "JB-7H2K")).unwrap();
    assert_eq!(by_code.as_ref(), Some(&secret), "a rebuild leaves it alone");
    let of_loop = store.read(|db| secrets::of_loop(db, &secret.id)).unwrap();
    assert_eq!(of_loop, Some(secret));
    assert_eq!(
        store.read(|db| secrets::by_code(db, "' OR 1=1")).unwrap(),
        None
    );
}

pub fn loop_lists_agree_with_plain_values(home: &Home) {
    let (store, s) = filled(home);
    let tree = mix::tree(&store);
    let at = now(&s);
    let mut some = 0;
    for (n, seen) in seens(&tree).iter().enumerate() {
        for find in finds(&s, at) {
            let want: BTreeSet<String> = s
                .loops
                .iter()
                .filter(|it| visible(seen, it, &tree) && matches(&find, it, &tree, at))
                .map(|it| it.id.to_string())
                .collect();
            let (got, next) = store
                .read(|db| loops::list(db, &find, seen, at, None, 10_000))
                .unwrap();
            assert_eq!(next, None);
            let got: BTreeSet<String> = got.iter().map(|it| it.id.to_string()).collect();
            assert_eq!(got, want, "reach {n}, {find:?}");
            let total = store.read(|db| loops::total(db, &find, seen, at)).unwrap();
            assert_eq!(total, want.len() as u64);
            some += usize::from(!want.is_empty());
        }
    }
    assert!(some > 60, "most questions have an answer: {some}");
    for light in ["overdue", "due-soon", "in-time"] {
        let there = s.loops.iter().any(|it| {
            let find = Find {
                light: Some(light.into()),
                ..Find::default()
            };
            matches(&find, it, &tree, at)
        });
        assert!(there, "nothing is {light}");
    }
    for hostile in ["'; DROP TABLE loops; --", "%", "\0", "!"] {
        let find = Find {
            kind: Some(hostile.into()),
            q: Some(hostile.into()),
            sort: Some(hostile.into()),
            ..Find::default()
        };
        let seen = &seens(&tree)[0];
        let found = store
            .read(|db| loops::list(db, &find, seen, at, Some(hostile), 5))
            .unwrap();
        assert!(found.0.is_empty());
    }
}

pub fn every_order_of_loops_walks_all_once(home: &Home) {
    let (store, s) = filled(home);
    let tree = mix::tree(&store);
    let at = now(&s);
    let urgency = |it: &Loop| match it.stage() {
        Stage::Open => 0,
        Stage::Closed => 1,
        Stage::Ended => 2,
    };
    for seen in &seens(&tree)[..3] {
        for sort in [
            None,
            Some("due"),
            Some("-due"),
            Some("opened"),
            Some("-opened"),
            Some("-happened"),
            Some("org"),
        ] {
            let mut want: Vec<&Loop> = s
                .loops
                .iter()
                .filter(|it| visible(seen, it, &tree))
                .collect();
            let due = |it: &Loop| due_of(it).unwrap_or(i64::MAX);
            want.sort_by(|a, b| match sort {
                Some("-due") => (due(b), &b.id).cmp(&(due(a), &a.id)),
                Some("opened") => (a.opened, &a.id).cmp(&(b.opened, &b.id)),
                Some("-opened") => (b.opened, &b.id).cmp(&(a.opened, &a.id)),
                Some("-happened") => (b.happened, &b.id).cmp(&(a.happened, &a.id)),
                Some("org") => (&a.org, &a.id).cmp(&(&b.org, &b.id)),
                _ => (urgency(a), due(a), &a.id).cmp(&(urgency(b), due(b), &b.id)),
            });
            let want: Vec<&str> = want.iter().map(|it| it.id.as_str()).collect();
            let find = Find {
                sort: sort.map(str::to_owned),
                ..Find::default()
            };
            for limit in [1, 7, 1_000] {
                let (mut got, mut cursor) = (Vec::new(), None::<String>);
                loop {
                    let (page, next) = store
                        .read(|db| loops::list(db, &find, seen, at, cursor.as_deref(), limit))
                        .unwrap();
                    got.extend(page.iter().map(|it| it.id.to_string()));
                    assert!(page.len() <= limit as usize && got.len() <= want.len());
                    cursor = next;
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(got, want, "{sort:?} by {limit}");
            }
        }
    }
}

pub fn loop_counts_are_those_of_plain_values(home: &Home) {
    const DAY: i64 = 86_400_000_000;
    let (store, s) = filled(home);
    let tree = mix::tree(&store);
    let at = now(&s);
    let groups = [
        Group::Kind,
        Group::State,
        Group::Grade,
        Group::Town,
        Group::Sector,
        Group::Org,
        Group::Handler,
        Group::Sort,
        Group::Month,
        Group::Age,
        Group::None,
    ];
    let key = |it: &Loop, by: Group| -> Option<String> {
        let text = |x: Option<&str>| Some(x.unwrap_or_default().to_owned());
        match by {
            Group::Kind => text(Some(&it.kind)),
            Group::State => Some(format!("{}#{}", it.kind, it.state)),
            Group::Grade => text(it.grade.as_deref()),
            Group::Town => text(it.town.as_ref().map(|t| t.as_str())),
            Group::Sector => text(it.sector.as_deref()),
            Group::Org => text(Some(it.org.as_str())),
            Group::Handler => text(it.party(Party::Handler).map(|o| o.as_str())),
            Group::Sort => text(it.values.get("type").and_then(|v| v.text())),
            Group::Month => Some(date_of(it.opened).strftime("%Y-%m").to_string()),
            Group::Age => {
                let age = at.now - it.opened.as_microsecond();
                let name = if age < 8 * DAY {
                    "0-7"
                } else if age < 31 * DAY {
                    "8-30"
                } else if age < 91 * DAY {
                    "31-90"
                } else {
                    "91+"
                };
                (it.stage() == Stage::Open).then(|| name.to_owned())
            }
            Group::None => text(None),
        }
    };
    let mut medians = 0;
    for seen in &seens(&tree)[..6] {
        for find in [Find::default(), finds(&s, at).swap_remove(1)] {
            let of: Vec<&Loop> = s
                .loops
                .iter()
                .filter(|it| it.voided.is_none() && visible(seen, it, &tree))
                .filter(|it| matches(&find, it, &tree, at))
                .collect();
            for by in groups {
                let mut want: BTreeMap<String, loops::Counts> = BTreeMap::new();
                let mut spans: BTreeMap<String, Vec<i64>> = BTreeMap::new();
                for it in &of {
                    let Some(key) = key(it, by) else { continue };
                    let counts = want.entry(key.clone()).or_default();
                    match it.stage() {
                        Stage::Open => {
                            counts.open += 1;
                            counts.overdue += u64::from(due_of(it).is_some_and(|due| due < at.now));
                        }
                        Stage::Closed => {
                            counts.closed += 1;
                            let took =
                                it.closed.unwrap().as_microsecond() - it.opened.as_microsecond();
                            spans.entry(key).or_default().push(took);
                        }
                        Stage::Ended => counts.ended += 1,
                    }
                }
                for (key, mut spans) in spans {
                    spans.sort_unstable();
                    let days = spans[spans.len() / 2] as f64 / DAY as f64;
                    want.get_mut(&key).unwrap().median_days = Some((days * 10.0).round() / 10.0);
                    medians += 1;
                }
                let got = store
                    .read(|db| loops::counts(db, &find, seen, at, by))
                    .unwrap();
                assert_eq!(got, want, "{by:?}");
            }
            let mut want: Vec<(i64, Option<i64>)> = of
                .iter()
                .map(|it| {
                    (
                        it.opened.as_microsecond(),
                        it.closed.map(Timestamp::as_microsecond),
                    )
                })
                .collect();
            let mut got = store.read(|db| loops::spans(db, &find, seen, at)).unwrap();
            want.sort_unstable();
            got.sort_unstable();
            assert_eq!(got, want);
        }
    }
    assert!(medians > 20);
}

pub fn loop_numbers_and_the_clocks_order(home: &Home) {
    let (store, s) = filled(home);
    let serial =
        |prefix: &str, year: i16| store.read(|db| loops::serial(db, prefix, year)).unwrap();
    let hazards = s
        .loops
        .iter()
        .filter(|it| it.number.starts_with("YH-2026-"));
    let last = hazards
        .map(|it| it.number["YH-2026-".len()..].parse::<u64>().unwrap())
        .max();
    assert_eq!(Some(serial("YH", 2026)), last);
    assert_eq!(serial("YH", 2025), REGISTRY[0].states.len() as u64 - 1);
    assert_eq!(serial("YH", 2024), 0);
    assert_eq!(serial("Y", 2026), 0, "a prefix of a prefix is another");
    // Numbers go on past six digits.
    for number in ["YH-2026-999999", "YH-2026-1000000", "YH-2026-1000001"] {
        let mut opened = match &s.entries[0].event {
            Event::Loop(LoopEvent::Opened(opened)) => opened.clone(),
            other => panic!("{other:?}"),
        };
        opened.id = LoopId::try_from(format!("hazard_{}", number.to_lowercase())).unwrap();
        opened.number = number.into();
        let entry = Entry::of_loop(
            &opened.id.clone(),
            &opened.org.clone(),
            vec![],
            LoopEvent::Opened(opened),
            None,
            s.now,
            s.now,
        );
        mix::put(&store, vec![entry]);
        assert_eq!(
            serial("YH", 2026),
            number["YH-2026-".len()..].parse::<u64>().unwrap()
        );
    }
    // The clock is given those that have waited longest, at the very moment and not before.
    let mut wakes: Vec<(Timestamp, String)> = s
        .loops
        .iter()
        .filter(|it| it.stage() == Stage::Open)
        .filter_map(|it| Some((it.wake()?, it.id.to_string())))
        .collect();
    wakes.sort();
    assert!(wakes.len() > 5);
    let given = |now: Timestamp, limit: u32| -> Vec<String> {
        let found = store.read(|db| loops::for_clock(db, now, limit)).unwrap();
        found
            .iter()
            .map(|it| it.id.to_string())
            .filter(|id| !id.starts_with("hazard_yh"))
            .collect()
    };
    for (moment, _) in wakes.iter().step_by(3) {
        let want = |upto: Timestamp| -> Vec<String> {
            let due = wakes.iter().filter(|(at, _)| *at <= upto);
            due.map(|(_, id)| id.clone()).collect()
        };
        assert_eq!(given(*moment, 1_000), want(*moment));
        let before = *moment - SignedDuration::from_micros(1);
        assert_eq!(given(before, 1_000), want(before));
        assert!(given(*moment, 2).len() <= 2);
    }
}

pub fn loops_move_with_their_orgs(home: &Home) {
    let (store, mut s) = filled(home);
    let at_now = now(&s);
    let every: Vec<&'static str> = REGISTRY.iter().map(|spec| spec.code).collect();
    let agree = |s: &Story| {
        let tree = mix::tree(&store);
        for org in ["bei", "dong", "qu", "bei-2", "cun2"] {
            let below = vec![Reach::Subtree(tree.path(&org_id(org)).to_owned())];
            let seen = Seen(vec![(every.clone(), below)]);
            let want = s
                .loops
                .iter()
                .filter(|it| visible(&seen, it, &tree))
                .count() as u64;
            let got = store
                .read(|db| loops::total(db, &Find::default(), &seen, at_now))
                .unwrap();
            assert_eq!(got, want, "below {org}");
            let under = Find {
                under: Some(org.into()),
                ..Find::default()
            };
            let all = Seen(vec![(every.clone(), vec![Reach::District])]);
            let want = s
                .loops
                .iter()
                .filter(|it| matches(&under, it, &tree, at_now))
                .count() as u64;
            assert_eq!(
                store
                    .read(|db| loops::total(db, &under, &all, at_now))
                    .unwrap(),
                want
            );
        }
    };
    agree(&s);
    for (minute, parent) in [(200_000, "dong"), (200_001, "qu"), (200_002, "bei-2")] {
        let town = mix::org("bei", OrgKind::Town, "北石镇", Some(parent), &[]);
        mix::put(&store, vec![mix::org_entry(town, false, minute)]);
        agree(&s);
    }
    // A loop of an org that is not known yet lies nowhere, and then where the org is put.
    let mut opened = match &s.entries[0].event {
        Event::Loop(LoopEvent::Opened(opened)) => opened.clone(),
        other => panic!("{other:?}"),
    };
    opened.id = LoopId::try_from("hazard_early").unwrap();
    opened.number = "YH-2026-777777".into();
    opened.org = org_id("late");
    let n = s.loops.len();
    s.keep(n, LoopEvent::Opened(opened), None);
    mix::put(&store, vec![s.entries.pop().unwrap()]);
    agree(&s);
    let late = mix::org("late", OrgKind::Village, "新设村", Some("dong"), &[]);
    mix::put(&store, vec![mix::org_entry(late, true, 200_003)]);
    agree(&s);
    let digest = store.digest().unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), digest);
}

pub fn loops_are_found_by_words_within_reach(home: &Home) {
    let (store, s) = filled(home);
    let tree = mix::tree(&store);
    let find = |query: &str, seen: &[(&str, &[Reach])]| -> Vec<String> {
        let found = store
            .read(|db| search::find(db, query, seen, 1_000))
            .unwrap();
        found.into_iter().map(|found| found.id).collect()
    };
    let district: &[Reach] = &[Reach::District];
    let hazards = s
        .loops
        .iter()
        .filter(|it| it.title.starts_with("隐患") && it.kind == "hazard");
    let want = hazards.clone().count();
    assert_eq!(find("隐患", &[("loop-hazard", district)]).len(), want);
    assert!(find("消防通道", &[("loop-accident", district)]).is_empty());
    assert!(find("消防通道", &[("hazard", district), ("duty", district)]).is_empty());
    assert!(find("隐患", &[("loop-hazard", &[])]).is_empty());
    for org in ["bei", "dong", "she2"] {
        let reach = [Reach::Subtree(tree.path(&org_id(org)).to_owned())];
        let want: BTreeSet<String> = hazards
            .clone()
            .filter(|it| covers(&reach[0], &it.org, &tree))
            .map(|it| it.id.to_string())
            .collect();
        let got: BTreeSet<String> = find("隐患", &[("loop-hazard", &reach)])
            .into_iter()
            .collect();
        assert_eq!(got, want, "{org}");
    }
    let number = &s.loops[0].number;
    assert_eq!(
        find(number, &[("loop-hazard", district)])[0],
        s.loops[0].id.as_str()
    );
}

pub fn accidents_are_found_by_when_they_happened(home: &Home) {
    let (store, s) = filled(home);
    let of = |town: Option<&str>, from: Timestamp, to: Timestamp| -> Vec<String> {
        let found = store
            .read(|db| loops::of_kind(db, "accident", town, from, to))
            .unwrap();
        found.iter().map(|it| it.id.to_string()).collect()
    };
    let mut all: Vec<&Loop> = s.loops.iter().filter(|it| it.kind == "accident").collect();
    all.sort_by_key(|it| (it.happened, it.id.clone()));
    let ids = |of: &[&Loop]| -> Vec<String> { of.iter().map(|it| it.id.to_string()).collect() };
    assert_eq!(of(None, Timestamp::MIN, Timestamp::MAX), ids(&all));
    let (from, to) = (all[2].happened, all[5].happened);
    assert_eq!(
        of(None, from, to),
        ids(&all[2..6]),
        "both ends belong to it"
    );
    let bei: Vec<&Loop> = all
        .iter()
        .copied()
        .filter(|it| it.town.as_ref().is_some_and(|t| t.as_str() == "bei"))
        .collect();
    assert!(!bei.is_empty());
    assert_eq!(of(Some("bei"), Timestamp::MIN, Timestamp::MAX), ids(&bei));
    // What cannot be: a fact of a loop that was never opened takes nothing with it.
    let event = LoopEvent::Watched { on: true };
    let id = LoopId::try_from("hazard_never").unwrap();
    let entry = Entry::of_loop(&id, &org_id("qi1"), vec![], event, None, s.now, s.now);
    let result = store
        .write(move |tx| tx.append(&entry, fact_id(), None))
        .wait();
    assert!(matches!(result, Err(StoreError::Shape { .. })));
    assert_eq!(of(None, Timestamp::MIN, Timestamp::MAX), ids(&all));
}
