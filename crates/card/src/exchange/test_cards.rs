//! The published test cards, the only ones that the sandbox network has.

use crate::brand::Brand;
use crate::number::CardNumber;

/// One row of the table.
#[derive(Debug)]
pub(super) struct TestCard {
    /// A whole number, or the first [`RANGE_DIGITS`] of all numbers of a range.
    number: &'static str,
    brand: Brand,
    /// How the sandbox network treats the card.
    pub(super) profile: &'static str,
    /// `credit`, `debit` or `prepaid`.
    pub(super) funding: &'static str,
    /// ISO 3166-1 alpha-2.
    pub(super) country: &'static str,
}

/// The table.
#[derive(Debug)]
pub(super) struct TestCards(Vec<TestCard>);

/// Issuers are told apart by eight digits since April 2022 (ISO/IEC 7812-1:2017).
const RANGE_DIGITS: usize = 8;

const EMBEDDED: &str = include_str!("../../data/test-cards.csv");
const HEADING: &str = "number,profile,brand,funding,country,source,checked_on";

impl TestCards {
    /// The table that comes with the program.
    ///
    /// # Errors
    /// What is wrong with which line. Cannot happen to a program that passed its tests.
    pub(super) fn embedded() -> Result<Self, String> {
        Self::read(EMBEDDED)
    }

    /// The row of a number; a whole number goes before a range.
    pub(super) fn find(&self, number: &CardNumber) -> Option<&TestCard> {
        let whole = self.0.iter().find(|row| row.number.as_bytes() == number.digits());
        whole.or_else(|| self.0.iter().find(|row| row.is_range_of(number)))
    }

    fn read(csv: &'static str) -> Result<Self, String> {
        let lines = csv.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let mut lines = lines.map(|(place, line)| (place + 1, line));
        match lines.next() {
            Some((_, HEADING)) => {}
            _ => return Err(format!("test cards: the heading is not {HEADING}")),
        }
        let row = |(place, line)| {
            TestCard::read(line).ok_or_else(|| format!("test cards: line {place} is not a card"))
        };
        lines.map(row).collect::<Result<_, _>>().map(Self)
    }
}

impl TestCard {
    fn read(line: &'static str) -> Option<Self> {
        let columns: Vec<&str> = line.split(',').collect();
        let [number, profile, brand, funding, country, source, checked_on] = columns[..] else {
            return None;
        };
        let brand: Brand = brand.parse().ok()?;
        let is_range = number.len() == RANGE_DIGITS && number.bytes().all(|b| b.is_ascii_digit());
        let is_number = || CardNumber::parse(number).is_ok_and(|number| number.brand() == brand);
        let is_sourced = !source.is_empty() && checked_on.parse::<jiff::civil::Date>().is_ok();
        let is_row = (is_range || is_number())
            && !profile.is_empty()
            && ["credit", "debit", "prepaid"].contains(&funding)
            && country.len() == 2
            && is_sourced;
        is_row.then_some(Self { number, brand, profile, funding, country })
    }

    fn is_range_of(&self, number: &CardNumber) -> bool {
        self.number.len() == RANGE_DIGITS
            && self.brand == number.brand()
            && number.digits().starts_with(self.number.as_bytes())
            && self.brand.lengths().first() == Some(&number.digits().len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// `expected` is `profile funding country`.
    fn check(number: &str, expected: Option<&str>) {
        let cards = TestCards::embedded().unwrap();
        let number_parsed = CardNumber::parse(number).map_err(|e| format!("{number}: {e:?}"));
        let row = cards.find(&number_parsed.unwrap());
        let got = row.map(|row| format!("{} {} {}", row.profile, row.funding, row.country));
        assert_eq!(got.as_deref(), expected, "{number}");
    }

    #[test]
    fn published_numbers() {
        for (number, expected) in [
            ("4242424242424242", "visa credit US"),
            ("4000056655665556", "visa_debit debit US"),
            ("5555555555554444", "mastercard credit US"),
            ("2223003122003222", "mastercard credit US"),
            ("5200828282828210", "mastercard_debit debit US"),
            ("5105105105105100", "mastercard_prepaid prepaid US"),
            ("4000002500001001", "visa_cartesBancaires credit FR"),
            ("5555552500001001", "mastercard_cartesBancaires credit FR"),
            ("378282246310005", "amex credit US"),
            ("371449635398431", "amex credit US"),
            ("6011111111111117", "discover credit US"),
            ("6011000990139424", "discover credit US"),
            ("6011981111111113", "discover debit US"),
            ("4000000000000002", "visa_chargeDeclined credit US"),
            ("4000000000009995", "visa_chargeDeclinedInsufficientFunds credit US"),
            ("4000000000009987", "visa_chargeDeclinedLostCard credit US"),
            ("4000000000009979", "visa_chargeDeclinedStolenCard credit US"),
            ("4000000000000069", "chargeDeclinedExpiredCard credit US"),
            ("4000000000000127", "chargeDeclinedIncorrectCvc credit US"),
            ("4000000000000119", "chargeDeclinedProcessingError credit US"),
            ("4000000000000341", "chargeCustomerFail credit US"),
            ("4000000000000101", "cvcCheckFail credit US"),
            ("4000000000000010", "avsFail credit US"),
            ("4000000000000028", "avsLine1Fail credit US"),
            ("4000000000000036", "avsZipFail credit US"),
            ("4000000000000077", "bypassPending credit US"),
            ("4000003720000278", "bypassPending credit US"),
            ("4000002760003184", "threeDSecureRequired credit US"),
            ("4000002500003155", "authenticationRequiredOnSetup credit US"),
            ("4000003800000446", "authenticationRequiredSetupForOffSession credit US"),
            ("4000000000003220", "threeDSecure2Required credit US"),
            ("4000008260003178", "authenticationRequiredChargeDeclinedInsufficientFunds credit US"),
            ("4000008400001629", "threeDSecureRequiredChargeDeclined credit US"),
            ("4000008400001280", "threeDSecureRequiredProcessingError credit US"),
            ("4000000000003055", "threeDSecureOptional credit US"),
            ("4000000000003097", "threeDSecureOptionalProcessingError credit US"),
            ("4000000000000259", "createDispute credit US"),
            ("4000000000002685", "createDisputeProductNotReceived credit US"),
            ("4000000000001976", "createDisputeInquiry credit US"),
            ("4000000000005423", "createIssuerFraudRecord credit US"),
            ("4100000000000019", "radarBlock credit US"),
            ("4000000000004954", "riskLevelHighest credit US"),
            ("4000000000009235", "riskLevelElevated credit US"),
            ("4000000000005126", "refundFail credit US"),
        ] {
            check(number, Some(expected));
        }
    }

    #[test]
    fn numbers_of_no_row() {
        check("4111111111111111", None);
        check("5431111111111111", None);
        check("340000000000009", None);
        check("6011000000000004", None);
        check("4000990400000000", None); // beside the ranges
        check("4000990000000000008", None); // in a range, but not of the usual length
    }

    #[test]
    fn the_table_is_checked() {
        let read = |row: &str| {
            let csv = format!("# why\n{HEADING}\n{row}\n");
            TestCards::read(Box::leak(csv.into_boxed_str())).map(|cards| cards.0.len())
        };
        let refused = Err("test cards: line 3 is not a card".to_owned());
        assert_eq!(read("4242424242424242,visa,visa,credit,US,somewhere,2026-11-23"), Ok(1));
        assert_eq!(read("40009900,visa,visa,credit,US,somewhere,2026-11-23"), Ok(1));
        assert_eq!(read("4242424242424241,visa,visa,credit,US,somewhere,2026-11-23"), refused);
        assert_eq!(read("4242424242424242,visa,amex,credit,US,somewhere,2026-11-23"), refused);
        assert_eq!(read("4242424242424242,visa,visa,gold,US,somewhere,2026-11-23"), refused);
        assert_eq!(read("4242424242424242,,visa,credit,US,somewhere,2026-11-23"), refused);
        assert_eq!(read("4242424242424242,visa,visa,credit,US,,2026-11-23"), refused);
        assert_eq!(read("4242424242424242,visa,visa,credit,US,somewhere,November"), refused);
        assert_eq!(read("4242424242424242,visa,visa,credit,US,somewhere"), refused);
        assert_eq!(read("4000990,visa,visa,credit,US,somewhere,2026-11-23"), refused);
        assert!(TestCards::read("number,profile\n").is_err());
    }
}
