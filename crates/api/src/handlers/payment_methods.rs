//! `/v1/payment_methods`: cards that may be used again.

use holdfast_core::address::BillingDetails;
use holdfast_core::command::{Command, CreateMethod, SavingCommand};
use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, PaymentMethodId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::method::{PaymentMethod, Redisplay};
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields::{self, card, person};
use crate::list::Page;
use crate::metadata::{self, MetadataChange};
use crate::objects;
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::payment_method;
use crate::reply::Reply;

use super::cards;
use super::debits;

/// `POST /v1/payment_methods`.
pub(crate) async fn create(call: Call) -> Answer {
    let (new, expands) = call.read(|params| Ok((New::take(&call, params)?, expanded(params)?)))?;
    match new {
        New::Card(create) => made(&call, *create, "card[token]", expands).await,
        New::Debit(row) => {
            let id = call.keep_new(*row, None).await?;
            answer(&call, &call.present::<PaymentMethod>(&id).await?, expands).await
        }
    }
}

/// `GET /v1/payment_methods/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let customer = call.read(expanded)?;
    let id: PaymentMethodId = call.id("payment_method")?;
    let missing = || ApiError::not_found("payment_method", &call.path_id);
    let object = cards::method(&call, id).await?.ok_or_else(missing)?;
    let owner = call.find::<PaymentMethod>(&id).await?.and_then(|row| row.customer);
    let shown = with_customer(&call, object, owner.filter(|_| customer)).await?;
    Ok(Reply::ok(&shown))
}

/// `POST /v1/payment_methods/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    // Read to its end before anything is looked for, as everywhere.
    let customer = call.read(|params| {
        let none = BillingDetails::default();
        Edit::take(params, &none)?;
        expanded(params)
    })?;
    let row = call
        .edit::<PaymentMethod>("payment_method", Some(EventKind::PaymentMethodUpdated), |row| {
            let edit = call.read(|params| {
                let edit = Edit::take(params, &row.billing)?;
                expanded(params)?;
                Ok(edit)
            })?;
            edit.apply(row)
        })
        .await?;
    answer(&call, &row, customer).await
}

/// `POST /v1/payment_methods/{id}/attach`.
pub(crate) async fn attach(call: Call) -> Answer {
    let (customer, expands) = call.read(|params| {
        let customer: Option<CustomerId> = fields::id(params, "customer", "customer")?;
        Ok((customer.ok_or_else(|| params.missing("customer"))?, expanded(params)?))
    })?;
    cards::must_exist(&call, Some(customer), None).await?;
    // A shortcut is a card of its own each time.
    if call.path_id.starts_with("pm_card_") || call.path_id.starts_with("tok_") {
        let token = shortcut(&call)?;
        let create = CreateMethod::of_token(token, BillingDetails::default());
        let create = CreateMethod { customer: Some(customer), ..create };
        return made(&call, create, "payment_method", expands).await;
    }
    let id = one_of_ours(&call).await?;
    let command = Command::Saving(SavingCommand::AttachMethod(id, customer));
    call.act(PaymentMethod::key(&id), command).await?;
    let row = call.present::<PaymentMethod>(&id).await?;
    if row.customer != Some(customer) {
        return Err(cards::unattached(&row, "payment_method").into());
    }
    answer(&call, &row, expands).await
}

/// `POST /v1/payment_methods/{id}/detach`.
pub(crate) async fn detach(call: Call) -> Answer {
    let expands = call.read(expanded)?;
    let id = one_of_ours(&call).await?;
    let command = Command::Saving(SavingCommand::DetachMethod(id));
    call.act(PaymentMethod::key(&id), command).await?;
    answer(&call, &call.present::<PaymentMethod>(&id).await?, expands).await
}

/// `GET /v1/payment_methods`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, customer, narrowing, expands) = call.read(|params| {
        let customer: Option<CustomerId> = fields::id(params, "customer", "customer")?;
        let narrowing = Narrowing::take(params)?;
        let expands = Expand::take(params, |expand| expand.property("data", of_method))?;
        Ok((Page::take(params)?, customer, narrowing, expands.unwrap_or_default()))
    })?;
    cards::must_exist(&call, customer, None).await?;
    listed(&call, &page, customer, &narrowing, expands).await
}

/// Which cards a list holds beside whose they are.
pub(crate) struct Narrowing {
    redisplay: Option<Redisplay>,
}

impl Narrowing {
    /// Takes `type` and `allow_redisplay`. There are cards only.
    pub(crate) fn take(params: &mut Params) -> Result<Narrowing, ApiError> {
        params.choice("type", &[("card", ())])?;
        Ok(Narrowing { redisplay: card::redisplay(params)? })
    }
}

/// The cards of a customer, or of the platform.
pub(crate) async fn listed(
    call: &Call,
    page: &Page,
    customer: Option<CustomerId>,
    narrowing: &Narrowing,
    expands: bool,
) -> Answer {
    let narrowed = Narrowed::linked(RowKind::PaymentMethod, customer.as_ref()).state(Some("saved"));
    let mut rows = paging::rows::<PaymentMethod>(call, page, narrowed).await?;
    if let Some(redisplay) = narrowing.redisplay {
        rows.retain(|row| row.allow_redisplay == Some(redisplay));
    }
    let mut objects = Vec::new();
    for row in rows {
        let owner = row.customer.filter(|_| expands);
        objects.push(with_customer(call, payment_method::object(&row), owner).await?);
    }
    let path = match customer {
        Some(id) if call.path.contains("customers") => {
            format!("/v1/customers/{id}/payment_methods")
        }
        Some(_) | None => call.path.to_owned(),
    };
    Ok(Reply::ok(&page.list(&path, objects)))
}

/// Takes `expand[]`: whether the customer is to be shown.
pub(crate) fn expanded(params: &mut Params) -> Result<bool, ApiError> {
    Expand::take(params, of_method)
}

/// What is expanded of a card within another object.
pub(crate) fn of_method(expand: &mut Expand) -> Result<bool, ApiError> {
    Ok(expand.property("customer", |_| Ok(()))?.is_some())
}

/// The answer about a card.
pub(crate) async fn answer(call: &Call, row: &PaymentMethod, expands: bool) -> Answer {
    let owner = row.customer.filter(|_| expands);
    Ok(Reply::ok(&with_customer(call, payment_method::object(row), owner).await?))
}

async fn with_customer(
    call: &Call,
    mut object: objects::PaymentMethod,
    customer: Option<CustomerId>,
) -> Result<objects::PaymentMethod, Halt> {
    if customer.is_some() {
        object.customer = cards::expanded_customer(call, customer).await?;
    }
    Ok(object)
}

/// Makes a card that is kept, and answers with it or with why it is not.
async fn made(call: &Call, create: CreateMethod, param: &str, expands: bool) -> Answer {
    let command = Command::Saving(SavingCommand::CreateMethod(create));
    let id = call.make::<PaymentMethod>(command, RowKind::PaymentMethod).await?;
    let row = call.present::<PaymentMethod>(&id).await?;
    cards::refuse_failed(&row, param)?;
    answer(call, &row, expands).await
}

/// The card that the path names. One that was used and not kept is there and cannot be used.
async fn one_of_ours(call: &Call) -> Result<PaymentMethodId, Halt> {
    let id: PaymentMethodId = call.id("payment_method")?;
    if call.find::<PaymentMethod>(&id).await?.is_some() {
        return Ok(id);
    }
    match cards::method(call, id).await? {
        Some(_) => Err(Halt::Refused(Refusal::MethodUnexpectedState)),
        None => Err(ApiError::not_found("payment_method", &call.path_id).into()),
    }
}

/// The token in the path, checked as one in a parameter is.
fn shortcut(call: &Call) -> Result<CardToken, ApiError> {
    let missing = || ApiError::not_found("payment_method", &call.path_id);
    fields::token_text(&call.path_id).ok_or_else(missing)
}

/// A new payment method.
enum New {
    Card(Box<CreateMethod>),
    Debit(Box<PaymentMethod>),
}

impl New {
    fn take(call: &Call, params: &mut Params) -> Result<New, ApiError> {
        if params.required_choice("type", &[("card", false), ("sepa_debit", true)])? {
            return Ok(New::Debit(Box::new(debits::take(call, params)?)));
        }
        Ok(New::Card(Box::new(create_params(params)?)))
    }
}

fn create_params(params: &mut Params) -> Result<CreateMethod, ApiError> {
    let token = params.map("card", card::card_token)?.ok_or_else(|| params.missing("card"))?;
    let billing = person::billing(params, "billing_details", &BillingDetails::default())?;
    Ok(CreateMethod {
        token,
        customer: None,
        billing: billing.unwrap_or_default(),
        allow_redisplay: card::redisplay(params)?,
        metadata: metadata::of_new(params)?,
    })
}

/// What an update changes.
struct Edit {
    billing: Option<BillingDetails>,
    redisplay: Option<Redisplay>,
    metadata: MetadataChange,
}

impl Edit {
    fn take(params: &mut Params, present: &BillingDetails) -> Result<Edit, ApiError> {
        Ok(Edit {
            billing: person::billing(params, "billing_details", present)?,
            redisplay: card::redisplay(params)?,
            metadata: MetadataChange::take(params)?,
        })
    }

    fn apply(self, row: &mut PaymentMethod) -> Result<(), ApiError> {
        if let Some(billing) = self.billing {
            row.billing = billing;
        }
        row.allow_redisplay = self.redisplay.or(row.allow_redisplay);
        row.metadata = self.metadata.applied(&row.metadata)?;
        Ok(())
    }
}
