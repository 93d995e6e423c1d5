//! The pay page's handlers: parse, submit, show. Nothing here charges but [`pay`], by its post.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use holdfast_core::command::{Command, LookAt};
use holdfast_core::id::{AttemptId, Id as _, LineId, SetupAttemptId};
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::setup::{SetupAttempt, VerificationState};
use holdfast_core::refusal::Refusal;
use holdfast_engine::SubmitError;

use super::card_errors::CardErrors;
use super::decline::Decline;
use super::pages::{ChallengePage, CheckoutPage, ClosedPage, ConfirmPage, PaidPage, WaitingPage};
use super::purchase::{Purchase, Stage};
use super::submit::{Asked, Tried, is_token, pay_now};
use super::surface::Pay;
use super::views::{ClosedReason, CodeProblem, Notice};
use crate::address::Address;
use crate::fields::{Field, Fields};
use crate::page::page;
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How long an answer waits for the bank before it shows the waiting page instead: banks mostly
/// answer within two seconds, and people go on waiting for a page that loads for about ten.
pub(super) const PATIENCE: Duration = Duration::from_secs(8);

const SHIPPING: Field = Field::new("shipping", 5);
/// As long as ids are.
const LINE: Field = Field::new("line", 64);
/// Six digits are the most that a shop may let a buyer take, and a buyer may mistype one.
const QUANTITY: Field = Field::new("quantity", 7);

/// `GET /c/{session}/{secret}`: whichever page the purchase has come to.
pub(crate) async fn show(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let shown = async {
        let purchase = open(&pay, &mut visit, &address).await?;
        page_of(&pay, &visit, &purchase, CardErrors::default())
    };
    let result = shown.await;
    pay.answer(&visit, result)
}

/// `GET /c/{session}/{secret}/card`: back from the card zone without script, with a token or with
/// the errors of the form. Shows; never charges.
pub(crate) async fn card(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let shown = async {
        let purchase = open(&pay, &mut visit, &address).await?;
        if purchase.stage(pay.parts.engine.now()) != Stage::Open {
            return Ok(Redirect::to(&purchase.path).into_response());
        }
        match (visit.query("token"), visit.query("errors")) {
            (Some(token), None) if is_token(token) && purchase.session.allows_card() => {
                let shell = pay.shell(None);
                let v = &purchase.confirm(token, None)?;
                Ok(page(StatusCode::OK, &ConfirmPage { t: visit.texts(), shell: &shell, v }))
            }
            (Some(_), _) => Ok(back(&purchase, Some(Notice::CardEntryOver))),
            (None, Some(errors)) => page_of(&pay, &visit, &purchase, CardErrors::parse(errors)),
            (None, None) => Ok(back(&purchase, None)),
        }
    };
    let result = shown.await;
    pay.answer(&visit, result)
}

/// `POST /c/{session}/{secret}/shipping` with `shipping`, the index of a way to ship.
pub(crate) async fn shipping(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
    body: Body,
) -> Response {
    let done = async {
        let purchase = open(&pay, &mut visit, &address).await?;
        let fields = Fields::read(body, &[SHIPPING]).await?;
        if fields.text(&SHIPPING).is_empty() {
            return Ok(back(&purchase, Some(Notice::ShippingNotChosen)));
        }
        let Ok(choice) = u16::try_from(fields.number(&SHIPPING)?) else {
            return Err(SHIPPING.malformed());
        };
        let command = Command::ChooseShipping(purchase.session.id, choice);
        chosen(&pay, &purchase, command, Notice::ShippingRefused).await
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// `POST /c/{session}/{secret}/quantity` with `line`, the id of a line, and `quantity`.
pub(crate) async fn quantity(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
    body: Body,
) -> Response {
    let done = async {
        let purchase = open(&pay, &mut visit, &address).await?;
        let fields = Fields::read(body, &[LINE, QUANTITY]).await?;
        let line = LineId::parse(fields.text(&LINE)).ok_or_else(|| LINE.malformed())?;
        if fields.text(&QUANTITY).is_empty() {
            return Ok(back(&purchase, Some(Notice::QuantityRefused)));
        }
        let Ok(quantity) = u32::try_from(fields.number(&QUANTITY)?) else {
            return Ok(back(&purchase, Some(Notice::QuantityRefused)));
        };
        let command = Command::ChooseQuantity(purchase.session.id, line, quantity);
        chosen(&pay, &purchase, command, Notice::QuantityRefused).await
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// Carries out what the buyer chose, and leads back to the page with its new total.
async fn chosen(
    pay: &Pay,
    purchase: &Purchase,
    command: Command,
    refused: Notice,
) -> Result<Response, Trouble> {
    match pay.submit(command).await {
        Ok(_) => Ok(back(purchase, None)),
        // Paid or under way meanwhile: its own page says so.
        Err(SubmitError::Refused(Refusal::SessionNotOpen | Refusal::PaymentUnexpectedState)) => {
            Ok(back(purchase, None))
        }
        Err(SubmitError::Refused(_)) => Ok(back(purchase, Some(refused))),
        Err(error) => Err(Trouble::of_submit(&error)),
    }
}

/// `POST /c/{session}/{secret}/pay` with `token`, `attempt` and `total`: *Pay now*.
pub(crate) async fn pay(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
    body: Body,
) -> Response {
    let done = async {
        let purchase = open(&pay, &mut visit, &address).await?;
        Ok(match pay_now(&pay, &purchase, body).await? {
            Asked::Bank(tried) => {
                wait_for(&pay, tried).await?;
                Redirect::to(&format!("{}?{SENT}=1", purchase.path)).into_response()
            }
            Asked::Amend { token, said } => {
                let shell = pay.shell(None);
                let v = &purchase.confirm(&token, Some(&said))?;
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                page(status, &ConfirmPage { t: visit.texts(), shell: &shell, v })
            }
            Asked::Nobody(None) => Redirect::to(&purchase.path).into_response(),
            Asked::Nobody(Some(notice)) => back(&purchase, Some(notice)),
            Asked::PaidAlready => {
                Redirect::to(&format!("{}?{AGAIN}=1", purchase.path)).into_response()
            }
        })
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// `GET /c/{session}/{secret}/return`: the buyer comes back from the bank's page. What the bank
/// decided is looked up; the address says nothing of it.
pub(crate) async fn come_back(
    State(pay): State<Arc<Pay>>,
    mut visit: Visit,
    address: Address,
) -> Response {
    let done = async {
        let purchase = open(&pay, &mut visit, &address).await?;
        if let Some(attempt) = purchase.attempt.as_ref().filter(|attempt| attempt.is_open()) {
            let look = Command::Look(LookAt::Attempt(attempt.id));
            pay.submit(look).await.map_err(|error| Trouble::of_submit(&error))?;
            wait_for_bank(&pay, attempt.id).await?;
        }
        let kept = purchase.setup.as_ref().and_then(|(_, attempt)| attempt.as_ref());
        if let Some(attempt) = kept.filter(|attempt| attempt.state.is_open()) {
            let look = Command::Look(LookAt::SetupAttempt(attempt.id));
            pay.submit(look).await.map_err(|error| Trouble::of_submit(&error))?;
            wait_for(&pay, Tried::Setup(attempt.id)).await?;
        }
        Ok(back(&purchase, None))
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// Says that the buyer has just paid, so that the bank's page may be opened at once.
const SENT: &str = "sent";
/// Says that the buyer tried to pay what was paid already.
const AGAIN: &str = "again";

pub(super) async fn open(
    pay: &Pay,
    visit: &mut Visit,
    address: &Address,
) -> Result<Purchase, Trouble> {
    let purchase = Purchase::load(pay, address).await?;
    visit.set_locale(purchase.session.locale.as_deref());
    Ok(purchase)
}

/// The page of the stage that a purchase is in.
fn page_of(
    pay: &Pay,
    visit: &Visit,
    purchase: &Purchase,
    errors: CardErrors,
) -> Result<Response, Trouble> {
    let (t, shell) = (visit.texts(), &pay.shell(Some(&purchase.path)));
    let now = pay.parts.engine.now();
    let ok = StatusCode::OK;
    Ok(match purchase.stage(now) {
        Stage::Open => {
            let notice = visit.query(NOTICE).and_then(notice_of);
            page(ok, &CheckoutPage { t, shell, v: &purchase.checkout(pay, notice, errors)? })
        }
        Stage::Waiting => page(ok, &WaitingPage { t, shell, v: &purchase.waiting(now)? }),
        Stage::Challenged(challenge) => {
            let at_once = visit.query(SENT).is_some();
            page(ok, &ChallengePage { t, shell, v: &purchase.challenge(challenge, at_once)? })
        }
        Stage::Paid { at } => {
            let again = visit.query(AGAIN).is_some();
            page(ok, &PaidPage { t, shell, v: &purchase.paid(pay, at, again)? })
        }
        Stage::Closed(reason) => {
            page(closed_status(reason), &ClosedPage { t, shell, v: &purchase.closed(reason) })
        }
    })
}

fn closed_status(reason: ClosedReason) -> StatusCode {
    match reason {
        ClosedReason::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        ClosedReason::Expired | ClosedReason::Canceled => StatusCode::OK,
    }
}

async fn wait_for(pay: &Pay, tried: Tried) -> Result<(), Trouble> {
    match tried {
        Tried::Payment(attempt) => wait_for_bank(pay, attempt).await,
        Tried::Setup(attempt) => wait_for_setup(pay, attempt).await,
    }
}

/// As [`wait_for_bank`], for a card that is kept.
async fn wait_for_setup(pay: &Pay, attempt: SetupAttemptId) -> Result<(), Trouble> {
    let engine = &pay.parts.engine;
    let answered = |attempt: &SetupAttempt| match attempt.state {
        VerificationState::Sending { .. } | VerificationState::Unknown { .. } => false,
        VerificationState::Challenged { looking, .. } => !looking,
        VerificationState::Verified | VerificationState::Declined(_) => true,
    };
    engine.wait_for::<SetupAttempt>(pay.parts.platform, &attempt, PATIENCE, answered).await?;
    Ok(())
}

/// Waits until the bank has answered, or wants to hear from the buyer; a while, not for ever.
pub(super) async fn wait_for_bank(pay: &Pay, attempt: AttemptId) -> Result<(), Trouble> {
    let engine = &pay.parts.engine;
    let answered = |attempt: &Attempt| match attempt.state {
        AttemptState::Sending { .. } | AttemptState::Unknown { .. } => false,
        AttemptState::Challenged { looking, .. } => !looking,
        AttemptState::Authorized(_) | AttemptState::Declined(_) => true,
    };
    engine.wait_for::<Attempt>(pay.parts.platform, &attempt, PATIENCE, answered).await?;
    Ok(())
}

/// The parameter that names what stands above the card form.
const NOTICE: &str = "notice";
/// What a post may leave above the card form. A decline is read off the payment instead.
const NOTICES: [(&str, Notice); 11] = [
    ("total_changed", Notice::TotalChanged),
    ("card", Notice::CardEntryOver),
    ("blocked", Notice::CardBlocked),
    ("later", Notice::Declined(Decline::Later)),
    ("shipping_missing", Notice::ShippingNotChosen),
    ("shipping", Notice::ShippingRefused),
    ("code_unknown", Notice::Code(CodeProblem::Unknown)),
    ("code_over", Notice::Code(CodeProblem::Over)),
    ("code_basket", Notice::Code(CodeProblem::OtherBasket)),
    ("code_first", Notice::Code(CodeProblem::FirstPurchase)),
    ("quantity", Notice::QuantityRefused),
];

fn notice_of(name: &str) -> Option<Notice> {
    NOTICES.iter().find(|(known, _)| *known == name).map(|(_, notice)| *notice)
}

/// Back to the session's page.
pub(super) fn back(purchase: &Purchase, notice: Option<Notice>) -> Response {
    let name = notice.and_then(|notice| NOTICES.iter().find(|(_, known)| *known == notice));
    match name {
        Some((name, _)) => Redirect::to(&format!("{}?{NOTICE}={name}", purchase.path)),
        None => Redirect::to(&purchase.path),
    }
    .into_response()
}
