//! A seller's own pages: the questions of onboarding, and the view of its money. A link from the
//! API lets one browser in, once; a cookie keeps it there for a while.

mod form;
mod home;
mod onboarding;
pub mod pages;
mod paths;
mod session;
pub mod views;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::console::surface::Console;

/// The routes of sellers, on the console's origin.
pub(crate) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/seller/enter/{id}/{secret}", get(session::enter))
        .route(paths::ONBOARDING, get(onboarding::show).post(onboarding::save))
        .route(paths::DONE, get(onboarding::done))
        .route(paths::HOME, get(home::show))
}
