//! What goes wrong, and how often. Once healed nothing does any more.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use holdfast_core::time::Timestamp;

use crate::random::{Dice, Random};

/// How many of a thousand calls of each part go wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) store: u64,
    pub(crate) processor: u64,
    pub(crate) receivers: u64,
}

/// The source of everything that goes wrong.
#[derive(Debug)]
pub(crate) struct Faults {
    dice: Dice,
    rates: Rates,
    healed: AtomicBool,
    store: Outage,
    processor: Outage,
}

/// Until when a part answers nothing at all, in milliseconds of the machine's time.
#[derive(Debug, Default)]
struct Outage(AtomicI64);

impl Outage {
    fn lasts(&self, now: Timestamp) -> bool {
        now.ms() < self.0.load(Ordering::Relaxed)
    }

    fn begin(&self, now: Timestamp, length_ms: i64) {
        self.0.store(now.ms().saturating_add(length_ms), Ordering::Relaxed);
    }
}

/// How a call of the store fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreFault {
    /// Not at all.
    None,
    /// Nothing was done.
    Before,
    /// It was done, and the answer was lost.
    After,
    /// It takes long.
    Slow(Duration),
}

/// How a call of the processor fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallFault {
    /// Not at all.
    None,
    /// No connection: no byte left.
    NeverSent,
    /// The request is lost on its way.
    LostBefore,
    /// The processor did it, and its answer is lost or makes no sense.
    LostAfter,
    /// The answer is lost, and the network holds the request back for so long.
    Late(Duration),
    /// The network delivers the request twice.
    Twice,
}

impl Faults {
    pub(crate) fn new(mut random: Random) -> Faults {
        // A quarter of the seeds for each: without faults, with some, with many, and all alike.
        let rate = |random: &mut Random| random.weighted(&[(1, 0), (2, 30), (1, 150)]).unwrap_or(0);
        let rates = Rates {
            store: rate(&mut random) / 2,
            processor: rate(&mut random) * 2,
            receivers: rate(&mut random),
        };
        Faults {
            dice: Dice::new(random),
            rates,
            healed: AtomicBool::new(false),
            store: Outage::default(),
            processor: Outage::default(),
        }
    }

    pub(crate) fn rates(&self) -> Rates {
        self.rates
    }

    /// From now on nothing goes wrong.
    pub(crate) fn heal(&self) {
        self.healed.store(true, Ordering::Relaxed);
    }

    fn strikes(&self, rate: u64) -> bool {
        !self.healed.load(Ordering::Relaxed) && self.dice.lock().chance(rate)
    }

    pub(crate) fn of_store(&self, now: Timestamp) -> StoreFault {
        let fails = self.strikes(self.rates.store);
        let mut random = self.dice.lock();
        if self.store.lasts(now) && !self.healed.load(Ordering::Relaxed) {
            return if random.chance(100) { StoreFault::After } else { StoreFault::Before };
        }
        if !fails {
            return StoreFault::None;
        }
        match random.below(40) {
            0..=15 => StoreFault::Before,
            16..=31 => StoreFault::After,
            32..=37 => StoreFault::Slow(milliseconds(&mut random, 1, 3_000)),
            // Longer than a lease.
            38 => StoreFault::Slow(milliseconds(&mut random, 60_000, 90_000)),
            _ => {
                self.store.begin(now, random.between(1_000, 30_000));
                StoreFault::Before
            }
        }
    }

    pub(crate) fn of_call(&self, now: Timestamp) -> CallFault {
        let fails = self.strikes(self.rates.processor);
        let mut random = self.dice.lock();
        if self.processor.lasts(now) && !self.healed.load(Ordering::Relaxed) {
            let faults = [
                (5, CallFault::NeverSent),
                (8, CallFault::LostBefore),
                (1, CallFault::LostAfter),
                (1, CallFault::Late(milliseconds(&mut random, 1_000, 300_000))),
            ];
            return random.weighted(&faults).unwrap_or(CallFault::None);
        }
        if !fails {
            return CallFault::None;
        }
        match random.below(40) {
            0..=7 => CallFault::NeverSent,
            8..=15 => CallFault::LostBefore,
            16..=23 => CallFault::LostAfter,
            24..=30 => CallFault::Late(milliseconds(&mut random, 1_000, 300_000)),
            31..=38 => CallFault::Twice,
            _ => {
                self.processor.begin(now, random.between(1_000, 300_000));
                CallFault::LostBefore
            }
        }
    }

    /// Whether a receiver of webhooks fails, and whether it has the event nevertheless.
    pub(crate) fn of_receiver(&self) -> Option<bool> {
        self.strikes(self.rates.receivers).then(|| self.dice.lock().chance(500))
    }

    /// Whether a notice of the processor is held up or sent twice.
    pub(crate) fn of_notice(&self) -> bool {
        self.strikes(self.rates.processor)
    }

    /// How long a call of the outside takes on one of its two ways.
    pub(crate) fn way(&self) -> Duration {
        let mut random = self.dice.lock();
        if self.healed.load(Ordering::Relaxed) || !random.chance(self.rates.processor / 2) {
            return milliseconds(&mut random, 1, 200);
        }
        // Longer than anybody waits for an answer is no answer.
        milliseconds(&mut random, 1_000, 12_000)
    }
}

fn milliseconds(random: &mut Random, least: i64, most: i64) -> Duration {
    Duration::from_millis(random.between(least, most).unsigned_abs())
}
