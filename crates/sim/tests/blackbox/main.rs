//! The whole program, seen from outside: killed at random moments, served by a processor that
//! fails on command, and asked for the same money many times at once.
//!
//! What is true is what the sandbox's own ledger says; it shares no code with Holdfast's.

mod api;
mod audit;
mod balances;
mod crash;
mod faults;
mod history;
mod http;
mod load;
mod network;
mod overload;
mod parallel;
mod partition;
mod phone;
#[path = "../../../store/tests/support/ports.rs"]
#[allow(clippy::unwrap_used, reason = "a part of the store's own tests")]
mod ports;
#[path = "../../../store/tests/support/postgres.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "a part of the store's own tests")]
mod postgres;
mod processes;
mod random;
mod report;
mod restore;
mod second;
mod serve;
mod server;
mod settings;
mod shop;
mod terms;
