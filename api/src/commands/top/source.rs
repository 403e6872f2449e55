//! Every page, as it is watched.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::actor::ActorPage;
use super::audit_log::AuditLogPage;
use super::overview::OverviewPage;
use super::question::{Question, Table};
use super::sale::SalePage;
use super::session::{Frames, Missed, Session};
use super::settings::SettingsPage;
use super::sheet::Sheet;
use super::streams::StreamsPage;
use super::{actors, nodes};

/// A page, and whom it is asked of.
pub(super) struct Watched<'a> {
    session: &'a Session,
    page: Page,
}

enum Page {
    Overview(OverviewPage),
    Nodes(Frames),
    Actors(Frames, Table),
    Actor(Box<ActorPage>),
    Sale(SalePage),
    Streams(Box<StreamsPage>),
    AuditLog(AuditLogPage),
    Settings(SettingsPage),
}

/// How often it is asked what no socket tells.
const ASKED_EVERY: Duration = Duration::from_secs(5);

/// When a page was asked for last that no socket tells; at once if never.
#[derive(Default)]
pub(super) struct Pace(Option<Instant>);

impl Pace {
    pub(super) async fn wait(&self) {
        if let Some(asked_at) = self.0 {
            sleep_until(asked_at + ASKED_EVERY).await;
        }
    }

    pub(super) fn asked(&mut self) {
        self.0 = Some(Instant::now());
    }
}

/// What a socket is asked that is about one thing.
pub(super) fn topic(name: &str) -> [(&'static str, String); 1] {
    [("topic", name.to_owned())]
}

/// What a socket is asked that is about one event.
pub(super) fn topic_of(name: &str, event: &str) -> [(&'static str, String); 2] {
    [("topic", name.to_owned()), ("event", event.to_owned())]
}

impl<'a> Watched<'a> {
    /// Signs in, unless somebody is, and begins to watch.
    ///
    /// # Errors
    /// If the server cannot be reached, or does not let this account look.
    pub(super) async fn begin(session: &'a Session, question: &Question) -> Result<Self, Missed> {
        session.begin().await?;
        let page = match question {
            Question::Overview => Page::Overview(OverviewPage::begin(session).await?),
            Question::Nodes => Page::Nodes(session.watch(&topic("nodes")).await?),
            Question::Actors(table) => {
                Page::Actors(session.watch(&table.pairs()).await?, table.clone())
            }
            Question::Actor(event) => {
                Page::Actor(Box::new(ActorPage::begin(session, event).await?))
            }
            Question::Sale(event) => Page::Sale(SalePage::begin(session, event).await?),
            Question::Streams => Page::Streams(Box::new(StreamsPage::begin(session).await?)),
            Question::AuditLog(entries) => Page::AuditLog(AuditLogPage::new(entries)),
            Question::Settings(given) => Page::Settings(SettingsPage::new(*given)),
        };
        Ok(Self { session, page })
    }

    /// What is shown next. It may be dropped at an await without losing more than a frame.
    ///
    /// # Errors
    /// If the server does not say more, or does not let this account look.
    pub(super) async fn next(&mut self) -> Result<Sheet, Missed> {
        match &mut self.page {
            Page::Overview(page) => page.next().await,
            Page::Nodes(frames) => Ok(nodes::sheet(frames.next().await?)),
            Page::Actors(frames, table) => Ok(actors::sheet(frames.next().await?, table)),
            Page::Actor(page) => page.next(self.session).await,
            Page::Sale(page) => page.next().await,
            Page::Streams(page) => page.next(self.session).await,
            Page::AuditLog(page) => page.next(self.session).await,
            Page::Settings(page) => page.next(self.session).await,
        }
    }
}
