//! Cards that are kept: made of a token, given to a customer, taken away.

use crate::address::BillingDetails;
use crate::command::{CreateMethod, KeepCustomer, Metadata, SavingCommand};
use crate::customer::Customer;
use crate::effect::{Ask, EffectKind, SaveCardRequest};
use crate::event::EventKind;
use crate::id::{CustomerId, PaymentMethodId};
use crate::payment::card::CardToken;
use crate::payment::method::{MethodState, PaymentMethod, SaveOutcome, SavedCard};
use crate::refusal::Refusal;
use crate::row::Record;
use crate::view::Stop;

use super::draft::Draft;
use super::{setup, verify};

/// Carries out a command about cards that are kept.
pub(super) fn apply(draft: &mut Draft<'_>, command: &SavingCommand) -> Result<(), Stop> {
    match command {
        SavingCommand::KeepCustomer(keep) => keep_customer(draft, keep),
        SavingCommand::CreateMethod(make) => create(draft, make),
        SavingCommand::AttachMethod(method, customer) => attach(draft, *method, *customer),
        SavingCommand::DetachMethod(method) => detach(draft, *method),
        SavingCommand::RecordSave(method, outcome) => record(draft, *method, outcome),
        SavingCommand::CreateSetup(make) => setup::create(draft, make),
        SavingCommand::ConfirmSetup(confirm) => setup::confirm(draft, confirm),
        SavingCommand::CancelSetup(id, reason) => setup::cancel(draft, *id, *reason),
        SavingCommand::RecordVerification(id, outcome) => verify::record(draft, *id, outcome),
    }
}

/// Writes a customer and gives it a card, so that neither is there without the other.
///
/// Refuses `Changed` when somebody else wrote the customer, and what [`usable`] refuses.
fn keep_customer(draft: &mut Draft<'_>, keep: &KeepCustomer) -> Result<(), Stop> {
    let mut row = keep.customer.clone();
    let owner = row.id;
    let given = match (&keep.card.token, keep.card.method) {
        (Some(_), _) => Some(draft.id()),
        (None, given) => given,
    };
    row.default_method = if keep.is_default { given } else { row.default_method };
    let key = row.own_key();
    draft.replace(row.into_row(), keep.expected)?;
    draft.event_of(keep.event, key.clone());
    if let Some(also) = keep.also {
        draft.event_of(also, key);
    }
    match (&keep.card.token, given) {
        (Some(token), Some(id)) => {
            let create = CreateMethod::of_token(token.clone(), keep.card.billing.clone());
            start(draft, id, &CreateMethod { customer: Some(owner), ..create });
        }
        (None, Some(id)) => {
            usable(draft, id, Some(owner))?;
            give(draft, id, owner)?;
        }
        (_, None) => {}
    }
    Ok(())
}

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
        MethodState::Saving { .. } => Err(Refusal::MethodNotReady.into()),
        MethodState::Detached { .. } | MethodState::Failed { .. } => {
            Err(Refusal::MethodUnexpectedState.into())
        }
    }
}

/// Makes a payment method of a token, which the network exchanges for one that lasts.
fn create(draft: &mut Draft<'_>, create: &CreateMethod) -> Result<(), Stop> {
    customer(draft, create.customer)?;
    let id = draft.id();
    start(draft, id, create);
    Ok(())
}

/// Puts a payment method on disk, with the request that is to be sent.
pub(super) fn start(draft: &mut Draft<'_>, id: PaymentMethodId, create: &CreateMethod) {
    let method = PaymentMethod {
        id,
        created: draft.now,
        customer: create.customer,
        billing: create.billing.clone(),
        allow_redisplay: create.allow_redisplay,
        metadata: create.metadata.clone(),
        state: MethodState::Saving { token: create.token.clone(), tries: 0 },
    };
    draft.effect_now(request(id, &create.token, Ask::First));
    draft.create(method);
}

fn request(method: PaymentMethodId, token: &CardToken, ask: Ask) -> EffectKind {
    EffectKind::SaveCard(SaveCardRequest { method, token: token.clone(), ask })
}

/// Gives a card to a customer. Giving it to the same one again changes nothing.
///
/// Refuses what [`usable`] refuses, and `NotFound` for the customer.
fn attach(draft: &mut Draft<'_>, id: PaymentMethodId, customer_id: CustomerId) -> Result<(), Stop> {
    customer(draft, Some(customer_id))?;
    usable(draft, id, Some(customer_id))?;
    give(draft, id, customer_id)
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
fn detach(draft: &mut Draft<'_>, id: PaymentMethodId) -> Result<(), Stop> {
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
fn record(draft: &mut Draft<'_>, id: PaymentMethodId, outcome: &SaveOutcome) -> Result<(), Stop> {
    let mut method: PaymentMethod = draft.get(&id)?;
    let MethodState::Saving { token, tries } = method.state.clone() else { return Ok(()) };
    method.state = match outcome {
        SaveOutcome::Saved(card) => MethodState::Saved { card: card.clone() },
        SaveOutcome::Failed(decline) => MethodState::Failed { token, decline: decline.clone() },
        SaveOutcome::Unknown => {
            // It is asked for again until there is an answer: no money hangs on it, and the
            // reference makes it the same request.
            let wait = draft.rules().wait_before_look(tries);
            draft.effect_at(draft.now.after(wait), request(id, &token, Ask::Again));
            MethodState::Saving { token, tries: tries.saturating_add(1) }
        }
    };
    if method.customer.is_some() && matches!(method.state, MethodState::Saved { .. }) {
        draft.event(EventKind::PaymentMethodAttached, &method);
    }
    draft.put(method);
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
            // Nobody wants it any more.
            MethodState::Detached { .. } => return Ok(()),
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
            state: MethodState::Saved { card: kept.card },
        },
    };
    if method.customer.is_some() {
        draft.event(EventKind::PaymentMethodAttached, &method);
    }
    draft.put(method);
    Ok(())
}
