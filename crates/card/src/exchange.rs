//! The exchange of a card for a processor's token.
//!
//! A processor is one file below this one with its [`Exchange`], and the line in
//! [`crate::zone`] that chooses it.

pub mod sandbox;

mod test_cards;

use std::future::Future;

use crate::card::{Card, CardSummary};
use crate::number::CardNumber;

/// Gives a card to a processor and brings back its token.
pub trait Exchange: Send + Sync + 'static {
    /// Why this processor can take nothing from such a number, in a sentence for the buyer; `None`
    /// if it is worth asking. Looks at the number alone and asks nobody.
    fn refusal(&self, number: &CardNumber) -> Option<&'static str>;

    /// Asks the processor, once: what became of a request that failed is not known, and a token
    /// that nobody has is worth nothing to anybody.
    ///
    /// Consumes the card: an implementation drops number and code, and so wipes them, as soon as
    /// it has sent them.
    ///
    /// # Errors
    /// See [`ExchangeError`]; none holds anything of the card.
    fn exchange(&self, card: Card)
    -> impl Future<Output = Result<Exchanged, ExchangeError>> + Send;
}

/// What became of a card.
#[derive(Debug)]
pub struct Exchanged {
    /// The processor's token for it.
    pub token: Token,
    /// What may be known of it.
    pub card: CardSummary,
}

/// A processor's token for a card; safe to put into a URL.
#[derive(Debug, PartialEq, Eq)]
pub struct Token(String);

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeError {
    /// The processor did not answer in time.
    TimedOut,
    /// No connection, or it broke.
    Unreachable,
    /// It answered something that is no token.
    Unintelligible,
}

/// Longest token that is believed. A bound against a processor's mistakes; real ones have 28 to 40.
const TOKEN_BYTES_MAX: usize = 128;

impl Token {
    /// Reads the processor's token: `tok_` and letters, digits or `_`.
    ///
    /// # Errors
    /// `Unintelligible` for anything else: the token is put into the URL of a redirect.
    pub fn parse(id: String) -> Result<Self, ExchangeError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let rest = id.strip_prefix("tok_").unwrap_or_default();
        let is_token =
            !rest.is_empty() && id.len() <= TOKEN_BYTES_MAX && rest.bytes().all(is_plain);
        if is_token { Ok(Self(id)) } else { Err(ExchangeError::Unintelligible) }
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let check = |id: &str, is_token| {
            assert_eq!(Token::parse(id.to_owned()).is_ok(), is_token, "{id}");
        };
        check("tok_1Ab", true);
        check("tok_visa_debit", true);
        check(&format!("tok_{}", "a".repeat(124)), true);
        check(&format!("tok_{}", "a".repeat(125)), false);
        check("", false);
        check("tok_", false);
        check("src_1Ab", false);
        check("tok_1&errors=x", false);
        check("tok_1\r\nSet-Cookie: a=b", false);
        check("tok_é", false);
    }
}
