//! The parameters of an account: what a request says of a seller, applied to it.
//!
//! What is not named stays as it is, and an empty value takes away what may be taken away. The
//! same reading serves a new account, which begins with nothing.

use holdfast_core::currency::Currency;
use holdfast_core::seller::{
    Birthday, BusinessType, Company, Individual, PayoutInterval, PostalAddress, Seller, SellerKind,
    SellerSettings,
};
use holdfast_core::time::Timestamp;

use crate::error::ApiError;
use crate::fields;
use crate::metadata::MetadataChange;
use crate::params::{Change, Note, Params};
use crate::render::account::FROM_THE_START;

/// The longest telephone number with its spaces: E.164 has 15 digits.
const PHONE_CHARS_MAX: usize = 40;
/// The longest line of an address.
const LINE_CHARS_MAX: usize = 200;
/// The longest text of a statement: what card networks carry.
const DESCRIPTOR_CHARS_MAX: usize = 22;
/// The longest address of a machine, as IPv6 is written.
const IP_CHARS_MAX: usize = 45;
/// The longest name of a program.
const AGENT_CHARS_MAX: usize = 500;
/// The longest number of a tax office or an identity document. It is looked at and not kept.
const NUMBER_CHARS_MAX: usize = 64;
/// The most capabilities that one request names: all that the dialect has.
const CAPABILITIES_MAX: usize = 80;
/// The longest token of an account.
const TOKEN_CHARS_MAX: usize = 255;

/// Capabilities of the dialect beside those that every seller has from the start. They may be
/// asked for and stay inactive: payments here are by card.
const ON_REQUEST: [&str; 16] = [
    "afterpay_clearpay_payments",
    "bancontact_payments",
    "bank_transfer_payments",
    "card_issuing",
    "cartes_bancaires_payments",
    "eps_payments",
    "ideal_payments",
    "jcb_payments",
    "klarna_payments",
    "legacy_payments",
    "link_payments",
    "p24_payments",
    "sepa_debit_payments",
    "tax_reporting_us_1099_k",
    "tax_reporting_us_1099_misc",
    "us_bank_account_ach_payments",
];

/// Applies what every request about an account may say.
pub(crate) fn apply(params: &mut Params, row: &mut Seller) -> Result<(), ApiError> {
    if let Some(email) = fields::email(params, "email")? {
        row.email = Some(email);
    }
    if let Some(currency) = fields::optional_currency(params, "default_currency")? {
        row.currency = currency;
    }
    // Whoever made the token has shown its data there; there is nothing to take out of it here.
    params.text("account_token", TOKEN_CHARS_MAX)?;
    row.metadata = MetadataChange::take(params)?.applied(&row.metadata)?;
    if let Some(kind) = params.choice("business_type", &BUSINESS_TYPES)? {
        row.profile.business_type = Some(kind);
    }
    business_profile(params, row)?;
    capabilities(params, row)?;
    params.map("company", |params| company(params, &mut row.profile.company))?;
    params.map("individual", |params| individual(params, &mut row.profile.individual))?;
    params.map("settings", |params| settings(params, &mut row.profile.settings))?;
    terms(params, row)
}

/// Applies what only a new account may say.
pub(crate) fn apply_new(params: &mut Params, row: &mut Seller) -> Result<(), ApiError> {
    let kind = params.choice(
        "type",
        &[
            ("custom", SellerKind::Custom),
            ("express", SellerKind::Express),
            ("standard", SellerKind::Standard),
        ],
    )?;
    let controller = params.map("controller", controller)?;
    if let (Some(_), Some(_)) = (kind, controller) {
        return Err(ApiError::exclusive("type", "controller"));
    }
    row.profile.kind = kind.or(controller).unwrap_or_default();
    if let Some(country) = country(params, "country")? {
        row.country = country;
        row.currency = currency_of(&row.country);
    }
    Ok(())
}

const BUSINESS_TYPES: [(&str, BusinessType); 4] = [
    ("company", BusinessType::Company),
    ("government_entity", BusinessType::GovernmentEntity),
    ("individual", BusinessType::Individual),
    ("non_profit", BusinessType::NonProfit),
];

/// A controller says in many words what `type` says in one; the platform runs every account.
fn controller(params: &mut Params) -> Result<SellerKind, ApiError> {
    let payers = [("account", ()), ("application", ())];
    let bearers = [("application", ()), ("stripe", ())];
    params.map("fees", |params| params.choice("payer", &payers))?;
    params.map("losses", |params| params.choice("payments", &bearers))?;
    params.choice("requirement_collection", &bearers)?;
    let pages = [
        ("none", SellerKind::None),
        ("express", SellerKind::Express),
        ("full", SellerKind::Standard),
    ];
    let shown = params.map("stripe_dashboard", |params| params.choice("type", &pages))?.flatten();
    Ok(shown.unwrap_or(SellerKind::None))
}

fn business_profile(params: &mut Params, row: &mut Seller) -> Result<(), ApiError> {
    params.map("business_profile", |params| {
        set_text(params, "name", fields::NAME_CHARS_MAX, &mut row.name)?;
        let shop = &mut row.profile.business;
        mcc(params, &mut shop.mcc)?;
        let longest = fields::DESCRIPTION_CHARS_MAX;
        set_text(params, "product_description", longest, &mut shop.product_description)?;
        if let Some(email) = fields::email(params, "support_email")? {
            shop.support_email = Some(email);
        }
        set_text(params, "support_phone", PHONE_CHARS_MAX, &mut shop.support_phone)?;
        set_address(params, "support_address", &mut shop.support_address)?;
        for (name, slot) in [("url", &mut shop.url), ("support_url", &mut shop.support_url)] {
            if let Some(url) = fields::url(params, name)? {
                *slot = Some(url);
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// A merchant category code: four digits.
fn mcc(params: &mut Params, slot: &mut Option<String>) -> Result<(), ApiError> {
    let Some(code) = params.text("mcc", 4)? else { return Ok(()) };
    if code.len() != 4 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fields::invalid(params, "mcc", "must be four digits (ISO 18245)"));
    }
    *slot = Some(code);
    Ok(())
}

/// What is there from the start may be asked for and not declined; the rest is noted.
fn capabilities(params: &mut Params, row: &mut Seller) -> Result<(), ApiError> {
    let asked = &mut row.profile.capabilities;
    params.map("capabilities", |capabilities| {
        for name in FROM_THE_START {
            capabilities
                .map(name, |capability| capability.required_choice("requested", &[("true", ())]))?;
        }
        for name in ON_REQUEST {
            let requested = capabilities.map(name, |capability| capability.boolean("requested"))?;
            match requested.flatten() {
                Some(true) => note(asked, name),
                Some(false) => asked.retain(|known| known != name),
                None => {}
            }
        }
        Ok(())
    })?;
    let longest = fields::NAME_CHARS_MAX;
    let old = params.texts("requested_capabilities", CAPABILITIES_MAX, longest)?;
    for name in old.unwrap_or_default() {
        if !is_capability(&name) {
            let must = "must hold names of capabilities";
            return Err(fields::invalid(params, "requested_capabilities", must));
        }
        if !FROM_THE_START.contains(&name.as_str()) {
            note(asked, &name);
        }
    }
    Ok(())
}

/// Whether the dialect has such a capability.
pub(crate) fn is_capability(name: &str) -> bool {
    FROM_THE_START.contains(&name) || ON_REQUEST.contains(&name)
}

/// Notes that a capability was asked for.
pub(crate) fn note(asked: &mut Vec<String>, name: &str) {
    if !asked.iter().any(|known| known == name) {
        asked.push(name.to_owned());
    }
}

fn company(params: &mut Params, row: &mut Company) -> Result<(), ApiError> {
    set_text(params, "name", fields::NAME_CHARS_MAX, &mut row.name)?;
    set_text(params, "phone", PHONE_CHARS_MAX, &mut row.phone)?;
    set_address(params, "address", &mut row.address)?;
    row.has_tax_id |= params.text("tax_id", NUMBER_CHARS_MAX)?.is_some();
    for name in ["directors_provided", "executives_provided", "owners_provided"] {
        params.boolean(name)?;
    }
    Ok(())
}

fn individual(params: &mut Params, row: &mut Individual) -> Result<(), ApiError> {
    set_text(params, "first_name", fields::NAME_CHARS_MAX, &mut row.first_name)?;
    set_text(params, "last_name", fields::NAME_CHARS_MAX, &mut row.last_name)?;
    set_text(params, "phone", PHONE_CHARS_MAX, &mut row.phone)?;
    if let Some(email) = fields::email(params, "email")? {
        row.email = Some(email);
    }
    set_address(params, "address", &mut row.address)?;
    match params.map_change("dob", birthday)? {
        Change::Keep => {}
        Change::Unset => row.born = None,
        Change::Set(born) => row.born = Some(born),
    }
    for name in ["id_number", "ssn_last_4"] {
        row.has_id_number |= params.text(name, NUMBER_CHARS_MAX)?.is_some();
    }
    Ok(())
}

fn birthday(params: &mut Params) -> Result<Birthday, ApiError> {
    // The ranges hold in the types.
    let small = |number: i64| u8::try_from(number).unwrap_or_default();
    Ok(Birthday {
        day: small(params.required_integer("day", 1..=31)?),
        month: small(params.required_integer("month", 1..=12)?),
        year: u16::try_from(params.required_integer("year", 1900..=2099)?).unwrap_or_default(),
    })
}

fn settings(params: &mut Params, row: &mut SellerSettings) -> Result<(), ApiError> {
    params.map("payouts", |params| payouts(params, row))?;
    params.map("payments", |params| {
        set_text(params, "statement_descriptor", DESCRIPTOR_CHARS_MAX, &mut row.payment_descriptor)
    })?;
    params.map("card_payments", |params| {
        let prefix = &mut row.card_descriptor_prefix;
        set_text(params, "statement_descriptor_prefix", DESCRIPTOR_CHARS_MAX, prefix)
    })?;
    params.map("dashboard", |params| {
        set_text(params, "display_name", fields::NAME_CHARS_MAX, &mut row.display_name)
    })?;
    Ok(())
}

fn payouts(params: &mut Params, row: &mut SellerSettings) -> Result<(), ApiError> {
    set_text(params, "statement_descriptor", DESCRIPTOR_CHARS_MAX, &mut row.payout_descriptor)?;
    if let Some(debits) = params.boolean("debit_negative_balances")? {
        row.debits_negative_balances = debits;
    }
    params.map("schedule", |params| schedule(params, row))?;
    Ok(())
}

const INTERVALS: [(&str, PayoutInterval); 4] = [
    ("manual", PayoutInterval::Manual),
    ("daily", PayoutInterval::Daily),
    ("weekly", PayoutInterval::Weekly),
    ("monthly", PayoutInterval::Monthly),
];
const WEEKDAYS: [(&str, &str); 7] = [
    ("monday", "monday"),
    ("tuesday", "tuesday"),
    ("wednesday", "wednesday"),
    ("thursday", "thursday"),
    ("friday", "friday"),
    ("saturday", "saturday"),
    ("sunday", "sunday"),
];

fn schedule(params: &mut Params, row: &mut SellerSettings) -> Result<(), ApiError> {
    let schedule = &mut row.schedule;
    if let Some(interval) = params.choice("interval", &INTERVALS)? {
        schedule.interval = interval;
    }
    if params.is_scalar("delay_days") && !is_number(params, "delay_days") {
        params.required_choice("delay_days", &[("minimum", ())])?;
        schedule.delay_days = None;
    }
    if let Some(days) = params.integer("delay_days", 0..=31)? {
        schedule.delay_days = u8::try_from(days).ok();
    }
    if let Some(day) = params.integer("monthly_anchor", 1..=31)? {
        schedule.monthly_days = u8::try_from(day).into_iter().collect();
    }
    if let Some(day) = params.choice("weekly_anchor", &WEEKDAYS)? {
        schedule.weekly_days = vec![day.to_owned()];
    }
    if schedule.interval == PayoutInterval::Weekly && schedule.weekly_days.is_empty() {
        return Err(params.missing("weekly_anchor"));
    }
    if schedule.interval == PayoutInterval::Monthly && schedule.monthly_days.is_empty() {
        return Err(params.missing("monthly_anchor"));
    }
    Ok(())
}

fn is_number(params: &Params, name: &str) -> bool {
    let mut read = params.clone();
    matches!(read.integer(name, i64::MIN..=i64::MAX), Ok(Some(_)))
}

fn terms(params: &mut Params, row: &mut Seller) -> Result<(), ApiError> {
    let terms = &mut row.profile.terms;
    params.map("tos_acceptance", |params| {
        if let Some(date) = params.timestamp("date")? {
            terms.accepted_at = Some(Timestamp::from_seconds(date));
        }
        if let Some(ip) = params.text("ip", IP_CHARS_MAX)? {
            if ip.parse::<std::net::IpAddr>().is_err() {
                return Err(fields::invalid(params, "ip", "must be an address of a machine"));
            }
            terms.ip = Some(ip);
        }
        set_text(params, "user_agent", AGENT_CHARS_MAX, &mut terms.user_agent)?;
        let agreements = [("full", "full"), ("recipient", "recipient")];
        if let Some(word) = params.choice("service_agreement", &agreements)? {
            terms.service_agreement = Some(word.to_owned());
        }
        Ok(())
    })?;
    Ok(())
}

/// A country of ISO 3166-1, by its form.
pub(crate) fn country(params: &mut Params, name: &str) -> Result<Option<String>, ApiError> {
    params.note(name, || Note {
        pattern: Some("^[A-Z]{2}$".into()),
        example: Some("US".into()),
        doc: Some("A country of ISO 3166-1."),
        ..Note::default()
    });
    let Some(country) = params.text(name, 2)? else { return Ok(None) };
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(fields::invalid(params, name, "must be two capital letters (ISO 3166-1)"));
    }
    Ok(Some(country))
}

/// The currency that a seller of a country thinks in, where its test banks say so; else dollars.
fn currency_of(country: &str) -> Currency {
    let mut numbers = holdfast_core::bank::test_numbers();
    let known = numbers.find(|number| number.country == country);
    known.map_or(Currency::USD, |number| number.currency)
}

fn set_text(
    params: &mut Params,
    name: &str,
    chars_max: usize,
    slot: &mut Option<String>,
) -> Result<(), ApiError> {
    match params.text_change(name, chars_max)? {
        Change::Keep => {}
        Change::Unset => *slot = None,
        Change::Set(text) => *slot = Some(text),
    }
    Ok(())
}

fn set_address(
    params: &mut Params,
    name: &str,
    slot: &mut Option<PostalAddress>,
) -> Result<(), ApiError> {
    let before = slot.clone().unwrap_or_default();
    let changed = params.map_change(name, |params| {
        let mut address = before;
        set_text(params, "city", LINE_CHARS_MAX, &mut address.city)?;
        if let Some(country) = country(params, "country")? {
            address.country = Some(country);
        }
        set_text(params, "line1", LINE_CHARS_MAX, &mut address.line1)?;
        set_text(params, "line2", LINE_CHARS_MAX, &mut address.line2)?;
        set_text(params, "postal_code", LINE_CHARS_MAX, &mut address.postal_code)?;
        set_text(params, "state", LINE_CHARS_MAX, &mut address.state)?;
        Ok(address)
    })?;
    match changed {
        Change::Keep => {}
        Change::Unset => *slot = None,
        Change::Set(address) => *slot = Some(address),
    }
    Ok(())
}
