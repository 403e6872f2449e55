//! From rows to the domain's types. Both databases name their columns alike.

use std::sync::Arc;

use bytes::Bytes;
use tiketi_engine::domain::chart::{Chart, ChartHash, PlaceIx};
use tiketi_engine::domain::ids::{EventId, Fence};
use tiketi_engine::domain::inventory::PlaceState;
use tiketi_engine::domain::order::{Order, Payment};
use tiketi_engine::domain::pricing::TicketTypeIx;
use tiketi_engine::domain::rows::Summary;
use tiketi_engine::domain::terms::Terms;
use tiketi_engine::domain::ticket::{Ticket, TicketState};
use tiketi_engine::journal::Batch;
use tiketi_engine::ports::{
    Account, Artist, AuditEntry, Authorisation, Behind, Bilingual, ChartEntry, Deed, Draft, Extent,
    Image, ImageHash, Listing, OpenPayment, OrderRow, Picture, Rehearsal, Role, SalesLine,
    StoredSnapshot, TakenOver, Venue,
};

use crate::codec::{self, BadColumn};
use crate::columns::{Columns, Fault};

pub(crate) fn taken_over(row: &impl Columns) -> Result<TakenOver, Fault> {
    Ok(TakenOver { fence: fence(row)?, seq: row.seq("last_seq")?, hash: row.digest("last_hash")? })
}

pub(crate) fn snapshot(row: &impl Columns) -> Result<StoredSnapshot, Fault> {
    Ok(StoredSnapshot {
        seq: row.seq("seq")?,
        hash: row.digest("hash")?,
        state: row.bytes("state")?.to_vec(),
    })
}

pub(crate) fn batch(event: EventId, row: &impl Columns) -> Result<Batch, Fault> {
    Ok(Batch {
        event,
        fence: fence(row)?,
        first: row.seq("first_seq")?,
        last: row.seq("last_seq")?,
        prev_hash: row.digest("prev_hash")?,
        hash: row.digest("hash")?,
        body: row.bytes("body")?.to_vec(),
    })
}

fn fence(row: &impl Columns) -> Result<Fence, Fault> {
    Ok(Fence(row.integer("fence")?.cast_unsigned()))
}

pub(crate) fn summary(row: &impl Columns) -> Result<(EventId, Summary), Fault> {
    let summary = Summary {
        seq: row.seq("seq")?,
        status: codec::read_sale_status(row.text("status")?)?,
        lobby_opens_at: row.time("lobby_opens_at")?,
        opens_at: row.time("opens_at")?,
        closes_at: row.time("closes_at")?,
        for_sale: row.count("for_sale")?,
        free: row.count("free")?,
        held: row.count("held")?,
        sold: row.count("sold")?,
        blocked: row.count("blocked")?,
    };
    Ok((row.id("event")?, summary))
}

pub(crate) fn terms(row: &impl Columns) -> Result<Terms, Fault> {
    let bytes = row.bytes("terms")?;
    let damaged = || BadColumn { column: "terms", value: format!("{} bytes", bytes.len()) };
    Ok(Terms::decode(bytes).ok_or_else(damaged)?)
}

pub(crate) fn place(row: &impl Columns) -> Result<(PlaceIx, PlaceState), Fault> {
    let state = match (row.id_or_null("hold")?, row.id_or_null("ticket")?) {
        (Some(hold), _) => PlaceState::Held(hold),
        (None, Some(ticket)) => PlaceState::Sold(ticket),
        (None, None) if row.text("state")? == "blocked" => PlaceState::Blocked,
        (None, None) => PlaceState::Free,
    };
    Ok((PlaceIx(row.count("place")?), state))
}

/// Orders, each from as many rows that follow on each other as it has payments, and from one if
/// it has none.
pub(crate) fn orders<R: Columns>(rows: &[R]) -> Result<Vec<OrderRow>, Fault> {
    let mut orders: Vec<OrderRow> = Vec::new();
    for row in rows {
        let mut next = order(row)?;
        next.order.payments.extend(payment(row)?);
        match orders.last_mut() {
            Some(last) if (last.event, last.order.id) == (next.event, next.order.id) => {
                last.order.payments.append(&mut next.order.payments);
            }
            _ => orders.push(next),
        }
    }
    Ok(orders)
}

fn order(row: &impl Columns) -> Result<OrderRow, Fault> {
    let order = Order {
        id: row.id("number")?,
        fan: row.id("fan")?,
        // An order has the number of its hold.
        hold: row.id("number")?,
        items: codec::read_items(row.text("items")?)?,
        total_minor: row.integer("total_minor")?,
        placed_at: row.time("placed_at")?,
        state: codec::read_order_state(row.text("state")?)?,
        changed_at: row.time("changed_at")?,
        payments: Vec::new(),
        tickets: codec::read_tickets(row.text("tickets")?)?,
    };
    Ok(OrderRow { event: row.id("event")?, order })
}

fn payment(row: &impl Columns) -> Result<Option<Payment>, Fault> {
    let Some(id) = row.id_or_null("payment")? else { return Ok(None) };
    Ok(Some(Payment {
        id,
        started_at: row.time("started_at")?,
        state: codec::read_payment_state(row.text("payment_state")?)?,
        changed_at: row.time("payment_changed_at")?,
        reference: row.text("reference")?.to_owned(),
        captured_minor: row.integer("captured_minor")?,
        decline_code: row.text("decline_code")?.to_owned(),
    }))
}

pub(crate) fn ticket(row: &impl Columns) -> Result<Ticket, Fault> {
    let state = match row.text("state")? {
        "valid" => TicketState::Valid,
        "void" => TicketState::Void,
        "redeemed" => TicketState::Redeemed {
            at: row.time("redeemed_at")?,
            gate: row.text("gate")?.to_owned(),
        },
        other => return Err(BadColumn { column: "state", value: other.to_owned() }.into()),
    };
    Ok(Ticket {
        id: row.id("number")?,
        order: row.id("order_number")?,
        fan: row.id("fan")?,
        place: PlaceIx(row.count("place")?),
        ticket_type: TicketTypeIx(row.count("ticket_type")?),
        issued_at: row.time("issued_at")?,
        state,
    })
}

pub(crate) fn open_payment(row: &impl Columns) -> Result<OpenPayment, Fault> {
    let event = row.id("event")?;
    let order = row.id("order_number")?;
    let payment = row.id("number")?;
    if row.text("state")? == "started" {
        let started_at = row.time("started_at")?;
        return Ok(OpenPayment::Unsettled { event, order, payment, started_at });
    }
    Ok(OpenPayment::RefundDue {
        event,
        order,
        payment,
        reference: row.text("reference")?.to_owned(),
        amount_minor: row.integer("captured_minor")?,
        due_since: row.time("changed_at")?,
    })
}

pub(crate) fn chart(hash: ChartHash, row: &impl Columns) -> Result<Arc<Chart>, Fault> {
    let damaged = || BadColumn { column: "body", value: format!("what is not chart {hash}") };
    Ok(Chart::decode(row.bytes("body")?, hash).map(Arc::new).ok_or_else(damaged)?)
}

pub(crate) fn chart_entry(row: &impl Columns) -> Result<ChartEntry, Fault> {
    Ok(ChartEntry {
        hash: ChartHash(row.digest("hash")?),
        name: row.text("name")?.to_owned(),
        places: row.count("places")?,
        venue: row.id_or_null("venue")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn listing(row: &impl Columns) -> Result<Listing, Fault> {
    Ok(Listing {
        id: row.id("id")?,
        title: row.text("title")?.to_owned(),
        description: row.text("description")?.to_owned(),
        venue: bilingual(row, ["venue_ko", "venue_en"])?,
        venue_id: row.id_or_null("venue_id")?,
        starts_at: row.time("starts_at")?,
        chart: ChartHash(row.digest("chart")?),
        state: codec::read_listing_state(row.text("state")?)?,
        created_at: row.time("created_at")?,
        poster: picture(row)?,
    })
}

fn bilingual(row: &impl Columns, [ko, en]: [&'static str; 2]) -> Result<Bilingual, Fault> {
    Ok(Bilingual { ko: row.text(ko)?.to_owned(), en: row.text(en)?.to_owned() })
}

/// The image in a row, with the measures of the image itself: absent as they are, it has none.
fn picture(row: &impl Columns) -> Result<Option<Picture>, Fault> {
    if row.integer_or_null("width")?.is_none() {
        return Ok(None);
    }
    Ok(Some(Picture {
        hash: ImageHash(row.digest("image")?),
        width: row.count("width")?,
        height: row.count("height")?,
        alt: bilingual(row, ["alt_ko", "alt_en"])?,
    }))
}

pub(crate) fn venue(row: &impl Columns) -> Result<Venue, Fault> {
    Ok(Venue {
        id: row.id("id")?,
        name: bilingual(row, ["name_ko", "name_en"])?,
        address: row.text("address")?.to_owned(),
        city: row.text("city")?.to_owned(),
        country: row.text("country")?.to_owned(),
        time_zone: row.text("time_zone")?.to_owned(),
        picture: picture(row)?,
        version: row.count("version")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn artist(row: &impl Columns) -> Result<Artist, Fault> {
    Ok(Artist {
        id: row.id("id")?,
        name: bilingual(row, ["name_ko", "name_en"])?,
        about: bilingual(row, ["about_ko", "about_en"])?,
        picture: picture(row)?,
        version: row.count("version")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn image(row: &impl Columns) -> Result<Image, Fault> {
    Ok(Image {
        kind: codec::read_image_kind(row.text("kind")?)?,
        width: row.count("width")?,
        height: row.count("height")?,
        bytes: Bytes::copy_from_slice(row.bytes("body")?),
    })
}

pub(crate) fn draft(row: &impl Columns) -> Result<Draft, Fault> {
    Ok(Draft {
        id: row.id("id")?,
        body: row.text("body")?.to_owned(),
        version: row.count("version")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

pub(crate) fn rehearsal(row: &impl Columns) -> Result<Rehearsal, Fault> {
    Ok(Rehearsal {
        event: row.id("event")?,
        of: row.id("copy_of")?,
        title: row.text("title")?.to_owned(),
        made_at: row.time("made_at")?,
        state: codec::read_rehearsal_state(row.text("state")?)?,
    })
}

/// From what the context of sales says and what that of payments does.
pub(crate) fn extent<R: Columns>(sold: &R, paid: &R) -> Result<Extent, Fault> {
    Ok(Extent {
        records: sold.count("records")?,
        orders: sold.count("orders")?,
        payments: sold.count("payments")?,
        tickets: sold.count("tickets")?,
        authorisations: paid.count("authorisations")?,
    })
}

pub(crate) fn role(row: &impl Columns) -> Result<Role, Fault> {
    Ok(codec::read_role(row.text("role")?)?)
}

pub(crate) fn audit_entry(row: &impl Columns) -> Result<AuditEntry, Fault> {
    Ok(AuditEntry {
        number: row.count("number")?,
        deed: Deed {
            at: row.time("at")?,
            by: row.id("account")?,
            event: Some(row.id("event")?).filter(|event: &EventId| event.number() != 0),
            action: row.text("action")?.to_owned(),
            target: row.text("target")?.to_owned(),
            reason: row.text("reason")?.to_owned(),
            outcome: row.text("outcome")?.to_owned(),
        },
        hash: row.digest("hash")?,
    })
}

pub(crate) fn account(row: &impl Columns) -> Result<Account, Fault> {
    Ok(Account {
        id: row.id("id")?,
        email: row.text("email")?.to_owned(),
        name: row.text("name")?.to_owned(),
        role: role(row)?,
        password_hash: row.text("password_hash")?.to_owned(),
        created_at: row.time("created_at")?,
    })
}

pub(crate) fn behind(row: &impl Columns) -> Result<Behind, Fault> {
    Ok(Behind {
        event: row.id("event")?,
        acknowledged: row.seq("acked_seq")?,
        last: row.seq("last_seq")?,
    })
}

pub(crate) fn sales_line(row: &impl Columns) -> Result<SalesLine, Fault> {
    Ok(SalesLine {
        hour: row.time("hour")?,
        section: row.text("section")?.to_owned(),
        category: row.text("category")?.to_owned(),
        sold: row.integer("sold")?,
        returned: row.integer("returned")?,
        sold_minor: row.integer("sold_minor")?,
        returned_minor: row.integer("returned_minor")?,
    })
}

pub(crate) fn authorisation(row: &impl Columns) -> Result<Authorisation, Fault> {
    Ok(Authorisation {
        event: row.id("event")?,
        payment: row.id("payment")?,
        order: row.id("order_number")?,
        payment_key: row.text("payment_key")?.to_owned(),
        amount_minor: row.integer("amount_minor")?,
        at: row.time("kept_at")?,
    })
}
