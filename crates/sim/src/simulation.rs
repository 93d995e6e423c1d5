//! One seed from its first to its last moment.

mod life;

use std::collections::BTreeMap;
use std::sync::Arc;

use holdfast_core::id::{IdSource, PlatformId};
use holdfast_core::time::{Span, Timestamp};
use holdfast_store::memory::MemoryStore;

use crate::audit::{self, Evidence};
use crate::faults::Faults;
use crate::history::History;
use crate::processor::Processor;
use crate::random::{Dice, Random};
use crate::receivers::Receivers;
use crate::trace::Trace;
use crate::workload::{Known, Town};

use life::{Ending, Life};

/// When every simulation begins: a Friday noon, so that business days matter.
const BEGINNING: Timestamp = Timestamp::from_seconds(1_795_176_000);

/// What to simulate.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Decides everything that happens.
    pub seed: u64,
    /// How many actions people take, about three commands each.
    pub actions: u64,
    /// Whether to write down what happens.
    pub traced: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What does not hold; nothing when all is well.
    pub violations: Vec<String>,
    /// How many operations were answered.
    pub answered: u64,
    /// How many authorizations the processor was asked for.
    pub authorizations: u64,
    /// How often what was reached: events, refusals, and why money went back, orders ended and
    /// funds were released. To see that a workload goes everywhere.
    pub reached: BTreeMap<String, u64>,
    /// What happened, a line each; empty unless it was wanted.
    pub trace: String,
}

/// Simulates one seed.
///
/// # Panics
/// When no runtime can be made, and on assertions of the simulation's own.
pub fn simulate(options: Options) -> Report {
    Simulation::run(options).report()
}

/// What there is in the end of a seed.
#[cfg(test)]
pub(crate) fn evidence_of(seed: u64) -> Evidence {
    let simulation = Simulation::run(Options { seed, actions: 100, traced: false });
    Evidence::of(&simulation.world, simulation.now)
}

/// Everything that outlives the program.
pub(crate) struct World {
    pub(crate) memory: Arc<MemoryStore>,
    pub(crate) town: Arc<Town>,
    pub(crate) receivers: Arc<Receivers>,
    pub(crate) faults: Arc<Faults>,
    /// The randomness that the program draws.
    pub(crate) entropy: Arc<Dice>,
}

struct Simulation {
    world: World,
    random: Random,
    now: Timestamp,
    lives: u32,
}

impl Simulation {
    /// From the first to the last moment.
    fn run(options: Options) -> Simulation {
        let mut simulation = Simulation::new(options);
        let lives = simulation.random.between(1, 4);
        for _ in 0..lives {
            let actions = options.actions / lives.unsigned_abs();
            let ending =
                if simulation.random.chance(700) { Ending::Killed } else { Ending::Stopped };
            simulation.live(&Life::Busy { actions, ending });
            simulation.audit(audit::at_any_time);
        }
        simulation.world.faults.heal();
        simulation.live(&Life::Quiet { days: Span::hours(2), rules: false });
        simulation.audit(audit::at_any_time);
        simulation.audit(audit::once_answered);
        // Longer than every authorization and every protection.
        simulation.live(&Life::Quiet { days: Span::days(100), rules: true });
        simulation.audit(audit::at_any_time);
        simulation.audit(audit::once_answered);
        simulation.audit(audit::at_the_end);
        simulation
    }

    fn new(options: Options) -> Simulation {
        let mut random = Random::new(options.seed);
        let platform: PlatformId = IdSource::new(0, options.seed).make();
        let processor = Arc::new(Processor::new(random.fork()));
        let trace = Arc::new(Trace::new(options.traced));
        let faults = Arc::new(Faults::new(random.fork()));
        trace.line(BEGINNING, format_args!("{:?}", faults.rates()));
        let town = Town {
            platform,
            dice: Dice::new(random.fork()),
            history: History::default(),
            processor,
            known: Known::default(),
            trace,
        };
        let world = World {
            memory: Arc::new(MemoryStore::new()),
            town: Arc::new(town),
            receivers: Arc::default(),
            faults,
            entropy: Arc::new(Dice::new(random.fork())),
        };
        Simulation { world, random, now: BEGINNING, lives: 0 }
    }

    /// One life of the program, from its start to its end.
    fn live(&mut self, life: &Life) {
        self.world.memory.free_leases();
        self.lives += 1;
        let number = self.lives;
        self.world.town.trace.line(self.now, format_args!("life {number}: {life:?}"));
        let ended = life.run(&self.world, self.now);
        // It takes a moment to start again, and sometimes until somebody has noticed.
        let most = if self.random.chance(200) { 400_000 } else { 10_000 };
        self.now = ended.after(Span::from_ms(self.random.between(500, most)));
    }

    fn audit(&self, audit: impl Fn(&Evidence) -> Vec<String>) {
        let violations = audit(&Evidence::of(&self.world, self.now));
        self.world.town.history.lock().violations.extend(violations);
    }

    fn report(self) -> Report {
        let town = &self.world.town;
        let authorizations = town.processor.books().authorizations().len();
        let reached = audit::reached(&Evidence::of(&self.world, self.now));
        let told = town.history.lock();
        let refused = told.refused.values().sum::<u64>();
        Report {
            violations: told.violations.clone(),
            answered: u64::try_from(told.subjects.len()).unwrap_or(u64::MAX) + refused,
            reached,
            authorizations: u64::try_from(authorizations).unwrap_or(u64::MAX),
            trace: town.trace.text(),
        }
    }
}
