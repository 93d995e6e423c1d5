//! Typed ids: one registry of prefixes, so that a payment and a refund never meet.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The digits of an id, in the order of ASCII, so that ids sort as their numbers do.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62 to the power of 22 is the first that holds 128 bits.
const DIGITS_PER_ID: usize = 22;

/// Makes ids: 48 bits of time, 64 bits of the command that nobody can foresee, 16 bits that count.
///
/// Ids of later commands are larger, so that lists need no other order. Ids are names, not
/// secrets: what grants access carries a secret of its own.
#[derive(Clone, Debug)]
pub struct IdSource {
    base: u128,
    next: u16,
}

impl IdSource {
    /// Ids of one command, made at `ms`. Of two commands of one millisecond the one with the
    /// larger `number` has the larger ids.
    pub fn new(ms: i64, number: u64) -> IdSource {
        let time = u128::try_from(ms.max(0)).unwrap_or(0) & ((1 << 48) - 1);
        IdSource { base: (time << 80) | (u128::from(number) << 16), next: 0 }
    }

    /// The smallest id that can be made at `ms` or later: where a list by time begins.
    pub fn first_at<I: Id>(ms: i64) -> I {
        I::from_number(IdSource::new(ms, 0).base)
    }

    /// The id of the command itself, which its journal entries name.
    pub fn command(&self) -> CommandId {
        CommandId(self.base)
    }

    /// The next id.
    ///
    /// # Panics
    /// After 65,535 ids: no command makes a hundredth of that.
    pub fn make<I: Id>(&mut self) -> I {
        self.next = self.next.checked_add(1).expect("a command makes fewer than 65,536 ids");
        I::from_number(self.base | u128::from(self.next))
    }
}

/// What all ids share.
pub trait Id: Copy + Ord + fmt::Display {
    /// The prefix that names the kind, with its underscore.
    const PREFIX: &'static str;
    /// The id of a number.
    fn from_number(number: u128) -> Self;
    /// The number of an id. Two kinds of ids may share a number: an entry of the journal and the
    /// balance transaction that its owner sees.
    fn number(self) -> u128;
    /// When the command that made the id was carried out, in milliseconds since 1970.
    fn made_at_ms(self) -> i64 {
        i64::try_from(self.number() >> 80).unwrap_or(0)
    }
    /// Reads an id; `None` when the prefix or a digit is wrong.
    fn parse(text: &str) -> Option<Self>;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn from_number(number: u128) -> Self {
                Self(number)
            }

            fn number(self) -> u128 {
                self.0
            }

            fn parse(text: &str) -> Option<Self> {
                number(text.strip_prefix($prefix)?).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                f.write_str(std::str::from_utf8(&digits(self.0)).unwrap_or_default())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text(PhantomData))
            }
        }
    )* };
}

ids! {
    /// The marketplace itself: whose payments, orders and books these are.
    PlatformId = "plat_";
    /// A seller of the marketplace: a connected account.
    SellerId = "acct_";
    /// One visit to the pay page.
    CheckoutSessionId = "cs_";
    /// One payment of a buyer.
    PaymentIntentId = "pi_";
    /// One try to charge a card for a payment.
    AttemptId = "ch_";
    /// Taking a part of an authorization.
    CaptureId = "cap_";
    /// Having a bank hold more for a payment.
    IncrementId = "inc_";
    /// Giving money back to the cardholder.
    RefundId = "re_";
    /// One seller's part of a checkout.
    OrderId = "ord_";
    /// The money kept for one order.
    HeldFundsId = "hf_";
    /// One release of held funds.
    ReleaseId = "hfr_";
    /// A line of an order or a session.
    LineId = "li_";
    /// A receiver of webhooks.
    WebhookEndpointId = "we_";
    /// A clock that can be moved.
    TestClockId = "clock_";
    /// Something that happened.
    EventId = "evt_";
    /// Something to do outside.
    EffectId = "eff_";
    /// A buyer whom the platform knows by name.
    CustomerId = "cus_";
    /// A card, or another way to pay, that may be used again.
    PaymentMethodId = "pm_";
    /// Saving a way to pay without a payment.
    SetupIntentId = "seti_";
    /// One try to save a way to pay.
    SetupAttemptId = "setatt_";
    /// The platform's money moved to a seller.
    TransferId = "tr_";
    /// Moving some of it back.
    TransferReversalId = "trr_";
    /// The platform's part of a payment made for a seller.
    ApplicationFeeId = "fee_";
    /// Giving some of that part back.
    FeeRefundId = "fr_";
    /// A balance paid to a bank account.
    PayoutId = "po_";
    /// A bank account that payouts go to.
    BankAccountId = "ba_";
    /// A bank account that a request names once.
    BankTokenId = "btok_";
    /// A charge that the cardholder disputes at the bank.
    DisputeId = "dp_";
    /// A bank's word that a charge was fraud.
    FraudWarningId = "issfr_";
    /// Money that the platform adds to its own balance.
    TopupId = "tu_";
    /// A thing that is sold.
    ProductId = "prod_";
    /// What a product costs.
    PriceId = "price_";
    /// A discount that the platform grants.
    CouponId = "coup_";
    /// A coupon that a customer has.
    DiscountId = "di_";
    /// A word that gives a buyer a coupon's discount.
    PromotionCodeId = "promo_";
    /// A page that sells the same things again and again.
    PaymentLinkId = "plink_";
    /// A file, as evidence or a report.
    FileId = "file_";
    /// An address under which a file may be read without a key.
    FileLinkId = "link_";
    /// One making of a report.
    ReportRunId = "frr_";
    /// A key that opens the API.
    ApiKeyId = "key_";
    /// An address that lets a seller in once.
    AccountLinkId = "acl_";
    /// An entry of the journal.
    EntryId = "je_";
    /// An entry of the journal as its owner sees it.
    BalanceTransactionId = "txn_";
    /// A command that was carried out.
    CommandId = "cmd_";
}

/// Reads an id out of a stored row, without a copy of its text.
struct Text<I>(PhantomData<I>);

impl<I: Id> Visitor<'_> for Text<I> {
    type Value = I;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an id of {}", I::PREFIX)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<I, E> {
        I::parse(text).ok_or_else(|| E::custom(format_args!("{text} is no id of {}", I::PREFIX)))
    }
}

/// How many digits are written at a time: as many as 64 bits hold, because dividing 128 bits takes
/// ten times as long, and every stored row is full of ids.
const DIGITS_AT_ONCE: usize = 10;
/// 62 to the power of `DIGITS_AT_ONCE`.
const AT_ONCE: u128 = 62_u128.pow(10);

fn digits(mut number: u128) -> [u8; DIGITS_PER_ID] {
    let mut text = [b'0'; DIGITS_PER_ID];
    for part in text.rchunks_mut(DIGITS_AT_ONCE) {
        let mut low = u64::try_from(number % AT_ONCE).unwrap_or(0);
        number /= AT_ONCE;
        for place in part.iter_mut().rev() {
            let digit = usize::try_from(low % 62).unwrap_or(0);
            *place = DIGITS[digit];
            low /= 62;
        }
    }
    text
}

fn number(text: &str) -> Option<u128> {
    if text.len() != DIGITS_PER_ID {
        return None;
    }
    // The digits in front come alone, so that the others are whole parts.
    let (first, rest) = text.as_bytes().split_at(DIGITS_PER_ID % DIGITS_AT_ONCE);
    rest.chunks(DIGITS_AT_ONCE).try_fold(u128::from(part(first)?), |number, digits| {
        number.checked_mul(AT_ONCE)?.checked_add(u128::from(part(digits)?))
    })
}

/// The number of at most `DIGITS_AT_ONCE` digits.
fn part(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        Some(number * 62 + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        let mut source = IdSource::new(1_795_176_000_000, 0x1234_5678_9abc_def0);
        let first: OrderId = source.make();
        let second: OrderId = source.make();
        assert!(first < second && first.to_string() < second.to_string());
        assert_eq!(OrderId::parse(&first.to_string()), Some(first));
        assert_eq!(RefundId::parse(&first.to_string()), None);
        assert_ne!(source.command().to_string(), first.to_string());
    }

    #[test]
    fn every_digit_of_every_place_is_read_as_it_is_written() {
        let powers = (0..22).map(|place| 62_u128.checked_pow(place));
        for power in powers.flatten() {
            let numbers = (0..62).filter_map(|digit| power.checked_mul(digit));
            for number in numbers.flat_map(|number| [number, number.saturating_sub(1)]) {
                let id = EventId::from_number(number);
                assert_eq!(EventId::parse(&id.to_string()), Some(id), "{number}");
            }
        }
        let largest = EventId::from_number(u128::MAX);
        assert_eq!(largest.to_string(), "evt_7n42DGM5Tflk9n8mt7Fhc7");
        assert_eq!(EventId::parse("evt_7n42DGM5Tflk9n8mt7Fhc7"), Some(largest));
        assert_eq!(EventId::parse("evt_7n42DGM5Tflk9n8mt7Fhc8"), None, "more than 128 bits");
    }

    #[test]
    fn later_commands_have_larger_ids() {
        let earlier: OrderId = IdSource::new(1_000, u64::MAX).make();
        let later: OrderId = IdSource::new(1_001, 0).make();
        assert!(earlier.to_string() < later.to_string());
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let long = format!("ord_{}", "z".repeat(22));
        for text in ["", "ord_", "ord_1", "ord_00000000000000000000-1", &long, "pi_0"] {
            assert_eq!(OrderId::parse(text), None, "{text}");
        }
    }
}
