//! Commands about the platform's own money: transfers, fees, top-ups.

use crate::balance::Balance;
use crate::currency::Currency;
use crate::id::{ApplicationFeeId, AttemptId, SellerId, TopupId, TransferId};
use crate::key::RowKey;
use crate::money::Money;

use super::Metadata;

/// What may be done with the platform's own money.
#[derive(Clone, Debug)]
pub enum FundsCommand {
    /// Move money to a seller.
    Transfer(CreateTransfer),
    /// Move some of a transfer back.
    Reverse(CreateReversal),
    /// Give some of a fee back to the seller.
    RefundFee(CreateFeeRefund),
    /// Add money to the platform's balance.
    TopUp(CreateTopup),
    /// Call a top-up off.
    CancelTopup(TopupId),
    /// What the platform's balance was when something had become available.
    NoteBalance(Balance),
}

/// See [`FundsCommand::Transfer`].
#[derive(Clone, Debug)]
pub struct CreateTransfer {
    /// How much; all that the source still has when not given, which needs one.
    pub amount: Option<Money>,
    /// The currency of the transfer.
    pub currency: Currency,
    /// To whom.
    pub destination: SellerId,
    /// The charge that it comes out of, settled or not.
    pub source: Option<AttemptId>,
    /// Links it with payments; the one of the source's payment when not given.
    pub group: Option<String>,
    /// The platform's own text.
    pub description: Option<String>,
    /// Notes.
    pub metadata: Metadata,
}

/// See [`FundsCommand::Reverse`].
#[derive(Clone, Debug)]
pub struct CreateReversal {
    /// The transfer.
    pub transfer: TransferId,
    /// How much; all that is left when not given.
    pub amount: Option<Money>,
    /// Whether the platform's fee on the transfer goes back in proportion.
    pub with_fee: bool,
    /// The platform's own text.
    pub description: Option<String>,
    /// Notes.
    pub metadata: Metadata,
}

/// See [`FundsCommand::RefundFee`].
#[derive(Clone, Debug)]
pub struct CreateFeeRefund {
    /// The fee.
    pub fee: ApplicationFeeId,
    /// How much; all that is left when not given.
    pub amount: Option<Money>,
    /// Notes.
    pub metadata: Metadata,
}

/// See [`FundsCommand::TopUp`].
#[derive(Clone, Debug)]
pub struct CreateTopup {
    /// How much.
    pub amount: Money,
    /// The platform's own text.
    pub description: Option<String>,
    /// What the bank's statement shows.
    pub statement_descriptor: Option<String>,
    /// Links it with payments and transfers.
    pub group: Option<String>,
    /// Notes.
    pub metadata: Metadata,
}

impl FundsCommand {
    /// The rows that the command names itself.
    pub(super) fn keys(&self) -> Vec<RowKey> {
        match self {
            FundsCommand::Transfer(create) => {
                let source = create.source.into_iter();
                let source =
                    source.flat_map(|source| [RowKey::Attempt(source), RowKey::Sale(source)]);
                source.chain([RowKey::Seller(create.destination)]).collect()
            }
            FundsCommand::Reverse(create) => vec![RowKey::Transfer(create.transfer)],
            FundsCommand::RefundFee(create) => vec![RowKey::ApplicationFee(create.fee)],
            FundsCommand::CancelTopup(topup) => vec![RowKey::Topup(*topup)],
            FundsCommand::TopUp(_) | FundsCommand::NoteBalance(_) => Vec::new(),
        }
    }
}
