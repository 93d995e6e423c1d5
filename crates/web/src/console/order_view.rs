//! From what is stored of an order to what an operator sees of it.

use holdfast_core::money::{Money, MoneyError};
use holdfast_core::order::{Funding as StoredFunding, Order, OrderState};

use super::rows_of::{event_row, order_row};
use super::status::Funding;
use super::surface::Console;
use super::views::{ConsoleOrder, OrderFormError};
use crate::order::known::KnownOrder;
use crate::order::view_of::{cancel_request, ending, taken_off};
use crate::pay::view_of::lines;

/// The order's page, with what was wrong with the form that came in.
pub(super) fn order_view(
    console: &Console,
    known: &KnownOrder,
    error: Option<OrderFormError>,
) -> Result<ConsoleOrder, MoneyError> {
    let order = &known.order;
    let none = Money::zero(order.total.currency());
    let held = known.held.as_ref();
    Ok(ConsoleOrder {
        row: order_row(order, known.seller.clone()),
        payment: order.intent.to_string(),
        lines: lines(&order.lines)?,
        discount: taken_off(order)?,
        shipping: Some(order.shipping),
        funding: funding(&order.funding),
        ending: ending(order),
        held: known.held_now()?,
        released: held.map_or(none, |held| held.released),
        refunded: order.refunded,
        fee: held.map(|held| held.fee).filter(|fee| fee.is_positive()),
        parcel: known.parcel(),
        protection_ends_at: order.protection().map(|protection| protection.ends_at),
        cancel_requested: cancel_request(order),
        claim: known.claim()?,
        can_deliver: matches!(order.state, OrderState::Shipped { .. }),
        can_cancel: order.awaits_shipment(),
        can_rule: can_rule(order),
        error,
        events: known.events.iter().map(|event| event_row(console, event)).collect(),
    })
}

/// A claim can be ruled once the money is there to be given to either side.
fn can_rule(order: &Order) -> bool {
    matches!(order.state, OrderState::InClaim { .. }) && order.held_funds().is_some()
}

fn funding(stored: &StoredFunding) -> Funding {
    match stored {
        StoredFunding::Authorized => Funding::Authorized,
        StoredFunding::Capturing { .. } => Funding::Capturing,
        StoredFunding::Held { .. } => Funding::Held,
        StoredFunding::Returning { .. } => Funding::Returning,
        StoredFunding::Returned => Funding::Returned,
        StoredFunding::CaptureFailed { code } => Funding::CaptureFailed(code.clone()),
    }
}
