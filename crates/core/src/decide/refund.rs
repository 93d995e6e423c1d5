//! Giving money back: from which part of which order, asked for.

use std::collections::BTreeMap;

use crate::command::{CreateRefund, PaymentRef};
use crate::event::EventKind;
use crate::held::{FreezeReason, HeldFunds};
use crate::id::{AttemptId, OrderId};
use crate::money::Money;
use crate::order::{Funding, Order, OrderCancelReason, OrderState, ReleaseReason};
use crate::payment::attempt::Attempt;
use crate::payment::authorization::Authorization;
use crate::payment::intent::PaymentIntent;
use crate::payment::refund::{Pulls, RefundMethod, RefundReason, RefundShare};
use crate::refusal::Refusal;
use crate::row::Record;
use crate::sale::Sale;
use crate::view::Stop;

use super::draft::Draft;

mod ask;

pub(super) use ask::{record, request};

use ask::{GiveBack, start};

/// Gives money back because the platform asks for it.
///
/// With an order, that order pays; without, all orders whose money was taken pay in proportion to
/// what is left of it, and where no taken money is left, all orders whose money is still on the
/// card, in proportion to their sums. A charge that the payment has given up pays by itself: what
/// was taken with an approval that came too late, and whose refund then failed.
///
/// Refuses `NotFound`, `Changed` while the bank is asked to hold more, `PaymentUnexpectedState`
/// when nothing was ever approved, `AlreadyRefunded`, `OrderUnexpectedState` while the money is
/// just being taken, `RefundExceedsPayment`, `FundsFrozen` during a claim, which is ruled instead,
/// and during a dispute, `ChargeDisputed` for what the bank has taken back.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateRefund) -> Result<(), Stop> {
    let intent = intent_of(draft, create.payment)?;
    intent.refuse_growing()?;
    let attempt = intent.attempt().ok_or(Refusal::PaymentUnexpectedState)?;
    let why = Why { reason: create.reason, metadata: create.metadata.clone(), pulls: create.pulls };
    if let PaymentRef::Attempt(named) = create.payment
        && named != attempt
    {
        draft.need([Sale::key(&named)])?;
        return match create.order {
            Some(_) => Err(Refusal::NotFound.into()),
            None => of_sale(draft, named, create.amount, why),
        };
    }
    let keys = intent.orders.iter().map(Order::key);
    let sale = intent.orders.is_empty().then(|| Sale::key(&attempt));
    draft.need(keys.chain([Attempt::key(&attempt)]).chain(sale))?;
    match create.order {
        Some(order) if intent.orders.contains(&order) => of_order(draft, order, create.amount, why),
        Some(_) => Err(Refusal::NotFound.into()),
        None if intent.orders.is_empty() => of_sale(draft, attempt, create.amount, why),
        None => of_all_orders(draft, &intent, create.amount, why),
    }
}

/// Why money goes back, and the platform's notes on it.
pub(super) struct Why {
    pub(super) reason: RefundReason,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) pulls: Pulls,
}

impl Why {
    pub(super) fn because(reason: RefundReason) -> Why {
        Why { reason, metadata: BTreeMap::new(), pulls: Pulls::default() }
    }
}

fn intent_of(draft: &Draft<'_>, payment: PaymentRef) -> Result<PaymentIntent, Stop> {
    let id = match payment {
        PaymentRef::Intent(id) => id,
        PaymentRef::Attempt(id) => draft.get::<Attempt>(&id)?.intent,
    };
    draft.get(&id)
}

/// The platform's own sale: what was taken of it goes back, or what is still held on the card.
fn of_sale(
    draft: &mut Draft<'_>,
    attempt: AttemptId,
    amount: Option<Money>,
    why: Why,
) -> Result<(), Stop> {
    let row: Attempt = draft.get(&attempt)?;
    let hold = approved(&row)?;
    let (method, left) = if hold.captured.is_positive() {
        let left = row.refundable()?;
        if row.withdrawn()?.is_positive() && !left.is_positive() {
            return Err(Refusal::ChargeDisputed.into());
        }
        (RefundMethod::Return, left)
    } else {
        (RefundMethod::Reversal, hold.left()?)
    };
    if left.is_zero() && hold.capturing.is_positive() {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    let amount = within(amount, left)?;
    let shares = vec![RefundShare::of_held(None, amount)];
    start(draft, attempt, GiveBack { method, amount, shares, why })?;
    Ok(())
}

/// Gives an order's money back, all that is left when no amount is given.
pub(super) fn of_order(
    draft: &mut Draft<'_>,
    id: OrderId,
    amount: Option<Money>,
    why: Why,
) -> Result<(), Stop> {
    let order: Order = draft.get(&id)?;
    match order.funding {
        Funding::Authorized | Funding::CaptureFailed { .. } => {
            let amount = within(amount, order.payable()?)?;
            of_orders(draft, RefundMethod::Reversal, vec![(order, amount)], why)
        }
        Funding::Held { held_funds } => {
            let left = refundable(&draft.get(&held_funds)?)?;
            let amount = within(amount, left)?;
            of_orders(draft, RefundMethod::Return, vec![(order, amount)], why)
        }
        Funding::Returning { .. } | Funding::Returned => Err(Refusal::AlreadyRefunded.into()),
        Funding::Capturing { .. } => Err(Refusal::OrderUnexpectedState.into()),
    }
}

/// Splits a refund of the whole payment over its orders.
fn of_all_orders(
    draft: &mut Draft<'_>,
    intent: &PaymentIntent,
    amount: Option<Money>,
    why: Why,
) -> Result<(), Stop> {
    let orders = intent.orders.iter().map(|id| draft.get::<Order>(id));
    let orders = orders.collect::<Result<Vec<_>, _>>()?;
    let funds = orders.iter().filter_map(Order::held_funds);
    draft.need(funds.map(|id| HeldFunds::key(&id)))?;

    let mut taken = Vec::new();
    let mut on_card = Vec::new();
    let mut is_being_taken = false;
    for order in orders {
        match order.funding {
            Funding::Held { held_funds } => {
                let left = refundable(&draft.get(&held_funds)?)?;
                taken.push((order, left));
            }
            Funding::Authorized | Funding::CaptureFailed { .. } => {
                let left = order.payable()?;
                on_card.push((order, left));
            }
            Funding::Capturing { .. } => is_being_taken = true,
            Funding::Returning { .. } | Funding::Returned => {}
        }
    }
    taken.retain(|(_, left)| left.is_positive());
    let (method, parts) = if taken.is_empty() {
        (RefundMethod::Reversal, on_card)
    } else {
        (RefundMethod::Return, taken)
    };
    if parts.is_empty() && is_being_taken {
        return Err(Refusal::OrderUnexpectedState.into());
    }
    let parts = split(intent, amount, parts)?;
    of_orders(draft, method, parts, why)
}

/// Splits `amount` in proportion to what each order has left, by largest remainder.
fn split(
    intent: &PaymentIntent,
    amount: Option<Money>,
    parts: Vec<(Order, Money)>,
) -> Result<Vec<(Order, Money)>, Stop> {
    let left = Money::sum(intent.amount.currency(), parts.iter().map(|(_, left)| *left))?;
    let amount = within(amount, left)?;
    let weights: Vec<i64> = parts.iter().map(|(_, left)| left.minor()).collect();
    let amounts = amount.allocate(&weights)?;
    let orders = parts.into_iter().map(|(order, _)| order).zip(amounts);
    Ok(orders.filter(|(_, amount)| amount.is_positive()).collect())
}

/// One refund to the processor, paid for by parts of orders.
fn of_orders(
    draft: &mut Draft<'_>,
    method: RefundMethod,
    parts: Vec<(Order, Money)>,
    why: Why,
) -> Result<(), Stop> {
    let Some((first, _)) = parts.first() else {
        return Err(Refusal::AlreadyRefunded.into());
    };
    let intent: PaymentIntent = draft.get(&first.intent)?;
    let attempt = intent.attempt().ok_or(Refusal::PaymentUnexpectedState)?;
    if parts.iter().any(|(order, _)| matches!(order.state, OrderState::InClaim { .. })) {
        return Err(Refusal::FundsFrozen.into());
    }
    let mut shares = Vec::new();
    for (order, amount) in &parts {
        unfrozen(draft, order)?;
        shares.push(share(draft, order, *amount)?);
    }
    let amount = Money::sum(intent.amount.currency(), parts.iter().map(|part| part.1))?;
    let refund = start(draft, attempt, GiveBack { method, amount, shares, why })?;
    for (mut order, amount) in parts {
        order.refunded = order.refunded.checked_add(amount)?;
        match order.held_funds() {
            Some(id) => end_when_empty(draft, &mut order, &draft.get(&id)?)?,
            None if order.payable()?.is_zero() => {
                order.funding = Funding::Returning { refund };
                end_refunded(draft, &mut order);
            }
            None => {}
        }
        draft.put(order);
    }
    Ok(())
}

/// Refuses `FundsFrozen` while the bank decides a dispute about an order's money.
fn unfrozen(draft: &Draft<'_>, order: &Order) -> Result<(), Stop> {
    let Some(id) = order.held_funds() else { return Ok(()) };
    match draft.get::<HeldFunds>(&id)?.frozen {
        Some(FreezeReason::Dispute) => Err(Refusal::FundsFrozen.into()),
        Some(FreezeReason::Claim | FreezeReason::Operator | FreezeReason::RefundFailed) | None => {
            Ok(())
        }
    }
}

/// Takes an order's part out of its held funds; an authorized part needs no such thing.
fn share(draft: &mut Draft<'_>, order: &Order, amount: Money) -> Result<RefundShare, Stop> {
    let Some(id) = order.held_funds() else {
        return Ok(RefundShare::of_held(Some(order.id), amount));
    };
    let mut funds: HeldFunds = draft.get(&id)?;
    let taken = funds.take_back(amount)?;
    draft.event(EventKind::HeldFundsRefunded, &funds);
    draft.put(funds);
    let crate::held::TakenBack { held, seller, fee } = taken;
    let seller_account = Some(order.seller);
    let order = Some(order.id);
    Ok(RefundShare { order, held, unsettled: None, seller, seller_account, fee })
}

/// An order of which nothing is held any more is over, although its clock still runs: it went back
/// whole, or what did not was released by an operator before.
fn end_when_empty(draft: &mut Draft<'_>, order: &mut Order, funds: &HeldFunds) -> Result<(), Stop> {
    if !funds.left()?.is_zero() {
        return Ok(());
    }
    if funds.recoverable()?.is_zero() {
        end_refunded(draft, order);
    } else if order.protection().is_some() {
        order.state = OrderState::Completed { at: draft.now, how: ReleaseReason::Operator };
        draft.event(EventKind::OrderCompleted, order);
    }
    Ok(())
}

/// An order whose whole sum went back has nothing left to wait for.
fn end_refunded(draft: &mut Draft<'_>, order: &mut Order) {
    let at = draft.now;
    match order.state {
        OrderState::AwaitingShipment { .. } => {
            order.state = OrderState::Canceled { at, reason: OrderCancelReason::Refunded };
            draft.event(EventKind::OrderCanceled, order);
        }
        OrderState::Shipped { .. }
        | OrderState::Delivered { .. }
        | OrderState::Completed { .. } => {
            order.state = OrderState::Refunded { at };
            draft.event(EventKind::OrderRefunded, order);
        }
        // Whoever cancelled or ruled has set the state.
        OrderState::InClaim { .. } | OrderState::Canceled { .. } | OrderState::Refunded { .. } => {}
    }
}

/// Lets go of all that is left of an authorization, when anything is.
pub(super) fn reverse_rest(
    draft: &mut Draft<'_>,
    attempt: AttemptId,
    reason: RefundReason,
) -> Result<(), Stop> {
    let row: Attempt = draft.get(&attempt)?;
    let amount = approved(&row)?.left()?;
    if amount.is_zero() {
        return Ok(());
    }
    let shares = vec![RefundShare::of_held(None, amount)];
    let why = Why::because(reason);
    start(draft, attempt, GiveBack { method: RefundMethod::Reversal, amount, shares, why })?;
    Ok(())
}

/// Gives back what was taken with an approval that came too late.
pub(super) fn of_late_capture(draft: &mut Draft<'_>, attempt: AttemptId) -> Result<(), Stop> {
    of_sale(draft, attempt, None, Why::because(RefundReason::LateApproval))
}

fn approved(attempt: &Attempt) -> Result<&Authorization, Stop> {
    attempt.authorization().ok_or(Stop::Refused(Refusal::PaymentUnexpectedState))
}

/// What can still go back of an order's held and released money.
fn refundable(funds: &HeldFunds) -> Result<Money, Stop> {
    Ok(funds.left()?.checked_add(funds.recoverable()?)?)
}

/// The amount to give back: what was asked for, or all that is left.
fn within(asked: Option<Money>, left: Money) -> Result<Money, Stop> {
    if left.is_zero() {
        return Err(Refusal::AlreadyRefunded.into());
    }
    let amount = asked.unwrap_or(left);
    if amount.exceeds(left)? {
        return Err(Refusal::RefundExceedsPayment.into());
    }
    if !amount.is_positive() {
        return Err(Refusal::AmountTooSmall.into());
    }
    Ok(amount)
}
