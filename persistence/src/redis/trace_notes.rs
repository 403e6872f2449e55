//! Which span wrote a batch, as keys that end by themselves.

use std::time::Duration;

use async_trait::async_trait;
use redis::{AsyncCommands as _, SetExpiry, SetOptions};
use tiketi_engine::domain::ids::{EventId, Seq};
use tiketi_engine::ports::TraceNotes;
use tiketi_engine::trace::TraceParent;

use super::Redis;

/// A relay that is further behind does without.
const KEPT_FOR: Duration = Duration::from_mins(2);

#[async_trait]
impl TraceNotes for Redis {
    async fn note(&self, event: EventId, last: Seq, by: TraceParent) {
        let options = SetOptions::default().with_expiration(SetExpiry::EX(KEPT_FOR.as_secs()));
        let key = self.note_key(event, last);
        let noted: Result<(), _> =
            self.connection().set_options(key, by.to_string(), options).await;
        if let Err(error) = noted {
            tracing::debug!(event.id = %event, %error, "a trace is not noted");
        }
    }

    async fn noted(&self, event: EventId, lasts: &[Seq]) -> Vec<TraceParent> {
        if lasts.is_empty() {
            return Vec::new();
        }
        let mut ask = redis::pipe();
        for last in lasts {
            ask.get(self.note_key(event, *last));
        }
        let noted: Vec<Option<String>> =
            ask.query_async(&mut self.connection()).await.unwrap_or_else(|error| {
                tracing::debug!(event.id = %event, %error, "traces are not known");
                Vec::new()
            });
        noted.into_iter().flatten().filter_map(|by| by.parse().ok()).collect()
    }
}

impl Redis {
    fn note_key(&self, event: EventId, last: Seq) -> String {
        format!("{}:{}", self.key("trace", &event.to_string()), last.0)
    }
}
