//! The sample district (示例区): 城区's towns and departments, invented enterprises, posts instead of persons, the
//! notices of one year, and what everybody did about them up to a given moment. Made from a seed by code, so that the
//! same seed gives the same facts to the byte.
//!
//! Everything goes through the doors that people use: notices are corrected with [`anlan_core::draft::Edit`], duties
//! come of [`anlan_core::expand::expand`], evidence and reviews of [`anlan_core::duty::Duty::decide`], reminders of
//! [`anlan_core::duty::Duty::clock`]. What a person may not do does not happen here either.
//!
//! In reading order: who there is ([`district`]), what there is (`things`), what is demanded (`papers`), what
//! happened (`year`), and the files that evidence shows (`files`).

pub mod district;
pub mod field;
mod files;
mod papers;
mod things;
mod words;
mod year;

use anlan_core::authority::Role;
use anlan_core::duty::FileRef;
use anlan_core::fact::Entry;
use anlan_core::id::{BadId, OrgId, PersonId};
use anlan_core::notice::Compiled;
use anlan_core::rulebook::Rulebook;
use jiff::Timestamp;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Somebody who can sign in; the password is the server's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The person's id, as in `person.added`.
    pub person: PersonId,
    /// What they type.
    pub login: String,
    /// The post, in Chinese.
    pub title: String,
    /// The post, in English.
    pub en: String,
    /// Where.
    pub org: OrgId,
    /// What they are there.
    pub role: Role,
    /// Offered on the sign-in page of the demonstration.
    pub shown: bool,
}

/// The district and its year.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Everything that happened, in the order it was recorded.
    pub entries: Vec<Entry>,
    /// Who can sign in; those who are shown first.
    pub accounts: Vec<Account>,
    /// The content of every file that a fact names.
    pub files: Vec<(FileRef, Vec<u8>)>,
}

/// Why the sample cannot be made: its own data is broken, or something was done that may not be done.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A data file is not of its shape.
    #[error("sample data `{file}` cannot be read")]
    Data {
        /// The file.
        file: &'static str,
        /// What is wrong.
        source: Box<toml::de::Error>,
    },
    /// A data file holds something that is no id.
    #[error("the sample data holds a bad id")]
    Id(#[from] BadId),
    /// A data file names a role that there is not.
    #[error("the sample data names an unknown role `{0}`")]
    Role(String),
    /// A correction of a notice was refused.
    #[error("a correction of a sample notice was refused: {0}")]
    Edit(&'static str),
    /// Somebody did what he may not do.
    #[error("`{command}` on {duty} was refused: {refusal}")]
    Refused {
        /// The command.
        command: &'static str,
        /// The duty.
        duty: String,
        /// The refusal's code.
        refusal: &'static str,
    },
}

/// Makes the district and its year up to `now`.
///
/// `read` reads the text of a notice; it is handed in so that the sample needs no compiler of its own.
///
/// # Errors
/// When the data that the crate carries is broken, or when something was done that the rules of `core` refuse.
pub fn make(
    seed: u64,
    now: Timestamp,
    book: &Rulebook,
    read: &dyn Fn(&str) -> Compiled,
) -> Result<Sample, SampleError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let dates = papers::Dates::new(now);
    let (who, mut entries) = district::make(dates.founded, book, &mut rng)?;
    let files = files::all(dates.year);
    let things = things::make(&who, &dates, now, &mut rng)?;
    let notices = papers::make(&who, &dates, now, read, &mut rng)?;
    let mut sources: Vec<(FileRef, Vec<u8>)> =
        notices.iter().map(|notice| notice.source.clone()).collect();
    entries.extend(year::live(
        &who, things, notices, &files, now, book, &mut rng,
    )?);
    sources.extend(files);
    let mut accounts = who.accounts;
    accounts.sort_by_key(|account| !account.shown);
    Ok(Sample {
        entries,
        accounts,
        files: sources,
    })
}

/// Logins that the sign-in page of the demonstration offers, in its order.
///
/// # Errors
/// When the sample's own data is broken.
pub fn shown_logins() -> Result<Vec<String>, SampleError> {
    district::shown_logins()
}

#[cfg(test)]
mod tests;
