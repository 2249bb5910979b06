//! `anlan simulate`: a year of the sample district in a minute. People act, are late, forget, work offline; the clock is
//! moved; with `--kill` the program is killed at moments of chance and goes on where it was. Then checkers doubt
//! everything: no deadline without its consequence, nothing lost that was answered, a rebuild equal to the byte, the
//! ledger verified, nobody who approved his own work.

use anlan_core::calendar::{Calendar, date_of, start_of};
use anlan_core::fact::Event as Any;
use anlan_core::loops::{Event, Loop, Mark, REGISTRY, Running, Stage};
use anlan_core::rulebook::Rulebook;
use anlan_server::app::App;
use anlan_server::clock::{Clock as _, Machine};
use anlan_server::story::{Done, Moved, Story};
use anlan_store::{Place, Store, facts, loops};
use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Hours that pass between two looks at the district.
const STEP_HOURS: i64 = 3;
/// Loops opened on a working day, about.
const PACE: f64 = 14.0;

/// Simulate the sample district and check what came of it.
#[derive(clap::Args)]
pub struct Simulate {
    /// The same seed gives the same year.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many days.
    #[arg(long, default_value_t = 365)]
    days: u32,
    /// Keep the data in this folder, which must be empty or missing; a temporary one otherwise.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Kill the program at moments of chance, and go on.
    #[arg(long)]
    kill: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// The killed one: works until it is done, and says what was answered.
    #[arg(long, hide = true)]
    work: bool,
}

/// What was found.
#[derive(Debug, Default, serde::Serialize)]
struct Report {
    days: u32,
    seed: u64,
    kills: u32,
    answered: usize,
    facts: u64,
    loops: usize,
    by_kind: BTreeMap<String, [usize; 3]>,
    fell_due: usize,
    climbed: usize,
    seconds: f64,
    check_seconds: f64,
    faults: Vec<String>,
}

impl Simulate {
    /// Runs it; exit 1 when a checker finds something.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let folder = match &self.data {
            Some(folder) => folder.clone(),
            None => {
                let name = format!(
                    "anlan-simulate-{}-{}",
                    std::process::id(),
                    Machine.chance() % 1_000_000
                );
                std::env::temp_dir().join(name)
            }
        };
        if self.work {
            runtime.block_on(self.work(&folder, &mut |done| {
                let mut out = std::io::stdout().lock();
                for one in done {
                    let _ = writeln!(out, "{} {}", one.stream, one.version);
                }
                let _ = out.flush();
            }))?;
            return Ok(ExitCode::SUCCESS);
        }
        let empty = !folder.exists() || folder.read_dir()?.next().is_none();
        anyhow::ensure!(
            empty,
            "`{}` is not empty: give a new folder",
            folder.display()
        );
        let begun = Machine.now();
        let mut report = Report {
            days: self.days,
            seed: self.seed,
            ..Report::default()
        };
        let mut answered = BTreeSet::new();
        if self.kill {
            report.kills = self.kill_and_go_on(&folder, &mut answered)?;
        } else {
            runtime.block_on(self.work(&folder, &mut |done| answered.extend(done)))?;
        }
        report.seconds = Machine.now().duration_since(begun).as_secs_f64();
        report.answered = answered.len();
        let begun = Machine.now();
        check(&folder, &answered, &mut report)?;
        report.check_seconds = Machine.now().duration_since(begun).as_secs_f64();
        if self.data.is_none() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot remove `{}`", folder.display()))?;
        }
        self.tell(&report)?;
        Ok(if report.faults.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    fn tell(&self, report: &Report) -> anyhow::Result<()> {
        if self.json {
            crate::say(&serde_json::to_string_pretty(report)?);
            return Ok(());
        }
        crate::say(&format!(
            "{} days, seed {}: {} facts, {} loops, {} deadlines passed, {} rungs climbed, {} answers kept, {} kills; {:.1} s, checked in {:.1} s",
            report.days,
            report.seed,
            report.facts,
            report.loops,
            report.fell_due,
            report.climbed,
            report.answered,
            report.kills,
            report.seconds,
            report.check_seconds
        ));
        for (kind, [open, closed, ended]) in &report.by_kind {
            crate::say(&format!(
                "  {kind:<10} open {open:>5}  closed {closed:>5}  ended {ended:>4}"
            ));
        }
        if report.faults.is_empty() {
            crate::say(
                "every deadline had its consequence, nothing answered was lost, the rebuild is equal, the ledger verifies",
            );
        }
        for fault in &report.faults {
            crate::say(&format!("FAULT {fault}"));
        }
        Ok(())
    }

    /// The first moment of the simulated time: a working day long past, the same for every run.
    fn begin() -> Timestamp {
        start_of(jiff::civil::date(2026, 1, 5))
    }

    /// Lives through the days that are left.
    async fn work(
        &self,
        folder: &Path,
        answered: &mut (dyn FnMut(Vec<Done>) + Send),
    ) -> anyhow::Result<()> {
        let store = store(folder, self.seed)?;
        let begin = Self::begin();
        let clock = Moved::at(begin, self.seed);
        let book = Rulebook::built_in()?;
        let app = App::new(store, clock.clone(), book, true)?;
        let fail = |problem: anlan_server::problem::Problem| {
            anyhow::anyhow!("{} ({})", problem.detail, problem.kind)
        };
        anlan_server::demo::load_with(&app, &app.secret(), 0)
            .await
            .map_err(fail)?;
        let photos = anlan_server::demo::pictures(&app).await.map_err(fail)?;
        anyhow::ensure!(!photos.is_empty(), "the sample has no pictures");
        // Where it was killed, it goes on: the ledger says how far it had come.
        let last = app
            .store
            .read(|db| {
                let count = facts::count(db)?;
                Ok::<_, anlan_store::StoreError>(facts::from(db, count.saturating_sub(1), 1)?.pop())
            })?
            .map_or(begin, |fact| fact.recorded);
        let end = begin + SignedDuration::from_hours(24 * i64::from(self.days));
        let step = SignedDuration::from_hours(STEP_HOURS);
        let mut at = begin.max(last) + step;
        let seed = self.seed ^ u64::try_from(at.as_second()).unwrap_or_default();
        let mut story = Story::new(seed, PACE, photos);
        let mut walked = None;
        while at <= end {
            clock.set(at);
            if walked != Some(date_of(at)) {
                anlan_server::live::walk(&app).await.map_err(fail)?;
                walked = Some(date_of(at));
            }
            answered(story.step(&app, STEP_HOURS as f64).await.map_err(fail)?);
            app.write(anlan_server::loops::consequence::detect)
                .await
                .map_err(fail)?;
            app.store.seal(at).await?;
            at += step;
        }
        Ok(())
    }

    /// Kills the worker again and again, until it is done.
    fn kill_and_go_on(&self, folder: &Path, answered: &mut BTreeSet<Done>) -> anyhow::Result<u32> {
        let mut kills = 0;
        let program = std::env::current_exe()?;
        let work = |days: u32| {
            let mut command = std::process::Command::new(&program);
            command.args([
                "simulate",
                "--work",
                "--seed",
                &self.seed.to_string(),
                "--days",
                &days.to_string(),
                "--data",
            ]);
            command.arg(folder).stdout(std::process::Stdio::piped());
            command
        };
        // The district is loaded whole: what is tried is the life in it.
        let loaded = work(0).output().context("the worker cannot be started")?;
        anyhow::ensure!(loaded.status.success(), "the district could not be loaded");
        loop {
            let mut child = work(self.days)
                .spawn()
                .context("the worker cannot be started")?;
            let out = child.stdout.take().context("the worker says nothing")?;
            let (send, lines) = std::sync::mpsc::channel();
            let reader = std::thread::spawn(move || {
                for line in std::io::BufReader::new(out).lines().map_while(Result::ok) {
                    if send.send(line).is_err() {
                        break;
                    }
                }
            });
            // Ever longer, so that it ends.
            let lives = SignedDuration::from_millis(
                800 + i64::from(kills) * 500 + i64::try_from(Machine.chance() % 2_000)?,
            );
            let born = Machine.now();
            let ended = loop {
                if let Some(status) = child.try_wait()? {
                    break Some(status);
                }
                if Machine.now().duration_since(born) > lives {
                    child.kill()?;
                    child.wait()?;
                    kills += 1;
                    break None;
                }
                std::thread::sleep(Duration::from_millis(20));
            };
            let _ = reader.join();
            for line in lines.try_iter() {
                // A line that was cut off by the kill was not said.
                if let Some((stream, version)) = line.split_once(' ')
                    && let Ok(version) = version.parse()
                {
                    answered.insert(Done {
                        stream: stream.to_owned(),
                        version,
                    });
                }
            }
            if let Some(status) = ended {
                anyhow::ensure!(status.success(), "the worker failed: {status}");
                return Ok(kills);
            }
        }
    }
}

fn store(folder: &Path, seed: u64) -> anyhow::Result<Store> {
    let place = Place {
        folder: folder.to_owned(),
        database: None,
    };
    let mut chance = [7u8; 32];
    chance[..8].copy_from_slice(&seed.to_be_bytes());
    Ok(Store::open(place, "anlan.local/simulated", chance)?)
}

/// Doubts everything.
fn check(folder: &Path, answered: &BTreeSet<Done>, report: &mut Report) -> anyhow::Result<()> {
    let store = store(folder, 0)?;
    let book = Rulebook::built_in()?;
    let calendar = Calendar::new(&book.calendar);
    // 1. Loops folded from their facts, beside what is projected; deadlines beside their consequences.
    let mut folded: BTreeMap<String, (Loop, Vec<(Timestamp, Event)>)> = BTreeMap::new();
    let (mut at, mut last) = (0, Timestamp::MIN);
    loop {
        let chunk = store.read(|db| facts::from(db, at, 2_000))?;
        if chunk.is_empty() {
            break;
        }
        for fact in chunk {
            at = fact.seq + 1;
            last = last.max(fact.recorded);
            let Any::Loop(event) = fact.event()? else {
                continue;
            };
            let mark = Mark {
                by: fact.actor.as_ref(),
                happened: fact.happened,
                recorded: fact.recorded,
                version: fact.version,
            };
            match &event {
                Event::Opened(opened) => {
                    folded.insert(
                        fact.stream.clone(),
                        (
                            Loop::opened(opened, mark),
                            vec![(fact.recorded, event.clone())],
                        ),
                    );
                }
                Event::Moved(moved) => {
                    if let Some((it, events)) = folded.get_mut(&fact.stream) {
                        own_work(it, &moved.code, &fact, &mut report.faults);
                        it.apply(&event, mark);
                        events.push((fact.recorded, event.clone()));
                    }
                }
                _ => {
                    if let Some((it, events)) = folded.get_mut(&fact.stream) {
                        it.apply(&event, mark);
                        events.push((fact.recorded, event.clone()));
                    }
                }
            }
        }
    }
    report.facts = at;
    report.loops = folded.len();
    for (stream, (it, events)) in &folded {
        let place = match it.stage() {
            Stage::Open => 0,
            Stage::Closed => 1,
            Stage::Ended => 2,
        };
        report.by_kind.entry(it.kind.clone()).or_default()[place] += 1;
        let id = it.id.to_string();
        let kept = store.read(|db| loops::get(db, &id))?;
        if kept.as_ref() != Some(it) {
            report.faults.push(format!(
                "{stream}: what is projected is not what the facts say"
            ));
        }
        for (_, event) in events {
            match event {
                Event::FellDue { .. } => report.fell_due += 1,
                Event::Climbed { .. } => report.climbed += 1,
                _ => {}
            }
        }
        deadlines(it, events, last, &book, &calendar, &mut report.faults);
    }
    // 2. What was answered is there.
    for done in answered {
        let there = folded
            .get(&done.stream)
            .is_some_and(|(it, _)| it.version >= done.version);
        if !there {
            report.faults.push(format!(
                "{} at version {} was answered and is not there",
                done.stream, done.version
            ));
        }
    }
    // 3. A rebuild gives the same bytes, and the ledger verifies.
    let before = store.digest()?;
    store.rebuild()?;
    if before != store.digest()? {
        report.faults.push("a rebuild gives other bytes".to_owned());
    }
    let key = store.key().vkey().to_owned();
    let verdict = store.read(|db| anlan_store::log::verify(db, &key))?;
    if let Some(what) = verdict.what {
        report
            .faults
            .push(format!("the ledger does not verify: {what}"));
    }
    Ok(())
}

/// Nobody approves his own work.
fn own_work(it: &Loop, code: &str, fact: &anlan_core::fact::Fact, faults: &mut Vec<String>) {
    let Some(m) = REGISTRY
        .iter()
        .find(|s| s.code == it.kind)
        .and_then(|s| s.find(code))
    else {
        return;
    };
    for other in m.apart {
        let same = it
            .did
            .get(*other)
            .is_some_and(|doer| doer.by.is_some() && doer.by == fact.actor);
        if same {
            faults.push(format!("{}: {code} by whoever did {other}", fact.stream));
        }
    }
}

/// Every deadline that passed while it ran has its fact, and each rung of the ladder was climbed once, in order.
fn deadlines(
    it: &Loop,
    events: &[(Timestamp, Event)],
    last: Timestamp,
    book: &Rulebook,
    calendar: &Calendar,
    faults: &mut Vec<String>,
) {
    // The clock looks every few hours; what fell due since its last look is not yet due to be said.
    let seen = last - SignedDuration::from_hours(2 * STEP_HOURS);
    let fell = |running: &Running| {
        events.iter().any(|(_, event)| {
            matches!(event, Event::FellDue { clock, due, .. } if *clock == running.code && *due == running.due)
        })
    };
    for running in &it.clocks {
        let over = match (running.met, running.stopped) {
            (Some(met), _) => met,
            // A stopped one ended at the latest with the next fact; only one that still ran at its deadline is asked.
            (None, true) => continue,
            (None, false) => seen,
        };
        let told_late = running.met.is_some() && running.late(last);
        let looked = over > running.due + SignedDuration::from_hours(2 * STEP_HOURS);
        if it.stage() == Stage::Open && looked && !fell(running) && !told_late {
            faults.push(format!(
                "{}: `{}` was due {} and the ledger does not say that it passed",
                it.number, running.code, running.due
            ));
        }
    }
    let ladder: Vec<&str> = book.ladder.iter().map(|s| s.id.as_str()).collect();
    let mut climbed: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (_, event) in events {
        match event {
            Event::Climbed { clock, step, .. } => {
                if let Some(at) = ladder.iter().position(|id| *id == step.as_str()) {
                    climbed.entry(clock.as_str()).or_default().push(at);
                }
            }
            // A clock that starts anew begins its ladder anew.
            Event::Moved(moved) => {
                for set in &moved.clocks {
                    climbed.remove(set.code.as_str());
                }
            }
            _ => {}
        }
        if climbed
            .values()
            .any(|rungs| rungs.windows(2).any(|w| w[0] >= w[1]))
        {
            faults.push(format!(
                "{}: a rung was climbed twice or out of order",
                it.number
            ));
            break;
        }
    }
    for running in it
        .clocks
        .iter()
        .filter(|c| c.runs() && it.stage() == Stage::Open)
    {
        let climbs = it
            .spec()
            .and_then(|s| s.clock(&running.code))
            .is_some_and(|c| c.ladder);
        if !climbs {
            continue;
        }
        for step in &book.ladder {
            let day = calendar.shift(date_of(running.due), step.working_days);
            let at = start_of(day) + SignedDuration::from_hours(9);
            let due = at > running.set && at < seen;
            let done = running
                .step
                .as_ref()
                .and_then(|s| ladder.iter().position(|id| id == s))
                .is_some_and(|reached| {
                    ladder
                        .iter()
                        .position(|id| *id == step.id)
                        .is_some_and(|n| n <= reached)
                });
            if due && !done {
                faults.push(format!(
                    "{}: rung `{}` of `{}` was due {at} and was not climbed",
                    it.number, step.id, running.code
                ));
            }
        }
    }
}
