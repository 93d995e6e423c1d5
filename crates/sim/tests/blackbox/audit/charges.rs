//! Holdfast's rows against the network's own ledger: each knows all that the other knows, to the
//! cent.

use std::collections::BTreeMap;

use holdfast_core::money::Money;
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::payment::refund::RefundMethod;

use crate::network::{Charge, Movement};

use super::Books;

/// Everything on which the two differ.
pub(crate) fn same_as_witness(books: &Books, ledger: &[Charge]) -> Vec<String> {
    let charges: BTreeMap<&str, &Charge> =
        ledger.iter().map(|charge| (charge.reference.as_str(), charge)).collect();
    let attempts = books.attempts.iter().flat_map(|attempt| {
        let charge = charges.get(attempt.id.to_string().as_str()).copied();
        problems_of_attempt(attempt, charge)
    });
    let intents = books.intents.iter().flat_map(|intent| {
        let attempts = books.attempts.iter().filter(|attempt| attempt.intent == intent.id);
        let charges = attempts.filter_map(|it| charges.get(it.id.to_string().as_str()).copied());
        problems_of_intent(intent, &charges.collect::<Vec<_>>())
    });
    let mut problems: Vec<String> = attempts.chain(intents).collect();
    problems.extend(unknown_charges(books, ledger));
    problems.extend(movements(books, ledger));
    problems
}

/// How many payments the bank let through because the buyer gave its code.
pub(crate) fn confirmed_by_phone(books: &Books) -> usize {
    let paid = books.attempts.iter().filter(|attempt| attempt.authorization().is_some());
    paid.filter(|attempt| attempt.token.reveal().contains("threeDSecure")).count()
}

/// Money that the network took or holds and that belongs to no attempt of ours.
fn unknown_charges(books: &Books, ledger: &[Charge]) -> Vec<String> {
    let ids: Vec<String> = books.attempts.iter().map(|attempt| attempt.id.to_string()).collect();
    let unknown = ledger.iter().filter(|charge| !ids.contains(&charge.reference));
    unknown.map(|charge| format!("{} of {} is nobody's", charge.id, charge.reference)).collect()
}

fn problems_of_attempt(attempt: &Attempt, charge: Option<&Charge>) -> Vec<String> {
    let id = attempt.id;
    let Some(charge) = charge else {
        // Only what never arrived may be missing, and it must be known to have failed.
        let is_declined = matches!(attempt.state, AttemptState::Declined(_));
        let problem = format!("{id} is {} and the network has no such charge", state(attempt));
        return if is_declined { Vec::new() } else { vec![problem] };
    };
    let mut found = Vec::new();
    let mut same = |what: &str, ours: i64, theirs: i64| {
        if ours != theirs {
            found.push(format!("{id}: {what} is {ours}, the network says {theirs}"));
        }
    };
    same("amount", attempt.amount.minor(), charge.amount);
    match &attempt.state {
        AttemptState::Authorized(hold) => {
            same("captured", hold.captured.minor(), charge.captured);
            same("returned", hold.returned.minor(), charge.released);
            same("refunded", attempt.refunded.minor(), charge.refunded);
            same("under way", hold.capturing.minor() + hold.returning.minor(), 0);
            if hold.reference != charge.id {
                found.push(format!("{id}: {} is called {}", charge.id, hold.reference));
            }
        }
        AttemptState::Declined(_) => same("standing", 0, charge.stands_for()),
        AttemptState::Sending { .. }
        | AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. } => {
            found.push(format!("{id} is still {}", state(attempt)));
        }
    }
    if charge.currency != attempt.amount.currency().code().to_lowercase() {
        found.push(format!("{id}: the network holds {}", charge.currency));
    }
    found
}

fn state(attempt: &Attempt) -> &'static str {
    attempt.state.name()
}

/// One charge stands for a payment at most, and only for one that says so.
fn problems_of_intent(intent: &PaymentIntent, charges: &[&Charge]) -> Vec<String> {
    let (id, name) = (intent.id, intent.state.name());
    let standing: Vec<_> = charges.iter().filter(|charge| charge.stands_for() > 0).collect();
    let captured: i64 = charges.iter().map(|charge| charge.captured).sum();
    let mut found = Vec::new();
    if standing.len() > 1 {
        found.push(format!("{id} is charged {} times", standing.len()));
    }
    if intent.captured.minor() != captured {
        let ours = intent.captured.minor();
        found.push(format!("{id}: {ours} was taken, the network says {captured}"));
    }
    let may_stand = match intent.state {
        IntentState::RequiresCapture { .. } | IntentState::Succeeded { .. } => true,
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Canceled { .. } => false,
        IntentState::Processing { .. } | IntentState::RequiresAction { .. } => {
            found.push(format!("{id} is still {name}"));
            false
        }
    };
    if !may_stand && !standing.is_empty() {
        found.push(format!("{id} is {name}, and its card is charged"));
    }
    found
}

const VOID: &str = "void";

/// Captures, increments, voids and refunds by their references.
fn movements(books: &Books, ledger: &[Charge]) -> Vec<String> {
    let captures = books.captures.iter().map(|it| (it.id.to_string(), it.amount, &it.state));
    let with_method = |method| {
        let refunds = books.refunds.iter().filter(move |it| it.method == method);
        refunds.map(|it| (it.id.to_string(), it.amount, &it.state))
    };
    let theirs = |of: fn(&Charge) -> &[Movement]| ledger.iter().flat_map(of);
    let mut found = compare("capture", captures, theirs(|it| &it.captures));
    let holds = books.attempts.iter().filter_map(Attempt::authorization);
    let raised = holds.flat_map(|hold| &hold.increments);
    let raised = raised.map(|it| (it.id.to_string(), it.by, &it.state));
    found.extend(compare("increment", raised, theirs(|it| &it.increments)));
    let voids = with_method(RefundMethod::Reversal);
    let let_go = theirs(|it| &it.voids).filter(|movement| !is_given_up(books, movement));
    found.extend(compare(VOID, voids, let_go));
    let refunds = with_method(RefundMethod::Return);
    found.extend(compare("refund", refunds, theirs(|it| &it.refunds)));
    found
}

/// Whether a void withdrew the bank's question about an attempt that was called off: nothing was
/// held for it, so that nothing of ours is let go.
fn is_given_up(books: &Books, movement: &Movement) -> bool {
    let mut declined =
        books.attempts.iter().filter(|attempt| matches!(attempt.state, AttemptState::Declined(_)));
    declined.any(|attempt| movement.reference == format!("{}_given_up", attempt.id))
}

fn compare<'a>(
    kind: &str,
    ours: impl Iterator<Item = (String, Money, &'a Asked)>,
    theirs: impl Iterator<Item = &'a Movement>,
) -> Vec<String> {
    let mut theirs: BTreeMap<&str, &Movement> =
        theirs.map(|movement| (movement.reference.as_str(), movement)).collect();
    let mut found = Vec::new();
    for (reference, amount, state) in ours {
        let movement = theirs.remove(reference.as_str());
        let done = movement.filter(|movement| movement.is_done()).map(|movement| movement.amount);
        let expected = matches!(state, Asked::Succeeded { .. }).then_some(amount.minor());
        // The network lets a hold go by itself with the last capture. What was then asked to be
        // let go was gone already, and counts as done; the sums of the charge are the same.
        let was_gone = kind == VOID && movement.is_some_and(|movement| !movement.is_done());
        if state.is_open() || done != expected && !was_gone {
            let name = state.name();
            found.push(format!("{kind} {reference} of {amount:?} is {name}, there: {movement:?}"));
        }
    }
    // Only a refusal may be there without a row of ours: nothing moved.
    let nobodys = theirs.into_values().filter(|movement| movement.is_done());
    found.extend(nobodys.map(|movement| format!("{kind} {} is nobody's", movement.reference)));
    found
}
