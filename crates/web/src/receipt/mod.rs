//! The buyer's receipt: `/r/{charge}/{secret}`.

pub(crate) mod handlers;
pub(crate) mod known;
pub mod pages;
pub(crate) mod view_of;
pub mod views;

use holdfast_core::id::AttemptId;

use crate::parts::ReceiptSecrets;

/// The path of a charge's receipt.
pub(crate) fn receipt_path(receipts: &ReceiptSecrets, charge: AttemptId) -> String {
    format!("/r/{charge}/{}", receipts(charge).reveal())
}
