//! The whole API over an engine with a store in memory and a bank that does as its tokens say.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod access;
mod bad_requests;
mod cards;
mod checkout;
mod client;
mod events;
mod idempotency;
mod isolation;
mod lists;
mod payments;
#[path = "../objects/schema.rs"]
#[allow(dead_code, reason = "shared with the test of the objects")]
mod schema;
mod shop;
mod world;
