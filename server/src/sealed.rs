//! Who reported, sealed: ChaCha20-Poly1305 under a key that lies in the data folder beside the database, so that a copy
//! of the database alone tells nobody. Whoever opens it needs a reason, and the look is a fact.

use crate::problem::Problem;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;

/// Who reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// How to be reached.
    pub contact: String,
}

impl Identity {
    /// An anonymous report.
    pub fn is_empty(&self) -> bool {
        self.name.is_empty() && self.contact.is_empty()
    }
}

/// Seals and opens.
pub struct Sealer(ChaCha20Poly1305);

impl Sealer {
    /// Opens the key of a data folder, making it from `chance` when it is missing.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is no key.
    pub fn open(folder: &Path, chance: [u8; 32]) -> std::io::Result<Self> {
        let path = folder.join("reporter.key");
        if !path.exists() {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let fresh = folder.join(format!(".reporter.key.{}", std::process::id()));
            let mut file = options.open(&fresh)?;
            file.write_all(BASE64_STANDARD.encode(chance).as_bytes())?;
            file.sync_all()?;
            // A hard link never overwrites: of two first starts at once, one key wins and both use it.
            let linked = std::fs::hard_link(&fresh, &path);
            std::fs::remove_file(&fresh)?;
            if let Err(error) = linked
                && error.kind() != std::io::ErrorKind::AlreadyExists
            {
                return Err(error);
            }
        }
        let bytes = BASE64_STANDARD
            .decode(std::fs::read_to_string(&path)?.trim())
            .ok()
            .filter(|bytes| bytes.len() == 32)
            .ok_or_else(|| {
                let why = format!("{} is no key: put the saved one back", path.display());
                std::io::Error::new(std::io::ErrorKind::InvalidData, why)
            })?;
        Ok(Self(ChaCha20Poly1305::new(Key::from_slice(&bytes))))
    }

    /// Seals an identity; `chance` must be fresh.
    ///
    /// # Errors
    /// Never in practice.
    pub fn seal(&self, identity: &Identity, chance: u128) -> Result<String, Problem> {
        let nonce = &chance.to_be_bytes()[..12];
        let plain = serde_json::to_vec(identity).map_err(Problem::ours)?;
        let sealed = self
            .0
            .encrypt(Nonce::from_slice(nonce), plain.as_slice())
            .map_err(Problem::ours)?;
        Ok(BASE64_STANDARD.encode([nonce, sealed.as_slice()].concat()))
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// When it was altered, or sealed under another key.
    pub fn unseal(&self, sealed: &str) -> Result<Identity, Problem> {
        let bytes = BASE64_STANDARD.decode(sealed).map_err(Problem::ours)?;
        let (nonce, sealed) = bytes
            .split_at_checked(12)
            .ok_or_else(|| Problem::ours("a sealed identity is too short"))?;
        let plain = self
            .0
            .decrypt(Nonce::from_slice(nonce), sealed)
            .map_err(|_| Problem::ours("a sealed identity does not open under this key"))?;
        serde_json::from_slice(&plain).map_err(Problem::ours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_the_same_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let sealer = Sealer::open(folder.path(), [7; 32]).unwrap();
        let identity = Identity {
            name: "群众".into(),
            contact: "1390000".into(),
        };
        let sealed = sealer.seal(&identity, 5 << 64).unwrap();
        assert!(!sealed.contains("1390000"));
        // A later start finds the key that is there.
        let again = Sealer::open(folder.path(), [9; 32]).unwrap();
        assert_eq!(again.unseal(&sealed).unwrap(), identity);
        let stranger = Sealer::open(other.path(), [8; 32]).unwrap();
        assert!(stranger.unseal(&sealed).is_err());
        assert_ne!(sealer.seal(&identity, 6 << 64).unwrap(), sealed);
    }
}
