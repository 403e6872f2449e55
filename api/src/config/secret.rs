//! Texts that are never shown.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};

use super::ConfigError;

/// A text that is never shown. Written out it only says whether it is given.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// What is written in place of one that is given.
    pub(super) const GIVEN: &str = "(set)";

    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for where it is needed.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes the text from a file, if one is named in place of it.
    pub(super) fn read_file(&mut self, name: &str, file: Option<&Path>) -> Result<(), ConfigError> {
        let Some(path) = file else { return Ok(()) };
        if !self.0.is_empty() {
            let text = format!("{name} and {name}_file are both given: keep one");
            return Err(ConfigError::Value(text));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::File { path: path.to_owned(), source })?;
        text.trim().clone_into(&mut self.0);
        Ok(())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0.is_empty() { "" } else { Self::GIVEN })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { Self::GIVEN })
    }
}

/// Words that stand for a secret in examples.
const PLACEHOLDERS: [&str; 7] =
    ["changeme", "change-me", "change_me", "secret", "placeholder", "example", "xxx"];

/// Whether a secret only stands for one.
pub(super) fn is_placeholder(secret: &str) -> bool {
    let lower = secret.to_lowercase();
    PLACEHOLDERS.iter().any(|word| lower.starts_with(word))
}
