//! People who can sign in, and what positions they hold.

use crate::authority::Position;
use crate::id::PersonId;
use serde::{Deserialize, Serialize};

/// A person, as a fact records it. No password is ever in a fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// What they type to sign in.
    pub login: String,
    /// How pages call them: a post, such as 区安委办综合科.
    pub name: String,
    /// Positions, the main one first.
    pub positions: Vec<Position>,
    /// May no longer sign in.
    #[serde(default)]
    pub disabled: bool,
    /// Invented for the sample district.
    #[serde(default)]
    pub sample: bool,
}

/// Is this a login that can be given out? 2 to 32 of a–z, 0–9, `.`, `-`, `_`, beginning with a letter.
pub fn login_is_good(login: &str) -> bool {
    (2..=32).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_lowercase())
        && login.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_')
        })
}
