//! The purchases of this browser.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tokio::task::JoinSet;

use crate::api::ApiError;
use crate::pages::views::{OrderView, orders_of};
use crate::pages::{Page, Trouble};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "orders.html")]
struct OrdersPage {
    page: Page,
    purchases: Vec<Vec<OrderView>>,
}

/// `GET /orders`
pub(crate) async fn show(visit: Visit) -> Response {
    match purchases(&visit).await {
        Ok(purchases) => {
            let template = OrdersPage { page: visit.page(), purchases };
            visit.show(StatusCode::OK, &template)
        }
        Err(error) => visit.trouble(&Trouble::Api(error)),
    }
}

/// Asks for all purchases at once, and keeps those that came to an order, the latest first.
async fn purchases(visit: &Visit) -> Result<Vec<Vec<OrderView>>, ApiError> {
    let mut asking = JoinSet::new();
    for (index, session) in visit.purchases.ids().iter().cloned().enumerate() {
        let (shop, language) = (Arc::clone(&visit.shop), visit.language);
        asking.spawn(async move { (index, orders_of(&shop, &session, language).await) });
    }
    let mut found = BTreeMap::new();
    while let Some(answer) = asking.join_next().await {
        let (index, orders) = answer.map_err(|_| ApiError::Unreachable)?;
        found.insert(index, orders?);
    }
    Ok(found.into_values().filter(|orders| !orders.is_empty()).collect())
}
