//! What the platform says of how a card is charged and of what the sum is made of. The core keeps
//! and shows it. What changes the question to the processor is the wish to keep the card and to let
//! the hold grow, the choice of a network, and that the card came by letter or by telephone.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::money::Money;
use crate::payment::usage::FutureUsage;
use crate::stored::is_default;
use crate::time::Timestamp;

/// How a card is charged, beside the question to its holder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardTerms {
    /// What the buyer has agreed to be charged with in future.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate: Option<Box<MandateOptions>>,
    /// The brand that the buyer chose on a card of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// What the card is kept for, in the networks' words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_usage: Option<CredentialUsage>,
    /// What a kept card is charged for, in the networks' words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_usage: Option<CredentialUsage>,
    /// Whether the buyer gave the card by letter or by telephone.
    #[serde(skip_serializing_if = "is_default")]
    pub moto: bool,
    /// Whether the buyer is asked for the security code of a kept card again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asks_code_again: Option<bool>,
    /// What cards alone are kept for, whatever the payment says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub future_usage: Option<Keeping>,
    /// Whether the hold is to last longer than usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended: Option<Wish>,
    /// Whether the hold is to be one that can grow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incremental: Option<Wish>,
    /// Whether the hold is to be taken in parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multicapture: Option<Wish>,
    /// Whether more than the hold is to be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overcapture: Option<Wish>,
}

/// Whether a network's offer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// No.
    Never,
    /// Where the network of the card has it.
    IfAvailable,
}

impl Wish {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            Wish::Never => "never",
            Wish::IfAvailable => "if_available",
        }
    }
}

/// Whether a card is kept, where cards differ from other ways to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// It is not.
    Nothing,
    /// For payments with the buyer present.
    OnSession,
    /// For payments with the buyer away as well.
    OffSession,
}

impl Keeping {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            Keeping::Nothing => "none",
            Keeping::OnSession => "on_session",
            Keeping::OffSession => "off_session",
        }
    }

    /// What the card is kept for, when it is.
    pub fn usage(self) -> Option<FutureUsage> {
        match self {
            Keeping::Nothing => None,
            Keeping::OnSession => Some(FutureUsage::OnSession),
            Keeping::OffSession => Some(FutureUsage::OffSession),
        }
    }
}

/// What a kept card is charged for, in the networks' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialUsage {
    /// Parts of one purchase.
    Installment,
    /// The same at regular times.
    Recurring,
    /// Whatever comes, at no time agreed on.
    Unscheduled,
}

impl CredentialUsage {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            CredentialUsage::Installment => "installment",
            CredentialUsage::Recurring => "recurring",
            CredentialUsage::Unscheduled => "unscheduled",
        }
    }
}

/// What the buyer has agreed to be charged with in future.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MandateOptions {
    /// How much each time, in minor units.
    pub minor: i64,
    /// Of which currency, where the setup of a card says so; a payment's own otherwise.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Whether that is the most, or always the same.
    pub is_maximum: bool,
    /// What for.
    pub description: Option<String>,
    /// Until when.
    pub ends: Option<Timestamp>,
    /// How often.
    pub interval: MandateInterval,
    /// How many intervals lie between two charges.
    pub interval_count: Option<u16>,
    /// The platform's own name of it.
    pub reference: String,
    /// From when on.
    pub starts: Timestamp,
    /// Whether it is one as Indian banks want it.
    pub is_indian: bool,
}

/// How often a buyer is charged under a mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MandateInterval {
    /// Every so many days.
    Day,
    /// Every so many weeks.
    Week,
    /// Every so many months.
    Month,
    /// Every so many years.
    Year,
    /// Whenever something is due.
    Sporadic,
}

impl MandateInterval {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            MandateInterval::Day => "day",
            MandateInterval::Week => "week",
            MandateInterval::Month => "month",
            MandateInterval::Year => "year",
            MandateInterval::Sporadic => "sporadic",
        }
    }
}

/// The platform's and the buyer's own names of a purchase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentDetails {
    /// The buyer's, for its books.
    pub customer_reference: Option<String>,
    /// The platform's, for its orders.
    pub order_reference: Option<String>,
}

/// What a payment's sum is made of, in its currency's minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AmountDetails {
    /// What the whole was reduced by.
    pub discount: Option<i64>,
    /// The things bought.
    pub items: Vec<AmountItem>,
    /// The way to the buyer.
    pub shipping: Option<AmountShipping>,
    /// The tax on the whole.
    pub tax: Option<i64>,
    /// What is wrong with the sum, where the platform wants that noted and not refused.
    pub flaw: Option<AmountFlaw>,
}

/// The part of a sum that sending costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AmountShipping {
    /// How much.
    pub minor: Option<i64>,
    /// From where.
    pub from_postal_code: Option<String>,
    /// To where.
    pub to_postal_code: Option<String>,
}

/// One of the things that a sum is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountItem {
    /// Its name.
    pub name: String,
    /// The platform's own code of it.
    pub code: Option<String>,
    /// How many.
    pub quantity: i64,
    /// The price of one.
    pub unit_cost: i64,
    /// What one is, as `kg`.
    pub unit: Option<String>,
    /// What this line was reduced by.
    pub discount: Option<i64>,
    /// The tax on this line.
    pub tax: Option<i64>,
}

/// What is wrong with the parts of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountFlaw {
    /// They do not add up to it.
    Mismatch,
    /// Tax, sending and discount are more than it.
    AboveAmount,
}

impl AmountDetails {
    /// What is wrong with the parts as those of `whole`; nothing when they add up.
    ///
    /// Without items there is nothing to add up: then tax, sending and discount only have to stay
    /// within the sum.
    pub fn flaw_of(&self, whole: Money) -> Option<AmountFlaw> {
        let Some(sums) = self.sums() else { return Some(AmountFlaw::Mismatch) };
        let beside = sums.tax + sums.shipping + sums.discount;
        if beside > i128::from(whole.minor()) {
            return Some(AmountFlaw::AboveAmount);
        }
        let total = sums.goods + sums.tax + sums.shipping - sums.discount;
        let adds_up = self.items.is_empty() || total == i128::from(whole.minor());
        (!adds_up).then_some(AmountFlaw::Mismatch)
    }

    fn sums(&self) -> Option<Sums> {
        let mut sums = Sums {
            goods: 0,
            tax: self.tax.unwrap_or(0).into(),
            shipping: self.shipping.as_ref().and_then(|it| it.minor).unwrap_or(0).into(),
            discount: self.discount.unwrap_or(0).into(),
        };
        for item in &self.items {
            let goods = i128::from(item.unit_cost).checked_mul(item.quantity.into())?;
            sums.goods = sums.goods.checked_add(goods)?;
            sums.tax = sums.tax.checked_add(item.tax.unwrap_or(0).into())?;
            sums.discount = sums.discount.checked_add(item.discount.unwrap_or(0).into())?;
        }
        Some(sums)
    }
}

/// Wide enough that no bounded number of bounded amounts overflows it.
struct Sums {
    goods: i128,
    tax: i128,
    shipping: i128,
    discount: i128,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(quantity: i64, unit_cost: i64, discount: i64, tax: i64) -> AmountItem {
        AmountItem {
            name: "Lamp".to_owned(),
            code: None,
            quantity,
            unit_cost,
            unit: None,
            discount: Some(discount),
            tax: Some(tax),
        }
    }

    #[test]
    fn the_parts_of_a_sum_add_up_or_are_known_not_to() {
        let shipping = |minor| Some(AmountShipping { minor: Some(minor), ..Default::default() });
        let table = [
            ("nothing said", AmountDetails::default(), None),
            (
                "within the sum",
                AmountDetails { tax: Some(60), shipping: shipping(40), ..Default::default() },
                None,
            ),
            (
                "above the sum",
                AmountDetails { tax: Some(61), shipping: shipping(40), ..Default::default() },
                Some(AmountFlaw::AboveAmount),
            ),
            (
                "a discount above the sum",
                AmountDetails { discount: Some(101), ..Default::default() },
                Some(AmountFlaw::AboveAmount),
            ),
            (
                "2 * 45 - 5 + 7 + 8",
                AmountDetails {
                    items: vec![item(2, 45, 5, 7)],
                    shipping: shipping(8),
                    ..Default::default()
                },
                None,
            ),
            (
                "one too few",
                AmountDetails { items: vec![item(1, 99, 0, 0)], ..Default::default() },
                Some(AmountFlaw::Mismatch),
            ),
            (
                "one too many",
                AmountDetails { items: vec![item(1, 101, 0, 0)], ..Default::default() },
                Some(AmountFlaw::Mismatch),
            ),
            (
                "of the largest numbers",
                AmountDetails { items: vec![item(i64::MAX, i64::MAX, 0, 0)], ..Default::default() },
                Some(AmountFlaw::Mismatch),
            ),
        ];
        for (what, details, flaw) in table {
            assert_eq!(details.flaw_of(Money::new(100, Currency::USD)), flaw, "{what}");
        }
    }
}
