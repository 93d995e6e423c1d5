//! `/v1/payment_intents/{id}/...`: confirmed, captured, cancelled.

use holdfast_core::command::{
    CapturePaymentIntent, Command, ConfirmPaymentIntent, HoldCommand, IncrementAuthorization, Keep,
};
use holdfast_core::id::PaymentIntentId;
use holdfast_core::key::RowKey;
use holdfast_core::money::Money;
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{Attempt, Decline};
use holdfast_core::payment::intent::{CancelReason, IntentState, PaymentIntent};
use holdfast_core::payment::notes::Confirmation;
use holdfast_core::row::Record as _;

use crate::codes;
use crate::declines;
use crate::error::ApiError;
use crate::fields;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::{Call, PATIENCE};
use crate::pipeline::halt::Halt;
use crate::reply::Reply;

use super::cards;
use super::confirm_params::{kept, return_url};
use super::payment_params::{Said, Terms};
use super::payment_shown::{Expanded, client_secret, let_in, refused, shown, tried, with_payment};

/// `POST /v1/payment_intents/{id}/confirm`.
pub(crate) async fn confirm(call: Call) -> Answer {
    let id: PaymentIntentId = call.id("payment_intent")?;
    let (card, said, secret, expanded) = call.read(|params| {
        let (token, card_use) = fields::card::given(params)?.of_payment(None);
        // A browser is there: only the platform may say that the buyer is not.
        let card_use = if call.is_browser() { card_use } else { kept(params, card_use)? };
        let card = (token, card_use, return_url(&call.api, params)?);
        let said = Said::of_confirm(&call, params)?;
        let secret = client_secret(&call, params)?;
        Ok((card, said, secret, Expanded::for_caller(&call, params)?))
    })?;
    let row = call.named::<PaymentIntent>("payment_intent").await?;
    let_in(&call, &row, secret.as_deref())?;
    if call.is_browser() && row.notes.confirmation == Confirmation::Manual {
        let message = "This payment is confirmed by the shop's server, with a secret key.";
        return Err(ApiError::forbidden(codes::SECRET_KEY_REQUIRED, message).into());
    }
    cards::must_exist(&call, None, card.1.method).await?;
    let command = |keep: Keep, _: &PaymentIntent| {
        let (token, card_use, return_url) = card.clone();
        let edit = Some(Box::new(keep));
        let confirm = ConfirmPaymentIntent { intent: id, token, card_use, return_url, edit };
        Command::ConfirmPaymentIntent(confirm)
    };
    let row = edited(&call, id, command, &said).await?;
    tried(&call, &row, expanded).await
}

/// `POST /v1/payment_intents/{id}/capture`.
pub(crate) async fn capture(call: Call) -> Answer {
    let id: PaymentIntentId = call.id("payment_intent")?;
    let (taken, said, expanded) = call.read(|params| {
        let minor = fields::positive(params, "amount_to_capture")?;
        let is_final = params.boolean("final_capture")?.unwrap_or(true);
        let said = Said::of_capture(params)?;
        Ok((Taken { minor, is_final }, said, Expanded::take(params)?))
    })?;
    let row = take(&call, id, taken, &said).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// How much a capture takes, in minor units, and whether it is the last one.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) minor: Option<i64>,
    pub(crate) is_final: bool,
}

/// Takes a payment's money. The payment as it is when the rest is on its way back, too.
pub(crate) async fn take(
    call: &Call,
    id: PaymentIntentId,
    taken: Taken,
    said: &Said,
) -> Result<PaymentIntent, Halt> {
    let command = |keep: Keep, row: &PaymentIntent| {
        let amount = fields::part(taken.minor, row.amount.currency());
        let (is_final, edit) = (taken.is_final, Some(Box::new(keep)));
        Command::CapturePaymentIntent(CapturePaymentIntent { intent: id, amount, is_final, edit })
    };
    let terms = |row: &PaymentIntent| {
        // The parts of the sum are those of what is taken.
        let whole = fields::part(taken.minor, row.amount.currency()).unwrap_or(row.capturable());
        said.apply_of(Terms::of(row), whole)
    };
    edited_of(call, id, command, &terms).await?;
    // What a last capture leaves goes back to the cardholder, which is asked for separately.
    call.until::<PaymentIntent>(&id, PATIENCE, |row| !is_on_its_way_back(row)).await?;
    call.present::<PaymentIntent>(&id).await
}

/// Carries out a command about a payment together with what the request says about it.
async fn edited(
    call: &Call,
    id: PaymentIntentId,
    command: impl Fn(Keep, &PaymentIntent) -> Command + Send + Sync,
    said: &Said,
) -> Result<PaymentIntent, Halt> {
    edited_of(call, id, command, &|row| said.apply(Terms::of(row))).await
}

/// The same with terms that the caller makes.
async fn edited_of(
    call: &Call,
    id: PaymentIntentId,
    command: impl Fn(Keep, &PaymentIntent) -> Command + Send + Sync,
    terms: &(impl Fn(&PaymentIntent) -> Result<Terms, ApiError> + Send + Sync),
) -> Result<PaymentIntent, Halt> {
    let edit = |row: &mut PaymentIntent| {
        terms(row)?.write(row);
        Ok(())
    };
    match call.edit_as("payment_intent", id, command, edit).await {
        Ok(row) => Ok(row),
        Err(halt) => Err(refused(call, id, halt).await),
    }
}

/// `POST /v1/payment_intents/{id}/increment_authorization`.
pub(crate) async fn increment(call: Call) -> Answer {
    let id: PaymentIntentId = call.id("payment_intent")?;
    let (minor, said, expanded) = call.read(|params| {
        let minor = fields::positive(params, "amount")?.ok_or_else(|| params.missing("amount"))?;
        Ok((minor, Said::of_increment(params)?, Expanded::take(params)?))
    })?;
    let command = |edit: Keep, row: &PaymentIntent| {
        let to = Money::new(minor, row.amount.currency());
        let increment = IncrementAuthorization { intent: id, to, edit };
        Command::Hold(HoldCommand::Increment(Box::new(increment)))
    };
    // What is said has to fit the sum that there will be, once the bank has agreed.
    let terms = |row: &PaymentIntent| {
        let amount = Money::new(minor, row.amount.currency());
        said.apply(Terms { amount, ..Terms::of(row) })
    };
    let row = edited_of(&call, id, command, &terms).await?;
    let attempt = match row.attempt() {
        Some(attempt) => call.present::<Attempt>(&attempt).await?,
        None => return Ok(Reply::ok(&shown(&call, &row, expanded).await?)),
    };
    match refused_increment(&attempt, minor) {
        Some(code) => Err(not_raised(&call, &row, &attempt, code).into()),
        None => Ok(Reply::ok(&shown(&call, &row, expanded).await?)),
    }
}

/// Why the bank does not hold so much, where that is what it said of the newest wish for it.
fn refused_increment(attempt: &Attempt, minor: i64) -> Option<&str> {
    let increments = &attempt.authorization()?.increments;
    let asked = increments.iter().rfind(|increment| increment.to.minor() == minor)?;
    match &asked.state {
        Asked::Failed { code, .. } => Some(code),
        Asked::Sending | Asked::Unknown { .. } | Asked::Succeeded { .. } => None,
    }
}

/// A bank that does not hold more: a declined card, with the payment as it was before.
fn not_raised(call: &Call, row: &PaymentIntent, attempt: &Attempt, code: &str) -> ApiError {
    let decline = Decline {
        code: CARD_DECLINED.to_owned(),
        decline_code: Some(if code == NO_FUNDS { code } else { GENERIC_DECLINE }.to_owned()),
        advice: None,
        network_code: None,
    };
    let error = ApiError::card(declines::of(&decline)).with_charge(&attempt.id.to_string());
    with_payment(call, error, row)
}

/// The code of every decline of a hold that was to grow.
const CARD_DECLINED: &str = "card_declined";
/// The one reason that a bank gives for not holding more; everything else is the network's.
const NO_FUNDS: &str = "insufficient_funds";
const GENERIC_DECLINE: &str = "generic_decline";

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
        Err(halt) => Err(refused(call, id, halt).await),
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
    Ok(reason.unwrap_or(CancelReason::NotGiven))
}
