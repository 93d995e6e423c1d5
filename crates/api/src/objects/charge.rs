//! `charge`: one attempt to take money from a card.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Account, AnyCustomer, ApplicationFee, BalanceTransaction, BillingDetails, CardChecks,
    Expandable, IncrementalAuthorization, List, Metadata, Null, PaymentIntent, RadarOptions,
    Refund, Shipping, Transfer,
};

object_words! {
    /// `charge`
    ChargeWord = "charge";
}

/// One attempt to take money from a card.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Charge {
    /// `ch_...`
    pub id: String,
    /// `charge`
    pub object: ChargeWord,
    /// What was to be taken.
    pub amount: i64,
    /// What has been captured.
    pub amount_captured: i64,
    /// What has been given back.
    pub amount_refunded: i64,
    /// The fee that the platform kept of it.
    pub application_fee: Option<Expandable<ApplicationFee>>,
    /// What the platform keeps of it.
    pub application_fee_amount: Option<i64>,
    /// Its entry in the balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// Whose card.
    pub billing_details: BillingDetails,
    /// What the buyer's bank shows.
    pub calculated_statement_descriptor: Option<String>,
    /// Whether anything has been captured.
    pub captured: bool,
    /// When it was tried.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// Who pays.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// For the platform's own use.
    pub description: Option<String>,
    /// Whether the buyer has turned to the bank.
    pub disputed: bool,
    /// Why it failed: the code.
    pub failure_code: Option<String>,
    /// Why it failed: a sentence.
    pub failure_message: Option<String>,
    /// What was said about fraud; an empty object if nothing.
    pub fraud_details: FraudDetails,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The seller whose business it is.
    pub on_behalf_of: Option<Expandable<Account>>,
    /// What the network said.
    pub outcome: Option<Outcome>,
    /// Whether it was authorized.
    pub paid: bool,
    /// The payment it is part of.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// What was tried.
    pub payment_method: Option<String>,
    /// The card at the time.
    pub payment_method_details: Option<PaymentMethodDetails>,
    /// What a script of the shop's page said of the visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radar_options: Option<RadarOptions>,
    /// Where the receipt goes.
    pub receipt_email: Option<String>,
    /// The page of the buyer's receipt, once the bank has agreed. Whoever has the address sees it.
    pub receipt_url: Option<String>,
    /// Whether all of it has been given back.
    pub refunded: bool,
    /// Its refunds, where they were asked for or the version has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunds: Option<List<Refund>>,
    /// Where the goods go.
    pub shipping: Option<Shipping>,
    /// As on the payment.
    pub statement_descriptor: Option<String>,
    /// As on the payment.
    pub statement_descriptor_suffix: Option<String>,
    /// `succeeded`, `pending` or `failed`.
    pub status: &'static str,
    /// The transfer that sent its money on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Expandable<Transfer>>,
    /// To whom the money goes on.
    pub transfer_data: Option<ChargeTransferData>,
    /// Joins payments and transfers.
    pub transfer_group: Option<String>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: ChargeNulls,
}

/// The fields of a charge that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct ChargeNulls {
    pub application: Null,
    pub failure_balance_transaction: Null,
    pub receipt_number: Null,
    pub review: Null,
    pub source: Null,
    pub source_transfer: Null,
}

/// To whom the money of a charge goes on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChargeTransferData {
    /// How much of it; null for all of it.
    pub amount: Option<i64>,
    /// The seller.
    pub destination: Expandable<Account>,
}

/// What was said about fraud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FraudDetails {
    /// What the platform said: `safe` or `fraudulent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_report: Option<&'static str>,
}

/// What the network said of a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Outcome {
    /// `try_again_later`, `do_not_try_again`, `confirm_card_data`.
    pub advice_code: Option<String>,
    /// The network's number for its advice.
    pub network_advice_code: Option<String>,
    /// The network's number for the reason.
    pub network_decline_code: Option<String>,
    /// `approved_by_network`, `declined_by_network`, `not_sent_to_network`.
    pub network_status: Option<String>,
    /// The reason, e.g. `insufficient_funds`.
    pub reason: Option<String>,
    /// `normal`, `elevated`, `highest`, `not_assessed`.
    pub risk_level: &'static str,
    /// A sentence for the seller.
    pub seller_message: Option<String>,
    /// `authorized`, `manual_review`, `issuer_declined`, `blocked`, `invalid`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// What paid, as it was at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentMethodDetails {
    /// The card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardDetails>,
    /// The bank account, where it was no card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sepa_debit: Option<DebitDetails>,
    /// `card` or `sepa_debit`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A bank account as it was at the time of a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DebitDetails {
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
    /// Not used: the sandbox's debits need no mandate.
    pub mandate: Null,
}

/// A card as it was at the time of a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardDetails {
    /// What the issuer approved.
    pub amount_authorized: Option<i64>,
    /// The issuer's code of the approval.
    pub authorization_code: Option<String>,
    /// `visa`, `mastercard`, `amex`, `discover`.
    pub brand: Option<String>,
    /// When the authorization ends; absent once captured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture_before: Option<i64>,
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
    /// Whether the authorization can grow, where that was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incremental_authorization: Option<IncrementalAuthorization>,
    /// The last four digits.
    pub last4: Option<String>,
    /// `01` for an order by letter or by telephone, else null: who was asked says what came of it.
    pub electronic_commerce_indicator: Option<&'static str>,
    /// Whether the buyer gave the card by letter or by telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moto: Option<bool>,
    /// Whether it can be captured in parts.
    pub multicapture: Multicapture,
    /// The network that carried it.
    pub network: Option<String>,
    /// `installment`, `recurring` or `unscheduled`: what the card was kept for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_credential_usage: Option<&'static str>,
    /// `installment`, `recurring` or `unscheduled`: what the kept card was charged for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_credential_usage: Option<&'static str>,
    /// How the buyer was asked to prove themselves.
    pub three_d_secure: Option<ThreeDSecure>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: CardDetailsNulls,
}

/// The fields of a charge's card that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct CardDetailsNulls {
    pub installments: Null,
    pub mandate: Null,
    pub network_transaction_id: Null,
    pub regulated_status: Null,
    pub transaction_link_id: Null,
    pub wallet: Null,
}

/// Whether a card's authorization can be captured in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Multicapture {
    /// `available` or `unavailable`.
    pub status: &'static str,
}

/// How the buyer was asked to prove themselves to their bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThreeDSecure {
    /// `challenge` or `frictionless`.
    pub authentication_flow: Option<&'static str>,
    /// The network's word for who bears a fraud: `05`, `02`, ...
    pub electronic_commerce_indicator: Option<String>,
    /// Not used.
    pub exemption_indicator: Null,
    /// `authenticated`, `attempt_acknowledged`, `failed`, `processing_error`, `not_supported`.
    pub result: Option<&'static str>,
    /// `abandoned`, `canceled`, `rejected`, ...
    pub result_reason: Option<&'static str>,
    /// The issuer's id of it.
    pub transaction_id: Option<String>,
    /// `2.2.0`
    pub version: Option<&'static str>,
}
