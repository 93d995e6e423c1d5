//! `/v1/orders/{id}/...`: shipped, delivered, received, extended, cancelled, claimed, ruled.

use holdfast_core::command::{CancelBy, Command, OpenClaim, Ruling, ShipOrder};
use holdfast_core::id::OrderId;
use holdfast_core::order::{ClaimReason, Order};
use holdfast_core::row::Record as _;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::reply::Reply;

use super::orders::{Expanded, let_in, shown};
use super::payment_shown::refused;

/// The longest name of a carrier or number of a parcel, in characters.
const CARRIER_CHARS_MAX: usize = 100;

/// `POST /v1/orders/{id}/ship`.
pub(crate) async fn ship(call: Call) -> Answer {
    let order: OrderId = call.id("order")?;
    let (ship, expanded) = call.read(|params| {
        let carrier = params.text("carrier", CARRIER_CHARS_MAX)?;
        let tracking_number = params.text("tracking_number", CARRIER_CHARS_MAX)?;
        Ok((ShipOrder { order, carrier, tracking_number }, expanded(params)?))
    })?;
    moved(&call, order, Command::ShipOrder(ship), expanded).await
}

/// `POST /v1/orders/{id}/deliver`.
pub(crate) async fn deliver(call: Call) -> Answer {
    let order: OrderId = call.id("order")?;
    let expanded = call.read(expanded)?;
    moved(&call, order, Command::DeliverOrder(order), expanded).await
}

/// `POST /v1/orders/{id}/confirm_receipt`.
pub(crate) async fn confirm_receipt(call: Call) -> Answer {
    let order: OrderId = call.id("order")?;
    let expanded = call.read(expanded)?;
    moved(&call, order, Command::ConfirmReceipt(order), expanded).await
}

/// `POST /v1/orders/{id}/extend_protection`.
pub(crate) async fn extend_protection(call: Call) -> Answer {
    let order: OrderId = call.id("order")?;
    let expanded = call.read(expanded)?;
    moved(&call, order, Command::ExtendProtection(order), expanded).await
}

/// `POST /v1/orders/{id}/cancel`.
pub(crate) async fn cancel(call: Call) -> Answer {
    let order: OrderId = call.id("order")?;
    let (by, expanded) = call.read(|params| Ok((cancel_by(&call, params)?, expanded(params)?)))?;
    moved(&call, order, Command::CancelOrder(order, by), expanded).await
}

/// `POST /v1/orders/{id}/claim`.
pub(crate) async fn claim(call: Call) -> Answer {
    let order: OrderId = call.id("order")?;
    let (open, expanded) = call.read(|params| {
        let reason = params.required_choice("reason", &claim_reasons())?;
        let description = params.text("description", fields::DESCRIPTION_CHARS_MAX)?;
        Ok((OpenClaim { order, reason, description }, expanded(params)?))
    })?;
    moved(&call, order, Command::OpenClaim(open), expanded).await
}

/// `POST /v1/orders/{id}/rule`.
pub(crate) async fn rule(call: Call) -> Answer {
    let (outcome, minor, expanded) = call.read(|params| {
        let outcome = params.required_choice("outcome", &OUTCOMES)?;
        let minor = refund_amount(params, outcome)?;
        Ok((outcome, minor, expanded(params)?))
    })?;
    let row = call.named::<Order>("order").await?;
    let ruling = match (outcome, fields::part(minor, row.total.currency())) {
        (Outcome::Split, Some(amount)) => Ruling::Split(amount),
        (Outcome::Buyer, _) => Ruling::Buyer,
        (Outcome::Seller | Outcome::Split, _) => Ruling::Seller,
    };
    moved(&call, row.id, Command::RuleClaim(row.id, ruling), expanded).await
}

/// Carries out a command about an order and answers with the order.
async fn moved(call: &Call, id: OrderId, command: Command, expanded: Expanded) -> Answer {
    if call.seller.is_some() {
        let_in(call, call.named::<Order>("order").await?.seller)?;
    }
    if let Err(halt) = call.act(Order::key(&id), command).await {
        // An order's money may be why it cannot be moved on.
        let payment = call.find::<Order>(&id).await?.map(|row| row.intent);
        return Err(match payment {
            Some(payment) => refused(call, payment, halt).await,
            None => halt,
        });
    }
    let row = call.present::<Order>(&id).await?;
    Ok(Reply::ok(&shown(call, &row, expanded).await?))
}

fn expanded(params: &mut Params) -> Result<Expanded, ApiError> {
    Expand::take(params, Expanded::of)
}

/// In a seller's name an order can only be called off by the seller.
fn cancel_by(call: &Call, params: &mut Params) -> Result<CancelBy, ApiError> {
    let words = [
        ("seller", CancelBy::Seller),
        ("buyer", CancelBy::Buyer),
        ("platform", CancelBy::Platform),
    ];
    if call.seller.is_some() {
        return Ok(params.choice("requested_by", &words[..1])?.unwrap_or(CancelBy::Seller));
    }
    Ok(params.choice("requested_by", &words)?.unwrap_or(CancelBy::Platform))
}

fn claim_reasons() -> [(&'static str, ClaimReason); 4] {
    let reasons = [
        ClaimReason::NotReceived,
        ClaimReason::NotAsDescribed,
        ClaimReason::Damaged,
        ClaimReason::Other,
    ];
    reasons.map(|reason| (reason.name(), reason))
}

/// For whom a claim is ruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Buyer,
    Seller,
    Split,
}

const OUTCOMES: [(&str, Outcome); 3] =
    [("buyer", Outcome::Buyer), ("seller", Outcome::Seller), ("split", Outcome::Split)];

/// The buyer's part of a split; with another outcome there is no such thing.
fn refund_amount(params: &mut Params, outcome: Outcome) -> Result<Option<i64>, ApiError> {
    let minor = fields::positive(params, "refund_amount")?;
    match (outcome, minor) {
        (Outcome::Split, None) => Err(params.missing("refund_amount")),
        (Outcome::Buyer | Outcome::Seller, Some(_)) => {
            Err(fields::invalid(params, "refund_amount", "may only be given with outcome=split"))
        }
        (Outcome::Buyer | Outcome::Seller | Outcome::Split, minor) => Ok(minor),
    }
}
