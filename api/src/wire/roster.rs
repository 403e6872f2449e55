//! Venues, artists and images.

use serde::{Deserialize, Serialize};
use tiketi_engine::ports::{Artist, Bilingual, Image, Picture, Venue};
use utoipa::{IntoParams, ToSchema};

/// A text in the languages that fans read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextView {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

impl From<&Bilingual> for TextView {
    fn from(text: &Bilingual) -> Self {
        Self { ko: text.ko.clone(), en: text.en.clone() }
    }
}

/// An image that something is to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PictureBody {
    /// The hash of a kept image.
    pub image: String,
    /// What it shows, for those who do not see it.
    pub alt: TextView,
}

impl From<&Picture> for PictureBody {
    fn from(picture: &Picture) -> Self {
        Self { image: picture.hash.to_string(), alt: (&picture.alt).into() }
    }
}

/// An image, to show.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImageView {
    /// Where it is; what is there never changes.
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What it shows, for those who do not see it.
    pub alt: TextView,
}

impl From<&Picture> for ImageView {
    fn from(picture: &Picture) -> Self {
        Self {
            url: format!("/api/v1/images/{}", picture.hash),
            width: picture.width,
            height: picture.height,
            alt: (&picture.alt).into(),
        }
    }
}

/// An image that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptImageView {
    /// The hash of its file.
    pub hash: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl From<&Image> for KeptImageView {
    fn from(image: &Image) -> Self {
        Self { hash: image.hash().to_string(), width: image.width, height: image.height }
    }
}

/// A venue as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VenueBody {
    /// What it is called.
    pub name: TextView,
    /// Street and number; may be empty.
    pub address: String,
    /// Its town; may be empty.
    pub city: String,
    /// ISO 3166-1 alpha-2, such as KR; may be empty.
    pub country: String,
    /// IANA, such as Asia/Seoul.
    pub time_zone: String,
    /// What it looks like.
    #[serde(default)]
    pub picture: Option<PictureBody>,
}

impl From<&Venue> for VenueBody {
    fn from(venue: &Venue) -> Self {
        Self {
            name: (&venue.name).into(),
            address: venue.address.clone(),
            city: venue.city.clone(),
            country: venue.country.clone(),
            time_zone: venue.time_zone.clone(),
            picture: venue.picture.as_ref().map(PictureBody::from),
        }
    }
}

/// A venue that is to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddVenueBody {
    /// What it is.
    pub venue: VenueBody,
    /// Why: 3 to 500 characters. It is kept.
    pub reason: String,
}

/// Another version of a venue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeVenueBody {
    /// The version that was changed.
    pub version: u32,
    /// What it is to be.
    pub venue: VenueBody,
    /// Why: 3 to 500 characters. It is kept.
    pub reason: String,
}

/// A venue that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct VenueView {
    /// Its id.
    pub id: String,
    /// One more with each change.
    pub version: u32,
    /// What has been filled in.
    pub venue: VenueBody,
}

impl From<&Venue> for VenueView {
    fn from(venue: &Venue) -> Self {
        Self { id: venue.id.to_string(), version: venue.version, venue: venue.into() }
    }
}

/// Whose plan a chart is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChartVenueBody {
    /// A venue's id; nobody's if absent.
    #[serde(default)]
    pub venue: Option<String>,
    /// Why: 3 to 500 characters. It is kept.
    pub reason: String,
}

/// An artist as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtistBody {
    /// What they are called.
    pub name: TextView,
    /// Who they are, in a few sentences; may be empty.
    pub about: TextView,
    /// What they look like.
    #[serde(default)]
    pub picture: Option<PictureBody>,
}

impl From<&Artist> for ArtistBody {
    fn from(artist: &Artist) -> Self {
        Self {
            name: (&artist.name).into(),
            about: (&artist.about).into(),
            picture: artist.picture.as_ref().map(PictureBody::from),
        }
    }
}

/// An artist that is to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddArtistBody {
    /// Who.
    pub artist: ArtistBody,
    /// Why: 3 to 500 characters. It is kept.
    pub reason: String,
}

/// Another version of an artist.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeArtistBody {
    /// The version that was changed.
    pub version: u32,
    /// What it is to be.
    pub artist: ArtistBody,
    /// Why: 3 to 500 characters. It is kept.
    pub reason: String,
}

/// An artist that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArtistView {
    /// Its id.
    pub id: String,
    /// One more with each change.
    pub version: u32,
    /// What has been filled in.
    pub artist: ArtistBody,
}

impl From<&Artist> for ArtistView {
    fn from(artist: &Artist) -> Self {
        Self { id: artist.id.to_string(), version: artist.version, artist: artist.into() }
    }
}

/// The version that is to be removed, and why, in an address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemovalQuery {
    /// The version that was seen.
    pub version: u32,
    /// Why: 3 to 500 characters. It is kept.
    pub reason: String,
}

/// Where an event is, as fans see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceView {
    /// Street and number; may be empty.
    pub address: String,
    /// Its town; may be empty.
    pub city: String,
    /// ISO 3166-1 alpha-2; may be empty.
    pub country: String,
    /// IANA; empty if not known.
    pub time_zone: String,
    /// What it looks like.
    pub image: Option<ImageView>,
}

impl From<&Venue> for PlaceView {
    fn from(venue: &Venue) -> Self {
        Self {
            address: venue.address.clone(),
            city: venue.city.clone(),
            country: venue.country.clone(),
            time_zone: venue.time_zone.clone(),
            image: venue.picture.as_ref().map(ImageView::from),
        }
    }
}

/// Who is on stage, as fans see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnStageView {
    /// What they are called.
    pub name: TextView,
    /// Who they are, in a few sentences; may be empty.
    pub about: TextView,
    /// What they look like.
    pub image: Option<ImageView>,
}

impl From<&Artist> for OnStageView {
    fn from(artist: &Artist) -> Self {
        Self {
            name: (&artist.name).into(),
            about: (&artist.about).into(),
            image: artist.picture.as_ref().map(ImageView::from),
        }
    }
}
