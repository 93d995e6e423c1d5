//! A seller's own view of its money: read-only, and of that seller alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use holdfast_core::bank::BankAccount;
use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::key::RowKind;
use holdfast_core::ledger::{Account, credit_balance};
use holdfast_core::link::LinkPurpose;
use holdfast_core::money::Money;
use holdfast_core::order::Order;
use holdfast_core::payout::{Payout, PayoutState};
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_engine::query::{Accounts, RowsQuery};

use super::pages::SellerHomePage;
use super::paths;
use super::session::{session, shell};
use super::views::{OwnBalance, OwnBank, OwnOrder, OwnPayout, PayoutStatus, SellerHome};
use crate::console::list::Narrow;
use crate::console::surface::Console;
use crate::order::status::OrderStatus;
use crate::page::page;
use crate::pay::purchase::seller_name;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many orders and payouts the page shows.
const ROWS_MAX: usize = 50;

/// `GET /seller/home`.
pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let shown = async {
        let session = session(&console, &headers, &[LinkPurpose::Login]).await?;
        let v = &view(&console, &session.seller).await?;
        let (t, shell) = (visit.texts(), &shell(&console, Some(paths::HOME)));
        Ok(page(StatusCode::OK, &SellerHomePage { t, shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

async fn view(console: &Console, seller: &Seller) -> Result<SellerHome, Trouble> {
    let orders: Vec<Order> = newest(console, seller, RowKind::Order).await?;
    let payouts: Vec<Payout> = newest(console, seller, RowKind::Payout).await?;
    Ok(SellerHome {
        name: seller_name(seller),
        balances: balances(console, seller).await?,
        orders: orders.iter().map(order).collect(),
        payouts: payouts.iter().map(payout).collect(),
        banks: seller.bank_accounts.iter().map(bank).collect(),
    })
}

async fn newest<R: Record>(
    console: &Console,
    seller: &Seller,
    kind: RowKind,
) -> Result<Vec<R>, Trouble> {
    let query = RowsQuery::newest(console.parts.platform, kind, ROWS_MAX).linked(&seller.id);
    let rows = console.parts.engine.read().rows(&query).await?;
    Ok(rows.iter().filter_map(R::of_row).cloned().collect())
}

async fn balances(console: &Console, seller: &Seller) -> Result<Vec<OwnBalance>, Trouble> {
    let mut sums: BTreeMap<Currency, OwnBalance> = BTreeMap::new();
    let mut own = |currency: Currency, add: &dyn Fn(&mut OwnBalance) -> Result<(), Trouble>| {
        let none = Money::zero(currency);
        let nothing = OwnBalance { held: none, available: none, paying: none };
        add(sums.entry(currency).or_insert(nothing))
    };
    let (read, platform) = (console.parts.engine.read(), console.parts.platform);
    own(seller.currency, &|_| Ok(()))?;
    for account in [Account::SellerAvailable(seller.id), Account::SellerPaying(seller.id)] {
        for balance in read.balances(platform, Accounts::One(account)).await? {
            let minor = credit_balance(balance.signed_minor)?;
            let money = Money::new(minor, balance.currency);
            own(balance.currency, &|sum| {
                let is_paying = account == Account::SellerPaying(seller.id);
                let slot = if is_paying { &mut sum.paying } else { &mut sum.available };
                *slot = money;
                Ok(())
            })?;
        }
    }
    let narrow = Narrow { state: None, link: Some(seller.id.to_string()) };
    for row in console.scan(RowKind::HeldFunds, narrow).await? {
        let Some(held) = HeldFunds::of_row(&row) else { continue };
        let left = held.left()?;
        own(left.currency(), &|sum| {
            sum.held = sum.held.checked_add(left)?;
            Ok(())
        })?;
    }
    Ok(sums.into_values().collect())
}

fn order(row: &Order) -> OwnOrder {
    // Every state of an order has a name that pages know.
    let status = OrderStatus::parse(row.state.name()).unwrap_or(OrderStatus::AwaitingShipment);
    OwnOrder { id: row.id.to_string(), status, total: row.total, created: row.created }
}

fn bank(row: &BankAccount) -> OwnBank {
    OwnBank { last4: row.last4.clone(), is_stopped: row.refused.is_some() }
}

fn payout(row: &Payout) -> OwnPayout {
    let status = match row.state {
        PayoutState::Pending { .. } => PayoutStatus::Pending,
        PayoutState::Sending { .. } | PayoutState::InTransit { .. } => PayoutStatus::InTransit,
        PayoutState::Paid { .. } => PayoutStatus::Paid,
        PayoutState::Failed { .. } => PayoutStatus::Failed,
        PayoutState::Canceled { .. } => PayoutStatus::Canceled,
    };
    let (id, amount, arrives_at) = (row.id.to_string(), row.amount, row.arrives_at);
    OwnPayout { id, amount, status, arrives_at }
}
