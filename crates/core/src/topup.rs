//! Money that the platform adds to its own balance, from its bank.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, TopupId};
use crate::listed::Listed;
use crate::money::Money;
use crate::time::Timestamp;
use crate::transfer::group_link;

/// Money that the platform adds to its own balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topup {
    /// Its id.
    pub id: TopupId,
    /// When it was asked for.
    pub created: Timestamp,
    /// How much.
    pub amount: Money,
    /// The platform's own text.
    pub description: Option<String>,
    /// What the bank's statement shows.
    pub statement_descriptor: Option<String>,
    /// Links it with payments and transfers.
    pub group: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// The journal's entry of it.
    pub entry: Option<EntryId>,
    /// Where it stands.
    pub state: TopupState,
}

/// Where a top-up stands. The sandbox's bank pays at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopupState {
    /// The bank was asked.
    Pending,
    /// The money is there.
    Succeeded,
    /// It was called off before the bank paid.
    Canceled,
}

impl TopupState {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            TopupState::Pending => "pending",
            TopupState::Succeeded => "succeeded",
            TopupState::Canceled => "canceled",
        }
    }
}

impl Listed for Topup {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        self.group.as_deref().map(group_link).into_iter().collect()
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }
}
