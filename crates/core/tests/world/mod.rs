//! A small world around the core: rows with versions, the books, the queue of effects, a clock.
//!
//! It commits what `decide` answers and, as it does so, holds every answer to the rules that a
//! store would hold it to. Nothing happens by itself: time moves and processors answer when a test
//! says so.

mod commit;
mod face;
mod names;
mod processor;
mod words;

pub(crate) mod make;
pub(crate) mod table;

use std::collections::{BTreeMap, BTreeSet};

use holdfast_core::change::Changes;
use holdfast_core::command::{Claim, Command, CreateSeller, Request};
use holdfast_core::currency::Currency;
use holdfast_core::decide::decide;
use holdfast_core::effect::{Effect, EffectKind, Timer};
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, Id, IdSource, PlatformId, SellerId};
use holdfast_core::key::RowKey;
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::money::BasisPoints;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_core::rules::Rules;
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;
use holdfast_core::view::{Stop, StoredRow, View};

pub(crate) use names::Names;
pub(crate) use processor::{Mood, Processor, Status};

/// How often a decision may be asked, the first time included: what it names itself is loaded
/// before.
const ROUNDS_MAX: usize = 4;
/// 2026-11-20 12:00 UTC, a Friday.
const START: Timestamp = Timestamp::from_seconds(1_795_176_000);

/// Everything that a platform has.
pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) rules: Rules,
    pub(crate) platform: PlatformId,
    pub(crate) rows: BTreeMap<RowKey, StoredRow>,
    pub(crate) queue: BTreeMap<(Timestamp, EffectId), Effect>,
    pub(crate) entries: Vec<JournalEntry>,
    pub(crate) events: Vec<Event>,
    pub(crate) names: Names,
    /// Debits less credits, as the postings are signed.
    pub(crate) balances: BTreeMap<(Account, Currency), i64>,
    commands: u64,
}

/// What is asked, with what stands beside the command.
pub(crate) struct Asked {
    pub(crate) command: Command,
    pub(crate) effect: Option<EffectId>,
    pub(crate) claim: Option<Claim>,
}

impl Asked {
    pub(crate) fn of(command: Command) -> Asked {
        Asked { command, effect: None, claim: None }
    }

    pub(crate) fn outcome(command: Command, effect: EffectId) -> Asked {
        Asked { command, effect: Some(effect), claim: None }
    }
}

impl World {
    /// A platform with three sellers: amy, from whom it keeps what the rule says, ben, from whom it
    /// keeps 10 %, and cay, from whom it keeps nothing.
    pub(crate) fn new() -> World {
        let mut world = World {
            now: START,
            rules: Rules::default(),
            platform: PlatformId::from_number(1),
            rows: BTreeMap::new(),
            queue: BTreeMap::new(),
            entries: Vec::new(),
            events: Vec::new(),
            names: Names::default(),
            balances: BTreeMap::new(),
            commands: 0,
        };
        for (name, points) in [("amy", None), ("ben", Some(1_000)), ("cay", Some(0))] {
            let fee = points.and_then(BasisPoints::new);
            world.ask(Command::CreateSeller(seller(name, fee))).expect("a seller is made");
        }
        world.events.clear();
        world
    }

    /// Carries out a command, or says why not.
    pub(crate) fn ask(&mut self, command: Command) -> Result<Changes, Refusal> {
        self.carry_out(Asked::of(command))
    }

    /// Carries out a command with what stands beside it.
    pub(crate) fn carry_out(&mut self, asked: Asked) -> Result<Changes, Refusal> {
        let changes = self.decided(asked)?;
        self.commit(&changes)?;
        Ok(changes)
    }

    /// What a command would change.
    pub(crate) fn decided(&mut self, asked: Asked) -> Result<Changes, Refusal> {
        self.commands += 1;
        let ids = IdSource::new(self.now.ms(), self.commands);
        let Asked { command, effect, claim } = asked;
        self.decide(&Request { platform: self.platform, ids, effect, claim, origin: None, command })
    }

    /// Asks the core until it has all the rows that it wants to see, and once more: the same
    /// question has the same answer.
    fn decide(&self, request: &Request) -> Result<Changes, Refusal> {
        let mut wanted: BTreeSet<RowKey> = request.command.keys().into_iter().collect();
        wanted.insert(RowKey::WebhookEndpoints(self.platform));
        let mut view = View::new(self.platform, &self.rules);
        for _ in 0..ROUNDS_MAX {
            for key in std::mem::take(&mut wanted) {
                let found = self.rows.get(&key).cloned();
                view.insert(key, found);
            }
            let answer = decide(&view, self.now, request);
            assert_eq!(answer, decide(&view, self.now, request), "the same question");
            match answer {
                Ok(changes) => return Ok(changes),
                Err(Stop::Refused(refusal)) => return Err(refusal),
                Err(Stop::Need(keys)) => wanted = keys,
            }
        }
        panic!("{:?} asks for ever more rows: {wanted:?}", request.command);
    }

    /// Moves the clock, ringing every timer on the way. None of them may be refused: nobody would
    /// hear of it.
    pub(crate) fn wait_until(&mut self, to: Timestamp) {
        while let Some((effect, timer)) = self.next_timer(to) {
            self.now = self.now.max(effect.due);
            let ring = Asked::outcome(Command::Ring(timer), effect.id);
            match self.carry_out(ring) {
                Ok(_) => {}
                Err(Refusal::BalanceInsufficient) => {
                    let again = Asked::outcome(Command::RingAgain(timer), effect.id);
                    self.carry_out(again).expect("a clock may ring again");
                }
                Err(refusal) => panic!("{timer:?} is refused: {}", refusal.code()),
            }
        }
        self.now = self.now.max(to);
    }

    fn next_timer(&self, to: Timestamp) -> Option<(Effect, Timer)> {
        let due = self.queue.values().take_while(|effect| effect.due <= to);
        due.filter_map(|effect| match &effect.kind {
            EffectKind::Timer(timer) => Some((effect.clone(), *timer)),
            EffectKind::Authorize(_)
            | EffectKind::Capture(_)
            | EffectKind::Hold(_)
            | EffectKind::Refund(_)
            | EffectKind::Payout(_)
            | EffectKind::SaveCard(_)
            | EffectKind::Verify(_)
            | EffectKind::Complaints(_)
            | EffectKind::Respond(_)
            | EffectKind::Report(_)
            | EffectKind::Deliver(_)
            | EffectKind::MoveClock { .. }
            | EffectKind::ReportBalance => None,
        })
        .next()
    }

    /// The first question to a processor that is due.
    pub(crate) fn asked_now(&self) -> Option<Effect> {
        let mut due = self.queue.values().take_while(|effect| effect.due <= self.now);
        due.find(|effect| asks_about(effect).is_some()).cloned()
    }

    /// A row that must be there.
    pub(crate) fn row<R: Record>(&self, id: &R::Id) -> R {
        let stored = self.rows.get(&R::key(id)).expect("the row is there");
        R::of_row(&stored.row).expect("the row is of its kind").clone()
    }

    /// When a row was made.
    pub(crate) fn start_of(&self, key: &RowKey) -> Timestamp {
        self.rows.get(key).expect("the row is there").row.created()
    }

    /// All rows of a kind.
    pub(crate) fn all<R: Record>(&self) -> Vec<R> {
        self.rows.values().filter_map(|stored| R::of_row(&stored.row)).cloned().collect()
    }

    /// What an account has: the credit side less the debit side.
    pub(crate) fn credit_of(&self, account: Account, currency: Currency) -> i64 {
        -self.balances.get(&(account, currency)).copied().unwrap_or(0)
    }

    /// A seller by name; one that is not there for a name that nobody has.
    pub(crate) fn seller(&self, name: &str) -> SellerId {
        let is_named = |seller: &Seller| seller.name.as_deref() == Some(name);
        let found = self.all::<Seller>().into_iter().find(is_named);
        found.map_or(SellerId::from_number(0), |seller| seller.id)
    }
}

fn seller(name: &str, fee: Option<BasisPoints>) -> CreateSeller {
    CreateSeller {
        name: Some(name.to_owned()),
        email: None,
        country: "US".to_owned(),
        currency: Currency::USD,
        fee,
        metadata: BTreeMap::new(),
        profile: Box::default(),
    }
}

/// What a question is about, when it is one.
pub(crate) fn asks_about(effect: &Effect) -> Option<RowKey> {
    match &effect.kind {
        EffectKind::Authorize(it) => Some(RowKey::Attempt(it.attempt)),
        EffectKind::Capture(it) => Some(RowKey::Capture(it.capture)),
        EffectKind::Refund(it) => Some(RowKey::Refund(it.refund)),
        EffectKind::Payout(it) => Some(RowKey::Payout(it.payout)),
        EffectKind::SaveCard(it) => Some(RowKey::PaymentMethod(it.method)),
        EffectKind::Verify(it) => Some(RowKey::SetupAttempt(it.attempt)),
        EffectKind::Respond(it) => Some(RowKey::Dispute(it.dispute)),
        // Asked about by verbs of their own: the attempt may be asked about at the same time.
        EffectKind::Hold(_)
        | EffectKind::Complaints(_)
        | EffectKind::Report(_)
        | EffectKind::Deliver(_)
        | EffectKind::MoveClock { .. }
        | EffectKind::Timer(_)
        | EffectKind::ReportBalance => None,
    }
}
