//! `GET /v1/.../search`: one line of [`Field`]s for each resource.
//!
//! There is no index: the newest rows are looked at first, so many for each request, and the next
//! page goes on where this one ended. What was just written is found at once.

use std::fmt;

use holdfast_core::catalogue::price::Price;
use holdfast_core::catalogue::product::Product;
use holdfast_core::customer::Customer;
use holdfast_core::id::Id;
use holdfast_core::key::RowKind;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::row::Record;
use holdfast_engine::query::{Page as StorePage, RowsQuery};
use serde::Serialize;
use serde_json::Value;

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::list::{LIMIT_DEFAULT, LIMIT_MAX, SearchResult};
use crate::paging::Narrowed;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render;
use crate::reply::Reply;
use crate::search::{Field, Kind, QUERY_CHARS_MAX, Query};

use super::{charge_shown, customers, payment_shown, prices, products};

/// Defines the search of each resource: where it is shown, its rows, which of them are looked at,
/// how they are searched, and the fields that a query may name.
macro_rules! searches {
    ($(
        $noun:ident of $shows:ident: $row:ty as $shown:path, in $rows:expr, by $fields:expr;
    )*) => { $(
        #[doc = concat!("`GET /v1/", stringify!($noun), "/search`.")]
        pub(crate) async fn $noun(call: Call) -> Answer {
            let (search, expanded) = call.read(|params| {
                let search = Search::take(params, $fields)?;
                let of = $shows::Expanded::of;
                let (expanded, counts) = Expand::take(params, |expand| {
                    let counts = expand.property("total_count", |_| Ok(()))?;
                    Ok((expand.property("data", of)?, counts.is_some()))
                })?;
                Ok((search.counting(counts), expanded.unwrap_or_default()))
            })?;
            let as_shown = |row: &$row| json(&$shown(row));
            let found = find(&call, &search, $rows, &as_shown).await?;
            let total = if search.counts {
                Some(count(&call, &search, $rows, &as_shown).await?)
            } else {
                None
            };
            let mut objects = Vec::new();
            for row in &found.rows {
                objects.push($shows::shown(&call, row, expanded).await?);
            }
            Ok(found.reply(&call, total, objects))
        }
    )* };
}

/// The rows of a kind that were not deleted.
fn living(kind: RowKind) -> Narrowed {
    Narrowed { states: vec!["active".to_owned(), "inactive".to_owned()], ..Narrowed::all(kind) }
}

searches! {
    payment_intents of payment_shown: PaymentIntent as render::payment_intent::object,
        in Narrowed::all(RowKind::PaymentIntent), by &PAYMENT_INTENTS;
    charges of charge_shown: Attempt as render::charge::searched,
        in Narrowed::all(RowKind::Attempt), by &CHARGES;
    customers of customers: Customer as render::customer::object,
        in living(RowKind::Customer), by &CUSTOMERS;
    prices of prices: Price as render::price::object,
        in living(RowKind::Price), by &PRICES;
    products of products: Product as render::product::object,
        in living(RowKind::Product), by &PRODUCTS;
}

const PAYMENT_INTENTS: [Field; 5] = [
    Field { name: "amount", kind: Kind::Number },
    Field { name: "currency", kind: Kind::Token },
    Field { name: "customer", kind: Kind::Token },
    Field { name: "description", kind: Kind::Text },
    Field { name: "status", kind: Kind::Token },
];

const CHARGES: [Field; 12] = [
    Field { name: "amount", kind: Kind::Number },
    Field { name: "billing_details.address.postal_code", kind: Kind::Token },
    Field { name: "currency", kind: Kind::Token },
    Field { name: "customer", kind: Kind::Token },
    Field { name: "disputed", kind: Kind::Token },
    Field { name: "payment_method_details.card.brand", kind: Kind::Token },
    Field { name: "payment_method_details.card.exp_month", kind: Kind::Number },
    Field { name: "payment_method_details.card.exp_year", kind: Kind::Number },
    Field { name: "payment_method_details.card.fingerprint", kind: Kind::Token },
    Field { name: "payment_method_details.card.last4", kind: Kind::Token },
    Field { name: "refunded", kind: Kind::Token },
    Field { name: "status", kind: Kind::Token },
];

const CUSTOMERS: [Field; 3] = [
    Field { name: "email", kind: Kind::Text },
    Field { name: "name", kind: Kind::Text },
    Field { name: "phone", kind: Kind::Text },
];

const PRICES: [Field; 5] = [
    Field { name: "active", kind: Kind::Token },
    Field { name: "currency", kind: Kind::Token },
    Field { name: "lookup_key", kind: Kind::Token },
    Field { name: "product", kind: Kind::Token },
    Field { name: "type", kind: Kind::Token },
];

const PRODUCTS: [Field; 5] = [
    Field { name: "active", kind: Kind::Token },
    Field { name: "description", kind: Kind::Text },
    Field { name: "name", kind: Kind::Text },
    Field { name: "shippable", kind: Kind::Token },
    Field { name: "url", kind: Kind::Token },
];

/// What is searched for, and where the page starts.
pub(crate) struct Search {
    query: Query,
    limit: usize,
    after: Option<String>,
    /// Whether `total_count` is asked for.
    counts: bool,
}

/// What precedes the id in the name of a page.
const PAGE_PREFIX: &str = "after_";
/// The longest name of a page that is looked at, in characters.
const PAGE_CHARS_MAX: usize = 255;

impl Search {
    /// Takes `query`, `limit` and `page` out of `params`.
    pub(crate) fn take(params: &mut Params, fields: &[Field]) -> Result<Search, ApiError> {
        params.example("query", "created>0");
        params.example("page", "after_pi_0000000000000000000000");
        // One more than a query may have, so that it is the query that says so.
        let query = params.required_text("query", QUERY_CHARS_MAX + 1)?;
        let query = Query::parse(&query, fields)?;
        let limit = params.integer("limit", 0..=LIMIT_MAX)?.unwrap_or(LIMIT_DEFAULT);
        let page = params.text("page", PAGE_CHARS_MAX)?;
        let after = page.map(|page| match page.strip_prefix(PAGE_PREFIX) {
            Some(id) => Ok(id.to_owned()),
            None => Err(no_page()),
        });
        let limit = usize::try_from(limit).unwrap_or_default();
        Ok(Search { query, limit, after: after.transpose()?, counts: false })
    }

    fn counting(self, counts: bool) -> Search {
        Search { counts, ..self }
    }
}

fn no_page() -> ApiError {
    let message = "There is no such page: give the next_page of the page before.";
    ApiError::param(codes::CURSOR_INVALID, "page", message)
}

/// A page of what was found.
pub(crate) struct Found<R> {
    /// The rows that fit, the newest first.
    pub(crate) rows: Vec<R>,
    /// The id of the last row that was looked at, if there are more behind it.
    next: Option<String>,
}

/// How many rows one request looks at: some tenths of a second of work.
const LOOKED_AT_MAX: usize = 10_000;
/// How many rows are read at once.
const CHUNK: usize = 250;

/// The rows of a list that fit, by what `as_shown` says of each.
pub(crate) async fn find<R>(
    call: &Call,
    search: &Search,
    narrowed: Narrowed,
    as_shown: impl Fn(&R) -> Value,
) -> Result<Found<R>, Halt>
where
    R: Record,
    R::Id: Id + fmt::Display,
{
    let after = search.after.as_ref();
    if after.is_some_and(|id| R::Id::parse(id).is_none()) {
        return Err(no_page().into());
    }
    let mut query = looked_at_first(call, search, narrowed);
    query.page = StorePage { older_than: after.cloned(), ..StorePage::first(CHUNK) };
    let mut found = Found { rows: Vec::new(), next: None };
    let (mut looked_at, mut last) = (0, None);
    loop {
        let rows = call.api.engine().read().rows(&query).await?;
        for row in rows.iter().filter_map(R::of_row) {
            if search.query.fits(&as_shown(row)) {
                if found.rows.len() >= search.limit {
                    // There is one more: the next page begins at it.
                    found.next = last.or_else(|| after.cloned());
                    return Ok(found);
                }
                found.rows.push(row.clone());
            }
            last = Some(row.own_key().id());
        }
        looked_at += rows.len();
        if rows.len() < CHUNK {
            return Ok(found);
        }
        if looked_at >= LOOKED_AT_MAX {
            found.next = last;
            return Ok(found);
        }
        query.page.older_than.clone_from(&last);
    }
}

/// The newest rows of a list, within the time that the query names.
fn looked_at_first(call: &Call, search: &Search, narrowed: Narrowed) -> RowsQuery {
    let Narrowed { kind, links, states, created } = narrowed.created(search.query.created());
    let newest = RowsQuery::newest(call.api.platform(), kind, CHUNK);
    RowsQuery { links, states, created: created.moments(), ..newest }
}

/// How many rows fit on all pages, whichever is asked for, among the newest `LOOKED_AT_MAX`.
async fn count<R: Record>(
    call: &Call,
    search: &Search,
    narrowed: Narrowed,
    as_shown: impl Fn(&R) -> Value,
) -> Result<u64, Halt> {
    let mut query = looked_at_first(call, search, narrowed);
    let (mut total, mut looked_at) = (0, 0);
    loop {
        let rows = call.api.engine().read().rows(&query).await?;
        for row in rows.iter().filter_map(R::of_row) {
            total += u64::from(search.query.fits(&as_shown(row)));
        }
        looked_at += rows.len();
        if rows.len() < CHUNK || looked_at >= LOOKED_AT_MAX {
            return Ok(total);
        }
        query.page.older_than = rows.last().map(|row| row.key().id());
    }
}

impl<R> Found<R> {
    /// The answer, of the rows as they are shown, with their number on all pages if it is wanted.
    pub(crate) fn reply<T: Serialize>(
        &self,
        call: &Call,
        total: Option<u64>,
        data: Vec<T>,
    ) -> Reply {
        let next_page = self.next.as_ref().map(|id| format!("{PAGE_PREFIX}{id}"));
        let mut result = SearchResult::new(call.path, next_page, data);
        result.total_count = total;
        Reply::ok(&result)
    }
}

fn json(object: &impl Serialize) -> Value {
    // Objects have text keys only, so that writing them cannot fail.
    serde_json::to_value(object).unwrap_or_default()
}
