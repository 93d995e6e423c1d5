//! The template of the buyer's receipt.

use super::views::Receipt;
use crate::page::{Shell, pages};

pages! { Shell;
    /// The receipt: `GET /r/{charge}/{secret}`.
    ReceiptPage(Receipt) = "receipt/receipt.html";
}
