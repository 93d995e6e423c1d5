//! Moments that have come, and hints that something happened. Each looks whether it still matters.

use crate::command::LookAt;
use crate::effect::{Ask, EffectKind, Timer};
use crate::event::EventKind;
use crate::id::{AttemptId, OrderId};
use crate::order::{Funding, Order, OrderCancelReason, OrderState, ReleaseReason};
use crate::payment::asked::Asked;
use crate::payment::attempt::{Attempt, AttemptState};
use crate::payment::intent::{CancelReason, IntentState, PaymentIntent};
use crate::payment::refund::{Refund, RefundReason};
use crate::refusal::Refusal;
use crate::row::Record;
use crate::time::Span;
use crate::view::Stop;

use super::draft::Draft;
use super::refund::{self as give_back, Why};
use super::{cancel, capture, clock, dispute, order, pay, payout, sale, session, verify};

/// How long to wait when an order's money is just being moved.
const BUSY_WAIT: Span = Span::seconds(60);

/// How long to wait for a balance: money that was released before its order was shipped is the
/// seller's, who may have been paid it out.
const BALANCE_WAIT: Span = Span::days(1);

/// A moment has come. What no longer matters changes nothing.
pub(super) fn ring(draft: &mut Draft<'_>, timer: Timer) -> Result<(), Stop> {
    match timer {
        Timer::ShipBy(order) => ship_by(draft, order),
        Timer::CancelSilence(order) => cancel_silence(draft, order),
        Timer::ProtectionEnd(order) => protection_end(draft, order),
        Timer::AuthorizationEnding(attempt) => authorization_ending(draft, attempt),
        Timer::SessionEnd(session) => session::on_end(draft, session),
        Timer::Settlement(attempt) => sale::settle(draft, attempt),
        Timer::ClockArrives(clock) => clock::arrive(draft, clock),
        Timer::Payout(id) => payout::ring(draft, id),
    }
}

/// No balance covers what a moment asks for: it comes again, until one does or it no longer
/// matters.
pub(super) fn ring_again(draft: &mut Draft<'_>, timer: Timer) -> Result<(), Stop> {
    draft.effect_at(draft.now.after(BALANCE_WAIT), EffectKind::Timer(timer));
    Ok(())
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
///
/// What is under way by then may still come back, so the clock rings again at the very end and
/// then until every part has its place. Nothing is captured any more by then.
fn authorization_ending(draft: &mut Draft<'_>, id: AttemptId) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&id)?;
    let Some(hold) = attempt.authorization() else { return Ok(()) };
    if hold.is_settled() {
        return Ok(());
    }
    let is_over = draft.now >= hold.expires_at;
    let again = if is_over { draft.now.after(BUSY_WAIT) } else { hold.expires_at };
    let has_rest = hold.left()?.is_positive();
    if has_rest {
        let intent: PaymentIntent = draft.get(&attempt.intent)?;
        draft.need(intent.orders.iter().map(Order::key))?;
        draft.event(EventKind::ChargeExpired, &attempt);
        draft.put(attempt);
        // An attempt that was approved too late has no part in the payment's orders.
        if intent.attempt() == Some(id) {
            give_up_unshipped(draft, &intent)?;
            if !is_over {
                take_shipped(draft, &intent)?;
            }
        }
        give_back::reverse_rest(draft, id, RefundReason::AuthorizationEnded)?;
        end_sale(draft, &intent, id)?;
    }
    draft.effect_at(again, EffectKind::Timer(Timer::AuthorizationEnding(id)));
    Ok(())
}

fn give_up_unshipped(draft: &mut Draft<'_>, intent: &PaymentIntent) -> Result<(), Stop> {
    for id in &intent.orders {
        let order: Order = draft.get(id)?;
        if order.funding != Funding::Authorized {
            continue;
        }
        if order.awaits_shipment() {
            cancel::order_now(draft, *id, OrderCancelReason::AuthorizationEnding)?;
        } else {
            // It was called off before, and the processor refused to let its part go.
            let why = Why::because(RefundReason::AuthorizationEnded);
            give_back::of_order(draft, *id, None, why)?;
        }
    }
    Ok(())
}

/// Once more for what was shipped and could not be taken.
fn take_shipped(draft: &mut Draft<'_>, intent: &PaymentIntent) -> Result<(), Stop> {
    for id in &intent.orders {
        let mut order: Order = draft.get(id)?;
        if !capture::is_wanted(&order) {
            continue;
        }
        match capture::for_order(draft, &mut order) {
            Ok(()) => draft.put(order),
            // The processor allows no further capture: the part is let go with the rest.
            Err(Stop::Refused(_)) => {}
            Err(need) => return Err(need),
        }
    }
    Ok(())
}

/// A payment without orders of which nothing was or is being taken is over at once.
fn end_sale(draft: &mut Draft<'_>, intent: &PaymentIntent, id: AttemptId) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&id)?;
    let Some(hold) = attempt.authorization() else { return Ok(()) };
    let is_untouched = hold.captured.is_zero() && hold.capturing.is_zero();
    let intent: PaymentIntent = draft.get(&intent.id)?;
    let is_waiting = matches!(intent.state, IntentState::RequiresCapture { attempt, .. }
        if attempt == id);
    if is_untouched && is_waiting && intent.orders.is_empty() {
        cancel::set_canceled(draft, intent, CancelReason::Automatic);
    }
    Ok(())
}

/// Something may have happened at the processor. Only a look can tell; where one is on its way
/// already, another would tell nothing more.
pub(super) fn look(draft: &mut Draft<'_>, at: LookAt) -> Result<(), Stop> {
    match at {
        LookAt::Complaints(id) => dispute::hint(draft, id)?,
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
        LookAt::SetupAttempt(id) => verify::look(draft, id)?,
        LookAt::Refund(id) => {
            let refund: Refund = draft.get(&id)?;
            draft.need([Attempt::key(&refund.attempt)])?;
            let when = match refund.state {
                Asked::Succeeded { .. } => draft.now,
                // The first answer is still on its way and may be older than the hint.
                Asked::Sending | Asked::Unknown { .. } => draft.now.after(BUSY_WAIT),
                Asked::Failed { .. } => return Ok(()),
            };
            let attempt: Attempt = draft.get(&refund.attempt)?;
            draft.effect_at(when, give_back::request(&refund, &attempt, Ask::Look)?);
        }
    }
    Ok(())
}
