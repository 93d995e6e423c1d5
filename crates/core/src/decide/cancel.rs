//! Calling off: an order before its shipment, a payment before its capture.

use crate::command::CancelBy;
use crate::effect::{EffectKind, Timer};
use crate::event::EventKind;
use crate::id::{AttemptId, OrderId, PaymentIntentId};
use crate::order::{CancelRequest, Order, OrderCancelReason, OrderState};
use crate::payment::attempt::{Attempt, AttemptState, Decline};
use crate::payment::intent::{CancelReason, IntentState, PaymentIntent};
use crate::payment::refund::RefundReason;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::view::Stop;

use super::draft::Draft;
use super::give_up;
use super::refund::{self, Why};

/// Calls an order off. A buyer asks, and the seller's silence grants it; others just do it.
///
/// Refuses `OrderUnexpectedState` once the order is shipped, and for a second request.
pub(super) fn order_by(draft: &mut Draft<'_>, id: OrderId, by: CancelBy) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    let OrderState::AwaitingShipment { ship_by, cancel_request } = order.state else {
        return Err(Refusal::OrderUnexpectedState.into());
    };
    match (by, cancel_request) {
        (CancelBy::Buyer, Some(_)) => Err(Refusal::OrderUnexpectedState.into()),
        (CancelBy::Buyer, None) => {
            let answer_by = draft.now.after(draft.rules().cancel_silence);
            let request = CancelRequest { at: draft.now, answer_by };
            let state = OrderState::AwaitingShipment { ship_by, cancel_request: Some(request) };
            let order = Order { state, ..order };
            draft.effect_at(answer_by, EffectKind::Timer(Timer::CancelSilence(id)));
            draft.event(EventKind::OrderCancelRequested, &order);
            draft.put(order);
            Ok(())
        }
        // The seller agrees with the buyer.
        (CancelBy::Seller, Some(_)) => order_now(draft, id, OrderCancelReason::RequestedByBuyer),
        (CancelBy::Seller, None) => order_now(draft, id, OrderCancelReason::RequestedBySeller),
        (CancelBy::Platform, _) => order_now(draft, id, OrderCancelReason::RequestedByPlatform),
    }
}

/// Cancels an order that was not shipped, and gives its money back.
pub(super) fn order_now(
    draft: &mut Draft<'_>,
    id: OrderId,
    reason: OrderCancelReason,
) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    if !order.awaits_shipment() {
        return Err(Refusal::OrderUnexpectedState.into());
    }
    // The state is set first, so that the refund that follows leaves it alone.
    let order = Order { state: OrderState::Canceled { at: draft.now, reason }, ..order };
    draft.event(EventKind::OrderCanceled, &order);
    draft.put(order);
    let why = match reason {
        OrderCancelReason::AuthorizationEnding => RefundReason::AuthorizationEnded,
        OrderCancelReason::RequestedByBuyer
        | OrderCancelReason::RequestedBySeller
        | OrderCancelReason::RequestedByPlatform
        | OrderCancelReason::NotShipped
        | OrderCancelReason::Refunded => RefundReason::OrderCanceled,
    };
    refund::of_order(draft, id, None, Why::because(why))
}

/// Gives up a payment before any of it was taken.
///
/// Refuses `Changed` while the bank is asked to hold more, and `PaymentUnexpectedState` while it is
/// being asked for anything, once an order was shipped or
/// something is being taken, and for a payment whose pay page is open: its session is expired
/// instead.
pub(super) fn intent(
    draft: &mut Draft<'_>,
    id: PaymentIntentId,
    reason: CancelReason,
) -> Result<(), Stop> {
    let intent: PaymentIntent = draft.get(&id)?;
    intent.refuse_growing()?;
    match intent.state {
        IntentState::RequiresPaymentMethod { .. } | IntentState::RequiresConfirmation { .. }
            if intent.session.is_none() =>
        {
            set_canceled(draft, intent, reason);
            Ok(())
        }
        IntentState::RequiresAction { attempt, .. } if intent.session.is_none() => {
            give_up_challenge(draft, attempt)?;
            set_canceled(draft, intent, reason);
            Ok(())
        }
        IntentState::RequiresCapture { attempt, .. } if intent.captured.is_zero() => {
            let keys = intent.orders.iter().map(Order::key);
            draft.need(keys.chain([Attempt::key(&attempt)]))?;
            give_all_back(draft, &intent, attempt)?;
            // Read again: giving the money back has changed it.
            let intent: PaymentIntent = draft.get(&id)?;
            set_canceled(draft, intent, reason);
            Ok(())
        }
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => Err(Refusal::PaymentUnexpectedState.into()),
    }
}

/// Stops waiting for the buyer, and tells the network so. The bank may have approved by then: its
/// answer is looked up after the challenge's end, as for any challenge, and what it holds is let
/// go.
fn give_up_challenge(draft: &mut Draft<'_>, id: AttemptId) -> Result<(), Stop> {
    let mut attempt: Attempt = draft.get(&id)?;
    if let AttemptState::Challenged { challenge, .. } = &attempt.state {
        give_up::payment(draft, &attempt, challenge);
    }
    attempt.state = AttemptState::Declined(Decline::not_authenticated());
    draft.event(EventKind::ChargeFailed, &attempt);
    draft.put(attempt);
    Ok(())
}

fn give_all_back(
    draft: &mut Draft<'_>,
    intent: &PaymentIntent,
    attempt: AttemptId,
) -> Result<(), Stop> {
    for id in &intent.orders {
        let order: Order = draft.get(id)?;
        match order.state {
            OrderState::AwaitingShipment { .. } => {
                order_now(draft, *id, OrderCancelReason::RequestedByPlatform)?;
            }
            // Its money went back before.
            OrderState::Canceled { .. } | OrderState::Refunded { .. } => {}
            OrderState::Shipped { .. }
            | OrderState::Delivered { .. }
            | OrderState::InClaim { .. }
            | OrderState::Completed { .. } => return Err(Refusal::PaymentUnexpectedState.into()),
        }
    }
    let row: Attempt = draft.get(&attempt)?;
    let hold = row.authorization().ok_or(Refusal::PaymentUnexpectedState)?;
    if !hold.capturing.is_zero() {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    refund::reverse_rest(draft, attempt, RefundReason::PaymentCanceled)
}

/// Nothing will be taken any more. The processor is told of it until it confirms.
pub(super) fn set_canceled(draft: &mut Draft<'_>, mut intent: PaymentIntent, why: CancelReason) {
    let attempt = intent.attempt();
    intent.state = IntentState::Canceled { at: draft.now, reason: why, attempt };
    draft.event(EventKind::PaymentIntentCanceled, &intent);
    draft.put(intent);
}
