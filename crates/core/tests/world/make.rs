//! Commands with what a test does not care about filled in.

use std::collections::BTreeMap;

use holdfast_core::bank::{BankAccount, TestNumber};
use holdfast_core::checkout::ShippingOption;
use holdfast_core::command::{
    Command, ConfirmCheckoutSession, CreateCheckoutSession, CreatePaymentIntent, CreatePayout,
    CreateReversal, CreateSetup, CreateTopup, CreateTransfer, NewLine, PayoutCommand, SetupCard,
};
use holdfast_core::currency::Currency;
use holdfast_core::id::{BankAccountId, CheckoutSessionId, SellerId, TransferId};
use holdfast_core::money::Money;
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::usage::FutureUsage;
use holdfast_core::payout::{PayoutMethod, PayoutOwner, PayoutSource};
use holdfast_core::secret::Secret;
use holdfast_core::time::Timestamp;

pub(crate) fn token() -> CardToken {
    CardToken::new("tok_visa".to_owned())
}

pub(crate) fn secret() -> Secret {
    Secret::new("0123456789abcdef".to_owned())
}

pub(crate) fn line(seller: SellerId, unit: Money) -> NewLine {
    let (name, description) = ("a thing".to_owned(), None);
    let (seller, listed) = (Some(seller), None);
    NewLine {
        seller,
        listed,
        of: None,
        name,
        description,
        unit,
        quantity: 1,
        adjustable: None,
        excludes_card: false,
        metadata: BTreeMap::new(),
    }
}

/// A session in the currency of its first line.
pub(crate) fn open(lines: Vec<NewLine>, shipping_options: Vec<ShippingOption>) -> Command {
    let currency = lines.first().expect("a basket has a line").unit.currency();
    let create = basket(currency, lines, shipping_options);
    Command::CreateCheckoutSession(Box::new(create))
}

/// A session of any lines, or of none.
pub(crate) fn basket(
    currency: Currency,
    lines: Vec<NewLine>,
    shipping_options: Vec<ShippingOption>,
) -> CreateCheckoutSession {
    CreateCheckoutSession {
        currency,
        lines,
        shipping_options,
        discount: None,
        customer: None,
        customer_email: Some("buyer@shop.example".to_owned()),
        client_reference: None,
        locale: None,
        success_url: None,
        cancel_url: None,
        metadata: BTreeMap::new(),
        payment_metadata: BTreeMap::from([("cart".to_owned(), "7".to_owned())]),
        terms: Default::default(),
        page: Default::default(),
        link: None,
        setup: None,
        expires_at: None,
        secret: secret(),
    }
}

/// A setup without a card.
pub(crate) fn set_up() -> CreateSetup {
    CreateSetup {
        customer: None,
        card: SetupCard::default(),
        confirm: false,
        return_url: None,
        usage: FutureUsage::OffSession,
        description: None,
        on_behalf_of: None,
        automatic: None,
        terms: Default::default(),
        metadata: BTreeMap::new(),
        secret: secret(),
    }
}

pub(crate) fn pay(session: CheckoutSessionId, total: Money) -> Command {
    Command::ConfirmCheckoutSession(ConfirmCheckoutSession {
        session,
        token: Some(token()),
        seen: None,
        card_use: Default::default(),
        total,
        given: Default::default(),
        return_url: "https://pay.example/c/1".to_owned(),
        secret: secret(),
    })
}

/// A payment without a pay page; with a card, and charged at once, when wanted.
pub(crate) fn create(
    amount: Money,
    capture_method: CaptureMethod,
    with_card: bool,
    confirm: bool,
) -> Command {
    Command::CreatePaymentIntent(CreatePaymentIntent {
        amount,
        capture_method,
        token: if with_card { Some(token()) } else { None },
        card_use: Default::default(),
        confirm,
        return_url: None,
        description: Some("a sale".to_owned()),
        receipt_email: None,
        transfer_group: None,
        metadata: BTreeMap::new(),
        notes: Default::default(),
        secret: secret(),
    })
}

/// The bank account of a published token.
pub(crate) fn bank_account(id: BankAccountId, token: &str, created: Timestamp) -> BankAccount {
    let number = TestNumber::of_token(token).expect("a published token");
    BankAccount {
        id,
        created,
        country: number.country.to_owned(),
        currency: number.currency,
        holder_name: None,
        holder_type: None,
        routing_number: None,
        last4: number.last4(),
        fingerprint: number.fingerprint(),
        behaviour: number.behaviour,
        is_default: false,
        refused: None,
        metadata: BTreeMap::new(),
    }
}

pub(crate) fn topup(amount: Money) -> CreateTopup {
    CreateTopup {
        amount,
        description: None,
        statement_descriptor: None,
        group: None,
        metadata: BTreeMap::new(),
    }
}

pub(crate) fn transfer(destination: SellerId, amount: Money) -> CreateTransfer {
    CreateTransfer {
        amount: Some(amount),
        currency: amount.currency(),
        destination,
        source: None,
        group: None,
        description: None,
        metadata: BTreeMap::new(),
    }
}

/// All that is left when no amount is given.
pub(crate) fn reversal(transfer: TransferId, amount: Option<Money>) -> CreateReversal {
    let (description, metadata) = (None, BTreeMap::new());
    CreateReversal { transfer, amount, with_fee: false, description, metadata }
}

/// Out of the platform's own sales, or out of a seller's balance.
pub(crate) fn payout(owner: PayoutOwner, amount: Money) -> Command {
    Command::Payout(PayoutCommand::Create(Box::new(CreatePayout {
        owner,
        amount,
        from_fees: Money::zero(amount.currency()),
        method: PayoutMethod::Standard,
        source: PayoutSource::Card,
        destination: None,
        description: None,
        statement_descriptor: None,
        metadata: BTreeMap::new(),
    })))
}
