//! Commands with what a test does not care about filled in.

use std::collections::BTreeMap;

use holdfast_core::checkout::ShippingOption;
use holdfast_core::command::{
    Command, ConfirmCheckoutSession, CreateCheckoutSession, CreatePaymentIntent, CreateSetup,
    NewLine, SetupCard,
};
use holdfast_core::currency::Currency;
use holdfast_core::id::{CheckoutSessionId, SellerId};
use holdfast_core::money::Money;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::intent::CaptureMethod;
use holdfast_core::payment::method::FutureUsage;
use holdfast_core::secret::Secret;

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
        name,
        description,
        unit,
        quantity: 1,
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
