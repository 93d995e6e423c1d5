//! What the processor answered to a capture.

use crate::effect::Ask;
use crate::event::EventKind;
use crate::held::FreezeReason;
use crate::id::{AttemptId, CaptureId, EntryId};
use crate::ledger::{Account, EntryReason, Postings};
use crate::order::{Funding, Order, OrderState};
use crate::payment::asked::{Asked, AskedOutcome};
use crate::payment::attempt::Attempt;
use crate::payment::capture::{Capture, CaptureShare};
use crate::payment::intent::PaymentIntent;
use crate::payment::refund::RefundReason;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::sale::Sale;
use crate::seller::Seller;
use crate::view::Stop;

use super::super::draft::{About, Draft};
use super::super::{dispute, held, onward, refund, sale};
use super::{request, settle_intent, wait_to_ask};

/// Records what the processor answered. Repeating an answer changes nothing.
pub(in super::super) fn record(
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
    let sale = capture.shares.is_empty().then(|| Sale::key(&capture.attempt));
    draft.need(orders.chain(payment).chain(sale))?;
    match outcome {
        AskedOutcome::Succeeded { reference } => taken(draft, capture, reference),
        AskedOutcome::Failed { code } => not_taken(draft, capture, code),
        AskedOutcome::NeverSent | AskedOutcome::Unknown => {
            let never_sent = *outcome == AskedOutcome::NeverSent;
            ask_again(draft, capture, never_sent)
        }
    }
}

/// A capture that came with the approval: of all that was approved.
#[derive(Clone, Copy)]
pub(in super::super) struct Taken<'a> {
    /// Our reference of it.
    pub(in super::super) id: CaptureId,
    /// The processor's own name of it.
    pub(in super::super) name: &'a str,
}

/// Records the capture that came with an approval. The attempt and the payment are written as they
/// are while one is asked for.
pub(in super::super) fn of_approval(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    with_it: Taken<'_>,
) -> Result<(), Stop> {
    taken(draft, of_all(draft, attempt, with_it.id), with_it.name)
}

/// The same for an attempt that had been given up. The payment has no part in it: what was taken is
/// only booked, to be given back.
pub(in super::super) fn of_late_approval(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    with_it: Taken<'_>,
) -> Result<(), Stop> {
    let mut capture = of_all(draft, attempt, with_it.id);
    let attempt = book(draft, &mut capture, with_it.name)?;
    draft.event(EventKind::ChargeCaptured, &attempt);
    draft.put(attempt);
    draft.put(capture);
    Ok(())
}

fn of_all(draft: &Draft<'_>, attempt: &Attempt, id: CaptureId) -> Capture {
    Capture {
        id,
        created: draft.now,
        intent: attempt.intent,
        attempt: attempt.id,
        amount: attempt.amount,
        shares: Vec::new(),
        is_final: true,
        state: Asked::Sending,
    }
}

/// Books what was taken, and says so in the capture. The attempt as it is then, not written yet.
fn book(draft: &mut Draft<'_>, capture: &mut Capture, reference: &str) -> Result<Attempt, Stop> {
    capture.state = Asked::Succeeded { reference: reference.to_owned(), at: draft.now };
    let mut attempt: Attempt = draft.get(&capture.attempt)?;
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    hold.finish_capture(capture.amount, true)?;
    if hold.expects_disputes {
        dispute::watch(draft, capture.attempt);
    }
    let entry = if capture.shares.is_empty() {
        sale::captured(draft, capture, &attempt)?
    } else {
        post_capture(draft, capture)
    };
    attempt.entry = attempt.entry.or(entry);
    Ok(attempt)
}

fn taken(draft: &mut Draft<'_>, mut capture: Capture, reference: &str) -> Result<(), Stop> {
    let mut attempt = book(draft, &mut capture, reference)?;
    // What no further capture can take is given back; orders leave nothing behind that way.
    let is_exhausted = attempt.authorization().is_some_and(|hold| hold.captures_left == 0);
    let is_last = is_exhausted && capture.shares.is_empty();
    let mut intent: PaymentIntent = draft.get(&capture.intent)?;
    intent.captured = intent.captured.checked_add(capture.amount)?;
    if let Some(onward) = onward::of_capture(draft, &capture, &intent)? {
        attempt.transfer = attempt.transfer.or(Some(onward.transfer));
        attempt.application_fee = attempt.application_fee.or(onward.fee);
    }
    draft.event(EventKind::ChargeCaptured, &attempt);
    draft.put(attempt);
    draft.put(intent);
    need_sellers(draft, &capture)?;
    for share in &capture.shares {
        fund(draft, *share, capture.attempt)?;
    }
    if capture.is_final || is_last {
        refund::reverse_rest(draft, capture.attempt, RefundReason::PartialCapture)?;
    }
    settle_intent(draft, capture.intent, capture.attempt)?;
    draft.put(capture);
    Ok(())
}

fn post_capture(draft: &mut Draft<'_>, capture: &Capture) -> Option<EntryId> {
    let mut postings = Postings::new().debit(Account::ProcessorClearing, capture.amount);
    for share in &capture.shares {
        postings = postings.credit(Account::Held(share.order), share.amount);
    }
    let about = About::payment(capture.intent, &capture.attempt);
    draft.post(EntryReason::Capture, about, postings)
}

/// The sellers of orders that are complete already, so that they are loaded in one round.
fn need_sellers(draft: &Draft<'_>, capture: &Capture) -> Result<(), Stop> {
    let mut keys = Vec::new();
    for share in &capture.shares {
        let order: Order = draft.get(&share.order)?;
        if matches!(order.state, OrderState::Completed { .. }) {
            keys.push(Seller::key(&order.seller));
        }
    }
    draft.need(keys)
}

/// Holds an order's captured money. If the buyer was quicker than the bank, it is released, unless
/// another part of the charge is disputed already.
fn fund(draft: &mut Draft<'_>, share: CaptureShare, attempt: AttemptId) -> Result<(), Stop> {
    let mut order: Order = draft.get(&share.order)?;
    let mut funds = held::hold(draft, &order, share.amount);
    let attempt: Attempt = draft.get(&attempt)?;
    if attempt.is_frozen() {
        funds.frozen = Some(FreezeReason::Dispute);
        draft.event(EventKind::HeldFundsFrozen, &funds);
        draft.put(funds.clone());
    }
    order.funding = Funding::Held { held_funds: funds.id };
    let completed = match order.state {
        OrderState::Completed { how, .. } => Some(how),
        OrderState::AwaitingShipment { .. }
        | OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::InClaim { .. }
        | OrderState::Canceled { .. }
        | OrderState::Refunded { .. } => None,
    };
    draft.put(order);
    match completed {
        Some(how) if funds.frozen.is_none() => held::release_rest(draft, funds.id, how),
        Some(_) | None => Ok(()),
    }
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
    settle_intent(draft, capture.intent, capture.attempt)?;
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
    let wait = wait_to_ask(draft, looks, capture.created, is_first);
    draft.effect_at(draft.now.after(wait), request(&capture, &attempt, ask)?);
    if !is_first {
        capture.state = Asked::Unknown { looks: looks.saturating_add(1) };
    }
    draft.put(capture);
    Ok(())
}
