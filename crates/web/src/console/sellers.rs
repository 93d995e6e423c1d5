//! The console's sellers, each with its balances.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::id::SellerId;
use holdfast_core::key::RowKind;
use holdfast_core::ledger::{Account, credit_balance};
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_engine::query::Accounts;

use super::list::{Cursor, Narrow};
use super::pages::SellersPage;
use super::surface::Console;
use super::views::{Section, SellerBalance, SellerRow, Sellers};
use crate::page::page;
use crate::pay::purchase::seller_name;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many sellers the overview shows.
const TOP_MAX: usize = 5;

/// `GET /sellers`, with `?after=` and `?before=`.
pub(crate) async fn list(State(console): State<Arc<Console>>, visit: Visit) -> Response {
    let shown = async {
        let cursor = Cursor::of(&visit);
        let (rows, pager) = console.list(RowKind::Seller, Narrow::default(), &cursor).await?;
        let sellers: Vec<Seller> = rows.iter().filter_map(Seller::of_row).cloned().collect();
        let v = &Sellers { rows: seller_rows(&console, &sellers).await?, pager };
        let shell = &console.shell(&visit, Some(Section::Sellers), Some("/sellers"));
        Ok(page(StatusCode::OK, &SellersPage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

/// The sellers who are owed most, over all currencies: a few for the overview. Before anybody is
/// owed anything, the newest ones.
pub(crate) async fn top(console: &Console) -> Result<Vec<SellerRow>, Trouble> {
    let mut owed: Vec<(i64, SellerId)> = Vec::new();
    for (account, _, minor) in available(console).await? {
        if let Account::SellerAvailable(seller) = account {
            owed.push((minor, seller));
        }
    }
    owed.sort_unstable_by(|a, b| b.cmp(a));
    let mut ids: Vec<SellerId> = Vec::new();
    for (_, seller) in owed {
        if ids.len() < TOP_MAX && !ids.contains(&seller) {
            ids.push(seller);
        }
    }
    let mut sellers = console.load_all::<Seller>(ids.iter().copied()).await?;
    sellers.sort_by_key(|seller| ids.iter().position(|id| *id == seller.id));
    if sellers.is_empty() {
        let (rows, _) =
            console.list(RowKind::Seller, Narrow::default(), &Cursor::default()).await?;
        sellers = rows.iter().filter_map(Seller::of_row).take(TOP_MAX).cloned().collect();
    }
    seller_rows(console, &sellers).await
}

async fn seller_rows(console: &Console, sellers: &[Seller]) -> Result<Vec<SellerRow>, Trouble> {
    let available = available(console).await?;
    let mut rows = Vec::with_capacity(sellers.len());
    for seller in sellers {
        let mut sums = held_of(console, seller.id).await?;
        let own = Account::SellerAvailable(seller.id);
        for (_, currency, minor) in available.iter().filter(|(account, ..)| *account == own) {
            let sum = sums.entry(*currency).or_insert_with(|| nothing(*currency));
            sum.available = Money::new(*minor, *currency);
        }
        let balances = sums.into_values().collect();
        let stopped = seller.bank_accounts.iter().filter(|bank| bank.refused.is_some());
        let stopped_banks = stopped.map(|bank| bank.last4.clone()).collect();
        let (id, name) = (seller.id.to_string(), seller_name(seller));
        rows.push(SellerRow { id, name, stopped_banks, balances });
    }
    Ok(rows)
}

/// What every seller is owed, by account and currency, in minor units.
async fn available(console: &Console) -> Result<Vec<(Account, Currency, i64)>, Trouble> {
    let platform = console.parts.platform;
    let balances = console.parts.engine.read().balances(platform, Accounts::Sellers).await?;
    let mut owed = Vec::with_capacity(balances.len());
    for balance in balances {
        if let Some(account) = balance.account {
            owed.push((account, balance.currency, credit_balance(balance.signed_minor)?));
        }
    }
    Ok(owed)
}

fn nothing(currency: Currency) -> SellerBalance {
    let none = Money::zero(currency);
    SellerBalance { held: none, available: none, fees: none }
}

/// What is held for a seller and what the platform kept, by currency.
async fn held_of(
    console: &Console,
    seller: SellerId,
) -> Result<BTreeMap<Currency, SellerBalance>, Trouble> {
    let mut sums = BTreeMap::new();
    let narrow = Narrow { state: None, link: Some(seller.to_string()) };
    for row in console.scan(RowKind::HeldFunds, narrow).await? {
        if let Some(held) = HeldFunds::of_row(&row) {
            add(&mut sums, held)?;
        }
    }
    Ok(sums)
}

fn add(sums: &mut BTreeMap<Currency, SellerBalance>, held: &HeldFunds) -> Result<(), MoneyError> {
    let currency = held.amount.currency();
    let sum = sums.entry(currency).or_insert_with(|| nothing(currency));
    sum.held = sum.held.checked_add(held.left()?)?;
    sum.fees = sum.fees.checked_add(held.fee.checked_sub(held.fee_returned)?)?;
    Ok(())
}
