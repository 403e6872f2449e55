//! What operators do to a running sale, each with a reason, and the log of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use tiketi_engine::books::Books;
use tiketi_engine::ports::AuditEntry;
use utoipa::{IntoParams, ToSchema};

use super::operators::StatusView;
use super::orders::OrderStateView;

/// Something to do to a running sale.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionBody {
    /// What.
    pub action: ActionName,
    /// The hold or order that it is done to, where it is done to one.
    #[serde(default)]
    pub target: Option<String>,
    /// What it is set to, where something is set.
    #[serde(default)]
    pub admitted_max: Option<u32>,
    /// How many fans are called in a minute at most, where that is set; 0 for any number.
    #[serde(default)]
    pub admission_rate: Option<u32>,
    /// What those in line are told, where that is set: at most 200 characters; empty for nothing.
    #[serde(default)]
    pub notice: Option<String>,
    /// The places that it is done to, by the chart's labels: `section / row / 1-12, 15`, all of a row
    /// or table without seats, so many units of an area, or `#` and a place's index; several with `;`.
    #[serde(default)]
    pub places: Option<String>,
    /// Why: 3 to 500 characters. It is kept. Only asking needs none.
    #[serde(default)]
    pub reason: String,
    /// Only say what it would be done to.
    #[serde(default)]
    pub preview: bool,
}

/// What can be done to a running sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionName {
    /// Nobody is let in and nothing more is held for now.
    Pause,
    /// On sale again.
    Resume,
    /// Over, for good.
    Close,
    /// The actor ends; whoever asks next has the event taken over anew.
    HandOver,
    /// A hold's places are free again.
    ReleaseHold,
    /// An order that is not paid is given up, and its hold with it.
    CancelOrder,
    /// A paid order is returned: its tickets are void, its places free, its money goes back.
    ReturnOrder,
    /// At most `admitted_max` fans are called or admitted at one time from now on.
    SetAdmittedMax,
    /// The free `places` go off sale, all or none.
    BlockPlaces,
    /// The blocked `places` are on sale again, all or none.
    FreePlaces,
    /// At most `admission_rate` fans are called in a minute from now on.
    SetAdmissionRate,
    /// Those in line are told the `notice` from now on.
    SetNotice,
}

impl ActionName {
    /// The stable text form.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Close => "close",
            Self::HandOver => "hand_over",
            Self::ReleaseHold => "release_hold",
            Self::CancelOrder => "cancel_order",
            Self::ReturnOrder => "return_order",
            Self::SetAdmittedMax => "set_admitted_max",
            Self::BlockPlaces => "block_places",
            Self::FreePlaces => "free_places",
            Self::SetAdmissionRate => "set_admission_rate",
            Self::SetNotice => "set_notice",
        }
    }
}

/// What something is done to, as it was before.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectView {
    /// Whether the sale ran.
    pub status: StatusView,
    /// Fans in line.
    pub waiting: u32,
    /// Fans called or admitted.
    pub inside: u32,
    /// Places held.
    pub held: usize,
    /// Fans that may be called or admitted at one time.
    pub admitted_max: u32,
    /// Fans called in a minute at most; any number if null.
    pub admission_rate: Option<u32>,
    /// What those in line are told; null if nothing.
    pub notice: Option<String>,
    /// Places of the hold or the order, or those of the named ones that it can be done to.
    pub places: Option<usize>,
    /// The first of the named places that it cannot be done to, and how many units of an area.
    pub unfit: Vec<String>,
    /// What the order costs.
    pub amount_minor: Option<i64>,
    /// Where the order stands.
    pub order: Option<OrderStateView>,
    /// Whether it was done; not if it was only asked what it would be done to.
    pub done: bool,
}

/// What the hold, the order or the places come to that something is done to.
#[derive(Debug, Default)]
pub(crate) struct Extent {
    pub(crate) places: Option<usize>,
    pub(crate) unfit: Vec<String>,
    pub(crate) amount_minor: Option<i64>,
    pub(crate) order: Option<OrderStateView>,
}

impl EffectView {
    pub(crate) fn of(books: &Books, extent: Extent, done: bool) -> Self {
        let overview = &books.overview;
        let Extent { places, unfit, amount_minor, order } = extent;
        Self {
            status: overview.status.into(),
            waiting: overview.waiting,
            inside: overview.inside,
            held: overview.counts.held,
            admitted_max: overview.terms.rules.admitted_max,
            admission_rate: books.rate,
            notice: books.notice.as_ref().map(|notice| notice.as_str().to_owned()),
            places,
            unfit,
            amount_minor,
            order,
            done,
        }
    }
}

/// Which entries of the log are wanted: any, where nothing is said.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Of this event.
    pub event: Option<String>,
    /// By this account: its id or its e-mail address.
    pub by: Option<String>,
    /// Of this action, as entries name it.
    pub action: Option<String>,
    /// Those before this one.
    pub before: Option<u64>,
    /// How many: 1 to 100.
    pub limit: Option<u32>,
}

/// Which entries of the log are exported: all, where nothing is said.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditExportQuery {
    /// Of this event.
    pub event: Option<String>,
    /// By this account: its id or its e-mail address.
    pub by: Option<String>,
    /// Of this action, as entries name it.
    pub action: Option<String>,
}

impl From<AuditExportQuery> for AuditQuery {
    fn from(AuditExportQuery { event, by, action }: AuditExportQuery) -> Self {
        Self { event, by, action, before: None, limit: None }
    }
}

/// Entries of the log, the latest first.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditPageView {
    /// What fits.
    pub entries: Vec<AuditEntryView>,
    /// Pass it as `before` for older ones; absent on the last page.
    pub next: Option<u64>,
}

/// Something that somebody did, or tried to do.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditEntryView {
    /// Its place in the log.
    pub number: u64,
    /// When.
    pub at: String,
    /// Whose account.
    pub by: String,
    /// Its e-mail address; absent if there is no such account any more.
    pub email: Option<String>,
    /// To which event; empty if to something that is no event's.
    pub event: String,
    /// What.
    pub action: String,
    /// To what, and from what to what; empty if to all of the event.
    pub target: String,
    /// Why; empty if nobody was asked.
    pub reason: String,
    /// `asked` before it is done, then `done` or the code of the refusal.
    pub outcome: String,
    /// SHA-256 over the hash before, the number and the entry, in base64url.
    pub hash: String,
}

impl AuditEntryView {
    pub(crate) fn of(entry: &AuditEntry, email: Option<String>) -> Self {
        let deed = &entry.deed;
        Self {
            number: entry.number,
            at: deed.at.to_string(),
            by: deed.by.to_string(),
            email,
            event: deed.event.map(|event| event.to_string()).unwrap_or_default(),
            action: deed.action.clone(),
            target: deed.target.clone(),
            reason: deed.reason.clone(),
            outcome: deed.outcome.clone(),
            hash: URL_SAFE_NO_PAD.encode(entry.hash),
        }
    }
}

/// Whether each entry follows on the one before.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditCheckView {
    /// How many were looked at.
    pub entries: u64,
    /// The first that was altered, or stands where another should; null if there is none.
    pub broken_at: Option<u64>,
}
