//! What is asked for: a page, and of what.

use std::fmt;

use super::sheet::word;
use crate::cli::TopPage;
use crate::wire::watch::SortName;

/// Rows of a page of actors.
pub(super) const ROWS: u32 = 50;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    Overview,
    Nodes,
    Actors(Table),
    /// Of the event with this id.
    Actor(String),
    /// Of the event with this id.
    Sale(String),
    Streams,
    AuditLog(Entries),
    Settings(Given),
}

/// Which actors, and in what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) sort: SortName,
    pub(super) descending: bool,
    /// In the title or the event's id.
    pub(super) text: String,
    /// Only of this node.
    pub(super) node: Option<String>,
    /// Rows before the page.
    pub(super) offset: u32,
}

/// Which entries of the log.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Entries {
    /// Only of this event.
    pub(super) event: Option<String>,
    /// Those before this one.
    pub(super) before: Option<u64>,
}

/// Which settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    All,
    Changed,
}

impl Default for Table {
    fn default() -> Self {
        Self { sort: SortName::Rate, descending: true, text: String::new(), node: None, offset: 0 }
    }
}

impl Table {
    /// What the server is asked.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("topic", "actors".to_owned()),
            ("sort", word(&self.sort)),
            ("descending", self.descending.to_string()),
            ("offset", self.offset.to_string()),
            ("limit", ROWS.to_string()),
        ];
        if !self.text.is_empty() {
            pairs.push(("text", self.text.clone()));
        }
        pairs.extend(self.node.iter().map(|node| ("node", node.clone())));
        pairs
    }
}

impl Question {
    /// What the command line asks for; it has an event wherever a page is of one.
    pub(super) fn of(page: TopPage, event: Option<String>) -> Self {
        match page {
            TopPage::Overview => Self::Overview,
            TopPage::Nodes => Self::Nodes,
            TopPage::Actors => Self::Actors(Table::default()),
            TopPage::Actor => Self::Actor(event.unwrap_or_default()),
            TopPage::Sale => Self::Sale(event.unwrap_or_default()),
            TopPage::Streams => Self::Streams,
            TopPage::Audit => Self::AuditLog(Entries { event, before: None }),
            TopPage::Settings => Self::Settings(Given::All),
        }
    }
}

/// What the page is called.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overview => write!(f, "Overview"),
            Self::Nodes => write!(f, "Nodes"),
            Self::Actors(table) => {
                let way = if table.descending { "↓" } else { "↑" };
                write!(f, "Actors · {} {way}", super::actors::column(table.sort))
            }
            Self::Actor(event) => write!(f, "Actor {event}"),
            Self::Sale(event) => write!(f, "Sale {event}"),
            Self::Streams => write!(f, "Streams"),
            Self::AuditLog(_) => write!(f, "Audit log"),
            Self::Settings(_) => write!(f, "Settings"),
        }
    }
}
