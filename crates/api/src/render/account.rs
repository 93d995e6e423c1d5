//! A seller as an `account`.

use holdfast_core::seller::Seller;

use crate::objects::{
    Account, AccountWord, BusinessProfile, Capabilities, Controller, List, Requirements,
};

use super::currency;

/// A seller. It has nothing more to say before it may sell: identity checks are the platform's.
pub(crate) fn object(row: &Seller) -> Account {
    let accounts = format!("/v1/accounts/{}/external_accounts", row.id);
    Account {
        id: row.id.to_string(),
        object: AccountWord,
        business_profile: BusinessProfile { name: row.name.clone(), ..Default::default() },
        business_type: None,
        capabilities: Capabilities { card_payments: "active", transfers: "active" },
        charges_enabled: true,
        controller: Controller::default(),
        country: row.country.clone(),
        created: row.created.seconds(),
        default_currency: currency(row.currency),
        details_submitted: true,
        email: row.email.clone(),
        external_accounts: List::whole(accounts, Vec::new()),
        future_requirements: Requirements::default(),
        metadata: row.metadata.clone(),
        payouts_enabled: true,
        requirements: Requirements::default(),
        kind: "custom",
    }
}
