//! The outside parties, one module each. They perform effects and tell what came of them.
//!
//! Nothing is decided here and nothing is tried twice: whether and when something is asked again
//! is for `holdfast-core` to say, which has the attempt on disk. What a party answers is told only
//! as far as it is certain; anything else is an unknown outcome, never a failure. No text of a
//! party goes any further than the bounded codes and names that a module hands on.

pub mod inbox;
pub mod sandbox;
pub mod tls;
pub mod webhook;

mod client;
#[cfg(test)]
mod test_server;

pub use client::SetupError;
