//! `/v1/checkout/sessions`: visits to the pay page.

use holdfast_core::catalogue::price::Price;
use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{Command, Keep};
use holdfast_core::id::{CheckoutSessionId, CustomerId, PaymentIntentId, PaymentLinkId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::{Created, List, Page};
use crate::objects::{self, Expandable, LineItem};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::checkout_session;
use crate::reply::Reply;

use super::cards;
use super::payment_links::of_line;
use super::payment_shown::{self, refused};
use super::prices;
use super::session_changes::Changes;
use super::session_params::Asked;

/// `POST /v1/checkout/sessions`.
pub(crate) async fn create(call: Call) -> Answer {
    let (asked, expanded) =
        call.read(|params| Ok((Asked::take(&call.api, params)?, Expanded::take(params)?)))?;
    let id = call.made_once::<CheckoutSession>(made(&call, asked)).await?;
    let row = call.present::<CheckoutSession>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

async fn made(call: &Call, asked: Asked) -> Result<CheckoutSessionId, Halt> {
    let sellers = asked.sellers();
    let command = Command::CreateCheckoutSession(Box::new(asked.resolved(call).await?));
    match call.make::<CheckoutSession>(command, RowKind::CheckoutSession).await {
        Err(Halt::Refused(Refusal::NotFound)) => Err(unknown_seller(call, &sellers).await),
        made => made.map_err(|halt| asked.blamed(halt)),
    }
}

/// `GET /v1/checkout/sessions/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(Expanded::take)?;
    let row = call.named::<CheckoutSession>("checkout.session").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/checkout/sessions`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, narrowed, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, narrowed(params)?, expanded.unwrap_or_default()))
    })?;
    let mut objects = Vec::new();
    for row in paging::rows::<CheckoutSession>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// Which sessions a list holds.
fn narrowed(params: &mut Params) -> Result<Narrowed, ApiError> {
    let payment: Option<PaymentIntentId> = fields::id(params, "payment_intent", "payment_intent")?;
    let customer: Option<CustomerId> = fields::id(params, "customer", "customer")?;
    let link: Option<PaymentLinkId> = fields::id(params, "payment_link", "payment_link")?;
    let states = ["open", "complete", "expired"].map(|state| (state, state));
    let narrowed = Narrowed::all(RowKind::CheckoutSession)
        .link(payment.as_ref())
        .link(customer.as_ref())
        .link(link.as_ref())
        .state(params.choice("status", &states)?);
    Ok(narrowed.created(Created::take(params)?))
}

/// `POST /v1/checkout/sessions/{id}`: the platform's own notes; and of an open session what it
/// sells, how that is shipped, and what is said of its payment.
pub(crate) async fn update(call: Call) -> Answer {
    let (mut changes, expanded) =
        call.read(|params| Ok((Changes::take(params)?, Expanded::take(params)?)))?;
    changes.look_up(&call).await?;
    let revises = changes.revises();
    let command = |keep: Keep, _: &CheckoutSession| {
        if revises { Command::ReviseSession(Box::new(keep)) } else { Command::Keep(Box::new(keep)) }
    };
    let id: CheckoutSessionId = call.id("checkout.session")?;
    let edit = |row: &mut CheckoutSession| changes.apply(row);
    match call.edit_as("checkout.session", id, command, edit).await {
        Ok(row) => Ok(Reply::ok(&shown(&call, &row, expanded).await?)),
        Err(Halt::Refused(Refusal::NotFound)) => {
            Err(unknown_seller(&call, &changes.sellers()).await)
        }
        Err(halt) => Err(of_session(&call, id, halt).await),
    }
}

/// `GET /v1/checkout/sessions/{id}/line_items`.
pub(crate) async fn line_items(call: Call) -> Answer {
    let (page, expanded) = call.read(|params| {
        let expanded = Expand::take(params, |expand| expand.property("data", of_line))?;
        Ok((Page::take(params)?, expanded.unwrap_or_default()))
    })?;
    let row = call.named::<CheckoutSession>("checkout.session").await?;
    let url = format!("/v1/checkout/sessions/{}/line_items", checkout_session::name(row.id));
    let lines = lines(&call, &row, expanded).await?.data;
    let lines = paging::of_whole(&page, lines, |line| line.id.clone())?;
    Ok(Reply::ok(&page.list(&url, lines)))
}

/// `POST /v1/checkout/sessions/{id}/expire`.
pub(crate) async fn expire(call: Call) -> Answer {
    let id: CheckoutSessionId = call.id("checkout.session")?;
    let expanded = call.read(Expanded::take)?;
    let about = CheckoutSession::key(&id);
    if let Err(halt) = call.act(about, Command::ExpireCheckoutSession(id)).await {
        return Err(of_session(&call, id, halt).await);
    }
    let row = call.present::<CheckoutSession>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// Adds the session's payment to the refusals that its state is the reason of.
pub(crate) async fn of_session(call: &Call, id: CheckoutSessionId, halt: Halt) -> Halt {
    let row = match call.find::<CheckoutSession>(&id).await {
        Ok(row) => row,
        Err(halt) => return halt,
    };
    match row.and_then(|row| row.intent) {
        Some(payment) => refused(call, payment, halt).await,
        None => halt,
    }
}

/// What an answer about a session expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    payment: Option<payment_shown::Expanded>,
    lines: Option<prices::Expanded>,
    customer: bool,
    breakdown: bool,
}

impl Expanded {
    /// Takes `expand[]` out of the parameters.
    pub(crate) fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    /// What a browser may expand: what its page shows.
    pub(crate) fn for_browser(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let payment = expand.property("payment_intent", |_| Ok(Default::default()))?;
        let lines = expand.property("line_items", |_| Ok(Default::default()))?;
        let breakdown = of_breakdown(expand)?;
        Ok(Expanded { payment, lines, customer: false, breakdown })
    }

    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let payment = expand.property("payment_intent", payment_shown::Expanded::of)?;
        let of_list = |list: &mut Expand| Ok(list.property("data", of_line)?.unwrap_or_default());
        let lines = expand.property("line_items", of_list)?;
        let customer = expand.property("customer", |_| Ok(()))?.is_some();
        let breakdown = of_breakdown(expand)?;
        Ok(Expanded { payment, lines, customer, breakdown })
    }
}

/// What the sums are made of is left out of answers that do not ask for it.
fn of_breakdown(expand: &mut Expand) -> Result<bool, ApiError> {
    let within = |details: &mut Expand| Ok(details.property("breakdown", |_| Ok(()))?.is_some());
    Ok(expand.property("total_details", within)?.unwrap_or_default())
}

/// A session as the caller may see it.
pub(crate) async fn shown(
    call: &Call,
    row: &CheckoutSession,
    expanded: Expanded,
) -> Result<objects::CheckoutSession, Halt> {
    let mut object = checkout_session::object(row, &call.style());
    if let Some(expanded) = expanded.lines {
        object.line_items = Some(lines(call, row, expanded).await?);
    }
    if let (true, Some(details)) = (expanded.breakdown, &mut object.total_details) {
        details.breakdown = Some(checkout_session::breakdown(row));
    }
    if expanded.customer {
        object.customer = cards::expanded_customer(call, row.customer).await?;
    }
    if let (Some(expanded), Some(id)) = (expanded.payment, row.intent) {
        let payment = call.present::<PaymentIntent>(&id).await?;
        let payment = payment_shown::shown(call, &payment, expanded).await?;
        object.payment_intent = Some(Expandable::Object(Box::new(payment)));
    }
    Ok(object)
}

/// The lines of a session, with the prices of the catalogue that they were made from.
async fn lines(
    call: &Call,
    row: &CheckoutSession,
    expanded: prices::Expanded,
) -> Result<List<LineItem>, Halt> {
    let mut list = checkout_session::lines(row);
    for (line, item) in row.lines.iter().zip(&mut list.data) {
        let Some(listed) = &line.listed else { continue };
        let price = call.present::<Price>(&listed.price).await?;
        item.price = Some(prices::shown(call, &price, expanded).await?);
    }
    Ok(list)
}

/// Names the parameter whose seller is not there.
async fn unknown_seller(call: &Call, sellers: &[(String, SellerId)]) -> Halt {
    for (param, seller) in sellers {
        match call.find::<Seller>(seller).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                return ApiError::not_found("account", &seller.to_string())
                    .with_param(param)
                    .into();
            }
            Err(halt) => return halt,
        }
    }
    Halt::Refused(Refusal::NotFound)
}
