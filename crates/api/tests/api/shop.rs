//! A platform with its API, and what its shop does again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::HeaderMap;
use holdfast_api::receipts::Receipts;
use holdfast_api::{Api, ApiKey, ApiParts, Inbox, InboxRefused, Notice, router};
use holdfast_core::command::Command;
use holdfast_core::id::{AttemptId, IdSource, PlatformId};
use holdfast_core::rules::Rules;
use holdfast_core::secret::Secret;
use holdfast_engine::memory::MemoryStore;
use holdfast_engine::rate_limit::Limits;
use holdfast_engine::store::Store;
use holdfast_engine::{Engine, Submission};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::client::{Client, text};
use crate::world::{Bank, Machine};

pub(crate) const SECRET_KEY: &str = "sk_test_abcdefghijklmnopqrstuvwx";
pub(crate) const PUBLISHABLE_KEY: &str = "pk_test_abcdefghijklmnopqrstuvwx";
pub(crate) const API_ORIGIN: &str = "http://127.0.0.1:4001";
pub(crate) const PAY_ORIGIN: &str = "http://127.0.0.1:4002";

/// A platform, what is behind its API, and a client with its secret key.
pub(crate) struct Shop {
    pub(crate) store: Arc<MemoryStore>,
    machine: Arc<Machine>,
    pub(crate) bank: Arc<Bank>,
    pub(crate) engine: Engine,
    pub(crate) platform: PlatformId,
    pub(crate) client: Client,
}

impl Shop {
    pub(crate) fn open() -> Shop {
        let store = Arc::new(MemoryStore::new());
        Shop::over(Arc::clone(&store), store)
    }

    /// A platform whose engine sees its store as `seen`.
    pub(crate) fn over(store: Arc<MemoryStore>, seen: Arc<dyn Store>) -> Shop {
        Shop::started(store, seen, Arc::new(Machine::new()))
    }

    /// A platform in a process that can be killed: everything that it begins runs on the runtime.
    pub(crate) fn mortal() -> (Shop, Runtime) {
        let process = Runtime::new().unwrap();
        let within = process.enter();
        let shop = Shop::open();
        drop(within);
        (shop, process)
    }

    /// Kills the platform's process, and answers with one that takes its place: nobody has the
    /// effects that it left, and the machine's clock has gone on.
    pub(crate) async fn killed(self, process: Runtime) -> Shop {
        process.shutdown_background();
        self.store.free_leases();
        let store = Arc::clone(&self.store);
        let next = Shop::started(Arc::clone(&store), store, Arc::clone(&self.machine));
        next.engine.restore_clock(next.platform).await.unwrap();
        next
    }

    fn started(store: Arc<MemoryStore>, seen: Arc<dyn Store>, machine: Arc<Machine>) -> Shop {
        let bank = Arc::new(Bank::default());
        let (world, system) = (Arc::clone(&bank) as Arc<_>, Arc::clone(&machine) as Arc<_>);
        let engine = Engine::start(seen, world, system, Rules::default());
        let platform = IdSource::new(1, 1).make();
        let client = client_of(&engine, platform, SECRET_KEY, Limits::OFF);
        Shop { store, machine, bank, engine, platform, client }
    }

    /// The same platform's API as another process, over the same store.
    pub(crate) fn other_process(&self) -> Client {
        client_of(&self.engine, self.platform, SECRET_KEY, Limits::OFF)
    }

    /// The API of another platform over the same store.
    pub(crate) fn other_platform(&self) -> Client {
        client_of(&self.engine, IdSource::new(2, 2).make(), SECRET_KEY, Limits::OFF)
    }

    /// Another platform over the same store.
    #[allow(dead_code, reason = "the crawler's")]
    pub(crate) fn beside(&self) -> Shop {
        Shop {
            store: Arc::clone(&self.store),
            machine: Arc::clone(&self.machine),
            bank: Arc::clone(&self.bank),
            engine: self.engine.clone(),
            platform: IdSource::new(2, 2).make(),
            client: self.other_platform(),
        }
    }

    /// A client that asks more than it may.
    pub(crate) fn limited(&self, limits: Limits) -> Client {
        client_of(&self.engine, self.platform, SECRET_KEY, limits)
    }

    /// A client with the publishable key, in a browser.
    pub(crate) fn browser(&self) -> Client {
        self.client.with("authorization", &format!("Bearer {PUBLISHABLE_KEY}"))
    }

    /// A payment that is confirmed with a card.
    pub(crate) async fn pay(&self, token: &str, more: &str) -> Value {
        let form = format!("amount=2500&currency=usd&confirm=true&payment_method={token}&{more}");
        self.client.post("/v1/payment_intents", &form).await.ok()
    }

    pub(crate) async fn seller(&self, name: &str) -> String {
        let form = format!("business_profile[name]={name}&metadata[slug]={name}");
        text(&self.client.post("/v1/accounts", &form).await.ok(), "id").to_owned()
    }

    /// A session over two sellers: 2 x 10.00 of the first, 1 x 5.00 of the second, 4.99 shipping.
    pub(crate) async fn session(&self, sellers: &[String; 2]) -> Value {
        let [first, second] = sellers;
        let form = session_form(first, second);
        self.client.post("/v1/checkout/sessions", &form).await.ok()
    }

    /// Two sellers, and a session of theirs that is paid.
    pub(crate) async fn purchase(&self) -> Purchase {
        let sellers = [self.seller("Ada").await, self.seller("Bo").await];
        let session = self.session(&sellers).await;
        let id = text(&session, "id");
        let path = format!("/v1/payment_pages/{id}/confirm");
        let session = self.client.post(&path, "payment_method=tok_visa").await.ok();
        let orders = self.client.get(&format!("/v1/orders?checkout_session={id}")).await.ok();
        let order = |seller: &String| {
            let data = orders["data"].as_array().unwrap();
            let order = data.iter().find(|order| order["seller"] == **seller).unwrap();
            text(order, "id").to_owned()
        };
        let orders = [order(&sellers[0]), order(&sellers[1])];
        Purchase { sellers, orders, session }
    }

    /// Makes the platform's clock.
    pub(crate) async fn make_clock(&self) {
        let create = Submission::new(self.platform, Command::CreateTestClock);
        self.engine.submit(create).await.unwrap();
    }

    /// Tells the API that something happened at the bank.
    pub(crate) async fn notify(&self, reference: &str) -> crate::client::Answer {
        let client = self.client.with("authorization", "").with("x-good", "yes");
        let client = client.with("content-type", "application/json");
        client.post("/webhooks/processors/sandbox", reference).await
    }
}

/// What was bought: the sellers, their orders, and the session as it was when it was paid.
pub(crate) struct Purchase {
    pub(crate) sellers: [String; 2],
    pub(crate) orders: [String; 2],
    pub(crate) session: Value,
}

/// The form of a session over two sellers.
pub(crate) fn session_form(first: &str, second: &str) -> String {
    let line = |index: usize, seller: &str, quantity: i64, minor: i64| {
        let at = format!("line_items[{index}]");
        format!(
            "{at}[seller]={seller}&{at}[quantity]={quantity}&{at}[price_data][currency]=usd\
             &{at}[price_data][unit_amount]={minor}&{at}[price_data][product_data][name]=Thing&"
        )
    };
    let shipping = "shipping_options[0][shipping_rate_data]";
    let lines = line(0, first, 2, 1_000) + &line(1, second, 1, 500);
    format!(
        "mode=payment&{lines}{shipping}[display_name]=Post&{shipping}[type]=fixed_amount\
         &{shipping}[fixed_amount][amount]=499&{shipping}[fixed_amount][currency]=usd\
         &success_url=https://shop.example/thanks?session={{CHECKOUT_SESSION_ID}}\
         &cancel_url=https://shop.example/basket&locale=en&customer_email=salma@shop.example\
         &client_reference_id=basket-7&metadata[shop]=bazaar\
         &payment_intent_data[metadata][basket]=7"
    )
}

/// Receipts whose secrets anybody can foresee.
pub(crate) fn receipts() -> Receipts {
    let secret = |charge: AttemptId| Secret::new(format!("of_{charge}"));
    Receipts::new(PAY_ORIGIN.to_owned(), Arc::new(secret))
}

fn client_of(engine: &Engine, platform: PlatformId, key: &str, limits: Limits) -> Client {
    let count = AtomicU64::new(1);
    let secrets = move || format!("{:0>43}", count.fetch_add(1, Ordering::Relaxed));
    let keys = [SECRET_KEY, PUBLISHABLE_KEY].map(|key| ApiKey { key: key.to_owned() });
    let api = Api::new(ApiParts {
        engine: engine.clone(),
        platform,
        keys: keys.into(),
        origin: API_ORIGIN.to_owned(),
        pay_origin: PAY_ORIGIN.to_owned(),
        receipts: receipts(),
        console_origin: "http://127.0.0.1:4003".to_owned(),
        inbox: Arc::new(TrustingInbox),
        secrets: Arc::new(secrets),
        limits,
    });
    Client::new(router(api), key)
}

/// Believes whoever says that they are good; the body is the reference.
struct TrustingInbox;

impl Inbox for TrustingInbox {
    fn read(&self, headers: &HeaderMap, body: &[u8], _: i64) -> Result<Notice, InboxRefused> {
        if !headers.contains_key("x-good") {
            return Err(InboxRefused);
        }
        Ok(Notice { reference: String::from_utf8_lossy(body).into_owned() })
    }
}
