//! What is decided: money, orders, payments, held funds - as pure functions over stored rows.
//!
//! Nothing here reads a clock, draws a random number, waits or talks. [`decide::decide`] is the one
//! entry: it takes the rows that were loaded, the time and a command, and answers with the
//! [`change::Changes`] to commit, with the rows that it still needs, or with a refusal.

pub mod decide;

pub mod change;
pub mod command;
pub mod effect;
pub mod event;
pub mod refusal;
pub mod row;
pub mod view;

pub mod address;
pub mod api_key;
pub mod balance;
pub mod bank;
pub mod catalogue;
pub mod checkout;
pub mod clock;
pub mod customer;
pub mod dispute;
pub mod fee;
pub mod file;
pub mod held;
pub mod link;
pub mod order;
pub mod payment;
pub mod payout;
pub mod replay;
pub mod report;
pub mod sale;
pub mod seller;
pub mod topup;
pub mod transfer;
pub mod webhook;

pub mod currency;
pub mod id;
pub mod key;
pub mod ledger;
pub mod listed;
pub mod money;
pub mod rules;
pub mod secret;
mod stored;
pub mod time;
