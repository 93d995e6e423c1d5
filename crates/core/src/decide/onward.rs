//! Charges whose money goes on to a seller by itself, and what refunds take back of it.

use std::collections::BTreeMap;

use crate::fee::ApplicationFee;
use crate::id::{RefundId, SellerId, TransferReversalId};
use crate::money::Money;
use crate::payment::attempt::Attempt;
use crate::payment::capture::Capture;
use crate::payment::intent::PaymentIntent;
use crate::row::Record;
use crate::sale::{Onward, Sale};
use crate::seller::Seller;
use crate::transfer::Transfer;
use crate::view::Stop;

use super::draft::Draft;
use super::fee;
use super::transfer::{self, Back, NewTransfer};

/// Where the money of a payment goes on to.
pub(super) struct Destination {
    /// The seller.
    pub(super) seller: SellerId,
    /// How much of the whole payment; all of it when not given.
    pub(super) amount: Option<Money>,
    /// What the platform keeps of the whole payment.
    pub(super) fee: Option<Money>,
    /// The seller's own text.
    pub(super) description: Option<String>,
    /// Notes on the transfer.
    pub(super) metadata: BTreeMap<String, String>,
}

/// Sends on what the payment says of a capture; nothing when it says nothing, and nothing of the
/// money of orders, which is held for their sellers.
pub(super) fn of_capture(
    draft: &mut Draft<'_>,
    capture: &Capture,
    intent: &PaymentIntent,
) -> Result<Option<Onward>, Stop> {
    let Some(data) = intent.notes.transfer_data.clone() else { return Ok(None) };
    if !capture.shares.is_empty() {
        return Ok(None);
    }
    let to = Destination {
        seller: data.destination,
        amount: data.amount,
        fee: intent.notes.application_fee,
        description: data.description,
        metadata: data.metadata,
    };
    send(draft, capture, intent, to)
}

/// Sends the part of a capture on that goes with it, in proportion to the payment's sum: reckoned
/// on all that was captured so far, so that the parts together are exact. The fee is taken of the
/// seller's part at once. Where the seller is gone, all of it stays with the platform.
pub(super) fn send(
    draft: &mut Draft<'_>,
    capture: &Capture,
    intent: &PaymentIntent,
    to: Destination,
) -> Result<Option<Onward>, Stop> {
    let part = |whole: Money| part_of(whole, intent, capture.amount);
    let amount = part(to.amount.unwrap_or(intent.amount).at_most(intent.amount)?)?;
    if !amount.is_positive() || draft.find::<Seller>(&to.seller)?.is_none() {
        return Ok(None);
    }
    let source = (capture.attempt, capture.intent);
    let new = NewTransfer {
        amount,
        destination: to.seller,
        source: Some(source),
        group: Some(group_of(intent)),
        description: to.description,
        metadata: to.metadata,
    };
    let transfer = transfer::make(draft, new)?;
    let kept = match to.fee {
        Some(whole) => part(whole)?.at_most(amount)?,
        None => Money::zero(amount.currency()),
    };
    let fee =
        if kept.is_positive() { Some(fee::take(draft, &transfer, source, kept)?) } else { None };
    let onward = Onward { transfer: transfer.id, fee };
    let mut sale: Sale = draft.get(&capture.attempt)?;
    sale.onward.push(onward);
    draft.put(sale);
    Ok(Some(onward))
}

/// The part of `whole` that goes with the capture which made `intent.captured` what it is.
fn part_of(whole: Money, intent: &PaymentIntent, captured: Money) -> Result<Money, Stop> {
    let now = intent.captured;
    let before = now.checked_sub(captured)?;
    let upto = |so_far: Money| -> Result<Money, Stop> {
        let rest = intent.amount.checked_sub(so_far)?;
        let parts = whole.allocate(&[so_far.minor(), rest.minor()])?;
        Ok(parts.first().copied().unwrap_or(whole))
    };
    Ok(upto(now)?.checked_sub(upto(before)?)?)
}

/// The group of a payment that names none, as the dialect makes it.
fn group_of(intent: &PaymentIntent) -> String {
    intent.transfer_group.clone().unwrap_or_else(|| format!("group_{}", intent.id))
}

/// What a refund takes back beside the buyer's money.
#[derive(Clone, Copy)]
pub(super) struct Pull {
    /// The refund.
    pub(super) refund: RefundId,
    /// How much goes back to the buyer.
    pub(super) amount: Money,
    /// Whether the seller pays its part.
    pub(super) transfer: bool,
    /// Whether the platform gives the seller its part of the fee back.
    pub(super) fee: bool,
}

/// Takes the refund's part of a charge's transfers and fees back, in proportion to what was
/// captured: exact over all refunds, and all that is left with the last. The fee goes back first,
/// so that a seller never has to advance it.
pub(super) fn pull_back(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    pull: Pull,
) -> Result<Option<TransferReversalId>, Stop> {
    if !pull.transfer && !pull.fee {
        return Ok(None);
    }
    let Some(sale) = draft.find::<Sale>(&attempt.id)? else { return Ok(None) };
    let Some(captured) = attempt.authorization().map(|hold| hold.captured) else {
        return Ok(None);
    };
    let transfers = sale.onward.iter().map(|onward| Transfer::key(&onward.transfer));
    let fees = sale.onward.iter().filter_map(|onward| onward.fee);
    draft.need(transfers.chain(fees.map(|id| ApplicationFee::key(&id))))?;
    if pull.fee {
        return_fees(draft, attempt, pull, captured)?;
    }
    if pull.transfer { reverse(draft, attempt, pull, captured) } else { Ok(None) }
}

fn return_fees(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    pull: Pull,
    captured: Money,
) -> Result<(), Stop> {
    let mut sale: Sale = draft.get(&attempt.id)?;
    let ids = sale.onward.iter().filter_map(|onward| onward.fee);
    let fees = ids.map(|id| draft.get::<ApplicationFee>(&id)).collect::<Result<Vec<_>, _>>()?;
    let currency = captured.currency();
    let whole = Money::sum(currency, fees.iter().map(|fee| fee.amount))?;
    let back = Money::sum(currency, fees.iter().map(|fee| fee.refunded))?;
    let mut due = sale.pulled_fee.next(pull.amount, captured, whole, whole.checked_sub(back)?)?;
    draft.put(sale);
    for fee in fees {
        let part = due.at_most(fee.left()?)?;
        if part.is_positive() {
            due = due.checked_sub(part)?;
            fee::give_back(draft, fee, part, BTreeMap::new())?;
        }
    }
    Ok(())
}

fn reverse(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    pull: Pull,
    captured: Money,
) -> Result<Option<TransferReversalId>, Stop> {
    let mut sale: Sale = draft.get(&attempt.id)?;
    let ids = sale.onward.iter().map(|onward| onward.transfer);
    let transfers = ids.map(|id| draft.get::<Transfer>(&id)).collect::<Result<Vec<_>, _>>()?;
    let currency = captured.currency();
    let whole = Money::sum(currency, transfers.iter().map(|it| it.amount))?;
    let back = Money::sum(currency, transfers.iter().map(|it| it.reversed))?;
    let due = sale.pulled_transfer.next(pull.amount, captured, whole, whole.checked_sub(back)?)?;
    let shares = shares(draft, &sale, &transfers, due)?;
    draft.put(sale);
    let mut first = None;
    for (transfer, amount) in transfers.into_iter().zip(shares) {
        if amount.is_positive() {
            let (refund, description, metadata) = (Some(pull.refund), None, BTreeMap::new());
            let back = Back { amount, refund, description, metadata };
            let id = transfer::take_back(draft, transfer, back)?;
            first = first.or(Some(id));
        }
    }
    Ok(first)
}

/// How much of `due` each transfer gives back: first what its seller has left of it beside the
/// fee, so that none of them advances a cent that rounding put into another; then the rest, where
/// the fee was not given back.
fn shares(
    draft: &Draft<'_>,
    sale: &Sale,
    transfers: &[Transfer],
    mut due: Money,
) -> Result<Vec<Money>, Stop> {
    let mut shares = Vec::with_capacity(transfers.len());
    for (onward, transfer) in sale.onward.iter().zip(transfers) {
        let mut free = transfer.left()?;
        if let Some(id) = onward.fee {
            free = free.checked_sub(draft.get::<ApplicationFee>(&id)?.left()?)?;
        }
        let share =
            if free.is_positive() { due.at_most(free)? } else { Money::zero(due.currency()) };
        due = due.checked_sub(share)?;
        shares.push(share);
    }
    for (share, transfer) in shares.iter_mut().zip(transfers) {
        let more = due.at_most(transfer.left()?.checked_sub(*share)?)?;
        *share = share.checked_add(more)?;
        due = due.checked_sub(more)?;
    }
    Ok(shares)
}

#[cfg(test)]
mod tests;
