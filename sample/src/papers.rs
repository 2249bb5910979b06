//! What is demanded: the sample notices, moved to the year of the sample, and what the office corrected in them
//! before they were published.

use crate::SampleError;
use crate::district::Who;
use crate::files::reference;
use anlan_core::calendar::{OFFSET, date_of, start_of};
use anlan_core::draft::{Draft, Edit};
use anlan_core::duty::FileRef;
use anlan_core::expand;
use anlan_core::id::{NoticeId, OrgId};
use anlan_core::notice::{Compiled, Every, MeasureKind};
use anlan_core::org::OrgKind;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

/// The year the notices were written for.
const WRITTEN_FOR: i16 = 2026;

/// From how many departments on the office narrows 各有关单位 down.
const DEPARTMENTS_MANY: usize = 25;
/// To how many.
const DEPARTMENTS_KEPT: usize = 10;
/// From how many orgs of one kind on "each of them" is too many to follow month by month.
const EACH_MANY: usize = 30;
/// Below this the office looks twice whether a sentence demands anything.
const UNSURE: f64 = 0.6;

/// The days from which the sample's year hangs.
#[derive(Debug, Clone, Copy)]
pub struct Dates {
    /// The year: that of `now`.
    pub year: i16,
    /// When the district was set up.
    pub founded: Timestamp,
    /// The date under the main notice.
    pub issued: Date,
    /// When it was published here.
    pub published: Timestamp,
}

impl Dates {
    /// The main notice is dated 12 January and published on the 15th; in the first days of a year a little before
    /// today instead, so that nothing lies in the future.
    pub fn new(now: Timestamp) -> Self {
        let today = date_of(now);
        let back = |days: i32| today.checked_sub(days.days()).unwrap_or(today);
        let year = today.year();
        let day = date(year, 1, 15).min(back(3));
        Self {
            year,
            founded: at(day.checked_sub(26.days()).unwrap_or(day), 9, 0),
            issued: date(year, 1, 12).min(back(4)),
            published: at(day, 10, 0),
        }
    }
}

/// An instant of a day in China.
pub fn at(day: Date, hour: i8, minute: i8) -> Timestamp {
    OFFSET
        .to_timestamp(day.at(hour, minute, 0, 0))
        .unwrap_or_else(|_| start_of(day))
}

/// A notice on its way from the file to the duties.
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// The file.
    pub source: (FileRef, Vec<u8>),
    /// md or txt.
    pub format: &'static str,
    /// Its text.
    pub text: String,
    /// As the compiler read it.
    pub compiled: Compiled,
    /// What the office corrected.
    pub edits: Vec<Edit>,
    /// With those corrections.
    pub draft: Draft,
    /// When it was taken in.
    pub uploaded: Timestamp,
    /// When it was published, if it was.
    pub published: Option<Timestamp>,
}

/// The text for another year: all years in it move along.
pub fn moved(text: &str, year: i16) -> String {
    let mut out = text.to_owned();
    // Through marks that no text holds, so that no year is moved twice.
    for offset in [-1, 0, 1] {
        out = out.replace(
            &(WRITTEN_FOR + offset).to_string(),
            &format!("\u{0}{}", offset + 1),
        );
    }
    for offset in [-1, 0, 1] {
        out = out.replace(
            &format!("\u{0}{}", offset + 1),
            &(year + offset).to_string(),
        );
    }
    out
}

/// A date as official papers write it.
fn written(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// The year's notices as far as they had come by `now`.
///
/// # Errors
/// When a correction is refused.
pub fn make(
    who: &Who,
    dates: &Dates,
    now: Timestamp,
    read: &dyn Fn(&str) -> Compiled,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Notice>, SampleError> {
    let year = dates.year;
    let today = date_of(now);
    let mut out = Vec::new();
    let main = moved(include_str!("../notice/notice-2026.md"), year)
        .replace(&written(date(year, 1, 12)), &written(dates.issued));
    out.push(take_in(
        who,
        "main",
        format!("关于做好{year}年安全生产和防灾减灾救灾重点工作的通知.md"),
        "md",
        main,
        dates.published - 3.hours(),
        Some(dates.published),
        read,
        rng,
    )?);
    let flood = at(date(year, 4, 10), 15, 0);
    if flood <= now - 24.hours() {
        out.push(take_in(
            who,
            "flood",
            format!("关于做好{year}年防汛备汛工作的通知.txt"),
            "txt",
            moved(include_str!("../notice/notice-2026-flood.txt"), year),
            flood - 2.hours(),
            Some(flood),
            read,
            rng,
        )?);
    }
    // The latest one has just come in and lies on the office's desk.
    if today >= date(year, 10, 24) {
        let desk = at(today.checked_sub(1.day()).unwrap_or(today), 16, 20);
        out.push(take_in(
            who,
            "fire",
            format!("关于印发{year}年冬春火灾防控工作方案的通知.md"),
            "md",
            moved(include_str!("../notice/notice-2026-fire.md"), year),
            desk,
            None,
            read,
            rng,
        )?);
    }
    Ok(out)
}

#[expect(
    clippy::too_many_arguments,
    reason = "a notice has that many sides; called three times, above"
)]
fn take_in(
    who: &Who,
    word: &str,
    name: String,
    format: &'static str,
    text: String,
    uploaded: Timestamp,
    published: Option<Timestamp>,
    read: &dyn Fn(&str) -> Compiled,
    rng: &mut ChaCha8Rng,
) -> Result<Notice, SampleError> {
    let compiled = read(&text);
    let mut draft = Draft::new(compiled.clone());
    let chars: Vec<char> = text.chars().collect();
    let edits = if published.is_some() {
        corrections(&draft, who, rng)
    } else {
        Vec::new()
    };
    for edit in &edits {
        draft = draft
            .edit(edit, &chars)
            .map_err(|refusal| SampleError::Edit(refusal.words().0))?;
    }
    let bytes = text.clone().into_bytes();
    let year = date_of(uploaded).year();
    Ok(Notice {
        id: NoticeId::try_from(format!("notice_sample-{word}-{year}"))?,
        source: (reference(name, "text/plain", &bytes), bytes),
        format,
        text,
        compiled,
        edits,
        draft,
        uploaded,
        published,
    })
}

/// What the office corrects before publishing: it says who 各有关单位 are, lays on enterprises only what they can
/// file themselves, and strikes one sentence that demands nothing.
fn corrections(draft: &Draft, who: &Who, rng: &mut ChaCha8Rng) -> Vec<Edit> {
    let tree = &who.tree;
    let kind = |id: &OrgId| tree.get(id).map(|org| org.kind);
    let mut out = Vec::new();
    for demand in draft.demands() {
        let owners = expand::owners(draft, demand, tree);
        let mut kept = owners.orgs.clone();
        // Enterprises without an account cannot answer; their regulators follow them.
        kept.retain(|id| kind(id) != Some(OrgKind::Enterprise) || who.filer(id).is_some());
        let often = demand.recurrence.as_ref().is_some_and(|r| {
            matches!(
                r.every,
                Every::Day | Every::Week | Every::TenDays | Every::Month
            )
        });
        if often && kept.iter().any(|id| kind(id) == Some(OrgKind::Town)) {
            kept.retain(|id| kind(id) != Some(OrgKind::Village));
        }
        // A standing request to villages is followed up by their towns.
        if demand.measure == MeasureKind::Continuous {
            let villages = kept.len();
            kept.retain(|id| kind(id) != Some(OrgKind::Village));
            if kept.is_empty() && villages > 0 {
                kept = tree
                    .of_kind(OrgKind::Town)
                    .into_iter()
                    .map(|town| town.id.clone())
                    .collect();
            }
        }
        let departments: Vec<OrgId> = kept
            .iter()
            .filter(|id| kind(id) == Some(OrgKind::Department))
            .cloned()
            .collect();
        if often && departments.len() > DEPARTMENTS_KEPT && !owners.lead.is_empty() {
            // What comes round every month is reported by those who lead.
            kept.retain(|id| kind(id) != Some(OrgKind::Department) || owners.lead.contains(id));
        } else if departments.len() > DEPARTMENTS_MANY {
            let mut chosen: Vec<OrgId> = owners.lead.clone();
            let others: Vec<OrgId> = departments
                .iter()
                .filter(|id| !chosen.contains(id))
                .cloned()
                .collect();
            let more = DEPARTMENTS_KEPT.saturating_sub(chosen.len());
            chosen.extend(others.choose_multiple(rng, more).cloned());
            kept.retain(|id| kind(id) != Some(OrgKind::Department) || chosen.contains(id));
        }
        let mut corrected = demand.clone();
        let of_enterprises = owners
            .each
            .iter()
            .any(|id| kind(id) == Some(OrgKind::Enterprise));
        if owners.each.len() > EACH_MANY && (of_enterprises || often) {
            corrected.each = None;
        }
        if kept != owners.orgs || corrected.each != demand.each {
            out.push(Edit::Correct {
                id: demand.id.clone(),
                demand: corrected,
                owners: (kept != owners.orgs).then_some(kept),
            });
        }
    }
    let unsure = draft
        .demands()
        .filter(|d| d.measure == MeasureKind::Continuous && d.confidence < UNSURE)
        .min_by(|a, b| a.confidence.total_cmp(&b.confidence));
    if let Some(demand) = unsure {
        out.push(Edit::Reject {
            id: demand.id.clone(),
            reason: "原则性要求，不单独立项。".to_owned(),
        });
    }
    out
}
