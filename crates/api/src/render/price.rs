//! A price of the catalogue as a `price`.

use holdfast_core::catalogue::price;

use crate::objects::{Expandable, Price, PriceNulls, PriceWord, Recurring};

use super::{LIVEMODE, currency};

/// A price, its product named by its id.
pub(crate) fn object(row: &price::Price) -> Price {
    Price {
        id: row.id.to_string(),
        object: PriceWord,
        active: row.active,
        billing_scheme: "per_unit",
        created: row.created.seconds(),
        currency: currency(row.unit.currency()),
        livemode: LIVEMODE,
        lookup_key: row.lookup_key.clone(),
        metadata: row.metadata.clone(),
        nickname: row.nickname.clone(),
        product: Expandable::Id(row.product.to_string()),
        recurring: row.recurring.map(recurring),
        tax_behavior: Some(row.tax.unwrap_or(price::TaxBehavior::Unspecified).name()),
        kind: row.kind(),
        unit_amount: Some(row.unit.minor()),
        unit_amount_decimal: Some(row.unit.minor().to_string()),
        nulls: PriceNulls::default(),
    }
}

fn recurring(row: price::Recurring) -> Recurring {
    Recurring {
        interval: row.interval.name(),
        interval_count: row.count,
        meter: (),
        trial_period_days: (),
        usage_type: "licensed",
    }
}
