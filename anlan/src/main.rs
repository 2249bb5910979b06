//! The program: serve, compile a notice, verify the ledger, import, add people.
//!
//! Errors go to standard error in one line that says what is wrong and what to do; exit 1 when something was refused
//! or failed, 2 for a wrong command line.

mod ledger;
mod people;
mod serve;
mod simulate;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 安澜 Anlan: from an official notice to a district that answers for every duty.
#[derive(Parser)]
#[command(name = "anlan", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the system: portal, API, clock and seal.
    Serve(serve::Serve),
    /// Work with official notices.
    Notice {
        #[command(subcommand)]
        command: Notice,
    },
    /// Check and prove what happened.
    Ledger {
        #[command(subcommand)]
        command: ledger::Ledger,
    },
    /// Import things from .xlsx, .csv or .geojson.
    Import(people::Import),
    /// Keep people.
    User {
        #[command(subcommand)]
        command: people::User,
    },
    /// Live through days of the sample district in seconds, and check what came of it.
    Simulate(simulate::Simulate),
    /// Print the OpenAPI document of the HTTP API.
    Openapi,
}

#[derive(Subcommand)]
enum Notice {
    /// Read a notice and print what it demands; never touches a database.
    Compile {
        /// A .md, .txt, .docx, .pdf or .html file in UTF-8 or GB 18030.
        file: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Where the data is: the same for every command that needs it.
#[derive(clap::Args, Clone)]
pub struct Data {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Use a PostgreSQL server instead of the embedded database.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Data {
    /// Opens the store of a folder that must be there already.
    fn open(&self) -> anyhow::Result<anlan_store::Store> {
        if !self.data.join("ledger.key").is_file() {
            anyhow::bail!(
                "`{}` is no data folder of anlan (it has no ledger.key): give the folder that `anlan serve --data` uses",
                self.data.display()
            );
        }
        self.open_or_make()
    }

    /// Opens the store, making the folder if need be.
    fn open_or_make(&self) -> anyhow::Result<anlan_store::Store> {
        use anlan_server::clock::{Clock as _, Machine};
        let settings = serve::Settings::read(&self.data)?;
        let place = anlan_store::Place {
            folder: self.data.clone(),
            database: self.database.clone().or(settings.database),
        };
        let mut chance = [0u8; 32];
        chance[..16].copy_from_slice(&Machine.chance().to_be_bytes());
        chance[16..].copy_from_slice(&Machine.chance().to_be_bytes());
        let origin = settings
            .origin
            .unwrap_or_else(|| "anlan.local/ledger".to_owned());
        anlan_store::Store::open(place, &origin, chance)
            .with_context(|| format!("cannot open the data in `{}`", self.data.display()))
    }
}

/// Prints a line, or ends quietly when nobody reads any more (`anlan … | head`).
fn say(text: &str) {
    use std::io::Write as _;
    if writeln!(std::io::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Notice {
            command: Notice::Compile { file, json },
        } => compile(&file, json),
        Command::Ledger { command } => command.run(),
        Command::Import(import) => import.run(),
        Command::User { command } => command.run(),
        Command::Simulate(simulate) => simulate.run(),
        Command::Openapi => {
            say(&anlan_server::openapi().to_pretty_json()?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn compile(file: &std::path::Path, json: bool) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot open `{}`", file.display()))?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
    let text = anlan_notice::read(&bytes, name.as_deref()).map_err(|error| {
        anyhow::anyhow!("`{}`: {} ({error})", file.display(), error.detail_en())
    })?;
    let compiled = anlan_notice::compile(&text);
    if json {
        say(&serde_json::to_string_pretty(&compiled)?);
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!(
        "{}{}",
        compiled.title,
        compiled
            .number
            .as_ref()
            .map(|n| format!("  {n}"))
            .unwrap_or_default()
    ));
    say(&format!(
        "{} 章，{} 条，{} 项任务，{} 个触发条件，{} 条提示",
        compiled.sections.len(),
        compiled.articles.len(),
        compiled.duties.len(),
        compiled.triggers.len(),
        compiled.remarks.len()
    ));
    for article in &compiled.articles {
        say(&format!(
            "\n{}{}  [{}]",
            article.label,
            article.title,
            article.units.join("、")
        ));
        for demand in compiled.duties.iter().filter(|d| d.article == article.no) {
            let due = demand
                .deadline
                .map(|d| format!(" 〔{d}前〕"))
                .unwrap_or_default();
            say(&format!("  {} {}{due}", demand.id, demand.action));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            // One line, the cause at its end.
            let words: Vec<String> = error
                .chain()
                .map(|cause| cause.to_string().replace('\n', " "))
                .collect();
            eprintln!("anlan: {}", words.join(": "));
            ExitCode::FAILURE
        }
    }
}
