//! A file into text: what it is, is decided by its content first and its name second.
//!
//! Every reader is bounded in time and memory; what it cannot read it refuses with the next step.

mod builder;
mod cmap;
mod docx;
mod encoding;
mod grid;
mod html;
mod markdown;
mod pdf;
mod zipped;

pub use encoding::decode;

use crate::text::{Format, Text};

/// Largest file, in bytes.
pub const FILE_MAX: usize = 64 << 20;
/// Longest text, in characters: some 1,500 pages.
pub const TEXT_MAX: usize = 1_000_000;

/// Why a file was not read. `Display` is for the person, in Chinese, with the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing in it.
    #[error("文件是空的，请换一个有内容的文件")]
    Empty,
    /// Too large a file or text.
    #[error("文件过大（{what}超过 {limit}），请拆分后分别上传")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, as told.
        limit: String,
    },
    /// A kind of file that is not read.
    #[error("不支持{kind}，请另存为 .docx、.pdf、.html、.md 或 .txt 后上传")]
    Unsupported {
        /// What the file is.
        kind: &'static str,
    },
    /// Protected by a password.
    #[error("文件已加密，请去掉密码后上传")]
    Encrypted,
    /// A picture.
    #[error("这是图片，请先做文字识别，或上传 Word 文件")]
    Picture,
    /// A PDF of pictures.
    #[error("这份 PDF 没有文字层（可能是扫描件），请先做文字识别，或上传 Word 文件")]
    NoTextLayer,
    /// Neither UTF-8 nor GB 18030.
    #[error("文字编码无法识别（第 {offset} 字节起），请另存为 UTF-8 编码后上传")]
    Encoding {
        /// The first byte that fits no encoding.
        offset: usize,
    },
    /// Damaged.
    #[error("{kind}文件已损坏（{detail}），请用原软件打开并另存后上传")]
    Broken {
        /// What the file is.
        kind: &'static str,
        /// What was found.
        detail: &'static str,
    },
    /// Made to exhaust the machine, or by accident so.
    #[error("文件内容超出处理上限（{what}），没有读入；请检查文件来源，或只上传正文")]
    Hostile {
        /// Which bound was met.
        what: &'static str,
    },
}

impl ReadError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "notice-empty",
            Self::TooLarge { .. } => "notice-too-large",
            Self::Unsupported { .. } => "notice-unsupported",
            Self::Encrypted => "notice-encrypted",
            Self::Picture => "notice-picture",
            Self::NoTextLayer => "notice-no-text-layer",
            Self::Encoding { .. } => "notice-encoding",
            Self::Broken { .. } => "notice-broken",
            Self::Hostile { .. } => "notice-hostile",
        }
    }

    /// The same for the log, in English.
    #[must_use]
    pub fn detail_en(&self) -> String {
        match self {
            Self::Empty => "the file is empty".into(),
            Self::TooLarge { what, limit } => format!("too large: {what} exceeds {limit}; split the file"),
            Self::Unsupported { kind } => format!("{kind} is not supported; save as .docx, .pdf, .html, .md or .txt"),
            Self::Encrypted => "the file is protected by a password; remove it and try again".into(),
            Self::Picture => "a picture; run text recognition first or send the Word file".into(),
            Self::NoTextLayer => "the PDF has no text layer (a scan?); run text recognition first or send the Word file".into(),
            Self::Encoding { offset } => format!("neither UTF-8 nor GB 18030, from byte {offset}; save as UTF-8"),
            Self::Broken { kind, detail } => format!("the {kind} file is damaged ({detail}); open it in its program and save it again"),
            Self::Hostile { what } => format!("a bound was exceeded ({what}); check where the file comes from"),
        }
    }
}

/// Reads a file. The name helps only where the content leaves a choice (Markdown or plain text).
///
/// # Errors
/// When the file is not one of the formats, is damaged, protected, or exceeds a bound.
pub fn read(bytes: &[u8], file_name: Option<&str>) -> Result<Text, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > FILE_MAX {
        return Err(ReadError::TooLarge {
            what: "文件",
            limit: format!("{} MB", FILE_MAX >> 20),
        });
    }
    if let Some(kind) = foreign(bytes) {
        return Err(kind);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return bounded(docx::read(bytes)?);
    }
    if bytes[..bytes.len().min(1024)]
        .windows(5)
        .any(|w| w == b"%PDF-")
    {
        return bounded(pdf::read(bytes)?);
    }
    let words = encoding::decode(bytes)?;
    let name = file_name.unwrap_or("").to_ascii_lowercase();
    if is_html(&words, &name) {
        return bounded(html::read(&words)?);
    }
    if words.len() > TEXT_MAX * 4 {
        return Err(text_too_large());
    }
    let format = if name.ends_with(".txt") {
        Format::Plain
    } else {
        Format::Markdown
    };
    bounded(Text::from_words(&words, format))
}

/// Kinds of files that are known by their first bytes and not read.
fn foreign(bytes: &[u8]) -> Option<ReadError> {
    let has = |magic: &[u8]| bytes.starts_with(magic);
    if has(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        // A .docx with a password is an OLE file that holds a stream of this name, in UTF-16.
        let sealed: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let encrypted = bytes.windows(sealed.len()).step_by(2).any(|w| w == sealed);
        return Some(if encrypted {
            ReadError::Encrypted
        } else {
            ReadError::Unsupported {
                kind: "旧版 Word（.doc/.wps）文件",
            }
        });
    }
    let kind = if has(b"\x89PNG")
        || has(&[0xff, 0xd8, 0xff])
        || has(b"GIF8")
        || has(b"BM6")
        || has(b"II*\0")
        || has(b"MM\0*")
        || (has(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
    {
        return Some(ReadError::Picture);
    } else if has(b"{\\rtf") {
        "RTF 文件"
    } else if has(b"Rar!") || has(b"7z\xbc\xaf") || has(&[0x1f, 0x8b]) {
        "压缩包"
    } else if has(b"%!PS") {
        "PostScript 文件"
    } else if has(b"MIME-Version:") || has(b"From: <Saved by") {
        "网页归档（.mht）文件"
    } else if has(b"\x7fELF") || has(b"MZ\x90") {
        "程序文件"
    } else {
        return None;
    };
    Some(ReadError::Unsupported { kind })
}

/// Whether decoded words are a web page.
fn is_html(words: &str, name: &str) -> bool {
    let head: String = words
        .chars()
        .take(4096)
        .collect::<String>()
        .to_ascii_lowercase();
    let head = head.trim_start();
    if name.ends_with(".md") || name.ends_with(".txt") {
        return head.starts_with("<!doctype html") || head.starts_with("<html");
    }
    name.ends_with(".html")
        || name.ends_with(".htm")
        || head.starts_with("<!doctype html")
        || (head.starts_with('<')
            && ["<html", "<body", "<head", "<div", "<p>", "<p "]
                .iter()
                .any(|t| head.contains(t)))
}

fn text_too_large() -> ReadError {
    ReadError::TooLarge {
        what: "文字",
        limit: format!("{} 万字", TEXT_MAX / 10_000),
    }
}

fn bounded(text: Text) -> Result<Text, ReadError> {
    if text.plain.chars().count() > TEXT_MAX {
        return Err(ReadError::TooLarge {
            what: "文字",
            limit: format!("{} 万字", TEXT_MAX / 10_000),
        });
    }
    if text.plain.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(text)
}
