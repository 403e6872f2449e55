//! Keys in files of 32 bytes that others cannot read.
//!
//! Alone, a node makes its keys on the first start. Nodes that work together are given the same
//! folder. Beside `NAME.key` there may be `NAME.second.key`, which is accepted too: to replace a
//! key, give every node the new one as the second, then swap the two, then remove the old one.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    /// It cannot be read or made.
    #[error("cannot use key file {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not there, and not this node's to make.
    #[error(
        "there is no key file {0}: make the keys once with `tiketi make-keys DIR`, and give every \
         node the same in keys_dir"
    )]
    Missing(PathBuf),
    /// It does not hold 32 bytes.
    #[error("key file {0} does not hold 32 bytes: restore it, or remove it to make a new key")]
    Length(PathBuf),
    /// It holds something that somebody typed.
    #[error("key file {0} is not random: make the keys with `tiketi make-keys DIR`")]
    Placeholder(PathBuf),
    /// Others can read it.
    #[error("key file {0} can be read by others: run chmod 600 on it")]
    Open(PathBuf),
}

/// 32 random bytes.
pub(crate) type Key = [u8; 32];

/// The names of all keys.
pub(crate) const NAMES: [&str; 4] = ["access", "ticket", "node", "edge"];

/// A folder with keys.
#[derive(Debug, Clone)]
pub(crate) struct KeyFolder {
    path: PathBuf,
    makes: bool,
}

impl KeyFolder {
    /// Keys that are not there yet are made.
    pub(crate) fn own(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), makes: true }
    }

    /// Keys that are not there yet are missing: others have them.
    pub(crate) fn shared(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), makes: false }
    }

    /// The key of a name, and the second one if there is one.
    pub(crate) fn load(&self, name: &str) -> Result<(Key, Option<Key>), KeyError> {
        let current = self.path.join(format!("{name}.key"));
        let current = if self.makes { make_or_read(&current)? } else { read(&current)? };
        match read(&self.path.join(format!("{name}.second.key"))) {
            Ok(second) => Ok((current, Some(second))),
            Err(KeyError::Missing(_)) => Ok((current, None)),
            Err(error) => Err(error),
        }
    }
}

fn make_or_read(path: &Path) -> Result<Key, KeyError> {
    let at = |source| KeyError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at)?;
    }
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(mut file) => {
            let key: Key = rand::random();
            file.write_all(&key).and_then(|()| file.sync_all()).map_err(at)?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(at(error)),
    }
}

fn read(path: &Path) -> Result<Key, KeyError> {
    /// Of 32 random bytes, fewer are different about once in 10^12 times.
    const DISTINCT_MIN: usize = 20;
    let at = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
        _ => KeyError::File { path: path.to_owned(), source },
    };
    let mode = fs::metadata(path).map_err(at)?.permissions().mode();
    // The group may read: that is how secrets are mounted for a process that is not root.
    if mode & 0o007 != 0 {
        return Err(KeyError::Open(path.to_owned()));
    }
    let bytes = fs::read(path).map_err(at)?;
    let key: Key = bytes.try_into().map_err(|_| KeyError::Length(path.to_owned()))?;
    let distinct: std::collections::BTreeSet<u8> = key.into_iter().collect();
    if distinct.len() < DISTINCT_MIN || key.is_ascii() {
        return Err(KeyError::Placeholder(path.to_owned()));
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept_to_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let (own, shared) = (KeyFolder::own(&keys), KeyFolder::shared(&keys));
        assert!(matches!(shared.load("access"), Err(KeyError::Missing(_))));
        let made = own.load("access").unwrap();
        assert_eq!(own.load("access").unwrap(), made);
        assert_eq!(shared.load("access").unwrap(), made);
        let path = keys.join("access.key");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(own.load("access"), Err(KeyError::Open(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        assert_eq!(own.load("access").unwrap(), made);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "short").unwrap();
        assert!(matches!(own.load("access"), Err(KeyError::Length(_))));
        for typed in ["changeme-changeme-changeme-12345", &"\0".repeat(32)] {
            fs::write(&path, typed).unwrap();
            assert!(matches!(own.load("access"), Err(KeyError::Placeholder(_))), "{typed}");
        }
    }

    #[test]
    fn a_second_key_is_loaded_if_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyFolder::own(folder.path());
        let (first, second) = keys.load("node").unwrap();
        assert_eq!(second, None);
        let (from, to) = (folder.path().join("node.key"), folder.path().join("node.second.key"));
        fs::rename(from, to).unwrap();
        let (next, second) = keys.load("node").unwrap();
        assert_eq!(second, Some(first));
        assert_ne!(next, first);
    }
}
