//! `shipping_options`: the ways to ship that a session or a payment link offers.

use holdfast_core::checkout::{DeliveryBound, DeliveryEstimate, DeliveryUnit, ShippingOption};
use holdfast_core::money::Money;

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
