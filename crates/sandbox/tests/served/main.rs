//! The sandbox as its callers and its visitors meet it: over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops where it is")]

mod connections;
mod controls;
mod faults;
mod network;
mod notices;
mod pages;
mod payouts;
mod restart;
mod saved;
mod support;
