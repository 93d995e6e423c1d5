//! The network's API.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::reply::Reply;
use super::request;
use super::strike::strike;
use super::wire::{
    self, AuthorizeRequest, CaptureRequest, IncrementRequest, PayoutRequest, RefundRequest,
    Telling, TokenRequest, VoidRequest,
};
use crate::clock;
use crate::faults::Operation;
use crate::network::authorization::Kind;
use crate::network::authorize::{Authorize, Purpose};
use crate::network::card::{Brand, Card, Funding};
use crate::network::movement::{Move, Wanted};
use crate::network::name::Name;
use crate::network::payout::PayOut;
use crate::network::profile::Profile;
use crate::world::{Trouble, World};

type Shared = State<Arc<World>>;
/// What is posted about an authorization.
type Posted = (Path<String>, HeaderMap, Body);

/// How many authorizations of the ledger are written under one lock.
const LEDGER_PART: usize = 500;
/// The longest name on a card.
const CARD_NAME_MAX: usize = 120;

/// `POST /network/tokens`.
pub(super) async fn issue_token(world: Shared, headers: HeaderMap, body: Body) -> Response {
    let posted = request::body_bytes(body).await;
    let work = async {
        let request: TokenRequest = request::json(&posted?)?;
        let stamp = request::stamp(&headers, "token", &request)?;
        let card = card(&request)?;
        let seed = clock::seed().map_err(Trouble::from)?;
        let issued = world.change(
            |network, now| network.issue_token(now, card, &stamp, &seed),
            |_, token| Reply::ok(&Issued { id: &token }),
        );
        Ok(issued.await?)
    };
    strike(&world, Operation::Token, work).await
}

/// `POST /network/authorizations`.
pub(super) async fn authorize(world: Shared, headers: HeaderMap, body: Body) -> Response {
    let posted = request::body_bytes(body).await;
    let work = async {
        let request: AuthorizeRequest = request::json(&posted?)?;
        let stamp = request::stamp(&headers, "authorize", &request)?;
        let wish = wish(&request)?;
        let seed = clock::seed().map_err(Trouble::from)?;
        let origin = &world.config.origin;
        let authorized = world.change(
            |network, now| network.authorize(now, &wish, &stamp, &seed),
            |network, index| wire::authorization(network, index, Telling::First, origin),
        );
        Ok(authorized.await?)
    };
    strike(&world, Operation::Authorize, work).await
}

/// `POST /network/authorizations/{id}/captures`.
pub(super) async fn capture(world: Shared, posted: Posted) -> Response {
    move_money(&world, Operation::Capture, posted, |request: CaptureRequest| {
        let amount = request::amount(request.amount)?;
        let currency = request::currency(&request.currency)?;
        Ok((request.reference, Wanted::Capture { amount, currency, last: request.last }))
    })
    .await
}

/// `POST /network/authorizations/{id}/increments`.
pub(super) async fn increment(world: Shared, posted: Posted) -> Response {
    move_money(&world, Operation::Increment, posted, |request: IncrementRequest| {
        let amount = request::amount(request.amount)?;
        let currency = request::currency(&request.currency)?;
        Ok((request.reference, Wanted::Increment { amount, currency }))
    })
    .await
}

/// `POST /network/authorizations/{id}/voids`.
pub(super) async fn void(world: Shared, posted: Posted) -> Response {
    move_money(&world, Operation::Void, posted, |request: VoidRequest| {
        let what = match (request.while_asked, request.amount) {
            (false, amount) => Wanted::Void { amount: amount.map(request::amount).transpose()? },
            // What a bank would hold that is asked whether a card may be kept.
            (true, Some(0)) => Wanted::GiveUp { amount: 0 },
            (true, Some(amount)) => Wanted::GiveUp { amount: request::amount(amount)? },
            (true, None) => return Err(Reply::invalid("amount", "amount is required here")),
        };
        Ok((request.reference, what))
    })
    .await
}

/// `POST /network/authorizations/{id}/refunds`.
pub(super) async fn refund(world: Shared, posted: Posted) -> Response {
    move_money(&world, Operation::Refund, posted, |request: RefundRequest| {
        let amount = request::amount(request.amount)?;
        let currency = request::currency(&request.currency)?;
        Ok((request.reference, Wanted::Refund { amount, currency }))
    })
    .await
}

/// `POST /network/payouts`: told as it is received, whatever has happened since.
pub(super) async fn pay_out(world: Shared, headers: HeaderMap, body: Body) -> Response {
    let posted = request::body_bytes(body).await;
    let work = async {
        let request: PayoutRequest = request::json(&posted?)?;
        let stamp = request::stamp(&headers, "payout", &request)?;
        let wish = PayOut {
            reference: request::name("reference", &request.reference)?.into(),
            account: request.account,
            amount: request::amount(request.amount)?,
            currency: request::currency(&request.currency)?,
            speed: request.method,
        };
        let seed = clock::seed().map_err(Trouble::from)?;
        let received = world.change(
            |network, now| network.pay_out(now, &wish, &stamp, &seed),
            |network, index| wire::payout(network, index, network.payout(index).created_at),
        );
        Ok(received.await?)
    };
    strike(&world, Operation::Payout, work).await
}

/// `GET /network/payouts?reference=R`.
pub(super) async fn find_payout(world: Shared, RawQuery(query): RawQuery) -> Response {
    let work = async {
        let reference = reference(query.as_deref())?;
        let found = world.look(|network, now| {
            network.find_payout(&reference).map(|index| wire::payout(network, index, now))
        });
        Ok(found.await?.unwrap_or_else(unknown_reference))
    };
    strike(&world, Operation::Lookup, work).await
}

/// `GET /network/authorizations?reference=R`.
pub(super) async fn find_authorization(world: Shared, RawQuery(query): RawQuery) -> Response {
    let origin = &world.config.origin;
    let work = async {
        let reference = reference(query.as_deref())?;
        let found = world.look(|network, _| {
            let index = network.find_authorization(&reference);
            index.map(|index| wire::authorization(network, index, Telling::Now, origin))
        });
        Ok(found.await?.unwrap_or_else(unknown_reference))
    };
    strike(&world, Operation::Lookup, work).await
}

/// `GET /network/captures?reference=R`.
pub(super) async fn find_capture(world: Shared, RawQuery(query): RawQuery) -> Response {
    find_movement(&world, Kind::Capture, query).await
}

/// `GET /network/increments?reference=R`.
pub(super) async fn find_increment(world: Shared, RawQuery(query): RawQuery) -> Response {
    find_movement(&world, Kind::Increment, query).await
}

/// `GET /network/voids?reference=R`.
pub(super) async fn find_void(world: Shared, RawQuery(query): RawQuery) -> Response {
    find_movement(&world, Kind::Void, query).await
}

/// `GET /network/refunds?reference=R`.
pub(super) async fn find_refund(world: Shared, RawQuery(query): RawQuery) -> Response {
    find_movement(&world, Kind::Refund, query).await
}

/// `GET /network/ledger`: everything. Each authorization is whole; those that change while the
/// answer is written are told as they were at their turn.
pub(super) async fn ledger(world: Shared) -> Response {
    match whole_ledger(&world).await {
        Ok(reply) | Err(reply) => reply.into_response(),
    }
}

async fn whole_ledger(world: &World) -> Result<Reply, Reply> {
    let mut body = br#"{"authorizations":["#.to_vec();
    let mut start = 0;
    loop {
        let part = (start, LEDGER_PART);
        let origin = &world.config.origin;
        let written = world.look(|network, _| wire::ledger_part(network, part, origin, &mut body));
        let written = written.await?;
        start += written.map_err(|_| Reply::error(500, "server_error", "not written"))?;
        if start < part.0 + LEDGER_PART {
            body.extend_from_slice(b"]}");
            return Ok(Reply { status: 200, body });
        }
    }
}

async fn find_movement(world: &World, kind: Kind, query: Option<String>) -> Response {
    let work = async {
        let reference = reference(query.as_deref())?;
        let found = world.look(|network, _| {
            let index = network.find_movement(kind, &reference);
            index.map(|index| wire::movement(network, index, Telling::Now))
        });
        Ok(found.await?.unwrap_or_else(unknown_reference))
    };
    strike(world, Operation::Lookup, work).await
}

/// Moves money of an authorization, by the reference and the wish that `read` finds in the body.
async fn move_money<R: DeserializeOwned>(
    world: &World,
    operation: Operation,
    (Path(id), headers, body): Posted,
    read: impl FnOnce(R) -> Result<(String, Wanted), Reply>,
) -> Response {
    let posted = request::body_bytes(body).await;
    let work = async {
        let (reference, what) = read(request::json(&posted?)?)?;
        let authorization = request::name("id", &id)?;
        let reference = request::name("reference", &reference)?;
        let stamp =
            request::stamp(&headers, what.kind().name(), &(authorization, reference, what))?;
        let (authorization, reference) = (authorization.into(), reference.into());
        let wanted = Move { authorization, reference, what };
        let seed = clock::seed().map_err(Trouble::from)?;
        let moved = world.change(
            |network, now| network.move_money(now, &wanted, &stamp, &seed),
            |network, index| wire::movement(network, index, Telling::First),
        );
        Ok(moved.await?)
    };
    strike(world, operation, work).await
}

fn card(request: &TokenRequest) -> Result<Card, Reply> {
    let profile = Profile::named(&request.profile)
        .ok_or_else(|| Reply::invalid("profile", "there is no such test card"))?;
    let brand = Brand::parse(&request.brand)
        .ok_or_else(|| Reply::invalid("brand", "brand must be one of the sandbox's four"))?;
    let funding = Funding::parse(&request.funding)
        .ok_or_else(|| Reply::invalid("funding", "funding must be credit, debit or prepaid"))?;
    let digits = request.last4.bytes().all(|byte| byte.is_ascii_digit());
    if request.last4.len() != 4 || !digits {
        return Err(Reply::invalid("last4", "last4 must be four digits"));
    }
    if !(1..=12).contains(&request.exp_month) {
        return Err(Reply::invalid("exp_month", "exp_month must be 1 to 12"));
    }
    if !(2000..=2199).contains(&request.exp_year) {
        return Err(Reply::invalid("exp_year", "exp_year must be 2000 to 2199"));
    }
    let country = request.country.as_deref().unwrap_or(profile.country);
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Reply::invalid("country", "country must be two capital letters"));
    }
    let name = request.name.as_deref().filter(|name| !name.is_empty());
    let name = name.map(|name| request::text("name", name, CARD_NAME_MAX)).transpose()?;
    Ok(Card {
        profile,
        brand,
        last4: request.last4.as_str().into(),
        exp_month: request.exp_month,
        exp_year: request.exp_year,
        funding,
        country: country.into(),
        name: name.map(Into::into),
    })
}

fn wish(request: &AuthorizeRequest) -> Result<Authorize, Reply> {
    let return_url = request.return_url.as_deref();
    let return_url = return_url.map(request::return_url).transpose()?;
    Ok(Authorize {
        reference: request::name("reference", &request.reference)?.into(),
        token: request::name("token", &request.token)?.into(),
        amount: request::amount(request.amount)?,
        currency: request::currency(&request.currency)?,
        descriptor: request::descriptor(&request.descriptor)?.into(),
        return_url: return_url.map(Into::into),
        three_ds: request.three_ds.read(),
        off_session: request.off_session,
        save: request.save,
        incremental: request.incremental,
        moto: request.moto,
        network: carrier(request.network.as_deref())?,
        capture: capture_of(request)?,
        purpose: Purpose::Payment,
    })
}

fn capture_of(request: &AuthorizeRequest) -> Result<Option<Name>, Reply> {
    let capture = request.capture.as_deref();
    capture.map(|capture| Ok(request::name("capture", capture)?.into())).transpose()
}

/// The network that is to carry it. One that nobody has is no error: no card has it.
pub(super) fn carrier(network: Option<&str>) -> Result<Option<Box<str>>, Reply> {
    network.map(|network| Ok(request::name("network", network)?.into())).transpose()
}

pub(super) fn reference(query: Option<&str>) -> Result<String, Reply> {
    let pairs = form_urlencoded::parse(query.unwrap_or("").as_bytes());
    let mut references = pairs.filter(|(name, _)| name == "reference");
    match (references.next(), references.next()) {
        (Some((_, reference)), None) => Ok(request::name("reference", &reference)?.to_owned()),
        (_, _) => Err(Reply::invalid("reference", "the query must name one reference")),
    }
}

pub(super) fn unknown_reference() -> Reply {
    Reply::error(404, "unknown_reference", "this reference was never received")
}

#[derive(Serialize)]
struct Issued<'a> {
    id: &'a str,
}
