//! Payments as they are answered: what is expanded, who may see them, why a card was declined.

use holdfast_core::id::PaymentIntentId;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::{FailedAttempt, PaymentIntent};
use holdfast_core::refusal::Refusal;

use crate::declines;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::objects::{self, Expandable};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::refusals;
use crate::render::{details, payment_intent};
use crate::reply::Reply;
use crate::version::Rendering;

use super::{cards, charge_shown};

/// What an answer about a payment expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    charge: Option<charge_shown::Expanded>,
    method: bool,
    customer: bool,
    items: bool,
}

impl Expanded {
    /// Takes `expand[]` out of the parameters.
    pub(crate) fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    /// What is expanded of a payment within another object.
    pub(crate) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let method = payment_method(expand)?;
        let customer = expand.property("customer", |_| Ok(()))?.is_some();
        // Never filled here.
        expand.property("review", |_| Ok(()))?;
        let charge = expand.property("latest_charge", charge_shown::Expanded::of)?;
        // Before version 2022-11-15 the charges stood in a list of their own.
        let listed = expand
            .property("charges", |charges| charges.property("data", charge_shown::Expanded::of))?;
        let items = expand.property("amount_details", |amounts| {
            Ok(amounts.property("line_items", |_| Ok(()))?.is_some())
        })?;
        let items = items.unwrap_or(false);
        Ok(Expanded { charge: charge.or(listed.flatten()), method, customer, items })
    }

    /// What the caller may expand: a browser nothing that the platform has written.
    pub(crate) fn for_caller(call: &Call, params: &mut Params) -> Result<Expanded, ApiError> {
        if call.is_browser() {
            let method = Expand::take(params, payment_method)?;
            return Ok(Expanded { method, ..Expanded::default() });
        }
        Expanded::take(params)
    }
}

/// Whether the card is to be shown, which a browser may see as well.
fn payment_method(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("payment_method", |_| Ok(()))?.is_some())
}

/// A payment as the caller may see it.
pub(crate) async fn shown(
    call: &Call,
    row: &PaymentIntent,
    expanded: Expanded,
) -> Result<objects::PaymentIntent, Halt> {
    let mut object = visible(call, row);
    if let (Some(expanded), Some(id)) = (expanded.charge, row.attempt()) {
        let attempt = call.present::<Attempt>(&id).await?;
        let charge = charge_shown::shown_within(call, &attempt, expanded).await?;
        object.latest_charge = Some(Expandable::Object(Box::new(charge)));
    }
    if call.version.rendering() == Rendering::WithCharges && !call.is_browser() {
        object.charges = Some(charge_shown::of_payment(call, row).await?);
    }
    if expanded.method {
        object.payment_method = cards::expanded_method(call, row.method).await?;
    }
    if expanded.customer {
        object.customer = cards::expanded_customer(call, row.customer).await?;
    }
    if let (true, Some(amounts)) = (expanded.items, &mut object.amount_details) {
        amounts.line_items = Some(details::line_items(row));
    }
    Ok(object)
}

fn visible(call: &Call, row: &PaymentIntent) -> objects::PaymentIntent {
    let rendering = call.version.rendering();
    if call.is_browser() {
        payment_intent::for_browser(row, rendering)
    } else {
        payment_intent::in_version(row, rendering)
    }
}

/// The answer about a payment whose card may just have been tried: the payment, or why the card
/// was declined.
pub(crate) async fn tried(call: &Call, row: &PaymentIntent, expanded: Expanded) -> Answer {
    if let Some(failed) = payment_intent::last_failed(row) {
        return Err(declined(call, row, failed).into());
    }
    Ok(Reply::ok(&shown(call, row, expanded).await?))
}

/// A declined card, with the payment as it stands: clients read its status.
pub(crate) fn declined(call: &Call, row: &PaymentIntent, failed: &FailedAttempt) -> ApiError {
    let payment = serde_json::to_value(visible(call, row)).unwrap_or_default();
    let error = ApiError::card(declines::of(&failed.decline))
        .with_charge(&failed.attempt.to_string())
        .with_payment_intent(payment);
    match payment_intent::tried_method(failed) {
        Some(method) => error.with_payment_method(serde_json::to_value(method).unwrap_or_default()),
        None => error,
    }
}

/// The error of a payment in a state that does not allow something, with the payment as it is.
pub(crate) fn with_payment(call: &Call, error: ApiError, row: &PaymentIntent) -> ApiError {
    error.with_payment_intent(serde_json::to_value(visible(call, row)).unwrap_or_default())
}

/// The longest client secret that is looked at. Ours have 76 characters.
const CLIENT_SECRET_CHARS_MAX: usize = 255;

/// The secret of one object, which a browser has to show.
pub(crate) fn client_secret(call: &Call, params: &mut Params) -> Result<Option<String>, ApiError> {
    let secret = params.text("client_secret", CLIENT_SECRET_CHARS_MAX)?;
    if secret.is_none() && call.is_browser() {
        return Err(params.missing("client_secret"));
    }
    Ok(secret)
}

/// Refuses a secret that is not the payment's, as if there were no such payment.
pub(crate) fn let_in(
    call: &Call,
    row: &PaymentIntent,
    client_secret: Option<&str>,
) -> Result<(), ApiError> {
    let Some(given) = client_secret else { return Ok(()) };
    let guess = given.strip_prefix(&format!("{}_secret_", row.id));
    if guess.is_some_and(|guess| row.secret.matches(guess)) {
        return Ok(());
    }
    Err(ApiError::not_found("payment_intent", &call.path_id))
}

/// Adds the payment to the refusals that its state is the reason of.
pub(crate) async fn refused(call: &Call, id: PaymentIntentId, halt: Halt) -> Halt {
    let refusal = match halt {
        Halt::Refused(
            refusal @ (Refusal::PaymentUnexpectedState
            | Refusal::AuthorizationExpired
            | Refusal::AuthorizationCannotGrow
            | Refusal::CapturesExhausted
            | Refusal::CaptureExceedsAuthorization),
        ) => refusal,
        Halt::Refused(_) | Halt::Error(_) | Halt::Replay(_) => return halt,
    };
    match call.find::<PaymentIntent>(&id).await {
        Ok(Some(row)) => with_payment(call, refusals::refused(refusal), &row).into(),
        Ok(None) => Halt::Refused(refusal),
        Err(halt) => halt,
    }
}
