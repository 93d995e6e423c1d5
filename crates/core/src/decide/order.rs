//! An order's way from the seller's shelf to the buyer's hands.

use crate::command::ShipOrder;
use crate::effect::{EffectKind, Timer};
use crate::event::EventKind;
use crate::held::HeldFunds;
use crate::id::OrderId;
use crate::order::{Funding, Order, OrderState, Protection, ReleaseReason, Shipment};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};
use crate::view::Stop;

use super::draft::Draft;
use super::{capture, held};

/// The seller ships: the order's part of the authorization is taken.
///
/// Refuses `OrderUnexpectedState` unless the order awaits shipment, then as a capture refuses:
/// nothing is shipped for money that can no longer be taken.
pub(super) fn ship(draft: &mut Draft<'_>, ship: &ShipOrder) -> Result<(), Stop> {
    let mut order: Order = draft.get(&ship.order)?;
    if !order.awaits_shipment() {
        return Err(Refusal::OrderUnexpectedState.into());
    }
    match order.funding {
        Funding::Authorized => capture::for_order(draft, &mut order)?,
        // Taken, or being taken, together with an order that was shipped before.
        Funding::Capturing { .. } | Funding::Held { .. } => {}
        Funding::Returning { .. } | Funding::Returned | Funding::CaptureFailed { .. } => {
            return Err(Refusal::OrderUnexpectedState.into());
        }
    }
    let at = draft.now;
    order.shipments.push(Shipment {
        carrier: ship.carrier.clone(),
        tracking_number: ship.tracking_number.clone(),
        at,
    });
    let ends_at = at.after(draft.rules().protection_after_shipping);
    order.state = OrderState::Shipped { at, protection: Protection { ends_at, extensions: 0 } };
    draft.event(EventKind::OrderShipped, &order);
    watch_protection(draft, &order, ends_at)?;
    draft.put(order);
    Ok(())
}

/// The goods arrived: from now on the shorter clock runs, never a longer one than before.
pub(super) fn deliver(draft: &mut Draft<'_>, id: OrderId) -> Result<(), Stop> {
    let mut order: Order = draft.get(&id)?;
    let OrderState::Shipped { protection, .. } = order.state else {
        return Err(Refusal::OrderUnexpectedState.into());
    };
    let at = draft.now;
    // Extensions that the buyer was granted are not taken away by the delivery.
    let granted = Span::from_ms(
        draft.rules().extension.ms().saturating_mul(i64::from(protection.extensions)),
    );
    let after_delivery = at.after(draft.rules().protection_after_delivery).after(granted);
    let ends_at = after_delivery.min(protection.ends_at);
    order.state = OrderState::Delivered { at, protection: Protection { ends_at, ..protection } };
    draft.event(EventKind::OrderDelivered, &order);
    watch_protection(draft, &order, ends_at)?;
    draft.put(order);
    Ok(())
}

/// The buyer wants more time.
///
/// Refuses `OrderUnexpectedState` unless the protection runs, `ExtensionsExhausted`.
pub(super) fn extend(draft: &mut Draft<'_>, id: OrderId) -> Result<(), Stop> {
    let mut order: Order = draft.get(&id)?;
    let extended = |protection: Protection| {
        if protection.extensions >= draft.rules().extensions_max {
            return Err(Refusal::ExtensionsExhausted);
        }
        let ends_at = protection.ends_at.after(draft.rules().extension);
        Ok(Protection { ends_at, extensions: protection.extensions + 1 })
    };
    let protection = match &mut order.state {
        OrderState::Shipped { protection, .. } | OrderState::Delivered { protection, .. } => {
            *protection = extended(*protection)?;
            *protection
        }
        OrderState::AwaitingShipment { .. }
        | OrderState::InClaim { .. }
        | OrderState::Completed { .. }
        | OrderState::Canceled { .. }
        | OrderState::Refunded { .. } => return Err(Refusal::OrderUnexpectedState.into()),
    };
    draft.event(EventKind::OrderProtectionExtended, &order);
    watch_protection(draft, &order, protection.ends_at)?;
    draft.put(order);
    Ok(())
}

/// The buyer has the goods and is content: the money goes to the seller.
///
/// Refuses `OrderUnexpectedState` unless the order is on its way or delivered, `FundsFrozen`.
pub(super) fn confirm_receipt(draft: &mut Draft<'_>, id: OrderId) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    if order.protection().is_none() {
        return Err(Refusal::OrderUnexpectedState.into());
    }
    complete(draft, order, ReleaseReason::BuyerConfirmed)
}

/// Ends an order for the seller. While its capture is still unanswered the release waits for it.
pub(super) fn complete(
    draft: &mut Draft<'_>,
    mut order: Order,
    how: ReleaseReason,
) -> Result<(), Stop> {
    if let Some(id) = order.held_funds() {
        let funds: HeldFunds = draft.get(&id)?;
        if funds.frozen.is_some() {
            return Err(Refusal::FundsFrozen.into());
        }
    }
    let held_funds = order.held_funds();
    order.state = OrderState::Completed { at: draft.now, how };
    draft.event(EventKind::OrderCompleted, &order);
    draft.put(order);
    match held_funds {
        Some(id) => held::release_rest(draft, id, how),
        None => Ok(()),
    }
}

/// Sets the clock for the end of the protection, and shows it on the held funds.
fn watch_protection(draft: &mut Draft<'_>, order: &Order, ends_at: Timestamp) -> Result<(), Stop> {
    if let Some(id) = order.held_funds() {
        let funds: HeldFunds = draft.get(&id)?;
        draft.put(HeldFunds { release_after: Some(ends_at), ..funds });
    }
    draft.effect_at(ends_at, EffectKind::Timer(Timer::ProtectionEnd(order.id)));
    Ok(())
}
