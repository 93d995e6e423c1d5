//! Commands about cards that are kept: payment methods and setups.

use crate::address::BillingDetails;
use crate::customer::Customer;
use crate::event::EventKind;
use crate::id::{CustomerId, PaymentMethodId, SellerId, SetupAttemptId, SetupIntentId};
use crate::key::{RowKey, Version};
use crate::payment::card::CardToken;
use crate::payment::method::{Redisplay, SaveOutcome};
use crate::payment::setup::{Redirects, SetupCancelReason, SetupTerms, VerificationOutcome};
use crate::payment::usage::FutureUsage;
use crate::secret::Secret;

use super::{Keep, Metadata};

/// Everything that may be asked about cards that are kept.
#[derive(Clone, Debug)]
pub enum SavingCommand {
    /// Write a customer as the platform wants it, and give it a card.
    KeepCustomer(Box<KeepCustomer>),
    /// Make a payment method of a token.
    CreateMethod(CreateMethod),
    /// Give a payment method to a customer.
    AttachMethod(PaymentMethodId, CustomerId),
    /// Take a payment method from its customer, for good.
    DetachMethod(PaymentMethodId),
    /// What the network answered to the wish to keep a card.
    RecordSave(PaymentMethodId, SaveOutcome),
    /// Make a setup.
    CreateSetup(Box<CreateSetup>),
    /// Ask the card's bank now.
    ConfirmSetup(Box<ConfirmSetup>),
    /// Give up a setup.
    CancelSetup(SetupIntentId, Option<SetupCancelReason>),
    /// What the network answered to a verification.
    RecordVerification(SetupAttemptId, VerificationOutcome),
}

/// What a request says about a card beside its token: whose it is and whether it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardUse {
    /// Who pays.
    pub customer: Option<CustomerId>,
    /// A card that is kept already, instead of a token.
    pub method: Option<PaymentMethodId>,
    /// Whose card it is, as far as the buyer said.
    pub billing: Option<BillingDetails>,
    /// What the card is kept for, when it is.
    pub future_usage: Option<FutureUsage>,
    /// Whether the buyer is away, and so cannot be asked by the bank.
    pub off_session: bool,
    /// Whether the payment fails where the bank wants to ask the buyer.
    pub fails_when_asked: bool,
    /// Notes on the card.
    pub metadata: Metadata,
}

/// See [`SavingCommand::KeepCustomer`].
#[derive(Clone, Debug)]
pub struct KeepCustomer {
    /// The customer, whole, as by [`Command::Keep`](super::Command::Keep).
    pub customer: Customer,
    /// The version of the row that it was made from; 0 for a new one.
    pub expected: Version,
    /// What it means to the platform's receivers.
    pub event: EventKind,
    /// What it means beside that: for a coupon that the customer gets or loses.
    pub also: Option<EventKind>,
    /// The card that becomes the customer's, if its bank agrees. A new customer is not made
    /// otherwise.
    pub card: SetupCard,
    /// Whether that card is charged when the platform names none.
    pub is_default: bool,
}

/// See [`SavingCommand::CreateMethod`].
#[derive(Clone, Debug)]
pub struct CreateMethod {
    /// The card.
    pub token: CardToken,
    /// To whom it is attached at once.
    pub customer: Option<CustomerId>,
    /// Whose card it is, as far as the buyer said.
    pub billing: BillingDetails,
    /// Whether it may be shown to the buyer again.
    pub allow_redisplay: Option<Redisplay>,
    /// Notes.
    pub metadata: Metadata,
}

impl CreateMethod {
    /// A token to be kept, of which nothing else is known but whose it is.
    pub fn of_token(token: CardToken, billing: BillingDetails) -> CreateMethod {
        let (customer, allow_redisplay) = (None, None);
        CreateMethod { token, customer, billing, allow_redisplay, metadata: Metadata::new() }
    }
}

/// A card for a setup.
#[derive(Clone, Debug, Default)]
pub struct SetupCard {
    /// By a token.
    pub token: Option<CardToken>,
    /// A card that is kept already, instead of a token.
    pub method: Option<PaymentMethodId>,
    /// Whose card it is, as far as the buyer said.
    pub billing: BillingDetails,
    /// Notes on the card.
    pub metadata: Metadata,
}

/// See [`SavingCommand::CreateSetup`].
#[derive(Clone, Debug)]
pub struct CreateSetup {
    /// For whom.
    pub customer: Option<CustomerId>,
    /// The card, when it is known already.
    pub card: SetupCard,
    /// Whether to ask the card's bank at once; needs a card.
    pub confirm: bool,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<String>,
    /// What the card is kept for.
    pub usage: FutureUsage,
    /// The platform's own words.
    pub description: Option<String>,
    /// The seller whose business it is.
    pub on_behalf_of: Option<SellerId>,
    /// Whether the choice of the method is ours.
    pub automatic: Option<Redirects>,
    /// How the card is verified.
    pub terms: Box<SetupTerms>,
    /// Notes.
    pub metadata: Metadata,
    /// Grants the buyer's browser access.
    pub secret: Secret,
}

/// See [`SavingCommand::ConfirmSetup`].
#[derive(Clone, Debug)]
pub struct ConfirmSetup {
    /// The setup.
    pub setup: SetupIntentId,
    /// The card; the one given before when none is given now.
    pub card: SetupCard,
    /// Where the bank's page sends the buyer.
    pub return_url: Option<String>,
    /// The setup as this request has changed it, if it says more than which card.
    pub edit: Option<Keep>,
}

impl SavingCommand {
    /// The rows that the command names itself.
    pub(super) fn keys(&self) -> Vec<RowKey> {
        let customer = |id: &Option<CustomerId>| id.map(RowKey::Customer);
        let method = |id: &Option<PaymentMethodId>| id.map(RowKey::PaymentMethod);
        match self {
            SavingCommand::KeepCustomer(keep) => {
                let customer = RowKey::Customer(keep.customer.id);
                std::iter::once(customer).chain(method(&keep.card.method)).collect()
            }
            SavingCommand::CreateMethod(create) => customer(&create.customer).into_iter().collect(),
            SavingCommand::AttachMethod(method, customer) => {
                vec![RowKey::PaymentMethod(*method), RowKey::Customer(*customer)]
            }
            SavingCommand::DetachMethod(method) | SavingCommand::RecordSave(method, _) => {
                vec![RowKey::PaymentMethod(*method)]
            }
            SavingCommand::CreateSetup(create) => {
                customer(&create.customer).into_iter().chain(method(&create.card.method)).collect()
            }
            SavingCommand::ConfirmSetup(confirm) => {
                let setup = RowKey::SetupIntent(confirm.setup);
                std::iter::once(setup).chain(method(&confirm.card.method)).collect()
            }
            SavingCommand::CancelSetup(setup, _) => vec![RowKey::SetupIntent(*setup)],
            SavingCommand::RecordVerification(attempt, _) => vec![RowKey::SetupAttempt(*attempt)],
        }
    }
}
