//! The operations, a noun each: a handler reads the parameters, submits a command or a query and
//! renders the answer.

pub(crate) mod accounts;
pub(crate) mod checkout_sessions;
pub(crate) mod payment_pages;
mod session_params;

pub(crate) mod charges;
pub(crate) mod payment_actions;
pub(crate) mod payment_intents;
pub(crate) mod refunds;

pub(crate) mod balance;
pub(crate) mod held_funds;
pub(crate) mod order_actions;
pub(crate) mod orders;

pub(crate) mod events;
pub(crate) mod test_clocks;
pub(crate) mod webhook_endpoints;
