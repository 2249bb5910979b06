//! The house is tidy.

use xtask::tree::{Tree, workspace};

#[test]
fn tidy() {
    let tree = Tree::read(&workspace()).expect("the sources can be read");
    // A rule that sees no sources would pass for ever.
    for seen in [
        "core/src/lib.rs",
        "server/src/lib.rs",
        "web/src/app/main.ts",
        "docs/coverage.md",
        "ARCHITECTURE.md",
    ] {
        assert!(tree.text(seen).is_some(), "tidy does not see {seen}");
    }
    let remarks = xtask::tidy(&tree);
    assert!(
        remarks.is_empty(),
        "{} things to put right:\n{}",
        remarks.len(),
        remarks.join("\n")
    );
}
