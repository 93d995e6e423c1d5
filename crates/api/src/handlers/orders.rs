//! `/v1/orders`: found and shown. [`super::order_actions`] moves them on.

use holdfast_core::held::HeldFunds;
use holdfast_core::id::{CheckoutSessionId, PaymentIntentId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::order::Order;
use holdfast_core::payment::intent::PaymentIntent;

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
use crate::render::{held_funds, order, payment_intent};
use crate::reply::Reply;

/// `GET /v1/orders/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = call.named::<Order>("order").await?;
    let_in(&call, row.seller)?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/orders`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, narrowed(&call, params)?, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<Order>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// What an answer about an order expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    funds: bool,
    payment: bool,
}

impl Expanded {
    /// What is expanded of an order.
    pub(crate) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let funds = expand.property("held_funds", |_| Ok(()))?.is_some();
        let payment = expand.property("payment_intent", |_| Ok(()))?.is_some();
        Ok(Expanded { funds, payment })
    }
}

/// An order as the caller may see it: a seller sees nothing of the payment, which is shared with
/// other sellers, nor the buyer's own page.
pub(crate) async fn shown(
    call: &Call,
    row: &Order,
    expanded: Expanded,
) -> Result<objects::Order, Halt> {
    let mut object = order::object(row, &call.style());
    if call.seller.is_some() {
        object.url = None;
    }
    if let (true, Some(id)) = (expanded.funds, row.held_funds()) {
        let funds = call.present::<HeldFunds>(&id).await?;
        object.held_funds = Some(Expandable::Object(Box::new(held_funds::object(&funds))));
    }
    if expanded.payment && call.seller.is_none() {
        let payment = call.present::<PaymentIntent>(&row.intent).await?;
        let payment = Box::new(payment_intent::in_version(&payment, call.version.rendering()));
        object.payment_intent = Some(Expandable::Object(payment));
    }
    Ok(object)
}

/// Refuses what is another seller's, as if there were no such thing.
pub(crate) fn let_in(call: &Call, seller: SellerId) -> Result<(), ApiError> {
    if call.seller.is_none_or(|caller| caller == seller) {
        return Ok(());
    }
    Err(ApiError::not_found("order", &call.path_id))
}

/// Lists are narrowed by one of these at a time.
const LINKS: [&str; 3] = ["checkout_session", "payment_intent", "seller"];

/// The statuses that an order can have here.
const STATUSES: [(&str, &str); 7] = [
    ("awaiting_shipment", "awaiting_shipment"),
    ("shipped", "shipped"),
    ("delivered", "delivered"),
    ("in_claim", "in_claim"),
    ("completed", "completed"),
    ("canceled", "canceled"),
    ("refunded", "refunded"),
];

fn narrowed(call: &Call, params: &mut Params) -> Result<Narrowed, ApiError> {
    let given: Vec<&str> = LINKS.into_iter().filter(|name| params.has(name)).collect();
    if let [first, second, ..] = given[..] {
        return Err(ApiError::exclusive(first, second));
    }
    if let (Some(_), Some(first)) = (call.seller, given.first()) {
        return Err(fields::invalid(params, first, "cannot be given with Stripe-Account"));
    }
    let session: Option<CheckoutSessionId> =
        fields::id(params, "checkout_session", "checkout.session")?;
    let payment: Option<PaymentIntentId> = fields::id(params, "payment_intent", "payment_intent")?;
    let seller: Option<SellerId> = fields::id(params, "seller", "account")?;
    let link = session.map(|id| id.to_string()).or_else(|| payment.map(|id| id.to_string()));
    let seller = call.seller.or(seller).map(|id| id.to_string());
    let state = params.choice("status", &STATUSES)?.map(str::to_owned);
    Ok(Narrowed::linked(RowKind::Order, link.or(seller).as_ref()).state(state.as_deref()))
}
