//! The operators' console: what was paid, held, released and delivered, and why.

mod events;
pub(crate) mod list;
mod order_view;
mod orders;
mod overview;
pub mod pages;
mod payments;
pub(crate) mod routes;
mod rows_of;
mod sellers;
mod shell;
pub mod status;
pub(crate) mod surface;
pub mod views;
mod webhooks;
