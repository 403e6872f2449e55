//! What operators tell those in line.

use serde::{Deserialize, Serialize};

use crate::domain::limits::NOTICE_CHARS_MAX;

/// A few words, plain: 1 to [`NOTICE_CHARS_MAX`] printable characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notice(String);

impl Notice {
    /// A text without the space around it; `None` if it is empty, too long or not plain.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let lawful = (1..=NOTICE_CHARS_MAX).contains(&text.chars().count());
        (lawful && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_short_and_plain() {
        let longest = "줄".repeat(NOTICE_CHARS_MAX);
        let too_long = format!("{longest}.");
        for (text, kept) in [
            ("  Doors open at seven. ", Some("Doors open at seven.")),
            (longest.as_str(), Some(longest.as_str())),
            (too_long.as_str(), None),
            ("", None),
            (" \t ", None),
            ("two\nlines", None),
            ("a\u{0}b", None),
        ] {
            assert_eq!(Notice::new(text).as_ref().map(Notice::as_str), kept, "{text:?}");
        }
    }
}
