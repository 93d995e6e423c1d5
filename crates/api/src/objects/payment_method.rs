//! `payment_method`: a card as it is shown, never its number.

use schemars::JsonSchema;
use serde::Serialize;

use super::{AnyCustomer, BillingDetails, CardChecks, Expandable, Metadata, Null};

object_words! {
    /// `payment_method`
    PaymentMethodWord = "payment_method";
}

/// What pays.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PaymentMethod {
    /// `pm_...`
    pub id: String,
    /// `payment_method`
    pub object: PaymentMethodWord,
    /// `always`, `limited` or `unspecified`, where the platform said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_redisplay: Option<&'static str>,
    /// Whose it is.
    pub billing_details: BillingDetails,
    /// The card; absent while the network has not described it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<PaymentMethodCard>,
    /// When it was made.
    pub created: i64,
    /// The customer that it is saved for.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// Not used.
    pub customer_account: Null,
    /// Whether it is a real card.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The bank account, where it is no card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sepa_debit: Option<SepaDebit>,
    /// `card` or `sepa_debit`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A bank account as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SepaDebit {
    /// Not kept.
    pub bank_code: Null,
    /// Not kept.
    pub branch_code: Null,
    /// Two letters.
    pub country: Option<String>,
    /// The same for every payment method of the account.
    pub fingerprint: Option<String>,
    /// The last four characters of its number.
    pub last4: Option<String>,
    /// Not used.
    pub generated_from: Null,
}

/// A card as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PaymentMethodCard {
    /// `visa`, `mastercard`, `amex`, `discover`.
    pub brand: String,
    /// What the issuer compared.
    pub checks: Option<CardChecks>,
    /// The issuer's country, two letters.
    pub country: Option<String>,
    /// The brand to show.
    pub display_brand: Option<String>,
    /// 1 to 12.
    pub exp_month: i64,
    /// Four digits.
    pub exp_year: i64,
    /// The same for every token of the card.
    pub fingerprint: Option<String>,
    /// `credit`, `debit`, `prepaid`, `unknown`.
    pub funding: String,
    /// The last four digits.
    pub last4: String,
    /// The networks that can carry it.
    pub networks: Option<CardNetworks>,
    /// Whether its bank may be asked to ask the buyer.
    pub three_d_secure_usage: Option<ThreeDSecureUsage>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: PaymentMethodCardNulls,
}

/// The networks that can carry a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardNetworks {
    /// All of them.
    pub available: Vec<String>,
    /// The one that the buyer prefers; nobody is asked.
    pub preferred: Null,
}

/// Whether a card's bank may be asked to ask the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThreeDSecureUsage {
    /// Whether it may.
    pub supported: bool,
}

/// The fields of a card that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct PaymentMethodCardNulls {
    pub generated_from: Null,
    pub regulated_status: Null,
    pub wallet: Null,
}
