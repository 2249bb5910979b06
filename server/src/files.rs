//! Downloads: their names, types and the headers that keep a browser from doing more with them than saving.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// Word.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Excel.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file name in a header, in RFC 6266's extended form.
pub fn disposition(how: &str, name: &str) -> HeaderValue {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    HeaderValue::from_str(&format!("{how}; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// Headers of a download.
pub fn headers(name: &str, media_type: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // Only what a browser shows without running anything is shown; all else is saved.
    let shown = matches!(
        media_type,
        "image/png" | "image/jpeg" | "image/webp" | "application/pdf"
    );
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(media_type)
            .unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        disposition(if shown { "inline" } else { "attachment" }, name),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    headers
}

/// A document that was made.
pub fn download(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    (headers(name, media_type), bytes).into_response()
}

/// The type of a file by its content, if it is one that may be kept. The claim only decides among types that look
/// alike from their first bytes.
pub fn sniff(head: &[u8], name: &str, claimed: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let ends = |ending: &str| lower.ends_with(ending);
    if let Some(kind) = infer::get(head) {
        return match kind.mime_type() {
            "image/jpeg" => Some("image/jpeg"),
            "image/png" => Some("image/png"),
            "image/webp" => Some("image/webp"),
            "image/heif" | "image/heic" => Some("image/heic"),
            "application/pdf" => Some("application/pdf"),
            "video/mp4" | "video/quicktime" => Some("video/mp4"),
            "audio/mpeg" => Some("audio/mpeg"),
            "audio/m4a" | "audio/mp4" => Some("audio/mp4"),
            "audio/amr" => Some("audio/amr"),
            "audio/ogg" => Some("audio/ogg"),
            // What a browser records with its microphone has the same first bytes as a film.
            "video/webm" if claimed.starts_with("audio/") => Some("audio/webm"),
            "video/webm" => Some("video/webm"),
            "application/zip" if ends(".docx") => Some(DOCX),
            "application/zip" if ends(".xlsx") => Some(XLSX),
            DOCX => Some(DOCX),
            XLSX => Some(XLSX),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation" => {
                Some("application/vnd.openxmlformats-officedocument.presentationml.presentation")
            }
            "application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint"
                if ends(".doc") =>
            {
                Some("application/msword")
            }
            "application/msword" | "application/vnd.ms-excel" if ends(".xls") => {
                Some("application/vnd.ms-excel")
            }
            _ => None,
        };
    }
    // Text has no mark of its own: it is text if it decodes and holds no control characters.
    let text = head
        .iter()
        .all(|b| *b >= 32 || matches!(*b, b'\n' | b'\r' | b'\t'))
        && !head.is_empty();
    (text && (ends(".txt") || ends(".md") || ends(".csv") || claimed.starts_with("text/plain")))
        .then_some("text/plain; charset=utf-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_not_the_claim() {
        assert_eq!(
            sniff(b"\x89PNG\r\n\x1a\n....", "a.jpg", "image/jpeg"),
            Some("image/png")
        );
        assert_eq!(
            sniff(b"%PDF-1.7", "a.txt", "text/plain"),
            Some("application/pdf")
        );
        assert_eq!(sniff(b"MZ\x90\x00\x03", "photo.jpg", "image/jpeg"), None);
        assert_eq!(sniff(b"<html><script>", "a.html", "text/html"), None);
        assert_eq!(
            sniff("会议记录".as_bytes(), "a.txt", ""),
            Some("text/plain; charset=utf-8")
        );
        assert_eq!(sniff(b"", "a.txt", "text/plain"), None);
    }

    #[test]
    fn a_name_cannot_break_its_header() {
        let value = disposition("attachment", "会议\"\r\nSet-Cookie: x.docx");
        assert!(
            value
                .to_str()
                .unwrap()
                .bytes()
                .all(|b| b.is_ascii_graphic() || b == b' ')
        );
    }
}
