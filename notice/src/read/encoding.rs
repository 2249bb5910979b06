//! Bytes into characters: UTF-8 with or without mark, UTF-16 with mark, GB 18030.

use super::ReadError;

/// Decodes text. A byte order mark is not part of the text.
pub fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    if let Some((encoding, len)) = encoding_rs::Encoding::for_bom(bytes) {
        let (words, bad) = encoding.decode_without_bom_handling(&bytes[len..]);
        if bad {
            return Err(ReadError::Encoding { offset: len });
        }
        return Ok(words.into_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(words) => {
            if words.contains('\0') {
                return Err(ReadError::Unsupported {
                    kind: "二进制文件"
                });
            }
            Ok(words.to_string())
        }
        Err(e) => {
            // GB 18030 uses no zero bytes; a file with many of them is no text.
            if bytes.contains(&0) {
                return Err(ReadError::Unsupported {
                    kind: "二进制文件"
                });
            }
            let (words, bad) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
            if bad {
                return Err(ReadError::Encoding {
                    offset: e.valid_up_to(),
                });
            }
            Ok(words.into_owned())
        }
    }
}
