//! How large a measurement is: so that its figures count, or so small that it only shows whether it
//! works.

use anyhow::ensure;

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// As large as its figures need.
    Full,
    /// In seconds, with any build; its figures mean nothing.
    Smoke,
}

/// What is printed beside figures of a [`Size::Smoke`].
pub(crate) const ONLY_TRIED: &str = "only tried: these figures mean nothing";

impl Size {
    /// As the flag `--smoke` says.
    ///
    /// # Errors
    /// If a debug build is to be measured.
    pub(crate) fn of(smoke: bool) -> anyhow::Result<Self> {
        if smoke {
            return Ok(Self::Smoke);
        }
        ensure!(
            !cfg!(debug_assertions),
            "measure a release build: cargo run --release; --smoke only tries whether it works"
        );
        Ok(Self::Full)
    }

    /// One of two sizes.
    pub(crate) fn pick<T>(self, full: T, smoke: T) -> T {
        match self {
            Self::Full => full,
            Self::Smoke => smoke,
        }
    }
}
