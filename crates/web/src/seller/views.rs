//! What a seller's pages show. Plain values: the handlers fill them.

use holdfast_core::money::Money;
use holdfast_core::time::Timestamp;

use crate::order::status::OrderStatus;

/// The page of a link that lets nobody in any more.
#[derive(Clone, Copy, Debug)]
pub struct LinkOver;

/// The questions to a seller.
#[derive(Clone, Debug)]
pub struct Onboarding {
    /// Where the form posts to.
    pub path: String,
    /// What the field `form_token` says.
    pub form_token: String,
    /// What stands in the fields.
    pub given: Given,
    /// What is wrong with them.
    pub problems: Problems,
    /// The last four characters of the bank account that is there already.
    pub last4: Option<String>,
    /// The test accounts that are offered; none where real money moves.
    pub numbers: Vec<TestAccount>,
}

/// What stands in the fields of the form.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The seller's name.
    pub name: String,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// Its e-mail address.
    pub email: String,
    /// The bank's number.
    pub routing: String,
    /// The account's number, or its IBAN.
    pub number: String,
}

/// A test account that the page offers.
#[derive(Clone, Debug)]
pub struct TestAccount {
    /// The text that names its country.
    pub country: &'static str,
    /// The bank's number, where the country has one.
    pub routing: Option<&'static str>,
    /// The account's number.
    pub number: String,
}

/// What is wrong with the form, field by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// With the name.
    pub name: Option<FormProblem>,
    /// With the country.
    pub country: Option<FormProblem>,
    /// With the e-mail address.
    pub email: Option<FormProblem>,
    /// With the bank's number.
    pub routing: Option<FormProblem>,
    /// With the account's number.
    pub number: Option<FormProblem>,
}

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// The first one in the order of the form, whose field has the focus.
    pub fn first(&self) -> Option<FormProblem> {
        self.name.or(self.country).or(self.email).or(self.routing).or(self.number)
    }
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormProblem {
    /// There is no name.
    NameMissing,
    /// No country was chosen.
    CountryMissing,
    /// It is no e-mail address.
    EmailWrong,
    /// The bank's number is missing.
    RoutingMissing,
    /// It is no bank that is known here.
    RoutingUnknown,
    /// The account's number is missing.
    NumberMissing,
    /// It is no account that is known here.
    NumberUnknown,
}

impl FormProblem {
    /// All problems.
    pub const ALL: [FormProblem; 7] = [
        FormProblem::NameMissing,
        FormProblem::CountryMissing,
        FormProblem::EmailWrong,
        FormProblem::RoutingMissing,
        FormProblem::RoutingUnknown,
        FormProblem::NumberMissing,
        FormProblem::NumberUnknown,
    ];

    /// The text that says it.
    pub fn key(self) -> &'static str {
        match self {
            FormProblem::NameMissing => "seller-name-missing",
            FormProblem::CountryMissing => "seller-country-missing",
            FormProblem::EmailWrong => "seller-email-wrong",
            FormProblem::RoutingMissing => "seller-routing-missing",
            FormProblem::RoutingUnknown => "seller-routing-unknown",
            FormProblem::NumberMissing => "seller-number-missing",
            FormProblem::NumberUnknown => "seller-number-unknown",
        }
    }
}

/// The countries that a seller may have its bank in, each with the text that names it.
pub const COUNTRIES: [(&str, &str); 16] = [
    ("AU", "country-au"),
    ("AT", "country-at"),
    ("BE", "country-be"),
    ("CA", "country-ca"),
    ("FI", "country-fi"),
    ("FR", "country-fr"),
    ("DE", "country-de"),
    ("GR", "country-gr"),
    ("IE", "country-ie"),
    ("IT", "country-it"),
    ("JP", "country-jp"),
    ("NL", "country-nl"),
    ("PT", "country-pt"),
    ("ES", "country-es"),
    ("GB", "country-gb"),
    ("US", "country-us"),
];

/// The seller has said all.
#[derive(Clone, Debug)]
pub struct Done {
    /// Where the seller came from.
    pub return_url: Option<String>,
}

/// A seller's own view of its money.
#[derive(Clone, Debug)]
pub struct SellerHome {
    /// Its name.
    pub name: String,
    /// Its balances, one per currency.
    pub balances: Vec<OwnBalance>,
    /// Its last orders, newest first.
    pub orders: Vec<OwnOrder>,
    /// Its last payouts, newest first.
    pub payouts: Vec<OwnPayout>,
    /// Its bank accounts.
    pub banks: Vec<OwnBank>,
}

/// A bank account of a seller.
#[derive(Clone, Debug)]
pub struct OwnBank {
    /// The last four characters of its number.
    pub last4: String,
    /// Whether its bank has refused a payout, so that none goes there.
    pub is_stopped: bool,
}

/// A seller's money in one currency.
#[derive(Clone, Copy, Debug)]
pub struct OwnBalance {
    /// Captured and held for its orders.
    pub held: Money,
    /// Released to it.
    pub available: Money,
    /// On its way to its bank.
    pub paying: Money,
}

/// One order of a seller.
#[derive(Clone, Debug)]
pub struct OwnOrder {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub status: OrderStatus,
    /// Its sum.
    pub total: Money,
    /// When it was made.
    pub created: Timestamp,
}

/// One payout of a seller.
#[derive(Clone, Debug)]
pub struct OwnPayout {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: Money,
    /// How it stands.
    pub status: PayoutStatus,
    /// When it is expected at the bank.
    pub arrives_at: Timestamp,
}

/// How a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutStatus {
    /// It has not left.
    Pending,
    /// It is on its way.
    InTransit,
    /// It is there.
    Paid,
    /// It came back.
    Failed,
    /// It was called off.
    Canceled,
}

impl PayoutStatus {
    /// All states.
    pub const ALL: [PayoutStatus; 5] = [
        PayoutStatus::Pending,
        PayoutStatus::InTransit,
        PayoutStatus::Paid,
        PayoutStatus::Failed,
        PayoutStatus::Canceled,
    ];

    /// The text that names it.
    pub fn key(self) -> &'static str {
        match self {
            PayoutStatus::Pending => "payout-pending",
            PayoutStatus::InTransit => "payout-in-transit",
            PayoutStatus::Paid => "payout-paid",
            PayoutStatus::Failed => "payout-failed",
            PayoutStatus::Canceled => "payout-canceled",
        }
    }
}
