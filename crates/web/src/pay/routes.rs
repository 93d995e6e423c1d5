//! The buyers' surface: the pay page, the order page and the receipt under one origin.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use holdfast_core::command::Command;
use holdfast_core::key::RowKey;
use holdfast_core::row::Record;
use holdfast_core::view::StoredRow;
use holdfast_engine::{StoreError, Submission, SubmitError, Submitted};

use super::{back, handlers, link};
use crate::order::handlers as order;
use crate::page::{Policy, Shell};
use crate::parts::{PayParts, SHOP};
use crate::receipt::handlers as receipt;
use crate::share::Shares;
use crate::surface::{Surface, gate, not_found};
use crate::trouble::Trouble;
use crate::visit::Visit;

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

/// What the handlers of the buyers' pages hold.
pub(crate) struct Pay {
    pub(crate) parts: PayParts,
    policy: Policy,
    shares: Shares,
}

impl Pay {
    fn new(parts: PayParts) -> Pay {
        let challenges = Some(parts.sandbox_origin.as_str()).filter(|origin| !origin.is_empty());
        let policy = Policy::pay(&parts.card_origin, challenges).unwrap_or_else(|error| {
            // The strictest policy there is: pages show, and no card form can be sent anywhere.
            tracing::error!(%error, "the pay pages cannot take cards");
            Policy::console()
        });
        let shares = Shares::new(parts.limits);
        Pay { parts, policy, shares }
    }

    /// Whether no real money moves.
    pub(crate) fn is_test(&self) -> bool {
        !self.parts.sandbox_origin.is_empty()
    }

    /// Rows by their keys.
    pub(crate) async fn load(&self, keys: &[RowKey]) -> Result<Vec<Option<StoredRow>>, StoreError> {
        self.parts.engine.load(self.parts.platform, keys).await
    }

    /// One row.
    pub(crate) async fn find<R: Record>(&self, id: &R::Id) -> Result<Option<R>, StoreError> {
        self.parts.engine.find::<R>(self.parts.platform, id).await
    }

    /// Carries out a command that may be repeated.
    pub(crate) async fn submit(&self, command: Command) -> Result<Submitted, SubmitError> {
        self.parts.engine.submit(Submission::new(self.parts.platform, command)).await
    }

    /// The frame of a page; `path` is where its language links lead to.
    pub(crate) fn shell(&self, path: Option<&str>) -> Shell {
        Shell { shop: SHOP.to_owned(), test_mode: self.is_test(), path: path.map(str::to_owned) }
    }
}

impl Surface for Pay {
    fn origin(&self) -> &str {
        &self.parts.pay_origin
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn shares(&self) -> &Shares {
        &self.shares
    }

    fn trouble(&self, visit: &Visit, trouble: Trouble) -> Response {
        trouble.page(visit.texts(), &self.shell(None))
    }
}
