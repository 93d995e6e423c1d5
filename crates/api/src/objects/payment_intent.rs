//! `payment_intent`: one payment, from the first attempt to the money.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Account, AmountDetails, AnyCustomer, CardOptions, Charge, Expandable, List, Metadata, Null,
    PaymentData, PaymentDetails, PaymentMethod, Shipping,
};

object_words! {
    /// `payment_intent`
    PaymentIntentWord = "payment_intent";
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PaymentIntent {
    /// `pi_...`
    pub id: String,
    /// `payment_intent`
    pub object: PaymentIntentWord,
    /// Methods that may pay this, where the platform says so. Present from version 2026-09-30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_payment_method_types: Option<Option<Vec<String>>>,
    /// What is to be paid.
    pub amount: i64,
    /// What is authorized and can still be captured.
    pub amount_capturable: i64,
    /// What the sum is made of, where the platform says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_details: Option<AmountDetails>,
    /// What has been captured.
    pub amount_received: i64,
    /// What the platform keeps of it.
    pub application_fee_amount: Option<i64>,
    /// Set when the intent chooses among the methods by itself.
    pub automatic_payment_methods: Option<AutomaticPaymentMethods>,
    /// When it was cancelled.
    pub canceled_at: Option<i64>,
    /// Why: `abandoned`, `automatic`, `duplicate`, `expired`, `failed_invoice`, `fraudulent`,
    /// `requested_by_customer`, `void_invoice`.
    pub cancellation_reason: Option<String>,
    /// `automatic`, `automatic_async` or `manual`.
    pub capture_method: &'static str,
    /// Its charges, newest first, in versions before 2022-11-15.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charges: Option<List<Charge>>,
    /// Lets a browser that holds it see and confirm this payment. Null for restricted views.
    pub client_secret: Option<String>,
    /// `automatic` or `manual`.
    pub confirmation_method: &'static str,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// Who pays.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// For the platform's own use.
    pub description: Option<String>,
    /// Methods that may not pay this, e.g. `card`.
    pub excluded_payment_method_types: Option<Vec<String>>,
    /// Why the last attempt failed, until the next one.
    pub last_payment_error: Option<LastPaymentError>,
    /// The charge of the last attempt.
    pub latest_charge: Option<Expandable<Charge>>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// What the buyer has to do.
    pub next_action: Option<NextAction>,
    /// The seller whose business it is.
    pub on_behalf_of: Option<Expandable<Account>>,
    /// What the purchase is called, where the platform says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_details: Option<PaymentDetails>,
    /// What pays.
    pub payment_method: Option<Expandable<PaymentMethod>>,
    /// How to pay by each method.
    pub payment_method_options: Option<PaymentMethodOptions>,
    /// The methods that may pay this.
    pub payment_method_types: Vec<String>,
    /// Where the receipt goes.
    pub receipt_email: Option<String>,
    /// `on_session` or `off_session`: what the card is kept for.
    pub setup_future_usage: Option<&'static str>,
    /// Where the goods go.
    pub shipping: Option<Shipping>,
    /// What the buyer's bank shows.
    pub statement_descriptor: Option<String>,
    /// What it shows after the platform's name.
    pub statement_descriptor_suffix: Option<String>,
    /// `requires_payment_method`, `requires_confirmation`, `requires_action`, `processing`,
    /// `requires_capture`, `succeeded` or `canceled`.
    pub status: &'static str,
    /// To whom the money goes on.
    pub transfer_data: Option<TransferData>,
    /// Joins payments and transfers.
    pub transfer_group: Option<String>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: PaymentIntentNulls,
}

/// The fields of a payment intent that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct PaymentIntentNulls {
    pub application: Null,
    pub customer_account: Null,
    pub managed_payments: Null,
    pub payment_method_configuration_details: Null,
    pub payment_record: Null,
    pub processing: Null,
    pub review: Null,
    pub source: Null,
}

/// Whether the intent chooses among the methods by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AutomaticPaymentMethods {
    /// `always` or `never`.
    pub allow_redirects: &'static str,
    /// Always true where the object is there.
    pub enabled: bool,
}

/// Why an attempt failed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LastPaymentError {
    /// `try_again_later`, `do_not_try_again`, `confirm_card_data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice_code: Option<String>,
    /// The charge that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<String>,
    /// `card_declined`, `payment_intent_authentication_failure`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The issuer's reason, e.g. `insufficient_funds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline_code: Option<String>,
    /// Where the code is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_url: Option<String>,
    /// A sentence for the buyer.
    pub message: String,
    /// The network's own number for the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_decline_code: Option<String>,
    /// What was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<PaymentMethod>,
    /// `card_error`, `invalid_request_error`, `api_error`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// What the buyer has to do. There is one kind: go to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NextAction {
    /// Which page.
    pub redirect_to_url: RedirectToUrl,
    /// `redirect_to_url`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A page to go to, and where it leads back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RedirectToUrl {
    /// Where the buyer comes back.
    pub return_url: Option<String>,
    /// Where the buyer goes, e.g. the issuer's challenge.
    pub url: Option<String>,
}

/// How to pay by each method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentMethodOptions {
    /// By card.
    pub card: CardOptions,
}

/// To whom the money of a payment goes on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TransferData {
    /// How much of it; absent for all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// For the seller's own list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The seller.
    pub destination: Expandable<Account>,
    /// On the transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// What the payment at the seller's is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_data: Option<PaymentData>,
}
