//! Money that the platform adds to its own balance, as a `topup`.

use holdfast_core::topup;

use crate::objects::{Topup, TopupNulls, TopupWord};

use super::balance_transaction::reference;
use super::{LIVEMODE, currency};

/// A top-up.
pub(crate) fn object(row: &topup::Topup) -> Topup {
    Topup {
        id: row.id.to_string(),
        object: TopupWord,
        amount: row.amount.minor(),
        balance_transaction: reference(row.entry),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        description: row.description.clone(),
        expected_availability_date: Some(row.created.seconds()),
        initiated_by: Some("user"),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        statement_descriptor: row.statement_descriptor.clone(),
        status: row.state.name(),
        transfer_group: row.group.clone(),
        nulls: TopupNulls::default(),
    }
}
