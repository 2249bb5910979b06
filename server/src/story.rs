//! People at work: what a district's inspectors, grid workers, enterprises, citizens and officers do in an hour, drawn
//! from a seed. Drives the very engine that requests drive, with a clock that is moved: for the sample district, and for
//! `anlan simulate`. Some are late, some forget, some write down in the evening what they saw at noon.

use crate::app::App;
use crate::clock::Clock;
use crate::loops::{self as engine, Given};
use crate::problem::Problem;
use anlan_core::authority::{Actor, Reach, Role};
use anlan_core::calendar::{OFFSET, date_of};
use anlan_core::id::{LoopId, OrgId};
use anlan_core::loops::field::asked;
use anlan_core::loops::spec::{Due, Field, Kind, Move};
use anlan_core::loops::{Input, Loop, Open, Party, REGISTRY, Shot, Spec, What, spec};
use anlan_core::org::{OrgKind, Place};
use anlan_core::person::Person;
use anlan_sample::field as words;
use anlan_store::loops::{Find, Now, Seen};
use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A clock that is moved, with chance from a seed: the same seed gives the same year.
pub struct Moved {
    at: AtomicI64,
    chance: Mutex<ChaCha8Rng>,
}

impl Moved {
    /// Stands at a moment.
    pub fn at(at: Timestamp, seed: u64) -> Arc<Self> {
        Arc::new(Self {
            at: AtomicI64::new(at.as_microsecond()),
            chance: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
        })
    }
    /// Moves to a moment.
    pub fn set(&self, at: Timestamp) {
        self.at.store(at.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    fn chance(&self) -> u128 {
        let mut rng = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64())
    }
}

/// Something that was answered with success: the stream and the version it then had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Done {
    /// loop/…
    pub stream: String,
    /// Its version.
    pub version: u64,
}

/// Something somebody does.
enum Act {
    Open(Box<Open>),
    Move(LoopId, What),
}

struct Deed {
    actor: Option<Actor>,
    happened: Timestamp,
    act: Act,
}

/// People at work.
pub struct Story {
    rng: ChaCha8Rng,
    /// New loops on a working day, about.
    pace: f64,
    photos: Vec<Shot>,
    /// Recorded without a network, to arrive when it is back.
    offline: Vec<(Timestamp, Deed)>,
}

impl Story {
    /// From a seed; `pace` is how many loops a day are opened, about. `photos` are pictures that lie in the store.
    pub fn new(seed: u64, pace: f64, photos: Vec<Shot>) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            pace,
            photos,
            offline: Vec::new(),
        }
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() {
            return None;
        }
        let at = self.rng.random_range(0..of.len());
        of.get(at)
    }

    fn chance(&mut self, p: f64) -> bool {
        self.rng.random_bool(p.clamp(0.0, 1.0))
    }

    /// One step of so many hours that ends now: the clock sweeps, people act, what was offline arrives. What was
    /// answered with success.
    ///
    /// # Errors
    /// When the store cannot be read or written; a refusal is no error, people try what they may not.
    pub async fn step(&mut self, app: &Arc<App>, hours: f64) -> Result<Vec<Done>, Problem> {
        crate::live::sweep_once(app).await?;
        let deeds = self.plan(app, hours).await?;
        let photos = Arc::new(self.photos.clone());
        // Sent in order, answered together: the writer commits them in groups, as it does for many people at once.
        let mut answers = futures_util::stream::iter(deeds.into_iter().map(|deed| {
            let (app, photos) = (app.clone(), photos.clone());
            async move { app.write(move |w| perform(w, deed, &photos)).await }
        }))
        .buffered(64);
        let mut done = Vec::new();
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(one) => done.push(one),
                // Refusals are part of life; what the store could not do is not.
                Err(problem) if problem.status < 500 => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(done)
    }

    async fn plan(&mut self, app: &Arc<App>, hours: f64) -> Result<Vec<Deed>, Problem> {
        let now = app.now();
        let world = app.world();
        let at = Now {
            now: now.as_microsecond(),
            soon: now.as_microsecond(),
        };
        let seen = Seen(vec![(
            REGISTRY.iter().map(|s| s.code).collect(),
            vec![Reach::District],
        )]);
        let open = app
            .read(move |db| {
                let find = Find {
                    stage: Some("open".into()),
                    ..Find::default()
                };
                Ok(anlan_store::loops::list(db, &find, &seen, at, None, 5_000)?.0)
            })
            .await?;
        let people: Vec<&Person> = world
            .people
            .values()
            .map(|(person, _)| person)
            .filter(|person| !person.disabled)
            .collect();
        let mut deeds = Vec::new();
        let (back, waiting) = std::mem::take(&mut self.offline)
            .into_iter()
            .partition(|(at, _)| *at <= now);
        self.offline = waiting;
        deeds.extend(Vec::into_iter(back).map(|(_, deed)| deed));
        let civil = OFFSET.to_datetime(now);
        let works = world.calendar.works(civil.date()) && (8..19).contains(&civil.hour());
        // Offices keep hours; accidents do not.
        let tempo = if works { 1.0 } else { 0.12 };
        let expected = self.pace / 11.0 * hours * tempo;
        let mut many = expected.floor() as u32;
        if self.chance(expected.fract()) {
            many += 1;
        }
        for _ in 0..many {
            if let Some(deed) = self.new_loop(app, &people, now) {
                if deed.actor.is_some() && self.chance(0.08) {
                    let later = now + SignedDuration::from_mins(self.rng.random_range(60..1_440));
                    self.offline.push((later, deed));
                } else {
                    deeds.push(deed);
                }
            }
        }
        for it in &open {
            if let Some(deed) = self.next_move(app, it, &people, now, hours * tempo) {
                deeds.push(deed);
            }
        }
        Ok(deeds)
    }

    /// Somebody whose move it is makes it, or does not get round to it.
    fn next_move(
        &mut self,
        app: &Arc<App>,
        it: &Loop,
        people: &[&Person],
        now: Timestamp,
        hours: f64,
    ) -> Option<Deed> {
        let (spec, world) = (it.spec()?, app.world());
        let (org, _) = it.turn()?;
        // How diligent a unit is stays with it: some never get round to anything in time.
        let lot = org
            .as_str()
            .bytes()
            .fold(7u32, |n, b| n.wrapping_mul(31).wrapping_add(u32::from(b)))
            % 100;
        let days = match lot {
            0..7 => 25.0,
            7..20 => 4.0,
            _ => 0.8,
        };
        let urgent = it.kind == "accident" && it.state != "closed";
        let p = if urgent {
            hours / 3.0
        } else {
            hours / (days * 11.0)
        };
        if !self.chance(p) {
            return None;
        }
        let may: Vec<(Actor, &'static Move)> = spec
            .moves
            .iter()
            .filter(|m| !(m.aside || m.grave))
            .flat_map(|m| {
                people
                    .iter()
                    .map(|person| actor(person))
                    .filter(|actor| it.may(m, actor, &world.tree).is_ok())
                    .take(3)
                    .map(move |actor| (actor, m))
            })
            .collect();
        // What brings it further is likelier than one more report of progress.
        let further: Vec<_> = may
            .iter()
            .filter(|(_, m)| !m.targets().is_empty())
            .cloned()
            .collect();
        let aside: Vec<_> = spec
            .moves
            .iter()
            .filter(|m| m.aside)
            .filter_map(|m| {
                let person = people
                    .iter()
                    .map(|p| actor(p))
                    .find(|a| it.may(m, a, &world.tree).is_ok())?;
                Some((person, m))
            })
            .collect();
        let lot = self.rng.random_range(0..100);
        let (actor, m) = match lot {
            0..3 if !aside.is_empty() => self.pick(&aside)?.clone(),
            3..60 if !further.is_empty() => self.pick(&further)?.clone(),
            _ => self.pick(&may)?.clone(),
        };
        // Now and then it was opened by mistake.
        if self.rng.random_range(0..400) == 0 {
            let what = What::Void {
                reason: "重复登记".into(),
            };
            return Some(Deed {
                actor: Some(actor),
                happened: now,
                act: Act::Move(it.id.clone(), what),
            });
        }
        let values = self.fill(app, spec, m, m.fields, Some(it), now);
        Some(Deed {
            actor: Some(actor),
            happened: now - SignedDuration::from_mins(self.rng.random_range(0..30)),
            act: Act::Move(
                it.id.clone(),
                What::Move {
                    code: m.code.to_owned(),
                    values,
                },
            ),
        })
    }

    fn new_loop(&mut self, app: &Arc<App>, people: &[&Person], now: Timestamp) -> Option<Deed> {
        let kind = match self.rng.random_range(0..1_000) {
            0..640 => "hazard",
            640..655 => "accident",
            655..800 => "report",
            800..860 => "internal",
            860..940 => "violation",
            940..955 => "problem",
            955..970 => "exposure",
            970..980 => "pledge",
            980..988 => "circular",
            988..994 => "interview",
            _ => "patrol",
        };
        let spec = spec(kind)?;
        let world = app.world();
        let orgs: Vec<OrgId> = world
            .tree
            .iter()
            .filter(|org| !org.closed)
            .filter(|org| match kind {
                "circular" | "interview" | "patrol" => org.kind == OrgKind::Town,
                "problem" => matches!(org.kind, OrgKind::Town | OrgKind::Department),
                _ => org.kind == OrgKind::Enterprise,
            })
            .map(|org| org.id.clone())
            .collect();
        // What only an enterprise's own people do needs an enterprise that has people here.
        let staffed: Vec<OrgId> = orgs
            .iter()
            .filter(|id| {
                people
                    .iter()
                    .any(|p| p.positions.iter().any(|at| at.org == **id))
            })
            .cloned()
            .collect();
        let own = matches!(kind, "internal" | "violation" | "pledge") || self.chance(0.5);
        let org = self
            .pick(if own && !staffed.is_empty() {
                &staffed
            } else {
                &orgs
            })?
            .clone();
        let actors: Vec<Actor> = people
            .iter()
            .map(|person| actor(person))
            .filter(|actor| {
                spec.open
                    .who
                    .iter()
                    .any(|(_, may)| actor.may(*may, &org, &world.tree))
            })
            .collect();
        let mut who = self.pick(&actors).cloned();
        // Most reports come over the public page.
        if kind == "report" && self.chance(0.8) {
            who = None;
        } else {
            who.as_ref()?;
        }
        let sector = world
            .tree
            .get(&org)
            .and_then(|o| o.sectors.first().cloned());
        let mut values = self.fill(app, spec, &spec.open, spec.open.fields, None, now);
        self.tell(kind, sector.as_deref(), &mut values, who.as_ref());
        let mut open = Open::new(kind, org.clone(), String::new());
        open.place = world
            .tree
            .get(&org)
            .and_then(|o| o.place)
            .map(|place| Place {
                lon: place.lon + self.rng.random_range(-0.002..0.002),
                lat: place.lat + self.rng.random_range(-0.002..0.002),
            });
        open.values = values;
        let ago = if kind == "accident" { 0..90 } else { 0..240 };
        Some(Deed {
            actor: who,
            happened: now - SignedDuration::from_mins(self.rng.random_range(ago)),
            act: Act::Open(Box::new(open)),
        })
    }

    /// Puts what happened into the form.
    fn tell(&mut self, kind: &str, sector: Option<&str>, values: &mut Input, who: Option<&Actor>) {
        match kind {
            "hazard" => {
                let fitting: Vec<_> = words::HAZARDS
                    .iter()
                    .filter(|(of, ..)| of.is_empty() || Some(*of) == sector)
                    .collect();
                if let Some((_, what, _)) = self.pick(&fitting).copied() {
                    values.insert("what".into(), json!(what));
                }
                let source = match who
                    .and_then(|actor| actor.positions.first())
                    .map(|p| p.role)
                {
                    Some(Role::Enterprise | Role::Safety) => "self-check",
                    Some(Role::Grid | Role::Village) => "patrol",
                    _ => "inspection",
                };
                values.insert("source".into(), json!(source));
            }
            "accident" => {
                // Grave ones are rare.
                let worst = self.chance(0.15);
                let fitting: Vec<_> = words::ACCIDENTS
                    .iter()
                    .filter(|(_, _, dead, ..)| worst || *dead < 3)
                    .collect();
                if let Some((class, what, dead, hurt, sort)) = self.pick(&fitting).copied() {
                    for field in [
                        "deaths", "serious", "loss", "missing", "trapped", "minor", "type",
                        "disaster",
                    ] {
                        values.remove(field);
                    }
                    values.insert("class".into(), json!(class));
                    values.insert("what".into(), json!(what));
                    values.insert("deaths".into(), json!(dead));
                    values.insert("serious".into(), json!(hurt));
                    if !sort.is_empty() {
                        values.insert("type".into(), json!(sort));
                    }
                    let asked: Vec<&str> = spec("accident")
                        .map(|s| {
                            s.open
                                .fields
                                .iter()
                                .filter(|f| asked(f, values))
                                .map(|f| f.code)
                                .collect()
                        })
                        .unwrap_or_default();
                    values.retain(|code, _| asked.contains(&code.as_str()));
                }
            }
            "report" | "internal" => {
                if let Some(what) = self.pick(words::REPORTS) {
                    values.insert("what".into(), json!(what));
                }
            }
            "violation" => {
                if let Some(what) = self.pick(words::VIOLATIONS) {
                    values.insert("what".into(), json!(what));
                }
            }
            "problem" => {
                if let Some(what) = self.pick(words::PROBLEMS) {
                    values.insert("what".into(), json!(what));
                }
            }
            _ => {}
        }
    }

    /// Fills in a form as somebody would.
    fn fill(
        &mut self,
        app: &Arc<App>,
        spec: &Spec,
        m: &Move,
        fields: &'static [Field],
        it: Option<&Loop>,
        now: Timestamp,
    ) -> Input {
        use anlan_core::loops::spec::Need;
        let mut out = Input::new();
        // A deadline that a clock starts from lies ahead; other days are today's.
        let ahead = |code: &str| {
            spec.clocks.iter().any(|clock| {
                clock.starts.contains(&m.code) && matches!(clock.due, Due::Field(f) if f == code)
            }) || ["deadline", "due", "until", "_to", "valid"]
                .iter()
                .any(|end| code.contains(end))
        };
        for field in fields {
            if !asked(field, &out) {
                continue;
            }
            let must = matches!(field.need, Need::Must | Need::When(..));
            if !must && !self.chance(0.5) {
                continue;
            }
            let value = match field.kind {
                Kind::Text | Kind::Long => {
                    // What it is about stays what it is about.
                    let known = it
                        .and_then(|it| it.values.get("what"))
                        .and_then(|v| v.text());
                    match known.filter(|_| field.code.ends_with("what")) {
                        Some(what) => json!(what),
                        None => {
                            let of = words::words(field.code);
                            json!(self.pick(of).copied().unwrap_or("已按要求办理"))
                        }
                    }
                }
                Kind::Number {
                    min, max, whole, ..
                } => {
                    let top = if whole { 6.0 } else { 50_000.0 };
                    let n = self.rng.random_range(min..=f64::min(max, min + top));
                    json!(
                        if whole {
                            n.round()
                        } else {
                            (n / 100.0).round() * 100.0
                        }
                        .clamp(min, max)
                    )
                }
                Kind::Flag => json!(must || self.chance(0.5)),
                Kind::Choice(of) => {
                    // The first is the usual one.
                    let usual = self.chance(if matches!(field.code, "leads_to" | "kind") {
                        0.9
                    } else {
                        0.65
                    });
                    json!(if usual { of.first() } else { self.pick(of) }.map_or("", |w| w.code))
                }
                Kind::Many(of) => json!(
                    of.iter()
                        .filter(|_| self.chance(0.5))
                        .map(|w| w.code)
                        .collect::<Vec<_>>()
                ),
                Kind::Table(table) => {
                    let of = app.book.table(table);
                    json!(self.pick(&of).map_or("", |w| w.code.as_str()))
                }
                Kind::Date => {
                    let days = if field.code == "extend_to" {
                        self.rng.random_range(30..60)
                    } else if ahead(field.code) {
                        self.rng.random_range(3..25)
                    } else {
                        0
                    };
                    json!(
                        date_of(now)
                            .checked_add(days.days())
                            .unwrap_or_default()
                            .to_string()
                    )
                }
                Kind::Instant => json!((now - SignedDuration::from_mins(40)).to_string()),
                Kind::Org(party) => {
                    let world = app.world();
                    let depts: Vec<String> = world
                        .tree
                        .iter()
                        .filter(|org| {
                            let kind = if party == Some(Party::Handler) {
                                OrgKind::Department
                            } else {
                                OrgKind::Town
                            };
                            org.kind == kind && !org.closed
                        })
                        .map(|org| org.id.to_string())
                        .collect();
                    match (party, it) {
                        (Some(Party::Owner), Some(it)) => json!(it.org),
                        (Some(Party::Handler), Some(it)) if self.chance(0.7) => {
                            json!(it.party(Party::Handler).unwrap_or(&it.org))
                        }
                        _ => json!(self.pick(&depts)),
                    }
                }
                Kind::Files { .. } => {
                    let shots = self.photos.clone();
                    json!(self.pick(&shots).map(|shot| vec![shot.file.sha256.clone()]))
                }
                Kind::Rows(of) => {
                    let rows: Vec<Value> = (0..self.rng.random_range(1..3))
                        .map(|_| Value::Object(self.fill(app, spec, m, of, it, now)))
                        .collect();
                    json!(rows)
                }
                Kind::Place => continue,
                Kind::Criterion => {
                    let sector = it.and_then(|it| it.sector.clone()).unwrap_or_default();
                    let day = date_of(now);
                    let book = &app.book.criteria;
                    let mut of: Vec<&str> = book
                        .for_sector(&sector, day)
                        .map(|i| i.id.as_str())
                        .collect();
                    if of.is_empty() {
                        of = book
                            .items
                            .iter()
                            .filter(|i| i.in_force(day))
                            .map(|i| i.id.as_str())
                            .collect();
                    }
                    json!(self.pick(&of))
                }
                Kind::Loop(_) => continue,
            };
            if !value.is_null() {
                out.insert(field.code.to_owned(), value);
            }
        }
        // One in five hazards of the sample is a major one, not half of them.
        if spec.code == "hazard"
            && m.code == "grade"
            && out.get("grade") == Some(&json!("major"))
            && self.chance(0.88)
        {
            out = Input::new();
            out.insert("grade".into(), json!("general"));
        }
        out
    }
}

fn actor(person: &Person) -> Actor {
    Actor {
        person: person.id.clone(),
        positions: person.positions.clone(),
        only: None,
    }
}

fn perform(
    w: &mut crate::app::Writing<'_, '_>,
    deed: Deed,
    photos: &[Shot],
) -> Result<Done, Problem> {
    let given = Given {
        actor: deed.actor.as_ref(),
        happened: Some(deed.happened),
        files: photos,
    };
    let it = match deed.act {
        Act::Open(open) => engine::open(w, *open, &given)?,
        Act::Move(id, what) => {
            let it = anlan_store::loops::get(w.tx.db, id.as_str())?.ok_or_else(Problem::missing)?;
            let given = Given {
                happened: Some(deed.happened.max(it.happened)),
                ..given
            };
            engine::act(w, &it, what, &given)?
        }
    };
    Ok(Done {
        stream: anlan_core::fact::stream::of_loop(&it.id),
        version: it.version,
    })
}
