//! How a card is charged, what a sum is made of and what a purchase is called, as objects show it.

use holdfast_core::payment::capture_method::CaptureWords;
use holdfast_core::payment::details::{
    self, AmountFlaw, AmountItem, CardTerms, CredentialUsage, Keeping, MandateInterval, Wish,
};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::notes::Notes;
use holdfast_core::payment::setup::SetupTerms;

use crate::codes;
use crate::objects::{
    AmountDetails, AmountError, AmountLineItem, AmountLineItemWord, AmountShipping, AmountTax,
    CardOptions, List, MandateOptions, PaymentDetails, PaymentMethodOptions, SetupCardOptions,
    SetupMethodOptions,
};

use super::currency;

/// How to pay by card.
pub(crate) fn options(notes: &Notes) -> PaymentMethodOptions {
    let is_manual = notes.capture_words == CaptureWords::ManualForCards;
    let terms = &notes.card;
    let card = CardOptions {
        capture_method: is_manual.then_some("manual"),
        installments: (),
        mandate_options: mandate(terms),
        network: terms.network.clone(),
        request_extended_authorization: terms.extended.map(Wish::name),
        request_incremental_authorization: terms.incremental.map(Wish::name),
        request_multicapture: terms.multicapture.map(Wish::name),
        request_overcapture: terms.overcapture.map(Wish::name),
        request_three_d_secure: Some(notes.three_d_secure.name()),
        require_cvc_recollection: terms.asks_code_again,
        setup_credential_usage: terms.setup_usage.map(CredentialUsage::name),
        setup_future_usage: terms.future_usage.map(Keeping::name),
        stored_credential_usage: terms.stored_usage.map(CredentialUsage::name),
    };
    PaymentMethodOptions { card }
}

/// How to keep a card without a payment.
pub(crate) fn setup_options(terms: &SetupTerms) -> SetupMethodOptions {
    let card = SetupCardOptions {
        mandate_options: mandate(&terms.card),
        network: terms.card.network.clone(),
        request_three_d_secure: Some(terms.three_d_secure.name()),
        setup_credential_usage: terms.card.setup_usage.map(CredentialUsage::name),
    };
    SetupMethodOptions { card }
}

fn mandate(terms: &CardTerms) -> Option<MandateOptions> {
    let row = terms.mandate.as_ref()?;
    Some(MandateOptions {
        amount: row.minor,
        amount_type: if row.is_maximum { "maximum" } else { "fixed" },
        currency: row.currency.map(currency),
        description: row.description.clone(),
        end_date: row.ends.map(|at| at.seconds()),
        interval: MandateInterval::name(row.interval),
        interval_count: row.interval_count,
        reference: row.reference.clone(),
        start_date: row.starts.seconds(),
        supported_types: row.is_indian.then(|| vec!["india"]),
    })
}

/// What the purchase is called.
pub(crate) fn payment(row: &details::PaymentDetails) -> PaymentDetails {
    PaymentDetails {
        customer_reference: row.customer_reference.clone(),
        order_reference: row.order_reference.clone(),
    }
}

/// What a payment's sum is made of; the things bought are added where they were asked for.
pub(crate) fn amounts(row: &details::AmountDetails) -> AmountDetails {
    AmountDetails {
        discount_amount: row.discount,
        error: row.flaw.map(|flaw| {
            let (code, message) = flaw_words(flaw);
            AmountError { code, message }
        }),
        line_items: None,
        shipping: row.shipping.as_ref().map(|shipping| AmountShipping {
            amount: shipping.minor,
            from_postal_code: shipping.from_postal_code.clone(),
            to_postal_code: shipping.to_postal_code.clone(),
        }),
        tax: row.tax.map(|total_tax_amount| AmountTax { total_tax_amount }),
    }
}

/// What is wrong with the parts of a sum, as its code and a sentence.
pub(crate) fn flaw_words(flaw: AmountFlaw) -> (&'static str, &'static str) {
    match flaw {
        AmountFlaw::Mismatch => (
            codes::AMOUNT_DETAILS_AMOUNT_MISMATCH,
            "The line items, taxes, shipping and discounts do not add up to the amount.",
        ),
        AmountFlaw::AboveAmount => (
            codes::AMOUNT_DETAILS_ABOVE_AMOUNT,
            "Tax, shipping and discount together are larger than the amount.",
        ),
    }
}

/// The things that a payment's sum is made of.
pub(crate) fn line_items(row: &PaymentIntent) -> List<AmountLineItem> {
    let items = row.notes.amounts.iter().flat_map(|amounts| &amounts.items);
    let items = items.enumerate().map(|(at, item)| line_item(row, at, item)).collect();
    List::whole(format!("/v1/payment_intents/{}/amount_details_line_items", row.id), items)
}

fn line_item(of: &PaymentIntent, at: usize, item: &AmountItem) -> AmountLineItem {
    let payment = of.id.to_string();
    let payment = payment.split_once('_').map_or(payment.as_str(), |(_, digits)| digits);
    AmountLineItem {
        id: format!("uli_{payment}_{at}"),
        object: AmountLineItemWord,
        discount_amount: item.discount,
        payment_method_options: (),
        product_code: item.code.clone(),
        product_name: item.name.clone(),
        quantity: item.quantity,
        tax: item.tax.map(|total_tax_amount| AmountTax { total_tax_amount }),
        unit_cost: item.unit_cost,
        unit_of_measure: item.unit.clone(),
    }
}
