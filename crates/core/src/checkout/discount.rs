//! What a session takes off the price of its lines.

use serde::{Deserialize, Serialize};

use crate::catalogue::Called;
use crate::catalogue::coupon::{Coupon, Off};
use crate::catalogue::promotion_code::PromotionCode;
use crate::id::{CouponId, DiscountId, ProductId, PromotionCodeId};
use crate::money::{Money, MoneyError, Rounding};
use crate::refusal::Refusal;
use crate::time::Timestamp;

use super::{CheckoutSession, Line};

/// What a session takes off, as its coupon and its promotion code were when it was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedDiscount {
    /// Its id.
    pub id: DiscountId,
    /// What it was applied from.
    pub coupon: Called<CouponId>,
    /// The word that gave it.
    pub promotion_code: Option<PromotionCodeId>,
    /// What buyers read: the word that gave it, or the name of its coupon.
    pub name: Option<String>,
    /// How much it takes off.
    pub off: Off,
    /// The only products that it is for; all when empty.
    pub products: Vec<ProductId>,
    /// The least that the lines have to cost.
    pub minimum: Option<Money>,
    /// Whether only a buyer's first purchase may have it.
    pub first_time_only: bool,
    /// Since when.
    pub start: Timestamp,
    /// Whether it is counted in what its coupon and its promotion code were redeemed.
    pub redeemed: bool,
}

impl AppliedDiscount {
    /// What a coupon gives from now on, by itself or by a word.
    pub fn of(
        id: DiscountId,
        coupon: &Coupon,
        code: Option<&PromotionCode>,
        start: Timestamp,
    ) -> AppliedDiscount {
        AppliedDiscount {
            id,
            coupon: coupon.called(),
            promotion_code: code.map(|code| code.id),
            name: code.map(|code| code.code.clone()).or_else(|| coupon.name.clone()),
            off: coupon.off,
            products: coupon.applies_to.iter().map(|product| product.id).collect(),
            minimum: code.and_then(|code| code.minimum),
            first_time_only: code.is_some_and(|code| code.first_time_only),
            start,
            redeemed: false,
        }
    }

    /// Whether it takes something off this line.
    fn covers(&self, line: &Line) -> bool {
        let is_named = |product| self.products.contains(product);
        self.products.is_empty() || line.product().is_some_and(|of| is_named(&of.id))
    }

    /// What it takes off each line: never more than the line costs, nothing off what it is not
    /// for. A percentage is of all its lines together, rounded half up once; what is taken off is
    /// shared among them in proportion to what they cost, by largest remainder (LEDGER.md,
    /// Rounding).
    pub(super) fn of_lines(&self, lines: &[Line]) -> Result<Vec<Money>, MoneyError> {
        let mut costs = Vec::with_capacity(lines.len());
        for line in lines {
            let cost = line.total()?;
            costs.push(if self.covers(line) { cost } else { Money::zero(cost.currency()) });
        }
        let Some(currency) = costs.first().map(|cost| cost.currency()) else {
            return Ok(Vec::new());
        };
        let whole = Money::sum(currency, costs.iter().copied())?;
        let off = match self.off {
            Off::Percent(rate) => whole.share(rate, Rounding::HalfUp)?,
            Off::Amount(amount) => amount.at_most(whole)?,
        };
        let weights: Vec<i64> = costs.into_iter().map(Money::minor).collect();
        off.allocate(&weights)
    }
}

impl CheckoutSession {
    /// What the discount takes off each line, in their order; nothing where there is none.
    pub fn line_discounts(&self) -> Result<Vec<Money>, MoneyError> {
        match &self.discount {
            Some(discount) => discount.of_lines(&self.lines),
            None => Ok(vec![Money::zero(self.currency); self.lines.len()]),
        }
    }

    /// Whether the basket is one that its discount is for.
    ///
    /// # Refusals
    /// `CurrencyMismatch` for an amount, or a minimum, of another currency than the basket's,
    /// `MinimumNotReached`, `DiscountNotApplicable` when no line is of a product that it is for.
    pub(crate) fn refuse_unfit_discount(&self) -> Result<(), Refusal> {
        let Some(discount) = &self.discount else { return Ok(()) };
        let amount = match discount.off {
            Off::Percent(_) => None,
            Off::Amount(amount) => Some(amount),
        };
        let is_other = |amount: &Money| amount.currency() != self.currency;
        if amount.iter().chain(&discount.minimum).any(is_other) {
            return Err(Refusal::CurrencyMismatch);
        }
        if let Some(minimum) = discount.minimum
            && minimum.exceeds(self.totals()?.items)?
        {
            return Err(Refusal::MinimumNotReached);
        }
        if !self.lines.iter().any(|line| discount.covers(line)) {
            return Err(Refusal::DiscountNotApplicable);
        }
        Ok(())
    }
}
