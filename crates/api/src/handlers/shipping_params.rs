//! `shipping_options`: the ways to ship that a session or a payment link offers.

use holdfast_core::checkout::{
    CheckoutSession, DeliveryBound, DeliveryEstimate, DeliveryUnit, Line, ShippingOption,
};
use holdfast_core::money::Money;
use holdfast_core::refusal::Refusal;

use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::metadata;
use crate::params::Params;

use super::price_params;

/// The most ways to ship; as in the dialect.
const OPTIONS_MAX: usize = 5;
/// The most units of one end of an estimate: a parcel of a thousand days is lost.
const UNITS_MAX: i64 = 999;

/// Takes `shipping_options`.
pub(super) fn take(params: &mut Params) -> Result<Option<Vec<ShippingOption>>, ApiError> {
    params.list("shipping_options", OPTIONS_MAX, |option| {
        let why = "there are no shipping rates; give shipping_rate_data";
        fields::unsupported(option, &["shipping_rate"], why)?;
        let rate = option.map("shipping_rate_data", rate)?;
        rate.ok_or_else(|| option.missing("shipping_rate_data"))
    })
}

/// Refuses ways to ship that an open session cannot be paid with: where nothing is sold, of
/// another currency, or of a sum that is too large.
pub(super) fn refuse_of(row: &CheckoutSession, options: &[ShippingOption]) -> Result<(), ApiError> {
    if row.setup.is_some() {
        let message = "shipping_options is of sessions that sell something.";
        return Err(ApiError::param(codes::PARAMETER_UNSUPPORTED, "shipping_options", message));
    }
    let is_other = |option: &ShippingOption| option.amount.currency() != row.currency;
    if let Some(index) = options.iter().position(is_other) {
        let rate = format!("shipping_options[{index}][shipping_rate_data]");
        let message = "All amounts of a session must be of one currency.";
        let param = format!("{rate}[fixed_amount][currency]");
        return Err(ApiError::param(Refusal::CurrencyMismatch.code(), &param, message));
    }
    refuse_large(row, options, "shipping_options")
}

/// Refuses what an open session sells and how it ships when that is too large a sum.
pub(super) fn refuse_large(
    row: &CheckoutSession,
    options: &[ShippingOption],
    param: &str,
) -> Result<(), ApiError> {
    let total = |line: &Line| line.unit.minor().saturating_mul(line.quantity.into());
    let items = row.lines.iter().map(total).fold(0, i64::saturating_add);
    let dearest = options.iter().map(|option| option.amount.minor()).max().unwrap_or(0);
    if items.saturating_add(dearest) > fields::AMOUNT_MAX {
        let message = format!("The total of a session is at most {}.", fields::AMOUNT_MAX);
        let code = Refusal::AmountTooLarge.code();
        return Err(ApiError::param(code, param, message));
    }
    Ok(())
}

fn rate(params: &mut Params) -> Result<ShippingOption, ApiError> {
    params.choice("type", &[("fixed_amount", ())])?;
    let name = params.required_text("display_name", fields::NAME_CHARS_MAX)?;
    let amount = params.map("fixed_amount", |amount| {
        let why = "a session is paid in one currency";
        fields::unsupported(amount, &["currency_options"], why)?;
        let minor = fields::minor(amount, "amount")?;
        let minor = minor.ok_or_else(|| amount.missing("amount"))?;
        Ok(Money::new(minor, fields::currency(amount, "currency")?))
    })?;
    Ok(ShippingOption {
        name,
        amount: amount.ok_or_else(|| params.missing("fixed_amount"))?,
        delivery: params.map("delivery_estimate", estimate)?,
        tax: price_params::tax_behavior(params)?,
        tax_code: params.text("tax_code", fields::NAME_CHARS_MAX)?,
        metadata: metadata::of_new(params)?,
    })
}

fn estimate(params: &mut Params) -> Result<DeliveryEstimate, ApiError> {
    let minimum = params.map("minimum", bound)?;
    let maximum = params.map("maximum", bound)?;
    if let (Some(first), Some(last)) = (minimum, maximum)
        && hours(first) > hours(last)
    {
        return Err(fields::invalid(params, "minimum", "must not be longer than the maximum"));
    }
    Ok(DeliveryEstimate { minimum, maximum })
}

fn bound(params: &mut Params) -> Result<DeliveryBound, ApiError> {
    let units = DeliveryUnit::ALL.map(|unit| (unit.name(), unit));
    let unit = params.required_choice("unit", &units)?;
    let value = params.required_integer("value", 1..=UNITS_MAX)?;
    // The range above is within that of the type.
    Ok(DeliveryBound { unit, value: u16::try_from(value).unwrap_or(u16::MAX) })
}

/// About how long it takes, to compare ends of different units: a month has thirty days, and a
/// business day counts as any other.
fn hours(bound: DeliveryBound) -> u32 {
    let each = match bound.unit {
        DeliveryUnit::Hour => 1,
        DeliveryUnit::Day | DeliveryUnit::BusinessDay => 24,
        DeliveryUnit::Week => 7 * 24,
        DeliveryUnit::Month => 30 * 24,
    };
    u32::from(bound.value) * each
}
