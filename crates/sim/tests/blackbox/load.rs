//! Clients that shop, sell and give money back for as long as they are let.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::sleep;

use super::api::{Api, Form};
use super::history::History;
use super::http::Lost;
use super::phone::Phone;
use super::random::Random;
use super::server::Ready;
use super::shop::id;

mod basket;
mod sale;

/// The wait before a request is sent again that got no answer.
const RETRY_AFTER: Duration = Duration::from_millis(15);
/// How many of a hundred requests without an answer a client gives up for good: what became of
/// those has to settle without anybody's help.
const GIVES_UP: u64 = 15;
/// How long a client waits for something to happen without being asked.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(60);

/// The ends of the addresses where a request makes an object with notes of its own.
const MAKES: &[&str] =
    &["/checkout/sessions", "/payment_intents", "/refunds", "/transfers", "/reversals"];

/// Whether clients may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The program is starting.
    Down,
    /// The program is ready.
    Up,
    /// Enough was asked.
    Over,
}

/// One client with its own history.
pub(crate) struct Client {
    api: Api,
    phone: Phone,
    phase: watch::Receiver<Phase>,
    random: Random,
    name: String,
    sellers: Vec<String>,
    history: History,
}

/// There is nothing more to be done with this purchase: the client gave up, or time is over, or
/// the answer was no.
struct Enough;

impl Client {
    pub(crate) fn new(
        name: String,
        ready: &Ready,
        sellers: &[String],
        phase: watch::Receiver<Phase>,
        random: Random,
    ) -> Client {
        Client {
            api: Api::new(&ready.api, &ready.secret_key),
            phone: Phone::new(&ready.sandbox),
            phase,
            random,
            name,
            sellers: sellers.to_vec(),
            history: History::default(),
        }
    }

    /// Buys until time is over, and hands over what was asked and told.
    pub(crate) async fn run(mut self) -> History {
        while *self.phase.borrow() != Phase::Over {
            // How it ended is in the history.
            let _ = if self.random.percent(50) {
                self.buy_basket().await
            } else {
                self.buy_at_once().await
            };
        }
        self.history
    }

    /// Carries out one request, over as many restarts as it takes, always under the same key.
    async fn act(&mut self, path: &str, form: Form) -> Result<Value, Enough> {
        let place = self.put_down(path, form);
        loop {
            self.up().await?;
            let operation = self.history.at(place);
            operation.tries += 1;
            let (key, form) = (operation.key.clone(), operation.form.clone());
            if let Ok(answer) = self.api.post(path, &form, &key).await {
                let operation = self.history.at(place);
                operation.answer = Some(answer);
                return operation.object().ok_or(Enough);
            }
            if self.random.percent(GIVES_UP) {
                return Err(Enough);
            }
            sleep(RETRY_AFTER).await;
        }
    }

    /// Every object that a request makes carries the request's key, so that it can be seen
    /// whether a key has made two.
    fn put_down(&mut self, path: &str, form: Form) -> usize {
        let key = format!("{}-{}", self.name, self.history.len());
        let makes = MAKES.iter().any(|made| path.ends_with(made));
        let form = if makes { form.with("metadata[request]", &key) } else { form };
        self.history.put_down(key, path, form)
    }

    /// Looks at something, over as many restarts as it takes.
    async fn look(&mut self, path: &str) -> Result<Value, Enough> {
        loop {
            self.up().await?;
            match self.api.get(path).await {
                Ok(answer) if answer.is_ok() => return Ok(answer.json()),
                Ok(_) => return Err(Enough),
                Err(Lost) => sleep(RETRY_AFTER).await,
            }
        }
    }

    /// Looks at something until it is as `wanted`, for a while.
    async fn look_for(
        &mut self,
        path: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Value, Enough> {
        let looks = PATIENCE.as_millis() / LOOK_EVERY.as_millis();
        for _ in 0..looks {
            let object = self.look(path).await?;
            if wanted(&object) {
                return Ok(object);
            }
            sleep(LOOK_EVERY).await;
        }
        Err(Enough)
    }

    /// Answers the bank's question about a payment, unless something comes between.
    async fn confirm_by_phone(&mut self, intent: &Value) -> Result<Value, Enough> {
        let url = intent["next_action"]["redirect_to_url"]["url"].as_str().ok_or(Enough)?;
        let attempt = intent["latest_charge"].as_str().ok_or(Enough)?;
        // A buyer whose page fails tries once more and then walks away.
        if self.phone.confirm(url, attempt).await.is_err() {
            self.up().await?;
            self.phone.confirm(url, attempt).await.map_err(|Lost| Enough)?;
        }
        let path = format!("/v1/payment_intents/{}", id(intent));
        self.look_for(&path, |intent| intent["status"] != "requires_action").await
    }

    /// One of the cards, each as often as its share of a hundred says.
    fn card_of(&mut self, cards: &[(u64, &'static str)]) -> &'static str {
        let mut place = self.random.between(1, 100);
        let card = cards.iter().find(|(share, _)| {
            let is_here = place <= *share;
            place = place.saturating_sub(*share);
            is_here
        });
        card.expect("the shares sum to a hundred").1
    }

    /// Waits until the program may be asked.
    async fn up(&mut self) -> Result<(), Enough> {
        let phase = self.phase.wait_for(|phase| *phase != Phase::Down).await;
        match phase.as_deref() {
            Ok(Phase::Up) => Ok(()),
            Ok(Phase::Down | Phase::Over) | Err(_) => Err(Enough),
        }
    }
}
