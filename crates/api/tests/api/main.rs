//! The whole API over an engine with a store in memory and a bank that does as its tokens say.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod access;
mod addresses;
mod api_keys;
mod bad_payments;
mod bad_requests;
mod balance;
mod blocked_cards;
mod broken_store;
mod cards;
mod catalogue;
mod checkout;
mod client;
mod compat;
mod conformance;
mod deletion;
mod discounts;
mod disputes;
mod disputing;
mod events;
mod expansions;
mod fees;
mod files;
mod idempotency;
mod increments;
mod isolation;
mod lists;
mod payment_details;
mod payment_notes;
mod payments;
mod payouts;
mod quantities;
mod questions;
mod receipts;
mod reference;
mod reports;
mod revisions;
mod saved_cards;
#[path = "../objects/schema.rs"]
#[allow(dead_code, reason = "shared with the test of the objects")]
mod schema;
mod search;
mod sellers;
mod setups;
#[path = "../objects/shapes.rs"]
mod shapes;
mod shipping;
mod shop;
mod tokens;
mod transfers;
mod visits;
mod webhooks;
mod world;
