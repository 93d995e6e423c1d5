//! One purchase as its pay page sees it: what is stored of it, and the stage that it is in.

use std::collections::BTreeMap;

use holdfast_core::catalogue::payment_link::PaymentLink;
use holdfast_core::checkout::{CheckoutSession, SessionState};
use holdfast_core::id::{SellerId, SetupIntentId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::{Attempt, AttemptState, Challenge};
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::payment::setup::{SetupAttempt, SetupIntent, SetupState, VerificationState};
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_core::time::{Span, Timestamp};
use holdfast_engine::query::RowsQuery;

use super::surface::Pay;
use super::views::{ClosedReason, Purpose};
use crate::address::{Address, wire_session};
use crate::page::Problem;
use crate::trouble::Trouble;

/// How many cards may be tried for one session within [`ATTEMPTS_WITHIN`]: more than a buyer has
/// who mistypes, and far less than whoever tries stolen cards needs.
const ATTEMPTS_MAX: usize = 10;
/// See [`ATTEMPTS_MAX`].
const ATTEMPTS_WITHIN: Span = Span::seconds(10 * 60);
/// The name of a session's first attempt: see [`Purchase::attempt_name`].
const FIRST_ATTEMPT: &str = "first";

/// A session with its payment, as far as there is one. Its path opens it, so it is not printed.
pub(crate) struct Purchase {
    pub(crate) session: CheckoutSession,
    pub(crate) intent: Option<PaymentIntent>,
    /// The payment's latest attempt.
    pub(crate) attempt: Option<Attempt>,
    /// The wish to keep a card, and its latest attempt, where nothing is sold.
    pub(crate) setup: Option<(SetupIntent, Option<SetupAttempt>)>,
    /// The link that opened it.
    pub(crate) link: Option<PaymentLink>,
    /// The orders that the payment pays for, once it is approved.
    pub(crate) orders: Vec<Order>,
    sellers: BTreeMap<SellerId, String>,
    /// `/c/{session}/{secret}`.
    pub(crate) path: String,
    too_many_attempts: bool,
}

/// Where a purchase stands, as far as its pages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage<'a> {
    /// The buyer may pay.
    Open,
    /// The bank has been asked.
    Waiting,
    /// The bank waits for the buyer.
    Challenged(&'a Challenge),
    /// The bank holds the money.
    Paid {
        /// Since when.
        at: Timestamp,
    },
    /// It can no longer be paid.
    Closed(ClosedReason),
}

impl Purchase {
    /// Loads the purchase that an address opens.
    ///
    /// # Errors
    /// `NotFound` for a session that is not there and for a wrong secret alike.
    pub(crate) async fn load(pay: &Pay, address: &Address) -> Result<Purchase, Trouble> {
        let id = address.session().ok_or(Problem::NotFound)?;
        let session = pay.find::<CheckoutSession>(&id).await?.ok_or(Problem::NotFound)?;
        if !session.secret.matches(&address.secret) {
            return Err(Problem::NotFound.into());
        }
        let intent = match &session.intent {
            Some(id) => pay.find::<PaymentIntent>(id).await?,
            None => None,
        };
        let path = pay.session_path(&session);
        let mut purchase = Purchase {
            session,
            intent,
            attempt: None,
            setup: None,
            link: None,
            orders: Vec::new(),
            sellers: BTreeMap::new(),
            path,
            too_many_attempts: false,
        };
        purchase.load_rest(pay).await?;
        Ok(purchase)
    }

    /// What the session and its payment name: sellers, the attempt, the orders.
    async fn load_rest(&mut self, pay: &Pay) -> Result<(), Trouble> {
        let mut keys: Vec<RowKey> =
            self.session.lines.iter().filter_map(|line| line.seller).map(RowKey::Seller).collect();
        keys.sort_unstable();
        keys.dedup();
        if let Some(intent) = &self.intent {
            keys.extend(intent.attempt().iter().map(Attempt::key));
            keys.extend(intent.orders.iter().map(Order::key));
        }
        if let Some(link) = &self.session.link {
            self.link = pay.find::<PaymentLink>(link).await?;
        }
        if let Some(of) = self.session.setup {
            return self.load_setup(pay, of.intent).await;
        }
        for stored in pay.load(&keys).await?.into_iter().flatten() {
            if let Some(seller) = Seller::of_row(&stored.row) {
                self.sellers.insert(seller.id, seller_name(seller));
            }
            if let Some(order) = Order::of_row(&stored.row) {
                self.orders.push(order.clone());
            }
            self.attempt = Attempt::of_row(&stored.row).cloned().or(self.attempt.take());
        }
        if let Some(id) = self.intent.as_ref().filter(|intent| may_try_again(intent)).map(|i| i.id)
        {
            self.too_many_attempts = too_many(pay, RowKind::Attempt, id.to_string()).await?;
        }
        Ok(())
    }

    /// The wish to keep a card, and its latest attempt.
    async fn load_setup(&mut self, pay: &Pay, id: SetupIntentId) -> Result<(), Trouble> {
        let setup = pay.find::<SetupIntent>(&id).await?.ok_or(Problem::NotFound)?;
        let attempt = match &setup.latest {
            Some(id) => pay.find::<SetupAttempt>(id).await?,
            None => None,
        };
        if may_try_setup_again(&setup.state) {
            self.too_many_attempts =
                too_many(pay, RowKind::SetupAttempt, setup.id.to_string()).await?;
        }
        self.setup = Some((setup, attempt));
        Ok(())
    }

    /// What the buyer is here for.
    pub(crate) fn purpose(&self) -> Purpose {
        match (&self.session.setup, self.session.is_own_sale()) {
            (Some(_), _) => Purpose::KeepCard,
            (None, true) => Purpose::BuyFromShop,
            (None, false) => Purpose::BuyFromSellers,
        }
    }

    /// Where it stands at `now`.
    pub(crate) fn stage(&self, now: Timestamp) -> Stage<'_> {
        match (self.session.state, self.intent.as_ref().map(|intent| &intent.state)) {
            (SessionState::Expired { .. }, _) => Stage::Closed(ClosedReason::Expired),
            (_, Some(IntentState::Canceled { .. })) => Stage::Closed(ClosedReason::Canceled),
            (SessionState::Complete { at }, _) => Stage::Paid { at },
            (SessionState::Open, state) => match &self.setup {
                Some((setup, attempt)) => self.stage_of_setup(setup, attempt.as_ref(), now),
                None => self.stage_of_open(state, now),
            },
        }
    }

    fn stage_of_open<'a>(&self, state: Option<&'a IntentState>, now: Timestamp) -> Stage<'a> {
        match state {
            Some(IntentState::Processing { .. }) => Stage::Waiting,
            Some(IntentState::RequiresAction { challenge, .. })
                if now < challenge.expires_at && !self.is_looked_up() =>
            {
                Stage::Challenged(challenge)
            }
            // The bank no longer waits, or the buyer is back: what became of it is being looked up.
            Some(IntentState::RequiresAction { .. }) => Stage::Waiting,
            // An approval completes the session in the same commit, so these are read in between.
            Some(IntentState::RequiresCapture { .. } | IntentState::Succeeded { .. }) => {
                Stage::Waiting
            }
            None
            | Some(
                IntentState::RequiresPaymentMethod { .. }
                | IntentState::RequiresConfirmation { .. }
                | IntentState::Canceled { .. },
            ) => self.stage_of_waiting(now),
        }
    }

    /// As long as no bank is asked.
    fn stage_of_waiting(&self, now: Timestamp) -> Stage<'static> {
        if now >= self.session.expires_at {
            Stage::Closed(ClosedReason::Expired)
        } else if self.too_many_attempts {
            Stage::Closed(ClosedReason::TooManyAttempts)
        } else {
            Stage::Open
        }
    }

    fn stage_of_setup<'a>(
        &'a self,
        setup: &'a SetupIntent,
        attempt: Option<&SetupAttempt>,
        now: Timestamp,
    ) -> Stage<'a> {
        let state = attempt.map(|attempt| &attempt.state);
        let is_looked_up =
            matches!(state, Some(VerificationState::Challenged { looking: true, .. }));
        match &setup.state {
            SetupState::RequiresAction { challenge, .. }
                if now < challenge.expires_at && !is_looked_up =>
            {
                Stage::Challenged(challenge)
            }
            // A card that is kept completes the session in the same commit.
            SetupState::RequiresAction { .. } | SetupState::Processing | SetupState::Succeeded => {
                Stage::Waiting
            }
            SetupState::Canceled { .. } => Stage::Closed(ClosedReason::Canceled),
            SetupState::RequiresPaymentMethod { .. } | SetupState::RequiresConfirmation => {
                self.stage_of_waiting(now)
            }
        }
    }

    fn is_looked_up(&self) -> bool {
        let state = self.attempt.as_ref().map(|attempt| &attempt.state);
        matches!(state, Some(AttemptState::Challenged { looking: true, .. }))
    }

    /// The name of the attempt that the page would make now. It changes with every attempt that
    /// was declined, and with nothing else: two tabs, a reload and a double click post the same
    /// one, and only the first of them asks the bank.
    pub(crate) fn attempt_name(&self) -> String {
        if let Some((_, attempt)) = &self.setup {
            let last = attempt.as_ref().map(|attempt| attempt.id.to_string());
            return last.unwrap_or_else(|| FIRST_ATTEMPT.to_owned());
        }
        match self.intent.as_ref().map(|intent| &intent.state) {
            Some(IntentState::RequiresPaymentMethod { last: Some(last) }) => {
                last.attempt.to_string()
            }
            _ => FIRST_ATTEMPT.to_owned(),
        }
    }

    /// The name of a seller.
    pub(crate) fn seller(&self, id: SellerId) -> String {
        self.sellers.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// The name of a seller, or its id where it has none.
pub(crate) fn seller_name(seller: &Seller) -> String {
    seller.name.clone().unwrap_or_else(|| seller.id.to_string())
}

impl Pay {
    /// The path of a session's page.
    pub(crate) fn session_path(&self, session: &CheckoutSession) -> String {
        let id = wire_session(session.id, self.is_test());
        format!("/c/{id}/{}", session.secret.reveal())
    }
}

fn may_try_again(intent: &PaymentIntent) -> bool {
    match intent.state {
        IntentState::RequiresPaymentMethod { .. } | IntentState::RequiresConfirmation { .. } => {
            true
        }
        IntentState::Processing { .. }
        | IntentState::RequiresAction { .. }
        | IntentState::RequiresCapture { .. }
        | IntentState::Succeeded { .. }
        | IntentState::Canceled { .. } => false,
    }
}

fn may_try_setup_again(state: &SetupState) -> bool {
    match state {
        SetupState::RequiresPaymentMethod { .. } | SetupState::RequiresConfirmation => true,
        SetupState::Processing
        | SetupState::RequiresAction { .. }
        | SetupState::Succeeded
        | SetupState::Canceled { .. } => false,
    }
}

/// Whether as many attempts as may be were made of late. Counted in the store, so that it holds
/// for all processes together and after a restart.
async fn too_many(pay: &Pay, kind: RowKind, of: String) -> Result<bool, Trouble> {
    let platform = pay.parts.platform;
    let query = RowsQuery::newest(platform, kind, ATTEMPTS_MAX).linked(&of);
    let since = pay.parts.engine.now().before(ATTEMPTS_WITHIN);
    let rows = pay.parts.engine.read().rows(&query).await?;
    Ok(rows.iter().filter(|row| row.created() > since).count() >= ATTEMPTS_MAX)
}
