//! The test controls: the sandbox's clock and its faults.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::reply::Reply;
use super::request;
use crate::faults::{FAULTS_MAX, Fault};
use crate::world::World;

type Shared = State<Arc<World>>;

/// The furthest the clock can be moved ahead: a hundred years.
const OFFSET_MAX_MS: i64 = 100 * 366 * 24 * 3_600 * 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    offset_ms: i64,
}

#[derive(Serialize)]
struct ClockObject {
    offset_ms: i64,
    now_ms: i64,
}

#[derive(Serialize)]
struct FaultList {
    faults: Vec<Fault>,
}

/// `GET /clock`.
pub(super) async fn clock(State(world): Shared) -> Response {
    present(&world).await.unwrap_or_else(|reply| reply).into_response()
}

/// `POST /clock`: moves sandbox time to `offset_ms` ahead of the machine's, never back.
pub(super) async fn move_clock(State(world): Shared, body: Body) -> Response {
    set_clock(&world, body).await.unwrap_or_else(|reply| reply).into_response()
}

/// `GET /faults`.
pub(super) async fn faults(State(world): Shared) -> Response {
    list(&world).into_response()
}

/// `POST /faults`: one more fault waits.
pub(super) async fn add_fault(State(world): Shared, body: Body) -> Response {
    add(&world, body).await.unwrap_or_else(|reply| reply).into_response()
}

/// `DELETE /faults`: none waits any more.
pub(super) async fn clear_faults(State(world): Shared) -> Response {
    world.faults().clear();
    list(&world).into_response()
}

async fn set_clock(world: &World, body: Body) -> Result<Reply, Reply> {
    let request: ClockRequest = request::json(&request::body_bytes(body).await?)?;
    if !(0..=OFFSET_MAX_MS).contains(&request.offset_ms) {
        let message = "offset_ms must be 0 to 100 years in milliseconds";
        return Err(Reply::invalid("offset_ms", message));
    }
    world.change(|network, _| network.move_clock(request.offset_ms), |_, ()| ()).await?;
    // What the new time brings with it has happened when the answer comes.
    while world.tick()? {
        tokio::task::yield_now().await;
    }
    present(world).await
}

async fn present(world: &World) -> Result<Reply, Reply> {
    let clock =
        world.look(|network, now| ClockObject { offset_ms: network.offset_ms(), now_ms: now.ms() });
    Ok(Reply::ok(&clock.await?))
}

async fn add(world: &World, body: Body) -> Result<Reply, Reply> {
    let fault: Fault = request::json(&request::body_bytes(body).await?)?;
    fault.check().map_err(|param| Reply::invalid(param, &format!("{param} is out of range")))?;
    world.faults().add(fault).map_err(|_| {
        let message = format!("{FAULTS_MAX} faults wait already");
        Reply::error(409, "too_many_faults", &message)
    })?;
    Ok(list(world))
}

fn list(world: &World) -> Reply {
    Reply::ok(&FaultList { faults: world.faults().list() })
}
