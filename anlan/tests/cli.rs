//! The command line as outside tools rely on it.

use serde_json::Value;
use std::process::{Command, Output};

fn anlan(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anlan"))
        .args(args)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn compile_prints_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("通知.txt");
    let words = "关于做好2025年防汛工作的通知\n\n各镇（街道）：\n\n（一）开展排查。6月底前完成山洪灾害隐患排查。（区水务局负责）\n";
    std::fs::write(&file, words).expect("written");
    let out = anlan(&[
        "notice",
        "compile",
        file.to_str().expect("a path"),
        "--json",
    ]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let compiled: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    for key in [
        "title",
        "number",
        "issuer",
        "date",
        "year",
        "draft",
        "addressees",
        "sections",
        "articles",
        "duties",
        "triggers",
        "remarks",
    ] {
        assert!(compiled.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(compiled["year"], 2025);
    let duty = &compiled["duties"][0];
    assert_eq!(duty["deadline"], "2025-06-30");
    let span: Vec<usize> = serde_json::from_value(duty["span"].clone()).expect("a span");
    let quoted: String = words
        .chars()
        .skip(span[0])
        .take(span[1] - span[0])
        .collect();
    assert!(quoted.contains("6月底前"), "{quoted}");
}

#[test]
fn errors_are_one_line_that_says_what_to_do() {
    for (args, code) in [
        (&["notice", "compile", "/nowhere/x.md"][..], 1),
        (&["ledger", "verify", "--data", "/nowhere"], 1),
        (&["ledger", "check", "/nowhere", "--key", "x"], 1),
        (&["serve"], 2),
        (&["nonsense"], 2),
    ] {
        let out = anlan(args);
        assert_eq!(out.status.code(), Some(code), "{args:?}");
        assert!(!out.stderr.is_empty());
        if code == 1 {
            assert_eq!(
                text(&out.stderr).trim().lines().count(),
                1,
                "{args:?}: {}",
                text(&out.stderr)
            );
        }
    }
}

#[test]
fn every_command_has_help() {
    for args in [
        &["--help"][..],
        &["serve", "--help"],
        &["notice", "compile", "--help"],
        &["ledger", "verify", "--help"],
        &["import", "--help"],
        &["user", "add", "--help"],
    ] {
        assert!(anlan(args).status.success(), "{args:?}");
    }
}

/// Starts the program once, so that the folder has a district and an administrator, and stops it.
fn first_start(folder: &std::path::Path) {
    use std::io::BufRead as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_anlan"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let lines: Vec<String> = std::io::BufReader::new(child.stdout.take().expect("output"))
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.contains("http://"))
        .collect();
    assert!(
        lines.iter().any(|line| line.contains("one-time password")),
        "{lines:?}"
    );
    child.kill().expect("killed");
    child.wait().expect("ended");
}

#[test]
fn people_imports_and_proofs_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    first_start(&data);
    let data = data.to_str().expect("a path");
    let added = anlan(&[
        "user",
        "add",
        "zhang.office",
        "--role",
        "office",
        "--org",
        "district",
        "--data",
        data,
    ]);
    assert!(added.status.success(), "{}", text(&added.stderr));
    assert_eq!(text(&added.stdout).trim().len(), 19, "a one-time password");
    assert_eq!(
        anlan(&[
            "user",
            "add",
            "zhang.office",
            "--role",
            "office",
            "--org",
            "district",
            "--data",
            data
        ])
        .status
        .code(),
        Some(1)
    );
    assert_eq!(
        anlan(&[
            "user", "add", "li", "--role", "king", "--org", "district", "--data", data
        ])
        .status
        .code(),
        Some(1)
    );

    let csv = folder.path().join("a.csv");
    std::fs::write(
        &csv,
        "名称,所属单位,类别,容纳人数\n一号,区政府,紧急,100\n二号,火星,紧急,100\n",
    )
    .expect("written");
    let csv = csv.to_str().expect("a path");
    let whole = anlan(&["import", "shelter", csv, "--data", data]);
    assert_eq!(whole.status.code(), Some(1));
    assert!(
        text(&whole.stderr).contains("row 3"),
        "{}",
        text(&whole.stderr)
    );
    assert!(text(&whole.stdout).contains("0 imported"));
    let partial = anlan(&[
        "import",
        "shelter",
        csv,
        "--partial",
        "--json",
        "--data",
        data,
    ]);
    let report: Value = serde_json::from_slice(&partial.stdout).expect("JSON");
    assert_eq!(report["imported"], 1);

    // Nothing was sealed after these: a short run of the server seals.
    let proof = folder.path().join("proof.json");
    let proof = proof.to_str().expect("a path");
    let mut child = Command::new(env!("CARGO_BIN_EXE_anlan"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data", data])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let proven = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        anlan(&["ledger", "prove", "0", "--data", data, "--out", proof])
            .status
            .success()
    });
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(proven, "a fact is sealed within ten seconds even here");
    let key = text(&anlan(&["ledger", "key", "--data", data]).stdout)
        .trim()
        .to_owned();
    assert!(
        anlan(&["ledger", "check", proof, "--key", &key])
            .status
            .success()
    );
    let forged = std::fs::read_to_string(proof)
        .expect("read")
        .replace("org.added", "org.faked");
    std::fs::write(proof, forged).expect("written");
    assert_eq!(
        anlan(&["ledger", "check", proof, "--key", &key])
            .status
            .code(),
        Some(1)
    );

    let verdict = anlan(&["ledger", "verify", "--json", "--data", data]);
    assert!(verdict.status.success());
    let db =
        rusqlite::Connection::open(std::path::Path::new(data).join("anlan.db")).expect("opened");
    db.execute(
        "UPDATE facts SET actor = 'person_somebody' WHERE seq = 1",
        [],
    )
    .expect("altered");
    drop(db);
    let verdict = anlan(&["ledger", "verify", "--json", "--data", data]);
    assert_eq!(verdict.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&verdict.stdout).expect("JSON");
    assert_eq!(
        (found["ok"].as_bool(), found["seq"].as_u64()),
        (Some(false), Some(1))
    );
    assert!(text(&verdict.stderr).contains("fact 1"));
}
