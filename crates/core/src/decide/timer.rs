//! Moments that have come, and hints that something happened. Each looks whether it still matters.

use crate::command::LookAt;
use crate::effect::{Ask, EffectKind, Timer};
use crate::event::EventKind;
use crate::id::{AttemptId, OrderId};
use crate::order::{Funding, Order, OrderCancelReason, OrderState, ReleaseReason};
use crate::payment::asked::Asked;
use crate::payment::attempt::{Attempt, AttemptState};
use crate::payment::intent::{CancelReason, PaymentIntent};
use crate::payment::refund::{Refund, RefundReason};
use crate::refusal::Refusal;
use crate::row::Record;
use crate::time::Span;
use crate::view::Stop;

use super::draft::Draft;
use super::refund as give_back;
use super::{cancel, capture, order, pay, session};

/// How long to wait when an order's money is just being moved.
const BUSY_WAIT: Span = Span::seconds(60);

/// A moment has come. What no longer matters changes nothing.
pub(super) fn ring(draft: &mut Draft<'_>, timer: Timer) -> Result<(), Stop> {
    match timer {
        Timer::ShipBy(order) => ship_by(draft, order),
        Timer::CancelSilence(order) => cancel_silence(draft, order),
        Timer::ProtectionEnd(order) => protection_end(draft, order),
        Timer::AuthorizationEnding(attempt) => authorization_ending(draft, attempt),
        Timer::SessionEnd(session) => session::on_end(draft, session),
    }
}

fn ship_by(draft: &mut Draft<'_>, id: OrderId) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    let OrderState::AwaitingShipment { ship_by, .. } = order.state else { return Ok(()) };
    if draft.now < ship_by {
        return Ok(());
    }
    cancel_when_free(draft, &order, OrderCancelReason::NotShipped, Timer::ShipBy(id))
}

fn cancel_silence(draft: &mut Draft<'_>, id: OrderId) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    let OrderState::AwaitingShipment { cancel_request: Some(request), .. } = order.state else {
        return Ok(());
    };
    if draft.now < request.answer_by {
        return Ok(());
    }
    cancel_when_free(draft, &order, OrderCancelReason::RequestedByBuyer, Timer::CancelSilence(id))
}

/// Cancels, unless the order's money is just being taken: then the clock rings again.
fn cancel_when_free(
    draft: &mut Draft<'_>,
    order: &Order,
    reason: OrderCancelReason,
    again: Timer,
) -> Result<(), Stop> {
    match order.funding {
        Funding::Capturing { .. } | Funding::Returning { .. } => {
            draft.effect_at(draft.now.after(BUSY_WAIT), EffectKind::Timer(again));
            Ok(())
        }
        Funding::Authorized
        | Funding::Held { .. }
        | Funding::Returned
        | Funding::CaptureFailed { .. } => cancel::order_now(draft, order.id, reason),
    }
}

fn protection_end(draft: &mut Draft<'_>, id: OrderId) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    let Some(protection) = order.protection() else { return Ok(()) };
    // An extension has set a clock of its own.
    if draft.now < protection.ends_at {
        return Ok(());
    }
    match order::complete(draft, order, ReleaseReason::ProtectionEnded) {
        // Frozen money waits for an operator, whatever the clock says.
        Err(Stop::Refused(Refusal::FundsFrozen)) => Ok(()),
        outcome => outcome,
    }
}

/// A day before its end an authorization is taken for what was shipped and let go for the rest.
fn authorization_ending(draft: &mut Draft<'_>, id: AttemptId) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&id)?;
    let Some(hold) = attempt.authorization() else { return Ok(()) };
    if !hold.left()?.is_positive() {
        return Ok(());
    }
    let over = draft.now >= hold.expires_at;
    let intent: PaymentIntent = draft.get(&attempt.intent)?;
    draft.need(intent.orders.iter().map(Order::key))?;
    draft.event(EventKind::ChargeExpired, &attempt);
    draft.put(attempt);
    if intent.orders.is_empty() {
        return end_sale(draft, intent, id);
    }
    for order in &intent.orders {
        let mut order: Order = draft.get(order)?;
        let on_card = matches!(order.funding, Funding::Authorized | Funding::CaptureFailed { .. });
        if on_card && order.awaits_shipment() {
            cancel::order_now(draft, order.id, OrderCancelReason::AuthorizationEnding)?;
        } else if on_card && !over && order.payable()?.is_positive() {
            capture::for_order(draft, &mut order)?;
            draft.put(order);
        }
    }
    Ok(())
}

fn end_sale(draft: &mut Draft<'_>, intent: PaymentIntent, id: AttemptId) -> Result<(), Stop> {
    give_back::reverse_rest(draft, id, RefundReason::AuthorizationEnded)?;
    if intent.captured.is_zero() {
        cancel::set_canceled(draft, intent, CancelReason::Automatic);
    }
    Ok(())
}

/// Something may have happened at the processor. Only a look can tell; where one is on its way
/// already, another would tell nothing more.
pub(super) fn look(draft: &mut Draft<'_>, at: LookAt) -> Result<(), Stop> {
    match at {
        LookAt::Attempt(id) => {
            let mut attempt: Attempt = draft.get(&id)?;
            let request = pay::request(&attempt, Ask::Look);
            if let AttemptState::Challenged { looking, .. } = &mut attempt.state
                && !*looking
            {
                *looking = true;
                draft.effect_now(request);
                draft.put(attempt);
            }
        }
        LookAt::Refund(id) => {
            let refund: Refund = draft.get(&id)?;
            draft.need([Attempt::key(&refund.attempt)])?;
            if matches!(refund.state, Asked::Succeeded { .. }) {
                let attempt: Attempt = draft.get(&refund.attempt)?;
                draft.effect_now(give_back::request(&refund, &attempt, Ask::Look)?);
            }
        }
    }
    Ok(())
}
