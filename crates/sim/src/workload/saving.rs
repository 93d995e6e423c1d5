//! Buyers whom the platform knows, the cards that it keeps for them, and what it charges with
//! those while they are away.

use std::collections::BTreeMap;

use holdfast_core::address::BillingDetails;
use holdfast_core::command::{
    CardUse, Command, ConfirmSetup, CreateMethod, CreateSetup, KeepCustomer, LookAt, SavingCommand,
    SetupCard, Subject,
};
use holdfast_core::customer::{Customer, TaxExempt};
use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, PaymentMethodId, SetupIntentId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::payment::method::PaymentMethod;
use holdfast_core::payment::setup::{SetupIntent, SetupState};
use holdfast_core::payment::usage::FutureUsage;
use holdfast_core::row::Record;
use holdfast_core::time::Timestamp;

use super::{Answer, Client, visit, wishes};

/// How many customers there are at most, so that each comes by several cards and charges.
const CUSTOMERS: usize = 6;

impl Client {
    /// A customer comes, or a card is given to one, made of a token, or taken away.
    pub(super) async fn keep_card(&self) {
        let what = self.town.dice.lock().below(8);
        match what {
            0 | 1 => self.new_customer().await,
            2 => self.attach().await,
            3 => self.detach().await,
            _ => self.new_method().await,
        }
    }

    /// A customer of the platform's, if there is any.
    pub(super) fn some_customer(&self) -> Option<CustomerId> {
        self.town.known.one(&self.town.dice, |ids| &ids.customers)
    }

    fn some_method(&self) -> Option<(PaymentMethodId, Option<CustomerId>)> {
        self.town.known.standing(&self.town.dice, |ids| &ids.methods, &["saved"])
    }

    async fn new_customer(&self) {
        if self.town.known.count(|ids| &ids.customers) >= CUSTOMERS {
            return;
        }
        let id: CustomerId = self.engine.fresh_id();
        let customer = customer(id, self.engine.now());
        let token = self.chance(600).then(|| self.token());
        let is_default = token.is_some();
        let card = SetupCard { token, ..SetupCard::default() };
        let (event, also) = (EventKind::CustomerCreated, None);
        let keep = KeepCustomer { customer, expected: 0, event, also, card, is_default };
        let command = Command::Saving(SavingCommand::KeepCustomer(Box::new(keep)));
        // A customer with a card is not made before the card's bank has agreed.
        if is_default {
            self.ask(Subject::Made(RowKind::PaymentMethod), command).await;
        } else {
            self.ask_about(Customer::key(&id), command).await;
        }
    }

    async fn new_method(&self) {
        // Now and then with a token that the network does not know.
        let is_known = !self.chance(60);
        let token = if is_known { self.token() } else { wishes::unknown_token() };
        let create = CreateMethod::of_token(token, BillingDetails::default());
        let customer = self.some_customer().filter(|_| self.chance(600));
        let create = CreateMethod { customer, ..create };
        let command = Command::Saving(SavingCommand::CreateMethod(create));
        self.ask(Subject::Made(RowKind::PaymentMethod), command).await;
    }

    /// Mostly a card that nobody has; giving one to another is refused.
    async fn attach(&self) {
        let (Some((method, _)), Some(customer)) = (self.some_method(), self.some_customer()) else {
            return;
        };
        let command = Command::Saving(SavingCommand::AttachMethod(method, customer));
        self.at_once(PaymentMethod::key(&method), command).await;
    }

    async fn detach(&self) {
        let Some((method, _)) = self.some_method() else { return };
        let command = Command::Saving(SavingCommand::DetachMethod(method));
        self.at_once(PaymentMethod::key(&method), command).await;
    }

    /// What a request says of a kept card and its owner; nothing when there is none.
    pub(super) fn kept_card(&self) -> Option<CardUse> {
        let (method, customer) = self.some_method()?;
        let off_session = self.chance(700);
        Some(CardUse { customer, method: Some(method), off_session, ..CardUse::default() })
    }

    /// A card that is to be kept for a customer with the payment.
    pub(super) fn to_be_kept(&self) -> Option<CardUse> {
        let customer = Some(self.some_customer()?);
        let away = self.chance(500);
        let usage = if away { FutureUsage::OffSession } else { FutureUsage::OnSession };
        Some(CardUse { customer, future_usage: Some(usage), ..CardUse::default() })
    }

    /// A kept card is charged, mostly while its owner is away.
    pub(super) async fn charge_kept(&self) {
        let Some(card_use) = self.kept_card() else { return };
        self.sell_with(Some(card_use)).await;
    }

    /// A card is set up without a payment: begun, gone on with, or called off.
    pub(super) async fn set_up(&self) {
        let states = ["requires_payment_method", "requires_confirmation", "requires_action"];
        let known = self.town.known.standing(&self.town.dice, |ids| &ids.setups, &states);
        match known {
            Some(setup) if self.chance(250) => self.confirm_setup(setup).await,
            Some(setup) if self.chance(150) => {
                let command = Command::Saving(SavingCommand::CancelSetup(setup, None));
                self.ask_about(SetupIntent::key(&setup), command).await;
            }
            Some(_) | None => self.new_setup().await,
        }
    }

    fn setup_card(&self) -> SetupCard {
        let token = self.chance(850).then(|| self.token());
        SetupCard { token, ..SetupCard::default() }
    }

    async fn new_setup(&self) {
        let create = CreateSetup {
            customer: self.some_customer().filter(|_| self.chance(800)),
            card: self.setup_card(),
            confirm: self.chance(600),
            return_url: Some("http://shop.test/back".to_owned()),
            usage: FutureUsage::OffSession,
            description: None,
            on_behalf_of: None,
            automatic: None,
            metadata: BTreeMap::new(),
            terms: Default::default(),
            secret: wishes::secret(),
        };
        let command = Command::Saving(SavingCommand::CreateSetup(Box::new(create)));
        let answer = self.ask(Subject::Made(RowKind::SetupIntent), command).await;
        if let Answer::Done(Some(RowKey::SetupIntent(setup))) = answer {
            self.follow_setup(setup).await;
        }
    }

    async fn confirm_setup(&self, setup: SetupIntentId) {
        let return_url = Some("http://shop.test/back".to_owned());
        let (card, edit) = (self.setup_card(), None);
        let confirm = ConfirmSetup { setup, card, return_url, edit };
        let command = Command::Saving(SavingCommand::ConfirmSetup(Box::new(confirm)));
        let answer = self.ask_about(SetupIntent::key(&setup), command).await;
        if matches!(answer, Answer::Done(_)) {
            self.follow_setup(setup).await;
        }
    }

    /// The buyer waits for the bank, and answers what it asks.
    async fn follow_setup(&self, setup: SetupIntentId) {
        let answered = |row: &SetupIntent| row.state != SetupState::Processing;
        let (platform, patience) = (self.town.platform, visit::PATIENCE);
        let seen = self.engine.wait_for(platform, &setup, patience, answered).await;
        let Some(row) = seen.ok().flatten() else { return };
        if let (SetupState::RequiresAction { .. }, Some(attempt)) = (&row.state, row.latest) {
            self.confirm_at_the_bank(&attempt.to_string(), LookAt::SetupAttempt(attempt)).await;
        }
    }
}

fn customer(id: CustomerId, created: Timestamp) -> Customer {
    Customer {
        id,
        created,
        deleted: false,
        name: Some("a buyer".to_owned()),
        email: None,
        phone: None,
        description: None,
        address: None,
        shipping: None,
        business_name: None,
        individual_name: None,
        preferred_locales: Vec::new(),
        default_method: None,
        tax_exempt: TaxExempt::None,
        discount: None,
        metadata: BTreeMap::new(),
    }
}
