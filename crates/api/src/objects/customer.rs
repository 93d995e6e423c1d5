//! `customer`: a buyer whom the platform knows by name.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Address, Deleted, Discount, Expandable, List, Metadata, Null, PaymentMethod};

object_words! {
    /// `customer`
    CustomerWord = "customer";
}

/// A buyer whom the platform knows by name.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Customer {
    /// `cus_...`
    pub id: String,
    /// `customer`
    pub object: CustomerWord,
    /// Where the customer lives.
    pub address: Option<Address>,
    /// Always nothing: there is no credit for invoices.
    pub balance: i64,
    /// Name of the company, where the customer is one or buys for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_name: Option<String>,
    /// When it was made.
    pub created: i64,
    /// Always false: there are no invoices to be late with.
    pub delinquent: bool,
    /// For the platform's own use.
    pub description: Option<String>,
    /// The coupon that the customer has.
    pub discount: Option<Discount>,
    /// E-mail address.
    pub email: Option<String>,
    /// Name of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub individual_name: Option<String>,
    /// What the platform charges when it names nothing.
    pub invoice_settings: InvoiceSettings,
    /// Whether it is a real customer.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// Name, in any script.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Languages, the most wanted first.
    pub preferred_locales: Vec<String>,
    /// Where the goods go.
    pub shipping: Option<CustomerShipping>,
    /// Always empty, and there where it was asked for: cards are payment methods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<List<Null>>,
    /// `none`, `exempt` or `reverse`.
    pub tax_exempt: &'static str,
    /// Always empty, and there where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_ids: Option<List<Null>>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: CustomerNulls,
}

/// The fields of a customer that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct CustomerNulls {
    pub currency: Null,
    pub customer_account: Null,
    pub default_source: Null,
    pub invoice_prefix: Null,
    pub test_clock: Null,
}

/// What the platform charges when it names nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct InvoiceSettings {
    /// There are no invoices.
    pub custom_fields: Null,
    /// The saved card.
    pub default_payment_method: Option<Expandable<PaymentMethod>>,
    /// There are no invoices.
    pub footer: Null,
    /// There are no invoices.
    pub rendering_options: Null,
}

/// Where a customer's goods go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomerShipping {
    /// To where.
    pub address: Address,
    /// To whom.
    pub name: String,
    /// The recipient's phone.
    pub phone: Option<String>,
}

/// A customer where another object names one: it may have been deleted since.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum AnyCustomer {
    /// It is there.
    Live(Box<Customer>),
    /// It was deleted.
    Deleted(Deleted),
}
