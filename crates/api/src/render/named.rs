//! Objects where another object names them: their id, until somebody asks for the whole.

use holdfast_core::id::{CustomerId, SellerId};

use crate::objects::{Account, AnyCustomer, Expandable};

/// A customer by its id.
pub(crate) fn customer(id: CustomerId) -> Expandable<AnyCustomer> {
    Expandable::Id(id.to_string())
}

/// A seller by its id.
pub(crate) fn account(id: SellerId) -> Expandable<Account> {
    Expandable::Id(id.to_string())
}
