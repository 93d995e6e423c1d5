//! The loop around the core: load, decide, commit; then perform the effects, and begin again.
//!
//! [`Engine::submit`] is the only caller of the store's `commit`. Effects are performed by the
//! [`World`], which the binary implements over the connectors, and their outcomes are submitted
//! as the next commands.

pub mod balance;
mod clock;
mod committer;
mod engine;
mod ids;
mod lanes;
mod perform;
mod purchases;
pub mod rate_limit;
mod report;
mod retention;
mod runner;
mod submit;
mod waiters;

pub use engine::{Engine, System, Work};
pub use perform::{World, WorldFuture};
pub use retention::Retention;
pub use submit::{Submission, SubmitError, Submitted};

/// The stores, for whoever starts an engine. Nobody else holds one, so that nobody else commits.
pub use holdfast_store as store;
pub use holdfast_store::{ReadSide, StoreError, memory, query};
