//! Where a run has been: an auditor who never sees a late approval says nothing about them.

use std::collections::BTreeMap;

use holdfast_core::order::OrderState;
use holdfast_core::payment::increment::Increment;

use super::Evidence;

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
        count("capture", capture.state.name());
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

fn increments(evidence: &Evidence) -> impl Iterator<Item = &Increment> {
    let holds = evidence.attempts.values().filter_map(|attempt| attempt.authorization());
    holds.flat_map(|hold| &hold.increments)
}
