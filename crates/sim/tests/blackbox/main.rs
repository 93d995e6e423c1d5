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
mod parallel;
mod phone;
mod processes;
mod random;
mod report;
mod server;
mod settings;
mod shop;
