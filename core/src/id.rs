//! Ids: short, readable, one type per kind of thing, made from the clock and the generator that are handed in.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wrong with a would-be id.
#[derive(Debug, thiserror::Error)]
#[error("an id is 1 to 64 characters of a–z, 0–9, `-` and `_`, not `{0}`")]
pub struct BadId(String);

fn check(text: &str) -> Result<(), BadId> {
    let good = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    if good {
        Ok(())
    } else {
        Err(BadId(text.chars().take(80).collect()))
    }
}

/// Crockford's alphabet in lower case: no i, l, o, u, so that an id can be read out over a telephone.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 26 characters that sort by time: 48 bits of milliseconds and 80 bits of chance.
pub fn sortable(milliseconds: u64, chance: u128) -> String {
    let value = (u128::from(milliseconds & 0xffff_ffff_ffff) << 80) | (chance & ((1 << 80) - 1));
    (0..26)
        .rev()
        .map(|place| char::from(ALPHABET[((value >> (place * 5)) & 31) as usize]))
        .collect()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The prefix of ids of this kind.
            pub const PREFIX: &'static str = $prefix;

            /// Makes a new id from the time and a number drawn by chance.
            pub fn make(milliseconds: u64, chance: u128) -> Self {
                Self(format!("{}_{}", $prefix, sortable(milliseconds, chance)))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = BadId;
            fn try_from(text: &str) -> Result<Self, BadId> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A fact.
    FactId = "fact";
    /// An organisation: the district, a department, a town, a village, an enterprise …
    OrgId = "org";
    /// A person who can sign in.
    PersonId = "person";
    /// A notice.
    NoticeId = "notice";
    /// A duty.
    DutyId = "duty";
    /// A piece of evidence.
    EvidenceId = "ev";
    /// A sub-item of a duty.
    ItemId = "item";
    /// A loop.
    LoopId = "loop";
    /// A thing in the registry.
    ThingId = "thing";
    /// A bearer token.
    TokenId = "token";
    /// A letter or bulletin.
    PaperId = "paper";
}

/// Where ids come from: a clock reading and a generator, so that a simulation repeats to the byte.
pub trait Ids {
    /// The next 128 bits of chance.
    fn chance(&mut self) -> u128;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_sort_as_their_times(a in 0u64..1 << 48, b in 0u64..1 << 48, x: u128, y: u128) {
            prop_assume!(a != b);
            prop_assert_eq!(a < b, DutyId::make(a, x) < DutyId::make(b, y));
        }

        #[test]
        fn what_is_made_is_accepted(a: u64, x: u128) {
            prop_assert!(OrgId::try_from(OrgId::make(a, x).to_string()).is_ok());
        }
    }

    #[test]
    fn an_id_cannot_leave_its_path() {
        for bad in ["", "../x", "A", "a b", "a/b", &"x".repeat(65)] {
            assert!(DutyId::try_from(bad).is_err(), "{bad}");
        }
    }
}
