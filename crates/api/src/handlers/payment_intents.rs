//! `/v1/payment_intents`: made, retrieved, listed. [`super::payment_actions`] moves them on.

use holdfast_core::command::{Command, CreatePaymentIntent};
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::{CaptureMethod, FailedAttempt, PaymentIntent};
use holdfast_core::row::RowKind;

use crate::api::Api;
use crate::declines;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::metadata;
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{charge, payment_intent};
use crate::reply::Reply;

/// `POST /v1/payment_intents`.
pub(crate) async fn create(call: Call) -> Answer {
    let (create, expanded) =
        call.read(|params| Ok((create_params(&call.api, params)?, Expanded::take(params)?)))?;
    let command = Command::CreatePaymentIntent(create);
    let id = call.make::<PaymentIntent>(command, RowKind::PaymentIntent).await?;
    let row = call.present::<PaymentIntent>(&id).await?;
    tried(&call, &row, expanded).await
}

/// `GET /v1/payment_intents/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let (secret, expanded) = call
        .read(|params| Ok((client_secret(&call, params)?, Expanded::for_caller(&call, params)?)))?;
    let row = call.named::<PaymentIntent>("payment_intent").await?;
    let_in(&call, &row, secret.as_deref())?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/payment_intents`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, expanded.unwrap_or_default()))
    })?;
    let all = Narrowed::all(RowKind::PaymentIntent);
    let mut objects = Vec::new();
    for row in paging::rows::<PaymentIntent>(&call, &page, all).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// What an answer about a payment expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    charge: bool,
}

impl Expanded {
    /// Takes `expand[]` out of the parameters.
    pub(crate) fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    /// What is expanded of a payment within another object.
    pub(crate) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        payment_method(expand)?;
        let charge = expand.property("latest_charge", |charge| {
            charge.property("balance_transaction", |_| Ok(()))
        })?;
        Ok(Expanded { charge: charge.is_some() })
    }

    /// What the caller may expand: a browser nothing that the platform has written.
    pub(crate) fn for_caller(call: &Call, params: &mut Params) -> Result<Expanded, ApiError> {
        if call.is_browser() {
            Expand::take(params, payment_method)?;
            return Ok(Expanded::default());
        }
        Expanded::take(params)
    }
}

/// There is nothing to show of a payment method, but clients ask for it by habit.
fn payment_method(expand: &mut Expand) -> Result<(), ApiError> {
    expand.property("payment_method", |_| Ok(())).map(drop)
}

/// A payment as the caller may see it.
pub(crate) async fn shown(
    call: &Call,
    row: &PaymentIntent,
    expanded: Expanded,
) -> Result<objects::PaymentIntent, Halt> {
    let mut object = visible(call, row);
    if let (true, Some(id)) = (expanded.charge, row.attempt()) {
        let attempt = call.present::<Attempt>(&id).await?;
        let charge = Box::new(charge::object(&attempt, Some(row)));
        object.latest_charge = Some(Expandable::Object(charge));
    }
    Ok(object)
}

fn visible(call: &Call, row: &PaymentIntent) -> objects::PaymentIntent {
    if call.is_browser() { payment_intent::for_browser(row) } else { payment_intent::object(row) }
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
    ApiError::card(declines::of(&failed.decline))
        .with_charge(&failed.attempt.to_string())
        .with_payment_intent(payment)
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

fn create_params(api: &Api, params: &mut Params) -> Result<CreatePaymentIntent, ApiError> {
    let minor = fields::positive(params, "amount")?.ok_or_else(|| params.missing("amount"))?;
    let currency = fields::currency(params, "currency")?;
    let confirm = params.boolean("confirm")?.unwrap_or(false);
    if !confirm
        && let Some(name) = ["return_url", "off_session"].iter().find(|name| params.has(name))
    {
        return Err(fields::invalid(params, name, "may only be given with confirm=true"));
    }
    let token = fields::card(params)?;
    if confirm && token.is_none() {
        return Err(params.missing("payment_method"));
    }
    methods(params)?;
    Ok(CreatePaymentIntent {
        amount: Money::new(minor, currency),
        capture_method: capture_method(params)?,
        token,
        confirm,
        return_url: return_url(params)?,
        description: params.text("description", fields::DESCRIPTION_CHARS_MAX)?,
        receipt_email: fields::email(params, "receipt_email")?,
        transfer_group: params.text("transfer_group", fields::NAME_CHARS_MAX)?,
        metadata: metadata::of_new(params)?,
        secret: api.secret(),
    })
}

/// Where the bank's page sends the buyer. `off_session` changes nothing here: a bank that wants to
/// hear from a buyer who is not there says so, and the payment waits for it.
pub(crate) fn return_url(params: &mut Params) -> Result<Option<String>, ApiError> {
    params.boolean("off_session")?;
    fields::url(params, "return_url")
}

/// Cards pay everything here, whether they are named or chosen automatically.
fn methods(params: &mut Params) -> Result<(), ApiError> {
    fields::card_only(params, "payment_method_types")?;
    params.choice("confirmation_method", &[("automatic", ())])?;
    params.map("automatic_payment_methods", |automatic| {
        automatic.boolean("enabled")?.ok_or_else(|| automatic.missing("enabled"))?;
        automatic.choice("allow_redirects", &[("always", ()), ("never", ())])
    })?;
    Ok(())
}

fn capture_method(params: &mut Params) -> Result<CaptureMethod, ApiError> {
    let words = [
        ("automatic", CaptureMethod::Automatic),
        ("automatic_async", CaptureMethod::Automatic),
        ("manual", CaptureMethod::Manual),
    ];
    Ok(params.choice("capture_method", &words)?.unwrap_or(CaptureMethod::Automatic))
}
