//! Claims: the buyer objects, the money freezes, an operator rules.

use crate::command::{OpenClaim, Ruling};
use crate::event::EventKind;
use crate::held::{FreezeReason, HeldFunds};
use crate::id::OrderId;
use crate::money::Money;
use crate::order::{Claim, Order, OrderState, ReleaseReason};
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
        held::set_frozen(draft, funds, FreezeReason::Claim);
    }
    order.state = OrderState::InClaim { claim };
    draft.event(EventKind::OrderClaimOpened, &order);
    draft.put(order);
    Ok(())
}

/// An operator decides: what is held goes to the buyer, to the seller, or to both.
///
/// Refuses `OrderUnexpectedState` without a claim or while the money is still being taken,
/// `RulingExceedsHeld` when the buyer would get more than is held.
pub(super) fn rule(draft: &mut Draft<'_>, id: OrderId, ruling: Ruling) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    let (OrderState::InClaim { .. }, Some(held_funds)) = (&order.state, order.held_funds()) else {
        return Err(Refusal::OrderUnexpectedState.into());
    };
    draft.need([HeldFunds::key(&held_funds), Seller::key(&order.seller)])?;
    let mut funds: HeldFunds = draft.get(&held_funds)?;
    let left = funds.left()?;
    let to_buyer = match ruling {
        Ruling::Buyer => left,
        Ruling::Seller => Money::zero(left.currency()),
        Ruling::Split(amount) => amount,
    };
    if to_buyer.minor() < 0 || to_buyer.exceeds(left)? {
        return Err(Refusal::RulingExceedsHeld.into());
    }
    funds.frozen = None;
    draft.put(funds);
    end(draft, order, to_buyer == left);
    if to_buyer.is_positive() {
        refund::of_order(draft, id, Some(to_buyer), Why::because(RefundReason::Ruling))?;
    }
    held::release_rest(draft, held_funds, ReleaseReason::Ruling)
}

fn end(draft: &mut Draft<'_>, mut order: Order, all_to_buyer: bool) {
    let at = draft.now;
    order.state = if all_to_buyer {
        OrderState::Refunded { at }
    } else {
        OrderState::Completed { at, how: ReleaseReason::Ruling }
    };
    draft.event(EventKind::OrderClaimRuled, &order);
    draft.put(order);
}
