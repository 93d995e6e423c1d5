//! What a request says of a price: a new one, wherever one may be given, and edits.

use holdfast_core::catalogue::Called;
use holdfast_core::catalogue::price::{Interval, Price, Recurring, TaxBehavior};
use holdfast_core::id::ProductId;
use holdfast_core::money::Money;

use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::metadata::{self, Metadata, MetadataChange};
use crate::params::{Change, Params};
use crate::pipeline::call::Call;

/// The longest word that a shop finds a price by, in characters; as in the dialect.
pub(super) const LOOKUP_CHARS_MAX: usize = 200;
/// The longest time between two payments: three years of days; as in the dialect.
const INTERVALS_MAX: i64 = 1_095;
/// The longest amount in words of digits: that of the largest with its decimals.
const DECIMAL_CHARS_MAX: usize = 30;

/// A price that is to be made, its product not yet known.
pub(super) struct NewPrice {
    active: bool,
    unit: Money,
    recurring: Option<Recurring>,
    lookup_key: Option<String>,
    transfer: bool,
    nickname: Option<String>,
    metadata: Metadata,
    tax: Option<TaxBehavior>,
}

impl NewPrice {
    pub(super) fn take(params: &mut Params) -> Result<NewPrice, ApiError> {
        params.choice("billing_scheme", &[("per_unit", ())])?;
        let active = params.boolean("active")?.unwrap_or(true);
        let lookup_key = params.text("lookup_key", LOOKUP_CHARS_MAX)?;
        let transfer = params.boolean("transfer_lookup_key")?.unwrap_or(false);
        let nickname = params.text("nickname", fields::NAME_CHARS_MAX)?;
        let price = price_data(params)?;
        Ok(NewPrice { active, lookup_key, transfer, nickname, ..price })
    }

    /// A price of one amount.
    pub(super) fn of(unit: Money) -> NewPrice {
        NewPrice {
            active: true,
            unit,
            recurring: None,
            lookup_key: None,
            transfer: false,
            nickname: None,
            metadata: Metadata::new(),
            tax: None,
        }
    }

    /// What one costs.
    pub(super) fn unit(&self) -> Money {
        self.unit
    }

    /// The word that finds it, and whether another price may lose it.
    pub(super) fn lookup(&self) -> Option<(String, bool)> {
        Some((self.lookup_key.clone()?, self.transfer))
    }

    /// The row of a new price of a product.
    pub(super) fn row(self, call: &Call, product: Called<ProductId>) -> Price {
        Price {
            id: call.api.engine().fresh_id(),
            created: call.api.engine().now(),
            active: self.active,
            product,
            unit: self.unit,
            recurring: self.recurring,
            lookup_key: self.lookup_key,
            nickname: self.nickname,
            metadata: self.metadata,
            tax: self.tax,
        }
    }
}

/// What a price is made of wherever one may be given.
pub(super) fn price_data(params: &mut Params) -> Result<NewPrice, ApiError> {
    let recurring = params.map("recurring", recurring)?;
    Ok(NewPrice { recurring, ..one_time_data(params)? })
}

/// What a price is made of that is paid once.
pub(super) fn one_time_data(params: &mut Params) -> Result<NewPrice, ApiError> {
    let why = "a price is one amount for one unit";
    let names =
        ["tiers", "tiers_mode", "transform_quantity", "custom_unit_amount", "currency_options"];
    fields::unsupported(params, &names, why)?;
    let currency = fields::currency(params, "currency")?;
    let minor = unit_amount(params)?;
    Ok(NewPrice {
        metadata: metadata::of_new(params)?,
        tax: tax_behavior(params)?,
        ..NewPrice::of(Money::new(minor, currency))
    })
}

/// `unit_amount`, or `unit_amount_decimal` where it is a whole number.
fn unit_amount(params: &mut Params) -> Result<i64, ApiError> {
    let minor = fields::minor(params, "unit_amount")?;
    let decimal = params.text("unit_amount_decimal", DECIMAL_CHARS_MAX)?;
    match (minor, decimal) {
        (Some(_), Some(_)) => Err(ApiError::exclusive(
            &params.spelled("unit_amount"),
            &params.spelled("unit_amount_decimal"),
        )),
        (Some(minor), None) => Ok(minor),
        (None, None) => Err(params.missing("unit_amount")),
        (None, Some(text)) => {
            let whole = text.split_once('.').map_or(text.as_str(), |(whole, part)| {
                if part.bytes().all(|byte| byte == b'0') { whole } else { "" }
            });
            let minor = whole.parse().ok().filter(|minor| (0..=fields::AMOUNT_MAX).contains(minor));
            let must = "must be a whole number of minor units: fractions of them are not charged";
            minor.ok_or_else(|| fields::invalid(params, "unit_amount_decimal", must))
        }
    }
}

/// How often a price is due.
pub(super) fn recurring(params: &mut Params) -> Result<Recurring, ApiError> {
    let why = "nothing is ever charged by a recurring price";
    fields::unsupported(params, &["meter", "trial_period_days"], why)?;
    params.choice("usage_type", &[("licensed", ())])?;
    let words = [
        ("day", Interval::Day),
        ("week", Interval::Week),
        ("month", Interval::Month),
        ("year", Interval::Year),
    ];
    let interval = params.required_choice("interval", &words)?;
    let count = params.integer("interval_count", 1..=INTERVALS_MAX)?.unwrap_or(1);
    // The range above is within that of the type.
    Ok(Recurring { interval, count: u16::try_from(count).unwrap_or(1) })
}

/// Whether tax is part of what it costs.
pub(super) fn tax_behavior(params: &mut Params) -> Result<Option<TaxBehavior>, ApiError> {
    let words = [
        ("exclusive", TaxBehavior::Exclusive),
        ("inclusive", TaxBehavior::Inclusive),
        ("unspecified", TaxBehavior::Unspecified),
    ];
    params.choice("tax_behavior", &words)
}

/// What a request wants changed.
pub(super) struct Edits {
    active: Option<bool>,
    pub(super) lookup_key: Change<String>,
    pub(super) transfer: bool,
    nickname: Change<String>,
    metadata: MetadataChange,
    tax: Option<TaxBehavior>,
}

impl Edits {
    pub(super) fn take(params: &mut Params) -> Result<Edits, ApiError> {
        let why = "a price is one amount for one unit";
        fields::unsupported(params, &["currency_options"], why)?;
        Ok(Edits {
            active: params.boolean("active")?,
            lookup_key: params.text_change("lookup_key", LOOKUP_CHARS_MAX)?,
            transfer: params.boolean("transfer_lookup_key")?.unwrap_or(false),
            nickname: params.text_change("nickname", fields::NAME_CHARS_MAX)?,
            metadata: MetadataChange::take(params)?,
            tax: tax_behavior(params)?,
        })
    }

    pub(super) fn apply(&self, row: &mut Price) -> Result<(), ApiError> {
        row.active = self.active.unwrap_or(row.active);
        self.lookup_key.apply_to(&mut row.lookup_key);
        self.nickname.apply_to(&mut row.nickname);
        row.metadata = self.metadata.clone().applied(&row.metadata)?;
        match (row.tax, self.tax) {
            (_, None) => {}
            (None | Some(TaxBehavior::Unspecified), Some(tax)) => row.tax = Some(tax),
            (Some(known), Some(tax)) if known == tax => {}
            (Some(_), Some(_)) => {
                let message = "tax_behavior of a price cannot be changed once it was set.";
                let code = codes::PARAMETER_INVALID_VALUE;
                return Err(ApiError::param(code, "tax_behavior", message));
            }
        }
        Ok(())
    }
}
