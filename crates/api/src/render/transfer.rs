//! Transfers and their reversals.

use holdfast_core::transfer;

use crate::objects::{
    Expandable, List, Transfer, TransferReversal, TransferReversalWord, TransferWord,
};

use super::balance_transaction::reference;
use super::{LIVEMODE, currency};

/// A transfer with those of its reversals that the caller has.
pub(crate) fn object(row: &transfer::Transfer, reversals: List<TransferReversal>) -> Transfer {
    Transfer {
        id: row.id.to_string(),
        object: TransferWord,
        amount: row.amount.minor(),
        amount_reversed: row.reversed.minor(),
        balance_transaction: reference(row.entry),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        description: row.description.clone(),
        destination: Some(Expandable::Id(row.destination.to_string())),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        reversals,
        reversed: row.reversed == row.amount,
        source_transaction: row.source.map(|source| Expandable::Id(source.to_string())),
        source_type: "card",
        transfer_group: row.group.clone(),
    }
}

/// The list of a transfer's reversals, of which these are the newest.
pub(crate) fn reversals(
    row: &transfer::Transfer,
    newest: &[transfer::TransferReversal],
) -> List<TransferReversal> {
    let url = format!("/v1/transfers/{}/reversals", row.id);
    let mut list = List::whole(url, newest.iter().map(reversal).collect());
    list.has_more = usize::try_from(row.reversals).is_ok_and(|count| count > newest.len());
    list
}

/// A reversal.
pub(crate) fn reversal(row: &transfer::TransferReversal) -> TransferReversal {
    TransferReversal {
        id: row.id.to_string(),
        object: TransferReversalWord,
        amount: row.amount.minor(),
        balance_transaction: reference(row.entry),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        destination_payment_refund: (),
        metadata: row.metadata.clone(),
        source_refund: row.refund.map(|refund| Expandable::Id(refund.to_string())),
        transfer: Expandable::Id(row.transfer.to_string()),
    }
}
