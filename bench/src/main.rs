//! What the house can bear, measured on this machine with everything durable: `make bench`. Prints the machine, the
//! settings and the figures; asserts nothing.

mod http;
mod load;
mod loops;

use anlan_server::clock::Stopwatch;
use anlan_store::{Place, Store, log};
use std::path::Path;

fn machine() {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or_default()
        .trim_start_matches(['\t', ' ', ':'])
        .to_owned();
    let cores = cpu.lines().filter(|l| l.starts_with("processor")).count();
    let memory = read("/proc/meminfo")
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    println!(
        "machine: {cores} cores, {model}; {memory}; load {}",
        read("/proc/loadavg").trim()
    );
    println!(
        "database: SQLite, WAL, one writer, group commit; answers wait until the commit is on disk (fdatasync)"
    );
}

/// The resident memory of a process, in MB.
fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmRSS"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<f64>().ok())
        .unwrap_or_default()
        / 1_024.0
}

/// The highest resident memory of this process so far, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<f64>().ok())
        .unwrap_or_default()
        / 1_024.0
}

fn open(folder: &Path) -> Result<Store, anlan_store::StoreError> {
    Store::open(
        Place {
            folder: folder.to_owned(),
            database: None,
        },
        "bench.anlan/ledger",
        [9; 32],
    )
}

fn verify(facts: u64) -> Result<(), Box<dyn std::error::Error>> {
    // A child process measures its own peak, without what filling the ledger took.
    let folder = tempfile::tempdir()?;
    let store = open(folder.path())?;
    let filling = Stopwatch::start();
    load::fill(&store, facts)?;
    println!(
        "filled {facts} facts in {:.1} s (in transactions of 5,000, sealed every 50,000)",
        filling.seconds()
    );
    drop(store);
    let status = std::process::Command::new(std::env::current_exe()?)
        .arg("verify-only")
        .arg(folder.path())
        .status()?;
    if !status.success() {
        return Err("the verification failed".into());
    }
    Ok(())
}

fn notice() {
    let text = include_str!("../../sample/notice/notice-2026.md");
    let rounds = 200;
    let watch = Stopwatch::start();
    let mut demands = 0;
    for _ in 0..rounds {
        demands = anlan_notice::compile_str(text).duties.len();
    }
    println!(
        "notice of {} characters: {:.2} ms, {demands} demands",
        text.chars().count(),
        watch.seconds() * 1_000.0 / f64::from(rounds)
    );
    // 200 pages of 22 lines of 28 characters.
    let pages = 200 * 22 * 28;
    let long: String = text.chars().cycle().take(pages).collect();
    let watch = Stopwatch::start();
    let demands = anlan_notice::compile_str(&long).duties.len();
    println!(
        "200 pages ({pages} characters): {:.0} ms, {demands} demands",
        watch.seconds() * 1_000.0
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| args.is_empty() || args.iter().any(|a| a == name);
    if let [only, folder] = args.as_slice()
        && only == "verify-only"
    {
        let store = open(Path::new(folder))?;
        let watch = Stopwatch::start();
        let verdict = store.read(|db| log::verify(db, store.key().vkey()))?;
        println!(
            "verify {} facts, {} checkpoints: {:.2} s, peak memory {:.0} MB, ok {}",
            verdict.facts,
            verdict.checkpoints,
            watch.seconds(),
            peak(),
            verdict.ok
        );
        return if verdict.ok {
            Ok(())
        } else {
            Err("it differs".into())
        };
    }
    machine();
    if wanted("notice") {
        println!("\n== notice compiler");
        notice();
    }
    if wanted("append") {
        println!("\n== durable appends");
        for (writers, each) in [(1, 1_000), (64, 1_500)] {
            load::appends(writers, each)?;
        }
    }
    if wanted("verify") {
        println!("\n== anlan ledger verify");
        verify(1_000_000)?;
    }
    if wanted("api") {
        println!("\n== API");
        http::api()?;
    }
    if wanted("loops") {
        println!("\n== loops");
        loops::all()?;
    }
    Ok(())
}
