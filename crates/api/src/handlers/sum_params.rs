//! What a payment's sum is made of and what the purchase is called: `amount_details` and
//! `payment_details`.

use holdfast_core::money::Money;
use holdfast_core::payment::details::{AmountDetails, AmountItem, AmountShipping, PaymentDetails};

use crate::error::ApiError;
use crate::fields;
use crate::params::{Change, Params};
use crate::render::details::flaw_words;

/// The longest name of a purchase at the buyer's or the shop's: the dialect's own bound.
const REFERENCE_CHARS_MAX: usize = 25;
/// The most things that a sum is made of: the dialect's own bound.
const ITEMS_MAX: usize = 200;
/// The longest name of a thing, its code and its unit: a line of a network's message each.
const ITEM_NAME_CHARS_MAX: usize = 1_024;
const ITEM_CODE_CHARS_MAX: usize = 12;
const ITEM_UNIT_CHARS_MAX: usize = 12;
/// The most of one thing: as many as the largest amount has units.
const QUANTITY_MAX: i64 = fields::AMOUNT_MAX;
/// The longest postal code, in characters: a line of an address has more.
const POSTAL_CODE_CHARS_MAX: usize = 10;

/// What a request says of what the sum is made of.
#[derive(Clone, Debug)]
pub(crate) struct SaidAmounts {
    discount: Change<i64>,
    items: Option<Vec<AmountItem>>,
    shipping: Change<AmountShipping>,
    tax: Change<i64>,
    /// Whether parts that do not add up are refused.
    is_strict: bool,
}

/// Takes `amount_details`; given empty it is taken away.
pub(crate) fn amounts(params: &mut Params) -> Result<Change<SaidAmounts>, ApiError> {
    params.map_change("amount_details", |details| {
        Ok(SaidAmounts {
            discount: minor_change(details, "discount_amount")?,
            items: details.list("line_items", ITEMS_MAX, item)?,
            shipping: details.map_change("shipping", shipping)?,
            tax: details.map_change("tax", total_tax)?,
            is_strict: details.boolean("enforce_arithmetic_validation")?.unwrap_or(true),
        })
    })
}

/// Takes `payment_details`; given empty it is taken away.
pub(crate) fn details(params: &mut Params) -> Result<Change<SaidDetails>, ApiError> {
    params.map_change("payment_details", |details| {
        Ok(SaidDetails {
            customer_reference: details.text_change("customer_reference", REFERENCE_CHARS_MAX)?,
            order_reference: details.text_change("order_reference", REFERENCE_CHARS_MAX)?,
        })
    })
}

/// What a request says of what the purchase is called.
#[derive(Clone, Debug)]
pub(crate) struct SaidDetails {
    customer_reference: Change<String>,
    order_reference: Change<String>,
}

impl SaidDetails {
    /// The names as the request wants them.
    pub(crate) fn applied(&self, before: Option<PaymentDetails>) -> PaymentDetails {
        let mut details = before.unwrap_or_default();
        self.customer_reference.apply_to(&mut details.customer_reference);
        self.order_reference.apply_to(&mut details.order_reference);
        details
    }
}

impl SaidAmounts {
    /// The parts as the request wants them, of a whole.
    ///
    /// # Refusals
    /// Parts that do not add up, unless the request wants that noted only.
    pub(crate) fn applied(
        &self,
        before: Option<Box<AmountDetails>>,
        whole: Money,
    ) -> Result<Box<AmountDetails>, ApiError> {
        let mut details = before.unwrap_or_default();
        self.discount.apply_to(&mut details.discount);
        self.shipping.apply_to(&mut details.shipping);
        self.tax.apply_to(&mut details.tax);
        if let Some(items) = &self.items {
            details.items.clone_from(items);
        }
        details.flaw = details.flaw_of(whole);
        match details.flaw {
            Some(flaw) if self.is_strict => {
                let (code, message) = flaw_words(flaw);
                Err(ApiError::param(code, "amount_details", message))
            }
            Some(_) | None => Ok(details),
        }
    }
}

fn item(item: &mut Params) -> Result<AmountItem, ApiError> {
    Ok(AmountItem {
        name: item.required_text("product_name", ITEM_NAME_CHARS_MAX)?,
        code: item.text("product_code", ITEM_CODE_CHARS_MAX)?,
        quantity: item.required_integer("quantity", 1..=QUANTITY_MAX)?,
        unit_cost: fields::minor(item, "unit_cost")?.ok_or_else(|| item.missing("unit_cost"))?,
        unit: item.text("unit_of_measure", ITEM_UNIT_CHARS_MAX)?,
        discount: fields::minor(item, "discount_amount")?,
        tax: item.map("tax", total_tax)?,
    })
}

fn total_tax(tax: &mut Params) -> Result<i64, ApiError> {
    let name = "total_tax_amount";
    fields::minor(tax, name)?.ok_or_else(|| tax.missing(name))
}

fn shipping(shipping: &mut Params) -> Result<AmountShipping, ApiError> {
    let mut said = AmountShipping::default();
    minor_change(shipping, "amount")?.apply_to(&mut said.minor);
    let from = shipping.text_change("from_postal_code", POSTAL_CODE_CHARS_MAX)?;
    from.apply_to(&mut said.from_postal_code);
    let to = shipping.text_change("to_postal_code", POSTAL_CODE_CHARS_MAX)?;
    to.apply_to(&mut said.to_postal_code);
    Ok(said)
}

fn minor_change(params: &mut Params, name: &str) -> Result<Change<i64>, ApiError> {
    if params.is_empty_text(name) {
        params.ignore(name);
        return Ok(Change::Unset);
    }
    Ok(fields::minor(params, name)?.map_or(Change::Keep, Change::Set))
}
