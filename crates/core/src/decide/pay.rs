//! *Pay now*: a payment and its next attempt.

use crate::checkout::CheckoutSession;
use crate::command::{ConfirmCheckoutSession, ConfirmPaymentIntent, CreatePaymentIntent};
use crate::effect::{Ask, AuthorizeRequest, EffectKind};
use crate::event::EventKind;
use crate::money::Money;
use crate::payment::attempt::{Attempt, AttemptState};
use crate::payment::card::CardToken;
use crate::payment::intent::{CaptureMethod, IntentState, PaymentIntent};
use crate::refusal::Refusal;
use crate::view::Stop;

use super::draft::Draft;
use super::session;

/// The buyer pays on the pay page.
///
/// Refuses `SessionNotOpen`, `CardNotAllowed`, `ShippingNotChosen` when there are ways to ship and
/// none was chosen, `TotalChanged` when the total is not the one shown, `PaymentUnexpectedState`
/// while another attempt is under way.
pub(super) fn confirm_session(
    draft: &mut Draft<'_>,
    confirm: &ConfirmCheckoutSession,
) -> Result<(), Stop> {
    let mut session: CheckoutSession = draft.get(&confirm.session)?;
    session::refuse_closed(draft, &session)?;
    if !session.allows_card() {
        return Err(Refusal::CardNotAllowed.into());
    }
    if session.shipping().is_none() && !session.shipping_options.is_empty() {
        return Err(Refusal::ShippingNotChosen.into());
    }
    let total = session.totals()?.total;
    if total != confirm.total {
        return Err(Refusal::TotalChanged.into());
    }
    let intent = match session::unpaid_intent(draft, &session)? {
        Some(intent) => PaymentIntent { amount: total, ..intent },
        None => intent_of_session(draft, &session, total, confirm),
    };
    session.intent = Some(intent.id);
    let card = Card { token: &confirm.token, return_url: Some(confirm.return_url.clone()) };
    start_attempt(draft, intent, &card);
    draft.put(session);
    Ok(())
}

fn intent_of_session(
    draft: &mut Draft<'_>,
    session: &CheckoutSession,
    total: Money,
    confirm: &ConfirmCheckoutSession,
) -> PaymentIntent {
    let intent = PaymentIntent {
        id: draft.id(),
        created: draft.now,
        amount: total,
        captured: Money::zero(total.currency()),
        // Each order's part is taken when its seller ships.
        capture_method: CaptureMethod::Manual,
        session: Some(session.id),
        orders: Vec::new(),
        description: None,
        receipt_email: session.customer_email.clone(),
        transfer_group: None,
        metadata: session.payment_metadata.clone(),
        secret: confirm.secret.clone(),
        state: IntentState::RequiresPaymentMethod { last: None },
    };
    draft.event(EventKind::PaymentIntentCreated, &intent);
    intent
}

/// Makes a payment without a pay page, and charges the card at once when asked to.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreatePaymentIntent) -> Result<(), Stop> {
    if !create.amount.is_positive() {
        return Err(Refusal::AmountTooSmall.into());
    }
    let intent = PaymentIntent {
        id: draft.id(),
        created: draft.now,
        amount: create.amount,
        captured: Money::zero(create.amount.currency()),
        capture_method: create.capture_method,
        session: None,
        orders: Vec::new(),
        description: create.description.clone(),
        receipt_email: create.receipt_email.clone(),
        transfer_group: create.transfer_group.clone(),
        metadata: create.metadata.clone(),
        secret: create.secret.clone(),
        state: match &create.token {
            Some(token) => IntentState::RequiresConfirmation { token: token.clone() },
            None => IntentState::RequiresPaymentMethod { last: None },
        },
    };
    draft.event(EventKind::PaymentIntentCreated, &intent);
    match (&create.token, create.confirm) {
        (Some(token), true) => {
            start_attempt(draft, intent, &Card { token, return_url: create.return_url.clone() });
        }
        (None, true) => return Err(Refusal::PaymentUnexpectedState.into()),
        (_, false) => draft.put(intent),
    }
    Ok(())
}

/// Charges a card for a payment without a pay page.
///
/// Refuses `PaymentUnexpectedState` without a card, and while or after a card is charged. The
/// payment of a session is confirmed through its session, which checks the total.
pub(super) fn confirm(draft: &mut Draft<'_>, confirm: &ConfirmPaymentIntent) -> Result<(), Stop> {
    let intent: PaymentIntent = draft.get(&confirm.intent)?;
    let known = match &intent.state {
        IntentState::RequiresPaymentMethod { .. } => None,
        IntentState::RequiresConfirmation { token } => Some(token.clone()),
        IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => return Err(Refusal::PaymentUnexpectedState.into()),
    };
    let token = confirm.token.clone().or(known);
    let (Some(token), None) = (token, intent.session) else {
        return Err(Refusal::PaymentUnexpectedState.into());
    };
    let card = Card { token: &token, return_url: confirm.return_url.clone() };
    start_attempt(draft, intent, &card);
    Ok(())
}

/// The card that is to be charged, and where its bank's page sends the buyer.
struct Card<'a> {
    token: &'a CardToken,
    return_url: Option<String>,
}

/// Puts the next attempt on disk, with the request that is to be sent.
fn start_attempt(draft: &mut Draft<'_>, mut intent: PaymentIntent, card: &Card<'_>) {
    let attempt = Attempt {
        id: draft.id(),
        created: draft.now,
        intent: intent.id,
        session: intent.session,
        amount: intent.amount,
        token: card.token.clone(),
        card: None,
        return_url: card.return_url.clone(),
        refunded: Money::zero(intent.amount.currency()),
        state: AttemptState::Sending { unsent: 0 },
    };
    draft.effect_now(request(&attempt, Ask::First));
    intent.state = IntentState::Processing { attempt: attempt.id };
    draft.put(attempt);
    draft.put(intent);
}

/// The request to the processor for an attempt.
pub(super) fn request(attempt: &Attempt, ask: Ask) -> EffectKind {
    EffectKind::Authorize(AuthorizeRequest {
        attempt: attempt.id,
        token: attempt.token.clone(),
        amount: attempt.amount,
        return_url: attempt.return_url.clone(),
        ask,
    })
}
