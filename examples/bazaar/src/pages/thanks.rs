//! Where the pay page sends the buyer back to.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::api::{ApiError, Form, Session, SessionStatus};
use crate::pages::views::{OrderView, orders_of};
use crate::pages::{Page, Trouble, shown};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "thanks.html")]
struct ThanksPage {
    page: Page,
    standing: Standing,
}

/// What can be said of the purchase.
enum Standing {
    /// Another browser began it, or nothing says which one is meant.
    NotOurs,
    /// The bank has not answered yet.
    Open { session: String },
    /// It was not paid in time.
    Expired,
    /// It is paid for.
    Complete { total: String, orders: Vec<OrderView>, session: String },
}

/// `GET /thanks?session=cs_...`
pub(crate) async fn show(mut visit: Visit) -> Response {
    let session = visit.query.find("session").unwrap_or_default().to_owned();
    let standing = match standing(&mut visit, session).await {
        Ok(standing) => standing,
        Err(error) => return visit.trouble(&Trouble::Api(error)),
    };
    let template = ThanksPage { page: visit.page(), standing };
    visit.show(StatusCode::OK, &template)
}

async fn standing(visit: &mut Visit, session: String) -> Result<Standing, ApiError> {
    // The signed cookie holds well-formed ids only, so this is the bound on the parameter too.
    if !visit.purchases.contains(&session) {
        return Ok(Standing::NotOurs);
    }
    let shop = Arc::clone(&visit.shop);
    let path = format!("/v1/checkout/sessions/{session}");
    let found: Session = shop.api.get(&path, &Form::default()).await?;
    match found.status {
        SessionStatus::Open => Ok(Standing::Open { session }),
        SessionStatus::Expired => Ok(Standing::Expired),
        SessionStatus::Complete => {
            // The page may be read again later, when another basket is already being filled.
            if found.client_reference_id.as_deref() == Some(visit.basket.id()) {
                visit.forget_basket();
            }
            let orders = orders_of(&shop, &session, visit.language).await?;
            Ok(Standing::Complete { total: shown(found.total()), orders, session })
        }
    }
}
