//! Claims: the buyer objects, the money freezes, an operator rules.

use crate::command::{OpenClaim, Ruling};
use crate::event::EventKind;
use crate::held::{FreezeReason, HeldFunds};
use crate::id::OrderId;
use crate::money::Money;
use crate::order::{Claim, Funding, Order, OrderState, ReleaseReason};
use crate::payment::attempt::Attempt;
use crate::payment::intent::PaymentIntent;
use crate::payment::refund::RefundReason;
use crate::refusal::Refusal;
use crate::row::Record;
use crate::seller::Seller;
use crate::view::Stop;

use super::draft::Draft;
use super::held;
use super::refund::{self, Why};

/// The buyer objects: nothing is released until the claim is ruled.
///
/// Refuses `OrderUnexpectedState` unless the protection runs.
pub(super) fn open(draft: &mut Draft<'_>, open: &OpenClaim) -> Result<(), Stop> {
    let mut order: Order = draft.get(&open.order)?;
    if order.protection().is_none() {
        return Err(Refusal::OrderUnexpectedState.into());
    }
    let claim = Claim { at: draft.now, reason: open.reason, description: open.description.clone() };
    if let Some(id) = order.held_funds() {
        let funds: HeldFunds = draft.get(&id)?;
        // What the bank has frozen stays so; with the bank's decision the claim takes over.
        if funds.frozen != Some(FreezeReason::Dispute) {
            held::set_frozen(draft, funds, FreezeReason::Claim);
        }
    }
    order.state = OrderState::InClaim { claim };
    draft.event(EventKind::OrderClaimOpened, &order);
    draft.put(order);
    Ok(())
}

/// An operator decides: what is held goes to the buyer, to the seller, or to both.
///
/// Where the processor refused to take the money, what is still on the card is let go for the
/// buyer; the seller's part is tried once more before the authorization ends.
///
/// Refuses `OrderUnexpectedState` without a claim or while the money is still being taken,
/// `RulingExceedsHeld` when the buyer would get more than is there, `FundsFrozen` while the charge
/// is disputed at the bank.
pub(super) fn rule(draft: &mut Draft<'_>, id: OrderId, ruling: Ruling) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    if !matches!(order.state, OrderState::InClaim { .. }) {
        return Err(Refusal::OrderUnexpectedState.into());
    }
    let left = disputed(draft, &order)?;
    let to_buyer = match ruling {
        Ruling::Buyer => left,
        Ruling::Seller => Money::zero(left.currency()),
        Ruling::Split(amount) => amount,
    };
    if to_buyer.minor() < 0 || to_buyer.exceeds(left)? {
        return Err(Refusal::RulingExceedsHeld.into());
    }
    let held_funds = order.held_funds();
    if let Some(id) = held_funds {
        let funds: HeldFunds = draft.get(&id)?;
        if funds.frozen == Some(FreezeReason::Dispute) {
            return Err(Refusal::FundsFrozen.into());
        }
        draft.put(HeldFunds { frozen: None, ..funds });
    }
    end(draft, order, ruling, to_buyer)?;
    if to_buyer.is_positive() {
        refund::of_order(draft, id, Some(to_buyer), Why::because(RefundReason::Ruling))?;
    }
    match held_funds {
        Some(id) => held::release_rest(draft, id, ReleaseReason::Ruling),
        None => Ok(()),
    }
}

/// What the claim is about: what is held, or what could not be taken and is still on the card.
fn disputed(draft: &Draft<'_>, order: &Order) -> Result<Money, Stop> {
    draft.need([Seller::key(&order.seller), PaymentIntent::key(&order.intent)])?;
    match order.funding {
        Funding::Held { held_funds } => Ok(draft.get::<HeldFunds>(&held_funds)?.left()?),
        Funding::CaptureFailed { .. } => {
            let intent: PaymentIntent = draft.get(&order.intent)?;
            let attempt = intent.attempt().ok_or(Refusal::PaymentUnexpectedState)?;
            let attempt: Attempt = draft.get(&attempt)?;
            let hold = attempt.authorization().ok_or(Refusal::PaymentUnexpectedState)?;
            Ok(order.payable()?.at_most(hold.left()?)?)
        }
        Funding::Authorized
        | Funding::Capturing { .. }
        | Funding::Returning { .. }
        | Funding::Returned => Err(Refusal::OrderUnexpectedState.into()),
    }
}

/// The order is over: refunded when the buyer has nothing left to pay, complete otherwise.
fn end(
    draft: &mut Draft<'_>,
    mut order: Order,
    ruling: Ruling,
    to_buyer: Money,
) -> Result<(), Stop> {
    let at = draft.now;
    // An order whose money was never taken costs the buyer nothing either.
    let is_untaken = order.held_funds().is_none() && ruling == Ruling::Buyer;
    order.state = if order.payable()? == to_buyer || is_untaken {
        OrderState::Refunded { at }
    } else {
        OrderState::Completed { at, how: ReleaseReason::Ruling }
    };
    draft.event(EventKind::OrderClaimRuled, &order);
    draft.put(order);
    Ok(())
}
