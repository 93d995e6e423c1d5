//! Money that the platform adds to its own balance.

use crate::command::CreateTopup;
use crate::event::EventKind;
use crate::id::TopupId;
use crate::ledger::{Account, EntryReason, Postings};
use crate::refusal::Refusal;
use crate::topup::{Topup, TopupState};
use crate::view::Stop;

use super::draft::{About, Draft};

/// Adds money. The sandbox's bank pays at once.
///
/// Refuses `AmountTooSmall`.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateTopup) -> Result<(), Stop> {
    if !create.amount.is_positive() {
        return Err(Refusal::AmountTooSmall.into());
    }
    let mut topup = Topup {
        id: draft.id(),
        created: draft.now,
        amount: create.amount,
        description: create.description.clone(),
        statement_descriptor: create.statement_descriptor.clone(),
        group: create.group.clone(),
        metadata: create.metadata.clone(),
        entry: None,
        state: TopupState::Succeeded,
    };
    let postings = Postings::new()
        .debit(Account::Bank, topup.amount)
        .credit(Account::PlatformAvailable, topup.amount);
    let about = About { payment: None, source: topup.id.to_string(), settles_at: None };
    topup.entry = draft.post(EntryReason::Topup, about, postings);
    draft.event(EventKind::TopupCreated, &topup);
    draft.event(EventKind::TopupSucceeded, &topup);
    draft.put(topup);
    Ok(())
}

/// Calls a top-up off that the bank has not paid.
///
/// Refuses `NotFound`, and `TopupUnexpectedState` unless it is pending.
pub(super) fn cancel(draft: &mut Draft<'_>, id: TopupId) -> Result<(), Stop> {
    let topup: Topup = draft.get(&id)?;
    match topup.state {
        TopupState::Pending => {
            let topup = Topup { state: TopupState::Canceled, ..topup };
            draft.event(EventKind::TopupCanceled, &topup);
            draft.put(topup);
            Ok(())
        }
        TopupState::Succeeded | TopupState::Canceled => Err(Refusal::TopupUnexpectedState.into()),
    }
}
