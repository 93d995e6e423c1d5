//! One payment: the intent that the buyer sees, the attempts to charge a card, and what is taken
//! from or given back to the card afterwards.

pub mod asked;
pub mod attempt;
pub mod authorization;
pub mod capture;
pub mod capture_method;
pub mod card;
pub mod details;
mod growing;
pub mod increment;
pub mod intent;
pub mod method;
pub mod notes;
pub mod refund;
pub mod setup;
pub mod usage;
mod way;
