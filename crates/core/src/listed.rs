//! How lists find a row: each kind says it beside its type.

use crate::id::PaymentIntentId;
use crate::time::Timestamp;

/// How lists find a row. Each kind says it beside its type.
pub trait Listed {
    /// When the row was made.
    fn created(&self) -> Timestamp;

    /// The ids that lists of this row may be narrowed to: its payment, its seller and the like.
    /// A row that is written again is found by what it says then.
    fn links(&self) -> Vec<String> {
        Vec::new()
    }

    /// The state by which lists may be narrowed; empty for rows without one.
    fn state(&self) -> &'static str {
        ""
    }

    /// The payment whose timeline the row belongs to.
    fn payment(&self) -> Option<PaymentIntentId> {
        None
    }

    /// Whether somebody outside has been asked and has not answered: whoever shows the row waits
    /// for the answer for a while.
    fn is_under_way(&self) -> bool {
        false
    }

    /// Whether the platform deleted it: it is then kept, and to everybody as if it were not there.
    fn is_gone(&self) -> bool {
        false
    }
}
