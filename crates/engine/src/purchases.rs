//! What a buyer has bought before, as far as the lists tell.

use holdfast_core::customer::Customer;
use holdfast_core::id::{CustomerId, PlatformId};
use holdfast_core::key::RowKind;
use holdfast_store::StoreError;
use holdfast_store::query::RowsQuery;

use crate::Engine;

impl Engine {
    /// Whether a buyer has bought nothing yet: a customer no payment that a bank agreed to, anybody
    /// else no session with the same address for receipts. A buyer of whom nothing is known is
    /// taken for new.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_first_purchase(
        &self,
        platform: PlatformId,
        customer: Option<CustomerId>,
        email: Option<&str>,
    ) -> Result<bool, StoreError> {
        let query = match (customer, email) {
            (Some(customer), _) => RowsQuery::newest(platform, RowKind::PaymentIntent, 1)
                .linked(&customer)
                .in_state("requires_capture")
                .in_state("succeeded"),
            (None, Some(email)) => RowsQuery::newest(platform, RowKind::CheckoutSession, 1)
                .linked(&Customer::email_link(email))
                .in_state("complete"),
            (None, None) => return Ok(true),
        };
        Ok(self.read().rows(&query).await?.is_empty())
    }
}
