//! A bank account.

use holdfast_core::bank;
use holdfast_core::id::SellerId;

use crate::objects::{BankAccount, BankAccountWord};

use super::{currency, named};

/// The bank of all test accounts.
const BANK_NAME: &str = "HOLDFAST TEST BANK";

/// A bank account and whose it is.
pub(crate) fn object(row: &bank::BankAccount, owner: Option<SellerId>) -> BankAccount {
    let methods: &[&str] =
        if row.takes_instant() { &["standard", "instant"] } else { &["standard"] };
    BankAccount {
        id: row.id.to_string(),
        object: BankAccountWord,
        account: owner.map(named::account),
        account_holder_name: row.holder_name.clone(),
        account_holder_type: row.holder_type.map(bank::HolderType::name),
        account_type: (),
        available_payout_methods: methods.to_vec(),
        bank_name: Some(BANK_NAME.to_owned()),
        country: row.country.clone(),
        currency: currency(row.currency),
        customer: (),
        default_for_currency: row.is_default,
        fingerprint: Some(row.fingerprint.clone()),
        future_requirements: (),
        last4: row.last4.clone(),
        metadata: row.metadata.clone(),
        requirements: (),
        routing_number: row.routing_number.clone(),
        status: row.status(),
    }
}
