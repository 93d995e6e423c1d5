//! Commands about payouts.

use super::Metadata;
use crate::id::{BankAccountId, PayoutId};
use crate::key::RowKey;
use crate::money::Money;
use crate::payout::{PayoutMethod, PayoutOutcome, PayoutOwner, PayoutSource};

/// See [`super::Command::Payout`].
#[derive(Clone, Debug)]
pub enum PayoutCommand {
    /// Pay a balance out.
    Create(Box<CreatePayout>),
    /// Call a payout off before it leaves.
    Cancel(PayoutId),
    /// What the bank answered.
    Record(PayoutId, PayoutOutcome),
}

impl PayoutCommand {
    /// The rows that the command names itself.
    pub(super) fn keys(&self) -> Vec<RowKey> {
        match self {
            PayoutCommand::Create(create) => match create.owner {
                PayoutOwner::Platform => Vec::new(),
                PayoutOwner::Seller(seller) => vec![RowKey::Seller(seller)],
            },
            PayoutCommand::Cancel(payout) | PayoutCommand::Record(payout, _) => {
                vec![RowKey::Payout(*payout)]
            }
        }
    }
}

/// See [`PayoutCommand::Create`].
#[derive(Clone, Debug)]
pub struct CreatePayout {
    /// Whose balance.
    pub owner: PayoutOwner,
    /// How much, more than nothing.
    pub amount: Money,
    /// The part that the platform's fees pay for: see [`crate::payout::from_fees`].
    pub from_fees: Money,
    /// How fast.
    pub method: PayoutMethod,
    /// Which balance the client named.
    pub source: PayoutSource,
    /// Where to; the default account of the currency when not given.
    pub destination: Option<BankAccountId>,
    /// What it is for.
    pub description: Option<String>,
    /// What the bank's statement says.
    pub statement_descriptor: Option<String>,
    /// Notes.
    pub metadata: Metadata,
}
