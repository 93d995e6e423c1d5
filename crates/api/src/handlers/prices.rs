//! `/v1/prices`: what products cost.

use holdfast_core::catalogue::price::{Interval, Price, currency_link, interval_link, kind_link};
use holdfast_core::catalogue::product::Product;
use holdfast_core::command::{Command, Keep};
use holdfast_core::event::EventKind;
use holdfast_core::id::PriceId;
use holdfast_core::key::RowKind;
use holdfast_core::listed::Listed as _;
use holdfast_core::row::Record as _;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::{self};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::price;
use crate::reply::Reply;

use super::catalogue;
use super::price_params::{Edits, LOOKUP_CHARS_MAX, NewPrice};
use super::products;

/// The most words that a list may be narrowed to; as in the dialect.
const LOOKUPS_MAX: usize = 10;
/// The kind of names that prices are looked up by.
const LOOKUP: &str = "price_lookup";

/// `POST /v1/prices`.
pub(crate) async fn create(call: Call) -> Answer {
    let (new, source, expanded) = call.read(|params| {
        Ok((NewPrice::take(params)?, source(&call, params)?, Expanded::take(params)?))
    })?;
    let id = call.made_once::<Price>(made(&call, new, source)).await?;
    let row = call.present::<Price>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

async fn made(call: &Call, new: NewPrice, source: Source) -> Result<PriceId, Halt> {
    let mut keeps = Vec::new();
    let product = match source {
        Source::Known(text) => {
            catalogue::of_param::<Product>(call, &text, "product").await?.called()
        }
        Source::New(product) => {
            let called = product.called();
            keeps.push(catalogue::new(*product, EventKind::ProductCreated));
            called
        }
    };
    let lookup = new.lookup();
    let row = new.row(call, product);
    if let Some((key, transfer)) = &lookup {
        keeps.extend(take_lookup_key(call, key, row.id, *transfer).await?);
    }
    keeps.push(catalogue::new(row, EventKind::PriceCreated));
    let made = call.make::<Price>(Command::KeepAll(keeps), RowKind::Price).await;
    made.map_err(|halt| lookup_taken(halt, lookup.as_ref()))
}

/// `GET /v1/prices/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(Expanded::take)?;
    let row = call.named::<Price>("price").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/prices/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (edits, expanded) =
        call.read(|params| Ok((Edits::take(params)?, Expanded::take(params)?)))?;
    let row = call.named::<Price>("price").await?;
    let id = row.id;
    if let Change::Set(key) = &edits.lookup_key {
        // The word is taken first: until then it finds the price that has it now.
        let keeps = take_lookup_key(&call, key, id, edits.transfer).await?;
        if let Err(error) = call.keep_quietly(keeps).await {
            return Err(lookup_taken(error, Some(&(key.clone(), edits.transfer))));
        }
    }
    let event = Some(EventKind::PriceUpdated);
    let row = call.edit_row::<Price>(id, "price", event, |row| edits.apply(row)).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/prices`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, filter, expanded) = call.read(|params| {
        let filter = Filter::take(params)?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, filter, expanded.unwrap_or_default()))
    })?;
    let rows = match filter.narrowed(&call).await? {
        None => Vec::new(),
        Some(narrowed) => match &filter.lookup_keys {
            None => paging::rows::<Price>(&call, &page, narrowed).await?,
            Some(keys) => by_lookup_keys(&call, keys, &narrowed).await?,
        },
    };
    let mut objects = Vec::new();
    for row in rows {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

struct Filter {
    active: Option<bool>,
    created: Created,
    currency: Option<String>,
    kind: Option<&'static str>,
    lookup_keys: Option<Vec<String>>,
    product: Option<String>,
    recurring: Option<Recurrence>,
}

/// How often the prices of a list are due.
#[derive(Clone, Copy, Default)]
struct Recurrence {
    interval: Option<Interval>,
    /// Whether they are reckoned by what was used. None are.
    is_metered: bool,
}

impl Filter {
    fn take(params: &mut Params) -> Result<Filter, ApiError> {
        let currency = fields::optional_currency(params, "currency")?;
        Ok(Filter {
            active: params.boolean("active")?,
            created: Created::take(params)?,
            currency: currency.map(|currency| currency_link(currency.code())),
            kind: params.choice("type", &[("one_time", "one_time"), ("recurring", "recurring")])?,
            lookup_keys: params.texts("lookup_keys", LOOKUPS_MAX, LOOKUP_CHARS_MAX)?,
            product: params.text("product", fields::NAME_CHARS_MAX)?,
            recurring: params.map("recurring", recurrence)?,
        })
    }

    /// Which prices; `None` where no price can be of the product.
    async fn narrowed(&self, call: &Call) -> Result<Option<Narrowed>, Halt> {
        let mut narrowed = catalogue::there(Narrowed::all(RowKind::Price), self.active);
        if let Some(text) = &self.product {
            let Some(product) = catalogue::find::<Product>(call, text).await? else {
                return Ok(None);
            };
            narrowed = narrowed.link(Some(&product.id));
        }
        if let Some(recurring) = self.recurring {
            if recurring.is_metered {
                return Ok(None);
            }
            narrowed = narrowed.link(Some(&kind_link("recurring")));
            narrowed = narrowed.link(recurring.interval.map(interval_link).as_ref());
        }
        let kind = self.kind.map(kind_link);
        let narrowed = narrowed.link(kind.as_ref()).link(self.currency.as_ref());
        Ok(Some(narrowed.created(self.created)))
    }
}

/// `recurring` of a list: no price here is reckoned by what was used, so that meters find none.
fn recurrence(params: &mut Params) -> Result<Recurrence, ApiError> {
    let intervals = [Interval::Day, Interval::Week, Interval::Month, Interval::Year];
    let interval = params.choice("interval", &intervals.map(|it| (it.name(), it)))?;
    let has_meter = params.text("meter", fields::ID_CHARS_MAX)?.is_some();
    let usage = params.choice("usage_type", &[("licensed", false), ("metered", true)])?;
    Ok(Recurrence { interval, is_metered: has_meter || usage == Some(true) })
}

async fn by_lookup_keys(
    call: &Call,
    keys: &[String],
    narrowed: &Narrowed,
) -> Result<Vec<Price>, Halt> {
    let mut rows: Vec<Price> = Vec::new();
    for key in keys {
        let Some(id) = catalogue::named::<PriceId>(call, LOOKUP, key).await? else { continue };
        let found = call.find::<Price>(&id).await?;
        let wanted = |row: &Price| {
            let links = row.links();
            row.lookup_key.as_ref() == Some(key)
                && narrowed.links.iter().all(|link| links.contains(link))
                && narrowed.states.iter().any(|state| state == row.state())
                && narrowed.created.moments().includes(row.created)
                && !rows.iter().any(|known| known.id == row.id)
        };
        rows.extend(found.filter(wanted));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows)
}

/// The rows that give a word to a price: its name, and the price that has it now.
async fn take_lookup_key(
    call: &Call,
    key: &str,
    target: PriceId,
    transfer: bool,
) -> Result<Vec<Keep>, Halt> {
    let mut keeps = Vec::new();
    let holder = catalogue::named::<PriceId>(call, LOOKUP, key).await?.filter(|id| *id != target);
    if let Some(holder) = holder {
        let (engine, platform) = (call.api.engine(), call.api.platform());
        let found = engine.load(platform, &[Price::key(&holder)]).await?;
        let stored = found.into_iter().next().flatten();
        let holds = stored.as_ref().and_then(|stored| Price::of_row(&stored.row));
        let holds = holds.filter(|price| price.lookup_key.as_deref() == Some(key)).cloned();
        if let (Some(stored), Some(price)) = (&stored, holds) {
            if !transfer {
                return Err(catalogue::taken("lookup_key", key).into());
            }
            let row = Price { lookup_key: None, ..price }.into_row();
            let event = Some(EventKind::PriceUpdated);
            keeps.push(Keep { row, expected: stored.version, event });
        }
    }
    keeps.push(catalogue::give_name(call, LOOKUP, key, target.to_string()).await?);
    Ok(keeps)
}

fn lookup_taken(halt: Halt, lookup: Option<&(String, bool)>) -> Halt {
    match lookup {
        Some((key, _)) => catalogue::or_taken(halt, "lookup_key", key),
        None => halt,
    }
}

/// Of what a new price is.
enum Source {
    Known(String),
    New(Box<Product>),
}

fn source(call: &Call, params: &mut Params) -> Result<Source, ApiError> {
    let known = params.text("product", fields::NAME_CHARS_MAX)?;
    let new = params.map("product_data", |data| {
        fields::unsupported(data, &["id"], "make the product first to give it an id")?;
        product_data(call, data)
    })?;
    match (known, new) {
        (Some(_), Some(_)) => {
            Err(ApiError::exclusive(&params.spelled("product"), &params.spelled("product_data")))
        }
        (Some(text), None) => Ok(Source::Known(text)),
        (None, Some(product)) => Ok(Source::New(Box::new(product))),
        (None, None) => Err(params.missing("product")),
    }
}

/// A product that is given with its price.
fn product_data(call: &Call, params: &mut Params) -> Result<Product, ApiError> {
    let mut row = products::named(call, params.required_text("name", fields::NAME_CHARS_MAX)?);
    row.active = params.boolean("active")?.unwrap_or(true);
    row.metadata = metadata::of_new(params)?;
    row.statement_descriptor = params.text("statement_descriptor", 22)?;
    row.tax_code = params.text("tax_code", fields::NAME_CHARS_MAX)?;
    row.unit_label = params.text("unit_label", 12)?;
    Ok(row)
}

/// What an answer about a price expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    product: bool,
}

impl Expanded {
    fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    pub(super) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        Ok(Expanded { product: expand.property("product", |_| Ok(()))?.is_some() })
    }
}

/// A price as the caller may see it.
pub(super) async fn shown(
    call: &Call,
    row: &Price,
    expanded: Expanded,
) -> Result<objects::Price, Halt> {
    let mut object = price::object(row);
    if expanded.product {
        let product = call.present::<Product>(&row.product.id).await?;
        let product = crate::render::product::object(&product);
        object.product = Expandable::Object(Box::new(product));
    }
    Ok(object)
}
