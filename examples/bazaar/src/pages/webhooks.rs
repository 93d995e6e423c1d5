//! The developer's view of the last webhooks, only where the shop runs on test keys.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::pages::{Page, Trouble};
use crate::visit::Visit;
use crate::webhooks::Event;

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    page: Page,
    events: Vec<Event>,
}

/// `GET /webhooks`
pub(crate) async fn show(visit: Visit) -> Response {
    let shop = Arc::clone(&visit.shop);
    if !shop.is_test() {
        return visit.trouble(&Trouble::NotFound);
    }
    let template = WebhooksPage { page: visit.page(), events: shop.events.latest() };
    visit.show(StatusCode::OK, &template)
}

impl Event {
    /// The time of day, in UTC, at which it came.
    fn clock(&self) -> String {
        let day_s = self.received_s % (24 * 60 * 60);
        format!("{:02}:{:02}:{:02}", day_s / 3600, day_s / 60 % 60, day_s % 60)
    }
}
