//! Coupons, promotion codes and the sessions that have them.

use std::collections::BTreeMap;

use holdfast_core::catalogue::Called;
use holdfast_core::catalogue::coupon::{Coupon, Duration, Off};
use holdfast_core::catalogue::promotion_code::PromotionCode;
use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{Command, DiscountBy, Keep, NewDiscount};
use holdfast_core::id::{CouponId, Id, ProductId, PromotionCodeId};
use holdfast_core::money::BasisPoints;
use holdfast_core::row::Record;

use super::super::words::Words;
use super::Table;

impl Table {
    /// The verbs of discounts; nothing for another verb.
    pub(super) fn discount(&mut self, verb: &str, words: &mut Words<'_>) -> Option<Command> {
        match verb {
            "coupon" => Some(self.coupon(words)),
            "code" => Some(self.code(words)),
            "withdraw" => {
                let id = self.world.names.id::<Coupon>(words.word());
                let coupon: Coupon = self.world.row(&id);
                self.world.overwrite(Coupon { deleted: true, ..coupon });
                Some(Command::FinishEffect)
            }
            "enter" => {
                let session = self.world.names.id::<CheckoutSession>(words.word());
                Some(Command::EnterCode(session, self.new_discount(words)))
            }
            "remove" => {
                let session = self.world.names.id::<CheckoutSession>(words.word());
                Some(Command::RemoveCode(session))
            }
            _ => None,
        }
    }

    /// `off1` or `code1`; `again` for a buyer who has bought before.
    pub(super) fn new_discount(&self, words: &mut Words<'_>) -> NewDiscount {
        let name = words.word();
        let names = &self.world.names;
        let by = if name.starts_with("code") {
            DiscountBy::Code(names.id::<PromotionCode>(name))
        } else {
            DiscountBy::Coupon(names.id::<Coupon>(name))
        };
        NewDiscount { by, is_first_purchase: !words.is("again") }
    }

    /// `coupon 2500` in basis points, or `coupon USD 5.00`. `for 1`: of that product alone.
    /// `max 1`: so often. `until 1d`: so long.
    fn coupon(&mut self, words: &mut Words<'_>) -> Command {
        let off = match words.any_money() {
            Some(amount) => Off::Amount(amount),
            None => Off::Percent(BasisPoints::new(words.number()).expect("a rate")),
        };
        let only = words.is("for").then(|| product(words.number()));
        let row = Coupon {
            id: CouponId::from_number(self.made::<Coupon>()),
            own_id: None,
            created: self.world.now,
            deleted: false,
            name: None,
            off,
            duration: Duration::Once,
            applies_to: only.into_iter().collect(),
            max_redemptions: words.is("max").then(|| words.number().into()),
            redeem_by: words.is("until").then(|| self.world.now.after(words.span())),
            times_redeemed: 0,
            metadata: BTreeMap::new(),
        };
        keep(row)
    }

    /// `code off1`. `u1`: for that customer alone. `first`: for a first purchase. `least USD 5.00`:
    /// from that sum on. `max 1`, `until 1d`: as of a coupon. `idle`: switched off.
    fn code(&mut self, words: &mut Words<'_>) -> Command {
        let coupon = self.world.names.id::<Coupon>(words.word());
        let number = self.made::<PromotionCode>();
        let row = PromotionCode {
            id: PromotionCodeId::from_number(number),
            created: self.world.now,
            code: format!("SPRING{number}"),
            coupon: Called { id: coupon, own: None },
            customer: self.customer(words),
            first_time_only: words.is("first"),
            minimum: words.is("least").then(|| words.money()),
            max_redemptions: words.is("max").then(|| words.number().into()),
            expires_at: words.is("until").then(|| self.world.now.after(words.span())),
            active: !words.is("idle"),
            times_redeemed: 0,
            metadata: BTreeMap::new(),
        };
        keep(row)
    }

    /// The number of the next row of a kind.
    fn made<R: Record>(&self) -> u128 {
        u128::try_from(self.world.all::<R>().len()).expect("a few") + 1
    }
}

/// A product of the catalogue.
pub(super) fn product(number: u16) -> Called<ProductId> {
    Called { id: ProductId::from_number(number.into()), own: None }
}

fn keep<R: Record>(row: R) -> Command {
    Command::Keep(Box::new(Keep { row: row.into_row(), expected: 0, event: None }))
}
