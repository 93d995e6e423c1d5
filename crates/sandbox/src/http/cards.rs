//! The network's API for cards that it keeps: exchanged, verified, looked up.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use holdfast_core::currency::Currency;

use super::api::{carrier, reference, unknown_reference};
use super::reply::Reply;
use super::request;
use super::strike::strike;
use super::wire::{self, SaveRequest, Telling, TokenLook, VerifyRequest};
use crate::clock;
use crate::faults::Operation;
use crate::network::authorize::{Authorize, Purpose};
use crate::network::saved::Save;
use crate::world::{Trouble, World};

type Shared = State<Arc<World>>;

/// `POST /network/cards`.
pub(super) async fn save(world: Shared, headers: HeaderMap, body: Body) -> Response {
    let posted = request::body_bytes(body).await;
    let work = async {
        let request: SaveRequest = request::json(&posted?)?;
        let stamp = request::stamp(&headers, "save_card", &request)?;
        let wish = Save {
            reference: request::name("reference", &request.reference)?.into(),
            token: request::name("token", &request.token)?.into(),
            check: request.check,
        };
        let seed = clock::seed().map_err(Trouble::from)?;
        let saved = world.change(
            |network, now| network.save_card(now, &wish, &stamp, &seed),
            |network, id| {
                let found = network.saved_card(&id);
                found.map_or_else(unknown_reference, |card| wire::saved(card, &wish.reference))
            },
        );
        Ok(saved.await?)
    };
    strike(&world, Operation::SaveCard, work).await
}

/// `GET /network/cards?reference=R`.
pub(super) async fn find(world: Shared, RawQuery(query): RawQuery) -> Response {
    let work = async {
        let reference = reference(query.as_deref())?;
        let found = world.look(|network, _| {
            let found = network.find_saved(&reference);
            found.map_or_else(unknown_reference, |card| wire::saved(card, &reference))
        });
        Ok(found.await?)
    };
    strike(&world, Operation::Lookup, work).await
}

/// `POST /network/tokens/look`: what a token stands for. It stands in the body and not in the
/// address, since it grants a charge.
pub(super) async fn look_at_token(world: Shared, body: Body) -> Response {
    let posted = request::body_bytes(body).await;
    let work = async {
        let request: TokenLook = request::json(&posted?)?;
        let token = request::name("token", &request.token)?;
        let found =
            world.look(|network, _| network.look_at_token(token).map(|it| wire::token(&it)));
        let unknown = || Reply::error(404, "unknown_token", "there is no such token");
        Ok(found.await?.unwrap_or_else(unknown))
    };
    strike(&world, Operation::Lookup, work).await
}

/// `POST /network/verifications`: an authorization of nothing, after which the card is kept.
pub(super) async fn verify(world: Shared, headers: HeaderMap, body: Body) -> Response {
    let posted = request::body_bytes(body).await;
    let work = async {
        let request: VerifyRequest = request::json(&posted?)?;
        let stamp = request::stamp(&headers, "verify", &request)?;
        let wish = wish(&request)?;
        let seed = clock::seed().map_err(Trouble::from)?;
        let origin = &world.config.origin;
        let verified = world.change(
            |network, now| network.authorize(now, &wish, &stamp, &seed),
            |network, index| wire::authorization(network, index, Telling::First, origin),
        );
        Ok(verified.await?)
    };
    strike(&world, Operation::Verify, work).await
}

fn wish(request: &VerifyRequest) -> Result<Authorize, Reply> {
    let return_url = request.return_url.as_deref();
    let return_url = return_url.map(request::return_url).transpose()?;
    Ok(Authorize {
        reference: request::name("reference", &request.reference)?.into(),
        token: request::name("token", &request.token)?.into(),
        amount: 0,
        // Nothing of any currency: the cardholder's account in this one is looked at.
        currency: Currency::USD,
        descriptor: request::descriptor(&request.descriptor)?.into(),
        return_url: return_url.map(Into::into),
        three_ds: request.three_ds.read(),
        off_session: false,
        save: true,
        incremental: false,
        moto: request.moto,
        network: carrier(request.network.as_deref())?,
        capture: None,
        purpose: Purpose::Verification,
    })
}
