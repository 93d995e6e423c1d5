//! The parameters of a new checkout session.

use holdfast_core::checkout::{PageWishes, PayBy, PaymentTerms};
use holdfast_core::command::{CreateCheckoutSession, NewLine};
use holdfast_core::currency::Currency;
use holdfast_core::id::{CustomerId, SellerId};
use holdfast_core::money::Money;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::refusal::Refusal;
use holdfast_core::time::{Span, Timestamp};

use crate::api::Api;
use crate::codes;
use crate::error::ApiError;
use crate::fields;
use crate::metadata;
use crate::method_types::{CARD, METHOD_TYPES};
use crate::params::Params;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;

use super::card_terms::SaidTerms;
use super::cards;
use super::session_discounts::{self, SaidDiscount};
use super::session_page::SaidPage;
use super::session_setup;
use super::session_terms::{self, LINES_MAX, LineAsked, PAGE, QUANTITY_MAX};
use super::shipping_params;

/// The most ways to pay that a request may list.
const METHODS_MAX: usize = 20;
/// The longest name that a shop gives to a visit, in characters; as in the dialect.
const REFERENCE_CHARS_MAX: usize = 200;
/// The shortest and the longest life of a session; as in the dialect. A buyer needs minutes to
/// find a card, and prices do not hold for days.
const LIFE: (Span, Span) = (Span::seconds(30 * 60), Span::hours(24));
/// A language, with or without a region: `ar`, `pt-BR`, `auto`.
const LOCALE_CHARS_MAX: usize = 10;

// All amounts of the largest basket fit: a line's, and their sum.
const _: () = assert!(fields::AMOUNT_MAX < i64::MAX / QUANTITY_MAX / 101);

/// A session as it was asked for, its lines not yet looked up.
pub(crate) struct Asked {
    create: CreateCheckoutSession,
    lines: Vec<LineAsked>,
    currency: Option<Currency>,
    discount: Option<SaidDiscount>,
}

impl Asked {
    /// Takes the parameters of a new session.
    pub(crate) fn take(api: &Api, params: &mut Params) -> Result<Asked, ApiError> {
        refuse(params)?;
        let setup = session_setup::take(api, params)?;
        let methods = methods(params)?;
        let lines = params.list("line_items", LINES_MAX, LineAsked::take)?.unwrap_or_default();
        if lines.is_empty() && setup.is_none() {
            return Err(params.missing("line_items"));
        }
        let options = shipping_params::take(params)?;
        let (terms, payment_metadata) =
            session_terms::payment_terms(params, session_terms::going_on)?;
        let terms = card_terms(params, PaymentTerms { methods, ..terms }, setup.is_some())?;
        refuse_automatic(&lines, &terms)?;
        session_terms::refuse_going_on(&lines, &terms, "payment_intent_data")?;
        let recovery = params.map("after_expiration", recovery)?;
        let page = SaidPage::take(params)?.applied(PageWishes::default())?;
        let page = PageWishes { recovery: recovery.flatten(), ..page };
        let discount = session_discounts::take(params, page.allow_codes)?;
        let currency = fields::optional_currency(params, "currency")?;
        let customer = fields::id(params, "customer", "customer")?;
        customer_update(params)?;
        let setup = setup.map(|new| session_setup::of(new, customer, currency, &terms));
        let create = CreateCheckoutSession {
            currency: Currency::USD,
            lines: Vec::new(),
            shipping_options: options.unwrap_or_default(),
            discount: None,
            customer,
            customer_email: customer_email(params, customer)?,
            client_reference: params.text("client_reference_id", REFERENCE_CHARS_MAX)?,
            locale: locale(params)?,
            success_url: fields::url(params, "success_url")?,
            cancel_url: fields::url(params, "cancel_url")?,
            metadata: metadata::of_new(params)?,
            payment_metadata,
            terms,
            page,
            link: None,
            setup,
            expires_at: expires_at(params, api.engine().now())?,
            secret: api.secret(),
        };
        Ok(Asked { create, lines, currency, discount })
    }

    /// The sellers that it names, each with its parameter.
    pub(crate) fn sellers(&self) -> Vec<(String, SellerId)> {
        let named = self.lines.iter().enumerate();
        let of_lines = named.filter_map(|(index, line)| {
            Some((format!("line_items[{index}][seller]"), line.seller()?))
        });
        let of_terms = session_terms::sellers(&self.create.terms, "payment_intent_data");
        let setup = self.create.setup.as_ref().and_then(|new| new.setup.on_behalf_of);
        let of_setup = setup.map(|seller| ("setup_intent_data[on_behalf_of]".to_owned(), seller));
        of_lines.chain(of_terms).chain(of_setup).collect()
    }

    /// The session with what the catalogue says of its prices.
    pub(crate) async fn resolved(&self, call: &Call) -> Result<CreateCheckoutSession, Halt> {
        cards::must_exist(call, self.create.customer, None).await?;
        let mut create = self.create.clone();
        for line in &self.lines {
            create.lines.push(line.resolved(call).await?);
        }
        let first = create.lines.first().map(|line| line.unit.currency());
        create.currency = self.currency.or(first).unwrap_or(create.currency);
        one_currency(&create)?;
        debits_euros(&create)?;
        not_too_large(&create)?;
        let least = least_total(&create);
        session_terms::goes_on_within(&create.terms, least, "payment_intent_data")?;
        if let Some(discount) = &self.discount {
            create.discount = Some(discount.resolved(call, &create).await?);
        }
        Ok(create)
    }

    /// Names the parameter that a session was refused for, where it is the discount's.
    pub(crate) fn blamed(&self, halt: Halt) -> Halt {
        match &self.discount {
            Some(discount) => discount.blamed(halt),
            None => halt,
        }
    }
}

/// What the dialect has and Holdfast does not do.
fn refuse(params: &mut Params) -> Result<(), ApiError> {
    fields::unsupported(params, &["branding_settings", "wallet_options", "permissions"], PAGE)?;
    fields::unsupported(params, &["return_url"], "the page is Holdfast's own; give success_url")?;
    let why = "session lines are sold by sellers of this platform";
    fields::unsupported(params, &["customer_account", "payment_method_configuration"], why)?;
    // Both names of the page that is Holdfast's own, whatever the version.
    params.choice("ui_mode", &[("hosted_page", ()), ("hosted", ())])?;
    params.choice("origin_context", &[("web", ()), ("mobile_app", ())])?;
    Ok(())
}

/// `payment_method_options`: those for cards are read, those of other ways to pay left alone.
fn card_terms(
    params: &mut Params,
    terms: PaymentTerms,
    is_setup: bool,
) -> Result<PaymentTerms, ApiError> {
    let said = params.map("payment_method_options", |options| {
        let card = options.map(CARD, |card| SaidTerms::of_session(card, is_setup))?;
        METHOD_TYPES.iter().for_each(|word| options.ignore(word));
        Ok(card.unwrap_or_default())
    })?;
    let Some(said) = said else { return Ok(terms) };
    let three_d_secure = said.three_d_secure.unwrap_or(terms.three_d_secure);
    let mut terms = PaymentTerms {
        three_d_secure,
        card_by_hand: said.is_manual,
        blocked: Box::new(said.blocked.clone()),
        ..terms
    };
    said.apply(&mut terms.card);
    Ok(terms)
}

/// The parts of sellers are taken as they ship, and never at once.
fn refuse_automatic(lines: &[LineAsked], terms: &PaymentTerms) -> Result<(), ApiError> {
    let has_seller = lines.iter().any(|line| line.seller().is_some());
    if !has_seller || terms.capture_method != Some(CaptureMethod::Automatic) {
        return Ok(());
    }
    let message = "The payment of a session with sellers is captured as they ship.";
    let param = "payment_intent_data[capture_method]";
    Err(ApiError::param(codes::PARAMETER_UNSUPPORTED, param, message))
}

fn customer_email(
    params: &mut Params,
    customer: Option<CustomerId>,
) -> Result<Option<String>, ApiError> {
    let email = fields::email(params, "customer_email")?;
    match (customer, email) {
        (Some(_), Some(_)) => Err(ApiError::exclusive("customer", "customer_email")),
        (_, email) => Ok(email),
    }
}

/// What of the page is written down with the customer: the page asks for nothing of it.
fn customer_update(params: &mut Params) -> Result<(), ApiError> {
    params.map("customer_update", |update| {
        for name in ["address", "name", "shipping"] {
            update.choice(name, &[("auto", ()), ("never", ())])?;
        }
        Ok(())
    })?;
    Ok(())
}

fn recovery(params: &mut Params) -> Result<Option<bool>, ApiError> {
    let recovery = params.map("recovery", |recovery| {
        let codes = recovery.boolean("allow_promotion_codes")?.unwrap_or(false);
        let enabled = recovery.boolean("enabled")?.ok_or_else(|| recovery.missing("enabled"))?;
        Ok(enabled.then_some(codes))
    })?;
    Ok(recovery.flatten())
}

/// A basket is paid in one currency: that of its first line.
fn one_currency(create: &CreateCheckoutSession) -> Result<(), ApiError> {
    let other = |amount: &Money| amount.currency() != create.currency;
    let line = create.lines.iter().position(|line| other(&line.unit));
    let option = create.shipping_options.iter().position(|option| other(&option.amount));
    let of_line = |index: usize| match &create.lines[index].listed {
        Some(_) => format!("line_items[{index}][price]"),
        None => format!("line_items[{index}][price_data][currency]"),
    };
    let of_option =
        |index| format!("shipping_options[{index}][shipping_rate_data][fixed_amount][currency]");
    let Some(param) = line.map(of_line).or_else(|| option.map(of_option)) else { return Ok(()) };
    let message = "All amounts of a session must be of one currency.";
    Err(ApiError::param(Refusal::CurrencyMismatch.code(), &param, message))
}

/// Bank accounts of the single euro payments area are debited in euros.
fn debits_euros(create: &CreateCheckoutSession) -> Result<(), ApiError> {
    let is_debit = create.terms.methods.contains(&PayBy::SepaDebit);
    if !is_debit || create.currency == Currency::EUR {
        return Ok(());
    }
    let message = "sepa_debit pays in eur only.";
    let code = Refusal::CurrencyMismatch.code();
    Err(ApiError::param(code, "payment_method_types", message))
}

/// What may pay; cards where nothing is said.
fn methods(params: &mut Params) -> Result<Vec<PayBy>, ApiError> {
    let name = "payment_method_types";
    params.example(name, "card");
    let words = params.texts(name, METHODS_MAX, fields::NAME_CHARS_MAX)?.unwrap_or_default();
    let ways = [PayBy::Card, PayBy::SepaDebit];
    let known = |word: &String| ways.into_iter().find(|way| way.name() == word);
    let methods: Option<Vec<PayBy>> = words.iter().map(known).collect();
    methods
        .ok_or_else(|| fields::invalid(params, name, "must hold nothing but card and sepa_debit"))
}

/// The total of a basket with its cheapest shipping, in minor units.
fn least_total(create: &CreateCheckoutSession) -> i64 {
    let total = |line: &NewLine| line.unit.minor().saturating_mul(line.quantity.into());
    let items = create.lines.iter().map(total).fold(0, i64::saturating_add);
    let options = &create.shipping_options;
    let shipping = options.iter().map(|option| option.amount.minor()).min().unwrap_or(0);
    items.saturating_add(shipping)
}

/// The total of a basket with its dearest shipping is an amount that can be charged.
fn not_too_large(create: &CreateCheckoutSession) -> Result<(), ApiError> {
    let total = |line: &NewLine| line.unit.minor().saturating_mul(line.quantity.into());
    let items = create.lines.iter().map(total).fold(0, i64::saturating_add);
    let options = &create.shipping_options;
    let shipping = options.iter().map(|option| option.amount.minor()).max().unwrap_or(0);
    if items.saturating_add(shipping) <= fields::AMOUNT_MAX {
        return Ok(());
    }
    let message = format!("The total of a session is at most {}.", fields::AMOUNT_MAX);
    Err(ApiError::param(Refusal::AmountTooLarge.code(), "line_items", message))
}

fn locale(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(locale) = params.text("locale", LOCALE_CHARS_MAX)? else { return Ok(None) };
    let (language, region) = locale.split_once('-').unwrap_or((&locale, "XX"));
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_language = locale == "auto" || (2..=3).contains(&language.len());
    if !is_language || !letters(language) || region.len() < 2 || !letters(region) {
        return Err(fields::invalid(params, "locale", "must be a language, such as ar, or auto"));
    }
    Ok(Some(locale))
}

fn expires_at(params: &mut Params, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    let Some(seconds) = params.timestamp("expires_at")? else { return Ok(None) };
    let at = Timestamp::from_seconds(seconds);
    let (least, most) = LIFE;
    // Clients reckon with whole seconds, so a part of one is forgiven at either end.
    let second = Span::seconds(1);
    if at < now.after(least).before(second) || at > now.after(most).after(second) {
        let must = "must be from 30 minutes to 24 hours from now";
        return Err(fields::invalid(params, "expires_at", must));
    }
    Ok(Some(at))
}
