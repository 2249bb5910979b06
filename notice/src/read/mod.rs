//! A file into text: what it is, is decided by its content first and its name second.
//!
//! Every reader is bounded in time and memory; what it cannot read it refuses with the next step.

mod encoding;
mod markdown;

use crate::text::{Format, Text};

/// Largest file, in bytes.
pub const FILE_MAX: usize = 64 << 20;
/// Longest text, in characters: some 1,500 pages.
pub const TEXT_MAX: usize = 2_000_000;

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
    let words = encoding::decode(bytes)?;
    let format = if file_name.is_some_and(|n| n.to_ascii_lowercase().ends_with(".txt")) {
        Format::Plain
    } else {
        Format::Markdown
    };
    bounded(Text::from_words(&words, format))
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
