//! Commands about what a bank holds, before any of it is taken.

use crate::effect::HoldRequest;
use crate::id::PaymentIntentId;
use crate::key::RowKey;
use crate::money::Money;
use crate::payment::asked::AskedOutcome;

use super::Keep;

/// Everything that may be asked about a hold.
#[derive(Clone, Debug)]
pub enum HoldCommand {
    /// Ask the bank to hold more.
    Increment(Box<IncrementAuthorization>),
    /// What the processor answered.
    Record(Box<HoldRequest>, AskedOutcome),
}

/// See [`HoldCommand::Increment`].
#[derive(Clone, Debug)]
pub struct IncrementAuthorization {
    /// The payment.
    pub intent: PaymentIntentId,
    /// What is to be held then.
    pub to: Money,
    /// The payment as the platform wants it once the bank has agreed; of its sum nothing is read.
    pub edit: Keep,
}

impl HoldCommand {
    /// The rows that the command names itself.
    pub(super) fn keys(&self) -> Vec<RowKey> {
        match self {
            HoldCommand::Increment(increment) => vec![RowKey::PaymentIntent(increment.intent)],
            HoldCommand::Record(request, _) => vec![request.attempt.key()],
        }
    }
}
