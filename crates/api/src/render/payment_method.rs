//! A card as a `payment_method`: a kept one from its row, another from the attempt that used it.

use holdfast_core::address;
use holdfast_core::id::{Id, PaymentMethodId};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::card::{CardSummary, DEBIT_BRAND};
use holdfast_core::payment::method::{self, Redisplay};
use holdfast_core::payment::setup::SetupAttempt;

use crate::objects::{
    BillingDetails, CardChecks, CardNetworks, PaymentMethod, PaymentMethodCard,
    PaymentMethodCardNulls, PaymentMethodWord, SepaDebit, ThreeDSecureUsage,
};

use super::{LIVEMODE, customer, named};

/// A kept card.
pub(crate) fn object(row: &method::PaymentMethod) -> PaymentMethod {
    PaymentMethod {
        allow_redisplay: row.allow_redisplay.map(Redisplay::name),
        customer: row.customer.map(named::customer),
        created: row.created.seconds(),
        metadata: row.metadata.clone(),
        ..seen(row.id, row.card().map(|card| &card.summary), &row.billing)
    }
}

/// The card of a payment that did not keep it.
pub(crate) fn of_attempt(id: PaymentMethodId, row: &Attempt) -> PaymentMethod {
    let billing = row.billing.clone().unwrap_or_default();
    let metadata = row.method_metadata.clone();
    PaymentMethod { metadata, ..seen(id, row.card.as_ref(), &billing) }
}

/// The card of an attempt to save it.
pub(crate) fn of_setup(row: &SetupAttempt) -> PaymentMethod {
    let metadata = row.method_metadata.clone();
    PaymentMethod { metadata, ..seen(row.method, row.card.as_ref(), &row.billing) }
}

/// A card of which no more is kept than what was seen of it.
pub(crate) fn seen(
    id: PaymentMethodId,
    summary: Option<&CardSummary>,
    billed: &address::BillingDetails,
) -> PaymentMethod {
    PaymentMethod {
        id: id.to_string(),
        object: PaymentMethodWord,
        allow_redisplay: None,
        billing_details: billing(billed),
        card: summary.filter(|it| !is_debit(it)).map(card),
        // The id was made as the card was given.
        created: id.made_at_ms().div_euclid(1_000),
        customer: None,
        customer_account: (),
        livemode: LIVEMODE,
        metadata: Default::default(),
        sepa_debit: summary.filter(|it| is_debit(it)).map(sepa_debit),
        kind: if summary.is_some_and(is_debit) { DEBIT_BRAND } else { "card" },
    }
}

/// Whether a summary is of a bank account that is debited.
pub(super) fn is_debit(summary: &CardSummary) -> bool {
    summary.brand == DEBIT_BRAND
}

/// A bank account.
fn sepa_debit(summary: &CardSummary) -> SepaDebit {
    SepaDebit {
        bank_code: (),
        branch_code: (),
        country: summary.country.clone(),
        fingerprint: summary.fingerprint.clone(),
        last4: Some(summary.last4.clone()),
        generated_from: (),
    }
}

/// Whose card it is, as far as the buyer said.
pub(crate) fn billing(row: &address::BillingDetails) -> BillingDetails {
    BillingDetails {
        address: row.address.as_ref().map(customer::address),
        email: row.email.clone(),
        name: row.name.clone(),
        phone: row.phone.clone(),
        tax_id: (),
    }
}

fn card(card: &CardSummary) -> PaymentMethodCard {
    let networks = CardNetworks { available: card.networks(), preferred: () };
    PaymentMethodCard {
        brand: card.brand.clone(),
        checks: Some(checks(card)),
        country: card.country.clone(),
        display_brand: Some(card.brand.clone()),
        exp_month: card.exp_month.into(),
        exp_year: card.exp_year.into(),
        fingerprint: card.fingerprint.clone(),
        funding: card.funding.clone(),
        last4: card.last4.clone(),
        networks: Some(networks),
        three_d_secure_usage: Some(ThreeDSecureUsage { supported: true }),
        nulls: PaymentMethodCardNulls::default(),
    }
}

/// What the bank said of what the buyer typed.
pub(super) fn checks(card: &CardSummary) -> CardChecks {
    CardChecks { cvc_check: Some(card.cvc_check.name().to_owned()), ..CardChecks::default() }
}
