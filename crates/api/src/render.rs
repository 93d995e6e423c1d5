//! Stored rows as the objects of the wire. Nothing is read here: each object is written from its
//! row, and from others where the caller has them.

pub(crate) mod account;
pub(crate) mod api_key;
pub(crate) mod application_fee;
pub(crate) mod balance;
pub(crate) mod balance_transaction;
pub(crate) mod bank_account;
pub(crate) mod charge;
pub(crate) mod checkout_session;
pub(crate) mod coupon;
pub(crate) mod customer;
pub(crate) mod details;
pub(crate) mod discount;
pub(crate) mod dispute;
pub(crate) mod file;
pub(crate) mod held_funds;
pub(crate) mod named;
pub(crate) mod notes;
pub(crate) mod order;
pub(crate) mod payment_intent;
pub(crate) mod payment_link;
pub(crate) mod payment_method;
pub(crate) mod payout;
pub(crate) mod price;
pub(crate) mod product;
pub(crate) mod promotion_code;
pub(crate) mod refund;
pub(crate) mod session_page;
pub(crate) mod setup_intent;
pub(crate) mod shipping_rate;
pub(crate) mod test_clock;
pub(crate) mod token;
pub(crate) mod topup;
pub(crate) mod transfer;
pub(crate) mod webhook_endpoint;

use holdfast_core::currency::Currency;
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::rules::Rules;

use crate::receipts::Receipts;
use crate::version::Rendering;

/// For whom objects are written. What is not known here is null in them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style<'a> {
    /// The origin of the pay pages, for addresses that carry an access secret.
    pub(crate) pay_origin: Option<&'a str>,
    /// The platform's clocks.
    pub(crate) rules: Option<&'a Rules>,
    /// Where the receipts of charges are.
    pub(crate) receipts: &'a Receipts,
    /// How the version writes objects.
    pub(crate) rendering: Rendering,
}

/// Whether real money is moved: the processors are sandboxes.
pub(crate) const LIVEMODE: bool = false;

/// A currency as the dialect writes it: three small letters.
pub(crate) fn currency(currency: Currency) -> String {
    currency.code().to_ascii_lowercase()
}

/// A sum of amounts of one stored row, in minor units.
///
/// # Panics
/// Never: the row's sums were checked before it was written.
pub(crate) fn minor(sum: Result<Money, MoneyError>) -> i64 {
    sum.expect("the sums of a stored row fit").minor()
}
