//! One payment: the intent that the buyer sees, the attempts to charge a card, and what is taken
//! from or given back to the card afterwards.

pub mod asked;
pub mod attempt;
pub mod authorization;
pub mod capture;
pub mod card;
pub mod details;
pub mod increment;
pub mod intent;
pub mod method;
pub mod notes;
pub mod refund;
pub mod setup;
mod way;
