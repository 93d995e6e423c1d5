//! Cards that are kept, the customers who have them, and the wishes to keep one.

use crate::command::{CreateMethod, KeepCustomer, SavingCommand};
use crate::customer::Customer;
use crate::payment::method::Brings;
use crate::row::Record;
use crate::view::Stop;

use super::draft::Draft;
use super::method::{self, Wish};
use super::{setup, verify};

/// Carries out a command about cards that are kept.
pub(super) fn apply(draft: &mut Draft<'_>, command: &SavingCommand) -> Result<(), Stop> {
    match command {
        SavingCommand::KeepCustomer(keep) => keep_customer(draft, keep),
        SavingCommand::CreateMethod(make) => method::create(draft, make),
        SavingCommand::AttachMethod(method, customer) => method::attach(draft, *method, *customer),
        SavingCommand::DetachMethod(method) => method::detach(draft, *method),
        SavingCommand::RecordSave(method, outcome) => method::record(draft, *method, outcome),
        SavingCommand::CreateSetup(make) => setup::create(draft, make),
        SavingCommand::ConfirmSetup(confirm) => setup::confirm(draft, confirm),
        SavingCommand::CancelSetup(id, reason) => setup::cancel(draft, *id, *reason),
        SavingCommand::RecordVerification(id, outcome) => verify::record(draft, *id, outcome),
    }
}

/// Writes a customer and gives it a card. A new one is made when the card's bank has agreed, so
/// that neither is there without the other; of one that is there only its default card waits.
///
/// Refuses `Changed` when somebody else wrote the customer, and what [`method::usable`] refuses.
fn keep_customer(draft: &mut Draft<'_>, keep: &KeepCustomer) -> Result<(), Stop> {
    let row = keep.customer.clone();
    let owner = row.id;
    let is_given = keep.card.token.is_some() || keep.card.method.is_some();
    draft.expect(&row.own_key(), keep.expected)?;
    let brings = if keep.expected == 0 && is_given {
        Brings { customer: Some(row), also: keep.also, is_default: keep.is_default }
    } else {
        write_customer(draft, keep)?;
        Brings { customer: None, also: None, is_default: keep.is_default }
    };
    match (&keep.card.token, keep.card.method) {
        (Some(token), _) => {
            let id = draft.id();
            let create = CreateMethod::of_token(token.clone(), keep.card.billing.clone());
            let create = CreateMethod { customer: Some(owner), ..create };
            method::begin(draft, id, &create, Some(brings));
        }
        (None, Some(id)) => {
            let card = method::usable(draft, id, Some(owner))?;
            method::ask_bank(draft, id, card, Wish { to: owner, brings: Some(brings) })?;
        }
        (None, None) => {}
    }
    Ok(())
}

fn write_customer(draft: &mut Draft<'_>, keep: &KeepCustomer) -> Result<(), Stop> {
    let row = keep.customer.clone();
    let key = row.own_key();
    let before: Option<Customer> = draft.find(&row.id)?;
    let is_changed = before.as_ref() != Some(&row);
    draft.replace(row.into_row(), keep.expected)?;
    if is_changed {
        draft.event_of(keep.event, key.clone());
    }
    if let Some(also) = keep.also {
        draft.event_of(also, key);
    }
    Ok(())
}
