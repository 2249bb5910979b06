//! The real program over HTTP: 100,000 duties, a steady 300 requests a second, client and server on the same cores.

use crate::{load, open, resident};
use anlan_server::clock::Stopwatch;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DUTIES: u64 = 100_000;
const RATE: u64 = 300;
const SECONDS: u64 = 20;
const CLIENTS: u64 = 6;

/// What went wrong.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A connection that is kept.
pub struct Line(BufReader<TcpStream>);

impl Line {
    /// Connects.
    pub fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks, and waits for status, cookie and body.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Result<(u16, String, Vec<u8>)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length, mut chunked, mut cookie) = (0, 0, false, String::new());
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let lower = line.to_lowercase();
            if let Some(rest) = lower.strip_prefix("http/1.1 ") {
                status = rest.get(..3).unwrap_or("0").parse()?;
            } else if let Some(n) = lower.strip_prefix("content-length: ") {
                length = n.parse()?;
            } else if lower == "transfer-encoding: chunked" {
                chunked = true;
            } else if let Some(rest) = line.strip_prefix("set-cookie: ") {
                cookie = rest.split(';').next().unwrap_or_default().to_owned();
            }
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let mut line = String::new();
                self.0.read_line(&mut line)?;
                let size = usize::from_str_radix(line.trim(), 16)?;
                let mut chunk = vec![0; size + 2];
                self.0.read_exact(&mut chunk)?;
                if size == 0 {
                    break;
                }
                body.extend(&chunk[..size]);
            }
        } else {
            body.resize(length, 0);
            self.0.read_exact(&mut body)?;
        }
        Ok((status, cookie, body))
    }
}

/// Fills a folder, starts the program on it, and asks.
pub fn api() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let program = std::env::current_exe()?.with_file_name("anlan");
    let watch = Stopwatch::start();
    {
        let store = open(&data)?;
        load::duties(&store, DUTIES)?;
    }
    println!("filled {DUTIES} duties in {:.1} s", watch.seconds());
    let added = Command::new(&program)
        .args([
            "user", "add", "bench", "--role", "office", "--org", "district", "--data",
        ])
        .arg(&data)
        .output()?;
    let one_time = String::from_utf8(added.stdout)?.trim().to_owned();
    let watch = Stopwatch::start();
    let mut child = Command::new(&program)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .env("ANLAN_LOG", "error")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let address = loop {
        let line = lines.next().ok_or("the program ended")??;
        if let Some((_, rest)) = line.split_once("http://") {
            break rest.trim_end_matches('/').to_owned();
        }
    };
    let mut line = Line::open(&address)?;
    line.ask("GET", "/healthz", "", "")?;
    println!("start to first answer: {:.2} s", watch.seconds());
    let result = measure(&mut line, &address, &one_time, child.id());
    child.kill()?;
    child.wait()?;
    result
}

fn measure(line: &mut Line, address: &str, one_time: &str, pid: u32) -> Result<()> {
    let signed = |line: &mut Line, password: &str| {
        line.ask(
            "POST",
            "/api/v1/session",
            "",
            &format!("{{\"login\":\"bench\",\"password\":\"{password}\"}}"),
        )
    };
    let (_, cookie, _) = signed(line, one_time)?;
    let changed = format!("{{\"old\":\"{one_time}\",\"new\":\"Steady-pass-2026\"}}");
    let (_, cookie, _) = line.ask(
        "POST",
        "/api/v1/session/password",
        &format!("Cookie: {cookie}\r\nX-Anlan: 1\r\n"),
        &changed,
    )?;
    // The clock's first walk over all that fell due, and the first seal, are over when the ledger grows no more.
    let mut before = Vec::new();
    loop {
        std::thread::sleep(Duration::from_secs(3));
        let (_, _, now) = line.ask("GET", "/readyz", "", "")?;
        if now == before {
            break;
        }
        before = now;
    }
    println!(
        "idle, after the clock's first walk ({}): {:.0} MB",
        String::from_utf8_lossy(&before).trim(),
        resident(pid)
    );
    let waits = Arc::new(Mutex::new(Vec::<(usize, f64)>::new()));
    let paths = [
        "/api/v1/duties?limit=50",
        "/api/v1/duties?light=overdue&limit=50",
        "/api/v1/duties?org=unit-7&limit=50",
        "/api/v1/duties/duty_",
    ];
    let names = ["list", "list, overdue", "list of an org", "detail"];
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (address, cookie, waits) = (address.to_owned(), cookie.clone(), waits.clone());
            std::thread::spawn(move || -> Option<()> {
                let mut line = Line::open(&address).ok()?;
                let headers = format!("Cookie: {cookie}\r\n");
                let clock = Stopwatch::start();
                let rounds = RATE * SECONDS / CLIENTS;
                for round in 0..rounds {
                    // Each request has its moment; what waits behind a slow one is measured from that moment on.
                    let moment = round as f64 * CLIENTS as f64 / RATE as f64;
                    let ahead = moment - clock.seconds();
                    if ahead > 0.0 {
                        std::thread::sleep(Duration::from_secs_f64(ahead));
                    }
                    let kind = ((round + client) % 4) as usize;
                    let path = if kind == 3 {
                        format!("{}{}", paths[3], (round * 7_919 + client * 13) % DUTIES)
                    } else {
                        paths[kind].to_owned()
                    };
                    let (status, _, _) = line.ask("GET", &path, &headers, "").ok()?;
                    if status != 200 {
                        eprintln!("{path}: {status}");
                        return None;
                    }
                    waits.lock().ok()?.push((kind, clock.seconds() - moment));
                }
                Some(())
            })
        })
        .collect();
    for client in clients {
        client.join().ok().flatten().ok_or("a client failed")?;
    }
    let waits = waits.lock().map_err(|_| "a client failed")?;
    for (kind, name) in names.iter().enumerate() {
        let mut of: Vec<f64> = waits
            .iter()
            .filter(|(k, _)| *k == kind)
            .map(|(_, w)| w * 1_000.0)
            .collect();
        of.sort_by(f64::total_cmp);
        let at = |share: f64| of[((of.len() as f64 * share) as usize).min(of.len() - 1)];
        println!(
            "{name}: {} requests at {RATE}/s in all; p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms",
            of.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
    println!("after the load: {:.0} MB", resident(pid));
    Ok(())
}
