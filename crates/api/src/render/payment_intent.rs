//! A payment as a `payment_intent`.

use holdfast_core::payment::intent::{self, CaptureMethod, FailedAttempt, IntentState};

use crate::declines;
use crate::objects::{
    Expandable, LastPaymentError, NextAction, PaymentIntent, PaymentIntentNulls, PaymentIntentWord,
    RedirectToUrl,
};

use super::{LIVEMODE, currency};

/// A payment.
pub(crate) fn object(row: &intent::PaymentIntent) -> PaymentIntent {
    let (canceled_at, cancellation_reason) = cancellation(row);
    PaymentIntent {
        id: row.id.to_string(),
        object: PaymentIntentWord,
        amount: row.amount.minor(),
        amount_capturable: row.capturable().minor(),
        amount_received: row.captured.minor(),
        automatic_payment_methods: None,
        canceled_at,
        cancellation_reason,
        capture_method: capture_method(row.capture_method),
        client_secret: Some(client_secret(row)),
        confirmation_method: "automatic",
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        description: row.description.clone(),
        excluded_payment_method_types: None,
        last_payment_error: last_failed(row).map(last_payment_error),
        latest_charge: row.attempt().map(|attempt| Expandable::Id(attempt.to_string())),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        next_action: next_action(row),
        payment_method: None,
        payment_method_options: None,
        payment_method_types: vec!["card".into()],
        receipt_email: row.receipt_email.clone(),
        shipping: None,
        statement_descriptor: None,
        statement_descriptor_suffix: None,
        status: row.state.name(),
        transfer_group: row.transfer_group.clone(),
        nulls: PaymentIntentNulls::default(),
    }
}

/// A payment as a browser may see it: not the platform's own notes.
pub(crate) fn for_browser(row: &intent::PaymentIntent) -> PaymentIntent {
    PaymentIntent { metadata: Default::default(), transfer_group: None, ..object(row) }
}

/// What lets a browser see and confirm a payment.
pub(crate) fn client_secret(row: &intent::PaymentIntent) -> String {
    format!("{}_secret_{}", row.id, row.secret.reveal())
}

/// The decline that the payment stands at, while no other card is tried.
pub(crate) fn last_failed(row: &intent::PaymentIntent) -> Option<&FailedAttempt> {
    match &row.state {
        IntentState::RequiresPaymentMethod { last } => last.as_ref(),
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
        payment_method: None,
        kind: "card_error",
    }
}

fn cancellation(row: &intent::PaymentIntent) -> (Option<i64>, Option<String>) {
    match &row.state {
        IntentState::Canceled { at, reason, .. } => {
            (Some(at.seconds()), Some(reason.name().to_owned()))
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
    let redirect_to_url = RedirectToUrl { return_url: None, url };
    Some(NextAction { redirect_to_url, kind: "redirect_to_url" })
}

fn capture_method(method: CaptureMethod) -> &'static str {
    match method {
        CaptureMethod::Automatic => "automatic",
        CaptureMethod::Manual => "manual",
    }
}
