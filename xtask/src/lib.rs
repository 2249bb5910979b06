//! Chores of the house. `tidy` looks at the sources as a careful reader would and says what to put right; it is run
//! as an ordinary test.
//!
//! In reading order: the sources ([`tree`]), then one module per rule. Each rule is a function from sources to
//! remarks; an empty list is good.

pub mod arrows;
pub mod dead;
pub mod docs;
pub mod length;
pub mod strings;
pub mod tree;
pub mod words;

use tree::Tree;

/// What is wrong and what to do, one line each.
pub type Remarks = Vec<String>;

/// All rules.
#[must_use]
pub fn tidy(tree: &Tree) -> Remarks {
    let rules: [fn(&Tree) -> Remarks; 10] = [
        arrows::crates,
        arrows::purity,
        arrows::areas,
        length::files,
        words::languages,
        dead::rust,
        dead::portal,
        strings::hosts_and_paths,
        docs::rows_and_routes,
        docs::mentions,
    ];
    rules.iter().flat_map(|rule| rule(tree)).collect()
}
