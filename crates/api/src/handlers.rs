//! The operations, a noun each: a handler reads the parameters, submits a command or a query and
//! renders the answer.

pub(crate) mod account_deletion;
pub(crate) mod account_links;
mod account_params;
pub(crate) mod accounts;
mod bank_params;
pub(crate) mod capabilities;
mod catalogue;
pub(crate) mod coupons;
pub(crate) mod discounts;
pub(crate) mod external_accounts;
pub(crate) mod payment_links;
pub(crate) mod payouts;
mod price_params;
pub(crate) mod prices;
pub(crate) mod products;
pub(crate) mod promotion_codes;

pub(crate) mod checkout_sessions;
mod page_answers;
pub(crate) mod payment_pages;
mod session_changes;
mod session_discounts;
mod session_page;
mod session_params;
mod session_setup;
mod session_terms;
mod shipping_params;

mod cards;
mod customer_params;
pub(crate) mod customers;
mod debits;
pub(crate) mod payment_methods;
pub(crate) mod setup_intents;
mod setup_params;

mod card_terms;
mod charge_shown;
pub(crate) mod charges;
mod confirm_params;
pub(crate) mod payment_actions;
pub(crate) mod payment_intents;
mod payment_params;
mod payment_shown;
pub(crate) mod refunds;
pub(crate) mod search;
mod sum_params;

pub(crate) mod application_fees;
pub(crate) mod balance;
pub(crate) mod balance_transactions;
pub(crate) mod held_funds;
pub(crate) mod order_actions;
pub(crate) mod orders;

pub(crate) mod wholes;

pub(crate) mod disputes;
pub(crate) mod early_fraud_warnings;
pub(crate) mod file_links;
pub(crate) mod files;
pub(crate) mod reports;

pub(crate) mod api_keys;
pub(crate) mod events;
pub(crate) mod test_clocks;
pub(crate) mod webhook_endpoints;

pub(crate) mod tokens;
pub(crate) mod topups;
pub(crate) mod transfer_reversals;
pub(crate) mod transfers;
