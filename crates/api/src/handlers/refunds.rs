//! `/v1/refunds`: money on its way back to the card.

use holdfast_core::command::{Command, CreateRefund, PaymentRef};
use holdfast_core::currency::Currency;
use holdfast_core::id::{AttemptId, OrderId, PaymentIntentId};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::refund::{Refund, RefundReason};
use holdfast_core::refusal::Refusal;
use holdfast_core::row::RowKind;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::metadata::{self, Metadata};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{charge, payment_intent, refund};
use crate::reply::Reply;

use super::payment_actions::of_payment;

/// `POST /v1/refunds`.
pub(crate) async fn create(call: Call) -> Answer {
    let (asked, expanded) =
        call.read(|params| Ok((Asked::take(params)?, Expand::take(params, Expanded::of)?)))?;
    let (intent, currency) = payment_of(&call, asked.payment).await?;
    let command = Command::CreateRefund(CreateRefund {
        payment: asked.payment,
        order: asked.order,
        amount: fields::part(asked.minor, currency),
        reason: asked.reason,
        metadata: asked.metadata,
    });
    let id = match call.make::<Refund>(command, RowKind::Refund).await {
        Ok(id) => id,
        // The payment is there, so that it is the order that is not, or not of this payment.
        Err(Halt::Refused(Refusal::NotFound)) => {
            let order = asked.order.map(|order| order.to_string()).unwrap_or_default();
            return Err(ApiError::not_found("order", &order).with_param("order").into());
        }
        Err(halt) => return Err(of_payment(&call, intent, halt).await),
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

/// `GET /v1/refunds`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, link, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, link(params)?, expanded.unwrap_or_default()))
    })?;
    let narrowed = Narrowed::linked(RowKind::Refund, link.as_ref());
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
    reason: RefundReason,
    metadata: Metadata,
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
            reason: reason.unwrap_or(RefundReason::RequestedByCustomer),
            metadata: metadata::of_new(params)?,
        })
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
        expand.property("balance_transaction", |_| Ok(()))?;
        let charge = expand.property("charge", |_| Ok(()))?.is_some();
        let payment = expand.property("payment_intent", |_| Ok(()))?.is_some();
        Ok(Expanded { charge, payment })
    }
}

async fn shown(call: &Call, row: &Refund, expanded: Expanded) -> Result<objects::Refund, Halt> {
    let mut object = refund::object(row);
    if expanded.charge || expanded.payment {
        let payment = call.present::<PaymentIntent>(&row.intent).await?;
        if expanded.charge {
            let attempt = call.present::<Attempt>(&row.attempt).await?;
            let charge = charge::object(&attempt, Some(&payment));
            object.charge = Some(Expandable::Object(Box::new(charge)));
        }
        if expanded.payment {
            let payment = Box::new(payment_intent::object(&payment));
            object.payment_intent = Some(Expandable::Object(payment));
        }
    }
    Ok(object)
}
