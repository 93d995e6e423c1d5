//! The held money of a disputed payment's orders: frozen while the bank decides, then an
//! operator's to move.

use crate::event::EventKind;
use crate::held::{FreezeReason, HeldFunds};
use crate::order::{Order, OrderState};
use crate::payment::attempt::Attempt;
use crate::payment::intent::PaymentIntent;
use crate::row::Record;
use crate::view::Stop;

use super::super::draft::Draft;
use super::super::held;

/// Freezes what is held for the orders of the payment: whoever gets it, the bank may have it.
pub(super) fn freeze(draft: &mut Draft<'_>, attempt: &Attempt) -> Result<(), Stop> {
    for (_, funds) in of_orders(draft, attempt)? {
        if funds.left()?.is_positive() {
            held::set_frozen(draft, funds, FreezeReason::Dispute);
        }
    }
    Ok(())
}

/// The bank has decided. Who bears a loss, and who is paid after a win, is an operator's ruling:
/// nothing moves by itself. A claim that was open before is still open.
pub(super) fn hand_over(draft: &mut Draft<'_>, attempt: &Attempt) -> Result<(), Stop> {
    for (order, funds) in of_orders(draft, attempt)? {
        if funds.frozen != Some(FreezeReason::Dispute) {
            continue;
        }
        let in_claim = matches!(order.state, OrderState::InClaim { .. });
        let reason = if in_claim { FreezeReason::Claim } else { FreezeReason::Operator };
        let funds = HeldFunds { frozen: Some(reason), ..funds };
        draft.event(EventKind::HeldFundsFrozen, &funds);
        draft.put(funds);
    }
    Ok(())
}

fn of_orders(draft: &Draft<'_>, attempt: &Attempt) -> Result<Vec<(Order, HeldFunds)>, Stop> {
    let intent: PaymentIntent = draft.get(&attempt.intent)?;
    // An attempt that was approved too late has no part in the payment's orders.
    if intent.attempt() != Some(attempt.id) {
        return Ok(Vec::new());
    }
    draft.need(intent.orders.iter().map(Order::key))?;
    let orders = intent.orders.iter().map(|id| draft.get::<Order>(id));
    let orders = orders.collect::<Result<Vec<_>, _>>()?;
    let keys = orders.iter().filter_map(Order::held_funds).map(|id| HeldFunds::key(&id));
    draft.need(keys)?;
    let mut held = Vec::new();
    for order in orders {
        if let Some(id) = order.held_funds() {
            held.push((order, draft.get(&id)?));
        }
    }
    Ok(held)
}
