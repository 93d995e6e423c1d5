//! The face of Holdfast: the pay page, the buyer's order page and the operators' console.
//!
//! The only HTML. Pages are plain values ([`pay::views`], [`order::views`], [`console::views`])
//! printed by templates that the compiler checks, with texts from message files in each language.
//! They work without script; [`assets`] holds the one script that makes the card form nicer.
//! No card number ever gets here: the card form posts to the card zone, and what comes back is a
//! token.

mod address;
pub mod assets;
pub mod console;
pub mod docs;
mod fields;
pub mod format;
pub mod guard;
pub mod language;
pub mod order;
pub mod page;
mod parts;
pub mod pay;
pub mod receipt;
pub mod seller;
mod share;
mod surface;
mod symbols;
pub mod texts;
pub mod trouble;
mod visit;

pub use console::routes::console_router;
pub use docs::{DocsParts, docs_router};
pub use parts::{ConsoleParts, PayParts, ReceiptSecrets};
pub use pay::routes::pay_router;
pub use share::{Visitor, shared};
