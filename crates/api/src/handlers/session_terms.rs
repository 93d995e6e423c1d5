//! What a session and a payment link say alike: about the payment, the page, and each line.

use holdfast_core::address::Address;
use holdfast_core::catalogue::Called;
use holdfast_core::catalogue::price::Price;
use holdfast_core::catalogue::product::Product;
use holdfast_core::checkout::{Adjustable, ListedAs, PaymentTerms, Recipient, TermsTransfer};
use holdfast_core::command::NewLine;
use holdfast_core::id::{PriceId, ProductId, SellerId};
use holdfast_core::money::Money;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::usage::FutureUsage;

use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::metadata::{self, Metadata};
use crate::params::Params;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

use super::catalogue;
use super::price_params::{self, NewPrice};

/// The most lines of a basket; as in the dialect.
pub(super) const LINES_MAX: usize = 100;
/// The most of one thing in a basket.
pub(super) const QUANTITY_MAX: i64 = 10_000;
/// The most of one thing that a buyer may be let take; as in the dialect.
const ADJUSTABLE_MAX: i64 = 999_999;
/// The longest statement descriptor, in characters; as in the dialect.
pub(super) const STATEMENT_CHARS_MAX: usize = 22;
/// The longest phone number, in characters: E.164 has 15 digits, people add signs.
const PHONE_CHARS_MAX: usize = 30;

/// Why parameters are refused that ask for another sum than that of the lines.
pub(super) const SUM: &str = "the sum of a session is that of its lines and its shipping";
/// Why parameters are refused that ask for another page.
pub(super) const PAGE: &str = "the pay page looks as it looks and asks for a new card";

/// A line as it was asked for.
#[derive(Clone, Debug)]
pub(super) struct LineAsked {
    seller: Option<SellerId>,
    source: Source,
    quantity: u32,
    adjustable: Option<Adjustable>,
    excludes_card: bool,
    metadata: Metadata,
    /// The line's parameter, for refusals that are found later.
    at: String,
}

/// Where a line's price comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A price of the catalogue, by its id.
    Price(String),
    /// A price that is given with the line, of a product that is given too.
    Data { name: String, description: Option<String>, unit: Money },
    /// A price that is given with the line, of a product of the catalogue.
    Of { product: String, unit: Money },
}

impl Source {
    /// Takes `price` or `price_data`.
    pub(super) fn take(params: &mut Params) -> Result<Option<Source>, ApiError> {
        let price = params.text("price", fields::NAME_CHARS_MAX)?;
        let data = params.map("price_data", price_data)?;
        if price.is_some() && data.is_some() {
            let (first, second) = (params.spelled("price"), params.spelled("price_data"));
            return Err(ApiError::exclusive(&first, &second));
        }
        Ok(price.map(Source::Price).or(data))
    }

    /// What the catalogue says of it; `at` is the parameter of the line.
    pub(super) async fn resolved(&self, call: &Call, at: &str) -> Result<Priced, Halt> {
        Ok(match self {
            Source::Data { name, description, unit } => Priced {
                listed: None,
                of: None,
                name: name.clone(),
                description: description.clone(),
                unit: *unit,
            },
            Source::Of { product, unit } => {
                let at = format!("{at}[price_data][product]");
                let product = catalogue::of_param::<Product>(call, product, &at).await?;
                let of = Some(product.called());
                let Product { name, description, .. } = product;
                Priced { listed: None, of, name, description, unit: *unit }
            }
            Source::Price(id) => {
                let (price, product) = one_time_price(call, id, &format!("{at}[price]")).await?;
                let listed = Some(ListedAs { price: price.id, product: price.product });
                let Product { name, description, .. } = product;
                Priced { listed, of: None, name, description, unit: price.unit }
            }
        })
    }
}

/// A line's price, and the names that its product gives it.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    /// What of the catalogue it is.
    pub(super) listed: Option<ListedAs>,
    /// The product of the catalogue, where the price is none of it.
    pub(super) of: Option<Called<ProductId>>,
    /// The product's name.
    pub(super) name: String,
    /// The product's description.
    pub(super) description: Option<String>,
    /// The price of one.
    pub(super) unit: Money,
}

impl LineAsked {
    /// Takes one element of `line_items`.
    pub(super) fn take(params: &mut Params) -> Result<LineAsked, ApiError> {
        fields::unsupported(params, &["tax_rates", "dynamic_tax_rates"], SUM)?;
        let seller = fields::id(params, "seller", "account")?;
        let source = Source::take(params)?.ok_or_else(|| params.missing("price"))?;
        let adjustable = params.map("adjustable_quantity", adjustable)?.flatten();
        let quantity = quantity(params, adjustable)?.ok_or_else(|| params.missing("quantity"))?;
        let excluded = fields::card_only(params, "excluded_payment_method_types")?;
        Ok(LineAsked {
            seller,
            source,
            quantity,
            adjustable,
            excludes_card: excluded.is_some(),
            metadata: metadata::of_new(params)?,
            at: params.place().to_owned(),
        })
    }

    /// Notes on the line.
    pub(super) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Whether the buyer may take more or fewer.
    pub(super) fn adjustable(&self) -> Option<Adjustable> {
        self.adjustable
    }

    /// The seller that the line names.
    pub(super) fn seller(&self) -> Option<SellerId> {
        self.seller
    }

    /// The line with what the catalogue says of its price.
    pub(super) async fn resolved(&self, call: &Call) -> Result<NewLine, Halt> {
        let Priced { listed, of, name, description, unit } =
            self.source.resolved(call, &self.at).await?;
        Ok(NewLine {
            seller: self.seller,
            listed,
            of,
            name,
            description,
            unit,
            quantity: self.quantity,
            adjustable: self.adjustable,
            excludes_card: self.excludes_card,
            metadata: self.metadata.clone(),
        })
    }

    fn param(&self, name: &str) -> String {
        format!("{}{name}", self.at)
    }

    /// The line's own price and product, to be kept: for pages that sell it again and again.
    pub(super) fn parts(&self) -> (Option<SellerId>, u32, LineSource<'_>) {
        let source = match &self.source {
            Source::Price(id) => LineSource::Price(id, self.param("[price]")),
            Source::Data { name, description, unit } => {
                LineSource::Data(name, description.as_deref(), *unit)
            }
            Source::Of { product, unit } => {
                LineSource::Of(product, *unit, self.param("[price_data][product]"))
            }
        };
        (self.seller, self.quantity, source)
    }
}

/// `quantity`, which is within the bounds that its line names.
pub(super) fn quantity(
    params: &mut Params,
    adjustable: Option<Adjustable>,
) -> Result<Option<u32>, ApiError> {
    let quantity = params.integer("quantity", 1..=QUANTITY_MAX)?;
    // The range above is within that of the type.
    let quantity = quantity.map(|quantity| u32::try_from(quantity).unwrap_or(u32::MAX));
    let range = adjustable.map(Adjustable::range);
    if let (Some(quantity), Some(range)) = (quantity, range)
        && !range.contains(&quantity)
    {
        let must = format!("must be from {} to {}", range.start(), range.end());
        return Err(fields::invalid(params, "quantity", &must));
    }
    Ok(quantity)
}

/// `adjustable_quantity`: `None` where it is switched off.
pub(super) fn adjustable(params: &mut Params) -> Result<Option<Adjustable>, ApiError> {
    let enabled = params.boolean("enabled")?.ok_or_else(|| params.missing("enabled"))?;
    let mut bound = |name| -> Result<Option<u32>, ApiError> {
        let least = i64::from(name == "maximum");
        let bound = params.integer(name, least..=ADJUSTABLE_MAX)?;
        Ok(bound.and_then(|bound| u32::try_from(bound).ok()))
    };
    let adjustable = Adjustable { minimum: bound("minimum")?, maximum: bound("maximum")? };
    if adjustable.range().is_empty() {
        return Err(fields::invalid(params, "minimum", "must not exceed maximum"));
    }
    Ok(enabled.then_some(adjustable))
}

/// Where the price of a line comes from; the last is the parameter, for refusals.
pub(super) enum LineSource<'a> {
    /// From the catalogue.
    Price(&'a str, String),
    /// From the request, with its product.
    Data(&'a str, Option<&'a str>, Money),
    /// From the request, of a product of the catalogue.
    Of(&'a str, Money, String),
}

/// A price of the catalogue that may be charged once and now.
async fn one_time_price(call: &Call, id: &str, param: &str) -> Result<(Price, Product), Halt> {
    let (price, product) = price_of(call, id, param).await?;
    if price.recurring.is_some() {
        let message = "A recurring price cannot be paid by a session of mode payment.";
        return Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, param, message).into());
    }
    Ok((price, product))
}

/// An active price of the catalogue and its product.
pub(super) async fn price_of(call: &Call, id: &str, param: &str) -> Result<(Price, Product), Halt> {
    use holdfast_core::id::Id as _;
    let missing = || ApiError::not_found("price", id).with_param(param);
    let key = PriceId::parse(id).ok_or_else(missing)?;
    let price = call.find::<Price>(&key).await?.ok_or_else(missing)?;
    let product = call.present::<Product>(&price.product.id).await?;
    if !price.active || !product.active || product.deleted {
        let message = "The price, or its product, is not active.";
        return Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, param, message).into());
    }
    Ok((price, product))
}

fn price_data(params: &mut Params) -> Result<Source, ApiError> {
    let why = "a recurring price cannot be paid by a session of mode payment";
    fields::unsupported(params, &["recurring"], why)?;
    let known = params.text("product", fields::NAME_CHARS_MAX)?;
    let new = params.map("product_data", |data| {
        fields::unsupported(data, &["tax_details"], "Holdfast computes no tax")?;
        data.text("tax_code", fields::NAME_CHARS_MAX)?;
        data.text("unit_label", fields::NAME_CHARS_MAX)?;
        fields::urls(data, "images", 8)?;
        metadata::of_new(data)?;
        let name = data.required_text("name", fields::NAME_CHARS_MAX)?;
        Ok((name, data.text("description", fields::DESCRIPTION_CHARS_MAX)?))
    })?;
    let unit = price_params::one_time_data(params)?.unit();
    match (known, new) {
        (Some(_), Some(_)) => {
            Err(ApiError::exclusive(&params.spelled("product"), &params.spelled("product_data")))
        }
        (Some(product), None) => Ok(Source::Of { product, unit }),
        (None, Some((name, description))) => Ok(Source::Data { name, description, unit }),
        (None, None) => Err(params.missing("product_data")),
    }
}

/// The price of a line, to be kept for pages that sell it again and again.
pub(super) fn kept_price(call: &Call, unit: Money, product: Called<ProductId>) -> Price {
    NewPrice::of(unit).row(call, product)
}

/// `payment_intent_data`: how the payment is made, and the notes on it; `rest` reads what only
/// sessions say there.
pub(super) fn payment_terms(
    params: &mut Params,
    rest: fn(&mut Params) -> Result<PaymentTerms, ApiError>,
) -> Result<(PaymentTerms, Metadata), ApiError> {
    let taken = params.map("payment_intent_data", |data| {
        let notes = metadata::of_new(data)?;
        let words = [
            ("automatic", CaptureMethod::Automatic),
            ("automatic_async", CaptureMethod::Automatic),
            ("manual", CaptureMethod::Manual),
        ];
        let usages =
            [("off_session", FutureUsage::OffSession), ("on_session", FutureUsage::OnSession)];
        let terms = PaymentTerms {
            capture_method: data.choice("capture_method", &words)?,
            description: data.text("description", fields::DESCRIPTION_CHARS_MAX)?,
            receipt_email: fields::email(data, "receipt_email")?,
            statement_descriptor: data.text("statement_descriptor", STATEMENT_CHARS_MAX)?,
            statement_descriptor_suffix: data
                .text("statement_descriptor_suffix", STATEMENT_CHARS_MAX)?,
            transfer_group: data.text("transfer_group", fields::NAME_CHARS_MAX)?,
            setup_future_usage: data.choice("setup_future_usage", &usages)?,
            shipping: data.map("shipping", recipient)?,
            ..rest(data)?
        };
        Ok((terms, notes))
    })?;
    Ok(taken.unwrap_or_default())
}

/// To whom the money of a sale goes on, and what the platform keeps of it.
pub(super) fn going_on(params: &mut Params) -> Result<PaymentTerms, ApiError> {
    let transfer = params.map("transfer_data", |data| {
        let destination = fields::id::<SellerId>(data, "destination", "account")?;
        Ok(TermsTransfer {
            destination: destination.ok_or_else(|| data.missing("destination"))?,
            amount: fields::positive(data, "amount")?,
        })
    })?;
    Ok(PaymentTerms {
        on_behalf_of: fields::id(params, "on_behalf_of", "account")?,
        transfer,
        application_fee: fields::minor(params, "application_fee_amount")?,
        ..PaymentTerms::default()
    })
}

/// The sellers whom the terms name, each with its parameter.
pub(super) fn sellers(terms: &PaymentTerms, place: &str) -> Vec<(String, SellerId)> {
    let destination = terms.transfer.map(|transfer| transfer.destination);
    let named = [
        (within(place, "on_behalf_of"), terms.on_behalf_of),
        (format!("{}[destination]", within(place, "transfer_data")), destination),
    ];
    named.into_iter().filter_map(|(param, seller)| Some((param, seller?))).collect()
}

/// The money of sellers' lines goes by their orders and nowhere else.
pub(super) fn refuse_going_on(
    lines: &[LineAsked],
    terms: &PaymentTerms,
    place: &str,
) -> Result<(), ApiError> {
    if lines.iter().all(|line| line.seller.is_none()) {
        return Ok(());
    }
    let said = [
        ("transfer_data", terms.transfer.is_some()),
        ("application_fee_amount", terms.application_fee.is_some()),
        ("on_behalf_of", terms.on_behalf_of.is_some()),
    ];
    let Some((name, _)) = said.into_iter().find(|(_, is_said)| *is_said) else { return Ok(()) };
    let param = within(place, name);
    let message = format!("{param} is of sales without sellers: theirs are paid by their orders.");
    Err(ApiError::param(codes::PARAMETER_UNSUPPORTED, &param, message))
}

/// What goes on to a seller, and what is kept of it, is not more than the buyer pays: `least`, in
/// minor units. As for payments without a session.
pub(super) fn goes_on_within(
    terms: &PaymentTerms,
    least: i64,
    place: &str,
) -> Result<(), ApiError> {
    let fee_param = within(place, "application_fee_amount");
    let part_param = format!("{}[amount]", within(place, "transfer_data"));
    let above = |param: &str| {
        let message = format!("Invalid {param}: it is larger than the payment.");
        Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, param, message))
    };
    let part = terms.transfer.and_then(|transfer| transfer.amount);
    match (terms.application_fee, part) {
        (Some(_), Some(_)) => Err(ApiError::exclusive(&fee_param, &part_param)),
        (Some(_), None) if terms.transfer.is_none() => {
            let to = within(place, "transfer_data");
            let message = format!("A fee is kept of what a seller gets: name {to}[destination].");
            Err(ApiError::param(codes::PARAMETER_INVALID_VALUE, &fee_param, message))
        }
        (Some(fee), None) if fee > least => above(&fee_param),
        (None, Some(part)) if part > least => above(&part_param),
        (Some(_) | None, None) | (None, Some(_)) => Ok(()),
    }
}

/// A parameter within another one, or at the top where there is none.
fn within(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}[{name}]") }
}

fn recipient(params: &mut Params) -> Result<Recipient, ApiError> {
    let address = params.map("address", address)?;
    Ok(Recipient {
        name: params.required_text("name", fields::NAME_CHARS_MAX)?,
        phone: params.text("phone", PHONE_CHARS_MAX)?,
        carrier: params.text("carrier", fields::NAME_CHARS_MAX)?,
        tracking_number: params.text("tracking_number", fields::NAME_CHARS_MAX)?,
        address: address.ok_or_else(|| params.missing("address"))?,
    })
}

fn address(params: &mut Params) -> Result<Address, ApiError> {
    let mut line = |name| params.text(name, fields::NAME_CHARS_MAX);
    let (city, line1, line2) = (line("city")?, line("line1")?, line("line2")?);
    let (postal_code, state) = (line("postal_code")?, line("state")?);
    let country = params.text("country", 2)?;
    if country.as_deref().is_some_and(|country| !is_country(country)) {
        let must = "must be two capital letters (ISO 3166-1)";
        return Err(fields::invalid(params, "country", must));
    }
    Ok(Address { city, country, line1, line2, postal_code, state })
}

/// Whether a text has the form of a country of ISO 3166-1.
pub(super) fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
