//! Saving a card without a payment: the setup and its next attempt.

use crate::address::BillingDetails;
use crate::checkout::CheckoutSession;
use crate::command::{
    ConfirmCheckoutSession, ConfirmSetup, CreateMethod, CreateSetup, Keep, Metadata, SetupCard,
};
use crate::effect::{Ask, EffectKind, VerifyRequest};
use crate::event::EventKind;
use crate::id::{CheckoutSessionId, CustomerId, PaymentMethodId, SetupIntentId};
use crate::payment::card::CardToken;
use crate::payment::method::PaymentMethod;
use crate::payment::setup::{
    SetupAttempt, SetupCancelReason, SetupIntent, SetupState, VerificationState,
};
use crate::refusal::Refusal;
use crate::row::Row;
use crate::view::Stop;

use super::draft::Draft;
use super::{give_up, method};

/// Makes a setup, and asks the card's bank at once when told to.
///
/// Refuses `SetupUnexpectedState` to confirm without a card, and what `method::usable` refuses.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateSetup) -> Result<(), Stop> {
    method::customer(draft, create.customer)?;
    let card = chosen(draft, &create.card, create.customer)?;
    let mut setup = made(draft, create);
    if let Some(card) = &card {
        setup.method = Some(card.method);
        setup.state = SetupState::RequiresConfirmation;
    }
    draft.event(EventKind::SetupIntentCreated, &setup);
    match (card, create.confirm) {
        (Some(card), true) => start_attempt(draft, setup, card, create.return_url.clone()),
        (None, true) => return Err(Refusal::SetupUnexpectedState.into()),
        (card, false) => {
            if let Some(card) = card.filter(|card| !card.is_kept) {
                save(draft, card);
            }
            draft.put(setup);
        }
    }
    Ok(())
}

/// A setup that waits for a card.
fn made(draft: &mut Draft<'_>, create: &CreateSetup) -> SetupIntent {
    SetupIntent {
        id: draft.id(),
        created: draft.now,
        customer: create.customer,
        method: None,
        description: create.description.clone(),
        metadata: create.metadata.clone(),
        usage: create.usage,
        on_behalf_of: create.on_behalf_of,
        automatic: create.automatic,
        terms: create.terms.clone(),
        secret: create.secret.clone(),
        session: None,
        latest: None,
        state: SetupState::RequiresPaymentMethod { last: None },
    }
}

/// Makes the setup of a visit at which a card is to be kept.
pub(super) fn of_session(
    draft: &mut Draft<'_>,
    id: CheckoutSessionId,
    create: &CreateSetup,
) -> SetupIntentId {
    let setup = SetupIntent { session: Some(id), ..made(draft, create) };
    draft.event(EventKind::SetupIntentCreated, &setup);
    let id = setup.id;
    draft.put(setup);
    id
}

/// The buyer gives the card on the pay page, and its bank is asked.
///
/// Refuses `TotalChanged` for any sum but nothing, `SetupUnexpectedState` while or after a bank is
/// asked, `CardNotAllowed` for what is no card, and what a kept card is refused for.
pub(super) fn confirm_session(
    draft: &mut Draft<'_>,
    session: &CheckoutSession,
    id: SetupIntentId,
    confirm: &ConfirmCheckoutSession,
) -> Result<(), Stop> {
    if !confirm.total.is_zero() {
        return Err(Refusal::TotalChanged.into());
    }
    let setup = waiting_of(draft, id)?;
    let billing = confirm.card_use.billing.clone().or_else(|| session.given.billing());
    let card = SetupCard {
        token: confirm.token.clone(),
        method: confirm.card_use.method,
        billing: billing.unwrap_or_default(),
        metadata: confirm.card_use.metadata.clone(),
    };
    let card = chosen(draft, &card, session.customer)?.ok_or(Refusal::SetupUnexpectedState)?;
    if card.token.is_debit() {
        return Err(Refusal::CardNotAllowed.into());
    }
    start_attempt(draft, setup, card, Some(confirm.return_url.clone()));
    Ok(())
}

/// The setup of a session, as long as no bank is asked.
pub(super) fn waiting_of(draft: &Draft<'_>, id: SetupIntentId) -> Result<SetupIntent, Stop> {
    let setup: SetupIntent = draft.get(&id)?;
    match setup.state {
        SetupState::RequiresPaymentMethod { .. } | SetupState::RequiresConfirmation => Ok(setup),
        SetupState::Processing
        | SetupState::RequiresAction { .. }
        | SetupState::Succeeded
        | SetupState::Canceled { .. } => Err(Refusal::SetupUnexpectedState.into()),
    }
}

/// Gives up the setup of a session that is over.
pub(super) fn abandon(draft: &mut Draft<'_>, mut setup: SetupIntent) {
    let reason = Some(SetupCancelReason::Abandoned);
    setup.state = SetupState::Canceled { at: draft.now, reason };
    draft.event(EventKind::SetupIntentCanceled, &setup);
    draft.put(setup);
}

/// A card that waits for its confirmation is exchanged for one that lasts: the token might not.
fn save(draft: &mut Draft<'_>, card: Chosen) {
    let create = CreateMethod::of_token(card.token, card.billing);
    method::start(draft, card.method, &CreateMethod { metadata: card.metadata, ..create });
}

/// Asks the card's bank now.
///
/// Refuses `Changed` when somebody wrote the setup in between, and `SetupUnexpectedState` without
/// a card, while or after a bank is asked, and for the setup of a visit to the pay page, which its
/// buyer confirms there.
pub(super) fn confirm(draft: &mut Draft<'_>, confirm: &ConfirmSetup) -> Result<(), Stop> {
    if let Some(edit) = &confirm.edit {
        write(draft, edit)?;
    }
    let setup = waiting_of(draft, confirm.setup)?;
    if setup.session.is_some() {
        return Err(Refusal::SetupUnexpectedState.into());
    }
    let card = match chosen(draft, &confirm.card, setup.customer)? {
        Some(card) => card,
        None => known(draft, &setup)?,
    };
    start_attempt(draft, setup, card, confirm.return_url.clone());
    Ok(())
}

/// Writes a setup as the platform wants it, its state untouched.
fn write(draft: &mut Draft<'_>, edit: &Keep) -> Result<(), Stop> {
    let Row::SetupIntent(new) = &edit.row else { return Err(Refusal::NotFound.into()) };
    let old: SetupIntent = draft.get(&new.id)?;
    draft.expect(&edit.row.key(), edit.expected)?;
    assert!(old.state == new.state && old.secret == new.secret, "an edit of more than words");
    draft.put(new.clone());
    Ok(())
}

/// Gives up a setup, and has the bank ask its cardholder no more. What the bank may still say then
/// saves nothing.
///
/// Refuses `SetupUnexpectedState` while the bank is asked, when all is over, and for the setup of
/// a visit to the pay page, which ends with its session.
pub(super) fn cancel(
    draft: &mut Draft<'_>,
    id: SetupIntentId,
    reason: Option<SetupCancelReason>,
) -> Result<(), Stop> {
    let mut setup: SetupIntent = draft.get(&id)?;
    if setup.session.is_some() {
        return Err(Refusal::SetupUnexpectedState.into());
    }
    match setup.state {
        SetupState::RequiresPaymentMethod { .. }
        | SetupState::RequiresConfirmation
        | SetupState::RequiresAction { .. } => {}
        SetupState::Processing | SetupState::Succeeded | SetupState::Canceled { .. } => {
            return Err(Refusal::SetupUnexpectedState.into());
        }
    }
    if let (SetupState::RequiresAction { challenge, .. }, Some(attempt)) =
        (&setup.state, setup.latest)
    {
        give_up::setup(draft, attempt, challenge);
    }
    setup.state = SetupState::Canceled { at: draft.now, reason };
    draft.event(EventKind::SetupIntentCanceled, &setup);
    draft.put(setup);
    Ok(())
}

/// The card of an attempt.
struct Chosen {
    method: PaymentMethodId,
    token: CardToken,
    billing: BillingDetails,
    metadata: Metadata,
    /// Whether it has a row of its own already.
    is_kept: bool,
}

impl Chosen {
    /// A card that has a row of its own, with its own notes.
    fn kept(method: PaymentMethodId, token: CardToken, billing: BillingDetails) -> Chosen {
        Chosen { method, token, billing, metadata: Metadata::new(), is_kept: true }
    }
}

fn chosen(
    draft: &mut Draft<'_>,
    card: &SetupCard,
    customer: Option<CustomerId>,
) -> Result<Option<Chosen>, Stop> {
    if let Some(id) = card.method {
        let token = method::usable(draft, id, customer)?.token;
        let billing = draft.get::<PaymentMethod>(&id)?.billing;
        return Ok(Some(Chosen::kept(id, token, billing)));
    }
    let Some(token) = card.token.clone() else { return Ok(None) };
    let (billing, metadata) = (card.billing.clone(), card.metadata.clone());
    Ok(Some(Chosen { method: draft.id(), token, billing, metadata, is_kept: false }))
}

fn known(draft: &Draft<'_>, setup: &SetupIntent) -> Result<Chosen, Stop> {
    let Some(id) = setup.method else { return Err(Refusal::SetupUnexpectedState.into()) };
    let token = method::waiting(draft, id)?;
    let billing = draft.get::<PaymentMethod>(&id)?.billing;
    Ok(Chosen::kept(id, token, billing))
}

/// Puts the next attempt on disk, with the request that is to be sent.
fn start_attempt(
    draft: &mut Draft<'_>,
    mut setup: SetupIntent,
    card: Chosen,
    return_url: Option<String>,
) {
    let attempt = SetupAttempt {
        id: draft.id(),
        created: draft.now,
        setup: setup.id,
        customer: setup.customer,
        method: card.method,
        token: card.token,
        usage: setup.usage,
        billing: card.billing,
        method_metadata: card.metadata,
        three_d_secure: setup.terms.three_d_secure,
        moto: setup.terms.card.moto,
        network: setup.terms.card.network.clone(),
        card: None,
        return_url,
        state: VerificationState::Sending { unsent: 0 },
    };
    draft.effect_now(request(&attempt, Ask::First));
    setup.state = SetupState::Processing;
    setup.latest = Some(attempt.id);
    setup.method = Some(attempt.method);
    draft.put(attempt);
    draft.put(setup);
}

/// The request to the network for an attempt.
pub(super) fn request(attempt: &SetupAttempt, ask: Ask) -> EffectKind {
    EffectKind::Verify(VerifyRequest {
        attempt: attempt.id,
        token: attempt.token.clone(),
        return_url: attempt.return_url.clone(),
        three_d_secure: attempt.three_d_secure,
        moto: attempt.moto,
        network: attempt.network.clone(),
        ask,
    })
}
