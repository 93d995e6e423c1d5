//! `/v1/balance_transactions`: the journal as the platform, or a seller, sees it.

use holdfast_core::balance::{Owner, TransactionKind};
use holdfast_core::currency::Currency;
use holdfast_core::fee::{ApplicationFee, FeeRefund};
use holdfast_core::id::{BalanceTransactionId, EntryId, Id};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::refund::Refund;
use holdfast_core::payout::Payout;
use holdfast_core::row::{Record, Row, RowKey, parse_key};
use holdfast_core::topup::Topup;
use holdfast_core::transfer::{Transfer, TransferReversal};
use holdfast_engine::query::{EntriesQuery, PAGE_MAX, Page as StorePage};
use serde::Serialize;
use serde_json::Value;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Cursor, Page};
use crate::objects::{BalanceTransaction, Expandable, Source};
use crate::paging;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{
    application_fee, balance_transaction, charge, payout, refund, topup, transfer,
};
use crate::reply::Reply;

/// The most pages of the journal that one list looks through for what it is narrowed to.
const PAGES_MAX: usize = 100;
/// The longest id that is looked for.
const ID_CHARS_MAX: usize = 255;

/// `GET /v1/balance_transactions/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let with_source = call.read(|params| Expand::take(params, source_expanded))?;
    let object = "balance_transaction";
    let id: BalanceTransactionId = call.id(object)?;
    let missing = || ApiError::not_found(object, &call.path_id);
    let found = of_entry(&call, EntryId::from_number(id.number())).await?;
    Ok(Reply::ok(&shown(&call, found.ok_or_else(missing)?, with_source).await?))
}

/// `GET /v1/balance_transactions`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, with_source) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", source_expanded))?;
        Ok((Page::take(params)?, Narrowed::take(params)?, expanded.unwrap_or(false)))
    })?;
    if let Some((param, text)) = paging::cursor(&page) {
        let id = BalanceTransactionId::parse(text).map(|id| EntryId::from_number(id.number()));
        let id = id.ok_or_else(|| paging::no_cursor(param, text))?;
        of_entry(&call, id).await?.ok_or_else(|| paging::no_cursor(param, text))?;
    }
    let mut objects = Vec::new();
    for entry in entries(&call, &page, &narrowed).await? {
        if let Some(object) = object(&call, &entry) {
            objects.push(shown(&call, object, with_source).await?);
        }
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// Whose journal is read.
fn owner(call: &Call) -> Owner {
    call.seller.map_or(Owner::Platform, Owner::Seller)
}

fn object(call: &Call, entry: &JournalEntry) -> Option<BalanceTransaction> {
    balance_transaction::object(entry, owner(call), call.api.engine().now())
}

/// The balance transaction of an entry; `None` when there is none, or not for this caller.
async fn of_entry(call: &Call, id: EntryId) -> Result<Option<BalanceTransaction>, Halt> {
    let found = call.api.engine().read().entry(call.api.platform(), id).await?;
    Ok(found.and_then(|entry| object(call, &entry)))
}

/// The reference of a row to its entry: the id, or the whole where it is `wanted`.
pub(crate) async fn reference(
    call: &Call,
    entry: Option<EntryId>,
    wanted: bool,
) -> Result<Option<Expandable<BalanceTransaction>>, Halt> {
    let reference = balance_transaction::reference(entry);
    let (Some(entry), true) = (entry, wanted) else { return Ok(reference) };
    let whole = of_entry(call, entry).await?.map(|it| Expandable::Object(Box::new(it)));
    Ok(whole.or(reference))
}

/// Whether `balance_transaction` of an object is to be whole.
pub(crate) fn expanded(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("balance_transaction", |_| Ok(()))?.is_some())
}

/// What a list is narrowed to.
struct Narrowed {
    kind: Option<&'static str>,
    source: Option<String>,
    currency: Option<Currency>,
}

impl Narrowed {
    fn take(params: &mut Params) -> Result<Narrowed, ApiError> {
        let words: Vec<(&str, &'static str)> =
            TransactionKind::ALL.iter().map(|kind| (kind.name(), kind.name())).collect();
        let kind = params.choice("type", &words)?;
        let payout = params.text("payout", ID_CHARS_MAX)?;
        let source = params.text("source", ID_CHARS_MAX)?;
        let source = match (source, payout) {
            (Some(_), Some(_)) => return Err(ApiError::exclusive("source", "payout")),
            // A payout moves a sum and no list of transactions, so that its own is all there is.
            (source, payout) => source.or(payout),
        };
        let currency = fields::optional_currency(params, "currency")?;
        Ok(Narrowed { kind, source, currency })
    }

    fn holds(&self, entry: &JournalEntry, owner: Owner) -> bool {
        let Some(change) = owner.change(entry) else { return false };
        self.kind.is_none_or(|kind| owner.kind(entry).name() == kind)
            && self.currency.is_none_or(|currency| change.currency() == currency)
    }
}

/// The entries of a page that are something to their owner, in the order that [`Page::list`]
/// takes them in.
async fn entries(call: &Call, page: &Page, narrowed: &Narrowed) -> Result<Vec<JournalEntry>, Halt> {
    let accounts = match call.seller {
        Some(seller) => vec![Account::SellerPending(seller), Account::SellerAvailable(seller)],
        None => Vec::new(),
    };
    let mut query = EntriesQuery {
        platform: call.api.platform(),
        accounts,
        source: narrowed.source.clone(),
        created: page.created().moments(),
        page: start(page),
    };
    let mut kept = Vec::new();
    for _ in 0..PAGES_MAX {
        let found = call.api.engine().read().entries(&query).await?;
        let count = found.len();
        let (newest, oldest) = (found.first().map(|it| it.id), found.last().map(|it| it.id));
        let found = found.into_iter().filter(|entry| narrowed.holds(entry, owner(call)));
        kept.extend(paging::oldest_first(page, found.collect()));
        if kept.len() >= page.fetch() || count < PAGE_MAX {
            break;
        }
        match page.cursor() {
            Cursor::Start | Cursor::After(_) => {
                query.page.older_than = oldest.map(|id| id.to_string());
            }
            Cursor::Before(_) => query.page.newer_than = newest.map(|id| id.to_string()),
        }
    }
    kept.truncate(page.fetch());
    Ok(kept)
}

/// Where the journal is read from on.
fn start(page: &Page) -> StorePage {
    let entry = |text: &str| {
        let id = BalanceTransactionId::parse(text)?;
        Some(EntryId::from_number(id.number()).to_string())
    };
    let all = StorePage::first(PAGE_MAX);
    match page.cursor() {
        Cursor::Start => all,
        Cursor::After(id) => StorePage { older_than: entry(id), ..all },
        Cursor::Before(id) => StorePage { newer_than: entry(id), ..all },
    }
}

fn source_expanded(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("source", |_| Ok(()))?.is_some())
}

async fn shown(
    call: &Call,
    mut object: BalanceTransaction,
    with_source: bool,
) -> Result<BalanceTransaction, Halt> {
    if with_source
        && let Some(Source::Id(id)) = &object.source
        && let Some(source) = source(call, id).await?
    {
        object.source = Some(Source::Object(source));
    }
    Ok(object)
}

/// What an entry is about, as a whole object. A seller sees what is its own of that by its own
/// lists; the platform's objects stay ids to it.
async fn source(call: &Call, id: &str) -> Result<Option<Value>, Halt> {
    let Some(key) = source_key(id).filter(|_| call.seller.is_none()) else { return Ok(None) };
    let found = call.api.engine().load(call.api.platform(), &[key]).await?;
    let row = found.into_iter().next().flatten().map(|stored| stored.row);
    Ok(row.as_ref().and_then(source_object))
}

fn source_key(id: &str) -> Option<RowKey> {
    parse_key::<Attempt>(id)
        .or_else(|| parse_key::<Refund>(id))
        .or_else(|| parse_key::<Transfer>(id))
        .or_else(|| parse_key::<TransferReversal>(id))
        .or_else(|| parse_key::<ApplicationFee>(id))
        .or_else(|| parse_key::<FeeRefund>(id))
        .or_else(|| parse_key::<Topup>(id))
        .or_else(|| parse_key::<Payout>(id))
}

fn source_object(row: &Row) -> Option<Value> {
    if let Some(row) = Attempt::of_row(row) {
        return json(&charge::object(row));
    }
    if let Some(row) = Refund::of_row(row) {
        return json(&refund::object(row));
    }
    if let Some(row) = Transfer::of_row(row) {
        return json(&transfer::object(row, transfer::reversals(row, &[])));
    }
    if let Some(row) = TransferReversal::of_row(row) {
        return json(&transfer::reversal(row));
    }
    if let Some(row) = ApplicationFee::of_row(row) {
        return json(&application_fee::object(row, application_fee::refunds(row, &[])));
    }
    if let Some(row) = FeeRefund::of_row(row) {
        return json(&application_fee::refund(row));
    }
    if let Some(row) = Payout::of_row(row) {
        return json(&payout::object(row));
    }
    Topup::of_row(row).and_then(|row| json(&topup::object(row)))
}

fn json(object: &impl Serialize) -> Option<Value> {
    serde_json::to_value(object).ok()
}
