//! The parameters of a new checkout session.

use holdfast_core::checkout::ShippingOption;
use holdfast_core::command::{CreateCheckoutSession, NewLine};
use holdfast_core::money::Money;
use holdfast_core::refusal::Refusal;
use holdfast_core::time::{Span, Timestamp};

use crate::api::Api;
use crate::error::ApiError;
use crate::fields;
use crate::metadata;
use crate::params::Params;

/// The most lines of a basket; as in the dialect.
const LINES_MAX: usize = 100;
/// The most of one thing in a basket.
const QUANTITY_MAX: i64 = 10_000;
/// The most ways to ship; as in the dialect.
const SHIPPING_OPTIONS_MAX: usize = 5;
/// The longest name that a shop gives to a visit, in characters; as in the dialect.
const REFERENCE_CHARS_MAX: usize = 200;
/// The shortest and the longest life of a session; as in the dialect. A buyer needs minutes to
/// find a card, and prices do not hold for days.
const LIFE: (Span, Span) = (Span::seconds(30 * 60), Span::hours(24));
/// A language, with or without a region: `ar`, `pt-BR`, `auto`.
const LOCALE_CHARS_MAX: usize = 10;

// All amounts of the largest basket fit: a line's, and their sum.
const _: () = assert!(fields::AMOUNT_MAX < i64::MAX / QUANTITY_MAX / 101);

/// Takes the parameters of a new session.
pub(crate) fn take(api: &Api, params: &mut Params) -> Result<CreateCheckoutSession, ApiError> {
    params.choice("mode", &[("payment", ())])?;
    fields::card_only(params, "payment_method_types")?;
    let lines = params.list("line_items", LINES_MAX, line)?.unwrap_or_default();
    let first = lines.first().ok_or_else(|| params.missing("line_items"))?;
    let currency = first.unit.currency();
    let options = params.list("shipping_options", SHIPPING_OPTIONS_MAX, shipping_option)?;
    let shipping_options = options.unwrap_or_default();
    one_currency(params, &lines, &shipping_options)?;
    not_too_large(&lines, &shipping_options)?;
    let payment_metadata = params.map("payment_intent_data", metadata::of_new)?;
    Ok(CreateCheckoutSession {
        currency,
        lines,
        shipping_options,
        customer_email: fields::email(params, "customer_email")?,
        client_reference: params.text("client_reference_id", REFERENCE_CHARS_MAX)?,
        locale: locale(params)?,
        success_url: fields::url(params, "success_url")?,
        cancel_url: fields::url(params, "cancel_url")?,
        metadata: metadata::of_new(params)?,
        payment_metadata: payment_metadata.unwrap_or_default(),
        expires_at: expires_at(params, api.engine().now())?,
        secret: api.secret(),
    })
}

fn line(params: &mut Params) -> Result<NewLine, ApiError> {
    let seller = fields::id(params, "seller", "account")?;
    let seller = seller.ok_or_else(|| params.missing("seller"))?;
    let product = params.map("price_data", price_data)?;
    let product = product.ok_or_else(|| params.missing("price_data"))?;
    let quantity = params.required_integer("quantity", 1..=QUANTITY_MAX)?;
    let excluded = fields::card_only(params, "excluded_payment_method_types")?;
    Ok(NewLine {
        seller,
        name: product.name,
        description: product.description,
        unit: product.unit,
        // The range above is within that of the type.
        quantity: u32::try_from(quantity).unwrap_or(u32::MAX),
        excludes_card: excluded.is_some(),
    })
}

struct Product {
    name: String,
    description: Option<String>,
    unit: Money,
}

fn price_data(params: &mut Params) -> Result<Product, ApiError> {
    let currency = fields::currency(params, "currency")?;
    let minor = fields::minor(params, "unit_amount")?;
    let minor = minor.ok_or_else(|| params.missing("unit_amount"))?;
    let unit = Money::new(minor, currency);
    let product = params.map("product_data", |data| {
        let name = data.required_text("name", fields::NAME_CHARS_MAX)?;
        let description = data.text("description", fields::DESCRIPTION_CHARS_MAX)?;
        Ok(Product { name, description, unit })
    })?;
    product.ok_or_else(|| params.missing("product_data"))
}

fn shipping_option(params: &mut Params) -> Result<ShippingOption, ApiError> {
    let rate = params.map("shipping_rate_data", |rate| {
        rate.choice("type", &[("fixed_amount", ())])?;
        let name = rate.required_text("display_name", fields::NAME_CHARS_MAX)?;
        let amount = rate.map("fixed_amount", |amount| {
            let minor = fields::minor(amount, "amount")?;
            let minor = minor.ok_or_else(|| amount.missing("amount"))?;
            Ok(Money::new(minor, fields::currency(amount, "currency")?))
        })?;
        let amount = amount.ok_or_else(|| rate.missing("fixed_amount"))?;
        Ok(ShippingOption { name, amount })
    })?;
    rate.ok_or_else(|| params.missing("shipping_rate_data"))
}

/// A basket is paid in one currency: that of its first line.
fn one_currency(
    params: &Params,
    lines: &[NewLine],
    options: &[ShippingOption],
) -> Result<(), ApiError> {
    let Some(first) = lines.first() else { return Ok(()) };
    let other = |amount: &Money| amount.currency() != first.unit.currency();
    let line = lines.iter().position(|line| other(&line.unit));
    let option = options.iter().position(|option| other(&option.amount));
    let at = line.map(|index| format!("line_items[{index}][price_data][currency]")).or_else(|| {
        let at = |index| {
            format!("shipping_options[{index}][shipping_rate_data][fixed_amount][currency]")
        };
        option.map(at)
    });
    let Some(at) = at else { return Ok(()) };
    let param = params.spelled(&at);
    let message = "All amounts of a session must be of one currency.";
    Err(ApiError::param(Refusal::CurrencyMismatch.code(), &param, message))
}

/// The total of a basket with its dearest shipping is an amount that can be charged.
fn not_too_large(lines: &[NewLine], options: &[ShippingOption]) -> Result<(), ApiError> {
    let total = |line: &NewLine| line.unit.minor().saturating_mul(line.quantity.into());
    let items = lines.iter().map(total).fold(0, i64::saturating_add);
    let shipping = options.iter().map(|option| option.amount.minor()).max().unwrap_or(0);
    if items.saturating_add(shipping) <= fields::AMOUNT_MAX {
        return Ok(());
    }
    let message = format!("The total of a session is at most {}.", fields::AMOUNT_MAX);
    Err(ApiError::param(Refusal::AmountTooLarge.code(), "line_items", message))
}

fn locale(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(locale) = params.text("locale", LOCALE_CHARS_MAX)? else { return Ok(None) };
    let (language, region) = locale.split_once('-').unwrap_or((&locale, "XX"));
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_language = locale == "auto" || (2..=3).contains(&language.len());
    if !is_language || !letters(language) || region.len() < 2 || !letters(region) {
        return Err(fields::invalid(params, "locale", "must be a language, such as ar, or auto"));
    }
    Ok(Some(locale))
}

fn expires_at(params: &mut Params, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    let Some(seconds) = params.timestamp("expires_at")? else { return Ok(None) };
    let at = Timestamp::from_seconds(seconds);
    let (least, most) = LIFE;
    // Clients reckon with whole seconds, so a part of one is forgiven at either end.
    let second = Span::seconds(1);
    if at < now.after(least).before(second) || at > now.after(most).after(second) {
        let must = "must be from 30 minutes to 24 hours from now";
        return Err(fields::invalid(params, "expires_at", must));
    }
    Ok(Some(at))
}
