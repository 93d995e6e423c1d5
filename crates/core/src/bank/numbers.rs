//! The published test numbers of bank accounts, by country.
//!
//! They are those that integrations of this dialect know ("Testing Connect", account numbers):
//! a number that pays and five that fail, in the form of each country.

use crate::currency::Currency;

use super::BankBehaviour;

/// A published test number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestNumber {
    /// The country of the bank, two letters.
    pub country: &'static str,
    /// The currency of accounts there, where none is given.
    pub currency: Currency,
    /// The bank's number as it is kept, where the country has one.
    pub routing_number: Option<&'static str>,
    /// The number of the account, or its IBAN.
    pub number: String,
    /// What becomes of money for it.
    pub behaviour: BankBehaviour,
}

/// Why an account number is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberRefused {
    /// There are no test accounts in this country.
    Country,
    /// The bank's number is missing.
    RoutingMissing,
    /// It is not the bank of the test accounts.
    Routing,
    /// It is no published test number.
    Number,
}

impl TestNumber {
    /// The published number that was given. Spaces and dashes do not count.
    ///
    /// # Errors
    /// What is wrong, looked at in the order of [`NumberRefused`].
    pub fn find(
        country: &str,
        routing: Option<&str>,
        number: &str,
    ) -> Result<TestNumber, NumberRefused> {
        let of_country = || test_numbers().filter(|known| known.country == country);
        let first = of_country().next().ok_or(NumberRefused::Country)?;
        if let Some(bank) = first.routing_number {
            let given = routing.ok_or(NumberRefused::RoutingMissing)?;
            if plain(given) != bank {
                return Err(NumberRefused::Routing);
            }
        }
        let number = plain(number);
        of_country().find(|known| known.number == number).ok_or(NumberRefused::Number)
    }

    /// The number that a published token stands for, such as `btok_us_verified_noAccount`.
    pub fn of_token(token: &str) -> Option<TestNumber> {
        let rest = token.strip_prefix("btok_")?;
        let (country, behaviour) = rest.split_once('_').unwrap_or((rest, "verified"));
        let behaviour = match behaviour {
            "verified" => BankBehaviour::Pays,
            "verified_noAccount" => BankBehaviour::NoAccount,
            "verified_accountClosed" => BankBehaviour::AccountClosed,
            "verified_insufficientFunds" => BankBehaviour::InsufficientFunds,
            "verified_debitNotAuthorized" => BankBehaviour::DebitNotAuthorized,
            "verified_invalidCurrency" => BankBehaviour::InvalidCurrency,
            _ => return None,
        };
        let country = country.to_ascii_uppercase();
        test_numbers().find(|known| known.country == country && known.behaviour == behaviour)
    }

    /// The last four characters.
    pub fn last4(&self) -> String {
        let from = self.number.len().saturating_sub(4);
        self.number.get(from..).unwrap_or_default().to_owned()
    }

    /// The same sixteen characters for the same account, by FNV-1a. There are only published
    /// numbers, so that nobody learns anything from it.
    pub fn fingerprint(&self) -> String {
        let text = [self.country, self.routing_number.unwrap_or_default(), &self.number].concat();
        let mix = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
    }
}

/// How the accounts of a country look.
struct Country {
    code: &'static str,
    currency: Currency,
    routing: Option<&'static str>,
    numbers: Numbers,
    instant: bool,
}

/// The form of a country's numbers.
#[derive(Clone, Copy)]
enum Numbers {
    /// In the order of [`BankBehaviour::ALL`].
    Plain([&'static str; 6]),
    /// An IBAN: two check digits, then these. The last digits are 0 to 5 in the same order.
    Iban([&'static str; 6]),
}

const TWELVE: Numbers = Numbers::Plain([
    "000123456789",
    "000111111116",
    "000111111113",
    "000222222227",
    "000333333335",
    "000444444440",
]);
const NINE: Numbers =
    Numbers::Plain(["000123456", "111111116", "111111113", "222222227", "333333335", "444444440"]);
const EIGHT: Numbers =
    Numbers::Plain(["00012345", "11111116", "11111113", "22222227", "33333335", "44444440"]);
const SEVEN: Numbers =
    Numbers::Plain(["0001234", "1111116", "1111113", "2222227", "3333335", "4444440"]);
const GERMAN: Numbers = Numbers::Iban([
    "89370400440532013000",
    "62370400440532013001",
    "89370400440532013002",
    "89370400440532013003",
    "89370400440532013004",
    "89370400440532013005",
]);

const fn country(
    code: &'static str,
    currency: Currency,
    routing: &'static str,
    numbers: Numbers,
) -> Country {
    Country { code, currency, routing: Some(routing), numbers, instant: true }
}

const fn euro(code: &'static str) -> Country {
    Country { code, currency: Currency::EUR, routing: None, numbers: GERMAN, instant: true }
}

/// The countries that a seller may have its bank in.
static COUNTRIES: [Country; 16] = [
    country("US", Currency::USD, "110000000", TWELVE),
    country("GB", Currency::GBP, "108800", EIGHT),
    country("CA", Currency::CAD, "11000000", TWELVE),
    country("AU", Currency::AUD, "110000", NINE),
    // Its banks have no scheme that takes money from abroad at once.
    Country {
        code: "JP",
        currency: Currency::JPY,
        routing: Some("1100000"),
        numbers: SEVEN,
        instant: false,
    },
    euro("DE"),
    euro("FR"),
    euro("IT"),
    euro("ES"),
    euro("NL"),
    euro("BE"),
    euro("AT"),
    euro("IE"),
    euro("PT"),
    euro("FI"),
    euro("GR"),
];

/// Whether banks of a country take money at once.
pub(super) fn takes_instant(country: &str) -> bool {
    COUNTRIES.iter().any(|known| known.code == country && known.instant)
}

/// All published test numbers, for pages that offer them.
pub fn test_numbers() -> impl Iterator<Item = TestNumber> {
    COUNTRIES.iter().flat_map(|country| {
        BankBehaviour::ALL.into_iter().enumerate().map(move |(at, behaviour)| TestNumber {
            country: country.code,
            currency: country.currency,
            routing_number: country.routing,
            number: match country.numbers {
                Numbers::Plain(numbers) => numbers[at].to_owned(),
                Numbers::Iban(numbers) => format!("{}{}", country.code, numbers[at]),
            },
            behaviour,
        })
    })
}

fn plain(number: &str) -> String {
    let kept = number.chars().filter(|char| !matches!(char, ' ' | '-'));
    kept.map(|char| char.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows what a number is taken as.
    fn check(country: &str, routing: &str, number: &str) -> String {
        let routing = Some(routing).filter(|routing| !routing.is_empty());
        match TestNumber::find(country, routing, number) {
            Ok(known) => format!("{} {}", known.behaviour.name(), known.last4()),
            Err(refused) => format!("{refused:?}"),
        }
    }

    #[test]
    fn published_numbers_are_known_and_others_are_not() {
        for (country, routing, number, expected) in [
            ("US", "110000000", "000123456789", "pays 6789"),
            ("US", "110000000", "000111111116", "no_account 1116"),
            ("US", "110000000", "000111111113", "account_closed 1113"),
            ("US", "110000000", "000222222227", "insufficient_funds 2227"),
            ("US", "110000000", "000333333335", "debit_not_authorized 3335"),
            ("US", "110000000", "000444444440", "invalid_currency 4440"),
            ("US", "", "000123456789", "RoutingMissing"),
            ("US", "021000021", "000123456789", "Routing"),
            ("US", "110000000", "000123456780", "Number"),
            ("GB", "10-88-00", "0001 2345", "pays 2345"),
            ("CA", "11000-000", "000123456789", "pays 6789"),
            ("DE", "", "DE89 3704 0044 0532 0130 00", "pays 3000"),
            ("DE", "", "de62370400440532013001", "no_account 3001"),
            ("FR", "", "FR89370400440532013000", "pays 3000"),
            ("FR", "", "DE89370400440532013000", "Number"),
            ("XX", "", "000123456789", "Country"),
        ] {
            assert_eq!(check(country, routing, number), expected, "{country} {routing} {number}");
        }
    }

    #[test]
    fn tokens_stand_for_numbers() {
        for (token, expected) in [
            ("btok_us", Some("6789")),
            ("btok_us_verified", Some("6789")),
            ("btok_us_verified_accountClosed", Some("1113")),
            ("btok_de", Some("3000")),
            ("btok_xx", None),
            ("btok_us_verified_other", None),
            ("tok_us", None),
        ] {
            let last4 = TestNumber::of_token(token).map(|number| number.last4());
            assert_eq!(last4.as_deref(), expected, "{token}");
        }
    }

    #[test]
    fn fingerprints_tell_accounts_apart() {
        let prints: std::collections::BTreeSet<String> =
            test_numbers().map(|number| number.fingerprint()).collect();
        assert_eq!(prints.len(), test_numbers().count());
        assert!(prints.iter().all(|print| print.len() == 16));
    }
}
