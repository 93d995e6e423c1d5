//! The addresses of the buyers' pages: the pay page, the order page and the receipt.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::surface::Pay;
use super::{back, code, handlers, link};
use crate::order::handlers as order;
use crate::parts::PayParts;
use crate::receipt::handlers as receipt;
use crate::surface::{gate, not_found};

/// The pages of the buyers: `/c/...`, `/p/...`, `/l/...`, `/o/...`, `/r/...` and `/assets/...`.
///
/// Every page needs the secret of its session, order or charge in the path; any other path, and a
/// request that names another host, gets the same 404 page.
pub fn pay_router(parts: PayParts) -> Router {
    let pay = Arc::new(Pay::new(parts));
    Router::new()
        .route("/c/{id}/{secret}", get(handlers::show))
        .route("/c/{id}/{secret}/card", get(handlers::card))
        .route("/c/{id}/{secret}/shipping", post(handlers::shipping))
        .route("/c/{id}/{secret}/quantity", post(handlers::quantity))
        .route("/c/{id}/{secret}/code", post(code::enter))
        .route("/c/{id}/{secret}/pay", post(handlers::pay))
        .route("/c/{id}/{secret}/return", get(handlers::come_back))
        .route("/p/{id}/{secret}/return", get(back::back))
        .route("/l/{id}/{secret}", get(link::open))
        .route("/o/{id}/{secret}", get(order::show))
        .route("/o/{id}/{secret}/receipt", get(order::ask_receipt).post(order::confirm_receipt))
        .route("/o/{id}/{secret}/confirm_receipt", post(order::confirm_receipt))
        .route("/o/{id}/{secret}/extend", post(order::extend))
        .route("/o/{id}/{secret}/cancel", get(order::ask_cancel).post(order::cancel))
        .route("/o/{id}/{secret}/claim", get(order::ask_claim).post(order::claim))
        .route("/r/{id}/{secret}", get(receipt::show))
        .merge(crate::assets::routes())
        .fallback(not_found::<Pay>)
        .layer(from_fn_with_state(Arc::clone(&pay), gate::<Pay>))
        .with_state(pay)
}
