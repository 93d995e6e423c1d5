//! The coupon that a customer has as a `discount`.

use holdfast_core::customer;
use holdfast_core::id::CustomerId;

use crate::objects::{DeletedDiscount, Discount, DiscountWord, Expandable, Promotion};

/// A discount, its coupon named by its id.
pub(crate) fn object(customer: CustomerId, row: &customer::Discount) -> Discount {
    Discount {
        id: row.id.to_string(),
        object: DiscountWord,
        checkout_session: (),
        customer: Some(super::named::customer(customer)),
        customer_account: (),
        end: None,
        invoice: (),
        invoice_item: (),
        promotion_code: row.promotion_code.map(|code| Expandable::Id(code.to_string())),
        source: Promotion { coupon: Some(Expandable::Id(row.coupon.to_string())), kind: "coupon" },
        start: row.start.seconds(),
        subscription: (),
        subscription_item: (),
    }
}

/// What is left of a discount that was taken away.
pub(crate) fn deleted(customer: CustomerId, row: &customer::Discount) -> DeletedDiscount {
    DeletedDiscount { discount: object(customer, row), deleted: true }
}
