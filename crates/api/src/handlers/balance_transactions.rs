//! `/v1/balance_transactions`: the journal as the platform, or a seller, sees it.

use holdfast_core::balance::{Owner, TransactionKind};
use holdfast_core::currency::Currency;
use holdfast_core::id::{BalanceTransactionId, EntryId, Id};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_engine::query::{EntriesQuery, PAGE_MAX, Page as StorePage};

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Cursor, Page};
use crate::objects::{BalanceTransaction, Expandable};
use crate::paging;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::balance_transaction;
use crate::reply::Reply;

/// The most pages of the journal that one list looks through for what it is narrowed to.
const PAGES_MAX: usize = 100;
/// The longest id that is looked for.
const ID_CHARS_MAX: usize = 255;

/// `GET /v1/balance_transactions/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    call.read(|params| Expand::take(params, |_| Ok(())))?;
    let object = "balance_transaction";
    let id: BalanceTransactionId = call.id(object)?;
    let missing = || ApiError::not_found(object, &call.path_id);
    let found = of_entry(&call, EntryId::from_number(id.number())).await?;
    Ok(Reply::ok(&found.ok_or_else(missing)?))
}

/// `GET /v1/balance_transactions`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed) = call.read(|params| {
        Expand::take(params, |_| Ok(()))?;
        Ok((Page::take(params)?, Narrowed::take(params)?))
    })?;
    if let Some((param, text)) = paging::cursor(&page) {
        let id = BalanceTransactionId::parse(text).map(|id| EntryId::from_number(id.number()));
        let id = id.ok_or_else(|| paging::no_cursor(param, text))?;
        of_entry(&call, id).await?.ok_or_else(|| paging::no_cursor(param, text))?;
    }
    let found = entries(&call, &page, &narrowed).await?;
    let objects = found.iter().filter_map(|entry| object(&call, entry)).collect();
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
pub(super) async fn of_entry(call: &Call, id: EntryId) -> Result<Option<BalanceTransaction>, Halt> {
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
