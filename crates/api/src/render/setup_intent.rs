//! A setup as a `setup_intent`, and its attempts.

use holdfast_core::payment::attempt::Decline;
use holdfast_core::payment::card::CardSummary;
use holdfast_core::payment::setup::{
    self, FailedSetup, Redirects, SetupCancelReason, SetupState, VerificationState,
};

use crate::declines;
use crate::error;
use crate::objects::{
    AutomaticPaymentMethods, Expandable, NextAction, PaymentMethod, RedirectToUrl, SetupAttempt,
    SetupAttemptNulls, SetupAttemptWord, SetupCardDetails, SetupDetails, SetupError, SetupIntent,
    SetupIntentNulls, SetupIntentWord,
};

use super::{LIVEMODE, named, payment_method};

/// A setup.
pub(crate) fn object(row: &setup::SetupIntent) -> SetupIntent {
    SetupIntent {
        id: row.id.to_string(),
        object: SetupIntentWord,
        allowed_payment_method_types: row.terms.allowed_types.clone(),
        automatic_payment_methods: row.automatic.map(automatic),
        cancellation_reason: cancellation(row).map(SetupCancelReason::name),
        client_secret: Some(client_secret(row)),
        created: row.created.seconds(),
        customer: row.customer.map(named::customer),
        description: row.description.clone(),
        excluded_payment_method_types: row.terms.excluded_types.clone(),
        last_setup_error: last_failed(row)
            .map(|failed| error(&failed.decline, Some(tried_method(failed)))),
        latest_attempt: row.latest.map(|attempt| Expandable::Id(attempt.to_string())),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        next_action: next_action(row),
        on_behalf_of: row.on_behalf_of.map(named::account),
        payment_method: row.method.map(|method| Expandable::Id(method.to_string())),
        payment_method_options: Some(super::details::setup_options(&row.terms)),
        payment_method_types: vec!["card".into()],
        status: row.state.name(),
        usage: row.usage.name(),
        nulls: SetupIntentNulls::default(),
    }
}

/// A setup as a browser may see it: not the platform's own notes.
pub(crate) fn for_browser(row: &setup::SetupIntent) -> SetupIntent {
    SetupIntent { metadata: Default::default(), ..object(row) }
}

/// What lets a browser see and confirm a setup.
pub(crate) fn client_secret(row: &setup::SetupIntent) -> String {
    format!("{}_secret_{}", row.id, row.secret.reveal())
}

/// The decline that the setup stands at, while no other card is tried.
pub(crate) fn last_failed(row: &setup::SetupIntent) -> Option<&FailedSetup> {
    match &row.state {
        SetupState::RequiresPaymentMethod { last } => last.as_deref(),
        SetupState::RequiresConfirmation
        | SetupState::Processing
        | SetupState::RequiresAction { .. }
        | SetupState::Succeeded
        | SetupState::Canceled { .. } => None,
    }
}

/// The card that was declined, as it is shown.
pub(crate) fn tried_method(failed: &FailedSetup) -> PaymentMethod {
    payment_method::seen(failed.method, failed.card.as_ref(), &failed.billing)
}

/// A decline in the words of a setup.
pub(crate) fn decline(decline: &Decline) -> error::Decline {
    let told = declines::of(decline);
    match told.code {
        "payment_intent_authentication_failure" => {
            error::Decline { code: "setup_intent_authentication_failure", ..told }
        }
        _ => told,
    }
}

/// An attempt to save a card.
pub(crate) fn attempt(row: &setup::SetupAttempt, of: Option<&setup::SetupIntent>) -> SetupAttempt {
    let card = row.card.as_ref().map(|card| details(card, row));
    SetupAttempt {
        id: row.id.to_string(),
        object: SetupAttemptWord,
        created: row.created.seconds(),
        customer: row.customer.map(named::customer),
        livemode: LIVEMODE,
        on_behalf_of: of.and_then(|of| of.on_behalf_of).map(named::account),
        payment_method: Expandable::Id(row.method.to_string()),
        payment_method_details: SetupDetails { card, kind: "card" },
        setup_error: match &row.state {
            VerificationState::Declined(decline) => {
                Some(error(decline, Some(payment_method::of_setup(row))))
            }
            VerificationState::Sending { .. }
            | VerificationState::Unknown { .. }
            | VerificationState::Challenged { .. }
            | VerificationState::Verified => None,
        },
        setup_intent: Expandable::Id(row.setup.to_string()),
        status: status(row),
        usage: row.usage.name(),
        nulls: SetupAttemptNulls::default(),
    }
}

fn status(row: &setup::SetupAttempt) -> &'static str {
    match row.state {
        VerificationState::Sending { .. } | VerificationState::Unknown { .. } => "processing",
        VerificationState::Challenged { .. } => "requires_action",
        VerificationState::Verified => "succeeded",
        VerificationState::Declined(_) => "failed",
    }
}

fn error(why: &Decline, tried: Option<PaymentMethod>) -> SetupError {
    let told = decline(why);
    SetupError {
        advice_code: told.advice_code,
        code: told.code,
        decline_code: told.decline_code,
        message: told.message,
        network_decline_code: told.network_decline_code,
        payment_method: tried,
        kind: "card_error",
    }
}

fn details(card: &CardSummary, row: &setup::SetupAttempt) -> SetupCardDetails {
    SetupCardDetails {
        brand: Some(card.brand.clone()),
        checks: Some(payment_method::checks(card)),
        country: card.country.clone(),
        exp_month: card.exp_month.into(),
        exp_year: card.exp_year.into(),
        fingerprint: card.fingerprint.clone(),
        funding: Some(card.funding.clone()),
        last4: Some(card.last4.clone()),
        moto: row.moto.then_some(true),
        network: row.network.clone().or(Some(card.brand.clone())),
        three_d_secure: (),
        wallet: (),
    }
}

fn automatic(redirects: Redirects) -> AutomaticPaymentMethods {
    let allow_redirects = match redirects {
        Redirects::Always => "always",
        Redirects::Never => "never",
    };
    AutomaticPaymentMethods { allow_redirects, enabled: true }
}

fn cancellation(row: &setup::SetupIntent) -> Option<SetupCancelReason> {
    match row.state {
        SetupState::Canceled { reason, .. } => reason,
        SetupState::RequiresPaymentMethod { .. }
        | SetupState::RequiresConfirmation
        | SetupState::Processing
        | SetupState::RequiresAction { .. }
        | SetupState::Succeeded => None,
    }
}

fn next_action(row: &setup::SetupIntent) -> Option<NextAction> {
    let SetupState::RequiresAction { challenge, return_url } = &row.state else { return None };
    let (url, return_url) = (Some(challenge.url.clone()), return_url.clone());
    Some(NextAction { redirect_to_url: RedirectToUrl { return_url, url }, kind: "redirect_to_url" })
}
