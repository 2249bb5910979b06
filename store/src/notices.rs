//! Notices as projected.

use crate::StoreError;
use crate::db::{Db, Row};
use crate::facts::shape;
use crate::search;
use anlan_core::draft::Draft;
use anlan_core::duty::FileRef;
use anlan_core::fact::{Event, Fact};

/// A notice as its facts have made it.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its id.
    pub id: String,
    /// draft, published, withdrawn.
    pub state: String,
    /// Microseconds.
    pub uploaded: i64,
    /// Microseconds.
    pub published: Option<i64>,
    /// How often it was published.
    pub generation: u32,
    /// It was edited since it was published last.
    pub amended: bool,
    /// How many facts its stream has.
    pub version: u64,
    /// The file as it came.
    pub file: FileRef,
    /// md, txt, docx, pdf, html.
    pub format: String,
    /// The text as read.
    pub text: String,
    /// What was read, as corrected.
    pub draft: Draft,
}

const COLUMNS: &str =
    "id, state, uploaded, published, generation, amended, version, file, format, text, draft";

fn read(row: &Row) -> Result<Notice, StoreError> {
    Ok(Notice {
        id: row.text(0),
        state: row.text(1),
        uploaded: row.int(2),
        published: row.int_opt(3),
        generation: row.int(4) as u32,
        amended: row.int(5) != 0,
        version: row.int(6) as u64,
        file: serde_json::from_str(&row.text(7)).map_err(|e| shape("notice", e))?,
        format: row.text(8),
        text: row.text(9),
        draft: serde_json::from_str(&row.text(10)).map_err(|e| shape("notice", e))?,
    })
}

/// A notice by its id.
///
/// # Errors
/// What the database said.
pub fn get(db: &mut Db, id: &str) -> Result<Option<Notice>, StoreError> {
    db.row(
        &format!("SELECT {COLUMNS} FROM notices WHERE id = ?1"),
        &[id.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// All notices, newest first.
///
/// # Errors
/// What the database said.
pub fn list(db: &mut Db) -> Result<Vec<Notice>, StoreError> {
    db.rows(
        &format!("SELECT {COLUMNS} FROM notices ORDER BY uploaded DESC, id"),
        &[],
    )?
    .iter()
    .map(read)
    .collect()
}

/// How many duties each notice has laid down and not taken back.
///
/// # Errors
/// What the database said.
pub fn duty_counts(db: &mut Db) -> Result<std::collections::BTreeMap<String, u64>, StoreError> {
    Ok(db
        .rows(
            "SELECT notice, COUNT(*) FROM duties WHERE status <> 'cancelled' GROUP BY notice",
            &[],
        )?
        .iter()
        .map(|row| (row.text(0), row.int(1) as u64))
        .collect())
}

fn put(db: &mut Db, notice: &Notice) -> Result<(), StoreError> {
    let json = |e: serde_json::Error| shape("notice", e);
    let headings: std::collections::BTreeMap<u32, &String> = notice
        .draft
        .compiled
        .articles
        .iter()
        .map(|a| (a.no, &a.title))
        .collect();
    db.run(
        "INSERT INTO notices (id, state, title, headings, uploaded, published, generation, amended, version, file, format, text, draft) \
         VALUES (?1, ?2, ?3, ?13, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (id) DO UPDATE SET state = excluded.state, title = excluded.title, headings = excluded.headings, \
         published = excluded.published, generation = excluded.generation, amended = excluded.amended, version = excluded.version, draft = excluded.draft",
        &[
            notice.id.as_str().into(),
            notice.state.as_str().into(),
            notice.draft.compiled.title.as_str().into(),
            notice.uploaded.into(),
            notice.published.into(),
            notice.generation.into(),
            notice.amended.into(),
            notice.version.into(),
            serde_json::to_string(&notice.file).map_err(json)?.into(),
            notice.format.as_str().into(),
            notice.text.as_str().into(),
            serde_json::to_string(&notice.draft).map_err(json)?.into(),
            serde_json::to_string(&headings).map_err(json)?.into(),
        ],
    )?;
    let title = &notice.draft.compiled.title;
    search::put(
        db,
        "notice",
        &notice.id,
        None,
        title,
        notice.draft.compiled.number.as_deref().unwrap_or(""),
    )?;
    for article in &notice.draft.compiled.articles {
        let id = format!("{}#{}", notice.id, article.no);
        let words: String = article.text.chars().take(600).collect();
        search::put(
            db,
            "article",
            &id,
            None,
            &format!("{}{}", article.label, article.title),
            &words,
        )?;
    }
    Ok(())
}

pub(crate) fn apply(db: &mut Db, fact: &Fact, event: &Event) -> Result<(), StoreError> {
    let known = |db: &mut Db, id: &str| {
        get(db, id)?.ok_or_else(|| shape("notice", format!("{} before it was taken in", fact.kind)))
    };
    let mut notice = match event {
        Event::NoticeUploaded {
            id,
            file,
            format,
            text,
            compiled,
        } => Notice {
            id: id.to_string(),
            state: "draft".into(),
            uploaded: fact.recorded.as_microsecond(),
            published: None,
            generation: 0,
            amended: false,
            version: 0,
            file: file.clone(),
            format: format.clone(),
            text: text.clone(),
            draft: Draft::new((**compiled).clone()),
        },
        Event::NoticeEdited { id, edit } => {
            let mut notice = known(db, id.as_str())?;
            let text: Vec<char> = notice.text.chars().collect();
            // It was tried before it became a fact; what was sealed is taken as it stands.
            if let Ok(draft) = notice.draft.edit(edit, &text) {
                notice.draft = draft;
                notice.amended = notice.generation > 0;
            }
            notice
        }
        Event::NoticePublished { id, generation, .. } => {
            let mut notice = known(db, id.as_str())?;
            notice.state = "published".into();
            notice.published = Some(fact.recorded.as_microsecond());
            notice.generation = *generation;
            notice.amended = false;
            notice
        }
        Event::NoticeWithdrawn { id, .. } => {
            let mut notice = known(db, id.as_str())?;
            notice.state = "withdrawn".into();
            notice
        }
        _ => return Ok(()),
    };
    notice.version = fact.version;
    put(db, &notice)
}

/// A title, and the headings of the articles under it.
pub type Titles = (String, std::collections::BTreeMap<u32, String>);

/// The title of a notice and the headings of its articles, without reading the rest.
///
/// # Errors
/// What the database said.
pub fn titles(db: &mut Db, id: &str) -> Result<Option<Titles>, StoreError> {
    let Some(row) = db.row(
        "SELECT title, headings FROM notices WHERE id = ?1",
        &[id.into()],
    )?
    else {
        return Ok(None);
    };
    let headings = serde_json::from_str(&row.text(1)).map_err(|e| shape("notice", e))?;
    Ok(Some((row.text(0), headings)))
}

/// The state of a notice: draft, published, withdrawn.
///
/// # Errors
/// What the database said.
pub fn state(db: &mut Db, id: &str) -> Result<Option<String>, StoreError> {
    Ok(db
        .row("SELECT state FROM notices WHERE id = ?1", &[id.into()])?
        .map(|row| row.text(0)))
}
