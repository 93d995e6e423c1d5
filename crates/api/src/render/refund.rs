//! A refund as a `refund`.

use holdfast_core::id::EntryId;
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::refund::{self, RefundMethod, RefundReason, RefundShare};

use crate::objects::{
    CardDestination, DestinationDetails, Expandable, Refund, RefundNulls, RefundWord,
};

use super::balance_transaction::reference;
use super::currency;

/// A refund.
pub(crate) fn object(row: &refund::Refund) -> Refund {
    let (status, failure_reason) = status(row);
    let pending = row.state.is_open();
    Refund {
        id: row.id.to_string(),
        object: RefundWord,
        amount: row.amount.minor(),
        balance_transaction: reference(entry(row)),
        charge: Some(Expandable::Id(row.attempt.to_string())),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        destination_details: Some(destination(row, pending)),
        failure_balance_transaction: reference(row.failure_entry),
        failure_reason,
        metadata: row.metadata.clone(),
        payment_intent: Some(Expandable::Id(row.intent.to_string())),
        payment_method: None,
        pending_reason: pending.then_some("processing"),
        reason: reason(row.reason).map(str::to_owned),
        status: Some(status),
        nulls: RefundNulls::default(),
    }
}

/// The entry of a refund, where the platform has paid a part of it: what a seller alone paid
/// stands in the seller's balance.
fn entry(row: &refund::Refund) -> Option<EntryId> {
    let pays = |share: &RefundShare| share.held.is_positive() || share.fee.is_positive();
    row.entry.filter(|_| row.shares.iter().any(pays))
}

fn status(row: &refund::Refund) -> (&'static str, Option<String>) {
    match &row.state {
        Asked::Sending | Asked::Unknown { .. } => ("pending", None),
        Asked::Succeeded { .. } => ("succeeded", None),
        Asked::Failed { code, .. } => ("failed", Some(code.clone())),
    }
}

/// The dialect has words for what a client may say and for an authorization that ended; other
/// reasons are Holdfast's own and stand in the order's or the payment's events.
fn reason(reason: RefundReason) -> Option<&'static str> {
    match reason {
        RefundReason::RequestedByCustomer | RefundReason::Duplicate | RefundReason::Fraudulent => {
            Some(reason.name())
        }
        RefundReason::AuthorizationEnded => Some("expired_uncaptured_charge"),
        RefundReason::NotGiven
        | RefundReason::OrderCanceled
        | RefundReason::PaymentCanceled
        | RefundReason::PartialCapture
        | RefundReason::Ruling
        | RefundReason::LateApproval => None,
    }
}

fn destination(row: &refund::Refund, pending: bool) -> DestinationDetails {
    let kind = match row.method {
        _ if pending => "pending",
        RefundMethod::Reversal => "reversal",
        RefundMethod::Return => "refund",
    };
    DestinationDetails { card: CardDestination { kind }, kind: "card" }
}
