//! The surfaces as a browser without script meets them: over HTTP, on an engine with a store in
//! memory and a world that is told what to say.

#![allow(clippy::unwrap_used)]

mod codes;
mod console;
mod doors;
mod order;
mod pay;
mod receipt;
mod seller;
mod support;
