//! Venues, artists and images.

use async_trait::async_trait;
use tiketi_engine::domain::chart::ChartHash;
use tiketi_engine::domain::ids::{ArtistId, EventId, VenueId};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Artist, Image, ImageHash, Picture, Removal, Roster, StoreError, Venue};

use super::{Embedded, begin};
use crate::columns::{Fault, breaks_a_reference};
use crate::{codec, read};

const VENUE: &str = concat!(include_str!("venues.sql"), "WHERE v.id = ?");
/// By name.
const VENUES: &str = concat!(include_str!("venues.sql"), "ORDER BY v.name_ko, v.id LIMIT ?");
const ARTIST: &str = concat!(include_str!("artists.sql"), "WHERE a.id = ?");
/// By name.
const ARTISTS: &str = concat!(include_str!("artists.sql"), "ORDER BY a.name_ko, a.id LIMIT ?");
/// Those of an event, in their order.
const ARTISTS_OF: &str = concat!(
    include_str!("artists.sql"),
    "JOIN catalog_event_artist n ON n.artist = a.id WHERE n.event = ? ORDER BY n.place",
);

#[async_trait]
impl Roster for Embedded {
    async fn add_venue(&self, venue: &Venue) -> Result<(), StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(venue.picture.as_ref());
        let mut writer = self.writer().await;
        let added = sqlx::query(
            "INSERT INTO catalog_venue (id, name_ko, name_en, address, city, country, time_zone,
                 image, alt_ko, alt_en, version, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
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
        .bind(venue.created_at.as_millis())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        if added.rows_affected() == 0 { Err(StoreError::Exists("venue")) } else { Ok(()) }
    }

    async fn replace_venue(&self, venue: &Venue) -> Result<bool, StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(venue.picture.as_ref());
        let mut writer = self.writer().await;
        let replaced = sqlx::query(
            "UPDATE catalog_venue SET name_ko = ?3, name_en = ?4, address = ?5, city = ?6,
                 country = ?7, time_zone = ?8, image = ?9, alt_ko = ?10, alt_en = ?11,
                 version = ?2
             WHERE id = ?1 AND version = ?2 - 1",
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
        .bind(alt_en)
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(replaced.rows_affected() == 1)
    }

    async fn remove_venue(&self, venue: VenueId, version: u32) -> Result<Removal, StoreError> {
        let mut writer = self.writer().await;
        let removed = sqlx::query("DELETE FROM catalog_venue WHERE id = ? AND version = ?")
            .bind(venue.number().cast_signed())
            .bind(i64::from(version))
            .execute(&mut *writer)
            .await;
        codec::removal(removed.map(|removed| removed.rows_affected()))
    }

    async fn venue(&self, venue: VenueId) -> Result<Option<Venue>, StoreError> {
        let row = sqlx::query(VENUE)
            .bind(venue.number().cast_signed())
            .fetch_optional(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(row.map(|row| read::venue(&row)).transpose()?)
    }

    async fn venues(&self, limit: u32) -> Result<Vec<Venue>, StoreError> {
        let rows = sqlx::query(VENUES)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await
            .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::venue(row)?)).collect()
    }

    async fn set_chart_venue(
        &self,
        chart: ChartHash,
        venue: Option<VenueId>,
    ) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        let set = sqlx::query("UPDATE catalog_chart SET venue = ? WHERE hash = ?")
            .bind(venue.map(|venue| venue.number().cast_signed()))
            .bind(&chart.0[..])
            .execute(&mut *writer)
            .await;
        match set {
            Err(error) if breaks_a_reference(&error) => Ok(false),
            set => Ok(set.map_err(Fault::from)?.rows_affected() == 1),
        }
    }

    async fn add_artist(&self, artist: &Artist) -> Result<(), StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(artist.picture.as_ref());
        let mut writer = self.writer().await;
        let added = sqlx::query(
            "INSERT INTO catalog_artist (id, name_ko, name_en, about_ko, about_en,
                 image, alt_ko, alt_en, version, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
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
        .bind(artist.created_at.as_millis())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        if added.rows_affected() == 0 { Err(StoreError::Exists("artist")) } else { Ok(()) }
    }

    async fn replace_artist(&self, artist: &Artist) -> Result<bool, StoreError> {
        let (image, alt_ko, alt_en) = codec::picture(artist.picture.as_ref());
        let mut writer = self.writer().await;
        let replaced = sqlx::query(
            "UPDATE catalog_artist SET name_ko = ?3, name_en = ?4, about_ko = ?5, about_en = ?6,
                 image = ?7, alt_ko = ?8, alt_en = ?9, version = ?2
             WHERE id = ?1 AND version = ?2 - 1",
        )
        .bind(artist.id.number().cast_signed())
        .bind(i64::from(artist.version))
        .bind(&artist.name.ko)
        .bind(&artist.name.en)
        .bind(&artist.about.ko)
        .bind(&artist.about.en)
        .bind(image)
        .bind(alt_ko)
        .bind(alt_en)
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(replaced.rows_affected() == 1)
    }

    async fn remove_artist(&self, artist: ArtistId, version: u32) -> Result<Removal, StoreError> {
        let mut writer = self.writer().await;
        let removed = sqlx::query("DELETE FROM catalog_artist WHERE id = ? AND version = ?")
            .bind(artist.number().cast_signed())
            .bind(i64::from(version))
            .execute(&mut *writer)
            .await;
        codec::removal(removed.map(|removed| removed.rows_affected()))
    }

    async fn artist(&self, artist: ArtistId) -> Result<Option<Artist>, StoreError> {
        let row = sqlx::query(ARTIST)
            .bind(artist.number().cast_signed())
            .fetch_optional(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(row.map(|row| read::artist(&row)).transpose()?)
    }

    async fn artists(&self, limit: u32) -> Result<Vec<Artist>, StoreError> {
        let rows = sqlx::query(ARTISTS)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await
            .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::artist(row)?)).collect()
    }

    async fn artists_of(&self, event: EventId) -> Result<Vec<Artist>, StoreError> {
        let rows = sqlx::query(ARTISTS_OF)
            .bind(event.number().cast_signed())
            .fetch_all(&self.readers)
            .await
            .map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::artist(row)?)).collect()
    }

    async fn dress(
        &self,
        event: EventId,
        artists: &[ArtistId],
        poster: Option<&Picture>,
    ) -> Result<(), StoreError> {
        let number = event.number().cast_signed();
        let mut writer = self.writer().await;
        let mut transaction = begin(&mut writer).await.map_err(Fault::from)?;
        sqlx::query("DELETE FROM catalog_event_artist WHERE event = ?")
            .bind(number)
            .execute(&mut *transaction)
            .await
            .map_err(Fault::from)?;
        for (artist, place) in artists.iter().zip(1_i64..) {
            sqlx::query("INSERT INTO catalog_event_artist (event, place, artist) VALUES (?, ?, ?)")
                .bind(number)
                .bind(place)
                .bind(artist.number().cast_signed())
                .execute(&mut *transaction)
                .await
                .map_err(Fault::from)?;
        }
        let (image, alt_ko, alt_en) = codec::picture(poster);
        sqlx::query("UPDATE catalog_event SET image = ?, alt_ko = ?, alt_en = ? WHERE id = ?")
            .bind(image)
            .bind(alt_ko)
            .bind(alt_en)
            .bind(number)
            .execute(&mut *transaction)
            .await
            .map_err(Fault::from)?;
        Ok(transaction.commit().await.map_err(Fault::from)?)
    }

    async fn put_image(&self, image: &Image, now: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer().await;
        sqlx::query(
            "INSERT INTO catalog_image (hash, kind, width, height, body, kept_at)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (hash) DO UPDATE SET kept_at = excluded.kept_at",
        )
        .bind(&image.hash().0[..])
        .bind(codec::image_kind(image.kind))
        .bind(i64::from(image.width))
        .bind(i64::from(image.height))
        .bind(&image.bytes[..])
        .bind(now.as_millis())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(())
    }

    async fn image(&self, hash: ImageHash) -> Result<Option<Image>, StoreError> {
        let row = sqlx::query("SELECT kind, width, height, body FROM catalog_image WHERE hash = ?")
            .bind(&hash.0[..])
            .fetch_optional(&self.readers)
            .await
            .map_err(Fault::from)?;
        Ok(row.map(|row| read::image(&row)).transpose()?)
    }

    async fn sweep_images(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut writer = self.writer().await;
        let swept = sqlx::query(
            "DELETE FROM catalog_image WHERE kept_at < ?
                 AND NOT EXISTS (SELECT 1 FROM catalog_event e WHERE e.image = hash)
                 AND NOT EXISTS (SELECT 1 FROM catalog_venue v WHERE v.image = hash)
                 AND NOT EXISTS (SELECT 1 FROM catalog_artist a WHERE a.image = hash)
                 AND NOT EXISTS (
                     SELECT 1 FROM catalog_draft d WHERE instr(d.body, lower(hex(hash))) > 0)",
        )
        .bind(before.as_millis())
        .execute(&mut *writer)
        .await
        .map_err(Fault::from)?;
        Ok(swept.rows_affected())
    }
}
