//! A payout.

use holdfast_core::bank::PayoutFailure;
use holdfast_core::payout::{self, PayoutState};

use crate::objects::{Expandable, Payout, PayoutWord, TraceId};

use super::balance_transaction::reference;
use super::{LIVEMODE, currency};

/// A payout, its references as ids.
pub(crate) fn object(row: &payout::Payout) -> Payout {
    let failure = failure(&row.state);
    Payout {
        id: row.id.to_string(),
        object: PayoutWord,
        amount: row.amount.minor(),
        application_fee: (),
        application_fee_amount: (),
        arrival_date: row.arrives_at.seconds(),
        automatic: false,
        balance_transaction: reference(row.entry),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        description: row.description.clone(),
        destination: Some(Expandable::Id(row.destination.to_string())),
        failure_balance_transaction: reference(row.failure_entry),
        failure_message: failure.map(message),
        failure_code: failure.map(str::to_owned),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        method: row.method.name(),
        original_payout: (),
        payout_method: (),
        reconciliation_status: "not_applicable",
        reversed_by: (),
        source_type: row.source.name(),
        statement_descriptor: row.statement_descriptor.clone(),
        status: row.state.name(),
        trace_id: trace(&row.state),
        kind: "bank_account",
    }
}

fn failure(state: &PayoutState) -> Option<&str> {
    match state {
        PayoutState::Failed { code, .. } => Some(code),
        PayoutState::Pending { .. }
        | PayoutState::Sending { .. }
        | PayoutState::InTransit { .. }
        | PayoutState::Paid { .. }
        | PayoutState::Canceled { .. } => None,
    }
}

fn trace(state: &PayoutState) -> Option<TraceId> {
    match state {
        PayoutState::InTransit { reference, .. } | PayoutState::Paid { reference, .. } => {
            Some(TraceId { status: "supported", value: Some(reference.clone()) })
        }
        PayoutState::Pending { .. }
        | PayoutState::Sending { .. }
        | PayoutState::Failed { .. }
        | PayoutState::Canceled { .. } => None,
    }
}

fn message(code: &str) -> String {
    let known = PayoutFailure::of(code);
    known.map_or("The bank did not accept the payout.", |failure| failure.message).to_owned()
}
