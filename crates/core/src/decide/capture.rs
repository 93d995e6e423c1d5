//! Taking money from the card: asked for, answered.

use crate::command::CapturePaymentIntent;
use crate::effect::{Ask, CaptureRequest, EffectKind};
use crate::event::EventKind;
use crate::id::{AttemptId, CaptureId, PaymentIntentId};
use crate::money::Money;
use crate::order::{Funding, Order, OrderState};
use crate::payment::asked::Asked;
use crate::payment::attempt::Attempt;
use crate::payment::capture::{Capture, CaptureShare};
use crate::payment::intent::{CancelReason, IntentState, PaymentIntent};
use crate::refusal::Refusal;
use crate::row::Record;
use crate::time::{Span, Timestamp};
use crate::view::Stop;

use super::draft::Draft;
use super::edit;

mod answer;

pub(super) use answer::{Taken, of_approval, of_late_approval, record};

/// What a capture takes, and for whom.
pub(super) struct Taking {
    amount: Money,
    shares: Vec<CaptureShare>,
    is_final: bool,
    /// Our reference, where the processor has heard it before.
    id: Option<CaptureId>,
}

impl Taking {
    /// The platform's own sale, the rest of the authorization not needed. Where the approval should
    /// have brought the capture with it and did not, it is asked for under the same reference.
    pub(super) fn sale(amount: Money, id: Option<CaptureId>) -> Taking {
        Taking { amount, shares: Vec::new(), is_final: true, id }
    }
}

/// Takes money of a payment that belongs to no order.
///
/// Refuses `Changed` while the bank is asked to hold more, `PaymentUnexpectedState` unless
/// something can be taken, and for payments of orders:
/// their money is taken as they are shipped. Then as `Authorization::start_capture` refuses.
pub(super) fn of_intent(draft: &mut Draft<'_>, capture: &CapturePaymentIntent) -> Result<(), Stop> {
    if let Some(edit) = &capture.edit {
        edit::payment(draft, edit)?;
    }
    let intent: PaymentIntent = draft.get(&capture.intent)?;
    intent.refuse_growing()?;
    let capturable = intent.capturable();
    if !capturable.is_positive() || !intent.orders.is_empty() {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    if let (Some(id), Some(_)) = (intent.attempt(), &capture.edit) {
        // The charge says what is true when its money is taken.
        let mut attempt: Attempt = draft.get(&id)?;
        attempt.notes.notes = intent.notes.clone();
        draft.put(attempt);
    }
    let amount = capture.amount.unwrap_or(capturable);
    let taking = Taking { amount, shares: Vec::new(), is_final: capture.is_final, id: None };
    start(draft, intent.id, taking)?;
    Ok(())
}

/// Takes an order's part, because its seller ships.
///
/// Where the processor allows only one more capture, the parts of all orders still to be shipped
/// are taken with it: they become held funds, and go back as refunds if they are not shipped.
pub(super) fn for_order(draft: &mut Draft<'_>, order: &mut Order) -> Result<(), Stop> {
    let intent: PaymentIntent = draft.get(&order.intent)?;
    let attempt_id = intent.attempt().ok_or(Refusal::PaymentUnexpectedState)?;
    let keys = intent.orders.iter().map(Order::key);
    draft.need(keys.chain([Attempt::key(&attempt_id)]))?;
    let attempt: Attempt = draft.get(&attempt_id)?;
    let hold = attempt.authorization().ok_or(Refusal::PaymentUnexpectedState)?;

    let mut others = Vec::new();
    if hold.captures_left == 1 {
        for id in intent.orders.iter().filter(|id| **id != order.id) {
            let other: Order = draft.get(id)?;
            if is_wanted(&other) {
                others.push(other);
            }
        }
    }
    let taking = taking_for(order, &others)?;
    let capture = start(draft, intent.id, taking)?;
    order.funding = Funding::Capturing { capture };
    for other in others {
        draft.put(Order { funding: Funding::Capturing { capture }, ..other });
    }
    Ok(())
}

/// Whether the order's money is on the card and will be needed: not when it was cancelled and only
/// its reversal was refused.
pub(super) fn is_wanted(order: &Order) -> bool {
    let is_off = matches!(order.state, OrderState::Canceled { .. } | OrderState::Refunded { .. });
    match order.funding {
        Funding::Authorized | Funding::CaptureFailed { .. } => !is_off,
        Funding::Capturing { .. }
        | Funding::Held { .. }
        | Funding::Returning { .. }
        | Funding::Returned => false,
    }
}

fn taking_for(order: &Order, others: &[Order]) -> Result<Taking, Stop> {
    let mut shares = Vec::new();
    for order in std::iter::once(order).chain(others) {
        shares.push(CaptureShare { order: order.id, amount: order.payable()? });
    }
    let currency = order.total.currency();
    let amount = Money::sum(currency, shares.iter().map(|share| share.amount))?;
    Ok(Taking { amount, shares, is_final: false, id: None })
}

/// Puts a capture on disk, with the request that is to be sent.
pub(super) fn start(
    draft: &mut Draft<'_>,
    intent: PaymentIntentId,
    taking: Taking,
) -> Result<CaptureId, Stop> {
    let mut intent: PaymentIntent = draft.get(&intent)?;
    let attempt_id = intent.attempt().ok_or(Refusal::PaymentUnexpectedState)?;
    let mut attempt: Attempt = draft.get(&attempt_id)?;
    let now = draft.now;
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    hold.start_capture(taking.amount, now)?;
    let capturable = hold.left()?;

    let capture = Capture {
        id: taking.id.unwrap_or_else(|| draft.id()),
        created: now,
        intent: intent.id,
        attempt: attempt_id,
        amount: taking.amount,
        shares: taking.shares,
        is_final: taking.is_final,
        state: Asked::Sending,
    };
    draft.effect_now(request(&capture, &attempt, Ask::First)?);
    intent.state = IntentState::RequiresCapture { attempt: attempt_id, capturable };
    let id = capture.id;
    draft.put(capture);
    draft.put(attempt);
    draft.put(intent);
    Ok(id)
}

fn request(capture: &Capture, attempt: &Attempt, ask: Ask) -> Result<EffectKind, Stop> {
    let hold = attempt.authorization().ok_or(Refusal::PaymentUnexpectedState)?;
    Ok(EffectKind::Capture(CaptureRequest {
        capture: capture.id,
        authorization: hold.reference.clone(),
        amount: capture.amount,
        ask,
    }))
}

/// The wait before the next question. While no byte has left there are no looks to count; then
/// the wait grows with the age of the request, which doubles it as well.
pub(super) fn wait_to_ask(
    draft: &Draft<'_>,
    looks: u32,
    created: Timestamp,
    is_first: bool,
) -> Span {
    let rules = draft.rules();
    if is_first {
        return draft.now.since(created).max(rules.unknown_wait).min(rules.unknown_wait_max);
    }
    rules.wait_before_look(looks)
}

/// Shows what can still be taken, while a part of the hold is on its way back.
pub(super) fn show_capturable(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    capturable: Money,
) -> Result<(), Stop> {
    let intent: PaymentIntent = draft.get(&attempt.intent)?;
    if let IntentState::RequiresCapture { attempt: id, .. } = intent.state
        && id == attempt.id
    {
        let state = IntentState::RequiresCapture { attempt: id, capturable };
        draft.put(PaymentIntent { state, ..intent });
    }
    Ok(())
}

/// Brings the payment's state in line with what is left of its authorization. What happens to
/// another attempt, approved after it had been given up, says nothing about the payment.
pub(super) fn settle_intent(
    draft: &mut Draft<'_>,
    id: PaymentIntentId,
    attempt_id: AttemptId,
) -> Result<(), Stop> {
    let mut intent: PaymentIntent = draft.get(&id)?;
    match intent.state {
        IntentState::RequiresCapture { attempt, .. } | IntentState::Processing { attempt }
            if attempt == attempt_id => {}
        IntentState::RequiresCapture { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => return Ok(()),
    }
    let attempt: Attempt = draft.get(&attempt_id)?;
    let Some(hold) = attempt.authorization() else { return Ok(()) };
    if !hold.is_settled() {
        let capturable = hold.left()?;
        intent.state = IntentState::RequiresCapture { attempt: attempt_id, capturable };
        draft.event(EventKind::PaymentIntentAmountCapturableUpdated, &intent);
    } else if hold.captured.is_positive() {
        intent.state = IntentState::Succeeded { attempt: attempt_id };
        draft.event(EventKind::PaymentIntentSucceeded, &intent);
    } else {
        let (at, reason, attempt) = (draft.now, CancelReason::Automatic, Some(attempt_id));
        intent.state = IntentState::Canceled { at, reason, attempt };
        draft.event(EventKind::PaymentIntentCanceled, &intent);
    }
    draft.put(intent);
    Ok(())
}
