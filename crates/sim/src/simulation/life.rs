//! One life of the program: its runtime, its engine and what people do with it, until it is
//! stopped or killed in the middle of it all.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::command::{Command, LookAt, Subject};
use holdfast_core::held::{FreezeReason, HeldFunds};
use holdfast_core::id::OrderId;
use holdfast_core::key::RowKind;
use holdfast_core::order::{Order, OrderState};
use holdfast_core::row::{Record, Row};
use holdfast_core::rules::Rules;
use holdfast_core::time::{Span, Timestamp};
use holdfast_engine::{Engine, Submission, System};
use holdfast_store::Store;
use tokio::task::JoinSet;

use super::World;
use crate::machine::Machine;
use crate::outside::Outside;
use crate::processor::Notice;
use crate::store::FaultyStore;
use crate::workload::{Action, Answer, Client, new_seller, new_webhook_endpoint};

/// How many sellers there are.
const SELLERS: u64 = 4;
/// How many actions lie between two looks at what there is.
const LOOK_EVERY: u64 = 4;
/// How many of a thousand operations of the life before are asked for again.
const RECOVER: u64 = 800;
/// How long the engine may take to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// What happens in a life.
#[derive(Clone, Copy, Debug)]
pub(super) enum Life {
    /// People act, and much goes wrong.
    Busy {
        /// How many actions.
        actions: u64,
        /// How it ends.
        ending: Ending,
    },
    /// Nobody begins anything, and everything comes to its end.
    Quiet {
        /// How far the clock is moved.
        days: Span,
        /// Whether operators rule on the claims and move what is frozen.
        rules: bool,
    },
}

/// How a life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// In the middle of everything.
    Killed,
    /// As an operator ends it.
    Stopped,
}

impl Life {
    /// Runs it; answers with the machine's time at its end.
    pub(super) fn run(&self, world: &World, started_at: Timestamp) -> Timestamp {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime of one thread needs nothing");
        runtime.block_on(async {
            let living = Living::start(world, started_at).await;
            match *self {
                Life::Busy { actions, ending } => living.be_busy(actions, ending).await,
                Life::Quiet { days, rules } => living.be_quiet(days, rules).await,
            }
            living.client.machine.now()
        })
        // The runtime goes, and with it everything that was still at something.
    }
}

/// The running program.
struct Living<'a> {
    world: &'a World,
    client: Client,
}

impl Living<'_> {
    async fn start(world: &World, started_at: Timestamp) -> Living<'_> {
        let town = Arc::clone(&world.town);
        let machine = Arc::new(Machine::start(started_at, Arc::clone(&world.entropy)));
        let store = FaultyStore::new(
            Arc::clone(&world.memory),
            Arc::clone(&world.faults),
            Arc::clone(&town.trace),
            Arc::clone(&machine),
        );
        let outside = Outside {
            processor: Arc::clone(&town.processor),
            receivers: Arc::clone(&world.receivers),
            machine: Arc::clone(&machine),
            faults: Arc::clone(&world.faults),
            trace: Arc::clone(&town.trace),
        };
        let system: Arc<Machine> = Arc::clone(&machine);
        let store: Arc<dyn Store> = Arc::new(store);
        let engine = Engine::start(store, Arc::new(outside), system, Rules::default());
        while engine.restore_clock(town.platform).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let clock = engine.clone();
        let platform = town.platform;
        tokio::spawn(async move { clock.run_clock(platform).await });
        let client = Client { engine, town, machine };
        let living = Living { world, client };
        tokio::spawn(relay(living.client.clone(), Arc::clone(&world.faults)));
        living.set_up().await;
        living
    }

    /// Sellers, a clock and a receiver, unless they are there.
    async fn set_up(&self) {
        self.look();
        if self.client.town.known.clock().is_some() {
            return;
        }
        for _ in 0..SELLERS {
            let wish = new_seller(&mut self.client.town.dice.lock());
            self.must(RowKind::Seller, wish).await;
        }
        self.must(RowKind::WebhookEndpoints, new_webhook_endpoint()).await;
        self.must(RowKind::TestClock, Command::CreateTestClock).await;
        self.look();
    }

    async fn must(&self, kind: RowKind, command: Command) {
        while self.client.ask(Subject::Made(kind), command.clone()).await == Answer::Unknown {}
    }

    fn look(&self) {
        self.client.town.known.look_at(&self.world.memory.all_rows());
    }

    async fn be_busy(&self, actions: u64, ending: Ending) {
        let mut people = JoinSet::new();
        self.recover(&mut people, RECOVER);
        for number in 0..actions {
            if number % LOOK_EVERY == 0 {
                self.look();
            }
            let action = Action::draw(&mut self.client.town.dice.lock());
            people.spawn(self.client.clone().act(action));
            // Mostly they come in a crowd; now and then nobody does for a while.
            let quiet = self.client.chance(20);
            self.client.pause(if quiet { 150_000 } else { 400 }).await;
            while let Some(done) = people.try_join_next() {
                self.assert_done(done);
            }
        }
        if ending == Ending::Stopped {
            self.client.engine.stop(STOP_PATIENCE).await;
        }
    }

    /// People ask again for what the life before did not answer.
    fn recover(&self, people: &mut JoinSet<()>, per_thousand: u64) {
        let pending = self.client.town.history.lock().pending.clone();
        for operation in pending.into_values() {
            if self.client.chance(per_thousand) {
                let client = self.client.clone();
                people.spawn(async move {
                    client.ask_for(&operation).await;
                });
            }
        }
    }

    fn assert_done(&self, done: Result<(), tokio::task::JoinError>) {
        if let Err(error) = done {
            self.client.town.history.violation(format!("the simulation itself: {error}"));
        }
    }

    async fn be_quiet(&self, days: Span, rules: bool) {
        let mut people = JoinSet::new();
        self.recover(&mut people, 1_000);
        while let Some(done) = people.join_next().await {
            self.assert_done(done);
        }
        if rules {
            self.rule().await;
        }
        self.arrive().await;
        self.look();
        self.client.move_clock(days).await;
        self.arrive().await;
        // Leases of what failed while something still did, and the longest waits for an answer.
        tokio::time::sleep(Duration::from_secs(300)).await;
    }

    async fn arrive(&self) {
        if !self.client.clock_stands().await {
            self.client.town.history.violation("the clock does not arrive".to_owned());
        }
    }

    /// Operators decide what waits for them.
    async fn rule(&self) {
        for order in self.claims() {
            while self.claims().contains(&order) {
                self.client.rule_on(order).await;
            }
        }
        for stored in self.world.memory.all_rows() {
            if let Row::HeldFunds(funds) = &*stored.row
                && funds.frozen.is_some()
            {
                let key = stored.row.key();
                let command = Command::ReleaseHeldFunds(funds.id, None);
                self.client.ask_about(key, command).await;
            }
        }
    }

    fn claims(&self) -> Vec<OrderId> {
        let rows = self.world.memory.all_rows();
        let orders = rows.iter().filter_map(|stored| Order::of_row(&stored.row));
        let in_claim = orders.filter(|order| matches!(order.state, OrderState::InClaim { .. }));
        // While the bank decides nobody else does.
        let claimed = in_claim.filter(|order| {
            let funds = order.held_funds().map(|id| HeldFunds::key(&id));
            let funds = rows.iter().find(|stored| Some(stored.row.key()) == funds);
            let funds = funds.and_then(|stored| HeldFunds::of_row(&stored.row));
            funds.is_none_or(|funds| funds.frozen != Some(FreezeReason::Dispute))
        });
        claimed.map(|order| order.id).collect()
    }
}

/// The processor's own time, and the notices that it sends until somebody has taken them.
async fn relay(client: Client, faults: Arc<crate::faults::Faults>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        for (number, notice) in client.town.processor.tick(client.machine.now()) {
            let held_up = faults.of_notice();
            // Whoever was told and could not say so is told once more.
            if !held_up && tell(&client, notice).await && !faults.of_notice() {
                client.town.processor.taken(number);
            }
        }
    }
}

/// Tells the program of a notice; whether it has taken it.
async fn tell(client: &Client, notice: Notice) -> bool {
    let look = match notice {
        Notice::Attempt(attempt) => LookAt::Attempt(attempt),
        Notice::SetupAttempt(attempt) => LookAt::SetupAttempt(attempt),
        Notice::Refund(refund) => LookAt::Refund(refund),
        Notice::Complaints(attempt) => LookAt::Complaints(attempt),
    };
    let hint = Submission::new(client.town.platform, Command::Look(look));
    match client.engine.submit(hint).await {
        Ok(_) | Err(holdfast_engine::SubmitError::Refused(_)) => true,
        Err(_) => false,
    }
}
