//! The load: so many connections, each with one request under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::task::JoinSet;

use super::figures::{Counted, Figures};
use super::script::{Failure, Script};
use super::wire::Connection;

/// How much is asked, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Requests under way at once.
    pub(crate) connections: u16,
    /// Payments, or reads, a second in all, begun whether or not earlier ones are answered in
    /// time; without it each connection begins the next as soon as it has an answer.
    pub(crate) rate: Option<u32>,
    /// For how long.
    pub(crate) duration: Duration,
}

/// Plays a script on connections to all of `addresses` in turn and measures it. An open load counts
/// the time from the moment at which a payment was due, so that a server that stalls is not spared;
/// what was due and could not even be begun, since all connections still waited, is counted too.
pub(crate) async fn drive(
    addresses: &[String],
    script: &Arc<Script>,
    load: Load,
) -> anyhow::Result<Figures> {
    let mut connections = Vec::new();
    for address in addresses.iter().cycle().take(load.connections.into()) {
        let connection = Connection::open(address).await.context("the server")?;
        connections.push((connection, address.clone()));
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for (number, (connection, address)) in (0_u32..).zip(connections) {
        let pace = Pace::of(load, number, started);
        let player = Player { connection, address, script: Arc::clone(script), number };
        tasks.spawn(player.play(pace));
    }
    let mut counted = Counted::default();
    while let Some(done) = tasks.join_next().await {
        counted.add(done.context("a connection")?);
    }
    Ok(Figures::of(counted, started.elapsed()))
}

/// When a connection begins, and until when.
#[derive(Clone, Copy)]
struct Pace {
    next: Instant,
    every: Option<Duration>,
    end: Instant,
}

impl Pace {
    fn of(load: Load, number: u32, started: Instant) -> Pace {
        let connections = u32::from(load.connections);
        let every = load.rate.map(|rate| Duration::from_secs(1) * connections / rate.max(1));
        // Connections begin one after the other, so that an open load is even from the start.
        let offset = every.map_or(Duration::ZERO, |every| every / connections * number);
        Pace { next: started + offset, every, end: started + load.duration }
    }

    /// When the next one is due; nothing when time is over.
    fn due(&mut self, now: Instant) -> Option<Instant> {
        let due = match self.every {
            None => now,
            Some(every) => {
                let due = self.next;
                self.next += every;
                due
            }
        };
        (due.max(now) < self.end).then_some(due)
    }

    /// How many were due from `due` on until the end and were never begun.
    fn left(&self, due: Instant) -> u64 {
        let Some(every) = self.every else { return 0 };
        let left = self.end.saturating_duration_since(due);
        let every = every.as_nanos().max(1);
        u64::try_from(left.as_nanos().div_ceil(every)).unwrap_or(u64::MAX)
    }
}

/// One connection, and what is played on it.
struct Player {
    connection: Connection,
    address: String,
    script: Arc<Script>,
    number: u32,
}

impl Player {
    async fn play(mut self, mut pace: Pace) -> Counted {
        let mut counted = Counted::default();
        let mut turn = usize::try_from(self.number).unwrap_or(0);
        loop {
            let next = pace.next;
            let Some(due) = pace.due(Instant::now()) else {
                counted.unsent = pace.left(next);
                return counted;
            };
            if due > Instant::now() {
                tokio::time::sleep_until(due.into()).await;
            }
            turn += 1;
            match self.script.play(&mut self.connection, turn, &mut counted.requests).await {
                Ok(()) => counted.done(due.elapsed()),
                Err(failure) => {
                    if matches!(failure, Failure::NoAnswer(_)) && !self.connect().await {
                        counted.failed(failure);
                        counted.unsent = pace.left(pace.next);
                        return counted;
                    }
                    counted.failed(failure);
                }
            }
        }
    }

    /// Connects anew; whether somebody listens.
    async fn connect(&mut self) -> bool {
        match Connection::open(&self.address).await {
            Ok(fresh) => {
                self.connection = fresh;
                true
            }
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pace(rate: Option<u32>, number: u32, started: Instant) -> Pace {
        Pace::of(Load { connections: 4, rate, duration: SECOND }, number, started)
    }

    #[test]
    fn an_open_load_is_due_by_the_clock_and_not_by_the_answers() {
        let started = Instant::now();
        // 8 a second over 4 connections: each begins two, 500 ms apart, the fourth 375 ms late.
        for (number, answered_after_ms, due_at_ms, left) in [
            (0, 0, vec![0, 500], 0),
            (3, 0, vec![375, 875], 0),
            // The first answer takes 700 ms: the second was due 200 ms before, and is late.
            (0, 700, vec![0, 500], 0),
            // It takes longer than the load lasts: one was due and was never begun.
            (0, 1_200, vec![0], 1),
        ] {
            let mut pace = pace(Some(8), number, started);
            let (mut now, mut dues) = (started, Vec::new());
            let mut next = pace.next;
            while let Some(due) = pace.due(now) {
                dues.push(due.duration_since(started).as_millis());
                now = now.max(due) + Duration::from_millis(answered_after_ms);
                next = pace.next;
            }
            assert_eq!((dues, pace.left(next)), (due_at_ms, left), "{number} {answered_after_ms}");
        }
    }

    #[test]
    fn a_closed_load_begins_when_it_has_an_answer() {
        let started = Instant::now();
        let mut pace = pace(None, 3, started);
        for after_ms in [0, 1, 999] {
            let now = started + Duration::from_millis(after_ms);
            assert_eq!(pace.due(now), Some(now));
        }
        assert_eq!(pace.due(started + SECOND), None);
        assert_eq!(pace.left(started), 0);
    }
}
