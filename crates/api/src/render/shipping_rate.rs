//! A way to ship as a `shipping_rate`. It is a part of its session or of its link, which its id
//! names.

use holdfast_core::checkout::{self, DeliveryBound};
use holdfast_core::id::{CheckoutSessionId, Id, PaymentLinkId};
use holdfast_core::time::Timestamp;

use crate::objects::{
    DeliveryEstimate, Expandable, FixedAmount, ShippingOption, ShippingRate, ShippingRateWord,
};

use super::{LIVEMODE, currency};

const PREFIX: &str = "shr_";
/// The digits of an id of ours.
const DIGITS: usize = 22;

/// A rate, which belongs to the session or the link of the id `of`.
pub(crate) fn object<I: Id>(
    of: I,
    index: usize,
    created: Timestamp,
    option: &checkout::ShippingOption,
) -> ShippingRate {
    ShippingRate {
        id: name(of, index),
        object: ShippingRateWord,
        active: false,
        created: created.seconds(),
        delivery_estimate: option.delivery.map(|estimate| DeliveryEstimate {
            maximum: estimate.maximum.map(bound),
            minimum: estimate.minimum.map(bound),
        }),
        display_name: Some(option.name.clone()),
        fixed_amount: FixedAmount {
            amount: option.amount.minor(),
            currency: currency(option.amount.currency()),
        },
        livemode: LIVEMODE,
        metadata: option.metadata.clone(),
        tax_behavior: option.tax.map(|tax| tax.name()),
        tax_code: option.tax_code.clone(),
        kind: "fixed_amount",
    }
}

/// The id of a rate, made of that of its session or of its link.
pub(crate) fn name<I: Id>(of: I, index: usize) -> String {
    format!("{PREFIX}{}{index}", of.to_string().split_off(I::PREFIX.len()))
}

/// The session and the link that a rate may belong to, and which of theirs it is.
pub(crate) fn owners(id: &str) -> Option<(CheckoutSessionId, PaymentLinkId, usize)> {
    let (digits, index) = id.strip_prefix(PREFIX)?.split_at_checked(DIGITS)?;
    let session = CheckoutSessionId::parse(&format!("{}{digits}", CheckoutSessionId::PREFIX))?;
    Some((session, PaymentLinkId::from_number(session.number()), index.parse().ok()?))
}

/// The ways to ship of a session or a link.
/// The first of them has the number `first`.
pub(crate) fn options<I: Id>(
    of: I,
    first: usize,
    options: &[checkout::ShippingOption],
) -> Vec<ShippingOption> {
    let options = options.iter().zip(first..).map(|(option, index)| ShippingOption {
        shipping_amount: option.amount.minor(),
        shipping_rate: Expandable::Id(name(of, index)),
    });
    options.collect()
}

fn bound(bound: DeliveryBound) -> crate::objects::DeliveryBound {
    crate::objects::DeliveryBound { unit: bound.unit.name(), value: bound.value }
}
