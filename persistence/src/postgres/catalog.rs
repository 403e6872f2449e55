//! Events and charts.

use std::sync::Arc;

use async_trait::async_trait;
use tiketi_engine::domain::chart::{Chart, ChartHash};
use tiketi_engine::domain::ids::EventId;
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Catalog, ChartEntry, Draft, Listing, ListingState, StoreError};

use super::Postgres;
use crate::columns::Fault;
use crate::{codec, read};

#[async_trait]
impl Catalog for Postgres {
    async fn put_chart(&self, chart: &Chart, now: Timestamp) -> Result<ChartHash, StoreError> {
        let hash = chart.hash();
        let statement = sqlx::query(
            "INSERT INTO catalog.chart (hash, name, places, body, created_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO NOTHING",
        )
        .bind(&hash.0[..])
        .bind(chart.name())
        .bind(codec::signed(chart.capacity()))
        .bind(chart.encode())
        .bind(now.as_millis());
        self.catalog.write(statement).await.map_err(Fault::from)?;
        Ok(hash)
    }

    async fn chart(&self, hash: ChartHash) -> Result<Option<Arc<Chart>>, StoreError> {
        let query =
            || sqlx::query("SELECT body FROM catalog.chart WHERE hash = $1").bind(hash.0.to_vec());
        let row = self.catalog.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::chart(hash, &row)).transpose()?)
    }

    async fn charts(&self) -> Result<Vec<ChartEntry>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT hash, name, places, venue, created_at FROM catalog.chart
                 ORDER BY created_at DESC, hash",
            )
        };
        let rows = self.catalog.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::chart_entry(row)?)).collect()
    }

    async fn add_event(&self, listing: &Listing) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "INSERT INTO catalog.event
                 (id, title, description, venue, venue_id, starts_at, chart, state, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        )
        .bind(listing.id.number().cast_signed())
        .bind(&listing.title)
        .bind(&listing.description)
        .bind(&listing.venue.ko)
        .bind(listing.venue_id.map(|venue| venue.number().cast_signed()))
        .bind(listing.starts_at.as_millis())
        .bind(&listing.chart.0[..])
        .bind(codec::listing_state(listing.state))
        .bind(listing.created_at.as_millis());
        let added = self.catalog.write(statement).await.map_err(Fault::from)?;
        if added == 0 { Err(StoreError::Exists("event")) } else { Ok(()) }
    }

    async fn set_event_state(&self, event: EventId, state: ListingState) -> Result<(), StoreError> {
        let statement = sqlx::query("UPDATE catalog.event SET state = $2 WHERE id = $1")
            .bind(event.number().cast_signed())
            .bind(codec::listing_state(state));
        self.catalog.write(statement).await.map_err(Fault::from)?;
        Ok(())
    }

    async fn event(&self, event: EventId) -> Result<Option<Listing>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT e.id, e.title, e.description, e.venue_id, e.starts_at, e.chart, e.state,
                     e.created_at, coalesce(v.name_ko, e.venue) AS venue_ko,
                     coalesce(v.name_en, e.venue) AS venue_en,
                     e.image, e.alt_ko, e.alt_en, i.width, i.height
                 FROM catalog.event e
                 LEFT JOIN catalog.venue v ON v.id = e.venue_id
                 LEFT JOIN catalog.image i ON i.hash = e.image
                 WHERE e.id = $1",
            )
            .bind(event.number().cast_signed())
        };
        let row = self.catalog.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::listing(&row)).transpose()?)
    }

    async fn events(
        &self,
        after: Option<(Timestamp, EventId)>,
        limit: u32,
    ) -> Result<Vec<Listing>, StoreError> {
        let (at, id) = codec::listed_after(after);
        let query = || {
            sqlx::query(
                "SELECT e.id, e.title, e.description, e.venue_id, e.starts_at, e.chart, e.state,
                     e.created_at, coalesce(v.name_ko, e.venue) AS venue_ko,
                     coalesce(v.name_en, e.venue) AS venue_en,
                     e.image, e.alt_ko, e.alt_en, i.width, i.height
                 FROM catalog.event e
                 LEFT JOIN catalog.venue v ON v.id = e.venue_id
                 LEFT JOIN catalog.image i ON i.hash = e.image
                 WHERE e.state = 'published' AND (e.starts_at, e.id) > ($1, $2)
                 ORDER BY e.starts_at, e.id LIMIT $3",
            )
            .bind(at)
            .bind(id)
            .bind(i64::from(limit))
        };
        let rows = self.catalog.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::listing(row)?)).collect()
    }

    async fn add_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "INSERT INTO catalog.draft (id, body, version, created_at, changed_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
        )
        .bind(draft.id.number().cast_signed())
        .bind(&draft.body)
        .bind(i64::from(draft.version))
        .bind(draft.created_at.as_millis())
        .bind(draft.changed_at.as_millis());
        let added = self.catalog.write(statement).await.map_err(Fault::from)?;
        if added == 0 { Err(StoreError::Exists("draft")) } else { Ok(()) }
    }

    async fn replace_draft(&self, draft: &Draft) -> Result<bool, StoreError> {
        let statement = sqlx::query(
            "UPDATE catalog.draft SET body = $2, version = $3, changed_at = $4
             WHERE id = $1 AND version = $3 - 1",
        )
        .bind(draft.id.number().cast_signed())
        .bind(&draft.body)
        .bind(i64::from(draft.version))
        .bind(draft.changed_at.as_millis());
        Ok(self.catalog.write(statement).await.map_err(Fault::from)? == 1)
    }

    async fn remove_draft(&self, event: EventId, version: u32) -> Result<bool, StoreError> {
        let statement = sqlx::query("DELETE FROM catalog.draft WHERE id = $1 AND version = $2")
            .bind(event.number().cast_signed())
            .bind(i64::from(version));
        Ok(self.catalog.write(statement).await.map_err(Fault::from)? == 1)
    }

    async fn draft(&self, event: EventId) -> Result<Option<Draft>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT id, body, version, created_at, changed_at FROM catalog.draft
                 WHERE id = $1",
            )
            .bind(event.number().cast_signed())
        };
        let row = self.catalog.first(query).await.map_err(Fault::from)?;
        Ok(row.map(|row| read::draft(&row)).transpose()?)
    }

    async fn drafts(&self, limit: u32) -> Result<Vec<Draft>, StoreError> {
        let query = || {
            sqlx::query(
                "SELECT id, body, version, created_at, changed_at FROM catalog.draft
                 ORDER BY changed_at DESC, id DESC LIMIT $1",
            )
            .bind(i64::from(limit))
        };
        let rows = self.catalog.all(query).await.map_err(Fault::from)?;
        rows.iter().map(|row| Ok(read::draft(row)?)).collect()
    }
}
