//! The platform's own sales: captured, settled by the processor, paid back.

use crate::balance::{Balance, BalanceNote};
use crate::effect::{EffectKind, Timer};
use crate::event::EventKind;
use crate::id::{AttemptId, EntryId};
use crate::ledger::{Account, EntryReason, Postings};
use crate::money::Money;
use crate::payment::attempt::Attempt;
use crate::payment::capture::Capture;
use crate::payment::refund::{Refund, RefundMethod};
use crate::sale::{Sale, Unsettled};
use crate::view::Stop;

use super::draft::{About, Draft};

/// Books a capture of a sale: pending until the processor settles it, or available at once where
/// the processor settles so.
pub(super) fn captured(
    draft: &mut Draft<'_>,
    capture: &Capture,
    attempt: &Attempt,
) -> Result<Option<EntryId>, Stop> {
    let none = Money::zero(capture.amount.currency());
    // The first capture of a hold makes the sale: there is none to be looked for.
    let is_first = attempt.authorization().is_some_and(|hold| hold.captured == capture.amount);
    let known = if is_first { None } else { draft.find::<Sale>(&attempt.id)? };
    let mut sale = known.unwrap_or_else(|| Sale::new(attempt.id, capture.intent, draft.now, none));
    let at_once = attempt.authorization().is_some_and(|hold| hold.settles_at_once);
    let settles_at = draft.now.after_business_days(draft.rules().settlement_business_days);
    let mut about = About::payment(capture.intent, &capture.attempt);
    let account = if at_once {
        draft.effect_now(EffectKind::ReportBalance);
        Account::PlatformAvailable
    } else {
        about.settles_at = Some(settles_at);
        let (left, fee, passed) = (capture.amount, none, Vec::new());
        sale.unsettled.push(Unsettled { capture: capture.id, settles_at, left, fee, passed });
        draft.effect_at(settles_at, EffectKind::Timer(Timer::Settlement(attempt.id)));
        Account::PlatformPending
    };
    draft.put(sale);
    let postings = Postings::new()
        .debit(Account::ProcessorClearing, capture.amount)
        .credit(account, capture.amount);
    Ok(draft.post(EntryReason::Capture, about, postings))
}

/// The processor settles what was captured: whoever has a part of it may use it from now on.
pub(super) fn settle(draft: &mut Draft<'_>, id: AttemptId) -> Result<(), Stop> {
    let mut sale: Sale = draft.get(&id)?;
    let due = sale.settle(draft.now);
    for part in &due {
        let mut postings = Postings::new()
            .debit(Account::PlatformPending, part.left)
            .credit(Account::PlatformAvailable, part.left)
            .debit(Account::PlatformPending, part.fee)
            .credit(Account::PlatformFees, part.fee);
        for passed in &part.passed {
            postings = postings
                .debit(Account::SellerPending(passed.seller), passed.amount)
                .credit(Account::SellerAvailable(passed.seller), passed.amount);
        }
        let about = About::payment(sale.intent, &sale.attempt);
        draft.post(EntryReason::Settlement, about, postings);
    }
    if !due.is_empty() {
        draft.effect_now(EffectKind::ReportBalance);
        draft.put(sale);
    }
    Ok(())
}

/// Takes a refund out of its sale's unsettled money, as far as there is any, and notes how much
/// that was. Refunds of orders, and of money that was never taken, have nothing to do with it.
pub(super) fn draw(draft: &mut Draft<'_>, refund: &mut Refund) -> Result<(), Stop> {
    if refund.method == RefundMethod::Reversal {
        return Ok(());
    }
    let attempt = refund.attempt;
    for share in refund.shares.iter_mut().filter(|share| share.order.is_none()) {
        if let Some(mut sale) = draft.find::<Sale>(&attempt)? {
            share.unsettled = Some(sale.draw(share.held)?);
            draft.put(sale);
        }
    }
    Ok(())
}

/// The accounts that get back what a refund of a sale had taken, credited. What was unsettled then
/// may be settled now.
pub(super) fn put_back(
    draft: &mut Draft<'_>,
    refund: &Refund,
    mut postings: Postings,
) -> Result<Postings, Stop> {
    for share in refund.shares.iter().filter(|share| share.order.is_none()) {
        let drawn = share.unsettled.unwrap_or(Money::zero(share.held.currency()));
        let mut pending = Money::zero(drawn.currency());
        if drawn.is_positive()
            && let Some(mut sale) = draft.find::<Sale>(&refund.attempt)?
        {
            pending = sale.put_back(drawn)?;
            draft.put(sale);
        }
        postings = postings
            .credit(Account::PlatformPending, pending)
            .credit(Account::PlatformAvailable, share.held.checked_sub(pending)?);
    }
    Ok(postings)
}

/// Tells the platform's receivers what its balance is.
pub(super) fn note_balance(draft: &mut Draft<'_>, balance: &Balance) {
    let (id, created, balance) = (draft.id(), draft.now, balance.clone());
    let note = BalanceNote { id, created, balance };
    draft.event(EventKind::BalanceAvailable, &note);
    draft.put(note);
}
