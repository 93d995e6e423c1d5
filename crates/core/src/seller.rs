//! A seller of the marketplace.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::bank::{BankAccount, RefusedByBank};
use crate::currency::Currency;
use crate::id::{BankAccountId, SellerId};
use crate::listed::Listed;
use crate::money::BasisPoints;
use crate::time::Timestamp;

mod profile;

pub use profile::*;

/// A seller: what the wire calls a connected account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// Its id.
    pub id: SellerId,
    /// When it was made.
    pub created: Timestamp,
    /// The name that buyers read.
    pub name: Option<String>,
    /// Where the seller is written to.
    pub email: Option<String>,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// The currency that the seller thinks in.
    pub currency: Currency,
    /// The platform's fee, when it differs from the rule.
    pub fee: Option<BasisPoints>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// What else is known of it.
    #[serde(default)]
    pub profile: Box<SellerProfile>,
    /// Where its payouts go.
    #[serde(default)]
    pub bank_accounts: Vec<BankAccount>,
    /// When the platform deleted it. From then on it is as if it had never been.
    #[serde(default)]
    pub deleted: Option<Timestamp>,
}

impl Seller {
    /// A seller of whom nothing is known but where it is at home.
    pub fn new(id: SellerId, created: Timestamp, country: &str, currency: Currency) -> Seller {
        Seller {
            id,
            created,
            name: None,
            email: None,
            country: country.to_owned(),
            currency,
            fee: None,
            metadata: BTreeMap::new(),
            profile: Box::default(),
            bank_accounts: Vec::new(),
            deleted: None,
        }
    }

    /// A bank account by its id.
    pub fn bank_account(&self, id: BankAccountId) -> Option<&BankAccount> {
        self.bank_accounts.iter().find(|account| account.id == id)
    }

    /// Where payouts in a currency go when nobody names an account.
    pub fn default_bank_account(&self, currency: Currency) -> Option<&BankAccount> {
        let of_currency = |account: &&BankAccount| account.currency == currency;
        self.bank_accounts.iter().filter(of_currency).find(|account| account.is_default)
    }

    /// Adds a bank account. It becomes the default of its currency when it asks to, and where
    /// there is none that takes payouts.
    pub fn add_bank_account(&mut self, mut account: BankAccount) {
        let default = self.default_bank_account(account.currency);
        account.is_default |= default.is_none_or(|known| known.refused.is_some());
        if account.is_default {
            self.clear_default(account.currency);
        }
        self.bank_accounts.push(account);
    }

    /// Makes a bank account the default of its currency. Nothing happens when there is none.
    pub fn make_default(&mut self, id: BankAccountId) {
        let Some(currency) = self.bank_account(id).map(|account| account.currency) else { return };
        self.clear_default(currency);
        for account in self.bank_accounts.iter_mut().filter(|account| account.id == id) {
            account.is_default = true;
        }
    }

    fn clear_default(&mut self, currency: Currency) {
        for account in self.bank_accounts.iter_mut().filter(|known| known.currency == currency) {
            account.is_default = false;
        }
    }

    /// Notes that its bank pays nothing to one of its accounts. Whether that is news: the first
    /// reason stays, and an account that it has no more is none of its own.
    pub fn refuse_bank_account(&mut self, id: BankAccountId, refused: RefusedByBank) -> bool {
        let is_it = |known: &&mut BankAccount| known.id == id && known.refused.is_none();
        let Some(account) = self.bank_accounts.iter_mut().find(is_it) else { return false };
        account.refused = Some(refused);
        true
    }

    /// Whether it may be paid out: as soon as there is a bank account that takes payouts.
    pub fn may_be_paid_out(&self) -> bool {
        self.bank_accounts.iter().any(|account| account.refused.is_none())
    }

    /// What the seller has not said yet, by the names of the wire, in the order of the letters.
    ///
    /// Nothing of it keeps the seller from selling: decision 0009 says why.
    pub fn due(&self) -> Vec<&'static str> {
        let profile = &self.profile;
        let shop = &profile.business;
        let is_described = shop.url.is_some() || shop.product_description.is_some();
        let is_named = self.name.is_some() || profile.individual.last_name.is_some();
        let all = [
            (is_described, "business_profile.url"),
            (profile.business_type.is_some(), "business_type"),
            (self.email.is_some(), "email"),
            (self.may_be_paid_out(), "external_account"),
            (is_named, "business_profile.name"),
            (profile.terms.accepted_at.is_some(), "tos_acceptance.date"),
            (profile.terms.ip.is_some(), "tos_acceptance.ip"),
        ];
        let mut due: Vec<&str> =
            all.into_iter().filter(|(said, _)| !said).map(|(_, name)| name).collect();
        // A seller who went through the pages has said all that they ask for.
        if profile.onboarded_at.is_some() {
            due.retain(|name| *name == "external_account");
        }
        due.sort_unstable();
        due
    }

    /// Whether it has said all that is asked beside its bank account.
    pub fn has_submitted(&self) -> bool {
        self.due().iter().all(|name| *name == "external_account")
    }
}

impl Listed for Seller {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        if self.is_gone() { "deleted" } else { "" }
    }

    fn is_gone(&self) -> bool {
        self.deleted.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::TestNumber;
    use crate::id::IdSource;

    fn seller() -> Seller {
        let mut ids = IdSource::new(0, 1);
        Seller::new(ids.make(), Timestamp::from_ms(0), "US", Currency::USD)
    }

    fn account(ids: &mut IdSource, token: &str, is_default: bool) -> BankAccount {
        let number = TestNumber::of_token(token).unwrap();
        BankAccount {
            id: ids.make(),
            created: Timestamp::from_ms(0),
            country: number.country.to_owned(),
            currency: number.currency,
            holder_name: None,
            holder_type: None,
            routing_number: number.routing_number.map(str::to_owned),
            last4: number.last4(),
            fingerprint: number.fingerprint(),
            behaviour: number.behaviour,
            is_default,
            refused: None,
            metadata: BTreeMap::new(),
        }
    }

    #[test]
    fn each_currency_has_one_default_account() {
        let (mut seller, mut ids) = (seller(), IdSource::new(0, 2));
        let wishes = [("btok_us", false), ("btok_us", false), ("btok_de", false)];
        for (token, is_default) in wishes {
            seller.add_bank_account(account(&mut ids, token, is_default));
        }
        let defaults = |seller: &Seller| {
            let accounts = seller.bank_accounts.iter();
            accounts.map(|account| account.is_default).collect::<Vec<_>>()
        };
        assert_eq!(defaults(&seller), [true, false, true]);
        seller.make_default(seller.bank_accounts[1].id);
        assert_eq!(defaults(&seller), [false, true, true]);
        seller.add_bank_account(account(&mut ids, "btok_us_verified_noAccount", true));
        assert_eq!(defaults(&seller), [false, false, true, true]);
        let to = seller.default_bank_account(Currency::USD).map(|account| account.behaviour);
        assert_eq!(to, Some(crate::bank::BankBehaviour::NoAccount));
        assert_eq!(seller.default_bank_account(Currency::JPY), None);
    }

    #[test]
    fn an_account_that_its_bank_refuses_gives_way() {
        let (mut seller, mut ids) = (seller(), IdSource::new(0, 4));
        seller.add_bank_account(account(&mut ids, "btok_us", false));
        let bad = seller.bank_accounts[0].id;
        let refused =
            |code: &str| RefusedByBank { code: code.to_owned(), at: Timestamp::from_ms(7) };
        assert!(!seller.refuse_bank_account(ids.make(), refused("no_account")), "nobody's");
        assert!(seller.refuse_bank_account(bad, refused("no_account")));
        assert!(!seller.refuse_bank_account(bad, refused("declined")), "it was refused before");
        assert_eq!(seller.bank_accounts[0].refused, Some(refused("no_account")));
        assert_eq!(seller.bank_accounts[0].status(), "errored");
        assert!(!seller.may_be_paid_out() && seller.due().contains(&"external_account"));
        seller.add_bank_account(account(&mut ids, "btok_us", false));
        let to = seller.default_bank_account(Currency::USD).map(|account| account.id);
        assert_eq!(to, Some(seller.bank_accounts[1].id));
        assert!(seller.may_be_paid_out());
    }

    #[test]
    fn what_is_due_shrinks_as_it_is_said() {
        let mut seller = seller();
        assert_eq!(seller.due().len(), 7);
        assert!(!seller.has_submitted() && !seller.may_be_paid_out());
        seller.profile.onboarded_at = Some(Timestamp::from_ms(1));
        assert_eq!(seller.due(), ["external_account"]);
        assert!(seller.has_submitted());
        seller.add_bank_account(account(&mut IdSource::new(0, 3), "btok_us", false));
        assert_eq!(seller.due(), Vec::<&str>::new());
        assert!(seller.may_be_paid_out());
    }
}
