//! The platform's fees on charges that went on to sellers, and their refunds.

use holdfast_core::fee;

use crate::objects::{
    ApplicationFee, ApplicationFeeWord, Expandable, FeeRefund, FeeRefundWord, FeeSource, List,
};

use super::balance_transaction::reference;
use super::{LIVEMODE, currency};

/// The platform, which is no application of somebody else's.
const APPLICATION: &str = "ca_holdfast";

/// A fee with those of its refunds that the caller has.
pub(crate) fn object(row: &fee::ApplicationFee, refunds: List<FeeRefund>) -> ApplicationFee {
    let charge = row.attempt.to_string();
    ApplicationFee {
        id: row.id.to_string(),
        object: ApplicationFeeWord,
        account: Expandable::Id(row.seller.to_string()),
        amount: row.amount.minor(),
        amount_refunded: row.refunded.minor(),
        application: APPLICATION.to_owned(),
        balance_transaction: reference(row.entry),
        charge: Expandable::Id(charge.clone()),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        fee_source: Some(FeeSource { charge: charge.clone(), kind: "charge" }),
        livemode: LIVEMODE,
        originating_transaction: Some(Expandable::Id(charge)),
        refunded: row.refunded == row.amount,
        refunds,
    }
}

/// The list of a fee's refunds, of which these are the newest.
pub(crate) fn refunds(row: &fee::ApplicationFee, newest: &[fee::FeeRefund]) -> List<FeeRefund> {
    let url = format!("/v1/application_fees/{}/refunds", row.id);
    let mut list = List::whole(url, newest.iter().map(refund).collect());
    list.has_more = usize::try_from(row.refunds).is_ok_and(|count| count > newest.len());
    list
}

/// A refund of a fee.
pub(crate) fn refund(row: &fee::FeeRefund) -> FeeRefund {
    FeeRefund {
        id: row.id.to_string(),
        object: FeeRefundWord,
        amount: row.amount.minor(),
        balance_transaction: reference(row.entry),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        fee: Expandable::Id(row.fee.to_string()),
        metadata: row.metadata.clone(),
    }
}
