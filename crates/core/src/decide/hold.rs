//! What a bank holds before any of it is taken: raised, or not to be held at all.

use crate::command::{HoldCommand, IncrementAuthorization};
use crate::effect::{Ask, EffectKind, HoldChange, HoldOf, HoldRequest};
use crate::event::EventKind;
use crate::id::{AttemptId, IncrementId};
use crate::payment::asked::{Asked, AskedOutcome};
use crate::payment::attempt::Attempt;
use crate::payment::authorization::Authorization;
use crate::payment::increment::{Increment, IncrementWords};
use crate::payment::intent::{IntentState, PaymentIntent};
use crate::payment::refund::RefundReason;
use crate::refusal::Refusal;
use crate::row::{Record, Row};
use crate::view::Stop;

use super::draft::Draft;
use super::{capture, pay, refund, verify};

/// Carries out a command about a hold.
pub(super) fn apply(draft: &mut Draft<'_>, command: &HoldCommand) -> Result<(), Stop> {
    match command {
        HoldCommand::Increment(increment) => raise(draft, increment),
        HoldCommand::Record(request, outcome) => record(draft, request, outcome),
    }
}

/// Asks the bank to hold more.
///
/// Refuses `Changed` when somebody wrote the payment in between or the bank is being asked
/// already, `PaymentUnexpectedState` unless nothing of the hold is used and no session has set the
/// sum, what `Notes::check_way` refuses of the larger sum, then as `Authorization::start_increment`
/// refuses.
fn raise(draft: &mut Draft<'_>, increment: &IncrementAuthorization) -> Result<(), Stop> {
    let mut intent: PaymentIntent = draft.get(&increment.intent)?;
    draft.expect(&PaymentIntent::key(&intent.id), increment.edit.expected)?;
    intent.refuse_growing()?;
    let Row::PaymentIntent(wanted) = &increment.edit.row else {
        return Err(Refusal::NotFound.into());
    };
    wanted.notes.check_way(increment.to)?;
    let attempt_id = match intent.state {
        IntentState::RequiresCapture { attempt, .. } if intent.session.is_none() => attempt,
        IntentState::RequiresCapture { .. }
        | IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => return Err(Refusal::PaymentUnexpectedState.into()),
    };
    let mut attempt: Attempt = draft.get(&attempt_id)?;
    let now = draft.now;
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    if hold.left()? != hold.amount {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    let by = hold.start_increment(increment.to, now)?;
    let words = IncrementWords {
        description: wanted.description.clone(),
        metadata: wanted.metadata.clone(),
        notes: wanted.notes.clone(),
    };
    let increment = Increment {
        id: draft.id(),
        created: now,
        by,
        to: increment.to,
        words: Box::new(words),
        state: Asked::Sending,
    };
    draft.effect_now(EffectKind::Hold(question(&increment, attempt_id, hold, Ask::First)));
    intent.growing = Some(increment.id);
    hold.increments.push(increment);
    draft.put(attempt);
    draft.put(intent);
    Ok(())
}

/// The question whether the bank holds more.
fn question(increment: &Increment, of: AttemptId, hold: &Authorization, ask: Ask) -> HoldRequest {
    HoldRequest {
        attempt: HoldOf::Payment(of),
        authorization: hold.reference.clone(),
        amount: increment.by,
        change: HoldChange::Raise(increment.id),
        ask,
    }
}

/// Records what the processor answered. Repeating an answer changes nothing; that a question was
/// not given up is looked into once more.
fn record(
    draft: &mut Draft<'_>,
    request: &HoldRequest,
    outcome: &AskedOutcome,
) -> Result<(), Stop> {
    match (request.change, request.attempt) {
        (HoldChange::Raise(id), HoldOf::Payment(attempt)) => raised(draft, attempt, id, outcome),
        // Nothing is held that could be raised.
        (HoldChange::Raise(_), HoldOf::Setup(_)) => Err(Refusal::NotFound.into()),
        (HoldChange::GiveUp { .. }, _) => given_up(draft, request, outcome),
    }
}

fn raised(
    draft: &mut Draft<'_>,
    attempt: AttemptId,
    id: IncrementId,
    outcome: &AskedOutcome,
) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&attempt)?;
    let hold = attempt.authorization().ok_or(Refusal::PaymentUnexpectedState)?;
    let Some(asked) = hold.increments.iter().find(|it| it.id == id).cloned() else {
        return Err(Refusal::NotFound.into());
    };
    if !asked.state.is_open() {
        return Ok(());
    }
    draft.need([PaymentIntent::key(&attempt.intent)])?;
    let at = draft.now;
    match outcome {
        AskedOutcome::Succeeded { reference } => {
            let state = Asked::Succeeded { reference: reference.clone(), at };
            agreed(draft, attempt, Increment { state, ..asked })
        }
        AskedOutcome::Failed { code } => {
            let state = Asked::Failed { code: code.clone(), at };
            finish(draft, attempt, &Increment { state, ..asked }).map(drop)
        }
        AskedOutcome::NeverSent | AskedOutcome::Unknown => {
            let never_sent = *outcome == AskedOutcome::NeverSent;
            ask_again(draft, attempt, asked, never_sent)
        }
    }
}

/// Writes what became of a wish for more. The payment and its charge as they are then.
fn finish(
    draft: &mut Draft<'_>,
    mut attempt: Attempt,
    done: &Increment,
) -> Result<(PaymentIntent, Attempt), Stop> {
    let is_raised = matches!(done.state, Asked::Succeeded { .. });
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    hold.finish_increment(done.by, is_raised)?;
    for known in hold.increments.iter_mut().filter(|known| known.id == done.id) {
        known.clone_from(done);
    }
    let mut intent: PaymentIntent = draft.get(&attempt.intent)?;
    intent.growing = None;
    draft.put(attempt.clone());
    draft.put(intent.clone());
    Ok((intent, attempt))
}

fn agreed(draft: &mut Draft<'_>, before: Attempt, done: Increment) -> Result<(), Stop> {
    draft.was(&before);
    let (mut intent, mut attempt) = finish(draft, before, &done)?;
    let hold = attempt.authorization().ok_or(Refusal::PaymentUnexpectedState)?;
    let left = hold.left()?;
    // The hold neared its end meanwhile, and what it was then is on its way back.
    let is_over = left != hold.amount;
    attempt.amount = done.to;
    let is_open = match intent.state {
        IntentState::RequiresCapture { attempt: of, .. } => of == attempt.id,
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => false,
    };
    let waits = is_open && !is_over;

    intent.amount = done.to;
    if waits {
        let IncrementWords { description, metadata, notes } = *done.words;
        attempt.notes.notes = notes.clone();
        (intent.description, intent.metadata, intent.notes) = (description, metadata, notes);
        intent.state = IntentState::RequiresCapture { attempt: attempt.id, capturable: left };
        draft.event(EventKind::PaymentIntentAmountCapturableUpdated, &intent);
    }
    draft.event(EventKind::ChargeUpdated, &attempt);
    let id = attempt.id;
    draft.put(attempt);
    draft.put(intent);
    if !waits {
        refund::reverse_rest(draft, id, RefundReason::AuthorizationEnded)?;
    }
    Ok(())
}

/// The bank may hold more already: it is asked, under the same reference, until it has said so.
fn ask_again(
    draft: &mut Draft<'_>,
    mut attempt: Attempt,
    mut asked: Increment,
    never_sent: bool,
) -> Result<(), Stop> {
    let is_first = never_sent && asked.state == Asked::Sending;
    let ask = if is_first { Ask::First } else { Ask::Again };
    let looks = asked.state.looks();
    let wait = capture::wait_to_ask(draft, looks, asked.created, is_first);
    if !is_first {
        asked.state = Asked::Unknown { looks: looks.saturating_add(1) };
    }
    let id = attempt.id;
    let hold = attempt.authorization_mut().ok_or(Refusal::PaymentUnexpectedState)?;
    draft.effect_at(draft.now.after(wait), EffectKind::Hold(question(&asked, id, hold, ask)));
    for known in hold.increments.iter_mut().filter(|known| known.id == asked.id) {
        known.clone_from(&asked);
    }
    draft.put(attempt);
    Ok(())
}

/// The network gave the question up, or the cardholder was quicker: then what it holds is looked
/// up at once, and given back as every approval that comes too late. Of a card that was to be kept
/// the bank's word is looked up in either case; it keeps nothing any more.
fn given_up(
    draft: &mut Draft<'_>,
    request: &HoldRequest,
    outcome: &AskedOutcome,
) -> Result<(), Stop> {
    let HoldChange::GiveUp { tries, until } = request.change else { return Ok(()) };
    draft.need([request.attempt.key()])?;
    match outcome {
        AskedOutcome::Succeeded { .. } | AskedOutcome::Failed { .. } => match request.attempt {
            HoldOf::Setup(attempt) => verify::look(draft, attempt)?,
            HoldOf::Payment(attempt) => {
                let attempt: Attempt = draft.get(&attempt)?;
                let was_quicker = matches!(outcome, AskedOutcome::Failed { .. });
                if was_quicker && attempt.authorization().is_none() {
                    draft.effect_now(pay::request(&attempt, Ask::Look));
                }
            }
        },
        AskedOutcome::NeverSent | AskedOutcome::Unknown => {
            let wait = draft.rules().wait_before_look(tries);
            let due = draft.now.after(wait);
            // Once the question has run out there is nothing left to give up.
            if due < until {
                let never_sent = *outcome == AskedOutcome::NeverSent;
                let is_first = never_sent && request.ask == Ask::First;
                let ask = if is_first { Ask::First } else { Ask::Again };
                let change = HoldChange::GiveUp { tries: tries.saturating_add(1), until };
                draft.effect_at(
                    due,
                    EffectKind::Hold(HoldRequest { change, ask, ..request.clone() }),
                );
            }
        }
    }
    Ok(())
}
