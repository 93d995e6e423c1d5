//! `/v1/payment_intents/{id}/...`: confirmed, captured, cancelled.

use holdfast_core::command::{CapturePaymentIntent, Command, ConfirmPaymentIntent};
use holdfast_core::id::PaymentIntentId;
use holdfast_core::payment::intent::{CancelReason, IntentState, PaymentIntent};
use holdfast_core::refusal::Refusal;
use holdfast_core::row::{Record as _, RowKey};

use crate::error::ApiError;
use crate::fields;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::{Call, PATIENCE};
use crate::pipeline::halt::Halt;
use crate::refusals;
use crate::reply::Reply;

use super::payment_intents::{
    Expanded, client_secret, let_in, return_url, shown, tried, with_payment,
};

/// `POST /v1/payment_intents/{id}/confirm`.
pub(crate) async fn confirm(call: Call) -> Answer {
    let id: PaymentIntentId = call.id("payment_intent")?;
    let (confirm, secret, expanded) = call.read(|params| {
        let confirm = ConfirmPaymentIntent {
            intent: id,
            token: fields::card(params)?,
            return_url: return_url(params)?,
        };
        let secret = client_secret(&call, params)?;
        Ok((confirm, secret, Expanded::for_caller(&call, params)?))
    })?;
    if secret.is_some() {
        let row = call.named::<PaymentIntent>("payment_intent").await?;
        let_in(&call, &row, secret.as_deref())?;
    }
    moved(&call, id, Command::ConfirmPaymentIntent(confirm)).await?;
    tried(&call, &call.present::<PaymentIntent>(&id).await?, expanded).await
}

/// `POST /v1/payment_intents/{id}/capture`.
pub(crate) async fn capture(call: Call) -> Answer {
    let (minor, is_final, expanded) = call.read(|params| {
        let minor = fields::positive(params, "amount_to_capture")?;
        let is_final = params.boolean("final_capture")?.unwrap_or(true);
        Ok((minor, is_final, Expanded::take(params)?))
    })?;
    let row = call.named::<PaymentIntent>("payment_intent").await?;
    let amount = fields::part(minor, row.amount.currency());
    let capture = CapturePaymentIntent { intent: row.id, amount, is_final };
    moved(&call, row.id, Command::CapturePaymentIntent(capture)).await?;
    // What a last capture leaves goes back to the cardholder, which is asked for separately.
    call.until::<PaymentIntent>(&row.id, PATIENCE, |row| !is_on_its_way_back(row)).await?;
    let row = call.present::<PaymentIntent>(&row.id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// Whether nothing more can be captured, though the authorization is not settled yet.
fn is_on_its_way_back(row: &PaymentIntent) -> bool {
    let is_open = matches!(row.state, IntentState::RequiresCapture { .. });
    is_open && row.capturable().is_zero()
}

/// `POST /v1/payment_intents/{id}/cancel`.
pub(crate) async fn cancel(call: Call) -> Answer {
    let id: PaymentIntentId = call.id("payment_intent")?;
    let (reason, expanded) =
        call.read(|params| Ok((cancel_reason(params)?, Expanded::take(params)?)))?;
    moved(&call, id, Command::CancelPaymentIntent(id, reason)).await?;
    let row = call.present::<PaymentIntent>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// Carries out a command about a payment. One that the payment's state does not allow is answered
/// with the payment, so that a client learns that it came too late.
async fn moved(call: &Call, id: PaymentIntentId, command: Command) -> Result<(), Halt> {
    let about: RowKey = PaymentIntent::key(&id);
    match call.act(about, command).await {
        Ok(_) => Ok(()),
        Err(halt) => Err(of_payment(call, id, halt).await),
    }
}

/// Adds the payment to the refusals that its state is the reason of.
pub(crate) async fn of_payment(call: &Call, id: PaymentIntentId, halt: Halt) -> Halt {
    let refusal = match halt {
        Halt::Refused(
            refusal @ (Refusal::PaymentUnexpectedState
            | Refusal::AuthorizationExpired
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

fn cancel_reason(params: &mut Params) -> Result<CancelReason, ApiError> {
    let words = [
        CancelReason::Duplicate,
        CancelReason::Fraudulent,
        CancelReason::RequestedByCustomer,
        CancelReason::Abandoned,
    ];
    let words = words.map(|reason| (reason.name(), reason));
    let reason = params.choice("cancellation_reason", &words)?;
    Ok(reason.unwrap_or(CancelReason::RequestedByCustomer))
}
