//! The rows and the processor's own books: one charge for one payment (I2), none that is unknown
//! here (I4), and never "declined" for a charge that stands.

use std::collections::BTreeMap;

use holdfast_core::id::{AttemptId, Id, PaymentIntentId};
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::authorization::Authorization as Hold;
use holdfast_core::payment::refund::RefundMethod;
use holdfast_sandbox::network::authorization::{Authorization, Kind, Outcome, State};
use holdfast_sandbox::network::authorize::Purpose;

use super::books::failed;
use super::payments::late_refund;
use super::{Evidence, Findings};
use crate::processor::Books;

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let processor = &evidence.town.processor;
    let books = processor.books();
    let mut charges: BTreeMap<PaymentIntentId, Vec<AttemptId>> = BTreeMap::new();
    let is_charge = |theirs: &&Authorization| theirs.purpose == Purpose::Payment;
    for theirs in books.authorizations().iter().filter(is_charge) {
        let id = AttemptId::parse(&theirs.reference);
        let Some(ours) = id.and_then(|id| evidence.attempts.get(&id)) else {
            findings.expect(false, || format!("I4: {} is unknown here", theirs.reference));
            continue;
        };
        if stands(theirs) && !is_given_back(evidence, ours.id, theirs) {
            charges.entry(ours.intent).or_default().push(ours.id);
        }
        check_attempt(findings, &books, ours, theirs);
    }
    for (intent, attempts) in charges {
        let once = attempts.len() == 1;
        findings.expect(once, || format!("I2: {intent} is charged by {attempts:?}"));
    }
    for attempt in evidence.attempts.values() {
        let known = books.network.find_authorization(&attempt.id.to_string()).is_some();
        let claimed = attempt.authorization().is_some();
        findings.expect(known || !claimed, || format!("I4: {} is unknown there", attempt.id));
    }
    check_movements(evidence, findings, &books);
}

/// Whether the cardholder has paid something, or has less to spend.
fn stands(theirs: &Authorization) -> bool {
    let holds = theirs.state == State::Open && theirs.sums.remaining() > 0;
    holds || theirs.sums.captured() > 0
}

/// Whether it was approved too late and went back whole, as far as the cardholder's bank let it.
fn is_given_back(evidence: &Evidence, id: AttemptId, theirs: &Authorization) -> bool {
    let refund = late_refund(evidence, id);
    refund.is_some_and(|it| theirs.sums.refundable() == 0 || failed(&it.state))
}

fn check_attempt(findings: &mut Findings, books: &Books, ours: &Attempt, theirs: &Authorization) {
    let id = ours.id;
    let asked = (ours.amount.minor(), ours.amount.currency());
    findings.same(&asked, &(theirs.sums.amount(), theirs.currency), || format!("I4: {id}"));
    match &ours.state {
        AttemptState::Authorized(hold) => {
            check_sums(findings, ours, hold, theirs);
            let is_same = *theirs.id == *hold.reference;
            findings.expect(is_same, || format!("I4: {id} is another authorization there"));
        }
        AttemptState::Declined(decline) => {
            let code = &decline.code;
            findings.expect(!stands(theirs), || format!("I2: {id} is told {code} and stands"));
        }
        AttemptState::Sending { .. }
        | AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. } => {}
    }
    let is_asked = ours.off_session && theirs.challenge.is_some();
    findings.expect(!is_asked, || format!("{id}: a buyer who is away is asked"));
    let refused = theirs.movements.iter().map(|index| books.network.movement(*index));
    let refused = refused.filter(|it| matches!(it.outcome, Outcome::Refused(_))).count();
    findings.expect(refused < 1_000, || format!("{id} was refused {refused} times"));
}

fn check_sums(findings: &mut Findings, ours: &Attempt, hold: &Hold, theirs: &Authorization) {
    let (id, sums) = (ours.id, theirs.sums);
    findings.same(&hold.captured.minor(), &sums.captured(), || format!("I1: captured of {id}"));
    findings.same(&ours.refunded.minor(), &sums.refunded(), || format!("I1: refunded of {id}"));
    let withdrawn = ours.withdrawn().map(|money| money.minor());
    let known = withdrawn == Ok(sums.disputed());
    findings.expect(known, || format!("I1: {id} has {withdrawn:?} disputed of {sums:?}"));
    // What was let go here was let go there, or went back at the end of the hold's life.
    let returned = hold.returned.minor();
    let known = returned <= sums.released();
    findings.expect(known, || format!("I1: {id} returned {returned} of {sums:?}"));
}

/// Each capture, void and refund is known on both sides, and came out the same.
fn check_movements(evidence: &Evidence, findings: &mut Findings, books: &Books) {
    let captures = evidence.captures.iter();
    let captures = captures.map(|it| (Kind::Capture, it.id.to_string(), &it.state, it.amount));
    let refunds = evidence.refunds.iter().map(|it| {
        let kind = match it.method {
            RefundMethod::Reversal => Kind::Void,
            RefundMethod::Return => Kind::Refund,
        };
        (kind, it.id.to_string(), &it.state, it.amount)
    });
    let increments = evidence.attempts.values().filter_map(Attempt::authorization);
    let increments = increments.flat_map(|hold| &hold.increments);
    let increments = increments.map(|it| (Kind::Increment, it.id.to_string(), &it.state, it.by));
    for (kind, reference, state, amount) in captures.chain(refunds).chain(increments) {
        let theirs = books.network.find_movement(kind, &reference);
        let theirs = theirs.map(|index| books.network.movement(index));
        let done = theirs.is_some_and(|theirs| theirs.outcome == Outcome::Succeeded);
        let same = match state {
            // A hold that is gone anyway need not be let go.
            Asked::Succeeded { .. } if kind == Kind::Void => true,
            Asked::Succeeded { .. } => done,
            Asked::Failed { .. } => !done,
            Asked::Sending | Asked::Unknown { .. } => true,
        };
        findings.expect(same, || {
            format!("I1: {} {reference} is {} here: {theirs:?}", kind.name(), state.name())
        });
        let amounts = theirs.is_none_or(|theirs| theirs.amount == amount.minor());
        findings.expect(amounts, || format!("I1: {reference} is another amount there"));
    }
}

/// No cardholder has less to spend any more.
pub(super) fn check_ended(evidence: &Evidence, findings: &mut Findings) {
    let books = evidence.town.processor.books();
    for theirs in books.authorizations() {
        let holds = theirs.state == State::Open && theirs.sums.remaining() > 0;
        let reference = &theirs.reference;
        findings.expect(!holds, || format!("I4: {reference} still holds {:?}", theirs.sums));
    }
    let now = books.now(evidence.now);
    findings.expect(now >= evidence.now, || "the processor's clock is behind".to_owned());
}
