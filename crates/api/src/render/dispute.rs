//! Disputes and early fraud warnings as the dialect writes them.

use holdfast_core::balance::TransactionKind;
use holdfast_core::dispute::{
    self, DisputeMovement, DisputeState, Disputed, EvidenceField, ResponseKind,
};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::time::Timestamp;

use crate::objects::{
    BalanceTransaction, Dispute, DisputeCard, DisputeEvidence, DisputeMethodDetails, DisputeWord,
    EarlyFraudWarning, EarlyFraudWarningWord, Empty, EvidenceDetails, Expandable, Source,
};

use super::{LIVEMODE, balance_transaction, currency};

/// A dispute at a moment. Whether its charge may be refunded is known only with the charge; an
/// event says what the dispute itself says of it.
pub(crate) fn object(row: &dispute::Dispute, charge: Option<&Attempt>, now: Timestamp) -> Dispute {
    let warns = warns(row.state);
    let card = row.brand.as_ref().map(|brand| DisputeCard {
        brand: brand.clone(),
        case_type: if warns { "inquiry" } else { "chargeback" },
        network: brand.clone(),
        network_reason_code: row.network_code.clone(),
    });
    let transactions = row.movements.iter().map(|movement| transaction(row, movement));
    Dispute {
        id: row.id.to_string(),
        object: DisputeWord,
        amount: row.amount.minor(),
        balance_transactions: transactions.collect(),
        charge: Expandable::Id(row.attempt.to_string()),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        enhanced_eligibility_types: [],
        evidence: evidence(row),
        evidence_details: details(row, now),
        intended_submission_method: (),
        is_charge_refundable: match charge {
            Some(charge) => charge.refundable().is_ok_and(|left| left.is_positive()),
            None => warns,
        },
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        network_reason_code: row.network_code.clone(),
        payment_intent: Some(Expandable::Id(row.intent.to_string())),
        payment_method_details: card.map(|card| DisputeMethodDetails { card, kind: "card" }),
        reason: row.reason.clone(),
        status: row.state.name(),
    }
}

/// Whether it is a bank's mere question.
fn warns(state: DisputeState) -> bool {
    match state {
        DisputeState::WarningNeedsResponse { .. }
        | DisputeState::WarningUnderReview { .. }
        | DisputeState::WarningClosed { .. } => true,
        DisputeState::NeedsResponse { .. }
        | DisputeState::UnderReview { .. }
        | DisputeState::Won { .. }
        | DisputeState::Lost { .. }
        | DisputeState::Prevented { .. }
        | DisputeState::AppealNeedsResponse { .. }
        | DisputeState::AppealUnderReview { .. } => false,
    }
}

fn evidence(row: &dispute::Dispute) -> DisputeEvidence {
    let field =
        |field: &EvidenceField| (field.name(), row.evidence.field(*field).map(str::to_owned));
    let fields = EvidenceField::ALL.iter().map(field).collect();
    DisputeEvidence { fields, enhanced_evidence: Empty {} }
}

fn details(row: &dispute::Dispute, now: Timestamp) -> EvidenceDetails {
    let due_by = row.state.due_by();
    let given = row.submissions > 0;
    // Lost without a word of the platform's: the time had passed, or the money was given up.
    let accepted =
        row.response.as_ref().is_some_and(|response| response.kind == ResponseKind::Accept);
    let is_lost = matches!(row.state, DisputeState::Lost { .. });
    EvidenceDetails {
        due_by: due_by.map(Timestamp::seconds),
        enhanced_eligibility: Empty {},
        has_evidence: !row.evidence.is_empty(),
        past_due: due_by.is_some_and(|due_by| due_by <= now) || (is_lost && !given && !accepted),
        submission_count: row.submissions,
        submission_method: if given { "manual" } else { "not_submitted" },
    }
}

fn transaction(row: &dispute::Dispute, movement: &DisputeMovement) -> BalanceTransaction {
    let is_back = movement.amount.is_positive();
    let kind = if is_back { TransactionKind::DisputeReversal } else { TransactionKind::Dispute };
    let source = Some(Source::Id(row.id.to_string()));
    let moved = balance_transaction::moved(movement.entry, movement.at, movement.amount, kind);
    BalanceTransaction { source, ..moved }
}

/// An early fraud warning. Without its charge at hand it is as when it came: to be acted on.
pub(crate) fn warning(
    row: &dispute::EarlyFraudWarning,
    charge: Option<&Attempt>,
) -> EarlyFraudWarning {
    let is_open = |charge: &Attempt| {
        let disputed = charge.disputes.iter().any(|it: &Disputed| it.withdrawn.is_positive());
        !disputed && charge.refundable().is_ok_and(|left| left.is_positive())
    };
    EarlyFraudWarning {
        id: row.id.to_string(),
        object: EarlyFraudWarningWord,
        actionable: charge.is_none_or(is_open),
        charge: Expandable::Id(row.attempt.to_string()),
        created: row.created.seconds(),
        fraud_type: row.fraud_type.clone(),
        livemode: LIVEMODE,
        payment_intent: Expandable::Id(row.intent.to_string()),
    }
}
