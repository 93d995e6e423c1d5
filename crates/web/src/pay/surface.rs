//! The buyers' surface: what the pay page, the order page and the receipt hold under one origin.

use axum::response::Response;
use holdfast_core::command::Command;
use holdfast_core::key::RowKey;
use holdfast_core::row::Record;
use holdfast_core::view::StoredRow;
use holdfast_engine::{StoreError, Submission, SubmitError, Submitted};

use crate::page::{Policy, Shell};
use crate::parts::{PayParts, SHOP};
use crate::share::Shares;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What the handlers of the buyers' pages hold.
pub(crate) struct Pay {
    pub(crate) parts: PayParts,
    policy: Policy,
    shares: Shares,
}

impl Pay {
    pub(super) fn new(parts: PayParts) -> Pay {
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
