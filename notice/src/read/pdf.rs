//! PDF with a text layer.

use super::ReadError;
use crate::text::Text;

/// Reads a PDF.
pub fn read(_bytes: &[u8]) -> Result<Text, ReadError> {
    Err(ReadError::Unsupported { kind: "PDF" })
}
