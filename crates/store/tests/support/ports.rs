//! Ports for the servers that a test starts by itself.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below every port that systems give to outgoing connections: one of those could take a port
/// between the look and the start, or while a server that was killed is away.
const FIRST: u16 = 9_000;
/// How many neighbours are handed out together.
const TOGETHER: u16 = 6;
const PLACES: u32 = 1_150;
/// Tests that run side by side begin at places of their own.
const PLACES_OF_A_TEST: u32 = 37;

/// The first of six neighbouring ports on which nobody listens. None is handed out twice by a
/// test, so that servers which are started later do not meet.
pub(crate) fn free() -> u16 {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    let begin = (std::process::id() % PLACES) * PLACES_OF_A_TEST;
    loop {
        let place = (begin + TRIED.fetch_add(1, Ordering::Relaxed)) % PLACES;
        let first = FIRST + u16::try_from(place).unwrap() * TOGETHER;
        if (first..first + TOGETHER).all(is_free) {
            return first;
        }
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}
