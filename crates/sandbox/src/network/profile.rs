//! The published test cards, and how the issuer of each behaves.

use super::card::{Brand, CoBrand, Funding};
use super::decline::Decline;
use super::dispute::Complaint;

/// One published test card, under the name that Stripe's `pm_card_` shortcuts use where one exists.
#[derive(Debug)]
pub struct Profile {
    /// The name: letters, digits and `_`.
    pub name: &'static str,
    /// Other names of the same card.
    pub aliases: &'static [&'static str],
    /// The brand of the published number.
    pub brand: Brand,
    /// The last four digits of the published number.
    pub last4: &'static str,
    /// What pays its bill.
    pub funding: Funding,
    /// The issuer's country.
    pub country: &'static str,
    /// What its issuer does with an authorization.
    pub behaviour: Behaviour,
    /// What its issuer says about security code and address.
    pub checks: Checks,
    /// Whether a refund to it succeeds at first and fails a little later.
    pub refunds_fail: bool,
    /// What its cardholder does once money was taken.
    pub complaint: Option<Complaint>,
    /// Whether what is captured is settled at once, and not after some days.
    pub settles_at_once: bool,
    /// The other network on a card of two.
    pub co_brand: Option<CoBrand>,
}

// Two profiles are the same when they are the same row of the table.
impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Profile {}

/// What an issuer does with an authorization that its account could pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Approves.
    Approve,
    /// Declines.
    Decline(Decline),
    /// Asks the cardholder first.
    Challenge {
        /// What follows when the cardholder has confirmed.
        then: Verdict,
        /// What follows when the cardholder is not there to be asked.
        off_session: Verdict,
    },
    /// Asks the cardholder first. With the cardholder away it approves only a card that the
    /// cardholder has confirmed to be kept.
    ChallengeUntilKept {
        /// What follows when the cardholder has confirmed, now or then.
        then: Verdict,
        /// Why not, otherwise.
        away: Decline,
    },
    /// Agrees to be kept, and declines every charge.
    DeclinesCharges(Decline),
    /// Asks the cardholder when the merchant wants it so (`three_ds` is `any`), else approves.
    ChallengeIfAsked,
    /// Fails to ask when the merchant wants it so, else approves.
    ErrorIfAsked,
}

/// An issuer's last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Approve,
    /// No.
    Decline(Decline),
}

/// What an issuer says about the card's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// The security code.
    pub cvc: Check,
    /// The first line of the billing address.
    pub address_line1: Check,
    /// The postal code of the billing address.
    pub postal_code: Check,
}

/// The result of one comparison at the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// It is what the issuer has on file.
    Pass,
    /// It is not.
    Fail,
    /// It was not given.
    Unchecked,
}

impl Check {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unchecked => "unchecked",
        }
    }
}

impl Profile {
    /// The profile of a name or of one of its other names.
    pub fn named(name: &str) -> Option<&'static Profile> {
        PROFILES.iter().find(|row| row.name == name || row.aliases.contains(&name))
    }

    /// The profile that the shortcuts `tok_<profile>` and `pm_card_<profile>` name.
    pub fn of_shortcut(token: &str) -> Option<&'static Profile> {
        let name = token.strip_prefix("pm_card_").or_else(|| token.strip_prefix("tok_"))?;
        Profile::named(name)
    }

    /// Where the row stands in the table: the number of its cardholder.
    pub fn number(&self) -> usize {
        PROFILES.iter().position(|row| row.name == self.name).unwrap_or(0)
    }
}

/// All profiles. The numbers behind them are public (stripe.com/docs/payments/cards/testing); the
/// network itself never sees one.
pub static PROFILES: &[Profile] = &[
    approves("visa", "4242"),
    approves("visa_debit", "5556").funded_by(Funding::Debit),
    approves("mastercard", "4444").issued_as(Brand::Mastercard),
    approves("mastercard_debit", "8210").issued_as(Brand::Mastercard).funded_by(Funding::Debit),
    approves("mastercard_prepaid", "5100").issued_as(Brand::Mastercard).funded_by(Funding::Prepaid),
    approves("amex", "0005").issued_as(Brand::Amex),
    approves("discover", "1117").issued_as(Brand::Discover),
    declines("visa_chargeDeclined", "0002", Decline::Generic).also(&["chargeDeclined"]),
    declines("visa_chargeDeclinedInsufficientFunds", "9995", Decline::InsufficientFunds)
        .also(&["chargeDeclinedInsufficientFunds"]),
    declines("visa_chargeDeclinedLostCard", "9987", Decline::LostCard)
        .also(&["chargeDeclinedLostCard"]),
    declines("visa_chargeDeclinedStolenCard", "9979", Decline::StolenCard)
        .also(&["chargeDeclinedStolenCard"]),
    declines("chargeDeclinedExpiredCard", "0069", Decline::ExpiredCard)
        .also(&["visa_chargeDeclinedExpiredCard"]),
    declines("chargeDeclinedIncorrectCvc", "0127", Decline::IncorrectCvc)
        .also(&["visa_chargeDeclinedIncorrectCvc"])
        .checked(CVC_FAILS),
    declines("chargeDeclinedProcessingError", "0119", Decline::ProcessingError)
        .also(&["visa_chargeDeclinedProcessingError"]),
    approves("chargeCustomerFail", "0341").behaving(Behaviour::DeclinesCharges(Decline::Generic)),
    approves("cvcCheckFail", "0101").checked(CVC_FAILS),
    approves("avsFail", "0010").checked(ADDRESS_FAILS),
    approves("avsLine1Fail", "0028").checked(Checks { address_line1: Check::Fail, ..CHECKS }),
    approves("avsZipFail", "0036").checked(Checks { postal_code: Check::Fail, ..CHECKS }),
    approves("bypassPending", "0077").settling_at_once(),
    asks("threeDSecureRequired", "3184", Verdict::Approve).also(&["authenticationRequired"]),
    approves("authenticationRequiredOnSetup", "3155").behaving(ASKS_UNTIL_KEPT),
    asks("authenticationRequiredSetupForOffSession", "0446", Verdict::Approve)
        .behaving(ASKS_ON_SESSION_ONLY),
    asks("threeDSecure2Required", "3220", Verdict::Approve),
    asks(
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        "3178",
        Verdict::Decline(Decline::InsufficientFunds),
    ),
    asks("threeDSecureRequiredChargeDeclined", "1629", Verdict::Decline(Decline::Generic)),
    declines("threeDSecureRequiredProcessingError", "1280", Decline::AuthenticationError),
    approves("threeDSecureOptional", "3055").behaving(Behaviour::ChallengeIfAsked),
    approves("threeDSecureOptionalProcessingError", "3097").behaving(Behaviour::ErrorIfAsked),
    approves("createDispute", "0259").complaining(Complaint::Fraudulent),
    approves("createDisputeProductNotReceived", "2685").complaining(Complaint::ProductNotReceived),
    approves("createDisputeInquiry", "1976").complaining(Complaint::Inquiry),
    approves("createIssuerFraudRecord", "5423").complaining(Complaint::FraudWarning),
    declines("radarBlock", "0019", Decline::Fraudulent),
    approves("riskLevelHighest", "4954"),
    approves("riskLevelElevated", "9235"),
    approves("refundFail", "5126").with_failing_refunds(),
    debits("sepaDebit_succeeds", "3201", Behaviour::Approve),
    debits("sepaDebit_fails", "3202", Behaviour::Decline(Decline::Generic)),
    // New rows go to the end: a row's place is the number of its cardholder.
    approves("visa_cartesBancaires", "1001").shared_with(CoBrand::CartesBancaires),
    approves("mastercard_cartesBancaires", "1001")
        .issued_as(Brand::Mastercard)
        .shared_with(CoBrand::CartesBancaires),
];

/// The security code is right; no address was given.
const CHECKS: Checks =
    Checks { cvc: Check::Pass, address_line1: Check::Unchecked, postal_code: Check::Unchecked };
const CVC_FAILS: Checks = Checks { cvc: Check::Fail, ..CHECKS };
const ADDRESS_FAILS: Checks =
    Checks { address_line1: Check::Fail, postal_code: Check::Fail, ..CHECKS };
const ASKS_UNTIL_KEPT: Behaviour =
    Behaviour::ChallengeUntilKept { then: Verdict::Approve, away: Decline::AuthenticationRequired };
const ASKS_ON_SESSION_ONLY: Behaviour =
    Behaviour::Challenge { then: Verdict::Approve, off_session: Verdict::Approve };

const fn approves(name: &'static str, last4: &'static str) -> Profile {
    Profile {
        name,
        aliases: &[],
        brand: Brand::Visa,
        last4,
        funding: Funding::Credit,
        country: "US",
        behaviour: Behaviour::Approve,
        checks: CHECKS,
        refunds_fail: false,
        complaint: None,
        settles_at_once: false,
        co_brand: None,
    }
}

/// A bank account that is debited: no card, but asked about as one.
const fn debits(name: &'static str, last4: &'static str, behaviour: Behaviour) -> Profile {
    Profile {
        brand: Brand::SepaDebit,
        funding: Funding::Debit,
        country: "AT",
        behaviour,
        ..approves(name, last4)
    }
}

const fn declines(name: &'static str, last4: &'static str, decline: Decline) -> Profile {
    approves(name, last4).behaving(Behaviour::Decline(decline))
}

const fn asks(name: &'static str, last4: &'static str, then: Verdict) -> Profile {
    let off_session = Verdict::Decline(Decline::AuthenticationRequired);
    approves(name, last4).behaving(Behaviour::Challenge { then, off_session })
}

impl Profile {
    const fn behaving(self, behaviour: Behaviour) -> Profile {
        Profile { behaviour, ..self }
    }

    const fn issued_as(self, brand: Brand) -> Profile {
        Profile { brand, ..self }
    }

    const fn funded_by(self, funding: Funding) -> Profile {
        Profile { funding, ..self }
    }

    const fn also(self, aliases: &'static [&'static str]) -> Profile {
        Profile { aliases, ..self }
    }

    const fn checked(self, checks: Checks) -> Profile {
        Profile { checks, ..self }
    }

    const fn complaining(self, complaint: Complaint) -> Profile {
        Profile { complaint: Some(complaint), ..self }
    }

    const fn with_failing_refunds(self) -> Profile {
        Profile { refunds_fail: true, ..self }
    }

    /// Of a French bank.
    const fn shared_with(self, co_brand: CoBrand) -> Profile {
        Profile { co_brand: Some(co_brand), country: "FR", ..self }
    }

    const fn settling_at_once(self) -> Profile {
        Profile { settles_at_once: true, ..self }
    }
}
