//! `POST /v1/tokens`: a card in, a token out.

use std::net::IpAddr;
use std::time::Instant;

use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use jiff::Timestamp;

use super::Zone;
use super::origin::{Origin, ReturnTo};
use super::reply::{Answer, Refusal, Reply, Trouble};
use super::residue::Residue;
use crate::card::Card;
use crate::exchange::Exchange;
use crate::form::{Field, Form};

/// Reads the posted card and gives it to the processor.
///
/// # Errors
/// A refusal of the request itself, which concerns whoever wrote the page. What concerns the buyer
/// (a wrong field, a processor that does not answer) is a reply, in the way that the page wants it.
pub(super) async fn create<E: Exchange>(
    zone: &Zone<E>,
    request: Request<Incoming>,
    peer: IpAddr,
    posted: &Residue,
) -> Result<Reply, Refusal> {
    // The first card starts the clock, even one that is refused: its bytes have arrived.
    zone.card_seen.notify_one();
    let origin = admit(zone, &request, peer)?;
    let form = {
        let body = posted.read(request.into_body()).await.map_err(Refusal::Body)?;
        Form::read(&body).map_err(Refusal::Form)?
    };
    let answer = wanted_answer(zone, &form, origin)?;
    let now = Timestamp::now();
    let card = Card::read(&form, now, &zone.exchange);
    drop(form);
    let outcome = match card {
        Ok(card) => zone.exchange.exchange(card).await.map_err(Trouble::Exchange),
        Err(errors) => Err(Trouble::Fields(errors)),
    };
    Ok(answer.reply(&zone.pay, outcome, now))
}

/// What can be refused before a byte of the body is read.
fn admit<E: Exchange>(
    zone: &Zone<E>,
    request: &Request<Incoming>,
    peer: IpAddr,
) -> Result<Origin, Refusal> {
    let origin = zone.pay.of_request(request.headers());
    if origin == Origin::Foreign {
        return Err(Refusal::Origin);
    }
    if !zone.limiter.admits(peer, Instant::now()) {
        return Err(Refusal::RateLimited);
    }
    // An address ends up in logs and histories; whoever puts a card there must notice at once.
    if request.uri().query().is_some() {
        return Err(Refusal::Query);
    }
    if is_form(request.headers()) { Ok(origin) } else { Err(Refusal::NotAForm) }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The answer that the page wants, if it may have one.
fn wanted_answer<E: Exchange>(
    zone: &Zone<E>,
    form: &Form,
    origin: Origin,
) -> Result<Answer, Refusal> {
    if !zone.knows_key(form.text(Field::Key).unwrap_or_default()) {
        return Err(Refusal::Key);
    }
    let has_part = form.text(Field::ExpMonth).or(form.text(Field::ExpYear)).is_some();
    if form.text(Field::Exp).is_some() && has_part {
        return Err(Refusal::TwoExpiries);
    }
    match form.text(Field::ReturnTo) {
        Some(path) => ReturnTo::parse(path).map(Answer::Redirect).ok_or(Refusal::ReturnTo),
        // A script of a page without an origin could not read the answer, but would have the
        // card tried out.
        None if origin == Origin::Opaque => Err(Refusal::Origin),
        None => Ok(Answer::Json),
    }
}
