//! Sellers.

use crate::command::CreateSeller;
use crate::event::EventKind;
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
    };
    draft.event(EventKind::AccountUpdated, &seller);
    draft.put(seller);
    Ok(())
}
