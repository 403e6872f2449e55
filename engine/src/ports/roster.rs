//! What events are made of beside their plans: venues, artists, images.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{Bilingual, StoreError};
use crate::domain::chart::ChartHash;
use crate::domain::ids::{ArtistId, EventId, VenueId};
use crate::domain::time::Timestamp;

/// Stores venues, artists and images, and which events have them.
#[async_trait]
pub trait Roster: Send + Sync + 'static {
    /// Adds a venue.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if its number is taken.
    async fn add_venue(&self, venue: &Venue) -> Result<(), StoreError>;

    /// Puts a venue in place of the version before it; false if that is not there any more.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn replace_venue(&self, venue: &Venue) -> Result<bool, StoreError>;

    /// Removes a version of a venue, unless an event is there. Its plans stay, as nobody's.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn remove_venue(&self, venue: VenueId, version: u32) -> Result<Removal, StoreError>;

    /// A venue.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn venue(&self, venue: VenueId) -> Result<Option<Venue>, StoreError>;

    /// Venues by name, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn venues(&self, limit: u32) -> Result<Vec<Venue>, StoreError>;

    /// Says whose plan a chart is; false if there is no such chart or venue.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn set_chart_venue(
        &self,
        chart: ChartHash,
        venue: Option<VenueId>,
    ) -> Result<bool, StoreError>;

    /// Adds an artist.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if its number is taken.
    async fn add_artist(&self, artist: &Artist) -> Result<(), StoreError>;

    /// Puts an artist in place of the version before it; false if that is not there any more.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn replace_artist(&self, artist: &Artist) -> Result<bool, StoreError>;

    /// Removes a version of an artist, unless an event names it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn remove_artist(&self, artist: ArtistId, version: u32) -> Result<Removal, StoreError>;

    /// An artist.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn artist(&self, artist: ArtistId) -> Result<Option<Artist>, StoreError>;

    /// Artists by name, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn artists(&self, limit: u32) -> Result<Vec<Artist>, StoreError>;

    /// Who is on stage at an event, in its order.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn artists_of(&self, event: EventId) -> Result<Vec<Artist>, StoreError>;

    /// Says who is on stage at an event, and what stands for it in a list, in place of what was said
    /// before.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn dress(
        &self,
        event: EventId,
        artists: &[ArtistId],
        poster: Option<&Picture>,
    ) -> Result<(), StoreError>;

    /// Keeps an image; one that is there already is as if it had been kept now.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn put_image(&self, image: &Image, now: Timestamp) -> Result<(), StoreError>;

    /// An image.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn image(&self, hash: ImageHash) -> Result<Option<Image>, StoreError>;

    /// Removes images that were kept before a moment and that no event, draft, venue or artist has;
    /// says how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sweep_images(&self, before: Timestamp) -> Result<u64, StoreError>;
}

/// What came of a removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Removed,
    /// An event needs it.
    InUse,
    /// It was changed since, or is not there.
    Changed,
}

/// A house that events are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venue {
    /// Its number.
    pub id: VenueId,
    /// What it is called.
    pub name: Bilingual,
    /// Street and number; empty if not known.
    pub address: String,
    /// Its town; empty if not known.
    pub city: String,
    /// ISO 3166-1 alpha-2; empty if not known.
    pub country: String,
    /// IANA; empty if not known.
    pub time_zone: String,
    /// What it looks like.
    pub picture: Option<Picture>,
    /// 1, 2, 3 …: one more with each change.
    pub version: u32,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Somebody who is on stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artist {
    /// Its number.
    pub id: ArtistId,
    /// What they are called.
    pub name: Bilingual,
    /// Who they are, in a few sentences.
    pub about: Bilingual,
    /// What they look like.
    pub picture: Option<Picture>,
    /// 1, 2, 3 …: one more with each change.
    pub version: u32,
    /// When it was added.
    pub created_at: Timestamp,
}

/// An image in its place. Its measures are the image's, whatever whoever writes it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Which.
    pub hash: ImageHash,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What it shows, for those who do not see it.
    pub alt: Bilingual,
}

/// An image that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// How it is encoded.
    pub kind: ImageKind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The file.
    pub bytes: Bytes,
}

impl Image {
    /// The hash of its file.
    pub fn hash(&self) -> ImageHash {
        ImageHash(Sha256::digest(&self.bytes).into())
    }
}

/// How an image is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// AVIF.
    Avif,
}

/// SHA-256 over an image's file; its text form is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageHash(pub [u8; 32]);

impl fmt::Display for ImageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&ChartHash(self.0), f)
    }
}

impl fmt::Debug for ImageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an image hash")]
pub struct NotAnImageHash;

impl FromStr for ImageHash {
    type Err = NotAnImageHash;

    fn from_str(text: &str) -> Result<Self, NotAnImageHash> {
        let ChartHash(hash) = text.parse().map_err(|_| NotAnImageHash)?;
        Ok(Self(hash))
    }
}
