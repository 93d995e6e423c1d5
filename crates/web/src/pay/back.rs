//! Back from the bank's page to a shop that has no pay page of ours: its own address, with what the
//! dialect's clients read there.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use holdfast_core::command::{Command, LookAt};
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::intent::{IntentState, PaymentIntent};

use super::handlers::{PATIENCE, wait_for_bank};
use super::pages::BackPage;
use super::surface::Pay;
use super::views::Back;
use crate::address::Address;
use crate::page::{Problem, page};
use crate::surface::Surface;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// `GET /p/{payment}/{secret}/return`: the buyer comes back from the bank's page. What the bank
/// decided is looked up; the address says nothing of it.
///
/// A page and no redirect: browsers that were sent here by the bank's form would not follow one to
/// a third site. Where it leads is what the payment says and nothing of this request.
pub(super) async fn back(State(pay): State<Arc<Pay>>, visit: Visit, address: Address) -> Response {
    let done = async {
        let intent = settled(&pay, load(&pay, &address).await?).await?;
        let v = &Back { url: Some(target(&intent).ok_or(Problem::NotFound)?) };
        Ok(page(StatusCode::OK, &BackPage { t: visit.texts(), shell: &pay.shell(None), v }))
    };
    let result = done.await;
    pay.answer(&visit, result)
}

/// The payment that an address opens; `NotFound` for one that is not there and for a wrong secret
/// alike.
async fn load(pay: &Pay, address: &Address) -> Result<PaymentIntent, Trouble> {
    let id = address.payment().ok_or(Problem::NotFound)?;
    let intent = pay.find::<PaymentIntent>(&id).await?.ok_or(Problem::NotFound)?;
    if !intent.secret.matches(&address.secret) {
        return Err(Problem::NotFound.into());
    }
    Ok(intent)
}

/// The payment once the bank has answered, and its money is taken where that follows at once.
async fn settled(pay: &Pay, intent: PaymentIntent) -> Result<PaymentIntent, Trouble> {
    let attempt = match intent.attempt() {
        Some(id) => pay.find::<Attempt>(&id).await?,
        None => None,
    };
    if let Some(attempt) = attempt.filter(Attempt::is_open) {
        let look = Command::Look(LookAt::Attempt(attempt.id));
        pay.submit(look).await.map_err(|error| Trouble::of_submit(&error))?;
        wait_for_bank(pay, attempt.id).await?;
    }
    let engine = &pay.parts.engine;
    let done = |intent: &PaymentIntent| !matches!(intent.state, IntentState::Processing { .. });
    let found = engine.wait_for::<PaymentIntent>(pay.parts.platform, &intent.id, PATIENCE, done);
    Ok(found.await?.unwrap_or(intent))
}

/// The shop's address with the payment, its client secret and how it went.
fn target(intent: &PaymentIntent) -> Option<String> {
    let url = intent.notes.return_url.as_deref()?;
    let (url, fragment) = match url.split_once('#') {
        Some((url, fragment)) => (url, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let joint = if url.contains('?') { '&' } else { '?' };
    let (id, secret, status) = (intent.id, intent.secret.reveal(), status(intent));
    Some(format!(
        "{url}{joint}payment_intent={id}&payment_intent_client_secret={id}_secret_{secret}\
         &redirect_status={status}{fragment}"
    ))
}

fn status(intent: &PaymentIntent) -> &'static str {
    match intent.state {
        IntentState::RequiresCapture { .. } | IntentState::Succeeded { .. } => "succeeded",
        IntentState::Processing { .. } | IntentState::RequiresAction { .. } => "pending",
        IntentState::RequiresPaymentMethod { .. }
        | IntentState::RequiresConfirmation { .. }
        | IntentState::Canceled { .. } => "failed",
    }
}
