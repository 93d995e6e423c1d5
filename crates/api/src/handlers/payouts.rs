//! `/v1/payouts`: the platform's, or a seller's in whose name they are asked for.

use std::ops::RangeInclusive;

use holdfast_core::command::{Command, CreatePayout, PayoutCommand};
use holdfast_core::event::EventKind;
use holdfast_core::id::{BankAccountId, PayoutId};
use holdfast_core::key::RowKind;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::payout::{Payout, PayoutMethod, PayoutOwner, PayoutSource, from_fees};
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;
use holdfast_engine::query::{Accounts, PAGE_MAX, RowsQuery};

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::{self, MetadataChange};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::{Params, TIMESTAMP_MAX};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{bank_account, payout};
use crate::reply::Reply;

use super::accounts;

/// The longest text of a bank's statement.
const DESCRIPTOR_CHARS_MAX: usize = 22;

/// `POST /v1/payouts`.
pub(crate) async fn create(call: Call) -> Answer {
    let (expanded, create) = call.read(|params| {
        let expanded = Expand::take(params, Expanded::of)?;
        Ok((expanded, create_params(owner(&call), params)?))
    })?;
    let id = call.made_once::<Payout>(made(&call, create)).await?;
    let row = call.present::<Payout>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

async fn made(call: &Call, mut create: CreatePayout) -> Result<PayoutId, Halt> {
    if create.owner == PayoutOwner::Platform {
        create.from_fees = fees_part(call, create.amount).await?;
    }
    let destination = create.destination;
    let command = Command::Payout(PayoutCommand::Create(Box::new(create)));
    let made = call.make::<Payout>(command, RowKind::Payout).await;
    made.map_err(|halt| match (halt, destination) {
        (Halt::Refused(Refusal::NotFound), Some(id)) => {
            let error = ApiError::not_found("external_account", &id.to_string());
            Halt::Error(error.with_param("destination"))
        }
        (halt, _) => halt,
    })
}

/// `GET /v1/payouts/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = own(&call).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/payouts/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (expanded, metadata) = call
        .read(|params| Ok((Expand::take(params, Expanded::of)?, MetadataChange::take(params)?)))?;
    own(&call).await?;
    let event = Some(EventKind::PayoutUpdated);
    let row = call
        .edit::<Payout>("payout", event, |row| {
            row.metadata = metadata.clone().applied(&row.metadata)?;
            Ok(())
        })
        .await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/payouts/{id}/cancel`.
pub(crate) async fn cancel(call: Call) -> Answer {
    let expanded = call.read(|params| Expand::take(params, Expanded::of))?;
    let row = own(&call).await?;
    let command = Command::Payout(PayoutCommand::Cancel(row.id));
    call.act(Payout::key(&row.id), command).await?;
    let row = call.present::<Payout>(&row.id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/payouts/{id}/reverse`: banks here do not take money back out of an account.
pub(crate) async fn reverse(call: Call) -> Answer {
    call.read(|params| {
        MetadataChange::take(params)?;
        Expand::take(params, |_| Ok(()))
    })?;
    own(&call).await?;
    let message = "Payouts are not reversed here. One that has not left may be canceled.";
    Err(ApiError::invalid(codes::PAYOUT_NOT_REVERSIBLE, message).into())
}

/// `GET /v1/payouts`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, arrival, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let page = Page::take(params)?;
        let (narrowed, arrival) = narrowed(&call, params)?;
        Ok((page, narrowed, arrival, expanded.unwrap_or_default()))
    })?;
    let rows = match arrival {
        None => paging::rows::<Payout>(&call, &page, narrowed).await?,
        Some(days) => arriving(&call, &page, narrowed, days).await?,
    };
    let mut objects = Vec::new();
    for row in rows {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// What an answer about a payout expands.
#[derive(Clone, Copy, Debug, Default)]
struct Expanded {
    destination: bool,
}

impl Expanded {
    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        Ok(Expanded { destination: expand.property("destination", |_| Ok(()))?.is_some() })
    }
}

fn owner(call: &Call) -> PayoutOwner {
    call.seller.map_or(PayoutOwner::Platform, PayoutOwner::Seller)
}

/// The payout that the path names. Another's is not there.
async fn own(call: &Call) -> Result<Payout, Halt> {
    let row = call.named::<Payout>("payout").await?;
    if row.owner != owner(call) {
        return Err(ApiError::not_found("payout", &call.path_id).into());
    }
    Ok(row)
}

fn create_params(owner: PayoutOwner, params: &mut Params) -> Result<CreatePayout, ApiError> {
    let amount = fields::positive(params, "amount")?.ok_or_else(|| params.missing("amount"))?;
    let currency = fields::currency(params, "currency")?;
    let methods = [("standard", PayoutMethod::Standard), ("instant", PayoutMethod::Instant)];
    let sources = [
        ("card", PayoutSource::Card),
        ("bank_account", PayoutSource::BankAccount),
        ("fpx", PayoutSource::Fpx),
    ];
    Ok(CreatePayout {
        owner,
        amount: Money::new(amount, currency),
        from_fees: Money::zero(currency),
        method: params.choice("method", &methods)?.unwrap_or(PayoutMethod::Standard),
        source: params.choice("source_type", &sources)?.unwrap_or(PayoutSource::Card),
        destination: fields::id(params, "destination", "external_account")?,
        description: params.text("description", fields::DESCRIPTION_CHARS_MAX)?,
        statement_descriptor: descriptor(params)?,
        metadata: metadata::of_new(params)?,
    })
}

/// What a bank's statement can carry.
fn descriptor(params: &mut Params) -> Result<Option<String>, ApiError> {
    let name = "statement_descriptor";
    let Some(text) = params.text(name, DESCRIPTOR_CHARS_MAX)? else { return Ok(None) };
    let plain = |byte: u8| (b' '..=b'~').contains(&byte) && !b"<>\\'\"*".contains(&byte);
    if !text.bytes().all(plain) {
        let must = "must be plain ASCII without < > \\ ' \" *";
        return Err(fields::invalid(params, name, must));
    }
    Ok(Some(text))
}

/// The part of a payout that the platform's fees pay for. The balances are read beside the
/// commit: it is the commit that refuses what the platform's own sales no longer cover.
async fn fees_part(call: &Call, amount: Money) -> Result<Money, Halt> {
    let available = balance(call, Account::PlatformAvailable, amount).await?;
    let fees = balance(call, Account::PlatformFees, amount).await?;
    from_fees(amount, available, fees).map_err(Halt::Refused)
}

async fn balance(call: &Call, account: Account, of: Money) -> Result<Money, Halt> {
    let accounts = Accounts::One(account);
    let balances = call.api.engine().read().balances(call.api.platform(), accounts).await?;
    let own = balances.iter().find(|balance| balance.currency == of.currency());
    // These accounts have credit balances, which the store shows as less than nothing.
    let minor = own.map_or(Some(0), |balance| balance.signed_minor.checked_neg());
    Ok(Money::new(minor.ok_or_else(ApiError::internal)?, of.currency()))
}

const STATUSES: [(&str, &str); 5] = [
    ("pending", "pending"),
    ("in_transit", "in_transit"),
    ("paid", "paid"),
    ("failed", "failed"),
    ("canceled", "canceled"),
];

type Days = RangeInclusive<i64>;

fn narrowed(call: &Call, params: &mut Params) -> Result<(Narrowed, Option<Days>), ApiError> {
    let state = params.choice("status", &STATUSES)?;
    let to: Option<BankAccountId> = fields::id(params, "destination", "external_account")?;
    let created = Created::take(params)?;
    let arrival = between(params, "arrival_date")?;
    let own = owner(call).link();
    let narrowed = Narrowed::linked(RowKind::Payout, to.as_ref()).link(Some(&own));
    Ok((narrowed.state(state).created(created), arrival))
}

/// A time or its bounds, as `created` is given.
fn between(params: &mut Params, name: &str) -> Result<Option<Days>, ApiError> {
    if params.is_scalar(name) {
        return Ok(params.timestamp(name)?.map(|at| at..=at));
    }
    params.map(name, |bounds| {
        let after = bounds.timestamp("gt")?.map(|at| at + 1);
        let from = bounds.timestamp("gte")?;
        let before = bounds.timestamp("lt")?.map(|at| at - 1);
        let to = bounds.timestamp("lte")?;
        let from = after.into_iter().chain(from).max().unwrap_or(0);
        let to = before.into_iter().chain(to).min().unwrap_or(TIMESTAMP_MAX);
        Ok(from..=to)
    })
}

/// How many pages are looked through for payouts that arrive within a time: what is older than
/// these is not found by its arrival.
const PAGES_MAX: usize = 20;

/// The payouts that arrive within a time. The store does not order by it, so that they are picked
/// out of the newest.
async fn arriving(
    call: &Call,
    page: &Page,
    narrowed: Narrowed,
    days: Days,
) -> Result<Vec<Payout>, Halt> {
    // What the cursor names must be there, as in every list.
    let probe = narrowed.clone();
    paging::rows::<Payout>(call, page, probe).await?;
    let Narrowed { kind, links, states, created } = narrowed;
    let mut at = paging::store_page(page);
    at.limit = PAGE_MAX;
    let mut found = Vec::new();
    for _ in 0..PAGES_MAX {
        let query = RowsQuery {
            platform: call.api.platform(),
            kind,
            links: links.clone(),
            states: states.clone(),
            created: created.moments(),
            page: at.clone(),
        };
        let rows = call.api.engine().read().rows(&query).await?;
        let is_last = rows.len() < PAGE_MAX;
        let rows = paging::oldest_first(page, rows);
        let last = rows.last().map(|row| row.key().id());
        let within = |row: &&Payout| days.contains(&row.arrives_at.seconds());
        found.extend(rows.iter().filter_map(Payout::of_row).filter(within).cloned());
        if is_last || found.len() >= page.fetch() {
            break;
        }
        if at.newer_than.is_some() { at.newer_than = last } else { at.older_than = last }
    }
    found.truncate(page.fetch());
    Ok(found)
}

async fn shown(call: &Call, row: &Payout, expanded: Expanded) -> Result<objects::Payout, Halt> {
    let mut object = payout::object(row);
    if expanded.destination
        && let Some(bank) = bank_account(call, row).await?
    {
        object.destination = Some(Expandable::Object(Box::new(bank)));
    }
    Ok(object)
}

/// The bank account that a payout goes to, if its owner still has it.
pub(super) async fn bank_account(
    call: &Call,
    row: &Payout,
) -> Result<Option<objects::BankAccount>, Halt> {
    let seller = match row.owner {
        PayoutOwner::Platform => Some(accounts::of_platform(call)),
        PayoutOwner::Seller(seller) => call.find::<Seller>(&seller).await?,
    };
    Ok(seller.as_ref().and_then(|seller| {
        let bank = seller.bank_account(row.destination)?;
        Some(bank_account::object(bank, Some(seller.id)))
    }))
}
