//! `/v1/refunds`: money on its way back to the card.

use holdfast_core::command::{Command, CreateRefund, PaymentRef};
use holdfast_core::currency::Currency;
use holdfast_core::event::EventKind;
use holdfast_core::id::{AttemptId, OrderId, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::{Pulls, Refund, RefundReason};
use holdfast_core::refusal::Refusal;

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::{self, Metadata, MetadataChange};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{charge, payment_intent, refund};
use crate::reply::Reply;

use super::payment_shown::refused;

/// `POST /v1/refunds`.
pub(crate) async fn create(call: Call) -> Answer {
    let (asked, expanded) =
        call.read(|params| Ok((Asked::take(params)?, Expand::take(params, Expanded::of)?)))?;
    let (intent, currency) = payment_of(&call, asked.payment).await?;
    asked.check(&call, intent, currency).await?;
    let command = Command::CreateRefund(CreateRefund {
        payment: asked.payment,
        order: asked.order,
        amount: fields::part(asked.minor, currency),
        reason: asked.reason,
        metadata: asked.metadata,
        pulls: asked.pulls,
    });
    let id = match call.make::<Refund>(command, RowKind::Refund).await {
        Ok(id) => id,
        // The payment is there, so that it is the order that is not, or not of this payment.
        Err(Halt::Refused(Refusal::NotFound)) => {
            let order = asked.order.map(|order| order.to_string()).unwrap_or_default();
            return Err(ApiError::not_found("order", &order).with_param("order").into());
        }
        Err(halt) => return Err(refused(&call, intent, halt).await),
    };
    let row = call.present::<Refund>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/refunds/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<Refund>("refund").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/refunds/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (change, expanded) = call
        .read(|params| Ok((MetadataChange::take(params)?, Expand::take(params, Expanded::of)?)))?;
    let event = Some(EventKind::RefundUpdated);
    let edit = |row: &mut Refund| {
        row.metadata = change.clone().applied(&row.metadata)?;
        Ok(())
    };
    let row = call.edit::<Refund>("refund", event, edit).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/refunds/{id}/cancel`: a refund to a card is on its way at once.
pub(crate) async fn cancel(call: Call) -> Answer {
    call.read(|params| Expand::take(params, Expanded::of))?;
    call.named::<Refund>("refund").await?;
    let message = "A refund to a card is on its way at once and cannot be called back.";
    Err(ApiError::invalid(codes::STATUS_TRANSITION_INVALID, message).into())
}

/// `GET /v1/refunds`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let narrowed = Narrowed::linked(RowKind::Refund, link(params)?.as_ref());
        let narrowed = narrowed.created(Created::take(params)?);
        Ok((Page::take(params)?, narrowed, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<Refund>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

struct Asked {
    payment: PaymentRef,
    order: Option<OrderId>,
    minor: Option<i64>,
    currency: Option<Currency>,
    reason: RefundReason,
    metadata: Metadata,
    pulls: Pulls,
}

impl Asked {
    fn take(params: &mut Params) -> Result<Asked, ApiError> {
        let intent = fields::id(params, "payment_intent", "payment_intent")?;
        let charge = fields::id(params, "charge", "charge")?;
        let payment = match (intent, charge) {
            (Some(intent), None) => PaymentRef::Intent(intent),
            (None, Some(charge)) => PaymentRef::Attempt(charge),
            (None, None) => return Err(params.missing("payment_intent")),
            (Some(_), Some(_)) => return Err(ApiError::exclusive("payment_intent", "charge")),
        };
        let words =
            [RefundReason::Duplicate, RefundReason::Fraudulent, RefundReason::RequestedByCustomer];
        let words = words.map(|reason| (reason.name(), reason));
        let reason = params.choice("reason", &words)?;
        Ok(Asked {
            payment,
            order: fields::id(params, "order", "order")?,
            minor: fields::positive(params, "amount")?,
            currency: fields::optional_currency(params, "currency")?,
            reason: reason.unwrap_or(RefundReason::NotGiven),
            metadata: metadata::of_new(params)?,
            pulls: Pulls {
                transfer: params.boolean("reverse_transfer")?.unwrap_or(false),
                fee: params.boolean("refund_application_fee")?.unwrap_or(false),
            },
        })
    }

    /// Whether the payment has what is to go back.
    ///
    /// # Refusals
    /// Another currency than the payment's; a transfer or a fee that it does not have.
    async fn check(
        &self,
        call: &Call,
        payment: PaymentIntentId,
        currency: Currency,
    ) -> Result<(), Halt> {
        let refuse = |param: &str, message: &str| {
            Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, param, message).into())
        };
        if self.currency.is_some_and(|named| named != currency) {
            return refuse("currency", "The payment is of another currency.");
        }
        if self.pulls == Pulls::default() {
            return Ok(());
        }
        let notes = call.present::<PaymentIntent>(&payment).await?.notes;
        if self.pulls.transfer && notes.transfer_data.is_none() {
            return refuse("reverse_transfer", "The payment goes on to nobody.");
        }
        if self.pulls.fee && notes.application_fee.is_none() {
            return refuse("refund_application_fee", "There is no fee on the payment.");
        }
        Ok(())
    }
}

/// The payment that is to be refunded, and its currency, which never changes.
async fn payment_of(call: &Call, payment: PaymentRef) -> Result<(PaymentIntentId, Currency), Halt> {
    match payment {
        PaymentRef::Intent(id) => {
            let row = call.find::<PaymentIntent>(&id).await?;
            let row = row.ok_or_else(|| {
                ApiError::not_found("payment_intent", &id.to_string()).with_param("payment_intent")
            })?;
            Ok((row.id, row.amount.currency()))
        }
        PaymentRef::Attempt(id) => {
            let row = call.find::<Attempt>(&id).await?;
            let row = row.ok_or_else(|| {
                ApiError::not_found("charge", &id.to_string()).with_param("charge")
            })?;
            Ok((row.intent, row.amount.currency()))
        }
    }
}

fn link(params: &mut Params) -> Result<Option<String>, ApiError> {
    let intent: Option<PaymentIntentId> = fields::id(params, "payment_intent", "payment_intent")?;
    let charge: Option<AttemptId> = fields::id(params, "charge", "charge")?;
    match (intent, charge) {
        (Some(_), Some(_)) => Err(ApiError::exclusive("payment_intent", "charge")),
        (Some(intent), None) => Ok(Some(intent.to_string())),
        (None, charge) => Ok(charge.map(|charge| charge.to_string())),
    }
}

/// What an answer about a refund expands.
#[derive(Clone, Copy, Debug, Default)]
struct Expanded {
    charge: bool,
    payment: bool,
}

impl Expanded {
    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        // Never filled here.
        for name in ["source_transfer_reversal", "transfer_reversal"] {
            expand.property(name, |_| Ok(()))?;
        }
        let charge = expand.property("charge", |_| Ok(()))?.is_some();
        let payment = expand.property("payment_intent", |_| Ok(()))?.is_some();
        Ok(Expanded { charge, payment })
    }
}

async fn shown(call: &Call, row: &Refund, expanded: Expanded) -> Result<objects::Refund, Halt> {
    let mut object = refund::object(row);
    if expanded.charge {
        let attempt = call.present::<Attempt>(&row.attempt).await?;
        let charge = charge::object(&attempt, call.api.receipts());
        object.charge = Some(Expandable::Object(Box::new(charge)));
    }
    if expanded.payment {
        let payment = call.present::<PaymentIntent>(&row.intent).await?;
        let payment = payment_intent::in_version(&payment, call.version.rendering());
        object.payment_intent = Some(Expandable::Object(Box::new(payment)));
    }
    Ok(object)
}
