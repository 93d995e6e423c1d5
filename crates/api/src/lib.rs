//! The Stripe-shaped HTTP surface: everything about the wire, and nothing about money.
//!
//! A request passes, in this order: [`server`] (deadlines and caps of the connection), [`gate`]
//! (request id, body bound, [`card_guard`], panic guard, headers), the table of `routes`, then the
//! `pipeline`: [`auth`], the rate limits, [`version`], [`params`], [`idempotency`], the handler.
//! Modules are declared in that order.
//!
//! Nothing here decides what a payment may do: a handler parses, submits a command to the engine
//! and renders the answer with the wire types of [`objects`].

mod api;

pub use api::{Api, ApiKey, ApiParts};
pub use inbox::{DISPUTES_OF, Inbox, InboxRefused, Notice};
pub use reference::document;
pub use routes::{Route, router, router_at, routes};

pub mod server;

pub mod overload;

mod connection;

pub mod gate;

pub mod request_id;

pub mod headers;

pub mod card_guard;

mod routes;

mod reference;

mod inbox;

mod pipeline;

pub mod error;

pub mod codes;

pub mod reply;

pub mod auth;

mod keys;

mod keyless;

pub mod cors;

pub mod version;

mod body_limits;

pub use body_limits::BODY_BYTES_MAX_ANY;

mod form;

mod multipart;

pub mod params;

pub mod metadata;

pub mod idempotency;

pub mod list;

mod paging;

mod search;

pub mod expand;

mod fields;

mod method_types;

mod handlers;

mod refusals;

mod declines;

mod explained;

mod render;

pub mod receipts;

pub mod events;

pub mod signature;

pub mod objects;

mod digest;
