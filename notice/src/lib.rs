//! The notice compiler: an official document goes in as bytes; articles, demands and triggers come out,
//! each tied to the characters it came from.
//!
//! The story, in the order of the modules: `read` turns a file into text; `text` heals what layout broke;
//! `front` knows title, addressees and signature; `outline` finds the articles; `units` who is responsible;
//! `demand` what must be done, with `sentence`, `clause`, `dates`, `rhythm`, `quantity`, `each`, `event`,
//! `subject` and `action`; `trigger` what follows on what; `table` reads tables of tasks; `compile` puts it together.
//!
//! It is a grammar, not a model: the same words always give the same answer, every field can point at its
//! words, and what is not understood is left out and said in a remark. It knows no clock, file or chance.
//! All passes are linear in the length of the text.

mod action;
mod clause;
mod compile;
mod dates;
mod demand;
mod each;
mod event;
mod front;
pub mod numerals;
mod outline;
mod quantity;
pub mod read;
mod rhythm;
mod sentence;
mod subject;
mod table;
mod text;
mod trigger;
mod units;
mod words;

pub use compile::{ARTICLES_MAX, REMARKS_MAX, compile};
pub use read::{ReadError, read};
pub use text::{Cell, Format, Table, Text};

use anlan_core::notice::Compiled;

/// Compiles words that are already text, read as Markdown.
#[must_use]
pub fn compile_str(words: &str) -> Compiled {
    compile(&Text::from_words(words, Format::Markdown))
}
