//! The console's first page: what needs somebody, and where the money is.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use holdfast_core::currency::Currency;
use holdfast_core::held::HeldFunds;
use holdfast_core::key::RowKind;
use holdfast_core::ledger::{Account, credit_balance};
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::row::Record;
use holdfast_core::time::Timestamp;
use holdfast_core::webhook::WebhookEndpoints;
use holdfast_engine::balance;
use holdfast_engine::query::Accounts;

use super::list::{Cursor, Narrow};
use super::pages::HomePage;
use super::sellers;
use super::surface::Console;
use super::views::{Figures, Home, OwnBalance, Section};
use crate::page::page;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many payments the overview shows.
const RECENT_MAX: usize = 10;

/// `GET /`.
pub(crate) async fn show(State(console): State<Arc<Console>>, visit: Visit) -> Response {
    let shown = async {
        let v = &home(&console).await?;
        let shell = &console.shell(&visit, Some(Section::Home), Some("/"));
        Ok(page(StatusCode::OK, &HomePage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

async fn home(console: &Console) -> Result<Home, Trouble> {
    let attempts = console.states(RowKind::Attempt).await?;
    let orders = console.states(RowKind::Order).await?;
    let deliveries = console.states(RowKind::Delivery).await?;
    let platform = console.parts.platform;
    let receivers = console.parts.engine.find::<WebhookEndpoints>(platform, &platform).await?;
    let endpoints = receivers.map_or(0, |row| row.endpoints.len());
    let first = Cursor::default();
    let (mut recent, _) = console.list(RowKind::PaymentIntent, Narrow::default(), &first).await?;
    recent.truncate(RECENT_MAX);
    Ok(Home {
        figures: figures(console).await?,
        own: own(console).await?,
        unknown_outcomes: count(&attempts, "unknown"),
        oldest_unknown: oldest_unknown(console).await?,
        to_ship: count(&orders, "awaiting_shipment"),
        open_claims: count(&orders, "in_claim"),
        deliveries_retrying: count(&deliveries, "retrying"),
        deliveries_failed: count(&deliveries, "given_up"),
        endpoints: u64::try_from(endpoints).unwrap_or(u64::MAX),
        sellers: sellers::top(console).await?,
        recent: console.payment_rows(&recent).await?,
    })
}

type States = Vec<(String, u64)>;

impl Console {
    async fn states(&self, kind: RowKind) -> Result<States, Trouble> {
        Ok(self.parts.engine.read().count_states(self.parts.platform, kind).await?)
    }
}

fn count(states: &States, name: &str) -> u64 {
    states.iter().find(|(state, _)| state == name).map_or(0, |(_, count)| *count)
}

async fn oldest_unknown(console: &Console) -> Result<Option<Timestamp>, Trouble> {
    let narrow = Narrow { state: Some("unknown"), link: None };
    let rows = console.scan(RowKind::Attempt, narrow).await?;
    Ok(rows.iter().map(|row| row.created()).min())
}

/// The sums of each currency that money has moved in, or been set aside in.
async fn figures(console: &Console) -> Result<Vec<Figures>, Trouble> {
    let mut figures: BTreeMap<Currency, Figures> = BTreeMap::new();
    for (account, sum) in balances(console).await? {
        let row = figures.entry(sum.currency()).or_insert_with(|| nothing(sum.currency()));
        match account {
            None => row.held = row.held.checked_add(sum)?,
            Some(Account::SellerAvailable(_)) => {
                row.sellers_available = row.sellers_available.checked_add(sum)?;
            }
            Some(
                Account::ProcessorClearing
                | Account::RefundsPending
                | Account::PlatformAvailable
                | Account::PlatformFees
                | Account::Held(_)
                | Account::SellerPending(_)
                | Account::SellerPaying(_)
                | Account::PlatformPending
                | Account::PlatformPaying
                | Account::PlatformDisputes
                | Account::Bank,
            ) => {}
        }
    }
    for (currency, sum) in on_cards(console).await? {
        figures.entry(currency).or_insert_with(|| nothing(currency)).on_cards = sum;
    }
    let frozen = frozen(console).await?;
    for (currency, row) in &mut figures {
        let frozen = frozen.get(currency).copied().unwrap_or(Money::zero(*currency));
        row.to_release = row.held.checked_sub(frozen)?;
    }
    Ok(figures.into_values().collect())
}

/// The platform's own balance, in each currency that it has or had something in.
async fn own(console: &Console) -> Result<Vec<OwnBalance>, Trouble> {
    let (read, platform) = (console.parts.engine.read(), console.parts.platform);
    let balance = balance::of_platform(read, platform).await?;
    let fees = read.balances(platform, Accounts::One(Account::PlatformFees)).await?;
    let mut rows = Vec::with_capacity(balance.available.len());
    for (currency, available) in balance.available {
        let pending = balance.pending.get(&currency).copied().unwrap_or(0);
        let fees = fees.iter().find(|fees| fees.currency == currency);
        let fees = fees.map_or(Ok(0), |fees| credit_balance(fees.signed_minor))?;
        rows.push(OwnBalance {
            currency: currency.code().to_owned(),
            available: Money::new(available, currency),
            pending: Money::new(pending, currency),
            fees: Money::new(fees, currency),
        });
    }
    Ok(rows)
}

/// The credit balances of the platform's and the sellers' accounts; what is held for all orders
/// together stands under no account.
async fn balances(console: &Console) -> Result<Vec<(Option<Account>, Money)>, Trouble> {
    let mut sums = Vec::new();
    for accounts in [Accounts::HeldTotal, Accounts::Sellers, Accounts::Platform] {
        let platform = console.parts.platform;
        for balance in console.parts.engine.read().balances(platform, accounts).await? {
            let credit = credit_balance(balance.signed_minor)?;
            sums.push((balance.account, Money::new(credit, balance.currency)));
        }
    }
    Ok(sums)
}

fn nothing(currency: Currency) -> Figures {
    let none = Money::zero(currency);
    let code = currency.code().to_owned();
    Figures {
        currency: code,
        on_cards: none,
        held: none,
        to_release: none,
        sellers_available: none,
    }
}

async fn on_cards(console: &Console) -> Result<BTreeMap<Currency, Money>, Trouble> {
    let narrow = Narrow { state: Some("requires_capture"), link: None };
    let rows = console.scan(RowKind::PaymentIntent, narrow).await?;
    summed(rows.iter().filter_map(PaymentIntent::of_row).map(|row| Ok(row.capturable())))
}

async fn frozen(console: &Console) -> Result<BTreeMap<Currency, Money>, Trouble> {
    let narrow = Narrow { state: Some("frozen"), link: None };
    let rows = console.scan(RowKind::HeldFunds, narrow).await?;
    summed(rows.iter().filter_map(HeldFunds::of_row).map(HeldFunds::left))
}

fn summed(
    sums: impl Iterator<Item = Result<Money, MoneyError>>,
) -> Result<BTreeMap<Currency, Money>, Trouble> {
    let mut totals: BTreeMap<Currency, Money> = BTreeMap::new();
    for sum in sums {
        let sum = sum?;
        let total = totals.entry(sum.currency()).or_insert(Money::zero(sum.currency()));
        *total = total.checked_add(sum)?;
    }
    Ok(totals)
}
