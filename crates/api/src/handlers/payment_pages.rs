//! `/v1/payment_pages/{id}`: the pay page of a session for programs, by the session's id.

use holdfast_core::checkout::{CheckoutSession, Given};
use holdfast_core::command::{Command, ConfirmCheckoutSession};
use holdfast_core::money::Money;
use holdfast_core::payment::card::{CardSummary, CardToken, TokenSeen};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::setup::SetupIntent;
use holdfast_core::row::Record as _;

use crate::codes;
use crate::error::ApiError;
use crate::expand::Expand;
use crate::fields;
use crate::fields::card;
use crate::params::Params;
use crate::pipeline::Answer;
use crate::pipeline::call::Call;
use crate::pipeline::halt::Halt;
use crate::render::{checkout_session, payment_intent, setup_intent};
use crate::reply::Reply;

use super::cards;
use super::checkout_sessions::{Expanded, of_session, shown};
use super::page_answers::SaidAnswers;
use super::payment_shown::{client_secret, declined};
use super::setup_intents;

/// `GET /v1/payment_pages/{id}`.
pub(crate) async fn retrieve(call: Call) -> Answer {
    let (secret, expanded) =
        call.read(|params| Ok((client_secret(&call, params)?, expanded(&call, params)?)))?;
    let row = call.named::<CheckoutSession>("checkout.session").await?;
    let_in(&call, &row, secret.as_deref())?;
    answer(&call, &row, expanded).await
}

/// `POST /v1/payment_pages/{id}/confirm`.
pub(crate) async fn confirm(call: Call) -> Answer {
    let (asked, expanded) =
        call.read(|params| Ok((Asked::take(&call, params)?, expanded(&call, params)?)))?;
    let row = call.named::<CheckoutSession>("checkout.session").await?;
    let_in(&call, &row, asked.client_secret.as_deref())?;
    if call.is_browser() && asked.card.method.is_some() {
        return Err(cards::no_kept_card().into());
    }
    cards::must_exist(&call, None, asked.card.method).await?;
    asked.answers.refuse_wrong(&row, asked.given(), asked.card.method.is_some())?;
    let seen = seen(&call, &row, asked.card.token.as_ref()).await?;
    let confirm = asked.confirm(&call, &row)?;
    let command = Command::ConfirmCheckoutSession(ConfirmCheckoutSession { seen, ..confirm });
    if let Err(halt) = call.act(CheckoutSession::key(&row.id), command).await {
        return Err(of_session(&call, row.id, halt).await);
    }
    let row = call.present::<CheckoutSession>(&row.id).await?;
    refuse_declined(&call, &row).await?;
    answer(&call, &row, expanded).await
}

struct Asked {
    card: card::Given,
    answers: SaidAnswers,
    expected: Option<i64>,
    return_url: Option<String>,
    client_secret: Option<String>,
}

impl Asked {
    fn take(call: &Call, params: &mut Params) -> Result<Asked, ApiError> {
        Ok(Asked {
            card: required_card(params)?,
            answers: SaidAnswers::take(params)?,
            expected: fields::minor(params, "expected_amount")?,
            return_url: fields::url(params, "return_url")?,
            client_secret: client_secret(call, params)?,
        })
    }

    /// What the buyer says of it, with whose card it is.
    fn given(&self) -> Given {
        let holder = self.card.billing.clone().map(Given::from).unwrap_or_default();
        self.answers.given().or(&holder)
    }

    fn confirm(
        self,
        call: &Call,
        row: &CheckoutSession,
    ) -> Result<ConfirmCheckoutSession, ApiError> {
        let shown = row.totals().map_err(|_| ApiError::internal())?.total;
        let page = || checkout_session::pay_page(row, call.api.pay_origin());
        let given = self.given();
        let (token, card_use) = self.card.of_payment(row.customer);
        Ok(ConfirmCheckoutSession {
            session: row.id,
            token,
            seen: None,
            given,
            card_use,
            total: self.expected.map_or(shown, |minor| Money::new(minor, row.currency)),
            return_url: self.return_url.unwrap_or_else(page),
            secret: call.api.secret(),
        })
    }
}

/// The card of a token, where the shop does not take all.
async fn seen(
    call: &Call,
    row: &CheckoutSession,
    token: Option<&CardToken>,
) -> Result<Option<Box<CardSummary>>, ApiError> {
    let Some(token) = token.filter(|token| !row.terms.blocked.is_empty() && !token.is_debit())
    else {
        return Ok(None);
    };
    match call.api.engine().token(token).await {
        TokenSeen::Known(known) => Ok(Some(Box::new(known.card))),
        TokenSeen::NotFound => {
            let message = "The card's network knows no such token.";
            Err(ApiError::param(codes::RESOURCE_MISSING, "payment_method", message))
        }
        TokenSeen::Unknown => Err(ApiError::unavailable()),
    }
}

/// The card: by a token, or one that is kept. A browser may not name a kept one: it is known by
/// its id alone.
fn required_card(params: &mut Params) -> Result<card::Given, ApiError> {
    params.example("payment_method", "pm_card_visa");
    let card = card::given(params)?;
    if card.is_some() { Ok(card) } else { Err(params.missing("payment_method")) }
}

/// The answer is an error where the card was declined, with the payment, or the setup, in it.
async fn refuse_declined(call: &Call, row: &CheckoutSession) -> Result<(), Halt> {
    if let Some(of) = row.setup {
        let setup = call.present::<SetupIntent>(&of.intent).await?;
        return match setup_intent::last_failed(&setup) {
            Some(failed) => Err(setup_intents::declined(call, &setup, failed).into()),
            None => Ok(()),
        };
    }
    let Some(id) = row.intent else { return Ok(()) };
    let payment = call.present::<PaymentIntent>(&id).await?;
    match payment_intent::last_failed(&payment) {
        Some(failed) => Err(declined(call, &payment, failed).into()),
        None => Ok(()),
    }
}

/// A browser sees its session without the platform's own notes.
async fn answer(call: &Call, row: &CheckoutSession, expanded: Expanded) -> Answer {
    let mut object = shown(call, row, expanded).await?;
    if call.is_browser() {
        object.metadata.clear();
        object.client_reference_id = None;
    }
    Ok(Reply::ok(&object))
}

/// A browser may expand what it sees on the page.
fn expanded(call: &Call, params: &mut Params) -> Result<Expanded, ApiError> {
    if call.is_browser() {
        return Expand::take(params, Expanded::for_browser);
    }
    Expanded::take(params)
}

/// Refuses a secret that is not the session's, as if there were no such session. It is the last
/// part of the pay page's address.
fn let_in(call: &Call, row: &CheckoutSession, client_secret: Option<&str>) -> Result<(), ApiError> {
    let Some(given) = client_secret else { return Ok(()) };
    let guess = given.strip_prefix(&format!("{}_secret_", checkout_session::name(row.id)));
    if guess.is_some_and(|guess| row.secret.matches(guess)) {
        return Ok(());
    }
    Err(ApiError::not_found("checkout.session", &call.path_id))
}
