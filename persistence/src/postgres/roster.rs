//! Venues, artists and images.

use async_trait::async_trait;
use tiketi_engine::domain::chart::ChartHash;
use tiketi_engine::domain::ids::{ArtistId, EventId, VenueId};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Artist, Image, ImageHash, Picture, Removal, Roster, StoreError, Venue};

use super::Postgres;
use crate::columns::{Fault, breaks_a_reference};
use crate::{codec, read};

const VENUE: &str = concat!(include_str!("venues.sql"), "WHERE v.id = $1");
/// By name.
const VENUES: &str = concat!(include_str!("venues.sql"), "ORDER BY v.name_ko, v.id LIMIT $1");
const ARTIST: &str = concat!(include_str!("artists.sql"), "WHERE a.id = $1");
/// By name.
const ARTISTS: &str = concat!(include_str!("artists.sql"), "ORDER BY a.name_ko, a.id LIMIT $1");
/// Those of an event, in their order.
const ARTISTS_OF: &str = concat!(
    include_str!("artists.sql"),
    "JOIN catalog.event_artist n ON n.artist = a.id WHERE n.event = $1 ORDER BY n.place",
);

#[async_trait]
impl Roster for Postgres {
    async fn add_venue(&self, venue: &Venue) -> Result<(), StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(venue.picture.as_ref());
        let statement = sqlx::query(
            "INSERT INTO catalog.venue (id, name_ko, name_en, address, city, country, time_zone,
                 image, alt_ko, alt_en, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(venue.id.number().cast_signed())
        .bind(&venue.name.ko)
        .bind(&venue.name.en)
        .bind(&venue.address)
        .bind(&venue.city)
        .bind(&venue.country)
        .bind(&venue.time_zone)
        .bind(image)
        .bind(alt_ko)
        .bind(alt_en)
        .bind(i64::from(venue.version))
        .bind(venue.created_at.as_millis());
        let added = self.catalog.write(statement).await.map_err(Fault::from)?;
        if added == 0 { Err(StoreError::Exists("venue")) } else { Ok(()) }
    }

    async fn replace_venue(&self, venue: &Venue) -> Result<bool, StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(venue.picture.as_ref());
        let statement = sqlx::query(
            "UPDATE catalog.venue SET name_ko = $3, name_en = $4, address = $5, city = $6,
                 country = $7, time_zone = $8, image = $9, alt_ko = $10, alt_en = $11,
                 version = $2
             WHERE id = $1 AND version = $2 - 1",
        )
        .bind(venue.id.number().cast_signed())
        .bind(i64::from(venue.version))
        .bind(&venue.name.ko)
        .bind(&venue.name.en)
        .bind(&venue.address)
        .bind(&venue.city)
        .bind(&venue.country)
        .bind(&venue.time_zone)
        .bind(image)
        .bind(alt_ko)
        .bind(alt_en);
        let replaced = self.catalog.write(statement).await.map_err(Fault::from)?;
        Ok(replaced == 1)
    }

    async fn remove_venue(&self, venue: VenueId, version: u32) -> Result<Removal, StoreError> {
        let statement = sqlx::query("DELETE FROM catalog.venue WHERE id = $1 AND version = $2")
            .bind(venue.number().cast_signed())
            .bind(i64::from(version));
        codec::removal(self.catalog.write(statement).await)
    }

    async fn venue(&self, venue: VenueId) -> Result<Option<Venue>, StoreError> {
        let query = || sqlx::query(VENUE).bind(venue.number().cast_signed());
        let row = self.catalog.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::venue(&row)).transpose()?)
    }

    async fn venues(&self, limit: u32) -> Result<Vec<Venue>, StoreError> {
        let query = || sqlx::query(VENUES).bind(i64::from(limit));
        let rows = self.catalog.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::venue(row)?)).collect()
    }

    async fn set_chart_venue(
        &self,
        chart: ChartHash,
        venue: Option<VenueId>,
    ) -> Result<bool, StoreError> {
        let statement = sqlx::query("UPDATE catalog.chart SET venue = $1 WHERE hash = $2")
            .bind(venue.map(|venue| venue.number().cast_signed()))
            .bind(&chart.0[..]);
        match self.catalog.write(statement).await {
            Err(error) if breaks_a_reference(&error) => Ok(false),
            set => Ok(set.map_err(Fault::from)? == 1),
        }
    }

    async fn add_artist(&self, artist: &Artist) -> Result<(), StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(artist.picture.as_ref());
        let statement = sqlx::query(
            "INSERT INTO catalog.artist (id, name_ko, name_en, about_ko, about_en,
                 image, alt_ko, alt_en, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
        )
        .bind(artist.id.number().cast_signed())
        .bind(&artist.name.ko)
        .bind(&artist.name.en)
        .bind(&artist.about.ko)
        .bind(&artist.about.en)
        .bind(image)
        .bind(alt_ko)
        .bind(alt_en)
        .bind(i64::from(artist.version))
        .bind(artist.created_at.as_millis());
        let added = self.catalog.write(statement).await.map_err(Fault::from)?;
        if added == 0 { Err(StoreError::Exists("artist")) } else { Ok(()) }
    }

    async fn replace_artist(&self, artist: &Artist) -> Result<bool, StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(artist.picture.as_ref());
        let statement = sqlx::query(
            "UPDATE catalog.artist SET name_ko = $3, name_en = $4, about_ko = $5, about_en = $6,
                 image = $7, alt_ko = $8, alt_en = $9, version = $2
             WHERE id = $1 AND version = $2 - 1",
        )
        .bind(artist.id.number().cast_signed())
        .bind(i64::from(artist.version))
        .bind(&artist.name.ko)
        .bind(&artist.name.en)
        .bind(&artist.about.ko)
        .bind(&artist.about.en)
        .bind(image)
        .bind(alt_ko)
        .bind(alt_en);
        let replaced = self.catalog.write(statement).await.map_err(Fault::from)?;
        Ok(replaced == 1)
    }

    async fn remove_artist(&self, artist: ArtistId, version: u32) -> Result<Removal, StoreError> {
        let statement = sqlx::query("DELETE FROM catalog.artist WHERE id = $1 AND version = $2")
            .bind(artist.number().cast_signed())
            .bind(i64::from(version));
        codec::removal(self.catalog.write(statement).await)
    }

    async fn artist(&self, artist: ArtistId) -> Result<Option<Artist>, StoreError> {
        let query = || sqlx::query(ARTIST).bind(artist.number().cast_signed());
        let row = self.catalog.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::artist(&row)).transpose()?)
    }

    async fn artists(&self, limit: u32) -> Result<Vec<Artist>, StoreError> {
        let query = || sqlx::query(ARTISTS).bind(i64::from(limit));
        let rows = self.catalog.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::artist(row)?)).collect()
    }

    async fn artists_of(&self, event: EventId) -> Result<Vec<Artist>, StoreError> {
        let query = || sqlx::query(ARTISTS_OF).bind(event.number().cast_signed());
        let rows = self.catalog.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::artist(row)?)).collect()
    }

    async fn dress(
        &self,
        event: EventId,
        artists: &[ArtistId],
        poster: Option<&Picture>,
    ) -> Result<(), StoreError> {
        let artists: Vec<i64> = artists.iter().map(|of| of.number().cast_signed()).collect();
        let (image, alt_ko, alt_en) = codec::picture(poster);
        let statement = sqlx::query(
            "WITH surplus AS (
                 DELETE FROM catalog.event_artist
                 WHERE event = $1 AND place > cardinality($2::bigint[])
             ), named AS (
                 INSERT INTO catalog.event_artist (event, place, artist)
                 SELECT $1, place, artist
                 FROM unnest($2::bigint[]) WITH ORDINALITY AS said (artist, place)
                 ON CONFLICT (event, place) DO UPDATE SET artist = excluded.artist
             )
             UPDATE catalog.event SET image = $3, alt_ko = $4, alt_en = $5 WHERE id = $1",
        )
        .bind(event.number().cast_signed())
        .bind(artists)
        .bind(image)
        .bind(alt_ko)
        .bind(alt_en);
        self.catalog.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn put_image(&self, image: &Image, now: Timestamp) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "INSERT INTO catalog.image (hash, kind, width, height, body, kept_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (hash) DO UPDATE SET kept_at = excluded.kept_at",
        )
        .bind(image.hash().0.to_vec())
        .bind(codec::image_kind(image.kind))
        .bind(i64::from(image.width))
        .bind(i64::from(image.height))
        .bind(&image.bytes[..])
        .bind(now.as_millis());
        self.catalog.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn image(&self, hash: ImageHash) -> Result<Option<Image>, StoreError> {
        let query = || {
            sqlx::query("SELECT kind, width, height, body FROM catalog.image WHERE hash = $1")
                .bind(hash.0.to_vec())
        };
        let row = self.catalog.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::image(&row)).transpose()?)
    }

    async fn sweep_images(&self, before: Timestamp) -> Result<u64, StoreError> {
        let statement = sqlx::query(
            "DELETE FROM catalog.image WHERE kept_at < $1
                 AND NOT EXISTS (SELECT 1 FROM catalog.event e WHERE e.image = hash)
                 AND NOT EXISTS (SELECT 1 FROM catalog.venue v WHERE v.image = hash)
                 AND NOT EXISTS (SELECT 1 FROM catalog.artist a WHERE a.image = hash)
                 AND NOT EXISTS (
                     SELECT 1 FROM catalog.draft d
                     WHERE position(encode(hash, 'hex') IN d.body) > 0)",
        )
        .bind(before.as_millis());
        Ok(self.catalog.write(statement).await.map_err(Fault::from)?)
    }
}
