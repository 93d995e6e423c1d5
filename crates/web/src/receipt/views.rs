//! What the buyer's receipt shows. Plain values: the handler fills them.

use holdfast_core::money::Money;
use holdfast_core::time::Timestamp;

use crate::pay::views::{Card, Line};

/// The receipt of one charge.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Its number: the id of the charge, by which the shop finds it.
    pub number: String,
    /// The payment's reference.
    pub reference: String,
    /// How the charge stands.
    pub state: ReceiptState,
    /// What was taken from the card; what is or was set aside where nothing was taken.
    pub sum: Money,
    /// When the bank was asked.
    pub at: Timestamp,
    /// The card, where known.
    pub card: Option<Card>,
    /// What the buyer's statement calls it.
    pub descriptor: String,
    /// The seller in whose name the shop took the money, where it said so.
    pub seller: Option<String>,
    /// What the shop calls the payment, where there is no list of what was bought.
    pub description: Option<String>,
    /// What was bought, where known.
    pub bill: Option<Bill>,
    /// What became of the money, where it is not simply paid.
    pub account: Option<Account>,
    /// What went back or is on its way, the oldest first.
    pub returns: Vec<Return>,
    /// Whether more went back than is listed.
    pub has_more_returns: bool,
}

/// How a charge stands, for the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptState {
    /// The bank holds the money, and none of it was taken.
    Authorized,
    /// Some of it was taken, and more may be.
    PartlyPaid,
    /// All that was to be taken is taken.
    Paid,
    /// Some of what was taken went back.
    PartlyRefunded,
    /// All that was taken went back.
    Refunded,
    /// Nothing was taken, and nothing will be.
    Released,
}

impl ReceiptState {
    /// All states.
    pub const ALL: [ReceiptState; 6] = [
        ReceiptState::Authorized,
        ReceiptState::PartlyPaid,
        ReceiptState::Paid,
        ReceiptState::PartlyRefunded,
        ReceiptState::Refunded,
        ReceiptState::Released,
    ];

    /// The text that names the state.
    pub fn key(self) -> &'static str {
        match self {
            ReceiptState::Authorized => "receipt-authorized",
            ReceiptState::PartlyPaid => "receipt-partly-paid",
            ReceiptState::Paid => "receipt-paid",
            ReceiptState::PartlyRefunded => "receipt-partly-refunded",
            ReceiptState::Refunded => "receipt-refunded",
            ReceiptState::Released => "receipt-released",
        }
    }

    /// The text that says what it means for the buyer.
    pub fn lead(self) -> &'static str {
        match self {
            ReceiptState::Authorized => "receipt-authorized-lead",
            ReceiptState::PartlyPaid => "receipt-partly-paid-lead",
            ReceiptState::Paid => "receipt-paid-lead",
            ReceiptState::PartlyRefunded => "receipt-partly-refunded-lead",
            ReceiptState::Refunded => "receipt-refunded-lead",
            ReceiptState::Released => "receipt-released-lead",
        }
    }

    /// What the sum at the head of the receipt is.
    pub fn sum_key(self) -> &'static str {
        match self {
            ReceiptState::Authorized | ReceiptState::Released => "receipt-sum-held",
            ReceiptState::PartlyPaid
            | ReceiptState::Paid
            | ReceiptState::PartlyRefunded
            | ReceiptState::Refunded => "receipt-sum-paid",
        }
    }

    /// The look of the state's badge.
    pub fn tone(self) -> &'static str {
        match self {
            ReceiptState::Paid => "good",
            ReceiptState::Authorized | ReceiptState::PartlyPaid => "busy",
            ReceiptState::PartlyRefunded | ReceiptState::Refunded => "warn",
            ReceiptState::Released => "",
        }
    }
}

/// What was bought, and what it came to.
#[derive(Clone, Debug)]
pub struct Bill {
    /// The lines by seller, in the order of the basket; none where only sums are known.
    pub groups: Vec<BillGroup>,
    /// What the total is made of: the text that names each part, and the part. What was taken off
    /// is negative.
    pub parts: Vec<(&'static str, Money)>,
    /// The sum of the parts.
    pub total: Money,
}

/// The lines of one seller.
#[derive(Clone, Debug)]
pub struct BillGroup {
    /// The seller's name; `None` where the shop itself sells.
    pub seller: Option<String>,
    /// The seller's order, once there is one.
    pub order: Option<String>,
    /// What was bought from this seller.
    pub lines: Vec<Line>,
}

/// What became of the money.
#[derive(Clone, Debug)]
pub struct Account {
    /// The text that names each movement, and its sum. What went back is negative.
    pub moves: Vec<(&'static str, Money)>,
    /// What the buyer has paid by now.
    pub net: Money,
}

/// Money that went back to the card.
#[derive(Clone, Copy, Debug)]
pub struct Return {
    /// How.
    pub kind: ReturnKind,
    /// When: when the bank confirmed it, or when it was asked for as long as it has not.
    pub at: Timestamp,
    /// How much.
    pub amount: Money,
}

/// How money goes back to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnKind {
    /// It was taken, and is sent back.
    Refunded,
    /// It was taken, and its way back is not confirmed.
    Refunding,
    /// It was only set aside, and no longer is.
    Released,
    /// It was only set aside, and that is being ended.
    Releasing,
}

impl ReturnKind {
    /// All kinds.
    pub const ALL: [ReturnKind; 4] =
        [ReturnKind::Refunded, ReturnKind::Refunding, ReturnKind::Released, ReturnKind::Releasing];

    /// The text that names it.
    pub fn key(self) -> &'static str {
        match self {
            ReturnKind::Refunded => "return-refunded",
            ReturnKind::Refunding => "return-refunding",
            ReturnKind::Released => "return-released",
            ReturnKind::Releasing => "return-releasing",
        }
    }
}
