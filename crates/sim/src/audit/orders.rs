//! Orders and held funds: every part of the money has one place (I5), and none before its time
//! (I9).

use holdfast_core::effect::{EffectKind, Timer};
use holdfast_core::held::HeldFunds;
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::order::{Funding, Order, OrderState, ReleaseReason};
use holdfast_core::payment::refund::{Refund, RefundMethod, RefundShare};

use super::books::failed;
use super::{Evidence, Findings};

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    for intent in evidence.intents.values().filter(|intent| !intent.orders.is_empty()) {
        let orders = intent.orders.iter().filter_map(|id| evidence.orders.get(id));
        let whole = Money::sum(intent.amount.currency(), orders.map(|order| order.total));
        findings.same(&whole, &Ok(intent.amount), || format!("I1: the orders of {}", intent.id));
    }
    for order in evidence.orders.values() {
        check_order(evidence, findings, order);
    }
    for funds in evidence.funds.values() {
        check_funds(evidence, findings, funds);
    }
}

/// What each refund that did not fail took of an order.
fn shares<'a>(
    evidence: &'a Evidence,
    order: &'a Order,
) -> impl Iterator<Item = (&'a Refund, &'a RefundShare)> {
    let refunds = evidence.refunds.iter().filter(|refund| !failed(&refund.state));
    let shares = refunds.flat_map(|refund| refund.shares.iter().map(move |it| (refund, it)));
    shares.filter(|(_, share)| share.order == Some(order.id))
}

fn check_order(evidence: &Evidence, findings: &mut Findings, order: &Order) {
    let id = order.id;
    let totals = shares(evidence, order).map(|(_, share)| share.total());
    let totals = totals.collect::<Result<Vec<_>, _>>();
    let refunded = totals.and_then(|totals| Money::sum(order.total.currency(), totals));
    findings.same(&Ok(order.refunded), &refunded, || format!("I10: refunded of {id}"));
    let over = order.refunded.exceeds(order.total);
    findings.expect(over == Ok(false), || format!("I5: {id} refunded more than it cost"));

    let funds = evidence.funds.values().filter(|funds| funds.order == id).count();
    let expected = usize::from(order.held_funds().is_some());
    findings.same(&funds, &expected, || format!("I10: held funds of {id} {:?}", order.funding));
}

fn check_funds(evidence: &Evidence, findings: &mut Findings, funds: &HeldFunds) {
    let id = funds.id;
    let Some(order) = evidence.orders.get(&funds.order) else {
        return findings.expect(false, || format!("I10: {id} has no order"));
    };
    let currency = funds.amount.currency();
    let released = Money::sum(currency, funds.releases.iter().map(|it| it.amount));
    findings.same(&Ok(funds.released), &released, || format!("I10: released of {id}"));
    let fee = Money::sum(currency, funds.releases.iter().map(|release| release.fee));
    findings.same(&Ok(funds.fee), &fee, || format!("I10: the fee of {id}"));

    let returns = || {
        let all = shares(evidence, order).filter(|(it, _)| it.method == RefundMethod::Return);
        all.map(|(_, share)| *share)
    };
    let held = Money::sum(currency, returns().map(|share| share.held));
    findings.same(&Ok(funds.refunded), &held, || format!("I10: refunded of {id}"));
    let clawed = returns().map(|share| share.seller.checked_add(share.fee));
    let clawed = clawed.collect::<Result<Vec<_>, MoneyError>>();
    let clawed = clawed.and_then(|clawed| Money::sum(currency, clawed));
    let gone = funds.clawed_back.checked_sub(funds.held_again());
    findings.same(&gone, &clawed, || format!("I10: clawed back of {id}"));

    let parts = funds.released.checked_add(funds.refunded);
    let had = funds.amount.checked_add(funds.held_again());
    let over = parts.and_then(|parts| parts.exceeds(had?));
    findings.expect(over == Ok(false), || format!("I5: {id} gave away more than it had"));
    for release in &funds.releases {
        let early = release.reason == ReleaseReason::ProtectionEnded
            && funds.release_after.is_none_or(|after| release.at < after);
        findings.expect(!early, || format!("I9: {id} was released too early: {release:?}"));
    }
}

/// No order waits for anything any more, and nothing is kept that nobody claims.
pub(super) fn check_ended(evidence: &Evidence, findings: &mut Findings) {
    for order in evidence.orders.values() {
        let is_waiting = match order.state {
            OrderState::AwaitingShipment { .. }
            | OrderState::Shipped { .. }
            | OrderState::Delivered { .. }
            | OrderState::InClaim { .. } => true,
            OrderState::Completed { .. }
            | OrderState::Canceled { .. }
            | OrderState::Refunded { .. } => false,
        };
        let is_moving = match order.funding {
            Funding::Authorized | Funding::Capturing { .. } | Funding::Returning { .. } => true,
            Funding::Held { .. } | Funding::Returned | Funding::CaptureFailed { .. } => false,
        };
        let (id, state, funding) = (order.id, order.state.name(), order.funding.name());
        // What an operator froze waits for one.
        let funds = order.held_funds().and_then(|id| evidence.funds.get(&id));
        let is_frozen = funds.is_some_and(|funds| funds.frozen.is_some());
        let may_wait = is_frozen || was_paid_out(evidence, order);
        findings.expect(!is_moving && (!is_waiting || may_wait), || {
            format!("I4: {id} is still {state} and {funding}")
        });
    }
    for funds in evidence.funds.values() {
        let is_kept = funds.left().is_ok_and(Money::is_positive) && funds.frozen.is_none();
        let id = funds.id;
        findings.expect(!is_kept, || format!("I4: {id} still holds {:?}", funds.left()));
    }
}

/// Whether an operator released the money of an order that was never shipped: it is given back as
/// soon as its seller has it.
fn was_paid_out(evidence: &Evidence, order: &Order) -> bool {
    let funds = order.held_funds().and_then(|id| evidence.funds.get(&id));
    let is_out = funds.is_some_and(|funds| funds.recoverable().is_ok_and(Money::is_positive));
    order.awaits_shipment() && is_out
}

/// Whether an effect is a clock that rings until a seller can give back what it was paid.
pub(super) fn rings_for_money(evidence: &Evidence, kind: &EffectKind) -> bool {
    let EffectKind::Timer(Timer::ShipBy(id) | Timer::CancelSilence(id)) = kind else {
        return false;
    };
    evidence.orders.get(id).is_some_and(|order| was_paid_out(evidence, order))
}
