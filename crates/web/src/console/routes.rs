//! The addresses of the operators' pages, and of the sellers' beside them.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::surface::Console;
use super::{events, orders, overview, payments, sellers, webhooks};
use crate::parts::ConsoleParts;
use crate::surface::{gate, not_found};

/// The operators' pages.
///
/// Only requests that name the console's own host are let in, and only posts of its own pages.
///
/// # Panics
/// When the system gives no random bytes: forms could then not be told from forged ones.
pub fn console_router(parts: ConsoleParts) -> Router {
    let console = Arc::new(Console::new(parts));
    Router::new()
        .route("/", get(overview::show))
        .route("/payments", get(payments::list))
        .route("/payments/{id}", get(payments::show))
        .route("/orders", get(orders::list))
        .route("/orders/{id}", get(orders::show))
        .route("/orders/{id}/ship", post(orders::ship))
        .route("/orders/{id}/deliver", post(orders::deliver))
        .route("/orders/{id}/cancel", post(orders::cancel))
        .route("/orders/{id}/claim", post(orders::rule))
        .route("/sellers", get(sellers::list))
        .route("/webhooks", get(webhooks::list))
        .route("/webhooks/{id}", get(webhooks::show))
        .route("/webhooks/{id}/resend", post(webhooks::resend))
        .route("/events", get(events::list))
        .merge(crate::seller::routes())
        .merge(crate::assets::routes())
        .fallback(not_found::<Console>)
        .layer(from_fn_with_state(Arc::clone(&console), gate::<Console>))
        .with_state(console)
}
