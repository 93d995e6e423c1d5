//! `/v1/checkout/sessions`: visits to the pay page.

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::Command;
use holdfast_core::id::{CheckoutSessionId, PaymentIntentId};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::{Record as _, RowKind};
use holdfast_core::seller::Seller;

use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::list::Page;
use crate::objects::{self, Expandable};
use crate::paging::{self, Narrowed};
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::checkout_session;
use crate::reply::Reply;

use super::payment_actions::of_payment;
use super::payment_intents;
use super::session_params;

/// `POST /v1/checkout/sessions`.
pub(crate) async fn create(call: Call) -> Answer {
    let (create, expanded) = call
        .read(|params| Ok((session_params::take(&call.api, params)?, Expanded::take(params)?)))?;
    let sellers: Vec<_> = create.lines.iter().map(|line| line.seller).collect();
    let command = Command::CreateCheckoutSession(create);
    let id = match call.make::<CheckoutSession>(command, RowKind::CheckoutSession).await {
        Ok(id) => id,
        Err(Halt::Refused(Refusal::NotFound)) => return Err(unknown_seller(&call, &sellers).await),
        Err(halt) => return Err(halt),
    };
    let row = call.present::<CheckoutSession>(&id).await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/checkout/sessions/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let expanded = call.read(Expanded::take)?;
    let row = call.named::<CheckoutSession>("checkout.session").await?;
    Ok(Reply::ok(&shown(&call, &row, expanded).await?))
}

/// `GET /v1/checkout/sessions`.
pub(crate) async fn list(call: Call) -> Answer {
    let (page, payment, expanded) = call.read(|params| {
        let payment: Option<PaymentIntentId> =
            fields::id(params, "payment_intent", "payment_intent")?;
        let expanded = Expand::take(params, |expand| expand.property("data", Expanded::of))?;
        Ok((Page::take(params)?, payment, expanded.unwrap_or_default()))
    })?;
    let narrowed = Narrowed::linked(RowKind::CheckoutSession, payment.as_ref());
    let mut objects = Vec::new();
    for row in paging::rows::<CheckoutSession>(&call, &page, narrowed).await? {
        objects.push(shown(&call, &row, expanded).await?);
    }
    Ok(Reply::ok(&page.list(call.path, objects)))
}

/// `GET /v1/checkout/sessions/{id}/line_items`.
pub(crate) async fn line_items(call: Call) -> Answer {
    let page = call.read(Page::take)?;
    let row = call.named::<CheckoutSession>("checkout.session").await?;
    let url = format!("/v1/checkout/sessions/{}/line_items", checkout_session::name(row.id));
    let lines = checkout_session::lines(&row).data;
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
        Some(payment) => of_payment(call, payment, halt).await,
        None => halt,
    }
}

/// What an answer about a session expands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expanded {
    payment: Option<payment_intents::Expanded>,
    lines: bool,
}

impl Expanded {
    /// Takes `expand[]` out of the parameters.
    pub(crate) fn take(params: &mut Params) -> Result<Expanded, ApiError> {
        Expand::take(params, Expanded::of)
    }

    /// What a browser may expand: what its page shows.
    pub(crate) fn for_browser(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let payment = expand.property("payment_intent", |_| Ok(Default::default()))?;
        let lines = expand.property("line_items", |_| Ok(()))?.is_some();
        Ok(Expanded { payment, lines })
    }

    fn of(expand: &mut Expand) -> Result<Expanded, ApiError> {
        let payment = expand.property("payment_intent", payment_intents::Expanded::of)?;
        let lines = expand.property("line_items", |_| Ok(()))?.is_some();
        Ok(Expanded { payment, lines })
    }
}

/// A session as the caller may see it.
pub(crate) async fn shown(
    call: &Call,
    row: &CheckoutSession,
    expanded: Expanded,
) -> Result<objects::CheckoutSession, Halt> {
    let mut object = checkout_session::object(row, &call.style());
    if expanded.lines {
        object.line_items = Some(checkout_session::lines(row));
    }
    if let (Some(expanded), Some(id)) = (expanded.payment, row.intent) {
        let payment = call.present::<PaymentIntent>(&id).await?;
        let payment = payment_intents::shown(call, &payment, expanded).await?;
        object.payment_intent = Some(Expandable::Object(Box::new(payment)));
    }
    Ok(object)
}

/// Names the line whose seller is not there.
async fn unknown_seller(call: &Call, sellers: &[holdfast_core::id::SellerId]) -> Halt {
    for (index, seller) in sellers.iter().enumerate() {
        match call.find::<Seller>(seller).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                let param = format!("line_items[{index}][seller]");
                return ApiError::not_found("account", &seller.to_string())
                    .with_param(&param)
                    .into();
            }
            Err(halt) => return halt,
        }
    }
    Halt::Refused(Refusal::NotFound)
}
