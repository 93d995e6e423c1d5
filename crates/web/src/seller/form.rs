//! The onboarding form: what it brings, and what is wrong with it.

use holdfast_core::bank::{BankAccount, NumberRefused, TestNumber};
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;

use super::views::{COUNTRIES, FormProblem, Given, Problems};
use crate::fields::{Field, Fields};

/// The longest name, in bytes: 100 letters of any script.
pub(crate) const NAME: Field = Field::new("name", 400);
/// A country's two letters.
pub(crate) const COUNTRY: Field = Field::new("country", 2);
/// The longest e-mail address (RFC 5321), in bytes.
pub(crate) const EMAIL: Field = Field::new("email", 254);
/// The bank's number.
pub(crate) const ROUTING: Field = Field::new("routing", 40);
/// The account's number, or its IBAN.
pub(crate) const NUMBER: Field = Field::new("number", 60);

/// What a form brought that can be taken.
pub(crate) struct Answers {
    pub(crate) name: String,
    pub(crate) country: String,
    pub(crate) email: String,
    /// The bank account; `None` where the one that is there already stays.
    pub(crate) bank: Option<TestNumber>,
}

/// What was typed, as it was typed.
pub(crate) fn given(fields: &Fields) -> Given {
    let text = |field: &Field| fields.text(field).trim().to_owned();
    Given {
        name: text(&NAME),
        country: text(&COUNTRY),
        email: text(&EMAIL),
        routing: text(&ROUTING),
        number: text(&NUMBER),
    }
}

/// Reads what was typed, or says what is wrong with each field.
pub(crate) fn read(given: &Given, has_bank: bool) -> Result<Answers, Problems> {
    let mut problems = Problems::default();
    if given.name.is_empty() {
        problems.name = Some(FormProblem::NameMissing);
    }
    if !COUNTRIES.iter().any(|(code, _)| *code == given.country) {
        problems.country = Some(FormProblem::CountryMissing);
    }
    if !is_email(&given.email) {
        problems.email = Some(FormProblem::EmailWrong);
    }
    let keeps_bank = has_bank && given.number.is_empty() && given.routing.is_empty();
    let bank =
        if keeps_bank || problems.country.is_some() { None } else { bank(given, &mut problems) };
    if !problems.is_empty() {
        return Err(problems);
    }
    let Given { name, country, email, .. } = given.clone();
    Ok(Answers { name, country, email, bank })
}

/// Puts the answers into the seller's row.
pub(crate) fn apply(answers: &Answers, seller: &mut Seller, bank: Option<BankAccount>) {
    seller.name = Some(answers.name.clone());
    seller.email = Some(answers.email.clone());
    seller.country.clone_from(&answers.country);
    if let Some(bank) = bank {
        // The seller names the one account that it is paid to; the one before gives way.
        seller.bank_accounts.retain(|known| known.currency != bank.currency);
        seller.add_bank_account(bank);
    }
}

/// A bank account of a published number.
pub(crate) fn account(number: &TestNumber, answers: &Answers, made: Made) -> BankAccount {
    BankAccount {
        id: made.id,
        created: made.at,
        country: number.country.to_owned(),
        currency: number.currency,
        holder_name: Some(answers.name.clone()),
        holder_type: None,
        routing_number: number.routing_number.map(str::to_owned),
        last4: number.last4(),
        fingerprint: number.fingerprint(),
        behaviour: number.behaviour,
        is_default: true,
        refused: None,
        metadata: Default::default(),
    }
}

/// What a new bank account is given.
#[derive(Clone, Copy)]
pub(crate) struct Made {
    pub(crate) id: holdfast_core::id::BankAccountId,
    pub(crate) at: Timestamp,
}

fn bank(given: &Given, problems: &mut Problems) -> Option<TestNumber> {
    if given.number.is_empty() {
        problems.number = Some(FormProblem::NumberMissing);
        return None;
    }
    let routing = Some(given.routing.as_str()).filter(|routing| !routing.is_empty());
    match TestNumber::find(&given.country, routing, &given.number) {
        Ok(number) => return Some(number),
        Err(NumberRefused::Country) => problems.country = Some(FormProblem::CountryMissing),
        Err(NumberRefused::RoutingMissing) => problems.routing = Some(FormProblem::RoutingMissing),
        Err(NumberRefused::Routing) => problems.routing = Some(FormProblem::RoutingUnknown),
        Err(NumberRefused::Number) => problems.number = Some(FormProblem::NumberUnknown),
    }
    None
}

fn is_email(text: &str) -> bool {
    let (local, domain) = text.rsplit_once('@').unwrap_or_default();
    let plain = |char: char| !char.is_whitespace() && !char.is_control();
    !local.is_empty() && domain.contains('.') && text.chars().all(plain)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn check(country: &str, email: &str, bank: (&str, &str), has_bank: bool) -> String {
        let given = Given {
            name: "Salma".to_owned(),
            country: country.to_owned(),
            email: email.to_owned(),
            routing: bank.0.to_owned(),
            number: bank.1.to_owned(),
        };
        match read(&given, has_bank) {
            Ok(answers) => format!("{:?}", answers.bank.map(|number| number.last4())),
            Err(problems) => problems.first().unwrap().key().to_owned(),
        }
    }

    #[test]
    fn answers_are_taken_or_each_mistake_is_named() {
        let us = ("110000000", "000123456789");
        for (country, email, bank, has_bank, expected) in [
            ("US", "a@b.example", us, false, "Some(\"6789\")"),
            ("DE", "a@b.example", ("", "DE89370400440532013000"), false, "Some(\"3000\")"),
            ("US", "a@b.example", ("", ""), true, "None"),
            ("US", "a@b.example", ("", ""), false, "seller-number-missing"),
            ("US", "a@b.example", ("", "000123456789"), false, "seller-routing-missing"),
            ("US", "a@b.example", ("1", "000123456789"), false, "seller-routing-unknown"),
            ("US", "a@b.example", ("110000000", "42"), true, "seller-number-unknown"),
            ("XX", "a@b.example", us, false, "seller-country-missing"),
            ("US", "nobody", us, false, "seller-email-wrong"),
        ] {
            assert_eq!(check(country, email, bank, has_bank), expected, "{country} {email}");
        }
    }
}
