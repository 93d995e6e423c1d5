//! How many of a thing the buyer may take.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{CheckoutSession, Line};

/// The most that a buyer may take where the shop names no bound; as in the dialect.
const MAXIMUM: u32 = 99;

/// Says that the buyer changes the quantity of a line on the page, within bounds that the shop may
/// name. The first does not exceed the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustable {
    /// As the shop named it; none where it named none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u32>,
    /// As the shop named it; 99 where it named none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u32>,
}

impl Adjustable {
    /// The quantities that it allows. None of a thing takes its line out of the basket.
    pub fn range(self) -> RangeInclusive<u32> {
        self.minimum.unwrap_or(0)..=self.maximum.unwrap_or(MAXIMUM)
    }
}

impl CheckoutSession {
    /// The quantities that the buyer may choose of a line, where any: none of it only as long as
    /// another line is left.
    pub fn quantities(&self, line: &Line) -> Option<RangeInclusive<u32>> {
        let (least, most) = line.adjustable?.range().into_inner();
        let least = if self.lines.len() > 1 { least } else { least.max(1) };
        (least < most).then_some(least..=most)
    }
}
