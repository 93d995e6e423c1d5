//! `/l/{link}/{secret}`: a payment link's address. Opens a session of the visitor's own and leads
//! to its pay page.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use holdfast_core::catalogue::payment_link::{AfterPaying, LinkLine, PaymentLink};
use holdfast_core::catalogue::price::Price;
use holdfast_core::catalogue::product::Product;
use holdfast_core::checkout::{CheckoutSession, ListedAs};
use holdfast_core::command::{Command, CreateCheckoutSession, NewLine};
use holdfast_core::key::RowKind;
use holdfast_core::refusal::Refusal;
use holdfast_core::secret::Secret;
use holdfast_core::time::Span;
use holdfast_engine::SubmitError;
use holdfast_engine::query::{PAGE_MAX, RowsQuery};

use super::pages::ClosedPage;
use super::surface::Pay;
use super::views::{Closed, ClosedReason};
use crate::address::Address;
use crate::page::{Problem, page};
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How many sessions one link opens within [`OPENED_WITHIN`]: more than a crowd of buyers, and far
/// less than a program that calls its address in a loop.
const OPENED_MAX: usize = 60;
/// See [`OPENED_MAX`].
const OPENED_WITHIN: Span = Span::seconds(60);

/// `GET /l/{link}/{secret}`.
pub(crate) async fn open(State(pay): State<Arc<Pay>>, visit: Visit, address: Address) -> Response {
    let opened = async {
        let link = link(&pay, &address).await?;
        match new_session(&pay, &link).await? {
            Some(create) => {
                let session = started(&pay, create).await?;
                Ok(Redirect::to(&pay.session_path(&session)).into_response())
            }
            None => {
                let v = &Closed { reason: ClosedReason::Canceled, back_url: None };
                let shell = &pay.shell(None);
                Ok(page(StatusCode::OK, &ClosedPage { t: visit.texts(), shell, v }))
            }
        }
    };
    let result = opened.await;
    pay.answer(&visit, result)
}

/// The link that an address opens. One with a wrong secret is not there.
async fn link(pay: &Pay, address: &Address) -> Result<PaymentLink, Trouble> {
    let id = address.link().ok_or(Problem::NotFound)?;
    let link = pay.find::<PaymentLink>(&id).await?.ok_or(Problem::NotFound)?;
    if link.secret.matches(&address.secret) { Ok(link) } else { Err(Problem::NotFound.into()) }
}

/// The session that a link opens; `None` where it is closed.
async fn new_session(
    pay: &Pay,
    link: &PaymentLink,
) -> Result<Option<CreateCheckoutSession>, Trouble> {
    if !link.active || is_sold_out(pay, link).await? {
        return Ok(None);
    }
    refuse_rush(pay, link).await?;
    let mut lines = Vec::new();
    for line in &link.lines {
        let Some(line) = new_line(pay, line).await? else { return Ok(None) };
        lines.push(line);
    }
    let success_url = match &link.after {
        AfterPaying::Redirect { url } => Some(url.clone()),
        AfterPaying::Page { .. } => None,
    };
    Ok(Some(CreateCheckoutSession {
        currency: link.currency,
        lines,
        shipping_options: link.shipping_options.clone(),
        discount: None,
        customer: None,
        customer_email: None,
        client_reference: None,
        locale: None,
        success_url,
        cancel_url: None,
        metadata: link.metadata.clone(),
        payment_metadata: link.payment_metadata.clone(),
        terms: link.payment.clone(),
        page: link.page.clone(),
        link: Some(link.id),
        setup: None,
        expires_at: None,
        secret: Secret::new((pay.parts.secrets)()),
    }))
}

/// A line as it is sold now; `None` where its price is not paid once or not used any more.
async fn new_line(pay: &Pay, line: &LinkLine) -> Result<Option<NewLine>, Trouble> {
    let Some(price) = pay.find::<Price>(&line.price).await? else { return Ok(None) };
    let Some(product) = pay.find::<Product>(&price.product.id).await? else { return Ok(None) };
    if price.recurring.is_some() || !price.active || !product.active || product.deleted {
        return Ok(None);
    }
    Ok(Some(NewLine {
        seller: line.seller,
        of: None,
        listed: Some(ListedAs { price: price.id, product: product.called() }),
        name: product.name,
        description: product.description,
        unit: price.unit,
        quantity: line.quantity,
        adjustable: line.adjustable,
        excludes_card: false,
        metadata: line.metadata.clone(),
    }))
}

async fn started(pay: &Pay, create: CreateCheckoutSession) -> Result<CheckoutSession, Trouble> {
    let submitted = match pay.submit(Command::CreateCheckoutSession(Box::new(create))).await {
        Ok(submitted) => submitted,
        // What it sells cannot be paid: a seller who is gone, a sum of nothing.
        Err(SubmitError::Refused(Refusal::NotFound | Refusal::AmountTooSmall)) => {
            return Err(Problem::NotFound.into());
        }
        Err(error) => return Err(Trouble::of_submit(&error)),
    };
    let session = submitted.made::<CheckoutSession>().cloned();
    Ok(session.ok_or(Problem::Failure)?)
}

/// Whether as many sessions were paid as may be.
async fn is_sold_out(pay: &Pay, link: &PaymentLink) -> Result<bool, Trouble> {
    let Some(most) = link.sessions_max else { return Ok(false) };
    let query = RowsQuery::newest(pay.parts.platform, RowKind::CheckoutSession, PAGE_MAX);
    let query = query.linked(&link.id).in_state("complete");
    let paid = pay.parts.engine.read().rows(&query).await?.len();
    Ok(u32::try_from(paid).is_ok_and(|paid| paid >= most))
}

/// Counted in the store, so that it holds for all processes together.
async fn refuse_rush(pay: &Pay, link: &PaymentLink) -> Result<(), Trouble> {
    let query = RowsQuery::newest(pay.parts.platform, RowKind::CheckoutSession, OPENED_MAX);
    let since = pay.parts.engine.now().before(OPENED_WITHIN);
    let rows = pay.parts.engine.read().rows(&query.linked(&link.id)).await?;
    let lately = rows.iter().filter(|row| row.created() > since).count();
    if lately >= OPENED_MAX { Err(Problem::Busy.into()) } else { Ok(()) }
}
