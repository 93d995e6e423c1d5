//! The bank's answer to an attempt.

use crate::checkout::CheckoutSession;
use crate::effect::{Ask, EffectKind, Timer};
use crate::event::EventKind;
use crate::id::AttemptId;
use crate::payment::attempt::{Attempt, AttemptState, AuthorizationOutcome, Challenge, Decline};
use crate::payment::authorization::Authorization;
use crate::payment::capture_method::CaptureMethod;
use crate::payment::card::CardSummary;
use crate::payment::intent::{FailedAttempt, IntentState, PaymentIntent};
use crate::payment::method::SavedCard;
use crate::payment::refund::RefundReason;
use crate::row::Record;
use crate::seller::Seller;
use crate::time::Span;
use crate::view::Stop;

use super::capture::Taken;
use super::draft::Draft;
use super::method::{self, Kept};
use super::{capture, give_up, pay, purchase, refund};

/// How often a request of which no byte left is sent again before the buyer is told that nothing
/// was charged: about seven seconds of a processor that is not there.
const UNSENT_MAX: u32 = 3;
/// How long after a challenge's end its outcome is looked up when nobody told of it.
const CHALLENGE_GRACE: Span = Span::seconds(5);
/// The wait between looks at a debit that the processor decides on later. The sandbox's network
/// decides in seconds what banks take days for.
const PENDING_LOOK: Span = Span::seconds(3);
/// The wait between looks at a challenge that is over and of which the bank says nothing yet.
const CHALLENGE_LOOK: Span = Span::seconds(30);
/// When an attempt that never reached the processor is looked up once more, in case the network
/// held the request back, or a request that was sent before a crash got through after all.
const LAST_LOOK: Span = Span::hours(1);

/// Records what the processor answered. Repeating an answer changes nothing.
pub(super) fn record(
    draft: &mut Draft<'_>,
    id: AttemptId,
    outcome: &AuthorizationOutcome,
) -> Result<(), Stop> {
    let attempt: Attempt = draft.get(&id)?;
    match outcome {
        AuthorizationOutcome::Approved { authorization, capture, card } => {
            approved(draft, attempt, Approval { authorization, capture: capture.as_deref(), card })
        }
        AuthorizationOutcome::Declined { decline, card } => {
            declined(draft, attempt, decline, card.clone())
        }
        AuthorizationOutcome::Challenged { challenge, card } => {
            challenged(draft, attempt, challenge, card)
        }
        AuthorizationOutcome::Pending { card } => pending(draft, attempt, card),
        AuthorizationOutcome::NotFound => not_found(draft, attempt),
        AuthorizationOutcome::NeverSent => never_sent(draft, attempt),
        AuthorizationOutcome::Unknown => unknown(draft, attempt),
    }
}

/// A bank's yes.
#[derive(Clone, Copy)]
struct Approval<'a> {
    authorization: &'a Authorization,
    /// The processor's name of the capture that came with it.
    capture: Option<&'a str>,
    card: &'a CardSummary,
}

fn approved(
    draft: &mut Draft<'_>,
    mut attempt: Attempt,
    approval: Approval<'_>,
) -> Result<(), Stop> {
    let Approval { authorization, capture: reference, card } = approval;
    // Money is not moved on a belief: a hold of another sum is no answer to what was asked, and
    // neither is a capture that was not asked for.
    let is_other = authorization.amount != attempt.amount;
    if is_other || reference.is_some() && attempt.capture.is_none() {
        return unknown(draft, attempt);
    }
    // A hold that is over holds nothing: the buyer may pay again. What was taken is taken.
    if draft.now >= authorization.expires_at && reference.is_none() {
        return declined(draft, attempt, &Decline::processing_error(), Some(card.clone()));
    }
    let given_up = match attempt.state {
        AttemptState::Authorized(_) => return Ok(()),
        AttemptState::Declined(_) => true,
        AttemptState::Sending { .. }
        | AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. } => false,
    };
    attempt.card = Some(card.clone());
    attempt.pending = false;
    let taken = attempt.capture.zip(reference).map(|(id, name)| Taken { id, name });
    let hold = authorization.clone();
    let hold = if taken.is_some() { hold.taking_all()? } else { hold };
    attempt.state = AttemptState::Authorized(hold);
    draft.event(EventKind::ChargeSucceeded, &attempt);
    draft.put(attempt.clone());
    if taken.is_none() {
        let ending = authorization.expires_at.before(draft.rules().authorization_margin);
        draft.effect_at(ending, EffectKind::Timer(Timer::AuthorizationEnding(attempt.id)));
    }
    if given_up {
        return give_back(draft, &attempt, taken);
    }
    let intent = known_buyer(draft, &mut attempt)?;
    keep_card(draft, &attempt, authorization, card)?;
    settle(draft, intent, &attempt, taken)
}

/// What a bank has agreed to after it was given up goes back: as a refund where it was taken, and
/// else the hold is let go.
fn give_back(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    taken: Option<Taken<'_>>,
) -> Result<(), Stop> {
    if let Some(taken) = taken {
        capture::of_late_approval(draft, attempt, taken)?;
        return refund::of_late_capture(draft, attempt.id);
    }
    refund::reverse_rest(draft, attempt.id, RefundReason::LateApproval)
}

/// The payment of an attempt that a bank has agreed to, with its buyer as the platform's customer
/// where its session wants that.
fn known_buyer(draft: &mut Draft<'_>, attempt: &mut Attempt) -> Result<PaymentIntent, Stop> {
    let mut intent: PaymentIntent = draft.get(&attempt.intent)?;
    // What a capture needs that may come with the approval, in the same round.
    let goes_to = intent.notes.transfer_data.iter().filter(|_| attempt.capture.is_some());
    let goes_to = goes_to.map(|data| Seller::key(&data.destination));
    draft.need(intent.session.iter().map(CheckoutSession::key).chain(goes_to))?;
    if let Some(session) = intent.session {
        let buyer = purchase::buyer(draft, session, attempt.billing.as_ref())?;
        intent.customer = buyer.or(intent.customer);
        attempt.customer = intent.customer;
        draft.put(attempt.clone());
    }
    Ok(intent)
}

/// Keeps the card where the buyer has agreed to that, as the buyer's own.
fn keep_card(
    draft: &mut Draft<'_>,
    attempt: &Attempt,
    hold: &Authorization,
    card: &CardSummary,
) -> Result<(), Stop> {
    let (Some(_), Some(id)) = (attempt.future_usage, attempt.method) else { return Ok(()) };
    // A network that was asked to keep the card and did not say its name has not kept it.
    let Some(token) = hold.saved.clone() else { return Ok(()) };
    let card = SavedCard { token, summary: card.clone() };
    let billing = attempt.billing.clone().unwrap_or_default();
    let (customer, metadata) = (attempt.customer, attempt.method_metadata.clone());
    method::keep(draft, Kept { id, customer, billing, metadata, card })
}

/// What follows an approval: orders, or the capture of a payment without any, unless that came with
/// it.
fn settle(
    draft: &mut Draft<'_>,
    mut intent: PaymentIntent,
    attempt: &Attempt,
    taken: Option<Taken<'_>>,
) -> Result<(), Stop> {
    if let Some(session) = intent.session {
        intent.orders = purchase::complete(draft, session, &intent, attempt)?;
    }
    intent.pending = false;
    let (id, amount) = (attempt.id, intent.amount);
    if let Some(taken) = taken {
        intent.state = IntentState::Processing { attempt: id };
        draft.put(intent);
        return capture::of_approval(draft, attempt, taken);
    }
    intent.state = IntentState::RequiresCapture { attempt: id, capturable: amount };
    match intent.capture_method {
        CaptureMethod::Manual => {
            draft.event(EventKind::PaymentIntentAmountCapturableUpdated, &intent);
            draft.put(intent);
        }
        CaptureMethod::Automatic => {
            draft.put(intent.clone());
            capture::start(draft, intent.id, capture::Taking::sale(amount, attempt.capture))?;
            // Until the money is taken the payment is neither capturable nor paid.
            intent.state = IntentState::Processing { attempt: id };
            draft.put(intent);
        }
    }
    Ok(())
}

fn declined(
    draft: &mut Draft<'_>,
    mut attempt: Attempt,
    decline: &Decline,
    card: Option<CardSummary>,
) -> Result<(), Stop> {
    if !attempt.is_open() {
        return Ok(());
    }
    let mut intent: PaymentIntent = draft.get(&attempt.intent)?;
    attempt.card = card.or(attempt.card);
    attempt.pending = false;
    attempt.state = AttemptState::Declined(decline.clone());
    let failed = FailedAttempt {
        attempt: attempt.id,
        decline: decline.clone(),
        card: attempt.card.clone(),
        method: attempt.method,
        billing: attempt.billing.clone(),
    };
    intent.method = None;
    if intent.pending
        && let Some(session) = intent.session
    {
        purchase::fail(draft, session)?;
    }
    intent.pending = false;
    intent.state = IntentState::RequiresPaymentMethod { last: Some(Box::new(failed)) };
    draft.event(EventKind::ChargeFailed, &attempt);
    draft.event(EventKind::PaymentIntentPaymentFailed, &intent);
    draft.put(attempt);
    draft.put(intent);
    Ok(())
}

/// The processor has it and decides later. The visit is complete, and nothing is paid.
fn pending(draft: &mut Draft<'_>, mut attempt: Attempt, card: &CardSummary) -> Result<(), Stop> {
    match attempt.state {
        AttemptState::Sending { .. } | AttemptState::Unknown { .. } => {}
        AttemptState::Challenged { .. } | AttemptState::Authorized(_) => return Ok(()),
        AttemptState::Declined(_) => {
            // Given up, and the processor has it after all: what it takes has to be given back.
            let wait = draft.rules().unknown_wait_max;
            draft.effect_at(draft.now.after(wait), pay::request(&attempt, Ask::Look));
            return Ok(());
        }
    }
    draft.effect_at(draft.now.after(PENDING_LOOK), pay::request(&attempt, Ask::Look));
    if !attempt.pending {
        let mut intent = known_buyer(draft, &mut attempt)?;
        intent.pending = true;
        draft.event(EventKind::PaymentIntentProcessing, &intent);
        if let Some(session) = intent.session {
            purchase::begin(draft, session)?;
        }
        draft.put(intent);
    }
    attempt.pending = true;
    attempt.card = Some(card.clone());
    attempt.state = AttemptState::Unknown { looks: 0 };
    draft.put(attempt);
    Ok(())
}

fn challenged(
    draft: &mut Draft<'_>,
    mut attempt: Attempt,
    challenge: &Challenge,
    card: &CardSummary,
) -> Result<(), Stop> {
    let over = challenge.expires_at.after(CHALLENGE_GRACE);
    let is_new = match attempt.state {
        AttemptState::Sending { .. } | AttemptState::Unknown { .. } => true,
        AttemptState::Challenged { .. } => false,
        AttemptState::Declined(_) => {
            // Given up, and the bank asks its customer after all: what comes of it has to be known.
            if draft.now < challenge.expires_at {
                give_up::payment(draft, &attempt, challenge);
            }
            let later = over.max(draft.now.after(CHALLENGE_LOOK));
            draft.effect_at(later, pay::request(&attempt, Ask::Look));
            return Ok(());
        }
        AttemptState::Authorized(_) => return Ok(()),
    };
    if is_new && attempt.fails_when_asked {
        give_up::payment(draft, &attempt, challenge);
        // The bank may approve all the same, and what comes of it has to be known.
        draft.effect_at(over, pay::request(&attempt, Ask::Look));
        return declined(draft, attempt, &Decline::authentication_required(), Some(card.clone()));
    }
    if is_new {
        draft.effect_at(over, pay::request(&attempt, Ask::Look));
    } else if draft.now >= over {
        draft.effect_at(draft.now.after(CHALLENGE_LOOK), pay::request(&attempt, Ask::Look));
    }
    attempt.card = Some(card.clone());
    attempt.was_challenged = true;
    let challenge = challenge.clone();
    // Once it is over, the next look is on its way already.
    let looking = draft.now >= over;
    attempt.state = AttemptState::Challenged { challenge: challenge.clone(), looking };
    if is_new {
        let mut intent: PaymentIntent = draft.get(&attempt.intent)?;
        intent.state = IntentState::RequiresAction { attempt: attempt.id, challenge };
        draft.event(EventKind::PaymentIntentRequiresAction, &intent);
        draft.put(intent);
    }
    draft.put(attempt);
    Ok(())
}

/// The processor never received it, and it is not sent again: nothing was charged.
fn not_found(draft: &mut Draft<'_>, attempt: Attempt) -> Result<(), Stop> {
    if attempt.is_open() {
        draft.effect_at(draft.now.after(LAST_LOOK), pay::request(&attempt, Ask::Look));
    }
    declined(draft, attempt, &Decline::processing_error(), None)
}

fn never_sent(draft: &mut Draft<'_>, mut attempt: Attempt) -> Result<(), Stop> {
    match attempt.state {
        AttemptState::Sending { unsent } if unsent < UNSENT_MAX => {
            let wait = draft.rules().wait_before_look(unsent);
            draft.effect_at(draft.now.after(wait), pay::request(&attempt, Ask::First));
            attempt.state = AttemptState::Sending { unsent: unsent + 1 };
            draft.put(attempt);
            Ok(())
        }
        AttemptState::Sending { .. } => not_found(draft, attempt),
        // An earlier request did leave: this one says nothing about it.
        AttemptState::Unknown { .. }
        | AttemptState::Challenged { .. }
        | AttemptState::Declined(_) => unknown(draft, attempt),
        AttemptState::Authorized(_) => Ok(()),
    }
}

/// The answer is missing. It is looked into until there is one; meanwhile nothing is concluded.
fn unknown(draft: &mut Draft<'_>, attempt: Attempt) -> Result<(), Stop> {
    match attempt.state.clone() {
        AttemptState::Sending { .. } => {
            let intent: PaymentIntent = draft.get(&attempt.intent)?;
            draft.event(EventKind::PaymentIntentProcessing, &intent);
            draft.put(intent);
            look_again(draft, attempt, 0);
        }
        AttemptState::Unknown { looks } => look_again(draft, attempt, looks.saturating_add(1)),
        AttemptState::Challenged { challenge, .. } => {
            // The challenge stands; only this look at it failed.
            let wait = draft.rules().unknown_wait_max;
            draft.effect_at(draft.now.after(wait), pay::request(&attempt, Ask::Look));
            let state = AttemptState::Challenged { challenge, looking: true };
            draft.put(Attempt { state, ..attempt });
        }
        // The last look failed: whether the bank holds money after all is still to be heard.
        AttemptState::Declined(_) => {
            let wait = draft.rules().unknown_wait_max;
            draft.effect_at(draft.now.after(wait), pay::request(&attempt, Ask::Look));
        }
        AttemptState::Authorized(_) => {}
    }
    Ok(())
}

fn look_again(draft: &mut Draft<'_>, attempt: Attempt, looks: u32) {
    let wait = draft.rules().wait_before_look(looks);
    let patient = draft.now.since(attempt.created) < draft.rules().authorization_patience;
    let ask = if patient { Ask::Again } else { Ask::Look };
    draft.effect_at(draft.now.after(wait), pay::request(&attempt, ask));
    draft.put(Attempt { state: AttemptState::Unknown { looks }, ..attempt });
}
