//! `/v1/products`: the things that are sold.

use holdfast_core::catalogue::price::Price;
use holdfast_core::catalogue::product::{Package, Product, good_link, shippable_link, url_link};
use holdfast_core::command::Command;
use holdfast_core::event::EventKind;
use holdfast_core::id::{PriceId, ProductId};
use holdfast_core::key::RowKind;
use holdfast_engine::query::RowsQuery;

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::metadata::{self, MetadataChange};
use crate::objects::{self, Deleted, Expandable};
use crate::paging::Narrowed;
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{price, product};
use crate::reply::Reply;

use super::catalogue::{self, Wordy};
use super::price_params::{self, NewPrice};

/// The most pictures and points of a product; as in the dialect.
const IMAGES_MAX: usize = 8;
/// The most points in a product's favour; as in the dialect.
const FEATURES_MAX: usize = 15;
/// The longest statement descriptor of a product, in characters; as in the dialect.
const STATEMENT_CHARS_MAX: usize = 22;
/// The longest name of a unit, in characters; as in the dialect.
const UNIT_CHARS_MAX: usize = 12;
/// The largest measure of a parcel: far more than a carrier takes.
const MEASURE_MAX: i64 = 1_000_000;
/// The most ids that a list may be narrowed to.
const IDS_MAX: usize = 100;

impl Wordy for Product {
    const OBJECT: &'static str = "product";

    fn is_deleted(&self) -> bool {
        self.deleted
    }
}

/// `POST /v1/products`.
pub(crate) async fn create(call: Call) -> Answer {
    let (row, first_price, expanded) = call.read(|params| {
        let row = new_product(&call, params)?;
        let first_price = params.map("default_price_data", price_params::price_data)?;
        Ok((row, first_price, Expanded::take(params)?))
    })?;
    let id = call.made_once::<Product>(made(&call, row, first_price)).await?;
    let row = call.present::<Product>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

async fn made(
    call: &Call,
    mut row: Product,
    first_price: Option<NewPrice>,
) -> Result<ProductId, Halt> {
    let mut keeps = Vec::new();
    if let Some(own) = &row.own_id {
        if catalogue::find::<Product>(call, own).await?.is_some_and(|known| !known.deleted) {
            return Err(catalogue::taken("id", own).into());
        }
        let target = row.id.to_string();
        keeps.push(catalogue::give_name(call, Product::OBJECT, own, target).await?);
    }
    if let Some(price) = first_price {
        let price = price.row(call, row.called());
        row.default_price = Some(price.id);
        keeps.push(catalogue::new(price, EventKind::PriceCreated));
    }
    let own = row.own_id.clone().unwrap_or_default();
    keeps.push(catalogue::new(row, EventKind::ProductCreated));
    let made = call.make::<Product>(Command::KeepAll(keeps), RowKind::Product).await;
    made.map_err(|halt| catalogue::or_taken(halt, "id", &own))
}

/// `GET /v1/products/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(Expanded::take)?;
    let row = catalogue::find::<Product>(&call, &call.path_id).await?;
    let row = row.ok_or_else(|| ApiError::not_found("product", &call.path_id))?;
    if row.deleted {
        return Ok(Reply::ok(&Deleted::new("product", row.called().to_string())));
    }
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/products/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let (edits, expanded) =
        call.read(|params| Ok((Edits::take(params)?, Expanded::take(params)?)))?;
    let row = catalogue::of_path::<Product>(&call).await?;
    edits.check(&call, row.id).await?;
    let now = call.api.engine().now();
    let event = Some(EventKind::ProductUpdated);
    let row = call
        .edit_row::<Product>(row.id, "product", event, |row| {
            let before = row.clone();
            edits.apply(row)?;
            if *row != before {
                row.updated = now;
            }
            Ok(())
        })
        .await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `DELETE /v1/products/{id}`. A product with prices stays: purchases name them.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let row = catalogue::of_path::<Product>(&call).await?;
    let query = RowsQuery::newest(call.api.platform(), RowKind::Price, 1).linked(&row.id);
    if !call.api.engine().read().rows(&query).await?.is_empty() {
        let message = "This product has prices and cannot be deleted. Set active to false.";
        return Err(ApiError::param(codes::RESOURCE_IN_USE, "id", message).into());
    }
    let event = Some(EventKind::ProductDeleted);
    let delete = |row: &mut Product| {
        row.deleted = true;
        Ok(())
    };
    let row = call.edit_row::<Product>(row.id, "product", event, delete).await?;
    Ok(Reply::ok(&Deleted::new("product", row.called().to_string())))
}

/// `GET /v1/products`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, ids, expanded) = call.read(|params| {
        let created = Created::take(params)?;
        let active = params.boolean("active")?;
        let ids = params.texts("ids", IDS_MAX, fields::NAME_CHARS_MAX)?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let kinds = [("good", true), ("service", false)];
        let narrowed = catalogue::there(Narrowed::all(RowKind::Product), active)
            .created(created)
            .link(params.boolean("shippable")?.map(shippable_link).as_ref())
            .link(params.choice("type", &kinds)?.map(good_link).as_ref())
            .link(fields::url(params, "url")?.map(|url| url_link(&url)).as_ref());
        Ok((Page::take(params)?, narrowed, ids, expanded.unwrap_or_default()))
    })?;
    let rows = match ids {
        None => catalogue::rows::<Product>(&call, &page, narrowed).await?,
        Some(ids) => by_ids(&call, &ids, &narrowed).await?,
    };
    let mut objects = Vec::new();
    for row in rows {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

async fn by_ids(call: &Call, ids: &[String], narrowed: &Narrowed) -> Result<Vec<Product>, Halt> {
    use holdfast_core::listed::Listed as _;
    let mut rows: Vec<Product> = Vec::new();
    for id in ids {
        let found = catalogue::find::<Product>(call, id).await?;
        let wanted = |row: &Product| {
            let links = row.links();
            narrowed.links.iter().all(|link| links.contains(link))
                && narrowed.states.iter().any(|state| state == row.state())
                && narrowed.created.moments().includes(row.created)
                && !rows.iter().any(|known| known.id == row.id)
        };
        rows.extend(found.filter(wanted));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows)
}

/// What an answer about a product expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    price: bool,
}

impl Expanded {
    fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    pub(super) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        Ok(Expanded { price: expand.property("default_price", |_| Ok(()))?.is_some() })
    }
}

/// A product as the caller may see it.
pub(super) async fn shown(
    call: &Call,
    row: &Product,
    expanded: Expanded,
) -> Result<objects::Product, Halt> {
    let mut object = product::object(row);
    if let (true, Some(id)) = (expanded.price, row.default_price) {
        let row = call.present::<Price>(&id).await?;
        object.default_price = Some(Expandable::Object(Box::new(price::object(&row))));
    }
    Ok(object)
}

fn new_product(call: &Call, params: &mut Params) -> Result<Product, ApiError> {
    let now = call.api.engine().now();
    let mut row = named(call, params.required_text("name", fields::NAME_CHARS_MAX)?);
    row.own_id = catalogue::own_id::<ProductId>(params)?;
    row.metadata = metadata::of_new(params)?;
    row.is_good = params.choice("type", &[("good", true), ("service", false)])?.unwrap_or(false);
    row.created = now;
    Edits::take_shared(params)?.apply(&mut row)?;
    Ok(row)
}

/// A product that has a name and nothing else.
pub(super) fn named(call: &Call, name: String) -> Product {
    let now = call.api.engine().now();
    Product {
        id: call.api.engine().fresh_id(),
        own_id: None,
        created: now,
        updated: now,
        active: true,
        deleted: false,
        name,
        description: None,
        default_price: None,
        images: Vec::new(),
        features: Vec::new(),
        metadata: Default::default(),
        package: None,
        shippable: None,
        statement_descriptor: None,
        tax_code: None,
        unit_label: None,
        url: None,
        is_good: false,
    }
}

/// What a request wants changed.
struct Edits {
    active: Option<bool>,
    name: Option<String>,
    description: Change<String>,
    default_price: Option<PriceId>,
    images: Option<Vec<String>>,
    features: Option<Vec<String>>,
    metadata: MetadataChange,
    package: Change<Package>,
    shippable: Option<bool>,
    statement_descriptor: Change<String>,
    tax_code: Change<String>,
    unit_label: Change<String>,
    url: Change<String>,
}

impl Edits {
    fn take(params: &mut Params) -> Result<Edits, ApiError> {
        let name = params.text("name", fields::NAME_CHARS_MAX)?;
        let default_price = fields::id(params, "default_price", "price")?;
        let metadata = MetadataChange::take(params)?;
        Ok(Edits { name, default_price, metadata, ..Edits::take_shared(params)? })
    }

    /// What a new product and an old one take alike.
    fn take_shared(params: &mut Params) -> Result<Edits, ApiError> {
        fields::unsupported(params, &["tax_details"], "Holdfast computes no tax")?;
        Ok(Edits {
            active: params.boolean("active")?,
            name: None,
            description: params.text_change("description", fields::DESCRIPTION_CHARS_MAX)?,
            default_price: None,
            images: fields::urls(params, "images", IMAGES_MAX)?,
            features: params.list("marketing_features", FEATURES_MAX, |feature| {
                feature.required_text("name", fields::NAME_CHARS_MAX)
            })?,
            metadata: MetadataChange::default(),
            package: params.map_change("package_dimensions", package)?,
            shippable: params.boolean("shippable")?,
            statement_descriptor: params
                .text_change("statement_descriptor", STATEMENT_CHARS_MAX)?,
            tax_code: params.text_change("tax_code", fields::NAME_CHARS_MAX)?,
            unit_label: params.text_change("unit_label", UNIT_CHARS_MAX)?,
            url: fields::url_change(params, "url")?,
        })
    }

    /// A default price has to be one of the product's own.
    async fn check(&self, call: &Call, product: ProductId) -> Result<(), Halt> {
        let Some(id) = self.default_price else { return Ok(()) };
        let price = call.find::<Price>(&id).await?;
        if price.is_none_or(|price| price.product.id != product) {
            let missing = ApiError::not_found("price", &id.to_string());
            return Err(missing.with_param("default_price").into());
        }
        Ok(())
    }

    fn apply(&self, row: &mut Product) -> Result<(), ApiError> {
        row.active = self.active.unwrap_or(row.active);
        set(&mut row.name, &self.name);
        row.default_price = self.default_price.or(row.default_price);
        set(&mut row.images, &self.images);
        set(&mut row.features, &self.features);
        row.shippable = self.shippable.or(row.shippable);
        row.metadata = self.metadata.clone().applied(&row.metadata)?;
        self.description.apply_to(&mut row.description);
        self.package.apply_to(&mut row.package);
        self.statement_descriptor.apply_to(&mut row.statement_descriptor);
        self.tax_code.apply_to(&mut row.tax_code);
        self.unit_label.apply_to(&mut row.unit_label);
        self.url.apply_to(&mut row.url);
        Ok(())
    }
}

fn set<T: Clone>(field: &mut T, given: &Option<T>) {
    if let Some(given) = given {
        field.clone_from(given);
    }
}

fn package(params: &mut Params) -> Result<Package, ApiError> {
    let mut measure = |name| {
        let number = params.required_integer(name, 0..=MEASURE_MAX)?;
        // The range above is within that of the type.
        Ok(u32::try_from(number).unwrap_or(u32::MAX))
    };
    Ok(Package {
        height: measure("height")?,
        length: measure("length")?,
        weight: measure("weight")?,
        width: measure("width")?,
    })
}
