//! Codes of a PDF font into characters: its own table (ToUnicode), or one of the encodings every reader knows.

use std::collections::HashMap;

/// Most entries of one table.
const ENTRIES_MAX: usize = 70_000;

/// How a font's codes are read.
pub struct Decoder {
    kind: Kind,
    table: HashMap<u32, String>,
    /// Bytes per code, where the table says so.
    width: usize,
}

enum Kind {
    /// One byte, as in Windows 1252 unless the table says otherwise.
    Single,
    /// By the table only.
    Table,
    /// UTF-16, big end first.
    Utf16,
    /// GBK.
    Gbk,
    /// No way to know.
    Unknown,
}

/// Makes the decoder of a font.
pub fn decoder(composite: bool, encoding: Option<&[u8]>, table: Option<&[u8]>) -> Decoder {
    let (table, width) = table.map(parse).unwrap_or_default();
    let name = encoding
        .map(String::from_utf8_lossy)
        .unwrap_or_default()
        .into_owned();
    let kind = if !composite {
        Kind::Single
    } else if !table.is_empty() {
        Kind::Table
    } else if name.starts_with("UniGB") || name.starts_with("UniCNS") || name.starts_with("UniJIS")
    {
        Kind::Utf16
    } else if name.starts_with("GBK") || name.starts_with("GB-EUC") || name.starts_with("GBpc") {
        Kind::Gbk
    } else {
        Kind::Unknown
    };
    let width = if width > 0 {
        width
    } else if composite {
        2
    } else {
        1
    };
    Decoder { kind, table, width }
}

impl Decoder {
    /// Characters of a string, how many codes were not known, and how wide it is in ems. Widths are
    /// estimates: a full em for Chinese characters, half an em for others.
    pub fn read(&self, bytes: &[u8]) -> (String, usize, f64) {
        let mut out = String::new();
        let mut unread = 0;
        match self.kind {
            Kind::Single => {
                for &b in bytes {
                    match self.table.get(&u32::from(b)) {
                        Some(w) => out.push_str(w),
                        None => {
                            let (w, _) = encoding_rs::WINDOWS_1252
                                .decode_without_bom_handling(std::slice::from_ref(&b));
                            out.push_str(&w);
                        }
                    }
                }
            }
            Kind::Table => {
                for code in bytes.chunks(self.width.clamp(1, 4)) {
                    let code = code.iter().fold(0u32, |n, b| (n << 8) | u32::from(*b));
                    match self.table.get(&code) {
                        Some(w) => out.push_str(w),
                        None => unread += 1,
                    }
                }
            }
            Kind::Utf16 => {
                let units: Vec<u16> = bytes
                    .chunks_exact(2)
                    .map(|c| u16::from_be_bytes([c[0], c[1]]))
                    .collect();
                out = String::from_utf16_lossy(&units);
            }
            Kind::Gbk => {
                let (w, bad) = encoding_rs::GBK.decode_without_bom_handling(bytes);
                unread += usize::from(bad);
                out = w.into_owned();
            }
            Kind::Unknown => unread = bytes.len() / 2,
        }
        out.retain(|c| !c.is_control() && c != '\u{fffd}');
        let width = out
            .chars()
            .map(|c| if (c as u32) < 0x2000 { 0.5 } else { 1.0 })
            .sum::<f64>()
            + unread as f64 * 0.75;
        (out, unread, width)
    }
}

/// Reads `beginbfchar` and `beginbfrange` of a table, and the length of its codes.
fn parse(bytes: &[u8]) -> (HashMap<u32, String>, usize) {
    let mut out = HashMap::new();
    let mut width = 0;
    let tokens = tokens(bytes);
    let mut i = 0;
    while i < tokens.len() {
        match &tokens[i] {
            Token::Word(w) if w == b"begincodespacerange" => {
                if let Some(Token::Hex(h)) = tokens.get(i + 1) {
                    width = h.len().clamp(1, 4);
                }
                i += 1;
            }
            Token::Word(w) if w == b"beginbfchar" => {
                i += 1;
                while let (Some(Token::Hex(from)), Some(Token::Hex(to))) =
                    (tokens.get(i), tokens.get(i + 1))
                {
                    insert(&mut out, code(from), words(to));
                    i += 2;
                }
            }
            Token::Word(w) if w == b"beginbfrange" => {
                i += 1;
                while let (Some(Token::Hex(a)), Some(Token::Hex(b))) =
                    (tokens.get(i), tokens.get(i + 1))
                {
                    let (a, b) = (code(a), code(b));
                    match tokens.get(i + 2) {
                        Some(Token::Hex(to)) => {
                            range(&mut out, a, b, to);
                            i += 3;
                        }
                        Some(Token::Open) => {
                            i += 3;
                            let mut n = a;
                            while let Some(Token::Hex(to)) = tokens.get(i) {
                                insert(&mut out, n, words(to));
                                n = n.saturating_add(1);
                                i += 1;
                            }
                            i += usize::from(matches!(tokens.get(i), Some(Token::Close)));
                        }
                        _ => break,
                    }
                }
            }
            _ => i += 1,
        }
    }
    (out, width)
}

fn insert(out: &mut HashMap<u32, String>, code: u32, words: String) {
    if out.len() < ENTRIES_MAX {
        out.insert(code, words);
    }
}

fn range(out: &mut HashMap<u32, String>, a: u32, b: u32, to: &[u8]) {
    let Some((last, head)) = to
        .split_last_chunk::<2>()
        .map(|(h, l)| (u16::from_be_bytes(*l), h))
    else {
        return;
    };
    for (k, n) in (a..=b.min(a.saturating_add(0xffff))).enumerate() {
        if out.len() >= ENTRIES_MAX {
            return;
        }
        let mut bytes = head.to_vec();
        bytes.extend_from_slice(&last.wrapping_add(k as u16).to_be_bytes());
        insert(out, n, words(&bytes));
    }
}

fn code(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |n, b| (n << 8) | u32::from(*b))
}

fn words(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .take(16)
        .map(|c| u16::from_be_bytes([c[0], c[1]]))
        .collect();
    String::from_utf16_lossy(&units)
}

enum Token {
    Hex(Vec<u8>),
    Word(Vec<u8>),
    Open,
    Close,
}

fn tokens(bytes: &[u8]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'<' if bytes.get(i + 1) != Some(&b'<') => {
                let end = bytes[i..]
                    .iter()
                    .position(|b| *b == b'>')
                    .map_or(bytes.len(), |k| i + k);
                let digits: Vec<u8> = bytes[i + 1..end]
                    .iter()
                    .filter_map(|b| (*b as char).to_digit(16))
                    .map(|d| d as u8)
                    .collect();
                out.push(Token::Hex(
                    digits
                        .chunks(2)
                        .map(|c| (c[0] << 4) | c.get(1).copied().unwrap_or(0))
                        .collect(),
                ));
                i = end + 1;
            }
            b'[' => {
                out.push(Token::Open);
                i += 1;
            }
            b']' => {
                out.push(Token::Close);
                i += 1;
            }
            b if b.is_ascii_alphabetic() => {
                let end = (i..bytes.len())
                    .find(|&k| !bytes[k].is_ascii_alphanumeric())
                    .unwrap_or(bytes.len());
                out.push(Token::Word(bytes[i..end].to_vec()));
                i = end;
            }
            _ => i += 1,
        }
    }
    out
}
