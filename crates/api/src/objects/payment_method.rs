//! `payment_method`: a card as it is shown, never its number.

use serde::Serialize;

use super::{BillingDetails, CardChecks, Metadata, Null};

object_words! {
    /// `payment_method`
    PaymentMethodWord = "payment_method";
}

/// What pays.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaymentMethod {
    /// `pm_...`
    pub id: String,
    /// `payment_method`
    pub object: PaymentMethodWord,
    /// Whose it is.
    pub billing_details: BillingDetails,
    /// The card.
    pub card: PaymentMethodCard,
    /// When it was made.
    pub created: i64,
    /// The customer that it is saved for.
    pub customer: Option<String>,
    /// Not used.
    pub customer_account: Null,
    /// Whether it is a real card.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// `card`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A card as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// `credit`, `debit`, `prepaid`, `unknown`.
    pub funding: String,
    /// The last four digits.
    pub last4: String,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: PaymentMethodCardNulls,
}

/// The fields of a card that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct PaymentMethodCardNulls {
    pub generated_from: Null,
    pub networks: Null,
    pub regulated_status: Null,
    pub three_d_secure_usage: Null,
    pub wallet: Null,
}
