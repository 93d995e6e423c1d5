//! Sellers.

use crate::bank::BankToken;
use crate::command::{CreateSeller, EditSeller};
use crate::event::EventKind;
use crate::id::{BankTokenId, SellerId};
use crate::ledger::Account;
use crate::refusal::Refusal;
use crate::row::Record as _;
use crate::seller::Seller;
use crate::view::Stop;

use super::draft::Draft;

/// Makes a seller.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateSeller) -> Result<(), Stop> {
    let seller = Seller {
        name: create.name.clone(),
        email: create.email.clone(),
        fee: create.fee,
        metadata: create.metadata.clone(),
        profile: create.profile.clone(),
        ..Seller::new(draft.id(), draft.now, &create.country, create.currency)
    };
    draft.event(EventKind::AccountUpdated, &seller);
    draft.put(seller);
    Ok(())
}

/// Writes what was changed about a seller, if nobody wrote it in between.
///
/// Refuses `Changed` when it has another version than the one it was made from, and
/// `TokenAlreadyUsed` when its bank account comes from a token that was used before; the commit
/// refuses `BalanceInsufficient` to delete one who still has something.
pub(super) fn edit(draft: &mut Draft<'_>, edit: &EditSeller) -> Result<(), Stop> {
    if let Some(id) = edit.token {
        use_up(draft, id, edit.seller.id)?;
    }
    if edit.seller.deleted.is_some() {
        draft.must_be_empty(Account::of_seller(edit.seller.id));
    }
    draft.replace(edit.seller.clone().into_row(), edit.expected)?;
    for event in &edit.events {
        draft.event(*event, &edit.seller);
    }
    Ok(())
}

/// Marks a token as used, so that its bank account becomes one seller's and once.
fn use_up(draft: &mut Draft<'_>, id: BankTokenId, seller: SellerId) -> Result<(), Stop> {
    let token: BankToken = draft.get(&id)?;
    if token.used_by.is_some() {
        return Err(Refusal::TokenAlreadyUsed.into());
    }
    draft.put(BankToken { used_by: Some(seller), ..token });
    Ok(())
}
