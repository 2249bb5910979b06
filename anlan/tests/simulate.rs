//! A few days of the district, lived through by the program itself, and killed while it lives.

use std::process::Command;

fn simulate(more: &[&str]) -> serde_json::Value {
    let out = Command::new(env!("CARGO_BIN_EXE_anlan"))
        .args(["simulate", "--json"])
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{said}\n{wrong}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn days_pass_and_nothing_is_found_wrong() {
    let report = simulate(&["--seed", "1", "--days", "8"]);
    assert_eq!(report["faults"].as_array().unwrap().len(), 0, "{report}");
    assert!(report["loops"].as_u64().unwrap() > 40, "{report}");
    assert!(
        report["fell_due"].as_u64().unwrap() > 0,
        "somebody is late: {report}"
    );
    assert!(report["answered"].as_u64().unwrap() > 60, "{report}");
}

#[test]
fn killed_again_and_again_nothing_answered_is_lost() {
    let report = simulate(&["--seed", "2", "--days", "5", "--kill"]);
    assert_eq!(report["faults"].as_array().unwrap().len(), 0, "{report}");
    assert!(report["kills"].as_u64().unwrap() > 0, "{report}");
    assert!(report["answered"].as_u64().unwrap() > 20, "{report}");
}

#[test]
fn a_folder_that_is_used_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x"), "x").unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_anlan"))
        .args(["simulate", "--days", "1", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("not empty"));
}
