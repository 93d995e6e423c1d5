//! One refund at the processor: asked for, answered.

use crate::effect::{Ask, EffectKind, RefundRequest};
use crate::event::EventKind;
use crate::held::{FreezeReason, HeldFunds, TakenBack};
use crate::id::{AttemptId, RefundId};
use crate::ledger::{Account, EntryReason, Postings};
use crate::money::Money;
use crate::order::{Funding, Order};
use crate::payment::asked::{Asked, AskedOutcome};
use crate::payment::attempt::Attempt;
use crate::payment::intent::PaymentIntent;
use crate::payment::refund::{Pulls, Refund, RefundMethod, RefundShare};
use crate::refusal::Refusal;
use crate::row::Record;
use crate::sale::Sale;
use crate::seller::Seller;
use crate::view::Stop;

use super::super::draft::{About, Draft};
use super::super::{capture, onward, sale};
use super::Why;

/// Answers to a reversal that mean the card's hold is gone anyway.
const GONE_ANYWAY: [&str; 4] =
    ["authorization_expired", "already_voided", "already_expired", "nothing_left"];

/// What goes back, how, and who pays for it.
pub(super) struct GiveBack {
    pub(super) method: RefundMethod,
    pub(super) amount: Money,
    pub(super) shares: Vec<RefundShare>,
    pub(super) why: Why,
}

/// Puts a refund on disk, with the request that is to be sent.
///
/// Returned money leaves its accounts now, not with the answer, so that nobody releases or
/// refunds it a second time in between.
pub(super) fn start(
    draft: &mut Draft<'_>,
    attempt: AttemptId,
    give: GiveBack,
) -> Result<RefundId, Stop> {
    let mut attempt: Attempt = draft.get(&attempt)?;
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    match give.method {
        RefundMethod::Reversal => {
            hold.start_return(give.amount)?;
            let left = hold.left()?;
            capture::show_capturable(draft, &attempt, left)?;
        }
        RefundMethod::Return => take_back(&mut attempt, give.amount)?,
    }
    attempt.refunds = attempt.refunds.saturating_add(1);
    let mut refund = Refund {
        id: draft.id(),
        created: draft.now,
        intent: attempt.intent,
        attempt: attempt.id,
        amount: give.amount,
        method: give.method,
        shares: give.shares,
        reason: give.why.reason,
        metadata: give.why.metadata,
        pulls: give.why.pulls,
        entry: None,
        failure_entry: None,
        reversal: None,
        state: Asked::Sending,
    };
    if refund.method == RefundMethod::Return {
        let Pulls { transfer, fee } = refund.pulls;
        let pull = onward::Pull { refund: refund.id, amount: refund.amount, transfer, fee };
        refund.reversal = onward::pull_back(draft, &attempt, pull)?;
    }
    sale::draw(draft, &mut refund)?;
    if refund.method == RefundMethod::Return {
        let postings = sources(&refund)?.credit(Account::RefundsPending, refund.amount);
        let about = About::payment(refund.intent, &refund.id);
        refund.entry = draft.post(EntryReason::RefundRequested, about, postings);
    }
    draft.effect_now(request(&refund, &attempt, Ask::First)?);
    draft.event(EventKind::RefundCreated, &refund);
    let id = refund.id;
    draft.put(refund);
    draft.put(attempt);
    Ok(id)
}

/// Counts what goes back as refunded; no more than is left of the charge.
fn take_back(attempt: &mut Attempt, amount: Money) -> Result<(), Stop> {
    if amount.exceeds(attempt.refundable()?)? {
        let is_disputed = attempt.withdrawn()?.is_positive();
        let refusal =
            if is_disputed { Refusal::ChargeDisputed } else { Refusal::RefundExceedsPayment };
        return Err(refusal.into());
    }
    attempt.refunded = attempt.refunded.checked_add(amount)?;
    Ok(())
}

/// The accounts that pay for a refund, debited.
fn sources(refund: &Refund) -> Result<Postings, Stop> {
    let mut postings = of_orders(refund);
    for share in refund.shares.iter().filter(|share| share.order.is_none()) {
        let pending = share.unsettled.unwrap_or(Money::zero(share.held.currency()));
        postings = postings
            .debit(Account::PlatformPending, pending)
            .debit(Account::PlatformAvailable, share.held.checked_sub(pending)?);
    }
    Ok(postings)
}

/// The accounts of orders and their sellers that pay for a refund, debited.
fn of_orders(refund: &Refund) -> Postings {
    refund.shares.iter().fold(Postings::new(), of_order)
}

fn of_order(postings: Postings, share: &RefundShare) -> Postings {
    let Some(order) = share.order else { return postings };
    let held = postings.debit(Account::Held(order), share.held);
    let fee = held.debit(Account::PlatformFees, share.fee);
    match share.seller_account {
        Some(seller) => fee.debit(Account::SellerAvailable(seller), share.seller),
        None => fee,
    }
}

/// The same accounts, credited with what they had paid for a refund that failed. What had been
/// released to a seller who is gone is held again: nobody could see it in that account.
fn returned_to_orders(draft: &Draft<'_>, refund: &Refund) -> Result<Postings, Stop> {
    let mut postings = Postings::new();
    for share in &refund.shares {
        postings = if is_homeless(draft, share)? {
            of_order(postings, &RefundShare::of_held(share.order, share.total()?))
        } else {
            of_order(postings, share)
        };
    }
    Ok(postings.reversed())
}

/// Whether the seller is gone to whom a part of a share had been released.
fn is_homeless(draft: &Draft<'_>, share: &RefundShare) -> Result<bool, Stop> {
    let Some(seller) = share.seller_account else { return Ok(false) };
    let was_released = share.seller.checked_add(share.fee)?.is_positive();
    Ok(was_released && draft.find::<Seller>(&seller)?.is_none())
}

pub(in super::super) fn request(
    refund: &Refund,
    attempt: &Attempt,
    ask: Ask,
) -> Result<EffectKind, Stop> {
    let hold = attempt.authorization().ok_or(Refusal::PaymentUnexpectedState)?;
    Ok(EffectKind::Refund(RefundRequest {
        refund: refund.id,
        authorization: hold.reference.clone(),
        amount: refund.amount,
        method: refund.method,
        ask,
    }))
}

/// Records what the processor answered. Repeating an answer changes nothing; a refund that
/// succeeded may still come back later.
pub(in super::super) fn record(
    draft: &mut Draft<'_>,
    id: RefundId,
    outcome: &AskedOutcome,
) -> Result<(), Stop> {
    let refund: Refund = draft.get(&id)?;
    let orders = refund.shares.iter().filter_map(|share| share.order);
    let orders = orders.map(|order| Order::key(&order));
    let payment = [PaymentIntent::key(&refund.intent), Attempt::key(&refund.attempt)];
    let sellers = refund.shares.iter().filter_map(|share| share.seller_account);
    let sale = Sale::key(&refund.attempt);
    let sellers = sellers.map(|seller| Seller::key(&seller));
    draft.need(orders.chain(payment).chain([sale]).chain(sellers))?;
    let is_open = refund.state.is_open();
    let has_succeeded = matches!(refund.state, Asked::Succeeded { .. });
    match (outcome, refund.method) {
        (AskedOutcome::Succeeded { reference }, _) if is_open => {
            given_back(draft, refund, reference)
        }
        (AskedOutcome::Failed { code }, RefundMethod::Reversal)
            if is_open && is_gone_anyway(draft, &refund, code)? =>
        {
            given_back(draft, refund, code)
        }
        (AskedOutcome::Failed { code }, _) if is_open || has_succeeded => {
            not_given_back(draft, refund, code)
        }
        (AskedOutcome::NeverSent | AskedOutcome::Unknown, _) if is_open => {
            let never_sent = *outcome == AskedOutcome::NeverSent;
            ask_again(draft, refund, never_sent)
        }
        // Somebody said that it came back: that is looked into until there is an answer.
        (AskedOutcome::NeverSent | AskedOutcome::Unknown, _) if has_succeeded => {
            look_again(draft, &refund)
        }
        (
            AskedOutcome::Succeeded { .. }
            | AskedOutcome::Failed { .. }
            | AskedOutcome::NeverSent
            | AskedOutcome::Unknown,
            _,
        ) => Ok(()),
    }
}

/// Whether a reversal that was refused had nothing to reverse: the hold was gone, or is over.
fn is_gone_anyway(draft: &Draft<'_>, refund: &Refund, code: &str) -> Result<bool, Stop> {
    let attempt: Attempt = draft.get(&refund.attempt)?;
    let is_over = attempt.authorization().is_some_and(|hold| draft.now >= hold.expires_at);
    Ok(is_over || GONE_ANYWAY.contains(&code))
}

fn given_back(draft: &mut Draft<'_>, mut refund: Refund, reference: &str) -> Result<(), Stop> {
    refund.state = Asked::Succeeded { reference: reference.to_owned(), at: draft.now };
    let mut attempt: Attempt = draft.get(&refund.attempt)?;
    match refund.method {
        RefundMethod::Reversal => {
            let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
            hold.finish_return(refund.amount, true)?;
        }
        RefundMethod::Return => {
            let postings = Postings::new()
                .debit(Account::RefundsPending, refund.amount)
                .credit(Account::ProcessorClearing, refund.amount);
            let about = About::payment(refund.intent, &refund.id);
            draft.post(EntryReason::RefundSucceeded, about, postings);
        }
    }
    draft.event(EventKind::ChargeRefunded, &attempt);
    draft.event(EventKind::RefundUpdated, &refund);
    draft.event(EventKind::ChargeRefundUpdated, &refund);
    draft.put(attempt);
    for order in refund.shares.iter().filter_map(|share| share.order) {
        let order: Order = draft.get(&order)?;
        if order.funding == (Funding::Returning { refund: refund.id }) {
            draft.put(Order { funding: Funding::Returned, ..order });
        }
    }
    capture::settle_intent(draft, refund.intent, refund.attempt)?;
    draft.put(refund);
    Ok(())
}

/// The money stays where it was: what was reserved for it goes back, frozen for an operator.
fn not_given_back(draft: &mut Draft<'_>, mut refund: Refund, code: &str) -> Result<(), Stop> {
    let had_succeeded = !refund.state.is_open();
    let mut attempt: Attempt = draft.get(&refund.attempt)?;
    match refund.method {
        // A hold that was let go cannot be un-let-go.
        RefundMethod::Reversal if had_succeeded => return Ok(()),
        RefundMethod::Reversal => {
            let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
            hold.finish_return(refund.amount, false)?;
        }
        RefundMethod::Return => {
            attempt.refunded = attempt.refunded.checked_sub(refund.amount)?;
            let from =
                if had_succeeded { Account::ProcessorClearing } else { Account::RefundsPending };
            let orders = returned_to_orders(draft, &refund)?;
            let postings = sale::put_back(draft, &refund, orders)?.debit(from, refund.amount);
            let about = About::payment(refund.intent, &refund.id);
            refund.failure_entry = draft.post(EntryReason::RefundFailed, about, postings);
        }
    }
    refund.state = Asked::Failed { code: code.to_owned(), at: draft.now };
    draft.event(EventKind::RefundFailed, &refund);
    draft.event(EventKind::ChargeRefundUpdated, &refund);
    draft.put(attempt);
    need_held_funds(draft, &refund)?;
    for share in refund.shares.clone() {
        put_back(draft, &refund, share)?;
    }
    capture::settle_intent(draft, refund.intent, refund.attempt)?;
    draft.put(refund);
    Ok(())
}

/// The held funds of all shares together, so that they are loaded in one round.
fn need_held_funds(draft: &Draft<'_>, refund: &Refund) -> Result<(), Stop> {
    let mut keys = Vec::new();
    for id in refund.shares.iter().filter_map(|share| share.order) {
        keys.extend(draft.get::<Order>(&id)?.held_funds().map(|id| HeldFunds::key(&id)));
    }
    draft.need(keys)
}

fn put_back(draft: &mut Draft<'_>, refund: &Refund, share: RefundShare) -> Result<(), Stop> {
    let Some(order) = share.order else { return Ok(()) };
    let mut order: Order = draft.get(&order)?;
    order.refunded = order.refunded.checked_sub(share.total()?)?;
    if order.funding == (Funding::Returning { refund: refund.id }) {
        order.funding = Funding::Authorized;
    }
    if let (RefundMethod::Return, Some(id)) = (refund.method, order.held_funds()) {
        let mut funds: HeldFunds = draft.get(&id)?;
        let RefundShare { held, seller, fee, .. } = share;
        let taken = TakenBack { held, seller, fee };
        if is_homeless(draft, &share)? {
            funds.hold_again(taken)?;
        } else {
            funds.put_back(taken)?;
        }
        // What had been released is the seller's again; there is nothing to freeze of it.
        if funds.frozen.is_none() && funds.left()?.is_positive() {
            funds.frozen = Some(FreezeReason::RefundFailed);
            draft.event(EventKind::HeldFundsFrozen, &funds);
        }
        draft.put(funds);
    }
    draft.put(order);
    Ok(())
}

/// Refunds are wanted, whatever happens: they are looked up and, if need be, sent again under the
/// same key until the processor has said yes or no.
fn ask_again(draft: &mut Draft<'_>, mut refund: Refund, never_sent: bool) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&refund.attempt)?;
    let is_first = never_sent && refund.state == Asked::Sending;
    let ask = if is_first { Ask::First } else { Ask::Again };
    let looks = refund.state.looks();
    let wait = capture::wait_to_ask(draft, looks, refund.created, is_first);
    draft.effect_at(draft.now.after(wait), request(&refund, &attempt, ask)?);
    if !is_first {
        refund.state = Asked::Unknown { looks: looks.saturating_add(1) };
    }
    draft.put(refund);
    Ok(())
}

fn look_again(draft: &mut Draft<'_>, refund: &Refund) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&refund.attempt)?;
    let wait = draft.rules().unknown_wait_max;
    draft.effect_at(draft.now.after(wait), request(refund, &attempt, Ask::Look)?);
    Ok(())
}
