//! An attempt as a `charge`.

use holdfast_core::id::{AttemptId, PaymentIntentId};
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::{Attempt, AttemptState, Decline};
use holdfast_core::payment::card::{CardSummary, DEBIT_BRAND};
use holdfast_core::payment::details::{CredentialUsage, Wish};
use holdfast_core::payment::notes::{FraudReport, TransferData};

use crate::declines;
use crate::objects::{
    CardDetails, CardDetailsNulls, Charge, ChargeNulls, ChargeTransferData, ChargeWord,
    DebitDetails, Expandable, FraudDetails, IncrementalAuthorization, Multicapture, Outcome,
    PaymentMethodDetails, RadarOptions, ThreeDSecure,
};
use crate::receipts::Receipts;

use super::balance_transaction::reference;
use super::notes::shipping;
use super::{LIVEMODE, currency, minor, named, payment_method};

/// A charge. What it repeats of its payment is as it was when the card was tried.
pub(crate) fn object(row: &Attempt, receipts: &Receipts) -> Charge {
    Charge { receipt_url: receipts.url(row), ..searched(row) }
}

/// A charge as a search reads it: whole, but for the address of its receipt.
pub(crate) fn searched(row: &Attempt) -> Charge {
    let (said, notes) = (&row.notes, &row.notes.notes);
    let hold = row.authorization();
    let decline = decline(row);
    let captured = hold.map_or(0, |hold| hold.captured.minor());
    Charge {
        id: row.id.to_string(),
        object: ChargeWord,
        amount: row.amount.minor(),
        amount_captured: captured,
        amount_refunded: refunded(row),
        application_fee: row.application_fee.map(|id| Expandable::Id(id.to_string())),
        application_fee_amount: notes.application_fee.map(Money::minor),
        balance_transaction: reference(row.entry),
        billing_details: row.billing.as_ref().map(payment_method::billing).unwrap_or_default(),
        calculated_statement_descriptor: hold.map(|_| notes.descriptor()),
        captured: captured > 0,
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        customer: row.customer.map(named::customer),
        description: said.description.clone(),
        disputed: !row.disputes.is_empty(),
        failure_code: decline.map(|decline| declines::code(decline).to_owned()),
        failure_message: decline.map(|decline| declines::message(decline).to_owned()),
        fraud_details: FraudDetails { user_report: said.fraud_report.map(FraudReport::name) },
        livemode: LIVEMODE,
        metadata: said.metadata.clone(),
        on_behalf_of: notes.on_behalf_of.map(named::account),
        outcome: outcome(row),
        paid: hold.is_some(),
        payment_intent: Some(Expandable::Id(row.intent.to_string())),
        payment_method: row.method.map(|method| method.to_string()),
        payment_method_details: row.card.as_ref().map(|card| details(card, row)),
        radar_options: notes.radar_session.clone().map(|session| RadarOptions { session }),
        receipt_email: said.receipt_email.clone(),
        receipt_url: None,
        refunded: refunded(row) == row.amount.minor(),
        refunds: None,
        shipping: notes.shipping.as_ref().map(shipping),
        statement_descriptor: notes.statement_descriptor.clone(),
        statement_descriptor_suffix: notes.statement_descriptor_suffix.clone(),
        status: status(row),
        transfer: row.transfer.map(|id| Expandable::Id(id.to_string())),
        transfer_data: notes.transfer_data.as_ref().map(transfer_data),
        transfer_group: said.transfer_group.clone(),
        nulls: ChargeNulls::default(),
    }
}

fn transfer_data(row: &TransferData) -> ChargeTransferData {
    let (amount, destination) = (row.amount.map(Money::minor), named::account(row.destination));
    ChargeTransferData { amount, destination }
}

/// Where the charges of a payment are listed.
pub(crate) fn list_url(payment: PaymentIntentId) -> String {
    format!("/v1/charges?payment_intent={payment}")
}

/// Where the refunds of a charge are listed.
pub(crate) fn refunds_url(charge: AttemptId) -> String {
    format!("/v1/refunds?charge={charge}")
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
fn details(card: &CardSummary, row: &Attempt) -> PaymentMethodDetails {
    let hold = row.authorization();
    let is_divisible = hold.is_some_and(|hold| hold.captures_left > 0);
    if payment_method::is_debit(card) {
        let sepa_debit = Some(DebitDetails {
            bank_code: (),
            branch_code: (),
            country: card.country.clone(),
            fingerprint: card.fingerprint.clone(),
            last4: Some(card.last4.clone()),
            mandate: (),
        });
        return PaymentMethodDetails { card: None, sepa_debit, kind: DEBIT_BRAND };
    }
    let terms = &row.notes.notes.card;
    let open = hold.filter(|hold| !hold.is_settled());
    let card = CardDetails {
        amount_authorized: hold.map(|hold| hold.amount.minor()),
        authorization_code: hold.map(|hold| hold.code.clone()),
        brand: Some(card.brand.clone()),
        capture_before: open.map(|hold| hold.expires_at.seconds()),
        checks: Some(payment_method::checks(card)),
        country: card.country.clone(),
        exp_month: card.exp_month.into(),
        exp_year: card.exp_year.into(),
        electronic_commerce_indicator: terms.moto.then_some(BY_LETTER_OR_TELEPHONE),
        fingerprint: card.fingerprint.clone(),
        funding: Some(card.funding.clone()),
        incremental_authorization: incremental(row),
        last4: Some(card.last4.clone()),
        moto: terms.moto.then_some(true),
        multicapture: Multicapture {
            status: if is_divisible { "available" } else { "unavailable" },
        },
        network: terms.network.clone().or(Some(card.brand.clone())),
        setup_credential_usage: terms.setup_usage.map(CredentialUsage::name),
        stored_credential_usage: terms.stored_usage.map(CredentialUsage::name),
        three_d_secure: row.was_challenged.then(|| three_d_secure(row)),
        nulls: CardDetailsNulls::default(),
    };
    PaymentMethodDetails { card: Some(card), sepa_debit: None, kind: "card" }
}

/// The networks' word for an order by letter or by telephone: nobody was asked, and whoever sold
/// bears a fraud.
const BY_LETTER_OR_TELEPHONE: &str = "01";

/// Whether the authorization can grow, where the platform wanted one that can.
fn incremental(row: &Attempt) -> Option<IncrementalAuthorization> {
    let is_wanted = row.notes.notes.card.incremental == Some(Wish::IfAvailable);
    let can_grow = row.authorization().is_some_and(|hold| hold.can_grow());
    let status = if can_grow { "available" } else { "unavailable" };
    is_wanted.then_some(IncrementalAuthorization { status })
}

/// What came of the bank's question to the buyer.
fn three_d_secure(row: &Attempt) -> ThreeDSecure {
    let has_failed =
        decline(row).is_some_and(|decline| decline.code == declines::NOT_AUTHENTICATED);
    let is_open = row.is_open();
    ThreeDSecure {
        authentication_flow: Some("challenge"),
        // The network's word for a buyer who was asked and answered (EMVCo).
        electronic_commerce_indicator: (!has_failed && !is_open).then(|| "05".to_owned()),
        exemption_indicator: (),
        result: match (is_open, has_failed) {
            (true, _) => None,
            (false, true) => Some("failed"),
            (false, false) => Some("authenticated"),
        },
        result_reason: has_failed.then_some("rejected"),
        transaction_id: None,
        version: Some("2.2.0"),
    }
}
