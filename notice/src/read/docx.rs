//! Word documents: paragraphs become lines, tables become rows of cells, numbers that Word makes itself
//! (自动编号) are written out as a reader sees them.
//!
//! Deleted and moved-away text is left out, inserted text kept. Words in a text box stand before the
//! paragraph it hangs on. Footnotes and endnotes are listed behind the text as 脚注1：…, so that nothing is
//! lost and no sentence is broken; headers, footers and comments are not read.

use std::collections::HashMap;

use anlan_core::notice::Span;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::builder::Builder;
use super::zipped::Container;
use super::{ReadError, TEXT_MAX};
use crate::numerals::to_chinese;
use crate::text::{Cell, Format, Text};

/// Deepest nesting of elements.
const DEPTH_MAX: usize = 400;
/// Most levels of a numbered list.
const LEVELS: usize = 9;
/// Most notes listed behind the text.
const NOTES_MAX: usize = 1000;
/// Most columns a merged cell may span.
const SPAN_MAX: usize = 64;

/// Reads a .docx.
pub fn read(bytes: &[u8]) -> Result<Text, ReadError> {
    let mut container = Container::open(bytes)?;
    if !container.has("word/document.xml") {
        let kind = if container.has_folder("xl/") {
            "Excel 表格"
        } else if container.has_folder("ppt/") {
            "演示文稿"
        } else if container.has("OFD.xml") {
            "OFD 版式文件"
        } else if container.has("content.xml") {
            "ODF 文档"
        } else {
            "压缩包"
        };
        return Err(ReadError::Unsupported { kind });
    }
    let numbering = container
        .part("word/numbering.xml")?
        .map(|b| numbering(&b))
        .transpose()?
        .unwrap_or_default();
    let styles = container
        .part("word/styles.xml")?
        .map(|b| styles(&b))
        .transpose()?
        .unwrap_or_default();
    let body = container
        .part("word/document.xml")?
        .ok_or(ReadError::Broken {
            kind: " Word ",
            detail: "没有正文",
        })?;
    let mut notes = Vec::new();
    for part in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(b) = container.part(part)? {
            notes.extend(footnotes(&b)?);
        }
    }
    document(&body, &numbering, &styles, &notes)
}

/// Words of the notes of a part, those that Word makes for its own rules left out.
fn footnotes(bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let words = xml(bytes)?;
    let mut reader = Reader::from_str(&words);
    let mut out: Vec<String> = Vec::new();
    let (mut inside, mut taking, mut hidden) = (false, false, 0usize);
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(e) | Event::Empty(e) => match name(&e).as_str() {
                "footnote" | "endnote" if !empty => {
                    inside = attribute(&e, "type").is_none_or(|t| t == "normal");
                    if inside && out.len() < NOTES_MAX {
                        out.push(String::new());
                    }
                }
                "del" | "moveFrom" if !empty => hidden += 1,
                "t" => taking = !empty,
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "t" => taking = false,
                "del" | "moveFrom" => hidden = hidden.saturating_sub(1),
                _ => {}
            },
            Event::Text(t) if taking && inside && hidden == 0 => {
                if let Some(last) = out.last_mut().filter(|l| l.len() < TEXT_MAX) {
                    last.push_str(&t);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    out.retain(|n| !n.trim().is_empty());
    Ok(out)
}

#[derive(Debug, Default, Clone)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

#[derive(Debug, Default)]
struct Numbering {
    lists: HashMap<String, Vec<Level>>,
    nums: HashMap<String, String>,
}

#[derive(Debug, Default, Clone)]
struct Style {
    num: Option<String>,
    level: usize,
    outline: Option<u8>,
    based: Option<String>,
}

fn broken() -> ReadError {
    ReadError::Broken {
        kind: " Word ",
        detail: "XML 不完整",
    }
}

fn name(e: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(e.local_name().as_ref().as_bytes()).into_owned()
}

fn attribute(e: &BytesStart<'_>, want: &str) -> Option<String> {
    e.attributes()
        .filter_map(Result::ok)
        .find(|a| a.key.local_name().as_ref().as_bytes() == want.as_bytes())
        .map(|a| {
            a.normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map(|v| v.into_owned())
                .unwrap_or_default()
        })
}

fn on(e: &BytesStart<'_>) -> bool {
    !matches!(
        attribute(e, "val").as_deref(),
        Some("0" | "false" | "off" | "none")
    )
}

/// XML as text: UTF-8, or UTF-16 with a mark.
fn xml(bytes: &[u8]) -> Result<String, ReadError> {
    let words = super::encoding::decode(bytes).map_err(|_| broken())?;
    Ok(words)
}

fn numbering(bytes: &[u8]) -> Result<Numbering, ReadError> {
    let words = xml(bytes)?;
    let mut reader = Reader::from_str(&words);
    let mut out = Numbering::default();
    let (mut list, mut level, mut num) = (String::new(), 0usize, String::new());
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(e) | Event::Empty(e) => match name(&e).as_str() {
                "abstractNum" => {
                    list = attribute(&e, "abstractNumId").unwrap_or_default();
                    out.lists.insert(
                        list.clone(),
                        vec![
                            Level {
                                start: 1,
                                ..Level::default()
                            };
                            LEVELS
                        ],
                    );
                }
                "lvl" => {
                    level = attribute(&e, "ilvl")
                        .and_then(|v| v.parse().ok())
                        .unwrap_or(0)
                        .min(LEVELS - 1)
                }
                "numFmt" => set(&mut out, &list, level, |l| {
                    l.format = attribute(&e, "val").unwrap_or_default()
                }),
                "lvlText" => set(&mut out, &list, level, |l| {
                    l.text = attribute(&e, "val")
                        .unwrap_or_default()
                        .chars()
                        .take(24)
                        .collect()
                }),
                "start" => set(&mut out, &list, level, |l| {
                    l.start = attribute(&e, "val")
                        .and_then(|v| v.parse().ok())
                        .unwrap_or(1)
                }),
                "num" => {
                    num = attribute(&e, "numId").unwrap_or_default();
                    // Levels in w:num are overrides and must not change the list.
                    list.clear();
                }
                "abstractNumId" => {
                    out.nums
                        .insert(num.clone(), attribute(&e, "val").unwrap_or_default());
                }
                _ => {}
            },
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

fn set(out: &mut Numbering, list: &str, level: usize, change: impl FnOnce(&mut Level)) {
    if let Some(l) = out.lists.get_mut(list).and_then(|l| l.get_mut(level)) {
        change(l);
    }
}

fn styles(bytes: &[u8]) -> Result<HashMap<String, Style>, ReadError> {
    let words = xml(bytes)?;
    let mut reader = Reader::from_str(&words);
    let mut out: HashMap<String, Style> = HashMap::new();
    let mut id = String::new();
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(e) | Event::Empty(e) => {
                let n = name(&e);
                if n == "style" {
                    id = attribute(&e, "styleId").unwrap_or_default();
                    out.insert(id.clone(), Style::default());
                    continue;
                }
                let Some(style) = out.get_mut(&id) else {
                    continue;
                };
                match n.as_str() {
                    "numId" => style.num = attribute(&e, "val"),
                    "ilvl" => {
                        style.level = attribute(&e, "val")
                            .and_then(|v| v.parse().ok())
                            .unwrap_or(0)
                    }
                    "outlineLvl" => {
                        style.outline = attribute(&e, "val").and_then(|v| v.parse().ok())
                    }
                    "basedOn" => style.based = attribute(&e, "val"),
                    _ => {}
                }
            }
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

/// A style with what it takes from the styles it is based on.
fn resolve(styles: &HashMap<String, Style>, id: &str) -> Style {
    let mut out = styles.get(id).cloned().unwrap_or_default();
    let mut next = out.based.clone();
    for _ in 0..8 {
        let Some(s) = next.as_ref().and_then(|n| styles.get(n)) else {
            break;
        };
        out.num = out.num.or_else(|| s.num.clone());
        out.outline = out.outline.or(s.outline);
        next.clone_from(&s.based);
    }
    out
}

fn counted(n: u32, format: &str) -> Option<String> {
    Some(match format {
        "bullet" | "none" => return None,
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "ideographDigital"
        | "chineseLegalSimplified"
        | "taiwaneseCountingThousand"
        | "taiwaneseCounting"
        | "koreanDigital" => to_chinese(n),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&n) => {
            char::from_u32(0x245f + n)?.to_string()
        }
        "decimalFullWidth" => n
            .to_string()
            .chars()
            .map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap_or(c))
            .collect(),
        "decimalZero" => format!("{n:02}"),
        _ => n.to_string(),
    })
}

/// Counters of one list; a deeper level starts again when a higher one moves.
#[derive(Default)]
struct Counters(HashMap<String, [u32; LEVELS]>);

impl Counters {
    fn label(&mut self, numbering: &Numbering, num: &str, level: usize) -> Option<String> {
        let id = numbering.nums.get(num)?;
        let levels = numbering.lists.get(id)?;
        let level = level.min(LEVELS - 1);
        let counts = self.0.entry(id.clone()).or_insert([0; LEVELS]);
        let here = &mut counts[level];
        *here = if *here == 0 {
            levels[level].start.max(1)
        } else {
            here.saturating_add(1)
        };
        counts[level + 1..].fill(0);
        let mut out = String::new();
        let mut chars = levels[level].text.chars();
        counted(1, &levels[level].format)?;
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let k = chars
                .next()
                .and_then(|d| d.to_digit(10))
                .unwrap_or(1)
                .clamp(1, LEVELS as u32) as usize
                - 1;
            let n = if counts[k] == 0 {
                levels[k].start.max(1)
            } else {
                counts[k]
            };
            // Under a decimal level a Chinese one is still printed as Word does, in its own form.
            out.push_str(&counted(n, &levels[k].format)?);
        }
        Some(out)
    }
}

#[derive(Default)]
struct Paragraph {
    words: String,
    bold: Vec<(usize, usize)>,
    count: usize,
    style: Option<String>,
    num: Option<String>,
    level: Option<usize>,
    outline: Option<u8>,
}

#[derive(Default)]
struct Frame {
    rows: Vec<Vec<Cell>>,
    row: Vec<Cell>,
    cell_start: usize,
    span: usize,
    merged: bool,
    start: usize,
    skip: usize,
}

fn document(
    bytes: &[u8],
    numbering: &Numbering,
    styles: &HashMap<String, Style>,
    notes: &[String],
) -> Result<Text, ReadError> {
    let words = xml(bytes)?;
    let mut reader = Reader::from_str(&words);
    let mut out = Builder::default();
    let mut counters = Counters::default();
    let mut paras: Vec<Paragraph> = Vec::new();
    let mut tables: Vec<Frame> = Vec::new();
    let (mut depth, mut hidden, mut bold, mut run_hidden) = (0usize, 0usize, false, false);
    let mut taking = false;
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(e) | Event::Empty(e) => {
                let n = name(&e);
                if !empty {
                    depth += 1;
                    if depth > DEPTH_MAX {
                        return Err(ReadError::Hostile {
                            what: "XML 嵌套过深",
                        });
                    }
                }
                if hidden > 0
                    || matches!(n.as_str(), "del" | "moveFrom" | "Fallback" | "instrText" | "delText" | "pict" if n != "pict")
                {
                    if !empty && (hidden > 0 || n != "pict") {
                        hidden += 1;
                    }
                    continue;
                }
                match n.as_str() {
                    "p" if !empty => paras.push(Paragraph::default()),
                    "p" => out.line(tables.is_empty()),
                    "r" => (bold, run_hidden) = (false, false),
                    "b" => bold = on(&e),
                    "vanish" => run_hidden = on(&e),
                    "t" => taking = !empty && !run_hidden,
                    "tab" if depth > 0 && !paras.is_empty() => {
                        push(&mut paras, "\u{3000}", false, run_hidden)
                    }
                    "br" | "cr" => push(&mut paras, "\n", false, run_hidden),
                    "noBreakHyphen" => push(&mut paras, "-", bold, run_hidden),
                    "pStyle" => with(&mut paras, |p| p.style = attribute(&e, "val")),
                    "numId" => with(&mut paras, |p| p.num = attribute(&e, "val")),
                    "ilvl" => with(&mut paras, |p| {
                        p.level = attribute(&e, "val").and_then(|v| v.parse().ok())
                    }),
                    "outlineLvl" => with(&mut paras, |p| {
                        p.outline = attribute(&e, "val").and_then(|v| v.parse().ok())
                    }),
                    "tbl" if !empty => {
                        out.end_line();
                        tables.push(Frame {
                            start: out.len(),
                            ..Frame::default()
                        });
                    }
                    "tc" if !empty => {
                        if let Some(t) = tables.last_mut() {
                            t.cell_start = out.len();
                            t.span = 1;
                            t.merged = false;
                        }
                    }
                    "gridSpan" => cell(&mut tables, |t| {
                        t.span = attribute(&e, "val")
                            .and_then(|v| v.parse().ok())
                            .unwrap_or(1)
                            .clamp(1, SPAN_MAX)
                    }),
                    "gridBefore" => cell(&mut tables, |t| {
                        t.skip = attribute(&e, "val")
                            .and_then(|v| v.parse().ok())
                            .unwrap_or(0)
                            .min(SPAN_MAX)
                    }),
                    "vMerge" => {
                        let goes_on = attribute(&e, "val").is_none_or(|v| v == "continue");
                        cell(&mut tables, |t| t.merged = goes_on);
                    }
                    _ => {}
                }
            }
            Event::End(e) => {
                depth = depth.saturating_sub(1);
                if hidden > 0 {
                    hidden -= 1;
                    continue;
                }
                match e.local_name().as_ref() {
                    "t" => taking = false,
                    "p" => {
                        if let Some(p) = paras.pop() {
                            finish(
                                &mut out,
                                p,
                                numbering,
                                styles,
                                &mut counters,
                                !tables.is_empty(),
                            );
                        }
                    }
                    "tc" => end_cell(&mut out, &mut tables),
                    "tr" => end_row(&mut out, &mut tables),
                    "tbl" => end_table(&mut out, &mut tables),
                    _ => {}
                }
            }
            Event::Text(t) if taking && hidden == 0 => {
                push(&mut paras, &t, bold, run_hidden);
            }
            Event::CData(t) if taking && hidden == 0 => {
                push(&mut paras, &t, bold, run_hidden);
            }
            Event::GeneralRef(r) if taking && hidden == 0 => {
                let c = match r.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    _ => match &*r {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    },
                };
                if let Some(c) = c {
                    push(&mut paras, c.encode_utf8(&mut [0; 4]), bold, run_hidden);
                }
            }
            Event::Eof => break,
            _ => {}
        }
        if out.len() > TEXT_MAX {
            return Err(super::text_too_large());
        }
    }
    for (k, note) in notes.iter().enumerate() {
        out.end_line();
        out.push(&format!("脚注{}：{}", k + 1, note.trim()));
        out.line(false);
        if out.len() > TEXT_MAX {
            return Err(super::text_too_large());
        }
    }
    Ok(out.text(Format::Docx))
}

fn push(paras: &mut [Paragraph], words: &str, bold: bool, hidden: bool) {
    if hidden {
        return;
    }
    if let Some(p) = paras.last_mut() {
        let n = words.chars().count();
        if bold {
            match p.bold.last_mut() {
                Some(b) if b.1 == p.count => b.1 += n,
                _ => p.bold.push((p.count, p.count + n)),
            }
        }
        p.words.push_str(words);
        p.count += n;
    }
}

fn with(paras: &mut [Paragraph], change: impl FnOnce(&mut Paragraph)) {
    if let Some(p) = paras.last_mut() {
        change(p);
    }
}

fn cell(tables: &mut [Frame], change: impl FnOnce(&mut Frame)) {
    if let Some(t) = tables.last_mut() {
        change(t);
    }
}

fn finish(
    out: &mut Builder,
    p: Paragraph,
    numbering: &Numbering,
    styles: &HashMap<String, Style>,
    counters: &mut Counters,
    in_table: bool,
) {
    let style = p
        .style
        .as_deref()
        .map(|s| resolve(styles, s))
        .unwrap_or_default();
    let num = p.num.or(style.num).filter(|n| n != "0");
    let label = num
        .and_then(|n| counters.label(numbering, &n, p.level.unwrap_or(style.level)))
        .filter(|_| !p.words.trim().is_empty());
    let outline = p.outline.or(style.outline).filter(|o| *o < 6);
    if !in_table && let Some(o) = outline {
        out.heading(o + 1);
    }
    let lead = label.as_ref().map_or(0, |l| l.chars().count());
    let at = out.len() + lead;
    if let Some(l) = label {
        out.push(&l);
    }
    out.push(&p.words);
    for (a, b) in p.bold {
        // A label that Word makes is set like the words it stands before.
        let from = if a == 0 { at - lead } else { at + a };
        out.bold(Span(from as u32, (at + b) as u32));
    }
    out.line(!in_table);
}

fn end_cell(out: &mut Builder, tables: &mut [Frame]) {
    let Some(t) = tables.last_mut() else { return };
    out.trim_line(t.cell_start);
    let mut span = Span(t.cell_start as u32, out.len() as u32);
    let column = t.row.len() + t.skip;
    if t.merged
        && let Some(above) = t.rows.last().and_then(|r| r.get(column))
    {
        span = above.span;
    }
    for _ in 0..std::mem::take(&mut t.skip) {
        t.row.push(Cell {
            span: Span(span.0, span.0),
        });
    }
    for _ in 0..t.span.max(1) {
        if t.row.len() < SPAN_MAX {
            t.row.push(Cell { span });
        }
    }
    out.separator('\t');
}

fn end_row(out: &mut Builder, tables: &mut [Frame]) {
    let Some(t) = tables.last_mut() else { return };
    let row = std::mem::take(&mut t.row);
    if !row.is_empty() {
        t.rows.push(row);
    }
    out.end_row();
}

fn end_table(out: &mut Builder, tables: &mut Vec<Frame>) {
    let Some(t) = tables.pop() else { return };
    out.end_line();
    let nested = !tables.is_empty();
    out.table(t.rows, t.start, nested);
}
