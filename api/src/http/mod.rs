//! Handlers: extract, ask the engine or a port, convert. No rule of a sale is judged here.

mod accounts;
mod actions;
mod artists;
mod assets;
mod deeds;
mod drafts;
mod events;
mod extract;
mod holds;
pub(crate) mod ids;
mod images;
mod letters;
mod live;
mod nodes;
mod operators;
mod ops;
mod orders;
mod people;
mod plans;
mod queue;
mod rehearsals;
mod replay;
mod status;
mod streams;
mod tickets;
mod upgrade;
mod venues;

pub(crate) use accounts::setup_link;
pub(crate) use status::status_router;

use std::future::ready;

use axum::Router;
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem;
use crate::state::AppState;

/// Every route of the REST interface, with its description.
pub(crate) fn api() -> (Router<AppState>, OpenApi) {
    let (router, described) = OpenApiRouter::with_openapi(crate::openapi::head())
        .routes(routes!(accounts::register))
        .routes(routes!(accounts::sign_in, accounts::session, accounts::sign_out))
        .routes(routes!(accounts::refresh))
        .routes(routes!(accounts::set_up))
        .routes(routes!(accounts::make_setup_link))
        .routes(routes!(events::list))
        .routes(routes!(events::show))
        .routes(routes!(events::chart))
        .routes(routes!(queue::join, queue::leave))
        .routes(routes!(queue::claim))
        .routes(routes!(queue::me))
        .routes(routes!(holds::place))
        .routes(routes!(holds::change, holds::release))
        .routes(routes!(holds::extend))
        .routes(routes!(orders::place))
        .routes(routes!(orders::list))
        .routes(routes!(orders::show))
        .routes(routes!(orders::cancel))
        .routes(routes!(orders::give_back))
        .routes(routes!(orders::start_payment))
        .routes(routes!(orders::confirm))
        .routes(routes!(orders::resolve))
        .routes(routes!(orders::toss_webhook))
        .routes(routes!(tickets::show))
        .routes(routes!(tickets::keys))
        .routes(routes!(tickets::redeem))
        .routes(routes!(operators::create_event))
        .routes(routes!(operators::charts, plans::keep))
        .routes(routes!(plans::check))
        .routes(routes!(drafts::list, drafts::begin))
        .routes(routes!(drafts::show, drafts::change, drafts::remove))
        .routes(routes!(drafts::publish))
        .routes(routes!(drafts::terms, drafts::set_terms))
        .routes(routes!(venues::list, venues::add))
        .routes(routes!(venues::change, venues::remove))
        .routes(routes!(venues::assign))
        .routes(routes!(artists::list, artists::add))
        .routes(routes!(artists::change, artists::remove))
        .routes(routes!(images::keep))
        .routes(routes!(images::show))
        .routes(routes!(rehearsals::list, rehearsals::make))
        .routes(routes!(rehearsals::wipe))
        .routes(routes!(rehearsals::let_bots_in))
        .routes(routes!(people::list))
        .routes(routes!(people::set_role))
        .routes(routes!(operators::overview))
        .routes(routes!(operators::sales))
        .routes(routes!(ops::live))
        .routes(routes!(ops::settings))
        .routes(routes!(nodes::act))
        .routes(routes!(letters::replay))
        .routes(routes!(nodes::rebalance))
        .routes(routes!(replay::state))
        .routes(routes!(replay::records))
        .routes(routes!(replay::contention))
        .routes(routes!(streams::dead_letters))
        .routes(routes!(actions::act))
        .routes(routes!(actions::entries))
        .routes(routes!(actions::check))
        .routes(routes!(actions::export))
        .routes(routes!(live::live))
        .routes(routes!(status::time))
        .split_for_parts();
    (router, described)
}

/// The REST interface, its documentation, and the web app for everything else.
pub(crate) fn router() -> Router<AppState> {
    let (router, described) = api();
    router
        .route("/problems", get(|| ready(problem::page())))
        .merge(crate::openapi::docs(described))
        .fallback(assets::serve)
}
