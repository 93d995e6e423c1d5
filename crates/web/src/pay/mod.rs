//! The pay page: from the basket to the receipt. Serves `/c/{session}` and what is below it.

pub mod asks;
mod back;
pub mod card_errors;
mod code;
pub mod countries;
pub mod decline;
mod delivery;
mod handlers;
mod link;
pub mod pages;
mod places;
mod problems;
pub(crate) mod purchase;
pub(crate) mod routes;
mod said;
mod submit;
pub(crate) mod surface;
pub(crate) mod view_of;
pub mod views;
