//! A visit to the pay page as a `checkout.session`.

use holdfast_core::checkout::{
    self, BlockedCards, Line, PayBy, PaymentTerms, SessionState, Settling, Totals,
};
use holdfast_core::currency::Currency;
use holdfast_core::id::Id as _;
use holdfast_core::id::{CheckoutSessionId, LineId};
use holdfast_core::money::Money;
use holdfast_core::payment::details::Wish;

use crate::objects::{
    AdjustableQuantity, AfterExpiration, AutomaticTax, Breakdown, BrokenDown, CardRestrictions,
    CheckoutSession, CheckoutSessionNulls, CheckoutSessionWord, CollectedInformation, Consent,
    CustomerDetails, Enabled, Expandable, LineItem, LineItemWord, List, Price, PriceNulls,
    PriceWord, Recovery, SessionCardOptions, SessionPaymentMethodOptions, ShippingCost,
    ShippingCountries, ShippingDetails, ShippingOption, TotalDetails,
};
use crate::version::Rendering;

use super::{LIVEMODE, Style, currency, discount, minor, session_page, shipping_rate};

/// A checkout session, its lines left out.
pub(crate) fn object(row: &checkout::CheckoutSession, style: &Style<'_>) -> CheckoutSession {
    CheckoutSession {
        id: name(row.id),
        object: CheckoutSessionWord,
        amount_subtotal: totals(row).map(|totals| totals.items.minor()),
        amount_total: totals(row).map(|totals| totals.total.minor()),
        automatic_tax: AutomaticTax::default(),
        after_expiration: row.page.recovery.map(recovery),
        allow_promotion_codes: row.page.allow_codes,
        billing_address_collection: row.page.billing_address_collection.clone(),
        cancel_url: row.cancel_url.clone(),
        client_reference_id: row.client_reference.clone(),
        collected_information: collected(row),
        consent: consent(row),
        consent_collection: session_page::consent_collection(&row.page.questions),
        created: row.created.seconds(),
        currency: shown_currency(row).map(currency),
        custom_fields: session_page::fields(&row.page.questions, Some(&row.answers())),
        custom_text: session_page::texts(&row.page.texts),
        customer: row.customer.map(super::named::customer),
        customer_creation: customer_creation(row),
        customer_details: customer(row),
        customer_email: row.customer_email.clone(),
        discounts: row.discount.as_deref().map(discount::of_session),
        expires_at: row.expires_at.seconds(),
        line_items: None,
        livemode: LIVEMODE,
        locale: row.locale.clone(),
        metadata: row.metadata.clone(),
        mode: if row.setup.is_some() { "setup" } else { "payment" },
        name_collection: session_page::name_collection(&row.page.questions),
        payment_intent: row.intent.map(|intent| Expandable::Id(intent.to_string())),
        payment_link: row.link.map(|link| Expandable::Id(link.to_string())),
        payment_method_options: Some(options(&row.terms)),
        payment_method_types: methods(row),
        payment_status: payment_status(row),
        phone_number_collection: row.page.phone_number.map(|enabled| Enabled { enabled }),
        setup_intent: row.setup.map(|of| Expandable::Id(of.intent.to_string())),
        shipping_address_collection: countries(row),
        shipping_cost: shipping_cost(row),
        shipping_options: shipping_options(row),
        status: Some(row.state.name()),
        submit_type: row.page.submit_type.clone(),
        success_url: row.success_url.clone(),
        total_details: totals(row).as_ref().map(total_details),
        ui_mode: Some(ui_mode(style.rendering)),
        url: url(row, style),
        nulls: CheckoutSessionNulls::default(),
    }
}

/// The sums; nothing is reckoned where nothing is sold.
fn totals(row: &checkout::CheckoutSession) -> Option<Totals> {
    row.totals().ok().filter(|_| row.setup.is_none())
}

/// How ids of sessions begin on the wire, in test mode. The id of the stored row says nothing of
/// the mode.
pub(crate) const WIRE_PREFIX: &str = "cs_test_";

/// The id of a session as the wire writes it.
pub(crate) fn name(session: CheckoutSessionId) -> String {
    format!("{WIRE_PREFIX}{}", digits(session))
}

/// The address of a session's pay page, whose last part grants access to it.
pub(crate) fn pay_page(row: &checkout::CheckoutSession, pay_origin: &str) -> String {
    format!("{pay_origin}/c/{}/{}", name(row.id), row.secret.reveal())
}

/// The lines of a session.
pub(crate) fn lines(row: &checkout::CheckoutSession) -> List<LineItem> {
    let url = format!("/v1/checkout/sessions/{}/line_items", name(row.id));
    let discounts = row.line_discounts().unwrap_or_default();
    let discounts = discounts.into_iter().map(Money::minor).chain(std::iter::repeat(0));
    let lines = row.lines.iter().zip(discounts);
    List::whole(url, lines.map(|(line, discount)| line_item(row, line, discount)).collect())
}

/// One line, with what is taken off it. A price that was given with its line has an id made of the
/// line's.
fn line_item(row: &checkout::CheckoutSession, line: &Line, discount: i64) -> LineItem {
    let excluded = if line.excludes_card { vec!["card".to_owned()] } else { Vec::new() };
    let total = minor(line.total());
    LineItem {
        adjustable_quantity: adjustable(line.adjustable),
        amount_discount: discount,
        amount_total: total.saturating_sub(discount),
        description: Some(line.name.clone()),
        excluded_payment_method_types: excluded,
        metadata: line.metadata.clone(),
        price: Some(price(row, line)),
        quantity: Some(line.quantity.into()),
        seller: line.seller.map(|seller| seller.to_string()),
        ..bare_line(line.id, currency(row.currency), total)
    }
}

/// A line of which only the sum is known.
pub(crate) fn bare_line(id: LineId, currency: String, total: i64) -> LineItem {
    LineItem {
        id: id.to_string(),
        object: LineItemWord,
        adjustable_quantity: None,
        amount_discount: 0,
        amount_subtotal: total,
        amount_tax: 0,
        amount_total: total,
        currency,
        description: None,
        excluded_payment_method_types: Vec::new(),
        metadata: Default::default(),
        price: None,
        quantity: None,
        seller: None,
    }
}

/// Within which bounds the buyer may change the quantity of a line.
pub(crate) fn adjustable(bounds: Option<checkout::Adjustable>) -> Option<AdjustableQuantity> {
    let checkout::Adjustable { minimum, maximum } = bounds?;
    Some(AdjustableQuantity { enabled: true, maximum, minimum })
}

fn recovery(allow_promotion_codes: bool) -> AfterExpiration {
    let recovery = Recovery { allow_promotion_codes, enabled: true, expires_at: None, url: None };
    AfterExpiration { recovery: Some(recovery) }
}

fn customer_creation(row: &checkout::CheckoutSession) -> Option<String> {
    // Who is known already is not made anew.
    row.page.customer_creation.clone().filter(|_| row.customer.is_none())
}

fn countries(row: &checkout::CheckoutSession) -> Option<ShippingCountries> {
    let allowed_countries = row.page.shipping_countries.clone();
    (!allowed_countries.is_empty()).then_some(ShippingCountries { allowed_countries })
}

fn price(row: &checkout::CheckoutSession, line: &Line) -> Price {
    let digits = line.id.to_string().split_off(LineId::PREFIX.len());
    let listed = line.listed.as_ref();
    let id = listed.map(|listed| listed.price.to_string());
    let product = line.product().map(ToString::to_string);
    Price {
        id: id.unwrap_or_else(|| format!("price_{digits}")),
        object: PriceWord,
        active: listed.is_some(),
        billing_scheme: "per_unit",
        created: row.created.seconds(),
        currency: currency(row.currency),
        livemode: LIVEMODE,
        lookup_key: None,
        metadata: Default::default(),
        nickname: None,
        product: Expandable::Id(product.unwrap_or_else(|| format!("prod_{digits}"))),
        recurring: None,
        tax_behavior: None,
        kind: "one_time",
        unit_amount: Some(line.unit.minor()),
        unit_amount_decimal: Some(line.unit.minor().to_string()),
        nulls: PriceNulls::default(),
    }
}

/// Who the buyer is, as far as the shop and the buyer have said.
fn customer(row: &checkout::CheckoutSession) -> Option<CustomerDetails> {
    let (email, given) = (row.email().map(str::to_owned), row.given.clone());
    let answers = row.answers();
    let details = CustomerDetails {
        address: given.address.as_ref().map(super::notes::address),
        business_name: answers.business_name,
        email,
        individual_name: answers.individual_name,
        name: given.name,
        phone: given.phone,
        ..CustomerDetails::default()
    };
    (details != CustomerDetails::default()).then_some(details)
}

/// What the buyer gave of what the page asked; `None` until there is something.
fn collected(row: &checkout::CheckoutSession) -> Option<CollectedInformation> {
    let answers = row.answers();
    let collected = CollectedInformation {
        business_name: answers.business_name,
        individual_name: answers.individual_name,
        shipping_details: row.given.shipping.as_deref().map(|to| ShippingDetails {
            address: super::notes::address(&to.address),
            name: to.name.clone(),
        }),
    };
    (collected != CollectedInformation::default()).then_some(collected)
}

fn consent(row: &checkout::CheckoutSession) -> Option<Consent> {
    session_page::consent(&row.page.questions, row.given.answers.as_deref())
}

/// How the card is charged.
fn options(terms: &PaymentTerms) -> SessionPaymentMethodOptions {
    let card = SessionCardOptions {
        capture_method: terms.card_by_hand.then_some("manual"),
        request_extended_authorization: terms.card.extended.map(Wish::name),
        request_incremental_authorization: terms.card.incremental.map(Wish::name),
        request_multicapture: terms.card.multicapture.map(Wish::name),
        request_overcapture: terms.card.overcapture.map(Wish::name),
        request_three_d_secure: terms.three_d_secure.name(),
        restrictions: restrictions(&terms.blocked),
        setup_future_usage: terms.card.future_usage.map(|keeping| keeping.name()),
    };
    SessionPaymentMethodOptions { card }
}

/// The cards that a shop does not take, if there are such.
pub(super) fn restrictions(blocked: &BlockedCards) -> Option<CardRestrictions> {
    (!blocked.is_empty()).then(|| CardRestrictions {
        brands_blocked: blocked.brands.iter().map(|brand| brand.name()).collect(),
        funding_types_blocked: blocked.fundings.iter().map(|funding| funding.name()).collect(),
    })
}

/// The currency of the amounts; where there are none, what the shop named.
fn shown_currency(row: &checkout::CheckoutSession) -> Option<Currency> {
    match row.setup {
        Some(of) => of.currency,
        None => Some(row.currency),
    }
}

fn methods(row: &checkout::CheckoutSession) -> Vec<String> {
    let ways = [(PayBy::Card, row.allows_card()), (PayBy::SepaDebit, row.allows_debit())];
    let allowed = ways.into_iter().filter(|(_, allowed)| *allowed);
    allowed.map(|(way, _)| way.name().to_owned()).collect()
}

/// Paid from the buyer's side: the bank holds the money from then on.
fn payment_status(row: &checkout::CheckoutSession) -> &'static str {
    if row.setup.is_some() {
        return "no_payment_required";
    }
    match row.state {
        SessionState::Complete { .. } if row.settling == Settling::No => "paid",
        SessionState::Complete { .. } => "unpaid",
        SessionState::Open | SessionState::Expired { .. } => "unpaid",
    }
}

fn url(row: &checkout::CheckoutSession, style: &Style<'_>) -> Option<String> {
    match row.state {
        SessionState::Open => style.pay_origin.map(|origin| pay_page(row, origin)),
        SessionState::Complete { .. } | SessionState::Expired { .. } => None,
    }
}

fn ui_mode(rendering: Rendering) -> &'static str {
    match rendering {
        Rendering::WithCharges | Rendering::Plain => "hosted",
        Rendering::NewUiModes | Rendering::AllowedTypes => "hosted_page",
    }
}

fn shipping_cost(row: &checkout::CheckoutSession) -> Option<ShippingCost> {
    let amount = row.shipping()?.amount.minor();
    let before = usize::from(row.shipping_before);
    let rate = row.shipping_choice.map(|at| shipping_rate::name(row.id, before + usize::from(at)));
    Some(ShippingCost {
        amount_subtotal: amount,
        amount_tax: 0,
        amount_total: amount,
        shipping_rate: rate.map(Expandable::Id),
    })
}

/// Ways to ship that are offered anew are other rates than those before.
fn shipping_options(row: &checkout::CheckoutSession) -> Vec<ShippingOption> {
    shipping_rate::options(row.id, row.shipping_before.into(), &row.shipping_options)
}

fn digits(session: CheckoutSessionId) -> String {
    session.to_string().split_off(CheckoutSessionId::PREFIX.len())
}

fn total_details(totals: &Totals) -> TotalDetails {
    TotalDetails {
        amount_discount: totals.discount.minor(),
        amount_shipping: Some(totals.shipping.minor()),
        amount_tax: 0,
        breakdown: None,
    }
}

/// What was taken off, and by what.
pub(crate) fn breakdown(row: &checkout::CheckoutSession) -> Breakdown {
    let amount = row.totals().map_or(0, |totals| totals.discount.minor());
    let applied = row.discount.as_deref();
    let discounts =
        applied.map(|applied| BrokenDown { amount, discount: discount::of_applied(row, applied) });
    Breakdown { discounts: discounts.into_iter().collect(), taxes: Vec::new() }
}
