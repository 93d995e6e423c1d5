//! `/v1/customers`: buyers whom the platform knows by name.

use holdfast_core::command::{Command, KeepCustomer, SavingCommand};
use holdfast_core::customer::{Customer, Discount};
use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, Id as _, PaymentMethodId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::method::PaymentMethod;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, List, Page};
use crate::objects::{self, Deleted};
use crate::paging::{self, Narrowed};
use crate::params::{Change, Params};
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::customer;
use crate::reply::Reply;

use super::cards;
use super::customer_params::{Card, Edit};
use super::discounts;
use super::payment_methods::{self, Narrowing};

/// `POST /v1/customers`.
pub(crate) async fn create(call: Call) -> Answer {
    let (edit, card, coupon, expanded) = call.read(|params| {
        let coupon = discounts::Asked::take(params)?;
        Ok((Edit::take(params)?, Card::take(params, true)?, coupon, Expanded::take(params)?))
    })?;
    let id = call.made_once::<Customer>(made(&call, edit, &card, coupon)).await?;
    if card.is_given() {
        refuse_unmade(&call, id, &card).await?;
    }
    answer(&call, id, expanded).await
}

async fn made(
    call: &Call,
    edit: Edit,
    card: &Card,
    coupon: discounts::Asked,
) -> Result<CustomerId, Halt> {
    let mut row = new_customer(call);
    let default = edit.default_method;
    edit.apply(&mut row)?;
    cards::must_exist(call, None, card.method).await?;
    let is_default = card.is_source || (default.is_some() && default == card.method);
    refuse_foreign_default(call, None, default.filter(|_| !is_default)).await?;
    let change = coupon.change(call).await?;
    let also = discounts::event(None, &change);
    change.apply_to(&mut row.discount);
    let keep = KeepCustomer {
        customer: row,
        expected: 0,
        event: EventKind::CustomerCreated,
        also,
        card: card.given(),
        is_default,
    };
    let id = keep.customer.id;
    let command = Command::Saving(SavingCommand::KeepCustomer(Box::new(keep)));
    if card.is_given() {
        // Made once its bank has agreed. The request is about the customer all the same: the card
        // may be another customer's by the time that a lost answer is made again.
        call.make_under::<Customer>(id, command).await
    } else {
        call.make::<Customer>(command, RowKind::Customer).await
    }
}

/// `GET /v1/customers/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(Expanded::take)?;
    let row = call.named::<Customer>("customer").await?;
    if row.deleted {
        return Ok(Reply::ok(&customer::any(&row)));
    }
    answer(&call, row.id, expanded).await
}

/// `POST /v1/customers/{id}`.
pub(crate) async fn update(call: Call) -> Answer {
    let read = |params: &mut Params| {
        let coupon = discounts::Asked::take(params)?;
        Ok((Edit::take(params)?, Card::take(params, false)?, coupon, Expanded::take(params)?))
    };
    let (edit, card, coupon, expanded) = call.read(read)?;
    let row = living(&call).await?;
    refuse_foreign_default(&call, Some(row.id), edit.default_method).await?;
    let change = coupon.change(&call).await?;
    if card.token.is_some() || change != Change::Keep {
        let id = with_more(&call, edit, &card, &change).await?;
        return answer(&call, id, expanded).await;
    }
    let event = Some(EventKind::CustomerUpdated);
    let row = call
        .edit::<Customer>("customer", event, |row| {
            refuse_deleted(&call, row)?;
            call.read(read)?.0.apply(row)
        })
        .await?;
    answer(&call, row.id, expanded).await
}

/// `DELETE /v1/customers/{id}`.
pub(crate) async fn delete(call: Call) -> Answer {
    call.read(|_| Ok(()))?;
    let event = Some(EventKind::CustomerDeleted);
    let row = call
        .edit::<Customer>("customer", event, |row| {
            refuse_deleted(&call, row)?;
            row.deleted = true;
            Ok(())
        })
        .await?;
    Ok(Reply::ok(&Deleted::new("customer", row.id.to_string())))
}

/// `GET /v1/customers`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, email, created, expanded) = call.read(|params| {
        let email = params.text("email", fields::EMAIL_CHARS_MAX)?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        let created = Created::take(params)?;
        Ok((Page::take(params)?, email, created, expanded.unwrap_or_default()))
    })?;
    let link = email.as_deref().map(Customer::email_link);
    let narrowed = Narrowed::all(RowKind::Customer).state(Some("active")).created(created);
    let mut rows = paging::rows::<Customer>(&call, &page, narrowed.link(link.as_ref())).await?;
    // A link stays when the address changes.
    rows.retain(|row| email.is_none() || row.email == email);
    let mut objects = Vec::new();
    for row in rows {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `GET /v1/customers/{id}/payment_methods`.
pub(crate) async fn methods(call: Call) -> Answer {
    let (page, narrowing, expands) = call.read(|params| {
        let narrowing = Narrowing::take(params)?;
        let of_method = payment_methods::of_method;
        let expands = Expand::take(params, |expand| expand.property("data", of_method))?;
        Ok((Page::take(params)?, narrowing, expands.unwrap_or_default()))
    })?;
    let row = living(&call).await?;
    payment_methods::listed(&call, &page, Some(row.id), &narrowing, expands).await
}

/// `GET /v1/customers/{id}/payment_methods/{inner}`.
pub(crate) async fn one_method(call: Call) -> Answer {
    let expands = call.read(payment_methods::expanded)?;
    let row = living(&call).await?;
    let missing = || ApiError::not_found("payment_method", &call.inner_id);
    let id = PaymentMethodId::parse(&call.inner_id).ok_or_else(missing)?;
    let method = call.find::<PaymentMethod>(&id).await?;
    let method = method.filter(|method| method.customer == Some(row.id)).ok_or_else(missing)?;
    payment_methods::answer(&call, &method, expands).await
}

/// What an answer about a customer expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    default_method: bool,
    sources: bool,
    tax_ids: bool,
}

impl Expanded {
    fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    pub(crate) fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let default_method = expand.property("invoice_settings", |settings| {
            Ok(settings.property("default_payment_method", |_| Ok(()))?.is_some())
        })?;
        // What is never there is asked for by habit.
        for name in ["default_source", "subscriptions", "tax", "test_clock", "cash_balance"] {
            expand.property(name, |_| Ok(()))?;
        }
        let data = |list: &mut Expand| list.property("data", |_| Ok(()));
        Ok(Expanded {
            default_method: default_method.unwrap_or_default(),
            sources: expand.property("sources", data)?.is_some(),
            tax_ids: expand.property("tax_ids", data)?.is_some(),
        })
    }
}

async fn answer(call: &Call, id: CustomerId, expanded: Expanded) -> Answer {
    let row = call.present::<Customer>(&id).await?;
    Ok(Reply::ok(&shown(call, &row, expanded).await?))
}

pub(crate) async fn shown(
    call: &Call,
    row: &Customer,
    expanded: Expanded,
) -> Result<objects::Customer, Halt> {
    let mut object = customer::object(row);
    if expanded.default_method {
        object.invoice_settings.default_payment_method =
            cards::expanded_method(call, row.default_method).await?;
    }
    let list = |name: &str| List::whole(format!("/v1/customers/{}/{name}", row.id), Vec::new());
    object.sources = expanded.sources.then(|| list("sources"));
    object.tax_ids = expanded.tax_ids.then(|| list("tax_ids"));
    Ok(object)
}

/// The customer that the path names, unless it was deleted.
pub(crate) async fn living(call: &Call) -> Result<Customer, Halt> {
    let row = call.named::<Customer>("customer").await?;
    refuse_deleted(call, &row)?;
    Ok(row)
}

fn refuse_deleted(call: &Call, row: &Customer) -> Result<(), ApiError> {
    if row.deleted { Err(ApiError::not_found("customer", &call.path_id)) } else { Ok(()) }
}

fn new_customer(call: &Call) -> Customer {
    Customer {
        id: call.api.engine().fresh_id(),
        created: call.api.engine().now(),
        deleted: false,
        name: None,
        email: None,
        phone: None,
        description: None,
        address: None,
        shipping: None,
        business_name: None,
        individual_name: None,
        preferred_locales: Vec::new(),
        default_method: None,
        discount: None,
        tax_exempt: Default::default(),
        metadata: Default::default(),
    }
}

/// Only a card of the customer's own may be the one that is charged by default.
async fn refuse_foreign_default(
    call: &Call,
    customer: Option<CustomerId>,
    method: Option<PaymentMethodId>,
) -> Result<(), Halt> {
    let Some(id) = method else { return Ok(()) };
    let found = call.find::<PaymentMethod>(&id).await?;
    let is_own = found.is_some_and(|row| row.customer.is_some() && row.customer == customer);
    if is_own {
        return Ok(());
    }
    Err(cards::no_method(id, "invoice_settings[default_payment_method]").into())
}

/// Writes the customer together with a card of its own, which becomes the default, or with a
/// coupon.
async fn with_more(
    call: &Call,
    edit: Edit,
    card: &Card,
    discount: &Change<Discount>,
) -> Result<CustomerId, Halt> {
    let id: CustomerId = call.id("customer")?;
    let key = Customer::key(&id);
    let found = call.api.engine().load(call.api.platform(), std::slice::from_ref(&key)).await?;
    let missing = || ApiError::not_found("customer", &call.path_id);
    let stored = found.into_iter().next().flatten().ok_or_else(missing)?;
    let mut row = Customer::of_row(&stored.row).cloned().ok_or_else(missing)?;
    edit.apply(&mut row)?;
    let also = discounts::event(row.discount.as_ref(), discount);
    discount.apply_to(&mut row.discount);
    let keep = KeepCustomer {
        customer: row,
        expected: stored.version,
        event: EventKind::CustomerUpdated,
        also,
        card: card.given(),
        is_default: card.token.is_some(),
    };
    let command = Command::Saving(SavingCommand::KeepCustomer(Box::new(keep)));
    call.act(key, command).await?;
    refuse_failed_card(call, id, card).await?;
    Ok(id)
}

/// Says why a customer with a card was not made: its bank has not agreed.
async fn refuse_unmade(call: &Call, id: CustomerId, card: &Card) -> Result<(), Halt> {
    if call.find::<Customer>(&id).await?.is_some() {
        return Ok(());
    }
    let row = match card.method {
        Some(method) => call.present::<PaymentMethod>(&method).await?,
        None => cards::newest_of(call, id).await?.ok_or_else(|| {
            tracing::error!(customer = %id, "the card that a customer waits for is not there");
            ApiError::internal()
        })?,
    };
    if row.customer.is_some_and(|owner| owner != id) {
        return Err(Halt::Refused(Refusal::MethodOfAnotherCustomer));
    }
    Err(cards::unattached(&row, card.param).into())
}

/// Says so when the card that came with a change of a customer was not kept.
async fn refuse_failed_card(call: &Call, id: CustomerId, card: &Card) -> Result<(), Halt> {
    if card.token.is_none() {
        return Ok(());
    }
    match cards::newest_of(call, id).await? {
        Some(row) => Ok(cards::refuse_failed(&row, card.param)?),
        None => Ok(()),
    }
}
