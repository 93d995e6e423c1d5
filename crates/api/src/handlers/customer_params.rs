//! What a request says about a customer.

use holdfast_core::address::{Address, ShippingTo};
use holdfast_core::command::SetupCard;
use holdfast_core::customer::{Customer, TaxExempt};
use holdfast_core::id::{Id as _, PaymentMethodId};
use holdfast_core::payment::card::CardToken;

use crate::error::ApiError;
use crate::fields::person::{self, applied};
use crate::fields::{self, card};
use crate::metadata::MetadataChange;
use crate::params::{Change, Params};

/// How many languages a customer may name.
const LOCALES_MAX: usize = 10;

/// What a request changes of a customer; of a new one all of it is given.
pub(super) struct Edit {
    name: Change<String>,
    business_name: Change<String>,
    individual_name: Change<String>,
    email: Change<String>,
    phone: Change<String>,
    description: Change<String>,
    address: Change<Address>,
    shipping: Change<ShippingTo>,
    locales: Option<Vec<String>>,
    tax_exempt: Option<TaxExempt>,
    clears_default: bool,
    /// The card that becomes the default.
    pub(super) default_method: Option<PaymentMethodId>,
    metadata: MetadataChange,
}

impl Edit {
    /// Takes what a customer has out of the parameters.
    pub(super) fn take(params: &mut Params) -> Result<Edit, ApiError> {
        let default = params.map("invoice_settings", default_method)?.unwrap_or(Change::Keep);
        // There are no invoices, so nobody has credit for them.
        params.integer("balance", 0..=0)?;
        tax(params)?;
        Ok(Edit {
            name: person::name(params)?,
            business_name: params.text_change("business_name", fields::NAME_CHARS_MAX)?,
            individual_name: params.text_change("individual_name", fields::NAME_CHARS_MAX)?,
            email: person::email(params)?,
            phone: person::phone(params)?,
            description: params.text_change("description", fields::DESCRIPTION_CHARS_MAX)?,
            address: person::address(params, "address")?,
            shipping: person::shipping(params, "shipping")?,
            locales: params.texts("preferred_locales", LOCALES_MAX, LOCALE_CHARS_MAX)?,
            tax_exempt: tax_exempt(params)?,
            clears_default: default == Change::Unset,
            default_method: if let Change::Set(id) = default { Some(id) } else { None },
            metadata: MetadataChange::take(params)?,
        })
    }

    /// Changes a customer.
    pub(super) fn apply(self, row: &mut Customer) -> Result<(), ApiError> {
        row.name = applied(self.name, &row.name);
        row.business_name = applied(self.business_name, &row.business_name);
        row.individual_name = applied(self.individual_name, &row.individual_name);
        row.email = applied(self.email, &row.email);
        row.phone = applied(self.phone, &row.phone);
        row.description = applied(self.description, &row.description);
        row.address = applied(self.address, &row.address);
        row.shipping = applied(self.shipping, &row.shipping);
        row.preferred_locales = self.locales.unwrap_or_else(|| row.preferred_locales.clone());
        row.tax_exempt = self.tax_exempt.unwrap_or(row.tax_exempt);
        if self.clears_default {
            row.default_method = None;
        }
        row.default_method = self.default_method.or(row.default_method);
        row.metadata = self.metadata.applied(&row.metadata)?;
        Ok(())
    }
}

/// The longest tag of a language (BCP 47 asks for 35 at least).
const LOCALE_CHARS_MAX: usize = 35;

fn default_method(settings: &mut Params) -> Result<Change<PaymentMethodId>, ApiError> {
    let name = "default_payment_method";
    let text = match settings.text_change(name, fields::ID_CHARS_MAX)? {
        Change::Keep => return Ok(Change::Keep),
        Change::Unset => return Ok(Change::Unset),
        Change::Set(text) => text,
    };
    let param = settings.spelled(name);
    let missing = || ApiError::unknown_reference("payment_method", &text, &param);
    PaymentMethodId::parse(&text).map(Change::Set).ok_or_else(missing)
}

/// Where the buyer is for taxes: taken, and looked at by nobody yet.
fn tax(params: &mut Params) -> Result<(), ApiError> {
    params.map("tax", |tax| {
        tax.text("ip_address", IP_CHARS_MAX)?;
        tax.choice("validate_location", &[("deferred", ()), ("immediately", ()), ("auto", ())])
    })?;
    Ok(())
}

/// The longest address of the internet protocol, version 6 with a version 4 in it.
const IP_CHARS_MAX: usize = 45;

fn tax_exempt(params: &mut Params) -> Result<Option<TaxExempt>, ApiError> {
    let words = [TaxExempt::None, TaxExempt::Exempt, TaxExempt::Reverse];
    params.choice("tax_exempt", &words.map(|word| (word.name(), word)))
}

/// The card that comes with a customer.
#[derive(Clone)]
pub(super) struct Card {
    /// By a token.
    pub(super) token: Option<CardToken>,
    /// By its id.
    pub(super) method: Option<PaymentMethodId>,
    /// Whether it came as `source`, the older name for the card that is charged by default.
    pub(super) is_source: bool,
    /// The parameter that it came in.
    pub(super) param: &'static str,
}

impl Card {
    /// Takes `source` and, where `with_method`, `payment_method`.
    pub(super) fn take(params: &mut Params, with_method: bool) -> Result<Card, ApiError> {
        let source = fields::token(params, "source")?;
        let method = if with_method { card::named(params, "payment_method")? } else { None };
        match (source, method) {
            (Some(_), Some(_)) => Err(ApiError::exclusive("source", "payment_method")),
            (Some(token), None) => {
                Ok(Card { token: Some(token), method: None, is_source: true, param: "source" })
            }
            (None, given) => {
                let card::Given { token, method, .. } = given.unwrap_or_default();
                Ok(Card { token, method, is_source: false, param: "payment_method" })
            }
        }
    }

    /// Whether the request names a card.
    pub(super) fn is_given(&self) -> bool {
        self.token.is_some() || self.method.is_some()
    }

    /// The card as the core takes it.
    pub(super) fn given(&self) -> SetupCard {
        let (token, method) = (self.token.clone(), self.method);
        SetupCard { token, method, ..SetupCard::default() }
    }
}
