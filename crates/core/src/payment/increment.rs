//! Raising what a bank holds for a payment, before any of it is taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::IncrementId;
use crate::money::Money;
use crate::payment::asked::Asked;
use crate::payment::notes::Notes;
use crate::time::Timestamp;

/// How often a payment's hold may grow: what networks allow (Visa's rules, and the dialect's own
/// bound on requests).
pub const INCREMENTS_MAX: u16 = 10;

/// One wish to have a bank hold more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Increment {
    /// Its id, and our reference at the processor.
    pub id: IncrementId,
    /// When it was asked for.
    pub created: Timestamp,
    /// By how much.
    pub by: Money,
    /// What is held then.
    pub to: Money,
    /// What is true of the payment once the bank has agreed, and not before.
    pub words: Box<IncrementWords>,
    /// What is known of it.
    pub state: Asked,
}

/// What a wish for more says of the payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncrementWords {
    /// For the platform's own use.
    pub description: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// What else it says.
    pub notes: Notes,
}
