//! The commands of the simulation, with random particulars.

use std::collections::BTreeMap;

use holdfast_core::checkout::{PayBy, PaymentTerms, ShippingOption};
use holdfast_core::command::{
    CardUse, Command, CreateCheckoutSession, CreatePaymentIntent, CreateSeller,
    CreateWebhookEndpoint, NewLine,
};
use holdfast_core::currency::Currency;
use holdfast_core::dispute::EvidenceField;
use holdfast_core::dispute::command::{DisputeCommand, UpdateDispute};
use holdfast_core::id::{DisputeId, SellerId};
use holdfast_core::money::{BasisPoints, Money};
use holdfast_core::payment::capture_method::CaptureMethod;
use holdfast_core::payment::card::{CardToken, DEBIT_PREFIX};
use holdfast_core::payment::details::{CardTerms, Wish};
use holdfast_core::payment::notes::{Notes, ReturnTo, TransferData};
use holdfast_core::secret::Secret;
use holdfast_core::time::Timestamp;

use crate::random::Random;

const CURRENCIES: [Currency; 4] = [Currency::USD, Currency::EUR, Currency::JPY, Currency::KWD];

/// The test cards that people pay with, and how often. Amex allows one capture only.
const CARDS: [(u64, &str); 14] = [
    (35, "visa"),
    (8, "mastercard"),
    (14, "amex"),
    (18, "threeDSecureRequired"),
    (4, "threeDSecureRequiredChargeDeclined"),
    (8, "visa_chargeDeclined"),
    (3, "visa_chargeDeclinedInsufficientFunds"),
    (10, "refundFail"),
    (6, "createDispute"),
    (3, "createDisputeInquiry"),
    (2, "createIssuerFraudRecord"),
    (4, "bypassPending"),
    (4, "authenticationRequiredOnSetup"),
    (3, "chargeCustomerFail"),
];

pub(crate) fn secret() -> Secret {
    Secret::new("a secret of the simulation".to_owned())
}

/// A card's profile.
pub(crate) fn card(random: &mut Random) -> &'static str {
    random.weighted(&CARDS).unwrap_or("visa")
}

/// A bank account that can be debited, or one that cannot.
pub(crate) fn bank_account(random: &mut Random) -> CardToken {
    let profile = random.weighted(&[(3, "succeeds"), (1, "fails")]).unwrap_or("succeeds");
    CardToken::new(format!("{DEBIT_PREFIX}{profile}"))
}

/// The shortcut of a profile, which works any number of times.
pub(crate) fn shortcut(profile: &str) -> CardToken {
    CardToken::new(format!("pm_card_{profile}"))
}

/// A token that the network has never made.
pub(crate) fn unknown_token() -> CardToken {
    CardToken::new("tok_of_nobody".to_owned())
}

/// Evidence that wins, that loses, or that the bank reads for long; now and then only kept.
pub(crate) fn evidence(random: &mut Random, dispute: DisputeId) -> DisputeCommand {
    let texts = ["winning_evidence", "losing_evidence", "it was delivered"];
    let text = random.pick(&texts).map(|text| (*text).to_owned());
    let evidence = BTreeMap::from([(EvidenceField::UncategorizedText, text)]);
    let submit = random.chance(800);
    DisputeCommand::Update(UpdateDispute { dispute, evidence, metadata: None, submit })
}

pub(crate) fn currency(random: &mut Random) -> Currency {
    random.pick(&CURRENCIES).copied().unwrap_or(Currency::USD)
}

/// A seller; every third pays another fee than the rule's, from nothing to all.
pub(crate) fn seller(random: &mut Random) -> Command {
    let points = u16::try_from(random.between(0, 10_000)).unwrap_or(0);
    Command::CreateSeller(CreateSeller {
        name: None,
        email: None,
        country: "US".to_owned(),
        currency: Currency::USD,
        fee: if random.chance(333) { BasisPoints::new(points) } else { None },
        metadata: BTreeMap::new(),
        profile: Box::default(),
    })
}

/// A receiver of all events.
pub(crate) fn webhook_endpoint() -> Command {
    Command::CreateWebhookEndpoint(CreateWebhookEndpoint {
        connect: false,
        url: "http://receiver.test/hooks".to_owned(),
        enabled_events: vec!["*".to_owned()],
        description: None,
        api_version: None,
        metadata: BTreeMap::new(),
        secret: secret(),
    })
}

/// Whose things are in a basket.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Basket<'a> {
    /// A line or two of each seller.
    Of(&'a [SellerId]),
    /// The platform's own.
    Own,
}

/// A basket. What costs euros may be debited from a bank account.
pub(crate) fn session(
    random: &mut Random,
    basket: Basket<'_>,
    expires_at: Option<Timestamp>,
) -> Command {
    let currency = currency(random);
    let mut lines = Vec::new();
    match basket {
        Basket::Own => lines.push(line(random, None, currency)),
        Basket::Of(sellers) => {
            for seller in sellers {
                for _ in 0..random.between(1, 2) {
                    lines.push(line(random, Some(*seller), currency));
                }
            }
        }
    }
    let methods =
        if currency == Currency::EUR { vec![PayBy::Card, PayBy::SepaDebit] } else { Vec::new() };
    let options = 0..random.between(0, 2);
    let shipping_options = options
        .map(|_| ShippingOption::new("a way", Money::new(random.between(0, 2_000), currency)));
    Command::CreateCheckoutSession(Box::new(CreateCheckoutSession {
        currency,
        lines,
        shipping_options: shipping_options.collect(),
        discount: None,
        customer: None,
        customer_email: None,
        client_reference: None,
        locale: None,
        success_url: None,
        cancel_url: None,
        metadata: BTreeMap::new(),
        payment_metadata: BTreeMap::new(),
        terms: PaymentTerms { methods, ..PaymentTerms::default() },
        page: Default::default(),
        link: None,
        setup: None,
        expires_at,
        secret: secret(),
    }))
}

fn line(random: &mut Random, seller: Option<SellerId>, currency: Currency) -> NewLine {
    let free = random.chance(50);
    NewLine {
        seller,
        listed: None,
        of: None,
        name: "a thing".to_owned(),
        description: None,
        unit: Money::new(if free { 0 } else { random.between(1, 30_000) }, currency),
        quantity: u32::try_from(random.between(1, 3)).unwrap_or(1),
        adjustable: None,
        excludes_card: random.chance(10),
        metadata: BTreeMap::new(),
    }
}

/// A payment without a pay page, by this card; of some the money goes on to the seller.
pub(crate) fn sale(
    random: &mut Random,
    profile: &str,
    seller: Option<SellerId>,
) -> CreatePaymentIntent {
    let currency = currency(random);
    let amount = Money::new(random.between(1, 90_000), currency);
    CreatePaymentIntent {
        amount,
        capture_method: match random.chance(500) {
            true => CaptureMethod::Automatic,
            false => CaptureMethod::Manual,
        },
        token: random.chance(900).then(|| shortcut(profile)),
        card_use: CardUse { fails_when_asked: random.chance(100), ..CardUse::default() },
        confirm: random.chance(750),
        return_url: Some(ReturnTo {
            url: "http://shop.test/back".to_owned(),
            page: "http://pay.test/p".to_owned(),
        }),
        description: None,
        receipt_email: None,
        transfer_group: None,
        metadata: BTreeMap::new(),
        notes: Box::new(Notes { card: growing(random), ..notes(random, amount, seller) }),
        secret: secret(),
    }
}

/// To whom the money of a payment goes on: all of it less a fee, or a part of it. Either is at
/// most the whole, which the edge has checked.
fn notes(random: &mut Random, amount: Money, seller: Option<SellerId>) -> Notes {
    let Some(destination) = seller.filter(|_| random.chance(450)) else { return Notes::default() };
    let share = Money::new(random.between(0, amount.minor()), amount.currency());
    let (part, fee) = match random.below(4) {
        0 => (None, None),
        1 => (Some(share), None),
        _ => (None, Some(share)),
    };
    let (description, metadata, payment) = (None, BTreeMap::new(), None);
    let data = TransferData { destination, amount: part, description, metadata, payment };
    Notes { transfer_data: Some(data), application_fee: fee, ..Notes::default() }
}

/// Half of the sales have a hold that may grow.
fn growing(random: &mut Random) -> CardTerms {
    let incremental = random.chance(500).then_some(Wish::IfAvailable);
    CardTerms { incremental, ..CardTerms::default() }
}

/// A part of an amount: mostly some of it, sometimes all of it, more of it, or nothing.
pub(crate) fn part(random: &mut Random, whole: Money) -> Money {
    let minor = match random.below(10) {
        0 => whole.minor().saturating_add(1),
        1 => 0,
        2 | 3 => whole.minor(),
        _ => random.between(1, whole.minor().max(1)),
    };
    Money::new(minor, whole.currency())
}
