//! Every code that an error can carry, for those who program against it.
//!
//! The tidy test holds this list and the places that give the codes together.

use axum::response::Html;

/// A code and what it means.
pub(crate) struct Described {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) meaning: &'static str,
}

const fn code(status: u16, code: &'static str, meaning: &'static str) -> Described {
    Described { code, status, meaning }
}

/// All of them: first those of every request, then those of a sale in the order in which they are
/// judged.
pub(crate) const CODES: [Described; 87] = [
    code(400, "malformed_host", "The request does not name its host exactly once."),
    code(400, "malformed_body", "The body is not the JSON that this address takes."),
    code(400, "malformed_query", "A parameter after the question mark is of the wrong kind."),
    code(400, "malformed_cursor", "The cursor is not one that this list gave."),
    code(400, "malformed_idempotency_key", "Idempotency-Key is not 1 to 255 visible characters."),
    code(400, "bad_request", "The request cannot be understood."),
    code(401, "not_signed_in", "Sign in first, or refresh the session."),
    code(401, "wrong_credentials", "E-mail address or password is wrong."),
    code(401, "session_over", "Sign in again."),
    code(403, "forbidden", "The account's role does not allow it."),
    code(403, "cross_site", "The request comes from another site's page."),
    code(403, "edge_only", "The server is reached through its edge alone."),
    code(403, "setup_link_used", "The link was used, replaced or is too old."),
    code(404, "no_such_page", "There is nothing at this address."),
    code(404, "unknown_event", "There is no such event, or it is not published."),
    code(404, "unknown_chart", "There is no such chart."),
    code(404, "unknown_record", "The journal has no such record; `last` is its last one."),
    code(404, "unknown_draft", "There is no such draft, or not any more."),
    code(404, "unknown_venue", "There is no such venue, or not any more."),
    code(404, "unknown_artist", "There is no such artist, or not any more."),
    code(404, "unknown_image", "There is no such image, or not any more."),
    code(404, "unknown_rehearsal", "There is no such rehearsal, or it was wiped."),
    code(404, "unknown_account", "There is no such account."),
    code(405, "method_not_allowed", "The address does not take this method."),
    code(409, "email_taken", "There is an account with this e-mail address."),
    code(409, "changed_since", "Somebody has changed it since it was read."),
    code(409, "draft_published", "The draft is being published; its event can be changed then."),
    code(409, "in_use", "An event needs the venue or artist that is to be removed."),
    code(409, "rehearsal_payments", "A rehearsal is paid for with the provider's test keys only."),
    code(409, "rehearsal_ticket", "The ticket is a rehearsal's."),
    code(409, "last_administrator", "The account is the only administrator's."),
    code(409, "amount_mismatch", "The amount to confirm is not the order's."),
    code(
        413,
        "body_too_large",
        "The body is larger than 64 KiB; an image than 1 MiB, a plan than 32 MiB.",
    ),
    code(415, "wrong_media_type", "The body is not application/json."),
    code(422, "invalid_value", "A field has a value that cannot be; `field` says which."),
    code(422, "faulty", "A plan or an event has `faults`; all of them are listed."),
    code(422, "bad_ticket_code", "The ticket's code was not issued here."),
    code(426, "not_a_websocket", "The address takes WebSocket connections only."),
    code(429, "too_many_requests", "Too much of one account or address; nothing was done."),
    code(429, "too_many_sockets", "The account has too many live sockets."),
    code(500, "internal", "Something went wrong here; `request_id` finds it in the logs."),
    code(503, "busy", "Too many sign-ins at once; ask again after `retry_after_ms`."),
    code(503, "overloaded", "Too many requests of this event wait; nothing was done."),
    code(503, "unavailable", "The outcome is unknown: ask again with the same key."),
    code(503, "timeout", "The outcome is unknown: ask again with the same key."),
    code(503, "stopping", "The server is going down; nothing was done."),
    code(503, "replay_busy", "A state of the past is not worked out yet: ask again."),
    code(503, "payments_off", "This server takes no payments."),
    code(422, "idempotency_key_reused", "The key was used for another request."),
    code(422, "nothing_wanted", "At least one place must be asked for."),
    code(422, "wanted_twice", "A place, table or area is asked for twice."),
    code(422, "unknown_place", "The chart has no such place."),
    code(422, "unknown_block", "The chart has no such table or area."),
    code(422, "unknown_category", "The chart has no such category."),
    code(422, "unknown_section", "The chart has no such section."),
    code(422, "unknown_ticket_type", "The price table has no such ticket type."),
    code(422, "not_sold_alone", "The place is part of a table or an area."),
    code(422, "too_many_accessible", "More accessible places than places are asked for."),
    code(404, "unknown_hold", "There is no such hold of this fan, or not any more."),
    code(404, "unknown_order", "There is no such order of this fan."),
    code(404, "unknown_payment", "There is no such payment of this order."),
    code(404, "unknown_ticket", "There is no such ticket of this fan."),
    code(422, "unlawful_terms", "The terms of the sale contradict themselves or its past."),
    code(403, "sale_closed", "The sale is over."),
    code(403, "sale_not_open", "The sale or its lobby has not opened; `opens_at` says when."),
    code(403, "sale_paused", "The sale is paused."),
    code(403, "not_in_line", "The fan is not in the waiting room."),
    code(403, "not_called", "It is not the fan's turn yet."),
    code(403, "not_admitted", "The fan has not been admitted."),
    code(422, "hold_limit", "The hold would have more than `max` places."),
    code(422, "fan_limit", "The fan would have more than `max` places of this event."),
    code(409, "hold_exists", "The fan holds other places already: `hold`."),
    code(409, "hold_ordered", "The hold has been ordered; its places are fixed."),
    code(422, "hold_emptied", "A hold keeps at least one place; release it instead."),
    code(409, "not_in_hold", "The hold does not have a place that is to be removed."),
    code(409, "extension_used", "The hold was extended before, or cannot be."),
    code(409, "order_not_payable", "The order is not awaiting payment."),
    code(409, "payment_pending", "A payment is under way whose outcome is not known yet."),
    code(409, "payment_settled", "The payment was settled otherwise."),
    code(409, "not_returnable", "The order is not paid, too old to return, or a ticket was used."),
    code(409, "ticket_used", "The ticket was used: `used_at`, `gate`."),
    code(409, "ticket_void", "The ticket's order was returned."),
    code(409, "status_conflict", "The sale cannot change to that status."),
    code(409, "not_for_sale", "What is asked for has no price."),
    code(409, "taken", "Somebody else has `places`, or the area has too few left."),
    code(409, "not_enough", "There are not enough places that fit."),
    code(409, "not_blocked", "A place is not blocked, or the area has too few that are: `places`."),
];

/// The page that the `type` of every problem points to.
pub(crate) fn page() -> Html<String> {
    let row = |Described { code, status, meaning }: &Described| {
        format!("<dt id={code}><code>{code}</code> ({status})<dd>{meaning}")
    };
    let rows: String = CODES.iter().map(row).collect();
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\"><title>Problems</title>\
         <main><h1>Problems</h1><p>Every error of the API is a problem detail (RFC 9457) with one of \
         these codes, and the HTTP status beside it.</p><dl>{rows}</dl></main>"
    ))
}
