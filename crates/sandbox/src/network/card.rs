//! What the network knows of a card. Never its number: only the profile and the last four digits.

use holdfast_core::time::{Span, Timestamp};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::profile::Profile;

/// A card as the network's tokens name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Which published test card it is, and so how its issuer behaves.
    #[serde(with = "profile_name")]
    pub profile: &'static Profile,
    /// The scheme on the front of the card.
    pub brand: Brand,
    /// The last four digits.
    pub last4: Box<str>,
    /// 1 to 12.
    pub exp_month: u8,
    /// Four digits.
    pub exp_year: u16,
    /// What pays the card's bill.
    pub funding: Funding,
    /// The issuer's country: two upper-case letters of ISO 3166.
    pub country: Box<str>,
    /// The name on the card, when the buyer gave one.
    pub name: Option<Box<str>>,
}

impl Card {
    /// The card that stands behind the shortcuts `tok_<profile>` and `pm_card_<profile>`.
    pub fn of_profile(profile: &'static Profile) -> Card {
        Card {
            profile,
            brand: profile.brand,
            last4: profile.last4.into(),
            exp_month: 12,
            exp_year: 2034,
            funding: profile.funding,
            country: profile.country.into(),
            name: None,
        }
    }

    /// The network's word for the card itself, the same for every token of it and whatever date
    /// and name were given with it. Letters only, made of what is public of a test card.
    pub fn fingerprint(&self) -> String {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        for part in [self.profile.name, self.brand.name(), &self.last4] {
            digest.update(part.as_bytes());
            digest.update(&[0]);
        }
        let letter = |nibble: u8| char::from(b'a' + nibble);
        let digest = digest.finish();
        let halves = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
        halves.take(FINGERPRINT_LETTERS).map(letter).collect()
    }

    /// The other network of a card of two brands.
    pub fn co_brand(&self) -> Option<CoBrand> {
        self.profile.co_brand
    }

    /// Whether a network can carry the card.
    pub fn is_carried_by(&self, network: &str) -> bool {
        self.brand.name() == network || self.co_brand().is_some_and(|it| it.name() == network)
    }

    /// Whether the card's last month is over at `now`, in UTC.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        let today = jiff::Timestamp::from_second(now.seconds());
        let Ok(today) = today.map(|second| second.to_zoned(TimeZone::UTC).date()) else {
            return false;
        };
        let (year, month) = (i32::from(today.year()), i32::from(today.month()));
        (i32::from(self.exp_year), i32::from(self.exp_month)) < (year, month)
    }
}

/// How many letters tell one test card from another: as many as others use.
const FINGERPRINT_LETTERS: usize = 16;

/// A domestic network that shares cards with a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoBrand {
    /// Cartes Bancaires, of France.
    CartesBancaires,
}

impl CoBrand {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CartesBancaires => "cartes_bancaires",
        }
    }
}

/// A card scheme of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Brand {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// Discover.
    Discover,
    /// No card: a bank account that is debited, which the network decides on later.
    SepaDebit,
}

impl Brand {
    /// The brand of a lower-case name; `None` for a brand that the sandbox has no issuer for.
    pub fn parse(name: &str) -> Option<Brand> {
        [Self::Visa, Self::Mastercard, Self::Amex, Self::Discover]
            .into_iter()
            .find(|brand| brand.name() == name)
    }

    /// The lower-case name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Amex => "amex",
            Self::Discover => "discover",
            Self::SepaDebit => "sepa_debit",
        }
    }

    /// The name as people write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::Mastercard => "Mastercard",
            Self::Amex => "American Express",
            Self::Discover => "Discover",
            Self::SepaDebit => "SEPA debit",
        }
    }

    /// The sandbox's bank that issues the cards of this brand.
    pub const fn issuer(self) -> &'static str {
        match self {
            Self::Visa => "Bank of Amber",
            Self::Mastercard => "Meridian Savings",
            Self::Amex => "Orchard Card Services",
            Self::Discover => "Northgate Credit Union",
            Self::SepaDebit => "Riverbank Giro",
        }
    }

    /// How many captures one authorization allows.
    ///
    /// Fifty is the multi-capture limit that docs.stripe.com/payments/multicapture states. Amex
    /// stands in for the networks where an authorization can be captured only once, so that a
    /// program meets both kinds.
    pub const fn captures_max(self) -> u16 {
        match self {
            Self::Visa | Self::Mastercard | Self::Discover => 50,
            Self::Amex | Self::SepaDebit => 1,
        }
    }

    /// How often an authorization may be raised, where the merchant has said that it might.
    ///
    /// Ten times is what docs.stripe.com/payments/incremental-authorization states. Amex stands in
    /// for the networks that raise nothing, so that a program meets both kinds.
    pub const fn increments_max(self) -> u16 {
        match self {
            Self::Visa | Self::Mastercard | Self::Discover => 10,
            Self::Amex | Self::SepaDebit => 0,
        }
    }

    /// How long an online authorization lives with the buyer present.
    ///
    /// Seven days for each of the four (docs.stripe.com/payments/place-a-hold-on-a-payment-method);
    /// the networks' own rules allow Visa ten days since 2024-04-13.
    pub const fn authorization_life(self) -> Span {
        match self {
            Self::Visa | Self::Mastercard | Self::Amex | Self::Discover | Self::SepaDebit => {
                Span::days(7)
            }
        }
    }
}

/// What pays a card's bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Funding {
    /// A credit line.
    Credit,
    /// A bank account.
    Debit,
    /// What was loaded on the card.
    Prepaid,
    /// The issuer does not say.
    Unknown,
}

impl Funding {
    /// The lower-case name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Debit => "debit",
            Self::Prepaid => "prepaid",
            Self::Unknown => "unknown",
        }
    }

    /// The funding of a lower-case name.
    pub fn parse(name: &str) -> Option<Funding> {
        [Self::Credit, Self::Debit, Self::Prepaid, Self::Unknown]
            .into_iter()
            .find(|funding| funding.name() == name)
    }
}

/// A profile is written down by its name.
mod profile_name {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::Profile;

    pub(super) fn serialize<S: Serializer>(
        profile: &&'static Profile,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(profile.name)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<&'static Profile, D::Error> {
        let name = String::deserialize(deserializer)?;
        Profile::named(&name).ok_or_else(|| D::Error::custom(format!("unknown profile {name}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::profile::PROFILES;

    #[test]
    fn a_card_is_good_until_its_last_month_is_over() {
        // 2027-01-31 12:00 UTC.
        let now = Timestamp::from_seconds(1_801_396_800);
        for (exp_month, exp_year, expired) in
            [(1, 2027, false), (12, 2026, true), (2, 2027, false), (12, 2025, true)]
        {
            let card = Card { exp_month, exp_year, ..Card::of_profile(&PROFILES[0]) };
            assert_eq!(card.is_expired(now), expired, "{exp_month}/{exp_year}");
        }
        let card = Card { exp_month: 1, exp_year: 2027, ..Card::of_profile(&PROFILES[0]) };
        assert!(card.is_expired(now.after(Span::hours(12))));
    }

    #[test]
    fn names_read_back() {
        for name in ["visa", "mastercard", "amex", "discover"] {
            assert_eq!(Brand::parse(name).map(Brand::name), Some(name));
        }
        assert_eq!(Brand::parse("unionpay"), None);
        for name in ["credit", "debit", "prepaid", "unknown"] {
            assert_eq!(Funding::parse(name).map(Funding::name), Some(name));
        }
        assert_eq!(Funding::parse("cash"), None);
    }
}
