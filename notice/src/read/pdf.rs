//! PDF with a text layer: text runs are put back into lines by where they stand on the page.
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

use super::cmap::{Decoder, decoder};
use super::{ReadError, TEXT_MAX};
use crate::text::{Format, Text};

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

/// Words at a place on a page.
struct Run {
    x: f64,
    y: f64,
    end: f64,
    size: f64,
    words: String,
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

struct Reader<'a> {
    doc: &'a Document,
    fonts: HashMap<ObjectId, Decoder>,
    operations: usize,
    unread: usize,
    glyphs: usize,
    runs: Vec<Run>,
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
    };
    let mut plain = String::new();
    let mut count = 0;
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
        let words = lines(&mut reader.runs);
        count += words.chars().count() + 1;
        if count > TEXT_MAX {
            return Err(super::text_too_large());
        }
        plain.push_str(&words);
        plain.push('\n');
    }
    if reader.unread * 3 > reader.glyphs {
        return Err(ReadError::Broken {
            kind: KIND,
            detail: "字体没有文字对照表，文字无法读出",
        });
    }
    if plain.trim().is_empty() {
        return Err(ReadError::NoTextLayer);
    }
    Ok(Text {
        plain,
        format: Format::Pdf,
        tables: Vec::new(),
        bold: Vec::new(),
        headings: Vec::new(),
    })
}

/// Puts runs into lines: those at the same height, from left to right.
fn lines(runs: &mut Vec<Run>) -> String {
    let mut runs = std::mem::take(runs);
    runs.retain(|r| r.x.is_finite() && r.y.is_finite() && r.end.is_finite());
    runs.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut rows: Vec<Vec<Run>> = Vec::new();
    for r in runs {
        match rows.last_mut() {
            Some(row) if (row[0].y - r.y).abs() <= 0.45 * row[0].size.max(r.size).max(1.0) => {
                row.push(r)
            }
            _ => rows.push(vec![r]),
        }
    }
    let mut out = String::new();
    let mut last: Option<(f64, f64)> = None;
    for mut row in rows {
        row.sort_by(|a, b| a.x.total_cmp(&b.x));
        if let Some((y, size)) = last
            && y - row[0].y > 2.6 * size.max(1.0)
        {
            // A wide gap is an empty line to the reader.
            out.push('\n');
        }
        last = Some((row[0].y, row[0].size));
        let mut end: Option<f64> = None;
        for r in &row {
            if let Some(e) = end
                && r.x - e > 0.9 * r.size.max(1.0)
            {
                out.push(' ');
            }
            out.push_str(&r.words);
            end = Some(r.end);
        }
        out.push('\n');
    }
    out
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
        let number = |o: Option<&Object>| o.and_then(|o| o.as_float().ok()).map_or(0.0, f64::from);
        for op in &content.operations {
            let arg = |k: usize| number(op.operands.get(k));
            match op.operator.as_str() {
                "q" if stack.len() < 256 => stack.push(ctm),
                "Q" => ctm = stack.pop().unwrap_or(ctm),
                "cm" => ctm = Matrix([arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)]).then(ctm),
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
