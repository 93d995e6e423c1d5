//! The only place where a card number or a security code exists.
//!
//! The card form of the pay page posts to [`zone`], a small process of its own with one endpoint,
//! no database, no page and no log. It checks what was typed ([`card`]), gives the card to an
//! [`exchange`] that answers with the processor's token, and forgets the card. Everything else in
//! Holdfast sees the token and the card's summary.
//!
//! Three things keep a number inside: [`CardNumber`] and [`SecurityCode`] can be neither printed,
//! copied nor serialized, and are wiped when dropped; every buffer on the way to them is wiped as
//! well; and the process ends itself soon after it has seen a card, for what a library or the
//! kernel may still hold.

pub mod zone;

pub mod brand;
pub mod card;
pub mod code;
pub mod exchange;
pub mod expiry;
pub mod number;

mod form;
mod typed;

pub use brand::Brand;
pub use card::Card;
pub use code::SecurityCode;
pub use expiry::Expiry;
pub use number::CardNumber;
