//! The sandbox over HTTP: the network's API, the test controls, and the pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};

use crate::pages;
use crate::world::World;

mod api;
mod cards;
mod controls;
mod disputes;
mod guard;
mod reply;
mod request;
pub(crate) mod server;
mod strike;
pub(crate) mod wire;

pub(crate) use guard::Page;
pub(crate) use reply::Reply;
pub(crate) use request::body_bytes;
pub(crate) use request::origin;

/// All routes of the sandbox.
pub(crate) fn router(world: Arc<World>) -> Router {
    let keyed = Router::new()
        .route("/network/tokens", post(api::issue_token))
        .route("/network/tokens/look", post(cards::look_at_token))
        .route("/network/cards", get(cards::find).post(cards::save))
        .route("/network/verifications", get(api::find_authorization).post(cards::verify))
        .route("/network/authorizations", get(api::find_authorization).post(api::authorize))
        .route("/network/authorizations/{id}/captures", post(api::capture))
        .route("/network/authorizations/{id}/increments", post(api::increment))
        .route("/network/authorizations/{id}/voids", post(api::void))
        .route("/network/authorizations/{id}/refunds", post(api::refund))
        .route("/network/captures", get(api::find_capture))
        .route("/network/increments", get(api::find_increment))
        .route("/network/voids", get(api::find_void))
        .route("/network/refunds", get(api::find_refund))
        .route("/network/disputes", get(disputes::find))
        .route("/network/disputes/{id}/answers", post(disputes::answer))
        .route("/network/dispute_answers", get(disputes::find_answer))
        .route("/network/payouts", get(api::find_payout).post(api::pay_out))
        .route("/network/ledger", get(api::ledger))
        .route("/clock", get(controls::clock).post(controls::move_clock))
        .route(
            "/faults",
            get(controls::faults).post(controls::add_fault).delete(controls::clear_faults),
        )
        .route_layer(from_fn_with_state(Arc::clone(&world), guard::require_key));
    let livez = get(async || "ok\n");
    Router::new()
        .merge(keyed)
        .route("/livez", livez)
        .merge(pages::router(Arc::clone(&world)))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(guard::set_headers))
        .with_state(world)
}

async fn not_found(State(_): State<Arc<World>>) -> Response {
    Reply::error(404, "not_found", "there is nothing at this address").into_response()
}

async fn method_not_allowed(State(_): State<Arc<World>>) -> Response {
    Reply::error(405, "method_not_allowed", "this address takes another method").into_response()
}
