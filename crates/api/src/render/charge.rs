//! An attempt as a `charge`.

use holdfast_core::payment::attempt::{Attempt, AttemptState, Decline};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::card::CardSummary;
use holdfast_core::payment::intent::PaymentIntent;

use crate::declines;
use crate::objects::{
    BillingDetails, CardChecks, CardDetails, CardDetailsNulls, Charge, ChargeNulls, ChargeWord,
    Expandable, FraudDetails, Outcome, PaymentMethodDetails,
};

use super::{LIVEMODE, currency, minor};

/// A charge. What it repeats of its payment is there only where the payment is at hand.
pub(crate) fn object(row: &Attempt, payment: Option<&PaymentIntent>) -> Charge {
    let hold = row.authorization();
    let decline = decline(row);
    let captured = hold.map_or(0, |hold| hold.captured.minor());
    Charge {
        id: row.id.to_string(),
        object: ChargeWord,
        amount: row.amount.minor(),
        amount_captured: captured,
        amount_refunded: refunded(row),
        balance_transaction: None,
        billing_details: BillingDetails::default(),
        calculated_statement_descriptor: None,
        captured: captured > 0,
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        description: payment.and_then(|payment| payment.description.clone()),
        disputed: false,
        failure_code: decline.map(|decline| declines::code(decline).to_owned()),
        failure_message: decline.map(|decline| declines::message(decline).to_owned()),
        fraud_details: FraudDetails::default(),
        livemode: LIVEMODE,
        metadata: payment.map(|payment| payment.metadata.clone()).unwrap_or_default(),
        outcome: outcome(row),
        paid: hold.is_some(),
        payment_intent: Some(Expandable::Id(row.intent.to_string())),
        payment_method: None,
        payment_method_details: row.card.as_ref().map(|card| details(card, hold)),
        receipt_email: payment.and_then(|payment| payment.receipt_email.clone()),
        receipt_url: None,
        refunded: refunded(row) == row.amount.minor(),
        refunds: None,
        shipping: None,
        statement_descriptor: None,
        statement_descriptor_suffix: None,
        status: status(row),
        transfer_group: payment.and_then(|payment| payment.transfer_group.clone()),
        nulls: ChargeNulls::default(),
    }
}

/// What went back to the card, whether it had been taken or was only held.
fn refunded(row: &Attempt) -> i64 {
    let returned = row.authorization().map_or(row.refunded, |hold| hold.returned);
    match row.authorization() {
        Some(_) => minor(row.refunded.checked_add(returned)),
        None => row.refunded.minor(),
    }
}

fn status(row: &Attempt) -> &'static str {
    match row.state {
        AttemptState::Sending { .. }
        | AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. } => "pending",
        AttemptState::Authorized(_) => "succeeded",
        AttemptState::Declined(_) => "failed",
    }
}

fn decline(row: &Attempt) -> Option<&Decline> {
    match &row.state {
        AttemptState::Declined(decline) => Some(decline),
        AttemptState::Sending { .. }
        | AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. }
        | AttemptState::Authorized(_) => None,
    }
}

fn outcome(row: &Attempt) -> Option<Outcome> {
    let approved = Outcome {
        advice_code: None,
        network_advice_code: None,
        network_decline_code: None,
        network_status: Some("approved_by_network".into()),
        reason: None,
        risk_level: "not_assessed",
        seller_message: Some("Payment complete.".into()),
        kind: "authorized",
    };
    match &row.state {
        AttemptState::Sending { .. }
        | AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. } => None,
        AttemptState::Authorized(_) => Some(approved),
        AttemptState::Declined(decline) => Some(Outcome {
            advice_code: decline.advice.clone(),
            network_decline_code: decline.network_code.clone(),
            network_status: Some("declined_by_network".into()),
            reason: decline.decline_code.clone().or_else(|| Some(decline.code.clone())),
            seller_message: Some("The bank did not approve this payment.".into()),
            kind: "issuer_declined",
            ..approved
        }),
    }
}

/// The card as it was at the time.
fn details(card: &CardSummary, hold: Option<&Authorization>) -> PaymentMethodDetails {
    let open = hold.filter(|hold| !hold.is_settled());
    let card = CardDetails {
        amount_authorized: hold.map(|hold| hold.amount.minor()),
        authorization_code: hold.map(|hold| hold.code.clone()),
        brand: Some(card.brand.clone()),
        capture_before: open.map(|hold| hold.expires_at.seconds()),
        checks: Some(checks(card)),
        country: card.country.clone(),
        exp_month: card.exp_month.into(),
        exp_year: card.exp_year.into(),
        funding: Some(card.funding.clone()),
        last4: Some(card.last4.clone()),
        network: Some(card.brand.clone()),
        three_d_secure: None,
        nulls: CardDetailsNulls::default(),
    };
    PaymentMethodDetails { card, kind: "card" }
}

fn checks(card: &CardSummary) -> CardChecks {
    CardChecks { cvc_check: Some(card.cvc_check.name().to_owned()), ..CardChecks::default() }
}
