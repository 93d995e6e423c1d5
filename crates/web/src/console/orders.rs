//! The console's orders: the list, one order, and what an operator does about it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use holdfast_core::command::{CancelBy, Command, Ruling, ShipOrder};
use holdfast_core::id::{Id, OrderId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::order::Order;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_engine::{Submission, SubmitError};

use super::list::{Cursor, Narrow};
use super::order_view::order_view;
use super::pages::{ConsoleOrderPage, OrdersPage};
use super::surface::{Console, DONE, Named};
use super::views::{ConsoleNotice, OrderFormError, Orders, OrdersOf, PARCEL_CHARS_MAX, Section};
use crate::fields::{Field, Fields};
use crate::format::minor_from_typed;
use crate::order::known::KnownOrder;
use crate::order::status::OrderStatus;
use crate::page::{Problem, page};
use crate::pay::purchase::seller_name;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Wider than what is taken, so that a text which is too long is answered on the page.
const CARRIER: Field = Field::new("carrier", 2_000);
const TRACKING: Field = Field::new("tracking_number", 2_000);
const RULING: Field = Field::new("ruling", 10);
const TO_BUYER: Field = Field::new("to_buyer", 100);

/// `GET /orders`, with `?status=`, `?seller=`, `?after=` and `?before=`.
pub(crate) async fn list(State(console): State<Arc<Console>>, visit: Visit) -> Response {
    let shown = async {
        let filter = visit.query("status").and_then(OrderStatus::parse);
        let seller = seller_of(&console, &visit).await?;
        let link = seller.as_ref().map(|seller| seller.id.clone());
        let narrow = Narrow { state: filter.map(OrderStatus::name), link };
        let (rows, pager) = console.list(RowKind::Order, narrow, &Cursor::of(&visit)).await?;
        let orders: Vec<Order> = rows.iter().filter_map(Order::of_row).cloned().collect();
        let v = &Orders { filter, seller, rows: console.order_rows(&orders).await?, pager };
        let shell = &console.shell(&visit, Some(Section::Orders), Some("/orders"));
        Ok(page(StatusCode::OK, &OrdersPage { t: visit.texts(), shell, v }))
    };
    let result = shown.await;
    console.answer(&visit, result)
}

/// `GET /orders/{id}`.
pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
) -> Response {
    let shown = async {
        let known = known(&console, &id).await?;
        order_page(&console, &visit, &known, None)
    };
    let result = shown.await;
    console.answer(&visit, result)
}

/// `POST /orders/{id}/ship` with `carrier` and `tracking_number`, both optional.
pub(crate) async fn ship(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
    body: Body,
) -> Response {
    let done = async {
        let fields = console.admitted(body, &[CARRIER, TRACKING]).await?;
        let known = known(&console, &id).await?;
        let (carrier, tracking_number) = (fields.optional(&CARRIER), fields.optional(&TRACKING));
        let too_long = |text: &Option<String>| {
            text.as_ref().is_some_and(|text| text.chars().count() > PARCEL_CHARS_MAX)
        };
        if too_long(&carrier) || too_long(&tracking_number) {
            return order_page(&console, &visit, &known, Some(OrderFormError::ParcelTooLong));
        }
        let ship = ShipOrder { order: known.order.id, carrier, tracking_number };
        act(&console, &known.order, Command::ShipOrder(ship), ConsoleNotice::Shipped).await
    };
    let result = done.await;
    console.answer(&visit, result)
}

/// `POST /orders/{id}/deliver`.
pub(crate) async fn deliver(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
    body: Body,
) -> Response {
    let done = async {
        console.admitted(body, &[]).await?;
        let order = known(&console, &id).await?.order;
        act(&console, &order, Command::DeliverOrder(order.id), ConsoleNotice::Delivered).await
    };
    let result = done.await;
    console.answer(&visit, result)
}

/// `POST /orders/{id}/cancel`: by the seller, which agrees with the buyer where the buyer asked.
pub(crate) async fn cancel(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
    body: Body,
) -> Response {
    let done = async {
        console.admitted(body, &[]).await?;
        let order = known(&console, &id).await?.order;
        let command = Command::CancelOrder(order.id, CancelBy::Seller);
        act(&console, &order, command, ConsoleNotice::Canceled).await
    };
    let result = done.await;
    console.answer(&visit, result)
}

/// `POST /orders/{id}/claim` with `ruling`: `buyer`, `seller`, or `split` and `to_buyer`.
pub(crate) async fn rule(
    State(console): State<Arc<Console>>,
    visit: Visit,
    Named(id): Named,
    body: Body,
) -> Response {
    let done = async {
        let fields = console.admitted(body, &[RULING, TO_BUYER]).await?;
        let known = known(&console, &id).await?;
        let ruling = match ruling(&fields, &known)? {
            Ok(ruling) => ruling,
            Err(error) => return order_page(&console, &visit, &known, Some(error)),
        };
        let command = Command::RuleClaim(known.order.id, ruling);
        act(&console, &known.order, command, ConsoleNotice::Ruled).await
    };
    let result = done.await;
    console.answer(&visit, result)
}

async fn known(console: &Console, id: &str) -> Result<KnownOrder, Trouble> {
    let id = OrderId::parse(id).ok_or(Problem::NotFound)?;
    let known = KnownOrder::load(&console.parts.engine, console.parts.platform, id).await?;
    Ok(known.ok_or(Problem::NotFound)?)
}

fn order_page(
    console: &Console,
    visit: &Visit,
    known: &KnownOrder,
    error: Option<OrderFormError>,
) -> Result<Response, Trouble> {
    let v = &order_view(console, known, error)?;
    let shell = &console.shell(visit, Some(Section::Orders), Some(&path(&known.order)));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page(status, &ConsoleOrderPage { t: visit.texts(), shell, v }))
}

/// What the form decides; a mistake in the sum is shown on the page.
fn ruling(fields: &Fields, known: &KnownOrder) -> Result<Result<Ruling, OrderFormError>, Trouble> {
    let held = known.held_now()?;
    Ok(match fields.text(&RULING) {
        "buyer" => Ok(Ruling::Buyer),
        "seller" => Ok(Ruling::Seller),
        "split" => split(fields.text(&TO_BUYER), held),
        _ => return Err(RULING.malformed()),
    })
}

fn split(typed: &str, held: Money) -> Result<Ruling, OrderFormError> {
    let minor = minor_from_typed(typed, held.currency().exponent());
    let minor = minor.ok_or(OrderFormError::SplitNotASum)?;
    if (1..held.minor()).contains(&minor) {
        Ok(Ruling::Split(Money::new(minor, held.currency())))
    } else {
        Err(OrderFormError::SplitOutOfRange)
    }
}

/// Carries out what the operator asked for, and leads back to the order.
async fn act(
    console: &Console,
    order: &Order,
    command: Command,
    done: ConsoleNotice,
) -> Result<Response, Trouble> {
    let submission = Submission::new(console.parts.platform, command);
    let notice = match console.parts.engine.submit(submission).await {
        Ok(_) => done,
        Err(SubmitError::Refused(refusal)) => refused(refusal),
        Err(error) => return Err(Trouble::of_submit(&error)),
    };
    let to = format!("{}?{DONE}={}", path(order), notice.name());
    Ok(Redirect::to(&to).into_response())
}

fn refused(refusal: Refusal) -> ConsoleNotice {
    const NOT_CAPTURABLE: [Refusal; 3] = [
        Refusal::AuthorizationExpired,
        Refusal::CapturesExhausted,
        Refusal::CaptureExceedsAuthorization,
    ];
    if NOT_CAPTURABLE.contains(&refusal) {
        ConsoleNotice::NotCapturable
    } else {
        ConsoleNotice::NotPossible
    }
}

fn path(order: &Order) -> String {
    format!("/orders/{}", order.id)
}

/// The seller that a list is narrowed to. An unknown one is no page.
async fn seller_of(console: &Console, visit: &Visit) -> Result<Option<OrdersOf>, Trouble> {
    let Some(text) = visit.query("seller").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let id = SellerId::parse(text).ok_or(Problem::NotFound)?;
    let seller = console.parts.engine.find::<Seller>(console.parts.platform, &id).await?;
    let seller = seller.ok_or(Problem::NotFound)?;
    Ok(Some(OrdersOf { id: id.to_string(), name: seller_name(&seller) }))
}
