//! *Pay now*: a payment and its next attempt.

use crate::address::BillingDetails;
use crate::checkout::CheckoutSession;
use crate::command::{
    CardUse, ConfirmCheckoutSession, ConfirmPaymentIntent, CreateMethod, CreatePaymentIntent,
    EditPaymentIntent, Metadata,
};
use crate::effect::{Ask, AuthorizeRequest, EffectKind};
use crate::event::EventKind;
use crate::id::{CustomerId, PaymentMethodId};
use crate::key::RowKey;
use crate::money::Money;
use crate::payment::attempt::{Attempt, AttemptState};
use crate::payment::capture_method::CaptureMethod;
use crate::payment::card::CardToken;
use crate::payment::details::Wish;
use crate::payment::intent::{IntentState, PaymentIntent};
use crate::payment::method::PaymentMethod;
use crate::payment::notes::{Confirmation, Notes, ReturnTo};
use crate::payment::usage::FutureUsage;
use crate::refusal::Refusal;
use crate::seller::Seller;
use crate::view::Stop;

use super::draft::Draft;
use super::{discount, edit, method, session, setup};

/// The buyer pays on the pay page.
///
/// Refuses `SessionNotOpen`, `AnswersMissing`, what [`session::refuse_blocked`] does,
/// `CardNotAllowed`, `ShippingNotChosen` when there are ways to ship and none was chosen,
/// `TotalChanged` when the total is not the one shown, `PaymentUnexpectedState` while another
/// attempt is under way, what [`discount::redeem`] does, and what a kept card is refused for. A
/// visit at which a card is kept refuses what [`setup::confirm_session`] does.
pub(super) fn confirm_session(
    draft: &mut Draft<'_>,
    confirm: &ConfirmCheckoutSession,
) -> Result<(), Stop> {
    let mut session: CheckoutSession = draft.get(&confirm.session)?;
    session::refuse_closed(draft, &session)?;
    let (intent, method) = (session.intent, confirm.card_use.method);
    let others = intent.map(RowKey::PaymentIntent).into_iter();
    let others = others.chain(method.map(RowKey::PaymentMethod));
    draft.need(discount::keys(draft, &session).into_iter().chain(others))?;
    session.given = confirm.given.clone().or(&session.given);
    fill_known(draft, &mut session, confirm)?;
    session::refuse_unanswered(&session)?;
    session::refuse_blocked(draft, &session, confirm)?;
    if let Some(of) = session.setup {
        setup::confirm_session(draft, &session, of.intent, confirm)?;
        draft.put(session);
        return Ok(());
    }
    if session.shipping().is_none() && !session.shipping_options.is_empty() {
        return Err(Refusal::ShippingNotChosen.into());
    }
    let total = session.totals()?.total;
    if total != confirm.total {
        return Err(Refusal::TotalChanged.into());
    }
    let intent = match session::unpaid_intent(draft, &session)? {
        Some(intent) => shipped_to(&session, PaymentIntent { amount: total, ..intent }),
        None => intent_of_session(draft, &session, total, confirm),
    };
    discount::redeem(draft, &mut session)?;
    session.intent = Some(intent.id);
    let return_url = Some(confirm.return_url.clone());
    let card = chosen(draft, confirm.token.as_ref(), &confirm.card_use, session.customer)?;
    let card = card.ok_or(Refusal::PaymentUnexpectedState)?;
    let is_debit = card.token.is_debit();
    if is_debit && !session.allows_debit() || !is_debit && !session.allows_card() {
        return Err(Refusal::CardNotAllowed.into());
    }
    let billing = card.billing.or_else(|| session.given.billing());
    start_attempt(draft, intent, Card { return_url, billing, ..card });
    draft.put(session);
    Ok(())
}

/// What is known of a kept card's holder need not be said again.
fn fill_known(
    draft: &Draft<'_>,
    session: &mut CheckoutSession,
    confirm: &ConfirmCheckoutSession,
) -> Result<(), Stop> {
    let Some(method) = confirm.card_use.method else { return Ok(()) };
    let known = draft.get::<PaymentMethod>(&method)?.billing;
    let given = &mut session.given;
    if session.page.phone_number == Some(true) {
        given.phone = given.phone.take().or(known.phone);
    }
    if session.page.requires_billing() {
        given.address = given.address.take().or(known.address);
    }
    Ok(())
}

/// A payment that says where its goods go, as far as the buyer has said it.
fn shipped_to(session: &CheckoutSession, mut intent: PaymentIntent) -> PaymentIntent {
    if session.given.shipping.is_some() {
        intent.notes.shipping = session.ship_to();
    }
    intent
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
        capture_method: capture_method(session),
        customer: session.customer,
        method: None,
        future_usage: session.terms.setup_future_usage,
        pending: false,
        growing: None,
        session: Some(session.id),
        orders: Vec::new(),
        description: session.terms.description.clone(),
        receipt_email: receipt_email(session),
        transfer_group: session.terms.transfer_group.clone(),
        metadata: session.payment_metadata.clone(),
        notes: session.terms.notes(session.currency),
        secret: confirm.secret.clone(),
        state: IntentState::RequiresPaymentMethod { last: None },
    };
    let intent = shipped_to(session, intent);
    draft.event(EventKind::PaymentIntentCreated, &intent);
    intent
}

fn receipt_email(session: &CheckoutSession) -> Option<String> {
    let email = || session.email().map(str::to_owned);
    session.terms.receipt_email.clone().or_else(email)
}

/// Each order's part is taken when its seller ships; the platform's own sale as the shop said.
fn capture_method(session: &CheckoutSession) -> CaptureMethod {
    if session.is_own_sale() { session.terms.capture_method() } else { CaptureMethod::Manual }
}

/// Makes a payment without a pay page, and charges the card at once when asked to.
///
/// Refuses `AmountTooSmall`, what `Notes::check_way` refuses, `NotFound` for who gets the money,
/// and what a card and a customer are refused for.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreatePaymentIntent) -> Result<(), Stop> {
    if !create.amount.is_positive() {
        return Err(Refusal::AmountTooSmall.into());
    }
    create.notes.check_way(create.amount)?;
    if let Some(data) = &create.notes.transfer_data {
        draft.rely_on::<Seller>(&data.destination)?;
    }
    method::customer(draft, create.card_use.customer)?;
    let card = chosen(draft, create.token.as_ref(), &create.card_use, create.card_use.customer)?;
    card.iter().try_for_each(refuse_debit)?;
    let intent = PaymentIntent {
        id: draft.id(),
        created: draft.now,
        amount: create.amount,
        captured: Money::zero(create.amount.currency()),
        capture_method: create.capture_method,
        customer: create.card_use.customer,
        method: card.as_ref().map(|card| card.method),
        future_usage: create.card_use.future_usage,
        pending: false,
        growing: None,
        session: None,
        orders: Vec::new(),
        description: create.description.clone(),
        receipt_email: create.receipt_email.clone(),
        transfer_group: create.transfer_group.clone(),
        metadata: create.metadata.clone(),
        notes: noted((*create.notes).clone(), create.return_url.as_ref()),
        secret: create.secret.clone(),
        state: match &card {
            Some(card) => IntentState::RequiresConfirmation { token: card.token.clone() },
            None => IntentState::RequiresPaymentMethod { last: None },
        },
    };
    draft.event(EventKind::PaymentIntentCreated, &intent);
    match (card, create.confirm) {
        (Some(card), true) => {
            let return_url = create.return_url.as_ref().map(|to| intent.return_page(to));
            start_attempt(draft, intent, Card { return_url, ..card });
        }
        (None, true) => return Err(Refusal::PaymentUnexpectedState.into()),
        (card, false) => {
            keep_until_confirmed(draft, card);
            draft.put(intent);
        }
    }
    Ok(())
}

/// Writes what the platform says about a payment, and the card that is to pay.
///
/// Refuses as [`edit::payment`] does, and `PaymentUnexpectedState` for a card where one is being
/// charged already, and for the payment of a session.
pub(super) fn edit(draft: &mut Draft<'_>, edit: &EditPaymentIntent) -> Result<(), Stop> {
    edit::payment(draft, &edit.keep)?;
    let Some(id) = edit.payment() else { return Ok(()) };
    let mut intent: PaymentIntent = draft.get(&id)?;
    let is_open = match intent.state {
        IntentState::RequiresPaymentMethod { .. } | IntentState::RequiresConfirmation { .. } => {
            intent.session.is_none()
        }
        IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => false,
    };
    let customer = intent.customer;
    let Some(card) = chosen(draft, edit.token.as_ref(), &edit.card_use, customer)? else {
        return Ok(());
    };
    if !is_open {
        return Err(Refusal::PaymentUnexpectedState.into());
    }
    intent.method = Some(card.method);
    intent.state = IntentState::RequiresConfirmation { token: card.token.clone() };
    keep_until_confirmed(draft, Some(card));
    draft.put(intent);
    Ok(())
}

/// A token might not last until the payment is confirmed, so the network is asked to keep its card.
fn keep_until_confirmed(draft: &mut Draft<'_>, card: Option<Card>) {
    let card = card.filter(|card| !card.is_kept);
    if let Some(Card { method: id, token, billing, metadata, .. }) = card {
        let create = CreateMethod::of_token(token, billing.unwrap_or_default());
        method::start(draft, id, &CreateMethod { metadata, ..create });
    }
}

/// The notes with where the shop wants the buyer back, if it says so now.
fn noted(notes: Notes, to: Option<&ReturnTo>) -> Notes {
    let return_url = to.map(|to| to.url.clone()).or(notes.return_url);
    Notes { return_url, ..notes }
}

/// Charges a card for a payment without a pay page.
///
/// Refuses `PaymentUnexpectedState` without a card, and while or after a card is charged. The
/// payment of a session is confirmed through its session, which checks the total.
pub(super) fn confirm(draft: &mut Draft<'_>, confirm: &ConfirmPaymentIntent) -> Result<(), Stop> {
    if let Some(edit) = &confirm.edit {
        edit::payment(draft, edit)?;
    }
    let mut intent: PaymentIntent = draft.get(&confirm.intent)?;
    let names_none = confirm.token.is_none() && confirm.card_use.method.is_none();
    if names_none && is_approved_by_hand(draft, &intent)? {
        return Ok(());
    }
    let known = match &intent.state {
        IntentState::RequiresPaymentMethod { .. } => None,
        IntentState::RequiresConfirmation { token } => Some(token.clone()),
        IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => return Err(Refusal::PaymentUnexpectedState.into()),
    };
    let card = match chosen(draft, confirm.token.as_ref(), &confirm.card_use, intent.customer)? {
        Some(card) => Some(card),
        None => waiting(draft, &intent, known)?,
    };
    let (Some(card), None) = (card, intent.session) else {
        return Err(Refusal::PaymentUnexpectedState.into());
    };
    refuse_debit(&card)?;
    intent.future_usage = confirm.card_use.future_usage.or(intent.future_usage);
    intent.notes = noted(intent.notes, confirm.return_url.as_ref());
    let return_url = confirm.return_url.as_ref().map(|to| intent.return_page(to));
    let CardUse { off_session, fails_when_asked, .. } = confirm.card_use;
    start_attempt(draft, intent, Card { return_url, off_session, fails_when_asked, ..card });
    Ok(())
}

/// Whether the bank has asked the buyer and approved a payment that is confirmed by hand: clients
/// of the dialect then confirm once more, and that is done already.
fn is_approved_by_hand(draft: &Draft<'_>, intent: &PaymentIntent) -> Result<bool, Stop> {
    let approved = match intent.state {
        IntentState::RequiresCapture { attempt, .. } | IntentState::Succeeded { attempt } => {
            attempt
        }
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::Canceled { .. } => return Ok(false),
    };
    let attempt: Attempt = draft.get(&approved)?;
    Ok(intent.notes.confirmation == Confirmation::Manual && attempt.was_challenged)
}

/// The card that is to be charged, and where its bank's page sends the buyer.
struct Card {
    token: CardToken,
    method: PaymentMethodId,
    billing: Option<BillingDetails>,
    return_url: Option<String>,
    off_session: bool,
    fails_when_asked: bool,
    metadata: Metadata,
    /// Whether it has a row of its own already.
    is_kept: bool,
}

impl Card {
    /// A card that nothing else is known of.
    fn of_token(draft: &mut Draft<'_>, token: &CardToken) -> Card {
        Card {
            token: token.clone(),
            method: draft.id(),
            billing: None,
            return_url: None,
            off_session: false,
            fails_when_asked: false,
            metadata: Metadata::new(),
            is_kept: false,
        }
    }
}

/// A bank account is debited on the pay page only, where the shop allowed it.
fn refuse_debit(card: &Card) -> Result<(), Stop> {
    if card.token.is_debit() { Err(Refusal::CardNotAllowed.into()) } else { Ok(()) }
}

/// The card that a request names, by a token or as a kept one.
fn chosen(
    draft: &mut Draft<'_>,
    token: Option<&CardToken>,
    card_use: &CardUse,
    customer: Option<CustomerId>,
) -> Result<Option<Card>, Stop> {
    let CardUse { off_session, fails_when_asked, .. } = *card_use;
    if let Some(method) = card_use.method {
        let token = method::usable(draft, method, customer)?.token;
        let billing = draft.get::<PaymentMethod>(&method)?.billing;
        let card = Card::of_token(draft, &token);
        return Ok(Some(Card {
            method,
            billing: Some(billing),
            off_session,
            fails_when_asked,
            is_kept: true,
            ..card
        }));
    }
    let Some(token) = token else { return Ok(None) };
    let (billing, metadata) = (card_use.billing.clone(), card_use.metadata.clone());
    let card = Card::of_token(draft, token);
    Ok(Some(Card { billing, metadata, off_session, fails_when_asked, ..card }))
}

/// The card that the payment waits with.
fn waiting(
    draft: &mut Draft<'_>,
    intent: &PaymentIntent,
    known: Option<CardToken>,
) -> Result<Option<Card>, Stop> {
    let Some(token) = known else { return Ok(None) };
    // A payment that was made before cards were kept has nothing but the token.
    let Some(method) = intent.method else { return Ok(Some(Card::of_token(draft, &token))) };
    let token = method::waiting(draft, method)?;
    let billing = Some(draft.get::<PaymentMethod>(&method)?.billing);
    let card = Card::of_token(draft, &token);
    Ok(Some(Card { method, billing, is_kept: true, ..card }))
}

/// Puts the next attempt on disk, with the request that is to be sent.
fn start_attempt(draft: &mut Draft<'_>, mut intent: PaymentIntent, card: Card) {
    let attempt = Attempt {
        id: draft.id(),
        created: draft.now,
        intent: intent.id,
        session: intent.session,
        customer: intent.customer,
        method: Some(card.method),
        billing: card.billing,
        future_usage: future_usage(&intent),
        off_session: card.off_session,
        fails_when_asked: card.fails_when_asked,
        method_metadata: card.metadata,
        pending: false,
        amount: intent.amount,
        token: card.token,
        card: None,
        return_url: card.return_url,
        refunded: Money::zero(intent.amount.currency()),
        capture: (intent.capture_method == CaptureMethod::Automatic).then(|| draft.id()),
        notes: Box::new(intent.charge_notes()),
        was_challenged: false,
        entry: None,
        refunds: 0,
        disputes: Vec::new(),
        fraud_warnings: Vec::new(),
        transfer: None,
        application_fee: None,
        state: AttemptState::Sending { unsent: 0 },
    };
    draft.effect_now(request(&attempt, Ask::First));
    intent.method = attempt.method;
    intent.state = IntentState::Processing { attempt: attempt.id };
    draft.put(attempt);
    draft.put(intent);
}

/// What the card is kept for: what is said of cards goes before what is said of the payment.
fn future_usage(intent: &PaymentIntent) -> Option<FutureUsage> {
    match intent.notes.card.future_usage {
        Some(keeping) => keeping.usage(),
        None => intent.future_usage,
    }
}

/// The request to the processor for an attempt.
pub(super) fn request(attempt: &Attempt, ask: Ask) -> EffectKind {
    EffectKind::Authorize(AuthorizeRequest {
        attempt: attempt.id,
        token: attempt.token.clone(),
        amount: attempt.amount,
        return_url: attempt.return_url.clone(),
        descriptor: attempt.notes.notes.descriptor(),
        three_d_secure: attempt.notes.notes.three_d_secure,
        off_session: attempt.off_session,
        save: attempt.future_usage.is_some(),
        incremental: attempt.notes.notes.card.incremental == Some(Wish::IfAvailable),
        moto: attempt.notes.notes.card.moto,
        network: attempt.notes.notes.card.network.clone(),
        capture: attempt.capture,
        ask,
    })
}
