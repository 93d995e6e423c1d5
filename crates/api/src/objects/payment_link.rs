//! `payment_link`: a page that sells the same things again and again.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Account, CardRestrictions, ConsentCollection, CustomField, CustomText, Expandable, LineItem,
    List, Metadata, NameCollection, Null, ShippingOption,
};

object_words! {
    /// `payment_link`
    PaymentLinkWord = "payment_link";
}

/// A page that sells the same things again and again.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PaymentLink {
    /// `plink_...`
    pub id: String,
    /// `payment_link`
    pub object: PaymentLinkWord,
    /// Whether it opens sessions.
    pub active: bool,
    /// Where the buyer goes after paying.
    pub after_completion: AfterCompletion,
    /// Whether the platform wants codes to be taken.
    pub allow_promotion_codes: bool,
    /// What the platform keeps of each payment.
    pub application_fee_amount: Option<i64>,
    /// Who computes the tax.
    pub automatic_tax: LinkTax,
    /// `auto` or `required`.
    pub billing_address_collection: String,
    /// What the buyer is to agree to.
    pub consent_collection: Option<ConsentCollection>,
    /// Three small letters.
    pub currency: String,
    /// Fields of the shop's own.
    pub custom_fields: Vec<CustomField>,
    /// The texts that the shop adds to the page.
    pub custom_text: CustomText,
    /// `always` or `if_required`.
    pub customer_creation: String,
    /// What the page says when it is closed.
    pub inactive_message: Option<String>,
    /// The lines, where `expand[]` asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_items: Option<List<LineItem>>,
    /// Whether it is for real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The names that the page asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_collection: Option<NameCollection>,
    /// For whom the sales are made.
    pub on_behalf_of: Option<Expandable<Account>>,
    /// About each payment.
    pub payment_intent_data: Option<LinkPayment>,
    /// `always`
    pub payment_method_collection: &'static str,
    /// The cards that its sessions do not take.
    pub payment_method_options: Option<LinkMethodOptions>,
    /// Whether a phone number is wanted.
    pub phone_number_collection: Enabled,
    /// How often it may be paid.
    pub restrictions: Option<LinkRestrictions>,
    /// To where the shop ships.
    pub shipping_address_collection: Option<ShippingCountries>,
    /// The ways to ship.
    pub shipping_options: Vec<ShippingOption>,
    /// `auto`, `pay`, `book` or `donate`.
    pub submit_type: String,
    /// Whether tax ids are asked for: no.
    pub tax_id_collection: TaxIdCollection,
    /// Who gets the money.
    pub transfer_data: Option<LinkTransfer>,
    /// Its address.
    pub url: String,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: PaymentLinkNulls,
}

/// About the ways to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkMethodOptions {
    /// About cards.
    pub card: LinkCardOptions,
}

/// About cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkCardOptions {
    /// Which are not taken.
    pub restrictions: CardRestrictions,
}

/// The fields of a link that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct PaymentLinkNulls {
    pub application: Null,
    pub application_fee_percent: Null,
    pub invoice_creation: Null,
    pub managed_payments: Null,
    pub payment_method_types: Null,
    pub subscription_data: Null,
}

/// Where the buyer goes after paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AfterCompletion {
    /// The page itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosted_confirmation: Option<HostedConfirmation>,
    /// The shop's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<RedirectTo>,
    /// `hosted_confirmation` or `redirect`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// What the page says after paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostedConfirmation {
    /// In the shop's words.
    pub custom_message: Option<String>,
}

/// The shop's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RedirectTo {
    /// The address.
    pub url: String,
}

/// Who computes the tax of a link: nobody but the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkTax {
    /// Always false.
    pub enabled: bool,
    /// Not used.
    pub liability: Null,
}

/// Whether something is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Enabled {
    /// Whether it is.
    pub enabled: bool,
}

/// Whether tax ids are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaxIdCollection {
    /// Always false.
    pub enabled: bool,
    /// `never`
    pub required: &'static str,
}

/// The countries that a shop ships to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ShippingCountries {
    /// Two letters each (ISO 3166-1).
    pub allowed_countries: Vec<String>,
}

/// How often a link may be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkRestrictions {
    /// By sessions that were paid.
    pub completed_sessions: CompletedSessions,
}

/// How many sessions of a link were paid, and how many may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CompletedSessions {
    /// How many were.
    pub count: u32,
    /// How many may be.
    pub limit: u32,
}

/// About each payment of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkPayment {
    /// `automatic` or `manual`.
    pub capture_method: Option<&'static str>,
    /// What the console says.
    pub description: Option<String>,
    /// Notes on each payment.
    pub metadata: Metadata,
    /// `off_session` or `on_session`.
    pub setup_future_usage: Option<&'static str>,
    /// What the cardholder's statement says.
    pub statement_descriptor: Option<String>,
    /// The end of what it says.
    pub statement_descriptor_suffix: Option<String>,
    /// Links payments with transfers.
    pub transfer_group: Option<String>,
}

/// Who gets the money of a link.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LinkTransfer {
    /// How much; all of it when null.
    pub amount: Option<i64>,
    /// The seller.
    pub destination: Expandable<Account>,
}
