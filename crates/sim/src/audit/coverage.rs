//! Where a run has been: an auditor who never sees a late approval says nothing about them.

use std::collections::BTreeMap;

use holdfast_core::order::OrderState;
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::increment::Increment;

use super::Evidence;
use super::payments::late_refund;

/// How often what was reached, by its name.
pub(crate) fn reached(evidence: &Evidence) -> BTreeMap<String, u64> {
    let mut reached = BTreeMap::new();
    let mut count = |sort: &str, name: &str| {
        *reached.entry(format!("{sort} {name}")).or_insert(0) += 1;
    };
    for event in &evidence.events {
        count("event", event.kind.name());
    }
    for refund in &evidence.refunds {
        count("refund because", refund.reason.name());
        count("refund", refund.state.name());
        if refund.reversal.is_some() {
            count("refund", "reversing its transfer");
        }
    }
    for capture in &evidence.captures {
        names_of(evidence, capture).for_each(|(sort, name)| count(sort, name));
    }
    increments(evidence).for_each(|increment| count("increment", increment.state.name()));
    for order in evidence.orders.values() {
        count("funding", order.funding.name());
        match &order.state {
            OrderState::Canceled { reason, .. } => count("order canceled", reason.name()),
            OrderState::Completed { how, .. } => count("order completed", how.name()),
            OrderState::AwaitingShipment { .. }
            | OrderState::Shipped { .. }
            | OrderState::Delivered { .. }
            | OrderState::InClaim { .. }
            | OrderState::Refunded { .. } => count("order", order.state.name()),
        }
    }
    evidence.payouts.iter().for_each(|payout| count("payout", payout.state.name()));
    for method in &evidence.methods {
        count("card", method.state.name());
    }
    for setup in evidence.setups.values() {
        count("setup", setup.state.name());
    }
    for attempt in evidence.attempts.values().filter(|attempt| attempt.off_session) {
        count("off session", attempt.state.name());
    }
    for release in evidence.funds.values().flat_map(|funds| &funds.releases) {
        count("release because", release.reason.name());
    }
    for (code, times) in &evidence.town.history.lock().refused {
        *reached.entry(format!("refused {code}")).or_insert(0) += times;
    }
    reached
}

/// What a capture is counted as.
fn names_of(
    evidence: &Evidence,
    capture: &Capture,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let state = capture.state.name();
    let attempt = evidence.attempts.get(&capture.attempt);
    let is_sale = attempt.is_some_and(|attempt| attempt.capture == Some(capture.id));
    let is_late = late_refund(evidence, capture.attempt).is_some();
    let sale = is_sale.then_some(("sale", state));
    let late = is_late.then_some(("capture", "too late"));
    [("capture", state)].into_iter().chain(sale).chain(late)
}

fn increments(evidence: &Evidence) -> impl Iterator<Item = &Increment> {
    let holds = evidence.attempts.values().filter_map(|attempt| attempt.authorization());
    holds.flat_map(|hold| &hold.increments)
}
