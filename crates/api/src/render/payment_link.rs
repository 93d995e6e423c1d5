//! A page that sells the same things again and again as a `payment_link`.

use holdfast_core::catalogue::payment_link::{self, AfterPaying};
use holdfast_core::checkout::{PaymentTerms, TermsTransfer};
use holdfast_core::payment::capture_method::CaptureMethod;

use crate::objects::{
    AfterCompletion, CompletedSessions, Enabled, Expandable, HostedConfirmation, LinkCardOptions,
    LinkMethodOptions, LinkPayment, LinkRestrictions, LinkTax, LinkTransfer, Metadata, PaymentLink,
    PaymentLinkNulls, PaymentLinkWord, RedirectTo, ShippingCountries, TaxIdCollection,
};

use super::checkout_session::restrictions;
use super::{LIVEMODE, currency, session_page, shipping_rate};

/// A payment link of which `paid` sessions were paid, its lines left out.
pub(crate) fn object(row: &payment_link::PaymentLink, pay_origin: &str, paid: u32) -> PaymentLink {
    let page = &row.page;
    let limit =
        |limit| LinkRestrictions { completed_sessions: CompletedSessions { count: paid, limit } };
    let countries = (!page.shipping_countries.is_empty())
        .then(|| ShippingCountries { allowed_countries: page.shipping_countries.clone() });
    PaymentLink {
        id: row.id.to_string(),
        object: PaymentLinkWord,
        active: row.active,
        after_completion: after(&row.after),
        allow_promotion_codes: page.allow_codes.unwrap_or(false),
        application_fee_amount: row.payment.application_fee,
        automatic_tax: LinkTax::default(),
        billing_address_collection: word(page.billing_address_collection.as_ref(), "auto"),
        consent_collection: session_page::consent_collection(&page.questions),
        currency: currency(row.currency),
        custom_fields: session_page::fields(&page.questions, None),
        custom_text: session_page::texts(&page.texts),
        customer_creation: word(page.customer_creation.as_ref(), "if_required"),
        inactive_message: row.inactive_message.clone(),
        line_items: None,
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        name_collection: session_page::name_collection(&page.questions),
        on_behalf_of: row.payment.on_behalf_of.map(|seller| Expandable::Id(seller.to_string())),
        payment_intent_data: payment(&row.payment, &row.payment_metadata),
        payment_method_collection: "always",
        payment_method_options: restrictions(&row.payment.blocked)
            .map(|restrictions| LinkMethodOptions { card: LinkCardOptions { restrictions } }),
        phone_number_collection: Enabled { enabled: page.phone_number.unwrap_or(false) },
        restrictions: row.sessions_max.map(limit),
        shipping_address_collection: countries,
        shipping_options: shipping_rate::options(row.id, 0, &row.shipping_options),
        submit_type: word(page.submit_type.as_ref(), "auto"),
        tax_id_collection: TaxIdCollection { enabled: false, required: "never" },
        transfer_data: row.payment.transfer.map(transfer),
        url: address(row, pay_origin),
        nulls: PaymentLinkNulls::default(),
    }
}

/// The address of a link's page.
pub(crate) fn address(row: &payment_link::PaymentLink, pay_origin: &str) -> String {
    format!("{pay_origin}/l/{}/{}", row.id, row.secret.reveal())
}

fn word(given: Option<&String>, default: &str) -> String {
    given.map_or_else(|| default.to_owned(), String::clone)
}

fn after(after: &AfterPaying) -> AfterCompletion {
    match after {
        AfterPaying::Page { message } => AfterCompletion {
            hosted_confirmation: Some(HostedConfirmation { custom_message: message.clone() }),
            redirect: None,
            kind: "hosted_confirmation",
        },
        AfterPaying::Redirect { url } => AfterCompletion {
            hosted_confirmation: None,
            redirect: Some(RedirectTo { url: url.clone() }),
            kind: "redirect",
        },
    }
}

fn transfer(terms: TermsTransfer) -> LinkTransfer {
    LinkTransfer {
        amount: terms.amount,
        destination: Expandable::Id(terms.destination.to_string()),
    }
}

/// What is said in `payment_intent_data`; to whom the money goes on stands beside it.
fn payment(terms: &PaymentTerms, metadata: &Metadata) -> Option<LinkPayment> {
    let going_on = PaymentTerms {
        on_behalf_of: terms.on_behalf_of,
        transfer: terms.transfer,
        application_fee: terms.application_fee,
        ..PaymentTerms::default()
    };
    if *terms == going_on && metadata.is_empty() {
        return None;
    }
    Some(LinkPayment {
        capture_method: terms.capture_method.map(|method| match method {
            CaptureMethod::Automatic => "automatic",
            CaptureMethod::Manual => "manual",
        }),
        description: terms.description.clone(),
        metadata: metadata.clone(),
        setup_future_usage: terms.setup_future_usage.map(|usage| usage.name()),
        statement_descriptor: terms.statement_descriptor.clone(),
        statement_descriptor_suffix: terms.statement_descriptor_suffix.clone(),
        transfer_group: terms.transfer_group.clone(),
    })
}
