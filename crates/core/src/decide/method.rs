//! Cards that are kept: made of a token, given to a customer, taken away.

use crate::address::BillingDetails;
use crate::command::{CreateMethod, Metadata};
use crate::customer::Customer;
use crate::effect::{Ask, EffectKind, SaveCardRequest};
use crate::event::EventKind;
use crate::id::{CustomerId, PaymentMethodId};
use crate::payment::card::CardToken;
use crate::payment::method::{Brings, MethodState, PaymentMethod, SaveOutcome, SavedCard};
use crate::refusal::Refusal;
use crate::view::Stop;

use super::draft::Draft;

/// Refuses `NotFound` for a customer that does not exist or was deleted.
pub(super) fn customer(draft: &Draft<'_>, id: Option<CustomerId>) -> Result<(), Stop> {
    let Some(id) = id else { return Ok(()) };
    let customer: Customer = draft.get(&id)?;
    if customer.deleted { Err(Refusal::NotFound.into()) } else { Ok(()) }
}

/// A kept card that a request names, for a customer or for nobody.
///
/// Refuses `NotFound`, `MethodNotReady` while the network has not answered, `MethodUnexpectedState`
/// for one that was detached or could not be kept, `MethodOfAnotherCustomer`.
pub(super) fn usable(
    draft: &Draft<'_>,
    id: PaymentMethodId,
    customer: Option<CustomerId>,
) -> Result<SavedCard, Stop> {
    let method: PaymentMethod = draft.get(&id)?;
    if method.customer.is_some() && method.customer != customer {
        return Err(Refusal::MethodOfAnotherCustomer.into());
    }
    saved(method)
}

/// The token of the card that a payment or a setup waits with. One that the network would not keep
/// is tried all the same: what is wrong with it is the bank's to say.
pub(super) fn waiting(draft: &Draft<'_>, id: PaymentMethodId) -> Result<CardToken, Stop> {
    let method: PaymentMethod = draft.get(&id)?;
    if let MethodState::Failed { token, .. } = method.state {
        return Ok(token);
    }
    Ok(saved(method)?.token)
}

fn saved(method: PaymentMethod) -> Result<SavedCard, Stop> {
    match method.state {
        MethodState::Saved { card } => Ok(card),
        MethodState::Saving { .. } | MethodState::Attaching { .. } => {
            Err(Refusal::MethodNotReady.into())
        }
        MethodState::Detached { .. } | MethodState::Failed { .. } => {
            Err(Refusal::MethodUnexpectedState.into())
        }
    }
}

/// Makes a payment method of a token, which the network exchanges for one that lasts.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateMethod) -> Result<(), Stop> {
    customer(draft, create.customer)?;
    let id = draft.id();
    start(draft, id, create);
    Ok(())
}

/// Puts a payment method on disk, with the request that is to be sent.
pub(super) fn start(draft: &mut Draft<'_>, id: PaymentMethodId, create: &CreateMethod) {
    begin(draft, id, create, None);
}

/// The same, with what becomes of its customer. A card that becomes somebody's is kept only if its
/// bank agrees.
pub(super) fn begin(
    draft: &mut Draft<'_>,
    id: PaymentMethodId,
    create: &CreateMethod,
    brings: Option<Brings>,
) {
    let method = PaymentMethod {
        id,
        created: draft.now,
        customer: create.customer,
        billing: create.billing.clone(),
        allow_redisplay: create.allow_redisplay,
        metadata: create.metadata.clone(),
        rounds: 0,
        brings: brings.map(Box::new),
        refused: None,
        state: MethodState::Saving { token: create.token.clone(), tries: 0 },
    };
    draft.effect_now(saving(&method, &create.token, Ask::First));
    draft.create(method);
}

/// Asks to keep a card that is known by a token.
fn saving(method: &PaymentMethod, token: &CardToken, ask: Ask) -> EffectKind {
    // A bank account is no card, and its bank says nothing before it is debited.
    let check = method.customer.is_some() && !token.is_debit();
    let (token, round) = (token.clone(), 0);
    EffectKind::SaveCard(SaveCardRequest { method: method.id, token, check, round, ask })
}

/// Asks the bank of a kept card whether it may become somebody's.
fn attaching(method: &PaymentMethod, card: &SavedCard, ask: Ask) -> EffectKind {
    let (token, round) = (card.token.clone(), method.rounds);
    EffectKind::SaveCard(SaveCardRequest { method: method.id, token, check: true, round, ask })
}

/// Whose a kept card is to be.
pub(super) struct Wish {
    pub(super) to: CustomerId,
    pub(super) brings: Option<Brings>,
}

/// Puts on disk that a kept card's bank is asked. Nothing is asked about a card that is the
/// customer's already, nor about a bank account.
pub(super) fn ask_bank(
    draft: &mut Draft<'_>,
    id: PaymentMethodId,
    card: SavedCard,
    wish: Wish,
) -> Result<(), Stop> {
    let mut method: PaymentMethod = draft.get(&id)?;
    if method.customer.is_some() || card.token.is_debit() {
        bring(draft, wish.brings.map(Box::new), id, wish.to)?;
        return give(draft, id, wish.to);
    }
    method.rounds = method.rounds.saturating_add(1);
    method.brings = wish.brings.map(Box::new);
    method.refused = None;
    draft.effect_now(attaching(&method, &card, Ask::First));
    method.state = MethodState::Attaching { card, to: wish.to, tries: 0 };
    draft.put(method);
    Ok(())
}

/// Gives a card to a customer, once its bank has agreed. Giving it to the same one again changes
/// nothing.
///
/// Refuses what [`usable`] refuses, and `NotFound` for the customer.
pub(super) fn attach(
    draft: &mut Draft<'_>,
    id: PaymentMethodId,
    customer_id: CustomerId,
) -> Result<(), Stop> {
    customer(draft, Some(customer_id))?;
    let card = usable(draft, id, Some(customer_id))?;
    ask_bank(draft, id, card, Wish { to: customer_id, brings: None })
}

/// Gives a card that nobody has to a customer.
pub(super) fn give(
    draft: &mut Draft<'_>,
    id: PaymentMethodId,
    customer: CustomerId,
) -> Result<(), Stop> {
    let mut method: PaymentMethod = draft.get(&id)?;
    if method.customer.is_none() {
        method.customer = Some(customer);
        draft.event(EventKind::PaymentMethodAttached, &method);
        draft.put(method);
    }
    Ok(())
}

/// Takes a card from its customer. It cannot be charged any more, nor given to anybody.
///
/// Refuses `MethodUnexpectedState` for a card that is nobody's.
pub(super) fn detach(draft: &mut Draft<'_>, id: PaymentMethodId) -> Result<(), Stop> {
    let mut method: PaymentMethod = draft.get(&id)?;
    let before = method.clone();
    let customer = method.customer.take();
    let card = saved(method.clone())?;
    let Some(owner) = customer else { return Err(Refusal::MethodUnexpectedState.into()) };
    if let Some(mut customer) = draft.find::<Customer>(&owner)?
        && customer.default_method == Some(id)
    {
        draft.was(&customer);
        customer.default_method = None;
        draft.event(EventKind::CustomerUpdated, &customer);
        draft.put(customer);
    }
    method.state = MethodState::Detached { card };
    draft.was(&before);
    draft.event(EventKind::PaymentMethodDetached, &method);
    draft.put(method);
    Ok(())
}

/// Records what the network answered. Repeating an answer changes nothing.
pub(super) fn record(
    draft: &mut Draft<'_>,
    id: PaymentMethodId,
    outcome: &SaveOutcome,
) -> Result<(), Stop> {
    let method: PaymentMethod = draft.get(&id)?;
    match method.state.clone() {
        MethodState::Saving { token, tries } => {
            record_saved(draft, method, (token, tries), outcome)
        }
        MethodState::Attaching { card, to, tries } => {
            record_attached(draft, method, Attaching { card, to, tries }, outcome)
        }
        MethodState::Saved { .. } | MethodState::Detached { .. } | MethodState::Failed { .. } => {
            Ok(())
        }
    }
}

fn record_saved(
    draft: &mut Draft<'_>,
    mut method: PaymentMethod,
    (token, tries): (CardToken, u32),
    outcome: &SaveOutcome,
) -> Result<(), Stop> {
    match outcome {
        SaveOutcome::Saved(card) => {
            method.state = MethodState::Saved { card: card.clone() };
            if let Some(owner) = method.customer {
                bring(draft, method.brings.take(), method.id, owner)?;
                draft.event(EventKind::PaymentMethodAttached, &method);
            }
        }
        SaveOutcome::Failed(decline) => {
            method.brings = None;
            method.state = MethodState::Failed { token, decline: decline.clone() };
        }
        SaveOutcome::Unknown => {
            // It is asked for again until there is an answer: no money hangs on it, and the
            // reference makes it the same request.
            let wait = draft.rules().wait_before_look(tries);
            draft.effect_at(draft.now.after(wait), saving(&method, &token, Ask::Again));
            method.state = MethodState::Saving { token, tries: tries.saturating_add(1) };
        }
    }
    draft.put(method);
    Ok(())
}

/// A kept card whose bank is asked.
struct Attaching {
    card: SavedCard,
    pub(super) to: CustomerId,
    tries: u32,
}

fn record_attached(
    draft: &mut Draft<'_>,
    mut method: PaymentMethod,
    asked: Attaching,
    outcome: &SaveOutcome,
) -> Result<(), Stop> {
    let Attaching { card, to, tries } = asked;
    match outcome {
        SaveOutcome::Saved(_) => {
            let brings = method.brings.take();
            method.state = MethodState::Saved { card };
            let is_new = brings.as_ref().is_some_and(|brings| brings.customer.is_some());
            let found: Option<Customer> = draft.find(&to)?;
            // A customer who was deleted meanwhile gets no card any more.
            if is_new || found.is_some_and(|customer| !customer.deleted) {
                bring(draft, brings, method.id, to)?;
                method.customer = Some(to);
                draft.event(EventKind::PaymentMethodAttached, &method);
            }
        }
        SaveOutcome::Failed(decline) => {
            method.brings = None;
            method.refused = Some(decline.clone());
            method.state = MethodState::Saved { card };
        }
        SaveOutcome::Unknown => {
            let wait = draft.rules().wait_before_look(tries);
            draft.effect_at(draft.now.after(wait), attaching(&method, &card, Ask::Again));
            method.state = MethodState::Attaching { card, to, tries: tries.saturating_add(1) };
        }
    }
    draft.put(method);
    Ok(())
}

/// Writes what waited for the bank to agree: the customer itself, or which of its cards is charged.
fn bring(
    draft: &mut Draft<'_>,
    brings: Option<Box<Brings>>,
    method: PaymentMethodId,
    owner: CustomerId,
) -> Result<(), Stop> {
    let Some(brings) = brings else { return Ok(()) };
    let Brings { customer, also, is_default } = *brings;
    if let Some(mut row) = customer {
        row.default_method = is_default.then_some(method).or(row.default_method);
        draft.event(EventKind::CustomerCreated, &row);
        if let Some(also) = also {
            draft.event(also, &row);
        }
        draft.create(row);
        return Ok(());
    }
    let found: Option<Customer> = draft.find(&owner)?;
    if let Some(mut row) = found.filter(|row| is_default && !row.deleted) {
        draft.was(&row);
        row.default_method = Some(method);
        draft.event(EventKind::CustomerUpdated, &row);
        draft.put(row);
    }
    Ok(())
}

/// What a bank's approval left at the network.
pub(super) struct Kept {
    /// The card's id.
    pub(super) id: PaymentMethodId,
    /// For whom.
    pub(super) customer: Option<CustomerId>,
    /// Whose card it is, as far as the buyer said.
    pub(super) billing: BillingDetails,
    /// Notes on it.
    pub(super) metadata: Metadata,
    /// The card.
    pub(super) card: SavedCard,
}

/// Keeps a card that a bank has agreed to keep, as its customer's.
pub(super) fn keep(draft: &mut Draft<'_>, kept: Kept) -> Result<(), Stop> {
    let found: Option<PaymentMethod> = draft.find(&kept.id)?;
    let method = match found {
        Some(method) => match method.state {
            MethodState::Saved { .. } => {
                return kept.customer.map_or(Ok(()), |customer| give(draft, kept.id, customer));
            }
            // Nobody wants it any more, or its bank is about to say whose it is.
            MethodState::Detached { .. } | MethodState::Attaching { .. } => return Ok(()),
            MethodState::Saving { .. } | MethodState::Failed { .. } => PaymentMethod {
                customer: method.customer.or(kept.customer),
                state: MethodState::Saved { card: kept.card },
                ..method
            },
        },
        None => PaymentMethod {
            id: kept.id,
            created: draft.now,
            customer: kept.customer,
            billing: kept.billing,
            allow_redisplay: None,
            metadata: kept.metadata,
            rounds: 0,
            brings: None,
            refused: None,
            state: MethodState::Saved { card: kept.card },
        },
    };
    if method.customer.is_some() {
        draft.event(EventKind::PaymentMethodAttached, &method);
    }
    draft.put(method);
    Ok(())
}
