//! The coupon that a customer or a session has as a `discount`.

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::checkout::discount::AppliedDiscount;
use holdfast_core::customer;
use holdfast_core::id::CustomerId;

use crate::objects::{
    DeletedDiscount, Discount, DiscountWord, Expandable, Promotion, SessionDiscount,
};

/// A discount, its coupon named by its id.
pub(crate) fn object(customer: CustomerId, row: &customer::Discount) -> Discount {
    Discount {
        id: row.id.to_string(),
        object: DiscountWord,
        checkout_session: None,
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

/// What gave a session its discount: only what the request, or the buyer, named.
pub(crate) fn of_session(row: &AppliedDiscount) -> Vec<SessionDiscount> {
    let code = row.promotion_code.map(|code| Expandable::Id(code.to_string()));
    let coupon = code.is_none().then(|| Expandable::Id(row.coupon.to_string()));
    vec![SessionDiscount { coupon, promotion_code: code }]
}

/// The discount of a session, its coupon named by its id.
pub(crate) fn of_applied(session: &CheckoutSession, row: &AppliedDiscount) -> Discount {
    Discount {
        id: row.id.to_string(),
        object: DiscountWord,
        checkout_session: Some(super::checkout_session::name(session.id)),
        customer: session.customer.map(super::named::customer),
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
