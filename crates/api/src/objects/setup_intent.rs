//! `setup_intent`: the wish to save a card, and `setup_attempt`: one try.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Account, AnyCustomer, AutomaticPaymentMethods, CardChecks, Expandable, Metadata, NextAction,
    Null, PaymentMethod, SetupMethodOptions,
};

object_words! {
    /// `setup_intent`
    SetupIntentWord = "setup_intent";
    /// `setup_attempt`
    SetupAttemptWord = "setup_attempt";
}

/// The wish to save a card.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SetupIntent {
    /// `seti_...`
    pub id: String,
    /// `setup_intent`
    pub object: SetupIntentWord,
    /// Methods that may be saved, where the platform says so.
    pub allowed_payment_method_types: Option<Vec<String>>,
    /// Set when the intent chooses among the methods by itself.
    pub automatic_payment_methods: Option<AutomaticPaymentMethods>,
    /// `abandoned`, `duplicate` or `requested_by_customer`.
    pub cancellation_reason: Option<&'static str>,
    /// Lets a browser that holds it see and confirm this. Null for restricted views.
    pub client_secret: Option<String>,
    /// When it was made.
    pub created: i64,
    /// For whom.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// For the platform's own use.
    pub description: Option<String>,
    /// Methods that may not be saved.
    pub excluded_payment_method_types: Option<Vec<String>>,
    /// Why the last attempt failed, until the next one.
    pub last_setup_error: Option<SetupError>,
    /// The last attempt.
    pub latest_attempt: Option<Expandable<SetupAttempt>>,
    /// Whether it is a real card.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// What the buyer has to do.
    pub next_action: Option<NextAction>,
    /// The seller whose business it is.
    pub on_behalf_of: Option<Expandable<Account>>,
    /// What is saved.
    pub payment_method: Option<Expandable<PaymentMethod>>,
    /// How to keep each method.
    pub payment_method_options: Option<SetupMethodOptions>,
    /// The methods that may be saved.
    pub payment_method_types: Vec<String>,
    /// `requires_payment_method`, `requires_confirmation`, `requires_action`, `processing`,
    /// `succeeded` or `canceled`.
    pub status: &'static str,
    /// `on_session` or `off_session`.
    pub usage: &'static str,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: SetupIntentNulls,
}

/// The fields of a setup intent that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct SetupIntentNulls {
    pub application: Null,
    pub customer_account: Null,
    pub flow_directions: Null,
    pub mandate: Null,
    pub managed_payments: Null,
    pub payment_method_configuration_details: Null,
    pub single_use_mandate: Null,
}

/// Why an attempt failed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SetupError {
    /// `try_again_later`, `do_not_try_again`, `confirm_card_data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice_code: Option<String>,
    /// `card_declined`, `setup_intent_authentication_failure`, ...
    pub code: &'static str,
    /// The issuer's reason, e.g. `insufficient_funds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline_code: Option<String>,
    /// A sentence for the buyer.
    pub message: String,
    /// The network's own number for the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_decline_code: Option<String>,
    /// What was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<PaymentMethod>,
    /// `card_error`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// One try to have a card's bank agree to its being saved.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SetupAttempt {
    /// `setatt_...`
    pub id: String,
    /// `setup_attempt`
    pub object: SetupAttemptWord,
    /// When it was tried.
    pub created: i64,
    /// For whom.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// Whether it is a real card.
    pub livemode: bool,
    /// The seller whose business it is.
    pub on_behalf_of: Option<Expandable<Account>>,
    /// What was tried.
    pub payment_method: Expandable<PaymentMethod>,
    /// The card at the time.
    pub payment_method_details: SetupDetails,
    /// Why it failed.
    pub setup_error: Option<SetupError>,
    /// What it was a try of.
    pub setup_intent: Expandable<SetupIntent>,
    /// `requires_action`, `processing`, `succeeded`, `failed` or `abandoned`.
    pub status: &'static str,
    /// `on_session` or `off_session`.
    pub usage: &'static str,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: SetupAttemptNulls,
}

/// The fields of an attempt that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct SetupAttemptNulls {
    pub application: Null,
    pub customer_account: Null,
    pub flow_directions: Null,
}

/// What was tried, as it was at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SetupDetails {
    /// The card, when the network has described it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<SetupCardDetails>,
    /// `card`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A card as it was at the time of an attempt to save it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SetupCardDetails {
    /// `visa`, `mastercard`, `amex`, `discover`.
    pub brand: Option<String>,
    /// What the issuer compared.
    pub checks: Option<CardChecks>,
    /// The issuer's country, two letters.
    pub country: Option<String>,
    /// 1 to 12.
    pub exp_month: i64,
    /// Four digits.
    pub exp_year: i64,
    /// The same for every token of the card.
    pub fingerprint: Option<String>,
    /// `credit`, `debit`, `prepaid`, `unknown`.
    pub funding: Option<String>,
    /// The last four digits.
    pub last4: Option<String>,
    /// Whether the buyer gave the card by letter or by telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moto: Option<bool>,
    /// The network that carried it.
    pub network: Option<String>,
    /// How the buyer was asked.
    pub three_d_secure: Null,
    /// Not used.
    pub wallet: Null,
}
