//! `/v1/payment_intents`: made, retrieved, changed, listed. [`super::payment_actions`] moves them
//! on.

use holdfast_core::command::{CardUse, Command, CreatePaymentIntent, EditPaymentIntent, Keep};
use holdfast_core::currency::Currency;
use holdfast_core::id::{CustomerId, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::notes::ReturnTo;
use holdfast_core::payment::usage::FutureUsage;

use crate::api::Api;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, Page};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::reply::Reply;

use super::cards;
use super::confirm_params::{kept, return_url};
use super::payment_params::{Said, Terms};
use super::payment_shown::{Expanded, client_secret, let_in, refused, shown, tried};

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
        Err(halt) => Err(refused(&call, id, halt).await),
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
            future_usage: fields::card::usage_change(params)?,
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
