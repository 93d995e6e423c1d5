//! Held funds: kept, released less the fee, frozen, given back.

use crate::event::EventKind;
use crate::held::{FreezeReason, HeldFunds, ReleaseStamp};
use crate::id::HeldFundsId;
use crate::ledger::{Account, EntryReason, Postings};
use crate::money::Money;
use crate::order::{Order, OrderState, ReleaseReason};
use crate::payment::intent::PaymentIntent;
use crate::payment::refund::RefundReason;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::seller::Seller;
use crate::view::Stop;

use super::draft::{About, Draft};
use super::refund::{self, Why};

/// Keeps the captured money of an order. The capture has posted it.
pub(super) fn hold(draft: &mut Draft<'_>, order: &Order, amount: Money) -> HeldFunds {
    let none = Money::zero(amount.currency());
    let in_claim = matches!(order.state, OrderState::InClaim { .. });
    let funds = HeldFunds {
        id: draft.id(),
        created: draft.now,
        order: order.id,
        intent: order.intent,
        seller: order.seller,
        amount,
        released: none,
        fee: none,
        refunded: none,
        clawed_back: none,
        fee_returned: none,
        held_again: None,
        releases: Vec::new(),
        frozen: if in_claim { Some(FreezeReason::Claim) } else { None },
        release_after: order.protection().map(|protection| protection.ends_at),
    };
    draft.event(EventKind::HeldFundsCreated, &funds);
    draft.put(funds.clone());
    funds
}

/// Releases all that is left to the seller.
pub(super) fn release_rest(
    draft: &mut Draft<'_>,
    id: HeldFundsId,
    reason: ReleaseReason,
) -> Result<(), Stop> {
    let funds: HeldFunds = draft.get(&id)?;
    let left = funds.left()?;
    if left.is_zero() {
        return Ok(());
    }
    pay_out(draft, funds, left, reason)
}

/// An operator releases held funds; with all of them the order is complete. What stays behind of
/// frozen funds stays frozen.
///
/// Refuses `FundsFrozen` during a claim, which is ruled instead, and while the charge is disputed;
/// then as `HeldFunds::release`.
pub(super) fn release(
    draft: &mut Draft<'_>,
    id: HeldFundsId,
    amount: Option<Money>,
) -> Result<(), Stop> {
    let funds = unclaimed(draft, id)?;
    let amount = amount.unwrap_or(funds.left()?);
    let order_id = funds.order;
    pay_out(draft, funds, amount, ReleaseReason::Operator)?;
    let funds: HeldFunds = draft.get(&id)?;
    let mut order: Order = draft.get(&order_id)?;
    // A refund that failed leaves an order that is not as refunded as it says.
    let is_refunded = matches!(order.state, OrderState::Refunded { .. });
    if funds.left()?.is_zero() && (order.protection().is_some() || is_refunded) {
        order.state = OrderState::Completed { at: draft.now, how: ReleaseReason::Operator };
        draft.event(EventKind::OrderCompleted, &order);
        draft.put(order);
    }
    Ok(())
}

/// An operator gives held funds back to the buyer.
pub(super) fn refund(
    draft: &mut Draft<'_>,
    id: HeldFundsId,
    amount: Option<Money>,
) -> Result<(), Stop> {
    let funds = unclaimed(draft, id)?;
    let left = funds.left()?;
    let amount = amount.unwrap_or(left);
    if amount.exceeds(left)? {
        return Err(Refusal::ReleaseExceedsHeld.into());
    }
    let why = Why::because(RefundReason::NotGiven);
    refund::of_order(draft, funds.order, Some(amount), why)
}

/// An operator stops held funds from moving until an operator moves them.
///
/// Refuses `FundsFrozen` for the second time, `AmountTooSmall` where nothing is held.
pub(super) fn freeze(draft: &mut Draft<'_>, id: HeldFundsId) -> Result<(), Stop> {
    let funds: HeldFunds = draft.get(&id)?;
    if funds.frozen.is_some() {
        return Err(Refusal::FundsFrozen.into());
    }
    if funds.left()?.is_zero() {
        return Err(Refusal::AmountTooSmall.into());
    }
    set_frozen(draft, funds, FreezeReason::Operator);
    Ok(())
}

/// Stops held funds from moving.
pub(super) fn set_frozen(draft: &mut Draft<'_>, funds: HeldFunds, reason: FreezeReason) {
    let funds = HeldFunds { frozen: Some(reason), ..funds };
    draft.event(EventKind::HeldFundsFrozen, &funds);
    draft.put(funds);
}

fn unclaimed(draft: &Draft<'_>, id: HeldFundsId) -> Result<HeldFunds, Stop> {
    let funds: HeldFunds = draft.get(&id)?;
    let payment = PaymentIntent::key(&funds.intent);
    draft.need([Order::key(&funds.order), Seller::key(&funds.seller), payment])?;
    match funds.frozen {
        // A claim is ruled, and a dispute is the bank's to decide.
        Some(FreezeReason::Claim | FreezeReason::Dispute) => Err(Refusal::FundsFrozen.into()),
        Some(FreezeReason::Operator | FreezeReason::RefundFailed) | None => Ok(funds),
    }
}

fn pay_out(
    draft: &mut Draft<'_>,
    mut funds: HeldFunds,
    amount: Money,
    reason: ReleaseReason,
) -> Result<(), Stop> {
    let seller: Seller = draft.get(&funds.seller)?;
    let rate = seller.fee.unwrap_or(draft.rules().fee);
    let stamp = ReleaseStamp { id: draft.id(), at: draft.now, reason };
    let release = funds.release(amount, rate, stamp)?;
    let postings = Postings::new()
        .debit(Account::Held(funds.order), release.amount)
        .credit(Account::SellerAvailable(funds.seller), release.net()?)
        .credit(Account::PlatformFees, release.fee);
    let about = About::payment(funds.intent, &release.id);
    draft.post(EntryReason::Release, about, postings);
    draft.event(EventKind::HeldFundsReleased, &funds);
    draft.put(funds);
    Ok(())
}
