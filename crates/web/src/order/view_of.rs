//! From what is stored of an order to what its buyer sees.

use holdfast_core::event::EventKind;
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::order::{Order as StoredOrder, OrderState};
use holdfast_core::rules::Rules;
use holdfast_core::time::{Span, Timestamp};

use super::known::KnownOrder;
use super::status::OrderStatus;
use super::views::{
    Actions, CancelOrder, CancelRequest, ConfirmReceipt, Ending, Extension, OpenClaim, Order,
    OrderNotice, Step, StepKind,
};
use crate::pay::view_of::{lines, order_path, ship_by};

const DAY: Span = Span::days(1);
const HOUR: Span = Span::hours(1);

/// What an order's page shows beside the order.
pub(crate) struct Seen {
    /// The path of the payment's receipt.
    pub(crate) receipt: Option<String>,
    /// What came of what the buyer just did.
    pub(crate) notice: Option<OrderNotice>,
}

/// What is taken off an order's lines, less than nothing.
pub(crate) fn taken_off(order: &StoredOrder) -> Result<Option<Money>, MoneyError> {
    let discount = order.discount()?;
    let none = Money::zero(discount.currency());
    Ok(if discount.is_zero() { None } else { Some(none.checked_sub(discount)?) })
}

impl KnownOrder {
    /// The order's page.
    pub(crate) fn page(
        &self,
        rules: &Rules,
        now: Timestamp,
        seen: Seen,
    ) -> Result<Order, MoneyError> {
        let order = &self.order;
        Ok(Order {
            id: order.id.to_string(),
            path: order_path(order),
            seller: self.seller.clone(),
            status: status(order),
            ending: ending(order),
            now,
            timeline: self.timeline(),
            lines: lines(&order.lines)?,
            items: order.items,
            discount: taken_off(order)?,
            shipping: Some(order.shipping),
            total: order.total,
            refunded: order.refunded.is_positive().then_some(order.refunded),
            ship_by: ship_by(order),
            parcel: self.parcel(),
            protection_ends_at: order.protection().map(|protection| protection.ends_at),
            cancel_requested: cancel_request(order),
            claim: self.claim()?,
            actions: actions(order, rules),
            receipt: seen.receipt,
            notice: seen.notice,
        })
    }

    /// The step before confirming receipt.
    pub(crate) fn receipt(&self) -> Result<ConfirmReceipt, MoneyError> {
        Ok(ConfirmReceipt {
            path: order_path(&self.order),
            seller: self.seller.clone(),
            held: self.at_stake()?,
            lines: lines(&self.order.lines)?,
        })
    }

    /// The step before canceling.
    pub(crate) fn cancel(&self, rules: &Rules) -> Result<CancelOrder, MoneyError> {
        Ok(CancelOrder {
            path: order_path(&self.order),
            seller: self.seller.clone(),
            refund: self.order.payable()?,
            answer_hours: u32::try_from(rules.cancel_silence.ms() / HOUR.ms()).ok(),
        })
    }

    /// The empty form of a claim.
    pub(crate) fn claim_form(&self) -> Result<OpenClaim, MoneyError> {
        Ok(OpenClaim {
            path: order_path(&self.order),
            seller: self.seller.clone(),
            held: self.at_stake()?,
            reason: None,
            description: String::new(),
            reason_missing: false,
            description_problem: None,
        })
    }

    /// What the buyer may still decide about: what is held, or will be once it is captured.
    fn at_stake(&self) -> Result<Money, MoneyError> {
        if self.held.is_some() { self.held_now() } else { self.order.payable() }
    }

    fn timeline(&self) -> Vec<Step> {
        let paid = Step { kind: StepKind::Paid, at: Some(self.order.created) };
        let happened = self
            .events
            .iter()
            .filter_map(|event| Some(Step { kind: step_of(event.kind)?, at: Some(event.at) }));
        let ahead = ahead(&self.order).iter().map(|kind| Step { kind: *kind, at: None });
        std::iter::once(paid).chain(happened).chain(ahead).collect()
    }
}

/// How an order stands.
pub(crate) fn status(order: &StoredOrder) -> OrderStatus {
    match order.state {
        OrderState::AwaitingShipment { .. } => OrderStatus::AwaitingShipment,
        OrderState::Shipped { .. } => OrderStatus::Shipped,
        OrderState::Delivered { .. } => OrderStatus::Delivered,
        OrderState::InClaim { .. } => OrderStatus::InClaim,
        OrderState::Completed { .. } => OrderStatus::Completed,
        OrderState::Canceled { .. } => OrderStatus::Canceled,
        OrderState::Refunded { .. } => OrderStatus::Refunded,
    }
}

/// Why an order is over.
pub(crate) fn ending(order: &StoredOrder) -> Option<Ending> {
    match order.state {
        OrderState::Completed { how, .. } => Some(Ending::Completed(how)),
        OrderState::Canceled { reason, .. } => Some(Ending::Canceled(reason)),
        OrderState::AwaitingShipment { .. }
        | OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::InClaim { .. }
        | OrderState::Refunded { .. } => None,
    }
}

/// The buyer's wish to cancel, while it is open.
pub(crate) fn cancel_request(order: &StoredOrder) -> Option<CancelRequest> {
    match order.state {
        OrderState::AwaitingShipment { cancel_request, .. } => {
            cancel_request.map(|request| CancelRequest { answer_by: request.answer_by })
        }
        OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::InClaim { .. }
        | OrderState::Completed { .. }
        | OrderState::Canceled { .. }
        | OrderState::Refunded { .. } => None,
    }
}

fn actions(order: &StoredOrder, rules: &Rules) -> Actions {
    let protection = order.protection();
    let extendable = protection.filter(|now| now.extensions < rules.extensions_max);
    Actions {
        confirm: protection.is_some(),
        extend: extendable.map(|now| Extension {
            days: u32::try_from(rules.extension.ms() / DAY.ms()).unwrap_or(u32::MAX),
            until: now.ends_at.after(rules.extension),
            ends_at: now.ends_at,
        }),
        cancel: order.awaits_shipment() && cancel_request(order).is_none(),
        claim: protection.is_some(),
    }
}

/// The step that an event is; the order's making is its payment.
fn step_of(kind: EventKind) -> Option<StepKind> {
    const STEPS: [(EventKind, StepKind); 9] = [
        (EventKind::OrderShipped, StepKind::Shipped),
        (EventKind::OrderDelivered, StepKind::Delivered),
        (EventKind::OrderCompleted, StepKind::Completed),
        (EventKind::OrderProtectionExtended, StepKind::Extended),
        (EventKind::OrderCancelRequested, StepKind::CancelRequested),
        (EventKind::OrderCanceled, StepKind::Canceled),
        (EventKind::OrderClaimOpened, StepKind::ClaimOpened),
        (EventKind::OrderClaimRuled, StepKind::ClaimRuled),
        (EventKind::OrderRefunded, StepKind::Refunded),
    ];
    STEPS.iter().find(|(known, _)| *known == kind).map(|(_, step)| *step)
}

/// What is still to come, if all goes well.
fn ahead(order: &StoredOrder) -> &'static [StepKind] {
    match order.state {
        OrderState::AwaitingShipment { .. } => {
            &[StepKind::Shipped, StepKind::Delivered, StepKind::Completed]
        }
        OrderState::Shipped { .. } => &[StepKind::Delivered, StepKind::Completed],
        OrderState::Delivered { .. } => &[StepKind::Completed],
        OrderState::InClaim { .. } => &[StepKind::ClaimRuled],
        OrderState::Completed { .. }
        | OrderState::Canceled { .. }
        | OrderState::Refunded { .. } => &[],
    }
}
