//! The templates of the buyer's order pages.

use super::status::CLAIM_REASONS;
use super::views::{
    CancelOrder, ConfirmReceipt, DESCRIPTION_CHARS_MAX, DescriptionProblem, OpenClaim, Order,
};
use crate::page::{Shell, pages};

pages! { Shell;
    /// The order: `GET /o/{order}/{secret}`.
    OrderPage(Order) = "order/order.html";
    /// The step before confirming receipt: `GET /o/{order}/{secret}/receipt`.
    ConfirmReceiptPage(ConfirmReceipt) = "order/receipt.html";
    /// The step before canceling: `GET /o/{order}/{secret}/cancel`.
    CancelOrderPage(CancelOrder) = "order/cancel.html";
    /// The form of a claim: `GET /o/{order}/{secret}/claim`.
    OpenClaimPage(OpenClaim) = "order/claim.html";
}
