//! Balances, summed up from the accounts of the ledger.

use holdfast_core::balance::{Balance, Owner, Part};
use holdfast_core::id::{PlatformId, SellerId};
use holdfast_core::ledger::Account;
use holdfast_store::query::Accounts;
use holdfast_store::{ReadSide, StoreError};

/// What the platform has: its fees, its sales and top-ups, less what disputes took; and pending,
/// what the processor has not settled and what is held for orders. No row is read for it.
///
/// # Errors
/// Those of the store; `Corrupt` for sums that cannot be counted.
pub async fn of_platform(read: &dyn ReadSide, platform: PlatformId) -> Result<Balance, StoreError> {
    let mut balance = Balance::default();
    for accounts in [Accounts::Platform, Accounts::HeldTotal] {
        for found in read.balances(platform, accounts).await? {
            let part = match found.account {
                Some(account) => Owner::Platform.part(account),
                None => Some(Part::Pending),
            };
            let Some(part) = part else { continue };
            balance.add(part, found.currency, found.signed_minor).map_err(|_| too_much())?;
        }
    }
    balance.even_out();
    Ok(balance)
}

/// What a seller has, released or transferred; what is held for its orders is not yet its own.
///
/// # Errors
/// As [`of_platform`].
pub async fn of_seller(
    read: &dyn ReadSide,
    platform: PlatformId,
    seller: SellerId,
) -> Result<Balance, StoreError> {
    let mut balance = Balance::default();
    let parts = [
        (Account::SellerAvailable(seller), Part::Available),
        (Account::SellerPending(seller), Part::Pending),
    ];
    for (account, part) in parts {
        for found in read.balances(platform, Accounts::One(account)).await? {
            balance.add(part, found.currency, found.signed_minor).map_err(|_| too_much())?;
        }
    }
    balance.even_out();
    Ok(balance)
}

fn too_much() -> StoreError {
    StoreError::Corrupt("a balance is larger than can be counted".to_owned())
}
