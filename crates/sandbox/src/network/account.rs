//! Cardholder accounts at the sandbox's issuers: one per test card and currency.

use holdfast_core::currency::Currency;
use serde::{Deserialize, Serialize};

use super::Inconsistent;
use super::profile::Profile;

/// How many whole units of its currency a new account may spend.
///
/// 10,000 authorizations a second of 100.00 use it up in nearly three hours: no load test on one
/// card runs into a limit that it did not set itself.
pub const DEFAULT_LIMIT_UNITS: i64 = 10_000_000_000;
/// The largest limit that can be set, in minor units: a thousand default limits of two decimals.
pub const LIMIT_MAX: i64 = 1_000_000_000_000_000;

/// Whose account: the cardholder of a test card, in one currency.
///
/// An issuer keeps one account per currency for each cardholder, so that no amount is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountKey {
    profile: usize,
    currency: Currency,
}

impl AccountKey {
    /// The account of the cardholder of `profile` in `currency`.
    pub fn new(profile: &Profile, currency: Currency) -> AccountKey {
        AccountKey { profile: profile.number(), currency }
    }

    /// The test card.
    pub fn profile(self) -> &'static Profile {
        &super::profile::PROFILES[self.profile]
    }

    /// The account's currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Where the cardholder is reached.
    pub fn contact(self) -> Contact {
        Contact { number: self.profile }
    }
}

/// A cardholder account. Amounts are minor units of its currency.
///
/// `held` is never negative; `owed` is when more was refunded than is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// What the issuer lends.
    pub limit: i64,
    /// What is authorized and not yet captured or released.
    pub held: i64,
    /// What was captured, less what was refunded.
    pub owed: i64,
}

impl Account {
    /// A new account with the default limit of its currency.
    pub fn new(currency: Currency) -> Account {
        let per_unit = 10_i64.pow(u32::from(currency.exponent()));
        Account { limit: DEFAULT_LIMIT_UNITS.saturating_mul(per_unit), held: 0, owed: 0 }
    }

    /// What an authorization may still take.
    pub fn available(self) -> i64 {
        self.limit.saturating_sub(self.held).saturating_sub(self.owed)
    }

    /// The account after its holds and debts changed by these amounts, in either direction.
    pub fn moved(self, held_by: i64, owed_by: i64) -> Result<Account, Inconsistent> {
        let held = self.held.checked_add(held_by).filter(|held| *held >= 0);
        let owed = self.owed.checked_add(owed_by);
        match (held, owed) {
            (Some(held), Some(owed)) => Ok(Account { held, owed, ..self }),
            (None, _) | (_, None) => Err(Inconsistent("the sums of an account do not hold")),
        }
    }
}

/// The phone and the mailbox of a cardholder. Both exist nowhere but on the sandbox's own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    number: usize,
}

/// How a code reaches a cardholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message.
    Phone,
    /// An e-mail.
    Mailbox,
}

impl Channel {
    /// The name in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Mailbox => "mailbox",
        }
    }

    /// The channel of a name.
    pub fn parse(name: &str) -> Option<Channel> {
        [Self::Phone, Self::Mailbox].into_iter().find(|channel| channel.name() == name)
    }
}

impl Contact {
    /// The full address on a channel. Phone numbers are of the range 555-01xx, which is set aside
    /// for fiction, and mail addresses of the reserved domain `example`.
    pub fn address(self, channel: Channel) -> String {
        match channel {
            Channel::Phone => format!("+1 202 555 01{:02}", self.number),
            Channel::Mailbox => format!("buyer{:02}@mailbox.example", self.number),
        }
    }

    /// As much of the address as a bank shows before it knows who is asking.
    pub fn masked(self, channel: Channel) -> String {
        match channel {
            Channel::Phone => format!("••• ••• ••{:02}", self.number),
            Channel::Mailbox => format!("b•••••{:02}@mailbox.example", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::profile::PROFILES;

    #[test]
    fn limits_are_whole_units_of_any_currency() {
        for (currency, limit) in [
            (Currency::USD, 1_000_000_000_000),
            (Currency::JPY, 10_000_000_000),
            (Currency::KWD, 10_000_000_000_000),
        ] {
            let account = Account::new(currency);
            assert_eq!(account.limit, limit);
            assert_eq!(account.available(), limit);
            assert!(account.limit <= LIMIT_MAX);
        }
    }

    #[test]
    fn holds_are_never_negative_and_debts_may_be() {
        let account = Account { limit: 100, held: 10, owed: 0 };
        assert_eq!(account.moved(-10, 5).map(Account::available), Ok(95));
        assert_eq!(account.moved(0, -20).map(Account::available), Ok(110));
        assert!(account.moved(-11, 0).is_err());
        assert!(account.moved(0, i64::MIN).and_then(|low| low.moved(0, -1)).is_err());
    }

    #[test]
    fn each_card_has_a_contact_of_its_own() {
        // Two digits tell the cardholders apart.
        assert!(PROFILES.len() <= 100);
        let contact = AccountKey::new(&PROFILES[7], Currency::USD).contact();
        assert_eq!(contact.address(Channel::Phone), "+1 202 555 0107");
        assert_eq!(contact.masked(Channel::Phone), "••• ••• ••07");
        assert_eq!(contact.masked(Channel::Mailbox), "b•••••07@mailbox.example");
    }
}
