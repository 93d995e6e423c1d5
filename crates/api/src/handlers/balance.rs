//! `/v1/balance`: the platform's, or a seller's in whose name it is asked for.

use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::SellerId;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::row::{Record as _, RowKind};
use holdfast_core::seller::Seller;
use holdfast_engine::query::{Accounts, PAGE_MAX, Page, RowsQuery};

use crate::error::ApiError;
use crate::expand::Expand;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::balance::{self, Sums};
use crate::reply::Reply;

/// `GET /v1/balance`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let (available, pending) = match call.seller {
        Some(seller) => of_seller(&call, seller).await?,
        None => of_platform(&call).await?,
    };
    Ok(Reply::ok(&balance::object(&available, &pending)))
}

/// The platform's fees and own sales. Held funds are not its money.
async fn of_platform(call: &Call) -> Result<(Sums, Sums), Halt> {
    let mut available = Sums::from([(Currency::USD, 0)]);
    for account in [Account::PlatformFees, Account::PlatformSales] {
        add_credits(call, account, &mut available).await?;
    }
    let pending = available.keys().map(|currency| (*currency, 0)).collect();
    Ok((available, pending))
}

/// What was released to a seller, and what is still held for its orders.
async fn of_seller(call: &Call, seller: SellerId) -> Result<(Sums, Sums), Halt> {
    let currency = call.present::<Seller>(&seller).await?.currency;
    let mut available = Sums::from([(currency, 0)]);
    add_credits(call, Account::SellerAvailable(seller), &mut available).await?;
    let mut pending: Sums = available.keys().map(|currency| (*currency, 0)).collect();
    for state in ["held", "frozen"] {
        add_held(call, seller, state, &mut pending).await?;
    }
    Ok((available, pending))
}

async fn add_credits(call: &Call, account: Account, sums: &mut Sums) -> Result<(), Halt> {
    let engine = call.api.engine();
    let accounts = Accounts::One(account);
    for balance in engine.read().balances(call.api.platform(), accounts).await? {
        // These accounts have credit balances, which the store shows as less than nothing.
        add(sums, balance.currency, balance.signed_minor.checked_neg())?;
    }
    Ok(())
}

/// The most pages of held funds that are added up: more than a seller has open at once.
const PAGES_MAX: usize = 200;

async fn add_held(call: &Call, seller: SellerId, state: &str, sums: &mut Sums) -> Result<(), Halt> {
    let mut older_than = None;
    for _ in 0..PAGES_MAX {
        let query = RowsQuery {
            platform: call.api.platform(),
            kind: RowKind::HeldFunds,
            link: Some(seller.to_string()),
            state: Some(state.to_owned()),
            page: Page { older_than, newer_than: None, limit: PAGE_MAX },
        };
        let rows = call.api.engine().read().rows(&query).await?;
        for funds in rows.iter().filter_map(HeldFunds::of_row) {
            let left = funds.left().map(Money::minor).ok();
            add(sums, funds.amount.currency(), left)?;
        }
        match rows.last() {
            Some(last) if rows.len() == PAGE_MAX => older_than = Some(last.key().id()),
            Some(_) | None => return Ok(()),
        }
    }
    tracing::error!(%seller, "a seller has more held funds than are added up");
    Err(ApiError::internal().into())
}

fn add(sums: &mut Sums, currency: Currency, minor: Option<i64>) -> Result<(), Halt> {
    let sum = sums.entry(currency).or_insert(0);
    *sum = minor.and_then(|minor| sum.checked_add(minor)).ok_or_else(ApiError::internal)?;
    Ok(())
}
