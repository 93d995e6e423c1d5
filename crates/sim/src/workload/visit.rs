//! A buyer's visit: a basket, a card, perhaps another card, and the bank's question.

use std::time::Duration;

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{Command, ConfirmCheckoutSession, LookAt, Subject};
use holdfast_core::id::{CheckoutSessionId, PaymentIntentId, SellerId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::secret::Secret;
use holdfast_core::time::Span;
use holdfast_engine::{Submission, System};

use super::wishes::{self, Basket};
use super::{Answer, Client};
use crate::processor::Cardholder;

/// How long a buyer watches the page that says "asking your bank".
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How many cards a buyer has.
const CARDS: usize = 3;

impl Client {
    /// A whole visit to the pay page.
    pub(super) async fn visit(&self) {
        let Some(session) = self.open_session().await else { return };
        for _ in 0..CARDS {
            self.choose_shipping(session).await;
            let token = self.token();
            if self.chance(120) {
                // The buyer has the page open in two tabs.
                let (other, token) = (self.clone(), self.token());
                tokio::spawn(async move { other.pay(session, token).await });
            }
            self.pay(session, token).await;
            let Some(intent) = self.intent_of(session).await else { return };
            if !self.follow(intent).await {
                return;
            }
        }
    }

    async fn open_session(&self) -> Option<CheckoutSessionId> {
        let mut sellers: Vec<SellerId> = Vec::new();
        let lines = self.town.dice.lock().between(1, 3);
        for _ in 0..lines {
            let seller = self.town.known.one(&self.town.dice, |ids| &ids.sellers)?;
            if !sellers.contains(&seller) {
                sellers.push(seller);
            }
        }
        let life = self.town.dice.lock().weighted(&[(8, None), (1, Some(60)), (1, Some(600))])?;
        let expires_at = life.map(|seconds| self.engine.now().after(Span::seconds(seconds)));
        let basket = if self.chance(120) { Basket::Own } else { Basket::Of(&sellers) };
        let wish = wishes::session(&mut self.town.dice.lock(), basket, expires_at);
        match self.ask(Subject::Made(RowKind::CheckoutSession), wish).await {
            Answer::Done(Some(RowKey::CheckoutSession(id))) => Some(id),
            Answer::Done(_) | Answer::Refused(_) | Answer::Unknown => None,
        }
    }

    async fn choose_shipping(&self, session: CheckoutSessionId) {
        if self.chance(300) {
            let choice = u16::try_from(self.town.dice.lock().below(3)).unwrap_or(0);
            let key = RowKey::CheckoutSession(session);
            self.ask_about(key, Command::ChooseShipping(session, choice)).await;
        }
    }

    /// A card of the buyer: a token for one use, or a shortcut.
    pub(super) fn token(&self) -> CardToken {
        let profile = wishes::card(&mut self.town.dice.lock());
        if self.chance(500) {
            return wishes::shortcut(profile);
        }
        let token = self.town.processor.token(self.machine.now(), profile);
        token.map_or_else(|| wishes::shortcut(profile), CardToken::new)
    }

    async fn pay(&self, session: CheckoutSessionId, token: CardToken) {
        let Some(row) = self.see::<CheckoutSession>(&session).await else { return };
        let Ok(totals) = row.totals() else { return };
        let token = if row.allows_debit() && self.chance(400) {
            wishes::bank_account(&mut self.town.dice.lock())
        } else {
            token
        };
        let confirm = ConfirmCheckoutSession {
            session,
            token: Some(token),
            seen: None,
            card_use: Default::default(),
            total: totals.total,
            given: Default::default(),
            return_url: "http://pay.test/back".to_owned(),
            secret: Secret::new("a secret of the simulation".to_owned()),
        };
        let key = RowKey::CheckoutSession(session);
        self.ask_about(key, Command::ConfirmCheckoutSession(confirm)).await;
    }

    async fn intent_of(&self, session: CheckoutSessionId) -> Option<PaymentIntentId> {
        self.see::<CheckoutSession>(&session).await?.intent
    }

    /// Follows a payment until the bank has said its last word. Whether another card may help.
    pub(super) async fn follow(&self, intent: PaymentIntentId) -> bool {
        let Some(mut row) = self.answered(intent).await else { return false };
        if let IntentState::RequiresAction { attempt, .. } = row.state {
            self.confirm_at_the_bank(&attempt.to_string(), LookAt::Attempt(attempt)).await;
            let Some(after) = self.answered(intent).await else { return false };
            row = after;
        }
        let declined = matches!(row.state, IntentState::RequiresPaymentMethod { .. });
        declined && self.chance(700)
    }

    async fn answered(&self, intent: PaymentIntentId) -> Option<PaymentIntent> {
        let answered = |row: &PaymentIntent| !matches!(row.state, IntentState::Processing { .. });
        let platform = self.town.platform;
        self.engine.wait_for(platform, &intent, PATIENCE, answered).await.ok().flatten()
    }

    /// The buyer is at the bank's page, and comes back or does not.
    pub(super) async fn confirm_at_the_bank(&self, reference: &str, look: LookAt) {
        self.pause(5_000).await;
        let ways = [
            (6, Some(Cardholder::Confirms)),
            (1, Some(Cardholder::GivesWrongCodes)),
            (1, Some(Cardholder::Cancels)),
            (2, None),
        ];
        let way = self.town.dice.lock().weighted(&ways).flatten();
        let Some(way) = way else { return };
        let asked = self.town.processor.answer(self.machine.now(), reference, way);
        self.town.trace.line(self.machine.now(), format_args!("{reference} {way:?}: {asked}"));
        if self.chance(700) {
            // The pay page, when the buyer is back.
            let look = Command::Look(look);
            let _ = self.engine.submit(Submission::new(self.town.platform, look)).await;
        }
    }
}
