//! The description of the REST interface, generated from the handlers, and a page to try it.

use axum::Router;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use crate::state::AppState;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "tiketi", description = "Sells the seats of an event: a waiting room, a live \
        seat map, holds, payment, tickets. Every error is a problem detail (RFC 9457) with a \
        stable code. Requests that change something may carry an Idempotency-Key; a repeat with \
        the same key and body gets the first answer."),
    tags(
        (name = "events", description = "What is on sale."),
        (name = "queue", description = "The waiting room."),
        (name = "holds", description = "Places taken for a while."),
        (name = "orders", description = "Orders and payments."),
        (name = "tickets", description = "Tickets and the gate."),
        (name = "accounts", description = "Accounts and sessions, in HttpOnly cookies."),
        (name = "operators", description = "Running a sale."),
    ),
)]
struct Head;

/// Title, description and tags.
pub(crate) fn head() -> OpenApi {
    Head::openapi()
}

/// The page at `/docs` and the description at `/api/openapi.json`.
pub(crate) fn docs(described: OpenApi) -> Router<AppState> {
    SwaggerUi::new("/docs").url("/api/openapi.json", described).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Generators of clients refuse a description in which two operations share a name.
    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let (_, described) = crate::http::api();
        let described = serde_json::to_value(described).unwrap();
        let mut names = BTreeSet::new();
        for (path, operations) in described["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{name} again: {method} {path}");
            }
        }
        assert!(names.len() > 30, "{}", names.len());
    }
}
