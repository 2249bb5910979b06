//! The program under load, killed with SIGKILL at random moments: nothing that was answered with success is lost.

use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PASSWORD: &str = "crash-test-pass-1";
const WRITERS: usize = 6;
const ROUNDS: usize = 4;

struct Server {
    child: Child,
    address: String,
}

fn start(folder: &Path) -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_anlan"))
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .env("ANLAN_DEMO_PASSWORD", PASSWORD)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let address = lines
        .find_map(|line| {
            line.ok()?
                .split("http://")
                .nth(1)
                .map(|rest| rest.trim_end_matches('/').to_owned())
        })
        .expect("it prints its address");
    // What it says later is read and dropped, so that it never waits for us.
    std::thread::spawn(move || lines.for_each(drop));
    Server { child, address }
}

/// One request over a connection of its own; none when the server was killed meanwhile.
fn ask(
    address: &str,
    method: &str,
    path: &str,
    cookie: &str,
    body: &Value,
) -> Option<(u16, String, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Anlan: 1\r\nCookie: {cookie}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status: u16 = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|l| {
        l.to_lowercase()
            .strip_prefix("content-length: ")
            .and_then(|n| n.parse::<usize>().ok())
    });
    // An answer cut short is no answer.
    if length.is_some_and(|length| body.len() < length) {
        return None;
    }
    let body = if head.to_lowercase().contains("transfer-encoding: chunked") {
        unchunked(body)?
    } else {
        body.to_owned()
    };
    let cookie = head
        .lines()
        .find_map(|l| l.strip_prefix("set-cookie: "))
        .and_then(|c| c.split(';').next())
        .unwrap_or_default()
        .to_owned();
    Some((status, cookie, serde_json::from_str(&body).ok()?))
}

fn unchunked(body: &str) -> Option<String> {
    let (mut out, mut rest) = (Vec::new(), body.as_bytes());
    loop {
        let end = rest.windows(2).position(|w| w == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        if size == 0 {
            return String::from_utf8(out).ok();
        }
        out.extend(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 4 + size..)?;
    }
}

fn sign_in(address: &str, login: &str) -> String {
    let (status, cookie, body) = ask(
        address,
        "POST",
        "/api/v1/session",
        "",
        &json!({"login": login, "password": PASSWORD}),
    )
    .expect("an answer");
    assert_eq!(status, 200, "{body}");
    cookie
}

#[test]
fn nothing_that_was_answered_is_lost() {
    let seed: u64 = std::env::var("ANLAN_SEED")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(20_261_124);
    println!("seed {seed}");
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let folder = tempfile::tempdir().expect("a folder");
    // (duty, title) of every sub-item whose adding was answered with success, and of every one that was tried.
    let answered = Arc::new(Mutex::new(BTreeSet::<(String, String)>::new()));
    let tried = Arc::new(Mutex::new(BTreeSet::<(String, String)>::new()));
    for round in 0..ROUNDS {
        let mut server = start(folder.path());
        let cookie = sign_in(&server.address, "beishidian");
        let (_, _, list) = ask(
            &server.address,
            "GET",
            "/api/v1/duties?mine=true&light=open&limit=50",
            &cookie,
            &Value::Null,
        )
        .expect("a list");
        let duties: Vec<String> = list["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|d| d["id"].as_str().expect("id").to_owned())
            .collect();
        assert!(duties.len() >= WRITERS, "{} open duties", duties.len());
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (address, cookie, duty) = (server.address.clone(), cookie.clone(), duties[writer].clone());
                let (answered, tried) = (answered.clone(), tried.clone());
                std::thread::spawn(move || {
                    let link = format!("/api/v1/duties/{duty}");
                    let Some((200, _, mut state)) = ask(&address, "GET", &link, &cookie, &Value::Null) else { return };
                    for count in 0..400 {
                        let title = format!("第{round}轮-{writer}-{count}");
                        tried.lock().expect("a lock").insert((duty.clone(), title.clone()));
                        let body = json!({"expected_version": state["version"], "command": {"name": "add-item", "title": title, "owner": ""}});
                        match ask(&address, "POST", &format!("{link}/commands"), &cookie, &body) {
                            Some((200, _, after)) => {
                                answered.lock().expect("a lock").insert((duty.clone(), title));
                                state = after;
                            }
                            Some((status, _, problem)) => panic!("{status}: {problem}"),
                            None => return,
                        }
                        if state["items"].as_array().is_some_and(|items| items.len() > 450) {
                            return;
                        }
                    }
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(random.random_range(300..1_800)));
        // SIGKILL: no handler runs, no buffer is flushed.
        server.child.kill().expect("it can be killed");
        server.child.wait().expect("it ends");
        for writer in writers {
            writer.join().expect("a writer ends well");
        }
    }
    let verify = Command::new(env!("CARGO_BIN_EXE_anlan"))
        .args(["ledger", "verify", "--json", "--data"])
        .arg(folder.path())
        .output()
        .expect("it runs");
    assert!(
        verify.status.success(),
        "{}",
        String::from_utf8_lossy(&verify.stderr)
    );

    let mut server = start(folder.path());
    let cookie = sign_in(&server.address, "beishidian");
    let (answered, tried) = (
        answered.lock().expect("a lock").clone(),
        tried.lock().expect("a lock").clone(),
    );
    assert!(
        answered.len() > WRITERS,
        "only {} writes were answered",
        answered.len()
    );
    let mut there = BTreeSet::new();
    for duty in tried
        .iter()
        .map(|(duty, _)| duty.clone())
        .collect::<BTreeSet<_>>()
    {
        let (status, _, state) = ask(
            &server.address,
            "GET",
            &format!("/api/v1/duties/{duty}"),
            &cookie,
            &Value::Null,
        )
        .expect("an answer");
        assert_eq!(status, 200);
        for item in state["items"].as_array().expect("items") {
            let title = item["title"].as_str().expect("a title").to_owned();
            if title.starts_with('第') && title.contains('轮') {
                assert!(
                    there.insert((duty.clone(), title.clone())),
                    "{title} is there twice"
                );
            }
        }
    }
    let lost: Vec<_> = answered.difference(&there).collect();
    assert!(lost.is_empty(), "answered and lost: {lost:?}");
    let made_up: Vec<_> = there.difference(&tried).collect();
    assert!(made_up.is_empty(), "nobody asked for: {made_up:?}");
    println!(
        "{} writes answered over {ROUNDS} kills, all there",
        answered.len()
    );
    server.child.kill().expect("it can be killed");
    server.child.wait().expect("it ends");

    // Projections are what the facts say, also after all this.
    let rebuild = |_| {
        Command::new(env!("CARGO_BIN_EXE_anlan"))
            .args(["ledger", "rebuild", "--data"])
            .arg(folder.path())
            .output()
            .expect("it runs")
            .stdout
    };
    let (first, second) = (rebuild(1), rebuild(2));
    assert_eq!(first, second);
}
