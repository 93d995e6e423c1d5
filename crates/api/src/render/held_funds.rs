//! Held funds as `held_funds`.

use holdfast_core::held;

use crate::objects::{Expandable, HeldFunds, HeldFundsWord};

use super::{LIVEMODE, currency, minor};

/// The captured money of one order.
pub(crate) fn object(row: &held::HeldFunds) -> HeldFunds {
    let left = minor(row.left());
    let released = minor(row.released.checked_sub(row.held_again()));
    HeldFunds {
        id: row.id.to_string(),
        object: HeldFundsWord,
        amount: row.amount.minor(),
        amount_held: left,
        amount_refunded: row.refunded.minor(),
        amount_releasable: if row.frozen.is_some() { 0 } else { left },
        amount_released: released,
        created: row.created.seconds(),
        currency: currency(row.amount.currency()),
        frozen: row.frozen.is_some(),
        livemode: LIVEMODE,
        metadata: Default::default(),
        order: Expandable::Id(row.order.to_string()),
        release_after: row.release_after.filter(|_| left > 0).map(|at| at.seconds()),
        release_reason: row.releases.last().map(|release| release.reason.name()),
        seller: row.seller.to_string(),
        status: status(row, left, released),
    }
}

fn status(row: &held::HeldFunds, left: i64, released: i64) -> &'static str {
    if row.frozen.is_some() {
        "frozen"
    } else if left > 0 {
        "holding"
    } else if released > 0 {
        "released"
    } else {
        "refunded"
    }
}
