//! The payouts and the bank's own books: nothing is paid twice (I5), and nothing is told as paid
//! or failed that the bank says otherwise of (I4).

use holdfast_core::id::{Id, PayoutId};
use holdfast_core::payout::PayoutState;
use holdfast_sandbox::network::payout::Progress;

use super::{Evidence, Findings};

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let books = evidence.town.processor.books();
    for theirs in books.network.payouts() {
        let id = PayoutId::parse(&theirs.reference);
        let ours = id.and_then(|id| evidence.payouts.iter().find(|payout| payout.id == id));
        let Some(ours) = ours else {
            findings.expect(false, || format!("I4: {} is unknown here", theirs.reference));
            continue;
        };
        let asked = (ours.amount.minor(), ours.amount.currency());
        let id = ours.id;
        findings.same(&asked, &(theirs.amount, theirs.currency), || format!("I4: {id}"));
    }
    let now = books.network.now(evidence.now);
    for ours in &evidence.payouts {
        let id = ours.id;
        let theirs = books.network.find_payout(&id.to_string());
        let progress = theirs.map(|index| books.network.payout(index).progress(now));
        let is_right = match &ours.state {
            PayoutState::Pending { .. } | PayoutState::Canceled { .. } => progress.is_none(),
            PayoutState::Sending { .. } => true,
            PayoutState::InTransit { .. } => progress.is_some(),
            PayoutState::Paid { .. } => progress == Some(Progress::Paid),
            PayoutState::Failed { code, .. } => {
                matches!(progress, Some(Progress::Failed(why)) if why == code)
            }
        };
        findings.expect(is_right, || format!("I5: {id} is {progress:?} there: {:?}", ours.state));
    }
}

/// Once every clock has run out, no payout is on its way any more.
pub(super) fn check_ended(evidence: &Evidence, findings: &mut Findings) {
    for payout in &evidence.payouts {
        let is_over = match payout.state {
            PayoutState::Paid { .. }
            | PayoutState::Failed { .. }
            | PayoutState::Canceled { .. } => true,
            PayoutState::Pending { .. }
            | PayoutState::Sending { .. }
            | PayoutState::InTransit { .. } => false,
        };
        let id = payout.id;
        findings.expect(is_over, || format!("I9: {id} is still {}", payout.state.name()));
    }
}
