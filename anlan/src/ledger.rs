//! `anlan ledger`: verify, rebuild, prove, check.

use crate::{Data, say};
use anlan_store::{facts, log};
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check and prove what happened.
#[derive(clap::Subcommand)]
pub enum Ledger {
    /// Recompute every leaf and node from the stored facts, and check every signed checkpoint.
    Verify {
        #[command(flatten)]
        data: Data,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Throw projections away and make them again from facts.
    Rebuild {
        #[command(flatten)]
        data: Data,
    },
    /// Write a proof that a fact is in the log, to be checked away from this machine.
    Prove {
        /// The fact's id or its place in the ledger.
        fact: String,
        #[command(flatten)]
        data: Data,
        /// Where to write the proof.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Check a proof with a key that you trust.
    Check {
        /// The proof.
        file: PathBuf,
        /// The log's public key (vkey), as `anlan ledger key` or the ledger page shows it.
        #[arg(long, value_name = "VKEY")]
        key: String,
    },
    /// Print the log's public key.
    Key {
        #[command(flatten)]
        data: Data,
    },
}

impl Ledger {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Ledger::Verify { data, json } => verify(&data, json),
            Ledger::Rebuild { data } => {
                let store = data.open()?;
                let facts = store.rebuild()?;
                say(&format!(
                    "rebuilt from {facts} facts; digest {}",
                    store.digest()?
                ));
                Ok(ExitCode::SUCCESS)
            }
            Ledger::Prove { fact, data, out } => {
                let store = data.open()?;
                let proof = store.read(|db| {
                    let found = match fact.parse::<u64>() {
                        Ok(seq) => facts::from(db, seq, 1)?.into_iter().next().filter(|f| f.seq == seq),
                        Err(_) => facts::get(db, &fact)?,
                    };
                    let found = found.ok_or_else(|| anlan_store::StoreError::Log(format!("there is no fact `{fact}`; give its id or its place")))?;
                    log::prove(db, store.key(), &found)?
                        .ok_or_else(|| anlan_store::StoreError::Log("the fact is not sealed yet; start `anlan serve` once, or try again in a second".into()))
                })?;
                std::fs::write(&out, serde_json::to_string_pretty(&proof)?)
                    .with_context(|| format!("cannot write `{}`", out.display()))?;
                say(&format!(
                    "fact {} of {} proven; written to {}",
                    proof.index,
                    proof.size,
                    out.display()
                ));
                Ok(ExitCode::SUCCESS)
            }
            Ledger::Check { file, key } => {
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("cannot read `{}`", file.display()))?;
                let proof: log::Proof = serde_json::from_str(&text)
                    .with_context(|| format!("`{}` is no proof", file.display()))?;
                proof.check(&key).context("the proof does NOT hold")?;
                say(&format!(
                    "the proof holds: fact {} is in the log of size {} signed by {}",
                    proof.index,
                    proof.size,
                    key.split('+').next().unwrap_or_default()
                ));
                say(&proof.fact);
                Ok(ExitCode::SUCCESS)
            }
            Ledger::Key { data } => {
                say(data.open()?.key().vkey());
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn verify(data: &Data, json: bool) -> anyhow::Result<ExitCode> {
    let store = data.open()?;
    let verdict = store.read(|db| log::verify(db, store.key().vkey()))?;
    if json {
        say(&serde_json::to_string(&verdict)?);
    } else if verdict.ok {
        say(&format!(
            "ok: {} facts, {} sealed, {} checkpoints; nothing differs",
            verdict.facts, verdict.sealed, verdict.checkpoints
        ));
    }
    if verdict.ok {
        return Ok(ExitCode::SUCCESS);
    }
    let what = verdict.what.unwrap_or_default();
    let place = match (verdict.seq, verdict.id) {
        (Some(seq), Some(id)) => format!("fact {seq} ({id}): "),
        (Some(seq), None) => format!("fact {seq}: "),
        _ => String::new(),
    };
    eprintln!(
        "anlan: the ledger was altered: {place}{what}; restore the data from a backup and find out who had access to it"
    );
    Ok(ExitCode::FAILURE)
}
