//! An engine on a bench: with a store that can fail, a world that can be told what to say, and the
//! few commands that lead to where a test begins.

mod probe;
mod world;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{
    Claim, Command, ConfirmCheckoutSession, CreateCheckoutSession, CreatePaymentIntent,
    CreateSeller, CreateWebhookEndpoint, NewLine, ShipOrder, Subject,
};
use holdfast_core::currency::Currency;
use holdfast_core::id::{CheckoutSessionId, Id, OrderId, PaymentIntentId, PlatformId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::order::Order;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::rules::Rules;
use holdfast_core::secret::Secret;
use holdfast_core::time::{Span, Timestamp};
use holdfast_engine::{Engine, Submission, SubmitError, Submitted, System};
use holdfast_store::Store;
use holdfast_store::memory::MemoryStore;
use holdfast_store::sqlite::SqliteStore;
use tokio::time::Instant;

pub(crate) use probe::{Fault, ProbeStore};
pub(crate) use world::{FakeWorld, card};

/// When every bench's clock begins.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_795_176_000);
/// Longer than anything that goes well takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The machine of the tests: its clock is the runtime's, so that paused time works as well.
pub(crate) struct Machine {
    begun: Instant,
    /// How long the program was stopped before.
    later: Span,
    drawn: AtomicU64,
}

impl System for Machine {
    fn now(&self) -> Timestamp {
        let ms = i64::try_from(self.begun.elapsed().as_millis()).unwrap();
        START.after(self.later).after(Span::from_ms(ms))
    }

    /// Not random, but never the same twice.
    fn random(&self) -> u64 {
        self.later.ms().unsigned_abs() << 32 | self.drawn.fetch_add(1, Ordering::Relaxed)
    }
}

pub(crate) fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

pub(crate) fn embedded(folder: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(folder).unwrap())
}

/// An engine and what is around it.
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<ProbeStore>,
    pub(crate) world: Arc<FakeWorld>,
    pub(crate) platform: PlatformId,
}

pub(crate) fn id<I: Id>(number: u32) -> I {
    I::from_number(u128::from(number))
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn secret() -> Secret {
    Secret::new("a secret".to_owned())
}

pub(crate) fn token() -> CardToken {
    CardToken::new("tok_visa".to_owned())
}

impl Bench {
    pub(crate) async fn new(store: Arc<dyn Store>) -> Bench {
        Bench::later(store, Span::ZERO).await
    }

    /// A bench whose program was started again, so much after the first one was.
    pub(crate) async fn later(store: Arc<dyn Store>, later: Span) -> Bench {
        let world = Arc::new(FakeWorld::new(Arc::clone(&store)));
        Bench::around(store, world, later).await
    }

    pub(crate) async fn around(store: Arc<dyn Store>, world: Arc<FakeWorld>, later: Span) -> Bench {
        let store = Arc::new(ProbeStore::new(store));
        let machine = Machine { begun: Instant::now(), later, drawn: AtomicU64::new(1) };
        let (probe, outside) = (Arc::clone(&store), Arc::clone(&world));
        let engine = Engine::start(probe, outside, Arc::new(machine), Rules::default());
        let platform = id(1);
        engine.restore_clock(platform).await.unwrap();
        Bench { engine, store, world, platform }
    }

    pub(crate) async fn submit(&self, command: Command) -> Result<Submitted, SubmitError> {
        self.engine.submit(Submission::new(self.platform, command)).await
    }

    /// Submits what must succeed.
    pub(crate) async fn must(&self, command: Command) -> Submitted {
        self.submit(command).await.unwrap()
    }

    /// Submits under an idempotency key. The reply is about what the command makes.
    pub(crate) async fn claiming(
        &self,
        key: &str,
        kind: RowKind,
        command: Command,
    ) -> Result<Submitted, SubmitError> {
        let (key, fingerprint) = (key.to_owned(), "f".to_owned());
        let claim = Some(Claim { key, fingerprint, subject: Subject::Made(kind) });
        let submission = Submission { claim, ..Submission::new(self.platform, command) };
        self.engine.submit(submission).await
    }

    /// Submits commands at the same time; how many of them succeed, and what the others are told.
    pub(crate) async fn race(&self, commands: Vec<Command>) -> (usize, Vec<SubmitError>) {
        let racers = commands.into_iter().map(|command| {
            let (engine, submission) =
                (self.engine.clone(), Submission::new(self.platform, command));
            tokio::spawn(async move { engine.submit(submission).await })
        });
        let racers: Vec<_> = racers.collect();
        let (mut won, mut lost) = (0, Vec::new());
        for racer in racers {
            match racer.await.unwrap() {
                Ok(_) => won += 1,
                Err(error) => lost.push(error),
            }
        }
        (won, lost)
    }

    pub(crate) async fn seller(&self) -> SellerId {
        let seller = CreateSeller {
            name: None,
            email: None,
            country: "US".to_owned(),
            currency: Currency::USD,
            fee: None,
            metadata: BTreeMap::new(),
            profile: Box::default(),
        };
        let made = self.must(Command::CreateSeller(seller)).await;
        made.made::<holdfast_core::seller::Seller>().unwrap().id
    }

    /// A session with a line of this price for each seller, open for so long.
    pub(crate) async fn session(
        &self,
        sellers: &[SellerId],
        price: i64,
        life: Span,
    ) -> CheckoutSessionId {
        let create = new_session(sellers, price, self.engine.now().after(life));
        let made = self.must(Command::CreateCheckoutSession(Box::new(create))).await;
        made.made::<CheckoutSession>().unwrap().id
    }

    /// The orders of a session that is paid.
    pub(crate) async fn orders(&self, sellers: &[SellerId], price: i64) -> Vec<OrderId> {
        let session = self.session(sellers, price, Span::days(1)).await;
        let total = usd(price * i64::try_from(sellers.len()).unwrap());
        let paid = self.must(confirm_session(session, total)).await;
        let intent = paid.row::<PaymentIntent>().unwrap().id;
        let intent = self.settled(intent).await;
        assert!(matches!(intent.state, IntentState::RequiresCapture { .. }), "{intent:?}");
        intent.orders
    }

    /// The payment once its bank has answered.
    pub(crate) async fn settled(&self, intent: PaymentIntentId) -> PaymentIntent {
        let settled = |intent: &PaymentIntent| {
            !matches!(intent.state, IntentState::Processing { .. })
                && intent.capturable().minor() + intent.captured.minor() != 0
        };
        let found = self.engine.wait_for(self.platform, &intent, PATIENCE, settled).await;
        found.unwrap().unwrap()
    }

    /// An order that is shipped and whose money is held.
    pub(crate) async fn shipped(&self, price: i64) -> Order {
        let seller = self.seller().await;
        let order = self.orders(&[seller], price).await[0];
        self.must(ship(order)).await;
        let held = |order: &Order| order.held_funds().is_some();
        let found = self.engine.wait_for(self.platform, &order, PATIENCE, held).await;
        found.unwrap().unwrap()
    }

    /// Moves the clock so far and waits until it has arrived.
    pub(crate) async fn move_clock(&self, by: Span) {
        let clock = match self.engine.clock(self.platform).await.unwrap() {
            Some(clock) => clock.id,
            None => {
                let made = self.must(Command::CreateTestClock).await;
                made.made::<holdfast_core::clock::TestClock>().unwrap().id
            }
        };
        let target = self.engine.now().after(by);
        self.must(Command::AdvanceTestClock(clock, target)).await;
        let arrived = |clock: &holdfast_core::clock::TestClock| clock.target.is_none();
        let found = self.engine.wait_for(self.platform, &clock, PATIENCE, arrived).await;
        assert!(arrived(&found.unwrap().unwrap()), "the clock did not arrive");
    }

    /// Registers a receiver of everything.
    pub(crate) async fn receiver(&self, url: &str) {
        let create = CreateWebhookEndpoint {
            connect: false,
            url: url.to_owned(),
            enabled_events: vec!["*".to_owned()],
            description: None,
            api_version: None,
            metadata: BTreeMap::new(),
            secret: secret(),
        };
        self.must(Command::CreateWebhookEndpoint(create)).await;
    }
}

pub(crate) fn new_session(
    sellers: &[SellerId],
    price: i64,
    expires_at: Timestamp,
) -> CreateCheckoutSession {
    let line = |seller: &SellerId| NewLine {
        seller: Some(*seller),
        listed: None,
        of: None,
        name: "a thing".to_owned(),
        description: None,
        unit: usd(price),
        quantity: 1,
        adjustable: None,
        excludes_card: false,
        metadata: BTreeMap::new(),
    };
    CreateCheckoutSession {
        currency: Currency::USD,
        lines: sellers.iter().map(line).collect(),
        shipping_options: Vec::new(),
        discount: None,
        customer: None,
        customer_email: None,
        client_reference: None,
        locale: None,
        success_url: None,
        cancel_url: None,
        metadata: BTreeMap::new(),
        payment_metadata: BTreeMap::new(),
        terms: Default::default(),
        page: Default::default(),
        link: None,
        setup: None,
        expires_at: Some(expires_at),
        secret: secret(),
    }
}

pub(crate) fn confirm_session(session: CheckoutSessionId, total: Money) -> Command {
    Command::ConfirmCheckoutSession(ConfirmCheckoutSession {
        session,
        token: Some(token()),
        seen: None,
        card_use: Default::default(),
        total,
        given: Default::default(),
        return_url: "http://127.0.0.1/back".to_owned(),
        secret: secret(),
    })
}

pub(crate) fn sale(minor: i64, capture_method: CaptureMethod) -> Command {
    Command::CreatePaymentIntent(CreatePaymentIntent {
        amount: usd(minor),
        capture_method,
        token: Some(token()),
        card_use: Default::default(),
        confirm: true,
        return_url: None,
        description: None,
        receipt_email: None,
        transfer_group: None,
        metadata: BTreeMap::new(),
        notes: Default::default(),
        secret: secret(),
    })
}

pub(crate) fn ship(order: OrderId) -> Command {
    Command::ShipOrder(ShipOrder { order, carrier: None, tracking_number: None })
}
