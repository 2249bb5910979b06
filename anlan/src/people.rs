//! `anlan user` and `anlan import`.

use crate::{Data, say};
use anlan_core::authority::{Position, Role};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::PersonId;
use anlan_core::person::{Person, login_is_good};
use anlan_core::rulebook::Rulebook;
use anlan_server::api::things;
use anlan_server::app::App;
use anlan_server::clock::Machine;
use anlan_server::{auth, import};
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

fn problem(problem: anlan_server::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{} ({})", problem.detail, problem.title)
}

/// Keep people.
#[derive(clap::Subcommand)]
pub enum User {
    /// Add a person; prints a one-time password.
    Add {
        /// The login: 2 to 32 of a–z, 0–9, `.`, `-`, `_`.
        name: String,
        /// admin, auditor, leader, office, regulator, town, village, grid, enterprise, safety, duty, media.
        #[arg(long)]
        role: String,
        /// The org, by id or by a name that notices use.
        #[arg(long)]
        org: String,
        #[command(flatten)]
        data: Data,
    },
}

impl User {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let User::Add {
            name,
            role,
            org,
            data,
        } = self;
        let app = App::new(
            data.open()?,
            Arc::new(Machine),
            Rulebook::built_in()?,
            false,
        )?;
        let roles: Vec<&str> = Role::ALL.iter().map(|r| r.code()).collect();
        let role = Role::from_code(&role)
            .with_context(|| format!("`{role}` is no role; choose among {}", roles.join(", ")))?;
        if !login_is_good(&name) {
            anyhow::bail!(
                "`{name}` is no login: 2 to 32 of a–z, 0–9, `.`, `-`, `_`, beginning with a letter"
            );
        }
        let world = app.world();
        let found = org
            .as_str()
            .try_into()
            .ok()
            .filter(|id| world.tree.get(id).is_some())
            .map_or_else(|| world.tree.resolve(&org), |id| vec![id]);
        let [org] = found.as_slice() else {
            anyhow::bail!(
                "`{org}` names {} orgs; give an org's id or full name (see the page 管理 → 单位)",
                found.len()
            );
        };
        let org = org.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let password = runtime.block_on(async {
            let password = auth::one_time_password(app.clock.chance());
            let (typed, salt) = (password.clone(), app.clock.chance());
            let hash = tokio::task::spawn_blocking(move || auth::hash_password(&typed, salt))
                .await?
                .map_err(problem)?;
            app.write(move |w| {
                if anlan_store::registry::person(w.tx.db, &name)?.is_some() {
                    return Err(anlan_server::problem::Problem::bad(
                        "用户名已被使用",
                        &format!("the login `{name}` is taken; choose another"),
                    ));
                }
                let person = PersonId::make(w.now.as_millisecond() as u64, w.app.clock.chance());
                let at = w.now;
                let added = Person {
                    id: person.clone(),
                    name: format!("{}（{name}）", role.zh()),
                    login: name,
                    positions: vec![Position {
                        org: org.clone(),
                        role,
                    }],
                    disabled: false,
                    sample: false,
                };
                w.append(
                    &Entry::new(
                        stream::person(&person),
                        Event::PersonAdded(added),
                        None,
                        Some(org.clone()),
                        at,
                    ),
                    Some(0),
                )?;
                auth::set_password(w, &person, hash, true, None, Some(&org), None)
            })
            .await
            .map_err(problem)?;
            anyhow::Ok(password)
        })?;
        say(&password);
        Ok(ExitCode::SUCCESS)
    }
}

/// Import things from .xlsx, .csv or .geojson.
#[derive(clap::Args)]
pub struct Import {
    /// org, enterprise, shelter, team, store, project, hazard-source, expert.
    kind: String,
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    data: Data,
    /// Keep the good rows though there are bad ones.
    #[arg(long)]
    partial: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Import {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let bytes = std::fs::read(&self.file)
            .with_context(|| format!("cannot open `{}`", self.file.display()))?;
        if bytes.len() > import::FILE_MAX {
            anyhow::bail!(
                "`{}` is larger than {} MB; split it",
                self.file.display(),
                import::FILE_MAX / 1_048_576
            );
        }
        let name = self
            .file
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let rows = import::read(&name, &bytes).map_err(problem)?;
        let app = App::new(
            self.data.open()?,
            Arc::new(Machine),
            Rulebook::built_in()?,
            false,
        )?;
        let at = app.now().as_millisecond() as u64;
        let (good, bad) = things::check(
            &self.kind,
            &rows,
            &app.world(),
            &app,
            None,
            || app.clock.chance(),
            at,
        )
        .map_err(problem)?;
        let keep = bad.is_empty() || self.partial;
        let count = if keep { good.len() } else { 0 };
        if keep && !good.is_empty() {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?;
            runtime
                .block_on(app.write(move |w| {
                    for entry in things::entries(good, None, w.now) {
                        w.append(&entry, None)?;
                    }
                    Ok(())
                }))
                .map_err(problem)?;
        }
        if self.json {
            say(
                &serde_json::json!({ "rows": rows.len(), "imported": count, "bad": bad })
                    .to_string(),
            );
        } else {
            for row in &bad {
                eprintln!(
                    "anlan: row {}{}: {}",
                    row.row,
                    row.column
                        .as_ref()
                        .map(|c| format!(" {c}"))
                        .unwrap_or_default(),
                    row.message
                );
            }
            say(&format!(
                "{} rows, {count} imported, {} faults",
                rows.len(),
                bad.len()
            ));
        }
        if bad.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        if !keep {
            eprintln!(
                "anlan: nothing was imported; mend the rows above, or keep the good ones with --partial"
            );
        }
        Ok(ExitCode::FAILURE)
    }
}
