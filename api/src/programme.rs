//! From what organisers fill in to an event that can be sold, or everything that keeps it from that.
//! What a sale allows is the domain's to say; here its faults get the names of fields.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tiketi_engine::domain::chart::{CategoryIx, Chart, ChartHash};
use tiketi_engine::domain::ids::{ArtistId, EventId, VenueId};
use tiketi_engine::domain::limits::{LABEL_BYTES_MAX, TICKET_TYPES_MAX};
use tiketi_engine::domain::money::Currency;
use tiketi_engine::domain::pricing::{
    Price, PriceEntry, PriceFault, PriceTable, TicketType, TicketTypeIx,
};
use tiketi_engine::domain::terms::{RuleFault, Rules, Terms};
use tiketi_engine::domain::time::Timestamp;
use tiketi_engine::ports::{Bilingual, Image, Listing, ListingState, Picture, Venue};

use crate::catalog::Showing;
use crate::wire::programme::{DraftBody, FaultView};
use crate::wire::roster::{PictureBody, TextView};

/// The longest description, in bytes.
pub(crate) const DESCRIPTION_BYTES_MAX: usize = 4_000;
/// The longest text in place of an image, in bytes.
const ALT_BYTES_MAX: usize = 500;
/// Artists that one event names.
pub(crate) const ARTISTS_MAX: usize = 50;
/// The longest list of differences, in characters, and the longest value in it.
const DIFFERENCES_CHARS_MAX: usize = 2_000;
const VALUE_CHARS_MAX: usize = 120;

/// An event without a fault.
#[derive(Debug)]
pub(crate) struct Sound {
    title: String,
    description: String,
    venue: Bilingual,
    venue_id: Option<VenueId>,
    starts_at: Timestamp,
    pub(crate) artists: Vec<ArtistId>,
    pub(crate) poster: Option<Picture>,
    pub(crate) terms: Terms,
}

impl Sound {
    /// As the catalog is given it.
    pub(crate) fn showing(&self, id: EventId, now: Timestamp) -> Showing {
        let listing = Listing {
            id,
            title: self.title.clone(),
            description: self.description.clone(),
            venue: self.venue.clone(),
            venue_id: self.venue_id,
            starts_at: self.starts_at,
            chart: self.terms.chart,
            state: ListingState::Draft,
            created_at: now,
            poster: None,
        };
        Showing { listing, artists: self.artists.clone(), poster: self.poster.clone() }
    }
}

/// Whether a category may be without a price, and so not for sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unpriced {
    Allowed,
    Refused,
}

/// What there is of what an event names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'a> {
    pub(crate) chart: Option<(&'a Chart, ChartHash)>,
    pub(crate) venue: Option<&'a Venue>,
    /// In any order.
    pub(crate) artists: &'a [ArtistId],
    pub(crate) poster: Option<&'a Image>,
}

/// Judges an event with what there is of what it names.
///
/// # Errors
/// Everything that is wrong.
pub(crate) fn judge(
    event: &DraftBody,
    known: Known<'_>,
    unpriced: Unpriced,
) -> Result<Sound, Vec<FaultView>> {
    let chart = known.chart;
    let mut faults = Faults::default();
    let title = faults.required("title", &event.title, LABEL_BYTES_MAX);
    let description = faults.text("description", &event.description, DESCRIPTION_BYTES_MAX);
    let venue = faults.venue(event, known.venue);
    let artists = faults.artists(&event.artists, known.artists);
    let poster = faults.picture("poster", event.poster.as_ref(), known.poster);
    let starts_at = faults.time("starts_at", &event.starts_at);
    if chart.is_none() {
        faults.absent("chart", &event.chart, "no chart has this hash");
    }
    let prices = faults.prices(event, chart.map(|(chart, _)| chart), unpriced);
    let rules = faults.rules(event);
    match (chart, prices) {
        (Some((_, hash)), Some(prices)) if faults.0.is_empty() => {
            let terms = Terms { chart: hash, prices, rules };
            let venue_id = known.venue.map(|venue| venue.id);
            Ok(Sound { title, description, venue, venue_id, starts_at, artists, poster, terms })
        }
        _ => Err(faults.0),
    }
}

/// What is wrong so far. What cannot be read gives a blank, and is noted.
#[derive(Default)]
pub(crate) struct Faults(Vec<FaultView>);

impl Faults {
    /// What was judged, if nothing is wrong with it.
    pub(crate) fn none_or<T>(self, judged: T) -> Result<T, Vec<FaultView>> {
        if self.0.is_empty() { Ok(judged) } else { Err(self.0) }
    }

    pub(crate) fn note(&mut self, path: impl Into<String>, code: &str, message: impl Into<String>) {
        let (path, message) = (path.into(), message.into());
        self.0.push(FaultView { path, code: code.to_owned(), message });
    }

    /// Something is named that there is not, or nothing is named.
    pub(crate) fn absent(&mut self, path: &str, text: &str, message: &str) {
        if text.is_empty() {
            self.note(path, "missing", "must not be empty");
        } else {
            self.note(path, "unknown", message);
        }
    }

    fn required(&mut self, path: &str, text: &str, bytes_max: usize) -> String {
        if text.trim().is_empty() {
            self.note(path, "missing", "must not be empty");
        }
        self.text(path, text, bytes_max)
    }

    pub(crate) fn text(&mut self, path: &str, text: &str, bytes_max: usize) -> String {
        let trimmed = text.trim();
        let lawful = |c: char| !c.is_control() || c == '\n';
        if trimmed.len() > bytes_max || !trimmed.chars().all(lawful) {
            self.note(path, "out_of_range", format!("at most {bytes_max} printable bytes"));
        }
        trimmed.to_owned()
    }

    /// A text that must be there in each language.
    pub(crate) fn both(&mut self, path: &str, text: &TextView, bytes_max: usize) -> Bilingual {
        Bilingual {
            ko: self.required(&format!("{path}.ko"), &text.ko, bytes_max),
            en: self.required(&format!("{path}.en"), &text.en, bytes_max),
        }
    }

    /// An image in its place; `None` if there is none, or after a fault of its own.
    pub(crate) fn picture(
        &mut self,
        path: &str,
        body: Option<&PictureBody>,
        image: Option<&Image>,
    ) -> Option<Picture> {
        let body = body?;
        let alt = self.both(&format!("{path}.alt"), &body.alt, ALT_BYTES_MAX);
        let Some(image) = image else {
            self.absent(&format!("{path}.image"), &body.image, "no image has this hash");
            return None;
        };
        Some(Picture { hash: image.hash(), width: image.width, height: image.height, alt })
    }

    /// Where it is: what its venue is called, or what is said in words if it names none.
    fn venue(&mut self, event: &DraftBody, venue: Option<&Venue>) -> Bilingual {
        match venue {
            Some(venue) => venue.name.clone(),
            None if event.venue_id.is_empty() => {
                Bilingual::same(&self.required("venue", &event.venue, LABEL_BYTES_MAX))
            }
            None => {
                self.note("venue_id", "unknown", "no venue has this id");
                Bilingual::default()
            }
        }
    }

    fn artists(&mut self, named: &[String], known: &[ArtistId]) -> Vec<ArtistId> {
        if named.len() > ARTISTS_MAX {
            self.note("artists", "out_of_range", format!("at most {ARTISTS_MAX}"));
        }
        let mut artists = Vec::new();
        for (at, id) in named.iter().enumerate() {
            let artist = id.parse().ok().filter(|artist| known.contains(artist));
            match artist {
                Some(artist) if artists.contains(&artist) => {
                    self.note(format!("artists[{at}]"), "duplicate", "is named twice");
                }
                Some(artist) => artists.push(artist),
                None => self.note(format!("artists[{at}]"), "unknown", "no artist has this id"),
            }
        }
        artists
    }

    fn time(&mut self, path: &str, text: &str) -> Timestamp {
        if text.is_empty() {
            self.note(path, "missing", "must not be empty");
            return Timestamp::default();
        }
        text.parse().unwrap_or_else(|error: tiketi_engine::domain::time::NotATime| {
            self.note(path, "malformed", error.to_string());
            Timestamp::default()
        })
    }

    fn time_or(&mut self, path: &str, text: &str, otherwise: Timestamp) -> Timestamp {
        if text.is_empty() { otherwise } else { self.time(path, text) }
    }

    fn rules(&mut self, event: &DraftBody) -> Rules {
        let before = self.0.len();
        let opens_at = self.time("opens_at", &event.opens_at);
        let closes_at = self.time("closes_at", &event.closes_at);
        let lobby_opens_at = self.time_or("lobby_opens_at", &event.lobby_opens_at, opens_at);
        let refunds_until = self.time_or("refunds_until", &event.refunds_until, closes_at);
        let timely = self.0.len() == before;
        let rules = Rules {
            lobby_opens_at,
            opens_at,
            closes_at,
            places_per_hold_max: event.places_per_hold_max,
            places_per_fan_max: event.places_per_fan_max,
            hold_ttl: Duration::from_secs(event.hold_ttl_s),
            hold_extension: Duration::from_secs(event.hold_extension_s),
            admitted_max: event.admitted_max,
            claim_ttl: Duration::from_secs(event.claim_ttl_s),
            session_ttl: Duration::from_secs(event.session_ttl_s),
            refunds_until,
        };
        for fault in rules.faults() {
            match fault {
                // Of blanks nothing can be said.
                RuleFault::Window if !timely => {}
                RuleFault::Window => self.note("opens_at", "order", fault.to_string()),
                RuleFault::Limits => {
                    self.note("places_per_hold_max", "out_of_range", fault.to_string());
                }
                RuleFault::Durations => self.note("hold_ttl_s", "out_of_range", fault.to_string()),
                RuleFault::Admission => {
                    self.note("admitted_max", "out_of_range", fault.to_string());
                }
            }
        }
        rules
    }

    /// The price table; `None` after a fault of its own, or without a chart to have prices for.
    fn prices(
        &mut self,
        event: &DraftBody,
        chart: Option<&Chart>,
        unpriced: Unpriced,
    ) -> Option<PriceTable> {
        let currency: Option<Currency> = event.currency.parse().ok();
        if currency.is_none() {
            self.absent("currency", &event.currency, "not one that is known");
        }
        let types = event.ticket_types.iter();
        let types: Vec<TicketType> =
            types.map(|of| TicketType { key: of.key.clone(), label: of.label.clone() }).collect();
        let (entries, at) = match chart {
            Some(chart) => self.entries(event, chart),
            None => (Vec::new(), Vec::new()),
        };
        let categories = chart.map_or(&[][..], Chart::categories);
        let fee = event.order_fee_minor;
        for fault in PriceTable::faults_of(&types, &entries, fee, categories.len()) {
            let message = fault.to_string();
            match fault {
                PriceFault::TicketTypes | PriceFault::TicketType(_) => {
                    self.note("ticket_types", "out_of_range", message);
                }
                PriceFault::Entry(index) => {
                    self.note(format!("prices[{}]", at[index]), "duplicate", message);
                }
                PriceFault::Amount(Some(index)) => {
                    self.note(format!("prices[{}]", at[index]), "out_of_range", message);
                }
                PriceFault::Amount(None) => self.note("order_fee_minor", "out_of_range", message),
            }
        }
        if unpriced == Unpriced::Refused {
            for (category, index) in categories.iter().zip(0..) {
                if !entries.iter().any(|entry| entry.category == CategoryIx(index)) {
                    let message = format!("the category {} has no price", category.label);
                    self.note(format!("prices.{}", category.key), "no_price", message);
                }
            }
        }
        PriceTable::new(currency?, types, entries, fee, categories.len()).ok()
    }

    /// Prices of what there is, each with its place in what was filled in.
    fn entries(&mut self, event: &DraftBody, chart: &Chart) -> (Vec<PriceEntry>, Vec<usize>) {
        let (mut entries, mut at) = (Vec::new(), Vec::new());
        for (index, price) in event.prices.iter().enumerate() {
            let mut categories = chart.categories().iter().zip(0..);
            let category = categories.find(|(of, _)| of.key == price.category);
            let mut types = event.ticket_types.iter().take(TICKET_TYPES_MAX).zip(0..);
            let ticket_type = types.find(|(of, _)| of.key == price.ticket_type);
            let (Some((_, category)), Some((_, ticket_type))) = (category, ticket_type) else {
                let (category, of) = (&price.category, &price.ticket_type);
                let message = format!("no category {category:?} or no ticket type {of:?}");
                self.note(format!("prices[{index}]"), "unknown", message);
                continue;
            };
            entries.push(PriceEntry {
                category: CategoryIx(category),
                ticket_type: TicketTypeIx(ticket_type),
                price: Price { amount_minor: price.amount_minor, fee_minor: price.fee_minor },
            });
            at.push(index);
        }
        (entries, at)
    }
}

/// What of a published event is as it was sold: changing it is a fault.
pub(crate) fn fixed(old: &DraftBody, new: &DraftBody) -> Vec<FaultView> {
    let fields = [
        ("title", &old.title, &new.title),
        ("description", &old.description, &new.description),
        ("venue", &old.venue, &new.venue),
        ("venue_id", &old.venue_id, &new.venue_id),
        ("starts_at", &old.starts_at, &new.starts_at),
        ("chart", &old.chart, &new.chart),
        ("currency", &old.currency, &new.currency),
    ];
    let mut faults = Faults::default();
    for (path, old, new) in fields {
        if old != new {
            faults.note(path, "fixed", "cannot be changed once the event is published");
        }
    }
    faults.0
}

/// What differs between two versions, as a line for each field, from what to what.
pub(crate) fn differences<T: Serialize>(old: &T, new: &T) -> String {
    let value = |of: &T| serde_json::to_value(of).unwrap_or_default();
    let mut lines = Vec::new();
    differ("", &value(old), &value(new), &mut lines);
    let text = lines.join("\n");
    shortened(&text, DIFFERENCES_CHARS_MAX)
}

fn differ(path: &str, old: &Value, new: &Value, lines: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                differ(&path, old.get(name).unwrap_or(&Value::Null), value, lines);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for index in 0..old.len().max(new.len()) {
                let of = |list: &[Value]| list.get(index).cloned().unwrap_or_default();
                differ(&format!("{path}[{index}]"), &of(old), &of(new), lines);
            }
        }
        (old, new) if old == new => {}
        (old, new) => {
            let text = |value: &Value| shortened(&value.to_string(), VALUE_CHARS_MAX);
            lines.push(format!("{path}: {} → {}", text(old), text(new)));
        }
    }
}

fn shortened(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::operators::{NewPrice, NewTicketType};

    fn chart() -> Chart {
        let plan = tiketi_engine::testing::plans::room(4, 8).to_string();
        tiketi_engine::plan::read(plan.as_bytes()).unwrap()
    }

    fn price(category: &str, amount_minor: i64) -> NewPrice {
        let (category, ticket_type) = (category.to_owned(), "adult".to_owned());
        NewPrice { category, ticket_type, amount_minor, fee_minor: 0 }
    }

    fn event() -> DraftBody {
        DraftBody {
            title: "A night".to_owned(),
            description: String::new(),
            venue: "A small room".to_owned(),
            venue_id: String::new(),
            artists: Vec::new(),
            poster: None,
            starts_at: "2030-01-01T20:00:00+09:00".to_owned(),
            chart: chart().hash().to_string(),
            currency: "KRW".to_owned(),
            order_fee_minor: 0,
            ticket_types: vec![NewTicketType { key: "adult".to_owned(), label: "A".to_owned() }],
            prices: vec![price("a", 100_000), price("b", 70_000)],
            lobby_opens_at: String::new(),
            opens_at: "2029-01-01T00:00:00Z".to_owned(),
            closes_at: "2029-12-31T00:00:00Z".to_owned(),
            refunds_until: String::new(),
            places_per_hold_max: 4,
            places_per_fan_max: 8,
            hold_ttl_s: 420,
            hold_extension_s: 0,
            admitted_max: 100,
            claim_ttl_s: 60,
            session_ttl_s: 600,
        }
    }

    fn faults(event: &DraftBody, chart: Option<&Chart>) -> Vec<String> {
        let known = Known { chart: chart.map(|of| (of, of.hash())), ..Known::default() };
        let judged = judge(event, known, Unpriced::Refused);
        let faults = judged.err().unwrap_or_default();
        faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
    }

    #[test]
    fn a_sound_event_has_terms() {
        let (event, chart) = (event(), chart());
        let known = Known { chart: Some((&chart, chart.hash())), ..Known::default() };
        let sound = judge(&event, known, Unpriced::Refused).unwrap();
        assert_eq!(sound.terms.rules.lobby_opens_at, sound.terms.rules.opens_at);
        assert_eq!(sound.terms.rules.refunds_until, sound.terms.rules.closes_at);
        assert_eq!(sound.terms.prices.entries().len(), 2);
        let showing = sound.showing(EventId::new(1), Timestamp::default());
        let parts = (&sound.terms.prices, &sound.terms.rules);
        let again = DraftBody::of(&showing.listing, &[], &chart, parts);
        assert_eq!((again.prices, again.hold_ttl_s), (event.prices, event.hold_ttl_s));
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let mut wrong = event();
        wrong.title = " ".to_owned();
        wrong.starts_at = "tomorrow".to_owned();
        wrong.closes_at.clone_from(&wrong.opens_at);
        wrong.places_per_hold_max = 0;
        wrong.hold_ttl_s = 0;
        wrong.admitted_max = 0;
        wrong.order_fee_minor = -1;
        wrong.prices = vec![price("z", 1), price("a", -1), price("a", 1)];
        let all = [
            "title missing",
            "starts_at malformed",
            "prices[0] unknown",
            "prices[1] out_of_range",
            "prices[2] duplicate",
            "order_fee_minor out_of_range",
            "prices.b no_price",
            "opens_at order",
            "places_per_hold_max out_of_range",
            "hold_ttl_s out_of_range",
            "admitted_max out_of_range",
        ];
        assert_eq!(faults(&wrong, Some(&chart())), all);
        let (mut empty, blank) = (event(), String::new());
        for field in [&mut empty.chart, &mut empty.currency, &mut empty.opens_at] {
            field.clone_from(&blank);
        }
        empty.ticket_types.clear();
        let missing =
            ["chart missing", "currency missing", "ticket_types out_of_range", "opens_at missing"];
        assert_eq!(faults(&empty, None), missing);
        empty.chart = "0".repeat(64);
        assert_eq!(faults(&empty, None)[0], "chart unknown");
    }

    #[test]
    fn venue_artists_and_poster_are_those_that_there_are() {
        let chart = chart();
        let artists = [ArtistId::new(1), ArtistId::new(2)];
        let known =
            Known { chart: Some((&chart, chart.hash())), artists: &artists, ..Known::default() };
        let mut event = event();
        event.artists = artists.iter().rev().map(ArtistId::to_string).collect();
        let sound = judge(&event, known, Unpriced::Refused).unwrap();
        assert_eq!(sound.artists, [artists[1], artists[0]], "in the order in which they are named");
        event.venue_id = VenueId::new(7).to_string();
        event.artists.push(artists[0].to_string());
        event.artists.push("somebody".to_owned());
        let alt = TextView { ko: "포스터".to_owned(), en: "A poster".to_owned() };
        event.poster = Some(PictureBody { image: "0".repeat(64), alt });
        let faults = judge(&event, known, Unpriced::Refused).unwrap_err();
        let told: Vec<String> =
            faults.iter().map(|of| format!("{} {}", of.path, of.code)).collect();
        let all = [
            "venue_id unknown",
            "artists[2] duplicate",
            "artists[3] unknown",
            "poster.image unknown",
        ];
        assert_eq!(told, all);
    }

    #[test]
    fn differences_are_told_by_field() {
        let (old, mut new) = (event(), event());
        assert_eq!(differences(&old, &new), "");
        new.title = "Another night".to_owned();
        new.prices[1].amount_minor = 80_000;
        new.prices.push(price("c", 1));
        let told = differences(&old, &new);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[0], "prices[1].amount_minor: 70000 → 80000");
        assert!(lines[1].starts_with("prices[2]: null → {"), "{told}");
        assert_eq!(lines[2], "title: \"A night\" → \"Another night\"");
        assert_eq!(fixed(&old, &new).len(), 1);
        new.description = "long ".repeat(800);
        assert!(differences(&old, &new).chars().count() < 600, "values are shortened");
    }
}
