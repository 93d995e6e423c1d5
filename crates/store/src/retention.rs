//! What is kept for a while only, and how the old of it is found.
//!
//! The journal and everything that money was decided upon stay for ever.

use holdfast_core::id::{AccountLinkId, BankTokenId, EffectId, EventId, IdSource};
use holdfast_core::key::RowKind;
use holdfast_core::time::Timestamp;

/// Something that is kept for a while only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// Replies to idempotent requests.
    Replies,
    /// Events.
    Events,
    /// What became of delivering events, but for what will be tried again. An event tells how many
    /// receivers still lack it by these, so that they go after it.
    Deliveries,
    /// Links that let sellers in.
    AccountLinks,
    /// Tokens of bank accounts, each of which is used once.
    BankTokens,
}

/// What is to be dropped.
#[derive(Clone, Copy, Debug)]
pub struct Old {
    /// What.
    pub what: Passing,
    /// All that was made before this moment.
    pub before: Timestamp,
}

/// Where the old is found.
pub(crate) enum Found {
    /// Among the replies by when they were made: their keys are the clients' own.
    Replies,
    /// Among the rows of a kind, before an id.
    Rows(RowKind, String),
    /// Among the events, before an id.
    Events(String),
}

impl Passing {
    /// Everything, in the order in which it is to be dropped.
    pub const ALL: [Passing; 5] = [
        Passing::Replies,
        Passing::Events,
        Passing::Deliveries,
        Passing::AccountLinks,
        Passing::BankTokens,
    ];
}

impl Old {
    /// Ids begin with their time, so that what is older is what comes before.
    pub(crate) fn found(self) -> Found {
        let ms = self.before.ms();
        let rows = |kind, end: &dyn ToString| Found::Rows(kind, end.to_string());
        match self.what {
            Passing::Replies => Found::Replies,
            Passing::Events => Found::Events(IdSource::first_at::<EventId>(ms).to_string()),
            Passing::Deliveries => rows(RowKind::Delivery, &IdSource::first_at::<EffectId>(ms)),
            Passing::AccountLinks => {
                rows(RowKind::AccountLink, &IdSource::first_at::<AccountLinkId>(ms))
            }
            Passing::BankTokens => rows(RowKind::BankToken, &IdSource::first_at::<BankTokenId>(ms)),
        }
    }
}
