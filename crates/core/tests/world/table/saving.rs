//! Cards that are kept: the verbs, and what the network answers about them.

use holdfast_core::command::{
    CardUse, Command, ConfirmSetup, CreateMethod, CreatePaymentIntent, CreateSetup, KeepCustomer,
    SavingCommand, SetupCard,
};
use holdfast_core::customer::Customer;
use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, Id};
use holdfast_core::key::RowKey;
use holdfast_core::payment::attempt::Challenge;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::details::Wish;
use holdfast_core::payment::method::{PaymentMethod, SaveOutcome};
use holdfast_core::payment::setup::{SetupIntent, VerificationOutcome};
use holdfast_core::payment::usage::FutureUsage;
use holdfast_core::time::Span;

use super::super::World;
use super::super::make;
use super::super::processor::{card, decline, saved};
use super::super::words::Words;
use super::Table;

impl Table {
    /// The verbs of cards that are kept; nothing for another verb.
    pub(super) fn saving(&mut self, verb: &str, words: &mut Words<'_>) -> Option<Command> {
        let command = match verb {
            "customer" => SavingCommand::KeepCustomer(Box::new(self.new_customer(words))),
            "delete" => {
                let id = self.world.names.id::<Customer>(words.word());
                let customer: Customer = self.world.row(&id);
                self.world.overwrite(Customer { deleted: true, ..customer });
                return Some(Command::FinishEffect);
            }
            "keep-card" => {
                let customer = self.customer(words);
                let create = CreateMethod::of_token(make::token(), Default::default());
                SavingCommand::CreateMethod(CreateMethod { customer, ..create })
            }
            "attach" => {
                let method = self.world.names.id::<PaymentMethod>(words.word());
                SavingCommand::AttachMethod(method, self.customer(words).expect("a customer"))
            }
            "detach" => {
                SavingCommand::DetachMethod(self.world.names.id::<PaymentMethod>(words.word()))
            }
            "set-up" => SavingCommand::CreateSetup(Box::new(self.new_setup(words))),
            "confirm-setup" => {
                let setup = self.world.names.id::<SetupIntent>(words.word());
                let (card, return_url) = (self.card(words), None);
                SavingCommand::ConfirmSetup(Box::new(ConfirmSetup {
                    setup,
                    card,
                    return_url,
                    edit: None,
                }))
            }
            "cancel-setup" => {
                SavingCommand::CancelSetup(self.world.names.id::<SetupIntent>(words.word()), None)
            }
            "buy" => return Some(self.charge(words)),
            _ => return None,
        };
        Some(Command::Saving(command))
    }

    fn new_customer(&mut self, words: &mut Words<'_>) -> KeepCustomer {
        let number = u128::try_from(self.world.all::<Customer>().len()).expect("a few") + 1;
        let customer = Customer {
            discount: None,
            id: CustomerId::from_number(number),
            created: self.world.now,
            deleted: false,
            name: None,
            email: None,
            phone: None,
            description: None,
            address: None,
            shipping: None,
            business_name: None,
            individual_name: None,
            preferred_locales: Vec::new(),
            default_method: None,
            tax_exempt: Default::default(),
            metadata: Default::default(),
        };
        let (event, card) = (EventKind::CustomerCreated, self.card(words));
        let is_default = card.token.is_some();
        KeepCustomer { customer, expected: 0, event, card, is_default, also: None }
    }

    /// `card` for a token, `m1` for one that is kept.
    fn card(&self, words: &mut Words<'_>) -> SetupCard {
        if words.is("card") {
            return SetupCard { token: Some(make::token()), ..SetupCard::default() };
        }
        let method = words.any_named('m').map(|name| self.world.names.id::<PaymentMethod>(name));
        SetupCard { method, ..SetupCard::default() }
    }

    pub(super) fn customer(&self, words: &mut Words<'_>) -> Option<CustomerId> {
        words.any_named('u').map(|name| self.world.names.id::<Customer>(name))
    }

    /// `set-up u1 card now`: for a customer, with a card, at once.
    fn new_setup(&mut self, words: &mut Words<'_>) -> CreateSetup {
        CreateSetup {
            customer: self.customer(words),
            card: self.card(words),
            confirm: words.is("now"),
            ..make::set_up()
        }
    }

    /// `buy USD 5.00 u1 m1 away`: a kept card, the buyer not there. `buy USD 5.00 u1 card
    /// keep`: a new one, which is kept. `unasked`: it fails where the bank wants to ask.
    /// `growing`: its hold is to be one that can grow.
    fn charge(&mut self, words: &mut Words<'_>) -> Command {
        let amount = words.money();
        let customer = self.customer(words);
        let SetupCard { token, method, .. } = self.card(words);
        let off_session = words.is("away");
        let future_usage = words.is("keep").then_some(FutureUsage::OffSession);
        let card_use = CardUse {
            customer,
            method,
            future_usage,
            off_session,
            fails_when_asked: words.is("unasked"),
            ..CardUse::default()
        };
        let confirm = !words.is("later");
        let create = make::create(amount, CaptureMethod::Manual, false, confirm);
        let Command::CreatePaymentIntent(create) = create else {
            panic!("a payment is made by another command")
        };
        let mut create = CreatePaymentIntent { token, card_use, ..create };
        create.notes.card.incremental = words.is("growing").then_some(Wish::IfAvailable);
        Command::CreatePaymentIntent(create)
    }
}

/// `ok`, `refused resource_missing`, `unknown` about a card that is to be kept; about a
/// verification as about an authorization.
pub(super) fn network_says(world: &World, key: &RowKey, words: &mut Words<'_>) -> Command {
    if let RowKey::PaymentMethod(id) = key {
        let outcome = match words.word() {
            "ok" => SaveOutcome::Saved(saved()),
            "refused" => SaveOutcome::Failed(decline(words.word())),
            "unknown" => SaveOutcome::Unknown,
            what => panic!("a network does not say {what}"),
        };
        return Command::Saving(SavingCommand::RecordSave(*id, outcome));
    }
    let RowKey::SetupAttempt(id) = key else { panic!("nobody answers {key:?}") };
    let outcome = match words.word() {
        "ok" | "verified" => VerificationOutcome::Verified(saved()),
        "declined" => {
            let decline = decline(words.word());
            VerificationOutcome::Declined { decline, card: Some(card()) }
        }
        "challenge" => {
            let url = "https://bank.example/1".to_owned();
            let expires_at = world.start_of(key).after(Span::seconds(600));
            let authorization = Some("sba_setup".to_owned());
            let challenge = Challenge { url, expires_at, authorization };
            VerificationOutcome::Challenged { challenge, card: card() }
        }
        "not_found" => VerificationOutcome::NotFound,
        "never_sent" => VerificationOutcome::NeverSent,
        "unknown" => VerificationOutcome::Unknown,
        what => panic!("a network does not say {what}"),
    };
    Command::Saving(SavingCommand::RecordVerification(*id, outcome))
}
