//! How much a server takes, and how long it waits.

use std::time::Duration;

use axum::response::Response;

use crate::form::BODY_BYTES_MAX;
use crate::overload;

/// The caps and deadlines of a server. `Default` is what production uses.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// The most connections at once whose requests are answered.
    pub connections_max: usize,
    /// How many connections beyond those are told that there are too many.
    pub spare_connections: usize,
    /// What they are told.
    pub busy: fn() -> Response,
    /// From the connect to the first byte.
    pub first_byte: Duration,
    /// From the first byte of a request to the end of its head.
    pub head: Duration,
    /// From the head to the last byte of the body.
    pub body: Duration,
    /// The largest body, in bytes. A router may allow less, never more.
    pub body_bytes_max: usize,
    /// From the handler's answer to the next request; the answer must have been taken by then.
    pub idle: Duration,
    /// From the call to stop until connections are cut.
    pub drain: Duration,
}

impl Default for ServerLimits {
    fn default() -> ServerLimits {
        ServerLimits {
            // With two buffers and a body of at most 64 KiB each, below 192 MiB.
            connections_max: 1_000,
            // Told in less than a millisecond and then closed: enough for bursts, and for probes.
            spare_connections: 64,
            busy: overload::page,
            first_byte: Duration::from_secs(5),
            head: Duration::from_secs(5),
            body: Duration::from_secs(10),
            body_bytes_max: BODY_BYTES_MAX,
            // Above the pools of common clients and proxies (60 s), so that they close first: a
            // request sent into a closing connection is an unknown outcome to its sender.
            idle: Duration::from_secs(75),
            drain: Duration::from_secs(30),
        }
    }
}
