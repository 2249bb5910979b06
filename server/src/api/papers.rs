//! Official papers: the monthly bulletin, and letters to one unit. The text is proposed from the data, edited on the
//! page, printed as .docx; that it was made is a fact, with the hash of the file.

use crate::app::App;
use crate::auth::Who;
use crate::files::{DOCX, download};
use crate::problem::{Json, Problem, Query};
use crate::views::{self, DutyRow, LightCounts, OrgRef, group};
use anlan_core::authority::{Command, Reach};
use anlan_core::calendar::date_of;
use anlan_core::duty::{Duty, FileRef, Light};
use anlan_core::fact::{Entry, Event, stream};
use anlan_core::id::{DutyId, OrgId, PaperId};
use anlan_core::org::OrgKind;
use anlan_documents::bulletin::{self, ArticleFigures, Figures, Tally, UnitFigures};
use anlan_documents::letter::{self, Block, Letter, LetterDuty, LetterKind};
use anlan_documents::{Bulletin, BulletinSection, bulletin_docx, letter_docx};
use anlan_store::db::Db;
use anlan_store::duties::{self, Day, Find, Group};
use anlan_store::files;
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A block of text that can be edited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Block)]
pub struct BlockView {
    id: String,
    heading: Option<String>,
    text: String,
}

/// A table as it will be printed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableView {
    caption: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A bulletin as proposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulletinDraft {
    month: String,
    title: String,
    office: String,
    number: Option<String>,
    blocks: Vec<BlockView>,
    tables: Vec<TableView>,
}

/// Which bulletin.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AskBulletin {
    /// 2026-03.
    month: String,
    notice: Option<String>,
}

/// Longest text of a block, in characters.
const TEXT_MAX: usize = 20_000;
/// Most blocks.
const BLOCKS_MAX: usize = 60;

fn month_of(text: &str) -> Result<(Date, Date), Problem> {
    let bad = || Problem::bad("月份应写作 2026-03", "Give the month as YYYY-MM");
    let (year, month) = text.split_once('-').ok_or_else(bad)?;
    let (year, month): (i16, i8) = (
        year.parse().map_err(|_| bad())?,
        month.parse().map_err(|_| bad())?,
    );
    if !(2000..=2100).contains(&year) || !(1..=12).contains(&month) {
        return Err(bad());
    }
    let first = date(year, month, 1);
    Ok((first, first.last_of_month()))
}

/// The office's orgs: who signs.
fn office(app: &App) -> (String, String) {
    let world = app.world();
    let found = world.tree.resolve("区安委办");
    found.first().and_then(|id| world.tree.get(id)).map_or_else(
        || ("安全生产委员会办公室".into(), "安委办".into()),
        |org| (org.name.clone(), org.short.clone()),
    )
}

fn tally(counts: &LightCounts) -> Tally {
    Tally {
        due: (counts.done + counts.done_late + counts.overdue) as u32,
        done_in_time: counts.done as u32,
        done_late: counts.done_late as u32,
        overdue: counts.overdue as u32,
    }
}

/// The figures of a bulletin: duties due in the year up to the end of the month, as they stand today.
fn figures(
    db: &mut Db,
    app: &App,
    month: (Date, Date),
    notice: Option<&str>,
) -> Result<Figures, Problem> {
    let (world, day) = (app.world(), app.day());
    // What was due in the year up to the end of the month; how it stands is said as of today.
    let upto = month.1.min(day.today);
    let span = Find {
        notice: notice.map(str::to_owned),
        due_from: Some(date(month.0.year(), 1, 1).to_string()),
        due_to: Some(upto.to_string()),
        ..Find::default()
    };
    let all = [Reach::District];
    let titles = views::titles(db)?;
    let (mut units, mut articles) = (BTreeMap::<String, (String, LightCounts)>::new(), Vec::new());
    // Due today is not late yet: only what was due before counts as overdue.
    for (org, light, count) in duties::counts(db, &span, &all, day, Group::Org)? {
        let Ok(id) = OrgId::try_from(org) else {
            continue;
        };
        let unit = world
            .tree
            .above(&id, OrgKind::Town)
            .map_or(id, |town| town.id.clone());
        let kind = world.org_ref(&unit).kind;
        if matches!(kind, OrgKind::Town | OrgKind::Department) {
            let entry = units
                .entry(unit.to_string())
                .or_insert_with(|| (world.org_ref(&unit).name, LightCounts::default()));
            entry.1.add(light, count);
        }
    }
    for (key, counts) in group(duties::counts(db, &span, &all, day, Group::Article)?) {
        let (notice, no) = key.split_once('#').unwrap_or_default();
        let article: u32 = no.parse().unwrap_or_default();
        let title = titles
            .get(notice)
            .and_then(|(_, headings)| headings.get(&article))
            .cloned()
            .unwrap_or_default();
        articles.push(ArticleFigures {
            article,
            title,
            tally: tally(&counts),
        });
    }
    let row = |duty: &Duty| {
        let due = duty.assigned.due?;
        let days_late = if due < day.today {
            due.until(day.today).map_or(0, |s| s.get_days())
        } else {
            0
        };
        Some(bulletin::DutyRow {
            unit: world.org_ref(&duty.assigned.org).name,
            article: duty.assigned.article,
            title: duty.assigned.title.clone(),
            due,
            days_late: days_late.max(0) as u32,
        })
    };
    let late = Find {
        light: Some("overdue".into()),
        sort: Some("due".into()),
        ..span.clone()
    };
    let (late, _) = duties::list(db, &late, &all, day, None, 60)?;
    let next = Find {
        notice: span.notice.clone(),
        light: Some("open".into()),
        due_from: Some(day.today.max(month.1).to_string()),
        due_to: month.1.checked_add(31.days()).ok().map(|d| d.to_string()),
        sort: Some("due".into()),
        ..Find::default()
    };
    let (next, _) = duties::list(db, &next, &all, day, None, 20)?;
    let title = notice
        .and_then(|id| titles.get(id))
        .or_else(|| titles.values().next_back())
        .map(|(title, _)| title.clone())
        .unwrap_or_default();
    let big = |duty: &&Duty| {
        !matches!(
            world.org_ref(&duty.assigned.org).kind,
            OrgKind::Village | OrgKind::Enterprise | OrgKind::Grid
        )
    };
    Ok(Figures {
        notice_title: title,
        office_short: office(app).1,
        period_label: format!("{}年{}月", month.0.year(), month.0.month()),
        as_of: day.today,
        units: units
            .into_values()
            .map(|(unit, counts)| UnitFigures {
                unit,
                tally: tally(&counts),
            })
            .collect(),
        articles,
        overdue: late.iter().filter(big).take(30).filter_map(row).collect(),
        upcoming: next.iter().filter(big).filter_map(row).collect(),
    })
}

fn blocks_of(figures: &Figures) -> (Vec<BlockView>, Vec<BulletinSection>) {
    let sections = bulletin::default_sections(figures);
    let mut blocks: Vec<BlockView> = bulletin::default_blocks(figures)
        .into_iter()
        .enumerate()
        .map(|(at, text)| BlockView {
            id: format!("summary-{at}"),
            heading: None,
            text,
        })
        .collect();
    blocks.extend(sections.iter().enumerate().map(|(at, section)| BlockView {
        id: format!("section-{at}"),
        heading: Some(section.heading.clone()),
        text: section.paragraphs.join("\n"),
    }));
    (blocks, sections)
}

/// The bulletin of a month as proposed from the data.
#[utoipa::path(get, path = "/api/v1/bulletin", params(AskBulletin), responses((status = 200, body = BulletinDraft)))]
pub async fn draft_bulletin(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<AskBulletin>,
) -> Result<Json<BulletinDraft>, Problem> {
    who.needs(Command::PrintPapers, &app)?;
    let month = month_of(&ask.month)?;
    let at = app.clone();
    let notice = ask.notice.clone();
    let figures = app
        .read(move |db| figures(db, &at, month, notice.as_deref()))
        .await?;
    let (blocks, sections) = blocks_of(&figures);
    let tables = sections
        .iter()
        .flat_map(|section| {
            section.tables.iter().map(|table| TableView {
                caption: if table.caption.is_empty() {
                    section.heading.clone()
                } else {
                    table.caption.clone()
                },
                columns: table.columns.iter().map(|c| c.title.clone()).collect(),
                rows: table.rows.clone(),
            })
        })
        .collect();
    Ok(Json(BulletinDraft {
        title: bulletin::default_title(&figures.period_label),
        month: ask.month,
        office: office(&app).0,
        number: None,
        blocks,
        tables,
    }))
}

/// A bulletin to be printed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PrintBulletin {
    month: String,
    #[serde(default)]
    notice: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    red_header: bool,
    /// The text as edited; none prints the proposal.
    #[serde(default)]
    blocks: Vec<BlockView>,
}

fn bounded(blocks: &[BlockView]) -> Result<(), Problem> {
    if blocks.len() > BLOCKS_MAX || blocks.iter().any(|b| b.text.chars().count() > TEXT_MAX) {
        return Err(Problem::bad(
            "文稿过长",
            "The paper is too long: at most 60 blocks of 20,000 characters",
        ));
    }
    Ok(())
}

/// Keeps a paper: the file, and the fact that it was made.
#[expect(
    clippy::too_many_arguments,
    reason = "the fields of one fact, used twice"
)]
async fn keep(
    app: &Arc<App>,
    who: &Who,
    bytes: &[u8],
    paper: &str,
    title: &str,
    org: Option<OrgId>,
    number: Option<String>,
    duties: Vec<DutyId>,
) -> Result<(), Problem> {
    let (store, content) = (app.store.clone(), bytes.to_vec());
    let sha256 = tokio::task::spawn_blocking(move || store.keep_bytes(&content))
        .await
        .map_err(Problem::ours)??;
    let file = FileRef {
        sha256: sha256.clone(),
        name: format!("{title}.docx"),
        size: bytes.len() as u64,
        media_type: DOCX.into(),
    };
    let (who, paper, title) = (who.clone(), paper.to_owned(), title.to_owned());
    app.write(move |w| {
        files::put(w.tx.db, &file, Some(who.person.id.as_str()), w.now)?;
        let id = PaperId::make(w.now.as_millisecond() as u64, w.app.clock.chance());
        let event = Event::PaperMade {
            id,
            paper,
            org: org.clone(),
            number,
            title,
            duties,
            sha256,
        };
        let at = w.now;
        w.append(
            &Entry::new(
                stream::PAPERS.to_owned(),
                event,
                Some(who.person.id.clone()),
                org.or_else(|| who.org().cloned()),
                at,
            ),
            None,
        )?;
        Ok(())
    })
    .await
}

/// Prints the bulletin.
#[utoipa::path(post, path = "/api/v1/bulletin", request_body = PrintBulletin, responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), (status = 422, body = Problem)))]
pub async fn print_bulletin(
    State(app): State<Arc<App>>,
    who: Who,
    Json(ask): Json<PrintBulletin>,
) -> Result<Response, Problem> {
    who.needs(Command::PrintPapers, &app)?;
    bounded(&ask.blocks)?;
    let month = month_of(&ask.month)?;
    let at = app.clone();
    let notice = ask.notice.clone();
    let figures = app
        .read(move |db| figures(db, &at, month, notice.as_deref()))
        .await?;
    let (proposed, mut sections) = blocks_of(&figures);
    let blocks = if ask.blocks.is_empty() {
        proposed
    } else {
        ask.blocks
    };
    let lines = |text: &str| {
        text.lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let summary = blocks
        .iter()
        .filter(|b| b.id.starts_with("summary"))
        .flat_map(|b| lines(&b.text))
        .collect();
    for (place, section) in sections.iter_mut().enumerate() {
        let id = format!("section-{place}");
        match blocks.iter().find(|b| b.id == id) {
            Some(block) => {
                section.paragraphs = lines(&block.text);
                if let Some(heading) = block.heading.as_ref().filter(|h| !h.trim().is_empty()) {
                    section.heading = heading.trim().to_owned();
                }
            }
            // A block that was taken out takes its table with it.
            None => section.heading.clear(),
        }
    }
    sections.retain(|section| !section.heading.is_empty());
    sections.extend(
        blocks
            .iter()
            .filter(|b| !b.id.starts_with("summary") && !b.id.starts_with("section-"))
            .map(|b| BulletinSection {
                heading: b.heading.clone().unwrap_or_else(|| "其他事项".into()),
                paragraphs: lines(&b.text),
                tables: Vec::new(),
            }),
    );
    let title = ask
        .title
        .filter(|t| !t.trim().is_empty())
        .unwrap_or_else(|| bulletin::default_title(&figures.period_label));
    let world = app.world();
    let paper = Bulletin {
        office: office(&app).0,
        number: ask.number.clone().filter(|n| !n.trim().is_empty()),
        title: title.clone(),
        date: date_of(app.now()),
        period_label: figures.period_label,
        summary,
        sections,
        addressees: vec!["各镇人民政府、各街道办事处".into(), "区直各有关单位".into()],
        copies_to: world
            .tree
            .of_kind(OrgKind::District)
            .first()
            .map(|org| org.short.clone())
            .into_iter()
            .collect(),
        red_header: ask.red_header,
        issued_by: None,
        contact: None,
    };
    let bytes =
        bulletin_docx(&paper).map_err(|e| Problem::bad("文稿不完整，无法生成", &e.to_string()))?;
    keep(
        &app,
        &who,
        &bytes,
        "bulletin",
        &title.replace('\n', ""),
        None,
        ask.number,
        Vec::new(),
    )
    .await?;
    Ok(download(
        &format!("{}.docx", title.replace('\n', "")),
        DOCX,
        bytes,
    ))
}

/// A letter as proposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterDraft {
    org: OrgRef,
    kind: String,
    title: String,
    number: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    answer_by: Option<Date>,
    meeting_at: Option<String>,
    place: Option<String>,
    blocks: Vec<BlockView>,
    duties: Vec<DutyRow>,
}

/// Which letter.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct AskLetter {
    org: String,
    /// reminder, circular, interview, supervision.
    kind: String,
}

fn kind_of(word: &str) -> Result<LetterKind, Problem> {
    match word {
        "reminder" => Ok(LetterKind::Reminder),
        "circular" => Ok(LetterKind::Circular),
        "interview" => Ok(LetterKind::Interview),
        "supervision" => Ok(LetterKind::Supervision),
        _ => Err(Problem::bad(
            "没有这种函件",
            "Letters are reminder, circular, interview, supervision",
        )),
    }
}

/// Duties a letter is about: overdue ones, and for a reminder those that are near.
fn duties_for(db: &mut Db, org: &OrgId, kind: LetterKind, day: Day) -> Result<Vec<Duty>, Problem> {
    let find = |light: &str| Find {
        under: Some(org.to_string()),
        light: Some(light.into()),
        sort: Some("due".into()),
        ..Find::default()
    };
    let (mut rows, _) = duties::list(db, &find("overdue"), &[Reach::District], day, None, 50)?;
    if kind == LetterKind::Reminder {
        rows.extend(duties::list(db, &find("due-soon"), &[Reach::District], day, None, 50)?.0);
    }
    Ok(rows)
}

fn letter_of(
    app: &App,
    org: &OrgId,
    kind: LetterKind,
    rows: &[Duty],
    titles: &views::Titles,
    day: Day,
) -> Result<Letter, Problem> {
    let world = app.world();
    let to = world
        .tree
        .get(org)
        .map(|o| o.name.clone())
        .ok_or_else(Problem::missing)?;
    let (office, office_short) = office(app);
    let notice_title = rows
        .first()
        .and_then(|d| titles.get(d.assigned.notice.as_str()))
        .map(|(t, _)| t.clone())
        .unwrap_or_default();
    Ok(Letter {
        kind,
        to,
        notice_title,
        duties: rows
            .iter()
            .map(|duty| LetterDuty {
                article: duty.assigned.article,
                title: duty.assigned.title.clone(),
                quote: duty.assigned.quote.clone(),
                due: duty.assigned.due,
                days_late: duty
                    .assigned
                    .due
                    .filter(|_| duty.light(day.today, day.soon) == Light::Overdue)
                    .and_then(|due| due.until(day.today).ok())
                    .map_or(0, |span| span.get_days().max(0) as u32),
            })
            .collect(),
        as_of: day.today,
        answer_by: Some(world.calendar.shift(day.today, 5)),
        meet_at: None,
        meet_place: None,
        office,
        office_short,
        number: None,
        date: day.today,
        red_header: true,
        title: None,
        addressees: Vec::new(),
        copies_to: Vec::new(),
        contact: None,
        blocks: Vec::new(),
    })
}

/// A letter to a unit as proposed from its duties.
#[utoipa::path(get, path = "/api/v1/letters/draft", params(AskLetter), responses((status = 200, body = LetterDraft), (status = 422, body = Problem)))]
pub async fn draft_letter(
    State(app): State<Arc<App>>,
    who: Who,
    Query(ask): Query<AskLetter>,
) -> Result<Json<LetterDraft>, Problem> {
    who.needs(Command::PrintPapers, &app)?;
    let kind = kind_of(&ask.kind)?;
    let org = OrgId::try_from(ask.org).map_err(|_| Problem::missing())?;
    let (day, world) = (app.day(), app.world());
    let key = org.clone();
    let (rows, titles) = app
        .read(move |db| Ok((duties_for(db, &key, kind, day)?, views::titles(db)?)))
        .await?;
    let mut letter = letter_of(&app, &org, kind, &rows, &titles, day)?;
    if kind == LetterKind::Interview {
        let at = world.calendar.shift(day.today, 3);
        letter.meet_at = Some(at.at(15, 0, 0, 0));
        letter.meet_place = Some(format!("{}会议室", letter.office_short));
    }
    let blocks = letter::default_blocks(&letter)
        .into_iter()
        .enumerate()
        .map(|(at, block)| match block {
            Block::Heading(text) => BlockView {
                id: format!("heading-{at}"),
                heading: Some(text),
                text: String::new(),
            },
            Block::Paragraph(text) => BlockView {
                id: format!("paragraph-{at}"),
                heading: None,
                text,
            },
            Block::Duties => BlockView {
                id: format!("duties-{at}"),
                heading: None,
                text: "（责任清单表）".into(),
            },
        })
        .collect();
    Ok(Json(LetterDraft {
        org: world.org_ref(&org),
        title: letter::default_title(&letter),
        kind: ask.kind,
        number: None,
        answer_by: letter.answer_by,
        meeting_at: letter.meet_at.map(|at| at.to_string()),
        place: letter.meet_place.clone(),
        blocks,
        duties: rows
            .iter()
            .map(|duty| views::duty_row(duty, &titles, &world, day))
            .collect(),
    }))
}

/// A letter to be printed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PrintLetter {
    org: String,
    kind: String,
    /// Ids of the duties it is about.
    duties: Vec<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    answer_by: Option<Date>,
    /// 2026-03-05T15:00, local time.
    #[serde(default)]
    meeting_at: Option<String>,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    blocks: Vec<BlockView>,
    #[serde(default)]
    red_header: bool,
}

/// Prints a letter; that it was made is a fact.
#[utoipa::path(post, path = "/api/v1/letters", request_body = PrintLetter, responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), (status = 422, body = Problem)))]
pub async fn print_letter(
    State(app): State<Arc<App>>,
    who: Who,
    Json(ask): Json<PrintLetter>,
) -> Result<Response, Problem> {
    who.needs(Command::PrintPapers, &app)?;
    bounded(&ask.blocks)?;
    let kind = kind_of(&ask.kind)?;
    let org = OrgId::try_from(ask.org).map_err(|_| Problem::missing())?;
    let day = app.day();
    let ids = ask.duties.clone();
    let (rows, titles) = app
        .read(move |db| {
            let mut rows = Vec::new();
            for id in ids.iter().take(200) {
                rows.extend(duties::get(db, id)?);
            }
            Ok((rows, views::titles(db)?))
        })
        .await?;
    let mut letter = letter_of(&app, &org, kind, &rows, &titles, day)?;
    letter.number = ask.number.clone().filter(|n| !n.trim().is_empty());
    letter.answer_by = ask.answer_by.or(letter.answer_by);
    letter.title = ask.title.filter(|t| !t.trim().is_empty());
    letter.red_header = ask.red_header;
    letter.meet_place = ask.place.filter(|p| !p.trim().is_empty());
    if let Some(at) = ask.meeting_at.filter(|at| !at.is_empty()) {
        let civil = at.get(..16).unwrap_or(&at);
        letter.meet_at = Some(
            civil
                .parse::<DateTime>()
                .map_err(|e| Problem::bad("约谈时间应写作 2026-03-05T15:00", &e.to_string()))?,
        );
    }
    letter.blocks = ask
        .blocks
        .iter()
        .map(
            |block| match (&block.heading, block.id.starts_with("duties")) {
                (_, true) => Block::Duties,
                (Some(heading), _) if block.text.trim().is_empty() => {
                    Block::Heading(heading.clone())
                }
                _ => Block::Paragraph(block.text.clone()),
            },
        )
        .collect();
    let title = letter
        .title
        .clone()
        .unwrap_or_else(|| letter::default_title(&letter));
    let bytes = letter_docx(&letter)
        .map_err(|e| Problem::bad("函件内容不完整，无法生成", &e.to_string()))?;
    let about = rows.iter().map(|duty| duty.assigned.id.clone()).collect();
    keep(
        &app,
        &who,
        &bytes,
        &ask.kind,
        &title.replace('\n', ""),
        Some(org),
        ask.number,
        about,
    )
    .await?;
    Ok(download(
        &format!("{}.docx", title.replace('\n', "")),
        DOCX,
        bytes,
    ))
}
