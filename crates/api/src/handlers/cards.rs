//! Kept cards and their customers where other objects name them: found, shown, refused.

use holdfast_core::customer::Customer;
use holdfast_core::id::{CustomerId, PaymentMethodId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::method::{MethodState, PaymentMethod};
use holdfast_core::payment::setup::SetupAttempt;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_engine::query::RowsQuery;

use crate::codes;
use crate::declines;
use crate::error::ApiError;
use crate::objects::{self, AnyCustomer, Expandable};
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::refusals;
use crate::render::{customer, payment_method};

/// A card as it is shown: from its own row, or from the attempt that used it and did not keep it.
pub(crate) async fn method(
    call: &Call,
    id: PaymentMethodId,
) -> Result<Option<objects::PaymentMethod>, Halt> {
    if let Some(row) = call.find::<PaymentMethod>(&id).await? {
        // One that was never kept is not there for anybody.
        let failed = matches!(row.state, MethodState::Failed { .. });
        return Ok((!failed).then(|| payment_method::object(&row)));
    }
    if let Some(row) = linked::<Attempt>(call, RowKind::Attempt, id).await? {
        return Ok(Some(payment_method::of_attempt(id, &row)));
    }
    let setup = linked::<SetupAttempt>(call, RowKind::SetupAttempt, id).await?;
    Ok(setup.map(|row| payment_method::of_setup(&row)))
}

async fn linked<R: Record>(
    call: &Call,
    kind: RowKind,
    id: PaymentMethodId,
) -> Result<Option<R>, Halt> {
    let query = RowsQuery::newest(call.api.platform(), kind, 1).linked(&id);
    let rows = call.api.engine().read().rows(&query).await?;
    Ok(rows.first().and_then(R::of_row).cloned())
}

/// The card in the place of its id.
pub(crate) async fn expanded_method(
    call: &Call,
    id: Option<PaymentMethodId>,
) -> Result<Option<Expandable<objects::PaymentMethod>>, Halt> {
    let Some(id) = id else { return Ok(None) };
    let found = method(call, id).await?;
    Ok(Some(match found {
        Some(object) => Expandable::Object(Box::new(object)),
        None => Expandable::Id(id.to_string()),
    }))
}

/// The customer in the place of its id.
pub(crate) async fn expanded_customer(
    call: &Call,
    id: Option<CustomerId>,
) -> Result<Option<Expandable<AnyCustomer>>, Halt> {
    let Some(id) = id else { return Ok(None) };
    let row = call.present::<Customer>(&id).await?;
    Ok(Some(Expandable::Object(Box::new(customer::any(&row)))))
}

/// Refuses a customer that does not exist or was deleted, and a card that does not exist or was
/// used and not kept. What else may be wrong with a card is the core's to say.
pub(crate) async fn must_exist(
    call: &Call,
    customer: Option<CustomerId>,
    card: Option<PaymentMethodId>,
) -> Result<(), Halt> {
    if let Some(id) = customer {
        let found = call.find::<Customer>(&id).await?;
        if found.is_none_or(|row| row.deleted) {
            return Err(no_customer(id).into());
        }
    }
    if let Some(id) = card
        && call.find::<PaymentMethod>(&id).await?.is_none()
    {
        return Err(match method(call, id).await? {
            Some(_) => refusals::refused(Refusal::MethodUnexpectedState).into(),
            None => no_method(id, "payment_method").into(),
        });
    }
    Ok(())
}

/// The error for a customer that a parameter names and that is not there.
pub(crate) fn no_customer(id: CustomerId) -> ApiError {
    ApiError::unknown_reference("customer", &id.to_string(), "customer")
}

/// The error for a card that a parameter names and that is not there.
pub(crate) fn no_method(id: PaymentMethodId, param: &str) -> ApiError {
    ApiError::unknown_reference("payment_method", &id.to_string(), param)
}

/// The error for a browser that names a kept card: its id is no secret.
pub(crate) fn no_kept_card() -> ApiError {
    let message = "A kept card is charged by the platform only, with its secret key.";
    ApiError::param(codes::SECRET_KEY_REQUIRED, "payment_method", message)
}

/// Refuses a card that the network did not keep, or that its bank did not let become a customer's:
/// with the parameter, where its token is the reason.
pub(crate) fn refuse_failed(row: &PaymentMethod, param: &str) -> Result<(), ApiError> {
    let decline = match &row.state {
        MethodState::Failed { decline, .. } => Some(decline),
        MethodState::Saved { .. } => row.refused.as_ref(),
        MethodState::Saving { .. }
        | MethodState::Attaching { .. }
        | MethodState::Detached { .. } => None,
    };
    let Some(decline) = decline else { return Ok(()) };
    let told = declines::of(decline);
    match told.code {
        "resource_missing" | "token_already_used" => {
            Err(ApiError::param(told.code, param, told.message))
        }
        _ => Err(ApiError::card(told)),
    }
}

/// Why a card has not become its customer's: its bank has declined, or has not answered.
pub(crate) fn unattached(row: &PaymentMethod, param: &str) -> ApiError {
    let not_ready = || refusals::refused(Refusal::MethodNotReady);
    refuse_failed(row, param).err().unwrap_or_else(not_ready)
}

/// The newest card that was given to a customer, whatever became of it.
pub(crate) async fn newest_of(call: &Call, id: CustomerId) -> Result<Option<PaymentMethod>, Halt> {
    let query = RowsQuery::newest(call.api.platform(), RowKind::PaymentMethod, 1).linked(&id);
    let rows = call.api.engine().read().rows(&query).await?;
    Ok(rows.first().and_then(PaymentMethod::of_row).cloned())
}
