//! A shop with an open checkout, the two surfaces, and browsers to visit them with.

mod browser;
mod store;
mod world;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
use holdfast_core::checkout::{CheckoutSession, ShippingOption};
use holdfast_core::command::{Command, CreateCheckoutSession, CreateSeller, NewLine};
use holdfast_core::currency::Currency;
use holdfast_core::id::{AttemptId, CheckoutSessionId, Id, PlatformId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::money::Money;
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::row::Record;
use holdfast_core::rules::Rules;
use holdfast_core::secret::Secret;
use holdfast_core::seller::Seller;
use holdfast_core::time::{Span, Timestamp};
use holdfast_engine::query::RowsQuery;
use holdfast_engine::rate_limit::Limits;
use holdfast_engine::{Engine, Submission, Submitted, System};
use holdfast_web::{ConsoleParts, PayParts, ReceiptSecrets, Visitor, console_router, pay_router};
use tokio::time::Instant;

pub(crate) use browser::{Answer, Browser};
pub(crate) use store::FlakyStore;
pub(crate) use world::FakeWorld;

/// 2026-11-20 12:00 UTC.
const START: Timestamp = Timestamp::from_seconds(1_795_176_000);
/// Longer than anything that goes well takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How often to look whether a state has come.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(5);
pub(crate) const CARD_ZONE: &str = "http://127.0.0.1:4005";
pub(crate) const SANDBOX: &str = "http://127.0.0.1:4004";
pub(crate) const SECRET: &str = "aSecretOfFortyThreeLettersAndDigits12345678";

/// The machine's clock, which a test may set forward.
struct Machine {
    begun: Instant,
    jumped_ms: AtomicI64,
    drawn: AtomicU64,
}

impl System for Machine {
    fn now(&self) -> Timestamp {
        let ms = i64::try_from(self.begun.elapsed().as_millis()).unwrap();
        START.after(Span::from_ms(ms + self.jumped_ms.load(Ordering::Relaxed)))
    }

    fn random(&self) -> u64 {
        self.drawn.fetch_add(1, Ordering::Relaxed)
    }
}

/// The whole stage.
pub(crate) struct Stage {
    pub(crate) engine: Engine,
    pub(crate) platform: PlatformId,
    pub(crate) world: Arc<FakeWorld>,
    pub(crate) store: Arc<FlakyStore>,
    machine: Arc<Machine>,
    pub(crate) pay_origin: String,
    pub(crate) console_origin: String,
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

impl Stage {
    pub(crate) async fn new() -> Stage {
        Stage::limited(Limits::OFF).await
    }

    /// A stage whose visitors may ask for so much; they have the address that they say.
    pub(crate) async fn limited(limits: Limits) -> Stage {
        let store = Arc::new(FlakyStore::default());
        let world = Arc::new(FakeWorld::default());
        let machine = Arc::new(Machine {
            begun: Instant::now(),
            jumped_ms: AtomicI64::new(0),
            drawn: AtomicU64::new(1),
        });
        let system: Arc<dyn System> = Arc::<Machine>::clone(&machine);
        let outside: Arc<FakeWorld> = Arc::clone(&world);
        let kept: Arc<FlakyStore> = Arc::clone(&store);
        let engine = Engine::start(kept, outside, system, rules());
        let platform = PlatformId::from_number(1);
        engine.restore_clock(platform).await.unwrap();
        let (pay, pay_origin) = bind();
        let (console, console_origin) = bind();
        let secrets = Arc::new(|| SECRET.to_owned());
        let receipts: ReceiptSecrets = Arc::new(|charge| Secret::new(receipt_secret(charge)));
        let pay_parts = PayParts {
            engine: engine.clone(),
            platform,
            pay_origin: pay_origin.clone(),
            card_origin: CARD_ZONE.to_owned(),
            sandbox_origin: SANDBOX.to_owned(),
            publishable_key: "pk_test_1".to_owned(),
            secrets,
            receipts: Arc::clone(&receipts),
            limits,
        };
        let console_parts = ConsoleParts {
            engine: engine.clone(),
            platform,
            console_origin: console_origin.clone(),
            pay_origin: pay_origin.clone(),
            receipts,
            sandbox_origin: SANDBOX.to_owned(),
            shop_origin: "http://127.0.0.1:4000".to_owned(),
            api_origin: "http://127.0.0.1:4001".to_owned(),
            limits,
        };
        serve(pay, pay_router(pay_parts));
        serve(console, console_router(console_parts));
        Stage { engine, platform, world, store, machine, pay_origin, console_origin }
    }

    /// Lets time pass without waiting for it.
    pub(crate) fn jump(&self, span: Span) {
        self.machine.jumped_ms.fetch_add(span.ms(), Ordering::Relaxed);
    }

    pub(crate) async fn must(&self, command: Command) -> Submitted {
        self.engine.submit(Submission::new(self.platform, command)).await.unwrap()
    }

    pub(crate) async fn seller(&self, name: &str) -> SellerId {
        let create = CreateSeller {
            name: Some(name.to_owned()),
            email: None,
            country: "US".to_owned(),
            currency: Currency::USD,
            fee: None,
            metadata: BTreeMap::new(),
            profile: Box::default(),
        };
        self.must(Command::CreateSeller(create)).await.made::<Seller>().unwrap().id
    }

    /// Opens a checkout of two sellers' products for 30.00, with a choice of shipping for 5.00 or
    /// 12.00. `change` may make it another one.
    pub(crate) async fn checkout(
        &self,
        change: impl FnOnce(&mut CreateCheckoutSession),
    ) -> CheckoutSession {
        let mut create = basket(self.seller("Blue Lamp").await, self.seller("Noura").await);
        change(&mut create);
        let made = self.must(Command::CreateCheckoutSession(Box::new(create))).await;
        made.made::<CheckoutSession>().unwrap().clone()
    }

    /// A checkout that was paid, and its orders in the order of the basket.
    pub(crate) async fn paid(&self) -> (CheckoutSession, Vec<Order>) {
        let session = self.checkout(|_| {}).await;
        let paid = self.pay(&session, "tok_visa", 3_500).await;
        assert_eq!(paid.status, 303);
        let orders: Vec<Order> = self.rows(RowKind::Order).await;
        assert_eq!(orders.len(), 2);
        (session, orders)
    }

    /// Posts *Pay now* for the first attempt.
    pub(crate) async fn pay(&self, session: &CheckoutSession, token: &str, total: i64) -> Answer {
        let total = total.to_string();
        let form = [("token", token), ("attempt", "first"), ("total", &total)];
        self.buyer().post(&format!("{}/pay", path(session)), &form).await
    }

    /// All rows of a kind, the oldest first.
    pub(crate) async fn rows<R: Record>(&self, kind: RowKind) -> Vec<R> {
        let query = RowsQuery::newest(self.platform, kind, 100);
        let rows = self.engine.read().rows(&query).await.unwrap();
        rows.iter().rev().filter_map(R::of_row).cloned().collect()
    }

    /// Waits until the outcome of the only attempt is unknown.
    pub(crate) async fn until_unknown(&self) {
        let attempts: Vec<Attempt> = self.rows(RowKind::Attempt).await;
        let unknown = |attempt: &Attempt| matches!(attempt.state, AttemptState::Unknown { .. });
        let id = attempts[0].id;
        let seen = self.engine.wait_for::<Attempt>(self.platform, &id, PATIENCE, unknown).await;
        assert!(unknown(&seen.unwrap().unwrap()));
    }

    pub(crate) async fn session(&self, id: CheckoutSessionId) -> CheckoutSession {
        self.engine.find::<CheckoutSession>(self.platform, &id).await.unwrap().unwrap()
    }

    pub(crate) fn buyer(&self) -> Browser {
        Browser::new(&self.pay_origin)
    }

    pub(crate) fn operator(&self) -> Browser {
        Browser::new(&self.console_origin)
    }
}

/// The default rules with short waits for an unknown outcome.
fn rules() -> Rules {
    let wait = Span::from_ms(200);
    Rules { unknown_wait: wait, unknown_wait_max: wait, ..Rules::default() }
}

/// The secret of a charge's receipt: another one for each charge.
fn receipt_secret(charge: AttemptId) -> String {
    charge.to_string().chars().rev().collect()
}

pub(crate) fn receipt_path(charge: AttemptId) -> String {
    format!("/r/{charge}/{}", receipt_secret(charge))
}

/// The path of a session's page, as the shop's buyers are sent to it.
pub(crate) fn path(session: &CheckoutSession) -> String {
    let id = session.id.to_string().replacen("cs_", "cs_test_", 1);
    format!("/c/{id}/{}", session.secret.reveal())
}

pub(crate) fn order_path(order: &Order) -> String {
    format!("/o/{}/{}", order.id, order.secret.reveal())
}

fn basket(lamp: SellerId, noura: SellerId) -> CreateCheckoutSession {
    let line = |seller, name: &str, minor, quantity| NewLine {
        seller: Some(seller),
        listed: None,
        of: None,
        name: name.to_owned(),
        description: None,
        unit: usd(minor),
        quantity,
        adjustable: None,
        excludes_card: false,
        metadata: BTreeMap::new(),
    };
    let option = |name: &str, minor| ShippingOption::new(name, usd(minor));
    CreateCheckoutSession {
        currency: Currency::USD,
        lines: vec![line(lamp, "Lamp", 2_000, 1), line(noura, "Spoon", 500, 2)],
        shipping_options: vec![option("Standard", 500), option("Express", 1_200)],
        discount: None,
        customer: None,
        customer_email: None,
        client_reference: Some("basket 77".to_owned()),
        locale: None,
        success_url: Some("http://127.0.0.1:4000/done?s={CHECKOUT_SESSION_ID}".to_owned()),
        cancel_url: Some("http://127.0.0.1:4000/basket".to_owned()),
        metadata: BTreeMap::new(),
        payment_metadata: BTreeMap::new(),
        terms: Default::default(),
        page: Default::default(),
        link: None,
        setup: None,
        expires_at: None,
        secret: Secret::new(SECRET.to_owned()),
    }
}

fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

/// The header by which a browser of these tests says what address it has.
pub(crate) const ADDRESS: &str = "x-test-address";

async fn named(mut request: Request) -> Request {
    let address = request.headers().get(ADDRESS).map(|value| value.to_str().unwrap());
    if let Some(address) = address.map(|address| address.parse().unwrap()) {
        request.extensions_mut().insert(Visitor(address));
    }
    request
}

fn serve(listener: TcpListener, router: Router) {
    let router = router.layer(map_request(named));
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
}
