//! Sellers.

use crate::command::{CreateSeller, EditSeller};
use crate::event::EventKind;
use crate::row::Record as _;
use crate::seller::Seller;
use crate::view::Stop;

use super::draft::Draft;

/// Makes a seller.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateSeller) -> Result<(), Stop> {
    let seller = Seller {
        id: draft.id(),
        created: draft.now,
        name: create.name.clone(),
        email: create.email.clone(),
        country: create.country.clone(),
        currency: create.currency,
        fee: create.fee,
        metadata: create.metadata.clone(),
        profile: create.profile.clone(),
        bank_accounts: Vec::new(),
        deleted: None,
    };
    draft.event(EventKind::AccountUpdated, &seller);
    draft.put(seller);
    Ok(())
}

/// Writes what was changed about a seller, if nobody wrote it in between.
///
/// Refuses `Changed` when it has another version than the one it was made from.
pub(super) fn edit(draft: &mut Draft<'_>, edit: &EditSeller) -> Result<(), Stop> {
    draft.replace(edit.seller.clone().into_row(), edit.expected)?;
    for event in &edit.events {
        draft.event(*event, &edit.seller);
    }
    Ok(())
}
