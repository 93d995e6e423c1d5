//! Taking money from the card: asked for, answered.

use crate::command::CapturePaymentIntent;
use crate::effect::{Ask, CaptureRequest, EffectKind};
use crate::event::EventKind;
use crate::id::{CaptureId, PaymentIntentId};
use crate::ledger::{Account, EntryReason, Postings};
use crate::money::Money;
use crate::order::{Funding, Order, OrderState, ReleaseReason};
use crate::payment::asked::{Asked, AskedOutcome};
use crate::payment::attempt::Attempt;
use crate::payment::capture::{Capture, CaptureShare};
use crate::payment::intent::{CancelReason, IntentState, PaymentIntent};
use crate::payment::refund::RefundReason;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::view::Stop;

use super::draft::Draft;
use super::{held, refund};

/// What a capture takes, and for whom.
pub(super) struct Taking {
    amount: Money,
    shares: Vec<CaptureShare>,
    is_final: bool,
}

impl Taking {
    /// The platform's own sale, the rest of the authorization not needed.
    pub(super) fn sale(amount: Money) -> Taking {
        Taking { amount, shares: Vec::new(), is_final: true }
    }
}

/// Takes money of a payment that belongs to no order.
///
/// Refuses `PaymentUnexpectedState` unless something can be taken, and for payments of orders:
/// their money is taken as they are shipped. Then as `Authorization::start_capture` refuses.
pub(super) fn of_intent(draft: &mut Draft<'_>, capture: &CapturePaymentIntent) -> Result<(), Stop> {
    let intent: PaymentIntent = draft.get(&capture.intent)?;
    let capturable = intent.capturable();
    if !capturable.is_positive() || !intent.orders.is_empty() {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    let amount = capture.amount.unwrap_or(capturable);
    let taking = Taking { amount, shares: Vec::new(), is_final: capture.is_final };
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
            if other.funding == Funding::Authorized {
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

fn taking_for(order: &Order, others: &[Order]) -> Result<Taking, Stop> {
    let mut shares = Vec::new();
    for order in std::iter::once(order).chain(others) {
        shares.push(CaptureShare { order: order.id, amount: order.payable()? });
    }
    let currency = order.total.currency();
    let amount = Money::sum(currency, shares.iter().map(|share| share.amount))?;
    Ok(Taking { amount, shares, is_final: false })
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
        id: draft.id(),
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

/// Records what the processor answered. Repeating an answer changes nothing.
pub(super) fn record(
    draft: &mut Draft<'_>,
    id: CaptureId,
    outcome: &AskedOutcome,
) -> Result<(), Stop> {
    let capture: Capture = draft.get(&id)?;
    if !capture.state.is_open() {
        return Ok(());
    }
    let orders = capture.shares.iter().map(|share| Order::key(&share.order));
    let payment = [PaymentIntent::key(&capture.intent), Attempt::key(&capture.attempt)];
    draft.need(orders.chain(payment))?;
    match outcome {
        AskedOutcome::Succeeded { reference } => taken(draft, capture, reference),
        AskedOutcome::Failed { code } => not_taken(draft, capture, code),
        AskedOutcome::NeverSent | AskedOutcome::Unknown => {
            let never_sent = *outcome == AskedOutcome::NeverSent;
            ask_again(draft, capture, never_sent)
        }
    }
}

fn taken(draft: &mut Draft<'_>, mut capture: Capture, reference: &str) -> Result<(), Stop> {
    capture.state = Asked::Succeeded { reference: reference.to_owned(), at: draft.now };
    let mut attempt: Attempt = draft.get(&capture.attempt)?;
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    hold.finish_capture(capture.amount, true)?;
    let rest = hold.left()?;
    let mut intent: PaymentIntent = draft.get(&capture.intent)?;
    intent.captured = intent.captured.checked_add(capture.amount)?;
    draft.event(EventKind::ChargeCaptured, &attempt);
    draft.put(attempt);
    draft.put(intent);

    post_capture(draft, &capture);
    for share in &capture.shares {
        fund(draft, *share)?;
    }
    if capture.is_final && rest.is_positive() {
        refund::reverse_rest(draft, capture.attempt, RefundReason::PartialCapture)?;
    }
    settle_intent(draft, capture.intent)?;
    draft.put(capture);
    Ok(())
}

fn post_capture(draft: &mut Draft<'_>, capture: &Capture) {
    let mut postings = Postings::new().debit(Account::ProcessorClearing, capture.amount);
    if capture.shares.is_empty() {
        postings = postings.credit(Account::PlatformSales, capture.amount);
    }
    for share in &capture.shares {
        postings = postings.credit(Account::Held(share.order), share.amount);
    }
    draft.post(EntryReason::Capture, capture.intent, postings);
}

/// Holds an order's captured money. If the buyer was quicker than the bank, it is released.
fn fund(draft: &mut Draft<'_>, share: CaptureShare) -> Result<(), Stop> {
    let mut order: Order = draft.get(&share.order)?;
    let funds = held::hold(draft, &order, share.amount);
    order.funding = Funding::Held { held_funds: funds.id };
    let is_completed = matches!(order.state, OrderState::Completed { .. });
    draft.put(order);
    if is_completed {
        held::release_rest(draft, funds.id, ReleaseReason::BuyerConfirmed)?;
    }
    Ok(())
}

fn not_taken(draft: &mut Draft<'_>, mut capture: Capture, code: &str) -> Result<(), Stop> {
    capture.state = Asked::Failed { code: code.to_owned(), at: draft.now };
    let mut attempt: Attempt = draft.get(&capture.attempt)?;
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    hold.finish_capture(capture.amount, false)?;
    draft.put(attempt);
    for share in &capture.shares {
        let mut order: Order = draft.get(&share.order)?;
        if order.awaits_shipment() {
            order.funding = Funding::Authorized;
        } else {
            order.funding = Funding::CaptureFailed { code: code.to_owned() };
            draft.event(EventKind::OrderCaptureFailed, &order);
        }
        draft.put(order);
    }
    settle_intent(draft, capture.intent)?;
    draft.put(capture);
    Ok(())
}

/// Captures are wanted, whatever happens: they are looked up and, if need be, sent again under
/// the same key until the processor has said yes or no.
fn ask_again(draft: &mut Draft<'_>, mut capture: Capture, never_sent: bool) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&capture.attempt)?;
    let is_first = never_sent && capture.state == Asked::Sending;
    let ask = if is_first { Ask::First } else { Ask::Again };
    let looks = capture.state.looks();
    let wait = draft.rules().wait_before_look(looks);
    draft.effect_at(draft.now.after(wait), request(&capture, &attempt, ask)?);
    if !is_first {
        capture.state = Asked::Unknown { looks: looks.saturating_add(1) };
    }
    draft.put(capture);
    Ok(())
}

/// Brings the payment's state in line with what is left of its authorization.
pub(super) fn settle_intent(draft: &mut Draft<'_>, id: PaymentIntentId) -> Result<(), Stop> {
    let mut intent: PaymentIntent = draft.get(&id)?;
    let attempt_id = match intent.state {
        IntentState::RequiresCapture { attempt, .. } | IntentState::Processing { attempt } => {
            attempt
        }
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => return Ok(()),
    };
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
