//! A token of a card or of a bank account.

use holdfast_core::bank::BankToken;
use holdfast_core::payment::card::{CardToken, KnownToken};
use holdfast_core::time::Timestamp;

use crate::objects::{Card, CardNulls, CardWord, Token, TokenWord};

use super::{LIVEMODE, bank_account};

/// A token of a bank account.
pub(crate) fn of_bank(row: &BankToken) -> Token {
    Token {
        id: row.id.to_string(),
        object: TokenWord,
        bank_account: Some(bank_account::object(&row.account, row.used_by)),
        card: None,
        client_ip: (),
        created: row.created.seconds(),
        livemode: LIVEMODE,
        kind: "bank_account",
        used: row.used_by.is_some(),
    }
}

/// A token of a card, as the network knows it. One that is published is always as if made now.
pub(crate) fn of_card(token: &CardToken, known: &KnownToken, now: Timestamp) -> Token {
    Token {
        id: token.reveal().to_owned(),
        object: TokenWord,
        bank_account: None,
        card: Some(card(token, known)),
        client_ip: (),
        created: known.created.unwrap_or(now).seconds(),
        livemode: LIVEMODE,
        kind: "card",
        used: known.used,
    }
}

fn card(token: &CardToken, known: &KnownToken) -> Card {
    let (_, name) = token.reveal().split_once('_').unwrap_or_default();
    let summary = known.card.clone();
    Card {
        id: format!("card_{name}"),
        object: CardWord,
        brand: brand(&summary.brand),
        country: summary.country,
        customer: (),
        cvc_check: Some(summary.cvc_check.name().to_owned()),
        exp_month: summary.exp_month,
        exp_year: summary.exp_year,
        fingerprint: summary.fingerprint,
        funding: summary.funding,
        last4: summary.last4,
        metadata: Default::default(),
        name: known.name.clone(),
        nulls: CardNulls::default(),
    }
}

/// The brand as cards of this older kind spell it.
fn brand(word: &str) -> &'static str {
    match word {
        "visa" => "Visa",
        "mastercard" => "MasterCard",
        "amex" => "American Express",
        "discover" => "Discover",
        _ => "Unknown",
    }
}
