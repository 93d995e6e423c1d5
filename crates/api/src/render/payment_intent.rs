//! A payment as a `payment_intent`.

use holdfast_core::money::Money;
use holdfast_core::payment::intent::{self, CancelReason, FailedAttempt, IntentState};
use holdfast_core::payment::notes::Confirmation;
use holdfast_core::payment::usage::FutureUsage;

use crate::declines;
use crate::objects::{
    self, Expandable, LastPaymentError, NextAction, PaymentIntent, PaymentIntentNulls,
    PaymentIntentWord, RedirectToUrl,
};
use crate::version::Rendering;

use super::notes::{automatic_methods, shipping, transfer_data};
use super::{LIVEMODE, currency, details, named, payment_method};

/// A payment, in the newest version.
pub(crate) fn object(row: &intent::PaymentIntent) -> PaymentIntent {
    in_version(row, Rendering::AllowedTypes)
}

/// A payment as a version writes it. Charges are added by whoever has them.
pub(crate) fn in_version(row: &intent::PaymentIntent, rendering: Rendering) -> PaymentIntent {
    let notes = &row.notes;
    let has_types = rendering >= Rendering::AllowedTypes;
    let (canceled_at, cancellation_reason) = cancellation(row);
    PaymentIntent {
        id: row.id.to_string(),
        object: PaymentIntentWord,
        allowed_payment_method_types: has_types.then(|| notes.allowed_types.clone()),
        amount: row.amount.minor(),
        amount_capturable: row.capturable().minor(),
        amount_details: notes.amounts.as_deref().map(details::amounts),
        amount_received: row.captured.minor(),
        application_fee_amount: notes.application_fee.map(Money::minor),
        automatic_payment_methods: automatic_methods(notes),
        canceled_at,
        cancellation_reason,
        capture_method: notes.capture_words.name(row.capture_method),
        charges: None,
        client_secret: Some(client_secret(row)),
        confirmation_method: confirmation_method(notes.confirmation),
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        customer: row.customer.map(named::customer),
        description: row.description.clone(),
        excluded_payment_method_types: notes.excluded_types.clone(),
        last_payment_error: last_failed(row).map(last_payment_error),
        latest_charge: row.attempt().map(|attempt| Expandable::Id(attempt.to_string())),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        next_action: next_action(row),
        on_behalf_of: notes.on_behalf_of.map(named::account),
        payment_details: notes.details.as_ref().map(details::payment),
        payment_method: row.method.map(|method| Expandable::Id(method.to_string())),
        payment_method_options: Some(details::options(notes)),
        payment_method_types: vec!["card".into()],
        receipt_email: row.receipt_email.clone(),
        setup_future_usage: row.future_usage.map(FutureUsage::name),
        shipping: notes.shipping.as_ref().map(shipping),
        statement_descriptor: notes.statement_descriptor.clone(),
        statement_descriptor_suffix: notes.statement_descriptor_suffix.clone(),
        status: row.state.name(),
        transfer_data: notes.transfer_data.as_ref().map(transfer_data),
        transfer_group: row.transfer_group.clone(),
        nulls: PaymentIntentNulls::default(),
    }
}

/// A payment as a browser may see it: not the platform's own notes.
pub(crate) fn for_browser(row: &intent::PaymentIntent, rendering: Rendering) -> PaymentIntent {
    PaymentIntent {
        amount_details: None,
        application_fee_amount: None,
        metadata: Default::default(),
        on_behalf_of: None,
        payment_details: None,
        transfer_data: None,
        transfer_group: None,
        ..in_version(row, rendering)
    }
}

/// What lets a browser see and confirm a payment.
pub(crate) fn client_secret(row: &intent::PaymentIntent) -> String {
    format!("{}_secret_{}", row.id, row.secret.reveal())
}

/// The decline that the payment stands at, while no other card is tried.
pub(crate) fn last_failed(row: &intent::PaymentIntent) -> Option<&FailedAttempt> {
    match &row.state {
        IntentState::RequiresPaymentMethod { last } => last.as_deref(),
        IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => None,
    }
}

fn last_payment_error(failed: &FailedAttempt) -> LastPaymentError {
    let decline = declines::of(&failed.decline);
    LastPaymentError {
        advice_code: decline.advice_code,
        charge: Some(failed.attempt.to_string()),
        code: Some(decline.code.to_owned()),
        decline_code: decline.decline_code,
        doc_url: None,
        message: decline.message,
        network_decline_code: decline.network_decline_code,
        payment_method: tried_method(failed),
        kind: "card_error",
    }
}

/// The card that was declined, as it is shown.
pub(crate) fn tried_method(failed: &FailedAttempt) -> Option<objects::PaymentMethod> {
    let billing = failed.billing.clone().unwrap_or_default();
    Some(payment_method::seen(failed.method?, failed.card.as_ref(), &billing))
}

fn cancellation(row: &intent::PaymentIntent) -> (Option<i64>, Option<String>) {
    match &row.state {
        IntentState::Canceled { at, reason, .. } => {
            let given = (*reason != CancelReason::NotGiven).then(|| reason.name().to_owned());
            (Some(at.seconds()), given)
        }
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. } => (None, None),
    }
}

fn next_action(row: &intent::PaymentIntent) -> Option<NextAction> {
    let IntentState::RequiresAction { challenge, .. } = &row.state else { return None };
    let url = Some(challenge.url.clone());
    let redirect_to_url = RedirectToUrl { return_url: row.notes.return_url.clone(), url };
    Some(NextAction { redirect_to_url, kind: "redirect_to_url" })
}

fn confirmation_method(confirmation: Confirmation) -> &'static str {
    match confirmation {
        Confirmation::Automatic => "automatic",
        Confirmation::Manual => "manual",
    }
}
