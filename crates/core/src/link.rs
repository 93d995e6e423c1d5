//! Links that let a seller in: once, for some minutes, to its own pages.

use serde::{Deserialize, Serialize};

use crate::id::{AccountLinkId, SellerId};
use crate::listed::Listed;
use crate::secret::Secret;
use crate::time::Timestamp;

/// A link for one seller. Whoever opens it first is let in and nobody after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLink {
    /// Its id, a part of its address.
    pub id: AccountLinkId,
    /// When it was made.
    pub created: Timestamp,
    /// Whom it lets in.
    pub seller: SellerId,
    /// Where to.
    pub purpose: LinkPurpose,
    /// Where a seller goes whose link is over.
    pub refresh_url: Option<String>,
    /// Where a seller goes who is done.
    pub return_url: Option<String>,
    /// The other part of its address.
    pub secret: Secret,
    /// From when on it lets nobody in.
    pub expires_at: Timestamp,
    /// The visit of whoever opened it.
    pub visit: Option<LinkVisit>,
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// To the questions that the seller has to answer.
    Onboarding,
    /// To the same, to change the answers.
    Update,
    /// To the seller's own view of its money.
    Login,
}

/// The visit of a seller whom a link has let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkVisit {
    /// What the browser's cookie must hold.
    pub secret: Secret,
    /// Until when.
    pub until: Timestamp,
    /// Whether the seller is done, which ends a visit to the questions.
    pub is_over: bool,
}

impl AccountLink {
    /// Whether the link still lets somebody in.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.visit.is_none() && now < self.expires_at
    }

    /// Whether a browser with this secret is the one that was let in, and may stay.
    pub fn admits(&self, guess: &str, now: Timestamp) -> bool {
        self.visit.as_ref().is_some_and(|visit| {
            // Compared first, so that the time it takes says nothing about the rest.
            visit.secret.matches(guess) && now < visit.until && !visit.is_over
        })
    }
}

impl Listed for AccountLink {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.seller.to_string()]
    }
}
