//! A simulation of the core, the store and the engine: one seed decides all that happens.
//!
//! [`simulate`] runs a few lives of the program on one store, each on a clock that takes no real
//! time: buyers pay, sellers ship, operators rule, webhooks are received; the store and the
//! processor fail at every call in every way, the program is killed in the middle of it, and the
//! days are moved on. Then everything becomes well, all that is under way comes to its end, and an
//! auditor compares the rows, the journal, what clients were told and what the processor's own
//! books say.
//!
//! The same seed gives the same run to the byte, see [`Report::trace`].

mod simulation;

mod workload;

mod audit;

mod faults;
mod outside;
mod processor;
mod receivers;
mod store;

mod history;
mod machine;
mod random;
mod trace;

pub use simulation::{Options, Report, simulate};
