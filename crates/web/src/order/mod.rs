//! The buyer's order page: `/o/{order}/{secret}` and what is below it.

pub(crate) mod handlers;
pub(crate) mod known;
pub mod pages;
pub mod status;
pub(crate) mod view_of;
pub mod views;
