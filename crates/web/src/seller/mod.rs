//! A seller's own pages: the questions of onboarding, and the view of its money. A link from the
//! API lets one browser in, once; a cookie keeps it there for a while.

mod form;
mod home;
mod onboarding;
pub mod pages;
mod session;
pub mod views;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::console::routes::Console;

/// The routes of sellers, on the console's origin.
pub(crate) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/seller/enter/{id}/{secret}", get(session::enter))
        .route(onboarding::PATH, get(onboarding::show).post(onboarding::save))
        .route(onboarding::DONE_PATH, get(onboarding::done))
        .route(home::PATH, get(home::show))
}
