//! `/v1/payment_intents`: made, retrieved, changed, listed. [`super::payment_actions`] moves them
//! on.

use holdfast_core::command::{CardUse, Command, CreatePaymentIntent, EditPaymentIntent, Keep};
use holdfast_core::currency::Currency;
use holdfast_core::id::{CustomerId, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::intent::{FailedAttempt, PaymentIntent};
use holdfast_core::payment::method::FutureUsage;
use holdfast_core::payment::notes::ReturnTo;

use crate::api::Api;
use crate::declines;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{details, payment_intent};
use crate::reply::Reply;
use crate::version::Rendering;

use super::charges;
use super::payment_actions::of_payment;
use super::payment_params::{Said, Terms};

use super::{card_terms, cards};

/// `POST /v1/payment_intents`.
pub(crate) async fn create(call: Call) -> Answer {
    let (wanted, expanded) =
        call.read(|params| Ok((Wanted::take(&call.api, params)?, Expanded::take(params)?)))?;
    let id = call.made_once::<PaymentIntent>(made(&call, wanted)).await?;
    let row = call.present::<PaymentIntent>(&id).await?;
    tried(&call, &row, expanded).await
}

async fn made(call: &Call, wanted: Wanted) -> Result<PaymentIntentId, Halt> {
    wanted.said.check_accounts(call).await?;
    cards::must_exist(call, wanted.card_use.customer, wanted.card_use.method).await?;
    let command = Command::CreatePaymentIntent(wanted.command(&call.api)?);
    call.make::<PaymentIntent>(command, RowKind::PaymentIntent).await
}

/// `GET /v1/payment_intents/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let (secret, expanded) = call
        .read(|params| Ok((client_secret(&call, params)?, Expanded::for_caller(&call, params)?)))?;
    let row = call.named::<PaymentIntent>("payment_intent").await?;
    let_in(&call, &row, secret.as_deref())?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `POST /v1/payment_intents/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let id: PaymentIntentId = call.id("payment_intent")?;
    let (edit, expanded) =
        call.read(|params| Ok((Edit::take(params)?, Expanded::take(params)?)))?;
    cards::must_exist(&call, edit.card_use.customer, edit.card_use.method).await?;
    let as_edit = |keep: Keep, _: &PaymentIntent| {
        let (token, card_use) = (edit.token.clone(), edit.card_use.clone());
        Command::EditPaymentIntent(Box::new(EditPaymentIntent { keep, token, card_use }))
    };
    let edited = call.edit_as("payment_intent", id, as_edit, |row| edit.apply(row)).await;
    match edited {
        Ok(row) => Ok(Reply::ok(&shown(&call, &row, expanded).await?)),
        Err(halt) => Err(of_payment(&call, id, halt).await),
    }
}

/// `GET /v1/payment_intents`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, customer, created, expanded) = call.read(|params| {
        let customer: Option<CustomerId> = fields::id(params, "customer", "customer")?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let page = Page::take(params)?;
        Ok((page, customer, Created::take(params)?, expanded.unwrap_or_default()))
    })?;
    let narrowed = Narrowed::all(RowKind::PaymentIntent).link(customer.as_ref()).created(created);
    let mut objects = Vec::new();
    for row in paging::rows::<PaymentIntent>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// What an answer about a payment expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    charge: Option<charges::Expanded>,
    method: bool,
    customer: bool,
    items: bool,
}

impl Expanded {
    /// Takes `expand[]` out of the parameters.
    pub(crate) fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    /// What is expanded of a payment within another object.
    pub(crate) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let method = payment_method(expand)?;
        let customer = expand.property("customer", |_| Ok(()))?.is_some();
        // Never filled here.
        expand.property("review", |_| Ok(()))?;
        let charge = expand.property("latest_charge", charges::Expanded::of)?;
        // Before version 2022-11-15 the charges stood in a list of their own.
        let listed = expand
            .property("charges", |charges| charges.property("data", charges::Expanded::of))?;
        let items = expand.property("amount_details", |amounts| {
            Ok(amounts.property("line_items", |_| Ok(()))?.is_some())
        })?;
        let items = items.unwrap_or(false);
        Ok(Expanded { charge: charge.or(listed.flatten()), method, customer, items })
    }

    /// What the caller may expand: a browser nothing that the platform has written.
    pub(crate) fn for_caller(call: &Call, params: &mut Params) -> Result<Expanded, ApiError> {
        if call.is_browser() {
            let method = Expand::take(params, payment_method)?;
            return Ok(Expanded { method, ..Expanded::default() });
        }
        Expanded::take(params)
    }
}

/// Whether the card is to be shown, which a browser may see as well.
fn payment_method(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("payment_method", |_| Ok(()))?.is_some())
}

/// A payment as the caller may see it.
pub(crate) async fn shown(
    call: &Call,
    row: &PaymentIntent,
    expanded: Expanded,
) -> Result<objects::PaymentIntent, Halt> {
    let mut object = visible(call, row);
    if let (Some(expanded), Some(id)) = (expanded.charge, row.attempt()) {
        let attempt = call.present::<Attempt>(&id).await?;
        let charge = charges::shown_within(call, &attempt, expanded).await?;
        object.latest_charge = Some(Expandable::Object(Box::new(charge)));
    }
    if call.version.rendering() == Rendering::WithCharges && !call.is_browser() {
        object.charges = Some(charges::of_payment(call, row).await?);
    }
    if expanded.method {
        object.payment_method = cards::expanded_method(call, row.method).await?;
    }
    if expanded.customer {
        object.customer = cards::expanded_customer(call, row.customer).await?;
    }
    if let (true, Some(amounts)) = (expanded.items, &mut object.amount_details) {
        amounts.line_items = Some(details::line_items(row));
    }
    Ok(object)
}

fn visible(call: &Call, row: &PaymentIntent) -> objects::PaymentIntent {
    let rendering = call.version.rendering();
    if call.is_browser() {
        payment_intent::for_browser(row, rendering)
    } else {
        payment_intent::in_version(row, rendering)
    }
}

/// The answer about a payment whose card may just have been tried: the payment, or why the card
/// was declined.
pub(crate) async fn tried(call: &Call, row: &PaymentIntent, expanded: Expanded) -> Answer {
    if let Some(failed) = payment_intent::last_failed(row) {
        return Err(declined(call, row, failed).into());
    }
    Ok(Reply::ok(&shown(call, row, expanded).await?))
}

/// A declined card, with the payment as it stands: clients read its status.
pub(crate) fn declined(call: &Call, row: &PaymentIntent, failed: &FailedAttempt) -> ApiError {
    let payment = serde_json::to_value(visible(call, row)).unwrap_or_default();
    let error = ApiError::card(declines::of(&failed.decline))
        .with_charge(&failed.attempt.to_string())
        .with_payment_intent(payment);
    match payment_intent::tried_method(failed) {
        Some(method) => error.with_payment_method(serde_json::to_value(method).unwrap_or_default()),
        None => error,
    }
}

/// The error of a payment in a state that does not allow something, with the payment as it is.
pub(crate) fn with_payment(call: &Call, error: ApiError, row: &PaymentIntent) -> ApiError {
    error.with_payment_intent(serde_json::to_value(visible(call, row)).unwrap_or_default())
}

/// The longest client secret that is looked at. Ours have 76 characters.
const CLIENT_SECRET_CHARS_MAX: usize = 255;

/// The secret of one object, which a browser has to show.
pub(crate) fn client_secret(call: &Call, params: &mut Params) -> Result<Option<String>, ApiError> {
    let secret = params.text("client_secret", CLIENT_SECRET_CHARS_MAX)?;
    if secret.is_none() && call.is_browser() {
        return Err(params.missing("client_secret"));
    }
    Ok(secret)
}

/// Refuses a secret that is not the payment's, as if there were no such payment.
pub(crate) fn let_in(
    call: &Call,
    row: &PaymentIntent,
    client_secret: Option<&str>,
) -> Result<(), ApiError> {
    let Some(given) = client_secret else { return Ok(()) };
    let guess = given.strip_prefix(&format!("{}_secret_", row.id));
    if guess.is_some_and(|guess| row.secret.matches(guess)) {
        return Ok(());
    }
    Err(ApiError::not_found("payment_intent", &call.path_id))
}

/// What says how the buyer is asked, and so belongs to the request that confirms.
const ONLY_WITH_CONFIRM: [&str; 3] = ["return_url", "off_session", "error_on_requires_action"];

struct Wanted {
    said: Said,
    minor: i64,
    currency: Currency,
    token: Option<CardToken>,
    card_use: CardUse,
    confirm: bool,
    return_url: Option<ReturnTo>,
}

impl Wanted {
    fn take(api: &Api, params: &mut Params) -> Result<Wanted, ApiError> {
        let minor = fields::positive(params, "amount")?.ok_or_else(|| params.missing("amount"))?;
        let currency = fields::currency(params, "currency")?;
        let confirm = params.boolean("confirm")?.unwrap_or(false);
        if !confirm && let Some(name) = ONLY_WITH_CONFIRM.iter().find(|name| params.has(name)) {
            return Err(fields::invalid(params, name, "may only be given with confirm=true"));
        }
        let card = fields::card::given(params)?;
        let customer = fields::id(params, "customer", "customer")?;
        if confirm && !card.is_some() {
            return Err(params.missing("payment_method"));
        }
        let (token, card_use) = card.of_payment(customer);
        let card_use = kept(params, card_use)?;
        let return_url = return_url(api, params)?;
        let said = Said::of_new(params)?;
        Ok(Wanted { said, minor, currency, token, card_use, confirm, return_url })
    }

    fn command(self, api: &Api) -> Result<CreatePaymentIntent, ApiError> {
        let terms = Terms::new(Money::new(self.minor, self.currency));
        let terms = self.said.apply(terms)?;
        Ok(CreatePaymentIntent {
            amount: terms.amount,
            capture_method: terms.capture_method,
            token: self.token,
            card_use: self.card_use,
            confirm: self.confirm,
            return_url: self.return_url,
            description: terms.description,
            receipt_email: terms.receipt_email,
            transfer_group: terms.transfer_group,
            metadata: terms.metadata,
            notes: Box::new(terms.notes),
            secret: api.secret(),
        })
    }
}

/// Where the buyer comes back after the bank's page, and what clients send by habit around it.
pub(crate) fn return_url(api: &Api, params: &mut Params) -> Result<Option<ReturnTo>, ApiError> {
    params.boolean("use_stripe_sdk")?;
    card_terms::mandate_data(params)?;
    let url = fields::url(params, "return_url")?;
    Ok(url.map(|url| ReturnTo { url, page: format!("{}/p", api.pay_origin()) }))
}

/// Whether the card is kept, and whether the buyer is there.
pub(crate) fn kept(params: &mut Params, card_use: CardUse) -> Result<CardUse, ApiError> {
    let future_usage = fields::card::usage(params, "setup_future_usage")?;
    let off_session = params.boolean("off_session")?.unwrap_or(false);
    let fails_when_asked = params.boolean("error_on_requires_action")?.unwrap_or(false);
    if off_session && future_usage.is_some() {
        // A buyer who is away cannot agree to anything.
        return Err(ApiError::exclusive("off_session", "setup_future_usage"));
    }
    Ok(CardUse { future_usage, off_session, fails_when_asked, ..card_use })
}

/// What `POST /v1/payment_intents/{id}` wants changed.
struct Edit {
    said: Said,
    minor: Option<i64>,
    currency: Option<Currency>,
    token: Option<CardToken>,
    card_use: CardUse,
    future_usage: Change<FutureUsage>,
}

impl Edit {
    fn take(params: &mut Params) -> Result<Edit, ApiError> {
        let card = fields::card::given(params)?;
        let (token, card_use) = card.of_payment(fields::id(params, "customer", "customer")?);
        Ok(Edit {
            minor: fields::positive(params, "amount")?,
            currency: fields::optional_currency(params, "currency")?,
            token,
            card_use,
            future_usage: usage(params)?,
            said: Said::of_update(params)?,
        })
    }

    fn apply(&self, row: &mut PaymentIntent) -> Result<(), ApiError> {
        let mut terms = Terms::of(row);
        let minor = self.minor.unwrap_or(terms.amount.minor());
        terms.amount = Money::new(minor, self.currency.unwrap_or(terms.amount.currency()));
        self.said.apply(terms)?.write(row);
        row.customer = self.card_use.customer.or(row.customer);
        match self.future_usage {
            Change::Keep => {}
            Change::Unset => row.future_usage = None,
            Change::Set(usage) => row.future_usage = Some(usage),
        }
        Ok(())
    }
}

/// What the card is kept for, from now on; nothing when given empty.
fn usage(params: &mut Params) -> Result<Change<FutureUsage>, ApiError> {
    let name = "setup_future_usage";
    if params.is_empty_text(name) {
        params.ignore(name);
        return Ok(Change::Unset);
    }
    Ok(fields::card::usage(params, name)?.map_or(Change::Keep, Change::Set))
}
