//! The platform's rules: clocks and fees. All of them are configuration; these are the defaults.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::money::{BasisPoints, Money};
use crate::time::Span;

/// What a marketplace decides about time and fees.
///
/// The defaults are those of common cross-border marketplaces as read in November 2026; sources
/// disagree, which is why each is configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// What the platform keeps of the money released to a seller.
    pub fee: BasisPoints,
    /// Business days that a seller has to ship. Then the order is cancelled.
    pub ship_by_business_days: u16,
    /// How long the money is held after a delivery.
    pub protection_after_delivery: Span,
    /// How long the money is held after a shipment whose delivery nobody reports.
    pub protection_after_shipping: Span,
    /// What one extension adds to the protection.
    pub extension: Span,
    /// How often a buyer may extend.
    pub extensions_max: u8,
    /// A seller's silence on a cancel request that cancels the order.
    pub cancel_silence: Span,
    /// How long before its end an authorization is captured or given back.
    pub authorization_margin: Span,
    /// Business days from a capture to its settlement, where the processor says nothing else.
    pub settlement_business_days: u16,
    /// How long a pay page stays open.
    pub session_life: Span,
    /// From the first question on, how long an unanswered authorization is asked for again. Later
    /// it is only looked up: a buyer who left must not be charged by a late retry.
    pub authorization_patience: Span,
    /// The wait before an unknown outcome is looked into, doubled each time.
    pub unknown_wait: Span,
    /// The longest such wait.
    pub unknown_wait_max: Span,
    /// How long a standard payout rests, and may be canceled, before it is sent to the bank.
    pub payout_delay: Span,
    /// Business days that a standard payout takes from then on.
    pub payout_business_days: u16,
    /// How long an instant payout takes.
    pub instant_payout_arrival: Span,
    /// The largest instant payout, in whole units of its currency.
    pub instant_payout_max_units: i64,
    /// Waits between tries to deliver a webhook; after the last the delivery is given up.
    pub webhook_waits: Vec<Span>,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            fee: BasisPoints::new(500).unwrap_or(BasisPoints::ZERO),
            ship_by_business_days: 7,
            protection_after_delivery: Span::days(15),
            protection_after_shipping: Span::days(60),
            extension: Span::days(15),
            extensions_max: 1,
            cancel_silence: Span::hours(48),
            authorization_margin: Span::hours(24),
            settlement_business_days: 2,
            session_life: Span::hours(24),
            authorization_patience: Span::seconds(120),
            unknown_wait: Span::seconds(1),
            unknown_wait_max: Span::seconds(30),
            payout_delay: Span::seconds(300),
            payout_business_days: 2,
            instant_payout_arrival: Span::seconds(30 * 60),
            instant_payout_max_units: 9_999,
            webhook_waits: webhook_waits(),
        }
    }
}

impl Rules {
    /// The largest instant payout in a currency.
    pub fn instant_payout_max(&self, currency: Currency) -> Money {
        let units = 10_i64.saturating_pow(currency.exponent().into());
        Money::new(self.instant_payout_max_units.saturating_mul(units), currency)
    }

    /// How long to wait before looking into an unknown outcome for the `tries`-th time.
    pub fn wait_before_look(&self, tries: u32) -> Span {
        let doubled = self.unknown_wait.ms().saturating_mul(1_i64 << tries.min(16));
        Span::from_ms(doubled).min(self.unknown_wait_max)
    }
}

/// At once, then over three days: the schedule that receivers of this dialect expect.
fn webhook_waits() -> Vec<Span> {
    let minutes = [5, 30, 120, 300, 600, 720, 720, 720, 720];
    minutes.into_iter().map(|minutes| Span::seconds(minutes * 60)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_limit() {
        let rules = Rules::default();
        for (tries, seconds) in [(0, 1), (1, 2), (2, 4), (4, 16), (5, 30), (60, 30)] {
            assert_eq!(rules.wait_before_look(tries), Span::seconds(seconds), "{tries}");
        }
    }

    #[test]
    fn webhooks_are_tried_for_at_least_two_and_a_half_days() {
        let total: i64 = Rules::default().webhook_waits.iter().map(|wait| wait.ms()).sum();
        assert!(total >= Span::hours(60).ms() && total <= Span::days(3).ms());
    }
}
