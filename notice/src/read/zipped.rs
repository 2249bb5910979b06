//! Parts of a zip container, bounded: so many entries, so many bytes out, no bombs.

use std::io::{Cursor, Read};

use super::ReadError;

/// Most entries in a container.
pub const ENTRIES_MAX: usize = 4096;
/// Most bytes one part may inflate to.
pub const PART_MAX: u64 = 48 << 20;
/// Most times a part may grow when it is inflated; XML of real documents grows ten- to fortyfold.
pub const RATIO_MAX: u64 = 250;
/// Parts below this size may grow as they like.
const RATIO_FREE: u64 = 1 << 20;

/// An opened container.
pub struct Container<'a>(zip::ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Container<'a> {
    /// Opens a container, reading only its directory.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let broken = ReadError::Broken {
            kind: " Word ",
            detail: "压缩包目录读不出",
        };
        // The directory must not claim more entries than could stand in the file.
        let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken)?;
        if archive.len() > ENTRIES_MAX {
            return Err(ReadError::Hostile {
                what: "压缩包内文件过多",
            });
        }
        Ok(Container(archive))
    }

    /// Whether a part is there.
    pub fn has(&self, name: &str) -> bool {
        self.0.index_for_name(name).is_some()
    }

    /// Whether any part's name starts so.
    pub fn has_folder(&self, folder: &str) -> bool {
        self.0
            .file_names()
            .any(|n| n.is_ok_and(|n| n.starts_with(folder)))
    }

    /// Inflates a part. `None` when it is not there.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        if !self.has(name) {
            return Ok(None);
        }
        let broken = ReadError::Broken {
            kind: " Word ",
            detail: "内部文件读不出",
        };
        let file = self.0.by_name(name).map_err(|e| match e {
            zip::result::ZipError::UnsupportedArchive(_) => ReadError::Encrypted,
            _ => broken.clone(),
        })?;
        // What the directory says is not believed: reading stops at the bound whatever it says.
        let allowed = file
            .compressed_size()
            .saturating_mul(RATIO_MAX)
            .clamp(RATIO_FREE, PART_MAX);
        let mut out = Vec::new();
        let got = file
            .take(allowed + 1)
            .read_to_end(&mut out)
            .map_err(|_| broken)?;
        if got as u64 > allowed {
            return Err(ReadError::Hostile {
                what: "解压后过大"
            });
        }
        Ok(Some(out))
    }
}
