//! `account_link` and `login_link`: what lets a seller in.

use schemars::JsonSchema;
use serde::Serialize;

object_words! {
    /// `account_link`
    AccountLinkWord = "account_link";
    /// `login_link`
    LoginLinkWord = "login_link";
}

/// A link to the onboarding pages: good once, for some minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountLink {
    /// `account_link`
    pub object: AccountLinkWord,
    /// When it was made.
    pub created: i64,
    /// From when on it lets nobody in.
    pub expires_at: i64,
    /// Where the seller goes.
    pub url: String,
}

/// A link to the seller's own view: good once, for some minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LoginLink {
    /// `login_link`
    pub object: LoginLinkWord,
    /// When it was made.
    pub created: i64,
    /// Where the seller goes.
    pub url: String,
}
