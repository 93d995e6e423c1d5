//! One seller's part of a purchase as an `order`.

use holdfast_core::checkout::Line;
use holdfast_core::order::{self, OrderState};
use holdfast_core::rules::Rules;

use crate::objects::{
    CancelRequest, Claim, Expandable, Order, OrderLine, OrderLineWord, OrderWord, Shipment,
    ShipmentWord,
};

use super::{LIVEMODE, Style, currency, minor};

/// An order.
pub(crate) fn object(row: &order::Order, style: &Style<'_>) -> Order {
    let moments = Moments::of(&row.state);
    Order {
        id: row.id.to_string(),
        object: OrderWord,
        amount_discount: minor(row.discount()),
        amount_refunded: row.refunded.minor(),
        amount_shipping: row.shipping.minor(),
        amount_subtotal: row.items.minor(),
        amount_tax: 0,
        amount_total: row.total.minor(),
        cancel_request: moments.cancel_request,
        canceled_at: moments.canceled_at,
        cancellation_reason: moments.cancellation_reason,
        checkout_session: Some(super::checkout_session::name(row.session)),
        claim: moments.claim,
        completed_at: moments.completed_at,
        created: row.created.seconds(),
        currency: currency(row.total.currency()),
        delivered_at: moments.delivered_at,
        held_funds: row.held_funds().map(|funds| Expandable::Id(funds.to_string())),
        lines: lines(row),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        payment_intent: Some(Expandable::Id(row.intent.to_string())),
        protection_ends_at: row.protection().map(|protection| protection.ends_at.seconds()),
        protection_extensions_left: style.rules.map(|rules| extensions_left(row, rules)),
        seller: row.seller.to_string(),
        ship_by: moments.ship_by,
        shipments: row.shipments.iter().map(shipment).collect(),
        shipping: row.ship_to.as_deref().map(super::notes::shipping),
        status: row.state.name(),
        url: style.pay_origin.map(|origin| page(row, origin)),
    }
}

/// The address of the buyer's page of an order, whose last part grants access to it.
pub(crate) fn page(row: &order::Order, pay_origin: &str) -> String {
    format!("{pay_origin}/o/{}/{}", row.id, row.secret.reveal())
}

/// How often the buyer may still extend the protection, while it runs.
fn extensions_left(row: &order::Order, rules: &Rules) -> i64 {
    let used = row.protection().map(|protection| protection.extensions);
    used.map_or(0, |used| rules.extensions_max.saturating_sub(used).into())
}

/// What only some states know.
#[derive(Default)]
struct Moments {
    cancel_request: Option<CancelRequest>,
    canceled_at: Option<i64>,
    cancellation_reason: Option<&'static str>,
    claim: Option<Claim>,
    completed_at: Option<i64>,
    delivered_at: Option<i64>,
    ship_by: Option<i64>,
}

impl Moments {
    fn of(state: &OrderState) -> Moments {
        let none = Moments::default();
        match state {
            OrderState::AwaitingShipment { ship_by, cancel_request } => {
                let cancel_request = cancel_request.map(|request| CancelRequest {
                    reason: None,
                    requested_at: request.at.seconds(),
                    respond_by: request.answer_by.seconds(),
                });
                Moments { cancel_request, ship_by: Some(ship_by.seconds()), ..none }
            }
            OrderState::Shipped { .. } | OrderState::Refunded { .. } => none,
            OrderState::Delivered { at, .. } => {
                Moments { delivered_at: Some(at.seconds()), ..none }
            }
            OrderState::InClaim { claim, .. } => {
                let claim = Claim {
                    description: claim.description.clone(),
                    opened_at: claim.at.seconds(),
                    reason: claim.reason.name().to_owned(),
                };
                Moments { claim: Some(claim), ..none }
            }
            OrderState::Completed { at, .. } => {
                Moments { completed_at: Some(at.seconds()), ..none }
            }
            OrderState::Canceled { at, reason } => Moments {
                canceled_at: Some(at.seconds()),
                cancellation_reason: Some(reason.name()),
                ..none
            },
        }
    }
}

fn lines(row: &order::Order) -> Vec<OrderLine> {
    let discounts = row.discounts.iter().map(|discount| discount.minor());
    let discounts = discounts.chain(std::iter::repeat(0));
    row.lines.iter().zip(discounts).map(|(of, discount)| line(of, discount)).collect()
}

fn line(line: &Line, discount: i64) -> OrderLine {
    let total = minor(line.total());
    OrderLine {
        id: line.id.to_string(),
        object: OrderLineWord,
        amount_discount: discount,
        amount_subtotal: total,
        amount_total: total.saturating_sub(discount),
        currency: currency(line.unit.currency()),
        description: line.name.clone(),
        quantity: line.quantity.into(),
        unit_amount: line.unit.minor(),
    }
}

fn shipment(shipment: &order::Shipment) -> Shipment {
    Shipment {
        object: ShipmentWord,
        carrier: shipment.carrier.clone(),
        shipped_at: shipment.at.seconds(),
        tracking_number: shipment.tracking_number.clone(),
    }
}
