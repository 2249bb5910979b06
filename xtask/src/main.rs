//! `cargo xtask tidy`: what the test `tidy` says, without the other tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if asked != ["tidy"] {
        eprintln!("usage: cargo xtask tidy");
        return ExitCode::from(2);
    }
    let tree = match xtask::tree::Tree::read(&xtask::tree::workspace()) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("tidy: the sources cannot be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    let remarks = xtask::tidy(&tree);
    for remark in &remarks {
        eprintln!("tidy: {remark}");
    }
    println!("tidy: {} files, {} remarks", tree.len(), remarks.len());
    if remarks.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
