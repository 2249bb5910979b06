//! `anlan serve`: everything that runs.

use crate::Data;
use anlan_core::authority::{Position, Role};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{OrgId, PersonId};
use anlan_core::org::{Org, OrgKind};
use anlan_core::person::Person;
use anlan_core::rulebook::Rulebook;
use anlan_server::app::App;
use anlan_server::clock::Machine;
use anlan_server::{auth, demo};
use anyhow::Context as _;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// What `DIR/anlan.toml` may say; the command line goes before it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where to listen.
    pub listen: Option<String>,
    /// `postgres://…`.
    pub database: Option<String>,
    /// The log's name, fixed at the first start.
    pub origin: Option<String>,
}

impl Settings {
    /// Reads the settings of a data folder, if it has any.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("anlan.toml");
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        toml::from_str(&text).with_context(|| format!("`{}` is not right", path.display()))
    }
}

/// Run the system: portal, API, clock and seal.
#[derive(clap::Args)]
pub struct Serve {
    #[command(flatten)]
    data: Data,
    /// Where to listen.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Load the sample district once; its people sign in with the password that is printed, or with
    /// ANLAN_DEMO_PASSWORD when set.
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        tracing_subscriber::fmt()
            .with_env_filter(
                tracing_subscriber::EnvFilter::try_from_env("ANLAN_LOG")
                    .unwrap_or_else(|_| "warn,anlan=info,anlan_server=info".into()),
            )
            .with_writer(std::io::stderr)
            .init();
        let settings = Settings::read(&self.data.data)?;
        let listen = self
            .listen
            .or(settings.listen)
            .unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen: SocketAddr = listen.parse().with_context(|| {
            format!("`{listen}` is no address to listen on; write it like 127.0.0.1:8080")
        })?;
        let store = self.data.open_or_make()?;
        let mark = self.data.data.join("demo-password");
        let sample = self.demo || mark.exists();
        let book = Rulebook::built_in()?;
        let app = App::new(store, Arc::new(Machine), book, sample)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let socket = tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}; is another program there? Choose another with --listen"))?;
            let address = socket.local_addr()?;
            if self.demo {
                load_demo(&app, &mark).await?;
            } else {
                first_start(&app).await?;
            }
            anlan_server::start(&app);
            println!("安澜 Anlan: http://{address}/");
            let service = anlan_server::router(app).into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(socket, service).with_graceful_shutdown(asked_to_stop()).await?;
            anyhow::Ok(())
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Ctrl-C or SIGTERM. Pages that listen would hold the door for ever, so the program ends two seconds later in any
/// case: what was answered is on disk.
async fn asked_to_stop() {
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = async { match &mut terminate { Some(signal) => { signal.recv().await; } None => std::future::pending().await } } => {}
    }
    tokio::spawn(async {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        std::process::exit(0);
    });
}

fn problem(problem: anlan_server::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{} ({})", problem.detail, problem.title)
}

async fn load_demo(app: &Arc<App>, mark: &Path) -> anyhow::Result<()> {
    let given = std::env::var("ANLAN_DEMO_PASSWORD")
        .ok()
        .filter(|p| !p.is_empty());
    let kept = std::fs::read_to_string(mark)
        .ok()
        .map(|p| p.trim().to_owned());
    let password = given
        .or_else(|| kept.clone())
        .unwrap_or_else(|| auth::one_time_password(app.clock.chance()));
    let fresh = demo::load(app, &password).await.map_err(problem)?;
    if !fresh && kept.is_none() {
        println!(
            "数据目录已有数据，未载入示例区 / the data folder is in use: the sample district was not loaded"
        );
        return Ok(());
    }
    if kept.as_ref() != Some(&password) {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        // The password that is printed is the one that opens, also when another was chosen for this start.
        if !fresh {
            demo::change_password(app, &password)
                .await
                .map_err(problem)?;
        }
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(mark)?;
        writeln!(file, "{password}")?;
    }
    println!(
        "示例区已就绪 / the sample district is ready: sign in as {} with password {password}",
        demo::shown_accounts()
            .iter()
            .take(4)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    );
    Ok(())
}

/// The first start makes the district and one administrator with a one-time password.
async fn first_start(app: &Arc<App>) -> anyhow::Result<()> {
    if !app.world().people.is_empty() {
        return Ok(());
    }
    let password = auth::one_time_password(app.clock.chance());
    let (typed, salt) = (password.clone(), app.clock.chance());
    let hash = tokio::task::spawn_blocking(move || auth::hash_password(&typed, salt))
        .await?
        .map_err(problem)?;
    app.write(move |w| {
        let org = OrgId::try_from("district").map_err(anlan_server::problem::Problem::ours)?;
        let person = PersonId::make(w.now.as_millisecond() as u64, w.app.clock.chance());
        let at = w.now;
        let district = Org {
            id: org.clone(),
            kind: OrgKind::District,
            name: "本区".into(),
            short: "区政府".into(),
            en: "District".into(),
            aliases: vec!["区委、区政府".into(), "区人民政府".into()],
            parent: None,
            code: None,
            sectors: Vec::new(),
            place: None,
            sample: false,
            closed: false,
        };
        w.append(
            &Entry::new(
                stream::org(&org),
                Event::OrgAdded(district),
                None,
                Some(org.clone()),
                at,
            ),
            None,
        )?;
        let admin = Person {
            id: person.clone(),
            login: "admin".into(),
            name: "系统管理员".into(),
            positions: vec![Position {
                org: org.clone(),
                role: Role::Admin,
            }],
            disabled: false,
            sample: false,
        };
        w.append(
            &Entry::new(
                stream::person(&person),
                Event::PersonAdded(admin),
                None,
                Some(org.clone()),
                at,
            ),
            None,
        )?;
        auth::set_password(w, &person, hash, true, None, Some(&org), None)
    })
    .await
    .map_err(problem)?;
    println!("首次启动 / first start: sign in as admin with the one-time password {password}");
    Ok(())
}
