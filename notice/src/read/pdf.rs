//! PDF with a text layer: text runs are put back into lines, and into the cells of tables that are drawn with
//! rules, by where they stand on the page.
//!
//! The file is a stranger's. Before the parser sees it, every stream is inflated once into nothing to know
//! how large it is; filters that could hide more are refused; pages, operations and nested forms are
//! counted; a panic of the parser is caught and told as damage. Fonts without a table of characters cannot
//! be read, and that is said instead of guessing.

use std::collections::HashMap;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use anlan_core::notice::Span;

use super::cmap::{Decoder, decoder};
use super::grid::{self, RULES_MAX, Rule, Run};
use super::{ReadError, TEXT_MAX};
use crate::text::{Cell, Format, Table, Text};

/// Largest PDF, in bytes.
pub const PDF_MAX: usize = 32 << 20;
/// Most bytes one stream may inflate to, and all of them together.
pub const STREAM_MAX: u64 = 48 << 20;
/// See [`STREAM_MAX`].
pub const STREAMS_MAX: u64 = 192 << 20;
/// Most objects.
pub const OBJECTS_MAX: usize = 200_000;
/// Most pages read.
pub const PAGES_MAX: usize = 2000;
/// Most bytes of drawing instructions on one page: parsed they take some twentyfold in memory.
pub const CONTENT_MAX: usize = 4 << 20;
/// Most drawing operations in the whole file.
pub const OPERATIONS_MAX: usize = 4_000_000;
/// Deepest nesting of forms in forms.
pub const FORMS_MAX: usize = 4;

const KIND: &str = " PDF ";

/// Reads a PDF.
pub fn read(bytes: &[u8]) -> Result<Text, ReadError> {
    if bytes.len() > PDF_MAX {
        return Err(ReadError::TooLarge {
            what: "PDF 文件",
            limit: format!("{} MB", PDF_MAX >> 20),
        });
    }
    measure(bytes)?;
    catch_unwind(AssertUnwindSafe(|| extract(bytes))).unwrap_or(Err(ReadError::Broken {
        kind: KIND,
        detail: "内部结构不合规范",
    }))
}

/// Refuses files whose streams would inflate beyond the bounds, without keeping what comes out.
fn measure(bytes: &[u8]) -> Result<(), ReadError> {
    let mut objects = 0;
    let mut total = 0u64;
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            // Names: only filters that are known, and no name written in disguise.
            b'/' => {
                let end = (i + 1..bytes.len().min(i + 64))
                    .find(|&k| !bytes[k].is_ascii_alphanumeric() && bytes[k] != b'#')
                    .unwrap_or(i + 1);
                let name = &bytes[i + 1..end];
                let plain = unhash(name);
                let known: [&[u8]; 6] = [
                    b"FlateDecode",
                    b"DCTDecode",
                    b"JPXDecode",
                    b"CCITTFaxDecode",
                    b"JBIG2Decode",
                    b"Decode",
                ];
                if (plain.ends_with(b"Decode") && !known.contains(&plain.as_slice()))
                    || (name.contains(&b'#') && known.contains(&plain.as_slice()))
                {
                    return Err(ReadError::Hostile {
                        what: "PDF 压缩方式不支持",
                    });
                }
                i = end.max(i + 1);
            }
            b'o' if bytes[i..].starts_with(b"obj") && !(i >= 3 && &bytes[i - 3..i] == b"end") => {
                objects += 1;
                if objects > OBJECTS_MAX {
                    return Err(ReadError::Hostile {
                        what: "PDF 对象过多",
                    });
                }
                i += 3;
            }
            b's' if bytes[i..].starts_with(b"stream")
                && !(i >= 3 && &bytes[i - 3..i] == b"end") =>
            {
                let mut from = i + 6;
                while from < bytes.len() && matches!(bytes[from], b'\r' | b'\n' | b' ') {
                    from += 1;
                }
                let (out, used) = inflated(&bytes[from..], STREAM_MAX + 1);
                total += out;
                if out > STREAM_MAX || total > STREAMS_MAX {
                    return Err(ReadError::Hostile {
                        what: "PDF 解压后过大",
                    });
                }
                // Go on behind what was really inflated: each byte is looked at once.
                i = from + used;
            }
            _ => i += 1,
        }
    }
    Ok(())
}

/// `/Flate#44ecode` as it is meant.
fn unhash(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut i = 0;
    while i < name.len() {
        let hex = (name[i] == b'#')
            .then(|| name.get(i + 1..i + 3))
            .flatten()
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex {
            Some(b) => {
                out.push(b);
                i += 3;
            }
            None => {
                out.push(name[i]);
                i += 1;
            }
        }
    }
    out
}

/// How many bytes come out, up to `limit`, and how many went in.
fn inflated(bytes: &[u8], limit: u64) -> (u64, usize) {
    if bytes.first().is_none_or(|b| b & 0x0f != 8) {
        return (0, 0);
    }
    let mut decoder = flate2::bufread::ZlibDecoder::new(bytes);
    let mut buffer = vec![0u8; 32 << 10];
    let mut out = 0u64;
    loop {
        match decoder.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(n) => out += n as u64,
        }
        if out > limit {
            break;
        }
    }
    let used = decoder.total_in() as usize;
    (out, used.min(bytes.len()))
}

/// A stream's bytes, never more than `limit`.
fn data(stream: &Stream, limit: usize) -> Option<Vec<u8>> {
    let filters = match stream.dict.get(b"Filter") {
        Err(_) => Vec::new(),
        Ok(_) => stream
            .filters()
            .ok()?
            .into_iter()
            .map(<[u8]>::to_vec)
            .collect(),
    };
    match filters.as_slice() {
        [] => (stream.content.len() <= limit).then(|| stream.content.clone()),
        [one] if one == b"FlateDecode" => {
            let mut out = Vec::new();
            // A damaged end still leaves what came before it.
            let _ = flate2::read::ZlibDecoder::new(stream.content.as_slice())
                .take(limit as u64 + 1)
                .read_to_end(&mut out);
            (out.len() <= limit).then_some(out)
        }
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const ONE: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// `self` applied first, then `o`.
    fn then(self, o: Matrix) -> Matrix {
        let (a, b) = (self.0, o.0);
        Matrix([
            a[0] * b[0] + a[1] * b[2],
            a[0] * b[1] + a[1] * b[3],
            a[2] * b[0] + a[3] * b[2],
            a[2] * b[1] + a[3] * b[3],
            a[4] * b[0] + a[5] * b[2] + b[4],
            a[4] * b[1] + a[5] * b[3] + b[5],
        ])
    }

    fn shift(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }
}

/// Most pieces of one path that are kept.
const PATH_MAX: usize = 2000;

/// A path as far as it may draw rules: straight strokes, and upright rectangles.
#[derive(Default)]
struct Path {
    strokes: Vec<[f64; 4]>,
    bars: Vec<[f64; 4]>,
    start: Option<(f64, f64)>,
    at: Option<(f64, f64)>,
}

impl Path {
    fn place(ctm: Matrix, x: f64, y: f64) -> (f64, f64) {
        let m = Matrix::shift(x, y).then(ctm).0;
        (m[4], m[5])
    }

    fn bar(&mut self, ctm: Matrix, x: f64, y: f64, w: f64, h: f64) {
        let (a, b) = (Self::place(ctm, x, y), Self::place(ctm, x + w, y + h));
        if self.bars.len() < PATH_MAX {
            self.bars.push([a.0, a.1, b.0, b.1]);
        }
    }

    fn from(&mut self, ctm: Matrix, x: f64, y: f64) {
        self.at = Some(Self::place(ctm, x, y));
        self.start = self.at;
    }

    fn to(&mut self, ctm: Matrix, x: f64, y: f64) {
        let to = Self::place(ctm, x, y);
        if let Some(a) = self.at.filter(|_| self.strokes.len() < PATH_MAX) {
            self.strokes.push([a.0, a.1, to.0, to.1]);
        }
        self.at = Some(to);
    }

    fn close(&mut self) {
        if let (Some(a), Some(b)) = (self.at, self.start)
            && self.strokes.len() < PATH_MAX
        {
            self.strokes.push([a.0, a.1, b.0, b.1]);
        }
        self.at = self.start;
    }

    /// Keeps what is drawn: thin bars always, the edges of boxes and strokes when they are stroked.
    fn paint(&mut self, stroked: bool, rules: &mut Vec<Rule>) {
        let path = std::mem::take(self);
        let mut keep = |[a, b, c, d]: [f64; 4]| {
            if rules.len() < RULES_MAX
                && let Some(r) = grid::rule(a, b, c, d)
            {
                rules.push(r);
            }
        };
        for r in path.bars {
            let [a, b, c, d] = r;
            if grid::rule(a, b, c, d).is_some() {
                keep(r);
            } else if stroked {
                keep([a, b, c, b]);
                keep([a, d, c, d]);
                keep([a, b, a, d]);
                keep([c, b, c, d]);
            }
        }
        if stroked {
            path.strokes.into_iter().for_each(keep);
        }
    }
}

struct Reader<'a> {
    doc: &'a Document,
    fonts: HashMap<ObjectId, Decoder>,
    operations: usize,
    unread: usize,
    glyphs: usize,
    runs: Vec<Run>,
    rules: Vec<Rule>,
}

/// The text as it grows; spans count characters.
#[derive(Default)]
struct Pages {
    plain: String,
    count: usize,
    tables: Vec<Table>,
}

impl Pages {
    fn push(&mut self, words: &str) {
        self.plain.push_str(words);
        self.count += words.chars().count();
    }

    /// One page: lines of words with the tables where they stand.
    fn page(&mut self, rules: &[Rule], mut runs: Vec<Run>) {
        runs.retain(|r| r.x.is_finite() && r.y.is_finite() && r.end.is_finite());
        let mut tables = grid::tables(rules, &mut runs).into_iter().peekable();
        let mut last: Option<(f64, f64)> = None;
        for (y, size, words) in grid::rows(runs) {
            while let Some(t) = tables.next_if(|t| t.top > y) {
                self.table(&t);
                last = None;
            }
            if let Some((y0, size0)) = last
                && y0 - y > 2.6 * size0.max(1.0)
            {
                // A wide gap is an empty line to the reader.
                self.push("\n");
            }
            last = Some((y, size));
            self.push(&words);
            self.push("\n");
        }
        for t in tables {
            self.table(&t);
        }
        self.push("\n");
    }

    fn table(&mut self, grid: &grid::Grid) {
        let columns = grid.rows.first().map_or(0, Vec::len);
        let start = self.count;
        let mut spans: Vec<Option<Span>> = vec![None; grid.texts.len()];
        let mut rows = Vec::with_capacity(grid.rows.len());
        for row in &grid.rows {
            let mut cells = Vec::with_capacity(columns);
            let mut first = true;
            for &t in row {
                let span = match spans[t] {
                    Some(s) => s,
                    None => {
                        if !first {
                            self.push("\t");
                        }
                        first = false;
                        let from = self.count as u32;
                        self.push(&grid.texts[t]);
                        let s = Span(from, self.count as u32);
                        spans[t] = Some(s);
                        s
                    }
                };
                cells.push(Cell { span });
            }
            self.push("\n");
            rows.push(cells);
        }
        // A table that goes on over the page: nothing but a page number stands between.
        if let Some(t) = self.tables.last_mut()
            && t.rows.first().map_or(0, Vec::len) == columns
            && only_page_number(&self.plain, start - t.end as usize, self.count - start)
        {
            t.rows.extend(rows);
            t.end = self.count as u32;
            return;
        }
        self.tables.push(Table {
            rows,
            start: start as u32,
            end: self.count as u32,
        });
    }
}

/// Whether the `n` characters before the last `behind` ones are blanks, dashes and a few digits.
fn only_page_number(plain: &str, n: usize, behind: usize) -> bool {
    n <= 24
        && plain.chars().rev().skip(behind).take(n).all(|c| {
            c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '—' | '–' | '第' | '页')
        })
}

fn extract(bytes: &[u8]) -> Result<Text, ReadError> {
    let broken = ReadError::Broken {
        kind: KIND,
        detail: "目录读不出",
    };
    let mut doc = Document::load_mem(bytes).map_err(|_| broken.clone())?;
    if doc.is_encrypted() && doc.decrypt("").is_err() {
        return Err(ReadError::Encrypted);
    }
    let doc = doc;
    let mut reader = Reader {
        doc: &doc,
        fonts: HashMap::new(),
        operations: 0,
        unread: 0,
        glyphs: 0,
        runs: Vec::new(),
        rules: Vec::new(),
    };
    let mut out = Pages::default();
    let pages: Vec<ObjectId> = doc.page_iter().take(PAGES_MAX + 1).collect();
    if pages.is_empty() {
        return Err(broken);
    }
    if pages.len() > PAGES_MAX {
        return Err(ReadError::TooLarge {
            what: "PDF 页数",
            limit: format!("{PAGES_MAX} 页"),
        });
    }
    for page in pages {
        reader.page(page)?;
        let rules = std::mem::take(&mut reader.rules);
        out.page(&rules, std::mem::take(&mut reader.runs));
        if out.count > TEXT_MAX {
            return Err(super::text_too_large());
        }
    }
    if reader.unread * 3 > reader.glyphs {
        return Err(ReadError::Broken {
            kind: KIND,
            detail: "字体没有文字对照表，文字无法读出",
        });
    }
    if out.plain.trim().is_empty() {
        return Err(ReadError::NoTextLayer);
    }
    Ok(Text {
        plain: out.plain,
        format: Format::Pdf,
        tables: out.tables,
        bold: Vec::new(),
        headings: Vec::new(),
    })
}

impl Reader<'_> {
    fn page(&mut self, page: ObjectId) -> Result<(), ReadError> {
        let mut content = Vec::new();
        for id in self.doc.get_page_contents(page).into_iter().take(1000) {
            let Ok(stream) = self.doc.get_object(id).and_then(Object::as_stream) else {
                continue;
            };
            let Some(part) = data(stream, CONTENT_MAX) else {
                return Err(ReadError::Hostile {
                    what: "PDF 单页内容过大",
                });
            };
            content.extend_from_slice(&part);
            content.push(b'\n');
            if content.len() > CONTENT_MAX {
                return Err(ReadError::Hostile {
                    what: "PDF 单页内容过大",
                });
            }
        }
        let fonts = self.page_fonts(page);
        let objects = self.page_forms(page);
        self.draw(&content, Matrix::ONE, &fonts, &objects, 0)
    }

    /// Fonts of a page by name, those of its parents included.
    fn page_fonts(&mut self, page: ObjectId) -> HashMap<Vec<u8>, ObjectId> {
        let mut out = HashMap::new();
        for dict in self.resources(page) {
            self.named(&dict, b"Font", &mut out);
        }
        for id in out.values() {
            self.load(*id);
        }
        out
    }

    fn page_forms(&self, page: ObjectId) -> HashMap<Vec<u8>, ObjectId> {
        let mut out = HashMap::new();
        for dict in self.resources(page) {
            self.named(&dict, b"XObject", &mut out);
        }
        out
    }

    fn resources(&self, page: ObjectId) -> Vec<Dictionary> {
        match self.doc.get_page_resources(page) {
            Ok((own, ids)) => own
                .cloned()
                .into_iter()
                .chain(
                    ids.into_iter()
                        .take(32)
                        .filter_map(|id| self.doc.get_dictionary(id).ok().cloned()),
                )
                .collect(),
            Err(_) => Vec::new(),
        }
    }

    fn named(&self, resources: &Dictionary, kind: &[u8], out: &mut HashMap<Vec<u8>, ObjectId>) {
        let Ok((_, found)) = resources.get(kind).and_then(|o| self.doc.dereference(o)) else {
            return;
        };
        let Ok(dict) = found.as_dict() else { return };
        for (name, object) in dict.iter().take(2000) {
            if let Ok(id) = object.as_reference() {
                out.entry(name.clone()).or_insert(id);
            }
        }
    }

    fn load(&mut self, id: ObjectId) {
        if self.fonts.contains_key(&id) || self.fonts.len() > 4000 {
            return;
        }
        let Ok(dict) = self.doc.get_dictionary(id) else {
            return;
        };
        let table = dict
            .get(b"ToUnicode")
            .and_then(|o| self.doc.dereference(o))
            .ok()
            .and_then(|(_, o)| o.as_stream().ok())
            .and_then(|s| data(s, 4 << 20));
        let encoding = dict
            .get(b"Encoding")
            .and_then(|o| self.doc.dereference(o))
            .ok()
            .and_then(|(_, o)| o.as_name().ok().map(<[u8]>::to_vec));
        let composite = dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .is_ok_and(|n| n == b"Type0");
        self.fonts.insert(
            id,
            decoder(composite, encoding.as_deref(), table.as_deref()),
        );
    }

    fn draw(
        &mut self,
        content: &[u8],
        base: Matrix,
        fonts: &HashMap<Vec<u8>, ObjectId>,
        forms: &HashMap<Vec<u8>, ObjectId>,
        depth: usize,
    ) -> Result<(), ReadError> {
        let Ok(content) = Content::decode(content) else {
            return Ok(());
        };
        self.operations += content.operations.len();
        if self.operations > OPERATIONS_MAX {
            return Err(ReadError::Hostile {
                what: "PDF 绘制指令过多",
            });
        }
        let mut stack: Vec<Matrix> = Vec::new();
        let mut ctm = base;
        let (mut text, mut line) = (Matrix::ONE, Matrix::ONE);
        let (mut font, mut size, mut leading, mut spacing) = (None, 1.0, 0.0, 0.0);
        let mut path = Path::default();
        let number = |o: Option<&Object>| o.and_then(|o| o.as_float().ok()).map_or(0.0, f64::from);
        for op in &content.operations {
            let arg = |k: usize| number(op.operands.get(k));
            match op.operator.as_str() {
                "q" if stack.len() < 256 => stack.push(ctm),
                "Q" => ctm = stack.pop().unwrap_or(ctm),
                "cm" => ctm = Matrix([arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)]).then(ctm),
                "re" => path.bar(ctm, arg(0), arg(1), arg(2), arg(3)),
                "m" => path.from(ctm, arg(0), arg(1)),
                "l" => path.to(ctm, arg(0), arg(1)),
                "h" => path.close(),
                "S" | "s" | "B" | "B*" | "b" | "b*" => {
                    if matches!(op.operator.as_str(), "s" | "b" | "b*") {
                        path.close();
                    }
                    path.paint(true, &mut self.rules);
                }
                "f" | "F" | "f*" => path.paint(false, &mut self.rules),
                "n" => path = Path::default(),
                "BT" => (text, line) = (Matrix::ONE, Matrix::ONE),
                "Tf" => {
                    font = op
                        .operands
                        .first()
                        .and_then(|o| o.as_name().ok())
                        .and_then(|n| fonts.get(n))
                        .copied();
                    size = arg(1);
                }
                "TL" => leading = arg(0),
                "Tc" => spacing = arg(0),
                "Tm" => {
                    line = Matrix([arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)]);
                    text = line;
                }
                "Td" | "TD" => {
                    if op.operator == "TD" {
                        leading = -arg(1);
                    }
                    line = Matrix::shift(arg(0), arg(1)).then(line);
                    text = line;
                }
                "T*" => {
                    line = Matrix::shift(0.0, -leading).then(line);
                    text = line;
                }
                "Tj" | "'" | "\"" => {
                    if op.operator != "Tj" {
                        line = Matrix::shift(0.0, -leading).then(line);
                        text = line;
                    }
                    if let Some(Ok(bytes)) = op.operands.last().map(Object::as_str) {
                        text = self.show(bytes, font, size, spacing, text, ctm);
                    }
                }
                "TJ" => {
                    let Some(Ok(items)) = op.operands.first().map(Object::as_array) else {
                        continue;
                    };
                    for item in items {
                        match item.as_str() {
                            Ok(bytes) => text = self.show(bytes, font, size, spacing, text, ctm),
                            Err(_) => {
                                text = Matrix::shift(-number(Some(item)) / 1000.0 * size, 0.0)
                                    .then(text)
                            }
                        }
                    }
                }
                "Do" if depth < FORMS_MAX => {
                    let Some(id) = op
                        .operands
                        .first()
                        .and_then(|o| o.as_name().ok())
                        .and_then(|n| forms.get(n))
                        .copied()
                    else {
                        continue;
                    };
                    self.form(id, ctm, fonts, forms, depth)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn form(
        &mut self,
        id: ObjectId,
        ctm: Matrix,
        fonts: &HashMap<Vec<u8>, ObjectId>,
        forms: &HashMap<Vec<u8>, ObjectId>,
        depth: usize,
    ) -> Result<(), ReadError> {
        let doc = self.doc;
        let Ok(stream) = doc.get_object(id).and_then(Object::as_stream) else {
            return Ok(());
        };
        if stream
            .dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .is_ok_and(|n| n != b"Form")
        {
            return Ok(());
        }
        let Some(content) = data(stream, CONTENT_MAX) else {
            return Ok(());
        };
        // Each call costs at least this, however short the form: forms that call forms multiply.
        self.operations += 64 + content.len() / 16;
        let matrix = stream
            .dict
            .get(b"Matrix")
            .and_then(Object::as_array)
            .ok()
            .filter(|m| m.len() == 6)
            .map(|m| {
                let mut v = [0.0; 6];
                for (k, o) in m.iter().enumerate() {
                    v[k] = o.as_float().map_or(0.0, f64::from);
                }
                Matrix(v)
            });
        let (mut own_fonts, mut own_forms) = (HashMap::new(), HashMap::new());
        if let Ok((_, found)) = stream
            .dict
            .get(b"Resources")
            .and_then(|o| doc.dereference(o))
            && let Ok(dict) = found.as_dict()
        {
            self.named(dict, b"Font", &mut own_fonts);
            self.named(dict, b"XObject", &mut own_forms);
        }
        for id in own_fonts.values() {
            self.load(*id);
        }
        let fonts = if own_fonts.is_empty() {
            fonts
        } else {
            &own_fonts
        };
        let forms = if own_forms.is_empty() {
            forms
        } else {
            &own_forms
        };
        self.draw(
            &content,
            matrix.unwrap_or(Matrix::ONE).then(ctm),
            fonts,
            forms,
            depth + 1,
        )
    }

    fn show(
        &mut self,
        bytes: &[u8],
        font: Option<ObjectId>,
        size: f64,
        spacing: f64,
        text: Matrix,
        ctm: Matrix,
    ) -> Matrix {
        let decoder = font.and_then(|f| self.fonts.get(&f));
        let (words, unread, width) = match decoder {
            Some(d) => d.read(bytes),
            None => (String::new(), bytes.len(), bytes.len() as f64 * 0.5),
        };
        let glyphs = words.chars().count() + unread;
        self.glyphs += glyphs;
        self.unread += unread;
        let after = Matrix::shift(width * size + spacing * glyphs as f64, 0.0).then(text);
        if !words.is_empty() && self.glyphs <= TEXT_MAX {
            let (a, b) = (text.then(ctm), after.then(ctm));
            let scale = (a.0[2].powi(2) + a.0[3].powi(2)).sqrt();
            self.runs.push(Run {
                x: a.0[4],
                y: a.0[5],
                end: b.0[4],
                size: (size * scale).abs(),
                words,
            });
        }
        after
    }
}
