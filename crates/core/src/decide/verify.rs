//! The bank's answer to the wish to keep a card.

use crate::effect::Ask;
use crate::event::EventKind;
use crate::id::SetupAttemptId;
use crate::payment::attempt::{Challenge, Decline};
use crate::payment::card::CardSummary;
use crate::payment::method::SavedCard;
use crate::payment::setup::{
    FailedSetup, SetupAttempt, SetupIntent, SetupState, VerificationOutcome, VerificationState,
};
use crate::time::Span;
use crate::view::Stop;

use super::draft::Draft;
use super::method::{self, Kept};
use super::purchase;
use super::setup::request;

/// How often a request of which no byte left is sent again, as for a payment.
const UNSENT_MAX: u32 = 3;
/// How long after a challenge's end its outcome is looked up when nobody told of it.
const CHALLENGE_GRACE: Span = Span::seconds(5);
/// The wait between looks at a challenge that is over and of which the bank says nothing yet.
const CHALLENGE_LOOK: Span = Span::seconds(30);

/// Records what the network answered. Repeating an answer changes nothing.
pub(super) fn record(
    draft: &mut Draft<'_>,
    id: SetupAttemptId,
    outcome: &VerificationOutcome,
) -> Result<(), Stop> {
    let attempt: SetupAttempt = draft.get(&id)?;
    // No money hangs on it: what was given up is given up, whatever the bank says later.
    if !attempt.state.is_open() {
        return Ok(());
    }
    match outcome {
        VerificationOutcome::Verified(card) => verified(draft, attempt, card),
        VerificationOutcome::Declined { decline, card } => {
            declined(draft, attempt, decline, card.clone())
        }
        VerificationOutcome::Challenged { challenge, card } => {
            challenged(draft, attempt, challenge, card)
        }
        VerificationOutcome::NotFound => {
            declined(draft, attempt, &Decline::processing_error(), None)
        }
        VerificationOutcome::NeverSent => never_sent(draft, attempt),
        VerificationOutcome::Unknown => unknown(draft, attempt),
    }
}

/// The setup that still waits for this attempt; nothing when it was cancelled meanwhile.
fn awaiting(draft: &Draft<'_>, attempt: &SetupAttempt) -> Result<Option<SetupIntent>, Stop> {
    let setup: SetupIntent = draft.get(&attempt.setup)?;
    let waits = match setup.state {
        SetupState::Processing | SetupState::RequiresAction { .. } => true,
        SetupState::RequiresPaymentMethod { .. }
        | SetupState::RequiresConfirmation
        | SetupState::Succeeded
        | SetupState::Canceled { .. } => false,
    };
    Ok(Some(setup).filter(|setup| waits && setup.latest == Some(attempt.id)))
}

fn verified(
    draft: &mut Draft<'_>,
    mut attempt: SetupAttempt,
    card: &SavedCard,
) -> Result<(), Stop> {
    let setup = awaiting(draft, &attempt)?;
    attempt.card = Some(card.summary.clone());
    attempt.state = VerificationState::Verified;
    draft.put(attempt.clone());
    let Some(mut setup) = setup else { return Ok(()) };
    let session = setup.session;
    if let Some(session) = session {
        attempt.customer = purchase::buyer(draft, session, Some(&attempt.billing))?;
        setup.customer = attempt.customer;
        draft.put(attempt.clone());
    }
    setup.state = SetupState::Succeeded;
    draft.event(EventKind::SetupIntentSucceeded, &setup);
    draft.put(setup);
    let SetupAttempt { method: id, customer, billing, method_metadata: metadata, .. } = attempt;
    method::keep(draft, Kept { id, customer, billing, metadata, card: card.clone() })?;
    session.map_or(Ok(()), |session| purchase::kept(draft, session))
}

fn declined(
    draft: &mut Draft<'_>,
    mut attempt: SetupAttempt,
    decline: &Decline,
    card: Option<CardSummary>,
) -> Result<(), Stop> {
    let setup = awaiting(draft, &attempt)?;
    attempt.card = card.or(attempt.card);
    attempt.state = VerificationState::Declined(decline.clone());
    if let Some(mut setup) = setup {
        let failed = FailedSetup {
            decline: decline.clone(),
            method: attempt.method,
            card: attempt.card.clone(),
            billing: attempt.billing.clone(),
        };
        setup.method = None;
        setup.state = SetupState::RequiresPaymentMethod { last: Some(Box::new(failed)) };
        draft.event(EventKind::SetupIntentSetupFailed, &setup);
        draft.put(setup);
    }
    draft.put(attempt);
    Ok(())
}

fn challenged(
    draft: &mut Draft<'_>,
    mut attempt: SetupAttempt,
    challenge: &Challenge,
    card: &CardSummary,
) -> Result<(), Stop> {
    let over = challenge.expires_at.after(CHALLENGE_GRACE);
    let is_new = !matches!(attempt.state, VerificationState::Challenged { .. });
    if is_new {
        draft.effect_at(over, request(&attempt, Ask::Look));
    } else if draft.now >= over {
        draft.effect_at(draft.now.after(CHALLENGE_LOOK), request(&attempt, Ask::Look));
    }
    if is_new && let Some(mut setup) = awaiting(draft, &attempt)? {
        let return_url = attempt.return_url.clone();
        setup.state = SetupState::RequiresAction { challenge: challenge.clone(), return_url };
        draft.event(EventKind::SetupIntentRequiresAction, &setup);
        draft.put(setup);
    }
    attempt.card = Some(card.clone());
    // Once it is over, the next look is on its way already.
    let looking = draft.now >= over;
    attempt.state = VerificationState::Challenged { challenge: challenge.clone(), looking };
    draft.put(attempt);
    Ok(())
}

fn never_sent(draft: &mut Draft<'_>, mut attempt: SetupAttempt) -> Result<(), Stop> {
    match attempt.state {
        VerificationState::Sending { unsent } if unsent < UNSENT_MAX => {
            let wait = draft.rules().wait_before_look(unsent);
            draft.effect_at(draft.now.after(wait), request(&attempt, Ask::First));
            attempt.state = VerificationState::Sending { unsent: unsent.saturating_add(1) };
            draft.put(attempt);
            Ok(())
        }
        VerificationState::Sending { .. } => {
            declined(draft, attempt, &Decline::processing_error(), None)
        }
        // An earlier request did leave: this one says nothing about it.
        VerificationState::Unknown { .. }
        | VerificationState::Challenged { .. }
        | VerificationState::Verified
        | VerificationState::Declined(_) => unknown(draft, attempt),
    }
}

/// The answer is missing. It is looked into until there is one; meanwhile nothing is concluded.
fn unknown(draft: &mut Draft<'_>, attempt: SetupAttempt) -> Result<(), Stop> {
    let looks = match attempt.state.clone() {
        VerificationState::Sending { .. } => 0,
        VerificationState::Unknown { looks } => looks.saturating_add(1),
        VerificationState::Challenged { challenge, .. } => {
            // The challenge stands; only this look at it failed.
            let wait = draft.rules().unknown_wait_max;
            draft.effect_at(draft.now.after(wait), request(&attempt, Ask::Look));
            let state = VerificationState::Challenged { challenge, looking: true };
            draft.put(SetupAttempt { state, ..attempt });
            return Ok(());
        }
        VerificationState::Verified | VerificationState::Declined(_) => return Ok(()),
    };
    let wait = draft.rules().wait_before_look(looks);
    // As for a payment: a buyer who has left must not be asked by a late retry.
    let patient = draft.now.since(attempt.created) < draft.rules().authorization_patience;
    let ask = if patient { Ask::Again } else { Ask::Look };
    draft.effect_at(draft.now.after(wait), request(&attempt, ask));
    draft.put(SetupAttempt { state: VerificationState::Unknown { looks }, ..attempt });
    Ok(())
}

/// The bank's question may have been answered: one look at a time.
pub(super) fn look(draft: &mut Draft<'_>, id: SetupAttemptId) -> Result<(), Stop> {
    let mut attempt: SetupAttempt = draft.get(&id)?;
    let request = request(&attempt, Ask::Look);
    if let VerificationState::Challenged { looking, .. } = &mut attempt.state
        && !*looking
    {
        *looking = true;
        draft.effect_now(request);
        draft.put(attempt);
    }
    Ok(())
}
