//! The buyer's order pages: the order, what the buyer can do about it, and one step before each
//! thing that cannot be undone.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{CancelBy, Command, OpenClaim};
use holdfast_core::order::{ClaimReason, Order, OrderState, ReleaseReason};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::time::Timestamp;
use holdfast_engine::SubmitError;

use super::known::KnownOrder;
use super::pages::{CancelOrderPage, ConfirmReceiptPage, OpenClaimPage, OrderPage};
use super::status::claim_reason;
use super::view_of::{Seen, cancel_request};
use super::views::{DESCRIPTION_CHARS_MAX, DescriptionProblem, OrderNotice};
use crate::address::Address;
use crate::fields::{Field, Fields};
use crate::page::{Problem, page};
use crate::pay::surface::Pay;
use crate::pay::view_of::order_path;
use crate::receipt::receipt_path;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The end of the protection that the page showed, in milliseconds.
const ENDS_AT: Field = Field::new("ends_at", 20);
const REASON: Field = Field::new("reason", 40);
/// Longer than any description that is taken, so that one which is too long comes back to be
/// shortened instead of being lost.
const DESCRIPTION: Field = Field::new("description", 48 * 1024);

/// `GET /o/{order}/{secret}`.
pub(crate) async fn show(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let shown = async {
        let known = open(&pay, &mut visit, &address).await?;
        let notice = visit.query(DONE).and_then(OrderNotice::parse);
        let seen = Seen { receipt: receipt(&pay, &known.order).await?, notice };
        let engine = &pay.parts.engine;
        let v = &known.page(engine.rules(), engine.now(), seen)?;
        let shell = pay.shell(Some(&v.path));
        Ok(page(StatusCode::OK, &OrderPage { t: visit.texts(), shell: &shell, v }))
    };
    let result = shown.await;
    pay.answer(&visit, result)
}

/// The path of the receipt of an order's payment.
async fn receipt(pay: &Pay, order: &Order) -> Result<Option<String>, Trouble> {
    let intent = pay.find::<PaymentIntent>(&order.intent).await?;
    let charge = intent.and_then(|intent| intent.attempt());
    Ok(charge.map(|charge| receipt_path(&pay.parts.receipts, charge)))
}

/// `GET /o/{order}/{secret}/receipt`: asks once more before the money goes to the seller.
pub(crate) async fn ask_receipt(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let shown = async {
        let known = open(&pay, &mut visit, &address).await?;
        if known.order.protection().is_none() {
            return Ok(back(&known.order, None));
        }
        let v = &known.receipt()?;
        let shell = pay.shell(Some(&format!("{}/receipt", v.path)));
        Ok(page(StatusCode::OK, &ConfirmReceiptPage { t: visit.texts(), shell: &shell, v }))
    };
    let result = shown.await;
    pay.answer(&visit, result)
}

/// `GET /o/{order}/{secret}/cancel`: asks once more before the order is called off.
pub(crate) async fn ask_cancel(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let shown = async {
        let known = open(&pay, &mut visit, &address).await?;
        if !known.order.awaits_shipment() || cancel_request(&known.order).is_some() {
            return Ok(back(&known.order, None));
        }
        let v = &known.cancel(pay.parts.engine.rules())?;
        let shell = pay.shell(Some(&format!("{}/cancel", v.path)));
        Ok(page(StatusCode::OK, &CancelOrderPage { t: visit.texts(), shell: &shell, v }))
    };
    let result = shown.await;
    pay.answer(&visit, result)
}

/// `GET /o/{order}/{secret}/claim`: the form of a claim.
pub(crate) async fn ask_claim(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let shown = async {
        let known = open(&pay, &mut visit, &address).await?;
        if known.order.protection().is_none() {
            return Ok(back(&known.order, None));
        }
        let v = &known.claim_form()?;
        let shell = pay.shell(Some(&format!("{}/claim", v.path)));
        Ok(page(StatusCode::OK, &OpenClaimPage { t: visit.texts(), shell: &shell, v }))
    };
    let result = shown.await;
    pay.answer(&visit, result)
}

/// `POST /o/{order}/{secret}/receipt`: the buyer has the goods.
pub(crate) async fn confirm_receipt(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let done = async {
        let known = open(&pay, &mut visit, &address).await?;
        let command = Command::ConfirmReceipt(known.order.id);
        act(&pay, &known.order, command, OrderNotice::Confirmed).await
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// `POST /o/{order}/{secret}/extend` with `ends_at`: more time, once for each press of the button.
pub(crate) async fn extend(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
    body: Body,
) -> Response {
    let done = async {
        let known = open(&pay, &mut visit, &address).await?;
        let shown = Fields::read(body, &[ENDS_AT]).await?.number(&ENDS_AT)?;
        let running = known.order.protection();
        if running.is_some_and(|protection| protection.ends_at != Timestamp::from_ms(shown)) {
            // Pressed on a page from before: an extension that it asked for is there already.
            let notice = came_about(&known.order, OrderNotice::Extended);
            return Ok(back(&known.order, Some(notice)));
        }
        let command = Command::ExtendProtection(known.order.id);
        act(&pay, &known.order, command, OrderNotice::Extended).await
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// `POST /o/{order}/{secret}/cancel`: the buyer asks the seller to cancel.
pub(crate) async fn cancel(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let done = async {
        let known = open(&pay, &mut visit, &address).await?;
        let command = Command::CancelOrder(known.order.id, CancelBy::Buyer);
        act(&pay, &known.order, command, OrderNotice::CancelRequested).await
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// `POST /o/{order}/{secret}/claim` with `reason` and `description`.
pub(crate) async fn claim(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
    body: Body,
) -> Response {
    let done = async {
        let known = open(&pay, &mut visit, &address).await?;
        let fields = Fields::read(body, &[REASON, DESCRIPTION]).await?;
        let (reason, problem) = read_claim(&fields);
        let (Some(reason), None) = (reason, problem) else {
            return claim_again(&pay, &visit, &known, (&fields, reason, problem));
        };
        let description = fields.optional(&DESCRIPTION);
        let open = OpenClaim { order: known.order.id, reason, description };
        act(&pay, &known.order, Command::OpenClaim(open), OrderNotice::Claimed).await
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// The parameter that names what came of what the buyer did.
const DONE: &str = "done";

/// Loads the order that an address opens, and the language in which it was bought.
async fn open(pay: &Pay, visit: &mut Visit, address: &Address) -> Result<KnownOrder, Trouble> {
    let id = address.order().ok_or(Problem::NotFound)?;
    let order = pay.find::<Order>(&id).await?.ok_or(Problem::NotFound)?;
    if !order.secret.matches(&address.secret) {
        return Err(Problem::NotFound.into());
    }
    let session = pay.find::<CheckoutSession>(&order.session).await?;
    visit.set_locale(session.as_ref().and_then(|session| session.locale.as_deref()));
    Ok(KnownOrder::around(&pay.parts.engine, pay.parts.platform, order).await?)
}

/// Carries out what the buyer asked for, and leads back to the order.
async fn act(
    pay: &Pay,
    order: &Order,
    command: Command,
    done: OrderNotice,
) -> Result<Response, Trouble> {
    match pay.submit(command).await {
        Ok(_) => Ok(back(order, Some(done))),
        Err(SubmitError::Refused(_)) => {
            let now = pay.find::<Order>(&order.id).await?;
            let notice = now.map_or(OrderNotice::NotPossible, |now| came_about(&now, done));
            Ok(back(order, Some(notice)))
        }
        Err(error) => Err(Trouble::of_submit(&error)),
    }
}

/// What to tell of a wish that was refused: that it is fulfilled, when an earlier press of the
/// same button did it.
fn came_about(order: &Order, wish: OrderNotice) -> OrderNotice {
    let is_so = match wish {
        OrderNotice::Confirmed => {
            let how = ReleaseReason::BuyerConfirmed;
            matches!(order.state, OrderState::Completed { how: known, .. } if known == how)
        }
        OrderNotice::Extended => {
            order.protection().is_some_and(|protection| protection.extensions > 0)
        }
        OrderNotice::Canceled => matches!(order.state, OrderState::Canceled { .. }),
        OrderNotice::CancelRequested => cancel_request(order).is_some(),
        OrderNotice::Claimed => matches!(order.state, OrderState::InClaim { .. }),
        OrderNotice::NotPossible => false,
    };
    if is_so { wish } else { OrderNotice::NotPossible }
}

fn back(order: &Order, notice: Option<OrderNotice>) -> Response {
    let path = order_path(order);
    match notice {
        Some(notice) => Redirect::to(&format!("{path}?{DONE}={}", notice.name())),
        None => Redirect::to(&path),
    }
    .into_response()
}

fn read_claim(fields: &Fields) -> (Option<ClaimReason>, Option<DescriptionProblem>) {
    let description = fields.optional(&DESCRIPTION).unwrap_or_default();
    let problem = match description.chars().count() {
        0 => Some(DescriptionProblem::Missing),
        chars if chars > DESCRIPTION_CHARS_MAX => Some(DescriptionProblem::TooLong),
        _ => None,
    };
    (claim_reason(fields.text(&REASON)), problem)
}

/// The form as it came, with what is wrong with it.
fn claim_again(
    pay: &Pay,
    visit: &Visit,
    known: &KnownOrder,
    (fields, reason, problem): (&Fields, Option<ClaimReason>, Option<DescriptionProblem>),
) -> Result<Response, Trouble> {
    let mut v = known.claim_form()?;
    v.reason = reason;
    v.reason_missing = reason.is_none();
    v.description = fields.text(&DESCRIPTION).to_owned();
    v.description_problem = problem;
    let shell = pay.shell(Some(&format!("{}/claim", v.path)));
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page(status, &OpenClaimPage { t: visit.texts(), shell: &shell, v: &v }))
}
