//! `checkout.session`: a basket on its way to be paid.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Address, AnyCustomer, Consent, ConsentCollection, Coupon, CustomField, CustomText, Discount,
    Enabled, Expandable, LineItem, List, Metadata, NameCollection, Null, PaymentIntent,
    PaymentLink, PromotionCode, SetupIntent, ShippingCountries, ShippingRate,
};

object_words! {
    /// `checkout.session`
    CheckoutSessionWord = "checkout.session";
}

/// A basket on its way to be paid.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CheckoutSession {
    /// `cs_test_...` or `cs_live_...`
    pub id: String,
    /// `checkout.session`
    pub object: CheckoutSessionWord,
    /// The lines without shipping and tax.
    pub amount_subtotal: Option<i64>,
    /// What the buyer pays.
    pub amount_total: Option<i64>,
    /// Who computes the tax.
    pub automatic_tax: AutomaticTax,
    /// What becomes of it when it is over.
    pub after_expiration: Option<AfterExpiration>,
    /// Whether the shop wants codes to be taken.
    pub allow_promotion_codes: Option<bool>,
    /// `auto` or `required`.
    pub billing_address_collection: Option<String>,
    /// Where the buyer goes back to without paying.
    pub cancel_url: Option<String>,
    /// The shop's own number of the basket.
    pub client_reference_id: Option<String>,
    /// What the buyer gave on the page.
    pub collected_information: Option<CollectedInformation>,
    /// What the buyer has agreed to, once asked.
    pub consent: Option<Consent>,
    /// What the buyer is to agree to.
    pub consent_collection: Option<ConsentCollection>,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: Option<String>,
    /// Fields of the shop's own, with what the buyer answered.
    pub custom_fields: Vec<CustomField>,
    /// The texts that the shop adds to the page.
    pub custom_text: CustomText,
    /// The buyer, where the platform named one.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// `always` or `if_required`.
    pub customer_creation: Option<String>,
    /// Who the buyer is, once known.
    pub customer_details: Option<CustomerDetails>,
    /// The e-mail address that the shop gave.
    pub customer_email: Option<String>,
    /// What is taken off, one at most.
    pub discounts: Option<Vec<SessionDiscount>>,
    /// When it can no longer be paid.
    pub expires_at: i64,
    /// The lines, where `expand[]` asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_items: Option<List<LineItem>>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The language of the page; null or `auto` for the browser's.
    pub locale: Option<String>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// `payment` or `setup`.
    pub mode: &'static str,
    /// The names that the page asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_collection: Option<NameCollection>,
    /// The payment.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// The link that it was opened by.
    pub payment_link: Option<Expandable<PaymentLink>>,
    /// How to pay by each method.
    pub payment_method_options: Option<SessionPaymentMethodOptions>,
    /// The methods that may pay this.
    pub payment_method_types: Vec<String>,
    /// `paid`, `unpaid` or `no_payment_required`.
    pub payment_status: &'static str,
    /// Whether the shop wants a phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_collection: Option<Enabled>,
    /// The wish to keep a card, of mode `setup`.
    pub setup_intent: Option<Expandable<SetupIntent>>,
    /// To where the shop ships.
    pub shipping_address_collection: Option<ShippingCountries>,
    /// The chosen way to ship.
    pub shipping_cost: Option<ShippingCost>,
    /// The ways to ship.
    pub shipping_options: Vec<ShippingOption>,
    /// `open`, `complete` or `expired`.
    pub status: Option<&'static str>,
    /// `auto`, `pay`, `book` or `donate`.
    pub submit_type: Option<String>,
    /// Where the buyer goes after paying; may hold `{CHECKOUT_SESSION_ID}`.
    pub success_url: Option<String>,
    /// What the total is made of.
    pub total_details: Option<TotalDetails>,
    /// `hosted_page`, or `hosted` for versions before 2026-03-25.
    pub ui_mode: Option<&'static str>,
    /// The pay page, while the session is open.
    pub url: Option<String>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: CheckoutSessionNulls,
}

/// The fields of a session that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct CheckoutSessionNulls {
    pub adaptive_pricing: Null,
    pub allowed_payment_method_types: Null,
    pub client_secret: Null,
    pub currency_conversion: Null,
    pub customer_account: Null,
    pub integration_identifier: Null,
    pub invoice: Null,
    pub invoice_creation: Null,
    pub managed_payments: Null,
    pub origin_context: Null,
    pub payment_method_collection: Null,
    pub payment_method_configuration_details: Null,
    pub permissions: Null,
    pub recovered_from: Null,
    pub saved_payment_method_options: Null,
    pub subscription: Null,
    pub wallet_options: Null,
}

/// What becomes of a session when it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AfterExpiration {
    /// Whether it may be opened again.
    pub recovery: Option<Recovery>,
}

/// Whether a session that is over may be opened again. The shop's wish; the page does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recovery {
    /// Whether codes are then taken.
    pub allow_promotion_codes: bool,
    /// Whether it is wanted.
    pub enabled: bool,
    /// Until when; never set.
    pub expires_at: Option<i64>,
    /// Where; never set.
    pub url: Option<String>,
}

/// How to pay by each method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SessionPaymentMethodOptions {
    /// By card.
    pub card: SessionCardOptions,
}

/// How to pay by card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SessionCardOptions {
    /// `manual`, where cards are captured by hand whatever else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture_method: Option<&'static str>,
    /// `if_available` or `never`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_extended_authorization: Option<&'static str>,
    /// `if_available` or `never`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_incremental_authorization: Option<&'static str>,
    /// `if_available` or `never`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_multicapture: Option<&'static str>,
    /// `if_available` or `never`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_overcapture: Option<&'static str>,
    /// `automatic`, `any` or `challenge`.
    pub request_three_d_secure: &'static str,
    /// The cards that the shop does not take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<CardRestrictions>,
    /// `off_session` or `on_session`, where cards are kept whatever else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_future_usage: Option<&'static str>,
}

/// The cards that a shop does not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardRestrictions {
    /// `american_express`, `discover_global_network`, `mastercard` or `visa`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brands_blocked: Vec<&'static str>,
    /// `credit`, `debit` or `prepaid`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub funding_types_blocked: Vec<&'static str>,
}

/// Who computes the tax: nobody but the shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AutomaticTax {
    /// Always false.
    pub enabled: bool,
    /// Not used.
    pub liability: Null,
    /// Not used.
    pub provider: Null,
    /// Not used.
    pub status: Null,
}

/// What the buyer gave on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CollectedInformation {
    /// The name of a company.
    pub business_name: Option<String>,
    /// The name of a person.
    pub individual_name: Option<String>,
    /// Where the goods go.
    pub shipping_details: Option<ShippingDetails>,
}

/// Where the goods of a session go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ShippingDetails {
    /// To where.
    pub address: Address,
    /// To whom.
    pub name: String,
}

/// Who the buyer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomerDetails {
    /// Billing address.
    pub address: Option<Address>,
    /// The name of a company.
    pub business_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The name of a person.
    pub individual_name: Option<String>,
    /// Name, in any script.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Not asked for.
    pub tax_exempt: Null,
    /// Not asked for.
    pub tax_ids: Null,
}

/// The chosen way to ship.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ShippingCost {
    /// Without tax.
    pub amount_subtotal: i64,
    /// Tax.
    pub amount_tax: i64,
    /// What the buyer pays for it.
    pub amount_total: i64,
    /// Which way.
    pub shipping_rate: Option<Expandable<ShippingRate>>,
}

/// One way to ship.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ShippingOption {
    /// What it costs.
    pub shipping_amount: i64,
    /// Which way.
    pub shipping_rate: Expandable<ShippingRate>,
}

/// What a total is made of besides the lines.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TotalDetails {
    /// What promotions took off.
    pub amount_discount: i64,
    /// Shipping.
    pub amount_shipping: Option<i64>,
    /// Tax.
    pub amount_tax: i64,
    /// What took something off, where `expand[]` asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Breakdown>,
}

/// What took something off a total, and what was added.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Breakdown {
    /// What was taken off.
    pub discounts: Vec<BrokenDown>,
    /// Always empty: the shop's prices hold the tax.
    pub taxes: Vec<Null>,
}

/// What one discount took off.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BrokenDown {
    /// How much.
    pub amount: i64,
    /// The discount.
    pub discount: Discount,
}

/// What a session takes off: a coupon, or a promotion code.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SessionDiscount {
    /// The coupon; null where a promotion code gave it.
    pub coupon: Option<Expandable<Coupon>>,
    /// The promotion code.
    pub promotion_code: Option<Expandable<PromotionCode>>,
}
