//! Cards that are kept, and the network's own books of them: each is kept once, for somebody who
//! asked for it, and what is told of it is so (I2, I4).

use std::collections::BTreeSet;

use holdfast_core::id::{Id, SetupAttemptId};
use holdfast_core::payment::method::{MethodState, PaymentMethod, SavedCard};
use holdfast_core::payment::setup::{SetupAttempt, SetupState, VerificationState};
use holdfast_sandbox::network::authorization::Authorization;
use holdfast_sandbox::network::authorize::Purpose;

use super::{Evidence, Findings};
use crate::processor::Books;

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let books = evidence.town.processor.books();
    for method in &evidence.methods {
        check_method(findings, &books, method);
    }
    for theirs in verifications(&books) {
        let id = SetupAttemptId::parse(&theirs.reference);
        let known = id.is_some_and(|id| evidence.verifications.contains_key(&id));
        findings.expect(known, || format!("I4: {} is unknown here", theirs.reference));
        // To give the bank's question up is a movement of nothing.
        let mut moved = theirs.movements.iter().map(|it| books.network.movement(*it).amount);
        let nothing = theirs.sums.amount() == 0 && moved.all(|amount| amount == 0);
        findings.expect(nothing, || format!("I2: {} took something", theirs.reference));
    }
    for ours in evidence.verifications.values() {
        check_verification(evidence, findings, &books, ours);
    }
    check_kept(evidence, findings, &books);
}

fn verifications(books: &Books) -> impl Iterator<Item = &Authorization> {
    books.authorizations().iter().filter(|it| it.purpose == Purpose::Verification)
}

fn check_method(findings: &mut Findings, books: &Books, method: &PaymentMethod) {
    let id = method.id;
    match &method.state {
        MethodState::Saving { .. } => {
            findings.expect(false, || format!("I4: {id} is still being kept"));
        }
        MethodState::Attaching { .. } => {
            findings.expect(false, || format!("I4: the bank of {id} is still being asked"));
        }
        MethodState::Saved { card } | MethodState::Detached { card } => {
            check_card(findings, books, method, card);
        }
        MethodState::Failed { .. } => {
            let none = books.network.find_saved(&id.to_string()).is_none();
            findings.expect(none, || format!("I4: {id} failed here and is kept there"));
        }
    }
}

fn check_card(findings: &mut Findings, books: &Books, method: &PaymentMethod, card: &SavedCard) {
    let id = method.id;
    let theirs = books.network.saved_card(card.token.reveal());
    let same = theirs.is_some_and(|theirs| *theirs.card.last4 == *card.summary.last4);
    findings.expect(same, || format!("I4: {id} is not kept there, or is another card"));
}

fn check_verification(
    evidence: &Evidence,
    findings: &mut Findings,
    books: &Books,
    ours: &SetupAttempt,
) {
    let id = ours.id;
    findings.expect(!ours.state.is_open(), || format!("I4: {id} is still {:?}", ours.state));
    if !matches!(ours.state, VerificationState::Verified) {
        return;
    }
    let theirs = books.network.find_authorization(&id.to_string());
    let kept = theirs.and_then(|index| books.network.authorization(index).saved.clone());
    findings.expect(kept.is_some(), || format!("I4: {id} is verified here and not kept there"));
    let setup = evidence.setups.get(&ours.setup);
    let succeeded = setup.filter(|setup| setup.state == SetupState::Succeeded);
    if succeeded.is_some_and(|setup| setup.latest == Some(id)) {
        let has_card =
            evidence.methods.iter().any(|it| it.id == ours.method && it.card().is_some());
        findings.expect(has_card, || format!("I10: {} has no card", ours.setup));
    }
}

/// The network keeps no card that nobody here asked for, and none twice.
fn check_kept(evidence: &Evidence, findings: &mut Findings, books: &Books) {
    let references = evidence.methods.iter().map(|method| method.id.to_string());
    let exchanged = references.filter_map(|reference| books.network.find_saved(&reference));
    let mut known: BTreeSet<&str> = exchanged.map(|kept| &*kept.id).collect();
    // A card is kept by an approval; of what was declined the network has a name and no card.
    let named = books.authorizations().iter().filter_map(|it| it.saved.as_deref());
    known.extend(named.filter(|id| books.network.saved_card(id).is_some()));
    let kept = books.network.saved_count();
    findings.same(&known.len(), &kept, || "I4: the cards that are kept there".to_owned());
}

/// Nobody waits for a bank any more.
pub(super) fn check_ended(evidence: &Evidence, findings: &mut Findings) {
    for setup in evidence.setups.values() {
        let is_waiting = match setup.state {
            SetupState::Processing | SetupState::RequiresAction { .. } => true,
            // A card is the buyer's to give, for as long as nobody cancels the setup.
            SetupState::RequiresPaymentMethod { .. }
            | SetupState::RequiresConfirmation
            | SetupState::Succeeded
            | SetupState::Canceled { .. } => false,
        };
        let id = setup.id;
        findings.expect(!is_waiting, || format!("I4: {id} is still {:?}", setup.state));
    }
}
