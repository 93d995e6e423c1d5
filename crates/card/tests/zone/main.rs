//! The card zone as a process sees it from outside: over HTTP, with a small network beside it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod keys;
mod lifecycle;
#[cfg(target_os = "linux")]
mod memory;
mod network_faults;
mod refusals;
mod secrets;
mod support;
