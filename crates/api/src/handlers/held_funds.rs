//! `/v1/held_funds`: what is kept of each order until the buyer has the goods.

use holdfast_core::command::Command;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::{HeldFundsId, OrderId, PaymentIntentId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::order::Order;
use holdfast_core::row::Record as _;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{held_funds, order};
use crate::reply::Reply;

/// `GET /v1/held_funds/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, expanded))?;
    let row = call.named::<HeldFunds>("held_funds").await?;
    if call.seller.is_some_and(|seller| seller != row.seller) {
        return Err(ApiError::not_found("held_funds", &call.path_id).into());
    }
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/held_funds`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", expanded))?;
        Ok((Page::take(params)?, narrowed(&call, params)?, expanded.unwrap_or(false)))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<HeldFunds>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `POST /v1/held_funds/{id}/release`.
pub(crate) async fn release(call: Call) -> Answer {
    moved(&call, Command::ReleaseHeldFunds).await
}

/// `POST /v1/held_funds/{id}/refund`.
pub(crate) async fn refund(call: Call) -> Answer {
    moved(&call, Command::RefundHeldFunds).await
}

/// `POST /v1/held_funds/{id}/freeze`.
pub(crate) async fn freeze(call: Call) -> Answer {
    let id: HeldFundsId = call.id("held_funds")?;
    let expanded = call.read(|params| Expand::take(params, expanded))?;
    call.act(HeldFunds::key(&id), Command::FreezeHeldFunds(id)).await?;
    let row = call.present::<HeldFunds>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// Moves an amount of held funds, all of them where none is given.
async fn moved(call: &Call, command: fn(HeldFundsId, Option<Money>) -> Command) -> Answer {
    let (minor, expanded) = call.read(|params| {
        Ok((fields::positive(params, "amount")?, Expand::take(params, expanded)?))
    })?;
    let row = call.named::<HeldFunds>("held_funds").await?;
    let amount = fields::part(minor, row.amount.currency());
    call.act(HeldFunds::key(&row.id), command(row.id, amount)).await?;
    let row = call.present::<HeldFunds>(&row.id).await?;
    Ok(Reply::ok(&shown(call, &row, expanded).await?))
}

fn expanded(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("order", |_| Ok(()))?.is_some())
}

async fn shown(call: &Call, row: &HeldFunds, expanded: bool) -> Result<objects::HeldFunds, Halt> {
    let mut object = held_funds::object(row);
    if expanded {
        let order = call.present::<Order>(&row.order).await?;
        let mut order = order::object(&order, &call.style());
        if call.seller.is_some() {
            order.url = None;
        }
        object.order = Expandable::Object(Box::new(order));
    }
    Ok(object)
}

/// Lists are narrowed by one of these at a time.
const LINKS: [&str; 3] = ["order", "payment_intent", "seller"];

fn narrowed(call: &Call, params: &mut Params) -> Result<Narrowed, ApiError> {
    let given: Vec<&str> = LINKS.into_iter().filter(|name| params.has(name)).collect();
    if let [first, second, ..] = given[..] {
        return Err(ApiError::exclusive(first, second));
    }
    if let (Some(_), Some(first)) = (call.seller, given.first()) {
        return Err(fields::invalid(params, first, "cannot be given with Stripe-Account"));
    }
    let order: Option<OrderId> = fields::id(params, "order", "order")?;
    let payment: Option<PaymentIntentId> = fields::id(params, "payment_intent", "payment_intent")?;
    let seller: Option<SellerId> = fields::id(params, "seller", "account")?;
    let link = order.map(|id| id.to_string()).or_else(|| payment.map(|id| id.to_string()));
    let seller = call.seller.or(seller).map(|id| id.to_string());
    Ok(Narrowed::linked(RowKind::HeldFunds, link.or(seller).as_ref()))
}
